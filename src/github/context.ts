/** Where and why the job runs: repository, commit, attempt and pull request, from the environment and the event. */
import { StepError } from '../step-error.ts';
import { remedyOfEvent } from './event.ts';
import { at, numberAt, SHA, shaAt, textAt } from './read-field.ts';

export type Context = Readonly<ReturnType<typeof readContext>>;

/** Their payload has the pull request. */
const PULL_REQUEST_EVENTS: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
]);

/** The pull request of the step, by how it is known. */
export type StepPullRequest =
  /** The event is the pull request's. */
  | { readonly kind: 'of_event'; readonly number: number }
  /** `pull_request` names it on another event, and GitHub returned its head. */
  | { readonly kind: 'named'; readonly number: number; readonly isOpen: boolean }
  /** The event is a comment on it: until GitHub is asked, its head is not known. */
  | { readonly kind: 'commented'; readonly number: number }
  /** `reason`: the end of a sentence. */
  | { readonly kind: 'none'; readonly reason: string };

/**
 * @param event the parsed event payload; anything
 * @param eventFault why the payload could not be read, a predicate
 * @throws StepError where the environment lacks what every runner sets, or the event does not name the commit of its pull request
 * or workflow run: another commit would make another key, so that one intent launches, and bills, two runs
 */
export function readContext(environment: NodeJS.ProcessEnv, event: unknown, eventFault = '') {
  const required = (name: string, pattern: RegExp): string => {
    const value = environment[name] ?? '';
    if (pattern.test(value)) return value;
    throw new StepError(`${name} is missing or malformed`, 'Run this action on a GitHub Actions runner.');
  };
  const repository = required('GITHUB_REPOSITORY', /^[^/\s]+\/[^/\s]+$/);
  const sha = required('GITHUB_SHA', SHA);
  const jobRunId = required('GITHUB_RUN_ID', /^\d{1,20}$/);
  const attempt = Number(/^[1-9]\d{0,5}$/.exec(environment.GITHUB_RUN_ATTEMPT ?? '')?.[0] ?? 1);
  const { GITHUB_SERVER_URL: server = '', GITHUB_API_URL: apiUrl = '', GITHUB_REF: ref = '' } = environment;
  const eventName = /^[a-z_]{1,40}$/.exec(environment.GITHUB_EVENT_NAME ?? '')?.[0] ?? '';
  const { commit, isKeyedByCommit, head } = readCommit(eventName, event, sha, eventFault);
  const isWithheldFrom = PULL_REQUEST_EVENTS.has(eventName) && eventName !== 'pull_request_target';
  const jobRunUrl = `${server}/${repository}/actions/runs/${jobRunId}/attempts/${attempt}`;
  return {
    /** `owner/name` */
    repository,
    /** Full SHA of the commit under review: the pull request's head, not the merge commit, which changes when the base moves. */
    commit,
    /** The part of the default idempotency key that says when. Tonight's scheduled run must not join yesterday's. */
    keyScope: isKeyedByCommit ? commit : `${commit}-${jobRunId}`,
    /** GITHUB_EVENT_NAME, or empty where that is no event's name. */
    event: eventName,
    /** GITHUB_REF */
    ref,
    /** Full ref of the default branch; empty: not known. A schedule runs there only. The author of a pull request chooses its base. */
    defaultBranchRef:
      eventName === 'schedule' ? ref : branchRef(textAt(event, 'repository', 'default_branch')),
    /** Values that differ from job to job by nature: its commits, its full ref, and the ID of its job run. */
    own: withoutRepeats([commit, sha, ref.startsWith('refs/') ? ref : '', jobRunId]),
    /** GITHUB_RUN_ID */
    jobRunId,
    /** From 1. */
    attempt,
    /** `owner/name/.github/workflows/file.yml` of the workflow file, without its ref. */
    workflowPath: (environment.GITHUB_WORKFLOW_REF ?? '').replace(/@.*$/s, ''),
    /** The page of this job run's attempt on GitHub, or empty. */
    jobRunUrl: /^https?:\/\/\w[\w.:/-]{1,500}$/.test(jobRunUrl) ? jobRunUrl : '',
    apiUrl: apiUrl === '' ? 'https://api.github.com' : apiUrl,
    pullRequest: pullRequestOf(eventName, event, eventFault),
    /** Full SHA of the pull request's head, or of the earlier run on workflow_run; null: not known. */
    head,
    /** The event's repository is private: only those with access to it can read the logs. */
    isPrivate: at(event, 'repository', 'private') === true,
    /** GitHub gives the job no secrets: it is of a fork's pull request, or Dependabot started it. */
    secretsWithheld:
      (isWithheldFrom && isFork(event, repository)) ||
      ((isWithheldFrom || eventName === 'push') && environment.GITHUB_ACTOR === 'dependabot[bot]'),
  };
}

interface ReviewedCommit {
  readonly commit: string;
  /** The event is about the commit; false: it is about a moment, and one commit is reviewed more than once. */
  readonly isKeyedByCommit: boolean;
  readonly head: string | null;
}

/** @throws StepError where only the event names the commit, and does not */
function readCommit(eventName: string, event: unknown, sha: string, eventFault: string): ReviewedCommit {
  const found = (commit: string | null): string => {
    if (commit !== null) return commit;
    throw new StepError(
      `The event's file ${eventFault || 'names no commit'}: the action needs it for the commit of ${eventName}`,
      remedyOfEvent(eventFault),
    );
  };
  if (PULL_REQUEST_EVENTS.has(eventName)) {
    const head = found(shaAt(event, 'pull_request', 'head', 'sha'));
    return { commit: head, isKeyedByCommit: true, head };
  }
  switch (eventName) {
    case 'push':
      return { commit: sha, isKeyedByCommit: true, head: null };
    case 'merge_group':
      return { commit: shaAt(event, 'merge_group', 'head_sha') ?? sha, isKeyedByCommit: true, head: null };
    case 'workflow_run': {
      // It runs on the default branch and is about the commit of the earlier run.
      const isMissing = at(event, 'workflow_run') === undefined;
      const isOfCommit = ['push', 'pull_request'].includes(textAt(event, 'workflow_run', 'event'));
      const head = isMissing || isOfCommit ? found(shaAt(event, 'workflow_run', 'head_sha')) : null;
      return { commit: head ?? sha, isKeyedByCommit: false, head };
    }
    default:
      return { commit: sha, isKeyedByCommit: false, head: null };
  }
}

function pullRequestOf(eventName: string, event: unknown, eventFault: string): StepPullRequest {
  const none = (reason: string): StepPullRequest => ({ kind: 'none', reason });
  if (PULL_REQUEST_EVENTS.has(eventName)) {
    const number = numberAt(event, 'pull_request', 'number');
    return number === null ? none('the event payload names no pull request') : { kind: 'of_event', number };
  }
  switch (eventName) {
    case 'merge_group':
      return none('the event merge_group has no pull request');
    case 'workflow_run':
      return none('the event workflow_run does not say which pull request; name it by `pull_request`');
    case 'issue_comment': {
      if (eventFault !== '') return none(`the event's file ${eventFault}`);
      if (at(event, 'issue', 'pull_request') === undefined)
        return none('the comment of this event is on an issue, not on a pull request');
      const number = numberAt(event, 'issue', 'number');
      return number === null ? none(NOT_CHECKED) : { kind: 'commented', number };
    }
    default:
      return none(`the event ${eventName || 'here'} has no pull request; name one by \`pull_request\``);
  }
}

/** Why there is no comment where the head of the step's pull request is not known. */
export const NOT_CHECKED = 'the step ended before its pull request was checked';

/** The number of the pull request that the report is for; null: there is none, or it is closed. */
export function openPullRequest(pullRequest: StepPullRequest): number | null {
  switch (pullRequest.kind) {
    case 'of_event':
      return pullRequest.number;
    case 'named':
      return pullRequest.isOpen ? pullRequest.number : null;
    case 'commented':
    case 'none':
      return null;
  }
}

function branchRef(name: string): string {
  return name === '' ? '' : `refs/heads/${name}`;
}

function withoutRepeats(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

/**
 * The context of a step that names its pull request: key, report and comment are of the pull request's head, except on
 * workflow_run, where the commit of the earlier run stays under review.
 */
export function withPullRequest(
  context: Context,
  number: number,
  { head, isOpen }: { readonly head: string; readonly isOpen: boolean },
): Context {
  const isOfEarlierRun = context.event === 'workflow_run' && context.head !== null;
  const commit = isOfEarlierRun ? context.commit : head;
  return {
    ...context,
    commit,
    keyScope: `${commit}-${context.jobRunId}`,
    pullRequest: { kind: 'named', number, isOpen },
    head: commit,
    own: withoutRepeats([commit, ...context.own]),
  };
}

function isFork(event: unknown, repository: string): boolean {
  const repo = at(event, 'pull_request', 'head', 'repo');
  const from = textAt(repo, 'full_name');
  // The head repository of a deleted fork is null.
  return from === '' ? repo === null : from.toLowerCase() !== repository.toLowerCase();
}
