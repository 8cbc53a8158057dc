/** The three calls of the Alloovium API that the action makes. */
import type { Clock } from '../clock.ts';
import { COST } from './bucket.ts';
import {
  ApiError,
  ConnectionError,
  ResponseShapeError,
  type ConnectionFault,
  type ShapeFault,
} from './errors.ts';
import { createExchange, type ExchangeParts, type Exchanged, type Meta } from './exchange.ts';
import { LAUNCH, mayHaveStarted, untilAnswered, type Attempts, type RetryContext } from './retry.ts';
import { launchAnswer, runOf, workflowPage, type Run } from './wire.ts';

export interface Launched extends Pick<Run, 'runId' | 'status'> {
  readonly meta: Meta;
  /** When the first attempt of this launch was sent whose answer got lost, on `clock.now()`; null: none did. */
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

/** `run_` and eight characters. */
const SHORT_RUN_ID = 12;

const GET = { method: 'GET', headers: {}, body: null } as const;

export type Client = ReturnType<typeof createClient>;

export function createClient(parts: ExchangeParts) {
  const { clock } = parts;
  const { exchange, ...tokens } = createExchange(parts);
  /** The key under which each run was launched or joined. */
  const keyOfRun = new Map<string, string>();
  /** Keys of launches that may have started a run. */
  const pendingKeys = new Set<string>();
  /** When the first attempt under a key was sent whose answer got lost: the API may replay it. */
  const lostAnswerAt = new Map<string, number>();
  /** Keys under which the API said itself that it failed: it keeps no such answer for replay, nor the run behind it. */
  const unkept = new Set<string>();

  /** One attempt. */
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
        timeoutMs: Math.max(1, Math.min(LAUNCH.attemptMs, deadline - clock.now() + GRACE_MS)),
        signal,
      },
      COST.launch,
      (json) => {
        const launched = launchAnswer(json, workflowId);
        const { runId } = launched;
        if ((keyOfRun.get(runId) ?? key) !== key) {
          const what = `the API gave ${runId.slice(0, SHORT_RUN_ID)} for two launches`;
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
        if (problem?.isProblem === true) unkept.add(key);
        else lostAnswerAt.set(key, lostAnswerAt.get(key) ?? sentAt);
      }
      const isNoWorkflow = problem?.status === 404 && problem.code === 'not_found';
      if (isNoWorkflow || ![...before, error].some(mayHaveStarted)) pendingKeys.delete(key);
      return answer;
    }
    pendingKeys.delete(key);
    const lostAt = lostAnswerAt.get(key) ?? null;
    const mayHaveOther = unkept.has(key) || (lostAt !== null && !answer.meta.replayed);
    return { ...answer, lostAnswerAt: lostAt, mayHaveOther };
  }

  return {
    ...tokens,

    /**
     * Launches a run, or joins the one that the key names, and sends again until it knows; once for each key.
     * @throws StepError, OutOfTime, or the signal's reason
     */
    async startRun(request: LaunchRequest, context: RetryContext): Promise<Launched> {
      const deadline = Math.min(context.deadline, clock.now() + LAUNCH.forMs);
      try {
        return await withGrace(clock, context.signal, (late) =>
          untilAnswered((before) => launch(request, before, deadline, late), { ...context, deadline }),
        );
      } catch (error) {
        const isOfAnswer = error instanceof ResponseShapeError || error instanceof ConnectionError;
        if (!isOfAnswer || !UNUSABLE_LAUNCH.includes(error.fault)) throw error;
        const what = error.headline.replace(/^the answer(?! to)/, 'the answer to the launch');
        throw new ResponseShapeError(what, 'unusable', error.detail);
      }
    },

    /** One poll of a run: no retry, that is for whoever polls. @throws the signal's reason */
    getRun: (runId: string, timeoutMs: number, signal: AbortSignal) => {
      const path = `/api/v2/workflows/runs/${encodeURIComponent(runId)}`;
      return exchange({ ...GET, path, timeoutMs, signal }, COST.poll, (json) => ({
        run: runOf(json, runId),
      }));
    },

    /** One page of the workflows that the key may see, in one attempt. @throws the signal's reason */
    listWorkflows: (cursor: string | null, timeoutMs: number, signal: AbortSignal) => {
      const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
      const path = `/api/v2/workflows?${query.toString()}`;
      return exchange({ ...GET, path, timeoutMs, signal }, COST.poll, workflowPage);
    },

    /** A launch under this key is in flight, or one failed in a way that leaves open whether it started a run. */
    mayHaveStarted: (idempotencyKey: string) => pendingKeys.has(idempotencyKey),
  };
}

/** A run's outputs are no part of an answer to a launch. */
const UNUSABLE_LAUNCH: readonly string[] = [
  'unusable',
  'other_run',
  'over_cap',
  'key_twice',
  'too_large',
] satisfies (ShapeFault | ConnectionFault)[];

/** A launch that is in flight at the deadline, or when the runner stops the step, may still tell its run's ID. */
const GRACE_MS = 3_000;

/** Hands on a signal that comes so much later than the job's. */
async function withGrace<T>(
  clock: Clock,
  signal: AbortSignal,
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const [late, over] = [new AbortController(), new AbortController()];
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
