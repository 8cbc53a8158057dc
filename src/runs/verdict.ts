/**
 * What the ending of a run means for the job. All text is in our own words and counts: nothing of the API's is
 * in it, so that the headline can be handed to chat or to an issue's title. Pure.
 */
import { isRed, isWarning, type Condition, type ConditionResult } from '../gate/gate.ts';
import type { Conclusion, GateWord, Verdict } from '../report/report.ts';

export type Ending =
  /** The run has ended; `results` are empty unless it completed. */
  | { readonly kind: 'ended'; readonly status: string; readonly results: readonly ConditionResult[] }
  /** `wait: false` */
  | { readonly kind: 'launched' }
  | { readonly kind: 'skipped' }
  /** `what`: what was being done when the time ran out, after "the time ran out while". */
  | { readonly kind: 'timed_out'; readonly what: string; readonly mayHaveStarted: boolean }
  | { readonly kind: 'interrupted'; readonly signal: string; readonly mayHaveStarted: boolean }
  | { readonly kind: 'error'; readonly headline: string; readonly remedy: string };

export interface Circumstances {
  readonly conditions: readonly Condition[];
  /** `fail_if` is given, if only with conditions that do not compile. */
  readonly gated: boolean;
  /** Empty: no run is known. */
  readonly runId: string;
  /** The run is one that the first attempt found under its key, older than the job. */
  readonly joinedOlder: boolean;
  readonly attached: boolean;
  readonly onRerun: 'resume' | 'fresh';
  readonly idempotencyKey: string;
}

export function judge(ending: Ending, about: Circumstances): Verdict {
  const { conclusion, headline, nextStep } = decide(ending, about);
  return {
    conclusion,
    exitCode: conclusion === 'success' || conclusion === 'pending' || conclusion === 'skipped' ? 0 : 1,
    gate: gateWord(ending, about),
    headline,
    nextStep,
  };
}

function decide(
  ending: Ending,
  about: Circumstances,
): { conclusion: Conclusion; headline: string; nextStep: string } {
  const again = newRun(about);
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
        nextStep: leftBehind(about, ending.mayHaveStarted, 'Raise `timeout_minutes`, or re-run this job.'),
      };
    case 'interrupted':
      return {
        conclusion: 'interrupted',
        headline: `No verdict: the job was cancelled (${ending.signal})`,
        nextStep: leftBehind(about, ending.mayHaveStarted, 'Nothing was launched; re-run this job.'),
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
  const red = ending.results.filter(isRed);
  if (red.length > 0) {
    const broken = red.every(({ result }) => result === 'cannot_be_evaluated');
    return {
      conclusion: 'gate_failed',
      headline: listed(red.map(phrase)),
      nextStep: broken
        ? `Push a corrected condition (\`has(outputs.x)\` allows a key to be absent), or correct what the workflow writes and ${again}`
        : `Correct ${red.some(({ matched }) => matched.length > 0) ? 'the matched items' : 'the cause'} in Alloovium, then ${again}`,
    };
  }
  const gated = about.conditions.filter(({ severity }) => severity === 'fail').length;
  if (ending.results.length < about.conditions.length) throw new Error('a condition was not evaluated');
  const warned = ending.results.filter(isWarning);
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

function gateWord(ending: Ending, { gated }: Circumstances): GateWord {
  if (!gated) return 'none';
  if (ending.kind !== 'ended' || ending.status !== 'completed') return 'not_evaluated';
  return ending.results.some(isRed) ? 'failed' : 'passed';
}

/** How to get another run, as the end of a sentence. */
function newRun({ attached, joinedOlder, onRerun }: Circumstances): string {
  if (attached) return 'launch a new run and give its ID as `run_id`.';
  if (joinedOlder && onRerun === 'resume')
    return 're-run this job: it joins a newer run if there is one, else launches one.';
  return 're-run the failed job: it launches a new run.';
}

function leftBehind(
  { runId, attached, onRerun, idempotencyKey }: Circumstances,
  mayHaveStarted: boolean,
  otherwise: string,
): string {
  // With `fresh` a re-run launches another one.
  const rejoins = onRerun === 'resume' && !attached;
  if (runId !== '') {
    return `The run goes on at Alloovium; ${rejoins ? 're-run this job to join it, or ' : ''}give \`run_id: ${runId}\` to judge it.`;
  }
  if (mayHaveStarted) {
    return `A run may have started under key ${idempotencyKey}; ${rejoins ? 're-run this job: it joins that run' : 'look for it in the Alloovium dashboard'}.`;
  }
  return otherwise;
}

/** "“not compliant” matched 2 of 5 items" */
export function phrase({ condition, result, matched, unmatched }: ConditionResult): string {
  const name = nameOf(condition);
  if (result === 'cannot_be_evaluated') return `${name} cannot be evaluated`;
  if (result === 'does_not_hold') return `${name} does not hold`;
  if (matched.length === 0) return `${name} holds`;
  const all = matched.length + (unmatched?.length ?? 0);
  const of = unmatched === null ? '' : ` of ${all}`;
  return `${name} matched ${matched.length}${of} ${all === 1 ? 'item' : 'items'}`;
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
