/** What the message of an input in YAML says of each kind of fault, and how names are read. */
import { describe, expect, test } from '@jest/globals';
import { readYaml } from '../../src/inputs/yaml.ts';

const entriesOf = (text: string, verbatimKeys: readonly string[] | null = null) =>
  Object.fromEntries(readYaml(text, verbatimKeys).mapping('names to values'));

test.each([
  ['a: *', 'has an alias without an anchor (line 1, column 4)'],
  ['a: "\\q"', 'has a backslash in double quotes that is not an escape: use single quotes (line 1, column 5)'],
  ['a: {b: 1', 'is not indented as YAML asks (line 1, column 9)'],
  ['a: @x', 'has a value that begins with a character which is reserved in YAML: quote it (line 1, column 4)'],
  ['a: b: c', 'has a second `:` on a line: quote the value (line 1, column 4)'],
  ['a: "x', 'lacks a quote, a bracket, a comma or a colon (line 1, column 6)'],
  ['a\nb: 1', 'has a line without a colon, or a quote that is not closed (line 1, column 1)'],
  ['a: 1\n---\nb: 2', 'must be one document (line 2, column 1)'],
  ['a:\n\tb: 1', 'is indented with a tab, which YAML does not allow (line 2, column 1)'],
  ['a: !!int x', 'has a tag that does not fit its value, or that JSON has no type for (line 1, column 4)'],
  ['a: "x" y', 'is not valid JSON or YAML (line 1, column 8)'],
])('refuses %j: it %s', (text, message) => {
  expect(() => entriesOf(text)).toThrow(new SyntaxError(message));
});

test('refuses 5,000 open brackets as nested too deep', () => {
  expect(() => entriesOf('['.repeat(5_000))).toThrow(/nested more than 64 deep|not indented/);
});

test.each([
  [100 * 1024, false],
  [100 * 1024 + 1, true],
])('refuses a text of %d bytes: %j', (length, isRefused) => {
  const read = () => entriesOf(`a: ${'x'.repeat(length - 'a: '.length)}`);
  if (isRefused) expect(read).toThrow('is over 100 KB');
  else expect(Object.keys(read())).toEqual(['a']);
});

describe('aliases', () => {
  test.each([
    ['a: &x [1]\nb: *x\nc: *x', { a: [1], b: [1], c: [1] }],
    ['&k a: 1\nb: *k', { a: 1, b: 'a' }],
    ['a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
    ['a: &x { &k k: &y 1 }\nb: *x\nc: [*y, *k]', { a: { k: 1 }, b: { k: 1 }, c: [1, 'k'] }],
    // An anchor within a copy does not count again.
    ['a: &x [&y 1]\nb: &y 2\nc: *x\nd: *y', { a: [1], b: 2, c: [1], d: 2 }],
    ['a: &x { &y k: 1 }\n&y b: 2\nc: *x\nd: *y', { a: { k: 1 }, b: 2, c: { k: 1 }, d: 'b' }],
  ])('are replaced by their values in %j', (text, expected) => {
    expect(entriesOf(text)).toEqual(expected);
  });

  const expanded = (length: number, times: number) => `a: &x ${'x'.repeat(length)}\nb: [${Array<string>(times).fill('*x').join(', ')}]`;

  test('may expand to a million characters, and no more', () => {
    expect(Object.keys(entriesOf(expanded(50_000, 19)))).toEqual(['a', 'b']);
    expect(() => entriesOf(expanded(50_000, 21))).toThrow(/^expands by its aliases to too many values \(line 2, column \d+\)$/);
  });
});

describe('the name of an entry', () => {
  const NAMES = ['waivers'];
  test.each([
    ['a: 1\na: 2', 'has the name “a” twice (line 2, column 1)'],
    [`${'n'.repeat(64)}: 1\n${'n'.repeat(64)}: 2`, `has the name “${'n'.repeat(64)}” twice (line 2, column 1)`],
    [`${'n'.repeat(65)}: 1\n${'n'.repeat(65)}: 2`, `has the name “${'n'.repeat(64)}” twice (line 2, column 1)`],
    ['a: { b: 1, b: 2 }', 'has the same key twice (line 1, column 12)'],
    ['a: { __proto__: 1 }', 'has the key `__proto__`, which is not allowed (line 1, column 6)'],
  ])('is refused in %j: %s', (text, message) => {
    expect(() => entriesOf(text, NAMES)).toThrow(new Error(message));
  });

  test('is read as it is written', () => {
    expect(Object.keys(entriesOf('0042: 1\nTrue: 2\n__proto__: 3', NAMES))).toEqual(['0042', 'True', '__proto__']);
  });

  test('has texts as written below some keys alone', () => {
    expect(entriesOf('a: { waivers: [{ n: 0042 }], n: "1" }\nwaivers: { n: 7 }', NAMES)).toEqual({
      a: { waivers: [{ n: '0042' }], n: '1' },
      waivers: { n: 7 },
    });
  });
});

test.each([
  [64, true],
  [65, false],
])('names, of a number that would change, a key of %d characters: %j', (length, isNamed) => {
  const key = 'k'.repeat(length);
  const what = isNamed ? `\`${key}\`` : 'a value';
  expect(() => entriesOf(`${key}: 1.10`)).toThrow(
    `${what} (line 1, column ${length + 3}) would change as a number, as 1.10 becomes 1.1: quote it`,
  );
});

test('reads a list of 64 levels, and refuses one of 65', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
  const list = (levels: number) => readYaml(nested(levels)).verbatimList('waivers');
  expect(list(64)).toHaveLength(1);
  expect(() => list(65)).toThrow(/nested more than 64 deep/);
});
