/**
 * Decides when to poll a run again. Pure except for `createPacer`: observed polls in, milliseconds out.
 *
 * A poll costs a token and delays every launch that waits for tokens: its price. Without a price, pauses grow from 2 s with the age
 * of the run. With one they are longer by its square root, at which the expected lag and the price balance. While progress moves, a
 * line predicts the end, and the poll is scheduled just after it. By `npm run bench -- goals`.
 */
import { TOKEN_COST, affordableInMs, type BucketState } from '../alloovium/bucket.ts';
import type { Pacer } from '../alloovium/poll.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Job } from './job.ts';

/** What the polls of one run have shown. Times are on `clock.now()`. */
export interface RunPace {
  /** When it was launched, as far as is known. */
  readonly since: number;
  /** When a poll was last sent, successful or not; null: never. */
  readonly askedAt: number | null;
  readonly last: RunPoll | null;
  /** The latest points through which progress passed. */
  readonly moves: readonly { readonly at: number; readonly percent: number }[];
}

export type RunPoll = Pick<Run, 'status' | 'progress'> & { readonly at: number };

/** Returns the polling state of a run before its first poll. @param isOurs this job launched the run, so its progress is 0 */
export function createPace(since: number, isOurs = true): RunPace {
  return { since, askedAt: null, last: null, moves: isOurs ? [{ at: since, percent: 0 }] : [] };
}

const MOVES = 8;

/** Adds a successful poll to the polling state of its run. */
export function observeRun({ since, last: before, moves }: RunPace, last: RunPoll): RunPace {
  const percent = last.progress ?? 0;
  const here = { at: last.at, percent };
  const passed = percent === before?.progress ? moves : [...moves, here].slice(-MOVES);
  // Progress started, or started again.
  const isBegun =
    before === null ? percent === 0 : last.status !== before.status || percent < (before.progress ?? 0);
  return { since, askedAt: last.at, last, moves: isBegun ? [here] : passed };
}

const PACE = {
  minMs: 2_000,
  /** The longest pause without a price, and every pause of a queued run, is this share of the run's age, from `maxMs` to `maxOldMs`. */
  maxShare: 1 / 180,
  maxMs: 5_000,
  maxOldMs: 20_000,
  /** The pause grows by this share of the time without a sign of the end, beyond `youngMs`. */
  growth: 0.05,
  youngMs: 10_000,
  /** A poll that nobody waits for is worth this much lag. */
  pollMs: 50,
  /** No price, and no bucket however slow, makes a pause longer by more. */
  maxStretchMs: 120_000,
  jitter: 0.1,
  /** A step with several runs reports once, so a delay of its queue costs this many times as much. */
  queueSize: 16,
  /** The first pause is longer by this share of what the others are: a short run's delay is felt, a long one's is not. */
  first: 0.25,
  /** … and in a step with several runs. */
  firstInStep: 0.65,
  /** Assumed number of other jobs' launches that wait when the bucket cannot pay for one. */
  launchesOfOthers: 8,
  /** A job with one run pauses for at most this share of the run's age and `aloneMs` … */
  aloneShare: 0.5,
  aloneMs: 10_000,
  /** … and towards a predicted end for at most this many times its age and `aloneMs`. */
  alonePredicted: 2,
  /** A poll is put this far behind the predicted end, so that it is not in vain; further by a share of the stretch. */
  behindMs: 300,
  behind: 0.05,
  /** The way to a predicted end has so many pauses, as far as they are one to two times as long as the longest without a price … */
  piecesToEnd: 12,
  /** … and longer by so many times the stretch: a poll before the end shows little. */
  stretchToEnd: 2,
} as const;

/** What competes with a poll for tokens. */
export interface Contention {
  readonly bucket: BucketState;
  /** The step has this one run: launches that wait are those of other jobs. */
  readonly isOnlyRun: boolean;
  /** Number of this step's launches that wait for their turn. */
  readonly launchesWaiting: number;
  /** Number of this step's runs that are polled: all their polls together take at most the tokens that are refilled. */
  readonly runsFollowed: number;
}

/** Returns the cost of a poll, in milliseconds of delay that it causes. */
export function delayCostMs({ bucket, isOnlyRun, launchesWaiting }: Contention): number {
  const waiting = isOnlyRun
    ? countLaunchesOfOthers(bucket)
    : PACE.queueSize * countLaunchesWithoutTokens(bucket, launchesWaiting);
  return PACE.pollMs + (waiting === 0 || bucket.refill === 0 ? 0 : waiting / bucket.refill);
}

/**
 * Returns how many launches of other jobs probably wait for tokens. This is a constant if the bucket cannot pay a launch now,
 * since no header contains the number; 0 if it can, or never will.
 */
function countLaunchesOfOthers({ last }: BucketState): number {
  return last !== null && last.limit >= TOKEN_COST.launch && last.remaining < TOKEN_COST.launch
    ? PACE.launchesOfOthers
    : 0;
}

/** Returns how many of the waiting launches the token bucket cannot pay now; all of them while no bucket was reported. */
function countLaunchesWithoutTokens({ last }: BucketState, launchesWaiting: number): number {
  return Math.max(0, launchesWaiting - Math.floor((last?.remaining ?? 0) / TOKEN_COST.launch));
}

/**
 * Returns the milliseconds from the last poll, or the start, to the next.
 * @param random in [0, 1): spreads jobs that know the same
 */
export function nextPollMs(pace: RunPace, contention: Contention, random: number): number {
  const { bucket, isOnlyRun, runsFollowed } = contention;
  const times = Math.sqrt(delayCostMs(contention) / PACE.pollMs);
  const share = pace.askedAt !== null ? 1 : isOnlyRun ? PACE.first : PACE.firstInStep;
  const stretchMs =
    share * Math.min(PACE.maxStretchMs, PACE.maxMs * (times - 1)) * (1 + PACE.jitter * random);
  const { pauseMs, isToEnd } = pauseOf(pace, stretchMs);
  const most = isOnlyRun ? maxPauseAloneMs(pace, isToEnd) : Infinity;
  return Math.max(Math.min(pauseMs, most), minPauseMs(bucket, runsFollowed));
}

/** Returns the run's age at the last poll. */
function ageMs({ since, askedAt }: RunPace): number {
  return (askedAt ?? since) - since;
}

/** Returns the longest pause in a job with one run. @param isToEnd the pause leads to a predicted end */
function maxPauseAloneMs(pace: RunPace, isToEnd: boolean): number {
  return ageMs(pace) * (isToEnd ? PACE.alonePredicted : PACE.aloneShare) + PACE.aloneMs;
}

/** Returns the shortest pause between polls that the token bucket allows. */
function minPauseMs(bucket: BucketState, runsFollowed: number): number {
  if (bucket.last === null || bucket.refill === 0) return 0;
  const payableMs = affordableInMs(bucket, TOKEN_COST.poll, bucket.last.at);
  return Math.min(PACE.maxStretchMs, Math.max(runsFollowed / bucket.refill, payableMs));
}

/**
 * Returns the pause before the next poll by the run's status, age and progress, plus `stretchMs`.
 * @returns `isToEnd`: the pause leads to a predicted end
 */
function pauseOf(pace: RunPace, stretchMs: number): { readonly pauseMs: number; readonly isToEnd: boolean } {
  const { last, moves } = pace;
  const maxMs = Math.min(PACE.maxOldMs, Math.max(PACE.maxMs, PACE.maxShare * ageMs(pace)));
  const plain = (ms: number) => ({ pauseMs: ms + stretchMs, isToEnd: false });
  if (last === null) return plain(PACE.minMs);
  if (last.status === 'pending') return plain(maxMs);
  const endsAt = predictEnd(moves);
  if (endsAt === null) return plain(pauseWithoutPrediction(ageMs(pace) - PACE.youngMs, maxMs));
  const remainingMs = endsAt + PACE.behindMs + PACE.behind * stretchMs - last.at;
  if (remainingMs <= 0) return plain(pauseWithoutPrediction(-remainingMs, maxMs));
  const pieceMs = Math.min(2 * maxMs, Math.max(maxMs, remainingMs / PACE.piecesToEnd));
  const pieces = Math.ceil(remainingMs / (pieceMs + PACE.stretchToEnd * stretchMs));
  return { pauseMs: Math.max(PACE.minMs, remainingMs / pieces), isToEnd: true };
}

/** Returns the pause without a prediction. @param ms time without a sign of the end */
function pauseWithoutPrediction(ms: number, maxMs: number): number {
  return Math.min(maxMs, PACE.minMs + PACE.growth * Math.max(0, ms));
}

/**
 * Returns when progress will reach 100, on a line through the first and the last of the latest points; null: it does not rise.
 */
function predictEnd(moves: RunPace['moves']): number | null {
  const first = moves[0];
  const last = moves.at(-1);
  if (first === undefined || last === undefined || last.percent <= first.percent) return null;
  const endsAt = last.at + ((100 - last.percent) * (last.at - first.at)) / (last.percent - first.percent);
  return Number.isFinite(endsAt) ? endsAt : null;
}

/**
 * Creates the pacer for `pollRun`. The random part of each pause is drawn once.
 * @param launchedAt null: the run existed before, so it is polled at once, and its polls show its age
 */
export function createPacer(
  { client, clock, random, turn }: Pick<Job, 'client' | 'clock' | 'random' | 'turn'>,
  launchedAt: number | null,
): Pacer {
  let pace = createPace(launchedAt ?? clock.now(), launchedAt !== null);
  let chance = random();
  return {
    observe: (polled) => {
      chance = random();
      if ('failure' in polled) {
        pace = { ...pace, askedAt: clock.now() };
        return;
      }
      const { run, meta } = polled;
      const createdAt = meta.at - (meta.serverNowMs - Date.parse(run.createdAt));
      if (launchedAt === null && createdAt < pace.since) pace = { ...pace, since: createdAt };
      pace = observeRun(pace, { at: meta.at, status: run.status, progress: run.progress });
    },
    pauseMs: () => {
      if (pace.askedAt === null && launchedAt === null) return 0;
      return nextPollMs(pace, { ...turn.contention(), bucket: client.bucketState() }, chance);
    },
  };
}
