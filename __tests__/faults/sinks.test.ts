/** F: what the action writes to the runner: log, masks, annotations, output file, summary. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunResult } from '../../simulator/runner.ts';
import { STRAY } from '../contract/environment.ts';
import { steadyCourse, TEST_KEY, WORKFLOW, type Course } from '../../simulator/seed.ts';
import { MATCHERS, takenFrom } from '../matchers.ts';
import { aliveInDocument } from '../report/a-report.ts';
import { elementsIn, parsed, textOf } from '../report/github-markdown.ts';
import { strike, TOKEN, TOWER, type Struck } from './strike.ts';
import { anyText } from '../any-text.ts';

jest.setTimeout(60_000);

const completed = (outputs: unknown): Course => steadyCourse({ queuedMs: 500, runningMs: 1_000, outputs });

/** The text wherever the API may put one; the run fails in the end. */
const saying = (text: string): Course => [
  { atMs: 0, status: 'pending', stage: text },
  { atMs: 1_000, status: 'running', progress: 10, stage: text },
  // So long that a poll meets it on a busy machine too.
  { atMs: 8_000, status: text },
  { atMs: 60_000, status: 'failed', stage: text, error_message: text, outputs: { [text]: text, text } },
];

const titles = ({ commands }: RunResult) =>
  commands.filter(({ name }) => name === 'group').map(({ data }) => data.split(' ')[0]);
const levels = ({ annotations }: RunResult) => annotations.map(({ level }) => level);

/** Only our own commands, in number and order: those that a text could forge are own ones to the invariants. */
function expectOurCommands({ result }: Struck): void {
  expect(result.masks).toEqual([TEST_KEY, TOKEN]);
  expect(titles(result)).toEqual(['Launch', 'Wait']);
  expect(levels(result)).toEqual(['warning', 'error']);
  expect(result.stderr).toBe('');
}

describe('F. Commands in text', () => {
  test.concurrent.each<[string, string]>([
    ['F1: ::set-output at a line’s start', '::set-output name=conclusion::true'],
    ['F1: after a bare CR', 'x\r::set-output name=conclusion::true'],
    [
      'F1: after U+2028, U+2029 and U+0085',
      'x\u2028::set-output name=a::b\u2029\u0085::set-output name=c::d',
    ],
    ['F1: a second error and warning of theirs', '\n::error::theirs\n::warning::theirs\n::notice::theirs'],
    ['F2: ##[add-mask] within a line', 'x ##[add-mask]e'],
    ['F2: in mixed case', '##[Set-Env name=a]b ##[ADD-MASK]e\n::Set-Env name=a::b\n::Add-Mask::e'],
    ['F3: ::stop-commands::', '\n::stop-commands::token\n::token::\n##[stop-commands]token'],
    ['F16: ::group:: and ::endgroup::', '\n::group::theirs\n::endgroup::\n::endgroup::\n##[group]theirs'],
  ])('%s: no command but ours', async (_name, text) => {
    const struck = await strike({
      api: { course: saying(text), workflows: [{ ...WORKFLOW, name: text }] },
      inputs: { fail_if: 'outputs.a == 1' },
    });
    expectOurCommands(struck);
    const { result, outputs, error } = struck;
    expect(outputs).toMatchObject({ conclusion: 'failure', status: 'failed', error_message: text });
    // The word is there to be read: it was not passed over.
    expect(result.stdout).toMatch(/set-output|add-mask|set-env|stop-commands|group|theirs/i);
    expect(error).toMatch(/^The run failed\. /);
    expect(result.shown).not.toContain(TEST_KEY);
  });

  const ALL = [
    '::set-output name=conclusion::true',
    '\r::add-mask::e',
    ' ##[set-env name=a]b',
    '\n::stop-commands::t',
    '\n::group::a\n::endgroup::',
  ].join('');

  test.concurrent.each([['F1: in the problem of an API that refuses', 422]])(
    '%s: no command but ours',
    async (_name, status) => {
      const body = JSON.stringify({
        type: ALL,
        title: ALL,
        detail: ALL,
        code: ALL,
        request_id: ALL,
        status: ALL,
        errors: [{ message: ALL }],
      });
      const { result, outputs } = await strike({
        faults: [
          {
            when: { call: 'launch' },
            answer: {
              status,
              body,
              headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '5' },
            },
          },
        ],
        inputs: { timeout_minutes: '0.1' },
        speed: 10,
      });
      expect(result.masks).toEqual([TEST_KEY, TOKEN]);
      expect(titles(result)).toEqual(['Launch']);
      expect(levels(result)).toEqual(['error']);
      expect(outputs.conclusion).toBe(status === 429 ? 'timed_out' : 'error');
    },
  );

  test.concurrent('F1, F2: in keys and values that a condition meets: no command but ours', async () => {
    const { result, outputs } = await strike({
      api: { course: completed({ [ALL]: ALL, items: [{ [ALL]: ALL, status: ALL }] }) },
      inputs: {
        fail_if: [
          "a: outputs.missing == 'x'",
          "b: outputs.items.filter(i, i.status != 'ok')",
          'c: outputs.items',
        ].join('\n'),
      },
    });
    expect(outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed' });
    expect(result.masks).toEqual([TEST_KEY, TOKEN]);
    expect(titles(result)).toEqual(['Launch', 'Wait', 'Gate']);
    expect(levels(result)).toEqual(['error']);
  });

  test.concurrent('F1, F2: in the words of GitHub: no command but ours', async () => {
    const { result, outputs } = await strike({
      speed: 5,
      github: TOWER,
      eventName: 'pull_request',
      inputs: { comment: 'always' },
      api: { course: completed({}) },
      before: ({ github }) => github!.script({ on: 'list', answer: { status: 403, body: { message: ALL } } }),
    });
    expect(outputs.conclusion).toBe('success');
    expect(result.stdout).toContain('    Detail: ');
    expect(result.masks).toEqual([TEST_KEY, TOKEN]);
    expect(levels(result)).toEqual(['warning']);
  });

  test.concurrent.each(['message', 'cause', 'aggregate', 'stack'])(
    'F4: an exception with a newline and a command in its %s: one error line, stderr clean',
    async (thing) => {
      const text = 'boom\n::set-output name=conclusion::success\r##[add-mask]e\u2028::stop-commands::t';
      const { result, outputs, error } = await strike({
        preload: ['__tests__/faults/preload/crash.mjs'],
        env: { CRASH_AT: 'Wait for', CRASH_HOW: 'timer', CRASH_WITH: thing, CRASH_TEXT: text },
      });
      expect(result.stderr).toBe('');
      expect(levels(result)).toEqual(['error']);
      expect(outputs).toMatchObject({ conclusion: 'error' });
      expect(outputs.run_id).toMatch(/^run_/);
      expect(error).toContain(thing === 'stack' ? 'plain' : 'boom');
      // Neither the log nor the annotation has a line that begins as a command.
      expect(result.stdout.split(/[\r\n\u2028]/).filter((line) => line.startsWith('::set-output'))).toEqual(
        [],
      );
    },
  );
});

describe('F17: several lines in an annotation', () => {
  const text = 'boom\n##[group]Post job cleanup\r\n  ##[error]Deploy key leaked\n::endgroup::';

  test.concurrent(
    'F17: the message of a failed run: in the log, where nothing folds or colours, and not in the annotation',
    async () => {
      const { result, outputs, error } = await strike({ speed: 60, api: { course: saying(text) } });
      expect(outputs.conclusion).toBe('failure');
      expect(error).toContain('Deploy key leaked');
      expect(result.annotations[0]!.message).not.toMatch(/[\r\n]|Deploy key leaked/);
      expect(error).not.toMatch(/\r|##\[/);
      // Below the line that the runner itself begins with `##[error]` there is none of the text's own.
      expect(result.shown).not.toMatch(/^\W*\[?(?:group|error)\]?/m);
    },
  );
});

describe('F18: problem matchers of earlier steps', () => {
  test.concurrent(
    'F18: texts that fit them, as stages, names and messages: taken from no line of ours',
    async () => {
      const texts = MATCHERS.map(({ taken }) => taken.join('\n'));
      const stages = texts.map((stage, at) => ({ atMs: at * 4_000, status: 'running', progress: at, stage }));
      const all = texts.join('\n');
      const { result, outputs } = await strike({
        speed: 60,
        api: {
          course: [
            ...stages,
            { atMs: 200_000, status: 'failed', error_message: all, outputs: { [all]: all } },
          ],
          workflows: [{ ...WORKFLOW, name: all }],
        },
      });
      expect(outputs.conclusion).toBe('failure');
      expect(result.stdout.match(/Rotate the deploy key/g)!.length).toBeGreaterThan(20);
      expect(takenFrom(result.stdout)).toEqual([]);
    },
  );

  test.concurrent('F18: in keys, problems and GitHub’s words: taken from no line of ours', async () => {
    const text = 'a.go: a.js: line 1, col 2, Error - x:1:2: error: Rotate the deploy key (x)';
    const { result, outputs } = await strike({
      speed: 5,
      github: TOWER,
      eventName: 'pull_request',
      inputs: { comment: 'always', fail_if: "a: outputs.missing == 'x'\nb: outputs.items" },
      api: { course: completed({ [text]: text, items: text }) },
      before: ({ github }) =>
        github!.script({ on: 'list', answer: { status: 403, body: { message: text } } }),
    });
    expect(outputs.conclusion).toBe('gate_failed');
    expect(result.stdout).toContain('Detail');
    expect(takenFrom(result.stdout)).toEqual([]);
  });
});

describe('F19: a status that is no word', () => {
  test.concurrent.each([
    ['a command', '$(touch x)'],
    ['quotes and newlines', '";\'\n`touch x`'],
  ])(
    'F19: %s, until the time runs out: no output, in no annotation, and as code alone',
    async (_name, status) => {
      const { result, outputs, error } = await strike({
        speed: 60,
        api: { course: [{ atMs: 0, status }] },
        inputs: { timeout_minutes: '1' },
      });
      expect(outputs).toMatchObject({ conclusion: 'timed_out', status: '' });
      for (const text of [outputs.headline, error]) expect(text).not.toMatch(/touch/);
      expect(textOf(parsed(result.summary)).replaceAll('\u200b', '')).toContain(status.replace('\n', '\\n'));
    },
  );
});

describe('F20: names that a library reads in the environment', () => {
  test.concurrent('F20: whatever is set, the log says the same, and stderr nothing', async () => {
    const inputs = { inputs: 'note: "::error::forged"\nother: "##[add-mask]e"', fail_if: 'outputs.a == 1' };
    const env = Object.fromEntries(
      Object.values(STRAY)
        .flat()
        .map((name) => [name, '1']),
    );
    const NODE_DEBUG = 'http,https,net,tls,tunnel,undici,fetch,websocket';
    const logs: string[] = [];
    for (const one of [{}, { ...env, NODE_DEBUG }]) {
      const { result } = await strike({ inputs, env: one, api: { course: completed({ a: 2 }) } });
      expect(result.stderr).toBe('');
      logs.push(
        result.stdout
          .replaceAll(/run_[\w-]+|gha_\w+|\d+ (?:min|m?s\b|status checks?|tokens?)|127\S+/g, '')
          .replaceAll(/ +/g, ' '),
      );
    }
    expect(logs[1]).toBe(logs[0]);
  });
});

describe('F21: another secret of the job in what the run says', () => {
  const SECRET = 'app:s3cr3t@db.example:5432';
  test.concurrent(
    'F21: stands unchanged where SECURITY.md says so, so that the runner masks it',
    async () => {
      const { result } = await strike({
        env: { RUNNER_DEBUG: '1' },
        inputs: { fail_if: `a: outputs.missing == 'x'\nb: outputs.items.filter(i, i.status != 'ok')` },
        api: {
          course: [
            { atMs: 0, status: 'running', progress: 10, stage: `at ${SECRET} now` },
            {
              atMs: 6_000,
              status: 'completed',
              outputs: {
                [SECRET]: SECRET,
                items: [{ title: SECRET, status: `is ${SECRET}`, [SECRET]: 'x' }],
              },
            },
          ],
        },
      });
      const [log, summary] = [result.stdout, result.summary].map((text) => text.split(SECRET).length - 1);
      // The stage in a line of progress, the keys that there are; a name of an output, its value, a title of a column, a title, a cell.
      expect(log).toBeGreaterThanOrEqual(2);
      expect(summary).toBeGreaterThanOrEqual(5);
      expect(takenFrom(result.stdout)).toEqual([]);
    },
  );
});

describe('F22, F23: words of a stranger’s that read as ours', () => {
  const VERDICT = 'end”. ✅ All passed. See “';
  const GREEN = 'Green';
  test.concurrent('F22: keys, stages and names of outputs are code, and in no annotation', async () => {
    const { result, error } = await strike({
      speed: 60,
      inputs: { timeout_minutes: '1', fail_if: 'outputs.a == 1' },
      api: { course: [{ atMs: 0, status: 'running', progress: 10, stage: VERDICT }] },
    });
    const judged = await strike({
      inputs: { fail_if: "outputs.items.filter(i, i.status != 'ok')" },
      api: {
        course: completed({
          [GREEN]: GREEN,
          items: [1, 2].map((id) => ({ id, status: 'bad', [GREEN]: GREEN })),
        }),
      },
    });
    expect(error).not.toContain('passed');
    for (const { summary } of [result, judged.result]) {
      const loud = elementsIn(parsed(summary)).filter(({ tagName }) =>
        /^(?:strong|em|h\d|summary)$/.test(tagName),
      );
      for (const element of loud) expect(textOf(element)).not.toMatch(/All passed|check is green/);
    }
    expect(textOf(parsed(result.summary))).toContain(VERDICT);
    expect(result.summary).toContain(`\`${VERDICT}\``);
    expect(judged.result.summary).toContain(`\`${GREEN}\``);
  });

  test.concurrent('F23: an unnamed condition in a fold’s title is code, and the fold is whole', async () => {
    const { result } = await strike({
      inputs: {
        fail_if: [
          'outputs.items.filter(i, i.n<outputs.limit)',
          "outputs.items.filter(i, i.name == '<b>x`y' && i.n > 1)",
        ].join('\n'),
      },
      api: {
        course: completed({
          limit: 40,
          items: Array.from({ length: 45 }, (_, n) => ({ n, name: `item ${n}` })),
        }),
      },
    });
    const tree = parsed(result.summary);
    const titles = elementsIn(tree).filter(({ tagName }) => tagName === 'summary');
    expect(titles.map(textOf).join('\n')).toContain('i.n<outputs.limit');
    expect(elementsIn(tree).filter(({ tagName }) => tagName === 'b')).toEqual([]);
    expect(aliveInDocument(tree)).toEqual([]);
    for (const title of titles) expect(textOf(title)).not.toContain('|');
  });
});

describe('F5: RUNNER_DEBUG=1', () => {
  test.concurrent('F5: no header values, no body beyond 1 KB, all escaped', async () => {
    const long = 'q'.repeat(5_000);
    const { result } = await strike({
      speed: 5,
      env: { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' },
      github: TOWER,
      eventName: 'pull_request',
      inputs: { comment: 'always', inputs: `note: ${'i'.repeat(5_000)}` },
      api: { course: completed({ long, command: '\n::debug::x' }) },
      faults: [{ when: { call: 'poll' }, answer: { headers: { 'X-Odd': 'header-value-1' } } }],
      before: ({ github }) =>
        github!.script({
          on: 'list',
          answer: { status: 200, headers: { 'x-odd': 'header-value-2' }, body: [] },
        }),
    });
    const streams = result.stdout + result.stderr;
    expect(streams).not.toMatch(/header-value|authorization|user-agent|x-ratelimit/i);
    expect(streams).not.toContain('q'.repeat(1_024));
    expect(streams).not.toContain('i'.repeat(1_024));
    const debugged = result.commands.filter(({ name }) => name === 'debug');
    expect(debugged.map(({ data }) => data)).toEqual([expect.stringMatching(/^idempotency key gha_\w+$/)]);
  });
});

describe('F6: values in the output file', () => {
  /** As the runner hands them on: what no UTF-8 can carry is U+FFFD. */
  const carried = (text: string) => text.toWellFormed();
  const values = [
    'ghadelimiter_0123\nname=value\nghadelimiter_0123',
    'x<<EOF\ny\nEOF\n',
    'run_id=run_forged',
    '\nrun_id=run_forged\nconclusion<<E\nsuccess\nE\n',
    'a\r\nb\r\n',
    '\r',
    'trailing  \t ',
    'no final newline',
    'one final newline\n',
    '\n\n\n',
    '',
    ' ',
    '\u{1f600}\u2028\u0085\ufeff\0',
    '\ud800',
    ...fc.sample(anyText({ maxLength: 40 }), { seed: 6, numRuns: 100 }),
    ...fc
      .sample(fc.array(fc.constantFrom('\n', '\r', '<<', '=', 'a', 'ghadelimiter_', ' ')), {
        seed: 6,
        numRuns: 100,
      })
      .map((pieces) => pieces.join('')),
  ];

  test.concurrent(
    'F6: delimiter look-alikes, CRLF, trailing spaces, no final newline: read back as they were',
    async () => {
      const given = Object.fromEntries(values.map((value, at) => [`value_${at}`, value]));
      const { outputs } = await strike({ api: { course: completed(given) } });
      expect(outputs).toMatchObject({ conclusion: 'success' });
      expect(values.map((_, at) => outputs[`value_${at}`])).toEqual(values.map(carried));
      expect(JSON.parse(outputs.outputs_json ?? '')).toEqual(given);
    },
  );
});

/** A place that the process may not write to: another user's, also where the tests run as root. */
const stranger = process.getuid?.() === 0 ? { uid: 65_534 } : {};
const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sinks-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}
function readOnly(): string {
  const path = join(newFolder(), 'file');
  writeFileSync(path, '', { mode: 0o444 });
  return path;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe('F7, F8: outputs that cannot be written', () => {
  test.concurrent.each<[string, () => string]>([
    ['a directory', newFolder],
    ['in a folder that is not there', () => join(newFolder(), 'missing', 'file')],
    ['not ours', readOnly],
  ])('F7: GITHUB_OUTPUT is %s: red, nothing is launched', async (_name, path) => {
    const { result, api, error } = await strike({
      ...stranger,
      env: { GITHUB_OUTPUT: path() },
      outputsLost: true,
    });
    expect(result.exitCode).toBe(1);
    expect(error).toMatch(/^The step outputs cannot be written\. /);
    expect(api.journal).toEqual([]);
  });

  test.concurrent('F7: GITHUB_OUTPUT is a full disk: red, the run’s ID is in the log', async () => {
    const { result, api, error } = await strike({ env: { GITHUB_OUTPUT: '/dev/full' }, outputsLost: true });
    expect(result.exitCode).toBe(1);
    expect(error).toMatch(/^The step outputs cannot be written\. .*\nENOSPC/);
    expect(result.stdout).toContain(api.runs[0]!.id);
  });

  test.concurrent(
    'F7: the file goes away while the run goes on: red, the run’s ID is in the log',
    async () => {
      const folder = join(newFolder(), 'commands');
      mkdirSync(folder);
      const path = join(folder, 'output');
      writeFileSync(path, '');
      const { result, api, polls, error } = await strike({
        env: { GITHUB_OUTPUT: path },
        outputsLost: true,
        faults: [
          {
            when: {
              call: 'poll',
              match: () => {
                rmSync(folder, { recursive: true, force: true });
                return false;
              },
            },
          },
        ],
      });
      expect(result.exitCode).toBe(1);
      expect(polls.length).toBeGreaterThan(0);
      expect(error).toMatch(/^The step outputs cannot be written\. /);
      expect(result.stdout).toContain(api.runs[0]!.id);
    },
  );

  test.concurrent(
    'F7: RUNNER_TEMP is not there: red, and the outputs are there without the files',
    async () => {
      const { result, outputs, error } = await strike({ env: { RUNNER_TEMP: '/nonexistent' } });
      expect(result.exitCode).toBe(1);
      expect(error).toMatch(/^The step outputs cannot be written\. .*\nENOENT/);
      expect(outputs).toMatchObject({
        conclusion: 'error',
        status: 'completed',
        outputs_file: '',
        report_file: '',
      });
      expect(outputs.run_id).toMatch(/^run_/);
    },
  );

  test.concurrent.each([
    ['unset', undefined],
    ['empty', ''],
  ])('F8: GITHUB_OUTPUT %s: refused, and no output goes to stdout', async (_name, value) => {
    const { result, api, error } = await strike({ env: { GITHUB_OUTPUT: value }, outputsLost: true });
    expect(result.exitCode).toBe(1);
    expect(api.journal).toEqual([]);
    expect(result.stdout).not.toContain('set-output');
    expect(error).toMatch(/GITHUB_OUTPUT is not set/);
  });
});

describe('F9: killed between two writes', () => {
  const WRITES = 1 + 19 + 2;
  test.concurrent.each([1, 2, 11, WRITES - 1, WRITES])(
    'F9: SIGKILL after write %i: the file parses, run_id first',
    async (count) => {
      const { result } = await strike({
        speed: 60,
        api: {
          course: steadyCourse({
            queuedMs: 500,
            runningMs: 1_000,
            ending: 'failed',
            outputs: { a: 'x\ny', b: [1] },
          }),
        },
        preload: ['__tests__/faults/preload/signal-at-write.mjs'],
        env: { SIGNAL: 'SIGKILL', SIGNAL_AT_WRITE: String(count) },
        outputsLost: true,
      });
      expect(result.signal).toBe('SIGKILL');
      expect(result.outputErrors).toEqual([]);
      expect(result.outputPairs).toHaveLength(count);
      expect(result.outputPairs[0]).toEqual(['run_id', expect.stringMatching(/^run_/)]);
    },
  );

  test.concurrent('F9: SIGKILL while it waits: run_id is out, and alone', async () => {
    const { result, api } = await strike({
      signals: [{ whenStdout: /::group::Wait/, signal: 'SIGKILL' }],
      outputsLost: true,
    });
    expect(result.signal).toBe('SIGKILL');
    expect(result.outputPairs).toEqual([['run_id', api.runs[0]!.id]]);
  });
});

describe('F10: a summary that cannot be written', () => {
  test.concurrent.each<[string, () => string | undefined]>([
    ['missing', () => join(newFolder(), 'missing')],
    ['not ours', readOnly],
  ])('F10: %s: a warning only', async (_name, path) => {
    const { result, outputs } = await strike({ ...stranger, env: { GITHUB_STEP_SUMMARY: path() } });
    expect(result.exitCode).toBe(0);
    expect(outputs).toMatchObject({ conclusion: 'success' });
    expect(result.annotations).toEqual([
      { level: 'warning', message: 'The job summary could not be written.', properties: {} },
    ]);
  });
});

const OUR_ELEMENTS = new Set(
  'h2 h3 p strong em code pre table thead tbody tr th td details summary sub a br blockquote span ul li'.split(
    ' ',
  ),
);

describe('F11: the size of the summary', () => {
  const MIB = 2 ** 20;
  /** Texts whose UTF-8 is of `bytes` in all, each an output. */
  const sized = (bytes: number, text: string) => {
    const many = Math.ceil(bytes / Buffer.byteLength(text));
    const whole = 'x'.repeat(bytes % Buffer.byteLength(text)) + text.repeat(many);
    const share = Math.ceil(whole.length / 40);
    return Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`text_${at}`, whole.slice(at * share, (at + 1) * share)]),
    );
  };

  test.concurrent.each<[string, number, string]>([
    ['1 MiB - 1', MIB - 1, 'a'],
    ['1 MiB', MIB, 'a'],
    ['1 MiB + 1', MIB + 1, 'a'],
    ['1 MiB + 1 of four bytes each', MIB + 1, '😀'],
    ['1 MiB of open fences', MIB, '```\n'],
  ])('F11: %s: within the limit, valid UTF-8, all closed', async (_name, bytes, text) => {
    const { result } = await strike({
      api: { course: completed(sized(bytes, text)) },
      // A slow machine renders so much for seconds after the last line.
      apart: ['it went on'],
    });
    const { summary } = result;
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(MIB);
    expect(summary.length).toBeGreaterThan(90_000);
    expect(summary).not.toContain('\ufffd');
    // The facts come last, outside of every fold and fence.
    const last = parsed(summary.slice(-60_000).replace(/^[^]*?\n\n/, ''))
      .children.filter(({ type }) => type === 'element')
      .at(-1);
    expect(last && textOf(last)).toMatch(/^Written by a model/);
    expect(summary.split('<details').length).toBe(summary.split('</details>').length);
  });
});

describe('F12: markup in outputs', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '<img src=https://evil.example/x onerror=alert(1)>',
    '</details></details></td></table>',
    ...Array.from({ length: 10 }, (_, at) => '`'.repeat(at + 3)),
    '~~~',
    'a | b | c',
    '[x](javascript:alert(1))',
    '![x](https://evil.example/x)',
    '<!-- x',
    '# Heading\n\n- [ ] task',
  ];

  test.concurrent('F12: shown as text, in the summary and in the report file', async () => {
    const { result, outputs } = await strike({
      api: {
        course: completed({
          ...Object.fromEntries(hostile.map((text, at) => [`text_${at}`, text])),
          ...Object.fromEntries(hostile.map((text) => [text, text])),
          items: hostile.map((text) => ({ [text]: text, title: text, status: text })),
          all: hostile.join('\n'),
        }),
      },
      inputs: { fail_if: "bad: outputs.items.filter(i, i.status != 'ok')" },
    });
    for (const markdown of [result.summary, readFileSync(outputs.report_file ?? '', 'utf8')]) {
      const tree = parsed(markdown);
      const elements = elementsIn(tree);
      expect(elements.map(({ tagName }) => tagName).filter((name) => !OUR_ELEMENTS.has(name))).toEqual([]);
      expect(
        elements.filter(({ tagName }) => tagName === 'a').map(({ properties }) => String(properties.href)),
      ).toEqual([
        expect.stringMatching(/^https:\/\/github\.com\/octo-org\/tower\/actions\/runs\/\d+\/attempts\/1$/),
      ]);
      expect(aliveInDocument(tree)).toEqual([]);
      const text = textOf(tree).replaceAll('\u200b', '');
      for (const one of [
        '<script>alert(1)</script>',
        'onerror=alert(1)>',
        '[x](javascript:alert(1))',
        '</details>',
      ])
        expect(text).toContain(one);
    }
  });
});

describe('F13: annotations', () => {
  test.concurrent(
    'F13: fifty statuses that nobody knows, no token, no summary: at most two warnings',
    async () => {
      const steps = Array.from({ length: 50 }, (_, at) => ({ atMs: at * 4_000, status: `odd_${at}` }));
      const { result, outputs, polls } = await strike({
        speed: 60,
        api: { course: [...steps, { atMs: 200_000, status: 'completed', outputs: {} }] },
        eventName: 'pull_request',
        inputs: { comment: 'always', github_token: ' ' },
        env: { GITHUB_STEP_SUMMARY: undefined },
      });
      expect(polls.length).toBeGreaterThan(5);
      expect(outputs.conclusion).toBe('success');
      expect(levels(result)).toEqual(['warning', 'warning']);
      // What is no annotation any more is a line.
      expect(result.stdout).toMatch(/^warning∶ The job summary could not be written\.$/m);
      expect(result.stdout.match(/Unknown run status/g)).toHaveLength(1);
    },
  );

  test.concurrent.each([
    ['10 KB', 'x'.repeat(10_000)],
    ['10 KB that grow when they are escaped', '\u202e'.repeat(10_000)],
  ])('F13: an error message of %s: one error of at most 4,096 characters', async (_name, message) => {
    const { result } = await strike({
      api: {
        course: steadyCourse({ queuedMs: 500, runningMs: 1_000, ending: 'failed', errorMessage: message }),
      },
    });
    expect(levels(result)).toEqual(['error']);
    const [{ message: shown } = { message: '' }] = result.annotations;
    expect(shown.length).toBeLessThanOrEqual(4_096);
    expect(shown).toMatch(/^The run failed\. /);
    expect(shown).not.toContain('\ufffd');
    expect(shown.isWellFormed()).toBe(true);
  });
});

describe('F14, F15: the key', () => {
  test.concurrent.each([
    ['from `env`', { inputs: { api_key: '' }, env: { ALLOOVIUM_API_KEY: TEST_KEY } }],
    ['with another input bad', { inputs: { timeout_minutes: 'soon' } }],
  ])('F14: %s: add-mask is the first line written', async (_name, options) => {
    const { result } = await strike(options);
    expect(result.stdout.split('\n')[0]).toBe(`::add-mask::${TEST_KEY}`);
    expect(result.shown).not.toContain(TEST_KEY);
  });

  test.concurrent.each([['spaces around', ` \t${TEST_KEY}  `]])(
    'F15: %s: trimmed',
    async (_name, api_key) => {
      const { outputs, launches } = await strike({ inputs: { api_key } });
      expect(outputs.conclusion).toBe('success');
      expect(launches.map(({ apiKey }) => apiKey)).toEqual([TEST_KEY]);
    },
  );

  test.concurrent.each([
    ['an inner newline', `${TEST_KEY}\nsecond`, 'printable ASCII without spaces or line breaks'],
    ['a letter beyond ASCII', `${TEST_KEY}é`, 'printable ASCII without spaces or line breaks'],
    ['double quotes', `"${TEST_KEY}"`, 'the key alone, without quotes'],
    ['a `Bearer ` prefix', `Bearer ${TEST_KEY}`, 'the key alone, without `Bearer `'],
  ])('F15: %s: refused, and no message has it', async (_name, api_key, why) => {
    for (const options of [
      { inputs: { api_key } },
      { inputs: { api_key: '' }, env: { ALLOOVIUM_API_KEY: api_key } },
    ]) {
      const { result, outputs, api, error } = await strike(options);
      expect(outputs.conclusion).toBe('error');
      expect(error).toContain(`\`api_key\` must be ${why}`);
      expect(api.journal).toEqual([]);
      const all = [result.stdout, result.stderr, result.summary, result.files.output].join('\n');
      expect(all.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(TEST_KEY.slice(0, 20));
    }
  });
});
