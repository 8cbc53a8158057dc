import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createTransport, type HttpAnswer, type HttpRequest } from '../../src/api/transport.ts';

const transport = createTransport('tests');
const NEVER = new AbortController().signal;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
  delete process.env.http_proxy;
  delete process.env.https_proxy;
});

/** Starts a server on bare sockets, which may break every rule of HTTP. */
async function serve(answer: (socket: Socket, request: string) => void) {
  const requests: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy()));
    socket.once('data', (bytes) => {
      requests.push(bytes.toString('latin1'));
      answer(socket, bytes.toString('latin1'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/a/b?c=d`, port, requests, open };
}

function send(url: string, more: Partial<HttpRequest> = {}): Promise<HttpAnswer> {
  return transport({ method: 'GET', url, headers: {}, body: null, timeoutMs: 5_000, signal: NEVER, ...more });
}

const whole = (body: string, head = '200 OK'): string => `HTTP/1.1 ${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const text = ({ body }: HttpAnswer): string => Buffer.from(body).toString();

test('sends one request and returns the whole answer', async () => {
  const { url, requests } = await serve((socket) => socket.end(whole('{"é":1}', '201 Created\r\nX-Thing: One')));
  const answer = await send(url, { method: 'POST', headers: { authorization: 'Bearer k' }, body: '{"ä":1}' });
  expect([answer.status, answer.headers.get('x-thing'), text(answer), answer.broken]).toEqual([201, 'One', '{"é":1}', null]);
  const [head = '', body = ''] = requests.join('').split('\r\n\r\n');
  expect(head).toMatch(/^POST \/a\/b\?c=d HTTP\/1\.1\r\n/);
  const lines = head.toLowerCase().split('\r\n');
  expect(lines).toEqual(
    expect.arrayContaining(['authorization: bearer k', 'accept-encoding: identity', 'user-agent: tests', 'content-length: 8']),
  );
  expect(Buffer.from(body, 'latin1').toString()).toBe('{"ä":1}');
});

test('reads a body in chunks that are split anywhere', async () => {
  const { url } = await serve((socket) => {
    for (const byte of 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n') socket.write(byte);
  });
  expect(text(await send(url))).toBe('abcde');
});

test('follows no redirect', async () => {
  const { url, requests } = await serve((socket) => socket.end(whole('', '307 Temporary Redirect\r\nLocation: /elsewhere')));
  expect((await send(url)).status).toBe(307);
  expect(requests).toHaveLength(1);
});

describe('an answer without a whole body', () => {
  test.each<[title: string, answer: (socket: Socket) => void, expected: Partial<HttpAnswer>]>([
    ['breaks off', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'), { status: 200, broken: 'connection_lost' }],
    [
      'breaks off between chunks',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'),
      { broken: 'connection_lost' },
    ],
    [
      'is reset',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{', () => socket.resetAndDestroy()),
      { broken: 'connection_lost' },
    ],
    ['never ends', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'), { status: 200, broken: 'timeout' }],
    [
      'of an error breaks off',
      (socket) => socket.end('HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\n{'),
      { status: 503, broken: null, body: Buffer.from('{') },
    ],
    ['of an error never ends', (socket) => socket.write('HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\n{'), { status: 503, broken: null }],
  ])('%s', async (_, answer, expected) => {
    const { url, open } = await serve(answer);
    expect(await send(url, { timeoutMs: 300 })).toMatchObject(expected);
    while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('is over 8 MiB, and is read no further', async () => {
    let written = 0;
    const { url } = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk)) written += 65_536;
      };
      socket.on('drain', more);
      more();
    });
    expect(await send(url)).toMatchObject({ status: 200, broken: 'too_large', body: new Uint8Array() });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('no answer', () => {
  test('reached nobody where the port is closed', async () => {
    const { url } = await serve(() => undefined);
    closing.pop()?.();
    await expect(send(url)).rejects.toMatchObject({ failure: { kind: 'unreached', code: 'no_connection', detail: 'ECONNREFUSED' } });
  });

  test('reached nobody where DNS does not know the name', async () => {
    await expect(send('http://no-such-host.invalid/')).rejects.toMatchObject({ failure: { kind: 'unreached' } });
  });

  test.each<[title: string, answer: Buffer | string]>([
    ['an alert, as of a server that is just starting', Buffer.from('15030300020250', 'hex')],
    ['no TLS', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['nothing', ''],
  ])('reached nobody where the handshake meets %s', async (_, answer) => {
    const { port } = await serve((socket) => socket.end(answer));
    await expect(send(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ failure: { kind: 'unreached', code: 'no_connection' } });
  });

  test('reached nobody where the handshake takes the whole time', async () => {
    const { port } = await serve(() => undefined);
    const sent = send(`https://127.0.0.1:${port}/`, { timeoutMs: 200 });
    await expect(sent).rejects.toMatchObject({ failure: { kind: 'unreached', detail: 'ETIMEDOUT' } });
  });

  test('may have been accepted where the connection is lost after sending', async () => {
    const { url } = await serve((socket) => socket.resetAndDestroy());
    await expect(send(url)).rejects.toMatchObject({ failure: { kind: 'maybe', code: 'connection_lost', detail: 'ECONNRESET' } });
  });

  test('may have been accepted where nothing comes in time', async () => {
    const { url, open } = await serve(() => undefined);
    await expect(send(url, { timeoutMs: 200 })).rejects.toMatchObject({ failure: { kind: 'maybe', code: 'timeout' } });
    while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('the signal', () => {
  test('keeps a request from being sent', async () => {
    const { url, requests } = await serve(() => undefined);
    const reason = new Error('cancelled');
    await expect(send(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
  });

  test('ends a request, its body included', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const { url } = await serve((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{', () => setTimeout(() => stop.abort(reason), 20)),
    );
    await expect(send(url, { signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('a proxy', () => {
  // The library takes no proxy for a loopback address.
  const TARGET = 'http://api.test.invalid/x';

  test('is asked for a tunnel, with its credentials', async () => {
    const { port, requests } = await serve((socket) => {
      socket.once('data', () => socket.end(whole('{}')));
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    });
    process.env.http_proxy = `http://me:p%40ss@127.0.0.1:${port}`;
    expect(text(await send(TARGET))).toBe('{}');
    expect(requests[0]).toMatch(/^CONNECT api\.test\.invalid:80 HTTP\/1\.1\r\n/);
    expect(requests[0]).toContain(`Proxy-Authorization: Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  test.each<[head: string, kind: string, code: string, detail: string]>([
    ['407 Proxy Authentication Required', 'rejected', 'proxy_refused', '407'],
    ['403 Forbidden', 'rejected', 'proxy_refused', '403'],
    ['503 Service Unavailable', 'unreached', 'no_connection', 'ECONNRESET'],
  ])('that answers %s', async (head, kind, code, detail) => {
    const { port } = await serve((socket) => socket.end(whole('', head)));
    process.env.http_proxy = `http://127.0.0.1:${port}`;
    await expect(send(TARGET)).rejects.toMatchObject({ failure: { kind, code, detail } });
  });

  test('that accepts and goes silent ends in time, and reached nobody', async () => {
    const { port } = await serve(() => undefined);
    process.env.http_proxy = `http://127.0.0.1:${port}`;
    await expect(send(TARGET, { timeoutMs: 200 })).rejects.toMatchObject({ failure: { kind: 'unreached', detail: 'ETIMEDOUT' } });
  });
});
