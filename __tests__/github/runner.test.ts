import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRunner, type Runner } from '../../src/github/runner.ts';
import { logLine } from '../../src/text/escape.ts';
import { findCommands, parseOutputFile } from '../../simulator/workflow-commands.ts';

let folder = '';
let environment: Record<string, string> = {};
let runner: Runner;
const keptOutput = process.env.GITHUB_OUTPUT;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-test-'));
  environment = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary'), RUNNER_TEMP: folder };
  writeFileSync(environment.GITHUB_OUTPUT!, '');
  // @actions/core reads the environment of the process.
  process.env.GITHUB_OUTPUT = environment.GITHUB_OUTPUT;
  runner = createRunner(environment);
});
afterEach(() => {
  Reflect.deleteProperty(process.env, 'GITHUB_OUTPUT');
  if (keptOutput !== undefined) process.env.GITHUB_OUTPUT = keptOutput;
  rmSync(folder, { recursive: true });
});

/** Returns what is written to stdout during the call. */
function printed(what: () => void): string {
  const write = process.stdout.write.bind(process.stdout);
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    what();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

const PARTS = '::~##[~:~#~[~]~\n~\r~\u2028~ ~%0A~\u200b~set-output name=a::b~add-mask~error~stop-commands::t'.split('~');
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PARTS), fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 10 })
  .map((parts) => parts.join(''));
const namesIn = (text: string) => findCommands(text).map(({ name }) => name);

describe('the log', () => {
  test('prints any text as one line without a command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const out = printed(() => runner.line(logLine`    Detail: ${text}`));
        expect(out.match(/[\r\n]/g)).toHaveLength(1);
        expect(namesIn(out)).toEqual([]);
      }),
    );
  });

  test('has groups with a title and no other command', () => {
    const print = (title: string) =>
      printed(() => {
        runner.startGroup(logLine`Launch ${title}`);
        runner.endGroup();
      });
    expect(print('wf_1')).toBe('::group::Launch wf_1\n::endgroup::\n');
    fc.assert(fc.property(hostile, (title) => expect(namesIn(print(title))).toEqual(['group', 'endgroup'])));
  });

  test('masks a secret with `%` and a line break by one command', () => {
    expect(findCommands(printed(() => runner.mask('a%b\nc')))).toMatchObject([{ name: 'add-mask', data: 'a%b\nc' }]);
  });
});

describe('annotations', () => {
  test('are one command on one line, for any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const found = findCommands(
          printed(() => {
            runner.error(`Red: ${text}`);
            runner.warning(`Not written: ${text}`);
          }),
        );
        expect(found.map(({ name }) => name)).toEqual(['error', 'warning']);
        for (const { data } of found) expect(data).not.toMatch(/[\n\r\u2028\u2029]|##\[/);
      }),
    );
  });

  test('have the author’s title once it is known', () => {
    const out = printed(() => {
      runner.warning('before');
      runner.titleAnnotations('Doors, level 2: 50 %\n##[error]x');
      runner.error('after');
    });
    expect(findCommands(out)).toMatchObject([
      { name: 'warning', properties: {}, data: 'before' },
      { name: 'error', properties: { title: 'Doors, level 2: 50 % ## [error]x' }, data: 'after' },
    ]);
  });
});

describe('step outputs', () => {
  const read = () => readFileSync(environment.GITHUB_OUTPUT!, 'utf8');

  test('are read back as they were, for any text', () => {
    const value = fc.oneof(hostile, fc.string({ unit: fc.constantFrom('\r', '\n', '=', '<', ' ', 'a', '\ufeff') }));
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,9}$/), value, (name, text) => {
        writeFileSync(environment.GITHUB_OUTPUT!, '');
        runner.output(name, text);
        expect(Object.fromEntries(parseOutputFile(read()).pairs)).toEqual({ [name]: text.toWellFormed() });
      }),
    );
  });

  test.each(['', 'a=b', 'a\nb=c', 'x<<y', '1a', 'a b', 'ä', 'a.b', '-a', 'a\r', ' a'])(
    'are refused with the name %j, which could set others',
    (name) => {
      expect(() => runner.output(name, 'x')).toThrow('an output has a name that cannot be written');
      expect(read()).toBe('');
    },
  );

  test.each([[{}], [{ GITHUB_OUTPUT: '' }], [{ GITHUB_OUTPUT: '/no/such/folder/output' }], [{ GITHUB_OUTPUT: '/dev/full' }]])(
    'are refused, and never printed, with %j',
    (variables) => {
      const other = createRunner(variables);
      expect(() => other.checkOutputs()).toThrow();
      expect(printed(() => expect(() => other.output('a', 'b')).toThrow())).toBe('');
    },
  );
});

describe('the job summary', () => {
  test('is appended', () => {
    runner.summary('# a\n');
    runner.summary('b\n');
    expect(readFileSync(environment.GITHUB_STEP_SUMMARY!, 'utf8')).toBe('# a\nb\n');
  });

  test('is refused over 1 MiB, which GitHub would drop', () => {
    runner.summary('é'.repeat(524_288));
    expect(() => runner.summary('é'.repeat(524_289))).toThrow('over 1 MiB');
  });
});

describe('files', () => {
  test('are below RUNNER_TEMP, and only the job’s user can read them', () => {
    const path = runner.writeFile('outputs.json', '{"a":"é"}\n');
    expect(path.startsWith(folder)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('{"a":"é"}\n');
    expect(readFileSync(runner.writeFile('pieces', ['{"a":', '"é"}']), 'utf8')).toBe('{"a":"é"}');
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('are in one folder for each step', () => {
    const [first, second, other] = [runner, runner, createRunner(environment)].map((one, at) => dirname(one.writeFile(`${at}`, '')));
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });
});
