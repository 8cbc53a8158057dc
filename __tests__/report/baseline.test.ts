/** What the gate takes for known, and what it does not: whatever is in doubt is new. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRed, type ConditionResult } from '../../src/gate/condition.ts';
import { parseJson, type JsonObject, type JsonValue } from '../../src/json.ts';
import { viewOf, weigh, type Judging } from '../../src/report/baseline.ts';
import { gateFile, readGateFile, type JudgedRun } from '../../src/report/gate-file.ts';
import { COMMIT, EARLIER_COMMIT } from './a-report.ts';

const CONDITION = { severity: 'fail', name: 'bad', expression: 'outputs.bad', line: 1 } as const;
const result = (matched: readonly JsonValue[], about: Partial<ConditionResult> = {}): ConditionResult => ({
  condition: CONDITION,
  result: matched.length > 0 ? 'holds' : 'does_not_hold',
  matched,
  unmatched: null,
  problem: null,
  notices: [],
  ...about,
});
const items = (...titles: readonly string[]): JsonObject[] =>
  titles.map((title, at) => ({ id: at + 1, title }));

const MAIN = {
  event: 'push',
  ref: 'refs/heads/main',
  jobRunId: '1',
  pullRequest: null,
  commit: EARLIER_COMMIT,
};
const RUN: Omit<JudgedRun, 'results'> = {
  gate: 'failed',
  runId: 'run_1',
  workflowId: 'wf_1',
  projectId: 'p1',
  baseline: null,
};
const NOW: Judging = {
  context: { commit: COMMIT, jobRunId: '2', baselineRefs: ['refs/heads/main'] },
  name: '',
  runId: 'run_2',
  workflowId: 'wf_1',
  projectId: 'p1',
  isByCommit: true,
};

interface Case {
  readonly then?: readonly ConditionResult[];
  readonly origin?: Partial<typeof MAIN>;
  readonly run?: Partial<JudgedRun>;
  readonly now?: readonly ConditionResult[];
  readonly judging?: Partial<Judging>;
}

/** The baseline says this of the results, by way of the file. */
function weighed(
  { then = [result(items('A', 'B'))], now = then, ...given }: Case,
  failOn: 'any' | 'new' = 'new',
) {
  const text = [...gateFile({ ...MAIN, ...given.origin }, { ...RUN, results: then, ...given.run })].join('');
  const file = readGateFile(parseJson(Buffer.from(text)))!;
  return weigh(now, viewOf(file, { ...NOW, ...given.judging }), failOn);
}
const isRedOf = (given: Case) => weighed(given).results.some(isRed);

test('findings that main has already turn nothing red, and nothing is said of it', () => {
  const { results, notice } = weighed({});
  expect(results.map(isRed)).toEqual([false]);
  expect(results[0]?.known).toEqual([true, true]);
  expect(notice).toBe('');
});

test('one new among known ones turns red', () => {
  const { results, notice } = weighed({ now: [result(items('A', 'B', 'C'))] });
  expect(results.map(isRed)).toEqual([true]);
  expect(results[0]?.known).toEqual([true, true, false]);
  expect(notice).toBe('');
});

test('with `fail_on: any` every finding is red, known or not; the count of the new is known all the same', () => {
  const { results, notice } = weighed({}, 'any');
  expect(results.map(isRed)).toEqual([true]);
  expect(results[0]?.known).toEqual([true, true]);
  expect(notice).toBe('');
});

test('a `fail_if` may have been a `warn_if` in the baseline; a warning warns as ever', () => {
  const warned = result(items('A'), { condition: { ...CONDITION, severity: 'warn' } });
  expect(isRedOf({ then: [warned], now: [result(items('A'))] })).toBe(false);
  expect(weighed({ then: [warned] }).results[0]).not.toHaveProperty('isExcused');
});

describe('an item is known only where all that names it is equal', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['the same number with another title', { id: 1, title: 'A' }, { id: 1, title: 'B' }],
    ['the same title with another number', { id: 1, title: 'A' }, { id: 2, title: 'A' }],
    ['another document', { id: 1, document_id: 'd1' }, { id: 1, document_id: 'd2' }],
    ['another name', { id: 1, name: 'A' }, { id: 1, name: 'B' }],
    ['a title that it had not', { id: 1 }, { id: 1, title: 'A' }],
    ['a title that it has no more', { id: 1, title: 'A' }, { id: 1 }],
    ['a title that is null now', { id: 1, title: 'A' }, { id: 1, title: null }],
    ['a title by another key', { id: 1, title: 'A' }, { id: 1, name: 'A' }],
  ])('%s is new', (_, then, now) => {
    expect(isRedOf({ then: [result([then])], now: [result([now])] })).toBe(true);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['another reason', { id: 1, reason: 'x' }, { id: 1, reason: 'y' }],
    ['another order of keys', { id: 1, title: 'A', d_id: 2 }, { d_id: 2, title: 'A', id: 1 }],
    ['its number as text', { id: 1, title: 'A' }, { id: '1', title: 'A' }],
  ])('%s: it is known', (_, then, now) => {
    expect(isRedOf({ then: [result([then])], now: [result([now])] })).toBe(false);
  });
});

describe('L9: it judges as `any` does, and says so in one line', () => {
  const known = result(items('A', 'B'));
  const alike = [{ n: 1 }, { n: 1 }];
  test.each<[string, Case, RegExp]>([
    ['another workflow', { judging: { workflowId: 'wf_2' } }, /`baseline_file` is of another workflow$/],
    [
      'a workflow that is not known',
      { run: { workflowId: '' }, judging: { workflowId: '' } },
      /another workflow$/,
    ],
    ['another project', { judging: { projectId: 'p2' } }, /`baseline_file` is of another project$/],
    ['no project, where there was one', { judging: { projectId: '' } }, /another project$/],
    ['a project that `run_id` leaves unknown', { judging: { projectId: null } }, /project is not known$/],
    ['a project that was not known', { run: { projectId: null } }, /project is not known$/],
    ['a step with `runs`', { judging: { name: 'Tower' } }, /has no run of that name$/],
    [
      'a condition that is reworded',
      { now: [{ ...known, condition: { ...CONDITION, expression: 'outputs.bad ' } }] },
      / for “bad” \(not in the baseline in these words\)$/,
    ],
    [
      'a condition by another name',
      { now: [{ ...known, condition: { ...CONDITION, name: 'worse' } }] },
      / for “worse” \(not in the baseline in these words\)$/,
    ],
    [
      'a condition that could not be evaluated',
      { then: [result([], { result: 'cannot_be_evaluated' })], now: [known] },
      / for “bad” \(the baseline could not evaluate it\)$/,
    ],
    ['items without identity', { then: [result(alike)] }, / for “bad” \(its items cannot be told apart\)$/],
    ['items that had no identity', { then: [result(alike)], now: [known] }, /cannot be told apart\)$/],
    [
      'items told apart by another key',
      { then: [result([{ name: 'A' }])], now: [result([{ id: 1, name: 'A' }])] },
      /told apart\)$/,
    ],
    ['a boolean', { then: [result([], { result: 'holds' })] }, /“bad” \(it has no list of items\)$/],
    [
      'a boolean that the baseline does not know',
      { then: [], now: [result([], { result: 'holds' })] },
      /“bad” \(it has no list of items\)$/,
    ],
  ])('%s', (_, given, reason) => {
    const said = weighed(given);
    expect(said.results.map(isRed)).toEqual([true]);
    expect(said.asAny).toMatch(/^`fail_on: new` judged as `any`(:| for) [^\n]*$/);
    expect(said.asAny).toMatch(reason);
  });

  test('no baseline at all', () => {
    expect(weigh([known], null, 'new')).toMatchObject({
      asAny: expect.stringMatching(/there is no `baseline_file`$/) as unknown,
    });
    expect(weigh([known], null, 'any')).toMatchObject({ notice: '', asAny: '' });
    expect(weigh([known], 'is damaged', 'new').results.some(isRed)).toBe(true);
    expect(weigh([known], 'is damaged', 'any').notice).toBe(
      'Nothing is compared with `baseline_file`: it is damaged',
    );
  });

  test('several conditions, one line', () => {
    const now = [
      known,
      result([], { result: 'holds', condition: { ...CONDITION, name: 'late' } }),
      result(items('X'), { condition: { ...CONDITION, name: 'lost' } }),
      result(items('Y'), { condition: { ...CONDITION, name: 'gone' } }),
    ];
    expect(weighed({ then: [known], now }).asAny).toBe(
      '`fail_on: new` judged as `any` for “late” (it has no list of items); for “lost”, “gone” (not in the baseline in these words)',
    );
  });

  test('of a warning, or where nothing holds, nothing is said', () => {
    expect(weighed({ now: [result([])] }).asAny).toBe('');
    const warned = result(items('A'), {
      condition: { severity: 'warn', name: 'other', expression: 'x', line: 1 },
    });
    expect(weighed({ now: [warned] }).asAny).toBe('');
  });
});

describe('what may be taken for known in full', () => {
  test.each<[string, Case]>([
    ['written on a schedule of the default branch', { origin: { event: 'schedule' } }],
    ['on a dispatch', { origin: { event: 'workflow_dispatch' } }],
    ['on a dispatch from outside', { origin: { event: 'repository_dispatch' } }],
    [
      'for the base of the pull request',
      {
        origin: { ref: 'refs/heads/v1' },
        judging: { context: { ...NOW.context, baselineRefs: ['refs/heads/v1'] } },
      },
    ],
    [
      'for the same commit, where the commit is not the *when*',
      { origin: { commit: COMMIT }, judging: { isByCommit: false } },
    ],
  ])('%s', (_, given) => {
    expect(isRedOf(given)).toBe(false);
  });

  /** The file knows A, by a baseline of its own, and calls B new. */
  const half = [result(items('A', 'B'), { known: [true, false] })];
  test.each<[string, Case]>([
    ["this pull request's own file", { origin: { event: 'pull_request', ref: 'refs/pull/7/merge' } }],
    ['attempt 1’s own on attempt 2', { origin: { jobRunId: '2' } }],
    ['a feature branch’s', { origin: { ref: 'refs/heads/feature' } }],
    ['a queue build’s', { origin: { event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-7' } }],
    ['one written in the name of the base', { origin: { event: 'pull_request_target' } }],
    ['one of the same run', { run: { runId: 'run_2' } }],
    ['one of the same commit, where that is the *when*', { origin: { commit: COMMIT } }],
    ['one of an event that we do not know', { origin: { event: '' } }],
    ['one of a tag', { origin: { ref: 'refs/tags/main' } }],
  ])('L9: %s counts only for what it calls known itself', (_, given) => {
    expect(weighed({ ...given, then: half }).results[0]?.known).toEqual([true, false]);
    expect(isRedOf({ ...given, then: half })).toBe(true);
    expect(isRedOf({ ...given, then: half, now: [result(items('A'))] })).toBe(false);
    // Without a baseline of its own it knows nothing.
    expect(weighed({ ...given, then: [result(items('A', 'B'))] }).results[0]?.known).toEqual([false, false]);
  });
});

describe('what is told of changes', () => {
  const snapshotOf = (given: Case) => {
    const { then = [result(items('A', 'B'), { known: [true, false] })] } = given;
    const text = [...gateFile({ ...MAIN, ...given.origin }, { ...RUN, results: then, ...given.run })].join(
      '',
    );
    const view = viewOf(readGateFile(parseJson(Buffer.from(text)))!, { ...NOW, ...given.judging });
    return typeof view === 'string' ? view : view.snapshot;
  };

  test('goes by the whole file, whoever wrote it', () => {
    expect(snapshotOf({ origin: { event: 'pull_request' } })).toMatchObject({
      commit: EARLIER_COMMIT,
      conditions: [{ count: 2 }],
    });
  });

  test('of the same run it is what that run was compared with: reported again, it says the same', () => {
    expect(snapshotOf({ run: { runId: 'run_2', baseline: COMMIT } })).toMatchObject({
      commit: COMMIT,
      conditions: [{ count: 1 }],
    });
    expect(snapshotOf({ run: { runId: 'run_2', baseline: null } })).toMatchObject({ commit: '' });
    const ofAttempt1 = { origin: { jobRunId: '2' }, run: { baseline: COMMIT } };
    expect(snapshotOf(ofAttempt1)).toMatchObject({ commit: COMMIT, conditions: [{ count: 1 }] });
  });
});

test('whatever the items are, what is called known was in the baseline word for word', () => {
  const item = fc.record(
    {
      id: fc.constantFrom(1, 2, '1'),
      title: fc.constantFrom('A', 'B', null),
      x_id: fc.constantFrom('p', 'q'),
      reason: fc.string(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(item, { maxLength: 4 }), fc.array(item, { maxLength: 4 }), (then, now) => {
      const { results } = weighed({
        then: [result(then)],
        now: [result(now)],
      });
      const told = (one: object) =>
        JSON.stringify(
          Object.entries(one)
            .filter(([name]) => name !== 'reason')
            .map(([name, value]) => [name, String(value)])
            .sort(),
        );
      const before = new Set(then.map(told));
      results[0]?.known?.forEach((isKnown, at) => {
        if (isKnown) expect(before).toContain(told(now[at]!));
      });
    }),
  );
});
