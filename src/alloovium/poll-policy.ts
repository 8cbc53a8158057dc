/**
 * When to look at a run again. Pure: looks go in, milliseconds come out.
 *
 * The looks so far give a forecast of the run's end, and the forecast a plan: the times to look that make the
 * lag between the end and our seeing it, plus a price for each look, least. The plan stays within the documented
 * 2 to 5 s, but stretches while siblings on the same key queue for the tokens of their launches.
 */

/** What an answer's rate headers said of the key's token bucket; null where they were missing or nonsense. */
export interface Bucket {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds from the answer until the bucket is full. */
  readonly fullInMs: number;
}

export interface Look {
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
  readonly last: Look | null;
  /** When the run changed last: status, stage or progress. */
  readonly movedAt: number;
  /** The latest points of progress over time. */
  readonly moves: readonly Move[];
  /** Only whole percents so far: then a run is on average half a percent further than it says. */
  readonly whole: boolean;
  /** Looks in a row that met a low bucket which siblings kept low. */
  readonly crowded: number;
}

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
  crowded: 0,
};

export const TUNE = {
  tokenMs: 50,
  alpha: 0.4,
  alphaZero: 0.14,
  alphaMoved: 0.4,
  alphaPending: 0.003,
  doubt: 0.17,
  memory: 8,
  rateError: 0.05,
  rounding: 0.13,
  jump: 0.0073,
  fade: 0.6,
  capMs: 75_000,
  grow: 2,
  crowdMs: 60_000,
  launchSpent: 20,
  buffer: 75,
  baseMs: 20_000,
  div: 2_000,
  first: 1,
};

/** Tokens of a launch. */
const LAUNCH = 25;

export function observe(pace: Pace, look: Look): Pace {
  const { last } = pace;
  const whole = pace.whole && Number.isInteger(look.progress ?? 0);
  if (last === null) return { ...pace, firstAt: look.at, last: look, movedAt: look.at, whole };
  const crowded = crowdedAfter(pace, look);
  const moved = look.status !== last.status || look.progress !== last.progress || look.stage !== last.stage;
  return {
    firstAt: pace.firstAt,
    last: look,
    movedAt: moved ? look.at : pace.movedAt,
    moves: movesAfter(pace.moves, last, look, whole),
    whole,
    crowded,
  };
}

function movesAfter(moves: readonly Move[], last: Look, look: Look, whole: boolean): readonly Move[] {
  const [before, now] = [last.progress ?? 0, look.progress ?? 0];
  const half = whole ? 0.5 : 0;
  const midway = (look.at + last.at) / 2;
  if (look.status !== last.status || now < before) {
    // It began, or began anew, somewhere between the two looks.
    const begun = { at: midway, percent: 0 };
    return now > 0 && look.status !== last.status ? [begun, { at: look.at, percent: now + half }] : [begun];
  }
  if (now === before) return moves;
  return [...moves, { at: midway, percent: (now + before) / 2 + half }].slice(-TUNE.memory);
}

/** Milliseconds from the last look to the next: 2 to 5 s, beyond only while the bucket is low. `random` in [0, 1). */
export function nextLookInMs(pace: Pace, random: number): number {
  const bucket = pace.last?.bucket ?? null;
  if (bucket === null || !isLow(bucket, pace.crowded)) return plan(forecast(pace), 1);
  const lowMs = Math.min(
    TUNE.capMs,
    Math.max(scarceMs(bucket), pace.crowded > 0 ? TUNE.crowdMs : 0) *
      TUNE.grow ** Math.max(0, pace.crowded - 1),
  );
  return (
    Math.min(TUNE.capMs, Math.max(plan(forecast(pace), Math.max(1, lowMs / TUNE.div)), lowMs)) *
    (1 + 0.1 * random)
  );
}

/** After the answer to a fresh launch: 2 s, or until the bucket holds a launch's worth again. */
export function firstLookInMs(bucket: Bucket | null, random: number): number {
  return bucket !== null && isLow(bucket, 0)
    ? Math.max(2_000, Math.min(TUNE.capMs, scarceMs(bucket) * TUNE.first)) * (1 + 0.1 * random)
    : 2_000;
}

function scarceMs(bucket: Bucket): number {
  return Math.max(refillMs(bucket), TUNE.baseMs);
}

/** The chance that the run still goes on, by ms after the last look. */
export function forecast({ firstAt, last, movedAt, moves, whole }: Pace): (ms: number) => number {
  const ageMs = last === null ? 2_000 : last.at - firstAt + 2_000;
  const alpha =
    last?.status === 'pending' ? TUNE.alphaPending : last?.progress === 0 ? TUNE.alphaZero : TUNE.alpha;
  const byAge = (ms: number) => (ageMs / (ageMs + ms)) ** alpha;
  const line = last === null || last.status === 'pending' ? null : fit(moves);
  if (line === null || last === null) return byAge;
  const n = line.n;
  const endAt = line.at + (100 - line.percent) / line.rate;
  const ahead = Math.max(0, endAt - movedAt);
  const spread =
    100 +
    Math.hypot(
      (line.error / line.rate) * Math.sqrt(1 / n + (endAt - line.at) ** 2 / line.span),
      whole ? TUNE.rounding / line.rate : 0,
      (TUNE.rateError / (n - 1)) * ahead,
    );
  const goesOn = (at: number) => 1 / (1 + Math.exp(Math.min(500, (at - endAt) / spread)));
  const ageMoved = movedAt - firstAt + 2_000;
  const doubt = TUNE.doubt / (n - 1 + TUNE.doubt);
  const trusted = (1 - doubt) / Math.max(1e-9, goesOn(movedAt));
  const both = (at: number) =>
    trusted * goesOn(at) + doubt * (ageMoved / (ageMoved + at - movedAt)) ** TUNE.alphaMoved;
  const now = both(last.at);
  return (ms) => both(last.at + ms) / now;
}

/** Least squares, the latest moves counting most. */
function fit(
  moves: readonly Move[],
): { at: number; percent: number; rate: number; span: number; error: number; n: number } | null {
  if (moves.length < 2) return null;
  const weights = moves.map((_, i) => TUNE.fade ** (moves.length - 1 - i));
  const sum = (f: (move: Move) => number) => moves.reduce((s, move, i) => s + weights[i]! * f(move), 0);
  const n = sum(() => 1);
  const at = sum((move) => move.at) / n;
  const percent = sum((move) => move.percent) / n;
  const span = sum((move) => (move.at - at) ** 2);
  const rate = sum((move) => (move.at - at) * (move.percent - percent)) / span;
  const residues = sum((move) => (move.percent - percent - rate * (move.at - at)) ** 2);
  const jump = (moves.at(-1)!.percent - moves[0]!.percent) / (moves.length - 1);
  return { at, percent, rate, span, n, error: Math.sqrt((residues + (TUNE.jump * jump) ** 2) / (n - 1)) };
}

const GRID_MS = 200;
const SHORTEST = 2_000 / GRID_MS;
const LONGEST = 5_000 / GRID_MS;
const HORIZON = 30_000 / GRID_MS;

/** Plans looks backwards from the horizon, where the rest is taken to end at a constant rate. */
function plan(goesOn: (ms: number) => number, stretch: number): number {
  /** Chance that the run goes on. */
  const alive: number[] = [];
  /** Its integral. */
  const area: number[] = [];
  for (let i = 0; i <= HORIZON + LONGEST; i++) {
    alive.push(goesOn(i * GRID_MS * stretch));
    area.push(i === 0 ? 0 : area[i - 1]! + ((alive[i]! + alive[i - 1]!) / 2) * GRID_MS);
  }
  const meanMs =
    (area[HORIZON + LONGEST]! - area[HORIZON]!) /
    Math.max(1e-12, alive[HORIZON]! - alive[HORIZON + LONGEST]!);
  let rest = Infinity;
  for (let d = SHORTEST; d <= LONGEST; d++) {
    const ms = d * GRID_MS;
    rest = Math.min(rest, (TUNE.tokenMs + ms) / -Math.expm1(-ms / meanMs) - meanMs);
  }
  const cost = alive.map((share) => share * rest);
  let best = LONGEST;
  for (let i = HORIZON - 1; i >= 0; i--) {
    cost[i] = Infinity;
    for (let d = SHORTEST; d <= LONGEST; d++) {
      const sum = (TUNE.tokenMs + d * GRID_MS) * alive[i]! - (area[i + d]! - area[i]!) + cost[i + d]!;
      if (sum <= cost[i]!) {
        cost[i] = sum;
        best = d;
      }
    }
  }
  return best * GRID_MS * stretch;
}

/** Tokens to leave in the bucket: a launch's worth, where it can hold one. */
function reserve({ limit }: Bucket): number {
  return limit > LAUNCH ? LAUNCH : 2;
}

function isLow(bucket: Bucket, crowded: number): boolean {
  const keep = crowded > 0 ? Math.min(TUNE.buffer, bucket.limit * 0.65) : reserve(bucket);
  return bucket.remaining < keep + 1 && bucket.fullInMs > 0;
}

function perMs({ limit, remaining, fullInMs }: Bucket): number {
  return (limit - remaining) / fullInMs;
}

/** Until a look leaves the reserve untouched. */
function refillMs(bucket: Bucket): number {
  return (reserve(bucket) + 1 - bucket.remaining) / perMs(bucket);
}

/** Siblings spent a launch or more between the two looks. */
function crowdedAfter({ last, crowded }: Pace, look: Look): number {
  if (look.bucket === null || !isLow(look.bucket, crowded)) return 0;
  if (last?.bucket == null) return crowded;
  const spent = last.bucket.remaining + perMs(look.bucket) * (look.at - last.at) - look.bucket.remaining;
  return spent > TUNE.launchSpent ? crowded + 1 : crowded;
}
