/** Whose turn it is among the requests of one step on one bucket, decided again at every event. */
import { COST, payableInMs, type BucketState } from '../alloovium/bucket.ts';
import type { Client } from '../alloovium/client.ts';
import { ApiError, BucketTooSmallError } from '../alloovium/errors.ts';
import { OutOfTime, type Failure, type RetryContext, type TakeTurn } from '../alloovium/retry.ts';
import { LAST_POLL_MS, SUSPENDED_MS } from '../alloovium/poll.ts';

export type RequestKind = 'launch' | 'poll';

/** A request that waits for its turn. Moments here and below are on `clock.now()`. */
export interface Waiting {
  /** Its run's place among those of the step. */
  readonly order: number;
  readonly kind: RequestKind;
  /** The server wants it no earlier. */
  readonly notBefore: number;
  /** By what is known now. */
  readonly dueAt: () => number;
}

export interface Situation {
  readonly bucket: BucketState;
  readonly inFlight: Readonly<Record<RequestKind, number>>;
  /** The server wants none before: a 429 binds all calls that cost as much or more, a 503 all. */
  readonly heldUntil: Readonly<Record<RequestKind, number>>;
  /** A 429 said when the launch of the one run can be paid. The headers, which may be wrong, do not count then. */
  readonly isHinted: boolean;
  readonly lastPollAt: number;
  /** From then on polls go out two at a time: they are the last. */
  readonly deadline: number;
  readonly now: number;
}

/** The request that may go now; or for how many ms, if nothing else happens, none may. */
export function decide<One extends Waiting>(waiting: readonly One[], situation: Situation): One | number {
  // Launches before polls; launches as their runs stand, polls as they fell due.
  const rank = ({ kind, order, dueAt }: One) => (kind === 'launch' ? order : dueAt());
  const inTurn = [...waiting].sort((a, b) =>
    a.kind === b.kind ? rank(a) - rank(b) : a.kind === 'launch' ? -1 : 1,
  );
  let nextAt = Infinity;
  for (const request of inTurn) {
    const at = mayGoAt(request, situation);
    if (at <= situation.now) return request;
    nextAt = Math.min(nextAt, at);
  }
  return nextAt - situation.now;
}

const LAST_AT_ONCE = 2;

function mayGoAt({ kind, notBefore, dueAt }: Waiting, situation: Situation): number {
  const { bucket, inFlight, heldUntil, isHinted, lastPollAt, deadline, now } = situation;
  const heldAt = Math.max(heldUntil[kind], notBefore);
  if (kind === 'poll' && now >= deadline) return inFlight.poll < LAST_AT_ONCE ? heldAt : Infinity;
  if (inFlight[kind] > 0) return kind === 'poll' ? deadline : Infinity;
  // What is in flight will be taken from what the last answer told.
  const other = kind === 'poll' ? 'launch' : 'poll';
  const payableAt = now + payableInMs(bucket, COST[kind] + (inFlight[other] > 0 ? COST[other] : 0), now);
  if (kind === 'launch') return isHinted ? heldAt : Math.max(heldAt, payableAt);
  // All polls together take at most what refills.
  const affordableAt = bucket.refill > 0 ? lastPollAt + 1 / bucket.refill : 0;
  return Math.min(deadline, Math.max(heldAt, dueAt(), payableAt, affordableAt));
}

export type Queue = ReturnType<typeof createQueue>;

/** One order's place in the step. */
export type Turn = ReturnType<Queue['of']>;

/** Of several runs that end at the deadline the gates of some may have to wait for those of others: so long, and no longer. */
const LATE_GATE_MS = 5_000;

/** A poll that has no more time than this brings nothing. */
const IN_VAIN_MS = 50;

/** Where an order stands. `to_pay`: its launch waits, or will, for tokens; `held`: something binds its key alone. */
type OrderState = 'to_pay' | 'launching' | 'held' | 'followed' | 'unjudged' | 'over';

interface PendingRequest extends Waiting {
  readonly go: () => void;
  readonly stop: (reason: Error) => void;
}

/**
 * The loop round the decision.
 * @param count how many orders there are
 * @param onShort hears, once, by how many ms the time is too short for the last launch to be paid for
 */
export function createQueue(
  { bucketState }: Pick<Client, 'bucketState'>,
  { clock, signal, deadline }: Pick<RetryContext, 'clock' | 'signal' | 'deadline'>,
  count: number,
  onShort: (ms: number) => void,
) {
  const states = Array.from({ length: count }, (): OrderState => 'to_pay');
  const heldUntil = { launch: -Infinity, poll: -Infinity };
  const inFlight = { launch: 0, poll: 0 };
  const takers = new Set<PendingRequest>();
  let isHinted = false;
  let lastPollAt = -Infinity;
  let lastEvaluation: Promise<unknown> = Promise.resolve();
  let closed: Error | null = null;
  let isShortReported = false;
  let timer = new AbortController();
  /** The deadline, or, where the machine slept or computed far beyond it, when it was back. */
  let overAt = Infinity;

  signal.addEventListener('abort', schedule, { once: true });
  const howMany = (...those: OrderState[]) => states.filter((setState) => those.includes(setState)).length;

  function stand(nth: number, where: OrderState): void {
    states[nth] = where;
    schedule();
  }

  function isOver(): boolean {
    const now = clock.now();
    if (now >= deadline) overAt = Math.min(overAt, now > deadline + SUSPENDED_MS ? now : deadline);
    return now >= deadline;
  }

  /** May it go before what is to come first? */
  function isFirst({ kind, order }: PendingRequest): boolean {
    return kind === 'poll'
      ? howMany('unjudged') === 0
      : !states.slice(0, order).some((one) => one === 'to_pay' || one === 'launching');
  }

  /** Why it will never go; null: it may yet. */
  function refusalOf({ kind, notBefore }: PendingRequest, now: number): Error | null {
    if (signal.aborted) return signal.reason as Error;
    const isLaunch = kind === 'launch';
    if (isLaunch && closed !== null) return closed;
    const heldMs = Math.max(heldUntil[kind], notBefore) - now;
    const isLate = isOver();
    // What the server holds back beyond the deadline is not sent, and a launch does not wait for it.
    if (heldMs > 0 && (isLate || (isLaunch && now + heldMs > deadline))) return new OutOfTime(null, heldMs);
    if (isLate && isLaunch)
      return new OutOfTime(null, null, payableInMs(bucketState(), COST.launch, now) > 0);
    return isLate && now >= overAt + LAST_POLL_MS - IN_VAIN_MS ? new OutOfTime(null, null) : null;
  }

  function schedule(): void {
    timer.abort('woken');
    for (;;) {
      const now = clock.now();
      for (const taker of takers) {
        if (taker.kind === 'launch' && taker.notBefore <= now) states[taker.order] = 'to_pay';
        const refusal = refusalOf(taker, now);
        if (refusal !== null && takers.delete(taker)) taker.stop(refusal);
      }
      const situation = { bucket: bucketState(), inFlight, heldUntil, isHinted, lastPollAt, deadline, now };
      const next = decide([...takers].filter(isFirst), situation);
      if (typeof next !== 'number') {
        takers.delete(next);
        inFlight[next.kind]++;
        if (next.kind === 'poll') lastPollAt = now;
        else states[next.order] = 'launching';
        next.go();
        continue;
      }
      if (takers.size === 0) return;
      const untilMs = (now < deadline ? deadline : overAt + LAST_POLL_MS) - now;
      timer = new AbortController();
      // In whole ms: a sliver of one might never pass.
      const sleepMs = Math.max(1, Math.ceil(Math.min(next, untilMs)));
      clock.sleep(sleepMs, timer.signal).then(schedule, () => undefined);
      return;
    }
  }

  const takeTurn =
    (kind: RequestKind, order: number): TakeTurn =>
    (notBefore = -Infinity, dueAt = () => -Infinity) =>
      new Promise((resolve, stop) => {
        const go = () => resolve((failure) => endTurn(kind, order, failure));
        takers.add({ kind, order, notBefore, dueAt, go, stop });
        schedule();
      });

  /** What a failure binds: a 429 all calls that cost as much or more, a 503 all. */
  function waitUntil(kind: RequestKind, { error, hintMs }: Failure): void {
    // Orders that have not launched yet do not launch any more.
    if (kind === 'launch' && isForAllLaunches(error)) closed ??= error;
    const isForAll = error instanceof ApiError && error.problem.status === 503;
    if (hintMs === null || (!isForAll && error.kind !== 'limited')) return;
    const until = clock.now() + hintMs;
    heldUntil.launch = Math.max(heldUntil.launch, until);
    if (isForAll || kind === 'poll') heldUntil.poll = Math.max(heldUntil.poll, until);
  }

  function reportIfShort(): void {
    const { last, refill } = bucketState();
    if (last === null || refill === 0 || isShortReported || closed !== null) return;
    const tokens = COST.launch * howMany('to_pay') - last.remaining;
    const shortMs = tokens / refill - (deadline - last.at);
    if (shortMs <= 0) return;
    isShortReported = true;
    onShort(shortMs);
  }

  function endTurn(kind: RequestKind, nth: number, failure: Failure | null): void {
    inFlight[kind]--;
    if (kind === 'launch') {
      const isLimited = failure?.error.kind === 'limited';
      // One that was told to come back for tokens keeps its place.
      states[nth] = isLimited ? 'to_pay' : 'held';
      isHinted = count === 1 && isLimited && failure.hintMs !== null;
    }
    if (failure !== null) waitUntil(kind, failure);
    reportIfShort();
    schedule();
  }

  return {
    /** @param nth the order's place, from 0 */
    of: (nth: number) => ({
      /** @throws OutOfTime at the deadline, what another was refused for, or the signal's reason */
      launch: takeTurn('launch', nth),
      poll: takeTurn('poll', nth),
      /**
       * Judges a run. One gate at a time, and what happens meanwhile, a signal among it, is heard before the next.
       * @param canBeLate whether it is too late for it some time after the deadline
       * @throws OutOfTime where it is, the signal's reason, or what `work` throws
       */
      evaluate: <T>(canBeLate: boolean, work: () => T): Promise<T> => {
        const own = lastEvaluation
          .then(() => clock.sleep(0, signal))
          .then(() => {
            if (canBeLate && isOver() && clock.now() > overAt + LATE_GATE_MS) throw new OutOfTime(null, null);
            return work();
          });
        lastEvaluation = own.catch(() => undefined).then(() => stand(nth, 'over'));
        return own;
      },
      /**
       * `followed`: its run is known, or will not be. `unjudged`: its run has ended; while it is not judged, what it brought fills
       * the memory, and no poll is sent. `over`: it has its outcome.
       */
      becomes: (where: 'followed' | 'unjudged' | 'over') => stand(nth, where),
      /** What a poll of it competes with. */
      contention: () => ({
        isOnlyRun: count === 1,
        launchesWaiting: howMany('to_pay'),
        runsFollowed: Math.max(1, howMany('followed', 'unjudged')),
      }),
    }),
    /** When the next launch can go, in ms; null: now, or not known. */
    nextLaunchMs: () => {
      const payableMs = payableInMs(bucketState(), COST.launch, clock.now());
      const ms = Math.max(heldUntil.launch - clock.now(), payableMs);
      return ms > 0 ? ms : null;
    },
  };
}

/** What one launch is refused for, no other may do or can pay either. */
function isForAllLaunches(error: Error): boolean {
  if (!(error instanceof ApiError)) return error instanceof BucketTooSmallError;
  const { status, code } = error.problem;
  return status === 401 || status === 402 || code === 'insufficient_scope';
}
