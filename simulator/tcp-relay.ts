/** A TCP relay between the action and a server, which can garble what it forwards. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { Identity } from './tls.ts';

/**
 * Forwards each connection to the port that `portOf` returns for it; null: the connection is reset once its first bytes arrived.
 * (An earlier reset can reach the client before the client knows that it is connected.)
 * @param isGarbled once the client has sent more than its first bytes (a handshake), it is answered by bytes that are not TLS
 */
export async function startRelay(
  portOf: (nth: number) => number | null,
  {
    port = 0,
    tls,
    isGarbled = false,
  }: { readonly port?: number; readonly tls?: Identity; readonly isGarbled?: boolean } = {},
) {
  let connections = 0;
  const relay = (socket: Socket) => {
    const to = portOf(++connections);
    if (to === null) {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        if (socket instanceof TLSSocket) socket.destroy();
        else socket.resetAndDestroy();
      });
      return;
    }
    const upstream = connect(to, '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
    if (isGarbled)
      socket.once('data', () => {
        socket.once('data', () => {
          upstream.unpipe(socket);
          // The head of a TLS record with a version that does not exist.
          socket.write(Buffer.from('17030400050000000000', 'hex'));
        });
      });
    for (const end of [socket, upstream]) {
      end.on('error', () => undefined);
      end.on('close', () => [socket, upstream].forEach((each) => each.destroy()));
    }
  };
  const server = tls === undefined ? createServer(relay) : createTlsServer({ ...tls }, relay);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
