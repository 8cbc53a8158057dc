/**
 * N jobs on one key: how much later they are than under an omniscient scheduler, and how often they are refused. Client, retries and
 * polling are the action's code; time, randomness and the API are simulated.
 */
import { createClient, type Client } from '../src/alloovium/client.ts';
import { pollRun } from '../src/alloovium/poll.ts';
import { createPacer } from '../src/runs/poll-pace.ts';
import { createQueue, type Queue, type OrderQueue } from '../src/runs/queue.ts';
import { TIERS, type BucketSize } from '../simulator/bucket.ts';
import { seededRandom } from '../simulator/random.ts';
import {
  BUCKETS,
  fleet,
  LENGTHS,
  neverAborted,
  simulateFleet,
  withReplays,
  type Figures,
  type Fleet,
  type Job,
  type Length,
  type JobResult,
  type Outcome,
  type JobContext,
} from './fleet-simulation.ts';
import { lineChart } from './line-chart.ts';
import { round, type Report, type Table } from './report.ts';

/** Launches and polls its run as the action does. */
async function runJob(nth: number, { clock, random, deadline }: JobContext, client: Client, turn: OrderQueue): Promise<JobResult> {
  let launchedAt: number | null = null;
  const launch = {
    workflowId: 'wf_1',
    idempotencyKey: `job-${nth}`,
    body: JSON.stringify({ inputs: { job: nth } }),
  };
  try {
    const launched = await client.startRun(launch, {
      clock,
      deadline,
      random,
      signal: neverAborted(),
      onFailure: () => undefined,
      takeTurn: turn.launch,
    });
    launchedAt = clock.now();
    turn.moveTo('followed');
    const polls = pollRun({
      client,
      clock,
      random,
      signal: neverAborted(),
      deadline,
      runId: launched.runId,
      takeTurn: turn.poll,
      pacer: createPacer({ client, clock, random, turn }, launched.meta.replayed ? null : launchedAt),
      notBefore: launchedAt,
      missingUntil: launchedAt + 30_000,
      isSeen: false,
    });
    while ((await polls.next()).done !== true);
    return { launchedAt, verdictAt: clock.now() };
  } catch {
    return { launchedAt, verdictAt: null };
  } finally {
    turn.moveTo('over');
  }
}

function clientOf({ clock, send }: JobContext): Client {
  return createClient({
    transport: send,
    apiUrl: '',
    apiKey: 'ak_test_fleet',
    clock,
    redact: (text) => text,
  });
}

function queueOf(size: number, { clock, deadline }: JobContext, client: Client): Queue {
  return createQueue(client, { clock, deadline, signal: neverAborted() }, size, () => undefined);
}

/** Independent jobs, each with its own client. */
export const separateJobs: Fleet = () => (nth, context) => {
  const client = clientOf(context);
  return runJob(nth, context, client, queueOf(1, context, client).turnOf(0));
};

/** The same runs in one step: one process that schedules the requests of all. */
export const jobsOfOneStep: Fleet = (size) => {
  let step: { readonly client: Client; readonly queue: Queue } | null = null;
  return (nth, context) => {
    if (step === null) {
      const client = clientOf(context);
      step = { client, queue: queueOf(size, context, client) };
    }
    return runJob(nth, context, step.client, step.queue.turnOf(nth));
  };
};

/** A loop with a fixed interval. `waitsForHint`: after a 429 it waits for `Retry-After`; else the job fails. */
export const fixedIntervalJobs =
  (intervalMs: number, waitsForHint: boolean): Fleet =>
  () =>
  async (nth, { send, clock, deadline }) => {
    /** Returns the answer's text; null: refused, or out of time. */
    const request = async (method: 'GET' | 'POST', url: string, body: string | null) => {
      while (clock.now() <= deadline) {
        const answer = await send({
          method,
          url,
          body,
          headers: {},
          timeoutMs: 15_000,
          signal: neverAborted(),
        });
        if (answer.status !== 429) return new TextDecoder().decode(answer.body);
        if (!waitsForHint) return null;
        await clock.sleep(Number(answer.headers.get('retry-after')) * 1000, neverAborted());
      }
      return null;
    };
    const launch = await request('POST', '/api/v2/workflows/wf_1/runs', JSON.stringify({ inputs: { job: nth } }));
    if (launch === null) return { launchedAt: null, verdictAt: null };
    const launchedAt = clock.now();
    for (;;) {
      const poll = await request('GET', `/api/v2/workflows/runs/run_${nth}`, null);
      if (poll === null) return { launchedAt, verdictAt: null };
      if (poll.includes('"completed"')) return { launchedAt, verdictAt: clock.now() };
      await clock.sleep(intervalMs, neverAborted());
    }
  };

/** Figures by the name of the case. */
type FiguresByCase = ReadonlyMap<string, Figures>;

/** One bucket, number of jobs and length of runs. */
interface FleetCase {
  readonly bucket: keyof typeof BUCKETS;
  readonly size: number;
  readonly length: Length;
}

const SIZES = [1, 4, 5, 8, 16, 32, 64];
const SMALL_SIZES = [1, 5, 16];
const SEEDS = 6;

function fleetCases(small: boolean): FleetCase[] {
  const lengths = Object.keys(LENGTHS) as Length[];
  return (Object.keys(BUCKETS) as FleetCase['bucket'][]).flatMap((bucket) =>
    (small ? SMALL_SIZES : SIZES).flatMap((size) => lengths.map((length) => ({ bucket, size, length }))),
  );
}

function nameOf({ bucket, size, length }: FleetCase): string {
  return `${bucket}, ${size} ${length}`;
}

function measureCase(
  { bucket, size, length }: FleetCase,
  seeds: number,
  fleetOf: Fleet,
  change: (jobs: Job[]) => Job[] = (jobs) => jobs,
): Promise<Figures> {
  const all = Array.from({ length: seeds }, (_, nth) => nth + 1);
  return measureFleet(all, (seed) => change(fleet(size, length, seededRandom(seed))), BUCKETS[bucket], fleetOf);
}

/** Means over the seeds. */
export async function measureFleet(
  seeds: readonly number[],
  jobsOf: (seed: number) => Job[],
  size: BucketSize,
  fleetOf: Fleet,
): Promise<Figures> {
  const outcomes: Outcome[] = [];
  for (const seed of seeds) outcomes.push(await simulateFleet(jobsOf(seed), size, seed, fleetOf));
  const late = outcomes.flatMap((outcome) => outcome.lateSeconds);
  const all = late.map(({ queue, lag }) => queue + lag).sort((a, b) => a - b);
  return {
    late: mean(all),
    p95: all[Math.floor(all.length * 0.95)] ?? NaN,
    queue: mean(late.map(({ queue }) => queue)),
    lag: mean(late.map(({ lag }) => lag)),
    overBound: mean(outcomes.map(({ overBound }) => overBound)),
    refusals: mean(outcomes.map(({ refusalsPerJobMinute }) => refusalsPerJobMinute)),
    failed: mean(outcomes.map(({ failed }) => failed)),
    minutes: {
      asJobs: mean(outcomes.map(({ billedMinutes }) => billedMinutes.asJobs)),
      asOneStep: mean(outcomes.map(({ billedMinutes }) => billedMinutes.asOneStep)),
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export async function fleetBench(small: boolean): Promise<Report> {
  const seeds = small ? 2 : SEEDS;
  const figures: Record<string, number> = {};
  const rows: string[][] = [];
  const asJobs = new Map<string, Figures>();
  const patientLoops = new Map<string, Figures>();
  for (const fleetCase of fleetCases(small)) {
    const name = nameOf(fleetCase);
    const own = await measureCase(fleetCase, seeds, separateJobs);
    const seedLoop = await measureCase(fleetCase, seeds, fixedIntervalJobs(3_000, false));
    const patient = await measureCase(fleetCase, seeds, fixedIntervalJobs(5_000, true));
    asJobs.set(name, own);
    patientLoops.set(name, patient);
    rows.push([
      ...tableRow(name, own),
      `${seconds(seedLoop.late)}, ${seedLoop.failed.toFixed(1)}`,
      `${seconds(patient.late)}, ${patient.failed.toFixed(1)}`,
    ]);
    Object.assign(figures, figuresOf(name, own));
  }
  const all: Table = {
    title: `Seconds later than under an omniscient scheduler, ${seeds} seeds`,
    head: [...HEAD, 'fixed 3 s, raises: mean, failed', 'fixed 5 s, patient: mean, failed'],
    rows,
  };
  const steps = await inOneStep(small, seeds);
  const tables = [all, steps.table, await longestQueues(seeds)];
  Object.assign(figures, steps.figures);
  if (small) return { tables, figures };
  return {
    tables: [...tables, shortTable(patientLoops, asJobs, steps.together), billedTable(asJobs, steps.together)],
    figures,
    picture: { file: 'queue.svg', svg: queueChart(patientLoops, asJobs, steps.together) },
  };
}

const HEAD = ['bucket, jobs', 'mean', 'p95', 'queue + lag', 'last end over the bound', '429s a job and minute', 'failed'];

function tableRow(name: string, { late, p95, queue, lag, overBound, refusals, failed }: Figures): string[] {
  return [
    name,
    seconds(late),
    seconds(p95),
    `${seconds(queue)} + ${seconds(lag)}`,
    overBound.toFixed(2),
    refusals.toFixed(2),
    failed.toFixed(1),
  ];
}

function figuresOf(name: string, { late, overBound, refusals, failed }: Figures): Record<string, number> {
  return {
    [`late, ${name}`]: round(late, 1),
    [`over the bound, ${name}`]: round(overBound),
    [`429s, ${name}`]: round(refusals),
    [`failed, ${name}`]: round(failed),
  };
}

const SHORT: readonly (readonly [bucket: FleetCase['bucket'], size: number])[] = [
  ['standard', 4],
  ['standard', 8],
  ['standard', 16],
  ['standard', 64],
  ['pro', 64],
  ['30@600', 8],
  ['120@300', 16],
];

/** Means of the most common cases. */
function shortTable(patients: FiguresByCase, apart: FiguresByCase, together: FiguresByCase): Table {
  const mean = (all: FiguresByCase, name: string) => seconds(all.get(name)?.late ?? NaN);
  const rows = SHORT.map(([bucket, size]) => [
    `${size} on ${bucket}`,
    ...(['short', 'medium', 'long'] as const).map((length) => {
      const name = nameOf({ bucket, size, length });
      return `${mean(apart, name)} → ${mean(together, name)}`;
    }),
    patients.get(nameOf({ bucket, size, length: 'medium' }))!.failed.toFixed(1),
  ]);
  return {
    title: 'Seconds late on average: as jobs → in one step',
    head: ['', 'runs of 5-30 s', '30-300 s', '5-15 min', 'jobs that a fixed 5 s loses, 30-300 s'],
    rows,
    pageRows: rows.map(([name = '']) => name),
  };
}

/** Billed time: GitHub rounds each job up to a whole minute. */
function billedTable(apart: FiguresByCase, together: FiguresByCase): Table {
  const rows = [4, 8, 16].map((size) => {
    const name = nameOf({ bucket: 'standard', size, length: 'medium' });
    const jobs = apart.get(name)?.minutes.asJobs ?? NaN;
    const step = together.get(name)?.minutes.asOneStep ?? NaN;
    return [`${size} on standard`, jobs.toFixed(0), step.toFixed(0)];
  });
  return {
    title: 'Runner minutes that are billed, runs of 30-300 s',
    head: ['', 'as jobs', 'one step'],
    rows,
    pageRows: rows.map(([name = '']) => name),
  };
}

function queueChart(patients: FiguresByCase, apart: FiguresByCase, together: FiguresByCase): string {
  const sizes = SIZES.filter((size) => size > 1);
  const late = (all: FiguresByCase) => sizes.map((size) => all.get(nameOf({ bucket: 'standard', size, length: 'medium' }))?.late ?? null);
  return lineChart(
    'Runs of 30-300 s on one standard key: how late the verdict is',
    ['jobs at once', 'seconds later than an omniscient scheduler'],
    sizes,
    [2, 5, 10, 20, 50, 100, 200, 500],
    [
      { name: 'fixed 5 s, and it loses jobs', colour: '#9a6700', ys: late(patients) },
      { name: 'jobs', colour: '#0969da', ys: late(apart) },
      { name: 'one step with runs', colour: '#1a7f37', ys: late(together) },
    ],
  );
}

const STEP_SIZES = [4, 5, 8, 16, 20];

/** The same jobs as `runs` of one step; also as re-runs, whose launches are replays that cost nothing or 25 tokens. */
async function inOneStep(
  small: boolean,
  seeds: number,
): Promise<{ table: Table; figures: Record<string, number>; together: FiguresByCase }> {
  const rows: string[][] = [];
  const figures: Record<string, number> = {};
  const together = new Map<string, Figures>();
  const add = async (fleetCase: FleetCase, name: string, change?: (jobs: Job[]) => Job[]) => {
    const one = await measureCase(fleetCase, seeds, jobsOfOneStep, change);
    const apart = await measureCase(fleetCase, seeds, separateJobs, change);
    together.set(name, one);
    rows.push([...tableRow(name, one), seconds(apart.late)]);
    Object.assign(figures, figuresOf(`${name} in one step`, one));
  };
  for (const bucket of Object.keys(BUCKETS) as FleetCase['bucket'][]) {
    for (const size of small ? [8] : STEP_SIZES) {
      for (const length of Object.keys(LENGTHS) as Length[]) {
        await add({ bucket, size, length }, nameOf({ bucket, size, length }));
      }
    }
  }
  for (const cost of [0, 25]) {
    for (const size of small ? [8] : STEP_SIZES) {
      const fleetCase = { bucket: 'standard', size, length: 'medium' } as const;
      await add(fleetCase, `${nameOf(fleetCase)}, re-run, a replay costs ${cost}`, (jobs) => withReplays(jobs, cost));
    }
  }
  const title = `As \`runs\` of one step: seconds later than under an omniscient scheduler, ${seeds} seeds`;
  return { table: { title, head: [...HEAD, 'mean as jobs'], rows }, figures, together };
}

/** How long the last job waits for its launch. */
async function longestQueues(seeds: number): Promise<Table> {
  const rows: string[][] = [];
  for (const tier of ['standard', 'pro', 'enterprise'] as const) {
    for (const size of [16, 64]) {
      const played = Array.from({ length: seeds }, (_, nth) =>
        simulateFleet(fleet(size, 'medium', seededRandom(nth + 1)), TIERS[tier], nth + 1, separateJobs),
      );
      const longest = Math.max(...(await Promise.all(played)).map(({ longestQueueMs }) => longestQueueMs));
      rows.push([`${size} on ${tier}`, `${Math.round(longest / 1000)} s`]);
    }
  }
  return {
    title: 'The last of them is launched after',
    head: ['runs of 30-300 s', 'longest queue'],
    rows,
    pageRows: rows.map(([name = '']) => name),
  };
}

function seconds(value: number): string {
  return Number.isNaN(value) ? '—' : value.toFixed(1);
}
