/**
 * Time that a test may bound: a thread's processor time, so that what else the machine does is not in it, as growth from
 * one size to another or beside a loop of a known size, so that a slow machine is slow at both.
 */

/** Microseconds; the least of some rounds, for the collector's sake. */
export function cpuOf(work: () => unknown, rounds = 3): number {
  const times = Array.from({ length: rounds }, () => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  });
  return Math.min(...times);
}

/** Microseconds for a length and for four times as much; `few` is NaN where `many` alone says enough. */
export interface Growth {
  readonly few: number;
  readonly many: number;
  readonly isLinear: boolean;
}

/**
 * Whether four times the length takes less than so many times the time: linear takes 4 and some for the collector,
 * quadratic 16. What takes less than `coarseUs` tells nothing.
 */
export function growthOf(
  work: (length: number) => unknown,
  length: number,
  times = 10,
  coarseUs = 40_000,
): Growth {
  // Quadratic time is seen here already; at the whole length it could be hours.
  const glimpse = cpuOf(() => work(Math.ceil(length / 16)), 1);
  if (isOver(glimpse, 300_000)) return { few: 16 * glimpse, many: Infinity, isLinear: false };
  let few = NaN;
  let many = Infinity;
  for (let round = 0; round < 3; round++) {
    many = Math.min(
      many,
      cpuOf(() => work(4 * length), 1),
    );
    if (!isOver(many, coarseUs)) return { few, many, isLinear: true };
    const again = cpuOf(() => work(length), 1);
    few = Number.isNaN(few) ? again : Math.min(few, again);
    if (many < times * few) return { few, many, isLinear: true };
  }
  return { few, many, isLinear: false };
}

export function isLinear(...about: Parameters<typeof growthOf>): boolean {
  return growthOf(...about).isLinear;
}

/** By the measure of a slow machine, where this is one. */
function isOver(took: number, us: number): boolean {
  return took > us && took > us * slowness();
}

/** What the loop below takes where the limits of the tests were set. */
const REFERENCE_US = 25_000;

/** How many times slower this machine is at this moment, at least 1. Limits of a spec are multiplied by it. */
export function slowness(): number {
  const took = cpuOf(() => {
    let sum = 0n;
    for (let at = 0; at < 100_000; at++) {
      const [, digits = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(12345678901230000000 + at * 10_000)) ?? [];
      sum += BigInt(digits) % 7n;
    }
    return sum;
  });
  return Math.max(1, took / REFERENCE_US);
}

/** Whether it ends before a timer does that is set with it. The timer counts in turns of the loop: a stall is one turn. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const STEP_MS = 20;
  let turns = 0;
  const ticking = setInterval(() => turns++, STEP_MS);
  try {
    await work;
  } finally {
    clearInterval(ticking);
  }
  return turns * STEP_MS < ms;
}
