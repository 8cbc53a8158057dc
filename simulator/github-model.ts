/** The fake GitHub without sockets: applies each request to the repository, under scripted faults, and records the exchange. */
import type { IncomingHttpHeaders } from 'node:http';
import { problem, type Answer } from './github-answers.ts';
import type { ArtifactStore } from './github-artifact-store.ts';
import { applyCall, parseCall, type BasePath, type Call, type Operation } from './github-calls.ts';
import { authenticate, type Tokens } from './github-permissions.ts';
import type { Repository } from './github-repository.ts';

export interface Fault {
  readonly on: Operation;
  /** How many requests of this kind it applies to; default 1. */
  readonly times?: number;
  /** Whether the request takes effect: then a comment exists whose answer is lost. */
  readonly commit?: boolean;
  /**
   * Called when the request arrives, before it takes effect: what another user does at that moment. `sentAtMs` is when the client
   * sent it, by a clock that skips waits (fast-time.mjs), else null.
   */
  readonly onArrival?: (sentAtMs: number | null) => void;
  /**
   * How the answer fails; default: it does not. `reset`: the socket is reset before headers; `stall`: no answer; `truncated`:
   * headers and half of the body, then the socket is closed; else this answer in place of GitHub's.
   */
  readonly answer?: 'reset' | 'stall' | 'truncated' | Answer;
}

/** One request and its answer. */
export interface Exchange {
  readonly operation: Operation | 'unknown';
  readonly method: string;
  /** With its query, without the base path. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** null: there was none. */
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  } | null;
  /** The answer is GitHub's, not a fault's. */
  readonly isGenuine: boolean;
  /** The request is never answered, and the connection stays open. */
  readonly isStalled: boolean;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** When the client sent it, by a clock that skips waits (fast-time.mjs), else null. */
  readonly sentAtMs: number | null;
}

export interface GithubModelOptions {
  readonly basePath: BasePath;
  readonly tokens: Tokens;
  readonly repository: Repository;
  readonly store: ArtifactStore;
}

export function createGithubModel({ basePath, tokens, repository, store }: GithubModelOptions) {
  const journal: Exchange[] = [];
  const faults: { readonly fault: Fault; remaining: number }[] = [];

  function takeFault(operation: Exchange['operation']): Fault | null {
    const next = faults.find(({ fault, remaining }) => fault.on === operation && remaining > 0);
    if (next === undefined) return null;
    next.remaining--;
    return next.fault;
  }

  /** Applies a call and returns GitHub's answer. */
  function answerTo(call: Call | null, headers: IncomingHttpHeaders): Answer {
    const sender = authenticate(headers, tokens);
    if ('refusal' in sender) return sender.refusal;
    if (call === null) return problem(404, 'Not Found');
    return applyCall(call, sender.identity, repository, store);
  }

  /** Applies a request, unless a fault prevents that. The fault, if any, says how the exchange's answer is sent. */
  function receive(request: ReceivedRequest): { readonly exchange: Exchange; readonly fault: Fault | null } {
    const call = parseCall(request, basePath, repository.fullName);
    const operation = call?.operation ?? 'unknown';
    const fault = takeFault(operation);
    fault?.onArrival?.(request.sentAtMs);
    const genuine = takesEffect(fault) ? answerTo(call, request.headers) : null;
    const answer = answerUnder(fault, genuine);
    const exchange: Exchange = {
      operation,
      method: request.method,
      path: pathOf(request.url, basePath),
      headers: request.headers,
      body: request.body,
      answer: answer === null ? null : completeAnswer(answer, journal.length + 1),
      isGenuine: fault?.answer === undefined,
      isStalled: fault?.answer === 'stall',
    };
    journal.push(exchange);
    return { exchange, fault };
  }

  return {
    journal,
    addFaults: (...added: readonly Fault[]): void =>
      void faults.push(...added.map((fault) => ({ fault, remaining: fault.times ?? 1 }))),
    receive,
  };
}

const takesEffect = (fault: Fault | null): boolean =>
  fault?.answer === undefined || fault.commit === true || fault.answer === 'truncated';

/** The answer to send; null: none. */
function answerUnder(fault: Fault | null, genuine: Answer | null): Answer | null {
  const scripted = fault?.answer;
  switch (scripted) {
    case 'reset':
    case 'stall':
      return null;
    case 'truncated':
    case undefined:
      return genuine;
    default:
      return scripted;
  }
}

const pathOf = ({ pathname, search }: URL, basePath: BasePath): string =>
  (pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname) + search;

/** Adds the headers that every answer has, and writes the body as text. @param count the number of the request, from 1 */
function completeAnswer(
  { status, headers = {}, body }: Answer,
  count: number,
): NonNullable<Exchange['answer']> {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': `SIM:${count}`,
      'x-github-media-type': 'github.v3; format=json',
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '990',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
      ...headers,
    },
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  };
}
