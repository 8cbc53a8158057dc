/** The three calls of the Alloovium API that the action makes: launch a run, poll it, list workflows. */
import type { Clock } from '../clock.ts';
import { TOKEN_COST } from './bucket.ts';
import {
  ApiError,
  ConnectionError,
  ResponseShapeError,
  type ConnectionFault,
  type ShapeFault,
} from './errors.ts';
import { createExchange, type ExchangeParts, type Exchanged, type Meta } from './exchange.ts';
import { LAUNCH, mayHaveStarted, sendUntilAnswered, type Attempts, type RetryOptions } from './retry.ts';
import { parseLaunch, parseRun, parseWorkflowPage, type Run } from './wire.ts';

export interface Launched extends Pick<Run, 'runId' | 'status'> {
  readonly meta: Meta;
  /** When the first attempt whose answer was lost was sent, on `clock.now()`; null: no answer was lost. */
  readonly lostAnswerAt: number | null;
  /** An earlier attempt of this launch may have started another run. */
  readonly mayHaveOther: boolean;
}

export interface LaunchRequest {
  readonly workflowId: string;
  readonly idempotencyKey: string;
  /** JSON, the same bytes on every attempt. */
  readonly body: string;
}

/** Length of `run_` and eight characters: enough to recognise a run in a headline. */
const SHORT_RUN_ID_LENGTH = 12;

const GET = { method: 'GET', headers: {}, body: null } as const;

export type Client = ReturnType<typeof createClient>;

/** Creates the client, which remembers for each idempotency key what is open about it. */
export function createClient(parts: ExchangeParts) {
  const { clock } = parts;
  const { exchange, ...tokens } = createExchange(parts);
  /** The key under which each run was launched or joined. */
  const keyOfRun = new Map<string, string>();
  /** Keys of launches that may have started a run. */
  const pendingKeys = new Set<string>();
  /** When the first attempt whose answer was lost was sent, for each key: the API may replay its answer. */
  const lostAnswerAt = new Map<string, number>();
  /** Keys with a 5xx from the API itself: the API replays only 2xx, so the next attempt may start another run. */
  const unreplayableKeys = new Set<string>();

  /** Sends one attempt and records what it leaves open about the key. @throws the signal's reason */
  async function launch(
    { workflowId, idempotencyKey: key, body }: LaunchRequest,
    before: Attempts,
    deadline: number,
    signal: AbortSignal,
  ): Promise<Exchanged<Launched>> {
    pendingKeys.add(key);
    const sentAt = clock.now();
    const answer = await exchange(
      {
        method: 'POST',
        path: `/api/v2/workflows/${encodeURIComponent(workflowId)}/runs`,
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body,
        timeoutMs: Math.min(LAUNCH.attemptMs, deadline - clock.now() + GRACE_MS),
        signal,
      },
      TOKEN_COST.launch,
      (json) => {
        const launched = parseLaunch(json, workflowId);
        const { runId } = launched;
        if ((keyOfRun.get(runId) ?? key) !== key) {
          const what = `the API gave ${runId.slice(0, SHORT_RUN_ID_LENGTH)} for two launches`;
          throw new ResponseShapeError(what, 'wrong_run', `run ${runId}`);
        }
        keyOfRun.set(runId, key);
        return launched;
      },
    );
    if ('failure' in answer) {
      const { error } = answer.failure;
      const problem = error instanceof ApiError ? error.problem : null;
      if (error.kind !== 'locked' && mayHaveStarted(error)) {
        if (problem?.isProblem === true) unreplayableKeys.add(key);
        else lostAnswerAt.set(key, lostAnswerAt.get(key) ?? sentAt);
      }
      const isNoWorkflow = problem?.status === 404 && problem.code === 'not_found';
      if (isNoWorkflow || ![...before, error].some(mayHaveStarted)) pendingKeys.delete(key);
      return answer;
    }
    pendingKeys.delete(key);
    const lostAt = lostAnswerAt.get(key) ?? null;
    const mayHaveOther = unreplayableKeys.has(key) || (lostAt !== null && !answer.meta.replayed);
    return { ...answer, lostAnswerAt: lostAt, mayHaveOther };
  }

  return {
    ...tokens,

    /**
     * Launches a run, or joins the existing run of the key. Retries until the API's answer is usable. Call it once per key.
     * @throws StepError, OutOfTime, or the signal's reason
     */
    async startRun(request: LaunchRequest, context: RetryOptions): Promise<Launched> {
      const deadline = Math.min(context.deadline, clock.now() + LAUNCH.maxTotalMs);
      try {
        return await runWithGrace(clock, context.signal, (late) =>
          sendUntilAnswered((before) => launch(request, before, deadline, late), { ...context, deadline }),
        );
      } catch (error) {
        const isAnswerError = error instanceof ResponseShapeError || error instanceof ConnectionError;
        if (!isAnswerError || !UNUSABLE_ANSWER_FAULTS.includes(error.fault)) throw error;
        const what = error.headline.replace(/^the answer(?! to)/, 'the answer to the launch');
        throw new ResponseShapeError(what, 'unusable', error.detail);
      }
    },

    /** Polls a run once; `pollRun` repeats it. @throws the signal's reason */
    getRun: (runId: string, timeoutMs: number, signal: AbortSignal) => {
      const path = `/api/v2/workflows/runs/${encodeURIComponent(runId)}`;
      return exchange({ ...GET, path, timeoutMs, signal }, TOKEN_COST.poll, (json) => ({
        run: parseRun(json, runId),
      }));
    },

    /** Reads one page of the workflows that the key may see, in one attempt. @throws the signal's reason */
    listWorkflows: (cursor: string | null, timeoutMs: number, signal: AbortSignal) => {
      const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
      const path = `/api/v2/workflows?${query.toString()}`;
      return exchange({ ...GET, path, timeoutMs, signal }, TOKEN_COST.poll, parseWorkflowPage);
    },

    /** Whether a launch under this key is in flight, or failed so that it may have started a run. */
    isLaunchOpen: (idempotencyKey: string) => pendingKeys.has(idempotencyKey),
  };
}

/** Their remedies speak of the run's outputs, which the answer to a launch does not contain. */
const UNUSABLE_ANSWER_FAULTS: readonly string[] = [
  'unusable',
  'over_cap',
  'key_twice',
  'too_large',
] satisfies (ShapeFault | ConnectionFault)[];

/** Extra time for a launch in flight at the deadline, or at a cancel, to still return its run's ID. */
const GRACE_MS = 3_000;

/** Runs `work` with a signal that aborts `GRACE_MS` after the job's signal. */
async function runWithGrace<T>(
  clock: Clock,
  signal: AbortSignal,
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const over = new AbortController();
  const cancel = () => {
    clock.sleep(GRACE_MS, over.signal).then(
      () => late.abort(signal.reason),
      () => undefined,
    );
  };
  signal.addEventListener('abort', cancel, { once: true, signal: over.signal });
  try {
    return await work(late.signal);
  } finally {
    over.abort();
  }
}
