/** Tests of the gate: outputs, and the conditions of `fail_if` that they must meet. Pure. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { Fault } from '../outcome.ts';
import { isBlank } from '../text/format.ts';
import type { Evaluation, Gate } from './condition.ts';

export interface GateTest {
  readonly name: string;
  readonly outputs: JsonValue;
  /** The conditions that must be met, by their names, or without a name by their expressions. */
  readonly fails: readonly string[];
}

/** A test that fails. */
export interface FailedTest extends GateTest {
  /** The place in the list, from 0. */
  readonly at: number;
  /** The conditions that were met. */
  readonly met: readonly string[];
  /** A condition that cannot be evaluated; null: all were. */
  readonly broken: Evaluation | null;
  /** The tests took longer than 4 s. */
  readonly isTooSlow: boolean;
}

const MAX_TESTS = 50;
const MAX_MS = 4_000;
const KEYS = ['name', 'outputs', 'fails'];

function labelOf({ condition: { name, expression } }: Pick<Evaluation, 'condition'>): string {
  return name ?? expression;
}

/**
 * Reads `tests`.
 * @param texts with each value as it was typed @param typed with types, for `outputs` @throws Fault
 */
export function readTests(texts: JsonValue, typed: JsonValue, { conditions }: Gate): readonly GateTest[] {
  if (!isList(texts) || !isList(typed))
    throw new Fault('must be a list: `- name: …` with `outputs: { … }` and `fails: [ … ]` below');
  if (texts.length > MAX_TESTS) throw new Fault(`has ${texts.length} tests; ${MAX_TESTS} are allowed`);
  const labels = conditions.map((condition) => labelOf({ condition }));
  return texts.map((test, at) => {
    const fault = (what: string) => new Fault(`has test ${at + 1} ${what}`, at);
    const outputs = isJsonObject(typed[at]) ? typed[at].outputs : null;
    if (!isJsonObject(test) || Object.keys(test).some((key) => !KEYS.includes(key)))
      throw fault('that is not a mapping of `name`, `outputs` and `fails`');
    const { name, fails } = test;
    if (typeof name !== 'string' || isBlank(name)) throw fault('without a `name`');
    if (!isJsonObject(outputs)) throw fault('without `outputs`, a mapping');
    if (!isList(fails))
      throw fault('without `fails`, the list of conditions that must be met (`[]` for none)');
    const unknown = fails.find((label) => !labels.includes(label as string));
    if (unknown !== undefined) throw fault('whose `fails` names a condition that `fail_if` does not have');
    return { name, outputs, fails: fails as readonly string[] };
  });
}

/** Returns the tests that fail. @param now the time in ms */
export function runTests(tests: readonly GateTest[], gate: Gate, now: () => number): readonly FailedTest[] {
  const began = now();
  const tooLong = new Error('the time is up');
  const checkTime = () => {
    if (now() - began > MAX_MS) throw tooLong;
  };
  return tests.flatMap((test, at) => {
    const failed = { ...test, at, met: [], broken: null, isTooSlow: false };
    try {
      checkTime();
      const evaluations = gate.evaluate(test.outputs, checkTime);
      const broken = evaluations.find(({ problem }) => problem !== null) ?? null;
      const met = evaluations.filter(({ result }) => result === 'met').map(labelOf);
      const isExpected =
        met.length === new Set(test.fails).size && met.every((label) => test.fails.includes(label));
      return broken || !isExpected ? [{ ...failed, met, broken }] : [];
    } catch (error) {
      if (error !== tooLong) throw error;
      return [{ ...failed, isTooSlow: true }];
    }
  });
}
