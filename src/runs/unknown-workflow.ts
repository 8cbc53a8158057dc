/** Lists the workflows that the key may run, if `workflow_id` is missing or a launch was answered with 404. */
import type { Client } from '../alloovium/client.ts';
import { appendRequestId, type ApiError } from '../alloovium/errors.ts';
import type { Exchanged } from '../alloovium/exchange.ts';
import { sendUntilAnswered, type RetryOptions } from '../alloovium/retry.ts';
import type { WorkflowPage } from '../alloovium/wire.ts';
import type { Order } from '../inputs/runs-input.ts';
import { StepError } from '../step-error.ts';
import { editDistance } from '../text/nearest-name.ts';
import { createMetaNotices } from './events.ts';
import type { Job } from './job.ts';

type Workflow = WorkflowPage['workflows'][number];

/** The API answered the launch with 404. */
export class UnknownWorkflowError extends StepError {}

/** Explains the 404 of a launch by the list of workflows. */
export async function createUnknownWorkflowError(
  { hintMs, problem }: ApiError,
  { workflowId, projectId }: Order,
  job: Job & RetryOptions,
): Promise<UnknownWorkflowError> {
  // Where the server wants no further request now, the list is not worth the wait.
  const { workflows, isWhole } =
    hintMs === null ? await listWorkflows(job) : { workflows: [], isWhole: false };
  const workflow = workflows.find(({ id }) => id === workflowId);
  // Only for the log of a private repository, since names of workflows may be confidential.
  if (workflow === undefined && isWhole && job.context.isPrivate && workflows.length > 0)
    job.emit({ kind: 'log_note', text: suggestWorkflows(workflows, workflowId) });
  const [headline, remedy] = whyNotFound(workflow, projectId, isWhole);
  const isTheApi = problem.code === 'not_found';
  return new UnknownWorkflowError(
    `${headline} (404${isTheApi ? ' not_found' : ''})`,
    `${isTheApi ? '' : 'Check that `api_url`, if you give it, is the API itself. '}${remedy}`,
    appendRequestId(
      isTheApi || problem.detail === '' ? '' : `The server reported: ${problem.detail}`,
      problem.requestId,
    ),
  );
}

/**
 * Explains why a launch was answered 404. Returns headline and remedy.
 * @param workflow with this ID, if the list has it
 * @param isWhole the list is complete
 */
function whyNotFound(
  workflow: Workflow | undefined,
  projectId: string,
  isWhole: boolean,
): readonly [headline: string, remedy: string] {
  const orHidden = "or this key's account cannot see it";
  const copyId = "Copy the workflow's ID from the dashboard into `workflow_id`.";
  if (workflow === undefined && (isWhole || projectId === ''))
    return [`Workflow not found, ${orHidden}`, copyId];
  if (workflow === undefined)
    return [
      `Workflow or project not found, ${orHidden}`,
      `${copyId} A wrong \`project_id\` gives the same error.`,
    ];
  if (!workflow.enabled)
    return ['The workflow exists, but is disabled', 'Enable it in the dashboard, or check `workflow_id`.'];
  if (projectId === '') {
    const remedy = "Give `project_id`: a workflow that reads a project's documents needs one.";
    return ['The workflow exists; `project_id` is empty', remedy];
  }
  const missing = `project ${projectId.slice(0, 8)}… was probably not found, ${orHidden}`;
  return [`The workflow exists; ${missing}`, 'Check `project_id`.'];
}

const MAX_PAGES = 20;
const PAGE_MS = 15_000;
/** The list only helps the author, so the step does not wait longer for it. */
const LIST_MS = 60_000;
/** The API's limit. Further entries were not requested, and would take long to compare. */
const PAGE_SIZE = 100;

/** Requests the list of workflows. @returns `isWhole`: it is complete, and not only a part */
async function listWorkflows(job: Job & RetryOptions) {
  const { client, clock, signal, emit } = job;
  const workflows: Workflow[] = [];
  const deadline = Math.min(job.deadline, clock.now() + LIST_MS);
  const pageMs = () => Math.max(1, Math.min(PAGE_MS, deadline - clock.now()));
  const asked = new Set<string | null>();
  let cursor: string | null = null;
  try {
    // A repeated cursor would loop forever.
    while (asked.size < MAX_PAGES && !asked.has(cursor)) {
      const at: string | null = cursor;
      asked.add(at);
      const send = (): Promise<Exchanged<WorkflowPage>> => client.listWorkflows(at, pageMs(), signal);
      const { meta, ...page } = await sendUntilAnswered(send, { ...job, deadline });
      workflows.push(...page.workflows.slice(0, PAGE_SIZE));
      for (const event of createMetaNotices({ redacted: meta.redacted })) emit(event);
      cursor = page.nextCursor;
      if (cursor === null) return { workflows, isWhole: true };
      if (meta.retryAfterAt > meta.at) break;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    // A partial list still helps; the launch's error decides.
  }
  return { workflows, isWhole: false };
}

/** Returns "did you mean …?" with up to three workflows, those with the nearest ID or name first. */
function suggestWorkflows(workflows: readonly Workflow[], workflowId: string): string {
  const off = ({ id, name }: Workflow) =>
    Math.min(editDistance(id, workflowId), editDistance(name, workflowId.replace(/^wf_/, '')));
  const nearest = workflows
    .map((workflow) => ({ text: describeWorkflow(workflow), off: off(workflow) }))
    .sort((a, b) => a.off - b.off)
    .slice(0, 3);
  return `did you mean ${nearest.map(({ text }) => text).join(' or ')}?`;
}

/** Returns ID and name, and whether it is disabled. */
function describeWorkflow({ id, name, enabled }: Workflow): string {
  return `${id} “${name.slice(0, 80)}”${enabled ? '' : ' (disabled)'}`;
}

const MAX_LISTED = 20;

/**
 * Lists the workflows that the key may run, by one request. Only for the log of a private repository; untrusted lines, empty if
 * the request fails.
 * @throws the signal's reason
 */
export async function listWorkflowLines(client: Client, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await client.listWorkflows(null, PAGE_MS, signal);
  if ('failure' in answer) return [];
  const { workflows, nextCursor } = answer;
  const listed = workflows.slice(0, MAX_LISTED).map((workflow) => `    ${describeWorkflow(workflow)}`);
  const hasMore = workflows.length > listed.length || nextCursor !== null;
  return [
    listed.length === 0 ? 'This key can run no workflow.' : 'Workflows that this key can run:',
    ...listed,
    ...(hasMore ? ['    and more: see the dashboard'] : []),
  ];
}
