/** The comment's rule as a model: what is played with the action's own code, against the rule in thirty lines. */
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  simulateComments,
  FIRST_LINE,
  textOf,
  type CommentEvent,
  type JobReport,
} from '../simulator/virtual-comments.ts';
import { seededRandom } from '../simulator/random.ts';
import { virtualClock } from '../simulator/virtual-clock.ts';
import { simulateRaces } from '../scripts/comment-window.ts';
import { digest } from '../src/gate/item-identity.ts';
import { STILL_RED } from '../src/comment/rule.ts';
import type { Writer } from '../src/comment/memory.ts';

jest.setTimeout(120_000);

const COMMITS = ['a', 'b', 'c'].map((letter) => letter.repeat(40));
const writerOf = (job: number, attempt: number, createdAt: number | null = null): Writer => ({
  id: digest(`job ${job}`),
  // Each two are calls of one reusable workflow, with other gates.
  review: digest(`review ${job >> 1}`),
  judged: '',
  jobRun: '1',
  attempt,
  createdAt: new Map(createdAt === null ? [] : [[digest(''), createdAt]]),
});

// The rule.

/** What a comment shows; `red` is who is red at its commit. */
interface Shown {
  readonly commit: string;
  readonly text: string;
  readonly author: Writer;
  readonly red: readonly Writer[];
  readonly isCalm: boolean;
  /** Its state was changed. */
  readonly isDamaged: boolean;
}

/** What it shows once this is told. @param head null: GitHub does not say */
function rule(shown: Shown | null, verdict: JobReport, head: string | null): Shown | null {
  const { writer, shows, commit, isShared, isOnFailure } = verdict;
  if (head !== null && commit !== head) return shown;
  const atHead = shown?.isDamaged === false && shown.commit === commit ? shown : null;
  const replaces = (one: Writer) => {
    const [[, then] = [], [, now = -1] = []] = [one, writer].map(({ createdAt }) => [...createdAt][0]);
    const isEarlier = one.jobRun !== writer.jobRun || one.attempt < writer.attempt;
    const isOwn = one.id === writer.id || (!isShared && one.review === writer.review && isEarlier);
    return isOwn && (then === undefined || now >= then);
  };
  const others = atHead?.red.filter((one) => !replaces(one)) ?? [];
  if (shows !== 'red' && shown !== null) {
    if (shown.isDamaged || (head === null && atHead === null)) return shown;
    const text = replaces(shown.author) ? `${FIRST_LINE}\n${STILL_RED}` : shown.text;
    if (others.length > 0) return { ...shown, red: others, text };
    if (shows === 'green' && isOnFailure && shown.isCalm) return shown;
  }
  if (shows === 'green' && isOnFailure && shown === null) return null;
  const red = shows === 'red' ? [...others, writer] : [];
  return { commit, text: textOf(verdict), author: writer, red, isCalm: shows === 'green', isDamaged: false };
}

const changed = (shown: Shown | null, change: Partial<Shown>) => shown && { ...shown, ...change };

describe('G22: one after the other', () => {
  const reported = fc.record({
    job: fc.nat(3),
    jobRun: fc.constantFrom('1', '1', '2'),
    attempt: fc.integer({ min: 1, max: 3 }),
    createdAt: fc.option(fc.nat(3)),
    shows: fc.constantFrom('red' as const, 'red' as const, 'warned' as const, 'green' as const),
    commit: fc.constantFrom('head' as const, 'head' as const, 'head' as const, 'before' as const),
  });
  const step = fc.oneof(
    { weight: 8, arbitrary: reported },
    { weight: 1, arbitrary: fc.constantFrom('push' as const, 'hide' as const, 'delete' as const) },
    { weight: 1, arbitrary: fc.constantFrom('edit' as const, 'damage' as const) },
  );

  test.each([
    ['a given key', true],
    ['the default key', false],
  ])(
    'leaves what the rule says with %s, after any pushes, reports, re-runs, edits, deletions and an unknown head',
    async (_, isShared) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.boolean(), async (steps, isOnFailure) => {
          const clock = virtualClock();
          const world = simulateComments(
            clock,
            () => 0.5,
            () => 10,
            COMMITS[0]!,
          );
          let shown: Shown | null = null;
          const change = (by: (body: string) => string) => {
            const [comment] = world.comments;
            if (comment) world.comments[0] = { ...comment, body: by(comment.body) };
          };
          for (const one of steps) {
            const at = COMMITS.indexOf(world.head);
            if (one === 'push') world.head = COMMITS[(at + 1) % 3]!;
            else if (one === 'hide') world.isHeadHidden = !world.isHeadHidden;
            else if (one === 'delete') [shown] = [null, world.comments.splice(0)];
            else if (one === 'edit') {
              change((body) => body.replace(/\n[^]*?(?=\n\n<!--|$)/, '\nedited'));
              shown = changed(shown, { text: `${FIRST_LINE}\nedited` });
            } else if (one === 'damage') {
              change((body) => body.replace(/.{9} -->$/, ' -->'));
              shown = changed(shown, { isDamaged: true, red: [] });
            } else {
              const commit = COMMITS[(at + (one.commit === 'head' ? 0 : 2)) % 3]!;
              const writer = { ...writerOf(one.job, one.attempt, one.createdAt), jobRun: one.jobRun };
              const verdict = { writer, shows: one.shows, commit, isShared, isOnFailure };
              await clock.run(world.runJob(verdict));
              shown = rule(shown, verdict, world.isHeadHidden ? null : world.head);
            }
            expect(world.comments.length).toBeLessThanOrEqual(1);
            const now = world.shownComment();
            expect(now?.visible ?? null).toBe(shown?.text ?? null);
            expect(now?.memory?.red ?? []).toEqual(shown?.red ?? []);
          }
        }),
        { numRuns: 150 },
      );
    },
  );
});

describe('G25: two calls of one reusable workflow without titles', () => {
  const commit = COMMITS[0]!;
  // Calls 1 and 3 have other inputs; 2 and 3 the same, and other gates.
  type Reported = readonly [job: number, attempt: number, shows: JobReport['shows'], jobRun?: string];
  const play = async (...reported: readonly Reported[]) => {
    const clock = virtualClock();
    const world = simulateComments(
      clock,
      () => 0.5,
      () => 10,
      commit,
    );
    for (const [job, attempt, shows, jobRun = '1'] of reported) {
      const writer = { ...writerOf(job, attempt), jobRun };
      await clock.run(
        world.runJob({
          writer,
          shows,
          commit,
          isShared: false,
          isOnFailure: false,
        }),
      );
    }
    const { visible, memory } = world.shownComment()!;
    return { red: memory?.red ?? [], visible };
  };

  test.each([
    [1, 3],
    [3, 1],
  ])(
    'removes only its own red when call %d of two red ones is re-run green, and shows call %d',
    async (job, other) => {
      const { red, visible } = await play([1, 1, 'red'], [3, 1, 'red'], [job, 2, 'green']);
      expect(red).toEqual([writerOf(other, 1)]);
      expect(visible).toMatch(/: red|still red/);
    },
  );

  test('shows a red report again after it was removed, even with the same text', async () => {
    const { visible } = await play(
      [1, 1, 'red'],
      [3, 1, 'red'],
      [1, 3, 'red'],
      [1, 1, 'warned'],
      [1, 3, 'red'],
    );
    expect(visible).toMatch(/1 3 : red/);
  });

  test.each<[string, readonly Reported[]]>([
    [
      'once more',
      [
        [1, 1, 'red'],
        [3, 1, 'red'],
        [1, 2, 'green'],
        [1, 3, 'green'],
      ],
    ],
    [
      'alone, and had written first',
      [
        [1, 1, 'green'],
        [3, 1, 'red'],
        [1, 2, 'green'],
      ],
    ],
    [
      'alone, and had come second',
      [
        [3, 1, 'red'],
        [1, 1, 'green'],
        [1, 2, 'green'],
      ],
    ],
    [
      'alone, and had not written before',
      [
        [3, 1, 'red'],
        [1, 2, 'green'],
      ],
    ],
  ])('keeps showing the red call when a green one is re-run %s', async (_, reported) => {
    const { red, visible } = await play(...reported);
    expect(red).toEqual([writerOf(3, 1)]);
    expect(visible).toMatch(/: red|still red/);
  });

  test('keeps showing a red call when a call with the same inputs and another gate is green later in the same attempt', async () => {
    expect((await play([2, 1, 'red'], [3, 1, 'green'])).red).toEqual([writerOf(2, 1)]);
  });

  test.each<[string, Reported]>([
    ['a later attempt', [3, 2, 'green']],
    ['another job run', [3, 1, 'green', '2']],
  ])('removes the red of the same review with another gate, by %s', async (_, reported) => {
    expect((await play([2, 1, 'red'], reported)).red).toEqual([]);
  });

  test('has no red call after both were re-run green', async () => {
    expect((await play([1, 1, 'red'], [3, 1, 'red'], [1, 2, 'green'], [3, 3, 'green'])).red).toEqual([]);
  });
});

/** One finds itself struck out by somebody else, writes nothing, and is put back by a third who had read before. */
const LEFT_WHAT_WAS_OVERWRITTEN: [{ isRed: boolean; wasRed: boolean; endsAt: number }[], number] = [
  [
    { isRed: false, wasRed: true, endsAt: 579 },
    { isRed: false, wasRed: true, endsAt: 0 },
    { isRed: true, wasRed: false, endsAt: 627 },
    { isRed: false, wasRed: true, endsAt: 215 },
    { isRed: false, wasRed: true, endsAt: 874 },
  ],
  1_778_784_113,
];

describe('G22, I10: at once', () => {
  const lastOf = (
    moments: readonly CommentEvent[],
    by: JobReport,
    what: CommentEvent['what'],
    before = Infinity,
  ) => moments.findLast((one) => one.by === by && one.what === what && one.at < before)?.at ?? -1;

  test('leaves one comment that names every red writer, when two to five writers interleave, but for the one window', async () => {
    const writer = fc.record({ isRed: fc.boolean(), wasRed: fc.boolean(), endsAt: fc.nat(1_500) });
    await fc.assert(
      fc.asyncProperty(fc.array(writer, { minLength: 2, maxLength: 5 }), fc.nat(), async (writers, seed) => {
        const clock = virtualClock();
        const random = seededRandom(seed);
        const commit = COMMITS[0]!;
        const world = simulateComments(clock, random, () => 50 + 1_500 * random(), commit);
        const about = { commit, isShared: true, isOnFailure: false } as const;
        for (const [job, { wasRed }] of writers.entries())
          if (wasRed) await clock.run(world.runJob({ ...about, writer: writerOf(job, 1), shows: 'red' }));
        const began = clock.now();
        const verdicts = writers.map(({ isRed }, job): JobReport => {
          return { ...about, writer: writerOf(job, 2), shows: isRed ? 'red' : 'green' };
        });
        const never = new AbortController().signal;
        const ends: ('write' | 'leave')[] = [];
        await clock.run(
          Promise.all(
            verdicts.map(async (verdict, job) => {
              await clock.sleep(writers[job]!.endsAt, never);
              ends[job] = await world.runJob(verdict);
            }),
          ),
        );
        expect(world.comments).toHaveLength(1);
        const red = world.shownComment()?.memory?.red ?? [];
        const moments = world.events.filter(({ at }) => at >= began);
        for (const [job, verdict] of verdicts.entries()) {
          if (red.some(({ id }) => id === verdict.writer.id) === (verdict.shows === 'red')) continue;
          // Somebody who had read before it wrote, or found nothing to write, wrote after it had looked for the last time.
          const looked = lastOf(moments, verdict, 'read');
          const since = ends[job] === 'leave' ? looked : lastOf(moments, verdict, 'written');
          const rounds = moments.filter(({ by, what }) => by === verdict && what === 'written').length;
          const isExplained = moments.some(
            ({ by, what, at }) =>
              by !== verdict && what === 'written' && at > looked && lastOf(moments, by, 'read', at) < since,
          );
          expect(isExplained || rounds === 3).toBe(true);
        }
        // The text is red, or says that somebody is, while anybody is.
        const { visible = '' } = world.shownComment() ?? {};
        expect(/: red|still red/.test(visible)).toBe(red.length > 0);
      }),
      { numRuns: 150, examples: [LEFT_WHAT_WAS_OVERWRITTEN] },
    );
  });

  test('G22: hides a red report in few of a thousand races, since GitHub has no compare-and-set', async () => {
    const { races, buried, stale } = await simulateRaces(1_000, 7);
    expect(races).toBe(1_000);
    expect([buried, stale].map((count) => count / races < 0.01)).toEqual([true, true]);
  });
});
