/** J: inputs and environments that are not what they should be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import type { RunOptions } from '../../simulator/runner.ts';
import { steadyCourse, TEST_KEY, WORKFLOW_ID } from '../../simulator/seed.ts';
import { createCertificates } from '../../simulator/tls.ts';
import { strike, TOWER, type Strike, type Struck } from './strike.ts';

jest.setTimeout(60_000);

const IDN = 'bücher.example';
const PUNYCODE = 'xn--bcher-kva.example';
const certificates = createCertificates([PUNYCODE]);
const folder = mkdtempSync(join(tmpdir(), 'ca-'));
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, certificates.ca);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const BRIEF = { course: steadyCourse({ queuedMs: 0, runningMs: 1_000 }) };

/** No value of an input is ever quoted: this stands in those that are wrong. */
const MARK = 'zqzqzq';

/** Red, every output there, and nothing was sent to anybody. */
function expectRefused({ result, outputs, api, error }: Struck): void {
  expect(result.exitCode).toBe(1);
  expect(outputs).toMatchObject({ conclusion: 'error', run_id: '', idempotency_key: '', tokens_spent: '0' });
  expect(api.journal).toEqual([]);
  expect(error).toMatch(/^.* Fix (?:this|these) in the workflow file[^.]*\.$/m);
  expect(outputs.error_message).not.toBe('');
  expect(result.summary).toMatch(/green:\*\* fix (?:this|these) in the workflow file/);
}

function expectGreen({ result, outputs, api }: Struck): void {
  expect(result.exitCode).toBe(0);
  expect(outputs).toMatchObject({ conclusion: 'success', run_id: api.runs[0]!.id });
  expect(api.runs).toHaveLength(1);
}

const everywhere = ({ result, outputs }: Struck) =>
  result.stdout + result.stderr + JSON.stringify(outputs) + result.summary;

describe('J. Inputs', () => {
  test.concurrent.each(['abc', '1441'])(
    'J1: `timeout_minutes: %s`: refused, the input named',
    async (timeout_minutes) => {
      const struck = await strike({ inputs: { timeout_minutes } });
      expectRefused(struck);
      expect(struck.error).toContain(
        '`timeout_minutes` must be a number of minutes above 0 and at most 1440',
      );
    },
  );

  test.concurrent.each([
    ['', '15 min'],
    ['  ', '15 min'],
    ['0.5', '30 s'],
  ])('J1: `timeout_minutes: "%s"`: %s', async (timeout_minutes, said) => {
    const struck = await strike({ speed: 10, api: BRIEF, inputs: { timeout_minutes } });
    expectGreen(struck);
    expect(struck.result.stdout).toMatch(new RegExp(`^::group::Wait for run_\\S+ \\(${said} at most, `, 'm'));
  });

  test.concurrent.each<[string, (port: number) => string, string]>([
    ['a path', (port) => `http://127.0.0.1:${port}/alloovium`, '/alloovium'],
    ['`..` in the path', (port) => `http://127.0.0.1:${port}/a/../b/./c/`, '/b/c'],
  ])('J2: a base URL with %s: normalised, and every call below it', async (_, url, prefix) => {
    const inputs: Record<string, string> = {};
    const { api, outputs, result } = await strike({
      inputs,
      before: (servers) => void (inputs.api_url = url(servers.api.port)),
    });
    // There is nothing below a path: 404, and then the list of what there is.
    expect(outputs.conclusion).toBe('error');
    expect(api.journal.map(({ path }) => path)).toEqual([
      `${prefix}/api/v2/workflows/${WORKFLOW_ID}/runs`,
      `${prefix}/api/v2/workflows?limit=100`,
    ]);
    expect(result.stdout).toContain(`, at http://127.0.0.1:${api.port}${prefix}\n`);
  });

  test.concurrent.each<[string, (port: number) => string, (port: number) => string]>([
    ['upper case', (port) => `HTTP://LOCALHOST:${port}`, (port) => `http://localhost:${port}`],
    ['blanks around it', (port) => `\n http://localhost:${port} \n`, (port) => `http://localhost:${port}`],
  ])('J2: a base URL with %s: the same as without', async (_, url, normal) => {
    const inputs: Record<string, string> = {};
    const struck = await strike({
      speed: 10,
      api: BRIEF,
      inputs,
      before: ({ api }) => void (inputs.api_url = url(api.port)),
    });
    expectGreen(struck);
    expect(struck.launches[0]!.path).toBe(`/api/v2/workflows/${WORKFLOW_ID}/runs`);
    expect(struck.result.stdout).toContain(`, at ${normal(struck.api.port)}\n`);
  });

  test.concurrent.each([IDN])('J2: a base URL with the host %s: its ASCII form', async (host) => {
    const inputs: Record<string, string> = {};
    const struck = await strike({
      speed: 10,
      api: { ...BRIEF, tls: certificates.good },
      inputs,
      before: ({ api }) => void (inputs.api_url = `https://${host}:${api.port}`),
      preload: ['simulator/fake-dns.mjs'],
      env: { FAKE_DNS_HOST: PUNYCODE, NODE_EXTRA_CA_CERTS: caFile },
    });
    expectGreen(struck);
    expect(new Set(struck.api.journal.map(({ headers }) => headers.host))).toEqual(
      new Set([`${PUNYCODE}:${struck.api.port}`]),
    );
  });

  test.concurrent.each([
    ['a path', `../${MARK}`],
    ['a command', `::set-output name=conclusion::${MARK}`],
  ])('J3: `workflow_id` is %s: refused, and not quoted', async (_, workflow_id) => {
    const struck = await strike({ inputs: { workflow_id } });
    expectRefused(struck);
    expect(struck.error).toContain(
      "`workflow_id` must be the workflow's ID as the dashboard shows it, `wf_…`",
    );
    expect(everywhere(struck)).not.toContain(MARK);
  });

  test.concurrent('J3: no `workflow_id` and no `run_id`: refused', async () => {
    const struck = await strike({ inputs: { workflow_id: '' } });
    expectRefused(struck);
    expect(struck.error).toContain('`workflow_id` is missing');
  });

  test.concurrent.each<[string, string, RegExp]>([
    ['JSON that is cut', `{"a": "${MARK}"`, /lacks a quote.*\(line 1, column \d+\)/],
    ['over 100 KB', `a: ${MARK.repeat(18_000)}`, /is over 100 KB/],
    ['a key twice', `${MARK}: 1\nb: 2\n${MARK}: 3`, /the same key twice \(line 3, column 1\)/],
    ['`__proto__`', `__proto__:\n  ${MARK}: 1`, /the key `__proto__`.*\(line 1, column 1\)/],
    ['a list', `- ${MARK}`, /must be a JSON object or a YAML mapping.*\(line 1, column 1\)/],
    [
      '033000',
      'section: 033000',
      /`inputs`: `section` \(line 1, column 10\) would change as a number, as 1\.10 becomes 1\.1: quote it/,
    ],
    [
      '1.10',
      'a: 1\nfrom: 1.10',
      /`inputs`: `from` \(line 2, column 7\) would change as a number, as 1\.10 becomes 1\.1: quote it/,
    ],
  ])('J4: `inputs` is %s: refused with its place, the value not quoted', async (_, inputs, what) => {
    const struck = await strike({ inputs: { inputs } });
    expectRefused(struck);
    expect(struck.error).toMatch(/`inputs`(:| has| is| lacks| must| refers)/);
    expect(struck.error).toMatch(what);
    // The one number in the message is an example, whatever was given.
    const said = everywhere(struck).replaceAll('as 1.10 becomes 1.1', '');
    expect(said).not.toMatch(new RegExp(`${MARK}|033000|1\\.10|09E1|9007199254740993`));
  });

  test.concurrent.each([
    ['JSON', '{"zip": "033000", "n": 1.5, "list": [true, null], "deep": {"a": ""}}'],
    ['YAML', 'zip: "033000"\nn: 1.5\nlist: [true, null]\ndeep:\n  a: ""\n'],
  ])('J4: `inputs` in %s: its types survive', async (_, inputs) => {
    const struck = await strike({ speed: 10, api: BRIEF, inputs: { inputs } });
    expectGreen(struck);
    expect(struck.api.runs[0]!.inputs).toEqual({
      zip: '033000',
      n: 1.5,
      list: [true, null],
      deep: { a: '' },
    });
  });
});

const REPOSITORY = { full_name: 'octo-org/tower' };
const FORK = { full_name: 'mallory/tower' };

function pull(head: unknown, login: string): unknown {
  return {
    number: 7,
    pull_request: {
      number: 7,
      head: { sha: '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2', repo: head },
      base: { repo: REPOSITORY },
      user: { login },
    },
  };
}

describe('J. The environment', () => {
  const WITHHELD: readonly (readonly [string, Partial<RunOptions>])[] = [
    ['a fork’s pull request', { eventName: 'pull_request', event: pull(FORK, 'octocat') }],
    ['Dependabot’s pull request', { eventName: 'pull_request', event: pull(REPOSITORY, 'dependabot[bot]') }],
  ];
  const ELSEWHERE: readonly (readonly [string, Partial<RunOptions>])[] = [
    [
      'a pull request of the repository’s own',
      { eventName: 'pull_request', event: pull(REPOSITORY, 'octocat') },
    ],
    ['pull_request_target from a fork', { eventName: 'pull_request_target', event: pull(FORK, 'octocat') }],
    ['a push', { eventName: 'push' }],
  ];
  const keyless = (where: Partial<RunOptions>, on_missing_key: string): Strike => ({
    ...where,
    inputs: { api_key: '', on_missing_key },
  });

  function expectKeyMissing({ result, outputs, api, error }: Struck): void {
    expect(result.exitCode).toBe(1);
    expect(outputs).toMatchObject({ conclusion: 'error', run_id: '', status: '' });
    expect(api.journal).toEqual([]);
    expect(error).toMatch(/^There is no API key\. /);
  }

  test.concurrent.each(WITHHELD)(
    'J5: no key on %s, `fail`: red; GitHub gives no secrets there',
    async (_, where) => {
      const struck = await strike(keyless(where, 'fail'));
      expectKeyMissing(struck);
      expect(struck.error).toMatch(/GitHub gives no secrets to pull requests from forks or Dependabot/);
      expect(struck.error).toContain('`on_missing_key: skip`');
    },
  );

  test.concurrent.each(WITHHELD)('J5: no key on %s, `skip`: green, `skipped`', async (_, where) => {
    const { result, outputs, api } = await strike(keyless(where, 'skip'));
    expect(result.exitCode).toBe(0);
    expect(outputs).toMatchObject({
      conclusion: 'skipped',
      run_id: '',
      status: '',
      gate: 'none',
      error_message: '',
    });
    expect(api.journal).toEqual([]);
    expect(result.annotations).toEqual([]);
    expect(result.stdout).toMatch(/Skipped: GitHub gives no secrets to this pull request/);
    expect(result.summary).toMatch(/nothing was judged/);
  });

  test.concurrent.each(
    ELSEWHERE.flatMap(([what, where]) => ['fail', 'skip'].map((choice) => [what, choice, where] as const)),
  )('J5: no key on %s, `%s`: red', async (_what, choice, where) => {
    const struck = await strike(keyless(where, choice));
    expectKeyMissing(struck);
    expect(struck.error).toContain('api_key: ${{ secrets.ALLOOVIUM_API_KEY }}');
  });

  test.concurrent('J5: a gate, skipped: `not_evaluated`', async () => {
    const { outputs } = await strike({
      ...WITHHELD[0]![1],
      inputs: { api_key: '', on_missing_key: 'skip', fail_if: 'outputs.a' },
    });
    expect(outputs).toMatchObject({ conclusion: 'skipped', gate: 'not_evaluated' });
  });

  test.concurrent('J5: the environment’s ALLOOVIUM_API_KEY where `api_key` is empty', async () => {
    const struck = await strike({
      speed: 10,
      api: BRIEF,
      inputs: { api_key: '' },
      env: { ALLOOVIUM_API_KEY: `${TEST_KEY}\n` },
    });
    expectGreen(struck);
    expect(struck.launches[0]!.apiKey).toBe(TEST_KEY);
    expect(struck.result.masks).toContain(TEST_KEY);
  });

  const PAYLOADS: readonly (readonly [string, string | null, string])[] = [
    ['missing', null, 'is missing'],
    ['torn for good', '{"pull_request": {', 'cannot be read as JSON'],
    ['a list', '[{"pull_request": 1}]', 'names no commit'],
    ['100 MB', `{"a": "${'x'.repeat(100 * 2 ** 20)}"}`, 'is over 32 MiB'],
  ];

  test.concurrent.each(
    PAYLOADS.flatMap(([what, eventPayload, said]) =>
      ['pull_request', 'pull_request_target'].map((name) => [name, what, eventPayload, said] as const),
    ),
  )('J6: %s with a payload that is %s: red, nothing sent', async (eventName, _what, eventPayload, said) => {
    const { api, result, outputs, error } = await strike({ eventName, eventPayload });
    expect(result.exitCode).toBe(1);
    expect(api.journal).toEqual([]);
    expect(outputs).toMatchObject({ conclusion: 'error', run_id: '' });
    expect(error).toMatch(`The event's file ${said}, and only it tells the pull request's commit`);
  });

  test.concurrent.each(PAYLOADS)(
    'J6: a push with a payload that is %s: works without it, with one notice',
    async (_what, eventPayload, said) => {
      const struck = await strike({ speed: 10, api: BRIEF, eventName: 'push', eventPayload });
      expectGreen(struck);
      expect(struck.result.stderr).toBe('');
      expect(struck.outputs.idempotency_key).toMatch(/^gha_[0-9a-f]{40}_[0-9a-f]{32}$/);
      const notices = struck.result.stdout.match(/^note. The event's file .*$/gm) ?? [];
      // A list is JSON: there is nothing amiss with the file.
      expect(notices).toEqual(said === 'names no commit' ? [] : [expect.stringContaining(said)]);
    },
  );

  test.concurrent('J6: the file is torn for a moment while the step starts: the right key', async () => {
    const eventName = 'pull_request';
    const struck = await strike({ speed: 1, api: BRIEF, eventName, eventTornMs: 1_500 });
    expectGreen(struck);
    expect(struck.outputs.idempotency_key).toMatch(/^gha_3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2_/);
  });

  test.concurrent('J6: the file is torn again when the comment is written: it is written', async () => {
    const temp = mkdtempSync(join(folder, 'temp-'));
    const { github, result } = await strike({
      speed: 10,
      api: BRIEF,
      eventName: 'pull_request',
      github: TOWER,
      inputs: { comment: 'always' },
      temp,
      onLine: (line) => {
        if (line.includes('Started run_'))
          writeFileSync(join(temp, '_github_workflow', 'event.json'), '{"pull_');
      },
    });
    expect(result.exitCode).toBe(0);
    expect(github!.comments()).toHaveLength(1);
  });

  test.concurrent.each([
    ['fail-if', '`fail-if`: did you mean `fail_if`?'],
    ['fail_fi', '`fail_fi`: did you mean `fail_if`?'],
    ['fail_when', '`fail_when`.'],
    ['gate', '`gate`.'],
    ['rules', '`rules`.'],
  ])('J8: `%s` given as an input: red, nothing sent', async (name, said) => {
    const struck = await strike({ inputs: { [name]: "outputs.items.filter(i, i.status != 'compliant')" } });
    expectRefused(struck);
    expect(struck.error.startsWith(`There is no input ${said}`)).toBe(true);
    if (!said.includes('did you mean'))
      expect(struck.error).toContain('\nThe inputs are `api_key`, `api_url`, ');
  });

  test.concurrent('J8: another INPUT_* in the environment: red, with the way out', async () => {
    const struck = await strike({ env: { INPUT_VERSION: '1.2' } });
    expectRefused(struck);
    expect(struck.error).toContain("`env: { INPUT_VERSION: '' }`");
  });

  test.concurrent('J8: an empty one, and INPUT_METHOD: pass', async () => {
    expectGreen(await strike({ speed: 10, api: BRIEF, env: { INPUT_VERSION: '', INPUT_METHOD: 'ibus' } }));
  });

  test.concurrent.each([['fail_if', 'outputs.a']])(
    'J9: `wait: false` with `%s`: red; nothing sent',
    async (name, value) => {
      const struck = await strike({ inputs: { wait: 'false', [name]: value } });
      expectRefused(struck);
      expect(struck.error).toContain(`\`wait\` cannot be \`false\` together with \`${name}\``);
    },
  );

  const OTHER = 'wf_1f02d9ee-2b3c-4d5e-8f60-718293a4b5c6';
  const attach = async (workflowOfRun: string, workflow_id: string) => {
    const inputs: Record<string, string> = { workflow_id };
    const struck = await strike({
      inputs,
      before: ({ api }) =>
        void (inputs.run_id = api.addRun({
          workflowId: workflowOfRun,
          ageMs: 3_600_000,
          course: BRIEF.course,
        })),
    });
    expect(struck.outputs.run_id).toBe(inputs.run_id);
    expect(struck.launches).toEqual([]);
    return struck;
  };

  test.concurrent(
    'J10: `run_id` of another workflow than `workflow_id`: red, though the run is green',
    async () => {
      const { result, outputs, polls, error } = await attach(OTHER, WORKFLOW_ID);
      expect(result.exitCode).toBe(1);
      expect(outputs).toMatchObject({ conclusion: 'error', gate: 'none' });
      expect(error).toContain('`workflow_id` is not the workflow of the run that `run_id` names');
      expect(polls).toHaveLength(1);
    },
  );

  test.concurrent.each([['of that workflow', WORKFLOW_ID]])(
    'J10: `run_id` %s: judged',
    async (_, workflow_id) => {
      const { result, outputs } = await attach(WORKFLOW_ID, workflow_id);
      expect(result.exitCode).toBe(0);
      expect(outputs).toMatchObject({ conclusion: 'success', workflow_id: WORKFLOW_ID });
    },
  );
});
