/** What the conditions of a run found, row by row. All is safe Markdown. */
import type { JsonValue } from '../json.ts';
import type { Finding } from '../gate/finding.ts';
import { isRed, isWarning, waivedOf } from '../gate/condition.ts';
import type { Outcome } from '../runs/outcome.ts';
import { found } from '../runs/verdict.ts';
import { forCode, forHtmlCode, forProse, forText, link } from '../text/escape.ts';
import { capital, duration, joined, moment, number, plural } from '../text/words.ts';
import { goneOf, type ItemChanges } from './changes.ts';
import type { View } from './detail.ts';
import { addressOf, type Links } from './links.ts';
import { outcomeOf } from './log.ts';
import type { RunReport } from './report.ts';
import { fold, itemName, itemTable, table } from './table.ts';

/** The conditions by which a run is counted: the red ones, else those that the baseline lets pass, else those that warn. */
export function telling({ findings }: Pick<RunReport, 'findings'>): readonly Finding[] {
  const red = findings.filter(isRed);
  const gated = red.length > 0 ? red : findings.filter(({ isExcused }) => isExcused === true);
  return gated.length > 0 ? gated : findings.filter(isWarning);
}

/**
 * The items of conditions that are red or warn, each with a sentence unless it is the only one: the heading has said that.
 * @returns `seen`: the rows that tables show, as JSON; `leftOut`: how many fields of an item the summary shows beside these, at most
 */
export function findings(run: RunReport, view: View) {
  const wanted = (['red', 'warned'] as const).flatMap((kind) => {
    const of = run.findings.filter(kind === 'red' ? isRed : isWarning);
    let left = kind === 'red' ? view.rows : view.warned;
    // Tables first: what else is said of a condition may quote the run.
    const sorted = [...of].sort((a, b) => Number(b.matched > 0) - Number(a.matched > 0));
    return sorted.slice(0, view.conditions).map((finding, at, all) => {
      const most = Math.min(Math.ceil(left / (all.length - at)), finding.rows.length);
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
      more > 0 && view.conditions > 0 ? `… and ${plural(more, 'more condition')}: see the gate.` : '',
    ],
    seen: new Set(tables.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row)))),
    leftOut: Math.max(0, ...tables.map(({ leftOut }) => leftOut)),
  };
}

function ofFinding(run: RunReport, finding: Finding, most: number, isPlain: boolean, view: View) {
  const { cell, folded, isComment, links } = view;
  const { condition, matched, problem, result } = finding;
  const marks = marksOf(run, finding);
  const items = shownItems(finding, marks);
  const rows = items.map(({ row }) => row);
  const look = {
    cell,
    marks: items.map(({ mark }) => mark),
    urlOf: (item: JsonValue) => addressOf(links.itemUrl, run, item),
  };
  const shown = most === 0 ? null : itemTable(rows, { ...look, most, isComment });
  const why = result === 'cannot_be_evaluated' ? `: ${forText(problem ?? '', 500, true)}` : '';
  const sentence = `${condition.severity === 'warn' ? '⚠️' : '❌'} ${said(finding)}${why}`;
  const isRepeated = isPlain && why === '' && (matched > 0 || condition.name !== null);
  const isAll = isComment || matched <= most || folded === 0;
  const parts = [
    isRepeated ? '' : sentence,
    shown?.markdown ?? '',
    isAll ? more(finding, marks, most, view) : allOf(finding, rows, look, folded),
  ];
  return { parts, leftOut: shown?.leftOut ?? 0, rows: rows.slice(0, isAll ? most : Math.max(most, folded)) };
}

/** A sentence of ours in Markdown, with the author's name or expression. */
export function said(finding: Finding, code = forCode, isBrief = false): string {
  const { name, expression } = finding.condition;
  return found(finding, name === null ? code(expression, 100) : `“${forProse(name, 64)}”`, isBrief);
}

/** "50 more, all still open: job summary" @param marks null: it is not known which are new */
function more({ matched, rows }: Finding, marks: ItemChanges['marks'] | null, most: number, view: View) {
  const count = matched - most;
  if (matched === 0 || count <= 0) return '';
  // What is new stands first.
  const isEachNewShown = marks !== null && marks.filter((mark) => mark === 'new').length <= most;
  const isOld = most > 0 && rows.length === matched && isEachNewShown;
  const where = view.isComment ? link('job summary', view.jobRunUrl) : '`gate_file`';
  const what = `${number(count)}${most > 0 ? ' more' : ''}${isOld ? ', all still open' : ''}`;
  return where === '' ? `**${what}**` : `**${what}:** ${where}`;
}

/** In the summary: "all 60" in a fold. */
function allOf(finding: Finding, rows: readonly JsonValue[], look: object, folded: number): string {
  const most = Math.min(folded, rows.length);
  const title = `${said(finding, forHtmlCode)}: ${most === finding.matched ? 'all' : `the first ${number(most)}`} of ${number(finding.matched)}`;
  const rest = finding.matched - most;
  const more = rest > 0 && `**${number(rest)} more:** \`gate_file\``;
  return fold(title, joined('\n\n', itemTable(rows, { ...look, most }).markdown, more));
}

/** New first, then as the run wrote them. `mark`: safe Markdown, or empty. */
function shownItems(finding: Finding, marks: ItemChanges['marks'] | null) {
  const items = finding.rows.map((row, at) => {
    const isNew = marks?.[at] === 'new';
    const remark = finding.remarks.get(at);
    const mark = joined(
      ' ',
      isNew && '**new**',
      finding.ended.has(at) && `waived until ${finding.ended.get(at) ?? ''}`,
      remark && `${forCode(remark.field, 40)}: ${forText(remark.then, 40)} → ${forText(remark.now, 40)}`,
    );
    return { row, isNew, mark };
  });
  return [...items.filter(({ isNew }) => isNew), ...items.filter(({ isNew }) => !isNew)];
}

/** One for each matched item; null: they are not compared. */
export function marksOf({ findings, changes }: RunReport, finding: Finding): ItemChanges['marks'] | null {
  return changes?.conditions[findings.indexOf(finding)]?.marks ?? null;
}

export function runUrl(run: Outcome, links: Links): string {
  return run.runId === '' ? '' : addressOf(links.runUrl, run, null);
}

/** Items that turn nothing red, by name: what they are, how many, and a line of them. */
export function asideOf(run: RunReport, { folded, links }: View) {
  const { findings: all, entry } = run;
  const waived = waivedOf(all);
  const reasons = waived.rows.map(({ by }) => {
    const { because = '', until = null } = entry.waivers[by] ?? {};
    return `(${joined(', ', forText(because, 100), until !== null && `until ${until}`)})`;
  });
  const known = all.filter(({ isExcused }) => isExcused === true);
  const lists = all.filter(({ unmatched }) => unmatched !== null);
  const [only] = lists.length === 1 ? lists : [];
  const gone = goneOf(run.changes, run.findings);
  // An item that is no longer matching may be among the passed ones too: nobody knows whether it is the same.
  const groups = [
    ['no longer matching', gone.filter((row) => row !== null), gone.length],
    ['known', known.flatMap(({ rows }) => rows), sum(known, ({ matched }) => matched)],
    ['waived', waived.rows.map(({ item }) => item), waived.count],
    ['passed', only?.unmatchedRows ?? [], only?.unmatched ?? 0],
  ] as const;
  return groups
    .filter(([, , count]) => count > 0)
    .map(([word, items, count]) => {
      const shown = items.slice(0, folded).map((item, at) => {
        const name = itemName(item, addressOf(links.itemUrl, run, item));
        return joined(' ', name, word === 'waived' && reasons[at]);
      });
      const rest = count - shown.length;
      const more = rest > 0 && `${number(rest)}${shown.length > 0 ? ' more' : ''}`;
      return { word, count, line: `**${capital(word)}:** ${joined(' · ', ...shown, more)}` };
    });
}

/** "Gate: ❌ not compliant: 60 of 212 (2 more waived) · ✅ nothing reviewed: no" */
export function gateLine({ findings: all }: RunReport, { conditions }: View): string {
  const gate = all.slice(0, conditions).map((finding) => {
    const { name, expression } = finding.condition;
    return `${findingFace(finding)} ${name === null ? forCode(expression, 100) : forProse(name, 64)}: ${outcome(finding)}`;
  });
  const rest = all.length - gate.length;
  return `**Gate:** ${joined(' · ', ...gate, rest > 0 && (gate.length > 0 ? `${number(rest)} more` : plural(rest, 'condition')))}`;
}

export function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((count, one) => count + of(one), 0);
}

function findingFace(finding: Finding): string {
  return isRed(finding) ? '❌' : isWarning(finding) ? '⚠️' : '✅';
}

function outcome(finding: Finding): string {
  const { problem, notices } = finding;
  return joined(
    ': ',
    outcomeOf(finding),
    ...[problem ?? '', ...notices].map((text) => forText(text, 200, true)),
  );
}

/** Every condition with its expression and what it found. */
export function gateTable({ findings }: RunReport, { conditions, cell }: View): string {
  const hasNames = findings.some(({ condition }) => condition.name !== null);
  const rows = findings
    .slice(0, conditions)
    .map((finding) => [
      findingFace(finding),
      ...(hasNames ? [forProse(finding.condition.name ?? '', 64)] : []),
      forCode(finding.condition.expression, Math.max(cell, 100)),
      outcome(finding),
    ]);
  const more = findings.length - rows.length;
  return joined(
    '\n\n',
    table(['', ...(hasNames ? ['Condition'] : []), 'Expression', 'Result'], rows),
    more > 0 && `… and ${number(more)} more.`,
  );
}

/** When a run that this job joined was made, and how old it was. */
export function joinedLine({ run, origin }: Outcome): string {
  if (origin?.kind !== 'joined') return '';
  const time = moment(run?.createdAt ?? '') || moment(run?.startedAt ?? '');
  return joined(
    ', ',
    `a run ${time === '' ? 'that was there before' : `of ${time}`}`,
    origin.ageMs !== null && `${duration(origin.ageMs)} old when joined`,
  );
}
