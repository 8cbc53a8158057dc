/** Which commit and pull request a step reviews, and which combinations of inputs and event it refuses. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../src/clock.ts';
import type { Context, StepPullRequest } from '../src/github/context.ts';
import { InputError, readInputs, type Inputs } from '../src/inputs/inputs.ts';
import { NoAnswerError, resolveContext } from '../src/reviewed-commit.ts';
import { StepError } from '../src/step-error.ts';
import { ACTIONS_BOT, BAD_GATEWAY, startGithub, type Fault, type Github } from '../simulator/github.ts';
import { memoryHost } from '../simulator/memory-host.ts';

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

const MERGE_COMMIT = 'b'.repeat(40);
const HEAD = 'c'.repeat(40);
const INPUTS: Inputs = { ...(await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' })), githubToken: 'token' };
const SEVERAL = await readInputs({
  INPUT_WORKFLOW_ID: 'wf_1',
  INPUT_RUNS: 'Tower: { project_id: a }\nBridge: { project_id: b, idempotency_key: mine }',
});
const NO_EVENT: StepPullRequest = { kind: 'none', reason: 'the event push has no pull request' };

interface Setting {
  readonly inputs?: Partial<Inputs>;
  readonly event?: string;
  readonly pullRequest?: StepPullRequest;
  readonly faults?: readonly Fault[];
  readonly isClosed?: boolean;
}

async function resolve({ inputs = {}, event = 'push', pullRequest = NO_EVENT, faults = [], isClosed = false }: Setting) {
  github = await startGithub({
    tokens: { token: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
    pullRequests: [{ number: 7, state: isClosed ? 'closed' : 'open', locked: false }],
  });
  github.setHead(7, HEAD);
  github.addFaults(...faults);
  const context = {
    apiUrl: github.apiUrl,
    repository: github.repository,
    event,
    commit: MERGE_COMMIT,
    jobRunId: '77',
    keyScope: `${MERGE_COMMIT}-77`,
    pullRequest,
    head: null,
    jobValues: [MERGE_COMMIT],
  } as unknown as Context;
  const parts = { host: memoryHost({}), clock, signal: new AbortController().signal };
  const result = await resolveContext(parts, { ...INPUTS, ...inputs }, context).catch((error: unknown) => error as Error);
  return { result, context, requests: github.journal.length };
}

describe('resolveContext', () => {
  const COMMENTED: StepPullRequest = { kind: 'commented', number: 7 };
  const OF_EVENT: StepPullRequest = { kind: 'of_event', number: 7 };

  test.each<[what: string, setting: Setting]>([
    ['without `pull_request`, comment and commit status', {}],
    ['where a comment on a pull request started the job, and nothing is written there', { pullRequest: COMMENTED }],
    ['where the event has the pull request', { pullRequest: OF_EVENT, inputs: { comment: 'always' } }],
    ['where `pull_request` is that of the event', { pullRequest: OF_EVENT, inputs: { pullRequest: 7 } }],
    ['where the event has no pull request', { inputs: { comment: 'always', commitStatus: 'review' } }],
  ])('asks GitHub for nothing %s', async (_, setting) => {
    const { result, context, requests } = await resolve(setting);
    expect(result).toBe(context);
    expect(requests).toBe(0);
  });

  test.each<[what: string, setting: Setting]>([
    ['that `pull_request` names', { inputs: { pullRequest: 7 } }],
    ['that `pull_request` names on a comment', { pullRequest: COMMENTED, inputs: { pullRequest: 7 } }],
    ['of the comment, if a comment is wanted', { pullRequest: COMMENTED, inputs: { comment: 'on_failure' } }],
    ['of the comment, if a status is wanted', { pullRequest: COMMENTED, inputs: { commitStatus: 'review' } }],
  ])('reads the head of the pull request %s', async (_, setting) => {
    const { result } = await resolve(setting);
    expect(result).toMatchObject({
      commit: HEAD,
      head: HEAD,
      keyScope: `${HEAD}-77`,
      pullRequest: { kind: 'named', number: 7, isOpen: true },
    });
  });

  test('knows a pull request that is closed', async () => {
    const { result } = await resolve({ inputs: { pullRequest: 7 }, isClosed: true });
    expect(result).toMatchObject({ pullRequest: { isOpen: false } });
  });

  test.each<[what: string, setting: Setting, words: RegExp]>([
    [
      'another number than that of the event',
      { pullRequest: OF_EVENT, inputs: { pullRequest: 8 } },
      /`pull_request` is not the number of this event, 7\./,
    ],
    ['a number on merge_group', { event: 'merge_group', inputs: { pullRequest: 7 } }, /`pull_request` cannot be used on merge_group/],
    ['a number without a token', { inputs: { pullRequest: 7, githubToken: '' } }, /`pull_request` needs `github_token`, which is empty\./],
    [
      'a comment’s event without a token, by the input that needs it',
      {
        event: 'issue_comment',
        pullRequest: { kind: 'commented', number: 7 },
        inputs: { comment: 'always', githubToken: '' },
      },
      /`comment` needs `github_token` on this event/,
    ],
  ])('refuses %s, without a request', async (_, setting, words) => {
    const { result, requests } = await resolve(setting);
    expect(result).toBeInstanceOf(InputError);
    expect(result).toMatchObject({ message: expect.stringMatching(words) });
    expect(requests).toBe(0);
  });

  test.each<[what: string, inputs: Partial<Inputs>, isRefused: boolean]>([
    ['refuses a key of its choice', { commitStatus: 'review', idempotencyKey: 'mine' }, true],
    ['refuses an entry with a key of its choice', { commitStatus: 'review', runs: SEVERAL.runs }, true],
    ['accepts the head as the key', { commitStatus: 'review', idempotencyKey: HEAD }, false],
    ['accepts no key', { commitStatus: 'review' }, false],
    ['accepts a key of its choice without a commit status', { idempotencyKey: 'mine' }, false],
  ])('%s, since a push may change the commit of a status', async (_, inputs, isRefused) => {
    const { result } = await resolve({ inputs: { pullRequest: 7, ...inputs } });
    expect(result instanceof InputError).toBe(isRefused);
    if (!isRefused) expect(result).toMatchObject({ commit: HEAD });
  });

  test.each<[what: string, setting: Setting, isRefused: boolean, headline: string, remedy: RegExp]>([
    [
      'that does not exist',
      { inputs: { pullRequest: 8 } },
      true,
      'Pull request #8 was not found, or this token cannot read it',
      /^Nothing was started\. Check `pull_request`/,
    ],
    [
      'that the token may not read',
      {
        inputs: { pullRequest: 7 },
        faults: [{ on: 'pull', times: 9, answer: { status: 403, body: {} } }],
      },
      true,
      'Pull request #7 cannot be read with this token (403)',
      /^Nothing was started\. Check `pull_request`/,
    ],
    [
      'that GitHub does not show',
      { inputs: { pullRequest: 7 }, faults: [{ on: 'pull', times: 9, answer: BAD_GATEWAY }] },
      false,
      'Pull request #7 could not be read (GitHub gave no usable answer)',
      /^Nothing was started\. \{again\}$/,
    ],
  ])('fails the step for a pull request %s', async (_, setting, isRefused, headline, remedy) => {
    const { result } = await resolve(setting);
    expect(result).toBeInstanceOf(StepError);
    expect(result instanceof NoAnswerError).toBe(!isRefused);
    expect(result).toMatchObject({ headline, remedy: expect.stringMatching(remedy) });
  });
});
