/** What a bench measures. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** 'ms', 'MB', '% late', …; '' for a number of things. */
  readonly unit: string;
  /** null: the figure has no goal. */
  readonly atMost: number | null;
}

export interface BenchOptions {
  /** Fewer rounds, for the continuous integration. */
  readonly isSmall: boolean;
  /** The folder of the bundle to measure. */
  readonly dist: string;
  /** A Git revision whose bundle is measured too; null: none. */
  readonly against: string | null;
}

/** The value as the bench prints it and docs/performance.md quotes it. */
export function formatValue({ value, unit }: Figure): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 20 ? 0 : 1;
  return `${value.toFixed(digits)} ${unit}`.trim();
}
