import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createVirtualApi } from '../../simulator/virtual-api.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { playVirtualStep } from '../../simulator/virtual-step.ts';
import { DEFAULT_API_URL, INPUT_NAMES } from '../../src/inputs/input-table.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { WORST_FIRST } from '../../src/runs/verdict.ts';
import { insertExamples, insertInputs, insertOutputs } from '../../scripts/readme-tables.ts';

interface ActionYml {
  readonly name: string;
  readonly description: string;
  readonly author: string;
  readonly branding: unknown;
  readonly inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const text = readFileSync(path('action.yml'), 'utf8');
const action = parse(text) as ActionYml;
const inputs = Object.entries(action.inputs);

/** As the runner hands over what action.yml says where the user gives nothing: also inputs without a default. */
const asDeclared = Object.fromEntries(
  inputs.map(([name, input]) => [`INPUT_${name.toUpperCase()}`, (input.default as string | undefined) ?? '']),
);

describe('action.yml and the code', () => {
  test('have the same inputs, in one order', () => {
    expect(inputs.map(([name]) => name)).toEqual(INPUT_NAMES);
  });

  test('have the same outputs, in the order in which they are written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
    const clock = virtualClock();
    const reused = { answer: { code: 'idempotency_key_reused' } } as const;
    const api = createVirtualApi({ clock, planOf: () => ({ ms: 0, ending: 'completed', outputs: {} }), chooseFault: () => reused });
    const { outputPairs } = await playVirtualStep(api, clock, folder);
    rmSync(folder, { recursive: true });
    expect(outputPairs.map(([name]) => name)).toEqual(Object.keys(action.outputs));
  });

  test('have the same defaults', async () => {
    const needed = { INPUT_WORKFLOW_ID: 'wf_1' };
    const { gate: declared, ...byDeclaration } = await readInputs({ ...asDeclared, ...needed });
    const { gate: coded, ...byCode } = await readInputs(needed);
    // These two are GitHub's to fill in.
    const filledIn = {
      commentKey: ['${{ github.job }} ${{ github.action }} ${{ toJSON(matrix) }}'],
      isCommentShared: true,
      githubToken: '${{ github.token }}',
    };
    expect(byDeclaration).toEqual({ ...byCode, ...filledIn });
    expect(declared.conditions).toEqual(coded.conditions);
  });

  test('declare each default of the code, so that users see it', () => {
    expect(Object.fromEntries(inputs.flatMap(([name, input]) => ('default' in input ? [[name, input.default]] : [])))).toEqual({
      api_url: DEFAULT_API_URL,
      on_rerun: 'resume',
      wait: 'true',
      timeout_minutes: '15',
      fail_if: 'none',
      job_summary: 'true',
      comment: 'never',
      comment_key: '${{ github.job }} ${{ github.action }} ${{ toJSON(matrix) }}',
      fail_on: 'any',
      github_token: '${{ github.token }}',
      on_missing_key: 'fail',
    });
  });
});

describe('action.yml', () => {
  test.each(inputs)('describes `%s`, makes it optional, and has no other field', (name, input) => {
    // An empty value means the default, so GitHub's `required` would say what does not hold.
    expect(Object.keys(input).filter((key) => key !== 'default')).toEqual(['description']);
    // One clause; the long form has a place of its own.
    expect(input.description).toMatch(/^\S+(?: \S+){2,11}\.$/);
    expect(readFileSync(path('docs/inputs.md'), 'utf8')).toContain(`\n### \`${name}\`\n`);
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  test.each(Object.entries(action.outputs))('describes the output `%s`', (name, output) => {
    expect(Object.keys(output)).toEqual(['description']);
    // One clause, as the inputs; docs/outputs.md has the details.
    expect(output.description).toMatch(/^\S+(?: \S+){2,11}\.$/);
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  test('runs the committed bundle on a Node that GitHub supports', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
    expect(existsSync(path(action.runs.main))).toBe(true);
  });

  test('has the fields that the marketplace shows', () => {
    expect(action).toMatchObject({
      name: expect.stringMatching(/\w/),
      description: expect.stringMatching(/^.{20,125}$/),
      author: expect.stringMatching(/\w/),
      branding: { icon: expect.stringMatching(/\w/), color: expect.stringMatching(/\w/) },
    });
  });
});

describe('the tables in README and docs/outputs.md', () => {
  const readme = readFileSync(path('README.md'), 'utf8');
  const outputs = readFileSync(path('docs/outputs.md'), 'utf8');

  test('match action.yml', () => {
    expect(readme).toBe(insertInputs(readme, text));
    expect(outputs).toBe(insertOutputs(outputs, text));
  });

  test('have the files of examples/ as the workflows of the README', () => {
    expect(readme).toMatch(/^<!-- example: [^]*?^ {4}timeout-minutes: /m);
    expect(insertExamples(readme.replaceAll(/^ {4}timeout-minutes: .*/gm, ''))).toBe(readme);
  });

  test('have a row for each input and output', () => {
    for (const name of INPUT_NAMES) expect(readme).toContain(`\n| \`${name}\` | `);
    for (const name of Object.keys(action.outputs)) expect(outputs).toContain(`\n| \`${name}\` | `);
  });

  test.each(WORST_FIRST)('have the conclusion `%s`', (conclusion) => {
    const cell = new RegExp(`^\\|.*\\|[^|]*\`${conclusion}\`[^|]*\\|$`, 'm');
    expect(readme).toMatch(cell);
    expect(outputs).toContain(`\`${conclusion}\``);
  });

  test('are replaced only between the begin and the end comment', () => {
    const yaml =
      'inputs: {wait: {description: "One | two.", default: "z"}, title: {description: Six., default: "${{ x }}"}}\noutputs: {o: {description: Three.}}\n';
    expect(insertInputs('a\n<!-- inputs -->\nold\n<!-- /inputs -->\nb\n', yaml)).toBe(
      [
        'a',
        '<!-- inputs -->',
        '',
        '<!-- prettier-ignore -->',
        '| Launch | Default | Meaning |',
        '|:--|:--|:--|',
        '| `wait` | `z` | One \\| two. |',
        '',
        '<!-- prettier-ignore -->',
        '| Report | Default | Meaning |',
        '|:--|:--|:--|',
        '| `title` |  | Six. |',
        '',
        '<!-- /inputs -->',
        'b',
        '',
      ].join('\n'),
    );
    expect(insertOutputs('<!-- outputs --><!-- /outputs -->', yaml)).toContain('| `o` | Three. |');
  });

  test('are refused for an input in no group', () => {
    expect(() => insertInputs(readme, 'inputs: {x_y: {description: One.}}\noutputs: {}\n')).toThrow('The input x_y is in no group');
  });

  test.each(['', '<!-- inputs -->', '<!-- /inputs --><!-- inputs -->'])('are refused without their marks: %j', (broken) => {
    expect(() => insertInputs(broken, text)).toThrow('There is no <!-- inputs -->');
  });
});
