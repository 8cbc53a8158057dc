/** Creates the value from which comment, summary, report file, log and outputs are rendered. Pure. */
import type { Client } from '../api/client.ts';
import type { Outcome } from '../outcome.ts';
import { judge, type EntryResult, type Terms, type Verdict } from './outcomes.ts';
import { decideToSave, type SaveDecision } from '../gate/baseline.ts';
import type { Finding } from '../gate/finding.ts';
import { readFieldText } from '../gate/identity.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { joinPresent } from '../text/format.ts';
import { findNearest } from '../text/nearest-name.ts';
import { judgeStep } from '../run/verdict.ts';
import { valueAt } from './columns.ts';
import { fillRunUrl, PLACEHOLDER, RUN_PLACEHOLDERS } from '../text/url-template.ts';
import * as words from './messages.ts';

/** What a report is made of. */
export interface ReportParts extends Terms {
  /** In the order of the input; empty: the step ended before its runs. */
  readonly results: readonly EntryResult[];
  /** How the step ended before its runs or independently of them; null: as its runs did. */
  readonly stepOutcome: Outcome | null;
  /** null: nothing was sent to the API. */
  readonly client: Pick<Client, 'tokensSpent'> | null;
}

/** One run with its verdict. */
export interface EntryReport extends EntryResult {
  readonly verdict: Verdict;
  /** Empty: not evaluated, or there is no gate. */
  readonly findings: readonly Finding[];
  /** The page of the run; empty: there is none. */
  readonly runUrl: string;
}

export interface Report extends Terms {
  readonly results: readonly EntryReport[];
  readonly stepOutcome: Outcome | null;
  readonly verdict: Verdict;
  /** Whether the step keeps its findings as the baseline; null: the step ended before its runs. */
  readonly keep: SaveDecision | null;
  /** Sentences: why every finding is new, and whether this review is the baseline. */
  readonly baselineRemarks: readonly string[];
  /** Sentences. */
  readonly notices: readonly string[];
  readonly tokensSpent: number;
  /** `job_summary: false`: there is none, and the log has counts alone. */
  readonly isQuiet: boolean;
}

/** Creates the report. */
export function createReport({ context, inputs, stepOutcome, client, ...parts }: ReportParts): Report {
  const terms = { context, inputs };
  const results = parts.results.map((result) => ({
    ...result,
    verdict: judge(result.runState.outcome, terms, result),
    findings: result.review?.findings ?? [],
    runUrl: fillRunUrl(inputs?.runUrl ?? '', result.runState),
  }));
  const isQuiet = inputs?.jobSummary === false;
  const reviews = results.map(({ review }) => review);
  const keep = context && inputs && !stepOutcome ? decideToSave(context, inputs, reviews) : null;
  const remarks = [
    ...reviews.map((review) => (review ? words.describeBaseline(review.baseline) : '')),
    keep ? words.describeSaveDecision(keep, terms) : '',
  ];
  return {
    ...terms,
    stepOutcome,
    results,
    keep,
    verdict: judgeStep(results, stepOutcome, terms),
    baselineRemarks: [...new Set(remarks)].filter(Boolean),
    notices: listNotices(results, terms, isQuiet),
    isQuiet,
    tokensSpent: client?.tokensSpent() ?? 0,
  };
}

/** Lists what is to be noticed about the runs, and the waivers and fields that have no effect; in sentences. */
function listNotices(results: readonly EntryResult[], { inputs }: Terms, isQuiet: boolean): string[] {
  const ofRuns = results.flatMap(({ runState: { notices, runPlan } }) =>
    notices.map((notice) => joinPresent(': ', runPlan.entries[0]?.name, words.describeNotice(notice))),
  );
  const ofInputs = [
    ...listUnusedWaivers(results),
    ...listUnknownFields(results, inputs?.itemUrl ?? '', isQuiet),
  ];
  // Entries of one run share its notices.
  return [...new Set([...ofRuns, ...ofInputs.map(words.describeNotice)])];
}

/** Lists the fields that no item has. With an empty field of `known_by` a finding is always new. */
function listUnknownFields(
  results: readonly EntryResult[],
  itemUrl: string,
  isQuiet: boolean,
): words.StepNotice[] {
  const findings = results.flatMap(({ review }) => review?.findings ?? []);
  const columns = results.flatMap(({ entry }) => [...entry.columns.values()].flat());
  const placeholders = Array.from(itemUrl.matchAll(PLACEHOLDER), ([, name = '']) => name);
  const ofItems = placeholders.filter((name) => !RUN_PLACEHOLDERS.includes(name));
  const lacks = (item: JsonValue, field: string) => valueAt(item, field) === undefined;
  const isEmpty = (item: JsonValue, field: string) => readFieldText(item, field) === null;
  const unknown = [
    ...findings.flatMap((finding) => findUnknown('known_by', finding.knownBy, [finding], isEmpty)),
    ...findUnknown('columns', columns, findings, lacks),
    ...findUnknown('item_url', ofItems, findings, lacks),
  ];
  return unknown.map(({ nearest, ...one }) => ({
    code: 'unknown_field',
    ...one,
    nearest: isQuiet ? undefined : nearest,
  }));
}

/** Finds the fields that all items lack, each with the nearest one that there is. */
function findUnknown(
  input: string,
  fields: readonly string[],
  findings: readonly Finding[],
  lacks: (item: JsonValue, field: string) => boolean,
) {
  const rows = findings.flatMap(({ items, waived }) => [...items, ...waived]);
  const [first, ...others] = rows.map(({ value }) => value).filter(isJsonObject);
  if (first === undefined) return [];
  const unknown = fields.filter((field) => [first, ...others].every((item) => lacks(item, field)));
  return unknown.map((field) => {
    const names = Object.keys(first).filter((name) => name !== field);
    return { input, field, nearest: findNearest(names, field, () => 2) };
  });
}

/** Lists the waivers that match nothing in any run that shares them, if all conditions were evaluated. */
function listUnusedWaivers(results: readonly EntryResult[]): words.StepNotice[] {
  const lists = words.isWhole(results) ? Map.groupBy(results, ({ entry }) => entry.waivers) : [];
  return [...lists].flatMap(([waivers, sharing]) => {
    const positions = waivers.flatMap((_, at) =>
      sharing.every(({ review }) => review?.unusedWaivers.includes(at)) ? [at + 1] : [],
    );
    return positions.length > 0 ? [{ code: 'unused_waivers', positions }] : [];
  });
}

/** Returns the digests of all findings, which the comment remembers. */
export function listDigests(results: readonly EntryReport[]): string[] {
  return results.flatMap(({ findings }) => findings.flatMap(({ digests }) => digests)).filter(Boolean);
}
