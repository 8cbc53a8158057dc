/** L: several runs in one step. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { reviewOutputs } from '../../bench/sample-review.ts';
import { scaledLimitMs } from '../../simulator/invariants.ts';
import type { Api } from '../../simulator/api.ts';
import { runIdOf } from '../../simulator/api-messages.ts';
import type { AnswerPatch, ErrorCode, ScriptedFault } from '../../simulator/faults.ts';
import type { JournalEntry } from '../../simulator/journal.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW, WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import type { Launch } from '../../simulator/api-state.ts';
import { JSON_LIMITS } from '../../src/json.ts';
import type { RunRow } from '../../src/report/runs-json.ts';
import { runRow, TOWER, type RowSetup, type RowResult } from './run-row.ts';
import { loggedSeconds } from './timing.ts';

jest.setTimeout(90_000);

const HOUR = 3_600_000;
const GOOD = { items: [] };
const BAD = { items: [{ id: 'a', title: 'Doors' }] };
const lifecycle = (runningMs: number, outputs: unknown = GOOD, ending = 'completed'): Lifecycle =>
  steadyLifecycle({
    queuedMs: 0,
    runningMs,
    ending,
    ...(ending === 'completed' ? { outputs } : { errorMessage: 'No text layer.' }),
  });

/** The projects of Tower, Car park and Hazards. */
const PROJECTS = ['p1', 'p2', 'p3'] as const;
const THREE = 'Tower: { project_id: p1 }\nCar park: { project_id: p2 }\nHazards: { project_id: p3 }';
const GATE = 'found: outputs.items';

const play = (options: RowSetup & { readonly lifecycles?: Readonly<Record<string, Lifecycle>> } = {}) =>
  runRow({
    ...options,
    inputs: { runs: THREE, fail_if: GATE, ...options.inputs },
    api: {
      lifecycle: ({ projectId }: Launch) => options.lifecycles?.[projectId ?? ''] ?? lifecycle(10_000),
      ...options.api,
    },
  });

const rowsOf = ({ outputs }: Pick<RowResult, 'outputs'>) => JSON.parse(outputs.runs_json ?? '') as RunRow[];
const conclusions = (played: Pick<RowResult, 'outputs'>) =>
  rowsOf(played).map(({ conclusion }) => conclusion);
const projects = (entries: readonly JournalEntry[]) => entries.map(({ order }) => order?.projectId);
const runsOf = (api: Api) => api.runs.map(({ projectId }) => projectId);

/** Matches launches for one of the projects. */
const launchFor = (projectId: string, nth?: number) => ({
  call: 'launch' as const,
  order: { projectId },
  ...(nth === undefined ? {} : { nth }),
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe('L1: one of three goes wrong', () => {
  test.concurrent.each<
    [what: string, how: { faults?: readonly ScriptedFault[]; lifecycle?: Lifecycle }, row: Partial<RunRow>]
  >([
    [
      'a 404 to its launch',
      { faults: [{ when: launchFor('p2'), answer: { code: 'not_found' } }] },
      { conclusion: 'error', run_id: '', status: '' },
    ],
    [
      'its run fails',
      { lifecycle: lifecycle(10_000, null, 'failed') },
      { conclusion: 'failure', status: 'failed' },
    ],
    ['its run does not end', { lifecycle: lifecycle(HOUR) }, { conclusion: 'timed_out', status: 'running' }],
    [
      'the answer to its launch can never be read',
      { faults: [{ when: launchFor('p2'), answer: { body: '<html>oops' } }] },
      { conclusion: 'error', run_id: '' },
    ],
    [
      'its outputs are over a cap',
      { lifecycle: lifecycle(10_000, nested(70)) },
      { conclusion: 'error', status: expect.stringMatching(/^(pending|running)?$/) as unknown as string },
    ],
    ['its gate holds', { lifecycle: lifecycle(10_000, BAD) }, { conclusion: 'gate_failed', gate: 'failed' }],
  ])('%s: the others are evaluated, the step is red and names the one', async (_what, how, row) => {
    const played = await play({
      inputs: { timeout_minutes: '2' },
      ...(how.faults === undefined ? {} : { faults: how.faults }),
      lifecycles: how.lifecycle === undefined ? {} : { p2: how.lifecycle },
    });
    const [tower, carPark, hazards] = rowsOf(played);
    expect(carPark).toMatchObject({ name: 'Car park', ...row });
    for (const green of [tower, hazards])
      expect(green).toMatchObject({ status: 'completed', conclusion: 'success', gate: 'passed' });
    expect(played.result.exitCode).toBe(1);
    expect(played.outputs).toMatchObject({
      conclusion: row.conclusion,
      headline: expect.stringMatching(/^1 of 3 runs is red: Car park \(/),
      run_id: '',
      status: '',
    });
    expect(played.error).toMatch(/Car park/);
    // Nothing is launched twice, with any key.
    expect(new Set(runsOf(played.api)).size).toBe(played.api.runs.length);
    expect([...new Set(projects(played.launches))]).toEqual(PROJECTS);
    for (const name of ['Tower', 'Car park', 'Hazards']) expect(played.result.summary).toContain(name);
  });

  test.concurrent(
    'the answer to a launch is lost: the same key finds the same run, and all is green',
    async () => {
      const { api, result, outputs } = await play({
        faults: [{ when: launchFor('p2', 1), wire: ['reset'] }],
      });
      expect(result.exitCode).toBe(0);
      expect(runsOf(api).toSorted()).toEqual(PROJECTS);
      expect(
        rowsOf({ outputs })
          .map(({ run_id }) => run_id)
          .toSorted(),
      ).toEqual(api.runs.map(({ id }) => id).toSorted());
    },
  );

  test.concurrent(
    'reports each run’s outputs under its own name, in the output and in the file',
    async () => {
      const { outputs } = await play({
        lifecycles: Object.fromEntries(
          PROJECTS.map((id, nth) => [id, lifecycle(30_000 - nth * 10_000, { items: [], id })]),
        ),
      });
      const named = {
        Tower: { items: [], id: 'p1' },
        'Car park': { items: [], id: 'p2' },
        Hazards: { items: [], id: 'p3' },
      };
      expect(JSON.parse(outputs.outputs_json ?? '')).toEqual(named);
      expect(JSON.parse(readFileSync(outputs.outputs_file ?? '', 'utf8'))).toEqual(named);
      expect(outputs.items).toBeUndefined();
    },
  );

  test.concurrent('`wait: false`: green if all are launched, red if one is not', async () => {
    const inputs = { wait: 'false', fail_if: 'none' };
    const all = await play({ inputs });
    expect([all.result.exitCode, all.outputs.conclusion, ...conclusions(all)]).toEqual([
      0,
      'pending',
      'pending',
      'pending',
      'pending',
    ]);
    expect(rowsOf(all).every(({ run_id }) => run_id !== '')).toBe(true);
    const most = await play({ inputs, faults: [{ when: launchFor('p2'), answer: { code: 'not_found' } }] });
    expect([most.result.exitCode, most.outputs.conclusion, ...conclusions(most)]).toEqual([
      1,
      'error',
      'pending',
      'error',
      'pending',
    ]);
  });
});

describe('L2: what ends more than one run', () => {
  test.concurrent('the key is revoked after the second launch: all end, confirmed once', async () => {
    const played = await play({
      before: ({ api }) => {
        api.faults.push(({ call }) => {
          if (call === 'launch' && api.runs.length === 2) api.keys.get(TEST_KEY)!.refuse = 'api_key_revoked';
          return undefined;
        });
      },
      lifecycles: { p1: lifecycle(HOUR), p2: lifecycle(HOUR) },
    });
    expect(conclusions(played)).toEqual(['error', 'error', 'error']);
    expect(rowsOf(played).map(({ run_id }) => run_id !== '')).toEqual([true, true, false]);
    const refused = played.api.journal.filter(({ status }) => status === 401);
    expect(refused.filter(({ call }) => call === 'launch')).toHaveLength(1);
    // The poll of one run confirms the refusal for all.
    const polled = PROJECTS.map(
      (id) => refused.filter(({ call, order }) => call === 'poll' && order?.projectId === id).length,
    );
    expect(polled.toSorted().at(-1)).toBe(2);
    expect(polled.filter((count) => count > 1)).toHaveLength(1);
    // No request follows.
    expect(refused.at(-1)).toBe(played.api.journal.at(-1));
    expect(refused.length).toBeLessThanOrEqual(5);
    expect(played.error).toMatch(/revoked/);
  });

  test.concurrent('one 401 to a poll, and no more, ends nothing', async () => {
    const played = await play({
      faults: [{ when: { call: 'poll', nth: 2 }, answer: { code: 'api_key_revoked' } }],
    });
    expect(conclusions(played)).toEqual(['success', 'success', 'success']);
  });

  test.concurrent('a key of the free tier can never pay: nothing is launched, at once', async () => {
    const played = await play({ api: { keys: { [TEST_KEY]: { tier: 'free' } } } });
    expect(conclusions(played)).toEqual(['error', 'error', 'error']);
    expect([played.api.runs, played.launches.length, played.polls]).toEqual([[], 1, []]);
    expect(played.error).toMatch(/free tier/);
  });

  test.concurrent.each<[ErrorCode]>([['payment_required'], ['api_key_revoked']])(
    '%s to the third of four launches ends what is not launched; the others are followed',
    async (code) => {
      const played = await play({
        inputs: { runs: `${THREE}\nBridge: { project_id: p4 }` },
        lifecycles: { p1: lifecycle(60_000), p2: lifecycle(60_000, BAD) },
        faults: [{ when: launchFor('p3'), answer: { code } }],
      });
      expect(conclusions(played)).toEqual(['success', 'gate_failed', 'error', 'error']);
      expect(projects(played.launches)).toEqual(['p1', 'p2', 'p3']);
      expect(rowsOf(played)[3]).toMatchObject({ name: 'Bridge', run_id: '' });
    },
  );
});

test.concurrent(
  'L3: cancelled with one run launched, one in flight and one queued: each is reported correctly',
  async () => {
    const arrived = Promise.withResolvers<unknown>();
    const played = await play({
      speed: 1,
      timeoutMs: 20_000,
      lifecycles: { p1: lifecycle(HOUR) },
      faults: [
        (request) => {
          if (request.call !== 'launch' || request.order?.projectId !== 'p2') return undefined;
          arrived.resolve(null);
          return { wire: ['hang'] };
        },
      ],
      signals: [{ whenDone: arrived.promise, signal: 'cancel' }],
    });
    const [launched, inFlight, queued] = rowsOf(played);
    expect(played.result.afterSignalMs).toBeLessThan(scaledLimitMs(7_000, played.result));
    expect(played.result.exitCode).not.toBe(0);
    expect(conclusions(played)).toEqual(['interrupted', 'interrupted', 'interrupted']);
    expect(launched?.run_id).toBe(played.api.runs.find(({ projectId }) => projectId === 'p1')?.id);
    expect([inFlight?.run_id, inFlight?.idempotency_key]).toEqual(['', played.launches[1]?.idempotencyKey]);
    expect(queued?.run_id).toBe('');
    expect(projects(played.launches)).toEqual(['p1', 'p2']);
    // In log, annotation and summary.
    const key = `key \`${inFlight?.idempotency_key}\``;
    expect(played.result.stdout).toMatch(/note:\W? a run /);
    expect(played.result.stdout).toContain(` a run may have started (${key.replaceAll('`', '')})`);
    for (const text of [played.error, played.result.summary])
      expect(text).toContain(
        `Tower goes on at Alloovium; Car park (${key}) may have started; Hazards was not started.`,
      );
  },
);

test.concurrent(
  'N1: twelve entries, three of them launched: every text says which go on and which were not started',
  async () => {
    const queued = Promise.withResolvers<unknown>();
    const names = Array.from({ length: 12 }, (_, nth) => `P${nth}`);
    const played = await play({
      speed: 1,
      timeoutMs: 20_000,
      inputs: { runs: names.map((name, nth) => `${name}: { project_id: p${nth} }`).join('\n') },
      lifecycles: Object.fromEntries(names.map((_, nth) => [`p${nth}`, lifecycle(HOUR)])),
      faults: [
        (request) => {
          if (request.call !== 'launch' || request.order?.projectId !== 'p3') return undefined;
          queued.resolve(null);
          return { answer: { code: 'rate_limited', headers: { 'Retry-After': '60' } } };
        },
      ],
      signals: [{ whenDone: queued.promise.then(() => sleep(500)), signal: 'cancel' }],
    });
    const { result, outputs } = played;
    expect(played.api.runs).toHaveLength(3);
    const [annotation = ''] = played.error.split('\n');
    expect(annotation).toBe(
      'No verdict: the runner stopped this step. P0, P1 and P2 go on at Alloovium; ' +
        'P3, P4, P5, P6, P7, P8, P9, P10 and P11 were not started. ' +
        'Re-run this job: it joins the existing runs that are not red, and starts new runs for the others. ' +
        "If the step's `timeout-minutes` ended it, allow more.",
    );
    expect(outputs.headline).toBe(
      'No verdict: the runner stopped this step. P0, P1 and P2 go on at Alloovium; P3, P4, P5 and 6 more were not started',
    );
    expect(result.summary.match(/\| ⏹️ \| P\d+ \| goes on at Alloovium \|/g)).toHaveLength(3);
    expect(result.summary.match(/\| ⏹️ \| P\d+ \| was not started \|/g)).toHaveLength(9);
    expect(result.summary).not.toContain('❌');
    for (const text of [annotation, outputs.headline, result.summary, result.stdout])
      expect(text).not.toMatch(/cancel/i);
  },
);

/** Makes the duration independent of random numbers and of the machine. */
const EXACT = {
  nodeArgs: [
    '--import',
    'data:text/javascript,let state = 1; Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;',
  ],
  env: { FAST_TIME_SPEED: '1', FAST_TIME_FROZEN_MS: '3000' },
};

test.concurrent(
  'L4: 16 runs on a standard bucket: launches in order, gets at most one 429, ends in time',
  async () => {
    const names = Array.from({ length: 16 }, (_, nth) => `p${nth + 1}`);
    const played = await play({
      inputs: { runs: names.map((id) => `${id}: { project_id: ${id} }`).join('\n'), timeout_minutes: '15' },
      api: { speed: 1, keys: { [TEST_KEY]: { tier: 'standard' } }, lifecycle: () => lifecycle(60_000) },
      ...EXACT,
    });
    expect(new Set(conclusions(played))).toEqual(new Set(['success']));
    const granted = played.launches.filter(({ status }) => status !== 429);
    expect(projects(granted)).toEqual(names);
    expect(played.launches.length - granted.length).toBeLessThanOrEqual(1);
    expect(played.api.journal.filter(({ call, status }) => call !== 'launch' && status === 429)).toEqual([]);
    // 16 launches and a poll for each run that ends before the last launch take 412 tokens: 120 at once, then one a second.
    expect(loggedSeconds(played.result.stdout, 'success') / (292 + 60)).toBeLessThanOrEqual(1.03);
  },
);

test.concurrent(
  'a time that is too short for the last launch: one warning names the minutes needed',
  async () => {
    const names = Array.from({ length: 8 }, (_, nth) => `p${nth + 1}`);
    const played = await play({
      inputs: { runs: names.map((id) => `${id}: { project_id: ${id} }`).join('\n'), timeout_minutes: '1' },
      api: { speed: 1, keys: { [TEST_KEY]: { tier: 'standard' } } },
      ...EXACT,
    });
    const warnings = played.result.annotations.filter(({ level }) => level === 'warning');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/The API key has too few tokens.*`timeout_minutes` to 3 or more/),
    ]);
    const reported = conclusions(played);
    expect(reported.slice(0, 4)).toEqual(['success', 'success', 'success', 'success']);
    expect(reported.at(-1)).toBe('timed_out');
  },
);

test.concurrent('a 429 to one run’s poll holds the polls of all until its hint has passed', async () => {
  const played = await play({
    lifecycles: Object.fromEntries(PROJECTS.map((id) => [id, lifecycle(60_000)])),
    faults: [
      { when: { call: 'poll', nth: 4 }, answer: { code: 'rate_limited', headers: { 'Retry-After': '30' } } },
    ],
  });
  expect(conclusions(played)).toEqual(['success', 'success', 'success']);
  const at = played.polls.findIndex(({ status }) => status === 429);
  expect(played.polls[at + 1]!.at - played.polls[at]!.answeredAt!).toBeGreaterThanOrEqual(29_900);
});

describe('C13: the server asks for a wait of 150 s, and the time-out is 1 min', () => {
  const limited = { code: 'rate_limited', headers: { 'Retry-After': '150' } } as const;
  const down = { status: 503, headers: { 'Retry-After': '150' } } as const;

  test.concurrent.each<[what: string, scripted: ScriptedFault, held: string[]]>([
    ['429 to a poll', { when: { call: 'poll', nth: 3 }, answer: limited }, ['timed_out', 'timed_out']],
    ['503 to a poll', { when: { call: 'poll', nth: 3 }, answer: down }, ['timed_out', 'timed_out']],
    ['503 to the last launch', { when: launchFor('p3', 1), answer: down }, ['timed_out', 'timed_out']],
    ['429 to the last launch', { when: launchFor('p3', 1), answer: limited }, ['success', 'success']],
  ])('%s: what must wait is not sent; the verdict comes at the deadline', async (_what, scripted, held) => {
    const played = await play({
      inputs: { timeout_minutes: '1' },
      lifecycles: { p1: lifecycle(50_000), p2: lifecycle(50_000), p3: lifecycle(HOUR) },
      faults: [scripted],
    });
    expect(conclusions(played)).toEqual([...held, 'timed_out']);
    expect(loggedSeconds(played.result.stdout, 'timed_out')).toBeLessThanOrEqual(63);
    const hinted = played.api.journal.findIndex(({ status }) => status === 429 || status === 503);
    const isHeld = ({ call }: JournalEntry) => held[0] === 'timed_out' || call === 'launch';
    expect(played.api.journal.slice(hinted + 1).filter(isHeld)).toEqual([]);
    expect(played.result.summary).toContain('the API asked to wait');
  });
});

describe('C14: the headers are wrong about the refill of a standard bucket', () => {
  const names = Array.from({ length: 8 }, (_, nth) => `p${nth + 1}`);
  const hour = (now: number) => new Date(now - HOUR).toUTCString();

  test.concurrent.each<[what: string, headers: (now: () => number) => Record<string, (() => string) | null>]>(
    [
      [
        'always full in a minute',
        (now) => ({ 'X-RateLimit-Reset': () => String(Math.ceil(now() / 1_000) + 60) }),
      ],
      ['full a minute ago', (now) => ({ 'X-RateLimit-Reset': () => String(Math.ceil(now() / 1_000) - 60) })],
      ['the server’s date is an hour off', (now) => ({ Date: () => hour(now()) })],
    ],
  )('%s: eight runs end within 1.05 of the shortest possible time', async (_what, headers) => {
    let api: Api;
    const played = await play({
      inputs: { runs: names.map((id) => `${id}: { project_id: ${id} }`).join('\n') },
      api: { speed: 1, keys: { [TEST_KEY]: { tier: 'standard' } }, lifecycle: () => lifecycle(120_000) },
      ...EXACT,
      before: (servers) => {
        api = servers.api;
        api.faults.push({ when: {}, answer: { headers: headers(() => api.now()) } });
      },
    });
    expect(new Set(conclusions(played))).toEqual(new Set(['success']));
    // No run ends before the last launch, and 8 launches take 200 tokens: 120 at once, then one a second.
    expect(loggedSeconds(played.result.stdout, 'success') / (80 + 120)).toBeLessThanOrEqual(1.05);
  });
});

describe('L5: one intent, one run', () => {
  test.concurrent(
    'two entries and another job: launched and polled once, evaluated by each gate',
    async () => {
      const played = await play({
        inputs: {
          runs: 'strict: { project_id: p1 }\nother: { project_id: p2 }\nlax: { project_id: p1, fail_if: "size(outputs.items) > 5" }',
        },
        lifecycles: { p1: lifecycle(10_000, BAD) },
        runs: [{}, { inputs: { runs: '', project_id: 'p1', fail_if: 'size(outputs.items) > 5' } }],
      });
      expect(runsOf(played.api).toSorted()).toEqual(['p1', 'p2']);
      const [first] = played.results;
      expect(conclusions(first!)).toEqual(['gate_failed', 'success', 'success']);
      const [strict, , lax] = rowsOf(first!);
      expect(strict?.run_id).toBe(lax?.run_id);
      expect(played.outputs).toMatchObject({
        run_id: strict?.run_id,
        conclusion: 'success',
        replayed: 'true',
      });
      expect(played.launches).toHaveLength(3);
      const { outputs } = first!;
      expect(JSON.parse(outputs.outputs_json ?? '')).toEqual({ strict: BAD, other: GOOD, lax: BAD });
    },
  );

  test.concurrent(
    'two steps with the same runs at once: each run is launched once, both are green',
    async () => {
      const played = await play({ runs: [[{}, { runId: 17_000_000_002 }]], ignoredViolations: ['I8'] });
      expect(runsOf(played.api).toSorted()).toEqual(PROJECTS);
      expect(played.results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    },
  );
});

describe('A32: the API gives one run for two launches', () => {
  const withRunOf = (nth: number): AnswerPatch => ({ body: (own) => ({ ...own, run_id: runIdOf(nth) }) });

  test.concurrent('the later entry is red and launches no more; the others are evaluated', async () => {
    const played = await play({
      lifecycles: { p2: lifecycle(10_000, BAD) },
      faults: [{ when: launchFor('p2'), answer: withRunOf(1) }],
    });
    expect(conclusions(played)).toEqual(['success', 'error', 'success']);
    expect(projects(played.launches)).toEqual(PROJECTS);
    expect(rowsOf(played)[1]).toMatchObject({ run_id: '', gate: 'not_evaluated' });
    expect(played.error).toMatch(/Car park.*the API gave run_\w+ for two launches/);
  });

  test.concurrent(
    'on a re-run, with a run that another entry has skipped: the later entry is red and launches no more',
    async () => {
      const played = await play({
        lifecycles: { p1: lifecycle(10_000, null, 'failed'), p2: lifecycle(10_000, BAD) },
        runs: [
          {},
          {
            attempt: 2,
            before: (api) => {
              api.advance(HOUR);
              api.faults.push({ when: launchFor('p2'), answer: withRunOf(1) });
            },
          },
        ],
      });
      expect(played.results.map(conclusions)).toEqual([
        ['failure', 'gate_failed', 'success'],
        ['failure', 'error', 'success'],
      ]);
      expect(projects(played.launches.slice(3)).filter((id) => id === 'p2')).toHaveLength(1);
      expect(played.error).toMatch(/the API gave run_\w+ for two launches/i);
    },
  );
});

describe('L6: a re-run', () => {
  test.concurrent('joins what is green or goes on, and launches only the red one again', async () => {
    const played = await play({
      inputs: { timeout_minutes: '5' },
      api: {
        lifecycle: ({ projectId, count }: Launch) =>
          projectId === 'p1'
            ? lifecycle(10_000)
            : projectId === 'p2'
              ? lifecycle(10_000, count > 3 ? GOOD : BAD)
              : lifecycle(HOUR + 6 * 60_000),
      },
      runs: [{}, { attempt: 2, before: (api) => api.advance(HOUR) }],
    });
    const [before, after] = played.results.map((result) => rowsOf(result));
    expect(before?.map(({ conclusion }) => conclusion)).toEqual(['success', 'gate_failed', 'timed_out']);
    expect(after?.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success']);
    expect(after?.map(({ run_id }, at) => run_id === before?.[at]?.run_id)).toEqual([true, false, true]);
    expect(after?.map(({ replayed }) => replayed)).toEqual([true, false, true]);
    expect(after?.map(({ red_runs_before }) => red_runs_before)).toEqual([0, 1, 0]);
    expect(played.outputs).toMatchObject({
      red_runs_before: '1',
      headline: '3 runs are green (an earlier run of this commit was red)',
    });
    expect(runsOf(played.api)).toEqual(['p1', 'p2', 'p3', 'p2']);
  });

  test.concurrent('a run that two entries share is red if one of their gates is', async () => {
    const runs = 'lax: { project_id: p1, fail_if: "size(outputs.items) > 5" }\nstrict: { project_id: p1 }';
    const played = await play({
      inputs: { runs },
      api: { lifecycle: ({ count }: Launch) => lifecycle(10_000, count === 1 ? BAD : GOOD) },
      runs: [{}, { attempt: 2, before: (api) => api.advance(HOUR) }],
    });
    expect(played.results.map(conclusions)).toEqual([
      ['success', 'gate_failed'],
      ['success', 'success'],
    ]);
    expect(played.api.runs).toHaveLength(2);
  });
});

test.concurrent('reports a waiver without use, with an entry without conditions', async () => {
  const { result } = await play({
    inputs: {
      fail_if: 'none',
      runs: 'A: { project_id: p1, fail_if: "found: outputs.items" }\nB: { project_id: p2 }',
      waivers: '- match: { id: b, title: None }\n  because: x',
    },
  });
  expect(result.stdout.replaceAll('\u200b', '')).toMatch(
    /^note: 1 waiver matches nothing \(the 1st\): delete it, or check its fields\.$/m,
  );
});

test.concurrent('L7: hostile names have no effect anywhere, and keep their order', async () => {
  const names = [
    '10',
    '2',
    '__proto__',
    'constructor',
    'x'.repeat(64),
    '<img src=x onerror=alert(1)>',
    '::error::pwned',
    '##[add-mask]e',
    '@octo/team #1',
    'a|b`c</details>',
    '<!-- alloovium:0000 -->',
    '[x](javascript:alert(1))',
    '```',
    '${{ github.token }}',
  ];
  const played = await play({
    inputs: {
      runs: JSON.stringify(
        Object.fromEntries(names.map((name, nth) => [`\u0000${name}`, { project_id: `p${nth}` }])),
      ).replaceAll('\\u0000', ''),
      comment: 'always',
    },
    github: TOWER,
    eventName: 'pull_request',
    api: { lifecycle: ({ projectId }: Launch) => lifecycle(10_000, projectId === 'p5' ? BAD : GOOD) },
  });
  expect(rowsOf(played).map(({ name }) => name)).toEqual(names);
  expect(({} as Record<string, unknown>).project_id).toBeUndefined();
  const { outputs, result, github } = played;
  const files = [outputs.outputs_file, outputs.gate_file].map((path) => readFileSync(path ?? '', 'utf8'));
  for (const text of [outputs.outputs_json ?? '', ...files]) {
    const at = names.map((name) => text.indexOf(`${JSON.stringify(name)}:`));
    expect(at.every((place, nth) => place > (at[nth - 1] ?? -1))).toBe(true);
  }
  const [comment] = github!.comments();
  for (const text of [result.summary, comment?.body ?? '', readFileSync(outputs.report_file ?? '', 'utf8')]) {
    expect(text).not.toMatch(/<img|<\/details>\s*`|\]\(javascript:|<!-- alloovium:0000/);
  }
  expect(comment?.body).not.toMatch(/(?<![`\w])@octo\/team/);
  expect(github!.comments()).toHaveLength(1);
});

test.concurrent.each([
  ['two names that differ in case', 'Tower: {}\ntower: {}', /“Tower” and “tower”/],
  ['a name that is the key', `${TEST_KEY}: { projekt_id: x }`, /has a name that contains a secret/],
])('L10: %s: refused, and nothing is sent', async (_what, runs, output) => {
  const { api, error, outputs } = await play({ inputs: { runs } });
  expect(api.journal).toEqual([]);
  expect(outputs.conclusion).toBe('error');
  expect(error).toMatch(output);
});

describe('L13: an entry with another workflow than the step, which has inputs', () => {
  const OTHER = 'wf_7c3e9a52-0d41-4f86-b2c7-5e8a9d1f6b30';
  const withInputs = (entry: string, more: Readonly<Record<string, string>> = {}) =>
    play({
      inputs: { inputs: 'level: 3', runs: `a: { ${entry} }`, ...more },
      api: { workflows: [WORKFLOW, { ...WORKFLOW, id: OTHER }] },
    });

  test.concurrent.each([
    ['without inputs', `workflow_id: ${OTHER}`, {}],
    ['where the step has no workflow', `workflow_id: ${OTHER}`, { workflow_id: '' }],
  ])('%s: refused, and nothing is sent', async (_what, entry, more) => {
    const { api, error, outputs } = await withInputs(entry, more);
    expect(api.journal).toEqual([]);
    expect(outputs.conclusion).toBe('error');
    expect(error).toMatch(/entry “a” has another `workflow_id` than the step.* `inputs: \{\}` for none/);
  });

  test.concurrent.each([
    ['with `inputs: {}`: no inputs are sent', `workflow_id: ${OTHER}, inputs: {}`, {}],
    ['with inputs: they are sent unchanged', `workflow_id: ${OTHER}, inputs: { to: x }`, { to: 'x' }],
    [
      'with the workflow of the step: the inputs are merged',
      `workflow_id: ${WORKFLOW_ID}, inputs: { to: x }`,
      { level: 3, to: 'x' },
    ],
  ])('%s', async (_what, entry, inputs) => {
    const { api, result } = await withInputs(entry);
    expect(result.exitCode).toBe(0);
    expect(api.runs.map((run) => run.inputs)).toEqual([inputs]);
  });
});

describe('L11: gives two runs their verdicts on time while another launch takes long', () => {
  const RUNNING_MS = 20_000;
  /** Waiting for the launch would make them 55 s late; a busy machine is late by up to a second, 30 s of the fast clock. */
  const MOST_MS = 35_000;
  /** From the end of each run to the poll that saw it. */
  const lags = ({ api, polls }: RowResult) =>
    api.runs
      .filter(({ projectId }) => projectId !== 'p3')
      .map(
        ({ id, createdAt }) =>
          polls.filter(({ runId }) => runId === id).at(-1)!.at - (createdAt + RUNNING_MS),
      );
  const lifecycles = { p1: lifecycle(RUNNING_MS), p2: lifecycle(RUNNING_MS) };

  test.concurrent('a launch that stalls for 75 s', async () => {
    const played = await play({ lifecycles, faults: [{ when: launchFor('p3', 1), wire: ['hang'] }] });
    expect(conclusions(played)).toEqual(['success', 'success', 'success']);
    for (const lag of lags(played)) expect(lag).toBeLessThan(MOST_MS);
    expect(runsOf(played.api)).toHaveLength(3);
  });

  test.concurrent('a launch with a 409 and Retry-After 60', async () => {
    const played = await play({
      lifecycles,
      inputs: { runs: `Hazards: { project_id: p3 }\n${THREE.replace(/\nHazards.*/, '')}` },
      api: {
        lifecycle: ({ projectId }: Launch) =>
          projectId === 'p3' ? lifecycle(10_000) : lifecycle(RUNNING_MS),
        lockHint: () => 60,
      },
      faults: [{ when: launchFor('p3', 1), lockMs: () => 50_000 }],
    });
    expect(conclusions(played)).toEqual(['success', 'success', 'success']);
    for (const lag of lags(played)) expect(lag).toBeLessThan(MOST_MS);
    // Later entries do not wait for it.
    expect(projects(played.launches)).toEqual(['p3', 'p1', 'p2', 'p3']);
  });
});

test.concurrent(
  'L11: a poll without an answer does not delay the other runs’ polls, at a time-out of 30 s',
  async () => {
    const played = await play({
      speed: 5,
      inputs: { timeout_minutes: '0.5' },
      lifecycles: { p2: lifecycle(24_000), p3: lifecycle(26_000) },
      faults: [{ when: { call: 'poll', order: { projectId: 'p1' } }, wire: ['hang'] }],
    });
    expect(conclusions(played)).toEqual(['timed_out', 'success', 'success']);
    expect(loggedSeconds(played.result.stdout, 'timed_out')).toBeLessThanOrEqual(33);
  },
);

// Sequential: outputs of this size keep the simulator busy too.
describe('L8: 16 runs of 8 MiB each, in 200 MB', () => {
  const BYTES = JSON_LIMITS.bytes - 2_000;
  const names = Array.from({ length: 16 }, (_, nth) => `r${nth}`);
  const item = { id: 'a', title: 'Doors', reason: 'x'.repeat(BYTES - 100) };

  test.each<[what: string, outputs: unknown, begin: string]>([
    ['as many items as the caps allow', reviewOutputs(BYTES), '"summary":"49'],
    ['one item', { items: [item] }, '"items":[{"id":"a"'],
  ])(
    '%s: each is evaluated and complete in the file',
    async (_what, outputs, begin) => {
      const played = await play({
        // Real time, since a fast clock would count the machine's time for large outputs as the API's.
        speed: 2,
        timeoutMs: 150_000,
        inputs: { runs: names.map((name) => `${name}: { project_id: ${name} }`).join('\n') },
        api: { lifecycle: () => lifecycle(10_000, outputs) },
      });
      expect(new Set(conclusions(played))).toEqual(new Set(['gate_failed']));
      // The invariants check it too, where the system reports it.
      expect(played.result.peakMiB ?? 0).toBeLessThanOrEqual(200);
      const file = readFileSync(played.outputs.outputs_file ?? '');
      expect(file.length).toBeGreaterThan(16 * Buffer.byteLength(JSON.stringify(outputs)));
      for (const name of names) expect(file.includes(`"${name}": {${begin}`)).toBe(true);
    },
    180_000,
  );

  test('reports in time what it knows of all runs that end in the last second, evaluated or not', async () => {
    const outputs = reviewOutputs(BYTES);
    const played = await play({
      timeoutMs: 150_000,
      speed: 1,
      inputs: {
        runs: names.map((name) => `${name}: { project_id: ${name} }`).join('\n'),
        timeout_minutes: '0.4',
      },
      api: {
        keys: { [TEST_KEY]: { tier: 'enterprise' } },
        lifecycle: () => lifecycle(22_300, outputs),
      },
    });
    expect(played.result.peakMiB ?? 0).toBeLessThanOrEqual(200);
    process.stdout.write(
      `L8: ${played.result.peakMiB?.toFixed(0) ?? '?'} MiB, ${conclusions(played).join(' ')}\n`,
    );
    for (const word of conclusions(played)) expect(['gate_failed', 'timed_out']).toContain(word);
  }, 180_000);
});

test.concurrent(
  'L12: twenty runs with long messages: texts are cut, and no run and no ID is lost',
  async () => {
    const names = Array.from({ length: 20 }, (_, nth) => `${nth} ${'ä'.repeat(60)}`);
    const played = await play({
      inputs: { runs: names.map((name, nth) => `${name}: { project_id: p${nth} }`).join('\n') },
      api: {
        keys: { [TEST_KEY]: { tier: 'enterprise' } },
        lifecycle: () =>
          steadyLifecycle({
            queuedMs: 0,
            runningMs: 5_000,
            ending: 'failed',
            errorMessage: '\u0001'.repeat(100_000),
          }),
      },
    });
    expect(Buffer.byteLength(played.outputs.runs_json ?? '')).toBeLessThanOrEqual(100_000);
    expect(rowsOf(played).map(({ name }) => name)).toEqual(names);
    expect(new Set(rowsOf(played).map(({ run_id }) => run_id))).toEqual(
      new Set(played.api.runs.map(({ id }) => id)),
    );
    expect(rowsOf(played).every(({ error_message }) => error_message.length > 100)).toBe(true);
  },
);
