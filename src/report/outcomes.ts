/** One row for each way in which a run, or the whole step, ends: its conclusion, and its words as functions of its values. Pure. */
import type { Outcome } from '../outcome.ts';
import type { Finding } from '../gate/finding.ts';
import type { Review } from '../gate/findings.ts';
import type { Context } from '../github/context.ts';
import { formatInputFault } from '../inputs/faults.ts';
import type { Entry, Inputs } from '../inputs/inputs.ts';
import { formatGateFault } from './problems.ts';
import * as words from './messages.ts';
import type { RunState } from '../run/run-state.ts';
import {
  capitalise,
  endSentence,
  formatCount,
  formatDuration,
  formatList,
  inBrackets,
  joinPresent,
} from '../text/format.ts';

/** One entry with its run, whatever happened. */
export interface EntryResult {
  readonly entry: Entry;
  readonly runState: RunState;
  /** null: not evaluated. */
  readonly review: Review | null;
}

/** Facts about the step on which words depend; null: they could not be read. */
export interface Terms {
  readonly context: Context | null;
  readonly inputs: Inputs | null;
}

export const GATE_WORDS = ['failed', 'not_evaluated', 'passed', 'none'] as const;
type GateWord = (typeof GATE_WORDS)[number];

/**
 * What an ending means for the check, and what people read. All but `reason` are trusted sentences: `code` in backquotes, foreign
 * text only as JSON strings.
 */
export interface Verdict {
  readonly conclusion: Conclusion;
  readonly gate: GateWord;
  readonly exitCode: 0 | 1;
  /** null leaves the commit status as it is. */
  readonly statusState: 'success' | 'failure' | 'error' | null;
  readonly icon: string;
  /** "Red", "Green, with 1 warning", "No verdict" */
  readonly word: string;
  /** One line without its full stop. Holds nothing of the run. */
  readonly headline: string;
  /** What stands before the steps: "To turn this green". */
  readonly stepsLabel: string;
  /** Whole sentences; empty: nothing is to be done. */
  readonly steps: readonly string[];
  /** Why, beyond the headline. Untrusted, may have several lines; empty: there is nothing more. */
  readonly reason: string;
  /** The findings that decide: red ones, or of a green run those that warn. */
  readonly deciding: readonly Finding[];
}

const RED = {
  exitCode: 1,
  icon: '❌',
  word: 'Red',
  statusState: 'failure',
  stepsLabel: 'To turn this green',
} as const;
const ERROR = { ...RED, statusState: 'error', stepsLabel: 'Next' } as const;
const GREEN = {
  ...RED,
  exitCode: 0,
  icon: '✅',
  word: 'Green',
  statusState: 'success',
  stepsLabel: 'To clear the warning',
} as const;
const NOT_EVALUATED = {
  ...GREEN,
  icon: '⚪',
  word: 'Green, not evaluated',
  statusState: null,
  stepsLabel: 'Next',
} as const;

/** The worst first. */
export const CONCLUSIONS = {
  interrupted: { ...ERROR, icon: '⏹️', word: 'No verdict' },
  error: ERROR,
  timed_out: ERROR,
  failure: RED,
  cancelled: RED,
  gate_failed: RED,
  pending: NOT_EVALUATED,
  success: GREEN,
  skipped: NOT_EVALUATED,
} as const;

type Conclusion = keyof typeof CONCLUSIONS;

/** What the words of an ending may depend on, besides its values. */
export interface Facts extends Terms {
  /** null: there is no run. */
  readonly runState: RunState | null;
  readonly findings: readonly Finding[];
  readonly deciding: readonly Finding[];
  /** The request that failed; its words are empty: none did. */
  readonly request: words.RequestWords;
}

type OutcomeOf<K> = Extract<Outcome, { readonly kind: K }>;
type Text<E> = string | ((facts: Facts, outcome: E) => string);

export interface Row<E> {
  /** Left out: `error`. */
  readonly conclusion?: Conclusion;
  readonly headline: Text<E>;
  /** What to change first, without a full stop; left out: the remedy of the request. */
  readonly fix?: Text<E>;
  /** How one goes on then: with another run, or with what is left at Alloovium. */
  readonly then?: 'new_run' | 'same_run';
  /** A sentence. */
  readonly also?: Text<E>;
  /** Left out: what the server, the run or Node reported. */
  readonly reason?: Text<E>;
}

/** A completed run is green or red by its gate, and one that is not found (404) is gone. */
type OutcomeKind = Exclude<Outcome['kind'], 'completed'> | 'green' | 'gate_failed' | 'run_gone';

export const OUTCOMES: { readonly [K in OutcomeKind]: Row<OutcomeOf<K>> } = {
  green: {
    conclusion: 'success',
    headline: ({ findings }) => words.describeGreen(findings),
    fix: words.describeFix,
  },
  gate_failed: {
    conclusion: 'gate_failed',
    headline: ({ deciding }) => words.describeFindings(deciding),
    fix: words.describeFix,
    then: 'new_run',
    also: adviseOnBaseline,
  },
  failed: {
    conclusion: 'failure',
    headline: 'The run failed',
    fix: 'fix what Alloovium reported, here or in its dashboard',
    then: 'new_run',
  },
  cancelled: {
    conclusion: 'cancelled',
    headline: 'The run was cancelled at Alloovium, by a user or a time-out there',
    then: 'new_run',
  },
  launched: {
    conclusion: 'pending',
    headline: 'Launched without waiting',
    also: 'A job with the same inputs and without `wait: false` evaluates the run: require that job.',
  },
  timed_out: {
    conclusion: 'timed_out',
    headline: describeTimeout,
    then: 'same_run',
    also: 'If this happens often, raise `timeout_minutes`.',
  },
  interrupted: {
    conclusion: 'interrupted',
    headline: 'No verdict: the runner stopped this step',
    then: 'same_run',
    also: "If the step's `timeout-minutes` ended it, allow more.",
  },
  request_failed: {
    headline: ({ request }) => capitalise(request.what),
    then: 'same_run',
  },
  lost_sight: {
    headline: ({ request }, { forMs }) =>
      `No usable answer about the run for ${formatDuration(forMs)}: ${request.what}`,
    then: 'same_run',
  },
  run_gone: {
    headline: 'Alloovium does not find the run (404)',
    fix: 'check that nobody deleted the run, and that the API key belongs to its account',
    then: 'new_run',
  },
  gate_timeout: {
    headline: 'The conditions took more than 4 s',
    fix: 'make the conditions simpler, or let the Alloovium workflow write less',
    then: 'same_run',
  },
  crashed: {
    headline: 'The action had an internal error',
    then: 'same_run',
    also: 'If it happens again, report the message to the maintainers of this action.',
  },
  invalid_inputs: {
    headline: (_, { faults, gateFaults }) => {
      const names = [...faults, ...gateFaults].map(({ input }) => `\`${input}\``);
      return `${formatList([...new Set(names)], 4)} cannot be used`;
    },
    also: 'Nothing was started: correct the GitHub workflow file.',
    reason: (_, { faults, gateFaults }) =>
      [
        ...faults.map((fault) => endSentence(formatInputFault(fault))),
        ...gateFaults.map(formatGateFault),
      ].join('\n'),
  },
  missing_key: {
    headline: '`api_key` is empty, and so is `ALLOOVIUM_API_KEY`',
    also: (_, { isWithheld }) =>
      isWithheld
        ? 'GitHub gives no secrets to forks and Dependabot: with `on_missing_key: skip` such jobs pass without a review.'
        : 'Check the name of the secret in `api_key: ${{ secrets.ALLOOVIUM_API_KEY }}`, and that this job can read it: an unknown secret is empty.',
  },
  skipped: { conclusion: 'skipped', headline: 'Skipped: GitHub gives this job no secrets' },
  no_commit: {
    headline: "The event's file, which names the commit, is missing or cannot be read",
    then: 'same_run',
  },
  not_a_runner: {
    headline: (_, { variable }) => `\`${variable}\` is not set, which every runner sets`,
    also: 'Run the action as a step of a GitHub workflow.',
  },
  pull_request: {
    headline: ({ request }, { number }) => `Pull request #${number} cannot be read: ${request.what}`,
    then: 'same_run',
  },
  commit_status: {
    headline: ({ request }) => `The commit status cannot be set: ${request.what}`,
    then: 'same_run',
  },
  config: {
    headline: ({ request }) => `The file of \`config\` cannot be read: ${request.what}`,
    then: 'same_run',
  },
  no_outputs: {
    headline: 'The step outputs cannot be written',
    also: 'Check the disk of the runner, and the paths `GITHUB_OUTPUT` and `RUNNER_TEMP`.',
  },
};

/** Returns the row of an ending. A completed run that was not evaluated in full is never green. */
export function rowOf(outcome: Outcome, result?: EntryResult): Row<Outcome> {
  const findings = result?.review?.findings;
  const hasAll = (findings?.length ?? -1) === result?.entry.gate.conditions.length;
  const ofGate = findings?.some(({ isFailing }) => isFailing) ? 'gate_failed' : hasAll ? 'green' : 'crashed';
  const isGone = outcome.kind === 'lost_sight' && outcome.failure.code === 'not_found';
  return OUTCOMES[outcome.kind === 'completed' ? ofGate : isGone ? 'run_gone' : outcome.kind] as Row<Outcome>;
}

/** Returns the verdict on a run, or on the step. @param result left out: the step ended before its runs */
export function judge(outcome: Outcome, terms: Terms, result?: EntryResult): Verdict {
  const row = rowOf(outcome, result);
  const { conclusion = 'error' } = row;
  const isGreen = conclusion === 'success';
  const runState = result?.runState ?? null;
  const findings = result?.review?.findings ?? [];
  const deciding = findings.filter(({ isFailing, isWarning }) => (isGreen ? isWarning : isFailing));
  const request = describeRequest(outcome, runState);
  const facts = { ...terms, runState, findings, deciding, request };
  const read = (text: Text<Outcome> = '') => (typeof text === 'string' ? text : text(facts, outcome));
  const nextStep = goOn(read(row.fix ?? request.remedy), row.then, outcome, facts);
  const earlier = runState?.redRunsBefore ? formatCount(runState.redRunsBefore, 'earlier red run') : '';
  const warnings = formatCount(deciding.length, 'warning');
  const ofGate = isGreen ? 'passed' : conclusion === 'gate_failed' ? 'failed' : 'not_evaluated';
  const hasGate = result?.entry.gate.conditions.some(({ severity }) => severity === 'fail') ?? true;
  return {
    ...CONCLUSIONS[conclusion],
    conclusion,
    gate: hasGate ? ofGate : 'none',
    deciding,
    ...(isGreen && deciding.length > 0 && { icon: '⚠️', word: `Green, with ${warnings}` }),
    headline: read(row.headline) + inBrackets(earlier),
    steps: [nextStep && `${capitalise(nextStep)}.`, read(row.also)].filter(Boolean),
    reason: read(row.reason ?? (request.reason || describeReason(outcome, runState))),
  };
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  pull_request: 'pull-requests: read',
  commit_status: 'statuses: write',
  config: 'contents: read',
};

function describeRequest(outcome: Outcome, runState: RunState | null): words.RequestWords {
  const failure = 'failure' in outcome ? outcome.failure : 'last' in outcome ? outcome.last : null;
  if (failure === null) return { what: '', remedy: '', reason: '' };
  // GitHub's failure is an Error, the API's is data.
  if (failure instanceof Error) return words.describeGithubFailure(failure, PERMISSIONS[outcome.kind] ?? '');
  return words.describeRequestFailure(failure, runState?.runPlan.projectId);
}

/** Returns what Node or the run reported. */
function describeReason(outcome: Outcome, runState: RunState | null): string {
  if ('message' in outcome) return words.formatReported('Node.js', outcome.message);
  return words.formatReported('Alloovium', runState?.errorMessage ?? '');
}

/** Returns the fix and how one goes on: a matter of what is left at Alloovium, and of the way. */
function goOn(
  fix: string,
  then: Row<Outcome>['then'],
  outcome: Outcome,
  { context, inputs, runState }: Facts,
): string {
  if (then === undefined) return fix;
  const { openRun = 'nothing', key = '', runId = '', runPlan } = runState ?? {};
  const isGiven = Boolean(runPlan?.runId);
  const isQueue = context?.event === 'merge_group';
  const again = isQueue ? 'queue the pull request again' : 're-run the job';
  if (then === 'new_run') {
    const start = isGiven && !isQueue ? 'give another `run_id`' : `${again}: this starts a new run`;
    return joinPresent(', then ', fix, start);
  }
  if (openRun !== 'perhaps' && runId === '')
    return fix ? `${fix}. Then ${again}: nothing was started` : `Nothing was started: ${again}`;
  const run =
    openRun === 'perhaps'
      ? `A run may have started (key \`${key}\`)`
      : `Run \`${runId}\` ${openRun === 'run' ? 'goes on' : 'has ended'} at Alloovium`;
  // Alloovium remembers launches by the API key: with another key a re-run cannot join the run.
  const isOtherKey = outcome.kind === 'request_failed' && outcome.failure.kind === 'unauthorised';
  const startsAnother = isQueue || (!isGiven && (isOtherKey || inputs?.onRerun === 'fresh'));
  const way = startsAnother ? 'which starts another; `run_id` evaluates this one' : 'and it joins that run';
  return joinPresent('. ', fix, `${run}: ${again}, ${way}`);
}

/** Returns "Not finished within 15 min (no complete answer came in time)". */
function describeTimeout(
  { inputs, request }: Facts,
  { phase, waitedFor, askedMs }: OutcomeOf<'timed_out'>,
): string {
  const what = phase === 'launch' ? 'Not launched' : 'Not finished';
  const why = joinPresent(
    '; ',
    waitedFor && `waiting for ${{ tokens: 'tokens of the API key', turn: 'its turn to launch' }[waitedFor]}`,
    request.what,
    askedMs !== null && `the API asked to wait for ${formatDuration(askedMs)} more`,
  );
  return `${what} within ${formatDuration(inputs?.timeoutMs ?? 0)}${inBrackets(why)}`;
}

/** Returns how a finding that the branch has too becomes known; empty: it cannot. */
function adviseOnBaseline({ inputs, context, deciding }: Facts): string {
  const isOnBranch = context?.ref === `refs/heads/${inputs?.baseline}`;
  if (inputs?.failOn !== 'new' || isOnBranch || deciding.every(({ counts }) => counts.matched === 0))
    return '';
  return `Or waive it in \`waivers\`. Or, to accept what is there, run this GitHub workflow by hand on \`${inputs.baseline}\`, then re-run this job.`;
}
