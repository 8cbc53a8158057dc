/** The words of each way in which a run, or the whole step, ends: one row each, as functions of its data. Pure. */
import { isTransient } from '../baseline.ts';
import { findNewCause, type ConditionResult, type GateResult } from '../gate/findings.ts';
import type { Outcome, OutcomeOf } from '../outcome.ts';
import type { EntryResult, RunState } from '../run/run-state.ts';
import type { Verdict } from '../run/verdict.ts';
import type { Step } from '../step.ts';
import {
  endSentence,
  formatCount,
  formatDuration,
  formatList,
  inBrackets,
  isBlank,
  joinPresent,
  lowerFirst,
  sumOf,
} from '../text/format.ts';
import { describeNewCause } from './baseline-words.ts';
import { formatNextStep, type FixedIn } from './next-step.ts';
import { formatGateFault } from './problems.ts';
import * as failures from './failures.ts';
import * as messages from './messages.ts';

/** All but `reason` are trusted sentences: `code` in backquotes, foreign text only as JSON strings. */
export interface Words {
  readonly icon: string;
  /** "Failed", "Passed, with 1 warning", "No result" */
  readonly word: string;
  /** One line without its full stop. Holds nothing of the run. */
  readonly headline: string;
  /** A sentence: why every finding is new although there is a baseline; empty: they are not, or by themselves. */
  readonly whyNew: string;
  /** Whole sentences; empty: nothing is to be done. */
  readonly steps: readonly string[];
  /** Why, beyond the headline. Untrusted, may have several lines; empty: there is nothing more. */
  readonly reason: string;
  /** The conditions that decide: failing ones, or of a run that passes those that warn. */
  readonly deciding: readonly ConditionResult[];
}

export const FAILED = { icon: '❌', word: 'Failed' };
const NO_RESULT = { icon: '❌', word: 'No result' };
const NOT_REVIEWED = { icon: '⚪', word: 'Passed without a result' };

const LOOKS: Readonly<Record<Verdict['conclusion'], Pick<Words, 'icon' | 'word'>>> = {
  interrupted: { ...NO_RESULT, icon: '⏹️' },
  error: NO_RESULT,
  timed_out: NO_RESULT,
  failure: FAILED,
  cancelled: FAILED,
  gate_failed: FAILED,
  pending: NOT_REVIEWED,
  success: { icon: '✅', word: 'Passed' },
  skipped: NOT_REVIEWED,
};

/** What the words of an outcome may depend on, besides its data. */
interface Facts {
  readonly step: Step;
  /** null: there is no run. */
  readonly runState: RunState | null;
  /** null: nothing makes every finding new. */
  readonly newCause: ReturnType<typeof describeNewCause> | null;
  readonly conditions: readonly ConditionResult[];
  readonly deciding: readonly ConditionResult[];
  /** The request that failed; its words are empty: none did. */
  readonly request: failures.RequestWords;
}

type Text<E> = string | ((facts: Facts, outcome: E) => string);

export interface Row<E> {
  readonly headline: Text<E>;
  /** Where the cause is fixed; left out: where that of the request is, else nowhere. `null`: nothing is to be done. */
  readonly fixedIn?: FixedIn | null | ((facts: Facts, outcome: E) => FixedIn | null);
  /** What to change, without a full stop; left out: the remedy of the request. */
  readonly fix?: Text<E>;
  /** A re-run skips the run, and starts another. */
  readonly startsRun?: true;
  /** A sentence. */
  readonly also?: Text<E>;
  /** Left out: what the server, the run or Node reported. */
  readonly reason?: Text<E>;
}

/** A completed run passes or fails by its gate, one that is not found (404) is gone, and forks have no secrets. */
export const OUTCOMES: {
  readonly [
    K in
      | Exclude<Outcome['kind'], 'completed'>
      | 'passed'
      | 'gate_failed'
      | 'baseline_unavailable'
      | 'run_gone'
      | 'missing_key_of_fork'
  ]: Row<OutcomeOf<K>>;
} = {
  passed: {
    headline: ({ conditions, runState }) => messages.describePass(conditions, runState?.outputs),
    fixedIn: null,
    also: ({ conditions, deciding }) =>
      deciding.length > 0
        ? 'This does not block the merge.'
        : isGated(conditions)
          ? ''
          : 'Add `fail_if` to fail the check on findings.',
  },
  gate_failed: {
    headline: ({ deciding }) => messages.describeFindings(deciding),
    fixedIn: findGateRemedy,
    fix: (facts) =>
      ({
        met: 'find out why in Alloovium',
        found: 'fix the documents in Alloovium',
        error: 'correct the condition',
      })[worstOf(facts.deciding)],
    startsRun: true,
    also: adviseOnGate,
  },
  baseline_unavailable: {
    headline: ({ deciding }) => messages.describeFindings(deciding),
    also: 'GitHub did not give the baseline, so every finding counts as new.',
  },
  failed: {
    headline: 'Alloovium could not finish the review',
    fixedIn: 'alloovium',
    fix: ({ runState }) =>
      isBlank(runState?.errorMessage ?? '') ? 'look at the run in Alloovium' : 'fix the cause',
    startsRun: true,
  },
  cancelled: { headline: 'The run was cancelled or timed out in Alloovium', startsRun: true },
  launched: {
    headline: 'Run started, no result yet',
    fixedIn: null,
    also: ({ step: { inputs }, runState }) =>
      `Require the job that waits, not this one${inputs?.onRerun === 'fresh' ? `, and give it \`run_id: ${runState?.runId}\`` : ''}.`,
  },
  timed_out: { headline: describeTimeout, also: 'If this happens often, raise `timeout_minutes`.' },
  interrupted: {
    headline: 'Stopped before the run finished',
    also: 'If `timeout-minutes` of the step or job stopped it, raise it.',
  },
  request_failed: { headline: ({ request }) => request.what },
  lost_sight: {
    headline: ({ request }, { failure: { status }, forMs }) =>
      `Lost contact with Alloovium for ${formatDuration(forMs)}${status === null ? `: ${lowerFirst(request.what)}` : ` (${status})`}`,
    fixedIn: 'nowhere',
    fix: '',
  },
  run_gone: {
    headline: 'Run not found in Alloovium (404)',
    fixedIn: 'nowhere',
    fix: '',
    startsRun: true,
    also: 'It was deleted, or belongs to another account.',
  },
  gate_timeout: {
    headline: 'Conditions took longer than 4 s',
    fixedIn: ({ step }) => placeOfGate(step),
    fix: 'simplify them',
  },
  outputs_too_large: {
    headline: 'The outputs are over the limit of 8 MiB or 300,000 values',
    fixedIn: 'alloovium',
    fix: 'make the Alloovium workflow return less',
    startsRun: true,
  },
  crashed: {
    headline: 'The action had an internal error',
    also: 'If it happens again, open an issue with this log.',
  },
  invalid_inputs: {
    headline: (_, { faults, gateFaults }) => {
      const names = [...faults, ...gateFaults].map(({ input }) => `\`${input}\``);
      return `Error in ${formatList([...new Set(names)], 4)}`;
    },
    fixedIn: (_, outcome) => placeOf(outcome),
    fix: ({ step }, outcome) => {
      const place = placeOf(outcome);
      if (place === 'settings') return 'correct the secret';
      // The author need not have the rights, and the pull request that repairs the file fails too.
      const isOwn = place === 'config_file' && !step.inputs?.config.includes('@');
      return isOwn ? 'ask an administrator to put a correct file' : 'correct it';
    },
    reason: (_, { faults, gateFaults }) =>
      [...faults.map((fault) => endSentence(fault.text)), ...gateFaults.map(formatGateFault)].join('\n'),
  },
  missing_key: {
    headline: (_, { isWithheld }) => (isWithheld ? 'No API key for this pull request' : 'No API key'),
    fixedIn: 'settings',
    fix: (_, { isWithheld }) =>
      isWithheld
        ? "add the API key to Dependabot's own secrets"
        : 'store the API key as a secret, and check its name in `api_key: ${{ secrets.ALLOOVIUM_API_KEY }}`',
  },
  missing_key_of_fork: {
    headline: 'No API key for this pull request',
    fixedIn: null,
    also: 'GitHub gives forks no secrets. Ask a maintainer to review the pull request.',
  },
  skipped: { headline: 'Not reviewed: GitHub gives forks and Dependabot no secrets', fixedIn: null },
  no_commit: { headline: 'Cannot read the GitHub event' },
  not_a_runner: {
    headline: (_, { variable }) => `\`${variable}\` is not set, although every runner sets it`,
    fixedIn: null,
    also: 'Run the action as a step of a GitHub workflow.',
  },
  pull_request: {
    fix: ({ step, request }, { failure }) =>
      failure.code === 'not_found' && step.inputs?.pullRequest != null
        ? 'check the number in `pull_request`'
        : request.remedy,
    headline: ({ request }, { number }) => `Cannot read pull request #${number}: ${lowerFirst(request.what)}`,
  },
  commit_status: {
    headline: ({ request }) => `Cannot set the commit status: ${lowerFirst(request.what)}`,
    fix: ({ step, request }) =>
      step.context?.isFork
        ? 'remove `commit_status`, for which forks get no permission, and require the job'
        : request.remedy,
  },
  config: {
    headline: ({ step, request }) => `Cannot read \`${step.inputs?.config}\`: ${lowerFirst(request.what)}`,
    fixedIn: ({ request }, { failure }) => (failure.code === 'not_found' ? 'config_file' : request.fixedIn),
    fix: ({ request }, { failure }) =>
      failure.code === 'not_found' ? 'check that the file exists' : request.remedy,
  },
  no_outputs: {
    headline: 'Cannot write the step outputs',
    fixedIn: 'settings',
    fix: 'check the disk of the runner, and the paths `GITHUB_OUTPUT` and `RUNNER_TEMP`',
  },
};

/** Why a gate fails, the gravest first: a condition cannot be evaluated, one found items, or one is only true. */
function worstOf(deciding: readonly ConditionResult[]): 'error' | 'found' | 'met' {
  if (deciding.some(({ problem }) => problem !== null)) return 'error';
  return deciding.some(({ findings }) => findings.length > 0) ? 'found' : 'met';
}

/** @returns null: the cause that makes every finding new has a remedy of its own */
function findGateRemedy({ deciding, step, newCause }: Facts): FixedIn | null {
  if (worstOf(deciding) === 'error') return placeOfGate(step);
  return newCause ? null : 'alloovium';
}

function placeOfGate({ inputs }: Step): FixedIn {
  return inputs?.fromConfig.includes('fail_if') ? 'config_file' : 'workflow_file';
}

/** Returns the row of an outcome. @param verdict says how a completed run was judged */
export function rowOf(
  outcome: Outcome,
  { conclusion }: Pick<Verdict, 'conclusion'>,
  gateResult?: Pick<GateResult, 'baseline'> | null,
  isFork = false,
): Row<Outcome> {
  const failed = gateResult && isTransient(gateResult.baseline) ? 'baseline_unavailable' : 'gate_failed';
  const ofGate = conclusion === 'gate_failed' ? failed : conclusion === 'success' ? 'passed' : 'crashed';
  const isGone = outcome.kind === 'lost_sight' && outcome.failure.code === 'not_found';
  const kind = outcome.kind === 'completed' ? ofGate : isGone ? 'run_gone' : outcome.kind;
  if (kind === 'missing_key' && isFork) return OUTCOMES.missing_key_of_fork as Row<Outcome>;
  return OUTCOMES[kind] as Row<Outcome>;
}

/** Returns the words of an outcome. @param result left out: the step ended before its runs. @param isOnly there is one run */
export function describeOutcome(
  outcome: Outcome,
  verdict: Verdict,
  step: Step,
  result?: Pick<EntryResult, 'runState' | 'gateResult'>,
  isOnly = true,
): Words {
  const row = rowOf(outcome, verdict, result?.gateResult, step.context?.isFork);
  const passes = verdict.conclusion === 'success';
  const runState = result?.runState ?? null;
  const conditions = result?.gateResult?.conditions ?? [];
  const deciding = conditions.filter(({ isFailing, isWarning }) => (passes ? isWarning : isFailing));
  const request = describeRequest(outcome, runState);
  const cause = result?.gateResult && findNewCause(result.gateResult);
  const newCause = cause ? describeNewCause(cause, step) : null;
  const facts = { step, runState, newCause, conditions, deciding, request };
  const read = (text: Text<Outcome> = '') => (typeof text === 'string' ? text : text(facts, outcome));
  const { fixedIn: place = request.fixedIn } = row;
  const fixedIn = typeof place === 'function' ? place(facts, outcome) : place;
  // Alloovium remembers idempotency keys by the API key: with another API key a re-run cannot pick up the run.
  const isOtherKey = outcome.kind === 'request_failed' && outcome.failure.kind === 'unauthorised';
  const startsRun = row.startsRun === true || isOtherKey;
  const remedy = fixedIn && {
    fixedIn,
    fix: read(row.fix ?? request.remedy),
    startsRun,
  };
  const warnings = formatCount(deciding.length, 'warning');
  const isUnfinished = verdict.conclusion === 'timed_out' || verdict.conclusion === 'interrupted';
  return {
    ...LOOKS[verdict.conclusion],
    deciding,
    ...(verdict.exitCode === 1 && !runState?.runId && { word: 'Not reviewed' }),
    ...(passes && deciding.length > 0 && { icon: '⚠️', word: `Passed, with ${warnings}` }),
    ...(passes &&
      outcome.kind === 'completed' &&
      !isGated(conditions) &&
      deciding.length === 0 && { icon: 'ℹ️' }),
    headline:
      read(row.headline) +
      inBrackets(
        joinPresent(
          ', ',
          isUnfinished && describeProgress(runState),
          result && describeEarlier([result]),
          outcome.kind === 'completed' && describeAge(runState, step),
        ),
      ),
    whyNew: newCause?.why ?? '',
    steps: [remedy ? formatNextStep(remedy, step, runState, isOnly) : '', read(row.also)].filter(Boolean),
    reason: read(row.reason ?? (request.reason || describeReason(outcome, runState))),
  };
}

/** Counts the earlier runs that a re-run skipped; entries may share one. */
export function describeEarlier(results: readonly Pick<EntryResult, 'runState'>[]): string {
  const runStates = [...new Set(results.map(({ runState }) => runState))];
  const count = sumOf(runStates, ({ redRunsBefore }) => redRunsBefore ?? 0);
  return count > 0 ? `${formatCount(count, 'earlier run')} failed the gate` : '';
}

/** Returns how far a run is that has not ended. */
function describeProgress(runState: RunState | null): string {
  return runState?.openRun === 'run' && runState.progress ? `${runState.progress} % done` : '';
}

/** Returns how old a review is that the step did not start. */
function describeAge(runState: RunState | null, { startDate }: Step): string {
  const ageMs = startDate - Date.parse(runState?.completedAt ?? '');
  const isOwn = runState?.origin === 'started';
  return ageMs >= 60_000 && !isOwn ? `reviewed ${formatDuration(ageMs).split(' ', 2).join(' ')} ago` : '';
}

function isGated(conditions: readonly ConditionResult[]): boolean {
  return conditions.some(({ condition }) => condition.severity === 'fail');
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  pull_request: 'pull-requests: read',
  commit_status: 'statuses: write',
  config: 'contents: read',
};

function describeRequest(outcome: Outcome, runState: RunState | null): failures.RequestWords {
  const failure = 'failure' in outcome ? outcome.failure : 'last' in outcome ? outcome.last : null;
  if (failure === null) return { what: '', remedy: '', fixedIn: 'nowhere', reason: '' };
  // GitHub's failure is an Error, the API's is data.
  if (failure instanceof Error)
    return failures.describeGithubFailure(failure, PERMISSIONS[outcome.kind] ?? '');
  return failures.describeRequestFailure(failure, runState?.runPlan.projectId);
}

/** Returns what Node or the run reported. */
function describeReason(outcome: Outcome, runState: RunState | null): string {
  if ('message' in outcome) return failures.formatReported('Node.js', outcome.message);
  return failures.formatReported('Alloovium', runState?.errorMessage ?? '');
}

/** Returns "Run not finished after 15 min: no complete answer came in time". */
function describeTimeout(
  { step: { inputs }, request }: Facts,
  { phase, isQueued, last, leftMs }: OutcomeOf<'timed_out'>,
): string {
  const what = phase === 'launch' ? 'Run not started' : 'Run not finished';
  if (phase === 'launch' && last?.retryAfterMs && leftMs > 0)
    return `${what}: Alloovium asks to wait ${formatDuration(last.retryAfterMs)}, and ${formatDuration(leftMs)} are left`;
  const why = isQueued ? 'another run of this step was still starting' : lowerFirst(request.what);
  return joinPresent(': ', `${what} after ${formatDuration(inputs?.timeoutMs ?? 0)}`, why);
}

/** Returns how to try a condition without a new run, or what makes findings known; empty: neither applies. */
function adviseOnGate({ runState, newCause, deciding }: Facts): string {
  if (worstOf(deciding) === 'error')
    return `To test it without a new run, use \`run_id: ${runState?.runId}\`.`;
  return newCause?.fix ?? '';
}

/** Returns where invalid inputs are corrected. */
function placeOf({ faults, gateFaults }: OutcomeOf<'invalid_inputs'>): FixedIn {
  const all = [...faults, ...gateFaults];
  if (all.every(({ input }) => input === 'api_key')) return 'settings';
  const places = ['workflow_file', 'own_config_file', 'config_file'] as const;
  return places.find((place) => all.some((fault) => fault.place === place)) ?? 'workflow_file';
}
