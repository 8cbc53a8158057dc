import { seededRandom } from '../simulator/random.ts';

/** How a run's progress may move. The kinds are ours: the vendor does not say how it counts. */
export const KINDS = ['steady', 'bursty', 'curved', 'stuck', 'silent'] as const;
export type Kind = (typeof KINDS)[number];

/** What a poll would see. */
export interface Sight {
  readonly status: 'pending' | 'running' | 'completed';
  readonly progress: number | null;
  readonly stage: string | null;
}

/** One run of a workflow, from its launch at 0 to its end. */
export interface Course {
  readonly kind: Kind;
  readonly endMs: number;
  readonly sight: (ms: number) => Sight;
}

/** 5 s to 15 min, each 2.1 times the one before. */
export const LENGTHS_MS = Array.from({ length: 8 }, (_, step) => 5_000 * 180 ** (step / 7));

/** The seed behind the figures in README.md. */
export const COMMITTED_SEED = 20_261_124;

/** Looked at only to see that the policy was not fitted to the courses of the other. */
export const HELD_OUT_SEED = 7;

/** Equal numbers of every kind at every length. */
export function courses(seed: number, perKindAndLength: number): Course[] {
  const random = seededRandom(seed);
  return KINDS.flatMap((kind) =>
    LENGTHS_MS.flatMap((lengthMs) =>
      Array.from({ length: perKindAndLength }, (_, nth) =>
        course(kind, lengthMs, (nth + random()) / perKindAndLength, random),
      ),
    ),
  );
}

/**
 * The run is pending for 0.5 to 6.5 s first: two periods of a fixed 3 s, so that no policy gains by its polls
 * falling in step with the round lengths.
 * @param queued where between the two, in [0, 1)
 */
export function course(kind: Kind, lengthMs: number, queued: number, random: () => number): Course {
  const pendingMs = 500 + 6_000 * queued;
  const endMs = pendingMs + lengthMs;
  const shape = shapes[kind](random);
  const print = prints[Math.floor(random() * prints.length)]!;
  const stages = 2 + Math.floor(random() * 5);
  const speaks = kind !== 'silent' || random() < 0.5;
  return {
    kind,
    endMs,
    sight: (ms) => {
      if (ms >= endMs) return { status: 'completed', progress: 100, stage: 'done' };
      if (ms < pendingMs) return { status: 'pending', progress: speaks ? 0 : null, stage: null };
      const done = shape((ms - pendingMs) / lengthMs);
      return {
        status: 'running',
        progress: speaks ? print(done * 100) : null,
        stage: speaks ? `Stage ${1 + Math.min(stages - 1, Math.floor(done * stages))}` : null,
      };
    },
  };
}

/** Whole percents done, or tenths. */
const prints = [Math.floor, (percent: number) => Math.round(percent * 10) / 10];

/** Each draws a course and gives the share done after a share of the time; both run from 0 to 1. */
const shapes: Record<Kind, (random: () => number) => (time: number) => number> = {
  /** Ten equal parts, none more than a tenth quicker or slower than the mean. */
  steady: (random) => {
    const costs = Array.from({ length: 10 }, () => between(0.9, 1.1, random));
    return through([0, ...running(costs)], (part) => part / costs.length);
  },
  /** Nothing between 4 to 12 jumps of any size at any time; the last jump is the end. */
  bursty: (random) => {
    const jumps = 4 + Math.floor(random() * 9);
    const times = Array.from({ length: jumps - 1 }, random).sort((a, b) => a - b);
    const sizes = running(Array.from({ length: jumps }, () => -Math.log(1 - random())));
    return (time) => {
      const jumped = times.filter((at) => at <= time).length;
      return jumped === 0 ? 0 : sizes[jumped - 1]!;
    };
  },
  /** Quick first, slow first, or slow at both ends. */
  curved: (random) => {
    const bend = random();
    const strength = random();
    if (bend < 0.25) return (time) => time ** (1 + 1.5 * strength);
    if (bend < 0.5) return (time) => time ** (1 / (1 + 1.5 * strength));
    if (bend < 0.75) {
      const rate = 1 + 2 * strength;
      return (time) => (1 - Math.exp(-rate * time)) / (1 - Math.exp(-rate));
    }
    return (time) => (1 - strength) * time + strength * time * time * (3 - 2 * time);
  },
  /** Steady up to 85-99 %, reached after 40-80 % of the time, then nothing until the end. */
  stuck: (random) => {
    const level = between(0.85, 0.99, random);
    const reached = between(0.4, 0.8, random);
    return (time) => Math.min(level, (level * time) / reached);
  },
  silent: () => () => 0,
};

/** Running sums as shares of the whole. */
function running(parts: readonly number[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  let sum = 0;
  return parts.map((part) => (sum += part) / whole);
}

/** Piecewise linear: `marks` are the times at which the parts end. */
function through(marks: readonly number[], share: (part: number) => number): (time: number) => number {
  return (time) => {
    const part = Math.max(
      1,
      marks.findIndex((mark) => mark > time),
    );
    const from = marks[part - 1]!;
    const to = marks[part]!;
    return share(part - 1 + (time - from) / (to - from));
  };
}

function between(low: number, high: number, random: () => number): number {
  return low + (high - low) * random();
}
