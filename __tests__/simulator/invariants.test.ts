import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findViolations } from '../../simulator/invariants.ts';
import { findRunViolations, type RunsEvidence } from '../../simulator/invariants-of-runs.ts';
import { runAction, type RunOptions } from '../../simulator/runner.ts';
import { OUTPUT_NAMES } from '../../simulator/runner/context.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixture-'));
  await writeFile(join(folder, 'action.yml'), 'inputs: {}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
/** What is found after a step that writes these lines and every output, and ends red. */
async function found(lines: readonly string[], script = '', options: RunOptions = {}): Promise<string[]> {
  const bundle = join(folder, `script${++count}.cjs`);
  const outputs = ['run_id', ...OUTPUT_NAMES.filter((name) => name !== 'run_id')];
  await writeFile(
    bundle,
    `const fs = require('node:fs');
     fs.writeFileSync(process.env.GITHUB_OUTPUT, ${JSON.stringify(outputs.map((name) => `${name}=\n`).join(''))});
     process.exitCode = 1;
     ${script}
     console.log(${JSON.stringify(lines.join('\n'))});`,
  );
  const result = await runAction({
    bundle,
    actionYml: join(folder, 'action.yml'),
    timeoutMs: 10_000,
    ...options,
  });
  return findViolations({ result, secrets: [] });
}

describe('I6: the invariant of commands', () => {
  test.each([
    [['::add-mask::x::error::', '::group::Launch', 'a line', '::endgroup::', '::error::The run failed.']],
    [['::error::boom\\n: :group: :x## [error]', '::warning::a%0Ab']],
  ])('finds nothing in %j', async (lines) => {
    expect(await found(lines)).toEqual([]);
  });

  test.each<[string, string[], string[]]>([
    [
      'a mark of the log viewer in an annotation, on a line of its own',
      ['::error::boom%0A##[group]Post job cleanup'],
      [
        'I6: a command in the text of error in stdout: boom\n##[group]Post job cleanup',
        'I6: ##[ stands in a stream',
        'I6: the groups of the log are not balanced',
      ],
    ],
    [
      'a mark of the log viewer within a line',
      ['::warning::a ##[error]b'],
      ['I6: a command in the text of warning in stdout: a ##[error]b', 'I6: ##[ stands in a stream'],
    ],
    [
      'an unclosed mark with an invisible character in it',
      ['::warning::#\u200b#[x'],
      ['I6: a command in the text of warning in stdout: #\u200b#[x', 'I6: ##[ stands in a stream'],
    ],
    [
      'a line of an annotation that reads as a command, known or not',
      ['::error::boom%0D  ::notice::x%0A::foo::y'],
      ['I6: a command in the text of error in stdout: boom\r  ::notice::x\n::foo::y'],
    ],
    [
      'a command in the title of a group',
      ['::group::::endgroup::', '::endgroup::'],
      ['I6: a command in the text of group in stdout: ::endgroup::'],
    ],
    [
      'a second mark in a line, which the runner skips',
      ['x ##[y] ##[z'],
      ['I6: legacy command y in stdout:  ##[z', 'I6: ##[ stands in a stream'],
    ],
    [
      'a command that fails the step',
      ['::set-env name=a::b'],
      [
        'I6: current command set-env in stdout: b',
        'I6: an annotation by runner: cannot process the command ::set-env name=a::b',
        'I6: an annotation by runner: the command set-env is disabled',
        'I6: 2 error annotations',
      ],
    ],
  ])('finds %s', async (_, lines, expected) => {
    expect(await found(lines)).toEqual(expected);
  });

  test('finds a line of the action that a problem matcher matched', async () => {
    const { temp } = await runAction({
      bundle: await matcherStep(),
      actionYml: join(folder, 'action.yml'),
    });
    expect(await found(['x: the deploy key'], '', { temp })).toEqual([
      'I6: an annotation by any: the deploy key',
    ]);
  });

  async function matcherStep(): Promise<string> {
    const matchers = join(folder, 'matchers.json');
    const pattern = [{ regexp: '^x: (.*)', message: 1 }];
    await writeFile(matchers, JSON.stringify({ problemMatcher: [{ owner: 'any', pattern }] }));
    const bundle = join(folder, 'matcher-step.cjs');
    await writeFile(bundle, `console.log('::add-matcher::${matchers}')`);
    return bundle;
  }
});

test('I2: finds exit code 0 of a step that the runner makes red', async () => {
  expect(await found(['##[add-path]x'], 'process.exitCode = 0;')).toContain(
    'I2: exit code 0 of a step that the runner makes red',
  );
});

test('F11: finds a summary that is dropped', async () => {
  const script = "fs.writeFileSync(process.env.GITHUB_STEP_SUMMARY, 'x'.repeat(2 ** 20 + 1));";
  expect(await found([], script)).toContain('F11: the summary is dropped');
});

describe('I2: the invariant of a step with several runs', () => {
  const green = { name: 'a', run_id: 'run_1', status: 'completed', gate: 'passed', conclusion: 'success' };
  const written = (run: Readonly<Record<string, string>>) => {
    const lines = ['conclusion=success', 'gate=passed', `runs_json=${JSON.stringify([green, run])}`, ''];
    return `process.exitCode = 0; fs.appendFileSync(process.env.GITHUB_OUTPUT, ${JSON.stringify(lines.join('\n'))});`;
  };

  test('finds nothing where each is green', async () => {
    const breached = await found([], written({ ...green, name: 'b', gate: 'none' }));
    expect(breached.filter((text) => text.startsWith('I2'))).toEqual([]);
  });

  test.each<[what: string, run: Readonly<Record<string, string>>, report: string]>([
    ['a run that is not completed', { ...green, status: 'running' }, 'I2: success with status "running"'],
    ['a run whose gate failed', { ...green, gate: 'failed' }, 'I2: success with gate "failed"'],
    [
      'a run that was not evaluated',
      { ...green, conclusion: 'timed_out' },
      'I2: success, and a run with "timed_out"',
    ],
  ])('finds a green step with %s', async (_what, run, message) => {
    expect(await found([], written(run))).toContain(message);
  });

  test('finds that runs_json is not the first output', async () => {
    expect(await found([], written(green))).toContain('F9: runs_json is not the first output');
  });
});

describe('the invariants of the outputs of several runs', () => {
  const row = (name: string, change: Readonly<Record<string, unknown>> = {}) => ({
    name,
    run_id: `run_${name}`,
    project_id: name,
    idempotency_key: `key_${name}`,
    conclusion: 'success',
    gate: 'passed',
    ...change,
  });
  const reported = (change: Partial<RunsEvidence> = {}) =>
    findRunViolations({
      rows: [row('a'), row('b')],
      names: ['a', 'b'],
      conclusion: 'success',
      gate: 'passed',
      file: '{"a":{"of":"a","key":"***"},"b":{"of":"b","key":"x"}}',
      expectedRun: (runId) => {
        const projectId = runId.replace('run_', '');
        return { projectId, outputs: { of: projectId, key: 'x' } };
      },
      ...change,
    });

  test('find nothing where each has the right ones', () => {
    expect(reported()).toEqual([]);
  });

  test.each<[what: string, change: Partial<RunsEvidence>, message: RegExp]>([
    ['a lost run', { rows: [row('a')], file: null }, /^runs_json: not every name once and in order: a$/],
    ['runs out of order', { rows: [row('b'), row('a')] }, /not every name once and in order: b, a/],
    [
      'a run under two names',
      { rows: [row('a'), row('b', { run_id: 'run_a', idempotency_key: 'key_a' })], file: null },
      /^runs_json: b has the run of a$/,
    ],
    [
      'two runs of one intent',
      { rows: [row('a'), row('b', { idempotency_key: 'key_a' })] },
      /^runs_json: two runs under key_a$/,
    ],
    [
      'a red run in a green step',
      { rows: [row('a'), row('b', { conclusion: 'gate_failed', gate: 'failed' })] },
      /^I2: success, and the worst of the runs is gate_failed$/,
    ],
    [
      'a failed gate in a step that passed',
      { rows: [row('a'), row('b', { gate: 'failed' })] },
      /^I2: gate passed, and the first of the runs' is failed$/,
    ],
    [
      'outputs under another name',
      { file: '{"a":{"of":"b","key":"x"},"b":{"of":"b","key":"x"}}' },
      /^outputs_file: a has not the outputs of its run$/,
    ],
    [
      'a run that was evaluated without outputs',
      { file: '{"a":null,"b":{"of":"b","key":"x"}}' },
      /^outputs_file: a has not the outputs of its run$/,
    ],
    [
      'a name that the file lacks',
      { file: '{"a":{"of":"a","key":"x"}}' },
      /^outputs_file: not every name once$/,
    ],
  ])('finds %s', (_what, change, message) => {
    expect(reported(change)[0]).toMatch(message);
  });
});
