/** What the report says about inputs without effect, and what it remembers. */
import { expect, test } from '@jest/globals';
import type { Waiver } from '../../src/gate/waivers.ts';
import type { JsonValue } from '../../src/json.ts';
import { listDigests } from '../../src/report/report.ts';
import { aCondition, aReport, aResult, DOOR, notCompliant, type ResultOverrides } from '../support/a-report.ts';

const aWaiver = (because: string): Waiver => ({ match: new Map(), condition: null, because, until: null, count: 1 });
const WAIVERS = [aWaiver('one'), aWaiver('two'), aWaiver('three')];
const unused = (name: string, ...unusedWaivers: number[]): ResultOverrides => ({ name, waivers: WAIVERS, gateResult: { unusedWaivers } });
const broken = [aCondition({ result: 'cannot_be_evaluated', problem: { code: 'no_value', source: 'x', operation: '==' } })];
const columns = (field: string): ResultOverrides => ({ columns: new Map([[null, [field, 'reason']]]) });
const knownBy = (field: string, ...items: JsonValue[]): ResultOverrides => ({
  conditions: [notCompliant({ knownBy: ['document_id', field], ...(items.length > 0 && { items }) })],
});
const noticesOf = (results: readonly ResultOverrides[], itemUrl = '') =>
  aReport({ inputs: { itemUrl }, results: results.map(aResult) }).notices;

test.each<[what: string, results: ResultOverrides[], begin: string | undefined]>([
  ['counts waivers that match nothing from 1', [unused('', 0, 2)], 'These waivers match nothing: 1 and 3, counted from 1.'],
  ['counts those that no run of a shared list uses', [unused('a', 0, 1), unused('b', 1, 2)], 'These waivers match nothing: 2, counted'],
  ['counts those of one run', [unused('a', 0), { name: 'b' }], 'These waivers match nothing: 1, counted'],
  ['counts none where a condition was not evaluated', [{ ...unused('', 0), conditions: broken }], undefined],
  ['counts none where a run has not ended', [unused('a', 0), { name: 'b', conditions: null }], undefined],
  ['names a field of `columns` that no item has', [columns('clause')], '`columns`: nothing found has a field `clause`.'],
  ['names none where there is no item', [{ ...columns('clause'), conditions: [aCondition()] }], undefined],
  ['names a field of `known_by`, with the nearest', [knownBy('statsu')], '`known_by`: nothing found has a field `statsu`, but "status".'],
  ['names one without a near one', [knownBy('severity')], '`known_by`: nothing found has a field `severity`.'],
  ['names one that is empty everywhere', [knownBy('reason', { ...DOOR, reason: '' })], '`known_by`: nothing found has a field `reason`.'],
  ['names none that one item has', [knownBy('reason', { ...DOOR, reason: '' }, DOOR)], undefined],
  ['names none of texts', [knownBy('reason', 'Door 7')], undefined],
])('%s', (_, results, begin) => {
  expect(noticesOf(results)[0]?.slice(0, begin?.length)).toBe(begin);
});

test('names a field of `item_url` that no item has', () => {
  expect(noticesOf([{}], 'https://x.test/{project_id}/{document}?d={document_id}')).toEqual([
    '`item_url`: nothing found has a field `document`, but "document_id".',
  ]);
});

test('says a notice of a run once, with its name, though several entries evaluate it', () => {
  const result = aResult({ name: 'a', runState: { notices: [{ code: 'secret_in_answer' }] } });
  const other = { ...result, entry: { ...result.entry, name: 'b' } };
  expect(aReport({ results: [result, other] }).notices).toEqual([
    'a: An answer of the API contained a secret of this job, which is shown as ***.',
  ]);
});

test('remembers the digests of all conditions but those with an empty field', () => {
  const { results } = aReport({
    results: [aResult({ conditions: [notCompliant({ items: [{ value: DOOR, digest: 'a' }, 1] }), aCondition()] })],
  });
  expect(listDigests(results)).toEqual(['a']);
});
