/** The `runs` input: entries, or faults that name what is wrong and what was probably meant. */
import { describe, expect, test } from '@jest/globals';
import { compileGate } from '../../src/gate/gate.ts';
import { readInputs, type InputError } from '../../src/inputs/inputs.ts';
import { findUnknownConditions, groupOrders, lacksKnownBy, readRuns } from '../../src/inputs/runs-input.ts';
import { DEFAULTS, type Values } from '../../src/inputs/input-table.ts';

const STEP: Values = {
  ...DEFAULTS,
  workflowId: 'wf_1',
  projectId: 'p1',
  inputs: { level: 1, from: '2026-04-01' },
  failIf: 'bad: outputs.bad',
};
const never = () => false;

const entriesOf = async (text: string, step: Partial<Values> = {}) => {
  const { entries, faults } = await readRuns(text, { ...STEP, ...step }, never);
  expect(faults).toEqual([]);
  return entries;
};
const faultsOf = async (text: string, step: Partial<Values> = {}) => (await readRuns(text, { ...STEP, ...step }, never)).faults;
const conditionsOf = async (text: string, step: Partial<Values> = {}) =>
  (await entriesOf(text, step)).map(({ gate }) => gate.conditions.map(({ severity, expression }) => `${severity} ${expression}`));

describe('the names of entries', () => {
  test.each([
    [
      'keep their written order, also `10` before `2`',
      '10: { project_id: a }\n2: { project_id: b }\nb: { project_id: c }\na: {}',
      '10 2 b a',
    ],
    ['keep their written order in JSON', '{"10": {"project_id": "a"}, "2": null, "1": {"project_id": "b"}}', '10 2 1'],
    [
      'are the text as written, not the number or the word that YAML reads',
      '033: { project_id: a }\n1.10: { project_id: b }\ntrue: { project_id: c }\nnull: {}',
      '033 1.10 true null',
    ],
    [
      'may be those of properties that every object has',
      '__proto__: { project_id: a }\nconstructor: { project_id: b }\ntoString: {}',
      '__proto__ constructor toString',
    ],
    ['are trimmed', '"  Tower ": {}', 'Tower'],
    ['may be 64 characters long', `${'x'.repeat(64)}: {}`, 'x'.repeat(64)],
    [
      'may be 20 in number',
      Array.from({ length: 20 }, (_, nth) => `r${nth}: { project_id: p${nth} }`).join('\n'),
      Array.from({ length: 20 }, (_, nth) => `r${nth}`).join(' '),
    ],
  ])('%s', async (_, text, names) => {
    expect((await entriesOf(text)).map(({ name }) => name).join(' ')).toBe(names);
  });

  test('may be names that every JavaScript object has', async () => {
    const [proto, constructor] = await entriesOf('__proto__: { project_id: p7 }\nconstructor: { project_id: p8 }');
    expect([proto?.projectId, constructor?.projectId]).toEqual(['p7', 'p8']);
    expect(({} as Record<string, unknown>).project_id).toBeUndefined();
  });
});

describe('what an entry leaves out', () => {
  test('comes from the step: workflow, project, key and inputs', async () => {
    const [plain, own] = await entriesOf('plain:\nown: { workflow_id: wf_1, project_id: p2, idempotency_key: k-2 }', {
      idempotencyKey: 'k-1',
    });
    expect(plain).toMatchObject({
      workflowId: 'wf_1',
      projectId: 'p1',
      idempotencyKey: 'k-1',
      inputs: STEP.inputs,
    });
    expect(own).toMatchObject({
      workflowId: 'wf_1',
      projectId: 'p2',
      idempotencyKey: 'k-2',
      inputs: STEP.inputs,
    });
  });

  test.each([
    ['a key more', '{ to: x }', { level: 1, from: '2026-04-01', to: 'x' }],
    ['a value in place of another, whole', '{ level: { a: 1 } }', { level: { a: 1 }, from: '2026-04-01' }],
    ['a null, which is sent', '{ level: null }', { level: null, from: '2026-04-01' }],
    ['null for all of them, which changes nothing', 'null', { level: 1, from: '2026-04-01' }],
  ])('is merged key by key in inputs, for %s', async (_, inputs, merged) => {
    expect((await entriesOf(`a: { inputs: ${inputs} }`))[0]?.inputs).toEqual(merged);
  });

  test.each([
    ['the entry’s `fail_if` replaces the step’s', 'fail_if: "outputs.worse"', ['fail outputs.worse']],
    ['`none` takes it away', 'fail_if: none', []],
    ['`warn_if` does not replace it', 'warn_if: "outputs.odd"', ['fail outputs.bad', 'warn outputs.odd']],
  ])('comes from the step, for a gate where %s', async (_, field, conditions) => {
    expect(await conditionsOf(`a: { ${field} }`)).toEqual([conditions]);
  });

  test('does not change the lines of a text below `|`', async () => {
    expect(await conditionsOf('a:\n  fail_if: |\n    one: outputs.one\n    two: outputs.two\nb:')).toEqual([
      ['fail outputs.one', 'fail outputs.two'],
      ['fail outputs.bad'],
    ]);
  });

  test('does not come from the step with `run_id`, except for the gates', async () => {
    const [entry] = await entriesOf('a: { run_id: run_1 }', { idempotencyKey: 'k-1', warnIf: 'outputs.odd' });
    expect(entry).toMatchObject({
      runId: 'run_1',
      workflowId: '',
      projectId: '',
      idempotencyKey: '',
      inputs: {},
    });
    expect(entry?.gate.conditions).toHaveLength(2);
  });
});

const MANY = (count: number) => Array.from({ length: count }, (_, nth) => `r${nth}: {}`).join('\n');

describe('L10: readRuns', () => {
  test.each<[what: string, text: string, messages: readonly RegExp[], step?: Partial<Values>]>([
    ['refuses two names that differ in case', 'Tower: {}\ntower: {}', [/“Tower” and “tower”.*are equal for GitHub/]],
    ['refuses a name twice', 'Tower: {}\nHazards: {}\nTower: {}', [/“Tower” twice \(line 3, column 1\)/]],
    ['refuses 21 entries', MANY(21), [/^has 21 entries: 20 at most$/]],
    ['refuses thousands of entries', MANY(5_000), [/^has 5000 entries: 20 at most$/]],
    ['refuses a mapping without an entry', '{}', [/^has no entry$/]],
    [
      'refuses an unknown key, and names a similar one',
      'a: { projekt_id: x }',
      [/entry “a” has an unknown key `projekt_id`: did you mean `project_id`\?/],
    ],
    ['refuses an unknown key, and names all', 'a: { timeout: 3 }', [/has an unknown key `timeout`\. There are `workflow_id`, `inputs`,/]],
    ['refuses `constructor` as a key', 'a: { constructor: x }', [/has an unknown key `constructor`\./]],
    ['refuses a list in `fail_if`', 'a: { fail_if: [outputs.x] }', [/entry “a”: `fail_if` is a list: write a text below `\|`/]],
    ['refuses a list in `project_id`', 'a: { project_id: [x] }', [/entry “a”: `project_id` must be a text: quote it/]],
    ['refuses a number for an ID', 'a: { project_id: 12 }', [/entry “a”: `project_id` must be a text: quote it/]],
    [
      'refuses an unquoted condition inside `{…}` that YAML cuts at its comma',
      "a: { fail_if: outputs.items.filter(i, i.status != 'x') }",
      [/a condition inside `\{…\}` must be quoted/, /has a condition that cannot be used/],
    ],
    [
      'refuses an unquoted condition inside `{…}` that YAML cannot read',
      'a: { fail_if: hazards: outputs.hazards }',
      [/a condition inside `\{…\}` must be quoted$/],
    ],
    [
      'refuses a list of entries',
      '- Tower\n- Hazards',
      [/^must be a JSON object or a YAML mapping of names to runs \(line 1, column 1\)$/],
    ],
    ['refuses an entry that is a text', 'Tower: 8f2e', [/entry “Tower” must be a mapping/]],
    ['refuses inputs that are a list', 'a: { inputs: [1] }', [/entry “a”: `inputs` must be a mapping/]],
    ['refuses inputs with `__proto__`', 'a: { inputs: { __proto__: 1 } }', [/`__proto__`, which is not allowed \(line 1/]],
    ['refuses an empty name and one like it, once', '"": {}\n"\\t": {}', [/has a name that is empty/]],
    ['refuses a name over 64 characters', `${'x'.repeat(65)}: {}`, [/over 64 characters/]],
    ['refuses a name with a bidi control', '"a\\u202eb": {}', [/control characters/]],
    ['refuses an entry without a workflow', 'a: {}', [/entry “a” needs a `workflow_id`/], { workflowId: '' }],
    ['refuses a workflow by its name', 'a: { workflow_id: review }', [/entry “a”: `workflow_id` must be the workflow's ID/]],
    ['refuses a project that is a path', 'a: { project_id: ../x }', [/`project_id` must be the project's ID/]],
    ['refuses an `idempotency_key` with blanks', 'a: { idempotency_key: a b }', [/`idempotency_key` must be made of 1-100 characters/]],
    [
      'refuses `run_id` together with inputs of a launch',
      'a: { run_id: run_1, project_id: p2, inputs: { x: 1 }, idempotency_key: k }',
      [/has a `run_id`, so `project_id` has no effect/, /so `inputs` has no effect/, /so `idempotency_key` has no effect/],
    ],
    [
      'refuses gates and `run_id` with `wait: false`',
      'a: { fail_if: outputs.x }\nb: { warn_if: outputs.x }\nc: { run_id: run_1 }',
      [/“a” has a `fail_if`, which cannot be together with `wait: false`/, /“b” has a `warn_if`, which/, /“c” has a `run_id`, which/],
      { wait: false, failIf: '' },
    ],
    [
      'refuses a condition that does not compile, with the entry, line and column',
      'a: { fail_if: "outputs.x ==" }',
      [/entry “a” has a condition that cannot be used: fail_if, line 1, column \d+/],
    ],
    [
      "refuses a condition with the name of the step's warning",
      'a: { fail_if: "fire: outputs.x" }\nb: {}',
      [
        /entry “a” has a condition that cannot be used: warn_if, line 1, column 7: two conditions are called “fire”, the other in fail_if, line 1/,
      ],
      { warnIf: 'fire: outputs.y' },
    ],
    ['refuses a second document', 'a: {}\n---\nb: {}', [/must be one document/]],
    [
      'refuses two entries with one intent and one gate',
      'Tower: { project_id: p2 }\nBridge: { project_id: p2 }\nDock: { project_id: p3 }',
      [/^“Tower” and “Bridge” are the same review: is one `project_id` pasted twice\?$/],
    ],
    [
      'refuses three entries that repeat the step’s values in another order of keys',
      'a: {}\nb: { project_id: p1, inputs: { from: "2026-04-01", level: 1 } }\nc: { fail_if: "bad: outputs.bad" }',
      [/^“a”, “b” and “c” are the same review/],
    ],
    [
      'refuses one run evaluated twice by the same gate',
      'a: { run_id: run_1 }\nb: { run_id: run_1 }',
      [/^“a” and “b” are the same review: is one `run_id` pasted twice\?$/],
    ],
  ])('%s', async (_, text, message, step = {}) => {
    const faults = await faultsOf(text, step);
    expect(faults).toEqual(message.map((pattern) => expect.stringMatching(pattern)));
  });

  test('rejects a name that contains a secret, without showing it', async () => {
    const { entries, faults } = await readRuns('a: {}\nx-hunter2-x: {}', STEP, (text) => text.includes('hunter2'));
    expect(faults).toEqual([expect.stringMatching(/^has a name that contains a secret/)]);
    expect(entries.map(({ name }) => name)).toEqual(['a']);
  });

  test.each([
    ['another condition', 'b: { fail_if: "outputs.b" }'],
    ['another name of a condition', 'b: { fail_if: "worse: outputs.bad" }'],
    ['a warning', 'b: { warn_if: "outputs.b" }'],
    ['no gate', 'b: { fail_if: none }'],
    ['other fields of `known_by`', 'b: { known_by: "id, title" }'],
    ['a waiver', 'b: { waivers: [{ match: { id: 1, title: x }, because: y }] }'],
    ['other inputs', 'b: { inputs: { level: 2 } }'],
    ['another key', 'b: { idempotency_key: k }'],
  ])('accepts two entries that differ by %s', async (_, other) => {
    expect(await faultsOf(`a: {}\n${other}`)).toEqual([]);
  });

  test('accepts empty launch fields together with `run_id`', async () => {
    const [entry] = await entriesOf('a: { run_id: run_1, project_id: "", inputs: , idempotency_key: "" }');
    expect(entry).toMatchObject({ runId: 'run_1', projectId: '', inputs: {}, idempotencyKey: '' });
  });

  test('mentions conditions inside braces only if there are braces', async () => {
    expect((await faultsOf('a:\n  - fail_if:\n b'))[0]).not.toMatch(/must be quoted/);
  });

  test('does not report the fault of an entry for the step’s gate as well', async () => {
    expect(await faultsOf('a: { warn_if: "outputs.odd" }\nb: { project_id: p2 }', { failIf: 'outputs.bad ==' })).toEqual([]);
  });
});

test.each<[string, string, Partial<Values>, RegExp | null]>([
  [
    'refuses an entry with another workflow and without inputs where the step has inputs',
    'a: { workflow_id: wf_2 }',
    {},
    /^entry “a” has another `workflow_id`/,
  ],
  ['accepts an entry with the same workflow and without inputs', 'a: { workflow_id: wf_1 }', {}, null],
  ['accepts an entry with another workflow and empty inputs', 'a: { workflow_id: wf_2, inputs: {} }', {}, null],
  ['accepts an entry with another workflow and a `run_id`', 'a: { workflow_id: wf_2, run_id: run_1 }', {}, null],
  ['accepts an entry with another workflow and without inputs where the step has none', 'a: { workflow_id: wf_2 }', { inputs: {} }, null],
])('%s', async (_, text, step, fault) => {
  expect(await faultsOf(text, step)).toEqual(fault === null ? [] : [expect.stringMatching(fault)]);
});

test.each([
  ['fial_fi', /has an unknown key `fial_fi`: did you mean `fail_if`\?/],
  ['fial_fix', /has an unknown key `fial_fix`\. There are /],
  ['k'.repeat(40), /has an unknown key `k{40}`\. There are /],
  ['k'.repeat(41), /has an unknown key\. There are /],
  ['"a`b"', /has an unknown key\. There are /],
  ['"a b`"', /has an unknown key\. There are /],
])('names an unknown key in its message only if it is short and plain: %s', async (key, fault) => {
  expect(await faultsOf(`a: { ${key}: x }`)).toEqual([expect.stringMatching(fault)]);
});

describe('the conditions that other inputs name', () => {
  const gate = async (failIf: string, warnIf = '') => compileGate(failIf, warnIf);

  test.each([
    ['known', []],
    ['knonw', ['names a condition that does not exist: did you mean “known”?']],
    ['knw', ['names a condition that does not exist: did you mean “known”?']],
    ['kn', ['names a condition that does not exist']],
  ])('are found in each of the gates, or else a similar name is suggested: %s', async (name, expected) => {
    const gates = [await gate('other: outputs.a'), await gate('', 'known: outputs.b')];
    const byName = new Map([[name, ['id']]]);
    const waiver = { match: new Map(), because: 'x', until: null, count: 1 };
    const waivers = [
      { ...waiver, condition: null },
      { ...waiver, condition: name },
    ];
    for (const [field, values] of [
      ['known_by', { knownBy: byName }],
      ['waivers', { waivers }],
      ['columns', { columns: byName }],
    ] as const)
      expect(findUnknownConditions(values, gates)).toEqual(expected.map((fault) => [field, fault]));
  });

  test('are reported with the entry', async () => {
    expect(await faultsOf('a: { columns: "worse: id" }')).toEqual([
      expect.stringMatching(/^entry “a”: `columns` names a condition that does not exist/),
    ]);
    expect(await faultsOf('a: { columns: "bad: id" }')).toEqual([]);
  });

  test.each<[string, string, readonly (string | null)[], boolean]>([
    ['a: outputs.a', '', [], true],
    ['a: outputs.a', '', ['a'], false],
    ['a: outputs.a\nb: outputs.b', '', ['b'], false],
    ['a: outputs.a', '', [null], false],
    ['a: outputs.a', 'b: outputs.b', ['b'], true],
    ['', 'b: outputs.b', [], false],
  ])('lack fields in `known_by` or not, with fail_if %j, warn_if %j and fields for %j: %p', async (failIf, warnIf, names, expected) => {
    const knownBy = new Map(names.map((name) => [name, ['id']]));
    expect(lacksKnownBy({ gate: await gate(failIf, warnIf), knownBy })).toBe(expected);
  });
});

describe('`runs` together with other inputs', () => {
  const environment = { INPUT_API_KEY: 'ak_test_0123456789abcdef', INPUT_WORKFLOW_ID: 'wf_1' };
  const refusal = (more: Readonly<Record<string, string>>) =>
    readInputs({ ...environment, ...more }).then(
      () => '',
      (error: unknown) => (error as InputError).message,
    );

  test('refuses `run_id`', async () => {
    expect(await refusal({ INPUT_RUNS: 'a: {}', INPUT_RUN_ID: 'run_1' })).toMatch(
      /`run_id` cannot be used together with `runs`: give it in an entry of `runs`\./,
    );
  });

  test('reports faults of an entry and of other inputs together', async () => {
    const message = await refusal({ INPUT_RUNS: 'a: { fail_fi: "x" }', INPUT_TIMEOUT_MINUTES: 'soon' });
    expect(message).toMatch(/`fail_if`/);
    expect(message).toMatch(/`timeout_minutes`/);
  });

  test('needs no `workflow_id` if every entry has one', async () => {
    const { runs } = await readInputs({
      INPUT_API_KEY: environment.INPUT_API_KEY,
      INPUT_RUNS: 'a: { workflow_id: wf_2 }\nb: { run_id: run_1 }',
    });
    expect(runs?.map(({ workflowId }) => workflowId)).toEqual(['wf_2', '']);
  });

  test('groups entries of one intent, or of one run, into one order with several gates, in written order', async () => {
    const inputs = await readInputs({
      ...environment,
      INPUT_RUNS: [
        'a: { inputs: { x: 1, y: 2 } }',
        'b: { fail_if: "outputs.b", inputs: { y: 2, x: 1 } }',
        'c: { project_id: p2, inputs: { x: 1, y: 2 } }',
        'd: { run_id: run_1 }',
        'e: { run_id: run_1, warn_if: "outputs.e" }',
        'f: { idempotency_key: k, inputs: { x: 1, y: 2 } }',
      ].join('\n'),
    });
    expect(groupOrders(inputs.runs!).map(({ entries }) => entries.map(({ name }) => name).join('+'))).toEqual(['a+b', 'c', 'd+e', 'f']);
  });
});
