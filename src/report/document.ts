/**
 * The report as Markdown: the sticky comment, the job summary, and `report_file` for another hand. One run is a list of one. All is
 * safe Markdown; every text from outside went through its sanitiser.
 */
import { isTerminal } from '../alloovium/statuses.ts';
import { isRed, isWarning, waivedOf } from '../gate/condition.ts';
import { waiversToCopy } from '../gate/waivers.ts';
import { NEW_START } from '../runs/outcome.ts';
import type { Conclusion, Verdict } from '../runs/verdict.ts';
import { finished, forCode, forFence, forProse, forText, link } from '../text/escape.ts';
import { afterColon, capital, duration, joined, moment, number, plural } from '../text/words.ts';
import { removedItems, type Changes } from './changes.ts';
import type { Detail, View } from './detail.ts';
import {
  asideOf,
  gateLine,
  findings,
  leftOut,
  gateTable,
  joinedLine,
  marksOf,
  runUrl,
  findingSentence,
  sum,
  draft,
} from './findings.ts';
import { reasonOf } from './log.ts';
import { HIDDEN_MAX } from './comment-memory.ts';
import { durationSeconds, type Report, type RunReport } from './report.ts';
import { fold, table } from './table.ts';
import { timelineFold } from './timeline.ts';
import { outputCount, wrote } from './workflow-outputs.ts';

export const COMMENT_MAX = 60_000;
/** Of UTF-16 units, which take three bytes at most: GitHub drops a summary over 1 MiB whole, and other steps write into it too. */
const SUMMARY_MAX = 330_000;
/** An issue or a comment takes 65,536 characters. */
const REPORT_FILE_MAX = 60_000;

const OF_COMMENT: readonly Detail[] = [
  { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 120, outputs: 5, text: 2_000 },
  { rows: 10, warned: 5, folded: 5, conditions: 10, cell: 100, outputs: 3, text: 500 },
];
const OF_SUMMARY: readonly Detail[] = [
  { rows: 20, warned: 20, folded: 100, conditions: 200, cell: 200, outputs: 40, text: 50_000 },
  { rows: 20, warned: 10, folded: 20, conditions: 50, cell: 200, outputs: 20, text: 5_000 },
  { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 100, outputs: 10, text: 1_000 },
];

/** The last levels of any report. */
const LEAST: readonly Detail[] = [
  { rows: 5, warned: 2, folded: 0, conditions: 5, cell: 60, outputs: 0, text: 500 },
  { rows: 0, warned: 0, folded: 0, conditions: 3, cell: 40, outputs: 0, text: 300 },
  // Of each run its result alone.
  { rows: 0, warned: 0, folded: 0, conditions: 0, cell: 40, outputs: 0, text: 0 },
];

const SHORTENED = '*Shortened here, to fit: `gate_file` and `outputs_file` have all.*';

/** What is seen of the comment, and its first line: at most 60,000 characters together with what it remembers. */
export function renderComment(report: Report, firstLine: string): string {
  const max = COMMENT_MAX - HIDDEN_MAX - firstLine.length - 1;
  return `${firstLine}\n${render(report, OF_COMMENT, max, 'comment')}`;
}

/** At most 1,000,000 bytes. */
export function renderSummary(report: Report): string {
  return `${render(report, OF_SUMMARY, SUMMARY_MAX - 1, 'summary')}\n`;
}

/** The summary for a hand-off, for example as the body of an issue: at most 60,000 characters. */
export function renderReport(report: Report): string {
  return `${render(report, OF_SUMMARY, REPORT_FILE_MAX - 1, 'file')}\n`;
}

type Sink = 'comment' | 'summary' | 'file';

/**
 * The report at the first of these details, or of the last ones, at which it has at most `max` UTF-16 units, of which none takes
 * more than three bytes.
 */
function render(report: Report, details: readonly Detail[], max: number, sink: Sink): string {
  let shown = '';
  for (const [at, detail] of [...details, ...LEAST, null].entries()) {
    const parts = partsOf(report, detail, sink);
    // The facts stay last.
    if (at > 0) parts.splice(-1, 0, SHORTENED);
    shown = finished(joined('\n\n', ...parts), sink !== 'summary');
    if (shown.length <= max) break;
  }
  return shown;
}

/** @param detail null: the verdict and the next step alone, which fit whatever the texts are */
function partsOf(report: Report, detail: Detail | null, sink: Sink): string[] {
  const isComment = sink === 'comment';
  const { verdict, errorMessage, runs, links } = report;
  const head = `${isComment ? '###' : '##'} ${heading(report)}`;
  if (detail === null)
    return [
      head,
      joined('<br>', state(report), remarks(report)[0], nextStep(report)),
      stepList(report),
      foot(report, isComment),
    ];
  const view = { ...detail, isComment, links, elsewhere: isComment ? summaryOf(report) : GATE_FILE };
  return [
    head,
    joined('<br>', state(report), ...remarks(report), nextStep(report)),
    stepList(report),
    runs.length > 1 ? runsTable(report, detail) : '',
    runs.length === 0 ? complaint(verdict, errorMessage, detail.text) : '',
    ...sectionsOf(report, view).flat(),
    isComment ? moreFold(runs, view) : '',
    sink === 'summary' ? waiverBlock(runs) : '',
    ...(isComment ? [] : [notices(report, detail), detailsFold(report)]),
    foot(report, isComment),
  ];
}

const FACES = {
  success: ['✅', 'Green'],
  pending: ['⚪', 'Green, nothing is judged yet'],
  skipped: ['⚪', 'Green, skipped: nothing was judged'],
  gate_failed: ['❌', 'Red'],
  failure: ['❌', 'Red'],
  cancelled: ['❌', 'Red'],
  timed_out: ['❌', 'Red'],
  // Nothing was judged.
  interrupted: ['⏹️', 'Not judged'],
  error: ['❌', 'Red'],
} as const satisfies Record<Conclusion, readonly [face: string, word: string]>;

function overallFace({ conclusion }: Verdict, runs: readonly RunReport[]): string {
  return conclusion === 'success' && warningsOf(runs) > 0 ? '⚠️' : FACES[conclusion][0];
}

function warningsOf(runs: readonly RunReport[]): number {
  return sum(runs, ({ findings: all }) => all.filter(isWarning).length);
}

/** The verdict in one line. */
function heading({ verdict, title, runs }: Report): string {
  const red = runs.filter((run) => run.verdict.exitCode !== 0);
  const headline =
    red.length > 0 && verdict.headline.startsWith(`${verdict.brief}: `)
      ? `${ours(verdict.brief, 300)}: ${namesOf(red)}${verdict.earlier === '' ? '' : ` (${verdict.earlier})`}`
      : ours(verdict.lead, 300);
  const isNamed = title !== '' || verdict.headline.startsWith('Alloovium');
  const subject = isNamed ? forProse(title, 100) : 'Alloovium';
  return `${overallFace(verdict, runs)} ${subject === '' ? headline : `${subject}: ${afterColon(headline)}`}`;
}

function namesOf(runs: readonly RunReport[]): string {
  const names = runs.map(({ entry }) => forProse(entry.name, 64));
  const shown = names.length > 3 ? [...names.slice(0, 3), `and ${names.length - 3} more`] : names;
  return shown.join(', ');
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

/** Red or green in a word, of which commit, what changed. */
function state({ verdict, runs, commit, links }: Report): string {
  const [run] = runs;
  const only = runs.length === 1 ? run : undefined;
  const warnings = verdict.conclusion === 'success' ? warningsOf(runs) : 0;
  const word = FACES[verdict.conclusion][1] + (warnings > 0 ? `, with ${plural(warnings, 'warning')}` : '');
  const waived = sum(runs, ({ findings: all }) => waivedOf(all).count);
  return joined(
    ' · ',
    word + (commit === '' ? '' : ` at ${forCode(commit.slice(0, 7))}`),
    only && joinedLine(only),
    changed(runs, commit),
    waived > 0 && `${number(waived)} waived`,
    only && runUrl(only, links) && link('run', runUrl(only, links)),
  );
}

/** What a reader must know of the verdict beside its counts. */
function remarks({ verdict, runs }: Report): string[] {
  const judged = runs.filter(({ findings: all }) => all.length > 0);
  const reasons = [...new Set(judged.map(({ baselineUnusedReason }) => baselineUnusedReason))];
  const notes = [...new Set(judged.flatMap(({ baselineNotes }) => baselineNotes))];
  const [only] = runs.length === 1 ? runs : [];
  const isOld = verdict.exitCode === 0 && only?.origin?.kind === 'joined';
  return [
    ...reasons.map((reason) => {
      const whose =
        reasons.length === 1
          ? ''
          : namesOf(judged.filter(({ baselineUnusedReason }) => baselineUnusedReason === reason));
      return reason === '' ? '' : joined(': ', whose, `*${ours(reason, 600)}.*`);
    }),
    ...notes.map((note) => `*${ours(note, 600)}.*`),
    ...runs.flatMap((run) =>
      earlierRuns(run).map((text) => {
        const sentence = ours(text.replace(/\((\S+)\)$/, '(`$1`)'), 300);
        return `${only ? capital(sentence) : `${forProse(run.entry.name, 64)}: ${sentence}`}.`;
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
function earlierRuns({ notices: all }: RunReport): readonly string[] {
  return all.filter((text) => /^(?:an earlier run|\d+ earlier runs) of this /.test(text));
}

function lastSeen({ verdict, run }: RunReport): string {
  if (verdict.conclusion !== 'timed_out' && verdict.conclusion !== 'interrupted') return '';
  const stage = run !== null && !isTerminal(run.status) ? run.stage : '';
  return stage ? `Last stage seen: ${forCode(stage, 60)}.` : '';
}

/** What is new among what matched, by which the runs are counted: it adds up. */
export function countsOf(runs: readonly RunReport[]) {
  const counted = runs.flatMap((run) => draft(run).map((finding) => ({ run, finding })));
  const marks = counted.flatMap(({ run, finding }) => marksOf(run, finding) ?? []);
  const of = (mark: (typeof marks)[number]) => marks.filter((one) => one === mark).length;
  const matched = sum(counted, ({ finding }) => finding.matched);
  return {
    fresh: of('new'),
    still: of('still'),
    known: of('known'),
    /** Of conditions whose items nobody can compare, or that the earlier report does not know. */
    uncompared: matched - marks.length,
    /** Of all conditions. */
    removed: sum(runs, (run) => removedItems(run.changes, run.findings).length),
  };
}

function changed(runs: readonly RunReport[], commit: string): string {
  const { fresh, still, known, uncompared, removed } = countsOf(runs);
  const all = runs.flatMap(({ changes }) => changes ?? []);
  const whats = new Set(all.map((changes) => sinceWhat(changes, commit)));
  const [what = ''] = whats.size > 1 ? ['the last reports'] : whats;
  if (what === '') return '';
  if (all.every(({ conditions }) => conditions.every((one) => !one?.marks))) return countChange(runs, what);
  const counted = (count: number, word: string) => count > 0 && `${number(count)} ${word}`;
  const says = joined(
    ', ',
    fresh > 0 ? `**${number(fresh)} new**` : still + known > 0 && uncompared === 0 && 'nothing new',
    counted(known, 'known'),
    counted(still, 'still open'),
    counted(uncompared, 'not compared'),
    counted(removed, 'no longer matching'),
  );
  return says === '' ? '' : `since ${what}: ${says}`;
}

/** Where nobody can say which items are new: "60, 2 more than at `3f9c1ab`"; empty: nothing is known of then. */
function countChange(runs: readonly RunReport[], what: string): string {
  const pairs = runs.flatMap(({ findings: all, changes }) =>
    all.flatMap(({ condition, matched }, at) => {
      const before = changes?.conditions[at]?.before ?? null;
      return condition.severity === 'warn' || before === null ? [] : [{ matched, before }];
    }),
  );
  const matched = sum(pairs, (pair) => pair.matched);
  const more = matched - sum(pairs, ({ before }) => before);
  if (matched === 0 && more === 0) return '';
  const change = more === 0 ? 'as many as' : `${number(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} than`;
  return `${number(matched)}, ${change} ${what.startsWith('the ') ? 'in' : 'at'} ${what}`;
}

function sinceWhat({ since, baselineOf }: Changes, commit: string): string {
  if (baselineOf !== null)
    return joined(
      ' ',
      'the baseline',
      moment(baselineOf) && `of ${moment(baselineOf)}`,
      since && `at ${forCode(since)}`,
    );
  return commit.startsWith(since) ? 'the last report on this commit' : forCode(since);
}

/** The one thing to do, or the words above a list of it; empty where there is nothing to do. */
function nextStep({ verdict: { nextStep: step, steps, exitCode, conclusion } }: Report): string {
  if (step === '') return '';
  if (
    ['pending', 'interrupted'].includes(conclusion) ||
    /^(?:A|Another|Does|Is|Nothing|GitHub|To) /.test(step)
  )
    return `**Next:** ${ours(step, STEP_MAX)}`;
  const aim = `**To ${exitCode === 0 ? 'clear the warning' : 'turn this green'}:**`;
  return steps.length > 0 ? aim : `${aim} ${ours(afterColon(step), STEP_MAX)}`;
}

function stepList({ verdict: { steps } }: Report): string {
  return bulletList(steps.map((step) => ours(step, STEP_MAX)));
}

/** What becomes of 20 runs by their names fits, with a key or two. */
const STEP_MAX = 2_000;

function complaint(verdict: Verdict, errorMessage: string, max: number): string {
  const { isOfRun, text } = reasonOf(verdict, errorMessage);
  const quoted = quote(text, Math.min(max, 3_000));
  return quoted !== '' && isOfRun ? `Alloovium reported:\n\n${quoted}` : quoted;
}

/** An untrusted text of some lines, quoted; as code where it is indented, as the gate's errors are that point with a caret. */
function quote(text: string, max: number): string {
  if (max === 0) return '';
  const start = text.slice(0, 10_000).trimEnd();
  if (start.includes('\n  ')) return forFence(start, max);
  const MAX_LINES = 12;
  const lines = start
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, MAX_LINES + 1)
    .map((line) => ours(line, Math.ceil(max / MAX_LINES)));
  if (lines.length > MAX_LINES) lines[MAX_LINES] = '…';
  return lines.length === 0 ? '' : `> ${lines.join('<br>')}`;
}

const RANK = { red: 0, warned: 1, green: 2 } as const;

function rank(run: RunReport): keyof typeof RANK {
  return run.verdict.exitCode !== 0 ? 'red' : warningsOf([run]) > 0 ? 'warned' : 'green';
}

/** Runs that are red first, then those that warn, each in the order given. */
function byUrgency(runs: readonly RunReport[]): RunReport[] {
  return [...runs].sort((one, other) => RANK[rank(one)] - RANK[rank(other)]);
}

/** What each run found; of several, those that are red or warn share the rows, and green ones are folded in the summary alone. */
function sectionsOf({ runs, verdict }: Report, view: View): string[][] {
  if (runs.length <= 1) return runs.map((run) => sectionOf(run, view));
  const isGreen = (run: RunReport) => rank(run) === 'green';
  const shown = byUrgency(runs).filter((run) => !view.isComment || !isGreen(run));
  const urgent = shown.filter((run) => !isGreen(run)).length;
  const share = (rows: number) => Math.min(rows, Math.ceil((3 * rows) / urgent));
  const shared = { ...view, rows: share(view.rows), warned: share(view.warned) };
  return shown.map((run) => {
    const { conclusion, nextStep: step, brief } = run.verdict;
    const name = forProse(run.entry.name, 64);
    const parts = sectionOf(run, isGreen(run) ? view : shared);
    if (isGreen(run))
      return [fold(`${name}: ${forProse(brief, 100)}`, joined('\n\n', joinedLine(run), ...parts))];
    // What all are told once is not said again, nor how many items a table shows.
    const isShown =
      step === verdict.nextStep ||
      draft(run).some(({ matched }) => matched > 0) ||
      conclusion === 'interrupted' ||
      (conclusion === 'timed_out' && /^(?:Re-run this job|A run may have started)/.test(step));
    const title = `${view.isComment ? '####' : '###'} ${name}: ${resultCell(run, 200)}`;
    const about = joined('<br>', lastSeen(run), joinedLine(run));
    const next = isShown || step === '' ? '' : `**Next:** ${ours(step, 600)}`;
    return [title, about, next, ...parts];
  });
}

function sectionOf(run: RunReport, view: View): string[] {
  const { parts, seen } = findings(run, view);
  const shown = [...parts, complaint(run.verdict, run.ending.errorMessage, view.text)];
  if (view.isComment) return shown;
  const texts = wrote(run, seen, view);
  const isBrief = view.conditions === 0;
  // What passed is among the outputs.
  const aside = asideOf(run, view).filter(({ word }) => word !== 'passed');
  return [
    ...shown,
    joined('<br>', ...aside.map(({ line }) => line)),
    run.findings.length === 0 || isBrief ? '' : gateTable(run, view),
    ...(texts.length === 0 ? [] : ['**What the workflow wrote**', ...texts]),
    isBrief ? '' : timelineFold(run.stages, run.status),
    run.entry.name === '' || isBrief
      ? ''
      : fold('Details', bulletList([...aboutRun(run), spent(run.polls, 0)])),
  ];
}

/** The runs of a step, one a row. */
function runsTable({ runs, links }: Report, { cell }: Detail): string {
  const rows = byUrgency(runs).map((run) => {
    const { fresh, uncompared } = countsOf([run]);
    const isKnown = run.changes !== null && uncompared === 0 && draft(run).length > 0;
    return [
      overallFace(run.verdict, [run]),
      link(forProse(run.entry.name, Math.max(24, cell / 3)), runUrl(run, links)),
      resultCell(run, cell),
      isKnown ? number(fresh) : '',
    ];
  });
  const hasNew = rows.some(([, , , fresh]) => fresh !== '');
  return table(['', 'Run', 'Result', ...(hasNew ? ['New'] : [])], rows, [':-:', ':--', ':--', '--:']);
}

/** In a table of runs, and as a section's title: "2 of 5 “not compliant”", "not finished after 15 min (40 %)". */
function resultCell(run: RunReport, max: number): string {
  const reported = draft(run);
  if (reported.length === 0 || rank(run) === 'green') {
    const { brief, headline, conclusion } = run.verdict;
    return ours(rank(run) === 'green' || conclusion === 'interrupted' ? brief : afterColon(headline), max);
  }
  const shown = reported.slice(0, 3).map((finding) => findingSentence(finding, forCode, 'cell'));
  return joined('; ', ...shown, reported.length > 3 && `${reported.length - 3} more`);
}

/** The one fold of a comment: what turned nothing red, and the gate. */
function moreFold(runs: readonly RunReport[], view: View): string {
  const gated = runs.filter((run) => run.findings.length > 0);
  const [only] = runs;
  if (only !== undefined && runs.length === 1 && gated.length === 0) {
    // There is nothing else to show.
    const texts = wrote(only, new Set(), view);
    return texts.length === 0 ? '' : fold('What the workflow wrote', texts.join('\n\n'));
  }
  const parts = gated.map((run) => {
    const aside = asideOf(run, view);
    const lines = joined('<br>', ...aside.map(({ line }) => line), gateLine(run, view));
    return { aside, text: runs.length === 1 ? lines : `${forProse(run.entry.name, 64)}:<br>${lines}` };
  });
  const words = [...new Set(parts.flatMap(({ aside }) => aside.map(({ word }) => word)))];
  const counts = words.map((word) => {
    const count = sum(parts, ({ aside }) => sum(aside, (one) => (one.word === word ? one.count : 0)));
    return `${number(count)} ${word}`;
  });
  const text = parts.map((part) => part.text).join('\n\n');
  return text === '' ? '' : fold(`More: ${[...counts, 'gate'].join(', ')}`, text);
}

/** What the author may copy below a red list, and give a reason. */
function waiverBlock(runs: readonly RunReport[]): string {
  const lists = runs.flatMap(({ entry, findings: all }) =>
    all.filter((finding) => isRed(finding) && finding.matched > 0).map((finding) => ({ entry, finding })),
  );
  const items = lists.flatMap(({ entry, finding: { condition, rows, knownBy, known, isExcused } }) =>
    rows
      // Known ones count but with `fail_on: new`.
      .filter((_, at) => isExcused === null || known?.[at] !== true)
      .map((item) => ({ run: entry.name, item, knownBy, condition: condition.name })),
  );
  const yaml = waiversToCopy(items);
  const offered =
    yaml === ''
      ? ''
      : fold(
          'To accept items: <code>waivers</code>, each with a reason',
          `${forFence(yaml, Infinity)}\n\n${WAIVERS_TAKE_EFFECT}`,
        );
  const isUnnamed = lists.some(({ finding }) => finding.knownBy.length === 0);
  return joined('\n\n', offered, isUnnamed && KNOWN_BY_OFFERS);
}

const WAIVERS_TAKE_EFFECT = 'A waiver takes effect with the next push or *Update branch*, not with a re-run.';
const KNOWN_BY_OFFERS =
  'With `known_by`, reports say which items are new, and this summary offers waivers to copy.';

function notices({ notices: all, runs }: Report, { text }: Detail): string {
  const reported = runs.flatMap(earlierRuns);
  const lines = all.filter((line) => !reported.some((one) => line.endsWith(one)));
  const shown = lines.slice(0, text === 0 ? 0 : 20).map((line) => ours(line, Math.min(500, text)));
  const more = lines.length - shown.length;
  return bulletList(more > 0 ? [...shown, `… and ${plural(more, 'more notice')}: see the log.`] : shown);
}

function detailsFold({ runs, tokens, commit, attempt, keyKind }: Report): string {
  const [only] = runs.length === 1 ? runs : [];
  const step = joined(
    ' · ',
    commit && `Commit ${forCode(commit)}`,
    attempt > 1 && `attempt ${number(attempt)}`,
    keyKind && `${keyKind} key`,
  );
  const text = bulletList([...(only ? aboutRun(only) : []), spent(only?.polls ?? 0, tokens), step]);
  return text === '' ? '' : fold('Details', text);
}

function bulletList(lines: readonly string[]): string {
  const reported = lines.filter((line) => line !== '');
  return reported.map((line) => `- ${line}`).join('\n');
}

const HOW = { new: 'started by this job', joined: 'joined', attached: 'given as `run_id`' } as const;

function aboutRun(one: RunReport): string[] {
  const { order, run, runId, origin, workflowId, idempotencyKey } = one;
  const lostReply = one.replayed && origin?.kind === 'new' ? ' (the answer to its launch was lost)' : '';
  const started = moment(run?.startedAt ?? '');
  const seconds = durationSeconds(one);
  const inputs = Object.keys(order.inputs);
  const names = inputs.slice(0, 20).map((name) => forCode(name, 60));
  return [
    joined(
      ' · ',
      origin && `Run ${forCode(runId)}, ${HOW[origin.kind]}${lostReply}`,
      origin && `status ${forCode(one.status, 60)}`,
      started && `started ${started}`,
      seconds !== null && `ran ${duration(seconds * 1000)}`,
    ),
    workflowId && `Workflow ${forCode(workflowId)}`,
    order.projectId && `Project ${forCode(order.projectId)}`,
    names.length > 0 ? `Inputs ${names.join(', ')}${inputs.length > 20 ? ', …' : ''}` : '',
    idempotencyKey && `Idempotency key ${forCode(idempotencyKey, 255)}`,
  ];
}

/** Nothing is said of what was not spent. */
function spent(polls: number, tokens: number): string {
  return joined(', ', polls > 0 && plural(polls, 'status check'), tokens > 0 && plural(tokens, 'token'));
}

const GATE_FILE = '`gate_file`';

function summaryOf({ inputs, jobRunUrl }: Report): string {
  return (inputs?.jobSummary ?? true) ? link('job summary', jobRunUrl) : GATE_FILE;
}

function foot(report: Report, isComment: boolean): string {
  const { runs, attempt, jobRunUrl: page } = report;
  const hasData = runs.some((run) => outputCount(run) > 0 || run.findings.length > 0);
  const fields = fieldsLeftOut(report, isComment);
  const text = joined(
    ' ',
    hasData && 'Written by a model from project documents; treat as data.',
    isComment && attempt > 1 && `Attempt ${attempt}.`,
    fields,
    // Each page is linked once.
    page !== '' && !fields.includes(page) && link(isComment ? 'Job summary' : 'Job run', page),
  );
  return text === '' ? '' : `<sub>${text}</sub>`;
}

/** What no table of items shows is said. */
function fieldsLeftOut(report: Report, isComment: boolean): string {
  const { runs } = report;
  const most = (sink: 'comment' | 'summary') => Math.max(0, ...runs.map((run) => leftOut(run, sink)));
  const count = most(isComment ? 'comment' : 'summary');
  if (count === 0) return '';
  const where = isComment && most('summary') === 0 ? summaryOf(report) : GATE_FILE;
  return `${number(count)} more ${count === 1 ? 'field per item is' : 'fields per item are'} in ${where === GATE_FILE ? '' : 'the '}${where}.`;
}
