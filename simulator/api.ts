/** The API model as a loopback server: requests arrive over sockets, and faults control how the answer's bytes are sent. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createApiModel, type ApiModelOptions, type NewRun } from './api-model.ts';
import { send } from './faults.ts';
import { clientDrivenClock, takeSentTime } from './journal.ts';
import { startServer } from './listeners.ts';
import type { Identity } from './tls.ts';

export interface ApiOptions extends Omit<ApiModelOptions, 'epoch'> {
  /** The clock follows the only client, which skips its waits (fast-time.mjs), and work takes no time. */
  readonly isClientDriven?: boolean;
  /** The clock's start, in ms since 1970; default: now. */
  readonly startAt?: number;
  readonly tls?: Identity;
}

export type Api = Awaited<ReturnType<typeof startApi>>;

export async function startApi({ isClientDriven = false, startAt = Date.now(), tls, ...options }: ApiOptions = {}) {
  const clock = clientDrivenClock();
  const startedAt = performance.now();
  let offset = startAt;
  const now = (): number => offset + (isClientDriven ? clock.now() : performance.now() - startedAt);
  const model = createApiModel(options);
  const timers = new Set<NodeJS.Timeout>();
  const sleep = (ms: number) => new Promise((resolve) => timers.add(setTimeout(resolve, isClientDriven ? 0 : ms)));

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = takeSentTime(message);
    clock.follow(sent);
    const at = now();
    const { method = '', url: path = '', headers } = message;
    const exchange = model.receive({ method, path, headers, body: await buffer(message), sent }, at);
    const { workMs, wire = ['head', 'body'] as const } = exchange.fault ?? {};
    const work = async (): Promise<void> => {
      if (exchange.begin(now()) && workMs !== undefined) await sleep(workMs);
      exchange.finish(now());
    };
    const workDone = work();
    // Without a delay the work completes before anything is sent, even a reset.
    if (workMs === undefined) await workDone;
    await send(response, wire, async () => {
      if (!exchange.isWholeAnswer) await workDone;
      return exchange.answer(now());
    });
    await workDone;
  };
  const { port, close } = await startServer((message, response) => {
    // A client that disconnects during its request leaves no entry; any other error is a bug in the simulator.
    handle(message, response).catch((error: unknown) => {
      if (!message.destroyed || message.complete) process.stderr.write(`simulator: ${String(error)}\n`);
      message.socket.destroy();
    });
  }, tls);

  return {
    /** `http://127.0.0.1:port`, or `https://localhost:port`. */
    url: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    journal: model.journal,
    get runs() {
      return model.runs();
    },
    faults: model.faults,
    /** Ms since 1970 by the simulator's clock, with fractions. */
    now,
    /** Jumps forward, which affects runs, buckets and the 24 hours of an idempotency key. */
    advance: (ms: number): void => void (offset += ms),
    /** Adds a run that exists from the beginning. @returns its ID */
    addRun: (run: NewRun): string => model.addRun(run, now()),
    bucket: (apiKey: string) => model.bucket(apiKey, now()),
    setKey: model.setKey,
    /** Closes all sockets and ends all waits. */
    close: async (): Promise<void> => {
      for (const timer of timers) clearTimeout(timer);
      await close();
    },
  };
}
