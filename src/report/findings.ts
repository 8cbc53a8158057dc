/** What the conditions of a run found, row by row. All is safe Markdown. */
import { isJsonObject, type JsonValue } from '../json.ts';
import type { Finding } from '../gate/finding.ts';
import { isRed, isWarning, countKnown, collectWaived } from '../gate/condition.ts';
import type { NearText, FieldChange } from '../gate/condition.ts';
import type { Outcome } from '../runs/outcome.ts';
import { describeFinding } from '../runs/describe-finding.ts';
import { forCode, forHtmlCode, forProse, forText } from '../text/escape.ts';
import {
  capitalise,
  formatDuration,
  joinPresent,
  formatTime,
  formatNumber,
  formatCount,
} from '../text/format.ts';
import { fieldsFor } from '../gate/field-lists.ts';
import { chooseColumns, MAX_COLUMNS } from './columns.ts';
import { removedItems, type ItemChanges } from './changes.ts';
import type { View } from './detail-levels.ts';
import { addressOf, type Links } from './links.ts';
import { outcomeOf } from './log.ts';
import type { RunReport } from './report.ts';
import { collapsedSection, itemNames, itemTable, table, type TableLook } from './table.ts';

/** The conditions by which a run is counted: the red ones, else those that the baseline lets pass, else those that warn. */
export function countedFindings({ findings }: Pick<RunReport, 'findings'>): readonly Finding[] {
  const red = findings.filter(isRed);
  const gated = red.length > 0 ? red : findings.filter(({ isExcused }) => isExcused === true);
  return gated.length > 0 ? gated : findings.filter(isWarning);
}

/**
 * The items of conditions that are red or warn, each with a sentence, except for an only one, which the heading names.
 * @returns `seen`: the rows that tables show, as JSON
 */
export function findings(run: RunReport, view: View) {
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
  const tables = wanted.map(({ finding, most }) => ofFinding(run, finding, most, isPlain, view));
  const more = run.findings.filter((one) => isRed(one) || isWarning(one)).length - wanted.length;
  return {
    parts: [
      ...tables.flatMap(({ parts }) => parts),
      more > 0 && view.conditions > 0 ? `… and ${formatCount(more, 'more condition')}: see the gate.` : '',
    ],
    seen: new Set(tables.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row)))),
  };
}

function ofFinding(run: RunReport, finding: Finding, most: number, isPlain: boolean, view: View) {
  const { cell, folded, isComment, links } = view;
  const { condition, matched, problem, result } = finding;
  const { rows, marks, legend } = openRows(run, finding, isComment ? most : null);
  const look: Omit<TableLook, 'most'> = {
    cell,
    sink: isComment ? 'comment' : 'summary',
    given: fieldsFor(run.entry.columns, condition),
    marks,
    urlOf: (item: JsonValue) => addressOf(links.itemUrl, run, item),
  };
  const why = result === 'cannot_be_evaluated' ? `: ${forText(problem ?? '', 500, true)}` : '';
  const sentence = `${condition.severity === 'warn' ? '⚠️' : '❌'} ${findingSentence(finding)}${why}`;
  const isRepeated =
    isPlain && (why === '' ? matched > 0 || condition.name !== null : isReasonInHeading(run));
  const isAll = isComment || openCount(finding) <= most || folded === 0;
  const parts = [
    isRepeated ? '' : sentence,
    most === 0 ? '' : itemTable(rows, { ...look, most }),
    legend,
    isAll ? more(finding, most, view) : allOf(finding, rows, look, folded),
  ];
  return { parts, rows: rows.slice(0, isAll ? most : Math.max(most, folded)) };
}

/** Whether the heading of a step with one run has the reason why its only condition cannot be evaluated. */
function isReasonInHeading({ entry, verdict }: RunReport): boolean {
  return entry.name === '' && !verdict.headline.includes('cannot be evaluated');
}

/** How many fields of an item its tables show nowhere, at most. */
export function leftOut(run: RunReport, sink: keyof typeof MAX_COLUMNS): number {
  const shown = run.findings.filter((one) => isRed(one) || isWarning(one));
  const counts = shown.map((one) => {
    const { rows } = openRows(run, one);
    const given = fieldsFor(run.entry.columns, one.condition);
    return rows.every((row) => isJsonObject(row)) ? chooseColumns(rows, given, MAX_COLUMNS[sink]).leftOut : 0;
  });
  return Math.max(0, ...counts);
}

/** A sentence of ours in Markdown, with the author's name or expression. */
export function findingSentence(
  finding: Finding,
  code = forCode,
  wording: 'sentence' | 'cell' = 'sentence',
): string {
  const { name, expression } = finding.condition;
  return describeFinding(finding, wording, name === null ? code(expression, 100) : `“${forProse(name, 64)}”`);
}

/** "50 more: job summary" */
function more(finding: Finding, most: number, { elsewhere }: View): string {
  const count = openCount(finding) - most;
  return count <= 0 ? '' : `**${formatNumber(count)}${most > 0 ? ' more' : ''}:** ${elsewhere}`;
}

/** In the summary: "Not compliant: all 60" in a fold. */
function allOf(finding: Finding, rows: readonly JsonValue[], look: Omit<TableLook, 'most'>, folded: number) {
  const { name, expression } = finding.condition;
  const [most, all] = [Math.min(folded, rows.length), openCount(finding)];
  const what = name === null ? forHtmlCode(expression, 100) : forProse(capitalise(name), 64);
  const title = `${what}: ${most === all ? `all ${formatNumber(all)}` : `the first ${formatNumber(most)} of ${formatNumber(all)}`}`;
  const rest = all - most;
  const more = rest > 0 && `**${formatNumber(rest)} more:** \`gate_file\``;
  return collapsedSection(title, joinPresent('\n\n', itemTable(rows, { ...look, most }), more));
}

/** Number of items in its table; those that the baseline accepts are in the fold. */
export function openCount(finding: Finding): number {
  return finding.matched - countKnown(finding);
}

/** Shown in a comment's row, where a phone has no space for the sentence. */
const SPELLED_OTHERWISE = '≈';
const MAX_IN_LEGEND = 5;

/**
 * The rows of its table; `marks`: safe Markdown, or null; `legend`: the meaning of `≈`, or empty.
 * @param shown number of rows in a comment; null: each row has a sentence
 */
function openRows(run: RunReport, finding: Finding, shown: number | null = null) {
  const items = openItems(run, finding);
  const marks = items.map(({ mark, spelling }) =>
    joinPresent(' ', mark, spelling !== '' && (shown === null ? spelling : SPELLED_OTHERWISE)),
  );
  const hasMarks = marksOf(run, finding) !== null || marks.some((mark) => mark !== '');
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

/** New first, then as the run wrote them; `mark`, and `spelling`, by which it is matched: safe Markdown. */
export function openItems(run: RunReport, finding: Finding) {
  const compared = marksOf(run, finding);
  const items = finding.rows.flatMap((row, at) => {
    if (isKnownRow(finding, at)) return [];
    const isNew = compared?.[at] === 'new';
    const remarks = finding.fieldChanges.get(at) ?? [];
    const nearTexts = finding.nearTexts.get(at) ?? [];
    const mark = joinPresent(' ', isNew && '**new**', remarks.map(describeRemark).join(', '));
    const spelling = nearTexts.slice(0, MAX_NEAR_TEXTS).map(describeNearText).join(', ');
    return [{ row, isNew, mark, spelling }];
  });
  return [...items.filter(({ isNew }) => isNew), ...items.filter(({ isNew }) => !isNew)];
}

/** With `fail_on: new` the baseline lets it pass. */
function isKnownRow({ isExcused, known }: Finding, at: number): boolean {
  return isExcused !== null && known?.[at] === true;
}

/** In the row of one item. */
const MAX_NEAR_TEXTS = 2;

/** Why an item is matched that is not with every spelling of the condition's texts. */
function describeNearText({ literal, text }: NearText): string {
  return `${forCode(text, 60)}, where the condition says ${forCode(literal, 60)}`;
}

/** Safe Markdown. */
function describeRemark(remark: FieldChange): string {
  switch (remark.kind) {
    case 'field_changed':
      return `${forCode(remark.field, 40)}: ${forText(remark.then, 40) || '*empty*'} → ${forText(remark.now, 40) || '*empty*'}`;
    case 'field_empty':
      return `${forCode(remark.field, 40)} is empty`;
    case 'waiver_ended':
      return `waived until ${remark.until}`;
    case 'waiver_exceeded':
      return `a waiver fits ${formatNumber(remark.items)} items, \`count: ${remark.count}\`: name another field`;
  }
}

/** One for each matched item; null: they are not compared. */
export function marksOf(
  { findings, changes }: RunReport,
  finding: Finding,
): ItemChanges['itemStates'] | null {
  return changes?.conditions[findings.indexOf(finding)]?.itemStates ?? null;
}

export function runUrl(run: Outcome, links: Links): string {
  return run.runId === '' ? '' : addressOf(links.runUrl, run, null);
}

/** Items that turn nothing red, by name: what they are, how many, and a line of them. */
export function nonBlocking(run: RunReport, { folded, links }: View) {
  const { findings: all, entry } = run;
  const waived = collectWaived(all);
  const reasons = waived.rows.map(({ by }) => {
    const { because = '', until = null } = entry.waivers[by] ?? {};
    return `(${joinPresent(', ', forText(because, 100), until !== null && `until ${until}`)})`;
  });
  const lists = all.filter(({ unmatched }) => unmatched !== null);
  const [only] = lists.length === 1 ? lists : [];
  const removed = removedItems(run.changes, run.findings);
  const knownRows = all.flatMap((finding) => finding.rows.filter((_, at) => isKnownRow(finding, at)));
  const firsts = all.flatMap(({ condition }) => fieldsFor(entry.columns, condition).slice(0, 1));
  // An item that is no longer matching may be among the passed ones too: nobody knows whether it is the same.
  const groups = [
    ['no longer matching', removed.filter((row) => row !== null), removed.length],
    ['known', knownRows, sum(all, countKnown)],
    ['waived', waived.rows.map(({ item }) => item), waived.count],
    ['passed', only?.unmatchedRows ?? [], only?.unmatched ?? 0],
  ] as const;
  return groups
    .filter(([, , count]) => count > 0)
    .map(([word, items, count]) => {
      const names = itemNames(items, firsts, (item) => addressOf(links.itemUrl, run, item));
      const shown = names
        .slice(0, folded)
        .map((name, at) => joinPresent(' ', name, word === 'waived' && reasons[at]));
      const rest = count - shown.length;
      const more = rest > 0 && `${formatNumber(rest)}${shown.length > 0 ? ' more' : ''}`;
      return { word, count, line: `**${capitalise(word)}:** ${joinPresent(' · ', ...shown, more)}` };
    });
}

/** "Gate: ❌ not compliant: 60 of 212 (2 more waived) · ✅ nothing reviewed: no" */
export function gateLine(run: RunReport, view: View): string {
  const { findings: all } = run;
  const isListed = areReasonsListed(run, view);
  const gate = all.slice(0, view.conditions).map((finding) => {
    const { name, expression } = finding.condition;
    return `${findingFace(finding)} ${name === null ? forCode(expression, 100) : forProse(name, 64)}: ${outcome(finding, isListed)}`;
  });
  const rest = all.length - gate.length;
  return `**Gate:** ${joinPresent(' · ', ...gate, rest > 0 && (gate.length > 0 ? `${formatNumber(rest)} more` : formatCount(rest, 'condition')))}`;
}

export function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((count, one) => count + of(one), 0);
}

function findingFace(finding: Finding): string {
  return isRed(finding) ? '❌' : isWarning(finding) ? '⚠️' : '✅';
}

/** Whether each condition that cannot be evaluated has its reason above the gate, with others or because the heading has none. */
function areReasonsListed(run: RunReport, { conditions }: View): boolean {
  const listed = run.findings.filter((one) => isRed(one) || isWarning(one)).length;
  return listed <= conditions && (listed > 1 || !isReasonInHeading(run));
}

function outcome(finding: Finding, isReasonListed: boolean): string {
  const { problem, notices } = finding;
  return joinPresent(
    ': ',
    outcomeOf(finding),
    ...[isReasonListed ? '' : (problem ?? ''), ...notices].map((text) => forText(text, 200, true)),
  );
}

/** Every condition with its expression and what it found. */
export function gateTable(run: RunReport, view: View): string {
  const { findings } = run;
  const { conditions, cell } = view;
  const isListed = areReasonsListed(run, view);
  const hasNames = findings.some(({ condition }) => condition.name !== null);
  const rows = findings
    .slice(0, conditions)
    .map((finding) => [
      findingFace(finding),
      ...(hasNames ? [forProse(finding.condition.name ?? '', 64)] : []),
      forCode(finding.condition.expression, Math.max(cell, 100)),
      outcome(finding, isListed),
    ]);
  const more = findings.length - rows.length;
  return joinPresent(
    '\n\n',
    table(['', ...(hasNames ? ['Condition'] : []), 'Expression', 'Result'], rows),
    more > 0 && `… and ${formatNumber(more)} more.`,
  );
}

/** When a run that this job joined was made, and how old it was. */
export function joinedLine({ run, origin }: Outcome): string {
  if (origin?.kind !== 'joined') return '';
  const time = formatTime(run?.createdAt ?? '') || formatTime(run?.startedAt ?? '');
  return joinPresent(
    ', ',
    `a run ${time === '' ? 'that existed before' : `of ${time}`}`,
    origin.ageMs !== null && `${formatDuration(origin.ageMs)} old when joined`,
  );
}
