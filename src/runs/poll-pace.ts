/**
 * When to poll a run again. Pure but for the closure at the end: what polls saw goes in, milliseconds come out.
 *
 * A poll costs a token, and everybody who waits for the tokens of a launch the time in which one comes in: its price. Without
 * a price the pauses are the documented 2 to 5 s; they grow with the square root of it, at which lag and price balance. Where
 * progress moves, a line foretells the end, and the poll is put just behind it. By `npm run bench -- policy` and `fleet`.
 */
import { COST, launchesOfOthers, payableInMs, type BucketState } from '../alloovium/bucket.ts';
import type { Pacer } from '../alloovium/poll.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Job } from './job.ts';

/** What the polls of one run showed so far. Moments are on `clock.now()`. */
export interface RunPace {
  /** When it was launched, as far as that is known yet. */
  readonly since: number;
  /** When a poll was last sent, in vain or not; null: none was. */
  readonly askedAt: number | null;
  readonly last: RunPoll | null;
  /** Points that progress passed, the latest few. */
  readonly moves: readonly { readonly at: number; readonly percent: number }[];
}

export type RunPoll = Pick<Run, 'status' | 'progress'> & { readonly at: number };

/** @param isOurs it was launched by us, and has done nothing yet */
export function firstPace(since: number, isOurs = true): RunPace {
  return { since, askedAt: null, last: null, moves: isOurs ? [{ at: since, percent: 0 }] : [] };
}

const MOVES = 8;

export function observeRun({ since, last: before, moves }: RunPace, last: RunPoll): RunPace {
  const percent = last.progress ?? 0;
  const here = { at: last.at, percent };
  const passed = percent === before?.progress ? moves : [...moves, here].slice(-MOVES);
  // It began, or began again.
  const isBegun =
    before === null ? percent === 0 : last.status !== before.status || percent < (before.progress ?? 0);
  return { since, askedAt: last.at, last, moves: isBegun ? [here] : passed };
}

const PACE = {
  shortestMs: 2_000,
  longestMs: 5_000,
  /** A poll that nobody waits for is worth this much lag. */
  pollMs: 50,
  /** The pause grows by this share of the time that has gone by without a sign of the end, beyond `youngMs`. */
  growth: 0.05,
  youngMs: 10_000,
  /** A poll is put so far behind the end that the line foretells, so that it is not in vain; further by a share of the stretch. */
  behindMs: 300,
  behind: 0.05,
  /** A pause towards a foretold end is stretched so many times as far as others: a poll before it would tell little. */
  foretold: 2,
  /** No price, and no bucket however slow, makes a pause longer by more. */
  mostMs: 120_000,
  jitter: 0.1,
  /** The report of a step comes once: what makes its own queue longer is dear. */
  ownQueue: 16,
  /** The first pause grows by this share of what the others do: a short run's delay is felt, a long one's is not. */
  firstAlone: 0.3,
  /** … and in a queue of its own step. */
  firstQueued: 0.65,
  /** The pauses are the best for a run with so much left. */
  guessMs: 250_000,
  /** No pause before the usual length is longer, alone or where others queue. */
  aloneMs: 60_000,
  queuedMs: 300_000,
  /** A usual length is off by so much. */
  unsure: 0.2,
  /** Hardly a run ends before this share of it. */
  sure: 0.78,
} as const;

/** What a poll stands beside. */
export interface Surroundings {
  readonly bucket: BucketState;
  /** In this process, for their turn; others on the key are estimated. */
  readonly launchesWaiting: number;
  /** In this process: all their polls together take no more than what refills. */
  readonly runsFollowed: number;
  /** How long such a run usually takes; null: not known. */
  readonly expectedMs: number | null;
  readonly deadline: number;
}

/** What a poll costs, in milliseconds of lag. */
export function priceMs({ bucket, launchesWaiting }: Surroundings): number {
  if (bucket.last === null || bucket.refill === 0) return PACE.pollMs;
  return (
    PACE.pollMs +
    (PACE.ownQueue * ownQueue(bucket, launchesWaiting) + launchesOfOthers(bucket)) / bucket.refill
  );
}

/** Those that the bucket can pay at once do not wait for tokens. */
function ownQueue(bucket: BucketState, launchesWaiting: number): number {
  return Math.max(0, launchesWaiting - Math.floor((bucket.last?.remaining ?? 0) / COST.launch));
}

/**
 * Milliseconds from the last poll, or the start, to the next.
 * @param random in [0, 1): chance spreads those who were told the same
 */
export function nextPollMs(pace: RunPace, around: Surroundings, random: number): number {
  const { bucket, launchesWaiting, runsFollowed, expectedMs } = around;
  const times = Math.sqrt(priceMs(around) / PACE.pollMs);
  const jitter = 1 + PACE.jitter * random;
  const isAlone = ownQueue(bucket, launchesWaiting) === 0;
  const share = pace.askedAt !== null ? 1 : isAlone ? PACE.firstAlone : PACE.firstQueued;
  const stretch = share * Math.min(PACE.mostMs, PACE.longestMs * (times - 1)) * jitter;
  // Past its usual length a run may end at any moment.
  const mostMs = isAlone && expectedMs !== null ? ageOf(pace) + PACE.youngMs : Infinity;
  const pause = knownPauseMs(pace, around, times, jitter) ?? Math.min(pauseMs(pace, stretch), mostMs);
  return Math.max(pause, affordableMs(bucket, runsFollowed));
}

function ageOf({ since, askedAt }: RunPace): number {
  return (askedAt ?? since) - since;
}

/** Where the run's usual length is known, its age below it, and no line foretells its end. */
function knownPauseMs(pace: RunPace, around: Surroundings, times: number, jitter: number): number | null {
  const { expectedMs, deadline } = around;
  const ageMs = ageOf(pace);
  if (expectedMs === null || ageMs >= expectedMs || foretell(pace.moves) !== null) return null;
  // A run that fails at once must not be seen after half an hour.
  const mostMs = Math.min(times > 1 ? PACE.queuedMs : PACE.aloneMs, (deadline - pace.since - ageMs) / 2);
  if (pace.askedAt === null) return Math.max(PACE.shortestMs, Math.min(expectedMs / 2, mostMs));
  const likelyMs = Math.max(expectedMs - ageMs, PACE.unsure * expectedMs);
  const balanced = PACE.longestMs * times * Math.sqrt(likelyMs / PACE.guessMs) * jitter;
  const sureMs = pace.last === null ? 0 : Math.min(mostMs, (PACE.sure * expectedMs - ageMs) / 2);
  return Math.max(PACE.shortestMs, sureMs, Math.min(PACE.longestMs + PACE.mostMs, balanced));
}

function affordableMs(bucket: BucketState, runsFollowed: number): number {
  if (bucket.last === null || bucket.refill === 0) return 0;
  const payableMs = payableInMs(bucket, COST.poll, bucket.last.at);
  return Math.min(PACE.mostMs, Math.max(runsFollowed / bucket.refill, payableMs));
}

function pauseMs({ since, last, moves }: RunPace, stretch: number): number {
  if (last === null) return PACE.shortestMs + stretch;
  if (last.status === 'pending') return PACE.longestMs + stretch;
  const endsAt = foretell(moves);
  if (endsAt === null) return grown(last.at - since - PACE.youngMs) + stretch;
  const leftMs = endsAt + PACE.behindMs + PACE.behind * stretch - last.at;
  if (leftMs <= 0) return grown(-leftMs) + stretch;
  const polls = Math.ceil(leftMs / (PACE.longestMs + PACE.foretold * stretch));
  return Math.max(PACE.shortestMs, leftMs / polls);
}

function grown(ms: number): number {
  return Math.min(PACE.longestMs, PACE.shortestMs + PACE.growth * Math.max(0, ms));
}

/** When a line through the first and the last of the latest moves comes to 100; null: there is no line that goes up. */
function foretell(moves: RunPace['moves']): number | null {
  const [first, last] = [moves[0], moves.at(-1)];
  if (first === undefined || last === undefined || last.percent <= first.percent) return null;
  const endsAt = last.at + ((100 - last.percent) * (last.at - first.at)) / (last.percent - first.percent);
  return Number.isFinite(endsAt) ? endsAt : null;
}

/**
 * For `pollRun`. The chance of each pause is drawn once.
 * @param launchedAt null: the run was there before us. It is polled at once, and its polls tell its age.
 */
export function createPacer(
  { client, clock, random, deadline, turn }: Pick<Job, 'client' | 'clock' | 'random' | 'deadline' | 'turn'>,
  expectedMs: number | null,
  launchedAt: number | null,
): Pacer {
  let pace = firstPace(launchedAt ?? clock.now(), launchedAt !== null);
  let chance = random();
  return {
    see: (polled) => {
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
      const around = { expectedMs, deadline, ...turn.beside(), bucket: client.bucketState() };
      return nextPollMs(pace, around, chance);
    },
  };
}
