import { seededRandom } from '../simulator/random.ts';

/** How a run's progress may grow. The kinds are assumptions: the vendor does not document it. */
export const KINDS = ['steady', 'bursty', 'curved', 'stuck', 'silent'] as const;
export type Kind = (typeof KINDS)[number];

/** What a poll returns of a run. */
export interface PolledState {
  readonly status: 'pending' | 'running' | 'completed';
  readonly progress: number | null;
  readonly stage: string | null;
}

/** One run of a workflow, from its launch at 0 to its end. */
export interface SampleRun {
  readonly kind: Kind;
  readonly endMs: number;
  readonly stateAt: (ms: number) => PolledState;
}

/** 5 s to 15 min, each 2.1 times the one before. */
export const LENGTHS_MS = Array.from({ length: 8 }, (_, step) => 5_000 * 180 ** (step / 7));

/** The seed behind the figures in README.md. */
export const COMMITTED_SEED = 20_261_124;

/** A second seed, to check that the policy does not overfit the runs of the first. */
export const HELD_OUT_SEED = 7;

/** Equal numbers of runs of each kind and length. */
export function sampleRuns(seed: number, perKindAndLength: number): SampleRun[] {
  const random = seededRandom(seed);
  return KINDS.flatMap((kind) =>
    LENGTHS_MS.flatMap((lengthMs) =>
      Array.from({ length: perKindAndLength }, (_, nth) => sampleRun(kind, lengthMs, (nth + random()) / perKindAndLength, random)),
    ),
  );
}

/**
 * The run is pending for 0.5 to 6.5 s first: two periods of a fixed 3 s, so that no policy gains from polls that coincide with
 * round lengths.
 * @param queued how long it is pending, as a share of this range, in [0, 1)
 */
export function sampleRun(kind: Kind, lengthMs: number, queued: number, random: () => number): SampleRun {
  const pendingMs = 500 + 6_000 * queued;
  const endMs = pendingMs + lengthMs;
  const progressAt = progressCurves[kind](random);
  const formatPercent = percentFormats[Math.floor(random() * percentFormats.length)]!;
  const stages = 2 + Math.floor(random() * 5);
  const reportsProgress = kind !== 'silent' || random() < 0.5;
  return {
    kind,
    endMs,
    stateAt: (ms) => {
      if (ms >= endMs) return { status: 'completed', progress: 100, stage: 'done' };
      if (ms < pendingMs) return { status: 'pending', progress: reportsProgress ? 0 : null, stage: null };
      const done = progressAt((ms - pendingMs) / lengthMs);
      return {
        status: 'running',
        progress: reportsProgress ? formatPercent(done * 100) : null,
        stage: reportsProgress ? `Stage ${1 + Math.min(stages - 1, Math.floor(done * stages))}` : null,
      };
    },
  };
}

/** Rounds to whole percents, or to tenths. */
const percentFormats = [Math.floor, (percent: number) => Math.round(percent * 10) / 10];

/** Each creates a random function from the share of the time to the share done; both run from 0 to 1. */
const progressCurves: Record<Kind, (random: () => number) => (time: number) => number> = {
  /** Ten equal parts, each at most a tenth faster or slower than the mean. */
  steady: (random) => {
    const costs = Array.from({ length: 10 }, () => between(0.9, 1.1, random));
    return piecewiseLinear([0, ...cumulativeShares(costs)], (part) => part / costs.length);
  },
  /** 4 to 12 jumps of random size at random times; the last jump is the end. */
  bursty: (random) => {
    const jumps = 4 + Math.floor(random() * 9);
    const times = Array.from({ length: jumps - 1 }, random).sort((a, b) => a - b);
    const sizes = cumulativeShares(Array.from({ length: jumps }, () => -Math.log(1 - random())));
    return (time) => {
      const jumped = times.filter((at) => at <= time).length;
      return jumped === 0 ? 0 : sizes[jumped - 1]!;
    };
  },
  /** Fast first, slow first, or slow at both ends. */
  curved: (random) => {
    const curve = random();
    const strength = random();
    if (curve < 0.25) return (time) => time ** (1 + 1.5 * strength);
    if (curve < 0.5) return (time) => time ** (1 / (1 + 1.5 * strength));
    if (curve < 0.75) {
      const rate = 1 + 2 * strength;
      return (time) => (1 - Math.exp(-rate * time)) / (1 - Math.exp(-rate));
    }
    return (time) => (1 - strength) * time + strength * time * time * (3 - 2 * time);
  },
  /** Steady up to 85-99 %, reached after 40-80 % of the time, then constant until the end. */
  stuck: (random) => {
    const level = between(0.85, 0.99, random);
    const reached = between(0.4, 0.8, random);
    return (time) => Math.min(level, (level * time) / reached);
  },
  silent: () => () => 0,
};

/** Running sums as shares of the whole. */
function cumulativeShares(parts: readonly number[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  let sum = 0;
  return parts.map((part) => (sum += part) / whole);
}

/** Piecewise linear: `marks` are the times at which the parts end. */
function piecewiseLinear(partEnds: readonly number[], share: (part: number) => number): (time: number) => number {
  return (time) => {
    const part = Math.max(
      1,
      partEnds.findIndex((mark) => mark > time),
    );
    const from = partEnds[part - 1]!;
    const to = partEnds[part]!;
    return share(part - 1 + (time - from) / (to - from));
  };
}

function between(low: number, high: number, random: () => number): number {
  return low + (high - low) * random();
}
