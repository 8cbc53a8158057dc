import { expect, test } from '@jest/globals';
import type { Context } from '../../src/github/context.ts';
import { readInputs } from '../../src/inputs/inputs.ts';
import { createReport } from '../../src/report/report.ts';

const INPUTS = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' });

test.each([
  ['knows that it is on the branch of the baseline: the default branch', 'refs/heads/main', '', true],
  ['knows that it is not on the branch of the baseline: another one than the default', 'refs/heads/develop', '', false],
  ['knows that it is on the branch of the baseline: the one that `baseline` names', 'refs/heads/develop', 'develop', true],
  ['knows that it is not on the branch of the baseline: the default, where `baseline` names another', 'refs/heads/main', 'develop', false],
])('%s', (_, ref, baseline, isOnBaseline) => {
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
