/**
 * `node scripts/reliability.ts RESULTS… [--check]`: writes the table of docs/reliability.md from what jest reported
 * (`--json --outputFile`), so that the document cannot say what no test has shown. `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Every row of the fault matrix; a number that is not here was given up. */
const ROWS: Readonly<Record<string, readonly [title: string, numbers: string]>> = {
  A: ['Start', '1-9 11-14 16-27 29'],
  B: ['Poll', '1-23'],
  C: ['Rate limits', '1-9 11-12'],
  D: ['Transport', '1-12 16'],
  E: ['Payload', '1-13'],
  F: ['Runner sinks', '1-16'],
  G: ['Pull-request comment', '1-7 9-18'],
  H: ['Life cycle', '1-5 8-13'],
  J: ['Inputs', '1-6 8-10'],
  K: ['Intent and key', '1-11'],
};

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const byRow = new Map<string, { title: string; passed: boolean }[]>();
for (const path of positionals) {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Results;
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const row = /^([A-HJK]\d+)\b/.exec(title)?.[1];
    if (row === undefined) continue;
    const tests = byRow.get(row) ?? [];
    byRow.set(row, [
      ...tests,
      { title: title.replace(/^[A-HJK]\d+\w?[:,]?\s*/, ''), passed: status === 'passed' },
    ]);
  }
}

const missing: string[] = [];
const sections = Object.entries(ROWS).map(([letter, [title, numbers]]) => {
  const lines = numbersOf(numbers).map((number) => {
    const row = `${letter}${number}`;
    const tests = byRow.get(row) ?? [];
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

const DOCUMENT = 'docs/reliability.md';
const [START, END] = ['<!-- rows -->', '<!-- /rows -->'];
const before = readFileSync(DOCUMENT, 'utf8');
const after = before.replace(
  new RegExp(`${START}[^]*${END}`),
  () => `${START}\n\n${sections.join('\n\n')}\n\n${END}`,
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
