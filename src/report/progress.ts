/** Logs what the runs of a step do, and writes each run to the step outputs as soon as it is known. */
import type { Client } from '../api/client.ts';
import { isEnded } from '../api/wire.ts';
import type { Runner } from '../github/runner.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { fillUrl } from '../text/url-template.ts';
import { formatRunsJson } from './outputs.ts';
import { describeRequestFailure } from './failures.ts';
import { REASONS } from '../run/retry-policy.ts';
import type { Listener, RunState, SkipReason } from '../run/run-state.ts';
import type { Deps, ReadyStep } from '../step.ts';
import { logLine, type LogLine } from '../text/escape.ts';
import { capitalise, formatCount, formatDuration } from '../text/format.ts';

/** A line that repeats the one before is logged after this long. */
const REPEAT_MS = 60_000;

const ORIGINS = { started: 'Started', picked_up: 'Picked up', given: 'Picked up' } as const;

const SKIP_WORDS: Readonly<Record<SkipReason, string>> = {
  failed: 'it failed',
  cancelled: 'it was cancelled',
  gate: 'it does not pass the gate',
  too_large: 'its outputs are too large',
  not_found: 'Alloovium does not find it any more',
};

export function startProgress({ inputs, context, client }: ReadyStep, { runner, clock }: Deps): Listener {
  const { hasRuns, runPlans, runUrl } = inputs;
  const found: RunState[] = [];
  const shown = new Map<RunState, { readonly what: string; readonly at: number }>();

  const format = ({ runPlan }: RunState, line: LogLine): LogLine => {
    const [name = '', ...others] = runPlan.entries.map((entry) => entry.name);
    const title = others.length === 0 ? name : `${name} +${others.length}`;
    return hasRuns ? logLine`${title.padEnd(12)}  ${line}` : logLine`    ${line}`;
  };
  const log = (runState: RunState, line: LogLine): void => runner.line(format(runState, line));
  /** Logs the line unless it is about the same as the last one, and that was less than a minute ago. */
  const logChange = (runState: RunState, what: string, line: LogLine): void => {
    const last = shown.get(runState);
    if (what === last?.what && clock.now() - last.at < REPEAT_MS) return;
    shown.set(runState, { what, at: clock.now() });
    log(runState, line);
  };
  const { startGroup, endGroup } = createGroups(runner, hasRuns);
  const commit = `commit ${context.commit.slice(0, 7)}`;
  startGroup(logLine`${formatStart(inputs)}, ${commit}`);
  if (hasRuns) runner.line(logLine`${formatCount(runPlans.length, 'run')} in one step, ${commit}`);

  return {
    found: (runState) => {
      const { runId, origin } = runState;
      const url = fillUrl(runUrl, runState, null);
      found.push(runState);
      log(runState, logLine`${ORIGINS[origin ?? 'given']} ${runId}`);
      // A URL contains no command, and everything that escaping adds would become part of the link.
      if (url !== '') log(runState, { safe: url });
      if (!inputs.wait) endGroup();
      else if (!isEnded(runState))
        startGroup(logLine`Wait for ${runId}, for up to ${formatDuration(inputs.timeoutMs)}`);
      if (hasRuns) {
        const runs = runPlans.flatMap((runPlan) => {
          const known = found.find((one) => one.runPlan === runPlan) ?? null;
          return runPlan.entries.map((entry) => ({ entry, runState: known }));
        });
        runner.output('runs_json', formatRunsJson(runs));
      } else runner.output('run_id', runId);
    },
    checked: (runState, elapsedMs) => {
      const { status, stage, progress } = runState;
      if (!isEnded(runState)) {
        const tens = Math.floor((progress ?? 0) / 10);
        logChange(runState, `${status} ${stage} ${tens}`, formatProgress(runState, elapsedMs));
        return;
      }
      const tokens = hasRuns ? '' : ` (${formatCount(client.tokensSpent(), 'token')})`;
      log(runState, logLine`${runState.runId} ${status} after ${formatDuration(elapsedMs)}${tokens}`);
    },
    decided: (runState, failure, decision) => {
      const what = capitalise(describeRequestFailure(failure).what);
      const next = decision.retry ? `trying again in ${formatDuration(decision.afterMs)}` : 'no retry';
      const line = logLine`${what}; ${next} (${REASONS[decision.reason]})`;
      runner.debug(format(runState, line));
      if (decision.retry) logChange(runState, what, line);
    },
    skipped: (runState, why) =>
      log(runState, logLine`${runState.runId} is not picked up: ${SKIP_WORDS[why]}`),
    ended: endGroup,
  };
}

/** With several runs there are no groups, since their lines would be mixed. */
function createGroups(runner: Pick<Runner, 'startGroup' | 'endGroup'>, hasRuns: boolean) {
  let isInGroup = false;
  const endGroup = (): void => {
    if (isInGroup) runner.endGroup();
    isInGroup = false;
  };
  const startGroup = (title: LogLine): void => {
    if (hasRuns) return;
    endGroup();
    runner.startGroup(title);
    isInGroup = true;
  };
  return { startGroup, endGroup };
}

function formatStart({ runPlans: [runPlan] }: Inputs): LogLine {
  if (runPlan?.runId !== '') return logLine`Pick up ${runPlan?.runId ?? ''}`;
  return logLine`Start ${runPlan.workflowId}${runPlan.projectId && ` on project ${runPlan.projectId}`}`;
}

/** Characters of the progress bar. */
const BAR = 10;

/** Formats `████░░░░░░  42 %  Analysing submittals              1 min 12 s` */
function formatProgress({ status, stage, progress }: RunState, elapsedMs: number): LogLine {
  const doing = status === 'running' && stage !== '' ? stage : status === 'pending' ? 'queued' : status;
  const done = '█'.repeat(Math.floor(((progress ?? 0) / 100) * BAR)).padEnd(BAR, '░');
  const percent = progress === null ? '' : `${Math.floor(progress)} %`;
  return logLine`${done} ${percent.padStart(5)}  ${doing.slice(0, 100).padEnd(32)}  ${formatDuration(elapsedMs)}`;
}

/** Logs the Alloovium workflows of the API key, if they can be listed. Names may be confidential, so only in a private repository. */
export async function logWorkflows(
  runner: Pick<Runner, 'line'>,
  client: Client,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { workflows } = await client.listWorkflows(signal);
    const none = logLine`This API key can start no Alloovium workflow.`;
    runner.line(
      workflows.length === 0 ? none : logLine`Alloovium workflows that this API key can start, 20 at most:`,
    );
    for (const { id, name, enabled } of workflows.slice(0, 20))
      runner.line(logLine`    ${id} “${name.slice(0, 80)}”${enabled ? '' : ' (disabled)'}`);
  } catch {
    // The step fails for another reason.
  }
}
