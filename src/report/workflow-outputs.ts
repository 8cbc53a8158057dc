/** Renders the run's outputs, except for what is already shown above. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { isNested } from './columns.ts';
import { findListsOfObjects } from './output-lists.ts';
import { formatCollapsed, renderValue, formatTable } from './table.ts';
import type { Detail } from './detail-levels.ts';
import { outputsOf } from './report.ts';
import type { Outcome } from '../runs/outcome.ts';
import { formatCode, formatHtmlCode } from '../text/escape.ts';
import { formatNumber, formatCount } from '../text/format.ts';

/**
 * Renders the run's outputs: texts as they are, short values in one table, others in collapsed sections.
 * @param seen rows of the tables above, as JSON
 */
export function renderOutputs(
  run: Outcome,
  seen: ReadonlySet<string>,
  { outputs: most, text }: Detail,
): string[] {
  if (most === 0) return [];
  const shown = takeOutputs(run, most).flatMap((output) => removeSeen(output, seen));
  const texts = shown.flatMap(([name, value]) =>
    typeof value === 'string' ? [`${formatCode(name, 60)}\n\n${renderValue(value, text)}`] : [],
  );
  const short = shown
    .filter(([, value]) => typeof value !== 'string' && !isNested(value))
    .map(([name, value]) => [formatCode(name, 60), renderValue(value, 200)]);
  const folds = shown.flatMap(([name, value, isRest]) => {
    if (!isNested(value)) return [];
    const size = isList(value) ? ` (${formatNumber(value.length)}${isRest ? ' more' : ''})` : '';
    return [formatCollapsed(`${formatHtmlCode(name, 60)}${size}`, renderValue(value, text))];
  });
  const more = Math.max(0, countOutputs(run) - most) + run.outputsLeftOut;
  return [
    ...texts,
    ...(short.length === 0 ? [] : [formatTable(['Output', 'Value'], short)]),
    ...folds,
    ...(more > 0 ? [`… and ${formatCount(more, 'more output')}: all are in \`outputs_file\`.`] : []),
    ...(run.entry.gate.conditions.length > 0 ? [] : describeListsAndSuggestCondition(run)),
  ];
}

const MAX_LISTS = 5;
const MAX_SEARCHED = 12;

/**
 * For an author without a condition: describes each list of objects by its fields and short values, and suggests one condition.
 */
function describeListsAndSuggestCondition(run: Outcome): string[] {
  const lists = findListsOfObjects(takeOutputs(run, MAX_SEARCHED)).slice(0, MAX_LISTS);
  const reported = lists.map(({ name, count, fields }) => {
    const says = fields.map((field) => {
      const values = field.values.map(([value, times]) => `${formatCode(value, 32)} ${formatNumber(times)}`);
      return formatCode(field.key, 60) + (values.length > 0 ? ` (${values.join(', ')})` : '');
    });
    return `${formatCode(`outputs.${name}`, 80)} has ${formatCount(count, 'item')} with ${says.join(', ')}.`;
  });
  const starts = lists.flatMap(({ name, fields }) => {
    const short = fields.filter(({ key, values }) => IDENTIFIER.test(key) && values.length > 0);
    // A field with several values makes a better example.
    const field = short.find(({ values }) => values.length > 1) ?? short[0];
    if (!IDENTIFIER.test(name) || field === undefined) return [];
    // Without quotes, since a forgotten placeholder in quotes would be a condition that never holds.
    const condition = formatCode(`outputs.${name}.filter(i, i.${field.key} == ___)`);
    return [`A first condition for \`fail_if\`: ${condition}. Replace \`___\` with a value.`];
  });
  return reported.length === 0 ? [] : [reported.join('<br>'), ...starts.slice(0, 1)];
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** `isRest`: a table above shows a part of the list. */
type Output = readonly [name: string, value: JsonValue, isRest?: boolean];

/** Removes the items that a table above shows; if none remain, the output is left out. */
function removeSeen([name, value]: Output, seen: ReadonlySet<string>): Output[] {
  if (!isList(value) || seen.size === 0) return [[name, value]];
  const left = value.filter((item) => !seen.has(JSON.stringify(item)));
  return left.length === 0 && value.length > 0 ? [] : [[name, left, left.length < value.length]];
}

/** Returns the first outputs in their order; if the outputs are not an object, one named `outputs`. */
function takeOutputs(run: Outcome, most: number): readonly Output[] {
  const outputs = outputsOf(run) ?? {};
  if (!isJsonObject(outputs)) return [['outputs', outputs]];
  // Pairs only for the keys shown: those of 150,000 keys would take 20 MiB.
  return Object.keys(outputs)
    .slice(0, most)
    .map((name) => [name, outputs[name] ?? null]);
}

/** Returns the number of top-level keys; 1 if the outputs are not an object. */
export function countOutputs(run: Outcome): number {
  const outputs = outputsOf(run) ?? {};
  return isJsonObject(outputs) ? Object.keys(outputs).length : 1;
}
