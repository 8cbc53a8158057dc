/** Creates the value from which comment, summary, report file, log and outputs are rendered. Pure. */
import { compareReviews, type Comparison } from '../gate/compare.ts';
import { countFindings, isComplete, type ConditionResult } from '../gate/findings.ts';
import { readFieldText } from '../gate/identity.ts';
import { decideToSave, type SaveDecision } from '../gate/save.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import type { EntryResult } from '../run/run-state.ts';
import { judgeOutcome, judgeStep, type Verdict } from '../run/verdict.ts';
import type { Step } from '../step.ts';
import { findNearest, joinPresent } from '../text/format.ts';
import { fillUrl, PLACEHOLDER, RUN_PLACEHOLDERS } from '../text/url-template.ts';
import { describeAcceptance, describeEndings, describeSaving } from './baseline-words.ts';
import { valueAt } from './columns.ts';
import * as messages from './messages.ts';
import { describeOutcome, type Words } from './outcomes.ts';
import { describeStep } from './step-words.ts';

/** One entry with its verdict. */
export interface EntryReport extends EntryResult {
  readonly verdict: Verdict;
  readonly words: Words;
  /** Empty: not evaluated, or there is no gate. */
  readonly conditions: readonly ConditionResult[];
  /** How the findings differ from those of the run that a re-run skipped; null: it skipped none, or there is nothing to compare. */
  readonly comparison: Comparison | null;
  /** The page of the run; empty: there is none. */
  readonly runUrl: string;
}

export interface Report {
  readonly step: Step;
  /** One per entry, in the input's order; empty: the step ended before its runs. */
  readonly results: readonly EntryReport[];
  readonly verdict: Verdict;
  readonly words: Words;
  /** Whether the step saves its findings as the baseline; null: it ended before its runs. */
  readonly save: SaveDecision | null;
  /** A sentence: what became of the review as a baseline; empty: nobody needs to know. */
  readonly baselineRemark: string;
  /** Sentences. */
  readonly notices: readonly string[];
  /** `job_summary: false`: there is none, and the log has counts alone. */
  readonly isQuiet: boolean;
}

/** Creates the report. Nothing is decided after it. */
export function createReport(step: Step, entryResults: readonly EntryResult[]): Report {
  const { inputs, outcome } = step;
  const results = entryResults.map((result): EntryReport => {
    const verdict = judgeOutcome(result.runState.outcome, result);
    return {
      ...result,
      verdict,
      words: describeOutcome(result.runState.outcome, verdict, step, result, entryResults.length === 1),
      conditions: result.gateResult?.conditions ?? [],
      comparison:
        result.gateResult && result.earlier
          ? compareReviews(result.gateResult.conditions, result.earlier.gateResult.conditions)
          : null,
      runUrl: fillUrl(inputs?.runUrl ?? '', result.runState, null),
    };
  });
  const isQuiet = inputs?.jobSummary === false;
  const save = decide(step, entryResults);
  const verdict = judgeStep(
    results.map((one) => one.verdict),
    outcome,
  );
  const words = describeStep(verdict, step, results);
  const isAccepted = verdict.exitCode === 1 && step.saved?.code === 'saved';
  const accepted = countFindings(results.flatMap(({ conditions }) => conditions.filter(isOfFailIf))).found;
  return {
    step,
    results,
    save,
    verdict,
    words: isAccepted ? { ...words, whyNew: '', steps: [describeAcceptance(accepted)] } : words,
    baselineRemark: save && !isAccepted ? describeSaving(save, step) : '',
    notices: listNotices(results, step, isQuiet),
    isQuiet,
  };
}

function isOfFailIf({ condition }: ConditionResult): boolean {
  return condition.severity === 'fail';
}

function decide({ context, inputs, outcome }: Step, results: readonly EntryResult[]): SaveDecision | null {
  if (!context || !inputs || outcome) return null;
  const { event, ref, serverUrl, isSaveRequested: isRequested } = context;
  const facts = {
    branch: inputs.baseline,
    event,
    ref,
    serverUrl,
    hasPullRequest: inputs.pullRequest !== null,
    hasRunId: inputs.runPlans.some(({ runId }) => runId !== ''),
    isRequested,
  };
  return decideToSave(
    facts,
    results.map(({ gateResult }) => gateResult),
  );
}

/** Lists what is to be noticed about the runs, and the waivers and fields that have no effect; in sentences. */
function listNotices(
  results: readonly EntryResult[],
  { inputs, changesGate }: Step,
  isQuiet: boolean,
): string[] {
  const ofGate = changesGate
    ? ['This pull request changes the gate. The new gate applies after the merge.']
    : [];
  const ofRuns = results.flatMap(({ runState: { notices, runPlan } }) =>
    notices.map((notice) => joinPresent(': ', runPlan.entries[0]?.name, messages.describeNotice(notice))),
  );
  const ofInputs = [
    ...listUnusedWaivers(results),
    ...listUnknownFields(results, inputs?.itemUrl ?? '', isQuiet),
  ];
  const endings = results.flatMap(({ gateResult }) =>
    gateResult ? describeEndings(gateResult, inputs) : [],
  );
  // Entries of one run share its notices.
  return [...new Set([...ofGate, ...ofRuns, ...ofInputs.map(messages.describeNotice), ...endings])];
}

/** Lists the fields that no item has. With an empty field of `known_by` a finding is always new. */
function listUnknownFields(
  results: readonly EntryResult[],
  itemUrl: string,
  isQuiet: boolean,
): messages.StepNotice[] {
  const conditions = results.flatMap(({ gateResult }) => gateResult?.conditions ?? []);
  // With a `baseline` the next step says so.
  const uncompared = results.flatMap(({ gateResult }) =>
    gateResult?.baseline.code === 'none' ? gateResult.conditions : [],
  );
  const columns = results.flatMap(({ entry }) => [...entry.columns.values()].flat());
  const placeholders = Array.from(itemUrl.matchAll(PLACEHOLDER), ([, name = '']) => name);
  const ofItems = placeholders.filter((name) => !RUN_PLACEHOLDERS.includes(name));
  const lacks = (item: JsonValue, field: string) => valueAt(item, field) === undefined;
  const isEmpty = (item: JsonValue, field: string) => readFieldText(item, field) === null;
  const unknown = [
    ...uncompared.flatMap((one) => findUnknown('known_by', one.knownBy, [one], isEmpty)),
    ...findUnknown('columns', columns, conditions, lacks),
    ...findUnknown('item_url', ofItems, conditions, lacks),
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
  conditions: readonly ConditionResult[],
  lacks: (item: JsonValue, field: string) => boolean,
) {
  const rows = conditions.flatMap(({ findings, waived }) => [...findings, ...waived]);
  const [first, ...others] = rows.map(({ value }) => value).filter(isJsonObject);
  if (first === undefined) return [];
  const unknown = fields.filter((field) => [first, ...others].every((item) => lacks(item, field)));
  return unknown.map((field) => {
    const names = Object.keys(first).filter((name) => name !== field);
    return { input, field, nearest: findNearest(names, field) };
  });
}

/** Lists the waivers that match nothing in any run that shares them, if all conditions were evaluated. */
function listUnusedWaivers(results: readonly EntryResult[]): messages.StepNotice[] {
  const isWhole = results.every(({ gateResult }) => gateResult && isComplete(gateResult));
  const lists = isWhole ? Map.groupBy(results, ({ entry }) => entry.waivers) : [];
  return [...lists].flatMap(([waivers, sharing]) => {
    const positions = waivers.flatMap((_, at) =>
      sharing.every(({ gateResult }) => gateResult?.unusedWaivers.includes(at)) ? [at + 1] : [],
    );
    return positions.length > 0 ? [{ code: 'unused_waivers', positions }] : [];
  });
}

/** Returns the digests of all findings, which the comment remembers. */
export function listDigests(results: readonly EntryReport[]): string[] {
  return results
    .flatMap(({ conditions }) => conditions.flatMap((one) => one.findings.map(({ digest }) => digest)))
    .filter(Boolean);
}
