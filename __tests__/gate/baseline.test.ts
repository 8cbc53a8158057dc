/** What the gate takes for known, and what it does not: whatever is in doubt is new. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isRed,
  type ConditionResult,
  type ComparedResult,
  type FieldChange,
} from '../../src/gate/condition.ts';
import { formatGateFile, packRun, readGateFile, BUDGET, type Head } from '../../src/gate/gate-file.ts';
import { whyNotFull } from '../../src/gate/baseline-rules.ts';
import { applyBaseline, type BaselineContext } from '../../src/gate/baseline.ts';
import { digestInputs } from '../../src/gate/inputs-digest.ts';
import type { FieldLists } from '../../src/gate/field-lists.ts';
import type { Waiver } from '../../src/gate/waivers.ts';
import { parseJson, type JsonObject, type JsonValue } from '../../src/json.ts';
import { NO_BASELINE } from '../fakes.ts';

const COMMIT = 'a'.repeat(40);
const EARLIER = 'b'.repeat(40);
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
const by = (...fields: readonly string[]): FieldLists => new Map([[null, fields]]);

/** Written by hand on the default branch. */
const MAIN: Head = {
  time: '',
  event: 'workflow_dispatch',
  ref: 'refs/heads/main',
  job_run: '1',
  pull_request: null,
  commit: EARLIER,
};
const RUN: Parameters<typeof packRun>[0] = {
  gate: 'failed',
  run_id: 'run_1',
  workflow_id: 'wf_1',
  project_id: 'p1',
  inputs_digest: 'in',
  baseline_commit: null,
};
const NOW: BaselineContext = {
  ...NO_BASELINE,
  knownBy: by('id', 'title'),
  failOn: 'new',
  inputsDigest: 'in',
  job: { commit: COMMIT, jobRunId: '2', event: 'pull_request', defaultBranchRef: 'refs/heads/main' },
};

const aWaiver = (match: Readonly<Record<string, string>>, about: Partial<Waiver> = {}): Waiver => ({
  match: new Map(Object.entries(match)),
  condition: null,
  because: 'ok',
  until: null,
  count: 1,
  ...about,
});

interface Case {
  readonly then?: readonly ConditionResult[];
  /** What was known, waived and named when the file was written. */
  readonly thenCompared?: Partial<BaselineContext>;
  readonly head?: Partial<Head>;
  readonly run?: Partial<Parameters<typeof packRun>[0]>;
  readonly now?: readonly ConditionResult[];
  readonly room?: typeof BUDGET;
  readonly judging?: Partial<BaselineContext>;
}

function fileOf({ then = [result(items('A', 'B'))], thenCompared, head, run, judging, room = BUDGET }: Case) {
  const { knownBy } = { ...NOW, ...judging };
  const { results } = applyBaseline(then, { ...NO_BASELINE, knownBy, ...thenCompared });
  return formatGateFile({ ...MAIN, ...head }, packRun({ ...RUN, ...run }, results, room).text).join('');
}

/** Judged beside the file that was written. */
function compared(given: Case) {
  const { then = [result(items('A', 'B'))], now = then, judging } = given;
  return applyBaseline(now, { ...NOW, baseline: readGateFile(Buffer.from(fileOf(given))), ...judging });
}
const isRedOf = (given: Case) => compared(given).results.some(isRed);
const knownOf = (given: Case) => compared(given).results[0]?.known;
const removedOf = (given: Case) => compared(given).results[0]?.removed?.map(({ item }) => item);

test('is green for findings that main has already, without a note', () => {
  expect(compared({})).toMatchObject({
    results: [{ known: [true, true], isExcused: true }],
    baselineUnusedReason: '',
    notice: '',
  });
});

test('one new finding among known ones turns the gate red', () => {
  const given = { now: [result(items('A', 'B', 'C'))] };
  expect(compared(given)).toMatchObject({
    results: [{ known: [true, true, false], isExcused: false }],
    baselineUnusedReason: '',
  });
});

test('with `fail_on: any` every finding turns the gate red, known or not', () => {
  const given = { judging: { failOn: 'any' } } as const;
  expect(isRedOf(given)).toBe(true);
  expect(knownOf(given)).toEqual([true, true]);
});

test('a condition of `fail_if` may have been one of `warn_if` in the baseline, and a warning still warns', () => {
  const warned = result(items('A'), { condition: { ...CONDITION, severity: 'warn' } });
  expect(isRedOf({ then: [warned], now: [result(items('A'))] })).toBe(false);
  expect(compared({ then: [warned] }).results[0]?.isExcused).toBeNull();
});

describe('an item is known only if each field of `known_by` exists on both sides and is equal as text', () => {
  test.each<[string, readonly string[], JsonValue, JsonValue]>([
    [
      'minor → critical under one ID',
      ['id', 'severity'],
      { id: 1, severity: 'minor' },
      { id: 1, severity: 'critical' },
    ],
    ['14 doors, then one', ['name', 'count'], { name: 'Doors', count: 14 }, { name: 'Doors', count: 1 }],
    ['another finding under the same number', ['id', 'title'], { id: 1, title: 'A' }, { id: 1, title: 'B' }],
    ['the same title with another number', ['id', 'title'], { id: 1, title: 'A' }, { id: 2, title: 'A' }],
    ['an empty text on both sides', ['id', 'title'], { id: 1, title: '' }, { id: 1, title: '' }],
    ['blanks on both sides', ['id', 'title'], { id: 1, title: ' ' }, { id: 1, title: ' ' }],
    [
      'what is not seen on both sides',
      ['id', 'title'],
      { id: 1, title: '\u200b' },
      { id: 1, title: '\u200b' },
    ],
    ['an empty list on both sides', ['id', 'rooms'], { id: 1, rooms: [] }, { id: 1, rooms: [] }],
    ['an empty object on both sides', ['id', 'at'], { id: 1, at: {} }, { id: 1, at: {} }],
    ['an item that is an empty text', ['id', 'title'], '', ''],
    ['an item that is null', ['id', 'title'], null, null],
    ['a field that it lacked', ['id', 'title'], { id: 1 }, { id: 1, title: 'A' }],
    ['a field that it lacks now', ['id', 'title'], { id: 1, title: 'A' }, { id: 1 }],
    ['a field that both lack', ['id', 'title'], { id: 1 }, { id: 1 }],
    ['null on both sides', ['id', 'title'], { id: 1, title: null }, { id: 1, title: null }],
    ['another letter case', ['id', 'title'], { id: 1, title: 'A' }, { id: 1, title: 'a' }],
    ['a list with more in it', ['id', 'rooms'], { id: 1, rooms: ['a'] }, { id: 1, rooms: ['a', 'b'] }],
    ['an object with another value', ['id', 'at'], { id: 1, at: { x: 1 } }, { id: 1, at: { x: 2 } }],
    ['another text as an item', ['id', 'title'], 'A', 'B'],
    ['an inherited name', ['id', 'constructor'], { id: 1 }, { id: 1 }],
  ])('%s is new', (_, fields, then, now) => {
    expect(
      isRedOf({ then: [result([then])], now: [result([now])], judging: { knownBy: by(...fields) } }),
    ).toBe(true);
  });

  test.each<[string, readonly string[], JsonValue, JsonValue]>([
    [
      'another reason',
      ['id', 'title'],
      { id: 1, title: 'A', reason: 'x' },
      { id: 1, title: 'A', reason: 'y' },
    ],
    ['another order of keys', ['id', 'title'], { id: 1, title: 'A' }, { title: 'A', id: 1 }],
    ['its number as text', ['id', 'title'], { id: 1, title: 'A' }, { id: '1', title: 'A' }],
    [
      'a list as it was',
      ['id', 'rooms'],
      { id: 1, rooms: [{ a: 1, b: 2 }] },
      { id: 1, rooms: [{ b: 2, a: 1 }] },
    ],
    ['the same text as an item', ['id', 'title'], 'A', 'A'],
    ['the same list as an item', ['id', 'title'], [1, 2], [1, 2]],
  ])('%s: it is known', (_, fields, then, now) => {
    expect(
      isRedOf({ then: [result([then])], now: [result([now])], judging: { knownBy: by(...fields) } }),
    ).toBe(false);
  });

  test('compares 18-digit numbers by their digits', () => {
    const of = (digits: string) => [result([parseJson(Buffer.from(`{"id":${digits},"title":"A"}`))])];
    expect(isRedOf({ then: of('900719925474099267'), now: of('900719925474099268') })).toBe(true);
  });

  test('counts three as new where there were two, and none where there are fewer than before', () => {
    const [door, ramp] = items('Door', 'Ramp');
    const two = [result([door!, ramp!, door!])];
    const three = [result([door!, ramp!, door!, door!])];
    expect(knownOf({ then: two, now: three })).toEqual([false, true, false, false]);
    expect(compared({ then: three, now: two }).results[0]).toMatchObject({
      known: [true, true, true],
      removed: [{ item: door }],
    });
  });

  test('uses the separate `known_by` of a condition', () => {
    const knownBy = new Map([...by('id', 'title'), ['bad', ['id', 'reason']]]);
    const then = [result([{ id: 1, reason: 'x' }])];
    const now = [result([{ id: 1, reason: 'x', title: 'new' }])];
    expect(isRedOf({ then, now, judging: { knownBy } })).toBe(false);
  });

  test('compares items by the `known_by` of today, whatever it was when the baseline was written', () => {
    expect(isRedOf({ thenCompared: { knownBy: by('id', 'reason') } })).toBe(false);
  });
});

describe('L9: counts every finding as new, and says why in one line', () => {
  const known = result(items('A', 'B'));
  test.each<[string, Case, RegExp]>([
    ['no baseline', { judging: { baseline: null } }, /: `baseline_file` is empty$/],
    ['none that can be read', { judging: { baseline: 'it is damaged' } }, /: it is damaged$/],
    [
      'another workflow',
      { judging: { workflowId: 'wf_2' } },
      /`baseline_file` was written for another workflow$/,
    ],
    [
      'a workflow that is not known',
      { run: { workflow_id: '' }, judging: { workflowId: '' } },
      /another workflow$/,
    ],
    ['another project', { judging: { projectId: 'p2' } }, /was written for another project$/],
    ['no project, where there was one', { judging: { projectId: '' } }, /another project$/],
    [
      'a project that `run_id` leaves unknown',
      { judging: { projectId: null } },
      /may have been written for another project: /,
    ],
    [
      'a project that was not known',
      { run: { project_id: null } },
      /may have been written for another project: /,
    ],
    ['other inputs', { judging: { inputsDigest: 'other' } }, /was written for other inputs$/],
    [
      'inputs that were not known',
      { run: { inputs_digest: null } },
      /may have been written for other inputs: /,
    ],
    ['a step with `runs`', { judging: { name: 'Tower' } }, /has no run of that name$/],
    [
      'a condition that is reworded',
      { now: [{ ...known, condition: { ...CONDITION, expression: 'outputs.bad ' } }] },
      / for “bad” \(the baseline does not have it by this name and expression\)$/,
    ],
    [
      'a condition by another name',
      { now: [{ ...known, condition: { ...CONDITION, name: 'worse' } }] },
      / for “worse” \(the baseline does not have it by this name and expression\)$/,
    ],
    [
      'a condition that could not be evaluated',
      { then: [result([], { result: 'cannot_be_evaluated' })], now: [known] },
      / for “bad” \(it could not be evaluated when the baseline was written\)$/,
    ],
    ['a boolean', { then: [result([], { result: 'holds' })] }, /“bad” \(it is true, not a list of items\)$/],
    [
      'a condition without fields',
      { judging: { knownBy: new Map([['other', ['id', 'title']]]) } },
      /“bad” \(`known_by` names no fields for it\)$/,
    ],
    [
      'a field that no item has',
      { judging: { knownBy: by('id', 'titel') } },
      /\(no item has `titel`; `title`\?\)$/,
    ],
    ['one that is near nothing', { judging: { knownBy: by('id', 'section') } }, /\(no item has `section`\)$/],
    [
      'a field that is empty in all',
      { then: [result([{ id: 1, title: '' }])] },
      /“bad” \(no item has `title`: it is empty in all\)$/,
    ],
  ])('%s', (_, given, reason) => {
    const message = compared(given);
    expect(message.results.map(isRed)).toEqual([true]);
    expect(message.baselineUnusedReason).toMatch(/^Every finding counts as new(:| for) [^\n]*$/);
    expect(message.baselineUnusedReason).toMatch(reason);
  });

  test('names several conditions in one line', () => {
    const now = [
      known,
      result([], { result: 'holds', condition: { ...CONDITION, name: 'late' } }),
      result(items('X'), { condition: { ...CONDITION, name: 'lost' } }),
      result(items('Y'), { condition: { ...CONDITION, name: 'gone' } }),
    ];
    expect(compared({ then: [known], now }).baselineUnusedReason).toBe(
      'Every finding counts as new for “late” (it is true, not a list of items); for “lost”, “gone” (the baseline does not have it by this name and expression)',
    );
  });

  test('knows no item, and removes none, of a condition without fields', () => {
    const given = { judging: { knownBy: new Map([['other', ['id', 'title']]]) } };
    expect(compared(given).results[0]).toMatchObject({
      known: [false, false],
      removed: null,
      isExcused: false,
    });
    expect(knownOf({ judging: { ...given.judging, failOn: 'any' } })).toEqual([false, false]);
  });

  test('writes no note for a warning, if nothing matches, or with `fail_on: any`, except that the baseline was not used', () => {
    expect(compared({ now: [result([])] }).baselineUnusedReason).toBe('');
    const warned = result(items('A'), {
      condition: { severity: 'warn', name: 'other', expression: 'x', line: 1 },
    });
    expect(compared({ now: [warned] }).baselineUnusedReason).toBe('');
    expect(compared({ judging: { failOn: 'any', baseline: 'it is damaged' } })).toMatchObject({
      baselineUnusedReason: '',
      notice: 'No baseline was used: it is damaged',
      since: null,
    });
  });
});

describe('an item that is new because of one field names the field, and the old item is not reported as removed', () => {
  const DOORS = { id: 1, title: 'Doors', status: 'revise' };
  const ROOF = { id: 2, title: 'Roof', status: 'revise' };
  const beside = (now: readonly JsonValue[], then: readonly JsonValue[] = [DOORS, ROOF]) => {
    const given = {
      then: [result(then)],
      now: [result(now)],
      judging: { knownBy: by('id', 'title', 'status') },
    };
    const [judged] = compared(given).results;
    return { remarks: [...(judged?.fieldChanges ?? [])], removed: removedOf(given) };
  };
  const changed = (field: string, was: string, is: string): FieldChange => ({
    kind: 'field_changed',
    field,
    then: was,
    now: is,
  });

  test('names `status`', () => {
    expect(
      beside([ROOF, { ...DOORS, status: 'rejected' }, { id: 9, title: 'Ramp', status: 'late' }]),
    ).toEqual({
      remarks: [[0, [changed('status', 'revise', 'rejected')]]].map(([, remark]) => [1, remark]),
      removed: [],
    });
  });

  test('names the field whatever it is called', () => {
    const given = {
      then: [result([{ raum: 'A', mangel: 'B', stufe: 'gering' }])],
      now: [result([{ raum: 'A', mangel: 'B', stufe: 'hoch' }])],
      judging: { knownBy: by('raum', 'mangel', 'stufe') },
    };
    expect(compared(given).results[0]?.fieldChanges.get(0)).toEqual([changed('stufe', 'gering', 'hoch')]);
  });

  test('names a field that is empty now', () => {
    expect(beside([{ ...DOORS, status: '' }, ROOF])).toEqual({
      remarks: [[0, [changed('status', 'revise', '')]]],
      removed: [],
    });
  });

  test('tries the last field of `known_by` first', () => {
    const now = { id: 1, title: 'Doors', status: 'rejected' };
    const then = [DOORS, { id: 7, title: 'Doors', status: 'rejected' }];
    expect(beside([now], then)).toEqual({
      remarks: [[0, [changed('status', 'revise', 'rejected')]]],
      removed: [then[1]],
    });
  });

  test('names none if two old or two new items fit', () => {
    const then = [DOORS, { ...DOORS, status: 'late' }];
    expect(beside([{ ...DOORS, status: 'rejected' }], then)).toEqual({ remarks: [], removed: then });
    const now = [
      { ...DOORS, status: 'rejected' },
      { ...DOORS, status: 'late' },
    ];
    expect(beside(now, [DOORS])).toEqual({ remarks: [], removed: [DOORS] });
  });

  test('names none if the old item still matches, or if two fields differ', () => {
    expect(beside([DOORS, { ...DOORS, status: 'rejected' }], [DOORS])).toEqual({ remarks: [], removed: [] });
    const other = { id: 1, title: 'Ramp', status: 'late' };
    expect(beside([other], [DOORS])).toEqual({ remarks: [], removed: [DOORS] });
  });

  test('names an empty field if there is no old item next to it', () => {
    expect(beside([{ id: 5, title: ' ', status: 'late' }, ROOF])).toEqual({
      remarks: [[0, [{ kind: 'field_empty', field: 'title' }]]],
      removed: [DOORS],
    });
  });
});

describe('the note of a baseline that does not count in full', () => {
  const WAY_OUT =
    ': only what it marks as known counts. Run this workflow by hand on `main` for one that counts in full';
  test.each<[string, Case, string]>([
    ['of a branch', { head: { ref: 'refs/heads/develop' } }, 'was written on `develop`'],
    ['of a tag', { head: { ref: 'refs/tags/main' } }, 'was written on `refs/tags/main`'],
    ['of a hostile ref', { head: { ref: 'refs/heads/`*x*' } }, 'was written on another branch'],
    ['of a pull request', { head: { event: 'pull_request' } }, 'was written on `pull_request`'],
    [
      'of a dispatch for one',
      { head: { event: 'workflow_dispatch', pull_request: 7 } },
      'was written for a pull request',
    ],
    ['of a hostile event', { head: { event: '<b>' } }, 'was written on another event'],
    ['of this job run', { head: { job_run: '2' } }, 'was written by this job run, or for this run'],
    ['of this run', { run: { run_id: 'run_2' } }, 'was written by this job run, or for this run'],
    [
      'of this commit',
      { head: { event: 'push', commit: COMMIT }, run: { gate: 'passed' } },
      'was written for this commit',
    ],
    ['of a red push', { head: { event: 'push' } }, 'was written on `push`, and its gate failed'],
  ])('%s', (_, given, why) => {
    expect(compared(given).baselineNotes).toEqual([`The baseline ${why}${WAY_OUT}`]);
  });

  test('counts the items that did not fit into the file', () => {
    const file = fileOf({
      room: { bytes: 700, values: 10_000 },
      then: [result(items('A', 'x'.repeat(500)))],
    });
    const judging = { baseline: readGateFile(Buffer.from(file)) };
    expect(compared({ judging }).baselineNotes).toEqual([
      'The baseline leaves out 1 item for size: they count as new',
    ]);
  });

  test('names a field of `known_by` that no item has, with `fail_on: any`', () => {
    const judging = { failOn: 'any', knownBy: by('id', 'titel') } as const;
    expect(compared({ judging })).toMatchObject({
      baselineNotes: ['Every item of “bad” is new: no item has `titel`; `title`?'],
      baselineUnusedReason: '',
    });
    expect(compared({ judging: { ...judging, failOn: 'new' } }).baselineNotes).toEqual([]);
  });

  test('is absent if the baseline counts in full, or without `known_by`', () => {
    expect(compared({}).baselineNotes).toEqual([]);
    expect(
      compared({ head: { event: 'push' }, judging: { knownBy: new Map(), failOn: 'any' } }).baselineNotes,
    ).toEqual([]);
    expect(compared({ judging: { baseline: null } }).baselineNotes).toEqual([]);
  });
});

describe('which baseline counts in full', () => {
  const onSchedule = { job: { ...NOW.job, event: 'schedule' } };
  test.each<[string, Case]>([
    ['a file written by hand, though its gate failed', {}],
    ['one written by hand on the same commit', { head: { commit: COMMIT } }],
    ['one of a push whose gate passed', { head: { event: 'push' }, run: { gate: 'passed' } }],
    ['one of a schedule whose gate passed', { head: { event: 'schedule' }, run: { gate: 'passed' } }],
    [
      'one of a dispatch from outside whose gate passed',
      { head: { event: 'repository_dispatch' }, run: { gate: 'passed' } },
    ],
    ['one without a gate', { head: { event: 'push' }, run: { gate: 'none' } }],
    [
      'last night’s, though its gate failed, on a schedule',
      { head: { event: 'schedule' }, judging: onSchedule },
    ],
    [
      'one of the same commit, where the commit is not the *when*',
      { head: { event: 'push', commit: COMMIT }, run: { gate: 'passed' }, judging: { isByCommit: false } },
    ],
  ])('%s', (_, given) => {
    expect(isRedOf(given)).toBe(false);
  });

  test('passes on why a file cannot be read', () => {
    const damaged = readGateFile(Buffer.from('{'));
    expect(damaged).toEqual(expect.stringMatching(/\w/));
    expect(whyNotFull(damaged, NOW.job, true)).toBe(damaged);
    expect(whyNotFull(readGateFile(Buffer.from(fileOf({}))), NOW.job, true)).toBe('');
  });

  /** The file knows A, by a baseline of its own, and calls B new. */
  const half: Case = {
    then: [result(items('A', 'B'))],
    thenCompared: { ...NOW, baseline: readGateFile(Buffer.from(fileOf({ then: [result(items('A'))] }))) },
  };
  const foreign: [string, Case][] = [
    ["this pull request's own file", { head: { event: 'pull_request', ref: 'refs/pull/7/merge' } }],
    ['attempt 1’s own on attempt 2', { head: { job_run: '2' } }],
    ['a feature branch’s', { head: { ref: 'refs/heads/feature' } }],
    ['a queue build’s', { head: { event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-7' } }],
    ['one written in the name of the base', { head: { event: 'pull_request_target' } }],
    ['one of the same run', { run: { run_id: 'run_2' } }],
    [
      'one of the same commit, where that is the *when*',
      { head: { event: 'push', commit: COMMIT }, run: { gate: 'passed' } },
    ],
    ['one of a push whose gate failed', { head: { event: 'push' } }],
    ['one of a push whose gate failed, on a schedule', { head: { event: 'push' }, judging: onSchedule }],
    ['one of a schedule whose gate failed', { head: { event: 'schedule' } }],
    ['one of a dispatch from outside whose gate failed', { head: { event: 'repository_dispatch' } }],
    ['one of the base of the pull request', { head: { ref: 'refs/heads/v1' } }],
    [
      'one of a ref that nobody knows',
      { head: { ref: '' }, judging: { job: { ...NOW.job, defaultBranchRef: '' } } },
    ],
    ['one of an event that we do not know', { head: { event: '' } }],
    ['one of a tag', { head: { ref: 'refs/tags/main' } }],
  ];
  test.each(foreign)('L9: %s counts only for what it calls known itself', (_, given) => {
    expect(knownOf({ ...half, ...given })).toEqual([true, false]);
    expect(isRedOf({ ...half, ...given, now: [result(items('A'))] })).toBe(false);
    // Without a baseline of its own it knows nothing, and by other fields its marks say nothing.
    expect(knownOf(given)).toEqual([false, false]);
    expect(knownOf({ ...half, ...given, judging: { ...given.judging, knownBy: by('title', 'id') } })).toEqual(
      [false, false],
    );
  });

  test('without `known_by` only the number of items is known', () => {
    const given = (head: Partial<Head>) =>
      compared({ head, judging: { knownBy: by(), failOn: 'any' } }).results[0];
    expect(given({ event: 'pull_request' })).toMatchObject({
      known: [false, false],
      baselineCount: 2,
      removed: null,
    });
    // Neither of this job run nor of this run.
    expect(given({ job_run: '2' })).toMatchObject({ known: [false, false], baselineCount: null });
  });

  test('a baseline of this run shows again what that run was compared with', () => {
    expect(compared({}).since?.commit).toBe(EARLIER);
    expect(compared({ run: { run_id: 'run_2', baseline_commit: COMMIT } }).since?.commit).toBe(COMMIT);
    expect(compared({ run: { run_id: 'run_2' } }).since?.commit).toBe('');
  });

  test('M3: ignores waived items on both sides, so an item is red once its waiver has ended', () => {
    const waiver = aWaiver({ id: '1', title: 'A' }, { until: '2026-11-27' });
    const thenCompared = { waivers: [waiver], today: '2026-11-27' };
    const later = { waivers: [waiver], today: '2026-11-28' };
    expect(knownOf({ thenCompared })).toEqual([false, true]);
    const { results } = compared({ thenCompared, judging: later });
    expect(results.map(isRed)).toEqual([true]);
    expect([...results[0]!.fieldChanges]).toEqual([[0, [{ kind: 'waiver_ended', until: '2026-11-27' }]]]);
    expect(isRedOf({ thenCompared, judging: { waivers: [waiver], today: '2026-11-27' } })).toBe(false);
  });

  describe('a baseline from before the waiver', () => {
    const waived = (about: Partial<Waiver> = {}) => ({
      waivers: [aWaiver({ title: 'A', room: '1' }, about)],
    });
    const inRooms = (...rooms: readonly number[]) => [
      result(rooms.map((room) => ({ id: 1, title: 'A', room }))),
    ];

    test('knows an item whose waiver has run out, as if there had been none', () => {
      const given = { then: inRooms(1), judging: waived({ until: '2026-11-26' }) };
      expect(compared(given)).toMatchObject({ results: [{ known: [true], isExcused: true }] });
    });

    test('knows items of a waiver that matches more items than its count allows', () => {
      const given = { then: inRooms(1, 1), judging: waived() };
      expect(compared(given)).toMatchObject({
        results: [{ known: [true, true], waived: [], isExcused: true }],
      });
      expect(knownOf({ ...given, then: inRooms(1), now: inRooms(1, 1) })).toEqual([false, false]);
    });

    test('does not count a waived item in place of an equal one', () => {
      const given = { then: inRooms(1, 2), judging: waived() };
      expect(knownOf({ ...given, now: inRooms(1, 2) })).toEqual([true]);
      expect(knownOf({ ...given, now: inRooms(1, 2, 3) })).toEqual([false, false]);
    });

    test('reports no waived item as removed', () => {
      const given = { then: inRooms(1, 2), now: inRooms(1), judging: waived() };
      expect(removedOf(given)).toEqual([{ id: 1, title: 'A', room: 2 }]);
    });
  });

  test('reports an item as removed as often as it no longer matches', () => {
    expect(removedOf({ now: [result(items('A'))] })).toEqual(items('A', 'B').slice(1));
    const [door] = items('Door');
    expect(removedOf({ then: [result([door!, door!, door!])], now: [result([door!])] })).toEqual([
      door,
      door,
    ]);
  });

  test('does not report an item without a fingerprint as removed', () => {
    expect(removedOf({ then: [result([{ id: 1 }, { id: 2, title: '' }])], now: [result([])] })).toEqual([]);
  });

  test('does not report a waived item as removed if an equal item matches', () => {
    const room = (nth: number) => ({ id: 1, title: 'A', room: nth });
    const judging = { waivers: [aWaiver({ title: 'A', room: '1' })] };
    expect(removedOf({ then: [result([room(1), room(2)])], judging })).toEqual([]);
  });
});

describe('an item that a red scheduled run found, and nobody accepted, is known only on schedules', () => {
  /** A review in a row of them. */
  interface Review {
    readonly event: string;
    readonly titles: readonly string[];
    readonly ref?: string;
    readonly about?: Partial<BaselineContext>;
    readonly severity?: 'fail' | 'warn';
    readonly pullRequest?: number;
  }
  const night = (...titles: readonly string[]): Review => ({ event: 'schedule', titles });
  const byHand = (...titles: readonly string[]): Review => ({ event: 'workflow_dispatch', titles });
  const push = (...titles: readonly string[]): Review => ({ event: 'push', titles });
  const pull = (...titles: readonly string[]): Review => ({ event: 'pull_request', titles });

  /** Each review is compared with the file of the one before it. */
  function play(...reviews: readonly Review[]) {
    let baseline: BaselineContext['baseline'] = null;
    const played: (Pick<ReturnType<typeof applyBaseline>, 'baselineNotes'> & {
      readonly isRed: boolean;
      readonly known: readonly ComparedResult['known'][];
      readonly removed: readonly ComparedResult['removed'][];
    })[] = [];
    for (const [at, review] of reviews.entries()) {
      const { event, titles, ref = 'refs/heads/main', about, severity = 'fail', pullRequest = null } = review;
      const nth = String(at + 1);
      const found = titles.map((title) => ({ id: 1, title }));
      const { results, baselineNotes } = applyBaseline(
        [result(found, { condition: { ...CONDITION, severity } })],
        {
          ...NOW,
          runId: `run_${nth}`,
          baseline,
          job: { ...NOW.job, commit: nth.padStart(40, '0'), jobRunId: nth, event },
          ...about,
        },
      );
      const isReviewRed = results.some(isRed);
      const head = {
        ...MAIN,
        event,
        ref,
        job_run: nth,
        commit: nth.padStart(40, '0'),
        pull_request: pullRequest,
      };
      const run = { ...RUN, gate: isReviewRed ? 'failed' : 'passed', run_id: `run_${nth}` } as const;
      baseline = readGateFile(Buffer.from(formatGateFile(head, packRun(run, results, BUDGET).text).join('')));
      expect(typeof baseline).toBe('object');
      played.push({
        isRed: isReviewRed,
        known: results.map(({ known }) => known),
        removed: results.map(({ removed }) => removed),
        baselineNotes,
      });
    }
    return played.at(-1)!;
  }

  test.each<[string, readonly Review[], readonly boolean[]]>([
    ['on the next night it is known', [night('X'), night('X')], [true]],
    ['and on the night after that', [night('X'), night('X'), night('X')], [true]],
    ['on a push it is new', [night('X'), night('X'), push('X')], [false]],
    ['on a push after three nights it is new', [night('X'), night('X'), night('X'), push('X')], [false]],
    ['in a pull request it is new', [night('X'), night('X'), pull('X')], [false]],
    [
      'after a push that only warns of it, it is new in a pull request',
      [night('X'), night('X'), { ...push('X'), severity: 'warn' }, pull('X')],
      [false],
    ],
    [
      'after a push that only warns of it, it is known on the next night',
      [night('X'), night('X'), { ...push('X'), severity: 'warn' }, night('X')],
      [true],
    ],
    [
      'a dispatch for a pull request accepts nothing',
      [night('X'), night('X'), { ...byHand('X'), pullRequest: 7 }, push('X')],
      [false],
    ],
    ['in a dispatch it is new', [night('X'), night('X'), byHand('X')], [false]],
    [
      'in a dispatch from outside it is new',
      [night('X'), night('X'), { event: 'repository_dispatch', titles: ['X'] }],
      [false],
    ],
    ['run by hand it is accepted', [night('X'), night('X'), byHand('X'), push('X')], [true]],
    [
      'accepted by hand it stays so over the nights',
      [byHand('A'), night('A', 'X'), night('A', 'X'), night('A', 'X'), pull('A', 'X')],
      [true, false],
    ],
    [
      'one that came twice is new',
      [byHand('A'), night('A', 'A'), night('A', 'A'), pull('A', 'A')],
      [false, false],
    ],
    [
      'of one that came twice it is not known which was accepted',
      [byHand('A'), night('A', 'A'), night('A', 'A'), pull('A')],
      [false],
    ],
    [
      'one of two that were accepted is known',
      [byHand('A', 'A'), night('A', 'A', 'X'), night('A', 'X'), pull('A')],
      [true],
    ],
    [
      'of a file that counts for its marks alone it is new',
      [night('X'), { ...night('X'), ref: 'refs/heads/develop' }, pull('X')],
      [false],
    ],
    [
      'of such a file it is known on a schedule',
      [night('X'), { ...night('X'), ref: 'refs/heads/develop' }, night('X')],
      [true],
    ],
    [
      'by other fields than those of the red night nothing of it was accepted',
      [byHand('A'), night('A', 'X'), { ...night('A'), about: { knownBy: by('title', 'id') } }, pull('A')],
      [false],
    ],
  ])('%s', (_, reviews, known) => {
    expect(play(...reviews)).toMatchObject({ known: [known], isRed: known.includes(false) });
  });

  test('says why the items are new, and how to accept them', () => {
    const WAY_OUT =
      'from red scheduled runs only: new on every other event. Run this workflow by hand on `main` to accept what it has';
    expect(play(night('X'), night('X'), push('X', 'Y')).baselineNotes).toEqual([
      `The baseline has 1 item ${WAY_OUT}`,
    ]);
    expect(play(night('X', 'Y'), night('X', 'Y'), pull('Y', 'X')).baselineNotes).toEqual([
      `The baseline has 2 items ${WAY_OUT}`,
    ]);
    expect(play(night('X'), night('X'), push('Y')).baselineNotes).toEqual([]);
    expect(play(night('X'), night('X'), night('X')).baselineNotes).toEqual([]);
  });

  test('does not list items that still match as no longer matching', () => {
    expect(play(night('X'), night('X'), push('X')).removed).toEqual([[]]);
  });
});

describe('the digest of the inputs', () => {
  const OWN = [COMMIT, 'refs/heads/main', '17000000001'];
  test.each<[string, JsonObject, JsonObject]>([
    ['a day', { from: '2026-11-26' }, { from: '2026-11-27' }],
    ['a time', { at: '2026-11-26T04:17:00Z' }, { at: '2026-11-27T04:18:00+01:00' }],
    ['an hour', { at: '04:17' }, { at: '05:17' }],
    ['the job’s commit', { at: COMMIT }, { at: '2026-11-26' }],
    ['its ref written out, deep', { a: [{ ref: 'refs/heads/main' }] }, { a: [{ ref: COMMIT }] }],
    ['its job run, a number or a text', { run: 17000000001 }, { run: '17000000001' }],
  ])('leaves out %s', (_, then, now) => {
    expect(digestInputs(then, OWN)).toBe(digestInputs(now, OWN));
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['another value', { level: 3 }, { level: 4 }],
    ['another name', { level: 3 }, { storey: 3 }],
    ['a date among words', { note: 'since 2026-11-26' }, { note: 'since 2026-11-27' }],
    [
      'the main contractor’s level 2 and level 3',
      { scope: 'main contractor, level 2' },
      { scope: 'main contractor, level 3' },
    ],
    ['a hall and a stair', { room: 'main hall' }, { room: 'main stair' }],
    ['two texts that hold the commit', { note: `doors of ${COMMIT}` }, { note: `roof of ${COMMIT}` }],
    ['two texts that hold the ref', { note: 'doors, refs/heads/main' }, { note: 'roof, refs/heads/main' }],
    ['two branches', { building: 'main' }, { building: 'annex' }],
    ['two short commits', { at: COMMIT.slice(0, 7) }, { at: EARLIER.slice(0, 7) }],
    ['an empty value beside a day', { from: '' }, { from: '2026-11-26' }],
    ['two shares that are no times', { mix: '50:50' }, { mix: '70:30' }],
    ['what the calendar does not have', { lot: '2026-13-45' }, { lot: '2026-14-45' }],
    ['a day that a month does not have', { lot: '2026-02-30' }, { lot: '2026-02-31' }],
    ['a time on such a day', { lot: '2026-02-30T10:00:00Z' }, { lot: '2026-02-31T10:00:00Z' }],
  ])('differs for %s', (_, then, now) => {
    expect(digestInputs(then, OWN)).not.toBe(digestInputs(now, OWN));
  });
});

describe('for any items', () => {
  const value = fc.constantFrom<JsonValue>(1, 2, '1', 'A', null, true, ['x'], { x: 1 });
  const anItem = fc.record(
    { id: value, title: value, reason: value },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>;
  const list = fc.array(fc.oneof({ weight: 5, arbitrary: anItem }, { weight: 1, arbitrary: value }), {
    maxLength: 6,
  });
  const fields = fc.constantFrom(['id', 'title'], ['title', 'reason'], ['id', 'title', 'reason']);
  const text = (one: JsonValue | undefined) => (typeof one === 'string' ? one : JSON.stringify(one));
  /** What a reader would hold beside what; null: never. */
  const reported = (item: JsonValue, names: readonly string[]) => {
    if (item === null) return null;
    if (typeof item !== 'object' || Array.isArray(item)) return `=${JSON.stringify(item)}`;
    const values = names.map((name) => (item as JsonObject)[name]);
    return values.some((one) => one === undefined || one === null) ? null : values.map(text).join('|');
  };

  test('an item is known only if every field is equal on both sides, and no more such items exist than before', () => {
    fc.assert(
      fc.property(list, list, fields, (then, others, names) => {
        const now = [...others, ...then];
        const known =
          knownOf({ then: [result(then)], now: [result(now)], judging: { knownBy: by(...names) } }) ?? [];
        const count = (list: readonly JsonValue[], item: JsonValue) =>
          list.filter((one) => reported(one, names) === reported(item, names)).length;
        now.forEach((item, at) =>
          expect(known[at]).toBe(reported(item, names) !== null && count(now, item) <= count(then, item)),
        );
      }),
    );
  });

  test('a waiver never reaches an item that differs in one of its fields, nor more items than it counts', () => {
    const waiver = fc
      .tuple(
        fields,
        fc.array(fc.constantFrom('1', 'A', 'true', '["x"]'), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 3 }),
      )
      .map(([names, texts, count]) =>
        aWaiver(Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ''])), { count }),
      );
    fc.assert(
      fc.property(list, waiver, (now, given) => {
        const [judged] = applyBaseline([result(now)], { ...NO_BASELINE, waivers: [given] }).results;
        const fits = now.filter(
          (item) => reported(item, [...given.match.keys()]) === [...given.match.values()].join('|'),
        );
        expect(judged?.waived.map(({ item }) => item)).toEqual(fits.length > given.count ? [] : fits);
        expect(judged?.matched.length).toBe(now.length - (judged?.waived.length ?? 0));
      }),
    );
  });

  test('neither a baseline nor a waiver turns a boolean, or what cannot be evaluated, green', () => {
    const word = fc.constantFrom('holds' as const, 'cannot_be_evaluated' as const);
    fc.assert(
      fc.property(word, word, list, fields, (then, now, before, names) => {
        const waivers = [aWaiver({ id: '1', title: 'A' })];
        const given = {
          then: [result([], { result: then }), result(before)],
          now: [result([], { result: now })],
          judging: { waivers, knownBy: by(...names) },
        };
        expect(isRedOf(given)).toBe(true);
      }),
    );
  });
});
