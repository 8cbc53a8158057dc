/** Sends requests to the API, reads the answers, and tracks the key's tokens over all of them. */
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import { TOKEN_COST, observeBucket, unknownBucket } from './bucket.ts';
import {
  ApiError,
  BucketTooSmallError,
  ConnectionError,
  RequestError,
  ResponseShapeError,
  appendRequestId,
} from './errors.ts';
import { parseRetryAfterMs, parseHttpDateMs, type Failure } from './retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';
import { parseBucket, readWholeNumber, parseBody, parseProblem, readRequestId, type Redact } from './wire.ts';

/** Metadata of a usable answer. */
export interface Meta {
  /** When the answer came, on `clock.now()`. */
  readonly at: number;
  /** The server's time by its `Date` header; this machine's time for a replay or without the header. ms since 1970. */
  readonly serverNowMs: number;
  readonly replayed: boolean;
  /** The earliest moment for the next request, on `clock.now()`; equal to `at` without a `Retry-After`. */
  readonly retryAfterAt: number;
  /** The body is JSON, but the content type says otherwise. */
  readonly wrongContentType: boolean;
  /** A secret was replaced in the body. */
  readonly redacted: boolean;
}

/** The parsed answer with its metadata, or the failure. */
export type Exchanged<T> = (T & { readonly meta: Meta }) | { readonly failure: Failure };

export interface ExchangeParts {
  readonly transport: Transport;
  /** Has no trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly redact: Redact;
}

/** Creates the function that sends requests, with a count of the tokens that they spend. */
export function createExchange({ transport, apiUrl, apiKey, clock, redact }: ExchangeParts) {
  let tokensSpent = 0;
  let bucketState = unknownBucket;
  let startedCount = 0;
  let inFlight = 0;

  /**
   * Sends one attempt.
   * @param cost the documented cost, in tokens
   * @param read parses the body; may throw ResponseShapeError
   * @throws the signal's reason
   */
  async function exchange<T extends object>(
    { path, headers: extraHeaders, ...request }: Omit<HttpRequest, 'url'> & { readonly path: string },
    cost: number,
    read: (body: JsonObject) => T,
  ): Promise<Exchanged<T>> {
    let redacted = false;
    const clean = (text: string) => {
      const safe = redact(text);
      redacted ||= safe !== text;
      return safe;
    };
    const failed = (error: RequestError, hintMs: number | null) => ({
      failure: { error, hintMs, bucketState, cost, redacted },
    });
    let answer: HttpAnswer;
    const ordinal = ++startedCount;
    const wasAlone = inFlight++ === 0;
    try {
      const headers = { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...extraHeaders };
      answer = await transport({ ...request, url: apiUrl + path, headers });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return failed(error, null);
    } finally {
      inFlight--;
    }
    const overlaps = !wasAlone || startedCount > ordinal;
    const facts = readFacts(answer, cost, clock);
    const { at, serverNowMs, replayed, paid } = facts;
    tokensSpent += paid;
    if (!replayed) {
      const bucket = parseBucket(answer.headers, [serverNowMs, clock.date()]);
      bucketState = observeBucket(bucketState, { at, bucket, cost: paid, overlaps });
    }
    const content = readContent(answer, facts, { cost, read, clean });
    if ('error' in content) return failed(content.error, content.hintMs);
    const meta = {
      at,
      serverNowMs,
      retryAfterAt: at + (content.hintMs ?? 0),
      redacted,
      replayed,
      wrongContentType: !/\bjson\b/i.test(answer.headers.get('content-type') ?? ''),
    };
    return { ...content.value, meta };
  }

  return {
    exchange,
    /** The current estimate of the key's bucket. */
    bucketState: () => bucketState,
    /** Tokens spent so far: by each answer's header, else the documented cost; 0 for a 429 and a replay. */
    tokensSpent: () => tokensSpent,
  };
}

/** What the head of an answer says about time and cost. */
interface Facts {
  /** When the answer came, on `clock.now()`. */
  readonly at: number;
  /** How long before now that was: the time in which the body was cut off. */
  readonly ageMs: number;
  readonly replayed: boolean;
  readonly serverNowMs: number;
  /** By the header, else the documented cost. In tokens, like `paid`. */
  readonly reportedCost: number;
  readonly paid: number;
}

/** Reads time and cost from an answer's head. @param cost the documented cost, in tokens */
function readFacts({ status, headers, bodyError }: HttpAnswer, cost: number, clock: Clock): Facts {
  const ageMs = bodyError?.ageMs ?? 0;
  // A header that is sent twice reads `true, true`.
  const replayed = /^\s*true\s*(?:,|$)/i.test(headers.get('idempotent-replayed') ?? '');
  const reportedCost = readWholeNumber(headers, 'x-ratelimit-cost') ?? cost;
  return {
    at: clock.now() - ageMs,
    ageMs,
    replayed,
    // A replay repeats the headers of the first answer, so its date, tokens and cost may be hours old.
    serverNowMs: (replayed ? null : parseHttpDateMs(headers.get('date') ?? '')) ?? clock.date(),
    reportedCost,
    // A 429 costs nothing, even where its header says otherwise.
    paid: status === 429 || replayed ? 0 : reportedCost,
  };
}

/** How to read an answer's body. */
interface Reading<T> {
  readonly cost: number;
  readonly read: (body: JsonObject) => T;
  /** Redacts a text of the body. */
  readonly clean: (text: string) => string;
}

/** Reads an answer's body, or why it is a failure; `hintMs`: the server asks for no request for so long, null: it does not ask. */
function readContent<T extends object>(
  answer: HttpAnswer,
  { ageMs, serverNowMs, reportedCost }: Facts,
  { cost, read, clean }: Reading<T>,
): { readonly hintMs: number | null } & ({ readonly value: T } | { readonly error: RequestError }) {
  const { status, headers, bodyError } = answer;
  const problem = status < 200 || status > 299 ? parseProblem(answer, clean) : null;
  const hintMs = parseRetryAfterMs(
    headers.get('retry-after') ?? '',
    problem?.retryAfterSeconds ?? null,
    serverNowMs,
  );
  if (problem !== null) {
    const limit = readWholeNumber(headers, 'x-ratelimit-limit') ?? Infinity;
    const launchCost = Math.max(cost, reportedCost);
    const isTooSmall = status === 429 && cost === TOKEN_COST.launch && limit < launchCost;
    return {
      error: isTooSmall ? new BucketTooSmallError(limit, launchCost) : new ApiError(problem, hintMs),
      hintMs,
    };
  }
  if (bodyError) return { error: bodyError.error, hintMs: hintMs && Math.max(0, hintMs - ageMs) };
  try {
    return { value: read(parseBody(answer, clean)), hintMs };
  } catch (error) {
    if (!(error instanceof ResponseShapeError)) throw error;
    const detail = appendRequestId(error.detail, readRequestId(headers, clean));
    return { error: new ResponseShapeError(error.headline, error.fault, detail), hintMs };
  }
}
