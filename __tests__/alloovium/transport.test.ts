import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createTransport, type HttpAnswer, type HttpRequest } from '../../src/alloovium/transport.ts';
import { endsWithin } from '../cpu-time.ts';

const transport = createTransport('tests');
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

interface Listener {
  readonly url: string;
  readonly port: number;
  /** The bytes of each connection's request, as latin1. */
  readonly requests: string[];
  readonly open: Set<Socket>;
}

/** Starts a server on bare sockets, which may break every rule of HTTP. */
async function serve(answer: (socket: Socket, nth: number) => void): Promise<Listener> {
  const open = new Set<Socket>();
  const requests: string[] = [];
  let nth = 0;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (bytes) => {
      requests.push(bytes.toString('latin1'));
      answer(socket, ++nth);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of open) socket.destroy();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, requests, open };
}

function writeParts(...parts: readonly (string | Uint8Array)[]): (socket: Socket) => void {
  return (socket) => {
    for (const part of parts) socket.write(part);
  };
}

function request(url: string, overrides: Partial<HttpRequest> = {}): Promise<HttpAnswer> {
  return transport({
    method: 'GET',
    url,
    headers: {},
    body: null,
    timeoutMs: 5_000,
    signal: new AbortController().signal,
    ...overrides,
  });
}

async function allClosed(open: ReadonlySet<unknown>): Promise<void> {
  while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

const whole = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('a complete answer', () => {
  test('has the status, the headers with lower-case names, and the bytes of the body', async () => {
    const { url } = await serve(
      writeParts('HTTP/1.1 201 Created\r\nX-Thing: One\r\nContent-Length: 4\r\n\r\n', Buffer.from([0, 255, 10, 65])),
    );
    const answer = await request(url);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-thing')).toBe('One');
    expect([...answer.body]).toEqual([0, 255, 10, 65]);
  });

  test('follows a request with method, path, headers and body that asks for no compression', async () => {
    const { url, requests } = await serve(writeParts(whole('{}')));
    await request(`${url}/a/b?c=d`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: '{"ä":1}',
    });
    const [head = '', body = ''] = requests.join('').split('\r\n\r\n');
    expect(head).toMatch(/^POST \/a\/b\?c=d HTTP\/1\.1\r\n/);
    expect(head.toLowerCase().split('\r\n')).toEqual(
      expect.arrayContaining(['authorization: bearer k', 'accept-encoding: identity', 'user-agent: tests', 'content-length: 8']),
    );
    expect(Buffer.from(body, 'latin1').toString()).toBe('{"ä":1}');
  });

  test('is assembled from chunks that are split anywhere', async () => {
    const { url } = await serve((socket) => {
      socket.setNoDelay(true);
      const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
      for (const byte of bytes) socket.write(byte);
    });
    expect(Buffer.from((await request(url)).body).toString()).toBe('abcde');
  });

  test('has headers that are named like properties of Object.prototype', async () => {
    const { url } = await serve(writeParts('HTTP/1.1 200 OK\r\n__proto__: x\r\nconstructor: y\r\nContent-Length: 0\r\n\r\n'));
    expect((await request(url)).headers.get('constructor')).toBe('y');
    expect(({} as Record<string, unknown>)['0']).toBeUndefined();
  });
});

test('returns the headers of a truncated answer', async () => {
  const { url } = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\nX-A: 7\r\nContent-Length: 9\r\n\r\n{'));
  const { status, headers, bodyError } = await request(url);
  expect([status, headers.get('x-a'), bodyError?.error.fault]).toEqual([200, '7', 'broken']);
});

test.each<[what: string, bytes: string | Uint8Array, fault: string]>([
  ['unreached for an alert, as of a server that is just starting', Buffer.from('15030300020250', 'hex'), 'unreached'],
  ['no_tls for an answer without TLS', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'no_tls'],
])('reports a failed TLS handshake as %s', async (_, bytes, fault) => {
  const { port } = await serve((socket) => socket.end(bytes));
  await expect(request(`https://127.0.0.1:${port}`)).rejects.toMatchObject({ fault, code: 'EPROTO' });
});

describe('a request that is cancelled', () => {
  test('sends nothing if it is cancelled before', async () => {
    const { url, requests, open } = await serve(writeParts(whole('{}')));
    const reason = new Error('the job was cancelled');
    await expect(request(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
    expect(open.size).toBe(0);
  });

  test.each<[when: string, answer: (socket: Socket) => void]>([
    ['while waiting for headers', () => undefined],
    ['while reading the body', writeParts('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{')],
  ])('rejects at once with the reason, and closes the socket, %s', async (_when, answer) => {
    const { url, requests, open } = await serve(answer);
    const cancel = new AbortController();
    const reason = new Error('the job was cancelled');
    const pending = request(url, { signal: cancel.signal });
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    setTimeout(() => cancel.abort(reason), 20);
    expect(await endsWithin(1_000, expect(pending).rejects.toBe(reason))).toBe(true);
    await allClosed(open);
  });
});
