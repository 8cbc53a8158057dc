/** Writes the `gate_file`: the gate's findings with all items, for people and other tools. docs/gate-file.schema.json describes it. */
import type { JsonValue } from '../json.ts';
import type { Compared, Finding } from '../gate/finding.ts';
import type { ReviewParts } from '../gate/findings.ts';

/** The file's words for a result. */
const RESULTS = {
  true: 'holds',
  not_true: 'does_not_hold',
  cannot_be_evaluated: 'cannot_be_evaluated',
} as const;

/** The job that writes the file. */
interface GateFileHead {
  /** When it is written, ISO 8601. */
  readonly time: string;
  readonly event: string;
  readonly ref: string;
  readonly job_run: string;
  readonly pull_request: number | null;
  readonly commit: string;
}

/** Formats one entry's part, without braces. Each item is in it once. */
export function formatGateRun(
  compared: readonly Compared[],
  findings: readonly Finding[],
  {
    runPlan,
    runId,
    workflowId,
    baseline,
  }: Pick<ReviewParts, 'runPlan' | 'runId' | 'workflowId' | 'baseline'>,
): string {
  const places = new Map<JsonValue, number>();
  const items: string[] = [];
  const placeOf = ({ value }: { readonly value: JsonValue }): number => {
    const place = places.get(value) ?? items.push(JSON.stringify(value)) - 1;
    places.set(value, place);
    return place;
  };
  const conditions = findings.map((finding, at) => {
    const { condition, result, counts, problem, knownBy } = finding;
    const { matched = [], waived = [] } = compared[at] ?? {};
    return JSON.stringify({
      ...condition,
      result: RESULTS[result],
      matched_count: counts.matched,
      known_count: counts.known,
      waived_count: counts.waived,
      of: counts.others === null ? null : counts.matched + counts.waived + counts.others,
      problem: problem?.code ?? null,
      known_by: knownBy,
      matched: matched.map(placeOf),
      known:
        counts.known === null ? null : matched.flatMap(({ isKnown }, nth) => (isKnown === true ? [nth] : [])),
      waived: waived.map(placeOf),
    });
  });
  const isGated = findings.some(({ condition }) => condition.severity === 'fail');
  const fields = {
    gate: findings.some(({ isFailing }) => isFailing) ? 'failed' : isGated ? 'passed' : 'none',
    run_id: runId,
    workflow_id: workflowId,
    // The project of a run that another step launched is not known.
    project_id: runPlan.runId === '' ? runPlan.projectId : null,
    baseline_commit: baseline.code === 'usable' ? baseline.baseline.commit : null,
  };
  const list = (texts: readonly string[]) => `[${texts.map((text) => `\n    ${text}`).join(',')}\n  ]`;
  // Without its braces.
  const head = JSON.stringify(fields, null, 2).slice(2, -2);
  return `${head},\n  "items": ${list(items)},\n  "conditions": ${list(conditions)}`;
}

/** Formats the file in pieces, since the parts of many runs would be long together. @param runs one with an empty name: the step has no `runs` */
export function* formatGateFile(
  head: GateFileHead,
  runs: Iterable<readonly [name: string, gateFilePart: string]>,
): Generator<string> {
  yield `${JSON.stringify({ version: 1, ...head }, null, 2).slice(0, -2)},\n`;
  let separator = '  "runs": {';
  for (const [name, gateFilePart] of runs) {
    if (name === '') {
      yield `${gateFilePart}\n}\n`;
      return;
    }
    yield `${separator}\n  ${JSON.stringify(name)}: {\n${gateFilePart}\n  }`;
    separator = ',';
  }
  yield '\n  }\n}\n';
}
