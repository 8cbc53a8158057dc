/** What the conditions of a run found, row by row. All is safe Markdown. */
import type { JsonValue } from '../json.ts';
import type { Finding } from '../gate/finding.ts';
import { isRed, isWarning, knownCount } from '../gate/condition.ts';
import { counted } from '../runs/verdict.ts';
import { forCode, forHtmlCode, forProse, forText } from '../text/escape.ts';
import { number, plural } from '../text/words.ts';
import type { Detail } from './detail.ts';
import type { Changes, RunReport } from './report.ts';
import { fold, itemTable, table, widened } from './table.ts';

/** Items that are shown in one table. */
interface Shown {
  readonly finding: Finding;
  readonly rows: readonly JsonValue[];
  /** In words, one for each row; null: no comparison. */
  readonly marks: readonly string[] | null;
  /** How many there are beside them. */
  readonly beside: number;
  /** How many of the rows are shown. */
  readonly most: number;
}

/** The conditions of a run that are red, or that warn, with `rows` of their rows over all of them. */
export function shownOf(
  run: RunReport,
  severity: 'fail' | 'warn',
  rows: number,
  { conditions }: Detail,
): Shown[] {
  const wanted = run.findings
    .map((finding, at) => ({ finding, changes: run.changes?.conditions[at]?.items ?? null }))
    .filter(({ finding }) => (severity === 'fail' ? isRed(finding) : isWarning(finding)))
    // Tables first: what else is said of a condition may quote the run.
    .sort((one, other) => Number(other.finding.matched > 0) - Number(one.finding.matched > 0))
    .slice(0, conditions);
  let left = rows;
  return wanted.map(({ finding, changes }, at) => {
    const { marks = null, ...all } = changes === null ? { rows: finding.rows } : marked(finding, changes);
    const most = Math.min(Math.ceil(left / (wanted.length - at)), all.rows.length);
    left -= most;
    return { ...{ finding, marks, most, rows: all.rows }, beside: finding.matched - finding.rows.length };
  });
}

type ItemChanges = NonNullable<NonNullable<Changes['conditions'][number]>['items']>;

/** New first, then what is still there or known. */
function marked({ rows }: Finding, { marks }: ItemChanges): Pick<Shown, 'rows' | 'marks'> {
  const of = (mark: ItemChanges['marks'][number]) => rows.filter((_, at) => marks[at] === mark);
  const there = (['new', 'still', 'known'] as const).flatMap((mark) =>
    of(mark).map((row) => ({ row, mark })),
  );
  return {
    rows: there.map(({ row }) => row),
    marks: there.map(({ mark }) => (mark === 'new' ? '**new**' : mark)),
  };
}

/** Each with its rows. `isTold`: the heading tells of the only one already. */
export function findings(shown: readonly Shown[], all: number, isTold: boolean, { cell }: Detail): string[] {
  const parts = shown.flatMap(({ finding, rows, marks, beside, most }) => {
    const isPlain = isTold && all === 1 && finding.matched > 0;
    return [
      isPlain ? '' : `${sentence(finding)}${finding.matched > 0 ? (most > 0 ? ':' : '.') : ''}`,
      most === 0 ? '' : itemTable(rows, { most, cell, beside, marks }),
    ];
  });
  const more = all - shown.length;
  return more > 0 ? [...parts, `… and ${plural(more, 'more condition')}: see the gate below.`] : parts;
}

function sentence(finding: Finding): string {
  const { condition, result, matched, problem } = finding;
  const isWarn = condition.severity === 'warn';
  const [face, only] = isWarn ? ['⚠️ ', ' (a warning only)'] : ['', ''];
  const name = label(finding);
  if (result === 'cannot_be_evaluated') {
    const as = isWarn ? only : ', which counts as red';
    return `${face}${name} **cannot be evaluated**${as}: ${forText(problem ?? '', 500)}`;
  }
  if (matched > 0)
    return `${face}${counted(finding)} ${condition.name !== null ? '' : matched === 1 ? 'matches ' : 'match '}${name}${only}`;
  const expression = condition.name === null ? '' : `: ${forCode(condition.expression, 200)}`;
  return `${face}${name} holds${only}${expression}`;
}

function label({ condition: { name, expression } }: Finding, code = forCode): string {
  return name === null ? code(expression, 100) : `“${forProse(name, 64)}”`;
}

/** The items of the last report that match no longer, folded. */
export function goneFold({ changes }: RunReport, { folded, cell }: Detail): Fold[] {
  const rows = changes?.conditions.flatMap((one) => one?.items?.goneRows ?? []) ?? [];
  if (rows.length === 0 || folded === 0) return [];
  const beside = (changes?.gone ?? 0) - rows.length;
  const title = `${plural(rows.length + beside, 'item')} no longer found`;
  return [{ markdown: fold(title, itemTable(rows, { most: folded, cell, beside })), rows, most: folded }];
}

interface Fold extends Pick<Shown, 'rows' | 'most'> {
  readonly markdown: string;
}

/** The items that the baseline knows, of conditions that let them pass, folded. */
export function knownFolds({ findings }: RunReport, { folded, cell, conditions }: Detail): Fold[] {
  if (folded === 0) return [];
  const excused = findings.filter(({ isExcused }) => isExcused).slice(0, conditions);
  return excused.map((finding) => {
    const { rows, matched } = finding;
    const title = `${plural(matched, 'known item')} ${label(finding, forHtmlCode)}`;
    const markdown = fold(title, itemTable(rows, { most: folded, cell, beside: matched - rows.length }));
    return { markdown, rows, most: folded };
  });
}

/** The items that conditions passed over, a fold for each `filter`; no row twice. */
export function passedFolds(
  { findings }: RunReport,
  seen: ReadonlySet<string>,
  { folded, cell, conditions }: Detail,
): Fold[] {
  if (folded === 0) return [];
  const filters = findings
    .filter(({ unmatched }) => unmatched !== null && unmatched > 0)
    .slice(0, conditions);
  const above = new Set(seen);
  return filters.flatMap((finding) => {
    const rows = finding.unmatchedRows.filter((row) => !above.has(JSON.stringify(row)));
    if (rows.length === 0) return [];
    for (const row of rows.slice(0, folded)) above.add(JSON.stringify(row));
    const count = (finding.unmatched ?? 0) - (finding.unmatchedRows.length - rows.length);
    const item = rows.length < finding.unmatchedRows.length ? 'more item' : 'item';
    const title = `${plural(count, item)} ${filters.length > 1 ? `passed ${label(finding, forHtmlCode)}` : 'without findings'}`;
    const markdown = fold(title, itemTable(rows, { most: folded, cell, beside: count - rows.length }));
    return [{ markdown, rows, most: folded }];
  });
}

/** The rows that tables show, as JSON. */
export function seenRows(shown: readonly Pick<Shown, 'rows' | 'most'>[]): ReadonlySet<string> {
  return new Set(shown.flatMap(({ rows, most }) => rows.slice(0, most).map((row) => JSON.stringify(row))));
}

/** "1 of 2 conditions is red", "all 3 conditions passed" */
export function gateInWords({ findings }: RunReport): string {
  const [red, warned] = [findings.filter(isRed).length, findings.filter(isWarning).length];
  const warnings = warned === 0 ? [] : [plural(warned, 'warning')];
  if (red > 0) {
    const of = `${number(red)} of ${plural(findings.length, 'condition')} ${red === 1 ? 'is' : 'are'} red`;
    return [findings.length === 1 ? 'red' : of, ...warnings].join(', ');
  }
  return (
    warnings[0] ??
    (findings.length === 1
      ? 'passed'
      : `${findings.length === 2 ? 'both' : `all ${number(findings.length)}`} conditions passed`)
  );
}

/** Every condition with its expression and what it found. */
export function gateTable({ findings }: RunReport, { conditions, cell }: Detail): string {
  const hasNames = findings.some(({ condition }) => condition.name !== null);
  const rows = findings
    .slice(0, conditions)
    .map((finding) => [
      isRed(finding) ? '❌' : isWarning(finding) ? '⚠️' : '✅',
      ...(hasNames ? [forProse(finding.condition.name ?? '', 64)] : []),
      forCode(finding.condition.expression, Math.max(cell, 100)),
      outcome(finding, cell),
    ]);
  const more = findings.length - rows.length;
  const names = rows.map((row) => row[1] ?? '').filter((text) => text.length <= 24);
  const results = rows.map((row) => row.at(-1) ?? '').filter((text) => text.length <= 30);
  const header = [
    '',
    ...(hasNames ? [widened('Condition', names)] : []),
    'Expression',
    widened('Result', results),
  ];
  return table(header, rows) + (more > 0 ? `\n\n… and ${number(more)} more.` : '');
}

function outcome(finding: Finding, cell: number): string {
  const { result, matched, unmatched, problem, condition } = finding;
  const only = condition.severity === 'warn' && result !== 'does_not_hold' ? ' (a warning only)' : '';
  if (result === 'cannot_be_evaluated') return `cannot be evaluated${only}: ${forText(problem ?? '', cell)}`;
  const isList = unmatched !== null || matched > 0;
  const known = knownCount(finding);
  const those = known === 0 ? '' : `, ${known === matched ? 'all' : number(known)} known`;
  return isList ? `${counted(finding)}${those}${only}` : `${result === 'holds' ? 'yes' : 'no'}${only}`;
}
