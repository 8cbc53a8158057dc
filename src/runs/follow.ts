/** The wait, as the log tells it. */
import type { Client } from '../alloovium/client.ts';
import type { RetryContext } from '../alloovium/retry.ts';
import { waitForRun } from '../alloovium/poll.ts';
import { isKnownStatus, isTerminal, type Run } from '../alloovium/wire.ts';
import { addStage, type Facts } from './facts.ts';
import { InputError } from '../inputs/inputs.ts';
import { isDue, progressLine, type Pulse } from '../report/log.ts';

import { keep, note, WRONG_CONTENT_TYPE, type Job } from './scene.ts';
import type { WaitFrom } from './start.ts';
import { duration } from '../text/words.ts';

/** Waits for the run's end, and tells the log what it sees. */
export async function follow(
  { host, facts, inputs, client, retryContext }: Job,
  { launchedAt, ...from }: WaitFrom,
): Promise<Run> {
  const { clock, deadline } = retryContext;
  let pulse: Pulse | null = null;
  let isUnknownStatusLogged = false;
  const tell = (what: string, line: (elapsedMs: number) => string) => {
    const elapsedMs = clock.now() - launchedAt;
    if (!isDue(pulse, what, clock.now(), elapsedMs)) return;
    pulse = { shown: what, at: clock.now() };
    host.line(line(elapsedMs));
  };
  host.startGroup(
    `Wait for ${facts.runId} (${duration(inputs.timeoutMs)} at most, ${duration(deadline - clock.now())} left)`,
  );
  try {
    return await waitForRun({
      ...retryContext,
      client,
      runId: facts.runId,
      ...from,
      until: 'end',
      onPoll: (run, meta) => {
        facts.polls++;
        if (inputs.runId !== '' && inputs.workflowId !== '' && run.workflowId !== inputs.workflowId) {
          throw new InputError(['`workflow_id` is not the workflow of the run that `run_id` names.']);
        }
        keep(facts, run);
        addStage(facts.stages, run, clock.now() - launchedAt);
        if (meta.wrongContentType) note(host, facts, WRONG_CONTENT_TYPE);
        if (!isKnownStatus(run.status) && !isUnknownStatusLogged) {
          isUnknownStatusLogged = true;
          host.warning(`This action does not know the run's status “${run.status}”: it waits on.`);
        }
        if (isTerminal(run.status)) {
          host.line(
            `    ${run.status} after ${duration(clock.now() - launchedAt)} (${facts.polls} ${facts.polls === 1 ? 'look' : 'looks'}, ${client.tokensSpent()} tokens)`,
          );
          return;
        }
        tell(`${run.status} ${run.stage ?? ''} ${Math.floor(run.progress ?? 0)}`, (elapsedMs) =>
          progressLine(run.status, run.progress, run.stage, elapsedMs),
        );
      },
      onFailedPoll: ({ error }) => {
        facts.polls++;
        tell(error.headline, () => `    look failed: ${error.headline}`);
      },
      betweenPolls: async ({ bucket }) => {
        // Not while siblings may be saving up for a launch.
        if (bucket !== null && bucket.remaining < 30) return 0;
        return lookUpName(client, facts, retryContext);
      },
    });
  } finally {
    host.endGroup();
  }
}

const NAME_PAGES = 2;
const NAME_MS = 5_000;

/** The workflow's name, for the report's heading: a side show that fails without a word. Gives the ms for which the server wants peace. */
async function lookUpName(
  client: Client,
  facts: Facts,
  { clock, deadline, signal }: RetryContext,
): Promise<number> {
  let cursor: string | null = null;
  for (let page = 0; page < NAME_PAGES; page++) {
    const timeoutMs = Math.max(1, Math.min(NAME_MS, deadline - clock.now()));
    const answer = await client.listWorkflows(cursor, timeoutMs, signal);
    if ('failure' in answer) return answer.failure.hintMs ?? 0;
    facts.workflowName = answer.workflows.find(({ id }) => id === facts.workflowId)?.name ?? null;
    cursor = answer.nextCursor;
    if (facts.workflowName !== null || cursor === null || answer.meta.hintMs > 0) return answer.meta.hintMs;
  }
  return 0;
}
