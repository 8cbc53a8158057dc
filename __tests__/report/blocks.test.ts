/** Sentences, quotes and lists in Markdown. */
import { describe, expect, test } from '@jest/globals';
import { formatBulletList, formatSentence, quoteLines } from '../../src/report/blocks.ts';

describe('formatSentence', () => {
  test.each([
    ['Fix it.', 'Fix it.'],
    ['Fix `a_b` now.', 'Fix `a_b` now.'],
    ['`a` and `b`', '`a` and `b`'],
    ['Fix `a|b`', 'Fix <code>a&#x7c;b</code>'],
    ['Fix *this* `a`', 'Fix &#x2a;this&#x2a; `a`'],
    // A backquote without its second opens no code.
    ['Fix `a', 'Fix &#x60;a'],
    ['`a` `b', '&#x60;a&#x60; &#x60;b'],
    ['', ''],
  ])('formats %j as %j', (text, markdown) => {
    expect(formatSentence(text, 100)).toBe(markdown);
  });

  const SECRET = 'a_secret_of_20_chars1';
  test.each([
    [`of \`x\` ${SECRET}`, true],
    [`${SECRET} of \`x\``, true],
    [`\`x\` ${SECRET} \`y\``, true],
    [`\`x\`${SECRET} \`y\``, false],
    [`\`x\` ${SECRET}\`y\``, false],
    [`${SECRET}\`x\``, false],
    [`\`x\`${SECRET}`, false],
  ])('makes code of a word in %j that may be a secret, unless code is next to it: %j', (text, isCode) => {
    expect(formatSentence(text, 100).includes(`\`${SECRET}\``)).toBe(isCode);
  });

  test('cuts a text, and each of its pieces', () => {
    expect(formatSentence('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(formatSentence(`${'x '.repeat(3)}\`y\``, 10)).toBe('x x x `y`');
    expect(formatSentence(`x \`${'y'.repeat(11)}\` z`, 10)).toBe(`x \`${'y'.repeat(9)}…\` z`);
    // Code that begins after twice the length is cut with all that follows.
    expect(formatSentence(`${'x '.repeat(10)}\`y\``, 10)).not.toContain('y');
  });
});

describe('quoteLines', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, at) => `l${at}`);

  test.each([
    ['a', '> a'],
    ['a\nb\r\nc\rd', '> a<br>b<br>c<br>d'],
    ['a\n\n \nb\n\n', '> a<br>b'],
    ['a\n  b', '```\na\n  b\n```'],
    [' \n', ''],
    ['', ''],
  ])('formats %j as %j', (text, markdown) => {
    expect(quoteLines(text, 1_200)).toBe(markdown);
  });

  test.each([
    [12, 12, false],
    [13, 12, true],
    [20, 12, true],
  ])('shows of %d lines %d', (count, shown, isCut) => {
    const expected = [...lines(shown), ...(isCut ? ['…'] : [])].join('<br>');
    expect(quoteLines(lines(count).join('\n'), 1_200)).toBe(`> ${expected}`);
  });

  test('is empty in a report without texts', () => {
    expect(quoteLines('a', 0)).toBe('');
  });

  test('gives each line a twelfth of the length', () => {
    expect(quoteLines('x'.repeat(101), 1_200)).toBe(`> ${'x'.repeat(99)}…`);
    expect(quoteLines('x'.repeat(100), 1_200)).toBe(`> ${'x'.repeat(100)}`);
    expect(quoteLines('x'.repeat(102), 1_201)).toBe(`> ${'x'.repeat(100)}…`);
  });

  test('reads 10,000 characters', () => {
    expect(quoteLines(`a${' '.repeat(9_998)}b`, 100_000)).toContain('b');
    expect(quoteLines(`a${' '.repeat(9_999)}b`, 100_000)).not.toContain('b');
  });
});

test.each([
  [['a', '', 'b'], '- a\n- b'],
  [['', ''], ''],
  [[], ''],
])('lists %j as %j', (lines, markdown) => {
  expect(formatBulletList(lines)).toBe(markdown);
});
