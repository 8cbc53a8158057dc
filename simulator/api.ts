/** The API model as a loopback server: requests arrive over sockets, and faults control how the answer's bytes are sent. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createApiModel, type ApiModel } from './api-model.ts';
import type { ApiModelOptions, NewRun } from './api-state.ts';
import type { Bucket } from './bucket.ts';
import { send } from './faults.ts';
import { startServer } from './listeners.ts';
import { clientDrivenClock, scaledClock, takeSentTime } from './simulator-clock.ts';

export interface ApiOptions extends Omit<ApiModelOptions, 'epoch'> {
  /** How much faster than real time the clock runs; all waits of the simulator use this clock. 0: time passes by requests alone. */
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
  /** Jumps forward: runs, buckets and the 24 hours of a key move on; waits in progress do not end sooner. */
  advance(ms: number): void;
  /** Adds a run that existed before; returns its ID. */
  addRun(run: NewRun): string;
  /** The status of a run as a poll would show it. */
  statusOf(runId: string): unknown;
  bucket(apiKey: string): Bucket;
  /** Closes all sockets and ends all waits. */
  close(): Promise<void>;
}

export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const { speed = 1, isClientDriven = false, tls } = options;
  const clock = (isClientDriven ? clientDrivenClock : scaledClock)(speed);
  let offset = options.startAt ?? Date.now();
  const now = (): number => offset + clock.now();
  const model = createApiModel(options);
  const timers = new Set<NodeJS.Timeout>();
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, speed === 0 ? 0 : ms / speed);
      timers.add(timer);
    });

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = takeSentTime(message);
    clock.requestStarted(sent);
    response.on('close', () => clock.requestEnded());
    const at = now();
    const { method = '', url: path = '', headers } = message;
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const exchange = model.receive({ method, path, headers, body: Buffer.concat(chunks), sent }, at);
    const { entry, fault } = exchange;
    response.on('close', () => (entry.endedAt ??= now()));
    const work = async (): Promise<void> => {
      if (exchange.begin(now()) !== null && fault?.workMs !== undefined) await sleep(fault.workMs);
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
  const listener: RequestListener = (message, response) => {
    // A client that disconnects during its request leaves no entry; any other error is a bug in the simulator.
    handle(message, response).catch((error: unknown) => {
      if (!message.destroyed || message.complete) process.stderr.write(`simulator: ${String(error)}\n`);
      message.socket.destroy();
    });
  };
  const { port, close } = await startServer(listener, { tls, port: options.port });

  return {
    url: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    journal: model.journal,
    get runs() {
      return model.runs;
    },
    keys: model.keys,
    faults: model.faults,
    now,
    advance: (ms) => {
      offset += ms;
    },
    addRun: (run) => model.addRun(run, now()).id,
    statusOf: (runId) => model.statusOf(runId, now()),
    bucket: (apiKey) => model.bucket(apiKey, now()),
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await close();
    },
  };
}
