/** The story: inputs → run → verdict → report. Everything it uses is handed to it. */
import { inspect } from 'node:util';
import { createClient, type Client, type Launched } from './alloovium/client.ts';
import { ApiError, ResponseShapeError } from './alloovium/errors.ts';
import { firstLookInMs, firstPace, paceAfterLaunch, type Pace } from './alloovium/poll-policy.ts';
import { isRateLimited, OutOfTime, type Failure, type Patience } from './alloovium/retry.ts';
import type { Transport } from './alloovium/transport.ts';
import { waitForRun } from './alloovium/wait.ts';
import { isKnownStatus, isTerminal, type Run } from './alloovium/wire.ts';
import type { Clock } from './clock.ts';
import { addStage, keyKind, noFacts, type Facts } from './facts.ts';
import { readContext, type Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { stick } from './github/sticky-comment.ts';
import { DEFAULT_API_URL, InputError, readApiKey, readInputs, type Inputs } from './inputs.ts';
import { isJsonObject } from './json.ts';
import { findRun, MISSING_MS } from './launch.ts';
import { publish } from './publish.ts';
import type { ConditionResult } from './report/gate.ts';
import { proxyFor } from './proxy.ts';
import { isDue, progressLine, type Pulse } from './report/log.ts';
import { duration } from './report/timeline.ts';
import { redactor } from './report/untrusted.ts';
import { StepError } from './step-error.ts';
import { isRed, type Ending } from './verdict.ts';

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
  readonly stick: typeof stick;
}

/** The job was cancelled. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signalName: string;
  constructor(signalName: string) {
    super(`the job was cancelled (${signalName})`);
    this.signalName = signalName;
  }
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
    ending = await story(parts, facts, startedAt, redact);
  } catch (error) {
    ending = endingOf(error, facts, redact);
  }
  const { signal } = parts;
  const isStopped = signal.aborted;
  const crash = () =>
    signal.aborted && !isStopped && !(signal.reason instanceof Interrupted)
      ? endingOf(signal.reason, facts, redact)
      : null;
  return publish(parts, facts, ending, startedAt, crash);
}

async function story(
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
  const patience: Patience = {
    ...parts,
    deadline: startedAt + inputs.timeoutMs,
    onPause: (failure, delayMs) => host.line(`    ${pauseLine(failure, delayMs)}`),
  };
  const judged = (run: Run) => (run.status === 'completed' ? inputs.gate.evaluate(run.outputs) : []);

  const scene: Scene = { host, facts, inputs, client, patience };
  const wait = inputs.runId === '' ? await launch(scene, context, startedAt, judged) : attach(scene);
  parts.signal.throwIfAborted();
  if (!inputs.wait) return { kind: 'launched' };
  const run = facts.run !== null && isTerminal(facts.run.status) ? facts.run : await follow(scene, wait);
  facts.results = judged(run);
  facts.errorMessage = run.errorMessage ?? '';
  if (run.status === 'completed' && !isJsonObject(run.outputs)) {
    note(host, facts, 'the run completed, and its outputs are not an object of named values');
  }
  return { kind: 'ended', status: run.status, results: facts.results };
}

/** When to look first, and until when a 404 may be a run that has not come through yet; both on `clock.now()`. */
interface WaitFrom {
  readonly firstLookInMs: number;
  readonly pace: Pace;
  readonly launchedAt: number;
  readonly missingUntil: number;
}

/** What every part of the story uses. */
interface Scene {
  readonly host: Host;
  readonly facts: Facts;
  readonly inputs: Inputs;
  readonly client: Client;
  readonly patience: Patience;
}

async function launch(
  { host, facts, inputs, client, patience }: Scene,
  context: Context,
  startedAt: number,
  judged: (run: Run) => ConditionResult[],
): Promise<WaitFrom> {
  const names = Object.keys(inputs.inputs);
  host.startGroup(
    `Launch ${inputs.workflowId}${inputs.projectId === '' ? '' : ` on project ${inputs.projectId}`}${names.length === 0 ? '' : ` (inputs: ${names.join(', ')})`}`,
  );
  try {
    if (inputs.apiUrl !== DEFAULT_API_URL) host.line(`    at ${inputs.apiUrl}`);
    let launched: Pick<Launched, 'bucket' | 'queued'> = { bucket: null, queued: false };
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
      startedAt,
      client,
      patience,
      isRed: (run) => isTerminal(run.status) && (run.status !== 'completed' || judged(run).some(isRed)),
      onKey: (key) => {
        facts.idempotencyKey = key;
        const kind = keyKind(inputs.apiKey ?? '');
        host.line(
          `    key ${key} · commit ${context.commit.slice(0, 7)}${kind === null ? '' : ` · ${kind} key`}`,
        );
      },
      onRun: ({ runId, status, replayed, workflowId, oddType, bucket, queued }) => {
        launched = { bucket, queued };
        facts.runId = runId;
        facts.status = status;
        facts.replayed = replayed;
        facts.origin ??= replayed ? { kind: 'joined', ageMs: null } : { kind: 'new' };
        if (workflowId !== '') facts.workflowId = workflowId;
        // Into the log first: the output file may turn out not to be writable.
        host.line(
          `    run ${runId}${replayed ? ' (the answer was replayed: nothing new was started)' : ' is new'}`,
        );
        host.output('run_id', runId);
        if (oddType) note(host, facts, ODD_TYPE);
      },
      onLook: () => facts.looks++,
      onFailedLook: (failure) => host.line(`    look failed: ${failure.error.headline}`),
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
      firstLookInMs:
        ours.origin.kind === 'new' && ours.seen === null
          ? firstLookInMs(launched.bucket, launched.queued, patience.random())
          : ours.seen === null
            ? 0
            : 3_000,
      pace: paceAfterLaunch(launched.queued),
      launchedAt: ours.launchedAt,
      missingUntil: ours.launchedAt + MISSING_MS,
    };
  } finally {
    host.endGroup();
  }
}

function attach({ host, facts, inputs, patience }: Scene): WaitFrom {
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
  const now = patience.clock.now();
  return { firstLookInMs: 0, pace: firstPace, launchedAt: now, missingUntil: now };
}

/** Waits for the run's end, and tells the log what it sees. */
async function follow(
  { host, facts, inputs, client, patience }: Scene,
  { firstLookInMs, pace, launchedAt, missingUntil }: WaitFrom,
): Promise<Run> {
  const { clock, deadline } = patience;
  let pulse: Pulse | null = null;
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
      ...patience,
      client,
      runId: facts.runId,
      firstLookInMs,
      pace,
      missingUntil,
      until: 'end',
      onLook: (run, meta) => {
        facts.looks++;
        if (inputs.runId !== '' && inputs.workflowId !== '' && run.workflowId !== inputs.workflowId) {
          throw new InputError(['`workflow_id` is not the workflow of the run that `run_id` names.']);
        }
        keep(facts, run);
        addStage(facts.stages, run, clock.now() - launchedAt);
        if (meta.oddType) note(host, facts, ODD_TYPE);
        if (!isKnownStatus(run.status) && !facts.oddStatus) {
          facts.oddStatus = true;
          host.warning(`This action does not know the run's status “${run.status}”: it waits on.`);
        }
        if (isTerminal(run.status)) {
          host.line(
            `    ${run.status} after ${duration(clock.now() - launchedAt)} (${facts.looks} ${facts.looks === 1 ? 'look' : 'looks'}, ${client.tokensSpent()} tokens)`,
          );
          return;
        }
        tell(`${run.status} ${run.stage ?? ''} ${Math.floor(run.progress ?? 0)}`, (elapsedMs) =>
          progressLine(run.status, run.progress, run.stage, elapsedMs),
        );
      },
      onFailedLook: ({ error }) => {
        facts.looks++;
        tell(error.headline, () => `    look failed: ${error.headline}`);
      },
      aside: async ({ bucket }) => {
        // Not while siblings may be saving up for a launch.
        if (bucket !== null && bucket.remaining < 30) return 0;
        return lookUpName(client, facts, patience);
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
  { clock, deadline, signal }: Patience,
): Promise<number> {
  let cursor: string | null = null;
  for (let page = 0; page < NAME_PAGES; page++) {
    const timeoutMs = Math.max(1, Math.min(NAME_MS, deadline - clock.now()));
    const answer = await client.listWorkflows(cursor, timeoutMs, signal);
    if ('failure' in answer) return answer.failure.hintMs ?? 0;
    facts.workflowName = answer.workflows.find(({ id }) => id === facts.workflowId)?.name ?? null;
    cursor = answer.nextCursor;
    if (facts.workflowName !== null || cursor === null) break;
  }
  return 0;
}

function keep(facts: Facts, run: Run): void {
  facts.run = run;
  facts.status = run.status;
  if (run.workflowId !== '') facts.workflowId = run.workflowId;
}

const ODD_TYPE = 'an answer of the API was JSON, but not marked as such';

function note(host: Host, facts: Facts, text: string): void {
  if (facts.notices.includes(text)) return;
  facts.notices.push(text);
  host.line(`    note: ${text}`);
}

function pauseLine({ error, bucket, cost }: Failure, delayMs: number): string {
  const again = `again in ${duration(delayMs)}`;
  if (!isRateLimited(error)) return `${error.headline}: ${again}`;
  const left = bucket === null ? '' : ` (${bucket.remaining} of ${bucket.limit} left)`;
  return `queueing for ${cost} ${cost === 1 ? 'token' : 'tokens'}${left}, ${again}`;
}

/** The one place where an error becomes an ending. */
function endingOf(error: unknown, facts: Facts, redact: (text: string) => string): Ending {
  if (error instanceof Interrupted) {
    return { kind: 'interrupted', signal: error.signalName, mayHaveStarted: facts.launchUnsettled() };
  }
  if (error instanceof OutOfTime) {
    const word =
      facts.status === '' || isKnownStatus(facts.status) ? '' : `The run's last status was “${facts.status}”`;
    facts.errorMessage = [word, error.last?.message ?? ''].filter((part) => part !== '').join('; ');
    return { kind: 'timed_out', what: whatWasDone(error, facts), mayHaveStarted: error.mayHaveStarted };
  }
  if (error instanceof StepError) {
    facts.errorMessage = redact(error.message);
    return { kind: 'error', headline: error.headline, remedy: remedyOf(error, facts) };
  }
  // A bug, or the runner's files. The text may hold anything.
  facts.errorMessage = redact(messagesOf(error));
  return {
    kind: 'error',
    headline: 'The action could not go on',
    remedy: 'Re-run the job; if it happens again, report the message to the maintainers of this action.',
  };
}

/** Where the run is there and only looking at it failed, also how to come back to it. */
function remedyOf(error: StepError, { runId, origin, inputs }: Facts): string {
  const status = error instanceof ApiError ? error.problem.status : 0;
  if (runId !== '' && (status === 404 || status === 410)) {
    const check = origin?.kind === 'attached' ? 'Check `run_id`, and that' : 'Check that';
    return `${check} the key belongs to the Alloovium account of ${runId}; the run may have been deleted there.`;
  }
  const isOver = error instanceof InputError;
  if (runId === '' || isOver || (error instanceof ResponseShapeError && error.overCap)) return error.remedy;
  const rejoin = origin?.kind === 'attached' || inputs?.onRerun === 'fresh' ? '' : ', or re-run this job';
  return `${error.remedy} The run may go on at Alloovium: give \`run_id: ${runId}\` to judge it${rejoin}.`;
}

function whatWasDone({ waitMs, last }: OutOfTime, { runId, status }: Facts): string {
  const asked = waitMs === null ? '' : ` (the API asked to wait ${duration(waitMs)} more)`;
  if (last !== null && isRateLimited(last)) return `queueing for tokens${asked}`;
  if (runId === '') return `launching the run${asked}`;
  return isKnownStatus(status) ? `the run was still ${status}` : "the run's end was still to come";
}

function messagesOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return inspect(error);
  const inner = [
    ...(error instanceof AggregateError ? (error.errors as unknown[]) : []),
    ...(error.cause === undefined ? [] : [error.cause]),
  ];
  const few = depth === 3 ? [] : inner.slice(0, 3);
  return [error.message, ...few.map((one) => messagesOf(one, depth + 1))].join('; ');
}

/** There is no API key. */
class MissingKeyError extends StepError {
  constructor(secretsWithheld: boolean) {
    super(
      'There is no API key',
      secretsWithheld
        ? 'GitHub gives no secrets to pull requests from forks or Dependabot; `on_missing_key: skip` lets them pass unjudged.'
        : 'Give `api_key: ${{ secrets.ALLOOVIUM_API_KEY }}`, and check that the secret exists where this job may read it.',
    );
  }
}

/** What must appear nowhere: masked in the log, replaced in every text of the API's. */
function secretsOf(environment: Host['environment']): string[] {
  const token = (environment.INPUT_GITHUB_TOKEN ?? '').trim();
  const proxies = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].map(
    (name) => URL.parse(environment[name] ?? '')?.password ?? '',
  );
  return [readApiKey(environment) ?? '', token, ...proxies].filter((secret) => secret.length >= 8);
}
