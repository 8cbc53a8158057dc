/** Which texts are one text in two spellings. */
import { describe, expect, test } from '@jest/globals';
import { areSpellings, hasSpelling } from '../../src/gate/spelling.ts';

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
  №5 | No 5`;

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
  Größe | Grosse`;

const PARTS = `
  contains | Door EI 30-C | EI30
  contains | Asbestos | asbest
  contains | Brandschutztür | brandschutz
  contains | Fire doors are missing | fire door
  contains | It is NON COMPLIANT. | non-compliant
  startsWith | Noncompliant | non-
  startsWith | 08-11-13 Doors | 08 11 13
  endsWith | Grade: **a-** | A-
  endsWith | It FAILS. | fails`;

const NO_PARTS = `
  contains | in other | not${' '}
  contains | Nothing | not${' '}
  contains | Slab 2 | B2
  startsWith | 7.2.10 | 7.2.1.
  startsWith | 101.2 | 10.
  endsWith | FAILS again | fails
  startsWith | It FAILS | fails
  endsWith | A+ | A-`;

const rowsOf = (table: string) => table.slice(1).split('\n').map((row) => row.slice(2).split(' | ')); // prettier-ignore
const pairsOf = (table: string) =>
  rowsOf(table).flatMap((row) => row.flatMap((left, at) => row.slice(at + 1).map((right) => [left, right] as const)));

describe('takes two spellings for one text, in both orders', () => {
  test.each(pairsOf(SAME))('%s, %s', (left, right) => expect([areSpellings(left, right), areSpellings(right, left)]).toEqual([true, true]));
});

describe('takes two texts for two, in both orders', () => {
  test.each(pairsOf(DIFFERENT))('%s, %s', (left, right) =>
    expect([areSpellings(left, right), areSpellings(right, left)]).toEqual([false, false]),
  );
});

describe('finds a part in another spelling', () => {
  test.each(rowsOf(PARTS))('%s: %s, %s', (operation, text, part) => expect(hasSpelling(text!, part!, operation!)).toBe(true));
});

describe('finds no part across words, or inside a number', () => {
  test.each(rowsOf(NO_PARTS))('%s: %s, %s', (operation, text, part) => expect(hasSpelling(text!, part!, operation!)).toBe(false));
});

describe('any text', () => {
  /** A seeded generator (mulberry32). */
  let seed = 1;
  const random = (below: number) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  const draw = (alphabet: string, length: number) => Array.from({ length }, () => [...alphabet][random([...alphabet].length)]).join('');

  test('is compared alike in both orders', () => {
    for (let round = 0; round < 20_000; round++) {
      const [left, right] = [draw('11ab .-+%', 6), draw('11ab .-+%', 6)];
      if (areSpellings(left, right) !== areSpellings(right, left)) throw new Error(`${left} | ${right}`);
    }
  });

  test('of letters is itself in another case and with punctuation', () => {
    for (let round = 0; round < 5_000; round++) {
      const text = draw('abcdefäöüßλжé', 1 + random(12));
      const other = [...text].map((one) => (random(2) ? one.toUpperCase() : one) + draw(' .,_*"❌', random(3))).join('');
      if (!areSpellings(text, other)) throw new Error(`${text} | ${other}`);
    }
  });

  test.each(['a', ' ', '-', '1', '1.', 'a-', '\u0301', '❌', 'ß'])('of 8 MiB of %j takes at most 2 s', (one) => {
    const text = one.repeat((8 * 2 ** 20) / one.length);
    for (const compare of [
      () => areSpellings(text, 'rejected'),
      () => hasSpelling(text, 'rejected', 'contains'),
      () => hasSpelling(text, '1 1-1b', 'endsWith'),
    ]) {
      const before = process.cpuUsage().user;
      compare();
      expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
    }
  });
});
