/** The words of each way in which a run, or the whole step, ends: one row each, as functions of its data. Pure. */
import { isTransient } from '../gate/baseline.ts';
import type { ConditionResult, GateResult } from '../gate/findings.ts';
import type { Outcome } from '../outcome.ts';
import type { EntryResult, RunState } from '../run/run-state.ts';
import type { Conclusion, Verdict } from '../run/verdict.ts';
import type { Step } from '../step.ts';
import {
  capitalise,
  endSentence,
  formatCount,
  formatDuration,
  formatList,
  inBrackets,
  joinPresent,
  lowerFirst,
} from '../text/format.ts';
import * as messages from './messages.ts';
import { formatGateFault } from './problems.ts';

/** All but `reason` are trusted sentences: `code` in backquotes, foreign text only as JSON strings. */
export interface Words {
  readonly icon: string;
  /** "Red", "Green, with 1 warning", "No verdict" */
  readonly word: string;
  /** One line without its full stop. Holds nothing of the run. */
  readonly headline: string;
  /** Before the steps: "To turn this green". */
  readonly stepsLabel: string;
  /** Whole sentences; empty: nothing is to be done. */
  readonly steps: readonly string[];
  /** Why, beyond the headline. Untrusted, may have several lines; empty: there is nothing more. */
  readonly reason: string;
  /** The conditions that decide: failing ones, or of a run that passes those that warn. */
  readonly deciding: readonly ConditionResult[];
}

const RED = { icon: '❌', word: 'Red', stepsLabel: 'To turn this green' };
const ERROR = { ...RED, stepsLabel: 'Next' };
const NO_RESULT = { icon: '⚪', word: 'Green, not evaluated', stepsLabel: 'Next' };

const LOOKS: Readonly<Record<Conclusion, Pick<Words, 'icon' | 'word' | 'stepsLabel'>>> = {
  interrupted: { ...ERROR, icon: '⏹️', word: 'No verdict' },
  error: ERROR,
  timed_out: ERROR,
  failure: RED,
  cancelled: RED,
  gate_failed: RED,
  pending: NO_RESULT,
  success: { icon: '✅', word: 'Green', stepsLabel: 'To clear the warning' },
  skipped: NO_RESULT,
};

/** What the words of an outcome may depend on, besides its data. */
export interface Facts {
  readonly step: Step;
  /** null: there is no run. */
  readonly runState: RunState | null;
  readonly conditions: readonly ConditionResult[];
  readonly deciding: readonly ConditionResult[];
  /** The request that failed; its words are empty: none did. */
  readonly request: messages.RequestWords;
}

type OutcomeOf<K> = Extract<Outcome, { readonly kind: K }>;
type Text<E> = string | ((facts: Facts, outcome: E) => string);

export interface Row<E> {
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
type OutcomeKind =
  Exclude<Outcome['kind'], 'completed'> | 'green' | 'gate_failed' | 'baseline_unavailable' | 'run_gone';

export const OUTCOMES: { readonly [K in OutcomeKind]: Row<OutcomeOf<K>> } = {
  green: {
    headline: ({ conditions }) => messages.describeGreen(conditions),
    fix: messages.describeFix,
  },
  gate_failed: {
    headline: ({ deciding }) => messages.describeFindings(deciding),
    fix: messages.describeFix,
    then: 'new_run',
    also: adviseOnBaseline,
  },
  baseline_unavailable: {
    headline: ({ deciding }) => messages.describeFindings(deciding),
    fix: 'GitHub did not give the baseline, so every finding is new',
    then: 'same_run',
  },
  failed: {
    headline: 'The run failed',
    fix: 'fix what Alloovium reported, here or in its dashboard',
    then: 'new_run',
  },
  cancelled: {
    headline: 'The run was cancelled at Alloovium, by a user or a time-out there',
    then: 'new_run',
  },
  launched: {
    headline: 'Launched without waiting',
    also: ({ step: { inputs }, runState }) =>
      inputs?.onRerun === 'fresh'
        ? `A job with \`run_id: ${runState?.runId}\` evaluates the run: require that job.`
        : 'A job with the same inputs and without `wait: false` evaluates the run: require that job.',
  },
  timed_out: {
    headline: describeTimeout,
    then: 'same_run',
    also: 'If this happens often, raise `timeout_minutes`.',
  },
  interrupted: {
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
    headline: 'The conditions took longer than 4 s',
    fix: 'simplify the conditions and push',
  },
  outputs_too_large: {
    headline: 'The outputs of the run are over the limit of 8 MiB or 300,000 values',
    fix: 'the run has ended. Make the Alloovium workflow return less',
    then: 'new_run',
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
      [...faults.map((fault) => endSentence(fault.text)), ...gateFaults.map(formatGateFault)].join('\n'),
  },
  missing_key: {
    headline: '`api_key` is empty, and so is `ALLOOVIUM_API_KEY`',
    also: (_, { isWithheld }) =>
      isWithheld
        ? 'GitHub gives no secrets to forks and Dependabot: with `on_missing_key: skip` such jobs pass without a review.'
        : 'Check the name of the secret in `api_key: ${{ secrets.ALLOOVIUM_API_KEY }}`, and that this job can read it: an unknown secret is empty.',
  },
  skipped: { headline: 'Skipped: GitHub gives this job no secrets' },
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

/** Returns the row of an outcome. @param verdict says how a completed run was judged */
export function rowOf(
  outcome: Outcome,
  { conclusion }: Pick<Verdict, 'conclusion'>,
  gateResult?: Pick<GateResult, 'baseline'> | null,
): Row<Outcome> {
  const failed = gateResult && isTransient(gateResult.baseline) ? 'baseline_unavailable' : 'gate_failed';
  const ofGate = conclusion === 'gate_failed' ? failed : conclusion === 'success' ? 'green' : 'crashed';
  const isGone = outcome.kind === 'lost_sight' && outcome.failure.code === 'not_found';
  const kind = outcome.kind === 'completed' ? ofGate : isGone ? 'run_gone' : outcome.kind;
  return OUTCOMES[kind] as Row<Outcome>;
}

/** Returns the words of an outcome. @param result left out: the step ended before its runs */
export function describeOutcome(
  outcome: Outcome,
  verdict: Verdict,
  step: Step,
  result?: Pick<EntryResult, 'runState' | 'gateResult'>,
): Words {
  const row = rowOf(outcome, verdict, result?.gateResult);
  const passes = verdict.conclusion === 'success';
  const runState = result?.runState ?? null;
  const conditions = result?.gateResult?.conditions ?? [];
  const deciding = conditions.filter(({ isFailing, isWarning }) => (passes ? isWarning : isFailing));
  const request = describeRequest(outcome, runState);
  const facts = { step, runState, conditions, deciding, request };
  const read = (text: Text<Outcome> = '') => (typeof text === 'string' ? text : text(facts, outcome));
  const nextStep = goOn(read(row.fix ?? request.remedy), row.then, outcome, facts);
  const earlier = runState?.redRunsBefore ? formatCount(runState.redRunsBefore, 'earlier red run') : '';
  const warnings = formatCount(deciding.length, 'warning');
  return {
    ...LOOKS[verdict.conclusion],
    deciding,
    ...(passes && deciding.length > 0 && { icon: '⚠️', word: `Green, with ${warnings}` }),
    headline: read(row.headline) + inBrackets(earlier),
    steps: [nextStep && `${capitalise(nextStep)}.`, read(row.also)].filter(Boolean),
    reason: read(row.reason ?? (request.reason || describeReason(outcome, runState))),
  };
}

/** An entry of `runs` with its verdict and its words. */
interface JudgedEntry extends EntryResult {
  readonly verdict: Verdict;
  readonly words: Words;
}

/** Runs that a headline names. */
const MAX_NAMED = 3;

/** Returns the words of the step: of several runs those of all that count. */
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
  const { exitCode } = verdict;
  // The failing ones; if all pass, those that say more.
  const shown = results.filter(
    (one) => one.verdict.exitCode === exitCode && (one.words.steps.length > 0 || one.runState.redRunsBefore),
  );
  const worst =
    results.find((one) => one.verdict.conclusion === verdict.conclusion && shown.includes(one)) ?? only;
  const red = `${shown.length} of ${results.length} runs ${shown.length === 1 ? 'is' : 'are'} red`;
  const count = exitCode === 0 ? `${results.length} runs are green` : red;
  const named = shown.map(({ entry, words }) => `${entry.name} (${lowerFirst(words.headline)})`);
  const steps = shown.flatMap(({ entry, words }) =>
    words.steps.slice(0, 1).map((one) => `${entry.name}: ${lowerFirst(one)}`),
  );
  return { ...worst.words, headline: joinPresent(': ', count, formatList(named, MAX_NAMED)), steps };
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  pull_request: 'pull-requests: read',
  commit_status: 'statuses: write',
  config: 'contents: read',
};

function describeRequest(outcome: Outcome, runState: RunState | null): messages.RequestWords {
  const failure = 'failure' in outcome ? outcome.failure : 'last' in outcome ? outcome.last : null;
  if (failure === null) return { what: '', remedy: '', reason: '' };
  // GitHub's failure is an Error, the API's is data.
  if (failure instanceof Error)
    return messages.describeGithubFailure(failure, PERMISSIONS[outcome.kind] ?? '');
  return messages.describeRequestFailure(failure, runState?.runPlan.projectId);
}

/** Returns what Node or the run reported. */
function describeReason(outcome: Outcome, runState: RunState | null): string {
  if ('message' in outcome) return messages.formatReported('Node.js', outcome.message);
  return messages.formatReported('Alloovium', runState?.errorMessage ?? '');
}

/** Returns the fix and how one goes on: a matter of what is left at Alloovium, and of the way. */
function goOn(
  fix: string,
  then: Row<Outcome>['then'],
  outcome: Outcome,
  { step: { context, inputs }, runState }: Facts,
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
  if (openRun === 'unkept')
    return `${joinPresent('. ', fix, `A run may have started (key \`${key}\`)`)}: look for it in Alloovium first. Then ${again}: this may start a second run`;
  if (openRun !== 'perhaps' && runId === '')
    return fix ? `${fix}. Then ${again}: nothing was started` : `Nothing was started: ${again}`;
  const run =
    openRun === 'perhaps'
      ? `A run may have started (key \`${key}\`)`
      : `Run \`${runId}\` ${openRun === 'run' ? 'is still running' : 'has ended'} in Alloovium`;
  // Alloovium remembers idempotency keys by the API key: with another API key a re-run cannot pick up the run.
  const isOtherKey = outcome.kind === 'request_failed' && outcome.failure.kind === 'unauthorised';
  const startsAnother = isQueue || (!isGiven && (isOtherKey || inputs?.onRerun === 'fresh'));
  const way = startsAnother
    ? 'which starts another; `run_id` evaluates this one'
    : 'and it picks up that run';
  return joinPresent('. ', fix, `${run}: ${again}, ${way}`);
}

/** Returns "Run not finished within 15 min: no complete answer came in time". */
function describeTimeout(
  { step: { inputs }, request }: Facts,
  { phase, isQueued, last, leftMs }: OutcomeOf<'timed_out'>,
): string {
  if (phase === 'launch' && last?.retryAfterMs && leftMs > 0)
    return `Run not started: the API asks to wait ${formatDuration(last.retryAfterMs)}; ${formatDuration(leftMs)} are left${inBrackets(String(last.status ?? ''))}`;
  const what = phase === 'launch' ? 'Run not started' : 'Run not finished';
  const why = isQueued ? 'another run of this step was still being started' : request.what;
  return joinPresent(': ', `${what} within ${formatDuration(inputs?.timeoutMs ?? 0)}`, why);
}

/** Returns how a finding that the branch has too becomes known; empty: it cannot. */
function adviseOnBaseline({ step: { inputs, context }, deciding }: Facts): string {
  const isOnBranch = context?.ref === `refs/heads/${inputs?.baseline}`;
  if (!inputs?.baseline || isOnBranch || deciding.every(({ findings }) => findings.length === 0)) return '';
  return `Or waive it in \`waivers\`. Or, to accept what is there, run this GitHub workflow by hand on \`${inputs.baseline}\`, then re-run this job.`;
}
