/** Where and why the job runs: repository, commit, attempt and pull request, from the environment and the event. */
import { StepError } from '../step-error.ts';
import { remedyOfEvent } from './event.ts';
import { at, numberAt, SHA, shaAt, textAt } from './fields.ts';

export type Context = Readonly<ReturnType<typeof readContext>>;

/** Their payload has the pull request. */
const PULL_REQUEST_EVENTS: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
]);

/**
 * @param event the parsed event payload; anything
 * @param eventFault why it could not be had, a predicate
 * @throws StepError where the environment lacks what every runner sets, or nothing tells the pull request's commit: without them
 * keys could meet by accident, or the same intent be launched under another key, as a second run that is billed
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
  const isPullRequest = PULL_REQUEST_EVENTS.has(eventName);

  const head = isPullRequest
    ? shaAt(event, 'pull_request', 'head', 'sha')
    : eventName === 'merge_group'
      ? (shaAt(event, 'merge_group', 'head_sha') ?? sha)
      : eventName === 'push'
        ? sha
        : null;
  // A workflow_run runs on the default branch; what it is about is the commit of the run before it.
  const isOfCommit =
    eventName === 'workflow_run' && ['push', 'pull_request'].includes(textAt(event, 'workflow_run', 'event'));
  const ofRun = isOfCommit ? shaAt(event, 'workflow_run', 'head_sha') : null;
  const isUnread = eventName === 'workflow_run' && at(event, 'workflow_run') === undefined;
  if ((isPullRequest && head === null) || (isOfCommit && ofRun === null) || isUnread)
    throw new StepError(
      `The event's file ${eventFault || 'names no commit'}, and only it names the commit of ${eventName}`,
      remedyOfEvent(eventFault),
    );
  const commit = head ?? ofRun ?? sha;
  const pullRequest = isPullRequest
    ? (numberAt(event, 'pull_request', 'number') ?? UNNAMED)
    : whyNoPullRequest(eventName, event, eventFault);
  const isWithheldFrom = isPullRequest && eventName !== 'pull_request_target';
  const jobRunUrl = `${server}/${repository}/actions/runs/${jobRunId}/attempts/${attempt}`;
  return {
    /** `owner/name` */
    repository,
    /** The commit that is judged: the pull request's head, not the merge commit, which changes when the base moves. */
    commit,
    /** What a key's *when* is where the user gives none. Tonight's scheduled run must not be given yesterday's result. */
    keyScope: head ?? `${commit}-${jobRunId}`,
    /** GITHUB_EVENT_NAME, or empty where that is no event's name. */
    event: eventName,
    /** GITHUB_REF */
    ref,
    /** Of the default branch; empty: not known. A schedule runs there alone. A pull request's base is its author's choice. */
    defaultBranchRef:
      eventName === 'schedule' ? ref : branchRef(textAt(event, 'repository', 'default_branch')),
    /** Values that differ from job to job by nature: its commits, its ref written out, and the ID of its job run. */
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
    /** The pull request to comment on, or why there is none. */
    pullRequest,
    /** It was named by its number, on an event that is not its own. */
    isPullRequestNamed: false,
    /** The pull request that a comment was written on; null: the event is no comment of one. */
    commentedPullRequest:
      eventName === 'issue_comment' && at(event, 'issue', 'pull_request') !== undefined
        ? numberAt(event, 'issue', 'number')
        : null,
    /** The commit is that of the run before this one, whatever pull request is named. */
    isOfEarlierRun: ofRun !== null,
    /** The commit at its head as the event has it; null: not known. */
    head: isPullRequest ? head : ofRun,
    /** The event says that only those may read the repository, and its logs, who were given it. */
    isPrivate: at(event, 'repository', 'private') === true,
    /** GitHub gives the job no secrets: it is of a fork's pull request, or Dependabot has started it. */
    secretsWithheld:
      (isWithheldFrom && isFork(event, repository)) ||
      ((isWithheldFrom || eventName === 'push') && environment.GITHUB_ACTOR === 'dependabot[bot]'),
  };
}

function branchRef(name: string): string {
  return name === '' ? '' : `refs/heads/${name}`;
}

function withoutRepeats(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

const UNNAMED = 'the event payload names no pull request';

/** Nothing is known of the pull request that the step names. */
export const NOT_CHECKED = 'the step ended before its pull request was checked';

/** The end of a sentence. */
function whyNoPullRequest(eventName: string, event: unknown, eventFault: string): string {
  switch (eventName) {
    case 'merge_group':
      return 'the event merge_group has no pull request';
    case 'workflow_run':
      return 'on workflow_run the pull request is not read from the event; name it by `pull_request`';
    case 'issue_comment':
      if (eventFault !== '') return `the event's file ${eventFault}`;
      return at(event, 'issue', 'pull_request') === undefined
        ? 'the comment of this event is on an issue, not on a pull request'
        : NOT_CHECKED;
    default:
      return `the event ${eventName || 'here'} has no pull request; name one by \`pull_request\``;
  }
}

/**
 * The context of a step that names its pull request: report, key and comment are of the commit at its head, but on a workflow_run,
 * whose commit is known.
 */
export function withPullRequest(
  context: Context,
  number: number,
  { head, isOpen }: { readonly head: string; readonly isOpen: boolean },
): Context {
  const commit = context.isOfEarlierRun ? context.commit : head;
  return {
    ...context,
    commit,
    keyScope: `${commit}-${context.jobRunId}`,
    pullRequest: isOpen ? number : `pull request #${number} is closed`,
    isPullRequestNamed: true,
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
