import { describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/api/client.ts';
import { connectionError } from '../../src/api/errors.ts';
import { startProgress, logWorkflows } from '../../src/report/progress.ts';
import { createRunState, type RunState } from '../../src/run/run-state.ts';
import type { Deps, ReadyStep } from '../../src/step.ts';
import type { LogLine } from '../../src/text/escape.ts';
import { createOrder } from '../support/orders.ts';

const noop = () => undefined;

/** Collects the lines of the log after the first. */
function listen() {
  const lines: string[] = [];
  let now = 0;
  const runPlan = createOrder();
  const runner = { line: ({ safe }: LogLine) => void lines.push(safe), debug: noop, startGroup: noop, endGroup: noop, output: noop };
  const clock = { now: () => now, date: () => now, sleep: () => Promise.resolve() };
  const step = {
    inputs: { hasRuns: false, runPlans: [runPlan], runUrl: '', wait: true, timeoutMs: 2_700_000 },
    context: { commit: 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b' },
    client: { tokensSpent: () => 28 },
  };
  const listener = startProgress(step as unknown as ReadyStep, { runner, clock } as unknown as Deps);
  const runState: RunState = Object.assign(createRunState(runPlan), { runId: 'run_1', origin: 'started' });
  const goTo = (ms: number): number => (now = ms);
  return { lines, listener, runState, goTo };
}

const RUNNING: Partial<RunState> = { status: 'running', stage: 'A', progress: 1 };
const QUEUED: Partial<RunState> = { status: 'pending', stage: '', progress: 0 };

// prettier-ignore
test.each<[title: string, changes: readonly (readonly [at: number, change: Partial<RunState>])[]]>([
  ['where the status changes', [[0, QUEUED], [5_000, RUNNING]]],
  ['where the stage changes', [[0, RUNNING], [5_000, { stage: 'B' }]]],
  ['where ten per cent more are done', [[0, RUNNING], [5_000, { progress: 9 }], [10_000, { progress: 10 }]]],
  ['once a minute where nothing changes', [[0, RUNNING], [59_000, {}], [60_000, {}], [61_000, {}]]],
])('a check is logged %s', (_, changes) => {
  const { lines, listener, runState, goTo } = listen();
  for (const [at, change] of changes) listener.checked(Object.assign(runState, change), goTo(at));
  expect(lines).toHaveLength(2);
});

test('says once a minute why it waits', () => {
  const { lines, listener, runState, goTo } = listen();
  const { failure } = connectionError('no_connection');
  for (const at of [0, 2_000, 8_000, 26_000]) {
    goTo(at);
    listener.decided(runState, failure, { retry: true, afterMs: 2_000, reason: 'not_reached' });
  }
  expect(lines).toHaveLength(1);
  goTo(86_000);
  listener.decided(runState, failure, { retry: true, afterMs: 30_000, reason: 'not_reached' });
  expect(lines).toHaveLength(2);
});

describe('the list of workflows', () => {
  const listOf = async (status: number, json: object) => {
    const lines: string[] = [];
    const client = createClient({
      transport: () => Promise.resolve({ status, headers: new Map(), body: Buffer.from(JSON.stringify(json)), broken: null }),
      apiUrl: '',
      apiKey: 'k',
      clock: { now: () => 0, date: () => 0, sleep: () => Promise.resolve() },
      redact: (text) => text,
      debug: () => undefined,
    });
    await logWorkflows({ line: ({ safe }) => void lines.push(safe) }, client, new AbortController().signal);
    return lines;
  };

  test('has one line where it is empty, 20 workflows at most, and nothing where it fails', async () => {
    const data = Array.from({ length: 30 }, (_, nth) => ({ id: `wf_${nth}`, name: `Review ${nth}`, enabled: true }));
    const lists = [await listOf(200, { data: [] }), await listOf(200, { data }), await listOf(500, {})];
    expect(lists.map(({ length }) => length)).toEqual([1, 21, 0]);
  });
});
