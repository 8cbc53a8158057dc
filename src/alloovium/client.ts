/** The three calls of the Alloovium API that the action makes. */
import type { Clock } from '../clock.ts';
import { COST, observeBucket, unknownBucket } from './bucket.ts';
import {
  ApiError,
  BucketTooSmallError,
  ConnectionError,
  noAnswer,
  RequestError,
  ResponseShapeError,
  withRequest,
  wrongRun,
} from './errors.ts';
import type { JsonObject } from '../json.ts';
import {
  hintMs,
  httpDateMs,
  isUsedUp,
  LAUNCH,
  mayHaveStarted,
  OutOfTime,
  untilAnswered,
  type Attempts,
  type Failure,
  type RetryContext,
} from './retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';
import {
  bucketOf,
  countIn,
  launchAnswer,
  parseBody,
  problemOf,
  requestIdOf,
  runOf,
  workflowPage,
  type Redact,
  type Run,
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

export interface Launched extends Pick<Run, 'runId' | 'status'>, Meta {
  /** An earlier attempt of this launch may have started the run. */
  readonly resent: boolean;
}

export interface LaunchRequest {
  readonly workflowId: string;
  readonly idempotencyKey: string;
  /** JSON, the same bytes on every attempt. */
  readonly body: string;
}

/** What has come of the launches under one key. */
interface KeyHistory {
  attempts: Attempts;
  last: RequestError | null;
  /** When the first attempt was made, on `clock.now()`. */
  readonly sentAt: number;
  mayHaveStarted: boolean;
}

/** `run_` and eight characters. */
const SHORT_RUN_ID = 12;

/** A launch that is in flight at the deadline, or when the job is cancelled, may still tell its run's ID. */
const GRACE_MS = 3_000;

export interface ClientParts {
  readonly transport: Transport;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly redact: Redact;
}

export type Client = ReturnType<typeof createClient>;

export function createClient({ transport, apiUrl, apiKey, clock, redact }: ClientParts) {
  let spent = 0;
  const histories = new Map<string, KeyHistory>();
  /** The key under which each run was launched or joined. */
  const keyOfRun = new Map<string, string>();
  let bucketState = unknownBucket;
  let begun = 0;
  let inFlight = 0;

  /** One attempt: a usable answer, or why there is none. */
  async function exchange<T extends object>(
    { path, headers: own, ...request }: Omit<HttpRequest, 'url'> & { readonly path: string },
    cost: number,
    read: (body: JsonObject, meta: Meta) => T,
  ): Promise<T | { readonly failure: Failure }> {
    let redacted = false;
    const clean = (text: string) => {
      const safe = redact(text);
      redacted ||= safe !== text;
      return safe;
    };
    const failed = (error: RequestError, hint: number | null) => ({
      failure: { error, hintMs: hint, bucketState, cost, redacted },
    });
    let answer: HttpAnswer;
    const nth = ++begun;
    const wasAlone = inFlight++ === 0;
    try {
      const headers = { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...own };
      answer = await transport({ ...request, url: apiUrl + path, headers });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return failed(error, null);
    } finally {
      inFlight--;
    }
    const overlaps = !wasAlone || begun > nth;
    const { status, headers } = answer;
    const price = countIn(headers, 'x-ratelimit-cost') ?? cost;
    // A 429 took nothing, whatever its header says.
    const paid = status === 429 ? 0 : price;
    spent += paid;
    const serverNowMs = httpDateMs(headers.get('date') ?? '') ?? clock.date();
    const bucket = bucketOf(headers, serverNowMs);
    bucketState = observeBucket(bucketState, { at: clock.now(), bucket, cost: paid, overlaps });
    const hintWith = (seconds: number | null) =>
      hintMs(headers.get('retry-after') ?? '', seconds, serverNowMs);
    let hint = hintWith(null);
    try {
      if (status < 200 || status > 299) {
        const problem = problemOf(answer, clean);
        hint = hintWith(problem.retryAfterSeconds);
        const limit = countIn(headers, 'x-ratelimit-limit') ?? Infinity;
        if (status === 429 && cost === COST.launch && limit < Math.max(cost, price))
          throw new BucketTooSmallError(limit, Math.max(cost, price));
        throw new ApiError(problem, hint);
      }
      const json = parseBody(answer, clean);
      return read(json, {
        serverNowMs,
        // Doubled, it reads `true, true`.
        replayed: /^\s*true\s*(?:,|$)/i.test(headers.get('idempotent-replayed') ?? ''),
        hintMs: hint ?? 0,
        wrongContentType: !/\bjson\b/i.test(headers.get('content-type') ?? ''),
        redacted,
      });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (!(error instanceof ResponseShapeError)) return failed(error, hint);
      const { headline, fault } = error;
      const detail = withRequest(error.detail, requestIdOf(headers, clean));
      return failed(new ResponseShapeError(headline, fault, detail), hint);
    }
  }

  const get = <T extends object>(
    path: string,
    timeoutMs: number,
    signal: AbortSignal,
    read: (body: JsonObject, meta: Meta) => T,
  ) => exchange({ method: 'GET', path, headers: {}, body: null, timeoutMs, signal }, COST.poll, read);

  return {
    /**
     * Launches a run, or joins the one that the key names, and sends again until it knows.
     * @throws StepError, OutOfTime, or the signal's reason
     */
    async startRun(
      { workflowId, idempotencyKey, body }: LaunchRequest,
      context: Omit<RetryContext, 'clock'>,
    ): Promise<Launched> {
      const { deadline, signal } = context;
      const now = clock.now();
      const none: KeyHistory = { attempts: [], last: null, sentAt: now, mayHaveStarted: false };
      const history = histories.get(idempotencyKey) ?? none;
      histories.set(idempotencyKey, history);
      if (history.last !== null && isUsedUp(history.attempts))
        throw noAnswer(history.last, now - history.sentAt);
      const until = Math.min(deadline, history.sentAt + LAUNCH.forMs);
      const [late, over] = [new AbortController(), new AbortController()];
      const cancel = () => {
        clock.sleep(GRACE_MS, over.signal).then(
          () => late.abort(signal.reason),
          () => undefined,
        );
      };
      signal.addEventListener('abort', cancel, { once: true, signal: over.signal });
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
            signal: late.signal,
          },
          COST.launch,
          (json, meta): Launched => {
            const launched = launchAnswer(json, workflowId);
            const { runId } = launched;
            if ((keyOfRun.get(runId) ?? idempotencyKey) !== idempotencyKey)
              throw wrongRun(`the API gave ${runId.slice(0, SHORT_RUN_ID)} for two launches`, runId);
            keyOfRun.set(runId, idempotencyKey);
            return { ...launched, ...meta, resent };
          },
        );
        if ('failure' in answer) {
          const { error } = answer.failure;
          history.last = error;
          history.attempts = [...history.attempts, { fate: error.fate, ms: 0 }];
          resent ||= error.fate !== 'locked' && mayHaveStarted(error);
          // A workflow that is not there was not there a moment ago either.
          history.mayHaveStarted = !saysNotFound(error) && (before || mayHaveStarted(error));
        } else history.mayHaveStarted = false;
        return answer;
      };
      try {
        return await untilAnswered<Launched>(send, { ...context, clock, deadline: until }, history.attempts);
      } catch (error) {
        if (!(error instanceof ResponseShapeError) || error.fault === 'web_page') throw error;
        const what = `the run was started, and its ID is not known: ${error.headline}`;
        throw new ResponseShapeError(what, error.fault, error.detail);
      } finally {
        over.abort();
      }
    },

    /**
     * One poll of a run: no retry, that is for whoever polls.
     * @throws the signal's reason
     */
    getRun: (runId: string, timeoutMs: number, signal: AbortSignal) =>
      get(`/api/v2/workflows/runs/${encodeURIComponent(runId)}`, timeoutMs, signal, (json, meta) => ({
        run: runOf(json, runId),
        meta,
      })),

    /**
     * One page of the workflows that the key may see, in one attempt.
     * @throws the signal's reason
     */
    listWorkflows: (cursor: string | null, timeoutMs: number, signal: AbortSignal) => {
      const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
      return get(`/api/v2/workflows?${query.toString()}`, timeoutMs, signal, (json, meta) => ({
        ...workflowPage(json),
        meta,
      }));
    },

    /** What all answers so far told of the key's bucket. */
    bucketState: () => bucketState,
    /** Tokens so far, as the answers said; where one does not say, the documented cost; 0 for a 429, whatever it says. */
    tokensSpent: () => spent,
    /** A launch under this key is in flight, or one failed in a way that leaves open whether it started a run. */
    mayHaveStarted: (idempotencyKey: string) => histories.get(idempotencyKey)?.mayHaveStarted ?? false,
  };
}

function saysNotFound(error: RequestError): boolean {
  return error instanceof ApiError && error.problem.status === 404 && error.problem.code === 'not_found';
}
