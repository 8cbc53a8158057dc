/**
 * The `gate_file` that the last review of a branch left as an artifact. Everything about the artifact, its run and its commit is
 * asked of GitHub, since anybody who may run a workflow may upload an artifact of any name. Only what passes every check is a
 * baseline; everything else has a reason, and every finding counts.
 */
import { createHash } from 'node:crypto';
import { at, numberAt, shaAt, textAt } from './fields.ts';
import {
  CallFailed,
  connectToGithub,
  openConnections,
  type GithubApi,
  type GithubDeps,
  type GithubPlace,
} from './github-api.ts';

export interface BaselineArtifact extends GithubPlace {
  /** The artifact's name. */
  readonly name: string;
  readonly branch: string;
  /** `owner/name/.github/workflows/file.yml` of this workflow. */
  readonly workflowPath: string;
  /** GITHUB_REPOSITORY_ID */
  readonly repositoryId: number;
  /** GITHUB_RUN_ID: a job run is no baseline of its own. */
  readonly jobRunId: string;
  /** For everything, waits included. */
  readonly budgetMs: number;
  /** Why the file does not count in full here, the end of a sentence; empty: it does. */
  readonly whyNotFull: (content: Uint8Array) => string;
}

export interface ArtifactDeps extends GithubDeps {
  /** The proxy for a host; null: none. @throws where its variable is malformed */
  readonly proxyFor: (url: string) => string | null;
}

/** `content` is the file; else `reason` says why there is none, a sentence without its full stop. */
export type FetchedBaseline = { readonly content: Uint8Array } | { readonly reason: string };

const PER_PAGE = 100;
const MAX_PAGES = 3;
/** Runs that are looked at, each for some calls and maybe a download. */
const MAX_CANDIDATES = 5;
const MAX_BYTES = 8 * 1024 * 1024;
/** A lost download asks for a new address, which is valid for a minute. */
const MAX_DOWNLOADS = 2;
const EVENTS = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'];

interface Candidate {
  readonly id: number;
  readonly runId: number;
  readonly isExpired: boolean;
  readonly headBranch: string;
  readonly headRepositoryId: number;
  readonly sizeInBytes: number;
  readonly digest: string;
}

/** Begins the reasons that say nothing of a baseline: there may be one. */
export const NOT_FETCHED = 'the baseline could not be fetched';

/** Why one artifact, or all, are no baseline. */
class NoBaseline extends Error {}

/** Never throws, but with the signal's reason. */
export async function fetchBaseline(wanted: BaselineArtifact, deps: ArtifactDeps): Promise<FetchedBaseline> {
  const api = await connectToGithub(wanted, deps, wanted.budgetMs);
  try {
    return { content: await firstInFull(wanted, api, deps) };
  } catch (error) {
    deps.signal.throwIfAborted();
    return { reason: reasonOf(error) };
  } finally {
    await api.close();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NoBaseline) return error.message;
  if (!(error instanceof CallFailed)) return NOT_FETCHED;
  if (error.why === 403 || error.why === 401)
    return `${NOT_FETCHED} (${error.why}): give the job \`permissions: { actions: read, contents: read }\``;
  const why = typeof error.why === 'number' ? `GitHub answered ${error.why}` : 'GitHub gave no usable answer';
  return `${NOT_FETCHED}: ${why}`;
}

async function firstInFull(
  wanted: BaselineArtifact,
  api: GithubApi,
  deps: ArtifactDeps,
): Promise<Uint8Array> {
  const { branch, repositoryId, jobRunId } = wanted;
  const { candidates, isComplete } = await listCandidates(wanted, api);
  const ofBranch = candidates.filter(
    (one) =>
      one.headRepositoryId === repositoryId &&
      one.headBranch === branch &&
      String(one.runId) !== jobRunId &&
      one.sizeInBytes <= MAX_BYTES,
  );
  const kept = ofBranch.filter(({ isExpired }) => !isExpired).slice(0, MAX_CANDIDATES);
  if (kept.length === 0 && ofBranch.length > 0)
    throw new NoBaseline(`the baseline of \`${branch}\` has expired: run this workflow there again`);
  if (kept.length === 0) throw new NoBaseline(whyNone(wanted, isComplete));
  const branchHead = await headOf(branch, api);
  const reasons: string[] = [];
  for (const candidate of kept) {
    try {
      await checkRun(candidate, branchHead, wanted, api);
      const content = await download(candidate, api, deps);
      const whyNotFull = wanted.whyNotFull(content);
      if (whyNotFull === '') return content;
      reasons.push(whyNotFull);
    } catch (error) {
      if (!(error instanceof NoBaseline)) throw error;
      reasons.push(error.message);
    }
  }
  throw new NoBaseline(reasons[0] ?? '');
}

function whyNone({ name, branch }: BaselineArtifact, isComplete: boolean): string {
  if (!isComplete)
    return `the baseline of \`${branch}\` is not among the newest ${MAX_PAGES * PER_PAGE} artifacts called \`${name}\``;
  return (
    `the branch \`${branch}\` has no artifact \`${name}\`: a review that is green there, or is run there by hand, leaves it, if workflow file, ` +
    'job, step `id`, `title`, project and inputs are the same, and its upload step has `archive: false`'
  );
}

/** The newest first, by the run that uploaded them; what lacks a field that is checked is left out. */
async function listCandidates({ name }: BaselineArtifact, { call, repository }: GithubApi) {
  const candidates: Candidate[] = [];
  let isComplete = false;
  for (let page = 1; page <= MAX_PAGES && !isComplete; page++) {
    const list = await call(
      `GET ${repository}/actions/artifacts`,
      { name, per_page: PER_PAGE, page },
      (data) => {
        const artifacts = at(data, 'artifacts');
        return Array.isArray(artifacts) ? (artifacts as readonly unknown[]) : null;
      },
    );
    isComplete = list.length < PER_PAGE;
    candidates.push(...list.flatMap((one) => readCandidate(one, name) ?? []));
  }
  candidates.sort((a, b) => b.runId - a.runId || b.id - a.id);
  return { candidates, isComplete };
}

function readCandidate(data: unknown, name: string): Candidate | null {
  const id = numberAt(data, 'id');
  const runId = numberAt(data, 'workflow_run', 'id');
  const headRepositoryId = numberAt(data, 'workflow_run', 'head_repository_id');
  const sizeInBytes = numberAt(data, 'size_in_bytes');
  if (id === null || runId === null || headRepositoryId === null || sizeInBytes === null) return null;
  if (textAt(data, 'name') !== name) return null;
  return {
    id,
    runId,
    headRepositoryId,
    sizeInBytes,
    isExpired: at(data, 'expired') !== false,
    headBranch: textAt(data, 'workflow_run', 'head_branch'),
    digest: textAt(data, 'digest'),
  };
}

/** @throws NoBaseline where there is no such branch */
async function headOf(branch: string, { call, repository }: GithubApi): Promise<string> {
  const path = branch.split('/').map(encodeURIComponent).join('/');
  try {
    return await call(`GET ${repository}/git/ref/heads/${path}`, {}, (data) => {
      // GitHub answers a beginning of a name with a list of refs.
      return textAt(data, 'ref') === `refs/heads/${branch}` ? shaAt(data, 'object', 'sha') : null;
    });
  } catch (error) {
    if (error instanceof CallFailed && error.why === 404)
      throw new NoBaseline(`there is no branch \`${branch}\``);
    throw error;
  }
}

/**
 * The run is of our own workflow file, of an event on the branch, and of a commit that is on the branch. With a bare branch name
 * GitHub may compare with a tag of that name, so both sides are commits.
 * @throws NoBaseline
 */
async function checkRun(
  { runId }: Candidate,
  branchHead: string,
  { branch, workflowPath, repository: fullName }: BaselineArtifact,
  { call, repository }: GithubApi,
): Promise<void> {
  const run = await call(`GET ${repository}/actions/runs/${runId}`, {}, (data) => {
    const headSha = shaAt(data, 'head_sha');
    return headSha === null ? null : { headSha, event: textAt(data, 'event'), path: textAt(data, 'path') };
  }).catch((error: unknown) => {
    if (error instanceof CallFailed && error.why === 404) return null;
    throw error;
  });
  if (run === null) throw new NoBaseline(`the run that wrote the baseline of \`${branch}\` is gone`);
  if (!EVENTS.includes(run.event))
    throw new NoBaseline(`the artifact of \`${branch}\` was not written on a push, a schedule or a dispatch`);
  const filePath = workflowPath.slice(fullName.length + 1);
  if (filePath === '' || run.path.replace(/@.*$/s, '') !== filePath)
    throw new NoBaseline(`the artifact of \`${branch}\` was written by another workflow file`);
  const status = await call(
    `GET ${repository}/compare/${branchHead}...${run.headSha}`,
    { per_page: 1 },
    (data) => textAt(data, 'status') || null,
  ).catch((error: unknown) => {
    if (error instanceof CallFailed && error.why === 404) return 'unknown';
    throw error;
  });
  if (status !== 'behind' && status !== 'identical')
    throw new NoBaseline(`the artifact was written at a commit that is not on \`${branch}\``);
}

/** @throws NoBaseline also where the content is not what GitHub states */
async function download({ id, digest }: Candidate, api: GithubApi, deps: ArtifactDeps): Promise<Uint8Array> {
  const stated = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (stated === undefined)
    throw new NoBaseline('GitHub states no digest of the artifact, so its content cannot be checked');
  for (let attempt = 1; ; attempt++) {
    const address = await addressOf(id, api);
    const content = await fetchContent(address, deps);
    if (content === null && attempt < MAX_DOWNLOADS) continue;
    if (content === null) throw new NoBaseline(`${NOT_FETCHED} from GitHub’s artifact store`);
    if (content[0] === 0x50 && content[1] === 0x4b)
      throw new NoBaseline('the artifact is a zip file: its upload step needs `archive: false`');
    if (createHash('sha256').update(content).digest('hex') !== stated)
      throw new NoBaseline('the downloaded artifact is damaged or was changed: GitHub states another digest');
    return content;
  }
}

/** Where the store has the artifact: another host, which gets no token. */
async function addressOf(id: number, { call, repository }: GithubApi): Promise<URL> {
  const location = await call(
    `GET ${repository}/actions/artifacts/${id}/zip`,
    {},
    (_data, headers) => (typeof headers.location === 'string' ? headers.location : null),
    { isRedirect: true },
  ).catch((error: unknown) => {
    if (error instanceof CallFailed && error.why === 410)
      throw new NoBaseline('the baseline has expired: run this workflow on its branch again');
    throw error;
  });
  const address = URL.parse(location);
  const isSafe =
    address !== null &&
    (address.protocol === 'https:' || (address.protocol === 'http:' && LOOPBACK.test(address.hostname)));
  if (!isSafe) throw new NoBaseline('GitHub redirected the download to an address that is not `https:`');
  return address;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** null: the download was lost, or refused. */
async function fetchContent(
  address: URL,
  { clock, signal, proxyFor }: ArtifactDeps,
): Promise<Uint8Array | null> {
  const { fetchWhole, close } = await openConnections(proxyFor(address.href), MAX_BYTES);
  const cut = new AbortController();
  const done = new AbortController();
  clock.sleep(DOWNLOAD_MS, done.signal).then(() => cut.abort(), ignore);
  try {
    const answer = await fetchWhole(address.href, { signal: AbortSignal.any([signal, cut.signal]) });
    return answer.status === 200 ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    signal.throwIfAborted();
    return null;
  } finally {
    done.abort();
    await close();
  }
}

const DOWNLOAD_MS = 6_000;
const ignore = () => undefined;
