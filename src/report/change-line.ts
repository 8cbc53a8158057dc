/** Counts what changed since the baseline or the last report, and formats it as one line. */
import { formatCode } from '../text/escape.ts';
import { joinPresent, formatTime, formatNumber, sumOf } from '../text/format.ts';
import { listRemovedItems, type Changes } from './changes.ts';
import { countedFindings, itemStatesOf } from './findings.ts';
import type { RunReport } from './report.ts';

/**
 * Counts the matched items of the conditions that decide the runs' results by their state. `fresh`, `still`, `known` and
 * `uncompared` add up to all of them.
 */
export function countChanges(runs: readonly RunReport[]) {
  const counted = runs.flatMap((run) => countedFindings(run).map((finding) => ({ run, finding })));
  const marks = counted.flatMap(({ run, finding }) => itemStatesOf(run, finding) ?? []);
  const of = (mark: (typeof marks)[number]) => marks.filter((one) => one === mark).length;
  const matched = sumOf(counted, ({ finding }) => finding.matched);
  return {
    fresh: of('new'),
    still: of('still'),
    known: of('known'),
    /** Items of conditions without `known_by`, or that the earlier report does not have. */
    uncompared: matched - marks.length,
    /** Items of all conditions that no longer match. */
    removed: sumOf(runs, (run) => listRemovedItems(run.changes, run.findings).length),
  };
}

/**
 * Formats the counts: "since `3f9c1ab`: **2 new**, 4 known"; empty: nothing to compare with.
 * @param commit full SHA of this report
 */
export function formatChangeLine(runs: readonly RunReport[], commit: string): string {
  const { fresh, still, known, uncompared, removed } = countChanges(runs);
  const all = runs.flatMap(({ changes }) => changes ?? []);
  const whats = new Set(all.map((changes) => describeEarlierReport(changes, commit)));
  const [what = ''] = whats.size > 1 ? ['the last reports'] : whats;
  if (what === '') return '';
  if (all.every(({ conditions }) => conditions.every((one) => !one?.itemStates)))
    return formatCountChange(runs, what);
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

/**
 * Formats only the change of the number of items, where the states of items are not known: "60, 2 more than at `3f9c1ab`"; empty:
 * there were none, then or now.
 */
function formatCountChange(runs: readonly RunReport[], what: string): string {
  const pairs = runs.flatMap(({ findings: all, changes }) =>
    all.flatMap(({ condition, matched }, at) => {
      const before = changes?.conditions[at]?.before ?? null;
      return condition.severity === 'warn' || before === null ? [] : [{ matched, before }];
    }),
  );
  const matched = sumOf(pairs, (pair) => pair.matched);
  const more = matched - sumOf(pairs, ({ before }) => before);
  if (matched === 0 && more === 0) return '';
  const change =
    more === 0 ? 'as many as' : `${formatNumber(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} than`;
  return `${formatNumber(matched)}, ${change} ${what.startsWith('the ') ? 'in' : 'at'} ${what}`;
}

/** Names what is compared with: the baseline, or the last report by its commit. */
function describeEarlierReport({ since, baselineOf }: Changes, commit: string): string {
  if (baselineOf !== null)
    return joinPresent(
      ' ',
      'the baseline',
      formatTime(baselineOf) && `of ${formatTime(baselineOf)}`,
      since && `at ${formatCode(since)}`,
    );
  return commit.startsWith(since) ? 'the last report on this commit' : formatCode(since);
}
