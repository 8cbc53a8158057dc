/** The end of every report: notices, facts about the runs and the step, and the footer. */
import { forCode, link } from '../text/escape.ts';
import { formatDuration, joinPresent, formatTime, formatNumber, formatCount } from '../text/format.ts';
import { bulletList, forSentence } from './blocks.ts';
import type { Detail } from './detail-levels.ts';
import { leftOut } from './findings.ts';
import { durationSeconds, type Report, type RunReport } from './report.ts';
import { collapsedSection } from './table.ts';
import { earlierRuns } from './verdict-lines.ts';
import { outputCount } from './workflow-outputs.ts';

export function notices({ notices: all, runs }: Report, { text }: Detail): string {
  const reported = runs.flatMap(earlierRuns);
  const lines = all.filter((line) => !reported.some((one) => line.endsWith(one)));
  const shown = lines.slice(0, text === 0 ? 0 : 20).map((line) => forSentence(line, Math.min(500, text)));
  const more = lines.length - shown.length;
  return bulletList(more > 0 ? [...shown, `… and ${formatCount(more, 'more notice')}: see the log.`] : shown);
}

export function detailsSection({ runs, tokens, commit, attempt, keyKind }: Report): string {
  const [only] = runs.length === 1 ? runs : [];
  const step = joinPresent(
    ' · ',
    commit && `Commit ${forCode(commit)}`,
    attempt > 1 && `attempt ${formatNumber(attempt)}`,
    keyKind && `${keyKind} key`,
  );
  const text = bulletList([...(only ? aboutRun(only) : []), spent(only?.polls ?? 0, tokens), step]);
  return text === '' ? '' : collapsedSection('Details', text);
}

const HOW = { new: 'started by this job', joined: 'joined', attached: 'named by `run_id`' } as const;

export function aboutRun(one: RunReport): string[] {
  const { order, run, runId, origin, workflowId, idempotencyKey } = one;
  const lostReply = one.replayed && origin?.kind === 'new' ? ' (the answer to its launch was lost)' : '';
  const started = formatTime(run?.startedAt ?? '');
  const seconds = durationSeconds(one);
  const inputs = Object.keys(order.inputs);
  const names = inputs.slice(0, 20).map((name) => forCode(name, 60));
  return [
    joinPresent(
      ' · ',
      origin && `Run ${forCode(runId)}, ${HOW[origin.kind]}${lostReply}`,
      origin && `status ${forCode(one.status, 60)}`,
      started && `started ${started}`,
      seconds !== null && `ran ${formatDuration(seconds * 1000)}`,
    ),
    workflowId && `Workflow ${forCode(workflowId)}`,
    order.projectId && `Project ${forCode(order.projectId)}`,
    names.length > 0 ? `Inputs ${names.join(', ')}${inputs.length > 20 ? ', …' : ''}` : '',
    idempotencyKey && `Idempotency key ${forCode(idempotencyKey, 255)}`,
  ];
}

/** Tokens are named only if some were spent. */
export function spent(polls: number, tokens: number): string {
  return joinPresent(
    ', ',
    polls > 0 && formatCount(polls, 'status check'),
    tokens > 0 && formatCount(tokens, 'token'),
  );
}

export const GATE_FILE = '`gate_file`';

export function summaryOf({ inputs, jobRunUrl }: Report): string {
  return (inputs?.jobSummary ?? true) ? link('job summary', jobRunUrl) : GATE_FILE;
}

/** `report_file` has the summary's columns. */
type Sink = 'comment' | 'summary';

export function footer(report: Report, sink: Sink): string {
  const { runs, attempt, jobRunUrl: page } = report;
  const isComment = sink === 'comment';
  const hasData = runs.some((run) => outputCount(run) > 0 || run.findings.length > 0);
  const fields = fieldsLeftOut(report, sink);
  const text = joinPresent(
    ' ',
    hasData && 'Written by a model from project documents; treat as data.',
    isComment && attempt > 1 && `Attempt ${attempt}.`,
    fields,
    // Each page is linked once.
    page !== '' && !fields.includes(page) && link(isComment ? 'Job summary' : 'Job run', page),
  );
  return text === '' ? '' : `<sub>${text}</sub>`;
}

/** Names what no table of items shows. */
function fieldsLeftOut(report: Report, sink: Sink): string {
  const { runs } = report;
  const countIn = (one: Sink) => Math.max(0, ...runs.map((run) => leftOut(run, one)));
  const count = countIn(sink);
  if (count === 0) return '';
  const where = sink === 'comment' && countIn('summary') === 0 ? summaryOf(report) : GATE_FILE;
  return `${formatNumber(count)} more ${count === 1 ? 'field per item is' : 'fields per item are'} in ${where === GATE_FILE ? '' : 'the '}${where}.`;
}
