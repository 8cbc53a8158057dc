/** The words of the baseline: why every finding is new, and whether a review was saved. Trusted sentences, as in messages.ts. Pure. */
import type { GateResult, NewCause } from '../gate/findings.ts';
import type { SaveDecision } from '../gate/save.ts';
import type { SaveResult } from '../github/artifact.ts';
import type { Step } from '../step.ts';
import { capitalise, formatCount, formatList, joinPresent, lowerFirst } from '../text/format.ts';
import { describeGithubFailure, quoteGithub } from './failures.ts';
import { nameOf } from './messages.ts';
import { formatAction, type FixedIn } from './next-step.ts';

/** Returns why every finding is new. */
export function describeNewCause(cause: NewCause, step: Step): string {
  const { which = 'Every finding', why } = explain(cause, step);
  return `${which} is new: ${why}.`;
}

/** Returns the one remedy that helps. */
export function describeNewRemedy(cause: NewCause, step: Step): string {
  const { fix, fixedIn } = explain(cause, step);
  return fixedIn ? formatAction({ fixedIn, fix, startsRun: false }, step, null, true) : `${capitalise(fix)}.`;
}

interface Explanation {
  readonly which?: string;
  readonly why: string;
  /** A clause with its verb first. */
  readonly fix: string;
  /** The next step follows from it; left out: `fix` is the whole step. */
  readonly fixedIn?: FixedIn;
}

function explain(cause: NewCause, { context, inputs }: Step): Explanation {
  const branch = inputs?.baseline ?? '';
  const save = (first: string): string =>
    context?.ref === `refs/heads/${branch}`
      ? 'run this GitHub workflow with `save_baseline` checked'
      : `${first}run ${first === '' ? 'this GitHub workflow' : 'it'} on \`${branch}\` with \`save_baseline\` checked`;
  const afterMerge = save('merge this GitHub workflow, then ');
  const placeOf = (input: string): FixedIn =>
    inputs?.fromConfig.includes(input) ? 'config_file' : 'workflow_file';
  switch (cause.code) {
    case 'no_branch':
      return {
        why: `there is no branch \`${branch}\``,
        fix: 'correct `baseline`',
        fixedIn: placeOf('baseline'),
      };
    case 'missing':
      return { why: 'nothing is saved yet', fix: afterMerge };
    case 'expired':
      return { why: `the baseline of ${cause.savedAt.slice(0, 10)} has expired`, fix: save('') };
    case 'untrusted':
      return { why: `the newest baseline does not count, since ${DISTRUSTS[cause.why]}`, fix: save('') };
    case 'not_fetched': {
      const { what, remedy, fixedIn } = describeGithubFailure(
        cause.failure,
        'actions: read` and `contents: read',
      );
      const why = joinPresent(
        '. ',
        `the baseline is missing, since ${lowerFirst(what)}`,
        quoteGithub(cause.failure.message),
      );
      return { why, fix: remedy, fixedIn };
    }
    case 'timed_out':
      return { why: 'GitHub did not give the baseline within 20 s', fix: 're-run this job' };
    case 'enterprise_server':
      return {
        why: 'GitHub Enterprise Server cannot keep a baseline',
        fix: 'remove `baseline`, and waive findings instead',
        fixedIn: placeOf('baseline'),
      };
    case 'damaged':
      return { why: 'the baseline is damaged', fix: save('') };
    case 'no_entry':
      return { why: 'the baseline lacks this entry of `runs`', fix: afterMerge };
    case 'other_workflow':
      return { why: 'the baseline belongs to another Alloovium workflow', fix: afterMerge };
    case 'other_project':
      return { why: 'the baseline belongs to another project', fix: afterMerge };
    case 'no_condition':
    case 'other_known_by': {
      const which = `Every finding of ${nameOf(cause.condition)}`;
      const isOther = cause.code === 'other_known_by';
      const why = isOther
        ? 'the baseline was saved with other fields in `known_by`'
        : 'the baseline lacks this condition, which is new or was renamed';
      return { which, why, fix: afterMerge };
    }
    case 'no_identity': {
      const fields = formatList(cause.fields.map((field) => `\`${field}\``));
      const names = inputs?.jobSummary === false ? [] : cause.names.map((name) => JSON.stringify(name));
      const existing = names.length > 0 && `The findings have ${formatList(names, 8)}`;
      const why = joinPresent('. ', `no finding has a value in ${fields}`, existing);
      return { why, fix: 'correct `known_by`', fixedIn: placeOf('known_by') };
    }
  }
}

const DISTRUSTS = {
  fork: 'a fork wrote it',
  other_branch: 'another branch wrote it',
  this_job_run: 'this GitHub workflow run wrote it',
  other_event: 'another event than `push`, `schedule` or `workflow_dispatch` wrote it',
  other_file: 'another workflow file wrote it',
  commit_not_on_branch: 'its commit is not on the branch',
};

/** Why a review is not saved, where somebody may expect it. */
const NOT_SAVED: Readonly<Partial<Record<SaveDecision, string>>> = {
  with_pull_request: '`pull_request` is set',
  with_run_id: '`run_id` is set',
  not_completed: 'not every run was completed',
  not_evaluated: 'a condition could not be evaluated',
  only_true: 'a condition is met without findings',
  no_identity: 'no finding has all fields of `known_by`',
  baseline_unavailable: 'GitHub did not give the last one, whose memory would be lost. Re-run this job',
  baseline_damaged:
    'the last one is damaged. To replace it, run this GitHub workflow with `save_baseline` checked',
  failing: 'the check fails',
};

const NOT_UPLOADED: Readonly<Record<Exclude<SaveResult['code'], 'saved'>, string>> = {
  too_large: 'is over 8 MiB, so it was not saved',
  timed_out: 'may not be saved: GitHub did not answer within 20 s',
  failed: 'was not saved',
};

/** Returns what became of the review as a baseline; empty: nobody needs to know, or it is not known yet. */
export function describeSaving(
  decision: SaveDecision,
  { saved, context }: Pick<Step, 'saved' | 'context'>,
): string {
  if (decision !== 'save') {
    const why = NOT_SAVED[decision];
    return why ? `Not saved as the baseline: ${why}.` : '';
  }
  if (saved === null) return '';
  if (saved.code === 'saved') {
    const isManual = context?.event === 'workflow_dispatch';
    return isManual ? 'Baseline saved: pull requests fail only on findings that it lacks.' : '';
  }
  const reason = saved.code === 'failed' && quoteGithub(saved.message);
  return joinPresent('. ', `The baseline ${NOT_UPLOADED[saved.code]}`, reason, 'The one before it stays.');
}

/** Returns "2 findings accepted as the baseline. This check fails this once, as expected." */
export function describeAcceptance(findings: number): string {
  return `${formatCount(findings, 'finding')} accepted as the baseline. This check fails this once, as expected.`;
}

/** Returns what ends within 14 days, one sentence each. */
export function describeEndings(
  { endingWaivers, baselineEnds }: Pick<GateResult, 'endingWaivers' | 'baselineEnds'>,
  inputs: Step['inputs'],
): string[] {
  const count = endingWaivers.length;
  const [first = ''] = endingWaivers.toSorted();
  const waivers = `${formatCount(count, 'waiver')} ${count === 1 ? 'ends' : 'end'} soon, ${count === 1 ? '' : 'the first '}on ${first}. Fix the findings in Alloovium, or extend \`until\`.`;
  const baseline = `The baseline expires on ${baselineEnds}. Run this GitHub workflow on \`${inputs?.baseline}\` to save it anew.`;
  return [...(count > 0 ? [waivers] : []), ...(baselineEnds ? [baseline] : [])];
}
