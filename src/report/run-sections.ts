/** What each run of the step found: the table of several runs, and a section for each. */
import type { Verdict } from '../runs/verdict.ts';
import { forCode, forProse, link } from '../text/escape.ts';
import { lowerFirst, joinPresent, formatNumber } from '../text/format.ts';
import { bulletList, forSentence, quote } from './blocks.ts';
import { countsOf } from './change-line.ts';
import type { Detail, View } from './detail-levels.ts';
import { aboutRun, spent } from './run-details.ts';
import {
  nonBlocking,
  countedFindings,
  findings,
  findingSentence,
  gateTable,
  joinedLine,
  runUrl,
} from './findings.ts';
import { reasonOf } from './log.ts';
import type { Report, RunReport } from './report.ts';
import { collapsedSection, table } from './table.ts';
import { timelineSection } from './timeline.ts';
import { lastSeen, overallIcon, warningsOf } from './verdict-lines.ts';
import { renderOutputs } from './workflow-outputs.ts';

/** What the runs found, and where there are none why. */
export function runParts(report: Report, view: View): string[] {
  const { verdict, errorMessage, runs } = report;
  return [
    runs.length > 1 ? runsTable(report, view) : '',
    runs.length === 0 ? complaint(verdict, errorMessage, view.text) : '',
    ...sectionsOf(report, view).flat(),
  ];
}

function complaint(verdict: Verdict, errorMessage: string, max: number): string {
  const { isOfRun, text } = reasonOf(verdict, errorMessage);
  const quoted = quote(text, Math.min(max, 3_000));
  return quoted !== '' && isOfRun ? `Alloovium reported:\n\n${quoted}` : quoted;
}

const RANK = { red: 0, warned: 1, green: 2 } as const;

function rank(run: RunReport): keyof typeof RANK {
  return run.verdict.exitCode !== 0 ? 'red' : warningsOf([run]) > 0 ? 'warned' : 'green';
}

/** Red runs first, then those that warn, each group in the written order. */
function byUrgency(runs: readonly RunReport[]): RunReport[] {
  return [...runs].sort((one, other) => RANK[rank(one)] - RANK[rank(other)]);
}

/** What each run found; of several, those that are red or warn share the rows, and green ones are folded in the summary alone. */
function sectionsOf({ runs, verdict }: Report, view: View): string[][] {
  if (runs.length <= 1) return runs.map((run) => sectionOf(run, view));
  const isGreen = (run: RunReport) => rank(run) === 'green';
  const shown = byUrgency(runs).filter((run) => !view.isComment || !isGreen(run));
  const urgent = shown.filter((run) => !isGreen(run)).length;
  const share = (rows: number) => Math.min(rows, Math.ceil((3 * rows) / urgent));
  const shared = { ...view, rows: share(view.rows), warned: share(view.warned) };
  return shown.map((run) => {
    const { conclusion, nextStep: step, brief } = run.verdict;
    const name = forProse(run.entry.name, 64);
    const parts = sectionOf(run, isGreen(run) ? view : shared);
    if (isGreen(run))
      return [
        collapsedSection(`${name}: ${forProse(brief, 100)}`, joinPresent('\n\n', joinedLine(run), ...parts)),
      ];
    // Leaves out what is reported once for all, and counts that a table shows.
    const isShown =
      step === verdict.nextStep ||
      countedFindings(run).some(({ matched }) => matched > 0) ||
      conclusion === 'interrupted' ||
      (conclusion === 'timed_out' && /^(?:Re-run this job|A run may have started)/.test(step));
    const title = `${view.isComment ? '####' : '###'} ${name}: ${resultCell(run, 200)}`;
    const about = joinPresent('<br>', lastSeen(run), joinedLine(run));
    const next = isShown || step === '' ? '' : `**Next:** ${forSentence(step, 600)}`;
    return [title, about, next, ...parts];
  });
}

function sectionOf(run: RunReport, view: View): string[] {
  const { parts, seen } = findings(run, view);
  const shown = [...parts, complaint(run.verdict, run.ending.errorMessage, view.text)];
  if (view.isComment) return shown;
  const texts = renderOutputs(run, seen, view);
  const isBrief = view.conditions === 0;
  // What passed is among the outputs.
  const aside = nonBlocking(run, view).filter(({ word }) => word !== 'passed');
  return [
    ...shown,
    joinPresent('<br>', ...aside.map(({ line }) => line)),
    run.findings.length === 0 || isBrief ? '' : gateTable(run, view),
    ...(texts.length === 0 ? [] : ['**What the workflow wrote**', ...texts]),
    isBrief ? '' : timelineSection(run.stages, run.status),
    run.entry.name === '' || isBrief
      ? ''
      : collapsedSection('Details', bulletList([...aboutRun(run), spent(run.polls, 0)])),
  ];
}

/** The runs of a step, one a row. */
function runsTable({ runs, links }: Report, { cell }: Detail): string {
  const rows = byUrgency(runs).map((run) => {
    const { fresh, uncompared } = countsOf([run]);
    const isKnown = run.changes !== null && uncompared === 0 && countedFindings(run).length > 0;
    return [
      overallIcon(run.verdict, [run]),
      link(forProse(run.entry.name, Math.max(24, cell / 3)), runUrl(run, links)),
      resultCell(run, cell),
      isKnown ? formatNumber(fresh) : '',
    ];
  });
  const hasNew = rows.some(([, , , fresh]) => fresh !== '');
  return table(['', 'Run', 'Result', ...(hasNew ? ['New'] : [])], rows, [':-:', ':--', ':--', '--:']);
}

/** In a table of runs, and as a section's title: "2 of 5 “not compliant”", "not finished after 15 min (40 %)". */
function resultCell(run: RunReport, max: number): string {
  const reported = countedFindings(run);
  if (reported.length === 0 || rank(run) === 'green') {
    const { brief, headline, conclusion } = run.verdict;
    return forSentence(
      rank(run) === 'green' || conclusion === 'interrupted' ? brief : lowerFirst(headline),
      max,
    );
  }
  const shown = reported.slice(0, 3).map((finding) => findingSentence(finding, forCode, 'cell'));
  return joinPresent('; ', ...shown, reported.length > 3 && `${reported.length - 3} more`);
}
