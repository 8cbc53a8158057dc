/**
 * Scripted faults. An exchange has three independent parts, and a fault can change each: the **work** behind the request, the
 * **answer** to it, and the **wire**, how the answer's bytes are sent.
 *
 *     { when: { call: 'launch', nth: 1 }, wire: ['reset'] }                    the run is created, and the connection reset before headers
 *     { when: { call: 'launch', nth: 1 }, work: 'none', wire: ['reset'] }      the request does not reach the API
 *     { when: { call: 'poll' }, answer: { status: 307, headers: { Location: evil.url } } }
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Call, JournalEntry } from './journal.ts';

export interface Fault {
  /** The requests that it applies to. `nth` counts the requests of the call from 1. The first fault that applies counts. */
  readonly when?: { readonly call?: Call; readonly nth?: number | ((nth: number) => boolean) };
  /**
   * `done`: handled normally. `none`: does not reach the API. `unstored`: done, but its answer is not stored for replay (after a 5xx).
   * Default: `none` if the answer has a `code` or a status of 300 or above, else `done`.
   */
  readonly work?: 'done' | 'none' | 'unstored';
  /** Delays the end of the work, until which a start holds its idempotency lock. A replaced answer does not wait for it. */
  readonly workMs?: number;
  /** How long an earlier request that never ends locks the idempotency key, unless an answer is stored. */
  readonly lockMs?: number;
  readonly answer?: AnswerPatch;
  /** Default: `['head', 'body']`. */
  readonly wire?: readonly WirePart[];
}

/** A fault, or a function that chooses one for each request. */
export type ScriptedFault = Fault | ((request: JournalEntry) => Fault | undefined);

export interface AnswerPatch {
  /** An error of the API, as problem+json with its status and the rate headers. */
  readonly code?: ErrorCode;
  /** A status of 300 or above without `code` is the answer of a gateway, with no headers but those in `headers`. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, or a function of the JSON that would have been sent. */
  readonly body?: string | ((own: Record<string, unknown>) => unknown);
  /** Encodes the bytes: gzipSync. */
  readonly encode?: (body: Buffer) => Uint8Array;
}

/**
 * One step of sending an answer.
 * - `head`: the status line and headers; `body`: the rest of the body, and its end
 * - `{ bytes }`: that many bytes of the body; with `everyMs`, in virtual time, the whole body in pieces of that size (a trickle)
 * - `{ endless }`: this text repeated without end, as fast as the client reads it
 * - `reset`: RST; `close`: FIN; `hang`: nothing more, and the socket stays open
 */
export type WirePart =
  'head' | 'body' | 'reset' | 'close' | 'hang' | { readonly bytes: number; readonly everyMs?: number } | { readonly endless: string };

/** Every documented code, by its status. */
const CODES = {
  400: ['invalid_document_id', 'unsupported_file_type'],
  401: ['missing_api_key', 'invalid_api_key', 'invalid_token', 'api_key_revoked', 'api_key_expired', 'user_inactive', 'tenant_disabled'],
  402: ['payment_required'],
  403: ['insufficient_scope', 'permission_denied', 'oauth_not_supported'],
  404: ['not_found'],
  409: ['idempotency_key_reused', 'idempotency_in_progress'],
  422: ['validation_error', 'invalid_cursor', 'invalid_idempotency_key'],
  429: ['rate_limited'],
  500: ['internal_error'],
  501: ['not_implemented'],
} as const;

export type ErrorCode = (typeof CODES)[keyof typeof CODES][number];

export function statusOf(code: ErrorCode): number {
  return Number(Object.entries(CODES).find(([, codes]) => (codes as readonly string[]).includes(code))![0]);
}

/** `Invalid API key` */
export function titleOf(code: ErrorCode): string {
  const words = code
    .replaceAll('_', ' ')
    .replace('api key', 'API key')
    .replace(' id', ' ID')
    .replace('idempotency in', 'idempotent request in');
  return words[0]!.toUpperCase() + words.slice(1);
}

export interface Answer {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The first fault of the script that matches the request. */
export function chooseFault(script: readonly ScriptedFault[], request: JournalEntry): Fault | undefined {
  return script
    .map((one) => (typeof one === 'function' ? one(request) : one))
    .find((fault) => {
      const { call = request.call, nth = request.nth } = fault?.when ?? {};
      return fault !== undefined && call === request.call && (typeof nth === 'function' ? nth(request.nth) : nth === request.nth);
    });
}

/** Does the fault replace the answer, rather than change the one that the work produced? */
export function replacesAnswer(patch: AnswerPatch = {}): boolean {
  return patch.code !== undefined || (patch.status ?? 0) >= 300;
}

/** Applies the fault's changes to the answer that the work produced, or to an empty one if it is replaced. */
export function applyPatch(own: Answer, { status = own.status, headers = {}, body, encode }: AnswerPatch): Answer {
  const json = (): Record<string, unknown> => JSON.parse(own.body.toString()) as Record<string, unknown>;
  const changed = Buffer.from(typeof body === 'function' ? JSON.stringify(body(json())) : (body ?? own.body));
  const isPage = typeof body === 'string' && body.startsWith('<');
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status,
    headers: { ...own.headers, ...(isPage && { 'content-type': 'text/html' }), ...lower },
    body: encode === undefined ? changed : Buffer.from(encode(changed)),
  };
}

/** Sends an answer part by part. It calls `answer` when it sends the head, so a wire without a head needs no answer. */
export async function send(response: ServerResponse, wire: readonly WirePart[], answer: () => Promise<Answer>): Promise<void> {
  const { socket } = response;
  if (socket === null) return;
  let rest: Buffer = Buffer.alloc(0);
  const isClosed = (): boolean => socket.destroyed;
  const closed = once(response, 'close').catch(() => undefined);
  /** Resolves when the client can receive more. */
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (bytes.length > 0 && !response.write(bytes)) await Promise.race([once(response, 'drain'), closed]);
  };
  for (const part of wire) {
    if (isClosed() || part === 'hang') return;
    if (part === 'head') {
      const { status, headers, body } = await answer();
      rest = body;
      response.sendDate = false;
      const hasLength = status !== 204 && !wire.some((one) => typeof one === 'object' && 'endless' in one);
      response.writeHead(status, { ...(hasLength && { 'content-length': body.length }), ...headers }).flushHeaders();
    } else if (part === 'body') response.end(rest);
    else if (part === 'close') socket.end().destroySoon();
    else if (part === 'reset') {
      // A head or piece just written must be sent before the reset discards the buffer.
      if (response.headersSent) await new Promise(setImmediate);
      socket.resetAndDestroy();
    } else if ('endless' in part) {
      while (!isClosed()) await write(part.endless.repeat(65_536 / part.endless.length));
    } else {
      await write(rest.subarray(0, part.bytes));
      rest = rest.subarray(part.bytes);
    }
  }
}
