/** Renders a report as Markdown, for the comment, the job summary and `report_file`. */
import { countFindings, type ConditionResult } from '../gate/findings.ts';
import { fieldsFor } from '../gate/identity.ts';
import { formatWaiversToCopy } from '../gate/waivers.ts';
import type { Previous } from '../github/comment.ts';
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import {
  escapeForProse,
  escapeSentenceForMarkdown,
  formatCode,
  formatCodeBlock,
  link,
} from '../text/escape.ts';
import {
  capitalise,
  formatCount,
  formatCounts,
  formatTime,
  inBrackets,
  joinPresent,
  lowerFirst,
} from '../text/format.ts';
import {
  countOpen,
  formatBullets,
  formatFold,
  formatItems,
  formatMore,
  formatTable,
  quoteLines,
  type Look,
  type View,
} from './tables.ts';
import { countFieldValues, formatTexts } from './columns.ts';
import type { Report, EntryReport } from './report.ts';
import * as messages from './messages.ts';

/** GitHub takes 65,536 characters; the rest is for the hidden line. */
export const COMMENT: Look = { sink: 'comment', rows: 10, columns: 4, max: 53_000 };
/** GitHub drops a summary over 1 MiB, and other steps write into it too. */
export const SUMMARY: Look = { sink: 'summary', rows: 50, columns: 8, max: 330_000 };
/** May become the body of an issue. */
export const REPORT_FILE: Look = { ...SUMMARY, sink: 'file', max: 60_000 };

/** Renders the report in at most `look.max` units: with fewer rows, then with shorter texts, then the verdict alone. */
export function renderMarkdown(report: Report, look: Look, previous: Previous | null = null): string {
  const results = report.results.toSorted((one, other) => other.verdict.exitCode - one.verdict.exitCode);
  let view: View = { ...look, report, results, previous, maxText: 200 };
  while (view.maxText >= 25) {
    const parts = [renderVerdict(view), ...renderResults(view), renderFold(view), renderFooter(view)];
    const markdown = `${joinPresent('\n\n', ...parts)}\n`;
    if (markdown.length <= look.max) return markdown;
    view =
      view.rows > 1 ? { ...view, rows: Math.floor(view.rows / 2) } : { ...view, maxText: view.maxText / 2 };
  }
  const items = countFindings(results.flatMap((one) => one.conditions)).found;
  return `${joinPresent('\n\n', renderVerdict(view), formatMore(items, '`gate_file`'), renderFooter(view))}\n`;
}

/** Renders the headline, what Alloovium said, what changed, remarks, and the next steps. */
function renderVerdict(view: View): string {
  const { report, results, previous, sink } = view;
  const { step, words, baselineRemarks } = report;
  const { inputs, context } = step;
  const [only] = results.length === 1 ? results : [];
  const leg = inBrackets(formatTexts(inputs?.matrix));
  const title = (inputs?.title ?? '') || (context ? context.workflowName + leg : 'Alloovium');
  const steps = words.steps.map(escapeSentenceForMarkdown);
  const [first = ''] = steps;
  const inline = ` ${only ? lowerFirst(first) : first}`;
  const { waived } = countFindings(results.flatMap((one) => one.conditions));
  const changes = messages.describeChanges(results, previous, (count) => count && `**${count}**`);
  return joinPresent(
    '\n\n',
    `${sink === 'comment' ? '##' : '#'}# ${words.icon} ${escapeForProse(title, 100)}: ${formatHeadline(report)}`,
    step.outcome
      ? quoteLines(words.reason, view, escapeSentenceForMarkdown)
      : quoteLines(only?.words.reason ?? '', view),
    joinPresent(
      '<br>',
      capitalise(joinPresent(' · ', changes, formatCounts({ waived }))),
      ...baselineRemarks.map((text) => `*${escapeSentenceForMarkdown(text)}*`),
      first && `**Next:**${steps.length > 1 ? '' : inline}`,
    ),
    steps.length > 1 && formatBullets(steps),
  );
}

function formatHeadline({ words }: Pick<Report, 'words'>): string {
  return escapeSentenceForMarkdown(lowerFirst(words.headline));
}

/** Renders the conditions that are red or warn; of several runs a table, and a section for each. They share the rows. */
function renderResults(view: View): string[] {
  const { report, results, rows, sink } = view;
  const isOne = results.length === 1;
  const urgent = results
    .filter((one) => isOne || one.verdict.exitCode === 1 || one.words.deciding.length > 0 || isUngated(one))
    .slice(0, rows);
  // Rows for one run, and below for one of its conditions.
  const share = Math.floor(rows / urgent.length);
  const sections = urgent.flatMap((result) => {
    // Those of `fail_if` come first.
    const notable = result.conditions.filter(({ isFailing, isWarning }) => isFailing || isWarning);
    const shown = notable.slice(0, share);
    const most = Math.floor(share / shown.length);
    return [
      isOne ? '' : `${sink === 'comment' ? '#' : ''}### ${formatName(result)}: ${formatHeadline(result)}`,
      // The headline says what is alone.
      ...shown.map((finding) => renderFinding(result, finding, notable.length > 1, most, view)),
      formatMore(notable.length - shown.length, 'see the conditions below'),
      isOne && !report.step.outcome ? '' : quoteLines(result.words.reason, view),
      isUngated(result)
        ? renderOutputs(result.runState.outputs ?? null, result, { ...view, rows: share })
        : '',
    ];
  });
  return [isOne ? '' : renderRuns(view), ...sections, sink === 'summary' ? renderWaivers(view) : ''];
}

function formatName({ entry }: EntryReport): string {
  return escapeForProse(entry.name, 64);
}

function renderRuns({ results }: View): string {
  return formatTable([
    ['', results.map((one) => one.words.icon)],
    ['Run', results.map((one) => link(formatName(one), one.runUrl))],
    ['Result', results.map(formatHeadline)],
  ]);
}

function iconOf({ isFailing, isWarning }: ConditionResult): string {
  return isFailing ? '❌' : isWarning ? '⚠️' : '✅';
}

/** Renders one condition: a sentence, why it cannot be evaluated, and a table of its items. */
function renderFinding(
  result: EntryReport,
  finding: ConditionResult,
  hasSentence: boolean,
  most: number,
  view: View,
): string {
  const { condition, isCompared } = finding;
  const { isQuiet, step } = view.report;
  const open = countOpen(finding);
  const items = finding.findings.slice(0, open);
  const values = items.map(({ value }) => value);
  const fields = fieldsFor(result.entry.columns, condition);
  const sentence = `${iconOf(finding)} ${escapeSentenceForMarkdown(messages.describeFinding(finding))}`;
  const marks = items.slice(0, most).map(({ isKnown, digest, remark }) => {
    const isAbsent = digest !== '' && view.previous?.digests.has(digest) === false;
    const isNew = isCompared ? !isKnown : isAbsent;
    return joinPresent(' ', isNew && '**new**', remark && messages.describeRemark(remark));
  });
  const isElsewhere = view.sink === 'comment' && !isQuiet;
  const page = isElsewhere ? link('job summary', step.context?.workflowRunUrl ?? '') : '`gate_file`';
  return joinPresent(
    '\n\n',
    joinPresent(': ', hasSentence && sentence, escapeSentenceForMarkdown(messages.describeCause(finding))),
    formatTable([['', marks], ...formatItems(values, fields, marks.length, result, view)]),
    formatMore(open - marks.length, page),
  );
}

/** Renders waivers for the red items, to copy and to give a reason; or empty. */
function renderWaivers(view: View): string {
  const items = view.results.flatMap(({ entry, conditions }) =>
    conditions.flatMap((finding) => {
      const { isFailing, knownBy, condition, findings: all } = finding;
      const open = all.slice(0, isFailing ? countOpen(finding) : 0);
      return open.map(({ value }) => ({
        entry: entry.name,
        item: value,
        knownBy,
        condition: condition.name,
      }));
    }),
  );
  const yaml = formatWaiversToCopy(items);
  const says =
    'A waiver takes effect with the next push or *Update branch* (in a file of `config`, with a re-run).';
  const body = yaml && `${formatCodeBlock(yaml, Infinity, 'yaml')}\n\n${says}`;
  return formatFold('To accept findings: <code>waivers</code>, each with a reason', body);
}

/** Renders the fold, which is open but for the comment; empty: there is nothing in it. */
function renderFold(view: View): string {
  const { report, results, sink, rows } = view;
  const isComment = sink === 'comment';
  const shown = results.slice(0, 2 * rows).map((result) => ({ result, groups: listGroups(result, view) }));
  const totals: Record<string, number> = {};
  for (const { word, count } of shown.flatMap(({ groups }) => groups))
    totals[word] = (totals[word] ?? 0) + count;
  const parts = shown.map(({ result, groups }) => {
    const { conditions, entry, runState } = result;
    const gate = conditions
      .slice(0, 2 * rows)
      .map((finding) => `${iconOf(finding)} ${messages.describeResult(finding, escapeSentenceForMarkdown)}`);
    const body = joinPresent(
      '\n\n',
      joinPresent('<br>', ...groups.map(({ text }) => text), formatGroup('gate', conditions.length, gate)),
      conditions.length === 0 &&
        !isUngated(result) &&
        isPresent(runState.outputs) &&
        renderOutputs(runState.outputs, result, view),
      !isComment && runState.runId && `Run ${formatCode(runState.runId)}`,
    );
    return joinPresent('\n\n', body && entry.name && `**${formatName(result)}**`, body);
  });
  const hasGate = results.some(({ conditions }) => conditions.length > 0);
  const hasOutputs = results.some((one) => !isUngated(one) && isPresent(one.runState.outputs));
  return formatFold(
    `More: ${joinPresent(', ', formatCounts(totals), hasGate ? 'gate' : hasOutputs ? 'outputs' : 'run')}`,
    joinPresent('\n\n', ...parts, formatBullets(report.notices.map(escapeSentenceForMarkdown))),
    !isComment,
  );
}

/** Formats a count with the names of the first items: "**Known:** A-101 · A-102 · 5 more"; empty: there are none. */
function formatGroup(word: string, count: number, names: readonly string[]): string {
  const all = joinPresent(' · ', ...names, formatCounts({ more: count - names.length }));
  return count > 0 ? `**${capitalise(word)}:** ${all}` : '';
}

/** Items of a group that decide its columns. */
const MAX_OTHERS = 50;

/** Lists what is not red, by kind. */
function listGroups(result: EntryReport, view: View) {
  const { conditions, entry } = result;
  const fields = conditions.flatMap(({ condition }) => fieldsFor(entry.columns, condition)).slice(0, 1);
  const small = { ...view, columns: 2, maxText: 60 };
  const group = (
    word: string,
    count: number,
    rows: readonly { readonly value: JsonValue }[],
    notes: readonly string[] = [],
  ) => {
    const items = rows.slice(0, MAX_OTHERS).map(({ value }) => value);
    const columns = formatItems(items, fields, view.rows, result, small);
    const names = items
      .slice(0, view.rows)
      .map(
        (_, at) => joinPresent(', ', ...columns.map(([, cells]) => cells[at])) + inBrackets(notes[at] ?? ''),
      );
    return { word, count, text: formatGroup(word, count, names) };
  };
  const counts = countFindings(conditions);
  const known = conditions.flatMap((one) => one.findings.slice(countOpen(one)));
  const gone = conditions
    .flatMap((one) => one.noLongerReported)
    .flatMap((value) => (Object.keys(value).length > 0 ? [{ value }] : []));
  const waived = conditions.flatMap((one) => one.waived);
  const reasons = waived.map(({ waiver: { because, until } }) =>
    joinPresent(', ', escapeForProse(because, 100), until && `until ${until}`),
  );
  // The items of several lists may be the same.
  const lists = conditions.flatMap(({ passed }) => (passed ? [passed] : []));
  const passed = lists.length === 1 ? (lists[0] ?? []) : [];
  return [
    group('no longer reported', counts.noLongerReported, gone),
    group('known', known.length, known),
    group('waived', counts.waived, waived, reasons),
    group(
      'without a finding',
      passed.length,
      passed.slice(0, MAX_OTHERS).map((value) => ({ value })),
    ),
  ];
}

/** A first condition, with names that need no quotes. */
const STARTS = /^outputs\.[A-Za-z_]\w*\.filter\(i, i\.[A-Za-z_]\w* != '___'\)$/;

/** Renders what the run wrote, what its lists hold, and one condition to start from. */
function renderOutputs(outputs: JsonValue, result: EntryReport, view: View): string {
  const all: [string, JsonValue][] = isJsonObject(outputs) ? Object.entries(outputs) : [['outputs', outputs]];
  const starts: string[] = [];
  const parts = all.slice(0, view.rows).flatMap(([name, value]) => {
    const title = formatCode(name, 60);
    if (typeof value === 'string') return [title, quoteLines(value, view)];
    if (!isList(value)) return `${title}: ${formatCode(JSON.stringify(value), view.maxText)}`;
    const fields = countFieldValues(value.filter(isJsonObject)).map(([key, values]) => {
      const start = `outputs.${name}.filter(i, i.${key} != '___')`;
      if (values.length > 1 && STARTS.test(start)) starts.push(start);
      return messages.formatTally(key, values, escapeSentenceForMarkdown);
    });
    const size = formatCount(value.length, 'item') + inBrackets(fields.join('; '));
    return [`${title}: ${size}`, formatTable(formatItems(value.slice(0, 400), [], view.rows, result, view))];
  });
  const start =
    starts[0] &&
    `To fail the check on findings, copy this condition and replace \`___\` with the right value:\n\n${formatCodeBlock(`fail_if: ${starts[0]}`, Infinity, 'yaml')}`;
  return joinPresent('\n\n', ...parts, start);
}

/** Passed without a condition: the outputs are all that there is to see. */
function isUngated({ verdict, conditions, runState }: EntryReport): boolean {
  return verdict.exitCode === 0 && conditions.length === 0 && isPresent(runState.outputs);
}

function isPresent(outputs: JsonValue | undefined): outputs is JsonValue {
  return outputs !== undefined && outputs !== null;
}

/** Says that a model wrote the data, and names the commit, the time, the run and the page of the job run. */
function renderFooter({ report: { step }, results, sink }: View): string {
  const { commit = '', workflowRunUrl = '' } = step.context ?? {};
  const times = results.map(({ gateResult, runState }) =>
    gateResult ? formatTime(runState.completedAt) : '',
  );
  const last = times.sort().at(-1);
  const [only] = results.length === 1 ? results : [];
  const text = joinPresent(
    ' · ',
    results.some(({ runState }) => isPresent(runState.outputs)) &&
      'AI-generated from your documents. Check before you act.',
    commit && formatCode(commit.slice(0, 7)),
    last && `reviewed ${last}`,
    only?.runUrl && link('run', only.runUrl),
    link(sink === 'comment' ? 'job summary' : 'job run', workflowRunUrl),
  );
  return text && `<sub>${text}</sub>`;
}
