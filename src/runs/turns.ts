/** The loop round the schedule: requests of the orders of one step wait here until it is their turn. */
import { COST, payableInMs, type BucketState } from '../alloovium/bucket.ts';
import { ApiError, BucketTooSmallError } from '../alloovium/errors.ts';
import { isRateLimited, OutOfTime, type Failure, type TakeTurn } from '../alloovium/retry.ts';
import type { Clock } from '../clock.ts';
import { nextTurn, type Kind, type Waiting } from './schedule.ts';

/** One order's place in the step. */
export interface Turn {
  /** @throws OutOfTime at the deadline, what another was refused for, or the signal's reason */
  readonly launch: TakeTurn;
  /** At the deadline the last polls go out together. @throws the signal's reason */
  readonly poll: TakeTurn;
  /**
   * Judges a run. One gate at a time, and what happens meanwhile, a signal among it, is heard before the next.
   * @throws the signal's reason, or what `work` throws
   */
  readonly judge: <T>(work: () => T) => Promise<T>;
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
  /** When the next launch can be paid for, in ms; null: not known. */
  readonly nextLaunchMs: () => number | null;
}

export interface TurnsParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  /** How many orders there are. */
  readonly count: number;
  readonly bucket: () => BucketState;
  /** Hears, once, by how many ms the time is too short for the last launch to be paid for. */
  readonly onShort: (ms: number) => void;
}

/** `refused`: it was told to come back for tokens, and keeps its place; `held`: something binds its key alone. */
type LaunchState = 'to_come' | 'waiting' | 'in_flight' | 'refused' | 'held' | 'over';

interface Taker extends Waiting {
  readonly go: () => void;
  readonly stop: (reason: Error) => void;
}

export function createTurns({ clock, signal, deadline, count, bucket, onShort }: TurnsParts): Turns {
  const launches: LaunchState[] = Array.from({ length: count }, () => 'to_come');
  const following = new Set<number>();
  const heldUntil = { launch: -Infinity, poll: -Infinity };
  const inFlight = { launch: 0, poll: 0 };
  let waiting: readonly Taker[] = [];
  let lastPollAt = -Infinity;
  let lastJudged: Promise<unknown> = Promise.resolve();
  let closed: Error | null = null;
  let isShortTold = false;
  let timer = new AbortController();

  const toBePaid = () =>
    launches.filter((state) => state === 'to_come' || state === 'waiting' || state === 'refused').length;

  /** May this launch go before those that are written before it? */
  function isFirst({ kind, order }: Waiting): boolean {
    return kind === 'poll' || launches.slice(0, order).every((state) => state === 'over' || state === 'held');
  }

  function pump(): void {
    timer.abort();
    for (;;) {
      const now = clock.now();
      if (now >= deadline) {
        const heldMs = heldUntil.poll - now;
        for (const { kind, stop } of waiting) {
          if (kind === 'launch') stop(new OutOfTime(null, null, true));
          // What the server holds back beyond the deadline is not sent, and not waited for.
          else if (heldMs > 0) stop(new OutOfTime(null, heldMs));
        }
      }
      const candidates = waiting.filter(isFirst);
      const busy = { launch: inFlight.launch > 0, poll: inFlight.poll > 0 };
      const turn = nextTurn({
        ...{ bucket: bucket(), heldUntil, lastPollAt, deadline, now },
        waiting: candidates,
        inFlight: busy,
      });
      if ('grant' in turn) {
        candidates[turn.grant]?.go();
        continue;
      }
      const sleepMs = Math.min(
        turn.sleepMs,
        waiting.length === 0 || now >= deadline ? Infinity : deadline - now,
      );
      if (sleepMs === Infinity) return;
      timer = new AbortController();
      // In whole ms: a sliver of one might never pass.
      clock.sleep(Math.max(1, Math.ceil(sleepMs)), timer.signal).then(pump, () => undefined);
      return;
    }
  }

  function take(kind: Kind, order: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const leave = () => {
        waiting = waiting.filter((other) => other !== taker);
        signal.removeEventListener('abort', cancel);
      };
      const cancel = () => taker.stop(signal.reason as Error);
      const taker: Taker = {
        ...{ kind, order },
        notBefore: clock.now(),
        go: () => {
          leave();
          inFlight[kind]++;
          if (kind === 'poll') lastPollAt = clock.now();
          resolve();
        },
        stop: (reason) => {
          leave();
          reject(reason);
        },
      };
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      signal.addEventListener('abort', cancel, { once: true });
      waiting = [...waiting, taker];
      pump();
    });
  }

  /** What a failure binds: a 429 all calls that cost as much or more, a 503 all. */
  function holdOff(kind: Kind, failure: Failure | null): void {
    if (failure?.hintMs == null) return;
    const isForAll = failure.error instanceof ApiError && failure.error.problem.status === 503;
    if (!isForAll && !isRateLimited(failure.error)) return;
    const until = clock.now() + failure.hintMs;
    heldUntil.launch = Math.max(heldUntil.launch, until);
    if (isForAll || kind === 'poll') heldUntil.poll = Math.max(heldUntil.poll, until);
  }

  function tellIfShort(): void {
    const { last, refill } = bucket();
    if (last === null || refill === 0 || isShortTold) return;
    const shortMs = (COST.launch * toBePaid() - last.remaining) / refill - (deadline - last.at);
    if (shortMs <= 0) return;
    isShortTold = true;
    onShort(shortMs);
  }

  /** Orders that have not launched yet do not launch any more. */
  function close(reason: Error): void {
    closed ??= reason;
    for (const { kind, stop } of waiting) if (kind === 'launch') stop(reason);
  }

  function endTurn(kind: Kind, nth: number): (failure: Failure | null) => void {
    return (failure) => {
      inFlight[kind]--;
      if (kind === 'launch')
        launches[nth] = failure !== null && isRateLimited(failure.error) ? 'refused' : 'held';
      // Before the next has its turn.
      if (kind === 'launch' && failure !== null && isForAllLaunches(failure.error)) close(failure.error);
      holdOff(kind, failure);
      tellIfShort();
      pump();
    };
  }

  return {
    of: (nth) => ({
      launch: async () => {
        if (closed !== null) throw closed;
        launches[nth] = 'waiting';
        await take('launch', nth);
        launches[nth] = 'in_flight';
        return endTurn('launch', nth);
      },
      poll: async () => {
        await take('poll', nth);
        return endTurn('poll', nth);
      },
      judge: (work) => {
        const own = lastJudged.then(() => clock.sleep(0, signal)).then(work);
        lastJudged = own.catch(() => undefined);
        return own;
      },
      launchOver: () => {
        launches[nth] = 'over';
        following.add(nth);
        pump();
      },
      over: () => {
        following.delete(nth);
        pump();
      },
      queue: () => ({ launchesWaiting: toBePaid(), runsFollowed: Math.max(1, following.size) }),
    }),
    nextLaunchMs: () => {
      const { last, refill } = bucket();
      const payableMs = payableInMs(bucket(), COST.launch, clock.now());
      return last === null || refill === 0 ? null : Math.max(0, heldUntil.launch - clock.now(), payableMs);
    },
  };
}

/** What one launch is refused for, no other may do or can pay either. */
function isForAllLaunches(error: Error): boolean {
  if (!(error instanceof ApiError)) return error instanceof BucketTooSmallError;
  const { status, code } = error.problem;
  return status === 401 || status === 402 || code === 'insufficient_scope';
}
