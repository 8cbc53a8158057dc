/** The sticky pull-request comment: the report's first screen, and hidden in it whose it is and what it remembers. */
import { fold, shortIds } from './table.ts';
import { firstThatFits, posted, type Detail } from './detail.ts';
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
} from './sections.ts';
import { outputCount, wrote } from './wrote.ts';
import { HIDDEN_MAX } from './memory.ts';
import type { Report } from './report.ts';
import { forCode } from '../text/escape.ts';

export const COMMENT_MAX = 60_000;

const DETAILS: readonly Detail[] = [
  { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 200, outputs: 5, text: 2_000 },
  { rows: 10, warned: 5, folded: 5, conditions: 10, cell: 100, outputs: 3, text: 500 },
  { rows: 5, warned: 2, folded: 0, conditions: 5, cell: 60, outputs: 0, text: 500 },
];

/** What is seen of the comment, and its first line: at most 60,000 characters together with what it remembers. */
export function renderComment(report: Report, firstLine: string): string {
  const room = COMMENT_MAX - HIDDEN_MAX - firstLine.length - 1;
  const shown = firstThatFits(DETAILS, room, posted(report), (detail) => [
    `### ${heading(report)}`,
    ...lead(report),
    ...(report.runs.length > 1 ? ofRuns(report, detail) : ofRun(report, detail)),
    facts(report),
  ]);
  return `${firstLine}\n${shown}`;
}

function ofRun(report: Report, detail: Detail): string[] {
  const [run] = report.runs;
  if (run === undefined) return ofNoRun(report, detail);
  const { parts, seen } = body(run, report, true, detail);
  const texts = wrote(run, seen, detail);
  return [
    ...parts,
    run.findings.length === 0 ? '' : fold(`Gate: ${gateInWords(run)}`, gateTable(run, detail)),
    texts.length === 0 ? '' : fold('What the workflow wrote', texts.join('\n\n')),
  ];
}

/** The table of all, then what the red ones and those that warn found; their rows are shared out among them. */
function ofRuns(report: Report, detail: Detail): string[] {
  return [
    runsTable(report, detail),
    nextStep(report.verdict),
    ...sectionsOf(report, { ...detail, folded: 0 }).flatMap(({ title, parts }) => [
      `#### ${title}`,
      ...parts,
    ]),
  ];
}

/** Neither tokens nor elapsed time: what did not change reads the same. */
function facts(report: Report): string {
  const { attempt, runs } = report;
  const [run] = runs;
  const says = [
    runs.length === 1 && run?.run
      ? `Run ${forCode(shortIds([run.run.id])[0] ?? '')} (${run.run.origin.kind})`
      : '',
    attempt > 1 ? `attempt ${attempt}` : '',
    link('full report', report),
  ];
  const data = runs.some((one) => outputCount(one) > 0) ? `${DISCLAIMER} ` : '';
  const text = data + says.filter((part) => part !== '').join(' · ');
  return text === '' ? '' : `<sub>${text}</sub>`;
}
