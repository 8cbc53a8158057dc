import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  findReason,
  formatAnnotation,
  formatGateLines,
  formatHeartbeat,
  formatNote,
  formatProgressLine,
  formatReasonLines,
  formatResult,
  prefixWithName,
  type Phase,
} from '../../src/report/log.ts';
import { logLine } from '../../src/text/escape.ts';
import { matchedLines } from '../problem-matchers.ts';
import { alsoWarns, aReport, aReportOf, aResult, aRun } from './a-report.ts';

test('writes a progress bar of ten characters for any progress', () => {
  const run = aRun().run!;
  fc.assert(
    fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (progress) => {
      expect(formatProgressLine({ ...run, status: 'running', progress, stage: 'x' }, 0).safe).toMatch(/^[█░]{10} [ 1][ \d]\d % {2}x/);
    }),
  );
});

test.each<[status: string, progress: number | null, stage: string, expected: string]>([
  ['pending', 50, 'x', '░░░░░░░░░░        queued                            1 s'],
  ['running', null, 'x', '░░░░░░░░░░        x                                 1 s'],
  ['running', null, '', '░░░░░░░░░░        running                           1 s'],
  ['running', 9.99, 'x', '░░░░░░░░░░   9 %  x                                 1 s'],
  ['running', 10, 'x', '█░░░░░░░░░  10 %  x                                 1 s'],
  ['failed', 100, 'x', '██████████ 100 %  failed: x                         1 s'],
  ['running', 0, 'y'.repeat(101), `░░░░░░░░░░   0 %  ${'y'.repeat(100)}  1 s`],
])('formats the progress of a run that is %s, at %p, in the stage %j, as “%s”', (status, progress, stage, expected) => {
  expect(formatProgressLine({ status, progress, stage }, 1_000).safe.replaceAll('\u200b', '')).toBe(expected);
});

test.each<[phases: readonly Phase[], nextLaunchMs: number | null, expected: string]>([
  [['running', 'queued', 'done', 'running'], 20_000, '1 queued, 2 running, 1 done, next launch in 20 s'],
  [['queued'], 0, '1 queued, next launch in 0 s'],
  [['queued', 'done'], null, '1 queued, 1 done'],
  [['running', 'running'], 20_000, '2 running'],
])('counts the runs in the phases %j, with the next launch in %p ms: “%s”', (phases, nextLaunchMs, expected) => {
  expect(formatHeartbeat(phases, nextLaunchMs).safe).toBe(expected);
});

test.each([
  ['ab', ['ab', 'abcd'], 'ab    x'],
  ['abcd', ['ab', 'abcd'], 'abcd  x'],
  ['n'.repeat(24), ['n'.repeat(24)], `${'n'.repeat(24)}  x`],
  ['n'.repeat(25), ['n'.repeat(25)], `${'n'.repeat(23)}…  x`],
  ['ab', ['ab', 'n'.repeat(25)], `ab${' '.repeat(22)}  x`],
])('puts the name %s before its line, as wide as those of %j', (name, names, expected) => {
  expect(prefixWithName(name, names, logLine`x`).safe).toBe(expected);
});

test.each([
  ['two items of a list that was not filtered as “2 items”', { result: 'holds', matched: ['a', 'b'] }, '2 items'],
  ['one item of a list that was not filtered as “1 item”', { result: 'holds', matched: ['a'] }, '1 item'],
  ['a boolean as “yes”', { result: 'holds' }, 'yes'],
  ['items of a list that was filtered as “1 of 2”', { result: 'holds', matched: ['a'], unmatched: ['b'] }, '1 of 2'],
  [
    'items, some of them waived, as “1 of 2 (1 more waived)”',
    { result: 'holds', matched: ['a'], unmatched: [], waived: [{ item: 'b', by: 0 }] },
    '1 of 2 (1 more waived)',
  ],
  [
    'items that are all waived as “0 of 1 (1 waived)”',
    { result: 'does_not_hold', matched: [], unmatched: [], waived: [{ item: 'b', by: 0 }] },
    '0 of 1 (1 waived)',
  ],
] as const)('formats %s', (_, result, expected) => {
  expect(formatResult(aResult(result))).toBe(expected);
});

test.each<[text: string, expected: string, name: string]>([
  ['the run completed', 'note: the run completed', ''],
  ["The event's file is missing: no comment", "note: The event's file is missing: no comment", ''],
  [
    '2 waivers match nothing (the 1st and the 3rd): delete them, or check their fields.',
    'note: 2 waivers match nothing (the 1st and the 3rd): delete them, or check their fields.',
    '',
  ],
  ['1 waiver matches nothing (the 1st).', 'note: Tower 1: 1 waiver matches nothing (the 1st).', 'Tower 1'],
  ['`gate_file` has no room for 2: it is none', 'note: `gate_file` has no room for 2:| it is none', ''],
  ['it has no `a`: "b.c:3:4: error"', 'note: it has no `a`:| "b.c:3:4:| error"', ''],
  ['no room: "b.c:3:4: error"', 'note: no room: "b.c:3:4:| error"', ''],
])('keeps the action’s words in a note, and makes what it quotes harmless: %s', (text, expected, name) => {
  expect(formatNote(text, name).safe.replaceAll('\u200b', '|')).toBe(expected);
});

test.each([
  'Every finding counts as new: the baseline could not be fetched (403): give the job `permissions: { actions: read, contents: read }`',
  'Every finding counts as new: the artifact is a zip file: its upload step needs `archive: false`',
  'Every finding counts as new for “bad” (no item has `a.go`; `a.gø`?)',
  'The baseline was written on `a.go`: only what it marks as known counts. Run this workflow by hand on `a.go` for one that counts in full',
])('writes a note on the baseline without hidden characters: %s', (text) => {
  const line = formatNote(text).safe;
  expect(line).toBe(`note: ${text}`);
  expect(matchedLines(line)).toEqual([]);
});

test.each([
  ['an expression to copy', 'it has texts: a map, {"low": 1, "größte": 3}[outputs.x] >= 3'],
  ...[': error', 'b.c:3:4: error', 'a": error', '": error', 'a\\": error'].map((key) => [
    `a key of a stranger’s, ${key}`,
    `outputs has no key ${JSON.stringify(key)}; its keys: ${JSON.stringify(key)}`,
  ]),
])('keeps the action’s words in the reason why a condition cannot be evaluated, with %s', (_, problem) => {
  const findings = [aResult({ result: 'cannot_be_evaluated', problem })];
  const line = formatGateLines({ findings })[1]?.safe ?? '';
  expect(line.replaceAll('\u200b', '')).toBe(`      ${problem}`);
  // What is quoted alone is broken: behind each word that holds a colon.
  expect(line.replace(/"(?:[^"\\]|\\.)*"/g, '""')).not.toContain('\u200b');
  expect(matchedLines(line)).toEqual([]);
});

test.each([
  ['keeps the action’s words in the log line of an error', 'line 1, column 6: write has(outputs.x) ? outputs.x : 0', ''],
  ['makes a server’s text harmless in the log line of an error', 'Alloovium reported: a.go:12:5: x', '|'],
  [
    'makes a server’s text harmless after the action’s words in the log line of an error',
    'it was locked (409): Alloovium reported: a.go:12:5: x',
    '|',
  ],
])('%s', (_, errorMessage, mark) => {
  const [line] = formatReasonLines(aReport({ errorMessage, verdict: { conclusion: 'error', exitCode: 1, headline: 'x' } }));
  expect(line?.safe.replaceAll('\u200b', '|')).toBe(`    ${errorMessage.replace(':5:', `:5:${mark}`)}`);
});

test.each([
  ['keeps the error message of a run that failed below the same headline', 'failure', 'The run failed', 'The run failed', 'The run failed'],
  ['leaves out the headline at the start of the reason', 'error', 'No key', 'no KEY: set it', 'set it'],
  ['leaves out the headline at the start of the reason without a colon', 'error', 'No key', 'No key set', 'set'],
  ['writes no reason that is only the headline', 'error', 'No key', 'No key.', ''],
  ['keeps a dot within a word of the reason', 'error', 'No key', 'No key.pem: x', '.pem: x'],
  ['leaves out a line of the reason that the headline has', 'error', 'It is: no key', 'first\nNo key\n\nlast', 'first\n\nlast'],
] as const)('%s', (_, conclusion, headline, errorMessage, text) => {
  const { verdict } = aReport({ verdict: { conclusion, headline } });
  expect(findReason(verdict, errorMessage).text).toBe(text);
});

test('formats the reasons of several runs by their names, without those of green runs', () => {
  const runOf = (name: string, exitCode: 0 | 1) => aRun({ name, errorMessage: 'no\n\nroom', verdict: { conclusion: 'failure', exitCode } });
  const lines = formatReasonLines(aReportOf([runOf('Tower', 1), runOf('Car park', 0)]));
  expect(lines.map(({ safe }) => safe)).toEqual([expect.stringMatching(/^ {4}Tower: Alloovium reported: no/)]);
});

test.each([
  ['shows an error of 40 lines whole', Array<string>(40).fill('x').join('\n'), 40, false],
  ['truncates an error of 41 lines to 40', Array<string>(41).fill('x').join('\n'), 40, true],
  ['shows an error of 10,000 characters whole', 'x'.repeat(10_000), 1, false],
  ['truncates an error of 10,001 characters', 'x'.repeat(10_001), 1, true],
])('%s', (_, errorMessage, count, isCut) => {
  const report = aReport({ errorMessage, verdict: { conclusion: 'error', exitCode: 1, headline: 'y' } });
  const lines = formatReasonLines(report).map(({ safe }) => safe);
  expect(lines.filter((line) => line.startsWith('    x'))).toHaveLength(count);
  expect(lines.some((line) => line.includes('all of it is in the output `error_message`'))).toBe(isCut);
  expect(lines).toHaveLength(count + (isCut ? 1 : 0));
});

test('shows an unknown status as the API names it', () => {
  const line = formatProgressLine({ status: 'dreaming', progress: null, stage: 'x' }, 0).safe;
  expect(line).toMatch(/^░{10} +dreaming:\u200b? x +0 s$/);
});

test.each([
  ['Every item counts as new: the artifact needs `archive: false`', true],
  ['Every file counts as new: it needs `archive: false`', false],
  ['It was: The baseline needs `archive: false`', false],
])('copies the code of a note on the baseline alone: %s', (text, isCopied) => {
  expect(formatNote(text).safe === `note: ${text}`).toBe(isCopied);
});

test.each([
  ['`gate_file` has no room: "b.c:3:4: error"', 'note: `gate_file` has no room: "b.c:3:4:| error"'],
  ['“x” has no room: y', 'note: “x” has no room:| y'],
])('keeps the colon behind the action’s words, also with code in them: %s', (text, expected) => {
  expect(formatNote(text).safe.replaceAll('\u200b', '|')).toBe(expected);
});

const YES = aResult({ result: 'holds' });
const NO = aResult({ result: 'does_not_hold' });
const BROKEN = aResult({ result: 'cannot_be_evaluated', problem: 'no key' });
const someKnown = (...known: readonly boolean[]) => ({
  ...aResult({ result: 'holds', matched: known.map(String), unmatched: ['c'] }),
  known,
  isExcused: false,
});

test.each([
  ['yes', YES],
  ['yes (a warning only)', alsoWarns(YES)],
  ['no', alsoWarns(NO)],
  ['1 of 2 (1 known)', someKnown(true)],
  ['2 of 3 (1 known)', someKnown(true, false)],
  ['1 of 2', someKnown(false)],
  ['1 of 2 (1 known, a warning only)', alsoWarns(someKnown(true))],
])('formats the result %s', (text, finding) => {
  expect(formatResult(finding)).toBe(text);
});

test.each([
  ['✗ broken: yes', YES],
  ['! broken: yes (a warning only)', alsoWarns(YES)],
  ['✓ broken: no', NO],
  ['✗ line 1 of `fail_if`: yes', { ...YES, condition: { ...YES.condition, name: null, expression: 'outputs.a' } }],
])('formats the condition %s in one line', (line, finding) => {
  const lines = formatGateLines({ findings: [finding] });
  expect(lines.map(({ safe }) => safe.replaceAll('\u200b', ''))).toEqual([`    ${line}`]);
});

test('formats below a condition why it cannot be evaluated', () => {
  const lines = formatGateLines({ findings: [BROKEN, alsoWarns(BROKEN)] });
  expect(lines.map(({ safe }) => safe.trim())).toEqual([
    expect.stringMatching(/^✗ broken/),
    'no key',
    expect.stringMatching(/^! broken/),
    'no key',
  ]);
});

test.each([
  ['success', true],
  ['gate_failed', true],
  ['failure', true],
  ['cancelled', true],
  ['timed_out', false],
  ['interrupted', false],
  ['error', false],
] as const)('keeps the message of a run that ended as %s whole: %p', (conclusion, isOfRun) => {
  const { verdict } = aReport({ verdict: { conclusion, headline: 'The run' } });
  expect(findReason(verdict, 'The run: x')).toEqual({ isOfRun, text: isOfRun ? 'The run: x' : 'x' });
});

test('formats the reason of an only run without its name, and no blank line', () => {
  const report = aReport({
    name: 'Tower',
    errorMessage: 'a\n \nb',
    verdict: { conclusion: 'error', exitCode: 1, headline: 'y' },
  });
  expect(formatReasonLines(report).map(({ safe }) => safe)).toEqual(['    a', '    b']);
});

test('shows of an error the lines within 10,000 characters', () => {
  const errorMessage = Array<string>(26).fill('x'.repeat(399)).join('\n');
  const report = aReport({ errorMessage, verdict: { conclusion: 'error', exitCode: 1, headline: 'y' } });
  const lines = formatReasonLines(report).map(({ safe }) => safe.trim());
  expect(lines.slice(0, -1)).toEqual(Array(25).fill('x'.repeat(399)));
  expect(lines.at(-1)).toMatch(/^… \(all of it is in/);
});

test.each([
  ['It is red', 'Fix it', 'It is red. Fix it.'],
  ['It is red.', 'Fix it.', 'It is red. Fix it.'],
  ['Is it red?', '', 'Is it red?'],
  ['It is red (is it?)', 'Wait…', 'It is red (is it?) Wait…'],
  ['It is red (really)', '', 'It is red (really).'],
  ['1.0 is red', '', '1.0 is red.'],
])('joins for the annotation %j and %j as sentences', (lead, nextStep, text) => {
  expect(formatAnnotation({ lead, nextStep })).toBe(text);
});
