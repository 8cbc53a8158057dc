import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../src/json.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { Finding } from '../../src/gate/finding.ts';
import type { ComparedResult } from '../../src/gate/condition.ts';
import {
  compareWithReport,
  listRemovedItems,
  changesSinceBaseline,
  type Changes,
} from '../../src/report/changes.ts';
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
const earlierOf = (results: readonly Finding[]) =>
  createSnapshot(results, { madeAt: 1, commit: EARLIER_COMMIT });

const removedIn = (changes: Changes | null, findings: readonly Finding[]) =>
  listRemovedItems(changes, findings);

const json = (text: string) => parseJson(Buffer.from(text));

describe('compare', () => {
  test('an item is new, still open or no longer matching by the fields of `known_by`', () => {
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
    ['a number and the text of it are one', [{ id: 1, kind: 'a' }], [{ id: '1', kind: 'a' }], 'still'],
    [
      'the text of a number and it are one',
      [{ id: '1.0', kind: 'a' }],
      [json('{"id":1.0,"kind":"a"}')],
      'still',
    ],
    [
      'numbers beyond 2^53 keep apart',
      [json('{"id":9007199254740993,"kind":"a"}')],
      [json('{"id":9007199254740992,"kind":"a"}')],
      'new',
    ],
    [
      'a first list: all are new',
      [],
      [
        { id: 1, kind: 'a' },
        { id: 2, kind: 'a' },
      ],
      'new new',
    ],
    ['one without a field is new', [{ id: 1 }], [{ id: 1 }], 'new'],
    ['items that are no objects are one where they are equal', ['x', 'y'], ['y', 'z'], 'still new'],
    [
      '`__proto__` is a key like any other',
      [json('{"id":1,"kind":"a","__proto__":{"x":1}}')],
      [{ id: 1, kind: 'a' }],
      'still',
    ],
  ])('%s', (_, before, now, marks) => {
    const changes = compareWithReport(matching(now), earlierOf(matching(before)));
    expect(changes?.conditions[0]?.itemStates?.join(' ')).toBe(marks);
  });

  test.each<[string, Finding[], Finding[]]>([
    ['the author names no fields', matching(withIds('a'), []), matching(withIds('a'), [])],
    ['he named none then', matching(withIds('a'), []), matching(withIds('a'))],
    ['he named others then', matching(withIds('a')), matching(withIds('a'), ['id', 'reason'])],
  ])('only the number of items is known if %s', (_, before, now) => {
    const changes = compareWithReport(now, earlierOf(before));
    expect(changes?.conditions).toEqual([{ itemStates: null, before: 1, removed: new Map() }]);
  });

  test.each<[string, Finding[], Finding[]]>([
    ['another condition', matching([]), someResults()],
    ['one that cannot be evaluated now', matching([]), [aResult({ result: 'cannot_be_evaluated' })]],
    ['one that could not be evaluated then', [aResult({ result: 'cannot_be_evaluated' })], matching([])],
    ['no condition now', matching([]), []],
  ])('has nothing to compare with: %s', (_, before, now) => {
    expect(compareWithReport(now, earlierOf(before))).toBeNull();
  });

  test('has nothing to compare with if there is no earlier report', () => {
    expect(compareWithReport(someResults(), null)).toBeNull();
  });

  test('treats a condition with another name or expression as another one, since weakening it fixes no document', () => {
    const condition = (name: string | null, expression: string) =>
      aResult({
        condition: { severity: 'fail', name, expression, line: 1 },
        result: 'holds',
        matched: withIds('a'),
        knownBy: ['id', 'kind'],
      });
    const marks = (before: Finding, now: Finding) =>
      compareWithReport([now], earlierOf([before]))?.conditions[0]?.itemStates;
    expect(marks(condition('n', 'x'), condition('n', 'x'))).toEqual(['still']);
    expect(marks(condition(null, 'x'), condition(null, 'x'))).toEqual(['still']);
    expect(marks(condition('n', 'x'), condition('n', 'y'))).toBeUndefined();
    expect(marks(condition(null, 'x'), condition('x', 'x'))).toBeUndefined();
  });

  test('compares each of two conditions with the same name with its earlier one', () => {
    const two = (...lists: JsonObject[][]) => lists.flatMap((list) => matching(list));
    const changes = compareWithReport(
      two(withIds('a'), withIds('b')),
      earlierOf(two(withIds('a'), withIds('c'))),
    );
    expect(changes?.conditions.map((one) => one?.itemStates)).toEqual([['still'], ['new']]);
  });
});

test('an item that is waived now is not reported as removed', () => {
  const [item] = withIds('a');
  const knownBy = ['id', 'kind'];
  const now = [
    aResult({ matched: withIds('b'), knownBy, result: 'holds', waived: [{ item: item!, by: 0 }] }),
  ];
  const changes = compareWithReport(now, earlierOf(matching(withIds('a', 'b', 'c'))));
  expect(changes?.conditions[0]?.itemStates).toEqual(['still']);
  expect(removedIn(changes, now)).toEqual(withIds('c'));
});

test('items that are waived now are not reported as removed, however many they are', () => {
  const [left, ...waived] = withIds(...Array.from({ length: 60 }, (_, at) => at));
  const about = {
    matched: [left!],
    knownBy: ['id', 'kind'],
    waived: waived.map((item) => ({ item, by: 0 })),
  };
  const changes = compareWithReport(
    [aResult({ ...about, result: 'holds' })],
    earlierOf(matching([left!, ...waived])),
  );
  expect(changes?.conditions).toEqual([{ itemStates: ['still'], before: 60, removed: new Map() }]);
});

describe('an item that two conditions matched is reported as removed once', () => {
  const both = (one: readonly JsonValue[], other = one) => [...matching(one), ...matching(other)];

  test('compared with the memory of a comment, and with a baseline', () => {
    const now = both(withIds('c'));
    expect(removedIn(compareWithReport(now, earlierOf(both(withIds('a', 'c')))), now)).toEqual(withIds('a'));
    const removed = withIds('a').map((item) => ({ item, id: 'print-of-a--' }));
    const about = { known: [true], knownBy: ['id', 'kind'], removed };
    const beside = [now, now].map(() => aResult({ result: 'holds', matched: withIds('c'), ...about }));
    const changes = changesSinceBaseline({ findings: beside, since: { commit: EARLIER_COMMIT, time: '' } });
    expect(removedIn(changes, beside)).toEqual(withIds('a'));
  });

  test('also if only its fingerprint was kept', () => {
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
    expect(
      removedIn(compareWithReport(now, earlierOf(two([...a, ...b], [], ['kind', 'reason']))), now),
    ).toEqual(b);
  });

  test('is not reported as removed if it is waived there', () => {
    const [item = null] = b;
    const knownBy = ['id', 'kind'];
    const waived = aResult({ knownBy, waived: [{ item, by: 0 }] });
    const now = [...matching(a), waived];
    expect(removedIn(compareWithReport(now, earlierOf(two([...a, ...b], []))), now)).toEqual([]);
  });
});

describe('compared with a baseline', () => {
  const knownBy = ['id', 'reason'];
  const now = (about: Partial<ComparedResult>) => [
    aResult({ result: 'holds', matched: withIds('a', 'b'), known: [true, false], knownBy, ...about }),
  ];
  const removed = withIds('c', 'd').map((item, at) => ({ item, id: `print-of-${at}--` }));
  const THEN = { commit: EARLIER_COMMIT, time: '2026-04-07T02:00:00.000Z' };
  const since = (about: Partial<ComparedResult>) =>
    changesSinceBaseline({ findings: now(about), since: THEN });
  const marks = (about: Partial<ComparedResult>) => since(about)?.conditions[0]?.itemStates;

  test('an item is new if the gate counts it as new; with `fail_on: new` the others are known', () => {
    expect(marks({ removed, isExcused: false })).toEqual(['new', 'known']);
    expect(marks({ removed })).toEqual(['new', 'still']);
    expect(since({ removed })).toMatchObject({ since: '3f9c1ab', baselineOf: THEN.time });
    expect(removedIn(since({ removed }), now({ removed }))).toEqual(withIds('c', 'd'));
  });

  test('every item is new of a condition that the baseline does not have', () => {
    expect(marks({ known: [false, false] })).toEqual(['new', 'new']);
  });

  test('without `known_by` only the number of items is known', () => {
    const about = { known: [false, false], knownBy: [] };
    expect(since({ ...about, baselineCount: 3 })?.conditions).toEqual([
      { itemStates: null, before: 3, removed: new Map() },
    ]);
    expect(since(about)).toBeNull();
  });

  test('a condition that cannot be evaluated is not compared', () => {
    expect(since({ removed, result: 'cannot_be_evaluated' })).toBeNull();
  });
});
