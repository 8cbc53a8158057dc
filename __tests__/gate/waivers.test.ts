/** What is copied out of a summary is a waiver of that very item, and nothing that GitHub would evaluate. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unusedWaivers, waiversToCopy, type Waiver } from '../../src/gate/waivers.ts';
import { fieldText } from '../../src/gate/items.ts';
import { readYaml } from '../../src/inputs/yaml.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';

/** The matches of what was copied. */
const copied = (items: readonly JsonValue[], knownBy: readonly string[]) => {
  const text = waiversToCopy(items.map((item) => ({ run: '', item, knownBy })));
  return text === ''
    ? []
    : (readYaml(text).typedList('waivers') as unknown as {
        match: Record<string, string>;
        because: string;
      }[]);
};

test('one for each item, of its fields, with the reason left to the author', () => {
  const item = { document_id: '4a1c', title: "Door's", status: '0042', reason: 'long' };
  expect(waiversToCopy([{ run: '', item, knownBy: ['document_id', 'title'] }])).toBe(
    "- match:\n    document_id: '4a1c'\n    title: 'Door''s'\n  because: ''",
  );
  expect(waiversToCopy([{ run: 'Car park', item, knownBy: [] }])).toMatch(
    /^- match: # Car park\n {4}document_id: /,
  );
  expect(waiversToCopy([{ run: '${{ github.token }}', item, knownBy: [] }])).toMatch(/^- match:$/m);
  expect(copied([item], [])).toEqual([
    { match: { document_id: '4a1c', title: "Door's", status: '0042' }, because: '' },
  ]);
  expect(
    copied(
      Array.from({ length: 30 }, (_, id) => ({ id, title: 'A' })),
      [],
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
  ['with a long name of a field', { [`${'x'.repeat(200)}_id`]: 1, title: 'a' }],
  ['with one field alone', { id: 1 }],
  ['that is no object', 'Doors'],
])('no item %s is copied', (_, item) => {
  expect(copied([item], [])).toEqual([]);
  expect(copied([item], ['id', 'title'])).toEqual([]);
});

test('where all is too long the first are copied, and an emoji is', () => {
  const fields = Array.from({ length: 60 }, (_, at) => `f${at}`);
  const items = Array.from({ length: 20 }, (_, id) =>
    Object.fromEntries(fields.map((field) => [field, `${id}⚠️`.padEnd(190, '.')])),
  );
  const all = copied(items, fields);
  expect(all.map(({ match }) => match)).toEqual(items.slice(0, all.length));
  expect(all.length).toBeGreaterThan(5);
  expect(all.length).toBeLessThan(20);
});

test('whatever an item is, what is copied reads back as its own texts', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom("'", '- a', '# b', 'a: b', 'null', '~', ' x ', '${{'),
  );
  const anItem = fc.record(
    { id: value, title: value, 'a: b': value },
    { requiredKeys: ['id', 'title'] },
  ) as fc.Arbitrary<JsonObject>;
  fc.assert(
    fc.property(anItem, fc.constantFrom([], ['id', 'title'], ['title', 'a: b']), (item, fields) => {
      const all = waiversToCopy([{ run: '', item, knownBy: fields }]);
      expect(all).not.toMatch(/\$\{\{|<!--/);
      for (const { match } of copied([item], fields))
        for (const [field, text] of Object.entries(match)) expect(text).toBe(fieldText(item, field));
    }),
  );
});

test('of many waivers without a use ten are named, and the others counted', () => {
  const one = { match: new Map<string, string>(), condition: null, because: '', until: null };
  expect(unusedWaivers(Array<Waiver>(12).fill(one), new Set([0]))).toMatch(/, the 11th and 1 more$/);
});
