import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Gate } from '../../src/gate/condition.ts';
import type { Context } from '../../src/github/context.ts';
import { writeStepFiles } from '../../src/run/results.ts';
import { createRunState } from '../../src/run/run-state.ts';
import { createOrder, playOrders } from '../support/orders.ts';

const condition = { severity: 'fail', name: null, expression: 'outputs.red', line: 1 } as const;
const NOT_TRUE = { condition, result: 'not_true', items: [], others: null, tally: null, problem: null } as const;
const GREEN: Gate = { conditions: [condition], evaluate: () => [NOT_TRUE] };

test('writes the outputs to a file, and keeps those of one run whatever their size', async () => {
  const outputs = { text: 'x'.repeat(200_000) };
  const { runState, files } = await playOrders({ outputs });
  expect(runState).toMatchObject({ outputs, outputsJson: null, outputsFile: '/files/outputs.json', gateFiles: [''] });
  expect(JSON.parse(files.get('outputs.json')!)).toEqual(outputs);
});

test('of several runs keeps small outputs and leaves large ones in their file', async () => {
  const runPlans = ['a', 'b'].map((name) => createOrder({ projectId: name, entries: [{ ...createOrder().entries[0]!, name }] }));
  const small = await playOrders({ runPlans, launch: (nth: number) => `run_${nth}`, outputs: { a: 1 } });
  const large = await playOrders({ runPlans, launch: (nth: number) => `run_${nth}`, outputs: { text: 'x'.repeat(100_000) } });
  expect(small.runStates).toMatchObject([{ outputs: { a: 1 }, outputsJson: '{"a":1}' }, { outputs: { a: 1 } }]);
  expect(large.runStates).toMatchObject([
    { outputs: undefined, outputsJson: null, outputsFile: '/files/outputs-run_1.json' },
    { outputs: undefined },
  ]);
});

test('evaluates each entry of an order, and writes its part of the gate file', async () => {
  const entries = ['a', 'b'].map((name) => ({ ...createOrder({}, GREEN).entries[0]!, name }));
  const { runState, files } = await playOrders({ runPlans: [{ entries }] });
  expect(runState.reviews.map(({ kept, findings }) => `${kept.name} ${findings[0]?.result ?? ''}`)).toEqual(['a not_true', 'b not_true']);
  expect([...files.keys()]).toEqual(['outputs-run_1.json', 'gate-run_1-1.part', 'gate-run_1-2.part']);
});

test('ends a gate that takes more than 4 s, which is red', async () => {
  const { runState } = await playOrders({
    gate: (clock) => ({
      conditions: [condition],
      evaluate: (_, checkTime) => {
        for (let nth = 0; nth < 100; nth++) {
          clock.suspend(500);
          checkTime?.();
        }
        return [NOT_TRUE];
      },
    }),
  });
  expect(runState).toMatchObject({
    outcome: { kind: 'gate_timeout' },
    reviews: [],
    openRun: 'nothing',
    outputsFile: '/files/outputs.json',
  });
});

test('ends a review that takes more than 4 s', async () => {
  const { runState } = await playOrders({
    gate: (clock) => ({
      conditions: [condition],
      evaluate: () => {
        clock.suspend(5_000);
        return [{ ...NOT_TRUE, result: 'true', items: ['a'] }];
      },
    }),
  });
  expect(runState).toMatchObject({ outcome: { kind: 'gate_timeout' }, reviews: [] });
});

test('is out of time where the baseline does not come', async () => {
  const { runState, endedAt } = await playOrders({ baseline: new Promise(() => undefined), timeoutMs: 60_000 });
  expect(runState).toMatchObject({ status: 'completed', openRun: 'nothing', outcome: { kind: 'timed_out', phase: 'evaluation' } });
  expect(endedAt).toBe(65);
});

test('reports a gate that crashes without the text of a secret', async () => {
  const gate: Gate = {
    conditions: [condition],
    evaluate: () => {
      throw new Error('broken at ak_test_4f9c1d7e8a2b3c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f');
    },
  };
  expect((await playOrders({ gate })).runState.outcome).toEqual({ kind: 'crashed', message: 'broken at ***' });
});

const PARTS = {
  context: { event: 'push', ref: 'refs/heads/main', workflowRunId: '77', commit: 'c0ffee', pullRequest: null } as Context,
  clock: { now: () => 0, date: () => Date.UTC(2026, 10, 30), sleep: () => Promise.resolve() },
};

/** Writes to a folder of its own. */
function writeFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'alloovium-test-'));
  return (name: string, text: string | Iterable<string>): string => {
    writeFileSync(join(folder, name), typeof text === 'string' ? text : [...text].join(''));
    return join(folder, name);
  };
}

test('joins the files of several runs under their names', () => {
  const writeFile = writeFiles();
  const runStates = ['a', 'b "c"'].map((name) => createRunState(createOrder({ entries: [{ ...createOrder().entries[0]!, name }] })));
  Object.assign(runStates[1]!, {
    outputsFile: writeFile('part.json', '{"x":1.0}'),
    gateFiles: [writeFile('gate-part.json', '  "run_id": "run_1"')],
  });
  const { outputsFile, gateFile } = writeStepFiles(runStates, { ...PARTS, hasRuns: true, runner: { writeFile } });
  expect(readFileSync(outputsFile, 'utf8')).toBe('{\n"a": null,\n"b \\"c\\"": {"x":1.0}\n}\n');
  expect(JSON.parse(readFileSync(gateFile, 'utf8'))).toMatchObject({
    commit: 'c0ffee',
    job_run: '77',
    runs: { 'b "c"': { run_id: 'run_1' } },
  });
});

test('uses the file of the only run, and has no gate file without a gate', () => {
  const runState = Object.assign(createRunState(createOrder()), { outputsFile: '/files/outputs.json', gateFiles: [''] });
  expect(writeStepFiles([runState], { ...PARTS, hasRuns: false, runner: { writeFile: writeFiles() } })).toEqual({
    outputsFile: '/files/outputs.json',
    gateFile: '',
  });
});
