/** A: faults while the run is launched. */
import { unknownBucket } from '../../src/alloovium/bucket.ts';
import { connect, createServer } from 'node:net';
import { describe, expect, jest, test } from '@jest/globals';
import { ApiError } from '../../src/alloovium/errors.ts';
import { nextAttempt, noAttempts } from '../../src/alloovium/retry.ts';
import type { Api } from '../../simulator/api.ts';
import { startEvil, unusedPort } from '../../simulator/listeners.ts';
import type { AnswerPatch, ErrorCode, Fault, WirePart } from '../../simulator/faults.ts';
import type { Entry } from '../../simulator/journal.ts';
import { steadyCourse, TEST_KEY, WORKFLOW_ID } from '../../simulator/seed.ts';
import { strike, type Struck } from './strike.ts';
import { expectBetween, lengths, pauses, saidPauses } from './timing.ts';

jest.setTimeout(60_000);

const HTML = '<html><body><h1>Bad gateway</h1></body></html>';

const first = (fault: Omit<Fault, 'when'>): Fault => ({ when: { call: 'launch', nth: 1 }, ...fault });
const every = (answer: AnswerPatch): Fault => ({ when: { call: 'launch' }, answer });

function keysOf(entries: readonly Entry[]): Set<string | null> {
  return new Set(entries.map(({ idempotencyKey }) => idempotencyKey));
}

/** Green, and one run, launched under one key with the given number of attempts. */
function expectOneRun({ outputs, api, launches, result }: Struck, attempts: number): void {
  expect(result.exitCode).toBe(0);
  expect(outputs.conclusion).toBe('success');
  expect(api.runs.map(({ id }) => id)).toEqual([outputs.run_id]);
  expect(launches).toHaveLength(attempts);
  expect([...keysOf(launches)]).toEqual([outputs.idempotency_key]);
}

/** Red after the given number of attempts, without a poll; nothing shows the API key. */
function expectRed({ outputs, launches, polls, error, result }: Struck, attempts: number): void {
  expect(result.exitCode).toBe(1);
  expect(outputs).toMatchObject({ conclusion: 'error', run_id: '' });
  expect([launches.length, polls.length]).toEqual([attempts, 0]);
  expect(keysOf(launches).size).toBe(1);
  expect(error).not.toBe('');
  expect(error).not.toContain(TEST_KEY);
}

/** The client's clock starts before its connection does; longer than the API's lock of 60 s in any case. */
function expectAttemptOf75s({ launches }: Struck, speed: number): void {
  expectBetween(lengths(launches)[0]!, 62_000, 75_000, speed);
}

describe('A. Start', () => {
  test.concurrent('A1: ECONNREFUSED until after the second attempt: sent again; one run, green', async () => {
    const port = await unusedPort();
    let api: Api;
    let refusals = 0;
    // From the second refusal on somebody listens, and passes all on to the simulator.
    const door = createServer((socket) => {
      const there = connect(api.port, '127.0.0.1');
      socket.pipe(there).pipe(socket);
      for (const end of [socket, there]) end.on('error', () => undefined);
    });
    try {
      const struck = await strike({
        inputs: { api_url: `http://127.0.0.1:${port}` },
        before: (servers) => void (api = servers.api),
        onLine: (line) => {
          if (line.includes('(ECONNREFUSED)') && ++refusals === 2) door.listen(port, '127.0.0.1');
        },
      });
      expectOneRun(struck, 1);
      expect(refusals).toBeGreaterThanOrEqual(2);
      expect(struck.outputs.replayed).toBe('false');
    } finally {
      door.close();
    }
  });

  test.concurrent.each([
    ['ENOTFOUND', 0.9, ['1 s', '2 s']],
    ['EAI_AGAIN', 0.1, ['0 s', '0 s']],
  ] as const)(
    'A1: %s twice: sent again after pauses of %d of the full jitter; one run, green',
    async (code, random, said) => {
      const inputs: Record<string, string> = {};
      const struck = await strike({
        inputs,
        before: ({ api }) => void (inputs.api_url = `http://localhost:${api.port}`),
        preload: ['simulator/fake-dns.mjs'],
        nodeArgs: ['--import', `data:text/javascript,Math.random = () => ${random}`],
        env: { FAKE_DNS_HOST: 'localhost', FAKE_DNS_FAILURES: `${code},${code}` },
      });
      expectOneRun(struck, 1);
      expect(saidPauses(struck.result.stdout)).toEqual(said);
    },
  );

  test.concurrent('A2: reset before the API hears of it: the same key again, one run', async () => {
    const struck = await strike({ faults: [first({ work: 'none', wire: ['reset'] })] });
    expectOneRun(struck, 2);
    expect(struck.outputs.replayed).toBe('false');
  });

  test.concurrent('A3: run created and kept, connection cut before headers: the same run, once', async () => {
    const struck = await strike({ faults: [first({ wire: ['reset'] })] });
    expectOneRun(struck, 2);
    expect(struck.outputs.replayed).toBe('true');
  });

  test.concurrent(
    'A4: no headers for the whole attempt, then 409 while the lock is held: waits as told, then the replay',
    async () => {
      const speed = 40;
      const struck = await strike({
        speed,
        faults: [
          first({ workMs: 50_000, wire: ['hang'] }),
          {
            when: { call: 'launch', nth: 2 },
            answer: { code: 'idempotency_in_progress', headers: { 'Retry-After': '20' } },
          },
        ],
      });
      expectOneRun(struck, 3);
      expect(struck.outputs.replayed).toBe('true');
      expectAttemptOf75s(struck, speed);
      expectBetween(pauses(struck.launches)[1]!, 20_000, 26_000, speed);
      expect(saidPauses(struck.result.stdout)[1]).toBe('20 s');
    },
  );

  test.concurrent.each<[string, WirePart[]]>([
    ['at once', ['head', 'hang']],
    ['in a trickle', ['head', { bytes: 1, everyMs: 5_000 }]],
  ])(
    'A5: 201, and the body stalls %s: the attempt ends after 75 s, then the replay; never green without',
    async (_when, wire) => {
      const speed = 40;
      const struck = await strike({ speed, faults: [first({ wire })] });
      expectOneRun(struck, 2);
      expect(struck.outputs.replayed).toBe('true');
      expectAttemptOf75s(struck, speed);
    },
  );

  test.concurrent('A5: every body stalls: red in the end, with the key', async () => {
    const struck = await strike({
      speed: 150,
      faults: [{ when: { call: 'launch' }, wire: ['head', 'hang'] }],
    });
    // Three attempts of 75 s are more than the 180 s.
    expectRed(struck, 3);
    expect(struck.error).toContain(struck.outputs.idempotency_key);
    expect(struck.api.runs).toHaveLength(1);
  });

  test.concurrent.each<[string, AnswerPatch, WirePart[]]>([
    ['shorter than its Content-Length', {}, ['head', { bytes: 30 }, 'close']],
    ['chunked and without its end', { chunked: true }, ['head', { bytes: 30 }, 'close']],
  ])('A6: 201 with a body that is %s: the same run, once', async (_what, answer, wire) => {
    const struck = await strike({ faults: [first({ answer, wire })] });
    expectOneRun(struck, 2);
    expect(struck.outputs.replayed).toBe('true');
  });

  const UNREADABLE: [string, AnswerPatch][] = [
    ['A7: 201 with HTML', { body: HTML }],
    ['A8: 2xx without an ID', { body: (own) => ({ ...own, run_id: undefined }) }],
    ['A8: 2xx with a number for an ID', { body: (own) => ({ ...own, run_id: 17 }) }],
    ['A8: 204', { status: 204, body: '' }],
  ];

  test.concurrent.each(UNREADABLE)(
    '%s, always: two more attempts under the same key, then red: started, ID unknown, with key and request',
    async (_what, answer) => {
      const struck = await strike({
        faults: [every({ ...answer, headers: { 'X-Request-Id': 'req_7f3a' } })],
      });
      expectRed(struck, 3);
      expect(struck.api.runs).toHaveLength(1);
      expect(struck.error).toMatch(/the run was started, and its ID is not known/i);
      expect(struck.error).toContain(`idempotency key \`${struck.outputs.idempotency_key}\``);
      expect(struck.error).toContain('request req_7f3a');
    },
  );

  test.concurrent.each(UNREADABLE)(
    '%s, twice: the third attempt brings the same run',
    async (_what, answer) => {
      const struck = await strike({
        faults: [{ when: { call: 'launch', nth: (nth) => nth <= 2 }, answer }],
      });
      expectOneRun(struck, 3);
      expect(struck.outputs.replayed).toBe('true');
    },
  );

  test.concurrent.each([
    ['../x', '../x'],
    ['with a command', '::set-output name=conclusion::success'],
    ['of 10 KB', `run_${'a'.repeat(10_000)}`],
  ])('A9: an ID %s: refused, and no request made of it', async (_what, id) => {
    const struck = await strike({ faults: [every({ body: (own) => ({ ...own, run_id: id }) })] });
    expectRed(struck, 3);
    expect(new Set(struck.api.journal.map(({ path }) => path))).toEqual(
      new Set([`/api/v2/workflows/${WORKFLOW_ID}/runs`]),
    );
    expect(struck.result.stdout + struck.result.files.output + struck.result.summary).not.toContain(id);
  });

  test.concurrent('A11: 409 in progress, Retry-After 60: the next attempt 60 s later, same key', async () => {
    const speed = 60;
    const struck = await strike({
      speed,
      faults: [first({ answer: { code: 'idempotency_in_progress', headers: { 'Retry-After': '60' } } })],
    });
    expectOneRun(struck, 2);
    expectBetween(pauses(struck.launches)[0]!, 60_000, 61_000, speed);
    expect(saidPauses(struck.result.stdout)).toEqual(['1 m']);
  });

  test.concurrent.each([
    ['without a hint', null, 5],
    ['with Retry-After 50', '50', 4],
  ] as const)(
    'A12: 409 in progress for ever, %s: red within the 180 s, key never changed',
    async (_hint, hint, attempts) => {
      const speed = 60;
      const struck = await strike({
        speed,
        faults: [every({ code: 'idempotency_in_progress', headers: { 'Retry-After': hint } })],
      });
      expectRed(struck, attempts);
      expectBetween(struck.launches.at(-1)!.at - struck.launches[0]!.at, 10_000, 180_000, speed);
      expect(struck.error).toContain(struck.outputs.idempotency_key);
      expect(struck.error).toMatch(/still being handled/);
    },
  );

  test.concurrent.each([
    ['no hint', null],
    ['Retry-After "soon"', 'soon'],
  ])('A13: 409 in progress with %s: 5 s, doubling', async (_what, hint) => {
    const speed = 20;
    const { launches, result } = await strike({
      speed,
      faults: [every({ code: 'idempotency_in_progress', headers: { 'Retry-After': hint } })],
    });
    expect(saidPauses(result.stdout)).toEqual(['5 s', '10 s', '20 s', '40 s']);
    const waited = pauses(launches);
    expect(waited).toHaveLength(4);
    for (const [at, expected] of [5_000, 10_000, 20_000, 40_000].entries()) {
      expectBetween(waited[at]!, expected, expected, speed);
    }
  });

  test('A13: … and never above 60 s', () => {
    const error = new ApiError({
      status: 409,
      code: 'idempotency_in_progress',
      detail: '',
      requestId: '',
      missingScopes: [],
    });
    const next = (conflicts: number) =>
      nextAttempt(
        { error, hintMs: null, bucket: null, bucketState: unknownBucket, cost: 25, redacted: false },
        { ...noAttempts, conflicts },
        100,
        3_600_000,
        0.99,
      );
    expect([3, 4, 5, 9].map((conflicts) => next(conflicts))).toMatchObject(
      [40_000, 60_000, 60_000, 60_000].map((delayMs) => ({ again: true, delayMs })),
    );
  });

  test.concurrent(
    'A14: 409 idempotency_key_reused: sent once; red, names changed inputs and a shared key',
    async () => {
      const struck = await strike({ faults: [every({ code: 'idempotency_key_reused' })] });
      expectRed(struck, 1);
      expect(struck.error).toContain('409 idempotency_key_reused');
      expect(struck.error).toMatch(/taken by a launch with other inputs/);
      expect(struck.error).toMatch(/another tool with the same API key/);
    },
  );

  test.concurrent.each<[string, AnswerPatch]>([
    [
      'another code',
      { status: 409, body: '{"status":409,"code":"workflow_locked","detail":"Being edited."}' },
    ],
    ['nothing', { status: 409 }],
  ])('A16: 409 with %s: sent once; red', async (what, answer) => {
    const struck = await strike({ faults: [every(answer)] });
    expectRed(struck, 1);
    expect(struck.error).toContain('409');
    if (what === 'another code') expect(struck.error).toMatch(/code workflow_locked; Being edited/);
  });

  test.concurrent('A17: 500 and no run: not sent again; red with the request ID and the key', async () => {
    const struck = await strike({ faults: [every({ code: 'internal_error' })] });
    expectRed(struck, 1);
    expect(struck.api.runs).toEqual([]);
    expect(struck.error).toMatch(/whether the run was launched is not known/i);
    expect(struck.error).toContain(struck.outputs.idempotency_key);
    expect(struck.error).toMatch(/request req_\d+/);
  });

  test.concurrent('A18: run created, then 500: no second attempt, exactly one run; red', async () => {
    const struck = await strike({
      faults: [{ when: { call: 'launch' }, work: 'unkept', answer: { code: 'internal_error' } }],
    });
    expectRed(struck, 1);
    expect(struck.api.runs).toHaveLength(1);
    expect(struck.error).toMatch(/whether the run was launched is not known/i);
    expect(struck.error).toContain(struck.outputs.idempotency_key);
  });

  test.concurrent.each([502])(
    'A19: %d with HTML from a gateway, twice, the origin never saw it: same key again; green',
    async (status) => {
      const struck = await strike({
        faults: [{ when: { call: 'launch', nth: (nth) => nth <= 2 }, answer: { status, body: HTML } }],
      });
      expectOneRun(struck, 3);
      expect(struck.outputs.replayed).toBe('false');
    },
  );

  test.concurrent(
    'A20: 504 while the origin finishes and keeps the answer: 409, then the replay; one run',
    async () => {
      // The origin works on while nobody asks.
      const struck = await strike({
        leaps: false,
        faults: [first({ work: 'done', workMs: 12_000, answer: { status: 504, body: HTML } })],
      });
      const statuses = struck.launches.map(({ status }) => status);
      expectOneRun(struck, statuses.length);
      expect([statuses[0], statuses[1], statuses.at(-1)]).toEqual([504, 409, 201]);
      expect(struck.outputs.replayed).toBe('true');
    },
  );

  test.concurrent('A21: 503 with a date to come back at: not before it', async () => {
    let api: Api;
    const struck = await strike({
      before: (servers) => void (api = servers.api),
      faults: [
        first({
          answer: {
            status: 503,
            body: HTML,
            headers: { 'Retry-After': () => new Date(api.now() + 30_000).toUTCString() },
          },
        }),
      ],
    });
    expectOneRun(struck, 2);
    // The date has no fractions of a second, and neither has the server's own.
    expectBetween(pauses(struck.launches)[0]!, 29_000, 31_000, 30);
  });

  test.concurrent.each<[string, AnswerPatch]>([
    ['501 not_implemented', { code: 'not_implemented' }],
    ['505', { status: 505, body: HTML }],
  ])('A22: %s: sent once; red', async (what, answer) => {
    const struck = await strike({ faults: [every(answer)] });
    expectRed(struck, 1);
    expect(struck.error).toContain(what.replace(' with HTML', ''));
  });

  test.concurrent.each<[string, AnswerPatch]>([
    ...(
      [
        '400 invalid_document_id',
        '402 payment_required',
        '403 insufficient_scope',
        '422 validation_error',
      ] as const
    ).map((name): [string, AnswerPatch] => [name, { code: name.slice(4) as ErrorCode }]),
    ['413', { status: 413, body: HTML }],
    ['422', { status: 422, body: '{"detail":"inputs.start_date is no date"}' }],
  ])('A23: %s: sent once; red, the code in the message; no run', async (name, answer) => {
    const struck = await strike({ faults: [every(answer)] });
    expectRed(struck, 1);
    expect(struck.api.runs).toEqual([]);
    expect(struck.error).toContain(name);
    if (name === '422') expect(struck.error).toContain('inputs.start_date is no date');
  });

  test.concurrent.each<[ErrorCode, RegExp]>([
    ['invalid_api_key', /the secret holds the whole key/],
    ['api_key_revoked', /was revoked.*Create a key in the Alloovium dashboard/],
    ['api_key_expired', /has expired.*Create a key in the Alloovium dashboard/],
    ['tenant_disabled', /account's owner/],
  ])('A24: 401 %s: sent once; red with its advice, without the key', async (code, advice) => {
    const struck = await strike({ api: { keys: { [TEST_KEY]: { refuse: code } } } });
    expectRed(struck, 1);
    expect(struck.error).toContain(`401 ${code}`);
    expect(struck.error).toMatch(advice);
  });

  test.concurrent(
    'A25: the first answer is a replay: `replayed`, a line in the log and in the summary',
    async () => {
      const struck = await strike({ runs: [{}, { runId: 17_000_000_002 }] });
      const { result, results, outputs } = struck;
      expectOneRun(struck, 2);
      expect(results.map((one) => one.outputs.replayed)).toEqual(['false', 'true']);
      expect(outputs.run_id).toBe(results[0]!.outputs.run_id);
      expect(result.stdout).toMatch(/note∶ joined a run started \S+ \S+ ago for the same commit and inputs/);
      expect(results[0]!.stdout).not.toMatch(/replayed/);
      expect(result.summary).toMatch(/joined/i);
      expect(results[0]!.summary).not.toMatch(/joined/i);
    },
  );

  test.concurrent.each([
    ['resume', /_2$/],
    ['fresh', /_run-17000000001-2$/],
  ])('A25: a replay of a red run on a re-run with `%s`: a run of its own', async (onRerun, key) => {
    const { api, results } = await strike({
      api: { course: ({ count }) => steadyCourse({ ending: count === 1 ? 'failed' : 'completed' }) },
      runs: [{}, { attempt: 2, inputs: { on_rerun: onRerun } }],
      speed: 100,
    });
    expect(results.map(({ outputs }) => outputs.conclusion)).toEqual(['failure', 'success']);
    expect(results[1]!.outputs.idempotency_key).toMatch(key);
    expect(results.map(({ outputs }) => outputs.run_id)).toEqual(api.runs.map(({ id }) => id));
  });

  test.concurrent.each([202])('A26: %d instead of 201: accepted', async (launchStatus) => {
    expectOneRun(await strike({ api: { launchStatus } }), 1);
  });

  test.concurrent.each([
    ['true', 'failure', 1],
    ['false', 'pending', 0],
  ])('A26: the run is `failed` already in the answer, `wait: %s`: %s', async (wait, conclusion, exitCode) => {
    const { outputs, result } = await strike({
      inputs: { wait },
      api: { course: steadyCourse({ queuedMs: 0, runningMs: 0, ending: 'failed' }) },
      faults: [every({ body: (own) => ({ ...own, status: 'failed' }) })],
    });
    expect(outputs).toMatchObject({ conclusion, status: 'failed' });
    expect(result.exitCode).toBe(exitCode);
  });

  const TARGETS: Record<string, (url: string, evil: number) => string> = {
    'another host': (_url, evil) => `http://localhost:${evil}/`,
    itself: (url) => `${url}/api/v2/workflows/${WORKFLOW_ID}/runs`,
  };

  test.concurrent.each(
    [302, 307].flatMap((status) => Object.keys(TARGETS).map((target) => [status, target] as const)),
  )('A27: %d to %s: not followed; red', async (status, target) => {
    const evil = await startEvil();
    try {
      const struck = await strike({
        before: ({ api }) => {
          const location = TARGETS[target]!(api.url, evil.port);
          api.faults.push(every({ status, headers: { Location: location }, body: HTML }));
        },
      });
      expectRed(struck, 1);
      expect(struck.api.journal).toHaveLength(1);
      expect(evil.seen).toEqual([]);
      expect(struck.error).toMatch(/redirect, which is never followed/);
    } finally {
      await evil.close();
    }
  });

  test.concurrent('A29: the answer comes after the attempt’s end: the same run by its replay', async () => {
    const speed = 40;
    const struck = await strike({
      speed,
      faults: [first({ wire: [{ waitMs: 90_000 }, 'head', 'body'] })],
    });
    expectOneRun(struck, 2);
    expect(struck.outputs.replayed).toBe('true');
    expectAttemptOf75s(struck, speed);
  });
});
