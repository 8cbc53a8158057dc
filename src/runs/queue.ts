/** The requests of one step on one bucket, each in its turn, which is decided again at every event (`queue-state.ts`). */
import type { Client } from '../alloovium/client.ts';
import type { Failure, RetryOptions, TakeTurn } from '../alloovium/retry.ts';
import type { Clock } from '../clock.ts';
import {
  afterEvent,
  contentionOf,
  chooseRequest,
  createQueueState,
  nextLaunchInMs,
  whyNeverSent,
  missingMs,
  wakeInMs,
  type QueueEvent,
  type RequestKind,
  type Waiting,
} from './queue-state.ts';

export type Queue = ReturnType<typeof createQueue>;

/** One order's place in the step. */
export type Turn = ReturnType<Queue['turnOf']>;

interface PendingRequest extends Waiting {
  readonly send: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * @param count how many orders there are
 * @param onShort called once, with how many ms the time is too short for the last launch to be paid for
 */
export function createQueue(
  { bucketState }: Pick<Client, 'bucketState'>,
  { clock, signal, deadline }: Pick<RetryOptions, 'clock' | 'signal' | 'deadline'>,
  count: number,
  onShort: (ms: number) => void,
) {
  let state = createQueueState(count, deadline);
  const pending = new Set<PendingRequest>();
  let timer = new AbortController();
  let isShortReported = false;
  const learn = (event: QueueEvent) => (state = afterEvent(state, event));

  function schedule(): void {
    timer.abort('woken');
    while (pending.size > 0) {
      const known = { bucket: bucketState(), now: clock.now() };
      learn({ kind: 'time', now: known.now, waiting: pending });
      for (const request of pending) {
        const error = signal.aborted ? (signal.reason as Error) : whyNeverSent(request, state, known);
        if (error !== null && pending.delete(request)) request.reject(error);
      }
      const next = chooseRequest(pending, state, known);
      if (typeof next === 'number') {
        if (pending.size > 0) timer = wakeAfter(clock, Math.min(next, wakeInMs(state, known.now)), schedule);
        return;
      }
      pending.delete(next);
      learn({ kind: 'sent', request: next, now: known.now });
      next.send();
    }
  }

  function takeTurn(kind: RequestKind, order: number): TakeTurn {
    return (notBefore = -Infinity, dueAt = () => -Infinity) =>
      new Promise((resolve, reject) => {
        const send = () => resolve((failure) => endTurn({ kind, order }, failure));
        pending.add({ kind, order, notBefore, dueAt, send, reject });
        schedule();
      });
  }

  function endTurn(request: Pick<Waiting, 'kind' | 'order'>, failure: Failure | null): void {
    learn({ kind: 'answered', request, failure, now: clock.now() });
    const ms = isShortReported ? 0 : missingMs(state, bucketState());
    isShortReported ||= ms > 0;
    if (ms > 0) onShort(ms);
    schedule();
  }

  signal.addEventListener('abort', schedule, { once: true });
  return {
    /** @param nth the order's place, from 0 */
    turnOf: (nth: number) => ({
      /** @throws OutOfTime at the deadline, the error that rejected another launch, or the signal's reason */
      launch: takeTurn('launch', nth),
      poll: takeTurn('poll', nth),
      moveTo: (to: Extract<QueueEvent, { kind: 'moved' }>['to']) => {
        learn({ kind: 'moved', order: nth, to });
        schedule();
      },
      /** What a poll of it competes with. */
      contention: () => contentionOf(state),
    }),
    /** When the next launch can go, in ms; null: now, or not known. */
    nextLaunchMs: () => nextLaunchInMs(state, { bucket: bucketState(), now: clock.now() }),
    /** When the time was over, as it was noticed; Infinity: it is not. */
    overAt: () => learn({ kind: 'time', now: clock.now(), waiting: [] }).overAt,
  };
}

/** In whole ms: a fraction of one might never pass. */
function wakeAfter(clock: Clock, ms: number, wake: () => void): AbortController {
  const timer = new AbortController();
  clock.sleep(Math.max(1, Math.ceil(ms)), timer.signal).then(wake, () => undefined);
  return timer;
}
