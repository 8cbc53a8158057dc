/** Formats what the log says at the end, and the one annotation: cause and next step. Pure. */
import type { ConditionResult } from '../gate/findings.ts';
import { fieldsFor } from '../gate/identity.ts';
import { escapeForLog, escapeSentenceForLog, logLine, truncate, type LogLine } from '../text/escape.ts';
import { endSentence, formatCounts, formatDuration, formatNumber, joinPresent } from '../text/format.ts';
import { chooseColumns } from './columns.ts';
import { describeGateFault } from './problems.ts';
import type { EntryReport, Report } from './report.ts';
import * as messages from './messages.ts';

/** Items below a condition. */
const MAX_ITEMS = 10;
/** Rows whose fields decide which columns there are. */
const MAX_ROWS = 400;
const MAX_ITEM_LENGTH = 200;
const MAX_COLUMNS = 4;
const MAX_REASON_LINES = 40;
/** In an annotation. */
const MAX_CAUSES = 3;

/** Formats each condition with its first items, then what was compared with, and the notices. */
export function formatResultLines(report: Report): LogLine[] {
  const { results, baselineRemark, notices } = report;
  const changes = messages.describeChanges(results, null);
  return [
    ...results.flatMap((result) => [
      ...(results.length > 1 ? [logLine`${result.entry.name}`] : []),
      ...result.conditions.flatMap((condition) => formatCondition(condition, result, report)),
    ]),
    ...(changes === '' ? [] : [logLine`    Changes ${escapeSentenceForLog(changes)}`]),
    ...[baselineRemark, ...notices].filter(Boolean).map(escapeSentenceForLog),
  ];
}

/** Formats "✗ not compliant: 2 of 5 items (1 known)", and below it why it cannot be evaluated, and its first items. */
function formatCondition(
  finding: ConditionResult,
  { entry }: EntryReport,
  { isQuiet, step }: Report,
): LogLine[] {
  const { condition, isFailing, isWarning, findings, tally } = finding;
  const sign = isFailing ? '✗' : isWarning ? '!' : '✓';
  const compared =
    tally && !isQuiet ? `; ${messages.formatTally(tally.field, tally.values, escapeForLog)}` : '';
  const result = `${escapeForLog(messages.labelOf(finding))}: ${messages.describeResult(finding)}${compared}`;
  // Its foreign texts are escaped already.
  const line = logLine`    ${sign} ${{ safe: result }}`;
  if (isQuiet) return [line];
  const cause = messages.describeCause(finding);
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

/** Returns the annotation of a red step, or of one that warns; null: there is nothing to say. */
export function createAnnotation({ verdict, words, results, isQuiet, step: { outcome } }: Report) {
  const isFailing = verdict.exitCode !== 0;
  const deciding = results.flatMap((result) => result.words.deciding);
  if (!isFailing && deciding.length === 0) return null;
  // A caret below the place means nothing in an annotation.
  const causes =
    outcome?.kind === 'invalid_inputs'
      ? [...outcome.faults.map(({ text }) => text), ...outcome.gateFaults.map(describeGateFault)]
      : [words.reason, ...(isQuiet ? [] : deciding.map(messages.describeCause))].filter(Boolean);
  const more = formatCounts({ 'more in the log': causes.slice(MAX_CAUSES).length });
  const text = [words.headline, ...causes.slice(0, MAX_CAUSES), more, words.whyNew, ...words.steps].map(
    endSentence,
  );
  return { level: isFailing ? 'error' : 'warning', text: joinPresent(' ', ...text) } as const;
}

/** Formats why the step is red, or the green verdict, and the last line: "Red after 2 min 19 s: run_… (gate_failed)". */
export function formatEndLines(report: Report, elapsedMs: number): LogLine[] {
  const { verdict, words, results, step } = report;
  const [only] = results.length === 1 ? results : [];
  // The annotation, which is in the log too, has a reason of one line.
  const reasons = words.reason.split('\n').filter(Boolean);
  const reason = reasons.length > 1 ? reasons.slice(0, MAX_REASON_LINES) : [];
  // The words about inputs may be copied, so only what they quote is escaped. Other lines begin with "|": a problem matcher may find a
  // file's position at the start of a line.
  const escape =
    step.outcome?.kind === 'invalid_inputs' ? escapeSentenceForLog : (line: string) => logLine`| ${line}`;
  const after = `${words.word} after ${formatDuration(elapsedMs)}`;
  const run = joinPresent(': ', after, only && (only.runUrl || only.runState.runId));
  return [
    ...(verdict.exitCode === 0
      ? [escapeSentenceForLog([words.headline, ...words.steps].map(endSentence).join(' '))]
      : reason.map((line) => logLine`    ${escape(line)}`)),
    { safe: `${run} (${verdict.conclusion})` },
  ];
}
