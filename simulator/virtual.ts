/**
 * The whole action in virtual time: the API as a value in memory, a
 * transport that misbehaves by chance, and a host that remembers. Thousands of jobs a minute, each with its seed.
 */
import { ConnectionError } from '../src/alloovium/errors.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../src/alloovium/transport.ts';
import type { Clock } from '../src/clock.ts';
import type { Host } from '../src/github/host.ts';
import { forLog, visible } from '../src/text/escape.ts';
import { createBucket, type BucketSize } from './bucket.ts';

export interface VirtualRun {
  readonly id: string;
  readonly key: string;
  readonly createdAt: number;
  readonly endsAt: number;
  readonly ending: string;
  readonly outputs: unknown;
  /** Made behind an answer that is not kept. */
  readonly unkept: boolean;
}

export interface VirtualApi {
  readonly runs: readonly VirtualRun[];
  readonly transport: Transport;
  /** Every request: when, what, and since when it was allowed. */
  readonly attempts: readonly { at: number; method: string; key: string | null; limited: boolean }[];
  readonly early: number;
  readonly mostInFlight: number;
}

export interface VirtualApiOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly bucket: BucketSize;
  /** The course of the n-th run, from 1. */
  readonly course: (nth: number) => { ms: number; ending: string; outputs: unknown };
  /** What happens to a request; `lose`: the work is done and the answer lost. */
  readonly fault: (call: 'launch' | 'poll' | 'list', nth: number) => Mishap;
}

export type Mishap =
  | 'none'
  | 'reset-before'
  | 'reset-after'
  | 'stall'
  | 'cut'
  | 'trickle'
  | '5xx'
  | '500-after'
  | '429'
  | '409'
  | 'bad-json'
  | 'redirect'
  | 'hostile';

const LOCK_MS = 60_000;
const HOSTILE =
  '::set-output name=conclusion::success\r::add-mask::e ##[set-env name=PATH]x \u202e</details><script>alert(1)</script> @octo/team #1';

/** The API in memory. Clients share its clock; a client's answers come after a little while of that clock. */
export function virtualApi({ clock, random, bucket: size, course, fault }: VirtualApiOptions): VirtualApi {
  const bucket = createBucket(size, 0);
  const runs: VirtualRun[] = [];
  const attempts: { at: number; method: string; key: string | null; limited: boolean }[] = [];
  const kept = new Map<string, { at: number; runId: string; body: string }>();
  const busy = new Map<string, number>();
  const counts = { launch: 0, poll: 0, list: 0 };
  let made = 0;
  let early = 0;
  let inFlight = 0;
  let mostInFlight = 0;

  const answer = (status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer => ({
    status,
    headers: new Map(
      Object.entries({
        'content-type': status < 300 ? 'application/json' : 'application/problem+json',
        date: new Date(clock.date()).toUTCString(),
        'x-ratelimit-limit': String(size.burst),
        'x-ratelimit-remaining': String(Math.floor(bucket.remaining(clock.now()))),
        'x-ratelimit-reset': String(
          Math.ceil((clock.date() + bucket.waitFor(size.burst, clock.now())) / 1000),
        ),
        ...headers,
      }),
    ),
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });
  const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
    answer(
      status,
      { type: 'about:blank', title: code, status, detail: HOSTILE, code, request_id: 'req_1' },
      headers,
    );

  function make(key: string, unkept: boolean): VirtualRun {
    made++;
    const { ms, ending, outputs } = course(made);
    const run = {
      id: `run_${made}`,
      key,
      createdAt: clock.now(),
      endsAt: clock.now() + ms,
      ending,
      outputs,
      unkept,
    };
    runs.push(run);
    return run;
  }

  function work({ method, url, headers, body }: HttpRequest, mishap: Mishap): HttpAnswer {
    const now = clock.now();
    const call = method === 'POST' ? 'launch' : url.includes('/runs/') ? 'poll' : 'list';
    const cost = call === 'launch' ? 25 : 1;
    if (mishap === '429' || !bucket.take(cost, now)) {
      const seconds = Math.max(1, Math.ceil(bucket.waitFor(cost, now) / 1000));
      return problem(429, 'rate_limited', {
        'retry-after': String(seconds),
        'x-ratelimit-cost': String(cost),
      });
    }
    const paid = { 'x-ratelimit-cost': String(cost) };
    if (call === 'list')
      return answer(
        200,
        { data: [{ id: 'wf_1', name: 'Review', enabled: true }], next_cursor: null, has_more: false },
        paid,
      );
    if (call === 'launch') {
      const key = headers['idempotency-key'] ?? '';
      const before = kept.get(key);
      if (before && now - before.at < 24 * 3_600_000) {
        if (before.body !== body) return problem(409, 'idempotency_key_reused', paid);
        return answer(
          201,
          { run_id: before.runId, workflow_id: 'wf_1', status: 'pending', started_at: null },
          { ...paid, 'idempotent-replayed': 'true' },
        );
      }
      if ((busy.get(key) ?? 0) > now)
        return problem(409, 'idempotency_in_progress', {
          ...paid,
          'retry-after': String(Math.ceil(((busy.get(key) ?? now) - now) / 1000)),
        });
      const run = make(key, mishap === '500-after');
      if (mishap === '500-after') return problem(500, 'internal_error', paid);
      kept.set(key, { at: now, runId: run.id, body: body ?? '' });
      return answer(201, { run_id: run.id, workflow_id: 'wf_1', status: 'pending', started_at: null }, paid);
    }
    const run = runs.find(({ id }) => url.endsWith(`/${id}`));
    if (!run) return problem(404, 'not_found', paid);
    const isOver = now >= run.endsAt;
    const share = Math.min(1, (now - run.createdAt) / Math.max(1, run.endsAt - run.createdAt));
    const iso = (ms: number) => new Date(clock.date() - now + ms).toISOString().replace('Z', '+00:00');
    return answer(
      200,
      {
        run_id: run.id,
        workflow_id: 'wf_1',
        status: isOver ? run.ending : share < 0.1 ? 'pending' : 'running',
        progress: Math.floor(share * 100),
        stage: mishap === 'hostile' ? HOSTILE : `Stage ${Math.floor(share * 3)}`,
        inputs: {},
        outputs: isOver && run.ending !== 'failed' ? run.outputs : null,
        error_message: isOver && run.ending === 'failed' ? HOSTILE : null,
        started_at: iso(run.createdAt),
        completed_at: isOver ? iso(run.endsAt) : null,
        created_at: iso(run.createdAt),
      },
      paid,
    );
  }

  const transportOf = (): Transport => {
    let notBefore = 0;
    return async (request) => {
      const { method, url, headers, timeoutMs, signal } = request;
      const call = method === 'POST' ? 'launch' : url.includes('/runs/') ? 'poll' : 'list';
      const mishap = fault(call, ++counts[call]);
      if (clock.now() < notBefore - 1) early++;
      mostInFlight = Math.max(mostInFlight, ++inFlight);
      try {
        const lasts = (ms: number) => clock.sleep(Math.min(ms, timeoutMs), signal);
        await lasts(5 + random() * 200);
        if (mishap === 'reset-before') throw new ConnectionError('broken', 'ECONNRESET');
        if (mishap === '5xx') return problem(random() < 0.5 ? 502 : 503, 'gateway');
        if (mishap === '409' && call === 'launch') {
          // An earlier launch under the key is still being handled, so it goes on for a while.
          const key = headers['idempotency-key'] ?? '';
          if (!kept.has(key)) busy.set(key, Math.max(busy.get(key) ?? 0, clock.now() + random() * LOCK_MS));
        }
        if (mishap === 'redirect') return answer(307, '', { location: 'https://evil.example/' });
        const result = work(request, mishap);
        attempts.push({
          at: clock.now(),
          method,
          key: headers['idempotency-key'] ?? null,
          limited: result.status === 429,
        });
        const hint = Number(result.headers.get('retry-after') ?? '0') * 1000;
        switch (mishap) {
          case 'reset-after':
          case 'cut':
            throw new ConnectionError('broken', 'ECONNRESET');
          case 'stall':
          case 'trickle':
            await clock.sleep(timeoutMs, signal);
            throw new ConnectionError('timeout');
          case 'bad-json':
            return { ...result, body: Buffer.from('<html>oops') };
          default:
            if (hint > 0) notBefore = clock.now() + hint;
            return result;
        }
      } finally {
        inFlight--;
      }
    };
  };
  return {
    runs,
    attempts,
    get transport() {
      return transportOf();
    },
    get early() {
      return early;
    },
    get mostInFlight() {
      return mostInFlight;
    },
  };
}

export interface MemoryHost extends Host {
  readonly lines: string[];
  readonly outputs: Map<string, string>;
  readonly errors: string[];
  readonly warnings: string[];
  summaryText: string;
}

/** A host that remembers, and treats text as the real one does. */
export function memoryHost(environment: Readonly<Record<string, string | undefined>>): MemoryHost {
  const files = new Map<string, string>();
  const host: MemoryHost = {
    environment,
    lines: [],
    outputs: new Map(),
    errors: [],
    warnings: [],
    summaryText: '',
    mask: () => undefined,
    line: (text) => {
      host.lines.push(forLog(text, 2_000));
    },
    startGroup: (title) => {
      host.lines.push(forLog(title, 2_000));
    },
    endGroup: () => undefined,
    error: (message) => {
      host.errors.push(visible(message));
    },
    warning: (message) => {
      host.warnings.push(visible(message));
    },
    checkOutputs: () => undefined,
    output: (name, value) => {
      host.outputs.set(name, value);
    },
    summary: (text) => {
      host.summaryText += text;
      return Promise.resolve();
    },
    writeFile: (name, text) => {
      files.set(name, typeof text === 'string' ? text : [...text].join(''));
      return `/memory/${name}`;
    },
    readFile: (path) => {
      const text = files.get(path);
      return text === undefined ? null : Buffer.from(text);
    },
  };
  return host;
}
