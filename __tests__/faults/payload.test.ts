/** E: what a run may write into its answers, and what the gate makes of it. */
import { readFileSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import { JsonError, LIMITS, parseJson, type JsonValue } from '../../src/json.ts';
import { renderComment } from '../../src/report/document.ts';
import { markerLine, parseComment } from '../../src/report/memory.ts';
import { OUTPUT_NAMES } from '../../src/report/declared.ts';
import { stepOutputs } from '../../src/report/outputs.ts';
import { renderSummary } from '../../src/report/document.ts';
import { forCode, forFence, forLog, forProse, visible } from '../../src/text/escape.ts';
import { within } from '../../simulator/invariants.ts';
import { runIdOf } from '../../simulator/calls.ts';
import type { AnswerPatch, Scripted } from '../../simulator/faults.ts';
import { steadyCourse, TEST_KEY, WORKFLOW, type Course } from '../../simulator/seed.ts';
import { isLinear } from '../cpu.ts';
import { aReport } from '../report/a-report.ts';
import { strike, TOKEN, TOWER, type Strike, type Struck } from './strike.ts';
import { redactJson, redactor } from '../../src/text/redact.ts';

jest.setTimeout(60_000);

const course = (outputs: unknown): Course => steadyCourse({ queuedMs: 0, runningMs: 1_000, outputs });

/** The run completes, and its outputs are this JSON, to the letter. */
function writing(json: string, about: Strike = {}): Promise<Struck> {
  const faults: Scripted[] = [
    {
      when: { call: 'poll' },
      answer: { encode: (body) => Buffer.from(body.toString().replace('"HERE"', () => json)) },
    },
  ];
  // So slow that a body of 8 MB is no late one on a busy machine.
  return strike({ speed: 4, api: { course: course('HERE') }, faults, ...about });
}

const gate = (...lines: string[]) => ({ inputs: { fail_if: lines.join('\n') } });
const read = (path: string | undefined) => readFileSync(path ?? '', 'utf8');
const own = (outputs: Struck['outputs']) =>
  Object.fromEntries(
    Object.entries(outputs).filter(([name]) => !(OUTPUT_NAMES as readonly string[]).includes(name)),
  );

interface GateFile {
  readonly conditions: readonly {
    readonly expression: string;
    readonly result: string;
    readonly problem: string;
  }[];
}
const conditionsOf = ({ outputs }: Struck) => (JSON.parse(read(outputs.gate_file)) as GateFile).conditions;

function expectSuccess({ result, outputs }: Struck): void {
  expect(outputs).toMatchObject({ conclusion: 'success', status: 'completed', error_message: '' });
  expect(result.exitCode).toBe(0);
}

describe('E. Keys and numbers', () => {
  /** Tells on stdout what any object has that it should not have. */
  const POLLUTED = "process.on('exit', () => { for (const name in {}) console.log('polluted', name) })";
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(POLLUTED)}`];

  test.concurrent('E1: keys that objects inherit: plain data in outputs, files and gate', async () => {
    const json =
      '{"__proto__":{"x":1},"constructor":"c","prototype":"p","toString":"t","items":[{"__proto__":{"status":"bad"},"status":"good"}]}';
    const struck = await writing(json, {
      nodeArgs,
      ...gate(
        "outputs.constructor != 'c' || outputs.prototype != 'p'",
        'outputs.__proto__.x != 1',
        'has(outputs.hasOwnProperty) || has(outputs.x)',
        "outputs.items.filter(i, i.status != 'good')",
      ),
    });
    expectSuccess(struck);
    expect(struck.outputs.gate).toBe('passed');
    expect(struck.outputs.outputs_json).toBe(json);
    expect(read(struck.outputs.outputs_file)).toBe(`${json}\n`);
    expect(Object.entries(own(struck.outputs))).toEqual([
      ['__proto__', '{"x":1}'],
      ['constructor', 'c'],
      ['prototype', 'p'],
      ['toString', 't'],
      ['items', '[{"__proto__":{"status":"bad"},"status":"good"}]'],
    ]);
    expect(struck.result.stdout).not.toContain('polluted');
  });

  test.concurrent.each(['__proto__'])('E1: a `status` inherited from `%s`: none', async (name) => {
    const struck = await strike({
      nodeArgs,
      faults: [
        {
          when: { call: 'poll', nth: 1 },
          answer: {
            body: (answer) =>
              JSON.parse(
                `{"${name}":{"status":"completed","x":1},${JSON.stringify({ ...answer, status: undefined }).slice(1)}`,
              ) as unknown,
          },
        },
      ],
    });
    expectSuccess(struck);
    expect(struck.result.stdout).toContain('status check failed (the answer has no usable `status`');
    expect(struck.polls.length).toBeGreaterThan(1);
    expect(struck.result.stdout).not.toContain('polluted');
  });

  const NESTED: readonly (readonly [string, string])[] = [
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
  ];

  test.concurrent.each(NESTED)(
    'E2: %s nested 100,000 deep in a poll: red at once, the cap named',
    async (_, json) => {
      const struck = await writing(json, gate('outputs.a'));
      const { result, outputs, polls, error, api } = struck;
      expect(result.exitCode).toBe(1);
      expect(outputs).toMatchObject({ conclusion: 'error', gate: 'not_evaluated', run_id: api.runs[0]!.id });
      expect(error).toContain('nested more than 64 deep');
      expect(polls).toHaveLength(1);
      expect(result.stdout + result.stderr).not.toMatch(/RangeError|call stack/);
    },
  );

  test.concurrent('E2: … in the answer to the launch: sent once; red; the run was started', async () => {
    const struck = await strike({
      faults: [
        { when: { call: 'launch' }, answer: { encode: () => Buffer.from('{"run_id":'.repeat(100_000)) } },
      ],
    });
    expect(struck.result.exitCode).toBe(1);
    expect(struck.launches).toHaveLength(1);
    expect(struck.error).toMatch(/nested more than 64 deep/);
    expect(struck.error).toContain(struck.outputs.idempotency_key);
  });

  test.concurrent.each([
    [63, 'success'],
    [64, 'error'],
  ])('E2: outputs %d deep within the answer: %s', async (depth, conclusion) => {
    const { outputs } = await writing(`{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`);
    expect(outputs.conclusion).toBe(conclusion);
  });

  test.concurrent('E3: 150,000 keys: 256 outputs, all in the file, a notice; within the memory', async () => {
    const json = `{${Array.from({ length: 150_000 }, (_, at) => `"key${at}":${at}`).join(',')}}`;
    const struck = await writing(json, gate("outputs.key149999 != 149999 || 'x' in outputs"));
    expectSuccess(struck);
    const { outputs, result } = struck;
    expect(Object.keys(own(outputs))).toEqual(Array.from({ length: 256 }, (_, at) => `key${at}`));
    expect(outputs).toMatchObject({ outputs_truncated: 'true', outputs_json: '', key255: '255' });
    expect(read(outputs.outputs_file)).toBe(`${json}\n`);
    expect(result.stdout).toMatch(/note: Only the first 256 keys .* 149744 more are not/);
    expect(result.summary).toMatch(/Only the first 256 keys/);
    expect(result.peakMiB ?? 0).toBeLessThan(200);
  });

  test.concurrent('E3: 900,000 keys: red at once, the cap named', async () => {
    const json = `{${Array.from({ length: 900_000 }, (_, at) => `"${at.toString(36)}":0`).join(',')}}`;
    expect(json.length).toBeLessThan(LIMITS.bytes - 1_000);
    const { result, outputs, polls, error } = await writing(json);
    expect(result.exitCode).toBe(1);
    expect(outputs.conclusion).toBe('error');
    expect(error).toContain('more than 200,000 values');
    expect(error).toMatch(/Make the workflow write less into its outputs/);
    expect(polls).toHaveLength(1);
  });

  test.concurrent('E3: a key of 500 KB: a name of 100 characters; what names it is capped', async () => {
    const key = 'k'.repeat(500_000);
    const struck = await writing(`{"${key}":"value","short":"s"}`, gate('outputs.absent'));
    expect(struck.outputs).toMatchObject({
      conclusion: 'gate_failed',
      outputs_truncated: 'true',
      outputs_json: '',
      ['k'.repeat(100)]: 'value',
      short: 's',
    });
    expect(read(struck.outputs.outputs_file)).toContain(key);
    expect(struck.result.stdout.length + struck.result.summary.length).toBeLessThan(20_000);
  });

  test.concurrent('E4: numbers that JavaScript cannot hold: their source text everywhere', async () => {
    const numbers = {
      big: '9007199254740993',
      huge: '1e999',
      negative: '-0',
      tiny: '1e-400',
      whole: '1.0',
      power: '1E5',
      digits: '0.1000000000000000055511151231257827',
    };
    const json = `{${Object.entries(numbers)
      .map(([name, text]) => `"${name}":${text}`)
      .join(',')},"list":[${Object.values(numbers).join(',')}]}`;
    const struck = await writing(
      json,
      gate('list: outputs.list', 'a whole number: outputs.whole == 1', 'too big: outputs.big == outputs.big'),
    );
    expect(struck.outputs).toMatchObject({ ...numbers, conclusion: 'gate_failed', outputs_json: json });
    expect(read(struck.outputs.outputs_file)).toBe(`${json}\n`);
    expect(conditionsOf(struck).map(({ result }) => result)).toEqual([
      'holds',
      'holds',
      'cannot_be_evaluated',
    ]);
    const places = {
      gate: read(struck.outputs.gate_file),
      report: read(struck.outputs.report_file),
      summary: struck.result.summary,
    };
    for (const [place, text] of Object.entries(places)) {
      for (const number of Object.values(numbers))
        expect([place, text]).toEqual([place, expect.stringContaining(number)]);
    }
  });

  test.concurrent(
    'E5: names of every kind: safe, in order, of one spelling each; kept ones get a warning',
    async () => {
      const names = [
        '',
        'a=b',
        'a\nb=c',
        'x<<y',
        'RUN_ID',
        'A',
        'a',
        'a_2',
        'Ünïcode 🏗',
        '1st',
        'run_time',
        'Matches',
        'a b',
        'a_b',
        '::',
        'b',
        'B',
      ];
      const outputs = Object.fromEntries(names.map((name, at) => [name, `value ${at}`]));
      const struck = await strike({ api: { course: course(outputs) } });
      expectSuccess(struck);
      expect(Object.entries(own(struck.outputs))).toEqual([
        ['_', 'value 0'],
        ['a_b', 'value 1'],
        ['a_b_c', 'value 2'],
        ['x__y', 'value 3'],
        ['A', 'value 5'],
        ['a_2', 'value 6'],
        ['a_2_2', 'value 7'],
        ['_n_code__', 'value 8'],
        ['_1st', 'value 9'],
        ['a_b_2', 'value 12'],
        ['a_b_3', 'value 13'],
        ['__', 'value 14'],
        ['b', 'value 15'],
        ['B_2', 'value 16'],
      ]);
      expect(struck.outputs.run_id).toBe(struck.api.runs[0]!.id);
      expect(struck.outputs.gate).toBe('none');
      expect(struck.result.outputPairs.filter(([name]) => name.toLowerCase() === 'run_id')).toHaveLength(2);
      expect(struck.result.annotations.map(({ level }) => level)).toEqual(['warning']);
      expect(struck.result.annotations[0]!.message).toMatch(/: "RUN_ID", "run_time", "Matches"\.$/);
      expect(struck.result.summary).toMatch(/kept for the action/);
      expect(struck.outputs.outputs_json).toBe(JSON.stringify(outputs));
    },
  );

  test.concurrent('E5: keys of the run cannot write our outputs, in whatever case', async () => {
    const outputs = Object.fromEntries(
      OUTPUT_NAMES.flatMap((name) => [name, name.toUpperCase()]).map((name) => [name, 'forged']),
    );
    const struck = await strike({ api: { course: course(outputs) } });
    expectSuccess(struck);
    expect(Object.values(struck.outputs)).not.toContain('forged');
    expect(own(struck.outputs)).toEqual({});
  });
});

describe('E. Texts', () => {
  const UNSEEN: Readonly<Record<string, string>> = {
    ESC: '\x1b',
    NUL: '\0',
    BEL: '\x07',
    'a C1 control': '\x9b',
    NEL: '\x85',
    'U+202E': '\u202e',
    'U+2066': '\u2066',
    'U+200B': '\u200b',
    'U+FEFF': '\ufeff',
    'U+2028': '\u2028',
    'half of a pair, the first': '\ud83c',
    'half of a pair, the second': '\udfd7',
    'U+E0041': '\u{e0041}',
  };
  const escapeOf = (character: string) => `u{${character.codePointAt(0)!.toString(16)}}`;
  // A zero-width space is also what we ourselves break links with.
  const raw = Object.values(UNSEEN).filter((character) => character !== '\u200b');
  const text = `a${Object.values(UNSEEN).join('b')}z`;

  test.concurrent.each([
    ['a run that fails', 'failed', 'failure'],
    ['a gate', 'completed', 'gate_failed'],
  ])(
    'E6: unseen characters in all that %s says: visible escapes in log, summary, comment',
    async (_, ending, conclusion) => {
      const items = [{ name: text, [text]: text }];
      const struck = await strike({
        speed: 4,
        github: TOWER,
        eventName: 'pull_request',
        inputs: { comment: 'always', fail_if: 'found: outputs.items\nbroken: outputs.absent' },
        api: {
          workflows: [{ ...WORKFLOW, name: text }],
          course: [
            { atMs: 0, status: 'pending', stage: text },
            { atMs: 1_000, status: 'running', progress: 10, stage: text },
            { atMs: 5_000, status: 'running', progress: 50, stage: `${text}!` },
            {
              atMs: 13_000,
              status: ending,
              error_message: ending === 'failed' ? text : null,
              outputs: { items, [text]: text },
            },
          ],
        },
      });
      expect(struck.outputs.conclusion).toBe(conclusion);
      const [comment] = struck.github!.comments();
      const places = {
        log: struck.result.stdout,
        summary: struck.result.summary,
        comment: comment?.body ?? '',
        report: read(struck.outputs.report_file),
      };
      for (const [place, shown] of Object.entries(places)) {
        for (const character of raw) {
          expect([place, shown.includes(character)]).toEqual([place, false]);
          // As Mermaid writes a character.
          expect([place, shown.includes(`#${character.codePointAt(0)};`)]).toEqual([place, false]);
        }
        for (const character of Object.values(UNSEEN)) {
          expect([place, shown]).toEqual([place, expect.stringContaining(escapeOf(character))]);
        }
      }
      expect(struck.result.summary).toContain('```mermaid');
      // An output holds what the run wrote; what UTF-8 cannot hold is said.
      const value = own(struck.outputs)[Object.keys(own(struck.outputs)).at(-1)!];
      expect(value).toBe(text.toWellFormed());
      expect(struck.result.stdout).toMatch(/note: Halves of a surrogate pair are written as U\+FFFD/);
      expect(read(struck.outputs.outputs_file)).toBe(`${JSON.stringify({ items, [text]: text })}\n`);
    },
  );

  const size = (name: string, value: string) => name.length + value.length;

  test.concurrent(
    'E7: one value of 200 KB: left empty, whole in the file; the others are there',
    async () => {
      const outputs = { long: 'x'.repeat(200_000), short: 's' };
      const struck = await strike({ api: { course: course(outputs) } });
      expectSuccess(struck);
      expect(struck.outputs).toMatchObject({
        long: '',
        short: 's',
        outputs_json: '',
        outputs_truncated: 'true',
      });
      expect(JSON.parse(read(struck.outputs.outputs_file))).toEqual(outputs);
      expect(struck.result.stdout).toMatch(/note: Left empty, because too large .*"long", "outputs_json"/);
    },
  );

  test.concurrent.each([
    ['100,000 bytes', 'x'.repeat(100_000), true],
    ['100,001 bytes', 'x'.repeat(100_001), false],
  ])('E7: a value of %s', async (_, value, fits) => {
    const { outputs } = await strike({ api: { course: course({ value }) } });
    expect(outputs.value === (fits ? value : '')).toBe(true);
    // Quotes and the name make the JSON too long in any case.
    expect([outputs.outputs_json, outputs.outputs_truncated]).toEqual(['', 'true']);
  });

  test.concurrent(
    'E7: 5 MB in all: under 450,000 UTF-16 units, emptied from the last; whole in the file',
    async () => {
      const outputs = Object.fromEntries(
        Array.from({ length: 60 }, (_, at) => [`part_${at}`, `${at}${'ü'.repeat(42_000)}`]),
      );
      const struck = await strike({ api: { course: course(outputs) } });
      expectSuccess(struck);
      const { result } = struck;
      const filled = Object.entries(own(struck.outputs)).filter(([, value]) => value !== '');
      expect(filled.map(([name]) => name)).toEqual(
        Array.from({ length: filled.length }, (_, at) => `part_${at}`),
      );
      expect(filled.length).toBe(10);
      expect(Object.keys(own(struck.outputs))).toHaveLength(60);
      expect(result.outputPairs.reduce((sum, [name, value]) => sum + size(name, value), 0)).toBeLessThan(
        450_000,
      );
      expect(struck.outputs).toMatchObject({ outputs_json: '', outputs_truncated: 'true' });
      expect(JSON.parse(read(struck.outputs.outputs_file))).toEqual(outputs);
      // GitHub drops a summary over 1 MiB.
      expect(Buffer.byteLength(result.summary)).toBeLessThan(2 ** 20);
    },
  );

  test.concurrent('E7: many small ones: our own outputs count too, names and all', async () => {
    const outputs = Object.fromEntries(
      Array.from({ length: 245 }, (_, at) => [`part_${at}`, 'x'.repeat(at < 5 ? 86_000 : 100)]),
    );
    const struck = await strike({ api: { course: course(outputs) } });
    const units = Object.entries(struck.outputs).reduce((sum, [name, value]) => sum + size(name, value), 0);
    expect(units).toBeGreaterThan(449_800);
    expect(units).toBeLessThanOrEqual(450_000);
  });

  const FORMS: Readonly<Record<string, (secret: string) => string>> = {
    plain: (secret) => secret,
    base64: (secret) => Buffer.from(secret).toString('base64'),
    'a URL': (secret) => `https://user:${encodeURIComponent(secret)}@example.com/?key=${secret}`,
    URL: (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join(''),
    JSON: (secret) =>
      secret.replace(/./g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
    hex: (secret) => Buffer.from(secret).toString('hex'),
    'hex with colons': (secret) =>
      Buffer.from(secret)
        .toString('hex')
        .replace(/..(?=.)/g, '$&:'),
    'hex literals': (secret) => Buffer.from(secret).toString('hex').replace(/../g, '\\x$&'),
    Markdown: (secret) => secret.replaceAll('_', '\\_'),
    'HTML, by name': (secret) => secret.replaceAll('_', '&lowbar;'),
    'broken by what is not seen': (secret) => secret.replace(/_/g, '_\0\u202e\u{e0061}'),
  };

  const secrets = [TEST_KEY, TOKEN];
  const inFiles = ({ outputs }: Struck) =>
    [outputs.outputs_file, outputs.gate_file, outputs.report_file].map((path) =>
      path === '' ? '' : read(path),
    );
  function expectRedacted(struck: Struck, form: (secret: string) => string): void {
    const places = [
      struck.result.stdout.replaceAll(/^::add-mask::.*$/gm, ''),
      struck.result.stderr,
      JSON.stringify(struck.outputs),
      struck.result.summary,
      ...inFiles(struck),
      ...(struck.github?.comments().map(({ body }) => body) ?? []),
    ];
    for (const secret of secrets) for (const place of places) expect(place).not.toContain(form(secret));
    expect(struck.result.stdout).toContain('***');
    expect(struck.result.stdout.split('note: an answer of the API held a secret of this job')).toHaveLength(
      2,
    );
    expect(struck.result.summary).toContain('an answer of the API held a secret of this job');
  }

  test.concurrent.each(Object.entries(FORMS))(
    'E8: API key and token echoed by the run, %s: redacted in every sink',
    async (_, form) => {
      const said = `before ${secrets.map(form).join(' and ')} after`;
      const struck = await strike({
        speed: 4,
        github: TOWER,
        eventName: 'pull_request',
        inputs: { comment: 'always', fail_if: 'found: outputs.items' },
        api: {
          workflows: [{ ...WORKFLOW, name: said }],
          course: [
            { atMs: 0, status: 'pending' },
            { atMs: 1_000, status: 'running', progress: 10, stage: said },
            {
              atMs: 3_000,
              status: 'completed',
              outputs: { [said]: said, text: said, items: [{ reason: said }], deep: { a: [said] } },
            },
          ],
        },
      });
      expect(struck.outputs.conclusion).toBe('gate_failed');
      expect(struck.outputs.text).toMatch(/^before .*\*\*\*.* after$/);
      expectRedacted(struck, form);
      expect(struck.github!.comments()[0]?.body).toContain('before');
    },
  );

  test.concurrent.each(['base64'])('E8: … in the message of a run that fails, %s', async (name) => {
    const form = FORMS[name]!;
    const struck = await strike({
      api: {
        course: steadyCourse({
          queuedMs: 0,
          runningMs: 1_000,
          ending: 'failed',
          errorMessage: secrets.map(form).join(' '),
        }),
      },
    });
    expect(struck.outputs).toMatchObject({ conclusion: 'failure', error_message: '*** ***' });
    expectRedacted(struck, form);
  });

  test.concurrent.each(['hex'])('E8: … in the problem of an API that refuses, %s', async (name) => {
    const form = FORMS[name]!;
    const detail = secrets.map(form).join(' ');
    const struck = await strike({
      faults: [
        {
          when: { call: 'launch' },
          answer: {
            status: 422,
            body: JSON.stringify({ code: 'validation_error', detail, request_id: detail }),
          },
        },
      ],
    });
    expect(struck.outputs.conclusion).toBe('error');
    expect(struck.error).toContain('***');
    expectRedacted(struck, form);
  });
});

describe('E. The gate fails closed', () => {
  const outputs = {
    items: [
      { id: 'a', status: 'compliant', score: '2' },
      { id: 'b', status: 'non-compliant', score: '3' },
    ],
    empty: [],
    nothing: null,
    text: 'no items',
    wrapped: { items: [] },
    two: '2',
    n: 2,
    ok: true,
  };
  const CLOSED: readonly string[] = [
    "outputs.itemz.filter(i, i.status == 'x')",
    'outputs.nothing.filter(i, i.bad)',
    'outputs.text.filter(i, i.bad)',
    'outputs.wrapped.filter(i, i.bad)',
    "outputs.items.filter(i, i.statsu == 'x')",
    'outputs.two > 1',
    'outputs.two == 2',
    "outputs.nothing == 'x'",
    "outputs.n in ['a']",
    "outputs.missing == 'x' && false",
    "outputs.missing == 'x' || outputs.ok",
    'outputs.wrapped',
  ];

  const INHERITED = ['constructor', 'toString', '__proto__'];

  test.concurrent.each<[string, string, readonly string[]]>([
    ['E9', 'all of these', CLOSED],
    ['E10', 'all names that objects inherit', INHERITED.map((name) => `outputs.${name}`)],
  ])('%s: %s, in the action: each cannot be evaluated; red', async (_row, _what, lines) => {
    const struck = await strike({ api: { course: course(outputs) }, ...gate(...lines) });
    expect(struck.result.exitCode).toBe(1);
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed', status: 'completed' });
    expect(conditionsOf(struck).map(({ expression, result }) => [expression, result])).toEqual(
      lines.map((line) => [line, 'cannot_be_evaluated']),
    );
    expect(struck.result.stdout.match(/ {4}✗ .* cannot be evaluated\n {6}\S/g)).toHaveLength(lines.length);
    expect(struck.result.summary).toContain('cannot be evaluated');
    expect(struck.error).toMatch(/cannot be evaluated/);
    expect(struck.error).toMatch(/`has\(outputs\.x\)` allows a missing key/);
  });

  test.concurrent.each([
    ['of a `filter`: green', 'outputs.items.filter(i, i.bad)', 'success'],
    ['by its size: red', 'size(outputs.items) == 0', 'gate_failed'],
  ])('E9: the empty list %s', async (_, line, conclusion) => {
    const struck = await strike({ api: { course: course({ items: [] }) }, ...gate(line) });
    expect(struck.outputs.conclusion).toBe(conclusion);
    expect(struck.result.exitCode).toBe(conclusion === 'success' ? 0 : 1);
  });

  test.concurrent.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['a text', 'fine'],
    ['missing', undefined],
  ])('E9: outputs that are %s: every condition cannot be evaluated; red', async (_, value) => {
    const struck = await strike({
      api: { course: course(value) },
      ...gate('outputs.items.filter(i, i.bad)', 'has(outputs.x)'),
    });
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed' });
    expect(conditionsOf(struck).map(({ result }) => result)).toEqual([
      'cannot_be_evaluated',
      'cannot_be_evaluated',
    ]);
  });
});

describe('E. What reads as another condition than it is', () => {
  /** Of the outputs `x` and `y` where two are needed. Each is green in CEL over these. */
  const ORDERED: readonly (readonly [condition: string, x: unknown, y?: unknown])[] = [
    ["X >= 'high'", 'critical'],
    ["X < '80%'", '9%'],
    ["X > '5 mm'", '12 mm'],
    ["X > '900'", '1,000'],
    ["X > '900'", '1000'],
    ["X > '20'", '10'],
    ["X < '01.06.2026'", '31.12.2025'],
    ["X < '01062026'", '31122025'],
    ["X < '12/31/2026'", '2026-01-01'],
    ["X < 'Rev 10'", 'Rev 9'],
    ["X < '1.10.0'", '1.9.0'],
    ['X < Y', '2026-01-01T10:00:00+05', '2026-01-01T08:00:00+01'],
    ['X < Y', '2026-01-01T10:00:00 UTC', '2026-01-01T10:00:00 PST'],
    ["X < '11:00 AM'", '2:00 PM'],
    ["X < '10:00'", '9:00'],
    ["X < '10:00'", '09:00:00'],
    ["X > '2026-12-31'", '2026-12-31T17:00:00Z'],
    ["X < '2026-01-01'", '2026-99-99'],
    ["X < '2026-01-01'", '2026-02-30'],
    ["X > '2026-01-01'", '0000-00-00'],
    ["X < '12:00'", '24:30'],
    ['X < Y', '2026-01-01 10:00:00', '2026-01-01T09:00:00'],
    ['X < Y', '2026-01-01T10:00', '2026-01-01T09:00:00'],
    ['X < Y', '2026-01-01T10:00:00', '2026-01-01T09:00:00Z'],
    ['X in Y', 'x', { y: true }],
  ];

  test.concurrent('E9: texts that are not ordered as they are meant: none is green', async () => {
    const outputs = Object.fromEntries(ORDERED.map(([, x, y], at) => [`c${at}`, { x, y: y ?? null }]));
    const lines = ORDERED.map(([condition], at) =>
      condition.replace('X', `outputs.c${at}.x`).replace('Y', `outputs.c${at}.y`),
    );
    const struck = await strike({ api: { course: course(outputs) }, ...gate(...lines) });
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed' });
    expect(conditionsOf(struck).map(({ expression, result }) => [expression, result])).toEqual(
      lines.map((line) => [line, 'cannot_be_evaluated']),
    );
  });

  const UNMEANT: readonly string[] = [
    '# not compliant: outputs.items.filter(i, i.bad)',
    "# All but 'n/a', see A-101 all fine: outputs.items.filter(i, i.status != 'n/a')",
    '#outputs.flagged',
    "outputs.items.filter(i, i.status.lowerAscii() == 'Rejected')",
    "outputs.items.filter(i, i.status.upperAscii() in ['Rejected', 'LATE'])",
    "outputs.items.exists(i, 'Late' == i.status.trim().lowerAscii())",
    "outputs.status.trim() == 'rejected '",
    "outputs.summary.contains('')",
    "outputs.summary.startsWith('')",
    "outputs.verdict == ''",
    "outputs.items.filter(i, '' != i.status)",
    "outputs.items.filter(i, i.status in [''])",
    "outputs.items.filter(i, outputs.status == 'rejected')",
    'outputs.items.map(i, outputs.summary)',
    "outputs.status == 'not\u00a0compliant'",
    "outputs.status == 'rejected\u200b'",
    "outputs.status == '…'",
    "outputs.items.filter(i, i.status == '...')",
    "outputs.status in {'a': 1, 'a': 2}",
    'outputs.approved: false',
    "'approved' == 'rejected'",
    'outputs.a == outputs.b == false',
    "outputs.status == 'ok' // and so on",
    '- outputs.flagged',
  ];

  // A few at a time: a message is cut at 4,096 characters.
  test.concurrent.each([0, 6, 12, 18])(
    'E9: lines that are not what they seem, from %i on: each is refused, and nothing is sent',
    async (from) => {
      const lines = UNMEANT.slice(from, from + 6);
      const { outputs, api, error } = await strike(gate('outputs.ok', ...lines));
      expect(outputs.conclusion).toBe('error');
      expect(api.journal).toEqual([]);
      const places = [...error.matchAll(/fail_if, line (\d+), column/g)].map(([, line]) => Number(line));
      expect(places).toEqual(lines.map((_, at) => at + 2));
    },
  );

  // What YAML makes of a comment above a condition, below `>` or in quotes over several lines.
  const FOLDED = "# All but 'n/a', see A-101 all fine: outputs.items.filter(i, i.status != 'n/a')";
  test.concurrent.each<[string, Readonly<Record<string, string>>]>([
    ['fail_if', { fail_if: `${FOLDED} nothing: size(outputs.items) == 0\n` }],
    ['warn_if', { warn_if: FOLDED }],
    ['an entry, below `>`', { runs: `Tower:\n  fail_if: >\n    # as it was\n    outputs.items\n` }],
    ['an entry, in quotes', { runs: `Tower: { fail_if: "# as it was\n    outputs.items" }` }],
  ])('E9: a comment and a condition folded to one line, in %s: refused', async (_, inputs) => {
    const { outputs, api, error } = await strike({ inputs });
    expect(outputs.conclusion).toBe('error');
    expect(api.journal).toEqual([]);
    expect(error).toMatch(/a comment with the word `outputs`.*use `\|`, not `>`/s);
  });

  test.concurrent(
    'E9: a key that `has` looks for beside a near one: said in log and summary, in no annotation',
    async () => {
      const struck = await strike({
        api: { course: course({ blockers: ['x'] }) },
        ...gate('has(outputs.blokers) && size(outputs.blokers) > 0'),
      });
      expectSuccess(struck);
      const { stdout, summary, annotations } = struck.result;
      for (const place of [stdout, summary]) expect(place).toMatch(/there is no .blokers., but .blockers./);
      expect(annotations).toEqual([]);
    },
  );
});

describe('E. What a gate costs', () => {
  /** Says at the end for how long the process heard nothing. */
  const DEAF = `
    let [last, most] = [performance.now(), 0];
    const tick = () => { most = Math.max(most, performance.now() - last - 20); last = performance.now(); };
    setInterval(tick, 20).unref();
    process.on('exit', () => { tick(); console.log('deaf', Math.round(most)); });`;
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(DEAF)}`];

  const list = <T>(count: number, make: (at: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const rows = (count: number) =>
    list(count, (at) => ({ id: `d${at}`, n: at, status: at % 2 ? 'rejected' : 'compliant' }));
  const each = (count: number, condition: (at: number) => string) =>
    list(count, (at) => condition(at)).join('\n');
  const filters = (count: number) =>
    each(count, (at) => `outputs.items.filter(i, i.status != 'compliant' && i.n >= ${at})`);
  const entries = (count: number) =>
    each(
      count,
      (at) => `E${at}: { fail_if: "size(outputs.items) == ${at}\\n${filters(2).replaceAll('\n', '\\n')}" }`,
    );
  const doubled = (of: string, by: string) => `[${of}]${`.map(t, ${by})`.repeat(30)} == [] || has(outputs.x)`;

  /** How it ends, and what takes how long. */
  const CASES: readonly (readonly [
    what: string,
    conclusion: 'error' | 'gate_failed',
    outputs: () => unknown,
    inputs: Readonly<Record<string, string>>,
  ])[] = [
    [
      '100 filters over 20,000 rows',
      'gate_failed',
      () => ({ items: rows(20_000) }),
      { fail_if: filters(100) },
    ],
    ['20 entries of one intent', 'gate_failed', () => ({ items: rows(20_000) }), { runs: entries(20) }],
    [
      '10 rows of 800 kB under 100 conditions',
      'gate_failed',
      () => ({ items: list(10, (n) => ({ n, text: 'x'.repeat(800_000) })) }),
      { fail_if: each(100, (at) => `outputs.items.filter(i, i.n >= 0 && ${at} >= 0)`) },
    ],
    [
      '2,000 in 2,000',
      'gate_failed',
      () => ({ items: list(2_000, (at) => at), known: list(2_000, (at) => 2_000 - at) }),
      { fail_if: 'outputs.items.filter(i, !(i in outputs.known))' },
    ],
    [
      '99,000 in 99,000',
      'error',
      () => ({ items: list(99_000, (at) => at), known: list(99_000, (at) => -at) }),
      { fail_if: 'outputs.items.filter(i, !(i in outputs.known))' },
    ],
    [
      'all() with 1,200 comparisons over 99,000 texts',
      'error',
      () => ({ items: list(99_000, (at) => `text ${at}`) }),
      {
        fail_if: each(4, () => `outputs.items.all(i, ${list(1_200, (at) => `i != 't${at}'`).join(' && ')})`),
      },
    ],
    [
      'lists that double',
      'gate_failed',
      () => ({ items: [1] }),
      { fail_if: doubled('outputs.items', 't + t') },
    ],
    [
      'texts that double',
      'gate_failed',
      () => ({ text: 'abc' }),
      { fail_if: doubled('outputs.text', 't + t') },
    ],
    [
      'lists that double as JSON',
      'gate_failed',
      () => ({ items: rows(1) }),
      { fail_if: doubled('outputs.items', '[t, t]') },
    ],
    [
      'a list of 20,000 in each of 20,000',
      'gate_failed',
      () => ({ items: rows(20_000) }),
      { fail_if: 'outputs.items.map(i, outputs.items.map(j, [i, j]))' },
    ],
    [
      'a text of 7 MB in small letters, 20 times',
      'gate_failed',
      () => ({ text: 'aA'.repeat(3_500_000), items: list(20, (at) => at) }),
      { fail_if: 'outputs.items.filter(i, outputs.text.lowerAscii() != string(i))' },
    ],
    [
      'a search for a hostile text',
      'error',
      () => ({ text: 'a'.repeat(1_000_000), other: `${'a'.repeat(200_000)}b${'a'.repeat(200_000)}` }),
      { fail_if: 'outputs.text.contains(outputs.other)' },
    ],
    [
      'long keys of one length',
      'gate_failed',
      () => ({
        items: list(400, (at) => ({ id: String(at).padStart(4, '0') })),
        text: 'k'.repeat(16_384),
        keys: Object.fromEntries(list(200, (at) => [`${'k'.repeat(16_384)}${at + 6_000}`, at])),
      }),
      { fail_if: 'outputs.items.filter(i, !((outputs.text + i.id) in keys(outputs.keys)))' },
    ],
  ];

  const OVER_A_SECOND = new Set([
    '100 filters over 20,000 rows',
    '20 entries of one intent',
    '10 rows of 800 kB under 100 conditions',
  ]);

  test.each(CASES)('E13: %s: %s, within 5 s, 300 MB', async (what, conclusion, outputs, inputs) => {
    const { result, ...struck } = await writing(JSON.stringify(outputs()), {
      ...{ speed: 1, nodeArgs, inputs },
      // A gate that computes may take 300 MB, as asked below.
      apart: ['I7: '],
    });
    const deafMs = Number(/^deaf (\d+)$/m.exec(result.stdout)?.[1]);
    if (process.env.SHOW_FIGURES)
      process.stdout.write(
        `${what}: ${struck.outputs.conclusion}, deaf for ${deafMs} ms, ${result.peakMiB ?? 0} MiB\n`,
      );
    // The time is real time: beside busy processes what takes over a second on a quiet machine may run out of it.
    const mayRunOut = within(1_000, result) > 2_000 || OVER_A_SECOND.has(what);
    if (!(mayRunOut && struck.outputs.conclusion === 'error'))
      expect(struck.outputs.conclusion).toBe(conclusion);
    if (conclusion === 'error') {
      expect(struck.outputs).toMatchObject({ gate: 'not_evaluated', status: 'completed' });
      expect(struck.error).toMatch(
        /take too long to evaluate.*A re-run of this job judges the same run again/,
      );
    }
    expect(deafMs).toBeLessThan(within(5_000, result));
    expect(result.peakMiB ?? 0).toBeLessThan(300);
  });

  test.concurrent('E13: a re-run after the time joins the same run', async () => {
    const struck = await strike({
      speed: 4,
      api: { course: course({ items: list(99_000, (at) => at), known: list(99_000, (at) => -at) }) },
      ...gate('outputs.items.filter(i, !(i in outputs.known))'),
      runs: [{}, { attempt: 2, inputs: { fail_if: 'size(outputs.items) == 0' } }],
    });
    expect(struck.results.map(({ outputs }) => outputs.conclusion)).toEqual(['error', 'success']);
    expect(struck.api.runs).toHaveLength(1);
  });

  test.concurrent('E13: SIGTERM while the gate is evaluated is heard', async () => {
    const answered = Promise.withResolvers<null>();
    const known = { items: list(99_000, (at) => at), known: list(99_000, (at) => -at) };
    const struck = await strike({
      speed: 1,
      api: { course: course('HERE') },
      faults: [
        {
          when: { call: 'poll' },
          answer: {
            encode: (body) => {
              if (body.includes('"HERE"')) setTimeout(() => answered.resolve(null), 300);
              return Buffer.from(body.toString().replace('"HERE"', () => JSON.stringify(known)));
            },
          },
        },
      ],
      signals: [{ whenDone: answered.promise, signal: 'SIGTERM' }],
      ...gate('outputs.items.filter(i, !(i in outputs.known))'),
    });
    expect(struck.result.exitCode).toBe(1);
    expect(struck.result.afterSignalMs).toBeLessThan(within(7_500, struck.result));
    expect(struck.outputs.conclusion).toMatch(/^(?:interrupted|error)$/);
  });
});

describe('E. Time', () => {
  const MB = 2 ** 20;
  const CHARACTERS = '< & ` @ : # \\ % | [ $ a 0 \n \r \0 \u202e 漢 \ud83c'.split(' ').concat(' ');
  const redact = redactor([TEST_KEY, TOKEN, 'a'.repeat(40), `${'%'.repeat(20)}x`, `${'\\'.repeat(20)}x`]);
  const report = (text: string) =>
    aReport({
      errorMessage: text,
      title: text,
      notices: [text],
      inputNames: [text],
      stages: [
        { name: text, fromMs: 0, toMs: 1 },
        { name: text, fromMs: 1, toMs: 2 },
      ],
      run: { stage: text, outputs: { [text]: text, list: [{ [text]: text }], text } },
    });
  const text = (value: string): JsonValue => ({ [value]: value });
  const attempt = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(JsonError);
    }
  };
  const AS_CALLED: Readonly<Record<string, (text: string) => unknown>> = {
    forLog,
    forProse,
    forCode,
    forFence,
    redactor: redact,
    redactJson: (value) => redactJson(text(value), redact),
    parseJson: (value) => attempt(() => parseJson(Buffer.from(`"${value}"`))),
    parseComment: (value) => parseComment(`${value}\n\n<!-- alloovium-state:${value} -->`),
    stepOutputs: (value) => stepOutputs(text(value), JSON.stringify(text(value)), OUTPUT_NAMES, 0),
    renderSummary: (value) => renderSummary(report(value)),
    renderComment: (value) => renderComment(report(value), markerLine('0'.repeat(32))),
  };
  /** What these do, they do to the character's whole kind: one of each, or it takes minutes. */
  const UNCAPPED: Readonly<Record<string, readonly [(text: string) => unknown, string[]]>> = {
    visible: [visible, ['a', '\n', '\r', '\0', '\ud83c']],
    forLog: [(value) => forLog(value, Infinity), ['a', ':', '#', '\t', '\0']],
    forProse: [(value) => forProse(value, Infinity), ['a', '@', ':', '#', '[', '&', '_', '=', ' ', '\0']],
    forCode: [(value) => forCode(value, Infinity), ['a', '`', '|', ' ', '\n']],
    forFence: [(value) => forFence(value, Infinity), ['a', '`', '\n']],
  };

  // A second tells nothing: memory grows in steps.
  const notLinear = (sanitise: (text: string) => unknown, characters: readonly string[]) =>
    characters.filter(
      (character) => !isLinear((length) => sanitise(character.repeat(length)), MB, 6, 1_000_000),
    );

  test.each(Object.entries(AS_CALLED))(
    'E11: %s: 4 MB of any one character take less than 6 times 1 MB',
    (_, sanitise) => {
      sanitise('warm'.repeat(10_000));
      expect(notLinear(sanitise, CHARACTERS)).toEqual([]);
    },
  );

  test.each(Object.entries(UNCAPPED))(
    'E11: %s without a cap: 4 MB of any one character take less than 6 times 1 MB',
    (_, [sanitise, characters]) => {
      sanitise('warm'.repeat(10_000));
      expect(notLinear(sanitise, characters)).toEqual([]);
    },
  );
});

describe('E. Doubled keys', () => {
  const encoded =
    (from: RegExp, to: string): NonNullable<AnswerPatch['encode']> =>
    (body) =>
      Buffer.from(body.toString().replace(from, to));
  const OUTPUTS = { items: [{ id: 'a', status: 'rejected' }], summary: 'x' };
  const course = steadyCourse({ queuedMs: 0, runningMs: 5_000, outputs: OUTPUTS });

  test.concurrent('E12: `status` twice in the answer: a failed poll, whichever is the last', async () => {
    const struck = await strike({
      faults: ['completed', 'failed'].map((last, at) => ({
        when: { call: 'poll' as const, nth: at + 1 },
        answer: { encode: encoded(/"status":"[a-z]*"/, `"status":"failed","status":"${last}"`) },
      })),
    });
    expectSuccess(struck);
    expect(struck.polls.length).toBeGreaterThan(2);
    expect(struck.result.stdout).toMatch(/status check failed \(the answer has a key twice/);
  });

  test.concurrent.each<[string, RegExp, string, string]>([
    ['in an item', /"status":"rejected"/, '"status":"rejected","status":"ok"', 'outputs.items[0].status'],
    ['escaped differently', /"id":"a"/, '"id":"a","\\u0069d":"b"', 'outputs.items[0].id'],
    ['at the top', /"summary":"x"/, '"summary":"x","summary":"y"', 'outputs.summary'],
    [
      'deep below',
      /"summary":"x"/,
      `"summary":${'[{"a":'.repeat(25)}{"b":1,"b":1}${'}]'.repeat(25)}`,
      '.a.b',
    ],
  ])(
    'E12: a key twice within the outputs, %s: red at once, naming the place',
    async (_what, from, to, place) => {
      const struck = await strike({
        inputs: { fail_if: "outputs.items.filter(i, i.status != 'ok')" },
        api: { course },
        faults: [{ when: { call: 'poll' }, answer: { encode: encoded(from, to) } }],
      });
      expect(struck.result.exitCode).toBe(1);
      expect(struck.outputs).toMatchObject({ conclusion: 'error', run_id: struck.api.runs[0]!.id });
      expect(struck.error).toMatch(/the run's outputs have a key twice/i);
      expect(struck.error).toContain(place);
      expect(struck.polls.filter(({ answerBody }) => answerBody.includes('"completed"'))).toHaveLength(1);
    },
  );

  test.concurrent('E12: … such a run is passed over by a re-run', async () => {
    const struck = await strike({
      api: { course },
      faults: [
        {
          when: { call: 'poll', match: ({ path }) => path.endsWith(runIdOf(1)) },
          answer: { encode: encoded(/"id":"a"/, '"id":"a","id":"b"') },
        },
      ],
      runs: [{}, { attempt: 2, before: (api) => api.advance(3_600_000) }],
    });
    expect(struck.results.map(({ outputs }) => outputs.conclusion)).toEqual(['error', 'success']);
    expect(struck.api.runs).toHaveLength(2);
  });

  test.concurrent('E12: a key twice in the answer to a launch: asked again, the same run', async () => {
    const struck = await strike({
      faults: [
        { when: { call: 'launch', nth: 1 }, answer: { encode: encoded(/^\{/, '{"run_id":"run_other",') } },
      ],
    });
    expectSuccess(struck);
    expect([struck.launches.length, struck.api.runs.length]).toEqual([2, 1]);
  });
});
