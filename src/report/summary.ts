/** The job summary, and `report_file`: the same report for another hand. */
import { fold } from './table.ts';
import { blocks, firstThatFits, posted, withoutMarkers, type Detail } from './detail.ts';
import { gateInWords, gateTable } from './findings.ts';
import {
  body,
  DISCLAIMER,
  heading,
  lead,
  link,
  nextStep,
  ofNoRun,
  runsTable,
  sectionsOf,
  type Body,
} from './sections.ts';
import type { Report, RunReport } from './report.ts';
import { isWorthDrawing, timelineFold, timelineLine } from './timeline.ts';
import { outputCount, wrote } from './wrote.ts';
import { forCode, forProse } from '../text/escape.ts';
import { duration, moment, number, plural } from '../text/words.ts';

/** Of UTF-16 units, which take three bytes at most: GitHub drops a summary over 1 MiB whole, and other steps write into it too. */
const SUMMARY_MAX = 330_000;
/** An issue or a comment takes 65,536 characters. */
const REPORT_FILE_MAX = 60_000;

const DETAILS: readonly Detail[] = [
  { rows: 20, warned: 20, folded: 50, conditions: 200, cell: 200, outputs: 40, text: 50_000 },
  { rows: 20, warned: 10, folded: 20, conditions: 50, cell: 200, outputs: 20, text: 5_000 },
  { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 100, outputs: 10, text: 1_000 },
  { rows: 5, warned: 2, folded: 0, conditions: 5, cell: 60, outputs: 0, text: 500 },
];

/** The job summary: at most 1,000,000 bytes of Markdown. */
export function renderSummary(report: Report): string {
  return render(report, SUMMARY_MAX, withoutMarkers);
}

/** The same for a hand-off, for example as the body of an issue: at most 60,000 characters. */
export function renderReport(report: Report): string {
  return render(report, REPORT_FILE_MAX, posted(report));
}

function render(report: Report, max: number, finish: (text: string) => string): string {
  const only = report.runs.length === 1 ? report.runs[0] : undefined;
  const shown = firstThatFits(DETAILS, max - 1, finish, (detail) => [
    `## ${heading(report)}`,
    ...lead(report),
    ...(report.runs.length > 1 ? ofRuns(report, detail) : ofRun(report, detail)),
    notices(report, detail),
    details([
      ...(only === undefined ? [] : aboutRun(only)),
      ...spent(only?.polls ?? 0, report.tokens),
      ...aboutStep(report),
    ]),
    end(report),
  ]);
  return `${shown}\n`;
}

function ofRun(report: Report, detail: Detail): string[] {
  const [run] = report.runs;
  return run === undefined
    ? ofNoRun(report, detail)
    : whole(run, body(run, report, true, detail), detail, '###');
}

/** The table of all, then the red ones and those that warn, then the green ones, folded. */
function ofRuns(report: Report, detail: Detail): string[] {
  const sections = sectionsOf(report, detail);
  const isTold = new Set(sections.map(({ run }) => run));
  const others = report.runs.filter((run) => !isTold.has(run));
  return [
    runsTable(report, detail),
    nextStep(report.verdict),
    ...sections.flatMap(({ run, title, ...own }) => [
      `### ${title}`,
      ...whole(run, own, detail, '####'),
      details([...aboutRun(run), ...spent(run.polls, 0)]),
    ]),
    ...others.map((run) => {
      const own = body(
        run,
        { verdict: { ...run.verdict, nextStep: '' }, errorMessage: run.errorMessage },
        true,
        detail,
      );
      const parts = [...whole(run, own, detail, '####'), list([...aboutRun(run), ...spent(run.polls, 0)])];
      return fold(`${forProse(run.name, 64)}: ${forProse(run.verdict.brief, 100)}`, blocks(parts));
    }),
  ];
}

/** A run with its gate, what it wrote, and how it went. */
function whole(run: RunReport, { parts, seen }: Body, detail: Detail, level: string): string[] {
  const texts = wrote(run, seen, detail);
  return [
    ...parts,
    ...(run.findings.length === 0 ? [] : [`${level} Gate: ${gateInWords(run)}`, gateTable(run, detail)]),
    ...(texts.length === 0 ? [] : [`${level} What the workflow wrote`, ...texts]),
    timelineFold(run.stages, run.verdict.conclusion === 'timed_out'),
  ];
}

function notices({ notices: lines }: Report, { text }: Detail): string {
  const shown = lines.slice(0, 20).map((line) => forProse(line, Math.min(500, text)));
  const more = lines.length - shown.length;
  return list(more > 0 ? [...shown, `… and ${plural(more, 'more notice')}: see the log.`] : shown);
}

function details(lines: readonly string[]): string {
  return lines.length === 0 ? '' : fold('Details', list(lines));
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** Parts of a line that say something. */
function told(...parts: readonly (string | null | undefined | false)[]): string[] {
  const line = parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');
  return line === '' ? [] : [line];
}

const HOW = { new: 'started by this job', joined: 'joined', attached: 'given as `run_id`' } as const;

function aboutRun({ run, workflowId, projectId, idempotencyKey, inputNames, ...one }: RunReport): string[] {
  const lostReply = one.replayed && run?.origin.kind === 'new' ? ' (the first try; its reply was lost)' : '';
  const names = inputNames.slice(0, 20).map((name) => forCode(name, 60));
  return [
    ...told(
      run !== null && `Run ${forCode(run.id)}, ${HOW[run.origin.kind]}${lostReply}`,
      run !== null && `status ${forCode(run.status, 60)}`,
      run !== null && moment(run.startedAt) && `started ${moment(run.startedAt)}`,
      run?.durationSeconds != null && `ran ${duration(run.durationSeconds * 1000)}`,
    ),
    ...told(workflowId && `Workflow ${forCode(workflowId)}`),
    ...told(projectId && `Project ${forCode(projectId)}`),
    ...told(names.length > 0 && `Inputs ${names.join(', ')}${inputNames.length > 20 ? ', …' : ''}`),
    ...told(idempotencyKey && `Idempotency key ${forCode(idempotencyKey, 255)}`),
    ...told(!isWorthDrawing(one.stages) && timelineLine(one.stages)),
  ];
}

/** Of what was not spent nothing is said. */
function spent(polls: number, tokens: number): string[] {
  const all = [polls > 0 && plural(polls, 'status check'), tokens > 0 && plural(tokens, 'token')];
  const line = all.filter((text) => text !== false).join(', ');
  return line === '' ? [] : [line];
}

function aboutStep({ commit, attempt, keyKind }: Report): string[] {
  return told(
    commit && `Commit ${forCode(commit)}`,
    attempt > 1 && `attempt ${number(attempt)}`,
    keyKind && `${keyKind} key`,
  );
}

function end(report: Report): string {
  const data = report.runs.some((run) => outputCount(run) > 0) ? DISCLAIMER : '';
  const text = [data, link('job run', report)].filter((part) => part !== '').join(' ');
  return text === '' ? '' : `<sub>${text}</sub>`;
}
