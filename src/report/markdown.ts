/** Renders a report as Markdown, for the comment, the job summary and `report_file`. */
import { countFindings, type ConditionResult, type Finding } from '../gate/findings.ts';
import { fieldsFor } from '../gate/identity.ts';
import { formatWaiversToCopy, MAX_OFFERED } from '../gate/waivers.ts';
import type { Previous } from '../github/comment.ts';
import {
  escapeForProse,
  escapeSentenceForMarkdown,
  formatCode,
  formatCodeBlock,
  link,
} from '../text/escape.ts';
import { capitalise, formatNumber, formatTime, inBrackets, joinPresent, lowerFirst } from '../text/format.ts';
import { formatTexts } from './columns.ts';
import type { EntryReport, Report } from './report.ts';
import {
  countOpen,
  divideRows,
  formatBullets,
  formatItems,
  formatMore,
  formatTable,
  quoteLines,
  type Look,
  type View,
} from './tables.ts';
import * as messages from './messages.ts';
import { RERUN } from './next-step.ts';
import {
  formatComparison,
  formatName,
  formatValues,
  iconOf,
  isPresent,
  isUngated,
  renderOutputs,
  renderRest,
} from './rest.ts';

/** GitHub takes 65,536 characters; the rest is for the hidden line. */
export const COMMENT: Look = { sink: 'comment', rows: 10, columns: 4, max: 53_000 };
/** GitHub drops a summary over 1 MiB. */
export const SUMMARY: Look = { sink: 'summary', rows: 5_000, columns: 8, max: 900_000 };
/** May become the body of an issue. */
export const REPORT_FILE: Look = { sink: 'file', rows: 50, columns: 8, max: 60_000 };

/** Renders the report in at most `look.max` bytes: with fewer rows, then with shorter texts, then the verdict alone. */
export function renderMarkdown(report: Report, look: Look, previous: Previous | null = null): string {
  const results = report.results.toSorted((one, other) => other.verdict.exitCode - one.verdict.exitCode);
  let view: View = { ...look, report, results, previous, maxText: 200 };
  while (view.maxText >= 25) {
    const parts = [renderVerdict(view), ...renderResults(view), renderRest(view), renderFooter(view)];
    const markdown = `${joinPresent('\n\n', ...parts)}\n`;
    const size = Buffer.byteLength(markdown);
    if (size <= look.max) return markdown;
    const rows = Math.floor(Math.min(view.rows - 1, (0.95 * view.rows * look.max) / size));
    view = view.rows > 1 ? { ...view, rows: Math.max(1, rows) } : { ...view, maxText: view.maxText / 2 };
  }
  const items = countFindings(results.flatMap((one) => one.conditions)).found;
  return `${joinPresent('\n\n', renderVerdict(view), formatMore(items, view), renderFooter(view))}\n`;
}

/** Renders the headline, what Alloovium said, what changed, remarks, and the next steps. */
function renderVerdict(view: View): string {
  const { report, results, previous, sink } = view;
  const { step, words, baselineRemark } = report;
  const { inputs, context } = step;
  const [only] = results.length === 1 ? results : [];
  const leg = inBrackets(formatTexts(inputs?.matrix));
  const title = (inputs?.title ?? '') || (context ? context.workflowName + leg : 'Alloovium');
  const steps = hasOwnSteps(report) ? [] : words.steps.map((text) => renderStep(text, view));
  const [first = ''] = steps;
  const inline = ` ${only ? lowerFirst(first) : first}`;
  const changes = messages.describeChanges(results, previous);
  return joinPresent(
    '\n\n',
    `${sink === 'comment' ? '##' : '#'}# ${words.icon} ${escapeForProse(title, 100)}: ${formatHeadline(report)}`,
    step.outcome
      ? quoteLines(words.reason, view, escapeSentenceForMarkdown)
      : quoteLines(only?.words.reason ?? '', view),
    joinPresent(
      '<br>',
      capitalise(changes),
      only ? formatComparison(only) : '',
      ...[words.whyNew, baselineRemark].filter(Boolean).map((text) => `*${escapeSentenceForMarkdown(text)}*`),
      first && `**Next:**${steps.length > 1 ? '' : inline}`,
    ),
    steps.length > 1 && formatBullets(steps),
  );
}

/** Links "re-run this job" to the job, whose page has the button. */
function renderStep(text: string, { report: { step } }: View): string {
  const { serverUrl, repository, workflowRunId, workflowRunUrl = '' } = step.context ?? {};
  const id = step.inputs?.checkRunId;
  const page = id ? `${serverUrl}/${repository}/actions/runs/${workflowRunId}/job/${id}` : workflowRunUrl;
  return escapeSentenceForMarkdown(text).replace(RegExp(RERUN, 'i'), (found) => link(found, page));
}

/** Has each run a next step of its own? */
function hasOwnSteps({ results, words, step, verdict }: Report): boolean {
  const counted = results.filter((one) => one.verdict.exitCode === verdict.exitCode);
  const isShared = counted.every((one) => words.steps.includes(one.words.steps[0] ?? ''));
  return step.outcome === null && results.length > 1 && words.steps.length > 1 && !isShared;
}

function formatHeadline({ words }: Pick<Report, 'words'>): string {
  return escapeSentenceForMarkdown(lowerFirst(words.headline));
}

/** Renders the conditions that fail or warn; of several runs a table, and a section for each. They share the rows. */
function renderResults(view: View): string[] {
  const { results, rows, sink } = view;
  const isOne = results.length === 1;
  const all = results.flatMap((result) => result.conditions.map((finding) => ({ result, finding })));
  const notable = all.filter(({ finding }) => isNotable(finding));
  const shown = notable.slice(0, rows);
  const shares = divideRows(
    rows,
    shown.map(({ finding }) => countOpen(finding)),
  );
  const sections = results.map((result) => {
    const findings = shown.flatMap((one, at) =>
      one.result === result ? [renderFinding(result, one.finding, shares[at] ?? 0, view)] : [],
    );
    const outputs = { ...view, rows: Math.ceil(rows / results.length) };
    const isFirst = !isOne && results.find(({ words }) => words.reason === result.words.reason) === result;
    const body = joinPresent(
      '\n\n',
      ...findings,
      isFirst && quoteLines(result.words.reason, view),
      isUngated(result) && renderOutputs(result.runState.outputs ?? null, result, outputs),
    );
    const level = sink === 'comment' ? '####' : '###';
    return isOne || !body ? body : `${level} ${formatName(result)}: ${formatHeadline(result)}\n\n${body}`;
  });
  const [only] = isOne ? results : [];
  return [
    isOne ? '' : renderRuns(view),
    ...sections,
    formatMore(notable.length - shown.length, view, 'conditions'),
    renderDisagreement(view),
    only ? formatValues(only) : '',
  ];
}

function renderRuns(view: View): string {
  const { results, report, sink } = view;
  const { exitCode } = report.verdict;
  const steps = results.map(({ verdict, words }) =>
    hasOwnSteps(report) && verdict.exitCode === exitCode
      ? renderStep(joinPresent(' ', words.whyNew, ...words.steps), view)
      : '',
  );
  const ids = results.map(({ runState }) =>
    sink === 'comment' || !runState.runId ? '' : formatCode(runState.runId),
  );
  return formatTable([
    ['', results.map((one) => one.words.icon)],
    ['Run', results.map((one) => link(formatName(one), one.runUrl))],
    ['Result', results.map(formatHeadline)],
    ['Next step', steps],
    ['ID', ids],
  ]);
}

function isNotable({ isFailing, isWarning }: ConditionResult): boolean {
  return isFailing || isWarning;
}

/** Renders one condition: a sentence if there are several, why it cannot be evaluated, and a table of its items. */
function renderFinding(result: EntryReport, finding: ConditionResult, most: number, view: View): string {
  const { condition, isCompared, findings } = finding;
  const isNew = ({ isKnown, digest }: Finding) =>
    isCompared ? !isKnown : digest !== '' && view.previous?.digests.has(digest) === false;
  const hasOld = !findings.every(isNew);
  const open = findings
    .slice(0, countOpen(finding))
    .sort((one, other) => Number(isNew(other)) - Number(isNew(one)));
  const fields = fieldsFor(result.entry.columns, condition);
  const items = open.map(({ value }) => value);
  const marks = open.slice(0, most).map((one) => (hasOld && isNew(one) ? '**new**' : ''));
  const remarks = open.slice(0, most).map(({ remark }) => (remark ? messages.describeRemark(remark) : ''));
  const isOnly = result.conditions.filter(isNotable).length === 1;
  const sentence = `${iconOf(finding)} ${escapeSentenceForMarkdown(messages.describeFinding(finding))}`;
  return joinPresent(
    '\n\n',
    // The headline says what is alone.
    joinPresent(': ', !isOnly && sentence, escapeSentenceForMarkdown(messages.describeCause(finding))),
    formatTable([
      ['', marks],
      ...formatItems(items, fields, most, result, view, condition.name ?? ''),
      ['Note', remarks],
    ]),
    formatMore(open.length - most, view),
  );
}

const DOCS = 'https://github.com/alloovium/run-workflow/blob/main/docs';

/** Says how to disagree with findings that fail: the summary has waivers to copy. Empty: nothing fails. */
function renderDisagreement(view: View): string {
  const { report, results, sink } = view;
  const { inputs, context, saved } = report.step;
  const items = results.flatMap(({ entry, conditions }) =>
    conditions.flatMap((finding) => {
      const { isFailing, knownBy, condition, findings } = finding;
      const open = findings.slice(0, isFailing ? countOpen(finding) : 0);
      return open.map(({ value: item }) => ({ entry: entry.name, item, knownBy, condition: condition.name }));
    }),
  );
  if (items.length === 0 || saved?.code === 'saved') return '';
  const yaml = report.isQuiet ? '' : formatWaiversToCopy(items);
  const all =
    inputs?.baseline &&
    `To accept all of them, run this GitHub workflow on ${formatCode(inputs.baseline)} with \`save_baseline\` checked.`;
  if (sink === 'summary' && yaml) {
    const says =
      'Copy into `waivers`, and give each a reason in `because`. In the GitHub workflow file, waivers take effect with the next push or *Update branch*; in the `config` file, with a re-run.';
    const cut =
      items.length > MAX_OFFERED && `Of ${formatNumber(items.length)} findings, these are the first.`;
    const block = formatCodeBlock(yaml, Infinity, 'yaml');
    return `### Wrong, or acceptable? Waive it\n\n${block}\n\n${joinPresent(' ', cut, says, all)}`;
  }
  const page = yaml ? (context?.workflowRunUrl ?? '') : `${DOCS}/baselines.md#waivers`;
  return joinPresent(' ', `Wrong, or acceptable? ${link('Waive it', page)}.`, all);
}

/** Says that a model wrote the data, and names the commit, the time, the run and the page of the job run. */
function renderFooter({ report: { step }, results, sink }: View): string {
  const { commit = '', workflowRunUrl = '' } = step.context ?? {};
  const times = results.map(({ gateResult, runState }) =>
    gateResult ? formatTime(runState.completedAt) : '',
  );
  const last = times.sort().at(-1);
  const [only] = results.length === 1 ? results : [];
  const text = joinPresent(
    ' · ',
    results.some(({ runState }) => isPresent(runState.outputs)) &&
      'AI-generated from your documents. Check before you act.',
    commit && formatCode(commit.slice(0, 7)),
    last && `reviewed ${last}`,
    only?.runState.runId && link(formatCode(only.runState.runId), only.runUrl),
    link(sink === 'comment' ? 'job summary' : 'job run', workflowRunUrl),
  );
  return text && `<sub>${text}</sub>`;
}
