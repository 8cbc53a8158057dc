/** The requests of one step on one bucket, each in its turn, which is decided again at every event (`queue-state.ts`). */
import type { Client } from '../alloovium/client.ts';
import type { Failure, RetryContext, TakeTurn } from '../alloovium/retry.ts';
import type { Clock } from '../clock.ts';
import {
  afterEvent,
  contentionOf,
  decide,
  firstState,
  nextLaunchInMs,
  refusalOf,
  shortMs,
  wakesInMs,
  type QueueEvent,
  type RequestKind,
  type Waiting,
} from './queue-state.ts';

export type Queue = ReturnType<typeof createQueue>;

/** One order's place in the step. */
export type Turn = ReturnType<Queue['of']>;

interface PendingRequest extends Waiting {
  readonly go: () => void;
  readonly stop: (reason: Error) => void;
}

/**
 * @param count how many orders there are
 * @param onShort called once, with how many ms the time is too short for the last launch to be paid for
 */
export function createQueue(
  { bucketState }: Pick<Client, 'bucketState'>,
  { clock, signal, deadline }: Pick<RetryContext, 'clock' | 'signal' | 'deadline'>,
  count: number,
  onShort: (ms: number) => void,
) {
  let state = firstState(count, deadline);
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
        const refusal = signal.aborted ? (signal.reason as Error) : refusalOf(request, state, known);
        if (refusal !== null && pending.delete(request)) request.stop(refusal);
      }
      const next = decide(pending, state, known);
      if (typeof next === 'number') {
        if (pending.size > 0) timer = wakeIn(clock, Math.min(next, wakesInMs(state, known.now)), schedule);
        return;
      }
      pending.delete(next);
      learn({ kind: 'sent', request: next, now: known.now });
      next.go();
    }
  }

  function takeTurn(kind: RequestKind, order: number): TakeTurn {
    return (notBefore = -Infinity, dueAt = () => -Infinity) =>
      new Promise((resolve, stop) => {
        const go = () => resolve((failure) => endTurn({ kind, order }, failure));
        pending.add({ kind, order, notBefore, dueAt, go, stop });
        schedule();
      });
  }

  function endTurn(request: Pick<Waiting, 'kind' | 'order'>, failure: Failure | null): void {
    learn({ kind: 'answered', request, failure, now: clock.now() });
    const ms = isShortReported ? 0 : shortMs(state, bucketState());
    isShortReported ||= ms > 0;
    if (ms > 0) onShort(ms);
    schedule();
  }

  signal.addEventListener('abort', schedule, { once: true });
  return {
    /** @param nth the order's place, from 0 */
    of: (nth: number) => ({
      /** @throws OutOfTime at the deadline, what another was refused for, or the signal's reason */
      launch: takeTurn('launch', nth),
      poll: takeTurn('poll', nth),
      becomes: (to: Extract<QueueEvent, { kind: 'moved' }>['to']) => {
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
function wakeIn(clock: Clock, ms: number, wake: () => void): AbortController {
  const timer = new AbortController();
  clock.sleep(Math.max(1, Math.ceil(ms)), timer.signal).then(wake, () => undefined);
  return timer;
}
