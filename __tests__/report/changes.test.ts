import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../src/json.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { Finding } from '../../src/gate/finding.ts';
import type { ComparedResult } from '../../src/gate/condition.ts';
import { compareWithReport, listRemovedItems, changesSinceBaseline, type Changes } from '../../src/report/changes.ts';
import { createSnapshot } from '../../src/comment/snapshot.ts';
import { aResult, EARLIER_COMMIT, someResults } from './a-report.ts';

/** One condition whose matched items are these, the same by ID and kind. */
function matching(matched: readonly JsonValue[], knownBy: readonly string[] = ['id', 'kind']): Finding[] {
  return [aResult({ result: matched.length > 0 ? 'holds' : 'does_not_hold', matched, knownBy })];
}

function withIds(...ids: readonly JsonValue[]): JsonObject[] {
  return ids.map((id) => ({ id, kind: 'door', reason: `about ${JSON.stringify(id)}` }));
}

/** What an earlier push with these results left behind. */
const earlierOf = (results: readonly Finding[]) => createSnapshot(results, { madeAt: 1, commit: EARLIER_COMMIT });

const removedIn = (changes: Changes | null, findings: readonly Finding[]) => listRemovedItems(changes, findings);

const json = (text: string) => parseJson(Buffer.from(text));

describe('an item compared with the earlier report', () => {
  test('is new, still open or no longer matching by the fields of `known_by`', () => {
    const now = matching(withIds('b', 'c'));
    const changes = compareWithReport(now, earlierOf(matching(withIds('a', 'b'))));
    expect(changes).toEqual({
      since: '3f9c1ab',
      baselineOf: null,
      conditions: [{ itemStates: ['still', 'new'], before: 2, removed: expect.anything() as unknown }],
    });
    expect(removedIn(changes, now)).toEqual(withIds('a'));
  });

  test.each<[string, JsonValue[], JsonValue[], string]>([
    ['is still open if its number was the same text', [{ id: 1, kind: 'a' }], [{ id: '1', kind: 'a' }], 'still'],
    ['is still open if its text was the same number', [{ id: '1.0', kind: 'a' }], [json('{"id":1.0,"kind":"a"}')], 'still'],
    [
      'is new if its number differs beyond 2^53',
      [json('{"id":9007199254740993,"kind":"a"}')],
      [json('{"id":9007199254740992,"kind":"a"}')],
      'new',
    ],
    [
      'is new if the earlier list was empty',
      [],
      [
        { id: 1, kind: 'a' },
        { id: 2, kind: 'a' },
      ],
      'new new',
    ],
    ['is new if it lacks a field of `known_by`', [{ id: 1 }], [{ id: 1 }], 'new'],
    ['is still open if it is a text and equal, and else new', ['x', 'y'], ['y', 'z'], 'still new'],
    ['is still open if a field `__proto__` differs', [json('{"id":1,"kind":"a","__proto__":{"x":1}}')], [{ id: 1, kind: 'a' }], 'still'],
  ])('%s', (_, before, now, marks) => {
    const changes = compareWithReport(matching(now), earlierOf(matching(before)));
    expect(changes?.conditions[0]?.itemStates?.join(' ')).toBe(marks);
  });

  test.each<[string, Finding[], Finding[]]>([
    ['`known_by` names no fields', matching(withIds('a'), []), matching(withIds('a'), [])],
    ['`known_by` named no fields then', matching(withIds('a'), []), matching(withIds('a'))],
    ['`known_by` named other fields then', matching(withIds('a')), matching(withIds('a'), ['id', 'reason'])],
  ])('is neither new nor still open if %s', (_, before, now) => {
    const changes = compareWithReport(now, earlierOf(before));
    expect(changes?.conditions).toEqual([{ itemStates: null, before: 1, removed: new Map() }]);
  });

  test.each<[string, Finding[], Finding[]]>([
    ['another condition', matching([]), someResults()],
    ['a condition that cannot be evaluated now', matching([]), [aResult({ result: 'cannot_be_evaluated' })]],
    ['a condition that could not be evaluated then', [aResult({ result: 'cannot_be_evaluated' })], matching([])],
    ['a gate that has no condition now', matching([]), []],
  ])('is not compared with %s', (_, before, now) => {
    expect(compareWithReport(now, earlierOf(before))).toBeNull();
  });

  test('is not compared without an earlier report', () => {
    expect(compareWithReport(someResults(), null)).toBeNull();
  });

  test('is not compared under another name or expression of its condition, since weakening it fixes no document', () => {
    const condition = (name: string | null, expression: string) =>
      aResult({
        condition: { severity: 'fail', name, expression, line: 1 },
        result: 'holds',
        matched: withIds('a'),
        knownBy: ['id', 'kind'],
      });
    const marks = (before: Finding, now: Finding) => compareWithReport([now], earlierOf([before]))?.conditions[0]?.itemStates;
    expect(marks(condition('n', 'x'), condition('n', 'x'))).toEqual(['still']);
    expect(marks(condition(null, 'x'), condition(null, 'x'))).toEqual(['still']);
    expect(marks(condition('n', 'x'), condition('n', 'y'))).toBeUndefined();
    expect(marks(condition(null, 'x'), condition('x', 'x'))).toBeUndefined();
  });

  test('is compared by the expression of its condition where two have the same name', () => {
    const two = (...lists: JsonObject[][]) => lists.flatMap((list) => matching(list));
    const changes = compareWithReport(two(withIds('a'), withIds('b')), earlierOf(two(withIds('a'), withIds('c'))));
    expect(changes?.conditions.map((one) => one?.itemStates)).toEqual([['still'], ['new']]);
  });
});

test('does not report an item as removed that is waived now', () => {
  const [item] = withIds('a');
  const knownBy = ['id', 'kind'];
  const now = [aResult({ matched: withIds('b'), knownBy, result: 'holds', waived: [{ item: item!, by: 0 }] })];
  const changes = compareWithReport(now, earlierOf(matching(withIds('a', 'b', 'c'))));
  expect(changes?.conditions[0]?.itemStates).toEqual(['still']);
  expect(removedIn(changes, now)).toEqual(withIds('c'));
});

test('does not report 59 items as removed that are waived now', () => {
  const [left, ...waived] = withIds(...Array.from({ length: 60 }, (_, at) => at));
  const about = {
    matched: [left!],
    knownBy: ['id', 'kind'],
    waived: waived.map((item) => ({ item, by: 0 })),
  };
  const changes = compareWithReport([aResult({ ...about, result: 'holds' })], earlierOf(matching([left!, ...waived])));
  expect(changes?.conditions).toEqual([{ itemStates: ['still'], before: 60, removed: new Map() }]);
});

describe('an item that two conditions matched', () => {
  const both = (one: readonly JsonValue[], other = one) => [...matching(one), ...matching(other)];

  test('is reported as removed once, compared with the memory of a comment and with a baseline', () => {
    const now = both(withIds('c'));
    expect(removedIn(compareWithReport(now, earlierOf(both(withIds('a', 'c')))), now)).toEqual(withIds('a'));
    const removed = withIds('a').map((item) => ({ item, id: 'print-of-a--' }));
    const about = { known: [true], knownBy: ['id', 'kind'], removed };
    const beside = [now, now].map(() => aResult({ result: 'holds', matched: withIds('c'), ...about }));
    const changes = changesSinceBaseline({ findings: beside, since: { commit: EARLIER_COMMIT, time: '' } });
    expect(removedIn(changes, beside)).toEqual(withIds('a'));
  });

  test('is reported as removed once also if only its fingerprint was kept', () => {
    const many = withIds(...Array.from({ length: 450 }, (_, at) => at));
    const now = both([]);
    expect(removedIn(compareWithReport(now, earlierOf(both(many))), now)).toHaveLength(450);
  });
});

describe('an item that another condition matches now', () => {
  const two = (one: readonly JsonValue[], other: readonly JsonValue[], knownBy?: readonly string[]) => [
    ...matching(one),
    ...matching(other, knownBy),
  ];
  const a = withIds('a');
  const b = withIds('b');

  test('is not reported as removed', () => {
    for (const now of [two([...a, ...b], a), two(a, b)])
      expect(removedIn(compareWithReport(now, earlierOf(two([...a, ...b], b))), now)).toEqual([]);
  });

  test('is reported as removed if that condition has other fields in `known_by`', () => {
    const now = two(a, b, ['kind', 'reason']);
    expect(removedIn(compareWithReport(now, earlierOf(two([...a, ...b], [], ['kind', 'reason']))), now)).toEqual(b);
  });

  test('is not reported as removed if it is waived there', () => {
    const [item = null] = b;
    const knownBy = ['id', 'kind'];
    const waived = aResult({ knownBy, waived: [{ item, by: 0 }] });
    const now = [...matching(a), waived];
    expect(removedIn(compareWithReport(now, earlierOf(two([...a, ...b], []))), now)).toEqual([]);
  });
});

describe('an item compared with a baseline', () => {
  const knownBy = ['id', 'reason'];
  const now = (about: Partial<ComparedResult>) => [
    aResult({ result: 'holds', matched: withIds('a', 'b'), known: [true, false], knownBy, ...about }),
  ];
  const removed = withIds('c', 'd').map((item, at) => ({ item, id: `print-of-${at}--` }));
  const THEN = { commit: EARLIER_COMMIT, time: '2026-04-07T02:00:00.000Z' };
  const since = (about: Partial<ComparedResult>) => changesSinceBaseline({ findings: now(about), since: THEN });
  const marks = (about: Partial<ComparedResult>) => since(about)?.conditions[0]?.itemStates;

  test('is new if the gate counts it as new, and else still open or, with `fail_on: new`, known', () => {
    expect(marks({ removed, isExcused: false })).toEqual(['new', 'known']);
    expect(marks({ removed })).toEqual(['new', 'still']);
    expect(since({ removed })).toMatchObject({ since: '3f9c1ab', baselineOf: THEN.time });
    expect(removedIn(since({ removed }), now({ removed }))).toEqual(withIds('c', 'd'));
  });

  test('is new if the baseline does not have its condition', () => {
    expect(marks({ known: [false, false] })).toEqual(['new', 'new']);
  });

  test('is neither new nor known without `known_by`', () => {
    const about = { known: [false, false], knownBy: [] };
    expect(since({ ...about, baselineCount: 3 })?.conditions).toEqual([{ itemStates: null, before: 3, removed: new Map() }]);
    expect(since(about)).toBeNull();
  });

  test('is not compared if its condition cannot be evaluated', () => {
    expect(since({ removed, result: 'cannot_be_evaluated' })).toBeNull();
  });
});
