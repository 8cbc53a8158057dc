/** Renders a report as Markdown, for the comment, the job summary and `report_file`. */
import type { Finding } from '../gate/finding.ts';
import { fieldsFor } from '../gate/identity.ts';
import { formatWaiversToCopy } from '../gate/waivers.ts';
import { isJsonObject, isList, parseJson, type JsonValue } from '../json.ts';
import { escapeForProse, escapeSentence, formatCode, formatCodeBlock, link } from '../text/escape.ts';
import {
  capitalise,
  formatCount,
  formatNumber,
  formatTime,
  joinPresent,
  lowerFirst,
  sumOf,
} from '../text/format.ts';
import { chooseColumns, countFieldValues, cutIds, formatTexts, isPlainWord } from './columns.ts';
import { fillItemUrl, fillRunUrl } from './links.ts';
import { describeProblem } from './problems.ts';
import { isWhole, type Report, type ResultReport } from './report.ts';
import * as words from './words.ts';

/** Where a report is shown, and how much of it. */
export interface Look {
  readonly sink: 'comment' | 'summary' | 'file';
  /** Rows of all tables of findings together; also the most entries of each other list. */
  readonly rows: number;
  readonly columns: number;
  /** UTF-16 units, each of which takes at most three bytes. */
  readonly max: number;
}

/** GitHub takes 65,536 characters; the rest is for the hidden line. */
export const COMMENT: Look = { sink: 'comment', rows: 10, columns: 4, max: 53_000 };
/** GitHub drops a summary over 1 MiB, and other steps write into it too. */
export const SUMMARY: Look = { sink: 'summary', rows: 50, columns: 8, max: 330_000 };
/** May become the body of an issue. */
export const REPORT_FILE: Look = { ...SUMMARY, sink: 'file', max: 60_000 };

/** What the comment remembers of the last report: the full SHA, and the digests of its findings. */
export interface Previous {
  readonly commit: string;
  readonly digests: ReadonlySet<string>;
}

interface View extends Look {
  readonly report: Report;
  readonly previous: Previous | null;
  /** Characters of an untrusted text in a cell. */
  readonly text: number;
}

/** Renders the report in at most `look.max` units: with fewer rows, then with shorter texts, then the verdict alone. */
export function renderMarkdown(report: Report, look: Look, previous: Previous | null = null): string {
  const findings = report.results.flatMap((result) => result.findings);
  const items = formatCount(
    sumOf(findings, ({ counts }) => counts.matched),
    'item',
  );
  const leftOut = `**Not shown:** ${formatCount(findings.length, 'condition')} with ${items}: \`gate_file\``;
  let view: View = { ...look, report, previous, text: 200 };
  while (view.text >= 25) {
    const parts = [renderVerdict(view), ...renderResults(view), renderFold(view), renderFooter(view)];
    const markdown = `${joinPresent('\n\n', ...parts)}\n`;
    if (markdown.length <= look.max) return markdown;
    view = view.rows > 1 ? { ...view, rows: Math.floor(view.rows / 2) } : { ...view, text: view.text / 2 };
  }
  return `${joinPresent('\n\n', renderVerdict(view), leftOut, renderFooter(view))}\n`;
}

/** Renders the headline, the state in one line, remarks, and the next steps. */
function renderVerdict(view: View): string {
  const { inputs, words: says, results, context, keep } = view.report;
  const only = results.length === 1 ? results[0] : undefined;
  const name = joinPresent(
    ' ',
    context?.workflowName,
    formatBrackets(formatTexts(parseJson(inputs?.leg ?? 'null'))),
  );
  const title = escapeForProse(inputs?.title ?? '', 100) || escapeForProse(name, 100) || 'Alloovium';
  const reviewed = results
    .flatMap((one) => (one.evaluated ? [formatTime(one.record.completedAt)] : []))
    .sort()
    .at(-1);
  const waived = sumOf(results, ({ findings }) => sumOf(findings, ({ counts }) => counts.waived));
  const page = only ? urlOf(only, null, view) : '';
  const state = joinPresent(
    ' · ',
    says.word +
      (context ? ` at ${formatCommit(context.commit)}` : '') +
      (reviewed ? `, reviewed ${reviewed}` : ''),
    formatChanges(view),
    waived > 0 && `${formatNumber(waived)} waived`,
    page && link('run', page),
  );
  const baselines = results.flatMap(({ evaluated }) =>
    evaluated ? words.describeBaseline(evaluated.baseline) : [],
  );
  const remarks = new Set([...baselines, keep ? words.describeKeepDecision(keep, view.report) : '']);
  const steps = says.steps.map((step) => escapeSentence(step));
  const next = steps.length === 1 ? ` ${only ? lowerFirst(steps[0] ?? '') : steps[0]}` : '';
  return joinPresent(
    '\n\n',
    `${view.sink === 'comment' ? '##' : '#'}# ${says.icon} ${title}: ${formatHeadline(view.report)}`,
    joinPresent(
      '<br>',
      state,
      ...[...remarks].map((text) => text && `*${escapeSentence(text)}*`),
      only && formatStage(only),
      steps.length > 0 && `**${says.stepsLabel}:**${next}`,
    ),
    next === '' && formatList(steps),
  );
}

function formatHeadline({ words: says }: Pick<Report, 'words'>): string {
  return escapeSentence(lowerFirst(says.headline), 300);
}

function formatCommit(sha: string): string {
  return formatCode(sha.slice(0, 7));
}

function formatBrackets(text: string): string {
  return text && `(${text})`;
}

/** Counts what changed since the baseline, or else since the last comment: "since `3f9c1ab`: **2 new**, 4 known". */
function formatChanges({ report: { results }, previous }: View): string {
  const findings = results
    .flatMap((one) => one.findings)
    .filter(({ condition }) => condition.severity === 'fail');
  const baseline = results
    .map(({ evaluated }) => evaluated?.baseline)
    .find((one) => one?.code === 'usable')?.baseline;
  const isCompared = ({ counts, knownBy }: Finding) =>
    baseline ? counts.new !== null : previous && knownBy.length > 0;
  const compared = findings.filter(isCompared);
  if (compared.length === 0) return '';
  const sum = (key: 'matched' | 'known' | 'gone', of = compared) =>
    sumOf(of, ({ counts }) => counts[key] ?? 0);
  const digests = compared.flatMap((one) => one.digests);
  const before = previous?.digests ?? new Set();
  const still = baseline ? sum('known') : digests.filter((digest) => before.has(digest)).length;
  const gone = baseline ? sum('gone') : isWhole(results) ? before.difference(new Set(digests)).size : 0;
  const added = sum('matched') - still;
  const counts = joinPresent(
    ', ',
    added > 0 ? `**${formatNumber(added)} new**` : still > 0 && 'nothing new',
    formatSome(still, baseline ? 'known' : 'still open'),
    formatSome(sum('matched', findings) - sum('matched'), 'not compared'),
    formatSome(gone, 'no longer matching'),
  );
  const kept = baseline && joinPresent(' of ', 'the baseline', formatTime(baseline.keptAt));
  const commit = formatCommit(baseline?.commit ?? previous?.commit ?? '');
  return counts && `since ${joinPresent(' at ', kept, commit)}: ${counts}`;
}

/** Formats a count with its word; empty: there are none. */
function formatSome(count: number, word: string): string {
  return count > 0 ? joinPresent(' ', formatNumber(count), word) : '';
}

/** Names the last stage of a run that was still going on; or empty. */
function formatStage({ record, verdict }: ResultReport): string {
  const isOpen = verdict.exitCode !== 0 && record.completedAt === '' && record.stage !== '';
  return isOpen ? `Last stage seen: ${formatCode(record.stage, 60)}.` : '';
}

/** Ranks a result as red, with warnings, or green. */
function rankOf({ verdict, findings }: ResultReport): number {
  return verdict.exitCode !== 0 ? 0 : findings.some(({ isWarning }) => isWarning) ? 1 : 2;
}

function sortByRank(results: readonly ResultReport[]): ResultReport[] {
  return [...results].sort((one, other) => rankOf(one) - rankOf(other));
}

/** Renders the conditions that are red or warn; of several runs a table, and a section for each. They share the rows. */
function renderResults(view: View): string[] {
  const { report, rows, sink } = view;
  const results = sortByRank(report.results);
  const isOne = results.length === 1;
  const urgent = results.filter((one) => isOne || rankOf(one) < 2).slice(0, rows);
  const queue = urgent.flatMap(listNotable);
  let left = rows;
  const sections = urgent.flatMap((result) => [
    ...(isOne
      ? []
      : [
          `${sink === 'comment' ? '#' : ''}### ${formatName(result)}: ${formatHeadline(result)}`,
          formatStage(result),
        ]),
    ...listNotable(result).flatMap((finding, _at, all) => {
      const share = Math.ceil(left / (queue.length - queue.indexOf(finding)));
      const most = Math.min(share, takeOpen(finding, view).length);
      left -= Math.max(1, most);
      return share > 0 ? renderFinding(result, finding, most, all.length === 1, view) : [];
    }),
    report.failure ? '' : quoteLines(result.words.reason, view),
    ...(isOne && sink !== 'comment' ? renderOutputs(result, view) : []),
  ]);
  return [
    isOne ? '' : renderRunsTable(results, view),
    report.failure ? quoteLines(report.words.reason, view, escapeSentence) : '',
    ...sections,
    formatMore(Math.max(0, queue.length - rows), 'see the conditions below'),
    sink === 'summary' ? renderWaivers(view) : '',
  ];
}

function formatName({ entry }: ResultReport): string {
  return escapeForProse(entry.name, 64);
}

function renderRunsTable(results: readonly ResultReport[], view: View): string {
  const shown = results.slice(0, 5 * view.rows);
  const table = formatTable([
    ['', shown.map((one) => one.words.icon)],
    ['Run', shown.map((one) => link(formatName(one), urlOf(one, null, view)))],
    ['Result', shown.map(formatHeadline)],
    [
      'New',
      shown.map(({ findings }) =>
        formatSome(
          sumOf(findings, ({ counts }) => counts.new ?? 0),
          '',
        ),
      ),
    ],
  ]);
  return joinPresent('\n\n', table, formatMore(results.length - shown.length, '`runs_json`'));
}

/** Lists the findings that are red or warn, the red ones first. */
function listNotable({ findings }: ResultReport): Finding[] {
  return [...findings.filter(({ isRed }) => isRed), ...findings.filter(({ isWarning }) => isWarning)];
}

/** Counts the items that are not accepted: with `fail_on: new` those that the baseline does not have. */
function countOpen({ counts }: Finding, { report }: View): number {
  return report.inputs?.failOn === 'new' ? (counts.new ?? counts.matched) : counts.matched;
}

function takeOpen(finding: Finding, view: View): Finding['items'] {
  return finding.items.slice(0, countOpen(finding, view));
}

/** Renders one condition: a sentence, unless the headline is the same, and a table of its items. */
function renderFinding(
  result: ResultReport,
  finding: Finding,
  most: number,
  isOnly: boolean,
  view: View,
): string[] {
  const { problem, isWarning, condition, digests } = finding;
  const { inputs, context } = view.report;
  const items = takeOpen(finding, view);
  const { what = '', fix = '' } = problem === null ? {} : describeProblem(problem);
  const sentence = isOnly
    ? ''
    : `${isWarning ? '⚠️' : '❌'} ${escapeSentence(words.describeFinding(finding))}`;
  const marks = items.slice(0, most).map(({ isKnown, remark }, at) => {
    const isAbsent = digests[at] && view.previous?.digests.has(digests[at]) === false;
    const isNew = isKnown === null ? isAbsent : !isKnown;
    return joinPresent(' ', isNew && '**new**', remark && escapeSentence(words.describeRemark(remark)));
  });
  const page =
    view.sink === 'comment' && inputs?.jobSummary ? link('job summary', context?.jobRunUrl ?? '') : '';
  const values = items.map(({ value }) => value);
  return [
    joinPresent(': ', sentence, escapeSentence(joinPresent('; ', what, fix))),
    most > 0
      ? renderItems(values, fieldsFor(result.entry.columns, condition), most, view, result, marks)
      : '',
    formatMore(countOpen(finding, view) - most, page || '`gate_file`'),
  ];
}

/** Renders the first items as a table. @param marks of a column without a title, safe */
function renderItems(
  items: readonly JsonValue[],
  authorFields: readonly string[],
  most: number,
  view: View,
  result: ResultReport,
  marks: readonly string[] = [],
): string {
  const { columns, same, leftOut } = formatColumns(items, authorFields, most, view, result);
  const once = same.map(
    ({ field, cells }) => `${formatCode(field, 40)} ${escapeForProse(cells[0]?.text ?? '', view.text)}`,
  );
  return joinPresent(
    '\n\n',
    formatTable([['', marks], ...columns]),
    joinPresent(
      ' · ',
      once.length > 0 && `In all rows: ${once.join(' · ')}`,
      leftOut > 0 && `${formatCount(leftOut, 'more field')}: \`gate_file\``,
    ),
  );
}

/** Formats titles and cells of the first items; the first cell of each is the link to the item's page. */
function formatColumns(
  items: readonly JsonValue[],
  authorFields: readonly string[],
  most: number,
  view: View,
  result: ResultReport,
) {
  const { columns, same, leftOut } = chooseColumns(items, authorFields, view.columns);
  const shown = view.sink === 'comment' ? columns.map(cutIds) : columns;
  const formatted = shown.map(({ field, cells }, nth): TableColumn => {
    const safe = cells.slice(0, most).map(({ text, isCode }, at) => {
      const cell = text === '' ? '' : (isCode ? formatCode : escapeForProse)(text, view.text);
      return nth === 0 ? link(cell, urlOf(result, items[at] ?? null, view)) : cell;
    });
    return [isPlainWord(field) ? escapeForProse(capitalise(field)) : formatCode(field, 40), safe];
  });
  return { columns: formatted, same, leftOut };
}

/** Renders what the run wrote. Without a gate also what its lists hold, and one condition to start from. */
function renderOutputs(result: ResultReport, view: View): string[] {
  const { outputs } = result.record;
  if (outputs === undefined) return [];
  const all: [string, JsonValue][] = isJsonObject(outputs) ? Object.entries(outputs) : [['outputs', outputs]];
  const shown = all.slice(0, view.rows);
  const starts: string[] = [];
  const parts = shown.flatMap(([name, value]) => {
    const title = formatCode(name, 60);
    if (typeof value === 'string') return [title, quoteLines(value, view)];
    if (!isList(value)) return [`${title}: ${formatCode(JSON.stringify(value), view.text)}`];
    const size = `${title}: ${formatCount(value.length, 'item')}`;
    if (result.findings.length > 0) return [size];
    const fields = [...countFieldValues(value.filter(isJsonObject))].slice(0, 12).map(([key, values]) => {
      if (values.length > 1 && IDENTIFIER.test(key) && IDENTIFIER.test(name))
        starts.push(`outputs.${name}.filter(i, i.${key} != '___')`);
      const counts = values.map(([text, count]) => `${formatCode(text)} ${formatNumber(count)}`);
      return joinPresent(' ', formatCode(key, 60), formatBrackets(counts.join(', ')));
    });
    return [
      joinPresent(' with ', size, fields.join(', ')),
      renderItems(value.slice(0, 400), [], view.rows, view, result),
    ];
  });
  const start =
    starts[0] &&
    `A first condition for \`fail_if\`: ${formatCode(starts[0])}. Replace \`___\` with the value that is right.`;
  const more = formatMore(all.length - shown.length, '`outputs_file`');
  return ['**What the workflow wrote**', ...parts, more, start ?? ''];
}

const IDENTIFIER = /^[A-Za-z_]\w{0,63}$/;

/** Renders waivers for the red items, to copy and to give a reason; or empty. */
function renderWaivers(view: View): string {
  const items = view.report.results.flatMap(({ entry, findings }) =>
    findings
      .filter(({ isRed }) => isRed)
      .flatMap((finding) =>
        takeOpen(finding, view).map(({ value: item }) => {
          const { knownBy, condition } = finding;
          return { entry: entry.name, item, knownBy, condition: condition.name };
        }),
      ),
  );
  const yaml = formatWaiversToCopy(items);
  const says = 'A waiver takes effect with the next push or *Update branch*, not with a re-run.';
  const body = yaml && `${formatCodeBlock(yaml, Infinity, 'yaml')}\n\n${says}`;
  return formatFold('To accept findings: <code>waivers</code>, each with a reason', body);
}

/** Renders the one fold: what is not red, all conditions, notices; in summary and file also facts about the runs. */
function renderFold(view: View): string {
  const { report, sink, rows } = view;
  const { results, notices, context, tokensSpent } = report;
  const isComment = sink === 'comment';
  const isOne = results.length === 1;
  const shown = sortByRank(results).slice(0, 2 * rows);
  const others = shown.map((result) => listOthers(result, view));
  const parts = shown.flatMap((result, at) => {
    const gate = [
      'gate',
      result.findings.length,
      result.findings.slice(0, 2 * rows).map(formatResult),
    ] as const;
    const hasOutputs = isComment ? result.findings.length === 0 : !isOne;
    const text = [
      joinPresent('<br>', ...[...(others[at] ?? []), gate].map(formatGroup)),
      ...(hasOutputs ? renderOutputs(result, view) : []),
      isComment ? '' : formatFacts(result),
    ];
    return isOne || text.every((part) => part === '') ? text : [`**${formatName(result)}**`, ...text];
  });
  const says = notices.map(({ run, notice }) =>
    escapeSentence(joinPresent(': ', run, words.describeNotice(notice))),
  );
  const facts = joinPresent(
    ' · ',
    formatSome(tokensSpent, 'tokens'),
    context && `commit ${formatCode(context.commit)}`,
  );
  const counts =
    others[0]?.map(([word], nth) =>
      formatSome(
        sumOf(others, (one) => one[nth]?.[1] ?? 0),
        word,
      ),
    ) ?? [];
  const hasGate = results.some(({ findings }) => findings.length > 0);
  const title = joinPresent(', ', ...counts, hasGate ? 'gate' : isComment ? 'outputs' : 'details');
  const body = joinPresent('\n\n', ...parts, formatList(says, 2 * rows), isComment ? '' : facts);
  return formatFold(`More: ${title}`, body, hasGate && !isComment);
}

type Group = readonly [word: string, count: number, names: readonly string[]];

/** Formats a count with the names of the first items: "**Known:** A-101 · A-102 · 5 more"; empty: there are none. */
function formatGroup([word, count, names]: Group): string {
  return count > 0
    ? `**${capitalise(word)}:** ${joinPresent(' · ', ...names, formatSome(count - names.length, 'more'))}`
    : '';
}

/** Lists what is not red, with safe names. */
function listOthers(result: ResultReport, view: View): readonly Group[] {
  const { findings, entry } = result;
  const lists = findings.filter(({ counts }) => counts.others !== null);
  // The items of several lists may be the same.
  const other = lists.length === 1 ? lists[0] : undefined;
  const authorFields = findings.flatMap(({ condition }) => fieldsFor(entry.columns, condition)).slice(0, 1);
  const nameAll = (items: readonly JsonValue[], most = view.rows) => {
    const { columns } = formatColumns(items, authorFields, most, { ...view, columns: 2, text: 60 }, result);
    return items
      .slice(0, most)
      .map((_item, at) => joinPresent(', ', ...columns.map(([, cells]) => cells[at])));
  };
  const known = findings.flatMap((one) => one.items.slice(countOpen(one, view)));
  const gone = findings.flatMap((one) => one.gone).filter((cells) => cells.length > 0);
  const waived = findings.flatMap((one) => one.waived);
  const waivedNames = nameAll(waived.map(({ value }) => value)).map((name, at) => {
    const { because = '', until = null } = waived[at]?.waiver ?? {};
    return `${name} (${joinPresent(', ', escapeForProse(because, 100), until && `until ${until}`)})`;
  });
  const sum = (key: 'gone' | 'matched' | 'waived') => sumOf(findings, ({ counts }) => counts[key] ?? 0);
  return [
    [
      'no longer matching',
      sum('gone'),
      nameAll(
        gone.map((cells) => Object.fromEntries(cells)),
        10,
      ),
    ],
    [
      'known',
      sum('matched') - sumOf(findings, (one) => countOpen(one, view)),
      nameAll(known.map(({ value }) => value)),
    ],
    ['waived', sum('waived'), waivedNames],
    ['other', other?.counts.others ?? 0, nameAll(other?.others ?? [])],
  ];
}

/** Formats a condition with its result: "✅ not compliant: 0 of 5 (`status`: 3 compliant, 2 not applicable)". */
function formatResult(finding: Finding): string {
  const { counts, tally, condition, result, isRed, isWarning } = finding;
  const values = tally?.values.map(([text, count]) => `${formatNumber(count)} ${escapeForProse(text, 40)}`);
  const notes = joinPresent(
    '; ',
    values && `${formatCode(tally?.field ?? '', 60)}: ${values.join(', ')}`,
    formatSome(counts.known ?? 0, 'known'),
    formatSome(counts.waived, 'waived'),
    condition.severity === 'warn' && result !== 'not_true' && 'a warning only',
  );
  const name =
    condition.name === null ? formatCode(condition.expression, 100) : escapeForProse(condition.name, 64);
  const says = joinPresent(' ', words.describeCount(finding), formatBrackets(notes));
  return `${isRed ? '❌' : isWarning ? '⚠️' : '✅'} ${name}: ${says}`;
}

function formatFacts({ record: { runId, status, workflowId, order, key } }: ResultReport): string {
  const facts = {
    Run: runId,
    Status: status,
    Workflow: workflowId,
    Project: order.projectId,
    'Idempotency key': key,
  };
  return formatList(Object.entries(facts).map(([name, text]) => text && `${name} ${formatCode(text, 255)}`));
}

/** Says that a model wrote the data, and links the page of the job run. */
function renderFooter({ report: { results, context }, sink }: View): string {
  const hasData = results.some(({ record }) => record.outputs !== undefined || record.outputsFile !== '');
  const text = joinPresent(
    ' ',
    hasData && 'Written by a model from project documents: check before you act.',
    link(sink === 'comment' ? 'Job summary' : 'Job run', context?.jobRunUrl ?? ''),
  );
  return text && `<sub>${text}</sub>`;
}

/** Returns the URL of an item's page, or of the run's page for null; or empty. */
function urlOf({ record }: ResultReport, item: JsonValue, { report: { inputs } }: View): string {
  const ids = { runId: record.runId, workflowId: record.workflowId, projectId: record.order.projectId };
  return item === null
    ? fillRunUrl(inputs?.runUrl ?? '', ids)
    : fillItemUrl(inputs?.itemUrl ?? '', ids, item);
}

/** Counts what is not shown, and says where it is: "**50 more:** job summary"; empty: all is shown. */
function formatMore(count: number, where: string): string {
  return count > 0 ? `**${formatNumber(count)} more:** ${where}` : '';
}

/** Safe, of one line each. */
type TableColumn = readonly [title: string, cells: readonly string[]];

/** Formats a Markdown table of columns, without those that have no text. */
function formatTable(columns: readonly TableColumn[]): string {
  const shown = columns.filter(([, cells]) => cells.some((cell) => cell !== ''));
  const rows = shown[0]?.[1].map((_, at) => shown.map(([, cells]) => cells[at] ?? '')) ?? [];
  const lines = [shown.map(([title]) => title), shown.map(() => ':--'), ...rows];
  return rows.length === 0 ? '' : lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Formats a section that opens on a click; empty without a body. @param title safe HTML @param body safe Markdown */
function formatFold(title: string, body: string, isOpen = false): string {
  return body && `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Formats at most `max` safe lines as a list. */
function formatList(lines: readonly string[], max = Infinity): string {
  const shown = lines.filter((line) => line !== '').slice(0, max);
  return joinPresent(
    '\n',
    ...shown.map((line) => `- ${line}`),
    lines.length > max && `- ${lines.length - max} more: the log`,
  );
}

/** Formats a text of several lines as a quote, or as a code block where lines are indented. */
function quoteLines(text: string, view: View, escape = escapeForProse): string {
  const start = text.slice(0, (view.max / 3_000) * view.text).trim();
  if (start.includes('\n  ')) return formatCodeBlock(start);
  const lines = start.split(/[\r\n]+/).map((line) => escape(line, line.length));
  return start && `> ${joinPresent('<br>', ...lines, start.length < text.trim().length && '…')}`;
}
