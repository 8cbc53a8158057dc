/** Ten jobs of 6 s on one bucket, each a process of its own with the bundle, in real time: `npm run bench -- processes`. */
import { startApi } from '../simulator/api.ts';
import { seededRandom } from '../simulator/random.ts';
import { runAction } from '../simulator/runner.ts';
import { GREEN_OUTPUTS, TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';
import { tenJobs } from './cells.ts';
import { BUCKETS, boundMs, type Job } from './fleet-world.ts';
import { round, type Report } from './report.ts';

const BUCKET = BUCKETS['120@300'];

async function played(jobs: readonly Job[]): Promise<{ readonly over: number; readonly red: number }> {
  const runMs = Math.max(...jobs.map(({ course }) => course.endMs));
  const api = await startApi({
    keys: { [TEST_KEY]: { bucketSize: BUCKET } },
    lifecycle: [
      { atMs: 0, status: 'running' },
      { atMs: runMs, status: 'completed', outputs: GREEN_OUTPUTS },
    ],
  });
  const startedAt = performance.now();
  const ends = jobs.map(async ({ arrivesAt }, nth) => {
    await new Promise((resolve) => setTimeout(resolve, arrivesAt));
    const { exitCode } = await runAction({
      inputs: {
        api_key: TEST_KEY,
        api_url: api.url,
        workflow_id: WORKFLOW_ID,
        inputs: `job: ${nth}`,
        timeout_minutes: '2',
      },
      timeoutMs: 180_000,
    });
    return { exitCode, at: performance.now() - startedAt };
  });
  const ended = await Promise.all(ends);
  await api.close();
  const last = Math.max(...ended.map(({ at }) => at));
  return { over: last / boundMs(jobs, BUCKET), red: ended.filter(({ exitCode }) => exitCode !== 0).length };
}

export async function processes(small: boolean): Promise<Report> {
  const rounds = [];
  for (let seed = 1; seed <= (small ? 1 : 5); seed++)
    rounds.push({ seed, ...(await played(tenJobs(seededRandom(seed)))) });
  const rows = rounds.map(({ seed, over, red }) => [String(seed), round(over).toFixed(3), String(red)]);
  const mean = rounds.reduce((sum, { over }) => sum + over, 0) / rounds.length;
  return {
    tables: [
      {
        title: 'Ten jobs of 6 s on 120@300, as processes: when the last ends, over the bound (at most 1.4)',
        head: ['round', 'last end over the bound', 'jobs that end red'],
        rows: [
          ...rows,
          ['mean', round(mean).toFixed(3), String(rounds.reduce((sum, { red }) => sum + red, 0))],
        ],
        page: [...rows.map(([name = '']) => name), 'mean'],
      },
    ],
    // They hang on the machine.
    figures: {},
  };
}
