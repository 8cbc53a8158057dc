/** A TCP relay before a server that speaks no TLS itself, or whose connections are to be counted. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Identity } from './tls.ts';

/** Forwards each connection to the port that `portOf` returns then. */
export async function startRelay(portOf: () => number, tls?: Identity) {
  let connections = 0;
  const relay = (socket: Socket) => {
    connections++;
    const upstream = connect(portOf(), '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) {
      end.on('error', () => undefined);
      end.on('close', () => [socket, upstream].forEach((each) => each.destroy()));
    }
  };
  const server = tls === undefined ? createServer(relay) : createTlsServer({ ...tls }, relay);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
