/** What the job and its event say: commit, key scope, pull request. */
import { readFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { Ended } from '../outcome.ts';
import { callGithub, type Github } from './octokit.ts';
import type { Environment } from './runner.ts';

export interface Context {
  /** `owner/name` */
  readonly repository: string;
  /** Full SHA of the reviewed commit: a pull request's head, not the merge commit. */
  readonly commit: string;
  /** The part of the idempotency key that says *when*: the commit, or commit and job run. */
  readonly keyScope: string;
  /** GITHUB_EVENT_NAME */
  readonly event: string;
  /** GITHUB_REF */
  readonly ref: string;
  readonly workflowRunId: string;
  /** From 1. */
  readonly attempt: number;
  /** `.github/workflows/file.yml`, without repository and ref; of a reusable workflow, the caller's. */
  readonly workflowFile: string;
  /** GITHUB_JOB and GITHUB_ACTION, for identities. */
  readonly job: string;
  readonly stepId: string;
  /** GITHUB_WORKFLOW: the workflow's name, for the default title. */
  readonly workflowName: string;
  /** The page of this job run's attempt on GitHub. */
  readonly workflowRunUrl: string;
  readonly serverUrl: string;
  readonly githubApiUrl: string;
  /** Empty: the event does not name it. */
  readonly defaultBranch: string;
  /** The commit that merges a pull request, or a group of them, into the default branch; empty: the event has none. */
  readonly mergeCommit: string;
  readonly isPrivate: boolean;
  /** GitHub gives the job no secrets: it is for a fork, or started by Dependabot. */
  readonly secretsWithheld: boolean;
  /** The head of the pull request is in another repository, whose people cannot re-run a job of this one. */
  readonly isFork: boolean;
  /** Somebody started the GitHub workflow with the input `save_baseline` checked. */
  readonly isSaveRequested: boolean;
  /** The login of whoever started this attempt. */
  readonly actor: string;
  /** Number of the pull request that the event names; null: it names none. */
  readonly namedPullRequest: number | null;
  /** With the full SHA of its head; null: there is none, or its head is not known: `resolvePullRequest` asks. */
  readonly pullRequest: { readonly number: number; readonly head: string } | null;
}

/** What is read of an event. */
export interface Payload {
  readonly pull_request?: {
    readonly number: number;
    readonly base?: { readonly ref: string };
    /** `repo` is null if the fork was deleted. */
    readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null };
  };
  readonly merge_group?: { readonly base_ref?: string };
  readonly workflow_run?: { readonly head_sha: string };
  readonly issue?: { readonly number: number; readonly pull_request?: unknown };
  readonly repository?: { readonly private: boolean; readonly default_branch?: string };
  /** Of `workflow_dispatch`. */
  readonly inputs?: { readonly save_baseline?: unknown } | null;
}

const MAX_READINGS = 11;
const REREAD_PAUSE_MS = 200;

/**
 * Reads the event's file, for 2 s at most: while steps run side by side the runner may be writing it.
 * @returns null: there is no file, or it cannot be read. @throws the signal's reason
 */
export async function readEvent(path: string, clock: Clock, signal: AbortSignal): Promise<Payload | null> {
  for (let reading = 1; reading <= MAX_READINGS; reading++) {
    if (reading > 1) await clock.sleep(REREAD_PAUSE_MS, signal);
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Payload;
    } catch {
      // The next reading may find the whole file.
    }
  }
  return null;
}

const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** @throws Ended the variable does not match; without a pattern it may be missing, as in old versions of GitHub's server */
function readVariable(environment: Environment, name: string, pattern = /^/): string {
  const value = environment[name] ?? '';
  if (pattern.test(value)) return value;
  throw new Ended({ kind: 'not_a_runner', variable: name });
}

/** @throws Ended a variable or the event's commit is missing: with another commit, one intent could start two runs */
export function readContext(environment: Environment, payload: Payload | null): Context {
  const read = (name: string, pattern?: RegExp) => readVariable(environment, name, pattern);
  const repository = read('GITHUB_REPOSITORY', /^[^/\s]+\/[^/\s]+$/);
  const workflowRunId = read('GITHUB_RUN_ID', /^\d{1,20}$/);
  const attempt = Number(read('GITHUB_RUN_ATTEMPT', /^[1-9]\d{0,5}$/));
  const serverUrl = read('GITHUB_SERVER_URL', /^https?:\/\/[^/]/);
  const event = read('GITHUB_EVENT_NAME');
  const occasion = readOccasion(event, repository, environment, payload);
  const { commit, isOfCommit, secretsWithheld, isFork, namedPullRequest, pullRequest } = occasion;
  const {
    repository: { default_branch: defaultBranch = '' } = {},
    pull_request,
    merge_group,
  } = payload ?? {};
  const base = pull_request?.base?.ref ?? merge_group?.base_ref?.replace('refs/heads/', '');
  // On `pull_request_target`, GITHUB_SHA is the base itself.
  const isMerge = base !== undefined && base === defaultBranch && event !== 'pull_request_target';
  return {
    repository,
    commit,
    keyScope: isOfCommit ? commit : `${commit}-${workflowRunId}`,
    event,
    ref: read('GITHUB_REF'),
    workflowRunId,
    attempt,
    // `octo-org/tower/.github/workflows/review.yml@refs/heads/main`
    workflowFile: read('GITHUB_WORKFLOW_REF').replace(/^[^/]+\/[^/]+\/|@.*$/gs, ''),
    job: read('GITHUB_JOB'),
    stepId: read('GITHUB_ACTION'),
    workflowName: read('GITHUB_WORKFLOW'),
    workflowRunUrl: `${serverUrl}/${repository}/actions/runs/${workflowRunId}/attempts/${attempt}`,
    serverUrl,
    githubApiUrl: read('GITHUB_API_URL', /^https?:\/\/[^/]/),
    defaultBranch,
    mergeCommit: isMerge ? read('GITHUB_SHA', SHA) : '',
    isPrivate: payload?.repository?.private === true,
    secretsWithheld,
    isFork,
    // A dispatch by the API or the CLI has the text, one by the button has it too.
    isSaveRequested: String(payload?.inputs?.save_baseline) === 'true',
    actor: read('GITHUB_TRIGGERING_ACTOR'),
    namedPullRequest,
    pullRequest,
  };
}

/**
 * @returns `isOfCommit`: the event is about the commit; false: about a moment, so one commit may be reviewed several times
 * @throws Ended only the event can tell the commit, and it does not
 */
function readOccasion(
  event: string,
  repository: string,
  environment: Environment,
  payload: Payload | null,
): Pick<Context, 'commit' | 'secretsWithheld' | 'isFork' | 'namedPullRequest' | 'pullRequest'> & {
  readonly isOfCommit: boolean;
} {
  const isDependabot = environment.GITHUB_ACTOR === 'dependabot[bot]';
  const occasion = {
    commit: readVariable(environment, 'GITHUB_SHA', SHA),
    isOfCommit: false,
    secretsWithheld: false,
    isFork: false,
    namedPullRequest: null,
    pullRequest: null,
  };
  const requireCommit = (commit = ''): string => {
    if (SHA.test(commit)) return commit;
    throw new Ended({ kind: 'no_commit' });
  };
  switch (event) {
    case 'push':
      return { ...occasion, isOfCommit: true, secretsWithheld: isDependabot };
    case 'merge_group':
      return { ...occasion, isOfCommit: true };
    case 'pull_request':
    case 'pull_request_target':
    case 'pull_request_review':
    case 'pull_request_review_comment': {
      const { number = null, head } = payload?.pull_request ?? {};
      const isFork = head?.repo?.full_name.toLowerCase() !== repository.toLowerCase();
      const commit = requireCommit(head?.sha);
      return {
        commit,
        isOfCommit: true,
        isFork,
        secretsWithheld: (isFork || isDependabot) && event !== 'pull_request_target',
        namedPullRequest: number,
        pullRequest: number === null ? null : { number, head: commit },
      };
    }
    case 'workflow_run':
      // The job runs on the default branch, but is about the commit of the run before it.
      return { ...occasion, commit: requireCommit(payload?.workflow_run?.head_sha) };
    case 'issue_comment':
      // It may be about a pull request, and so about another commit.
      if (payload === null) throw new Ended({ kind: 'no_commit' });
      return { ...occasion, namedPullRequest: payload.issue?.pull_request ? payload.issue.number : null };
    default:
      return occasion;
  }
}

/**
 * Returns the context of the pull request that the input `pull_request` or the event names, asking GitHub for its head where the
 * event does not have it. On workflow_run the commit of the run before stays under review.
 * @param given the input; null: the event's
 * @throws GithubFailure
 */
export async function resolvePullRequest(
  github: Github,
  context: Context,
  given: number | null,
): Promise<Context> {
  const { namedPullRequest, event, workflowRunId } = context;
  const number = given ?? namedPullRequest;
  if (number === null || context.pullRequest !== null) return context;
  const head = await callGithub(github, async (octokit, repository) => {
    const { data } = await octokit.rest.pulls.get({ ...repository, pull_number: number });
    if (!SHA.test(data.head.sha)) throw new Error('the pull request has no head');
    return data.head.sha;
  });
  const commit = event === 'workflow_run' ? context.commit : head;
  return { ...context, commit, keyScope: `${commit}-${workflowRunId}`, pullRequest: { number, head } };
}

/** Is the reviewed commit the head of its pull request, or without one? Otherwise it gets neither comment nor status. */
export function isAtHead({ commit, pullRequest }: Context): boolean {
  return pullRequest === null || pullRequest.head === commit;
}
