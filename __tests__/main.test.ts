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
import { OUTPUT_NAMES } from '../src/report/declared.ts';

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
  test('completed, without a gate: green, with its outputs, and every declared output is set', async () => {
    const { exitCode, outputs, host } = await play();
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({
      conclusion: 'success',
      gate: 'none',
      status: 'completed',
      summary: OUTPUTS.summary,
    });
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining([...OUTPUT_NAMES]));
    expect(host.errors).toEqual([]);
    expect(host.summaryText).toContain('This check is green');
  });

  test('what is amiss with the names of its outputs stands in the summary too', async () => {
    const { host } = await play({ course: { outputs: { status: 'theirs' } } });
    expect(host.summaryText).toContain('No step output of their own');
  });

  test.each([
    ['a condition that holds', GATE, 1, 'failed', '1 of 2 items “not compliant”'],
    [
      'a condition that does not hold',
      'empty: size(outputs.items) == 0',
      0,
      'passed',
      'Passed the condition',
    ],
    [
      'a condition that cannot be evaluated',
      'outputs.findings.filter(f, f.bad)',
      1,
      'failed',
      'line 1 of `fail_if` cannot be evaluated',
    ],
  ])('%s', async (_what, fail_if, exit, gate, headline) => {
    const { exitCode, outputs } = await play({ inputs: { fail_if } });
    expect(exitCode).toBe(exit);
    expect(outputs).toMatchObject({ gate, headline });
    expect(outputs.gate_file).toBe('/memory/gate.json');
  });

  test.each(['inputs', 'project_id'])('a secret in `%s` is in no sink (I3)', async (name) => {
    const { host, outputs } = await play({ inputs: { [name]: name === 'inputs' ? `${KEY}: 1` : KEY } });
    expect(outputs.conclusion).toBe('error');
    const report = String(host.readFile('report.md', 1_000_000));
    expect(report).toContain('would show it');
    expect(
      JSON.stringify([host.lines, host.errors, host.warnings, host.summaryText, report, outputs]),
    ).not.toContain(KEY);
  });

  test.each([
    ['in quotes', `"${KEY}"`, { fail_if: `outputs.a == '${KEY}' &` }],
    ['after `Bearer`', `Bearer ${KEY}`, { inputs: `${KEY}: 1`, project_id: KEY }],
    ['twice', `${KEY}\n${KEY}x`, { warn_if: `outputs.a == '${KEY}' &`, api_url: `https://x/${KEY}` }],
  ])('a key %s is refused, and is in no sink (I3)', async (_, key, inputs) => {
    const { host, outputs } = await play({ inputs: { api_key: key, ...inputs } });
    expect(outputs.conclusion).toBe('error');
    const report = String(host.readFile('report.md', 1_000_000));
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

  test.each([
    ['failed', 'failure', 1],
    ['cancelled', 'cancelled', 1],
  ])('%s: red, the gate is not evaluated', async (ending, conclusion, exit) => {
    const { exitCode, outputs } = await play({ inputs: { fail_if: GATE }, course: { ending } });
    expect(exitCode).toBe(exit);
    expect(outputs).toMatchObject({ conclusion, gate: 'not_evaluated', status: ending });
  });
});

describe('waiting', () => {
  test('the deadline counts from the start of the step, and the verdict falls in time', async () => {
    const { outputs, ms, host } = await play({ course: { ms: 600_000 }, inputs: { timeout_minutes: '2' } });
    expect(outputs).toMatchObject({ conclusion: 'timed_out', status: 'running' });
    expect(ms).toBeGreaterThanOrEqual(120_000);
    expect(ms).toBeLessThan(125_000);
    expect(host.errors[0]).toMatch(
      /^Not finished after 2 min \(\d+ %\)\. Re-run this job: it picks up the same run\. If/,
    );
  });

  test('`wait: false`: launched, green as pending, not polled', async () => {
    const { exitCode, outputs, api, host } = await play({ inputs: { wait: 'false' } });
    expect(exitCode).toBe(0);
    expect(host.summaryText).toContain('**Next:** To judge the run');
    expect(outputs).toMatchObject({
      conclusion: 'pending',
      status: 'pending',
      run_id: 'run_1',
      outputs_json: '',
    });
    expect(api.journal).toHaveLength(1);
  });
});

describe('a re-run that finds a red run of half a minute ago', () => {
  const attempt2 = { GITHUB_RUN_ATTEMPT: '2' };
  const course = { ms: 10_000, ending: 'failed' };
  const find = async (jobAgeMs: number) => {
    const { outputs: first } = await play();
    return play({ environment: attempt2, course, madeUnder: first.idempotency_key!, jobAgeMs });
  };

  test('joins it where this attempt began before: a sibling launched it', async () => {
    expect((await find(60_000)).outputs).toMatchObject({ run_id: 'run_1', conclusion: 'failure' });
  });

  test('launches anew where it is older than the attempt', async () => {
    expect((await find(20_000)).outputs).toMatchObject({ run_id: 'run_2', conclusion: 'failure' });
  });
});

test('a re-run that joins an older run which still goes on judges it once it has ended', async () => {
  const { outputs: first } = await play({ inputs: { fail_if: GATE } });
  const { outputs, api } = await play({
    environment: { GITHUB_RUN_ATTEMPT: '2' },
    inputs: { fail_if: GATE },
    course: { ms: 90_000 },
    madeUnder: first.idempotency_key!,
    jobAgeMs: 10_000,
  });
  expect(outputs).toMatchObject({ run_id: 'run_1', conclusion: 'gate_failed', gate: 'failed' });
  expect(api.runs).toHaveLength(1);
});

describe('the job is cancelled', () => {
  test('with `wait: false`, while the launch is in flight: red, and the run is known', async () => {
    const { exitCode, outputs } = await play({ cancelAt: 1, inputs: { wait: 'false' } });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ conclusion: 'interrupted', run_id: 'run_1' });
  });

  test('while the launch is in flight: its answer is waited for, and nothing is sent again', async () => {
    const { outputs, api } = await play({ cancelAt: 1 });
    expect(outputs).toMatchObject({ conclusion: 'interrupted', run_id: 'run_1' });
    expect(api.journal).toHaveLength(1);
  });

  test('while the launch is in flight and its answer does not come: 3 s later, with the key', async () => {
    const { outputs, ms, host } = await play({ cancelAt: 1_000, mishap: () => 'stall' });
    expect(outputs).toMatchObject({ conclusion: 'interrupted', run_id: '' });
    expect(ms).toBe(4_000);
    expect(host.errors[0]).toContain(`may have started (key \`${outputs.idempotency_key ?? ''}\`)`);
  });

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

  test('judges it and launches nothing', async () => {
    const { exitCode, outputs, made } = await withRun({
      run_id: 'run_1',
      fail_if: 'none: size(outputs.items) == 0',
    });
    expect({ exitCode, made }).toEqual({ exitCode: 0, made: 1 });
    expect(outputs).toMatchObject({
      conclusion: 'success',
      gate: 'passed',
      workflow_id: 'wf_1',
      idempotency_key: '',
    });
  });

  test('a workflow_id that is not the run’s is red, and nothing of the run is published', async () => {
    const { exitCode, outputs } = await withRun({ run_id: 'run_1', workflow_id: 'wf_2' });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ conclusion: 'error', outputs_json: '', run_id: 'run_1' });
  });

  test('a run that is not there is red at once', async () => {
    const { outputs, ms } = await withRun({ run_id: 'run_nowhere' });
    expect(outputs.conclusion).toBe('error');
    expect(ms).toBeLessThan(2_000);
  });

  test('inputs of no use are named in one notice', async () => {
    const { log } = await withRun({ run_id: 'run_1', project_id: 'p1', on_rerun: 'fresh', inputs: 'a: 1' });
    expect(log.match(/ignored/g)).toHaveLength(1);
    expect(log).toContain('`project_id`, `inputs`, `on_rerun`');
  });
});

describe('no key', () => {
  const fork = pullRequest({ head: { sha: 'b'.repeat(40), repo: { full_name: 'stranger/tower' } } });
  const none = { api_key: '' };

  test('red, and says where to put one', async () => {
    const { outputs, host, api } = await play({ inputs: none });
    expect(outputs.conclusion).toBe('error');
    expect(host.errors[0]).toContain('api_key: ${{ secrets.ALLOOVIUM_API_KEY }}');
    expect(api.journal).toEqual([]);
  });

  test.each([
    ['fork, skip', 'pull_request', fork, 'skip', 0, 'skipped'],
    ['fork, fail', 'pull_request', fork, 'fail', 1, 'error'],
    ['fork under pull_request_target, skip', 'pull_request_target', fork, 'skip', 1, 'error'],
    ['push, skip', 'push', undefined, 'skip', 1, 'error'],
  ])('%s', async (_what, GITHUB_EVENT_NAME, event, on_missing_key, exit, conclusion) => {
    const { exitCode, outputs } = await play({
      inputs: { ...none, on_missing_key },
      environment: { GITHUB_EVENT_NAME },
      event,
    });
    expect({ exitCode, conclusion: outputs.conclusion }).toEqual({ exitCode: exit, conclusion });
  });
});

describe('what goes wrong at the runner', () => {
  test('no output file: refused before anything is sent', async () => {
    const { exitCode, api } = await play({
      host: () => ({
        checkOutputs: () => {
          throw new Error('GITHUB_OUTPUT is not set');
        },
      }),
    });
    expect(exitCode).toBe(1);
    expect(api.journal).toEqual([]);
  });

  test('outputs that cannot be written in the end turn a green run red', async () => {
    const { exitCode, host } = await play({
      host: (host) => ({
        output: (name, value) => {
          if (name === 'conclusion') throw new Error('no space left on device');
          host.outputs.set(name, value);
        },
      }),
    });
    expect(exitCode).toBe(1);
    expect(host.errors[0]).toContain('The step outputs cannot be written');
  });

  test('key, token and the password of a proxy are masked before a line is written', async () => {
    const masked: string[] = [];
    await play({
      inputs: { github_token: 'ghs_simulatedToken' },
      environment: { https_proxy: 'http://user:ProxyPassword@proxy:8080' },
      host: ({ lines }) => ({
        mask: (secret) => {
          if (lines.length === 0) masked.push(secret);
        },
      }),
    });
    expect(masked).toEqual([KEY, 'ghs_simulatedToken', 'ProxyPassword']);
  });

  test('a crash anywhere ends red and reported', async () => {
    const { exitCode, outputs, host } = await play({
      transport: () =>
        Promise.reject(new TypeError('boom\n::error::x', { cause: new Error('::set-env name=a::b') })),
    });
    expect(exitCode).toBe(1);
    expect(outputs.conclusion).toBe('error');
    expect(host.errors).toHaveLength(1);
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

  test('is written for a red verdict, and its address is an output', async () => {
    const { body, outputs, ask } = await over(null);
    expect(body).toContain('**This check is red** at `bbbbbbb`');
    expect(outputs.comment_url).toBe('https://github.com/c/1');
    expect(ask).toMatchObject({ pullRequest: 7, repository: { owner: 'octo-org', repo: 'tower' } });
    expect(ask?.isOurs(body?.split('\n')[0] ?? '')).toBe(true);
    expect(ask?.isOurs(`> ${body?.split('\n')[0] ?? ''}`)).toBe(false);
  });

  test('G17: is left alone where it says the same; another attempt is an edit', async () => {
    const { body } = await over(null);
    const again = await over(body);
    expect(again.body).toBeNull();
    expect(again.log).toContain('left∶ it says so already');
    const environment = { ...asked.environment, GITHUB_RUN_ATTEMPT: '2' };
    expect((await over(body, { environment })).body).not.toBeNull();
  });

  const GREEN = { ...OUTPUTS, items: [OUTPUTS.items[1]] };
  test.each<[string, (body: string) => string]>([
    ['edited under its first line', (body) => body.replace(/This check is \w+/, 'Approved')],
    ['without its last line', (body) => parseComment(body).visible],
    ['that was red, of this very job run', (body) => ofAnotherRun(body)],
  ])('G21: one %s is written anew', async (_, change) => {
    const course = { outputs: GREEN };
    for (const comment of ['always', 'on-failure']) {
      const { body } = await over(null, { inputs: { comment } });
      const { body: written } = await over(change(body ?? ''), { course, inputs: { comment } });
      expect(written).toContain('This check is green');
      expect(written).not.toContain('Approved');
    }
  });

  test('on_failure: nothing for a green verdict, over a red one what is gone, over a green one nothing', async () => {
    const green = { course: { outputs: GREEN }, inputs: { comment: 'on-failure' } };
    expect((await over(null, green)).body).toBeNull();
    const { body } = await over(null);
    const { body: over1, host } = await over(ofAnotherRun(body), green);
    for (const text of [over1, host.summaryText]) expect(text).toMatch(/1 no longer found/);
    const { body: calm } = await over(null, { ...green, inputs: { comment: 'always' } });
    expect((await over(ofAnotherRun(calm), green)).body).toBeNull();
  });

  test.each([
    ['push', undefined, 'the event push has no pull request'],
    [
      'workflow_run',
      { workflow_run: { pull_requests: [{ number: 1 }, { number: 2 }] } },
      'exactly one pull request',
    ],
  ])('on %s: none, and a notice', async (GITHUB_EVENT_NAME, event, text) => {
    const { log, ask } = await over(null, { environment: { GITHUB_EVENT_NAME }, event });
    expect(ask).toBeUndefined();
    expect(log).toContain(text);
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

  test('that cannot be written changes nothing in the result', async () => {
    const { exitCode, host, outputs } = await play({
      ...asked,
      stick: () =>
        Promise.resolve({
          placed: placed('warning', 'the token may not write'),
          decision: null,
        }),
    });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ conclusion: 'gate_failed', comment_url: '' });
    expect(host.warnings).toEqual(['the token may not write']);
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
