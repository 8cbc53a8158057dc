import { describe, expect, test } from '@jest/globals';
import { ConnectionError, ResponseShapeError, type RequestError } from '../../src/alloovium/errors.ts';
import { OutOfTime } from '../../src/alloovium/retry.ts';
import {
  decideNextPoll,
  type FinishedPoll,
  type PollOptions,
  type PollState,
} from '../../src/alloovium/poll.ts';
import { unknownBucket } from '../../src/alloovium/bucket.ts';
import type { Run } from '../../src/alloovium/wire.ts';
import {
  apiError,
  clientOf,
  fakeTransport,
  pollAnswer,
  pollToEnd,
  problemAnswer,
  resetError,
  virtualClock,
  type SentRequest,
  type ScriptStep,
  type VirtualClock,
} from '../fakes.ts';

const running = pollAnswer('run_1', 'running');
const done = pollAnswer('run_1', 'completed', { progress: 100, outputs: { summary: 'fine' } });

interface Watched {
  readonly result: Run | Error;
  readonly sent: readonly SentRequest[];
  readonly polls: readonly string[];
  readonly failures: readonly string[];
  readonly endedAt: number;
  /** Between the end of a poll and the next. */
  readonly pauses: readonly number[];
}

async function watch(
  script: readonly ScriptStep[] | ((sent: SentRequest) => ScriptStep),
  {
    clock = virtualClock(),
    cancelAt,
    isFirstEnough = false,
    ...options
  }: Partial<PollOptions> & { clock?: VirtualClock; cancelAt?: number; isFirstEnough?: boolean } = {},
): Promise<Watched> {
  const { transport, sent, maxInFlight } = fakeTransport(clock, script);
  const cancel = new AbortController();
  if (cancelAt !== undefined) clock.at(cancelAt, () => cancel.abort(new Error('cancelled')));
  const failures: string[] = [];
  const polls: string[] = [];
  const result = await pollToEnd(
    { clock, signal: cancel.signal, client: clientOf(clock, transport), ...options },
    { seen: polls, failures, isFirstEnough },
  ).catch((error: unknown) => error as Error);
  expect(maxInFlight()).toBeLessThanOrEqual(1);
  expect(sent.every(({ method }) => method === 'GET')).toBe(true);
  const pauses = sent.slice(1).map(({ at }, before) => at - sent[before]!.endedAt!);
  return { result, sent, polls, failures, endedAt: clock.now(), pauses };
}

test('stops after the first usable poll if one is enough', async () => {
  const { result, sent } = await watch([resetError(), running, done], { isFirstEnough: true });
  expect(result).toMatchObject({ status: 'running' });
  expect(sent).toHaveLength(2);
});

describe('the deadline of a poll', () => {
  test('leaves only the rest of the 3 s of grace if it passed during the launch', async () => {
    const { result, sent } = await watch(['hang'], { deadline: -2_900 });
    expect(result).toBeInstanceOf(OutOfTime);
    expect(sent).toMatchObject([{ timeoutMs: 100 }]);
  });

  test('gives a poll in flight 3 s more', async () => {
    const hanging = await watch(({ at }) => (at < 20_000 ? running : 'hang'), { deadline: 24_000 });
    expect(hanging.result).toBeInstanceOf(OutOfTime);
    expect(hanging.endedAt).toBeLessThanOrEqual(27_000 + 10);
    const answered = await watch(({ at }) => (at < 20_000 ? running : { ...done, afterMs: 2_900 }), {
      deadline: 24_000,
    });
    expect(answered.result).toMatchObject({ status: 'completed' });
  });

  test('is reported as the reason even if the last poll fails', async () => {
    for (const last of [
      problemAnswer(401, 'x'),
      new ConnectionError('no_tls'),
      problemAnswer(410, 'x'),
      resetError(),
      running,
    ]) {
      const { result } = await watch(({ at }) => (at < 60_000 ? running : last), { deadline: 60_000 });
      expect(result).toBeInstanceOf(OutOfTime);
    }
  });
});

test.each(['tls', 'no_tls'] as const)(
  'ends the polls at once after the permanent failure %s',
  async (fault) => {
    const { result } = await watch([running, new ConnectionError(fault), done]);
    expect(result).toMatchObject({ fault });
  },
);

test('polls a long run with pauses of 5 min on after a failed poll, and gives up after 5 min of them', async () => {
  const options = { pacer: { observe: () => undefined, pauseMs: () => 300_000 }, deadline: 3_600_000 };
  const few = await watch([running, ...Array<ScriptStep>(8).fill(resetError()), done], options);
  expect(few.result).toMatchObject({ status: 'completed' });
  // Redirects end after three in a row, not after five minutes.
  const moved = { ...problemAnswer(302, 'x'), headers: {} };
  const misrouted = await watch([running, moved, moved, resetError(), done], options);
  expect(misrouted.result).toMatchObject({ status: 'completed' });
  const all = await watch(({ at }) => (at < 400_000 ? running : resetError()), options);
  expect(all.result).toBeInstanceOf(ConnectionError);
  expect(all.endedAt - 600_000).toBeGreaterThan(300_000);
  expect(all.endedAt - 600_000).toBeLessThan(340_000);
});

describe('a poll that the API rejects', () => {
  const denied = problemAnswer(401, 'x');
  const missing = problemAnswer(404, 'not_found');
  const late = { missingUntil: 0 };
  test.each<[what: string, script: readonly ScriptStep[], isSeen: boolean, sends: number]>([
    ['one 404 for a run that no poll has shown', [missing], false, 1],
    ['two 404 for a run that a poll has shown', [missing, missing], true, 2],
    ['two 401 in a row, since a 404 does not confirm a 401', [denied, missing, denied, denied], true, 4],
    ['two 401', [denied, denied], false, 2],
  ])('ends the polls after %s', async (_, script, isSeen, sends) => {
    const { result, sent } = await watch(script, { ...late, isSeen });
    expect(result).toBeInstanceOf(Error);
    expect(sent).toHaveLength(sends);
  });
});

describe('a Retry-After on a 2xx', () => {
  const withHint = { ...running, headers: { ...running.headers, 'retry-after': '40' } };
  test('delays the first poll', async () => {
    const { sent } = await watch([done], { notBefore: 40_000 });
    expect(sent[0]!.at).toBe(40_000);
  });

  test('delays the next poll, and only that', async () => {
    const { pauses } = await watch([withHint, running, done]);
    expect(pauses[0]).toBeGreaterThanOrEqual(40_000);
    expect(pauses[1]).toBeLessThanOrEqual(5_001);
  });

  test('ends the polls if it goes beyond the deadline', async () => {
    const { result, sent } = await watch([withHint, done], { deadline: 30_000 });
    expect(result).toMatchObject({ name: 'OutOfTime', waitMs: 10_010 });
    expect(sent).toHaveLength(1);
    expect((await watch([done], { deadline: 30_000, notBefore: 40_000 })).sent).toHaveLength(0);
  });
});

describe('decideNextPoll', () => {
  const FIRST: PollState = {
    isSeen: true,
    lastError: null,
    kind: 'failed',
    inARow: 0,
    failedMs: 0,
    limited: 0,
  };
  const api = (status: number) => apiError({ status });
  const failure = (error: RequestError) => ({
    failure: { error, hintMs: null, bucketState: unknownBucket, cost: 1, redacted: false },
  });
  const showing = (status: string) => ({ run: { status } }) as FinishedPoll['polled'];
  const after = (
    polled: FinishedPoll['polled'],
    state: Partial<PollState> = {},
    facts: Partial<FinishedPoll> = {},
  ) =>
    decideNextPoll(
      { ...FIRST, ...state },
      {
        polled,
        now: 60_000,
        tookMs: 1_000,
        deadline: 900_000,
        missingUntil: 30_000,
        isLast: false,
        ...facts,
      },
    );

  test.each([
    ['running', 'wait'],
    ['awaiting_review', 'wait'],
    ['Completed', 'wait'],
    ['completed', 'end'],
    ['failed', 'end'],
    ['cancelled', 'end'],
  ])('decides after the status %s: %s', (status, kind) => {
    expect(after(showing(status))).toMatchObject({ kind });
  });

  test('resets the failures after a good poll', () => {
    const state: PollState = {
      isSeen: false,
      lastError: api(503),
      kind: 'misrouted',
      inARow: 2,
      failedMs: 290_000,
      limited: 4,
    };
    expect(after(showing('running'), state)).toEqual({
      kind: 'wait',
      pause: 'pace',
      state: FIRST,
      left: null,
    });
  });

  const moved = api(307);
  const otherRun = new ResponseShapeError('the answer is about another run', 'other_run');
  const noTls = new ConnectionError('no_tls');
  const overCap = new ResponseShapeError('the answer is too deep', 'over_cap');
  const decisions: [error: RequestError, state: Partial<PollState>, expected: string][] = [
    [api(503), {}, 'capped_pace'],
    [api(503), { kind: 'failed', inARow: 99 }, 'capped_pace'],
    [api(503), { failedMs: 299_000 }, 'capped_pace'],
    [api(503), { failedMs: 299_001 }, 'fail'],
    [new ConnectionError('timeout'), {}, 'capped_pace'],
    [api(429), { failedMs: 299_001 }, 'rate_limit'],
    [api(401), {}, 'confirm'],
    [api(401), { kind: 'denied', inARow: 1 }, 'fail'],
    [api(403), { kind: 'no_run', inARow: 1 }, 'confirm'],
    [api(404), {}, 'confirm'],
    [api(410), { isSeen: false }, 'fail'],
    [api(422), { kind: 'no_run', inARow: 1 }, 'fail'],
    [moved, { kind: 'misrouted', inARow: 1 }, 'capped_pace'],
    [otherRun, { kind: 'misrouted', inARow: 2 }, 'fail'],
    [noTls, {}, 'fail'],
    [overCap, {}, 'fail'],
  ];
  test.each(decisions.map(([error, state, expected]) => [error.headline, state, expected, error] as const))(
    'decides after the error “%s” with the state %j: %s',
    (_, state, expected, error) => {
      const next = after(failure(error), state);
      expect(next.kind === 'wait' ? next.pause : next.kind).toBe(expected);
    },
  );

  const limits: [
    error: RequestError,
    state: Partial<PollState>,
    facts: Partial<FinishedPoll>,
    left: object,
  ][] = [
    [api(503), { failedMs: 100_000 }, {}, { ms: 199_000 }],
    [api(503), {}, { deadline: 70_000 }, { ms: 10_000 }],
    [api(429), { failedMs: 100_000 }, {}, { ms: 840_000 }],
    [api(401), {}, {}, { sends: 1 }],
    [api(307), {}, {}, { sends: 2 }],
    [api(404), {}, { now: 10_000 }, { ms: 20_000 }],
  ];
  test.each(
    limits.map(([error, state, facts, left]) => [error.headline, state, facts, left, error] as const),
  )(
    'reports how long polls go on after the error “%s” with the state %j and %j: %j',
    (_, state, facts, left, error) => {
      expect(after(failure(error), state, facts)).toMatchObject({ kind: 'wait', left });
    },
  );

  test('waits at the pacer’s pace for a run that is not visible yet', () => {
    const early = { now: 29_999 };
    expect(after(failure(api(404)), { isSeen: false }, early)).toMatchObject({ kind: 'wait', pause: 'pace' });
    expect(after(failure(api(410)), { isSeen: false }, early)).toMatchObject({ kind: 'fail' });
  });

  test('fails with OutOfTime after the last poll, unless it shows the end', () => {
    const last = { isLast: true };
    expect(after(showing('completed'), {}, last)).toEqual({ kind: 'end' });
    for (const polled of [showing('running'), failure(api(401))])
      expect(after(polled, {}, last)).toMatchObject({ kind: 'fail', error: { name: 'OutOfTime' } });
  });
});

describe('the time of a poll', () => {
  test.each<[what: string, deadline: number, timeoutMs: readonly number[]]>([
    ['is 15 s', 60_000, [15_000]],
    ['is what is left until 3 s after the deadline', 10_000, [13_000]],
    ['is 3 s where the machine slept beyond the deadline', -4_001, [3_000]],
    ['is none 4 s after the deadline', -4_000, []],
  ])('%s', async (_, deadline, timeoutMs) => {
    const { sent } = await watch([done], { deadline });
    expect(sent.map((one) => one.timeoutMs)).toEqual(timeoutMs);
  });

  test('counts as 16 s at most where the machine slept meanwhile', async () => {
    const clock = virtualClock();
    const sleepsAt = (nth: number) => {
      if (nth === 2) clock.suspend(3_600_000);
      return nth === 2 ? 'hang' : nth === 1 ? running : done;
    };
    const { result } = await watch(({ nth }) => sleepsAt(nth), { clock, deadline: 7_200_000 });
    expect(result).toMatchObject({ status: 'completed' });
  });
});

describe('the pause after a poll', () => {
  const slow = { pacer: { observe: () => undefined, pauseMs: () => 100_000 }, deadline: 3_600_000 };
  const limited = (hint?: string) =>
    problemAnswer(429, 'rate_limited', hint === undefined ? {} : { 'retry-after': hint });
  test.each<[what: string, script: readonly ScriptStep[], pauses: readonly number[]]>([
    ['is that of the pacer', [running, done], [100_000]],
    ['is 30 s at most after a failure', [resetError(), done], [30_000]],
    ['is 2 s after a 401', [problemAnswer(401, 'x'), done], [2_000]],
    ['is 2 s after a 404', [problemAnswer(404, 'not_found'), done], [2_000]],
    ['is 30 s at most after a redirect', [{ status: 302 }, done], [30_000]],
    ['is the hint of a 429', [limited('40'), done], [40_000]],
    ['grows with each 429 without a hint', [limited(), limited(), limited(), done], [2_000, 4_000, 8_000]],
    [
      'starts again with the first pause after a good poll',
      [limited(), running, limited(), done],
      [2_000, 100_000, 2_000],
    ],
    [
      'is the hint of another failure, if that is longer',
      [problemAnswer(503, 'unavailable', { 'retry-after': '60' }), done],
      [60_000],
    ],
  ])('%s', async (_, script, pauses) => {
    expect((await watch(script, { ...slow, missingUntil: 0, isSeen: true })).pauses).toEqual(pauses);
  });

  test('counts as failed after a failure, but not after a 429', async () => {
    const { result } = await watch([...Array<ScriptStep>(20).fill(limited('60')), done], slow);
    expect(result).toMatchObject({ status: 'completed' });
  });
});

test.each<[kind: PollState['kind'], error: RequestError]>([
  ['no_run', apiError({ status: 400 })],
  ['no_run', apiError({ status: 404 })],
  ['no_run', apiError({ status: 410 })],
  ['no_run', apiError({ status: 422 })],
  ['denied', apiError({ status: 401 })],
  ['denied', apiError({ status: 403 })],
  ['misrouted', apiError({ status: 300 })],
  ['misrouted', apiError({ status: 399 })],
  ['misrouted', new ResponseShapeError('another', 'other_run')],
  ['failed', apiError({ status: 299 })],
  ['failed', apiError({ status: 409 })],
  ['failed', apiError({ status: 500 })],
  ['failed', new ResponseShapeError('not JSON')],
  ['failed', new ConnectionError('unreached', 'ECONNREFUSED')],
])('counts as “%s”: %s', (kind, error) => {
  const state = { isSeen: true, lastError: null, kind: 'final', inARow: 0, failedMs: 0, limited: 0 } as const;
  const failure = { error, hintMs: null, bucketState: unknownBucket, cost: 1, redacted: false };
  const facts = { now: 60_000, tookMs: 0, deadline: 900_000, missingUntil: 0, isLast: false };
  expect(decideNextPoll(state, { polled: { failure }, ...facts })).toMatchObject({ state: { kind } });
});
