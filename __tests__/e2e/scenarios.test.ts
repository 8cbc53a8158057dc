/** The shipped bundle, run as the runner runs it, through every scenario of the demo. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { breaches, within } from '../../simulator/invariants.ts';
import { playAll, SCENARIOS, SPEED, type Played } from '../../simulator/scenarios.ts';
import type { RunResult } from '../../simulator/runner.ts';
import { TEST_KEY } from '../../simulator/seed.ts';
import type { RunRow } from '../../src/report/runs-json.ts';

let played: ReadonlyMap<string, Played>;

beforeAll(async () => {
  played = await playAll();
}, 120_000);

afterAll(async () => {
  for (const { api, github } of played.values()) {
    await api.close();
    await github.close();
  }
});

const of = (name: string) => {
  const it = played.get(name)!;
  return { ...it, last: it.steps.at(-1)!.result, first: it.steps[0]!.result };
};

describe.each(Object.entries(SCENARIOS))('%s', (name, { steps }) => {
  test('ends as it should, and nothing that must never happen happened', () => {
    const { api, github, steps: done } = of(name);
    expect(done.map(({ result }) => result.exitCode)).toEqual(steps.map(({ exits }) => exits));
    for (const { result } of done) {
      // A fast clock makes a millisecond of the machine's into many.
      expect(
        breaches({ result, api, github, secrets: [TEST_KEY, 'ghs_simulated'], toleranceMs: 60 * SPEED }),
      ).toEqual([]);
    }
  });
});

test.each([
  ['known-findings', '2', '0', 'Nothing new, 2 known “not compliant”', /Green at.*nothing new, 2 known/],
  ['one-new', '2', '1', '1 new and 1 known “not compliant”', /Red at.*\*\*1 new\*\*, 1 known/],
  ['no-baseline', '2', '', '2 of 5 items “not compliant”', /Red at.*Every finding counts as new/s],
])('%s: %s matched, %s of them new: %s', (name, matched, fresh, headline, seen) => {
  const { last, steps } = of(name);
  expect(last.outputs).toMatchObject({ gate_matched_count: matched, gate_new_count: fresh, headline });
  expect(steps.at(-1)!.comment).toMatch(seen);
  const lines = last.stdout.split('\n').filter((line) => line.includes('Every finding counts as new'));
  expect(lines).toHaveLength(name === 'no-baseline' ? 1 : 0);
});

test('what could not be paid for costs nothing', () => {
  expect(of('free-tier').last.outputs.tokens_spent).toBe('0');
});

test.each([
  ['green', 'success', 'passed', 'completed'],
  ['no-gate', 'success', 'none', 'completed'],
  ['review', 'gate_failed', 'failed', 'completed'],
  ['known-findings', 'success', 'passed', 'completed'],
  ['one-new', 'gate_failed', 'failed', 'completed'],
  ['no-baseline', 'gate_failed', 'failed', 'completed'],
  ['cannot-be-evaluated', 'gate_failed', 'failed', 'completed'],
  ['warn', 'success', 'none', 'completed'],
  ['failed', 'failure', 'not_evaluated', 'failed'],
  ['cancelled', 'cancelled', 'not_evaluated', 'cancelled'],
  ['timed-out', 'timed_out', 'not_evaluated', 'running'],
  ['interrupted', 'interrupted', 'none', 'running'],
  ['not-found', 'error', 'none', ''],
  ['bad-input', 'error', 'none', ''],
  ['missing-key', 'error', 'none', ''],
  ['free-tier', 'error', 'none', ''],
])('%s: conclusion %s, gate %s, status "%s"', (name, conclusion, gate, status) => {
  expect(of(name).last.outputs).toMatchObject({ conclusion, gate, status });
});

test('a red step has one error annotation, and it says what to do', () => {
  const messages = [
    'failed',
    'timed-out',
    'not-found',
    'bad-input',
    'missing-key',
    'free-tier',
    'interrupted',
  ].map((name) =>
    of(name)
      .last.annotations.filter(({ level }) => level === 'error')
      .map(({ message }) => message),
  );
  expect(messages).toEqual([
    [
      expect.stringMatching(
        /^The run failed\. Document 4a1c2b3d has no text layer\. Fix the problem named above, then re-run/,
      ),
    ],
    [
      expect.stringMatching(
        /^Not finished after 1 min \(\d+ %\)\. Re-run this job: it picks up the same run, which goes on at Alloovium\. If this happens often, raise `timeout_minutes`\.$/,
      ),
    ],
    [
      expect.stringMatching(
        /^Workflow not found, or this key's account cannot see it \(404 not_found\)\. .*request req_\d+\./,
      ),
    ],
    [
      expect.stringMatching(
        /did you mean `fail_if`\? ⏎ .* ⏎ `inputs`: `zip` \(line 1, column 6\) would change .*quote it\. ⏎ `timeout_minutes` must be /,
      ),
    ],
    [expect.stringMatching(/^There is no API key\. Give `api_key: /)],
    [expect.stringMatching(/holds at most 20 \(the free tier\).*Use a key of the standard tier or above\.$/)],
    [
      expect.stringMatching(
        /^No verdict: the job was cancelled \(SIGINT\)\. Unless a newer push replaced this job, re-run it/,
      ),
    ],
  ]);
});

test('with bad inputs, or without a key, nothing is sent', () => {
  expect([of('bad-input').api.journal, of('missing-key').api.journal]).toEqual([[], []]);
});

test('a lost answer and a second job with the same intent lead to one run', () => {
  expect(of('lost-answer').api.runs).toHaveLength(1);
  expect(of('replayed').api.runs).toHaveLength(1);
  expect(of('replayed').last.outputs).toMatchObject({
    replayed: 'true',
    run_id: of('replayed').first.outputs.run_id,
  });
  expect(of('replayed').last.summary).toMatch(/joined/i);
});

test('the outputs of the run are step outputs, as text or JSON', () => {
  const { outputs } = of('no-gate').last;
  expect(outputs.summary).toBe('5 submittals reviewed, 2 flagged for non-compliance.');
  expect(JSON.parse(outputs.items ?? '')).toHaveLength(5);
  expect(JSON.parse(outputs.outputs_json ?? '')).toMatchObject({ summary: outputs.summary });
  expect(outputs).toMatchObject({ duration_seconds: '133', outputs_truncated: 'false', replayed: 'false' });
});

test('after a second push the comment is edited in place and says what changed', () => {
  const { steps, github } = of('second-push');
  expect(github.comments()).toHaveLength(1);
  expect(steps[1]?.comment).toContain('since `3f9c1ab`: **1 new**, 1 still open, 1 gone');
  expect(steps[1]?.result.outputs.comment_url).toMatch(/#issuecomment-\d+$/);
});

const rowsOf = (result: RunResult) => JSON.parse(result.outputs.runs_json ?? '') as RunRow[];

test('of several runs each is told by its name, and the comment by what is new since the last push', () => {
  const { last, steps, api, github } = of('many-runs');
  expect(rowsOf(last).map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['Tower', 'gate_failed'],
    ['Car park', 'success'],
    ['Bridge', 'timed_out'],
  ]);
  expect(last.outputs).toMatchObject({
    conclusion: 'timed_out',
    gate: 'failed',
    headline: '2 of 3 runs are red: Tower (“not compliant” matched 2 of 5 items), Bridge (not finished)',
    run_id: '',
  });
  expect(github.comments()).toHaveLength(1);
  expect(steps[1]?.comment).toContain('since `3f9c1ab`: **1 new**, 1 still open, 1 gone');
  expect(steps[1]?.comment).toMatch(/\| ❌ \| Bridge \| not finished after 3 min \(\d+ %\) \|/);
  expect(api.runs).toHaveLength(6);
});

test('a re-run of several joins what is green or goes on, and launches only the red one anew', () => {
  const { first, last, steps, api } = of('many-runs-rerun');
  const [before, after] = [rowsOf(first), rowsOf(last)];
  expect(before.map(({ conclusion }) => conclusion)).toEqual(['gate_failed', 'success', 'timed_out']);
  expect(after.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success']);
  expect(after.map(({ run_id }, at) => run_id === before[at]?.run_id)).toEqual([false, true, true]);
  expect(after.map(({ replayed }) => replayed)).toEqual([false, true, true]);
  expect(api.runs.map(({ projectId }) => projectId)).toEqual(
    ['Tower', 'Car park', 'Bridge', 'Tower'].map(
      (name) => after.find((row) => row.name === name)?.project_id,
    ),
  );
  expect(steps[1]?.comment).toMatch(/: all 3 runs are green/i);
  expect(last.summary).toMatch(/^- Car park: joined a run started .*\n- Bridge: joined a run started /m);
});

test('several runs that queue for tokens say so, and when the next launch can be paid for', () => {
  const { last } = of('queue');
  expect(last.stdout).toMatch(/Tower {5}queueing for 25 tokens \(\d+ of 120 left\), next try in \d+ s/);
  expect(last.stdout).toMatch(/^ {4}2 queued, 1 running, next launch in \d+ s$/m);
  expect(last.outputs.headline).toBe('All 3 runs are green');
});

test('a job that queues for tokens says so', () => {
  expect(of('rate-limited').last.stdout).toMatch(/queueing for 25 tokens \(\d+ of 120 left\), next try in/);
});

test('a job that is cancelled while it sleeps is gone in 2 s', () => {
  const { last } = of('interrupted');
  expect(last.afterSignalMs).toBeLessThan(within(2_000, last));
});
