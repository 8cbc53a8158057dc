/**
 * The time from the bundle's start to its first request, of this bundle and of another commit's, in pairs that follow each other, so
 * that both meet the same load of the machine.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { contextEnvironment, defaultEvent, inputEnvironment } from '../simulator/runner-context.ts';
import { TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';
import type { BenchOptions, Figure } from './figure.ts';

type Inputs = Readonly<Record<string, string>>;

const STEPS: Readonly<Record<string, Inputs>> = {
  'without options': {},
  'with `inputs` and `fail_if`': {
    inputs: 'start_date: 2026-04-01',
    fail_if: "not compliant: outputs.items.filter(i, i.status != 'compliant')",
  },
  'with `comment` and `commit_status`': { comment: 'always', commit_status: 'alloovium/submittals' },
};

/** A bundle, and the inputs that its action.yml declares. */
interface Bundle {
  readonly script: string;
  readonly declared: readonly (readonly [name: string, value: string])[];
}

export async function measureStart({ isSmall, dist, against }: BenchOptions): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'startup-'));
  try {
    const now = readBundle(dist, new URL('../action.yml', import.meta.url));
    const before = against === null ? null : extractBundle(against, folder);
    const rounds = isSmall ? 3 : 25;
    const figures: Figure[] = [];
    for (const [what, inputs] of Object.entries(STEPS)) {
      const pairs: [now: number, before: number][] = [];
      for (let round = 0; round < rounds; round++) {
        const measure = (bundle: Bundle) => measureMs(bundle, inputs, folder);
        // The second of a pair must not always be the same bundle.
        const earlier = before !== null && round % 2 === 0 ? await measure(before) : NaN;
        const ms = await measure(now);
        pairs.push([ms, before !== null && round % 2 === 1 ? await measure(before) : earlier]);
      }
      figures.push({ what: `First request, ${what}`, value: median(pairs.map(([ms]) => ms)), unit: 'ms', atMost: null });
      if (before === null) continue;
      const differences = pairs.map(([ms, earlier]) => ms - earlier);
      figures.push(
        { what: `Later than at ${against}`, value: median(differences), unit: 'ms', atMost: null },
        {
          what: `Later in so many of ${rounds} pairs`,
          value: differences.filter((ms) => ms > 0).length,
          unit: '',
          atMost: maxLater(rounds),
        },
      );
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readBundle(dist: string, actionYml: URL | string): Bundle {
  const { inputs } = parse(readFileSync(actionYml, 'utf8'), { schema: 'failsafe' }) as {
    inputs: Readonly<Record<string, { readonly default?: string }>>;
  };
  // `null` is what a step without a matrix has for `toJSON(matrix)`; the other expressions may be any text.
  const declared = Object.entries(inputs).map(
    ([name, input]) => [name, (input.default ?? '').replaceAll(/\$\{\{.*?\}\}/g, 'null')] as const,
  );
  return { script: join(dist, 'index.js'), declared };
}

function extractBundle(revision: string, folder: string): Bundle {
  const archive = execFileSync('git', ['archive', revision, 'dist', 'action.yml'], {
    cwd: dirname(import.meta.dirname),
    maxBuffer: 2 ** 28,
  });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  return readBundle(join(folder, 'dist'), join(folder, 'action.yml'));
}

function createEnvironment({ declared }: Bundle, inputs: Inputs, folder: string, url: string) {
  const event = defaultEvent('pull_request');
  const paths = { workspace: folder, temp: folder, eventPath: join(folder, 'event.json') };
  const files = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map((name) => [name, join(folder, name)] as const);
  writeFileSync(paths.eventPath, JSON.stringify(event));
  for (const [, path] of files) writeFileSync(path, '');
  const all = { api_key: TEST_KEY, api_url: url, workflow_id: WORKFLOW_ID, github_token: 'ghs_standIn', ...inputs };
  return {
    ...contextEnvironment({}, 'pull_request', paths),
    ...inputEnvironment(all, declared),
    ...Object.fromEntries(files),
    GITHUB_API_URL: url,
  };
}

/** Starts the bundle and ends it at its first request. @returns ms @throws it ended without a request */
async function measureMs(bundle: Bundle, inputs: Inputs, folder: string): Promise<number> {
  // A server of its own: a second request of the process before must not count.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const requested = once(server, 'request').then(() => true);
  const env = createEnvironment(bundle, inputs, folder, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [bundle.script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'close');
  const isRequested = await Promise.race([requested, ended.then(() => false)]);
  const ms = performance.now() - startedAt;
  child.kill('SIGKILL');
  await ended;
  server.close();
  server.closeAllConnections();
  if (!isRequested) throw new Error(`the step sent no request:\n${log}`);
  return ms;
}

/** Of two bundles that are equally fast each is later in half of the pairs; in more pairs than this in one of 20 benches. */
function maxLater(pairs: number): number {
  return Math.floor(pairs / 2 + 0.9 * Math.sqrt(pairs));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
