/**
 * Scripted faults. An exchange has three independent parts, and a fault may change each: the **work** behind the request, the
 * **answer** to it, and the **wire**, how the answer's bytes are sent.
 *
 *     { when: { call: 'launch', nth: 1 }, wire: ['reset'] }                          the run is created and its answer stored, the connection is reset before headers
 *     { when: { call: 'launch', nth: 1 }, work: 'none', wire: ['reset'] }            the request does not reach the API
 *     { when: { call: 'launch' }, work: 'unstored', answer: { code: 'internal_error' } }
 *     { when: { call: 'poll', nth: (n) => n % 2 === 0 }, wire: ['head', { bytes: 20 }, 'close'] }
 *     { when: { call: 'poll' }, answer: { status: 307, headers: { Location: evil.url } } }
 */
import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Call, ReceivedRequest } from './journal.ts';

export interface Fault {
  /** The requests that it applies to; every field that is set must match. The first matching fault applies. */
  readonly when?: {
    readonly call?: Call;
    /** Counted from 1 among the requests of the same call. */
    readonly nth?: number | ((nth: number) => boolean);
  };
  /**
   * `done`: handled normally. `none`: does not reach the API. `unstored`: done, but the answer is not stored for replay (a run created behind a 5xx).
   * Default: `none` where the answer has a `code` or a status of 300 or above, else `done`.
   */
  readonly work?: 'done' | 'none' | 'unstored';
  /** Delays the end of the work; a launch holds its idempotency lock until then. A replaced answer does not wait for it. */
  readonly workMs?: number;
  /** A launch finds its idempotency key locked for so long, by an earlier launch that never ends, unless an answer is stored. */
  readonly lockMs?: () => number;
  readonly answer?: AnswerPatch;
  /** Default: `['head', 'body']`. */
  readonly wire?: readonly WirePart[];
}

/** A fault, or a function that chooses one for each request. */
export type ScriptedFault = Fault | ((request: ReceivedRequest) => Fault | undefined);

export interface AnswerPatch {
  /** An error of the API: problem+json with its status, and the rate headers. */
  readonly code?: ErrorCode;
  /** With 300 or above and no `code`: the answer of another server (a gateway), with no headers but those in `headers`. */
  readonly status?: number;
  /**
   * Added to the answer's headers, or replacing them; null removes one; a list sends the header more than once; a function is
   * called when the answer is sent (a date to retry at).
   */
  readonly headers?: Readonly<Record<string, string | readonly string[] | (() => string) | null>>;
  /** The body, or a function of the JSON that would have been sent (null where there is none). */
  readonly body?: string | Uint8Array | ((own: Record<string, unknown>) => unknown);
  /** Encodes the bytes: gzipSync, UTF-16 … */
  readonly encode?: (body: Buffer) => Uint8Array;
  /** No Content-Length; Transfer-Encoding: chunked. */
  readonly chunked?: boolean;
}

/**
 * One step of sending an answer. All times are of the simulator's clock.
 * - `head`: the status line and headers; `body`: the rest of the body, and its end
 * - `{ bytes }`: that many bytes of the body; with `everyMs`, the whole body in pieces of that size (a trickle)
 * - `{ waitMs }`: a pause
 * - `{ endless }`: this text repeated without end, as fast as the client reads it
 * - `reset`: RST; `close`: FIN; `hang`: nothing more, and the socket stays open
 */
export type WirePart =
  | 'head'
  | 'body'
  | 'reset'
  | 'close'
  | 'hang'
  | { readonly bytes: number; readonly everyMs?: number }
  | { readonly waitMs: number }
  | { readonly endless: string };

/** Every documented code: its status and title. */
export const ERRORS = {
  invalid_document_id: [400, 'Invalid document ID'],
  unsupported_file_type: [400, 'Unsupported file type'],
  missing_api_key: [401, 'Missing API key'],
  invalid_api_key: [401, 'Invalid API key'],
  invalid_token: [401, 'Invalid token'],
  api_key_revoked: [401, 'API key revoked'],
  api_key_expired: [401, 'API key expired'],
  user_inactive: [401, 'User inactive'],
  tenant_disabled: [401, 'Tenant disabled'],
  payment_required: [402, 'Payment required'],
  insufficient_scope: [403, 'Insufficient scope'],
  permission_denied: [403, 'Permission denied'],
  oauth_not_supported: [403, 'OAuth not supported'],
  not_found: [404, 'Not found'],
  idempotency_key_reused: [409, 'Idempotency key reused'],
  idempotency_in_progress: [409, 'Idempotent request in progress'],
  validation_error: [422, 'Validation error'],
  invalid_cursor: [422, 'Invalid cursor'],
  invalid_idempotency_key: [422, 'Invalid idempotency key'],
  rate_limited: [429, 'Rate limited'],
  internal_error: [500, 'Internal error'],
  not_implemented: [501, 'Not implemented'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERRORS;

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
  chunked?: boolean;
}

/** The first fault of the script that matches the request. */
export function chooseFault(script: readonly ScriptedFault[], request: ReceivedRequest): Fault | undefined {
  return script
    .map((one) => (typeof one === 'function' ? one(request) : one))
    .find((fault) => fault !== undefined && matches(fault.when, request));
}

function matches({ call, nth }: NonNullable<Fault['when']> = {}, request: ReceivedRequest): boolean {
  const isNth = nth === undefined || (typeof nth === 'number' ? nth === request.nth : nth(request.nth));
  return (call === undefined || call === request.call) && isNth;
}

/** Whether the fault replaces the answer, rather than changing the one that the work produced. */
export function replacesAnswer(patch: AnswerPatch | undefined): patch is AnswerPatch {
  return patch !== undefined && (patch.code !== undefined || (patch.status ?? 0) >= 300);
}

/** The answer that the work produced (for a replaced one: an empty answer) with the fault's changes. */
export function applyPatch(own: Answer, patch: AnswerPatch): Answer {
  const headers = { ...own.headers };
  const set = (name: string, value: string | readonly string[] | null): void => {
    for (const there of Object.keys(headers)) {
      if (there.toLowerCase() === name.toLowerCase()) Reflect.deleteProperty(headers, there);
    }
    if (value !== null) headers[name] = typeof value === 'string' ? value : [...value];
  };
  let body = own.body;
  if (typeof patch.body === 'function') {
    const json = JSON.parse(own.body.length > 0 ? own.body.toString() : 'null') as Record<string, unknown>;
    body = Buffer.from(JSON.stringify(patch.body(json)));
  } else if (patch.body !== undefined) {
    body = Buffer.from(patch.body);
    if (typeof patch.body === 'string' && patch.body.trimStart().startsWith('<')) set('Content-Type', 'text/html');
  }
  if (patch.encode !== undefined) body = Buffer.from(patch.encode(body));
  for (const [name, value] of Object.entries(patch.headers ?? {})) {
    set(name, typeof value === 'function' ? value() : value);
  }
  return {
    status: patch.status ?? own.status,
    headers,
    body,
    ...(patch.chunked === undefined ? {} : { chunked: patch.chunked }),
  };
}

/**
 * Sends an answer part by part. `answer` is called when the head is sent, so that a wire without a head needs no answer.
 * `sleep` never resolves once the simulator is closed. Resolves when the last part is sent; `hang` resolves at once.
 */
export async function send(
  response: ServerResponse,
  wire: readonly WirePart[],
  answer: () => Promise<Answer>,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  const socket = response.socket;
  if (socket === null) return;
  let rest = Buffer.alloc(0);
  const isClosed = (): boolean => socket.destroyed;
  /** Resolves when the client can receive more. */
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (bytes.length === 0 || isClosed()) return;
    if (response.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        response.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      response.on('drain', done);
      socket.on('close', done);
    });
  };

  for (const part of wire) {
    if (isClosed()) return;
    if (part === 'head') {
      const { status, headers, body, chunked } = await answer();
      rest = Buffer.from(body);
      response.sendDate = false;
      const named = Object.keys(headers).map((name) => name.toLowerCase());
      if (chunked !== true && !named.includes('content-length') && status !== 204 && status !== 304) {
        response.setHeader('Content-Length', body.length);
      }
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.statusCode = status;
      response.flushHeaders();
    } else if (part === 'body') {
      const last = rest;
      rest = Buffer.alloc(0);
      await write(last);
      response.end();
      await new Promise<void>((resolve) => {
        if (response.writableFinished || isClosed()) resolve();
        response.once('finish', () => resolve());
        response.once('close', () => resolve());
      });
    } else if (part === 'reset') {
      // A head or piece just written must be sent before the reset discards the buffer.
      if (response.headersSent) await sleep(0);
      if (socket instanceof TLSSocket) socket.destroy();
      else socket.resetAndDestroy();
    } else if (part === 'close') {
      socket.end();
      socket.destroySoon();
    } else if (part === 'hang') {
      return;
    } else if ('waitMs' in part) {
      await sleep(part.waitMs);
    } else if ('endless' in part) {
      const filler = part.endless.repeat(Math.ceil(65_536 / part.endless.length));
      while (!isClosed()) await write(filler);
    } else if (part.everyMs === undefined) {
      const piece = rest.subarray(0, part.bytes);
      rest = rest.subarray(part.bytes);
      await write(piece);
    } else {
      while (rest.length > 0 && !isClosed()) {
        await write(rest.subarray(0, part.bytes));
        rest = rest.subarray(part.bytes);
        await sleep(part.everyMs);
      }
    }
  }
}
