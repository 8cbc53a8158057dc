/** How a run is followed: for how long it may be missing, whose workflow it is of, and what is emitted. */
import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/alloovium/errors.ts';
import { InputError } from '../../src/inputs/inputs.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { followRun, type FoundRun, type PolledRun } from '../../src/runs/follow.ts';
import {
  anOrder,
  clientOf,
  fakeTransport,
  jobOf,
  pollAnswer,
  problemAnswer,
  resetError,
  virtualClock,
  type ScriptStep,
} from '../fakes.ts';
import { EPOCH_MS } from '../../simulator/virtual-clock.ts';

const NEW: FoundRun = {
  runId: 'run_1',
  origin: { kind: 'new' },
  answer: { at: 0, retryAfterAt: 0 },
  seen: null,
};

async function follow(
  script: readonly ScriptStep[],
  order: Parameters<typeof anOrder>[0] = {},
  found: Partial<FoundRun> = {},
  startsAt = 0,
) {
  const clock = virtualClock();
  clock.suspend(startsAt);
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
  return { result, sent, events, following, polled: events.filter(({ kind }) => kind === 'run_seen').length };
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

describe('what is known of a run before it is followed', () => {
  const JOINED = { kind: 'joined', ageMs: null } as const;
  /** A poll that showed the run when it was joined, at 0 on the clock. */
  const seen = (about: object = {}, retryAfterAt = 0) =>
    ({
      run: { runId: 'run_1', workflowId: 'wf_1', status: 'running', progress: null, createdAt: '', ...about },
      meta: { at: 0, retryAfterAt, serverNowMs: EPOCH_MS },
    }) as unknown as PolledRun;
  const firstPollAt = async (found: Partial<FoundRun>, order: Parameters<typeof anOrder>[0] = {}) =>
    (await follow([DONE], order, found)).sent[0]!.at;

  test('decides when it is polled first: a new run after its pause, an attached one at once', async () => {
    expect(await firstPollAt({ origin: { kind: 'new' } })).toBe(2_000);
    expect(await firstPollAt({ origin: { kind: 'attached' } }, { runId: 'run_1' })).toBe(0);
  });

  test('paces a run that was polled before by its age, also if an earlier attempt of the launch started it', async () => {
    const createdAt = new Date(EPOCH_MS - 3_600_000).toISOString();
    expect(await firstPollAt({ origin: JOINED, seen: seen({ createdAt }) })).toBe(20_000);
    expect(await firstPollAt({ origin: { kind: 'new' }, seen: seen({ createdAt }) })).toBe(20_000);
    expect(await firstPollAt({ origin: JOINED, seen: seen() })).toBe(2_000);
  });

  test('delays the next poll of a run by the hint of the poll that showed it', async () => {
    expect(await firstPollAt({ origin: JOINED, seen: seen({}, 40_000) })).toBe(40_000);
  });

  test('ends the polls after two 404 for a run that was seen, and after one for a run that was not', async () => {
    const gone = { answer: { at: -60_000, retryAfterAt: 0 } };
    expect((await follow([MISSING], {}, { ...gone, seen: seen() })).sent).toHaveLength(2);
    expect((await follow([MISSING], {}, gone)).sent).toHaveLength(1);
  });

  test('counts the time since the launch, in successful and in failed polls, and the time that is left', async () => {
    const { events, following } = await follow(
      [resetError(), DONE],
      {},
      { answer: { at: -5_000, retryAfterAt: 0 } },
      1_000,
    );
    expect(following).toMatchObject({ leftMs: 14 * 60_000 + 59_000 });
    expect(events.find(({ kind }) => kind === 'failed_poll')).toMatchObject({ elapsedMs: 3_010 + 5_000 });
    expect(events.find(({ kind }) => kind === 'run_seen')).toMatchObject({ elapsedMs: 5_020 + 5_000 });
  });

  test('is the workflow of a run whose answers name none', async () => {
    const unnamed = pollAnswer('run_1', 'completed', { workflow_id: undefined, outputs: {} });
    expect((await follow([unnamed])).result).toMatchObject({ run: { workflowId: 'wf_1' } });
    const attached = await follow([unnamed], { runId: 'run_1' }, { origin: { kind: 'attached' } });
    expect(attached.result).toBeInstanceOf(InputError);
  });
});
