import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/alloovium/errors.ts';
import { OutOfTime } from '../../src/alloovium/retry.ts';
import { freshKey, intentKey, type Intent } from '../../src/intent.ts';
import type { ConditionResult } from '../../src/gate/condition.ts';
import type { Job } from '../../src/runs/job.ts';
import type { Found } from '../../src/runs/follow.ts';
import { findRun } from '../../src/runs/launch.ts';
import { begin, type Progress } from '../../src/runs/outcome.ts';
import { StepError } from '../../src/step-error.ts';
import {
  anEntry,
  anOrder,
  clientOf,
  fakeApi,
  fakeTransport,
  jobOf,
  launched,
  poll,
  problem,
  reset,
  virtualClock,
  type ApiFault,
  type FakeApi,
  type FakeRun,
  type Reply,
  type Sent,
  type Step,
  type VirtualClock,
} from '../fakes.ts';

const HOURS = 60 * 60_000;
const intent: Intent = {
  when: 'a81d0c4',
  repository: 'acme/site',
  workflowId: 'wf_1',
  projectId: '',
  inputs: { a: 1 },
};
const k1 = intentKey(intent);
const [k2, k3] = [`${k1}_2`, `${k1}_3`];
const red = { agoMs: 2 * HOURS, ending: 'failed' };
const green = { agoMs: 2 * HOURS, ending: 'completed' };
const going = { agoMs: 2 * HOURS, ending: 'completed', endsInMs: HOURS };

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
  readonly result: (Found & Pick<Progress, 'runId' | 'origin' | 'joinedOlder'>) | Error;
  readonly sent: readonly Sent[];
  /** The keys of the launches that were sent. */
  readonly keys: readonly string[];
  /** The runs that were told to be ours. */
  readonly told: readonly string[];
  readonly log: readonly string[];
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
  script: readonly Step[] | ((sent: Sent) => Step),
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
  const told: string[] = [];
  const log: string[] = [];
  const entries = Array.from({ length: gates }, (_, nth) =>
    anEntry({ gate: { conditions: [], evaluate: () => (isRed(nth) ? [RED] : []) } }),
  );
  const progress = begin(anOrder({ ...its, entries }));
  const context = {
    when: its.when,
    commit: its.when,
    repository: its.repository,
    attempt,
    jobRunId,
    isPrivate: true,
  };
  const theJob = jobOf(clock, {
    client: clientOf(clock, transport),
    context,
    signal: cancel.signal,
    emit: (event) => {
      if (event.kind === 'run') told.push(event.runId);
      if (event.kind === 'walk') log.push(event.line.safe);
      if (event.kind === 'notice') log.push(event.text);
    },
    ...about,
  });
  const result = await findRun(progress, theJob).then(
    (found) => {
      const { runId, origin, joinedOlder } = progress;
      return { ...found, runId, origin, joinedOlder };
    },
    (error: unknown) => error as Error,
  );
  const keys = sent.filter(({ method }) => method === 'POST').map(({ key }) => key);
  return { result, sent, keys, told, log };
}

/** A job against an API on which these runs have been before; the faults are for its requests, in turn. */
async function rerun(
  before: Readonly<Record<string, Parameters<FakeApi['addRun']>[1]>>,
  {
    faults = [],
    course,
    ...about
  }: About & {
    faults?: readonly (ApiFault | undefined)[];
    course?: (nth: number) => { ms: number; ending: string };
  } = {},
) {
  const clock = virtualClock();
  const api = fakeApi(clock, {
    fault: ({ nth }) => faults[nth - 1],
    ...(course === undefined ? {} : { course }),
  });
  const old: FakeRun[] = Object.entries(before).map(([key, run]) => api.addRun(key, run));
  const done = await job(clock, api.answer, about);
  return { ...done, api, old, started: api.runs.slice(old.length) };
}

describe('a first attempt', () => {
  test('launches under its key alone; a new run is told at once, and needs no poll', async () => {
    const { result, keys, told, sent } = await rerun({}, { attempt: 1 });
    expect(result).toMatchObject({ runId: 'run_1', origin: { kind: 'new' }, seen: null, joinedOlder: false });
    expect(keys).toEqual([k1]);
    expect(told).toEqual(['run_1']);
    expect(sent).toHaveLength(1);
  });

  test('always joins what its key names, also with `on_rerun: fresh`', async () => {
    for (const onRerun of ['resume', 'fresh'] as const) {
      const { result, keys, started } = await rerun({ [k1]: going }, { attempt: 1, onRerun });
      expect(result).toMatchObject({ runId: 'run_1', origin: { kind: 'joined' }, joinedOlder: true });
      expect(keys).toEqual([k1]);
      expect(started).toHaveLength(0);
    }
  });

  test('K10: joins a red run too, with its age; what it means is for the report', async () => {
    const { result, keys, started } = await rerun({ [k1]: red }, { attempt: 1 });
    expect(result).toMatchObject({
      origin: { kind: 'joined', ageMs: expect.closeTo(2 * HOURS, -4) },
      seen: { status: 'failed' },
      joinedOlder: true,
    });
    expect(keys).toEqual([k1]);
    expect(started).toHaveLength(0);
  });

  test('A25: tells the run before it is polled, so that its ID is known whatever comes', async () => {
    const { result, told } = await rerun(
      { [k1]: going },
      { attempt: 1, faults: [undefined, { reply: problem(410, 'gone') }] },
    );
    expect(told).toEqual(['run_1']);
    expect(result).toMatchObject({ runId: 'run_1', origin: { kind: 'joined', ageMs: null }, seen: null });
  });

  test('A3: its own lost answer is a new run, not a joined one', async () => {
    const { result, api } = await rerun({}, { attempt: 1, faults: [{ reply: reset() }] });
    expect(result).toMatchObject({ origin: { kind: 'new' }, joinedOlder: false });
    expect(api.runs).toHaveLength(1);
  });
});

test('a run that is not waited for is worth no wait, only to tell its age', async () => {
  const clock = virtualClock();
  const replay = launched('run_1', {}, { 'idempotent-replayed': 'true', 'retry-after': '120' });
  const { result, sent } = await job(clock, [replay, poll('run_1', 'running')], { attempt: 1, wait: false });
  expect(result).toMatchObject({ runId: 'run_1', origin: { kind: 'joined', ageMs: null } });
  expect([sent.length, clock.now()]).toEqual([1, 10]);
});

describe('K2: a re-run with `resume`', () => {
  test.each<
    [what: string, before: Record<string, typeof red>, keys: readonly string[], runs: number, joined: boolean]
  >([
    ['k1 still going: joined', { [k1]: going }, [k1], 0, true],
    ['k1 failed: k2 is launched', { [k1]: red }, [k1, k2], 1, false],
    ['k1 red and k2 green: k2 is joined', { [k1]: red, [k2]: green }, [k1, k2], 0, true],
    ['k1 and k2 red and old: k3 is launched', { [k1]: red, [k2]: red }, [k1, k2, k3], 1, false],
    ['k1 no longer kept: it is launched again', {}, [k1], 1, false],
  ])('%s', async (_what, before, keys, runs, joined) => {
    const { result, started, api, told, ...sent } = await rerun(before);
    expect(sent.keys).toEqual(keys);
    expect(started).toHaveLength(runs);
    const ours = api.runs.find(({ key }) => key === keys.at(-1))!.id;
    expect(result).toMatchObject({
      runId: ours,
      origin: { kind: joined ? 'joined' : 'new' },
      joinedOlder: joined,
    });
    // A run that is passed over is never told to be ours.
    expect(told).toEqual([ours]);
  });

  test('a green run whose gate is red is red', async () => {
    const { keys, started } = await rerun({ [k1]: green }, { isRed: () => true });
    expect(keys).toEqual([k1, k2]);
    expect(started).toHaveLength(1);
  });

  test.each<[what: string, reply: Step]>([
    ['not found, for 30 s', problem(404, 'not_found')],
    ['over a cap', { body: `{"a":${'['.repeat(70)}` }],
  ])('k1 is %s: on to k2', async (_what, reply) => {
    const faults = [undefined, ...Array<ApiFault>(30).fill({ reply })];
    const clock = virtualClock();
    const api = fakeApi(clock, {
      fault: ({ nth, path }) => (path.endsWith('/run_1') ? faults[nth - 1] : undefined),
    });
    api.addRun(k1, green);
    const { keys, told } = await job(clock, api.answer);
    expect(keys).toEqual([k1, k2]);
    expect(told).toEqual(['run_2']);
    expect(clock.now()).toBeLessThan(40_000);
  });

  test.each<[string, (headers: Record<string, string>) => Step]>([
    ['over a cap', (headers) => ({ body: `{"a":${'['.repeat(70)}`, headers })],
  ])('k1 is %s, and the server wants peace: its hint comes before k2', async (_, reply) => {
    const after = (seconds: string) =>
      rerun({ [k1]: red }, { faults: [undefined, { reply: reply({ 'retry-after': seconds }) }] });
    const { sent, keys } = await after('40');
    expect(keys).toEqual([k1, k2]);
    expect(sent[2]!.at).toBeGreaterThanOrEqual(sent[1]!.endedAt! + 40_000);
    const { result, keys: late } = await after('4000');
    expect(result).toBeInstanceOf(OutOfTime);
    expect(late).toEqual([k1]);
  });

  test('the hint of a launch or a poll that went well is kept too', async () => {
    const peace = { 'retry-after': '40' };
    const first = await job(virtualClock(), [launched('run_1', {}, peace)]);
    expect(first.result).toMatchObject({ notBefore: 40_010 });
    const replay = launched('run_1', {}, { 'idempotent-replayed': 'true', ...peace });
    const failed = poll('run_1', 'failed', { created_at: '2026-04-08T01:00:00+00:00' });
    const script = [replay, { ...failed, headers: { ...failed.headers, ...peace } }, launched('run_2')];
    const { sent, keys } = await job(virtualClock(), script);
    expect(keys).toEqual([k1, k2]);
    expect(sent[1]!.at).toBeGreaterThanOrEqual(sent[0]!.endedAt! + 40_000);
    expect(sent[2]!.at).toBeGreaterThanOrEqual(sent[1]!.endedAt! + 40_000);
    const late = await job(virtualClock(), script, { deadline: 60_000 });
    expect(late.result).toBeInstanceOf(OutOfTime);
    expect(late.keys).toEqual([k1]);
    // Also where no poll tells of the run that was joined.
    const gone = await job(virtualClock(), [replay, problem(410, 'gone')], { attempt: 1 });
    expect(gone.result).toMatchObject({ seen: null, notBefore: 40_010 });
  });

  test('k1 cannot be judged because polls fail: that is an error, and launches nothing', async () => {
    const { result, keys } = await rerun(
      { [k1]: red },
      { faults: [undefined, ...Array<ApiFault>(5).fill({ reply: problem(401, 'api_key_revoked') })] },
    );
    expect(result).toBeInstanceOf(ApiError);
    expect(keys).toEqual([k1]);
  });

  test('a lost answer of our own, and then no poll: the run is told all the same', async () => {
    const { result, told, started } = await rerun(
      {},
      {
        faults: [
          { reply: reset() },
          undefined,
          { reply: problem(403, 'permission_denied') },
          { reply: problem(403, 'permission_denied') },
        ],
      },
    );
    expect(result).toBeInstanceOf(ApiError);
    expect(told).toEqual(['run_1']);
    expect(started).toHaveLength(1);
  });

  test('a red run that was polled until the deadline is followed by no launch', async () => {
    const clock = virtualClock();
    const api = fakeApi(clock, {});
    api.addRun(k1, red);
    const { result, keys } = await job(
      clock,
      (sent) => {
        const step = api.answer(sent);
        return sent.method === 'POST' ? step : { ...(step as Reply), afterMs: 2_500 };
      },
      { deadline: 1_800 },
    );
    expect(result).toBeInstanceOf(OutOfTime);
    expect(keys).toEqual([k1]);
  });

  test('a red run that a sibling launched since this attempt began, before this step, is joined', async () => {
    const clock = virtualClock();
    const api = fakeApi(clock, {});
    api.addRun(k1, { agoMs: 20_000, ending: 'failed' });
    const { result, keys } = await job(clock, api.answer, { attemptBeganAt: clock.now() - 60_000 });
    expect(result).toMatchObject({ runId: 'run_1', joinedOlder: false });
    expect(keys).toEqual([k1]);
  });

  test('a lost answer of our own under k2: the replay is our run', async () => {
    const { result, keys, started } = await rerun(
      { [k1]: red },
      { faults: [undefined, undefined, { reply: reset() }] },
    );
    expect(keys).toEqual([k1, k2, k2]);
    expect(started).toHaveLength(1);
    expect(result).toMatchObject({ runId: 'run_2', origin: { kind: 'new' }, joinedOlder: false });
  });

  test.each([-HOURS, HOURS])(
    '… whatever our clock says: the server’s counts (%d ms apart)',
    async (apartMs) => {
      const clock = virtualClock();
      const api = fakeApi(clock, {
        date: () => clock.date() + apartMs,
        fault: ({ nth }) => (nth === 3 ? { reply: reset() } : undefined),
        course: () => ({ ms: 1, ending: 'failed' }),
      });
      api.addRun(k1, red);
      const { result, keys } = await job(clock, api.answer);
      expect(keys).toEqual([k1, k2, k2]);
      expect(result).toMatchObject({ runId: 'run_2', joinedOlder: false });
    },
  );

  test.each([
    [2_000, [k1]],
    [4_000, [k1, k2]],
  ])('a red run made %d ms before this attempt began: 2 s are allowed', async (agoMs, keys) => {
    expect((await rerun({ [k1]: { agoMs, ending: 'failed' } })).keys).toEqual(keys);
  });

  test.each([0, 1, 2])('a run of several entries is red if gate %d of them is', async (red) => {
    const about = { gates: 3, isRed: (nth: number) => nth === red };
    expect((await rerun({ [k1]: green }, about)).keys).toEqual([k1, k2]);
  });

  test('twenty red runs are enough: an error that says what to do, and nothing is launched', async () => {
    const keysOf = Array.from({ length: 20 }, (_, at) => (at === 0 ? k1 : `${k1}_${at + 1}`));
    const { result, keys, started } = await rerun(Object.fromEntries(keysOf.map((key) => [key, red])));
    expect(result).toBeInstanceOf(StepError);
    expect(result).toMatchObject({ remedy: expect.stringContaining('Push a new commit') });
    expect(keys).toEqual(keysOf);
    expect(started).toHaveLength(0);
  });

  test('cancelled on the way: at once, and no run is told to be ours', async () => {
    const clock = virtualClock();
    const cancel = new AbortController();
    const api = fakeApi(clock, { fault: ({ nth }) => (nth === 2 ? { reply: 'hang' } : undefined) });
    api.addRun(k1, red);
    clock.at(5_000, () => cancel.abort(new Error('cancelled')));
    const { result, keys, told } = await job(clock, api.answer, { cancel });
    expect(result).toMatchObject({ message: 'cancelled' });
    expect(keys).toEqual([k1]);
    expect(told).toEqual([]);
    expect(clock.now()).toBe(5_000);
  });

  test('out of time on the way: nothing further is launched', async () => {
    const { result, keys } = await rerun(
      { [k1]: red },
      {
        faults: [
          undefined,
          ...Array<ApiFault>(900).fill({ reply: problem(429, 'x', { 'retry-after': '600' }) }),
        ],
      },
    );
    expect(result).toBeInstanceOf(OutOfTime);
    expect(keys).toEqual([k1]);
  });
});

describe('K2: two jobs at once', () => {
  test.each<[what: string, gapMs: number, workMs: number, lose: boolean]>([
    ['at the same moment', 0, 0, false],
    ['a second apart', 1_000, 0, false],
    ['and the answer of the first is lost while it is handled', 100, 20_000, true],
  ])('%s: one run for both', async (_what, gapMs, workMs, lose) => {
    const clock = virtualClock();
    let launches = 0;
    const api = fakeApi(clock, {
      fault: ({ key }) =>
        key === k2 && ++launches === 1 ? { workMs, ...(lose ? { reply: reset() } : {}) } : undefined,
      course: () => ({ ms: 50, ending: 'failed' }),
    });
    api.addRun(k1, red);
    const jobs = await Promise.all([
      job(clock, api.answer),
      clock.sleep(gapMs, new AbortController().signal).then(() => job(clock, api.answer)),
    ]);
    expect(api.runs.map(({ key }) => key)).toEqual([k1, k2]);
    expect(jobs.map(({ told }) => told)).toEqual([['run_2'], ['run_2']]);
    // Whose run it is where the first answer is lost cannot be known.
    if (!lose)
      expect(jobs.map(({ result }) => (result as Found & Pick<Progress, 'origin'>).origin?.kind)).toEqual([
        'new',
        'joined',
      ]);
  });
});

describe('K3: a re-run with `fresh`', () => {
  const fresh = { onRerun: 'fresh' } as const;

  test('uses its own key alone, and polls no older run', async () => {
    const { keys, result, started } = await rerun({ [k1]: green }, fresh);
    expect(keys).toEqual([freshKey(k1, '77', 2)]);
    expect(result).toMatchObject({ origin: { kind: 'new' } });
    expect(started).toHaveLength(1);
  });
});

describe('a workflow that is not known (404)', () => {
  const missing = problem(404, 'not_found');
  const page = (ids: readonly string[], next: string | null = null): Step => ({
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

  test('the log names the three that are nearest, by ID and name, and whether they are enabled', async () => {
    const { log, sent } = await job(
      virtualClock(),
      [missing, page(['wf_zzzz', 'wf_124', 'wf_12', 'wf_1235'])],
      wf('wf_123'),
    );
    expect(log).toEqual([
      'did you mean wf_124 “Name of wf_124” or wf_12 “Name of wf_12” (disabled) or wf_1235 “Name of wf_1235”?',
    ]);
    expect(sent).toHaveLength(2);
  });

  test('goes through the pages', async () => {
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

  test('twenty pages are enough', async () => {
    const { sent } = await job(
      virtualClock(),
      ({ nth }) => (nth === 1 ? missing : page(['wf_a'], `c${nth}`)),
      wf('wf_123'),
    );
    expect(sent).toHaveLength(21);
  });

  test('without the list it is an error all the same, in time', async () => {
    for (const failing of [problem(403, 'x'), reset(), 'hang', { body: '[]' }, { status: 502 }] as Step[]) {
      const clock = virtualClock();
      const { result } = await job(clock, [missing, failing], wf('wf_123'));
      expect(result).toMatchObject({ headline: expect.stringContaining('Workflow not found') });
      expect(clock.now()).toBeLessThanOrEqual(61_000);
    }
  });

  test('from something that is not the API: its address is to be checked', async () => {
    const { result } = await job(virtualClock(), [{ status: 404, body: '<html>' }], wf('wf_123'));
    expect(result).toMatchObject({ remedy: expect.stringContaining('`api_url`') });
    const { result: known } = await job(virtualClock(), [missing, page([])], wf('wf_123'));
    expect(known).toMatchObject({ remedy: expect.not.stringContaining('`api_url`') });
  });

  test('where the server wants peace, the list is not asked for', async () => {
    const { sent, result } = await job(
      virtualClock(),
      [problem(404, 'not_found', { 'retry-after': '5' })],
      wf('wf_123'),
    );
    expect(sent).toHaveLength(1);
    expect(result).toBeInstanceOf(StepError);
  });
});
