/** How the job comes by its run: launches it, joins it, or on a re-run walks the keys to one that is newer or not red. */
import type { Client, Launched, Meta } from './alloovium/client.ts';
import { ApiError, ConnectionError, ResponseShapeError } from './alloovium/errors.ts';
import { OutOfTime, untilAnswered, type Failure, type Patience } from './alloovium/retry.ts';
import { waitForRun } from './alloovium/wait.ts';
import type { Run, WorkflowPage } from './alloovium/wire.ts';
import {
  freshKey,
  intentKey,
  isOfThisAttempt,
  launchBody,
  MOST_KEYS,
  resumeKeys,
  type Intent,
} from './intent.ts';
import { StepError } from './step-error.ts';
import type { Origin } from './report/report.ts';

export interface LaunchOrder {
  readonly intent: Intent;
  readonly attempt: number;
  readonly jobRunId: string;
  readonly onRerun: 'resume' | 'fresh';
  /** Will the run be waited for? Otherwise what it looks like does not matter where it is ours in any case. */
  readonly wait: boolean;
  /** When this attempt of the job began, on `clock.now()`. */
  readonly attemptBeganAt: number;
  readonly client: Client;
  readonly patience: Patience;
  /** Would a run that ended so turn the step red? */
  readonly isRed: (run: Run) => boolean;
  /** Told before the first launch under each key. */
  readonly onKey: (key: string) => void;
  /** Told the moment it is sure that this run is ours. */
  readonly onRun: (launched: Launched) => void;
  readonly onLook: () => void;
  readonly onFailedLook: (failure: Failure) => void;
  readonly log: (line: string) => void;
}

export interface OurRun {
  readonly runId: string;
  readonly origin: Origin;
  /** Its state when it was joined, or null: it is new, or could not be looked at. */
  readonly seen: Run | null;
  /** When the answer came, on `clock.now()`. */
  readonly launchedAt: number;
  readonly older: boolean;
}

/** A run is not always visible the moment that its launch is answered. */
export const MISSING_MS = 30_000;

/** @throws StepError, OutOfTime, or the signal's reason */
export async function findRun(order: LaunchOrder): Promise<OurRun> {
  const { intent, attempt, onRerun, patience } = order;
  const { clock } = patience;
  const first = intentKey(intent);
  const isWalk = attempt > 1 && onRerun === 'resume';
  const keys = isWalk ? resumeKeys(first) : [attempt > 1 ? freshKey(first, order.jobRunId, attempt) : first];
  for (const key of keys) {
    if (clock.now() >= patience.deadline) throw new OutOfTime(null, null);
    order.onKey(key);
    const launched = await launch(order, key);
    const launchedAt = clock.now();
    const beganAtMs = launched.serverNowMs - (launchedAt - order.attemptBeganAt);
    const { runId } = launched;
    if (!launched.replayed) {
      order.onRun(launched);
      return { runId, origin: { kind: 'new' }, seen: null, launchedAt, older: false };
    }
    if (!isWalk) order.onRun(launched);
    else order.log(`${key} names ${runId}: looking at it`);
    const isNeeded = isWalk || order.wait;
    const looked = await lookOnce(order, runId, launchedAt + MISSING_MS, isNeeded).catch((error: unknown) => {
      // Where our own first answer was lost, the replay tells of the run that we launched.
      if (isWalk && launched.resent) order.onRun(launched);
      if (isNeeded || patience.signal.aborted) throw error;
      return null;
    });
    if (looked === null && isWalk) {
      order.log(`${runId} is not to be found or too large to judge: on to the next key`);
      continue;
    }
    const createdAt = looked?.run.createdAt ?? '';
    const isOurs = isOfThisAttempt(createdAt, beganAtMs);
    if (isWalk && !isOurs && looked !== null && order.isRed(looked.run)) {
      order.log(`${runId} is older and ended red: on to the next key`);
      continue;
    }
    if (isWalk) order.onRun(launched);
    const ageMs =
      looked === null || createdAt === ''
        ? null
        : Math.max(0, looked.meta.serverNowMs - Date.parse(createdAt));
    return {
      runId,
      origin: isOurs && launched.resent ? { kind: 'new' } : { kind: 'joined', ageMs },
      seen: looked?.run ?? null,
      launchedAt,
      older: !isOurs,
    };
  }
  throw new TooManyRerunsError();
}

class TooManyRerunsError extends StepError {
  constructor() {
    super(
      `all ${MOST_KEYS} runs that re-runs of this job may launch for one commit ended red`,
      'Push a new commit: it has runs of its own.',
    );
  }
}

/** null: there is no such run (any more), or it is over a cap. */
async function lookOnce(
  { client, patience, onLook, onFailedLook }: LaunchOrder,
  runId: string,
  missingUntil: number,
  isNeeded: boolean,
): Promise<{ readonly run: Run; readonly meta: Meta } | null> {
  let meta: Meta | undefined;
  try {
    const run = await waitForRun({
      ...patience,
      // Only to tell its age, it is worth no wait.
      deadline: isNeeded ? patience.deadline : Math.min(patience.deadline, patience.clock.now()),
      client,
      runId,
      firstLookInMs: 0,
      missingUntil,
      until: 'first_look',
      onLook: (_run, its) => {
        onLook();
        meta = its;
      },
      onFailedLook: (failure) => {
        onLook();
        onFailedLook(failure);
      },
    });
    return meta === undefined ? null : { run, meta };
  } catch (error) {
    const isGone =
      error instanceof ApiError && (error.problem.status === 404 || error.problem.status === 410);
    const isOverCap =
      (error instanceof ResponseShapeError && error.overCap) ||
      (error instanceof ConnectionError && error.fault === 'too_large');
    if (!isGone && !isOverCap) throw error;
    const hintMs = isGone ? error.hintMs : null;
    if (hintMs !== null) {
      if (patience.clock.now() + hintMs > patience.deadline) throw new OutOfTime(error, hintMs);
      await patience.clock.sleep(hintMs, patience.signal);
    }
    return null;
  }
}

async function launch({ intent, client, patience }: LaunchOrder, idempotencyKey: string): Promise<Launched> {
  try {
    return await client.startRun(
      { workflowId: intent.workflowId, idempotencyKey, body: launchBody(intent) },
      patience,
    );
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) {
      // Where the server wants no further request now, the list is not worth the wait.
      const nearest =
        error.hintMs === null ? await nearestWorkflows(client, intent.workflowId, patience) : '';
      throw new UnknownWorkflowError(error, nearest, intent.projectId !== '');
    }
    throw error;
  }
}

/** The launch was answered 404. */
class UnknownWorkflowError extends StepError {
  constructor(cause: ApiError, nearest: string, withProject: boolean) {
    super(
      `Alloovium does not know this workflow${withProject ? ' or this project' : ''}, or they are not of the key's account (404${cause.problem.code === 'not_found' ? ' not_found' : ''})`,
      `Copy the workflow's ID from the dashboard into \`workflow_id\`${withProject ? ' and check `project_id`: a wrong one looks the same' : ''}.`,
      [nearest, cause.detail].filter((part) => part !== '').join('; '),
    );
    this.cause = cause;
  }
}

const MOST_PAGES = 20;
const PAGE_MS = 15_000;
/** The API's limit; more is not what we asked for, and would take long to compare. */
const PAGE_SIZE = 100;

/** At most three workflows that the key may see, nearest by ID or name first. Foreign; empty where they cannot be had. */
async function nearestWorkflows(client: Client, workflowId: string, patience: Patience): Promise<string> {
  const found: { id: string; name: string; enabled: boolean }[] = [];
  const pageMs = () => Math.max(1, Math.min(PAGE_MS, patience.deadline - patience.clock.now()));
  try {
    const cursors = new Set<string>();
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const at: string | null = cursor;
      const answer: WorkflowPage = await untilAnswered<WorkflowPage>(
        () => client.listWorkflows(at, pageMs(), patience.signal),
        patience,
      );
      found.push(...answer.workflows.slice(0, PAGE_SIZE));
      cursor = answer.nextCursor;
      // A repeated cursor would go round for ever.
      if (cursor === null || cursors.has(cursor)) break;
      cursors.add(cursor);
    }
  } catch (error) {
    if (patience.signal.aborted) throw error;
    // What was found so far helps all the same: the launch's own error is what counts.
  }
  const distance = (entry: { id: string; name: string }) =>
    Math.min(unlikeness(entry.id, workflowId), unlikeness(entry.name, workflowId.replace(/^wf_/, '')));
  const nearest = found
    .map((entry) => ({ ...entry, distance: distance(entry) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ id, name, enabled }) => `${id} “${name.slice(0, 80)}” (${enabled ? 'enabled' : 'disabled'})`);
  return nearest.length === 0 ? '' : `nearest that this key may see: ${nearest.join(', ')}`;
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
