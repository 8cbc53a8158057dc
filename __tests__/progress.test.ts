import { describe, expect, test } from '@jest/globals';
import { unknownBucket } from '../src/alloovium/bucket.ts';
import type { Run } from '../src/alloovium/wire.ts';
import { readInputs } from '../src/inputs/inputs.ts';
import { createListener, type Listened } from '../src/progress.ts';
import type { Emit } from '../src/runs/outcome.ts';
import { memoryHost } from '../simulator/memory-host.ts';
import { anEntry, anOrder, apiError, virtualClock } from './fakes.ts';

/** What stands in the log, and when: one run, or several by these names. */
async function linesOf(
  play: (emits: readonly Emit[], wait: (ms: number) => Promise<void>) => Promise<void>,
  names: readonly string[] = [],
): Promise<string[]> {
  const clock = virtualClock();
  const lines: string[] = [];
  const host = memoryHost({});
  host.lines.push = (text) => lines.push(`${clock.now() / 1000} s: ${text.trim()}`);
  const runs = names.length === 0 ? '' : names.map((name) => `${name}: {}`).join('\n');
  const orders = (names.length === 0 ? [''] : names).map((name) => anOrder({ entries: [anEntry({ name })] }));
  const { listen, end } = createListener(host, clock, {
    inputs: await readInputs({ INPUT_WORKFLOW_ID: 'wf_1', INPUT_RUNS: runs }),
    context: { commit: '' } as Listened['context'],
    orders,
    tokensSpent: () => 30,
  });
  await play(
    orders.map((order) => listen(order, () => 20_000)),
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

const aRun = (about: Partial<Run>): Run => ({
  ...{ runId: 'run_1', workflowId: 'wf_1', status: 'running', progress: null, stage: null, outputs: null },
  ...{ errorMessage: null, startedAt: '', completedAt: '', createdAt: '' },
  ...about,
});

describe('a pause', () => {
  const pausing = (delayMs: number, status: number, untilMs = delayMs) =>
    linesOf(async ([emit], wait) => {
      emit!({ kind: 'pause', failure: failure(status), delayMs });
      await wait(untilMs);
      emit!({ kind: 'run', runId: 'run_1', origin: { kind: 'new' } });
      emit!({ kind: 'polled', run: aRun({ status: 'completed' }), elapsedMs: 2_000, polls: 1 });
    });

  test('that lasts says once a minute when the next try is, until something else happens', async () => {
    expect(await pausing(152_000, 429)).toEqual([
      '0 s: queueing for 25 tokens (3 of 120 left), next try in 2 min 32 s',
      '60 s: still queueing, next try in 1 min 32 s',
      '120 s: still queueing, next try in 32 s',
      '152 s: Started run_1',
      '152 s: completed after 2 s (1 status check, 30 tokens)',
    ]);
    expect((await pausing(90_000, 503, 70_000)).slice(1, 3)).toEqual([
      '60 s: still waiting, next try in 30 s',
      '70 s: Started run_1',
    ]);
  });

  test('that is over: the attempt behind it hangs, and no try is promised', async () => {
    const hanging = (status: number) => pausing(1_000, status, 62_000);
    expect((await hanging(503))[1]).toBe('60 s: still waiting for an answer');
    expect((await hanging(429))[1]).toBe('60 s: still queueing');
  });

  const pausesOf = (statusOf: (nth: number) => number, everyMs: number) =>
    linesOf(async ([emit], wait) => {
      for (let nth = 0; nth * everyMs < 15 * 60_000; nth++) {
        emit!({ kind: 'pause', failure: failure(statusOf(nth)), delayMs: everyMs });
        await wait(everyMs);
      }
    });
  const secondsOf = (lines: readonly string[]) => lines.map((line) => line.split(' s')[0]);

  test('after pause for one reason: told once, then one line a minute', async () => {
    const lines = await pausesOf(() => 503, 7_000);
    expect(secondsOf(lines).slice(0, 3)).toEqual(['0', '60', '120']);
    expect(lines.slice(0, 2).map((line) => line.split(': ')[1])).toEqual([
      expect.stringMatching(/ \(503\), next try in 7 s$/),
      'still waiting, next try in 3 s',
    ]);
  });

  test('after pause for another reason each time: each is told in the first minute, then one line a minute', async () => {
    const lines = await pausesOf((nth) => [503, 502][nth % 2]!, 25_000);
    expect(secondsOf(lines).slice(0, 4)).toEqual(['0', '25', '50', '110']);
    expect(lines.length).toBeLessThanOrEqual(3 + 15);
  });

  test('that is long is told each time', async () => {
    expect(secondsOf(await pausesOf(() => 409, 50_000)).slice(0, 3)).toEqual(['0', '50', '100']);
  });
});

describe('progress', () => {
  const over = (waitMs: number, everyMs: number, stageAt: (ms: number) => string, names?: string[]) =>
    linesOf(async ([emit], wait) => {
      emit!({ kind: 'run', runId: 'run_1', origin: { kind: 'new' } });
      for (let ms = 0; ms <= waitMs; ms += everyMs) {
        emit!({ kind: 'polled', run: aRun({ stage: stageAt(ms) }), elapsedMs: ms, polls: 1 });
        await wait(everyMs);
      }
    }, names);

  test('an hour without a change is a line a minute, of several two', async () => {
    for (const names of [[], ['Tower', 'Bridge']]) {
      const lines = await over(3_600_000, 2_000, () => 'Reading', names);
      expect(Math.abs(lines.length / (names.length === 0 ? 1 : 2) - 61)).toBeLessThan(3);
      expect(lines.at(-1)).toContain(
        names.length === 0 ? 'Reading' : '1 queued, 1 running, next launch in 20 s',
      );
    }
  });

  test('a change that came too soon is told with the next poll that may', async () => {
    const lines = await over(3_000, 1_000, (ms) => (ms < 1_000 ? 'a' : 'b'));
    expect(lines.map((line) => line.split(' s')[0])).toEqual(['0', '0', '2']);
  });
});
