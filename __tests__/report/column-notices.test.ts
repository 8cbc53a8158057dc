/** Which fields of `columns` are named as those that no item has. */
import { expect, test } from '@jest/globals';
import { parseColumns } from '../../src/gate/field-lists.ts';
import type { JsonValue } from '../../src/json.ts';
import { findColumnNotices } from '../../src/report/column-notices.ts';
import { anEntry } from '../fakes.ts';
import { aResult } from './a-report.ts';

const finding = (name: string, matched: readonly JsonValue[], unmatched: readonly JsonValue[] = []) =>
  aResult({
    condition: { severity: 'fail', name, expression: `outputs.${name}`, line: 1 },
    result: matched.length > 0 ? 'holds' : 'does_not_hold',
    matched,
    unmatched,
  });
type Findings = ReturnType<typeof finding>[];

function noticesOf(columns: string, ...findings: Findings): string[] {
  return findColumnNotices([{ entry: anEntry({ columns: parseColumns(columns) }), findings }]).map(({ text }) => text);
}

const DOOR = { title: 'Door', message: { text: 'no closer' }, level: null };

test.each<[string, string, Findings, string[]]>([
  [
    'names a field of `columns` that no item has, and a similar one',
    'titel, level',
    [finding('a', [DOOR])],
    ['`columns`: no item has `titel`; `title`?'],
  ],
  ['names a field of `columns` that no item has, where none is similar', 'room', [finding('a', [DOOR])], ['`columns`: no item has `room`']],
  ['accepts a path that an item has', 'message.text', [finding('a', [DOOR])], []],
  ['names a path that no item has', 'message.line', [finding('a', [DOOR])], ['`columns`: no item has `message.line`']],
  ['accepts a field that only an item that passed has', 'room', [finding('a', [], [{ room: 1 }])], []],
  ['names no field where there is no item', 'room', [finding('a', [])], []],
  ['names no field where no item is an object', 'room', [finding('a', ['text'])], []],
  ['accepts a field that one of two lists has', 'title, room', [finding('a', [DOOR]), finding('b', [{ room: 1 }])], []],
  [
    'names the condition of a line for one condition',
    'title\nb: title',
    [finding('a', [DOOR]), finding('b', [{ room: 1 }])],
    ['`columns` of “b”: no item has `title`'],
  ],
  ['suggests no similar key with a backtick', 'tit', [finding('a', [{ 'ti`t': 1 }])], ['`columns`: no item has `tit`']],
])('%s', (_, columns, findings, expected) => {
  expect(noticesOf(columns, ...findings)).toEqual(expected);
});

test('names the run of an entry with separate columns, and checks all runs for the step’s columns', () => {
  const shared = parseColumns('title, room');
  const outcomes = [
    { entry: anEntry({ name: 'A', columns: shared }), findings: [finding('a', [DOOR])] },
    { entry: anEntry({ name: 'B', columns: shared }), findings: [finding('a', [{ room: 1 }])] },
    { entry: anEntry({ name: 'C', columns: parseColumns('titel') }), findings: [finding('a', [DOOR])] },
  ];
  expect(findColumnNotices(outcomes)).toEqual([{ name: 'C', text: '`columns`: no item has `titel`; `title`?' }]);
});

test.each([
  [64, true],
  [65, false],
])('names a similar key of %d characters: %j', (length, isNamed) => {
  const [field, near] = ['x'.repeat(length), `${'x'.repeat(length - 1)}y`];
  const [notice = ''] = noticesOf(field, finding('a', [{ [near]: 1 }]));
  expect(notice.includes(`\`${near}\`?`)).toBe(isNamed);
});

test.each([
  ['title12', true],
  ['title123', false],
])('names a key that is similar by two letters at most: %s, %j', (key, isNamed) => {
  expect(noticesOf('title', finding('a', [{ [key]: 1 }]))[0]?.includes(key)).toBe(isNamed);
});

test.each([
  [199, true],
  [200, false],
])('names a similar key after %d others: %j', (count, isNamed) => {
  const others = Object.fromEntries(Array.from({ length: count }, (_, at) => [`another key ${at}`, 1]));
  expect(noticesOf('title', finding('a', [{ ...others, titel: 1 }]))[0]?.includes('`titel`?')).toBe(isNamed);
});

test('names the run only if another has columns of its own', () => {
  const columns = parseColumns('absent');
  const runOf = (name: string, own = columns) => ({
    entry: anEntry({ name, columns: own }),
    findings: [finding('a', [DOOR])],
  });
  const namesOf = (...runs: ReturnType<typeof runOf>[]) => findColumnNotices(runs).map(({ name }) => name);
  expect(namesOf(runOf('a'))).toEqual(['']);
  expect(namesOf(runOf('a'), runOf('b'))).toEqual(['']);
  expect(namesOf(runOf('a'), runOf('b', parseColumns('title')))).toEqual(['a']);
});
