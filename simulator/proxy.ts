/** A company proxy on loopback: CONNECT and absolute-form requests, to names that only it resolves. It never leaves the machine. */
import { createServer, request as sendRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Identity } from './tls.ts';

export interface ProxyOptions {
  /** Host names with their loopback ports; `localhost` and 127.0.0.1 keep their port, all other names are answered 502. */
  readonly hosts?: Readonly<Record<string, number>>;
  /** Required `user:password`; a request without it is answered 407. */
  readonly credentials?: string;
  /** CONNECT is answered 200, then no data is forwarded. */
  readonly isMute?: boolean;
  /** The proxy itself speaks TLS. */
  readonly tls?: Identity;
}

export interface ProxyEntry {
  readonly method: string;
  /** `host:port` of a CONNECT, else the absolute URL. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  status: number | null;
}

export interface Proxy {
  /** `http://127.0.0.1:port`, or `https:`; without credentials. */
  readonly url: string;
  readonly port: number;
  readonly journal: readonly ProxyEntry[];
  /** Sockets from clients that are open now. */
  openSockets(): number;
  close(): Promise<void>;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'Connection established',
  407: 'Proxy Authentication Required',
  502: 'Bad Gateway',
};

export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const journal: ProxyEntry[] = [];
  const sockets = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const clients = new Set<Socket>();

  /** The loopback port of the host, or null. */
  const portOf = (host: string, port: number): number | null =>
    options.hosts?.[host] ?? (host === 'localhost' || host === '127.0.0.1' ? port : null);
  const refusal = (message: IncomingMessage): 407 | 502 | null => {
    if (options.credentials === undefined) return null;
    const wanted = `Basic ${Buffer.from(options.credentials).toString('base64')}`;
    return message.headers['proxy-authorization'] === wanted ? null : 407;
  };
  const note = (message: IncomingMessage): ProxyEntry => {
    const { method = '', url = '', headers } = message;
    const entry: ProxyEntry = { method, target: url, headers, status: null };
    journal.push(entry);
    return entry;
  };

  const listener: RequestListener = (message, response) => {
    const entry = note(message);
    if (options.isMute === true) return;
    const url = URL.parse(entry.target);
    const port = url === null ? null : portOf(url.hostname, Number(url.port === '' ? 80 : url.port));
    const refused = refusal(message) ?? (port === null ? 502 : null);
    if (refused !== null || url === null) {
      entry.status = refused ?? 502;
      if (refused === 407) response.setHeader('Proxy-Authenticate', 'Basic realm="proxy"');
      response.writeHead(entry.status, { 'Content-Type': 'text/html' });
      response.end(`<html><h1>${entry.status} ${REASONS[entry.status] ?? ''}</h1></html>`);
      return;
    }
    const headers = { ...message.headers };
    delete headers['proxy-authorization'];
    delete headers['proxy-connection'];
    const onward = sendRequest(
      { host: '127.0.0.1', port, method: entry.method, path: `${url.pathname}${url.search}`, headers },
      (answer) => {
        entry.status = answer.statusCode ?? null;
        response.writeHead(entry.status ?? 502, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    message.pipe(onward);
  };
  const server = options.tls === undefined ? createServer(listener) : createTlsServer({ ...options.tls }, listener);

  server.on('connect', (message: IncomingMessage, client: Duplex, head: Buffer) => {
    const entry = note(message);
    keep(client);
    // Without reading, the socket's end would go unnoticed.
    if (options.isMute === true) client.resume().on('end', () => client.destroy());
    const [host = '', portText = ''] = entry.target.split(':');
    const port = portOf(host, Number(portText));
    const refused = refusal(message) ?? (port === null ? 502 : null);
    entry.status = refused ?? 200;
    const line = `HTTP/1.1 ${entry.status} ${REASONS[entry.status] ?? ''}\r\n`;
    if (refused !== null || port === null) {
      const challenge = refused === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
      client.end(`${line}${challenge}Content-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    if (options.isMute === true) {
      client.write(`${line}\r\n`);
      return;
    }
    const onward = connect(port, '127.0.0.1', () => {
      client.write(`${line}\r\n`);
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
    keep(onward);
    onward.on('close', () => client.destroy());
    client.on('close', () => onward.destroy());
  });
  server.on('connection', (socket: Socket) => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    journal,
    openSockets: () => clients.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of [...clients, ...sockets]) socket.destroy();
      }),
  };
}
