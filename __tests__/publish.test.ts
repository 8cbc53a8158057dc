/** What a report becomes on the runner: outputs, files, summary and annotation, also where one of them cannot be written. */
import { describe, expect, test } from '@jest/globals';
import type { Context } from '../src/github/context.ts';
import { readInputs, type Inputs } from '../src/inputs/inputs.ts';
import { logEnding, logResult, writeLastOutputs, writeReportFile, writeStepOutputs, writeSummary } from '../src/publish.ts';
import type { Report } from '../src/report/report.ts';
import { NOT_STORED } from '../src/runs/run-files.ts';
import { memoryHost, type MemoryHost } from '../simulator/memory-host.ts';
import { anOrder, virtualClock } from './fakes.ts';
import { alsoWarns, anItem, aResult, aReport, aReportOf, aRun, green, someResults } from './report/a-report.ts';

const INPUTS = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' });
const MANY: Partial<Inputs> = await readInputs({
  INPUT_WORKFLOW_ID: 'wf_1',
  INPUT_RUNS: 'Tower: { project_id: a }\nBridge: { project_id: b, fail_if: outputs.bad }',
});
const CONTEXT = {
  event: 'push',
  ref: '',
  jobRunId: '77',
  pullRequest: { kind: 'none' },
  commit: '',
} as Context;
const BROKEN = () => {
  throw new Error('no space for hunter2');
};

const GREEN: Report = {
  ...aReport({ ...green, verdict: { ...green.verdict, conclusion: 'success', exitCode: 0, gate: 'passed' } }),
  inputs: INPUTS,
};
const RED: Report = { ...aReport(), inputs: INPUTS };

function write(report: Report, change: Partial<MemoryHost> = {}) {
  const host = { ...memoryHost(change.environment ?? {}), ...change };
  const redact = (text: string) => text.replaceAll('hunter2', '***');
  const written = writeStepOutputs({ host, clock: virtualClock(), redact }, report);
  return { written, outputs: Object.fromEntries(host.outputs), host };
}

describe('the step outputs', () => {
  test.each<[string, Report, expected: object]>([
    ['the verdict', GREEN, { conclusion: 'success', gate: 'passed', error_message: '' }],
    ['the headline of a red step as its error', RED, { conclusion: 'gate_failed', error_message: RED.verdict.headline }],
    ['the message of a red step', { ...RED, errorMessage: 'Bad.' }, { error_message: 'Bad.' }],
    [
      'the headline instead of a message that is too large',
      { ...RED, errorMessage: 'a'.repeat(100_001) },
      { error_message: RED.verdict.headline },
    ],
    [
      'the files of its run',
      aReportOf([aRun({ stored: { ...NOT_STORED, outputsFile: 'o', gateFile: 'g' } })]),
      { outputs_file: 'o', gate_file: 'g' },
    ],
    [
      'the workflow of an order without a run',
      { ...aReportOf([]), orders: [anOrder({ workflowId: 'wf_7' })] },
      { workflow_id: 'wf_7', run_id: '' },
    ],
    ['no `run_url` of a run without a template', RED, { run_url: '' }],
    ['no `status` that is not one word', aReportOf([aRun({ status: 'two words' })]), { status: '' }],
    ['no `runs_json` of a single run', RED, { runs_json: '', replayed: 'false' }],
  ])('have %s', (_, report, expected) => {
    expect(write(report).outputs).toMatchObject(expected);
  });

  test.each<[attempt: string, onRerun: Inputs['onRerun'], red: string]>([
    ['1', 'resume', '0'],
    ['2', 'resume', ''],
    ['2', 'fresh', '0'],
  ])('have, on attempt %s with `%s` of a step without a run, %j earlier red runs', (attempt, onRerun, red) => {
    const report = { ...aReportOf([]), inputs: { ...INPUTS, onRerun } };
    const { outputs } = write(report, { environment: { GITHUB_RUN_ATTEMPT: attempt } });
    expect(outputs.red_runs_before).toBe(red);
  });

  test('have a row for each of several runs that were not launched', () => {
    const report: Report = {
      ...aReportOf([]),
      isGated: false,
      inputs: { ...INPUTS, ...MANY },
      verdict: { ...RED.verdict, conclusion: 'error', gate: 'not_evaluated' },
    };
    const { outputs } = write(report);
    expect(JSON.parse(outputs.runs_json ?? '')).toMatchObject([
      { name: 'Tower', conclusion: 'error', gate: 'none', run_id: '' },
      { name: 'Bridge', conclusion: 'error', gate: 'not_evaluated', run_id: '' },
    ]);
    expect(outputs).toMatchObject({ run_id: '', workflow_id: '', replayed: '' });
  });

  test('have the joined files of several runs', () => {
    const report: Report = {
      ...aReportOf([aRun({ name: 'Tower' }), aRun({ name: 'Bridge' })]),
      inputs: { ...INPUTS, ...MANY },
      context: CONTEXT,
    };
    const { outputs } = write(report);
    expect(outputs).toMatchObject({ run_id: '', outputs_file: '/memory/outputs.json' });
    expect(JSON.parse(outputs.runs_json ?? '')).toHaveLength(2);
    expect(write({ ...report, context: null }).outputs.outputs_file).toBe('');
    const { written } = write(report, { writeFile: BROKEN });
    expect(written.verdict).toMatchObject({ exitCode: 1, headline: expect.stringMatching(/^The files/) });
  });

  test('make the step red if the files of its run could not be written', () => {
    const run = { ...GREEN.runs[0]!, stored: { ...NOT_STORED, error: 'no space for hunter2' } };
    const { written, outputs } = write({ ...GREEN, runs: [run] });
    expect(written.verdict).toMatchObject({ conclusion: 'error', exitCode: 1 });
    expect(written.errorMessage).toBe('no space for ***');
    expect(outputs).toMatchObject({ conclusion: 'error' });
  });

  test('make the step red if they cannot be written', () => {
    const { written } = write(GREEN, { output: BROKEN });
    expect(written.verdict).toMatchObject({
      conclusion: 'error',
      exitCode: 1,
      headline: 'The step outputs cannot be written',
    });
  });

  test('add each notice about them only once', () => {
    const run = { ...GREEN.runs[0]!, stored: { ...NOT_STORED, outputsJson: null } };
    const { written } = write({ ...GREEN, runs: [run] });
    expect(written.notices.length).toBeGreaterThan(0);
    expect(write(written).written.notices).toEqual(written.notices);
  });
});

describe('the report file', () => {
  test('is written except for a skipped step', () => {
    expect(writeReportFile(memoryHost({}), RED)).toBe('/memory/report.md');
    const skipped = { ...RED, verdict: { ...RED.verdict, conclusion: 'skipped' as const } };
    expect(writeReportFile(memoryHost({}), skipped)).toBe('');
  });

  test('leads to a warning if it cannot be written', () => {
    const host = { ...memoryHost({}), writeFile: BROKEN };
    expect(writeReportFile(host, RED)).toBe('');
    expect(host.warnings).toHaveLength(1);
  });
});

test.each([
  ['warns if the last outputs cannot be written', 'x', 1],
  ['does not warn about the last outputs where the step is red for that already', 'The step outputs cannot be written', 0],
])('%s', (_, headline, count) => {
  const host = { ...memoryHost({}), output: BROKEN };
  const report = { ...RED, verdict: { ...RED.verdict, headline } };
  writeLastOutputs(host, report, { report_file: 'r', comment_url: 'c' });
  expect(host.warnings).toHaveLength(count);
});

describe('the job summary', () => {
  test.each<[string, Inputs | null, isWritten: boolean]>([
    ['is written', INPUTS, true],
    ['is written if the inputs cannot be read', null, true],
    ['is not written with `job_summary: false`', { ...INPUTS, jobSummary: false }, false],
  ])('%s', async (_, inputs, isWritten) => {
    const host = memoryHost({});
    await writeSummary(host, { ...RED, inputs }, '');
    expect(host.summaryText !== '').toBe(isWritten);
  });

  test.each([
    ['the report file, if there is one', 'r', true],
    ['no report file, if there is none', '', false],
  ])('leads, if it cannot be written, to a warning that names %s', async (_, file, isNamed) => {
    const host = { ...memoryHost({}), summary: () => Promise.reject(new Error('x')) };
    await writeSummary(host, RED, file);
    expect(host.warnings.map((text) => text.includes('`report_file`'))).toEqual([isNamed]);
  });
});

test('annotates only a red step', () => {
  for (const [report, count] of [
    [RED, 1],
    [GREEN, 0],
  ] as const) {
    const host = memoryHost({});
    logEnding(host, report, 1_000);
    expect(host.errors).toHaveLength(count);
    expect(host.lines.length).toBeGreaterThan(0);
  }
});

test('logs which of several runs has no gate, if any has one', () => {
  const gated = aRun({ name: 'Tower' });
  const open = aRun({ name: 'Bridge', results: [] });
  const logged = (...runs: Report['runs'][number][]) => {
    const host = memoryHost({});
    logResult(host, aReportOf(runs));
    return host.lines.filter((line) => line.includes('no gate'));
  };
  expect(logged(gated, open)).toEqual([expect.stringContaining('Bridge')]);
  expect(logged(open, open)).toEqual([]);
});

describe('the step outputs of runs', () => {
  const SEVERAL: Inputs = { ...INPUTS, ...MANY };
  const times = { startedAt: '2026-04-08T10:00:00Z', completedAt: '2026-04-08T10:01:30Z' };

  test.each<[what: string, report: Report, expected: object]>([
    [
      'have the run itself, not what its order asked for',
      { ...aReport({ run: times }), inputs: INPUTS, orders: [anOrder({ workflowId: 'wf_7' })] },
      {
        workflow_id: aReport().runs[0]!.workflowId,
        run_id: aReport().runs[0]!.runId,
        status: 'completed',
        started_at: times.startedAt,
        completed_at: times.completedAt,
        duration_seconds: '90',
        outputs_truncated: 'false',
      },
    ],
    [
      'have no times of a run without them',
      { ...aReport({ run: null }), inputs: INPUTS },
      { started_at: '', completed_at: '', duration_seconds: '' },
    ],
    [
      'have the page of the run',
      { ...RED, links: { runUrl: 'https://app.example.com/{run_id}', itemUrl: '' } },
      { run_url: `https://app.example.com/${RED.runs[0]!.runId}` },
    ],
    ['have the number of earlier red runs', { ...RED, runs: [{ ...RED.runs[0]!, redRunsBefore: 3 }] }, { red_runs_before: '3' }],
    [
      'have no workflow of several runs',
      { ...RED, inputs: SEVERAL, orders: [anOrder({ workflowId: 'wf_7' })] },
      { workflow_id: '', run_id: '' },
    ],
    [
      'have no files of several runs, if those of one could not be written',
      {
        ...aReportOf([aRun({ name: 'Tower', stored: { ...NOT_STORED, error: 'no space' } }), aRun({ name: 'Bridge' })]),
        inputs: SEVERAL,
        context: CONTEXT,
      },
      { conclusion: 'error', outputs_file: '' },
    ],
    [
      'have no files of several runs, if none was launched',
      { ...aReportOf([]), inputs: SEVERAL, context: CONTEXT },
      { outputs_file: '', gate_file: '' },
    ],
  ])('%s', (_, report, expected) => {
    expect(write(report).outputs).toMatchObject(expected);
  });

  test('have the gate of the step for each of several runs that were not launched', () => {
    const verdict = { ...RED.verdict, conclusion: 'error', gate: 'not_evaluated' } as const;
    const { outputs } = write({ ...aReportOf([]), isGated: true, inputs: SEVERAL, verdict });
    const gates = (JSON.parse(outputs.runs_json ?? '') as { gate: string }[]).map(({ gate }) => gate);
    expect(gates).toEqual(['not_evaluated', 'not_evaluated']);
  });

  test('are written last for the report file and the comment', () => {
    const host = memoryHost({});
    writeLastOutputs(host, RED, { report_file: 'r', comment_url: 'c' });
    expect(Object.fromEntries(host.outputs)).toEqual({ report_file: 'r', comment_url: 'c' });
  });

  test('log no warning or note again if they are written a second time', () => {
    const run = { ...GREEN.runs[0]!, stored: { ...NOT_STORED, outputsJson: null } };
    const { written, host } = write({ ...GREEN, runs: [run] });
    const logged = [...host.warnings, ...host.lines];
    expect(logged).toHaveLength(written.notices.length);
    const again = write(written).host;
    expect([...again.warnings, ...again.lines]).toEqual([]);
  });
});

describe('the log of a result', () => {
  const logged = (report: Report) => {
    const warnings: string[] = [];
    const host = memoryHost({});
    logResult({ ...host, warning: (text, why) => warnings.push(`${why}: ${text}`) }, report);
    return { lines: host.lines, warnings };
  };

  test('ends each piece of advice as a sentence', () => {
    const advice = [
      { name: '', text: 'Give the run a gate' },
      { name: '', text: 'Is the gate of this run right?' },
    ];
    const { lines } = logged({ ...GREEN, advice });
    expect(lines.filter((line) => line.includes('gate')).map((line) => line.trim().slice(-11))).toEqual(['run a gate.', ' run right?']);
  });

  test.each<[kind: string, result: 'holds' | 'cannot_be_evaluated']>([
    ['advice', 'holds'],
    ['loss', 'cannot_be_evaluated'],
  ])('has the warning of a condition as %s where it %s', (kind, result) => {
    const results = [alsoWarns(aResult({ result, problem: result === 'holds' ? null : 'no such key' }))];
    expect(logged(aReport({ ...green, results })).warnings).toEqual([expect.stringMatching(new RegExp(`^${kind}: A warning only: `))]);
  });

  test('has a green verdict, and no red one, which its annotation has', () => {
    expect(logged(GREEN).lines.join()).toContain(GREEN.verdict.headline);
    expect(logged(RED).lines.join()).not.toContain(RED.verdict.nextStep);
  });

  test('has no warning without a reason', () => {
    expect(logged(GREEN).warnings).toEqual([]);
  });

  test.each<[what: string, inputs: Inputs | null, isNamed: boolean]>([
    ['names the job summary for the items that it leaves out', INPUTS, true],
    ['names it also if the inputs cannot be read', null, true],
    ['does not name a job summary that is not written', { ...INPUTS, jobSummary: false }, false],
  ])('%s', (_, inputs, isNamed) => {
    const items = Array.from({ length: 12 }, (_, nth) => anItem(`doc-${nth}`, 'non-compliant', 'wrong'));
    const report = { ...aReport({ results: someResults(items) }), inputs };
    expect(logged(report).lines.some((line) => line.includes(report.jobRunUrl))).toBe(isNamed);
  });
});
