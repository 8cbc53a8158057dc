/**
 * The Alloovium API on loopback: keys and scopes, token buckets, idempotency, pagination, problem+json, runs on scripted courses,
 * faults by script and a journal. Where the vendor's text is silent, each choice is said at its place.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';
import { createBucket, TIERS, type Bucket, type BucketSize, type Tier } from './bucket.ts';
import { ledClock, runningClock, takeSent } from './clock.ts';
import {
  choose,
  ERRORS,
  isWhole,
  patched,
  send,
  type Answer,
  type ErrorCode,
  type Fault,
  type Scripted,
} from './faults.ts';
import type { Call, Entry, Run, Seen } from './journal.ts';
import {
  DISABLED_WORKFLOW,
  steadyCourse,
  TEST_KEY,
  WORKFLOW,
  type Course,
  type CourseStep,
  type Workflow,
} from './seed.ts';

export const COSTS = { launch: 25, poll: 1, list: 1, me: 1, other: 1 } as const satisfies Record<
  Call,
  number
>;

const DAY_MS = 24 * 60 * 60 * 1000;
const LOCK_MS = 60_000;

/** A key; its fields may be changed while the simulator runs, so that a key can be revoked in the middle of a run. */
export interface Key {
  /** Refuse every request with this code (of 401, 402 or 403). */
  refuse: ErrorCode | null;
  scopes: string[];
  tier: Tier;
  /** Stands in for the tier's. */
  bucketSize: BucketSize | null;
  /** Runs and workflows of another tenant are not found. */
  tenant: string;
  /** An OAuth credential: read-only. */
  oauth: boolean;
}

const A_KEY: Key = {
  refuse: null,
  scopes: ['workflows:read', 'workflows:write'],
  tier: 'pro',
  bucketSize: null,
  tenant: 'tenant_1',
  oauth: false,
};

/** What a launch asked for. */
export interface Launch {
  readonly workflowId: string;
  readonly projectId: string | null;
  readonly inputs: unknown;
  readonly apiKey: string;
  readonly idempotencyKey: string | null;
  /** From 1: how many runs there are with this one. */
  readonly count: number;
}

export interface ApiOptions {
  /** Default: one test key on the pro tier with both scopes. */
  readonly keys?: Readonly<Record<string, Partial<Key>>>;
  readonly workflows?: readonly Workflow[];
  /** Tenant of all workflows. */
  readonly tenant?: string;
  /** Project IDs that exist; default: any. An unknown one is 404, like an unknown workflow. */
  readonly projects?: readonly string[];
  /** Workflow IDs that cannot run without a project. */
  readonly projectNeeded?: readonly string[];
  readonly course?: Course | ((launch: Launch) => Course);
  readonly faults?: readonly Scripted[];
  /** How much faster than real time the clock runs. Every wait of the simulator's is by this clock. */
  readonly speed?: number;
  /** The clock keeps step with the one client, which leaps over its waits (fast-time.mjs). */
  readonly led?: boolean;
  /** Where the clock starts, in ms since 1970; default: now. */
  readonly startAt?: number;
  /** Success of a launch; the vendor does not say which 2xx. */
  readonly launchStatus?: number;
  /** Tokens for an answer out of the idempotency store; the vendor does not say. Default 25. */
  readonly replayCost?: number;
  /** Whether a 429 empties the bucket by its cost all the same; the vendor does not say. */
  readonly chargeRefusals?: boolean;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface Api {
  /** `http://127.0.0.1:port`, or `https://localhost:port`. */
  readonly url: string;
  readonly port: number;
  readonly journal: readonly Entry[];
  readonly runs: readonly Run[];
  readonly keys: ReadonlyMap<string, Key>;
  /** Faults may be pushed and taken out while it runs. */
  readonly faults: Scripted[];
  /** Ms since 1970 by the simulator's clock, with fractions. */
  now(): number;
  /** Ms since it started. */
  elapsed(): number;
  /** Jumps forward: courses, buckets and the 24 hours of a key move on; waits under way do not end sooner. */
  advance(ms: number): void;
  /** A run that was there before; returns its ID. */
  addRun(run: {
    id?: string;
    workflowId?: string;
    projectId?: string | null;
    inputs?: unknown;
    ageMs?: number;
    course?: Course;
    apiKey?: string;
  }): string;
  /** The status of a run as a look would show it. */
  statusOf(runId: string): unknown;
  bucket(apiKey: string): Bucket;
  /** Takes no connections (ECONNREFUSED) for so long, by the simulator's clock; resolves when it refuses. */
  refuseFor(ms: number): Promise<void>;
  /** Ends every socket and every wait. */
  close(): Promise<void>;
}

interface Kept {
  readonly digest: string;
  readonly at: number;
  /** null while the first request is being handled. */
  answer: { status: number; body: Buffer; runId: string } | null;
}

/** An answer of the API's own, before headers. */
interface Outcome {
  readonly status: number;
  readonly body: Buffer;
  readonly headers?: Record<string, string>;
  readonly cost: number;
  readonly runId?: string | null;
  readonly replayed?: boolean;
}

/** A run's looks come from its course. */
interface Live extends Run {
  readonly tenant: string;
  readonly course: Course;
}

export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const speed = options.speed ?? 1;
  const clock = (options.led === true ? ledClock : runningClock)(speed);
  let offset = options.startAt ?? Date.now();
  const now = (): number => offset + clock.now();

  const keys = new Map<string, Key>(
    Object.entries(options.keys ?? { [TEST_KEY]: {} }).map(([name, key]) => [
      name,
      { ...A_KEY, scopes: [...A_KEY.scopes], ...key },
    ]),
  );
  const workflows = options.workflows ?? [WORKFLOW, DISABLED_WORKFLOW];
  const tenant = options.tenant ?? A_KEY.tenant;
  const faults: Scripted[] = [...(options.faults ?? [])];
  const journal: Entry[] = [];
  const runs: Live[] = [];
  const kept = new Map<string, Kept>();
  const buckets = new Map<string, Bucket>();
  const counts: Record<Call, number> = { launch: 0, poll: 0, list: 0, me: 0, other: 0 };
  const attempts = new Map<string, number>();
  const sockets = new Map<Socket, { n: number; requests: number }>();
  /** Under TLS these are not the ones that requests come on; the ones below are. */
  const accepted = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let connections = 0;
  let requestIds = 0;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms / speed);
      timers.add(timer);
    });

  const bucketOf = (apiKey: string): Bucket => {
    const key = keys.get(apiKey) ?? A_KEY;
    const size = key.bucketSize ?? TIERS[key.tier];
    let bucket = buckets.get(apiKey);
    if (bucket?.size !== size) {
      bucket = createBucket(size, now());
      buckets.set(apiKey, bucket);
    }
    return bucket;
  };

  const rateHeaders = (apiKey: string | null, cost: number): Record<string, string> => {
    const bucket = apiKey !== null && keys.has(apiKey) ? bucketOf(apiKey) : createBucket(TIERS.free, now());
    return {
      'X-RateLimit-Limit': String(bucket.size.burst),
      'X-RateLimit-Remaining': String(Math.floor(bucket.remaining(now()) + 1e-6)),
      'X-RateLimit-Reset': String(Math.ceil((now() + bucket.waitFor(bucket.size.burst, now())) / 1000)),
      'X-RateLimit-Cost': String(cost),
    };
  };

  const json = (status: number, body: unknown, cost: number): Outcome => ({
    status,
    body: Buffer.from(JSON.stringify(body)),
    headers: { 'Content-Type': 'application/json' },
    cost,
  });

  const problem = (
    code: ErrorCode,
    detail: string,
    cost: number,
    more: { fields?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ): Outcome => {
    const [status, title] = ERRORS[code];
    const body = {
      type: `https://docs.alloovium.com/errors/${code}`,
      title,
      status,
      detail,
      code,
      request_id: `req_${String(++requestIds).padStart(8, '0')}`,
      ...more.fields,
    };
    return {
      status,
      body: Buffer.from(JSON.stringify(body)),
      headers: { 'Content-Type': 'application/problem+json', ...more.headers },
      cost,
    };
  };

  /** What a look at the run shows now: the steps of its course up to now, one over the other. */
  const poll = (run: Live): { body: Record<string, unknown>; raw: CourseStep['raw'] } => {
    const passed = run.course.filter((step) => run.createdAt + step.atMs <= now());
    const fields: Record<string, unknown> = {};
    for (const step of passed) {
      for (const [name, value] of Object.entries(step)) {
        if (name !== 'atMs' && name !== 'raw') fields[name] = value;
      }
    }
    const since = (found: CourseStep | undefined): string | null =>
      found === undefined ? null : iso(run.createdAt + found.atMs);
    const raw = passed.at(-1)?.raw;
    return {
      raw,
      body: {
        run_id: run.id,
        workflow_id: run.workflowId,
        status: 'pending',
        progress: 0,
        stage: null,
        inputs: run.inputs,
        outputs: null,
        error_message: null,
        started_at: since(passed.find((step) => step.status !== undefined && step.status !== 'pending')),
        completed_at: since(passed.find((step) => TERMINAL.includes(step.status))),
        created_at: iso(run.createdAt),
        ...fields,
      },
    };
  };

  const newRunId = (): string => {
    // The first is the vendor page's own; the rest differ from their first letter on, as real ones do.
    const hex =
      runs.length === 0
        ? 'c1d2e3f4a5b64c7d8e9f0a1b2c3d4e5f'
        : createHash('sha256').update(`run ${runs.length}`).digest('hex');
    return `run_${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };

  const createRun = (launch: Omit<Launch, 'count'>, unkept: boolean): Live => {
    const course = options.course ?? steadyCourse();
    const run: Live = {
      ...launch,
      id: newRunId(),
      tenant: keys.get(launch.apiKey)?.tenant ?? tenant,
      createdAt: now(),
      unkept,
      course: typeof course === 'function' ? course({ ...launch, count: runs.length + 1 }) : course,
    };
    runs.push(run);
    return run;
  };

  /** Whether the key may make the call at all. */
  const refusal = (request: Seen): Outcome | null => {
    if (request.apiKey === null) {
      return problem('missing_api_key', 'Send the API key in the Authorization header: Bearer ak_….', 0);
    }
    const key = keys.get(request.apiKey);
    if (key === undefined) {
      return request.apiKey.startsWith('ak_')
        ? problem('invalid_api_key', 'The API key is not known.', 0)
        : problem('invalid_token', 'The bearer token is neither an API key nor a valid OAuth token.', 0);
    }
    if (key.refuse !== null) {
      return problem(key.refuse, DETAILS[key.refuse] ?? 'The request was refused.', 0);
    }
    const scope = SCOPES[request.call];
    if (scope !== undefined && !key.scopes.includes(scope)) {
      return problem('insufficient_scope', `The API key lacks the scope ${scope}.`, 0, {
        fields: { missing_scopes: [scope] },
      });
    }
    if (key.oauth && request.call === 'launch') {
      return problem('oauth_not_supported', 'OAuth credentials are read-only; use an API key.', 0);
    }
    return null;
  };

  const pay = (apiKey: string, cost: number): Outcome | null => {
    const bucket = bucketOf(apiKey);
    if (bucket.take(cost, now())) return null;
    if (options.chargeRefusals === true) bucket.drain(cost, now());
    const seconds = Math.max(1, Math.ceil(bucket.waitFor(cost, now()) / 1000));
    return problem('rate_limited', `The bucket cannot pay ${cost} tokens; wait ${seconds} s.`, cost, {
      fields: { retry_after_seconds: seconds },
      headers: { 'Retry-After': String(seconds) },
    });
  };

  const list = (request: Seen): Outcome => {
    const query = new URL(request.path, 'http://simulator').searchParams;
    const limitText = query.get('limit') ?? '25';
    const limit = Number(limitText);
    if (!/^-?\d+$/.test(limitText))
      return problem('validation_error', 'limit must be a whole number.', COSTS.list);
    const clamped = Math.min(100, Math.max(1, limit));
    const start = cursorStart(query.get('cursor'));
    if (start === null) return problem('invalid_cursor', 'The cursor is not one of ours.', COSTS.list);
    const mine = keys.get(request.apiKey!)!.tenant === tenant ? workflows : [];
    const more = start + clamped < mine.length;
    const data = mine.slice(start, start + clamped);
    const next_cursor = more
      ? Buffer.from(JSON.stringify({ at: start + clamped })).toString('base64url')
      : null;
    return json(200, { data, next_cursor, has_more: more }, COSTS.list);
  };

  const pollAt = (request: Seen): Outcome => {
    const id = decode(request.path.slice(request.path.lastIndexOf('/') + 1));
    const run = runs.find((one) => one.id === id && one.tenant === keys.get(request.apiKey!)!.tenant);
    if (run === undefined) return problem('not_found', 'No such run.', COSTS.poll);
    const { body, raw } = poll(run);
    const outcome = json(200, body, COSTS.poll);
    return {
      ...outcome,
      ...(raw === undefined ? {} : { body: Buffer.from(typeof raw === 'function' ? raw(body) : raw) }),
      runId: run.id,
    };
  };

  const me = (request: Seen): Outcome => {
    const apiKey = request.apiKey!;
    const key = keys.get(apiKey)!;
    return json(
      200,
      {
        user_id: 'user_1',
        tenant_id: key.tenant,
        auth_method: key.oauth ? 'oauth' : 'api_key',
        email: 'ci@example.com',
        api_key_id: 'key_1',
        api_key_name: 'CI',
        api_key_prefix: apiKey.slice(0, 12),
        environment: apiKey.startsWith('ak_live_') ? 'live' : 'test',
        rate_limit_tier: key.tier,
        scopes: key.scopes,
      },
      COSTS.me,
    );
  };

  /** What a launch asks for, or why it cannot be. */
  const readLaunch = (request: Seen): Omit<Launch, 'count'> | Outcome => {
    const invalid = (detail: string): Outcome => problem('validation_error', detail, COSTS.launch);
    let body: unknown;
    try {
      body = request.body.length === 0 ? {} : JSON.parse(request.body.toString());
    } catch {
      return invalid('The body is not JSON.');
    }
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      return invalid('The body must be an object.');
    const { inputs = {}, project_id = null, ...unmatched } = body as Record<string, unknown>;
    const unknown = Object.keys(unmatched);
    if (unknown.length > 0) return invalid(`Unknown fields: ${unknown.join(', ')}.`);
    if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs))
      return invalid('inputs must be an object.');
    if (project_id !== null && typeof project_id !== 'string') return invalid('project_id must be a string.');

    const apiKey = request.apiKey!;
    const id = decode(request.path.split('/')[4] ?? '');
    const workflow = workflows.find((one) => one.id === id);
    if (workflow === undefined || keys.get(apiKey)!.tenant !== tenant)
      return problem('not_found', 'No such workflow.', COSTS.launch);
    if (project_id !== null && options.projects?.includes(project_id) === false) {
      return problem('not_found', 'Not found.', COSTS.launch);
    }
    if (!workflow.enabled) return invalid('The workflow is disabled.');
    if (project_id === null && options.projectNeeded?.includes(id) === true) {
      return invalid('project_id is required: the workflow has blocks that read a project’s documents.');
    }
    return {
      workflowId: id,
      projectId: project_id,
      inputs,
      apiKey,
      idempotencyKey: request.idempotencyKey,
    };
  };

  const launch = async (request: Seen, fault: Fault | undefined): Promise<Outcome> => {
    const apiKey = request.apiKey!;
    const { idempotencyKey } = request;
    if (idempotencyKey !== null && (idempotencyKey.length < 1 || idempotencyKey.length > 255)) {
      return problem('invalid_idempotency_key', 'Idempotency-Key must have 1 to 255 characters.', 0);
    }
    // Kept per API key. The digest is over the bytes and the path: another order of keys is another body.
    const slot = `${apiKey} ${idempotencyKey ?? ''}`;
    const digest = createHash('sha256').update(request.path).update('\n').update(request.body).digest('hex');
    let entry = idempotencyKey === null ? undefined : kept.get(slot);
    if (entry !== undefined && now() - entry.at >= (entry.answer === null ? LOCK_MS : DAY_MS)) {
      kept.delete(slot);
      entry = undefined;
    }
    const cost = entry === undefined ? COSTS.launch : (options.replayCost ?? COSTS.launch);
    const unpaid = pay(apiKey, cost);
    if (unpaid !== null) return unpaid;

    if (entry !== undefined) {
      if (entry.digest !== digest) {
        return problem(
          'idempotency_key_reused',
          'This idempotency key was used with another request body.',
          cost,
        );
      }
      if (entry.answer === null) {
        return problem(
          'idempotency_in_progress',
          'The first request with this key is still being handled.',
          cost,
          { headers: { 'Retry-After': '2' } },
        );
      }
      return {
        ...entry.answer,
        headers: { 'Content-Type': 'application/json', 'Idempotent-Replayed': 'true' },
        cost,
        replayed: true,
      };
    }

    const lock: Kept = { digest, at: now(), answer: null };
    if (idempotencyKey !== null) kept.set(slot, lock);
    if (fault?.workMs !== undefined) await sleep(fault.workMs);
    const read = readLaunch(request);
    if ('status' in read) {
      if (kept.get(slot) === lock) kept.delete(slot);
      return read;
    }
    const unkept = fault?.work === 'unkept';
    const run = createRun(read, unkept);
    const body = { run_id: run.id, workflow_id: run.workflowId, status: 'pending', started_at: null };
    const outcome = { ...json(options.launchStatus ?? 201, body, cost), runId: run.id };
    if (unkept) {
      if (kept.get(slot) === lock) kept.delete(slot);
    } else {
      lock.answer = outcome;
    }
    return outcome;
  };

  const work = async (request: Seen, fault: Fault | undefined): Promise<Outcome> => {
    const refused = refusal(request);
    if (refused !== null) return refused;
    if (request.call === 'launch') return launch(request, fault);
    const unpaid = pay(request.apiKey!, COSTS[request.call]);
    if (unpaid !== null) return unpaid;
    if (fault?.workMs !== undefined) await sleep(fault.workMs);
    if (request.call === 'poll') return pollAt(request);
    if (request.call === 'list') return list(request);
    if (request.call === 'me') return me(request);
    return problem('not_found', 'No such path.', COSTS.other);
  };

  /** The API's own answer with its headers. */
  const dressed = (outcome: Outcome, apiKey: string | null): Answer => ({
    status: outcome.status,
    headers: {
      Date: new Date(now()).toUTCString(),
      ...outcome.headers,
      ...rateHeaders(apiKey, outcome.cost),
    },
    body: outcome.body,
  });

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const connection = sockets.get(message.socket)!;
    connection.requests++;
    clock.arrived(takeSent(message));
    response.on('close', () => clock.left());
    const at = now();
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const call = callOf(message.method ?? '', message.url ?? '');
    const authorization = message.headers.authorization ?? '';
    const apiKey = /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? null;
    const idempotencyKey = message.headers['idempotency-key'];
    const slot = `${apiKey ?? ''} ${String(idempotencyKey)}`;
    if (idempotencyKey !== undefined) attempts.set(slot, (attempts.get(slot) ?? 0) + 1);
    const entry: Entry = {
      n: journal.length + 1,
      call,
      nth: ++counts[call],
      at,
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      rawHeaders: message.rawHeaders,
      body: Buffer.concat(chunks),
      apiKey,
      idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : null,
      send: idempotencyKey === undefined ? 0 : attempts.get(slot)!,
      connection: connection.n,
      reused: connection.requests > 1,
      answeredAt: null,
      endedAt: null,
      status: null,
      answerHeaders: {},
      answerBody: Buffer.alloc(0),
      runId: null,
      replayed: false,
      faulty: false,
    };
    journal.push(entry);
    response.on('close', () => (entry.endedAt ??= now()));

    const fault = choose(faults, entry);
    entry.faulty = fault !== undefined;
    const whole = isWhole(fault?.answer);
    const worked = (fault?.work ?? (whole ? 'none' : 'done')) === 'none' ? null : work(entry, fault);
    const record = async (): Promise<Outcome | null> => {
      const outcome = await worked;
      entry.runId = outcome?.runId ?? null;
      entry.replayed = outcome?.replayed ?? false;
      return outcome;
    };
    const recorded = record();

    const answer = async (): Promise<Answer> => {
      const patch = fault?.answer;
      const own = whole ? null : await recorded;
      let base: Answer = {
        status: 200,
        headers: { Date: new Date(now()).toUTCString() },
        body: Buffer.alloc(0),
      };
      if (own !== null) base = dressed(own, apiKey);
      else if (patch?.code !== undefined) {
        const cost = patch.code === 'rate_limited' ? COSTS[call] : 0;
        base = dressed(problem(patch.code, DETAILS[patch.code] ?? 'The request was refused.', cost), apiKey);
      }
      const final = patch === undefined ? base : patched(base, patch);
      entry.status = final.status;
      entry.answerBody = final.body;
      entry.answerHeaders = Object.fromEntries(
        Object.entries(final.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      entry.answeredAt = now();
      return final;
    };
    // Without a delay the work is done before anything goes out, a reset included.
    if (fault?.workMs === undefined) await recorded;
    await send(response, fault?.wire ?? ['head', 'body'], answer, sleep);
    await recorded;
  };

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    // A client that goes away in the middle of its request leaves no entry; anything else is a fault of the simulator's own.
    handle(message, response).catch((error: unknown) => {
      if (!message.destroyed || message.complete) process.stderr.write(`simulator: ${String(error)}\n`);
      message.socket.destroy();
    });
  };
  // No time-outs of its own and idle sockets kept open: what a client must do without being helped.
  const limits = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 1 << 20 };
  const server =
    options.tls === undefined
      ? createServer(limits, listener)
      : createTlsServer({ ...limits, ...options.tls }, listener);
  const plain = options.tls === undefined;
  server.on('connection', (socket: Socket) => {
    accepted.add(socket);
    socket.on('close', () => accepted.delete(socket));
  });
  server.on(plain ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.set(socket, { n: ++connections, requests: 0 });
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that refuses our certificate is no fault of ours.
  server.on('tlsClientError', () => undefined);

  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of accepted) socket.destroy();
    });
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;

  return {
    url: plain ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    journal,
    runs,
    keys,
    faults,
    now,
    elapsed: () => clock.now(),
    advance: (ms) => {
      offset += ms;
    },
    addRun: (run) => {
      const made: Live = {
        id: run.id ?? newRunId(),
        workflowId: run.workflowId ?? WORKFLOW.id,
        projectId: run.projectId ?? null,
        inputs: run.inputs ?? {},
        apiKey: run.apiKey ?? [...keys.keys()][0]!,
        idempotencyKey: null,
        createdAt: now() - (run.ageMs ?? 0),
        unkept: false,
        tenant,
        course: run.course ?? steadyCourse(),
      };
      runs.push(made);
      return made.id;
    },
    statusOf: (runId) => {
      const run = runs.find((one) => one.id === runId);
      return run === undefined ? undefined : poll(run).body.status;
    },
    bucket: bucketOf,
    refuseFor: async (ms) => {
      await shut();
      void sleep(ms).then(() => listen(port));
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await shut();
    },
  };
}

/** A listener that answers every request with an empty object and remembers it: nobody should ever call. */
export async function startEvil(): Promise<{
  readonly url: string;
  readonly port: number;
  readonly seen: readonly {
    method: string;
    path: string;
    headers: IncomingMessage['headers'];
    body: string;
  }[];
  close(): Promise<void>;
}> {
  const seen: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((message, response) => {
    const entry = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body: '',
    };
    seen.push(entry);
    message.setEncoding('utf8');
    message.on('data', (text: string) => (entry.body += text));
    message.on('end', () => response.setHeader('Content-Type', 'application/json').end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A listener that takes connections and never says a word. */
export async function startSilent({ onSocket }: { readonly onSocket?: () => void } = {}): Promise<{
  readonly port: number;
  openSockets(): number;
  close(): Promise<void>;
}> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
    onSocket?.();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    openSockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port on loopback that nobody listens on. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const TERMINAL: readonly unknown[] = ['completed', 'failed', 'cancelled'];

const SCOPES: Partial<Record<Call, string>> = {
  launch: 'workflows:write',
  poll: 'workflows:read',
  list: 'workflows:read',
};

const DETAILS: Partial<Record<ErrorCode, string>> = {
  api_key_revoked: 'The API key was revoked.',
  api_key_expired: 'The API key has expired.',
  user_inactive: 'The user that owns the key is inactive.',
  tenant_disabled: 'The tenant is disabled.',
  payment_required: 'The plan has no credit left.',
  permission_denied: 'The user may not run this workflow.',
  internal_error: 'Something went wrong on our side.',
  rate_limited: 'Too many requests.',
  idempotency_in_progress: 'The first request with this key is still being handled.',
};

function callOf(method: string, url: string): Call {
  const path = url.split('?')[0]!;
  if (method === 'POST' && /^\/api\/v2\/workflows\/[^/]+\/runs$/.test(path)) return 'launch';
  if (method === 'GET' && /^\/api\/v2\/workflows\/runs\/[^/]+$/.test(path)) return 'poll';
  if (method === 'GET' && path === '/api/v2/workflows') return 'list';
  if (method === 'GET' && path === '/api/v2/me') return 'me';
  return 'other';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.split('?')[0]!);
  } catch {
    return '';
  }
}

/** Where a page starts; null for a cursor that is not ours. */
function cursorStart(cursor: string | null): number | null {
  if (cursor === null || cursor === '') return 0;
  if (Buffer.byteLength(cursor) > 1024) return null;
  try {
    const { at } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { at?: unknown };
    return Number.isSafeInteger(at) && (at as number) > 0 ? (at as number) : null;
  } catch {
    return null;
  }
}

/** As the vendor writes times: whole seconds with an offset. */
function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}
