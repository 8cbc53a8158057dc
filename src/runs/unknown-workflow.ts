/** A launch that was answered 404: which workflows there are that may have been meant. */
import type { Client, Meta } from '../alloovium/client.ts';
import { withRequest, type ApiError } from '../alloovium/errors.ts';
import { untilAnswered, type RetryContext } from '../alloovium/retry.ts';
import type { WorkflowPage } from '../alloovium/wire.ts';
import { StepError } from '../step-error.ts';

/** The launch was answered 404. */
export class UnknownWorkflowError extends StepError {
  constructor(cause: ApiError, nearest: string, withProject: boolean) {
    const isTheApi = cause.problem.code === 'not_found';
    super(
      `Workflow${withProject ? ' or project' : ''} not found, or this key's account cannot see it (404${isTheApi ? ' not_found' : ''})`,
      `${isTheApi ? '' : 'Check that `api_url`, if you give it, is the API itself. '}Copy the workflow's ID from the dashboard into \`workflow_id\`.${withProject ? ' A wrong `project_id` gives the same error.' : ''}`,
      withRequest(
        [nearest, isTheApi ? '' : cause.problem.detail].filter((part) => part !== '').join('\n'),
        cause.problem.requestId,
      ),
    );
    this.cause = cause;
  }
}

const MOST_PAGES = 20;
const PAGE_MS = 15_000;
/** The API's limit; more is not what we asked for, and would take long to compare. */
const PAGE_SIZE = 100;

/** At most three workflows that the key may see, nearest by ID or name first. Untrusted; empty where they cannot be had. */
export async function nearestWorkflows(
  client: Client,
  workflowId: string,
  retryContext: RetryContext,
): Promise<{ readonly text: string; readonly redacted: boolean }> {
  let redacted = false;
  const found: { id: string; name: string; enabled: boolean }[] = [];
  const pageMs = () => Math.max(1, Math.min(PAGE_MS, retryContext.deadline - retryContext.clock.now()));
  try {
    const cursors = new Set<string>();
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const at: string | null = cursor;
      const answer: WorkflowPage & { readonly meta: Meta } = await untilAnswered(
        () => client.listWorkflows(at, pageMs(), retryContext.signal),
        retryContext,
      );
      found.push(...answer.workflows.slice(0, PAGE_SIZE));
      redacted ||= answer.meta.redacted;
      cursor = answer.nextCursor;
      // A repeated cursor would go round for ever; and where the server wants peace, this will do.
      if (cursor === null || cursors.has(cursor) || answer.meta.hintMs > 0) break;
      cursors.add(cursor);
    }
  } catch (error) {
    if (retryContext.signal.aborted) throw error;
    // What was found so far helps all the same: the launch's own error is what counts.
  }
  const distance = (entry: { id: string; name: string }) =>
    Math.min(unlikeness(entry.id, workflowId), unlikeness(entry.name, workflowId.replace(/^wf_/, '')));
  const nearest = found
    .map((entry) => ({ ...entry, distance: distance(entry) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ id, name, enabled }) => `${id} “${name.slice(0, 80)}”${enabled ? '' : ' (disabled)'}`);
  return { text: nearest.length === 0 ? '' : `Did you mean ${nearest.join(' or ')}?`, redacted };
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
