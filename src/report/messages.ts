/**
 * The words of findings, failures and notices: trusted sentences with `code` in backquotes, and foreign text only as JSON strings.
 * Only `reason` of a failure is untrusted. Pure.
 */
import type { Condition } from '../gate/condition.ts';
import type { Tally } from '../gate/evaluate.ts';
import { countFindings, countItems, isComplete, type ConditionResult } from '../gate/findings.ts';
import type { Remark } from '../gate/waivers.ts';
import type { CommentResult, Previous } from '../github/comment.ts';
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import type { ErrorCode, GithubFailure, RequestFailure } from '../outcome.ts';
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
  isBlank,
  joinPresent,
  lowerFirst,
} from '../text/format.ts';
import type { FixedIn } from './next-step.ts';
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

/** Returns "2 of 5 items: not compliant; condition met: nothing reviewed". */
export function describeFindings(results: readonly ConditionResult[]): string {
  return capitalise(results.map((one) => lowerFirst(describeFinding(one))).join('; '));
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
  const baseline = gates.map((gate) => gate?.baseline).find((one) => one?.code === 'usable');

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

export function describeRemark(remark: Remark): string {
  if (remark.code === 'waiver_ended') return `waiver ended on ${remark.until}`;
  return `the waiver accepts ${remark.count}, and ${remark.items} fit it`;
}

/** Returns "Alloovium reported: …"; empty: it says nothing. */
export function formatReported(who: string, text: string): string {
  return isBlank(text) ? '' : `${who} reported: ${text}`;
}

const REACH = 'check that the runner can reach the API (DNS, firewall, proxy)';
const API_URL = 'check `api_url`';
const SECRET = 'the secret that `api_key` reads';
const NEW_KEY = `create an API key in Alloovium and store it in ${SECRET}`;
const OWNER = 'ask the owner of the Alloovium account';
const REPORT = 'report it to Alloovium';

type FailureRow = readonly [what: string, fixedIn: FixedIn, remedy: string];

/** What happened, where it is fixed, and the remedy without its full stop; an empty remedy: waiting helps. */
export const FAILURES: Readonly<Record<ErrorCode, FailureRow>> = {
  no_connection: ['Cannot reach Alloovium', 'settings', REACH],
  unknown_host: ['DNS does not know the host of `api_url`', 'settings', REACH],
  certificate: [
    "The server's certificate is not trusted",
    'settings',
    'check the clock of the runner; behind a proxy with its own certificate authority, set `NODE_EXTRA_CA_CERTS` to a file with its certificate',
  ],
  connection_lost: ['The connection was lost', 'nowhere', ''],
  timeout: ['No complete answer came in time', 'nowhere', ''],
  redirected: ['The API answered with a redirect, which is never followed', 'workflow_file', API_URL],
  proxy_refused: [
    'The proxy refused the connection',
    'settings',
    "check the URL, user name and password in the runner's proxy variables",
  ],
  invalid_key: [
    'Alloovium rejected the API key',
    'settings',
    `copy the whole key (60 characters, \`ak_live_…\` or \`ak_test_…\`) into ${SECRET}`,
  ],
  key_revoked: ['The API key was revoked', 'settings', NEW_KEY],
  key_expired: ['The API key has expired', 'settings', NEW_KEY],
  account_disabled: ["The API key's account or user is disabled", 'alloovium', OWNER],
  payment_required: ['The Alloovium account has an unpaid bill or has used up its plan', 'alloovium', OWNER],
  missing_scopes: [
    'The API key lacks a scope',
    'settings',
    'give the API key the scopes `workflows:read` and `workflows:write`',
  ],
  forbidden: [
    'Alloovium denied access',
    'alloovium',
    "give the API key's user access to the workflow and the project",
  ],
  not_found: [
    'Alloovium workflow or project not found',
    'workflow_file',
    'copy `workflow_id` and `project_id` from the dashboard of the account that the API key belongs to',
  ],
  key_reused: [
    'The idempotency key was already used with other inputs',
    'workflow_file',
    'remove `idempotency_key`, or choose another',
  ],
  locked: ['An earlier request with the same idempotency key is still in progress', 'nowhere', ''],
  invalid_request: [
    'Alloovium rejected the request as invalid',
    'workflow_file',
    'check that `inputs` and `project_id` are what the Alloovium workflow declares, and that it is enabled',
  ],
  rate_limited: ['Rate limit reached', 'nowhere', ''],
  bucket_too_small: [
    "This API key's tier cannot start runs",
    'settings',
    'use a key of the standard tier or above',
  ],
  server_error: ['Alloovium had an internal error', 'nowhere', ''],
  unavailable: ['Alloovium, or a gateway in front of it, is not available', 'nowhere', ''],
  not_implemented: ['Alloovium does not support this request', 'workflow_file', API_URL],
  unreadable: ['The answer cannot be read', 'nowhere', ''],
  web_page: [
    'The server answered with a web page',
    'settings',
    'check whether a proxy asks for a sign-in; if so, let the runner through',
  ],
  too_large: [
    'The answer is over 8 MiB or 300,000 values',
    'alloovium',
    'make the Alloovium workflow return less',
  ],
  wrong_workflow: ['The API answered about a run of another Alloovium workflow', 'nowhere', REPORT],
  wrong_run: ['The API answered about another run', 'nowhere', REPORT],
  run_of_other_key: ['The API answered two starts with the same run', 'nowhere', REPORT],
  rejected: ['The API rejected the request', 'workflow_file', API_URL],
};

export interface RequestWords {
  /** "The API key was revoked (401)", without a full stop. */
  readonly what: string;
  /** A clause without a full stop; empty: trying again helps. */
  readonly remedy: string;
  readonly fixedIn: FixedIn;
  /** What the server or Node says. Untrusted; may be empty. */
  readonly reason: string;
}

/** @param projectId of the start */
export function describeRequestFailure(failure: RequestFailure, projectId?: string): RequestWords {
  const { code, status, apiCode, detail, requestId, missingScopes } = failure;
  const [what, fixedIn, remedy] = FAILURES[code];
  // Alloovium rejects a start without the project that its workflow reads, without naming the project.
  const lacksProject = projectId === '' && code === 'invalid_request';
  const says = joinPresent(' · ', detail, apiCode, ...missingScopes, requestId && `request ${requestId}`);
  return {
    what: what + inBrackets(String(status ?? '')),
    remedy: lacksProject
      ? 'set `project_id` if the Alloovium workflow reads a project, and check that `inputs` are what it declares'
      : remedy,
    fixedIn,
    reason: formatReported(status === null ? 'Node.js' : 'The server', says),
  };
}

const OWN_TOKEN = 'remove `github_token`, or check its value';

export const GITHUB_FAILURES: Readonly<Record<GithubFailure['code'], FailureRow>> = {
  no_token: ['`github_token` is empty', 'workflow_file', OWN_TOKEN],
  proxy_needs_newer_runner: [
    'This runner cannot use the proxy',
    'settings',
    'update the runner: the action needs its Node.js 24.14 or newer',
  ],
  proxy_invalid: ['A proxy variable of the runner contains no URL', 'settings', 'correct `HTTPS_PROXY`'],
  no_answer: ['GitHub gave no usable answer', 'nowhere', ''],
  rate_limited: ["GitHub's rate limit is reached", 'nowhere', ''],
  unauthorised: ['GitHub rejected `github_token`', 'workflow_file', OWN_TOKEN],
  forbidden: ['GitHub denied access', 'workflow_file', ''],
  not_found: ['Not found, or hidden from `github_token`', 'workflow_file', ''],
  rejected: ['GitHub rejected the request', 'nowhere', ''],
  out_of_time: ['No time was left', 'nowhere', ''],
};

/** @param permissions that the call takes, such as `pull-requests: write` */
export function describeGithubFailure(failure: GithubFailure, permissions: string): RequestWords {
  const { code, status, message } = failure;
  const [what, fixedIn, remedy] = GITHUB_FAILURES[code];
  const isMissing = code === 'forbidden' || code === 'not_found';
  return {
    what: what + inBrackets(String(status ?? '')),
    remedy: isMissing ? `add \`${permissions}\` to the job's permissions` : remedy,
    fixedIn,
    reason: formatReported('GitHub', message),
  };
}

function joinFailure(failure: GithubFailure, permissions: string): string {
  const { what, remedy } = describeGithubFailure(failure, permissions);
  return joinPresent('. ', what, quoteGithub(failure.message), capitalise(remedy));
}

/** Returns what GitHub reported, in one line; empty: nothing. */
export function quoteGithub(message: string): string {
  return isBlank(message) ? '' : `GitHub reported: ${JSON.stringify(message.slice(0, 200))}`;
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
