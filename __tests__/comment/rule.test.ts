import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { digest } from '../../src/gate/item-identity.ts';
import { formatComment, createMarker, parseComment, type Writer } from '../../src/comment/memory.ts';
import type { CommentDraft } from '../../src/comment/draft.ts';
import { CASES, decideComment } from '../../src/comment/rule.ts';
import { COMMIT } from '../report/a-report.ts';

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

test('docs/comment.md lists the cases of the rule in their order', () => {
  const docs = readFileSync(new URL('../../docs/comment.md', import.meta.url), 'utf8');
  const rows = [...docs.matchAll(/^\| +\d+ \| (.+?) *\| (.+?) *\|$/gm)].map(([, when, then]) => [when, then]);
  expect(rows.slice(-CASES.length)).toEqual(CASES.map(({ when, then }) => [when, then]));
});
