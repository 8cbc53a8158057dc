/** One exchange with the API, and what all answers so far told of the key's tokens. */
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import { COST, observeBucket, unknownBucket } from './bucket.ts';
import {
  ApiError,
  BucketTooSmallError,
  ConnectionError,
  RequestError,
  ResponseShapeError,
  withRequest,
} from './errors.ts';
import { hintMs, httpDateMs, type Failure } from './retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';
import { bucketOf, countIn, parseBody, problemOf, requestIdOf, type Redact } from './wire.ts';

/** What comes with every usable answer. */
export interface Meta {
  /** When it came, on `clock.now()`. */
  readonly at: number;
  /** By the server's clock where it says (`Date`, but that of a replay), else by ours; ms since 1970. */
  readonly serverNowMs: number;
  readonly replayed: boolean;
  /** From then on the server may be asked again; when it came, where it does not say. */
  readonly retryAfterAt: number;
  /** The content type is not JSON although the body is. */
  readonly wrongContentType: boolean;
  /** A secret was replaced in it. */
  readonly redacted: boolean;
}

/** A usable answer, or why there is none. */
export type Exchanged<T> = (T & { readonly meta: Meta }) | { readonly failure: Failure };

export interface ExchangeParts {
  readonly transport: Transport;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly redact: Redact;
}

export function createExchange({ transport, apiUrl, apiKey, clock, redact }: ExchangeParts) {
  let spent = 0;
  let bucketState = unknownBucket;
  let begun = 0;
  let inFlight = 0;

  /** One attempt. @param cost the documented one, in tokens @throws the signal's reason */
  async function exchange<T extends object>(
    { path, headers: own, ...request }: Omit<HttpRequest, 'url'> & { readonly path: string },
    cost: number,
    read: (body: JsonObject) => T,
  ): Promise<Exchanged<T>> {
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
    const { status, headers } = answer;
    const ageMs = answer.bodyError?.ageMs ?? 0;
    const [at, overlaps] = [clock.now() - ageMs, !wasAlone || begun > nth];
    // Doubled, it reads `true, true`.
    const replayed = /^\s*true\s*(?:,|$)/i.test(headers.get('idempotent-replayed') ?? '');
    // A replay has the headers of the first answer, which may be hours old: its time, tokens and cost say nothing of now.
    const serverNowMs = (replayed ? null : httpDateMs(headers.get('date') ?? '')) ?? clock.date();
    const price = countIn(headers, 'x-ratelimit-cost') ?? cost;
    // A 429 took nothing, whatever its header says.
    const paid = status === 429 || replayed ? 0 : price;
    spent += paid;
    if (!replayed) {
      const bucket = bucketOf(headers, [serverNowMs, clock.date()]);
      bucketState = observeBucket(bucketState, { at, bucket, cost: paid, overlaps });
    }
    const problem = status < 200 || status > 299 ? problemOf(answer, clean) : null;
    const hint = hintMs(headers.get('retry-after') ?? '', problem?.retryAfterSeconds ?? null, serverNowMs);
    if (problem !== null) {
      const limit = countIn(headers, 'x-ratelimit-limit') ?? Infinity;
      const launchCost = Math.max(cost, price);
      const isTooSmall = status === 429 && cost === COST.launch && limit < launchCost;
      return failed(
        isTooSmall ? new BucketTooSmallError(limit, launchCost) : new ApiError(problem, hint),
        hint,
      );
    }
    if (answer.bodyError) return failed(answer.bodyError.error, hint && Math.max(0, hint - ageMs));
    try {
      const value = read(parseBody(answer, clean));
      const meta = {
        ...{ at, serverNowMs, retryAfterAt: at + (hint ?? 0), redacted },
        replayed,
        wrongContentType: !/\bjson\b/i.test(headers.get('content-type') ?? ''),
      };
      return { ...value, meta };
    } catch (error) {
      if (!(error instanceof ResponseShapeError)) throw error;
      const detail = withRequest(error.detail, requestIdOf(headers, clean));
      return failed(new ResponseShapeError(error.headline, error.fault, detail), hint);
    }
  }

  return {
    exchange,
    /** What all answers so far told of the key's bucket. */
    bucketState: () => bucketState,
    /** Tokens so far, as the answers said; where one does not say, the documented cost; 0 for a 429 and a replay, whatever they say. */
    tokensSpent: () => spent,
  };
}
