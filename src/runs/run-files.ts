/**
 * Writes the results of runs to files: `outputs_file` and `gate_file`. Each run's files are written as soon as it is evaluated,
 * since 20 runs of 8 MiB do not fit into memory together.
 */
import { createHash } from 'node:crypto';
import type { Run } from '../alloovium/wire.ts';
import { isRed } from '../gate/condition.ts';
import { formatGateFile, formatGateFileRuns, packRun, type Head } from '../gate/gate-file.ts';
import type { BaselineResult } from '../gate/baseline.ts';
import { BASELINE_EVENTS } from '../gate/baseline-rules.ts';
import { digestInputs } from '../gate/inputs-digest.ts';
import { findOpenPullRequest, type Context } from '../github/context.ts';
import type { Copy } from '../github/host.ts';
import type { Entry, Order } from '../inputs/runs-input.ts';
import type { Files, Stored } from './events.ts';
import type { Job } from './job.ts';
import type { Outcome } from './outcome.ts';
import { hasGate } from './verdict.ts';

type FileParts = Pick<Job, 'host' | 'context' | 'budget' | 'redact' | 'gateFileName'>;

/** The result of a gate for one entry. */
export type EntryResult = BaselineResult & { readonly entry: Entry };

/** Returns what must be equal for a baseline to apply: project and digest of the inputs; null: not known, as with `run_id`. */
export function identityOf({ runId, projectId, inputs }: Order, { jobValues }: Job['context']) {
  return runId !== ''
    ? { projectId: null, inputsDigest: null }
    : { projectId, inputsDigest: digestInputs(inputs, jobValues) };
}

/** Writes outputs and gate results of a run for an entry. Never throws: an error is part of the result. */
export function storeFiles(
  order: Order,
  { outputs, runId, workflowId }: Run,
  { entry, results, since }: EntryResult,
  nowMs: number,
  { host, context, budget, redact, gateFileName }: FileParts,
): Stored {
  const json = outputs === undefined ? '' : JSON.stringify(outputs);
  const stored = { ...NOT_STORED, outputsJson: fitsInOutput(json) ? json : null };
  // With `runs`, each run writes a part, and `writeJoinedFiles` joins the parts.
  const isMany = entry.name !== '';
  const part = isMany ? `-${createHash('sha256').update(entry.name).digest('hex').slice(0, 16)}` : '';
  try {
    if (json !== '') stored.outputsFile = host.writeFile(`outputs${part}.json`, isMany ? json : `${json}\n`);
    if (results.length === 0) return stored;
    const { projectId, inputsDigest: digest } = identityOf(order, context);
    const gate = results.some(isRed) ? 'failed' : hasGate({ entry }) ? 'passed' : 'none';
    const { text, leftOut } = packRun(
      {
        gate,
        run_id: runId,
        workflow_id: workflowId,
        project_id: projectId,
        inputs_digest: digest,
        baseline_commit: since?.commit ?? null,
      },
      results,
      budget,
    );
    const file = isMany ? [text] : formatGateFile(createHead(context, nowMs), text);
    const fileName = isMany ? `gate${part}.json` : gateFileName;
    return { ...stored, gateFile: host.writeFile(fileName, ...file), leftOut };
  } catch (error) {
    return { ...stored, error: redact((error as Error).message) };
  }
}

/** The result if there is nothing to write. */
export const NOT_STORED: Stored = { outputsJson: '', outputsFile: '', gateFile: '', leftOut: 0, error: null };

/**
 * Can the `gate_file` be a baseline? At least one entry must have a gate, and each of those must be usable. A red review is a
 * baseline only if it was started by hand or by a schedule, because a push does not accept its findings.
 */
export function isBaselineReady(outcomes: readonly Outcome[], context: JobContext | null): boolean {
  const gated = outcomes.filter(hasGate);
  return gated.length > 0 && context !== null && gated.every((outcome) => isUsableBaseline(outcome, context));
}

/** Can the part of this entry be a baseline? */
function isUsableBaseline({ stored, findings }: Outcome, context: JobContext): boolean {
  const { event, ref, pullRequest } = context;
  const mayBeRed = event === 'schedule' || event === 'workflow_dispatch';
  return (
    stored !== null &&
    stored.gateFile !== '' &&
    stored.leftOut === 0 &&
    BASELINE_EVENTS.has(event) &&
    ref.startsWith('refs/heads/') &&
    (pullRequest.kind === 'none' || pullRequest.kind === 'commented') &&
    (mayBeRed || !findings.some(isRed)) &&
    // A condition that is just true, without items, has nothing that could be known.
    findings.every(
      ({ condition, result, matched }) =>
        condition.severity === 'warn' || result === 'does_not_hold' || matched > 0,
    )
  );
}

type JobContext = Pick<Context, 'event' | 'ref' | 'pullRequest'>;

/** If a value above 128 KiB is passed to `env:`, the next step cannot start. */
const MAX_VALUE_BYTES = 100_000;

/** Is the value small enough for a step output? */
export function fitsInOutput(value: string): boolean {
  return value.length <= MAX_VALUE_BYTES && Buffer.byteLength(value, 'utf8') <= MAX_VALUE_BYTES;
}

/** Returns the head of the `gate_file`. @param nowMs by the server's clock */
function createHead({ event, ref, jobRunId, pullRequest, commit }: Job['context'], nowMs: number): Head {
  return {
    time: new Date(nowMs).toISOString(),
    event,
    ref,
    job_run: jobRunId,
    pull_request: findOpenPullRequest(pullRequest),
    commit,
  };
}

/** Writes the files of several runs from their parts, each under its name. @throws Error a file cannot be written */
export function writeJoinedFiles(
  { host, context, gateFileName }: Pick<FileParts, 'host' | 'context' | 'gateFileName'>,
  outcomes: readonly Outcome[],
  nowMs: number,
): Files {
  const runs = outcomes.map(({ entry, stored }) => ({ name: entry.name, ...(stored ?? NOT_STORED) }));
  const texts = runs.map(({ name, outputsJson }) =>
    outputsJson === null ? null : `${JSON.stringify(name)}:${outputsJson || 'null'}`,
  );
  const json = texts.includes(null) ? null : `{${texts.join(',')}}`;
  const outputs = runs.flatMap(({ name, outputsFile }, at) => [
    `${at === 0 ? '{' : ','}\n  ${JSON.stringify(name)}: `,
    outputsFile === '' ? 'null' : { copyOf: outputsFile },
  ]);
  const judged = runs.filter(({ gateFile: file }) => file !== '');
  const gates = formatGateFileRuns<Copy>(judged.map(({ name, gateFile: copyOf }) => [name, { copyOf }]));
  return {
    outputsJson: json !== null && fitsInOutput(json) ? json : null,
    outputsFile: host.writeFile('outputs.json', ...outputs, '\n}\n'),
    gateFile:
      judged.length === 0
        ? ''
        : host.writeFile(gateFileName, ...formatGateFile(createHead(context, nowMs), ...gates)),
  };
}
