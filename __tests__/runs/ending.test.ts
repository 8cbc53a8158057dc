/** Which ending, headline and remedy an error becomes. */
import { describe, expect, test } from '@jest/globals';
import { ConnectionError, ResponseShapeError, type RequestError } from '../../src/alloovium/errors.ts';
import { OutOfTime } from '../../src/alloovium/retry.ts';
import { InputError } from '../../src/inputs/inputs.ts';
import { endingOf, failureOf, Interrupted, stepEndingOf } from '../../src/runs/ending.ts';
import { createEmptyRecord, type OrderRecord } from '../../src/runs/record.ts';
import { UnknownWorkflowError } from '../../src/runs/unknown-workflow.ts';
import { StepError } from '../../src/step-error.ts';
import { GateTimeError } from '../../src/time-limit.ts';
import { anOrder, apiError, clientOf, fakeTransport, virtualClock } from '../fakes.ts';

const KEY = 'gha_k';
const NO_RUN: Partial<OrderRecord> = { idempotencyKey: KEY };
const RUN: Partial<OrderRecord> = { ...NO_RUN, runId: 'run_1', origin: { kind: 'new' } };
const ATTACHED: Partial<OrderRecord> = { ...RUN, origin: { kind: 'attached' } };

/** The ending of an order with this record. @param isLaunchOpen of the client, for the order's key */
function end(error: unknown, about: Partial<OrderRecord>, isLaunchOpen = false) {
  const clock = virtualClock();
  const client = {
    ...clientOf(clock, fakeTransport(clock, []).transport),
    isLaunchOpen: (key: string) => key === KEY && isLaunchOpen,
  };
  const redact = (text: string) => text.replaceAll('hunter2', '***');
  return endingOf(error, { ...createEmptyRecord(anOrder()), ...about }, { client, redact });
}

describe('what is left at Alloovium', () => {
  test.each<[string, Partial<OrderRecord>, isLaunchOpen: boolean, left: string]>([
    ['a run, if the order has one', RUN, true, 'run'],
    ['perhaps a run, if a launch was sent and its result is unknown', NO_RUN, true, 'unknown'],
    ['nothing, if no launch was accepted', NO_RUN, false, 'nothing'],
  ])('is %s', (_, record, isLaunchOpen, left) => {
    const errors = [new Interrupted('SIGTERM'), new OutOfTime(null, null), apiError({ status: 401 })];
    for (const error of errors) expect(end(error, record, isLaunchOpen)).toMatchObject({ left });
  });
});

test('ends an order as interrupted after a signal of the runner', () => {
  expect(end(new Interrupted('SIGTERM'), RUN)).toMatchObject({ kind: 'interrupted', signal: 'SIGTERM' });
});

describe('the ending of an order whose time has run out', () => {
  const unavailable = apiError({ status: 503 });
  const locked = apiError({ status: 409, code: 'idempotency_in_progress', isProblem: true });
  const LOCKED = 'an earlier launch under the same idempotency key is still being handled';

  test.each<[string, OutOfTime, { waitedFor: string; lastFailure: string; askedMs: number | null }]>([
    ['nothing where nothing failed', new OutOfTime(null, null), { waitedFor: '', lastFailure: '', askedMs: null }],
    ['the last failure', new OutOfTime(unavailable, null), { waitedFor: '', lastFailure: '503', askedMs: null }],
    [
      'the wait that the API asked for instead of the failure',
      new OutOfTime(unavailable, 7_000),
      { waitedFor: '', lastFailure: '', askedMs: 7_000 },
    ],
    [
      'the wait for tokens instead of the failure',
      new OutOfTime(unavailable, null, true),
      { waitedFor: 'waiting for tokens of the API key', lastFailure: '', askedMs: null },
    ],
    ['a locked key', new OutOfTime(locked, null), { waitedFor: LOCKED, lastFailure: '', askedMs: null }],
  ])('names %s', (_, error, expected) => {
    expect(end(error, NO_RUN)).toMatchObject({ kind: 'timed_out', ...expected });
  });

  test.each<[status: string, quoted: boolean]>([
    ['awaiting_review', true],
    ['running', false],
    ['', false],
    ['two words', false],
  ])('quotes the status %j only if it is a word that the action does not know: %s', (status, quoted) => {
    const { errorMessage } = end(new OutOfTime(null, null), { ...RUN, status });
    expect(errorMessage).toBe(quoted ? `The run's last status was “${status}”` : '');
  });
});

describe('an error before the order has a run', () => {
  const projectId = (id: string) => ({ ...NO_RUN, order: anOrder({ projectId: id }) });
  test.each<[string, RequestError, projectId: string, isAboutProject: boolean]>([
    ['advises to give `project_id` after a 422 without a code and without a project', apiError({ status: 422 }), '', true],
    [
      'advises to give `project_id` after a 422 validation_error without a project',
      apiError({ status: 422, code: 'validation_error' }),
      '',
      true,
    ],
    ['does not advise to give `project_id` after a 422 with a project', apiError({ status: 422 }), 'p1', false],
    [
      'does not advise to give `project_id` after a 422 with a precise code',
      apiError({ status: 422, code: 'invalid_document_id' }),
      '',
      false,
    ],
    ['does not advise to give `project_id` after a 400', apiError({ status: 400, code: 'validation_error' }), '', false],
    ['does not advise to give `project_id` after a connection error', new ConnectionError('broken'), '', false],
  ])('%s', (_, error, id, expected) => {
    const ending = end(error, projectId(id));
    const about = /^`project_id` is empty/;
    expect(ending).toMatchObject({
      headline: expected ? expect.stringMatching(about) : expect.not.stringMatching(about),
    });
  });

  test('shows the text of a rejected launch without secrets', () => {
    const error = apiError({ status: 422, detail: 'No hunter2.' });
    expect(end(error, projectId('')).errorMessage).toBe('Alloovium reported: No ***');
  });
});

describe('an error of an order that has a run', () => {
  const GONE = /^The run may have been deleted at Alloovium. \{new_run\}$/;
  const ATTACHED_GONE = /^Check `run_id`, and that the key/;
  const CHECK_RUN_ID = /^Check `run_id`\.$/;
  const REPORT = /^Report it to Alloovium\.$/;
  test.each<[status: number, ofNew: RegExp, ofAttached: RegExp, isLeft: boolean]>([
    [404, GONE, ATTACHED_GONE, false],
    [410, GONE, ATTACHED_GONE, false],
    [400, REPORT, CHECK_RUN_ID, true],
    [409, REPORT, CHECK_RUN_ID, true],
    [413, REPORT, CHECK_RUN_ID, true],
    [422, REPORT, CHECK_RUN_ID, true],
    [403, /^Check the scopes/, /^Check the scopes/, true],
  ])('has the remedy for a poll that is answered with %d', (status, ofNew, ofAttached, isLeft) => {
    for (const [record, remedy] of [
      [RUN, ofNew],
      [ATTACHED, ofAttached],
    ] as const) {
      const ending = end(apiError({ status }), record);
      expect(ending).toMatchObject({ remedy: expect.stringMatching(remedy) });
      expect('left' in ending).toBe(isLeft);
    }
  });

  test.each<[string, Error, isLeft: boolean]>([
    ['leaves no run for a re-run after an input that does not fit the run', new InputError(['x']), false],
    ['leaves no run for a re-run after a gate that takes too long', new GateTimeError('x', 'y'), false],
    ['leaves no run for a re-run after a run of another workflow', new ResponseShapeError('x', 'wrong_run'), false],
    ['leaves no run for a re-run after an answer that is too deep', new ResponseShapeError('x', 'over_cap'), false],
    ['leaves no run for a re-run after an answer over 8 MiB', new ConnectionError('too_large'), false],
    ['leaves a run for a re-run after an answer about another run', new ResponseShapeError('x', 'other_run'), true],
    ['leaves a run for a re-run after a connection that broke', new ConnectionError('broken'), true],
    ['leaves a run for a re-run after an error of the action', new Error('x'), true],
  ])('%s', (_, error, isLeft) => {
    expect('left' in end(error, RUN)).toBe(isLeft);
  });
});

test('ends a step before its orders as interrupted after a signal, with nothing left, and else as an error', () => {
  const redact = (text: string) => text;
  expect(stepEndingOf(new Interrupted('SIGINT'), redact)).toEqual({
    kind: 'interrupted',
    signal: 'SIGINT',
    left: 'nothing',
    errorMessage: '',
  });
  expect(stepEndingOf(new StepError('x', 'y'), redact)).toMatchObject({ kind: 'error', headline: 'x' });
});

describe('the ending of an order after an error', () => {
  const redact = (text: string) => text.replaceAll('hunter2', '***');

  test.each([
    ['the hunter2 is wrong', 'The *** is wrong'],
    ['workflow_id is empty', 'workflow_id is empty'],
    ['`a` is empty', '`a` is empty'],
  ])('writes the headline %j as %j', (headline, expected) => {
    const failure = failureOf(new StepError(headline, 'Do it.', 'with hunter2'), redact);
    expect(failure).toMatchObject({ headline: expected, remedy: 'Do it.', isNotFound: false });
    expect(failure.errorMessage).toBe(`${redact(headline)}: with ***`);
  });

  test('marks that the workflow was not found', () => {
    expect(failureOf(new UnknownWorkflowError('x', 'y'), redact).isNotFound).toBe(true);
  });

  const nested = (depth: number): Error => new Error(`e${depth}`, depth === 5 ? {} : { cause: nested(depth + 1) });
  test.each<[string, unknown, string]>([
    ['a secret and line breaks', new Error(' a\n  hunter2 '), 'a ***'],
    ['a cause', new Error('a', { cause: new Error('b') }), 'a; b'],
    [
      'three of several errors',
      new AggregateError(
        [1, 2, 3, 4].map((n) => new Error(`e${n}`)),
        'a',
      ),
      'a; e1; e2; e3',
    ],
    ['three levels of causes', nested(0), 'e0; e1; e2; e3'],
    ['what is not an error', { a: 1 }, '{ a: 1 }'],
  ])('reports, of an error of the action, %s on one line', (_, error, text) => {
    expect(failureOf(error, redact)).toMatchObject({
      headline: 'The action had an internal error',
      errorMessage: `Node.js reported: ${text}`,
    });
  });
});
