/** What is known of an order, event by event. */
import { describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../src/runs/events.ts';
import { createRecord, createEmptyRecord, applyRunEvent, updateStages, type OrderRecord, type StageSpan } from '../../src/runs/record.ts';
import { anEntry, anOrder } from '../fakes.ts';
import { aPolledRun } from './a-run.ts';

const RUN = aPolledRun({ status: 'running', workflowId: 'wf_9', stage: 'Reading' });
const JOINED = { kind: 'joined', ageMs: null } as const;

test.each<[sentence: string, event: RunEvent, learned: Partial<OrderRecord>]>([
  [
    'records 0 earlier red runs for a launch on a first attempt',
    { kind: 'launching', sharedBy: 'key', isResumed: false },
    { sharedBy: 'key', redRunsBefore: 0 },
  ],
  [
    'records no number of earlier red runs while a re-run checks them',
    { kind: 'launching', sharedBy: 'commit', isResumed: true },
    { redRunsBefore: null },
  ],
  [
    'records the number of earlier red runs after a re-run has checked them',
    { kind: 'resumed', redCount: 2, redNotice: 'a' },
    { redRunsBefore: 2, redNotice: 'a', notices: [] },
  ],
  ['records the key before its launch', { kind: 'key', key: 'gha_1' }, { idempotencyKey: 'gha_1' }],
  [
    'records the ID and status of a run that was launched',
    { kind: 'run', runId: 'run_1', origin: { kind: 'new' }, status: 'pending' },
    { runId: 'run_1', origin: { kind: 'new' }, status: 'pending', replayed: false },
  ],
  [
    'records a joined run as a replay',
    { kind: 'run', runId: 'run_1', origin: JOINED, status: 'running' },
    { runId: 'run_1', origin: JOINED, status: 'running', replayed: true },
  ],
  [
    'records the age of a joined run, and no status from before',
    { kind: 'joined', isLaunchedHere: false, ageMs: 7, isOlder: true, run: null },
    { origin: { kind: 'joined', ageMs: 7 }, joinedOlder: true, run: null, status: '' },
  ],
  [
    'records the run of a launch whose answer was lost as new, as the poll showed it',
    { kind: 'joined', isLaunchedHere: true, ageMs: 7, isOlder: false, run: RUN },
    { origin: { kind: 'new' }, joinedOlder: false, run: RUN, status: 'running', workflowId: 'wf_9' },
  ],
  ['records a poll whatever its answer', { kind: 'poll_ended' }, { polls: 1 }],
  [
    'records the status, workflow and stage that a poll showed',
    { kind: 'run_seen', run: RUN, elapsedMs: 4_000 },
    {
      run: RUN,
      status: 'running',
      workflowId: 'wf_9',
      stages: [{ name: 'Reading', fromMs: 0, toMs: 4_000 }],
    },
  ],
  ['records a notice for the report', { kind: 'notice', text: 'a' }, { notices: ['a'] }],
  ['does not record a note that is for the log alone', { kind: 'log_note', text: 'a' }, { notices: [] }],
])('%s', (_, event, learned) => {
  const before = createEmptyRecord(anOrder());
  expect(applyRunEvent(before, event)).toEqual({ ...before, ...learned });
});

test('reports a notice once, and a note for the log each time', () => {
  const seen: RunEvent[] = [];
  const { emit, latest } = createRecord(anOrder(), (event) => seen.push(event));
  for (const kind of ['notice', 'notice', 'log_note', 'log_note'] as const) emit({ kind, text: 'a' });
  expect(seen.map(({ kind }) => kind)).toEqual(['notice', 'log_note', 'log_note']);
  expect(latest().notices).toEqual(['a']);
});

test('records what happened also if a listener throws', () => {
  const { emit, latest } = createRecord(anOrder(), () => {
    throw new Error('the output file cannot be written');
  });
  expect(() => emit({ kind: 'run', runId: 'run_1', origin: { kind: 'new' }, status: '' })).toThrow('written');
  expect(latest().runId).toBe('run_1');
});

test('truncates long texts and outputs of several runs, and keeps those of a single run whole', () => {
  const run = aPolledRun({ errorMessage: 'x'.repeat(20_000), outputs: { text: 'x'.repeat(2_000_000) } });
  const known = (name: string) =>
    applyRunEvent(createEmptyRecord(anOrder({ entries: [anEntry({ name })] })), {
      kind: 'run_seen',
      run,
      elapsedMs: 0,
    }).run;
  expect(known('')).toBe(run);
  expect(known('Tower')?.errorMessage?.length).toBeLessThan(11_000);
  expect(JSON.stringify(known('Tower')?.outputs).length).toBeLessThan(1_000_000);
});

describe('a stage of a run', () => {
  test.each([
    ['begins with the launch when it is the first', [], 'a', [['a', 0, 9]]],
    ['goes on while polls show it', [['a', 0, 5]], 'a', [['a', 0, 9]]],
    [
      'ends with the poll that shows another',
      [['a', 0, 5]],
      'b',
      [
        ['a', 0, 9],
        ['b', 9, 9],
      ],
    ],
    ['ends with the poll that shows none', [['a', 0, 5]], null, [['a', 0, 9]]],
  ] as const)('%s', (_, before, stage, after) => {
    const spans = (all: readonly (readonly [string, number, number])[]) => all.map(([name, fromMs, toMs]) => ({ name, fromMs, toMs }));
    expect(updateStages(spans(before), aPolledRun({ stage }), 9)).toEqual(spans(after));
  });

  test('is called queued while the run is pending', () => {
    expect(updateStages([], aPolledRun({ status: 'pending', stage: 'x' }), 9)).toMatchObject([{ name: 'queued' }]);
  });

  test('is one of at most 200, though every poll shows another', () => {
    const stages = Array.from({ length: 300 }, (_, at) => `stage ${at}`).reduce(
      (all: ReturnType<typeof updateStages>, stage, at) => updateStages(all, aPolledRun({ stage }), at),
      [],
    );
    expect(stages).toHaveLength(200);
  });
});

describe('the stages of a run', () => {
  const after = (...runs: Parameters<typeof aPolledRun>[0][]) =>
    runs.reduce<readonly StageSpan[]>((stages, run, nth) => updateStages(stages, aPolledRun(run), (nth + 1) * 1_000), []);

  test.each<[what: string, runs: Parameters<typeof after>, stages: readonly StageSpan[]]>([
    ['begin with the launch', [{ stage: 'A' }], [{ name: 'A', fromMs: 0, toMs: 1_000 }]],
    ['are queued at first', [{ status: 'pending', stage: 'A' }], [{ name: 'queued', fromMs: 0, toMs: 1_000 }]],
    ['go on while the name is the same', [{ stage: 'A' }, { stage: 'A' }], [{ name: 'A', fromMs: 0, toMs: 2_000 }]],
    [
      'follow each other',
      [{ stage: 'A' }, { stage: 'B' }],
      [
        { name: 'A', fromMs: 0, toMs: 2_000 },
        { name: 'B', fromMs: 2_000, toMs: 2_000 },
      ],
    ],
    ['end without a name', [{ stage: 'A' }, { stage: null }], [{ name: 'A', fromMs: 0, toMs: 2_000 }]],
    ['end with the status of the run', [{ stage: 'A' }, { stage: 'B', status: 'completed' }], [{ name: 'A', fromMs: 0, toMs: 2_000 }]],
    [
      'end with the time at which the run completed',
      [{ stage: 'A' }, { stage: 'B', completedAt: '2026-04-08T10:00:00Z' }],
      [{ name: 'A', fromMs: 0, toMs: 2_000 }],
    ],
  ])('%s', (_, runs, stages) => {
    expect(after(...runs)).toEqual(stages);
  });

  test('are 200 at most, with 200 characters of each name', () => {
    const names = Array.from({ length: 203 }, (_, nth) => ({ stage: `${nth}${'x'.repeat(300)}` }));
    const stages = after(...names);
    expect(stages).toHaveLength(200);
    expect(new Set(stages.map(({ name }) => name.length))).toEqual(new Set([200]));
  });
});
