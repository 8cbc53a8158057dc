import { describe, expect, test } from '@jest/globals';
import { ACTIONS_BOT, type Fault } from '../../simulator/github.ts';
import { upsertComment, type Comment, type Previous } from '../../src/github/comment.ts';
import { COMMENT as LONGEST } from '../../src/report/markdown.ts';
import { fakeGithub, HEAD, type FakeGithub } from './fake-github.ts';

const url = 'https://github.com/octo-org/tower/pull/7#issuecomment-3000000001';
const identity = ['.github/workflows/submittals.yml', 'review', ''];
const COMMENT: Comment = { identity, pullRequest: 7, commit: HEAD, startedAt: 1_000, canCreate: true, digests: null, render: () => 'Red' };
const render = () => 'Green';

const write = (fake: FakeGithub, more: Partial<Comment> = {}) => fake.run(upsertComment(fake.github, { ...COMMENT, ...more }));
const textsOf = (fake: FakeGithub) => fake.comments().map(({ body }) => body.split('\n')[1]);

/** A GitHub that has the step's comment already. */
async function withComment(more: Partial<Comment> = {}) {
  const fake = fakeGithub();
  await write(fake, more);
  return { fake, comment: fake.comments()[0]! };
}

describe('the comment', () => {
  test('is created, and then updated in place', async () => {
    const fake = fakeGithub();
    expect(await write(fake)).toEqual({ code: 'created', url });
    expect(await write(fake, { render })).toEqual({ code: 'updated', url });
    expect(textsOf(fake)).toEqual(['Green']);
  });

  test('is found on the second page', async () => {
    const fake = fakeGithub();
    for (let at = 0; at < 100; at++) fake.addComment(7, { login: 'octocat', id: 1, type: 'User' }, 'LGTM');
    await write(fake);
    expect(await write(fake)).toMatchObject({ code: 'updated' });
    expect(fake.comments()).toHaveLength(101);
  });

  test('is found behind strangers’ comments of the greatest length', async () => {
    const { fake } = await withComment();
    for (let at = 0; at < 100; at++) fake.addComment(7, { login: 'octocat', id: 1, type: 'User' }, '語'.repeat(65_536));
    fake
      .comments()
      .slice()
      .reverse()
      .forEach((one, at) => ((fake.repository.comments as unknown[])[at] = one));
    expect(await write(fake, { render })).toMatchObject({ code: 'updated' });
  });

  test('is one if another job creates it at the same moment', async () => {
    const fake = fakeGithub();
    const body = (await withComment()).comment.body;
    const racing: typeof fetch = (input, init) => {
      if (init?.method === 'POST' && (input as string).endsWith('/comments')) fake.addComment(7, ACTIONS_BOT, body);
      return fake.github.fetch(input, init);
    };
    const github = { ...fake.github, fetch: racing };
    expect(await fake.run(upsertComment(github, { ...COMMENT, render }))).toEqual({ code: 'updated', url });
    expect(textsOf(fake)).toEqual(['Green']);
  });

  test('of a step that started later stays', async () => {
    const { fake } = await withComment({ startedAt: 2_000, digests: ['a'] });
    expect(await write(fake, { render })).toEqual({ code: 'newer_report' });
    expect(textsOf(fake)).toEqual(['Red']);
  });

  test('of a step that started later stays if both create one at the same moment', async () => {
    const fake = fakeGithub();
    const { body } = (await withComment({ startedAt: 2_000 })).comment;
    const racing: typeof fetch = (input, init) => {
      if (init?.method === 'POST' && (input as string).endsWith('/comments')) fake.addComment(7, ACTIONS_BOT, body);
      return fake.github.fetch(input, init);
    };
    const github = { ...fake.github, fetch: racing };
    expect(await fake.run(upsertComment(github, { ...COMMENT, render }))).toEqual({ code: 'newer_report' });
    expect(textsOf(fake)).toEqual(['Red']);
  });

  test('is the oldest of several, also where GitHub ends its lines with CR and LF', async () => {
    const { fake, comment } = await withComment();
    fake.addComment(7, ACTIONS_BOT, comment.body);
    comment.body = comment.body.replaceAll('\n', '\r\n');
    await write(fake, { render });
    expect(textsOf(fake)).toEqual(['Green', 'Red']);
  });

  test.each<[string, (marked: string) => string, login: string | null]>([
    ['of another user', (marked) => marked, 'mallory'],
    ['of a user with the bot’s name', (marked) => marked, 'github-actions'],
    ['of another bot', (marked) => marked, 'other[bot]'],
    ['of a deleted account', (marked) => marked, null],
    ['with the marker in its second line', (marked) => `> quoted\n${marked}`, ACTIONS_BOT.login],
    ['with the marker behind a blank', (marked) => ` ${marked}`, ACTIONS_BOT.login],
    ['with the marker within its first line', (marked) => `See ${marked}`, ACTIONS_BOT.login],
  ])('is not one %s', async (_, bodyOf, login) => {
    const fake = fakeGithub();
    const body = bodyOf((await withComment()).comment.body);
    fake.addComment(7, login === null ? null : { ...ACTIONS_BOT, login }, body);
    expect(await write(fake, { render })).toMatchObject({ code: 'created' });
    expect(fake.comments()[0]!.body).toBe(body);
  });

  test.each<[string, readonly string[]]>([
    ['workflow file', ['.github/workflows/rfis.yml', 'review', '']],
    ['key', ['.github/workflows/submittals.yml', 'judge', '']],
    ['title', ['.github/workflows/submittals.yml', 'review', 'Doors']],
    ['split of the same characters', ['.github/workflows/submittals.ymlreview', '', '']],
  ])('is another one for another %s', async (_, other) => {
    const { fake } = await withComment();
    expect(await write(fake, { identity: other })).toMatchObject({ code: 'created' });
  });

  test('is left as it is by a report for an older commit', async () => {
    const { fake } = await withComment();
    expect(await write(fake, { commit: 'c'.repeat(40), render })).toEqual({ code: 'outdated', head: HEAD });
    expect(textsOf(fake)).toEqual(['Red']);
  });

  test('is not created by a report that may only update one', async () => {
    const fake = fakeGithub();
    expect(await write(fake, { canCreate: false })).toEqual({ code: 'none' });
    await write(fake);
    expect(await write(fake, { canCreate: false, render })).toMatchObject({ code: 'updated' });
    expect(textsOf(fake)).toEqual(['Green']);
  });

  const html = { 'content-type': 'text/html' };
  const FAULTS: readonly Omit<Fault, 'on'>[] = [
    { commit: true, answer: { status: 502, headers: html, body: '<html>Bad gateway</html>' } },
    { commit: true, answer: { status: 200, body: '' } },
    { commit: true, answer: { status: 200, headers: html, body: '<html>Sign in</html>' } },
    { answer: 'truncated' },
    { answer: 'reset' },
    { answer: 'stall' },
    { answer: { status: 500 } },
    { answer: { status: 503, headers: { 'retry-after': '2' } } },
  ];
  test.each(FAULTS.flatMap((fault) => (['viewer', 'list', 'pull', 'create', 'update'] as const).map((on) => ({ on, ...fault }))))(
    'is one, whole, after %j',
    async (fault) => {
      for (const fake of [fakeGithub(), (await withComment()).fake]) {
        fake.addFaults(fault);
        expect(await write(fake, { render })).toEqual({ code: expect.stringMatching('created|updated'), url });
        expect(textsOf(fake)).toEqual(['Green']);
      }
    },
  );

  test('is not created after an error 409 in place of the list', async () => {
    const { fake } = await withComment();
    fake.addFaults({ on: 'list', answer: { status: 409 } });
    expect(await write(fake)).toMatchObject({ code: 'failed', failure: { code: 'rejected', status: 409 } });
    expect(fake.comments()).toHaveLength(1);
  });
});

describe('what the last report found', () => {
  /** What the second of two reports is seen about the first. */
  async function remembered(more: Partial<Comment>, change = (body: string) => body): Promise<Previous | null | undefined> {
    const { fake, comment } = await withComment(more);
    comment.body = change(comment.body);
    let seen: Previous | null | undefined;
    await write(fake, { render: (previous) => ((seen = previous), '') });
    return seen;
  }
  const many = (count: number) => Array.from({ length: count }, (_, at) => `digest${String(at).padStart(6, '0')}`);

  test('is remembered with its commit', async () => {
    expect(await remembered({ digests: many(2) })).toEqual({ commit: HEAD, digests: new Set(many(2)) });
    expect(await remembered({ digests: [] })).toEqual({ commit: HEAD, digests: new Set() });
    expect(await remembered({ digests: many(1) }, (body) => `${body.replaceAll('\n', '\r\n')}\r\n`)).toMatchObject({ commit: HEAD });
  });

  test('is unknown without `known_by`, beyond 12,000 characters, and where somebody edited the line', async () => {
    expect(await remembered({ digests: null })).toBeNull();
    expect(await remembered({ digests: many(1_000) })).toBeNull();
    expect(await remembered({ digests: many(2) }, (body) => body.slice(0, -5))).toBeNull();
    expect(await remembered({ digests: many(2) }, (body) => `${body}\nDone!`)).toBeNull();
  });

  test('fits into a comment with the longest text', async () => {
    const { comment } = await withComment({ digests: many(900), render: () => 'x'.repeat(LONGEST.max) });
    expect(comment.body).toContain('digest000899');
    expect(comment.body.length).toBeLessThanOrEqual(65_536);
  });
});
