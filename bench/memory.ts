/** The peak memory of a real process of the bundle with ordinary runs, which have to fit into Node's default heap. */
import { join } from 'node:path';
import { startApi } from '../simulator/api.ts';
import { runAction } from '../simulator/runner.ts';
import { TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';
import type { BenchOptions, Figure } from './figure.ts';

const OUTPUT_BYTES = 2 * 1024 * 1024;

export async function measureMemory({ isSmall, dist }: BenchOptions): Promise<Figure[]> {
  const count = isSmall ? 6 : 20;
  const peakMiB = await measurePeak(count, dist);
  // Only Linux tells it.
  if (peakMiB === null) return [];
  const what = `Peak memory, ${count} runs of 2 MiB in one step`;
  return [{ what, value: (peakMiB * 2 ** 20) / 1e6, unit: 'MB', atMost: null }];
}

/**
 * Plays a step that finds items to report in each run. In real time: accelerated, checks would come while the answer before is still
 * being read, and take up to 60 MB more.
 */
async function measurePeak(count: number, dist: string): Promise<number | null> {
  const outputs = createOutputs();
  const api = await startApi({
    lifecycle: [
      { atMs: 0, status: 'pending' },
      {
        atMs: 1,
        status: 'completed',
        raw: (run) => JSON.stringify({ ...run, outputs: null }).replace('"outputs":null', () => outputs),
      },
    ],
  });
  const names = Array.from({ length: count }, (_, nth) => `Project ${nth + 1}`);
  const runs = names.map((name, nth) => `${name}: { inputs: { nth: ${nth} } }`).join('\n');
  try {
    const {
      outputs: step,
      peakMiB,
      stdout,
    } = await runAction({
      inputs: {
        api_key: TEST_KEY,
        api_url: api.url,
        workflow_id: WORKFLOW_ID,
        fail_if: "not compliant: outputs.items.filter(i, i.status != 'compliant')",
        runs,
      },
      bundle: join(dist, 'index.js'),
      timeoutMs: 120_000,
    });
    if (step.conclusion !== 'gate_failed') throw new Error(`the step did not end as expected:\n${stdout}`);
    return peakMiB;
  } finally {
    await api.close();
  }
}

/** Two in five items do not comply. @returns `"outputs":{…}` */
function createOutputs(): string {
  const items: string[] = [];
  for (let bytes = 0; bytes < OUTPUT_BYTES; bytes += items.at(-1)!.length + 1) {
    const status = items.length % 5 < 2 ? 'non-compliant' : 'compliant';
    const document_id = `4a1c2b3d-${String(items.length).padStart(6, '0')}`;
    items.push(JSON.stringify({ document_id, status, reason: 'Fire rating is 60 minutes' }));
  }
  return `"outputs":{"items":[${items.slice(0, -1).join(',')}]}`;
}
