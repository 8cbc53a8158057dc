/** Sends the requests of one step, which share a bucket, each in its turn. `queue-state.ts` decides the turn again at every event. */
import type { Client } from '../alloovium/client.ts';
import type { Failure, RetryOptions, TakeTurn } from '../alloovium/retry.ts';
import type { Clock } from '../clock.ts';
import {
  applyQueueEvent,
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

/** The queue for the requests of one order. */
export type OrderQueue = ReturnType<Queue['turnOf']>;

interface PendingRequest extends Waiting {
  /** Resolves `takeTurn`, so that the request is sent. */
  readonly grantTurn: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Creates the queue of a step.
 * @param count number of orders
 * @param onShort called once, with by how many ms the time is too short to pay for the last launch
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
  const learn = (event: QueueEvent) => (state = applyQueueEvent(state, event));

  /** Sends all requests that may be sent now, rejects those that never will be, and sets a timer for the others. */
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
      next.grantTurn();
    }
  }

  /** Returns a function that waits until a request may be sent, and resolves with a callback for its end. */
  function takeTurn(kind: RequestKind, order: number): TakeTurn {
    return (notBefore = -Infinity, dueAt = () => -Infinity) =>
      new Promise((resolve, reject) => {
        const grantTurn = () => resolve((failure) => endTurn({ kind, order }, failure));
        pending.add({ kind, order, notBefore, dueAt, grantTurn, reject });
        schedule();
      });
  }

  /** Records the end of a request. @param failure null: it succeeded */
  function endTurn(request: Pick<Waiting, 'kind' | 'order'>, failure: Failure | null): void {
    learn({ kind: 'answered', request, failure, now: clock.now() });
    const ms = isShortReported ? 0 : missingMs(state, bucketState());
    isShortReported ||= ms > 0;
    if (ms > 0) onShort(ms);
    schedule();
  }

  signal.addEventListener('abort', schedule, { once: true });
  return {
    /** Returns the queue for the requests of one order. @param nth index of the order */
    turnOf: (nth: number) => ({
      /** @throws OutOfTime at the deadline, the error that rejected another launch, or the signal's reason */
      launch: takeTurn('launch', nth),
      poll: takeTurn('poll', nth),
      moveTo: (to: Extract<QueueEvent, { kind: 'moved' }>['to']) => {
        learn({ kind: 'moved', order: nth, to });
        schedule();
      },
      /** Returns what competes with a poll of the order. */
      contention: () => contentionOf(state),
    }),
    /** Returns in how many ms the next launch can be sent; null: now, or not known. */
    nextLaunchMs: () => nextLaunchInMs(state, { bucket: bucketState(), now: clock.now() }),
    /** Returns when the deadline was noticed; Infinity: it has not passed. */
    overAt: () => learn({ kind: 'time', now: clock.now(), waiting: [] }).overAt,
  };
}

/**
 * Calls `wake` after the time, unless the returned controller is aborted. Rounded up to whole ms, because a fraction might never
 * pass.
 */
function wakeAfter(clock: Clock, ms: number, wake: () => void): AbortController {
  const timer = new AbortController();
  clock.sleep(Math.max(1, Math.ceil(ms)), timer.signal).then(wake, () => undefined);
  return timer;
}
