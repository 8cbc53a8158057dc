/** The story: inputs → run → verdict → report. Everything it uses is handed to it. */
import { createClient } from './alloovium/client.ts';
import { isRateLimited, type Failure, type RetryContext } from './alloovium/retry.ts';
import type { Transport } from './alloovium/transport.ts';
import { isTerminal, type Run } from './alloovium/wire.ts';
import type { Clock } from './clock.ts';
import { endingOf, Interrupted, MissingKeyError } from './runs/ending.ts';
import { noFacts, type Facts } from './runs/facts.ts';
import { follow } from './runs/follow.ts';
import { readContext } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { stick } from './github/sticky-comment.ts';
import { InputError, readInputs } from './inputs/inputs.ts';
import { isJsonObject } from './json.ts';
import type { ConditionResult } from './gate/gate.ts';
import { proxyFor } from './inputs/proxy.ts';
import { publish } from './publish.ts';

import { note, type Job } from './runs/scene.ts';
import { secretsOf } from './inputs/secrets.ts';
import { attach, launchOrJoin } from './runs/start.ts';
import type { Ending } from './runs/verdict.ts';
import { duration } from './text/words.ts';
import { redactor } from './text/redact.ts';

/** The real things, or a test's. */
export interface Parts {
  readonly host: Host;
  readonly transport: Transport;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted when the job is cancelled (reason: Interrupted) or something crashed (reason: the error). */
  readonly signal: AbortSignal;
  /** The event payload, parsed; undefined where there is none. */
  readonly readEvent: () => unknown;
  /** How long ago this attempt of the job began on its runner, before this step; 0 where that is not known. */
  readonly jobAgeMs: () => number;
  readonly stick: typeof stick;
}

/** Runs the action to its end and reports it. Gives the exit code. */
export async function run(parts: Parts): Promise<0 | 1> {
  const { host, clock } = parts;
  const startedAt = clock.now();
  const facts = noFacts();
  const secrets = secretsOf(host.environment);
  for (const secret of secrets) host.mask(secret);
  const redact = redactor(secrets);
  let ending: Ending;
  try {
    host.checkOutputs();
    ending = await runJob(parts, facts, startedAt, redact);
  } catch (error) {
    ending = endingOf(error, facts, redact);
  }
  const { signal } = parts;
  const isStopped = signal.aborted;
  const crash = () =>
    signal.aborted && !isStopped && !(signal.reason instanceof Interrupted)
      ? endingOf(signal.reason, facts, redact)
      : null;
  return publish({ ...parts, redact }, facts, ending, startedAt, crash);
}

async function runJob(
  parts: Parts,
  facts: Facts,
  startedAt: number,
  redact: (text: string) => string,
): Promise<Ending> {
  const { host } = parts;
  const context = (facts.context = readContext(host.environment, parts.readEvent()));
  const inputs = await readInputs(host.environment).catch((error: unknown) => {
    // What could be read says whether, and with what token, the red verdict is to be shown on the pull request.
    if (error instanceof InputError) facts.inputs = error.usable;
    throw error;
  });
  facts.inputs = inputs;
  facts.workflowId = inputs.workflowId;
  if (inputs.apiKey === null) {
    if (inputs.onMissingKey === 'skip' && context.secretsWithheld) return { kind: 'skipped' };
    throw new MissingKeyError(context.secretsWithheld);
  }
  proxyFor(inputs.apiUrl, host.environment);

  const client = createClient({
    ...parts,
    apiUrl: inputs.apiUrl,
    apiKey: inputs.apiKey,
    redact: (text) => {
      const clean = redact(text);
      if (clean !== text)
        note(host, facts, 'an answer of the API held a secret of this job: it was replaced by ***');
      return clean;
    },
  });
  facts.tokensSpent = () => client.tokensSpent();
  facts.launchUnsettled = () => client.launchUnsettled();
  const retryContext: RetryContext = {
    ...parts,
    deadline: startedAt + inputs.timeoutMs,
    onPause: (failure, delayMs) => host.line(`    ${pauseLine(failure, delayMs)}`),
  };
  const known = new Map<Run, ConditionResult[]>();
  const judged = (run: Run) => {
    const results = known.get(run) ?? (run.status === 'completed' ? inputs.gate.evaluate(run.outputs) : []);
    known.set(run, results);
    return results;
  };

  const scene: Job = { host, facts, inputs, client, retryContext };
  const attemptBeganAt = startedAt - parts.jobAgeMs();
  const wait =
    inputs.runId === '' ? await launchOrJoin(scene, context, attemptBeganAt, judged) : attach(scene);
  parts.signal.throwIfAborted();
  if (!inputs.wait) return { kind: 'launched' };
  const run = facts.run !== null && isTerminal(facts.run.status) ? facts.run : await follow(scene, wait);
  facts.results = judged(run);
  // The gate lets no signal in while it computes.
  await parts.clock.sleep(0, parts.signal);
  facts.errorMessage = run.errorMessage ?? '';
  if (run.status === 'completed' && !isJsonObject(run.outputs)) {
    note(host, facts, 'the run completed, and its outputs are not an object of named values');
  }
  return { kind: 'ended', status: run.status, results: facts.results };
}

function pauseLine({ error, bucket, cost }: Failure, delayMs: number): string {
  const again = `again in ${duration(delayMs)}`;
  if (!isRateLimited(error)) return `${error.headline}: ${again}`;
  const left = bucket === null ? '' : ` (${bucket.remaining} of ${bucket.limit} left)`;
  return `queueing for ${cost} ${cost === 1 ? 'token' : 'tokens'}${left}, ${again}`;
}
