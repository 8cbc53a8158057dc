/** Evaluates the gates of an ended run, and writes `outputs_file` and `gate_file`. */
import { readFileSync } from 'node:fs';
import type { Run } from '../api/wire.ts';
import { waitAtMost } from '../clock.ts';
import { Ended, outOfTime } from '../outcome.ts';
import { formatGateFile } from '../report/gate-file.ts';
import { reviewEntry, type ReviewedEntry } from '../gate/findings.ts';
import type { StepParts } from './parts.ts';
import { MAX_OUTPUT_BYTES, type RunState } from './run-state.ts';

const MAX_GATE_MS = 4_000;
/** So long after the deadline a gate may begin: the last checks of several runs end then. */
const GATE_GRACE_MS = 5_000;

/** @returns one for each entry. @throws Ended out of time; or the signal's reason */
export async function evaluateGates(
  runState: RunState,
  run: Run,
  parts: StepParts,
): Promise<ReviewedEntry[]> {
  const { clock, deadline, signal, failOn } = parts;
  const { runPlan, workflowId } = runState;
  const leftMs = deadline + GATE_GRACE_MS - clock.now();
  const baseline = await waitAtMost(clock, parts.baseline, Math.max(0, leftMs), signal);
  signal.throwIfAborted();
  if (baseline === null || leftMs <= 0) throw outOfTime('evaluation');
  const began = clock.now();
  const checkTime = (): void => {
    if (clock.now() - began > MAX_GATE_MS) throw new Ended({ kind: 'gate_timeout' });
  };
  const about = { runPlan, baseline, failOn, today: parts.today(), runId: run.runId, workflowId, checkTime };
  return runPlan.entries.map((entry) =>
    reviewEntry(entry.gate.evaluate(run.outputs, checkTime), { ...about, entry }),
  );
}

export function isFailing({ review }: ReviewedEntry): boolean {
  return review.findings.some((finding) => finding.isFailing);
}

/**
 * Notes the outputs of an ended run, and writes their file. Of several runs large outputs are in the file alone, since 20 runs of 8 MiB do
 * not fit into memory together.
 */
export function keepOutputs(runState: RunState, run: Run, { runner, hasRuns }: StepParts): void {
  runState.openRun = 'nothing';
  const json = run.outputs == null ? '' : JSON.stringify(run.outputs);
  const isSmall = Buffer.byteLength(json) <= MAX_OUTPUT_BYTES;
  runState.outputsJson = isSmall ? json : null;
  runState.outputs = isSmall || !hasRuns ? run.outputs : undefined;
  if (json !== '')
    runState.outputsFile = runner.writeFile(hasRuns ? `outputs-${run.runId}.json` : 'outputs.json', json);
}

/** Notes the reviews, and writes their parts of `gate_file`. */
export function keepReviews(
  runState: RunState,
  reviewed: readonly ReviewedEntry[],
  { runner }: StepParts,
): void {
  runState.reviews = reviewed.map(({ review }) => review);
  runState.gateFiles = reviewed.map(({ review, gateFilePart }, nth) =>
    review.findings.length === 0
      ? ''
      : runner.writeFile(`gate-${runState.runId}-${nth + 1}.part`, gateFilePart),
  );
}

/** Paths; empty: there is no such file. */
export interface StepFiles {
  readonly outputsFile: string;
  readonly gateFile: string;
}

/** Joins the runs' files to those of the step; an empty path: there is nothing. One run's part at a time is in memory. */
export function writeStepFiles(
  runStates: readonly RunState[],
  { runner, clock, context, hasRuns }: Pick<StepParts, 'runner' | 'clock' | 'context' | 'hasRuns'>,
): StepFiles {
  const parts = runStates.flatMap(({ runPlan, outputsFile, gateFiles }) =>
    runPlan.entries.map(({ name }, nth) => ({ name, outputs: outputsFile, gate: gateFiles[nth] ?? '' })),
  );
  const gates = parts.filter(({ gate }) => gate !== '');
  const { event, ref, workflowRunId, pullRequest, commit } = context;
  const head = {
    time: new Date(clock.date()).toISOString(),
    event,
    ref,
    job_run: workflowRunId,
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
