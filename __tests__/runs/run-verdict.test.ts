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

test('has the gate `not_evaluated` for a step that the runner stops', () => {
  expect(judged(interrupted, gated)).toMatchObject({ exitCode: 1, gate: 'not_evaluated' });
});

describe('the verdict on a run', () => {
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
  test('is green only for a completed run whose `fail_if` conditions do not hold, or without waiting (I2), for any ending', () => {
    fc.assert(
      fc.property(anyEnding, (ending) => {
        const { exitCode, conclusion, gate, nextStep } = judged(ending);
        const mayBeGreen =
          ending.kind === 'launched' ||
          (ending.kind === 'ended' &&
            ending.status === 'completed' &&
            (ending.results ?? []).every((one) => one.condition.severity === 'warn' || one.result === 'does_not_hold'));
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
  const HEADLINES: readonly [string, Ended, string][] = [
    ['a condition that is not a list', completed(result('does_not_hold')), 'Passed “not compliant”'],
    ['one item', completed(filtering('items', 'bad', 1)), '1 item passed “bad”'],
    ['an empty list', completed(filtering('items', 'bad', 0)), 'Passed “bad”'],
    [
      'one list for two conditions, and a condition that is not a list',
      completed(filtering('items', 'a', 5), filtering('items', 'b', 5), result('does_not_hold', { name: 'c' })),
      '5 items passed “a”, “b” and “c”',
    ],
    ['two lists of three', completed(filtering('doors', 'a', 3), filtering('stairs', 'b', 3)), '6 items passed “a” and “b”'],
    ['items of a condition without a name', completed(filtering('items', null, 1_200)), '1,200 items passed'],
    [
      'two conditions without names',
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
      'waived items of a warning about another list',
      completed(
        filtering('items', 'bad', 3),
        waiving(
          result('does_not_hold', {
            severity: 'warn',
            unmatched: 0,
            expression: 'outputs.rfis.filter(i, i.late)',
          }),
          5,
        ),
      ),
      'Passed, 5 waived',
    ],
    [
      'items that are waived in two parts of a list',
      completed(...['a', 'b'].map((kind) => waiving(filtering(`items.filter(i, i.kind == '${kind}')`, kind, 0), 1))),
      'Passed, 1 waived',
    ],
    [
      'items of one list that two conditions waive',
      completed(waiving(filtering('items', 'a', 3), 2), waiving(filtering('items', 'b', 3), 2)),
      '3 passed, 2 waived',
    ],
    ['waived items of a list that is not filtered', completed(waiving(result('does_not_hold'), 2)), 'Passed, 2 waived'],
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
    [
      'a condition of `warn_if` that does not hold, next to one of `fail_if`',
      completed(
        filtering('items', 'bad', 5),
        result('does_not_hold', { severity: 'warn', name: 'old', unmatched: 9, expression: 'outputs.b' }),
      ),
      '5 items passed “bad”',
    ],
    [
      'known items of a warning, next to a passed gate',
      completed(filtering('items', 'bad', 5), {
        ...result('holds', { severity: 'warn', matched: 2 }),
        known: [true, true],
        isExcused: true,
      }),
      '2 known “not compliant” (a warning only)',
    ],
    [
      'waived items of a list that is not filtered, next to one that is',
      completed(filtering('items', 'bad', 3), waiving(result('does_not_hold'), 2)),
      'Passed, 2 waived',
    ],
    ['one condition without a name', completed(result('does_not_hold', { name: null })), 'Passed 1 condition'],
    ['a step without a gate', completed(), 'The run completed; there is no gate (`fail_if`)'],
    [
      'a warning of a passed gate',
      completed(filtering('items', 'bad', 5), result('holds', { severity: 'warn', name: 'old', matched: 2, unmatched: 3 })),
      '2 of 5 items “old” (a warning only)',
    ],
    [
      'a warning next to waived items',
      completed(waiving(filtering('items', 'bad', 3), 2), result('cannot_be_evaluated', { severity: 'warn', name: null })),
      '3 passed, 2 waived; Line 1 of `warn_if` cannot be evaluated (a warning only)',
    ],
    [
      'a red condition next to a green one and a warning',
      completed(result('does_not_hold'), result('holds', { name: 'b' }), result('holds', { severity: 'warn', name: 'c' })),
      '“b” is true',
    ],
    ['a run that failed', ended('failed'), 'The run failed'],
    ['a run that has not ended in time', { ...late, askedMs: 30_000 }, 'Not finished after 15 min (the API asked to wait 30 s more)'],
    ['an error', { kind: 'error', headline: 'The key was revoked', remedy: 'Create one.' }, 'The key was revoked'],
  ];
  test.each(HEADLINES.map(([what, ending, headline]) => [what, headline, ending] as const))('is, for %s: “%s”', (_, headline, ending) => {
    expect(judged(ending).headline).toBe(headline);
  });

  const BRIEF_HEADLINES: readonly [string, Ended, string][] = [
    ['items', completed(filtering('items', 'bad', 7)), '7 passed'],
    ['one item', completed(filtering('items', 'bad', 1)), '1 passed'],
    ['an empty list', completed(result('does_not_hold')), 'passed'],
    ['waived items', completed(waiving(filtering('items', 'bad', 7), 1)), '7 passed, 1 waived'],
    ['a step without a gate', completed(), 'completed, no gate'],
    ['two red conditions', completed(result('holds', { matched: 2 }), result('holds')), '“not compliant” matched 2 items and 1 more'],
  ];
  test.each(BRIEF_HEADLINES.map(([what, ending, brief]) => [what, brief, ending] as const))(
    'is, in a list of runs, for %s: “%s”',
    (_, brief, ending) => {
      expect(judged(ending).brief).toBe(brief);
    },
  );

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
const NEXT_STEPS: readonly [string, Ended, Circumstances, string][] = [
  ['items', completed(result('holds', { matched: 2 })), {}, `Correct the items in Alloovium, then ${AGAIN}`],
  [
    'new items among known ones',
    completed({ ...result('holds', { matched: 2 }), known: [true, false], isExcused: false }),
    {},
    `Correct the new items in Alloovium, then ${AGAIN}`,
  ],
  [
    'new items of one condition next to another without known ones',
    completed(
      { ...result('holds', { matched: 2 }), known: [true, false], isExcused: false },
      { ...result('holds', { matched: 1 }), known: [false], isExcused: false },
    ),
    {},
    `Correct the new items in Alloovium, then ${AGAIN}`,
  ],
  ['a condition that is true', completed(result('holds')), {}, `Correct the cause in Alloovium, then ${AGAIN}`],
  [
    'items, and a condition that is true',
    completed(result('holds', { matched: 2 }), result('holds', { name: 'nothing reviewed' })),
    {},
    `Correct the items and the cause of “nothing reviewed” in Alloovium, then ${AGAIN}`,
  ],
  [
    'an attached run',
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
    'a run that is older than the job, with `fresh`',
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
    'what cannot be evaluated, next to items',
    completed(result('holds', { matched: 2 }), result('cannot_be_evaluated')),
    {},
    'Correct the items in Alloovium, and correct the condition (`run_id: run_1` tries it on this run) or what the workflow writes.',
  ],
  ['warnings', completed(result('holds', { severity: 'warn', matched: 2 })), {}, 'Correct the items in Alloovium, or change `warn_if`.'],
  [
    'a warning that cannot be evaluated',
    completed(result('cannot_be_evaluated', { severity: 'warn' })),
    {},
    'Correct the condition in `warn_if`.',
  ],
  [
    'a warning that cannot be evaluated, next to items',
    completed(result('holds', { severity: 'warn', matched: 2 }), result('cannot_be_evaluated', { severity: 'warn' })),
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
    { ...late, lastFailure: '503', left: 'unknown' },
    { onRerun: 'fresh', runId: '' },
    'A run may have started (key `gha_k`): look for it in the Alloovium dashboard. With `on_rerun: fresh` a re-run launches another.',
  ],
  [
    'an error whose remedy says how to try again',
    { kind: 'error', headline: 'x', remedy: '{again} If it happens again, report it.' },
    {},
    'The run goes on at Alloovium. Re-run this job: it joins the same run. If it happens again, report it.',
  ],
  [
    'an error whose remedy says so within a sentence',
    { kind: 'error', headline: 'x', remedy: 'Is it a proxy? If not, {again}', left: 'unknown' },
    { runId: '' },
    'Is it a proxy? If not, a run may have started (key `gha_k`). Re-run this job: with `on_rerun: resume` it joins that run if there is one.',
  ],
  [
    'an error whose remedy does not say so, with a run',
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
    'another key, for an attached run',
    { kind: 'error', headline: 'x', remedy: 'Create a key. {new_key}' },
    attached,
    'Create a key. Re-run this job: it joins the same run.',
  ],
  [
    'another key, for a run that may have started',
    { kind: 'error', headline: 'x', remedy: 'Create a key. {new_key}', left: 'unknown' },
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
    'an error whose remedy does not say so, without a run',
    { kind: 'error', headline: 'x', remedy: 'Create a key.' },
    { runId: '' },
    'Create a key.',
  ],
  [
    'an attached run that is gone',
    { kind: 'error', headline: 'x', remedy: 'It was deleted. {new_run}' },
    attached,
    'It was deleted. Start a new run and give its ID as `run_id`.',
  ],
  [
    'an error of a run that has ended',
    { kind: 'error', headline: 'x', remedy: '{again}' },
    { status: 'completed' },
    'Re-run this job: it evaluates the same run.',
  ],
  [
    'an error whose remedy says within a sentence how to join the run that goes on',
    { kind: 'error', headline: 'x', remedy: 'Is it a proxy? If not, {again}' },
    {},
    'Is it a proxy? If not, re-run this job: it joins the same run.',
  ],
  [
    'a run that failed with a message',
    { kind: 'ended', status: 'failed', errorMessage: 'No such table' },
    {},
    `Fix what Alloovium reported, then ${AGAIN}`,
  ],
  [
    'a run that failed with a blank message',
    { kind: 'ended', status: 'failed', errorMessage: ' \n' },
    {},
    `Find the reason in the Alloovium dashboard, then ${AGAIN}`,
  ],
];
test.each(NEXT_STEPS.map(([what, ending, change, nextStep]) => [what, nextStep, ending, change] as const))(
  'advises for %s: “%s”',
  (_, nextStep, ending, change) => {
    expect(judged(ending, change).nextStep).toBe(nextStep);
  },
);

describe('the verdict on a run with findings', () => {
  const PUSH = 'Correct the condition and push it. To try it on this run first, without a launch, give `run_id: run_1`.';
  const OR = `Or correct what the workflow writes, then ${AGAIN}`;
  const ELSEWHERE = 'Or, if the default branch has them too: run this review there by hand, and give its `gate_file` as `baseline_file`.';
  const CORRECT = `Correct the items in Alloovium, then ${AGAIN}`;
  const matched = { ...result('holds', { matched: 2 }), knownBy: ['id'] };
  const unused = { baselineUnusedReason: 'Every finding counts as new: `baseline_file` is empty' };
  const isNew = { ...matched, isExcused: false };
  const LIMIT = 'The baseline was written on `push`, and its gate failed: only what it marks as known counts';
  test.each<[string, Ended, Circumstances, string[]]>([
    ['has no list of steps for matched items alone', completed(result('holds', { matched: 2 })), {}, []],
    ['has two steps for what cannot be evaluated', completed(result('cannot_be_evaluated')), {}, [PUSH, OR]],
    [
      'has three steps for items and what cannot be evaluated',
      completed(result('holds', { matched: 2 }), result('cannot_be_evaluated')),
      {},
      ['Correct the items in Alloovium.', PUSH, OR],
    ],
    ['has two steps for items with `fail_on: new` and an unused baseline', completed(matched), unused, [CORRECT, ELSEWHERE]],
    ['has no list of steps for a condition that is true with an unused baseline', completed(result('holds')), unused, []],
    ['has no list of steps for items without fields in `known_by`', completed(result('holds', { matched: 2 })), unused, []],
    [
      'has the correction of `known_by` first if no item has one of its fields',
      completed(matched),
      {
        baselineUnusedReason: 'Every finding counts as new for “not compliant” (no item has `titel`; `title`?)',
      },
      ['Correct `known_by` and push it.', `Or correct the items in Alloovium, then ${AGAIN}`],
    ],
    [
      'has two steps for new items with a baseline that does not count in full',
      completed(isNew),
      { baselineNotes: [LIMIT] },
      [CORRECT, ELSEWHERE],
    ],
    ['has no list of steps for items with `fail_on: any`', completed(matched), { baselineNotes: [LIMIT] }, []],
    [
      'has no list of steps for items next to a condition that is true',
      completed(matched, { ...result('holds'), knownBy: ['id'] }),
      unused,
      [],
    ],
    ['has no list of steps for an attached run', completed(matched), { ...attached, ...unused }, []],
    [
      'has two steps for one item with an unused baseline',
      completed({ ...result('holds', { matched: 1 }), knownBy: ['id'] }),
      unused,
      [CORRECT, ELSEWHERE],
    ],
    ['has no list of steps if only one of two conditions asks for new items', completed(isNew, matched), { baselineNotes: [LIMIT] }, []],
    ['has no list of steps for a run on the branch of the baseline', completed(matched), { ...unused, isOnBaseline: true }, []],
  ])('%s', (_, ending, change, steps) => {
    expect(judged(ending, change).steps).toEqual(steps);
  });

  test.each([
    ['main', '`main` has no artifact `a`', 'Or, if `main` has them too: run this workflow by hand on `main`, then re-run this job.'],
    ['main', `${NOT_FETCHED} (403)`, 'Or, if `main` has them too: re-run this job once the baseline can be fetched.'],
    ['', '`baseline_file` is missing', ELSEWHERE],
  ])('has both steps in the annotation, after the reason why the baseline of %p is not used: %s', (baselineBranch, why, also) => {
    const baselineUnusedReason = `Every finding counts as new: ${why}`;
    const { nextStep } = judged(completed(matched), { baselineUnusedReason, baselineBranch });
    expect(nextStep).toBe(`${baselineUnusedReason}. ${CORRECT} ${also}`);
  });
});

test.each([
  ['pending', 'Launched without waiting'],
  ['zqzq', 'Launched without waiting'],
  ['failed', 'Launched without waiting (the run has failed already)'],
  ['cancelled', 'Launched without waiting (the run was cancelled already)'],
])('has with `wait: false`, for the status %s, the headline “%s”', (status, headline) => {
  expect(judged({ kind: 'launched' }, { status })).toMatchObject({ headline, conclusion: 'pending' });
});

test('throws instead of being green for a condition without a result', () => {
  expect(() => judged(completed(), { conditions: [condition('fail')] })).toThrow('not evaluated');
});

test.each(['fail', 'warn'] as const)('has a headline that fits into an issue’s title for any length of names in `%s_if`', (severity) => {
  const names = ['a', 'b', 'c', 'd', '\u{20000}'].map((letter) => letter.repeat(64));
  for (const first of names) {
    const all = [first, ...names].map((name) => result('holds', { name, severity, matched: 999, unmatched: 99_001 }));
    const { headline } = judged(completed(...all));
    expect(headline).toContain(first);
    expect(headline.length).toBeLessThanOrEqual(240);
  }
});

describe('the headline at the end of the time', () => {
  const run = (progress: number | null) => ({ progress }) as Outcome['run'];
  const LATE_HEADLINES: readonly [string, Partial<Ended>, Circumstances, string][] = [
    ['that is running', {}, { status: 'running', run: run(40.7) }, 'Not finished after 15 min (40 %)'],
    ['that is pending', {}, { status: 'pending', run: run(0) }, 'Not finished after 15 min (queued)'],
    ['with an unknown status', {}, { status: 'zqzq', run: run(40) }, 'Not finished after 15 min'],
    [
      'that ended too late for its gate',
      {},
      { status: 'completed', run: run(100) },
      'The run ended too late to be evaluated within 15 min',
    ],
    ['that was not launched', {}, { runId: '' }, 'Not started after 15 min'],
    [
      'whose earlier run could not be polled',
      { lastFailure: '504' },
      { runId: '' },
      'Alloovium gave no usable answer for 15 min (last: 504)',
    ],
    [
      'that was not launched for lack of tokens',
      { waitedFor: 'waiting for tokens of the API key' },
      { runId: '' },
      'Not started after 15 min (waiting for tokens of the API key)',
    ],
    [
      'that was not launched before the deadline because of a hint',
      { askedMs: 1_000_000 },
      { runId: '' },
      'Not started (the API asked to wait 16 min 40 s more, longer than the rest of the 15 min allowed)',
    ],
    [
      'that was not launched because of a hint of more than a day',
      { askedMs: 2 ** 31 - 1 },
      { runId: '' },
      'Not started (the API asked to wait more than a day)',
    ],
  ];
  test.each(LATE_HEADLINES.map(([what, ending, change, headline]) => [what, headline, ending, change] as const))(
    'is, for a run %s: “%s”',
    (_, headline, ending, change) => {
      expect(judged({ ...late, ...ending } as Ended, change).headline).toBe(headline);
    },
  );

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
  ])('writes a time limit of %d ms as “%s”', (timeoutMs, text) => {
    const verdict = verdictOfStep([anOutcome(late)], null, { isGated: false, onRerun: 'resume', timeoutMs });
    expect(verdict.headline).toBe(`Not finished after ${text}`);
  });
});
