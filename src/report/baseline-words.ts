/** The words of the baseline: why every finding is new, and whether a review was saved. Trusted sentences, as in messages.ts. Pure. */
import type { GateResult, NewCause } from '../gate/findings.ts';
import type { SaveDecision } from '../gate/save.ts';
import type { SaveResult } from '../github/artifact.ts';
import type { Step } from '../step.ts';
import { capitalise, formatCount, formatList, joinPresent, lowerFirst } from '../text/format.ts';
import { describeGithubFailure, quoteGithub } from './failures.ts';
import { nameOf } from './messages.ts';
import { formatAction } from './next-step.ts';

const WHY_NEW = {
  missing: 'nothing is saved yet',
  damaged: 'the baseline is damaged',
  timed_out: 'GitHub did not give the baseline in time',
  enterprise_server: 'GitHub Enterprise Server cannot keep a baseline',
  no_entry: 'the baseline lacks this entry of `runs`',
  other_workflow: 'the baseline belongs to another Alloovium workflow',
  other_project: 'the baseline belongs to another project',
  no_condition: 'the baseline lacks this condition, which is new or was renamed',
  other_known_by: 'the baseline was saved with other fields in `known_by`',
};

const DISTRUSTS = {
  fork: 'a fork wrote it',
  other_branch: 'another branch wrote it',
  this_job_run: 'this GitHub workflow run wrote it',
  other_event: 'another event than `push`, `schedule` or `workflow_dispatch` wrote it',
  other_file: 'another workflow file wrote it',
  commit_not_on_branch: 'its commit is not on the branch',
};

/** Returns why every finding is new, and the one remedy that helps; both are sentences. */
export function describeNewCause(
  cause: NewCause,
  step: Step,
): { readonly why: string; readonly fix: string } {
  const { inputs, context } = step;
  const branch = `\`${inputs?.baseline}\``;
  const which = 'condition' in cause ? `Every finding of ${nameOf(cause.condition)}` : 'Every finding';
  const say = (why: string, fix: string) => ({ why: `${which} is new: ${why}.`, fix: `${capitalise(fix)}.` });
  const change = (why: string, input: string, fix = `correct \`${input}\``) => {
    const fixedIn = inputs?.fromConfig.includes(input) ? 'config_file' : 'workflow_file';
    return { ...say(why, ''), fix: formatAction({ fixedIn, fix, startsRun: false }, step, null, true) };
  };
  const isOnBranch = context?.ref === `refs/heads/${inputs?.baseline}`;
  const save = isOnBranch ? 'with `save_baseline` checked' : `on ${branch} with \`save_baseline\` checked`;
  const now = `run this GitHub workflow ${save}`;
  switch (cause.code) {
    case 'no_branch':
      return change(`there is no branch ${branch}`, 'baseline');
    case 'enterprise_server':
      return change(WHY_NEW[cause.code], 'baseline', 'remove `baseline`, and waive findings instead');
    case 'not_fetched': {
      const { what, remedy } = describeGithubFailure(cause.failure, 'actions: read` and `contents: read');
      const why = joinPresent(
        '. ',
        `the baseline is missing, since ${lowerFirst(what)}`,
        quoteGithub(cause.failure.message),
      );
      return change(why, '', remedy);
    }
    case 'no_identity': {
      const names = inputs?.jobSummary === false ? [] : cause.names.map((name) => JSON.stringify(name));
      const why = `no finding has a value in ${formatList(cause.fields.map((field) => `\`${field}\``))}`;
      return change(joinPresent('. The findings have ', why, formatList(names, 8)), 'known_by');
    }
    case 'expired':
      return say(`the baseline of ${cause.savedAt.slice(0, 10)} has expired`, now);
    case 'untrusted':
      return say(`the newest baseline does not count, since ${DISTRUSTS[cause.why]}`, now);
    case 'damaged':
    case 'timed_out':
      return say(WHY_NEW[cause.code], now);
    default:
      return say(WHY_NEW[cause.code], isOnBranch ? now : `merge this GitHub workflow, then run it ${save}`);
  }
}

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
