/** Which state each conclusion sets, and what is reported where it cannot be set. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { finishStatus, startStatus } from '../src/commit-status.ts';
import type { Context } from '../src/github/context.ts';
import { readInputs, type Inputs } from '../src/inputs/inputs.ts';
import type { Conclusion } from '../src/runs/verdict.ts';
import { memoryHost } from '../simulator/memory-host.ts';
import { ACTIONS_BOT, BAD_GATEWAY, startGithub, type Fault, type Github } from '../simulator/github.ts';
import type { Clock } from '../src/clock.ts';
import { aReport, COMMIT } from './report/a-report.ts';

let github: Github | undefined;
afterEach(() => github?.close());

/** Pauses end at once; a request has no time limit. */
const clock: Clock = {
  now: () => 0,
  date: () => 0,
  sleep: (ms, signal) =>
    ms < 2_500
      ? Promise.resolve()
      : new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })),
};
const INPUTS = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' });

async function start(faults: readonly Fault[] = [], signal = new AbortController().signal) {
  github = await startGithub({
    tokens: { token: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
  });
  github.addFaults(...faults);
  const host = memoryHost({});
  const context = {
    apiUrl: github.apiUrl,
    repository: github.repository,
    commit: COMMIT,
    jobRunUrl: '',
  } as Context;
  const inputs: Inputs = { ...INPUTS, commitStatus: 'review', githubToken: 'token' };
  return { github, host, parts: { host, clock, signal }, context, inputs };
}

const FORBIDDEN: Fault = { on: 'status', times: 9, answer: { status: 403, body: {} } };
const LOST: Fault = { on: 'status', times: 9, answer: BAD_GATEWAY };

describe('startStatus', () => {
  test('sets `pending`', async () => {
    const { github, parts, inputs, context } = await start();
    await startStatus(parts, inputs, context);
    expect(github.actions.statuses).toMatchObject([{ sha: COMMIT, state: 'pending', context: 'review' }]);
  });

  test.each([
    ['correct the permission', FORBIDDEN, /^Nothing was started\. Correct that/],
    ['try again where GitHub gives no answer', LOST, /^Nothing was started\. \{again\}$/],
  ])('fails the step if it is not set, with the advice to %s', async (_, fault, remedy) => {
    const { parts, inputs, context } = await start([fault]);
    await expect(startStatus(parts, inputs, context)).rejects.toMatchObject({
      headline: expect.stringContaining('`review`'),
      remedy: expect.stringMatching(remedy),
    });
  });
});

describe('finishStatus', () => {
  const finish = async (conclusion: Conclusion, faults: readonly Fault[] = [], signal?: AbortSignal) => {
    const { github, host, parts, inputs, context } = await start(faults, signal);
    await finishStatus(parts, { ...aReport({ verdict: { conclusion } }), inputs, context });
    return { states: github.actions.statuses.map(({ state }) => state), warnings: host.warnings };
  };

  test.each<[Conclusion, state: string | null]>([
    ['success', 'success'],
    ['skipped', 'success'],
    ['pending', null],
    ['gate_failed', 'failure'],
    ['failure', 'failure'],
    ['cancelled', 'failure'],
    ['error', 'error'],
    ['timed_out', 'error'],
    ['interrupted', 'error'],
  ])('sets after the conclusion %s the status %j', async (conclusion, state) => {
    expect(await finish(conclusion)).toEqual({ states: state === null ? [] : [state], warnings: [] });
  });

  test('sets it also after the runner’s signal', async () => {
    expect((await finish('interrupted', [], AbortSignal.abort())).states).toEqual(['error']);
  });

  test.each([
    ['6 s for a request', new AbortController().signal, 6_000],
    ['3 s after the runner’s signal', AbortSignal.abort(), 3_000],
  ])('has at most %s', async (_, signal, ms) => {
    const { parts, inputs, context } = await start([], signal);
    const limits: number[] = [];
    const recording: Clock = {
      ...clock,
      sleep: (limit, ended) => {
        limits.push(limit);
        return clock.sleep(limit, ended);
      },
    };
    await finishStatus({ ...parts, clock: recording }, { ...aReport(), inputs, context });
    expect(limits).toEqual([ms]);
  });

  test('warns without a call if the proxy variable is malformed', async () => {
    const { github, parts, inputs, context } = await start();
    const host = memoryHost({ https_proxy: 'socks5://proxy.example' });
    const elsewhere = { ...context, apiUrl: 'https://api.example' };
    await finishStatus({ ...parts, host }, { ...aReport(), inputs, context: elsewhere });
    expect(github.journal).toEqual([]);
    expect(host.warnings).toEqual([
      expect.stringMatching(
        /^The commit status `review` could not be written: The proxy variable https_proxy is not the URL of an HTTP proxy[.:]/,
      ),
    ]);
  });

  test.each<[string, 'inputs' | 'context' | 'name']>([
    ['the inputs cannot be read', 'inputs'],
    ['there is no context', 'context'],
    ['`commit_status` is empty', 'name'],
  ])('sets none if %s', async (_, missing) => {
    const { github, parts, inputs, context } = await start();
    await finishStatus(parts, {
      ...aReport(),
      inputs: missing === 'inputs' ? null : { ...inputs, commitStatus: missing === 'name' ? '' : 'review' },
      context: missing === 'context' ? null : context,
    });
    expect(github.journal).toEqual([]);
  });

  test.each<[Conclusion, warning: RegExp]>([
    ['success', /stays `pending`: re-run the job to set it\.$/],
    ['gate_failed', /re-run the job to set it, which starts a new run\.$/],
    ['timed_out', /stays `pending`: re-run the job to set it\.$/],
    ['skipped', /is not set/],
  ])('warns after %s if the status cannot be set', async (conclusion, warning) => {
    expect(await finish(conclusion, [FORBIDDEN])).toEqual({
      states: [],
      warnings: [expect.stringMatching(warning)],
    });
  });
});
