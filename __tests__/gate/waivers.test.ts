/** What is accepted, what is refused, and what is offered to be copied: a waiver of that very item. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FieldChange } from '../../src/gate/condition.ts';
import {
  applyWaivers,
  readWaivers,
  describeUnusedWaivers,
  formatWaiversToCopy,
  type Waivable,
  type Waiver,
} from '../../src/gate/waivers.ts';
import { readFieldText } from '../../src/gate/item-identity.ts';
import { readYaml } from '../../src/inputs/yaml.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { isLinear } from '../cpu-time.ts';

const readText = (text: string) => readWaivers(readYaml(text).verbatimList('waivers'));
const aWaiver = (match: Readonly<Record<string, string>>, about: Partial<Waiver> = {}): Waiver => ({
  match: new Map(Object.entries(match)),
  condition: null,
  because: 'agreed',
  until: null,
  count: 1,
  ...about,
});

describe('the parser of waivers', () => {
  const MATCH = 'match: { id: 1, title: Door }';
  test.each<[string, string, Partial<Waiver>]>([
    [
      'reads the fields of a waiver as they are written',
      '- match: { id: 0042, rev: 1.10 }\n  because: x',
      {
        match: new Map([
          ['id', '0042'],
          ['rev', '1.10'],
        ]),
      },
    ],
    ['reads a waiver without `count` for one item', `- ${MATCH}\n  because: x`, { count: 1, until: null, condition: null }],
    ['reads the `count` of a waiver', `- ${MATCH}\n  because: x\n  count: 1000`, { count: 1_000 }],
    ['reads a reason that ends in null', `- ${MATCH}\n  because: was null`, { because: 'was null' }],
    ['reads a reason that begins with null', `- ${MATCH}\n  because: null and void`, { because: 'null and void' }],
  ])('%s', (_, text, expected) => {
    expect(readText(text)).toEqual([expect.objectContaining(expected)]);
  });

  test.each<[string, string, RegExp]>([
    ['without a reason', `- ${MATCH}`, /^has a waiver without `because`, its reason \(the 1st\)$/],
    ['with an empty reason', `- ${MATCH}\n  because:`, /without `because`/],
    ['whose reason is null', `- ${MATCH}\n  because: null`, /without `because`/],
    ['whose reason is a tilde', `- ${MATCH}\n  because: ~`, /without `because`/],
    ['whose reason is blanks', `- ${MATCH}\n  because: '  '`, /without `because`/],
    ['whose reason is invisible', `- ${MATCH}\n  because: "\\u200b\\u3164"`, /without `because`/],
    ['with one field', '- match: { id: 1 }\n  because: x', /with fewer than two fields/],
    ['without fields', '- match: {}\n  because: x', /with fewer than two fields/],
    ['with an empty field', "- match: { id: 1, title: '' }\n  because: x", /with a field in `match` that is empty/],
    ['with a field that is invisible', '- match: { id: 1, title: "\\u200b " }\n  because: x', /with a field in `match` that is empty/],
    ['with a list as a field', '- match: { id: 1, rooms: [a] }\n  because: x', /that is empty, a list or an object/],
    ['with the count 0', `- ${MATCH}\n  because: x\n  count: 0`, /whose `count` is not a whole number from 1 to 1,000/],
    ['with the count 1001', `- ${MATCH}\n  because: x\n  count: 1001`, /not a whole number from 1 to 1,000/],
    ['with the count 1.0', `- ${MATCH}\n  because: x\n  count: 1.0`, /not a whole number/],
    ['with a letter in its count', `- ${MATCH}\n  because: x\n  count: x5`, /not a whole number/],
    ['with a leading zero in its count', `- ${MATCH}\n  because: x\n  count: 05`, /not a whole number/],
    ['with an empty count', `- ${MATCH}\n  because: x\n  count: ''`, /whose `count` is empty/],
    ['with `reason`', `- ${MATCH}\n  reason: x`, /an unknown key `reason`: did you mean `because`\?/],
    ['with a mistyped key', `- ${MATCH}\n  because: x\n  untill: 2026-12-31`, /key `untill`: did you mean `until`\?/],
    ['with a key two letters short', `- ${MATCH}\n  because: x\n  cnt: 2`, /key `cnt`: did you mean `count`\?/],
    ['with a key three letters short', `- ${MATCH}\n  because: x\n  condit: 2`, /an unknown key: there are /],
    ['with an unknown key that resembles none', `- ${MATCH}\n  because: x\n  s3cr3t: 1`, /an unknown key: there are `match`, /],
    ['until a day that does not exist', `- ${MATCH}\n  because: x\n  until: 2026-02-30`, /whose `until` is not a day/],
  ])('refuses a waiver %s', (_, text, message) => {
    expect(() => readText(text)).toThrow(message);
  });

  test('says in its error that the second of two waivers is wrong', () => {
    expect(() => readText(`- ${MATCH}\n  because: x\n- ${MATCH}`)).toThrow(/ \(the 2nd\)$/);
  });
});

test.each<[string, JsonValue]>([
  ['a text', 'x'],
  ['null', null],
  ['an object without `match`', { because: 'x' }],
  ['an object whose `match` is a text', { match: 'x', because: 'x' }],
])('refuses %s as a waiver', (_, one) => {
  expect(() => readWaivers([one])).toThrow(/^has a waiver without `match: \{ … \}`/);
});

test('accepts 500 waivers and no more', () => {
  const waivers = (count: number) => Array.from({ length: count }, () => ({ match: { id: '1', title: 'x' }, because: 'x' }));
  expect(readWaivers(waivers(500))).toHaveLength(500);
  expect(() => readWaivers(waivers(501))).toThrow(/^has 501 waivers: 500 at most$/);
});

describe('the gate with waivers', () => {
  const TODAY = '2026-11-27';
  const CONDITION = { severity: 'fail', name: 'bad', expression: 'outputs.bad', line: 1 } as const;
  const DOOR = { id: 1, title: 'Door', room: 'A' };
  const OTHER_DOOR = { id: 2, title: 'Door', room: 'A' };
  const ROOF = { id: 3, title: 'Roof', room: 'A' };
  const DOORS = aWaiver({ title: 'Door', room: 'A' });
  const apply = (matched: readonly JsonValue[], waivers: readonly Waiver[]) =>
    applyWaivers({ condition: CONDITION, result: 'holds', matched }, waivers, TODAY);
  const exceeded = (items: number, count: number): FieldChange => ({ kind: 'waiver_exceeded', items, count });
  const ended = (until: string): FieldChange => ({ kind: 'waiver_ended', until });

  test.each<[string, readonly JsonValue[], readonly Waiver[], by: readonly (number | FieldChange | null)[]]>([
    ['waives the one item that it fits', [DOOR, ROOF], [DOORS], [0, null]],
    ['waives nothing where one field differs', [DOOR], [aWaiver({ title: 'Door', room: 'B' })], [null]],
    ['waives nothing where a field is missing', [DOOR], [aWaiver({ title: 'Door', status: 'x' })], [null]],
    ['waives neither of two items that it fits', [DOOR, OTHER_DOOR], [DOORS], [exceeded(2, 1), exceeded(2, 1)]],
    ['waives as many items as a waiver counts', [DOOR, OTHER_DOOR], [{ ...DOORS, count: 2 }], [0, 0]],
    ['adds up equal waivers', [DOOR, OTHER_DOOR], [DOORS, aWaiver({ room: 'A', title: 'Door' })], [0, 1]],
    ['adds up the counts of equal waivers', [DOOR, DOOR, OTHER_DOOR], [DOORS, { ...DOORS, count: 2 }], [0, 1, 1]],
    [
      'does not add up a waiver for one condition and a waiver for all',
      [DOOR, OTHER_DOOR],
      [DOORS, { ...DOORS, condition: 'bad' }],
      [exceeded(2, 1), exceeded(2, 1)],
    ],
    [
      'gives an item to the first waiver that fits, a precise one above a general one',
      [DOOR, OTHER_DOOR],
      [aWaiver({ id: '1', title: 'Door' }), DOORS],
      [0, 1],
    ],
    [
      'gives an item to the first waiver that fits, a general one above a precise one',
      [DOOR, OTHER_DOOR],
      [DOORS, aWaiver({ id: '1', title: 'Door' })],
      [exceeded(2, 1), exceeded(2, 1)],
    ],
    ['skips a waiver that has ended', [DOOR], [{ ...DOORS, until: '2026-11-26' }, DOORS], [1]],
    ['waives an item by a waiver for its condition', [DOOR, ROOF], [{ ...DOORS, condition: 'bad' }], [0, null]],
    ['skips a waiver for another condition', [DOOR], [{ ...DOORS, condition: 'worse' }, DOORS], [1]],
    ['reports the last day of a waiver that has ended', [DOOR], [{ ...DOORS, until: '2026-11-26' }], [ended('2026-11-26')]],
    [
      'does not count a waiver that has ended',
      [DOOR, OTHER_DOOR],
      [DOORS, { ...DOORS, until: '2026-11-26' }],
      [exceeded(2, 1), exceeded(2, 1)],
    ],
    ['matches a number by its text', [DOOR], [aWaiver({ id: '1', title: 'Door' })], [0]],
    [
      'matches no empty field: an empty text, blanks, an empty list or object',
      [{ id: '', a: ' ', b: [], c: {}, title: 'Door' }],
      ['', ' ', '[]', '{}'].map((text, at) => aWaiver({ title: 'Door', [['id', 'a', 'b', 'c'][at] ?? '']: text })),
      [null],
    ],
    ['waives no item that is not an object', ['Door', null, [1]], [DOORS], [null, null, null]],
  ])('%s', (_, matched, waivers, expected) => {
    const { matched: left, waived, fieldChanges, result } = apply(matched, waivers);
    const isWaived = expected.map((one) => typeof one === 'number');
    expect(left).toEqual(matched.filter((_item, at) => !isWaived[at]));
    expect(waived.map(({ item }) => item)).toEqual(matched.filter((_item, at) => isWaived[at]));
    expect(waived.map(({ by }) => by)).toEqual(expected.filter((one) => typeof one === 'number'));
    const output = expected.filter((one) => typeof one !== 'number');
    expect(left.map((_item, at) => fieldChanges.get(at)?.[0] ?? null)).toEqual(output);
    expect(result).toBe(left.length === 0 ? 'does_not_hold' : 'holds');
  });

  test('counts a waiver as used if it fits an item, even if its `until` has passed or more items fit than its `count`', () => {
    const waivers = [DOORS, { ...DOORS, until: '2026-11-26' }, aWaiver({ id: '1', title: 'Door' }), aWaiver({ id: '9', title: 'x' })];
    expect([...apply([DOOR, OTHER_DOOR], waivers).used].sort()).toEqual([0, 1, 2]);
  });

  test.each([
    ['one field', (at: number) => ({ title: 'Door', id: String(at) })],
    ['all fields but one of many', (at: number) => ({ title: 'Door', room: 'A', floor: String(at % 25), id: String(at) })],
    ['no field', (at: number) => ({ title: 'Door', [`field ${at}`]: 'x' })],
  ])('matches each of many waivers that share %s to its item, four times as many in less than twice the time', (_, matchOf) => {
    const waivers = Array.from({ length: 500 }, (_item, at) => aWaiver(matchOf(at)));
    const items = Array.from({ length: 5_000 }, (_item, at) => ({
      title: 'Door',
      room: 'A',
      floor: String(at % 25),
      id: at,
    }));
    expect(apply([matchOf(7), matchOf(499)], waivers).waived.map(({ by }) => by)).toEqual([7, 499]);
    expect(isLinear((count) => apply(items, waivers.slice(0, count)), 125, 2)).toBe(true);
  });
});

describe('the notice of unused waivers', () => {
  test.each([
    [1, [], '1 waiver matches nothing (the 1st): delete it, or check its fields'],
    [2, [], '2 waivers match nothing (the 1st and the 2nd): delete them, or check their fields'],
    [3, [1], '2 waivers match nothing (the 1st and the 3rd): delete them, or check their fields'],
    [3, [], '3 waivers match nothing (the 1st, the 2nd and the 3rd): delete them, or check their fields'],
    [2, [0, 1], ''],
  ])('names, of %d waivers with those at %j used, the others: %s', (count, used, expected) => {
    const waivers = Array<Waiver>(count).fill(aWaiver({ id: '1', title: 'x' }));
    expect(describeUnusedWaivers(waivers, new Set(used))).toBe(expected);
  });

  test.each(['1st', '2nd', '3rd', '4th', '10th', '11th', '12th', '13th', '14th', '21st', '101st', '111th', '113th', '122nd'])(
    'numbers a waiver as the %s',
    (nth) => {
      const waivers = Array<Waiver>(200).fill(aWaiver({ id: '1', title: 'x' }));
      const used = new Set(waivers.keys());
      used.delete(parseInt(nth, 10) - 1);
      expect(describeUnusedWaivers(waivers, used)).toContain(` (the ${nth})`);
    },
  );
});

const waivable = (item: JsonValue, knownBy: readonly string[], about: Partial<Waivable> = {}): Waivable => ({
  run: '',
  item,
  knownBy,
  condition: null,
  ...about,
});
/** The matches of what was copied. */
const copied = (items: readonly JsonValue[], knownBy: readonly string[]) => {
  const text = formatWaiversToCopy(items.map((item) => waivable(item, knownBy)));
  return text === ''
    ? []
    : (readYaml(text).verbatimList('waivers') as unknown as {
        match: Record<string, string>;
        because: string;
      }[]);
};

test('offers one waiver to copy for each item, by `known_by` alone, for its condition, with an empty reason', () => {
  const item = { document_id: '4a1c', title: "Door's", status: '0042', reason: 'long' };
  const knownBy = ['document_id', 'title'];
  expect(formatWaiversToCopy([waivable(item, knownBy)])).toBe("- match:\n    document_id: '4a1c'\n    title: 'Door''s'\n  because: ''");
  expect(formatWaiversToCopy([waivable(item, knownBy, { condition: 'not compliant' })])).toBe(
    "- match:\n    document_id: '4a1c'\n    title: 'Door''s'\n  condition: 'not compliant'\n  because: ''",
  );
  expect(formatWaiversToCopy([waivable(item, knownBy, { run: 'Car park' })])).toMatch(/^- match: # Car park\n {4}document_id: /);
  expect(formatWaiversToCopy([waivable(item, knownBy, { run: '${{ github.token }}' })])).toMatch(/^- match:$/m);
  expect(formatWaiversToCopy([waivable(item, [])])).toBe('');
  expect(
    copied(
      Array.from({ length: 30 }, (_, id) => ({ id, title: 'A' })),
      ['id', 'title'],
    ),
  ).toHaveLength(20);
});

test.each<[string, JsonValue]>([
  ['with an expression of GitHub’s', { id: 1, title: 'a ${{ secrets.X }}' }],
  ['with a line break', { id: 1, title: 'a\nb' }],
  ['with an escape', { id: 1, title: 'a\u001b[31m' }],
  ['with a zero-width character', { id: 1, title: 'a\u200b' }],
  ['with a filler that is not seen', { id: 1, title: 'a\u3164' }],
  ['with half a character', { id: 1, title: '\ud800' }],
  ['with the start of a hidden comment', { id: 1, title: 'a <!-- b' }],
  ['with a long text', { id: 1, title: 'x'.repeat(201) }],
  ['without one of the fields', { id: 1 }],
  ['with an empty field', { id: 1, title: '' }],
  ['with a field that is an empty list', { id: 1, title: [] }],
  ['that is no object', 'Doors'],
])('offers no waiver for an item %s', (_, item) => {
  expect(copied([item], ['id', 'title'])).toEqual([]);
});

test.each<[string, readonly string[], JsonValue]>([
  ['by one field', ['id'], { id: 1 }],
  ['by a field whose name has a line break', ['a\nb', 'id'], { 'a\nb': 'x', id: 1 }],
  ['by a field with a name of 201 characters', ['a'.repeat(201), 'id'], { ['a'.repeat(201)]: 'x', id: 1 }],
])('offers no waiver %s', (_, fields, item) => {
  expect(formatWaiversToCopy([waivable(item, fields)])).toBe('');
});

test.each([
  ['title', 'title'],
  ['no', "'no'"],
  ['a: key', "'a: key'"],
  ['key: a', "'key: a'"],
])('writes the field %s as %s', (field, written) => {
  const text = formatWaiversToCopy([waivable({ [field]: 'x', id: 1 }, [field, 'id'])]);
  expect(text.split('\n')[1]).toBe(`    ${written}: 'x'`);
});

test.each(['a\nb', 'a: b', 'b\n'])('leaves out the name of a run that could end its comment: %j', (run) => {
  const text = formatWaiversToCopy([waivable({ id: 1, title: 'x' }, ['id', 'title'], { run })]);
  expect(text).toMatch(/^- match:$/m);
});

test('offers waivers of 100,000 characters in all', () => {
  const fields = Array.from({ length: 24 }, (_, at) => `f${at}`);
  const itemOf = (extra: number) =>
    Object.fromEntries(fields.map((field, at) => [field, 'x'.repeat(1 + Math.max(0, Math.min(199, extra - 199 * at)))]));
  // A waiver is followed by a line break.
  const shortest = formatWaiversToCopy([waivable(itemOf(0), fields)]).length + 1;
  const extra = 100_000 / 20 - shortest;
  const offered = (last: number) => copied([...Array.from({ length: 19 }, () => itemOf(extra)), itemOf(last)], fields).length;
  expect([offered(extra), offered(extra + 1)]).toEqual([20, 19]);
});

test('offers the first waivers if all are too long, also for an emoji', () => {
  const fields = Array.from({ length: 60 }, (_, at) => `f${at}`);
  const items = Array.from({ length: 20 }, (_, id) => Object.fromEntries(fields.map((field) => [field, `${id}⚠️`.padEnd(190, '.')])));
  const all = copied(items, fields);
  expect(all.map(({ match }) => match)).toEqual(items.slice(0, all.length));
  expect(all.length).toBeGreaterThan(5);
  expect(all.length).toBeLessThan(20);
});

test('offers a waiver for any item that is read back as the same texts', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom("'", '- a', '# b', 'a: b', 'null', '~', ' x ', '${{'),
  );
  const anItem = fc.record({ id: value, title: value, 'a: b': value }, { requiredKeys: ['id', 'title'] }) as fc.Arbitrary<JsonObject>;
  fc.assert(
    fc.property(anItem, fc.constantFrom(['id', 'title'], ['title', 'a: b']), (item, fields) => {
      const all = formatWaiversToCopy([waivable(item, fields)]);
      expect(all).not.toMatch(/\$\{\{|<!--/);
      for (const { match } of copied([item], fields))
        for (const [field, text] of Object.entries(match)) expect(text).toBe(readFieldText(item, field));
    }),
  );
});

describe('the note of waivers that match nothing', () => {
  const many = (count: number) => Array.from({ length: count }, () => aWaiver({ a: 'x', b: 'y' }));
  const allBut = (at: number) => new Set(Array.from({ length: 130 }, (_, other) => other).filter((one) => one !== at));

  test.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [10, '10th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [14, '14th'],
    [20, '20th'],
    [21, '21st'],
    [22, '22nd'],
    [99, '99th'],
    [100, '100th'],
    [101, '101st'],
    [111, '111th'],
    [113, '113th'],
    [114, '114th'],
    [123, '123rd'],
  ])('calls waiver number %d the %s', (nth, word) => {
    expect(describeUnusedWaivers(many(130), allBut(nth - 1))).toBe(
      `1 waiver matches nothing (the ${word}): delete it, or check its fields`,
    );
  });

  test.each([
    [2, 'the 1st and the 2nd'],
    [11, expect.stringMatching(/^the 1st, .*the 10th and the 11th$/)],
    [12, expect.stringMatching(/^the 1st, .*the 10th and 2 more$/)],
    [13, expect.stringMatching(/^the 1st, .*the 10th and 3 more$/)],
  ])('names at most eleven unused waivers, of %d', (count, names) => {
    const note = describeUnusedWaivers(many(count), new Set());
    expect(/\((.*)\)/.exec(note)?.[1]).toEqual(names);
  });
});

describe('a waiver', () => {
  const read = (more: string) => readText(`- match: { id: 1, title: Door }\n  because: x\n${more}`);

  test.each([
    ['  conditon: a', 'with an unknown key `conditon`: did you mean `condition`?'],
    ['  matches: a', 'with an unknown key `matches`: did you mean `match`?'],
    ['  untill: a', 'with an unknown key `untill`: did you mean `until`?'],
    ['  counts: a', 'with an unknown key `counts`: did you mean `count`?'],
    ['  becuase: a', 'with an unknown key `becuase`: did you mean `because`?'],
    ['  reason: a', 'with an unknown key `reason`: did you mean `because`?'],
    ['  reason: a\n  untill: a', 'with an unknown key `reason`: did you mean `because`?'],
  ])('is refused with %j: %s', (more, message) => {
    expect(() => read(more)).toThrow(`has a waiver ${message} (the 1st)`);
  });

  test('has its texts without the blanks around them', () => {
    expect(read("  until: ' 2026-12-31 '\n  condition: ' late '\n  count: ' 2 '")[0]).toMatchObject({
      until: '2026-12-31',
      condition: 'late',
      count: 2,
    });
  });

  test.each(['Null', 'NULL'])('is refused with the reason %s', (because) => {
    expect(() => readText(`- match: { id: 1, title: Door }\n  because: ${because}`)).toThrow(/without `because`/);
  });

  test.each([{}, 'a', null, { match: {} }])('is not read from %j', (value) => {
    expect(() => readWaivers(value)).toThrow(/^must be a list/);
  });

  const [late, item] = [
    { severity: 'fail', name: 'late', expression: 'x', line: 1 },
    { id: '1', title: 'Door' },
  ] as const;
  const applied = (waivers: readonly Waiver[], count = 1) =>
    applyWaivers({ condition: late, result: 'holds', matched: Array.from({ length: count }, () => item) }, waivers, '2026-06-15');

  test.each([
    ['2026-06-15', 1],
    ['2026-06-14', 0],
    ['2026-06-16', 1],
  ])('waives, until %s, on 2026-06-15 %d items', (until, count) => {
    expect(applied([aWaiver(item, { until })]).waived).toHaveLength(count);
  });

  test('is named as ended for an item if it ended last of several', () => {
    const ended = ['2026-01-01', '2026-03-01', '2026-02-01'].map((until) => aWaiver(item, { until }));
    const change = [{ kind: 'waiver_ended', until: '2026-03-01' }];
    expect(applied(ended).fieldChanges.get(0)).toEqual(change);
    const others = [
      aWaiver({ id: '1', title: 'Door' }, { until: '2026-01-01' }),
      aWaiver(item, { until: '2026-03-01', condition: 'late' }),
    ];
    expect(applied(others).fieldChanges.get(0)).toEqual(change);
    expect(applied(others.toReversed()).fieldChanges.get(0)).toEqual(change);
  });

  test('is not named as ended for an item that it does not fit', () => {
    const left = applied([aWaiver({ id: '2', title: 'Door' }, { until: '2026-01-01' })]);
    expect([...left.fieldChanges]).toEqual([]);
    expect(left.result).toBe('holds');
  });

  test.each([
    ['in another order', { title: 'Door', id: '1' }],
    ['in the same order', { id: '1', title: 'Door' }],
  ])('adds its count to one with the same fields %s', (_, match) => {
    expect(applied([aWaiver(item), aWaiver(match)], 2)).toMatchObject({
      matched: [],
      result: 'does_not_hold',
    });
    expect(applied([aWaiver(item), aWaiver(match)], 3).matched).toHaveLength(3);
  });

  test('waives an item of the baseline as it waives one of the run', () => {
    expect(applied([aWaiver(item)]).isWaived(item)).toBe(true);
    expect(applied([aWaiver(item)]).isWaived({ id: '2', title: 'Door' })).toBe(false);
    // Two items belong to a waiver for one.
    expect(applied([aWaiver(item)], 2).isWaived(item)).toBe(false);
    expect(applied([aWaiver(item, { until: '2026-01-01' })]).isWaived(item)).toBe(false);
  });

  test('leaves the result as it is if it matches nothing', () => {
    const empty = applyWaivers({ condition: late, result: 'holds', matched: [] }, [aWaiver(item)], '2026-06-15');
    expect(empty.result).toBe('holds');
  });
});

describe('a waiver to copy', () => {
  const copied = (fields: Readonly<Record<string, string>>) =>
    formatWaiversToCopy([{ run: '', item: fields, knownBy: Object.keys(fields), condition: null }]);

  test.each([
    ['abc', 'abc'],
    ['ab', "'ab'"],
    ['a_b', 'a_b'],
    ['abC', "'abC'"],
    ['ab1', "'ab1'"],
  ])('has the field %s as %s', (field, written) => {
    expect(copied({ [field]: 'x', other: 'y' })).toContain(`\n    ${written}: 'x'\n`);
  });

  test.each([
    [200, true],
    [201, false],
  ])('is offered for a text of %d characters: %j', (length, isOffered) => {
    expect(copied({ title: 'x'.repeat(length), other: 'y' }) !== '').toBe(isOffered);
    expect(copied({ ['x'.repeat(length)]: 'y', other: 'y' }) !== '').toBe(isOffered);
  });
});
