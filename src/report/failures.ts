/** The words of a request that failed: trusted sentences. Only `reason` is untrusted. Pure. */
import type { ErrorCode, GithubFailure, RequestFailure } from '../outcome.ts';
import { capitalise, inBrackets, isBlank, joinPresent } from '../text/format.ts';
import type { FixedIn } from './next-step.ts';

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

/** Joins what happened, what GitHub said, and the remedy. */
export function joinFailure(failure: GithubFailure, permissions: string): string {
  const { what, remedy } = describeGithubFailure(failure, permissions);
  return joinPresent('. ', what, quoteGithub(failure.message), capitalise(remedy));
}

/** Returns what GitHub reported, in one line; empty: nothing. */
export function quoteGithub(message: string): string {
  return isBlank(message) ? '' : `GitHub reported: ${JSON.stringify(message.slice(0, 200))}`;
}
