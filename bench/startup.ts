/**
 * The time from the process's start to its first request, and to its end, compared with bare Node; and which files of the bundle are
 * read for which inputs. The times depend on the machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApi } from '../simulator/api.ts';
import { startGithub } from '../simulator/github.ts';
import { declaredInputs, runAction } from '../simulator/runner.ts';
import { steadyLifecycle } from '../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';
import type { Report } from './report.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** Returns the ms from spawn to `until`, and waits for the process to end. */
async function timed(args: readonly string[], env: Record<string, string>, until?: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  const exit = once(child, 'exit');
  await Promise.race([until?.() ?? exit, exit]);
  const ms = performance.now() - startedAt;
  await exit;
  return ms;
}

/** The lower quartile of each measure over so many rounds, since other processes only slow it down. */
async function quartiles(rounds: number, measures: readonly (() => Promise<number>)[]): Promise<number[]> {
  const all = measures.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, measure] of measures.entries()) all[i]!.push(await measure());
  }
  return all.map((times) => times.sort((a, b) => a - b)[Math.floor(rounds / 4)]!);
}

export async function startup(small: boolean): Promise<Report> {
  const rounds = small ? 5 : 40;
  const folder = mkdtempSync(join(tmpdir(), 'startup-'));
  const server = createServer((_request, response) => {
    response.writeHead(401, { 'content-type': 'application/problem+json' });
    response.end('{"status":401,"code":"invalid_api_key"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const files = Object.fromEntries(
      ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_EVENT_PATH'].map((name) => {
        const path = join(folder, name);
        writeFileSync(path, name === 'GITHUB_EVENT_PATH' ? '{}' : '');
        return [name, path];
      }),
    );
    const env = (inputs: Record<string, string>): Record<string, string> => ({
      ...files,
      GITHUB_SHA: 'c'.repeat(40),
      GITHUB_REPOSITORY: 'octo/site',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_RUN_ID: '1',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'review',
      RUNNER_TEMP: folder,
      ...Object.fromEntries(
        Object.entries({
          ...Object.fromEntries(declaredInputs({}, '')),
          api_key: `ak_test_${'0'.repeat(52)}`,
          api_url: url,
          workflow_id: 'wf_1',
          ...inputs,
        }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
    });
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, '');
    // Use `require` as the bundle does: an `import` of node:http reads all its exports, and one of them loads undici (20 ms).
    const request = join(folder, 'request.cjs');
    writeFileSync(request, `require('node:http').get(process.env.URL, (r) => r.resume());`);
    const withTls = join(folder, 'with-tls.cjs');
    writeFileSync(withTls, `require('node:https'); require('./request.cjs');`);
    const untilRequest = (args: readonly string[], its: Record<string, string>) => () => timed(args, its, () => once(server, 'request'));
    const bundle = [join(DIST, 'index.js')];
    const measures: [string, () => Promise<number>][] = [
      ['bare Node, an empty module, start to end', () => timed([empty], {})],
      ['bare node:http, start to first request', untilRequest([request], { URL: url })],
      ['… with node:https loaded too', untilRequest([withTls], { URL: url })],
      ['the action, start to first request', untilRequest(bundle, env({}))],
      ['… with `inputs` (the YAML chunk)', untilRequest(bundle, env({ inputs: 'week: 2026-W48' }))],
      ['… with `fail_if` (the CEL chunk)', untilRequest(bundle, env({ fail_if: 'size(outputs.items) == 0' }))],
      ['the action, start to end, refused with a 401', () => timed(bundle, env({}))],
    ];
    const measured = await quartiles(
      rounds,
      measures.map(([, measure]) => measure),
    );
    const readers = await inputsReadingFiles(folder);
    const sizes = readdirSync(DIST)
      .filter((name) => name.endsWith('.js'))
      .map((name) => [name, statSync(join(DIST, name)).size] as const)
      .sort(([, a], [, b]) => b - a);
    return {
      tables: [
        {
          title: `Start-up, lower quartiles of ${rounds}`,
          head: ['process', 'ms', 'times bare Node'],
          pageRows: measures
            .slice(0, 1)
            .concat(measures.slice(-4))
            .map(([name]) => name),
          rows: measures.map(([name], i) => [name, measured[i]!.toFixed(0), (measured[i]! / measured[0]!).toFixed(2)]),
        },
        {
          title: 'The bundle',
          head: ['file', 'bytes', 'read'],
          pageRows: ['index.js'],
          rows: sizes.map(([name, bytes]) => [name, bytes.toLocaleString('en'), readers.get(name)?.join(', ') ?? 'never']),
        },
      ],
      // Rounded to tens of kB, so that small changes of code leave the figures as they are.
      figures: {
        'kB of index.js': roundUpToTens(statSync(join(DIST, 'index.js')).size),
        'kB of all chunks': roundUpToTens(sizes.reduce((sum, [, bytes]) => sum + bytes, 0)),
      },
    };
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
}

/** For each file of the bundle, the inputs with which a job reads it. */
async function inputsReadingFiles(folder: string): Promise<Map<string, string[]>> {
  const speed = 12;
  const readers = new Map<string, string[]>();
  const api = await startApi({ speed, lifecycle: steadyLifecycle({ queuedMs: 500, runningMs: 1_500 }) });
  const github = await startGithub({
    owner: 'octo-org',
    repo: 'tower',
    pullRequests: [{ number: 7, state: 'open', locked: false }],
  });
  try {
    for (const [name, inputs] of [
      ['always', {}],
      ['with `inputs`', { inputs: 'week: 2026-W48' }],
      ['with `fail_if` or `warn_if`', { fail_if: 'size(outputs.items) > 9' }],
      ['with `comment`', { comment: 'always' }],
    ] as const) {
      const log = join(folder, `reads of ${name}`);
      const { exitCode, stdout } = await runAction({
        inputs: { api_key: TEST_KEY, api_url: api.url, workflow_id: WORKFLOW_ID, ...inputs },
        eventName: 'pull_request',
        token: 'ghs_simulated',
        preload: ['simulator/fast-time.mjs', 'simulator/log-module-reads.mjs'],
        env: { FAST_TIME_SPEED: String(speed), GITHUB_API_URL: github.apiUrl, READS_LOG: log },
        timeoutMs: 60_000,
      });
      if (exitCode !== 0) throw new Error(`the job failed:\n${stdout}`);
      const files = new Set(readFileSync(log, 'utf8').match(/(?<=\/dist\/).+$/gm));
      for (const file of files) {
        const before = readers.get(file) ?? [];
        if (!before.includes('always')) readers.set(file, [...before, name]);
      }
    }
    return readers;
  } finally {
    await api.close();
    await github.close();
  }
}

function roundUpToTens(bytes: number): number {
  return Math.ceil(bytes / 10_000) * 10;
}
