/** action.yml, the code and the README have the same inputs, outputs, defaults and conclusions. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createVirtualApi } from '../../simulator/virtual-api.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { playVirtualStep } from '../../simulator/virtual-step.ts';
import { CONCLUSIONS } from '../../src/run/verdict.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { ALL_ROWS, INPUT_NAMES } from '../../src/inputs/table.ts';

type Declared = Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
const action = parse(readFileSync('action.yml', 'utf8')) as { inputs: Declared; outputs: Declared; runs: { main: string } };
const inputs = Object.entries(action.inputs);

test('the code has the same inputs', () => {
  expect(Object.keys(action.inputs).sort()).toEqual([...INPUT_NAMES].sort());
});

test('the code writes the same outputs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
  const clock = virtualClock();
  const reused = { answer: { code: 'idempotency_key_reused' } } as const;
  const api = createVirtualApi({ clock, planOf: () => ({ ms: 0, ending: 'completed', outputs: {} }), chooseFault: () => reused });
  const { outputPairs } = await playVirtualStep(api, clock, folder);
  rmSync(folder, { recursive: true });
  expect(outputPairs.map(([name]) => name).sort()).toEqual(Object.keys(action.outputs).sort());
});

const PUSH = { event: 'push', namedPullRequest: null };

test('the code has the same defaults', async () => {
  const needed = { INPUT_WORKFLOW_ID: 'wf_1', INPUT_GITHUB_TOKEN: '', INPUT_MATRIX: 'null', INPUT_WORKFLOW_REF: '' };
  const declared = Object.fromEntries(inputs.map(([name, input]) => [`INPUT_${name.toUpperCase()}`, input.default ?? '']));
  const { runPlans: _, ...byDeclaration } = (await readInputs({ ...declared, ...needed }, PUSH)).inputs;
  expect((await readInputs(needed, PUSH)).inputs).toMatchObject(byDeclaration);
  // A default of the code that users do not see would surprise them.
  const shown = Object.values(ALL_ROWS).filter(({ fallback }) => typeof fallback === 'string' && fallback !== '' && fallback !== 'null');
  for (const { name, fallback } of shown) expect(action.inputs[name]?.default).toBe(fallback);
});

test('gives each input a default, each input and output one sentence that ends with its type, and runs the committed bundle', () => {
  for (const [, input] of inputs) expect(input.default).toBeDefined();
  for (const [, { description }] of [...inputs, ...Object.entries(action.outputs)])
    expect(description).toMatch(/^[A-Z]\S*(?: [^\s(]\S*){2,20} \([^().]+\)\.$/);
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  expect(existsSync(action.runs.main)).toBe(true);
});

test('the README explains each conclusion', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(Object.keys(CONCLUSIONS).filter((conclusion) => !readme.includes(`\`${conclusion}\``))).toEqual([]);
});
