import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../src/clock.ts';
import { setCommitStatus, type CommitStatus } from '../../src/github/commit-status-api.ts';
import { readPullRequest } from '../../src/github/pull-request.ts';
import { contractViolations } from '../../simulator/contract.ts';
import { ACTIONS_BOT, BAD_GATEWAY, HEAD, startGithub, type Fault, type Github, type Identity } from '../../simulator/github.ts';

const SHA = 'a'.repeat(40);
const STATUS: CommitStatus = {
  sha: SHA,
  state: 'success',
  context: 'alloovium/submittals',
  description: '5 items passed',
  targetUrl: 'https://github.com/octo-org/specs/actions/runs/1',
};

/** Pauses end at once; a request has no time limit. */
const clock: Clock = {
  now: () => 0,
  date: () => 0,
  sleep: (ms, signal) =>
    ms < 5_000
      ? Promise.resolve()
      : new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })),
};

let github: Github | undefined;
afterEach(() => github?.close());

async function place(missingPermissions: Identity['missingPermissions'] = [], faults: readonly Fault[] = []) {
  github = await startGithub({
    tokens: { token: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused', missingPermissions } },
  });
  github.addFaults(...faults);
  return { apiUrl: github.apiUrl, token: 'token', repository: github.repository };
}
const deps = (signal = new AbortController().signal) => ({ clock, signal, proxy: null });
const held = () => expect(github?.journal.flatMap(contractViolations)).toEqual([]);

describe('setCommitStatus', () => {
  test('writes state, context, description and target at the commit', async () => {
    expect(await setCommitStatus(await place(), STATUS, deps())).toBe('');
    expect(github?.actions.statuses).toEqual([STATUS]);
    held();
  });

  test('truncates a description to 140 characters', async () => {
    const description = '😀'.repeat(400);
    expect(await setCommitStatus(await place(), { ...STATUS, description }, deps())).toBe('');
    expect(github?.actions.statuses[0]?.description).toBe(`${'😀'.repeat(139)}…`);
    held();
  });

  test('retries an answer of a gateway', async () => {
    const faults: Fault[] = [{ on: 'status', times: 2, answer: BAD_GATEWAY }];
    expect(await setCommitStatus(await place([], faults), STATUS, deps())).toBe('');
  });

  test.each<[string, Identity['missingPermissions'], readonly Fault[], RegExp]>([
    ['which permission is missing', ['statuses'], [], /403; give the job `permissions: \{ statuses: write \}`/],
    ...[401, 403, 404].map((status): [string, [], Fault[], RegExp] => [
      `which permission to give after a ${status}`,
      [],
      [{ on: 'status', answer: { status, body: {} } }],
      new RegExp(`^GitHub answered ${status}; give the job`),
    ]),
    ['that GitHub gave no answer', [], [{ on: 'status', times: 3, answer: BAD_GATEWAY }], /no usable answer/],
    ['the status of another refusal', [], [{ on: 'status', answer: { status: 422, body: {} } }], /^GitHub answered 422$/],
  ])('says %s', async (_name, lacks, faults, why) => {
    expect(await setCommitStatus(await place(lacks, faults), STATUS, deps())).toMatch(why);
  });

  test('says that the runner stopped the step', async () => {
    const stop = AbortSignal.abort(new Error('stopped'));
    expect(await setCommitStatus(await place(), STATUS, deps(stop))).toBe('the runner stopped this step');
  });
});

describe('readPullRequest', () => {
  test('reads head and state', async () => {
    expect(await readPullRequest(await place(), 1, deps())).toEqual({ head: HEAD, isOpen: true });
    held();
  });

  test('retries an answer of a gateway', async () => {
    const faults: Fault[] = [{ on: 'pull', times: 2, answer: BAD_GATEWAY }];
    expect(await readPullRequest(await place([], faults), 1, deps())).toEqual({ head: HEAD, isOpen: true });
  });

  test.each<[string, number, Identity['missingPermissions'], readonly Fault[], RegExp, RegExp, isRefused: boolean]>([
    ['is not there', 9, [], [], /^was not found/, /^Check `pull_request`/, true],
    ['may not be read', 1, ['pull-requests'], [], /^cannot be read with this token \(403\)$/, /pull-requests: read/, true],
    ['is refused to the token', 1, [], [{ on: 'pull', answer: { status: 401, body: {} } }], /\(401\)$/, /pull-requests: read/, true],
    [
      'is refused with a 422',
      1,
      [],
      [{ on: 'pull', answer: { status: 422, body: {} } }],
      /^could not be read \(GitHub answered 422\)$/,
      /^\{again\}$/,
      false,
    ],
    [
      'is not answered, where no permission helps',
      1,
      [],
      [{ on: 'pull', times: 3, answer: BAD_GATEWAY }],
      /^could not be read \(GitHub gave/,
      /^\{again\}$/,
      false,
    ],
  ])('reports that the pull request %s', async (_name, number, lacks, faults, why, remedy, isRefused) => {
    expect(await readPullRequest(await place(lacks, faults), number, deps())).toEqual({
      why: expect.stringMatching(why),
      remedy: expect.stringMatching(remedy),
      isRefused,
    });
  });
});
