/**
 * Time limits for tests: they measure a thread's CPU time, which excludes other load on the machine, and compare two sizes, or a size
 * with a reference loop, so that the speed of the machine does not matter.
 */

/** CPU time in microseconds; the minimum of some rounds, to exclude garbage collections. */
export function measureCpuUs(work: () => unknown, rounds = 3): number {
  const times = Array.from({ length: rounds }, () => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  });
  return Math.min(...times);
}

/** Times in microseconds for a length and for four times the length; `shortUs` is NaN where `longUs` alone is fast enough. */
export interface Growth {
  readonly shortUs: number;
  readonly longUs: number;
  readonly isLinear: boolean;
}

/**
 * Measures whether four times the length takes less than `times` the time: linear code takes 4 and some for the garbage collector,
 * quadratic code 16. Times below `coarseUs` are too short to compare, and count as linear.
 */
export function measureGrowth(work: (length: number) => unknown, length: number, times = 10, coarseUs = 40_000): Growth {
  // A sixteenth of the length already shows quadratic time, which could be hours at the whole length.
  const estimate = measureCpuUs(() => work(Math.ceil(length / 16)), 1);
  if (exceeds(estimate, 300_000)) return { shortUs: 16 * estimate, longUs: Infinity, isLinear: false };
  let shortUs = NaN;
  let longUs = Infinity;
  for (let round = 0; round < 3; round++) {
    longUs = Math.min(
      longUs,
      measureCpuUs(() => work(4 * length), 1),
    );
    if (!exceeds(longUs, coarseUs)) return { shortUs, longUs, isLinear: true };
    const again = measureCpuUs(() => work(length), 1);
    shortUs = Number.isNaN(shortUs) ? again : Math.min(shortUs, again);
    if (longUs < times * shortUs) return { shortUs, longUs, isLinear: true };
  }
  return { shortUs, longUs, isLinear: false };
}

export function isLinear(...about: Parameters<typeof measureGrowth>): boolean {
  return measureGrowth(...about).isLinear;
}

/** Whether a time exceeds a limit, which is wider on a slow machine. */
function exceeds(tookUs: number, us: number): boolean {
  return tookUs > us && tookUs > us * slowness();
}

/** Time of the loop below on the machine where the tests' limits were set. */
const REFERENCE_US = 25_000;

/** How many times slower this machine is at this moment, at least 1. Multiply limits by it. */
export function slowness(): number {
  const took = measureCpuUs(() => {
    let sum = 0n;
    for (let at = 0; at < 100_000; at++) {
      const [, digits = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(12345678901230000000 + at * 10_000)) ?? [];
      sum += BigInt(digits) % 7n;
    }
    return sum;
  });
  return Math.max(1, took / REFERENCE_US);
}

/** Whether the work ends within `ms`, measured in turns of the event loop, so that a stall of the machine counts as one turn. */
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
