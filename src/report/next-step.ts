/** The next step: what to change and where, how GitHub takes the change up, and what becomes of the run in Alloovium. Pure. */
import type { RunState } from '../run/run-state.ts';
import type { Step } from '../step.ts';
import { capitalise, joinPresent, lowerFirst } from '../text/format.ts';

/**
 * Where the cause is fixed. `settings`: a secret, a variable, an API key, a runner. `alloovium`: the documents, the Alloovium workflow
 * or the account. `nowhere`: wait, or report it.
 */
export type FixedIn =
  'workflow_file' | 'config_file' | 'own_config_file' | 'settings' | 'alloovium' | 'nowhere';

/** What to do, as data. */
export interface Remedy {
  readonly fixedIn: FixedIn;
  /** A clause with its verb first, without a full stop; empty: there is nothing to change. */
  readonly fix: string;
  /** A re-run skips the run of this step, or has another API key. */
  readonly startsRun: boolean;
}

/** On these events GitHub takes the workflow file from the pull request or the push. */
const OF_COMMIT = /^(?:push|pull_request|pull_request_review|pull_request_review_comment)$/;

/** Returns the next step: verb, place, effect. @param isOnly there is no other run, so this one is named */
export function formatNextStep(
  remedy: Remedy,
  step: Step,
  runState: RunState | null,
  isOnly: boolean,
): string {
  const isNothing = runState === null || (runState.openRun === 'nothing' && runState.runId === '');
  const open = describeOpenRun(runState, isOnly);
  const action = formatAction(remedy, step, runState, isOnly);
  return joinPresent(' ', open, action, isNothing && 'Nothing was started.');
}

/** Returns the step without what is running in Alloovium. */
export function formatAction(remedy: Remedy, step: Step, runState: RunState | null, isOnly: boolean): string {
  const { fixedIn, fix, startsRun } = remedy;
  const { context, inputs } = step;
  const { event = 'push', workflowFile = '' } = context ?? {};
  const isGiven = Boolean(runState?.runPlan.runId);
  if (startsRun && isGiven) return say(joinPresent(', then ', fix, 'name another run in `run_id`'));
  // The author of a pull request need not know the workflow file.
  const owner = event.startsWith('pull_request')
    ? `For whoever maintains \`${workflowFile.replace(/^.*\//, '')}\`: `
    : '';
  const and = /, | and /.test(fix) ? ', then ' : ' and ';
  switch (fixedIn) {
    case 'workflow_file': {
      const shared = isShared(step) && 'If you change the reusable workflow, use *Re-run all jobs* instead.';
      return joinPresent(' ', say(fix + afterWorkflowFile(event, and), owner), shared);
    }
    case 'own_config_file':
      return say(`${fix}${and}push`, owner);
    case 'config_file': {
      const isElsewhere = inputs?.config.includes('@');
      const place = isElsewhere ? `in \`${inputs?.config}\`` : 'on the default branch';
      const moved = isElsewhere && 'If it is a tag or a SHA, name the new one in `config` and push.';
      return joinPresent(' ', say(`${fix} ${place}, then ${rerun(step)}`, owner), moved);
    }
    case 'settings':
      return say(joinPresent(', then ', fix, rerun(step, goalOf(remedy, step, runState, isOnly))), owner);
    case 'alloovium':
    case 'nowhere':
      return say(joinPresent(', then ', fix, rerun(step, goalOf(remedy, step, runState, isOnly))));
  }
}

function say(text: string, owner = ''): string {
  return `${owner ? owner + lowerFirst(text) : capitalise(text)}.`;
}

/** In Markdown it is a link to the job. */
export const RERUN = 're-run this job';

/** People of a fork cannot re-run a job, and a re-run in a merge queue has no effect. */
function rerun({ context }: Step, goal = ''): string {
  if (context?.event === 'merge_group') return 'queue the pull request again';
  return `${context?.isFork ? 'ask a maintainer to ' : ''}${RERUN}${goal}`;
}

/** Returns what a re-run does about the run; empty: there is none. */
function goalOf({ startsRun }: Remedy, { inputs }: Step, runState: RunState | null, isOnly: boolean): string {
  const { openRun = 'nothing', runId = '' } = runState ?? {};
  if (openRun === 'unkept') return ', which may start a second run';
  if (openRun !== 'perhaps' && runId === '') return startsRun ? ' to start a new run' : '';
  if (startsRun || inputs?.onRerun === 'fresh') return ' to start a new run';
  if (openRun === 'perhaps') return ' to pick up the run, if one started';
  return openRun === 'run' ? ' to pick it up' : ` to pick up ${isOnly ? `\`${runId}\`` : 'the run'}`;
}

/** Returns what there is in Alloovium, as far as the next step depends on it; empty: nothing to say. */
function describeOpenRun(runState: RunState | null, isOnly: boolean): string {
  const { openRun = 'nothing', runId = '' } = runState ?? {};
  if (openRun === 'unkept') return 'A run may have started: look for it in Alloovium first.';
  if (openRun === 'run') return `${isOnly ? `\`${runId}\`` : 'The run'} is still running in Alloovium.`;
  return '';
}

/** Does the job belong to another repository's reusable workflow? For *Re-run all jobs*, GitHub reads its branch or tag anew. */
function isShared({ context, inputs }: Step): boolean {
  const ref = inputs?.workflowRef ?? '';
  return ref !== '' && !ref.startsWith(`${context?.repository}/`) && !/@[0-9a-f]{40}$/.test(ref);
}

/** A re-run uses the workflow file of its commit. */
function afterWorkflowFile(event: string, and: string): string {
  if (OF_COMMIT.test(event)) return `${and}push`;
  if (event === 'merge_group') return `${and}queue the pull request again`;
  if (event === 'schedule') return ' on the default branch; the next scheduled run uses it';
  return ' on the default branch, then start this GitHub workflow again: a re-run would use the old file';
}
