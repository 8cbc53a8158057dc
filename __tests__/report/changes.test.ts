import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../src/json.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { Finding } from '../../src/gate/finding.ts';
import type { JudgedResult } from '../../src/gate/condition.ts';
import { compare, goneOf, sinceBaseline, type Changes } from '../../src/report/changes.ts';
import { snapshotOf } from '../../src/report/snapshot.ts';
import { aResult, EARLIER_COMMIT, someResults } from './a-report.ts';

/** One condition whose matched items are these, the same by ID and kind. */
function matching(matched: readonly JsonValue[], knownBy: readonly string[] = ['id', 'kind']): Finding[] {
  return [aResult({ result: matched.length > 0 ? 'holds' : 'does_not_hold', matched, knownBy })];
}

function withIds(...ids: readonly JsonValue[]): JsonObject[] {
  return ids.map((id) => ({ id, kind: 'door', reason: `about ${JSON.stringify(id)}` }));
}

/** What an earlier push with these results left behind. */
const earlierOf = (results: readonly Finding[]) => snapshotOf(results, { madeAt: 1, commit: EARLIER_COMMIT });

const goneIn = (changes: Changes | null, findings: readonly Finding[] = []) => goneOf(changes, findings);

const json = (text: string) => parseJson(Buffer.from(text));

describe('compare', () => {
  test('an item is new, still there or gone by the fields that the author names', () => {
    const changes = compare(matching(withIds('b', 'c')), earlierOf(matching(withIds('a', 'b'))));
    expect(changes).toEqual({
      since: '3f9c1ab',
      baselineOf: null,
      conditions: [{ marks: ['still', 'new'], gone: expect.anything() as unknown }],
    });
    expect(goneIn(changes)).toEqual(withIds('a'));
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
    const changes = compare(matching(now), earlierOf(matching(before)));
    expect(changes?.conditions[0]?.marks.join(' ')).toBe(marks);
  });

  test.each<[string, Finding[], Finding[]]>([
    ['the author names no fields', matching(withIds('a'), []), matching(withIds('a'), [])],
    ['he named others then', matching(withIds('a')), matching(withIds('a'), ['id', 'reason'])],
  ])('nothing is called new or gone where %s', (_, before, now) => {
    expect(compare(now, earlierOf(before))).toBeNull();
  });

  test.each<[string, Finding[], Finding[]]>([
    ['another condition', matching([]), someResults()],
    ['one that cannot be evaluated now', matching([]), [aResult({ result: 'cannot_be_evaluated' })]],
    ['one that could not be evaluated then', [aResult({ result: 'cannot_be_evaluated' })], matching([])],
    ['no condition now', matching([]), []],
  ])('there is nothing to compare with: %s', (_, before, now) => {
    expect(compare(now, earlierOf(before))).toBeNull();
  });

  test('without an earlier report there is nothing to compare', () => {
    expect(compare(someResults(), null)).toBeNull();
  });

  test('a condition is another one with another name or expression: to weaken it mends no document', () => {
    const condition = (name: string | null, expression: string) =>
      aResult({
        condition: { severity: 'fail', name, expression, line: 1 },
        result: 'holds',
        matched: withIds('a'),
        knownBy: ['id', 'kind'],
      });
    const marks = (before: Finding, now: Finding) =>
      compare([now], earlierOf([before]))?.conditions[0]?.marks;
    expect(marks(condition('n', 'x'), condition('n', 'x'))).toEqual(['still']);
    expect(marks(condition(null, 'x'), condition(null, 'x'))).toEqual(['still']);
    expect(marks(condition('n', 'x'), condition('n', 'y'))).toBeUndefined();
    expect(marks(condition(null, 'x'), condition('x', 'x'))).toBeUndefined();
  });

  test('of two conditions of one name each is compared with its own', () => {
    const two = (...lists: JsonObject[][]) => lists.flatMap((list) => matching(list));
    const changes = compare(two(withIds('a'), withIds('b')), earlierOf(two(withIds('a'), withIds('c'))));
    expect(changes?.conditions.map((one) => one?.marks)).toEqual([['still'], ['new']]);
  });
});

test('an item that is waived now is not gone', () => {
  const [item] = withIds('a');
  const knownBy = ['id', 'kind'];
  const now = [
    aResult({ matched: withIds('b'), knownBy, result: 'holds', waived: [{ item: item!, by: 0 }] }),
  ];
  const changes = compare(now, earlierOf(matching(withIds('a', 'b', 'c'))));
  expect(changes?.conditions[0]?.marks).toEqual(['still']);
  expect(goneIn(changes)).toEqual(withIds('c'));
});

test('where more is waived than is kept, nobody knows what is gone', () => {
  const [left, ...waived] = withIds(...Array.from({ length: 60 }, (_, at) => at));
  const about = {
    matched: [left!],
    knownBy: ['id', 'kind'],
    waived: waived.map((item) => ({ item, by: 0 })),
  };
  const changes = compare([aResult({ ...about, result: 'holds' })], earlierOf(matching([left!, ...waived])));
  expect(changes?.conditions).toEqual([{ marks: ['still'], gone: new Map() }]);
});

describe('an item that stood under two conditions is gone once', () => {
  const both = (one: readonly JsonValue[], other = one) => [...matching(one), ...matching(other)];

  test('by what a comment remembers, and by a baseline', () => {
    const now = both(withIds('c'));
    expect(goneIn(compare(now, earlierOf(both(withIds('a', 'c')))))).toEqual(withIds('a'));
    const gone = { known: [true], gone: withIds('a') };
    const beside = [now, now].map(() => aResult({ result: 'holds', matched: withIds('c'), ...gone }));
    const changes = sinceBaseline({ findings: beside, since: { commit: EARLIER_COMMIT, time: '' } });
    expect(goneIn(changes)).toEqual(withIds('a'));
  });

  test('also where nothing was kept of it', () => {
    const many = withIds(...Array.from({ length: 450 }, (_, at) => at));
    const changes = compare(both([]), earlierOf(both(many)));
    expect(goneIn(changes)).toHaveLength(450);
  });
});

test('an item that left one condition and is matched under another is not gone', () => {
  const two = (one: readonly JsonValue[], other: readonly JsonValue[]) => [
    ...matching(one),
    ...matching(other),
  ];
  const [a, b] = [withIds('a'), withIds('b')];
  for (const now of [two([...a, ...b], a), two(a, b)])
    expect(goneIn(compare(now, earlierOf(two([...a, ...b], b))), now)).toEqual([]);
});

describe('beside a baseline', () => {
  const now = (about: Partial<JudgedResult>) => [
    aResult({ result: 'holds', matched: withIds('a', 'b'), known: [true, false], ...about }),
  ];
  const gone = withIds('c', 'd');
  const THEN = { commit: EARLIER_COMMIT, time: '2026-04-07T02:00:00.000Z' };
  const marks = (about: Partial<JudgedResult>) =>
    sinceBaseline({ findings: now(about), since: THEN })?.conditions[0]?.marks;

  test('an item is new as the gate counts it; with `fail_on: new` the others are known', () => {
    expect(marks({ gone, isExcused: false })).toEqual(['new', 'known']);
    expect(marks({ gone })).toEqual(['new', 'still']);
    const changes = sinceBaseline({ findings: now({ gone }), since: THEN });
    expect(changes).toMatchObject({ since: '3f9c1ab', baselineOf: THEN.time });
    expect(changes?.conditions[0]?.marks).toEqual(['new', 'still']);
    expect(goneIn(changes)).toEqual(withIds('c', 'd'));
  });

  test('what it does not tell of is compared where the author says what is the same, and not by a guess', () => {
    expect(marks({ known: [false, false], knownBy: ['id', 'reason'] })).toEqual(['new', 'new']);
    expect(sinceBaseline({ findings: now({ known: [false, false] }), since: THEN })).toBeNull();
    expect(sinceBaseline({ findings: now({ gone, result: 'cannot_be_evaluated' }), since: THEN })).toBeNull();
  });
});
