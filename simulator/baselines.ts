/** Baselines by chance, for `fail_on: new`, and an oracle that knows which findings are new beside one: by its own rules, not the action's. */

export interface FlaggedItem {
  readonly id: string;
  readonly title: string;
  readonly status: 'bad' | 'ok';
  readonly reason: string;
}

export interface DrawnBaseline {
  /** The file's text; null: there is none. */
  readonly text: string | null;
  /** How many of the items of the run (of that name) that are bad it does not know. */
  readonly newOf: (items: readonly FlaggedItem[], name?: string) => number;
}

/** The job that is judged beside it, and its gate's one condition. */
export interface Beside {
  readonly jobRun: string;
  readonly workflowId: string;
  readonly inputsDigest: string;
  readonly name: string;
  readonly expression: string;
}

/** Items `a` to `d`, each bad or not; now and then one is another thing under the old number. */
export function drawItems(random: () => number, badShare: number, reason: string): FlaggedItem[] {
  return ['a', 'b', 'c', 'd'].map((id) => ({
    id,
    title: random() < 0.1 ? `${id}, renumbered` : id,
    status: random() < badShare ? 'bad' : 'ok',
    reason,
  }));
}

type Bend = (file: Readonly<Record<string, unknown>>, beside: Beside) => object | string;

/** Files of which every finding counts. */
const FULL: readonly Bend[] = [
  (file) => ({ ...file, gate: 'passed' }),
  (file) => ({ ...file, gate: 'none', event: 'schedule' }),
  (file) => ({ ...file, event: 'workflow_dispatch' }),
];
/** Files that count for no more than what they call known themselves. */
const OWN: readonly Bend[] = [
  // Red, and nobody asked for it.
  (file) => file,
  (file) => ({ ...file, event: 'repository_dispatch' }),
  (file) => ({ ...file, event: 'pull_request', ref: 'refs/pull/7/merge', pull_request: 7 }),
  (file) => ({ ...file, event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-7' }),
  (file) => ({ ...file, ref: 'refs/heads/feature' }),
  (file, { jobRun }) => ({ ...file, job_run: jobRun }),
];
/** Files that count for nothing. */
const USELESS: readonly Bend[] = [
  (file) => ({ ...file, version: 3 }),
  (file) => ({ ...file, inputs_digest: 'other' }),
  (file) => ({ ...file, workflow_id: 'wf_other' }),
  (file) => ({ ...file, project_id: 'other' }),
  (file) => ({ ...file, conditions: [{ ...(file.conditions as object[])[0], expression: 'outputs.items' }] }),
  (file) => ({
    ...file,
    conditions: [{ ...(file.conditions as object[])[0], result: 'cannot_be_evaluated' }],
  }),
  (file) => ({ ...file, conditions: [{ ...(file.conditions as object[])[0], known: undefined }] }),
  (file) => ({ ...file, conditions: [{ ...(file.conditions as object[])[0], matched_count: 9 }] }),
  (file) => JSON.stringify(file).slice(0, -20),
];

/** @param runs of a step with `runs`; null: it has one run, without a project */
export function drawBaseline(
  random: () => number,
  beside: Beside,
  runs: readonly { readonly name: string; readonly projectId: string }[] | null = null,
): DrawnBaseline {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const then = (runs ?? [{ name: '', projectId: '' }]).map((run) => {
    const matched = drawItems(random, 0.7, 'then').filter(({ status }) => status === 'bad');
    return { ...run, matched, marked: [...matched.keys()].filter(() => random() < 0.5) };
  });
  const roll = random();
  const known = new Map(
    then.map(({ name, matched, marked }) => {
      const old = matched.filter((_, at) => marked.includes(at));
      return [name, new Set((roll < 0.5 ? matched : roll < 0.75 ? old : []).map(keyOf))] as const;
    }),
  );
  const bend = one(roll < 0.5 ? FULL : roll < 0.75 ? OWN : USELESS);
  const files = then.map((run) => [run.name, bend(fileOf(run, beside), beside)] as const);
  return {
    text: roll > 0.97 ? null : runs === null ? textOf(files[0]![1]) : textOfRuns(files),
    newOf: (items, name = '') =>
      items.filter((item) => item.status === 'bad' && known.get(name)?.has(keyOf(item)) !== true).length,
  };
}

function keyOf({ id, title }: FlaggedItem): string {
  return `${id} ${title}`;
}

/** The file of a step with one run. */
function fileOf(
  {
    projectId,
    matched,
    marked,
  }: {
    readonly projectId: string;
    readonly matched: readonly FlaggedItem[];
    readonly marked: readonly number[];
  },
  beside: Beside,
) {
  return {
    version: 1,
    time: '',
    event: 'push',
    ref: 'refs/heads/main',
    job_run: '1',
    pull_request: null,
    commit: 'c'.repeat(40),
    gate: 'failed',
    run_id: 'run_earlier',
    workflow_id: beside.workflowId,
    project_id: projectId,
    inputs_digest: beside.inputsDigest,
    baseline_commit: '',
    items: matched,
    conditions: [
      {
        severity: 'fail',
        name: beside.name,
        expression: beside.expression,
        line: 1,
        problem: null,
        result: matched.length > 0 ? 'holds' : 'does_not_hold',
        matched_count: matched.length,
        known_count: marked.length,
        waived_count: 0,
        of: null,
        known_by: ['id', 'title'],
        left_out: 0,
        matched: [...matched.keys()],
        known: marked,
        known_on_schedule: [],
        waived: [],
      },
    ],
  };
}

function textOf(file: object | string): string {
  return typeof file === 'string' ? file : JSON.stringify(file);
}

/** Where one is damaged, so is the whole. */
function textOfRuns(files: readonly (readonly [name: string, file: object | string])[]): string {
  const [, first] = files[0]!;
  const of = (file: object | string) => (typeof file === 'string' ? {} : (file as Record<string, unknown>));
  const { version, time, event, ref, job_run, pull_request, commit } = of(first);
  const parts = files.map(([name, file]) => {
    const { gate, run_id, workflow_id, project_id, inputs_digest, baseline_commit, items, conditions } =
      of(file);
    const part = { gate, run_id, workflow_id, project_id, inputs_digest, baseline_commit, items, conditions };
    return `${JSON.stringify(name)}:${JSON.stringify(part)}`;
  });
  const head = JSON.stringify({ version, time, event, ref, job_run, pull_request, commit });
  const text = `${head.slice(0, -1)},"runs":{${parts.join(',')}}}`;
  return typeof first === 'string' ? text.slice(0, -20) : text;
}
