/** What went wrong, as the step's ending: the one place where an error becomes a sentence and its remedy. */
import { inspect } from 'node:util';
import { ApiError, ResponseShapeError } from '../alloovium/errors.ts';
import { isRateLimited, OutOfTime } from '../alloovium/retry.ts';
import { isKnownStatus } from '../alloovium/wire.ts';
import type { Facts } from './facts.ts';
import { InputError } from '../inputs/inputs.ts';

import { StepError } from '../step-error.ts';
import type { Ending } from './verdict.ts';
import { duration } from '../text/words.ts';

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

/** Of any error at all. */
export function endingOf(error: unknown, facts: Facts, redact: (text: string) => string): Ending {
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
  return `${isKnownStatus(status) ? `the run was still ${status}` : "the run's end was still to come"}${asked}`;
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
