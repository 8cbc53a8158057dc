import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConnectionError } from '../../src/alloovium/errors.ts';
import { createTransport, type HttpAnswer, type HttpRequest } from '../../src/alloovium/transport.ts';
import { startProxy, type ProxyOptions } from '../../simulator/proxy.ts';
import { createCertificates, type Certificates, type Identity } from '../../simulator/tls.ts';
import { endsWithin } from '../cpu.ts';

const transport = createTransport('tests');
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

interface Listener {
  readonly url: string;
  readonly port: number;
  /** What each connection sent. */
  readonly requests: string[];
  readonly open: Set<Socket>;
}

/** A server on bare sockets, which may break every rule of HTTP. */
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

function saying(...parts: readonly (string | Uint8Array)[]): (socket: Socket) => void {
  return (socket) => {
    for (const part of parts) socket.write(part);
  };
}

function request(url: string, about: Partial<HttpRequest> = {}): Promise<HttpAnswer> {
  return transport({
    method: 'GET',
    url,
    headers: {},
    body: null,
    timeoutMs: 5_000,
    signal: new AbortController().signal,
    ...about,
  });
}

async function failure(url: string, about: Partial<HttpRequest> = {}): Promise<ConnectionError> {
  return request(url, about).then(
    () => {
      throw new Error('it was answered');
    },
    (error: unknown) => error as ConnectionError,
  );
}

async function allClosed(open: ReadonlySet<unknown>): Promise<void> {
  while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

const whole = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('a whole answer', () => {
  test('status, headers with lower-case names, and the bytes of the body', async () => {
    const { url } = await serve(
      saying(
        'HTTP/1.1 201 Created\r\nX-Thing: One\r\nContent-Length: 4\r\n\r\n',
        Buffer.from([0, 255, 10, 65]),
      ),
    );
    const answer = await request(url);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-thing')).toBe('One');
    expect([...answer.body]).toEqual([0, 255, 10, 65]);
  });

  test('the request carries method, path, headers and body, and asks for no compression', async () => {
    const { url, requests } = await serve(saying(whole('{}')));
    await request(`${url}/a/b?c=d`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: '{"ä":1}',
    });
    const [head = '', body = ''] = requests.join('').split('\r\n\r\n');
    expect(head).toMatch(/^POST \/a\/b\?c=d HTTP\/1\.1\r\n/);
    expect(head.toLowerCase().split('\r\n')).toEqual(
      expect.arrayContaining([
        'authorization: bearer k',
        'accept-encoding: identity',
        'user-agent: tests',
        'content-length: 8',
      ]),
    );
    expect(Buffer.from(body, 'latin1').toString()).toBe('{"ä":1}');
  });

  test('chunks, split anywhere, are put together', async () => {
    const { url } = await serve((socket) => {
      socket.setNoDelay(true);
      const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
      for (const byte of bytes) socket.write(byte);
    });
    expect(Buffer.from((await request(url)).body).toString()).toBe('abcde');
  });

  test('204 has an empty body', async () => {
    const { url } = await serve(saying('HTTP/1.1 204 No Content\r\n\r\n'));
    expect(await request(url)).toMatchObject({ status: 204, body: Buffer.alloc(0) });
  });

  test('doubled headers are joined, also those of which Node would keep only the first', async () => {
    const { url } = await serve(
      saying('HTTP/1.1 429 No\r\nRetry-After: 5\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n'),
    );
    expect((await request(url)).headers.get('retry-after')).toBe('5, 60');
  });

  test('headers named like parts of an object are headers', async () => {
    const { url } = await serve(
      saying('HTTP/1.1 200 OK\r\n__proto__: x\r\nconstructor: y\r\nContent-Length: 0\r\n\r\n'),
    );
    expect((await request(url)).headers.get('constructor')).toBe('y');
    expect(({} as Record<string, unknown>)['0']).toBeUndefined();
  });

  test('the socket is closed when the answer is here, although the server keeps it open (D12)', async () => {
    const { url, open } = await serve(
      saying(`HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}`),
    );
    await request(url);
    await allClosed(open);
  });

  test.each([302, 307])('a %d is an answer like any other and is not followed (A27, D1)', async (status) => {
    const elsewhere = await serve(saying(whole('{"evil":true}')));
    const { url, requests } = await serve(
      saying(`HTTP/1.1 ${status} Moved\r\nLocation: ${elsewhere.url}/\r\nContent-Length: 0\r\n\r\n`),
    );
    for (const method of ['GET', 'POST'] as const) {
      expect((await request(url, { method, body: method === 'POST' ? '{}' : null })).status).toBe(status);
    }
    expect(requests).toHaveLength(2);
    expect(elsewhere.requests).toHaveLength(0);
  });
});

describe('an answer that never is one fails within the time of the attempt, and its socket is closed', () => {
  const head = 'HTTP/1.1 200 OK\r\n';
  test.each<[what: string, answer: (socket: Socket) => void]>([
    ['no headers ever (B14)', () => undefined],
    ['a body that stalls (A5)', saying(`${head}Content-Length: 100\r\n\r\n{"run_id":`)],
    ['chunks without end', saying(`${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`)],
    [
      'a trickle (B15)',
      (socket) => {
        socket.write(`${head}Content-Length: 1000\r\n\r\n`);
        const timer = setInterval(() => socket.write('x'), 10);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    [
      'a switch of protocols that nobody asked for',
      saying('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    ],
  ])('%s', async (_what, answer) => {
    const { url, open } = await serve(answer);
    expect((await failure(url, { timeoutMs: 60 })).fault).toBe('timeout');
    await allClosed(open);
  });

  test('a TLS handshake that is never answered', async () => {
    const { port, open } = await serve(() => undefined);
    const error = await failure(`https://127.0.0.1:${port}/`, { timeoutMs: 60 });
    expect(error).toMatchObject({ fault: 'unreached', code: 'ETIMEDOUT' });
    await allClosed(open);
  });
});

describe('a torn or unreadable answer is a broken connection at once', () => {
  const head = 'HTTP/1.1 200 OK\r\n';
  test.each<[what: string, answer: (socket: Socket) => void]>([
    ['closed before any byte (A2, A3)', (socket) => socket.end()],
    [
      'a body shorter than its length (A6)',
      (socket) => socket.end(`${head}Content-Length: 100\r\n\r\n{"run_id":"run_1"}`),
    ],
    [
      'a chunk cut in the middle',
      (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\n40\r\n{"run_id":`),
    ],
    [
      'reset in the body',
      (socket) =>
        socket.write(`${head}Content-Length: 100\r\n\r\n{`, () =>
          setTimeout(() => socket.resetAndDestroy(), 20),
        ),
    ],
    ['garbage', saying('\u0000\u0001 hello\r\n\r\n')],
    [
      'one header of 20 KB (D8)',
      saying(`${head}X-Big: ${'b'.repeat(20_000)}\r\nContent-Length: 2\r\n\r\n{}`),
    ],
    ['NUL in a header', saying(`${head}X-Nul: a\u0000b\r\nContent-Length: 2\r\n\r\n{}`)],
  ])('%s', async (_what, answer) => {
    const { url, open } = await serve(answer);
    expect((await failure(url)).fault).toBe('broken');
    await allClosed(open);
  });

  test('nobody listens (A1)', async () => {
    const { url } = await serve(() => undefined);
    await Promise.all(closing.splice(0).map((close) => close()));
    expect(await failure(url)).toMatchObject({ fault: 'unreached', code: 'ECONNREFUSED' });
  });

  test('every strict prefix of an answer is an error, however it is split', async () => {
    const text = `${head}Content-Length: 5\r\n\r\nabcde`;
    const { url } = await serve((socket, nth) => {
      const prefix = text.slice(0, nth - 1);
      socket.write(prefix.slice(0, nth / 2));
      setImmediate(() => socket.end(prefix.slice(nth / 2)));
    });
    for (const length of Array(text.length).keys())
      expect([length, (await failure(url)).fault]).toEqual([length, 'broken']);
    expect((await request(url)).body).toHaveLength(5);
  });
});

describe('a body that was encoded all the same is a failed attempt (D6)', () => {
  test.each([
    ['gzip', gzipSync('{}')],
    ['br', brotliCompressSync('{}')],
  ])('%s', async (encoding, body) => {
    const { url, open } = await serve(
      saying(
        `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`,
        body,
      ),
    );
    expect((await failure(url)).fault).toBe('encoding');
    await allClosed(open);
  });

  test.each(['Identity', ''])('“%s” is none', async (encoding) => {
    const { url } = await serve(
      saying(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: 2\r\n\r\n{}`),
    );
    expect((await request(url)).status).toBe(200);
  });
});

describe('a body over the cap is given up, and its socket is closed (D7)', () => {
  const flood = (head: string, piece: string) => (socket: Socket) => {
    socket.write(head);
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
  };
  test.each([
    ['100 MB', 'HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n', 'x'.repeat(65_536)],
    [
      'endless chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      `10000\r\n${'x'.repeat(65_536)}\r\n`,
    ],
  ])('%s', async (_what, head, piece) => {
    const { url, open } = await serve(flood(head, piece));
    expect((await failure(url)).fault).toBe('too_large');
    await allClosed(open);
  });

  test('8 MiB exactly are read, a byte more is not', async () => {
    const size = 8 * 1024 * 1024;
    const { url } = await serve((socket, nth) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size + nth - 1}\r\n\r\n`);
      socket.write(Buffer.alloc(size + nth - 1, 32));
    });
    expect((await request(url)).body).toHaveLength(size);
    expect((await failure(url)).fault).toBe('too_large');
  });

  test('an endless error body costs neither the status nor more than a little time', async () => {
    const { url, open } = await serve(
      flood('HTTP/1.1 502 Bad\r\nTransfer-Encoding: chunked\r\n\r\n', `10000\r\n${'x'.repeat(65_536)}\r\n`),
    );
    const { status, body } = await request(url);
    expect(status).toBe(502);
    expect(body.length).toBeLessThanOrEqual(256 * 1024);
    await allClosed(open);
  });
});

describe('an error body that does not come costs not the status (D11)', () => {
  test('one that stalls is given up in under 2 s; what has come of it counts', async () => {
    const head = 'HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 1000\r\n\r\n';
    const silent = await serve(saying(head));
    const stalled = await serve(saying(`${head}{"code":"rate_limited","retry_after_seconds":30}`));
    const both = Promise.all([request(silent.url), request(stalled.url)]);
    expect(await endsWithin(2_000, both)).toBe(true);
    const answers = await both;
    for (const { status, headers } of answers) {
      expect(status).toBe(429);
      expect(headers.get('retry-after')).toBe('7');
    }
    expect(answers.map(({ body }) => Buffer.from(body).toString())).toEqual([
      '',
      '{"code":"rate_limited","retry_after_seconds":30}',
    ]);
    await Promise.all([allClosed(silent.open), allClosed(stalled.open)]);
  });
});

describe('cancelling', () => {
  test('before: nothing is sent', async () => {
    const { url, requests, open } = await serve(saying(whole('{}')));
    const reason = new Error('the job was cancelled');
    await expect(request(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
    expect(open.size).toBe(0);
  });

  test.each<[when: string, answer: (socket: Socket) => void]>([
    ['while waiting for headers', () => undefined],
    ['in the body', saying('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{')],
  ])('%s: the reason at once, and the socket is closed', async (_when, answer) => {
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

describe('TLS', () => {
  let certificates: Certificates;
  const before = getCACertificates('default');
  beforeAll(() => {
    certificates = createCertificates(['api.alloovium.test']);
    setDefaultCACertificates([...before, certificates.ca]);
  });
  afterAll(() => setDefaultCACertificates(before));

  async function serveTls(identity: Identity): Promise<{ port: number; requests: number }> {
    const seen = { port: 0, requests: 0 };
    const server = createTlsServer({ ...identity }, (_message, response) => {
      seen.requests++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(
      () =>
        new Promise((resolve) => {
          server.close(resolve);
          server.closeAllConnections();
        }),
    );
    seen.port = (server.address() as AddressInfo).port;
    return seen;
  }

  test('reset at the handshake: nothing was sent; after it, that is not known (A30)', async () => {
    const { port } = await serve((socket) => socket.resetAndDestroy());
    expect(await failure(`https://127.0.0.1:${port}/`)).toMatchObject({
      fault: 'unreached',
      code: 'ECONNRESET',
    });
    const up = createTlsServer({ ...certificates.good }, ({ socket }) => socket.destroy());
    await new Promise<void>((resolve) => up.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => up.close(resolve)));
    const url = `https://localhost:${(up.address() as AddressInfo).port}/`;
    expect((await failure(url)).fault).toBe('broken');
  });

  test('a certificate of a CA that the runner trusts is accepted', async () => {
    const { port } = await serveTls(certificates.good);
    expect((await request(`https://localhost:${port}/`)).status).toBe(200);
  });

  test.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('%s: refused with %s, and no request is sent (D3)', async (name, code) => {
    const seen = await serveTls(certificates[name]);
    expect(await failure(`https://localhost:${seen.port}/`)).toMatchObject({ fault: 'tls', code });
    expect(seen.requests).toBe(0);
  });

  test('a server that speaks plain HTTP there is a TLS fault too', async () => {
    const { port } = await serve(saying('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await failure(`https://127.0.0.1:${port}/`)).fault).toBe('tls');
  });

  describe('through a proxy (D5)', () => {
    const { https_proxy, no_proxy } = process.env;
    afterEach(() => {
      for (const [name, value] of Object.entries({ https_proxy, no_proxy })) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    });
    async function proxied(options: ProxyOptions, userInfo = '') {
      const proxy = await startProxy(options);
      closing.push(() => proxy.close());
      process.env.https_proxy = proxy.url.replace('//', `//${userInfo}`);
      Reflect.deleteProperty(process.env, 'no_proxy');
      return proxy;
    }
    const url = 'https://api.alloovium.test/';

    test('a host that only the proxy knows is reached, and nothing stays open', async () => {
      const { port } = await serveTls(certificates.good);
      const proxy = await proxied(
        { hosts: { 'api.alloovium.test': port }, credentials: 'joe:p@ss' },
        'joe:p%40ss@',
      );
      expect((await request(url)).status).toBe(200);
      expect(proxy.journal).toHaveLength(1);
      while (proxy.openSockets() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    });

    test.each<[what: string, code: string, options: ProxyOptions]>([
      ['it asks for credentials', '407', { credentials: 'joe:secret' }],
      ['it cannot reach the host', '502', { fault: 'bad-gateway' }],
    ])('%s: a fault of the proxy, %s', async (_what, code, options) => {
      await proxied(options);
      const error = await failure(url);
      expect(error).toMatchObject({ fault: 'proxy', code });
      expect(error.message).not.toContain('secret');
    });

    test.each<[what: string, answer: (socket: Socket) => void]>([
      ['never answers CONNECT', () => undefined],
      ['answers CONNECT and goes silent', saying('HTTP/1.1 200 Connection established\r\n\r\n')],
    ])('one that %s is given up, and its socket is closed', async (_what, answer) => {
      const proxy = await serve(answer);
      process.env.https_proxy = proxy.url;
      expect((await failure(url, { timeoutMs: 60 })).fault).toBe('unreached');
      expect(proxy.requests).toHaveLength(1);
      await allClosed(proxy.open);
    });

    test('no_proxy goes round it', async () => {
      const proxy = await proxied({});
      process.env.no_proxy = 'api.alloovium.test';
      expect((await failure(url, { timeoutMs: 3_000 })).fault).toBe('unreached');
      expect(proxy.journal).toHaveLength(0);
    });
  });
});
