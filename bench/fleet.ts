/**
 * N jobs on one key: how much longer they take than they must, and how often they are turned away. The client,
 * the retries and the wait are the action's own; time, chance and the API are not.
 */
import { createClient } from '../src/alloovium/client.ts';
import { firstLookInMs } from '../src/alloovium/poll-policy.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../src/alloovium/transport.ts';
import { waitForRun } from '../src/alloovium/wait.ts';
import type { Clock } from '../src/clock.ts';
import { createBucket, TIERS, type Bucket, type Tier } from '../simulator/bucket.ts';
import { course, KINDS, type Course } from './courses.ts';
import { seeded } from './random.ts';
import { EPOCH_MS, virtualTime } from './virtual-time.ts';

const COST = { launch: 25, look: 1 } as const;
/** Each way between a job and the API. */
const TRANSIT_MS = 50;

export interface Job {
  readonly arrivesAt: number;
  readonly course: Course;
}

/** Jobs that start within a second, with runs of 30 to 300 s of any kind. */
export function fleet(size: number, random: () => number): Job[] {
  return Array.from({ length: size }, () => {
    const kind = KINDS[Math.floor(random() * KINDS.length)]!;
    const lengthMs = 30_000 + 270_000 * random();
    return { arrivesAt: 1_000 * random(), course: course(kind, lengthMs - 3_500, random(), random) };
  }).sort((a, b) => a.arrivesAt - b.arrivesAt);
}

/**
 * When the last end is seen at best: launched in order of arrival, each as soon as the bucket can pay, and looked
 * at once, at the end. Knows the bucket, not the lengths.
 */
export function boundMs(jobs: readonly Job[], tier: Tier): number {
  const bucket = createBucket(TIERS[tier], 0);
  const ends: number[] = [];
  const waiting = [...jobs];
  let now = 0;
  let seen = 0;
  while (seen < jobs.length) {
    ends.sort((a, b) => a - b);
    const job = waiting[0];
    // Both are at or after `now`, and nothing is spent in between, so the waits from `now` on hold.
    const lookAt = Math.max(ends[0] ?? Infinity, now + bucket.waitFor(COST.look, now));
    const launchAt = Math.max(job?.arrivesAt ?? Infinity, now + bucket.waitFor(COST.launch, now));
    now = Math.min(lookAt, launchAt);
    if (lookAt <= launchAt) {
      bucket.take(COST.look, now);
      ends.shift();
      seen++;
    } else {
      bucket.take(COST.launch, now);
      waiting.shift();
      ends.push(now + job!.course.endMs);
    }
  }
  return now;
}

/** The API in virtual time: one bucket, and runs on their courses. */
interface Service {
  answer(request: Pick<HttpRequest, 'method' | 'url' | 'body'>): HttpAnswer;
  readonly refusals: () => number;
}

function service(jobs: readonly Job[], tier: Tier, clock: Clock): Service {
  const bucket = createBucket(TIERS[tier], 0);
  const launchedAt = new Map<number, number>();
  let refusals = 0;
  return {
    refusals: () => refusals,
    answer: ({ method, url, body }) => {
      const now = clock.now();
      const cost = method === 'POST' ? COST.launch : COST.look;
      if (!bucket.take(cost, now)) {
        refusals++;
        const seconds = Math.ceil(bucket.waitFor(cost, now) / 1000);
        return reply(429, bucket, now, 0, { code: 'rate_limited', retry_after_seconds: seconds }, [
          ['retry-after', String(seconds)],
        ]);
      }
      if (method === 'POST') {
        const job = (JSON.parse(body!) as { inputs: { job: number } }).inputs.job;
        launchedAt.set(job, now);
        return reply(201, bucket, now, cost, {
          run_id: `run_${job}`,
          workflow_id: 'wf_1',
          status: 'pending',
        });
      }
      const job = Number(/run_(\d+)$/.exec(url)![1]);
      const sight = jobs[job]!.course.sight(now - launchedAt.get(job)!);
      return reply(200, bucket, now, cost, { run_id: `run_${job}`, workflow_id: 'wf_1', ...sight });
    },
  };
}

function reply(
  status: number,
  bucket: Bucket,
  now: number,
  cost: number,
  body: object,
  more: [string, string][] = [],
): HttpAnswer {
  const { burst } = bucket.size;
  const fullAtMs = EPOCH_MS + now + bucket.waitFor(burst, now);
  return {
    status,
    headers: new Map([
      ['content-type', 'application/json'],
      ['date', new Date(EPOCH_MS + now).toUTCString()],
      ['x-ratelimit-limit', String(burst)],
      ['x-ratelimit-remaining', String(Math.floor(bucket.remaining(now)))],
      ['x-ratelimit-reset', String(Math.ceil(fullAtMs / 1000))],
      ['x-ratelimit-cost', String(cost)],
      ...more,
    ]),
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

/** What became of one job. */
export interface Ended {
  readonly failed: boolean;
  /** From arrival to the run's launch. */
  readonly queuedMs: number;
  readonly endedAt: number;
}

/** One job from arrival to end; `send` is one request with its transit. */
type Behaviour = (
  nth: number,
  job: Job,
  send: Transport,
  world: { clock: Clock; random: () => number; deadline: number },
) => Promise<{ launchedAt: number; failed: boolean }>;

const RUNS = '/api/v2/workflows/runs/';
const never = new AbortController().signal;

export const ours: Behaviour = async (nth, _job, send, { clock, random, deadline }) => {
  const client = createClient({
    transport: send,
    apiUrl: '',
    apiKey: 'ak_test_fleet',
    clock,
    random,
    redact: (text) => text,
  });
  let launchedAt = Infinity;
  try {
    const launched = await client.startRun(
      { workflowId: 'wf_1', idempotencyKey: `job-${nth}`, body: JSON.stringify({ inputs: { job: nth } }) },
      { deadline, signal: never, onPause: () => undefined },
    );
    launchedAt = clock.now();
    await waitForRun({
      client,
      clock,
      random,
      signal: never,
      deadline,
      runId: launched.runId,
      firstLookInMs: firstLookInMs(launched.bucket, random()),
      missingUntil: launchedAt + 30_000,
      until: 'end',
      onLook: () => undefined,
      onFailedLook: () => undefined,
    });
    return { launchedAt, failed: false };
  } catch {
    return { launchedAt, failed: true };
  }
};

/** A loop with one interval. `patient`: after a 429 it waits as long as Retry-After says; else it raises. */
export const fixed =
  (intervalMs: number, patient: boolean): Behaviour =>
  async (nth, _job, send, { clock }) => {
    const ask = async (method: 'GET' | 'POST', url: string, body: string | null) => {
      for (;;) {
        const answer = await send({ method, url, body, headers: {}, timeoutMs: 15_000, signal: never });
        if (answer.status !== 429 || !patient) return answer;
        await clock.sleep(Number(answer.headers.get('retry-after')) * 1000, never);
      }
    };
    const launch = await ask('POST', '/api/v2/workflows/wf_1/runs', JSON.stringify({ inputs: { job: nth } }));
    const launchedAt = launch.status === 429 ? Infinity : clock.now();
    if (launch.status === 429) return { launchedAt, failed: true };
    for (;;) {
      const look = await ask('GET', `${RUNS}run_${nth}`, null);
      if (look.status === 429) return { launchedAt, failed: true };
      if (new TextDecoder().decode(look.body).includes('"completed"')) return { launchedAt, failed: false };
      await clock.sleep(intervalMs, never);
    }
  };

export interface Outcome {
  /** Until the last job that did not fail saw its end, over the bound. */
  readonly overBound: number;
  readonly refusalsPerJobMinute: number;
  readonly longestQueueMs: number;
  readonly failed: number;
}

export async function sail(size: number, tier: Tier, seed: number, behave: Behaviour): Promise<Outcome> {
  const random = seeded(seed);
  const jobs = fleet(size, random);
  const bound = boundMs(jobs, tier);
  // As long as the bound needs: whole minutes, and a quarter more.
  const dbg = (globalThis as { DBG?: (n: number, m: string, st: number, rem: number) => void }).DBG;
  const deadlineMs = dbg ? 1e9 : Math.ceil((bound * 1.25) / 60_000) * 60_000;
  const { clock, run } = virtualTime();
  const api = service(jobs, tier, clock);
  const send: Transport = async (request) => {
    await clock.sleep(TRANSIT_MS, never);
    const answer = api.answer(request);
    dbg?.(clock.now(), request.method + request.url, answer.status, Number(answer.headers.get("x-ratelimit-remaining")));
    await clock.sleep(TRANSIT_MS, never);
    return answer;
  };
  const ended: Ended[] = [];
  const all = jobs.map(async (job, nth) => {
    await clock.sleep(job.arrivesAt, never);
    const { launchedAt, failed } = await behave(nth, job, send, {
      clock,
      random: seeded(seed * 1_000 + nth),
      deadline: job.arrivesAt + deadlineMs,
    });
    ended.push({ failed, queuedMs: Math.min(launchedAt, clock.now()) - job.arrivesAt, endedAt: clock.now() });
  });
  await run();
  await Promise.all(all);
  const lastEnd = Math.max(0, ...ended.filter(({ failed }) => !failed).map(({ endedAt }) => endedAt));
  const jobMinutes = ended.reduce((sum, { endedAt }) => sum + endedAt, 0) / 60_000;
  return {
    overBound: lastEnd / bound,
    refusalsPerJobMinute: api.refusals() / jobMinutes,
    longestQueueMs: Math.max(...ended.map(({ queuedMs }) => queuedMs)),
    failed: ended.filter(({ failed }) => failed).length,
  };
}
