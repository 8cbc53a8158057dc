import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runAction, type RunOptions, type RunResult } from '../../simulator/runner.ts';
import { createMasks, encodingsOf } from '../../simulator/runner/masks.ts';
import { readMatchers } from '../../simulator/runner/matchers.ts';
import { createOutput, type Job, type Stream } from '../../simulator/runner/output.ts';

const ACTION = `
name: fixture
inputs:
  api_key:
    description: none
  two words:
    default: yes, two
  wait:
    default: true
  token:
    default: \${{ github.token }}
  comment_key:
    default: \${{ github.job }} \${{ github.action }} \${{ toJSON(matrix) }}
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixture-'));
  await writeFile(join(folder, 'action.yml'), ACTION);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
/** Runs a script (CommonJS, with `fs` and `out(name, text)`) as the action. */
async function run(script: string, options: RunOptions = {}): Promise<RunResult> {
  const bundle = join(folder, `script${++count}.cjs`);
  await writeFile(
    bundle,
    `const fs = require('node:fs');
     const out = (text) => fs.appendFileSync(process.env.GITHUB_OUTPUT, text);
     ${script}`,
  );
  return runAction({ bundle, actionYml: join(folder, 'action.yml'), timeoutMs: 5_000, ...options });
}
const environment = async (options: RunOptions = {}): Promise<Record<string, string>> =>
  JSON.parse((await run('console.log(JSON.stringify(process.env))', options)).stdout) as Record<
    string,
    string
  >;

test('passes nothing of its process but the path', async () => {
  process.env.LEAK_FROM_THE_OUTSIDE = '1';
  const env = await environment();
  delete process.env.LEAK_FROM_THE_OUTSIDE;
  expect(env).not.toHaveProperty('LEAK_FROM_THE_OUTSIDE');
  expect(
    Object.keys(env).filter((name) => !/^(GITHUB_|RUNNER_|INPUT_|CI$|HOME$|LANG$|PATH$)/.test(name)),
  ).toEqual([]);
  expect(env).toMatchObject({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_RUN_ATTEMPT: '1' });
});

test('reads commands of both streams, annotations, masks and groups', async () => {
  const result = await run(`
    console.log('::add-mask::s3cret');
    console.log('::group::One\\n::endgroup::');
    console.log('::error title=No::a%0Ab');
    console.error('##[set-env name=a]b');`);
  expect(result.masks).toEqual(['s3cret']);
  expect(result.hasBalancedGroups).toBe(true);
  expect(stdoutText(result).sort()).toEqual([
    'error by runner: cannot process the command ##[set-env name=a]b',
    'error by runner: the command set-env is disabled',
    'error: a\nb',
  ]);
  expect(result.annotations).toContainEqual({
    level: 'error',
    message: 'a\nb',
    properties: { title: 'No' },
  });
  expect(result.commands.map(({ name, stream }) => `${name} ${stream}`)).toEqual([
    'add-mask stdout',
    'group stdout',
    'endgroup stdout',
    'error stdout',
    'set-env stderr',
  ]);
});

const newJob = (): Job => ({ masks: createMasks(), matchers: [] });

/** What the runner makes of lines, `!` before one of stderr. */
function read(lines: readonly string[], { job = newJob(), debug = false } = {}) {
  const output = createOutput(job, { workspace: folder, debug });
  for (const line of lines) {
    const stream: Stream = line.startsWith('!') ? 'stderr' : 'stdout';
    output.line(line.replace(/^!/, ''), stream);
  }
  return output;
}
const stdoutText = ({
  annotations,
}: {
  annotations: readonly { level: string; message: string; source?: string }[];
}) =>
  annotations.map(
    ({ level, message, source }) => `${level}${source === undefined ? '' : ` by ${source}`}: ${message}`,
  );

test.each([
  ['::set-env name=PATH::x', 'the command set-env is disabled'],
  ['x ##[Set-Env name=a]b', 'the command Set-Env is disabled'],
  ['##[add-path]/tmp', 'the command add-path is disabled'],
  ['::set-output::x', 'set-output needs a name'],
  ['::save-state::x', 'save-state needs a name'],
  ['::echo::maybe', 'echo is on or off'],
  ['::add-matcher::not-there.json', expect.stringContaining('ENOENT')],
  ['::stop-commands::', 'stop-commands has a token that is refused'],
  ['::stop-commands::pause-logging', 'stop-commands has a token that is refused'],
  ['::stop-commands::add-mask', 'stop-commands has a token that is refused'],
])('fails the step for %s', (line, message) => {
  const output = read([line]);
  expect(output.failed()).toBe(true);
  expect(output.annotations.at(-1)).toEqual({ level: 'error', message, properties: {}, source: 'runner' });
});

describe('the masks of the fake runner', () => {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  test.each<[string, string, string]>([
    ['hide a secret in base64', 's3cret', encoded('s3cret')],
    ['hide a secret in base64 after one byte', 's3cret!!', encoded('3cret!!')],
    ['hide a secret in base64 after two bytes', 's3cret!!', encoded('cret!!')],
    ['hide a secret on a command line', 'a"b', 'a\\"b'],
    ['hide a secret in an expression', "a'b", "a''b"],
    ['hide a secret in JSON', 'a\t"\\\u0001\u0085\u2028b', 'a\\t\\"\\\\\\u0001\\u0085\\u2028b'],
    ['hide a secret in a URI, with what JavaScript leaves', "a b!'()*é~", 'a%20b%21%27%28%29%2A%C3%A9~'],
    ['hide a secret in XML', '<"a\'&>', '&lt;&quot;a&apos;&amp;&gt;'],
    ['hide a secret without its double quotes', '"longer than"', 'longer than'],
    ['hide a secret up to the last ampersand, as PowerShell prints it', 'one&two&three3', 'one&two&'],
    ['hide a secret after its last ampersand, as PowerShell prints it', 'one&two&three3', 'three3'],
    ['hide a secret up to the first `&+`, as PowerShell prints it', 'first1&+second&third', 'first1&+'],
    [
      'hide a secret from the second letter after `&+`, as PowerShell prints it',
      'first1&+second&third',
      'econd&third',
    ],
  ])('%s', (_, secret, spelling) => {
    expect(encodingsOf(secret)).toContain(spelling);
    const masks = createMasks();
    masks.add(secret);
    expect(masks.mask(`x${spelling}y`)).toMatch(/^x\*\*\*/);
  });

  test('hide base64 of a user and a password that ends with the password', () => {
    const masks = createMasks();
    masks.addWhole('p4ssword');
    expect(masks.mask(encoded('user:p4ssword'))).not.toContain(encoded('p4ssword'.slice(1)));
    expect(masks.mask(encoded('user:p4ssword:and more'))).toBe(encoded('user:p4ssword:and more'));
  });

  test('hide the job’s token, also as git sends it, and its secrets without the blanks around them', async () => {
    const result = await run(
      "console.log('ghs_1', Buffer.from('x-access-token:ghs_1').toString('base64'), 'known')",
      { token: 'ghs_1', secrets: [' known\n'] },
    );
    expect(result.log).toBe('*** *** ***\n');
    expect(result.masks).toEqual([]);
  });
});

/** As actions/setup-node’s for eslint: the file in one line, its findings in those below it. */
const STYLISH = {
  owner: 'stylish',
  pattern: [
    { regexp: '^([^\\s].*)$', file: 1 },
    {
      regexp: '^\\s+(\\d+):(\\d+)\\s+(error|warning|info)\\s+(.*)\\s\\s+(.*)$',
      line: 1,
      column: 2,
      severity: 3,
      message: 4,
      code: 5,
      loop: true,
    },
  ],
};

test('repeats the last pattern of a problem matcher on what the others found, as long as it matches', () => {
  const lines = [
    'a.js',
    '  1:2  error  Wrong  rule-1',
    '  3:4  warning  Odd  rule-2',
    'x',
    '',
    '  5:6  error  Y  z',
  ];
  const matchers = readMatchers(JSON.stringify({ problemMatcher: [STYLISH] }));
  const output = read(lines, { job: { masks: createMasks(), matchers } });
  expect(output.annotations).toEqual([
    {
      level: 'error',
      message: 'Wrong',
      properties: { line: '1', col: '2', code: 'rule-1' },
      source: 'stylish',
    },
    {
      level: 'warning',
      message: 'Odd',
      properties: { line: '3', col: '4', code: 'rule-2' },
      source: 'stylish',
    },
  ]);
});

test.each([
  [2 ** 20, true],
  [2 ** 20 + 1, false],
])('shows a summary of %i bytes: %s', async (bytes, isThere) => {
  const result = await run(
    `fs.appendFileSync(process.env.GITHUB_STEP_SUMMARY, 'é'.repeat(1000) + 'x'.repeat(${bytes - 2_000}))`,
  );
  expect(result.shownSummary !== '').toBe(isThere);
  expect(stdoutText(result)).toEqual(
    isThere ? [] : ['error by runner: the job summary is dropped: it is larger than 1024 KiB'],
  );
  expect(result.outcome).toBe('success');
});
