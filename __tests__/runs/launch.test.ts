import { describe, expect, test } from '@jest/globals';
import { ApiError, RequestError } from '../../src/alloovium/errors.ts';
import { OutOfTime } from '../../src/alloovium/retry.ts';
import { createIntentKey, type Intent } from '../../src/intent.ts';
import type { ConditionResult } from '../../src/gate/condition.ts';
import type { Job } from '../../src/runs/job.ts';
import type { FoundRun } from '../../src/runs/follow.ts';
import { launchOrJoin } from '../../src/runs/launch.ts';
import { createRecord, type OrderRecord } from '../../src/runs/record.ts';
import { StepError } from '../../src/step-error.ts';
import {
  anEntry,
  anOrder,
  clientOf,
  fakeApi,
  fakeTransport,
  jobOf,
  launchAnswer,
  pollAnswer,
  problemAnswer,
  resetError,
  virtualClock,
  type ApiFault,
  type FakeApi,
  type FakeRun,
  type ScriptedAnswer,
  type SentRequest,
  type ScriptStep,
  type VirtualClock,
} from '../fakes.ts';

const HOURS = 60 * 60_000;
const intent: Intent = {
  keyScope: 'a81d0c4',
  repository: 'acme/site',
  workflowId: 'wf_1',
  projectId: '',
  inputs: { a: 1 },
};
const k1 = createIntentKey(intent);
const k2 = `${k1}_2`;
const red = { agoMs: 2 * HOURS, ending: 'failed' };
const green = { agoMs: 2 * HOURS, ending: 'completed' };

/** What is different about a job: its order, its circumstances, and what would turn it red. */
interface About extends Partial<Omit<Job, 'context' | 'client'>> {
  readonly intent?: Intent;
  readonly attempt?: number;
  readonly jobRunId?: string;
  /** By the place of the gate. */
  readonly isRed?: (nth: number) => boolean;
  /** How many the run has. */
  readonly gates?: number;
  readonly cancel?: AbortController;
}

interface Played {
  readonly result: (FoundRun & Pick<OrderRecord, 'joinedOlder'>) | Error;
  readonly sent: readonly SentRequest[];
  /** The keys of the launches that were sent. */
  readonly keys: readonly string[];
  /** The runs that were told to be ours. */
  readonly reported: readonly string[];
  readonly log: readonly string[];
  readonly redRunsBefore: number | null;
}

const RED: ConditionResult = {
  condition: { severity: 'fail', name: null, expression: 'true', line: 1 },
  result: 'holds',
  matched: [],
  unmatched: null,
  problem: null,
  notices: [],
};

async function job(
  clock: VirtualClock,
  script: readonly ScriptStep[] | ((sent: SentRequest) => ScriptStep),
  {
    intent: its = intent,
    attempt = 2,
    jobRunId = '77',
    isRed = () => false,
    gates = 1,
    cancel = new AbortController(),
    ...about
  }: About = {},
): Promise<Played> {
  const { transport, sent } = fakeTransport(clock, script);
  const reported: string[] = [];
  const log: string[] = [];
  const entries = Array.from({ length: gates }, (_, nth) =>
    anEntry({ gate: { conditions: [], evaluate: () => (isRed(nth) ? [RED] : []) } }),
  );
  const order = anOrder({ ...its, entries });
  const { emit, latest } = createRecord(order, (event) => {
    if (event.kind === 'run') reported.push(event.runId);
    if (event.kind === 'earlier_run') log.push(event.line.safe);
    if (event.kind === 'notice' || event.kind === 'log_note') log.push(event.text);
  });
  const context = {
    keyScope: its.keyScope,
    commit: its.keyScope,
    repository: its.repository,
    attempt,
    jobRunId,
    isPrivate: true,
  };
  const theJob = jobOf(clock, {
    client: clientOf(clock, transport),
    context,
    signal: cancel.signal,
    emit,
    ...about,
  });
  const result = await launchOrJoin(order, theJob).then(
    (found) => ({ ...found, joinedOlder: latest().joinedOlder }),
    (error: unknown) => error as Error,
  );
  const keys = sent.filter(({ method }) => method === 'POST').map(({ key }) => key);
  const { redRunsBefore } = latest();
  return { result, sent, keys, reported, log, redRunsBefore };
}

/** A job against an API on which these runs have been before; the faults are for its requests, in turn. */
async function rerun(
  before: Readonly<Record<string, Parameters<FakeApi['addRun']>[1]>>,
  {
    faults = [],
    planOf,
    ...about
  }: About & {
    faults?: readonly (ApiFault | undefined)[];
    planOf?: (nth: number) => { ms: number; ending: string };
  } = {},
) {
  const clock = virtualClock();
  const api = fakeApi(clock, {
    fault: ({ nth }) => faults[nth - 1],
    ...(planOf === undefined ? {} : { planOf }),
  });
  const old: FakeRun[] = Object.entries(before).map(([key, run]) => api.addRun(key, run));
  const done = await job(clock, api.answer, about);
  return { ...done, api, old, started: api.runs.slice(old.length) };
}

test('polls a joined run with `wait: false` only to report its age', async () => {
  const clock = virtualClock();
  const replay = launchAnswer('run_1', {}, { 'idempotent-replayed': 'true', 'retry-after': '120' });
  const { result, sent } = await job(clock, [replay, pollAnswer('run_1', 'running')], {
    attempt: 1,
    wait: false,
  });
  expect(result).toMatchObject({ runId: 'run_1', origin: { kind: 'joined', ageMs: null } });
  expect([sent.length, clock.now()]).toEqual([1, 10]);
});

test('refuses a run of another workflow also with `wait: false`', async () => {
  const replay = launchAnswer('run_1', {}, { 'idempotent-replayed': 'true' });
  const other = pollAnswer('run_1', 'running', { workflow_id: 'wf_2' });
  const { result, reported } = await job(virtualClock(), [replay, other], { attempt: 1, wait: false });
  expect(result).toMatchObject({ headline: expect.stringContaining('a run of another workflow') });
  expect(reported).toEqual(['run_1']);
});

describe('a launch that was sent again', () => {
  const ANOTHER = /^an earlier attempt of this launch may have started another run/;
  const replay = launchAnswer('run_1', {}, { 'idempotent-replayed': 'true' });
  const createdAt = (time: string) =>
    pollAnswer('run_1', 'running', { created_at: `2026-04-08T${time}+00:00` });

  test.each<[first: string, step: ScriptStep]>([
    ['a connection that broke', resetError()],
    ['a 502 of a gateway', { status: 502, body: '<html>' }],
    ['a 503 of the API', problemAnswer(503, 'unavailable')],
  ])('has one notice if it is answered after %s without a replay', async (_, first) => {
    for (const attempt of [1, 2]) {
      const { log, reported } = await job(virtualClock(), [first, first, launchAnswer('run_1')], { attempt });
      expect(log).toEqual([expect.stringMatching(ANOTHER)]);
      expect(reported).toEqual(['run_1']);
    }
  });

  test.each<[what: string, script: readonly ScriptStep[]]>([
    ['a replay names the run of the first attempt', [resetError(), replay, createdAt('10:00:00')]],
    ['nothing was accepted before', [problemAnswer(429, 'rate_limited'), launchAnswer('run_1')]],
    ['it was not sent again', [launchAnswer('run_1')]],
  ])('needs no notice where %s', async (_, script) => {
    expect((await job(virtualClock(), script, { attempt: 1 })).log).toEqual([]);
  });

  test('joins the run of a replay after an API error, which may have started another', async () => {
    const script = [problemAnswer(503, 'unavailable'), replay, createdAt('10:00:01')];
    const { log, result } = await job(virtualClock(), script, { attempt: 1 });
    expect(log).toEqual([expect.stringMatching(ANOTHER)]);
    expect(result).toMatchObject({ origin: { kind: 'joined' } });
  });

  test('counts its run as new only if it was created since the first attempt that may have started one', async () => {
    const limited = problemAnswer(429, 'rate_limited', { 'retry-after': '600' });
    const origin = async (time: string) => {
      const { result } = await job(virtualClock(), [limited, resetError(), replay, createdAt(time)], {
        attempt: 1,
      });
      return result;
    };
    // The job began at 10:00, and sent what got lost ten minutes later: meanwhile another job launched.
    expect(await origin('10:10:01')).toMatchObject({ origin: { kind: 'new' }, joinedOlder: false });
    expect(await origin('10:05:00')).toMatchObject({ origin: { kind: 'joined' }, joinedOlder: false });
    expect(await origin('09:59:00')).toMatchObject({ origin: { kind: 'joined' }, joinedOlder: true });
  });
});

describe('K2: a re-run with `resume`', () => {
  test.each<[what: string, reply: ScriptStep]>([
    ['not found, for 30 s', problemAnswer(404, 'not_found')],
    ['over a limit', { body: `{"a":${'['.repeat(70)}` }],
  ])('goes on to the second key if the run of the first is %s', async (_what, reply) => {
    const faults = [undefined, ...Array<ApiFault>(30).fill({ reply })];
    const clock = virtualClock();
    const api = fakeApi(clock, {
      fault: ({ nth, path }) => (path.endsWith('/run_1') ? faults[nth - 1] : undefined),
    });
    api.addRun(k1, green);
    const { keys, reported } = await job(clock, api.answer);
    expect(keys).toEqual([k1, k2]);
    expect(reported).toEqual(['run_2']);
    expect(clock.now()).toBeLessThan(40_000);
  });

  test('launches the second key at once if the first run is over a limit and nothing asked to wait', async () => {
    const reply = { body: `{"a":${'['.repeat(70)}` };
    const { sent, keys } = await rerun({ [k1]: red }, { faults: [undefined, { reply }] });
    expect(keys).toEqual([k1, k2]);
    expect(sent[2]!.at - sent[1]!.endedAt!).toBeLessThan(1_000);
  });

  test('waits for the server’s hint before the second key if the first run is over a limit', async () => {
    const after = (seconds: string) => {
      const reply = { body: `{"a":${'['.repeat(70)}`, headers: { 'retry-after': seconds } };
      return rerun({ [k1]: red }, { faults: [undefined, { reply }] });
    };
    const { sent, keys } = await after('40');
    expect(keys).toEqual([k1, k2]);
    expect(sent[2]!.at).toBeGreaterThanOrEqual(sent[1]!.endedAt! + 40_000);
    const { result, keys: late } = await after('4000');
    expect(result).toBeInstanceOf(OutOfTime);
    expect(late).toEqual([k1]);
  });

  test('waits for the hint of a successful launch or poll too', async () => {
    const peace = { 'retry-after': '40' };
    const first = await job(virtualClock(), [launchAnswer('run_1', {}, peace)]);
    expect(first.result).toMatchObject({ answer: { at: 10, retryAfterAt: 40_010 } });
    const replay = launchAnswer('run_1', {}, { 'idempotent-replayed': 'true', ...peace });
    const failed = pollAnswer('run_1', 'failed', { created_at: '2026-04-08T01:00:00+00:00' });
    const script = [replay, { ...failed, headers: { ...failed.headers, ...peace } }, launchAnswer('run_2')];
    const { sent, keys } = await job(virtualClock(), script);
    expect(keys).toEqual([k1, k2]);
    expect(sent[1]!.at).toBeGreaterThanOrEqual(sent[0]!.endedAt! + 40_000);
    expect(sent[2]!.at).toBeGreaterThanOrEqual(sent[1]!.endedAt! + 40_000);
    const late = await job(virtualClock(), script, { deadline: 60_000 });
    expect(late.result).toBeInstanceOf(OutOfTime);
    expect(late.keys).toEqual([k1]);
    // Also where no poll tells of the run that was joined.
    const gone = await job(virtualClock(), [replay, problemAnswer(410, 'gone')], { attempt: 1 });
    expect(gone.result).toMatchObject({ answer: { at: 10, retryAfterAt: 40_010 }, seen: null });
  });

  test('fails and launches nothing if the run of the first key cannot be evaluated because polls fail', async () => {
    const { result, keys } = await rerun(
      { [k1]: red },
      { faults: [undefined, ...Array<ApiFault>(5).fill({ reply: problemAnswer(401, 'api_key_revoked') })] },
    );
    expect(result).toBeInstanceOf(ApiError);
    expect(keys).toEqual([k1]);
  });

  test.each<[what: string, reply: ScriptStep]>([
    ['a poll that is denied', problemAnswer(403, 'permission_denied')],
    ['outputs that are too deep', { body: `{"a":${'['.repeat(70)}` }],
    ['a run that is gone', problemAnswer(410, 'gone')],
  ])('reports the one run of a launch whose answer was lost before %s', async (_what, reply) => {
    const faults = [{ reply: resetError() }, undefined, { reply }, { reply }];
    const { result, reported, started } = await rerun({}, { faults });
    expect(result).toBeInstanceOf(RequestError);
    expect(reported).toEqual(['run_1']);
    expect(started).toHaveLength(1);
  });

  test('launches nothing after a red run that was polled until the deadline', async () => {
    const clock = virtualClock();
    const api = fakeApi(clock, {});
    api.addRun(k1, red);
    const { result, keys } = await job(
      clock,
      (sent) => {
        const step = api.answer(sent);
        return sent.method === 'POST' ? step : { ...(step as ScriptedAnswer), afterMs: 2_500 };
      },
      { deadline: 1_800 },
    );
    expect(result).toBeInstanceOf(OutOfTime);
    expect(keys).toEqual([k1]);
  });

  test.each([
    [2_000, [k1]],
    [4_000, [k1, k2]],
  ])(
    'counts a red run as one of this attempt only if it was created at most 2 s before it began: %d ms',
    async (agoMs, keys) => {
      expect((await rerun({ [k1]: { agoMs, ending: 'failed' } })).keys).toEqual(keys);
    },
  );

  test('fails with a remedy after twenty red runs, and launches nothing', async () => {
    const keysOf = Array.from({ length: 20 }, (_, at) => (at === 0 ? k1 : `${k1}_${at + 1}`));
    const old = Object.fromEntries(keysOf.map((key, at) => [key, at === 7 ? red : green]));
    const { result, keys, started, redRunsBefore } = await rerun(old, { isRed: () => true });
    expect(result).toBeInstanceOf(StepError);
    expect(result).toMatchObject({ remedy: 'A new commit starts a separate run.' });
    expect(keys).toEqual(keysOf);
    expect(started).toHaveLength(0);
    // One of them failed.
    expect(redRunsBefore).toBe(19);
  });

  test('launches nothing further once the time has run out', async () => {
    const { result, keys } = await rerun(
      { [k1]: red },
      {
        faults: [
          undefined,
          ...Array<ApiFault>(900).fill({ reply: problemAnswer(429, 'x', { 'retry-after': '600' }) }),
        ],
      },
    );
    expect(result).toBeInstanceOf(OutOfTime);
    expect(keys).toEqual([k1]);
  });
});

describe('a workflow that is not known (404)', () => {
  const missing = problemAnswer(404, 'not_found');
  const page = (ids: readonly string[], next: string | null = null): ScriptStep => ({
    body: {
      data: ids.map((id) => ({ id, name: `Name of ${id}`, enabled: id !== 'wf_12' })),
      next_cursor: next,
      has_more: next !== null,
    },
  });
  const wf = (workflowId: string): About => ({
    attempt: 1,
    intent: { ...intent, workflowId },
  });

  test('is searched in all pages of the list', async () => {
    const { log, sent } = await job(
      virtualClock(),
      [missing, page(['wf_zzzz'], 'c1'), page([], 'c2'), page(['wf_123x'])],
      wf('wf_123'),
    );
    expect(sent.slice(1).map(({ path }) => path)).toEqual([
      '/api/v2/workflows?limit=100',
      '/api/v2/workflows?limit=100&cursor=c1',
      '/api/v2/workflows?limit=100&cursor=c2',
    ]);
    expect(log[0]).toMatch(/wf_123x .*wf_zzzz/);
  });

  test('is searched in twenty pages at most', async () => {
    const { sent } = await job(
      virtualClock(),
      ({ nth }) => (nth === 1 ? missing : page(['wf_a'], `c${nth}`)),
      wf('wf_123'),
    );
    expect(sent).toHaveLength(21);
  });

  test('is an error within the time limit also if the list cannot be read', async () => {
    for (const failing of [
      problemAnswer(403, 'x'),
      resetError(),
      'hang',
      { body: '[]' },
      { status: 502 },
    ] as ScriptStep[]) {
      const clock = virtualClock();
      const { result } = await job(clock, [missing, failing], { ...wf('wf_123'), random: () => 0.5 });
      expect(result).toMatchObject({ headline: expect.stringContaining('Workflow not found') });
      expect(clock.now()).toBeLessThanOrEqual(61_000);
    }
  });

  test('is not searched if the server asked to wait', async () => {
    const { sent, result } = await job(
      virtualClock(),
      [problemAnswer(404, 'not_found', { 'retry-after': '5' })],
      wf('wf_123'),
    );
    expect(sent).toHaveLength(1);
    expect(result).toBeInstanceOf(StepError);
  });
});
