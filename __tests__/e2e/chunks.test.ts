/** What an input costs that is not used: which files of the bundle a step reads. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import { startGithub } from '../../simulator/github.ts';
import { runAction } from '../../simulator/runner.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

const SPEED = 12;

/** The files of dist/ that were read, and what of the libraries behind the inputs is in them. */
async function read(inputs: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'reads-'));
  const api = await startApi({ speed: SPEED, isClientDriven: true, lifecycle: steadyLifecycle() });
  const github = await startGithub({
    owner: 'octo-org',
    repo: 'tower',
    pullRequests: [{ number: 7, state: 'open', locked: false }],
  });
  try {
    const log = join(folder, 'reads');
    const { exitCode } = await runAction({
      inputs: { api_key: TEST_KEY, api_url: api.url, workflow_id: WORKFLOW_ID, ...inputs },
      eventName: 'pull_request',
      token: 'ghs_simulated',
      preload: ['simulator/fast-time.mjs', 'simulator/log-module-reads.mjs'],
      env: {
        FAST_TIME_SPEED: String(SPEED),
        FAST_TIME_SKIPS_WAITS: '1',
        GITHUB_API_URL: github.apiUrl,
        READS_LOG: log,
      },
      timeoutMs: 30_000,
    });
    expect(exitCode).toBe(0);
    const urls = new Set((await readFile(log, 'utf8')).trim().split('\n'));
    return [...urls].flatMap((url) => /\/dist\/(.+)$/.exec(url)?.[1] ?? []);
  } finally {
    await api.close();
    await github.close();
    await rm(folder, { recursive: true });
  }
}

/** A word of each library that no other has. */
const SIGNS = { inputs: 'YAMLParseError', gate: 'TypeChecker', comment: 'getOctokit' };

test('reads index.js alone for a step without `inputs`, conditions or comment', async () => {
  expect(await read({})).toEqual(['index.js']);
});

test.each([
  ['inputs', { inputs: 'a: 1' }],
  ['gate', { fail_if: 'size(outputs.items) > 9' }],
  ['comment', { comment: 'always' }],
] as const)('loads for a step that uses %s the files of its library and of no other', async (what, inputs) => {
  const chunks = (await read(inputs)).filter((name) => name !== 'index.js');
  expect(chunks.length).toBeGreaterThan(0);
  const text = (await Promise.all(chunks.map((name) => readFile(join('dist', name), 'utf8')))).join('\n');
  const libraries = Object.entries(SIGNS).filter(([, sign]) => text.includes(sign));
  expect(libraries.map(([library]) => library)).toEqual([what]);
});
