import { describe, expect, test } from '@jest/globals';
import { writeComment, MAX_COMMENT_TEXT, type Comment, type Previous } from '../../src/github/comment.ts';
import { BOT, fakeGithub, HEAD, type FakeGithub, type Fault } from './fake-github.ts';

const OLD = 'c'.repeat(40);
const URL_1 = 'https://github.com/octo-org/tower/pull/7#issuecomment-1';
const identity = ['.github/workflows/submittals.yml', 'review', ''];
const COMMENT: Comment = { identity, pullRequest: 7, commit: HEAD, canCreate: true, digests: null, render: () => 'Red' };

const write = (fake: FakeGithub, more: Partial<Comment> = {}) => fake.run(writeComment(fake.github, { ...COMMENT, ...more }));

/** A GitHub that has the step's comment already. */
async function withComment(more: Partial<Comment> = {}): Promise<FakeGithub> {
  const fake = fakeGithub();
  await write(fake, more);
  fake.requests.length = 0;
  fake.sentAt.length = 0;
  return fake;
}
const textsOf = ({ comments }: FakeGithub) => comments.map(({ body }) => body.split('\n')[1]);

describe('the comment', () => {
  test('is created, and then updated in place', async () => {
    const fake = fakeGithub();
    expect(await write(fake)).toEqual({ code: 'created', url: URL_1 });
    expect(await write(fake, { render: () => 'Green' })).toEqual({ code: 'updated', url: URL_1 });
    expect(textsOf(fake)).toEqual(['Green']);
  });

  test('is found on the second page', async () => {
    const fake = fakeGithub();
    for (let at = 0; at < 100; at++) fake.addComment('LGTM', 'octocat');
    await write(fake);
    expect(await write(fake)).toMatchObject({ code: 'updated' });
    expect(fake.comments).toHaveLength(101);
  });

  test('is the oldest of several', async () => {
    const fake = await withComment();
    fake.addComment(fake.comments[0]!.body);
    await write(fake, { render: () => 'Green' });
    expect(textsOf(fake)).toEqual(['Green', 'Red']);
  });

  test('is found although GitHub ends its lines with CR and LF', async () => {
    const fake = await withComment();
    fake.comments[0]!.body = fake.comments[0]!.body.replaceAll('\n', '\r\n');
    expect(await write(fake)).toMatchObject({ code: 'updated' });
  });

  test.each<[string, (marked: string) => string, string]>([
    ['of another user', (marked) => marked, 'mallory'],
    ['of a user with the bot’s name', (marked) => marked, 'github-actions'],
    ['of another bot', (marked) => marked, 'other[bot]'],
    ['with the marker in its second line', (marked) => `> quoted\n${marked}`, BOT],
    ['with the marker behind a blank', (marked) => ` ${marked}`, BOT],
    ['with the marker within its first line', (marked) => `See ${marked}`, BOT],
  ])('is not one %s', async (_, bodyOf, login) => {
    const { comments } = await withComment();
    const fake = fakeGithub();
    const forged = fake.addComment(bodyOf(comments[0]!.body), login).body;
    expect(await write(fake, { render: () => 'Green' })).toMatchObject({ code: 'created' });
    expect(fake.comments[0]!.body).toBe(forged);
  });

  test('is not one of a deleted account', async () => {
    const { comments } = await withComment();
    const fake = fakeGithub();
    fake.comments.push({ ...comments[0]!, user: null });
    expect(await write(fake)).toMatchObject({ code: 'created' });
  });

  test.each<[string, readonly string[]]>([
    ['workflow file', ['.github/workflows/rfis.yml', 'review', '']],
    ['key', ['.github/workflows/submittals.yml', 'judge', '']],
    ['title', ['.github/workflows/submittals.yml', 'review', 'Doors']],
    ['split of the same characters', ['.github/workflows/submittals.ymlreview', '', '']],
  ])('is another one for another %s', async (_, other) => {
    const fake = await withComment();
    expect(await write(fake, { identity: other })).toMatchObject({ code: 'created' });
    expect(fake.comments).toHaveLength(2);
  });

  test('is left as it is by a report for an older commit', async () => {
    const fake = await withComment();
    expect(await write(fake, { commit: OLD, render: () => 'Old' })).toEqual({ code: 'outdated', head: HEAD });
    expect(textsOf(fake)).toEqual(['Red']);
  });

  test('is not created by a report that may only update one', async () => {
    const fake = fakeGithub();
    expect(await write(fake, { canCreate: false })).toEqual({ code: 'none' });
    expect(fake.comments).toEqual([]);
    await write(fake);
    expect(await write(fake, { canCreate: false, render: () => 'No such workflow' })).toMatchObject({ code: 'updated' });
    expect(textsOf(fake)).toEqual(['No such workflow']);
  });
});

describe('a fault of GitHub leaves one comment', () => {
  const OF_READING: readonly Fault[] = [
    'lost',
    'torn',
    'empty',
    'page',
    'refused',
    'hang',
    { status: 500 },
    { status: 503, headers: { 'retry-after': '2' } },
  ];
  // The requests of an attempt: 1 viewer, 2 comments, 3 pull request, 4 the write.
  test.each(OF_READING.flatMap((fault) => [1, 2, 3, 4].map((nth) => [fault, nth] as const)))(
    'with %j at request %d',
    async (fault, nth) => {
      for (const fake of [fakeGithub(), await withComment()]) {
        fake.faults = { [nth]: fault };
        const { code, ...rest } = await write(fake, { render: () => 'New' });
        expect(['created', 'updated']).toContain(code);
        expect(rest).toEqual({ url: URL_1 });
        expect(textsOf(fake)).toEqual(['New']);
      }
    },
  );

  test('with an error 409 in place of the list', async () => {
    const fake = await withComment();
    fake.faults = { 2: { status: 409 } };
    expect(await write(fake)).toMatchObject({ code: 'failed', failure: { code: 'rejected', status: 409 } });
    expect(fake.comments).toHaveLength(1);
  });
});

test('is not written without the permission, which is said and not tried again', async () => {
  const fake = fakeGithub();
  fake.faults = { 4: { status: 403 } };
  expect(await write(fake)).toMatchObject({ code: 'failed', failure: { code: 'forbidden', status: 403 } });
  expect(fake.requests).toHaveLength(4);
});

describe('what the last report found', () => {
  /** What the second of two reports is seen about the first. */
  async function remembered(more: Partial<Comment>, change = (body: string) => body): Promise<Previous | null | undefined> {
    const fake = await withComment(more);
    fake.comments[0]!.body = change(fake.comments[0]!.body);
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

  test('is nothing for a new comment', async () => {
    const seen: (Previous | null)[] = [];
    await write(fakeGithub(), { render: (previous) => String(seen.push(previous)) });
    expect(seen).toEqual([null]);
  });

  test('fits into a comment with the longest text', async () => {
    const fake = await withComment({ digests: many(900), render: () => 'x'.repeat(MAX_COMMENT_TEXT) });
    expect(fake.comments[0]!.body).toContain('digest000899');
    expect(fake.comments[0]!.body.length).toBeLessThanOrEqual(65_536);
  });
});
