/** The invariants of a step with `runs`: for each of its runs, and for the step. */
import { createViolations } from './violations.ts';

/** A run as `runs_json` reports it. */
export type ReportedRun = Readonly<Record<string, unknown>> & {
  readonly name: string;
  readonly run_id: string;
  readonly project_id: string;
  readonly idempotency_key: string;
  readonly conclusion: string;
  readonly gate: string;
};

/** A run as the simulator has it. */
export interface ExpectedRun {
  readonly projectId: string | null;
  /** undefined: no poll returned any. */
  readonly outputs: unknown;
}

export interface RunsEvidence {
  readonly rows: readonly ReportedRun[];
  /** The names in their order in `runs`; undefined: not known. */
  readonly names?: readonly string[];
  readonly conclusion: string;
  readonly gate: string;
  /** The text of `outputs_file`; null: there is none. */
  readonly file: string | null;
  readonly expectedRun: (runId: string) => ExpectedRun | undefined;
}

/** The worst first. */
const CONCLUSIONS = [
  'interrupted',
  'error',
  'timed_out',
  'failure',
  'cancelled',
  'gate_failed',
  'pending',
  'skipped',
  'success',
];
const GATES = ['failed', 'not_evaluated', 'passed', 'none'];

/** Describes each invariant that is violated. */
export function findRunViolations({
  rows,
  names,
  conclusion,
  gate,
  file,
  expectedRun,
}: RunsEvidence): string[] {
  const { found, must } = createViolations();
  const reported = rows.map(({ name }) => name);
  must(
    // Refused inputs have no names.
    names === undefined || reported.length === 0
      ? new Set(reported).size === reported.length
      : reported.join('\n') === names.join('\n'),
    `runs_json: not every name once and in order: ${reported.join(', ')}`,
  );

  const runOfKey = new Map<string, string>();
  const keyOfRun = new Map<string, string>();
  for (const { name, run_id: runId, project_id: projectId, idempotency_key: key } of rows) {
    if (runId === '') continue;
    const run = expectedRun(runId);
    must(run !== undefined, `runs_json: ${name} has a run that there is not`);
    must(
      projectId === '' || run === undefined || run.projectId === projectId,
      `runs_json: ${name} has the run of ${run?.projectId ?? 'no project'}`,
    );
    if (key === '') continue;
    must((runOfKey.get(key) ?? runId) === runId, `runs_json: two runs under ${key}`);
    must((keyOfRun.get(runId) ?? key) === key, `runs_json: two keys of ${runId}`);
    runOfKey.set(key, runId);
    keyOfRun.set(runId, key);
  }

  // An error of the step itself is worse than the conclusion of any run.
  if (conclusion !== '' && conclusion !== 'error') {
    const worst = CONCLUSIONS.find((word) => rows.some((row) => row.conclusion === word));
    must(conclusion === worst, `I2: ${conclusion}, and the worst of the runs is ${worst ?? 'none'}`);
    const firstGate = GATES.find((word) => rows.some((row) => row.gate === word));
    must(gate === firstGate, `I2: gate ${gate}, and the first of the runs' is ${firstGate ?? 'none'}`);
  }

  if (file !== null) {
    const outputs = JSON.parse(file) as Readonly<Record<string, unknown>>;
    must(Object.keys(outputs).length === rows.length, 'outputs_file: not every name once');
    for (const { name, run_id: runId, conclusion: own } of rows) {
      const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
      must(value !== undefined, `outputs_file: ${name} is missing`);
      const isEvaluated = own === 'success' || own === 'gate_failed';
      if (value === null && !isEvaluated) continue;
      must(
        isSame(value, expectedRun(runId)?.outputs),
        `outputs_file: ${name} has not the outputs of its run`,
      );
    }
  }
  return found;
}

/** Whether two values are equal, apart from masked secrets. */
function isSame(reported: unknown, real: unknown): boolean {
  if (typeof reported === 'string' && reported.includes('***')) return typeof real === 'string';
  if (typeof reported !== 'object' || reported === null || typeof real !== 'object' || real === null)
    return reported === real;
  const ours = Object.entries(reported);
  const theirs = Object.entries(real);
  return (
    Array.isArray(reported) === Array.isArray(real) &&
    ours.length === theirs.length &&
    ours.every(([key, value], at) => key === theirs[at]?.[0] && isSame(value, theirs[at][1]))
  );
}
