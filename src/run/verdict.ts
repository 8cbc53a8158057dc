/** The verdict on the step: of several runs the worst. Pure. */
import type { Outcome } from '../outcome.ts';
import { CONCLUSIONS, GATE_WORDS, judge } from '../report/outcomes.ts';
import type { Terms, Verdict } from '../report/outcomes.ts';
import type { EntryReport } from '../report/report.ts';
import { formatList, joinPresent, lowerFirst } from '../text/format.ts';

/** Ranks the worst first; of those that are as bad, one that asks for a step. */
function rankResult({ verdict: { conclusion, steps } }: EntryReport): number {
  return Object.keys(CONCLUSIONS).indexOf(conclusion) - (steps.length > 0 ? 0.5 : 0);
}

/** Runs that a headline names. */
const MAX_NAMED = 3;

/**
 * Returns the verdict on the step: of several runs that of the worst, with names and headlines of all that count.
 * @param stepOutcome ended the step before its runs, or for all of them
 */
export function judgeStep(
  results: readonly EntryReport[],
  stepOutcome: Outcome | null,
  terms: Terms,
): Verdict {
  const [worst] = results.toSorted((one, other) => rankResult(one) - rankResult(other));
  if (stepOutcome !== null || worst === undefined) {
    // Without a result something of ours is broken: never green.
    const outcome = stepOutcome ?? { kind: 'crashed', message: 'there is no result' };
    return { ...judge(outcome, terms, worst), gate: 'not_evaluated' };
  }
  if (results.length === 1) return worst.verdict;
  const { exitCode } = worst.verdict;
  const gate = GATE_WORDS.find((word) => results.some(({ verdict }) => verdict.gate === word)) ?? 'none';
  // Red ones; where all are green, those of which there is more to say.
  const shown = results.filter(
    ({ verdict, runState }) =>
      verdict.exitCode === exitCode && (verdict.steps.length > 0 || runState.redRunsBefore),
  );
  const red = `${shown.length} of ${results.length} runs ${shown.length === 1 ? 'is' : 'are'} red`;
  const count = exitCode === 0 ? `${results.length} runs are green` : red;
  const named = shown.map(({ entry, verdict }) => `${entry.name} (${lowerFirst(verdict.headline)})`);
  const headline = joinPresent(': ', count, formatList(named, MAX_NAMED));
  const steps = shown.flatMap(({ entry, verdict }) =>
    verdict.steps.slice(0, 1).map((step) => `${entry.name}: ${lowerFirst(step)}`),
  );
  return { ...worst.verdict, gate, headline, steps };
}
