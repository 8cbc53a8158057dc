/** Listeners that are not the API: an evil one, a silent one, and a port with none. */
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';

/** A listener that answers every request with an empty object and remembers it: nobody should ever call. */
export async function startEvil(): Promise<{
  readonly url: string;
  readonly port: number;
  readonly seen: readonly {
    method: string;
    path: string;
    headers: IncomingMessage['headers'];
    body: string;
  }[];
  close(): Promise<void>;
}> {
  const seen: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((message, response) => {
    const entry = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body: '',
    };
    seen.push(entry);
    message.setEncoding('utf8');
    message.on('data', (text: string) => (entry.body += text));
    message.on('end', () => response.setHeader('Content-Type', 'application/json').end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A listener that takes connections and never says a word. */
export async function startSilent({ onSocket }: { readonly onSocket?: () => void } = {}): Promise<{
  readonly port: number;
  openSockets(): number;
  close(): Promise<void>;
}> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
    onSocket?.();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    openSockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port on loopback that nobody listens on. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
