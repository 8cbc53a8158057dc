/**
 * How late runs are seen to end, in virtual time: the same figures on every machine. The action's client, launches and checks are
 * real; the API, its token bucket and the clock are simulated.
 */
import { createBucket, TIERS } from '../simulator/bucket.ts';
import { seededRandom } from '../simulator/random.ts';
import { EPOCH_MS, virtualClock, type VirtualClock } from '../simulator/virtual-clock.ts';
import { createClient } from '../src/api/client.ts';
import type { HttpAnswer, Transport } from '../src/api/transport.ts';
import type { Context } from '../src/github/context.ts';
import type { RunPlan } from '../src/inputs/runs.ts';
import { ENTRY_DEFAULTS } from '../src/inputs/table.ts';
import type { Listener, RunState } from '../src/run/run-state.ts';
import { runEach } from '../src/run/run.ts';
import type { Deps } from '../src/step.ts';
import type { BenchOptions, Figure } from './figure.ts';

/** The key's. */
const BUCKET = TIERS.standard;
const COST = { launch: 25, check: 1 };
/** Of the network, in each direction. */
const TRANSIT_MS = 50;

interface Job {
  /** When its step starts. */
  readonly at: number;
  /** How long its run takes. */
  readonly ms: number;
  /** The run's progress at a share of its time, 0 to 1; null: it reports none. */
  readonly progressAt: ((share: number) => number) | null;
}

const neverAborted = (): AbortSignal => new AbortController().signal;

/** The API, with one bucket for all jobs. */
function simulateApi(jobs: readonly Job[], clock: VirtualClock) {
  const bucket = createBucket(BUCKET, 0);
  const launchedAt = new Map<number, number>();
  const counts = { tokens: 0 };
  const respond = (status: number, json: object, cost: number): HttpAnswer => {
    const now = clock.now();
    const headers = {
      date: new Date(EPOCH_MS + now).toUTCString(),
      'x-ratelimit-limit': String(BUCKET.burst),
      'x-ratelimit-remaining': String(Math.floor(bucket.remaining(now))),
      'x-ratelimit-cost': String(cost),
      ...(status === 429 && { 'retry-after': String(Math.ceil(bucket.msUntil(cost, now) / 1_000)) }),
    };
    const body = Buffer.from(JSON.stringify(json));
    return { status, headers: new Map(Object.entries(headers)), body, broken: null };
  };
  const answer = (url: string, body: string | null): HttpAnswer => {
    const now = clock.now();
    const { inputs } = JSON.parse(body ?? '{}') as { inputs?: { job: number } };
    const job = inputs?.job ?? Number(/run_(\d+)$/.exec(url)?.[1]);
    const cost = body === null ? COST.check : COST.launch;
    if (!bucket.trySpend(cost, now)) return respond(429, { code: 'rate_limited' }, cost);
    counts.tokens += cost;
    if (body !== null) launchedAt.set(job, now);
    const { ms, progressAt } = jobs[job]!;
    const share = (now - launchedAt.get(job)!) / ms;
    const progress = progressAt === null ? null : Math.floor(100 * progressAt(Math.min(1, share)));
    const status = body !== null ? 'pending' : share < 1 ? 'running' : 'completed';
    return respond(200, { run_id: `run_${job}`, workflow_id: 'wf_1', status, progress, outputs: {} }, cost);
  };
  const transport: Transport = async ({ url, body }) => {
    await clock.sleep(TRANSIT_MS, neverAborted());
    const received = answer(url, body);
    await clock.sleep(TRANSIT_MS, neverAborted());
    return received;
  };
  return { transport, launchedAt, counts };
}

const ignore = (): void => undefined;
const SILENT: Listener = { found: ignore, checked: ignore, decided: ignore, skipped: ignore, ended: ignore };

const CONTEXT = { repository: 'acme/tower', commit: 'c0ffee', keyScope: 'c0ffee', workflowRunId: '1', attempt: 1 } as Context;

function orderOf(job: number): RunPlan {
  const entry = { ...ENTRY_DEFAULTS, name: `job ${job}`, gate: { conditions: [], evaluate: () => [] } };
  return { ...ENTRY_DEFAULTS, workflowId: 'wf_1', inputs: { job }, entries: [entry] };
}

/** @returns when each run was seen to end (null: it was not), and how late. @param isOneStep one step has them in `runs` */
async function play(jobs: readonly Job[], seed: number, isOneStep: boolean) {
  const clock = virtualClock();
  const { transport, launchedAt, counts } = simulateApi(jobs, clock);
  const endsAt = jobs.map((): number | null => null);
  const timeoutMs = Math.ceil((bound(jobs) + Math.max(...jobs.map(({ ms }) => ms))) / 60_000) * 60_000;
  const runStep = async (nths: readonly number[]): Promise<void> => {
    await clock.sleep(jobs[nths[0]!]!.at, neverAborted());
    const deadline = clock.now() + timeoutMs;
    const redact = (text: string): string => text;
    const client = createClient({ transport, apiUrl: '', apiKey: 'ak_test_bench', clock, redact, debug: ignore });
    const ended = ({ runPlan, outcome }: RunState): void => {
      if (outcome.kind === 'completed') endsAt[Number(runPlan.inputs.job)] = clock.now();
    };
    await runEach(nths.map(orderOf), {
      client,
      clock,
      random: seededRandom(seed * 1_000 + nths[0]!),
      signal: neverAborted(),
      deadline,
      context: CONTEXT,
      onRerun: 'resume',
      wait: true,
      baseline: Promise.resolve({ code: 'none' }),
      listener: { ...SILENT, ended },
      runner: { debug: ignore } as unknown as Deps['runner'],
      transport,
      fetch,
      redact,
    });
  };
  const all = jobs.map((_, nth) => nth);
  await clock.run(Promise.all(isOneStep ? [runStep(all)] : all.map((nth) => runStep([nth]))));
  const lags = endsAt.flatMap((at, nth) => (at === null ? [] : [at - launchedAt.get(nth)! - jobs[nth]!.ms]));
  return { endsAt, lags, ...counts };
}

/** When the last run ends if each is launched as soon as the bucket can pay for it, and checks cost nothing. */
function bound(jobs: readonly Job[]): number {
  const bucket = createBucket(BUCKET, 0);
  let now = 0;
  return Math.max(
    ...jobs.map(({ at, ms }) => {
      now = Math.max(now, at);
      now += bucket.msUntil(COST.launch, now);
      bucket.trySpend(COST.launch, now);
      return now + ms;
    }),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** Ten jobs that start within a second, each with a run of 6 s. */
function tenShort(random: () => number): Job[] {
  const starts = Array.from({ length: 10 }, () => 1_000 * random()).sort((one, other) => one - other);
  return starts.map((at) => ({ at, ms: 6_000, progressAt: null }));
}

/** Jobs that start within a second, with runs of 30 to 300 s; half of them report progress. */
function sixteen(random: () => number): Job[] {
  return Array.from({ length: 16 }, (_, nth) => ({
    at: nth * 60,
    ms: 30_000 + 270_000 * random(),
    progressAt: nth % 2 === 0 ? null : (share) => share,
  }));
}

/** Fast first, even, slow first, or stuck before the end. */
const CURVES: readonly ((share: number) => number)[] = [
  (share) => share ** 0.6,
  (share) => share,
  (share) => share ** 1.8,
  (share) => Math.min(0.95, share * 1.5),
];

/** Plays a fleet for each seed: how much later than the bound the last run ends, in % on average, and how many runs were lost. */
async function playFleets(seeds: readonly number[], create: (random: () => number) => Job[], isOneStep: boolean) {
  const fleets = seeds.map((seed) => create(seededRandom(seed)));
  const played = await Promise.all(fleets.map((jobs, nth) => play(jobs, nth, isOneStep)));
  const overBound = mean(played.map(({ endsAt }, nth) => Math.max(...endsAt.map((at) => at ?? Infinity)) / bound(fleets[nth]!)));
  return {
    late: 100 * (overBound - 1),
    lost: played.flatMap(({ endsAt }) => endsAt).filter((at) => at === null).length,
  };
}

/** Plays single runs of ten minutes that report progress: mean lag in s, and the tokens in % of those of a loop of 3 s. */
async function playLongRuns(seeds: readonly number[]) {
  const jobs = seeds.flatMap((seed) => {
    const random = seededRandom(seed);
    return CURVES.map((progressAt): Job => ({ at: 0, ms: 600_000 + 15_000 * random(), progressAt }));
  });
  const played = await Promise.all(jobs.map((job, nth) => play([job], nth, false)));
  const checks = mean(played.map(({ tokens }) => tokens - COST.launch));
  /** From 2 s after the launch on. */
  const loopChecks = mean(jobs.map(({ ms }) => 1 + Math.ceil((ms - 2_000) / 3_000)));
  return {
    lag: mean(played.flatMap(({ lags }) => lags)) / 1_000,
    checks: (100 * checks) / loopChecks,
  };
}

export async function measureFleets({ isSmall }: BenchOptions): Promise<Figure[]> {
  const seeds = Array.from({ length: isSmall ? 4 : 12 }, (_, nth) => nth + 1);
  const ten = await playFleets(seeds, tenShort, false);
  const separate = await playFleets(seeds, sixteen, false);
  const together = await playFleets(seeds, (random) => sixteen(random).map((job) => ({ ...job, at: 0 })), true);
  const long = await playLongRuns(seeds);
  return [
    { what: 'Ten jobs at once, runs of 6 s, standard API key', value: ten.late, unit: '% late', atMost: 25 },
    { what: '16 jobs at once, runs of 30 to 300 s, standard API key', value: separate.late, unit: '% late', atMost: null },
    { what: 'Runs that they lose', value: separate.lost, unit: '', atMost: 0 },
    { what: 'The same runs in one step with `runs`', value: together.late, unit: '% late', atMost: 5 },
    { what: 'A run of ten minutes with progress: end seen after', value: long.lag, unit: 's', atMost: 4 },
    { what: 'Its status checks, compared with a check every 3 s', value: long.checks, unit: '%', atMost: 50 },
  ];
}
