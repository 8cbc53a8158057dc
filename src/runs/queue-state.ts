/** The state of one step's requests, and which request may be sent next. Pure: the loop that sends is in `queue.ts`. */
import { TOKEN_COST, affordableInMs, type BucketState } from '../alloovium/bucket.ts';
import { ApiError, BucketTooSmallError } from '../alloovium/errors.ts';
import { LAST_POLL_MS, MACHINE_SUSPENDED_MS } from '../alloovium/poll.ts';
import { OutOfTime, type Failure } from '../alloovium/retry.ts';

export type RequestKind = 'launch' | 'poll';

/** A request that waits for its turn. Times here and below are on `clock.now()`. */
export interface Waiting {
  /** The index of its order in the step. */
  readonly order: number;
  readonly kind: RequestKind;
  /** The earliest time by the server. */
  readonly notBefore: number;
  /** When a poll is due, by what is known at the time of the call. */
  readonly dueAt: () => number;
}

/**
 * What an order is doing. `to_pay`: its launch waits, or will wait, for tokens. `blocked`: its launch was answered, or is
 * delayed by something that concerns only its key, so it keeps no other launch waiting. `followed`: its run is known, or never
 * will be. `to_evaluate`: its run has ended; until it is evaluated, its data fills the memory, so no poll is sent. `over`: it has
 * its outcome.
 */
type OrderState = 'to_pay' | 'launching' | 'blocked' | 'followed' | 'to_evaluate' | 'over';

export interface QueueState {
  readonly orders: readonly OrderState[];
  readonly inFlight: Readonly<Record<RequestKind, number>>;
  /** The server wants no request before: a 429 blocks all calls that cost as much or more, a 503 all calls. */
  readonly blockedUntil: Readonly<Record<RequestKind, number>>;
  /** A 429 named the time when the only run's launch can be paid. The rate headers, which may be wrong, are then ignored. */
  readonly isHinted: boolean;
  readonly lastPollAt: number;
  /** From then on only last polls are sent, two at a time. */
  readonly deadline: number;
  /**
   * When the deadline was noticed: later than the deadline if the machine slept or computed far beyond it. Infinity: it has not
   * passed.
   */
  readonly overAt: number;
  /** The error that rejected one launch and would reject all others; null: none. */
  readonly closed: Error | null;
}

/** Returns the state of the request queue before the first request. */
export function createQueueState(countOrders: number, deadline: number): QueueState {
  return {
    orders: Array.from({ length: countOrders }, () => 'to_pay'),
    inFlight: { launch: 0, poll: 0 },
    blockedUntil: { launch: -Infinity, poll: -Infinity },
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

/** Returns the state of the request queue after the event. */
export function applyQueueEvent(state: QueueState, event: QueueEvent): QueueState {
  switch (event.kind) {
    case 'time': {
      const { deadline } = state;
      const { now, waiting } = event;
      const overAt = now > deadline + MACHINE_SUSPENDED_MS ? now : deadline;
      const dueLaunches = [...waiting].filter(({ kind, notBefore }) => kind === 'launch' && notBefore <= now);
      return {
        ...state,
        overAt: now < deadline ? Infinity : Math.min(state.overAt, overAt),
        orders: state.orders.map((one, nth) =>
          dueLaunches.some(({ order }) => order === nth) ? 'to_pay' : one,
        ),
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
        blockedUntil: blockAfterFailure(state.blockedUntil, request.kind, failure, now),
      };
      return request.kind === 'poll' ? answered : applyLaunchAnswer(answered, request.order, failure);
    }
    case 'moved':
      return { ...state, orders: state.orders.with(event.order, event.to) };
  }
}

/** Returns the state after the answer to a launch. @param failure null: it succeeded */
function applyLaunchAnswer(state: QueueState, order: number, failure: Failure | null): QueueState {
  const isLimited = failure?.error.kind === 'limited';
  const isForAll = failure !== null && isForAllLaunches(failure.error);
  return {
    ...state,
    // A launch that waits for tokens keeps its place in the order.
    orders: state.orders.with(order, isLimited ? 'to_pay' : 'blocked'),
    isHinted: state.orders.length === 1 && isLimited && failure.hintMs !== null,
    closed: state.closed ?? (isForAll ? failure.error : null),
  };
}

/** Would this error reject every launch of the step? */
function isForAllLaunches(error: Error): boolean {
  if (!(error instanceof ApiError)) return error instanceof BucketTooSmallError;
  const { status, code } = error.problem;
  return status === 401 || status === 402 || code === 'insufficient_scope';
}

/** Returns until when requests are blocked after a failure: a 429 blocks all calls that cost as much or more, a 503 all calls. */
function blockAfterFailure(
  blockedUntil: QueueState['blockedUntil'],
  kind: RequestKind,
  failure: Failure | null,
  now: number,
): QueueState['blockedUntil'] {
  if (failure?.hintMs == null) return blockedUntil;
  const { error, hintMs } = failure;
  const isForAll = error instanceof ApiError && error.problem.status === 503;
  if (!isForAll && error.kind !== 'limited') return blockedUntil;
  const until = now + hintMs;
  return {
    launch: Math.max(blockedUntil.launch, until),
    poll: isForAll || kind === 'poll' ? Math.max(blockedUntil.poll, until) : blockedUntil.poll,
  };
}

/** Facts that are not part of the state. */
export interface QueueInput {
  readonly bucket: BucketState;
  readonly now: number;
}

/** A poll with less time than this is not sent. */
const MIN_POLL_MS = 50;

/** Returns why the request will never be sent; null: it may still be. */
export function whyNeverSent(
  { kind, notBefore }: Waiting,
  state: QueueState,
  { bucket, now }: QueueInput,
): Error | null {
  const { closed, blockedUntil, deadline, overAt } = state;
  const isLaunch = kind === 'launch';
  if (isLaunch && closed !== null) return closed;
  const blockedMs = Math.max(blockedUntil[kind], notBefore) - now;
  const isLate = now >= deadline;
  // A request that the server delays beyond the deadline is not sent, and a launch does not wait for that.
  if (blockedMs > 0 && (isLate || (isLaunch && now + blockedMs > deadline)))
    return new OutOfTime(null, blockedMs);
  if (isLate && isLaunch)
    return new OutOfTime(null, null, affordableInMs(bucket, TOKEN_COST.launch, now) > 0);
  return now >= overAt + LAST_POLL_MS - MIN_POLL_MS ? new OutOfTime(null, null) : null;
}

/** Returns the request that may be sent now; or in how many ms to look again if nothing else happens. */
export function chooseRequest<One extends Waiting>(
  waiting: Iterable<One>,
  state: QueueState,
  facts: QueueInput,
): One | number {
  // Launches before polls; launches in the order of their runs, polls as they fell due.
  const rank = ({ kind, order, dueAt }: One) => (kind === 'launch' ? order : dueAt());
  const inTurn = [...waiting]
    .filter((request) => isNextInOrder(request, state))
    .sort((a, b) => (a.kind === b.kind ? rank(a) - rank(b) : a.kind === 'launch' ? -1 : 1));
  let nextAt = Infinity;
  for (const request of inTurn) {
    const at = findSendTime(request, state, facts);
    if (at <= facts.now) return request;
    nextAt = Math.min(nextAt, at);
  }
  return nextAt - facts.now;
}

/** Has nothing precedence? A poll waits for evaluations, a launch for the launches of earlier orders. */
function isNextInOrder({ kind, order }: Waiting, { orders }: QueueState): boolean {
  return kind === 'poll' ? !orders.includes('to_evaluate') : !orders.slice(0, order).includes('to_pay');
}

const MAX_LAST_POLLS_IN_FLIGHT = 2;

/** Returns when the request may be sent; Infinity: not before another event. */
function findSendTime(
  { kind, notBefore, dueAt }: Waiting,
  state: QueueState,
  { bucket, now }: QueueInput,
): number {
  const { inFlight, blockedUntil, isHinted, lastPollAt, deadline } = state;
  const blockedAt = Math.max(blockedUntil[kind], notBefore);
  if (kind === 'poll' && now >= deadline)
    return inFlight.poll < MAX_LAST_POLLS_IN_FLIGHT ? blockedAt : Infinity;
  // One request of a kind at a time; at the deadline the last polls go together.
  if (inFlight[kind] > 0) return kind === 'poll' ? deadline : Infinity;
  // Requests in flight will reduce what the last answer reported.
  const other = kind === 'poll' ? 'launch' : 'poll';
  const payableAt =
    now + affordableInMs(bucket, TOKEN_COST[kind] + (inFlight[other] > 0 ? TOKEN_COST[other] : 0), now);
  if (kind === 'launch') return isHinted ? blockedAt : Math.max(blockedAt, payableAt);
  // All polls together take at most what refills.
  const affordableAt = bucket.refill > 0 ? lastPollAt + 1 / bucket.refill : 0;
  return Math.min(deadline, Math.max(blockedAt, dueAt(), payableAt, affordableAt));
}

/** Returns in how many ms the loop must look again even if nothing happens: at the deadline, and when the last polls are over. */
export function wakeInMs({ deadline, overAt }: QueueState, now: number): number {
  return (now < deadline ? deadline : overAt + LAST_POLL_MS) - now;
}

/** Returns what competes with a poll of one of the orders. */
export function contentionOf({ orders }: QueueState) {
  return {
    isOnlyRun: orders.length === 1,
    launchesWaiting: countInState(orders, 'to_pay'),
    runsFollowed: Math.max(1, countInState(orders, 'followed') + countInState(orders, 'to_evaluate')),
  };
}

/**
 * Returns by how many ms the time until the deadline is too short for the token bucket to pay all launches; 0: it suffices, or
 * more time would not help.
 */
export function missingMs({ orders, closed, deadline }: QueueState, { last, refill }: BucketState): number {
  if (last === null || refill === 0 || closed !== null) return 0;
  const tokens = TOKEN_COST.launch * countInState(orders, 'to_pay') - last.remaining;
  return Math.max(0, tokens / refill - (deadline - last.at));
}

/** Returns in how many ms the next launch can be sent; null: now, or not known. */
export function nextLaunchInMs({ blockedUntil }: QueueState, { bucket, now }: QueueInput): number | null {
  const ms = Math.max(blockedUntil.launch - now, affordableInMs(bucket, TOKEN_COST.launch, now));
  return ms > 0 ? ms : null;
}

/** Counts the orders in this state. */
function countInState(orders: QueueState['orders'], state: OrderState): number {
  return orders.filter((one) => one === state).length;
}
