/** D: connections, TLS, proxies, and malformed bodies. */
import { describe, expect, jest, test } from '@jest/globals';
import { startApi, type Api } from '../../simulator/api.ts';
import { scaledLimitMs } from '../../simulator/invariants.ts';
import { startHostileServer } from '../../simulator/listeners.ts';
import type { AnswerPatch } from '../../simulator/faults.ts';
import { startProxy, type Proxy, type ProxyOptions } from '../../simulator/proxy.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY } from '../../simulator/vendor-example.ts';
import type { Identity } from '../../simulator/tls.ts';
import { startRelay } from '../../simulator/tcp-relay.ts';
import { issueCertificates } from './certificates.ts';
import { expectGreen, runRow, TOKEN, TOWER, type RowSetup, type RowResult } from './run-row.ts';
import { expectBetween, durations, loggedSeconds } from './timing.ts';

jest.setTimeout(60_000);

/** Host names that the machine cannot resolve. */
const HOST = 'api.simulated.example';
const GITHUB_HOST = 'github.simulated.example';

const { certificates, caFile } = issueCertificates(HOST);

/** Expects red, and no request to the API. */
function expectNothingSent({ result, outputs, api, error }: RowResult): void {
  expect(result.exitCode).toBe(1);
  expect(outputs).toMatchObject({ conclusion: 'error', run_id: '' });
  expect(api.journal).toEqual([]);
  expect(error).not.toBe('');
}

function expectShownNowhere({ result, outputs, github }: RowResult, ...texts: string[]): void {
  const places = [
    result.stdout.replaceAll(/^::add-mask::.*$/gm, ''),
    result.stderr,
    JSON.stringify(outputs),
    result.summary,
    JSON.stringify(github?.comments() ?? ''),
  ];
  for (const text of texts) for (const place of places) expect(place).not.toContain(text);
}

const failedPolls = ({ result }: RowResult) =>
  [...result.stdout.matchAll(/status check failed \((.*)\)/g)].map(([, why]) =>
    why?.replaceAll('\u200b', ''),
  );

test.concurrent.each([302, 307])(
  'D1: every poll %d to another host: never followed; red after 3; nobody else sees anything',
  async (status) => {
    const evil = await startHostileServer();
    try {
      const played = await runRow({
        faults: [
          {
            when: { call: 'poll' },
            answer: { status, headers: { Location: `http://localhost:${evil.port}/` } },
          },
        ],
      });
      const { result, outputs, launches, polls, error, api } = played;
      expect(result.exitCode).toBe(1);
      expect(outputs).toMatchObject({ conclusion: 'error', run_id: api.runs[0]!.id });
      expect([launches.length, polls.length, api.journal.length]).toEqual([1, 3, 4]);
      expect(evil.requests).toEqual([]);
      expect(error).toMatch(/redirect, which is never followed \(\d+\)/);
      expect(error).toContain(String(status));
    } finally {
      await evil.close();
    }
  },
);

describe('D. TLS', () => {
  const BAD: readonly (readonly [string, Identity, NodeJS.ProcessEnv, string])[] = [
    ['expired', certificates.expired, { NODE_EXTRA_CA_CERTS: caFile }, 'CERT_HAS_EXPIRED'],
    ['self-signed', certificates.selfSigned, {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [
      'for another name',
      certificates.wrongName,
      { NODE_EXTRA_CA_CERTS: caFile },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
  ];

  test.concurrent.each(BAD)(
    'D3: a certificate %s: red at once, the code named, no second attempt',
    async (_what, tls, env, code) => {
      let port = 0;
      const door = await startRelay(() => port);
      try {
        const played = await runRow({
          api: { tls },
          apiUrl: () => `https://localhost:${door.port}`,
          before: ({ api }) => void (port = api.port),
          env,
        });
        expectNothingSent(played);
        expect(played.error).toContain(`certificate was not accepted (${code})`);
        expect(played.error).toContain('NODE_EXTRA_CA_CERTS');
        expect(door.connections()).toBe(1);
      } finally {
        await door.close();
      }
    },
  );

  test.concurrent(
    'D3: a certificate that is bad from the first poll on: red at once, the run named',
    async () => {
      const impostor = await startApi({ tls: certificates.expired });
      let port = 0;
      const door = await startRelay((nth) => (nth === 1 ? port : impostor.port));
      try {
        const played = await runRow({
          api: { tls: certificates.good },
          apiUrl: () => `https://localhost:${door.port}`,
          before: ({ api }) => void (port = api.port),
          env: { NODE_EXTRA_CA_CERTS: caFile },
        });
        expect(played.result.exitCode).toBe(1);
        expect(played.outputs).toMatchObject({ conclusion: 'error', run_id: played.api.runs[0]!.id });
        expect(played.error).toContain('(CERT_HAS_EXPIRED)');
        expect(door.connections()).toBe(2);
        expect(impostor.journal).toEqual([]);
      } finally {
        await door.close();
        await impostor.close();
      }
    },
  );

  test.concurrent('D3: a server without TLS at an `https:` URL: red at once', async () => {
    const played = await runRow({ apiUrl: ({ port }) => `https://localhost:${port}` });
    expectNothingSent(played);
    expect(played.error).toMatch(/^The server does not speak TLS \((EPROTO|ERR_SSL_WRONG_VERSION_NUMBER)\)/);
  });

  test.concurrent(
    'D3: a record that is no TLS after the handshake: retried as a broken connection',
    async () => {
      let port = 0;
      const door = await startRelay(() => port, { isGarbled: true });
      const played = await runRow({
        api: { tls: certificates.good },
        apiUrl: () => `https://localhost:${door.port}`,
        before: ({ api }) => void (port = api.port),
        env: { NODE_EXTRA_CA_CERTS: caFile },
        ignoredViolations: ['I5: the run ID was learnt'],
      }).finally(() => door.close());
      expect(played.error).toMatch(/A run may have started/);
      expect(door.connections()).toBe(5);
    },
  );

  test.concurrent('D3: NODE_TLS_REJECT_UNAUTHORIZED=0: refused before any request', async () => {
    const played = await runRow({
      api: { tls: certificates.expired },
      github: TOWER,
      eventName: 'pull_request',
      inputs: { comment: 'always' },
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    });
    expectNothingSent(played);
    // The server does not get the token either.
    expect(played.github?.journal).toEqual([]);
    expect(played.error).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0 is set');
    expect(played.error).toContain('NODE_EXTRA_CA_CERTS');
  });

  test.concurrent('D4: a private CA through NODE_EXTRA_CA_CERTS: works, for the comment too', async () => {
    let githubPort = 0;
    const front = await startRelay(() => githubPort, { tls: certificates.good });
    const env = { NODE_EXTRA_CA_CERTS: caFile, GITHUB_API_URL: `https://localhost:${front.port}` };
    try {
      const played = await runRow({
        speed: 10,
        api: { tls: certificates.good },
        github: TOWER,
        eventName: 'pull_request',
        inputs: { comment: 'always' },
        env,
        before: ({ github }) => void (githubPort = Number(new URL(github!.apiUrl).port)),
      });
      expectGreen(played);
      expect(played.api.url).toMatch(/^https:/);
      expect(played.github!.comments()).toHaveLength(1);
      expect(played.result.annotations).toEqual([]);
    } finally {
      await front.close();
    }
  });
});

/** Runs the action with an API that only the proxy can reach, by a name that only the proxy resolves. */
async function runBehindProxy(
  options: Omit<ProxyOptions, 'hosts'>,
  about: RowSetup & {
    /** Default: `https_proxy` with the proxy's URL. */
    readonly proxyEnv?: (proxy: Proxy, api: Api) => Record<string, string>;
    readonly onProxy?: (hosts: Record<string, number>, api: Api) => void;
    /** The client could reach the API without the proxy. */
    readonly direct?: boolean;
    readonly isLoopback?: boolean;
  } = {},
): Promise<RowResult & { proxy: Proxy }> {
  const hosts: Record<string, number> = {};
  const proxy = await startProxy(Object.assign(options, { hosts }));
  const env: Record<string, string | undefined> = {
    NODE_EXTRA_CA_CERTS: caFile,
    FAKE_DNS_HOST: about.direct === true ? HOST : '',
    ...about.env,
  };
  try {
    const played = await runRow({
      ...about,
      api: { tls: certificates.good, ...about.api },
      env,
      preload: ['simulator/fake-dns.mjs'],
      apiUrl: ({ url, port }) => (about.isLoopback === true ? url : `https://${HOST}:${port}`),
      before: (servers) => {
        const { api, github } = servers;
        hosts[HOST] = api.port;
        if (github !== null) {
          hosts[GITHUB_HOST] = Number(new URL(github.apiUrl).port);
          env.GITHUB_API_URL ??= `http://${GITHUB_HOST}:${hosts[GITHUB_HOST]}`;
        }
        Object.assign(env, about.proxyEnv?.(proxy, api) ?? { https_proxy: proxy.url });
        about.onProxy?.(hosts, api);
      },
    });
    return { ...played, proxy };
  } finally {
    await proxy.close();
  }
}

describe('D. Proxies', () => {
  test.concurrent(
    'D5: `https_proxy`, a host that only the proxy resolves: every request goes through it',
    async () => {
      const played = await runBehindProxy({});
      const { proxy, api } = played;
      expectGreen(played);
      expect(proxy.journal.map(({ method, target, status }) => [method, target, status])).toEqual(
        api.journal.map(() => ['CONNECT', `${HOST}:${api.port}`, 200]),
      );
      // The proxy sees neither the API key nor other data of the action.
      expect(JSON.stringify(proxy.journal)).not.toContain(TEST_KEY);
      for (const { headers } of proxy.journal) expect(headers).not.toHaveProperty('authorization');
    },
  );

  const PASSWORD = 'p@ss:w/rd+1 ü';
  const ENCODED = encodeURIComponent(PASSWORD);
  const spellings = [
    PASSWORD,
    ENCODED,
    Buffer.from(`proxyuser:${PASSWORD}`).toString('base64'),
    Buffer.from(PASSWORD).toString('base64').replace(/=+$/, ''),
  ];

  test.concurrent('D5: credentials that are right: used, and shown nowhere', async () => {
    const played = await runBehindProxy(
      { credentials: `proxyuser:${PASSWORD}` },
      {
        proxyEnv: ({ port }) => ({ https_proxy: `http://proxyuser:${ENCODED}@127.0.0.1:${port}` }),
        // No deprecation warning of Node (DEP0005).
        env: { NODE_OPTIONS: '--throw-deprecation' },
      },
    );
    expectGreen(played);
    expect(played.proxy.journal.every(({ status }) => status === 200)).toBe(true);
    expectShownNowhere(played, ...spellings);
    for (const { headers } of played.api.journal) expect(headers).not.toHaveProperty('proxy-authorization');
  });

  test.concurrent(
    'D5: credentials that are wrong (407): red at once, the status named, and shown nowhere',
    async () => {
      const played = await runBehindProxy(
        { credentials: 'proxyuser:another' },
        { proxyEnv: ({ port }) => ({ https_proxy: `http://proxyuser:${ENCODED}@127.0.0.1:${port}` }) },
      );
      expectNothingSent(played);
      expect(played.error).toContain('The proxy rejected the connection (407)');
      expect(played.error).toMatch(/user name and password in the proxy variables/);
      expect(played.proxy.journal.map(({ status }) => status)).toEqual([407]);
      expectShownNowhere(played, ...spellings);
    },
  );

  test.concurrent('D5: `https:` to a proxy that speaks no TLS: red at once, the proxy named', async () => {
    const played = await runBehindProxy(
      {},
      { proxyEnv: ({ port }) => ({ https_proxy: `https://127.0.0.1:${port}` }) },
    );
    expectNothingSent(played);
    expect(played.error).toMatch(/^The proxy rejected the connection/);
  });

  test.concurrent('D5: 502 of the proxy, always: timed_out; nothing may have started', async () => {
    // At a higher speed the last attempt, which is limited to 4 s, could time out on a busy machine.
    const played = await runBehindProxy(
      { fault: 'bad-gateway' },
      { speed: 10, inputs: { timeout_minutes: '2' } },
    );
    expect(played.outputs).toMatchObject({ conclusion: 'timed_out', run_id: '' });
    expect(played.api.journal).toEqual([]);
    expect(played.error).toMatch(/^Alloovium could not be reached for 2 min \(502 of the proxy\)/);
    expect(played.error).not.toMatch(/may have started/);
    expect(played.proxy.journal.length).toBeGreaterThan(6);
  });

  test.concurrent('D5: 502 of the proxy, twice, and at two polls: goes on; green', async () => {
    let known: Record<string, number> = {};
    let failures = 0;
    const played = await runBehindProxy(
      {},
      {
        // A clock that skips waits would reach the deadline before the proxy is back.
        skipsWaits: false,
        onProxy: (hosts) => {
          known = hosts;
          hosts[`was ${HOST}`] = hosts[HOST]!;
          Reflect.deleteProperty(hosts, HOST);
        },
        onLine: (line) => {
          // The log has the reason once, and a minute later, after several attempts, that the wait continues.
          const back = /\(502\)|still failing/.test(line) && ++failures % 2 === 0;
          if (back) known[HOST] = known[`was ${HOST}`]!;
          if (line.includes('Started run_')) Reflect.deleteProperty(known, HOST);
        },
      },
    );
    expectGreen(played);
    expect(failures).toBeGreaterThanOrEqual(4);
    expect(played.outputs.replayed).toBe('false');
  });

  test.concurrent(
    'D5: a proxy that is mute after CONNECT: `timed_out` in time; nothing is left open',
    async () => {
      const speed = 40;
      const played = await runBehindProxy({ fault: 'mute' }, { speed, inputs: { timeout_minutes: '1.5' } });
      const { result, outputs, proxy, api, error } = played;
      expect(result.exitCode).toBe(1);
      expect(outputs).toMatchObject({ conclusion: 'timed_out', run_id: '' });
      expect(error).toMatch(/^Alloovium could not be reached for 1 min 30 s \(ETIMEDOUT\)/);
      expect(api.journal).toEqual([]);
      // An attempt of 75 s and one with the remaining time, or in reverse order after a long pause.
      expect(proxy.journal).toHaveLength(2);
      expectBetween(loggedSeconds(result.stdout, 'timed_out') * 1_000, 89_000, 93_500, speed);
      expect(proxy.openSockets()).toBe(0);
    },
  );

  test.concurrent(
    'D5: a proxy that falls silent at a poll: the poll ends at 15 s; goes on; green',
    async () => {
      const speed = 30;
      const options: { fault?: 'mute' } = {};
      const played = await runBehindProxy(options, {
        speed,
        onLine: (line) => {
          if (line.includes('Started run_')) options.fault = 'mute';
          if (line.includes('status check failed (Alloovium could not be reached')) delete options.fault;
        },
      });
      expectGreen(played);
      expect(failedPolls(played)).toEqual(['Alloovium could not be reached (ETIMEDOUT)']);
      // 2 s, the poll of 15 s, 2 to 5 s.
      const launch = played.launches[0]!;
      const poll = played.polls[0]!;
      expectBetween(poll.at - launch.endedAt!, 19_000, 22_500, speed);
    },
  );

  // The API would be reached without the proxy.
  test.concurrent('D5: a proxy URL with SOCKS: red, not bypassed, and not shown', async () => {
    const played = await runBehindProxy(
      {},
      {
        direct: true,
        proxyEnv: ({ port }) => ({ https_proxy: `socks5://hunter2hunter2@127.0.0.1:${port}` }),
      },
    );
    expectNothingSent(played);
    expect(played.proxy.journal).toEqual([]);
    expect(played.error).toContain('The proxy variable https_proxy');
    expectShownNowhere(played, 'hunter2');
  });

  test.concurrent('D5: `no_proxy` names the host: bypassed', async () => {
    const played = await runBehindProxy(
      {},
      { direct: true, proxyEnv: ({ url }) => ({ https_proxy: url, no_proxy: HOST }) },
    );
    expectGreen(played);
    expect(played.proxy.journal).toEqual([]);
  });

  test.concurrent('D5: a loopback API and a proxy: not asked', async () => {
    const played = await runBehindProxy(
      {},
      { isLoopback: true, proxyEnv: ({ url }) => ({ https_proxy: url, http_proxy: url }) },
    );
    expectGreen(played);
    expect(played.api.url).toMatch(/^https:\/\/localhost:/);
    expect(played.proxy.journal).toEqual([]);
  });
});

describe('D. Proxies before GitHub', () => {
  const COMMENT = {
    speed: 4,
    github: TOWER,
    eventName: 'pull_request',
    inputs: { comment: 'always' },
    api: { lifecycle: steadyLifecycle({ queuedMs: 0, runningMs: 1_000 }) },
  } as const satisfies RowSetup;
  const toGithub = ({ proxy }: { proxy: Proxy }) =>
    proxy.journal.filter(({ target }) => target.includes(GITHUB_HOST));
  const warnings = ({ result }: RowResult) => result.annotations.map(({ message }) => message);

  test.concurrent('D5: the comment goes through the proxy as well, with its credentials', async () => {
    const played = await runBehindProxy(
      { credentials: 'proxyuser:hunter2:hunter2' },
      {
        ...COMMENT,
        proxyEnv: ({ port }) => {
          const url = `http://proxyuser:hunter2%3Ahunter2@127.0.0.1:${port}`;
          return { https_proxy: url, http_proxy: url };
        },
      },
    );
    expectGreen(played);
    expect(played.github!.comments()).toHaveLength(1);
    expect(toGithub(played).length).toBeGreaterThan(0);
    expect(toGithub(played).every(({ status }) => status === 200)).toBe(true);
    expect(JSON.stringify(played.proxy.journal)).not.toContain(TEST_KEY);
    expectShownNowhere(played, 'hunter2:hunter2', 'hunter2%3Ahunter2');
  });

  test.concurrent('D5: a malformed proxy before GitHub alone: no comment, a warning; green', async () => {
    const played = await runBehindProxy(
      {},
      {
        ...COMMENT,
        env: { FAKE_DNS_HOST: GITHUB_HOST },
        proxyEnv: ({ url }) => ({ https_proxy: url, http_proxy: 'socks://hunter2hunter2' }),
      },
    );
    expectGreen(played);
    expect(played.github!.journal).toEqual([]);
    expect(warnings(played)).toEqual([
      expect.stringContaining('The proxy variable http_proxy is not the URL'),
    ]);
    expectShownNowhere(played, 'hunter2hunter2');
  });

  test.concurrent.each([
    ['502', { fault: 'bad-gateway' }],
    ['silence behind CONNECT', { fault: 'mute' }],
  ] as const)(
    'D5: %s of the proxy before GitHub: no comment, a warning; green, in time',
    async (_what, fault) => {
      const other = await startProxy(fault);
      try {
        const played = await runBehindProxy(
          {},
          {
            ...COMMENT,
            proxyEnv: ({ url }) => ({
              https_proxy: url,
              http_proxy: `http://proxyuser:hunter2hunter2@127.0.0.1:${other.port}`,
            }),
          },
        );
        expectGreen(played);
        expect(played.github!.journal).toEqual([]);
        expect(warnings(played)).toEqual([expect.stringContaining('The comment was not written')]);
        expect(other.journal.length).toBeGreaterThan(0);
        expect(other.openSockets()).toBe(0);
        expectShownNowhere(played, 'hunter2hunter2');
        // At most 20 s of a clock that is four times as fast.
        expect(played.result.durationMs).toBeLessThan(5_000 + scaledLimitMs(6_000, played.result));
      } finally {
        await other.close();
      }
    },
  );
});

test.concurrent.each<[string, AnswerPatch, string]>([
  ['100 MB announced and sent', { headers: { 'Content-Length': String(100 * 2 ** 20) } }, 'x'],
  ['chunks without end', { chunked: true }, ' '],
])('D7: a poll of %s: stopped at 8 MiB, red at once', async (_what, answer, endless) => {
  const played = await runRow({
    faults: [{ when: { call: 'poll', nth: 1 }, answer, wire: ['head', { endless }] }],
    speed: 10,
  });
  const { result, outputs, polls, error, api } = played;
  expect(result.exitCode).toBe(1);
  expect(outputs).toMatchObject({ conclusion: 'error', run_id: api.runs[0]!.id });
  expect(error).toContain('The answer is larger than 8 MiB');
  expect(polls).toHaveLength(1);
  // The client closed the socket: the simulator would never have ended it.
  expect(polls[0]!.endedAt).not.toBeNull();
  expect(result.exitDelayMs).toBeLessThan(scaledLimitMs(1_000, result));
  expect(result.peakMiB ?? 0).toBeLessThan(200);
});

describe('D. Sockets', () => {
  test.concurrent(
    'D10: no connection is used twice, so none can be closed just when it is reused',
    async () => {
      const played = await runRow({
        api: { lifecycle: steadyLifecycle({ runningMs: 60_000 }) },
        faults: [{ answer: { headers: { Connection: 'keep-alive' } } }],
      });
      expectGreen(played);
      expect(played.polls.length).toBeGreaterThan(1);
      expect(played.api.journal.filter(({ isReused }) => isReused)).toEqual([]);
    },
  );

  test.concurrent(
    'D11: 503 with an endless body: the body is abandoned after a second; retried',
    async () => {
      const played = await runRow({
        speed: 1,
        api: { lifecycle: steadyLifecycle({ queuedMs: 0, runningMs: 500 }) },
        faults: [
          {
            when: { call: 'launch', nth: 1 },
            answer: { status: 503, chunked: true },
            wire: ['head', { endless: 'x' }],
          },
        ],
      });
      expectGreen(played, 2);
      expect(durations(played.launches)[0]).toBeLessThan(1_400);
    },
  );

  test.concurrent(
    'D12: API and GitHub keep every socket open: the process ends with its last word',
    async () => {
      const played = await runRow({
        speed: 2,
        github: TOWER,
        eventName: 'pull_request',
        inputs: { comment: 'always' },
        api: { lifecycle: steadyLifecycle({ queuedMs: 0, runningMs: 500 }) },
        faults: [{ answer: { headers: { Connection: 'keep-alive', 'Keep-Alive': 'timeout=600' } } }],
      });
      expectGreen(played);
      expect(played.github!.comments()).toHaveLength(1);
      expect(played.result.exitDelayMs).toBeLessThan(scaledLimitMs(1_000, played.result));
      expect(JSON.stringify(played.github!.journal.map(({ headers }) => headers))).toContain(TOKEN);
    },
  );

  test.concurrent(
    'D12: red from a stalled body, sockets open: the process ends with its last word',
    async () => {
      const played = await runRow({
        faults: [{ when: { call: 'poll' }, wire: ['head', { bytes: 5 }, 'hang'] }],
        inputs: { timeout_minutes: '0.5' },
      });
      expect(played.outputs.conclusion).toBe('timed_out');
      expect(played.result.exitDelayMs).toBeLessThan(scaledLimitMs(1_000, played.result));
    },
  );
});
