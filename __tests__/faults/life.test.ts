/**
 * H: the process's life cycle: signals, crashes, closed streams, little memory. The limits apply to real processes, so signals are
 * tested in real time; this takes seconds, since all runs here are short.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { scaledLimitMs } from '../../simulator/invariants.ts';
import { startSilentServer } from '../../simulator/listeners.ts';
import type { Fault } from '../../simulator/faults.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import { GREEN_OUTPUTS, TEST_KEY } from '../../simulator/vendor-example.ts';
import { runRow, TOWER, type RowSetup, type RowResult } from './run-row.ts';

jest.setTimeout(60_000);

const SECOND: Lifecycle = steadyLifecycle({ queuedMs: 200, runningMs: 800, outputs: GREEN_OUTPUTS });
const ENDLESS: Lifecycle = [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading' }];
/** Options for real time, since the limits are in real time. */
const REAL_TIME = { speed: 1, timeoutMs: 15_000 } as const;

interface EventTime {
  readonly come: Promise<unknown>;
  /** ms of the monotonic clock. */
  readonly at: () => number;
  readonly now: () => void;
}
function recordTime(): EventTime {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  let time = Number.NaN;
  return {
    come: promise,
    at: () => time,
    now: () => {
      if (Number.isNaN(time)) time = performance.now();
      resolve(time);
    },
  };
}

/** The signal arrives while the launch is in flight; `then` is the rest of the answer's wire. */
function signalInFlight(
  signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'cancel',
  then: Fault = { wire: ['hang'] },
): RowSetup {
  const launched = recordTime();
  return {
    ...REAL_TIME,
    api: { lifecycle: ENDLESS },
    faults: [
      {
        when: {
          call: 'launch',
          match: () => {
            launched.now();
            return true;
          },
        },
        ...then,
      },
    ],
    signals: [{ whenDone: launched.come, signal }],
  };
}

const after = (ms: number) => () => new Promise((resolve) => setTimeout(resolve, ms));

/** The signal arrives half a second after the first poll (and the call for the name, which follows it), long before the next poll. */
function signalAsleep(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'cancel'): RowSetup {
  const shown = recordTime();
  return {
    ...REAL_TIME,
    api: { lifecycle: ENDLESS },
    preload: ['__tests__/faults/preload/awake.mjs'],
    onLine: (line) => {
      if (line.includes('10 %')) shown.now();
    },
    signals: [{ whenDone: shown.come.then(after(500)), signal }],
  };
}
const awakeMs = (temp: string) => Number(readFileSync(join(temp, 'awake'), 'utf8'));

const signalName = (signal: string) => (signal === 'cancel' ? 'SIGINT' : signal);

describe('H. Signals', () => {
  test.concurrent.each([
    ['H1', 'SIGINT'],
    ['H4', 'SIGTERM'],
  ] as const)(
    '%s: %s while the launch is in flight and no answer comes: at most 3 s for it, no second attempt',
    async (_row, signal) => {
      const { result, outputs, launches, polls, error } = await runRow(signalInFlight(signal));
      expect(result).toMatchObject({ exitCode: 1, signal: null });
      expect(result.afterSignalMs).toBeGreaterThan(2_500);
      expect(result.afterSignalMs).toBeLessThan(scaledLimitMs(5_000, result));
      expect([launches.length, polls.length]).toEqual([1, 0]);
      expect(outputs).toMatchObject({ conclusion: 'interrupted', run_id: '' });
      expect(error).toContain(
        `No verdict: the runner stopped this step. A run may have started (key \`${outputs.idempotency_key ?? '?'}\`)`,
      );
      expect(result.stdout).toContain(`The runner stopped this step (${signal}).`);
    },
  );

  test.concurrent.each([
    ['H1', 'SIGINT'],
    ['H4', 'SIGTERM'],
  ] as const)(
    '%s: %s while the launch is in flight, the answer comes: its ID is an output',
    async (_row, signal) => {
      const { result, outputs, api, polls, error } = await runRow(signalInFlight(signal, { workMs: 700 }));
      expect(result).toMatchObject({ exitCode: 1, signal: null });
      expect(result.afterSignalMs).toBeLessThan(scaledLimitMs(2_500, result));
      expect(polls).toEqual([]);
      expect(outputs).toMatchObject({ conclusion: 'interrupted', run_id: api.runs[0]!.id });
      expect(result.stdout).toContain(api.runs[0]!.id);
      expect(error).toContain(
        `Run ${api.runs[0]!.id} goes on at Alloovium: re-run this job, and it joins it.`,
      );
    },
  );

  test.concurrent.each<[string, Fault]>([
    ['is cut', { wire: [{ waitMs: 500 }, 'reset'] }],
    ['is a 429', { answer: { code: 'rate_limited' }, wire: [{ waitMs: 500 }, 'head', 'body'] }],
  ])(
    'H1: SIGINT while the launch is in flight, and its answer %s: no second attempt',
    async (_name, then) => {
      const { result, outputs, launches } = await runRow(signalInFlight('SIGINT', then));
      expect(result.exitCode).toBe(1);
      expect(result.afterSignalMs).toBeLessThan(scaledLimitMs(3_000, result));
      expect(launches).toHaveLength(1);
      expect(outputs.conclusion).toBe('interrupted');
    },
  );

  test.concurrent(
    'A35: SIGINT while the launch is in flight, and its answer names another workflow: a run may have started, with the key',
    async () => {
      const body = (own: Record<string, unknown>) => ({ ...own, workflow_id: 'wf_other' });
      const { result, outputs, launches, error } = await runRow(
        signalInFlight('SIGINT', { answer: { body }, wire: [{ waitMs: 500 }, 'head', 'body'] }),
      );
      expect(result.exitCode).toBe(1);
      expect(launches).toHaveLength(1);
      expect(outputs).toMatchObject({ conclusion: 'interrupted', run_id: '' });
      expect(error).toContain(`A run may have started (key \`${outputs.idempotency_key ?? '?'}\`)`);
    },
  );

  test.concurrent.each([
    ['H2', 'SIGINT'],
    ['H4', 'SIGTERM'],
    ['H4', 'SIGHUP'],
    ['H9', 'cancel'],
  ] as const)(
    '%s: %s while asleep: awake at once, gone in 2 s, the remote run continues',
    async (_row, signal) => {
      const { result, outputs, api, error } = await runRow(signalAsleep(signal));
      expect(result).toMatchObject({ exitCode: 1, signal: null });
      expect(awakeMs(result.temp)).toBeLessThan(scaledLimitMs(100, result));
      expect(result.afterSignalMs).toBeLessThan(scaledLimitMs(2_000, result));
      // No request was in flight.
      expect(api.journal.map(({ call }) => call)).toEqual(['launch', 'poll']);
      expect(api.journal.every(({ endedAt }) => endedAt !== null)).toBe(true);
      expect(outputs).toMatchObject({
        conclusion: 'interrupted',
        run_id: api.runs[0]!.id,
        status: 'running',
      });
      expect(error).toContain(
        `Run ${api.runs[0]!.id} goes on at Alloovium: re-run this job, and it joins it.`,
      );
      expect(result.stdout).toContain(`The runner stopped this step (${signalName(signal)}).`);
    },
  );

  test.concurrent('H2: SIGINT while it queues for tokens: gone in 2 s, nothing was launched', async () => {
    const { result, outputs, error } = await runRow({
      ...REAL_TIME,
      faults: [
        { when: { call: 'launch' }, answer: { code: 'rate_limited', headers: { 'Retry-After': '60' } } },
      ],
      signals: [{ whenStdout: /queueing/, signal: 'SIGINT' }],
    });
    expect(result).toMatchObject({ exitCode: 1, signal: null });
    expect(result.afterSignalMs).toBeLessThan(scaledLimitMs(2_000, result));
    expect(outputs).toMatchObject({ conclusion: 'interrupted', run_id: '' });
    expect(error).toContain('Nothing was started: re-run this job.');
  });

  test.concurrent('H2: SIGINT during a poll that never ends: gone in 2 s', async () => {
    const polled = recordTime();
    const { result, outputs } = await runRow({
      ...REAL_TIME,
      faults: [
        {
          when: {
            call: 'poll',
            match: () => {
              polled.now();
              return true;
            },
          },
          wire: ['hang'],
        },
      ],
      signals: [{ whenDone: polled.come, signal: 'SIGINT' }],
    });
    expect(result.exitCode).toBe(1);
    expect(result.afterSignalMs).toBeLessThan(scaledLimitMs(2_000, result));
    expect(outputs.conclusion).toBe('interrupted');
  });

  test.concurrent(
    'H3: SIGINT while GitHub is being connected to, in a handshake that hangs: gone in 2 s',
    async () => {
      const called = recordTime();
      const silent = await startSilentServer({ onSocket: () => called.now() });
      try {
        const { result, outputs } = await runRow({
          ...REAL_TIME,
          api: { lifecycle: SECOND },
          eventName: 'pull_request',
          env: { GITHUB_API_URL: `https://127.0.0.1:${silent.port}` },
          inputs: { comment: 'always' },
          signals: [{ whenDone: called.come, signal: 'SIGINT' }],
        });
        expect(outputs).toMatchObject({ conclusion: 'success', comment_url: '' });
        expect(result.afterSignalMs).toBeLessThan(scaledLimitMs(2_000, result));
      } finally {
        await silent.close();
      }
    },
  );

  test.concurrent.each([
    ['H3', 'list'],
    ['N5', 'create'],
  ] as const)(
    '%s: SIGINT during the comment’s %s: reported, no further call, and after a re-run one comment',
    async (_row, on) => {
      const called = recordTime();
      const { results, github, outputs } = await runRow({
        ...REAL_TIME,
        api: { lifecycle: SECOND },
        github: TOWER,
        eventName: 'pull_request',
        inputs: { comment: 'always' },
        before: ({ github: there }) =>
          there!.addFaults({ on, commit: true, answer: 'stall', onArrival: () => called.now() }),
        signals: [{ whenDone: called.come, signal: 'SIGINT' }],
        runs: [{}, { signals: [], attempt: 2 }],
      });
      const [cancelled] = results;
      // The verdict was printed before.
      expect(cancelled?.outputs).toMatchObject({ conclusion: 'success', comment_url: '' });
      expect(cancelled?.annotations.map(({ level, message }) => `${level}: ${message}`)).toEqual([
        on === 'create'
          ? 'warning: It is not known whether the comment was written: the runner stopped this step meanwhile.'
          : 'warning: The comment was not written: the runner stopped this step before that.',
      ]);
      expect(cancelled!.afterSignalMs).toBeLessThan(scaledLimitMs(2_000, cancelled!));
      expect(cancelled?.outputErrors).toEqual([]);
      const operations = github!.journal.map(({ operation }) => operation);
      expect(operations.slice(0, operations.indexOf(on) + 2)).toEqual([
        ...operations.slice(0, operations.indexOf(on) + 1),
        'viewer',
      ]);
      expect(operations.filter((one) => one === 'create')).toHaveLength(1);
      expect(github!.comments()).toHaveLength(1);
      expect(outputs.comment_url).toMatch(/#issuecomment-\d+$/);
    },
  );

  test.concurrent.each([1, 2, 21])(
    'H3: SIGINT at write %i of the outputs: the file parses',
    async (count) => {
      const { result, outputs } = await runRow({
        speed: 5,
        api: { lifecycle: SECOND },
        preload: ['__tests__/faults/preload/signal-at-write.mjs'],
        env: { SIGNAL: 'SIGINT', SIGNAL_AT_WRITE: String(count) },
      });
      expect(result.outputErrors).toEqual([]);
      expect(result.signal).toBeNull();
      expect(outputs.conclusion).toBe(count === 1 ? 'interrupted' : 'success');
      expect(result.exitCode).toBe(count === 1 ? 1 : 0);
    },
  );

  test.concurrent('H5: a second signal (SIGINT) while the launch is in flight: gone in 250 ms', async () => {
    const options = signalInFlight('SIGINT');
    const first = recordTime();
    const second = recordTime();
    const { result, launches } = await runRow({
      ...options,
      mayLackOutputs: true,
      // As with a SIGKILL.
      ignoredViolations: ['I6: the groups'],
      signals: [
        { whenDone: options.signals![0]!.whenDone!.then(first.now), signal: 'SIGINT' },
        {
          whenDone: first.come.then(after(400)).then(second.now),
          signal: 'SIGINT',
        },
      ],
    });
    expect(result.signal).toBe('SIGINT');
    expect(result.afterSignalMs! - (second.at() - first.at())).toBeLessThan(scaledLimitMs(250, result));
    // The process had not ended before.
    expect(result.afterSignalMs).toBeGreaterThan(350);
    expect(launches).toHaveLength(1);
  });
});

/** All texts of a step for readers, by place. */
const textsByPlace = ({ annotations, stdout, summary, outputs }: RowResult['result']) => ({
  annotation: annotations.find(({ level }) => level === 'error')?.message ?? '',
  headline: outputs.headline ?? '',
  log: stdout,
  summary: summary.replaceAll(/<\/?span>|\u200b/g, ''),
});

describe('N. The runner stops the step: by a cancel, by its own `timeout-minutes`, or by a `cancel` step', () => {
  const CASES: readonly [string, () => RowSetup, RegExp, RegExp][] = [
    [
      'the run is known',
      () => signalAsleep('cancel'),
      /goes on at Alloovium/,
      /re-run this job, and it joins it/,
    ],
    [
      'the launch is in flight',
      () => signalInFlight('cancel'),
      /a run may have started/i,
      /re-run this job, and it joins that run if there is one/,
    ],
    [
      'nothing was sent',
      () => ({
        ...REAL_TIME,
        faults: [
          { when: { call: 'launch' }, answer: { code: 'rate_limited', headers: { 'Retry-After': '60' } } },
        ],
        signals: [{ whenStdout: /queueing/, signal: 'cancel' }],
      }),
      /nothing was started/i,
      /re-run this job/,
    ],
  ];
  test.concurrent.each(CASES)(
    'N1: %s: every text says what becomes of the run, and no text why the step was stopped',
    async (_what, options, becomes, remedy) => {
      const { result } = await runRow(options());
      const output = textsByPlace(result);
      for (const text of Object.values(output)) {
        expect(text).toMatch(becomes);
        expect(text).not.toMatch(/cancel/i);
      }
      expect(output.annotation).toMatch(/^No verdict: the runner stopped this step\. /);
      expect(output.annotation).toMatch(remedy);
      expect(output.annotation).toMatch(/ If the step's `timeout-minutes` ended it, allow more\.$/);
      expect(output.summary).toMatch(/^## ⏹️ [^❌]*$/);
      expect(Object.entries(output).filter(([, text]) => text.includes('SIGINT'))).toEqual([
        ['log', expect.stringContaining('The runner stopped this step (SIGINT).')],
      ]);
    },
  );
});

describe('H10, H11: internal errors', () => {
  test.concurrent.each<[string, string, string, RowSetup]>([
    ...['timer', 'rejection'].flatMap((how): [string, string, string, RowSetup][] => [
      [
        how,
        'the launch is in flight',
        'test key',
        { faults: [{ when: { call: 'launch' }, workMs: 20_000 }] },
      ],
      [how, 'it sleeps', 'Wait for', {}],
      [
        how,
        'it writes the comment',
        'The run completed; there is no',
        {
          speed: 5,
          api: { lifecycle: SECOND },
          github: TOWER,
          eventName: 'pull_request',
          inputs: { comment: 'always' },
          before: ({ github }) => github!.addFaults({ on: 'viewer', times: 9, answer: 'stall' }),
        },
      ],
    ]),
  ])('H10: a crash (%s) while %s: exit 1, the outputs are there', async (how, _what, at, options) => {
    const { result, outputs, error } = await runRow({
      ...options,
      preload: ['__tests__/faults/preload/crash.mjs'],
      env: { CRASH_AT: at, CRASH_HOW: how, CRASH_WITH: 'message' },
    });
    expect(result).toMatchObject({ exitCode: 1, signal: null, stderr: '' });
    expect(outputs).toMatchObject({
      conclusion: 'error',
      error_message: 'Node.js reported: crashed on purpose',
    });
    expect(error).toContain('crashed on purpose');
  });

  test.concurrent(
    'H10: a second crash, with the key in its text: exit 1, and the key is not printed',
    async () => {
      const { result, outputs } = await runRow({
        preload: ['__tests__/faults/preload/crash.mjs'],
        env: {
          CRASH_AT: 'Wait for',
          CRASH_HOW: 'timer',
          CRASH_WITH: 'message',
          CRASH_TEXT: `crashed with ${TEST_KEY}`,
          CRASH_TIMES: '2',
        },
      });
      expect(result).toMatchObject({ exitCode: 1, signal: null, stderr: '' });
      expect(outputs).toMatchObject({
        conclusion: 'error',
        error_message: 'Node.js reported: crashed with ***',
      });
      expect(result.stdout.match(/^error:.*$/gm)).toEqual(['error:\u200b crashed with ***']);
    },
  );

  test.concurrent.each(['text', 'nothing'])(
    'H10: the thrown value is no readable error (%s): exit 1, the outputs are there',
    async (thing) => {
      for (const how of ['timer', 'rejection']) {
        const { result, outputs } = await runRow({
          preload: ['__tests__/faults/preload/crash.mjs'],
          env: { CRASH_AT: 'Wait for', CRASH_HOW: how, CRASH_WITH: thing },
        });
        expect(result).toMatchObject({ exitCode: 1, signal: null, stderr: '' });
        expect(outputs.conclusion).toBe('error');
      }
    },
  );

  test.concurrent(
    'H11: the event loop runs empty before the verdict: not green, the outputs are there',
    async () => {
      const { result, outputs } = await runRow({ preload: ['__tests__/faults/preload/nothing-held.mjs'] });
      expect(result).toMatchObject({ exitCode: 1, signal: null });
      expect(outputs).toMatchObject({ conclusion: 'error' });
      expect(outputs.run_id).toMatch(/^run_/);
    },
  );

  test.concurrent(
    'H11: the job summary is never written, and nothing waits for it: exit code 1',
    async () => {
      const { result, outputs } = await runRow({
        preload: ['__tests__/faults/preload/never-written.mjs'],
        inputs: { fail_if: '!has(outputs.absent)' },
      });
      expect(outputs.conclusion).toBe('gate_failed');
      expect(result).toMatchObject({ exitCode: 1, signal: null, summary: '', stderr: '' });
    },
  );

  test.concurrent(
    'H11: a request that never settles and ignores its signal: the deadline ends it',
    async () => {
      const { result, outputs, api } = await runRow({
        preload: ['__tests__/faults/preload/never-settles.mjs'],
        inputs: { timeout_minutes: '1' },
      });
      expect(result).toMatchObject({ exitCode: 1, signal: null });
      expect(outputs).toMatchObject({ conclusion: 'timed_out', run_id: '' });
      expect(api.journal).toEqual([]);
    },
  );
});

test.concurrent.each([
  ['stdout closed', { stdout: 'closed' }],
  ['stderr full', { stderr: 'full' }],
] as const)('H12: %s: no loop, the exit code right', async (_name, streams) => {
  for (const holds of [false, true]) {
    const { result, outputs, polls } = await runRow({
      ...streams,
      api: { lifecycle: steadyLifecycle({ queuedMs: 500, runningMs: 4_000 }) },
      inputs: { fail_if: `size(outputs.items) ${holds ? '>' : '=='} 0` },
      preload: ['__tests__/faults/preload/chatter.mjs'],
      ignoredViolations: 'stdout' in streams ? ['I5', 'it went on'] : [],
    });
    expect(result).toMatchObject({ exitCode: holds ? 1 : 0, signal: null });
    expect(outputs.conclusion).toBe(holds ? 'gate_failed' : 'success');
    expect(polls.length).toBeLessThan(6);
  }
});

// Sequential: outputs of this size keep the simulator busy too.
describe('H13: little memory', () => {
  const small = { nodeArgs: ['--max-old-space-size=128'], speed: 10 } as const;

  test('H13: D7, a body that is endless: the cap is named, no crash', async () => {
    const { result, outputs, error } = await runRow({
      ...small,
      faults: [
        {
          when: { call: 'poll' },
          answer: { chunked: true },
          wire: ['head', { endless: '{"outputs":"x' }],
        },
      ],
    });
    expect(result).toMatchObject({ exitCode: 1, signal: null });
    expect(outputs.conclusion).toBe('error');
    expect(error).toMatch(/8 MiB/);
  });

  const keys = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`key_${at}`, `value ${at}`]));

  test('H13: E3, 150,000 keys: published, no crash', async () => {
    const { result, outputs } = await runRow({
      ...small,
      api: { lifecycle: steadyLifecycle({ queuedMs: 500, runningMs: 1_000, outputs: keys(150_000) }) },
      inputs: { fail_if: "outputs.key_0 == 'value 0'" },
    });
    expect(result).toMatchObject({ exitCode: 1, signal: null });
    expect(outputs).toMatchObject({ conclusion: 'gate_failed', key_0: 'value 0', outputs_truncated: 'true' });
    expect(JSON.parse(readFileSync(outputs.outputs_file ?? '', 'utf8'))).toMatchObject({
      key_149999: 'value 149999',
    });
  });

  test('H13: 8 MiB within the caps: published, no crash', async () => {
    const { result, outputs } = await runRow({
      ...small,
      api: {
        lifecycle: steadyLifecycle({
          queuedMs: 500,
          runningMs: 1_000,
          outputs: { texts: Array.from({ length: 70 }, (_, at) => `${at}`.repeat(50_000)) },
        }),
      },
      inputs: { fail_if: "outputs.texts.filter(t, t == 'x')" },
    });
    expect(result).toMatchObject({ exitCode: 0, signal: null });
    expect(outputs).toMatchObject({ conclusion: 'success', outputs_truncated: 'true' });
  });
});
