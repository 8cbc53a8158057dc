/** How a report becomes a draft: what the comment shows, who writes it, and what it is compared with. */
import { describe, expect, test } from '@jest/globals';
import { compareWithMemory, draftComment } from '../../src/comment/draft.ts';
import type { Memory, Snapshot } from '../../src/comment/memory.ts';
import type { Context } from '../../src/github/context.ts';
import { readInputs, type Inputs } from '../../src/inputs/inputs.ts';
import { groupOrders } from '../../src/inputs/runs-input.ts';
import type { Report, RunReport } from '../../src/report/report.ts';
import type { Ending } from '../../src/runs/events.ts';
import { anEntry, anOrder } from '../fakes.ts';
import { alsoWarns, aReportOf, aRun, COMMIT, firstState, green, someResults } from '../report/a-report.ts';

const CONTEXT = {
  commit: COMMIT,
  jobRunId: '77',
  attempt: 1,
  jobValues: [COMMIT],
  workflowPath: 'acme/site/.github/workflows/a.yml',
} as unknown as Context;
const INPUTS = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' });
const draft = (report: Report, inputs: Partial<Inputs> = {}, context: Partial<Context> = {}) =>
  draftComment(report, { ...INPUTS, ...inputs }, { ...CONTEXT, ...context }, ['review', 'run']);

const RED = aRun();
const GREEN = aRun({
  ...green,
  verdict: { ...green.verdict, conclusion: 'success', exitCode: 0, gate: 'passed' },
});
const WARNED = { ...GREEN, findings: someResults().map(alsoWarns) };
const greenReport = (...runs: RunReport[]): Report => ({
  ...aReportOf(runs),
  verdict: { ...GREEN.verdict, exitCode: 0 },
});

describe('the draft', () => {
  test.each<[string, Report, 'red' | 'warned' | 'green', isNoNews: boolean]>([
    ['red', aReportOf([RED]), 'red', false],
    ['red with a green run', { ...aReportOf([GREEN]), verdict: RED.verdict }, 'red', false],
    ['warned if one of its runs warns', greenReport(GREEN, WARNED), 'warned', false],
    ['green', greenReport(GREEN), 'green', true],
  ])('shows a report as %s, and with `on_failure` only green is no news', (_, report, shows, isNoNews) => {
    expect(draft(report, { comment: 'on_failure' })).toMatchObject({ shows, isNoNews });
    expect(draft(report, { comment: 'always' }).isNoNews).toBe(false);
  });

  const failed = (isNotFound: boolean): RunReport => {
    const ending: Ending = { kind: 'error', headline: 'x', remedy: 'y', errorMessage: '', isNotFound };
    return { ...RED, ending };
  };
  test.each<[string, RunReport[], creates: boolean]>([
    ['creates no comment if the workflow of its one run was not found', [failed(true)], false],
    ['creates no comment if no run’s workflow was found', [failed(true), failed(true)], false],
    ['creates a comment if one of two runs failed otherwise', [failed(true), failed(false)], true],
    ['creates a comment if a run has ended', [RED], true],
    ['creates a comment if there is no run', [], true],
  ])('%s', (_, runs, creates) => {
    expect(draft(aReportOf(runs)).whyNone === '').toBe(creates);
  });

  test('shares the comment if `comment_key` is set', () => {
    expect(draft(aReportOf([RED]), { isCommentShared: false }).isShared).toBe(false);
    expect(draft(aReportOf([RED]), { isCommentShared: true }).isShared).toBe(true);
  });

  test('has the same content for a launched and a joined run, and another in another attempt', () => {
    const says = (origin: RunReport['origin'], attempt = 1) => draft(aReportOf([{ ...RED, origin }]), {}, { attempt }).contentDigest;
    expect(says({ kind: 'joined', ageMs: 1 })).toBe(says({ kind: 'new' }));
    expect(says({ kind: 'new' }, 2)).not.toBe(says({ kind: 'new' }));
  });
});

describe('the writer of a report', () => {
  const order = (about: Parameters<typeof anOrder>[0]): Report => ({
    ...aReportOf([RED]),
    orders: [anOrder({ entries: [RED.entry], ...about })],
  });
  const writer = (report: Report, inputs: Partial<Inputs> = {}, context: Partial<Context> = {}) => draft(report, inputs, context).writer;
  const first = writer(order({}));
  const strict = anEntry({ gate: { ...RED.entry.gate, conditions: [] } });

  test.each<[string, ReturnType<typeof writer>, isSame: boolean, isSameReview: boolean]>([
    ['is the same, of the same review, in a later attempt', writer(order({}), {}, { attempt: 2 }), true, true],
    [
      'is another, of another review, for other inputs',
      writer(order({ inputs: { a: 'b'.repeat(40) } }), {}, { jobValues: ['b'.repeat(40)] }),
      false,
      false,
    ],
    ['is another, of the same review, with another gate', writer(order({ entries: [strict] })), false, true],
    ['is another, of the same review, with another `fail_on`', writer(order({}), { failOn: 'new' }), false, true],
    ['is another, of the same review, with another `baseline`', writer(order({}), { baseline: 'main' }), false, true],
    ['is another, of the same review, where there is a baseline', writer({ ...order({}), hasBaseline: true }), false, true],
    ['is another, of another review, for another workflow', writer(order({ workflowId: 'wf_2' })), false, false],
    ['is another, of another review, for another project', writer(order({ projectId: 'p2' })), false, false],
    ['is another, of another review, for a `run_id`', writer(order({ runId: 'run_1' })), false, false],
  ])('%s', (_, other, isSame, isSameReview) => {
    expect([other.id === first.id, other.review === first.review]).toEqual([isSame, isSameReview]);
  });

  test('is the same for inputs that differ only in the commit of the job', () => {
    const of = (sha: string) => writer(order({ inputs: { sha } }), {}, { jobValues: [sha] });
    expect(of('a'.repeat(40))).toEqual(of('b'.repeat(40)));
  });

  test('is that of the inputs in a step that failed before its launch', () => {
    const report = { ...aReportOf([]), orders: [] };
    const launched = { ...report, orders: groupOrders([{ ...INPUTS, name: '' }]) };
    expect(writer(report)).toEqual(writer(launched));
    expect(writer(report).id).not.toBe(writer({ ...report, orders: [anOrder({ workflowId: 'wf_2' })] }).id);
  });

  test('is that of the input `runs` in a step with several runs that failed before their launch', () => {
    const runs = ['wf_2', 'wf_3'].map((workflowId) => ({
      ...INPUTS,
      name: workflowId,
      workflowId,
      isGated: false,
    }));
    const report = { ...aReportOf([]), orders: [] };
    expect(writer(report, { runs })).toEqual(writer({ ...report, orders: groupOrders(runs) }, { runs }));
  });

  test('has evaluated its runs only if each is known', () => {
    const judged = (...ids: string[]) => writer(aReportOf(ids.map((runId) => ({ ...RED, runId })))).judged;
    expect(judged('run_1', 'run_2')).not.toBe('');
    expect(judged('run_1', '')).toBe('');
    expect(judged()).toBe('');
    expect(judged('run_1')).not.toBe(judged('run_2'));
  });

  test('has the creation times of its runs that the API reported', () => {
    const at = (createdAt: string) => aReportOf([{ ...RED, run: RED.run && { ...RED.run, createdAt } }]);
    expect([...writer(at('2026-04-08T10:00:00Z')).createdAt.values()]).toEqual([Date.UTC(2026, 3, 8, 10)]);
    expect(writer(at('')).createdAt.size).toBe(0);
  });
});

describe('what the comment remembers of a run', () => {
  const CREATED = Date.UTC(2026, 3, 8, 10);
  const run = { ...RED, run: RED.run && { ...RED.run, createdAt: new Date(CREATED).toISOString() } };
  const report = aReportOf([run]);
  const drafted = draft(report);
  const changesSince = (madeAt: number, change: Partial<RunReport> = {}) => {
    const last: Snapshot = { ...firstState, madeAt };
    const memory = { runs: new Map(drafted.runKeys.map((key) => [key, last])) } as unknown as Memory;
    const [compared] = compareWithMemory(aReportOf([{ ...run, ...change }]), drafted, memory).runs;
    return compared?.changes ?? null;
  };

  test('is compared only with an earlier run', () => {
    expect(changesSince(CREATED - 1)).not.toBeNull();
    expect(changesSince(CREATED)).toBeNull();
    expect(changesSince(CREATED + 1)).toBeNull();
    expect(changesSince(1, { run: null })).toBeNull();
  });

  test('is not compared where there is a baseline', () => {
    const since = { time: '', commit: COMMIT } as unknown as RunReport['since'];
    expect(changesSince(CREATED - 1, { since })).toBe(run.changes);
  });

  test('is kept for runs with findings whose time is known', () => {
    expect([...drafted.snapshots.keys()]).toEqual(drafted.runKeys);
    expect([...drafted.snapshots.values()][0]).toMatchObject({ madeAt: CREATED, commit: COMMIT });
    expect(draft(aReportOf([RED])).snapshots.size).toBe(0);
    expect(draft(aReportOf([{ ...run, findings: [] }])).snapshots.size).toBe(0);
  });
});
