/** What only a process of the bundle shows: signals, TLS, proxies, bodies on the wire, streams, memory, the event's file. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { startRelay, startServer } from '../../simulator/listeners.ts';
import { startProxy, type Proxy, type ProxyOptions } from '../../simulator/proxy.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { GREEN_OUTPUTS, TEST_KEY } from '../../simulator/vendor-example.ts';
import { HOST, issueCertificates, play, whenCalled, type Played, type Setup } from './play.ts';

const { certificates, caFile } = issueCertificates();
/** The action's 5 s, and a second for a busy machine; SIGTERM comes after 7.5 s. */
const MAX_AFTER_SIGNAL_MS = 6_000;
const CA = { NODE_EXTRA_CA_CERTS: caFile };

function expectGreen({ result, outputs, api }: Played): void {
  expect(outputs).toMatchObject({ conclusion: 'success', run_id: api.runs[0]!.id });
  expect([result.exitCode, api.runs.length]).toEqual([0, 1]);
}

function expectRed({ result, outputs, error }: Played, conclusion = 'error'): void {
  expect(outputs.conclusion).toBe(conclusion);
  expect(result.exitCode).toBe(1);
  expect(error).not.toBe('');
}

describe('a cancelled job: SIGINT, and 7.5 s later SIGTERM', () => {
  const ENDLESS = { lifecycle: [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading' }] };
  const hangingLaunch = whenCalled('launch', { wire: ['hang'] });
  const lateLaunch = whenCalled('launch', { workMs: 700 });
  const hangingPoll = whenCalled('poll', { wire: ['hang'] });
  const BUSY = { when: { call: 'launch' }, answer: { code: 'rate_limited', headers: { 'Retry-After': '60' } } } as const;
  const onStdout = (text: RegExp): NonNullable<Setup['signals']> => [{ whenStdout: text, signal: 'cancel' }];

  test.concurrent.each<[string, Setup, string, number]>([
    [
      'a launch without an answer',
      { ...hangingLaunch, signals: [{ whenDone: hangingLaunch.arrived, signal: 'cancel' }] },
      'interrupted',
      0,
    ],
    ['a launch whose answer comes', { ...lateLaunch, signals: [{ whenDone: lateLaunch.arrived, signal: 'cancel' }] }, 'interrupted', 1],
    ['a check without an answer', { ...hangingPoll, signals: [{ whenDone: hangingPoll.arrived, signal: 'cancel' }] }, 'interrupted', 1],
    ['a pause between two checks', { api: ENDLESS, signals: onStdout(/10 ?%/) }, 'interrupted', 1],
    ['a wait for tokens', { faults: [BUSY], signals: onStdout(/queueing|tokens/) }, 'interrupted', 0],
  ])('ends the step in time during %s', async (_stage, setup, conclusion, runs) => {
    const played = await play(setup);
    expectRed(played, conclusion);
    expect(played.result).toMatchObject({ signal: null, outcome: 'cancelled' });
    expect(played.result.afterSignalMs).toBeLessThan(MAX_AFTER_SIGNAL_MS);
    expect(played.outputs.run_id !== '').toBe(runs === 1);
  });

  test.concurrent('ends the step in time while GitHub does not answer', async () => {
    const called = Promise.withResolvers<undefined>();
    const stall = { on: 'list', times: 9, answer: 'stall', onArrival: () => called.resolve(undefined) } as const;
    const played = await play({
      hasComment: true,
      signals: [{ whenDone: called.promise, signal: 'cancel' }],
      prepare: ({ github }) => {
        github!.addFaults(stall);
        return {};
      },
    });
    // The verdict was known before.
    expect(played.outputs).toMatchObject({ conclusion: 'success', comment_url: '' });
    expect(played.result.afterSignalMs).toBeLessThan(MAX_AFTER_SIGNAL_MS);
  });

  test.concurrent('uses the same key when a killed step is started again', async () => {
    const launch = whenCalled('launch', { wire: ['hang'] });
    const killed = await play({ ...launch, signals: [{ whenDone: launch.arrived, signal: 'SIGKILL' }], mayLackOutputs: true });
    const again = await play();
    expect(again.api.journal[0]?.idempotencyKey).toBe(killed.api.journal[0]?.idempotencyKey);
  });
});

describe('TLS', () => {
  test.concurrent.each([
    ['has expired', certificates.expired, 'CERT_HAS_EXPIRED'],
    ['is for another name', certificates.wrongName, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('ends at once if the certificate %s', async (_what, tls, code) => {
    let port = 0;
    const door = await startRelay(() => port);
    const played = await play({
      api: { tls },
      apiUrl: () => `https://localhost:${door.port}`,
      prepare: ({ api }) => {
        ({ port } = api);
        return CA;
      },
    });
    await door.close();
    expectRed(played);
    expect(played.error).toContain(code);
    expect([door.connections(), played.api.journal.length]).toEqual([1, 0]);
  });

  test.concurrent('trusts a private CA of the runner, for the comment too', async () => {
    let port = 0;
    const front = await startRelay(() => port, certificates.good);
    const played = await play({
      hasComment: true,
      api: { tls: certificates.good },
      prepare: ({ github }) => {
        port = Number(new URL(github!.apiUrl).port);
        return { ...CA, GITHUB_API_URL: `https://localhost:${front.port}` };
      },
    });
    await front.close();
    expectGreen(played);
    expect(played.github!.comments()).toHaveLength(1);
  });

  test.concurrent('refuses to run with NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
    const played = await play({ api: { tls: certificates.expired }, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expectRed(played);
    expect(played.api.journal).toEqual([]);
  });
});

describe('proxies', () => {
  const PASSWORD = 'p@ss:w/rd+1 ü';

  /** @param environment of the proxy's URL */
  async function behind(options: ProxyOptions, environment: (proxy: Proxy) => Record<string, string>, setup: Setup = {}) {
    const hosts: Record<string, number> = {};
    const proxy = await startProxy({ ...options, hosts });
    const played = await play({
      // Waits are shortened, not skipped: the tunnel stays open between them.
      isRealTime: true,
      preload: ['simulator/fast-time.mjs', 'simulator/fake-dns.mjs'],
      env: { FAST_TIME_SPEED: '20' },
      api: { tls: certificates.good, lifecycle: steadyLifecycle({ queuedMs: 0, runningMs: 100, outputs: GREEN_OUTPUTS }) },
      apiUrl: ({ port }) => `https://${HOST}:${port}`,
      ...setup,
      prepare: ({ api, github }) => {
        hosts[HOST] = api.port;
        if (github !== null) hosts['github.simulated.example'] = Number(new URL(github.apiUrl).port);
        const ofGithub = github === null ? {} : { GITHUB_API_URL: `http://github.simulated.example:${hosts['github.simulated.example']}` };
        return { ...CA, ...ofGithub, ...environment(proxy) };
      },
    }).finally(() => proxy.close());
    const shown = [played.result.stdout, played.result.stderr, JSON.stringify(played.outputs), played.result.summary].join('\n');
    const masked = shown.replaceAll(/^::add-mask::.*$/gm, '');
    for (const spelling of [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`user:${PASSWORD}`).toString('base64')])
      expect(masked).not.toContain(spelling);
    expect(JSON.stringify(proxy.journal)).not.toContain(TEST_KEY);
    return { ...played, proxy };
  }
  const withPassword = ({ port }: Proxy) => `http://user:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;

  test.concurrent('sends every request through a proxy with credentials, the comment too', async () => {
    const environment = (proxy: Proxy) => ({ https_proxy: withPassword(proxy), http_proxy: withPassword(proxy) });
    const played = await behind({ credentials: `user:${PASSWORD}` }, environment, { hasComment: true });
    expectGreen(played);
    expect(played.result.stdout).toContain(`::add-mask::${encodeURIComponent(PASSWORD).replaceAll('%', '%25')}\n`);
    expect(played.proxy.journal.filter(({ target }) => target.startsWith(HOST))).toHaveLength(played.api.journal.length);
    expect(played.github!.comments()).toHaveLength(1);
  });

  test.concurrent('sends every request through a proxy that speaks TLS', async () => {
    const played = await behind({ tls: certificates.good }, ({ url }) => ({ https_proxy: url }));
    expectGreen(played);
    expect(played.proxy.journal).toHaveLength(played.api.journal.length);
  });

  test.concurrent('ends at once if the proxy rejects the credentials', async () => {
    const played = await behind({ credentials: 'user:another' }, (proxy) => ({ https_proxy: withPassword(proxy) }));
    expectRed(played);
    expect(played.error).toContain('407');
    expect(played.proxy.journal).toHaveLength(1);
  });

  test.concurrent('bypasses the proxy for a host of no_proxy', async () => {
    const played = await behind({}, ({ url }) => ({ https_proxy: url, no_proxy: HOST, FAKE_DNS_HOST: HOST }));
    expectGreen(played);
    expect(played.proxy.journal).toEqual([]);
  });

  test.concurrent('ends as timed_out if the proxy forwards nothing', async () => {
    const played = await behind({ isMute: true }, ({ url }) => ({ https_proxy: url }), { inputs: { timeout_minutes: '1' } });
    expectRed(played, 'timed_out');
    expect(played.result.durationMs).toBeLessThan(15_000);
  });
});

describe('bodies', () => {
  const launch = { call: 'launch', nth: 1 } as const;
  const poll = { call: 'poll', nth: 1 } as const;

  test.concurrent.each<[string, Setup]>([
    ['a launch whose body breaks off', { faults: [{ when: launch, wire: ['head', { bytes: 20 }, 'close'] }] }],
    ['a launch whose body never ends', { faults: [{ when: launch, wire: ['head', { bytes: 20 }, 'hang'] }] }],
    [
      'a launch whose answer is compressed',
      { faults: [{ when: launch, answer: { encode: gzipSync, headers: { 'Content-Encoding': 'gzip' } } }] },
    ],
    ['a 503 whose body never ends', { faults: [{ when: launch, answer: { status: 503 }, wire: ['head', { endless: 'x' }] }] }],
    ['a check whose body breaks off', { faults: [{ when: poll, wire: ['head', { bytes: 20 }, 'reset'] }] }],
    ['a check that is never answered', { faults: [{ when: poll, wire: ['hang'] }] }],
    ['sockets that stay open', { hasComment: true, faults: [{ answer: { headers: { Connection: 'keep-alive' } } }] }],
  ])('goes on after %s', async (_what, setup) => {
    const played = await play(setup);
    expectGreen(played);
    expect(played.result.exitDelayMs).toBeLessThan(2_000);
  });

  test.concurrent('reads at most 8 MiB of a check, and ends red', async () => {
    const endless = { when: { call: 'poll' }, wire: ['head', { endless: '{"outputs":"x' }] } as const;
    const played = await play({ faults: [endless], inputs: { timeout_minutes: '3' } });
    expect(played.outputs.conclusion).toMatch(/^(error|timed_out)$/);
    expect(played.result).toMatchObject({ exitCode: 1, signal: null });
    expect(played.result.peakMiB ?? 0).toBeLessThan(250);
  });

  test.concurrent('sends nothing to where a redirect points', async () => {
    const requests: string[] = [];
    const evil = await startServer(({ url = '' }, response) => response.end(requests.push(url)));
    const played = await play({ faults: [{ answer: { status: 307, headers: { Location: `http://127.0.0.1:${evil.port}` } } }] });
    await evil.close();
    expectRed(played);
    expect(requests).toEqual([]);
  });
});

describe('the runner', () => {
  const gate = { fail_if: 'nothing: size(outputs.items) == 0' };

  test.concurrent('ends with the right exit code if nobody reads the log', async () => {
    const { result, outputs } = await play({ stdout: 'closed', inputs: { fail_if: 'some: size(outputs.items) > 0' } });
    expect(outputs.conclusion).toBe('gate_failed');
    expect(result).toMatchObject({ exitCode: 1, signal: null });
  });

  test.concurrent('launches nothing without a file for outputs', async () => {
    const { result, api } = await play({ env: { GITHUB_OUTPUT: undefined }, mayLackOutputs: true });
    expect(result.exitCode).toBe(1);
    expect(api.journal).toEqual([]);
  });

  test.concurrent('launches with the key of the head if the event’s file is truncated for a second', async () => {
    const played = await play({ isRealTime: true, eventName: 'pull_request', eventTruncatedMs: 1_000 });
    expectGreen(played);
    expect(played.outputs.idempotency_key).toContain('3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2');
  });

  test.concurrent('launches nothing if the event’s file of a pull request is missing', async () => {
    const played = await play({ eventName: 'pull_request', eventPayload: null });
    expectRed(played);
    expect(played.api.journal).toEqual([]);
  });

  const texts = Array.from({ length: 70 }, (_, at) => `${at} `.repeat(38_000));
  test.concurrent('evaluates and publishes outputs of 8 MiB within 250 MiB', async () => {
    const lifecycle = steadyLifecycle({ queuedMs: 500, runningMs: 1_000, outputs: { items: [1], texts } });
    const played = await play({ api: { lifecycle }, inputs: gate });
    expectGreen(played);
    expect(played.result.peakMiB ?? 0).toBeLessThan(250);
  });

  test.concurrent('is red, with all outputs, after an error that nobody catches', async () => {
    const played = await play({
      preload: ['__tests__/processes/preload/crash.mjs'],
      env: { CRASH_AT: 'run_', CRASH_TEXT: `crashed with ${TEST_KEY}` },
    });
    expectRed(played);
    expect(played.result.signal).toBeNull();
    expect(played.result.shownLog).toMatch(/▾ Stack of the internal error\n\s+\| Error:\u200b? crashed with \*\*\*\n\s+\| {5}at /);
  });

  test.concurrent('logs only the frames of a stack if `job_summary` is false', async () => {
    const { result } = await play({
      inputs: { job_summary: 'false' },
      preload: ['__tests__/processes/preload/crash.mjs'],
      env: { CRASH_AT: 'run_', CRASH_TEXT: 'a text of the run' },
    });
    expect(result.shownLog).toMatch(/▾ Stack of the internal error\n\s+\| {5}at /);
  });

  test.concurrent('is red if nothing is left to wait for before the verdict', async () => {
    const { result, outputs } = await play({ isRealTime: true, preload: ['__tests__/processes/preload/nothing-held.mjs'] });
    expect(result.exitCode).toBe(1);
    expect(outputs.conclusion).toBe('error');
  });
});
