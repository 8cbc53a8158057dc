/** Where a look's time goes: one connection kept against a new one for each look, plain and under TLS, on loopback. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startApi, type Api } from '../simulator/api.ts';
import { runAction } from '../simulator/runner.ts';
import { steadyCourse, TEST_KEY, WORKFLOW_ID } from '../simulator/seed.ts';
import { createCertificates } from '../simulator/tls.ts';
import type { How } from './poll-client.ts';
import type { Report } from './report.ts';

const CLIENT = fileURLToPath(new URL('poll-client.ts', import.meta.url));
/** Before these the code is cold. */
const WARM_UP = 20;
/** No look of the bench is to be turned away. */
const BIG = { perMinute: 6_000_000, burst: 1_000_000 };

const WAYS: readonly (readonly [How, string])[] = [
  ['kept', 'plain Node, one connection kept'],
  ['new', 'plain Node, a new connection for each look'],
  ['action', "the action's transport"],
];

/** Ms of a look, the median, and how many connections the server saw. */
async function polls(
  api: Api,
  how: How,
  count: number,
  ca: string,
): Promise<{ ms: number; connections: number }> {
  const before = api.journal.length;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [CLIENT, api.url, api.addRun({}), how, String(count + WARM_UP)],
    { env: { NODE_EXTRA_CA_CERTS: ca } },
  );
  const took = (JSON.parse(stdout) as number[]).slice(WARM_UP).sort((a, b) => a - b);
  return { ms: took[Math.floor(took.length / 2)]!, connections: connectionsOf(api, before) };
}

function connectionsOf({ journal }: Api, from: number): number {
  return new Set(journal.slice(from).map(({ connection }) => connection)).size;
}

/** What the bundle does when its looks are seconds apart. */
async function bundle(): Promise<{ requests: number; connections: number }> {
  const speed = 12;
  const api = await startApi({ speed, course: steadyCourse({ queuedMs: 500, runningMs: 30_000 }) });
  try {
    const { exitCode, stdout } = await runAction({
      inputs: { api_key: TEST_KEY, api_url: api.url, workflow_id: WORKFLOW_ID },
      preload: ['simulator/fast-time.mjs'],
      env: { FAST_TIME_SPEED: String(speed) },
      timeoutMs: 60_000,
    });
    if (exitCode !== 0) throw new Error(`the job failed:\n${stdout}`);
    return { requests: api.journal.length, connections: connectionsOf(api, 0) };
  } finally {
    await api.close();
  }
}

export async function poll(small: boolean): Promise<Report> {
  const count = small ? 100 : 1_000;
  const folder = mkdtempSync(join(tmpdir(), 'look-'));
  const rows: string[][] = [];
  try {
    const certificates = createCertificates();
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, certificates.ca);
    for (const tls of [undefined, certificates.good]) {
      const api = await startApi({
        keys: { [TEST_KEY]: { bucketSize: BIG } },
        ...(tls === undefined ? {} : { tls }),
      });
      try {
        for (const [how, name] of WAYS) {
          const { ms, connections } = await polls(api, how, count, ca);
          rows.push([
            `${tls === undefined ? 'HTTP' : 'TLS'}: ${name}`,
            ms.toFixed(2),
            String(count + WARM_UP),
            String(connections),
          ]);
        }
      } finally {
        await api.close();
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { requests, connections } = await bundle();
  rows.push(['HTTP: the bundle, requests 2 to 5 s apart', '', String(requests), String(connections)]);
  return {
    tables: [
      {
        title: `A look on loopback, medians of ${count}`,
        head: ['client', 'ms a look', 'requests', 'connections'],
        rows,
      },
    ],
    figures: {},
  };
}
