import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { digest } from '../../src/gate/item-identity.ts';
import { formatComment, createMarker, parseComment, type Writer } from '../../src/comment/memory.ts';
import type { CommentDraft } from '../../src/comment/draft.ts';
import { CASES, decideComment, isReportKept } from '../../src/comment/rule.ts';
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
  isShared: true,
  shows,
  whyNone: '',
  isNoNews: false,
  contentDigest: digest(`${shows} ${[...writer.createdAt.values()].join(' ')}`),
  runKeys: [],
  snapshots: new Map(),
});
const decide = (existing: string | null, draft: CommentDraft) => {
  const decision = decideComment({ existing, lastDecision: null, isHeadKnown: true }, draft);
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

describe('a green report', () => {
  const RED = { Tower: 10, Bridge: 20 };
  test.each<[string, Runs, Runs, isGreen: boolean]>([
    ['removes the same writer’s red report of the same runs', RED, RED, true],
    ['removes the same writer’s red report of older runs', RED, { Tower: 11, Bridge: 21 }, true],
    ['keeps the same writer’s red report with one run that is newer', RED, { Tower: 11, Bridge: 19 }, false],
    ['keeps the same writer’s red report if the creation of one of its runs is unknown now', RED, { Tower: 11 }, false],
    ['removes the same writer’s red report without a run', {}, { Tower: 1 }, true],
    ['removes the same writer’s red report that lacked one of its runs', { Tower: 10 }, { Tower: 10, Bridge: 1 }, true],
  ])('%s', (_, then, now, isGreen) => {
    const green = draftOf('green', writerOf(now));
    const red = draftOf('red', writerOf(then));
    expect(shownAfter(red, green)).toEqual(isGreen ? { text: 'green', red: [] } : { text: 'red', red: [red.writer] });
    const before = decide(null, red);
    const body = before.action === 'write' ? before.body : '';
    expect(decide(body, green).isOutdated).toBe(!isGreen);
  });

  test('removes, of the red reports of two runs, those of the same run and of an older one', () => {
    const [older, newer] = [1, 2].map((at) => draftOf('red', writerOf({ '': at })));
    const green = (at: number) => draftOf('green', writerOf({ '': at }));
    expect(shownAfter(newer!, older!).red).toHaveLength(2);
    expect(shownAfter(newer!, older!, green(1))).toMatchObject({ red: [newer!.writer] });
    expect(shownAfter(newer!, older!, green(2))).toEqual({ text: 'green', red: [] });
  });

  test('removes the red report of another job with the same gate and run', () => {
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
const [RED, WARNED, GREEN] = (['red', 'warned', 'green'] as const).map((shows) => draftOf(shows, writerOf({})));
const OTHER = writerOf({}, { id: digest('other'), review: digest('other') });

describe('decideComment', () => {
  const noNews = { ...GREEN!, isNoNews: true };
  const missing = { ...RED!, whyNone: 'there is no such workflow' };
  const elsewhere = { ...GREEN!, commit: EARLIER_COMMIT };
  const damaged = bodyAfter(RED!)!.replace(/.{9} -->$/, ' -->');
  test.each<[string, string | null, CommentDraft, isHeadKnown: boolean, isWritten: boolean]>([
    ['writes the report where there is no comment', null, GREEN!, true, true],
    ['does not write a report without news where there is no comment', null, noNews, true, false],
    ['does not write a report without news over a green comment', bodyAfter(GREEN!), noNews, true, false],
    ['writes a report without news over a comment that warns', bodyAfter(WARNED!), noNews, true, true],
    ['writes a report without news over a red comment', bodyAfter(RED!), noNews, true, true],
    ['does not write the report of a workflow that does not exist where there is no comment', null, missing, true, false],
    ['writes the report of a workflow that does not exist over a comment', bodyAfter(GREEN!), missing, true, true],
    ['does not write a green report over a changed state', damaged, GREEN!, true, false],
    ['writes a red report over a changed state', damaged, RED!, true, true],
    ['does not write a green report over another commit if the head is not known', bodyAfter(RED!), elsewhere, false, false],
    ['writes a green report over another commit if the head is known', bodyAfter(RED!), elsewhere, true, true],
    ['writes a green report over the same commit if the head is not known', bodyAfter(RED!), GREEN!, false, true],
    [
      'writes a red report over another commit if the head is not known',
      bodyAfter(GREEN!),
      { ...RED!, commit: EARLIER_COMMIT },
      false,
      true,
    ],
    ['does not write a report that the comment has already', bodyAfter(RED!), RED!, true, false],
    ['does not write a red report that is listed next to another writer’s', bodyAfter(draftOf('red', OTHER), RED!), RED!, true, false],
    ['does not write a green report over another writer’s red one', bodyAfter(draftOf('red', OTHER)), GREEN!, true, false],
  ])('%s', (_, existing, draft, isHeadKnown, isWritten) => {
    const { action } = decideComment({ existing, lastDecision: null, isHeadKnown }, draft);
    expect(action === 'report').toBe(isWritten);
  });
});

describe('the list of red writers', () => {
  const writers = Array.from({ length: 21 }, (_, at) => writerOf({}, { id: digest(`${at}`), review: digest(`${at}`) }));
  const reds = writers.map((writer) => draftOf('red', writer));
  const redAfter = (...all: readonly CommentDraft[]) => parseComment(bodyAfter(...all)!).memory?.red ?? [];

  test('has twenty writers, and for more an entry that nobody removes', () => {
    expect(redAfter(...reds.slice(0, 20))).toEqual(writers.slice(0, 20));
    const full = redAfter(...reds);
    expect(full.slice(0, 19)).toEqual(writers.slice(0, 19));
    expect(full).toHaveLength(20);
    expect(writers).not.toContainEqual(full[19]);
    expect(redAfter(...reds, draftOf('green', writers[20]!))).toHaveLength(20);
  });

  test.each<[string, body: string, CommentDraft, isKept: boolean]>([
    ['keeps a red report whose writer is listed', bodyAfter(RED!)!, RED!, true],
    ['keeps a red report that is listed next to another', bodyAfter(draftOf('red', OTHER), RED!)!, RED!, true],
    ['does not keep a red report whose writer is not listed', bodyAfter(draftOf('red', OTHER))!, RED!, false],
    ['keeps a red report that did not fit into a full list', bodyAfter(...reds)!, reds[20]!, true],
    ['does not keep a red report that is missing from a list that is not full', bodyAfter(...reds.slice(0, 19))!, reds[20]!, false],
    ['does not keep a red report of another commit', bodyAfter(RED!)!, { ...RED!, commit: EARLIER_COMMIT }, false],
    ['keeps a green report', bodyAfter(GREEN!)!, GREEN!, true],
    ['keeps a green report next to another writer’s red one', bodyAfter(draftOf('red', OTHER))!, GREEN!, true],
    ['does not keep a green report whose writer is red again', bodyAfter(RED!)!, GREEN!, false],
  ])('%s', (_, body, draft, isKept) => {
    expect(isReportKept(body, draft)).toBe(isKept);
  });
});

test('remembers the findings of twenty runs, those of this report first', () => {
  const keyOf = (at: number) => digest(`run ${at}`);
  const withRuns = (...numbers: readonly number[]): CommentDraft => ({
    ...RED!,
    snapshots: new Map(numbers.map((at) => [keyOf(at), { ...firstState, madeAt: at }])),
  });
  const before = Array.from({ length: 20 }, (_, at) => at);
  const decision = decide(bodyAfter(withRuns(...before)), {
    ...withRuns(20, 1),
    contentDigest: digest('new'),
  });
  const memory = decision.action === 'write' ? parseComment(decision.body).memory : null;
  expect([...(memory?.runs.keys() ?? [])]).toEqual([20, 1, 0, ...before.slice(2, 19)].map(keyOf));
});

test('has its cases in docs/comment.md, in their order', () => {
  const docs = readFileSync(new URL('../../docs/comment.md', import.meta.url), 'utf8');
  const rows = [...docs.matchAll(/^\| +\d+ \| (.+?) *\| (.+?) *\|$/gm)].map(([, when, then]) => [when, then]);
  expect(rows.slice(-CASES.length)).toEqual(CASES.map(({ when, then }) => [when, then]));
});
