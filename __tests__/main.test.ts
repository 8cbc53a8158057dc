/** The step as a whole: each wait for GitHub ends, and nothing is sent where it could go astray. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { defaultEvent } from '../simulator/runner-context.ts';
import { createVirtualApi } from '../simulator/virtual-api.ts';
import { virtualClock } from '../simulator/virtual-clock.ts';
import { playVirtualStep } from '../simulator/virtual-step.ts';

const folder = mkdtempSync(join(tmpdir(), 'alloovium-main-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TOKEN = { github_token: 'ghs_0123456789abcdef' };
const BOTH = { ...TOKEN, comment: 'always', commit_status: 'review', timeout_minutes: '5' };
const CONFIG = { ...TOKEN, config: '.github/gate.yml', timeout_minutes: '0.2' };

// The first answers are those to the pending status.
test.each<
  [what: string, inputs: Record<string, string>, answers: number, stopAfterMs: number | undefined, conclusion: string, endsAt: number]
>([
  ['60 s after the verdict', BOTH, 1, undefined, 'success', 70_600],
  ['5 s after a signal', BOTH, 1, 5_000, 'interrupted', 10_000],
  ['at the deadline, where the gate is in a file', CONFIG, 0, undefined, 'timed_out', 12_000],
])('ends %s', async (_, inputs, answers, stopAfterMs, conclusion, endsAt) => {
  const clock = virtualClock();
  const api = createVirtualApi({ clock, planOf: () => ({ ms: 10_000, ending: 'completed', outputs: {} }) });
  let requests = 0;
  const fetch = (_url: unknown, init?: RequestInit) =>
    ++requests > answers
      ? clock.sleep(1e9, init!.signal!).then(() => Response.json({}))
      : Promise.resolve(Response.json({}, { status: 201 }));
  const step = playVirtualStep(api, clock, folder, { eventName: 'pull_request', inputs, fetch, stopAfterMs });
  const { outputs, endedAt } = await clock.run(step);
  expect({ conclusion: outputs.conclusion, endedAt }).toEqual({ conclusion, endedAt: endsAt });
});

test('sends neither key nor token where the address of the API cannot be used', async () => {
  const clock = virtualClock();
  const api = createVirtualApi({ clock, planOf: () => ({ ms: 0, ending: 'completed', outputs: {} }) });
  const requests: unknown[] = [];
  const fetch = (url: unknown) => (requests.push(url), Promise.resolve(Response.json({})));
  const inputs = { ...BOTH, api_url: 'http://internal.test', workflow_id: '' };
  const event = { ...defaultEvent('pull_request'), repository: { private: true } };
  const { outputs } = await clock.run(playVirtualStep(api, clock, folder, { eventName: 'pull_request', event, inputs, fetch }));
  expect([outputs.conclusion, requests, api.attempts]).toEqual(['error', [], []]);
});
