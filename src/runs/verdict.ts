/**
 * What the outcomes mean for the step. All text is in our own words and counts: nothing of the API's is
 * in it, so that the headline can be handed to chat or to an issue's title. Pure.
 */
import type { Finding } from '../gate/finding.ts';
import { isRed, isWarning, type Condition } from '../gate/gate.ts';
import type { Ending, Outcome } from './outcome.ts';

export type Conclusion =
  | 'success'
  | 'pending'
  | 'skipped'
  | 'failure'
  | 'cancelled'
  | 'gate_failed'
  | 'timed_out'
  | 'interrupted'
  | 'error';

export type GateWord = 'passed' | 'failed' | 'none' | 'not_evaluated';

/** What we decided. All its text is in our own words: nothing of the API's is in it. */
export interface Verdict {
  readonly conclusion: Conclusion;
  readonly exitCode: 0 | 1;
  readonly gate: GateWord;
  /** One line: "“not compliant” matched 2 of 5 items". Holds our words, counts and names of conditions only. */
  readonly headline: string;
  /** The one thing to do, a sentence; empty where there is nothing to do. */
  readonly nextStep: string;
}

/** What the step asks of its runs. */
export interface Terms {
  /** `fail_if` is given, if only with conditions that do not compile. */
  readonly isGated: boolean;
  readonly onRerun: 'resume' | 'fresh';
}

/**
 * The verdict of the step, by what became of its orders.
 * @param failure what ended the step before or beside its orders, if anything did
 */
export function verdictOf(outcomes: readonly Outcome[], failure: Ending | null, terms: Terms): Verdict {
  const [outcome] = outcomes;
  const ending = failure ?? outcome?.ending;
  if (ending === undefined) throw new Error('there is neither an outcome nor a failure');
  const results = failure === null ? (outcome?.findings ?? []) : [];
  const { conclusion, headline, nextStep } = decide(ending, outcome ?? null, terms);
  return {
    conclusion,
    exitCode: conclusion === 'success' || conclusion === 'pending' || conclusion === 'skipped' ? 0 : 1,
    gate: gateWord(ending, results, terms),
    headline,
    nextStep,
  };
}

function decide(
  ending: Ending,
  outcome: Outcome | null,
  terms: Terms,
): { conclusion: Conclusion; headline: string; nextStep: string } {
  const again = newRun(outcome, terms);
  switch (ending.kind) {
    case 'skipped':
      return {
        conclusion: 'skipped',
        headline: 'Skipped: GitHub gives no secrets to this pull request, so there is no API key',
        nextStep: '',
      };
    case 'launched':
      return {
        conclusion: 'pending',
        headline: 'Launched, not waited for',
        nextStep:
          'To judge the run, use the action in a later job with the same inputs and without `wait: false`.',
      };
    case 'timed_out':
      return {
        conclusion: 'timed_out',
        headline: `No verdict: the time ran out while ${ending.what}`,
        nextStep: leftBehind(
          outcome,
          terms,
          ending.mayHaveStarted,
          'Raise `timeout_minutes`, or re-run this job.',
        ),
      };
    case 'interrupted':
      return {
        conclusion: 'interrupted',
        headline: `No verdict: the job was cancelled (${ending.signal})`,
        nextStep: leftBehind(outcome, terms, ending.mayHaveStarted, 'Nothing was launched; re-run this job.'),
      };
    case 'error':
      return { conclusion: 'error', headline: ending.headline, nextStep: ending.remedy };
    case 'ended':
      break;
  }
  if (ending.status === 'failed') {
    return {
      conclusion: 'failure',
      headline: 'The run failed',
      nextStep: `Correct what its message names, then ${again}`,
    };
  }
  if (ending.status !== 'completed') {
    return {
      conclusion: 'cancelled',
      headline: 'The run was cancelled at Alloovium, by a user or a time-out there',
      nextStep: `If that was not meant, ${again}`,
    };
  }
  const results = outcome?.findings ?? [];
  const conditions = outcome?.entry.gate.conditions ?? [];
  const red = results.filter(isRed);
  if (red.length > 0) {
    const broken = red.every(({ result }) => result === 'cannot_be_evaluated');
    return {
      conclusion: 'gate_failed',
      headline: listed(red.map(phrase)),
      nextStep: broken
        ? `Push a corrected condition (\`has(outputs.x)\` allows a key to be absent), or correct what the workflow writes and ${again}`
        : `Correct ${red.some(({ matched }) => matched > 0) ? 'the matched items' : 'the cause'} in Alloovium, then ${again}`,
    };
  }
  const gated = conditions.filter(({ severity }) => severity === 'fail').length;
  if (results.length < conditions.length) throw new Error('a condition was not evaluated');
  const warned = results.filter(isWarning);
  return {
    conclusion: 'success',
    headline: [
      gated === 0
        ? 'The run completed; no gate was asked for'
        : `The run completed; ${gated === 1 ? 'the condition does not hold' : `none of the ${gated} conditions holds`}`,
      ...(warned.length > 0 ? [`warning: ${listed(warned.map(phrase))}`] : []),
    ].join('; '),
    nextStep: '',
  };
}

function gateWord(ending: Ending, results: readonly Finding[], { isGated }: Terms): GateWord {
  if (!isGated) return 'none';
  if (ending.kind !== 'ended' || ending.status !== 'completed') return 'not_evaluated';
  return results.some(isRed) ? 'failed' : 'passed';
}

/** How to get another run, as the end of a sentence. */
function newRun(outcome: Outcome | null, { onRerun }: Terms): string {
  if (outcome?.origin?.kind === 'attached') return 'launch a new run and give its ID as `run_id`.';
  if (outcome?.joinedOlder === true && onRerun === 'resume')
    return 're-run this job: it joins a newer run if there is one, else launches one.';
  return 're-run the failed job: it launches a new run.';
}

function leftBehind(
  outcome: Outcome | null,
  { onRerun }: Terms,
  mayHaveStarted: boolean,
  otherwise: string,
): string {
  if (outcome === null) return otherwise;
  const { runId, origin, idempotencyKey } = outcome;
  // With `fresh` a re-run launches another one.
  const rejoins = onRerun === 'resume' && origin?.kind !== 'attached';
  if (runId !== '') {
    return `The run goes on at Alloovium; ${rejoins ? 're-run this job to join it, or ' : ''}give \`run_id: ${runId}\` to judge it.`;
  }
  if (mayHaveStarted) {
    return `A run may have started under key ${idempotencyKey}; ${rejoins ? 're-run this job: it joins that run' : 'look for it in the Alloovium dashboard'}.`;
  }
  return otherwise;
}

/** "“not compliant” matched 2 of 5 items" */
export function phrase({ condition, result, matched, unmatched }: Finding): string {
  const name = nameOf(condition);
  if (result === 'cannot_be_evaluated') return `${name} cannot be evaluated`;
  if (result === 'does_not_hold') return `${name} does not hold`;
  if (matched === 0) return `${name} holds`;
  const all = matched + (unmatched ?? 0);
  const of = unmatched === null ? '' : ` of ${all}`;
  return `${name} matched ${matched}${of} ${all === 1 ? 'item' : 'items'}`;
}

/** A condition's own name, or where it stands. */
export function nameOf({ name, severity, line }: Condition): string {
  return name === null ? `line ${line} of \`${severity}_if\`` : `“${name}”`;
}

/** The first three at most, in so many characters: GitHub refuses an issue's title of more than 256. */
function listed(phrases: readonly string[]): string {
  let shown = phrases.slice(0, 3);
  while (shown.length > 1 && shown.join('; ').length > LISTED_MAX) shown = shown.slice(0, -1);
  const more = phrases.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/** With what stands before and after it, and a word or two of the user's, it is a title still. */
const LISTED_MAX = 150;
