/** Which notices a step has, and to which run each belongs. */
import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/gate/finding.ts';
import { findUnusedInputs, listRunNotices } from '../../src/report/advice.ts';
import { aResult, aRun } from './a-report.ts';

const WAIVERS = [{ because: 'agreed', until: null }];
const UNUSED = '1 waiver matches nothing (the 1st): delete it, or check its fields';
const LIST = aResult({ result: 'holds', matched: [{ id: 1 }] });
const BROKEN = aResult({ result: 'cannot_be_evaluated', problem: 'no key' });

const runOf = (name: string, results: readonly Finding[] = [LIST], used: readonly number[] = []) => ({
  ...aRun({ name, results, waivers: WAIVERS }),
  used: new Set(used),
});
/** The same run with the waivers of another. */
const sharing = (run: ReturnType<typeof runOf>, other: ReturnType<typeof runOf>) => ({
  ...run,
  entry: { ...run.entry, waivers: other.entry.waivers },
});

describe('the notices of the runs', () => {
  const noticed = (name: string) => ({ ...aRun({ name }), notices: [`of ${name}`, 'x'] });

  test('have the names of several runs', () => {
    expect(listRunNotices([noticed('a'), noticed('b')])).toEqual([
      { name: 'a', text: 'of a' },
      { name: 'a', text: 'x' },
      { name: 'b', text: 'of b' },
      { name: 'b', text: 'x' },
    ]);
  });

  test('have no name of an only run', () => {
    expect(listRunNotices([noticed('a')])).toEqual([
      { name: '', text: 'of a' },
      { name: '', text: 'x' },
    ]);
  });
});

describe('a waiver that matches nothing', () => {
  const [a, b] = [runOf('a'), runOf('b')];
  test.each<[string, readonly ReturnType<typeof runOf>[], readonly object[]]>([
    ['is noted', [a], [{ name: '', text: UNUSED }]],
    ['is noted with the name of its run', [a, runOf('b', [LIST], [0])], [{ name: 'a', text: UNUSED }]],
    ['is noted once for runs that share it', [a, sharing(b, a)], [{ name: '', text: UNUSED }]],
    ['is not noted if one of these runs uses it', [a, sharing(runOf('b', [LIST], [0]), a)], []],
    ['is not noted if it is used', [runOf('a', [LIST], [0])], []],
    ['is not noted if a condition cannot be evaluated', [runOf('a', [LIST, BROKEN])], []],
    ['is not noted if a condition of another run cannot be evaluated', [a, runOf('b', [BROKEN], [0])], []],
    ['is not noted without conditions', [runOf('a', [])], []],
    ['is noted if one of the runs has conditions', [a, runOf('b', [], [0])], [{ name: 'a', text: UNUSED }]],
    ['is not noted if a run was not evaluated', [{ ...a, findings: [] }, runOf('b', [LIST], [0])], []],
  ])('%s', (_, runs, notices) => {
    expect(findUnusedInputs(runs)).toEqual(notices);
  });
});

test('notes a column that no item has after the waivers', () => {
  const run = { ...runOf('a'), entry: { ...runOf('a').entry, columns: new Map([[null, ['absent']]]) } };
  expect(findUnusedInputs([run]).map(({ text }) => text)).toEqual([UNUSED, expect.stringContaining('absent')]);
});
