/** Simulates many jobs on one key in virtual time: the jobs, the API that they share, and an omniscient scheduler to compare with. */
import type { HttpAnswer, HttpRequest, Transport } from '../src/alloovium/transport.ts';
import type { Clock } from '../src/clock.ts';
import { createBucket, TIERS, type Bucket, type BucketSize } from '../simulator/bucket.ts';
import { seededRandom } from '../simulator/random.ts';
import { EPOCH_MS, virtualClock } from '../simulator/virtual-clock.ts';
import { sampleRun, KINDS, type SampleRun } from './sample-runs.ts';

const COST = { launch: 25, poll: 1 } as const;
/** Network time of each direction between a job and the API. */
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
  readonly run: SampleRun;
  /** Its launch is a replay of a run that ended long ago, at this cost. */
  readonly replayCost?: number;
}

/** A job whose run ended before the launch. */
function withReplay(job: Job, replayCost: number): Job {
  const ended = { status: 'completed', progress: 100, stage: 'done' } as const;
  return { ...job, replayCost, run: { ...job.run, endMs: 0, stateAt: () => ended } };
}

/** The jobs of a re-run: three of four join an earlier run that is green. */
export function withReplays(jobs: readonly Job[], replayCost: number): Job[] {
  return jobs.map((job, nth) => (nth % 4 === 0 ? job : withReplay(job, replayCost)));
}

function launchCost({ replayCost = COST.launch }: Job): number {
  return replayCost;
}

const KINDS_WITH_PROGRESS = KINDS.filter((kind) => kind !== 'silent');

/** Jobs that start within a second; half of the runs report progress of a random kind, the others none. */
export function fleet(size: number, length: Length, random: () => number): Job[] {
  const [least, most] = LENGTHS[length];
  return Array.from({ length: size }, (_, nth) => {
    const kind = nth % 2 === 0 ? KINDS_WITH_PROGRESS[Math.floor(random() * KINDS_WITH_PROGRESS.length)]! : 'silent';
    const lengthMs = least + (most - least) * random();
    return { arrivesAt: 1_000 * random(), run: sampleRun(kind, lengthMs - 3_500, random(), random) };
  }).sort((a, b) => a.arrivesAt - b.arrivesAt);
}

/** When a job's launch is answered, and when the job sees the end of its run. */
export interface JobTimes {
  readonly launchedAt: number;
  readonly verdictAt: number;
}

/**
 * The best schedule possible with knowledge of queue, bucket and lengths: launches in order of arrival, each as soon as the bucket
 * can pay, and one poll of each run, at its end.
 */
export function scheduleOmnisciently(jobs: readonly Job[], size: BucketSize): JobTimes[] {
  const bucket = createBucket(size, 0);
  const running: { nth: number; endsAt: number }[] = [];
  const launchedAt: number[] = [];
  const verdictAt: number[] = [];
  let now = 0;
  for (let seen = 0; seen < jobs.length;) {
    const job = jobs[launchedAt.length];
    // Both are at or after `now`, and nothing is spent in between, so the waits from `now` on hold.
    const launchAt = job === undefined ? Infinity : Math.max(job.arrivesAt, now + bucket.msUntil(launchCost(job), now));
    const pollAt = Math.max(running[0]?.endsAt ?? Infinity, now + bucket.msUntil(COST.poll, now));
    now = Math.min(pollAt, launchAt);
    if (pollAt <= launchAt) {
      bucket.trySpend(COST.poll, now);
      verdictAt[running.shift()!.nth] = now;
      seen++;
    } else {
      bucket.trySpend(launchCost(job!), now);
      running.push({ nth: launchedAt.length, endsAt: now + job!.run.endMs });
      running.sort((a, b) => a.endsAt - b.endsAt);
      launchedAt.push(now);
    }
  }
  return jobs.map((_, nth) => ({ launchedAt: launchedAt[nth]!, verdictAt: verdictAt[nth]! }));
}

/** When the omniscient scheduler has seen the end of the last run. */
export function boundMs(jobs: readonly Job[], size: BucketSize): number {
  return Math.max(...scheduleOmnisciently(jobs, size).map(({ verdictAt }) => verdictAt));
}

/** A realistic `timeout_minutes`: the bound plus the longest run, in whole minutes. */
export function timeoutMs(jobs: readonly Job[], size: BucketSize): number {
  const longest = Math.max(...jobs.map(({ run: { endMs } }) => endMs));
  return Math.ceil((boundMs(jobs, size) + longest) / 60_000) * 60_000;
}

/** The API in virtual time: one bucket, and the jobs' runs. */
interface SimulatedApi {
  readonly answer: (request: Pick<HttpRequest, 'method' | 'url' | 'body'>) => HttpAnswer;
  readonly refusedAt: readonly number[];
  readonly polls: () => number;
}

function simulateApi(jobs: readonly Job[], size: BucketSize, clock: Clock): SimulatedApi {
  const bucket = createBucket(size, 0);
  const launchedAt = new Map<number, number>();
  const refusedAt: number[] = [];
  let polls = 0;
  return {
    refusedAt,
    polls: () => polls,
    answer: ({ method, url, body }) => {
      const now = clock.now();
      const job = method === 'POST' ? (JSON.parse(body!) as { inputs: { job: number } }).inputs.job : Number(/run_(\d+)$/.exec(url)![1]);
      if (method === 'GET') polls++;
      const cost = method === 'POST' ? launchCost(jobs[job]!) : COST.poll;
      if (!bucket.trySpend(cost, now)) {
        refusedAt.push(now);
        const seconds = Math.ceil(bucket.msUntil(cost, now) / 1000);
        return answerWith(429, bucket, now, 0, { code: 'rate_limited', retry_after_seconds: seconds }, [['retry-after', String(seconds)]]);
      }
      if (method === 'POST') {
        launchedAt.set(job, now);
        const launched = { run_id: `run_${job}`, workflow_id: 'wf_1', status: 'pending' };
        const isReplay = jobs[job]!.replayCost !== undefined;
        return answerWith(201, bucket, now, cost, launched, isReplay ? [['idempotent-replayed', 'true']] : []);
      }
      const state = jobs[job]!.run.stateAt(now - launchedAt.get(job)!);
      return answerWith(200, bucket, now, cost, { run_id: `run_${job}`, workflow_id: 'wf_1', ...state });
    },
  };
}

function answerWith(status: number, bucket: Bucket, now: number, cost: number, body: object, more: [string, string][] = []): HttpAnswer {
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

/** When a job launched its run, and when it saw the run's end; null: it did not. A job without `verdictAt` failed. */
export interface JobResult {
  readonly launchedAt: number | null;
  readonly verdictAt: number | null;
}

export interface JobContext {
  readonly clock: Clock;
  readonly random: () => number;
  /** Sends one request, with network time. */
  readonly send: Transport;
  /** On `clock.now()`. */
  readonly deadline: number;
}

/** Runs one job from arrival to end. */
export type JobRunner = (nth: number, world: JobContext) => Promise<JobResult>;

/** Creates the runner of so many jobs, for one simulation. */
export type Fleet = (size: number) => JobRunner;

export interface Outcome {
  /** For each job that did not fail, the delay against the omniscient scheduler: until its launch, and after its end. */
  readonly lateSeconds: readonly { readonly queue: number; readonly lag: number }[];
  /** When the last job that did not fail saw its end, as a ratio to the bound. */
  readonly overBound: number;
  /** All 429s, divided by the number of jobs and the minutes until the last job was over. */
  readonly refusalsPerJobMinute: number;
  /** From a job's start to the answer to its launch. */
  readonly longestQueueMs: number;
  readonly failed: number;
  readonly polls: number;
  /** Billed runner time in whole minutes per job: with one job for each run, and with one step for all. */
  readonly billedMinutes: { readonly asJobs: number; readonly asOneStep: number };
}

/** Means over the seeds; times in seconds. */
export interface Figures {
  readonly late: number;
  readonly p95: number;
  readonly queue: number;
  readonly lag: number;
  readonly overBound: number;
  readonly refusals: number;
  readonly failed: number;
  readonly minutes: Outcome['billedMinutes'];
}

/** A new signal for each wait, since adding a listener to a shared signal takes time for each one that it has. */
export const neverAborted = (): AbortSignal => new AbortController().signal;

/** @param seed for the random numbers of the jobs */
export async function simulateFleet(jobs: readonly Job[], size: BucketSize, seed: number, fleetOf: Fleet): Promise<Outcome> {
  const clock = virtualClock();
  const api = simulateApi(jobs, size, clock);
  const send: Transport = async (request) => {
    await clock.sleep(TRANSIT_MS, neverAborted());
    const answer = api.answer(request);
    await clock.sleep(TRANSIT_MS, neverAborted());
    return answer;
  };
  const timeout = timeoutMs(jobs, size);
  const runJob = fleetOf(jobs.length);
  const results = jobs.map(async ({ arrivesAt }, nth) => {
    await clock.sleep(arrivesAt, neverAborted());
    const world = {
      clock,
      send,
      random: seededRandom(seed * 1_000 + nth),
      deadline: arrivesAt + timeout,
    };
    const lived = await runJob(nth, world);
    return { ...lived, overAt: clock.now() };
  });
  const jobResults = await clock.run(Promise.all(results));
  return { ...outcomeOf(jobs, size, jobResults, api.refusedAt.length), polls: api.polls() };
}

export function outcomeOf(
  jobs: readonly Job[],
  size: BucketSize,
  lives: readonly (JobResult & { readonly overAt: number })[],
  refusals: number,
): Omit<Outcome, 'polls'> {
  const best = scheduleOmnisciently(jobs, size);
  const bound = Math.max(...best.map(({ verdictAt }) => verdictAt));
  const minutes = Math.max(...lives.map(({ overAt }) => overAt)) / 60_000;
  const billed = lives.map(({ overAt }, nth) => Math.ceil((overAt - jobs[nth]!.arrivesAt) / 60_000));
  return {
    lateSeconds: lives.flatMap(({ launchedAt, verdictAt }, nth) => {
      if (launchedAt === null || verdictAt === null) return [];
      const all = verdictAt - best[nth]!.verdictAt;
      const queue = launchedAt - best[nth]!.launchedAt;
      return [{ queue: queue / 1000, lag: (all - queue) / 1000 }];
    }),
    overBound: Math.max(0, ...lives.map(({ verdictAt }) => verdictAt ?? 0)) / bound,
    refusalsPerJobMinute: refusals / (jobs.length * minutes),
    longestQueueMs: Math.max(...lives.map(({ launchedAt, overAt }, nth) => (launchedAt ?? overAt) - jobs[nth]!.arrivesAt)),
    failed: lives.filter(({ verdictAt }) => verdictAt === null).length,
    billedMinutes: { asJobs: billed.reduce((sum, one) => sum + one, 0), asOneStep: Math.ceil(minutes) },
  };
}
