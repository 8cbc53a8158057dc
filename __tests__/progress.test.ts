import { describe, expect, test } from '@jest/globals';
import { unknownBucket } from '../src/alloovium/bucket.ts';
import { ApiError } from '../src/alloovium/errors.ts';
import type { Host } from '../src/github/host.ts';
import { readInputs } from '../src/inputs/inputs.ts';
import { listen } from '../src/progress.ts';
import { anOrder, virtualClock } from './fakes.ts';

/** What stands in the log, and when, as a pause of so long is followed by the launch's answer. */
async function linesOf(delayMs: number, status: number, untilMs = delayMs): Promise<string[]> {
  const clock = virtualClock();
  const lines: string[] = [];
  const line = (text: string) => void lines.push(`${clock.now() / 1000} s: ${text.trim()}`);
  const host = { line, output: () => undefined } as unknown as Host;
  const emit = listen(host, clock, {
    inputs: await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' }),
    context: { commit: '' } as Parameters<typeof listen>[2]['context'],
    order: anOrder({}),
    tokensSpent: () => 0,
  });
  const problem = { status, code: null, detail: '', requestId: '', missingScopes: [] };
  const bucket = { limit: 120, remaining: 3, fullInMs: 117_000 };
  const failure = {
    error: new ApiError(problem),
    hintMs: null,
    bucket,
    bucketState: unknownBucket,
    cost: 25,
    redacted: false,
  };
  emit({ kind: 'pause', failure, delayMs });
  await clock.sleep(untilMs, new AbortController().signal);
  emit({ kind: 'run', runId: 'run_1', replayed: false });
  await clock.sleep(300_000, new AbortController().signal);
  return lines;
}

describe('a pause', () => {
  test('a queue that lasts says now and then when the next try is', async () => {
    expect(await linesOf(92_000, 429)).toEqual([
      '0 s: queueing for 25 tokens (3 of 120 left), next try in 1 m 32 s',
      '30 s: still queueing, next try in 1 m 2 s',
      '60 s: still queueing, next try in 32 s',
      '92 s: run run_1 is new',
    ]);
  });

  test('another pause is called waiting', async () => {
    expect((await linesOf(60_000, 503)).slice(1, 2)).toEqual(['30 s: still waiting, next try in 30 s']);
  });

  test('nothing more is said once something else happens', async () => {
    expect(await linesOf(300_000, 429, 40_000)).toEqual([
      '0 s: queueing for 25 tokens (3 of 120 left), next try in 5 m',
      '30 s: still queueing, next try in 4 m 30 s',
      '40 s: run run_1 is new',
    ]);
  });
});
