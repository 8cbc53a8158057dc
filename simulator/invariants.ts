/** What must hold after every run of the action, whatever was done to it. */
import { readFileSync, statSync } from 'node:fs';
import { isMap, parseDocument } from 'yaml';
import { OUTPUT_NAMES } from './runner/context.ts';
import { findCommands, hasLegacyPrefix } from './commands.ts';
import type { Api } from './api.ts';
import type { Github } from './github.ts';
import {
  attemptsPerKey,
  bindsSeveral,
  mostInFlight,
  runsPerKey,
  sentBeforeHint,
  type Entry,
} from './journal.ts';
import { breachesOfRuns, type MadeRun, type Row } from './invariants-of-runs.ts';
import type { RunResult } from './runner.ts';

export interface Evidence {
  readonly result: RunResult;
  readonly api?: Api;
  readonly github?: Github;
  /** Must appear in no stream, file or comment, in no common encoding. */
  readonly secrets: readonly string[];
  /** The process was killed, or its output file was no file to write to: then outputs may be missing. */
  readonly outputsLost?: boolean;
  /** How much earlier than a server's hint a request may arrive, in ms of the simulator's clock. */
  readonly toleranceMs?: number;
  /** How many requests came before its process began, where no other asks beside it; not given: not known. */
  readonly from?: number;
  /** With `runs`: their names, in order; not given: not known. */
  readonly names?: readonly string[];
  /** How long the step may take, in ms; not given: not known, or not reached. */
  readonly timeoutMs?: number;
}

/** What the invariants hold a step to, by its inputs. */
export function knownOf({ runs = '', timeout_minutes: minutes = '' }: Readonly<Record<string, string>>) {
  const { contents } = parseDocument(runs, { uniqueKeys: false });
  return {
    timeoutMs: Number(minutes === '' ? 15 : minutes) * 60_000,
    ...(isMap(contents) && { names: contents.items.map(({ key }) => String(key).trim()) }),
  };
}

/** Sentences about what does not hold; none is good. */
export function breaches({
  result,
  api,
  github,
  secrets,
  outputsLost = false,
  toleranceMs = 0,
  from,
  names,
  timeoutMs = Infinity,
}: Evidence): string[] {
  const found: string[] = [];
  const must = (holds: boolean, otherwise: string) => {
    if (!holds) found.push(otherwise);
  };
  const { outputs, exitCode } = result;
  const conclusion = outputs.conclusion ?? '';
  const many = runsOf(outputs.runs_json ?? '');
  /** What is said of each run: of a step without `runs` its own outputs say it. */
  const runs = many ?? [outputs];
  const wasKilled = result.signal === 'SIGKILL';

  if (api) {
    /** Of this process, or of all where several asked at once. */
    const own = api.journal.slice(from ?? 0);
    for (const [key, { kept }] of runsPerKey(api.runs)) must(kept <= 1, `I1: ${kept} runs under ${key}`);
    for (const { entry, earlyMs } of sentBeforeHint(
      own,
      toleranceMs,
      many === null ? () => true : bindsSeveral,
    )) {
      must(false, `I8: ${entry.call} sent ${Math.round(earlyMs)} ms before the hint had passed`);
    }
    for (const [key, { accepted, spanMs }] of attemptsPerKey(own)) {
      must(accepted <= 5, `I8: ${accepted} launches under ${key} that may have been taken`);
      must(spanMs <= 20 * HOUR_MS, `I8: a launch under ${key} ${spanMs} ms after the first`);
    }
    const launches = own.filter(({ call }) => call === 'launch');
    const others = own.filter(({ call }) => call !== 'launch');
    if (many === null) must(mostInFlight(api.journal) <= 1, 'I8: more than one request in flight');
    else {
      // The last polls go out together, at a deadline that the journal does not have to the millisecond.
      const lastPollsAt = (own[0]?.at ?? 0) + timeoutMs - LAST_POLLS_MS;
      const isLast = ({ call, at }: Entry) => call === 'poll' && at >= lastPollsAt;
      for (const kind of ['launch', 'poll'] as const) {
        const most = mostInFlight(own.filter((entry) => entry.call === kind && !isLast(entry)));
        must(most <= 1, `I8: more than one ${kind} in flight`);
      }
    }
    // Killed while the launch's answer was on its way it may not have read it; it has where it went on to poll.
    const learnt = (wasKilled ? others : launches).filter(
      ({ call, status, faulty, runId, replayed }) =>
        (wasKilled && call === 'poll') ||
        (status !== null && status < 300 && !faulty && !replayed && runId !== null),
    );
    must(
      outputsLost || learnt.length === 0 || runs.some((run) => run.run_id !== ''),
      'I5: the run ID was learnt and is no output',
    );
    must(
      learnt.length === 0 || api.runs.some(({ id }) => result.stdout.includes(id)),
      'I5: the run ID was learnt and not printed',
    );
    for (const { n, runId } of many === null ? [] : learnt) {
      if (n <= (from ?? Infinity) || runId === null) continue;
      must(
        runs.some((run) => run.run_id === runId),
        `I5: ${runId} was learnt and is not in runs_json`,
      );
      must(result.stdout.includes(runId), `I5: ${runId} was learnt and not printed`);
    }
  }

  if (many !== null && api !== undefined) {
    const { outputs_file: path = '', gate = '' } = outputs;
    // What is as large as that costs more memory than a test may have: whoever makes it looks for itself.
    const isWhole = conclusion !== '' && path !== '' && statSync(path).size < 64_000_000;
    found.push(
      ...breachesOfRuns({
        rows: many,
        ...(names === undefined ? {} : { names }),
        conclusion,
        gate,
        file: isWhole ? readFileSync(path, 'utf8') : null,
        made: (runId) => madeRun(api, runId),
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
      for (const run of many ?? []) {
        must(run.conclusion === 'success', `I2: success, and a run with "${run.conclusion}"`);
      }
    }
  } else if (result.signal === null) {
    // Ended by a signal, as at its very last moment, the step is red whatever its outputs say.
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
      for (const [encoding, form] of Object.entries(formsOf(secret))) {
        must(!text.includes(form), `I3: a secret (${encoding}) in ${place}`);
      }
    }
  }

  const own = new Set(['add-mask', 'debug', 'group', 'endgroup', 'error', 'warning']);
  for (const { name, style, stream, data } of result.commands) {
    const isOurs = style === 'current' && own.has(name.toLowerCase());
    must(isOurs, `I6: ${style} command ${name} in ${stream}: ${data}`);
    // The text of one of ours is written out too, and each of its lines is a line of the raw log (F17).
    must(
      !isOurs || name === 'add-mask' || (findCommands(data).length === 0 && !hasLegacyPrefix(data)),
      `I6: a command in the text of ${name} in ${stream}: ${data}`,
    );
  }
  // The runner reads only the first of a line; whoever reads the log after it may find the others.
  must(!hasLegacyPrefix(result.stdout + result.stderr), 'I6: ##[ stands in a stream');
  for (const { by = 'none', message } of result.annotations) {
    must(
      by === 'none' || message.startsWith('Unexpected input(s)'),
      `I6: an annotation by ${by}: ${message}`,
    );
  }
  const count = (level: string) =>
    result.annotations.filter((annotation) => annotation.level === level).length;
  must(count('error') <= 1, `I6: ${count('error')} error annotations`);
  must(count('warning') <= 9, `I6: ${count('warning')} warnings`);
  must(wasKilled || result.groupsBalanced, 'I6: the groups of the log are not balanced');
  must(
    result.outputErrors.length === 0,
    `I6: the output file does not parse: ${result.outputErrors.join('; ')}`,
  );
  must(result.summary === '' || result.summaryShown !== '', 'F11: the summary is dropped');
  must(
    result.files.env + result.files.path + result.files.state === '',
    'I6: something was written to another file',
  );

  if (!outputsLost) {
    const missing = OUTPUT_NAMES.filter((name) => !(name in outputs));
    must(missing.length === 0, `I9: no output ${missing.join(', ')}`);
    const isKnown = many?.some((run) => run.run_id !== '') ?? false;
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
  must(!result.killed, 'I4: it did not end by itself');
  // A process that something holds open goes on for 4 s and more; 1 s is asked of it where nothing else runs (D12). Where the
  // machine is so busy that a start takes seconds, so does the end.
  must(
    wasKilled || result.lingerMs < within(3_000, result),
    `it went on for ${Math.round(result.lingerMs)} ms after its last word`,
  );
  return found;
}

const HOUR_MS = 3_600_000;
const LAST_POLLS_MS = 30_000;
/** What a process takes until its first line where the limits were set, and some. */
const START_MS = 100;

/** A limit in real ms, so much wider as the machine was slower to start this very process, three times at most. */
export function within(ms: number, { startMs }: Pick<RunResult, 'startMs'>): number {
  return ms * Math.min(3, Math.max(1, (startMs || 0) / START_MS));
}

/** Of a step with `runs` what it tells of each; null: it has none, or was ended before it could tell. */
function runsOf(runsJson: string): (Row & Readonly<Record<string, string>>)[] | null {
  return runsJson === '' ? null : (JSON.parse(runsJson) as (Row & Readonly<Record<string, string>>)[]);
}

/** A run, with the outputs that the last poll was to be told. */
function madeRun({ runs, journal }: Api, runId: string): MadeRun | undefined {
  const run = runs.find(({ id }) => id === runId);
  if (run === undefined) return undefined;
  const reported = journal.findLast(
    (entry) => entry.call === 'poll' && entry.runId === runId && entry.status === 200,
  );
  let outputs: unknown;
  try {
    ({ outputs } = JSON.parse(reported?.answerBody.toString() ?? '{}') as { outputs?: unknown });
  } catch {
    // A fault's.
  }
  return { projectId: run.projectId, outputs };
}

function formsOf(secret: string): Record<string, string> {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return {
    plain: secret,
    base64,
    'base64, after a colon': Buffer.from(`x-access-token:${secret}`).toString('base64').slice(24, -4),
    'percent-encoded': encodeURIComponent(secret),
  };
}
