/** Which `gate_file` may serve a later run as its baseline. */
import { describe, expect, test } from '@jest/globals';
import type { ConditionResult } from '../../src/gate/condition.ts';
import { createFinding, type Finding } from '../../src/gate/finding.ts';
import type { Stored } from '../../src/runs/events.ts';
import { isBaselineReady, NOT_STORED } from '../../src/runs/run-files.ts';
import { outcomesOf, type Outcome } from '../../src/runs/outcome.ts';
import { createEmptyRecord } from '../../src/runs/record.ts';
import { anEntry, anOrder, evaluateWithoutBaseline } from '../fakes.ts';

const ITEMS = [{ id: 1 }];

function findingWith(about: Partial<ConditionResult> = {}): Finding {
  const one: ConditionResult = {
    condition: { severity: 'fail', name: 'bad', expression: 'outputs.bad', line: 1 },
    result: 'does_not_hold',
    matched: [],
    unmatched: null,
    problem: null,
    notices: [],
    ...about,
  };
  return createFinding(evaluateWithoutBaseline(one));
}

function outcomeOf(findings: readonly Finding[], stored: Partial<Stored> = {}): Outcome {
  const gate = { conditions: findings.map(({ condition }) => condition), evaluate: () => [] };
  const entry = anEntry({ gate });
  const evaluated = {
    entry,
    findings,
    baselineUnusedReason: '',
    baselineNotes: [],
    since: null,
    used: new Set<number>(),
    stored: { ...NOT_STORED, gateFile: 'gate.json', ...stored },
  };
  const record = { ...createEmptyRecord(anOrder({ entries: [entry] })), evaluated: [evaluated] };
  const [outcome] = outcomesOf(record, { kind: 'ended', status: 'completed', errorMessage: '' });
  if (outcome === undefined) throw new Error('an order has an outcome');
  return outcome;
}

const GREEN = findingWith();
const RED = findingWith({ result: 'holds', matched: ITEMS });
const MAIN = { ref: 'refs/heads/main', pullRequest: { kind: 'none', reason: '' } } as const;
const PUSH = { ...MAIN, event: 'push' };
const DISPATCH = { ...MAIN, event: 'workflow_dispatch' };

describe('`baseline_ready` is true', () => {
  test.each<[string, Outcome, typeof PUSH]>([
    ['after a green push', outcomeOf([GREEN]), PUSH],
    ['after a green dispatch from outside', outcomeOf([GREEN]), { ...MAIN, event: 'repository_dispatch' }],
    ['after a red dispatch', outcomeOf([RED]), DISPATCH],
    ['after a red schedule', outcomeOf([RED]), { ...MAIN, event: 'schedule' }],
    [
      'whatever its warnings say',
      outcomeOf([
        GREEN,
        findingWith({
          condition: { severity: 'warn', name: 'late', expression: 'outputs.late', line: 1 },
          result: 'cannot_be_evaluated',
        }),
      ]),
      PUSH,
    ],
  ])('%s', (_, outcome, context) => {
    expect(isBaselineReady([outcome], context)).toBe(true);
  });

  test.each<[string, readonly Outcome[], Parameters<typeof isBaselineReady>[1]]>([
    ['after a red push', [outcomeOf([RED])], PUSH],
    ['after a red dispatch from outside', [outcomeOf([RED])], { ...MAIN, event: 'repository_dispatch' }],
    [
      'after a green pull request',
      [outcomeOf([GREEN])],
      { ...MAIN, event: 'pull_request', pullRequest: { kind: 'of_event', number: 7 } },
    ],
    [
      'after a green one in the name of the base',
      [outcomeOf([GREEN])],
      { ...MAIN, event: 'pull_request_target', pullRequest: { kind: 'of_event', number: 7 } },
    ],
    [
      'after a dispatch for a pull request',
      [outcomeOf([GREEN])],
      { ...DISPATCH, pullRequest: { kind: 'named', number: 7, isOpen: true } },
    ],
    [
      'after a dispatch for a pull request that is closed',
      [outcomeOf([GREEN])],
      { ...DISPATCH, pullRequest: { kind: 'named', number: 7, isOpen: false } },
    ],
    ['after a workflow run', [outcomeOf([GREEN])], { ...MAIN, event: 'workflow_run' }],
    ['after a push of a tag', [outcomeOf([GREEN])], { ...PUSH, ref: 'refs/tags/main' }],
    ['after a plain true', [outcomeOf([findingWith({ result: 'holds' })])], DISPATCH],
    [
      'after a condition that cannot be evaluated',
      [outcomeOf([findingWith({ result: 'cannot_be_evaluated' })])],
      DISPATCH,
    ],
    ['where an item had no room', [outcomeOf([RED], { leftOut: 1 })], DISPATCH],
    ['where it was not written', [outcomeOf([RED], { gateFile: '' })], DISPATCH],
    [
      'where one of several entries is a plain true',
      [outcomeOf([GREEN]), outcomeOf([findingWith({ result: 'holds' })])],
      DISPATCH,
    ],
    ['where there is no gate', [outcomeOf([])], DISPATCH],
    ['where nothing was reviewed', [], DISPATCH],
    ['where nobody knows the job', [outcomeOf([GREEN])], null],
  ])('not %s', (_, outcomes, context) => {
    expect(isBaselineReady(outcomes, context)).toBe(false);
  });
});
