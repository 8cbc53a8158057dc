/** How the job comes by its run: launches it, joins it, or on a re-run walks the keys to one that is newer or not red. */
import type { Client, Launched, Meta } from '../alloovium/client.ts';
import { ApiError, ConnectionError, ResponseShapeError } from '../alloovium/errors.ts';
import { OutOfTime, untilAnswered, type Failure, type RetryContext } from '../alloovium/retry.ts';
import { waitForRun } from '../alloovium/poll.ts';
import type { Run, WorkflowPage } from '../alloovium/wire.ts';
import {
  freshKey,
  intentKey,
  isOfThisAttempt,
  launchBody,
  MOST_KEYS,
  resumeKeys,
  type Intent,
} from '../intent.ts';
import { StepError } from '../step-error.ts';
import type { Origin } from '../report/report.ts';

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
  readonly retryContext: RetryContext;
  /** Would a run that ended so turn the step red? */
  readonly isRed: (run: Run) => boolean;
  /** Told before the first launch under each key. */
  readonly onKey: (key: string) => void;
  /** Told the moment it is sure that this run is ours. */
  readonly onRun: (launched: Launched) => void;
  readonly onPoll: () => void;
  readonly onFailedPoll: (failure: Failure) => void;
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
  /** The server wants no further request before; on `clock.now()`. */
  readonly notBefore: number;
}

/** A run is not always visible the moment that its launch is answered. */
export const MISSING_MS = 30_000;
/** From a look that failed to the next. */
const FAILED_POLL_MS = 5_000;

/** @throws StepError, OutOfTime, or the signal's reason */
export async function findRun(order: LaunchOrder): Promise<OurRun> {
  const first = intentKey(order.intent);
  if (order.attempt > 1 && order.onRerun === 'resume') return walk(order, resumeKeys(first));
  return launchUnder(order, order.attempt > 1 ? freshKey(first, order.jobRunId, order.attempt) : first);
}

/** Whatever this key names is our run. */
async function launchUnder(order: LaunchOrder, key: string): Promise<OurRun> {
  const answer = await launch(order, key);
  order.onRun(answer.launched);
  if (!answer.launched.replayed) return newRun(answer);
  const polled = await pollOnce(order, answer, order.wait).catch((error: unknown) => {
    if (order.wait || order.retryContext.signal.aborted) throw error;
    return null;
  });
  return foundRun(order, answer, polled);
}

/** A re-run: the first key whose run is new, or of this attempt, or not red. */
async function walk(order: LaunchOrder, keys: readonly string[]): Promise<OurRun> {
  for (const key of keys) {
    const answer = await launch(order, key);
    const { launched } = answer;
    if (!launched.replayed) {
      order.onRun(launched);
      return newRun(answer);
    }
    order.log(`${key} names ${launched.runId}: looking at it`);
    const polled = await pollOnce(order, answer, true).catch((error: unknown) => {
      // Where our own first answer was lost, the replay tells of the run that we launched.
      if (launched.resent) order.onRun(launched);
      throw error;
    });
    if (polled === null) {
      order.log(`${launched.runId} is not to be found or too large to judge: on to the next key`);
      continue;
    }
    const found = foundRun(order, answer, polled);
    if (found.older && order.isRed(polled.run)) {
      order.log(`${launched.runId} is older and ended red: on to the next key`);
      await holdOff(order, found.notBefore, null);
      continue;
    }
    order.onRun(launched);
    return found;
  }
  throw new TooManyRerunsError();
}

/** An answer to a launch, and when it came, on `clock.now()`. */
interface Answer {
  readonly launched: Launched;
  readonly at: number;
}

function newRun({ launched, at }: Answer): OurRun {
  return {
    runId: launched.runId,
    origin: { kind: 'new' },
    seen: null,
    launchedAt: at,
    older: false,
    notBefore: at + launched.hintMs,
  };
}

/** The run of a replay, and what one look at it showed, if one did. */
function foundRun({ attemptBeganAt }: LaunchOrder, { launched, at }: Answer, polled: Looked | null): OurRun {
  const createdAt = polled?.run.createdAt ?? '';
  const isOurs = isOfThisAttempt(createdAt, launched.serverNowMs - (at - attemptBeganAt));
  const ageMs =
    polled === null || createdAt === '' ? null : Math.max(0, polled.meta.serverNowMs - Date.parse(createdAt));
  return {
    runId: launched.runId,
    origin: isOurs && launched.resent ? { kind: 'new' } : { kind: 'joined', ageMs },
    seen: polled?.run ?? null,
    launchedAt: at,
    older: !isOurs,
    notBefore: polled === null ? at + launched.hintMs : polled.at + polled.meta.hintMs,
  };
}

class TooManyRerunsError extends StepError {
  constructor() {
    super(
      `all ${MOST_KEYS} runs that re-runs of this job may launch for one commit ended red`,
      'Push a new commit: it has runs of its own.',
    );
  }
}

/** Sends nothing before then; where that is too late, there is nothing left to do. */
async function holdOff(
  { retryContext: { clock, deadline, signal } }: LaunchOrder,
  until: number,
  last: StepError | null,
): Promise<void> {
  const ms = until - clock.now();
  if (ms <= 0) return;
  if (until > deadline) throw new OutOfTime(last, ms);
  await clock.sleep(ms, signal);
}

interface Looked {
  readonly run: Run;
  readonly meta: Meta;
  /** When, on `clock.now()`. */
  readonly at: number;
}

/** null: there is no such run (any more), or it is over a cap. */
async function pollOnce(
  order: LaunchOrder,
  { launched, at }: Answer,
  isNeeded: boolean,
): Promise<Looked | null> {
  const { client, retryContext, onPoll, onFailedPoll } = order;
  let meta: Meta | undefined;
  let hintMs = 0;
  try {
    const run = await waitForRun({
      ...retryContext,
      // Only to tell its age, it is worth no wait.
      deadline: isNeeded ? retryContext.deadline : Math.min(retryContext.deadline, retryContext.clock.now()),
      client,
      runId: launched.runId,
      firstPollMs: 0,
      nextPauseMs: () => FAILED_POLL_MS,
      notBefore: at + launched.hintMs,
      missingUntil: at + MISSING_MS,
      until: 'first_answer',
      onPoll: (_run, its) => {
        onPoll();
        meta = its;
      },
      onFailedPoll: (failure) => {
        onPoll();
        hintMs = failure.hintMs ?? 0;
        onFailedPoll(failure);
      },
    });
    return meta === undefined ? null : { run, meta, at: retryContext.clock.now() };
  } catch (error) {
    const isGone =
      error instanceof ApiError && (error.problem.status === 404 || error.problem.status === 410);
    const isOverCap =
      (error instanceof ResponseShapeError && error.overCap) ||
      (error instanceof ConnectionError && error.fault === 'too_large');
    if (!isGone && !isOverCap) throw error;
    await holdOff(order, retryContext.clock.now() + hintMs, error);
    return null;
  }
}

async function launch({ intent, client, retryContext, onKey }: LaunchOrder, key: string): Promise<Answer> {
  if (retryContext.clock.now() >= retryContext.deadline) throw new OutOfTime(null, null);
  onKey(key);
  try {
    const launched = await client.startRun(
      { workflowId: intent.workflowId, idempotencyKey: key, body: launchBody(intent) },
      retryContext,
    );
    return { launched, at: retryContext.clock.now() };
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) {
      // Where the server wants no further request now, the list is not worth the wait.
      const nearest =
        error.hintMs === null ? await nearestWorkflows(client, intent.workflowId, retryContext) : '';
      throw new UnknownWorkflowError(error, nearest, intent.projectId !== '');
    }
    throw error;
  }
}

/** The launch was answered 404. */
class UnknownWorkflowError extends StepError {
  constructor(cause: ApiError, nearest: string, withProject: boolean) {
    const isTheApi = cause.problem.code === 'not_found';
    super(
      `Alloovium does not know this workflow${withProject ? ' or this project' : ''}, or they are not of the key's account (404${isTheApi ? ' not_found' : ''})`,
      `${isTheApi ? '' : 'Check that `api_url`, if you give it, is the API itself. '}Copy the workflow's ID from the dashboard into \`workflow_id\`${withProject ? ' and check `project_id`: a wrong one looks the same' : ''}.`,
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
async function nearestWorkflows(
  client: Client,
  workflowId: string,
  retryContext: RetryContext,
): Promise<string> {
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
    .map(({ id, name, enabled }) => `${id} “${name.slice(0, 80)}” (${enabled ? 'enabled' : 'disabled'})`);
  return nearest.length === 0 ? '' : `Nearest that this key may see: ${nearest.join(', ')}`;
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
