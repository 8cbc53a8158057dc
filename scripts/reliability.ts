/**
 * `node scripts/reliability.ts RESULTS… [--check]`: writes the table of __tests__/faults/README.md from jest's results
 * (`--json --outputFile`), so that each of its rows has a test. `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** All rows of the fault matrix; a missing number was removed. */
const ROWS: Readonly<Record<string, readonly [title: string, numbers: string]>> = {
  A: ['Start', '1-9 11-14 16-27 29-36'],
  B: ['Poll', '1-23'],
  C: ['Rate limits', '1-9 11-14'],
  D: ['Transport', '1-12 16'],
  E: ['Payload', '1-13'],
  F: ['Runner sinks', '1-24'],
  G: ['Pull-request comment', '1-7 9-25'],
  H: ['Life cycle', '1-5 8-13'],
  J: ['Inputs', '1-6 8-10'],
  K: ['Intent and key', '1-13'],
  L: ['Several runs in one step', '1-13'],
  M: ['Waivers, links, discovery', '1-2 4-6 8-10 12-16'],
  N: ["Seen in GitHub's runner", '1-5 7'],
};

interface Results {
  /** In the order in which the files ended, which varies. */
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      /** From the outermost. */
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});

/** The row at the start of a test's name. */
const NUMBER = /^([A-HJ-N]\d+)\b\w?[:,.]?\s*/;

const testsByRow = new Map<string, { title: string; passed: boolean }[]>();
for (const path of positionals) {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Results;
  const files = testResults.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  for (const { ancestorTitles, title, status } of files.flatMap((file) => file.assertionResults)) {
    // The number in its own title, or in the title of a surrounding `describe`.
    const names = [title, ...ancestorTitles.toReversed()];
    const at = names.findIndex((name) => NUMBER.test(name));
    const row = NUMBER.exec(names[at] ?? '')?.[1];
    if (row === undefined) continue;
    const tests = testsByRow.get(row) ?? [];
    const words = names
      .slice(0, at + 1)
      .toReversed()
      .join(': ');
    testsByRow.set(row, [...tests, { title: words.replace(NUMBER, ''), passed: status === 'passed' }]);
  }
}

const missing: string[] = [];
const sections = Object.entries(ROWS).map(([letter, [title, numbers]]) => {
  const lines = numbersOf(numbers).map((number) => {
    const row = `${letter}${number}`;
    const tests = testsByRow.get(row) ?? [];
    const holds = tests.length > 0 && tests.every(({ passed }) => passed);
    if (!holds) missing.push(row);
    const what = (tests[0]?.title ?? 'no test').replaceAll('|', '\\|').replaceAll('<', '&lt;');
    return `| ${row} | ${what} | ${tests.length} | ${holds ? 'holds' : '**does not hold**'} |`;
  });
  return [
    `### ${letter}. ${title}`,
    '',
    '| Row | Its first test | Tests | |',
    '|:--|:--|--:|:--|',
    ...lines,
  ].join('\n');
});

function numbersOf(ranges: string): number[] {
  return ranges.split(' ').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
}

const DOCUMENT = '__tests__/faults/README.md';
const START_MARKER = '<!-- rows -->';
const END_MARKER = '<!-- /rows -->';
const before = readFileSync(DOCUMENT, 'utf8');
const after = before.replace(
  new RegExp(`${START_MARKER}[^]*${END_MARKER}`),
  () => `${START_MARKER}\n\n${sections.join('\n\n')}\n\n${END_MARKER}`,
);
if (missing.length > 0) {
  console.error(`Rows that do not hold: ${missing.join(' ')}`);
  process.exitCode = 1;
}
if (!values.check) writeFileSync(DOCUMENT, after);
else if (before !== after) {
  console.error(`${DOCUMENT} is not what the tests say: run \`npm run reliability\`.`);
  process.exitCode = 1;
}
