/** What the report says about inputs without effect, and what it remembers. */
import { describe, expect, test } from '@jest/globals';
import type { Waiver } from '../../src/gate/waivers.ts';
import { createReport, isWhole, listDigests } from '../../src/report/report.ts';
import { aFinding, aReport, aResult, aTimeout, DOOR, notCompliant, type ResultOverrides } from '../support/a-report.ts';

const aWaiver = (because: string): Waiver => ({ match: new Map(), condition: null, because, until: null, count: 1 });
const WAIVERS = [aWaiver('one'), aWaiver('two'), aWaiver('three')];
const unused = (...unusedWaivers: number[]): ResultOverrides => ({ waivers: WAIVERS, evaluated: { unusedWaivers } });
const notEvaluated = [aFinding({ result: 'cannot_be_evaluated', problem: { code: 'no_value', source: 'x', values: ['=='] } })];

describe('waivers that match nothing', () => {
  test.each<[what: string, results: ResultOverrides[], expected: [run: string, positions: number[]][]]>([
    ['are counted from 1', [unused(0, 2)], [['', [1, 3]]]],
    [
      'are those that no run of a shared list uses',
      [
        { ...unused(0, 1), name: 'a' },
        { ...unused(1, 2), name: 'b' },
      ],
      [['', [2]]],
    ],
    [
      'are counted in the list of one run',
      [
        { ...unused(0), name: 'a' },
        { ...unused(), name: 'b', waivers: [] },
      ],
      [['', [1]]],
    ],
    ['are not known where a condition was not evaluated', [{ ...unused(0), findings: notEvaluated }], []],
    [
      'are not known where a run has not ended',
      [
        { ...unused(0), name: 'a' },
        { name: 'b', findings: null },
      ],
      [],
    ],
  ])('%s', (_, results, expected) => {
    const { notices } = aReport({ results: results.map(aResult) });
    expect(notices).toEqual(expected.map(([run, positions]) => ({ run, notice: { code: 'unused_waivers', positions } })));
  });
});

describe('fields that no item has', () => {
  test.each<[what: string, inputs: object, result: ResultOverrides, expected: string[]]>([
    ['of `columns`, with the nearest', {}, { columns: new Map([[null, ['statsu', 'reason']]]) }, ['columns statsu status']],
    ['of `columns`, without a near one', {}, { columns: new Map([['not compliant', ['clause']]]) }, ['columns clause null']],
    ['of `item_url`', { itemUrl: 'https://x.test/{project_id}/{document}?d={document_id}' }, {}, ['item_url document document_id']],
    [
      'of `known_by`',
      {},
      { evaluated: { unknownFields: [{ field: 'a', nearest: null, condition: aFinding().condition }] } },
      ['known_by a null'],
    ],
    ['of `columns` where there is no item', {}, { columns: new Map([[null, ['clause']]]), findings: [aFinding()] }, []],
  ])('%s', (_, inputs, result, expected) => {
    const { notices } = aReport({ inputs, results: [aResult(result)] });
    const lines = notices.map(({ notice }) => notice.code === 'unknown_field' && `${notice.input} ${notice.field} ${notice.nearest}`);
    expect(lines).toEqual(expected);
  });
});

test('lists the notices of a run once, though several entries evaluate it', () => {
  const result = aResult({ name: 'a', record: { notices: [{ code: 'secret_in_answer' }] } });
  const other = { ...result, entry: { ...result.entry, name: 'b' } };
  const { notices } = createReport({ ...aReport(), results: [result, other], notices: [] });
  expect(notices).toEqual([{ run: 'a', notice: { code: 'secret_in_answer' } }]);
});

test('has verdict and words of the step and of each run', () => {
  const { verdict, results } = aReport({ results: [aResult({ name: 'a', findings: [aFinding()] }), aTimeout({ name: 'b' })] });
  expect(verdict.conclusion).toBe('timed_out');
  expect(results.map(({ verdict: { conclusion } }) => conclusion)).toEqual(['success', 'timed_out']);
  expect(results.every(({ words }) => words.headline !== '')).toBe(true);
});

test.each<[what: string, results: ResultOverrides[], expected: boolean]>([
  ['where all conditions were evaluated', [{}, { name: 'b' }], true],
  ['not where a run has not ended', [{}, { name: 'b', findings: null }], false],
  ['not where a condition was not evaluated', [{ findings: notEvaluated }], false],
])('a report is whole %s', (_, results, expected) => {
  expect(isWhole(results.map(aResult))).toBe(expected);
});

test('remembers the digests of all findings but those with an empty field', () => {
  const { results } = aReport({ results: [aResult({ findings: [notCompliant({ items: [DOOR, 1], digests: ['a', ''] }), aFinding()] })] });
  expect(listDigests(results)).toEqual(['a']);
});
