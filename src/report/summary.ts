/** The job summary, and `report_file`: the same report for another hand. */
import { isExactNumber } from '../json.ts';
import type { JsonValue } from '../json.ts';
import { fold, renderValue, table } from './table.ts';
import type { Part } from './sections.ts';
import {
  assemble,
  DISCLAIMER,
  findingsAndNext,
  fixedFold,
  gateInWords,
  gateTable,
  heading,
  lead,
  link,
  named,
  unmatchedFolds,
  outputCount,
  outputsOf,
  posted,
  withoutMarkers,
} from './sections.ts';
import type { Report } from './report.ts';
import { isWorthDrawing, renderGantt, timelineLine } from './timeline.ts';
import { forCode, forProse } from '../text/escape.ts';
import { duration, moment, number, plural } from '../text/words.ts';

/** Of UTF-16 units, which take three bytes at most: GitHub drops a summary over 1 MiB whole, and other steps write into it too. */
const SUMMARY_MAX = 330_000;
/** An issue or a comment takes 65,536 characters. */
const REPORT_FILE_MAX = 60_000;

/** The job summary: at most 1,000,000 bytes of Markdown. */
export function renderSummary(report: Report): string {
  return render(report, SUMMARY_MAX, withoutMarkers);
}

/** The same for a hand-off, for example as the body of an issue: at most 60,000 characters. */
export function renderReport(report: Report): string {
  return render(report, REPORT_FILE_MAX, posted(report));
}

function render(report: Report, max: number, finish: (text: string) => string): string {
  const text = (value: string): Part => {
    return () => value;
  };
  const parts: Part[] = [
    text(`## ${heading(report)}`),
    ...lead(report).map(text),
    ...findingsAndNext(report, [20, 20], 'full'),
    fixedFold(report, 20),
    ...unmatchedFolds(report, 50),
    ...gate(report),
    ...outputs(report),
    ...timeline(report),
    (room) => notices(report, room),
  ];
  return `${assemble(parts, finish(facts(report)), max, finish)}\n`;
}

function gate(report: Report): Part[] {
  if (report.results.length === 0) return [];
  return [(room) => `### Gate: ${gateInWords(report)}\n\n${gateTable(report, room - 100)}`];
}

const OUTPUTS_SHOWN = 40;
const OUTPUT_MAX = 50_000;

/** Texts as they are, short values in one table, the rest folded: open where no condition looked at it. */
function outputs(report: Report): Part[] {
  const shown = outputsOf(report, OUTPUTS_SHOWN);
  if (shown.length === 0) return [];
  const isOpen = report.results.length === 0;
  const texts = shown.flatMap(([name, value]): Part[] => {
    if (typeof value !== 'string') return [];
    const title = `**${named(name)}**\n\n`;
    return [(room) => title + renderValue(value, atMost(room - title.length))];
  });
  const short = shown
    .filter(([, value]) => isShort(value))
    .map(([name, value]) => [named(name), renderValue(value, 200)]);
  const folds = shown.flatMap(([name, value]): Part[] => {
    if (typeof value === 'string' || isShort(value)) return [];
    const size = Array.isArray(value) ? ` (${number(value.length)})` : '';
    const title = `${named(name)}${size}`;
    return [(room) => fold(title, renderValue(value, atMost(room - title.length)), isOpen)];
  });
  const parts = [
    () => '### What the workflow wrote',
    ...texts,
    () => (short.length === 0 ? '' : table(['Output', 'Value'], short)),
    ...folds,
  ];
  const more = outputCount(report) - shown.length;
  if (more > 0) parts.push(() => `… and ${plural(more, 'more output')}: all are in \`outputs_file\`.`);
  return parts;
}

/** Room for a value, without what is put round it. */
function atMost(room: number): number {
  return Math.max(100, Math.min(room - 200, OUTPUT_MAX));
}

function isShort(value: JsonValue): boolean {
  return value === null || typeof value === 'boolean' || typeof value === 'number' || isExactNumber(value);
}

function timeline({ stages }: Report): Part[] {
  return isWorthDrawing(stages) ? [() => `### How the run went\n\n${renderGantt(stages)}`] : [];
}

function notices({ notices: lines }: Report, room: number): string {
  const shown: string[] = [];
  let left = room - 50;
  for (const line of lines.slice(0, 20)) {
    const item = `- ${forProse(line, 500)}`;
    left -= item.length + 1;
    if (left < 0) break;
    shown.push(item);
  }
  const more = lines.length - shown.length;
  if (more > 0) shown.push(`- … and ${plural(more, 'more notice')}: see the log.`);
  return shown.join('\n');
}

function facts(report: Report): string {
  const { run, workflow, projectId, commit, attempt, keyKind, polls, tokens, stages, inputNames } = report;
  const told = (parts: readonly (string | null | undefined)[]) =>
    parts.filter((part) => part !== null && part !== undefined && part !== '').join(' · ');
  const spent = `${plural(polls, 'look')}, ${plural(tokens, 'token')}`;
  const line = told([
    run && `${forCode(run.id)} ${run.origin.kind}${report.replayed ? ', answer replayed' : ''}`,
    run && `status ${forCode(run.status, 60)}`,
    workflow.id && forCode(workflow.id),
    projectId && `project ${forCode(projectId)}`,
    commit && `commit ${forCode(commit.slice(0, 7))}`,
    `attempt ${number(attempt)}`,
    keyKind && `${keyKind} key`,
    spent,
    isWorthDrawing(stages) ? '' : timelineLine(stages),
  ]);
  const more = told([
    run && moment(run.startedAt) && `Started ${moment(run.startedAt)}`,
    run?.durationSeconds != null ? `ran ${duration(run.durationSeconds * 1000)}` : '',
    inputNames.length > 0
      ? `inputs ${inputNames
          .slice(0, 20)
          .map((name) => forCode(name, 60))
          .join(', ')}${inputNames.length > 20 ? ', …' : ''}`
      : '',
    report.idempotencyKey && `idempotency key ${forCode(report.idempotencyKey, 255)}`,
    link('job run', report),
  ]);
  const data = outputCount(report) === 0 ? '' : DISCLAIMER;
  return [line, more, data && `<sub>${data}</sub>`].filter((text) => text).join('\n\n');
}
