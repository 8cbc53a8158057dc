/** Formats what the log says at the end, and the one annotation: cause and next step. Pure. */
import type { StepFailure } from '../endings.ts';
import type { Finding } from '../gate/finding.ts';
import { fieldsFor } from '../gate/identity.ts';
import { formatInputFault } from '../inputs/faults.ts';
import { escapeQuotations, logLine, truncate, type LogLine } from '../text/escape.ts';
import { formatDuration, formatNumber, joinPresent, sumOf } from '../text/format.ts';
import { listCells } from './columns.ts';
import { fillRunUrl } from './links.ts';
import { describeProblem } from './problems.ts';
import type { Report, ResultReport } from './report.ts';
import * as words from './words.ts';

type InvalidInputs = Extract<StepFailure, { readonly kind: 'invalid_inputs' }>;

/** Items below a condition. */
const MAX_ITEMS = 10;
const MAX_ITEM_LENGTH = 200;
const MAX_REASON_LINES = 40;

/** Formats each condition with its first items, then what was compared with, and the notices. */
export function formatResultLines(report: Report): LogLine[] {
  const { results, notices, keep } = report;
  const baselines = new Set(results.flatMap(({ evaluated }) => evaluated?.baseline ?? []));
  const texts = [...baselines].map(words.describeBaseline);
  if (keep !== null) texts.push(words.describeKeepDecision(keep, report));
  return [
    ...results.flatMap((result) => [
      ...(results.length > 1 ? [logLine`${result.entry.name}`] : []),
      ...result.findings.flatMap((finding) => formatFinding(finding, result, report)),
      ...formatComparison(result),
    ]),
    ...texts.filter((text) => text !== '').map(escapeQuotations),
    ...notices.flatMap(({ run, notice }) => {
      const text = words.describeNotice(notice);
      return text === '' ? [] : [logLine`note: ${run === '' ? run : `${run}: `}${escapeQuotations(text)}`];
    }),
  ];
}

/** Formats "✗ not compliant: 2 of 5 (1 known)", and below it why it cannot be evaluated, and its first items. */
function formatFinding(finding: Finding, { entry }: ResultReport, { inputs, context }: Report): LogLine[] {
  const { condition, isRed, isWarning, counts, items } = finding;
  const mark = isRed ? '✗' : isWarning ? '!' : '✓';
  const line = logLine`    ${mark} ${condition.name ?? words.nameOf(condition)}: ${words.describeCount(finding)}`;
  // The author wants no items in the log.
  if (inputs?.jobSummary === false) return [logLine`${line}${words.describeAccepted([finding])}`];
  const shown = isRed || isWarning ? items.slice(0, MAX_ITEMS) : [];
  const cells = listCells(
    items.map(({ value }) => value),
    fieldsFor(entry.columns, condition),
    shown.length,
  );
  const more = counts.matched - shown.length;
  return [
    logLine`${line}${words.describeAccepted([finding])}${formatTally(finding)}`,
    ...listProblems([finding]).map((text) => logLine`      ${escapeQuotations(text)}`),
    // The line begins with "-": a problem matcher may find a file's position at the start of a line.
    ...shown.map(({ isKnown, remark }, at) => {
      const state = isKnown === null ? '' : isKnown ? 'known' : 'new';
      const text = joinPresent(' · ', state, remark && words.describeRemark(remark), ...(cells[at] ?? []));
      return logLine`      - ${truncate(text, MAX_ITEM_LENGTH)}`;
    }),
    ...(shown.length > 0 && more > 0
      ? [logLine`      ${formatNumber(more)} more: ${{ safe: context?.jobRunUrl ?? '' }}`]
      : []),
  ];
}

/** Returns the values of the compared field, so that a word that never occurs is seen: " (`status`: 3 compliant)". */
function formatTally({ tally, result }: Finding): LogLine {
  if (tally === null || result !== 'not_true') return logLine``;
  const values = tally.values.map(([text, count]) => `${formatNumber(count)} ${text}`);
  return logLine` (\`${tally.field}\`: ${values.join(', ')})`;
}

/** Returns "“late”: what is wrong; how to correct it" of each condition that cannot be evaluated. */
function listProblems(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ condition, problem }) => {
    if (problem === null) return [];
    const { what, fix } = describeProblem(problem);
    return `${words.nameOf(condition)}: ${what}; ${fix}`;
  });
}

/** Formats "Compared with the baseline at a81d0c4: 1 new (4 known)". */
function formatComparison({ evaluated, findings }: ResultReport): LogLine[] {
  if (evaluated?.baseline.code !== 'usable') return [];
  const added = formatNumber(sumOf(findings, ({ counts }) => counts.new ?? 0));
  const commit = evaluated.baseline.baseline.commit.slice(0, 7);
  return [
    logLine`    Compared with the baseline at ${commit}: ${added} new${words.describeAccepted(findings)}`,
  ];
}

/** Returns the annotation of a red step, or of one that warns; null: there is nothing to say. */
export function createAnnotation({ verdict, words: own, results, inputs, failure }: Report) {
  const isRed = verdict.exitCode !== 0;
  const findings = results.flatMap((result) =>
    result.findings.filter((one) => (isRed ? one.isRed : one.isWarning)),
  );
  if (!isRed && findings.length === 0) return null;
  const problems = inputs?.jobSummary === false ? [] : listProblems(findings).slice(0, 3);
  const causes =
    failure?.kind === 'invalid_inputs' ? listFaults(failure) : [own.reason.replaceAll('\n', ' ')];
  const text = [own.headline, ...causes, ...problems, ...own.steps].map(endSentence);
  return { level: isRed ? 'error' : 'warning', text: joinPresent(' ', ...text) } as const;
}

/** Returns a line for each fault: a caret below the place means nothing in an annotation. */
function listFaults({ faults, gateFaults }: InvalidInputs): string[] {
  const ofGate = gateFaults.map(({ input, line, column, problem }) => {
    const { what, fix } = describeProblem(problem);
    return `\`${input}\`, line ${line}, column ${column}: ${what} (${fix})`;
  });
  return [...faults.map(formatInputFault), ...ofGate];
}

function endSentence(text: string): string {
  return text.replace(/(?<=[^.?!…])$/, '.');
}

/** Formats why the step is red, or the green verdict, and the last line: "Red after 2 min 19 s: run_… (gate_failed)". */
export function formatEndLines(
  { verdict, words: own, results, failure, inputs }: Report,
  elapsedMs: number,
): LogLine[] {
  const record = results.length === 1 ? results[0]?.record : undefined;
  const url = record && fillRunUrl(inputs?.runUrl ?? '', { ...record, projectId: record.order.projectId });
  const reason = own.reason.split('\n').filter((line) => line.trim() !== '');
  // The words about inputs may be copied, so only what they quote is escaped.
  const escape = failure?.kind === 'invalid_inputs' ? escapeQuotations : (line: string) => logLine`${line}`;
  const run = joinPresent(
    ': ',
    `${own.word} after ${formatDuration(elapsedMs)}`,
    url === '' ? record?.runId : url,
  );
  return [
    ...(verdict.exitCode === 0
      ? [escapeQuotations([own.headline, ...own.steps].map(endSentence).join(' '))]
      : reason.slice(0, MAX_REASON_LINES).map((line) => logLine`    ${escape(line)}`)),
    { safe: `${run} (${verdict.conclusion})` },
  ];
}
