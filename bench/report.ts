/** What a bench prints, and what of it must not get worse. */
export interface Report {
  readonly tables: readonly Table[];
  /** Those that do not depend on the machine; less is better in each. */
  readonly figures: Readonly<Record<string, number>>;
  /** Names of goals that are not reached, other than those of which that is accepted. */
  readonly missed?: readonly string[];
  /** For docs/images/. */
  readonly picture?: { readonly file: string; readonly svg: string };
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The rows that README.md shows, by their first cell; default: none. */
  readonly page?: readonly string[];
}

/** A figure, and the most that it is to be. */
export interface Goal {
  readonly what: string;
  /** null: only to be compared with. */
  readonly goal: number | null;
  readonly is: number;
}

/** @param accepted names of goals that may be missed */
export function missedGoals(goals: readonly Goal[], accepted: readonly string[]): string[] {
  return goals
    .filter(({ what, goal, is }) => goal !== null && round(is) > goal && !accepted.includes(what))
    .map(({ what }) => what);
}

/** What README.md shows of the tables. */
export function onPage(tables: readonly Table[]): Table[] {
  return tables.flatMap(({ page, ...table }) =>
    page === undefined ? [] : [{ ...table, rows: table.rows.filter(([name = '']) => page.includes(name)) }],
  );
}

/** As Markdown, which reads well in a terminal too. */
export function markdown({ title, head, rows }: Table): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [`**${title}**`, '', line(head), rule, ...rows.map(line)].join('\n');
}

/** Figures that got worse than those committed, or that those committed do not know. */
export function worse(
  figures: Readonly<Record<string, number>>,
  committed: Readonly<Record<string, number>>,
): string[] {
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
