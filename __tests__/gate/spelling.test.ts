/** Which texts are one text in two spellings. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { areSpellings, hasSpelling, quoteSpelling } from '../../src/gate/spelling.ts';

/** Each row's texts are one. */
const SAME = `
  081113 | 08 11 13 | 081113
  08 11 13 | 08-11-13 | 08.11.13 | 08–11–13
  081113 | 08-11-13
  081113 | 08.11.13
  non-compliant | Non compliant. | NONCOMPLIANT | non_compliant | Non‑Compliant
  fail | **fail** | ❌ fail | "Fail" | - fail | fail! | ℹ️ FAIL | ~~fail~~ | fail 1️⃣ | » fail «
  Verstoß | VERSTOSS | VERSTOẞ | verstoss
  1 000 | 1000
  60 % | 60% | 60 %.
  A+ | a+ | **A+**
  A- | a- | **A-**
  ≥ 60 | ≥60
  C30/37 | c30-37 | C 30.37
  EI 30-C | EI30-C | EI30C
  Größe | GRÖSSE | größe
  Ｆａｉｌ | fail
  08 11 13.45 | 081113.45
  №5 | No 5
  § 7.2.1 | 7.2.1. | 7-2-1
  EI2 30-C5 | EI₂ 30-C5 | ei2 30 C5
  B-s1,d0 | B-S1, d0
  S355 J2+N | S355J2+N
  DIN 4102-1 | DIN4102-1
  Ss_25_30_20 | Ss 25 30 20
  -3.50 m | −3.50m
  MEP | M.E.P.
  nicht erfüllt | Nicht Erfüllt!
  不合格 | 「不合格」 | 不 合 格
  не соответствует | Не соответствует.`;

/** Each row's texts differ, each from each. */
const DIFFERENT = `
  2.1 | 21
  1.11 | 11.1
  1-11 | 11-1
  A1.01 | A10.1
  2026-1-11 | 2026-11-1
  compliant | non-compliant
  A+ | A- | A
  10 | -10 | +10
  <60 | >60 | ≥60 | ≤60 | 60
  60 | 60 % | 60°
  A-1 | A-2
  C30/37 | C30/45
  5 | 5.
  ❌ | ✅
  08 11 13 | 08 11 14
  7.2.1 | 7.2.10
  1.5 | 15 | 1.05
  ±5 mm | 5 mm
  Größe | Grosse
  7.2.1 | 7.2.10 | 7.21 | 72.1 | 7.2 | 7.2.1.1
  DIN 4102-1 | DIN 4102-2 | DIN 41021 | DIN EN 4102-1
  RFI-014 | RFI 014 | RFI-14
  400x200 | 40x200 | 4002.00
  -3.50 | +3.50 | 3.50 | -35.0
  B.2.14 | B.21.4
  D | D- | D+
  合格 | 不合格`;

const PARTS = `
  contains | Door EI 30-C | EI30|
  contains | Asbestos | asbest|
  contains | Brandschutztür | brandschutz|
  contains | Fire doors are missing | fire door|
  contains | It is NON COMPLIANT. | non-compliant|
  startsWith | Noncompliant | non-|
  startsWith | 08-11-13 Doors | 08 11 13|
  endsWith | Grade: **a-** | A-|
  endsWith | It FAILS. | fails|
  contains | See BS9991:2015 clause 6 | BS 9991|
  contains | EN1992-1-1 not applied | EN 1992-1-1|
  contains | Clause 2-1 is violated | clause 2.1|
  contains | Reinspect the shaft | re-inspect|
  startsWith | SS 25 30 20 | Ss_25|
  startsWith | * Fail: no rating | - fail|
  endsWith | A-101.DWG | .dwg|`;

const NO_PARTS = `
  contains | in other | not |
  contains | Nothing | not |
  contains | Slab 2 | B2|
  startsWith | 7.2.10 | 7.2.1.|
  startsWith | 101.2 | 10.|
  endsWith | FAILS again | fails|
  startsWith | It FAILS | fails|
  endsWith | A+ | A-|
  contains | Clause 2.11 is fine | clause 2.1|
  contains | Name and address | n/a|
  startsWith | § 13 | § 3|
  startsWith | * Pass: failsafe | - fail|
  endsWith | dwg.pdf | .dwg|`;

const rowsOf = (table: string) => table.slice(1).split('\n').map((row) => row.trim().split(' | ')); // prettier-ignore
const pairsOf = (table: string) =>
  rowsOf(table).flatMap((row) => row.flatMap((left, at) => row.slice(at + 1).map((right) => [left, right] as const)));
const compareBothWays = (left: string, right: string) => [areSpellings(left, right), areSpellings(right, left)];

describe('takes two spellings for one text', () => {
  test.each(pairsOf(SAME))('%s, %s', (left, right) => expect(compareBothWays(left, right)).toEqual([true, true]));
});

describe('takes two texts for two', () => {
  test.each(pairsOf(DIFFERENT))('%s, %s', (left, right) => expect(compareBothWays(left, right)).toEqual([false, false]));
});

/** The part ends at the bar. */
const partsOf = (table: string) => [...table.matchAll(/(\w+) \| (.*) \| (.*)\|/g)].map(([, ...row]) => row as [string, string, string]);

describe('finds a part in another spelling', () => {
  test.each(partsOf(PARTS))('%s: %s, %s', (operation, text, part) => expect(hasSpelling(text, part, operation)).toBe(true));
});

describe('finds no part across words, or inside a number', () => {
  test.each(partsOf(NO_PARTS))('%s: %s, %s', (operation, text, part) => expect(hasSpelling(text, part, operation)).toBe(false));
});

test.each([
  ['Steel beam B12', 'Beam', 'beam'],
  ['It is NON COMPLIANT.', 'non-compliant', 'NON COMPLIANT'],
  ['Door EI 30-C', 'EI30', 'EI 30'],
  ['VERSTOSS im Flur', 'Verstoß', 'VERSTOSS im Flur'],
])('quotes the part as the text spells it, or the whole text: %s, %s', (text, part, found) =>
  expect(quoteSpelling(text, part)).toBe(found),
);

describe('any text', () => {
  const textOf = (characters: string, length: number) => fc.string({ unit: fc.constantFrom(...Array.from(characters)), maxLength: length });

  test('is compared alike in both orders', () => {
    fc.assert(
      fc.property(textOf('11ab .-+%', 6), textOf('11ab .-+%', 6), (left, right) => areSpellings(left, right) === areSpellings(right, left)),
      { numRuns: 5_000 },
    );
  });

  test('of letters is itself in another case and with punctuation', () => {
    const letter = fc.tuple(fc.constantFrom(...Array.from('abcdefäöüßλжé')), fc.boolean(), textOf(' .,_*"❌', 2));
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 12 }), (letters) => {
        const spelled = letters.map(([one, isUpper, signs]) => (isUpper ? one.toUpperCase() : one) + signs);
        return areSpellings(letters.map(([one]) => one).join(''), spelled.join(''));
      }),
    );
  });

  test.each(['ab', '- ', 'a-', '1-', 'a11 ', '\u0301.'])('of 8 MiB of %j takes at most 2 s', (piece) => {
    const text = piece.repeat((8 * 2 ** 20) / piece.length);
    for (const compare of [() => areSpellings(text, 'rejected'), () => hasSpelling(text, 'A1 B', 'contains')]) {
      const { user } = process.cpuUsage();
      expect(compare()).toBe(false);
      expect(process.cpuUsage().user - user).toBeLessThan(2_000_000);
    }
  });
});
