/** What the run wrote into its outputs, but for what stands above it already. */
import { isExactNumber, isJsonObject, isList } from '../json.ts';
import type { JsonValue } from '../json.ts';
import { fold, renderValue, table } from './table.ts';
import type { Detail } from './detail.ts';
import type { RunReport } from './report.ts';
import { forCode, forHtmlCode } from '../text/escape.ts';
import { number, plural } from '../text/words.ts';

/**
 * Texts as they are, short values in one table, the rest folded: open where no condition looked at it.
 * @param seen rows of the tables above, as JSON
 */
export function wrote(run: RunReport, seen: ReadonlySet<string>, { outputs: most, text }: Detail): string[] {
  if (most === 0) return [];
  const isOpen = run.findings.length === 0;
  const shown = outputsOf(run, most).flatMap((output) => withoutSeen(output, seen));
  const texts = shown.flatMap(([name, value]) =>
    typeof value === 'string' ? [`${named(name)}\n\n${renderValue(value, text)}`] : [],
  );
  const short = shown
    .filter(([, value]) => isShort(value))
    .map(([name, value]) => [named(name), renderValue(value, 200)]);
  const folds = shown.flatMap(([name, value]) => {
    if (typeof value === 'string' || isShort(value)) return [];
    const size = isList(value) ? ` (${number(value.length)})` : '';
    return [fold(`${forHtmlCode(name, 60)}${size}`, renderValue(value, text), isOpen)];
  });
  const more = outputCount(run) - most;
  return [
    ...texts,
    ...(short.length === 0 ? [] : [table(['Output', 'Value'], short)]),
    ...folds,
    ...(more > 0 ? [`… and ${plural(more, 'more output')}: all are in \`outputs_file\`.`] : []),
    ...(isOpen ? namesFor(run) : []),
  ];
}

const MOST_NAMES = 12;

/** Where there is no gate yet: what a condition can read, by the names that the tables show in other words. */
function namesFor(run: RunReport): string[] {
  const names = outputsOf(run, MOST_NAMES).map(([name, value]) => {
    const first = isList(value) ? value[0] : value;
    const inner = isJsonObject(first) ? Object.keys(first).slice(0, MOST_NAMES) : [];
    const own = forCode(`outputs.${name}`, 80);
    const what = isList(value) ? 'items with' : 'with';
    return inner.length === 0 ? own : `${own} (${what} ${inner.map((key) => forCode(key, 60)).join(', ')})`;
  });
  return isJsonObject(run.run?.outputs) && names.length > 0
    ? [`Names for \`fail_if\`: ${names.join(', ')}.`]
    : [];
}

type Output = readonly [name: string, value: JsonValue];

/** Without the items that a table above has shown; nothing is left of a list of which all are. */
function withoutSeen([name, value]: Output, seen: ReadonlySet<string>): Output[] {
  if (!isList(value) || seen.size === 0) return [[name, value]];
  const left = value.filter((item) => !seen.has(JSON.stringify(item)));
  return left.length === 0 && value.length > 0 ? [] : [[name, left]];
}

/** The first outputs, in their order; one called `outputs` where they are no object. */
function outputsOf({ run }: RunReport, most: number): readonly Output[] {
  const outputs = run?.outputs;
  if (outputs === undefined || outputs === null) return [];
  if (!isJsonObject(outputs)) return [['outputs', outputs]];
  return Object.keys(outputs)
    .slice(0, most)
    .map((name) => [name, outputs[name] ?? null]);
}

export function outputCount({ run }: RunReport): number {
  const outputs = run?.outputs;
  if (outputs === undefined || outputs === null) return 0;
  return isJsonObject(outputs) ? Object.keys(outputs).length : 1;
}

function named(name: string): string {
  return forCode(name, 60);
}

function isShort(value: JsonValue): boolean {
  return value === null || typeof value === 'boolean' || typeof value === 'number' || isExactNumber(value);
}
