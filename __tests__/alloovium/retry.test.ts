import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ApiError,
  BucketTooSmallError,
  ConnectionError,
  ResponseShapeError,
  type ConnectionFault,
} from '../../src/alloovium/errors.ts';
import {
  nextAttempt,
  backoffMs,
  hintMs,
  httpDateMs,
  LAUNCH,
  noAttempts,
  OutOfTime,
  rateLimitDelayMs,
  retryAfterMs,
  untilAnswered,
  type Failure,
  type Next,
  type Attempts,
} from '../../src/alloovium/retry.ts';
import { observeBucket, unknownBucket } from '../../src/alloovium/bucket.ts';
import type { StepError } from '../../src/step-error.ts';
import { retryContextOf, virtualClock } from '../fakes.ts';
import { isLinear } from '../cpu.ts';
import { anyText } from '../any-text.ts';

const NOW = Date.UTC(2026, 3, 8, 10, 0, 0);
const LONGEST = 2 ** 31 - 1;

function api(status: number, code: string | null = null): ApiError {
  return new ApiError({ status, code, detail: '', requestId: '', missingScopes: [] });
}

function failed(error: StepError, hint: number | null = null, about: Partial<Failure> = {}): Failure {
  return {
    error,
    hintMs: hint,
    bucket: null,
    bucketState: unknownBucket,
    cost: 25,
    redacted: false,
    ...about,
  };
}

const broken = new ConnectionError('broken', 'ECONNRESET');
const inProgress = api(409, 'idempotency_in_progress');
const garbage = new ResponseShapeError('not JSON');

describe('what is sent again', () => {
  test.each<[what: string, error: StepError]>([
    ['a broken connection', broken],
    ['an attempt that ran out of time', new ConnectionError('timeout')],
    ['a compressed answer', new ConnectionError('encoding')],
    ['a 2xx that cannot be read', garbage],
    ['a proxy that cannot reach the API', new ConnectionError('proxy', '502')],
    ['409 idempotency_in_progress', inProgress],
    ...[408, 425, 429, 502, 503, 504].map((status): [string, StepError] => [String(status), api(status)]),
  ])('%s', (_what, error) => {
    expect(nextAttempt(failed(error), noAttempts, 10, 600_000, 0.5)).toMatchObject({ again: true });
  });
});

describe('what is never sent again', () => {
  test.each<[what: string, error: StepError]>([
    ['a TLS fault', new ConnectionError('tls', 'CERT_HAS_EXPIRED')],
    ['a body over the cap', new ConnectionError('too_large')],
    ['JSON over a cap', new ResponseShapeError('too deep', { overCap: true })],
    ['a proxy that wants credentials', new ConnectionError('proxy', '407')],
    ['a bucket that can never pay (C6)', new BucketTooSmallError(20, 25)],
    ['409 idempotency_key_reused (A14)', api(409, 'idempotency_key_reused')],
    ['409 without a code (A16)', api(409)],
    ['the code of the lock under another status', api(422, 'idempotency_in_progress')],
    ...[301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 407, 410, 413, 422, 500, 501, 505, 511].map(
      (status): [string, StepError] => [String(status), api(status)],
    ),
  ])('%s', (_what, error) => {
    expect(nextAttempt(failed(error), noAttempts, 10, 600_000, 0.5)).toEqual({
      again: false,
      why: 'final',
    });
  });

  test('no status but the six, and the lock', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (status) => {
        const next = nextAttempt(failed(api(status)), noAttempts, 10, 600_000, 0.5);
        expect(next.again).toBe([408, 425, 429, 502, 503, 504].includes(status));
      }),
    );
  });
});

/** What follows on each failure of a series, until one ends it. */
function series(
  failures: readonly Failure[],
  { attemptMs = 0, remainingMs = 3_600_000, random = 0 } = {},
): Next[] {
  const all: Next[] = [];
  let attempts: Attempts = noAttempts;
  for (const failure of failures) {
    const next = nextAttempt(failure, attempts, attemptMs, remainingMs, random);
    all.push(next);
    if (!next.again) break;
    attempts = next.attempts;
  }
  return all;
}

const delays = (all: readonly Next[]) => all.map((next) => (next.again ? next.delayMs : next.why));
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

describe('the budget of one key', () => {
  test('five attempts at most', () => {
    expect(delays(series(times(9, failed(broken))))).toEqual([0, 0, 0, 0, 'used_up']);
  });

  test('180 s at most, attempts and pauses together', () => {
    expect(delays(series(times(9, failed(broken)), { attemptMs: 75_000 }))).toEqual([0, 0, 'used_up']);
    expect(delays(series([failed(api(503), 180_000)]))).toEqual([180_000]);
    expect(delays(series([failed(api(503), 180_001)]))).toEqual(['used_up']);
  });

  test('an answer that cannot be read is asked for twice more, no oftener (A7)', () => {
    expect(delays(series(times(9, failed(garbage))))).toEqual([0, 0, 'used_up']);
    expect(delays(series([garbage, broken, garbage, broken, garbage].map((error) => failed(error))))).toEqual(
      [0, 0, 0, 0, 'used_up'],
    );
  });

  test('a 429 counts neither as an attempt nor with its time', () => {
    const limited = failed(api(429), 60_000);
    const all = series([...times(20, limited), ...times(9, failed(broken))], { attemptMs: 9_000 });
    expect(delays(all).slice(20)).toEqual([0, 0, 0, 0, 'used_up']);
    expect(all[19]).toMatchObject({ attempts: { count: 0, spentMs: 0, rateLimited: 20 } });
  });

  test('409s in progress count as attempts: they end too (A12)', () => {
    expect(delays(series(times(9, failed(inProgress, 1_000)))).at(-1)).toBe('used_up');
  });
});

describe('the pause', () => {
  test('grows from 1 s to 16 s, by chance anywhere below', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map((nth) => Math.round(backoffMs(nth, 0.999_999)))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000,
    ]);
    expect(backoffMs(5, 0)).toBe(0);
  });

  test('409 without a hint: 5 s, doubling (A13)', () => {
    expect(delays(series(times(5, failed(inProgress))))).toEqual([5_000, 10_000, 20_000, 40_000, 'used_up']);
    const many: Attempts = { ...noAttempts, conflicts: 9 };
    expect(nextAttempt(failed(inProgress), many, 0, 3_600_000, 0)).toMatchObject({ delayMs: 60_000 });
  });

  test('409 with a hint: that long (A11), and a short one said again does not use up the attempts under the lock', () => {
    expect(delays(series(times(5, failed(inProgress, 1_000))))).toEqual([
      1_000,
      10_000,
      20_000,
      40_000,
      'used_up',
    ]);
    expect(delays(series(times(3, failed(inProgress, 60_000))))).toEqual([60_000, 60_000, 60_000]);
  });

  test('a first 429 adds at most 25 % + 1 s', () => {
    expect(delays(series([failed(api(429), 8_000)]))).toEqual([8_000]);
    expect(delays(series([failed(api(429), 8_000)], { random: 0.999_999_9 }))).toEqual([11_000]);
  });
});

describe('the deadline', () => {
  test('a hint beyond it ends the launch now (C5)', () => {
    expect(delays(series([failed(api(429), 60_000)], { remainingMs: 59_000 }))).toEqual(['deadline']);
    expect(delays(series([failed(inProgress, 60_000)], { remainingMs: 60_000 }))).toEqual(['deadline']);
  });

  test('chance alone does not: the last attempt leaves a second before it', () => {
    expect(delays(series([failed(api(429), 20_000)], { remainingMs: 22_000, random: 0.999_999 }))).toEqual([
      21_000,
    ]);
    expect(delays(series([failed(inProgress)], { remainingMs: 3_000 }))).toEqual([2_000]);
    expect(delays(series([failed(broken)], { remainingMs: 1_000 }))).toEqual(['deadline']);
  });

  test('when it has passed, it is what ended the launch, also on the fifth attempt', () => {
    const four: Attempts = { ...noAttempts, count: 4 };
    expect(nextAttempt(failed(new ConnectionError('timeout')), four, 75_000, -3_000, 0)).toEqual({
      again: false,
      why: 'deadline',
    });
  });
});

const anError = fc.oneof(
  fc
    .constantFrom<ConnectionFault>('broken', 'timeout', 'encoding', 'tls', 'proxy', 'too_large')
    .map((fault) => new ConnectionError(fault)),
  fc.boolean().map((overCap) => new ResponseShapeError('x', { overCap })),
  fc
    .tuple(
      fc.constantFrom(200, 307, 400, 401, 404, 408, 409, 425, 429, 500, 502, 503, 504),
      fc.constantFrom(null, 'idempotency_in_progress', 'rate_limited'),
    )
    .map(([status, code]) => api(status, code)),
);
const aFailure: fc.Arbitrary<Failure> = fc.record({
  error: anError,
  hintMs: fc.option(fc.integer({ min: 0, max: LONGEST })),
  bucket: fc.constant(null),
  bucketState: fc
    .array(fc.tuple(fc.nat(3_000), fc.nat(3_000), fc.nat(600_000), fc.nat(100_000)), { maxLength: 4 })
    .map((answers) =>
      answers.reduce(
        (state, [a, b, fullInMs, at]) =>
          observeBucket(state, {
            at,
            bucket: { limit: Math.max(a, b), remaining: Math.min(a, b), fullInMs },
            cost: 0,
          }),
        unknownBucket,
      ),
    ),
  cost: fc.constantFrom(1, 25),
  redacted: fc.constant(false),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('in any series of failures: a pause is whole, no shorter than the hint and ends before the deadline; 5 attempts and 180 s are kept', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(aFailure, fc.nat(78_000), chance), { maxLength: 30 }),
      fc.nat(86_400_000),
      (failures, timeMs) => {
        let attempts: Attempts = noAttempts;
        let counted = 1;
        let spentMs = 0;
        let remainingMs = timeMs;
        for (const [failure, attemptMs, random] of failures) {
          remainingMs -= attemptMs;
          const next = nextAttempt(failure, attempts, attemptMs, remainingMs, random);
          if (!next.again) break;
          expect(Number.isSafeInteger(next.delayMs)).toBe(true);
          expect(next.delayMs).toBeGreaterThanOrEqual(failure.hintMs ?? 0);
          expect(next.delayMs).toBeLessThan(remainingMs);
          remainingMs -= next.delayMs;
          attempts = next.attempts;
          if (failure.error instanceof ApiError && failure.error.problem.status === 429) continue;
          counted++;
          spentMs += attemptMs + next.delayMs;
          expect(counted).toBeLessThanOrEqual(LAUNCH.attempts);
          expect(spentMs).toBeLessThanOrEqual(LAUNCH.budgetMs);
        }
      },
    ),
  );
});

describe('the pause after a 429', () => {
  const low = observeBucket(unknownBucket, {
    at: 0,
    bucket: { limit: 120, remaining: 5, fullInMs: 115_000 },
    cost: 0,
  });
  const widest = (taken: number, nth = 2, about: Partial<Failure> = {}) =>
    rateLimitDelayMs(failed(api(429), 8_000, { bucketState: { ...low, taken }, ...about }), nth, 1) - 8_000;

  test('a second 429 to a launch spreads over a third of the time in which the bucket fills; to a poll over some seconds', () => {
    expect(widest(0)).toBeGreaterThan(40_000);
    expect(widest(0)).toBeLessThan(45_000);
    expect(widest(0, 2, { cost: 1 })).toBe(8_000);
  });

  test('what others took meanwhile widens it, up to 100 s', () => {
    expect(widest(80)).toBeGreaterThan(80_000);
    expect(widest(80)).toBeLessThan(82_000);
    expect(widest(1_000, 9)).toBe(100_000);
  });

  test('is finite, never below the hint, and the first adds at most 25 % + 1 s, whatever the bucket', () => {
    fc.assert(
      fc.property(aFailure, fc.integer({ min: 1, max: 1_000 }), chance, (failure, nth, random) => {
        const delayMs = rateLimitDelayMs(failure, nth, random);
        expect(Number.isFinite(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(failure.hintMs ?? 0);
        if (nth === 1 && failure.hintMs !== null)
          expect(delayMs).toBeLessThanOrEqual(failure.hintMs * 1.25 + 1_000);
      }),
    );
  });

  test('without a hint it is what the bucket needs to pay (C3)', () => {
    expect(rateLimitDelayMs(failed(api(429), null, { bucketState: low }), 1, 0)).toBeGreaterThanOrEqual(
      20_000,
    );
  });

  test('with neither it is some seconds, and more each time', () => {
    const after = (nth: number) => rateLimitDelayMs(failed(api(429)), nth, 0);
    expect(after(1)).toBeGreaterThanOrEqual(1_000);
    expect(after(3)).toBeGreaterThan(after(1));
    expect(after(1_000)).toBeLessThanOrEqual(300_000);
  });
});

describe('Retry-After, in all its spellings (C4)', () => {
  test.each<[text: string, ms: number | null]>([
    ['0', 0],
    ['5', 5_000],
    [' 5 ', 5_000],
    ['007', 7_000],
    ['1.5', 1_500],
    ['0.0001', 1],
    ['5, 60', 60_000],
    ['60, 5', 60_000],
    ['5,60,', 60_000],
    ['5, abc', 5_000],
    ['1e9', LONGEST],
    ['99999999', LONGEST],
    ['9'.repeat(1_000), LONGEST],
    ['Wed, 08 Apr 2026 10:00:30 GMT', 30_000],
    ['Wednesday, 08-Apr-26 10:00:30 GMT', 30_000],
    ['Wed Apr  8 10:00:30 2026', 30_000],
    ['Wed Apr 08 10:00:30 2026', 30_000],
    ['Wed, 08 Apr 2026 09:00:00 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Sun Nov  6 08:49:37 1994', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', LONGEST],
    ['5, Wed, 08 Apr 2026 10:00:30 GMT', 30_000],
    ['Wed, 08 Apr 2026 10:00:30 GMT, Wed, 08 Apr 2026 10:01:00 GMT', 60_000],
    ['Wed, 08 Apr 2026 10:00:30 GMT, 5', 30_000],
    ['', null],
    [' ', null],
    [',', null],
    ['abc', null],
    ['-5', null],
    ['+5', null],
    ['NaN', null],
    ['Infinity', null],
    ['0x10', null],
    ['5s', null],
    ['5 6', null],
    ['٥', null],
    ['2026-04-08T10:00:30Z', null],
    ['Wed, 08 Apr 2026 10:00:30 CET', null],
    ['Wed, 08 Foo 2026 10:00:30 GMT', null],
    ['8 Apr 2026 10:00:30 GMT', null],
  ])('%j: %p ms', (text, ms) => {
    expect(retryAfterMs(text, NOW)).toBe(ms);
  });

  test('of any text: none, or a whole number of ms that a timer can hold', () => {
    const pieces = fc
      .array(
        fc.constantFrom(
          '5',
          '1e',
          '-',
          ',',
          ' ',
          '.',
          '9999',
          'Wed',
          'Apr',
          '08',
          '2026',
          '10:00:30',
          ' GMT',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(anyText(), pieces), (text) => {
        const ms = retryAfterMs(text, NOW);
        if (ms === null) return;
        expect(Number.isSafeInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(LONGEST);
      }),
      { numRuns: 100 },
    );
  });

  test('never says less than any part of it says', () => {
    const part = fc.nat(100_000);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (seconds) => {
        expect(retryAfterMs(seconds.join(', '), NOW)).toBe(Math.max(...seconds) * 1_000);
      }),
    );
  });

  test('every date of the three formats is read as the second that it names', () => {
    const date = fc.date({
      min: new Date(Date.UTC(1970, 0, 1)),
      max: new Date(Date.UTC(2069, 11, 31)),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (when) => {
        const [weekday = '', day = '', month = '', year = '', time = ''] = when.toUTCString().split(/,? /);
        const ms = Math.floor(when.getTime() / 1_000) * 1_000;
        expect(httpDateMs(when.toUTCString())).toBe(ms);
        expect(httpDateMs(`${weekday}day, ${day}-${month}-${year.slice(2)} ${time} GMT`)).toBe(ms);
        expect(httpDateMs(`${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`)).toBe(ms);
      }),
    );
  });

  test('takes linear time', () => {
    const texts = ['5,', '9', ' ', 'e1', 'Wed, '];
    const isSlow = (text: string) => !isLinear((count) => retryAfterMs(text.repeat(count), NOW), 20_000);
    expect(texts.filter(isSlow)).toEqual([]);
  });
});

describe('the hint is the later of header and body (C2)', () => {
  test.each<[header: string | undefined, body: number | null, ms: number | null]>([
    ['5', 30, 30_000],
    ['30', 5, 30_000],
    ['abc', 30, 30_000],
    ['5', null, 5_000],
    [undefined, 1.5, 1_500],
    ['5', -30, 5_000],
    ['5', 1e300, LONGEST],
    [undefined, -1, null],
    ['abc', null, null],
    [undefined, null, null],
  ])('header %p, body %p: %p ms', (header, body, ms) => {
    expect(hintMs(header, body, NOW)).toBe(ms);
  });
});

describe('the loop', () => {
  test('sends until answered, tells of each pause, and waits it out', async () => {
    const clock = virtualClock();
    const sentAt: number[] = [];
    const paused: number[] = [];
    const answer = await untilAnswered<{ readonly fine: boolean }>(
      () => {
        sentAt.push(clock.now());
        return Promise.resolve(sentAt.length < 3 ? { failure: failed(api(503), 7_000) } : { fine: true });
      },
      retryContextOf(clock, {
        onFailure: (_failure, delayMs) => {
          if (delayMs !== null) paused.push(delayMs);
        },
      }),
    );
    expect(answer).toEqual({ fine: true });
    expect(sentAt).toEqual([0, 7_000, 14_000]);
    expect(paused).toEqual([7_000, 7_000]);
  });

  test('throws OutOfTime at once where the server wants to be asked after the deadline, and names its wait', async () => {
    const clock = virtualClock();
    const error = await untilAnswered(
      () => Promise.resolve({ failure: failed(api(429), 100_000) }),
      retryContextOf(clock, { deadline: 60_000 }),
    ).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OutOfTime);
    expect(error).toMatchObject({ waitMs: 100_000, last: { problem: { status: 429 } } });
    expect(clock.now()).toBe(0);
  });

  test('cancelled during an attempt that fails: it is not sent again', async () => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    let attempts = 0;
    await expect(
      untilAnswered(
        () => {
          attempts++;
          cancel.abort(reason);
          return Promise.resolve({ failure: failed(broken) });
        },
        retryContextOf(virtualClock(), { signal: cancel.signal }),
      ),
    ).rejects.toBe(reason);
    expect(attempts).toBe(1);
  });
});
