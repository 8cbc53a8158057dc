/** Reads the baseline of a step: a file of the workspace, or the artifact of the last review of a branch. */
import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';
import { whyNotFull } from './gate/baseline-rules.ts';
import { readGateFile, type GateFile } from './gate/gate-file.ts';
import { digestInputs } from './gate/inputs-digest.ts';
import { fetchBaseline, NOT_FETCHED } from './github/baseline-artifact.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { findProxy } from './inputs/proxy.ts';
import { canonicalJson } from './intent.ts';
import { JSON_LIMITS } from './json.ts';

interface BaselineParts {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Limits how long the first evaluation waits. */
const MAX_FETCH_MS = 20_000;

/** null: no baseline was requested; a text: why it cannot be used. */
export type Baseline = GateFile | string | null;

/** Reads `baseline_file`. */
export function readBaselineFile(host: Host, { baselineFile }: Inputs): Baseline {
  return baselineFile === '' ? null : readGateFile(host.readFile(baselineFile, JSON_LIMITS.bytes));
}

/**
 * Downloads the last usable `gate_file` of the branch that `baseline` names. The launch does not wait for it, but the first
 * evaluation does.
 * @param name of the artifact
 * @returns a text: why there is none
 * @throws only the signal's reason
 */
export async function downloadBaseline(
  { host, clock, signal }: BaselineParts,
  { baseline: branch, githubToken, idempotencyKey, timeoutMs }: Inputs,
  context: Context,
  name: string,
): Promise<GateFile | string> {
  if (githubToken === '')
    return `${NOT_FETCHED}: \`github_token\` is empty; leave it out, or give \`\${{ github.token }}\``;
  const { apiUrl, repository, workflowPath, jobRunId } = context;
  const isByCommit = idempotencyKey === '' && context.keyScope === context.commit;
  const proxyOf = (url: string) => findProxy(url, host.environment)?.href ?? null;
  try {
    const fetched = await fetchBaseline(
      {
        apiUrl,
        token: githubToken,
        repository,
        name,
        branch,
        workflowPath,
        jobRunId,
        budgetMs: Math.min(MAX_FETCH_MS, timeoutMs),
        repositoryId: Number(host.environment.GITHUB_REPOSITORY_ID),
        whyNotFull: (content) =>
          whyNotFull(readGateFile(content), setBaselineBranch(context, branch), isByCommit),
      },
      { clock, signal, proxy: proxyOf(apiUrl), proxyFor: proxyOf },
    );
    return 'content' in fetched ? readGateFile(fetched.content) : fetched.reason;
  } catch (error) {
    signal.throwIfAborted();
    return `${NOT_FETCHED} (${error instanceof Error ? error.message : 'an unknown fault'})`;
  }
}

/** Returns the context with this branch as the one whose files count in full; unchanged if it is empty. */
export function setBaselineBranch(context: Context, branch: string): Context {
  return branch === '' ? context : { ...context, defaultBranchRef: `refs/heads/${branch}` };
}

/**
 * Returns the name of the `gate_file`, which is also the artifact that `baseline` searches: the same for each job run of one step
 * in one workflow file, and for a single run of one workflow, project and inputs.
 */
export function nameGateFileAndArtifact(inputs: Inputs, { workflowPath, jobValues }: Context): string {
  const { commentKey, authorTitle, runs, workflowId, projectId, inputs: variables } = inputs;
  const review = runs === null ? [workflowId, projectId, digestInputs(variables, jobValues)] : [];
  const identity = canonicalJson([workflowPath, commentKey, authorTitle, review]);
  return `alloovium-gate-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}.json`;
}
