/** Servers on loopback: any HTTP server, and a relay in front of one. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { createServer as createTlsRelay } from 'node:tls';
import type { Identity } from './tls.ts';

/** Listens on 127.0.0.1. `close` destroys open connections, as a machine does when it goes down. */
async function listen(server: TcpServer): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
  });
  // A client rejects the certificate on purpose.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port: (server.address() as AddressInfo).port, close };
}

/** An HTTP server without timeouts, which keeps idle sockets open, so that the client needs its own. */
export async function startServer(listener: RequestListener, tls?: Identity, prepare?: (server: Server) => void) {
  const limits = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 1 << 20 };
  const server = tls === undefined ? createServer(limits, listener) : createTlsServer({ ...limits, ...tls }, listener);
  prepare?.(server);
  return listen(server);
}

/** Forwards each connection to the port that `portOf` returns, for a server without TLS or to count connections. */
export async function startRelay(portOf: () => number, tls?: Identity) {
  let connections = 0;
  const relay = (socket: Socket) => {
    connections++;
    const upstream = connect(portOf(), '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream])
      end.on('error', () => undefined).on('close', () => [socket, upstream].forEach((each) => each.destroy()));
  };
  const server = tls === undefined ? createTcpServer(relay) : createTlsRelay({ ...tls }, relay);
  return { ...(await listen(server)), connections: () => connections };
}
