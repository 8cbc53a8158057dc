/** The top of every report: the heading, the state in one line, remarks on the verdict, and what to do next. */
import { isTerminal } from '../alloovium/statuses.ts';
import { isWarning, collectWaived } from '../gate/condition.ts';
import { NEW_START } from '../runs/rerun-advice.ts';
import type { Conclusion, Verdict } from '../runs/verdict.ts';
import { forCode, forProse, link } from '../text/escape.ts';
import { lowerFirst, capitalise, joinPresent, formatNumber, formatCount } from '../text/format.ts';
import { bulletList, forSentence } from './blocks.ts';
import { changeLine } from './change-line.ts';
import { joinedLine, runUrl, sum } from './findings.ts';
import type { Report, RunReport } from './report.ts';

/** @param level of the heading, `##` or `###` */
export function verdictParts(report: Report, level: string): string[] {
  return [
    `${level} ${heading(report)}`,
    joinPresent('<br>', stateLine(report), ...remarks(report), nextStep(report)),
    stepList(report),
  ];
}

/** With the first remark alone. */
export function briefVerdict(report: Report, level: string): string[] {
  const [remark] = remarks(report);
  return [
    `${level} ${heading(report)}`,
    joinPresent('<br>', stateLine(report), remark, nextStep(report)),
    stepList(report),
  ];
}

/** The icon and the word of a conclusion. */
const STATUS = {
  success: ['✅', 'Green'],
  pending: ['⚪', 'Green, not evaluated yet'],
  skipped: ['⚪', 'Green, skipped: nothing was evaluated'],
  gate_failed: ['❌', 'Red'],
  failure: ['❌', 'Red'],
  cancelled: ['❌', 'Red'],
  timed_out: ['❌', 'Red'],
  // Nothing was evaluated.
  interrupted: ['⏹️', 'No verdict'],
  error: ['❌', 'Red'],
} as const satisfies Record<Conclusion, readonly [icon: string, word: string]>;

export function overallIcon({ conclusion }: Verdict, runs: readonly RunReport[]): string {
  return conclusion === 'success' && warningsOf(runs) > 0 ? '⚠️' : STATUS[conclusion][0];
}

export function warningsOf(runs: readonly RunReport[]): number {
  return sum(runs, ({ findings: all }) => all.filter(isWarning).length);
}

/** The verdict in one line. */
function heading({ verdict, title, runs }: Report): string {
  const red = runs.filter((run) => run.verdict.exitCode !== 0);
  const headline =
    red.length > 0 && verdict.headline.startsWith(`${verdict.brief}: `)
      ? `${forSentence(verdict.brief, 300)}: ${namesOf(red)}${verdict.earlier === '' ? '' : ` (${verdict.earlier})`}`
      : forSentence(verdict.lead, 300);
  const isNamed = title !== '' || verdict.headline.startsWith('Alloovium');
  const subject = isNamed ? forProse(title, 100) : 'Alloovium';
  return `${overallIcon(verdict, runs)} ${subject === '' ? headline : `${subject}: ${lowerFirst(headline)}`}`;
}

function namesOf(runs: readonly RunReport[]): string {
  const names = runs.map(({ entry }) => forProse(entry.name, 64));
  const shown = names.length > 3 ? [...names.slice(0, 3), `and ${names.length - 3} more`] : names;
  return shown.join(', ');
}

/** Red or green in a word, the commit, and what changed. */
function stateLine({ verdict, runs, commit, links }: Report): string {
  const [run] = runs;
  const only = runs.length === 1 ? run : undefined;
  const warnings = verdict.conclusion === 'success' ? warningsOf(runs) : 0;
  const word =
    STATUS[verdict.conclusion][1] + (warnings > 0 ? `, with ${formatCount(warnings, 'warning')}` : '');
  const waived = sum(runs, ({ findings: all }) => collectWaived(all).count);
  return joinPresent(
    ' · ',
    word + (commit === '' ? '' : ` at ${forCode(commit.slice(0, 7))}`),
    only && joinedLine(only),
    changeLine(runs, commit),
    waived > 0 && `${formatNumber(waived)} waived`,
    only && runUrl(only, links) && link('run', runUrl(only, links)),
  );
}

/** What a reader must know of the verdict besides its counts. */
function remarks({ verdict, runs }: Report): string[] {
  const evaluated = runs.filter(({ findings: all }) => all.length > 0);
  const reasons = [...new Set(evaluated.map(({ baselineUnusedReason }) => baselineUnusedReason))];
  const notes = [...new Set(evaluated.flatMap(({ baselineNotes }) => baselineNotes))];
  const [only] = runs.length === 1 ? runs : [];
  const isOld = verdict.exitCode === 0 && only?.origin?.kind === 'joined';
  return [
    ...reasons.map((reason) => {
      const whose =
        reasons.length === 1
          ? ''
          : namesOf(evaluated.filter(({ baselineUnusedReason }) => baselineUnusedReason === reason));
      return reason === '' ? '' : joinPresent(': ', whose, `*${forSentence(reason, 600)}.*`);
    }),
    ...notes.map((note) => `*${forSentence(note, 600)}.*`),
    ...runs.flatMap((run) =>
      earlierRuns(run).map((text) => {
        const sentence = forSentence(text.replace(/\((\S+)\)$/, '(`$1`)'), 300);
        return `${only ? capitalise(sentence) : `${forProse(run.entry.name, 64)}: ${sentence}`}.`;
      }),
    ),
    isOld
      ? `${NEW_START[only.sharedBy]}, or a re-run of a job with \`on_rerun: fresh\`, starts a new run.`
      : '',
    // Where it is the API's word, it is in no headline.
    only ? lastSeen(only) : '',
  ];
}

/** When earlier runs of this intent were red, and which. */
export function earlierRuns({ notices: all }: RunReport): readonly string[] {
  return all.filter((text) => /^(?:an earlier run|\d+ earlier runs) of this /.test(text));
}

export function lastSeen({ verdict, run }: RunReport): string {
  if (verdict.conclusion !== 'timed_out' && verdict.conclusion !== 'interrupted') return '';
  const stage = run !== null && !isTerminal(run.status) ? run.stage : '';
  return stage ? `Last stage seen: ${forCode(stage, 60)}.` : '';
}

/** The one thing to do, or the words above a list of it; empty where there is nothing to do. */
function nextStep({ verdict: { nextStep: step, steps, exitCode, conclusion }, runs }: Report): string {
  if (step === '') return '';
  const warning = warningsOf(runs) > 1 ? 'warnings' : 'warning';
  const aim = `**To ${exitCode === 0 ? `clear the ${warning}` : 'turn this green'}:**`;
  if (steps.length > 0) return aim;
  if (
    ['pending', 'interrupted'].includes(conclusion) ||
    /^(?:A|Another|Does|Is|Nothing|GitHub|The|To) /.test(step)
  )
    return `**Next:** ${forSentence(step, STEP_MAX)}`;
  return `${aim} ${forSentence(lowerFirst(step), STEP_MAX)}`;
}

function stepList({ verdict: { steps } }: Report): string {
  return bulletList(steps.map((step) => forSentence(step, STEP_MAX)));
}

/** What becomes of 20 runs by their names fits, with a key or two. */
const STEP_MAX = 2_000;
