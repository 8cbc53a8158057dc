/** Several orders of one step, in virtual time: the real client and the simulator's API. */
import { describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/alloovium/client.ts';
import { Interrupted } from '../../src/runs/ending.ts';
import type { Outcome } from '../../src/runs/outcome.ts';
import { runOrders } from '../../src/runs/step.ts';
import { TIERS, type BucketSize } from '../../simulator/bucket.ts';
import type { Mishap } from '../../simulator/mishaps.ts';
import { seeded } from '../../simulator/random.ts';
import { TEST_KEY } from '../../simulator/seed.ts';
import { virtualApi, type Plan } from '../../simulator/virtual.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { anOrder, jobOf } from '../fakes.ts';

interface Step {
  readonly count?: number;
  readonly bucket?: BucketSize;
  readonly course?: (nth: number) => Partial<Plan>;
  readonly fault?: (call: 'launch' | 'poll' | 'list', nth: number) => Mishap;
  readonly timeoutMs?: number;
  readonly cancelAt?: number;
}

const MINUTES = 60_000;

async function play({
  count = 3,
  bucket = TIERS.standard,
  course,
  fault,
  timeoutMs = 30 * MINUTES,
  cancelAt,
}: Step) {
  const clock = virtualClock();
  const random = seeded(3);
  const api = virtualApi({
    clock,
    random,
    bucket,
    course: (nth) => ({ ms: 20_000, ending: 'completed', outputs: { nth }, ...course?.(nth) }),
    fault: fault ?? (() => 'none'),
  });
  const stop = new AbortController();
  if (cancelAt !== undefined) clock.at(cancelAt, () => stop.abort(new Interrupted('SIGINT')));
  const transport = api.transport;
  const client = createClient({
    ...{ transport, clock, random },
    apiUrl: 'https://api.example',
    apiKey: TEST_KEY,
    redact: (text) => text,
  });
  const orders = Array.from({ length: count }, (_, nth) =>
    anOrder({
      entries: [{ name: `run ${nth + 1}`, gate: { conditions: [], evaluate: () => [] } }],
      inputs: { nth },
    }),
  );
  const context = { when: 'a81d0c4', repository: 'acme/site', attempt: 1, jobRunId: '77' };
  const job = jobOf(clock, { client, context, random, signal: stop.signal, deadline: timeoutMs });
  const short: number[] = [];
  const outcomes = await clock.run(
    runOrders(
      orders,
      job,
      () => () => undefined,
      (ms) => short.push(ms),
    ),
  );
  const launches = api.journal.filter(({ call }) => call === 'launch');
  return { outcomes, api, launches, endedAt: clock.now(), short };
}

const conclusions = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ ending, status }) => (ending.kind === 'ended' ? status : ending.kind));

describe('several orders', () => {
  test('each has its own run, in the order in which they are written', async () => {
    const { outcomes, api } = await play({ count: 3 });
    expect(conclusions(outcomes)).toEqual(['completed', 'completed', 'completed']);
    expect(outcomes.map(({ entry }) => entry.name)).toEqual(['run 1', 'run 2', 'run 3']);
    expect(outcomes.map(({ run }) => run?.outputs)).toEqual([{ nth: 1 }, { nth: 2 }, { nth: 3 }]);
    expect(api.runs).toHaveLength(3);
  });

  test('L4: 16 on a standard bucket are launched in order, with no 429 after the first refusal, and end in time', async () => {
    const ms = 60_000;
    const { outcomes, launches, endedAt } = await play({ count: 16, course: () => ({ ms }) });
    expect(new Set(conclusions(outcomes))).toEqual(new Set(['completed']));
    const granted = launches.filter(({ status }) => status !== 429);
    expect(
      granted.map(({ body }) => (JSON.parse(String(body)) as { inputs: { nth: number } }).inputs.nth),
    ).toEqual(Array.from({ length: 16 }, (_, nth) => nth));
    expect(launches.length - granted.length).toBeLessThanOrEqual(1);
    // 16 launches and a poll for each run that ends before the last launch take 412 tokens: 120 at once, then one a second.
    expect(endedAt / (292_000 + ms)).toBeLessThanOrEqual(1.03);
  });
});
