/**
 * The vocabulary of faults. An exchange has three independent parts, and a fault may change each:
 * the **work** behind the request, the **answer** to it, and the **wire**, how the answer's bytes go out.
 *
 *     { when: { call: 'launch', nth: 1 }, wire: ['reset'] }                          run created and kept, cut before headers
 *     { when: { call: 'launch', nth: 1 }, work: 'none', wire: ['reset'] }            the request never got there
 *     { when: { call: 'launch' }, work: 'unkept', answer: { code: 'internal_error' } }
 *     { when: { call: 'poll', nth: (n) => n % 2 === 0 }, wire: ['head', { bytes: 20 }, 'close'] }
 *     { when: { call: 'launch', order: { projectId: 'p2' }, nth: 1 }, answer: { code: 'payment_required' } }
 *     { when: { call: 'poll' }, answer: { status: 307, headers: { Location: evil.url } } }
 */
import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Call, Order, Seen } from './journal.ts';

export interface Fault {
  /** Which requests; every part that is given must fit. The first fault that fits is taken. */
  readonly when?: {
    readonly call?: Call;
    /** Launches for it, and polls of its runs; what is left out may be anything. */
    readonly order?: Partial<Order>;
    /** Counted from 1 among the requests of the same call (and of the order, where one is given). */
    readonly nth?: number | ((nth: number) => boolean);
    readonly match?: (request: Seen) => boolean;
  };
  /**
   * `done`: handled as ever. `none`: the API never hears of it. `unkept`: done, but the answer is not kept for replay (a run made behind a 5xx).
   * Default: `none` where the answer has a `code` or a status of 300 or above, else `done`.
   */
  readonly work?: 'done' | 'none' | 'unkept';
  /** The work ends this much later; a launch holds its idempotency lock meanwhile. An answer of its own does not wait for it. */
  readonly workMs?: number;
  /** A launch finds its idempotency key locked from now on for so long, by an earlier one of which nothing comes; unless an answer is kept. */
  readonly lockMs?: () => number;
  readonly answer?: AnswerPatch;
  /** Default: `['head', 'body']`. */
  readonly wire?: readonly WirePart[];
}

/** A fault, or a choice made anew for each request: chance, or one draw among many. */
export type Scripted = Fault | ((request: Seen) => Fault | undefined);

export interface AnswerPatch {
  /** An error of the API's own: problem+json with its status, and the rate headers. */
  readonly code?: ErrorCode;
  /** With 300 or above and no `code`: somebody else's answer (a gateway's), with no header but those given. */
  readonly status?: number;
  readonly reason?: string;
  /**
   * Added or put in place of those there; null takes one out; a list sends the header more than once; a function is asked when
   * the answer goes out (a date to come back at).
   */
  readonly headers?: Readonly<Record<string, string | readonly string[] | (() => string) | null>>;
  /** As it is, or made from the JSON that would have been sent (null where there is none). */
  readonly body?: string | Uint8Array | ((own: Record<string, unknown>) => unknown);
  /** Applied to the bytes: gzipSync, UTF-16 … */
  readonly encode?: (body: Buffer) => Uint8Array;
  /** No Content-Length; Transfer-Encoding: chunked. */
  readonly chunked?: boolean;
  /** The status line and headers, byte for byte (with the empty line), where node:http would refuse to send them. */
  readonly rawHead?: string;
}

/**
 * One step of how an answer goes out. All times are by the simulator's clock.
 * - `head`: the status line and headers; `body`: what is left of the body, and its end
 * - `{ bytes }`: that many bytes of the body; with `everyMs`, the whole body so, a piece at a time (a trickle)
 * - `{ waitMs }`: nothing, for that long
 * - `{ endless }`: this text again and again, without end, as fast as it is taken
 * - `reset`: RST; `close`: FIN; `hang`: nothing more, ever
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

/** The first fault of the script that fits the last of the requests. */
export function choose(script: readonly Scripted[], requests: readonly Seen[]): Fault | undefined {
  const request = requests.at(-1)!;
  for (const one of script) {
    const fault = typeof one === 'function' ? one(request) : one;
    if (fault !== undefined && fits(fault, request, requests)) return fault;
  }
  return undefined;
}

function fits(fault: Fault, request: Seen, requests: readonly Seen[]): boolean {
  const { call = request.call, order, nth, match } = fault.when ?? {};
  if (call !== request.call || !isOf(order, request)) return false;
  const counted =
    order === undefined || nth === undefined
      ? request.nth
      : requests.filter((one) => one.call === call && isOf(order, one)).length;
  return (
    (nth === undefined || (typeof nth === 'number' ? nth === counted : nth(counted))) &&
    (match?.(request) ?? true)
  );
}

function isOf(order: Partial<Order> | undefined, { order: own }: Seen): boolean {
  const names = Object.keys(order ?? {}) as (keyof Order)[];
  return names.every((name) => own !== null && own[name] === order?.[name]);
}

/** Whether the fault brings a whole answer, rather than changes to the work's own. */
export function isWhole(patch: AnswerPatch | undefined): patch is AnswerPatch {
  return patch !== undefined && (patch.code !== undefined || (patch.status ?? 0) >= 300);
}

/** The work's own answer (or, for a whole one, an empty one) with the fault's changes. */
export function patched(own: Answer, patch: AnswerPatch): Answer {
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
    if (typeof patch.body === 'string' && patch.body.trimStart().startsWith('<'))
      set('Content-Type', 'text/html');
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
 * Sends an answer part by part. `answer` is asked for when its head goes out, so that a wire that never sends one needs none.
 * `sleep` never resolves once the simulator is closed. Resolves when the last part is out; `hang` resolves at once.
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
  let raw = false;
  const gone = (): boolean => socket.destroyed;
  /** Resolves when the other side can take more. */
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (bytes.length === 0 || gone()) return;
    const out = raw ? socket : response;
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
    if (gone()) return;
    if (part === 'head') {
      const { status, reason, headers, body, chunked, rawHead } = await answer();
      rest = Buffer.from(body);
      if (rawHead !== undefined) {
        raw = true;
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
      if (!raw) {
        response.end();
        await new Promise<void>((resolve) => {
          if (response.writableFinished || gone()) resolve();
          response.once('finish', () => resolve());
          response.once('close', () => resolve());
        });
      }
    } else if (part === 'reset') {
      // A head or piece just written must get out before the reset throws away what is buffered.
      if (response.headersSent || raw) await sleep(0);
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
      while (!gone()) await write(filler);
    } else if (part.everyMs === undefined) {
      const piece = rest.subarray(0, part.bytes);
      rest = rest.subarray(part.bytes);
      await write(piece);
    } else {
      while (rest.length > 0 && !gone()) {
        await write(rest.subarray(0, part.bytes));
        rest = rest.subarray(part.bytes);
        await sleep(part.everyMs);
      }
    }
  }
}
