/** The bundle's peak memory by the length of the wait and the size of the outputs, and the time that outputs take by their size. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { JSON_LIMITS } from '../src/json.ts';
import { startApi } from '../simulator/api.ts';
import { runAction } from '../simulator/runner.ts';
import { steadyLifecycle } from '../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';
import { reviewOutputs } from './sample-review.ts';
import type { Timings } from './payload.ts';
import type { Report } from './report.ts';

const PAYLOAD = fileURLToPath(new URL('payload.ts', import.meta.url));
const MB = 1_000_000;
/** Less than the limit, since an answer has other fields too. */
const MAX_OUTPUT_BYTES = JSON_LIMITS.bytes - 2_000;

interface Job {
  readonly runningMs: number;
  readonly speed: number;
  readonly outputs?: unknown;
  /** A file for the last size of the live heap in bytes. Measuring it forces garbage collections, which lower the peak. */
  readonly liveHeap?: string;
}

/** Runs one job of the bundle. */
async function runJob({ runningMs, speed, outputs, liveHeap }: Job): Promise<{ peakMiB: number; polls: number }> {
  const lifecycle = steadyLifecycle({
    queuedMs: 500,
    runningMs,
    ...(outputs === undefined ? {} : { outputs }),
  });
  const api = await startApi({ speed, lifecycle });
  try {
    const result = await runAction({
      inputs: {
        api_key: TEST_KEY,
        api_url: api.url,
        workflow_id: WORKFLOW_ID,
        fail_if: "outputs.items.filter(i, i.status == 'no such')",
        timeout_minutes: '90',
      },
      nodeArgs: liveHeap === undefined ? [] : ['--expose-gc'],
      preload: ['simulator/fast-time.mjs', ...(liveHeap === undefined ? [] : ['bench/live-heap.mjs'])],
      env: { FAST_TIME_SPEED: String(speed), LIVE_HEAP: liveHeap },
      timeoutMs: 120_000,
    });
    if (result.exitCode !== 0) throw new Error(`the job failed:\n${result.stdout}`);
    return {
      peakMiB: result.peakMiB ?? NaN,
      polls: api.journal.filter(({ call }) => call === 'poll').length,
    };
  } finally {
    await api.close();
  }
}

async function measureTimings(bytes: number): Promise<Timings> {
  const { stdout } = await promisify(execFile)(process.execPath, [PAYLOAD, String(bytes)]);
  return JSON.parse(stdout) as Timings;
}

export async function memory(small: boolean): Promise<Report> {
  const waits: string[][] = [];
  const folder = mkdtempSync(join(tmpdir(), 'memory-'));
  try {
    for (const minutes of small ? [1, 5] : [1, 10, 60]) {
      const wait = { runningMs: minutes * 60_000, speed: 120 };
      const { peakMiB, polls } = await runJob(wait);
      const liveHeap = join(folder, String(minutes));
      await runJob({ ...wait, liveHeap });
      const liveMiB = Number(readFileSync(liveHeap, 'utf8')) / 2 ** 20;
      waits.push([`${minutes} min`, String(polls), liveMiB.toFixed(1), peakMiB.toFixed(0)]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const sizes: string[][] = [];
  for (const bytes of [0.1 * MB, MB, ...(small ? [] : [2 * MB, 4 * MB]), MAX_OUTPUT_BYTES]) {
    const { peakMiB } = await runJob({ runningMs: 1_000, speed: 4, outputs: reviewOutputs(bytes) });
    const took = await measureTimings(bytes);
    const perMB = (ms: number) => ((ms / took.bytes) * MB).toFixed(1);
    sizes.push([
      (took.bytes / MB).toFixed(1),
      perMB(took.parse),
      perMB(took.gate),
      perMB(took.report),
      perMB(took.parse + took.gate + took.report),
      peakMiB.toFixed(0),
    ]);
  }
  return {
    tables: [
      {
        title: 'Memory by the length of the wait (accelerated)',
        pageRows: ['10 min', '60 min'],
        head: ['a run of', 'polls', 'alive on the heap near the end (MiB)', 'peak of the process (MiB)'],
        rows: waits,
      },
      {
        title: 'Outputs up to the caps: ms per MB, and peak memory',
        pageRows: ['1.0', '8.4'],
        head: ['MB', 'parse', 'gate', 'report', 'all three', 'peak of the process (MiB)'],
        rows: sizes,
      },
    ],
    figures: {},
  };
}
