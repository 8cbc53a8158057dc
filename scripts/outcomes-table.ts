/**
 * Writes the table of all outcomes into docs/troubleshooting.md, between its markers, from `src/report/outcomes.ts`. The action describes an
 * example of each.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BaselineState } from '../src/baseline.ts';
import type { ConditionResult } from '../src/gate/findings.ts';
import type { Entry } from '../src/inputs/runs.ts';
import { ENTRY_DEFAULTS } from '../src/inputs/table.ts';
import { GithubFailure, type Outcome, type RequestFailure } from '../src/outcome.ts';
import { describeOutcome, OUTCOMES, rowOf } from '../src/report/outcomes.ts';
import { createRunState, type EntryResult, type RunState } from '../src/run/run-state.ts';
import { judgeOutcome } from '../src/run/verdict.ts';
import type { Step } from '../src/step.ts';

const STEP = {
  context: null,
  inputs: { timeoutMs: 900_000, onRerun: 'resume', config: '.github/alloovium.yml', fromConfig: [] },
} as unknown as Step;
/** The step of a pull request from a fork. */
const FORK = { ...STEP, context: { event: 'pull_request', isFork: true } } as Step;
const FORBIDDEN = new GithubFailure('forbidden', '', 403);

function failureOf(code: RequestFailure['code'], status: number | null): RequestFailure {
  return { kind: 'rejected', code, status, apiCode: '', detail: '', requestId: '', missingScopes: [], retryAfterMs: null };
}

/** Outcomes of a run, with its state. */
const RUNS: readonly (readonly [Outcome, Partial<RunState>, matched?: number, baseline?: BaselineState['code']])[] = [
  [{ kind: 'completed' }, {}],
  [{ kind: 'completed' }, {}, 2],
  [{ kind: 'completed' }, {}, 2, 'timed_out'],
  [{ kind: 'failed' }, { errorMessage: '…' }],
  [{ kind: 'cancelled' }, {}],
  [{ kind: 'launched' }, {}],
  [{ kind: 'timed_out', phase: 'run', isQueued: false, last: null, leftMs: 0 }, { openRun: 'run' }],
  [{ kind: 'timed_out', phase: 'launch', isQueued: false, last: failureOf('rate_limited', 429), leftMs: 0 }, { runId: '' }],
  [{ kind: 'interrupted', signal: 'SIGINT' }, { openRun: 'run' }],
  [{ kind: 'request_failed', failure: failureOf('invalid_key', 401) }, { runId: '' }],
  [{ kind: 'lost_sight', failure: failureOf('unavailable', 503), forMs: 300_000 }, { openRun: 'run' }],
  [{ kind: 'lost_sight', failure: failureOf('not_found', 404), forMs: 30_000 }, {}],
  [{ kind: 'outputs_too_large' }, {}],
  [{ kind: 'gate_timeout' }, {}],
  [
    { kind: 'crashed', message: '' },
    { runId: '', openRun: 'perhaps', key: 'gha_…' },
  ],
];

const STEPS: readonly Outcome[] = [
  { kind: 'invalid_inputs', faults: [{ text: '', input: 'fail_if', entry: '', place: 'workflow_file' }], gateFaults: [] },
  { kind: 'missing_key', isWithheld: false },
  { kind: 'skipped' },
  { kind: 'no_commit' },
  { kind: 'not_a_runner', variable: 'GITHUB_SHA' },
  { kind: 'pull_request', number: 7, failure: FORBIDDEN },
  { kind: 'commit_status', failure: FORBIDDEN },
  { kind: 'config', failure: FORBIDDEN },
  { kind: 'no_outputs', message: '' },
];

/** Creates a run with one condition that matches this many of five items. */
function createResult(outcome: Outcome, known: Partial<RunState>, matched = 0, baseline = 'none'): EntryResult {
  const condition = { severity: 'fail', name: 'not compliant', expression: '', line: 1 } as const;
  const finding = {
    condition,
    result: matched > 0 ? 'met' : 'not_met',
    findings: Array.from({ length: matched }, () => ({ value: null, isKnown: false })),
    waived: [],
    passed: Array.from({ length: 5 - matched }, () => null),
    isFailing: matched > 0,
    isWarning: false,
    problem: null,
  } as unknown as ConditionResult;
  const gate = { conditions: [condition], evaluate: () => [] };
  const entry: Entry = { ...ENTRY_DEFAULTS, name: '', gate };
  const runPlan = { ...ENTRY_DEFAULTS, workflowId: 'wf_…', entries: [entry] };
  const runState = { ...createRunState(runPlan), runId: 'run_…', outcome, ...known };
  return {
    entry,
    runState,
    gateResult: outcome.kind === 'completed' ? ({ conditions: [finding], baseline: { code: baseline } } as never) : null,
    earlier: null,
  };
}

/** Returns the table. @throws Error if an outcome has no example */
export function formatEndingsTable(): string {
  const results = RUNS.map((run) => createResult(...run));
  const describe = (outcome: Outcome, result?: EntryResult, step = STEP) => {
    const verdict = judgeOutcome(outcome, result);
    return {
      row: rowOf(outcome, verdict, result?.gateResult, step.context?.isFork),
      verdict,
      words: describeOutcome(outcome, verdict, step, result),
    };
  };
  const shown = [
    ...results.map((one) => describe(one.runState.outcome, one)),
    ...STEPS.map((one) => describe(one)),
    describe({ kind: 'missing_key', isWithheld: true }, undefined, FORK),
  ];
  for (const [kind, row] of Object.entries(OUTCOMES))
    if (!shown.some((one) => one.row === row)) throw new Error(`The outcome ${kind} has no example in scripts/outcomes-table.ts`);
  const rows = shown.map(({ verdict, words }) => `| ${words.headline} | \`${verdict.conclusion}\` | ${words.steps.join(' ')} |`);
  return ['| Headline | `conclusion` | Next step |', '|:--|:--|:--|', ...rows].join('\n');
}

/** Replaces the table between the markers. */
export function insertEndings(document: string): string {
  const [before, after] = [document.indexOf('<!-- endings -->'), document.indexOf('<!-- /endings -->')];
  if (before < 0 || after < before) throw new Error('docs/troubleshooting.md has no markers for the outcomes');
  return `${document.slice(0, before)}<!-- endings -->\n\n<!-- prettier-ignore -->\n${formatEndingsTable()}\n\n${document.slice(after)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = new URL('../docs/troubleshooting.md', import.meta.url);
  writeFileSync(path, insertEndings(readFileSync(path, 'utf8')));
}
