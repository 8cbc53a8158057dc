/** What the evaluation of a run emits, and which of its entries make it red. */
import { describe, expect, test } from '@jest/globals';
import type { ConditionResult } from '../../src/gate/condition.ts';
import { evaluateRun, isRedByGate } from '../../src/runs/evaluate-run.ts';
import type { PolledRun } from '../../src/runs/follow.ts';
import type { Job } from '../../src/runs/job.ts';
import { EPOCH_MS } from '../../simulator/virtual-clock.ts';
import { anEntry, anOrder, clientOf, fakeTransport, jobOf, virtualClock } from '../fakes.ts';
import { aPolledRun } from './a-run.ts';
import { result } from './an-outcome.ts';

const seen = { run: aPolledRun({ status: 'completed' }), meta: { serverNowMs: EPOCH_MS } } as PolledRun;
const entry = (name: string, one: ConditionResult) => anEntry({ name, gate: { conditions: [one.condition], evaluate: () => [one] } });
const RED = result('holds', { matched: 5 });
const GREEN = result('does_not_hold');

function evaluate(one: ConditionResult, about: Partial<Omit<Job, 'client' | 'context'>> = {}) {
  const clock = virtualClock();
  const texts: string[] = [];
  const job = jobOf(clock, {
    client: clientOf(clock, fakeTransport(clock, []).transport),
    emit: (event) => {
      if (event.kind === 'notice' || event.kind === 'log_note') texts.push(`${event.kind}: ${event.text}`);
    },
    ...about,
  });
  evaluateRun(anOrder({ entries: [entry('', one)] }), { ...job, baseline: null }, seen);
  return texts;
}

describe('evaluateRun', () => {
  test('emits no notice without a reason', () => {
    expect(evaluate(RED)).toEqual([]);
  });

  test('emits the notices of a condition', () => {
    expect(evaluate({ ...RED, notices: ['', 'it is odd'] })).toEqual(['notice: it is odd']);
  });

  test('says how many matches the gate file leaves out', () => {
    expect(evaluate(RED, { budget: { bytes: 1_000_000, values: 0 } })).toEqual([
      'notice: `gate_file` leaves out 5 matches for size: it cannot be a baseline',
    ]);
  });
});

test.each<[what: string, results: readonly ConditionResult[], isRed: boolean]>([
  ['finds a run green whose entries are green', [GREEN, GREEN], false],
  ['finds a run red if one of its entries is red', [GREEN, RED], true],
])('%s', (_, results, isRed) => {
  const order = anOrder({ entries: results.map((one, nth) => entry(`e${nth}`, one)) });
  const context = jobOf(virtualClock(), { client: {} as Job['client'] }).context;
  expect(isRedByGate(order, { failOn: 'any', context, baseline: null }, seen)).toBe(isRed);
});
