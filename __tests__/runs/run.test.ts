/** Several orders of one step, in virtual time: the real client and the simulator's API. */
import { describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/alloovium/client.ts';
import type { Condition } from '../../src/gate/condition.ts';
import type { Gate } from '../../src/gate/gate.ts';
import { Interrupted } from '../../src/runs/ending.ts';
import type { Outcome } from '../../src/runs/outcome.ts';
import { runOrders } from '../../src/runs/run.ts';
import { TIERS, type BucketSize } from '../../simulator/bucket.ts';
import type { RandomFault } from '../../simulator/random-faults.ts';
import { seededRandom } from '../../simulator/random.ts';
import { TEST_KEY } from '../../simulator/vendor-example.ts';
import { virtualApi, type RunPlan } from '../../simulator/virtual-api.ts';
import { virtualClock, type VirtualClock } from '../../simulator/virtual-clock.ts';
import { anEntry, anOrder, jobOf } from '../fakes.ts';

interface Step {
  readonly count?: number;
  readonly bucket?: BucketSize;
  readonly planOf?: (nth: number) => Partial<RunPlan>;
  readonly fault?: (call: 'launch' | 'poll' | 'list', nth: number) => RandomFault;
  readonly timeoutMs?: number;
  readonly cancelAt?: number;
  /** How long a gate takes, during which nothing else can happen; undefined: there is none. */
  readonly gateMs?: number;
}

const MINUTES = 60_000;

const NO_GATE: Gate = { conditions: [], evaluate: () => [] };

function slowGate(clock: VirtualClock, ms: number): Gate {
  const condition: Condition = { severity: 'fail', name: null, expression: 'outputs.x', line: 1 };
  return {
    conditions: [condition],
    evaluate: () => {
      clock.suspend(ms);
      const nothing = { matched: [], unmatched: null, problem: null, notices: [] };
      return [{ condition, result: 'does_not_hold', ...nothing }];
    },
  };
}

async function play({
  count = 3,
  bucket = TIERS.standard,
  planOf,
  fault,
  timeoutMs = 30 * MINUTES,
  cancelAt,
  gateMs,
}: Step) {
  const clock = virtualClock();
  const random = seededRandom(3);
  const api = virtualApi({
    clock,
    random,
    bucket,
    planOf: (nth) => ({ ms: 20_000, ending: 'completed', outputs: { nth }, ...planOf?.(nth) }),
    fault: fault ?? (() => 'none'),
  });
  const stop = new AbortController();
  if (cancelAt !== undefined) clock.at(cancelAt, () => stop.abort(new Interrupted('SIGINT')));
  const transport = api.transport;
  const client = createClient({
    transport,
    clock,
    apiUrl: 'https://api.example',
    apiKey: TEST_KEY,
    redact: (text) => text,
  });
  const orders = Array.from({ length: count }, (_, nth) =>
    anOrder({
      entries: [
        anEntry({ name: `run ${nth + 1}`, gate: gateMs === undefined ? NO_GATE : slowGate(clock, gateMs) }),
      ],
      inputs: { nth },
    }),
  );
  const context = {
    keyScope: 'a81d0c4',
    commit: 'a81d0c4',
    repository: 'acme/site',
    attempt: 1,
    jobRunId: '77',
    isPrivate: true,
  };
  const job = jobOf(clock, { client, context, random, signal: stop.signal, deadline: timeoutMs });
  const short: number[] = [];
  const outcomes = await clock.run(
    runOrders(
      orders,
      job,
      () => ({ listen: () => () => undefined, end: () => undefined }),
      (ms) => short.push(ms),
    ),
  );
  const launches = api.journal.filter(({ call }) => call === 'launch');
  return { outcomes, api, launches, endedAt: clock.now(), short };
}

const conclusions = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ ending, status }) => (ending.kind === 'ended' ? status : ending.kind));

describe('several orders', () => {
  // They end just before it, so that only the last polls see it.
  const atDeadline = {
    timeoutMs: 60_000,
    bucket: TIERS.pro,
    planOf: (nth: number) => ({ ms: 59_700 - nth * 10 }),
  };

  test('evaluates gates one after the other, and none that has not begun 5 s after the deadline', async () => {
    const { outcomes } = await play({ ...atDeadline, count: 5, gateMs: 6_000 });
    expect(conclusions(outcomes).toSorted()).toEqual(['completed', ...Array<string>(4).fill('timed_out')]);
    for (const { ending, findings } of outcomes)
      expect(findings).toHaveLength(ending.kind === 'ended' ? 1 : 0);
    // What was seen of a run is told all the same; while gates compute nobody looks for 3 s, and then no more.
    const seen = outcomes.map(({ status }) => status).toSorted();
    expect(seen).toEqual(['completed', 'completed', 'running', 'running', 'running']);
  });

  test('ends runs without a gate, and runs that failed, also late', async () => {
    const none = await play({ ...atDeadline, count: 5 });
    expect(new Set(conclusions(none.outcomes))).toEqual(new Set(['completed']));
    const failed = await play({
      ...atDeadline,
      count: 5,
      gateMs: 2_500,
      planOf: (nth) => ({ ms: 59_700 - nth * 10, ending: nth === 5 ? 'completed' : 'failed' }),
    });
    expect(conclusions(failed.outcomes).toSorted()).toEqual([
      'completed',
      'failed',
      'failed',
      'failed',
      'failed',
    ]);
  });
});

test.each<[what: string, plan: Partial<RunPlan>, notices: readonly string[]]>([
  ['no notice of outputs that are an object', { outputs: {} }, []],
  ['a notice of missing outputs', { outputs: null }, ['the run completed without outputs']],
  [
    'a notice of outputs without names',
    { outputs: [] },
    ['the run completed, but its outputs are not a JSON object'],
  ],
  ['no notice of the outputs of a run that failed', { outputs: null, ending: 'failed' }, []],
])('has %s', async (_, plan, notices) => {
  const { outcomes } = await play({ count: 1, planOf: () => plan });
  expect(outcomes.map((one) => one.notices)).toEqual([notices]);
});
