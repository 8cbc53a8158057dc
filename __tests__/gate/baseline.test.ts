/** What the gate takes for known, and what it does not: whatever is in doubt is new. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRed, type ConditionResult, type ComparedResult, type FieldChange } from '../../src/gate/condition.ts';
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
const items = (...titles: readonly string[]): JsonObject[] => titles.map((title, at) => ({ id: at + 1, title }));
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

test('is green for findings that the baseline has already, without a note', () => {
  expect(compared({})).toMatchObject({
    results: [{ known: [true, true], isExcused: true }],
    baselineUnusedReason: '',
    notice: '',
  });
});

test('is red for one new finding among known ones', () => {
  const given = { now: [result(items('A', 'B', 'C'))] };
  expect(compared(given)).toMatchObject({
    results: [{ known: [true, true, false], isExcused: false }],
    baselineUnusedReason: '',
  });
});

test('is red for known findings with `fail_on: any`', () => {
  const given = { judging: { failOn: 'any' } } as const;
  expect(isRedOf(given)).toBe(true);
  expect(knownOf(given)).toEqual([true, true]);
});

test('knows the findings of a `fail_if` condition that was in `warn_if` in the baseline, and still warns for a `warn_if` condition that was in `fail_if`', () => {
  const warned = result(items('A'), { condition: { ...CONDITION, severity: 'warn' } });
  expect(isRedOf({ then: [warned], now: [result(items('A'))] })).toBe(false);
  expect(compared({ then: [warned] }).results[0]?.isExcused).toBeNull();
});

describe('an item next to the baseline’s item', () => {
  test.each<[string, readonly string[], JsonValue, JsonValue]>([
    ['severity minor → critical under one ID', ['id', 'severity'], { id: 1, severity: 'minor' }, { id: 1, severity: 'critical' }],
    ['a count of 14, then 1', ['name', 'count'], { name: 'Doors', count: 14 }, { name: 'Doors', count: 1 }],
    ['another title under the same ID', ['id', 'title'], { id: 1, title: 'A' }, { id: 1, title: 'B' }],
    ['the same title under another ID', ['id', 'title'], { id: 1, title: 'A' }, { id: 2, title: 'A' }],
    ['an empty field of `known_by` on both sides', ['id', 'title'], { id: 1, title: '' }, { id: 1, title: '' }],
    ['a field of blanks on both sides', ['id', 'title'], { id: 1, title: ' ' }, { id: 1, title: ' ' }],
    ['a field of invisible characters on both sides', ['id', 'title'], { id: 1, title: '\u200b' }, { id: 1, title: '\u200b' }],
    ['an empty list as a field on both sides', ['id', 'rooms'], { id: 1, rooms: [] }, { id: 1, rooms: [] }],
    ['an empty object as a field on both sides', ['id', 'at'], { id: 1, at: {} }, { id: 1, at: {} }],
    ['an empty text as the whole item on both sides', ['id', 'title'], '', ''],
    ['null as the whole item on both sides', ['id', 'title'], null, null],
    ['a field of `known_by` that the baseline’s item lacks', ['id', 'title'], { id: 1 }, { id: 1, title: 'A' }],
    ['a field of `known_by` that it lacks now', ['id', 'title'], { id: 1, title: 'A' }, { id: 1 }],
    ['a field of `known_by` that both lack', ['id', 'title'], { id: 1 }, { id: 1 }],
    ['a field that is null on both sides', ['id', 'title'], { id: 1, title: null }, { id: 1, title: null }],
    ['a field in another letter case', ['id', 'title'], { id: 1, title: 'A' }, { id: 1, title: 'a' }],
    ['a field whose list has one more item', ['id', 'rooms'], { id: 1, rooms: ['a'] }, { id: 1, rooms: ['a', 'b'] }],
    ['a field whose object has another value', ['id', 'at'], { id: 1, at: { x: 1 } }, { id: 1, at: { x: 2 } }],
    ['another text as the whole item', ['id', 'title'], 'A', 'B'],
    ['a `known_by` field that objects only inherit', ['id', 'constructor'], { id: 1 }, { id: 1 }],
  ])('is new with %s', (_, fields, then, now) => {
    expect(isRedOf({ then: [result([then])], now: [result([now])], judging: { knownBy: by(...fields) } })).toBe(true);
  });

  test.each<[string, readonly string[], JsonValue, JsonValue]>([
    [
      'another value in a field that `known_by` does not name',
      ['id', 'title'],
      { id: 1, title: 'A', reason: 'x' },
      { id: 1, title: 'A', reason: 'y' },
    ],
    ['another order of keys', ['id', 'title'], { id: 1, title: 'A' }, { title: 'A', id: 1 }],
    ['its ID as a text instead of a number', ['id', 'title'], { id: 1, title: 'A' }, { id: '1', title: 'A' }],
    [
      'a list whose objects have their keys in another order',
      ['id', 'rooms'],
      { id: 1, rooms: [{ a: 1, b: 2 }] },
      { id: 1, rooms: [{ b: 2, a: 1 }] },
    ],
    ['the same text as the whole item', ['id', 'title'], 'A', 'A'],
    ['the same list as the whole item', ['id', 'title'], [1, 2], [1, 2]],
  ])('is known with %s', (_, fields, then, now) => {
    expect(isRedOf({ then: [result([then])], now: [result([now])], judging: { knownBy: by(...fields) } })).toBe(false);
  });

  test('is compared by the digits of an 18-digit number', () => {
    const of = (digits: string) => [result([parseJson(Buffer.from(`{"id":${digits},"title":"A"}`))])];
    expect(isRedOf({ then: of('900719925474099267'), now: of('900719925474099268') })).toBe(true);
  });

  test('is new, as are all equal ones, if there are more than before, and known if there are fewer', () => {
    const [door, ramp] = items('Door', 'Ramp');
    const two = [result([door!, ramp!, door!])];
    const three = [result([door!, ramp!, door!, door!])];
    expect(knownOf({ then: two, now: three })).toEqual([false, true, false, false]);
    expect(compared({ then: three, now: two }).results[0]).toMatchObject({
      known: [true, true, true],
      removed: [{ item: door }],
    });
  });

  test('is compared by the separate `known_by` of its condition', () => {
    const knownBy = new Map([...by('id', 'title'), ['bad', ['id', 'reason']]]);
    const then = [result([{ id: 1, reason: 'x' }])];
    const now = [result([{ id: 1, reason: 'x', title: 'new' }])];
    expect(isRedOf({ then, now, judging: { knownBy } })).toBe(false);
  });

  test('is compared by the `known_by` of today, whatever it was when the baseline was written', () => {
    expect(isRedOf({ thenCompared: { knownBy: by('id', 'reason') } })).toBe(false);
  });
});

describe('L9: the baseline', () => {
  const known = result(items('A', 'B'));
  test.each<[string, Case, RegExp]>([
    ['is not used where `baseline_file` is empty', { judging: { baseline: null } }, /: `baseline_file` is empty$/],
    ['is not used if it is damaged', { judging: { baseline: 'it is damaged' } }, /: it is damaged$/],
    ['is not used if it is for another workflow', { judging: { workflowId: 'wf_2' } }, /the baseline was written for another workflow$/],
    [
      'is not used if the workflow is unknown on both sides',
      { run: { workflow_id: '' }, judging: { workflowId: '' } },
      /another workflow$/,
    ],
    ['is not used if it is for another project', { judging: { projectId: 'p2' } }, /was written for another project$/],
    ['is not used if it is for a project and the step has none', { judging: { projectId: '' } }, /another project$/],
    [
      'is not used if the project is unknown because of `run_id`',
      { judging: { projectId: null } },
      /may have been written for another project: /,
    ],
    ['is not used if its project was unknown', { run: { project_id: null } }, /may have been written for another project: /],
    ['is not used if it is for other inputs', { judging: { inputsDigest: 'other' } }, /was written for other inputs$/],
    ['is not used if its inputs were unknown', { run: { inputs_digest: null } }, /may have been written for other inputs: /],
    ['is not used for a named run that it does not have', { judging: { name: 'Tower' } }, /has no run of that name$/],
    [
      'is not used for a condition whose expression has changed',
      { now: [{ ...known, condition: { ...CONDITION, expression: 'outputs.bad ' } }] },
      / for “bad” \(the baseline does not have it by this name and expression\)$/,
    ],
    [
      'is not used for a condition whose name has changed',
      { now: [{ ...known, condition: { ...CONDITION, name: 'worse' } }] },
      / for “worse” \(the baseline does not have it by this name and expression\)$/,
    ],
    [
      'is not used for a condition that it could not evaluate',
      { then: [result([], { result: 'cannot_be_evaluated' })], now: [known] },
      / for “bad” \(it could not be evaluated when the baseline was written\)$/,
    ],
    [
      'is not used for a condition that was a boolean',
      { then: [result([], { result: 'holds' })] },
      /“bad” \(it is true, not a list of items\)$/,
    ],
    [
      'is not used for a condition without fields in `known_by`',
      { judging: { knownBy: new Map([['other', ['id', 'title']]]) } },
      /“bad” \(`known_by` names no fields for it\)$/,
    ],
    [
      'is not used if no item has a field of `known_by`, and a similar field is suggested',
      { judging: { knownBy: by('id', 'titel') } },
      /\(no item has `titel`; `title`\?\)$/,
    ],
    [
      'is not used if no item has a field of `known_by` or a similar one',
      { judging: { knownBy: by('id', 'section') } },
      /\(no item has `section`\)$/,
    ],
    [
      'is not used if a field of `known_by` is empty in all items',
      { then: [result([{ id: 1, title: '' }])] },
      /“bad” \(no item has `title`: it is empty in all\)$/,
    ],
  ])('%s', (_, given, reason) => {
    const message = compared(given);
    expect(message.results.map(isRed)).toEqual([true]);
    expect(message.baselineUnusedReason).toMatch(/^Every finding counts as new(:| for) [^\n]*$/);
    expect(message.baselineUnusedReason).toMatch(reason);
  });

  test('is reported as not used for several conditions in one line', () => {
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

  test('makes no item known, and none removed, of a condition without fields', () => {
    const given = { judging: { knownBy: new Map([['other', ['id', 'title']]]) } };
    expect(compared(given).results[0]).toMatchObject({
      known: [false, false],
      removed: null,
      isExcused: false,
    });
    expect(knownOf({ judging: { ...given.judging, failOn: 'any' } })).toEqual([false, false]);
  });

  test('is reported as not used neither for a warning nor if nothing matches, and with `fail_on: any` in a notice only', () => {
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

describe('a new item whose fields differ from an old one’s in one field', () => {
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

  test('is shown with its changed `status`, and the old item is not reported as removed', () => {
    expect(beside([ROOF, { ...DOORS, status: 'rejected' }, { id: 9, title: 'Ramp', status: 'late' }])).toEqual({
      remarks: [[0, [changed('status', 'revise', 'rejected')]]].map(([, remark]) => [1, remark]),
      removed: [],
    });
  });

  test('is shown with the changed field under any field name', () => {
    const given = {
      then: [result([{ raum: 'A', mangel: 'B', stufe: 'gering' }])],
      now: [result([{ raum: 'A', mangel: 'B', stufe: 'hoch' }])],
      judging: { knownBy: by('raum', 'mangel', 'stufe') },
    };
    expect(compared(given).results[0]?.fieldChanges.get(0)).toEqual([changed('stufe', 'gering', 'hoch')]);
  });

  test('is shown with a field that is empty now', () => {
    expect(beside([{ ...DOORS, status: '' }, ROOF])).toEqual({
      remarks: [[0, [changed('status', 'revise', '')]]],
      removed: [],
    });
  });

  test('is compared without the last field of `known_by` first', () => {
    const now = { id: 1, title: 'Doors', status: 'rejected' };
    const then = [DOORS, { id: 7, title: 'Doors', status: 'rejected' }];
    expect(beside([now], then)).toEqual({
      remarks: [[0, [changed('status', 'revise', 'rejected')]]],
      removed: [then[1]],
    });
  });

  test('is shown without a changed field if two old or two new items fit', () => {
    const then = [DOORS, { ...DOORS, status: 'late' }];
    expect(beside([{ ...DOORS, status: 'rejected' }], then)).toEqual({ remarks: [], removed: then });
    const now = [
      { ...DOORS, status: 'rejected' },
      { ...DOORS, status: 'late' },
    ];
    expect(beside(now, [DOORS])).toEqual({ remarks: [], removed: [DOORS] });
  });

  test('is shown without a changed field if the old item still matches, or if two fields differ', () => {
    expect(beside([DOORS, { ...DOORS, status: 'rejected' }], [DOORS])).toEqual({ remarks: [], removed: [] });
    const other = { id: 1, title: 'Ramp', status: 'late' };
    expect(beside([other], [DOORS])).toEqual({ remarks: [], removed: [DOORS] });
  });

  test('is shown with its empty field if no old item fits', () => {
    expect(beside([{ id: 5, title: ' ', status: 'late' }, ROOF])).toEqual({
      remarks: [[0, [{ kind: 'field_empty', field: 'title' }]]],
      removed: [DOORS],
    });
  });
});

describe('the note of a baseline that does not count in full', () => {
  const WAY_OUT = ': only what it marks as known counts. Run this workflow by hand on `main` for one that counts in full';
  test.each<[string, Case, string]>([
    ['names another branch that wrote the file', { head: { ref: 'refs/heads/develop' } }, 'was written on `develop`'],
    ['names the ref of a tag that wrote the file', { head: { ref: 'refs/tags/main' } }, 'was written on `refs/tags/main`'],
    ['says “another branch” for a hostile ref', { head: { ref: 'refs/heads/`*x*' } }, 'was written on another branch'],
    ['names the event `pull_request`', { head: { event: 'pull_request' } }, 'was written on `pull_request`'],
    [
      'says that a dispatch wrote the file for a pull request',
      { head: { event: 'workflow_dispatch', pull_request: 7 } },
      'was written for a pull request',
    ],
    ['says “another event” for a hostile event name', { head: { event: '<b>' } }, 'was written on another event'],
    ['says that this job run wrote the file', { head: { job_run: '2' } }, 'was written by this job run, or for this run'],
    ['says that the file is for this run', { run: { run_id: 'run_2' } }, 'was written by this job run, or for this run'],
    [
      'says that the file is for this commit',
      { head: { event: 'push', commit: COMMIT }, run: { gate: 'passed' } },
      'was written for this commit',
    ],
    ['says that a push whose gate failed wrote the file', { head: { event: 'push' } }, 'was written on `push`, and its gate failed'],
  ])('%s', (_, given, why) => {
    expect(compared(given).baselineNotes).toEqual([`The baseline ${why}${WAY_OUT}`]);
  });

  test('counts the items that did not fit into the file', () => {
    const file = fileOf({
      room: { bytes: 700, values: 10_000 },
      then: [result(items('A', 'x'.repeat(500)))],
    });
    const judging = { baseline: readGateFile(Buffer.from(file)) };
    expect(compared({ judging }).baselineNotes).toEqual(['The baseline leaves out 1 item for size: they count as new']);
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
    expect(compared({ head: { event: 'push' }, judging: { knownBy: new Map(), failOn: 'any' } }).baselineNotes).toEqual([]);
    expect(compared({ judging: { baseline: null } }).baselineNotes).toEqual([]);
  });
});

describe('the baseline of a step', () => {
  const onSchedule = { job: { ...NOW.job, event: 'schedule' } };
  test.each<[string, Case]>([
    ['counts in full if a run by hand wrote it, though its gate failed', {}],
    ['counts in full if a run by hand wrote it on the same commit', { head: { commit: COMMIT } }],
    ['counts in full if a push wrote it whose gate passed', { head: { event: 'push' }, run: { gate: 'passed' } }],
    ['counts in full if a schedule wrote it whose gate passed', { head: { event: 'schedule' }, run: { gate: 'passed' } }],
    [
      'counts in full if a `repository_dispatch` wrote it whose gate passed',
      { head: { event: 'repository_dispatch' }, run: { gate: 'passed' } },
    ],
    ['counts in full if a push wrote it without a gate', { head: { event: 'push' }, run: { gate: 'none' } }],
    ['counts in full on a schedule if a schedule wrote it, though its gate failed', { head: { event: 'schedule' }, judging: onSchedule }],
    [
      'counts in full if it is of the same commit and keys do not depend on the commit',
      { head: { event: 'push', commit: COMMIT }, run: { gate: 'passed' }, judging: { isByCommit: false } },
    ],
  ])('%s', (_, given) => {
    expect(isRedOf(given)).toBe(false);
  });

  test('does not count if it cannot be read, for the reason of its reader', () => {
    const damaged = readGateFile(Buffer.from('{'));
    expect(damaged).toEqual(expect.stringMatching(/\w/));
    expect(whyNotFull(damaged, NOW.job, true)).toBe(damaged);
    expect(whyNotFull(readGateFile(Buffer.from(fileOf({}))), NOW.job, true)).toBe('');
  });

  test('names why the newest review of its branch does not count in full', () => {
    const reasonOf = (head: object, run: object) => whyNotFull(readGateFile(Buffer.from(fileOf({ head, run }))), NOW.job, true);
    expect(reasonOf({ event: 'push' }, { gate: 'failed' })).toBe(
      'no review of that branch counts in full: the last one was written on `push`, and its gate failed',
    );
    expect(reasonOf({ event: 'push', commit: COMMIT }, { gate: 'passed' })).toBe(
      'no review of that branch counts in full: the last one was written for this commit',
    );
  });

  /** The file knows A, by a baseline of its own, and calls B new. */
  const half: Case = {
    then: [result(items('A', 'B'))],
    thenCompared: { ...NOW, baseline: readGateFile(Buffer.from(fileOf({ then: [result(items('A'))] }))) },
  };
  const foreign: [string, Case][] = [
    ['a pull request’s event wrote it', { head: { event: 'pull_request', ref: 'refs/pull/7/merge' } }],
    ['attempt 1 of this job run wrote it', { head: { job_run: '2' } }],
    ['a feature branch wrote it', { head: { ref: 'refs/heads/feature' } }],
    ['a build of the merge queue wrote it', { head: { event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-7' } }],
    ['`pull_request_target` wrote it', { head: { event: 'pull_request_target' } }],
    ['it is for the same Alloovium run', { run: { run_id: 'run_2' } }],
    ['it is of the same commit and keys depend on the commit', { head: { event: 'push', commit: COMMIT }, run: { gate: 'passed' } }],
    ['a push wrote it whose gate failed', { head: { event: 'push' } }],
    ['a push wrote it whose gate failed, and a schedule reads it', { head: { event: 'push' }, judging: onSchedule }],
    ['a schedule wrote it whose gate failed', { head: { event: 'schedule' } }],
    ['a `repository_dispatch` wrote it whose gate failed', { head: { event: 'repository_dispatch' } }],
    ['a branch wrote it that is not the default branch', { head: { ref: 'refs/heads/v1' } }],
    ['its ref and the default branch are unknown', { head: { ref: '' }, judging: { job: { ...NOW.job, defaultBranchRef: '' } } }],
    ['its event is unknown', { head: { event: '' } }],
    ['a tag with the default branch’s name wrote it', { head: { ref: 'refs/tags/main' } }],
  ];
  test.each(foreign)('L9: counts only for the items that it marks as known if %s', (_, given) => {
    expect(knownOf({ ...half, ...given })).toEqual([true, false]);
    expect(isRedOf({ ...half, ...given, now: [result(items('A'))] })).toBe(false);
    // Without a baseline of its own it knows nothing, and by other fields its marks say nothing.
    expect(knownOf(given)).toEqual([false, false]);
    expect(knownOf({ ...half, ...given, judging: { ...given.judging, knownBy: by('title', 'id') } })).toEqual([false, false]);
  });

  test('gives only the number of items without `known_by`', () => {
    const given = (head: Partial<Head>) => compared({ head, judging: { knownBy: by(), failOn: 'any' } }).results[0];
    expect(given({ event: 'pull_request' })).toMatchObject({
      known: [false, false],
      baselineCount: 2,
      removed: null,
    });
    // Neither of this job run nor of this run.
    expect(given({ job_run: '2' })).toMatchObject({ known: [false, false], baselineCount: null });
  });

  test('is replaced, if it is for the same run, by the commit that this run was compared with', () => {
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

  describe('a baseline that is older than the waiver', () => {
    const waived = (about: Partial<Waiver> = {}) => ({
      waivers: [aWaiver({ title: 'A', room: '1' }, about)],
    });
    const inRooms = (...rooms: readonly number[]) => [result(rooms.map((room) => ({ id: 1, title: 'A', room })))];

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
    expect(removedOf({ then: [result([door!, door!, door!])], now: [result([door!])] })).toEqual([door, door]);
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

describe('an item that only red scheduled runs have found', () => {
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
      const { results, baselineNotes } = applyBaseline([result(found, { condition: { ...CONDITION, severity } })], {
        ...NOW,
        runId: `run_${nth}`,
        baseline,
        job: { ...NOW.job, commit: nth.padStart(40, '0'), jobRunId: nth, event },
        ...about,
      });
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
    ['is known on the next night', [night('X'), night('X')], [true]],
    ['is known on the third night', [night('X'), night('X'), night('X')], [true]],
    ['is new on a push', [night('X'), night('X'), push('X')], [false]],
    ['is new on a push after three nights', [night('X'), night('X'), night('X'), push('X')], [false]],
    ['is new in a pull request', [night('X'), night('X'), pull('X')], [false]],
    [
      'is new in a pull request after a push that only warns of it',
      [night('X'), night('X'), { ...push('X'), severity: 'warn' }, pull('X')],
      [false],
    ],
    [
      'is known on the next night after a push that only warns of it',
      [night('X'), night('X'), { ...push('X'), severity: 'warn' }, night('X')],
      [true],
    ],
    ['is not accepted by a dispatch for a pull request', [night('X'), night('X'), { ...byHand('X'), pullRequest: 7 }, push('X')], [false]],
    ['is new in a dispatch by hand', [night('X'), night('X'), byHand('X')], [false]],
    ['is new in a `repository_dispatch`', [night('X'), night('X'), { event: 'repository_dispatch', titles: ['X'] }], [false]],
    ['is known on a push after a dispatch by hand, which accepts it', [night('X'), night('X'), byHand('X'), push('X')], [true]],
    [
      'is new in a pull request next to an item that was accepted by hand, which stays known',
      [byHand('A'), night('A', 'X'), night('A', 'X'), night('A', 'X'), pull('A', 'X')],
      [true, false],
    ],
    ['is new if it matches twice and was accepted once', [byHand('A'), night('A', 'A'), night('A', 'A'), pull('A', 'A')], [false, false]],
    [
      'is new if it matched twice at night, was accepted once, and matches once',
      [byHand('A'), night('A', 'A'), night('A', 'A'), pull('A')],
      [false],
    ],
    [
      'does not make an item new that was accepted twice and matches once',
      [byHand('A', 'A'), night('A', 'A', 'X'), night('A', 'X'), pull('A')],
      [true],
    ],
    [
      'is new in a pull request after a file of another branch',
      [night('X'), { ...night('X'), ref: 'refs/heads/develop' }, pull('X')],
      [false],
    ],
    [
      'is known on the next night after a file of another branch',
      [night('X'), { ...night('X'), ref: 'refs/heads/develop' }, night('X')],
      [true],
    ],
    [
      'makes an accepted item new after a night with other fields in `known_by`',
      [byHand('A'), night('A', 'X'), { ...night('A'), about: { knownBy: by('title', 'id') } }, pull('A')],
      [false],
    ],
  ])('%s', (_, reviews, known) => {
    expect(play(...reviews)).toMatchObject({ known: [known], isRed: known.includes(false) });
  });

  test('is explained by a note that says how to accept it', () => {
    const WAY_OUT = 'from red scheduled runs only: new on every other event. Run this workflow by hand on `main` to accept what it has';
    expect(play(night('X'), night('X'), push('X', 'Y')).baselineNotes).toEqual([`The baseline has 1 item ${WAY_OUT}`]);
    expect(play(night('X', 'Y'), night('X', 'Y'), pull('Y', 'X')).baselineNotes).toEqual([`The baseline has 2 items ${WAY_OUT}`]);
    expect(play(night('X'), night('X'), push('Y')).baselineNotes).toEqual([]);
    expect(play(night('X'), night('X'), night('X')).baselineNotes).toEqual([]);
  });

  test('is not listed as no longer matching while it matches', () => {
    expect(play(night('X'), night('X'), push('X')).removed).toEqual([[]]);
  });
});

describe('the digest of the inputs', () => {
  const OWN = [COMMIT, 'refs/heads/main', '17000000001'];
  test.each<[string, JsonObject, JsonObject]>([
    ['a date', { from: '2026-11-26' }, { from: '2026-11-27' }],
    ['a time', { at: '2026-11-26T04:17:00Z' }, { at: '2026-11-27T04:18:00+01:00' }],
    ['an hour', { at: '04:17' }, { at: '05:17' }],
    ['the job’s commit', { at: COMMIT }, { at: '2026-11-26' }],
    ['the job’s ref, nested deep', { a: [{ ref: 'refs/heads/main' }] }, { a: [{ ref: COMMIT }] }],
    ['the job run, as a number or a text', { run: 17000000001 }, { run: '17000000001' }],
  ])('leaves out %s', (_, then, now) => {
    expect(digestInputs(then, OWN)).toBe(digestInputs(now, OWN));
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['another value', { level: 3 }, { level: 4 }],
    ['another name', { level: 3 }, { storey: 3 }],
    ['a date among words', { note: 'since 2026-11-26' }, { note: 'since 2026-11-27' }],
    ['the main contractor’s level 2 and level 3', { scope: 'main contractor, level 2' }, { scope: 'main contractor, level 3' }],
    ['a hall and a stair', { room: 'main hall' }, { room: 'main stair' }],
    ['two texts that hold the commit', { note: `doors of ${COMMIT}` }, { note: `roof of ${COMMIT}` }],
    ['two texts that hold the ref', { note: 'doors, refs/heads/main' }, { note: 'roof, refs/heads/main' }],
    ['two branches', { building: 'main' }, { building: 'annex' }],
    ['two short commits', { at: COMMIT.slice(0, 7) }, { at: EARLIER.slice(0, 7) }],
    ['an empty value beside a day', { from: '' }, { from: '2026-11-26' }],
    ['two ratios that look like times', { mix: '50:50' }, { mix: '70:30' }],
    ['two dates with an invalid month', { lot: '2026-13-45' }, { lot: '2026-14-45' }],
    ['two dates with an invalid day', { lot: '2026-02-30' }, { lot: '2026-02-31' }],
    ['two times on an invalid day', { lot: '2026-02-30T10:00:00Z' }, { lot: '2026-02-31T10:00:00Z' }],
  ])('differs for %s', (_, then, now) => {
    expect(digestInputs(then, OWN)).not.toBe(digestInputs(now, OWN));
  });
});

describe('the gate, for any items', () => {
  const value = fc.constantFrom<JsonValue>(1, 2, '1', 'A', null, true, ['x'], { x: 1 });
  const anItem = fc.record({ id: value, title: value, reason: value }, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
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

  test('knows an item only if every field is equal on both sides, and no more such items exist than before', () => {
    fc.assert(
      fc.property(list, list, fields, (then, others, names) => {
        const now = [...others, ...then];
        const known = knownOf({ then: [result(then)], now: [result(now)], judging: { knownBy: by(...names) } }) ?? [];
        const count = (list: readonly JsonValue[], item: JsonValue) =>
          list.filter((one) => reported(one, names) === reported(item, names)).length;
        now.forEach((item, at) => expect(known[at]).toBe(reported(item, names) !== null && count(now, item) <= count(then, item)));
      }),
    );
  });

  test('waives no item that differs from the waiver in one field, nor more items than it counts', () => {
    const waiver = fc
      .tuple(fields, fc.array(fc.constantFrom('1', 'A', 'true', '["x"]'), { minLength: 3, maxLength: 3 }), fc.integer({ min: 1, max: 3 }))
      .map(([names, texts, count]) => aWaiver(Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ''])), { count }));
    fc.assert(
      fc.property(list, waiver, (now, given) => {
        const [judged] = applyBaseline([result(now)], { ...NO_BASELINE, waivers: [given] }).results;
        const fits = now.filter((item) => reported(item, [...given.match.keys()]) === [...given.match.values()].join('|'));
        expect(judged?.waived.map(({ item }) => item)).toEqual(fits.length > given.count ? [] : fits);
        expect(judged?.matched.length).toBe(now.length - (judged?.waived.length ?? 0));
      }),
    );
  });

  test('is red for a true boolean and for what cannot be evaluated, with any baseline and waiver', () => {
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

describe('the notes on the baseline', () => {
  const named = (name: string, matched: readonly JsonValue[]) =>
    result(matched, { condition: { ...CONDITION, name, expression: `outputs.${name}` } });

  test.each([
    [3, '“c0”, “c1”, “c2”'],
    [4, '“c0”, “c1”, “c2”, …'],
  ])('name of %d conditions three', (count, names) => {
    const now = Array.from({ length: count }, (_, at) => named(`c${at}`, items('A')));
    expect(compared({ now }).baselineUnusedReason).toBe(
      `Every finding counts as new for ${names} (the baseline does not have it by this name and expression)`,
    );
  });

  const limited = (defaultBranchRef: string) =>
    compared({
      head: { event: 'pull_request' },
      judging: { job: { ...NOW.job, defaultBranchRef } },
    }).baselineNotes.join();

  test.each([
    ['refs/heads/main', '`main`'],
    [`refs/heads/${'b'.repeat(100)}`, `\`${'b'.repeat(100)}\``],
    [`refs/heads/${'b'.repeat(101)}`, 'the default branch'],
    ['refs/heads/a/b.c_d-e', '`a/b.c_d-e`'],
    ['refs/heads/a b', 'the default branch'],
    ['refs/heads/', 'the default branch'],
    ['x/refs/heads/a', 'the default branch'],
    ['', 'the default branch'],
  ])('name the branch of %s: %s', (ref, branch) => {
    expect(limited(ref)).toContain(`Run this workflow by hand on ${branch} for one that counts in full`);
  });

  test.each([
    ['e'.repeat(100), `\`${'e'.repeat(100)}\``],
    ['e'.repeat(101), 'another event'],
    ['a b', 'another event'],
    ['', 'another event'],
  ])('name the event %s of the baseline: %s', (event, shown) => {
    expect(compared({ head: { event } }).baselineNotes.join()).toContain(`The baseline was written on ${shown}:`);
  });

  test.each([
    ['refs/heads/next', '`next`'],
    ['x/refs/heads/next', '`x/refs/heads/next`'],
    ['', 'another branch'],
  ])('name the ref %s of the baseline: %s', (ref, shown) => {
    expect(compared({ head: { ref } }).baselineNotes.join()).toContain(`The baseline was written on ${shown}:`);
  });

  test('are shown if one of the conditions has `known_by`', () => {
    const knownBy: FieldLists = new Map([['bad', ['id', 'title']]]);
    const now = [result(items('A')), named('other', items('A'))];
    const head = { event: 'pull_request' };
    expect(compared({ now, head, judging: { knownBy } }).baselineNotes).toHaveLength(1);
    expect(compared({ now, head, judging: { knownBy: new Map() } }).baselineNotes).toHaveLength(0);
  });
});

describe('a baseline that cannot be used', () => {
  const applied = (about: Partial<BaselineContext>, severity: 'fail' | 'warn' = 'fail') =>
    applyBaseline([result(items('A'), { condition: { ...CONDITION, severity } })], { ...NOW, ...about });
  const EMPTY = '`baseline_file` is empty';

  test.each<[Partial<BaselineContext>, 'fail' | 'warn', notice: string, reason: string]>([
    [{ failOn: 'new', baseline: 'no file' }, 'fail', '', 'Every finding counts as new: no file'],
    [{ failOn: 'new', baseline: null }, 'fail', '', `Every finding counts as new: ${EMPTY}`],
    [{ failOn: 'any', baseline: 'no file' }, 'fail', 'No baseline was used: no file', ''],
    [{ failOn: 'any', baseline: null }, 'fail', '', ''],
    [{ failOn: 'new', baseline: 'no file' }, 'warn', 'No baseline was used: no file', ''],
    [{ failOn: 'new', baseline: null }, 'warn', '', ''],
  ])('is explained with %j and `%s_if`: %j, %j', (about, severity, notice, reason) => {
    expect(applied(about, severity)).toMatchObject({
      notice,
      baselineUnusedReason: reason,
      since: null,
      baselineNotes: [],
    });
  });

  test('is asked for if one of the conditions is of `fail_if`', () => {
    const [fails, warns] = (['fail', 'warn'] as const).map((severity) =>
      result(items('A'), { condition: { ...CONDITION, severity, name: severity } }),
    );
    const { baselineUnusedReason } = applyBaseline([fails!, warns!], { ...NOW, baseline: 'no file' });
    expect(baselineUnusedReason).toBe('Every finding counts as new: no file');
  });
});

describe('a field of `known_by` that no item has', () => {
  const noteOf = (item: JsonObject) => /no item has.*(?=\))/.exec(compared({ now: [result([item])] }).baselineUnusedReason)?.[0];
  const others = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`another key ${at}`, 1]));

  test.each<[string, JsonObject, string]>([
    ['is named', { id: 1, x: 1 }, 'no item has `title`'],
    ['is named with a similar key', { id: 1, titel: 1 }, 'no item has `title`; `titel`?'],
    ['is named with a similar key of two more letters', { id: 1, title12: 1 }, 'no item has `title`; `title12`?'],
    ['is named without a key of three more letters', { id: 1, title123: 1 }, 'no item has `title`'],
    ['is named without a key of other characters', { id: 1, 'title!': 1 }, 'no item has `title`'],
    ['is named without a key that ends in a line break', { id: 1, 'title\n': 1 }, 'no item has `title`'],
    ['is empty', { id: 1, title: '' }, 'no item has `title`: it is empty in all'],
    ['is named with a similar key among 200', { id: 1, ...others(198), titel: 1 }, 'no item has `title`; `titel`?'],
    ['is named without a key after 200', { id: 1, ...others(199), titel: 1 }, 'no item has `title`'],
  ])('%s', (_, item, note) => {
    expect(noteOf(item)).toBe(note);
  });

  test.each([
    [64, true],
    [65, false],
  ])('is named with a similar key of %d characters: %j', (length, isNamed) => {
    const [field, similar] = ['x'.repeat(length), `${'x'.repeat(length - 1)}y`];
    const { baselineUnusedReason } = compared({
      now: [result([{ id: 1, [similar]: 1 }])],
      judging: { knownBy: by('id', field) },
    });
    expect(baselineUnusedReason.includes(`\`${similar}\`?`)).toBe(isNamed);
  });
});

describe('what explains that an item is new', () => {
  const changesOf = (then: readonly JsonValue[], now: readonly JsonValue[]) =>
    compared({ then: [result(then)], now: [result(now)] }).results[0]?.fieldChanges;

  test('has eighty characters of each text', () => {
    const [before, after] = ['a'.repeat(80), 'b'.repeat(81)];
    const change = changesOf([{ id: 1, title: before }], [{ id: 1, title: after }])?.get(0)?.[0];
    expect(change).toMatchObject({ field: 'title', then: before, now: `${'b'.repeat(79)}…` });
  });

  test.each([
    [999, true],
    [1_000, false],
  ])('is found after %d other new items: %j', (count, isFound) => {
    const other = Array.from({ length: count }, (_, at) => ({ id: `n${at}`, title: `t${at}` }));
    const changes = changesOf([{ id: 1, title: 'A' }], [...other, { id: 1, title: 'B' }]);
    expect(changes?.has(count)).toBe(isFound);
  });

  test('names the first field that is empty in it alone', () => {
    const then = [{ id: 1, title: 'A' }];
    const now = [
      { id: 2, title: 'B' },
      { id: '', title: '' },
    ];
    expect(changesOf(then, now)?.get(1)).toEqual([{ kind: 'field_empty', field: 'id' }]);
    expect(changesOf(then, [{ id: 2 }, { title: 'B' }])?.get(0)).toEqual([{ kind: 'field_empty', field: 'title' }]);
  });

  test('is not sought for a known item, nor for one that is no object', () => {
    const then = [
      { id: 1, title: 'A' },
      { id: 2, title: 'B' },
    ];
    expect([...(changesOf(then, [{ id: 1, title: 'A' }, 'x', null])?.keys() ?? [])]).toEqual([]);
  });
});
