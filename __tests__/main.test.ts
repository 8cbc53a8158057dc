/** Whole steps in virtual time: the real code from the environment to the outputs, with a made-up API and runner. */
import { describe, expect, test } from '@jest/globals';
import { TIERS, type BucketSize } from '../simulator/bucket.ts';
import { memoryHost, type MemoryHost } from '../simulator/memory-host.ts';
import type { Mishap } from '../simulator/mishaps.ts';
import { seeded } from '../simulator/random.ts';
import { virtualApi } from '../simulator/virtual.ts';
import { virtualClock } from '../simulator/virtual-clock.ts';
import type { Transport } from '../src/alloovium/transport.ts';
import type { Decision, Placed, stick, StickyComment } from '../src/github/sticky-comment.ts';
import { parseComment, withMemory } from '../src/report/memory.ts';
import { Interrupted } from '../src/runs/ending.ts';
import { run } from '../src/main.ts';

const KEY = 'ak_test_4f9c1d7e8a2b3c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f';
const OUTPUTS = {
  summary: '2 submittals reviewed, 1 flagged.',
  items: [
    { document_id: 'doc-1', status: 'non-compliant', reason: 'Fire rating' },
    { document_id: 'doc-2', status: 'compliant', reason: 'As specified' },
  ],
};
const GATE = "not compliant: outputs.items.filter(i, i.status != 'compliant')";

interface Situation {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly event?: unknown;
  /** How the run goes; default: completed after 20 s with `OUTPUTS`. */
  readonly course?: { ms?: number; ending?: string; outputs?: unknown };
  readonly mishap?: (call: 'launch' | 'poll' | 'list', nth: number) => Mishap;
  readonly bucket?: BucketSize;
  /** In place of the API. */
  readonly transport?: Transport;
  /** Another job has launched `run_1` 30 s before, under this key. */
  readonly madeUnder?: string;
  readonly jobAgeMs?: number;
  /** When the job is cancelled, in ms since its start. */
  readonly cancelAt?: number;
  readonly stick?: typeof stick;
  readonly host?: (host: MemoryHost) => Partial<MemoryHost>;
  /** Is given what cancels the job. */
  readonly onStop?: (now: () => void) => void;
}

async function play(situation: Situation = {}) {
  const clock = virtualClock();
  const random = seeded(7);
  const api = virtualApi({
    clock,
    random,
    bucket: situation.bucket ?? TIERS.pro,
    course: () => ({ ms: 20_000, ending: 'completed', outputs: OUTPUTS, ...situation.course }),
    fault: situation.mishap ?? (() => 'none'),
  });
  const environment = {
    GITHUB_REPOSITORY: 'octo-org/tower',
    GITHUB_SHA: 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b',
    GITHUB_RUN_ID: '17000000001',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_WORKFLOW_REF: 'octo-org/tower/.github/workflows/a.yml@refs/heads/main',
    GITHUB_JOB: 'review',
    INPUT_API_KEY: KEY,
    INPUT_WORKFLOW_ID: 'wf_1',
    ...Object.fromEntries(
      Object.entries(situation.inputs ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    ...situation.environment,
  };
  const host = memoryHost(environment);
  Object.assign(host, situation.host?.(host));
  const stop = new AbortController();
  situation.onStop?.(() => stop.abort(new Interrupted('SIGINT')));
  if (situation.madeUnder !== undefined) {
    const launch = {
      method: 'POST',
      url: 'http://x/api/v2/workflows/wf_1/runs',
      body: '{}',
      timeoutMs: 1_000,
      signal: stop.signal,
    } as const;
    const headers = { authorization: `Bearer ${KEY}`, 'idempotency-key': situation.madeUnder };
    await clock.run(api.transport({ ...launch, headers }));
    await clock.run(clock.sleep(30_000, stop.signal));
  }
  const startedAt = clock.now();
  if (situation.cancelAt !== undefined)
    clock.at(situation.cancelAt, () => stop.abort(new Interrupted('SIGINT')));
  const exitCode = await clock.run(
    run({
      host,
      transport: situation.transport ?? api.transport,
      clock,
      random,
      signal: stop.signal,
      readEvent: () => Promise.resolve({ payload: situation.event, fault: '' }),
      jobAgeMs: () => situation.jobAgeMs ?? 0,
      stick: situation.stick ?? (() => Promise.reject(new Error('no comment was asked for'))),
      limited: (work) => work(),
    }),
  );
  return {
    exitCode,
    api,
    host,
    outputs: Object.fromEntries(host.outputs),
    log: host.lines.join('\n'),
    ms: clock.now() - startedAt,
  };
}

describe('a run that ends', () => {
  test.each(['inputs', 'project_id'])('a secret in `%s` is in no sink (I3)', async (name) => {
    const { host, outputs } = await play({ inputs: { [name]: name === 'inputs' ? `${KEY}: 1` : KEY } });
    expect(outputs.conclusion).toBe('error');
    const report = String(host.readFile('report.md', 1_000_000));
    expect(report).toContain('would show it');
    expect(
      JSON.stringify([host.lines, host.errors, host.warnings, host.summaryText, report, outputs]),
    ).not.toContain(KEY);
  });

  test.each<[string, Record<string, string>]>([
    ['that does not compile', { fail_if: 'outputs.a =' }],
    ['beside another input at fault', { fail_if: 'outputs.a', warn_if: 'outputs.b =' }],
    ['and no key', { fail_if: 'outputs.a', api_key: '' }],
  ])('a gate %s is not evaluated; it is not none', async (_, inputs) => {
    expect((await play({ inputs })).outputs).toMatchObject({ conclusion: 'error', gate: 'not_evaluated' });
  });
});

describe('the job is cancelled', () => {
  test('no comment is begun', async () => {
    let asked = 0;
    await play({
      cancelAt: 5_000,
      inputs: { comment: 'always', github_token: 'ghs_simulatedToken' },
      environment: { GITHUB_EVENT_NAME: 'pull_request' },
      event: pullRequest(),
      stick: () => {
        asked++;
        return Promise.reject(new Error('asked'));
      },
    });
    expect(asked).toBe(0);
  });
});

describe('attaching to a run', () => {
  /** There is a run already, made by another job. */
  async function withRun(inputs: Readonly<Record<string, string>>) {
    const told = await play({ madeUnder: 'other', inputs: { workflow_id: '', ...inputs } });
    return { ...told, made: told.api.runs.length };
  }

  test('inputs of no use are named in one notice', async () => {
    const { log } = await withRun({ run_id: 'run_1', project_id: 'p1', on_rerun: 'fresh', inputs: 'a: 1' });
    expect(log.match(/ignored/g)).toHaveLength(1);
    expect(log).toContain('`project_id`, `inputs`, `on_rerun`');
  });
});

function pullRequest(changes: object = {}) {
  const repo = { full_name: 'octo-org/tower' };
  return {
    pull_request: { number: 7, head: { sha: 'b'.repeat(40), repo }, user: { login: 'octocat' }, ...changes },
  };
}

describe('the comment', () => {
  const asked = {
    inputs: { fail_if: GATE, comment: 'always', github_token: 'ghs_simulatedToken' },
    environment: { GITHUB_EVENT_NAME: 'pull_request' },
    event: pullRequest(),
  };
  const placed = (level: Placed['level'], text: string, detail = ''): Placed => ({
    url: '',
    level,
    text,
    detail,
  });

  /** Plays a step over a comment that stands there already. */
  async function over(existing: string | null, situation: Situation = {}) {
    const written: string[] = [];
    const asks: Pick<StickyComment<Decision>, 'isOurs' | 'pullRequest' | 'repository'>[] = [];
    const told = await play({
      ...asked,
      ...situation,
      inputs: { ...asked.inputs, ...situation.inputs },
      stick: (comment) => {
        asks.push(comment);
        const decision = comment.decide(existing, null);
        if (decision.action === 'write') written.push(decision.body);
        const text = decision.action === 'leave' ? `left: ${decision.reason}` : 'written';
        return Promise.resolve({
          placed: { ...placed('line', text), url: 'https://github.com/c/1' },
          decision,
        });
      },
    });
    return { ...told, body: written[0] ?? null, ask: asks[0] };
  }

  /** The comment as an earlier run left it: each step here launches `run_1`. */
  function ofAnotherRun(body: string | null): string {
    const { visible, memory } = parseComment(body ?? '');
    const runs = [...memory!.runs].map(([of, run]) => [of, { ...run, runId: 'run_0', madeAt: 1 }] as const);
    return withMemory(visible, { ...memory!, runs: new Map(runs) });
  }

  const GREEN = { ...OUTPUTS, items: [OUTPUTS.items[1]] };

  test('on_failure: nothing for a green verdict, over a red one what is gone, over a green one nothing', async () => {
    const green = { course: { outputs: GREEN }, inputs: { comment: 'on-failure' } };
    expect((await over(null, green)).body).toBeNull();
    const { body } = await over(null);
    const { body: over1, host } = await over(ofAnotherRun(body), green);
    for (const text of [over1, host.summaryText]) expect(text).toMatch(/No longer found:/);
    const { body: calm } = await over(null, { ...green, inputs: { comment: 'always' } });
    expect((await over(ofAnotherRun(calm), green)).body).toBeNull();
  });

  test('what GitHub said is cut, but no secret in it is cut in two before it is known', async () => {
    const detail = `${'x'.repeat(270)} ${KEY}${' y'.repeat(500)}`;
    const { log } = await play({
      ...asked,
      stick: () =>
        Promise.resolve({
          placed: placed('warning', 'no', detail),
          decision: null,
        }),
    });
    expect(log).toMatch(/Detail∶ x{270} \*\*\*(?: y){13}$/m);
  });

  test('is the same one whether or not the API could be asked for the workflow', async () => {
    const asks = await Promise.all(
      (['none', '500-after'] as const).map((mishap) =>
        over(null, { mishap: (call) => (call === 'launch' ? mishap : 'none') }),
      ),
    );
    const [first, second] = asks.map(({ body }) => body?.split('\n')[0]);
    expect(first).toMatch(/^<!-- alloovium:/);
    expect(second).toBe(first);
  });
});
