/** Lines of the log, and what shows in the checks tab. Pure: the host makes each safe to print. */
import type { Tally } from '../gate/finding.ts';
import type { Run } from '../alloovium/wire.ts';
import { isRed, isWarning, countKnown, nameOf } from '../gate/condition.ts';
import { describeCount } from '../runs/describe-finding.ts';
import type { Conclusion, Verdict } from '../runs/verdict.ts';
import { logLine, escapeQuotations, appendUntrusted, type LogLine } from '../text/escape.ts';
import { formatDuration, joinPresent, formatNumber, formatCount } from '../text/format.ts';
import type { Report } from './report.ts';

const BAR = 10;

/** `████░░░░░░  42 %  Analysing submittals            1 min 12 s` */
export function progressLine(
  { status, progress, stage }: Pick<Run, 'status' | 'progress' | 'stage'>,
  elapsedMs: number,
): LogLine {
  const doing =
    status === 'pending' ? 'queued' : joinPresent(': ', status !== 'running' && status, stage) || status;
  const bar =
    progress === null || status === 'pending'
      ? '░'.repeat(BAR) + '      '
      : `${'█'.repeat(Math.floor((progress / 100) * BAR)).padEnd(BAR, '░')} ${String(Math.floor(progress)).padStart(3)} %`;
  return logLine`${bar}  ${doing.slice(0, 100).padEnd(32)}  ${formatDuration(elapsedMs)}`;
}

/** A line of one of several runs, which begins with its name, so that its lines are aligned. */
export function namedLine(name: string, names: readonly string[], line: LogLine): LogLine {
  const width = Math.min(24, Math.max(...names.map((one) => one.length)));
  const shown = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width);
  return logLine`${shown}  ${line}`;
}

const PHASES = ['queued', 'running', 'done'] as const;
export type Phase = (typeof PHASES)[number];

/** "5 queued, 2 running, 3 done, next launch in 20 s"; null for the last: now, or not known. */
export function heartbeatLine(phases: readonly Phase[], nextLaunchMs: number | null): LogLine {
  const reported = PHASES.map((phase) => [phases.filter((one) => one === phase).length, phase] as const)
    .filter(([count]) => count > 0)
    .map((count) => count.join(' '));
  if (phases.includes('queued') && nextLaunchMs !== null)
    reported.push(`next launch in ${formatDuration(nextLaunchMs)}`);
  return logLine`${reported.join(', ')}`;
}

/** What is said of the baseline: words of ours with plain names, and code that is copied from the log into a workflow file. */
const OF_BASELINE = /^(?:Every (?:finding|item) |The baseline )/;

/** Something to notice, which may quote the run behind our first words. `name`: of the run, where there are several. */
export function noteLine(text: string, name = ''): LogLine {
  const start = name === '' ? logLine`note` : logLine`note: ${name}`;
  if (OF_BASELINE.test(text)) return logLine`${start}: ${escapeQuotations(text)}`;
  const [own = ''] = /^(?:[\w ,'()-]|`\w+`)*[A-Za-z)](?=: )/.exec(text) ?? [];
  const parts = own === '' ? [text] : [own, text.slice(own.length + 2)];
  return parts.reduce(appendUntrusted, start);
}

/** "2 of 5 (1 known, 2 more waived, a warning only)" */
export function outcomeOf(finding: Tally): string {
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

/** "✓ not compliant: 0 of 5": the conditions of a run, one by one, with why one of them cannot be evaluated. */
export function gateLines({ findings }: { readonly findings: readonly Tally[] }): LogLine[] {
  return findings.flatMap((finding) => {
    const { condition, problem } = finding;
    const mark = isRed(finding) ? '✗' : isWarning(finding) ? '!' : '✓';
    const name = condition.name ?? nameOf(condition);
    return [
      logLine`    ${mark} ${name}: ${outcomeOf(finding)}`,
      ...(problem === null ? [] : [logLine`      ${escapeQuotations(problem)}`]),
    ];
  });
}

/** With these the message is the run's. */
const OF_THE_RUN: ReadonlySet<Conclusion> = new Set(['success', 'gate_failed', 'failure', 'cancelled']);

/** The detail beyond the headline, or empty. */
export function reasonOf({ conclusion, headline }: Verdict, errorMessage: string) {
  // A run's text stays whole.
  if (OF_THE_RUN.has(conclusion)) return { isOfRun: true, text: errorMessage };
  const headlineText = headline.toLowerCase();
  const isRepeated = errorMessage.toLowerCase().startsWith(headlineText);
  const text = isRepeated ? errorMessage.slice(headline.length).replace(/^[:.]?(?:\s|$)/, '') : errorMessage;
  // A server's sentence for what the headline says already.
  const lines = text.split('\n').filter((line) => line === '' || !headlineText.includes(line.toLowerCase()));
  return { isOfRun: false, text: lines.join('\n') };
}

/** Why the step is red beyond its headline; of several runs each by its name. */
export function reasonLines({ verdict, errorMessage, runs }: Report): LogLine[] {
  const reported =
    runs.length > 1
      ? runs.map((run) => [run.entry.name, run.verdict, run.ending.errorMessage] as const)
      : [['', verdict, errorMessage] as const];
  return reported
    .filter(([, { exitCode }]) => exitCode !== 0)
    .flatMap(([name, ...one]) => {
      const { isOfRun, text } = reasonOf(...one);
      // A run's line breaks would begin lines that look like the action's.
      const lines = isOfRun ? [text] : firstLines(text);
      return lines
        .filter((line) => line.trim() !== '')
        .map((line) => {
          const reported = isOfRun ? appendUntrusted('Alloovium reported', line) : errorLine(line);
          return logLine`    ${name === '' ? reported : logLine`${name}: ${reported}`}`;
        });
    });
}

const MAX_REASON_LINES = 40;

function firstLines(text: string): readonly string[] {
  const lines = text.slice(0, 10_000).split('\n');
  const shown = lines.slice(0, MAX_REASON_LINES);
  const isWhole = shown.length === lines.length && text.length <= 10_000;
  return isWhole ? shown : [...shown, '… (all of it is in the output `error_message`)'];
}

/** Trusted words, in which untrusted text is quoted or follows its source. */
function errorLine(line: string): LogLine {
  const [, own, words = ''] = /^(.*? reported): (.*)$/.exec(line) ?? [];
  return own === undefined ? escapeQuotations(line) : appendUntrusted(escapeQuotations(own), words);
}

/** What shows in the checks tab, one line: the verdict and the one next step. */
export function annotation({ lead, nextStep }: Pick<Verdict, 'lead' | 'nextStep'>): string {
  return joinPresent(' ', ...[lead, nextStep].map((part) => part.replace(/(?<!^|[.?…]|\?\))$/, '.')));
}
