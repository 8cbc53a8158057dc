/**
 * Whose turn it is where one step has several orders on one bucket: at most one launch and one poll are in flight, launches
 * go in their order as soon as their tokens are there, and all polls together take no more than what refills.
 */
import { COST, payableInMs, type BucketState } from '../alloovium/bucket.ts';
import { isRateLimited, OutOfTime, type Failure, type TakeTurn } from '../alloovium/retry.ts';
import { ApiError } from '../alloovium/errors.ts';
import type { Clock } from '../clock.ts';

/** One order's place in the step. */
export interface Turn {
  /** @throws OutOfTime at the deadline, what launches were closed with, or the signal's reason */
  readonly launch: TakeTurn;
  /** At the deadline the last polls go out together. @throws the signal's reason */
  readonly poll: TakeTurn;
  /** Its run is known, or will not be. */
  readonly launchOver: () => void;
  /** It has its outcome. */
  readonly over: () => void;
  /** What a poll of it stands beside. */
  readonly queue: () => { readonly launchesWaiting: number; readonly runsFollowed: number };
}

export interface Turns {
  /** @param nth the order's place, from 0 */
  readonly of: (nth: number) => Turn;
  /** Orders that have not launched yet do not launch any more. */
  readonly closeLaunches: (reason: Error) => void;
  /** How many launches wait, and in how many ms the next can be paid for; null: not known. */
  readonly standing: () => { readonly waiting: number; readonly nextLaunchMs: number | null };
}

type LaunchState = 'to_come' | 'waiting' | 'in_flight' | 'refused' | 'held' | 'over';

function isToBePaid(state: LaunchState): boolean {
  return state === 'to_come' || state === 'waiting' || state === 'refused';
}

interface Waiting {
  readonly kind: 'launch' | 'poll';
  readonly nth: number;
  readonly grant: () => void;
  readonly refuse: (reason: Error) => void;
}

interface TurnsParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly count: number;
  readonly bucket: () => BucketState;
  /** Hears, once, by how many ms the time is too short for the last launch to be paid for. */
  readonly onShort: (ms: number) => void;
}

export function createTurns({ clock, signal, deadline, count, bucket, onShort }: TurnsParts): Turns {
  const launches: LaunchState[] = Array.from({ length: count }, () => 'to_come');
  const waiting = new Set<Waiting>();
  const following = new Set<number>();
  const inFlight = { launch: false, poll: false };
  /** On `clock.now()`: nothing of the kind is sent before. */
  const notBefore = { launch: 0, poll: 0 };
  let closed: Error | null = null;
  let isShortTold = false;
  let alarm = new AbortController();

  function tellIfShort(): void {
    const { last, refill } = bucket();
    if (last === null || refill === 0 || isShortTold) return;
    const toPay = COST.launch * launches.filter(isToBePaid).length - last.remaining;
    const shortMs = toPay / refill - (deadline - last.at);
    if (shortMs <= 0) return;
    isShortTold = true;
    onShort(shortMs);
  }

  function payableMs(): number {
    return payableInMs(bucket(), COST.launch, clock.now());
  }

  /** The launch whose turn it is: the first that is not over, and is held by nothing that binds its key alone. */
  function isNext(nth: number): boolean {
    return launches.slice(0, nth).every((state) => state === 'over' || state === 'held');
  }

  function heldMs({ kind, nth }: Waiting): number {
    if (clock.now() >= deadline) return 0;
    if (inFlight[kind] || (kind === 'launch' && !isNext(nth))) return Infinity;
    const pauseMs = notBefore[kind] - clock.now();
    return kind === 'launch' ? Math.max(pauseMs, payableMs()) : pauseMs;
  }

  /** Gives a turn to whoever may go, and wakes up when the next one may. */
  function settle(): void {
    alarm.abort();
    for (const one of [...waiting].sort((a, b) => a.nth - b.nth)) {
      if (heldMs(one) > 0 || !waiting.delete(one)) continue;
      one.grant();
    }
    const soonest = Math.min(...Array.from(waiting, heldMs), deadline - clock.now());
    if (waiting.size === 0 || !Number.isFinite(soonest)) return;
    alarm = new AbortController();
    // In whole ms: a sliver of one might never pass.
    clock
      .sleep(Math.max(1, Math.ceil(soonest)), AbortSignal.any([alarm.signal, signal]))
      .then(settle, () => undefined);
  }

  function wait(kind: 'launch' | 'poll', nth: number): Promise<void> {
    signal.throwIfAborted();
    return new Promise<void>((resolve, reject) => {
      const stop = () => one.refuse(signal.reason as Error);
      const leave = () => {
        waiting.delete(one);
        signal.removeEventListener('abort', stop);
      };
      const one: Waiting = {
        kind,
        nth,
        grant: () => {
          leave();
          inFlight[kind] = true;
          resolve();
        },
        refuse: (reason) => {
          leave();
          reject(reason);
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      waiting.add(one);
      settle();
    });
  }

  /** What a failure binds: a 429 all calls that cost as much or more, a 503 all. */
  function learn(kind: 'launch' | 'poll', failure: Failure | null): void {
    const now = clock.now();
    const { refill } = bucket();
    tellIfShort();
    if (kind === 'poll' && refill > 0) notBefore.poll = Math.max(notBefore.poll, now + 1 / refill);
    if (failure?.hintMs == null) return;
    const isForAll = failure.error instanceof ApiError && failure.error.problem.status === 503;
    if (!isForAll && !isRateLimited(failure.error)) return;
    notBefore.launch = Math.max(notBefore.launch, now + failure.hintMs);
    if (isForAll || kind === 'poll') notBefore.poll = Math.max(notBefore.poll, now + failure.hintMs);
  }

  function endTurn(kind: 'launch' | 'poll', nth: number): (failure: Failure | null) => void {
    return (failure) => {
      inFlight[kind] = false;
      learn(kind, failure);
      // One that is told to come back for tokens keeps its place; what holds its key alone lets others by.
      if (kind === 'launch')
        launches[nth] = failure !== null && isRateLimited(failure.error) ? 'refused' : 'held';
      settle();
    };
  }

  return {
    of: (nth) => ({
      launch: async () => {
        if (closed !== null) throw closed;
        launches[nth] = 'waiting';
        await wait('launch', nth);
        if (clock.now() >= deadline) {
          inFlight.launch = false;
          throw new OutOfTime(null, null, false, true);
        }
        launches[nth] = 'in_flight';
        return endTurn('launch', nth);
      },
      poll: async () => {
        await wait('poll', nth);
        return endTurn('poll', nth);
      },
      launchOver: () => {
        launches[nth] = 'over';
        following.add(nth);
        settle();
      },
      over: () => {
        following.delete(nth);
        settle();
      },
      queue: () => ({
        launchesWaiting: launches.filter(isToBePaid).length,
        runsFollowed: Math.max(1, following.size),
      }),
    }),
    closeLaunches: (reason) => {
      closed ??= reason;
      for (const one of [...waiting]) if (one.kind === 'launch') one.refuse(reason);
    },
    standing: () => {
      const { last, refill } = bucket();
      const isKnown = last !== null && refill > 0;
      return {
        waiting: launches.filter(isToBePaid).length,
        nextLaunchMs: isKnown ? Math.max(0, notBefore.launch - clock.now(), payableMs()) : null,
      };
    },
  };
}
