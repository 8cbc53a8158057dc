import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_API_URL, FIELDS, INPUT_NAMES, type Property } from '../../src/inputs/input-table.ts';
import { asksForGate, InputError, readInputs, type Inputs } from '../../src/inputs/inputs.ts';
import { anyText } from '../support/arbitrary-text.ts';

type Given = Readonly<Record<string, string>>;

const KEY = `ak_test_${'k'.repeat(52)}`;
const needed: Given = { api_key: KEY, workflow_id: 'wf_1' };

/** The environment in which the runner passes inputs. */
function environment(inputs: Given): Given {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]));
}

function read(inputs: Given, more: Given = {}): Promise<Inputs> {
  return readInputs({ ...environment({ ...needed, ...inputs }), ...more });
}

/** Returns the faults, one a line; throws if there are none. */
async function faults(inputs: Given, more: Given = {}): Promise<string[]> {
  try {
    await read(inputs, more);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).detail.split('\n');
  }
  throw new Error('the inputs were accepted');
}

describe('readInputs', () => {
  const defaults: Omit<Inputs, 'gate'> = {
    apiKey: KEY,
    apiUrl: 'https://api.alloovium.com',
    workflowId: 'wf_1',
    inputs: {},
    projectId: '',
    runId: '',
    idempotencyKey: '',
    onRerun: 'resume',
    wait: true,
    timeoutMs: 900_000,
    failIf: '',
    knownBy: new Map(),
    columns: new Map(),
    waivers: [],
    warnIf: '',
    runs: null,
    jobSummary: true,
    comment: 'never',
    commentKey: ['  '],
    isCommentShared: false,
    title: '',
    authorTitle: '',
    runUrl: '',
    itemUrl: '',
    baselineFile: '',
    failOn: 'any',
    githubToken: '',
    onMissingKey: 'fail',
    pullRequest: null,
    commitStatus: '',
    baseline: '',
    matrixValues: [],
    ignored: [],
  };

  test('uses the defaults if only the required inputs are set', async () => {
    const { gate, ...rest } = await read({});
    expect(rest).toEqual(defaults);
    expect(gate.conditions).toEqual([]);
  });

  test.each(['', ' ', '\n', ' \t\r\n '])('uses the defaults if every other input is %j', async (empty) => {
    const all = Object.fromEntries(INPUT_NAMES.filter((name) => name !== 'fail_if').map((name) => [name, empty]));
    const { gate, ...rest } = await read({ ...all, ...needed });
    expect(rest).toEqual(defaults);
    expect(gate.conditions).toEqual([]);
  });
});

describe('readInputs, for valid values,', () => {
  test.each<[string, string, Partial<Inputs>]>([
    ['workflow_id', ' wf_1f02d9ef-6c1e-4b7a-9d55-0b8f4e2a7c31 \n', { workflowId: 'wf_1f02d9ef-6c1e-4b7a-9d55-0b8f4e2a7c31' }],
    ['project_id', '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6', { projectId: '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6' }],
    ['run_id', 'run_c1d2e3f4', { runId: 'run_c1d2e3f4' }],
    ['idempotency_key', 'release-1_2', { idempotencyKey: 'release-1_2' }],
    ['idempotency_key', 'k'.repeat(100), { idempotencyKey: 'k'.repeat(100) }],
    ['on_rerun', 'resume', { onRerun: 'resume' }],
    ['on_rerun', 'fresh', { onRerun: 'fresh' }],
    ['wait', 'false', { wait: false }],
    ['wait', 'True', { wait: true }],
    ['wait', 'FALSE', { wait: false }],
    ['job_summary', 'false', { jobSummary: false }],
    ['timeout_minutes', '1440', { timeoutMs: 86_400_000 }],
    ['timeout_minutes', '0.5', { timeoutMs: 30_000 }],
    ['timeout_minutes', '007', { timeoutMs: 420_000 }],
    ['comment', 'always', { comment: 'always' }],
    ['comment', 'on_failure', { comment: 'on_failure' }],
    ['comment', 'on-failure', { comment: 'on_failure' }],
    ['comment', 'never', { comment: 'never' }],
    ['comment_key', 'a', { commentKey: ['a'], isCommentShared: true }],
    ['fail_on', 'new', { failOn: 'new' }],
    ['title', 'Doors', { title: 'Doors' }],
    ['title', 'd'.repeat(100), { title: 'd'.repeat(100) }],
    ['baseline_file', 'cache/gate.json', { baselineFile: 'cache/gate.json' }],
    ['github_token', 'ghs_x', { githubToken: 'ghs_x' }],
    ['on_missing_key', 'skip', { onMissingKey: 'skip' }],
  ])('reads `%s: %s` as %j', async (name, value, expected) => {
    expect(await read({ [name]: value })).toMatchObject(expected);
  });

  test('reads `inputs` with the blanks at both ends, which are an indent and the end of a block', async () => {
    expect((await read({ inputs: '  a: 1\n  b: 2\n' })).inputs).toEqual({ a: 1, b: 2 });
    expect((await read({ inputs: 'a: |\n  x\n  y\n' })).inputs).toEqual({ a: 'x\ny\n' });
  });

  test('reads the conditions of `fail_if` and `warn_if`, with their lines in the file', async () => {
    const { gate } = await read({ fail_if: '\n\n  red: size(outputs.a) > 0\n', warn_if: '# c\noutputs.b' });
    expect(gate.conditions).toEqual([
      { severity: 'fail', name: 'red', expression: 'size(outputs.a) > 0', line: 3 },
      { severity: 'warn', name: null, expression: 'outputs.b', line: 2 },
    ]);
  });
});

describe('`fail_if` of an unset variable or `none`', () => {
  const EMPTY = '`fail_if` is empty: is a variable unset? For no gate leave it out, or write `none`.';
  const ONLY_COMMENTS = '`fail_if` has only comments: write a condition. For no gate leave it out, or write `none`.';
  const ENTRY = '`runs` entry “a”: `fail_if` is empty: is a variable unset? For no gate leave it out, or write `none`.';

  test.each(['none', ' none \n', '# not yet\nnone', 'none\n\n  # not yet', '# was: outputs.bad\nnone'])(
    'means no gate as %j',
    async (text) => {
      for (const name of ['fail_if', 'warn_if']) expect((await read({ [name]: text })).gate.conditions).toEqual([]);
      expect(await read({ wait: 'false', fail_if: text, warn_if: text })).toMatchObject({ wait: false });
    },
  );

  test.each([...['', ' ', '\n', ' \t\r\n '].map((text) => [text, EMPTY] as const), ['# a comment alone', ONLY_COMMENTS]])(
    'is refused as %j, so that no empty variable switches the gate off',
    async (text, fault) => {
      expect((await faults({ fail_if: text })).map((one) => one.replace(/\.$/, ''))).toEqual([fault.slice(0, -1)]);
    },
  );

  test.each(['', ' \n'])('differs from `warn_if`, which may be %j', async (text) => {
    expect((await read({ warn_if: text })).gate.conditions).toEqual([]);
  });

  test.each([
    ['`none` above a condition', 'none\noutputs.bad'],
    ['the name `none`', 'none: outputs.bad == none'],
    ['`None`', 'None'],
  ])('is read as a condition for %s', async (_, text) => {
    expect((await faults({ fail_if: text }))[0]).toMatch(/^fail_if, line 1, column \d+: /);
  });

  test.each([
    ['""', [ENTRY]],
    ['" \\n"', [ENTRY]],
    ['', [ENTRY]],
    ['"# a"', ['`runs` entry “a” has a condition that cannot be used: ' + ONLY_COMMENTS]],
  ])('is refused in an entry as %s', async (text, expected) => {
    expect(await faults({ fail_if: 'outputs.bad', runs: `a: { fail_if: ${text} }` })).toEqual(expected);
  });

  test('is removed by `none` in an entry, and the others keep the step’s gate', async () => {
    const { runs } = await read({
      fail_if: 'outputs.bad',
      runs: 'a: { fail_if: none, project_id: p1 }\nb: { project_id: p2 }\nc: { fail_if: none, warn_if: none, project_id: p3 }',
      warn_if: 'outputs.odd',
    });
    expect(runs?.map(({ isGated, gate }) => [isGated, gate.conditions.length])).toEqual([
      [false, 1],
      [true, 2],
      [false, 0],
    ]);
  });
});

describe('readInputs, for invalid values,', () => {
  const MARK = 'zqzq';
  const ID = '128 characters';
  test.each<[string, string, string, RegExp]>([
    ['workflow_id', 'a path', `../${MARK}`, /`wf_…`/],
    ['workflow_id', 'another path', `wf_/${MARK}`, /`wf_…`/],
    ['workflow_id', '5 KB', `wf_${MARK.repeat(1_300)}`, /`wf_…`/],
    ['workflow_id', 'a line end in it', `wf_${MARK}\nx`, /`wf_…`/],
    ['workflow_id', 'a name', `Weekly ${MARK} review`, /`wf_…`/],
    ['workflow_id', 'the beginning alone', 'wf_', /`wf_…`/],
    ['workflow_id', "a run's ID", `run_${MARK}`, /`wf_…`/],
    ['workflow_id', 'upper case', `WF_${MARK}`, /`wf_…`/],
    ['workflow_id', 'a letter that only looks like one', `wf_${MARK}а`, /`wf_…`/],
    ['run_id', 'a path', `../${MARK}`, /`run_…`/],
    ['run_id', `over ${ID}`, MARK.repeat(33), /`run_…`/],
    ['run_id', 'a command', `::set-output name=${MARK}::`, /`run_…`/],
    ['project_id', 'a query', `p?${MARK}`, /project's ID/],
    ['project_id', 'a dot first', `.${MARK}`, /project's ID/],
    ['project_id', 'an ID swapped with the workflow’s', `wf_${MARK}`, /begins with `wf_`: are `project_id` and `workflow_id` swapped\?$/],
    ['idempotency_key', 'a blank in it', `release ${MARK}`, /1-100 characters/],
    ['idempotency_key', 'a dot', `${MARK}.1`, /1-100 characters/],
    ['idempotency_key', '101 characters', MARK.repeat(25) + 'x', /1-100 characters/],
    ['idempotency_key', 'other letters', `${MARK}é`, /1-100 characters/],
    ['on_rerun', 'another word', MARK, /`resume` or `fresh`/],
    ['on_rerun', 'upper case', 'Fresh', /`resume` or `fresh`/],
    ['on_rerun', 'a name that every object has', 'constructor', /`resume` or `fresh`/],
    ['wait', 'another word', MARK, /`true` or `false`/],
    ['wait', 'YAML 1.1', 'no', /`true` or `false`/],
    ['wait', 'a digit', '0', /`true` or `false`/],
    ['wait', 'mixed case', 'fAlse', /`true` or `false`/],
    ['wait', 'a name that every object has', 'toString', /`true` or `false`/],
    ['job_summary', 'another word', MARK, /`true` or `false`/],
    ['comment', 'another word', MARK, /`never`, `always` or `on_failure`\.$/],
    ['comment', 'a boolean', 'true', /`never`, `always` or `on_failure`\.$/],
    ['fail_on', 'another word', MARK, /`any` or `new`/],
    ['title', 'two lines', `${MARK}\nx`, /one line of at most 100/],
    ['title', '101 characters', MARK.repeat(25) + 'x', /one line of at most 100/],
    ['on_missing_key', 'another word', MARK, /`fail` or `skip`/],
    ['on_missing_key', '`__proto__`', '__proto__', /`fail` or `skip`/],
    ...['abc', '-1', '0', '1e9', 'NaN', '1441', '15m', '0x10', '٣', '.5'].map((value): [string, string, string, RegExp] => [
      'timeout_minutes',
      value,
      value,
      /minutes above 0 and at most 1440/,
    ]),
  ])('refuses `%s`, by its name and without a quotation, for %s', async (name, _what, value, right) => {
    const [fault, ...unmatched] = await faults({ [name]: value });
    expect(unmatched).toEqual([]);
    expect(fault).toMatch(right);
    expect(fault).toMatch(new RegExp(`^\`${name}\` (?:must be .*\\.|begins with .*\\?)$`));
    expect(fault).not.toContain(MARK);
  });

  test('reads any text of any input, or refuses it without a quotation', async () => {
    const name = fc.constantFrom(...INPUT_NAMES.filter((one) => one !== 'fail_if' && one !== 'warn_if'));
    const part = fc.oneof(fc.constantFrom('zqzq', '\n', '\r', '::', ' ', '"', '/', 'wf_', ':', '{'), anyText());
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.array(part).map((parts) => parts.join('')),
        async (one, value) => {
          const output = await read({ [one]: value }).then(
            () => '',
            (error: unknown) => {
              expect(error).toBeInstanceOf(InputError);
              return (error as InputError).message;
            },
          );
          // Except for names of `runs`, which are checked; each fault has a line.
          expect(output.replace(/“[^”\r\n]*”/g, '')).not.toContain('zqzq');
          expect(output).not.toMatch(/[\r\n](?!`|To evaluate a run of an earlier job: )/);
        },
      ),
      { numRuns: 100, examples: [['workflow_id', ' ']] },
    );
  });
});

const URL_START = 'https://x.test/';

test.each<[Property, value: string, parsed: unknown]>([
  ['workflowId', `wf_${'x'.repeat(125)}`, `wf_${'x'.repeat(125)}`],
  ['runUrl', 'https://x.test:65535/{run_id}?w={workflow_id}&p={project_id}#a', expect.any(String)],
  ['runUrl', `${URL_START}%2F{run_id}`, expect.any(String)],
  ['runUrl', URL_START.padEnd(500, 'x'), expect.any(String)],
  ['itemUrl', `${URL_START}{document_id}/{any-field}`, expect.any(String)],
  ['pullRequest', '1', 1],
  ['pullRequest', '9999999999', 9_999_999_999],
  ['baseline', 'release/1.x@', 'release/1.x@'],
  ['baseline', 'b'.repeat(200), 'b'.repeat(200)],
  ['commitStatus', 'c'.repeat(100), 'c'.repeat(100)],
  ['timeoutMs', '1440', 86_400_000],
  ['timeoutMs', '00000015', 900_000],
  ['timeoutMs', '0.00001', expect.closeTo(0.6)],
  ['timeoutMs', '0.00000001', expect.closeTo(0.0006)],
  ['apiKey', '12345678', '12345678'],
  ['apiKey', '1234"5678', '1234"5678'],
  ['apiUrl', 'http://127.0.0.255', 'http://127.0.0.255'],
])('accepts for %s the value %s', async (property, value, parsed) => {
  expect(await FIELDS[property].read(value)).toEqual(parsed);
});

test.each<[Property, value: string, fault: RegExp]>([
  ['workflowId', `wf_${'x'.repeat(126)}`, /`wf_…`/],
  ['runUrl', 'http://x.test/{run_id}', /must be an `https:` address/],
  ['runUrl', 'a:https://x.test/{run_id}', /must be an `https:` address/],
  ['runUrl', 'https://{run_id}.test/', /must be an `https:` address/],
  ['runUrl', 'https://x.test', /must be an `https:` address/],
  ['runUrl', 'https://x.test:99999/{run_id}', /must be an `https:` address/],
  ['runUrl', URL_START.padEnd(501, 'x'), /must be an `https:` address/],
  ['runUrl', `${URL_START}"`, /must be an `https:` address/],
  ['runUrl', `${URL_START}%{run_id}`, /has a `%` just before a placeholder/],
  ['runUrl', `${URL_START}%2{run_id}`, /has a `%` just before a placeholder/],
  ['runUrl', `${URL_START}%e{run_id}`, /has a `%` just before a placeholder/],
  ['runUrl', `${URL_START}{run_id}/{document_id}`, /may have only the placeholders `\{run_id\}`/],
  ...['0', '01', '10000000000', 'x1', '1x', '-1'].map(
    (value) => ['pullRequest', value, /must be the number of a pull request/] as [Property, string, RegExp],
  ),
  ['baseline', 'refs/heads/main', /must be the name of a branch alone/],
  ...['-a', '/a', 'a/', 'a.', 'a..b', 'a//b', 'a b', 'a~', 'a^', 'a:', 'a?', 'a*', 'a[', 'a\\b', 'a@{b'].map(
    (value) => ['baseline', value, /must be the name of a branch, /] as [Property, string, RegExp],
  ),
  ['baseline', 'b'.repeat(201), /must be the name of a branch, /],
  ['commitStatus', 'c'.repeat(101), /one line of 1 to 100/],
  ...['untrue', 'trues', 'nofalse', 'falsely'].map((value) => ['wait', value, /`true` or `false`/] as [Property, string, RegExp]),
  ['timeoutMs', '1440.00000001', /at most 1440/],
  ['timeoutMs', '000000015', /at most 1440/],
  ['timeoutMs', '0.000000001', /at most 1440/],
  ['apiKey', '1234567', /too short/],
  ['apiUrl', 'http://nolocalhost', /must be an `https:` URL/],
  ['apiUrl', 'ftp://localhost', /must be an `https:` URL/],
])('refuses for %s the value %s', async (property, value, fault) => {
  await expect(async () => FIELDS[property].read(value)).rejects.toThrow(fault);
});

test.each<[string, Given, Given, fault: string | null]>([
  ['accepts `commit_status` with a token', { github_token: 't' }, {}, null],
  ['refuses `commit_status` without a token', {}, {}, 'needs `github_token`, which is empty'],
  ['refuses `commit_status` with a `run_id`', { github_token: 't', run_id: 'run_1' }, {}, 'cannot be used together with `run_id`'],
  [
    'refuses `commit_status` with a `run_id` in an entry',
    { github_token: 't', runs: 'a: { run_id: run_1 }' },
    {},
    'cannot be used together with `run_id`',
  ],
  ['refuses the ID of the job as `commit_status`', { github_token: 't' }, { GITHUB_JOB: 'Review' }, 'is the ID of the job'],
  ['accepts the ID of another job as `commit_status`', { github_token: 't' }, { GITHUB_JOB: 'Reviews' }, null],
])('%s', async (_, inputs, more, fault) => {
  const given = { fail_if: 'none', commit_status: 'Review', ...inputs };
  if (fault === null) expect((await read(given, more)).commitStatus).toBe('Review');
  else expect(await faults(given, more)).toEqual([expect.stringContaining(`\`commit_status\` ${fault}`)]);
});

test.each([
  [{}, false],
  [{ INPUT_FAIL_IF: 'none' }, false],
  [{ INPUT_FAIL_IF: '' }, true],
  [{ INPUT_FAIL_IF: 'outputs.x ==' }, true],
])('finds whether the step asks for a gate in %j: %p', (variables, expected) => {
  expect(asksForGate(variables)).toBe(expected);
});

test.each([
  ['true', ['`baseline` cannot be used together with `baseline_file`.']],
  ['false', expect.arrayContaining(['`baseline` has no effect with `wait: false`.'])],
])('refuses `baseline` and `baseline_file` together, with `wait: %s`', async (wait, expected) => {
  const given = { fail_if: 'none', baseline: 'main', baseline_file: 'b.json', wait };
  expect(await faults(given)).toEqual(expected);
});

describe('the headline and the remedy of an InputError', () => {
  const headlineOf = async (inputs: Given) => {
    const error = await read(inputs).catch((thrown: unknown) => thrown as InputError);
    const { message, remedy, detail } = error as InputError;
    return { headline: message.split('\n')[0], remedy, lines: detail.split('\n').length };
  };
  test.each<[string, Given, headline: RegExp, remedy: string]>([
    [
      'count one misspelt input as one fault',
      { 'fail-if': 'outputs.a' },
      /^There is no input `fail-if`: did you mean `fail_if`\?$/,
      'Fix this in the workflow file.',
    ],
    [
      'count two misspelt inputs as two faults',
      { 'fail-if': 'outputs.a', titel: 'x' },
      /^There is no input `fail-if`/,
      'Fix these in the workflow file: the log has the rest.',
    ],
    ['count a missing `workflow_id` as one fault', { workflow_id: '' }, /^`workflow_id` is missing\.$/, 'Fix this in the workflow file.'],
    [
      'name the colon for `inputs` with an equals sign',
      { inputs: 'start_date=2026-04-01' },
      /such as `start_date: 2026-04-01` \(a blank after the colon\) \(line 1, column 1\)\.$/,
      'Fix this in the workflow file.',
    ],
  ])('%s', async (_, inputs, headline, remedy) => {
    const reported = await headlineOf(inputs);
    expect(reported.headline).toMatch(headline);
    expect(reported.remedy).toBe(remedy);
  });

  test('ask whether the earlier job failed if `workflow_id` is missing', async () => {
    expect(await faults({ workflow_id: '' })).toEqual([
      '`workflow_id` is missing.',
      'To evaluate a run of an earlier job: `run_id` is empty. Did that job fail?',
    ]);
  });
});

describe('the inputs next to `run_id`', () => {
  test('are ignored if they have no effect, and named', async () => {
    const useless = { project_id: '../x', inputs: '[', idempotency_key: 'a b', on_rerun: 'x' };
    expect(await read({ run_id: 'run_1', ...useless })).toMatchObject({
      projectId: '',
      inputs: {},
      idempotencyKey: '',
      onRerun: 'resume',
      ignored: ['project_id', 'inputs', 'idempotency_key', 'on_rerun'],
    });
  });

  test("do not count as ignored with action.yml's default of `on_rerun`", async () => {
    expect((await read({ run_id: 'run_1', on_rerun: 'resume' })).ignored).toEqual([]);
  });
});

describe('the API key (F15)', () => {
  test.each<[string, Given, Given, string]>([
    ['is taken from the input as it is', { api_key: KEY }, {}, KEY],
    ['is trimmed of blanks and line ends', { api_key: `\ufeff \t${KEY}\r\n` }, {}, KEY],
    ['is taken from the environment where the input is empty', { api_key: '' }, { ALLOOVIUM_API_KEY: `${KEY}\n` }, KEY],
    ['is taken from the environment where the input is blank', { api_key: ' \n' }, { ALLOOVIUM_API_KEY: KEY }, KEY],
    ['is taken from the input before the environment', { api_key: KEY }, { ALLOOVIUM_API_KEY: 'ak_live_other' }, KEY],
    ['is empty where input and environment are empty', { api_key: '' }, {}, ''],
    ['is empty where input and environment are blank', { api_key: ' ' }, { ALLOOVIUM_API_KEY: ' ' }, ''],
  ])('%s', async (_, inputs, more, expected) => {
    expect((await read(inputs, more)).apiKey).toBe(expected);
  });

  const printable = 'must be printable ASCII without spaces or line breaks inside: check how the secret was pasted.';
  test.each<[string, string, string]>([
    ['a blank inside', 'ak_test_zqzq zqzq', printable],
    ['a control character', 'ak_test_zqzq\u0000', printable],
    ['one quote', 'ak_test_zqzq"', 'must be the key alone, without quotes.'],
    ['so short that its mask would hide words', 'zqzq', 'is too short to be an Alloovium key (`ak_live_…` or `ak_test_…`, 60 characters).'],
  ])('is refused: %s', async (_, key, fault) => {
    for (const [inputs, more] of [
      [{ api_key: key }, {}],
      [{ api_key: '' }, { ALLOOVIUM_API_KEY: key }],
    ] as const) {
      expect(await faults(inputs, more)).toEqual([`\`api_key\` ${fault}`]);
    }
  });
});

describe('the API URL (D2, J2)', () => {
  test.each([
    ['a host alone', 'https://api.example.com', 'https://api.example.com'],
    ['a slash at the end', 'https://api.example.com/', 'https://api.example.com'],
    ['a path', 'https://example.com/alloovium/', 'https://example.com/alloovium'],
    ['dots in the path', 'https://example.com/a/../b/./c', 'https://example.com/b/c'],
    ['upper case', 'HTTPS://API.Example.COM/Path', 'https://api.example.com/Path'],
    ['a port', 'https://api.example.com:8443', 'https://api.example.com:8443'],
    ['a name in other letters', 'https://bücher.example', 'https://xn--bcher-kva.example'],
    ['plain HTTP to localhost', 'http://localhost:8080', 'http://localhost:8080'],
    ['plain HTTP to 127.0.0.1', 'http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['plain HTTP to ::1', 'http://[::1]:8080', 'http://[::1]:8080'],
    ['an empty text', '', DEFAULT_API_URL],
  ])('is accepted with %s: %s becomes %s', async (_, url, expected) => {
    expect((await read({ api_url: url })).apiUrl).toBe(expected);
  });

  test.each(['https://api.alloovium.com/api/v2', 'https://api.alloovium.com/api/v2/', 'https://a.example/x/api'])(
    'is refused with a path that ends like the one that the action adds: %s',
    async (url) => {
      expect(await faults({ api_url: url })).toEqual(['`api_url` must be without `/api/v2`, which the action adds.']);
    },
  );

  test.each([
    ['plain HTTP to a name that begins like a loopback host', 'http://localhost.example.com'],
    ['plain HTTP to a name that begins like a loopback address', 'http://127.0.0.1.example.com'],
    ['plain HTTP to another private address', 'http://10.0.0.1'],
    ['plain HTTP to every address', 'http://0.0.0.0'],
    ['a host that only looks right', 'https://api.alloovium.com@zqzq.example'],
    ['an empty query', 'https://api.alloovium.com/?'],
    ['a fragment', 'https://api.alloovium.com#zqzq'],
    ['a script', 'javascript:zqzq'],
    ['no scheme', 'api.alloovium.com'],
    ['a blank in the host', 'https://api alloovium.com'],
  ])('is refused: %s', async (_, url) => {
    expect(await faults({ api_url: url })).toEqual([
      '`api_url` must be an `https:` URL without user, query or fragment (`http:` only to a loopback host).',
    ]);
  });
});

describe('an unknown input (J8)', () => {
  const wayOut = (name: string) => `If \`${name}\` is a variable of another tool, set it to \`''\` below \`env\` of this step.`;

  test.each([
    ['fail-if', 'fail_if'],
    ['Fail-If', 'fail_if'],
    ['timeout-minutes', 'timeout_minutes'],
    ['timeoutminuts', 'timeout_minutes'],
    ['git_hub_token', 'github_token'],
  ])('is refused as `%s`, with the similar name `%s`', async (name, meant) => {
    expect(await faults({ [name]: 'x' })).toEqual([
      `There is no input \`${name.toLowerCase()}\`: did you mean \`${meant}\`?`,
      wayOut(`INPUT_${name.toUpperCase()}`),
    ]);
  });

  test('is not `fail if`, which the runner turns into `fail_if`', async () => {
    expect((await read({ 'fail if': 'outputs.a' })).gate.conditions).toHaveLength(1);
  });

  test.each(['fail_when', 'gate', 'conditions', 'fail_on_new', 'rules', 'version', 'if', 'x'.repeat(100_000)])(
    'is refused with the list of names if none is similar: %s',
    async (name) => {
      const output = await faults({ [name]: 'x' });
      expect(output[0]).toBe(`There is no input \`${name.slice(0, 122)}\`.`);
      expect(output[1]).toBe(`The inputs are ${INPUT_NAMES.map((one) => `\`${one}\``).join(', ')}.`);
      expect(output.slice(2)).toEqual([wayOut(`INPUT_${name.slice(0, 122).toUpperCase()}`)]);
    },
  );

  test.each([
    ['an empty variable', { INPUT_VERSION: '' }],
    ['a blank variable', { INPUT_VERSION: ' \n' }],
    ['a variable that a Linux desktop sets', { INPUT_METHOD: 'ibus' }],
    ['variables that are no inputs', { 'FAIL-IF': 'x', 'MY_INPUT_FAIL-IF': 'x', INPUT: 'x' }],
  ])('is not seen in %s', async (_, more: Given) => {
    await expect(read({}, more)).resolves.toMatchObject({ workflowId: 'wf_1' });
  });

  test('has its special characters replaced in the message', async () => {
    expect((await faults({}, { 'INPUT_FAIL_IF\n': 'x' }))[0]).toBe('There is no input `fail_if?`: did you mean `fail_if`?');
  });

  const ALPHABET = 'afn_-0';

  function neighbours(name: string): string[] {
    const at = Array.from({ length: name.length + 1 }, (_, index) => [name.slice(0, index), name.slice(index)] as const);
    return at.flatMap(([head, tail]) => [
      ...(tail === '' ? [] : [head + tail.slice(1)]),
      ...(tail.length < 2 ? [] : [head + tail.charAt(1) + tail.charAt(0) + tail.slice(2)]),
      ...Array.from(ALPHABET).flatMap((letter) => [head + letter + tail, ...(tail === '' ? [] : [head + letter + tail.slice(1)])]),
    ]);
  }

  const isDeclared = (name: string) => INPUT_NAMES.includes(name);

  test.each([...INPUT_NAMES])('is refused one letter away from `%s`, and that name is suggested', async (name) => {
    const all = [...new Set(neighbours(name))].filter((one) => !isDeclared(one));
    expect(all.length).toBeGreaterThan(40);
    const output = await faults(Object.fromEntries(all.map((one) => [one, 'x'])));
    // `rund` is equally similar to `run_id` and `runs`, `fail_in` to `fail_on` and `fail_if`.
    const meant = ['runs|run_id', 'fail_if|fail_on'].find((alike) => alike.split('|').includes(name)) ?? name;
    for (const one of all)
      expect(output).toContainEqual(expect.stringMatching(`^There is no input \`${one}\`: did you mean \`(?:${meant})\`\\?$`));
    expect(output).toHaveLength(all.length + 1);
  });
});

test.each(['api_url', 'workflow_id', 'project_id', 'run_id', 'idempotency_key', 'fail_if', 'warn_if', 'known_by', 'columns'])(
  'refuses `%s` with the key in it, without quoting it (I3)',
  async (name) => {
    const text = name === 'api_url' ? `https://x/${KEY}` : name === 'project_id' ? KEY : `wf_${KEY}`;
    const isList = ['known_by', 'columns'].includes(name);
    const value = name.endsWith('_if') ? `outputs.a == '${KEY}'` : isList ? `id, ${KEY}` : text;
    const output = (await faults({ [name]: value })).join('\n');
    expect(output).toContain(`\`${name}\` contains a secret`);
    expect(output).not.toContain(KEY);
  },
);

test('refuses a waiver with the key in a field, in any spelling of YAML', async () => {
  const waivers = `- match: { a: "\\x61${KEY.slice(1)}", b: c }\n  because: agreed`;
  expect((await faults({ waivers })).join('\n')).toContain('`waivers` contains a secret');
});

test('refuses a secret as the name of an input variable, without quoting it', async () => {
  const output = (await faults({ inputs: `x${KEY}: 1` })).join('\n');
  expect(output).toBe('`inputs` has a name that is a secret, and reports would show it.');
});

test.each([
  ['the key', KEY],
  ['a text like a key with a blank in it', 'ak_live_0123 456789abcdef'],
])('keeps %s out of the inputs for the report (I3)', async (_, secret) => {
  const error = await read({
    api_key: secret,
    inputs: JSON.stringify({ [secret]: 1 }),
    project_id: secret,
    run_id: '',
  }).catch((thrown: unknown) => thrown as InputError);
  const { inputs, projectId } = (error as InputError).usable!;
  expect({ inputs, projectId }).toEqual({ inputs: {}, projectId: '' });
});

describe('the comment for an invalid input', () => {
  const thrown = (inputs: Record<string, string>) => read({ comment: 'always', ...inputs }).catch((error: unknown) => error as InputError);
  test('is not written if the input identifies the comment', async () => {
    const error = await thrown({ title: 'a\nb' });
    expect(error).toMatchObject({ usable: { comment: 'never' } });
    expect((error as InputError).detail).toContain('No comment is written');
  });

  test.each([
    ['workflow_id', 'nonsense'],
    ['timeout_minutes', 'x'],
  ])('is written for a fault in `%s`', async (name, value) => {
    expect(await thrown({ [name]: value })).toMatchObject({ usable: { comment: 'always' } });
  });
});

describe('certificates that are not checked (D3)', () => {
  test('are refused as NODE_TLS_REJECT_UNAUTHORIZED=0, with a remedy', async () => {
    const [fault] = await faults({}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(fault).toContain('NODE_EXTRA_CA_CERTS');
  });

  test.each(['1', ''])('are no reason to refuse the inputs with NODE_TLS_REJECT_UNAUTHORIZED=%s', async (value) => {
    await expect(read({}, { NODE_TLS_REJECT_UNAUTHORIZED: value })).resolves.toMatchObject({
      workflowId: 'wf_1',
    });
  });
});

test.each<[string, Given, Given, comment: string, commitStatus: string]>([
  ['an invalid input', { wait: 'x' }, {}, 'always', 'Review'],
  ['certificates that are not checked', {}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'never', ''],
  ['an invalid `commit_status`', { commit_status: 'a\u0007b' }, {}, 'always', ''],
  ['a `commit_status` without a token', { github_token: '' }, {}, 'always', ''],
])('keeps comment and commit status for the report, with %s', async (_, inputs, more, comment, commitStatus) => {
  const given = {
    fail_if: 'none',
    comment: 'always',
    commit_status: 'Review',
    github_token: 't',
    ...inputs,
  };
  await expect(read(given, more)).rejects.toMatchObject({ usable: { comment, commitStatus } });
});
