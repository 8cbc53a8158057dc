/** Creates the value from which comment, summary, report file, log and outputs are rendered. Pure. */
import type { Result, StepFailure, Terms } from '../endings.ts';
import type { KeepDecision } from '../gate/baseline.ts';
import { joinPresent } from '../text/format.ts';
import { judge, judgeStep } from '../verdict.ts';
import { valueAt } from './columns.ts';
import { fillRunUrl, PLACEHOLDER, RUN_PLACEHOLDERS } from './links.ts';
import * as words from './words.ts';

export interface ReportInput extends Terms {
  /** In the order of the input; empty: the step failed before. */
  readonly results: readonly Result[];
  /** What ended the step before its runs or independently of them. */
  readonly failure: StepFailure | null;
  readonly tokensSpent: number;
  /** Whether the step keeps its findings as the baseline; null: nothing was evaluated. */
  readonly keep: KeepDecision | null;
}

export type Report = Readonly<ReturnType<typeof createReport>>;
/** One run with its verdict and words. */
export type ResultReport = Report['results'][number];

/** Creates the report. */
export function createReport(input: ReportInput) {
  const { inputs, failure, keep } = input;
  const results = input.results.map((result) => ({
    ...judge(result, input),
    /** Empty: not evaluated, or there is no gate. */
    findings: result.evaluated?.findings ?? [],
    /** The page of the run; empty: there is none. */
    runUrl: fillRunUrl(inputs?.runUrl ?? '', result.record),
  }));
  const remarks = results.map(({ evaluated }) =>
    evaluated ? words.describeBaseline(evaluated.baseline) : '',
  );
  if (keep !== null) remarks.push(words.describeKeepDecision(keep, input));
  return {
    ...input,
    results,
    ...judgeStep(results, failure, input),
    /** Why every finding is new, and whether this review is the baseline. */
    remarks: [...new Set(remarks)].filter(Boolean),
    notices: listNotices(results, inputs?.itemUrl ?? ''),
  };
}

/** Lists what is to be noticed about the runs, and the waivers and fields that have no effect; in sentences. */
function listNotices(results: readonly Result[], itemUrl: string): string[] {
  const ofRuns = results.flatMap(({ record: { notices, order } }) =>
    notices.map((notice) => joinPresent(': ', order.entries[0]?.name, words.describeNotice(notice))),
  );
  const ofInputs = [...listUnusedWaivers(results), ...listUnknownFields(results, itemUrl)];
  // Entries of one run share its notices.
  return [...new Set([...ofRuns, ...ofInputs.map(words.describeNotice)])];
}

/** Lists the fields that no item has. */
function listUnknownFields(results: readonly Result[], itemUrl: string): words.StepNotice[] {
  const reviews = results.flatMap(({ evaluated }) => evaluated ?? []);
  const rows = reviews.flatMap(({ findings }) => findings.flatMap((one) => [...one.items, ...one.waived]));
  const columns = results.flatMap(({ entry }) => [...entry.columns.values()].flat());
  const placeholders = Array.from(itemUrl.matchAll(PLACEHOLDER), ([, name = '']) => name);
  const ofItems = placeholders.filter((name) => !RUN_PLACEHOLDERS.some((known) => known === name));
  const unknown = [
    ...columns.map((field) => ({ input: 'columns', field })),
    ...ofItems.map((field) => ({ input: 'item_url', field })),
  ].filter(({ field }) => rows.length > 0 && rows.every(({ value }) => valueAt(value, field) === undefined));
  const ofKnownBy = reviews.flatMap((one) => one.unknownFields);
  return [...ofKnownBy.map((one) => ({ input: 'known_by', ...one })), ...unknown].map((one) => ({
    code: 'unknown_field',
    ...one,
  }));
}

/** Lists the waivers that match nothing in any run that shares them, if all conditions were evaluated. */
function listUnusedWaivers(results: readonly Result[]): words.StepNotice[] {
  const lists = words.isWhole(results) ? Map.groupBy(results, ({ entry }) => entry.waivers) : [];
  return [...lists].flatMap(([waivers, sharing]) => {
    const positions = waivers.flatMap((_, at) =>
      sharing.every(({ evaluated }) => evaluated?.unusedWaivers.includes(at)) ? [at + 1] : [],
    );
    return positions.length > 0 ? [{ code: 'unused_waivers', positions }] : [];
  });
}

/** Returns the digests of all findings, which the comment remembers. */
export function listDigests(results: readonly ResultReport[]): string[] {
  return results.flatMap(({ findings }) => findings.flatMap(({ digests }) => digests)).filter(Boolean);
}
