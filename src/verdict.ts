/** The verdict on the step: of several runs the worst. Pure. */
import { CONCLUSIONS, describeEnding } from './endings.ts';
import type { Conclusion, Result, StepFailure, Terms, Words } from './endings.ts';
import { formatList, joinPresent, lowerFirst } from './text/format.ts';

const GATE_WORDS = ['failed', 'not_evaluated', 'passed', 'none'] as const;
export type GateWord = (typeof GATE_WORDS)[number];

export interface Verdict {
  readonly conclusion: Conclusion;
  readonly exitCode: 0 | 1;
  readonly gate: GateWord;
}

/** A run with its verdict and words. */
export interface Judged extends Result {
  readonly verdict: Verdict;
  readonly words: Words;
}

/** Returns the run with its verdict and words. */
export function judge(result: Result, terms: Terms): Judged {
  const words = describeEnding(result.ending, terms, result);
  const { conclusion, exitCode } = words;
  const ofGate =
    conclusion === 'success' ? 'passed' : conclusion === 'gate_failed' ? 'failed' : 'not_evaluated';
  const hasGate = result.entry.gate.conditions.some(({ severity }) => severity === 'fail');
  const gate = hasGate ? ofGate : 'none';
  return { ...result, words, verdict: { conclusion, exitCode, gate } };
}

/** Ranks the worst first; of those that are as bad, one that asks for a step. */
function rankOf({ words }: Judged): number {
  return Object.keys(CONCLUSIONS).indexOf(words.conclusion) - (words.steps.length > 0 ? 0.5 : 0);
}

/** Runs that a headline names. */
const MAX_NAMED = 3;

/**
 * Returns the verdict and the words of the step: of several runs those of the worst, with names and headlines of all that count.
 * @param failure ended the step before its runs, or for all of them
 */
export function judgeStep(
  results: readonly Judged[],
  failure: StepFailure | null,
  terms: Terms,
): Pick<Judged, 'verdict' | 'words'> {
  const [worst] = results.toSorted((one, other) => rankOf(one) - rankOf(other));
  if (failure !== null || worst === undefined) {
    // Without a result something of ours is broken: never green.
    const words = describeEnding(failure ?? { kind: 'crashed', message: 'there is no result' }, terms, worst);
    const { conclusion, exitCode } = words;
    return { words, verdict: { conclusion, exitCode, gate: 'not_evaluated' } };
  }
  if (results.length === 1) return worst;
  const { exitCode } = worst.verdict;
  const gate = GATE_WORDS.find((word) => results.some(({ verdict }) => verdict.gate === word)) ?? 'none';
  // Red ones; where all are green, those of which there is more to say.
  const shown = results.filter(
    ({ verdict, words, record }) =>
      verdict.exitCode === exitCode && (words.steps.length > 0 || record.redRunsBefore),
  );
  const red = `${shown.length} of ${results.length} runs ${shown.length === 1 ? 'is' : 'are'} red`;
  const count = exitCode === 0 ? `${results.length} runs are green` : red;
  const named = shown.map(({ entry, words }) => `${entry.name} (${lowerFirst(words.headline)})`);
  const headline = joinPresent(': ', count, formatList(named, MAX_NAMED));
  const steps = shown.flatMap(({ entry, words }) =>
    words.steps.slice(0, 1).map((step) => `${entry.name}: ${lowerFirst(step)}`),
  );
  return { verdict: { ...worst.verdict, gate }, words: { ...worst.words, headline, steps } };
}
