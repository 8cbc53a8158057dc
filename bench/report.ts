/** How long the largest reports take to render. */
import { COMMENT, renderMarkdown, REPORT_FILE, SUMMARY } from '../src/report/markdown.ts';
import { aCondition, aReport, aResult } from '../__tests__/support/a-report.ts';
import type { BenchOptions, Figure } from './figure.ts';

/** As many rows as a finding keeps, each of as much JSON as an item may have in 256 KiB. */
const ROWS = 400;
const TEXTS = { words: 'Fire rating is 60 minutes ', markup: '<b>*@a/b#1|`x`$' };
const AT_MOST_MS = 500;

export async function measureReports({ isSmall }: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, text] of Object.entries(TEXTS))
    for (const [what, report] of Object.entries(createReports(text)))
      for (const look of [COMMENT, SUMMARY, REPORT_FILE]) {
        const value = measureMs(() => renderMarkdown(report, look), isSmall ? 1 : 3);
        figures.push({ what: `The ${look.sink} of ${what}, texts of ${name}`, value, unit: 'ms', atMost: AT_MOST_MS });
      }
  return figures;
}

function createReports(text: string) {
  const items = Array.from({ length: ROWS }, (_, at) =>
    Object.fromEntries(Array.from({ length: 10 }, (_, key) => [`field_${key}`, `${at} ${text.repeat(60 / text.length)}`])),
  );
  const conditions = Array.from({ length: 20 }, (_, at) =>
    aCondition({ condition: { name: `condition ${at}` }, items, passed: items.slice(0, 50) }),
  );
  const results = Array.from({ length: 16 }, (_, at) => aResult({ name: `Project ${at}`, conditions }));
  const outputs = { items: Array.from({ length: 20_000 }, (_, at) => ({ ...items[at % ROWS], at })), note: text.repeat(100_000) };
  return {
    '16 runs of 20 conditions': aReport({ results }),
    '20,000 items without a gate': aReport({ results: [aResult({ conditions: [], runState: { outputs } })] }),
  };
}

/** Returns the smallest time of the processor, in ms. */
function measureMs(work: () => void, rounds: number): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
