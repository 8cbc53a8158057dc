/** Random baselines for `fail_on: new`, and an oracle that counts the new findings by its own rules, not by the action's. */

export interface FlaggedItem {
  readonly id: string;
  readonly title: string;
  readonly status: 'bad' | 'ok';
  readonly reason: string;
}

export interface RandomBaseline {
  /** The file's text; null: there is none. */
  readonly text: string | null;
  /** How many bad items of the run (of that name) are not in this baseline. */
  readonly countNew: (items: readonly FlaggedItem[], name?: string) => number;
}

/** The job that is compared with the baseline, and the one condition of its gate. */
export interface GateUnderTest {
  readonly jobRun: string;
  readonly workflowId: string;
  readonly inputsDigest: string;
  readonly name: string;
  readonly expression: string;
}

/** Items `a` to `d`, each bad or not; sometimes an ID names another item than before. */
export function randomItems(random: () => number, badShare: number, reason: string): FlaggedItem[] {
  return ['a', 'b', 'c', 'd'].map((id) => ({
    id,
    title: random() < 0.1 ? `${id}, renumbered` : id,
    status: random() < badShare ? 'bad' : 'ok',
    reason,
  }));
}

type Mutation = (file: Readonly<Record<string, unknown>>, beside: GateUnderTest) => object | string;

/** Files whose findings all count as known. */
const TRUSTED: readonly Mutation[] = [
  (file) => ({ ...file, gate: 'passed' }),
  (file) => ({ ...file, gate: 'none', event: 'schedule' }),
  (file) => ({ ...file, event: 'workflow_dispatch' }),
];
/** Files of which only the items that they mark as known count. */
const KNOWN_ITEMS_ONLY: readonly Mutation[] = [
  // A red push, which no person started.
  (file) => file,
  (file) => ({ ...file, event: 'repository_dispatch' }),
  (file) => ({ ...file, event: 'pull_request', ref: 'refs/pull/7/merge', pull_request: 7 }),
  (file) => ({ ...file, event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-7' }),
  (file) => ({ ...file, ref: 'refs/heads/feature' }),
  (file, { jobRun }) => ({ ...file, job_run: jobRun }),
];
/** Files that the action must not use. */
const UNUSABLE: readonly Mutation[] = [
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

/** @param runs the runs of a step with `runs`; null: a step with one run, without a project */
export function randomBaseline(
  random: () => number,
  beside: GateUnderTest,
  runs: readonly { readonly name: string; readonly projectId: string }[] | null = null,
): RandomBaseline {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const earlierRuns = (runs ?? [{ name: '', projectId: '' }]).map((run) => {
    const matched = randomItems(random, 0.7, 'then').filter(({ status }) => status === 'bad');
    return { ...run, matched, knownIndexes: [...matched.keys()].filter(() => random() < 0.5) };
  });
  const roll = random();
  const known = new Map(
    earlierRuns.map(({ name, matched, knownIndexes }) => {
      const old = matched.filter((_, at) => knownIndexes.includes(at));
      return [name, new Set((roll < 0.5 ? matched : roll < 0.75 ? old : []).map(keyOf))] as const;
    }),
  );
  const mutate = pick(roll < 0.5 ? TRUSTED : roll < 0.75 ? KNOWN_ITEMS_ONLY : UNUSABLE);
  const files = earlierRuns.map((run) => [run.name, mutate(baselineFile(run, beside), beside)] as const);
  return {
    text: roll > 0.97 ? null : runs === null ? serialize(files[0]![1]) : serializeRuns(files),
    countNew: (items, name = '') =>
      items.filter((item) => item.status === 'bad' && known.get(name)?.has(keyOf(item)) !== true).length,
  };
}

function keyOf({ id, title }: FlaggedItem): string {
  return `${id} ${title}`;
}

/** The gate file of a step with one run. */
function baselineFile(
  {
    projectId,
    matched,
    knownIndexes,
  }: {
    readonly projectId: string;
    readonly matched: readonly FlaggedItem[];
    readonly knownIndexes: readonly number[];
  },
  beside: GateUnderTest,
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
        known_count: knownIndexes.length,
        waived_count: 0,
        of: null,
        known_by: ['id', 'title'],
        left_out: 0,
        matched: [...matched.keys()],
        known: knownIndexes,
        known_on_schedule: [],
        waived: [],
      },
    ],
  };
}

function serialize(file: object | string): string {
  return typeof file === 'string' ? file : JSON.stringify(file);
}

/** The gate file of a step with `runs`; it is cut where the first run's part is. */
function serializeRuns(files: readonly (readonly [name: string, file: object | string])[]): string {
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
