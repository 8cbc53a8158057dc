/**
 * The words of findings, failures and notices: trusted sentences with `code` in backquotes, and foreign text only as JSON strings.
 * Only `reason` of a failure is untrusted. Pure.
 */
import type { ErrorCode, RequestFailure } from '../api/errors.ts';
import type { BaselineState } from '../gate/baseline.ts';
import { countFindings, countItems, isComplete, type ConditionResult } from '../gate/findings.ts';
import type { SaveDecision } from '../gate/save.ts';
import type { Remark } from '../gate/waivers.ts';
import type { Condition, Tally } from '../gate/condition.ts';
import type { GithubFailure, GithubFailureCode } from '../github/octokit.ts';
import type { SaveResult } from '../github/artifact.ts';
import type { CommentResult, Previous } from '../github/comment.ts';
import type { EntryResult, Notice } from '../run/run-state.ts';
import type { Step } from '../step.ts';
import { truncate } from '../text/escape.ts';
import {
  capitalise,
  formatCounts,
  formatList,
  formatNumber,
  formatTime,
  inBrackets,
  isBlank,
  joinPresent,
} from '../text/format.ts';
import { describeProblem } from './problems.ts';

/** Returns "“not compliant”", or the expression as code. */
function nameOf({ name, expression }: Condition): string {
  return name === null ? `\`${truncate(expression, 60).replace(/[`"]/g, "'")}\`` : `“${name}”`;
}

/** Returns what a condition found: "60 of 212", "3", "true", "not true", "cannot be evaluated". */
function describeCount(result: ConditionResult): string {
  const { findings } = result;
  if (result.result === 'cannot_be_evaluated') return 'cannot be evaluated';
  const all = countItems(result);
  if (all !== null) return `${formatNumber(findings.length)} of ${formatNumber(all)}`;
  return findings.length > 0 ? formatNumber(findings.length) : result.result === 'met' ? 'true' : 'not true';
}

/** Describes a condition that fails or warns: "2 of 5 items “not compliant”", "1 new and 4 known “not compliant”". */
export function describeFinding(result: ConditionResult): string {
  const { condition, findings } = result;
  const name = nameOf(condition);
  if (result.result === 'cannot_be_evaluated') return `${name} cannot be evaluated`;
  if (findings.length === 0) return `${name} is true`;
  const counts = countFindings([result]);
  if (counts.known > 0) return `${formatCounts({ new: counts.new, known: counts.known }, ' and ')} ${name}`;
  return `${describeCount(result)} ${(countItems(result) ?? findings.length) === 1 ? 'item' : 'items'} ${name}`;
}

/** Returns "2 of 5 items “not compliant”; “nothing reviewed” is true". */
export function describeFindings(results: readonly ConditionResult[]): string {
  return capitalise(results.map(describeFinding).join('; '));
}

/** Returns "No findings (4 known, 1 waived)", or the warnings. */
export function describeGreen(results: readonly ConditionResult[]): string {
  const warned = results.filter(({ isWarning }) => isWarning);
  if (warned.length > 0) return `${describeFindings(warned)} (only a warning)`;
  if (results.every(({ condition }) => condition.severity === 'warn'))
    return 'Completed, no gate: green whatever was found';
  return `No findings${inBrackets(describeAccepted(results))}`;
}

/** Returns "4 known, 1 waived"; empty: neither. */
function describeAccepted(results: readonly ConditionResult[]): string {
  const { known, waived } = countFindings(results);
  return formatCounts({ known, waived });
}

/**
 * Describes the result of a condition: "not compliant: 0 of 5 (`status`: 3 compliant, 2 not applicable; 1 waived)".
 * @param escape for the texts of run and author
 */
export function describeResult(result: ConditionResult, escape: (text: string) => string): string {
  const { condition, tally } = result;
  const values = tally && formatTally(tally.field, tally.values, escape);
  const notes = joinPresent('; ', values, describeAccepted([result]));
  return `${escape(condition.name ?? nameOf(condition))}: ${describeCount(result)}${inBrackets(notes)}`;
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

/**
 * Counts what changed since the baseline, or else since the last comment: "since the baseline at `3f9c1ab`: 2 new, 4 known"; empty:
 * nothing was compared.
 * @param mark marks the count of new findings
 */
export function describeChanges(
  results: readonly EntryResult[],
  previous: Previous | null,
  mark = (count: string) => count,
): string {
  const gates = results.map(({ gateResult }) => gateResult);
  const state = gates.map((gate) => gate?.baseline).find((one) => one?.code === 'usable');
  const baseline = state?.baseline;
  const last = baseline ?? previous;
  if (last === null) return '';
  const conditions = gates.flatMap((gate) => gate?.conditions ?? []);
  const digests = conditions.flatMap((one) =>
    one.knownBy.length > 0 ? one.findings.map(({ digest }) => digest) : [],
  );
  const before = previous?.digests ?? new Set();
  const stayed = digests.filter((digest) => before.has(digest)).length;
  const isWhole = gates.every((gate) => gate && isComplete(gate));
  const left = isWhole ? before.difference(new Set(digests)).size : 0;
  const counted = countFindings(conditions.filter(({ isCompared }) => isCompared));
  const added = baseline ? counted.new : digests.length - stayed;
  const still = baseline ? counted.known : stayed;
  const gone = baseline ? counted.noLongerReported : left;
  const counts = joinPresent(
    ', ',
    mark(formatCounts({ new: added })) || (still > 0 && 'nothing new'),
    formatCounts({ [baseline ? 'known' : 'still open']: still, 'no longer reported': gone }),
  );
  const saved = baseline && joinPresent(' of ', 'the baseline', formatTime(baseline.savedAt));
  return counts && `since ${joinPresent(' at ', saved, `\`${last.commit.slice(0, 7)}\``)}: ${counts}`;
}

/** Returns what to do about findings; the run can try a condition. */
export function describeFix({
  deciding,
  runState,
}: {
  readonly deciding: readonly ConditionResult[];
  readonly runState: { readonly runId: string } | null;
}): string {
  return joinPresent(
    ', and ',
    deciding.some(({ problem }) => problem === null) && 'resolve the findings',
    deciding.some(({ problem }) => problem !== null) &&
      `correct the condition (\`run_id: ${runState?.runId}\` tries it without a launch) or what the Alloovium workflow writes`,
  );
}

export function describeRemark(remark: Remark): string {
  if (remark.code === 'waiver_ended') return `waiver ended on ${remark.until}`;
  return `the waiver accepts ${remark.count}, and ${remark.items} fit it`;
}

/** Returns "Alloovium reported: …"; empty: it says nothing. */
export function formatReported(who: string, text: string): string {
  return isBlank(text) ? '' : `${who} reported: ${text}`;
}

const REACH = 'Check that the runner can reach the API (DNS, firewall, proxy)';
const API_URL = 'Check `api_url`, and any proxy between the runner and the API';
const SECRET = 'the secret that `api_key` reads, such as `secrets.ALLOOVIUM_API_KEY`';
const NEW_KEY = `Create a key in the Alloovium dashboard, and store it as ${SECRET}`;
const OWNER = 'Ask the owner of the Alloovium account';
const REPORT = 'If it happens again, report it to Alloovium';

/** What happened, and the remedy without its full stop; an empty remedy: waiting helps. */
const FAILURES: Readonly<Record<ErrorCode, readonly [what: string, remedy: string]>> = {
  no_connection: ['Alloovium could not be reached', REACH],
  unknown_host: ['DNS does not know the host of `api_url`', REACH],
  certificate: [
    "the server's certificate was not accepted",
    'Check `api_url` and the clock of the runner. Behind a proxy with a certificate authority of its own, `NODE_EXTRA_CA_CERTS` must name a file that has it',
  ],
  connection_lost: ['the connection was lost', REACH],
  timeout: ['no complete answer came in time', REACH],
  redirected: ['the API answered with a redirect, which is never followed', API_URL],
  proxy_refused: [
    'the proxy refused the connection',
    'Check address, user name and password in the proxy variables of the runner',
  ],
  invalid_key: [
    'Alloovium does not know this API key',
    `Check ${SECRET}: it must hold all 60 characters of an Alloovium key, \`ak_live_…\` or \`ak_test_…\``,
  ],
  key_revoked: ['the API key was revoked', NEW_KEY],
  key_expired: ['the API key has expired', NEW_KEY],
  account_disabled: ['the account or user of the API key is disabled', OWNER],
  payment_required: ['the Alloovium account has an unpaid bill or a used-up plan', OWNER],
  missing_scopes: ['the API key lacks a scope', 'Give it the scopes `workflows:read` and `workflows:write`'],
  forbidden: ['access was denied', "Give the API key's user access to the workflow and the project"],
  not_found: [
    'not found, or not visible to the account of this API key',
    'Copy `workflow_id` and `project_id` from the dashboard; the API key must belong to the same account',
  ],
  key_reused: [
    'the idempotency key was already used with other inputs',
    'Leave out `idempotency_key`, or give another',
  ],
  locked: ['an earlier request with the same idempotency key is still being handled', ''],
  invalid_request: [
    'Alloovium rejected the request as invalid',
    'Check that `inputs` and `project_id` are what the Alloovium workflow declares, and that it is enabled',
  ],
  rate_limited: [
    'the API key has no rate-limit tokens left',
    'Start the jobs at different times, or use a key of a higher tier',
  ],
  bucket_too_small: [
    'this API key cannot start runs, since a start costs more rate-limit tokens than it can have',
    'Use a key of the standard tier or above',
  ],
  server_error: ['Alloovium had an internal error', REPORT],
  unavailable: ['the API, or a gateway in front of it, is not available', ''],
  not_implemented: ['Alloovium does not support this request', API_URL],
  unreadable: ['the answer cannot be read', API_URL],
  web_page: [
    'the server answered with a web page',
    'A proxy may ask for a sign-in: let the runner through. Else check `api_url`',
  ],
  too_large: ['the answer is over 8 MiB or 300,000 values', 'Let the Alloovium workflow write less'],
  wrong_workflow: ['the API answered about a run of another Alloovium workflow', REPORT],
  wrong_run: ['the API answered about another run', REPORT],
  run_of_other_key: ['the API answered two starts with the same run', REPORT],
  rejected: ['the API rejected the request', API_URL],
};

const GIVE_PROJECT =
  'Give `project_id` if the Alloovium workflow reads a project. Else check that `inputs` are what it declares';

export interface RequestWords {
  /** "the API key was revoked (401)": lower case, without a full stop. */
  readonly what: string;
  /** A sentence without its full stop; empty: trying again helps. */
  readonly remedy: string;
  /** What the server or Node says. Untrusted; may be empty. */
  readonly reason: string;
}

/** @param projectId of the launch */
export function describeRequestFailure(failure: RequestFailure, projectId?: string): RequestWords {
  const { code, status, apiCode, detail, requestId, missingScopes } = failure;
  const [what, remedy] = FAILURES[code];
  // Alloovium rejects a launch without the project that its workflow reads, without naming the project.
  const lacksProject = projectId === '' && code === 'invalid_request';
  const says = joinPresent(' · ', detail, apiCode, ...missingScopes, requestId && `request ${requestId}`);
  return {
    what: what + inBrackets(String(status ?? '')),
    remedy: lacksProject ? GIVE_PROJECT : remedy,
    reason: formatReported(status === null ? 'Node.js' : 'The server', says),
  };
}

const GIVE_TOKEN = 'Leave `github_token` out, or check its value';

const GITHUB_FAILURES: Readonly<Record<GithubFailureCode, readonly [what: string, remedy?: string]>> = {
  no_token: ['`github_token` is empty', GIVE_TOKEN],
  proxy_needs_newer_runner: [
    'this runner cannot use the proxy',
    'Update the runner: the action needs its Node.js 24.14 or newer',
  ],
  proxy_invalid: ['a proxy variable of the runner holds no address', 'Correct `HTTPS_PROXY`'],
  no_answer: ['GitHub gave no usable answer'],
  rate_limited: ["GitHub's rate limit lasts"],
  unauthorised: ['GitHub does not accept `github_token`', GIVE_TOKEN],
  forbidden: ['`github_token` is not allowed to do it'],
  not_found: ['GitHub does not find it, or does not show it to `github_token`'],
  rejected: ['GitHub rejected the request'],
  out_of_time: ['there was no time left for it'],
};

/** @param permissions that the call takes, such as `pull-requests: write` */
export function describeGithubFailure(failure: GithubFailure, permissions: string): RequestWords {
  const { code, status, message } = failure;
  const [what, remedy = ''] = GITHUB_FAILURES[code];
  const isMissing = code === 'forbidden' || code === 'not_found';
  return {
    what: what + inBrackets(String(status ?? '')),
    remedy: isMissing ? `Add \`${permissions}\` to the job's permissions` : remedy,
    reason: formatReported('GitHub', message),
  };
}

function joinFailure(failure: GithubFailure, permissions: string): string {
  const { what, remedy } = describeGithubFailure(failure, permissions);
  return joinPresent('. ', what, remedy);
}

/** Returns why every finding is new; empty: it is not so, or there is no `baseline`. */
export function describeBaseline(state: BaselineState): string {
  const why = whyNew(state);
  return why && `Every finding is new: ${why}.`;
}

function whyNew(state: BaselineState): string {
  switch (state.code) {
    case 'none':
    case 'usable':
      return '';
    case 'no_branch':
      return `there is no branch \`${state.branch}\``;
    case 'missing':
      return `\`${state.branch}\` has no baseline yet: run this GitHub workflow there by hand`;
    case 'expired':
      return `the baseline of ${state.savedAt.slice(0, 10)} has expired: run this GitHub workflow by hand on its branch`;
    case 'untrusted':
      return `the last baseline of \`${state.branch}\` does not count (${toWords(state.why)})`;
    case 'not_fetched':
      return `the baseline could not be fetched: ${joinFailure(state.failure, 'actions: read` and `contents: read')}`;
    default:
      return `the baseline cannot be used (${toWords(state.code)})`;
  }
}

/** Returns a code of the source as words: "commit not on branch". */
function toWords(code: string): string {
  return code.replaceAll('_', ' ');
}

/** Nobody needs to know of these. */
const SILENT = /^(?:save|no_baseline|enterprise_server|other_event|other_ref)$/;

/** Returns whether this review is the baseline from now on; empty: nobody needs to know. */
export function describeSaveDecision(
  decision: SaveDecision,
  { context, inputs }: Pick<Step, 'context' | 'inputs'>,
): string {
  if (decision === 'save' && context?.event === 'workflow_dispatch')
    return 'This run is the baseline from now on: pull requests are red only for what it does not have.';
  if (decision === 'failing')
    return `Not kept as the baseline: it is red. Run this GitHub workflow by hand on \`${inputs?.baseline}\` to accept what is there.`;
  return SILENT.test(decision) ? '' : `Not kept as the baseline (${toWords(decision)}).`;
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
  | { readonly code: 'saved'; readonly result: SaveResult }
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
    case 'saved':
      return `The baseline was not kept (${toWords(notice.result.code)}). The one before it stays.`;
    case 'comment':
      if (notice.result.code !== 'failed') return 'No comment: the pull request has a newer commit.';
      return `The comment was not written: ${joinFailure(notice.result.failure, 'pull-requests: write')}.`;
    case 'status':
      return `The commit status was not written: ${joinFailure(notice.failure, 'statuses: write')}. It stays \`pending\`: re-run the job to set it.`;
    case 'outputs_missing': {
      const names = notice.names.map((name) => `\`${name}\``);
      const why = 'Some step outputs are missing, since the action uses the name or there is no space';
      return `${joinPresent(': ', why, formatList(names, 5))}. \`outputs_file\` has them.`;
    }
  }
}
