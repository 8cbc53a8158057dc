/** The three calls of Alloovium's API, one attempt each, and the rate-limit tokens that they cost. */
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import { logLine, type LogLine } from '../text/escape.ts';
import { joinPresent } from '../text/format.ts';
import { connectionError, problemError, RequestError } from './errors.ts';
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts';
import {
  parseBody,
  parseLaunch,
  parseProblem,
  parseRetryAfter,
  parseRun,
  parseWorkflows,
  readHeaderNumber,
  type Redact,
} from './wire.ts';

export interface Answer {
  /** How long the API asks to wait before the next request; null: it does not. */
  readonly retryAfterMs: number | null;
  /** The API repeats its first answer to this idempotency key. */
  readonly isReplay: boolean;
  /** A secret of this job was replaced in it. */
  readonly hasSecret: boolean;
}

export type Client = ReturnType<typeof createClient>;

/** In rate-limit tokens. */
const COST = { launch: 25, check: 1 };

const LIST_MS = 15_000;
const GET = { method: 'GET', headers: {}, body: null } as const;

interface ClientOptions {
  readonly transport: Transport;
  /** Without trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly redact: Redact;
  /** Writes to the debug log. */
  readonly debug: (line: LogLine) => void;
}

/** All calls throw RequestError, or the signal's reason. */
export function createClient({ transport, apiUrl, apiKey, clock, redact, debug }: ClientOptions) {
  let tokensSpent = 0;
  let tokensLeft = Infinity;

  async function send<T>(
    { path, ...request }: Omit<HttpRequest, 'url'> & { readonly path: string },
    cost: number,
    parse: (json: JsonObject) => T,
  ): Promise<Answer & T> {
    const sentAt = clock.now();
    const result: (string | false)[] = [];
    try {
      const answer = await transport({
        ...request,
        url: `${apiUrl}/api/v2/workflows${path}`,
        headers: { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...request.headers },
      });
      const { status, headers } = answer;
      // A replay has the headers of the first answer, which may be hours old.
      const isReplay = headers.get('idempotent-replayed')?.toLowerCase() === 'true';
      const paid = readHeaderNumber(headers, 'x-ratelimit-cost') ?? cost;
      if (!isReplay) {
        tokensSpent += status === 429 ? 0 : paid;
        tokensLeft = readHeaderNumber(headers, 'x-ratelimit-remaining') ?? tokensLeft;
      }
      const left = Number.isFinite(tokensLeft) && `${tokensLeft} rate-limit tokens left`;
      result.push(String(status), isReplay ? 'replayed' : left);
      const serverDate = isReplay ? NaN : Date.parse(headers.get('date') ?? '');
      const nowMs = Number.isNaN(serverDate) ? clock.date() : serverDate;
      return { ...readAnswer(answer, Math.max(cost, paid), nowMs, redact, parse), isReplay };
    } catch (error) {
      result.push(describeFailure(error));
      throw error;
    } finally {
      const ms = Math.round(clock.now() - sentAt);
      debug(logLine`${request.method} /api/v2/workflows${path}: ${joinPresent(', ', ...result)}, ${ms} ms`);
    }
  }

  return {
    /** @param body JSON, the same bytes for the same key */
    startRun: (workflowId: string, key: string, body: string, timeoutMs: number, signal: AbortSignal) => {
      const path = `/${encodeURIComponent(workflowId)}/runs`;
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      const request = { method: 'POST', path, headers, body, timeoutMs, signal } as const;
      return send(request, COST.launch, (json) => parseLaunch(json, workflowId));
    },
    getRun: (runId: string, timeoutMs: number, signal: AbortSignal) => {
      const path = `/runs/${encodeURIComponent(runId)}`;
      return send({ ...GET, path, timeoutMs, signal }, COST.check, (json) => parseRun(json, runId));
    },
    /** Lists the first workflows that the API key may see. */
    listWorkflows: (signal: AbortSignal) =>
      send({ ...GET, path: '?limit=20', timeoutMs: LIST_MS, signal }, COST.check, parseWorkflows),
    /** Counted by each answer's header, else by the documented cost. A 429 and a replay cost nothing. */
    tokensSpent: () => tokensSpent,
    /** Does the last answer show a rate limit that cannot pay for a start? */
    isShort: () => tokensLeft < COST.launch,
  };
}

/**
 * @param price in rate-limit tokens @param nowMs by the server's clock, in ms since 1970
 * @throws RequestError the answer is an error, or cannot be used
 */
function readAnswer<T>(
  { status, headers, body, broken }: HttpAnswer,
  price: number,
  nowMs: number,
  redact: Redact,
  parse: (json: JsonObject) => T,
): Omit<Answer, 'isReplay'> & T {
  const askedMs = (bodySeconds: number | null) =>
    parseRetryAfter(headers.get('retry-after') ?? '', bodySeconds, nowMs);
  if (status < 200 || status > 299) {
    const { retryAfterSeconds, isProblem, ...texts } = parseProblem(body, headers, redact);
    const bucket = readHeaderNumber(headers, 'x-ratelimit-limit') ?? Infinity;
    const cannotPay = status === 429 && price >= COST.launch && bucket < price;
    throw problemError(status, isProblem, texts, askedMs(retryAfterSeconds), cannotPay);
  }
  const retryAfterMs = askedMs(null);
  try {
    if (broken !== null) throw connectionError(broken);
    const { json, hasSecret } = parseBody(body, redact);
    return { ...parse(json), retryAfterMs, hasSecret };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new RequestError({ ...error.failure, status, retryAfterMs });
  }
}

/** Returns our code, the API's code and its request ID. */
function describeFailure(error: unknown): string {
  if (!(error instanceof RequestError)) return 'stopped';
  const { status, code, apiCode, detail, requestId } = error.failure;
  return joinPresent(', ', code, apiCode, status === null && detail, requestId && `request ${requestId}`);
}
