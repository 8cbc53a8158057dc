import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ApiError,
  BucketTooSmallError,
  ConnectionError,
  ResponseShapeError,
  type FailureKind,
  CONNECTION,
  type ConnectionFault,
  type RequestError,
  type ShapeFault,
} from '../../src/alloovium/errors.ts';
import {
  decideNextAttempt,
  OutOfTime,
  sendUntilAnswered,
  parseRetryAfterMs,
  parseHttpDateMs,
  mayHaveStarted,
  rateLimitDelayMs,
  type Failure,
  type Next,
  type Attempts,
} from '../../src/alloovium/retry.ts';
import { observeBucket, unknownBucket } from '../../src/alloovium/bucket.ts';
import { isLinear } from '../cpu-time.ts';
import { anyText } from '../support/arbitrary-text.ts';
import { apiError, virtualClock } from '../fakes.ts';

const NOW = Date.UTC(2026, 3, 8, 10, 0, 0);
const MAX_DELAY_MS = 2 ** 31 - 1;

function api(status: number, code: string | null = null, isProblem = code !== null): ApiError {
  return apiError({ status, code, isProblem });
}

function failed(error: RequestError, hintMs: number | null = null, overrides: Partial<Failure> = {}): Failure {
  return {
    error,
    hintMs,
    bucketState: unknownBucket,
    cost: 25,
    redacted: false,
    ...overrides,
  };
}

const broken = new ConnectionError('broken', 'ECONNRESET');
const inProgress = api(409, 'idempotency_in_progress');
const garbage = new ResponseShapeError('not JSON');

describe('the pause before the next attempt of a launch', () => {
  const before = (kind: FailureKind, count: number): Attempts => Array.from({ length: count }, () => ({ kind, ms: 1_000 }));
  const delay = (failure: Failure, attempts: Attempts, remainingMs = 3_600_000) => {
    const next = decideNextAttempt(failure, attempts, 1_000, remainingMs, 0);
    return 'end' in next ? next.end : next.delayMs;
  };
  test.each<[string, Failure, earlier: number, expected: number]>([
    ['the first hint for a locked key', failed(inProgress, 2_000), 0, 2_000],
    ['5 s for a locked key without a hint', failed(inProgress), 0, 5_000],
    ['10 s for a locked key at the second hint', failed(inProgress, 2_000), 1, 10_000],
    ['at most a minute for a locked key', failed(inProgress, 2_000), 4, 60_000],
    ['2 s after a 429 of a bucket of unknown size', failed(api(429)), 0, 2_000],
    ['4 s after the second 429 of a bucket of unknown size', failed(api(429)), 1, 4_000],
    ['at most a minute after many 429 of a bucket of unknown size', failed(api(429)), 5, 60_000],
  ])('is %s', (_, failure, earlier, expected) => {
    expect(delay(failure, before(failure.error.kind, earlier))).toBe(expected);
  });

  test('is replaced by the end at the deadline', () => {
    expect(delay(failed(broken), [], 0)).toBe('deadline');
    expect(delay(failed(broken), [], 1_000)).toBe('deadline');
    expect(delay(failed(broken), [], 1_001)).toBe(1);
  });
});

test.each<[string, RequestError | null, isQueueing: boolean, expected: boolean]>([
  ['does not call a time-out a wait for tokens where nothing came before', null, false, false],
  ['calls a time-out a wait for tokens where the step queued for them', null, true, true],
  ['calls a time-out a wait for tokens where the last answer was a 429', api(429), false, true],
  ['does not call a time-out a wait for tokens where the last answer was a 503', api(503), false, false],
])('%s', (_, last, isQueueing, expected) => {
  expect(new OutOfTime(last, null, isQueueing).isQueueing).toBe(expected);
  expect(new OutOfTime(null, null).isQueueing).toBe(false);
});

describe('the kind of a failed launch', () => {
  const failures: readonly [kind: FailureKind, error: RequestError][] = [
    ['unreached', new ConnectionError('unreached', 'ECONNREFUSED')],
    ['unreached', new ConnectionError('unreached', 'EAI_AGAIN')],
    ['unreached', new ConnectionError('proxy', '502')],
    ['dns_not_found', new ConnectionError('unreached', 'ENOTFOUND')],
    ['limited', api(429)],
    ['locked', inProgress],
    ['gateway', api(502)],
    ['gateway', api(503)],
    ['ambiguous', api(502, null, true)],
    ['ambiguous', api(503, 'unavailable')],
    ['ambiguous_final', api(500, null, true)],
    ['ambiguous_final', api(505, null, true)],
    ['ambiguous', broken],
    ['ambiguous', new ConnectionError('timeout')],
    ['unreadable', new ConnectionError('encoding')],
    ['unreadable', garbage],
    ['of_the_run', new ConnectionError('too_large')],
    ['of_the_run', new ResponseShapeError('too deep', 'over_cap')],
    ['rejected', new ConnectionError('tls', 'CERT_HAS_EXPIRED')],
    ['rejected', new ConnectionError('proxy', '407')],
    ['rejected', new BucketTooSmallError(20, 25)],
    ['ambiguous_final', new ResponseShapeError('another', 'wrong_run', 'run run_1')],
    ['rejected', api(409, 'idempotency_key_reused')],
    ['rejected', api(409)],
    ['rejected', api(422, 'idempotency_in_progress')],
  ];
  test.each(failures.map(([kind, error]) => [kind, error.headline, error] as const))(
    'is %s for an error with the headline “%s”',
    (kind, _, error) => {
      expect(error.kind).toBe(kind);
    },
  );

  test('says for each status whether the launch is sent again, and whether a run may have started', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.boolean(), (status, isProblem) => {
        const next = decideNextAttempt(failed(api(status, null, isProblem)), [], 10, 600_000, 0.5);
        const isServers = status > 501 && status !== 505 && isProblem;
        expect('delayMs' in next).toBe([408, 425, 429, 502, 503, 504].includes(status) || isServers);
        expect(mayHaveStarted(api(status, null, isProblem))).toBe((status >= 500 && status !== 501) || [408, 425].includes(status));
      }),
    );
  });
});

/** The decision after each failure of a series, until one ends it. */
function series(failures: readonly Failure[], { attemptMs = 0, remainingMs = 3_600_000, random = 0 } = {}): Next[] {
  const all: Next[] = [];
  let attempts: Attempts = [];
  for (const failure of failures) {
    const next = decideNextAttempt(failure, attempts, attemptMs, remainingMs, random);
    all.push(next);
    if ('end' in next) break;
    attempts = next.attempts;
  }
  return all;
}

const delays = (all: readonly Next[]) => all.map((next) => ('delayMs' in next ? next.delayMs : next.end));
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

describe('decideNextAttempt', () => {
  const gateway = failed(api(503));

  test('spreads five attempts that the API may have accepted over a minute', () => {
    const counted = [broken, new ConnectionError('timeout'), api(408), api(425), api(504), api(503, 'x')];
    for (const error of counted) {
      const pauses = (random: number) => delays(series(times(9, failed(error)), { random, attemptMs: 1 }));
      expect(pauses(0)).toEqual([1_500, 3_750, 11_250, 22_500, 'used_up']);
      expect(pauses(0.5)).toEqual([2_000, 5_000, 15_000, 30_000, 'used_up']);
      expect(pauses(0.999_999_9)).toEqual([2_500, 6_250, 18_750, 37_500, 'used_up']);
    }
  });

  test('keeps the pauses of counted attempts when uncounted ones lie between them', () => {
    for (const other of [gateway, failed(api(429), 60_000), failed(inProgress, 60_000)]) {
      const mixed = times(5, [failed(broken), ...times(6, other)]).flat();
      const all = delays(series(mixed, { random: 0.5 }));
      expect(all.filter((_, at) => at % 7 === 0)).toEqual([2_000, 5_000, 15_000, 30_000, 'used_up']);
    }
  });

  test('waits for the hint if that is longer than the pause', () => {
    const hints = [0, 60_000, 1_000, 31_000].map((hint) => failed(api(503, 'x'), hint));
    expect(delays(series(hints, { random: 0.5 }))).toEqual([2_000, 60_000, 15_000, 31_000]);
  });

  test('stops after the third unreadable answer', () => {
    expect(delays(series(times(5, failed(garbage)), { random: 0.5 }))).toEqual([2_000, 5_000, 'final']);
    const mixed = [failed(garbage), failed(broken), failed(garbage), failed(broken), failed(garbage)];
    expect(delays(series(mixed, { random: 0.5 }))).toEqual([2_000, 5_000, 15_000, 30_000, 'final']);
  });

  test('reports for how long, or how many times, it retries', () => {
    const left = (failures: readonly Failure[]) =>
      series(failures, { attemptMs: 1_000, remainingMs: 900_000 }).map((next) => 'left' in next && next.left);
    expect(left(times(3, failed(broken)))).toEqual([{ sends: 4 }, { sends: 3 }, { sends: 2 }]);
    expect(left([failed(garbage), gateway, failed(broken), failed(garbage)])).toEqual([
      { sends: 2 },
      { ms: 900_000 },
      { sends: 3 },
      { sends: 1 },
    ]);
    const dnsNotFound = new ConnectionError('unreached', 'ENOTFOUND');
    expect(left([failed(dnsNotFound), failed(dnsNotFound)])).toEqual([{ ms: 59_000 }, { ms: 58_000 }]);
  });

  test('does not count attempts that reached no server, a gateway, a 429 or a lock (A12, A19, A30)', () => {
    const unreached = new ConnectionError('unreached', 'ECONNREFUSED');
    for (const error of [unreached, new ConnectionError('proxy', '502'), api(502), api(429), inProgress]) {
      const all = series([...times(40, failed(error)), ...times(9, failed(broken))], {
        attemptMs: 9_000,
        random: 0.5,
      });
      expect(delays(all).slice(40)).toEqual([2_000, 5_000, 15_000, 30_000, 'used_up']);
    }
  });
});

test('draws the pause below a limit that grows from 1 s to 30 s', () => {
  const gateway = times(7, failed(api(502)));
  expect(delays(series(gateway, { random: 0.999_999_9 }))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(delays(series(gateway))).toEqual(times(7, 0));
});

describe('the deadline of a launch', () => {
  test('shortens a random pause, so that the last attempt is sent a second before it', () => {
    expect(delays(series([failed(api(429), 20_000)], { remainingMs: 22_000, random: 0.999_999 }))).toEqual([21_000]);
    expect(delays(series([failed(inProgress)], { remainingMs: 3_000 }))).toEqual([2_000]);
    expect(delays(series([failed(broken)], { remainingMs: 1_000 }))).toEqual(['deadline']);
  });

  test('is reported as the reason once it has passed, also after the fifth attempt', () => {
    const four = times(4, { kind: 'ambiguous', ms: 75_000 } as const);
    expect(decideNextAttempt(failed(new ConnectionError('timeout')), four, 75_000, -3_000, 0)).toMatchObject({
      end: 'deadline',
    });
  });
});

const anError = fc.oneof(
  fc.constantFrom(...(Object.keys(CONNECTION) as ConnectionFault[])).map((fault) => new ConnectionError(fault)),
  fc.constantFrom<ShapeFault>('unusable', 'over_cap').map((fault) => new ResponseShapeError('x', fault)),
  fc
    .tuple(
      fc.constantFrom(200, 307, 400, 401, 404, 408, 409, 425, 429, 500, 502, 503, 504),
      fc.constantFrom(null, 'idempotency_in_progress', 'rate_limited'),
    )
    .map(([status, code]) => api(status, code)),
);
const aFailure: fc.Arbitrary<Failure> = fc.record({
  error: anError,
  hintMs: fc.option(fc.integer({ min: 0, max: MAX_DELAY_MS })),
  bucketState: fc.array(fc.tuple(fc.nat(3_000), fc.nat(3_000), fc.nat(600_000), fc.nat(100_000)), { maxLength: 4 }).map((answers) =>
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

test('reports a wait for tokens at the deadline, with the failure before it', async () => {
  const turns = [Promise.resolve(() => undefined), Promise.reject(new OutOfTime(null, null, true))];
  const context = {
    clock: virtualClock(),
    random: () => 0,
    signal: new AbortController().signal,
    deadline: 60_000,
    onFailure: () => undefined,
    takeTurn: () => turns.shift()!,
  };
  const answer = sendUntilAnswered(() => Promise.resolve({ failure: failed(api(503)) }), context);
  await expect(answer).rejects.toMatchObject({ isQueueing: true, last: { word: '503' } });
});

test('makes whole pauses, at least the hint and within the deadline, and at most five counted attempts, for any failures', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(aFailure, fc.nat(78_000), chance), { maxLength: 30 }), fc.nat(86_400_000), (failures, timeMs) => {
      let attempts: Attempts = [];
      let accepted = 1;
      let remainingMs = timeMs;
      for (const [failure, attemptMs, random] of failures) {
        remainingMs -= attemptMs;
        const next = decideNextAttempt(failure, attempts, attemptMs, remainingMs, random);
        if ('end' in next) break;
        expect(Number.isSafeInteger(next.delayMs)).toBe(true);
        expect(next.delayMs).toBeGreaterThanOrEqual(failure.hintMs ?? 0);
        expect(next.delayMs).toBeLessThan(remainingMs);
        remainingMs -= next.delayMs;
        attempts = next.attempts;
        if (['ambiguous', 'unreadable'].includes(failure.error.kind)) accepted++;
        expect(accepted).toBeLessThanOrEqual(5);
      }
    }),
  );
});

describe('the pause after a 429', () => {
  const low = observeBucket(unknownBucket, {
    at: 0,
    bucket: { limit: 120, remaining: 5, fullInMs: 115_000 },
    cost: 0,
  });
  test.each<[what: string, nth: number, about: { limit: number; remaining: number; cost: number }, ms: number]>([
    ['3 s longer than the hint after a second 429 on pro', 2, { limit: 600, remaining: 0, cost: 25 }, 3_000],
    ['19 s longer than the hint after a third 429 on pro', 3, { limit: 600, remaining: 0, cost: 25 }, 19_000],
    ['19 s longer than the hint after a ninth 429 on pro', 9, { limit: 600, remaining: 0, cost: 25 }, 19_000],
    ['3 s longer than the hint after a third 429 on standard', 3, { limit: 120, remaining: 0, cost: 25 }, 3_000],
    ['3 s longer than the hint after a third 429 to a poll', 3, { limit: 600, remaining: 0, cost: 1 }, 3_000],
    [
      '30 s longer than the hint after a third 429 whose headers promise a token in 10 s',
      3,
      { limit: 600, remaining: 1, cost: 25 },
      30_000,
    ],
  ])('is up to %s', (_, nth, { limit, remaining, cost }, ms) => {
    const fullInMs = (remaining === 0 ? 200 : 10_000) * limit;
    const bucketState = observeBucket(unknownBucket, {
      at: 0,
      bucket: { limit, remaining, fullInMs },
      cost: 0,
    });
    const spread = rateLimitDelayMs(failed(api(429), 8_000, { bucketState, cost }), nth, 1) - 8_000;
    expect(spread / ms).toBeCloseTo(1, 1);
  });

  test('is at least the hint, and at most 25 % + 1 s above it, from the third 429 on at most the larger of that and 30 s above it', () => {
    fc.assert(
      fc.property(aFailure, fc.integer({ min: 1, max: 1_000 }), chance, (failure, nth, random) => {
        const delayMs = rateLimitDelayMs(failure, nth, random);
        expect(Number.isFinite(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(failure.hintMs ?? 0);
        if (failure.hintMs === null) return;
        const maxSpreadMs = failure.hintMs * 0.25 + 1_000;
        expect(delayMs - failure.hintMs).toBeLessThanOrEqual(nth < 3 ? maxSpreadMs : Math.max(maxSpreadMs, 30_000));
      }),
    );
  });

  test('is the time until the bucket can pay if there is no hint (C3)', () => {
    expect(rateLimitDelayMs(failed(api(429), null, { bucketState: low }), 1, 0)).toBeGreaterThanOrEqual(20_000);
  });

  test('grows from some seconds at each 429 if neither hint nor bucket is known', () => {
    const after = (nth: number) => rateLimitDelayMs(failed(api(429)), nth, 0);
    expect(after(1)).toBeGreaterThanOrEqual(1_000);
    expect(after(3)).toBeGreaterThan(after(1));
    expect(after(1_000)).toBeLessThanOrEqual(300_000);
  });
});

describe('parseRetryAfterMs (C4)', () => {
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
    ['1e9', MAX_DELAY_MS],
    ['99999999', MAX_DELAY_MS],
    ['9'.repeat(1_000), MAX_DELAY_MS],
    ['Wed, 08 Apr 2026 10:00:30 GMT', 30_000],
    ['Wednesday, 08-Apr-26 10:00:30 GMT', 30_000],
    ['Wed Apr  8 10:00:30 2026', 30_000],
    ['Wed Apr 08 10:00:30 2026', 30_000],
    ['Wed, 08 Apr 2026 09:00:00 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Sun Nov  6 08:49:37 1994', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', MAX_DELAY_MS],
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
  ])('parses %j as %p ms', (text, ms) => {
    expect(parseRetryAfterMs(text, null, NOW)).toBe(ms);
  });

  test('returns null or a whole number of ms within a timer’s range, for any text', () => {
    const pieces = fc
      .array(fc.constantFrom('5', '1e', '-', ',', ' ', '.', '9999', 'Wed', 'Apr', '08', '2026', '10:00:30', ' GMT'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(anyText(), pieces), (text) => {
        const ms = parseRetryAfterMs(text, null, NOW);
        if (ms === null) return;
        expect(Number.isSafeInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(MAX_DELAY_MS);
      }),
      { numRuns: 100 },
    );
  });

  test('returns the largest of several values', () => {
    const part = fc.nat(100_000);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (seconds) => {
        expect(parseRetryAfterMs(seconds.join(', '), null, NOW)).toBe(Math.max(...seconds) * 1_000);
      }),
    );
  });

  test('parses every date in the three formats to the second', () => {
    const date = fc.date({
      min: new Date(Date.UTC(1970, 0, 1)),
      max: new Date(Date.UTC(2049, 11, 31)),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (when) => {
        const [weekday = '', day = '', month = '', year = '', time = ''] = when.toUTCString().split(/,? /);
        const ms = Math.floor(when.getTime() / 1_000) * 1_000;
        expect(parseHttpDateMs(when.toUTCString())).toBe(ms);
        expect(parseHttpDateMs(`${weekday}day, ${day}-${month}-${year.slice(2)} ${time} GMT`)).toBe(ms);
        expect(parseHttpDateMs(`${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`)).toBe(ms);
      }),
    );
  });

  test('takes linear time', () => {
    const texts = ['5,', '9', ' ', 'e1', 'Wed, '];
    const isSlow = (text: string) => !isLinear((count) => parseRetryAfterMs(text.repeat(count), null, NOW), 20_000);
    expect(texts.filter(isSlow)).toEqual([]);
  });
});

test.each<[header: string | undefined, body: number | null, ms: number | null]>([
  ['5', 30, 30_000],
  ['30', 5, 30_000],
  ['abc', 30, 30_000],
  ['5', null, 5_000],
  [undefined, 1.5, 1_500],
  ['5', -30, 5_000],
  ['5', 1e300, MAX_DELAY_MS],
  [undefined, -1, null],
  ['abc', null, null],
  [undefined, null, null],
])('takes the longer wait (C2) of the header %p and the body %p: %p ms', (header, body, ms) => {
  expect(parseRetryAfterMs(header ?? '', body, NOW)).toBe(ms);
});

test.each<[FailureKind, boolean]>([
  ['rejected', false],
  ['unreached', false],
  ['dns_not_found', false],
  ['limited', false],
  ['locked', true],
  ['gateway', true],
  ['ambiguous', true],
  ['ambiguous_final', true],
  ['unreadable', true],
  ['of_the_run', true],
])('knows whether a run may have started behind the failure “%s”: %p', (kind, expected) => {
  expect(mayHaveStarted({ kind })).toBe(expected);
});

describe('the end of the attempts', () => {
  const dnsNotFound = failed(new ConnectionError('unreached', 'ENOTFOUND'));
  const earlier = (kind: FailureKind, ...ms: number[]): Attempts => ms.map((one) => ({ kind, ms: one }));
  const decide = (failure: Failure, before: Attempts, remainingMs = 3_600_000, random = 0.999) =>
    decideNextAttempt(failure, before, 1_000, remainingMs, random);

  test('comes at once where every poll of the run would fail the same way', () => {
    expect(decide(failed(new ConnectionError('too_large')), [])).toEqual({ end: 'final' });
  });

  test('comes after the fifth counted attempt, or at the deadline if that is now', () => {
    const four = earlier('ambiguous', 1, 1, 1, 1);
    expect(decide(failed(broken), four, 1)).toEqual({ end: 'used_up' });
    expect(decide(failed(broken), four, 0)).toEqual({ end: 'deadline' });
  });

  test('comes after a minute in which DNS has no such name, with all pauses', () => {
    expect(decide(dnsNotFound, earlier('dns_not_found', 30_000, 29_000))).toEqual({ end: 'final' });
    const last = decide(dnsNotFound, earlier('dns_not_found', 30_000, 28_999));
    expect(last).toMatchObject({ delayMs: 1, left: { ms: 1 } });
    expect('attempts' in last && last.attempts.at(-1)).toEqual({ kind: 'dns_not_found', ms: 1_001 });
  });

  test('does not come for a name that DNS knew in between', () => {
    const before = [...earlier('dns_not_found', 59_000), ...earlier('unreached', 1)];
    expect(decide(dnsNotFound, before)).toMatchObject({ left: { ms: 59_000 } });
  });

  test('lets the pause after another failure be longer than DNS would have left', () => {
    const next = decide(failed(api(429), 90_000), earlier('dns_not_found', 55_000));
    expect('delayMs' in next && next.delayMs).toBeGreaterThan(100_000);
  });
});

test.each([
  ['nothing is known of the bucket', unknownBucket],
  ['its refill is not known', { ...unknownBucket, last: { at: 0, limit: 600, remaining: 0 } }],
])('does not spread launches further after the third 429 where %s', (_, bucketState) => {
  expect(rateLimitDelayMs(failed(api(429), 8_000, { bucketState }), 3, 1)).toBe(11_000);
});

test('takes a hint of 0 s in the body as one', () => {
  expect(parseRetryAfterMs('', 0, NOW)).toBe(0);
});

describe('sendUntilAnswered', () => {
  type Step = { readonly answer: string } | Failure;

  /** Plays the attempts, which take 2 s each, from 100 s on the clock on. */
  async function play(steps: readonly Step[], { deadline = 3_600_000, random = 0.5, turn = () => Promise.resolve() } = {}) {
    const clock = virtualClock();
    clock.suspend(100_000);
    const { signal } = new AbortController();
    const turns: number[] = [];
    const pauses: (number | null)[] = [];
    let sent = 0;
    const result = await sendUntilAnswered(
      async () => {
        await clock.sleep(2_000, signal);
        const step = steps[Math.min(sent++, steps.length - 1)]!;
        return 'answer' in step ? step : { failure: step };
      },
      {
        ...{ clock, signal, deadline, random: () => random },
        onFailure: (_, next) => pauses.push(next?.delayMs ?? null),
        takeTurn: async (notBefore = 0) => {
          turns.push(notBefore);
          await clock.sleep(notBefore - clock.now(), signal);
          if (turns.length > 1) await turn();
          return () => undefined;
        },
      },
    ).catch((error: unknown) => error as Error);
    return { result, sent, turns, pauses, tookMs: clock.now() - 100_000 };
  }

  test('returns the first usable answer, after the pauses that it decided', async () => {
    const { result, turns, pauses } = await play([failed(broken), failed(broken), { answer: 'yes' }]);
    expect(result).toEqual({ answer: 'yes' });
    expect(turns).toEqual([100_000, 104_000, 111_000]);
    expect(pauses).toEqual([2_000, 5_000]);
  });

  test('throws the failure that no further attempt may help', async () => {
    const denied = api(401, 'api_key_revoked');
    expect(await play([failed(denied)])).toMatchObject({ result: denied, sent: 1, pauses: [null] });
  });

  test('says for how long no answer was usable after the fifth attempt', async () => {
    const { result, sent, pauses } = await play([failed(broken)]);
    // Five attempts and pauses of 52 s.
    expect(result).toMatchObject({
      headline: 'Alloovium gave no usable answer for 1 min 2 s (last: ECONNRESET)',
    });
    expect([sent, pauses.at(-1)]).toEqual([5, null]);
  });

  test('gives up after a minute in which DNS has no such name', async () => {
    const error = new ConnectionError('unreached', 'ENOTFOUND');
    const { result, tookMs } = await play([failed(error)], { random: 0.999 });
    expect(result).toBe(error);
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(tookMs).toBeLessThan(63_000);
  });

  test.each([
    [600_000, 600_000],
    [0, null],
    [null, null],
  ])('reports at the deadline that the server asked to wait, if it did: %p ms', async (hintMs, waitMs) => {
    const { result } = await play([failed(api(429), hintMs)], { deadline: 102_500 });
    expect(result).toMatchObject({ name: 'OutOfTime', waitMs, last: { word: '429' } });
  });

  test('sends nothing in a turn that comes after the deadline', async () => {
    const { result, sent } = await play([failed(broken)], { deadline: 99_999 });
    expect(result).toMatchObject({ name: 'OutOfTime', last: null, waitMs: null });
    expect(sent).toBe(0);
    expect(await play([{ answer: 'yes' }], { deadline: 100_000 })).toMatchObject({ sent: 1 });
  });

  test('throws the reason of a cancel that comes before the turn of a further attempt', async () => {
    const reason = new Error('cancelled');
    const { result } = await play([failed(broken)], { turn: () => Promise.reject(reason) });
    expect(result).toBe(reason);
  });
});
