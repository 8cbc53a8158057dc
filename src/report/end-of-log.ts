/** Formats the end of the log after the conditions: the baseline, warnings, the verdict and the last line. Pure. */
import { isWarning } from '../gate/condition.ts';
import { describeFindings } from '../runs/describe-finding.ts';
import type { Conclusion } from '../runs/verdict.ts';
import { logLine, formatTrusted, type LogLine } from '../text/escape.ts';
import { formatDuration, joinPresent, formatTime, formatNumber, formatCount } from '../text/format.ts';
import { fillUrl } from './links.ts';
import { formatAnnotation } from './log.ts';
import type { Report, RunReport } from './report.ts';

/**
 * Formats a line for each run that was compared with a baseline: "Compared with the baseline of 2026-04-08 09:02 UTC at a81d0c4:
 * 1 new, 4 known".
 */
export function formatBaselineLines({ runs }: Pick<Report, 'runs'>): LogLine[] {
  return runs.flatMap((run) => {
    const line = formatBaselineLine(run);
    if (line === null) return [];
    return [runs.length === 1 ? line : logLine`${run.entry.name}: ${line}`];
  });
}

/** Formats the line for one run; null: it was not compared with a baseline. */
function formatBaselineLine({ changes }: RunReport): LogLine | null {
  const { baselineOf = null, since = '', conditions = [] } = changes ?? {};
  if (baselineOf === null) return null;
  const marks = conditions.flatMap((one) => one?.itemStates ?? []);
  const count = (mark: (typeof marks)[number]) => marks.filter((one) => one === mark).length;
  const added = count('new');
  const others = count('known') + count('still');
  const time = formatTime(baselineOf);
  const ofTime = { safe: time && ` of ${time}` };
  const what = joinPresent(
    ', ',
    added > 0 ? `${formatNumber(added)} new` : 'nothing new',
    others > 0 && `${formatNumber(others)} known`,
  );
  return logLine`Compared with the baseline${ofTime}${since && ` at ${since}`}: ${what}`;
}

/**
 * Describes all warnings in one text, with the next step of a step that has only warnings; empty: there are none. `isLoss`: a
 * condition could not be evaluated.
 */
export function describeWarning({ runs, verdict }: Pick<Report, 'runs' | 'verdict'>) {
  const warned = runs.map(({ entry, findings }) => ({ entry, findings: findings.filter(isWarning) }));
  const phrases = warned
    .filter(({ findings }) => findings.length > 0)
    .map(({ entry: { name }, findings }) => `${name === '' ? '' : `${name}: `}${describeFindings(findings)}`);
  const lead = `A warning only: ${phrases.join('; ')}`;
  const nextStep = verdict.exitCode === 0 ? verdict.nextStep : '';
  return {
    text: phrases.length === 0 ? '' : formatAnnotation({ lead, nextStep }),
    isLoss: warned.some(({ findings }) => findings.some(({ result }) => result === 'cannot_be_evaluated')),
  };
}

/** Formats the verdict and the next step of a green step; null: it is red, or an annotation contains both. */
export function formatPassedLine({ verdict, runs }: Pick<Report, 'verdict' | 'runs'>): LogLine | null {
  const isLogged = verdict.exitCode !== 0 || runs.some(({ findings }) => findings.some(isWarning));
  return isLogged ? null : formatTrusted(formatAnnotation(verdict));
}

const ENDED = {
  success: 'Green',
  pending: 'Launched without waiting,',
  skipped: 'Skipped',
  gate_failed: 'Red because the gate failed,',
  failure: 'Red because the run failed,',
  cancelled: 'Red because the run was cancelled at Alloovium,',
  timed_out: 'Red because the time ran out,',
  interrupted: 'Stopped by the runner',
  error: 'Red because of an error,',
} as const satisfies Record<Conclusion, string>;

const HELD_BACK = 'Red because the API asked to wait for longer than `timeout_minutes` allows,';

/** Did the launch end early, because the API asked to wait for longer than the time limit? */
function isHeldBack({ ending, runId }: RunReport): boolean {
  return ending.kind === 'timed_out' && ending.askedMs !== null && runId === '';
}

/**
 * Formats the last line: "Red because the gate failed, after 2 min 19 s: run_… (gate_failed)", with the URL of the run's page if
 * known.
 */
export function formatLastLine({ verdict, runs, links }: Report, elapsedMs: number): LogLine {
  const { conclusion } = verdict;
  const isHeldBackAlone = runs.length === 1 && runs.every(isHeldBack);
  const start = `${isHeldBackAlone ? HELD_BACK : ENDED[conclusion]} after ${formatDuration(elapsedMs)}`;
  return logLine`${{ safe: start }}${describeRuns(runs, links.runUrl)} (${{ safe: conclusion }})`;
}

/** Names the only run, or counts green runs among several; or empty. */
function describeRuns(runs: readonly RunReport[], template: string): LogLine {
  const [run, ...others] = runs;
  if (run === undefined) return logLine``;
  if (others.length > 0) {
    const green = runs.filter((one) => one.verdict.exitCode === 0).length;
    return logLine`: ${green} of ${formatCount(runs.length, 'run')} green`;
  }
  if (run.runId === '') return logLine``;
  const url = fillUrl(template, run, null);
  return url === '' ? logLine`: ${run.runId}` : logLine`: ${formatTrusted(url)}`;
}
