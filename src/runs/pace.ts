/**
 * When to look at a run again. Pure: looks go in, milliseconds come out.
 *
 * The looks so far say how likely it is that the run still goes on at any later moment: where progress moves, its
 * line gives an end; where it does not, only the run's age speaks. From that the looks to come are planned so that
 * the lag between the end and our seeing it, plus a price for each look, is least. The plan keeps to the documented
 * 2 to 5 s, and goes beyond only while the key's bucket is low, for siblings queue there for their launches.
 * The numbers below were chosen by `npm run bench -- policy` and `fleet`.
 */
import type { Bucket, Run } from '../alloovium/wire.ts';

export interface Observation {
  /** Milliseconds on the monotonic clock. */
  readonly at: number;
  readonly status: string;
  /** 0 to 100. */
  readonly progress: number | null;
  readonly stage: string | null;
  readonly bucket: Bucket | null;
}

/** What the policy remembers; opaque to its callers. */
export interface Pace {
  readonly firstAt: number;
  readonly last: Observation | null;
  /** When status or progress changed last. */
  readonly movedAt: number;
  readonly moves: readonly Move[];
  /** Only whole percents so far: a run is then half a percent further than it says, on average. */
  readonly whole: boolean;
  /** Siblings are taking what comes into the bucket, so some of them queue for their launches. */
  readonly contended: boolean;
}

/** A point that progress passed. */
interface Move {
  readonly at: number;
  readonly percent: number;
}

export const firstPace: Pace = {
  firstAt: 0,
  last: null,
  movedAt: 0,
  moves: [],
  whole: true,
  contended: false,
};

/** The pace to start with after a launch. `queued`: it had to wait for its tokens, so siblings probably still do. */
export function paceAfterLaunch(queued: boolean): Pace {
  return queued ? { ...firstPace, contended: true } : firstPace;
}

export function observe(pace: Pace, poll: Observation): Pace {
  const { last } = pace;
  const whole = pace.whole && Number.isInteger(poll.progress ?? 0);
  const contended = isContended(pace, poll);
  if (last === null) return { ...pace, firstAt: poll.at, last: poll, movedAt: poll.at, whole, contended };
  const moved = poll.status !== last.status || poll.progress !== last.progress;
  return {
    firstAt: pace.firstAt,
    last: poll,
    movedAt: moved ? poll.at : pace.movedAt,
    moves: moved ? movesAfter(pace.moves, last, poll, whole) : pace.moves,
    whole,
    contended,
  };
}

/**
 * Milliseconds from the last look to the next: 2 to 5 s, and beyond (at most 99 s) only while the bucket is low.
 * @param random in [0, 1)
 */
export function nextPollMs(pace: Pace, random: number): number {
  const ms = plan(forecast(pace));
  const bucket = pace.last?.bucket ?? null;
  return bucket === null || !isLow(bucket, pace.contended)
    ? ms
    : spread(Math.max(ms, yieldMs(bucket, pace.contended)), random);
}

/** The pause to the next poll, in ms, by what the last one brought; null: it failed. */
export function pacer(
  start: Pace,
  random: () => number,
): (
  polled: {
    readonly run: Run;
    readonly meta: { readonly bucket: Bucket | null };
    readonly at: number;
  } | null,
) => number {
  let pace = start;
  return (polled) => {
    if (polled !== null) {
      const { status, progress, stage } = polled.run;
      pace = observe(pace, { at: polled.at, status, progress, stage, bucket: polled.meta.bucket });
    }
    return nextPollMs(pace, random());
  };
}

/**
 * Milliseconds from the answer to a fresh launch to the first look: 2 s, longer only where the bucket is low.
 * @param queued as for `paceAfterLaunch`
 * @param random in [0, 1)
 */
export function firstPollMs(bucket: Bucket | null, queued: boolean, random: number): number {
  return bucket === null || !isLow(bucket, queued)
    ? SHORTEST_MS
    : spread(Math.max(SHORTEST_MS, yieldMs(bucket, queued)), random);
}

// — When the run may end —

const FORECAST = {
  /** A run of age t ends within the next moment dt with a chance of about this share of dt / t … */
  byAge: 0.45,
  /** … but this where it says that it is at 0 %, */
  atZero: 0.17,
  /** this where it is not even claimed by a worker, */
  pending: 0.003,
  /** and this where its progress has moved, but the line is not to be trusted. */
  moved: 0.42,
  /** Distrust of the line after two moves; it shrinks with more. */
  doubt: 0.12,
  /** Moves that count for the line, and how much less each earlier one counts. */
  moves: 8,
  fade: 0.6,
  /** How far off the line's end may be: a share of the way ahead, of a whole percent, of a jump. */
  ahead: 0.05,
  rounding: 0.13,
  jump: 0.0073,
  leastMs: 100,
} as const;

/** The chance that the run still goes on, by ms after the last look. */
function forecast({ firstAt, last, movedAt, moves, whole }: Pace): (ms: number) => number {
  const ageAt = (at: number) => at - firstAt + SHORTEST_MS;
  if (last === null) return () => 1;
  const line = last.status === 'pending' ? null : fit(moves);
  if (line === null) {
    const power =
      last.status === 'pending' ? FORECAST.pending : last.progress === 0 ? FORECAST.atZero : FORECAST.byAge;
    return (ms) => (ageAt(last.at) / ageAt(last.at + ms)) ** power;
  }
  const endAt = line.at + (100 - line.percent) / line.rate;
  const spreadMs =
    FORECAST.leastMs +
    Math.hypot(
      (line.error / line.rate) * Math.sqrt(1 / line.weight + (endAt - line.at) ** 2 / line.span),
      whole ? FORECAST.rounding / line.rate : 0,
      (FORECAST.ahead / (line.weight - 1)) * Math.max(0, endAt - movedAt),
    );
  const byLine = (at: number) => 1 / (1 + Math.exp(Math.min(500, (at - endAt) / spreadMs)));
  // Both are as they stood at the last move. Where the line's end passes and nothing happens, only age is left.
  const doubt = FORECAST.doubt / (line.weight - 1 + FORECAST.doubt);
  const trust = (1 - doubt) / Math.max(1e-9, byLine(movedAt));
  const both = (at: number) => trust * byLine(at) + doubt * (ageAt(movedAt) / ageAt(at)) ** FORECAST.moved;
  const now = both(last.at);
  return (ms) => both(last.at + ms) / now;
}

function movesAfter(
  moves: readonly Move[],
  last: Observation,
  poll: Observation,
  whole: boolean,
): readonly Move[] {
  const [before, now] = [last.progress ?? 0, poll.progress ?? 0];
  const half = whole ? 0.5 : 0;
  const midway = (poll.at + last.at) / 2;
  if (poll.status !== last.status || now < before) {
    // It began, or began anew, somewhere between the two looks.
    const begun = { at: midway, percent: 0 };
    return now > before ? [begun, { at: poll.at, percent: now + half }] : [begun];
  }
  // At the middle of the two looks it was about at the middle of the two values.
  return now === before
    ? moves
    : [...moves, { at: midway, percent: (now + before) / 2 + half }].slice(-FORECAST.moves);
}

interface Line {
  readonly at: number;
  readonly percent: number;
  /** Percents a millisecond. */
  readonly rate: number;
  readonly weight: number;
  /** Weighted sum of squares of the times. */
  readonly span: number;
  /** Standard error, in percents. */
  readonly error: number;
}

/** Least squares, the latest moves counting most. null: no line that goes up. */
function fit(moves: readonly Move[]): Line | null {
  const [oldest, latest] = [moves[0], moves.at(-1)];
  if (moves.length < 2 || oldest === undefined || latest === undefined) return null;
  const sum = (of: (move: Move) => number) =>
    moves.reduce((total, move, i) => total + FORECAST.fade ** (moves.length - 1 - i) * of(move), 0);
  const weight = sum(() => 1);
  const at = sum((move) => move.at) / weight;
  const percent = sum((move) => move.percent) / weight;
  const span = sum((move) => (move.at - at) ** 2);
  const rate = sum((move) => (move.at - at) * (move.percent - percent)) / span;
  if (!(rate > 0)) return null;
  const residues = sum((move) => (move.percent - percent - rate * (move.at - at)) ** 2);
  const jump = (FORECAST.jump * (latest.percent - oldest.percent)) / (moves.length - 1);
  return { at, percent, rate, weight, span, error: Math.sqrt((residues + jump ** 2) / (weight - 1)) };
}

// — When to look —

const SHORTEST_MS = 2_000;
const LONGEST_MS = 5_000;
/** One look is worth this much lag. */
const POLL_COSTS_MS = 50;
const STEP_MS = 200;
const SHORTEST = SHORTEST_MS / STEP_MS;
const LONGEST = LONGEST_MS / STEP_MS;
const HORIZON = 30_000 / STEP_MS;

/**
 * The next of the looks that cost least. Goes backwards from a horizon, beyond which the run is taken to end at
 * a steady rate.
 */
function plan(goesOn: (ms: number) => number): number {
  const steps = HORIZON + LONGEST;
  const alive = Float64Array.from({ length: steps + 1 }, (_, step) => goesOn(step * STEP_MS));
  /** Expected ms, of those from now to each step, in which the run goes on. */
  const lived = new Float64Array(steps + 1);
  for (let step = 1; step <= steps; step++) {
    lived[step] = at(lived, step - 1) + ((at(alive, step) + at(alive, step - 1)) / 2) * STEP_MS;
  }
  const endings = Math.max(1e-12, at(alive, HORIZON) - at(alive, steps));
  const meanMs = (at(lived, steps) - at(lived, HORIZON)) / endings;
  let beyond = Infinity;
  for (let wait = SHORTEST; wait <= LONGEST; wait++) {
    const ms = wait * STEP_MS;
    beyond = Math.min(beyond, (POLL_COSTS_MS + ms) / -Math.expm1(-ms / meanMs) - meanMs);
  }
  const cost = alive.map((share) => share * beyond);
  let best = LONGEST;
  for (let step = HORIZON - 1; step >= 0; step--) {
    let least = Infinity;
    for (let wait = SHORTEST; wait <= LONGEST; wait++) {
      // The price of the look, the lag if the run ends before it, and what comes after if it does not.
      const lag = wait * STEP_MS * at(alive, step) - (at(lived, step + wait) - at(lived, step));
      const sum = POLL_COSTS_MS * at(alive, step) + lag + at(cost, step + wait);
      if (sum <= least) {
        least = sum;
        best = wait;
      }
    }
    cost[step] = least;
  }
  return best * STEP_MS;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

// — What is left to siblings —

const LAUNCH = 25;

const LOW = {
  /** Looks leave a launch's worth in the bucket, and as much again for what siblings' looks take meanwhile. */
  tokens: 2 * LAUNCH,
  /** In a bucket too small for any launch, a look or two for siblings. */
  smallTokens: 2,
  /** Share of the bucket that is left while siblings queue, so that those who sleep find their tokens. */
  contendedShare: 0.54,
  /** Wait where the bucket is empty and fills quickly; less where something is left. */
  emptyMs: 20_000,
  longestMs: 30_000,
  contendedMs: 90_000,
} as const;

function reserve({ limit }: Bucket): number {
  return limit > LAUNCH ? Math.min(LOW.tokens, limit / 2) : LOW.smallTokens;
}

function isLow(bucket: Bucket, contended: boolean): boolean {
  const left = contended ? Math.max(reserve(bucket), bucket.limit * LOW.contendedShare) : reserve(bucket);
  return bucket.remaining < left + 1 && bucket.fullInMs > 0;
}

/** Tokens that come in a millisecond. */
function refill({ limit, remaining, fullInMs }: Bucket): number {
  return (limit - remaining) / fullInMs;
}

/** Until a look leaves the reserve as it is, and longer the emptier the bucket. */
function yieldMs(bucket: Bucket, contended: boolean): number {
  if (contended) return LOW.contendedMs;
  const missing = Math.max(0, reserve(bucket) + 1 - bucket.remaining);
  const emptyMs = (LOW.emptyMs * missing) / (reserve(bucket) + 1);
  return Math.min(LOW.longestMs, Math.max(missing / refill(bucket), emptyMs));
}

/** Did siblings spend a launch's worth since the look before? Then so until the bucket has recovered. */
function isContended({ last, contended }: Pace, { at: now, bucket }: Observation): boolean {
  if (bucket === null || !isLow(bucket, contended)) return false;
  if (contended || !last?.bucket) return contended;
  return last.bucket.remaining + refill(bucket) * (now - last.at) - bucket.remaining > LAUNCH;
}

/** Siblings that were told the same do not come back together. */
function spread(ms: number, random: number): number {
  return ms * (1 + 0.1 * random);
}
