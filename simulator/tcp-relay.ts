/** What stands between the action and a server: a way through, which may be taken over. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { Identity } from './tls.ts';

/**
 * Hands the bytes of each connection on to a port, which is asked anew for each; null: it is reset.
 * @param isGarbled what the client sends after its first bytes, a handshake's, is answered by what is no TLS
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
  const pass = (socket: Socket) => {
    const to = portOf(++connections);
    if (to === null) {
      if (socket instanceof TLSSocket) socket.destroy();
      else socket.resetAndDestroy();
      return;
    }
    const there = connect(to, '127.0.0.1');
    socket.pipe(there).pipe(socket);
    if (isGarbled)
      socket.once('data', () => {
        socket.once('data', () => {
          there.unpipe(socket);
          // A record's head, of a version that there is not.
          socket.write(Buffer.from('17030400050000000000', 'hex'));
        });
      });
    for (const end of [socket, there]) {
      end.on('error', () => undefined);
      end.on('close', () => [socket, there].forEach((each) => each.destroy()));
    }
  };
  const server = tls === undefined ? createServer(pass) : createTlsServer({ ...tls }, pass);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
