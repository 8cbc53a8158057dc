/** Formats lines of the log, and the annotation in the checks tab. Pure: the host makes each safe to print. */
import type { Tally } from '../gate/finding.ts';
import { isKnownStatus, STATUSES } from '../alloovium/statuses.ts';
import type { Run } from '../alloovium/wire.ts';
import { isRed, isWarning, countKnown, nameOf } from '../gate/condition.ts';
import { describeCount } from '../runs/describe-finding.ts';
import type { Conclusion, Verdict } from '../runs/verdict.ts';
import { logLine, escapeQuotations, appendUntrusted, type LogLine } from '../text/escape.ts';
import { formatDuration, joinPresent, formatNumber, formatCount } from '../text/format.ts';
import type { Report } from './report.ts';

/** Characters of the progress bar. */
const BAR = 10;

/** Formats a status: `████░░░░░░  42 %  Analysing submittals            1 min 12 s` */
export function formatProgressLine(
  { status, progress, stage }: Pick<Run, 'status' | 'progress' | 'stage'>,
  elapsedMs: number,
): LogLine {
  const word = isKnownStatus(status) ? STATUSES[status].word : status;
  const doing = status === 'pending' ? word : joinPresent(': ', status !== 'running' && word, stage) || word;
  const bar =
    progress === null || status === 'pending'
      ? '░'.repeat(BAR) + '      '
      : `${'█'.repeat(Math.floor((progress / 100) * BAR)).padEnd(BAR, '░')} ${String(Math.floor(progress)).padStart(3)} %`;
  return logLine`${bar}  ${doing.slice(0, 100).padEnd(32)}  ${formatDuration(elapsedMs)}`;
}

/** Puts a run's name before its line, padded so that the lines of several runs are aligned. @param names of all runs */
export function prefixWithName(name: string, names: readonly string[], line: LogLine): LogLine {
  const width = Math.min(24, Math.max(...names.map((one) => one.length)));
  const shown = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width);
  return logLine`${shown}  ${line}`;
}

const ORDER_PHASES = ['queued', 'running', 'done'] as const;
export type Phase = (typeof ORDER_PHASES)[number];

/**
 * Formats the state of several runs: "5 queued, 2 running, 3 done, next launch in 20 s".
 * @param nextLaunchMs null: now, or not known
 */
export function formatHeartbeat(phases: readonly Phase[], nextLaunchMs: number | null): LogLine {
  const reported = ORDER_PHASES.map((phase) => [phases.filter((one) => one === phase).length, phase] as const)
    .filter(([count]) => count > 0)
    .map((count) => count.join(' '));
  if (phases.includes('queued') && nextLaunchMs !== null)
    reported.push(`next launch in ${formatDuration(nextLaunchMs)}`);
  return logLine`${reported.join(', ')}`;
}

/** Notes about the baseline, which contain only plain names and code that is copied from the log into a workflow file. */
const OF_BASELINE = /^(?:Every (?:finding|item) |The baseline )/;

/** Formats a notice, which may quote the run after its first words. @param name of the run, where there are several */
export function formatNote(text: string, name = ''): LogLine {
  const start = name === '' ? logLine`note` : logLine`note: ${name}`;
  if (OF_BASELINE.test(text)) return logLine`${start}: ${escapeQuotations(text)}`;
  const [own = ''] = /^(?:[\w ,'()-]|`\w+`)*[A-Za-z)](?=: )/.exec(text) ?? [];
  const parts = own === '' ? [text] : [own, text.slice(own.length + 2)];
  return parts.reduce(appendUntrusted, start);
}

/** Formats a finding's result: "2 of 5 (1 known, 2 more waived, a warning only)" */
export function formatResult(finding: Tally): string {
  const { condition, matched, waived, unmatched, result } = finding;
  const known = countKnown(finding);
  const notes = joinPresent(
    ', ',
    known > 0 && `${formatNumber(known)} known`,
    waived > 0 && `${formatNumber(waived)}${matched > 0 ? ' more' : ''} waived`,
    condition.severity === 'warn' && result !== 'does_not_hold' && 'a warning only',
  );
  const isAlone = result === 'holds' && matched > 0 && unmatched === null;
  const count = isAlone ? formatCount(matched, 'item') : describeCount(finding);
  return count + (notes && ` (${notes})`);
}

/** Formats the conditions of a run, one a line: "✓ not compliant: 0 of 5"; below one that cannot be evaluated is the reason. */
export function formatGateLines({ findings }: { readonly findings: readonly Tally[] }): LogLine[] {
  return findings.flatMap((finding) => {
    const { condition, problem } = finding;
    const mark = isRed(finding) ? '✗' : isWarning(finding) ? '!' : '✓';
    const name = condition.name ?? nameOf(condition);
    return [
      logLine`    ${mark} ${name}: ${formatResult(finding)}`,
      ...(problem === null ? [] : [logLine`      ${escapeQuotations(problem)}`]),
    ];
  });
}

/** Conclusions whose message comes from the run. */
const OF_THE_RUN: ReadonlySet<Conclusion> = new Set(['success', 'gate_failed', 'failure', 'cancelled']);

/**
 * Returns the part of the error message that the headline does not already contain, or empty.
 * @returns `isOfRun`: the text is the run's
 */
export function findReason({ conclusion, headline }: Verdict, errorMessage: string) {
  // A run's text stays whole.
  if (OF_THE_RUN.has(conclusion)) return { isOfRun: true, text: errorMessage };
  const headlineText = headline.toLowerCase();
  const isRepeated = errorMessage.toLowerCase().startsWith(headlineText);
  const text = isRepeated ? errorMessage.slice(headline.length).replace(/^[:.]?(?:\s|$)/, '') : errorMessage;
  // Drops lines that the headline already contains.
  const lines = text.split('\n').filter((line) => line === '' || !headlineText.includes(line.toLowerCase()));
  return { isOfRun: false, text: lines.join('\n') };
}

/** Formats why the step is red beyond its headline; of several runs each line begins with the run's name. */
export function formatReasonLines({ verdict, errorMessage, runs }: Report): LogLine[] {
  const reported =
    runs.length > 1
      ? runs.map((run) => [run.entry.name, run.verdict, run.ending.errorMessage] as const)
      : [['', verdict, errorMessage] as const];
  return reported
    .filter(([, { exitCode }]) => exitCode !== 0)
    .flatMap(([name, ...one]) => {
      const { isOfRun, text } = findReason(...one);
      // A run's line breaks would begin lines that look like the action's.
      const lines = isOfRun ? [text] : takeFirstLines(text);
      return lines
        .filter((line) => line.trim() !== '')
        .map((line) => {
          const reported = isOfRun ? appendUntrusted('Alloovium reported', line) : formatErrorLine(line);
          return logLine`    ${name === '' ? reported : logLine`${name}: ${reported}`}`;
        });
    });
}

const MAX_REASON_LINES = 40;

/** Returns at most 40 lines of the text, with a hint if it is cut. */
function takeFirstLines(text: string): readonly string[] {
  const lines = text.slice(0, 10_000).split('\n');
  const shown = lines.slice(0, MAX_REASON_LINES);
  const isWhole = shown.length === lines.length && text.length <= 10_000;
  return isWhole ? shown : [...shown, '… (all of it is in the output `error_message`)'];
}

/** Formats a line of trusted words in which untrusted text is quoted, or follows "… reported: ". */
function formatErrorLine(line: string): LogLine {
  const [, own, words = ''] = /^(.*? reported): (.*)$/.exec(line) ?? [];
  return own === undefined ? escapeQuotations(line) : appendUntrusted(escapeQuotations(own), words);
}

/** Formats the line in the checks tab: the verdict and the next step. */
export function formatAnnotation({ lead, nextStep }: Pick<Verdict, 'lead' | 'nextStep'>): string {
  return joinPresent(' ', ...[lead, nextStep].map((part) => part.replace(/(?<!^|[.?…]|\?\))$/, '.')));
}
