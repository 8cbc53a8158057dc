/** The run's outputs, except for what is shown above already. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { isNested } from './columns.ts';
import { listsOfObjects } from './output-lists.ts';
import { collapsedSection, renderValue, table } from './table.ts';
import type { Detail } from './detail-levels.ts';
import { outputsOf } from './report.ts';
import type { Outcome } from '../runs/outcome.ts';
import { forCode, forHtmlCode } from '../text/escape.ts';
import { formatNumber, formatCount } from '../text/format.ts';

/**
 * Texts as they are, short values in one table, the rest folded.
 * @param seen rows of the tables above, as JSON
 */
export function renderOutputs(
  run: Outcome,
  seen: ReadonlySet<string>,
  { outputs: most, text }: Detail,
): string[] {
  if (most === 0) return [];
  const shown = shownOutputs(run, most).flatMap((output) => withoutSeen(output, seen));
  const texts = shown.flatMap(([name, value]) =>
    typeof value === 'string' ? [`${forCode(name, 60)}\n\n${renderValue(value, text)}`] : [],
  );
  const short = shown
    .filter(([, value]) => typeof value !== 'string' && !isNested(value))
    .map(([name, value]) => [forCode(name, 60), renderValue(value, 200)]);
  const folds = shown.flatMap(([name, value, isRest]) => {
    if (!isNested(value)) return [];
    const size = isList(value) ? ` (${formatNumber(value.length)}${isRest ? ' more' : ''})` : '';
    return [collapsedSection(`${forHtmlCode(name, 60)}${size}`, renderValue(value, text))];
  });
  const more = Math.max(0, outputCount(run) - most) + run.outputsLeftOut;
  return [
    ...texts,
    ...(short.length === 0 ? [] : [table(['Output', 'Value'], short)]),
    ...folds,
    ...(more > 0 ? [`… and ${formatCount(more, 'more output')}: all are in \`outputs_file\`.`] : []),
    ...(run.entry.gate.conditions.length > 0 ? [] : discovery(run)),
  ];
}

const MAX_LISTS = 5;
const MAX_SEARCHED = 12;

/** For an author who has no condition yet: each list of objects with its fields and short values, and one condition to begin with. */
function discovery(run: Outcome): string[] {
  const lists = listsOfObjects(shownOutputs(run, MAX_SEARCHED)).slice(0, MAX_LISTS);
  const reported = lists.map(({ name, count, fields }) => {
    const says = fields.map((field) => {
      const values = field.values.map(([value, times]) => `${forCode(value, 32)} ${formatNumber(times)}`);
      return forCode(field.key, 60) + (values.length > 0 ? ` (${values.join(', ')})` : '');
    });
    return `${forCode(`outputs.${name}`, 80)} has ${formatCount(count, 'item')} with ${says.join(', ')}.`;
  });
  const starts = lists.flatMap(({ name, fields }) => {
    const short = fields.filter(({ key, values }) => IDENTIFIER.test(key) && values.length > 0);
    // What differs says more than what is the same in all.
    const field = short.find(({ values }) => values.length > 1) ?? short[0];
    if (!IDENTIFIER.test(name) || field === undefined) return [];
    // A gap in quotes would be a text that no value equals.
    const condition = forCode(`outputs.${name}.filter(i, i.${field.key} == ___)`);
    return [`A condition to begin with, for \`fail_if\`: ${condition}. Put a value for \`___\`.`];
  });
  return reported.length === 0 ? [] : [reported.join('<br>'), ...starts.slice(0, 1)];
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** `isRest`: a table above has shown some of the list. */
type Output = readonly [name: string, value: JsonValue, isRest?: boolean];

/** Without the items that a table above shows; a list is dropped if all of them are. */
function withoutSeen([name, value]: Output, seen: ReadonlySet<string>): Output[] {
  if (!isList(value) || seen.size === 0) return [[name, value]];
  const left = value.filter((item) => !seen.has(JSON.stringify(item)));
  return left.length === 0 && value.length > 0 ? [] : [[name, left, left.length < value.length]];
}

/** The first outputs, in their order; one called `outputs` where they are no object. */
function shownOutputs(run: Outcome, most: number): readonly Output[] {
  const outputs = outputsOf(run) ?? {};
  if (!isJsonObject(outputs)) return [['outputs', outputs]];
  // Of 150,000 keys no list of pairs is made: it alone is 20 MiB.
  return Object.keys(outputs)
    .slice(0, most)
    .map((name) => [name, outputs[name] ?? null]);
}

export function outputCount(run: Outcome): number {
  const outputs = outputsOf(run) ?? {};
  return isJsonObject(outputs) ? Object.keys(outputs).length : 1;
}
