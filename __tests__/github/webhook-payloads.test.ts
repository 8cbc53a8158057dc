/** Payloads that were recorded from GitHub, each as the event of a job. */
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { readContext } from '../../src/github/context.ts';
import { readPath, readNumber, readText } from '../../src/github/read-field.ts';

const events = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string;
  readonly examples: readonly unknown[];
}[];
const payloads = events.flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })));

const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
const contextOf = (name: string, payload: unknown) =>
  readContext(
    {
      GITHUB_EVENT_NAME: name,
      GITHUB_REPOSITORY: readText(payload, 'repository', 'full_name') || 'octo-org/tower',
      GITHUB_SHA: SHA,
      GITHUB_RUN_ID: '17000000001',
      GITHUB_REF: 'refs/heads/main',
    },
    payload,
  );
const of = (...names: readonly string[]) => payloads.filter(({ name }) => names.includes(name));

const OWN = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
] as const;

describe('readContext', () => {
  test('reads every recorded payload', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(329);
    for (const { name, payload } of payloads)
      expect(contextOf(name, payload).commit).toMatch(/^[0-9a-f]{40}$/);
  });

  test.each(OWN)('takes number and head of the pull request from %s', (name) => {
    // The recordings have no pull_request_target, whose payload is that of pull_request.
    const recorded = of(name === 'pull_request_target' ? 'pull_request' : name);
    expect(recorded.length).toBeGreaterThan(0);
    for (const { payload } of recorded) {
      const { pullRequest, commit, keyScope: when } = contextOf(name, payload);
      expect(pullRequest).toEqual({
        kind: 'of_event',
        number: readNumber(payload, 'pull_request', 'number'),
      });
      expect(commit).toBe(readText(payload, 'pull_request', 'head', 'sha'));
      expect(when).toBe(commit);
    }
  });

  test('takes the number of a comment’s pull request, but not of an issue', () => {
    const recorded = of('issue_comment');
    expect(recorded.length).toBeGreaterThan(0);
    for (const { name, payload } of recorded) {
      const isOfPullRequest = readPath(payload, 'issue', 'pull_request') !== undefined;
      const number = readNumber(payload, 'issue', 'number');
      expect(contextOf(name, payload).pullRequest).toMatchObject(
        isOfPullRequest ? { kind: 'commented', number } : { kind: 'none' },
      );
    }
  });

  test('takes the earlier run’s commit from workflow_run, and infers no pull request', () => {
    const recorded = of('workflow_run');
    expect(recorded.length).toBeGreaterThan(0);
    for (const { name, payload } of recorded) {
      const isOfCommit = ['push', 'pull_request'].includes(readText(payload, 'workflow_run', 'event'));
      const { commit, pullRequest } = contextOf(name, payload);
      expect(commit).toBe(isOfCommit ? readText(payload, 'workflow_run', 'head_sha') : SHA);
      expect(pullRequest.kind).toBe('none');
    }
  });

  test('has no pull request on every other event', () => {
    const others = payloads.filter(({ name }) => !(OWN as readonly string[]).includes(name));
    for (const { name, payload } of others)
      expect(contextOf(name, payload).pullRequest).not.toHaveProperty('kind', 'of_event');
  });
});
