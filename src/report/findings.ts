/** Renders what the conditions of a run found, as safe Markdown. */
import { isJsonObject, type JsonValue } from '../json.ts';
import type { Finding } from '../gate/finding.ts';
import { isRed, isWarning, countKnown, collectWaived } from '../gate/condition.ts';
import type { NearText, FieldChange } from '../gate/condition.ts';
import type { Outcome } from '../runs/outcome.ts';
import { describeFinding, isReasonInHeadline } from '../runs/describe-finding.ts';
import { formatCode, formatHtmlCode, escapeForProse, escapeForText } from '../text/escape.ts';
import {
  capitalise,
  formatDuration,
  joinPresent,
  formatTime,
  formatNumber,
  formatCount,
  sumOf,
} from '../text/format.ts';
import { fieldsFor } from '../gate/field-lists.ts';
import { chooseColumns, MAX_COLUMNS } from './columns.ts';
import { listRemovedItems, type ItemChanges } from './changes.ts';
import type { View } from './detail-levels.ts';
import { fillUrl, type Links } from './links.ts';
import { formatResult } from './log.ts';
import type { RunReport } from './report.ts';
import { formatCollapsed, formatItemNames, formatItemTable, formatTable, type TableLook } from './table.ts';

/**
 * Returns the conditions that decide the run's result: the red ones, or else those that pass only by the baseline, or else those
 * that warn.
 */
export function countedFindings({ findings }: Pick<RunReport, 'findings'>): readonly Finding[] {
  const red = findings.filter(isRed);
  const gated = red.length > 0 ? red : findings.filter(({ isExcused }) => isExcused === true);
  return gated.length > 0 ? gated : findings.filter(isWarning);
}

/**
 * Renders the conditions that are red or warn: a sentence for each and a table of its items. A single condition has no sentence,
 * because the heading contains it.
 * @returns `seen`: the rows that the tables show, as JSON
 */
export function renderFindings(run: RunReport, view: View) {
  const wanted = (['red', 'warned'] as const).flatMap((kind) => {
    const of = run.findings.filter(kind === 'red' ? isRed : isWarning);
    let left = kind === 'red' ? view.rows : view.warned;
    // Tables first, because the other sentences may quote the run.
    const sorted = [...of].sort((a, b) => Number(b.matched > 0) - Number(a.matched > 0));
    return sorted.slice(0, view.conditions).map((finding, at, all) => {
      const rows = finding.rows.filter((_row, nth) => !isKnownRow(finding, nth)).length;
      const most = Math.min(Math.ceil(left / (all.length - at)), rows);
      left -= most;
      return { finding, most };
    });
  });
  const isPlain = wanted.length === 1;
  const tables = wanted.map(({ finding, most }) => renderFinding(run, finding, most, isPlain, view));
  const more = run.findings.filter((one) => isRed(one) || isWarning(one)).length - wanted.length;
  return {
    parts: [
      ...tables.flatMap(({ parts }) => parts),
      more > 0 && view.conditions > 0 ? `… and ${formatCount(more, 'more condition')}: see the gate.` : '',
    ],
    seen: new Set(tables.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row)))),
  };
}

/** Renders one condition. @param most rows that its table may have @param isPlain it is the only one */
function renderFinding(run: RunReport, finding: Finding, most: number, isPlain: boolean, view: View) {
  const { cell, folded, isComment, links } = view;
  const { condition, matched, problem, result } = finding;
  const { rows, marks, legend } = selectRows(run, finding, isComment ? most : null);
  const look: Omit<TableLook, 'most'> = {
    cell,
    sink: isComment ? 'comment' : 'summary',
    authorFields: fieldsFor(run.entry.columns, condition),
    marks,
    urlOf: (item: JsonValue) => fillUrl(links.itemUrl, run, item),
  };
  const why = result === 'cannot_be_evaluated' ? `: ${escapeForText(problem ?? '', 500, true)}` : '';
  const sentence = `${condition.severity === 'warn' ? '⚠️' : '❌'} ${formatFinding(finding)}${why}`;
  const isRepeated =
    isPlain && (why === '' ? matched > 0 || condition.name !== null : isReasonInHeading(run));
  const isAll = isComment || countOpen(finding) <= most || folded === 0;
  const parts = [
    isRepeated ? '' : sentence,
    most === 0 ? '' : formatItemTable(rows, { ...look, most }),
    legend,
    isAll ? formatMore(finding, most, view) : renderAllItems(finding, rows, look, folded),
  ];
  return { parts, rows: rows.slice(0, isAll ? most : Math.max(most, folded)) };
}

/** Does the heading already contain the reason why the run's only condition cannot be evaluated? */
function isReasonInHeading({ entry, findings }: RunReport): boolean {
  const only = findings.find((one) => isRed(one) || isWarning(one));
  return entry.name === '' && only !== undefined && isReasonInHeadline(only);
}

/** Returns the largest number of an item's fields that the run's tables do not show. */
export function countFieldsLeftOut(run: RunReport, sink: keyof typeof MAX_COLUMNS): number {
  const shown = run.findings.filter((one) => isRed(one) || isWarning(one));
  const counts = shown.map((one) => {
    const { rows } = selectRows(run, one);
    const given = fieldsFor(run.entry.columns, one.condition);
    return rows.every((row) => isJsonObject(row)) ? chooseColumns(rows, given, MAX_COLUMNS[sink]).leftOut : 0;
  });
  return Math.max(0, ...counts);
}

/** Formats a sentence with the condition's name or expression. @param code formats the expression */
export function formatFinding(
  finding: Finding,
  code = formatCode,
  wording: 'sentence' | 'cell' = 'sentence',
): string {
  const { name, expression } = finding.condition;
  return describeFinding(
    finding,
    wording,
    name === null ? code(expression, 100) : `“${escapeForProse(name, 64)}”`,
  );
}

/** Formats how many rows are not shown and where they are, "50 more: job summary"; empty: all are shown. */
function formatMore(finding: Finding, most: number, { elsewhere }: View): string {
  const count = countOpen(finding) - most;
  return count <= 0 ? '' : `**${formatNumber(count)}${most > 0 ? ' more' : ''}:** ${elsewhere}`;
}

/** Renders all items of a condition in a collapsed section for the summary: "Not compliant: all 60". */
function renderAllItems(
  finding: Finding,
  rows: readonly JsonValue[],
  look: Omit<TableLook, 'most'>,
  folded: number,
) {
  const { name, expression } = finding.condition;
  const most = Math.min(folded, rows.length);
  const all = countOpen(finding);
  const what = name === null ? formatHtmlCode(expression, 100) : escapeForProse(capitalise(name), 64);
  const title = `${what}: ${most === all ? `all ${formatNumber(all)}` : `the first ${formatNumber(most)} of ${formatNumber(all)}`}`;
  const rest = all - most;
  const more = rest > 0 && `**${formatNumber(rest)} more:** \`gate_file\``;
  return formatCollapsed(title, joinPresent('\n\n', formatItemTable(rows, { ...look, most }), more));
}

/** Returns the number of items in the condition's table, which are those that the baseline does not excuse. */
export function countOpen(finding: Finding): number {
  return finding.matched - countKnown(finding);
}

/** The mark of an item with a near text, in a comment's row: a phone has no space for the sentence. */
const SPELLED_OTHERWISE = '≈';
const MAX_IN_LEGEND = 5;

/**
 * Returns the rows of a condition's table. `marks`: cells of its first column, safe Markdown, or null; `legend`: the meaning of
 * `≈`, or empty.
 * @param shown number of rows in a comment; null: in the summary, where each row has its sentence
 */
function selectRows(run: RunReport, finding: Finding, shown: number | null = null) {
  const items = listOpenItems(run, finding);
  const marks = items.map(({ mark, spelling }) =>
    joinPresent(' ', mark, spelling !== '' && (shown === null ? spelling : SPELLED_OTHERWISE)),
  );
  const hasMarks = itemStatesOf(run, finding) !== null || marks.some((mark) => mark !== '');
  const spellings = [...new Set(items.slice(0, shown ?? 0).map(({ spelling }) => spelling))].filter(Boolean);
  const more = spellings.length > MAX_IN_LEGEND && '…';
  return {
    rows: items.map(({ row }) => row),
    marks: hasMarks ? marks : null,
    legend:
      spellings.length === 0
        ? ''
        : `${SPELLED_OTHERWISE} ${joinPresent('; ', ...spellings.slice(0, MAX_IN_LEGEND), more)}`,
  };
}

/**
 * Lists the items that the baseline does not excuse: new ones first, otherwise in the run's order. `mark` (new, why) and
 * `spelling` (the near texts) are safe Markdown.
 */
export function listOpenItems(run: RunReport, finding: Finding) {
  const compared = itemStatesOf(run, finding);
  const items = finding.rows.flatMap((row, at) => {
    if (isKnownRow(finding, at)) return [];
    const isNew = compared?.[at] === 'new';
    const remarks = finding.fieldChanges.get(at) ?? [];
    const nearTexts = finding.nearTexts.get(at) ?? [];
    const mark = joinPresent(' ', isNew && '**new**', remarks.map(describeFieldChange).join(', '));
    const spelling = nearTexts.slice(0, MAX_NEAR_TEXTS).map(describeNearText).join(', ');
    return [{ row, isNew, mark, spelling }];
  });
  return [...items.filter(({ isNew }) => isNew), ...items.filter(({ isNew }) => !isNew)];
}

/** Does the baseline excuse the item at this index? Only with `fail_on: new`. */
function isKnownRow({ isExcused, known }: Finding, at: number): boolean {
  return isExcused !== null && known?.[at] === true;
}

/** Near texts shown in an item's row. */
const MAX_NEAR_TEXTS = 2;

/** Describes a near text: the item matches only because it counts as equal. */
function describeNearText({ literal, text }: NearText): string {
  return `${formatCode(text, 60)}, where the condition says ${formatCode(literal, 60)}`;
}

/** Describes why an item is new or not waived. Safe Markdown. */
function describeFieldChange(remark: FieldChange): string {
  switch (remark.kind) {
    case 'field_changed':
      return `${formatCode(remark.field, 40)}: ${escapeForText(remark.then, 40) || '*empty*'} → ${escapeForText(remark.now, 40) || '*empty*'}`;
    case 'field_empty':
      return `${formatCode(remark.field, 40)} is empty`;
    case 'waiver_ended':
      return `waived until ${remark.until}`;
    case 'waiver_exceeded':
      return `a waiver fits ${formatNumber(remark.items)} items, \`count: ${remark.count}\`: name another field`;
  }
}

/** Returns the state of each matched item; null: they are not compared. */
export function itemStatesOf(
  { findings, changes }: RunReport,
  finding: Finding,
): ItemChanges['itemStates'] | null {
  return changes?.conditions[findings.indexOf(finding)]?.itemStates ?? null;
}

/** Returns the URL of the run's page, or empty. */
export function runUrlOf(run: Outcome, links: Links): string {
  return run.runId === '' ? '' : fillUrl(links.runUrl, run, null);
}

/**
 * Lists what does not fail the gate (items no longer matching, known, waived, passed): name, count and one line of Markdown for
 * each.
 */
export function listNonBlocking(run: RunReport, { folded, links }: View) {
  const { findings: all, entry } = run;
  const waived = collectWaived(all);
  const reasons = waived.rows.map(({ by }) => {
    const { because = '', until = null } = entry.waivers[by] ?? {};
    return `(${joinPresent(', ', escapeForText(because, 100), until !== null && `until ${until}`)})`;
  });
  const lists = all.filter(({ unmatched }) => unmatched !== null);
  const [only] = lists.length === 1 ? lists : [];
  const removed = listRemovedItems(run.changes, run.findings);
  const knownRows = all.flatMap((finding) => finding.rows.filter((_, at) => isKnownRow(finding, at)));
  const firsts = all.flatMap(({ condition }) => fieldsFor(entry.columns, condition).slice(0, 1));
  // An item that no longer matches may also be among the passed ones, since passed items have no fingerprint.
  const groups = [
    ['no longer matching', removed.filter((row) => row !== null), removed.length],
    ['known', knownRows, sumOf(all, countKnown)],
    ['waived', waived.rows.map(({ item }) => item), waived.count],
    ['passed', only?.unmatchedRows ?? [], only?.unmatched ?? 0],
  ] as const;
  return groups
    .filter(([, , count]) => count > 0)
    .map(([word, items, count]) => {
      const names = formatItemNames(items, firsts, (item) => fillUrl(links.itemUrl, run, item));
      const shown = names
        .slice(0, folded)
        .map((name, at) => joinPresent(' ', name, word === 'waived' && reasons[at]));
      const rest = count - shown.length;
      const more = rest > 0 && `${formatNumber(rest)}${shown.length > 0 ? ' more' : ''}`;
      return { word, count, line: `**${capitalise(word)}:** ${joinPresent(' · ', ...shown, more)}` };
    });
}

/** Formats all conditions in one line: "Gate: ❌ not compliant: 60 of 212 (2 more waived) · ✅ nothing reviewed: no" */
export function formatGateLine(run: RunReport, view: View): string {
  const { findings: all } = run;
  const isListed = areReasonsListed(run, view);
  const gate = all.slice(0, view.conditions).map((finding) => {
    const { name, expression } = finding.condition;
    return `${iconOfFinding(finding)} ${name === null ? formatCode(expression, 100) : escapeForProse(name, 64)}: ${formatOutcome(finding, isListed)}`;
  });
  const rest = all.length - gate.length;
  return `**Gate:** ${joinPresent(' · ', ...gate, rest > 0 && (gate.length > 0 ? `${formatNumber(rest)} more` : formatCount(rest, 'condition')))}`;
}

/** Returns the icon of a condition's result. */
function iconOfFinding(finding: Finding): string {
  return isRed(finding) ? '❌' : isWarning(finding) ? '⚠️' : '✅';
}

/**
 * Are the reasons of conditions that cannot be evaluated already shown above the gate? They are if there are several, or if the
 * heading does not contain the only one.
 */
function areReasonsListed(run: RunReport, { conditions }: View): boolean {
  const listed = run.findings.filter((one) => isRed(one) || isWarning(one)).length;
  return listed <= conditions && (listed > 1 || !isReasonInHeading(run));
}

/** Formats a condition's result with its notices, and its problem unless that is shown above. */
function formatOutcome(finding: Finding, isReasonListed: boolean): string {
  const { problem, notices } = finding;
  return joinPresent(
    ': ',
    formatResult(finding),
    ...[isReasonListed ? '' : (problem ?? ''), ...notices].map((text) => escapeForText(text, 200, true)),
  );
}

/** Formats a table of all conditions with expression and result. */
export function formatGateTable(run: RunReport, view: View): string {
  const { findings } = run;
  const { conditions, cell } = view;
  const isListed = areReasonsListed(run, view);
  const hasNames = findings.some(({ condition }) => condition.name !== null);
  const rows = findings
    .slice(0, conditions)
    .map((finding) => [
      iconOfFinding(finding),
      ...(hasNames ? [escapeForProse(finding.condition.name ?? '', 64)] : []),
      formatCode(finding.condition.expression, Math.max(cell, 100)),
      formatOutcome(finding, isListed),
    ]);
  const more = findings.length - rows.length;
  return joinPresent(
    '\n\n',
    formatTable(['', ...(hasNames ? ['Condition'] : []), 'Expression', 'Result'], rows),
    more > 0 && `… and ${formatNumber(more)} more.`,
  );
}

/** Describes when a run that this job joined was created, and its age; or empty. */
export function describeJoinedRun({ run, origin }: Outcome): string {
  if (origin?.kind !== 'joined') return '';
  const time = formatTime(run?.createdAt ?? '') || formatTime(run?.startedAt ?? '');
  return joinPresent(
    ', ',
    `a run ${time === '' ? 'that existed before' : `of ${time}`}`,
    origin.ageMs !== null && `${formatDuration(origin.ageMs)} old when joined`,
  );
}
