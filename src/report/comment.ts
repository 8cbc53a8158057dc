/** The sticky pull-request comment: the report's first screen, and hidden in it whose it is and what it remembers. */
import { createHash } from 'node:crypto';
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
import { hasDropped, STATE_MAX, type Earlier } from './changes.ts';
import type { Finding } from '../gate/finding.ts';
import type { Conclusion } from '../runs/verdict.ts';
import type { Report } from './report.ts';
import { forCode } from '../text/escape.ts';

/** What the first line of our comment says: whose it is, and what it shows. */
export interface Marker {
  /** Of `markerDigest`: tells our comments on one pull request apart. */
  readonly digest: string;
  /** GITHUB_RUN_ID and attempt of the job that wrote it. */
  readonly jobRunId: number;
  readonly attempt: number;
  /** The run's ID, or empty. */
  readonly runId: string;
  readonly conclusion: Conclusion;
  /** Of `verdictDigest`. */
  readonly verdict: string;
  /** Full SHA, or empty. */
  readonly commit: string;
}

/** Whose comment it is. `parts`: the workflow file's path, GITHUB_JOB, workflow, project, `comment_key`. */
export function markerDigest(parts: readonly string[]): string {
  return shaOf(parts);
}

/** Of everything that the gate decided: two reports of one run with the same one say the same. */
export function verdictDigest({ verdict, runs }: Report): string {
  return shaOf([
    verdict.conclusion,
    verdict.headline,
    ...runs
      .flatMap(({ findings }) => findings)
      .map(({ condition, result, matched }) =>
        JSON.stringify([condition.severity, condition.name, condition.expression, result, matched]),
      ),
  ]);
}

function shaOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** The comment's first line. */
export function markerLine(marker: Marker): string {
  const { digest, jobRunId, attempt, runId, conclusion, verdict, commit } = marker;
  return `<!-- alloovium:${digest} job-run=${jobRunId} attempt=${attempt} run=${runId} conclusion=${conclusion} verdict=${verdict} commit=${commit} -->`;
}

const MARKER =
  /^<!-- alloovium:([0-9a-f]{32}) job-run=(\d{1,16}) attempt=(\d{1,16}) run=((?:[A-Za-z0-9][A-Za-z0-9_.-]{0,127})?) conclusion=([a-z_]{1,20}) verdict=([0-9a-f]{32}) commit=((?:[0-9a-f]{40}|[0-9a-f]{64})?) -->[ \t]*(?:[\r\n]|$)/;

const CONCLUSIONS: ReadonlySet<string> = new Set<Conclusion>([
  'success',
  'pending',
  'skipped',
  'failure',
  'cancelled',
  'gate_failed',
  'timed_out',
  'interrupted',
  'error',
]);

/** Reads the first line of a comment; anything that `markerLine` does not write is null. */
export function parseMarker(body: string): Marker | null {
  const found = MARKER.exec(body);
  if (found === null) return null;
  const [, digest = '', jobRun, attemptText, runId = '', conclusion = '', verdict = '', commit = ''] = found;
  const [jobRunId, attempt] = [Number(jobRun), Number(attemptText)];
  if (![jobRunId, attempt].every((id) => Number.isSafeInteger(id) && id > 0)) return null;
  if (!CONCLUSIONS.has(conclusion)) return null;
  return { digest, jobRunId, attempt, runId, conclusion: conclusion as Conclusion, verdict, commit };
}

/** A run's ID may hold `--`, which could not be told from the end of an HTML comment, so the state is base64. */
const STATE = /^<!-- alloovium-state:([A-Za-z0-9+/=]{1,8000}) -->$/;

/** The state hidden in a comment of ours (for `recall`): its last line; '' where there is none. */
export function stateOf(body: string): string {
  const end = body.trimEnd();
  return STATE.exec(end.slice(end.lastIndexOf('\n') + 1))?.[1] ?? '';
}

/** What an earlier comment said that a green report takes back. */
export interface Before {
  /** Not where it was only asked less than then. */
  readonly isResolved: boolean;
  /** A sentence for the report; '' where nothing is known. */
  readonly said: string;
}

export function describePrevious(
  marker: Marker | null,
  remembered: Earlier | null,
  results: readonly Finding[],
): Before {
  const at = (commit = '') => (commit === '' ? ' before' : ` at ${forCode(commit.slice(0, 7))}`);
  const isResolved = remembered === null || !hasDropped(results, remembered);
  if (marker !== null && marker.conclusion !== 'gate_failed' && marker.conclusion !== 'success')
    return { isResolved, said: `The report${at(marker.commit)} had no verdict.` };
  if (remembered?.last.conditions.some(({ count }) => count > 0)) {
    const dropped = isResolved ? '' : ', not all by conditions that are still asked';
    return { isResolved, said: `There were findings${at(remembered.last.commit)}${dropped}.` };
  }
  if (marker?.conclusion !== 'gate_failed') return { isResolved, said: '' };
  // A condition that could not be evaluated is not remembered: it may have been taken away.
  return { isResolved: remembered === null, said: `The gate was red${at(marker.commit)}.` };
}

export const COMMENT_MAX = 60_000;

const DETAILS: readonly Detail[] = [
  { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 200, outputs: 5, text: 2_000 },
  { rows: 10, warned: 5, folded: 5, conditions: 10, cell: 100, outputs: 3, text: 500 },
  { rows: 5, warned: 2, folded: 0, conditions: 5, cell: 60, outputs: 0, text: 500 },
];

/**
 * The comment's body, at most 60,000 characters.
 * @param state what `encodeState` wrote, '' for none
 * @param before the comment that this one stands in for, where that called for attention and this one does not
 */
export function renderComment(report: Report, marker: Marker, state: string, before?: Before): string {
  const first = markerLine(marker);
  const hidden = state === '' || state.length > STATE_MAX ? '' : `\n\n<!-- alloovium-state:${state} -->`;
  const shown = firstThatFits(
    DETAILS,
    COMMENT_MAX - first.length - hidden.length - 1,
    posted(report),
    (detail) => [
      `### ${heading(report, before?.isResolved === true ? 'resolved, ' : '')}`,
      ...lead(report, before?.said),
      ...(report.runs.length > 1 ? ofRuns(report, detail) : ofRun(report, detail)),
      facts(report),
    ],
  );
  return `${first}\n${shown}${hidden}`;
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
