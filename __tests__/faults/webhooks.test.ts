/** M13: example payloads of GitHub, each as the event of a job with a comment and a commit status. */
import { createRequire } from 'node:module';
import { describe, expect, jest, test } from '@jest/globals';
import { ACTIONS_BOT } from '../../simulator/github.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { GREEN_OUTPUTS } from '../../simulator/vendor-example.ts';
import { SHA } from '../../simulator/runner.ts';
import { readPath, readNumber, readText } from '../../src/github/read-field.ts';
import { runRow, TOKEN } from './run-row.ts';

jest.setTimeout(120_000);

const events = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string;
  readonly examples: readonly unknown[];
}[];

/** Events of a pull request, whose payloads contain its head. There are no examples of pull_request_target. */
const OF_PULL_REQUEST = ['pull_request', 'pull_request_review', 'pull_request_review_comment'];
const HEAD_NOW = 'e'.repeat(40);
const JOB_RUN = '17000000001';

/** What GitHub documents of an event: its commit, its pull request, and whether all its jobs are of that commit. */
function expectationOf(name: string, payload: unknown) {
  const number = readNumber(payload, 'pull_request', 'number');
  if (OF_PULL_REQUEST.includes(name))
    return {
      commit: readText(payload, 'pull_request', 'head', 'sha'),
      isOfCommit: true,
      pullRequest: number,
    };
  if (name === 'issue_comment' && readPath(payload, 'issue', 'pull_request') !== undefined)
    return { commit: HEAD_NOW, isOfCommit: false, pullRequest: readNumber(payload, 'issue', 'number') };
  if (name === 'merge_group')
    return { commit: readText(payload, 'merge_group', 'head_sha'), isOfCommit: true, pullRequest: null };
  return { commit: SHA, isOfCommit: name === 'push', pullRequest: null };
}

async function play(name: string, payload: unknown): Promise<void> {
  const fullName = readText(payload, 'repository', 'full_name') || 'octo-org/tower';
  const [owner = '', repo = ''] = fullName.split('/');
  const { commit, isOfCommit, pullRequest } = expectationOf(name, payload);
  const number = pullRequest ?? 7;
  const { outputs, result, launches, github } = await runRow({
    eventName: name,
    event: payload,
    api: { lifecycle: steadyLifecycle({ queuedMs: 500, runningMs: 2_000, outputs: GREEN_OUTPUTS }) },
    github: {
      owner,
      repo,
      pullRequests: [
        { number, state: 'open', locked: false, head: name === 'issue_comment' ? HEAD_NOW : commit },
      ],
      tokens: { [TOKEN]: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
    },
    env: {
      GITHUB_REPOSITORY: fullName,
      GITHUB_RUN_ID: JOB_RUN,
      // No time passes during an exchange, so that a busy machine delays no request.
      FAST_TIME_SPEED: '1',
      FAST_TIME_FROZEN_MS: '6000',
    },
    inputs: {
      comment: 'always',
      commit_status: 'alloovium/review',
      fail_if: 'bad: outputs.items.filter(i, i.status == "lost")',
    },
  });
  expect(result.exitCode).toBe(0);
  expect(outputs).toMatchObject({ conclusion: 'success', commit });
  expect(launches).toHaveLength(1);
  const when = isOfCommit ? commit : `${commit}-${JOB_RUN}`;
  expect(launches[0]?.idempotencyKey).toMatch(new RegExp(`^gha_${when}_[0-9a-f]{32}$`));
  const comments = github?.comments() ?? [];
  expect(comments.map((comment) => comment.pullRequest)).toEqual(pullRequest === null ? [] : [pullRequest]);
  expect(outputs.comment_url !== '').toBe(pullRequest !== null);
  expect(github?.actions.statuses.map(({ sha, state }) => [sha, state])).toEqual([
    [commit, 'pending'],
    [commit, 'success'],
  ]);
}

const payloads = events.flatMap(({ name, examples }) =>
  examples.map((payload, at) => [name, at + 1, examples.length, payload] as const),
);

test('M13: 329 payloads are recorded', () => {
  expect(payloads.length).toBeGreaterThanOrEqual(329);
});

describe('M13: verdict, commit of the key, comment and status are as the event says', () => {
  test.concurrent.each(payloads)('on %s, %i of %i', (name, _at, _of, payload) => play(name, payload));
});
