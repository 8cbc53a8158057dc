/** Renders what neither fails nor warns: items that passed, known and waived findings, the conditions, and outputs without a gate. */
import type { SavedFinding } from '../baseline.ts';
import type { ConditionResult, Finding } from '../gate/findings.ts';
import { fieldsFor } from '../gate/identity.ts';
import type { Waiver } from '../gate/waivers.ts';
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { escapeForProse, escapeSentenceForMarkdown, formatCode, formatCodeBlock } from '../text/escape.ts';
import { capitalise, formatCount, formatCounts, inBrackets, joinPresent } from '../text/format.ts';
import { countFieldValues } from './columns.ts';
import * as messages from './messages.ts';
import type { EntryReport } from './report.ts';
import {
  countOpen,
  formatBullets,
  formatItems,
  formatMore,
  formatSection,
  formatTable,
  quoteLines,
  type View,
} from './tables.ts';

/** Says how far the run and the one that a re-run skipped agree. */
export function formatComparison({ comparison, earlier }: EntryReport): string {
  if (comparison === null) return '';
  return escapeSentenceForMarkdown(capitalise(messages.describeComparison(comparison, earlier?.runId ?? '')));
}

/** Says which values the compared fields have: a condition ignores every other spelling. */
export function formatValues({ conditions }: EntryReport): string {
  const lines = conditions.flatMap(({ tally }) =>
    tally ? [`Values of ${messages.formatTally(tally.field, tally.values, escapeSentenceForMarkdown)}`] : [],
  );
  return [...new Set(lines)].join('<br>');
}

export function formatName({ entry }: EntryReport): string {
  return escapeForProse(entry.name, 64);
}

export function iconOf({ isFailing, isWarning }: ConditionResult): string {
  return isFailing ? '❌' : isWarning ? '⚠️' : '✅';
}

/** Renders what neither fails nor warns, below a title that says what it is. */
export function renderRest(view: View): string {
  const { report, results } = view;
  const counts = new Map<string, number>();
  const words = new Set<string>();
  const parts = results.map((result) => {
    const { conditions, entry, runState } = result;
    const groups = listGroups(result);
    for (const [word, { length }] of groups) counts.set(word, (counts.get(word) ?? 0) + length);
    const outputs = conditions.length === 0 && !isUngated(result) ? runState.outputs : null;
    if (conditions.length > 0) words.add('conditions');
    if (isPresent(outputs)) words.add('outputs');
    const body = joinPresent(
      '\n\n',
      ...groups.map(([word, rows]) => renderGroup(word, rows, result, view)),
      results.length > 1 && joinPresent('<br>', formatComparison(result), formatValues(result)),
      renderConditions(conditions, view),
      isPresent(outputs) && renderOutputs(outputs, result, view),
    );
    return joinPresent('\n\n', body && entry.name && `**${formatName(result)}**`, body);
  });
  if (report.notices.length > 0) words.add('notices');
  const title = capitalise(joinPresent(' · ', ...[...counts].map(formatGroupTitle), ...words));
  const notices = formatBullets(report.notices.map(escapeSentenceForMarkdown));
  return formatSection(title, joinPresent('\n\n', ...parts, notices), view);
}

function renderConditions(conditions: readonly ConditionResult[], view: View): string {
  const shown = conditions.slice(0, 2 * view.rows);
  const table = formatTable([
    ['', shown.map(iconOf)],
    ['Condition', shown.map(({ condition }) => escapeForProse(condition.name ?? ''))],
    ['Result', shown.map(messages.describeResult)],
    ['Expression', shown.map(({ condition }) => formatCode(condition.expression, 2 * view.maxText))],
  ]);
  return joinPresent('\n\n', table, formatMore(conditions.length - shown.length, view, 'conditions'));
}

/** An item that neither fails nor warns. */
interface OtherItem extends Pick<Finding, 'value'>, Partial<Pick<Finding, 'saved'>> {
  readonly waiver?: Waiver;
}

/** Lists the items that neither fail nor warn, by kind. */
function listGroups({
  conditions,
  comparison,
}: EntryReport): readonly (readonly [string, readonly OtherItem[]])[] {
  // The items of several lists may be the same.
  const lists = conditions.flatMap(({ passed }) => (passed ? [passed] : []));
  const [passed = []] = lists.length === 1 ? lists : [];
  const all: [string, readonly OtherItem[]][] = [
    ['passed', passed.map((value) => ({ value }))],
    ['known', conditions.flatMap((one) => one.findings.slice(countOpen(one)))],
    ['waived', conditions.flatMap((one) => one.waived)],
    ['no longer reported', conditions.flatMap((one) => one.noLongerReported.map((value) => ({ value })))],
    ['found by the earlier run alone', (comparison?.missing ?? []).map((value) => ({ value }))],
  ];
  return all.filter(([, { length }]) => length > 0);
}

function formatGroupTitle([word, count]: readonly [string, number]): string {
  return word === 'passed' ? `${formatCount(count, 'item')} passed` : formatCounts({ [word]: count });
}

/** Says who saved a known finding, and whether later saved reviews lack it. */
function formatSaved({ since, by, missed }: SavedFinding): string {
  const reviews = missed === 1 ? 'review' : `${missed} reviews`;
  return joinPresent(
    ', ',
    `${since} by ${escapeForProse(by)}`,
    missed > 0 && `not in the last saved ${reviews}`,
  );
}

function renderGroup(word: string, rows: readonly OtherItem[], result: EntryReport, view: View): string {
  const { conditions, entry } = result;
  const fields = conditions.map(({ condition }) => fieldsFor(entry.columns, condition));
  const most = Math.ceil(view.rows / view.results.length);
  // The baseline of a public repository has no values.
  const named = rows.filter(({ value }) => !isJsonObject(value) || Object.keys(value).length > 0);
  const items = named.map(({ value }) => value);
  const shown = named.slice(0, most);
  const table = formatTable([
    ...formatItems(items, fields.find(({ length }) => length > 0) ?? [], most, result, view),
    ['Saved', shown.map(({ saved }) => (saved ? formatSaved(saved) : ''))],
    ['Because', shown.map(({ waiver }) => escapeForProse(waiver?.because ?? '', 100))],
    ['Until', shown.map(({ waiver }) => waiver?.until ?? '')],
  ]);
  const more = formatMore(named.length - most, view, '', '`outputs_file`');
  return joinPresent('\n\n', `**${formatGroupTitle([word, rows.length])}**`, table, more);
}

/** A first condition, with names that need no quotes. */
const STARTS = /^outputs\.[A-Za-z_]\w*\.filter\(i, i\.[A-Za-z_]\w* != '___'\)$/;

/** Renders what the run wrote, what its lists hold, and one condition to start from. */
export function renderOutputs(outputs: JsonValue, result: EntryReport, view: View): string {
  const all: [string, JsonValue][] = isJsonObject(outputs) ? Object.entries(outputs) : [['outputs', outputs]];
  const starts: string[] = [];
  const parts = all.slice(0, view.rows).flatMap(([name, value]) => {
    const title = formatCode(name, 60);
    if (typeof value === 'string') return [title, quoteLines(value, view)];
    if (!isList(value)) return `${title}: ${formatCode(JSON.stringify(value), view.maxText)}`;
    const fields = countFieldValues(value.filter(isJsonObject)).flatMap(([key, values]) => {
      const start = `outputs.${name}.filter(i, i.${key} != '___')`;
      if (values.length > 1 && STARTS.test(start)) starts.push(start);
      return values.length > 0 ? [messages.formatTally(key, values, escapeSentenceForMarkdown)] : [];
    });
    const size = formatCount(value.length, 'item') + inBrackets(fields.join('; '));
    const table = formatTable(formatItems(value, [], view.rows, result, view));
    return [`${title}: ${size}`, table, formatMore(value.length - view.rows, view, '', '`outputs_file`')];
  });
  const start =
    starts[0] &&
    `To fail the check on findings, copy this condition and replace \`___\` with the right value:\n\n${formatCodeBlock(`fail_if: ${starts[0]}`, Infinity, 'yaml')}`;
  return joinPresent('\n\n', ...parts, start);
}

/** Passed without a condition: the outputs are all that there is to see. */
export function isUngated({ verdict, conditions, runState }: EntryReport): boolean {
  return verdict.exitCode === 0 && conditions.length === 0 && isPresent(runState.outputs);
}

export function isPresent(outputs: JsonValue | undefined): outputs is JsonValue {
  return outputs !== undefined && outputs !== null;
}
