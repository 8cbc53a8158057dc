/** The state of the fake's one repository: its pull requests, comments, artifacts, workflow runs, branches and commit statuses. */

/** The simulated runner's events state the same. */
export const REPOSITORY_ID = 987_654_321;

export interface User {
  /** As in REST: an app's login ends with `[bot]`. */
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
}

/** The author of comments written with a job's GITHUB_TOKEN; the id is the real one. */
export const ACTIONS_BOT: User = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' };

export interface PullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly locked: boolean;
  /** The commit at its head; default: the one in the simulated runner's events. */
  readonly head?: string;
}

/** The commit at a pull request's head in the simulated runner's events. */
export const HEAD = '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2';

export interface Comment {
  readonly id: number;
  readonly pullRequest: number;
  /** null: the account is deleted. */
  readonly user: User | null;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface WorkflowRun {
  readonly id: number;
  /** Default `push`. */
  readonly event?: string;
  /** The workflow file; GitHub may add `@ref`. */
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string;
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly expired?: boolean;
  /** Default: the SHA-256 of the content; null: GitHub states none. */
  readonly digest?: string | null;
  /** The run that uploaded it; null: GitHub states none. */
  readonly run: (Omit<WorkflowRun, 'path' | 'event'> & { readonly headRepositoryId?: number }) | null;
  /** The attempt of that run; default 1. */
  readonly attempt?: number;
  /** Default: the length of the content. */
  readonly sizeInBytes?: number;
}

/** An artifact to upload; default ID: the next one. */
export type NewArtifact = Omit<Artifact, 'id'> & { readonly id?: number };

export interface CommitStatus {
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
}

export interface RepositoryOptions {
  /** With the base path, without a final slash. */
  readonly apiUrl: string;
  /** `owner/name` */
  readonly fullName: string;
  readonly pullRequests: readonly PullRequest[];
  /** In the order of GitHub's list, which is not chronological. */
  readonly artifacts?: readonly Artifact[];
  readonly runs?: readonly WorkflowRun[];
  /** The commits of each branch, the newest last. */
  readonly branches?: Readonly<Record<string, readonly string[]>>;
}

export type Repository = ReturnType<typeof createRepository>;

export function createRepository({ apiUrl, fullName, ...initial }: RepositoryOptions) {
  const pullRequests = new Map(initial.pullRequests.map((pull) => [pull.number, pull]));
  const comments = new Map<number, Comment>();
  const artifacts = [...(initial.artifacts ?? [])];
  const runs = [...(initial.runs ?? [])];
  const branches = new Map(Object.entries(initial.branches ?? {}));
  const statuses: CommitStatus[] = [];
  let lastCommentId = 3_000_000_000;

  return {
    apiUrl,
    fullName,
    /** The start of the address of its calls. */
    url: `${apiUrl}/repos/${fullName}`,
    pullRequests,
    comments,
    artifacts,
    runs,
    branches,
    statuses,
    setHead: (number: number, head: string): void => {
      const pull = pullRequests.get(number);
      if (pull !== undefined) pullRequests.set(number, { ...pull, head });
    },
    /** In the order of their ids. */
    listComments: (): Comment[] => [...comments.values()].sort((a, b) => a.id - b.id),
    addComment: (pullRequest: number, user: User | null, body: string): Comment => {
      const now = new Date().toISOString();
      const comment = { id: ++lastCommentId, pullRequest, user, body, createdAt: now, updatedAt: now };
      comments.set(comment.id, comment);
      return comment;
    },
    editComment: (comment: Comment, body: string): Comment => {
      const edited = { ...comment, body, updatedAt: new Date().toISOString() };
      comments.set(edited.id, edited);
      return edited;
    },
    addRun: (run: WorkflowRun): void => void runs.unshift(run),
    pushToBranch: (branch: string, commit: string): void => void branches.set(branch, [...(branches.get(branch) ?? []), commit]),
    /** A second artifact of one name conflicts (409) in the same attempt of a run only. */
    uploadArtifact: ({ id, ...artifact }: NewArtifact): 'stored' | 'conflict' => {
      const { name, run, attempt = 1 } = artifact;
      const isTaken = artifacts.some((one) => one.name === name && one.run?.id === run?.id && (one.attempt ?? 1) === attempt);
      if (isTaken) return 'conflict';
      artifacts.unshift({ ...artifact, id: id ?? Math.max(0, ...artifacts.map((one) => one.id)) + 1 });
      return 'stored';
    },
  };
}
