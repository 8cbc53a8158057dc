/** Which workflows the key may run: told where `workflow_id` is missing, and where a launch was answered 404. */
import type { Client, Meta } from '../alloovium/client.ts';
import { withRequest, type ApiError } from '../alloovium/errors.ts';
import { untilAnswered, type RetryContext } from '../alloovium/retry.ts';
import type { WorkflowPage } from '../alloovium/wire.ts';
import { StepError } from '../step-error.ts';

/** The launch was answered 404. */
export class UnknownWorkflowError extends StepError {
  constructor(cause: ApiError, projectId: string, listed: Listed | null) {
    const isTheApi = cause.problem.code === 'not_found';
    const [headline, remedy] = explanation(projectId, listed);
    super(
      `${headline} (404${isTheApi ? ' not_found' : ''})`,
      `${isTheApi ? '' : 'Check that `api_url`, if you give it, is the API itself. '}${remedy}`,
      withRequest(isTheApi ? '' : cause.problem.detail, cause.problem.requestId),
    );
    this.cause = cause;
  }
}

/** What the list tells of the workflow that was to be launched. */
export interface Listed {
  /** null: it is not in the list. */
  readonly workflow: { readonly enabled: boolean } | null;
  /** For the log of a private repository alone: names of workflows are a company's own. Untrusted; empty: none. */
  readonly nearest: string;
}

function explanation(projectId: string, listed: Listed | null): [headline: string, remedy: string] {
  const orHidden = "or this key's account cannot see it";
  const copyId = "Copy the workflow's ID from the dashboard into `workflow_id`.";
  if (listed?.workflow?.enabled === false)
    return ['The workflow is there, and disabled', 'Enable it in the dashboard, or check `workflow_id`.'];
  if (listed?.workflow != null)
    return projectId === ''
      ? [
          'The workflow exists; no `project_id` was given',
          "Give `project_id`: a workflow that reads a project's documents needs one.",
        ]
      : [
          `The workflow exists; project ${projectId.slice(0, 8)}… was probably not found, ${orHidden}`,
          'Check `project_id`.',
        ];
  if (listed !== null || projectId === '') return [`Workflow not found, ${orHidden}`, copyId];
  return [
    `Workflow or project not found, ${orHidden}`,
    `${copyId} A wrong \`project_id\` gives the same error.`,
  ];
}

interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

const MOST_PAGES = 20;
const PAGE_MS = 15_000;
/** The list only helps: a launch that is refused is not kept waiting for it. */
const LIST_MS = 60_000;
/** The API's limit; more is not what we asked for, and would take long to compare. */
const PAGE_SIZE = 100;

/** What the list tells of the workflow; null where it could not be had to its end. */
export async function lookUp(
  client: Client,
  workflowId: string,
  retryContext: RetryContext,
): Promise<{ readonly listed: Listed | null; readonly redacted: boolean }> {
  let redacted = false;
  const found: Workflow[] = [];
  let isWhole = false;
  const deadline = Math.min(retryContext.deadline, retryContext.clock.now() + LIST_MS);
  const pageMs = () => Math.max(1, Math.min(PAGE_MS, deadline - retryContext.clock.now()));
  try {
    const cursors = new Set<string>();
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const at: string | null = cursor;
      const answer: WorkflowPage & { readonly meta: Meta } = await untilAnswered(
        () => client.listWorkflows(at, pageMs(), retryContext.signal),
        { ...retryContext, deadline },
      );
      found.push(...answer.workflows.slice(0, PAGE_SIZE));
      redacted ||= answer.meta.redacted;
      cursor = answer.nextCursor;
      isWhole = cursor === null;
      // A repeated cursor would go round for ever; and where the server wants peace, this will do.
      if (isWhole || cursors.has(cursor ?? '') || answer.meta.hintMs > 0) break;
      cursors.add(cursor ?? '');
    }
  } catch (error) {
    if (retryContext.signal.aborted) throw error;
    // What was found so far helps all the same: the launch's own error is what counts.
  }
  const workflow = found.find(({ id }) => id === workflowId) ?? null;
  const nearest = workflow === null ? nearestOf(found, workflowId) : '';
  return { listed: isWhole || workflow !== null ? { workflow, nearest } : null, redacted };
}

/** At most three, nearest by ID or name first. */
function nearestOf(found: readonly Workflow[], workflowId: string): string {
  const distance = ({ id, name }: Workflow) =>
    Math.min(unlikeness(id, workflowId), unlikeness(name, workflowId.replace(/^wf_/, '')));
  const nearest = found
    .map((workflow) => ({ text: described(workflow), distance: distance(workflow) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ text }) => text);
  return nearest.length === 0 ? '' : `did you mean ${nearest.join(' or ')}?`;
}

function described({ id, name, enabled }: Workflow): string {
  return `${id} “${name.slice(0, 80)}”${enabled ? '' : ' (disabled)'}`;
}

/** 0 (the same) to 1 (nothing in common): by the pairs of letters that they share (Dice). */
function unlikeness(a: string, b: string): number {
  const pairs = (text: string) =>
    new Set(
      Array.from({ length: Math.max(0, Math.min(200, text.length) - 1) }, (_, at) =>
        text.slice(at, at + 2).toLowerCase(),
      ),
    );
  const [ofA, ofB] = [pairs(a), pairs(b)];
  return ofA.size + ofB.size === 0 ? 1 : 1 - (2 * ofA.intersection(ofB).size) / (ofA.size + ofB.size);
}

const MOST_TOLD = 20;

/** For the log of a private repository alone: what the key may run, by one call. Untrusted lines; none where it fails. */
export async function workflowLines(client: Client, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await client.listWorkflows(null, PAGE_MS, signal).catch(() => null);
  if (answer === null || 'failure' in answer) return [];
  const { workflows, nextCursor } = answer;
  const told = workflows.slice(0, MOST_TOLD).map((workflow) => `    ${described(workflow)}`);
  const hasMore = workflows.length > told.length || nextCursor !== null;
  return [
    told.length === 0 ? 'The key may run no workflow.' : 'What the key may run:',
    ...told,
    ...(hasMore ? ['    and more: see the dashboard'] : []),
  ];
}
