/** What went wrong, as the step's ending: the one place where an error becomes a sentence and its remedy. */
import { inspect } from 'node:util';
import { ApiError, isOfTheRun } from '../alloovium/errors.ts';
import { OutOfTime } from '../alloovium/retry.ts';
import { isKnownStatus, WORD } from '../alloovium/wire.ts';
import type { Job } from './job.ts';
import type { Ending, Progress } from './outcome.ts';
import { InputError } from '../inputs/inputs.ts';
import { UnknownWorkflowError } from './unknown-workflow.ts';

import { StepError } from '../step-error.ts';
import { GateTimeError } from '../time-limit.ts';

/** The job was cancelled. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signalName: string;
  constructor(signalName: string) {
    super(`the job was cancelled (${signalName})`);
    this.signalName = signalName;
  }
}

/** There is no API key. */
export class MissingKeyError extends StepError {
  constructor(secretsWithheld: boolean) {
    super(
      'There is no API key',
      secretsWithheld
        ? 'GitHub gives no secrets to pull requests from forks or Dependabot; `on_missing_key: skip` lets them pass unjudged.'
        : 'Give `api_key: ${{ secrets.ALLOOVIUM_API_KEY }}`, and check that the secret exists where this job may read it.',
    );
  }
}

/** How an order ends by an error of any kind. */
export function endingOf(
  error: unknown,
  progress: Progress,
  { client, onRerun, redact }: Pick<Job, 'client' | 'onRerun' | 'redact'>,
): Ending {
  const { status, idempotencyKey, runId } = progress;
  const mayHaveStarted = runId === '' && client.mayHaveStarted(idempotencyKey);
  if (error instanceof Interrupted)
    return { kind: 'interrupted', signal: error.signalName, mayHaveStarted, errorMessage: '' };
  if (error instanceof OutOfTime) {
    const { last, waitMs: askedMs, isQueueing } = error;
    const isLocked = last?.fate === 'locked';
    const isReached = last === null || askedMs !== null || isQueueing || isLocked;
    const doing = runId === '' ? 'launching' : 'following';
    const word = WORD.test(status) && !isKnownStatus(status) ? `The run's last status was “${status}”` : '';
    return {
      ...{ kind: 'timed_out', askedMs, mayHaveStarted },
      doing: isQueueing ? 'queueing' : isLocked ? 'locked' : doing,
      lastFailure: isReached ? '' : last.word,
      errorMessage: [word, last?.message ?? ''].filter((part) => part !== '').join('; '),
    };
  }
  const failure = { ...failureOf(error, redact), mayHaveStarted };
  if (!(error instanceof StepError)) return failure;
  // To re-run it is what is said of a run that may have started.
  const isSaid = mayHaveStarted && error.remedy.startsWith('Re-run');
  return { ...failure, remedy: isSaid ? '' : remedyOf(error, progress, onRerun) };
}

/** What ended the step before or beside its orders. */
export function failureOf(
  error: unknown,
  redact: (text: string) => string,
): Extract<Ending, { kind: 'error' }> {
  if (error instanceof StepError) {
    const { headline, remedy, message } = error;
    const isNotFound = error instanceof UnknownWorkflowError ? ({ isNotFound: true } as const) : {};
    return { kind: 'error', headline, remedy, errorMessage: redact(message), ...isNotFound };
  }
  // A bug, or the runner's files. The text may hold anything.
  return {
    kind: 'error',
    headline: 'The action could not go on',
    remedy: 'Re-run the job; if it happens again, report the message to the maintainers of this action.',
    errorMessage: redact(messagesOf(error)),
  };
}

/** Where the run is there and only polling it failed, also how to come back to it. */
function remedyOf(error: StepError, { runId, origin }: Progress, onRerun: Job['onRerun']): string {
  const status = error instanceof ApiError ? error.problem.status : 0;
  if (runId !== '' && (status === 404 || status === 410)) {
    const check = origin?.kind === 'attached' ? 'Check `run_id`, and that' : 'Check that';
    return `${check} the key belongs to the Alloovium account of ${runId}; the run may have been deleted there.`;
  }
  const isOver = error instanceof InputError || error instanceof GateTimeError;
  if (runId === '' || isOver || isOfTheRun(error)) return error.remedy;
  const back =
    origin?.kind === 'attached' || onRerun === 'resume'
      ? 're-run this job, it picks up the same run'
      : `give \`run_id: ${runId}\` to judge it`;
  return `${error.remedy} The run \`${runId}\` may go on at Alloovium: ${back}.`;
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
