import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '../../src/runs/outcome.ts';
import { countRedRunsBefore, verdictOfStep } from '../../src/runs/step-verdict.ts';
import { verdictOfRun } from '../../src/runs/run-verdict.ts';
import type { Terms } from '../../src/runs/verdict.ts';
import { anOutcome, attached, completed, ended, gated, interrupted, late, result, type Ended } from './an-outcome.ts';

const TERMS = { isGated: false, onRerun: 'resume', timeoutMs: 60_000 } as const;

test.each([
  ['commit', 'commit', '2 runs are green (2 earlier runs of this commit were red)'],
  ['key', 'key', '2 runs are green (2 earlier runs of this key were red)'],
  ['commit', 'key', '2 runs are green (2 earlier runs were red)'],
] as const)('names earlier red runs of one %s and one %s in the headline “%s”', (first, second, headline) => {
  const outcomes = [first, second].map((sharedBy, nth) => anOutcome(completed(), { sharedBy, redRunsBefore: 1 }, `run ${nth}`));
  expect(verdictOfStep(outcomes, null, TERMS).headline).toBe(headline);
});

test('names in the headline only what jobs with earlier red runs share', () => {
  const outcomes = [
    anOutcome(completed(), { sharedBy: 'commit', redRunsBefore: 1 }, 'a'),
    anOutcome(completed(), { sharedBy: 'key', redRunsBefore: 0 }, 'b'),
  ];
  expect(verdictOfStep(outcomes, null, TERMS).headline).toBe('2 runs are green (an earlier run of this commit was red)');
});

describe('the verdict on a step that failed', () => {
  const failure = { kind: 'error', headline: 'x', remedy: '{again}', errorMessage: '' } as const;
  const outcome = anOutcome(interrupted);
  const next = (...outcomes: ReturnType<typeof anOutcome>[]) => verdictOfStep(outcomes, failure, TERMS).nextStep;

  test('says what happened to the only run', () => {
    expect(next(outcome)).toMatch(/^The run goes on at Alloovium\./);
    expect(next(outcome, outcome)).not.toContain('goes on');
    expect(next()).not.toContain('goes on');
  });

  test('advises a new run where no run is known', () => {
    const gone = { ...failure, remedy: 'It was deleted. {new_run}' };
    expect(verdictOfStep([], gone, TERMS).nextStep).toBe('It was deleted. Re-run the failed job: this starts a new run.');
  });

  test.each([
    [true, 'not_evaluated'],
    [false, 'none'],
  ])('has for a step with a gate (%s) the gate %s', (isGated, gate) => {
    const verdict = verdictOfStep([outcome], failure, { ...TERMS, isGated });
    expect(verdict).toMatchObject({ gate, conclusion: 'error', exitCode: 1, headline: 'x' });
  });
});

describe('the number of earlier red runs', () => {
  const runs = (...counts: (number | null)[]) => counts.map((redRunsBefore) => anOutcome(completed(), { redRunsBefore }, 'run'));

  test('is the sum over all orders, or unknown if it is unknown for one', () => {
    const [one] = runs(1);
    expect(countRedRunsBefore([])).toBeNull();
    expect(countRedRunsBefore(runs(0))).toBe(0);
    expect(countRedRunsBefore(runs(1, 2))).toBe(3);
    expect(countRedRunsBefore(runs(1, null))).toBeNull();
    expect(countRedRunsBefore([one!, one!])).toBe(1);
  });

  test('is in the headline only if it is known and not 0', () => {
    for (const before of [0, null]) expect(verdictOfStep(runs(before), null, TERMS)).toMatchObject({ earlier: '' });
    expect(verdictOfStep(runs(1), null, TERMS).lead).toMatch(/ \(.*was red\)$/);
  });
});

describe('the verdict of several runs', () => {
  const error: Ended = {
    kind: 'error',
    headline: 'The API key was revoked (401 api_key_revoked)',
    remedy: 'Create one.',
  };
  const red = completed(result('holds', { matched: 2, unmatched: 3 }));
  const green = completed(result('does_not_hold', { unmatched: 8 }));
  const terms = { isGated: true, onRerun: 'resume', timeoutMs: 15 * 60_000 } as const;
  const over = (runs: Readonly<Record<string, Ended>>, change: Partial<Terms> = {}) =>
    verdictOfStep(
      Object.entries(runs).map(([name, ending]) => anOutcome(ending, 'left' in ending ? { runId: '' } : {}, name)),
      null,
      { ...terms, ...change },
    );

  test('has a headline without the characters of a name that act as markup elsewhere', () => {
    const name = '<!-- @a `b`\u202e [x](y) Tür 2_a.b-c';
    const plain = '__-- _a _b__ _x__y_ Tür 2_a.b-c';
    expect(over({ [name]: ended('failed'), b: green }).headline).toContain(`is red: ${plain} (`);
    expect(over({ [name]: completed(), b: green }).headline).toContain(`not gated: ${plain}`);
    expect(over({ [name]: interrupted, b: green }).headline).toContain(`. ${plain} goes on`);
  });

  test('names the red runs and their causes in the headline', () => {
    expect(over({ Tower: red, 'Car park': green, Bridge: late }).headline).toBe(
      '2 of 3 runs are red: Tower (“not compliant” matched 2 of 5 items), Bridge (not finished)',
    );
    expect(over({ Tower: red, 'Car park': green }).headline).toBe('1 of 2 runs is red: Tower (“not compliant” matched 2 of 5 items)');
  });

  const tooLarge: Ended = {
    kind: 'error',
    headline: 'The answer is larger than 8 MiB',
    remedy: 'Make the workflow write less into its outputs.',
  };
  test.each([
    [110, 'a'.repeat(110)],
    [111, `${'a'.repeat(109)}…`],
  ])('names a cause of %d characters in the headline in at most 110', (length, cause) => {
    const failed: Ended = { kind: 'error', headline: 'a'.repeat(length), remedy: 'x' };
    expect(over({ a: failed, b: green }).headline).toBe(`1 of 2 runs is red: a (${cause})`);
  });

  test('counts one known item in the headline', () => {
    const known = { ...result('holds', { matched: 1 }), known: [true], isExcused: true };
    expect(over({ a: completed(known), b: green }).headline).toBe('2 runs are green, 1 known');
  });

  const withRemedyOf = (length: number): Ended => ({
    kind: 'error',
    headline: 'The answer is empty',
    remedy: `${'Y'.padEnd(length, 'y')}.`,
  });
  const many = (count: number, ending: Ended) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`run ${at + 1}`, ending]));
  const withRemedy = 'the answer is larger than 8 MiB: make the workflow write less into its outputs';

  test.each<[string, Record<string, Ended>, Partial<Terms>, string]>([
    [
      'names in the annotation the remedy of each run whose error is its own',
      { Tower: error, Bridge: tooLarge, Dock: red, Yard: green },
      {},
      `3 of 4 runs are red: Tower (the API key was revoked (401 api_key_revoked): create one), Bridge (${withRemedy}), Dock (“not compliant” matched 2 of 5 items)`,
    ],
    [
      'names in the annotation no remedy that the next step repeats',
      { Tower: tooLarge, Bridge: tooLarge, Yard: green },
      {},
      '2 of 3 runs are red: Tower (the answer is larger than 8 MiB), Bridge (the answer is larger than 8 MiB)',
    ],
    [
      'names in the annotation the remedy with the next step of a merge queue',
      { Tower: { ...error, remedy: 'Is a proxy in between? If not, {again}' }, Bridge: red },
      { isMergeQueue: true },
      '2 of 2 runs are red: Tower (the API key was revoked (401 api_key_revoked): is a proxy in between? If not, queue the pull request again), Bridge (“not compliant” matched 2 of 5 items)',
    ],
    [
      'names in the annotation the cause of every run if they fit',
      many(5, red),
      {},
      `5 of 5 runs are red: ${[1, 2, 3, 4, 5].map((nth) => `run ${nth} (“not compliant” matched 2 of 5 items)`).join(', ')}`,
    ],
    [
      'names in the annotation the first two runs if not all fit',
      { ...many(11, tooLarge), last: error },
      {},
      `12 of 12 runs are red: run 1 (${withRemedy}), run 2 (${withRemedy}), and 10 more: see the job summary`,
    ],
    [
      'names in the annotation all of three runs in 900 characters',
      { a: withRemedyOf(273), b: withRemedyOf(274), c: withRemedyOf(274), d: green },
      {},
      `3 of 4 runs are red: ${[273, 274, 274].map((length, at) => `${'abc'[at]} (the answer is empty: ${'y'.repeat(length)})`).join(', ')}`,
    ],
    [
      'names in the annotation the first two of three runs in 901 characters',
      { a: withRemedyOf(273), b: withRemedyOf(274), c: withRemedyOf(275), d: green },
      {},
      `3 of 4 runs are red: ${[273, 274].map((length, at) => `${'abc'[at]} (the answer is empty: ${'y'.repeat(length)})`).join(', ')}, and 1 more: see the job summary`,
    ],
    [
      'names in the annotation both of two runs in more than 900 characters',
      { a: withRemedyOf(500), b: withRemedyOf(501) },
      {},
      `2 of 2 runs are red: a (the answer is empty: ${'y'.repeat(500)}), b (the answer is empty: ${'y'.repeat(501)})`,
    ],
  ])('%s', (_, runs, change, lead) => {
    expect(over(runs, change).lead).toBe(lead);
  });

  test.each<[string | null, string]>([
    ['not compliant', '1 of 2 runs is red: a (“not compliant” matched 1 new and 4 known items)'],
    [null, '1 of 2 runs is red: a (line 1 of `fail_if` matched 1 new and 4 known items)'],
  ])('counts new and known items of the condition %s in the headline if there is a baseline', (name, headline) => {
    const known = [false, true, true, true, true];
    const five = { ...result('holds', { name, matched: 5, unmatched: 0 }), known, isExcused: false };
    expect(over({ a: completed(five), b: green }).headline).toBe(headline);
  });

  test('names in the headline of green runs what warned', () => {
    expect(over({ a: green, b: green })).toMatchObject({
      headline: '2 runs are green',
      nextStep: '',
      exitCode: 0,
    });
    const warned = completed(result('holds', { severity: 'warn', matched: 2, unmatched: 3 }));
    expect(over({ a: green, b: warned }).headline).toBe('2 runs are green; not gated: b; b: 2 of 5 items “not compliant” (a warning only)');
    expect(over({ a: { kind: 'launched' }, b: { kind: 'launched' } })).toMatchObject({
      headline: '2 runs launched without waiting',
      conclusion: 'pending',
    });
  });

  test('advises for green runs how to end a warning, and does not count the items that it knows', () => {
    const warned = { ...result('holds', { severity: 'warn', matched: 2 }), known: [true, false] };
    const some = completed(result('does_not_hold'), { ...warned, isExcused: false });
    expect(over({ a: green, b: some })).toMatchObject({
      headline: '2 runs are green; b: 1 new and 1 known “not compliant” (a warning only)',
      nextStep: 'Correct the new items in Alloovium, or change `warn_if`.',
    });
  });

  test('counts in the headline of green runs known and waived items', () => {
    const known = { ...result('holds', { matched: 2 }), known: [true, true], isExcused: true };
    const waived = [{ item: { id: 'w' }, by: 0 }];
    expect(over({ a: completed(known), b: completed({ ...result('does_not_hold'), waived }), c: green }).headline).toBe(
      '3 runs are green, 2 known, 1 waived',
    );
  });

  test('gives an entry its gate if the step has none', () => {
    const outcomes = [anOutcome(green, {}, 'a'), anOutcome(completed(), {}, 'b')];
    // Whatever is asked of the others: also one that failed has none.
    outcomes.push(anOutcome(late, {}, 'c'));
    expect(verdictOfStep(outcomes, null, { ...terms, isGated: true }).gate).toBe('passed');
    const gates = outcomes.map((one) => verdictOfRun(one, { ...terms, isGated: true }).gate);
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
  test.each(worstFirst.map(([word], at) => [word, at] as const))('has the conclusion %s if no worse one is among them', (word, at) => {
    for (const [, other] of worstFirst.slice(at)) {
      for (const pair of [
        [worstFirst[at]![1], other],
        [other, worstFirst[at]![1]],
      ] as const) {
        expect(over({ a: pair[0], b: pair[1] }).conclusion).toBe(word);
      }
    }
  });

  test('is green only if all runs are green, for any endings', () => {
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
    ['the gate `failed` if one run’s gate failed', green, red, 'failed'],
    ['the gate `not_evaluated` if one run’s gate was not evaluated', late, green, 'not_evaluated'],
    ['the gate `passed` if all gates passed', green, green, 'passed'],
    ['the gate `failed` if one gate failed and another was not evaluated', late, red, 'failed'],
  ])('has %s', (_, a, b, gate) => {
    const outcomes = [a, b].map((one, at) => anOutcome(one, one.results ? {} : gated, `r${at}`));
    expect(verdictOfStep(outcomes, null, terms).gate).toBe(gate);
  });

  test('says that green runs are kept only if one of another order is green', () => {
    const failed = anOutcome(red, gated, 'a');
    const passed = anOutcome(green, gated, 'b');
    const nextStepOf = (...outcomes: Outcome[]) => verdictOfStep(outcomes, null, TERMS).nextStep;
    expect(nextStepOf(failed, passed)).toBe('Fix a, then re-run the failed job: green runs are kept.');
    expect(nextStepOf(failed, { ...passed, order: failed.order })).toBe('Fix a, then re-run the failed job.');
  });

  const may = { ...late, left: 'unknown' } as const;
  const revoked = 'Create one. The run goes on at Alloovium. Re-run this job: it joins the same run.';
  const NEXT_STEPS: readonly [string, Record<string, Ended>, Partial<Terms>, string][] = [
    ['one red run', { a: red, b: green }, {}, 'Fix a, then re-run the failed job: green runs are kept.'],
    [
      'red runs with different causes',
      { a: red, b: error, c: late, d: green },
      {},
      'Fix a, b and c, then re-run the failed job: green runs are kept.',
    ],
    [
      'a cancelled run and one that is gone, which each need a new run',
      { a: ended('cancelled'), b: { ...error, remedy: '{new_run}' }, c: green },
      {},
      'Fix a and b, then re-run the failed job: green runs are kept.',
    ],
    [
      'more red runs than it names',
      { a: red, b: red, c: red, d: red, e: green },
      {},
      'Fix a, b, c and 1 more, then re-run the failed job: green runs are kept.',
    ],
    [
      'red runs with `fresh`',
      { a: red, b: ended('failed') },
      { onRerun: 'fresh' },
      'Fix a and b, then re-run the failed job: this starts new runs.',
    ],
    [
      'red runs in a merge queue',
      { a: red, b: ended('failed') },
      { isMergeQueue: true },
      'Fix a and b, then queue the pull request again: this starts new runs.',
    ],
    ['the same error of all red runs', { a: error, b: error, c: green }, {}, revoked],
    [
      'runs that did not end in time',
      { a: late, b: late, c: green },
      {},
      'Re-run this job: it joins the same run. If this happens often, raise `timeout_minutes`.',
    ],
    [
      'a run that did not end in time and one that may have started',
      { a: late, b: may },
      {},
      'A run may have started: b (key `gha_k`). Re-run this job: it joins the existing runs that are not red, and starts new runs for the others.',
    ],
    [
      'runs of one order that may have started',
      { a: may, b: may, c: ended('failed') },
      {},
      'A run may have started: a and b (key `gha_k`). Fix a, b and c, then re-run the failed job.',
    ],
  ];
  test.each(NEXT_STEPS.map(([what, runs, change, step]) => [what, step, runs, change] as const))(
    'advises for %s: “%s”',
    (_, step, runs, change) => {
      expect(over(runs, change).nextStep).toBe(step);
    },
  );

  test('asks for another `run_id` if the attached run is red, since a re-run would evaluate it again', () => {
    const all = [anOutcome(ended('failed'), attached, 'given'), anOutcome(ended('failed'), {}, 'own'), anOutcome(late, attached, 'late')];
    expect(verdictOfStep(all, null, TERMS).nextStep).toBe(
      'Fix given, own and late, then run the workflow again, with a new `run_id` for given.',
    );
  });

  test('names the key of a red run that may have started, next to runs that the runner stopped', () => {
    const lost: Ended = { ...error, left: 'unknown' };
    expect(over({ a: interrupted, b: lost }).nextStep).toMatch(
      /^A run may have started: b \(key `\w+`\)\. a goes on at Alloovium; b is red\. /,
    );
  });

  test('does not call a run red that the runner stopped waiting for', () => {
    expect(over({ a: interrupted, b: red, c: green })).toMatchObject({
      headline: 'No verdict on 1 of 3 runs: the runner stopped this step. a goes on at Alloovium; b is red',
      lead: 'No verdict on 1 of 3 runs: the runner stopped this step',
    });
  });
});
