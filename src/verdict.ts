/** The verdict on the step: of several runs the worst. Pure. */
import { CONCLUSIONS, describeFailure, describeResult, rowOf } from './endings.ts';
import type { Conclusion, Result, StepFailure, Terms, Words } from './endings.ts';
import type { Entry } from './inputs/inputs.ts';
import { describeAccepted, describeEarlierRed } from './report/words.ts';
import { formatList, joinPresent, lowerFirst } from './text/format.ts';

export type { Conclusion, Result } from './endings.ts';

const GATE_WORDS = ['failed', 'not_evaluated', 'passed', 'none'] as const;
export type GateWord = (typeof GATE_WORDS)[number];

export interface Verdict {
  readonly conclusion: Conclusion;
  readonly exitCode: 0 | 1;
  readonly gate: GateWord;
}

const WORST_FIRST = Object.keys(CONCLUSIONS) as Conclusion[];

/** Returns the verdict. @param failure ended the step before its runs, or for all of them */
export function verdictOf(results: readonly Result[], failure: StepFailure | null): Verdict {
  const conclusions = failure === null ? results.map(conclusionOf) : [rowOf(failure).conclusion];
  // Without results and without a failure something of ours is broken: never green.
  const conclusion = WORST_FIRST.find((one) => conclusions.includes(one)) ?? 'error';
  const gates = failure === null ? results.map(gateWordOf) : [];
  const gate = GATE_WORDS.find((one) => gates.includes(one)) ?? 'not_evaluated';
  return { conclusion, exitCode: CONCLUSIONS[conclusion].exitCode, gate };
}

function conclusionOf(result: Result): Conclusion {
  return rowOf(result.ending, result).conclusion;
}

/** Has the entry a condition of `fail_if`? */
export function hasGate({ gate }: Entry): boolean {
  return gate.conditions.some(({ severity }) => severity === 'fail');
}

function gateWordOf(result: Result): GateWord {
  if (!hasGate(result.entry)) return 'none';
  const conclusion = conclusionOf(result);
  return conclusion === 'success' ? 'passed' : conclusion === 'gate_failed' ? 'failed' : 'not_evaluated';
}

/** Runs that a headline names. */
const MAX_NAMED = 3;

/** Returns the words of the whole step: of several runs, those of the worst, with names and headlines of all that count. */
export function describeStep(results: readonly Result[], failure: StepFailure | null, terms: Terms): Words {
  const [first] = results;
  if (failure !== null || first === undefined)
    return describeFailure(
      failure ?? { kind: 'crashed', message: 'there is no result' },
      terms,
      first?.record ?? null,
    );
  if (results.length === 1) return describeResult(first, terms);

  const { conclusion, exitCode } = verdictOf(results, null);
  const all = results.map((one) => ({
    ...verdictOf([one], null),
    name: one.entry.name,
    words: describeResult(one, terms),
  }));
  // Red ones; where all are green, those that warn or were not waited for.
  const shown = all.filter((one) => (exitCode === 0 ? one.words.steps.length > 0 : one.exitCode !== 0));
  const worst = [...shown, ...all].find((one) => one.conclusion === conclusion);
  const accepted = describeAccepted(results.flatMap(({ evaluated }) => evaluated?.findings ?? []));
  const earlier = describeEarlierRed(results.map(({ record }) => record));
  const red = `${shown.length} of ${results.length} runs ${shown.length === 1 ? 'is' : 'are'} red`;
  const named = shown.map(({ name, words }) => `${name} (${lowerFirst(words.headline)})`);
  return {
    ...(worst?.words ?? describeResult(first, terms)),
    headline: joinPresent(
      ': ',
      exitCode === 0 ? `${results.length} runs are green${accepted}${earlier}` : red,
      formatList(named, MAX_NAMED),
    ),
    steps: shown.flatMap(({ name, words }) =>
      words.steps.slice(0, 1).map((step) => `${name}: ${lowerFirst(step)}`),
    ),
  };
}
