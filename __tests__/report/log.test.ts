import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatGateLines, formatNote, formatProgressLine, formatReasonLines } from '../../src/report/log.ts';
import { matchedLines } from '../problem-matchers.ts';
import { aReport, aResult, aRun } from './a-report.ts';

test('the progress bar is ten characters wide for any progress', () => {
  const run = aRun().run!;
  fc.assert(
    fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (progress) => {
      expect(formatProgressLine({ ...run, status: 'running', progress, stage: 'x' }, 0).safe).toMatch(
        /^[█░]{10} [ 1][ \d]\d % {2}x/,
      );
    }),
  );
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
])('a note keeps the action’s words, and makes what it quotes harmless: %s', (text, expected, name) => {
  expect(formatNote(text, name).safe.replaceAll('\u200b', '|')).toBe(expected);
});

test.each([
  'Every finding counts as new: the baseline could not be fetched (403): give the job `permissions: { actions: read, contents: read }`',
  'Every finding counts as new: the artifact is a zip file: its upload step needs `archive: false`',
  'Every finding counts as new for “bad” (no item has `a.go`; `a.gø`?)',
  'The baseline was written on `a.go`: only what it marks as known counts. Run this workflow by hand on `a.go` for one that counts in full',
])('a note on the baseline can be copied without hidden characters: %s', (text) => {
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
])('a condition that cannot be evaluated keeps the action’s words, with %s', (_, problem) => {
  const findings = [aResult({ result: 'cannot_be_evaluated', problem })];
  const line = formatGateLines({ findings })[1]?.safe ?? '';
  expect(line.replaceAll('\u200b', '')).toBe(`      ${problem}`);
  // What is quoted alone is broken: behind each word that holds a colon.
  expect(line.replace(/"(?:[^"\\]|\\.)*"/g, '""')).not.toContain('\u200b');
  expect(matchedLines(line)).toEqual([]);
});

test.each([
  ['our own words', 'line 1, column 6: write has(outputs.x) ? outputs.x : 0', ''],
  ['what a server reported', 'Alloovium reported: a.go:12:5: x', '|'],
  ['… behind words of ours', 'it was locked (409): Alloovium reported: a.go:12:5: x', '|'],
])('the log line of an error: %s', (_, errorMessage, mark) => {
  const [line] = formatReasonLines(
    aReport({ errorMessage, verdict: { conclusion: 'error', exitCode: 1, headline: 'x' } }),
  );
  expect(line?.safe.replaceAll('\u200b', '|')).toBe(`    ${errorMessage.replace(':5:', `:5:${mark}`)}`);
});
