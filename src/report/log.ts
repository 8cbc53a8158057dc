/** Lines of the log, and what shows in the checks tab. Pure: the host makes each safe to print. */
import type { Finding } from '../gate/finding.ts';
import { WORD } from '../alloovium/wire.ts';
import { isRed, knownCount, nameOf } from '../gate/condition.ts';
import { found } from '../runs/verdict.ts';
import { duration, plural } from '../text/words.ts';
import type { Report, RunReport } from './report.ts';

const BAR = 10;

/** `████░░░░░░  42%  Analysing submittals            1 m 12 s` */
export function progressLine(
  status: string,
  progress: number | null,
  stage: string | null,
  elapsedMs: number,
): string {
  const doing =
    status === 'pending'
      ? 'queued'
      : [status === 'running' ? '' : status, stage ?? ''].filter((part) => part !== '').join(': ') || status;
  const bar =
    progress === null || status === 'pending'
      ? '░'.repeat(BAR) + '     '
      : `${'█'.repeat(Math.floor((progress / 100) * BAR)).padEnd(BAR, '░')} ${String(Math.floor(progress)).padStart(3)}%`;
  return `    ${bar}  ${doing.slice(0, 100).padEnd(32)}  ${duration(elapsedMs)}`;
}

/** When a line is due: on change, but never a flood, and a heartbeat else. */
export interface Pulse {
  readonly shown: string;
  readonly at: number;
}

const HEARTBEAT_MS = 60_000;
/** Grows with the wait: an hour of restless stages takes about a hundred lines. */
const gapMs = (elapsedMs: number) => Math.max(2_000, elapsedMs / 30);

export function isDue(pulse: Pulse | null, what: string, now: number, elapsedMs: number): boolean {
  if (pulse === null) return true;
  const sinceMs = now - pulse.at;
  return sinceMs >= HEARTBEAT_MS || (what !== pulse.shown && sinceMs >= gapMs(elapsedMs));
}

/** The moments within a wait, in ms from its start, at which a line says that it goes on: every half a minute. */
export function* reminders(waitMs: number): Generator<number, void, void> {
  const EVERY_MS = 30_000;
  // One shortly before the end would say what the next line says.
  for (let at = EVERY_MS; at <= waitMs - EVERY_MS / 2; at += EVERY_MS) yield at;
}

/** A run of several, with its name before: the lines of one run stand under each other. */
export function namedLine(name: string, names: readonly string[], line: string): string {
  const width = Math.min(24, Math.max(...names.map((one) => one.length)));
  const shown = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width);
  return `    ${shown}  ${line.trimStart()}`;
}

/** How several runs stand. */
export interface Standing {
  readonly done: number;
  readonly running: number;
  /** Waiting for tokens to be launched. */
  readonly queued: number;
  /** When the next launch can be paid for, in ms; null: not known, or there is none. */
  readonly nextLaunchMs: number | null;
}

/** "3 done, 2 running, 5 queued, next launch in 20 s" */
export function heartbeatLine({ done, running, queued, nextLaunchMs }: Standing): string {
  const counts = [
    [done, 'done'],
    [running, 'running'],
    [queued, 'queued'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  if (queued > 0 && nextLaunchMs !== null) told.push(`next launch in ${duration(nextLaunchMs)}`);
  return `    ${told.join(', ')}`;
}

export function unknownStatusLine(status: string): string {
  return `Unknown run status${WORD.test(status) ? ` “${status}”` : ''}; still waiting.`;
}

/** "✓ not compliant: 0 of 5" */
export function gateLine(finding: Finding): string {
  const { condition, result, matched, unmatched } = finding;
  const isPassed = result === 'does_not_hold' || finding.isExcused === true;
  const mark = isPassed ? '✓' : condition.severity === 'fail' ? '✗' : '!';
  const name = condition.name ?? nameOf(condition);
  const says =
    result === 'cannot_be_evaluated'
      ? 'cannot be evaluated'
      : unmatched !== null
        ? `${matched} of ${matched + unmatched}`
        : matched > 0
          ? plural(matched, 'item')
          : result === 'holds'
            ? 'yes'
            : 'no';
  const only = condition.severity === 'warn' && result !== 'does_not_hold' ? ' (a warning only)' : '';
  const known = knownCount(finding);
  const those = known === 0 ? '' : `, ${known === matched ? 'all' : known} known`;
  return `    ${mark} ${name}: ${says}${those}${only}`;
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
    return warned.length === 0 ? [] : [`${name === '' ? '' : `${name}: `}${warned.map(found).join('; ')}`];
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
