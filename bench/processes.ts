/** `npm run bench -- processes`: ten jobs of 6 s on one bucket, each a separate process with the bundle, in real time. */
import { startApi } from '../simulator/api.ts';
import { seededRandom } from '../simulator/random.ts';
import { runAction } from '../simulator/runner.ts';
import { GREEN_OUTPUTS, TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';
import { tenJobs } from './generated-cases.ts';
import { BUCKETS, boundMs, type Job } from './fleet-simulation.ts';
import { round, type Report } from './report.ts';

const BUCKET = BUCKETS['120@300'];

async function simulate(jobs: readonly Job[]): Promise<{ readonly overBound: number; readonly failed: number }> {
  const runMs = Math.max(...jobs.map(({ run }) => run.endMs));
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
  return {
    overBound: last / boundMs(jobs, BUCKET),
    failed: ended.filter(({ exitCode }) => exitCode !== 0).length,
  };
}

export async function processes(small: boolean): Promise<Report> {
  const rounds = [];
  for (let seed = 1; seed <= (small ? 1 : 5); seed++) rounds.push({ seed, ...(await simulate(tenJobs(seededRandom(seed)))) });
  const rows = rounds.map(({ seed, overBound, failed }) => [String(seed), round(overBound).toFixed(3), String(failed)]);
  const mean = rounds.reduce((sum, { overBound }) => sum + overBound, 0) / rounds.length;
  return {
    tables: [
      {
        title: 'Ten jobs of 6 s on 120@300, as processes: when the last ends, over the bound (at most 1.4)',
        head: ['round', 'last end over the bound', 'jobs that end red'],
        rows: [...rows, ['mean', round(mean).toFixed(3), String(rounds.reduce((sum, { failed }) => sum + failed, 0))]],
        pageRows: [...rows.map(([name = '']) => name), 'mean'],
      },
    ],
    // All figures depend on the machine.
    figures: {},
  };
}
