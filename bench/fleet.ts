/**
 * N jobs on one key: how much longer they take than they must, and how often they are turned away. The client,
 * the retries and the wait are the action's own; time, chance and the API are not.
 */
import { createClient } from '../src/alloovium/client.ts';
import { firstPollMs, paceAfterLaunch, pacer } from '../src/runs/pace.ts';
import type { Transport } from '../src/alloovium/transport.ts';
import { pollRun } from '../src/alloovium/poll.ts';
import type { Clock } from '../src/clock.ts';
import { createBucket, sizeOf, type BucketSize, type Tier } from '../simulator/bucket.ts';
import { COSTS } from '../simulator/calls.ts';
import { course, KINDS, type Course } from './courses.ts';
import { seeded } from '../simulator/random.ts';
import { round, type Report, type Table } from './report.ts';
import { WORKFLOW } from '../simulator/seed.ts';
import { httpAnswerOf, requestOf } from '../simulator/virtual.ts';
import { EPOCH_MS, virtualClock } from '../simulator/virtual-clock.ts';
import { createWorld, type Launch, type World } from '../simulator/world.ts';

/** Each way between a job and the API. */
const TRANSIT_MS = 50;
const LONGEST_RUN_MS = 303_000;

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
export function boundMs(jobs: readonly Job[], size: BucketSize): number {
  const bucket = createBucket(size, 0);
  const ends: number[] = [];
  const waiting = [...jobs];
  let now = 0;
  let seen = 0;
  while (seen < jobs.length) {
    ends.sort((a, b) => a - b);
    const job = waiting[0];
    // Both are at or after `now`, and nothing is spent in between, so the waits from `now` on hold.
    const pollAt = Math.max(ends[0] ?? Infinity, now + bucket.waitFor(COSTS.poll, now));
    const launchAt = Math.max(job?.arrivesAt ?? Infinity, now + bucket.waitFor(COSTS.launch, now));
    now = Math.min(pollAt, launchAt);
    if (pollAt <= launchAt) {
      bucket.take(COSTS.poll, now);
      ends.shift();
      seen++;
    } else {
      bucket.take(COSTS.launch, now);
      waiting.shift();
      ends.push(now + job!.course.endMs);
    }
  }
  return now;
}

const API_KEY = 'ak_test_fleet';

/** The API with one bucket, and the runs of the jobs on their courses. */
function worldOf(jobs: readonly Job[], bucketSize: BucketSize): World {
  const jobOf = ({ inputs }: Launch): number => (inputs as { job: number }).job;
  return createWorld({
    epoch: EPOCH_MS,
    keys: { [API_KEY]: { bucketSize } },
    workflows: [{ ...WORKFLOW, id: 'wf_1' }],
    runId: (launch) => `run_${jobOf(launch)}`,
    course: (launch) => (elapsedMs) => ({ ...jobs[jobOf(launch)]!.course.sight(elapsedMs) }),
  });
}

/** One job from arrival to end; `send` is one request with its transit. */
type Behaviour = (
  nth: number,
  send: Transport,
  world: { clock: Clock; random: () => number; deadline: number },
) => Promise<{ launchedAt: number | null; failed: boolean }>;

const never = new AbortController().signal;

export const ours: Behaviour = async (nth, send, { clock, random, deadline }) => {
  const client = createClient({
    transport: send,
    apiUrl: '',
    apiKey: API_KEY,
    clock,
    random,
    redact: (text) => text,
  });
  let launchedAt: number | null = null;
  let queued = false;
  try {
    const launched = await client.startRun(
      { workflowId: 'wf_1', idempotencyKey: `job-${nth}`, body: JSON.stringify({ inputs: { job: nth } }) },
      { deadline, signal: never, onFailure: () => (queued = true) },
    );
    launchedAt = clock.now();
    const wait = {
      client,
      clock,
      random,
      signal: never,
      deadline,
      runId: launched.runId,
      firstPollMs: firstPollMs(launched.bucket, queued, random()),
      notBefore: launchedAt,
      missingUntil: launchedAt + 30_000,
      nextPauseMs: pacer(paceAfterLaunch(queued), random),
    };
    const polls = pollRun(wait);
    while ((await polls.next()).done !== true);
    return { launchedAt, failed: false };
  } catch {
    return { launchedAt, failed: true };
  }
};

/** A loop with one interval. `patient`: after a 429 it waits as long as Retry-After says; else it raises. */
export const fixed =
  (intervalMs: number, patient: boolean): Behaviour =>
  async (nth, send, { clock }) => {
    const headers = { authorization: `Bearer ${API_KEY}` };
    const ask = async (method: 'GET' | 'POST', url: string, body: string | null) => {
      for (;;) {
        const answer = await send({ method, url, body, headers, timeoutMs: 15_000, signal: never });
        if (answer.status !== 429 || !patient) return answer;
        await clock.sleep(Number(answer.headers.get('retry-after')) * 1000, never);
      }
    };
    const launch = await ask('POST', '/api/v2/workflows/wf_1/runs', JSON.stringify({ inputs: { job: nth } }));
    if (launch.status === 429) return { launchedAt: null, failed: true };
    const launchedAt = clock.now();
    for (;;) {
      const poll = await ask('GET', `/api/v2/workflows/runs/run_${nth}`, null);
      if (poll.status === 429) return { launchedAt, failed: true };
      if (new TextDecoder().decode(poll.body).includes('"completed"')) return { launchedAt, failed: false };
      await clock.sleep(intervalMs, never);
    }
  };

export interface Outcome {
  /** Until the last job that did not fail saw its end, over the bound. */
  readonly overBound: number;
  /** All 429s until the last job was over, over jobs times the minutes until then. */
  readonly refusalsPerJobMinute: number;
  /** From a job's start to the answer to its launch. */
  readonly longestQueueMs: number;
  readonly failed: number;
}

export async function sail(
  size: number,
  bucket: Tier | BucketSize,
  seed: number,
  behave: Behaviour,
): Promise<Outcome> {
  return play(fleet(size, seeded(seed)), sizeOf(bucket), seed, behave);
}

/** @param seed of the jobs' own chance */
export async function play(
  jobs: readonly Job[],
  size: BucketSize,
  seed: number,
  behave: Behaviour,
): Promise<Outcome> {
  const bound = boundMs(jobs, size);
  const clock = virtualClock();
  const world = worldOf(jobs, size);
  const send: Transport = async (request) => {
    await clock.sleep(TRANSIT_MS, never);
    const answer = httpAnswerOf(world.answer(requestOf(request), clock.now()));
    await clock.sleep(TRANSIT_MS, never);
    return answer;
  };
  const ended = jobs.map(async ({ arrivesAt }, nth) => {
    await clock.sleep(arrivesAt, never);
    const { launchedAt, failed } = await behave(nth, send, {
      clock,
      random: seeded(seed * 1_000 + nth),
      deadline: arrivesAt + timeoutMs(bound),
    });
    return { failed, queuedMs: (launchedAt ?? clock.now()) - arrivesAt, endedAt: clock.now() };
  });
  const outcomes = await clock.run(Promise.all(ended));
  const refusals = world.journal.filter(({ status }) => status === 429).length;
  return outcomeOf(outcomes, refusals, bound);
}

export interface Ended {
  readonly failed: boolean;
  /** From the job's start to the answer to its launch. */
  readonly queuedMs: number;
  readonly endedAt: number;
}

export function outcomeOf(ended: readonly Ended[], refusals: number, bound: number): Outcome {
  const lastEnd = Math.max(0, ...ended.filter(({ failed }) => !failed).map(({ endedAt }) => endedAt));
  const minutes = Math.max(...ended.map(({ endedAt }) => endedAt)) / 60_000;
  return {
    overBound: lastEnd / bound,
    refusalsPerJobMinute: refusals / (ended.length * minutes),
    longestQueueMs: Math.max(...ended.map(({ queuedMs }) => queuedMs)),
    failed: ended.filter(({ failed }) => failed).length,
  };
}

/** What a user would set who knows the bound but not whose turn comes when: the longest run more, in whole minutes. */
export function timeoutMs(bound: number): number {
  return Math.ceil((bound + LONGEST_RUN_MS) / 60_000) * 60_000;
}

const SIZES = [1, 4, 16, 64];
const TIER_NAMES = ['standard', 'pro', 'enterprise'] as const;

async function mean(size: number, tier: Tier, seeds: number, behave: Behaviour): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= seeds; seed++) outcomes.push(await sail(size, tier, seed, behave));
  const average = (of: (outcome: Outcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / seeds;
  return {
    overBound: average(({ overBound }) => overBound),
    refusalsPerJobMinute: average(({ refusalsPerJobMinute }) => refusalsPerJobMinute),
    longestQueueMs: Math.max(...outcomes.map(({ longestQueueMs }) => longestQueueMs)),
    failed: average(({ failed }) => failed),
  };
}

export async function fleetBench(small: boolean): Promise<Report> {
  const seeds = small ? 5 : 30;
  const policies: [name: string, behave: Behaviour, tiers: readonly Tier[]][] = [
    ['ours', ours, TIER_NAMES],
    ["seed's loop (fixed 3 s, raises)", fixed(3_000, false), TIER_NAMES],
    ['fixed 3 s, obeys Retry-After', fixed(3_000, true), TIER_NAMES],
    ['fixed 5 s, obeys Retry-After', fixed(5_000, true), TIER_NAMES],
    ['fixed 30 s, obeys Retry-After', fixed(30_000, true), TIER_NAMES],
  ];
  const figures: Record<string, number> = {};
  const tables: Table[] = [];
  for (const [name, behave, tiers] of policies) {
    const rows: string[][] = [];
    for (const tier of tiers) {
      for (const size of SIZES) {
        const outcome = await mean(size, tier, seeds, behave);
        rows.push([
          `${size} on ${tier}`,
          outcome.overBound.toFixed(3),
          outcome.refusalsPerJobMinute.toFixed(2),
          `${Math.round(outcome.longestQueueMs / 1000)} s`,
          outcome.failed.toFixed(1),
        ]);
        if (behave !== ours) continue;
        figures[`over the bound, ${size} on ${tier}`] = round(outcome.overBound);
        figures[`429s, ${size} on ${tier}`] = round(outcome.refusalsPerJobMinute);
        figures[`failed, ${size} on ${tier}`] = round(outcome.failed);
      }
    }
    tables.push({
      title: `${name}, ${seeds} seeds`,
      head: ['jobs', 'last end over the bound', '429s a job and minute', 'longest queue', 'failed jobs'],
      rows,
    });
  }
  return { tables, figures };
}
