/** Reads the context of the job from the environment and the event: repository, commit, attempt and pull request. */
import { StepError } from '../step-error.ts';
import { remedyOfEvent } from './event.ts';
import { readPath, readNumber, SHA, readSha, readText } from './read-field.ts';

export type Context = Readonly<ReturnType<typeof readContext>>;

/** Events whose payload contains the pull request. */
const PULL_REQUEST_EVENTS: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
]);

/** The pull request of the step, by how it was found. */
export type StepPullRequest =
  /** It is in the event's payload. */
  | { readonly kind: 'of_event'; readonly number: number }
  /** The input `pull_request` names it, and GitHub returned its head. */
  | { readonly kind: 'named'; readonly number: number; readonly isOpen: boolean }
  /** The event is a comment on it; its head is not known yet. */
  | { readonly kind: 'commented'; readonly number: number }
  /** There is none. `reason`: the end of a sentence. */
  | { readonly kind: 'none'; readonly reason: string };

/**
 * Reads the context.
 * @param event the parsed event payload; anything
 * @param eventFault why the payload could not be read, a predicate; empty: it was read
 * @throws StepError a variable that every runner sets is missing, or the event does not name the commit of its pull request or
 * workflow run: with another commit the key would differ, and one intent would launch, and bill, two runs
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
    /** Full SHA of the reviewed commit: the pull request's head, not the merge commit, which changes when the base moves. */
    commit,
    /** The part of the default idempotency key that names the occasion: tonight's scheduled run must not join yesterday's. */
    keyScope: isKeyedByCommit ? commit : `${commit}-${jobRunId}`,
    /** GITHUB_EVENT_NAME; empty: not the name of an event. */
    event: eventName,
    /** GITHUB_REF */
    ref,
    /** Full ref of the default branch; empty: not known. Schedules only run there. Not the base, which a pull request's author chooses. */
    defaultBranchRef:
      eventName === 'schedule' ? ref : toBranchRef(readText(event, 'repository', 'default_branch')),
    /** Values that differ between jobs: its commits, its full ref, and the ID of its job run. */
    jobValues: removeRepeats([commit, sha, ref.startsWith('refs/') ? ref : '', jobRunId]),
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
    /** The repository is private, so only people with access to it can read the logs. */
    isPrivate: readPath(event, 'repository', 'private') === true,
    /** GitHub gives the job no secrets, because it is for a fork's pull request, or Dependabot started it. */
    secretsWithheld:
      (isWithheldFrom && isFork(event, repository)) ||
      ((isWithheldFrom || eventName === 'push') && environment.GITHUB_ACTOR === 'dependabot[bot]'),
  };
}

interface ReviewedCommit {
  readonly commit: string;
  /** The event is about the commit. False: it is about a moment, so one commit may be reviewed several times. */
  readonly isKeyedByCommit: boolean;
  readonly head: string | null;
}

/** Returns the commit to review. @throws StepError only the event can name the commit, and it does not */
function readCommit(eventName: string, event: unknown, sha: string, eventFault: string): ReviewedCommit {
  const requireCommit = (commit: string | null): string => {
    if (commit !== null) return commit;
    throw new StepError(
      `The event's file ${eventFault || 'names no commit'}: the action needs it for the commit of ${eventName}`,
      remedyOfEvent(eventFault),
    );
  };
  if (PULL_REQUEST_EVENTS.has(eventName)) {
    const head = requireCommit(readSha(event, 'pull_request', 'head', 'sha'));
    return { commit: head, isKeyedByCommit: true, head };
  }
  switch (eventName) {
    case 'push':
      return { commit: sha, isKeyedByCommit: true, head: null };
    case 'merge_group':
      return { commit: readSha(event, 'merge_group', 'head_sha') ?? sha, isKeyedByCommit: true, head: null };
    case 'workflow_run': {
      // The job runs on the default branch, but is about the commit of the earlier run.
      const isMissing = readPath(event, 'workflow_run') === undefined;
      const isOfCommit = ['push', 'pull_request'].includes(readText(event, 'workflow_run', 'event'));
      const head = isMissing || isOfCommit ? requireCommit(readSha(event, 'workflow_run', 'head_sha')) : null;
      return { commit: head ?? sha, isKeyedByCommit: false, head };
    }
    default:
      return { commit: sha, isKeyedByCommit: false, head: null };
  }
}

/** Returns the pull request that the event names, or why there is none. */
function pullRequestOf(eventName: string, event: unknown, eventFault: string): StepPullRequest {
  const none = (reason: string): StepPullRequest => ({ kind: 'none', reason });
  if (PULL_REQUEST_EVENTS.has(eventName)) {
    const number = readNumber(event, 'pull_request', 'number');
    return number === null ? none('the event payload names no pull request') : { kind: 'of_event', number };
  }
  switch (eventName) {
    case 'merge_group':
      return none('the event merge_group has no pull request');
    case 'workflow_run':
      return none('the event workflow_run does not say which pull request; name it by `pull_request`');
    case 'issue_comment': {
      if (eventFault !== '') return none(`the event's file ${eventFault}`);
      if (readPath(event, 'issue', 'pull_request') === undefined)
        return none('the comment of this event is on an issue, not on a pull request');
      const number = readNumber(event, 'issue', 'number');
      return number === null ? none(NOT_CHECKED) : { kind: 'commented', number };
    }
    default:
      return none(`the event ${eventName || 'here'} has no pull request; name one by \`pull_request\``);
  }
}

/** Why there is no comment if the head of the step's pull request is not known. */
export const NOT_CHECKED = 'the step ended before its pull request was checked';

/** Returns the number of the pull request that the report is for; null: there is none, it is only commented on, or the one that `pull_request` names is closed. */
export function findOpenPullRequest(pullRequest: StepPullRequest): number | null {
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

/** Returns the full ref of a branch; empty for an empty name. */
function toBranchRef(name: string): string {
  return name === '' ? '' : `refs/heads/${name}`;
}

/** Removes repeated and empty texts. */
function removeRepeats(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

/**
 * Returns the context with the pull request that the step names: key, report and comment are for its head. On workflow_run the
 * commit of the earlier run stays under review.
 */
export function setPullRequest(
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
    jobValues: removeRepeats([commit, ...context.jobValues]),
  };
}

/** Does the pull request come from a fork? */
function isFork(event: unknown, repository: string): boolean {
  const repo = readPath(event, 'pull_request', 'head', 'repo');
  const from = readText(repo, 'full_name');
  // The head repository of a deleted fork is null.
  return from === '' ? repo === null : from.toLowerCase() !== repository.toLowerCase();
}
