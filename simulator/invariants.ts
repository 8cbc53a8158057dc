/** The invariants: what must hold after every run of the action, whatever faults it met. */
import { readFileSync, statSync } from 'node:fs';
import { isMap, parseDocument } from 'yaml';
import { OUTPUT_NAMES } from './runner/context.ts';
import { findCommands, hasLegacyPrefix } from './workflow-commands.ts';
import type { Api } from './api.ts';
import type { Github } from './github.ts';
import {
  attemptsPerKey,
  bindsAcrossRuns,
  maxInFlight,
  runsPerKey,
  sentBeforeHint,
  type JournalEntry,
} from './journal.ts';
import { findRunViolations, type ExpectedRun, type ReportedRun } from './invariants-of-runs.ts';
import type { RunResult } from './runner.ts';

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
export function findViolations({
  result,
  api,
  github,
  secrets,
  mayLackOutputs = false,
  toleranceMs = 0,
  earlierRequests,
  names,
  timeoutMs = Infinity,
}: Evidence): string[] {
  const found: string[] = [];
  const must = (holds: boolean, otherwise: string) => {
    if (!holds) found.push(otherwise);
  };
  const { outputs, exitCode } = result;
  const conclusion = outputs.conclusion ?? '';
  const runRows = parseRunsJson(outputs.runs_json ?? '');
  /** What is reported of each run; a step without `runs` reports it in its own outputs. */
  const runs = runRows ?? [outputs];
  const wasKilled = result.signal === 'SIGKILL';

  if (api) {
    /** The requests of this process, or of all where several ran at once. */
    const own = api.journal.slice(earlierRequests ?? 0);
    for (const [key, { stored }] of runsPerKey(api.runs))
      must(stored <= 1, `I1: ${stored} runs under ${key}`);
    for (const { entry, earlyMs } of sentBeforeHint(
      own,
      toleranceMs,
      runRows === null ? () => true : bindsAcrossRuns,
    )) {
      must(false, `I8: ${entry.call} sent ${Math.round(earlyMs)} ms before the hint had passed`);
    }
    for (const [key, { accepted, spanMs }] of attemptsPerKey(own)) {
      must(accepted <= 5, `I8: ${accepted} launches under ${key} that may have been taken`);
      must(spanMs <= 20 * HOUR_MS, `I8: a launch under ${key} ${spanMs} ms after the first`);
    }
    const launches = own.filter(({ call }) => call === 'launch');
    const others = own.filter(({ call }) => call !== 'launch');
    if (runRows === null) must(maxInFlight(api.journal) <= 1, 'I8: more than one request in flight');
    else {
      // The last polls are sent together, at a deadline that the journal does not record exactly.
      const lastPollsAt = (own[0]?.at ?? 0) + timeoutMs - LAST_POLLS_MS;
      const isLast = ({ call, at }: JournalEntry) => call === 'poll' && at >= lastPollsAt;
      for (const kind of ['launch', 'poll'] as const) {
        const most = maxInFlight(own.filter((entry) => entry.call === kind && !isLast(entry)));
        must(most <= 1, `I8: more than one ${kind} in flight`);
      }
    }
    // A process that was killed may not have read the launch's answer; it has if it went on to poll.
    const learntFrom = (wasKilled ? others : launches).filter(
      ({ call, status, hasFault, runId, isReplay }) =>
        (wasKilled && call === 'poll') ||
        (status !== null && status < 300 && !hasFault && !isReplay && runId !== null),
    );
    must(
      mayLackOutputs || learntFrom.length === 0 || runs.some((run) => run.run_id !== ''),
      'I5: the run ID was learnt and is no output',
    );
    must(
      learntFrom.length === 0 || api.runs.some(({ id }) => result.stdout.includes(id)),
      'I5: the run ID was learnt and not printed',
    );
    for (const { number, runId } of runRows === null ? [] : learntFrom) {
      if (number <= (earlierRequests ?? Infinity) || runId === null) continue;
      must(
        runs.some((run) => run.run_id === runId),
        `I5: ${runId} was learnt and is not in runs_json`,
      );
      must(result.stdout.includes(runId), `I5: ${runId} was learnt and not printed`);
    }
  }

  if (runRows !== null && api !== undefined) {
    const { outputs_file: path = '', gate = '' } = outputs;
    // A larger file would need too much memory here; tests that create one check it themselves.
    const isWhole = conclusion !== '' && path !== '' && statSync(path).size < 64_000_000;
    found.push(
      ...findRunViolations({
        rows: runRows,
        ...(names === undefined ? {} : { names }),
        conclusion,
        gate,
        file: isWhole ? readFileSync(path, 'utf8') : null,
        expectedRun: (runId) => expectedRun(api, runId),
      }),
    );
  }

  if (exitCode === 0) {
    must(result.outcome !== 'failure', 'I2: exit code 0 of a step that the runner makes red');
    must(
      ['success', 'pending', 'skipped'].includes(conclusion),
      `I2: exit code 0 with conclusion "${conclusion}"`,
    );
    if (conclusion === 'success') {
      for (const { status = '' } of runs) must(status === 'completed', `I2: success with status "${status}"`);
      for (const { gate = '' } of [...runs, outputs]) {
        must(gate === 'passed' || gate === 'none', `I2: success with gate "${gate}"`);
      }
      for (const run of runRows ?? []) {
        must(run.conclusion === 'success', `I2: success, and a run with "${run.conclusion}"`);
      }
    }
  } else if (result.signal === null) {
    // A step that a signal ended is red whatever its outputs are.
    must(
      !['success', 'pending', 'skipped'].includes(conclusion),
      `exit code ${exitCode} with conclusion "${conclusion}"`,
    );
  }

  const masked = result.stdout.replaceAll(/^::add-mask::.*$/gm, '');
  const places = {
    stdout: masked,
    stderr: result.stderr,
    'the output file': result.files.output,
    'the summary': result.summary,
    'a comment':
      github
        ?.comments()
        .map(({ body }) => body)
        .join('\n') ?? '',
    'a download': JSON.stringify(github?.actions.downloads ?? []),
  };
  for (const secret of secrets) {
    for (const [place, text] of Object.entries(places)) {
      for (const [encoding, form] of Object.entries(encodingsOf(secret))) {
        must(!text.includes(form), `I3: a secret (${encoding}) in ${place}`);
      }
    }
  }

  const own = new Set(['add-mask', 'debug', 'group', 'endgroup', 'error', 'warning']);
  for (const { name, style, stream, data } of result.commands) {
    const isOurs = style === 'current' && own.has(name.toLowerCase());
    must(isOurs, `I6: ${style} command ${name} in ${stream}: ${data}`);
    // The runner prints the text of a command too, and each of its lines becomes a line of the raw log (F17).
    must(
      !isOurs || name === 'add-mask' || (findCommands(data).length === 0 && !hasLegacyPrefix(data)),
      `I6: a command in the text of ${name} in ${stream}: ${data}`,
    );
  }
  // The runner acts only on the first command of a line; a later reader of the log may find the others.
  must(!hasLegacyPrefix(result.stdout + result.stderr), 'I6: ##[ stands in a stream');
  for (const { source = 'none', message } of result.annotations) {
    must(
      source === 'none' || message.startsWith('Unexpected input(s)'),
      `I6: an annotation by ${source}: ${message}`,
    );
  }
  const count = (level: string) =>
    result.annotations.filter((annotation) => annotation.level === level).length;
  must(count('error') <= 1, `I6: ${count('error')} error annotations`);
  must(count('warning') <= 9, `I6: ${count('warning')} warnings`);
  must(wasKilled || result.hasBalancedGroups, 'I6: the groups of the log are not balanced');
  must(
    result.outputErrors.length === 0,
    `I6: the output file does not parse: ${result.outputErrors.join('; ')}`,
  );
  must(result.summary === '' || result.shownSummary !== '', 'F11: the summary is dropped');
  must(
    result.files.env + result.files.path + result.files.state === '',
    'I6: something was written to another file',
  );

  if (!mayLackOutputs) {
    const missing = OUTPUT_NAMES.filter((name) => !(name in outputs));
    must(missing.length === 0, `I9: no output ${missing.join(', ')}`);
    const isKnown = runRows?.some((run) => run.run_id !== '') ?? false;
    const first = isKnown ? 'runs_json' : 'run_id';
    must((result.outputPairs[0]?.[0] ?? first) === first, `F9: ${first} is not the first output`);
  }

  if (github) {
    const markers = github
      .comments()
      .filter(({ user }) => user?.login === 'github-actions[bot]')
      .map(({ pullRequest, body }) => `${pullRequest} ${/^<!-- alloovium:\w+/.exec(body)?.[0] ?? ''}`);
    must(new Set(markers).size === markers.length, 'I10: two comments with one marker');
  }
  must(
    result.peakMiB === null || result.peakMiB <= 200,
    `I7: ${result.peakMiB?.toFixed(0) ?? ''} MiB of memory`,
  );
  must(!result.hasTimedOut, 'I4: it did not end by itself');
  // A process that something keeps open runs on for 4 s and more; on an idle machine 1 s is the limit (D12). On a busy machine
  // both the start and the end take seconds.
  must(
    wasKilled || result.exitDelayMs < scaledLimitMs(3_000, result),
    `it went on for ${Math.round(result.exitDelayMs)} ms after its last word`,
  );
  return found;
}

const HOUR_MS = 3_600_000;
const LAST_POLLS_MS = 30_000;
/** How long a process took until its first line on the machine where the limits were set, rounded up. */
const REFERENCE_START_MS = 100;

/** A limit in real ms, widened by how slowly this process started, at most three times. */
export function scaledLimitMs(ms: number, { startMs }: Pick<RunResult, 'startMs'>): number {
  return ms * Math.min(3, Math.max(1, (startMs || 0) / REFERENCE_START_MS));
}

/** What a step with `runs` reports of each; null: it has no `runs`, or ended before it could report. */
function parseRunsJson(runsJson: string): (ReportedRun & Readonly<Record<string, string>>)[] | null {
  return runsJson === ''
    ? null
    : (JSON.parse(runsJson) as (ReportedRun & Readonly<Record<string, string>>)[]);
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
