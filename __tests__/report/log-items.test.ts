/** The log's conditions and their first items: what stands there, and that nothing of a stranger's acts. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findCommands } from '../../simulator/workflow-commands.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { changesSinceBaseline } from '../../src/report/changes.ts';
import { formatConditionLines } from '../../src/report/log-items.ts';
import { MATCHERS, matchedLines } from '../problem-matchers.ts';
import { alsoWarns, anItem, aResult, aRun, EARLIER_COMMIT, KNOWN_BY, someResults, type Overrides } from './a-report.ts';
import { hostile } from '../support/github-markdown.ts';

const PAGE = 'https://github.com/acme/tower/actions/runs/9876543210/attempts/1';
const textOf = (lines: readonly { readonly safe: string }[]) => lines.map(({ safe }) => safe.replaceAll('\u200b', '')).join('\n');
const linesOf = (overrides: Omit<Overrides, 'title'> = {}, page: string | null = PAGE) =>
  textOf(formatConditionLines([aRun(overrides)], page)).split('\n');

test('shows each condition, and below a true one its items by the columns of the table', () => {
  expect(linesOf()).toEqual([
    '    ✗ not compliant: 2 of 5',
    '      - 4a1c2b3d · Fire rating 60 min; section 08 11 13 asks for 90 min',
    '      - 9e07f1aa · Product data sheet is for another model',
    '    ✓ nothing reviewed: no',
  ]);
});

test('shows the fields that the author names', () => {
  expect(linesOf({ columns: new Map([[null, ['reason', 'status']]]) })[1]).toBe(
    '      - Fire rating 60 min; section 08 11 13 asks for 90 min · non-compliant',
  );
});

const many = (count: number) => Array.from({ length: count }, (_, at) => anItem(`id-${at}`, 'non-compliant', `reason ${at}`));

test.each<[string, string | null, string[]]>([
  ['names the page that has the rest of sixty items', PAGE, [`      50 more: ${PAGE}`, '    ✓ nothing reviewed: no']],
  ['counts the rest of sixty items where there is no page', '', ['      50 more', '    ✓ nothing reviewed: no']],
  ['shows none of sixty items where there is no job summary', null, ['    ✓ nothing reviewed: no']],
])('%s', (_, page, behind) => {
  const lines = linesOf({ results: someResults(many(60)) }, page);
  expect(lines[0]).toBe('    ✗ not compliant: 60 of 60');
  expect(lines.slice(page === null ? 1 : 11)).toEqual(behind);
  expect(lines).toHaveLength(page === null ? 2 : 13);
});

test('cuts an item at 200 characters', () => {
  const [, item = ''] = linesOf({ results: someResults([anItem('id', 'rejected', 'x'.repeat(500))]) });
  expect(item).toMatch(/^ {6}- id · rejected · x+…$/);
  expect(item.trim()).toHaveLength(202);
});

test('shows the items of a condition that warns, and none of one that passed', () => {
  const [line, ...items] = linesOf({ results: someResults().map(alsoWarns).slice(0, 1) });
  expect(line).toBe('    ! not compliant: 2 of 5 (a warning only)');
  expect(items).toHaveLength(2);
});

test('shows new items first with `fail_on: new`', () => {
  const matched = many(3);
  const one = aResult({
    result: 'holds',
    matched,
    known: [true, false, true],
    knownBy: KNOWN_BY,
    isExcused: false,
  });
  const changes = changesSinceBaseline({ findings: [one], since: { commit: EARLIER_COMMIT, time: '' } });
  expect(linesOf({ results: [one], changes })).toEqual([
    expect.stringMatching(/^ {4}✗ broken: /),
    '      - new · id-1 · non-compliant · reason 1',
  ]);
});

test.each<[string, readonly JsonValue[], string[]]>([
  ['texts', ['Door', 'Riser'], ['Door', 'Riser']],
  ['nested values', [{ message: { text: 'x' }, at: [1, 2] }], ['x · 1, 2']],
  ['objects with null alone', [{ a: null }], ['{"a":null}']],
  ['objects and others', [{ room: 'Lobby' }, 'x', [1]], ['Lobby', 'x', '1']],
])('shows items that are %s', (_, matched, expected) => {
  expect(linesOf({ results: [aResult({ result: 'holds', matched })] }).slice(1)).toEqual(expected.map((text) => `      - ${text}`));
});

test('names each of several runs, and shows 500 items in all', () => {
  const results = Array.from({ length: 40 }, () => someResults(many(20))[0]!);
  const runs = ['Tower', 'Bridge'].map((name) => aRun({ name, results }));
  const lines = textOf(formatConditionLines(runs, PAGE)).split('\n');
  expect(lines.filter((line) => !line.startsWith(' '))).toEqual(['Tower', 'Bridge']);
  expect(lines.filter((line) => line.includes('reason'))).toHaveLength(500);
  expect(lines.filter((line) => line === `      10 more: ${PAGE}`)).toHaveLength(50);
  expect(lines.filter((line) => line === `      20: ${PAGE}`)).toHaveLength(30);
});

describe('the lines of items, for any cells', () => {
  /** Items with each text in each place of a row, and each line of it in a row of its own. */
  const itemsOf = (text: string): JsonObject[] => [
    ...['a', 'b', 'c'].map((place) => ({ a: 'door', b: 'x', c: 'y', [place]: text })),
    ...text.split('\n').map((line) => ({ a: line, b: '', c: '' })),
    ...text.split('\n').map((line) => ({ a: '', b: line, c: line })),
    { a: text, b: text, c: text },
  ];
  const logOf = (items: readonly JsonValue[], name = '') => {
    const runs = [aRun({ name, results: [aResult({ result: 'holds', matched: items, unmatched: [] })] })];
    return formatConditionLines(name === '' ? runs : [...runs, ...runs], PAGE);
  };
  const columnsOf = ['a', 'b', 'c'];
  const logged = (text: string) => {
    const items = itemsOf(text);
    return [items, items.toReversed(), columnsOf.map(() => text)].map((rows) => logOf(rows.slice(0, 10)));
  };

  test.each(Object.entries(MATCHERS))('does not mistake text of a cell for a place in a file: %s', (_, { examples }) => {
    for (const lines of logged(examples.join('\n'))) expect(matchedLines(lines.map(({ safe }) => safe).join('\n'))).toEqual([]);
  });

  const PIECES = [...new Set(Object.values(MATCHERS).flatMap(({ examples }) => examples.join('\n').split(/(\W+)/)))];
  test('does not mistake altered text of a cell for a place in a file', () => {
    const text = fc.array(fc.constantFrom(...PIECES, ':', '::', ' ', '"'), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, (drawn) => {
        for (const lines of logged(drawn)) expect(matchedLines(lines.map(({ safe }) => safe).join('\n'))).toEqual([]);
      }),
      { numRuns: Number(process.env.DRAWS ?? 100) },
    );
  });

  test('writes no command, and each item on one line', () => {
    const part = fc.oneof(hostile, fc.constantFrom('::', '##[', '[error]', 'add-mask', '::error::', '#', '[', ':', '\r', '\n'));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.constantFrom('', 'Tower'), (parts, name) => {
        for (const items of [itemsOf(parts.join('')), parts.map((text, at) => ({ [`f${at}`]: text, g: text }))]) {
          const lines = logOf(items.slice(0, 10), name);
          for (const { safe } of lines) {
            expect(safe).not.toMatch(/[\r\n]|##\[/);
            expect(safe.trimStart().startsWith('::')).toBe(false);
            expect(findCommands(safe)).toEqual([]);
          }
        }
      }),
      { numRuns: Number(process.env.DRAWS ?? 100) },
    );
  });
});
