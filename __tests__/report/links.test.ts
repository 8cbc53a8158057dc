/** Which values fill the placeholders of a URL. */
import { expect, test } from '@jest/globals';
import { parseJson, type JsonValue } from '../../src/json.ts';
import { fillItemUrl, fillRunUrl } from '../../src/report/links.ts';

const IDS = { runId: 'run_1', workflowId: 'wf_1', projectId: 'p 1' };

test('fills in the IDs of the run, also where an item has such a field', () => {
  expect(fillRunUrl('https://x.test/{run_id}/{workflow_id}?p={project_id}', IDS)).toBe('https://x.test/run_1/wf_1?p=p%201');
  expect(fillItemUrl('https://x.test/?r={run_id}', IDS, { run_id: 'forged' })).toBe('https://x.test/?r=run_1');
});

test('has no page of a run that is not known', () => {
  expect(fillRunUrl('https://x.test/', { ...IDS, runId: '' })).toBe('');
});

test.each<[what: string, value: JsonValue, filled: string | null]>([
  ['a text', '4a1c', '4a1c'],
  ['a whole number', 42, '42'],
  ['a negative number', -42, '-42'],
  ['a number beyond 2^53', parseJson('90071992547409930'), '90071992547409930'],
  ['a text of 200 characters', '1'.repeat(200), '1'.repeat(200)],
  ['no longer text', '1'.repeat(201), null],
  ['no fraction', 4.2, null],
  ['no number that is written as a fraction', parseJson('42.0'), null],
  ['no exponent', 1e21, null],
  ['no boolean', true, null],
  ['no list', ['4a1c'], null],
  ['no empty text', '', null],
  ['no dot', '.', null],
  ['no two dots', '..', null],
  ['no half of a character', '4\ud800', null],
  ['no redacted text', '4***', null],
  ['a slash, escaped', '4/../5', '4%2F..%2F5'],
  ['characters that encodeURIComponent leaves', "4!'()*", '4%21%27%28%29%2A'],
  ['the first letter behind a slash, escaped', 'deploy', '%64eploy'],
])('fills in %s', (_, value, filled) => {
  expect(fillItemUrl('https://x.test/{id}', IDS, { id: value })).toBe(filled === null ? '' : `https://x.test/${filled}`);
});

test.each<[what: string, item: JsonValue]>([
  ['an item without the field', { other: 1 }],
  ['an item that only inherits it', {}],
  ['a text', 'constructor'],
])('links nothing for %s', (_, item) => {
  expect(fillItemUrl('https://x.test/{constructor}', IDS, item)).toBe('');
});

test('leaves a letter that follows no slash', () => {
  expect(fillItemUrl('https://x.test/?id={id}', IDS, { id: 'deploy' })).toBe('https://x.test/?id=deploy');
});
