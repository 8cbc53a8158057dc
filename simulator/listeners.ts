/** Servers on loopback: any HTTP server, and a hostile one. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/**
 * An HTTP server on 127.0.0.1. It has no timeouts and keeps idle sockets open: the client must have its own. `close` closes its open
 * connections at once, as a machine that goes down does.
 */
export async function startServer(
  listener: RequestListener,
  { tls, port = 0 }: { readonly tls?: ServerOptions | undefined; readonly port?: number | undefined } = {},
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const limits = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 1 << 20 };
  const server = tls === undefined ? createServer(limits, listener) : createTlsServer({ ...limits, ...tls }, listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that refuses the certificate does so on purpose.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A server that the action must never call: it records each request and answers with an empty object. */
export async function startHostileServer(): Promise<{
  readonly url: string;
  readonly port: number;
  readonly requests: readonly {
    method: string;
    path: string;
    headers: IncomingMessage['headers'];
    body: string;
  }[];
  close(): Promise<void>;
}> {
  const requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const { port, close } = await startServer((message, response) => {
    const entry = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body: '',
    };
    requests.push(entry);
    message.setEncoding('utf8');
    message.on('data', (text: string) => (entry.body += text));
    message.on('end', () => response.setHeader('Content-Type', 'application/json').end('{}'));
  });
  return { url: `http://127.0.0.1:${port}`, port, requests, close };
}
