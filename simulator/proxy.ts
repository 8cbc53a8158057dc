/** A company proxy on loopback that tunnels (CONNECT) to names that only it resolves. It never leaves the machine. */
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { startServer } from './listeners.ts';
import type { Identity } from './tls.ts';

export interface ProxyOptions {
  /** Host names with their loopback ports. `localhost` and 127.0.0.1 keep their port. All other names get a 502. */
  readonly hosts?: Readonly<Record<string, number>>;
  /** The required `user:password`. A request without it gets a 407. */
  readonly credentials?: string;
  /** CONNECT gets a 200, but the proxy forwards no data. */
  readonly isMute?: boolean;
  /** The proxy itself speaks TLS. */
  readonly tls?: Identity;
}

export type Proxy = Awaited<ReturnType<typeof startProxy>>;

export async function startProxy({ hosts = {}, credentials, isMute = false, tls }: ProxyOptions = {}) {
  /** `target`: `host:port`. */
  const journal: { readonly target: string; readonly headers: IncomingMessage['headers'] }[] = [];
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;

  const tunnel = ({ url: target = '', headers }: IncomingMessage, client: Duplex, head: Buffer): void => {
    journal.push({ target, headers });
    client.on('error', () => client.destroy());
    const [host = '', given] = target.split(':');
    const port = hosts[host] ?? (host === 'localhost' || host === '127.0.0.1' ? Number(given) : undefined);
    if (wanted !== undefined && headers['proxy-authorization'] !== wanted)
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n');
    else if (port === undefined) client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    else if (isMute) {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      // Without reading, the proxy would not notice the socket's end.
      client.resume().on('end', () => client.destroy());
    } else {
      const onward = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.write(head);
        onward.pipe(client).pipe(onward);
      });
      onward.on('error', () => undefined).on('close', () => client.destroy());
      client.on('close', () => onward.destroy());
    }
  };
  const refuse: Parameters<typeof startServer>[0] = (_message, response) => response.writeHead(405).end();
  const { port, close } = await startServer(refuse, tls, (server) => server.on('connect', tunnel));
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, journal, close };
}
