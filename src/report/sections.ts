/** The parts that summary, `report_file` and comment share. All is safe Markdown; every text from outside went through its sanitiser. */
import { isRed, isWarning } from '../gate/condition.ts';
import { afterColon, type Conclusion, type Verdict } from '../runs/verdict.ts';
import { forCode, forFence, forProse, forText } from '../text/escape.ts';
import { duration, moment, number, plural } from '../text/words.ts';
import type { Detail } from './detail.ts';
import { findings, goneFold, knownFolds, passedFolds, seenRows, shownOf } from './findings.ts';
import type { Changes, Report, RunReport } from './report.ts';
import { table, widened } from './table.ts';

const [GREEN, RED] = ['**This check is green**', '**This check is red**'];

const FACES = {
  success: ['✅', GREEN],
  pending: ['⚪', GREEN],
  skipped: ['⚪', GREEN],
  gate_failed: ['❌', RED],
  failure: ['❌', RED],
  cancelled: ['❌', RED],
  timed_out: ['❌', RED],
  // GitHub shows a job that was cancelled neither red nor green.
  interrupted: ['❌', '**There is no verdict**'],
  error: ['❌', RED],
} as const satisfies Record<Conclusion, readonly [face: string, sentence: string]>;

function face({ conclusion }: Verdict, runs: readonly RunReport[]): string {
  return conclusion === 'success' && warningsOf(runs) > 0 ? '⚠️' : FACES[conclusion][0];
}

function warningsOf(runs: readonly RunReport[]): number {
  return runs.reduce((sum, { findings }) => sum + findings.filter(isWarning).length, 0);
}

/** The verdict in one line. */
export function heading({ verdict, title, runs }: Report): string {
  // The table below says which.
  const headline = runs.length > 1 && verdict.exitCode !== 0 ? verdict.brief : verdict.headline;
  const subject = title === '' && !headline.startsWith('Alloovium') ? 'Alloovium' : forProse(title, 100);
  const says = ours(subject === '' ? headline : afterColon(headline), 300);
  return `${face(verdict, runs)} ${subject === '' ? '' : `${subject}: `}${says}`;
}

/** A text of ours that may quote names in code; whatever else is in it stays inert. */
function ours(text: string, max: number): string {
  const pieces = text.slice(0, max * 2).split('`');
  if (pieces.length === 1 || pieces.length % 2 === 0) return forText(text, max);
  return pieces
    .map((piece, at) => {
      if (at % 2 === 1) return forCode(piece, max);
      const [before, after] = [/^\s/.test(piece) ? ' ' : '', /\S\s+$/.test(piece) ? ' ' : ''];
      // Code of a stranger's beside code of ours would be one.
      const isApart = (at === 0 || before !== '') && (at === pieces.length - 1 || after !== '');
      return before + (isApart ? forText : forProse)(piece, max) + after;
    })
    .join('');
}

/** What is said under the heading: whether the result is a joined run's, red or green in words, what changed. */
export function lead(report: Report): string[] {
  const { verdict, runs, commit } = report;
  const [run] = runs;
  const at = commit === '' ? '' : ` at ${forCode(commit.slice(0, 7))}`;
  const state = `${FACES[verdict.conclusion][1]}${at}${qualifier(report)}.`;
  const told = changed(report);
  const only = runs.length === 1 ? run : undefined;
  return [
    only === undefined ? '' : joined(only),
    [state, only === undefined ? '' : lastSeen(only), told].filter((text) => text !== '').join(' '),
    judgedAsAny(runs),
  ];
}

/** One reason that all runs with a gate share, or of one run; '' where they differ. */
function judgedAsAny(runs: readonly RunReport[]): string {
  const reasons = new Set(runs.filter(({ findings }) => findings.length > 0).map(({ asAny }) => asAny));
  const [reason = ''] = reasons.size === 1 ? reasons : [];
  return reason === '' ? '' : `*${ours(reason, 600)}.*`;
}

/** What a green check does not say. */
function qualifier({ verdict, runs }: Report): string {
  const warnings = warningsOf(runs);
  if (verdict.conclusion === 'pending') return ', but nothing is judged yet';
  if (verdict.conclusion === 'skipped') return ' because it was skipped: nothing was judged';
  if (verdict.exitCode !== 0) return '';
  if (warnings > 0) return `, with ${plural(warnings, 'warning')}`;
  // Of one run the heading says it.
  return verdict.gate === 'none' && runs.length > 1 ? ': there is no gate' : '';
}

function joined({ run, verdict }: RunReport): string {
  if (run?.origin.kind !== 'joined') return '';
  const { ageMs } = run.origin;
  const time = moment(run.completedAt) || moment(run.startedAt);
  const age = ageMs === null ? '' : `${duration(ageMs)} old when this job joined it`;
  const what = [time && `Result of ${time}`, age].filter((text) => text !== '').join(', ');
  // Of a red one the next step says how to get another.
  const again =
    verdict.exitCode === 0
      ? ' A new commit, or a re-run of a job with `on_rerun: fresh`, starts a new run.'
      : '';
  return `*${what || 'Result of an earlier run, joined'}.${again}*`;
}

/** Of a run that was left behind: the stage is the API's word, so it is in no headline. */
function lastSeen({ verdict, run }: RunReport): string {
  if (verdict.conclusion !== 'timed_out' && verdict.conclusion !== 'interrupted') return '';
  return run?.stage ? `The run was last seen at ${forCode(run.stage, 60)}.` : '';
}

function changed({ runs, commit }: Report): string {
  const all = runs.flatMap((run) => (run.changes === null ? [] : [{ ...run, changes: run.changes }]));
  const [first] = all;
  if (first === undefined) return '';
  const sum = (key: 'fresh' | 'still' | 'gone') =>
    all.reduce((count, { changes }) => count + changes[key], 0);
  const [fresh, still, gone] = [sum('fresh'), sum('still'), sum('gone')];
  const marks = all.flatMap(({ changes }) => changes.conditions.flatMap((one) => one?.items?.marks ?? []));
  const known = marks.filter((mark) => mark === 'known').length;
  const told: string[] = [];
  if (fresh > 0) told.push(`**${number(fresh)} new**`);
  else if (still > 0 && runs.every(isCompared)) told.push('nothing new');
  if (known > 0) told.push(`${number(known)} known`);
  if (still > known) told.push(`${number(still - known)} still open`);
  if (gone > 0) told.push(`${number(gone)} no longer found`);
  const uncompared = all.flatMap(({ changes, findings }) =>
    changes.conditions.flatMap((one, at) =>
      one?.items === null ? [{ before: one.before, now: findings[at]?.matched ?? 0 }] : [],
    ),
  );
  const [before, now] = [
    uncompared.reduce((count, one) => count + one.before, 0),
    uncompared.reduce((count, one) => count + one.now, 0),
  ];
  if (before + now > 0) told.push(`${plural(now, 'item')} not compared one by one, ${number(before)} before`);
  if (told.length === 0) return '';
  const whats = new Set(all.map(({ changes }) => sinceWhat(changes, commit)));
  const [what = ''] = whats.size === 1 ? whats : ['the last reports'];
  return `Since ${what}: ${told.join(', ')}.`;
}

/** Is it known of all that the run's conditions found whether it is new? It is of items alone. */
function isCompared({ findings, changes }: RunReport): boolean {
  return findings.every(
    ({ result, matched }, at) =>
      result === 'does_not_hold' || (matched > 0 && (changes?.conditions[at]?.items ?? null) !== null),
  );
}

function sinceWhat({ since, isBaseline }: Changes, commit: string): string {
  if (isBaseline) return `the baseline${since === '' ? '' : ` at ${forCode(since)}`}`;
  return commit.startsWith(since) ? 'the last report on this commit' : forCode(since);
}

/** The one thing to do; empty where there is nothing to do. */
export function nextStep({ nextStep: step, exitCode, conclusion }: Verdict): string {
  if (step === '') return '';
  return exitCode === 0 || conclusion === 'interrupted'
    ? `**Next:** ${ours(step, 600)}`
    : `**To turn this green:** ${ours(afterColon(step), 600)}`;
}

/** What the run, or an error of ours, says went wrong; '' where that is the verdict itself. */
function complaint({ conclusion, headline }: Verdict, errorMessage: string, max: number): string {
  const isRepeated = errorMessage.startsWith(headline);
  const text = isRepeated ? errorMessage.slice(headline.length).replace(/^[:.]? /, '') : errorMessage;
  const said = quote(text, Math.min(max, 3_000));
  return said !== '' && OF_THE_RUN.has(conclusion) ? `Alloovium reported:\n\n${said}` : said;
}

/** With these the message is the run's. */
const OF_THE_RUN: ReadonlySet<Conclusion> = new Set(['success', 'gate_failed', 'failure', 'cancelled']);

/** An untrusted text of some lines, quoted; as code where it is indented, as the gate's errors are that point with a caret. */
function quote(text: string, max: number): string {
  const start = text.slice(0, 10_000).trimEnd();
  if (start.includes('\n  ')) return forFence(start, max);
  const MOST_LINES = 12;
  const lines = start
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, MOST_LINES + 1)
    .map((line) => ours(line, Math.ceil(max / MOST_LINES)));
  if (lines.length > MOST_LINES) lines[MOST_LINES] = '…';
  return lines.length === 0 ? '' : `> ${lines.join('<br>')}`;
}

/** Where there is no run at all: what went wrong, and the one thing to do. */
export function ofNoRun({ verdict, errorMessage }: Report, { text }: Detail): string[] {
  return [complaint(verdict, errorMessage, text), nextStep(verdict)];
}

/** A section of a step with several runs. */
export interface Section extends Body {
  readonly run: RunReport;
  readonly title: string;
}

/** Of each run that is red or warns. */
export function sectionsOf(report: Report, detail: Detail): Section[] {
  const wanted = byUrgency(report.runs).filter((run) => run.verdict.exitCode !== 0 || warningsOf([run]) > 0);
  const share = (rows: number) => Math.min(rows, Math.ceil((3 * rows) / wanted.length));
  return wanted.map((run) => {
    // What all are told once is not said again.
    const isTold = run.findings.some((finding) => isRed(finding) && finding.matched > 0);
    const verdict =
      isTold || run.verdict.nextStep === report.verdict.nextStep
        ? { ...run.verdict, nextStep: '' }
        : run.verdict;
    const own = { verdict, errorMessage: run.errorMessage };
    const { parts, seen } = body(run, own, true, {
      ...detail,
      rows: share(detail.rows),
      warned: share(detail.warned),
    });
    // What the lead says of all is not said again.
    const asAny = judgedAsAny(report.runs) === '' ? judgedAsAny([run]) : '';
    return {
      run,
      title: `${face(run.verdict, [run])} ${forProse(run.name, 64)}`,
      parts: [joined(run), lastSeen(run), asAny, ...parts],
      seen,
    };
  });
}

/** A part of a document, and the rows of the run's that its tables show, as JSON. */
export interface Body {
  readonly parts: readonly string[];
  readonly seen: ReadonlySet<string>;
}

/**
 * What the conditions of a run found, what went wrong, and the one thing to do. No word of the run stands above a table but what
 * all its rows have in common.
 * @param isAlone the heading tells of this run
 */
export function body(
  run: RunReport,
  { verdict, errorMessage }: Pick<Report, 'verdict' | 'errorMessage'>,
  isAlone: boolean,
  detail: Detail,
): Body {
  const red = shownOf(run, 'fail', detail.rows, detail);
  const warned = shownOf(run, 'warn', detail.warned, detail);
  const next = nextStep(verdict);
  const why = complaint(verdict, errorMessage, detail.text);
  const reds = findings(red, run.findings.filter(isRed).length, isAlone, detail);
  const isGated = run.findings.some(({ condition }) => condition.severity === 'fail');
  const warnings = findings(warned, run.findings.filter(isWarning).length, isAlone && !isGated, detail);
  // Of a run that was judged, its own message comes second.
  const isJudged = verdict.conclusion === 'success' || verdict.conclusion === 'gate_failed';
  const parts = isJudged ? [...reds, next, ...warnings, why] : [...reds, ...warnings, why, next];
  const folds = [...knownFolds(run, detail), ...goneFold(run, detail)];
  const above = seenRows([...red, ...warned, ...folds]);
  const passed = passedFolds(run, above, detail);
  return {
    parts: [...parts, ...[...folds, ...passed].map(({ markdown }) => markdown)],
    seen: new Set([...above, ...seenRows(passed)]),
  };
}

const RANK = { red: 0, warned: 1, green: 2 } as const;

/** Runs that are red first, then those that warn, each in the order given. */
export function byUrgency(runs: readonly RunReport[]): RunReport[] {
  const rank = (run: RunReport) =>
    RANK[run.verdict.exitCode !== 0 ? 'red' : warningsOf([run]) > 0 ? 'warned' : 'green'];
  return [...runs].sort((one, other) => rank(one) - rank(other));
}

/** The runs of a step, one a row. */
export function runsTable({ runs }: Report, { cell }: Detail): string {
  const rows = byUrgency(runs).map((run) => {
    const { verdict, changes } = run;
    const isRedRun = verdict.exitCode !== 0;
    return {
      name: `${face(verdict, [run])} ${forProse(run.name, Math.max(24, cell / 3))}`,
      result: ours(isRedRun || warningsOf([run]) > 0 ? afterColon(verdict.headline) : verdict.brief, cell),
      fresh: isRedRun && changes !== null && isCompared(run) ? number(changes.fresh) : '',
      took: run.run?.durationSeconds == null ? '' : duration(run.run.durationSeconds * 1000),
    };
  });
  const columns = [
    ['Run', 'name', 'left'],
    ['Result', 'result', 'left'],
    ['New', 'fresh', 'right'],
    ['Took', 'took', 'right'],
  ] as const;
  // A column in which nothing stands is none.
  const shown = columns
    .map(([title, key, align]) => ({ title, key, align, cells: rows.map((row) => row[key]) }))
    .filter(({ cells }) => cells.some((text) => text !== ''));
  return table(
    shown.map(({ title, key, align, cells }) => (key === 'result' ? title : widened(title, cells, align))),
    rows.map((row) => shown.map(({ key }) => row[key])),
    shown.map(({ align }) => align),
  );
}

/** Link to the page of this job run; empty where there is none. */
export function link(text: string, { jobRunUrl }: Report): string {
  return /^https?:\/\/[\w.:/-]{1,500}$/.test(jobRunUrl) ? `[${text}](${jobRunUrl})` : '';
}

export const DISCLAIMER = 'Written by a model from project documents; treat as data.';
