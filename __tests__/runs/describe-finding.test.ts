import { describe, expect, test } from '@jest/globals';
import { createFinding, type Tally } from '../../src/gate/finding.ts';
import { describeCount, describeFinding, describeFindings } from '../../src/runs/describe-finding.ts';
import { evaluateWithoutBaseline } from '../fakes.ts';
import { result, type Given } from './an-outcome.ts';

const finding = (given: Given) => createFinding(evaluateWithoutBaseline(given));
const known = { known: [true, true, false], isExcused: false };

const FINDINGS: readonly [string, Given, string, string, string][] = [
  [
    'items of a list that is filtered',
    result('holds', { matched: 2, unmatched: 3 }),
    '2 of 5 items “not compliant”',
    '2 of 5 “not compliant”',
    '“not compliant” matched 2 of 5 items',
  ],
  ['one item', result('holds', { matched: 1 }), '1 item “not compliant”', '1 “not compliant”', '“not compliant” matched 1 item'],
  [
    'a condition without a name',
    result('holds', { name: null, matched: 2 }),
    '2 items match line 1 of `fail_if`',
    '2 match line 1 of `fail_if`',
    'line 1 of `fail_if` matched 2 items',
  ],
  [
    'new items and known ones',
    { ...result('holds', { matched: 3 }), ...known },
    '1 new and 2 known “not compliant”',
    '1 new and 2 known “not compliant”',
    '“not compliant” matched 1 new and 2 known items',
  ],
  ['a condition that is true', result('holds'), ...threeTimes('“not compliant” is true')],
  [
    'a condition that cannot be evaluated',
    result('cannot_be_evaluated', { problem: 'x' }),
    ...threeTimes('“not compliant” cannot be evaluated'),
  ],
];
test.each(FINDINGS.map(([what, given, sentence, cell, inBrackets]) => [what, sentence, cell, inBrackets, given] as const))(
  'describes %s as “%s”, in a cell as “%s”, in brackets as “%s”',
  (_, sentence, cell, inBrackets, given) => {
    const one = finding(given);
    expect([describeFinding(one), describeFinding(one, 'cell'), describeFinding(one, 'in_brackets')]).toEqual([sentence, cell, inBrackets]);
  },
);

function threeTimes(text: string): [string, string, string] {
  return [text, text, text];
}

describe('a line of several', () => {
  const line = (...given: Given[]) => describeFindings(given.map(finding));
  const named = (...names: string[]) => names.map((name) => result('holds', { name }));

  test('shows three, and how many more there are', () => {
    expect(line(...named('a', 'b', 'c', 'd'))).toBe('“a” is true; “b” is true; “c” is true; and 1 more');
  });

  test('shows fewer where names are long', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => name.repeat(64));
    expect(line(...named(a!, b!, c!))).toBe(`“${a}” is true; “${b}” is true; and 1 more`);
  });

  test('has what cannot be evaluated last, with the first reason', () => {
    const broken = (name: string) => result('cannot_be_evaluated', { name, reason: { what: 'the run has no outputs', hint: '' } });
    expect(line(broken('a'), ...named('b'), broken('c'), broken('d'))).toBe(
      '“b” is true; “a”: the run has no outputs (2 more cannot be evaluated)',
    );
  });

  test('counts what cannot be evaluated if the reason does not fit', () => {
    const broken = result('cannot_be_evaluated', { reason: { what: 'x'.repeat(300), hint: '' } });
    expect(line(broken, broken, broken)).toBe('“not compliant” and 2 more cannot be evaluated');
  });

  test.each([
    ['item 1 has no key `statsu`', 'did you mean `status`?', 'item 1 has no key `statsu`; did you mean `status`?'],
    ['`outputs` has no key `x`', '', '`outputs` has no key `x`'],
    ['`outputs.items` is a list', `write ${'x'.repeat(180)}`, '`outputs.items` is a list'],
  ])('has a reason with its hint if both fit: %s, %s', (what, hint, message) => {
    const broken = result('cannot_be_evaluated', { name: null, reason: { what, hint } });
    expect(line(broken)).toBe(`line 1 of \`fail_if\`: ${message}`);
  });
});

test.each<[words: string, tally: Partial<Tally>]>([
  ['cannot be evaluated', { result: 'cannot_be_evaluated' }],
  ['2 of 6', { result: 'holds', matched: 2, waived: 1, unmatched: 3 }],
  ['0 of 3', { unmatched: 3 }],
  ['3', { result: 'holds', matched: 3 }],
  ['yes', { result: 'holds' }],
  ['no', {}],
])('counts “%s”', (words, tally) => {
  const none = { result: 'does_not_hold', matched: 0, waived: 0, unmatched: null };
  expect(describeCount({ ...none, ...tally } as Tally)).toBe(words);
});
