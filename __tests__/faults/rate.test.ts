/** C: rate limits. */
import { describe, expect, jest, test } from '@jest/globals';
import { startApi, type Api } from '../../simulator/api.ts';
import type { AnswerPatch, Scripted } from '../../simulator/faults.ts';
import { breaches } from '../../simulator/invariants.ts';
import { runsPerKey, attemptsPerKey, sentBeforeHint, type Call } from '../../simulator/journal.ts';
import { runAction } from '../../simulator/runner.ts';
import { steadyCourse, TEST_KEY, WORKFLOW_ID, type Course } from '../../simulator/seed.ts';
import { strike, TOKEN, type Strike, type Struck } from './strike.ts';

import { expectBetween, pauses, saidPauses, saidSeconds } from './timing.ts';
import { duration } from '../../src/text/words.ts';

jest.setTimeout(90_000);

const endless: Course = [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading' }];
const HTML = '<html><body><h1>Slow down</h1></body></html>';

type Calls = Extract<Call, 'launch' | 'poll'>;
type Headers = NonNullable<AnswerPatch['headers']>;

/** 429 of the API's own, with hints in header and body as given. */
function limited(retryAfter: Headers[string], bodySeconds?: unknown, headers: Headers = {}): AnswerPatch {
  const body = {
    status: 429,
    code: 'rate_limited',
    ...(bodySeconds === undefined ? {} : { retry_after_seconds: bodySeconds }),
  };
  return {
    status: 429,
    headers: { 'Content-Type': 'application/problem+json', 'Retry-After': retryAfter, ...headers },
    body: JSON.stringify(body),
  };
}

/** The first requests of a call are answered so. */
function answering(call: Calls, answers: readonly AnswerPatch[]): Scripted {
  return (request) => {
    const answer = request.call === call ? answers[request.nth - 1] : undefined;
    return answer === undefined ? undefined : { answer };
  };
}

/** Math.random gives this alone: so much of every jitter. */
function withJitter(share: number): Pick<Strike, 'nodeArgs'> {
  return { nodeArgs: ['--import', `data:text/javascript,Math.random = () => ${share}`] };
}

/** Green, with one run of one key. */
function expectGreen({ result, outputs, api, launches }: Struck): void {
  expect(result.exitCode).toBe(0);
  expect(outputs.conclusion).toBe('success');
  expect(api.runs.map(({ id }) => id)).toEqual([outputs.run_id]);
  expect(new Set(launches.map(({ idempotencyKey }) => idempotencyKey)).size).toBeLessThanOrEqual(1);
  expect(result.stdout).not.toMatch(/NaN|Infinity|undefined|-\d+ s\b/);
}

function expectTimedOut(struck: Struck, leastSeconds: number, mostSeconds: number, speed: number): void {
  expect(struck.result.exitCode).toBe(1);
  expect(struck.outputs.conclusion).toBe('timed_out');
  const said = saidSeconds(struck.result.stdout, 'timed_out') * 1_000;
  expectBetween(said, leastSeconds * 1_000 - 500, mostSeconds * 1_000 + 500, speed);
  expect(struck.result.stdout).not.toMatch(/NaN|Infinity|undefined|-\d+ s\b/);
}

/** The pause after the first request; before another launch the log says it. */
function expectFirstPause(struck: Struck, call: Calls, seconds: number, speed: number): void {
  expectBetween(pauses(of(struck, call))[0]!, seconds * 1_000 - 20, seconds * 1_000, speed);
  if (call === 'launch') expect(saidPauses(struck.result.stdout)[0]).toBe(duration(seconds * 1_000));
}

const of = (struck: Struck, call: Calls) => (call === 'launch' ? struck.launches : struck.polls);

describe('C. Rate limits', () => {
  test.concurrent.each<[Calls, number, number, number]>([
    ['launch', 0.999, 11, 12],
    ['poll', 0, 8, 8],
  ])(
    'C1: 429 with Retry-After 8 to a %s, three times, jitter %d: never before it; at first %d s, at most 25 % + 1 s more; then further apart',
    async (call, jitter, firstSeconds, leastLater) => {
      const speed = 20;
      const struck = await strike({
        speed,
        ...withJitter(jitter),
        inputs: { timeout_minutes: '30' },
        faults: [answering(call, [limited('8'), limited('8'), limited('8')])],
      });
      expectGreen(struck);
      expectFirstPause(struck, call, firstSeconds, speed);
      for (const pause of pauses(of(struck, call)).slice(1, 3))
        expect(pause).toBeGreaterThanOrEqual(leastLater * 1_000 - 4 * speed);
    },
  );

  test.concurrent('C1: 429 counts neither as an attempt nor towards the 180 s', async () => {
    const struck = await strike({
      speed: 150,
      inputs: { timeout_minutes: '60' },
      faults: [{ when: { call: 'launch', nth: (nth) => nth <= 7 }, answer: limited('40') }],
    });
    expectGreen(struck);
    expect(struck.launches).toHaveLength(8);
    expect(struck.launches.at(-1)!.at - struck.launches[0]!.at).toBeGreaterThan(270_000);
  });

  test.concurrent('C1: 429s do not end a wait as failed polls would', async () => {
    const struck = await strike({
      speed: 120,
      faults: [
        answering(
          'poll',
          Array.from({ length: 8 }, () => limited('50')),
        ),
      ],
    });
    expectGreen(struck);
    expect(struck.polls.at(-1)!.at - struck.polls[0]!.at).toBeGreaterThan(400_000);
  });

  test.concurrent.each<[Calls, string | null, unknown, number]>([
    ['launch', '5', 30, 30],
    ['launch', '30', 5, 30],
    ['poll', 'soon', 12, 12],
  ])('C2: 429 to a %s, header %j, body %j: %d s', async (call, header, body, seconds) => {
    const struck = await strike({ ...withJitter(0), faults: [answering(call, [limited(header, body)])] });
    expectGreen(struck);
    expectFirstPause(struck, call, seconds, 30);
  });

  test.concurrent.each<[Calls, number, number, number, number]>([
    // 1 token a second, 20 are missing.
    ['launch', 120, 5, 115, 20],
    // A token in 6 s.
    ['poll', 20, 0, 120, 6],
  ])(
    'C3: 429 to a %s without a hint, limit %d, remaining %d, full in %d s: after %d s',
    async (call, limit, remaining, fullIn, seconds) => {
      let api: Api;
      const struck = await strike({
        ...withJitter(0),
        before: (servers) => void (api = servers.api),
        faults: [
          answering(call, [
            limited(null, undefined, {
              'X-RateLimit-Limit': String(limit),
              'X-RateLimit-Remaining': String(remaining),
              'X-RateLimit-Reset': () => String(Math.ceil(api.now() / 1_000 + fullIn)),
              'X-RateLimit-Cost': call === 'launch' ? '25' : '1',
            }),
          ]),
        ],
      });
      expectGreen(struck);
      expectFirstPause(struck, call, seconds, 30);
    },
  );

  test.concurrent.each<[Calls, Headers]>([
    ['poll', {}],
    ['launch', { 'X-RateLimit-Limit': 'many', 'X-RateLimit-Remaining': '-1', 'X-RateLimit-Reset': '1e99' }],
  ])('C3: 429 to a %s without a hint, rate headers %j: 2 s, doubling', async (call, headers) => {
    const speed = 20;
    const answer = limited(null, undefined, headers);
    const struck = await strike({
      speed,
      ...withJitter(0),
      faults: [answering(call, [answer, answer, answer])],
    });
    expectGreen(struck);
    expectFirstPause(struck, call, 2, speed);
    for (const [at, pause] of pauses(of(struck, call)).slice(0, 3).entries())
      expect(pause).toBeGreaterThanOrEqual(2_000 * 2 ** at - 4 * speed);
  });
  const imf = (ms: number) => new Date(ms).toUTCString();

  /** What Retry-After says, by the server's clock, and the seconds that it means; null: nothing, so 2 s. */
  const VALUES: [string, (now: number) => string | readonly string[], number | null][] = [
    ['a date', (now) => imf(now + 20_000), 20],
    ['-5', () => '-5', null],
    ['abc', () => 'abc', null],
    ['5, 60', () => '5, 60', 60],
  ];
  const NEVER = ['1e9', `1${'0'.repeat(30)}`];

  const TOLD = VALUES.map(
    ([name, value, seconds]) =>
      [name, seconds === null ? 'none, so 2 s' : `${seconds} s`, value, seconds] as const,
  );
  test.concurrent.each(forBoth(TOLD))(
    'C4: 429 to a %s with Retry-After %s: %s',
    async (call, _name, _told, value, seconds) => {
      const speed = 20;
      let api: Api;
      const struck = await strike({
        speed,
        ...withJitter(0),
        env: { TZ: 'America/New_York' },
        before: (servers) => {
          api = servers.api;
          // A header that is sent twice cannot be made when it goes out.
          const made = value(api.now());
          const header = typeof made === 'string' ? () => value(api.now()) as string : made;
          api.faults.push(answering(call, [limited(header)]));
        },
      });
      expectGreen(struck);
      // A date has no fractions of a second, and neither has the server's own clock.
      if (seconds === 20) expectBetween(pauses(of(struck, call))[0]!, 19_000, 21_000, speed);
      else expectFirstPause(struck, call, seconds ?? 2, speed);
    },
  );

  test.concurrent.each(NEVER)(
    'C4: 429 to a launch with Retry-After %s: timed_out, no early attempt',
    async (value) => {
      const struck = await strike({ faults: [{ when: { call: 'launch' }, answer: limited(value) }] });
      expectTimedOut(struck, 0, 10, 30);
      expect(struck.api.journal).toHaveLength(1);
    },
  );

  test.concurrent.each(NEVER)(
    'C4: 429 to a poll with Retry-After %s: timed_out, no early attempt',
    async (value) => {
      const struck = await strike({
        inputs: { timeout_minutes: '0.5' },
        faults: [{ when: { call: 'poll' }, answer: limited(value) }],
      });
      expectTimedOut(struck, 30, 35, 30);
      expect(struck.polls).toHaveLength(1);
    },
  );

  test.concurrent(
    'C5: a hint beyond the deadline, to a launch: timed_out now, naming the wait; nothing more is sent',
    async () => {
      const struck = await strike({
        inputs: { timeout_minutes: '2' },
        faults: [{ when: { call: 'launch' }, answer: limited('180') }],
      });
      expectTimedOut(struck, 0, 10, 30);
      expect(struck.api.journal).toHaveLength(1);
      expect(struck.error).toMatch(/waiting for tokens of the API key; the API asked to wait 3 min more\)/);
      expect(struck.error).toMatch(/timeout_minutes/);
      // A 429 started nothing.
      expect(struck.error).not.toMatch(/may have started/);
    },
  );

  test.concurrent(
    'C5: a hint beyond the deadline with a 503 to a launch: timed_out now, naming the wait',
    async () => {
      const struck = await strike({
        inputs: { timeout_minutes: '2' },
        faults: [{ when: { call: 'launch' }, answer: { status: 503, headers: { 'Retry-After': '150' } } }],
      });
      expectTimedOut(struck, 0, 10, 30);
      expect(struck.api.journal).toHaveLength(1);
      expect(struck.error).toMatch(/^Not started after 2 min \(the API asked to wait 2 min 30 s more\)/);
      expect(struck.error).toContain(`may have started (key \`${struck.outputs.idempotency_key}\`)`);
    },
  );

  test.concurrent.each<[string, AnswerPatch]>([
    ['429', limited('180')],
    ['503', { status: 503, headers: { 'Retry-After': '180' } }],
  ])(
    'C5: a hint beyond the deadline with a %s to a poll: timed_out at the deadline, no poll more',
    async (_what, answer) => {
      const struck = await strike({
        inputs: { timeout_minutes: '1' },
        faults: [{ when: { call: 'poll', nth: (nth) => nth >= 2 }, answer }],
        api: { course: endless },
      });
      expectTimedOut(struck, 60, 65, 30);
      expect(struck.polls).toHaveLength(2);
      expect(struck.outputs.run_id).toBe(struck.api.runs[0]!.id);
    },
  );

  test.concurrent.each<[string, Strike]>([
    ['by the API', { api: { keys: { [TEST_KEY]: { tier: 'free' } } } }],
    [
      'without X-RateLimit-Cost',
      {
        faults: [{ when: { call: 'launch' }, answer: limited('60', 60, { 'X-RateLimit-Limit': '20' }) }],
      },
    ],
  ])(
    'C6: a bucket of 20 and a cost of 25, %s: red at the first 429, naming the tier',
    async (_how, about) => {
      const struck = await strike(about);
      expect(struck.result.exitCode).toBe(1);
      expect(struck.outputs.conclusion).toBe('error');
      expect(struck.api.journal).toHaveLength(1);
      expect(struck.error).toMatch(/costs 25 tokens.*holds at most 20 \(the free tier\)/);
    },
  );

  test.concurrent('C8: attached to a run of 10 minutes on a free key: no 429 of its own making', async () => {
    const inputs: Record<string, string> = {};
    const struck = await strike({
      speed: 100,
      inputs,
      api: { keys: { [TEST_KEY]: { tier: 'free' } } },
      before: ({ api }) => {
        inputs.run_id = api.addRun({ course: steadyCourse({ queuedMs: 1_000, runningMs: 599_000 }) });
      },
    });
    expectGreen(struck);
    expect(struck.polls.length).toBeGreaterThan(30);
    expect(struck.api.journal.filter(({ status }) => status === 429)).toEqual([]);
  });

  test.concurrent.each<[Calls, string, AnswerPatch, number]>([
    // 24 times 5 s.
    ['launch', 'Retry-After 5', limited('5'), 25],
    // 2 + 4 + 8 + 16 + 32 + 60 s, and a last one.
    ['poll', 'no hint', limited(null), 8],
  ])('C9: 429 to every %s with %s until the deadline: red on time', async (call, _hint, answer, most) => {
    const struck = await strike({
      speed: 60,
      inputs: { timeout_minutes: '2' },
      faults: [{ when: { call }, answer }],
    });
    expectTimedOut(struck, 113, 125, 60);
    const sent = of(struck, call).length;
    expect(sent).toBeGreaterThanOrEqual(3);
    expect(sent).toBeLessThanOrEqual(most);
    expect(struck.outputs.run_id === '').toBe(call === 'launch');
  });

  test.concurrent.each([
    // The free tier: a token in 6 s.
    [20, 120, 6],
  ])(
    'C11: 200 with nothing remaining of %d, full in %d s: the next poll %d s later',
    async (limit, fullIn, seconds) => {
      let api: Api;
      const struck = await strike({
        speed: 15,
        api: { course: steadyCourse({ queuedMs: 1_000, runningMs: 45_000 }) },
        before: (servers) => void (api = servers.api),
        faults: [
          {
            when: { call: 'poll', nth: 1 },
            answer: {
              headers: {
                'X-RateLimit-Limit': String(limit),
                'X-RateLimit-Remaining': '0',
                'X-RateLimit-Reset': () => String(Math.ceil(api.now() / 1_000 + fullIn)),
              },
            },
          },
        ],
      });
      expectGreen(struck);
      expect(pauses(struck.polls)[0]!).toBeGreaterThanOrEqual(seconds * 1_000 - 120);
      expect(struck.result.stdout).not.toMatch(/429 rate_limited|queueing/);
    },
  );

  test.concurrent.each<[string, (now: number) => string]>([['of 20 s', () => '20']])(
    'C12: 503 with Retry-After %s to a poll: honoured',
    async (_what, value) => {
      let api: Api;
      const struck = await strike({
        before: (servers) => void (api = servers.api),
        faults: [
          {
            when: { call: 'poll', nth: 1 },
            answer: { status: 503, body: HTML, headers: { 'Retry-After': () => value(api.now()) } },
          },
        ],
      });
      expectGreen(struck);
      expectBetween(pauses(struck.polls)[0]!, 19_000, 21_000, 30);
    },
  );

  // The last, and not at once with others: it takes the whole machine.
  test('C7: 32 siblings on one standard key: all green within their time', async () => {
    const speed = 40;
    const siblings = 32;
    const api = await startApi({
      speed,
      keys: { [TEST_KEY]: { tier: 'standard' } },
      course: steadyCourse({ queuedMs: 1_000, runningMs: 30_000 }),
    });
    try {
      const results = await Promise.all(
        Array.from({ length: siblings }, async (_, nth) => {
          await new Promise((resolve) => setTimeout(resolve, nth * 350));
          return runAction({
            timeoutMs: 60_000,
            inputs: {
              api_key: TEST_KEY,
              api_url: api.url,
              workflow_id: WORKFLOW_ID,
              idempotency_key: `job-${nth}`,
              timeout_minutes: '60',
            },
            runId: 17_000_000_001 + nth,
            token: TOKEN,
            preload: ['simulator/fast-time.mjs'],
            env: { FAST_TIME_SPEED: String(speed) },
          });
        }),
      );
      expect(results.map(({ outputs }) => outputs.conclusion)).toEqual(results.map(() => 'success'));
      for (const result of results) expect(breaches({ result, secrets: [TEST_KEY, TOKEN] })).toEqual([]);
      expect([...runsPerKey(api.runs).values()]).toEqual(results.map(() => ({ kept: 1, unkept: 0 })));
      for (const { taken } of attemptsPerKey(api.journal).values()) expect(taken).toBe(1);
      expect(sentBeforeHint(api.journal, 10 * speed)).toEqual([]);
      const refused = api.journal.filter(({ status }) => status === 429).length;
      const minutes = (api.journal.at(-1)!.at - api.journal[0]!.at) / 60_000;
      // The fleet benchmark holds half of it in virtual time; a busy machine adds some.
      expect(refused / siblings / minutes).toBeLessThan(1);
      process.stdout.write(
        `C7: ${siblings} siblings, ${minutes.toFixed(1)} minutes, ${refused} of ${api.journal.length} requests answered 429\n`,
      );
    } finally {
      await api.close();
    }
  });
});

/** Each row for a launch and for a poll. */
function forBoth<T extends readonly unknown[]>(rows: readonly T[]): [Calls, ...T][] {
  return (['launch', 'poll'] as const).flatMap((call) => rows.map((row): [Calls, ...T] => [call, ...row]));
}
