/**
 * A run that has ended: what its gates make of it, and what it brought, written the moment it is judged: 20 runs of 8 MiB do
 * not fit into memory side by side.
 */
import { createHash } from 'node:crypto';
import type { Run } from '../alloovium/wire.ts';
import { isRed, type JudgedResult } from '../gate/condition.ts';
import {
  gateFile,
  gateFileOfRuns,
  gateFileRun,
  pack,
  type GateFile,
  type Head,
  type Room,
} from '../gate/gate-file.ts';
import { inputsDigest, UNJUDGED, weigh, type Judgement } from '../gate/known.ts';
import type { Context } from '../github/context.ts';
import type { Copy, Host } from '../github/host.ts';
import type { Entry, Order } from '../inputs/entries.ts';
import type { Outcome, Stored } from './outcome.ts';

/** What runs are judged beside, and where what they bring is written. */
export interface JudgeParts {
  /** null: none is given; a text: why it cannot be used. */
  readonly baseline: GateFile | string | null;
  readonly failOn: 'any' | 'new';
  readonly context: Pick<
    Context,
    'commit' | 'when' | 'jobRunId' | 'baselineRefs' | 'own' | 'event' | 'ref' | 'pullRequest'
  >;
  readonly host: Pick<Host, 'writeFile'>;
  /** How much of the `gate_file` one entry may take. */
  readonly room: Room;
  readonly redact: (text: string) => string;
}

/** The same on both sides of a baseline; `run_id` leaves it open. */
function identityOf({
  order,
  runId,
  context,
}: { readonly order: Order; readonly runId: string } & Pick<JudgeParts, 'context'>) {
  const isAttached = order.runId !== '';
  return {
    runId,
    projectId: isAttached ? null : order.projectId,
    inputsDigest: isAttached ? null : inputsDigest(order.inputs, context.own),
  };
}

/**
 * The gates' results for a run, entry by entry; none unless it completed.
 * @param nowMs by the server's clock
 */
export function judge(order: Order, run: Run, nowMs: number, parts: JudgeParts): readonly Judgement[] {
  const { baseline, failOn, context } = parts;
  const about = {
    ...{ baseline, failOn, job: context, ...identityOf({ order, runId: run.runId, context }) },
    workflowId: run.workflowId,
    isByCommit: order.idempotencyKey === '' && context.when === context.commit,
    today: new Date(nowMs).toISOString().slice(0, 10),
  };
  return order.entries.map(({ name, gate, knownBy, waivers }) =>
    run.status === 'completed'
      ? weigh(gate.evaluate(run.outputs), { ...about, name, knownBy, waivers })
      : UNJUDGED,
  );
}

/** Writes what a run brought for an entry. Never throws. */
export function store(
  order: Order,
  entry: Entry,
  run: Run,
  { results, since }: Judgement,
  nowMs: number,
  parts: JudgeParts,
): Stored {
  const { host, context, room, redact } = parts;
  const json = run.outputs === undefined ? '' : JSON.stringify(run.outputs);
  const outputsJson = fits(json) ? json : null;
  // Of `runs` each writes parts, of which `joinRuns` makes the files.
  const isMany = entry.name !== '';
  const part = isMany ? `-${createHash('sha256').update(entry.name).digest('hex').slice(0, 16)}` : '';
  try {
    const outputsFile = json === '' ? '' : host.writeFile(`outputs${part}.json`, isMany ? json : `${json}\n`);
    if (results.length === 0) return { outputsJson, outputsFile, gateFile: '', leftOut: 0, error: null };
    const about = identityOf({ order, runId: run.runId, context });
    const packed = pack(
      {
        ...{ gate: gateWord(results), run_id: about.runId, workflow_id: run.workflowId },
        ...{ project_id: about.projectId, inputs_digest: about.inputsDigest, baseline_commit: since },
      },
      results,
      room,
    );
    const file = isMany ? gateFileRun(packed) : gateFile(headOf(context, nowMs), packed);
    return {
      outputsJson,
      outputsFile,
      gateFile: host.writeFile(`gate${part}.json`, file),
      leftOut: packed.leftOut,
      error: null,
    };
  } catch (error) {
    return {
      outputsJson,
      outputsFile: '',
      gateFile: '',
      leftOut: 0,
      error: redact((error as Error).message),
    };
  }
}

/** May the `gate_file` serve a later run as its baseline? Of every entry that has a gate, and there is one. */
export function isBaselineReady(outcomes: readonly Outcome[]): boolean {
  const gated = outcomes.filter(({ entry }) =>
    entry.gate.conditions.some(({ severity }) => severity === 'fail'),
  );
  const isReady = ({ findings, stored }: Outcome) =>
    findings.length > 0 &&
    // A plain `true` says that nothing was reviewed, or the like.
    findings.every(
      ({ condition, result, matched }) =>
        condition.severity === 'warn' || result === 'does_not_hold' || matched > 0,
    ) &&
    stored !== null &&
    stored.gateFile !== '' &&
    stored.leftOut === 0;
  return gated.length > 0 && gated.every(isReady);
}

/** A value above 128 KiB that is handed to `env:` keeps the next step from starting. */
const MAX_VALUE_BYTES = 100_000;

/** Within what one step output may hold? */
export function fits(value: string): boolean {
  return value.length <= MAX_VALUE_BYTES && Buffer.byteLength(value, 'utf8') <= MAX_VALUE_BYTES;
}

function headOf({ event, ref, jobRunId, pullRequest, commit }: JudgeParts['context'], nowMs: number): Head {
  return {
    ...{ time: new Date(nowMs).toISOString(), event, ref, job_run: jobRunId },
    ...{ pull_request: typeof pullRequest === 'number' ? pullRequest : null, commit },
  };
}

function gateWord(results: readonly JudgedResult[]): 'passed' | 'failed' | 'none' {
  if (!results.some(({ condition }) => condition.severity === 'fail')) return 'none';
  return results.some(isRed) ? 'failed' : 'passed';
}

/**
 * What several runs brought, by name, in one place each.
 * @throws Error where a file cannot be written
 */
export function joinRuns(
  { host, context }: Pick<JudgeParts, 'host' | 'context'>,
  outcomes: readonly Outcome[],
  nowMs: number,
): Omit<Stored, 'error'> {
  const runs = outcomes.map(({ entry, stored }) => ({ name: entry.name, stored }));
  const texts = runs.map(({ stored }) =>
    stored === null || stored.outputsJson === '' ? 'null' : stored.outputsJson,
  );
  const json = texts.includes(null)
    ? null
    : `{${runs.map(({ name }, at) => `${JSON.stringify(name)}:${texts[at] ?? 'null'}`).join(',')}}`;
  const judged = runs.flatMap(({ name, stored }) =>
    stored === null || stored.gateFile === '' ? [] : [[name, [{ copyOf: stored.gateFile }]] as const],
  );
  return {
    outputsJson: json !== null && fits(json) ? json : null,
    outputsFile: host.writeFile('outputs.json', outputsOf(runs)),
    gateFile:
      judged.length === 0
        ? ''
        : host.writeFile('gate.json', gateFileOfRuns<Copy>(headOf(context, nowMs), judged)),
    leftOut: runs.reduce((sum, { stored }) => sum + (stored?.leftOut ?? 0), 0),
  };
}

function* outputsOf(
  runs: readonly { readonly name: string; readonly stored: Stored | null }[],
): Generator<string | Copy> {
  for (const [at, { name, stored }] of runs.entries()) {
    yield `${at === 0 ? '{' : ','}\n  ${JSON.stringify(name)}: `;
    yield stored === null || stored.outputsFile === '' ? 'null' : { copyOf: stored.outputsFile };
  }
  yield '\n}\n';
}
