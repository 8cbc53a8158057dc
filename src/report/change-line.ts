/** What changed since the baseline or the last report, counted and in one line. */
import { forCode } from '../text/escape.ts';
import { joinPresent, formatTime, formatNumber } from '../text/format.ts';
import { removedItems, type Changes } from './changes.ts';
import { countedFindings, marksOf, sum } from './findings.ts';
import type { RunReport } from './report.ts';

/** What is new among what matched, by which the runs are counted: it adds up. */
export function countsOf(runs: readonly RunReport[]) {
  const counted = runs.flatMap((run) => countedFindings(run).map((finding) => ({ run, finding })));
  const marks = counted.flatMap(({ run, finding }) => marksOf(run, finding) ?? []);
  const of = (mark: (typeof marks)[number]) => marks.filter((one) => one === mark).length;
  const matched = sum(counted, ({ finding }) => finding.matched);
  return {
    fresh: of('new'),
    still: of('still'),
    known: of('known'),
    /** Of conditions whose items nobody can compare, or that the earlier report does not know. */
    uncompared: matched - marks.length,
    /** Of all conditions. */
    removed: sum(runs, (run) => removedItems(run.changes, run.findings).length),
  };
}

export function changeLine(runs: readonly RunReport[], commit: string): string {
  const { fresh, still, known, uncompared, removed } = countsOf(runs);
  const all = runs.flatMap(({ changes }) => changes ?? []);
  const whats = new Set(all.map((changes) => sinceWhat(changes, commit)));
  const [what = ''] = whats.size > 1 ? ['the last reports'] : whats;
  if (what === '') return '';
  if (all.every(({ conditions }) => conditions.every((one) => !one?.itemStates)))
    return countChange(runs, what);
  const counted = (count: number, word: string) => count > 0 && `${formatNumber(count)} ${word}`;
  const says = joinPresent(
    ', ',
    fresh > 0 ? `**${formatNumber(fresh)} new**` : still + known > 0 && uncompared === 0 && 'nothing new',
    counted(known, 'known'),
    counted(still, 'still open'),
    counted(uncompared, 'not compared'),
    counted(removed, 'no longer matching'),
  );
  return says === '' ? '' : `since ${what}: ${says}`;
}

/** Where nobody can say which items are new: "60, 2 more than at `3f9c1ab`"; empty: nothing is known of then. */
function countChange(runs: readonly RunReport[], what: string): string {
  const pairs = runs.flatMap(({ findings: all, changes }) =>
    all.flatMap(({ condition, matched }, at) => {
      const before = changes?.conditions[at]?.before ?? null;
      return condition.severity === 'warn' || before === null ? [] : [{ matched, before }];
    }),
  );
  const matched = sum(pairs, (pair) => pair.matched);
  const more = matched - sum(pairs, ({ before }) => before);
  if (matched === 0 && more === 0) return '';
  const change =
    more === 0 ? 'as many as' : `${formatNumber(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} than`;
  return `${formatNumber(matched)}, ${change} ${what.startsWith('the ') ? 'in' : 'at'} ${what}`;
}

function sinceWhat({ since, baselineOf }: Changes, commit: string): string {
  if (baselineOf !== null)
    return joinPresent(
      ' ',
      'the baseline',
      formatTime(baselineOf) && `of ${formatTime(baselineOf)}`,
      since && `at ${forCode(since)}`,
    );
  return commit.startsWith(since) ? 'the last report on this commit' : forCode(since);
}
