/**
 * A repository's Actions data, for the calls of `baseline` and `commit_status`: artifacts and the store that they are downloaded
 * from, workflow runs, branches and commit statuses. Its answers follow GitHub's OpenAPI description.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { takeSentTime } from './simulator-clock.ts';
import type { Answer } from './github.ts';
import { minimalValue } from './github-minimal-values.ts';

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

/** One request to the store behind the redirect. */
export interface Download {
  readonly artifactId: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface CommitStatus {
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
}

export interface ActionsOptions {
  /** In the order of GitHub's list, which is not chronological. */
  readonly artifacts?: readonly Artifact[];
  readonly runs?: readonly WorkflowRun[];
  /** The commits of each branch, the newest last. */
  readonly branches?: Readonly<Record<string, readonly string[]>>;
  /** How the store answers each download; the last entry repeats. Default: with the content. */
  readonly store?: readonly StoreFault[];
  /** Where the download redirects to, in place of the store. */
  readonly redirectTo?: string;
}

/** `cut`: half of the body; `stall`: no answer; `redirect`: to another address; a number: that status. */
export type StoreFault = 'ok' | 'cut' | 'stall' | 'redirect' | number;

const REPOSITORY_ID = 987_654_321;
/** Characters of a description, as GitHub counts them. */
const MAX_DESCRIPTION = 140;
const STATES = ['error', 'failure', 'pending', 'success'];

const problem = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

/** @param home `https://api…/repos/owner/name` */
export async function startActions(home: string, options: ActionsOptions = {}) {
  const { store = [] } = options;
  const artifacts = [...(options.artifacts ?? [])];
  const runs = [...(options.runs ?? [])];
  const branches = new Map(Object.entries(options.branches ?? {}));
  const downloads: Download[] = [];
  const statuses: CommitStatus[] = [];

  // The store has another host than the API, as GitHub's does.
  const server = createServer((request, response) => {
    const id = Number(/\/(\d+)\b/.exec(request.url ?? '')?.[1]);
    const fault = store[Math.min(downloads.length, store.length - 1)] ?? 'ok';
    takeSentTime(request);
    downloads.push({ artifactId: id, headers: request.headers });
    const content = Buffer.from(artifacts.find((one) => one.id === id)?.content ?? '');
    if (fault === 'stall') return;
    if (typeof fault === 'number') response.writeHead(fault).end();
    else if (fault === 'redirect') response.writeHead(302, { location: 'http://localhost:9/again' }).end();
    else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': content.length });
      if (fault === 'cut')
        response.write(content.subarray(0, content.length / 2), () => request.socket.destroy());
      else response.end(content);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const storeUrl = `http://localhost:${(server.address() as AddressInfo).port}`;

  function showArtifact({ id, name, content, expired = false, run, ...given }: Artifact) {
    const bytes = Buffer.from(content);
    const digest =
      given.digest === undefined
        ? `sha256:${createHash('sha256').update(bytes).digest('hex')}`
        : given.digest;
    const url = `${home}/actions/artifacts/${id}`;
    return {
      ...minimalValue('artifact'),
      id,
      name,
      size_in_bytes: given.sizeInBytes ?? bytes.length,
      url,
      archive_download_url: `${url}/zip`,
      expired,
      digest,
      workflow_run: run && {
        id: run.id,
        repository_id: REPOSITORY_ID,
        head_repository_id: run.headRepositoryId ?? REPOSITORY_ID,
        head_branch: run.headBranch,
        head_sha: run.headSha,
      },
    };
  }

  function listArtifacts(query: URLSearchParams): Answer {
    const perPage = Math.min(Math.max(Number(query.get('per_page') ?? 30), 1), 100);
    const page = Math.max(Number(query.get('page') ?? 1), 1);
    const name = query.get('name');
    const all = artifacts.filter((one) => name === null || one.name === name);
    const last = Math.max(Math.ceil(all.length / perPage), 1);
    const next = `<${home}/actions/artifacts?per_page=${perPage}&page=${page + 1}>; rel="next"`;
    return {
      status: 200,
      headers: page < last ? { link: next } : {},
      body: {
        total_count: all.length,
        artifacts: all.slice((page - 1) * perPage, page * perPage).map(showArtifact),
      },
    };
  }

  function download(id: number): Answer {
    const artifact = artifacts.find((one) => one.id === id);
    if (artifact === undefined) return problem(404, 'Not Found');
    if (artifact.expired === true) return problem(410, 'Artifact has expired');
    const location = options.redirectTo ?? `${storeUrl}/artifacts/${id}/content?sig=${downloads.length}`;
    return { status: 302, headers: { location } };
  }

  function showRun(id: number): Answer {
    const run = runs.find((one) => one.id === id);
    if (run === undefined) return problem(404, 'Not Found');
    const { event = 'push', path, headBranch, headSha } = run;
    const shown = { id, event, path, head_branch: headBranch, head_sha: headSha };
    return { status: 200, body: { ...minimalValue('workflow-run'), ...shown } };
  }

  function showRef(ref: string): Answer {
    const name = /^heads\/(.+)$/.exec(ref)?.[1] ?? '';
    const sha = branches.get(name)?.at(-1);
    if (sha === undefined) return problem(404, 'Not Found');
    const object = { type: 'commit', sha, url: `${home}/git/commits/${sha}` };
    const url = `${home}/git/refs/heads/${name}`;
    return { status: 200, body: { ref: `refs/heads/${name}`, node_id: 'R_1', url, object } };
  }

  /** `base...head`, both commits: whether head is ahead of base, behind it, identical or diverged. */
  function compare(range: string): Answer {
    const [base = '', head = ''] = range.split('...');
    const all = [...branches.values()];
    const commits = all.find((list) => list.includes(base)) ?? [];
    const isKnown = all.some((list) => list.includes(head));
    if (commits.length === 0 || !isKnown) return problem(404, 'Not Found');
    const at = commits.indexOf(head);
    const of = commits.indexOf(base);
    const status = at < 0 ? 'diverged' : at === of ? 'identical' : at < of ? 'behind' : 'ahead';
    return { status: 200, body: { ...minimalValue('commit-comparison'), status } };
  }

  /** Adds an artifact; default ID: the next one. A second artifact of one name conflicts (409) in the same attempt of a run only. */
  function upload({
    id,
    ...artifact
  }: Omit<Artifact, 'id'> & { readonly id?: number }): 'stored' | 'conflict' {
    const { name, run, attempt = 1 } = artifact;
    const isTaken = artifacts.some(
      (one) => one.name === name && one.run?.id === run?.id && (one.attempt ?? 1) === attempt,
    );
    if (isTaken) return 'conflict';
    const next = Math.max(0, ...artifacts.map((one) => one.id)) + 1;
    artifacts.unshift({ ...artifact, id: id ?? next });
    return 'stored';
  }

  function setStatus(sha: string, body: string): Answer {
    const sent = JSON.parse(body) as Record<string, unknown>;
    const { state, context = 'default', description = null, target_url: targetUrl = null } = sent;
    const isInvalid =
      !STATES.includes(String(state)) ||
      typeof context !== 'string' ||
      (typeof description === 'string' && Array.from(description).length > MAX_DESCRIPTION);
    if (isInvalid) {
      const errors = [{ resource: 'Status', code: 'custom', field: 'description', message: 'is too long' }];
      return { status: 422, body: { ...(problem(422, 'Validation Failed').body as object), errors } };
    }
    statuses.push({ sha, state, context, description, targetUrl } as CommitStatus);
    const shown = { state, context, description, target_url: targetUrl, url: `${home}/statuses/${sha}` };
    return { status: 201, body: { ...minimalValue('status'), ...shown } };
  }

  return {
    storeUrl,
    statuses,
    downloads,
    upload,
    addRun: (run: WorkflowRun) => void runs.unshift(run),
    pushToBranch: (branch: string, commit: string) =>
      void branches.set(branch, [...(branches.get(branch) ?? []), commit]),
    listArtifacts,
    download,
    showRun,
    showRef,
    compare,
    setStatus,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type Actions = Awaited<ReturnType<typeof startActions>>;
