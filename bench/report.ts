/** What a bench prints, and the figures that must not get worse. */
export interface Report {
  readonly tables: readonly Table[];
  /** Figures that do not depend on the machine; lower is better. */
  readonly figures: Readonly<Record<string, number>>;
  /** Names of missed goals that are not accepted. */
  readonly missed?: readonly string[];
  /** A file for docs/images/. */
  readonly picture?: { readonly file: string; readonly svg: string };
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The rows that README.md shows, by their first cell; default: none. */
  readonly pageRows?: readonly string[];
}

/** A figure, and its maximum. */
export interface Goal {
  readonly what: string;
  /** null: the figure is only for comparison. */
  readonly goal: number | null;
  readonly actual: number;
}

/** @param accepted names of goals that may be missed */
export function missedGoals(goals: readonly Goal[], accepted: readonly string[]): string[] {
  return goals
    .filter(({ what, goal, actual }) => goal !== null && round(actual) > goal && !accepted.includes(what))
    .map(({ what }) => what);
}

/** The tables with only the rows that README.md shows. */
export function pageTables(tables: readonly Table[]): Table[] {
  return tables.flatMap(({ pageRows, ...table }) =>
    pageRows === undefined ? [] : [{ ...table, rows: table.rows.filter(([name = '']) => pageRows.includes(name)) }],
  );
}

/** The table as Markdown, aligned so that a terminal can show it too. */
export function markdown({ title, head, rows }: Table): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [`**${title}**`, '', line(head), rule, ...rows.map(line)].join('\n');
}

/** Describes each figure that is worse than the committed one, or that is new or missing. */
export function regressions(figures: Readonly<Record<string, number>>, committed: Readonly<Record<string, number>>): string[] {
  return [...new Set([...Object.keys(committed), ...Object.keys(figures)])].flatMap((name) => {
    const now = figures[name];
    const before = committed[name];
    if (now === undefined) return [`${name}: no longer measured`];
    if (before === undefined) return [`${name}: ${now}, not committed yet`];
    return now > before ? [`${name}: ${now}, was ${before}`] : [];
  });
}

export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}

export function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
