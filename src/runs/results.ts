/** Evaluates the gates of an ended run, and writes `outputs_file` and `gate_file`. */
import { readFileSync } from 'node:fs';
import type { Run } from '../alloovium/wire.ts';
import { waitAtMost } from '../clock.ts';
import { Ended, outOfTime } from '../ending.ts';
import { formatGateFile } from '../gate/gate-file.ts';
import { reviewEntry, type ReviewedEntry } from '../gate/review.ts';
import type { StepParts } from './parts.ts';
import { MAX_OUTPUT_BYTES, type RunRecord } from './record.ts';

const MAX_GATE_MS = 4_000;
/** So long after the deadline a gate may begin: the last checks of several runs end then. */
const GATE_GRACE_MS = 5_000;

/** @returns one for each entry. @throws Ended out of time; or the signal's reason */
export async function evaluateGates(record: RunRecord, run: Run, parts: StepParts): Promise<ReviewedEntry[]> {
  const { clock, deadline, signal, failOn } = parts;
  const { order, workflowId } = record;
  const leftMs = deadline + GATE_GRACE_MS - clock.now();
  const baseline = await waitAtMost(clock, parts.baseline, Math.max(0, leftMs), signal);
  signal.throwIfAborted();
  if (baseline === null || leftMs <= 0) throw outOfTime('evaluation');
  const began = clock.now();
  const checkTime = (): void => {
    if (clock.now() - began > MAX_GATE_MS) throw new Ended({ kind: 'gate_timeout' });
  };
  const about = { order, baseline, failOn, today: parts.today(), runId: run.runId, workflowId, checkTime };
  return order.entries.map((entry) =>
    reviewEntry(entry.gate.evaluate(run.outputs, checkTime), { ...about, entry }),
  );
}

export function isRed({ review }: ReviewedEntry): boolean {
  return review.findings.some((finding) => finding.isRed);
}

/**
 * Notes the outputs of an ended run, and writes their file. Of several runs large outputs are in the file alone, since 20 runs of 8 MiB do
 * not fit into memory together.
 */
export function keepOutputs(record: RunRecord, run: Run, { runner, hasRuns }: StepParts): void {
  record.openRun = 'nothing';
  const json = run.outputs == null ? '' : JSON.stringify(run.outputs);
  const isSmall = Buffer.byteLength(json) <= MAX_OUTPUT_BYTES;
  record.outputsJson = isSmall ? json : null;
  record.outputs = isSmall || !hasRuns ? run.outputs : undefined;
  if (json !== '')
    record.outputsFile = runner.writeFile(hasRuns ? `outputs-${run.runId}.json` : 'outputs.json', json);
}

/** Notes the reviews, and writes their parts of `gate_file`. */
export function keepReviews(
  record: RunRecord,
  reviewed: readonly ReviewedEntry[],
  { runner }: StepParts,
): void {
  record.reviews = reviewed.map(({ review }) => review);
  record.gateFiles = reviewed.map(({ review, gateFilePart }, nth) =>
    review.findings.length === 0
      ? ''
      : runner.writeFile(`gate-${record.runId}-${nth + 1}.part`, gateFilePart),
  );
}

/** Paths; empty: there is no such file. */
export interface StepFiles {
  readonly outputsFile: string;
  readonly gateFile: string;
}

/** Joins the runs' files to those of the step; an empty path: there is nothing. One run's part at a time is in memory. */
export function writeStepFiles(
  records: readonly RunRecord[],
  { runner, clock, context, hasRuns }: Pick<StepParts, 'runner' | 'clock' | 'context' | 'hasRuns'>,
): StepFiles {
  const parts = records.flatMap(({ order, outputsFile, gateFiles }) =>
    order.entries.map(({ name }, nth) => ({ name, outputs: outputsFile, gate: gateFiles[nth] ?? '' })),
  );
  const gates = parts.filter(({ gate }) => gate !== '');
  const { event, ref, jobRunId, pullRequest, commit } = context;
  const head = {
    time: new Date(clock.date()).toISOString(),
    event,
    ref,
    job_run: jobRunId,
    pull_request: pullRequest?.number ?? null,
    commit,
  };
  return {
    outputsFile: hasRuns ? runner.writeFile('outputs.json', joinOutputs(parts)) : (parts[0]?.outputs ?? ''),
    gateFile: gates.length === 0 ? '' : runner.writeFile('gate.json', formatGateFile(head, readGates(gates))),
  };
}

interface Part {
  readonly name: string;
  readonly outputs: string;
  readonly gate: string;
}

function* joinOutputs(parts: readonly Part[]): Generator<string> {
  let separator = '{';
  for (const { name, outputs } of parts) {
    yield `${separator}\n${JSON.stringify(name)}: `;
    yield outputs === '' ? 'null' : readFileSync(outputs, 'utf8');
    separator = ',';
  }
  yield '\n}\n';
}

function* readGates(parts: readonly Part[]): Generator<readonly [name: string, gateFilePart: string]> {
  for (const { name, gate } of parts) yield [name, readFileSync(gate, 'utf8')];
}
