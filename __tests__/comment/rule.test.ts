import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { digest } from '../../src/gate/item-identity.ts';
import { formatComment, createMarker, parseComment, type Writer } from '../../src/comment/memory.ts';
import type { CommentDraft } from '../../src/comment/draft.ts';
import { CASES, decideComment, isStillInForce } from '../../src/comment/rule.ts';
import { COMMIT, EARLIER_COMMIT, firstState } from '../report/a-report.ts';

const FIRST_LINE = createMarker('a');
type Runs = Readonly<Record<string, number>>;
const writerOf = (runs: Runs, more: Partial<Writer> = {}): Writer => ({
  id: digest('writer'),
  review: digest('review'),
  judged: '',
  jobRun: '1',
  attempt: 1,
  createdAt: new Map(Object.entries(runs).map(([name, ms]) => [digest(name), ms])),
  ...more,
});
const draftOf = (shows: CommentDraft['shows'], writer: Writer): CommentDraft => ({
  marker: FIRST_LINE,
  commit: COMMIT,
  writer,
  ownsReview: false,
  shows,
  whyNone: '',
  isNoNews: false,
  says: digest(`${shows} ${[...writer.createdAt.values()].join(' ')}`),
  runKeys: [],
  snapshots: new Map(),
});
const decide = (existing: string | null, draft: CommentDraft) => {
  const decision = decideComment({ existing, earlier: null, isHeadKnown: true }, draft);
  if (decision.action !== 'report') return decision;
  const body = formatComment(`${FIRST_LINE}\n${draft.shows}`, decision.memory);
  return { ...decision, action: 'write', body } as const;
};
/** What the comment shows after these. */
const shownAfter = (...all: readonly CommentDraft[]) => {
  let body: string | null = null;
  for (const draft of all) {
    const decision = decide(body, draft);
    if (decision.action === 'write') ({ body } = decision);
  }
  const { visible, memory } = parseComment(body ?? '');
  return { text: visible.split('\n').slice(1).join('\n'), red: memory?.red ?? [] };
};

describe('removes the red report of the same writer when it is green', () => {
  const RED = { Tower: 10, Bridge: 20 };
  test.each<[string, Runs, Runs, isGreen: boolean]>([
    ['where each run is the same', RED, RED, true],
    ['where each run is newer', RED, { Tower: 11, Bridge: 21 }, true],
    ['not where one run is older', RED, { Tower: 11, Bridge: 19 }, false],
    ['not where it is not known when one of its runs was created', RED, { Tower: 11 }, false],
    ['where it was red without a run', {}, { Tower: 1 }, true],
    ['where the run that is older was not known then', { Tower: 10 }, { Tower: 10, Bridge: 1 }, true],
  ])('%s', (_, then, now, isGreen) => {
    const green = draftOf('green', writerOf(now));
    const red = draftOf('red', writerOf(then));
    expect(shownAfter(red, green)).toEqual(
      isGreen ? { text: 'green', red: [] } : { text: 'red', red: [red.writer] },
    );
    const before = decide(null, red);
    const body = before.action === 'write' ? before.body : '';
    expect(decide(body, green).isOutdated).toBe(!isGreen);
  });

  test('writes a red report of an older run, and removes both only for a newer green one', () => {
    const [older, newer] = [1, 2].map((at) => draftOf('red', writerOf({ '': at })));
    const green = (at: number) => draftOf('green', writerOf({ '': at }));
    expect(shownAfter(newer!, older!).red).toHaveLength(2);
    expect(shownAfter(newer!, older!, green(1))).toMatchObject({ red: [newer!.writer] });
    expect(shownAfter(newer!, older!, green(2))).toEqual({ text: 'green', red: [] });
  });

  test('treats the same gate and run in another job as the same writer', () => {
    const judged = digest('run and gate');
    const red = draftOf('red', writerOf({ '': 1 }, { judged }));
    const later = writerOf({ '': 1 }, { judged, id: digest('later job'), review: digest('later job') });
    expect(shownAfter(red, draftOf('green', later))).toEqual({ text: 'green', red: [] });
  });
});

const bodyAfter = (...all: readonly CommentDraft[]): string | null => {
  let body: string | null = null;
  for (const draft of all) {
    const decision = decide(body, draft);
    if (decision.action === 'write') ({ body } = decision);
  }
  return body;
};
const [RED, WARNED, GREEN] = (['red', 'warned', 'green'] as const).map((shows) =>
  draftOf(shows, writerOf({})),
);
const OTHER = writerOf({}, { id: digest('other'), review: digest('other') });

describe('the report is written', () => {
  const noNews = { ...GREEN!, isNoNews: true };
  const missing = { ...RED!, whyNone: 'there is no such workflow' };
  const elsewhere = { ...GREEN!, commit: EARLIER_COMMIT };
  const damaged = bodyAfter(RED!)!.replace(/.{9} -->$/, ' -->');
  test.each<[string, string | null, CommentDraft, isHeadKnown: boolean, isWritten: boolean]>([
    ['where there is no comment', null, GREEN!, true, true],
    ['not if it is no news and there is no comment', null, noNews, true, false],
    ['not if it is no news and the comment is calm', bodyAfter(GREEN!), noNews, true, false],
    ['if the comment warns', bodyAfter(WARNED!), noNews, true, true],
    ['if the comment is red', bodyAfter(RED!), noNews, true, true],
    ['not if there is neither a workflow nor a comment', null, missing, true, false],
    ['if there is no workflow, but a comment', bodyAfter(GREEN!), missing, true, true],
    ['not over a changed state', damaged, GREEN!, true, false],
    ['over a changed state if it is red', damaged, RED!, true, true],
    ['not over another commit if the head is not known', bodyAfter(RED!), elsewhere, false, false],
    ['over another commit if the head is known', bodyAfter(RED!), elsewhere, true, true],
    ['over the same commit if the head is not known', bodyAfter(RED!), GREEN!, false, true],
    ['over another commit if it is red', bodyAfter(GREEN!), { ...RED!, commit: EARLIER_COMMIT }, false, true],
    ['not if the comment says so already', bodyAfter(RED!), RED!, true, false],
    ['not if it is listed beside another writer', bodyAfter(draftOf('red', OTHER), RED!), RED!, true, false],
    ['not over another writer’s red', bodyAfter(draftOf('red', OTHER)), GREEN!, true, false],
  ])('%s', (_, existing, draft, isHeadKnown, isWritten) => {
    const { action } = decideComment({ existing, earlier: null, isHeadKnown }, draft);
    expect(action === 'report').toBe(isWritten);
  });
});

describe('who is red', () => {
  const writers = Array.from({ length: 21 }, (_, at) =>
    writerOf({}, { id: digest(`${at}`), review: digest(`${at}`) }),
  );
  const reds = writers.map((writer) => draftOf('red', writer));
  const redAfter = (...all: readonly CommentDraft[]) => parseComment(bodyAfter(...all)!).memory?.red ?? [];

  test('is remembered of twenty writers, and of more by an entry that nobody removes', () => {
    expect(redAfter(...reds.slice(0, 20))).toEqual(writers.slice(0, 20));
    const full = redAfter(...reds);
    expect(full.slice(0, 19)).toEqual(writers.slice(0, 19));
    expect(full).toHaveLength(20);
    expect(writers).not.toContainEqual(full[19]);
    expect(redAfter(...reds, draftOf('green', writers[20]!))).toHaveLength(20);
  });

  test.each<[string, body: string, CommentDraft, isInForce: boolean]>([
    ['a red report whose writer is listed', bodyAfter(RED!)!, RED!, true],
    ['a red report listed beside another', bodyAfter(draftOf('red', OTHER), RED!)!, RED!, true],
    ['not one whose writer is not listed', bodyAfter(draftOf('red', OTHER))!, RED!, false],
    ['one that had no room in a full list', bodyAfter(...reds)!, reds[20]!, true],
    ['not one that had room', bodyAfter(...reds.slice(0, 19))!, reds[20]!, false],
    ['not one of another commit', bodyAfter(RED!)!, { ...RED!, commit: EARLIER_COMMIT }, false],
    ['a green report', bodyAfter(GREEN!)!, GREEN!, true],
    ['a green report beside another writer’s red', bodyAfter(draftOf('red', OTHER))!, GREEN!, true],
    ['not a green report whose writer is red again', bodyAfter(RED!)!, GREEN!, false],
  ])('keeps in force: %s', (_, body, draft, isInForce) => {
    expect(isStillInForce(body, draft)).toBe(isInForce);
  });
});

test('remembers twenty runs, those of this report first', () => {
  const keyOf = (at: number) => digest(`run ${at}`);
  const withRuns = (...numbers: readonly number[]): CommentDraft => ({
    ...RED!,
    snapshots: new Map(numbers.map((at) => [keyOf(at), { ...firstState, madeAt: at }])),
  });
  const before = Array.from({ length: 20 }, (_, at) => at);
  const decision = decide(bodyAfter(withRuns(...before)), { ...withRuns(20, 1), says: digest('new') });
  const memory = decision.action === 'write' ? parseComment(decision.body).memory : null;
  expect([...(memory?.runs.keys() ?? [])]).toEqual([20, 1, 0, ...before.slice(2, 19)].map(keyOf));
});

test('docs/comment.md lists the cases of the rule in their order', () => {
  const docs = readFileSync(new URL('../../docs/comment.md', import.meta.url), 'utf8');
  const rows = [...docs.matchAll(/^\| +\d+ \| (.+?) *\| (.+?) *\|$/gm)].map(([, when, then]) => [when, then]);
  expect(rows.slice(-CASES.length)).toEqual(CASES.map(({ when, then }) => [when, then]));
});
