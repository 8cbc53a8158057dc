import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRed, type Condition, type ConditionResult } from '../../src/gate/gate.ts';
import { judge, nameOf, phrase, type Circumstances, type Ending } from '../../src/runs/verdict.ts';

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
  }: {
    readonly severity?: 'fail' | 'warn';
    readonly name?: string | null;
    readonly matched?: number;
    readonly unmatched?: number | null;
  } = {},
): ConditionResult {
  return {
    condition: condition(severity, name),
    result,
    matched: Array.from({ length: matched }, (_, at) => ({ id: at })),
    unmatched: unmatched === null ? null : Array.from({ length: unmatched }, (_, at) => ({ id: at })),
    problem: null,
    notices: [],
  };
}

const about: Circumstances = {
  conditions: [],
  gated: false,
  runId: 'run_1',
  joinedOlder: false,
  attached: false,
  onRerun: 'resume',
  idempotencyKey: 'gha_k',
};

const completed = (...results: ConditionResult[]): Ending => ({
  kind: 'ended',
  status: 'completed',
  results,
});
const ended = (status: string): Ending => ({ kind: 'ended', status, results: [] });

/** With the conditions that the results are of. */
function judged(ending: Ending, change: Partial<Circumstances> = {}) {
  const conditions = ending.kind === 'ended' ? ending.results.map((one) => one.condition) : [];
  const gated = conditions.some(({ severity }) => severity === 'fail');
  return judge(ending, { ...about, conditions, gated, ...change });
}

const gated = { conditions: [condition('fail')], gated: true };
const again = 're-run the failed job: it launches a new run.';

describe('each ending has its conclusion, its exit code and its gate', () => {
  test.each<[string, Ending, Partial<Circumstances>, string, 0 | 1, string]>([
    ['completed, no gate', completed(), {}, 'success', 0, 'none'],
    ['completed, nothing holds', completed(result('does_not_hold')), {}, 'success', 0, 'passed'],
    ['completed, a condition holds', completed(result('holds')), {}, 'gate_failed', 1, 'failed'],
    [
      'completed, one of several holds',
      completed(result('does_not_hold'), result('holds')),
      {},
      'gate_failed',
      1,
      'failed',
    ],
    [
      'completed, one cannot be evaluated',
      completed(result('cannot_be_evaluated')),
      {},
      'gate_failed',
      1,
      'failed',
    ],
    [
      'completed, a warning holds',
      completed(result('holds', { severity: 'warn' })),
      {},
      'success',
      0,
      'none',
    ],
    [
      'completed, a warning cannot be evaluated',
      completed(result('cannot_be_evaluated', { severity: 'warn' })),
      {},
      'success',
      0,
      'none',
    ],
    [
      'completed, a warning beside a gate that passes',
      completed(result('does_not_hold'), result('holds', { severity: 'warn' })),
      {},
      'success',
      0,
      'passed',
    ],
    ['failed', ended('failed'), {}, 'failure', 1, 'none'],
    ['failed, with a gate', ended('failed'), gated, 'failure', 1, 'not_evaluated'],
    ['cancelled', ended('cancelled'), {}, 'cancelled', 1, 'none'],
    ['cancelled, with a gate', ended('cancelled'), gated, 'cancelled', 1, 'not_evaluated'],
    ['`Completed` is not completed (B3)', ended('Completed'), gated, 'cancelled', 1, 'not_evaluated'],
    ['launched', { kind: 'launched' }, {}, 'pending', 0, 'none'],
    ['skipped', { kind: 'skipped' }, {}, 'skipped', 0, 'none'],
    ['skipped, with a gate', { kind: 'skipped' }, gated, 'skipped', 0, 'not_evaluated'],
    [
      'timed out',
      { kind: 'timed_out', what: 'x', mayHaveStarted: false },
      gated,
      'timed_out',
      1,
      'not_evaluated',
    ],
    [
      'interrupted',
      { kind: 'interrupted', signal: 'SIGINT', mayHaveStarted: false },
      gated,
      'interrupted',
      1,
      'not_evaluated',
    ],
    ['an error', { kind: 'error', headline: 'h', remedy: 'r' }, gated, 'error', 1, 'not_evaluated'],
    [
      'an error, with warnings only',
      { kind: 'error', headline: 'h', remedy: 'r' },
      { conditions: [condition('warn')] },
      'error',
      1,
      'none',
    ],
  ])('%s', (_, ending, change, conclusion, exitCode, gate) => {
    expect(judged(ending, change)).toMatchObject({ conclusion, exitCode, gate });
  });
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
  const anyEnding: fc.Arbitrary<Ending> = fc.oneof(
    fc.record({ kind: fc.constant('ended' as const), status: anyStatus, results: fc.array(anyResult) }),
    fc.constantFrom<Ending>({ kind: 'launched' }, { kind: 'skipped' }),
    fc.record({ kind: fc.constant('timed_out' as const), what: fc.string(), mayHaveStarted: fc.boolean() }),
    fc.record({
      kind: fc.constant('interrupted' as const),
      signal: fc.string(),
      mayHaveStarted: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('error' as const), headline: fc.string(), remedy: fc.string() }),
  );
  test('for any ending', () => {
    fc.assert(
      fc.property(anyEnding, (ending) => {
        const { exitCode, conclusion, gate, nextStep } = judged(ending);
        const mayBeGreen =
          ending.kind === 'launched' ||
          ending.kind === 'skipped' ||
          (ending.kind === 'ended' &&
            ending.status === 'completed' &&
            ending.results.every(
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
  test.each<[string, Ending, string]>([
    ['no gate', completed(), 'The run completed; no gate was asked for'],
    ['one condition', completed(result('does_not_hold')), 'The run completed; the condition does not hold'],
    [
      'several conditions',
      completed(result('does_not_hold'), result('does_not_hold')),
      'The run completed; none of the 2 conditions holds',
    ],
    [
      'a warning',
      completed(result('holds', { severity: 'warn', matched: 2, unmatched: 3 })),
      'The run completed; no gate was asked for; warning: “not compliant” matched 2 of 5 items',
    ],
    [
      'a warning that cannot be evaluated',
      completed(result('does_not_hold'), result('cannot_be_evaluated', { severity: 'warn', name: null })),
      'The run completed; the condition does not hold; warning: line 1 of `warn_if` cannot be evaluated',
    ],
    [
      'a condition that holds',
      completed(result('holds', { matched: 2, unmatched: 3 })),
      '“not compliant” matched 2 of 5 items',
    ],
    [
      'red before green, and no warnings among them',
      completed(
        result('does_not_hold'),
        result('holds', { name: 'b' }),
        result('holds', { severity: 'warn', name: 'c' }),
      ),
      '“b” holds',
    ],
    [
      'four conditions that hold',
      completed(...['a', 'b', 'c', 'd'].map((name) => result('holds', { name }))),
      '“a” holds; “b” holds; “c” holds; and 1 more',
    ],
    [
      'conditions whose names are long',
      completed(...['a', 'b', 'c'].map((name) => result('holds', { name: name.repeat(64) }))),
      `“${'a'.repeat(64)}” holds; “${'b'.repeat(64)}” holds; and 1 more`,
    ],
    ['failed', ended('failed'), 'The run failed'],
    ['cancelled', ended('cancelled'), 'The run was cancelled at Alloovium, by a user or a time-out there'],
    ['launched', { kind: 'launched' }, 'Launched, not waited for'],
    [
      'skipped',
      { kind: 'skipped' },
      'Skipped: GitHub gives no secrets to this pull request, so there is no API key',
    ],
    [
      'timed out',
      { kind: 'timed_out', what: 'the run was still running', mayHaveStarted: false },
      'No verdict: the time ran out while the run was still running',
    ],
    [
      'interrupted',
      { kind: 'interrupted', signal: 'SIGTERM', mayHaveStarted: false },
      'No verdict: the job was cancelled (SIGTERM)',
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
    const endings: Ending[] = [
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

describe('the next step', () => {
  const timedOut = (mayHaveStarted: boolean): Ending => ({ kind: 'timed_out', what: 'x', mayHaveStarted });
  const interrupted = (mayHaveStarted: boolean): Ending => ({
    kind: 'interrupted',
    signal: 'SIGINT',
    mayHaveStarted,
  });
  const goesOn =
    'The run goes on at Alloovium; re-run this job to join it, or give `run_id: run_1` to judge it.';
  test.each<[string, Ending, Partial<Circumstances>, string]>([
    ['green: none', completed(), {}, ''],
    ['skipped: none', { kind: 'skipped' }, {}, ''],
    [
      'launched: judge it later',
      { kind: 'launched' },
      {},
      'To judge the run, use the action in a later job with the same inputs and without `wait: false`.',
    ],
    [
      'a condition holds: correct, then run anew',
      completed(result('holds')),
      {},
      `Correct the cause in Alloovium, then ${again}`,
    ],
    [
      'of an older run that was joined (K10)',
      completed(result('holds')),
      { joinedOlder: true },
      'Correct the cause in Alloovium, then re-run this job: it joins a newer run if there is one, else launches one.',
    ],
    [
      'of a run that was attached to',
      completed(result('holds')),
      { attached: true, joinedOlder: true },
      'Correct the cause in Alloovium, then launch a new run and give its ID as `run_id`.',
    ],
    [
      'nothing could be evaluated: correct the condition',
      completed(result('cannot_be_evaluated')),
      {},
      `Push a corrected condition (\`has(outputs.x)\` allows a key to be absent), or correct what the workflow writes and ${again}`,
    ],
    [
      'one holds and one cannot be evaluated',
      completed(result('holds'), result('cannot_be_evaluated')),
      {},
      `Correct the cause in Alloovium, then ${again}`,
    ],
    ['failed', ended('failed'), {}, `Correct what its message names, then ${again}`],
    ['cancelled', ended('cancelled'), {}, `If that was not meant, ${again}`],
    ['timed out over a run', timedOut(false), {}, goesOn],
    [
      'timed out over a run that was attached to',
      timedOut(false),
      { attached: true },
      'The run goes on at Alloovium; give `run_id: run_1` to judge it.',
    ],
    [
      'timed out over a launch that was not answered',
      timedOut(true),
      { runId: '' },
      'A run may have started under key gha_k; re-run this job: it joins that run.',
    ],
    [
      'timed out before a launch',
      timedOut(false),
      { runId: '' },
      'Raise `timeout_minutes`, or re-run this job.',
    ],
    ['interrupted over a run', interrupted(false), {}, goesOn],
    [
      'interrupted over a launch that was not answered',
      interrupted(true),
      { runId: '' },
      'A run may have started under key gha_k; re-run this job: it joins that run.',
    ],
    [
      'interrupted before a launch',
      interrupted(false),
      { runId: '' },
      'Nothing was launched; re-run this job.',
    ],
    ['an error: its own', { kind: 'error', headline: 'h', remedy: 'Create one.' }, {}, 'Create one.'],
  ])('%s', (_, ending, change, nextStep) => {
    expect(judged(ending, change).nextStep).toBe(nextStep);
  });
});

describe('a condition in words', () => {
  test.each<[string, ConditionResult, string]>([
    ['holds', result('holds'), '“not compliant” holds'],
    ['does not hold', result('does_not_hold', { unmatched: 5 }), '“not compliant” does not hold'],
    ['cannot be evaluated', result('cannot_be_evaluated'), '“not compliant” cannot be evaluated'],
    ['one item', result('holds', { matched: 1 }), '“not compliant” matched 1 item'],
    ['several items', result('holds', { matched: 2 }), '“not compliant” matched 2 items'],
    [
      'one of several items',
      result('holds', { matched: 1, unmatched: 4 }),
      '“not compliant” matched 1 of 5 items',
    ],
    ['all items', result('holds', { matched: 3, unmatched: 0 }), '“not compliant” matched 3 of 3 items'],
    ['without a name', result('holds', { name: null }), 'line 1 of `fail_if` holds'],
  ])('%s', (_, one, text) => {
    expect(phrase(one)).toBe(text);
  });

  test('its name, or where it stands', () => {
    expect(nameOf(condition('warn', 'a b', 3))).toBe('“a b”');
    expect(nameOf(condition('warn', null, 3))).toBe('line 3 of `warn_if`');
  });
});

test.each([
  ['holds', 'fail', true],
  ['cannot_be_evaluated', 'fail', true],
  ['does_not_hold', 'fail', false],
  ['holds', 'warn', false],
  ['cannot_be_evaluated', 'warn', false],
] as const)('a condition that %s, of `%s_if`, is red: %s', (kind, severity, expected) => {
  expect(isRed(result(kind, { severity }))).toBe(expected);
});

test('with `on_rerun: fresh` nobody is told that a re-run joins anything', () => {
  const fresh = { onRerun: 'fresh' } as const;
  const late: Ending = { kind: 'timed_out', what: 'the run was still running', mayHaveStarted: true };
  expect(judged(late, fresh).nextStep).toBe(
    'The run goes on at Alloovium; give `run_id: run_1` to judge it.',
  );
  expect(judged(late, { ...fresh, runId: '' }).nextStep).toMatch(
    /key gha_k; look for it in the Alloovium dashboard\.$/,
  );
  expect(judged(ended('failed'), { ...fresh, joinedOlder: true }).nextStep).toContain(
    'it launches a new run',
  );
});

test('a condition that has no result is no reason to be green', () => {
  expect(() => judge(completed(), { ...about, conditions: [condition('fail')] })).toThrow('not evaluated');
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
