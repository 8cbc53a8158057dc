/**
 * The texts of a step that the runner stopped before its verdict: what happens to each run at Alloovium, whose API cannot cancel
 * one. The signal is the same for a cancelled job, a `timeout-minutes` and a `cancel` step, so no text names the cause. Pure.
 */
import { joinPresent, formatList, replaceSpecialCharacters } from '../text/format.ts';
import type { Outcome } from './outcome.ts';
import {
  fillIn,
  leftoverOf,
  MAYBE_STARTED,
  QUEUE_AGAIN,
  rerunKindOf,
  type RerunKind,
  type RerunTerms,
} from './rerun-advice.ts';

const STEP_STOPPED = 'No verdict: the runner stopped this step';
const TIMEOUT = "If the step's `timeout-minutes` ended it, allow more.";

type LeftoverKind = ReturnType<typeof leftoverOf>;

/** Words for the only run of a step, for one of several runs after its name, and for some of them. */
const LEFTOVERS: Record<LeftoverKind, { readonly run: string; readonly one: string; readonly some: string }> =
  {
    run: { run: 'the run goes on at Alloovium', one: 'goes on at Alloovium', some: 'go on at Alloovium' },
    ended_run: {
      run: 'the run has ended without evaluation',
      one: 'has ended without evaluation',
      some: 'have ended without evaluation',
    },
    unknown: {
      run: 'a run may have started',
      one: 'may have started',
      some: 'may have started',
    },
    nothing: { run: 'nothing was started', one: 'was not started', some: 'were not started' },
  };

const JOIN_RUN = 'Run {run} goes on at Alloovium: re-run this job, and it joins it.';
const EVALUATE_RUN = 'Run {run} has ended: re-run this job, and it evaluates that run.';
const JOIN_IF_STARTED = `${MAYBE_STARTED}: re-run this job, and it joins that run if there is one.`;

const NEXT_STEPS: Record<LeftoverKind, Record<RerunKind, string>> = {
  run: {
    resume: JOIN_RUN,
    run_id: JOIN_RUN,
    fresh: 'Run {run} goes on at Alloovium: to evaluate it, give `run_id: {run}`. A re-run starts another.',
    merge_queue: `Run {run} goes on at Alloovium, and its result is not used. ${QUEUE_AGAIN}`,
  },
  ended_run: {
    resume: EVALUATE_RUN,
    run_id: EVALUATE_RUN,
    fresh: 'Run {run} has ended: to evaluate it, give `run_id: {run}`. A re-run starts another.',
    merge_queue: `Run {run} has ended without evaluation. ${QUEUE_AGAIN}`,
  },
  unknown: {
    resume: JOIN_IF_STARTED,
    run_id: JOIN_IF_STARTED,
    fresh: `${MAYBE_STARTED}: look for it in the Alloovium dashboard. With \`on_rerun: fresh\` a re-run launches another.`,
    merge_queue: `${MAYBE_STARTED}. ${QUEUE_AGAIN}`,
  },
  nothing: {
    resume: 'Nothing was started: re-run this job.',
    run_id: 'Nothing was started: re-run this job.',
    fresh: 'Nothing was started: re-run this job.',
    merge_queue: 'Nothing was started: queue the pull request again.',
  },
};

/** Returns headline and next step for a step that the runner stopped before it began to launch. */
export function describeStoppedBefore(terms: RerunTerms) {
  return createSentences('nothing', NEXT_STEPS.nothing[rerunKindOf(null, terms)]);
}

/** Returns headline and next step for a step with one run that the runner stopped. */
export function describeStoppedRun(outcome: Outcome, terms: RerunTerms) {
  const whereabouts = leftoverOf(outcome);
  return createSentences(
    whereabouts,
    fillIn(NEXT_STEPS[whereabouts][rerunKindOf(outcome.origin, terms)], outcome),
  );
}

/**
 * Returns headline, lead, brief and next step for a stopped step with one run.
 * @param whereabouts what is left of the run at Alloovium
 */
function createSentences(whereabouts: LeftoverKind, nextStep: string) {
  const { run, one } = LEFTOVERS[whereabouts];
  return {
    headline: `${STEP_STOPPED}; ${run}`,
    lead: STEP_STOPPED,
    brief: one,
    nextStep: `${nextStep} ${TIMEOUT}`,
  };
}

/** Numbers of names of each list that a headline may show; the first that fits into an issue's title is used. */
const SHOWN_NAMES = [3, 2, 1, 0];
const MAX_HEADLINE = 240;

/** What a re-run does with several runs if some already exist. */
export const NEXT_STEPS_OF_SEVERAL: Record<RerunKind, string> = {
  resume: 'Re-run this job: it joins the existing runs that are not red, and starts new runs for the others.',
  run_id: 'Re-run this job: it evaluates the same runs.',
  fresh:
    'To evaluate an existing run, give its ID as `run_id`: with `on_rerun: fresh` a re-run starts new runs.',
  merge_queue: 'Queue the pull request again: this starts new runs.',
};

/**
 * Returns headline and next step for a step with several runs that the runner stopped.
 * @param stopped the runs without a verdict
 * @param withVerdict number of runs with a verdict
 * @param red names of the red ones among those
 */
export function describeStoppedRuns(
  stopped: readonly Outcome[],
  withVerdict: number,
  red: readonly string[],
  terms: RerunTerms,
) {
  const groups = Map.groupBy(stopped, leftoverOf);
  const list = (most: number, nameOf = ({ entry }: Outcome) => replaceSpecialCharacters(entry.name)) =>
    (Object.keys(LEFTOVERS) as LeftoverKind[])
      .filter((whereabouts) => groups.has(whereabouts))
      .map((whereabouts) => {
        const names = (groups.get(whereabouts) ?? []).map(nameOf);
        return `${most === 0 ? names.length : formatList(names, most)} ${LEFTOVERS[whereabouts][names.length === 1 ? 'one' : 'some']}`;
      })
      .join('; ');
  const withKey = (outcome: Outcome) =>
    replaceSpecialCharacters(outcome.entry.name) +
    (leftoverOf(outcome) === 'unknown' ? fillIn(' (key `{key}`)', outcome) : '');
  const lead =
    withVerdict === 0
      ? STEP_STOPPED
      : `No verdict on ${stopped.length} of ${stopped.length + withVerdict} runs: the runner stopped this step`;
  const listRed = (most: number) =>
    red.length > 0 &&
    `${most === 0 ? red.length : formatList(red.map(replaceSpecialCharacters), most)} ${red.length === 1 ? 'is' : 'are'} red`;
  const headlines = SHOWN_NAMES.map((most) => `${lead}. ${joinPresent('; ', list(most), listRed(most))}`);
  const ways = new Set(stopped.map(({ origin }) => rerunKindOf(origin, terms)));
  const [way = 'resume'] = ways.size === 1 ? ways : [rerunKindOf(null, terms)];
  const isNothing = [...groups.keys()].every((whereabouts) => whereabouts === 'nothing');
  const again = isNothing && way !== 'merge_queue' ? 'Re-run this job.' : NEXT_STEPS_OF_SEVERAL[way];
  return {
    headline: headlines.find(({ length }) => length <= MAX_HEADLINE) ?? lead,
    lead,
    nextStep: joinPresent(
      ' ',
      `${joinPresent('; ', list(Infinity, withKey), listRed(Infinity))}.`,
      again,
      TIMEOUT,
    ),
  };
}
