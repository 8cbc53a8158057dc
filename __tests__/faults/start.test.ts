/** A: faults while the run is launched. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import type { Api } from '../../simulator/api.ts';
import { startEvil, unusedPort } from '../../simulator/listeners.ts';
import type { AnswerPatch, ErrorCode, Fault, Scripted, WirePart } from '../../simulator/faults.ts';
import type { Entry } from '../../simulator/journal.ts';
import { steadyCourse, TEST_KEY, WORKFLOW_ID } from '../../simulator/seed.ts';
import { createCertificates } from '../../simulator/tls.ts';
import { strike, type Strike, type Struck } from './strike.ts';
import { expectBetween, lengths, pauses, saidPauses, saidSeconds } from './timing.ts';

jest.setTimeout(60_000);

const HTML = '<html><body><h1>Bad gateway</h1></body></html>';
const SIGN_IN_PAGE =
  '<!DOCTYPE html>\n<title>Sign in</title><form action="/login"><input name="user"></form>';

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

/** `timed_out` at the deadline, without a run. */
function expectLate({ outputs, launches, polls, result }: Struck, minutes: number): void {
  expect(result.exitCode).toBe(1);
  expect(outputs).toMatchObject({ conclusion: 'timed_out', run_id: '' });
  expect([polls.length, keysOf(launches).size]).toEqual([0, 1]);
  expectBetween(
    saidSeconds(result.stdout, 'timed_out') * 1_000,
    minutes * 60_000 - 60_000,
    minutes * 60_000 + 3_000,
    1,
  );
}

/** One line a minute once the first is over. */
function expectFewLines({ result }: Struck, ms: number): void {
  expect(saidPauses(result.stdout).length).toBeLessThanOrEqual(12 + ms / 60_000);
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
    expectRed(struck, 5);
    expect(struck.error).toMatch(
      /^Alloovium gave no usable answer for \d m.* \(last: no whole answer came in time\)\. A run may have started/,
    );
    expect(struck.error).toContain(`(key \`${struck.outputs.idempotency_key}\`)`);
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

  const LOST_ID = /^the run was started, and its ID is not known.* A run may have started \(key `gha_/i;
  const SIGN_IN =
    /^the server answered with a web page, not the API\. Is a proxy asking for a sign-in\? If not, a run may have started \(key `gha_/i;
  const UNREADABLE: [string, AnswerPatch, RegExp][] = [
    ['A7: 201 with HTML', { body: HTML }, SIGN_IN],
    ['A7: 201 with no JSON', { body: '{"run_id":' }, LOST_ID],
    ['A31: a sign-in page of a proxy', { status: 200, body: SIGN_IN_PAGE }, SIGN_IN],
    ['A8: 2xx without an ID', { body: (own) => ({ ...own, run_id: undefined }) }, LOST_ID],
    ['A8: 2xx with a number for an ID', { body: (own) => ({ ...own, run_id: 17 }) }, LOST_ID],
    ['A8: 204', { status: 204, body: '' }, LOST_ID],
  ];

  test.concurrent.each(UNREADABLE)(
    '%s, always: two more attempts under the same key, then red, with key and request',
    async (_what, answer, said) => {
      const struck = await strike({
        faults: [every({ ...answer, headers: { 'X-Request-Id': 'req_7f3a' } })],
      });
      expectRed(struck, 3);
      expect(struck.api.runs).toHaveLength(1);
      expect(struck.error.replace(/ request \S+/, '')).toMatch(said);
      expect(struck.error).toContain(`(key \`${struck.outputs.idempotency_key}\`)`);
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
    expect(saidPauses(struck.result.stdout)).toEqual(['1 min']);
  });

  test.concurrent.each([
    ['without a hint', null],
    ['with Retry-After 50', '50'],
  ] as const)(
    'A12: 409 in progress for ever, %s: timed_out at the deadline, key never changed',
    async (_hint, hint) => {
      const struck = await strike({
        inputs: { timeout_minutes: '6' },
        faults: [every({ code: 'idempotency_in_progress', headers: { 'Retry-After': hint } })],
      });
      expectLate(struck, 6);
      expect(struck.launches.length).toBeGreaterThan(6);
      expect(struck.error).toMatch(
        /^Not started after 6 min \(an earlier launch under the same key is still being handled[;)]/,
      );
      expect(struck.error).toContain(`A run may have started (key \`${struck.outputs.idempotency_key}\`)`);
      expect(struck.error).toContain('raise `timeout_minutes`');
    },
  );

  test.concurrent.each([
    ['no hint', null],
    ['Retry-After "soon"', 'soon'],
  ])('A13: 409 in progress with %s: 5 s, doubling', async (_what, hint) => {
    const speed = 20;
    const { launches, result } = await strike({
      speed,
      inputs: { timeout_minutes: '4' },
      faults: [every({ code: 'idempotency_in_progress', headers: { 'Retry-After': hint } })],
    });
    expect(saidPauses(result.stdout).slice(0, 5)).toEqual(['5 s', '10 s', '20 s', '40 s', '1 min']);
    const waited = pauses(launches);
    for (const [at, expected] of [5_000, 10_000, 20_000, 40_000, 60_000].entries()) {
      expectBetween(waited[at]!, expected, expected, speed);
    }
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
    expect(struck.error).toMatch(/^Alloovium had an internal error \(500 internal_error\)/);
    expect(struck.error).toContain(`A run may have started (key \`${struck.outputs.idempotency_key}\`)`);
    expect(struck.error).toMatch(/request req_\d+/);
  });

  test.concurrent('A18: run created, then 500: no second attempt, exactly one run; red', async () => {
    const struck = await strike({
      faults: [{ when: { call: 'launch' }, work: 'unkept', answer: { code: 'internal_error' } }],
    });
    expectRed(struck, 1);
    expect(struck.api.runs).toHaveLength(1);
    expect(struck.error).toContain(`A run may have started (key \`${struck.outputs.idempotency_key}\`)`);
  });

  /** Launches from the first on are answered so, for so long. */
  const lasting = (ms: number, fault: Omit<Fault, 'when'>): Scripted => {
    let from = NaN;
    return ({ call, at }) => {
      if (call !== 'launch') return undefined;
      if (Number.isNaN(from)) from = at;
      return at - from < ms ? fault : undefined;
    };
  };
  const MINUTE = 60_000;

  test.concurrent.each([
    [502, 25_000],
    [503, 5 * MINUTE],
  ])(
    'A19: %d with HTML from a gateway for %d ms, the origin never saw it: same key again; green',
    async (status, ms) => {
      const struck = await strike({ faults: [lasting(ms, { answer: { status, body: HTML } })] });
      expectOneRun(struck, struck.launches.length);
      expect(struck.outputs.replayed).toBe('false');
      const [first, last] = [struck.launches[0]!, struck.launches.at(-1)!];
      expectBetween(last.at - first.at, ms, ms + 30_000, 30);
      expectFewLines(struck, ms);
    },
  );

  test.concurrent('A19: … beyond the deadline: timed_out, with the key', async () => {
    const struck = await strike({
      inputs: { timeout_minutes: '8' },
      faults: [every({ status: 503, body: HTML })],
    });
    expectLate(struck, 8);
    expect(struck.launches.length).toBeGreaterThan(10);
    expect(struck.error).toMatch(/^Alloovium gave no usable answer for 8 min \(last: 503\)/);
    expect(struck.error).toContain(
      `A run may have started (key \`${struck.outputs.idempotency_key}\`). Re-run this job: with \`on_rerun: resume\` it joins that run if there is one.`,
    );
    expect(struck.error).not.toContain('timeout_minutes');
    expectFewLines(struck, 8 * MINUTE);
  });

  test.concurrent.each<[string, AnswerPatch]>([
    ['a 504 in HTML', { status: 504, body: HTML }],
    ...[502, 503].map((status): [string, AnswerPatch] => [
      `a ${status} in problem+json`,
      { status, headers: { 'Content-Type': 'application/problem+json' }, body: `{"status":${status}}` },
    ]),
  ])(
    'A19: %s behind a run that the API made and did not keep, always: at most 5 runs, then red with the key',
    async (_what, answer) => {
      const struck = await strike({ faults: [{ when: { call: 'launch' }, work: 'unkept', answer }] });
      expectRed(struck, 5);
      expect(struck.api.runs).toHaveLength(5);
      expect(struck.error).toMatch(/^Alloovium gave no usable answer for \d+ s \(last: 50[234]\)/);
      expect(struck.error).toContain(`A run may have started (key \`${struck.outputs.idempotency_key}\`)`);
    },
  );

  /** The API's name, whose look-ups fail with the code for so long. */
  const unreached = (code: string, ms: number, about: Strike = {}) => {
    const inputs: Record<string, string> = { ...about.inputs };
    return strike({
      ...about,
      inputs,
      before: ({ api }) => void (inputs.api_url = `http://localhost:${api.port}`),
      preload: ['simulator/fake-dns.mjs'],
      env: { FAKE_DNS_HOST: 'localhost', FAKE_DNS_FAILURES: `${code}:${ms}` },
    });
  };

  test.concurrent.each([
    ['ECONNREFUSED', 25_000],
    ['EAI_AGAIN', 5 * MINUTE],
    ['ENOTFOUND', 25_000],
  ])('A30: %s for %d ms: tried again; one run, green', async (code, ms) => {
    const struck = await unreached(code, ms);
    expectOneRun(struck, 1);
    expect(struck.outputs.replayed).toBe('false');
    expect(struck.result.stdout).toContain(`(${code})`);
    expectFewLines(struck, ms);
  });

  test.concurrent('A30: reset at accept, eight times: one run, green', async () => {
    const certificates = createCertificates([]);
    const inputs: Record<string, string> = {};
    let connections = 0;
    let port = 0;
    const door = createServer((socket) => {
      if (++connections <= 8) {
        socket.resetAndDestroy();
        return;
      }
      const there = connect(port, '127.0.0.1');
      socket.pipe(there).pipe(socket);
      for (const end of [socket, there]) end.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const folder = mkdtempSync(join(tmpdir(), 'ca-'));
    try {
      const caFile = join(folder, 'ca.pem');
      writeFileSync(caFile, certificates.ca);
      inputs.api_url = `https://localhost:${(door.address() as AddressInfo).port}`;
      const struck = await strike({
        inputs,
        api: { tls: certificates.good },
        before: ({ api }) => void (port = api.port),
        env: { NODE_EXTRA_CA_CERTS: caFile },
      });
      expectOneRun(struck, 1);
      expect(struck.outputs.replayed).toBe('false');
      expect(saidPauses(struck.result.stdout).length).toBeGreaterThanOrEqual(5);
    } finally {
      door.close();
      rmSync(folder, { recursive: true });
    }
  });

  test.concurrent('A30: nobody listens, beyond the deadline: timed_out; nothing was started', async () => {
    const port = await unusedPort();
    const struck = await strike({
      inputs: { api_url: `http://127.0.0.1:${port}`, timeout_minutes: '3' },
    });
    expect(struck.outputs).toMatchObject({ conclusion: 'timed_out', run_id: '' });
    expect(struck.error).toMatch(
      /^Alloovium could not be reached for 3 min \(ECONNREFUSED\).* Nothing was started\. /,
    );
    expect(struck.error).not.toMatch(/may have started|timeout_minutes/);
    expectFewLines(struck, 3 * MINUTE);
  });

  test.concurrent('A30: ENOTFOUND for ever: red after a minute; nothing was started', async () => {
    const struck = await unreached('ENOTFOUND', 1e9);
    expect(struck.outputs).toMatchObject({ conclusion: 'error', run_id: '' });
    expect(struck.error).toMatch(/^Alloovium could not be reached \(ENOTFOUND\)/);
    expect(struck.error).not.toMatch(/may have started/);
    const seconds = saidSeconds(struck.result.stdout, 'error');
    expect(seconds).toBeGreaterThanOrEqual(59);
    expect(seconds).toBeLessThanOrEqual(75);
  });

  test.concurrent('A30: a 403 in HTML: sent once; red', async () => {
    const struck = await strike({ faults: [every({ status: 403, body: HTML })] });
    expectRed(struck, 1);
    expect(struck.error).toMatch(/access was denied \(403\).*where a proxy is in between, its rules/i);
  });

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
    ['invalid_api_key', /the secret holds all 60 characters/],
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
      expect(result.stdout).toMatch(/Joined run_\S+ \(\S+ \S+ old\)/);
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

  test.concurrent.each([[1], [2]])(
    'A32: on attempt %d the API tells a run of another workflow: red, before it is looked at; nothing more is launched',
    async (attempt) => {
      let old = false;
      const struck = await strike({
        api: { course: steadyCourse({ queuedMs: 0, runningMs: 1_000, ending: 'failed' }) },
        faults: [
          ({ call }) =>
            call === 'launch' && old
              ? { answer: { body: (own) => ({ ...own, workflow_id: 'wf_other' }) } }
              : undefined,
        ],
        runs: [
          ...(attempt === 1 ? [] : [{}]),
          { attempt, before: (api) => (api.advance(3_600_000), (old = true)) },
        ],
      });
      const own = struck.api.journal.slice(attempt === 1 ? 0 : -1);
      expect(own.map(({ call }) => call)).toEqual(['launch']);
      expect(struck.outputs).toMatchObject({ conclusion: 'error', run_id: '' });
      expect(struck.error).toMatch(/The API gave a run of another workflow than the one launched/);
    },
  );

  test.concurrent.each([1, 2])(
    'A32: on attempt %d the launch names no workflow, and the run turns out to be of another: red',
    async (attempt) => {
      let old = false;
      const struck = await strike({
        faults: [
          ({ call }) => {
            if (!old || (call !== 'launch' && call !== 'poll')) return undefined;
            const told = call === 'launch' ? null : 'wf_other';
            return { answer: { body: (own) => ({ ...own, workflow_id: told }) } };
          },
        ],
        runs: [
          ...(attempt === 1 ? [] : [{}]),
          { attempt, before: (api) => (api.advance(3_600_000), (old = true)) },
        ],
      });
      expect(struck.launches).toHaveLength(attempt);
      expect(struck.outputs).toMatchObject({ conclusion: 'error', gate: 'none' });
      expect(struck.error).toMatch(/The API gave a run of another workflow than the one launched/);
    },
  );

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
