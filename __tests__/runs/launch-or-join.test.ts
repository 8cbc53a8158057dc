/** Which key an order launches with, what it joins, and what it reports of that. */
import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/alloovium/errors.ts';
import { OutOfTime } from '../../src/alloovium/retry.ts';
import type { ConditionResult } from '../../src/gate/condition.ts';
import { createIntentKey } from '../../src/intent.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import type { Job } from '../../src/runs/job.ts';
import { launchOrJoin } from '../../src/runs/launch.ts';
import { createRecord } from '../../src/runs/record.ts';
import { UnknownWorkflowError } from '../../src/runs/unknown-workflow.ts';
import { EPOCH_MS } from '../../simulator/virtual-clock.ts';
import {
  anEntry,
  anOrder,
  clientOf,
  fakeTransport,
  jobOf,
  launchAnswer,
  pollAnswer,
  problemAnswer,
  resetError,
  virtualClock,
  type ScriptStep,
} from '../fakes.ts';

type About = Partial<Omit<Job, 'context' | 'client'>> & { readonly context?: Partial<Job['context']> };

const RED: ConditionResult = {
  condition: { severity: 'fail', name: null, expression: 'true', line: 1 },
  result: 'holds',
  matched: [],
  unmatched: null,
  problem: null,
  notices: [],
};
const redEntry = anEntry({ gate: { conditions: [RED.condition], evaluate: () => [RED] } });

async function start(
  script: readonly ScriptStep[],
  order: Parameters<typeof anOrder>[0],
  { cancelAt = Infinity, ...about }: About & { readonly cancelAt?: number } = {},
) {
  const clock = virtualClock();
  const cancel = new AbortController();
  clock.at(cancelAt, () => cancel.abort(new Error('cancelled')));
  const { transport, sent } = fakeTransport(clock, script);
  const events: RunEvent[] = [];
  const { emit, latest } = createRecord(anOrder(order), (event) => {
    events.push(event);
  });
  const job = jobOf(clock, { client: clientOf(clock, transport), emit, signal: cancel.signal, ...about });
  const result = await launchOrJoin(anOrder(order), job).catch((error: unknown) => error as Error);
  const keys = sent.filter(({ method }) => method === 'POST').map(({ key }) => key);
  return { result, sent, keys, events, latest: latest(), endedAt: clock.now() };
}

const ago = (ms: number) => new Date(EPOCH_MS - ms).toISOString();
const HOUR = 3_600_000;
const replayOf = (runId: string, headers = {}) =>
  launchAnswer(runId, {}, { 'idempotent-replayed': 'true', ...headers });
const endedAgo = (runId: string, status: string, ms: number, more = {}) =>
  pollAnswer(runId, status, { outputs: {}, created_at: ago(ms + HOUR), completed_at: ago(ms), ...more });
const FIRST = { attempt: 1 };
const keyOf = (keyScope: string) =>
  createIntentKey({ keyScope, repository: 'acme/site', workflowId: 'wf_1', projectId: '', inputs: {} });
const K1 = keyOf('a81d0c4');

describe('the key of a launch', () => {
  test.each<[what: string, order: object, about: About, key: string, sharedBy: string]>([
    ['is of the commit at the first attempt', {}, { context: FIRST }, K1, 'commit'],
    ['is of the commit at a re-run', {}, {}, K1, 'commit'],
    [
      'is of the job run where that is in its scope',
      {},
      { context: { ...FIRST, keyScope: 'a81d0c4-77' } },
      keyOf('a81d0c4-77'),
      'job run',
    ],
    [
      'is of `idempotency_key`, if there is one',
      { idempotencyKey: 'mine' },
      { context: FIRST },
      keyOf('mine'),
      'key',
    ],
    [
      'is another for each attempt with `on_rerun: fresh`',
      {},
      { onRerun: 'fresh' },
      `${K1}_run-77-2`,
      'commit',
    ],
    [
      'is that of the commit at the first attempt with `on_rerun: fresh`',
      {},
      { onRerun: 'fresh', context: FIRST },
      K1,
      'commit',
    ],
  ])('%s', async (_, order, about, key, sharedBy) => {
    const { keys, latest } = await start([launchAnswer('run_1')], order, about);
    expect(keys).toEqual([key]);
    expect(latest).toMatchObject({ sharedBy, idempotencyKey: key, origin: { kind: 'new' }, replayed: false });
  });
});

test.each<[ignored: readonly string[], notices: readonly string[]]>([
  [[], []],
  [['inputs'], ['`inputs` is ignored with `run_id`']],
  [['inputs', 'project_id'], ['`inputs`, `project_id` are ignored with `run_id`']],
])(
  'attaches to the run of `run_id` without a request, and names the ignored inputs %j',
  async (ignored, notices) => {
    const { sent, latest } = await start([], { runId: 'run_7' }, { ignored });
    expect(sent).toHaveLength(0);
    expect(latest).toMatchObject({ runId: 'run_7', origin: { kind: 'attached' }, notices });
  },
);

describe('a first attempt that joins a run', () => {
  const running = (createdAt: string) => pollAnswer('run_1', 'running', { created_at: createdAt });
  test.each<[what: string, createdAt: string, ageMs: number | null]>([
    ['its age', ago(HOUR), HOUR + 20],
    ['no negative age', ago(-HOUR), 0],
    ['no age that is not known', '', null],
  ])('reports %s', async (_, createdAt, ageMs) => {
    const { result, latest } = await start([replayOf('run_1'), running(createdAt)], {}, { context: FIRST });
    expect(result).toMatchObject({ origin: { kind: 'joined', ageMs } });
    expect(latest).toMatchObject({ replayed: true, origin: { ageMs }, run: { status: 'running' } });
  });

  test('waits for the hint of the launch before its poll', async () => {
    const hinted = replayOf('run_1', { 'retry-after': '40' });
    const { sent, result } = await start([hinted, running(ago(HOUR))], {}, { context: FIRST });
    expect(sent.map(({ at }) => at)).toEqual([0, 40_010]);
    expect(result).toMatchObject({ seen: { run: { status: 'running' } } });
  });

  test('polls at once, and again 5 s after a failed poll', async () => {
    const { sent } = await start(
      [replayOf('run_1'), resetError(), running(ago(HOUR))],
      {},
      { context: FIRST },
    );
    expect(sent.map(({ at }) => at)).toEqual([0, 10, 5_020]);
  });

  test.each<[what: string, poll: ScriptStep]>([
    ['fails', resetError()],
    ['is not usable', { body: '[]' }],
  ])('joins without `wait` also if its one poll %s', async (_, poll) => {
    const { sent, result } = await start(
      [replayOf('run_1'), poll, poll],
      {},
      { context: FIRST, wait: false },
    );
    expect(sent).toHaveLength(2);
    expect(result).toMatchObject({ origin: { kind: 'joined', ageMs: null }, seen: null });
  });

  test('reports the age by its one poll without `wait`', async () => {
    const script = [replayOf('run_1'), running(ago(HOUR))];
    const { result } = await start(script, {}, { context: FIRST, wait: false });
    expect(result).toMatchObject({ origin: { kind: 'joined', ageMs: HOUR + 20 } });
  });

  test('fails with `wait` if its polls are rejected', async () => {
    const denied = problemAnswer(401, 'api_key_revoked');
    const { result } = await start([replayOf('run_1'), denied], {}, { context: FIRST });
    expect(result).toBeInstanceOf(ApiError);
  });

  test('ends with the reason of a cancel during its poll', async () => {
    const script = [replayOf('run_1'), 'hang'] as const;
    const { result } = await start(script, {}, { context: FIRST, wait: false, cancelAt: 500 });
    expect(result).toMatchObject({ message: 'cancelled' });
  });
});

describe('a re-run', () => {
  test.each<[what: string, script: readonly ScriptStep[], redNotice: string]>([
    [
      'names the one red run, and when it ended',
      [replayOf('run_1'), endedAgo('run_1', 'completed', 2 * HOUR), launchAnswer('run_2')],
      'an earlier run of this commit was red 2 h ago (run_1)',
    ],
    [
      'names the last of two red runs',
      [
        ...[replayOf('run_1'), endedAgo('run_1', 'completed', 2 * HOUR)],
        ...[replayOf('run_2'), endedAgo('run_2', 'completed', HOUR), launchAnswer('run_3')],
      ],
      '2 earlier runs of this commit were red, the last 1 h ago (run_2)',
    ],
    [
      'names when a red run started, if its end is not known',
      [replayOf('run_1'), endedAgo('run_1', 'completed', HOUR, { completed_at: '' }), launchAnswer('run_2')],
      'an earlier run of this commit was red 2 h ago (run_1)',
    ],
    [
      'names a red run without times',
      [
        replayOf('run_1'),
        endedAgo('run_1', 'completed', HOUR, { completed_at: '', created_at: '' }),
        launchAnswer('run_2'),
      ],
      'an earlier run of this commit was red (run_1)',
    ],
    [
      'has no notice of a run that failed',
      [replayOf('run_1'), endedAgo('run_1', 'failed', HOUR), launchAnswer('run_2')],
      '',
    ],
    ['has no notice without an earlier run', [launchAnswer('run_1')], ''],
  ])('%s', async (_, script, redNotice) => {
    const { latest } = await start(script, { entries: [redEntry] });
    expect(latest.redNotice).toBe(redNotice);
  });

  test.each<[what: string, poll: ScriptStep]>([
    ['a green run', endedAgo('run_1', 'completed', HOUR)],
    ['a run that goes on', pollAnswer('run_1', 'running', { created_at: ago(HOUR) })],
  ])('joins %s', async (_, poll) => {
    const { keys, latest } = await start([replayOf('run_1'), poll], {});
    expect(keys).toEqual([K1]);
    expect(latest).toMatchObject({ replayed: true, runId: 'run_1', joinedOlder: true });
  });

  test('does not report a run that it could not poll', async () => {
    const { latest, keys } = await start([replayOf('run_1'), problemAnswer(401, 'api_key_revoked')], {});
    expect(keys).toEqual([K1]);
    expect(latest.runId).toBe('');
  });

  test('does not evaluate a run that goes on', async () => {
    const poll = pollAnswer('run_1', 'running', { created_at: ago(HOUR), outputs: {} });
    expect((await start([replayOf('run_1'), poll], { entries: [redEntry] })).keys).toEqual([K1]);
  });

  test.each<[poll: ScriptStep, words: string]>([
    [endedAgo('run_1', 'failed', HOUR), 'ended red'],
    [problemAnswer(410, 'gone'), 'was not found or cannot be evaluated'],
  ])('logs why it does not join a run: %#', async (poll, words) => {
    const { events } = await start([replayOf('run_1'), poll, launchAnswer('run_2')], {});
    const lines = events.flatMap((event) => (event.kind === 'earlier_run' ? event.line.safe : []));
    expect(lines).toEqual([
      'run_1 was launched earlier; checking how it ended',
      `run_1 ${words}: this job does not join it`,
    ]);
  });

  test('gives up after twenty earlier runs that ended red, without a notice of them', async () => {
    const script = Array.from({ length: 20 }, (_, at) => [
      replayOf(`run_${at}`),
      endedAgo(`run_${at}`, 'completed', HOUR),
    ]);
    const { result, latest, keys } = await start(script.flat(), { entries: [redEntry] });
    expect(result).toMatchObject({ message: expect.stringMatching(/^all 20 runs .* ended red/) });
    expect(latest).toMatchObject({ runId: '', redNotice: '' });
    expect(new Set(keys).size).toBe(20);
  });

  test('ends at once if the server asks to wait beyond the deadline before the next launch', async () => {
    const failed = { ...endedAgo('run_1', 'failed', HOUR), headers: { 'retry-after': '4000' } };
    const { result, endedAt } = await start([replayOf('run_1'), failed, launchAnswer('run_2')], {});
    expect(result).toMatchObject({ name: 'OutOfTime', waitMs: 4_000_000 });
    expect(endedAt).toBe(20);
  });
});

describe('a launch', () => {
  test('is not sent at the deadline, and has no key then', async () => {
    const { result, sent, latest } = await start([], {}, { deadline: 0 });
    expect(result).toBeInstanceOf(OutOfTime);
    expect(sent).toHaveLength(0);
    expect(latest.idempotencyKey).toBe('');
  });

  test('reports the pause before each further attempt, and none after the last', async () => {
    const script = [problemAnswer(429, 'rate_limited', { 'retry-after': '7' }), problemAnswer(401, 'x')];
    const { events, result } = await start(script, {}, { context: FIRST });
    expect(events.filter(({ kind }) => kind === 'pause')).toMatchObject([{ delayMs: 7_000 }]);
    expect(result).toMatchObject({ problem: { status: 401 } });
  });

  test.each<[status: number, requests: number, type: typeof ApiError | typeof UnknownWorkflowError]>([
    [404, 2, UnknownWorkflowError],
    [403, 1, ApiError],
  ])('is explained by the list of workflows after a 404 alone: %d', async (status, requests, type) => {
    const { result, sent } = await start([problemAnswer(status, 'x'), { body: { data: [] } }], {});
    expect(result).toBeInstanceOf(type);
    expect(sent).toHaveLength(requests);
  });
});
