/** A: faults while the run is launched. */
import { describe, expect, jest, test } from '@jest/globals';
import type { Api } from '../../simulator/api.ts';
import { startHostileServer, unusedPort } from '../../simulator/listeners.ts';
import { WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import { startRelay } from '../../simulator/tcp-relay.ts';
import { issueCertificates } from './certificates.ts';
import { expectGreen, runRow } from './run-row.ts';
import { loggedPauses, loggedSeconds } from './timing.ts';

jest.setTimeout(60_000);

const { certificates, caFile } = issueCertificates();
const HTML = '<html><body><h1>Bad gateway</h1></body></html>';

describe('A. Start', () => {
  test.concurrent('A1: ECONNREFUSED until after the second attempt: retried; one run, green', async () => {
    const port = await unusedPort();
    let api: Api;
    let reported = 0;
    const doors: ReturnType<typeof startRelay>[] = [];
    try {
      const played = await runRow({
        // A clock that skips waits would reach the deadline before the API listens again.
        skipsWaits: false,
        apiUrl: () => `http://127.0.0.1:${port}`,
        before: (servers) => void (api = servers.api),
        onLine: (line) => {
          // The API listens again a minute later, after several refusals.
          if (line.includes('ECONNREFUSED') && ++reported === 2)
            doors.push(startRelay(() => api.port, { port }));
        },
      });
      expectGreen(played);
      expect(reported).toBe(2);
      expect(played.outputs.replayed).toBe('false');
    } finally {
      for (const door of doors) await (await door).close();
    }
  });

  const MINUTE = 60_000;

  /** Makes DNS look-ups of the API's name fail with the code for so long. */
  const unreached = (code: string, ms: number) =>
    runRow({
      apiUrl: ({ port }) => `http://localhost:${port}`,
      preload: ['simulator/fake-dns.mjs'],
      env: { FAKE_DNS_HOST: 'localhost', FAKE_DNS_FAILURES: `${code}:${ms}` },
    });

  test.concurrent.each([
    ['ECONNREFUSED', 25_000],
    ['EAI_AGAIN', 5 * MINUTE],
    ['ENOTFOUND', 25_000],
  ])('A30: %s for %d ms: retried; one run, green', async (code, ms) => {
    const played = await unreached(code, ms);
    expectGreen(played);
    expect(played.outputs.replayed).toBe('false');
    expect(played.result.stdout).toContain(`(${code})`);
    // One log line for each reason, and one for each minute.
    expect(loggedPauses(played.result.stdout).length).toBeLessThanOrEqual(2 + ms / MINUTE);
  });

  test.concurrent('A30: reset at accept, eight times: one run, green', async () => {
    let port = 0;
    const door = await startRelay((nth) => (nth <= 8 ? null : port));
    try {
      const played = await runRow({
        apiUrl: () => `https://localhost:${door.port}`,
        api: { tls: certificates.good },
        before: ({ api }) => void (port = api.port),
        env: { NODE_EXTRA_CA_CERTS: caFile },
      });
      expectGreen(played);
      expect(played.outputs.replayed).toBe('false');
      expect(loggedPauses(played.result.stdout).length).toBeLessThanOrEqual(2);
    } finally {
      await door.close();
    }
  });

  test.concurrent.each<[string, string, Parameters<typeof startRelay>[1]]>([
    ['accepted', 'http://127.0.0.1', {}],
    ['accepted and TLS finished', 'https://localhost', { tls: certificates.good }],
  ])('A33: reset once %s, for 25 s: five sends take longer; one run, green', async (_, origin, options) => {
    let api: Api;
    let firstAt: number | null = null;
    const door = await startRelay(() => {
      firstAt ??= api.elapsed();
      return api.elapsed() - firstAt < 25_000 ? null : api.port;
    }, options);
    try {
      const played = await runRow({
        // The API's clock cannot follow a clock that skips waits while no request reaches it.
        skipsWaits: false,
        apiUrl: () => `${origin}:${door.port}`,
        before: (servers) => void (api = servers.api),
        env: { NODE_EXTRA_CA_CERTS: caFile },
      });
      expectGreen(played);
      expect(played.result.stdout).toMatch(
        / the connection failed \(\w+\); retrying in [23] s, up to 4 times$/m,
      );
    } finally {
      await door.close();
    }
  });

  test.concurrent('A30: ENOTFOUND always: red after a minute; nothing was started', async () => {
    const played = await unreached('ENOTFOUND', 1e9);
    expect(played.outputs).toMatchObject({ conclusion: 'error', run_id: '' });
    expect(played.error).toMatch(/^Alloovium could not be reached \(ENOTFOUND\)/);
    expect(played.error).not.toMatch(/may have started/);
    const seconds = loggedSeconds(played.result.stdout, 'error');
    expect(seconds).toBeGreaterThanOrEqual(59);
    expect(seconds).toBeLessThanOrEqual(75);
  });

  test.concurrent(
    'A20: 504 while the origin finishes and keeps the answer: 409, then the replay; one run',
    async () => {
      // The origin goes on working between the requests.
      const played = await runRow({
        skipsWaits: false,
        faults: [
          {
            when: { call: 'launch', nth: 1 },
            work: 'done',
            workMs: 12_000,
            answer: { status: 504, body: HTML },
          },
        ],
      });
      const statuses = played.launches.map(({ status }) => status);
      expectGreen(played, statuses.length);
      expect([statuses[0], statuses[1], statuses.at(-1)]).toEqual([504, 409, 201]);
      expect(played.outputs.replayed).toBe('true');
    },
  );

  const TARGETS: Record<string, (url: string, evil: number) => string> = {
    'another host': (_url, evil) => `http://localhost:${evil}/`,
    itself: (url) => `${url}/api/v2/workflows/${WORKFLOW_ID}/runs`,
  };

  test.concurrent.each(
    [302, 307].flatMap((status) => Object.keys(TARGETS).map((target) => [status, target] as const)),
  )('A27: %d to %s: not followed; red', async (status, target) => {
    const evil = await startHostileServer();
    try {
      const played = await runRow({
        before: ({ api }) => {
          const location = TARGETS[target]!(api.url, evil.port);
          api.faults.push({ when: {}, answer: { status, headers: { Location: location }, body: HTML } });
        },
      });
      expect(played.result.exitCode).toBe(1);
      expect(played.outputs).toMatchObject({ conclusion: 'error', run_id: '' });
      expect(played.api.journal).toHaveLength(1);
      expect(evil.requests).toEqual([]);
      expect(played.error).toMatch(/redirect, which is never followed/);
    } finally {
      await evil.close();
    }
  });
});
