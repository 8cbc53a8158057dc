/** Payloads that GitHub publishes as examples, each as the event of a job: its commit, and its pull request. */
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { readEvent } from '../support/read-event.ts';

interface Payload {
  readonly repository?: { readonly full_name?: string };
  readonly pull_request?: { readonly number: number; readonly head: { readonly sha: string } };
  readonly issue?: { readonly number: number; readonly pull_request?: object };
  readonly merge_group?: { readonly head_sha: string };
  readonly workflow_run?: { readonly head_sha: string; readonly event: string };
}
const events = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string;
  readonly examples: readonly Payload[];
}[];
const payloads = events.flatMap(({ name, examples }) => examples.map((payload, at) => [name, at + 1, payload] as const));

const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
const OF_PULL_REQUEST = ['pull_request', 'pull_request_review', 'pull_request_review_comment'];

test('there are 329 payloads or more', () => {
  expect(payloads.length).toBeGreaterThanOrEqual(329);
});

test.each(payloads)('reads commit and pull request of %s, example %i', (name, _at, payload) => {
  const { pull_request: pull, issue, merge_group: group, workflow_run: run } = payload;
  const environment = {
    GITHUB_EVENT_NAME: name,
    GITHUB_REPOSITORY: payload.repository?.full_name ?? 'octo-org/tower',
    GITHUB_SHA: group?.head_sha ?? SHA,
    GITHUB_RUN_ID: '17000000001',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTION: '__self',
    GITHUB_JOB: 'review',
    GITHUB_WORKFLOW: 'Review',
    GITHUB_WORKFLOW_REF: 'octo-org/tower/.github/workflows/review.yml@refs/heads/main',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_SERVER_URL: 'https://github.com',
  };
  const isOfPull = OF_PULL_REQUEST.includes(name) && pull !== undefined;
  const commit = isOfPull ? pull.head.sha : name === 'merge_group' ? group!.head_sha : name === 'workflow_run' ? run!.head_sha : SHA;
  const commented = name === 'issue_comment' && issue?.pull_request !== undefined ? issue.number : null;
  expect(readEvent(environment, payload)).toEqual({
    commit,
    isOfCommit: isOfPull || name === 'push' || name === 'merge_group',
    pullRequest: isOfPull ? pull.number : commented,
  });
});
