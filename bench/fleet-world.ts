/** Many jobs on one key in virtual time: the jobs, the API that they share, the omniscient scheduler, and one play of them. */
import type { HttpAnswer, HttpRequest, Transport } from '../src/alloovium/transport.ts';
import type { Clock } from '../src/clock.ts';
import { createBucket, TIERS, type Bucket, type BucketSize } from '../simulator/bucket.ts';
import { seededRandom } from '../simulator/random.ts';
import { EPOCH_MS, virtualClock } from '../simulator/virtual-clock.ts';
import { course, KINDS, type Course } from './courses.ts';

const COST = { launch: 25, poll: 1 } as const;
/** Each way between a job and the API. */
const TRANSIT_MS = 50;

export const BUCKETS = {
  standard: TIERS.standard,
  pro: TIERS.pro,
  '30@600': { perMinute: 600, burst: 30 },
  '120@300': { perMinute: 300, burst: 120 },
} as const satisfies Record<string, BucketSize>;

/** Shortest and longest run, in ms. */
export const LENGTHS = {
  short: [5_000, 30_000],
  medium: [30_000, 300_000],
  long: [300_000, 900_000],
} as const;
export type Length = keyof typeof LENGTHS;

export interface Job {
  readonly arrivesAt: number;
  readonly course: Course;
  /** Its launch is answered with a run that ended long ago, at this cost. */
  readonly replayCost?: number;
}

/** Its run ended before it was launched. */
function replayed(job: Job, replayCost: number): Job {
  const ended = { status: 'completed', progress: 100, stage: 'done' } as const;
  return { ...job, replayCost, course: { ...job.course, endMs: 0, sight: () => ended } };
}

/** A re-run: three of four find an earlier run that is green. */
export function rerun(jobs: readonly Job[], replayCost: number): Job[] {
  return jobs.map((job, nth) => (nth % 4 === 0 ? job : replayed(job, replayCost)));
}

function launchCost({ replayCost = COST.launch }: Job): number {
  return replayCost;
}

const TALKATIVE = KINDS.filter((kind) => kind !== 'silent');

/** Jobs that start within a second; every other run is silent, those between tell progress of any kind. */
export function fleet(size: number, length: Length, random: () => number): Job[] {
  const [least, most] = LENGTHS[length];
  return Array.from({ length: size }, (_, nth) => {
    const kind = nth % 2 === 0 ? TALKATIVE[Math.floor(random() * TALKATIVE.length)]! : 'silent';
    const lengthMs = least + (most - least) * random();
    return { arrivesAt: 1_000 * random(), course: course(kind, lengthMs - 3_500, random(), random) };
  }).sort((a, b) => a.arrivesAt - b.arrivesAt);
}

/** When a job's launch is answered, and when its end is seen. */
export interface Seen {
  readonly launchedAt: number;
  readonly verdictAt: number;
}

/**
 * The best that a scheduler could do that knows queue, bucket and lengths: it launches in order of arrival, each as soon as the
 * bucket can pay, and polls each run once, at its end.
 */
export function omniscient(jobs: readonly Job[], size: BucketSize): Seen[] {
  const bucket = createBucket(size, 0);
  const running: { nth: number; endsAt: number }[] = [];
  const launchedAt: number[] = [];
  const verdictAt: number[] = [];
  let now = 0;
  for (let seen = 0; seen < jobs.length;) {
    const job = jobs[launchedAt.length];
    // Both are at or after `now`, and nothing is spent in between, so the waits from `now` on hold.
    const launchAt =
      job === undefined ? Infinity : Math.max(job.arrivesAt, now + bucket.msUntil(launchCost(job), now));
    const pollAt = Math.max(running[0]?.endsAt ?? Infinity, now + bucket.msUntil(COST.poll, now));
    now = Math.min(pollAt, launchAt);
    if (pollAt <= launchAt) {
      bucket.trySpend(COST.poll, now);
      verdictAt[running.shift()!.nth] = now;
      seen++;
    } else {
      bucket.trySpend(launchCost(job!), now);
      running.push({ nth: launchedAt.length, endsAt: now + job!.course.endMs });
      running.sort((a, b) => a.endsAt - b.endsAt);
      launchedAt.push(now);
    }
  }
  return jobs.map((_, nth) => ({ launchedAt: launchedAt[nth]!, verdictAt: verdictAt[nth]! }));
}

/** When the omniscient scheduler has seen the last end. */
export function boundMs(jobs: readonly Job[], size: BucketSize): number {
  return Math.max(...omniscient(jobs, size).map(({ verdictAt }) => verdictAt));
}

/** What a user would set who knows the bound but not whose turn comes when: the longest run more, in whole minutes. */
export function timeoutMs(jobs: readonly Job[], size: BucketSize): number {
  const longest = Math.max(...jobs.map(({ course: { endMs } }) => endMs));
  return Math.ceil((boundMs(jobs, size) + longest) / 60_000) * 60_000;
}

/** The API in virtual time: one bucket, and runs on their courses. */
interface Service {
  readonly answer: (request: Pick<HttpRequest, 'method' | 'url' | 'body'>) => HttpAnswer;
  readonly refusedAt: readonly number[];
  readonly polls: () => number;
}

function service(jobs: readonly Job[], size: BucketSize, clock: Clock): Service {
  const bucket = createBucket(size, 0);
  const launchedAt = new Map<number, number>();
  const refusedAt: number[] = [];
  let polls = 0;
  return {
    refusedAt,
    polls: () => polls,
    answer: ({ method, url, body }) => {
      const now = clock.now();
      const job =
        method === 'POST'
          ? (JSON.parse(body!) as { inputs: { job: number } }).inputs.job
          : Number(/run_(\d+)$/.exec(url)![1]);
      if (method === 'GET') polls++;
      const cost = method === 'POST' ? launchCost(jobs[job]!) : COST.poll;
      if (!bucket.trySpend(cost, now)) {
        refusedAt.push(now);
        const seconds = Math.ceil(bucket.msUntil(cost, now) / 1000);
        return reply(429, bucket, now, 0, { code: 'rate_limited', retry_after_seconds: seconds }, [
          ['retry-after', String(seconds)],
        ]);
      }
      if (method === 'POST') {
        launchedAt.set(job, now);
        const launched = { run_id: `run_${job}`, workflow_id: 'wf_1', status: 'pending' };
        const isReplay = jobs[job]!.replayCost !== undefined;
        return reply(201, bucket, now, cost, launched, isReplay ? [['idempotent-replayed', 'true']] : []);
      }
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
  const fullAtMs = EPOCH_MS + now + bucket.msUntil(burst, now);
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

/** What a job did: null where it never came to it. `verdictAt` is the end as seen; a job without one failed. */
export interface Lived {
  readonly launchedAt: number | null;
  readonly verdictAt: number | null;
}

export interface World {
  readonly clock: Clock;
  readonly random: () => number;
  /** One request with its transit. */
  readonly send: Transport;
  /** On `clock.now()`. */
  readonly deadline: number;
}

/** One job from arrival to end. */
export type Behaviour = (nth: number, world: World) => Promise<Lived>;

/** Made anew for each play of so many jobs. */
export type Fleet = (size: number) => Behaviour;

export interface Outcome {
  /** Of each job that did not fail, in seconds later than under the omniscient scheduler: its launch and, from its end on, its verdict. */
  readonly late: readonly { readonly queue: number; readonly lag: number }[];
  /** Until the last job that did not fail saw its end, over the bound. */
  readonly overBound: number;
  /** All 429s until the last job was over, over jobs times the minutes until then. */
  readonly refusalsPerJobMinute: number;
  /** From a job's start to the answer to its launch. */
  readonly longestQueueMs: number;
  readonly failed: number;
  /** All that were sent. */
  readonly polls: number;
  /** What runners are billed for, in whole minutes a job: were each a job of its own, and were all one step. */
  readonly minutes: { readonly apart: number; readonly together: number };
}

/** Means over the seeds; seconds. */
export interface Figures {
  readonly late: number;
  readonly p95: number;
  readonly queue: number;
  readonly lag: number;
  readonly overBound: number;
  readonly refusals: number;
  readonly failed: number;
  readonly minutes: Outcome['minutes'];
}

/** A signal of its own for each wait: every listener of one signal is compared with all others. */
export const never = (): AbortSignal => new AbortController().signal;

/** @param seed of the jobs' own chance */
export async function play(
  jobs: readonly Job[],
  size: BucketSize,
  seed: number,
  fleetOf: Fleet,
): Promise<Outcome> {
  const clock = virtualClock();
  const api = service(jobs, size, clock);
  const send: Transport = async (request) => {
    await clock.sleep(TRANSIT_MS, never());
    const answer = api.answer(request);
    await clock.sleep(TRANSIT_MS, never());
    return answer;
  };
  const timeout = timeoutMs(jobs, size);
  const behave = fleetOf(jobs.length);
  const lives = jobs.map(async ({ arrivesAt }, nth) => {
    await clock.sleep(arrivesAt, never());
    const world = {
      clock,
      send,
      random: seededRandom(seed * 1_000 + nth),
      deadline: arrivesAt + timeout,
    };
    const lived = await behave(nth, world);
    return { ...lived, overAt: clock.now() };
  });
  const lived = await clock.run(Promise.all(lives));
  return { ...outcomeOf(jobs, size, lived, api.refusedAt.length), polls: api.polls() };
}

export function outcomeOf(
  jobs: readonly Job[],
  size: BucketSize,
  lives: readonly (Lived & { readonly overAt: number })[],
  refusals: number,
): Omit<Outcome, 'polls'> {
  const best = omniscient(jobs, size);
  const bound = Math.max(...best.map(({ verdictAt }) => verdictAt));
  const minutes = Math.max(...lives.map(({ overAt }) => overAt)) / 60_000;
  const billed = lives.map(({ overAt }, nth) => Math.ceil((overAt - jobs[nth]!.arrivesAt) / 60_000));
  return {
    late: lives.flatMap(({ launchedAt, verdictAt }, nth) => {
      if (launchedAt === null || verdictAt === null) return [];
      const all = verdictAt - best[nth]!.verdictAt;
      const queue = launchedAt - best[nth]!.launchedAt;
      return [{ queue: queue / 1000, lag: (all - queue) / 1000 }];
    }),
    overBound: Math.max(0, ...lives.map(({ verdictAt }) => verdictAt ?? 0)) / bound,
    refusalsPerJobMinute: refusals / (jobs.length * minutes),
    longestQueueMs: Math.max(
      ...lives.map(({ launchedAt, overAt }, nth) => (launchedAt ?? overAt) - jobs[nth]!.arrivesAt),
    ),
    failed: lives.filter(({ verdictAt }) => verdictAt === null).length,
    minutes: { apart: billed.reduce((sum, one) => sum + one, 0), together: Math.ceil(minutes) },
  };
}
