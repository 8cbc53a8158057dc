/** What must hold of a step with `runs`: for each of its runs, and for the step. */

/** A run as `runs_json` tells of it. */
export type Row = Readonly<Record<string, unknown>> & {
  readonly name: string;
  readonly run_id: string;
  readonly project_id: string;
  readonly idempotency_key: string;
  readonly conclusion: string;
  readonly gate: string;
};

/** A run as the simulator has it. */
export interface MadeRun {
  readonly projectId: string | null;
  /** undefined: nobody was told of any. */
  readonly outputs: unknown;
}

export interface Several {
  readonly rows: readonly Row[];
  /** The names in the order in which they are written; not given: not known. */
  readonly names?: readonly string[];
  readonly conclusion: string;
  readonly gate: string;
  /** The text of `outputs_file`; null: there is none. */
  readonly file: string | null;
  readonly made: (runId: string) => MadeRun | undefined;
}

/** The worst first. */
const CONCLUSIONS = [
  ...['interrupted', 'error', 'timed_out', 'failure', 'cancelled', 'gate_failed', 'pending', 'skipped'],
  'success',
];
const GATES = ['failed', 'not_evaluated', 'passed', 'none'];

/** Sentences about what does not hold; none is good. */
export function breachesOfRuns({ rows, names, conclusion, gate, file, made }: Several): string[] {
  const found: string[] = [];
  const must = (holds: boolean, otherwise: string) => {
    if (!holds) found.push(otherwise);
  };
  const reported = rows.map(({ name }) => name);
  must(
    // Where the inputs were refused, no names are known.
    names === undefined || reported.length === 0
      ? new Set(reported).size === reported.length
      : reported.join('\n') === names.join('\n'),
    `runs_json: not every name once and in order: ${reported.join(', ')}`,
  );

  const runOfKey = new Map<string, string>();
  const keyOfRun = new Map<string, string>();
  for (const { name, run_id: runId, project_id: projectId, idempotency_key: key } of rows) {
    if (runId === '') continue;
    const run = made(runId);
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

  // What ended the step itself is worse than any of its runs.
  if (conclusion !== '' && conclusion !== 'error') {
    const worst = CONCLUSIONS.find((word) => rows.some((row) => row.conclusion === word));
    must(conclusion === worst, `I2: ${conclusion}, and the worst of the runs is ${worst ?? 'none'}`);
    const led = GATES.find((word) => rows.some((row) => row.gate === word));
    must(gate === led, `I2: gate ${gate}, and the first of the runs' is ${led ?? 'none'}`);
  }

  if (file !== null) {
    const outputs = JSON.parse(file) as Readonly<Record<string, unknown>>;
    must(Object.keys(outputs).length === rows.length, 'outputs_file: not every name once');
    for (const { name, run_id: runId, conclusion: own } of rows) {
      const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
      must(value !== undefined, `outputs_file: ${name} is missing`);
      const isJudged = own === 'success' || own === 'gate_failed';
      if (value === null && !isJudged) continue;
      must(isSame(value, made(runId)?.outputs), `outputs_file: ${name} has not the outputs of its run`);
    }
  }
  return found;
}

/** But for secrets. */
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
