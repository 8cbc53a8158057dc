/** K: one intent, one run: idempotency keys, and how re-runs of a job use them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import type { Api } from '../../simulator/api.ts';
import type { JournalEntry } from '../../simulator/journal.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW, WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import type { RunRow } from '../../src/report/runs-json.ts';
import { runRow, TOKEN, type Run, type RowSetup, type RowResult } from './run-row.ts';

jest.setTimeout(60_000);

const HOUR = 3_600_000;
const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
const HEADS = [
  '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2',
  '0123456789abcdef0123456789abcdef01234567',
] as const;

const advance = (ms: number) => (api: Api) => {
  api.advance(ms);
};
/** A later attempt of the first job run, an hour after the one before. */
const attempt = (number: number): Run => ({ attempt: number, before: advance(HOUR) });

type Ending = 'green' | 'red' | 'red at once' | 'gate holds' | 'gate broken' | 'cancelled' | 'long';
const LIFECYCLES: Readonly<Record<Ending, Lifecycle>> = {
  green: steadyLifecycle({ queuedMs: 0, runningMs: 1_000, outputs: { items: [] } }),
  red: steadyLifecycle({ queuedMs: 0, runningMs: 1_000, ending: 'failed', errorMessage: 'No text layer.' }),
  'red at once': steadyLifecycle({ queuedMs: 0, runningMs: 0, ending: 'failed' }),
  'gate holds': steadyLifecycle({ queuedMs: 0, runningMs: 1_000, outputs: { items: [1] } }),
  'gate broken': steadyLifecycle({ queuedMs: 0, runningMs: 1_000, outputs: { findings: [] } }),
  cancelled: steadyLifecycle({ queuedMs: 0, runningMs: 1_000, ending: 'cancelled' }),
  long: steadyLifecycle({ queuedMs: 0, runningMs: 2 * HOUR, outputs: { items: [] } }),
};
const SLOWLY_RED = steadyLifecycle({ queuedMs: 0, runningMs: 4_000, ending: 'failed' });

/** How the runs end, in the order of their creation. */
const ending = (...endings: Ending[]): Pick<RowSetup, 'api' | 'inputs'> => ({
  api: { lifecycle: ({ count }) => LIFECYCLES[endings[count - 1] ?? 'green'] },
  inputs: { fail_if: 'outputs.items' },
});

const keysOf = (entries: readonly JournalEntry[]) => entries.map(({ idempotencyKey }) => idempotencyKey);
const ids = ({ api }: RowResult) => api.runs.map(({ id }) => id);
const conclusions = ({ results }: RowResult) => results.map(({ outputs }) => outputs.conclusion);
const runIds = ({ results }: RowResult) => results.map(({ outputs }) => outputs.run_id);

/** The key of each launch, as `k1`, `k2` …: the first job's keys in their order. */
function keyLabels({ launches }: RowResult): string[] {
  const first = launches[0]!.idempotencyKey!;
  return launches.map(({ idempotencyKey }) => {
    const key = idempotencyKey!;
    const suffix = key.slice(first.length);
    expect(key.startsWith(first)).toBe(true);
    return suffix === '' ? 'k1' : suffix.replace(/^_/, 'k');
  });
}

test.concurrent(
  'K1: the process is killed with its launch under way and started again, keys in another order: the same bytes, the same key',
  async () => {
    let arrived!: () => void;
    const whenDone = new Promise<void>((resolve) => (arrived = resolve));
    const played = await runRow({
      inputs: {
        inputs: '{"b": {"y": [1, "1"], "x": null}, "a": 1.5, "10": true, "9": "é"}',
        project_id: 'p1',
      },
      faults: [
        ({ call, nth }) => {
          if (call !== 'launch' || nth !== 1) return undefined;
          arrived();
          return { wire: ['hang'] };
        },
      ],
      runs: [
        { signals: [{ whenDone, signal: 'SIGKILL' }] },
        { inputs: { inputs: '"9": é\na: 1.5\nb:\n  x: null\n  y: [1, "1"]\n"10": true\n' } },
        { inputs: { inputs: '{"10":true,"9":"\\u00e9","a":1.5,"b":{"x":null,"y":[1,"1"]}}' } },
      ],
      mayLackOutputs: true,
      ignoredViolations: ['I5'],
    });
    const { results, launches, api } = played;
    expect(results.map(({ signal, exitCode }) => signal ?? exitCode)).toEqual(['SIGKILL', 0, 0]);
    expect(launches).toHaveLength(3);
    expect(new Set(keysOf(launches)).size).toBe(1);
    const [first, ...unmatched] = launches.map(({ body }) => body);
    expect(first!.length).toBeGreaterThan(50);
    for (const body of unmatched) expect(body.equals(first!)).toBe(true);
    expect(api.runs).toHaveLength(1);
    expect(runIds(played).slice(1)).toEqual([api.runs[0]!.id, api.runs[0]!.id]);
  },
);

test.concurrent.each<[string, Ending, string]>([
  ['', 'green', 'success'],
  [', and their run fails at once', 'red at once', 'failure'],
])(
  'K2: two jobs re-run at once%s: one launch under k2, both have its run',
  async (_what, second, conclusion) => {
    const played = await runRow({
      ...ending('red', second),
      speed: 10,
      // Both start before either has its answer for k1.
      faults: [
        {
          when: {
            call: 'launch',
            match: ({ idempotencyKey, attempt }) => attempt > 1 && idempotencyKey?.endsWith('_2') === false,
          },
          wire: [{ waitMs: 25_000 }, 'head', 'body'],
        },
      ],
      runs: [{}, [{ ...attempt(2) }, { attempt: 2, runId: 17_000_000_002 }]],
      ignoredViolations: ['I8: more than one request in flight', 'I8: poll sent', 'I8: launch sent'],
    });
    expect(conclusions(played)).toEqual(['failure', conclusion, conclusion]);
    expect(ids(played)).toHaveLength(2);
    expect(runIds(played)).toEqual([ids(played)[0], ids(played)[1], ids(played)[1]]);
    expect(new Set(keyLabels(played))).toEqual(new Set(['k1', 'k2']));
    expect(
      played.results
        .slice(1)
        .map(({ outputs }) => outputs.replayed)
        .sort(),
    ).toEqual(['false', 'true']);
  },
);

test.concurrent(
  'K13: cancelled while it looks for the last run of earlier attempts: the number of earlier red runs is not known',
  async () => {
    let isSecond = false;
    const played = await runRow({
      ...ending('gate holds'),
      faults: [{ when: { call: 'poll', match: () => isSecond }, wire: ['hang'] }],
      runs: [
        {},
        {
          attempt: 2,
          before: () => void (isSecond = true),
          signals: [{ whenStdout: /was launched earlier/, signal: 'SIGINT' }],
        },
      ],
    });
    expect(played.outputs).toMatchObject({ conclusion: 'interrupted', red_runs_before: '' });
  },
);

test.concurrent.each([
  ['a single run', {}],
  ['several', { runs: 'A: {}\nB: { project_id: p2 }' }],
])(
  'reports 0 earlier red runs on a first attempt, and no number on a second, if the step ends before it launches: %s',
  async (_, inputs) => {
    const played = await runRow({
      inputs: { fail_if: 'outputs.items', api_key: '', ...inputs },
      runs: [{}, { attempt: 2 }],
    });
    const rows = played.results.flatMap(({ outputs: { runs_json: rows = '' } }) =>
      rows === '' ? [] : [(JSON.parse(rows) as RunRow[]).map((row) => row.red_runs_before)],
    );
    expect(played.results.map(({ outputs }) => outputs.red_runs_before)).toEqual(['0', '']);
    expect(rows).toEqual(
      'runs' in inputs
        ? [
            [0, 0],
            [null, null],
          ]
        : [],
    );
  },
);

/** Only launches, to see which jobs share a key and a run. */
async function launchAll(
  runs: readonly Run[],
  about: RowSetup = {},
): Promise<{ keys: string[]; played: RowResult }> {
  const played = await runRow({ ...about, inputs: { wait: 'false', ...about.inputs }, runs });
  for (const { exitCode, outputs } of played.results) {
    expect(exitCode).toBe(0);
    expect(outputs.conclusion).toBe('pending');
  }
  const keys = keysOf(played.launches).map((key) => key ?? '');
  expect(keys).toHaveLength(runs.length);
  expect(keys).toEqual(played.results.map(({ outputs }) => outputs.idempotency_key));
  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
  // One run per key.
  expect(new Set(ids(played)).size).toBe(new Set(keys).size);
  expect(new Set(runIds(played)).size).toBe(new Set(keys).size);
  return { keys, played };
}

const pull = (head: string, base: string, number = 7) => ({
  number,
  pull_request: {
    number,
    head: { sha: head, ref: 'fix', repo: { full_name: 'octo-org/tower' } },
    base: { sha: base, ref: 'main', repo: { full_name: 'octo-org/tower' } },
    user: { login: 'octocat' },
  },
});

describe('K. Which jobs share a run', () => {
  test.concurrent('K4: matrix jobs: only their inputs and projects make their keys different', async () => {
    const matrixJob = (name: string, part: string, project_id = 'p1'): Run => ({
      matrix: { name },
      inputs: { inputs: `part: ${part}`, project_id },
      env: { GITHUB_JOB: name },
    });
    const { keys } = await launchAll([
      matrixJob('a', 'x'),
      matrixJob('b', 'y'),
      matrixJob('c', 'x'),
      matrixJob('d', 'x', 'p2'),
    ]);
    expect(keys[2]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });

  test.concurrent('K4: matrix jobs with the same inputs at once: one shared run, launched once', async () => {
    const played = await runRow({
      ...ending('green'),
      runs: [['a', 'b', 'c'].map((name) => ({ matrix: { name } }))],
      ignoredViolations: ['I8: more than one request in flight', 'I8: poll sent', 'I8: launch sent'],
    });
    expect(conclusions(played)).toEqual(['success', 'success', 'success']);
    expect(ids(played)).toHaveLength(1);
    expect(new Set(runIds(played))).toEqual(new Set(ids(played)));
  });

  test.concurrent(
    'K5: daily schedule, dispatch, workflow_run on the same commit: a run each; a re-run joins its own',
    async () => {
      const { keys, played } = await launchAll([
        { eventName: 'schedule', runId: 101 },
        { eventName: 'schedule', runId: 102, before: advance(23 * HOUR) },
        { eventName: 'workflow_dispatch', runId: 103 },
        { eventName: 'workflow_run', runId: 104 },
        { eventName: 'repository_dispatch', runId: 105 },
        { eventName: 'push', runId: 106 },
        { eventName: 'schedule', runId: 102, attempt: 2 },
      ]);
      expect(new Set(keys).size).toBe(6);
      expect(keys[6]).toBe(keys[1]);
      expect(keys[1]).toMatch(new RegExp(`^gha_${SHA}-102_[0-9a-f]{32}$`));
      expect(keys[5]).toMatch(new RegExp(`^gha_${SHA}_[0-9a-f]{32}$`));
      expect(played.results[6]!.outputs.run_id).toBe(played.results[1]!.outputs.run_id);
    },
  );

  test.concurrent(
    'K6: pull_request: the base moves and with it the merge commit, the head does not: the same key',
    async () => {
      const of = (runId: number, head: string, base: string, merge: string): Run => ({
        eventName: 'pull_request',
        runId,
        event: pull(head, base),
        env: { GITHUB_SHA: merge },
      });
      const sha = (digit: string) => digit.repeat(40);
      const { keys } = await launchAll([
        of(1, HEADS[0], sha('a'), sha('1')),
        of(2, HEADS[0], sha('b'), sha('2')),
        of(3, HEADS[1], sha('b'), sha('2')),
      ]);
      expect(keys[1]).toBe(keys[0]);
      expect(keys[2]).not.toBe(keys[0]);
      expect(keys[0]).toContain(`gha_${HEADS[0]}_`);
    },
  );

  test.concurrent(
    'K7: two pull requests with different heads under pull_request_target: different keys',
    async () => {
      const of = (runId: number, head: string, number: number): Run => ({
        eventName: 'pull_request_target',
        runId,
        event: pull(head, SHA, number),
      });
      const { keys } = await launchAll([of(1, HEADS[0], 7), of(2, HEADS[1], 8), of(3, HEADS[0], 7)]);
      expect(keys[1]).not.toBe(keys[0]);
      expect(keys[2]).toBe(keys[0]);
    },
  );
});

describe('K. What a key is made of', () => {
  test.concurrent(
    'K8: Unicode in every name, secrets in the inputs: a plain key that contains none of them',
    async () => {
      const name = 'tür™/塔🗼\u202e';
      const { keys, played } = await launchAll(
        [
          {
            env: {
              GITHUB_REPOSITORY: name,
              GITHUB_JOB: name,
              GITHUB_WORKFLOW: name,
              GITHUB_REF: name,
              GITHUB_ACTOR: name,
            },
          },
        ],
        { inputs: { inputs: JSON.stringify({ key: TEST_KEY, token: TOKEN, name }) } },
      );
      expect(keys[0]).toMatch(/^gha_[0-9a-f]{40}_[0-9a-f]{32}$/);
      expect(played.launches[0]!.headers['idempotency-key']).toBe(keys[0]);
    },
  );

  test.concurrent('K8: the longest names of all: at most 255 characters, also on re-runs', async () => {
    const long = {
      env: { GITHUB_SHA: 'f'.repeat(64), GITHUB_RUN_ID: '9'.repeat(20), GITHUB_RUN_ATTEMPT: '999999' },
      eventName: 'schedule',
    };
    const { keys } = await launchAll([
      { ...long, inputs: { on_rerun: 'fresh' } },
      { ...long, inputs: { on_rerun: 'fresh', idempotency_key: 'k'.repeat(100) } },
    ]);
    expect(Math.max(...keys.map(({ length }) => length))).toBeGreaterThan(150);
  });

  test.concurrent('K9: any single field of the intent changed: another key, another run', async () => {
    const base: Run = { inputs: { inputs: '{"a": 1, "b": "x"}', project_id: 'p1' } };
    const changed = (change: Record<string, string>, env: Record<string, string> = {}): Run => ({
      inputs: { ...base.inputs, ...change },
      env,
    });
    const other = 'wf_1f02d9ef-6c1e-4b7a-9d55-0b8f4e2a7c39';
    const { keys } = await launchAll(
      [
        base,
        changed({}, { GITHUB_SHA: HEADS[0] }),
        changed({}, { GITHUB_REPOSITORY: 'octo-org/bridge' }),
        changed({ workflow_id: other }),
        changed({ project_id: 'p2' }),
        changed({ project_id: '' }),
        changed({ inputs: '{"a": 2, "b": "x"}' }),
        changed({ inputs: '{"a": "1", "b": "x"}' }),
        changed({ inputs: '{"a": 1, "c": "x"}' }),
        changed({ inputs: '{"a": 1}' }),
        changed({ inputs: '' }),
        changed({ idempotency_key: 'mine' }),
      ],
      { api: { workflows: [WORKFLOW_ID, other].map((id) => ({ ...WORKFLOW, id })) } },
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.concurrent(
    'K9: a user’s key: replaces the commit and the job run, not the repository or the inputs',
    async () => {
      const mine = { idempotency_key: 'release-1_2' };
      const { keys } = await launchAll([
        { inputs: mine },
        { inputs: mine, eventName: 'schedule', runId: 2, env: { GITHUB_SHA: HEADS[0] } },
        { inputs: mine, env: { GITHUB_REPOSITORY: 'octo-org/bridge' } },
        { inputs: { ...mine, inputs: 'a: 1' } },
      ]);
      expect(keys[1]).toBe(keys[0]);
      expect(keys[0]).toMatch(/^gha_release-1_2_[0-9a-f]{32}$/);
      expect(new Set(keys).size).toBe(3);
    },
  );
});

const NEXT = /re-run this job: it joins a newer run if there is one, else launches one/i;

test.concurrent(
  'K10: attempt 1 joins a run that failed: red, with its age and how to launch a new run; attempt 2 launches it',
  async () => {
    const played = await runRow({
      ...ending('red', 'green'),
      runs: [
        {},
        { runId: 17_000_000_002, before: advance(3 * HOUR) },
        { ...attempt(2), runId: 17_000_000_002 },
      ],
    });
    expect(conclusions(played)).toEqual(['failure', 'failure', 'success']);
    expect(played.results.map(({ exitCode }) => exitCode)).toEqual([1, 1, 0]);
    expect(keyLabels(played)).toEqual(['k1', 'k1', 'k1', 'k2']);
    expect(runIds(played)).toEqual([ids(played)[0], ids(played)[0], ids(played)[1]]);
    const [owner, joiner] = played.results;
    expect(joiner!.stdout).toMatch(/Joined run_\S+ \(3 h( 1 min)? old\)/);
    expect(joiner!.summary).toMatch(
      /^Red at `\w+` · a run of \d{4}-\d\d-\d\d \d\d:\d\d UTC, 3 h( 1 min)? old when joined/m,
    );
    // Log and report mention it before the verdict.
    expect(joiner!.stdout.indexOf('Joined run_')).toBeLessThan(joiner!.stdout.indexOf('(failure)'));
    const errorOf = (result: typeof owner) =>
      result!.annotations.find(({ level }) => level === 'error')!.message;
    expect(errorOf(joiner)).toMatch(NEXT);
    expect(joiner!.summary).toMatch(NEXT);
    expect(errorOf(owner)).toMatch(/re-run the failed job: this starts a new run/);
    expect(errorOf(owner)).not.toMatch(NEXT);
  },
);

describe('K. Two steps of one job', () => {
  const temp = mkdtempSync(join(tmpdir(), 'job-'));
  afterAll(() => rmSync(temp, { recursive: true, force: true }));

  test.concurrent(
    'K11: attempt 2, and an earlier step of this job launched k2, which ended red: this step joins it, red; nothing is launched',
    async () => {
      const played = await runRow({
        // The job's age is of the real clock, and the earlier step takes longer than the tolerance for clocks.
        speed: 1,
        api: { lifecycle: ({ count }) => (count === 1 ? LIFECYCLES['red at once'] : SLOWLY_RED) },
        runs: [{}, { ...attempt(2), temp }, { attempt: 2, temp }],
      });
      expect(conclusions(played)).toEqual(['failure', 'failure', 'failure']);
      expect(keyLabels(played)).toEqual(['k1', 'k1', 'k2', 'k1', 'k2']);
      expect(runIds(played)).toEqual([ids(played)[0], ids(played)[1], ids(played)[1]]);
      expect(ids(played)).toHaveLength(2);
      expect(played.result.exitCode).toBe(1);
      expect(played.outputs.replayed).toBe('true');
    },
  );
});

describe('K12: steps of one job that run side by side', () => {
  /** Each step that starts rewrites the job's event file, which is truncated at first. */
  const inParallel = (steps: readonly Run[]): RowSetup => ({
    temp: mkdtempSync(join(tmpdir(), 'job-')),
    eventName: 'pull_request',
    // The file is rewritten in real time.
    speed: 1,
    runs: [steps.map((step) => ({ eventTruncatedMs: 150, ...step }))],
  });

  test.concurrent('ten at once on one bucket, two of one intent: one run for these two', async () => {
    const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 9];
    const played = await runRow({
      ...inParallel(levels.map((level) => ({ inputs: { inputs: `level: ${level}` } }))),
      api: { lifecycle: LIFECYCLES.green },
    });
    expect(conclusions(played)).toEqual(levels.map(() => 'success'));
    expect(played.api.runs.map(({ inputs }) => (inputs as { level: number }).level).sort()).toEqual(
      levels.slice(0, -1),
    );
    expect(runIds(played)[8]).toBe(runIds(played)[9]);
    // No key contains the merge commit or the job run.
    for (const key of keysOf(played.launches))
      expect(key).toMatch(/^gha_3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2_/);
  });

  test.concurrent('one is cancelled as a job is: its log says so, and the other goes on', async () => {
    const played = await runRow({
      ...inParallel([
        { inputs: { inputs: 'level: 1' }, signals: [{ whenStdout: /Started run_/, signal: 'cancel' }] },
        { inputs: { inputs: 'level: 2' } },
      ]),
      api: { lifecycle: SLOWLY_RED },
    });
    expect(conclusions(played)).toEqual(['interrupted', 'failure']);
    expect(played.results[0]!.outcome).toBe('cancelled');
    expect(ids(played)).toHaveLength(2);
  });
});
