/**
 * Real processes on one key: bundles against the simulator, all clocks faster by the same factor, beside the simulation
 * in virtual time of the same jobs with the same arrivals.
 */
import { startApi, type Api } from '../simulator/api.ts';
import { TIERS } from '../simulator/bucket.ts';
import type { Entry } from '../simulator/journal.ts';
import { runAction } from '../simulator/runner.ts';
import { TEST_KEY, WORKFLOW_ID, type Course as Steps } from '../simulator/seed.ts';
import { COMMITTED_SEED, type Course } from './courses.ts';
import { ours } from './fleet.ts';
import { fleet, outcomeOf, play, timeoutMs, type Job, type Outcome } from './fleet-world.ts';
import { seeded } from '../simulator/random.ts';
import type { Report } from './report.ts';

const SPEED = 20;
const SIZE = TIERS.standard;
const STEP_MS = 500;

/** As the simulator wants it: what can be seen each half second. */
export function stepsOf({ endMs, sight }: Course): Steps {
  const running = Array.from({ length: Math.ceil(endMs / STEP_MS) }, (_, step) => step * STEP_MS);
  return [...running, endMs].map((atMs) => ({
    atMs,
    ...sight(atMs),
    ...(atMs === endMs ? { outputs: { items: [] } } : {}),
  }));
}

interface Sailed {
  /** With the arrivals as they were: of their first requests. */
  readonly jobs: readonly Job[];
  readonly outcome: Outcome;
}

async function sail(jobs: readonly Job[]): Promise<Sailed> {
  const api = await startApi({
    speed: SPEED,
    keys: { [TEST_KEY]: { bucketSize: SIZE } },
    course: ({ inputs }) => stepsOf(jobs[(inputs as { job: number }).job]!.course),
  });
  const minutes = timeoutMs(jobs, SIZE) / 60_000;
  try {
    const results = await Promise.all(
      jobs.map(async ({ arrivesAt }, nth) => {
        await new Promise((resolve) => setTimeout(resolve, arrivesAt / SPEED));
        return runAction({
          inputs: {
            api_key: TEST_KEY,
            api_url: api.url,
            workflow_id: WORKFLOW_ID,
            // Each job has a run of its own.
            inputs: `job: ${nth}`,
            timeout_minutes: String(minutes),
          },
          preload: ['simulator/fast-time.mjs'],
          env: { FAST_TIME_SPEED: String(SPEED) },
          timeoutMs: 120_000,
        });
      }),
    );
    return told(
      api,
      jobs,
      results.map(({ exitCode }) => exitCode !== 0),
    );
  } finally {
    await api.close();
  }
}

/** What the simulator's journal says of the jobs; start-up and reporting, which real clocks make longer, are not in it. */
function told({ journal, runs }: Api, jobs: readonly Job[], failed: readonly boolean[]): Sailed {
  const launches = jobs.map((_, nth) =>
    journal.filter(
      ({ call, body }) =>
        call === 'launch' && (JSON.parse(body.toString()) as { inputs: { job: number } }).inputs.job === nth,
    ),
  );
  const first = Math.min(...launches.map(([launch]) => launch?.at ?? Infinity));
  const endOf = (entries: readonly Entry[]): number =>
    Math.max(0, ...entries.map(({ answeredAt }) => (answeredAt ?? first) - first));
  const sailed = jobs
    .map((job, nth) => {
      const arrivesAt = (launches[nth]![0]?.at ?? first) - first;
      const run = runs.find(({ inputs }) => (inputs as { job: number }).job === nth);
      const overAt = endOf(journal.filter(({ path }) => run !== undefined && path.endsWith(`/${run.id}`)));
      return {
        job: { ...job, arrivesAt },
        lived: { launchedAt: endOf(launches[nth]!), verdictAt: failed[nth]! ? null : overAt, overAt },
      };
    })
    .sort((a, b) => a.job.arrivesAt - b.job.arrivesAt);
  const arrived = sailed.map(({ job }) => job);
  const lives = sailed.map(({ lived }) => lived);
  const refusals = journal.filter(({ status }) => status === 429).length;
  return { jobs: arrived, outcome: outcomeOf(arrived, SIZE, lives, refusals) };
}

const SEEDS = 30;

export async function fleetProcesses(small: boolean): Promise<Report> {
  const count = small ? 6 : 24;
  const { jobs, outcome } = await sail(fleet(count, 'medium', seeded(COMMITTED_SEED)));
  const simulated: Outcome[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) simulated.push(await play(jobs, SIZE, seed, ours));
  const row = (name: string, of: (outcome: Outcome) => number, digits: number, unit = '') => {
    const all = simulated.map(of).sort((a, b) => a - b);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const [own, average, least, most] = [of(outcome), mean, all[0]!, all.at(-1)!].map(
      (value) => `${value.toFixed(digits)}${unit}`,
    ) as [string, string, string, string];
    return [name, own, average, `${least} to ${most}`];
  };
  return {
    tables: [
      {
        title: `${count} jobs on standard, all clocks ${SPEED} times faster`,
        head: ['', 'processes', `simulation, mean of ${SEEDS}`, 'simulation, range'],
        rows: [
          row('last end over the bound', ({ overBound }) => overBound, 3),
          row('429s a job and minute', ({ refusalsPerJobMinute }) => refusalsPerJobMinute, 2),
          row('longest queue', ({ longestQueueMs }) => longestQueueMs / 1_000, 0, ' s'),
          row('failed jobs', ({ failed }) => failed, 0),
        ],
      },
    ],
    figures: { failed: outcome.failed },
  };
}
