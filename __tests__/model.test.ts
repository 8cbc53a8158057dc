/**
 * Launch and wait against a model: an API with idempotency, whatever it answers, whatever gets lost, whenever the
 * machine sleeps and the job is cancelled. What must hold then are the invariants, not a script.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConnectionError } from '../src/alloovium/errors.ts';
import type { Run } from '../src/alloovium/wire.ts';
import { createIntentKey, type Intent } from '../src/intent.ts';
import { followRun } from '../src/runs/follow.ts';
import { launchOrJoin } from '../src/runs/launch.ts';
import {
  anOrder,
  jobOf,
  clientOf,
  fakeApi,
  fakeTransport,
  retryOptionsOf,
  problemAnswer,
  refusedError,
  resetError,
  virtualClock,
  type ApiFault,
  type FakeApi,
  type ScriptedAnswer,
  type SentRequest,
  type ScriptStep,
  type VirtualClock,
} from './fakes.ts';

const intent: Intent = { keyScope: 'c', repository: 'o/r', workflowId: 'wf_1', projectId: '', inputs: {} };
const k1 = createIntentKey(intent);
const isRed = ({ status }: Pick<Run, 'status'>) => status === 'failed' || status === 'cancelled';

const statuses = [307, 401, 403, 404, 408, 409, 422, 425, 429, 500, 502, 503, 504, 505];
const aReply: fc.Arbitrary<ScriptStep> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<ScriptStep>(resetError(), refusedError(), 'hang') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<ScriptStep>(
      new ConnectionError('encoding'),
      { body: '<html>' },
      { body: '{}' },
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...statuses), fc.option(fc.nat(90)), fc.boolean())
      .map(([status, seconds, lock]) =>
        problemAnswer(
          status,
          lock ? 'idempotency_in_progress' : 'x',
          seconds === null ? {} : { 'retry-after': String(seconds) },
        ),
      ),
  },
);
const aFault: fc.Arbitrary<ApiFault | undefined> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: aReply.map((reply) => ({ work: 'none' as const, reply })) },
  { weight: 3, arbitrary: aReply.map((reply) => ({ reply })) },
  { weight: 1, arbitrary: fc.constant({ work: 'unstored' as const }) },
  { weight: 1, arbitrary: fc.nat(60_000).map((workMs) => ({ workMs })) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(60_000), aReply).map(([workMs, reply]) => ({ workMs, reply })) },
);
const aPlan = fc.record({
  ms: fc.oneof(fc.nat(5_000), fc.nat(400_000)),
  ending: fc.constantFrom('completed', 'completed', 'failed', 'cancelled', 'awaiting_review'),
});
const aJob = fc.record({
  startsAt: fc.oneof(fc.constant(0), fc.nat(120_000)),
  attempt: fc.constantFrom(1, 2, 3),
  onRerun: fc.constantFrom('resume' as const, 'resume' as const, 'fresh' as const),
  timeoutMs: fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 20_000, max: 900_000 })),
  faults: fc.array(aFault, { maxLength: 12 }),
  /** The wait is told so early that it is cancelled; null: it is not. */
  cancelAfterMs: fc.option(fc.nat(300_000)),
  random: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    minLength: 1,
    maxLength: 5,
  }),
});
const aHappening = fc.record({
  at: fc.nat(300_000),
  what: fc.oneof(
    fc.record({ kind: fc.constant('suspend' as const), ms: fc.nat(700_000) }),
    fc.record({ kind: fc.constant('wall clock' as const), ms: fc.integer({ min: -1e8, max: 1e8 }) }),
  ),
});
const aWorld = fc.record({
  jobs: fc.array(aJob, { minLength: 1, maxLength: 3 }),
  plans: fc.array(aPlan, { minLength: 1, maxLength: 4 }),
  happenings: fc.array(aHappening, { maxLength: 3 }),
  before: fc.option(fc.constantFrom('failed', 'completed', 'running')),
});

type JobPlan = typeof aJob extends fc.Arbitrary<infer T> ? T : never;

interface Played {
  readonly plan: JobPlan;
  readonly sent: readonly (SentRequest & { readonly hintMs: number; readonly isTaken: boolean })[];
  readonly maxInFlight: number;
  readonly began: number;
  readonly endedAt: number;
  readonly cancelledAt: number | null;
  readonly run: Run | null;
  readonly error: unknown;
}

/** What main does, without its report. */
async function play(
  clock: VirtualClock,
  api: FakeApi,
  plan: JobPlan,
  faultOf: Map<SentRequest, ApiFault>,
): Promise<Played> {
  await clock.sleep(plan.startsAt, new AbortController().signal);
  const sent: Played['sent'][number][] = [];
  const fake = fakeTransport(clock, (request) => {
    const fault = plan.faults[request.nth - 1];
    if (fault !== undefined) faultOf.set(request, fault);
    const step = api.answer(request);
    const seconds =
      typeof step === 'object' && !(step instanceof Error) ? Number(step.headers?.['retry-after'] ?? 0) : 0;
    const isTaken =
      step instanceof ConnectionError ? step.fault !== 'unreached' : (step as ScriptedAnswer).status !== 429;
    sent.push(Object.assign(request, { hintMs: seconds * 1_000, isTaken }));
    return step;
  });
  let draws = 0;
  const random = () => plan.random[draws++ % plan.random.length] ?? 0;
  const client = clientOf(clock, fake.transport);
  const cancel = new AbortController();
  let cancelledAt: number | null = null;
  const began = clock.now();
  if (plan.cancelAfterMs !== null) {
    clock.at(began + plan.cancelAfterMs, () => {
      cancelledAt = clock.now();
      cancel.abort(new Error('cancelled'));
    });
  }
  const retryContext = retryOptionsOf(clock, {
    random,
    signal: cancel.signal,
    deadline: began + plan.timeoutMs,
  });
  let run: Run | null = null;
  let error: unknown = null;
  try {
    const job = jobOf(clock, {
      ...retryContext,
      client,
      context: {
        keyScope: intent.keyScope,
        commit: intent.keyScope,
        repository: intent.repository,
        attempt: plan.attempt,
        jobRunId: '77',
        isPrivate: true,
      },
      onRerun: plan.onRerun,
      attemptBeganAt: began,
    });
    const order = anOrder(intent);
    ({ run } = await followRun(order, job, await launchOrJoin(order, job)));
  } catch (caught) {
    error = caught;
  }
  return {
    plan,
    sent,
    maxInFlight: fake.maxInFlight(),
    began,
    endedAt: clock.now(),
    cancelledAt,
    run,
    error,
  };
}

function checkJob(
  { plan, sent, maxInFlight, began, endedAt, cancelledAt, run, error }: Played,
  api: FakeApi,
  serverNow: number,
  suspensions: readonly { readonly at: number; readonly endedAt: number }[],
): void {
  // One request in flight, and none before the hint of the answer before it.
  expect(maxInFlight).toBeLessThanOrEqual(1);
  for (const [at, request] of sent.slice(1).entries()) {
    const before = sent[at]!;
    if (before.status !== null) expect(request.at).toBeGreaterThanOrEqual(before.endedAt! + before.hintMs);
  }

  // Keys: a first attempt and `fresh` know one; a re-run goes on to the next only over a run that is red or gone.
  const posts = sent.filter(({ method }) => method === 'POST');
  const keys = [...new Set(posts.map(({ key }) => key))];
  if (plan.attempt === 1) expect(keys).toEqual(keys.length === 0 ? [] : [k1]);
  else if (plan.onRerun === 'fresh') expect(keys.length).toBeLessThanOrEqual(1);
  else expect(keys).toEqual(keys.map((_key, at) => (at === 0 ? k1 : `${k1}_${at + 1}`)));
  for (const key of keys.slice(1)) {
    const before = sent[sent.findIndex((request) => request.key === key) - 1]!;
    const passedOver = api.runs.find(({ id }) => before.path.endsWith(`/${id}`));
    expect(before.status === 404 || isRed({ status: passedOver!.ending })).toBe(true);
  }

  // Five attempts a key that the API may have taken.
  for (const key of keys) {
    const counted = posts.filter((post) => post.key === key && post.isTaken && post.status !== 409);
    expect(counted.length).toBeLessThanOrEqual(5);
    expect(new Set(posts.filter((post) => post.key === key).map(({ body }) => body)).size).toBe(1);
  }

  // No end that the API did not come to, of a run under one of our keys.
  if (run !== null) {
    const real = api.runs.find(({ id }) => id === run.runId)!;
    expect(real).toMatchObject({ ending: run.status, isUnstored: false });
    expect(real.endsAt).toBeLessThanOrEqual(serverNow);
    expect(keys).toContain(real.key);
  } else {
    expect(error).toBeInstanceOf(Error);
  }

  // In time, counted from when the machine was awake.
  const within = (ms: number, due: number) =>
    suspensions.reduce(
      (until, { at, endedAt: woken }) => (at <= until ? Math.max(until, woken + ms) : until),
      due + ms,
    );
  expect(endedAt).toBeLessThanOrEqual(within(5_000, began + plan.timeoutMs));
  if (cancelledAt !== null && cancelledAt < endedAt) {
    const inFlight = posts.some(({ at, endedAt: end }) => at <= cancelledAt && end! >= cancelledAt);
    expect(endedAt).toBeLessThanOrEqual(within(inFlight ? 3_000 : 0, cancelledAt));
    // Nothing is begun any more.
    expect(sent.filter(({ at }) => at > cancelledAt)).toEqual([]);
  }
}

test('keeps one run a key, the hints, the deadline and the true result, for any order of replies, faults, clocks and signals', async () => {
  await fc.assert(
    fc.asyncProperty(aWorld, async ({ jobs, plans, happenings, before }) => {
      const clock = virtualClock();
      const faultOf = new Map<SentRequest, ApiFault>();
      // The server's clock is its own: ours may jump.
      const server = () => Date.UTC(2026, 3, 8, 10) + Math.floor(clock.now());
      const api = fakeApi(clock, {
        date: server,
        planOf: (nth) => plans[nth % plans.length]!,
        fault: (request) => faultOf.get(request),
      });
      if (before !== null)
        api.addRun(k1, {
          agoMs: 3_600_000,
          ending: before === 'running' ? 'completed' : before,
          endsInMs: before === 'running' ? 60_000 : -1,
        });
      const suspensions: { at: number; endedAt: number }[] = [];
      for (const { at, what } of happenings) {
        clock.at(at, () => {
          if (what.kind === 'wall clock') clock.shiftDate(what.ms);
          else {
            const from = clock.now();
            clock.suspend(what.ms);
            suspensions.push({ at: from, endedAt: clock.now() });
          }
        });
      }
      const played = await Promise.all(jobs.map((plan) => play(clock, api, plan, faultOf)));
      for (const one of played) checkJob(one, api, server(), suspensions);
      // At most one run a key, but for those made behind a 5xx that was not kept.
      const storedKeys = api.runs.filter(({ isUnstored }) => !isUnstored).map(({ key }) => key);
      expect(new Set(storedKeys).size).toBe(storedKeys.length);
    }),
    { numRuns: 250 },
  );
});
