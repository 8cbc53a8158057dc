/** Writes to the log what the orders do, and each run to the step outputs as soon as it is known. */
import type { Client } from '../api/client.ts';
import { isEnded } from '../api/wire.ts';
import type { Runner } from '../github/runner.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { fillRunUrl } from '../text/url-template.ts';
import { formatRunsJson } from './outputs.ts';
import { describeRequestFailure } from './messages.ts';
import type { Listener, RunState } from '../run/run-state.ts';
import type { Deps, ReadyStep } from '../step.ts';
import { logLine, type LogLine } from '../text/escape.ts';
import { capitalise, formatCount, formatDuration } from '../text/format.ts';

/** What has not changed is logged again after so long. */
const REPEAT_MS = 60_000;

const ORIGINS = { started: 'Started', picked_up: 'Joined', given: 'Attached to' } as const;

export function startProgress({ inputs, context, client }: ReadyStep, { runner, clock }: Deps): Listener {
  const { hasRuns, runPlans, runUrl } = inputs;
  const found: RunState[] = [];
  const shown = new Map<RunState, { readonly what: string; readonly at: number }>();

  const log = ({ runPlan }: RunState, line: LogLine): void => {
    const [name = '', ...others] = runPlan.entries.map((entry) => entry.name);
    const title = others.length === 0 ? name : `${name} +${others.length}`;
    runner.line(hasRuns ? logLine`${title.padEnd(12)}  ${line}` : logLine`    ${line}`);
  };
  /** Logs the line if it is about something else than the last one, or that was long ago. */
  const logChange = (runState: RunState, what: string, line: LogLine): void => {
    const last = shown.get(runState);
    if (what === last?.what && clock.now() - last.at < REPEAT_MS) return;
    shown.set(runState, { what, at: clock.now() });
    log(runState, line);
  };
  // The lines of several runs would be mixed.
  const startGroup = (title: LogLine): void => (hasRuns ? undefined : runner.startGroup(title));
  const endGroup = (): void => (hasRuns ? undefined : runner.endGroup());

  const commit = `commit ${context.commit.slice(0, 7)}`;
  startGroup(logLine`${formatLaunch(inputs)}, ${commit}`);
  if (hasRuns) runner.line(logLine`${formatCount(runPlans.length, 'run')} in one step, ${commit}`);

  return {
    found: (runState) => {
      const { runId, origin } = runState;
      const url = fillRunUrl(runUrl, runState);
      found.push(runState);
      log(runState, logLine`${ORIGINS[origin ?? 'given']} ${runId}`);
      // An address forms no command, and all that escaping adds would be part of the link.
      if (url !== '') log(runState, { safe: url });
      endGroup();
      if (inputs.wait) startGroup(logLine`Wait for ${runId}, for up to ${formatDuration(inputs.timeoutMs)}`);
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
    waiting: (runState, ms, failure) => {
      const what = capitalise(describeRequestFailure(failure).what);
      logChange(runState, what, logLine`${what}; trying again in ${formatDuration(ms)}`);
    },
    passedOver: (runState, why) =>
      log(runState, logLine`${runState.runId} of an earlier job ended ${why}: it is not joined`),
    ended: endGroup,
  };
}

function formatLaunch({ runPlans: [runPlan] }: Inputs): LogLine {
  if (runPlan?.runId !== '') return logLine`Attach to ${runPlan?.runId ?? ''}`;
  return logLine`Launch ${runPlan.workflowId}${runPlan.projectId && ` on project ${runPlan.projectId}`}`;
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

/** Logs the workflows that the key may run, if they can be listed. Only for a private repository: names may be confidential. */
export async function logWorkflows(
  runner: Pick<Runner, 'line'>,
  client: Client,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { workflows } = await client.listWorkflows(signal);
    const none = logLine`This key can run no workflow.`;
    runner.line(workflows.length === 0 ? none : logLine`Workflows that this key can run, 20 at most:`);
    for (const { id, name, enabled } of workflows.slice(0, 20))
      runner.line(logLine`    ${id} “${name.slice(0, 80)}”${enabled ? '' : ' (disabled)'}`);
  } catch {
    // The step is red for another reason.
  }
}
