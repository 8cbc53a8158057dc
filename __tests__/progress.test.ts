import { describe, expect, test } from '@jest/globals';
import { unknownBucket } from '../src/alloovium/bucket.ts';
import type { RetriesLeft } from '../src/alloovium/retry.ts';
import { readInputs } from '../src/inputs/inputs.ts';
import { createListener, type Listened } from '../src/progress.ts';
import type { Emit } from '../src/runs/events.ts';
import { memoryHost } from '../simulator/memory-host.ts';
import { anEntry, anOrder, apiError, virtualClock } from './fakes.ts';
import { aPolledRun } from './runs/a-run.ts';

/** What stands in the log, and when: one run, or several by these names. */
async function linesOf(
  play: (emits: readonly Emit[], wait: (ms: number) => Promise<void>) => Promise<void>,
  names: readonly string[] = [],
): Promise<string[]> {
  const clock = virtualClock();
  const lines: string[] = [];
  const host = memoryHost({});
  host.lines.push = (text) => lines.push(`${clock.now() / 1000} s: ${text.trim()}`);
  const runs = names.length === 0 ? '' : names.map((name) => `${name}: { project_id: ${name} }`).join('\n');
  const orders = (names.length === 0 ? [''] : names).map((name) => anOrder({ entries: [anEntry({ name })] }));
  const { listen, end } = createListener(host, clock, {
    inputs: await readInputs({ INPUT_WORKFLOW_ID: 'wf_1', INPUT_RUNS: runs }),
    context: { commit: '' } as Listened['context'],
    orders,
    tokensSpent: () => 30,
    nextLaunchMs: () => 20_000,
  });
  await play(
    orders.map((order) => listen(order)),
    (ms) => clock.sleep(ms, new AbortController().signal),
  );
  end();
  return lines;
}

function failure(status: number) {
  const error = apiError({ status });
  const bucketState = { ...unknownBucket, last: { at: 0, limit: 120, remaining: 3 } };
  return { error, hintMs: null, bucketState, cost: 25, redacted: false };
}

test.each([
  [
    'https://app.example.com/runs/{run_id}',
    [
      ['run_id', 'run_1'],
      ['run_url', 'https://app.example.com/runs/run_1'],
    ],
  ],
  ['', [['run_id', 'run_1']]],
])('sets the outputs run_id and run_url as soon as the run is known, with `run_url` %p', async (url, expected) => {
  const outputs: string[][] = [];
  const host = { ...memoryHost({}), output: (name: string, value: string) => outputs.push([name, value]) };
  const order = anOrder({ entries: [anEntry()] });
  const { listen, end } = createListener(host, virtualClock(), {
    inputs: await readInputs({ INPUT_WORKFLOW_ID: 'wf_1', INPUT_RUN_URL: url }),
    context: { commit: '' } as Listened['context'],
    orders: [order],
    tokensSpent: () => 30,
    nextLaunchMs: () => null,
  });
  listen(order)({ kind: 'run', runId: 'run_1', origin: { kind: 'new' }, status: 'pending' });
  end();
  expect(outputs).toEqual(expected);
});

describe('a pause between attempts', () => {
  const QUARTER_MS = 15 * 60_000;
  const pausing = (delayMs: number, status: number, untilMs = delayMs, left: RetriesLeft = { ms: QUARTER_MS }) =>
    linesOf(async ([emit], wait) => {
      emit!({ kind: 'pause', failure: failure(status), delayMs, left });
      await wait(untilMs);
      emit!({ kind: 'run', runId: 'run_1', origin: { kind: 'new' }, status: 'pending' });
      emit!({ kind: 'poll_ended' });
      emit!({ kind: 'run_seen', run: aPolledRun({ status: 'completed' }), elapsedMs: 2_000 });
    });

  test('is logged once a minute with its duration, the next attempt and the time limit', async () => {
    expect(await pausing(152_000, 429)).toEqual([
      '0 s: queueing for 25 tokens (3 of 120 left); retrying in 2 min 32 s, for up to 15 min',
      '60 s: still queueing after 1 min; retrying in 1 min 32 s, for up to 14 min',
      '120 s: still queueing after 2 min; retrying in 32 s, for up to 13 min',
      '152 s: Started run_1',
      '152 s: completed after 2 s (1 status check, 30 tokens)',
    ]);
    expect((await pausing(90_000, 503, 70_000)).slice(1, 3)).toEqual([
      '60 s: still failing (503) after 1 min; retrying in 30 s, for up to 14 min',
      '70 s: Started run_1',
    ]);
  });

  test('is logged with the remaining attempts where they are few', async () => {
    const lines = await pausing(62_000, 504, 62_000, { sends: 2 });
    expect(lines[0]).toMatch(/ \(504\); retrying in 1 min 2 s, up to 2 times$/);
    expect(lines[1]).toBe('60 s: still failing (504) after 1 min; retrying in 2 s, up to 2 times');
    expect((await pausing(20_000, 504, 20_000, { sends: 1 }))[0]).toMatch(/; retrying in 20 s, once$/);
  });

  test('is logged as “now” where it is shorter than a second', async () => {
    expect((await pausing(10, 503))[0]).toMatch(/ \(503\); retrying now, for up to 15 min$/);
  });

  test('is logged as a wait for an answer when the attempt after it hangs', async () => {
    const hanging = async (status: number, left?: RetriesLeft) => (await pausing(1_000, status, 62_000, left))[1];
    expect(await hanging(503)).toBe('60 s: still failing (503) after 1 min; waiting for an answer, retrying for up to 14 min');
    expect(await hanging(504, { sends: 2 })).toBe('60 s: still failing (504) after 1 min; waiting for an answer');
  });

  const pausesOf = (statusOf: (nth: number) => number, everyMs: number) =>
    linesOf(async ([emit], wait) => {
      for (let nth = 0; nth * everyMs < QUARTER_MS; nth++) {
        const left = { ms: QUARTER_MS - nth * everyMs };
        emit!({ kind: 'pause', failure: failure(statusOf(nth)), delayMs: everyMs, left });
        await wait(everyMs);
      }
    });
  const secondsOf = (lines: readonly string[]) => lines.map((line) => line.split(' s')[0]);

  test('is logged once for one reason, then once a minute', async () => {
    const lines = await pausesOf(() => 503, 7_000);
    expect(secondsOf(lines).slice(0, 3)).toEqual(['0', '60', '120']);
    expect(lines.slice(0, 2).map((line) => line.split(': ')[1])).toEqual([
      expect.stringMatching(/ \(503\); retrying in 7 s, for up to 15 min$/),
      'still failing (503) after 1 min; retrying in 3 s, for up to 14 min',
    ]);
  });

  test('is logged for another reason each time in the first minute, then once a minute', async () => {
    const lines = await pausesOf((nth) => [503, 502][nth % 2]!, 25_000);
    expect(secondsOf(lines).slice(0, 4)).toEqual(['0', '25', '50', '110']);
    expect(lines.length).toBeLessThanOrEqual(3 + 15);
  });

  test('is logged each time if it is long', async () => {
    expect(secondsOf(await pausesOf(() => 409, 50_000)).slice(0, 3)).toEqual(['0', '50', '100']);
  });
});

describe('polls that fail', () => {
  const headline = 'the API failed (503)';
  const failing = (forMs: number, everyMs: number, names?: string[], goodEvery = 0) =>
    linesOf(async ([emit], wait) => {
      emit!({ kind: 'run', runId: 'run_1', origin: { kind: 'new' }, status: 'pending' });
      emit!({ kind: 'run_seen', run: aPolledRun({ stage: 'Reading' }), elapsedMs: 3_600_000 });
      await wait(1_000);
      for (let ms = 0; ms < forMs; ms += everyMs) {
        const elapsedMs = 3_601_000 + ms;
        if (goodEvery > 0 && (ms / everyMs) % goodEvery === 1) emit!({ kind: 'run_seen', run: aPolledRun({}), elapsedMs });
        else emit!({ kind: 'failed_poll', headline, elapsedMs, left: { ms: 300_000 - ms } });
        await wait(everyMs);
      }
      emit!({ kind: 'run_seen', run: aPolledRun({ status: 'completed' }), elapsedMs: 4_000_000 });
    }, names);

  test('are logged at once, in an old run too, and then once a minute with their duration and the time limit', async () => {
    const lines = await failing(125_000, 5_000);
    expect(lines.slice(2, -1)).toEqual([
      '1 s: status check failed (the API failed (503)); retrying for up to 5 min',
      '61 s: no status for 1 min (the API failed (503)); retrying for up to 4 min',
      '121 s: no status for 2 min (the API failed (503)); retrying for up to 3 min',
    ]);
    expect((await failing(59_000, 5_000)).slice(2, -1)).toHaveLength(1);
  });

  test('are logged for one of several runs as well', async () => {
    const lines = await failing(125_000, 5_000, ['Tower', 'Bridge']);
    expect(lines.filter((line) => line.includes('Tower')).slice(2, -1)).toEqual([
      expect.stringMatching(/^1 s: Tower.* status check failed \(.*; retrying for up to 5 min$/),
      expect.stringMatching(/^61 s: Tower.* no status for 1 min \(.*; retrying for up to 4 min$/),
      expect.stringMatching(/^121 s: Tower.* no status for 2 min \(.*; retrying for up to 3 min$/),
    ]);
  });

  test('do not flood the log if they alternate with good ones', async () => {
    const lines = await failing(600_000, 2_000, undefined, 2);
    expect(lines.filter((line) => line.includes('no status'))).toEqual([]);
    expect(lines.filter((line) => line.includes('status check failed')).length).toBeLessThanOrEqual(11);
  });

  test('are logged as retried once where no time is left', async () => {
    expect((await failing(305_000, 5_000)).at(-2)).toMatch(/^301 s: no status for 5 min .*; retrying once$/);
  });

  test('are logged as retried once if one more confirms them, and the last one ends the wait', async () => {
    const lines = await linesOf(async ([emit]) => {
      const failed = { kind: 'failed_poll', elapsedMs: 10_000 } as const;
      emit!({ ...failed, headline: 'revoked (401)', left: { sends: 1 } });
      emit!({ ...failed, headline: 'gone (404)', left: null });
      await Promise.resolve();
    });
    expect(lines[0]).toBe('0 s: status check failed (revoked (401)); retrying once');
  });
});

describe('the progress in the log', () => {
  const over = (waitMs: number, everyMs: number, stageAt: (ms: number) => string, names?: string[]) =>
    linesOf(async ([emit], wait) => {
      emit!({ kind: 'run', runId: 'run_1', origin: { kind: 'new' }, status: 'pending' });
      for (let ms = 0; ms <= waitMs; ms += everyMs) {
        emit!({ kind: 'run_seen', run: aPolledRun({ stage: stageAt(ms) }), elapsedMs: ms });
        await wait(everyMs);
      }
    }, names);

  test('has a line a minute in an hour without a change, and two with several runs', async () => {
    for (const names of [[], ['Tower', 'Bridge']]) {
      const lines = await over(3_600_000, 2_000, () => 'Reading', names);
      expect(Math.abs(lines.length / (names.length === 0 ? 1 : 2) - 61)).toBeLessThan(3);
      expect(lines.at(-1)).toContain(names.length === 0 ? 'Reading' : '1 queued, 1 running, next launch in 20 s');
    }
  });

  test('has a change that came too soon with the next poll that may be logged', async () => {
    const lines = await over(3_000, 1_000, (ms) => (ms < 1_000 ? 'a' : 'b'));
    expect(lines.map((line) => line.split(' s')[0])).toEqual(['0', '0', '2']);
  });
});

describe('what the log says first', () => {
  async function firstLines(environment: Record<string, string>, commit: string) {
    const host = memoryHost({});
    const inputs = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1', ...environment });
    const orders = [anOrder({ entries: [anEntry({ name: inputs.runs === null ? '' : 'a' })] })];
    const { listen, end } = createListener(host, virtualClock(), {
      inputs,
      context: { commit } as Listened['context'],
      orders,
      tokensSpent: () => 0,
      nextLaunchMs: () => null,
    });
    listen(orders[0]!)({ kind: 'launching', sharedBy: 'commit', isResumed: false });
    end();
    return host.lines.join('\n');
  }
  const COMMIT = 'a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b';

  test.each<[what: string, environment: Record<string, string>, words: RegExp]>([
    ['has seven characters of the commit', {}, /commit a81d0c4(?![0-9a-f])/],
    ['names another address of the API', { INPUT_API_URL: 'https://eu.example.com' }, /, at https:\/\/eu\.example\.com/],
    ['names the kind of the key', { INPUT_API_KEY: `ak_test_${'a'.repeat(52)}` }, /, test key/],
    [
      'counts several runs',
      { INPUT_RUNS: 'a: { project_id: a }\nb: { project_id: b }' },
      /2 runs in one step, 1 launch at most, commit a81d0c4/,
    ],
  ])('%s', async (_, environment, words) => {
    expect(await firstLines(environment, COMMIT)).toMatch(words);
  });

  test('names neither the usual address nor a key of no known kind, nor counts one run', async () => {
    expect(await firstLines({}, COMMIT)).not.toMatch(/, at |key|in one step/);
  });
});

test.each([
  [{ kind: 'new' }, false],
  [{ kind: 'joined', ageMs: null }, true],
] as const)('writes in `runs_json` whether a run was replayed: %j', async (origin, replayed) => {
  const host = memoryHost({});
  const order = anOrder({ entries: [anEntry({ name: 'a' })] });
  const { listen, end } = createListener(host, virtualClock(), {
    inputs: await readInputs({
      INPUT_WORKFLOW_ID: 'wf_1',
      INPUT_RUNS: 'a: { project_id: a }\nb: { project_id: b }',
    }),
    context: { commit: '' } as Listened['context'],
    orders: [order],
    tokensSpent: () => 0,
    nextLaunchMs: () => null,
  });
  listen(order)({ kind: 'run', runId: 'run_1', origin, status: 'pending' });
  end();
  expect(JSON.parse(host.outputs.get('runs_json') ?? '')).toMatchObject([
    { name: 'a', run_id: 'run_1', replayed },
    { name: 'b', run_id: '' },
  ]);
});
