/** B: faults while the run is waited for. */
import { describe, expect, jest, test } from '@jest/globals';
import type { Api } from '../../simulator/api.ts';
import type { AnswerPatch, ErrorCode, Fault, Scripted } from '../../simulator/faults.ts';
import { OUTPUTS, steadyCourse, TEST_KEY, type Course } from '../../simulator/seed.ts';
import { clientOf, fakeTransport, poll, pollToEnd, virtualClock } from '../fakes.ts';
import { elementsIn, parsed } from '../report/github-markdown.ts';
import { strike, TOWER, type Strike, type Struck } from './strike.ts';
import { expectBetween, lengths, pauses, saidSeconds } from './timing.ts';

jest.setTimeout(60_000);

const HTML = '<html><body><h1>Bad gateway</h1></body></html>';

/** Every poll, or those that `nth` says. */
const looking = (fault: Omit<Fault, 'when'>, nth?: (nth: number) => boolean): Fault => ({
  when: { call: 'poll', ...(nth === undefined ? {} : { nth }) },
  ...fault,
});
const patching = (fields: Record<string, unknown>): AnswerPatch => ({
  body: (own) => ({ ...own, ...fields }),
});
/** What the polls show, one after the other, and then its end: for rows that count polls. */
function showing(...polls: readonly Record<string, unknown>[]): Scripted {
  return ({ call, nth }) =>
    call !== 'poll'
      ? undefined
      : { answer: patching(polls[nth - 1] ?? { status: 'completed', progress: 100, outputs: OUTPUTS }) };
}
const running = { status: 'running', progress: 10, outputs: null };
const endless: Course = [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading' }];

/** A run that is there already, to be attached to. */
function attached(run: Parameters<Api['addRun']>[0] = {}): Pick<Strike, 'inputs' | 'before'> {
  const inputs: Record<string, string> = {};
  return { inputs, before: ({ api }) => void (inputs.run_id = api.addRun(run)) };
}

function expectGreen({ result, outputs, api, launches }: Struck): void {
  expect(result.exitCode).toBe(0);
  expect(outputs).toMatchObject({ conclusion: 'success', status: 'completed', run_id: api.runs[0]!.id });
  expect(JSON.parse(outputs.outputs_json!)).toEqual(OUTPUTS);
  expect(launches.length).toBeLessThanOrEqual(1);
}

/** Red, and the run that it leaves behind is named. */
function expectRed({ result, outputs, api, error }: Struck, conclusion: string): void {
  expect(result.exitCode).toBe(1);
  expect(outputs).toMatchObject({ conclusion, run_id: api.runs[0]!.id });
  expect(result.stdout).toContain(outputs.run_id);
  expect(error).not.toBe('');
  expect(error).not.toContain(TEST_KEY);
}

/** `timed_out` between the deadline and 5 s later. */
function expectOnTime(struck: Struck, minutes: number, speed: number): void {
  expectRed(struck, 'timed_out');
  const said = saidSeconds(struck.result.stdout, 'timed_out') * 1_000;
  expectBetween(said, minutes * 60_000 - 500, minutes * 60_000 + 5_000, speed);
}

describe('B. Poll', () => {
  const UNUSABLE: [string, AnswerPatch][] = [
    ['status missing', patching({ status: undefined })],
    ['status null', patching({ status: null })],
    ['body []', { body: '[]' }],
  ];

  test.concurrent.each(UNUSABLE)(
    'B1: %s: failed polls; red after 5 minutes of them',
    async (_what, answer) => {
      const struck = await strike({ speed: 100, faults: [looking({ answer })] });
      expectRed(struck, 'error');
      const { polls } = struck;
      expectBetween(polls.at(-1)!.at - polls[0]!.at, 285_000, 330_000, 100);
    },
  );

  test.concurrent(
    'B2: an unknown status: waited on, one warning, red at the deadline with the word',
    async () => {
      const struck = await strike({
        speed: 30,
        inputs: { timeout_minutes: '1' },
        api: { course: [{ atMs: 0, status: 'awaiting_review', progress: 40 }] },
      });
      expectOnTime(struck, 1, 30);
      expect(struck.polls.length).toBeGreaterThan(8);
      expect(struck.outputs.status).toBe('awaiting_review');
      expect(struck.error).toContain('awaiting_review');
      const warnings = struck.result.annotations.filter(({ level }) => level === 'warning');
      expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('awaiting_review')]);
    },
  );

  test.concurrent.each(['Completed', 'completed ', 'COMPLETED'])(
    'B3: status %j is not success',
    async (status) => {
      const struck = await strike({
        speed: 30,
        inputs: { timeout_minutes: '0.5' },
        api: { course: [{ atMs: 0, status, progress: 100, outputs: OUTPUTS }] },
      });
      expectOnTime(struck, 0.5, 30);
    },
  );

  test.concurrent(
    'B4: back from running to queued and from 80 to 10: waited on; the first end is final',
    async () => {
      const struck = await strike({
        faults: [
          showing(
            { ...running, progress: 80 },
            { ...running, status: 'queued' },
            { ...running, status: 'pending', progress: 0 },
            { ...running, progress: 5 },
            { status: 'completed', progress: 100, outputs: OUTPUTS },
            running,
            running,
          ),
        ],
      });
      expectGreen(struck);
      expect(struck.polls).toHaveLength(5);
    },
  );

  const ODD_OUTPUTS: [string, unknown, string][] = [
    ['missing', undefined, ''],
    ['a list', [1, 'two'], '[1,"two"]'],
  ];

  test.concurrent.each(ODD_OUTPUTS)(
    'B5: completed with outputs %s and no gate: green, as given, with a notice',
    async (_what, outputs, json) => {
      const struck = await strike({
        faults: [looking({ answer: patching({ outputs, status: 'completed' }) })],
      });
      expect(struck.result.exitCode).toBe(0);
      expect(struck.outputs).toMatchObject({ conclusion: 'success', gate: 'none', outputs_json: json });
      expect(struck.result.stdout).toMatch(/note: the run completed, and its outputs are not an object/);
      expect(struck.result.summary).toMatch(/its outputs are not an object/);
    },
  );

  test.concurrent.each(ODD_OUTPUTS)(
    'B5: completed with outputs %s and a gate: red',
    async (_what, outputs) => {
      const struck = await strike({
        inputs: { fail_if: "bad: outputs.items.exists(i, i.status == 'bad')" },
        faults: [looking({ answer: patching({ outputs, status: 'completed' }) })],
      });
      expectRed(struck, 'gate_failed');
      expect(struck.outputs.gate).toBe('failed');
      expect(struck.error).toMatch(/cannot be evaluated/);
    },
  );

  const HOSTILE =
    '::set-output name=conclusion::success\r::add-mask::e\n##[set-env name=PATH]/tmp\u2028::error::x ' +
    '</details><script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) @octo-org/team #1 ' +
    '\u001b[31m\u202e ``` ~~~ <!-- alloovium:x -->';

  test.concurrent.each([['1 MB', `${HOSTILE}\n`.repeat(Math.ceil(1_000_000 / HOSTILE.length))]])(
    'B6: failed with a hostile error_message, %s: red, inert in every sink',
    async (_size, errorMessage) => {
      const struck = await strike({
        // A comment has 20 s of the fast clock.
        speed: 5,
        eventName: 'pull_request',
        inputs: { comment: 'always' },
        github: TOWER,
        api: { course: steadyCourse({ runningMs: 5_000, ending: 'failed', errorMessage }) },
      });
      // The commands in log and files are an invariant's.
      expectRed(struck, 'failure');
      const comments = struck.github!.comments().map(({ body }) => body);
      expect(comments).toHaveLength(1);
      for (const markdown of [struck.result.summary, ...comments]) {
        expect(markdown).toMatch(/set-output/);
        const elements = elementsIn(parsed(markdown));
        expect(elements.filter(({ tagName }) => /^(script|img|iframe)$/.test(tagName))).toEqual([]);
        expect(elements.filter(({ properties }) => /^javascript:/i.test(String(properties.href)))).toEqual(
          [],
        );
        // Bare, it would turn the rest of the text round.
        expect(markdown).not.toContain('\u202e');
      }
      expect(struck.error.length).toBeLessThanOrEqual(4_096);
      expect(struck.outputs.error_message).toBe(
        errorMessage.length > 100_000 ? 'The run failed' : errorMessage,
      );
    },
  );

  test.concurrent(
    'B7: cancelled remotely: red, `cancelled`; partial outputs published, nothing judged',
    async () => {
      const partial = { summary: '2 of 5 submittals reviewed.' };
      const struck = await strike({
        inputs: { fail_if: 'size(outputs.items) == 0' },
        api: { course: steadyCourse({ runningMs: 5_000, ending: 'cancelled', outputs: partial }) },
      });
      expectRed(struck, 'cancelled');
      expect(struck.outputs).toMatchObject({ status: 'cancelled', gate: 'not_evaluated', ...partial });
      expect(JSON.parse(struck.outputs.outputs_json!)).toEqual(partial);
    },
  );

  test.concurrent('B8: 404 for 10 s after the start: tolerated', async () => {
    const struck = await strike({
      speed: 10,
      before: ({ api }) => {
        api.faults.push({
          when: { call: 'poll', match: ({ at }) => at < api.runs[0]!.createdAt + 10_000 },
          answer: { code: 'not_found' },
        });
      },
    });
    expectGreen(struck);
    expect(struck.polls.filter(({ status }) => status === 404).length).toBeGreaterThanOrEqual(2);
  });

  test.concurrent.each<[string, Fault[]]>([
    ['a launch', []],
    ['a replay', [{ when: { call: 'launch', nth: 1 }, wire: ['reset'] }]],
  ])('B9: 404 for ever after %s: red after 30 s, with the ID', async (_what, faults) => {
    const speed = 30;
    const struck = await strike({ speed, faults: [...faults, looking({ answer: { code: 'not_found' } })] });
    expectRed(struck, 'error');
    expect(struck.error).toContain(struck.outputs.run_id);
    expectBetween(struck.polls.at(-1)!.at - struck.launches.at(-1)!.answeredAt!, 30_000, 35_000, speed);
  });

  test.concurrent.each<[string, Partial<Strike>, AnswerPatch]>([
    ['410 on an attached run', attached(), { status: 410, body: HTML }],
    ['410 on a launched run', {}, { status: 410, body: HTML }],
  ])('B9: %s: red at once, with the ID', async (_what, about, answer) => {
    const struck = await strike({ ...about, faults: [looking({ answer })] });
    expectRed(struck, 'error');
    expect(struck.polls).toHaveLength(1);
    expect(struck.result.stdout).toContain(`run ${struck.outputs.run_id}`);
  });

  test.concurrent.each<[string, AnswerPatch]>([
    ['404', { code: 'not_found' }],
    ['410', { status: 410, body: HTML }],
    ['422', { code: 'validation_error' }],
  ])(
    'B9: %s once among good polls: confirmed 2 s later, and on; for ever: red after two, with the ID',
    async (_what, answer) => {
      const polls = Array.from({ length: 14 }, () => running);
      const once = await strike({
        faults: [looking({ answer }, (nth) => nth === 12), showing(...polls)],
      });
      expectGreen(once);
      expectBetween(pauses(once.polls)[11]!, 2_000, 2_000, 30);
      const forEver = await strike({
        api: { course: endless },
        faults: [looking({ answer }, (nth) => nth >= 12)],
      });
      expectRed(forEver, 'error');
      expect(forEver.polls).toHaveLength(13);
      expect(forEver.result.stdout).toContain(forEver.outputs.run_id);
    },
  );

  test.concurrent(
    'A31: a sign-in page of a proxy on the polls: told as one; red after 5 minutes of them',
    async () => {
      const answer = { status: 200, body: '<!DOCTYPE html>\n<title>Sign in</title>' };
      const struck = await strike({
        speed: 100,
        api: { course: endless },
        faults: [looking({ answer }, (nth) => nth > 1)],
      });
      expectRed(struck, 'error');
      expect(struck.error).toMatch(
        /the server answered with a web page, not the API\. Is a proxy asking for a sign-in\? Re-run/i,
      );
    },
  );

  test.concurrent.each<[ErrorCode, string, readonly number[]]>([
    ['invalid_api_key', 'at the first poll', [1]],
    ['permission_denied', 'twice, with a good poll between', [2, 4]],
  ])('B10: %s %s: confirmed 2 s later, and on', async (code, _when, nths) => {
    const struck = await strike({
      faults: [
        looking({ answer: { code } }, (nth) => nths.includes(nth)),
        showing(running, running, running, running, running),
      ],
    });
    expectGreen(struck);
    for (const nth of nths) expectBetween(pauses(struck.polls)[nth - 1]!, 2_000, 2_000, 30);
  });

  test.concurrent.each<ErrorCode>(['api_key_revoked', 'permission_denied'])(
    'B11: %s for ever, from the middle of the run on: red in less than 10 s, with the ID',
    async (code) => {
      const speed = 10;
      const struck = await strike({
        speed,
        api: { course: endless },
        faults: [looking({ answer: { code } }, (nth) => nth >= 3)],
      });
      expectRed(struck, 'error');
      expect(struck.polls).toHaveLength(4);
      expectBetween(struck.polls[3]!.at - struck.polls[2]!.at, 2_000, 3_000, speed);
      expect(struck.error).toContain(code);
      expect(struck.result.stdout).toContain(`run ${struck.outputs.run_id}`);
    },
  );

  test.concurrent('B12: 500 thirty times, then completed: green, and no other launch', async () => {
    const struck = await strike({
      speed: 60,
      faults: [looking({ answer: { code: 'internal_error' } }, (nth) => nth <= 30)],
    });
    expectGreen(struck);
    expect([struck.launches.length, struck.polls.length]).toEqual([1, 31]);
  });

  test.concurrent.each([500, 504])(
    'B13: %d until a deadline under 5 minutes: timed_out, on time',
    async (status) => {
      const struck = await strike({
        speed: 60,
        inputs: { timeout_minutes: '2' },
        faults: [looking({ answer: { status, body: HTML } })],
      });
      expectOnTime(struck, 2, 60);
      expect(struck.launches).toHaveLength(1);
    },
  );

  test.concurrent.each<[string, Fault['wire'] & object]>([
    ['B14: no headers', ['hang']],
    ['B15: a byte every 5 s', ['head', { bytes: 1, everyMs: 5_000 }]],
  ])('%s: the attempt ends after 15 s, and the next poll is right', async (_what, wire) => {
    const speed = 15;
    const struck = await strike({ speed, faults: [looking({ wire }, (nth) => nth <= 2)] });
    expectGreen(struck);
    for (const length of lengths(struck.polls).slice(0, 2)) expectBetween(length, 13_000, 15_000, speed);
    for (const pause of pauses(struck.polls).slice(0, 2)) expectBetween(pause, 0, 5_000, speed);
  });

  test.concurrent.each<[string, Fault['wire'] & object]>([
    ['B14: never any headers', ['hang']],
    ['B15: always a byte every 5 s', ['head', { bytes: 1, everyMs: 5_000 }]],
  ])('%s: timed_out on time, and memory stays flat', async (_what, wire) => {
    const [quick, struck] = await Promise.all([
      strike(),
      strike({ speed: 60, inputs: { timeout_minutes: '2' }, faults: [looking({ wire })] }),
    ]);
    expectOnTime(struck, 2, 60);
    expect(struck.polls.length).toBeGreaterThanOrEqual(3);
    expect(struck.result.peakMiB!).toBeLessThan(quick.result.peakMiB! + 25);
  });

  test.concurrent.each([['even', 0]])(
    'B16: the body of every %s poll is cut: failed polls only; the right result',
    async (_which, rest) => {
      const struck = await strike({
        faults: [looking({ wire: ['head', { bytes: 40 }, 'close'] }, (nth) => nth % 2 === rest)],
      });
      expectGreen(struck);
      expect(struck.polls.length % 2).toBe(1 - rest);
      expect(struck.result.stdout).toMatch(/status check failed/);
    },
  );

  test.concurrent('B17: another run’s ID three times in a row: red; never that run’s result', async () => {
    const struck = await strike({
      faults: [looking({ answer: patching({ run_id: 'run_other', status: 'completed', outputs: {} }) })],
    });
    expectRed(struck, 'error');
    expect(struck.polls).toHaveLength(3);
    expect(struck.outputs.outputs_json).toBe('');
    expect(struck.error).toMatch(/another run/);
  });

  test.concurrent('B17: another run’s ID twice in a row, again and again: failed polls only', async () => {
    const struck = await strike({
      faults: [
        looking({ answer: patching({ run_id: 'run_other', status: 'completed' }) }, (nth) => nth % 3 !== 0),
      ],
    });
    expectGreen(struck);
    expect(struck.polls.length % 3).toBe(0);
  });

  const DAY_MS = 86_400_000;

  test.concurrent.each([DAY_MS, -DAY_MS])(
    'B18: the wall clock jumps by %d ms: no effect on polls',
    async (byMs) => {
      const speed = 30;
      const struck = await strike({
        speed,
        env: { FAST_TIME_JUMPS: `25000:${byMs}` },
        api: { course: steadyCourse({ queuedMs: 1_000, runningMs: 60_000 }) },
      });
      expectGreen(struck);
      for (const pause of pauses(struck.polls)) expectBetween(pause, 2_000, 5_000, speed);
      expect(struck.polls.length).toBeLessThanOrEqual(32);
    },
  );

  test.concurrent.each([DAY_MS, -DAY_MS])(
    'B18: the wall clock jumps by %d ms: no effect on the deadline',
    async (byMs) => {
      const struck = await strike({
        speed: 60,
        inputs: { timeout_minutes: '1' },
        env: { FAST_TIME_JUMPS: `35000:${byMs}` },
        api: { course: endless },
      });
      expectOnTime(struck, 1, 60);
    },
  );

  /** Stopped for so long as soon as the wait is seen to go on. */
  async function suspended(ms: number, speed: number, about: Pick<Strike, 'inputs' | 'api'>) {
    const begun = Promise.withResolvers<undefined>();
    const over = begun.promise.then(() => new Promise((resolve) => setTimeout(resolve, ms / speed)));
    const stop = /^ {4}[█░]/m;
    let stoppedAt = 0;
    let api: Api;
    const struck = await strike({
      ...about,
      speed,
      before: (servers) => void (api = servers.api),
      onLine: (line) => {
        if (stoppedAt > 0 || !stop.test(line)) return;
        stoppedAt = api.now();
        begun.resolve(undefined);
      },
      signals: [
        { whenStdout: stop, signal: 'SIGSTOP' },
        { whenDone: over, signal: 'SIGCONT' },
      ],
    });
    const after = struck.polls.filter(({ at }) => at > stoppedAt + ms * 0.9);
    expect(struck.polls.filter(({ at }) => at > stoppedAt + ms * 0.2)).toEqual(after);
    return { struck, after };
  }

  test.concurrent('B19: suspended for 10 minutes: one poll, then the usual pace', async () => {
    const speed = 300;
    const { struck, after } = await suspended(600_000, speed, {
      api: { course: steadyCourse({ queuedMs: 1_000, runningMs: 660_000 }) },
    });
    expectGreen(struck);
    for (const pause of pauses(after)) expectBetween(pause, 2_000, 5_000, speed);
    expect(after.length).toBeLessThanOrEqual(35);
  });

  test.concurrent('B19: suspended for 10 minutes, beyond the deadline: one poll, and timed_out', async () => {
    const { struck, after } = await suspended(600_000, 300, {
      inputs: { timeout_minutes: '5' },
      api: { course: endless },
    });
    expectRed(struck, 'timed_out');
    expect(after).toHaveLength(1);
  });

  // In virtual time: a process cannot be held to 400 ms of a fast clock.
  test.each([
    [400, 'completed'],
    [1, 'completed'],
  ])('B20: a run that completes %d ms before the deadline: %s', async (beforeMs, status) => {
    const clock = virtualClock();
    const deadline = 60_000;
    const { transport, sent } = fakeTransport(clock, ({ at }) =>
      poll('run_1', at >= deadline - beforeMs ? 'completed' : 'running', { outputs: {} }),
    );
    const run = await pollToEnd({
      client: clientOf(clock, transport),
      clock,
      random: () => 0.5,
      deadline,
      firstPollMs: 2_000,
    }).catch(() => null);
    expect(run?.status ?? null).toBe(status);
    // A run that ended before may be seen by the poll before the last.
    expect(sent.at(-1)!.at).toBeGreaterThanOrEqual(Math.min(deadline, deadline - beforeMs));
    expect(sent.at(-1)!.at).toBeLessThanOrEqual(deadline);
    expect(clock.now()).toBeLessThan(deadline + 3_000);
  });

  test.concurrent('B21: a deadline shorter than the interval: a poll all the same, on time', async () => {
    const struck = await strike({
      speed: 10,
      inputs: { timeout_minutes: '0.025' },
      api: { course: endless },
    });
    expectOnTime(struck, 0.025, 10);
    expect(struck.polls.length).toBeGreaterThanOrEqual(1);
    expect(struck.polls.length).toBeLessThanOrEqual(2);
  });

  /** Seconds since the launch that the lines of progress say. */
  function linesAt({ result }: Struck): number[] {
    return [...result.stdout.matchAll(/^ {4}[█░].*? {2}(?:(\d+) h)? ?(?:(\d+) min)? ?(?:(\d+) s)?$/gm)].map(
      ([, hours, minutes, seconds]) =>
        Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0),
    );
  }

  test.concurrent('B22: another stage at every poll for an hour: about a hundred lines', async () => {
    const struck = await strike({
      // Faster, what an exchange takes on a busy machine would leave too few polls for the hour.
      speed: 200,
      inputs: { timeout_minutes: '70' },
      api: { course: steadyCourse({ queuedMs: 1_000, runningMs: 3_600_000 }) },
      faults: [
        ({ call, nth }) =>
          call === 'poll'
            ? {
                answer: {
                  body: (own) => (own.status === 'completed' ? own : { ...own, stage: `Stage ${nth}` }),
                },
              }
            : undefined,
      ],
    });
    expectGreen(struck);
    const at = linesAt(struck);
    expect(struck.polls.length).toBeGreaterThan(100);
    expect(at.length).toBeGreaterThan(30);
    expect(at.length).toBeLessThan(150);
    for (const [index, seconds] of at.entries()) {
      // Whole seconds are shown.
      if (index > 0)
        expect(seconds - at[index - 1]!).toBeGreaterThanOrEqual(Math.min(60, Math.max(2, seconds / 30)) - 4);
    }
  });

  test.concurrent.each<[unknown, RegExp]>([
    [1e9, /█{10} 100 %/],
    ['50%', /░{10} {8}/],
    [{ percent: 50 }, /░{10} {8}/],
  ])('B23: progress %j: ignored or clamped; green', async (progress, shown) => {
    const struck = await strike({
      speed: 15,
      faults: [
        looking({
          answer: {
            body: (own) => (own.status === 'completed' ? own : { ...own, status: 'running', progress }),
          },
        }),
      ],
    });
    expectGreen(struck);
    const lines = struck.result.stdout.split('\n').filter((line) => /^ {4}[█░]/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(shown);
    expect(struck.result.stdout + struck.result.summary).not.toMatch(/NaN|undefined|\[object|-1%/);
  });
});
