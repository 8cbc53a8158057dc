/** A: faults while the run is launched. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import type { Api } from '../../simulator/api.ts';
import { startEvil, unusedPort } from '../../simulator/listeners.ts';
import type { AnswerPatch, Fault } from '../../simulator/faults.ts';
import type { Entry } from '../../simulator/journal.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/seed.ts';
import { createCertificates } from '../../simulator/tls.ts';
import { strike, type Strike, type Struck } from './strike.ts';
import { saidPauses, saidSeconds } from './timing.ts';

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

/** One line a reason, and one a minute. */
function expectFewLines({ result }: Struck, ms: number): void {
  expect(saidPauses(result.stdout).length).toBeLessThanOrEqual(2 + ms / 60_000);
}

describe('A. Start', () => {
  test.concurrent('A1: ECONNREFUSED until after the second attempt: sent again; one run, green', async () => {
    const port = await unusedPort();
    let api: Api;
    let told = 0;
    // A minute later, after several refusals, somebody listens, and passes all on to the simulator.
    const door = createServer((socket) => {
      const there = connect(api.port, '127.0.0.1');
      socket.pipe(there).pipe(socket);
      for (const end of [socket, there]) end.on('error', () => undefined);
    });
    try {
      const struck = await strike({
        // A clock that leaps would come to the deadline before the door is open.
        leaps: false,
        inputs: { api_url: `http://127.0.0.1:${port}` },
        before: (servers) => void (api = servers.api),
        onLine: (line) => {
          if (/\(ECONNREFUSED\)|still waiting/.test(line) && ++told === 2) door.listen(port, '127.0.0.1');
        },
      });
      expectOneRun(struck, 1);
      expect(told).toBe(2);
      expect(struck.outputs.replayed).toBe('false');
    } finally {
      door.close();
    }
  });

  const MINUTE = 60_000;

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
      expect(saidPauses(struck.result.stdout).length).toBeLessThanOrEqual(2);
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
});
