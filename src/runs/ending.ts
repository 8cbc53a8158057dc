/** Turns errors into the ending of an order or step: the only place where an error becomes a sentence and its remedy. */
import { inspect } from 'node:util';
import { ApiError, RequestError, ResponseShapeError } from '../alloovium/errors.ts';
import { OutOfTime } from '../alloovium/retry.ts';
import { isKnownStatus } from '../alloovium/statuses.ts';
import { WORD } from '../alloovium/wire.ts';
import type { Ending, StepEnding } from './events.ts';
import type { Job } from './job.ts';
import type { OrderRecord } from './record.ts';
import { InputError } from '../inputs/inputs.ts';
import { UnknownWorkflowError } from './unknown-workflow.ts';
import { StepError } from '../step-error.ts';
import { capitalise, joinPresent } from '../text/format.ts';
import { GateTimeError } from '../time-limit.ts';

/** The runner stopped the step by a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signalName: string;
  constructor(signalName: string) {
    super(`the runner stopped this step (${signalName})`);
    this.signalName = signalName;
  }
}

/** Returns how an order ends because of an error of any kind. */
export function endingOf(
  error: unknown,
  { status, idempotencyKey, runId, origin, order }: OrderRecord,
  { client, redact }: Pick<Job, 'client' | 'redact'>,
): Ending {
  const left = runId !== '' ? 'run' : client.isLaunchOpen(idempotencyKey) ? 'unknown' : 'nothing';
  if (error instanceof Interrupted)
    return { kind: 'interrupted', signal: error.signalName, left, errorMessage: '' };
  if (error instanceof OutOfTime) {
    const { last, waitMs: askedMs, isQueueing } = error;
    const isLocked = last?.kind === 'locked';
    const hasNoFailure = last === null || askedMs !== null || isQueueing || isLocked;
    const locked = isLocked ? 'an earlier launch under the same idempotency key is still being handled' : '';
    const word = WORD.test(status) && !isKnownStatus(status) ? `The run's last status was “${status}”` : '';
    return {
      kind: 'timed_out',
      askedMs,
      left,
      waitedFor: isQueueing ? 'waiting for tokens of the API key' : locked,
      lastFailure: hasNoFailure ? '' : last.word,
      errorMessage: joinPresent('; ', word, last?.message ?? ''),
    };
  }
  const failure = failureOf(error, redact);
  if (runId === '') {
    const isUnscoped = isRejection(error) && order.projectId === '';
    return isUnscoped
      ? { ...failure, ...NO_PROJECT, errorMessage: redact(error.detail), left }
      : { ...failure, left };
  }
  const isAttached = origin?.kind === 'attached';
  if (isGone(error)) return { ...failure, remedy: isAttached ? ATTACHED_RUN_GONE : RUN_GONE };
  if (isPollRejected(error)) return { ...failure, remedy: isAttached ? 'Check `run_id`.' : REPORT, left };
  // For these errors nothing is left to evaluate: every later poll would show the same.
  const isOver = error instanceof InputError || error instanceof GateTimeError || isOfTheRun(error);
  return isOver ? failure : { ...failure, left };
}
const RUN_GONE = 'The run may have been deleted at Alloovium. {new_run}';
const ATTACHED_RUN_GONE =
  'Check `run_id`, and that the key belongs to the Alloovium account of the run, which may have been deleted there.';
const REPORT = 'Report it to Alloovium.';

/** Did the API answer that there is no such run, or no longer? */
function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.problem.status === 404 || error.problem.status === 410);
}

/** Is the error about the run itself, so that polling again would not help? */
function isOfTheRun(error: unknown): boolean {
  const isWrong = error instanceof ResponseShapeError && error.fault === 'wrong_run';
  return isWrong || (error instanceof RequestError && error.kind === 'of_the_run');
}

/** Did the API reject a status check? The usual remedies are about inputs of a launch, which a status check does not have. */
function isPollRejected(error: unknown): boolean {
  return error instanceof ApiError && [400, 409, 413, 422].includes(error.problem.status);
}

/** For workflows that read a project's documents: the API rejects a launch without a project. */
const NO_PROJECT = {
  headline: '`project_id` is empty, and Alloovium rejected the launch (422)',
  remedy:
    'Give `project_id` if the workflow reads a project. If not, check that it is enabled, and that `inputs` match the variables it declares.',
};

/** Did the API reject the launch as invalid? Its code does not name the field at fault. */
function isRejection(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  const { status, code } = error.problem;
  return status === 422 && (code === null || code === 'validation_error');
}

/** Returns the ending of a step that failed before its orders. */
export function stepEndingOf(error: unknown, redact: (text: string) => string): StepEnding {
  if (!(error instanceof Interrupted)) return failureOf(error, redact);
  return { kind: 'interrupted', signal: error.signalName, left: 'nothing', errorMessage: '' };
}

/** Returns the ending for an error of the action, or of the step's inputs. Secrets in its texts are redacted. */
export function failureOf(
  error: unknown,
  redact: (text: string) => string,
): Extract<Ending, { kind: 'error' }> {
  if (error instanceof StepError) {
    const { remedy, message } = error;
    const headline = redact(error.headline).replace(/^[a-z]+(?= )/, capitalise);
    const isNotFound = error instanceof UnknownWorkflowError;
    return { kind: 'error', headline, remedy, errorMessage: redact(message), isNotFound };
  }
  // A bug, or a problem with the runner's files. The text may contain anything.
  return {
    kind: 'error',
    headline: 'The action had an internal error',
    remedy: '{again} If it happens again, report the message to the maintainers of this action.',
    // On one line, since further lines would look like the action's.
    errorMessage: `Node.js reported: ${redact(collectMessages(error)).trim().replace(/\s+/g, ' ')}`,
  };
}

/** Joins the messages of an error, its causes and its aggregated errors, three levels deep. */
function collectMessages(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return inspect(error);
  const inner = [
    ...(error instanceof AggregateError ? (error.errors as unknown[]) : []),
    ...(error.cause === undefined ? [] : [error.cause]),
  ];
  const few = depth === 3 ? [] : inner.slice(0, 3);
  return [error.message, ...few.map((one) => collectMessages(one, depth + 1))].join('; ');
}
