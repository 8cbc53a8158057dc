/** The files of a run, and which `gate_file` may serve a later run as its baseline. */
import { describe, expect, test } from '@jest/globals';
import { NOT_EVALUATED } from '../../src/gate/baseline.ts';
import type { Condition, ConditionResult } from '../../src/gate/condition.ts';
import { createFinding, type Finding } from '../../src/gate/finding.ts';
import { BUDGET } from '../../src/gate/gate-file.ts';
import { digestInputs } from '../../src/gate/inputs-digest.ts';
import type { Copy } from '../../src/github/host.ts';
import type { JsonValue } from '../../src/json.ts';
import type { Stored } from '../../src/runs/events.ts';
import { fitsInOutput, identityOf, isBaselineReady, NOT_STORED, storeFiles, writeJoinedFiles } from '../../src/runs/run-files.ts';
import { outcomesOf, type Outcome } from '../../src/runs/outcome.ts';
import { createEmptyRecord } from '../../src/runs/record.ts';
import { anEntry, anOrder, clientOf, evaluateWithoutBaseline, fakeTransport, jobOf, virtualClock } from '../fakes.ts';
import { aPolledRun } from './a-run.ts';

const ITEMS = [{ id: 1 }];

function findingWith(about: Partial<ConditionResult> = {}): Finding {
  const one: ConditionResult = {
    condition: { severity: 'fail', name: 'bad', expression: 'outputs.bad', line: 1 },
    result: 'does_not_hold',
    matched: [],
    unmatched: null,
    problem: null,
    notices: [],
    ...about,
  };
  return createFinding(evaluateWithoutBaseline(one));
}

function outcomeOf(findings: readonly Finding[], stored: Partial<Stored> = {}): Outcome {
  const gate = { conditions: findings.map(({ condition }) => condition), evaluate: () => [] };
  const entry = anEntry({ gate });
  const evaluated = {
    entry,
    findings,
    baselineUnusedReason: '',
    baselineNotes: [],
    since: null,
    used: new Set<number>(),
    stored: { ...NOT_STORED, gateFile: 'gate.json', ...stored },
  };
  const record = { ...createEmptyRecord(anOrder({ entries: [entry] })), evaluated: [evaluated] };
  const [outcome] = outcomesOf(record, { kind: 'ended', status: 'completed', errorMessage: '' });
  if (outcome === undefined) throw new Error('an order has an outcome');
  return outcome;
}

const GREEN = findingWith();
const RED = findingWith({ result: 'holds', matched: ITEMS });
const MAIN = { ref: 'refs/heads/main', pullRequest: { kind: 'none', reason: '' } } as const;
const PUSH = { ...MAIN, event: 'push' };
const DISPATCH = { ...MAIN, event: 'workflow_dispatch' };

describe('`baseline_ready`', () => {
  test.each<[string, Outcome, NonNullable<Parameters<typeof isBaselineReady>[1]>]>([
    ['is true after a green push', outcomeOf([GREEN]), PUSH],
    ['is true after a green `repository_dispatch`', outcomeOf([GREEN]), { ...MAIN, event: 'repository_dispatch' }],
    ['is true after a red dispatch by hand', outcomeOf([RED]), DISPATCH],
    ['is true after a red schedule', outcomeOf([RED]), { ...MAIN, event: 'schedule' }],
    [
      'is true after a dispatch whose pull request a comment names',
      outcomeOf([GREEN]),
      { ...DISPATCH, pullRequest: { kind: 'commented', number: 7 } },
    ],
    [
      'is true after a green push with a warning that cannot be evaluated',
      outcomeOf([
        GREEN,
        findingWith({
          condition: { severity: 'warn', name: 'late', expression: 'outputs.late', line: 1 },
          result: 'cannot_be_evaluated',
        }),
      ]),
      PUSH,
    ],
  ])('%s', (_, outcome, context) => {
    expect(isBaselineReady([outcome], context)).toBe(true);
  });

  test.each<[string, readonly Outcome[], Parameters<typeof isBaselineReady>[1]]>([
    ['after a push with one red condition', [outcomeOf([GREEN, RED])], PUSH],
    [
      'after a dispatch with a condition that is true, next to a green one',
      [outcomeOf([GREEN, findingWith({ result: 'holds' })])],
      DISPATCH,
    ],
    ['after a red push', [outcomeOf([RED])], PUSH],
    ['after a red `repository_dispatch`', [outcomeOf([RED])], { ...MAIN, event: 'repository_dispatch' }],
    ['after a green pull request', [outcomeOf([GREEN])], { ...MAIN, event: 'pull_request', pullRequest: { kind: 'of_event', number: 7 } }],
    [
      'after a green `pull_request_target`',
      [outcomeOf([GREEN])],
      { ...MAIN, event: 'pull_request_target', pullRequest: { kind: 'of_event', number: 7 } },
    ],
    ['after a dispatch for a pull request', [outcomeOf([GREEN])], { ...DISPATCH, pullRequest: { kind: 'named', number: 7, isOpen: true } }],
    [
      'after a dispatch for a pull request that is closed',
      [outcomeOf([GREEN])],
      { ...DISPATCH, pullRequest: { kind: 'named', number: 7, isOpen: false } },
    ],
    ['after a workflow run', [outcomeOf([GREEN])], { ...MAIN, event: 'workflow_run' }],
    ['after a push of a tag', [outcomeOf([GREEN])], { ...PUSH, ref: 'refs/tags/main' }],
    ['after a dispatch with a condition that is true', [outcomeOf([findingWith({ result: 'holds' })])], DISPATCH],
    ['after a dispatch with a condition that cannot be evaluated', [outcomeOf([findingWith({ result: 'cannot_be_evaluated' })])], DISPATCH],
    ['where an item did not fit into the file', [outcomeOf([RED], { leftOut: 1 })], DISPATCH],
    ['where the gate was not evaluated', [{ ...outcomeOf([GREEN]), stored: null }], DISPATCH],
    ['where the file was not written', [outcomeOf([RED], { gateFile: '' })], DISPATCH],
    ['where a condition of one of several entries is true', [outcomeOf([GREEN]), outcomeOf([findingWith({ result: 'holds' })])], DISPATCH],
    ['where there is no gate', [outcomeOf([])], DISPATCH],
    ['where there is no run', [], DISPATCH],
    ['where the context of the job is not known', [outcomeOf([GREEN])], null],
  ])('is false %s', (_, outcomes, context) => {
    expect(isBaselineReady(outcomes, context)).toBe(false);
  });
});

test.each([
  ['accepts a step output of 100,000 characters', 'a'.repeat(100_000), true],
  ['refuses a step output of 100,001 characters', 'a'.repeat(100_001), false],
  ['accepts a step output of 100,000 bytes', 'é'.repeat(50_000), true],
  ['refuses a step output of 100,001 bytes', `${'é'.repeat(50_000)}a`, false],
])('%s', (_, value, fits) => {
  expect(fitsInOutput(value)).toBe(fits);
});

/** A host that keeps the text of each file by its name. */
function recordingHost() {
  const files = new Map<string, string>();
  const host = {
    writeFile: (name: string, ...pieces: readonly (string | Copy)[]) => {
      files.set(name, pieces.map((one) => (typeof one === 'string' ? one : `<${one.copyOf}>`)).join(''));
      return `/memory/${name}`;
    },
  };
  return { files, host };
}

const CLOCK = virtualClock();
const { context: CONTEXT } = jobOf(CLOCK, { client: clientOf(CLOCK, fakeTransport(CLOCK, []).transport) });
const NOW = Date.UTC(2026, 10, 27, 9, 30);

describe('the files of one run', () => {
  const condition = (severity: Condition['severity']): Condition => ({
    severity,
    name: 'bad',
    expression: 'outputs.bad',
    line: 1,
  });
  /** @param severities of its conditions; the first has this result */
  function store({
    outputs = '{"a":1}',
    name = '',
    severities = ['fail'],
    result = 'does_not_hold',
    runId = '',
    isDiskFull = false,
    since = null,
  }: {
    /** As JSON; empty: none. */
    readonly outputs?: string;
    readonly name?: string;
    readonly severities?: readonly Condition['severity'][];
    readonly result?: ConditionResult['result'];
    readonly runId?: string;
    readonly isDiskFull?: boolean;
    readonly since?: (typeof NOT_EVALUATED)['since'];
  } = {}) {
    const { files, host } = recordingHost();
    const conditions = severities.map(condition);
    const results = conditions.map((one, at) =>
      evaluateWithoutBaseline({
        condition: one,
        result: at === 0 ? result : 'does_not_hold',
        matched: [],
        unmatched: null,
        problem: null,
        notices: [],
      }),
    );
    const entry = anEntry({ name, gate: { conditions, evaluate: () => [] } });
    const full = () => {
      throw new Error('no space for hunter2');
    };
    const stored = storeFiles(
      anOrder({ entries: [entry], projectId: 'p1', inputs: { b: 2 }, runId }),
      aPolledRun({
        status: 'completed',
        outputs: outputs === '' ? undefined : (JSON.parse(outputs) as JsonValue),
      }),
      { ...NOT_EVALUATED, entry, results, since },
      NOW,
      {
        host: isDiskFull ? { writeFile: full } : host,
        context: CONTEXT,
        budget: BUDGET,
        redact: (text) => text.replaceAll('hunter2', '***'),
        gateFileName: 'gate-1.json',
      },
    );
    return { stored, files };
  }
  const gateOf = ({ files }: ReturnType<typeof store>) => JSON.parse(files.get('gate-1.json') ?? 'null') as Record<string, unknown> | null;

  test('are `outputs.json` and the `gate_file` under its name', () => {
    const { stored, files } = store();
    expect([...files.keys()]).toEqual(['outputs.json', 'gate-1.json']);
    expect(files.get('outputs.json')).toBe('{"a":1}\n');
    expect(stored).toEqual({
      outputsJson: '{"a":1}',
      outputsFile: '/memory/outputs.json',
      gateFile: '/memory/gate-1.json',
      leftOut: 0,
      error: null,
    });
  });

  test('have other names for each entry of `runs`', () => {
    const [one, other] = ['Tower', 'Bridge'].map((name) => [...store({ name }).files.keys()]);
    expect(one).toEqual([expect.stringMatching(/^outputs-[0-9a-f]{16}\.json$/), expect.stringMatching(/^gate-[0-9a-f]{16}\.json$/)]);
    expect(new Set([...one!, ...other!]).size).toBe(4);
    expect(store({ name: 'Tower' }).files.get(one![0]!)).toBe('{"a":1}');
  });

  test('are missing where there are no outputs or no results', () => {
    expect(store({ outputs: '' }).stored).toMatchObject({ outputsJson: '', outputsFile: '' });
    expect(store({ severities: [] }).stored).toMatchObject({
      gateFile: '',
      outputsFile: '/memory/outputs.json',
    });
    expect(store({ outputs: 'null' }).stored.outputsJson).toBe('null');
    expect(store({ outputs: JSON.stringify('a'.repeat(100_000)) }).stored.outputsJson).toBeNull();
  });

  test.each<[ConditionResult['result'], readonly Condition['severity'][], gate: string]>([
    ['does_not_hold', ['fail'], 'passed'],
    ['holds', ['fail'], 'failed'],
    ['cannot_be_evaluated', ['fail', 'fail'], 'failed'],
    ['holds', ['warn', 'fail'], 'passed'],
    ['holds', ['warn'], 'none'],
  ])('contain, for results that are %s of conditions of %j, the gate %s', (result, severities, gate) => {
    expect(gateOf(store({ result, severities }))).toMatchObject({ gate });
  });

  test('contain project, inputs and baseline, unless `run_id` names the run', () => {
    expect(gateOf(store())).toMatchObject({
      project_id: 'p1',
      inputs_digest: digestInputs({ b: 2 }, []),
      baseline_commit: null,
      time: '2026-11-27T09:30:00.000Z',
      pull_request: null,
    });
    expect(gateOf(store({ runId: 'run_1' }))).toMatchObject({ project_id: null, inputs_digest: null });
    expect(identityOf(anOrder({ projectId: '' }), CONTEXT).projectId).toBe('');
  });

  test('are replaced by an error without secrets if one cannot be written', () => {
    expect(store({ isDiskFull: true }).stored).toMatchObject({ error: 'no space for ***', gateFile: '' });
  });
});

describe('the files of several runs', () => {
  const entry = (name: string, stored: Partial<Stored> | null): Outcome => ({
    ...outcomeOf([GREEN]),
    entry: anEntry({ name }),
    stored: stored && { ...NOT_STORED, ...stored },
  });
  const join = (...outcomes: readonly Outcome[]) => {
    const { files, host } = recordingHost();
    const joined = writeJoinedFiles({ host, context: CONTEXT, gateFileName: 'gate.json' }, outcomes, NOW);
    return { joined, files };
  };
  const whole = { outputsJson: '1', outputsFile: 'o1', gateFile: 'g1' };

  test('contain the part of each run under its name, and null for one without outputs', () => {
    const { joined, files } = join(entry('a', whole), entry('b', null));
    expect(joined.outputsJson).toBe('{"a":1,"b":null}');
    expect(files.get('outputs.json')).toBe('{\n  "a": <o1>,\n  "b": null\n}\n');
    expect(files.get('gate.json')).toMatch(/"runs": \{\n {2}"a": \{<g1>\n {2}\}\n {2}\}\n\}\n$/);
    expect(joined.gateFile).toBe('/memory/gate.json');
  });

  test('are no step output if one part or all together are too large', () => {
    const half = { ...whole, outputsJson: JSON.stringify('a'.repeat(60_000)) };
    expect(join(entry('a', half)).joined.outputsJson).not.toBeNull();
    expect(join(entry('a', half), entry('b', half)).joined.outputsJson).toBeNull();
    expect(join(entry('a', { ...whole, outputsJson: null })).joined.outputsJson).toBeNull();
  });

  test('include no `gate_file` if no run was evaluated', () => {
    const { joined, files } = join(entry('a', { ...whole, gateFile: '' }));
    expect(joined.gateFile).toBe('');
    expect(files.has('gate.json')).toBe(false);
  });
});
