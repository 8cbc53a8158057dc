/** The functions of a condition that change a text. */
import { expect, test } from '@jest/globals';
import { TEXT_FUNCTIONS } from '../../src/gate/text-functions.ts';

const LONG = 64 * 1024 + 1;

const CHANGES: readonly (readonly [name: string, text: string, changed: string])[] = [
  ['lowerAscii', 'ABC xyz 1', 'abc xyz 1'],
  ['lowerAscii', 'GRÖSSE', 'grÖsse'],
  ['lowerAscii', 'İI', 'İi'],
  ['upperAscii', 'abc XYZ 1', 'ABC XYZ 1'],
  ['upperAscii', 'größe', 'GRößE'],
  ['lowerAscii', 'A'.repeat(LONG), 'a'.repeat(LONG)],
  ['upperAscii', 'a'.repeat(LONG), 'A'.repeat(LONG)],
  ['lowerAscii', '', ''],
  ['trim', ' a b ', 'a b'],
  ['trim', '\t\n\u0085a\u3000', 'a'],
  ['trim', '\ufeffa\u200b', '\ufeffa\u200b'],
  ['trim', ' \u2028 ', ''],
];
test.each(CHANGES.map(([name, text, changed]) => [name, text.slice(0, 20), changed.slice(0, 20), text, changed] as const))(
  'changes by %s() the text %j to %j',
  (name, _text, _changed, text, changed) => {
    expect(TEXT_FUNCTIONS.get(name)?.(text)).toBe(changed);
  },
);

test('has no other function that changes a text', () => {
  expect([...TEXT_FUNCTIONS.keys()].toSorted()).toEqual(['lowerAscii', 'trim', 'upperAscii']);
});
