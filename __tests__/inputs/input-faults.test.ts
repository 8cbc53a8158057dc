/** What the error about invalid inputs says, and which inputs must not be together. */
import { describe, expect, test } from '@jest/globals';
import { InputError, readInputs } from '../../src/inputs/inputs.ts';

const KEY = `ak_test_${'k'.repeat(52)}`;
const environmentOf = (inputs: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries({ api_key: KEY, workflow_id: 'wf_1', ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );

async function errorOf(inputs: Readonly<Record<string, string>>, more = {}): Promise<InputError> {
  try {
    await readInputs({ ...environmentOf(inputs), ...more });
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error('the inputs were accepted');
}
const faultsOf = async (inputs: Readonly<Record<string, string>>, more = {}) => (await errorOf(inputs, more)).detail.split('\n');

describe('an error about inputs', () => {
  const THIS = 'Fix this in the workflow file.';
  const REST = ': the log has the rest.';
  /** So many words of nine letters and a blank. */
  const words = (count: number) => 'xxxxxxxxx '.repeat(count).trim();

  test.each<[string, readonly string[], headline: string, remedy: string]>([
    ['one fault', ['`a` is bad.'], '`a` is bad', THIS],
    ['one fault of 240 characters', [`${words(24)}x`], `${words(24)}x`, THIS],
    ['one fault of 241 characters', [`${words(24)}xx`], `${words(23)} …`, `Fix this in the workflow file${REST}`],
    ['one fault of two lines', ['`a` is bad.\nSee b.'], '`a` is bad', THIS],
    ['two faults', ['`a` is bad.', '`b` too.'], '`a` is bad', `Fix these in the workflow file${REST}`],
    ['a point within the fault', ['1.5 is. bad'], '1.5 is. bad', THIS],
    ['a gate with one fault', ['fail_if, line 1, column 2: bad\n\n> x'], 'fail_if, line 1, column 2: bad', THIS],
    [
      'a gate with two faults',
      ['fail_if, line 1, column 2: bad\nfail_if, line 2, column 3: bad'],
      'fail_if, line 1, column 2: bad',
      `Fix these in the workflow file${REST}`,
    ],
    ['the key', ['`api_key` is bad.'], '`api_key` is bad', 'Fix the secret, then {again}'],
    ['the key and more', ['`api_key` is bad.', '`a` is bad.'], '`api_key` is bad', `Fix these in the workflow file${REST}`],
  ])('has for %s a headline and what to do', (_, faults, headline, remedy) => {
    expect(new InputError(faults)).toMatchObject({ headline, remedy, detail: faults.join('\n') });
  });
});

describe('a step with `run_id`', () => {
  const ignoredWith = async (inputs: Readonly<Record<string, string>>) =>
    (await readInputs(environmentOf({ workflow_id: '', run_id: 'run_1', ...inputs }))).ignored;

  test.each([
    [{ project_id: 'resume' }, ['project_id']],
    [{ inputs: 'a: 1', idempotency_key: 'k' }, ['inputs', 'idempotency_key']],
    [{ on_rerun: 'resume' }, []],
    [{ on_rerun: ' resume\n' }, []],
    [{ on_rerun: 'fresh' }, ['on_rerun']],
    [{ project_id: ' ' }, []],
  ])('ignores, of the inputs %j, those without effect: %j', async (inputs, ignored) => {
    expect(await ignoredWith(inputs)).toEqual(ignored);
  });

  test('does not refuse an invalid input without effect', async () => {
    expect(await ignoredWith({ project_id: '../x' })).toEqual(['project_id']);
  });

  test('is refused together with `runs`, by the name `run_id`', async () => {
    expect(await faultsOf({ run_id: 'run_1', runs: 'a: {}' })).toContain(
      '`run_id` cannot be used together with `runs`: give it in an entry of `runs`.',
    );
  });
});

describe('the faults of inputs', () => {
  test('name swapped IDs once', async () => {
    const swapped = { workflow_id: '8f2e3c1a', project_id: 'wf_1', title: 'a\nb' };
    expect(await faultsOf(swapped)).toEqual([
      '`project_id` begins with `wf_`: are `project_id` and `workflow_id` swapped?',
      expect.stringMatching(/^`title` must be/),
    ]);
  });

  test.each(['fail_if', 'warn_if', 'run_id'])('name `%s` with `wait: false`', async (name) => {
    const value = name === 'run_id' ? 'run_1' : 'outputs.a';
    expect(await faultsOf({ wait: 'false', [name]: value })).toEqual([
      `\`wait\` cannot be \`false\` together with \`${name}\`: there is no verdict without waiting.`,
    ]);
  });

  test.each([
    [{ baseline: 'main', baseline_file: 'a.json' }, '`baseline` cannot be used together with `baseline_file`.'],
    [{ baseline: 'main', wait: 'false' }, '`baseline` has no effect with `wait: false`.'],
  ])('name the baseline in %j', async (inputs, fault) => {
    expect(await faultsOf({ github_token: 'ghs_x', ...inputs })).toContain(fault);
    await expect(readInputs(environmentOf({ github_token: 'ghs_x', baseline: 'main' }))).resolves.toBeDefined();
  });

  const NEEDS_KNOWN_BY = expect.stringMatching(/^`fail_on` is `new`, which needs `known_by`/);
  const NEW = { fail_if: 'outputs.a', fail_on: 'new' };
  test.each<[Readonly<Record<string, string>>, boolean]>([
    [NEW, true],
    [{ ...NEW, fail_on: 'any' }, false],
    [{ ...NEW, known_by: 'id, title' }, false],
    [{ ...NEW, fail_if: 'none' }, false],
    [{ ...NEW, runs: 'a: { project_id: p1 }\nb: { project_id: p2, known_by: "id, title" }' }, true],
    [{ ...NEW, runs: 'a: { known_by: "id, title" }' }, false],
  ])('name `known_by` in %j: %j', async (inputs, isFault) => {
    const faults = await faultsOf({ ...inputs, wait: 'x' });
    expect(faults.filter((fault) => fault.startsWith('`fail_on`'))).toEqual(isFault ? [NEEDS_KNOWN_BY] : []);
  });

  test('name a condition that no gate has, unless the gate is invalid', async () => {
    const fault = '`known_by` names a condition that does not exist: did you mean “late”?.';
    const [named] = await faultsOf({ fail_if: 'late: outputs.a', known_by: 'lat: id, title' });
    expect(named).toBe(fault.slice(0, -1));
    const gate = await faultsOf({ fail_if: 'late: outputs.', known_by: 'lat: id, title' });
    expect(gate.join()).not.toContain('`known_by`');
  });

  const JOB = { GITHUB_JOB: 'review', GITHUB_ACTION: '__self' };
  const MATRIX = 'review __self {"os": "linux", "room": "R1"}';
  test.each([
    ['Gate of linux', MATRIX, false],
    ['Gate of R1', MATRIX, false],
    ['Gate', MATRIX, true],
    ['Gate', 'review __self {"os": "linux"}', true],
    ['Gate', '', false],
    ['Gate', 'review __self null', false],
  ])('name, of a `commit_status` %j with the matrix %j, that it has no value of it: %j', async (name, key, isFault) => {
    const inputs = { github_token: 'ghs_x', commit_status: name, wait: 'x', comment_key: key };
    const faults = await faultsOf(inputs, JOB);
    expect(faults.some((fault) => fault.includes('must hold a value of the matrix'))).toBe(isFault);
  });

  test.each([
    ['ti', false],
    ['tile', true],
    ['tlte', false],
    ['wart', true],
    ['wa', false],
    ['fail_iff', true],
    ['fial_iff', false],
    ['baselin', true],
    ['commentkey', true],
    ['comment_kexx', true],
    ['commint_kexx', false],
  ])('offer a similar input for `%s` or not, by two letters of a long name and one of a short one: %j', async (name, isOffered) => {
    const [fault] = await faultsOf({ [name]: 'x' });
    expect(fault?.includes('did you mean')).toBe(isOffered);
  });
});

describe('the inputs that a report can use in spite of faults', () => {
  const usable = async (inputs: Readonly<Record<string, string>>, more = {}) =>
    (await errorOf({ comment: 'always', commit_status: 'Gate', github_token: 'ghs_x', ...inputs }, more)).usable;

  test.each<[Readonly<Record<string, string>>, object, comment: string, status: string]>([
    [{ wait: 'x' }, {}, 'always', 'Gate'],
    [{ title: 'a\nb' }, {}, 'never', 'Gate'],
    [{ wait: 'x', commit_status: 'a\nb' }, {}, 'always', ''],
    [{}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'never', ''],
  ])('with %j, %j, have the comment %j and the status %j', async (inputs, more, comment, commitStatus) => {
    expect(await usable(inputs, more)).toMatchObject({ comment, commitStatus });
  });

  test('have a note where no comment is written', async () => {
    const note = 'No comment is written: the action finds its comment by this input.';
    expect(await faultsOf({ comment: 'always', github_token: 'ghs_x', title: 'a\nb' })).toContain(note);
    expect(await faultsOf({ title: 'a\nb' })).not.toContain(note);
    expect(await faultsOf({ comment: 'always', github_token: 'ghs_x', wait: 'x', title: 'a' })).not.toContain(note);
  });
});
