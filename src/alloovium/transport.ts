/**
 * HTTP over @actions/http-client: its connections and its proxy support, our own reading of the answer. Its
 * `readBody()` never settles on a torn body, is uncapped and quadratic, and its time-out is idle-only.
 */
import type { ClientRequest } from 'node:http';
import { TLSSocket } from 'node:tls';
import { HttpClient } from '@actions/http-client';
import { LIMITS } from '../json.ts';
import { ConnectionError } from './errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Over the whole exchange, from connect to the last byte of the body. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; doubled headers joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** Of a 2xx whole, or nothing; of any other answer what came within its bounds, maybe nothing. */
  readonly body: Uint8Array;
  /** Why there is no body, although its headers came, so many ms ago. */
  readonly bodyError?: { readonly error: ConnectionError; readonly ageMs: number };
}

/** @throws ConnectionError where no headers came, or the signal's reason */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** An error's body is a courtesy: the status is what counts. */
const ERROR_BODY = { timeoutMs: 1_500, bytes: 256 * 1024 };

type Incoming = Awaited<ReturnType<HttpClient['request']>>['message'];

export function createTransport(userAgent: string): Transport {
  return async ({ method, url, headers, body, timeoutMs, signal }) => {
    signal.throwIfAborted();
    const attempt = new AbortController();
    const timer = setTimeout(() => attempt.abort(new ConnectionError('timeout')), timeoutMs);
    signal.addEventListener('abort', () => attempt.abort(signal.reason), { signal: attempt.signal });
    // Node settles an aborted request, but not one whose proxy accepted CONNECT and went silent.
    const aborted = new Promise<never>((_resolve, reject) => {
      attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason as Error), { once: true });
    });
    aborted.catch(() => undefined);
    // A connection for each exchange: nothing is left open between polls, and no request meets a connection
    // that the server is just closing.
    let isUp = false as boolean;
    // What the headers say counts, whatever becomes of the body.
    let head = null as Head | null;
    const client = new HttpClient(userAgent, [withSignal(attempt.signal, () => (isUp = true))], {
      allowRedirects: false,
      allowRetries: false,
      keepAlive: false,
    });
    try {
      const exchange = client
        .request(method, url, body, { ...headers, 'accept-encoding': 'identity' })
        .then(({ message }) => {
          head = headOf(message);
          return read(message, head);
        });
      exchange.catch(() => undefined);
      return await Promise.race([exchange, aborted]);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const own = connectionError(attempt.signal.aborted ? attempt.signal.reason : error);
      const { fault, code } = own;
      if (head !== null)
        return {
          ...head,
          body: new Uint8Array(),
          bodyError: { error: own, ageMs: performance.now() - head.at },
        };
      // After the handshake a record that is none only breaks the connection.
      if (isUp) throw ['tls', 'no_tls'].includes(fault) ? new ConnectionError('broken', code) : own;
      if (fault !== 'broken' && fault !== 'timeout') throw own;
      throw new ConnectionError('unreached', fault === 'timeout' ? 'ETIMEDOUT' : code);
    } finally {
      clearTimeout(timer);
      attempt.abort();
      client.dispose();
    }
  };
}

/** Node's agent and the proxies', as far as they are needed here. */
interface Agent {
  readonly proxyOptions?: object;
  readonly addRequest: (request: ClientRequest, options: unknown) => void;
}

/** @param onUp called when the connection is up, TLS included: from then on the request may arrive */
function withSignal(signal: AbortSignal, onUp: () => void) {
  return {
    prepareRequest(options: object): void {
      const { agent } = options as { readonly agent: Agent };
      if (agent.proxyOptions) Object.assign(agent.proxyOptions, { signal });
      const addRequest: Agent['addRequest'] = (request, about) => {
        request.once('socket', (socket) => {
          if (socket instanceof TLSSocket) socket.once('secureConnect', onUp);
          else if (socket.connecting) socket.once('connect', onUp);
          else onUp();
        });
        agent.addRequest(request, about);
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

type Head = Pick<HttpAnswer, 'status' | 'headers'> & { readonly at: number };

function headOf({ statusCode, headersDistinct }: Incoming): Head {
  const headers = Object.entries(headersDistinct).map(
    ([name, values]) => [name, (values ?? []).join(', ')] as const,
  );
  return { status: statusCode ?? 0, headers: new Map(headers), at: performance.now() };
}

async function read(message: Incoming, { status, headers }: Head): Promise<HttpAnswer> {
  const isError = status < 200 || status > 299;
  if (!isError && !/^(identity)?$/i.test(headers.get('content-encoding') ?? ''))
    throw new ConnectionError('encoding');
  const most = isError ? ERROR_BODY.bytes : LIMITS.bytes;
  // An error's body that stalls, breaks or never ends must not cost us the status.
  const timer = isError ? setTimeout(() => message.destroy(), ERROR_BODY.timeoutMs) : undefined;
  // One buffer, not the chunks and then their sum: 8 MiB would stand in memory twice. What it is not filled with costs nothing.
  let body = Buffer.alloc(Math.min(most, Number(headers.get('content-length')) || 65_536));
  let size = 0;
  let isTooLarge = false;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      isTooLarge = size + chunk.length > most;
      if (isTooLarge) break;
      if (size + chunk.length > body.length)
        body = Buffer.concat([body], Math.min(most, 2 * (size + chunk.length)));
      size += chunk.copy(body, size);
    }
  } catch (error) {
    // What came of it may be a whole problem document: its code and its hint count.
    if (!isError) throw error;
  } finally {
    clearTimeout(timer);
  }
  if (!isError && isTooLarge) throw new ConnectionError('too_large');
  if (!isError && !message.complete) throw new ConnectionError('broken');
  return { status, headers, body: body.subarray(0, size) };
}

function connectionError(error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const about = String(message);
  // The tunnel's message is the only place where it tells the proxy's status.
  const refused = /statusCode=(\d{3})\b/.exec(about);
  if (refused) return new ConnectionError('proxy', refused[1]);
  // A code is Node's or OpenSSL's word; anything else here might be a stranger's.
  const name = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : '';
  if (about.includes('wrong version number'))
    return new ConnectionError(about.startsWith('tunneling') ? 'proxy' : 'no_tls', name);
  // Another handshake that fails may come up later: a server that is just starting sends an alert.
  return new ConnectionError(TLS_CODE.test(name) ? 'tls' : 'broken', name);
}

const TLS_CODE =
  /^(CERT_|CRL_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)/;
