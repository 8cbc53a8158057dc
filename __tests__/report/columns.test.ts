/** Which fields a table shows, what its cells say, and where their links lead. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, type JsonObject, type JsonValue } from '../../src/json.ts';
import { chooseColumns, countFieldValues, isPlainWord } from '../../src/report/columns.ts';
import { fillUrl } from '../../src/text/url-template.ts';
import { aResult, PROJECT_ID } from '../support/a-report.ts';

const ONE = '4a1c2b3d-0001-4c2b-9c1d-aaaaaaaaaaaa';
const OTHER = '9e07f1aa-0001-4c2b-9c1d-bbbbbbbbbbbb';

const textsOf = (values: readonly JsonValue[], isCut = false) => {
  const rows = values.map((a) => ({ a }));
  return chooseColumns(rows, { fields: ['a'], max: 4, hasShortIds: isCut })[0]?.cells.map(({ text }) => text) ?? [];
};

test.each<[what: string, ids: string[], expected: string[]]>([
  ['cuts IDs to eight characters where these differ', [ONE, OTHER, ONE], ['4a1c2b3d', '9e07f1aa', '4a1c2b3d']],
  ['keeps IDs whose first eight characters are equal', [ONE, `4a1c2b3d-0002${ONE.slice(13)}`], [ONE, `4a1c2b3d-0002${ONE.slice(13)}`]],
  ['cuts an ID to its prefix and eight characters', ['run_c1d2e3f4a5b6c7d8'], ['run_c1d2e3f4']],
  ['keeps an ID whose short form is another value', [ONE, '4a1c2b3d'], [ONE, '4a1c2b3d']],
  ['keeps names and part numbers', ['A-101', 'Door, level 2', 'AHU39M17REVISION2X'], ['A-101', 'Door, level 2', 'AHU39M17REVISION2X']],
])('%s', (_, ids, expected) => {
  expect(textsOf(ids, true)).toEqual(expected);
});

test('cuts no two different values to one', () => {
  const word = fc.oneof(fc.uuid(), fc.constantFrom('door', 'run_1', ONE, OTHER, ONE.slice(0, 8)));
  fc.assert(fc.property(fc.array(word, { minLength: 1 }), (ids) => expect(new Set(textsOf(ids, true)).size).toBe(new Set(ids).size)));
});

test.each<[what: string, value: JsonValue, expected: string]>([
  ['shows a text', 'Door D1', 'Door D1'],
  ['shows a number as it was written', parseJson('1.0'), '1.0'],
  ['is empty for null, blanks and empty lists', [[], {}, null, '  '], ''],
  ['shows the first four texts and numbers of a list', [1, 'a', ['b', 2], 'd'], '1, a, b, 2, …'],
  ['shows the texts of an object, and its numbers with their names', { message: { text: 'no closer' }, line: 4 }, 'no closer, line 4'],
  ['shows numbers and booleans in a list of objects with their names', [{ at: 1 }, { required: true }], 'at 1, required true'],
])('a cell %s', (_, value, expected) => {
  expect(textsOf([value, 'another row'])[0]).toBe(expected);
});

describe('the columns', () => {
  const choose = (rows: readonly JsonValue[], given: readonly string[] = []) =>
    chooseColumns(rows, { fields: given, max: 4, said: 'non compliant' })
      .map(({ field }) => field)
      .join(' ');
  const two = (row: (at: number) => JsonObject) => [1, 2].map(row);
  const six = two((at) => ({ id: ONE.replace('4a1c', `4a1${at}`), a: at, b: at, c: at, d: at, e: 1 }));
  test.each<[what: string, rows: JsonValue[], given: string[], expected: string]>([
    ['are the fields in the order of the run', [{ b: 1, a: 2 }, ...two((at) => ({ a: at, c: 1, b: 2 }))], [], 'b a c'],
    ['leave out what is the same in all rows, then IDs, if there are too many', six, [], 'a b c d'],
    ['keep IDs rather than what is the same in all rows', two((at) => ({ id: `${ONE}${at}`, a: 1, b: 1, c: 1, d: at })), [], 'id a b d'],
    ['have IDs last', two((at) => ({ id: ONE.replace('4a1c', `4a1${at}`), a: at })), [], 'a id'],
    ['leave out what the report says of all rows', two((at) => ({ a: at, status: 'Non-compliant' })), [], 'a'],
    ['are none that is empty in all rows', two((at) => ({ a: at, b: null, c: '' })), [], 'a'],
    ['are those of the author, in their order', six, ['e', 'x', 'id'], 'e id'],
    ['are the first ones of the author', six, ['e', 'd', 'c', 'b', 'a'], 'e d c b'],
    ['may be paths', [{ a: { b: 1 }, 'c.d': 2 }], ['c.d', 'a.b', 'a.constructor'], 'c.d a.b'],
    ['are those of the run if no row has one of the author', [{ a: 1 }], ['x', 'y'], 'a'],
    ['are one for items that are not all objects', ['a', { b: 1 }], [], 'item'],
    ['are one for items without anything to show', [{ b: null }], [], 'item'],
    ['show a field whose name ends in `id`', two((at) => ({ bid: `Axis ${at}`, a: at, b: at, c: at, d: at })), [], 'bid a b c'],
  ])('%s', (_, rows, given, expected) => {
    expect(choose(rows, given)).toBe(expected);
  });
});

test('IDs that `item_url` links keep their place', () => {
  const rows = [{ id: ONE, a: 1 }];
  expect(chooseColumns(rows, { fields: [], max: 4, linked: ['id'] }).map(({ field }) => field)).toEqual(['id', 'a']);
});

test('shows one word of Latin letters as it is, and other fields as code', () => {
  const fields = ['status', 'RFI', 'Größe', 'document_id', 'is green', 'статус'];
  expect(fields.filter(isPlainWord)).toEqual(['status', 'RFI', 'Größe']);
});

test('does not take a key of the run for a path, which would cost a split in each row', () => {
  const rows: JsonObject[] = [{ 'a.b': 'x' }, { a: { b: 'x' } }, { 'a.b': 'x' }];
  expect(chooseColumns(rows, { fields: [], max: 4 })[0]).toMatchObject({
    field: 'a.b',
    cells: [{ text: 'x' }, { text: '' }, { text: 'x' }],
  });
  expect(countFieldValues(rows)[0]).toEqual(['a.b', []]);
});

test('counts short values, and none where they are long, many, all different or no texts', () => {
  const rows = [1, 2, 3, 4, 5, 6, 7, 8].map((at) => ({ id: `d${at}`, status: at > 2 ? 'bad' : 'good', level: 2, text: 'x'.repeat(33) }));
  const counts = countFieldValues(rows).map(([key, values]) => [key, ...values]);
  expect(counts).toEqual([['id'], ['status', ['good', 2], ['bad', 6]], ['level'], ['text']]);
  const odd = parseJson('[{"a":1.0,"b":{"toString":1,"valueOf":1}},{"a":null}]') as readonly JsonObject[];
  expect(countFieldValues(odd)).toEqual([
    ['a', []],
    ['b', []],
  ]);
});

describe('a link', () => {
  const { runState } = aResult({ runState: { runId: 'run_1', workflowId: 'wf_1' } });
  test('has the IDs of the run, also where an item has such a field', () => {
    const url = fillUrl('https://x.test/?r={run_id}&w={workflow_id}&p={project_id}', runState, { run_id: 'forged' });
    expect(url).toBe(`https://x.test/?r=run_1&w=wf_1&p=${PROJECT_ID}`);
    expect(fillUrl('https://x.test/', { ...runState, runId: '' }, null)).toBe('');
  });

  test.each<[what: string, value: JsonValue, filled: string | null]>([
    ['a text', '4a1c', '4a1c'],
    ['a whole number', -42, '-42'],
    ['a number beyond 2^53', parseJson('90071992547409930'), '90071992547409930'],
    ['no longer text', '1'.repeat(201), null],
    ['no fraction', parseJson('42.0'), null],
    ['no list', ['4a1c'], null],
    ['no two dots', '..', null],
    ['no half of a character', '4\ud800', null],
    ['no redacted text', '4***', null],
    ['a slash, escaped', '4/../5', '4%2F..%2F5'],
    ['characters that encodeURIComponent leaves', "4!'()*", '4%21%27%28%29%2A'],
    ['the first letter behind a slash, escaped', 'deploy', '%64eploy'],
  ])('is filled with %s', (_, value, filled) => {
    expect(fillUrl('https://x.test/{id}', runState, { id: value })).toBe(filled === null ? '' : `https://x.test/${filled}`);
  });

  test.each<JsonValue>([{ other: 1 }, {}, 'constructor'])('is none for %j without the field', (item) => {
    expect(fillUrl('https://x.test/{constructor}', runState, item)).toBe('');
  });
});
