/** Makes the table of all step outputs, with one for each top-level key of the run's outputs, within GitHub's limits. Pure. */
import { countFindings } from '../gate/findings.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import type { EntryResult, RunState } from '../run/run-state.ts';
import { truncate } from '../text/escape.ts';
import { sumOf } from '../text/format.ts';
import { formatOutputsFile } from './gate-file.ts';
import type { EntryReport, Report } from './report.ts';

/** A value above 128 KiB that is passed to `env:` keeps the next step from starting. */
const MAX_OUTPUT_BYTES = 100_000;
/** In UTF-16 units, without names: GitHub drops all outputs of a job above 1 MB of UTF-16. */
const MAX_TOTAL_UNITS = 420_000;
const MAX_KEYS = 256;
const MAX_NAME = 100;
/** Characters of a message, and of one in `runs_json`, so that 20 runs fit. */
const MAX_MESSAGE = 30_000;
const MAX_MESSAGE_OF_SEVERAL = 300;

/** Names that this action may use in future versions, or writes later. */
const RESERVED = /^(?:gate|run|report|outputs|matches|headline|baseline|comment_url$)/i;

/** One entry with what is known of its run, also before it has ended. */
interface RunView
  extends Pick<EntryResult, 'entry'>, Partial<Pick<EntryReport, 'verdict' | 'words' | 'gateResult'>> {
  readonly runState: RunState | null;
}

/** Returns what is known of a run, by the names of the outputs; undefined or null: not known. */
function readRun(
  { runState, verdict, words }: Omit<RunView, 'entry'>,
  gated: readonly RunView[],
  maxMessage: number,
) {
  const ms = Date.parse(runState?.completedAt ?? '') - Date.parse(runState?.startedAt ?? '');
  const { reason = '', headline = '' } = words ?? {};
  return {
    run_id: runState?.runId,
    workflow_id: runState?.workflowId,
    // A word of the API; anything else would be a text of a stranger.
    status: /^[\w-]{1,40}$/.exec(runState?.status ?? '')?.[0],
    conclusion: verdict?.conclusion,
    gate: verdict?.gate,
    headline: truncate(headline, maxMessage),
    ...countMatches(gated),
    replayed: runState === null ? null : runState.origin === 'picked_up',
    red_runs_before: runState?.redRunsBefore,
    idempotency_key: runState?.key,
    started_at: runState?.startedAt,
    completed_at: runState?.completedAt,
    duration_seconds: Number.isNaN(ms) ? null : ms / 1000,
    error_message: verdict?.exitCode === 1 ? truncate(reason || headline, maxMessage) : '',
  };
}

/** Returns all outputs of the step, and the names of those that are missing. `comment_url` follows after the comment. */
export function listOutputs(
  report: Report,
  files: Record<'outputsFile' | 'gateFile' | 'reportFile', string>,
) {
  const { results, verdict, words } = report;
  const { inputs, context, client } = report.step;
  const isSingle = inputs?.hasRuns !== true;
  const [only] = isSingle ? results : [];
  const runState = only?.runState ?? null;
  const declared = {
    ...readRun({ runState, verdict, words }, results, MAX_MESSAGE),
    red_runs_before: sumKnown(
      [...new Set(results.map((one) => one.runState))].map((one) => one.redRunsBefore),
    ),
    runs_json: isSingle ? '' : formatRunsJson(results),
    run_url: only?.runUrl,
    outputs_file: files.outputsFile,
    gate_file: files.gateFile,
    report_file: files.reportFile,
    commit: context?.commit,
    tokens_spent: client?.tokensSpent() ?? 0,
  };
  const outputs = new Map<string, string>();
  const missing: string[] = [];
  let units = 0;
  const add = (name: string, value: string | null) => {
    const fits =
      value !== null &&
      Buffer.byteLength(value) <= MAX_OUTPUT_BYTES &&
      units + value.length <= MAX_TOTAL_UNITS;
    if (!fits) missing.push(name);
    outputs.set(name, fits ? value.toWellFormed() : '');
    units += fits ? value.length : 0;
  };
  for (const [name, value] of Object.entries(declared)) add(name, String(value ?? ''));
  // The runner ignores case.
  const taken = new Set(outputs.keys());
  const ofRun = Object.entries(isJsonObject(runState?.outputs) ? runState.outputs : {});
  for (const [nth, [key, value]] of ofRun.entries()) {
    // A name may have `A-Z a-z 0-9 _ -`, and begins with a letter or `_`.
    const safe = key.slice(0, MAX_NAME).replace(/[^\w-]/g, '_');
    const name = safe.replace(/^(?=[\d-]|$)/, '_');
    const isFree = !RESERVED.test(name) && !taken.has(name.toLowerCase()) && nth < MAX_KEYS;
    if (isFree) add(name, typeof value === 'string' ? value : JSON.stringify(value));
    else missing.push(name);
    taken.add(name.toLowerCase());
  }
  // The last: what fits without it stays.
  add('outputs_json', formatOutputsFile(report) ?? '');
  return { outputs: [...outputs], missing };
}

/** Formats `runs_json`: a row for each run, in order. Headlines and messages are cut; no run is left out. */
export function formatRunsJson(runs: readonly RunView[]): string {
  const rows = runs.map((run) => ({
    name: run.entry.name,
    project_id: run.runState?.runPlan.projectId,
    ...readRun(run, [run], MAX_MESSAGE_OF_SEVERAL),
  }));
  return JSON.stringify(rows, (_key, value: JsonValue | undefined) => value ?? null);
}

/** Counts the findings of `fail_if`, and those that the baseline lacks; null: not evaluated, or not compared. */
function countMatches(runs: readonly RunView[]) {
  const counts = runs.flatMap(({ gateResult }) => {
    const gated = gateResult?.conditions.filter(({ condition }) => condition.severity === 'fail');
    return (
      gated?.map((one) => {
        const { found, new: fresh } = countFindings([one]);
        return { found, new: one.isCompared || found === 0 ? fresh : null };
      }) ?? [null]
    );
  });
  return {
    gate_matched_count: sumKnown(counts.map((one) => one?.found ?? null)),
    gate_new_count: sumKnown(counts.map((one) => one?.new ?? null)),
  };
}

/** Returns the sum; null: one is not known, or there is none. */
function sumKnown(counts: readonly (number | null)[]): number | null {
  return counts.length === 0 || counts.includes(null) ? null : sumOf(counts, (count) => count ?? 0);
}
