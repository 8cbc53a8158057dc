import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConditionResult } from '../../src/gate/condition.ts';
import { NOT_FETCHED } from '../../src/github/baseline-artifact.ts';
import type { Outcome } from '../../src/runs/outcome.ts';
import { verdictOfStep } from '../../src/runs/step-verdict.ts';
import {
  anOutcome,
  attached,
  completed,
  condition,
  ended,
  gated,
  interrupted,
  judged,
  late,
  result,
  type Circumstances,
  type Ended,
  type Given,
} from './an-outcome.ts';

test('a step that the runner stops has not evaluated its gate', () => {
  expect(judged(interrupted, gated)).toMatchObject({ exitCode: 1, gate: 'not_evaluated' });
});

describe('a step is green only where the interface says so (I2)', () => {
  const anyResult = fc
    .record({
      severity: fc.constantFrom('fail' as const, 'warn' as const),
      kind: fc.constantFrom('holds' as const, 'does_not_hold' as const, 'cannot_be_evaluated' as const),
      matched: fc.nat(3),
    })
    .map(({ kind, ...rest }) => result(kind, rest));
  const anyStatus = fc.constantFrom('completed' as const, 'failed' as const, 'cancelled' as const);
  const anyEnding: fc.Arbitrary<Ended> = fc.oneof(
    fc.record({ kind: fc.constant('ended' as const), status: anyStatus, results: fc.array(anyResult) }),
    fc.constant<Ended>({ kind: 'launched' }),
    fc.record({
      kind: fc.constant('timed_out' as const),
      waitedFor: fc.constantFrom('', 'waiting for tokens of the API key'),
      askedMs: fc.option(fc.nat()),
      lastFailure: fc.constantFrom('', '503'),
    }),
    fc.record({ kind: fc.constant('interrupted' as const), signal: fc.string() }),
    fc.record({ kind: fc.constant('error' as const), headline: fc.string(), remedy: fc.string() }),
  );
  test('for any ending', () => {
    fc.assert(
      fc.property(anyEnding, (ending) => {
        const { exitCode, conclusion, gate, nextStep } = judged(ending);
        const mayBeGreen =
          ending.kind === 'launched' ||
          (ending.kind === 'ended' &&
            ending.status === 'completed' &&
            (ending.results ?? []).every(
              (one) => one.condition.severity === 'warn' || one.result === 'does_not_hold',
            ));
        expect(exitCode).toBe(mayBeGreen ? 0 : 1);
        expect(['success', 'pending', 'skipped'].includes(conclusion)).toBe(mayBeGreen);
        if (gate === 'failed') expect(conclusion).toBe('gate_failed');
        if (gate === 'passed') expect(conclusion).toBe('success');
        // What is red says what to do.
        if (exitCode === 1 && ending.kind !== 'error') expect(nextStep).toMatch(/\w.*\.$/);
      }),
    );
  });
});

const AGAIN = 're-run the failed job: this starts a new run.';
const filtering = (list: string, name: string | null, unmatched: number) =>
  result('does_not_hold', { name, unmatched, expression: `outputs.${list}.filter(i, i.bad)` });
const waiving = (one: Given, count: number): Given => ({
  ...one,
  waived: Array.from({ length: count }, (_, at) => ({ item: { id: `waived ${at}` }, by: 0 })),
});

describe('the headline', () => {
  test.each<[string, Ended, string]>([
    ['a condition that is no list', completed(result('does_not_hold')), 'Passed “not compliant”'],
    ['one item', completed(filtering('items', 'bad', 1)), '1 item passed “bad”'],
    ['no items', completed(filtering('items', 'bad', 0)), 'Passed “bad”'],
    [
      'one list for two conditions, and one that is no list',
      completed(
        filtering('items', 'a', 5),
        filtering('items', 'b', 5),
        result('does_not_hold', { name: 'c' }),
      ),
      '5 items passed “a”, “b” and “c”',
    ],
    [
      'two lists of three',
      completed(filtering('doors', 'a', 3), filtering('stairs', 'b', 3)),
      '6 items passed “a” and “b”',
    ],
    ['items, without a name', completed(filtering('items', null, 1_200)), '1,200 items passed'],
    [
      'several without names',
      completed(result('does_not_hold', { name: null }), result('does_not_hold', { name: null })),
      'Passed 2 conditions',
    ],
    [
      'names that do not fit',
      completed(...['a', 'b', 'c'].map((name) => result('does_not_hold', { name: name.repeat(64) }))),
      'Passed 3 conditions',
    ],
    ['waived items', completed(waiving(filtering('items', 'bad', 3), 2)), '3 passed, 2 waived'],
    [
      'waived items of no list that is filtered',
      completed(waiving(result('does_not_hold'), 2)),
      'Passed, 2 waived',
    ],
    [
      'known items',
      completed({ ...result('holds', { matched: 2, unmatched: 3 }), known: [true, true], isExcused: true }),
      'Nothing new, 2 known “not compliant”',
    ],
    [
      'known items and waived ones',
      completed(waiving({ ...result('holds', { matched: 2 }), known: [true, true], isExcused: true }, 1)),
      'Nothing new, 2 known “not compliant”, 1 waived',
    ],
    ['no gate', completed(), 'The run completed; there is no gate (`fail_if`)'],
    [
      'a warning, and not that the gate passed',
      completed(
        filtering('items', 'bad', 5),
        result('holds', { severity: 'warn', name: 'old', matched: 2, unmatched: 3 }),
      ),
      '2 of 5 items “old” (a warning only)',
    ],
    [
      'a warning beside waived items',
      completed(
        waiving(filtering('items', 'bad', 3), 2),
        result('cannot_be_evaluated', { severity: 'warn', name: null }),
      ),
      '3 passed, 2 waived; Line 1 of `warn_if` cannot be evaluated (a warning only)',
    ],
    [
      'red before green, and no warnings among them',
      completed(
        result('does_not_hold'),
        result('holds', { name: 'b' }),
        result('holds', { severity: 'warn', name: 'c' }),
      ),
      '“b” is true',
    ],
    ['failed', ended('failed'), 'The run failed'],
    [
      'timed out',
      { ...late, askedMs: 30_000 },
      'Not finished after 15 min (the API asked to wait 30 s more)',
    ],
    [
      'an error',
      { kind: 'error', headline: 'The key was revoked', remedy: 'Create one.' },
      'The key was revoked',
    ],
  ])('%s', (_, ending, headline) => {
    expect(judged(ending).headline).toBe(headline);
  });

  test.each<[string, Ended, string]>([
    ['items', completed(filtering('items', 'bad', 7)), '7 passed'],
    ['no items', completed(result('does_not_hold')), 'passed'],
    ['waived items', completed(waiving(filtering('items', 'bad', 7), 1)), '7 passed, 1 waived'],
    ['no gate', completed(), 'completed, no gate'],
    [
      'red',
      completed(result('holds', { matched: 2 }), result('holds')),
      '“not compliant” matched 2 items and 1 more',
    ],
  ])('is shorter in a list of runs: %s', (_, ending, brief) => {
    expect(judged(ending).brief).toBe(brief);
  });

  test('is one line, and contains no text of the run', () => {
    const untrusted: ConditionResult = {
      ...result('holds'),
      matched: ['zqzq\n'],
      unmatched: ['zqzq'],
      problem: 'outputs has no key "zqzq"; its keys: "zqzq"',
    };
    const endings: Ended[] = [
      completed(untrusted),
      completed({ ...untrusted, result: 'cannot_be_evaluated' }),
      completed({ ...untrusted, condition: condition('warn') }),
    ];
    for (const ending of endings) {
      const { headline, nextStep } = judged(ending);
      expect(headline + nextStep).not.toMatch(/zqzq|\n/);
    }
  });
});

// What a recording says of the usual endings is not here.
test.each<[string, Ended, Circumstances, string]>([
  ['items', completed(result('holds', { matched: 2 })), {}, `Correct the items in Alloovium, then ${AGAIN}`],
  [
    'new items among known ones',
    completed({ ...result('holds', { matched: 2 }), known: [true, false], isExcused: false }),
    {},
    `Correct the new items in Alloovium, then ${AGAIN}`,
  ],
  [
    'a condition that is true',
    completed(result('holds')),
    {},
    `Correct the cause in Alloovium, then ${AGAIN}`,
  ],
  [
    'items, and a condition that is true',
    completed(result('holds', { matched: 2 }), result('holds', { name: 'nothing reviewed' })),
    {},
    `Correct the items and the cause of “nothing reviewed” in Alloovium, then ${AGAIN}`,
  ],
  [
    'a run that was given',
    completed(result('holds')),
    { ...attached, joinedOlder: true },
    'Correct the cause in Alloovium, then start a new run and give its ID as `run_id`.',
  ],
  [
    'a run that is older than the job',
    completed(result('holds')),
    { joinedOlder: true },
    'Correct the cause in Alloovium, then re-run this job: it joins a newer run if there is one, else launches one.',
  ],
  [
    'the same with `fresh`',
    completed(result('holds')),
    { joinedOlder: true, onRerun: 'fresh' },
    `Correct the cause in Alloovium, then ${AGAIN}`,
  ],
  [
    'a merge queue',
    completed(result('holds')),
    { isMergeQueue: true },
    'Correct the cause in Alloovium, then queue the pull request again: this starts a new run.',
  ],
  [
    'what cannot be evaluated',
    completed(result('cannot_be_evaluated')),
    {},
    'Correct the condition (`run_id: run_1` tries it on this run) or what the workflow writes.',
  ],
  [
    'the same beside items',
    completed(result('holds', { matched: 2 }), result('cannot_be_evaluated')),
    {},
    'Correct the items in Alloovium, and correct the condition (`run_id: run_1` tries it on this run) or what the workflow writes.',
  ],
  [
    'warnings',
    completed(result('holds', { severity: 'warn', matched: 2 })),
    {},
    'Correct the items in Alloovium, or change `warn_if`.',
  ],
  [
    'a warning that cannot be evaluated',
    completed(result('cannot_be_evaluated', { severity: 'warn' })),
    {},
    'Correct the condition in `warn_if`.',
  ],
  [
    'the same beside items',
    completed(
      result('holds', { severity: 'warn', matched: 2 }),
      result('cannot_be_evaluated', { severity: 'warn' }),
    ),
    {},
    'Correct the items in Alloovium, and correct the condition in `warn_if`.',
  ],
  ['a run that failed', ended('failed'), {}, `Find the reason in the Alloovium dashboard, then ${AGAIN}`],
  ['a run that was cancelled', ended('cancelled'), {}, 'Re-run the failed job: this starts a new run.'],
  [
    'a run that has ended too late',
    late,
    { status: 'completed' },
    'Re-run this job: it evaluates the same run. If this happens often, raise `timeout_minutes`.',
  ],
  [
    'a run that goes on, with `fresh`',
    late,
    { onRerun: 'fresh' },
    'To evaluate the existing run, give `run_id: run_1`. A re-run starts another. If this happens often, raise `timeout_minutes`.',
  ],
  [
    'a run that goes on, of a merge queue',
    late,
    { isMergeQueue: true },
    'Queue the pull request again: this starts a new run. If this happens often, raise `timeout_minutes`.',
  ],
  [
    'a run that may have started, with `fresh`',
    { ...late, lastFailure: '503', left: 'maybe_run' },
    { onRerun: 'fresh', runId: '' },
    'A run may have started (key `gha_k`): look for it in the Alloovium dashboard. With `on_rerun: fresh` a re-run launches another.',
  ],
  [
    'an error that says how to try again',
    { kind: 'error', headline: 'x', remedy: '{again} If it happens again, report it.' },
    {},
    'The run goes on at Alloovium. Re-run this job: it joins the same run. If it happens again, report it.',
  ],
  [
    'the same within a sentence',
    { kind: 'error', headline: 'x', remedy: 'Is it a proxy? If not, {again}', left: 'maybe_run' },
    { runId: '' },
    'Is it a proxy? If not, a run may have started (key `gha_k`). Re-run this job: with `on_rerun: resume` it joins that run if there is one.',
  ],
  [
    'an error that does not, with a run',
    { kind: 'error', headline: 'x', remedy: 'Create a key.' },
    {},
    'Create a key. The run goes on at Alloovium. Re-run this job: it joins the same run.',
  ],
  [
    'another key, for a run that goes on',
    { kind: 'error', headline: 'x', remedy: 'Create a key. {new_key}' },
    {},
    'Create a key. With a new key a re-run starts a second run: to evaluate the first one, give `run_id: run_1`.',
  ],
  [
    'another key, for a run that was given',
    { kind: 'error', headline: 'x', remedy: 'Create a key. {new_key}' },
    attached,
    'Create a key. Re-run this job: it joins the same run.',
  ],
  [
    'another key, for a run that may have started',
    { kind: 'error', headline: 'x', remedy: 'Create a key. {new_key}', left: 'maybe_run' },
    { runId: '' },
    'Create a key. A run may have started (key `gha_k`): look for it in the Alloovium dashboard. With a new key a re-run launches another.',
  ],
  [
    'another key, where nothing was started',
    { kind: 'error', headline: 'x', remedy: 'Create a key. {new_key}' },
    { runId: '' },
    'Create a key.',
  ],
  [
    'an error of what the run wrote',
    { kind: 'error', headline: 'x', remedy: 'Write less, then {new_run}' },
    {},
    `Write less, then ${AGAIN}`,
  ],
  [
    'a run that is gone',
    { kind: 'error', headline: 'x', remedy: 'It was deleted. {new_run}' },
    {},
    'It was deleted. Re-run the failed job: this starts a new run.',
  ],
  [
    'an error that does not, without one',
    { kind: 'error', headline: 'x', remedy: 'Create a key.' },
    { runId: '' },
    'Create a key.',
  ],
])('the next step: %s', (_, ending, change, nextStep) => {
  expect(judged(ending, change).nextStep).toBe(nextStep);
});

describe('more than one thing to do is a list', () => {
  const PUSH =
    'Correct the condition and push it. To try it on this run first, without a launch, give `run_id: run_1`.';
  const OR = `Or correct what the workflow writes, then ${AGAIN}`;
  const ELSEWHERE =
    'Or, if the default branch has them too: run this review there by hand, and give its `gate_file` as `baseline_file`.';
  const CORRECT = `Correct the items in Alloovium, then ${AGAIN}`;
  const matched = { ...result('holds', { matched: 2 }), knownBy: ['id'] };
  const unused = { baselineUnusedReason: 'Every finding counts as new: `baseline_file` is empty' };
  const isNew = { ...matched, isExcused: false };
  const LIMIT = 'The baseline was written on `push`, and its gate failed: only what it marks as known counts';
  test.each<[string, Ended, Circumstances, string[]]>([
    ['items alone: no list', completed(result('holds', { matched: 2 })), {}, []],
    ['what cannot be evaluated', completed(result('cannot_be_evaluated')), {}, [PUSH, OR]],
    [
      'what cannot be evaluated, and items',
      completed(result('holds', { matched: 2 }), result('cannot_be_evaluated')),
      {},
      ['Correct the items in Alloovium.', PUSH, OR],
    ],
    ['`fail_on: new`, and no baseline that serves', completed(matched), unused, [CORRECT, ELSEWHERE]],
    ['not where no baseline can know it', completed(result('holds')), unused, []],
    ['nor where `known_by` names no fields', completed(result('holds', { matched: 2 })), unused, []],
    [
      'where no item has one of its fields, the field first',
      completed(matched),
      {
        baselineUnusedReason:
          'Every finding counts as new for “not compliant” (no item has `titel`; `title`?)',
      },
      ['Correct `known_by` and push it.', `Or correct the items in Alloovium, then ${AGAIN}`],
    ],
    ['a baseline that serves in part', completed(isNew), { baselineNotes: [LIMIT] }, [CORRECT, ELSEWHERE]],
    [
      'not with `fail_on: any`, which it changes nothing in',
      completed(matched),
      { baselineNotes: [LIMIT] },
      [],
    ],
    [
      'nor beside a condition that is true',
      completed(matched, { ...result('holds'), knownBy: ['id'] }),
      unused,
      [],
    ],
    ['nor of a run that was given', completed(matched), { ...attached, ...unused }, []],
  ])('%s', (_, ending, change, steps) => {
    expect(judged(ending, change).steps).toEqual(steps);
  });

  test.each([
    [
      'main',
      '`main` has no artifact `a`',
      'Or, if `main` has them too: run this workflow by hand on `main`, then re-run this job.',
    ],
    [
      'main',
      `${NOT_FETCHED} (403)`,
      'Or, if `main` has them too: re-run this job once the baseline can be fetched.',
    ],
    ['', '`baseline_file` is missing', ELSEWHERE],
  ])(
    'the annotation has all of them, after the reason why the baseline of %p is not used: %s',
    (baselineBranch, why, also) => {
      const baselineUnusedReason = `Every finding counts as new: ${why}`;
      const { nextStep } = judged(completed(matched), { baselineUnusedReason, baselineBranch });
      expect(nextStep).toBe(`${baselineUnusedReason}. ${CORRECT} ${also}`);
    },
  );
});

test.each([
  ['pending', 'Launched without waiting'],
  ['zqzq', 'Launched without waiting'],
  ['failed', 'Launched without waiting (the run has failed already)'],
  ['cancelled', 'Launched without waiting (the run was cancelled already)'],
])('with `wait: false` says that the run has ended already: %s', (status, headline) => {
  expect(judged({ kind: 'launched' }, { status })).toMatchObject({ headline, conclusion: 'pending' });
});

test('a condition without a result does not make the step green', () => {
  expect(() => judged(completed(), { conditions: [condition('fail')] })).toThrow('not evaluated');
});

test.each(['fail', 'warn'] as const)(
  'the headline fits into an issue’s title for any length of names in `%s_if`',
  (severity) => {
    const names = ['a', 'b', 'c', 'd', '\u{20000}'].map((letter) => letter.repeat(64));
    for (const first of names) {
      const all = [first, ...names].map((name) =>
        result('holds', { name, severity, matched: 999, unmatched: 99_001 }),
      );
      const { headline } = judged(completed(...all));
      expect(headline).toContain(first);
      expect(headline.length).toBeLessThanOrEqual(240);
    }
  },
);

describe('the progress of a run that did not end in time', () => {
  const run = (progress: number | null) => ({ progress }) as Outcome['run'];
  test.each<[string, Partial<Ended>, Circumstances, string]>([
    ['by its progress', {}, { status: 'running', run: run(40.7) }, 'Not finished after 15 min (40 %)'],
    ['before it began', {}, { status: 'pending', run: run(0) }, 'Not finished after 15 min (queued)'],
    ['in a state of its own', {}, { status: 'zqzq', run: run(40) }, 'Not finished after 15 min'],
    [
      'whose gate came too late',
      {},
      { status: 'completed', run: run(100) },
      'The run ended too late to be evaluated within 15 min',
    ],
    ['that never began', {}, { runId: '' }, 'Not started after 15 min'],
    [
      'whose earlier run could not be polled',
      { lastFailure: '504' },
      { runId: '' },
      'Alloovium gave no usable answer for 15 min (last: 504)',
    ],
    [
      'for want of tokens',
      { waitedFor: 'waiting for tokens of the API key' },
      { runId: '' },
      'Not started after 15 min (waiting for tokens of the API key)',
    ],
    [
      'whose launch the API held back for too long',
      { askedMs: 1_000_000 },
      { runId: '' },
      'Not started (the API asked to wait 16 min 40 s more, longer than the rest of the 15 min allowed)',
    ],
    [
      'whose launch the API held back for longer than a step can wait',
      { askedMs: 2 ** 31 - 1 },
      { runId: '' },
      'Not started (the API asked to wait more than a day)',
    ],
  ])('%s', (_, ending, change, headline) => {
    expect(judged({ ...late, ...ending } as Ended, change).headline).toBe(headline);
  });

  test('does not advise more time if the API asks for more than the maximum', () => {
    const { nextStep } = judged({ ...late, askedMs: 2 ** 31 - 1 }, { runId: '' });
    expect(nextStep).toBe('Re-run this job.');
  });

  test('does not advise more time for a status that the action does not know', () => {
    expect(judged(late, { status: 'awaiting_review' }).nextStep).toBe(
      'Look at the run in the Alloovium dashboard: this version of the action does not know its status. Re-run this job: it joins the same run.',
    );
  });

  test.each([
    [900_000, '15 min'],
    [30_000, '30 s'],
    [139_000, '2 min 19 s'],
  ])('is written with the time in one form: %d ms', (timeoutMs, text) => {
    const verdict = verdictOfStep([anOutcome(late)], null, { isGated: false, onRerun: 'resume', timeoutMs });
    expect(verdict.headline).toBe(`Not finished after ${text}`);
  });
});
