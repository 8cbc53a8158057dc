import { describe, expect, test } from '@jest/globals';
import { ApiError, ConnectionError, ResponseShapeError } from '../../src/alloovium/errors.ts';
import { OutOfTime } from '../../src/alloovium/retry.ts';
import type { Polling } from '../../src/alloovium/poll.ts';
import type { Run } from '../../src/alloovium/wire.ts';
import {
  clientOf,
  fakeTransport,
  poll,
  pollToEnd,
  problem,
  reset,
  virtualClock,
  type Sent,
  type Step,
  type VirtualClock,
} from '../fakes.ts';

const MINUTES = 60_000;
const going = poll('run_1', 'running');
const done = poll('run_1', 'completed', { progress: 100, outputs: { summary: 'fine' } });

interface Watched {
  readonly result: Run | Error;
  readonly sent: readonly Sent[];
  readonly polls: readonly string[];
  readonly failures: readonly string[];
  readonly endedAt: number;
  /** Between the end of a poll and the next. */
  readonly pauses: readonly number[];
}

async function watch(
  script: readonly Step[] | ((sent: Sent) => Step),
  {
    clock = virtualClock(),
    cancelAt,
    isFirstEnough = false,
    ...about
  }: Partial<Polling> & { clock?: VirtualClock; cancelAt?: number; isFirstEnough?: boolean } = {},
): Promise<Watched> {
  const { transport, sent, mostInFlight } = fakeTransport(clock, script);
  const cancel = new AbortController();
  if (cancelAt !== undefined) clock.at(cancelAt, () => cancel.abort(new Error('cancelled')));
  const failures: string[] = [];
  const polls: string[] = [];
  const result = await pollToEnd(
    { clock, signal: cancel.signal, client: clientOf(clock, transport), ...about },
    { seen: polls, failures, isFirstEnough },
  ).catch((error: unknown) => error as Error);
  expect(mostInFlight()).toBeLessThanOrEqual(1);
  expect(sent.every(({ method }) => method === 'GET')).toBe(true);
  const pauses = sent.slice(1).map(({ at }, before) => at - sent[before]!.endedAt!);
  return { result, sent, polls, failures, endedAt: clock.now(), pauses };
}

/** `first` up to a moment, then `then`. */
function until(ms: number, first: Step, then: Step): (sent: Sent) => Step {
  return ({ at }) => (at < ms ? first : then);
}

describe('an undisturbed wait', () => {
  test('polls first when told to, then every 2-5 s, until the end', async () => {
    const { result, sent, pauses, failures } = await watch(until(60_000, going, done), {
      firstPollMs: 2_000,
    });
    expect(result).toMatchObject({ status: 'completed', outputs: { summary: 'fine' } });
    expect(sent[0]!.at).toBe(2_000);
    for (const pause of pauses) {
      expect(pause).toBeGreaterThanOrEqual(1_999);
      expect(pause).toBeLessThanOrEqual(5_001);
    }
    expect(failures).toEqual([]);
  });

  test('a poll has 15 s', async () => {
    expect((await watch([done])).sent).toMatchObject([{ timeoutMs: 15_000 }]);
  });

  test.each(['completed', 'failed', 'cancelled'])('%s is an end (B7)', async (status) => {
    const { result, sent } = await watch([poll('run_1', status, { outputs: { part: 1 } }), going]);
    expect(result).toMatchObject({ status, outputs: { part: 1 } });
    expect(sent).toHaveLength(1);
  });

  test('the first usable poll is enough where that is asked for', async () => {
    const { result, sent } = await watch([reset(), going, done], { isFirstEnough: true });
    expect(result).toMatchObject({ status: 'running' });
    expect(sent).toHaveLength(2);
  });
});

describe('what is no end', () => {
  test.each(['awaiting_review', 'Completed', 'completed ', 'COMPLETED'])(
    'the status “%s”: red at the deadline (B2, B3)',
    async (status) => {
      const { result, endedAt, polls } = await watch([poll('run_1', status)], { deadline: MINUTES });
      expect(result).toBeInstanceOf(OutOfTime);
      expect(endedAt).toBeLessThanOrEqual(MINUTES + 3_000);
      expect(new Set(polls)).toEqual(new Set([status]));
    },
  );

  test('going back: the first end that is seen is final (B4)', async () => {
    const { result, polls } = await watch([
      poll('run_1', 'running', { progress: 80 }),
      poll('run_1', 'pending', { progress: 10 }),
      done,
      going,
    ]);
    expect(result).toMatchObject({ status: 'completed' });
    expect(polls).toEqual(['running', 'pending', 'completed']);
  });
});

describe('failed polls', () => {
  test.each<[what: string, step: Step]>([
    ...[undefined, null, 7, ['completed'], ''].map((status): [string, Step] => [
      `B1: status ${JSON.stringify(status)}`,
      poll('run_1', status),
    ]),
    ...['[]', 'null', '"x"', '<html>', '{}', ''].map((body): [string, Step] => [
      `B1: body ${body}`,
      { body },
    ]),
    ['B12: 500', problem(500, 'internal_error')],
    ['B16: a torn body', reset()],
    ['a proxy that cannot reach the API', new ConnectionError('proxy', '502')],
  ])('%s, for ever: an error once they have filled 5 minutes', async (_what, step) => {
    const { result, endedAt, failures } = await watch([step], { deadline: 60 * MINUTES });
    expect(result).toBeInstanceOf(Error);
    expect(result).not.toBeInstanceOf(OutOfTime);
    expect(failures.length).toBeGreaterThan(50);
    expect(endedAt).toBeGreaterThan(4.8 * MINUTES);
    expect(endedAt).toBeLessThan(5.5 * MINUTES);
  });

  test('B1, B13: until a deadline before that: out of time, on time', async () => {
    for (const step of [poll('run_1', null), problem(500, 'internal_error')]) {
      const { result, endedAt } = await watch([step], { deadline: 3 * MINUTES });
      expect(result).toBeInstanceOf(OutOfTime);
      expect(endedAt).toBeGreaterThanOrEqual(3 * MINUTES);
      expect(endedAt).toBeLessThanOrEqual(3 * MINUTES + 3_000);
    }
  });

  test('B12: thirty 500s, then completed', async () => {
    const { result, failures } = await watch([...Array<Step>(30).fill(problem(500, 'internal_error')), done]);
    expect(result).toMatchObject({ status: 'completed' });
    expect(failures).toHaveLength(30);
  });

  test('B14: no headers for ever: each poll ends at 15 s, and it goes on', async () => {
    const { result, sent } = await watch(['hang', 'hang', done]);
    expect(result).toMatchObject({ status: 'completed' });
    expect(sent.slice(0, 2).map(({ at, endedAt }) => endedAt! - at)).toEqual([15_000, 15_000]);
  });

  test('B16: every second poll fails, for an hour: the right result', async () => {
    const { result } = await watch(
      ({ at, nth }) => (nth % 2 === 0 ? reset() : at < 59 * MINUTES ? going : done),
      { deadline: 61 * MINUTES },
    );
    expect(result).toMatchObject({ status: 'completed' });
  });

  test('C12: 503 with Retry-After: not before it; its time does not count towards the 5 minutes', async () => {
    const { result, pauses, endedAt } = await watch(
      [...Array<Step>(20).fill(problem(503, 'x', { 'retry-after': '60' })), done],
      { deadline: 60 * MINUTES },
    );
    expect(result).toMatchObject({ status: 'completed' });
    expect(endedAt).toBeGreaterThan(20 * MINUTES);
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(60_000);
  });
});

describe('another run', () => {
  const other = poll('run_2', 'completed');
  test('B17: its ID three times in a row is an error', async () => {
    const { result, sent } = await watch([other]);
    expect(result).toBeInstanceOf(ResponseShapeError);
    expect(sent).toHaveLength(3);
  });
  test('B17: twice is tolerated, and its end is never taken for ours', async () => {
    const { result } = await watch([other, other, going, other, other, poll('run_1', 'failed')]);
    expect(result).toMatchObject({ runId: 'run_1', status: 'failed' });
  });
});

test.each([302, 307])('D1: a %d is an error after three in a row', async (status) => {
  const { result, sent } = await watch([{ status, headers: { location: 'https://evil.example/' } }]);
  expect(result).toMatchObject({ problem: { status } });
  expect(sent).toHaveLength(3);
});

describe('a run that is not found', () => {
  const missing = problem(404, 'not_found');
  test('B8: for 10 s after the launch is tolerated', async () => {
    expect((await watch(until(10_000, missing, done))).result).toMatchObject({ status: 'completed' });
  });
  test('B9: for ever is an error after 30 s', async () => {
    const { result, endedAt } = await watch([missing]);
    expect(result).toBeInstanceOf(ApiError);
    expect(endedAt).toBeGreaterThanOrEqual(30_000);
    expect(endedAt).toBeLessThan(36_000);
  });
  test('on attach it is an error at once', async () => {
    const { result, sent } = await watch([missing, done], { missingUntil: 0 });
    expect(result).toMatchObject({ problem: { status: 404 } });
    expect(sent).toHaveLength(1);
  });
});

describe('what ends the wait at once', () => {
  test.each<[what: string, step: Step]>([
    ['D3: a TLS fault', new ConnectionError('tls', 'CERT_HAS_EXPIRED')],
    ['D7: a body over 8 MiB', new ConnectionError('too_large')],
    ['E2: JSON over a cap', { body: `{"a":${'['.repeat(70)}` }],
  ])('%s', async (_what, step) => {
    const { result, sent } = await watch([going, step, done]);
    expect(result).toBeInstanceOf(Error);
    expect(sent).toHaveLength(2);
  });
});

describe('a refusal that no good poll came before', () => {
  test.each([400, 410, 422])('%d is an error at once (B9)', async (status) => {
    const { result, sent } = await watch([problem(status, 'x'), done]);
    expect(result).toMatchObject({ problem: { status } });
    expect(sent).toHaveLength(1);
  });
});

describe('a refusal among good polls', () => {
  const among = [400, 404, 410, 422];
  test.each(among)('B9: %d once is confirmed 2 s later, and it goes on', async (status) => {
    const refusing = ({ nth }: Sent): Step =>
      nth === 14 || nth === 16 ? problem(status, 'x') : nth < 20 ? going : done;
    const { result, pauses } = await watch(refusing, { missingUntil: 0 });
    expect(result).toMatchObject({ status: 'completed' });
    expect([pauses[13], pauses[15]]).toEqual([2_000, 2_000]);
  });
  test.each(among)('B9: %d twice is an error', async (status) => {
    const { result, sent } = await watch(({ nth }) => (nth > 13 ? problem(status, 'x') : going), {
      missingUntil: 0,
    });
    expect(result).toMatchObject({ problem: { status } });
    expect(sent).toHaveLength(15);
  });
});

describe('a refused key', () => {
  test.each([401, 403])('B10: %d once is confirmed, and it goes on', async (status) => {
    const { result } = await watch([problem(status, 'x'), going, problem(status, 'x'), done]);
    expect(result).toMatchObject({ status: 'completed' });
  });
  test.each([401, 403])('B11: %d twice is an error in under 10 s', async (status) => {
    const { result, sent, endedAt } = await watch([problem(status, 'api_key_revoked')]);
    expect(result).toMatchObject({ problem: { status } });
    expect(sent).toHaveLength(2);
    expect(endedAt).toBeLessThan(10_000);
  });
});

describe('rate limits', () => {
  const limited = problem(429, 'rate_limited', { 'retry-after': '30' });

  test('C1: not before the hint; a first one adds at most 25 % + 1 s', async () => {
    const { result, pauses } = await watch([limited, done], { random: () => 0.999 });
    expect(result).toMatchObject({ status: 'completed' });
    expect(pauses[0]).toBeGreaterThanOrEqual(30_000);
    expect(pauses[0]).toBeLessThanOrEqual(30_000 * 1.25 + 1_000);
  });

  test('a 429 is no failed poll: hours of them are waited out', async () => {
    const { result, pauses } = await watch(until(3 * 60 * MINUTES, limited, done), {
      deadline: 4 * 60 * MINUTES,
    });
    expect(result).toMatchObject({ status: 'completed' });
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(30_000);
  });

  test('C5: a hint beyond the deadline: no further poll, out of time at the deadline', async () => {
    for (const step of [limited, problem(503, 'x', { 'retry-after': '30' })]) {
      const { result, sent, endedAt } = await watch([going, step], { deadline: 20_000 });
      expect(result).toBeInstanceOf(OutOfTime);
      expect(result).toMatchObject({ waitMs: 30_000 });
      expect(sent).toHaveLength(2);
      expect(endedAt).toBe(20_000);
    }
  });

  test('C9: 429 without a hint until the deadline: on time, after a bounded number of polls', async () => {
    const { result, sent, endedAt } = await watch([problem(429, 'rate_limited')], { deadline: 10 * MINUTES });
    expect(result).toBeInstanceOf(OutOfTime);
    expect(endedAt).toBeLessThanOrEqual(10 * MINUTES + 3_000);
    expect(sent.length).toBeLessThan(120);
  });

  test('C11: an empty bucket on a good answer: the next poll waits for the refill', async () => {
    const clock = virtualClock();
    const empty = (): Step => ({
      ...going,
      headers: {
        date: new Date(clock.date()).toUTCString(),
        'x-ratelimit-limit': '20',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.ceil(clock.date() / 1_000) + 120),
      },
    });
    const { pauses } = await watch(({ nth }) => (nth === 1 ? empty() : done), { clock });
    expect(pauses[0]).toBeGreaterThanOrEqual(5_500);
  });
});

describe('the deadline', () => {
  test('B20: an end 400 ms before it is seen, by a poll at the deadline itself', async () => {
    for (const deadline of [60_000, 61_234, 63_999]) {
      const { result, sent } = await watch(until(deadline - 400, going, done), { deadline });
      expect(result).toMatchObject({ status: 'completed' });
      expect(sent.at(-1)!.at).toBeGreaterThanOrEqual(deadline - 400);
      expect(sent.at(-1)!.at).toBeLessThanOrEqual(deadline);
    }
  });

  test('B21: before the first poll was due: one poll, on time', async () => {
    const { result, sent, endedAt } = await watch([going], { firstPollMs: 2_000, deadline: 500 });
    expect(result).toBeInstanceOf(OutOfTime);
    expect(sent).toMatchObject([{ at: 500, timeoutMs: 3_000 }]);
    expect(endedAt).toBeLessThanOrEqual(3_500);
  });

  test('that passed while the launch was answered: what is left of the 3 s of grace, no more', async () => {
    const { result, sent } = await watch(['hang'], { deadline: -2_900 });
    expect(result).toBeInstanceOf(OutOfTime);
    expect(sent).toMatchObject([{ timeoutMs: 100 }]);
  });

  test('a poll in flight there has 3 s more', async () => {
    const hanging = await watch(({ at }) => (at < 20_000 ? going : 'hang'), { deadline: 24_000 });
    expect(hanging.result).toBeInstanceOf(OutOfTime);
    expect(hanging.endedAt).toBeLessThanOrEqual(27_000 + 10);
    const answered = await watch(({ at }) => (at < 20_000 ? going : { ...done, afterMs: 2_900 }), {
      deadline: 24_000,
    });
    expect(answered.result).toMatchObject({ status: 'completed' });
  });

  test('is what ended it, whatever the last poll says', async () => {
    for (const last of [problem(401, 'x'), new ConnectionError('tls'), problem(410, 'x'), reset(), going]) {
      const { result } = await watch(({ at }) => (at < 60_000 ? going : last), { deadline: 60_000 });
      expect(result).toBeInstanceOf(OutOfTime);
    }
  });
});

describe('time that is not what it seems', () => {
  test('B18: the wall clock jumps a day back and forth: no effect', async () => {
    const clock = virtualClock();
    const day = 24 * 60 * MINUTES;
    for (const [at, ms] of [
      [10_000, day],
      [20_000, -2 * day],
      [30_000, day],
    ] as const)
      clock.at(at, () => clock.shiftDate(ms));
    const { result, pauses } = await watch(until(60_000, going, done), { clock });
    expect(result).toMatchObject({ status: 'completed' });
    for (const pause of pauses) expect(pause).toBeLessThanOrEqual(5_001);
  });

  test('B19: suspended for 10 minutes: one poll, no burst, and the deadline is the clock’s', async () => {
    const clock = virtualClock();
    clock.at(10_000, () => clock.suspend(10 * MINUTES));
    const { result, sent, endedAt } = await watch([going], { clock, deadline: 11 * MINUTES });
    expect(result).toBeInstanceOf(OutOfTime);
    const woken = sent.filter(({ at }) => at >= 10 * MINUTES && at < 10 * MINUTES + 11_500);
    expect(woken.length).toBeLessThanOrEqual(1);
    expect(endedAt).toBeLessThanOrEqual(11 * MINUTES + 3_000);
  });

  test('B19: suspended beyond the deadline: one poll, then the end', async () => {
    const clock = virtualClock();
    clock.at(10_000, () => clock.suspend(60 * MINUTES));
    const { result, sent } = await watch([going], { clock });
    expect(result).toBeInstanceOf(OutOfTime);
    expect(sent.at(-1)).toMatchObject({ timeoutMs: 3_000 });
    expect(sent.filter(({ at }) => at > 15 * MINUTES)).toHaveLength(1);
  });
});

describe('cancelled (H2)', () => {
  test('asleep: at once, with the reason, and nothing is sent any more', async () => {
    const { result, sent, endedAt } = await watch([going], { firstPollMs: 0, cancelAt: 1_000 });
    expect(result).toMatchObject({ message: 'cancelled' });
    expect(endedAt).toBe(1_000);
    expect(sent).toHaveLength(1);
  });
  test('with a poll in flight: at once too', async () => {
    const { result, endedAt } = await watch(['hang'], { cancelAt: 1_000 });
    expect(result).toMatchObject({ message: 'cancelled' });
    expect(endedAt).toBe(1_000);
  });
});

describe('a server that wants peace though it answers', () => {
  const peace = { ...going, headers: { ...going.headers, 'retry-after': '40' } };
  test('before the first poll', async () => {
    const { sent } = await watch([done], { firstPollMs: 2_000, notBefore: 40_000 });
    expect(sent[0]!.at).toBe(40_000);
  });

  test('between two polls', async () => {
    const { pauses } = await watch([peace, going, done]);
    expect(pauses[0]).toBeGreaterThanOrEqual(40_000);
    expect(pauses[1]).toBeLessThanOrEqual(5_001);
  });

  test('beyond the deadline: no further poll', async () => {
    const { result, sent } = await watch([peace, done], { deadline: 30_000 });
    expect(result).toMatchObject({ name: 'OutOfTime', waitMs: 40_000 });
    expect(sent).toHaveLength(1);
    expect((await watch([done], { deadline: 30_000, notBefore: 40_000 })).sent).toHaveLength(0);
  });
});
