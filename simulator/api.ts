/** The API model as a loopback server: requests arrive over sockets, and faults control how the answer's bytes are sent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Bucket } from './bucket.ts';
import { clientDrivenClock, scaledClock, takeSentTime } from './simulator-clock.ts';
import { send } from './faults.ts';
import type { NewRun, ApiModelOptions } from './api-state.ts';
import { createApiModel, type ApiModel } from './api-model.ts';

export interface ApiOptions extends Omit<ApiModelOptions, 'epoch'> {
  /** How much faster than real time the clock runs. All waits of the simulator use this clock. */
  readonly speed?: number;
  /** The clock follows its one client, which skips its waits (fast-time.mjs). */
  readonly isClientDriven?: boolean;
  /** Where the clock starts, in ms since 1970; default: now. */
  readonly startAt?: number;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface Api extends Pick<ApiModel, 'journal' | 'runs' | 'keys' | 'faults'> {
  /** `http://127.0.0.1:port`, or `https://localhost:port`. */
  readonly url: string;
  readonly port: number;
  /** Ms since 1970 by the simulator's clock, with fractions. */
  now(): number;
  /** Ms since it started. */
  elapsed(): number;
  /** Jumps forward: runs, buckets and the 24 hours of a key move on; waits in progress do not end sooner. */
  advance(ms: number): void;
  /** Adds a run that existed before; returns its ID. */
  addRun(run: NewRun): string;
  /** The status of a run as a poll would show it. */
  statusOf(runId: string): unknown;
  bucket(apiKey: string): Bucket;
  /** Refuses connections (ECONNREFUSED) for `ms` of the simulator's clock; resolves once it refuses. */
  refuseFor(ms: number): Promise<void>;
  /** Closes all sockets and ends all waits. */
  close(): Promise<void>;
}

export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const speed = options.speed ?? 1;
  const clock = (options.isClientDriven === true ? clientDrivenClock : scaledClock)(speed);
  let offset = options.startAt ?? Date.now();
  const now = (): number => offset + clock.now();
  const model = createApiModel(options);

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
    clock.requestStarted(takeSentTime(message));
    response.on('close', () => clock.requestEnded());
    const at = now();
    const { method = '', url: path = '', headers, rawHeaders } = message;
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const exchange = model.receive(
      {
        method,
        path,
        headers,
        rawHeaders,
        body: Buffer.concat(chunks),
        connection: connection.id,
        isReused: connection.requests > 1,
      },
      at,
    );
    const { entry, fault } = exchange;
    response.on('close', () => (entry.endedAt ??= now()));

    const work = async (): Promise<void> => {
      const work = exchange.begin(now());
      if (work !== null && fault?.workMs !== undefined) await sleep(fault.workMs);
      exchange.finish(now());
    };
    const workDone = work();
    // Without a delay the work completes before anything is sent, even a reset.
    if (fault?.workMs === undefined) await workDone;
    const answer = async () => {
      if (!exchange.isWholeAnswer) await workDone;
      return exchange.answer(now());
    };
    await send(response, fault?.wire ?? ['head', 'body'], answer, sleep);
    await workDone;
  };

  const { listen, closeServer } = createHttpServer(options.tls, handle);
  const port = await listen(options.port ?? 0);

  return {
    url: options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    journal: model.journal,
    get runs() {
      return model.runs;
    },
    keys: model.keys,
    faults: model.faults,
    now,
    elapsed: () => clock.now(),
    advance: (ms) => {
      offset += ms;
    },
    addRun: (run) => model.addRun(run, now()).id,
    statusOf: (runId) => model.statusOf(runId, now()),
    bucket: (apiKey) => model.bucket(apiKey, now()),
    refuseFor: async (ms) => {
      await closeServer();
      void sleep(ms).then(() => listen(port));
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await closeServer();
    },
  };
}

interface Connection {
  readonly id: number;
  requests: number;
}

type Handler = (message: IncomingMessage, response: ServerResponse, connection: Connection) => Promise<void>;

/** A server that tracks its sockets, so that it can close all of them at once, as a machine that goes down does. */
function createHttpServer(tls: ApiOptions['tls'], handle: Handler) {
  const connections = new Map<Socket, Connection>();
  /** With TLS these are not the sockets that carry the requests. */
  const accepted = new Set<Socket>();
  let count = 0;

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    const connection = connections.get(message.socket)!;
    connection.requests++;
    // A client that disconnects during its request leaves no entry; any other error is a bug in the simulator.
    handle(message, response, connection).catch((error: unknown) => {
      if (!message.destroyed || message.complete) process.stderr.write(`simulator: ${String(error)}\n`);
      message.socket.destroy();
    });
  };
  // The server has no timeouts and keeps idle sockets open: the client must have its own.
  const limits = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 1 << 20 };
  const server =
    tls === undefined ? createServer(limits, listener) : createTlsServer({ ...limits, ...tls }, listener);
  server.on('connection', (socket: Socket) => {
    accepted.add(socket);
    socket.on('close', () => accepted.delete(socket));
  });
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections.set(socket, { id: ++count, requests: 0 });
    socket.on('error', () => undefined);
    socket.on('close', () => connections.delete(socket));
  });
  // Ignore clients that refuse the certificate: tests do so on purpose.
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
    closeServer: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of accepted) socket.destroy();
      }),
  };
}
