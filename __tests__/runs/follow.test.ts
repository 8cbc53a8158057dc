/** How a run is followed: for how long it may be missing, whose workflow it is of, and what is emitted. */
import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/alloovium/errors.ts';
import { InputError } from '../../src/inputs/inputs.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { followRun, type FoundRun } from '../../src/runs/follow.ts';
import {
  anOrder,
  clientOf,
  fakeTransport,
  jobOf,
  pollAnswer,
  problemAnswer,
  virtualClock,
  type ScriptStep,
} from '../fakes.ts';

const NEW: FoundRun = {
  runId: 'run_1',
  origin: { kind: 'new' },
  launched: { at: 0, retryAfterAt: 0 },
  seen: null,
};

async function follow(
  script: readonly ScriptStep[],
  order: Parameters<typeof anOrder>[0] = {},
  found: Partial<FoundRun> = {},
) {
  const clock = virtualClock();
  const { transport, sent } = fakeTransport(clock, script);
  const events: RunEvent[] = [];
  const job = jobOf(clock, {
    client: clientOf(clock, transport),
    emit: (event) => {
      events.push(event);
    },
  });
  const result = await followRun(anOrder(order), job, { ...NEW, ...found }).catch(
    (error: unknown) => error as Error,
  );
  const following = events.find(({ kind }) => kind === 'following');
  return { result, sent, following, polled: events.filter(({ kind }) => kind === 'polled').length };
}

const MISSING = problemAnswer(404, 'not_found');
const RUNNING = pollAnswer('run_1', 'running');
const DONE = pollAnswer('run_1', 'completed', { outputs: {} });

describe('followRun', () => {
  test('follows a run to its end', async () => {
    const { result, polled, following } = await follow([RUNNING, DONE]);
    expect(result).toMatchObject({ run: { status: 'completed', workflowId: 'wf_1' } });
    expect(polled).toBe(2);
    expect(following).toMatchObject({ isSeen: false, leftMs: 15 * 60_000 });
  });

  test('waits for a new run that is not found yet, but not for an attached one', async () => {
    expect((await follow([MISSING, MISSING, DONE])).result).toHaveProperty('run');
    const attached = await follow(
      [MISSING, MISSING, DONE],
      { runId: 'run_1' },
      { origin: { kind: 'attached' } },
    );
    expect(attached.result).toBeInstanceOf(ApiError);
    const gone = await follow([MISSING]);
    expect(gone.result).toBeInstanceOf(ApiError);
    expect(gone.sent.at(-1)!.at).toBeGreaterThan(25_000);
    expect(gone.sent.at(-1)!.at).toBeLessThan(32_000);
  });

  const ofOther = pollAnswer('run_1', 'completed', { workflow_id: 'wf_2', outputs: {} });
  const attached = { origin: { kind: 'attached' } } as const;
  test.each<[string, ScriptStep, workflowId: string, expected: object]>([
    ['accepts an attached run of the workflow of the step', DONE, 'wf_1', { run: { workflowId: 'wf_1' } }],
    [
      'accepts an attached run of any workflow without `workflow_id`',
      ofOther,
      '',
      { run: { workflowId: 'wf_2' } },
    ],
  ])('%s', async (_, answer, workflowId, expected) => {
    const { result } = await follow([answer], { runId: 'run_1', workflowId }, attached);
    expect(result).toMatchObject(expected);
  });

  test('rejects an attached run of another workflow', async () => {
    const { result } = await follow([ofOther], { runId: 'run_1' }, attached);
    expect(result).toBeInstanceOf(InputError);
    expect((await follow([ofOther])).result).toMatchObject({ fault: 'wrong_run' });
  });

  test('does not poll again a run whose end it has seen, and polls one that goes on', async () => {
    const seenAs = async (status: string) => {
      const { result } = await follow([pollAnswer('run_1', 'completed', { outputs: {} })]);
      if (result instanceof Error) throw result;
      return { ...result, run: { ...result.run, status } };
    };
    expect((await follow([DONE], {}, { seen: await seenAs('failed') })).sent).toEqual([]);
    const { sent, following } = await follow([DONE], {}, { seen: await seenAs('running') });
    expect(sent).toHaveLength(1);
    expect(following).toMatchObject({ isSeen: true });
  });
});
