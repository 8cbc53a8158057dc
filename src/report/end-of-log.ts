/** How the log ends, behind the conditions: the baseline, what warns, the verdict, how it all ended. Pure. */
import { isWarning } from '../gate/condition.ts';
import { describeFindings } from '../runs/describe-finding.ts';
import type { Conclusion } from '../runs/verdict.ts';
import { logLine, trustedLine, type LogLine } from '../text/escape.ts';
import { formatDuration, joinPresent, formatTime, formatNumber, formatCount } from '../text/format.ts';
import { addressOf } from './links.ts';
import { annotation } from './log.ts';
import type { Report, RunReport } from './report.ts';

/** "Compared with the baseline of 2026-04-08 09:02 UTC at a81d0c4: 1 new, 4 known", for each run that was. */
export function baselineLines({ runs }: Pick<Report, 'runs'>): LogLine[] {
  return runs.flatMap((run) => {
    const line = baselineLine(run);
    if (line === null) return [];
    return [runs.length === 1 ? line : logLine`${run.entry.name}: ${line}`];
  });
}

function baselineLine({ changes }: RunReport): LogLine | null {
  const { baselineOf = null, since = '', conditions = [] } = changes ?? {};
  if (baselineOf === null) return null;
  const marks = conditions.flatMap((one) => one?.itemStates ?? []);
  const count = (mark: (typeof marks)[number]) => marks.filter((one) => one === mark).length;
  const [added, others] = [count('new'), count('known') + count('still')];
  const time = formatTime(baselineOf);
  const ofTime = { safe: time && ` of ${time}` };
  const what = joinPresent(
    ', ',
    added > 0 ? `${formatNumber(added)} new` : 'nothing new',
    others > 0 && `${formatNumber(others)} known`,
  );
  return logLine`Compared with the baseline${ofTime}${since && ` at ${since}`}: ${what}`;
}

/** What warns, with the next step of a step that only warns; `text` is empty where nothing does. */
export function describeWarning({ runs, verdict }: Pick<Report, 'runs' | 'verdict'>) {
  const warned = runs.map(({ entry, findings }) => ({ entry, findings: findings.filter(isWarning) }));
  const phrases = warned
    .filter(({ findings }) => findings.length > 0)
    .map(({ entry: { name }, findings }) => `${name === '' ? '' : `${name}: `}${describeFindings(findings)}`);
  const lead = `A warning only: ${phrases.join('; ')}`;
  const nextStep = verdict.exitCode === 0 ? verdict.nextStep : '';
  return {
    text: phrases.length === 0 ? '' : annotation({ lead, nextStep }),
    isLoss: warned.some(({ findings }) => findings.some(({ result }) => result === 'cannot_be_evaluated')),
  };
}

/** The verdict and the next step of a green step; null: it is red, or an annotation has both already. */
export function passedLine({ verdict, runs }: Pick<Report, 'verdict' | 'runs'>): LogLine | null {
  const isLogged = verdict.exitCode !== 0 || runs.some(({ findings }) => findings.some(isWarning));
  return isLogged ? null : trustedLine(annotation(verdict));
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

/** Its launch ended before the time was over. */
function isHeldBack({ ending, runId }: RunReport): boolean {
  return ending.kind === 'timed_out' && ending.askedMs !== null && runId === '';
}

/** "Red because the gate failed, after 2 min 19 s: run_… (gate_failed)": the last line, with the run's page where the author gave its address. */
export function lastLine({ verdict, runs, links }: Report, elapsedMs: number): LogLine {
  const { conclusion } = verdict;
  const isHeldBackAlone = runs.length === 1 && runs.every(isHeldBack);
  const start = `${isHeldBackAlone ? HELD_BACK : ENDED[conclusion]} after ${formatDuration(elapsedMs)}`;
  return logLine`${{ safe: start }}${whichRuns(runs, links.runUrl)} (${{ safe: conclusion }})`;
}

function whichRuns(runs: readonly RunReport[], template: string): LogLine {
  const [run, ...others] = runs;
  if (run === undefined) return logLine``;
  if (others.length > 0) {
    const green = runs.filter((one) => one.verdict.exitCode === 0).length;
    return logLine`: ${green} of ${formatCount(runs.length, 'run')} green`;
  }
  if (run.runId === '') return logLine``;
  const url = addressOf(template, run, null);
  return url === '' ? logLine`: ${run.runId}` : logLine`: ${trustedLine(url)}`;
}
