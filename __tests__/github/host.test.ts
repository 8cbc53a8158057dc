import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { summary } from '@actions/core';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHost, type Host } from '../../src/github/host.ts';
import { logLine } from '../../src/text/escape.ts';
import { findCommands, parseOutputFile } from '../../simulator/workflow-commands.ts';
import { MATCHERS, matchedLines } from '../problem-matchers.ts';
import { anyText } from '../support/arbitrary-text.ts';

let folder = '';
let environment: Record<string, string> = {};
let host: Host;

// @actions/core reads the environment of the process.
const kept = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-test-'));
  environment = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    RUNNER_TEMP: folder,
  };
  for (const path of [environment.GITHUB_OUTPUT, environment.GITHUB_STEP_SUMMARY]) writeFileSync(path!, '');
  Object.assign(process.env, environment);
  host = createHost(environment);
  // @actions/core remembers the file of its first summary.
  Reflect.deleteProperty(summary, '_filePath');
});
afterEach(() => {
  for (const name of Object.keys(environment)) {
    if (kept[name] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = kept[name];
  }
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

/** Each draws a text and passes it to the host two or three times. */
const DRAWS = { numRuns: Number(process.env.DRAWS ?? 100) };

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('::', '##[', '##[group]', ':', '#', '[', ']', '\n', '\r', '\u2028', '\u00a0', ' ', '%0A', '%25', '\u200b'),
      fc.constantFrom('set-output name=a::b', 'set-env name=a]b', 'add-mask', 'error', 'endgroup', 'stop-commands::t'),
      anyText({ maxLength: 3 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''));

const namesIn = (text: string) => findCommands(text).map(({ name }) => name);

describe('the host’s log (I6)', () => {
  test('prints any text as one line that is not a command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const out = printed(() => {
          host.line(text);
          host.line(`    ${text}`);
        });
        expect(out.match(/[\r\n]/g)).toHaveLength(2);
        expect(namesIn(out)).toEqual([]);
      }),
      DRAWS,
    );
  });

  test('truncates a line of a megabyte', () => {
    expect(printed(() => host.line('x'.repeat(1e6))).length).toBeLessThan(2_100);
  });

  test.each([
    ['a plain text', 'x'.repeat(3_000), `${'x'.repeat(1_999)}…\n`],
    ['a line that is safe', logLine`${'x'.repeat(1_500)}${'x'.repeat(1_500)}`, `${'x'.repeat(2_000)}\n`],
  ])('prints at most 2000 characters of %s', (_, text, line) => {
    expect(printed(() => host.line(text))).toBe(line);
  });

  test.each([
    ['prints in a debug run', '1', '::debug::a\n'],
    ['does not print in another run', '0', ''],
    ['does not print without the variable', undefined, ''],
  ])('%s a line for debugging', (_, debug, out) => {
    expect(printed(() => createHost({ ...environment, RUNNER_DEBUG: debug }).debug('a'))).toBe(out);
  });

  test('starts a group with its title and no other command', () => {
    fc.assert(
      fc.property(hostile, (title) => {
        const out = printed(() => {
          host.startGroup(title);
          host.endGroup();
        });
        expect(namesIn(out)).toEqual(['group', 'endgroup']);
      }),
      DRAWS,
    );
    expect(printed(() => host.startGroup('Gate'))).toBe('::group::Gate\n');
  });

  test('is tested with problem matchers, each of which matches its sample', () => {
    for (const [name, { examples }] of Object.entries(MATCHERS))
      expect(matchedLines(examples.join('\n')).map((found) => found.startsWith(`${name}: `))).toContain(true);
  });

  test('masks a secret with `%` and a line break by one command', () => {
    const [command] = findCommands(printed(() => host.mask('a%b\nc')));
    expect(command).toMatchObject({ name: 'add-mask', data: 'a%b\nc' });
  });
});

describe('annotations (F13)', () => {
  test('contain no line break and no `##[`, for any text (F17)', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const fresh = createHost(environment);
        for (const { data } of findCommands(
          printed(() => {
            fresh.error(text);
            fresh.warning(text);
          }),
        ))
          expect(data).not.toMatch(/[\n\r\u2028\u2029]|##\[/);
      }),
      DRAWS,
    );
  });

  test('are one command each, for any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const fresh = createHost(environment);
        expect(namesIn(printed(() => fresh.error(text)))).toEqual(['error']);
        expect(namesIn(printed(() => fresh.warning(text)))).toEqual(['warning']);
      }),
      DRAWS,
    );
  });

  test('have their invisible characters escaped', () => {
    const out = printed(() => host.error('a\u202eb\u001b[31m'));
    expect(out).toBe('::error::a\\u{202e}b\\u{1b}[31m\n');
  });

  test('are eight warnings and a ninth for a loss; the others are lines of the log', () => {
    const fresh = createHost(environment);
    const out = printed(() => {
      for (let at = 1; at <= 9; at++) fresh.warning(`advice ${at}`);
      fresh.warning('not written', 'loss');
      fresh.warning('nor this', 'loss');
    });
    expect(out.split('\n').slice(7)).toEqual([
      '::warning::advice 8',
      'Warning: advice 9',
      '::warning::not written',
      'Warning: nor this',
      '',
    ]);
  });

  test('have a title once it is known', () => {
    const fresh = createHost(environment);
    const out = printed(() => {
      fresh.warning('before');
      fresh.titleAnnotations('Doors, level 2: 50 %\n##[error]x');
      fresh.warning('a');
      fresh.error('b');
    });
    const untitled = printed(() => {
      fresh.titleAnnotations('');
      fresh.error('c');
    });
    expect(untitled).toBe('::error::c\n');
    const title = 'Doors, level 2: 50 % ## [error]x';
    expect(findCommands(out).map(({ name, properties, data }) => [name, properties, data])).toEqual([
      ['warning', {}, 'before'],
      ['warning', { title }, 'a'],
      ['error', { title }, 'b'],
    ]);
  });

  test('are not commands when they become lines of the log', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const fresh = createHost(environment);
        const out = printed(() => {
          for (let at = 0; at < 9; at++) fresh.warning(at < 8 ? 'x' : text);
        });
        expect(namesIn(out).filter((name) => name !== 'warning')).toEqual([]);
      }),
      DRAWS,
    );
  });
});

describe('step outputs', () => {
  const outputs = () => Object.fromEntries(parseOutputFile(readFileSync(environment.GITHUB_OUTPUT!, 'utf8')).pairs);

  test('are read back unchanged, for any text', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,9}$/);
    const value = fc.oneof(hostile, fc.string({ unit: fc.constantFrom('\r', '\n', '=', '<', ' ', 'a', '\ufeff') }));
    fc.assert(
      fc.property(name, value, (one, text) => {
        writeFileSync(environment.GITHUB_OUTPUT!, '');
        host.output(one, text);
        // UTF-8 cannot encode a lone surrogate.
        expect(outputs()).toEqual({ [one]: text.toWellFormed() });
      }),
    );
  });

  test.each(['', 'a=b', 'a\nb=c', 'x<<y', '1a', 'a b', 'ä', 'a.b', '-a', 'a\r', ' a'])(
    'are refused with the name %j, which could set others',
    (name) => {
      expect(() => host.output(name, 'x')).toThrow('an output has a name that cannot be written');
      expect(readFileSync(environment.GITHUB_OUTPUT!, 'utf8')).toBe('');
    },
  );

  test('are never printed to the log: without their file the step fails', () => {
    const unset = createHost({});
    const missing = 'GITHUB_OUTPUT is not set: run this action on a GitHub Actions runner';
    expect(() => unset.checkOutputs()).toThrow(missing);
    expect(printed(() => expect(() => unset.output('a', 'b')).toThrow(missing))).toBe('');
  });

  test('do not change the file when it is checked', () => {
    host.output('a', 'b');
    const before = readFileSync(environment.GITHUB_OUTPUT!, 'utf8');
    host.checkOutputs();
    expect(readFileSync(environment.GITHUB_OUTPUT!, 'utf8')).toBe(before);
  });
});

test('appends each text of the job summary on a line of its own', async () => {
  await host.summary('# a');
  await host.summary('b');
  expect(readFileSync(environment.GITHUB_STEP_SUMMARY!, 'utf8')).toBe('# a\nb\n');
});

describe('files of the host', () => {
  test('are written to the runner’s temporary folder, readable only by the job’s user', () => {
    const path = host.writeFile('outputs.json', '{"a":"é"}\n');
    expect(path.startsWith(folder)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('{"a":"é"}\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  test('are written from pieces and copied files, in their order', () => {
    const long = host.writeFile('part.json', 'é'.repeat(100_000));
    const path = host.writeFile('gate.json', 'a', { copyOf: long }, 'b', { copyOf: long });
    expect(readFileSync(path, 'utf8')).toBe(`a${'é'.repeat(100_000)}b${'é'.repeat(100_000)}`);
  });

  test.each([0, 1, 65_536, 65_537])('are copied whole with %d bytes', (size) => {
    const copyOf = host.writeFile('part.json', 'x'.repeat(size));
    expect(readFileSync(host.writeFile('gate.json', { copyOf }), 'utf8')).toBe('x'.repeat(size));
  });

  test('are in one folder for one step, and in another for another step', () => {
    const paths = [host.writeFile('a', ''), host.writeFile('b', ''), createHost(environment).writeFile('a', '')];
    expect(dirname(paths[1]!)).toBe(dirname(paths[0]!));
    expect(dirname(paths[2]!)).not.toBe(dirname(paths[0]!));
  });

  test('are read from the workspace up to a size', () => {
    const path = join(folder, 'gate.json');
    writeFileSync(path, '12345');
    expect(host.readFile(path, 5).toString()).toBe('12345');
    expect(host.readFile(path, 4)).toBe('too_large');
  });

  test.each([
    ['that of no file', () => join(folder, 'missing')],
    ['that of a folder', () => folder],
    ['that of a device that never ends', () => '/dev/zero'],
    ['empty', () => ''],
    ['one with a NUL', () => 'a\0b'],
  ])('are reported as missing if the path is %s', (_, path) => {
    expect(host.readFile(path(), 1_000)).toBe('missing');
  });
});
