/** Which workflows the key may run: told where `workflow_id` is missing, and where a launch was answered 404. */
import type { Client } from '../alloovium/client.ts';
import { withRequest, type ApiError } from '../alloovium/errors.ts';
import type { Exchanged } from '../alloovium/exchange.ts';
import { untilAnswered, type RetryContext } from '../alloovium/retry.ts';
import type { WorkflowPage } from '../alloovium/wire.ts';
import { StepError } from '../step-error.ts';
import { lettersOff } from '../text/near.ts';
import type { Job } from './job.ts';
import { noticeMeta, type Progress } from './outcome.ts';

type Workflow = WorkflowPage['workflows'][number];

/** The launch was answered 404. */
export class UnknownWorkflowError extends StepError {
  constructor({ problem }: ApiError, headline: string, remedy: string) {
    const isTheApi = problem.code === 'not_found';
    super(
      `${headline} (404${isTheApi ? ' not_found' : ''})`,
      `${isTheApi ? '' : 'Check that `api_url`, if you give it, is the API itself. '}${remedy}`,
      withRequest(isTheApi ? '' : problem.detail, problem.requestId),
    );
  }
}

/** Why the launch was answered 404, as far as the list of workflows tells. */
export async function unknownWorkflow(
  cause: ApiError,
  progress: Progress,
  { client, context: { isPrivate }, emit }: Job,
  context: RetryContext,
): Promise<UnknownWorkflowError> {
  const { workflowId, projectId } = progress.order;
  // Where the server wants no further request now, the list is not worth the wait.
  const isAsked = cause.hintMs === null;
  const { workflows, isWhole, redacted } = isAsked ? await listWorkflows(client, context) : NONE;
  noticeMeta(progress, emit, { redacted });
  const workflow = workflows.find(({ id }) => id === workflowId);
  const orHidden = "or this key's account cannot see it";
  const because = (headline: string, remedy: string) => new UnknownWorkflowError(cause, headline, remedy);
  if (workflow?.enabled === false)
    return because(
      'The workflow is there, and disabled',
      'Enable it in the dashboard, or check `workflow_id`.',
    );
  if (workflow !== undefined)
    return projectId === ''
      ? because(
          'The workflow exists; no `project_id` was given',
          "Give `project_id`: a workflow that reads a project's documents needs one.",
        )
      : because(
          `The workflow exists; project ${projectId.slice(0, 8)}… was probably not found, ${orHidden}`,
          'Check `project_id`.',
        );
  // For the log of a private repository alone: names of workflows are a company's own.
  if (isWhole && isPrivate && workflows.length > 0)
    emit({ kind: 'notice', text: nearestOf(workflows, workflowId) });
  const copyId = "Copy the workflow's ID from the dashboard into `workflow_id`.";
  return isWhole || projectId === ''
    ? because(`Workflow not found, ${orHidden}`, copyId)
    : because(
        `Workflow or project not found, ${orHidden}`,
        `${copyId} A wrong \`project_id\` gives the same error.`,
      );
}

const MOST_PAGES = 20;
const PAGE_MS = 15_000;
/** The list only helps: a launch that is refused is not kept waiting for it. */
const LIST_MS = 60_000;
/** The API's limit; more is not what we asked for, and would take long to compare. */
const PAGE_SIZE = 100;

const NONE = { workflows: [] as Workflow[], isWhole: false, redacted: false };

/** As far as it could be had. */
async function listWorkflows(client: Client, context: RetryContext): Promise<typeof NONE> {
  const { clock, signal } = context;
  const found = { ...NONE, workflows: [] as Workflow[] };
  const deadline = Math.min(context.deadline, clock.now() + LIST_MS);
  const pageMs = () => Math.max(1, Math.min(PAGE_MS, deadline - clock.now()));
  const asked = new Set<string | null>();
  let cursor: string | null = null;
  try {
    // A repeated cursor would go round and round.
    while (asked.size < MOST_PAGES && !asked.has(cursor)) {
      const at: string | null = cursor;
      asked.add(at);
      const send = (): Promise<Exchanged<WorkflowPage>> => client.listWorkflows(at, pageMs(), signal);
      const { workflows, nextCursor, meta } = await untilAnswered(send, { ...context, deadline });
      found.workflows.push(...workflows.slice(0, PAGE_SIZE));
      found.redacted ||= meta.redacted;
      cursor = nextCursor;
      found.isWhole = cursor === null;
      if (found.isWhole || meta.hintMs > 0) break;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    // What was found so far helps all the same: the launch's own error is what counts.
  }
  return found;
}

/** At most three, nearest by ID or name first. */
function nearestOf(workflows: readonly Workflow[], workflowId: string): string {
  const off = ({ id, name }: Workflow) =>
    Math.min(lettersOff(id, workflowId), lettersOff(name, workflowId.replace(/^wf_/, '')));
  const nearest = workflows
    .map((workflow) => ({ text: described(workflow), off: off(workflow) }))
    .sort((a, b) => a.off - b.off)
    .slice(0, 3);
  return `did you mean ${nearest.map(({ text }) => text).join(' or ')}?`;
}

function described({ id, name, enabled }: Workflow): string {
  return `${id} “${name.slice(0, 80)}”${enabled ? '' : ' (disabled)'}`;
}

const MOST_TOLD = 20;

/** For the log of a private repository alone: what the key may run, by one call. Untrusted lines; none where it fails. @throws the signal's reason */
export async function workflowLines(client: Client, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await client.listWorkflows(null, PAGE_MS, signal);
  if ('failure' in answer) return [];
  const { workflows, nextCursor } = answer;
  const told = workflows.slice(0, MOST_TOLD).map((workflow) => `    ${described(workflow)}`);
  const hasMore = workflows.length > told.length || nextCursor !== null;
  return [
    told.length === 0 ? 'The key may run no workflow.' : 'What the key may run:',
    ...told,
    ...(hasMore ? ['    and more: see the dashboard'] : []),
  ];
}
