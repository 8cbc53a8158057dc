/** The three calls of the Alloovium API that the action makes. One request is in flight at a time. */
import type { Clock } from '../clock.ts';
import { COST, observeBucket, unknownBucket, type BucketState } from './bucket.ts';
import {
  ApiError,
  BucketTooSmallError,
  ConnectionError,
  NoAnswerError,
  ResponseShapeError,
  withRequest,
  WrongRunError,
} from './errors.ts';
import { StepError } from '../step-error.ts';
import type { JsonObject } from '../json.ts';
import {
  fateOf,
  hintMs,
  httpDateMs,
  LAUNCH,
  mayHaveStarted,
  noAttempts,
  OutOfTime,
  untilAnswered,
  type Attempts,
  type Failure,
  type RetryContext,
} from './retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';
import {
  bucketOf,
  costOf,
  launchAnswer,
  parseBody,
  problemOf,
  requestIdOf,
  runOf,
  workflowPage,
  type Bucket,
  type LaunchAnswer,
  type Redact,
  type Run,
  type WorkflowPage,
} from './wire.ts';

/** What comes with every answer. */
export interface Meta {
  /** By the server's clock where it says (`Date`), else by ours; ms since 1970. */
  readonly serverNowMs: number;
  readonly replayed: boolean;
  /** For how long the server wants no further request; 0 where it does not say. */
  readonly hintMs: number;
  /** The content type is not JSON although the body is. */
  readonly wrongContentType: boolean;
  /** A secret was replaced in it. */
  readonly redacted: boolean;
}

export interface Launched extends LaunchAnswer, Meta {
  /** An earlier attempt of this launch may have started the run. */
  readonly resent: boolean;
}

export interface Client {
  /**
   * Launches a run, or joins the one that the key names, and sends again until it knows.
   * @throws StepError, OutOfTime, or the signal's reason
   */
  startRun(launch: Launch, options: LaunchOptions): Promise<Launched>;
  /**
   * One poll of a run: no retry, that is for whoever polls.
   * @throws the signal's reason
   */
  getRun(
    runId: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly run: Run; readonly meta: Meta } | { readonly failure: Failure }>;
  /**
   * One page of the workflows that the key may see, in one attempt.
   * @throws the signal's reason
   */
  listWorkflows(
    cursor: string | null,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<(WorkflowPage & { readonly meta: Meta }) | { readonly failure: Failure }>;
  /** What all answers so far told of the key's bucket. */
  bucketState(): BucketState;
  /** Tokens so far, as the answers said; where one does not say, the documented cost; 0 for a 429, whatever it says. */
  readonly tokensSpent: () => number;
  /** A launch under this key is in flight, or one failed in a way that leaves open whether it started a run. */
  readonly mayHaveStarted: (idempotencyKey: string) => boolean;
}

export interface Launch {
  readonly workflowId: string;
  readonly idempotencyKey: string;
  /** JSON, the same bytes on every send. */
  readonly body: string;
}

export type LaunchOptions = Pick<RetryContext, 'deadline' | 'signal' | 'onFailure' | 'takeTurn'>;

/** What has come of the launches under one key. */
interface KeyHistory {
  attempts: Attempts;
  last: StepError | null;
  /** When the first was sent, or is about to be; on `clock.now()`. */
  readonly sentAt: number;
  mayHaveStarted: boolean;
}

/** `run_` and eight characters. */
const SHORT_ID = 12;

/** A launch that is in flight at the deadline, or when the job is cancelled, may still tell its run's ID. */
const GRACE_MS = 3_000;

export interface ClientParts {
  readonly transport: Transport;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly redact: Redact;
}

export function createClient({ transport, apiUrl, apiKey, clock, random, redact }: ClientParts): Client {
  let spent = 0;
  const histories = new Map<string, KeyHistory>();
  /** The key under which each run was launched or joined. */
  const keyOfRun = new Map<string, string>();
  let bucketState = unknownBucket;
  let begun = 0;
  let inFlight = 0;

  /** One attempt: a usable answer, or why there is none. */
  async function exchange<T extends object>(
    request: Omit<HttpRequest, 'url' | 'headers'> & {
      readonly path: string;
      readonly headers?: Record<string, string>;
    },
    cost: number,
    read: (body: JsonObject, meta: Meta) => T,
  ): Promise<T | { readonly failure: Failure }> {
    let redacted = false;
    const clean = (text: string) => {
      const safe = redact(text);
      redacted ||= safe !== text;
      return safe;
    };
    const failed = (error: StepError, hint: number | null = null, bucket: Bucket | null = null) => ({
      failure: { error, hintMs: hint, bucket, bucketState, cost, redacted },
    });
    let answer: HttpAnswer;
    const nth = ++begun;
    const wasAlone = inFlight++ === 0;
    try {
      answer = await transport({
        ...request,
        url: apiUrl + request.path,
        headers: { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...request.headers },
      });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return failed(error);
    } finally {
      inFlight--;
    }
    const overlaps = !wasAlone || begun > nth;
    const { status, headers } = answer;
    // A 429 took nothing, whatever its header says.
    const paid = status === 429 ? 0 : (costOf(headers) ?? cost);
    spent += paid;
    const serverNowMs = httpDateMs(headers.get('date') ?? '') ?? clock.date();
    const bucket = bucketOf(headers, serverNowMs);
    bucketState = observeBucket(bucketState, { at: clock.now(), bucket, cost: paid, overlaps });
    const retryAfter = headers.get('retry-after');
    const headerHintMs = hintMs(retryAfter, null, serverNowMs);
    try {
      if (status < 200 || status > 299) {
        const problem = problemOf(answer, clean);
        const limit = headers.get('x-ratelimit-limit') ?? '';
        const price = Math.max(cost, costOf(headers) ?? 0);
        if (status === 429 && cost === COST.launch && /^\d{1,9}$/.test(limit) && Number(limit) < price) {
          throw new BucketTooSmallError(Number(limit), price);
        }
        const hint = hintMs(retryAfter, problem.retryAfterSeconds, serverNowMs);
        return failed(new ApiError(problem, hint), hint, bucket);
      }
      const json = parseBody(answer, clean);
      return read(json, {
        serverNowMs,
        // Doubled, it reads `true, true`.
        replayed: /^\s*true\s*(?:,|$)/i.test(headers.get('idempotent-replayed') ?? ''),
        hintMs: headerHintMs ?? 0,
        wrongContentType: !/\bjson\b/i.test(headers.get('content-type') ?? ''),
        redacted,
      });
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      if (!(error instanceof ResponseShapeError)) return failed(error, headerHintMs, bucket);
      const { headline, fault } = error;
      const detail = withRequest(error.detail, requestIdOf(headers, clean));
      return failed(new ResponseShapeError(headline, { fault, detail }), headerHintMs, bucket);
    }
  }

  return {
    async startRun({ workflowId, idempotencyKey, body }, { deadline, signal, onFailure, takeTurn }) {
      const history = histories.get(idempotencyKey) ?? {
        attempts: noAttempts,
        last: null,
        sentAt: clock.now(),
        mayHaveStarted: false,
      };
      histories.set(idempotencyKey, history);
      if (history.last !== null && history.attempts.taken >= LAUNCH.taken)
        throw new NoAnswerError(history.last, clock.now() - history.sentAt);
      const until = Math.min(deadline, history.sentAt + LAUNCH.forMs);
      const grace = graceful(signal, clock);
      let resent = false;
      const send = async () => {
        signal.throwIfAborted();
        if (clock.now() > until) throw new OutOfTime(history.last, null);
        const before = history.mayHaveStarted;
        history.mayHaveStarted = true;
        const answer = await exchange(
          {
            method: 'POST',
            path: `/api/v2/workflows/${encodeURIComponent(workflowId)}/runs`,
            headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
            body,
            timeoutMs: Math.max(1, Math.min(LAUNCH.attemptMs, deadline - clock.now() + GRACE_MS)),
            signal: grace.signal,
          },
          COST.launch,
          (json, meta): Launched => {
            const launched = launchAnswer(json, workflowId);
            const { runId } = launched;
            if ((keyOfRun.get(runId) ?? idempotencyKey) !== idempotencyKey)
              throw new WrongRunError(`the API gave ${runId.slice(0, SHORT_ID)} for two launches`, runId);
            keyOfRun.set(runId, idempotencyKey);
            return { ...launched, ...meta, resent };
          },
        );
        if ('failure' in answer) {
          const { error } = answer.failure;
          const fate = fateOf(error);
          history.last = error;
          resent ||= fate !== 'locked' && mayHaveStarted(fate);
          // A workflow that is not there was not there a moment ago either.
          history.mayHaveStarted = !isNotFound(error) && (before || mayHaveStarted(fate));
        } else history.mayHaveStarted = false;
        return answer;
      };
      try {
        return await untilAnswered<Launched>(
          send,
          {
            ...{ clock, random, signal, deadline: until, ...(takeTurn && { takeTurn }) },
            onFailure: (failure, delayMs, attempts) => {
              history.attempts = attempts;
              onFailure(failure, delayMs, attempts);
            },
          },
          history.attempts,
        );
      } catch (error) {
        if (!(error instanceof ResponseShapeError) || error.fault === 'web_page') throw error;
        throw new ResponseShapeError(
          `the run was started, and its ID is not known: ${error.headline}`,
          error,
        );
      } finally {
        grace.end();
      }
    },

    getRun: (runId, timeoutMs, signal) =>
      exchange(
        {
          method: 'GET',
          path: `/api/v2/workflows/runs/${encodeURIComponent(runId)}`,
          body: null,
          timeoutMs,
          signal,
        },
        COST.poll,
        (json, meta) => ({ run: runOf(json, runId), meta }),
      ),

    listWorkflows: (cursor, timeoutMs, signal) => {
      const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
      return exchange(
        { method: 'GET', path: `/api/v2/workflows?${query.toString()}`, body: null, timeoutMs, signal },
        COST.list,
        (json, meta) => ({ ...workflowPage(json), meta }),
      );
    },

    bucketState: () => bucketState,
    tokensSpent: () => spent,
    mayHaveStarted: (idempotencyKey) => histories.get(idempotencyKey)?.mayHaveStarted ?? false,
  };
}

function isNotFound(error: StepError): boolean {
  return error instanceof ApiError && error.problem.status === 404 && error.problem.code === 'not_found';
}

/** A signal that follows `signal` after the grace, for a request whose answer is worth waiting for. */
function graceful(signal: AbortSignal, clock: Clock): { readonly signal: AbortSignal; end(): void } {
  const late = new AbortController();
  const over = new AbortController();
  const start = () => {
    clock.sleep(GRACE_MS, over.signal).then(
      () => late.abort(signal.reason),
      () => undefined,
    );
  };
  if (signal.aborted) late.abort(signal.reason);
  else signal.addEventListener('abort', start, { once: true });
  return {
    signal: late.signal,
    end: () => {
      signal.removeEventListener('abort', start);
      over.abort();
    },
  };
}
