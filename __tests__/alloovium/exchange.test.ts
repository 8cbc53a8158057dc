/** What one answer of the API becomes: a value with its metadata, or a failure with a hint. */
import { describe, expect, test } from '@jest/globals';
import { ApiError, BucketTooSmallError } from '../../src/alloovium/errors.ts';
import {
  API_KEY,
  clientOf,
  fakeTransport,
  launchAnswer,
  pollAnswer,
  problemAnswer,
  retryOptionsOf,
  virtualClock,
  type ScriptStep,
} from '../fakes.ts';

const { signal } = new AbortController();
const running = pollAnswer('run_1', 'running');

async function poll(step: ScriptStep) {
  const clock = virtualClock();
  return clientOf(clock, fakeTransport(clock, [step]).transport).getRun('run_1', 15_000, signal);
}

/** The error after the first attempt of a launch. */
async function launchError(step: ScriptStep) {
  const clock = virtualClock();
  let error: unknown;
  const onFailure = (failure: { readonly error: Error }) => (error ??= failure.error);
  const client = clientOf(clock, fakeTransport(clock, [step, problemAnswer(401, 'x')]).transport);
  const request = { workflowId: 'wf_1', idempotencyKey: 'k', body: '{}' };
  await client.startRun(request, retryOptionsOf(clock, { onFailure })).catch(() => undefined);
  return error;
}

test.each([
  [199, false],
  [200, true],
  [299, true],
  [300, false],
])('takes an answer with status %d as usable: %p', async (status, isUsable) => {
  expect('run' in (await poll({ ...running, status }))).toBe(isUsable);
});

test.each<[type: string | undefined, isWrong: boolean]>([
  ['application/json', false],
  ['application/problem+json; charset=utf-8', false],
  ['text/plain', true],
  ['application/jsonp', true],
  [undefined, true],
])('notes that JSON came with the content type %p: %p', async (type, wrongContentType) => {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
  expect(await poll({ ...running, headers })).toMatchObject({ meta: { wrongContentType } });
});

test.each([
  ['Reading', false],
  [`Reading ${API_KEY}`, true],
])('notes whether the answer had a secret: %s', async (stage, redacted) => {
  expect(await poll(pollAnswer('run_1', 'running', { stage }))).toMatchObject({ meta: { redacted } });
});

describe('the hint of an answer', () => {
  test.each<[what: string, step: ScriptStep, expected: object]>([
    ['is the time of the answer without a header', running, { meta: { at: 10, retryAfterAt: 10 } }],
    [
      'is that of the header',
      { ...running, headers: { 'retry-after': '7' } },
      { meta: { retryAfterAt: 7_010 } },
    ],
    [
      'is that of an error’s body',
      { status: 503, body: { code: 'unavailable', retry_after_seconds: 9 } },
      { failure: { hintMs: 9_000 } },
    ],
    ['is none of an error without one', { status: 503 }, { failure: { hintMs: null } }],
    [
      'is measured by the date of the server',
      {
        ...running,
        headers: { date: 'Wed, 08 Apr 2026 12:00:00 GMT', 'retry-after': 'Wed, 08 Apr 2026 12:00:30 GMT' },
      },
      { meta: { retryAfterAt: 30_010 } },
    ],
  ])('%s', async (_, step, expected) => {
    expect(await poll(step)).toMatchObject(expected);
  });
});

test('throws what is no failure of the connection', async () => {
  const fault = new TypeError('a fault of the action');
  await expect(poll(fault)).rejects.toBe(fault);
});

describe('a bucket that can never pay for a launch', () => {
  const limited = (limit: string, headers = {}, status = 429) =>
    problemAnswer(status, 'rate_limited', { 'x-ratelimit-limit': limit, ...headers });
  test.each<[what: string, step: ScriptStep, type: typeof ApiError | typeof BucketTooSmallError]>([
    ['is one of 24 tokens', limited('24'), BucketTooSmallError],
    ['is not one of 25 tokens', limited('25'), ApiError],
    ['is one of 29, if a launch costs 30', limited('29', { 'x-ratelimit-cost': '30' }), BucketTooSmallError],
    [
      'is one of 24, if its header says that a 429 costs nothing',
      limited('24', { 'x-ratelimit-cost': '0' }),
      BucketTooSmallError,
    ],
    ['is not known by another status', limited('24', {}, 403), ApiError],
  ])('%s', async (_, step, type) => {
    expect(await launchError(step)).toBeInstanceOf(type);
  });

  test('may still pay for a poll', async () => {
    expect(await poll(limited('24'))).toMatchObject({ failure: { error: { kind: 'limited' } } });
    expect(await launchError(limited('24'))).toMatchObject({ kind: 'rejected' });
  });
});

describe('the tokens that came in', () => {
  const at = (remaining: number, afterMs: number): ScriptStep => ({
    ...running,
    afterMs,
    headers: {
      'x-ratelimit-limit': '120',
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': '0',
    },
  });

  /** Polls once, then twice: one after the other, or together. */
  async function refill(isTogether: boolean) {
    const clock = virtualClock();
    const { transport } = fakeTransport(clock, [at(50, 10), at(49, 1_000), at(90, 1_001)]);
    const client = clientOf(clock, transport);
    const get = () => client.getRun('run_1', 15_000, signal);
    await get();
    if (isTogether) await Promise.all([get(), get()]);
    else for (let nth = 0; nth < 2; nth++) await get();
    return client.bucketState().observed.refill;
  }

  test('are counted between answers that came one after the other, not between those that may have overtaken each other', async () => {
    expect(await refill(false)).toBeGreaterThan(0);
    expect(await refill(true)).toBe(0);
  });
});

test('has the run ID of a launch in the answer, and asks for it with the key of the job', async () => {
  const clock = virtualClock();
  const { transport, sent } = fakeTransport(clock, [launchAnswer('run_1')]);
  const request = { workflowId: 'wf_1', idempotencyKey: 'k', body: '{}' };
  expect(await clientOf(clock, transport).startRun(request, retryOptionsOf(clock))).toMatchObject({
    runId: 'run_1',
  });
  expect(sent[0]!.headers).toMatchObject({ authorization: `Bearer ${API_KEY}`, accept: 'application/json' });
});
