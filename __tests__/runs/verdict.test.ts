import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Condition, ConditionResult, JudgedResult } from '../../src/gate/condition.ts';
import { findingOf } from '../../src/gate/finding.ts';
import { begin, outcomesOf, type Ending, type Outcome } from '../../src/runs/outcome.ts';
import { resultOf, verdictOf } from '../../src/runs/verdict.ts';
import { anEntry, anOrder, judgedAlone } from '../fakes.ts';

const condition = (severity: 'fail' | 'warn', name: string | null = null, line = 1): Condition => ({
  severity,
  name,
  expression: 'outputs.a',
  line,
});

function result(
  result: ConditionResult['result'],
  {
    severity = 'fail',
    name = 'not compliant',
    matched = 0,
    unmatched = null,
    problem = null,
  }: {
    readonly severity?: 'fail' | 'warn';
    readonly name?: string | null;
    readonly matched?: number;
    readonly unmatched?: number | null;
    readonly problem?: string | null;
  } = {},
): ConditionResult {
  return {
    condition: condition(severity, name),
    result,
    matched: Array.from({ length: matched }, (_, at) => ({ id: at })),
    unmatched: unmatched === null ? null : Array<number>(unmatched).fill(0),
    problem,
    notices: [],
  };
}

type Bare<T> = T extends unknown ? Omit<T, 'errorMessage' | 'left'> : never;
type Given = ConditionResult & Partial<Pick<JudgedResult, 'knownBy' | 'known' | 'isExcused'>>;
/** An ending beside the results of its gate, if it has any, and what is left; not given: the run, if it is known. */
type Ended = Bare<Ending> & { readonly results?: readonly Given[]; readonly left?: 'maybe_run' };
/** What is known beside the ending. */
type Circumstances = Partial<Omit<Outcome, 'ending' | 'order' | 'findings'>> & {
  readonly conditions?: readonly Condition[];
  readonly isGated?: boolean;
  readonly onRerun?: 'resume' | 'fresh';
};

const completed = (...results: Given[]): Ended => ({ ...ended('completed'), results });
const ended = (status: string): Ended => ({ kind: 'ended', status });
const late: Ended = { kind: 'timed_out', waitedFor: '', askedMs: null, lastFailure: '' };
const interrupted: Ended = { kind: 'interrupted', signal: 'SIGINT' };
const attached = { origin: { kind: 'attached' } } as const;

/** With the conditions that the results are of. */
function judged(ending: Ended, change: Circumstances = {}) {
  const { isGated, onRerun = 'resume' } = change;
  const outcome = anOutcome(ending, change);
  const gated = outcome.entry.gate.conditions.some(({ severity }) => severity === 'fail');
  return verdictOf([outcome], null, { isGated: isGated ?? gated, onRerun, timeoutMs: 15 * 60_000 });
}

function anOutcome({ results = [], ...ending }: Ended, change: Circumstances = {}, name = ''): Outcome {
  const { conditions = results.map((one) => one.condition), ...known } = change;
  const entry = anEntry({ name, gate: { conditions, evaluate: () => [] } });
  const seen = { ...begin(anOrder({ entries: [entry] })), runId: 'run_1', idempotencyKey: 'gha_k', ...known };
  const unjudged = { since: null, used: new Set<number>(), stored: null };
  const left = seen.runId === '' ? 'nothing' : 'run';
  const over = { left, ...ending, errorMessage: '' } as Ending;
  const [outcome] = outcomesOf({ ...seen, stages: [], notices: [] }, over, [
    {
      entry,
      findings: results.map((one) => findingOf(judgedAlone(one))),
      ...unjudged,
      asAny: change.asAny ?? '',
    },
  ]);
  return outcome!;
}

const gated = { conditions: [condition('fail')], isGated: true };
const again = 're-run the failed job: this starts a new run.';

test('a step that the runner stops has not evaluated its gate', () => {
  expect(judged(interrupted, gated)).toMatchObject({ exitCode: 1, gate: 'not_evaluated' });
});

describe('green is only what the interface says (I2)', () => {
  const anyResult = fc
    .record({
      severity: fc.constantFrom('fail' as const, 'warn' as const),
      kind: fc.constantFrom('holds' as const, 'does_not_hold' as const, 'cannot_be_evaluated' as const),
      matched: fc.nat(3),
    })
    .map(({ kind, ...rest }) => result(kind, rest));
  const anyStatus = fc.oneof(
    fc.constantFrom('completed', 'failed', 'cancelled', 'Completed', 'completed '),
    fc.string(),
  );
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

describe('the headline', () => {
  test.each<[string, Ended, string]>([
    ['one condition', completed(result('does_not_hold')), 'Passed “not compliant”'],
    ['one item', completed(result('does_not_hold', { unmatched: 1 })), 'The one item passed “not compliant”'],
    ['two items', completed(result('does_not_hold', { unmatched: 2 })), 'Both items passed “not compliant”'],
    ['no items', completed(result('does_not_hold', { unmatched: 0 })), 'Passed “not compliant”'],
    [
      'many conditions',
      completed(...['a', 'b', 'c', 'd'].map((name) => result('does_not_hold', { name, unmatched: 7 }))),
      'All 7 items passed “a”, “b”, “c” and “d”',
    ],
    [
      'several without names',
      completed(result('does_not_hold', { name: null }), result('does_not_hold', { name: null })),
      'Passed both conditions',
    ],
    [
      'names that do not fit',
      completed(...['a', 'b', 'c'].map((name) => result('does_not_hold', { name: name.repeat(64) }))),
      'Passed all 3 conditions',
    ],
    [
      'a warning that cannot be evaluated',
      completed(result('does_not_hold'), result('cannot_be_evaluated', { severity: 'warn', name: null })),
      'Passed “not compliant”; line 1 of `warn_if` cannot be evaluated (a warning only)',
    ],
    [
      'one thing of a list: items of a warning, not that the gate passed',
      completed(
        result('does_not_hold', { unmatched: 5 }),
        result('holds', { severity: 'warn', name: 'old', matched: 2, unmatched: 3 }),
      ),
      '2 of 5 items “old” (a warning only)',
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
    [
      'four conditions that hold',
      completed(...['a', 'b', 'c', 'd'].map((name) => result('holds', { name }))),
      '“a” is true; “b” is true; “c” is true; and 1 more',
    ],
    [
      'conditions whose names are long',
      completed(...['a', 'b', 'c'].map((name) => result('holds', { name: name.repeat(64) }))),
      `“${'a'.repeat(64)}” is true; “${'b'.repeat(64)}” is true; and 1 more`,
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

  test('is one line, and holds nothing of the run', () => {
    const untrusted: ConditionResult = {
      ...result('holds'),
      matched: ['zqzq\n'],
      unmatched: ['zqzq'],
      problem: 'zqzq',
    };
    const endings: Ended[] = [
      completed(untrusted),
      completed({ ...untrusted, result: 'cannot_be_evaluated' }),
      completed({ ...untrusted, condition: condition('warn') }),
      ended('zqzq\n'),
    ];
    for (const ending of endings) {
      const { headline, nextStep } = judged(ending);
      expect(headline + nextStep).not.toMatch(/zqzq|\n/);
    }
  });
});

// What a recording tells of the usual endings is not here.
test.each<[string, Ended, Circumstances, string]>([
  [
    'of a run that was attached to',
    completed(result('holds')),
    { ...attached, joinedOlder: true },
    'Correct the cause in Alloovium, then start a new run and give its ID as `run_id`.',
  ],
  [
    'one of several cannot be evaluated, others matched: both',
    completed(
      result('holds', { matched: 2 }),
      result('cannot_be_evaluated', { problem: 'outputs has no key "x"' }),
    ),
    {},
    `Correct the two items in Alloovium. Also push a corrected condition (\`has(outputs.x)\` allows a missing key). Or correct what the workflow writes, then ${again}`,
  ],
  [
    'one of several is true, others matched: both',
    completed(result('holds', { matched: 2 }), result('holds', { name: 'nothing reviewed' })),
    {},
    `Correct the two items and the cause of “nothing reviewed” in Alloovium, then ${again}`,
  ],
  [
    'several are true, others matched',
    completed(result('holds', { matched: 2 }), result('holds'), result('holds')),
    {},
    `Correct the two items and the cause of the other conditions in Alloovium, then ${again}`,
  ],
  [
    'a warning that cannot be evaluated: as of one that is red',
    completed(result('cannot_be_evaluated', { severity: 'warn' })),
    {},
    'Push a corrected condition. Or correct what the workflow writes.',
  ],
  [
    'beside a warning with items',
    completed(
      result('holds', { severity: 'warn', matched: 2 }),
      result('cannot_be_evaluated', { severity: 'warn' }),
    ),
    {},
    'Correct the two items in Alloovium, or change `warn_if`. Also push a corrected condition. Or correct what the workflow writes.',
  ],
  [
    '`fail_on: new` without a baseline that serves: that the default branch may give one',
    completed({ ...result('holds', { matched: 2 }), knownBy: ['id'] }),
    { asAny: 'judged as `any`' },
    `Correct the two items in Alloovium, then ${again} If the default branch has them too, run this review there, give its \`gate_file\` as \`baseline_file\`, and re-run this job.`,
  ],
  [
    'of what no baseline can know: not so',
    completed(result('holds')),
    { asAny: 'judged as `any`' },
    `Correct the cause in Alloovium, then ${again}`,
  ],
  [
    'nor where `known_by` names no fields',
    completed(result('holds', { matched: 2 })),
    { asAny: 'judged as `any`' },
    `Correct the two items in Alloovium, then ${again}`,
  ],
  [
    'nor where no item has one of its fields',
    completed({ ...result('holds', { matched: 2 }), knownBy: ['id', 'titel'] }),
    { asAny: 'Every finding counts as new for “not compliant” (no item has `titel`; `title`?)' },
    `Correct the two items in Alloovium, then ${again}`,
  ],
  [
    'nor beside one that is true',
    completed({ ...result('holds', { matched: 2 }), knownBy: ['id'] }, result('holds')),
    { asAny: 'judged as `any`' },
    `Correct the two items and the cause of “not compliant” in Alloovium, then ${again}`,
  ],
  [
    'nor of a run whose project is not known',
    completed({ ...result('holds', { matched: 2 }), knownBy: ['id'] }),
    { ...attached, asAny: 'judged as `any`' },
    'Correct the two items in Alloovium, then start a new run and give its ID as `run_id`.',
  ],
  ['failed', ended('failed'), {}, `Find the reason in the Alloovium dashboard, then ${again}`],
  [
    'timed out over a run that has ended',
    late,
    { status: 'completed' },
    'Re-run this job: it judges the same run. If this happens often, raise `timeout_minutes`.',
  ],
])('the next step: %s', (_, ending, change, nextStep) => {
  expect(judged(ending, change).nextStep).toBe(nextStep);
});

test('with `on_rerun: fresh` nobody is told that a re-run joins anything', () => {
  const fresh = { onRerun: 'fresh' } as const;
  expect(judged(late, fresh).nextStep).toMatch(
    /^To judge the run that is at Alloovium, give `run_id: run_1`\./,
  );
  expect(judged({ ...late, left: 'maybe_run' }, { ...fresh, runId: '' }).nextStep).toMatch(
    /^A run may have started \(key `gha_k`\): look for it in the Alloovium dashboard\. With `on_rerun: fresh` a re-run launches another\./,
  );
  expect(judged(ended('failed'), { ...fresh, joinedOlder: true }).nextStep).toContain(
    'this starts a new run',
  );
  const several = [ended('failed'), late].map((ending, nth) => anOutcome(ending, {}, `run ${nth}`));
  const terms = { isGated: false, onRerun: 'fresh', timeoutMs: 60_000 } as const;
  expect(verdictOf(several, null, terms).nextStep).toMatch(/this starts all runs again\.$/);
  const given = anOutcome(completed(), attached, 'given');
  expect(verdictOf([...several, given], null, terms).nextStep).toMatch(
    /: this starts run 0 and run 1 again\.$/,
  );
  expect(verdictOf([given, given], null, terms).nextStep).not.toContain('this starts all');
  const green = anOutcome(completed(), {}, 'green');
  expect(verdictOf([...several.slice(0, 1), green], null, terms).nextStep).toBe(
    'Find the reason in the Alloovium dashboard, then re-run the failed job: this starts all runs again.',
  );
});

test('a run that is given and red is to be given anew: a re-run would say the same', () => {
  const all = [
    ...[anOutcome(ended('failed'), attached, 'given'), anOutcome(ended('failed'), {}, 'own')],
    // A new run of the workflow does not wait for this one again.
    anOutcome(late, { status: 'running' }, 'late'),
  ];
  const terms = { isGated: false, onRerun: 'resume', timeoutMs: 60_000 } as const;
  expect(verdictOf(all, null, terms).nextStep).toBe(
    'Fix the cause of own and give given a new `run_id`, then run the workflow again.',
  );
});

test('entries of one order that may have started a run are told once', () => {
  const left = { ...late, left: 'maybe_run' } as const;
  const all = ['A', 'B'].map((name) => anOutcome(left, { runId: '' }, name));
  const terms = { isGated: false, onRerun: 'resume', timeoutMs: 60_000 } as const;
  const { nextStep } = verdictOf([...all, anOutcome(ended('failed'), {}, 'C')], null, terms);
  expect(nextStep).toMatch(/^A run may have started: A and B \(key `gha_k`\)\. /);
});

test.each([
  ['commit', 'commit', 'All 2 runs are green (2 earlier runs of this commit were red)'],
  ['key', 'key', 'All 2 runs are green (2 earlier runs of this key were red)'],
  ['commit', 'key', 'All 2 runs are green (2 earlier runs were red)'],
] as const)('earlier red runs of one %s and one %s', (first, second, headline) => {
  const outcomes = [first, second].map((sharedBy, nth) =>
    anOutcome(completed(), { sharedBy, redRunsBefore: 1 }, `run ${nth}`),
  );
  const terms = { isGated: false, onRerun: 'resume', timeoutMs: 60_000 } as const;
  expect(verdictOf(outcomes, null, terms).headline).toBe(headline);
});

test('a condition that has no result is no reason to be green', () => {
  expect(() => judged(completed(), { conditions: [condition('fail')] })).toThrow('not evaluated');
});

test.each(['fail', 'warn'] as const)(
  'however long the names in `%s_if`, the headline fits into a title',
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

describe('how far a run was that did not end in time', () => {
  const run = (progress: number | null) => ({ progress }) as Outcome['run'];
  test.each<[string, Partial<Ended>, Circumstances, string]>([
    ['by its progress', {}, { status: 'running', run: run(40.7) }, 'Not finished after 15 min (40 %)'],
    ['before it began', {}, { status: 'pending', run: run(0) }, 'Not finished after 15 min (queued)'],
    ['in a state of its own', {}, { status: 'zqzq', run: run(40) }, 'Not finished after 15 min'],
    [
      'whose gate came too late',
      {},
      { status: 'completed', run: run(100) },
      'The run ended too late to be judged within 15 min',
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
  ])('%s', (_, ending, change, headline) => {
    expect(judged({ ...late, ...ending } as Ended, change).headline).toBe(headline);
  });

  test.each([
    [900_000, '15 min'],
    [30_000, '0.5 min'],
    [86_400_000, '1440 min'],
  ])('the time is told as `timeout_minutes` has it: %d ms', (timeoutMs, text) => {
    const verdict = verdictOf([anOutcome(late)], null, { isGated: false, onRerun: 'resume', timeoutMs });
    expect(verdict.headline).toBe(`Not finished after ${text}`);
  });
});

test.each<[string, ConditionResult[], string]>([
  ['ten items', [result('holds', { matched: 10 })], 'Correct the 10 items in'],
  [
    'items of two conditions',
    ['a', 'b'].map((name) => result('holds', { name, matched: 1 })),
    'Correct the matched items in',
  ],
])('%s', (_, results, start) => {
  expect(judged(completed(...results)).nextStep).toContain(start);
});

describe('of several runs', () => {
  const error: Ended = {
    kind: 'error',
    headline: 'The API key was revoked (401 api_key_revoked)',
    remedy: 'Create one.',
  };
  const red = completed(result('holds', { matched: 2, unmatched: 3 }));
  const green = completed(result('does_not_hold', { unmatched: 8 }));
  const terms = { isGated: true, onRerun: 'resume', timeoutMs: 15 * 60_000 } as const;
  const over = (runs: Readonly<Record<string, Ended>>) =>
    verdictOf(
      Object.entries(runs).map(([name, ending]) => anOutcome(ending, {}, name)),
      null,
      terms,
    );

  test('the headline holds no sign of a name that would act elsewhere', () => {
    const name = '<!-- @a `b`\u202e [x](y) Tür 2_a.b-c';
    const plain = '__-- _a _b__ _x__y_ Tür 2_a.b-c';
    expect(over({ [name]: ended('failed'), b: green }).headline).toContain(`is red: ${plain} (`);
    expect(over({ [name]: completed(), b: green }).headline).toContain(`not gated: ${plain}`);
    expect(over({ [name]: interrupted, b: green }).headline).toContain(`. ${plain} goes on`);
  });

  test('the headline names the red ones', () => {
    expect(over({ Tower: red, 'Car park': green, Bridge: late }).headline).toBe(
      '2 of 3 runs are red: Tower (“not compliant” matched 2 of 5 items), Bridge (not finished)',
    );
    expect(over({ Tower: red, 'Car park': green }).headline).toBe(
      '1 of 2 runs is red: Tower (“not compliant” matched 2 of 5 items)',
    );
  });

  test.each<[string | null, string]>([
    ['not compliant', '1 of 2 runs is red: a (“not compliant” matched 1 new and 4 known items)'],
    [null, '1 of 2 runs is red: a (line 1 of `fail_if` matched 1 new and 4 known items)'],
  ])('the headline tells new from known where a baseline does: %s', (name, headline) => {
    const known = [false, true, true, true, true];
    const five = { ...result('holds', { name, matched: 5, unmatched: 0 }), known, isExcused: false };
    expect(over({ a: completed(five), b: green }).headline).toBe(headline);
  });

  test('the headline of green ones, with what warned', () => {
    expect(over({ a: green, b: green })).toMatchObject({
      headline: 'All 2 runs are green',
      nextStep: '',
      exitCode: 0,
    });
    const warned = completed(result('holds', { severity: 'warn', matched: 2, unmatched: 3 }));
    expect(over({ a: green, b: warned }).headline).toBe(
      'All 2 runs are green; not gated: b; b: 2 of 5 items “not compliant” (a warning only)',
    );
    expect(over({ a: { kind: 'launched' }, b: { kind: 'launched' } })).toMatchObject({
      headline: 'All 2 runs launched, not waited for',
      conclusion: 'pending',
    });
  });

  test('an entry has its own gate where the step has none', () => {
    const outcomes = [anOutcome(green, {}, 'a'), anOutcome(completed(), {}, 'b')];
    // Whatever is asked of the others: also one that failed has none.
    outcomes.push(anOutcome(late, {}, 'c'));
    expect(verdictOf(outcomes, null, { ...terms, isGated: true }).gate).toBe('passed');
    const gates = outcomes.map((one) => resultOf(one, { ...terms, isGated: true }).gate);
    expect(gates).toEqual(['passed', 'none', 'none']);
  });

  const worstFirst: readonly [string, Ended][] = [
    ['interrupted', interrupted],
    ['error', error],
    ['timed_out', late],
    ['failure', ended('failed')],
    ['cancelled', ended('cancelled')],
    ['gate_failed', red],
    ['pending', { kind: 'launched' }],
    ['success', green],
  ];
  test.each(worstFirst.map(([word], at) => [word, at] as const))(
    'the conclusion is %s where none that is worse is among them',
    (word, at) => {
      for (const [, other] of worstFirst.slice(at)) {
        for (const pair of [
          [worstFirst[at]![1], other],
          [other, worstFirst[at]![1]],
        ] as const) {
          expect(over({ a: pair[0], b: pair[1] }).conclusion).toBe(word);
        }
      }
    },
  );

  test('it is green only where all are', () => {
    const any = fc.constantFrom(...worstFirst.map(([, ending]) => ending));
    fc.assert(
      fc.property(fc.array(any, { minLength: 2, maxLength: 6 }), (endings) => {
        const verdict = over(Object.fromEntries(endings.map((ending, at) => [`r${at}`, ending])));
        const isGreen = endings.every((ending) => ending === green || ending.kind === 'launched');
        expect(verdict.exitCode).toBe(isGreen ? 0 : 1);
        expect(verdict.headline.length).toBeLessThanOrEqual(240);
        if (!isGreen) expect(verdict.nextStep).toMatch(/\.$/);
      }),
    );
  });

  test.each<[string, Ended, Ended, string]>([
    ['failed, else', green, red, 'failed'],
    ['not_evaluated, else', late, green, 'not_evaluated'],
    ['passed', green, green, 'passed'],
    ['failed before not_evaluated', late, red, 'failed'],
  ])('the gate is %s', (_, a, b, gate) => {
    const outcomes = [a, b].map((one, at) => anOutcome(one, one.results ? {} : gated, `r${at}`));
    expect(verdictOf(outcomes, null, terms).gate).toBe(gate);
  });

  test.each<[string, Record<string, Ended>, string]>([
    [
      'the same for all: that',
      { a: late, b: late, c: green },
      'Re-run this job: it picks up the same run. If',
    ],
    [
      'of one red run: its own',
      { a: red, b: green },
      'Correct the two items in Alloovium, then re-run the failed job: this starts a new run.',
    ],
    [
      'items to correct in each',
      { a: red, b: completed(result('holds', { matched: 3 })) },
      'Correct the items of a and b in Alloovium, then re-run the failed job.',
    ],
    [
      'as many items to correct in each',
      { a: red, b: red, c: red, d: red, e: green },
      'Correct the items of a, b, c and 1 more in Alloovium, then re-run the failed job. It also keeps the result of e.',
    ],
    [
      'different things',
      { a: red, b: error },
      'Correct the items of a in Alloovium and fix the cause of b, then re-run the failed job.',
    ],
    [
      'some not finished',
      { a: red, b: late, c: green },
      'Correct the items of a in Alloovium, then re-run the failed job. It also waits for b again and keeps the result of c.',
    ],
    [
      'items, and what is no item, in one and in others',
      {
        a: completed(result('holds', { matched: 2 }), result('holds', { name: 'nothing reviewed' })),
        b: red,
        c: completed(result('cannot_be_evaluated')),
      },
      'Correct the items of a and b in Alloovium, fix the cause of c and fix what else is red in a, then re-run the failed job.',
    ],
  ])('the next step, %s', (_, runs, step) => {
    expect(over(runs).nextStep).toContain(step);
  });

  test('a run that the runner stopped waiting for is not called red', () => {
    expect(over({ a: interrupted, b: red, c: green })).toMatchObject({
      headline: 'No verdict on 1 of 3 runs: the runner stopped this step. a goes on at Alloovium; b is red',
      lead: 'No verdict on 1 of 3 runs: the runner stopped this step',
    });
  });
});
