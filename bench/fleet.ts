/**
 * N jobs on one key: how much later they are than under a scheduler that knows all, and how often they are turned away. The client,
 * the retries and the wait are the action's own; time, chance and the API are not.
 */
import { readFileSync } from 'node:fs';
import { createClient, type Client } from '../src/alloovium/client.ts';
import { pollRun } from '../src/alloovium/poll.ts';
import { createPacer, firstPollMs } from '../src/runs/pace.ts';
import { createTurns, type Turn, type Turns } from '../src/runs/turns.ts';
import { TIERS } from '../simulator/bucket.ts';
import { seeded } from '../simulator/random.ts';
import {
  BUCKETS,
  fleet,
  LENGTHS,
  play,
  rerun,
  type Fleet,
  type Job,
  type Length,
  type Lived,
  type Outcome,
  type World,
} from './fleet-world.ts';
import { round, type Report, type Table } from './report.ts';

const never = new AbortController().signal;

/** Launches and follows its run as the action does. */
async function live(
  nth: number,
  { clock, random, deadline }: World,
  client: Client,
  turn: Turn | null,
): Promise<Lived> {
  let launchedAt: number | null = null;
  const launch = {
    workflowId: 'wf_1',
    idempotencyKey: `job-${nth}`,
    body: JSON.stringify({ inputs: { job: nth } }),
  };
  const queue = () => turn?.queue() ?? { launchesWaiting: 0, runsFollowed: 1 };
  const launchesWaiting = () => queue().launchesWaiting;
  const runsFollowed = () => queue().runsFollowed;
  try {
    const launched = await client.startRun(launch, {
      ...{ deadline, signal: never },
      onFailure: () => undefined,
      ...(turn && { takeTurn: turn.launch }),
    });
    launchedAt = clock.now();
    turn?.launchOver();
    const bucket = () => client.bucketState();
    const polls = pollRun({
      ...{ client, clock, random, signal: never, deadline },
      runId: launched.runId,
      nextPauseMs: createPacer({ clock, random, bucket, launchesWaiting, runsFollowed }, launchedAt),
      firstPollMs: launched.replayed ? 0 : firstPollMs(bucket(), launchesWaiting(), runsFollowed(), random()),
      notBefore: launchedAt,
      missingUntil: launchedAt + 30_000,
      ...(turn && { takeTurn: turn.poll }),
    });
    while ((await polls.next()).done !== true);
    return { launchedAt, verdictAt: clock.now() };
  } catch {
    return { launchedAt, verdictAt: null };
  } finally {
    turn?.over();
  }
}

function clientOf({ clock, random, send }: World): Client {
  return createClient({
    transport: send,
    apiUrl: '',
    apiKey: 'ak_test_fleet',
    clock,
    random,
    redact: (text) => text,
  });
}

/** Jobs that know nothing of each other. */
export const ours: Fleet = () => (nth, world) => live(nth, world, clientOf(world), null);

/** The same runs in one step: one process that knows them all, and grants their requests in turn. */
export const oneStep: Fleet = (size) => {
  let step: { readonly client: Client; readonly turns: Turns } | null = null;
  return async (nth, world) => {
    if (step === null) {
      const client = clientOf(world);
      const { clock, deadline } = world;
      const about = { clock, deadline, signal: never, count: size, onShort: () => undefined };
      step = { client, turns: createTurns({ ...about, bucket: () => client.bucketState() }) };
    }
    return live(nth, world, step.client, step.turns.of(nth));
  };
};

/** A loop with one interval. `patient`: after a 429 it waits as long as Retry-After says; else it raises. */
export const fixed =
  (intervalMs: number, patient: boolean): Fleet =>
  () =>
  async (nth, { send, clock, deadline }) => {
    /** The answer's text, or null: refused, or out of time. */
    const ask = async (method: 'GET' | 'POST', url: string, body: string | null) => {
      while (clock.now() <= deadline) {
        const answer = await send({ method, url, body, headers: {}, timeoutMs: 15_000, signal: never });
        if (answer.status !== 429) return new TextDecoder().decode(answer.body);
        if (!patient) return null;
        await clock.sleep(Number(answer.headers.get('retry-after')) * 1000, never);
      }
      return null;
    };
    const launch = await ask('POST', '/api/v2/workflows/wf_1/runs', JSON.stringify({ inputs: { job: nth } }));
    if (launch === null) return { launchedAt: null, verdictAt: null };
    const launchedAt = clock.now();
    for (;;) {
      const poll = await ask('GET', `/api/v2/workflows/runs/run_${nth}`, null);
      if (poll === null) return { launchedAt, verdictAt: null };
      if (poll.includes('"completed"')) return { launchedAt, verdictAt: clock.now() };
      await clock.sleep(intervalMs, never);
    }
  };

/** One bucket, number of jobs and length of runs. */
interface Cell {
  readonly bucket: keyof typeof BUCKETS;
  readonly size: number;
  readonly length: Length;
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
}

const SIZES = [1, 4, 5, 8, 16, 32, 64];
const SMALL_SIZES = [1, 5, 16];
const SEEDS = 6;

function cellsOf(small: boolean): Cell[] {
  const lengths = Object.keys(LENGTHS) as Length[];
  return (Object.keys(BUCKETS) as Cell['bucket'][]).flatMap((bucket) =>
    (small ? SMALL_SIZES : SIZES).flatMap((size) => lengths.map((length) => ({ bucket, size, length }))),
  );
}

function nameOf({ bucket, size, length }: Cell): string {
  return `${bucket}, ${size} ${length}`;
}

export async function measureCell(
  { bucket, size, length }: Cell,
  seeds: number,
  fleetOf: Fleet,
  change: (jobs: Job[]) => Job[] = (jobs) => jobs,
): Promise<Figures> {
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    outcomes.push(await play(change(fleet(size, length, seeded(seed))), BUCKETS[bucket], seed, fleetOf));
  }
  const late = outcomes.flatMap((outcome) => outcome.late);
  const all = late.map(({ queue, lag }) => queue + lag).sort((a, b) => a - b);
  return {
    late: mean(all),
    p95: all[Math.floor(all.length * 0.95)] ?? NaN,
    queue: mean(late.map(({ queue }) => queue)),
    lag: mean(late.map(({ lag }) => lag)),
    overBound: mean(outcomes.map(({ overBound }) => overBound)),
    refusals: mean(outcomes.map(({ refusalsPerJobMinute }) => refusalsPerJobMinute)),
    failed: mean(outcomes.map(({ failed }) => failed)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What every cell was before a poll had a price: late, last end over the bound. */
const BEFORE = JSON.parse(readFileSync(new URL('before.json', import.meta.url), 'utf8')) as Record<
  string,
  readonly [late: number, overBound: number]
>;

export async function fleetBench(small: boolean): Promise<Report> {
  const seeds = small ? 2 : SEEDS;
  const figures: Record<string, number> = {};
  const rows: string[][] = [];
  for (const cell of cellsOf(small)) {
    const name = nameOf(cell);
    const own = await measureCell(cell, seeds, ours);
    const seedLoop = await measureCell(cell, seeds, fixed(3_000, false));
    const patient = await measureCell(cell, seeds, fixed(5_000, true));
    const before = BEFORE[name];
    rows.push([
      name,
      seconds(own.late),
      seconds(own.p95),
      `${seconds(own.queue)} + ${seconds(own.lag)}`,
      own.overBound.toFixed(2),
      own.refusals.toFixed(2),
      own.failed.toFixed(1),
      before === undefined ? '' : seconds(before[0]),
      `${seconds(seedLoop.late)}, ${seedLoop.failed.toFixed(1)}`,
      `${seconds(patient.late)}, ${patient.failed.toFixed(1)}`,
    ]);
    figures[`late, ${name}`] = round(own.late, 1);
    figures[`over the bound, ${name}`] = round(own.overBound);
    figures[`429s, ${name}`] = round(own.refusals);
    figures[`failed, ${name}`] = round(own.failed);
  }
  const table: Table = {
    title: `Seconds later than under an omniscient scheduler, ${seeds} seeds`,
    head: [
      'bucket, jobs',
      'mean',
      'p95',
      'queue + lag',
      'last end over the bound',
      '429s a job and minute',
      'failed',
      'mean before',
      'fixed 3 s, raises: mean, failed',
      'fixed 5 s, patient: mean, failed',
    ],
    rows,
  };
  const steps = await inOneStep(small, seeds);
  return {
    tables: [table, steps.table, await queues(seeds)],
    figures: { ...figures, ...steps.figures },
  };
}

const STEP_SIZES = [4, 8, 16, 20];

/** The same jobs as `runs` of one step; on a re-run, with launches that are replays, free or not. */
async function inOneStep(
  small: boolean,
  seeds: number,
): Promise<{ table: Table; figures: Record<string, number> }> {
  const rows: string[][] = [];
  const figures: Record<string, number> = {};
  const add = (
    name: string,
    { late, p95, queue, lag, overBound, refusals, failed }: Figures,
    apart: string,
  ) => {
    rows.push([
      name,
      seconds(late),
      seconds(p95),
      `${seconds(queue)} + ${seconds(lag)}`,
      overBound.toFixed(2),
      refusals.toFixed(2),
      failed.toFixed(1),
      apart,
    ]);
    figures[`late, ${name} in one step`] = round(late, 1);
    figures[`over the bound, ${name} in one step`] = round(overBound);
    figures[`429s, ${name} in one step`] = round(refusals);
    figures[`failed, ${name} in one step`] = round(failed);
  };
  for (const bucket of Object.keys(BUCKETS) as Cell['bucket'][]) {
    for (const size of small ? [8] : STEP_SIZES) {
      for (const length of Object.keys(LENGTHS) as Length[]) {
        const cell = { bucket, size, length };
        const apart = await measureCell(cell, seeds, ours);
        add(nameOf(cell), await measureCell(cell, seeds, oneStep), seconds(apart.late));
      }
    }
  }
  for (const cost of [0, 25]) {
    for (const size of small ? [8] : STEP_SIZES) {
      const cell = { bucket: 'standard', size, length: 'medium' } as const;
      const change = (jobs: Job[]) => rerun(jobs, cost);
      const apart = await measureCell(cell, seeds, ours, change);
      const together = await measureCell(cell, seeds, oneStep, change);
      add(`${nameOf(cell)}, re-run, a replay costs ${cost}`, together, seconds(apart.late));
    }
  }
  const table: Table = {
    title: `As \`runs\` of one step: seconds later than under an omniscient scheduler, ${seeds} seeds`,
    head: [
      'bucket, runs',
      'mean',
      'p95',
      'queue + lag',
      'last end over the bound',
      '429s a run and minute',
      'failed',
      'mean as jobs',
    ],
    rows,
  };
  return { table, figures };
}

/** The README's columns: how long the last of them queues. */
async function queues(seeds: number): Promise<Table> {
  const rows: string[][] = [];
  for (const tier of ['standard', 'pro', 'enterprise'] as const) {
    for (const size of [16, 64]) {
      const played = Array.from({ length: seeds }, (_, nth) =>
        play(fleet(size, 'medium', seeded(nth + 1)), TIERS[tier], nth + 1, ours),
      );
      const longest = Math.max(...(await Promise.all(played)).map(({ longestQueueMs }) => longestQueueMs));
      rows.push([`${size} on ${tier}`, `${Math.round(longest / 1000)} s`]);
    }
  }
  return { title: 'The last of them is launched after', head: ['medium runs', 'longest queue'], rows };
}

function seconds(value: number): string {
  return Number.isNaN(value) ? '—' : value.toFixed(1);
}
