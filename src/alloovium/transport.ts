/**
 * HTTP over @actions/http-client. The library makes the connection, through a proxy where one is set; this file reads the answer,
 * because the library's `readBody()` never settles on a truncated body, has no size limit, takes quadratic time, and its timeout
 * covers idle time only.
 */
import type { ClientRequest } from 'node:http';
import { TLSSocket } from 'node:tls';
import { HttpClient } from '@actions/http-client';
import { JSON_LIMITS } from '../json.ts';
import { ConnectionError } from './errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Covers the whole exchange, from connect to the last byte of the body. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names are in lower case; values of a repeated header are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** For a 2xx complete, or empty with `bodyError`; for any other status the part that came within `ERROR_BODY`. */
  readonly body: Uint8Array;
  /** Why a 2xx has no body. Its headers came `ageMs` before the error. */
  readonly bodyError?: { readonly error: ConnectionError; readonly ageMs: number };
}

/** @throws ConnectionError if no headers came, or the signal's reason */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** Limits for the body of an error. It is small because the status alone decides. */
const ERROR_BODY = { timeoutMs: 1_500, bytes: 256 * 1024 };

type Incoming = Awaited<ReturnType<HttpClient['request']>>['message'];

/** Creates the transport. Each request opens a new connection, follows no redirect, and is never repeated. */
export function createTransport(userAgent: string): Transport {
  return async ({ method, url, headers, body, timeoutMs, signal }) => {
    signal.throwIfAborted();
    const attempt = new AbortController();
    const timer = setTimeout(() => attempt.abort(new ConnectionError('timeout')), timeoutMs);
    signal.addEventListener('abort', () => attempt.abort(signal.reason), { signal: attempt.signal });
    // Node never settles a request whose proxy accepted CONNECT and went silent, so the abort must reject by itself.
    const aborted = new Promise<never>((_resolve, reject) => {
      attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason as Error), { once: true });
    });
    aborted.catch(() => undefined);
    // Each exchange opens a connection, so that no request meets one that the server is just closing.
    let isConnected = false as boolean;
    // Kept outside, so that the headers count even if the body fails.
    let head = null as ResponseHead | null;
    const client = new HttpClient(
      userAgent,
      [createSignalHandler(attempt.signal, () => (isConnected = true))],
      {
        allowRedirects: false,
        allowRetries: false,
        keepAlive: false,
      },
    );
    try {
      const exchange = client
        .request(method, url, body, { ...headers, 'accept-encoding': 'identity' })
        .then(({ message }) => {
          head = readHead(message);
          return readAnswer(message, head);
        });
      exchange.catch(() => undefined);
      return await Promise.race([exchange, aborted]);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const failure = toConnectionError(attempt.signal.aborted ? attempt.signal.reason : error);
      const { fault, code } = failure;
      if (head !== null)
        return {
          ...head,
          body: new Uint8Array(),
          bodyError: { error: failure, ageMs: performance.now() - head.at },
        };
      // After the handshake, an invalid TLS record means only a broken connection.
      if (isConnected)
        throw ['tls', 'no_tls'].includes(fault) ? new ConnectionError('broken', code) : failure;
      if (fault !== 'broken' && fault !== 'timeout') throw failure;
      throw new ConnectionError('unreached', fault === 'timeout' ? 'ETIMEDOUT' : code);
    } finally {
      clearTimeout(timer);
      attempt.abort();
      client.dispose();
    }
  };
}

/** The used part of Node's agent and of the proxy agents. */
interface Agent {
  readonly proxyOptions?: object;
  readonly addRequest: (request: ClientRequest, options: unknown) => void;
}

/**
 * Creates a handler of @actions/http-client that passes the signal on to the request and to the proxy's tunnel.
 * @param onConnected called when the connection, TLS included, is established: from then on the request may arrive
 */
function createSignalHandler(signal: AbortSignal, onConnected: () => void) {
  return {
    prepareRequest(options: object): void {
      const { agent } = options as { readonly agent: Agent };
      if (agent.proxyOptions) Object.assign(agent.proxyOptions, { signal });
      const addRequest: Agent['addRequest'] = (request, requestOptions) => {
        request.once('socket', (socket) => {
          if (socket instanceof TLSSocket) socket.once('secureConnect', onConnected);
          else if (socket.connecting) socket.once('connect', onConnected);
          else onConnected();
        });
        agent.addRequest(request, requestOptions);
      };
      Object.assign(options, {
        signal,
        agent: Object.assign(Object.create(agent) as object, { addRequest }),
      });
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('not used')),
  };
}

type ResponseHead = Pick<HttpAnswer, 'status' | 'headers'> & { readonly at: number };

/** Returns status, headers (repeated ones joined by a comma) and when they arrived. */
function readHead({ statusCode, headersDistinct }: Incoming): ResponseHead {
  const headers = Object.entries(headersDistinct).map(
    ([name, values]) => [name, (values ?? []).join(', ')] as const,
  );
  return { status: statusCode ?? 0, headers: new Map(headers), at: performance.now() };
}

/**
 * Reads the body within the limits; the body of an error may be incomplete.
 * @throws ConnectionError a 2xx is truncated, too large or compressed
 */
async function readAnswer(message: Incoming, { status, headers }: ResponseHead): Promise<HttpAnswer> {
  const isError = status < 200 || status > 299;
  if (!isError && !/^(identity)?$/i.test(headers.get('content-encoding') ?? ''))
    throw new ConnectionError('encoding');
  const maxBytes = isError ? ERROR_BODY.bytes : JSON_LIMITS.bytes;
  // The status is kept, although the body of an error may stop, break off or never end.
  const timer = isError ? setTimeout(() => message.destroy(), ERROR_BODY.timeoutMs) : undefined;
  // One growing buffer: a list of chunks and its concatenation would hold 8 MiB twice. Pages that are never written cost nothing.
  let body = Buffer.alloc(Math.min(maxBytes, Number(headers.get('content-length')) || 65_536));
  let size = 0;
  let isTooLarge = false;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      isTooLarge = size + chunk.length > maxBytes;
      if (isTooLarge) break;
      if (size + chunk.length > body.length)
        body = Buffer.concat([body], Math.min(maxBytes, 2 * (size + chunk.length)));
      size += chunk.copy(body, size);
    }
  } catch (error) {
    // An error's received part may be a complete problem document with a code and a hint.
    if (!isError) throw error;
  } finally {
    clearTimeout(timer);
  }
  if (!isError && isTooLarge) throw new ConnectionError('too_large');
  if (!isError && !message.complete) throw new ConnectionError('broken');
  return { status, headers, body: body.subarray(0, size) };
}

/** Converts an error of Node, the library or the proxy. Keeps only its code. */
function toConnectionError(error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = String(message);
  // The tunnel reports the proxy's status only in its message.
  const rejection = /statusCode=(\d{3})\b/.exec(text);
  if (rejection) return new ConnectionError('proxy', rejection[1]);
  // Only codes in the form of Node and OpenSSL are kept; any other text is untrusted.
  const name = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : '';
  if (text.includes('wrong version number'))
    return new ConnectionError(text.startsWith('tunneling') ? 'proxy' : 'no_tls', name);
  // Other handshake failures may pass: a server that is just starting sends an alert.
  return new ConnectionError(TLS_CODE.test(name) ? 'tls' : 'broken', name);
}

const TLS_CODE =
  /^(CERT_|CRL_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)/;
