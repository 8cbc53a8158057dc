/** Renders the end of every report: notices, facts about the runs and the step, and the footer. */
import { formatCode, link } from '../text/escape.ts';
import { formatDuration, joinPresent, formatTime, formatNumber, formatCount } from '../text/format.ts';
import { formatBulletList, formatSentence } from './blocks.ts';
import type { Detail } from './detail-levels.ts';
import { countFieldsLeftOut } from './findings.ts';
import { readDurationSeconds, type Report, type RunReport } from './report.ts';
import { formatCollapsed } from './table.ts';
import { countOutputs } from './workflow-outputs.ts';

/** Formats the notices as a list. */
export function formatNotices({ notices: lines }: Report, { text }: Detail): string {
  const shown = lines.slice(0, text === 0 ? 0 : 20).map((line) => formatSentence(line, Math.min(500, text)));
  const more = lines.length - shown.length;
  return formatBulletList(
    more > 0 ? [...shown, `… and ${formatCount(more, 'more notice')}: see the log.`] : shown,
  );
}

/** Renders the collapsed facts about the step and, if there is only one, its run. */
export function renderDetails({ runs, tokens, commit, attempt, keyKind }: Report): string {
  const [only] = runs.length === 1 ? runs : [];
  const step = joinPresent(
    ' · ',
    commit && `Commit ${formatCode(commit)}`,
    attempt > 1 && `attempt ${formatNumber(attempt)}`,
    keyKind && `${keyKind} key`,
  );
  const text = formatBulletList([
    ...(only ? describeRun(only) : []),
    formatSpent(only?.polls ?? 0, tokens),
    step,
  ]);
  return text === '' ? '' : formatCollapsed('Details', text);
}

const HOW = { new: 'started by this job', joined: 'joined', attached: 'named by `run_id`' } as const;

/** Lists facts about a run; entries may be empty. */
export function describeRun(one: RunReport): string[] {
  const { order, run, runId, origin, workflowId, idempotencyKey } = one;
  const lostReply = one.replayed && origin?.kind === 'new' ? ' (the answer to its launch was lost)' : '';
  const started = formatTime(run?.startedAt ?? '');
  const seconds = readDurationSeconds(one);
  const inputs = Object.keys(order.inputs);
  const names = inputs.slice(0, 20).map((name) => formatCode(name, 60));
  return [
    joinPresent(
      ' · ',
      origin && `Run ${formatCode(runId)}, ${HOW[origin.kind]}${lostReply}`,
      origin && `status ${formatCode(one.status, 60)}`,
      started && `started ${started}`,
      seconds !== null && `ran ${formatDuration(seconds * 1000)}`,
    ),
    workflowId && `Workflow ${formatCode(workflowId)}`,
    order.projectId && `Project ${formatCode(order.projectId)}`,
    names.length > 0 ? `Inputs ${names.join(', ')}${inputs.length > 20 ? ', …' : ''}` : '',
    idempotencyKey && `Idempotency key ${formatCode(idempotencyKey, 255)}`,
  ];
}

/** Formats the number of status checks and of tokens that were spent; a number that is 0 is left out. */
export function formatSpent(polls: number, tokens: number): string {
  return joinPresent(
    ', ',
    polls > 0 && formatCount(polls, 'status check'),
    tokens > 0 && formatCount(tokens, 'token'),
  );
}

export const GATE_FILE = '`gate_file`';

/** Returns a link to the job summary; if there is none, the name of the `gate_file`. */
export function linkSummary({ inputs, jobRunUrl }: Report): string {
  return (inputs?.jobSummary ?? true) ? link('job summary', jobRunUrl) : GATE_FILE;
}

/** `report_file` has the columns of the summary. */
type Sink = 'comment' | 'summary';

/**
 * Formats the last line of a report: that a model wrote the data, how many fields are not shown, and a link to the job's page.
 */
export function formatFooter(report: Report, sink: Sink): string {
  const { runs, attempt, jobRunUrl: page } = report;
  const isComment = sink === 'comment';
  const hasData = runs.some((run) => countOutputs(run) > 0 || run.findings.length > 0);
  const fields = describeFieldsLeftOut(report, sink);
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

/** Names the number of fields that no table of items shows, and where they are; or empty. */
function describeFieldsLeftOut(report: Report, sink: Sink): string {
  const { runs } = report;
  const countIn = (one: Sink) => Math.max(0, ...runs.map((run) => countFieldsLeftOut(run, one)));
  const count = countIn(sink);
  if (count === 0) return '';
  const where = sink === 'comment' && countIn('summary') === 0 ? linkSummary(report) : GATE_FILE;
  return `${formatNumber(count)} more ${count === 1 ? 'field per item is' : 'fields per item are'} in ${where === GATE_FILE ? '' : 'the '}${where}.`;
}
