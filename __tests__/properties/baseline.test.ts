/** Whatever the order of saved reviews, the baseline knows what one of the last three has. `DRAWS=…` draws more. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatBaseline, readBaseline, type BaselineState } from '../../src/baseline.ts';
import { MAX_MISSED } from '../../src/gate/save.ts';
import { items, result, reviewGate, usable, waiver } from '../gate/reviews.ts';

const DRAWS = Number(process.env.DRAWS ?? 200);
const NAMES = ['a 1', 'b 2', 'c 3'];

/** How often a review reports each finding, and which ones it waives. */
const aReview = fc.record({
  counts: fc.tuple(...NAMES.map(() => fc.nat({ max: 2 }))),
  waived: fc.subarray(NAMES, { maxLength: 1 }),
});

const itemsOf = (counts: readonly number[]) => items(...NAMES.flatMap((name, at) => Array<string>(counts[at]!).fill(name)));

test('knows a finding that one of the last three saved reviews has, unless it is waived, and no other', () => {
  fc.assert(
    fc.property(fc.array(aReview, { maxLength: 8 }), (reviews) => {
      let baseline: BaselineState = { code: 'missing', branch: 'main' };
      for (const { counts, waived } of reviews) {
        const waivers = waived.map((name) => waiver({ doc: name.slice(0, 1), clause: name.slice(2) }, { count: 2 }));
        const { saved } = reviewGate([result(itemsOf(counts))], { baseline, waivers });
        baseline = usable(...readBaseline(formatBaseline([saved], true))!);
      }
      for (const [at, name] of NAMES.entries()) {
        // A waived finding is gone at once, and is remembered again from the next review that reports it.
        const since = reviews.findLastIndex(({ counts, waived }) => waived.includes(name) && counts[at]! > 0) + 1;
        const last = reviews.slice(Math.max(since, reviews.length - MAX_MISSED));
        const most = Math.max(0, ...last.map(({ counts }) => counts[at]!));
        for (const count of [1, 2, 3]) {
          const { findings } = reviewGate([result(items(...Array<string>(count).fill(name)))], { baseline }).conditions[0]!;
          expect(findings.map(({ isKnown }) => isKnown)).toEqual(Array(count).fill(count <= most));
        }
      }
    }),
    { numRuns: DRAWS },
  );
});
