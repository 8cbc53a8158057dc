/**
 * Random faults, in virtual time: never two runs under one key, never green what is not, all over in time. `DRAWS=20000` plays a long
 * night. fast-check prints the smallest world that breaks a rule, and the seed that plays it again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TIERS } from '../../simulator/bucket.ts';
import { seededRandom } from '../../simulator/random.ts';
import { createVirtualApi, type RunPlan, type VirtualFault } from '../../simulator/virtual-api.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { findVirtualViolations } from '../../simulator/virtual-invariants.ts';
import { playVirtualStep, type VirtualResult } from '../../simulator/virtual-step.ts';
import {
  CERTIFICATE,
  code,
  busy,
  CONNECT_HANGS,
  CUT,
  done,
  html,
  LOST,
  problem,
  redirect,
  REFUSED,
  RESET,
  says,
  SILENT,
  STALLED,
  TRICKLE,
  unkept,
} from '../faults/world.ts';

const DRAWS = Number(process.env.DRAWS ?? 120);
const TIMEOUT_MINUTES = 10;
const folder = mkdtempSync(join(tmpdir(), 'properties-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** By name, so that a world can be read. */
const FAULTS: Readonly<Record<string, VirtualFault>> = {
  refused: REFUSED,
  'connect hangs': CONNECT_HANGS,
  lost: LOST,
  'answer lost': RESET,
  silent: SILENT,
  stalled: STALLED,
  cut: CUT,
  trickle: TRICKLE,
  'gateway 502': html(502),
  'gateway 502, done': done(html(502)),
  'gateway 503, a hint': html(503, 45),
  'gateway 504, done': done(html(504)),
  'API 503, a run': unkept(problem(503)),
  'API 500, a run': unkept(code('internal_error')),
  '429': busy(20),
  '429, a late hint': busy(1_500),
  locked: { lockMs: 40_000 },
  slow: { workMs: 40_000 },
  'no JSON': says('<html>oops'),
  'no ID': says({ run_id: undefined, status: undefined }),
  redirect: redirect(307),
  403: code('permission_denied'),
  401: code('api_key_revoked'),
  certificate: CERTIFICATE,
};

const names = fc.constantFrom(...Object.keys(FAULTS));
/** Two requests of three meet no fault, or the first ones meet the same. */
const some = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant('none') }, { weight: 1, arbitrary: names }), { maxLength: 12 });
const same = fc.tuple(names, fc.nat(12)).map(([name, count]) => Array<string>(count).fill(name));
const faults = fc.oneof({ weight: 3, arbitrary: some }, { weight: 1, arbitrary: same });
const runs = fc.array(
  fc.record({
    seconds: fc.constantFrom(0, 5, 30, 200, 700),
    outcome: fc.constantFrom('completed', 'completed', 'completed', 'failed', 'cancelled'),
    items: fc.constantFrom(null, [], [], ['door']),
  }),
  { minLength: 1, maxLength: 6 },
);
const worlds = fc.record({
  launchFaults: faults,
  pollFaults: faults,
  runs,
  entries: fc.constantFrom(0, 0, 1, 2, 4),
  isStandard: fc.boolean(),
  /** Of each start of the job run: when the runner stops it. */
  stops: fc.array(fc.option(fc.integer({ min: 1, max: 300 }), { freq: 2, nil: undefined }), { minLength: 1, maxLength: 3 }),
  isSuspended: fc.boolean(),
  clockJumpMinutes: fc.constantFrom(0, 0, -90, 90),
  seed: fc.nat(),
});
type Drawn = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

const GATE = 'open: outputs.items';

async function play(drawn: Drawn): Promise<void> {
  const clock = virtualClock();
  const random = seededRandom(drawn.seed);
  const plans = drawn.runs.map(({ seconds, outcome, items }): RunPlan => ({ ms: seconds * 1_000, ending: outcome, outputs: { items } }));
  const api = createVirtualApi({
    clock,
    bucket: drawn.isStandard ? TIERS.standard : TIERS.pro,
    planOf: (nth) => plans[(nth - 1) % plans.length]!,
    latencyMs: () => 5 + random() * 200,
    chooseFault: (call, nth) => FAULTS[(call === 'launch' ? drawn.launchFaults : drawn.pollFaults)[nth - 1] ?? 'none'],
  });
  const entryNames = ['A', 'B', 'C', 'D'].slice(0, drawn.entries);
  const entries = entryNames.map((name) => `${name}: { project_id: ${name} }`).join('\n');
  const inputs = { fail_if: GATE, timeout_minutes: String(TIMEOUT_MINUTES), ...(entryNames.length > 0 && { runs: entries }) };
  for (const [at, stop] of drawn.stops.entries()) {
    const sent = api.attempts.length;
    const startedAt = clock.now();
    const suspendedMs = drawn.isSuspended ? 400_000 : 0;
    let isOver = false;
    clock.at(startedAt + 10_000, () => {
      if (isOver) return;
      clock.shiftDate(drawn.clockJumpMinutes * 60_000);
      clock.suspend(suspendedMs);
    });
    const stopAfterMs = stop === undefined ? undefined : stop * 1_000;
    const result = await playVirtualStep(api, clock, folder, { inputs, attempt: at + 1, random, ...(stopAfterMs && { stopAfterMs }) });
    isOver = true;
    const timeoutMs = TIMEOUT_MINUTES * 60_000 + suspendedMs;
    const expected = { timeoutMs, suspendedMs, stopAfterMs: stopAfterMs && stopAfterMs + suspendedMs };
    expect(findVirtualViolations(api, api.attempts.slice(sent), result, expected)).toEqual([]);
    expect(findWrongGates(api.runs, result)).toEqual([]);
    const keys = new Set(api.attempts.filter(({ call }) => call === 'launch').map(({ key }) => key));
    expect(keys.size).toBeLessThanOrEqual((at + 1) * Math.max(1, entryNames.length));
    clock.suspend(60_000);
  }
}

/** Runs that are reported as passed and are not, or the reverse. */
function findWrongGates(made: readonly (RunPlan & { readonly id: string })[], { outputs }: VirtualResult): string[] {
  const { runs_json: rows = '' } = outputs;
  const reported = rows === '' ? [outputs] : (JSON.parse(rows) as Record<string, string>[]);
  return reported.flatMap(({ run_id: id, gate }) => {
    const { items } = (made.find((one) => one.id === id)?.outputs ?? {}) as { items?: unknown[] | null };
    const isRight = gate === 'passed' ? items?.length === 0 : gate !== 'failed' || items?.length !== 0;
    return isRight ? [] : [`gate “${gate ?? ''}” of ${JSON.stringify(items)}`];
  });
}

test(
  'faults make no second run, no false green, and no step that goes on',
  async () => {
    await fc.assert(fc.asyncProperty(worlds, play), { numRuns: DRAWS });
  },
  12 * 60 * 60_000,
);
