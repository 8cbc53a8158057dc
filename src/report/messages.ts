/** The words of findings and notices: trusted sentences with `code` in backquotes, and foreign text only as JSON strings. Pure. */
import type { BaselineState } from '../baseline.ts';
import type { Condition } from '../gate/condition.ts';
import type { Tally } from '../gate/evaluate.ts';
import type { Comparison } from '../gate/compare.ts';
import { countFindings, countItems, isComplete, type ConditionResult } from '../gate/findings.ts';
import type { Remark } from '../gate/waivers.ts';
import type { CommentResult, Previous } from '../github/comment.ts';
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import type { GithubFailure } from '../outcome.ts';
import type { EntryResult, Notice } from '../run/run-state.ts';
import { truncate } from '../text/escape.ts';
import {
  capitalise,
  formatCount,
  formatCounts,
  formatList,
  formatNumber,
  formatTime,
  inBrackets,
  joinPresent,
  lowerFirst,
} from '../text/format.ts';
import { joinFailure } from './failures.ts';
import { describeProblem } from './problems.ts';

/** Returns "“not compliant”", or the expression as code. */
export function nameOf({ name, expression }: Condition): string {
  return name === null ? `\`${truncate(expression, 60).replace(/[`"]/g, "'")}\`` : `“${name}”`;
}

/** Returns what a condition found: "60 of 212 items", "3 items", "met", "not met", "cannot be evaluated". */
function describeCount(result: ConditionResult): string {
  const { findings } = result;
  if (result.result === 'cannot_be_evaluated') return 'cannot be evaluated';
  const all = countItems(result);
  if (all !== null) return `${formatNumber(findings.length)} of ${formatCount(all, 'item')}`;
  if (findings.length > 0) return formatCount(findings.length, 'item');
  return result.result === 'met' ? 'met' : 'not met';
}

/** Describes a condition that fails or warns: "2 of 5 items: not compliant", "1 new, 4 known: not compliant". */
export function describeFinding(result: ConditionResult): string {
  const { condition, findings } = result;
  const name = labelOf(result);
  if (result.result === 'cannot_be_evaluated') return `Error in condition ${nameOf(condition)}`;
  if (findings.length === 0) return `Condition met: ${name}`;
  const counts = countFindings([result]);
  if (counts.known > 0) return `${formatCounts({ new: counts.new, known: counts.known })}: ${name}`;
  return `${describeCount(result)}: ${name}`;
}

/** Conditions in a headline. */
const MAX_NAMED = 5;

/** Returns "2 of 5 items: not compliant; condition met: nothing reviewed". */
export function describeFindings(results: readonly ConditionResult[]): string {
  const shown = results.slice(0, MAX_NAMED).map((one) => lowerFirst(describeFinding(one)));
  const more = results.length - shown.length;
  return capitalise(joinPresent('; ', ...shown, more > 0 && formatCount(more, 'more condition')));
}

/** Returns "No findings in 5 items", "No new findings (4 known, 1 waived)", or the warnings. */
export function describePass(results: readonly ConditionResult[], outputs?: JsonValue): string {
  const warned = results.filter(({ isWarning }) => isWarning);
  if (warned.length > 0) return describeFindings(warned);
  const gate = results.filter(({ condition }) => condition.severity === 'fail');
  if (gate.length === 0) {
    const lists = isJsonObject(outputs) ? Object.values(outputs).filter(isList) : [];
    const [list] = lists.length === 1 ? lists : [];
    return list ? `${formatCount(list.length, 'item')} reviewed, not gated` : 'Reviewed, not gated';
  }
  const accepted = describeAccepted(results);
  if (accepted !== '') return `No new findings${inBrackets(accepted)}`;
  // Conditions over one list count the same items.
  const counts = new Set(gate.map(countItems).filter((count) => count !== null));
  const [all] = counts.size === 1 ? counts : [];
  return all === 0
    ? 'No items reviewed'
    : joinPresent(' in ', 'No findings', all && formatCount(all, 'item'));
}

/** Returns "4 known, 1 waived"; empty: neither. */
function describeAccepted(results: readonly ConditionResult[]): string {
  const { known, waived } = countFindings(results);
  return formatCounts({ known, waived });
}

/** Describes the result of a condition: "2 of 5 items (1 known)". */
export function describeResult(result: ConditionResult): string {
  return describeCount(result) + inBrackets(describeAccepted([result]));
}

/** Returns the name of a condition, or its expression as code. */
export function labelOf({ condition }: ConditionResult): string {
  return condition.name ?? nameOf(condition);
}

/** Returns "`status`: 3 compliant, 2 not applicable". */
export function formatTally(
  field: string,
  values: Tally['values'],
  escape: (text: string) => string,
): string {
  const counts = values.map(([text, count]) => `${formatNumber(count)} ${escape(text)}`);
  return joinPresent(': ', escape(`\`${field}\``), counts.join(', '));
}

/** Returns why a condition cannot be evaluated, and what to write; empty: it was. */
export function describeCause({ problem }: ConditionResult): string {
  if (problem === null) return '';
  const { what, fix } = describeProblem(problem);
  return `${what}; ${fix}`;
}

type UsableBaseline = Extract<BaselineState, { readonly code: 'usable' }>;

/** Returns "2 no longer reported since the baseline of … at `3f9c1ab`": the headline has the other counts. Empty: nothing was compared. */
function describeBaseline(
  { commit, savedAt }: UsableBaseline,
  conditions: readonly ConditionResult[],
): string {
  const compared = conditions.filter(({ isCompared }) => isCompared);
  const gone = formatCounts({ 'no longer reported since': countFindings(compared).noLongerReported });
  const name = joinPresent(' of ', 'the baseline', formatTime(savedAt));
  return compared.length > 0 ? `${gone || 'compared with'} ${name} at \`${commit.slice(0, 7)}\`` : '';
}

/**
 * Says what changed since the baseline, or else since the last comment: "since `3f9c1ab`: 2 new, 4 still open"; empty: nothing was
 * compared.
 */
export function describeChanges(results: readonly EntryResult[], previous: Previous | null): string {
  const gates = results.map(({ gateResult }) => gateResult);
  const conditions = gates.flatMap((gate) => gate?.conditions ?? []);
  const usable = gates.map((gate) => gate?.baseline).find((one) => one?.code === 'usable');
  if (usable) return describeBaseline(usable, conditions);
  if (previous === null) return '';
  const digests = conditions.flatMap((one) =>
    one.knownBy.length > 0 ? one.findings.map(({ digest }) => digest) : [],
  );
  const before = previous.digests;
  const stayed = digests.filter((digest) => before.has(digest)).length;
  const isWhole = gates.every((gate) => gate && isComplete(gate));
  const gone = isWhole ? before.difference(new Set(digests)).size : 0;
  const fresh = formatCounts({ new: digests.length - stayed }) || (stayed > 0 && 'nothing new');
  const counts = joinPresent(', ', fresh, formatCounts({ 'still open': stayed, 'no longer reported': gone }));
  return counts && `since \`${previous.commit.slice(0, 7)}\`: ${counts}`;
}

/** Returns "also found by `run_1`: 2 of 2", and what only that run found; empty: there is nothing to compare. */
export function describeComparison({ found, both, missing }: Comparison, runId: string): string {
  const count = missing.length;
  return joinPresent(
    '; ',
    found > 0 && `also found by \`${runId}\`: ${both} of ${formatNumber(found)}`,
    count > 0 && `\`${runId}\` found ${formatCount(count, 'item')} that this run did not`,
  );
}

export function describeRemark(remark: Remark): string {
  if (remark.code === 'waiver_ended') return `waiver ended on ${remark.until}`;
  return `the waiver accepts ${remark.count}, and ${remark.items} fit it`;
}

/** A line for log and report: a code with its values. */
export type StepNotice =
  | Notice
  /** A field that no item has. `nearest`: a key of the run, untrusted. */
  | {
      readonly code: 'unknown_field';
      readonly input: string;
      readonly field: string;
      readonly nearest: string | undefined;
    }
  /** From 1. */
  | { readonly code: 'unused_waivers'; readonly positions: readonly number[] }
  | { readonly code: 'comment'; readonly result: CommentResult }
  /** The commit status at the end. */
  | { readonly code: 'status'; readonly failure: GithubFailure }
  /** Names of step outputs, `A-Z a-z 0-9 _ -`, or none. */
  | { readonly code: 'outputs_missing'; readonly names: readonly string[] };

/** Returns whole sentences. */
export function describeNotice(notice: StepNotice): string {
  switch (notice.code) {
    case 'secret_in_answer':
      return 'An answer of the API contained a secret of this job, which is shown as ***.';
    case 'unknown_status':
      return `This version of the action does not know the status ${JSON.stringify(notice.status)}, and waits: look at the run in the Alloovium dashboard.`;
    case 'maybe_another_run':
      return `An earlier attempt to start this run may have started another one (key \`${notice.key}\`): look for it in Alloovium.`;
    case 'unknown_field': {
      const instead = notice.nearest ? `, but ${JSON.stringify(notice.nearest)}` : '';
      return `\`${notice.input}\`: nothing found has a field \`${notice.field}\`${instead}.`;
    }
    case 'unused_waivers':
      return `These waivers match nothing: ${formatList(notice.positions.map(String), 10)}, counted from 1. Delete them, or check that their values are whole.`;
    case 'comment':
      if (notice.result.code !== 'failed')
        return `No comment: ${notice.result.code === 'outdated' ? 'the pull request has a newer commit' : 'a step that started later has reported'}.`;
      return `The comment was not written: ${joinFailure(notice.result.failure, 'pull-requests: write')}.`;
    case 'status':
      return `The commit status was not written: ${joinFailure(notice.failure, 'statuses: write')}. It stays \`pending\` until this job is re-run.`;
    case 'outputs_missing': {
      const names = notice.names.map((name) => `\`${name}\``);
      const why = 'Some step outputs are missing, since the action uses the name or there is no space';
      return `${joinPresent(': ', why, formatList(names, 5))}. \`outputs_file\` has them.`;
    }
  }
}
