import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { declaredInputs, runAction, type RunOptions, type RunResult } from '../../simulator/runner.ts';

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
    default: \${{ toJSON(matrix) }}
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

describe('the environment', () => {
  test('has every declared input, defaults evaluated, and undeclared ones that were given', async () => {
    const env = await environment({
      inputs: { Api_Key: 'k', 'fail-if': 'x' },
      token: 'ghs_1',
      matrix: { os: 'linux' },
    });
    const inputs = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('INPUT_')));
    expect(inputs).toEqual({
      INPUT_API_KEY: 'k',
      'INPUT_FAIL-IF': 'x',
      INPUT_TWO_WORDS: 'yes, two',
      INPUT_WAIT: 'true',
      INPUT_TOKEN: 'ghs_1',
      INPUT_COMMENT_KEY: '{\n  "os": "linux"\n}',
    });
  });

  test('an expression it does not know is refused loudly', () => {
    expect(() =>
      declaredInputs('inputs:\n  a:\n    default: ${{ github.actor }}', { token: '', matrix: null }),
    ).toThrow('the default of "a" has an expression');
  });

  test('has nothing of this process but the path', async () => {
    process.env.LEAK_FROM_THE_OUTSIDE = '1';
    const env = await environment();
    delete process.env.LEAK_FROM_THE_OUTSIDE;
    expect(env).not.toHaveProperty('LEAK_FROM_THE_OUTSIDE');
    expect(
      Object.keys(env).filter((name) => !/^(GITHUB_|RUNNER_|INPUT_|CI$|HOME$|LANG$|PATH$)/.test(name)),
    ).toEqual([]);
    expect(env).toMatchObject({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_RUN_ATTEMPT: '1' });
  });

  test('what is given goes over it, undefined takes away', async () => {
    const env = await environment({
      env: { GITHUB_OUTPUT: undefined, GITHUB_SHA: 'abc', HTTPS_PROXY: 'x' },
      attempt: 3,
    });
    expect(env).toMatchObject({ GITHUB_SHA: 'abc', HTTPS_PROXY: 'x', GITHUB_RUN_ATTEMPT: '3' });
    expect(env).not.toHaveProperty('GITHUB_OUTPUT');
  });

  test('an event has its payload, its head and its base', async () => {
    const script = "console.log(fs.readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'))";
    const made = JSON.parse((await run(script, { eventName: 'pull_request' })).stdout) as Record<
      string,
      unknown
    >;
    expect(made).toMatchObject({ number: 7, pull_request: { head: { ref: 'fix-doors' } } });
    expect((await run(script, { eventPayload: '{broken' })).stdout).toBe('{broken\n');
    expect((await run(script, { eventPayload: null })).exitCode).toBe(1);
    expect(await environment({ eventName: 'pull_request' })).toMatchObject({
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_HEAD_REF: 'fix-doors',
      GITHUB_BASE_REF: 'main',
    });
  });

  test('there is no terminal and no input; the workspace is the current folder', async () => {
    const { stdout } = await run(
      "console.log(!!process.stdout.isTTY, process.cwd() === fs.realpathSync(process.env.GITHUB_WORKSPACE)); process.stdin.on('end', () => console.log('end')).resume()",
    );
    expect(stdout).toBe('false true\nend\n');
  });
});

describe('what comes back', () => {
  test('exit code, streams, outputs, summary, files', async () => {
    const result = await run(`
      console.log('to stdout');
      console.error('to stderr');
      out('run_id=run_1\\n');
      out('text<<E\\na\\nb\\nE\\n');
      fs.appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Hello');
      fs.appendFileSync(process.env.GITHUB_STATE, 's=1');
      process.exitCode = 7;`);
    expect(result).toMatchObject({
      exitCode: 7,
      signal: null,
      killed: false,
      stdout: 'to stdout\n',
      stderr: 'to stderr\n',
      outputs: { run_id: 'run_1', text: 'a\nb' },
      outputErrors: [],
      summary: '# Hello',
      files: { env: '', path: '', state: 's=1' },
      afterSignalMs: null,
    });
    expect(result.durationMs).toBeGreaterThan(result.lingerMs);
  });

  test('commands of both streams, annotations, masks and groups', async () => {
    const result = await run(`
      console.log('::add-mask::s3cret');
      console.log('::group::One\\n::endgroup::');
      console.log('::error title=No::a%0Ab');
      console.error('##[set-env name=a]b');`);
    expect(result.masks).toEqual(['s3cret']);
    expect(result.groupsBalanced).toBe(true);
    expect(result.annotations).toEqual([{ level: 'error', message: 'a\nb', properties: { title: 'No' } }]);
    expect(result.commands.map(({ name, stream }) => `${name} ${stream}`)).toEqual([
      'add-mask stdout',
      'group stdout',
      'endgroup stdout',
      'error stdout',
      'set-env stderr',
    ]);
  });

  test.each([
    ['::group::a', false],
    ['::group::a\n::group::b\n::endgroup::\n::endgroup::', false],
    ['::endgroup::\n::group::a', false],
    ['::group::a\n::endgroup::\n::group::b\n::endgroup::', true],
  ])('groups %j are balanced: %s', async (text, balanced) => {
    expect((await run(`console.log(${JSON.stringify(text)})`)).groupsBalanced).toBe(balanced);
  });

  test('the log as GitHub shows it', async () => {
    const result = await run(
      `console.log('before s3cret');
       console.log('::add-mask::s3cret');
       console.log('::group::Launch');
       console.log('with s3cret, in base64 ' + Buffer.from('s3cret').toString('base64') + ', known');
       console.log('::endgroup::');
       console.log('::debug::unseen');
       console.log('::warning::careful');
       console.log('::foo::');`,
      { secrets: ['known'], inputs: { 'fail-if': '' } },
    );
    expect(result.shown).toBe(
      [
        "Warning: Unexpected input(s) 'fail-if'",
        'before s3cret',
        '▾ Launch',
        '  with ***, in base64 ***, ***',
        'Warning: careful',
        '::foo::',
        '',
      ].join('\n'),
    );
  });

  test('lines as they come, a multi-byte character across two writes', async () => {
    const lines: string[] = [];
    const result = await run(
      'process.stdout.write(Buffer.from([0x61, 0xe2, 0x82])); setTimeout(() => process.stdout.write(Buffer.from([0xac, 0x0a, 0x62])), 30)',
      { onLine: (line, stream) => lines.push(`${stream} ${line}`) },
    );
    expect(lines).toEqual(['stdout a€', 'stdout b']);
    expect(result.stdout).toBe('a€\nb');
  });

  test('peak memory and how long it lingered', async () => {
    const result = await run(`
      let big = Buffer.alloc(100 * 1024 * 1024, 1);
      console.log('filled');
      setTimeout(() => { big = null }, 150);`);
    expect(result.peakMiB).toBeGreaterThan(120);
    expect(result.lingerMs).toBeGreaterThan(100);
  });
});

describe('signals', () => {
  const catching = `
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { console.log(signal); clearTimeout(t); process.exitCode = 5; });
    const t = setTimeout(() => {}, 4000);
    console.log('ready');`;

  test('come when the log says so', async () => {
    const result = await run(catching, { signals: [{ whenStdout: /ready/, signal: 'SIGTERM' }] });
    expect(result).toMatchObject({ exitCode: 5, stdout: 'ready\nSIGTERM\n' });
    expect(result.afterSignalMs).toBeLessThan(1_000);
  });

  test('come after a time, or when something is done', async () => {
    const ready = Promise.withResolvers<undefined>();
    const cancelled = await run(catching, {
      signals: [{ whenDone: ready.promise, signal: 'cancel' }],
      onLine: (line) => {
        if (line === 'ready') ready.resolve(undefined);
      },
    });
    expect(cancelled.exitCode).toBe(5);
    const killed = await run(catching, { signals: [{ afterMs: 100, signal: 'SIGKILL' }] });
    expect(killed).toMatchObject({ exitCode: null, signal: 'SIGKILL', killed: false });
  });

  test('what hangs is killed', async () => {
    const result = await run('setInterval(() => {}, 1000)', { timeoutMs: 150 });
    expect(result).toMatchObject({ killed: true, signal: 'SIGKILL' });
  });
});

describe('broken surroundings', () => {
  test('nobody reads stdout', async () => {
    const result = await run(
      "process.stdout.on('error', (error) => { console.error(error.code) }); setTimeout(() => console.log('x'), 30)",
      { stdout: 'closed' },
    );
    expect(result.stderr).toBe('EPIPE\n');
  });

  test('stderr is full', async () => {
    const result = await run("try { fs.writeSync(2, 'x') } catch (error) { console.log(error.code) }", {
      stderr: 'full',
    });
    expect(result.stdout).toBe('ENOSPC\n');
  });

  test('less memory, and preloaded modules', async () => {
    const preload = join(folder, 'preload.mjs');
    await writeFile(preload, 'globalThis.preloaded = true');
    const result = await run('console.log(globalThis.preloaded, process.execArgv[0])', {
      nodeArgs: ['--max-old-space-size=128'],
      preload: [preload],
    });
    expect(result.stdout).toBe('true --max-old-space-size=128\n');
  });

  test('steps of a job may share the temporary folder', async () => {
    const first = await run("fs.writeFileSync(process.env.RUNNER_TEMP + '/kept', '1'); out('a=1')");
    const second = await run("console.log(fs.readFileSync(process.env.RUNNER_TEMP + '/kept', 'utf8'))", {
      temp: first.temp,
    });
    expect(second).toMatchObject({ stdout: '1\n', outputs: {} });
  });
});
