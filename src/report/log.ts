/** Lines of the log, and what shows in the checks tab. Pure: the host makes each safe to print. */
import type { Counts } from '../gate/finding.ts';
import { WORD, type Run } from '../alloovium/wire.ts';
import { isRed, knownCount, nameOf } from '../gate/condition.ts';
import { counted, found } from '../runs/verdict.ts';
import { logLine, type LogLine } from '../text/escape.ts';
import { duration } from '../text/words.ts';
import type { Report, RunReport } from './report.ts';

const BAR = 10;

/** `████░░░░░░  42 %  Analysing submittals            1 min 12 s` */
export function progressLine(
  { status, progress, stage }: Pick<Run, 'status' | 'progress' | 'stage'>,
  elapsedMs: number,
): LogLine {
  const doing =
    status === 'pending'
      ? 'queued'
      : [status === 'running' ? '' : status, stage ?? ''].filter((part) => part !== '').join(': ') || status;
  const bar =
    progress === null || status === 'pending'
      ? '░'.repeat(BAR) + '      '
      : `${'█'.repeat(Math.floor((progress / 100) * BAR)).padEnd(BAR, '░')} ${String(Math.floor(progress)).padStart(3)} %`;
  return logLine`${bar}  ${doing.slice(0, 100).padEnd(32)}  ${duration(elapsedMs)}`;
}

/** From a line of change to the next; it grows with the wait. */
export function gapMs(elapsedMs: number): number {
  return Math.max(1_500, elapsedMs / 30);
}

/** A run of several, with its name before: the lines of one run stand under each other. */
export function namedLine(name: string, names: readonly string[], line: LogLine): LogLine {
  const width = Math.min(24, Math.max(...names.map((one) => one.length)));
  const shown = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width);
  return logLine`${shown}  ${line}`;
}

const PHASES = ['queued', 'running', 'done'] as const;
export type Phase = (typeof PHASES)[number];

/** "5 queued, 2 running, 3 done, next launch in 20 s"; null for the last: that is not known. */
export function heartbeatLine(phases: readonly Phase[], nextLaunchMs: number | null): LogLine {
  const told = PHASES.map((phase) => [phases.filter((one) => one === phase).length, phase] as const)
    .filter(([count]) => count > 0)
    .map((count) => count.join(' '));
  if (phases.includes('queued') && nextLaunchMs !== null)
    told.push(`next launch in ${duration(nextLaunchMs)}`);
  return logLine`${told.join(', ')}`;
}

export function unknownStatusLine(status: string): string {
  return `Unknown run status${WORD.test(status) ? ` “${status}”` : ''}; still waiting.`;
}

/** "✓ not compliant: 0 of 5" */
export function gateLine(finding: Counts): string {
  const { condition, result, matched } = finding;
  const isPassed = result === 'does_not_hold' || finding.isExcused === true;
  const mark = isPassed ? '✓' : condition.severity === 'fail' ? '✗' : '!';
  const name = condition.name ?? nameOf(condition);
  const only = condition.severity === 'warn' && result !== 'does_not_hold' ? ' (a warning only)' : '';
  const known = knownCount(finding);
  const those = known === 0 ? '' : `, ${known === matched ? 'all' : known} known`;
  return `    ${mark} ${name}: ${counted(finding)}${those}${only}`;
}

/** The conditions of a run, one by one, with why one of them cannot be evaluated. */
export function gateLines({ findings }: Pick<RunReport, 'findings'>): string[] {
  return findings.flatMap((finding) => [
    gateLine(finding),
    ...(finding.problem === null ? [] : [`      ${finding.problem}`]),
  ]);
}

/** What warnings found; empty where none did. */
export function warningLine(runs: readonly Pick<RunReport, 'name' | 'findings'>[]): string {
  const told = runs.flatMap(({ name, findings }) => {
    const warned = findings.filter(
      (one) => one.condition.severity === 'warn' && one.result !== 'does_not_hold',
    );
    return warned.length === 0
      ? []
      : [`${name === '' ? '' : `${name}: `}${warned.map((one) => found(one)).join('; ')}`];
  });
  return told.length === 0 ? '' : `\`warn_if\`: ${told.join('; ')}.`;
}

/** What shows in the checks tab: the verdict, why, and the one next step. */
export function annotation({ verdict, errorMessage, runs }: Report): string {
  const only = runs.length === 1 ? runs[0] : undefined;
  const red = (only?.findings ?? []).filter(isRed);
  const isGate = verdict.conclusion === 'gate_failed';
  const all =
    isGate && /; and \d+ more$/.test(verdict.headline)
      ? `All of them: ${red.map(({ condition }) => nameOf(condition)).join(', ')}`
      : '';
  const own = errorMessage === verdict.headline ? '' : errorMessage;
  const problem = isGate ? red.find((one) => one.problem !== null)?.problem : null;
  const why = (problem ?? own).slice(0, 2_000);
  return [
    verdict.headline,
    why.startsWith(verdict.headline) ? why.slice(verdict.headline.length).replace(/^: /, '') : why,
    all,
    verdict.nextStep,
  ]
    .filter((part) => part !== '')
    .map((part) => part.replace(/[.\s]+$/, '').replace(/(?<![?])$/, '.'))
    .join(' ');
}

/** The last line. */
export function endLine({ verdict, runs }: Report, elapsedMs: number): string {
  const [run] = runs;
  const id = runs.length === 1 && run?.run ? `, run ${run.run.id}` : '';
  return `${verdict.conclusion} after ${duration(elapsedMs)}${id}`;
}
