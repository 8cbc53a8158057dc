/** The invariants: what must hold after every run of the action, whatever faults it met. */
import { readFileSync, statSync } from 'node:fs';
import { isMap, parseDocument } from 'yaml';
import { OUTPUT_NAMES } from './runner/context.ts';
import type { Api } from './api.ts';
import type { Github } from './github.ts';
import { findLogViolations } from './invariants-of-log.ts';
import { findRequestViolations } from './invariants-of-requests.ts';
import { findRunViolations, type ExpectedRun, type ReportedRun } from './invariants-of-runs.ts';
import type { RunResult } from './runner.ts';
import { createViolations } from './violations.ts';

export interface Evidence {
  readonly result: RunResult;
  readonly api?: Api;
  readonly github?: Github;
  /** Must not appear in any stream, file or comment, in any common encoding. */
  readonly secrets: readonly string[];
  /** The process was killed, or its output file could not be written: then outputs may be missing. */
  readonly mayLackOutputs?: boolean;
  /** How much earlier than a server's hint a request may arrive, in ms of the simulator's clock. */
  readonly toleranceMs?: number;
  /** How many requests arrived before its process started, if no other process ran at the same time; undefined: not known. */
  readonly earlierRequests?: number;
  /** With `runs`: their names, in order; undefined: not known. */
  readonly names?: readonly string[];
  /** How long the step may take; undefined: not known, or not reached. */
  readonly timeoutMs?: number;
}

/** What the invariants expect of a step with these inputs. */
export function expectationsOf({
  runs = '',
  timeout_minutes: minutes = '',
}: Readonly<Record<string, string>>) {
  const { contents } = parseDocument(runs, { uniqueKeys: false });
  return {
    timeoutMs: Number(minutes === '' ? 15 : minutes) * 60_000,
    ...(isMap(contents) && { names: contents.items.map(({ key }) => String(key).trim()) }),
  };
}

/** Describes each invariant that is violated. */
export function findViolations(evidence: Evidence): string[] {
  const { result, api, github, mayLackOutputs = false, toleranceMs = 0, timeoutMs = Infinity } = evidence;
  const runRows = parseRunsJson(result.outputs.runs_json ?? '');
  const { earlierRequests, names } = evidence;
  return [
    ...(api === undefined
      ? []
      : findRequestViolations({
          api,
          result,
          runRows,
          earlierRequests,
          mayLackOutputs,
          toleranceMs,
          timeoutMs,
        })),
    ...(api === undefined || runRows === null
      ? []
      : findRunViolations({
          rows: runRows,
          ...(names === undefined ? {} : { names }),
          conclusion: result.outputs.conclusion ?? '',
          gate: result.outputs.gate ?? '',
          file: readOutputsFile(result.outputs),
          expectedRun: (runId) => expectedRun(api, runId),
        })),
    ...findExitViolations(result, runRows),
    ...findLeaks(evidence),
    ...findLogViolations(result),
    ...(mayLackOutputs ? [] : findOutputViolations(result, runRows)),
    ...(github === undefined ? [] : findCommentViolations(github)),
    ...findProcessViolations(result),
  ];
}

/** I2: a green step is one whose result is green. */
function findExitViolations(
  { outputs, exitCode, outcome, signal }: RunResult,
  runRows: readonly RunRow[] | null,
): string[] {
  const { found, must } = createViolations();
  const { conclusion = '' } = outputs;
  const isGreen = ['success', 'pending', 'skipped'].includes(conclusion);
  if (exitCode !== 0) {
    // A step that a signal ended is red whatever its outputs are.
    must(signal !== null || !isGreen, `exit code ${exitCode} with conclusion "${conclusion}"`);
    return found;
  }
  must(outcome !== 'failure', 'I2: exit code 0 of a step that the runner makes red');
  must(isGreen, `I2: exit code 0 with conclusion "${conclusion}"`);
  if (conclusion !== 'success') return found;
  const runs = runRows ?? [outputs];
  for (const { status = '' } of runs) must(status === 'completed', `I2: success with status "${status}"`);
  for (const { gate = '' } of [...runs, outputs]) {
    must(gate === 'passed' || gate === 'none', `I2: success with gate "${gate}"`);
  }
  for (const run of runRows ?? []) {
    must(run.conclusion === 'success', `I2: success, and a run with "${run.conclusion}"`);
  }
  return found;
}

/** I3: no secret in any stream, file or comment. */
function findLeaks({ result, github, secrets }: Evidence): string[] {
  const { found, must } = createViolations();
  const comments = github?.comments().map(({ body }) => body) ?? [];
  const places = {
    stdout: result.stdout.replaceAll(/^::add-mask::.*$/gm, ''),
    stderr: result.stderr,
    'the output file': result.files.output,
    'the summary': result.summary,
    'a comment': comments.join('\n'),
    'a download': JSON.stringify(github?.actions.downloads ?? []),
  };
  for (const secret of secrets) {
    for (const [place, text] of Object.entries(places)) {
      for (const [encoding, form] of Object.entries(encodingsOf(secret))) {
        must(!text.includes(form), `I3: a secret (${encoding}) in ${place}`);
      }
    }
  }
  return found;
}

/** I9, F9: every output is written, that with the run IDs first. */
function findOutputViolations(
  { outputs, outputPairs }: RunResult,
  runRows: readonly RunRow[] | null,
): string[] {
  const { found, must } = createViolations();
  const missing = OUTPUT_NAMES.filter((name) => !(name in outputs));
  must(missing.length === 0, `I9: no output ${missing.join(', ')}`);
  const isKnown = runRows?.some((run) => run.run_id !== '') ?? false;
  const first = isKnown ? 'runs_json' : 'run_id';
  must((outputPairs[0]?.[0] ?? first) === first, `F9: ${first} is not the first output`);
  return found;
}

/** I10: one comment for each marker. */
function findCommentViolations(github: Github): string[] {
  const { found, must } = createViolations();
  const markers = github
    .comments()
    .filter(({ user }) => user?.login === 'github-actions[bot]')
    .map(({ pullRequest, body }) => `${pullRequest} ${/^<!-- alloovium:\w+/.exec(body)?.[0] ?? ''}`);
  must(new Set(markers).size === markers.length, 'I10: two comments with one marker');
  return found;
}

/** I7, I4: memory, and an end in time. */
function findProcessViolations(result: RunResult): string[] {
  const { found, must } = createViolations();
  must(
    result.peakMiB === null || result.peakMiB <= MAX_MEMORY_MIB,
    `I7: ${result.peakMiB?.toFixed(0) ?? ''} MiB of memory`,
  );
  must(!result.hasTimedOut, 'I4: it did not end by itself');
  // A process that something keeps open runs on for 4 s and more; on an idle machine 1 s is the limit (D12). On a busy machine
  // both the start and the end take seconds.
  must(
    result.signal === 'SIGKILL' || result.exitDelayMs < scaledLimitMs(3_000, result),
    `it went on for ${Math.round(result.exitDelayMs)} ms after its last word`,
  );
  return found;
}

const MAX_MEMORY_MIB = 200;
/** How long a process took until its first line on the machine where the limits were set, rounded up. */
const REFERENCE_START_MS = 100;

/** A limit in real ms, widened by how slowly this process started, at most three times. */
export function scaledLimitMs(ms: number, { startMs }: Pick<RunResult, 'startMs'>): number {
  return ms * Math.min(3, Math.max(1, (startMs || 0) / REFERENCE_START_MS));
}

type RunRow = ReportedRun & Readonly<Record<string, string>>;

/** What a step with `runs` reports of each; null: it has no `runs`, or ended before it could report. */
function parseRunsJson(runsJson: string): RunRow[] | null {
  return runsJson === '' ? null : (JSON.parse(runsJson) as RunRow[]);
}

/** The text of `outputs_file`; null: there is none, or the step did not end. */
function readOutputsFile({ conclusion = '', outputs_file: path = '' }: RunResult['outputs']): string | null {
  // A larger file would need too much memory here; tests that create one check it themselves.
  const isWhole = conclusion !== '' && path !== '' && statSync(path).size < 64_000_000;
  return isWhole ? readFileSync(path, 'utf8') : null;
}

/** A run, with the outputs in the answer to its last poll. */
function expectedRun({ runs, journal }: Api, runId: string): ExpectedRun | undefined {
  const run = runs.find(({ id }) => id === runId);
  if (run === undefined) return undefined;
  const reported = journal.findLast(
    (entry) => entry.call === 'poll' && entry.runId === runId && entry.status === 200,
  );
  let outputs: unknown;
  try {
    ({ outputs } = JSON.parse(reported?.answerBody.toString() ?? '{}') as { outputs?: unknown });
  } catch {
    // A fault's body.
  }
  return { projectId: run.projectId, outputs };
}

function encodingsOf(secret: string): Record<string, string> {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return {
    plain: secret,
    base64,
    'base64, after a colon': Buffer.from(`x-access-token:${secret}`).toString('base64').slice(24, -4),
    'percent-encoded': encodeURIComponent(secret),
  };
}
