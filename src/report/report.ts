/** Creates the value from which comment, summary, report file, log and outputs are rendered. Pure. */
import { describeResult, type Result, type StepFailure } from '../endings.ts';
import type { KeepDecision } from '../gate/baseline.ts';
import type { Context } from '../github/context.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { isJsonObject } from '../json.ts';
import { findNearest } from '../text/nearest-name.ts';
import { describeStep, verdictOf } from '../verdict.ts';
import { valueAt } from './columns.ts';
import { PLACEHOLDER, RUN_PLACEHOLDERS } from './links.ts';
import type { StepNotice } from './words.ts';

/** `run`: the name in `runs`; empty: the notice is about the step, or its only run. */
export interface ReportNotice {
  readonly run: string;
  readonly notice: StepNotice;
}

export interface ReportInput {
  /** null: the event could not be read. */
  readonly context: Context | null;
  /** null: they could not be read. */
  readonly inputs: Inputs | null;
  /** In the order of the input; empty: the step failed before. */
  readonly results: readonly Result[];
  /** What ended the step before its runs or independently of them. */
  readonly failure: StepFailure | null;
  readonly tokensSpent: number;
  /** Whether the step keeps its findings as the baseline; null: nothing was evaluated. */
  readonly keep: KeepDecision | null;
  /** About the step. */
  readonly notices: readonly StepNotice[];
}

export type Report = Readonly<ReturnType<typeof createReport>>;
/** One run with its verdict and words. */
export type ResultReport = Report['results'][number];

/** Creates the report. */
export function createReport(input: ReportInput) {
  const { context, inputs, results, failure } = input;
  const terms = { context, inputs };
  return {
    ...input,
    verdict: verdictOf(results, failure),
    words: describeStep(results, failure, terms),
    results: results.map((result) => ({
      ...result,
      verdict: verdictOf([result], null),
      words: describeResult(result, terms),
      /** Empty: not evaluated, or there is no gate. */
      findings: result.evaluated?.findings ?? [],
    })),
    notices: [...listRunNotices(results, inputs), ...input.notices.map((notice) => ({ run: '', notice }))],
  };
}

/** Lists the notices of the runs, the waivers that match nothing, and the fields that no item has. */
function listRunNotices(results: readonly Result[], inputs: Inputs | null): ReportNotice[] {
  const findings = results.flatMap(({ evaluated }) => evaluated?.findings ?? []);
  const items = findings.flatMap((one) => [...one.items, ...one.waived].map(({ value }) => value));
  const keys = [...new Set(items.flatMap((item) => (isJsonObject(item) ? Object.keys(item) : [])))];
  const findUnknown = (input: 'columns' | 'item_url', fields: readonly string[]) =>
    [...new Set(fields)]
      .filter((field) => items.length > 0 && items.every((item) => valueAt(item, field) === undefined))
      .map((field) => ({ input, field, nearest: findNearest(keys, field, () => 2) ?? null }));
  const ofUrl = [...(inputs?.itemUrl ?? '').matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const unknown = [
    ...results
      .flatMap(({ evaluated }) => evaluated?.unknownFields ?? [])
      .map(({ field, nearest }) => ({ input: 'known_by' as const, field, nearest })),
    ...findUnknown(
      'columns',
      results.flatMap(({ entry }) => [...entry.columns.values()].flat()),
    ),
    ...findUnknown(
      'item_url',
      ofUrl.filter((name) => !RUN_PLACEHOLDERS.some((known) => known === name)),
    ),
  ];
  // Entries of one run share its notices.
  const records = new Set(results.map(({ record }) => record));
  return [
    ...[...records].flatMap(({ notices, order }) =>
      notices.map((notice) => ({ run: order.entries[0]?.name ?? '', notice })),
    ),
    ...listUnusedWaivers(results),
    ...unknown.map((one) => ({ run: '', notice: { code: 'unknown_field', ...one } as const })),
  ];
}

/** Lists the waivers that match nothing in any run that shares them, if all conditions were evaluated. */
function listUnusedWaivers(results: readonly Result[]): ReportNotice[] {
  const used = new Set(
    results.flatMap(({ entry, evaluated }) =>
      entry.waivers.filter((_, index) => !evaluated?.unusedWaivers.includes(index)),
    ),
  );
  return [...new Set(results.map(({ entry }) => entry.waivers))].flatMap((waivers) => {
    const positions = waivers.flatMap((waiver, index) => (used.has(waiver) ? [] : [index + 1]));
    return isWhole(results) && positions.length > 0
      ? [{ run: '', notice: { code: 'unused_waivers', positions } }]
      : [];
  });
}

/** Was each condition of each run evaluated? */
export function isWhole(results: readonly Result[]): boolean {
  return results.every(({ evaluated }) => evaluated?.findings.every(({ problem }) => problem === null));
}

/** Returns the digests of all findings, which the comment remembers. */
export function listDigests(results: readonly Pick<ResultReport, 'findings'>[]): string[] {
  return results
    .flatMap(({ findings }) => findings.flatMap(({ digests }) => digests))
    .filter((one) => one !== '');
}
