/** How the step comes by its run: launched, joined, or named by `run_id`. */
import type { Client } from '../alloovium/client.ts';
import type { RetryContext } from '../alloovium/retry.ts';
import { createPacer, firstPollMs } from './pace.ts';
import { isTerminal, type Run } from '../alloovium/wire.ts';
import { keyKind } from './facts.ts';
import type { Context } from '../github/context.ts';
import { DEFAULT_API_URL } from '../inputs/inputs.ts';
import { findRun, MISSING_MS } from './launch.ts';
import { isRed, type ConditionResult } from '../gate/gate.ts';

import { keep, note, WRONG_CONTENT_TYPE, type Job } from './scene.ts';
import { duration } from '../text/words.ts';

/** When to look first, and until when a 404 may be a run that has not come through yet; moments are on `clock.now()`. */
export interface WaitFrom {
  readonly firstPollMs: number;
  readonly nextPauseMs: (run: Run | null) => number;
  readonly launchedAt: number;
  readonly missingUntil: number;
  /** The server wants no look before. */
  readonly notBefore: number;
}

/** Finds or launches the run of this intent, and tells the log. */
export async function launchOrJoin(
  { host, facts, inputs, client, retryContext }: Job,
  context: Context,
  attemptBeganAt: number,
  judged: (run: Run) => ConditionResult[],
): Promise<WaitFrom> {
  const names = Object.keys(inputs.inputs);
  host.startGroup(
    `Launch ${inputs.workflowId}${inputs.projectId === '' ? '' : ` on project ${inputs.projectId}`}${names.length === 0 ? '' : ` (inputs: ${names.join(', ')})`}`,
  );
  try {
    if (inputs.apiUrl !== DEFAULT_API_URL) host.line(`    at ${inputs.apiUrl}`);
    const ours = await findRun({
      intent: {
        when: inputs.idempotencyKey === '' ? context.when : inputs.idempotencyKey,
        repository: context.repository,
        workflowId: inputs.workflowId,
        projectId: inputs.projectId,
        inputs: inputs.inputs,
      },
      attempt: context.attempt,
      jobRunId: context.jobRunId,
      onRerun: inputs.onRerun,
      wait: inputs.wait,
      attemptBeganAt,
      client,
      retryContext,
      isRed: (run) => isTerminal(run.status) && (run.status !== 'completed' || judged(run).some(isRed)),
      onKey: (key) => {
        facts.idempotencyKey = key;
        const kind = keyKind(inputs.apiKey ?? '');
        host.line(
          `    key ${key} · commit ${context.commit.slice(0, 7)}${kind === null ? '' : ` · ${kind} key`}`,
        );
      },
      onRun: ({ runId, status, replayed, wrongContentType }) => {
        facts.runId = runId;
        facts.status = status;
        facts.replayed = replayed;
        facts.origin ??= replayed ? { kind: 'joined', ageMs: null } : { kind: 'new' };
        // Into the log first: the output file may turn out not to be writable.
        host.line(
          `    run ${runId}${replayed ? ' (the answer was replayed: nothing new was started)' : ' is new'}`,
        );
        host.output('run_id', runId);
        if (wrongContentType) note(host, facts, WRONG_CONTENT_TYPE);
      },
      onPoll: () => facts.polls++,
      onFailedPoll: (failure) => host.line(`    look failed: ${failure.error.headline}`),
      log: (line) => host.line(`    ${line}`),
    });
    facts.origin = ours.origin;
    facts.joinedOlder = ours.older;
    if (ours.seen !== null) keep(facts, ours.seen);
    if (ours.origin.kind === 'joined') {
      const age =
        ours.origin.ageMs === null ? 'an earlier launch' : `a launch of ${duration(ours.origin.ageMs)} ago`;
      note(host, facts, `joined the run of ${age} under the same key: nothing was launched`);
    }
    return {
      firstPollMs:
        ours.origin.kind === 'new' && ours.seen === null
          ? firstPollMs(client.bucketState(), 0, 1, retryContext.random())
          : ours.seen === null
            ? 0
            : 3_000,
      nextPauseMs: pacerOf(client, retryContext, ours.origin.kind === 'new' ? ours.launchedAt : null),
      launchedAt: ours.launchedAt,
      missingUntil: ours.launchedAt + MISSING_MS,
      notBefore: ours.notBefore,
    };
  } finally {
    host.endGroup();
  }
}

/** Takes the run that `run_id` names. */
export function attach({ host, facts, inputs, client, retryContext }: Job): WaitFrom {
  facts.runId = inputs.runId;
  facts.origin = { kind: 'attached' };
  host.line(`Attached to run ${inputs.runId}: nothing is launched`);
  host.output('run_id', inputs.runId);
  if (inputs.ignored.length > 0)
    note(
      host,
      facts,
      `with \`run_id\`, ${inputs.ignored.map((name) => `\`${name}\``).join(', ')} has no use and is ignored`,
    );
  const now = retryContext.clock.now();
  return {
    firstPollMs: 0,
    nextPauseMs: pacerOf(client, retryContext, null),
    launchedAt: now,
    missingUntil: now,
    notBefore: now,
  };
}

/** Of a step that follows one run. */
function pacerOf(
  client: Client,
  { clock, random }: RetryContext,
  launchedAt: number | null,
): (run: Run | null) => number {
  const bucket = () => client.bucketState();
  return createPacer({ clock, random, bucket, launchesWaiting: () => 0, runsFollowed: () => 1 }, launchedAt);
}
