/** Formats what the log says at the end, and the one annotation: cause and next step. Pure. */
import type { ConditionResult } from '../gate/findings.ts';
import { fieldsFor } from '../gate/identity.ts';
import type { Step } from '../step.ts';
import {
  escapeForAnnotation,
  escapeForLog,
  escapeSentenceForLog,
  logLine,
  MAX_ANNOTATION_LENGTH,
  truncate,
  type LogLine,
} from '../text/escape.ts';
import {
  capitalise,
  endSentence,
  formatCounts,
  formatDuration,
  formatNumber,
  joinPresent,
  lowerFirst,
} from '../text/format.ts';
import { chooseColumns } from './columns.ts';
import { formatGateFault } from './problems.ts';
import type { EntryReport, Report } from './report.ts';
import * as messages from './messages.ts';

/** Items below a condition. */
const MAX_ITEMS = 10;
/** Rows whose fields decide which columns there are. */
const MAX_ROWS = 400;
const MAX_ITEM_LENGTH = 200;
const MAX_COLUMNS = 4;
const MAX_REASON_LINES = 40;
/** Characters of a reason in the annotation. */
const MAX_REASON = 1_000;
/** In an annotation. */
const MAX_CAUSES = 3;

/** Formats each condition with its first items, then what was compared with, and the notices. */
export function formatResultLines(report: Report): LogLine[] {
  const { results, baselineRemark, notices } = report;
  const changes = messages.describeChanges(results, null);
  const said = new Set<string>();
  const sayOnce = (text: string): string => {
    const isNew = !said.has(text);
    said.add(text);
    return isNew ? text : '';
  };
  return [
    ...results.flatMap((result) => [
      ...(results.length > 1 ? formatEntry(result, sayOnce) : []),
      ...result.conditions.flatMap((finding) => formatCondition(finding, result, report, sayOnce)),
    ]),
    ...results.flatMap(({ comparison, earlier }) => {
      const text = comparison && messages.describeComparison(comparison, earlier?.runId ?? '');
      return text ? [logLine`    ${escapeSentenceForLog(capitalise(text))}`] : [];
    }),
    ...(changes === '' ? [] : [logLine`    ${escapeSentenceForLog(capitalise(changes))}`]),
    ...[baselineRemark, ...notices].filter(Boolean).map(escapeSentenceForLog),
  ];
}

/** Formats "Bridge: run not finished after 2 min", and below it what was reported. */
function formatEntry({ entry, words }: EntryReport, sayOnce: (text: string) => string): LogLine[] {
  const headline = escapeSentenceForLog(lowerFirst(words.headline));
  return [logLine`${entry.name}: ${headline}`, ...formatReason(sayOnce(words.reason))];
}

/** The lines begin with "|": a problem matcher may find a file's position at the start of a line. */
function formatReason(reason: string): LogLine[] {
  const lines = reason.split('\n').filter(Boolean);
  return lines.slice(0, MAX_REASON_LINES).map((line) => logLine`    | ${line}`);
}

/** Formats "✗ not compliant: 2 of 5 items (1 known)", and below it why it cannot be evaluated, and its first items. */
function formatCondition(
  finding: ConditionResult,
  { entry }: EntryReport,
  { isQuiet, step }: Report,
  sayOnce: (text: string) => string,
): LogLine[] {
  const { condition, isFailing, isWarning, findings, tally } = finding;
  const sign = isFailing ? '✗' : isWarning ? '!' : '✓';
  const compared =
    tally && !isQuiet ? `; ${messages.formatTally(tally.field, tally.values, escapeForLog)}` : '';
  const result = `${escapeForLog(messages.labelOf(finding))}: ${messages.describeResult(finding)}${compared}`;
  // Its foreign texts are escaped already.
  const line = logLine`    ${sign} ${{ safe: result }}`;
  if (isQuiet) return [line];
  const cause = sayOnce(messages.describeCause(finding));
  const shown = isFailing || isWarning ? findings.slice(0, MAX_ITEMS) : [];
  const values = findings.slice(0, MAX_ROWS).map(({ value }) => value);
  const columns = chooseColumns(values, { fields: fieldsFor(entry.columns, condition), max: MAX_COLUMNS });
  const more = findings.length - shown.length;
  const hasKnown = findings.some(({ isKnown }) => isKnown);
  return [
    line,
    ...(cause === '' ? [] : [logLine`      ${escapeSentenceForLog(cause)}`]),
    // The line begins with "-": a problem matcher may find a file's position at the start of a line.
    ...shown.map(({ value, isKnown, remark }, at) => {
      const state = hasKnown && (isKnown ? 'known' : 'new');
      const texts = joinPresent(' · ', ...columns.map(({ cells }) => cells[at]?.text));
      const text = joinPresent(
        ' · ',
        state,
        remark && messages.describeRemark(remark),
        texts || JSON.stringify(value),
      );
      return logLine`      - ${truncate(text, MAX_ITEM_LENGTH)}`;
    }),
    ...(shown.length > 0 && more > 0
      ? [logLine`      ${formatNumber(more)} more: ${{ safe: step.context?.workflowRunUrl ?? '' }}`]
      : []),
  ];
}

/** Formats the stack of each crash; with `job_summary: false` only its frames, since a message may quote the run. */
export function formatStacks({ step, results, isQuiet }: Report): LogLine[][] {
  const outcomes = [step.outcome, ...results.map(({ runState }) => runState.outcome)];
  const stacks = outcomes.flatMap((one) => (one?.kind === 'crashed' && one.stack ? [one.stack] : []));
  return [...new Set(stacks)].map((stack) => formatStack(stack, isQuiet));
}

export function formatStack(stack: string, isQuiet: boolean): LogLine[] {
  const lines = stack.split('\n').filter((line) => !isQuiet || /^\s+at /.test(line));
  return lines.slice(0, MAX_REASON_LINES).map((line) => logLine`| ${line}`);
}

/** Returns the faults of the inputs: a sentence each, then the lines that show its place. */
function listFaults({ outcome }: Step): string[][] {
  if (outcome?.kind !== 'invalid_inputs') return [];
  return [
    ...outcome.faults.map(({ text }) => [text]),
    ...outcome.gateFaults.map((fault) => formatGateFault(fault).split('\n')),
  ];
}

/** Is the reason for the log alone? */
function isLong(reason: string): boolean {
  return reason.includes('\n') || reason.length > MAX_REASON;
}

/** Returns the annotation of a step that fails or warns, without what the log says; null: there is nothing to say. */
export function createAnnotation({ verdict, words, results, step }: Report) {
  const isFailing = verdict.exitCode !== 0;
  if (!isFailing && words.deciding.length === 0) return null;
  const faults = listFaults(step);
  const reason = results.length > 1 || faults.length > 0 || isLong(words.reason) ? '' : words.reason;
  const causes = faults.slice(0, MAX_CAUSES).map(([what = '']) => what);
  const more = formatCounts({ 'more in the log': faults.slice(MAX_CAUSES).length });
  const sentences = [words.headline, reason, ...causes, more, words.whyNew].filter(Boolean).map(endSentence);
  const next = words.steps.map(endSentence).join(' ');
  // GitHub cuts the end, where the next step is.
  const most = MAX_ANNOTATION_LENGTH - next.length - 1;
  const text = joinPresent(' ', truncate(escapeForAnnotation(sentences.join(' ')), most), next);
  return { level: isFailing ? 'error' : 'warning', text } as const;
}

/** Formats what the annotation, which is in the log too, does not say, and the last line: "Failed after 2 min 19 s: run_… (gate_failed)". */
export function formatEndLines(report: Report, elapsedMs: number): LogLine[] {
  const { verdict, words, results, step } = report;
  const [only] = results.length === 1 ? results : [];
  // These words may be copied, so only what they quote is escaped.
  const faults = listFaults(step).flatMap((lines, at) => lines.slice(at < MAX_CAUSES ? 1 : 0));
  const reason =
    results.length <= 1 && step.outcome?.kind !== 'invalid_inputs' && isLong(words.reason)
      ? formatReason(words.reason)
      : [];
  const after = `${words.word} after ${formatDuration(elapsedMs)}`;
  const run = joinPresent(': ', after, only && (only.runUrl || only.runState.runId));
  return [
    ...(createAnnotation(report) === null
      ? [escapeSentenceForLog([words.headline, ...words.steps].map(endSentence).join(' '))]
      : [...faults.map((line) => logLine`    ${escapeSentenceForLog(line)}`), ...reason]),
    { safe: `${run} (${verdict.conclusion})` },
  ];
}
