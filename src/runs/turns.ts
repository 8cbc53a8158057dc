/**
 * Whose turn it is where one step has several orders on one bucket: at most one launch and one poll are in flight, launches
 * go in their order as soon as their tokens are there, and all polls together take no more than what refills.
 */
import { isRateLimited, OutOfTime, type Heard } from '../alloovium/retry.ts';
import { ApiError } from '../alloovium/errors.ts';
import type { Bucket } from '../alloovium/wire.ts';
import type { Clock } from '../clock.ts';

/** Gives the turn back. */
export type Release = (told: Heard) => void;

/** One order's place in the step. */
export interface Turn {
  /** @throws OutOfTime at the deadline, what launches were closed with, or the signal's reason */
  readonly launch: () => Promise<Release>;
  /** At the deadline the last polls go out together. @throws the signal's reason */
  readonly poll: () => Promise<Release>;
  /** Its run is known, or will not be. */
  readonly launchOver: () => void;
}

export interface Turns {
  /** @param nth the order's place, from 0 */
  readonly of: (nth: number) => Turn;
  /** Orders that have not launched yet do not launch any more. */
  readonly closeLaunches: (reason: Error) => void;
  /** How many launches wait, and in how many ms the next can be paid for; null: not known. */
  readonly standing: () => { readonly waiting: number; readonly nextLaunchMs: number | null };
}

const LAUNCH_COST = 25;

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
  /** Hears, once, by how many ms the time is too short for the last launch to be paid for. */
  readonly onShort: (ms: number) => void;
}

export function createTurns({ clock, signal, deadline, count, onShort }: TurnsParts): Turns {
  const launches: LaunchState[] = Array.from({ length: count }, () => 'to_come');
  const waiting = new Set<Waiting>();
  const inFlight = { launch: false, poll: false };
  /** On `clock.now()`: nothing of the kind is sent before. */
  const notBefore = { launch: 0, poll: 0 };
  let known: { readonly bucket: Bucket; readonly at: number } | null = null;
  let closed: Error | null = null;
  let isShortTold = false;
  let alarm = new AbortController();

  /** ms until the bucket is expected to pay for a launch, with a token for rounding; null: not known. */
  function payableInMs(): number | null {
    if (known === null) return null;
    const { limit, remaining, fullInMs } = known.bucket;
    if (remaining >= LAUNCH_COST || remaining >= limit || fullInMs <= 0) return 0;
    const perMs = (limit - remaining) / fullInMs;
    return Math.max(0, (LAUNCH_COST + 1 - remaining) / perMs - (clock.now() - known.at));
  }

  function tellIfShort(): void {
    if (known === null || isShortTold) return;
    const toPay = LAUNCH_COST * launches.filter(isToBePaid).length - known.bucket.remaining;
    const shortMs = toPay * tokenMs() - (deadline - clock.now());
    if (shortMs <= 0) return;
    isShortTold = true;
    onShort(shortMs);
  }

  /** ms in which one token comes in; 0 where that is not known. */
  function tokenMs(): number {
    if (known === null) return 0;
    const { limit, remaining, fullInMs } = known.bucket;
    return limit > remaining ? fullInMs / (limit - remaining) : 0;
  }

  /** The launch whose turn it is: the first that is not over, and is held by nothing that binds its key alone. */
  function isNext(nth: number): boolean {
    return launches.slice(0, nth).every((state) => state === 'over' || state === 'held');
  }

  function heldMs({ kind, nth }: Waiting): number {
    if (clock.now() >= deadline) return 0;
    if (inFlight[kind] || (kind === 'launch' && !isNext(nth))) return Infinity;
    const pauseMs = notBefore[kind] - clock.now();
    return kind === 'launch' ? Math.max(pauseMs, payableInMs() ?? 0) : pauseMs;
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

  /** What the answer binds: a 429 all calls that cost as much or more, a 503 all. */
  function learn(kind: 'launch' | 'poll', told: Heard): void {
    const now = clock.now();
    if (told?.bucket) known = { bucket: told.bucket, at: now };
    tellIfShort();
    if (kind === 'poll') notBefore.poll = Math.max(notBefore.poll, now + tokenMs());
    const { failure = null } = told ?? {};
    if (failure?.hintMs == null) return;
    const isForAll = failure.error instanceof ApiError && failure.error.problem.status === 503;
    if (!isForAll && !isRateLimited(failure.error)) return;
    notBefore.launch = Math.max(notBefore.launch, now + failure.hintMs);
    if (isForAll || kind === 'poll') notBefore.poll = Math.max(notBefore.poll, now + failure.hintMs);
  }

  function release(kind: 'launch' | 'poll', nth: number): Release {
    return (told) => {
      inFlight[kind] = false;
      learn(kind, told);
      if (kind === 'launch') {
        const failure = told?.failure ?? null;
        // One that is told to come back for tokens keeps its place; what holds its key alone lets others by.
        launches[nth] = failure !== null && isRateLimited(failure.error) ? 'refused' : 'held';
      }
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
        return release('launch', nth);
      },
      poll: async () => {
        await wait('poll', nth);
        return release('poll', nth);
      },
      launchOver: () => {
        launches[nth] = 'over';
        settle();
      },
    }),
    closeLaunches: (reason) => {
      closed ??= reason;
      for (const one of [...waiting]) if (one.kind === 'launch') one.refuse(reason);
    },
    standing: () => {
      const left = launches.filter(isToBePaid);
      const pauseMs = Math.max(0, notBefore.launch - clock.now());
      const payableMs = payableInMs();
      return {
        waiting: left.length,
        nextLaunchMs: payableMs === null && pauseMs === 0 ? null : Math.max(pauseMs, payableMs ?? 0),
      };
    },
  };
}
