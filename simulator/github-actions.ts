/** GitHub's answers to the calls of `baseline` and `commit_status`: artifacts, workflow runs, branches and commit statuses. */
import { problem, type Answer } from './github-answers.ts';
import type { ArtifactStore } from './github-artifact-store.ts';
import { minimalValue } from './github-minimal-values.ts';
import { renderArtifact, renderRef, renderCommitStatus, renderWorkflowRun } from './github-render.ts';
import type { CommitStatus, Repository } from './github-repository.ts';

/** Characters of a description, as GitHub counts them. */
const MAX_DESCRIPTION = 140;
const STATES = ['error', 'failure', 'pending', 'success'];

export function listArtifacts(repository: Repository, query: URLSearchParams): Answer {
  const perPage = Math.min(Math.max(Number(query.get('per_page') ?? 30), 1), 100);
  const page = Math.max(Number(query.get('page') ?? 1), 1);
  const name = query.get('name');
  const artifacts = repository.artifacts.filter((one) => name === null || one.name === name);
  const last = Math.max(Math.ceil(artifacts.length / perPage), 1);
  const next = `<${repository.url}/actions/artifacts?per_page=${perPage}&page=${page + 1}>; rel="next"`;
  return {
    status: 200,
    headers: page < last ? { link: next } : {},
    body: {
      total_count: artifacts.length,
      artifacts: artifacts
        .slice((page - 1) * perPage, page * perPage)
        .map((artifact) => renderArtifact(artifact, repository)),
    },
  };
}

export function downloadArtifact({ artifacts }: Repository, id: number, store: ArtifactStore): Answer {
  const artifact = artifacts.find((one) => one.id === id);
  if (artifact === undefined) return problem(404, 'Not Found');
  if (artifact.expired === true) return problem(410, 'Artifact has expired');
  return { status: 302, headers: { location: store.downloadUrl(id) } };
}

export function getWorkflowRun({ runs }: Repository, id: number): Answer {
  const run = runs.find((one) => one.id === id);
  return run === undefined ? problem(404, 'Not Found') : { status: 200, body: renderWorkflowRun(run) };
}

/** @param ref `heads/` and the name of a branch */
export function getRef(repository: Repository, ref: string): Answer {
  const name = /^heads\/(.+)$/.exec(ref)?.[1] ?? '';
  const sha = repository.branches.get(name)?.at(-1);
  if (sha === undefined) return problem(404, 'Not Found');
  return { status: 200, body: renderRef(name, sha, repository) };
}

/** @param range `base...head`, both commits: whether head is ahead of base, behind it, identical or diverged */
export function compareCommits({ branches }: Repository, range: string): Answer {
  const [base = '', head = ''] = range.split('...');
  const all = [...branches.values()];
  const commits = all.find((list) => list.includes(base)) ?? [];
  const isKnown = all.some((list) => list.includes(head));
  if (commits.length === 0 || !isKnown) return problem(404, 'Not Found');
  const headAt = commits.indexOf(head);
  const baseAt = commits.indexOf(base);
  const status =
    headAt < 0 ? 'diverged' : headAt === baseAt ? 'identical' : headAt < baseAt ? 'behind' : 'ahead';
  return { status: 200, body: { ...minimalValue('commit-comparison'), status } };
}

export function createStatus(repository: Repository, sha: string, body: string): Answer {
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
  const status = { sha, state, context, description, targetUrl } as CommitStatus;
  repository.statuses.push(status);
  return { status: 201, body: renderCommitStatus(status, repository) };
}
