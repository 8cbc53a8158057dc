/**
 * Fetches the `gate_file` that the last review of a branch uploaded as an artifact. Anybody who may run a workflow may upload an
 * artifact of any name, so GitHub is asked about the artifact, its run and its commit. An artifact that fails a check is not a
 * baseline; the reason is reported, and then every finding counts.
 */
import { createHash } from 'node:crypto';
import { BASELINE_EVENTS } from '../gate/baseline-rules.ts';
import { isSafeUrl } from '../safe-url.ts';
import { readPath, readNumber, readSha, readText } from './read-field.ts';
import {
  describeCause,
  abortLater,
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
  /** GITHUB_RUN_ID, whose artifacts are skipped: a job run must not be compared with itself. */
  readonly jobRunId: string;
  /** Time for all calls, waits included. */
  readonly budgetMs: number;
  /** Says why the file is not usable in full, as the end of a sentence; empty: it is usable. */
  readonly whyNotFull: (content: Uint8Array) => string;
}

export interface ArtifactDeps extends GithubDeps {
  /** The proxy for a URL; null: no proxy. @throws StepError if its variable is malformed */
  readonly proxyFor: (url: string) => string | null;
}

/** The file's bytes, or why there is no baseline: a sentence without its full stop. */
export type FetchedBaseline = { readonly content: Uint8Array } | { readonly reason: string };

const PER_PAGE = 100;
const MAX_PAGES = 3;
/** Limit for the artifacts that are checked; each costs some calls and perhaps a download. */
const MAX_CANDIDATES = 5;
const MAX_BYTES = 8 * 1024 * 1024;
/** A failed download is repeated with a new URL, since each is valid for a minute only. */
const MAX_DOWNLOADS = 2;

interface Candidate {
  readonly id: number;
  readonly runId: number;
  readonly isExpired: boolean;
  readonly headBranch: string;
  readonly headRepositoryId: number;
  readonly sizeInBytes: number;
  readonly digest: string;
}

/** Start of a reason that leaves open whether there is a baseline. */
export const NOT_FETCHED = 'the baseline could not be fetched';

/** An artifact, or every artifact, is not a usable baseline. The message is the reason. */
class NoBaseline extends Error {}

/** Fetches the newest usable baseline. @throws only the signal's reason */
export async function fetchBaseline(wanted: BaselineArtifact, deps: ArtifactDeps): Promise<FetchedBaseline> {
  const deadline = deps.clock.now() + wanted.budgetMs;
  const api = await connectToGithub(wanted, deps, wanted.budgetMs);
  try {
    return { content: await fetchFirstUsable(wanted, api, { ...deps, deadline }) };
  } catch (error) {
    deps.signal.throwIfAborted();
    return { reason: describeError(error) };
  } finally {
    await api.close();
  }
}

/** Returns the reason why the baseline could not be fetched. */
function describeError(error: unknown): string {
  if (error instanceof NoBaseline) return error.message;
  if (!(error instanceof CallFailed)) return NOT_FETCHED;
  if (error.why === 403 || error.why === 401)
    return `${NOT_FETCHED} (${error.why}): give the job \`permissions: { actions: read, contents: read }\``;
  return `${NOT_FETCHED}: ${describeCause(error)}`;
}

/** Returns the content of the newest artifact that passes all checks. @throws NoBaseline none does */
async function fetchFirstUsable(
  wanted: BaselineArtifact,
  api: GithubApi,
  deps: DownloadDeps,
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
  if (kept.length === 0) throw new NoBaseline(describeMissing(wanted, isComplete));
  const branchHead = await readBranchHead(branch, api);
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

/** Returns the reason if there is no artifact of that name for the branch. */
function describeMissing({ name, branch }: BaselineArtifact, isComplete: boolean): string {
  if (!isComplete)
    return `the baseline of \`${branch}\` is not among the newest ${MAX_PAGES * PER_PAGE} artifacts called \`${name}\``;
  return (
    `the branch \`${branch}\` has no artifact \`${name}\`: a review there uploads it if it is green or was run by hand, its workflow file, ` +
    'job, step `id`, `title`, project and inputs are the same, and its upload step has `archive: false`'
  );
}

/** Lists the artifacts of the name, those of the newest run first; entries without a checked field are skipped. */
async function listCandidates({ name }: BaselineArtifact, { call, repository }: GithubApi) {
  const candidates: Candidate[] = [];
  let isComplete = false;
  for (let page = 1; page <= MAX_PAGES && !isComplete; page++) {
    const list = await call(
      `GET ${repository}/actions/artifacts`,
      { name, per_page: PER_PAGE, page },
      (data) => {
        const artifacts = readPath(data, 'artifacts');
        return Array.isArray(artifacts) ? (artifacts as readonly unknown[]) : null;
      },
    );
    isComplete = list.length < PER_PAGE;
    candidates.push(...list.flatMap((one) => readCandidate(one, name) ?? []));
  }
  candidates.sort((a, b) => b.runId - a.runId || b.id - a.id);
  return { candidates, isComplete };
}

/** Parses an artifact; null: a checked field is missing. */
function readCandidate(data: unknown, name: string): Candidate | null {
  const id = readNumber(data, 'id');
  const runId = readNumber(data, 'workflow_run', 'id');
  const headRepositoryId = readNumber(data, 'workflow_run', 'head_repository_id');
  const sizeInBytes = readNumber(data, 'size_in_bytes');
  if (id === null || runId === null || headRepositoryId === null || sizeInBytes === null) return null;
  if (readText(data, 'name') !== name) return null;
  return {
    id,
    runId,
    headRepositoryId,
    sizeInBytes,
    isExpired: readPath(data, 'expired') !== false,
    headBranch: readText(data, 'workflow_run', 'head_branch'),
    digest: readText(data, 'digest'),
  };
}

/** Reads the commit at the branch's head. @throws NoBaseline if there is no such branch */
async function readBranchHead(branch: string, { call, repository }: GithubApi): Promise<string> {
  const path = branch.split('/').map(encodeURIComponent).join('/');
  try {
    return await call(`GET ${repository}/git/ref/heads/${path}`, {}, (data) => {
      // For the start of a name, GitHub answers with a list of refs.
      return readText(data, 'ref') === `refs/heads/${branch}` ? readSha(data, 'object', 'sha') : null;
    });
  } catch (error) {
    if (error instanceof CallFailed && error.why === 404)
      throw new NoBaseline(`there is no branch \`${branch}\``);
    throw error;
  }
}

/**
 * Checks that the run belongs to this workflow file, to a trusted event, and to a commit on the branch. Both sides of the
 * comparison are commits, because GitHub may take a branch's name for a tag.
 * @throws NoBaseline if a check fails
 */
async function checkRun(
  { runId }: Candidate,
  branchHead: string,
  { branch, workflowPath, repository: fullName }: BaselineArtifact,
  { call, repository }: GithubApi,
): Promise<void> {
  const run = await call(`GET ${repository}/actions/runs/${runId}`, {}, (data) => {
    const headSha = readSha(data, 'head_sha');
    return headSha === null
      ? null
      : { headSha, event: readText(data, 'event'), path: readText(data, 'path') };
  }).catch((error: unknown) => {
    if (error instanceof CallFailed && error.why === 404) return null;
    throw error;
  });
  if (run === null)
    throw new NoBaseline(`the workflow run that wrote the baseline of \`${branch}\` was not found`);
  if (!BASELINE_EVENTS.has(run.event))
    throw new NoBaseline(`the artifact of \`${branch}\` was not written on a push, a schedule or a dispatch`);
  const filePath = workflowPath.slice(fullName.length + 1);
  if (filePath === '' || run.path.replace(/@.*$/s, '') !== filePath)
    throw new NoBaseline(`the artifact of \`${branch}\` was written by another workflow file`);
  const status = await call(
    `GET ${repository}/compare/${branchHead}...${run.headSha}`,
    { per_page: 1 },
    (data) => readText(data, 'status') || null,
  ).catch((error: unknown) => {
    if (error instanceof CallFailed && error.why === 404) return 'unknown';
    throw error;
  });
  if (status !== 'behind' && status !== 'identical')
    throw new NoBaseline(`the artifact was written at a commit that is not on \`${branch}\``);
}

/** Downloads the artifact and checks its digest. @throws NoBaseline if it is lost, zipped or differs from the digest */
async function download({ id, digest }: Candidate, api: GithubApi, deps: DownloadDeps): Promise<Uint8Array> {
  const statedDigest = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (statedDigest === undefined)
    throw new NoBaseline('GitHub states no digest of the artifact, so its content cannot be checked');
  for (let attempt = 1; ; attempt++) {
    const address = await resolveDownloadUrl(id, api);
    const content = await fetchContent(address, deps);
    if (content === null && attempt < MAX_DOWNLOADS) continue;
    if (content === null) throw new NoBaseline(`${NOT_FETCHED} from GitHub’s artifact store`);
    if (content[0] === 0x50 && content[1] === 0x4b)
      throw new NoBaseline('the artifact is a zip file: its upload step needs `archive: false`');
    if (createHash('sha256').update(content).digest('hex') !== statedDigest)
      throw new NoBaseline('the downloaded artifact is damaged or was changed: GitHub states another digest');
    return content;
  }
}

/** Asks GitHub for the artifact's URL at the store, which is another host and gets no token. */
async function resolveDownloadUrl(id: number, { call, repository }: GithubApi): Promise<URL> {
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
  if (address === null || !isSafeUrl(address))
    throw new NoBaseline('GitHub redirected the download to an address that is not `https:`');
  return address;
}

/** Downloads the content; null: the download failed or was rejected. */
async function fetchContent(
  address: URL,
  { clock, signal, proxyFor, deadline }: DownloadDeps,
): Promise<Uint8Array | null> {
  const { fetchWhole, close } = await openConnections(proxyFor(address.href), MAX_BYTES);
  const timeout = new AbortController();
  const done = new AbortController();
  const remainingMs = Math.max(0, deadline - clock.now());
  abortLater(timeout, clock, Math.min(DOWNLOAD_MS, remainingMs), done.signal);
  try {
    const answer = await fetchWhole(address.href, { signal: AbortSignal.any([signal, timeout.signal]) });
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

interface DownloadDeps extends ArtifactDeps {
  /** End of the time for the whole baseline, on `clock.now()`. */
  readonly deadline: number;
}
