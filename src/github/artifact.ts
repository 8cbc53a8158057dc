/**
 * Saves a review as the baseline in an artifact, and fetches it. Anyone who can run a workflow can upload an artifact of any name,
 * so GitHub is asked who wrote it.
 */
import { hash } from 'node:crypto';
import { dirname } from 'node:path';
import {
  BASELINE_EVENTS,
  formatBaseline,
  hasArtifacts,
  readBaseline,
  type BaselineState,
  type SavedEntry,
} from '../baseline.ts';
import { waitAtMost, withTimeLimit } from '../clock.ts';
import { GithubFailure } from '../outcome.ts';
import type { JsonObject } from '../json.ts';
import { logLine } from '../text/escape.ts';
import type { Context } from './context.ts';
import { callGithub, readBody, type Github, type Octokit, type Repository } from './octokit.ts';
import type { Runner } from './runner.ts';

/** What a baseline needs of the step's inputs. */
interface Inputs {
  /** The branch; empty: the step has no baseline. */
  readonly baseline: string;
  readonly jobSummary: boolean;
  readonly matrix: JsonObject | null;
  readonly title: string;
}

const LIMIT_MS = 20_000;
const PER_PAGE = 100;
const MAX_PAGES = 3;
const MAX_BYTES = 8 * 1024 * 1024;

/** Names the artifact by what makes the step the same in the next job run. GitHub allows no `/` and few signs in it. */
export function nameBaseline({ workflowFile, job, stepId }: Context, { matrix, title }: Inputs): string {
  const identity = hash('sha256', JSON.stringify([workflowFile, job, stepId, matrix, title]));
  return `alloovium-baseline-${job}-${identity.slice(0, 12)}.json`;
}

/** Fetches the newest baseline of the branch, within 20 s. @throws an error of our own code */
export async function fetchBaseline(
  github: Github,
  context: Context,
  inputs: Inputs,
): Promise<BaselineState> {
  if (inputs.baseline === '') return { code: 'none' };
  if (!hasArtifacts(context.serverUrl)) return { code: 'enterprise_server' };
  try {
    const state = await withTimeLimit(github.clock, github.signal, LIMIT_MS, (signal) => {
      const limited = { ...github, signal };
      return callGithub(limited, (octokit, at) =>
        findBaseline({ octokit, at, github: limited, context, inputs }),
      );
    });
    const found = state.code === 'usable' ? `saved at ${state.commit}` : state.code.replaceAll('_', ' ');
    github.debug(logLine`Baseline of ${inputs.baseline}: ${found}`);
    return state;
  } catch (error) {
    if (!(error instanceof GithubFailure)) throw error;
    return error.code === 'out_of_time' ? { code: 'timed_out' } : { code: 'not_fetched', failure: error };
  }
}

interface Search {
  readonly octokit: Octokit;
  readonly at: Repository;
  readonly github: Github;
  readonly context: Context;
  readonly inputs: Inputs;
}

/** Finds the newest artifact that the branch saved. @throws what Octokit throws */
async function findBaseline(search: Search): Promise<BaselineState> {
  const { octokit, at } = search;
  const branch = search.inputs.baseline;
  const artifacts = await listArtifacts(search);
  search.github.debug(
    logLine`Artifacts named ${nameBaseline(search.context, search.inputs)}: ${artifacts.length}`,
  );
  const head = await findOrNull(octokit.rest.git.getRef({ ...at, ref: `heads/${branch}` }));
  if (head === null) return { code: 'no_branch', branch };
  let reason: BaselineState = { code: 'missing', branch };
  for (const artifact of artifacts) {
    const why = await findDistrust(artifact, head.object.sha, search);
    const verdict = why === null ? 'counts' : `does not count (${why.replaceAll('_', ' ')})`;
    const origin = artifact.workflow_run;
    search.github.debug(
      logLine`Artifact ${artifact.id} of workflow run ${origin?.id ?? 'unknown'} on ${origin?.head_branch ?? 'no branch'}, created ${artifact.created_at ?? 'unknown'}: ${verdict}`,
    );
    if (why === null) return readArtifact(artifact, search);
    if (reason.code === 'missing') reason = { code: 'untrusted', branch, why };
  }
  return reason;
}

type Artifact = Awaited<ReturnType<typeof listArtifacts>>[number];

/** Lists the artifacts of the name: those of the newest job run first, since a re-run makes a new artifact of an old one. */
async function listArtifacts({ octokit, at, context, inputs }: Search) {
  const name = nameBaseline(context, inputs);
  const artifacts = [];
  for (let page = 1; page <= MAX_PAGES && artifacts.length === (page - 1) * PER_PAGE; page++) {
    const query = { ...at, name, per_page: PER_PAGE, page };
    const { data } = await octokit.rest.actions.listArtifactsForRepo(query);
    artifacts.push(...data.artifacts);
  }
  return artifacts.sort((a, b) => (b.workflow_run?.id ?? 0) - (a.workflow_run?.id ?? 0) || b.id - a.id);
}

/** Returns the answer's data; null where there is none (404). */
async function findOrNull<T>(call: Promise<{ readonly data: T }>): Promise<T | null> {
  try {
    return (await call).data;
  } catch (error) {
    if ((error as { readonly status?: number }).status === 404) return null;
    throw error;
  }
}

/** Returns why the artifact does not count; null: it does. Commits are compared, since a tag may be called `main`. */
async function findDistrust(
  { workflow_run: origin }: Artifact,
  branchHead: string,
  { octokit, at, context, inputs }: Search,
) {
  const run_id = origin?.id ?? 0;
  if (run_id === 0 || origin?.head_repository_id !== origin?.repository_id) return 'fork';
  if (origin?.head_branch !== inputs.baseline) return 'other_branch';
  if (String(run_id) === context.workflowRunId) return 'this_job_run';
  const { data: run } = await octokit.rest.actions.getWorkflowRun({ ...at, run_id });
  if (!BASELINE_EVENTS.includes(run.event)) return 'other_event';
  // The path may end in `@refs/heads/main`.
  if (run.path.replace(/@.*/s, '') !== context.workflowFile) return 'other_file';
  const basehead = `${branchHead}...${run.head_sha}`;
  const compared = await findOrNull(
    octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead, per_page: 1 }),
  );
  return compared?.status === 'behind' || compared?.status === 'identical' ? null : 'commit_not_on_branch';
}

/** Downloads the artifact, and checks and reads it. */
async function readArtifact(artifact: Artifact, search: Search): Promise<BaselineState> {
  const savedAt = artifact.created_at ?? '';
  if (artifact.expired) return { code: 'expired', savedAt };
  if (artifact.size_in_bytes > MAX_BYTES) return { code: 'damaged' };
  const content = await download(artifact.id, search);
  if (artifact.digest !== `sha256:${hash('sha256', content)}`) return { code: 'damaged' };
  try {
    const entries = readBaseline(content.toString());
    if (entries === null) return { code: 'missing', branch: search.inputs.baseline };
    const commit = artifact.workflow_run?.head_sha ?? '';
    return { code: 'usable', commit, savedAt, expiresAt: artifact.expires_at ?? '', entries };
  } catch {
    return { code: 'damaged' };
  }
}

/** Downloads from the store, another host, which gets no token. */
async function download(artifact_id: number, { octokit, at, github }: Search): Promise<Buffer> {
  const { headers } = await octokit.rest.actions.downloadArtifact({
    ...at,
    artifact_id,
    archive_format: 'zip',
    request: { redirect: 'manual' },
  });
  const { ok, status, body } = await github.fetch(headers.location ?? '', {
    redirect: 'error',
    signal: github.signal,
  });
  if (!ok) throw new Error(`The store answered ${status}`);
  return readBody(body);
}

/** What became of saving the baseline. */
export type SaveResult =
  | { readonly code: 'saved' | 'too_large' | 'timed_out' }
  /** `message`: of the library, untrusted. */
  | { readonly code: 'failed'; readonly message: string };

/** Uploads a file as an artifact of the same name. Loads the library, which is larger than all else, only here. */
async function uploadFile(name: string, file: string): Promise<void> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  await new DefaultArtifactClient().uploadArtifact(name, [file], dirname(file), { skipArchive: true });
}

/** Saves the findings of all entries as the baseline, within 20 s; the library may go on after that. Never throws. */
export async function saveBaseline(
  context: Context,
  inputs: Inputs,
  entries: readonly SavedEntry[],
  { runner, clock, signal }: Pick<Github, 'clock' | 'signal'> & { readonly runner: Runner },
  upload = uploadFile,
): Promise<SaveResult> {
  const name = nameBaseline(context, inputs);
  const text = formatBaseline(entries, context.isPrivate && inputs.jobSummary);
  if (Buffer.byteLength(text) > MAX_BYTES) return { code: 'too_large' };
  // The library writes to the log.
  runner.startGroup(logLine`Save the baseline`);
  try {
    const uploaded = upload(name, runner.writeFile(name, text)).then(() => 'saved' as const);
    return { code: (await waitAtMost(clock, uploaded, LIMIT_MS, signal)) ?? 'timed_out' };
  } catch (error) {
    return { code: 'failed', message: (error as Error).message };
  } finally {
    runner.endGroup();
  }
}
