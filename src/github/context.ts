/** Where and why the job runs: repository, commit, attempt and pull request, from the environment and the event. */
import { StepError } from '../step-error.ts';

export interface Context {
  /** `owner/name` */
  readonly repository: string;
  /** The commit that is judged: the pull request's head, not the merge commit, which changes when the base moves. */
  readonly commit: string;
  /** What a key's *when* is where the user gives none: the commit, or the commit and the job run. */
  readonly when: string;
  /** GITHUB_EVENT_NAME, or empty where that is no event's name. */
  readonly event: string;
  /** GITHUB_REF */
  readonly ref: string;
  /** The default branch, and the base of the pull request or queue: what was found there may be taken for known. */
  readonly baselineRefs: readonly string[];
  /** What differs from job to job by nature: its commit, ref, branch and numbers. */
  readonly own: readonly string[];
  /** GITHUB_RUN_ID */
  readonly jobRunId: string;
  /** From 1. */
  readonly attempt: number;
  /** `owner/name/.github/workflows/file.yml` of the workflow file, without its ref. */
  readonly workflowPath: string;
  /** The page of this job run's attempt on GitHub, or empty. */
  readonly jobRunUrl: string;
  /** GITHUB_API_URL */
  readonly apiUrl: string;
  /** The pull request to comment on, or why there is none. */
  readonly pullRequest: number | string;
  /** The commit at its head as the event has it; null: not known. */
  readonly head: string | null;
  /** The event says that only those may read the repository, and its logs, who were given it. */
  readonly isPrivate: boolean;
  /** GitHub gives the job no secrets: a pull request from a fork, or Dependabot's. */
  readonly secretsWithheld: boolean;
}

/** The environment is none that a runner makes. */
export class EnvironmentError extends StepError {
  constructor(name: string) {
    super(`${name} is missing or malformed`, 'Run this action on a GitHub Actions runner.');
  }
}

/** Launched under another key the same intent would be a second run, billed as well. */
export class UnknownCommitError extends StepError {
  constructor(fault: string) {
    super(
      `The event's file ${fault}, and only it tells the pull request's commit`,
      'Re-run the job; if it happens again, check that GITHUB_EVENT_PATH names the file that the runner writes.',
    );
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const OWN = ['GITHUB_REF', 'GITHUB_REF_NAME', 'GITHUB_HEAD_REF', 'GITHUB_RUN_ID', 'GITHUB_RUN_NUMBER'];
const EVENT = /^[a-z_]{1,40}$/;

/**
 * @param event the parsed event payload; anything, it is only looked at where it has the expected shape
 * @param eventFault why it could not be had, a predicate
 * @throws EnvironmentError where the environment lacks what every runner sets: without it keys could meet by accident
 * @throws UnknownCommitError
 */
export function readContext(environment: Environment, event: unknown, eventFault = ''): Context {
  const required = (name: string, pattern: RegExp): string => {
    const value = environment[name] ?? '';
    if (!pattern.test(value)) throw new EnvironmentError(name);
    return value;
  };
  const repository = required('GITHUB_REPOSITORY', /^[^/\s]+\/[^/\s]+$/);
  const sha = required('GITHUB_SHA', SHA);
  const jobRunId = required('GITHUB_RUN_ID', /^\d{1,20}$/);
  const eventName = environment.GITHUB_EVENT_NAME ?? '';
  const attempt = Number(/^[1-9]\d{0,5}$/.exec(environment.GITHUB_RUN_ATTEMPT ?? '')?.[0] ?? 1);
  const { GITHUB_SERVER_URL: server = '', GITHUB_API_URL: apiUrl = '' } = environment;

  const head = headCommit(eventName, event, sha);
  if (head === null && isPullRequest(eventName))
    throw new UnknownCommitError(eventFault || 'names no commit');
  // A workflow_run runs on the default branch; what it is about is the commit of the run before it.
  const ofRun = eventName === 'workflow_run' ? shaAt(event, 'workflow_run', 'head_sha') : null;
  const pullRequest = pullRequestOf(eventName, event);
  return {
    repository,
    commit: head ?? ofRun ?? sha,
    // Tonight's scheduled run must not be given yesterday's result.
    when: head ?? `${sha}-${jobRunId}`,
    event: EVENT.test(eventName) ? eventName : '',
    ref: environment.GITHUB_REF ?? '',
    baselineRefs: baselineRefs(eventName, event, environment.GITHUB_REF ?? ''),
    own: distinct([
      ...[head ?? sha, sha].flatMap((commit) => [commit, commit.slice(0, 7)]),
      ...OWN.map((name) => environment[name] ?? ''),
      typeof pullRequest === 'number' ? String(pullRequest) : '',
    ]),
    jobRunId,
    attempt,
    workflowPath: (environment.GITHUB_WORKFLOW_REF ?? '').replace(/@.*$/s, ''),
    jobRunUrl: URL.canParse(server)
      ? `${server}/${repository}/actions/runs/${jobRunId}/attempts/${attempt}`
      : '',
    apiUrl: apiUrl === '' ? 'https://api.github.com' : apiUrl,
    pullRequest,
    head: isPullRequest(eventName) ? head : ofRun,
    isPrivate: at(event, 'repository', 'private') === true,
    secretsWithheld: eventName === 'pull_request' && isFromOutside(event, repository),
  };
}

function isPullRequest(eventName: string): boolean {
  return eventName === 'pull_request' || eventName === 'pull_request_target';
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

function baselineRefs(eventName: string, event: unknown, ref: string): string[] {
  const refs = [
    // A schedule runs on the default branch alone.
    eventName === 'schedule' ? ref : branch(at(event, 'repository', 'default_branch')),
    isPullRequest(eventName) ? branch(at(event, 'pull_request', 'base', 'ref')) : '',
    eventName === 'merge_group' ? text(at(event, 'merge_group', 'base_ref')) : '',
  ];
  return refs.filter((one) => one !== '');
}

function branch(name: unknown): string {
  return typeof name === 'string' && name !== '' ? `refs/heads/${name}` : '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The commit that an event is about, or null where it is about a moment, or its payload is missing. */
function headCommit(eventName: string, event: unknown, sha: string): string | null {
  switch (eventName) {
    case 'push':
      return sha;
    case 'pull_request':
    case 'pull_request_target':
      return shaAt(event, 'pull_request', 'head', 'sha');
    case 'merge_group':
      return shaAt(event, 'merge_group', 'head_sha') ?? sha;
    default:
      return null;
  }
}

function pullRequestOf(eventName: string, event: unknown): number | string {
  const number = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null;
  const missing = 'the event payload names no pull request';
  switch (eventName) {
    case 'pull_request':
    case 'pull_request_target':
      return number(at(event, 'pull_request', 'number')) ?? missing;
    case 'workflow_run': {
      const list = at(event, 'workflow_run', 'pull_requests');
      // A pull request from our branch into a fork is listed too, by its number there.
      const here = at(event, 'repository', 'id');
      const own = Array.isArray(list)
        ? list.filter((one) => (at(one, 'base', 'repo', 'id') ?? here) === here)
        : [];
      if (own.length !== 1) return 'the workflow_run event does not name exactly one pull request here';
      return number(at(own[0], 'number')) ?? missing;
    }
    default:
      return `the event ${EVENT.test(eventName) ? eventName : 'here'} has no pull request`;
  }
}

function isFromOutside(event: unknown, repository: string): boolean {
  const head = at(event, 'pull_request', 'head');
  const from = at(head, 'repo', 'full_name');
  // The head repository of a deleted fork is null.
  const isFork =
    typeof from === 'string' ? from.toLowerCase() !== repository.toLowerCase() : at(head, 'repo') === null;
  return isFork || at(event, 'pull_request', 'user', 'login') === 'dependabot[bot]';
}

function shaAt(event: unknown, ...path: string[]): string | null {
  const value = at(event, ...path);
  return typeof value === 'string' && SHA.test(value) ? value : null;
}

function at(value: unknown, ...path: string[]): unknown {
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
