/** The three calls of the Alloovium API, one attempt each, and the tokens that they take. */
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import { connectionError, problemError, RequestError } from './errors.ts';
import type { HttpRequest, Transport } from './transport.ts';
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
  /** Wait so long before the next request; null: the answer does not ask. */
  readonly retryAfterMs: number | null;
  /** It is the first answer to this key again. */
  readonly isReplay: boolean;
  /** A secret of this job was replaced in it. */
  readonly hasSecret: boolean;
}

export type Client = ReturnType<typeof createClient>;

/** In tokens. */
const COST = { launch: 25, check: 1 };

const LIST_MS = 15_000;
const GET = { method: 'GET', headers: {}, body: null } as const;

interface ClientParts {
  readonly transport: Transport;
  /** Without trailing slash. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly redact: Redact;
}

/** All calls throw RequestError, or the signal's reason. */
export function createClient({ transport, apiUrl, apiKey, clock, redact }: ClientParts) {
  let tokensSpent = 0;
  let tokensLeft = Infinity;

  async function send<T>(
    { path, ...request }: Omit<HttpRequest, 'url'> & { readonly path: string },
    cost: number,
    parse: (json: JsonObject) => T,
  ): Promise<Answer & T> {
    const { status, headers, body, broken } = await transport({
      ...request,
      url: `${apiUrl}/api/v2/workflows${path}`,
      headers: { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...request.headers },
    });
    // The headers of a replay are those of the first answer, which may be hours old.
    const isReplay = headers.get('idempotent-replayed')?.toLowerCase() === 'true';
    const paid = readHeaderNumber(headers, 'x-ratelimit-cost') ?? cost;
    if (!isReplay) {
      tokensSpent += status === 429 ? 0 : paid;
      tokensLeft = readHeaderNumber(headers, 'x-ratelimit-remaining') ?? tokensLeft;
    }
    const serverDate = isReplay ? NaN : Date.parse(headers.get('date') ?? '');
    const nowMs = Number.isNaN(serverDate) ? clock.date() : serverDate;
    const askedMs = (bodySeconds: number | null): number | null =>
      parseRetryAfter(headers.get('retry-after') ?? '', bodySeconds, nowMs);
    if (status < 200 || status > 299) {
      const { retryAfterSeconds, ...problem } = parseProblem(body, headers, redact);
      const bucket = readHeaderNumber(headers, 'x-ratelimit-limit') ?? Infinity;
      const cannotPay = status === 429 && cost === COST.launch && bucket < Math.max(cost, paid);
      throw problemError(status, problem, askedMs(retryAfterSeconds), cannotPay);
    }
    const retryAfterMs = askedMs(null);
    try {
      if (broken !== null) throw connectionError(broken);
      const { json, hasSecret } = parseBody(body, redact);
      return { ...parse(json), retryAfterMs, isReplay, hasSecret };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      throw new RequestError({ ...error.failure, status, retryAfterMs });
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
    /** The first workflows that the key may see. */
    listWorkflows: (signal: AbortSignal) =>
      send({ ...GET, path: '?limit=20', timeoutMs: LIST_MS, signal }, COST.check, parseWorkflows),
    /** By each answer's header, else the documented cost; 0 for a 429 and a replay. */
    tokensSpent: () => tokensSpent,
    /** Does the last answer show a bucket that cannot pay a launch? */
    isShort: () => tokensLeft < COST.launch,
  };
}
