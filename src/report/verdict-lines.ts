/** Renders the top of every report: the heading, the state in one line, remarks on the verdict, and what to do next. */
import { isTerminal } from '../alloovium/statuses.ts';
import { isWarning, collectWaived } from '../gate/condition.ts';
import { NEW_START } from '../runs/rerun-advice.ts';
import type { Conclusion, Verdict } from '../runs/verdict.ts';
import { formatCode, escapeForProse, link } from '../text/escape.ts';
import { lowerFirst, capitalise, joinPresent, formatNumber, formatCount, sumOf } from '../text/format.ts';
import { formatBulletList, formatSentence } from './blocks.ts';
import { formatChangeLine } from './change-line.ts';
import { describeJoinedRun, runUrlOf } from './findings.ts';
import type { Report, RunReport } from './report.ts';

/** Renders the top of a report. @param level of the heading, `##` or `###` */
export function renderVerdict(report: Report, level: string): string[] {
  return [
    `${level} ${formatHeading(report)}`,
    joinPresent('<br>', formatStateLine(report), ...listRemarks(report), formatNextStep(report)),
    formatStepList(report),
  ];
}

/** Renders the same with only the first remark. */
export function renderBriefVerdict(report: Report, level: string): string[] {
  const [remark] = listRemarks(report);
  return [
    `${level} ${formatHeading(report)}`,
    joinPresent('<br>', formatStateLine(report), remark, formatNextStep(report)),
    formatStepList(report),
  ];
}

/** Icon and word of each conclusion. */
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

/** Returns the icon of a verdict; ⚠️ for a success with warnings. */
export function chooseIcon({ conclusion }: Verdict, runs: readonly RunReport[]): string {
  return conclusion === 'success' && countWarnings(runs) > 0 ? '⚠️' : STATUS[conclusion][0];
}

/** Returns the number of conditions that warn, over all runs. */
export function countWarnings(runs: readonly RunReport[]): number {
  return sumOf(runs, ({ findings: all }) => all.filter(isWarning).length);
}

/** Formats the verdict in one line, with the names of red runs in place of their results. */
function formatHeading({ verdict, title, runs }: Report): string {
  const red = runs.filter((run) => run.verdict.exitCode !== 0);
  const headline =
    red.length > 0 && verdict.headline.startsWith(`${verdict.brief}: `)
      ? `${formatSentence(verdict.brief, 300)}: ${listNames(red)}${verdict.earlier === '' ? '' : ` (${verdict.earlier})`}`
      : formatSentence(verdict.lead, 300);
  const isNamed = title !== '' || verdict.headline.startsWith('Alloovium');
  const subject = isNamed ? escapeForProse(title, 100) : 'Alloovium';
  return `${chooseIcon(verdict, runs)} ${subject === '' ? headline : `${subject}: ${lowerFirst(headline)}`}`;
}

/** Lists the names of at most three runs. */
function listNames(runs: readonly RunReport[]): string {
  const names = runs.map(({ entry }) => escapeForProse(entry.name, 64));
  const shown = names.length > 3 ? [...names.slice(0, 3), `and ${names.length - 3} more`] : names;
  return shown.join(', ');
}

/** Formats the state: red or green in a word, the commit, what changed, and a link to an only run. */
function formatStateLine({ verdict, runs, commit, links }: Report): string {
  const [run] = runs;
  const only = runs.length === 1 ? run : undefined;
  const warnings = verdict.conclusion === 'success' ? countWarnings(runs) : 0;
  const word =
    STATUS[verdict.conclusion][1] + (warnings > 0 ? `, with ${formatCount(warnings, 'warning')}` : '');
  const waived = sumOf(runs, ({ findings: all }) => collectWaived(all).count);
  return joinPresent(
    ' · ',
    word + (commit === '' ? '' : ` at ${formatCode(commit.slice(0, 7))}`),
    only && describeJoinedRun(only),
    formatChangeLine(runs, commit),
    waived > 0 && `${formatNumber(waived)} waived`,
    only && runUrlOf(only, links) && link('run', runUrlOf(only, links)),
  );
}

/** Lists what else a reader must know of the verdict, such as why the baseline was not used. Some entries may be empty. */
function listRemarks({ verdict, runs }: Report): string[] {
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
          : listNames(evaluated.filter(({ baselineUnusedReason }) => baselineUnusedReason === reason));
      return reason === '' ? '' : joinPresent(': ', whose, `*${formatSentence(reason, 600)}.*`);
    }),
    ...notes.map((note) => `*${formatSentence(note, 600)}.*`),
    ...runs.map(({ entry, redNotice }) => {
      if (redNotice === '') return '';
      const sentence = formatSentence(redNotice.replace(/\((\S+)\)$/, '(`$1`)'), 300);
      return `${only ? capitalise(sentence) : `${escapeForProse(entry.name, 64)}: ${sentence}`}.`;
    }),
    isOld
      ? `${NEW_START[only.sharedBy]}, or a re-run of a job with \`on_rerun: fresh\`, starts a new run.`
      : '',
    // The stage is the API's word, so headlines do not contain it.
    only ? formatLastStage(only) : '',
  ];
}

/** Returns a sentence with the last stage of a run that timed out or was interrupted, or empty. */
export function formatLastStage({ verdict, run }: RunReport): string {
  if (verdict.conclusion !== 'timed_out' && verdict.conclusion !== 'interrupted') return '';
  const stage = run !== null && !isTerminal(run.status) ? run.stage : '';
  return stage ? `Last stage seen: ${formatCode(stage, 60)}.` : '';
}

/**
 * Formats the next step of the verdict as a bold line; of several steps only the words above their list. Empty: there is nothing
 * to do.
 */
function formatNextStep({ verdict: { nextStep: step, steps, exitCode, conclusion }, runs }: Report): string {
  if (step === '') return '';
  const warning = countWarnings(runs) > 1 ? 'warnings' : 'warning';
  const aim = `**To ${exitCode === 0 ? `clear the ${warning}` : 'turn this green'}:**`;
  if (steps.length > 0) return aim;
  if (
    ['pending', 'interrupted'].includes(conclusion) ||
    /^(?:A|Another|Does|Is|Nothing|GitHub|The|To) /.test(step)
  )
    return `**Next:** ${formatSentence(step, STEP_MAX)}`;
  return `${aim} ${formatSentence(lowerFirst(step), STEP_MAX)}`;
}

/** Formats the steps of several runs as a list, or empty. */
function formatStepList({ verdict: { steps } }: Report): string {
  return formatBulletList(steps.map((step) => formatSentence(step, STEP_MAX)));
}

/** Long enough for the next steps of 20 runs with their names and some keys. */
const STEP_MAX = 2_000;
