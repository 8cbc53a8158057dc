/**
 * What runs brought, in files: `outputs_file` and `gate_file`. Each run's are written the moment it is evaluated, since 20 runs of
 * 8 MiB do not fit into memory together.
 */
import { createHash } from 'node:crypto';
import type { Run } from '../alloovium/wire.ts';
import { isRed } from '../gate/condition.ts';
import { formatGateFile, formatGateFileRuns, packRun, type Head } from '../gate/gate-file.ts';
import type { BaselineResult } from '../gate/baseline.ts';
import { BASELINE_EVENTS } from '../gate/baseline-rules.ts';
import { digestInputs } from '../gate/inputs-digest.ts';
import { openPullRequest, type Context } from '../github/context.ts';
import type { Copy } from '../github/host.ts';
import type { Entry, Order } from '../inputs/runs-input.ts';
import type { Files, Stored } from './events.ts';
import type { Job } from './job.ts';
import type { Outcome } from './outcome.ts';
import { hasGate } from './verdict.ts';

type FileParts = Pick<Job, 'host' | 'context' | 'budget' | 'redact' | 'gateFileName'>;

/** What a gate made of a run, for one entry. */
export type EntryResult = BaselineResult & { readonly entry: Entry };

/** The same on both sides of a baseline; `run_id` leaves it open. */
export function identityOf({ runId, projectId, inputs }: Order, { own }: Job['context']) {
  return runId !== ''
    ? { projectId: null, inputsDigest: null }
    : { projectId, inputsDigest: digestInputs(inputs, own) };
}

/** Writes what a run brought for an entry. Never throws. */
export function storeFiles(
  order: Order,
  { outputs, runId, workflowId }: Run,
  { entry, results, since }: EntryResult,
  nowMs: number,
  { host, context, budget, redact, gateFileName }: FileParts,
): Stored {
  const json = outputs === undefined ? '' : JSON.stringify(outputs);
  const stored = { ...NOT_STORED, outputsJson: fits(json) ? json : null };
  // With `runs`, each run writes a part, and `joinRuns` makes the files from the parts.
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
    const file = isMany ? [text] : formatGateFile(headOf(context, nowMs), text);
    const fileName = isMany ? `gate${part}.json` : gateFileName;
    return { ...stored, gateFile: host.writeFile(fileName, ...file), leftOut };
  } catch (error) {
    return { ...stored, error: redact((error as Error).message) };
  }
}

/** Nothing to write. */
export const NOT_STORED: Stored = { outputsJson: '', outputsFile: '', gateFile: '', leftOut: 0, error: null };

/**
 * Whether the `gate_file` may serve as a baseline: at least one entry has a gate, and each of those is usable. A red review is a
 * baseline only if somebody started it by hand, or on a schedule, because a push does not accept its findings.
 */
export function isBaselineReady(outcomes: readonly Outcome[], context: JobContext | null): boolean {
  const gated = outcomes.filter(hasGate);
  return gated.length > 0 && context !== null && gated.every((outcome) => isUsableBaseline(outcome, context));
}

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
    // A plain `true` says that nothing was reviewed, or the like.
    findings.every(
      ({ condition, result, matched }) =>
        condition.severity === 'warn' || result === 'does_not_hold' || matched > 0,
    )
  );
}

type JobContext = Pick<Context, 'event' | 'ref' | 'pullRequest'>;

/** A value above 128 KiB that is handed to `env:` keeps the next step from starting. */
const MAX_VALUE_BYTES = 100_000;

/** Within what one step output may hold? */
export function fits(value: string): boolean {
  return value.length <= MAX_VALUE_BYTES && Buffer.byteLength(value, 'utf8') <= MAX_VALUE_BYTES;
}

function headOf({ event, ref, jobRunId, pullRequest, commit }: Job['context'], nowMs: number): Head {
  return {
    time: new Date(nowMs).toISOString(),
    event,
    ref,
    job_run: jobRunId,
    pull_request: openPullRequest(pullRequest),
    commit,
  };
}

/** What several runs brought, by name, in one place each. @throws Error where a file cannot be written */
export function joinRuns(
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
    outputsJson: json !== null && fits(json) ? json : null,
    outputsFile: host.writeFile('outputs.json', ...outputs, '\n}\n'),
    gateFile:
      judged.length === 0
        ? ''
        : host.writeFile(gateFileName, ...formatGateFile(headOf(context, nowMs), ...gates)),
  };
}
