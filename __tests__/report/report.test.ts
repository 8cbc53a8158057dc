import { expect, test } from '@jest/globals';
import type { Context } from '../../src/github/context.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { createReport } from '../../src/report/report.ts';

const INPUTS = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' });

test.each([
  ['the default branch', 'refs/heads/main', '', true],
  ['another branch', 'refs/heads/develop', '', false],
  ['the branch that `baseline` names', 'refs/heads/develop', 'develop', true],
  ['the default branch, where `baseline` names another', 'refs/heads/main', 'develop', false],
])('knows whether it is on the branch of the baseline: %s', (_, ref, baseline, isOnBaseline) => {
  const report = createReport({
    isGated: true,
    context: { ref, defaultBranchRef: 'refs/heads/main' } as Context,
    inputs: { ...INPUTS, baseline },
    gateFileName: '',
    hasBaseline: false,
    orders: [],
    outcomes: [],
    failure: { kind: 'skipped', errorMessage: '' },
    tokens: 0,
  });
  expect(report.terms.isOnBaseline).toBe(isOnBaseline);
});
