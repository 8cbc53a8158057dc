/** The words of the whole step: of several runs those that count, with equal ones once. Pure. */
import type { EntryResult } from '../run/run-state.ts';
import type { Verdict } from '../run/verdict.ts';
import type { Step } from '../step.ts';
import { formatCount, formatList, inBrackets, joinPresent, lowerFirst } from '../text/format.ts';
import { describeEarlier, describeOutcome, type Words } from './outcomes.ts';

/** An entry of `runs` with its verdict and its words. */
interface JudgedEntry extends EntryResult {
  readonly verdict: Verdict;
  readonly words: Words;
}

/** Names in a list. */
const MAX_NAMED = 3;

/** Returns the words of the step: of several runs those of all that count, with equal next steps once. */
export function describeStep(verdict: Verdict, step: Step, results: readonly JudgedEntry[]): Words {
  const [only] = results;
  if (step.outcome !== null || only === undefined)
    return describeOutcome(
      step.outcome ?? { kind: 'crashed', message: 'there is no result' },
      verdict,
      step,
      only,
    );
  if (results.length === 1) return only.words;
  const counted = results.filter((one) => one.verdict.exitCode === verdict.exitCode);
  const named = counted.filter(({ words }) => words.deciding.length > 0);
  const alike = counted.filter((one) => one.verdict.conclusion === verdict.conclusion);
  const { words } = alike.find((one) => named.includes(one)) ?? alike[0] ?? only;
  return {
    ...words,
    headline:
      (verdict.exitCode === 0
        ? describePassing(verdict, results, named)
        : describeFailing(counted, results)) + inBrackets(describeEarlier(results)),
    whyNew: '',
    steps: groupSteps(counted),
  };
}

/** Returns "1 of 3 runs failed (Tower), 1 has no result (Bridge)", with the cause if they share it. */
function describeFailing(counted: readonly JudgedEntry[], { length }: readonly JudgedEntry[]): string {
  const of = ` of ${formatCount(length, 'run')}`;
  const failed = counted.filter((one) => one.verdict.statusState === 'failure');
  const others = counted.filter((one) => !failed.includes(one));
  const has = others.length === 1 ? 'has' : 'have';
  const causes = [...new Set(counted.map(({ words }) => words.headline))];
  const counts = joinPresent(
    ', ',
    failed.length > 0 && `${failed.length}${of} failed (${namesOf(failed)})`,
    others.length > 0 &&
      `${others.length}${failed.length > 0 ? '' : of} ${has} no result (${namesOf(others)})`,
  );
  return joinPresent(': ', counts, causes.length === 1 && lowerFirst(causes[0] ?? ''));
}

/** Returns "3 runs passed, 1 with warnings (Tower)". */
function describePassing(
  { conclusion, gate }: Verdict,
  { length }: readonly JudgedEntry[],
  warned: readonly JudgedEntry[],
): string {
  const passed = gate === 'none' ? 'reviewed, not gated' : 'passed';
  return joinPresent(
    ', ',
    `${formatCount(length, 'run')} ${conclusion === 'pending' ? 'started, no result yet' : passed}`,
    warned.length > 0 && `${warned.length} with warnings (${namesOf(warned)})`,
  );
}

function namesOf(results: readonly JudgedEntry[]): string {
  return formatList(
    results.map(({ entry }) => entry.name),
    MAX_NAMED,
  );
}

/** Groups the entries by each sentence of their next steps. One that all have needs no names. */
function groupSteps(results: readonly JudgedEntry[]): string[] {
  const stepsOf = ({ words }: JudgedEntry) => [words.whyNew, ...words.steps].filter(Boolean);
  return [...new Set(results.flatMap(stepsOf))].map((text) => {
    const having = results.filter((one) => stepsOf(one).includes(text));
    return having.length === results.length ? text : `${namesOf(having)}: ${lowerFirst(text)}`;
  });
}
