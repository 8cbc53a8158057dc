/** What is known of the requests of one step, and whose turn it is by that. Pure: the loop that acts is in `queue.ts`. */
import { COST, payableInMs, type BucketState } from '../alloovium/bucket.ts';
import { ApiError, BucketTooSmallError } from '../alloovium/errors.ts';
import { LAST_POLL_MS, SUSPENDED_MS } from '../alloovium/poll.ts';
import { OutOfTime, type Failure } from '../alloovium/retry.ts';

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

/**
 * What an order is doing. `to_pay`: its launch waits, or will, for tokens. `held`: something binds its key alone. `followed`: its run
 * is known, or will not be. `to_evaluate`: its run has ended; until it is evaluated, what it brought fills the memory, and no poll is
 * sent. `over`: it has its outcome.
 */
type OrderState = 'to_pay' | 'launching' | 'held' | 'followed' | 'to_evaluate' | 'over';

export interface QueueState {
  readonly orders: readonly OrderState[];
  readonly inFlight: Readonly<Record<RequestKind, number>>;
  /** The server wants none before: a 429 binds all calls that cost as much or more, a 503 all. */
  readonly heldUntil: Readonly<Record<RequestKind, number>>;
  /** A 429 named the moment when the only run's launch can be paid. The rate headers, which may be wrong, are then ignored. */
  readonly isHinted: boolean;
  readonly lastPollAt: number;
  /** From then on polls go out two at a time: they are the last. */
  readonly deadline: number;
  /** The deadline, or, where the machine slept or computed far beyond it, when it was back; Infinity: it is still to come. */
  readonly overAt: number;
  /** What one launch was refused for, and all others would be; null: none was. */
  readonly closed: Error | null;
}

export function firstState(count: number, deadline: number): QueueState {
  return {
    orders: Array.from({ length: count }, () => 'to_pay'),
    inFlight: { launch: 0, poll: 0 },
    heldUntil: { launch: -Infinity, poll: -Infinity },
    isHinted: false,
    lastPollAt: -Infinity,
    deadline,
    overAt: Infinity,
    closed: null,
  };
}

export type QueueEvent =
  /** Time has passed, and these requests wait. */
  | { readonly kind: 'time'; readonly now: number; readonly waiting: Iterable<Waiting> }
  | { readonly kind: 'sent'; readonly request: Waiting; readonly now: number }
  | {
      readonly kind: 'answered';
      readonly request: Pick<Waiting, 'kind' | 'order'>;
      /** null: it did not fail. */
      readonly failure: Failure | null;
      readonly now: number;
    }
  | {
      readonly kind: 'moved';
      readonly order: number;
      readonly to: 'followed' | 'to_evaluate' | 'over';
    };

export function afterEvent(state: QueueState, event: QueueEvent): QueueState {
  switch (event.kind) {
    case 'time': {
      const { deadline } = state;
      const { now, waiting } = event;
      const overAt = now > deadline + SUSPENDED_MS ? now : deadline;
      const payable = [...waiting].filter(({ kind, notBefore }) => kind === 'launch' && notBefore <= now);
      return {
        ...state,
        overAt: now < deadline ? Infinity : Math.min(state.overAt, overAt),
        orders: state.orders.map((one, nth) => (payable.some(({ order }) => order === nth) ? 'to_pay' : one)),
      };
    }
    case 'sent': {
      const { kind, order } = event.request;
      const inFlight = { ...state.inFlight, [kind]: state.inFlight[kind] + 1 };
      return kind === 'poll'
        ? { ...state, inFlight, lastPollAt: event.now }
        : { ...state, inFlight, orders: state.orders.with(order, 'launching') };
    }
    case 'answered': {
      const { request, failure, now } = event;
      const inFlight = { ...state.inFlight, [request.kind]: state.inFlight[request.kind] - 1 };
      const answered = {
        ...state,
        inFlight,
        heldUntil: heldAfter(state.heldUntil, request.kind, failure, now),
      };
      return request.kind === 'poll' ? answered : afterLaunch(answered, request.order, failure);
    }
    case 'moved':
      return { ...state, orders: state.orders.with(event.order, event.to) };
  }
}

function afterLaunch(state: QueueState, order: number, failure: Failure | null): QueueState {
  const isLimited = failure?.error.kind === 'limited';
  const isForAll = failure !== null && isForAllLaunches(failure.error);
  return {
    ...state,
    // One that waits for tokens keeps its place.
    orders: state.orders.with(order, isLimited ? 'to_pay' : 'held'),
    isHinted: state.orders.length === 1 && isLimited && failure.hintMs !== null,
    closed: state.closed ?? (isForAll ? failure.error : null),
  };
}

/** What one launch is refused for, no other may do or can pay either. */
function isForAllLaunches(error: Error): boolean {
  if (!(error instanceof ApiError)) return error instanceof BucketTooSmallError;
  const { status, code } = error.problem;
  return status === 401 || status === 402 || code === 'insufficient_scope';
}

/** What a failure binds: a 429 all calls that cost as much or more, a 503 all. */
function heldAfter(
  heldUntil: QueueState['heldUntil'],
  kind: RequestKind,
  failure: Failure | null,
  now: number,
): QueueState['heldUntil'] {
  if (failure?.hintMs == null) return heldUntil;
  const { error, hintMs } = failure;
  const isForAll = error instanceof ApiError && error.problem.status === 503;
  if (!isForAll && error.kind !== 'limited') return heldUntil;
  const until = now + hintMs;
  return {
    launch: Math.max(heldUntil.launch, until),
    poll: isForAll || kind === 'poll' ? Math.max(heldUntil.poll, until) : heldUntil.poll,
  };
}

/** Facts besides the state. */
export interface Facts {
  readonly bucket: BucketState;
  readonly now: number;
}

/** A poll that has no more time than this brings nothing. */
const IN_VAIN_MS = 50;

/** Why the request will never go; null: it may yet. */
export function refusalOf(
  { kind, notBefore }: Waiting,
  state: QueueState,
  { bucket, now }: Facts,
): Error | null {
  const { closed, heldUntil, deadline, overAt } = state;
  const isLaunch = kind === 'launch';
  if (isLaunch && closed !== null) return closed;
  const heldMs = Math.max(heldUntil[kind], notBefore) - now;
  const isLate = now >= deadline;
  // What the server holds back beyond the deadline is not sent, and a launch does not wait for it.
  if (heldMs > 0 && (isLate || (isLaunch && now + heldMs > deadline))) return new OutOfTime(null, heldMs);
  if (isLate && isLaunch) return new OutOfTime(null, null, payableInMs(bucket, COST.launch, now) > 0);
  return isLate && now >= overAt + LAST_POLL_MS - IN_VAIN_MS ? new OutOfTime(null, null) : null;
}

/** The request that may go now; or for how many ms, if nothing else happens, none may. */
export function decide<One extends Waiting>(
  waiting: Iterable<One>,
  state: QueueState,
  facts: Facts,
): One | number {
  // Launches before polls; launches in the order of their runs, polls as they fell due.
  const rank = ({ kind, order, dueAt }: One) => (kind === 'launch' ? order : dueAt());
  const inTurn = [...waiting]
    .filter((request) => isFirst(request, state))
    .sort((a, b) => (a.kind === b.kind ? rank(a) - rank(b) : a.kind === 'launch' ? -1 : 1));
  let nextAt = Infinity;
  for (const request of inTurn) {
    const at = mayGoAt(request, state, facts);
    if (at <= facts.now) return request;
    nextAt = Math.min(nextAt, at);
  }
  return nextAt - facts.now;
}

/** May it go before what is to come first? */
function isFirst({ kind, order }: Waiting, { orders }: QueueState): boolean {
  return kind === 'poll'
    ? !orders.includes('to_evaluate')
    : !orders.slice(0, order).some((one) => one === 'to_pay' || one === 'launching');
}

const LAST_AT_ONCE = 2;

function mayGoAt({ kind, notBefore, dueAt }: Waiting, state: QueueState, { bucket, now }: Facts): number {
  const { inFlight, heldUntil, isHinted, lastPollAt, deadline } = state;
  const heldAt = Math.max(heldUntil[kind], notBefore);
  if (kind === 'poll' && now >= deadline) return inFlight.poll < LAST_AT_ONCE ? heldAt : Infinity;
  if (inFlight[kind] > 0) return kind === 'poll' ? deadline : Infinity;
  // Requests in flight will reduce what the last answer reported.
  const other = kind === 'poll' ? 'launch' : 'poll';
  const payableAt = now + payableInMs(bucket, COST[kind] + (inFlight[other] > 0 ? COST[other] : 0), now);
  if (kind === 'launch') return isHinted ? heldAt : Math.max(heldAt, payableAt);
  // All polls together take at most what refills.
  const affordableAt = bucket.refill > 0 ? lastPollAt + 1 / bucket.refill : 0;
  return Math.min(deadline, Math.max(heldAt, dueAt(), payableAt, affordableAt));
}

/** When the loop has to look again although nothing happens: at the deadline, and when the last polls are over. */
export function wakesInMs({ deadline, overAt }: QueueState, now: number): number {
  return (now < deadline ? deadline : overAt + LAST_POLL_MS) - now;
}

/** What a poll of one of the orders competes with. */
export function contentionOf({ orders }: QueueState) {
  return {
    isOnlyRun: orders.length === 1,
    launchesWaiting: count(orders, 'to_pay'),
    runsFollowed: Math.max(1, count(orders, 'followed') + count(orders, 'to_evaluate')),
  };
}

/** By how many ms the time is too short for the last launch to be paid for; 0: it suffices, or more would not help. */
export function shortMs({ orders, closed, deadline }: QueueState, { last, refill }: BucketState): number {
  if (last === null || refill === 0 || closed !== null) return 0;
  const tokens = COST.launch * count(orders, 'to_pay') - last.remaining;
  return Math.max(0, tokens / refill - (deadline - last.at));
}

/** When the next launch can go, in ms; null: now, or not known. */
export function nextLaunchInMs({ heldUntil }: QueueState, { bucket, now }: Facts): number | null {
  const ms = Math.max(heldUntil.launch - now, payableInMs(bucket, COST.launch, now));
  return ms > 0 ? ms : null;
}

function count(orders: QueueState['orders'], state: OrderState): number {
  return orders.filter((one) => one === state).length;
}
