/** What stands between the action and a server: a way through, and a CA that a runner is told to trust. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll } from '@jest/globals';
import { createCertificates, type Certificates, type Identity } from '../../simulator/tls.ts';

/** Hands the bytes of each connection on to a port, which is asked anew for each; null: it is reset. */
export async function startDoor(
  portOf: (nth: number) => number | null,
  { port = 0, tls }: { readonly port?: number; readonly tls?: Identity } = {},
) {
  let connections = 0;
  const pass = (socket: Socket) => {
    const to = portOf(++connections);
    if (to === null) {
      socket.resetAndDestroy();
      return;
    }
    const there = connect(to, '127.0.0.1');
    socket.pipe(there).pipe(socket);
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

/** Certificates for these names, and their CA in a file as long as the tests of a file run. */
export function issued(...names: string[]): { certificates: Certificates; caFile: string } {
  const certificates = createCertificates(names);
  const folder = mkdtempSync(join(tmpdir(), 'ca-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, certificates.ca);
  afterAll(() => rmSync(folder, { recursive: true }));
  return { certificates, caFile };
}
