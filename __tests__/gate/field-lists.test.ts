/** The inputs `known_by` and `columns`: what they mean, and what is refused. */
import { describe, expect, test } from '@jest/globals';
import { fieldsFor, parseColumns, parseKnownBy, type FieldLists } from '../../src/gate/field-lists.ts';

const forAll = (...fields: string[]): [null, string[]] => [null, fields];

describe.each([
  ['known_by', parseKnownBy],
  ['columns', parseColumns],
])('the parser of `%s`', (_, parse) => {
  test.each<[string, string, FieldLists]>([
    ['one line for all conditions', 'id, title', new Map([forAll('id', 'title')])],
    ['a line with a name for that condition', 'late: room, due', new Map([['late', ['room', 'due']]])],
    [
      'a line for all and a line for one condition',
      '\nid,title \r\nlate: a b, c\n',
      new Map([forAll('id', 'title'), ['late', ['a b', 'c']]]),
    ],
  ])('reads %s', (__, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test.each([
    ['an empty field', 'id, , title', /^needs .*, separated by commas, such as .* \(line 1\)$/],
    ['a repeated field', 'id, id', /^has a field twice \(line 1\)$/],
    ['two lines for all conditions', 'a, b\nc, d', /^has a second line for the same conditions \(line 2\)$/],
    ['two lines for one condition', 'bad: a, b\nbad: c, d', /^has a second line/],
  ])('refuses %s, and quotes nothing of it', (__, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

test('refuses one field in a line of `known_by`, and accepts one in `columns`', () => {
  expect(() => parseKnownBy('id')).toThrow(/^needs at least two fields/);
  expect(parseColumns('id')).toEqual(new Map([forAll('id')]));
});

test('accepts eight fields in `columns`, and refuses nine', () => {
  const nine = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  expect(parseColumns(nine.slice(0, 8).join()).get(null)).toHaveLength(8);
  expect(() => parseColumns(nine.join())).toThrow('has 9 fields: 8 at most (line 1)');
});

test.each([
  ['late', ['room']],
  ['other', ['id']],
  [null, ['id']],
])('gives the condition named %s the fields %j', (name, expected) => {
  expect(fieldsFor(parseColumns('id\nlate: room'), { name })).toEqual(expected);
  expect(fieldsFor(parseColumns('x: room'), { name })).toEqual([]);
});
