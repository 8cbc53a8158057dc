import { describe, expect, test } from '@jest/globals';
import { createClient } from '../src/alloovium/client.ts';
import { connectionFailure } from '../src/alloovium/errors.ts';
import type { Context } from '../src/github/context.ts';
import type { Inputs } from '../src/inputs/inputs.ts';
import { createListener, listWorkflowLines } from '../src/progress.ts';
import { createRecord, type RunRecord } from '../src/runs/outcome.ts';
import { createOrder } from './support/orders.ts';

const ORDER = createOrder({ workflowId: 'wf_1', projectId: 'p1', inputs: { from: '2026-04-01' } });

/** Collects the log, groups with their titles, and the outputs. */
function listenTo(inputs: Partial<Inputs> = {}) {
  const lines: string[] = [];
  const outputs: string[] = [];
  let now = 0;
  const orders = inputs.orders ?? [ORDER];
  const listener = createListener({
    runner: {
      line: ({ safe }) => void lines.push(safe),
      startGroup: ({ safe }) => void lines.push(`[${safe}`),
      endGroup: () => void lines.push(']'),
      output: (name, value) => void outputs.push(`${name}=${value}`),
    },
    clock: { now: () => now, date: () => now, sleep: () => Promise.resolve() },
    inputs: {
      hasSeveral: false,
      orders,
      entries: orders.flatMap(({ entries }) => entries),
      runUrl: '',
      wait: true,
      timeoutMs: 2_700_000,
      ...inputs,
    } as Inputs,
    context: { commit: 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b' } as Context,
    tokensSpent: () => 28,
  });
  const record: RunRecord = Object.assign(createRecord(orders[0]!), { runId: 'run_1', origin: 'started' });
  const check = (at: number, change: Partial<RunRecord>): void => {
    now = at;
    listener.checked(Object.assign(record, change), at);
  };
  return { lines, outputs, listener, record, check, wait: (ms: number) => (now += ms) };
}

test('writes the launch and the wait of one run, each in a group', () => {
  const { lines, outputs, listener, record, check } = listenTo({ runUrl: 'https://app.test/{run_id}' });
  listener.found(record);
  check(2_000, { status: 'pending' });
  check(60_000, { status: 'running', stage: 'Analysing submittals', progress: 42 });
  check(72_000, { status: 'completed' });
  listener.ended(record);
  expect(lines.map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
    '[Launch wf_1 on project p1 (inputs: from), commit a81d0c4',
    'Started run_1',
    'https://app.test/run_1',
    ']',
    '[Wait for run_1, for up to 45 min',
    '░░░░░░░░░░ queued 2 s',
    '████░░░░░░ 42 % Analysing submittals 1 min',
    'run_1 completed after 1 min 12 s (3 status checks, 28 tokens)',
    ']',
  ]);
  expect(outputs).toEqual(['run_id=run_1']);
});

describe('a check is logged', () => {
  const log = (changes: readonly [at: number, change: Partial<RunRecord>][]): number => {
    const { lines, check } = listenTo();
    for (const [at, change] of changes) check(at, change);
    return lines.length - 1;
  };
  const running = { status: 'running', stage: 'A', progress: 1 };

  test.each<[title: string, changes: [at: number, change: Partial<RunRecord>][], lines: number]>([
    [
      'where the status changes',
      [
        [0, { status: 'pending' }],
        [5_000, running],
      ],
      2,
    ],
    [
      'where the stage changes',
      [
        [0, running],
        [5_000, { stage: 'B' }],
      ],
      2,
    ],
    [
      'where ten per cent more are done',
      [
        [0, running],
        [5_000, { progress: 9 }],
        [10_000, { progress: 10 }],
      ],
      2,
    ],
    [
      'once a minute where nothing changes',
      [
        [0, running],
        [59_000, {}],
        [60_000, {}],
        [61_000, {}],
      ],
      2,
    ],
  ])('%s', (_, changes, lines) => {
    expect(log(changes)).toBe(lines);
  });
});

test.each([
  ['joined', 'Joined run_1'],
  ['given', 'Attached to run_1'],
] as const)('says how the order got its run: %s', (origin, line) => {
  const { lines, listener, record } = listenTo();
  listener.found(Object.assign(record, { origin }));
  expect(lines[1]).toContain(line);
});

test('says once a minute why it waits', () => {
  const { lines, listener, record, wait } = listenTo();
  const { failure } = connectionFailure('no_connection', { detail: 'ECONNREFUSED' });
  for (const ms of [2_000, 6_000, 18_000, 60_000]) {
    listener.waiting(record, ms, failure);
    wait(ms);
  }
  expect(lines.slice(1)).toEqual([expect.stringMatching(/could not be reached; trying again in 2 s$/)]);
  listener.waiting(record, 30_000, failure);
  expect(lines[2]).toMatch(/could not be reached; trying again in 30 s$/);
});

test('says that a re-run leaves a run', () => {
  const { lines, listener, record } = listenTo();
  listener.left(record, 'red');
  expect(lines[1]).toContain('run_1 of an earlier job ended red: it is not joined');
});

test('names the run in each line where there are several, without groups, and lists all in `runs_json`', () => {
  const orders = ['Tower', 'Bridge'].map((name) => createOrder({ entries: [{ ...createOrder().entries[0]!, name }] }));
  const { lines, outputs, listener, record } = listenTo({ orders, hasSeveral: true });
  listener.found(record);
  listener.ended(record);
  expect(lines).toEqual(['2 runs in one step, commit a81d0c4', 'Tower         Started run_1']);
  const rows = JSON.parse(outputs[0]!.replace('runs_json=', '')) as { name: string; run_id: string }[];
  expect(rows).toMatchObject([{ name: 'Tower', run_id: 'run_1' }, { name: 'Bridge' }]);
});

test('lets no text of the run act in the log', () => {
  const { lines, check } = listenTo();
  check(2_000, { status: 'running', stage: '::error::x\n##[group]y', progress: 1 });
  expect(lines[1]).not.toMatch(/\n|::error|##\[/);
});

describe('the list of workflows', () => {
  const listOf = (status: number, json: object) =>
    listWorkflowLines(
      createClient({
        transport: () => Promise.resolve({ status, headers: new Map(), body: Buffer.from(JSON.stringify(json)), broken: null }),
        apiUrl: '',
        apiKey: 'k',
        clock: { now: () => 0, date: () => 0, sleep: () => Promise.resolve() },
        redact: (text) => text,
      }),
      1_000,
      new AbortController().signal,
    ).then((lines) => lines.map(({ safe }) => safe.trim()));
  const workflow = (nth: number) => ({ id: `wf_${nth}`, name: `Review ${nth}`, enabled: nth !== 2 });

  test.each<[title: string, status: number, json: object, expected: string[]]>([
    [
      'has IDs and names',
      200,
      { data: [1, 2].map(workflow) },
      ['Workflows that this key can run:', 'wf_1 “Review 1”', 'wf_2 “Review 2” (disabled)'],
    ],
    ['may be empty', 200, { data: [] }, ['This key can run no workflow.']],
    ['says nothing where it fails', 500, {}, []],
  ])('%s', async (_, status, json, expected) => {
    expect(await listOf(status, json)).toEqual(expected);
  });

  test('is cut at 20', async () => {
    const lines = await listOf(200, { data: Array.from({ length: 30 }, (_, nth) => workflow(nth)) });
    expect([lines.length, lines.at(-1)]).toEqual([22, 'and more: see the dashboard']);
  });
});
