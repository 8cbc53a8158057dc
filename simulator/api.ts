/** The world on loopback: requests come over sockets, and faults reach down to how the answer's bytes go out. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Bucket } from './bucket.ts';
import { ledClock, runningClock, takeSent } from './clock.ts';
import { send } from './faults.ts';
import type { NewRun, WorldOptions } from './api-state.ts';
import { createWorld, type World } from './world.ts';

export interface ApiOptions extends Omit<WorldOptions, 'epoch'> {
  /** How much faster than real time the clock runs. Every wait of the simulator's is by this clock. */
  readonly speed?: number;
  /** The clock keeps step with the one client, which leaps over its waits (fast-time.mjs). */
  readonly led?: boolean;
  /** Where the clock starts, in ms since 1970; default: now. */
  readonly startAt?: number;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface Api extends Pick<World, 'journal' | 'runs' | 'keys' | 'faults'> {
  /** `http://127.0.0.1:port`, or `https://localhost:port`. */
  readonly url: string;
  readonly port: number;
  /** Ms since 1970 by the simulator's clock, with fractions. */
  now(): number;
  /** Ms since it started. */
  elapsed(): number;
  /** Jumps forward: courses, buckets and the 24 hours of a key move on; waits under way do not end sooner. */
  advance(ms: number): void;
  /** A run that was there before; returns its ID. */
  addRun(run: NewRun): string;
  /** The status of a run as a poll would show it. */
  statusOf(runId: string): unknown;
  bucket(apiKey: string): Bucket;
  /** Takes no connections (ECONNREFUSED) for so long, by the simulator's clock; resolves when it refuses. */
  refuseFor(ms: number): Promise<void>;
  /** Ends every socket and every wait. */
  close(): Promise<void>;
}

export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const speed = options.speed ?? 1;
  const clock = (options.led === true ? ledClock : runningClock)(speed);
  let offset = options.startAt ?? Date.now();
  const now = (): number => offset + clock.now();
  const world = createWorld(options);

  const timers = new Set<NodeJS.Timeout>();

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms / speed);
      timers.add(timer);
    });

  const handle: Handler = async (message, response, connection) => {
    clock.arrived(takeSent(message));
    response.on('close', () => clock.left());
    const at = now();
    const { method = '', url: path = '', headers, rawHeaders } = message;
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const exchange = world.receive(
      {
        method,
        path,
        headers,
        rawHeaders,
        body: Buffer.concat(chunks),
        connection: connection.n,
        reused: connection.requests > 1,
      },
      at,
    );
    const { entry, fault } = exchange;
    response.on('close', () => (entry.endedAt ??= now()));

    const work = async (): Promise<void> => {
      const underWay = exchange.begin(now());
      if (underWay !== null && fault?.workMs !== undefined) await sleep(fault.workMs);
      exchange.finish(now());
    };
    const worked = work();
    // Without a delay the work is done before anything goes out, a reset included.
    if (fault?.workMs === undefined) await worked;
    const answer = async () => {
      if (!exchange.isWhole) await worked;
      return exchange.answer(now());
    };
    await send(response, fault?.wire ?? ['head', 'body'], answer, sleep);
    await worked;
  };

  const { listen, shut } = serverOf(options.tls, handle);
  const port = await listen(options.port ?? 0);

  return {
    url: options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    journal: world.journal,
    get runs() {
      return world.runs;
    },
    keys: world.keys,
    faults: world.faults,
    now,
    elapsed: () => clock.now(),
    advance: (ms) => {
      offset += ms;
    },
    addRun: (run) => world.addRun(run, now()).id,
    statusOf: (runId) => world.statusOf(runId, now()),
    bucket: (apiKey) => world.bucket(apiKey, now()),
    refuseFor: async (ms) => {
      await shut();
      void sleep(ms).then(() => listen(port));
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await shut();
    },
  };
}

/** How many requests have come on it. */
interface Connection {
  readonly n: number;
  requests: number;
}

type Handler = (message: IncomingMessage, response: ServerResponse, connection: Connection) => Promise<void>;

/** A server of which every socket is known, so that it can be gone as if its machine were. */
function serverOf(tls: ApiOptions['tls'], handle: Handler) {
  const connections = new Map<Socket, Connection>();
  /** Under TLS these are not the ones that requests come on. */
  const accepted = new Set<Socket>();
  let count = 0;

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    const connection = connections.get(message.socket)!;
    connection.requests++;
    // A client that goes away in the middle of its request leaves no entry; anything else is a fault of the simulator's own.
    handle(message, response, connection).catch((error: unknown) => {
      if (!message.destroyed || message.complete) process.stderr.write(`simulator: ${String(error)}\n`);
      message.socket.destroy();
    });
  };
  // No time-outs of its own and idle sockets kept open: what a client must do without being helped.
  const limits = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 1 << 20 };
  const server =
    tls === undefined ? createServer(limits, listener) : createTlsServer({ ...limits, ...tls }, listener);
  server.on('connection', (socket: Socket) => {
    accepted.add(socket);
    socket.on('close', () => accepted.delete(socket));
  });
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections.set(socket, { n: ++count, requests: 0 });
    socket.on('error', () => undefined);
    socket.on('close', () => connections.delete(socket));
  });
  // A client that refuses our certificate is no fault of ours.
  server.on('tlsClientError', () => undefined);

  return {
    /** Resolves to the port. */
    listen: (port: number): Promise<number> =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    shut: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of accepted) socket.destroy();
      }),
  };
}
