/** Renders the results of the step's runs: a table of several runs, and a section for each. */
import type { Verdict } from '../runs/verdict.ts';
import { formatCode, escapeForProse, link } from '../text/escape.ts';
import { lowerFirst, joinPresent, formatNumber } from '../text/format.ts';
import { formatBulletList, formatSentence, quoteLines } from './blocks.ts';
import { countChanges } from './change-line.ts';
import type { Detail, View } from './detail-levels.ts';
import { describeRun, formatSpent } from './run-details.ts';
import {
  listNonBlocking,
  countedFindings,
  renderFindings,
  formatFinding,
  formatGateTable,
  describeJoinedRun,
  runUrlOf,
} from './findings.ts';
import type { Links } from './links.ts';
import { findReason } from './log.ts';
import type { Report, RunReport } from './report.ts';
import { formatCollapsed, formatTable } from './table.ts';
import { renderTimeline } from './timeline.ts';
import { formatLastStage, chooseIcon, countWarnings } from './verdict-lines.ts';
import { renderOutputs } from './workflow-outputs.ts';

/** Renders the results of the runs; if the step failed before its runs, the reason. */
export function renderRuns(report: Report, view: View): string[] {
  const { verdict, errorMessage, runs } = report;
  return [
    runs.length > 1 ? formatRunsTable(report, view) : '',
    runs.length === 0 ? renderReason(verdict, errorMessage, view.text) : '',
    ...renderSections(report, view).flat(),
  ];
}

/** Quotes the part of the error message that the headline does not contain, or empty. */
function renderReason(verdict: Verdict, errorMessage: string, max: number): string {
  const { isOfRun, text } = findReason(verdict, errorMessage);
  const quoted = quoteLines(text, Math.min(max, 3_000));
  return quoted !== '' && isOfRun ? `Alloovium reported:\n\n${quoted}` : quoted;
}

const RANK = { red: 0, warned: 1, green: 2 } as const;

/** Ranks a run as red, with warnings, or green. */
function rankOf(run: RunReport): keyof typeof RANK {
  return run.verdict.exitCode !== 0 ? 'red' : countWarnings([run]) > 0 ? 'warned' : 'green';
}

/** Sorts red runs first, then those with warnings, each group in the order of the input. */
function sortByUrgency(runs: readonly RunReport[]): RunReport[] {
  return [...runs].sort((one, other) => RANK[rankOf(one)] - RANK[rankOf(other)]);
}

/**
 * Renders a section for each run. Of several runs, those that are red or warn share the rows; green ones are collapsed, and only
 * in the summary.
 */
function renderSections({ runs, verdict }: Report, view: View): string[][] {
  if (runs.length <= 1) return runs.map((run) => renderSection(run, view));
  const isGreen = (run: RunReport) => rankOf(run) === 'green';
  const shown = sortByUrgency(runs).filter((run) => !view.isComment || !isGreen(run));
  const urgent = shown.filter((run) => !isGreen(run)).length;
  const share = (rows: number) => Math.min(rows, Math.ceil((3 * rows) / urgent));
  const shared = { ...view, rows: share(view.rows), warned: share(view.warned) };
  return shown.map((run) => {
    const { conclusion, nextStep: step, brief } = run.verdict;
    const name = escapeForProse(run.entry.name, 64);
    const parts = renderSection(run, isGreen(run) ? view : shared);
    if (isGreen(run))
      return [
        formatCollapsed(
          `${name}: ${escapeForProse(brief, 100)}`,
          joinPresent('\n\n', describeJoinedRun(run), ...parts),
        ),
      ];
    // Omits a next step that is reported once for all runs, or that a table makes clear.
    const isShown =
      step === verdict.nextStep ||
      countedFindings(run).some(({ matched }) => matched > 0) ||
      conclusion === 'interrupted' ||
      (conclusion === 'timed_out' && /^(?:Re-run this job|A run may have started)/.test(step));
    const title = `${view.isComment ? '####' : '###'} ${name}: ${formatResultCell(run, 200)}`;
    const about = joinPresent('<br>', formatLastStage(run), describeJoinedRun(run));
    const next = isShown || step === '' ? '' : `**Next:** ${formatSentence(step, 600)}`;
    return [title, about, next, ...parts];
  });
}

/** Renders the result of one run without its title. */
function renderSection(run: RunReport, view: View): string[] {
  const { parts, seen } = renderFindings(run, view);
  const shown = [...parts, renderReason(run.verdict, run.ending.errorMessage, view.text)];
  if (view.isComment) return shown;
  const texts = renderOutputs(run, seen, view);
  const isBrief = view.conditions === 0;
  // What passed is among the outputs.
  const aside = listNonBlocking(run, view).filter(({ word }) => word !== 'passed');
  return [
    ...shown,
    joinPresent('<br>', ...aside.map(({ line }) => line)),
    run.findings.length === 0 || isBrief ? '' : formatGateTable(run, view),
    ...(texts.length === 0 ? [] : ['**What the workflow wrote**', ...texts]),
    isBrief ? '' : renderTimeline(run.stages, run.status),
    run.entry.name === '' || isBrief
      ? ''
      : formatCollapsed('Details', formatBulletList([...describeRun(run), formatSpent(run.polls, 0)])),
  ];
}

/** A column of the table of runs. A column without a value for any run is left out. */
interface RunColumn {
  readonly title: string;
  readonly alignment: ':--' | ':-:' | '--:';
  /** Renders safe Markdown; empty: not known for this run. */
  readonly formatCell: (run: RunReport, links: Links, maxLength: number) => string;
}

const RUN_COLUMNS: readonly RunColumn[] = [
  { title: '', alignment: ':-:', formatCell: (run) => chooseIcon(run.verdict, [run]) },
  {
    title: 'Run',
    alignment: ':--',
    formatCell: (run, links, maxLength) =>
      link(escapeForProse(run.entry.name, Math.max(24, maxLength / 3)), runUrlOf(run, links)),
  },
  {
    title: 'Result',
    alignment: ':--',
    formatCell: (run, _links, maxLength) => formatResultCell(run, maxLength),
  },
  { title: 'New', alignment: '--:', formatCell: formatNewCount },
];

/** Formats a table of the step's runs. */
function formatRunsTable({ runs, links }: Report, { cell: maxLength }: Detail): string {
  const sorted = sortByUrgency(runs);
  const columns = RUN_COLUMNS.map((column) => ({
    ...column,
    cells: sorted.map((run) => column.formatCell(run, links, maxLength)),
  })).filter(({ cells }) => cells.some((cell) => cell !== ''));
  return formatTable(
    columns.map(({ title }) => title),
    sorted.map((_, at) => columns.map(({ cells }) => cells[at] ?? '')),
    columns.map(({ alignment }) => alignment),
  );
}

/** Formats how many findings of a run are new; empty: not known. */
function formatNewCount(run: RunReport): string {
  const { fresh, uncompared } = countChanges([run]);
  const isKnown = run.changes !== null && uncompared === 0 && countedFindings(run).length > 0;
  return isKnown ? formatNumber(fresh) : '';
}

/**
 * Formats a run's result for the table and the title of its section: "2 of 5 “not compliant”", "not finished after 15 min (40
 * %)".
 */
function formatResultCell(run: RunReport, max: number): string {
  const reported = countedFindings(run);
  if (reported.length === 0 || rankOf(run) === 'green') {
    const { brief, headline, conclusion } = run.verdict;
    return formatSentence(
      rankOf(run) === 'green' || conclusion === 'interrupted' ? brief : lowerFirst(headline),
      max,
    );
  }
  const shown = reported.slice(0, 3).map((finding) => formatFinding(finding, formatCode, 'cell'));
  return joinPresent('; ', ...shown, reported.length > 3 && `${reported.length - 3} more`);
}
