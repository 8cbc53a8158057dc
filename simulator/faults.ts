/**
 * Scripted faults. An exchange has three independent parts, and a fault may change each: the **work** behind the request, the
 * **answer** to it, and the **wire**, how the answer's bytes are sent.
 *
 *     { when: { call: 'launch', nth: 1 }, wire: ['reset'] }                          the run is created and its answer stored, the connection is reset before headers
 *     { when: { call: 'launch', nth: 1 }, work: 'none', wire: ['reset'] }            the request does not reach the API
 *     { when: { call: 'launch' }, work: 'unstored', answer: { code: 'internal_error' } }
 *     { when: { call: 'poll', nth: (n) => n % 2 === 0 }, wire: ['head', { bytes: 20 }, 'close'] }
 *     { when: { call: 'launch', order: { projectId: 'p2' }, nth: 1 }, answer: { code: 'payment_required' } }
 *     { when: { call: 'poll' }, answer: { status: 307, headers: { Location: evil.url } } }
 */
import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Call, Order, ReceivedRequest } from './journal.ts';

export interface Fault {
  /** The requests that it applies to; every field that is set must match. The first matching fault applies. */
  readonly when?: {
    readonly call?: Call;
    /** Launches for this order, and polls of its runs; a field that is not set matches any value. */
    readonly order?: Partial<Order>;
    /** Counted from 1 among the requests of the same call (and of the order, where one is set). */
    readonly nth?: number | ((nth: number) => boolean);
    readonly match?: (request: ReceivedRequest) => boolean;
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
  readonly reason?: string;
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
  /** The bytes of the status line and headers (with the empty line), where node:http would refuse to send them. */
  readonly rawHead?: string;
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
  reason?: string;
  headers: Record<string, string | string[]>;
  body: Buffer;
  chunked?: boolean;
  rawHead?: string;
}

/** The first fault of the script that matches the last of the requests. */
export function chooseFault(script: readonly ScriptedFault[], requests: readonly ReceivedRequest[]): Fault | undefined {
  const request = requests.at(-1)!;
  for (const one of script) {
    const fault = typeof one === 'function' ? one(request) : one;
    if (fault !== undefined && matchesRequest(fault, request, requests)) return fault;
  }
  return undefined;
}

function matchesRequest(fault: Fault, request: ReceivedRequest, requests: readonly ReceivedRequest[]): boolean {
  const { call = request.call, order, nth, match } = fault.when ?? {};
  if (call !== request.call || !matchesOrder(order, request)) return false;
  const counted =
    order === undefined || nth === undefined ? request.nth : requests.filter((one) => one.call === call && matchesOrder(order, one)).length;
  return (nth === undefined || (typeof nth === 'number' ? nth === counted : nth(counted))) && (match?.(request) ?? true);
}

function matchesOrder(order: Partial<Order> | undefined, { order: own }: ReceivedRequest): boolean {
  const names = Object.keys(order ?? {}) as (keyof Order)[];
  return names.every((name) => own !== null && own[name] === order?.[name]);
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
    ...(patch.reason === undefined ? {} : { reason: patch.reason }),
    headers,
    body,
    ...(patch.chunked === undefined ? {} : { chunked: patch.chunked }),
    ...(patch.rawHead === undefined ? {} : { rawHead: patch.rawHead }),
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
  let isRaw = false;
  const isClosed = (): boolean => socket.destroyed;
  /** Resolves when the client can receive more. */
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (bytes.length === 0 || isClosed()) return;
    const out = isRaw ? socket : response;
    if (out.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        out.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      out.on('drain', done);
      socket.on('close', done);
    });
  };

  for (const part of wire) {
    if (isClosed()) return;
    if (part === 'head') {
      const { status, reason, headers, body, chunked, rawHead } = await answer();
      rest = Buffer.from(body);
      if (rawHead !== undefined) {
        isRaw = true;
        socket.write(rawHead, 'latin1');
        continue;
      }
      response.sendDate = false;
      const named = Object.keys(headers).map((name) => name.toLowerCase());
      if (chunked !== true && !named.includes('content-length') && status !== 204 && status !== 304) {
        response.setHeader('Content-Length', body.length);
      }
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.statusCode = status;
      if (reason !== undefined) response.statusMessage = reason;
      response.flushHeaders();
    } else if (part === 'body') {
      const last = rest;
      rest = Buffer.alloc(0);
      await write(last);
      if (!isRaw) {
        response.end();
        await new Promise<void>((resolve) => {
          if (response.writableFinished || isClosed()) resolve();
          response.once('finish', () => resolve());
          response.once('close', () => resolve());
        });
      }
    } else if (part === 'reset') {
      // A head or piece just written must be sent before the reset discards the buffer.
      if (response.headersSent || isRaw) await sleep(0);
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
