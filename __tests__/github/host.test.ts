import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { summary } from '@actions/core';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHost, type Host } from '../../src/github/host.ts';
import { progressLine } from '../../src/report/log.ts';
import { logLine, type LogLine } from '../../src/text/escape.ts';
import { findCommands, parseOutputFile } from '../../simulator/commands.ts';
import { MATCHERS, takenFrom } from '../matchers.ts';
import { anyText } from '../any-text.ts';

let folder = '';
let environment: Record<string, string> = {};
let host: Host;

// @actions/core reads the process's own environment.
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

/** What is written to stdout meanwhile. */
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

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '::',
        '##[',
        '##[group]',
        ':',
        '#',
        '[',
        ']',
        '\n',
        '\r',
        '\u2028',
        '\u00a0',
        ' ',
        '%0A',
        '%25',
        '\u200b',
      ),
      fc.constantFrom(
        'set-output name=a::b',
        'set-env name=a]b',
        'add-mask',
        'error',
        'endgroup',
        'stop-commands::t',
      ),
      anyText({ maxLength: 3 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''));

const namesIn = (text: string) => findCommands(text).map(({ name }) => name);

describe('the log (I6)', () => {
  test('a line is a line', () => {
    expect(printed(() => host.line('    42%  Reading'))).toBe('    42%  Reading\n');
  });

  test('a line is one line and no command, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const out = printed(() => {
          host.line(text);
          host.line(`    ${text}`);
        });
        expect(out.match(/[\r\n]/g)).toHaveLength(2);
        expect(namesIn(out)).toEqual([]);
      }),
    );
  });

  test('a line of a megabyte is cut', () => {
    expect(printed(() => host.line('x'.repeat(1e6))).length).toBeLessThan(2_100);
  });

  test('a group has the title, and nothing else that acts', () => {
    fc.assert(
      fc.property(hostile, (title) => {
        const out = printed(() => {
          host.startGroup(title);
          host.endGroup();
        });
        expect(namesIn(out)).toEqual(['group', 'endgroup']);
      }),
    );
    expect(printed(() => host.startGroup('Gate'))).toBe('::group::Gate\n');
  });

  /** As the action's own callers put a stranger's text into a line. */
  const LINES: readonly (readonly [form: string, line: (text: string) => string | LogLine])[] = [
    ['a stage', (text) => progressLine({ status: 'running', progress: 42, stage: text }, 61_000)],
    [
      'a stage without progress, in the queue’s form',
      (text) => progressLine({ status: 'odd', progress: null, stage: text }, 61_000),
    ],
    [
      'a status that is not known',
      (text) => progressLine({ status: text, progress: 42, stage: null }, 61_000),
    ],
    [
      'a status in the last line of the wait',
      (text) => logLine`    ${text} after 1 min 5 s (3 status checks, 7 tokens)`,
    ],
    ['a run’s ID in the walk', (text) => logLine`    ${text} ended red before: launching again`],
    ['a status check that failed', (text) => logLine`    status check failed (${text})`],
    ['a pause', (text) => logLine`    ${text}, next try in 5 s`],
    ['a condition’s name and result', (text) => `    ✗ “${text}” matched 2 of 5 items`],
    ['what keeps a condition from being evaluated', (text) => `      no such key: ${text}`],
    ['a note', (text) => logLine`    ${`note: ${text}`}`],
    ['a notice', (text) => `note: ${text}`],
    ['a verdict', (text) => `The run completed; warning: “${text}” is true. ${text}.`],
    ['GitHub’s words', (text) => `    Detail: ${text}`],
    ['a comment’s address', (text) => `Comment updated: https://github.com/${text}`],
    ['a crash after the end', (text) => `error: ${text}`],
  ];

  test('what a problem matcher is written for, it takes: all that the table knows', () => {
    for (const { name, taken } of MATCHERS)
      expect(takenFrom(taken.join('\n')).map((found) => found.startsWith(`${name}: `))).toContain(true);
  });

  test.each(LINES)('no problem matcher takes %s (F18)', (_, line) => {
    for (const { taken } of MATCHERS) {
      const out = printed(() => {
        for (const text of taken) host.line(line(text));
        host.line(line(`${taken.join(' ')} ${taken.join(' ')}`));
      });
      expect(takenFrom(out)).toEqual([]);
    }
  });

  test('nor a warning that became a line, nor one after another (F18)', () => {
    const out = printed(() => {
      for (const text of ['x', 'x', ...MATCHERS.flatMap(({ taken }) => taken)]) host.warning(text);
    });
    expect(out.split('\n').length).toBeGreaterThan(MATCHERS.length);
    expect(takenFrom(out)).toEqual([]);
  });

  test('a secret is masked as a whole', () => {
    const [command] = findCommands(printed(() => host.mask('a%b\nc')));
    expect(command).toMatchObject({ name: 'add-mask', data: 'a%b\nc' });
  });
});

describe('annotations (F13)', () => {
  test('an error is one, with the text as it is', () => {
    const out = printed(() => host.error('“a” is true: 100% a::b.go:1: x'));
    expect(findCommands(out)).toMatchObject([{ name: 'error', data: '“a” is true: 100% a::b.go:1: x' }]);
  });

  test('its lines are one in the log, in which nothing is folded or coloured (F17)', () => {
    for (const level of ['error', 'warning'] as const) {
      const out = printed(() =>
        host[level]('boom\n##[group]Post job cleanup\r\n\n  ##[error]Deploy key leaked\n'),
      );
      expect(findCommands(out)[0]?.data).toBe(
        'boom ⏎ ## [group]Post job cleanup ⏎ ## [error]Deploy key leaked',
      );
    }
  });

  test('a caret below a line that is no line any more is left out', () => {
    const out = printed(() => host.error('line 1, column 3: no\n>  1 | a = b\n        ^\n(write ==)'));
    expect(findCommands(out)[0]?.data).toBe('line 1, column 3: no ⏎ >  1 | a = b ⏎ (write ==)');
  });

  test('no line break and no `##[`, whatever is in it (F17)', () => {
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
    );
  });

  test('each is one command, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const fresh = createHost(environment);
        expect(namesIn(printed(() => fresh.error(text)))).toEqual(['error']);
        expect(namesIn(printed(() => fresh.warning(text)))).toEqual(['warning']);
      }),
    );
  });

  test('what is not seen is shown', () => {
    const out = printed(() => host.error('a\u202eb\u001b[31m'));
    expect(out).toBe('::error::a\\u{202e}b\\u{1b}[31m\n');
  });

  test('at most 4,096 characters, and no half of one', () => {
    for (const text of [
      'x'.repeat(10_000),
      '😀'.repeat(5_000),
      'x' + '😀'.repeat(5_000),
      '\u202e'.repeat(5_000),
    ]) {
      const [command] = findCommands(printed(() => host.error(text)));
      expect(command?.data.length).toBeLessThanOrEqual(4_096);
      expect(command?.data.isWellFormed()).toBe(true);
      expect(command?.data.endsWith('…')).toBe(true);
    }
    const whole = 'x'.repeat(4_096);
    expect(findCommands(printed(() => host.error(whole)))[0]?.data).toBe(whole);
  });

  test('after two warnings the next are lines', () => {
    const out = printed(() => {
      for (let at = 1; at <= 50; at++) host.warning(`no. ${at}`);
    });
    expect(namesIn(out)).toEqual(['warning', 'warning']);
    expect(out.split('\n')[2]).toBe('warning∶ no. 3');
  });

  test('a warning that became a line is no command', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const out = printed(() => {
          for (let at = 0; at < 3; at++) host.warning(at < 2 ? 'x' : text);
        });
        expect(namesIn(out).filter((name) => name !== 'warning')).toEqual([]);
      }),
    );
  });
});

describe('step outputs', () => {
  const outputs = () =>
    Object.fromEntries(parseOutputFile(readFileSync(environment.GITHUB_OUTPUT!, 'utf8')).pairs);

  test('come back as they were given (F6)', () => {
    const values = {
      run_id: 'run_1',
      empty: '',
      lines: 'a\nb\n',
      blanks: '  a  ',
      delimiter: 'ghadelimiter_x\nEOF\nconclusion=success\nx<<EOF',
    };
    for (const [name, value] of Object.entries(values))
      expect(printed(() => host.output(name, value))).toBe('');
    expect(outputs()).toEqual(values);
  });

  test('come back as they were given, whatever they are', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,9}$/);
    const value = fc.oneof(
      hostile,
      fc.string({ unit: fc.constantFrom('\r', '\n', '=', '<', ' ', 'a', '\ufeff') }),
    );
    fc.assert(
      fc.property(name, value, (one, text) => {
        writeFileSync(environment.GITHUB_OUTPUT!, '');
        host.output(one, text);
        // A lone surrogate is none of UTF-8's characters.
        expect(outputs()).toEqual({ [one]: text.toWellFormed() });
      }),
    );
  });

  test('the last of one name counts', () => {
    host.output('status', 'pending');
    host.output('status', 'completed');
    expect(outputs()).toEqual({ status: 'completed' });
  });

  test.each(['', 'a=b', 'a\nb=c', 'x<<y', '1a', 'a b', 'ä', 'a.b', '-a', 'a\r', ' a'])(
    'the name %j is not written: it could forge others',
    (name) => {
      expect(() => host.output(name, 'x')).toThrow('an output has a name that cannot be written');
      expect(readFileSync(environment.GITHUB_OUTPUT!, 'utf8')).toBe('');
    },
  );

  test.each([undefined, ''])('with GITHUB_OUTPUT=%j nothing goes to stdout in its stead (F8)', (value) => {
    Reflect.deleteProperty(process.env, 'GITHUB_OUTPUT');
    const without = createHost({ ...environment, GITHUB_OUTPUT: value });
    const out = printed(() => {
      expect(() => without.checkOutputs()).toThrow('GITHUB_OUTPUT is not set');
      expect(() => without.output('run_id', 'run_1')).toThrow('GITHUB_OUTPUT is not set');
    });
    expect(out).toBe('');
  });

  test('a file that can be written to is left as it is', () => {
    host.output('a', 'b');
    const before = readFileSync(environment.GITHUB_OUTPUT!, 'utf8');
    host.checkOutputs();
    expect(readFileSync(environment.GITHUB_OUTPUT!, 'utf8')).toBe(before);
  });

  test.each([
    ['a directory', () => folder],
    ['in a folder that is not there', () => join(folder, 'missing', 'output')],
    ['in what is no folder', () => join(environment.GITHUB_STEP_SUMMARY!, 'output')],
  ])('a GITHUB_OUTPUT that is %s is found out before anything is launched (F7)', (_, path) => {
    expect(() => createHost({ ...environment, GITHUB_OUTPUT: path() }).checkOutputs()).toThrow();
  });
});

describe('the job summary', () => {
  test('is appended to what the step has written', async () => {
    await host.summary('# one');
    await host.summary('# two');
    expect(readFileSync(environment.GITHUB_STEP_SUMMARY!, 'utf8')).toBe('# one\n# two\n');
  });

  test('that cannot be written is an error, for a warning to be made of (F10)', async () => {
    process.env.GITHUB_STEP_SUMMARY = join(folder, 'missing');
    await expect(host.summary('# one')).rejects.toThrow();
  });
});

describe('files', () => {
  test('are written into the temporary folder of the runner, for the user of the job alone', () => {
    const path = host.writeFile('outputs.json', '{"a":"é"}\n');
    expect(path.startsWith(folder)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('{"a":"é"}\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  test('come in pieces where they are long, each once and in their order', () => {
    const pieces = Array.from({ length: 30_000 }, (_, at) => `piece ${at}\n`);
    const path = host.writeFile('gate.json', pieces.values());
    expect(readFileSync(path, 'utf8')).toBe(pieces.join(''));
  });

  test('of one step lie together, those of two steps apart', () => {
    const paths = [
      host.writeFile('a', ''),
      host.writeFile('b', ''),
      createHost(environment).writeFile('a', ''),
    ];
    expect(dirname(paths[1]!)).toBe(dirname(paths[0]!));
    expect(dirname(paths[2]!)).not.toBe(dirname(paths[0]!));
  });

  test('without RUNNER_TEMP they lie where the system has such', () => {
    const path = createHost({}).writeFile('a', 'x');
    expect(path.startsWith(tmpdir())).toBe(true);
    rmSync(dirname(path), { recursive: true });
  });

  test('nothing is made before a file is written', () => {
    expect(existsSync(join(folder, 'alloovium'))).toBe(false);
    expect(() => createHost({ RUNNER_TEMP: join(folder, 'missing') })).not.toThrow();
  });

  test('of the workspace are read up to a size', () => {
    const path = join(folder, 'gate.json');
    writeFileSync(path, '12345');
    expect(host.readFile(path, 5)?.toString()).toBe('12345');
    expect(host.readFile(path, 4)).toBeNull();
  });

  test.each([
    ['missing', () => join(folder, 'missing')],
    ['a folder', () => folder],
    ['a device that never ends', () => '/dev/zero'],
    ['no path', () => ''],
    ['no path that there can be', () => 'a\0b'],
  ])('a file that is %s is none', (_, path) => {
    expect(host.readFile(path(), 1_000)).toBeNull();
  });
});
