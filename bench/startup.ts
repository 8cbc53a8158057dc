/** From the process's start to its first request on the wire, beside bare Node's start. The times depend on the machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declaredInputs } from '../simulator/runner.ts';
import type { Report } from './report.ts';

const ACTION = new URL('../action.yml', import.meta.url);
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** ms from spawn to `until`, after which the process is left to end. */
async function timed(
  args: readonly string[],
  env: Record<string, string>,
  until?: () => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  const exit = once(child, 'exit');
  await Promise.race([until?.() ?? exit, exit]);
  const ms = performance.now() - startedAt;
  await exit;
  return ms;
}

/** Of each, the lower quartile of so many rounds: neighbours on the machine only make things slower. */
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
          ...Object.fromEntries(declaredInputs(readFileSync(ACTION, 'utf8'), { token: '', matrix: null })),
          api_key: `ak_test_${'0'.repeat(52)}`,
          api_url: url,
          workflow_id: 'wf_1',
          ...inputs,
        }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
    });
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, '');
    const request = join(folder, 'request.mjs');
    writeFileSync(request, `import { get } from 'node:http'; get(process.env.URL, (r) => r.resume());`);
    const toRequest = (args: readonly string[], its: Record<string, string>) => () =>
      timed(args, its, () => once(server, 'request'));
    const bundle = [join(DIST, 'index.js')];
    const measures: [string, () => Promise<number>][] = [
      ['bare Node, an empty module, start to end', () => timed([empty], {})],
      ['bare node:http, start to first request', toRequest([request], { URL: url })],
      ['the action, start to first request', toRequest(bundle, env({}))],
      ['… with `inputs` (the YAML chunk)', toRequest(bundle, env({ inputs: 'week: 2026-W48' }))],
      ['… with `fail_if` (the CEL chunk)', toRequest(bundle, env({ fail_if: 'size(outputs.items) == 0' }))],
    ];
    const measured = await quartiles(
      rounds,
      measures.map(([, measure]) => measure),
    );
    const sizes = readdirSync(DIST)
      .filter((name) => name.endsWith('.js'))
      .map((name) => [name, statSync(join(DIST, name)).size] as const)
      .sort(([, a], [, b]) => b - a);
    return {
      tables: [
        {
          title: `Start-up, lower quartiles of ${rounds}`,
          head: ['process', 'ms', 'times bare Node'],
          rows: measures.map(([name], i) => [
            name,
            measured[i]!.toFixed(0),
            (measured[i]! / measured[0]!).toFixed(2),
          ]),
        },
        {
          title: 'The bundle',
          head: ['file', 'bytes'],
          rows: sizes.map(([name, bytes]) => [name, bytes.toLocaleString('en')]),
        },
      ],
      // In tens of kB, so that not every line of code is a new figure.
      figures: {
        'kB of index.js': tens(statSync(join(DIST, 'index.js')).size),
        'kB of all chunks': tens(sizes.reduce((sum, [, bytes]) => sum + bytes, 0)),
      },
    };
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
}

function tens(bytes: number): number {
  return Math.ceil(bytes / 10_000) * 10;
}
