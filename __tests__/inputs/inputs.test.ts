import { describe, expect, test } from '@jest/globals';
import { readInputs } from '../../src/inputs/inputs.ts';
import { readSecrets } from '../../src/inputs/secrets.ts';
import { INPUT_NAMES } from '../../src/inputs/table.ts';

const KEY = 'ak_test_4f9c1d7e8a2b3c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f';
const BASE = { api_key: KEY, workflow_id: 'wf_1', github_token: 'ghs_0123456789abcdef', fail_if: 'none' };

type With = Readonly<Record<string, string>>;

const PUSH = { event: 'push', namedPullRequest: null };

async function read(given: With, environment: With = {}, job: Parameters<typeof readInputs>[1] = PUSH) {
  const all = Object.entries<string>({ ...BASE, ...given }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const { faults, gateFaults, inputs } = await readInputs({ ...(Object.fromEntries(all) as With), ...environment }, job);
  return { inputs, gateFaults, texts: faults.map(({ text }) => text) };
}

describe('a value', () => {
  test.each<[string, With, string]>([
    [
      'a workflow ID of another form',
      { workflow_id: 'Review' },
      "`workflow_id` must be the Alloovium workflow's ID from the dashboard, `wf_…`",
    ],
    [
      'a project by its name',
      { project_id: 'Tower B' },
      "`project_id` must be the project's ID from the Alloovium dashboard, not its name",
    ],
    ['swapped IDs', { project_id: 'wf_1' }, '`project_id` is the ID of an Alloovium workflow, which belongs in `workflow_id`'],
    ['a run in the place of a workflow', { workflow_id: 'run_1' }, '`workflow_id` is the ID of a run, which belongs in `run_id`'],
    ['an empty project', { project_id: ' ' }, '`project_id` is empty: is the variable or matrix key set?'],
    ['a choice that does not exist', { comment: 'sometimes' }, '`comment` must be `never`, `always` or `on_failure`'],
    ['a boolean in other words', { wait: 'yes' }, '`wait` must be `true` or `false`'],
    [
      'no minutes',
      { timeout_minutes: '15m' },
      '`timeout_minutes` must be a number of minutes above 0 and at most 1200, such as `15` or `0.5`',
    ],
    ['too many minutes', { timeout_minutes: '1201' }, '`timeout_minutes` must be a number of minutes above 0 and at most 1200'],
    ['a title of two lines', { title: 'a\nb' }, '`title` must be one line'],
    ['a full ref', { baseline: 'refs/heads/main' }, '`baseline` must be the name of a branch, such as `main`'],
    ['an API key without its braces', { api_key: 'secrets.ALLOOVIUM_API_KEY' }, "`api_key` is a secret's name, not its value"],
    ['a key with its prefix', { api_key: `Bearer ${KEY}` }, '`api_key` must be the API key alone, without quotes or `Bearer `'],
    ['a key in quotes', { api_key: `"${KEY}"` }, '`api_key` must be the API key alone, without quotes or `Bearer `'],
    ["GitHub's token as the key", { api_key: 'ghp_0123456789abcdef' }, '`api_key` is a GitHub token, not an Alloovium API key'],
    ['a key with a line break', { api_key: `${KEY.slice(0, 20)}\n${KEY.slice(20)}` }, '`api_key` must be 60 characters without spaces'],
    ['plain HTTP', { api_url: 'http://api.example.com' }, '`api_url` must be an `https:` URL'],
    [
      'a placeholder in the host',
      { run_url: 'https://{run_id}.example.com/' },
      '`run_url` must be an `https:` URL with its placeholders in the path',
    ],
    [
      'an unknown placeholder',
      { run_url: 'https://x.example.com/{id}' },
      '`run_url` can have only the placeholders `{run_id}`, `{workflow_id}` and `{project_id}`',
    ],
    ['a placeholder in an escape', { item_url: 'https://x.example.com/%2{id}' }, '`item_url` must be an `https:` URL'],
    ['one field in known_by', { known_by: 'document_id' }, '`known_by` needs 2 to 20 fields per line, separated by commas'],
    [
      'fields without commas',
      { known_by: 'document_id status', baseline: 'main', fail_if: 'outputs.x' },
      '`known_by` needs 2 to 20 fields per line',
    ],
    ['fields with semicolons', { columns: 'a; b' }, '`columns` needs 1 to 8 fields per line, separated by commas'],
    ['nine columns', { columns: 'a,b,c,d,e,f,g,h,i' }, '`columns` needs 1 to 8 fields per line, separated by commas'],
    ['an empty gate', { fail_if: '' }, '`fail_if` is empty: is the variable or matrix key set? For none, leave it out or write `none`'],
    [
      'conditions as a list',
      { fail_if: '- outputs.items' },
      '`fail_if` is a list: write one condition per line below `fail_if: |`, without dashes',
    ],
    [
      'a number that would change',
      { inputs: 'a: 1\nsection: 033000' },
      '`inputs` has a number that YAML would change, as 0042 becomes 42: quote it (line 2, column 10)',
    ],
    ['a key twice', { inputs: 'a: 1\na: 2' }, '`inputs` has the same key twice (line 2, column 1)'],
    ['a tab', { inputs: 'a:\n\tb: 1' }, '`inputs` is indented with a tab'],
    ['a list of inputs', { inputs: '- a' }, '`inputs` must be a mapping of names to values'],
    ['an alias bomb', { inputs: `a: &a [x]\n${bomb()}` }, '`inputs` refers to an anchor that does not exist, or expands to too much'],
    ['a matrix that is none', { matrix: 'abc' }, '`matrix` must be a mapping of names to values'],
    ['a token with a line break', { github_token: 'ghs_01234\n56789abc' }, '`github_token` must be a token without spaces or line breaks'],
    ['the key in a title', { title: KEY }, '`title` contains the API key or the GitHub token: take it out'],
    ['the token in the inputs', { inputs: 'note: ghs_0123456789abcdef' }, '`inputs` contains the API key or the GitHub token: take it out'],
  ])('refuses %s', async (_, given, text) => {
    const { texts } = await read(given);
    expect(texts).toEqual([expect.stringContaining(text)]);
  });

  test.each<[string, With, object]>([
    ['the ID of the job', { check_run_id: '42' }, { checkRunId: '42' }],
    ['none where the server gives none', { check_run_id: 'Object' }, { checkRunId: '' }],
    ['an empty value as the default', { timeout_minutes: '', comment: '' }, { timeoutMs: 900_000, comment: 'never' }],
    ['a fraction of a minute', { timeout_minutes: '0.5' }, { timeoutMs: 30_000 }],
    ['a URL without its last slash', { api_url: 'http://127.0.0.1:80/x/' }, { apiUrl: 'http://127.0.0.1/x' }],
    ['`none` as no gate', { fail_if: 'none\n' }, { runPlans: [{ entries: [{ gate: { conditions: [] } }] }] }],
  ])('reads %s', async (_, given, values) => {
    const { texts, inputs } = await read(given);
    expect(texts).toEqual([]);
    expect(inputs).toMatchObject(values);
  });

  test('refuses a pull request other than that of the event, and any in a merge queue', async () => {
    const textsOf = async (event: string, namedPullRequest: number | null) =>
      (await read({ pull_request: '8' }, {}, { event, namedPullRequest })).texts;
    expect(await textsOf('pull_request', 7)).toEqual(['`pull_request` is not the pull request of this event, #7: leave it out']);
    expect(await textsOf('merge_group', null)).toEqual([expect.stringContaining('cannot be used in a merge queue')]);
    expect(await textsOf('issue_comment', 8)).toEqual([]);
  });

  test('keeps the types of `inputs`', async () => {
    const { inputs } = await read({ inputs: 'day: 2026-04-01\nlevel: 3\nis_last: true\nnothing: null\nsection: "033000"' });
    const expected = { day: '2026-04-01', level: 3, is_last: true, nothing: null, section: '033000' };
    expect(inputs.runPlans[0]?.inputs).toEqual(expected);
  });
});

function bomb(): string {
  return Array.from({ length: 9 }, (_, at) => {
    const before = at === 0 ? 'a' : `a${at}`;
    return `b${at}: &a${at + 1} [${Array(10).fill(`*${before}`).join(', ')}]`;
  }).join('\n');
}

describe('combinations', () => {
  const runs = (text: string) => ({ runs: text, workflow_id: '' });
  test.each<[string, With, string]>([
    ['no workflow', { workflow_id: '' }, '`workflow_id` is empty: is the variable or matrix key set?'],
    ['a gate without waiting', { wait: 'false', fail_if: 'outputs.x' }, '`fail_if` needs the end of the run'],
    [
      'warnings of an entry without waiting',
      { wait: 'false', ...runs('A: { workflow_id: wf_1, warn_if: outputs.x }') },
      '`warn_if` needs the end',
    ],
    ['a run without waiting', { wait: 'false', run_id: 'run_1' }, '`run_id` needs the end of the run'],
    [
      'a status of a given run',
      { commit_status: 'a', run_id: 'run_1' },
      '`commit_status` cannot be used with `run_id` or `idempotency_key`',
    ],
    ['a status of a shared key', { commit_status: 'a', idempotency_key: 'k' }, '`commit_status` cannot be used with `run_id` or'],
    ['a status that legs share', { commit_status: 'a', matrix: '{"tower":"B"}' }, '`commit_status` must contain a value of the matrix'],
    ['one in a matrix of objects', { commit_status: 'a', matrix: '{"tower":{"id":"B"}}' }, '`commit_status` must contain a value of'],
    ['one in a matrix with an empty text', { commit_status: 'a', matrix: '{"tower":""}' }, '`commit_status` must contain a value of'],
    ['an API key as the token', { github_token: 'ak_live_of-another-step' }, '`github_token` is the Alloovium API key'],
    ['the API key of the step as the token', { github_token: KEY }, '`github_token` is the Alloovium API key'],
    ['a status without a token', { commit_status: 'a', github_token: '' }, '`commit_status` needs `github_token`, which is empty'],
    [
      'waivers for a condition that does not exist',
      { fail_if: 'open: outputs.x', known_by: 'opne: a, b' },
      '`known_by` names a condition that does not exist: did you mean “open”?',
    ],
    ['a dash in a name', { 'workflow-id': 'wf_2' }, '`workflow-id` is not an input: did you mean `workflow_id`?'],
    ['an input of another tool', { verbose: '1' }, '`verbose` is not an input. There are `api_key`'],
    [
      '21 runs',
      runs(Array.from({ length: 21 }, (_, at) => `R${at}: { workflow_id: wf_${at} }`).join('\n')),
      '`runs` must be a mapping of 1 to 20 names',
    ],
    ['the same review twice', { runs: 'A: { project_id: p }\nB: { project_id: p }' }, '`runs` has the same review twice, “A” and “B”'],
    ['an entry without a workflow', runs('A: { project_id: p }'), 'Entry “A”: `workflow_id` is empty'],
    [
      'an unknown key of an entry',
      { runs: 'A: { projct_id: p }' },
      'Entry “A”: `projct_id` is not a known key: did you mean `project_id`?',
    ],
    ['a key without a space', { runs: 'A: {project_id:8f2e}' }, 'Entry “A”: `project_id` needs a space after its colon'],
    ['an unset variable of an entry', { project_id: 'p', runs: 'A: { project_id:  }' }, 'Entry “A”: `project_id` is empty'],
    ['a fault of an entry', { runs: 'A: { project_id: wf_2 }' }, 'Entry “A”: `project_id` is the ID of an Alloovium workflow'],
    ['another workflow without inputs', { inputs: 'a: 1', runs: 'A: { workflow_id: wf_2 }' }, 'Entry “A”: `inputs` must be given'],
    ['a run next to runs', { run_id: 'run_1', runs: 'A: { project_id: p }' }, '`run_id` has no effect with `runs`'],
  ])('refuses %s', async (_, given, text) => {
    expect((await read(given)).texts).toEqual([expect.stringContaining(text)]);
  });

  test('refuses to send the key where certificates are not checked', async () => {
    const { texts } = await read({}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(texts).toEqual([expect.stringContaining('`NODE_TLS_REJECT_UNAUTHORIZED` is 0, so the API key could go to any server')]);
  });

  test('returns all faults in one answer', async () => {
    expect((await read({ wait: 'x', title: 'a\nb', fail_if: 'outputs.' })).texts).toHaveLength(2);
    expect((await read({ fail_if: 'outputs.' })).gateFaults).toHaveLength(1);
  });

  test('ignores the variable of a Linux desktop', async () => {
    expect((await read({ method: 'x' })).texts).toEqual([]);
  });
});

describe('runs', () => {
  test('gives an entry what it leaves out, and merges inputs', async () => {
    const { texts, inputs } = await read({
      project_id: 'p0',
      inputs: 'a: 1\nb: 2',
      fail_if: 'open: outputs.items',
      runs: 'A: { inputs: { b: 3 } }\nB: { project_id: p1, fail_if: "late: outputs.late" }\nC:',
    });
    expect(texts).toEqual([]);
    const rows = inputs.runPlans.map(({ projectId, inputs: given, entries }) => [
      projectId,
      given,
      entries.map(({ gate }) => gate.conditions[0]?.name),
    ]);
    expect(rows).toEqual([
      ['p0', { a: 1, b: 3 }, ['open']],
      ['p1', { a: 1, b: 2 }, ['late']],
      ['p0', { a: 1, b: 2 }, ['open']],
    ]);
  });

  test('launches entries of one intent once', async () => {
    const { inputs } = await read({ runs: 'A: { fail_if: outputs.a }\nB: { fail_if: outputs.b }\nC: { project_id: p }' });
    expect(inputs.runPlans.map(({ entries }) => entries.map(({ name }) => name))).toEqual([['A', 'B'], ['C']]);
  });

  test('takes a run for the same, whatever else its entries say of a launch', async () => {
    const { texts } = await read({ runs: 'A: { run_id: run_1, project_id: p }\nB: { run_id: run_1, project_id: q }' });
    expect(texts).toEqual(['`runs` has the same review twice, “A” and “B”: is one ID pasted twice?']);
  });

  test('takes a null of an entry as a value that is left out', async () => {
    const { texts, inputs } = await read({
      project_id: 'p',
      runs: 'A: { idempotency_key: ~ }\nnull: { project_id: q }\nC:',
    });
    expect(texts).toEqual(['`runs` has the same review twice, “A” and “C”: is one ID pasted twice?']);
    expect(inputs.runPlans).toMatchObject([{ projectId: 'p', idempotencyKey: '' }, { projectId: 'q' }]);
  });

  test('reads IDs and waivers of an entry as they were typed', async () => {
    const waiver = '{ match: { sheet: 0042, rev: 1.10 }, because: Agreed }';
    const { inputs } = await read({ runs: `A: { project_id: 1e5, waivers: [${waiver}] }` });
    expect(inputs.runPlans[0]?.projectId).toBe('1e5');
    expect([...(inputs.runPlans[0]?.entries[0]?.waivers[0]?.match ?? [])]).toEqual([
      ['sheet', '0042'],
      ['rev', '1.10'],
    ]);
  });
});

const FILE = { name: '`.github/alloovium.yml` on `main`', commit: '', place: 'config_file' } as const;

describe('the `config` file', () => {
  const readWith = async (text: string, given: With = {}) => {
    const all = Object.entries<string>({ ...BASE, ...given }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const { faults, inputs } = await readInputs(Object.fromEntries(all) as With, PUSH, { ...FILE, text });
    return { inputs, texts: faults.map(({ text }) => text) };
  };

  test('gives the gate as the step would', async () => {
    const waivers = 'waivers:\n  - match: { sheet: 0042, rev: 1.10 }\n    because: Agreed\n';
    const { inputs, texts } = await readWith(`fail_if: |\n  open: outputs.open\nknown_by: a, b\nbaseline: main\n${waivers}`);
    expect(texts).toEqual([]);
    expect(inputs).toMatchObject({ baseline: 'main' });
    expect(inputs.runPlans[0]?.entries[0]?.gate.conditions).toMatchObject([{ name: 'open' }]);
    expect([...(inputs.runPlans[0]?.entries[0]?.waivers[0]?.match ?? [])]).toEqual([
      ['sheet', '0042'],
      ['rev', '1.10'],
    ]);
  });

  test('gives entries of `runs` what they leave out', async () => {
    const { inputs } = await readWith('fail_if: "open: outputs.open"', {
      runs: 'A: { project_id: p }\nB: { fail_if: "late: outputs.late" }',
    });
    expect(inputs.runPlans.map(({ entries }) => entries[0]?.gate.conditions[0]?.name)).toEqual(['open', 'late']);
  });

  test.each<[string, string, With, string]>([
    ['a key in both places', 'fail_if: outputs.a', { fail_if: 'outputs.b' }, '`fail_if` is an input of the step too: give it in one place'],
    [
      'an unknown key',
      'fail_if: outputs.a\nfail_iff: x',
      {},
      '`.github/alloovium.yml` on `main`, line 2: `fail_iff` is not a known key: did you mean `fail_if`?',
    ],
    ['an input that is no gate', 'api_key: x', {}, 'line 1: `api_key` is not a known key'],
    ['a list', '- outputs.a', {}, '`.github/alloovium.yml` on `main` must be a mapping with keys of'],
    ['no YAML', 'fail_if: "', {}, '`.github/alloovium.yml` on `main` is not valid YAML'],
    ['an empty gate', 'fail_if:', {}, 'line 1: `fail_if` is empty'],
    ['a gate without a value', '? fail_if', {}, '`fail_if` is empty'],
    ['more than 100 KB', `fail_if: outputs.${'a'.repeat(110_000)}`, {}, '`.github/alloovium.yml` on `main` is over 100 KB'],
    [
      'a number in a test that would change',
      'fail_if: outputs.a\ntests:\n  - { name: x, outputs: { a: 0042 }, fails: [] }',
      {},
      '`tests` has a number that YAML would change',
    ],
    ['tests without `fail_if`', 'tests: []', {}, 'line 1: `tests` needs `fail_if` in the same file'],
    [
      'a test without `fails`',
      'fail_if: outputs.a\ntests:\n  - { name: x, outputs: { a: true } }',
      {},
      'line 3: `tests` has test 1 without `fails`',
    ],
    [
      'a waiver without a reason',
      'waivers:\n  - match: { a: x, b: y }\n    because: z\n  - match: { a: x, b: z }',
      {},
      'line 4: `waivers` has waiver 2 without `because`',
    ],
    [
      'an expression',
      'fail_if: outputs.a\nknown_by: a, ${{ vars.B }}',
      {},
      'line 2: `known_by` contains `${{`, which nothing fills in here',
    ],
  ])('is refused with %s', async (_, text, given, fault) => {
    expect((await readWith(text, given)).texts).toEqual([expect.stringContaining(fault)]);
  });
});

test('runs the tests of the `config` file with the types of YAML 1.2', async () => {
  const text =
    'fail_if: |\n  many: outputs.count > 2\ntests:\n  - { name: 01, outputs: { count: 3 }, fails: [many] }\n  - { name: two, outputs: { count: 2 }, fails: [many] }\n';
  const { faults, runTests } = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1', INPUT_FAIL_IF: 'none' }, PUSH, { ...FILE, text });
  expect(faults).toEqual([]);
  expect(runTests(() => 0)).toEqual([expect.objectContaining({ name: 'two', met: [], where: `${FILE.name}, line 5` })]);
});

test.each([
  [
    'a block',
    'known_by: a, b\nfail_if: |\n  # Doors.\n\n  open: outputs.x = 1\n',
    { line: 5, column: 19, expression: '  open: outputs.x = 1' },
  ],
  ['one line', 'fail_if: "outputs.x = 1"', { line: 1, column: 21, expression: 'fail_if: "outputs.x = 1"' }],
])('places a fault of a condition of the `config` file in the file: %s', async (_, text, place) => {
  const { gateFaults } = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1', INPUT_FAIL_IF: 'none' }, PUSH, { ...FILE, text });
  expect(gateFaults).toEqual([expect.objectContaining({ ...place, place: 'config_file', file: FILE.name })]);
});

test('masks a secret also without what was pasted around it', () => {
  const given = {
    INPUT_API_KEY: `Bearer ${KEY}`,
    INPUT_GITHUB_TOKEN: '"ghs_0123456789abcdef"',
    https_proxy: 'http://bob:p%40ssword@proxy:3128',
  };
  expect(readSecrets(given)).toEqual(expect.arrayContaining([KEY, 'ghs_0123456789abcdef', 'p%40ssword', 'p@ssword']));
});

test('has a row for each input once', () => {
  expect(new Set(INPUT_NAMES).size).toBe(INPUT_NAMES.length);
});
