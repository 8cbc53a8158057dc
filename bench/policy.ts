import { firstPace, nextLookInMs, observe } from '../src/alloovium/poll-policy.ts';
import { COMMITTED_SEED, KINDS, courses } from './courses.ts';
import type { Course } from './courses.ts';
import { seeded } from './random.ts';

/** Given each look in turn, says how long until the next. Made anew for each run. */
type Looker = () => (at: number, course: Course) => number;

const ours =
  (random: () => number): Looker =>
  () => {
    let pace = firstPace;
    return (at, course) => {
      pace = observe(pace, { at, ...course.sight(at), bucket: null });
      return nextLookInMs(pace, random());
    };
  };
const fixed =
  (ms: number): Looker =>
  () =>
  () =>
    ms;

const FIRST_LOOK_MS = 2000;

export function watch(course: Course, looker: Looker): { tokens: number; lagMs: number } {
  const next = looker();
  let tokens = 1;
  let at = FIRST_LOOK_MS;
  for (; at < course.endMs; tokens++) at += next(at, course);
  return { tokens, lagMs: at - course.endMs };
}

export function figures(field: readonly Course[], looker: Looker) {
  const seen = field.map((course) => watch(course, looker));
  const lags = seen.map(({ lagMs }) => lagMs).sort((a, b) => a - b);
  return {
    tokens: seen.reduce((sum, { tokens }) => sum + tokens, 0),
    meanLagMs: lags.reduce((sum, lag) => sum + lag, 0) / lags.length,
    p95LagMs: lags[Math.floor(lags.length * 0.95)]!,
  };
}
for (const seed of [COMMITTED_SEED, 1, 2]) {
  const all = courses(seed, 100);
  console.log(seed);
  for (const [name, field] of [
    ['all', all] as const,
    ...KINDS.map((kind) => [kind, all.filter((course) => course.kind === kind)] as const),
  ]) {
    const base = figures(field, fixed(3000));
    const show = (looker: Looker) => {
      const own = figures(field, looker);
      return [own.tokens / base.tokens, own.meanLagMs / base.meanLagMs, own.p95LagMs / base.p95LagMs]
        .map((ratio) => `${(ratio * 100).toFixed(1)} %`.padStart(9))
        .join('');
    };
    console.log(
      name.padEnd(8),
      base.meanLagMs.toFixed(0),
      show(ours(seeded(seed + 1))),
      show(fixed(5000)),
      show(fixed(30000)),
    );
  }
}
