/**
 * HTTP over @actions/http-client: one request in, a complete answer or an error out. The library connects, through a proxy where its
 * variables name one; the answer is read here, since its `readBody()` has no cap and never settles on a body that breaks off.
 */
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { HttpClient } from '@actions/http-client';
import { connectionError, RequestError, type ConnectionCode } from './errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** From connecting to the last byte of the body. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** For a status other than 2xx as much as came. */
  readonly body: Uint8Array;
  /** Why a 2xx has no whole body. */
  readonly broken: ConnectionCode | null;
}

/** @throws RequestError no headers came; or the signal's reason */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Each request opens a connection, follows no redirect and is never repeated. */
export function createTransport(userAgent: string): Transport {
  return async ({ method, url, headers, body, timeoutMs, signal }) => {
    signal.throwIfAborted();
    const target = new URL(url);
    const library = target.protocol === 'https:' ? https : http;
    // `as`, since TypeScript does not see that functions below assign them.
    let request = null as ClientRequest | null;
    let message = null as IncomingMessage | null;
    let isConnected = false as boolean;
    const chunks: Buffer[] = [];
    // The promise rejects by itself, since Node never settles a request whose proxy accepted CONNECT and went silent. That socket
    // cannot be reached through the library: it ends with the process.
    const over = Promise.withResolvers<never>();
    over.promise.catch(() => undefined);
    const timer = setTimeout(() => over.reject(connectionError('timeout')), timeoutMs);
    const abort = (): void => over.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const send: typeof https.request = (options: unknown, onMessage?: unknown) => {
      request = library.request(options as object, onMessage as (message: IncomingMessage) => void);
      request.once('socket', (socket) => whenConnected(socket, () => (isConnected = true)));
      return request;
    };
    const exchange = async (): Promise<IncomingMessage> => {
      const client = new HttpClient();
      const options = {
        host: target.hostname,
        port: target.port,
        path: target.pathname + target.search,
        method,
        headers: { ...headers, 'user-agent': userAgent, 'accept-encoding': 'identity' },
        agent: client.getAgent(url),
      };
      // The library sends no body for null, as its own `get` does.
      // It sends by the module that it is given, whose `request` is ours: so the socket is seen here.
      const sent = client.requestRaw(
        {
          options,
          parsedUrl: target,
          httpModule: Object.create(library, { request: { value: send } }) as typeof library,
        },
        body,
      );
      ({ message } = await sent);
      await readBody(message, chunks);
      return message;
    };
    try {
      return answerOf(await Promise.race([exchange(), over.promise]), chunks, null);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const failure = toRequestError(error, isConnected);
      if (message === null) throw failure;
      return answerOf(message, chunks, failure.failure.code as ConnectionCode);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      request?.destroy();
    }
  };
}

/** From then on the request may arrive. */
function whenConnected(socket: Socket, then: () => void): void {
  if (socket instanceof TLSSocket) socket.once('secureConnect', then);
  else if (socket.connecting) socket.once('connect', then);
  else then();
}

/** @throws RequestError the body is too large; Error it broke off */
async function readBody(message: IncomingMessage, chunks: Buffer[]): Promise<void> {
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw connectionError('too_large');
    chunks.push(chunk);
  }
}

function answerOf(message: IncomingMessage, chunks: Buffer[], broken: ConnectionCode | null): HttpAnswer {
  const status = message.statusCode ?? 0;
  const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)] as const);
  const isUsable = broken === null || status < 200 || status > 299;
  return {
    status,
    headers: new Map(headers),
    body: isUsable ? Buffer.concat(chunks) : new Uint8Array(),
    broken: isUsable ? null : broken,
  };
}

const CERTIFICATE_CODE =
  /^(CERT_|CRL_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)/;

/** Of an error of Node, the library or a proxy only the code is kept: other text may be anybody's. */
function toRequestError(error: unknown, isConnected: boolean): RequestError {
  if (error instanceof RequestError)
    return isConnected || error.failure.code !== 'timeout'
      ? error
      : connectionError('no_connection', { detail: 'ETIMEDOUT' });
  const { code = '', message } = error as NodeJS.ErrnoException;
  const detail = /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : '';
  if (isConnected) return connectionError('connection_lost', { detail });
  // The library's tunnel reports the proxy's status in its message alone.
  const proxyStatus = Number(/statusCode=(\d{3})\b/.exec(message)?.[1] ?? 0);
  if (proxyStatus >= 400 && proxyStatus < 500)
    return connectionError('proxy_refused', { detail: String(proxyStatus) });
  if (code === 'ENOTFOUND') return connectionError('unknown_host', { detail });
  return connectionError(CERTIFICATE_CODE.test(code) ? 'certificate' : 'no_connection', { detail });
}
