/** The parts that summary, `report_file` and comment share. All is safe Markdown; every text from outside went through its sanitiser. */
import { isJsonObject } from '../json.ts';
import type { JsonValue } from '../json.ts';
import type { Finding } from '../gate/finding.ts';
import { isRed, isWarning } from '../gate/gate.ts';
import { fold, recordTable, table } from './table.ts';
import type { Conclusion } from '../runs/verdict.ts';
import type { Changes, ConditionChanges, Report } from './report.ts';

import { forCode, forFence, forPosting, forProse, forText } from '../text/escape.ts';
import { duration, moment, number, plural } from '../text/words.ts';

/** A part of a document: its text in at most `room` characters, or '' for nothing. */
export type Part = (room: number) => string;

/**
 * The parts that fit, in their order, then `end`, which always does. Lengths are in UTF-16 units, of which none
 * takes more than three bytes. A part is whole or not there, so every fold and fence is closed.
 */
export function assemble(
  parts: readonly Part[],
  end: string,
  max: number,
  finish: (text: string) => string = withoutMarkers,
): string {
  const LEFT_OUT = '*Some parts are left out here: too long.*';
  const texts: string[] = [];
  let room = max - end.length - LEFT_OUT.length - 4;
  let isWhole = true;
  for (const part of parts) {
    const text = finish(part(Math.floor((room - 2) * 0.8)));
    if (text === '') continue;
    if (text.length > room - 2) {
      isWhole = false;
      continue;
    }
    texts.push(text);
    room -= text.length + 2;
  }
  return [...texts, ...(isWhole ? [] : [LEFT_OUT]), end].filter((text) => text !== '').join('\n\n');
}

/** Tools that look for their own hidden marker within a comment must not find it in ours, not even in code. */
export function withoutMarkers(text: string): string {
  return text.replaceAll('<!--', '<\u200b!--');
}

/** What every part of a document that is posted goes through: nor must bots find a call or a command of theirs. */
export function posted({ jobRunUrl }: Report): (text: string) => string {
  return (text) => forPosting(withoutMarkers(text), jobRunUrl);
}

const FACES = {
  success: ['✅', '**This check is green.**'],
  pending: ['⚪', '**This check is green, but nothing is judged yet.**'],
  skipped: ['⚪', '**This check is green because it was skipped: nothing was judged.**'],
  gate_failed: ['❌', '**This check is red.**'],
  failure: ['❌', '**This check is red.**'],
  cancelled: ['❌', '**This check is red.**'],
  timed_out: ['❌', '**This check is red.**'],
  interrupted: ['❌', '**This check is red.**'],
  error: ['❌', '**This check is red.**'],
} as const satisfies Record<Conclusion, readonly [face: string, sentence: string]>;

/** The verdict in one line: the workflow's name, here alone above the table, is the API's. */
export function heading({ verdict, workflow }: Report, prefix = ''): string {
  const name = forProse(workflow.name ?? '', 80);
  const headline = prefix + ours(afterColon(verdict.headline), 300);
  const subject = name === '' && !verdict.headline.startsWith('Alloovium') ? 'Alloovium' : name;
  return `${FACES[verdict.conclusion][0]} ${subject === '' ? '' : `${subject}: `}${headline}`;
}

/** Names keep their capital. */
function afterColon(sentence: string): string {
  return sentence.replace(/^(?!Alloovium|GitHub)[A-Z](?=[a-z]|\b)/, (letter) => letter.toLowerCase());
}

/** A text of ours that may quote names in code; whatever else is in it stays inert. */
function ours(text: string, max: number): string {
  const pieces = text.slice(0, max * 2).split('`');
  if (pieces.length === 1 || pieces.length % 2 === 0) return forText(text, max);
  return pieces
    .map((piece, at) => {
      if (at % 2 === 1) return forCode(piece, max);
      const [before, after] = [/^\s/.test(piece) ? ' ' : '', /\S\s+$/.test(piece) ? ' ' : ''];
      // Code of a stranger's beside code of ours would be one.
      const isApart = (at === 0 || before !== '') && (at === pieces.length - 1 || after !== '');
      return before + (isApart ? forText : forProse)(piece, max) + after;
    })
    .join('');
}

/**
 * What is said under the heading: whether the result is a joined run's, red or green in words, what changed.
 * @param before what an earlier report said, where nothing is compared
 */
export function lead(report: Report, before = ''): string[] {
  const { verdict, changes } = report;
  const warnings = report.results.filter(isWarning).length;
  const told = changes === null ? '' : changed(changes, report);
  const state = [
    FACES[verdict.conclusion][1],
    verdict.exitCode === 0 && warnings > 0
      ? `${plural(warnings, 'condition')} of \`warn_if\` ${warnings === 1 ? 'warns' : 'warn'}.`
      : '',
    told === '' ? before : told,
  ];
  return [joined(report), state.filter((text) => text !== '').join(' ')].filter((text) => text !== '');
}

/**
 * What the conditions found, what went wrong, and the one thing to do; up to `most` rows of those that are red, then of
 * those that warn. No word of the run stands above a table.
 */
export function findingsAndNext(
  report: Report,
  most: readonly [red: number, warned: number],
  ids?: 'short' | 'full',
): Part[] {
  const { conclusion } = report.verdict;
  const [why, next] = [() => complaint(report), () => nextStep(report)];
  const red = findings(report, isRed, most[0], ids);
  const warned = findings(report, isWarning, most[1], ids);
  // Of a run that was judged, its own message is an aside.
  const isJudged = conclusion === 'success' || conclusion === 'gate_failed';
  return isJudged ? [...red, next, ...warned, why] : [...red, ...warned, why, next];
}

/** What the run, or an error of ours, says went wrong; '' where that is the verdict itself. Untrusted. */
function complaint({ verdict, errorMessage }: Report): string {
  const isRepeated = errorMessage.startsWith(verdict.headline);
  const said = quote(
    isRepeated ? errorMessage.slice(verdict.headline.length).replace(/^[:.]? /, '') : errorMessage,
  );
  return said !== '' && OF_THE_RUN.has(verdict.conclusion) ? `Alloovium reported:\n\n${said}` : said;
}

/** With these the message is the run's. */
const OF_THE_RUN: ReadonlySet<Conclusion> = new Set(['success', 'gate_failed', 'failure', 'cancelled']);

function joined({ run }: Report): string {
  if (run?.origin.kind !== 'joined') return '';
  const { ageMs } = run.origin;
  const time = moment(run.completedAt) || moment(run.startedAt);
  const age = ageMs === null ? '' : `${duration(ageMs)} old when this job joined it`;
  const what = [time && `Result of ${time}`, age].filter((text) => text !== '').join(', ');
  return `*${what || 'Result of an earlier run, joined'}. A new commit, or a re-run of a job with \`on_rerun: fresh\`, looks again.*`;
}

function changed(
  { since, fresh, still, fixed, gone, conditions }: Changes,
  { commit, results }: Report,
): string {
  const told: string[] = [];
  if (fresh + still > 0) told.push(fresh > 0 ? `**${number(fresh)} new**` : 'nothing new');
  if (still > 0) told.push(`${number(still)} still open`);
  if (fixed > 0) told.push(`${number(fixed)} fixed`);
  if (gone > 0) told.push(`${number(gone)} no longer listed`);
  let [before, now] = [0, 0];
  conditions.forEach((changes, at) => {
    if (changes?.items !== null) return;
    before += changes.before;
    now += results[at]?.matched ?? 0;
  });
  if (before + now > 0) told.push(`${plural(now, 'item')} not compared one by one, ${number(before)} before`);
  if (told.length === 0) return '';
  const what =
    since === 'the baseline'
      ? since
      : commit.startsWith(since)
        ? 'the last report on this commit'
        : forCode(since);
  return `Since ${what}: ${told.join(', ')}.`;
}

/** An untrusted text of some lines, quoted; as code where it is indented, as the gate's errors are that point with a caret. */
function quote(text: string): string {
  const start = text.slice(0, 10_000).trimEnd();
  if (start.includes('\n  ')) return forFence(start, 3_000);
  const lines = start
    .split(/\r\n|\r|\n/)
    .map((line) => ours(line, 500))
    .filter((line) => line !== '');
  const shown = lines.slice(0, 12);
  if (shown.length < lines.length) shown.push('…');
  return shown.length === 0 ? '' : `> ${shown.join('<br>')}`;
}

/** The conditions that hold or cannot be evaluated, each with its rows; `rows` of them over all conditions. */
function findings(
  report: Report,
  isWanted: (result: Finding) => boolean,
  rows: number,
  ids?: 'short' | 'full',
): Part[] {
  const wanted = report.results.flatMap((result, at) => (isWanted(result) ? [{ result, at }] : []));
  // Tables first: what else is said of a condition may quote the run.
  wanted.sort((one, other) => Number(other.result.matched > 0) - Number(one.result.matched > 0));
  const SECTIONS = 20;
  let left = rows;
  const parts = wanted.slice(0, SECTIONS).map(({ result, at }, index): Part => {
    const changes = report.changes?.conditions[at]?.items ?? null;
    const marked = markedRows(result, changes);
    const share = Math.ceil(left / (Math.min(wanted.length, SECTIONS) - index));
    const max = Math.min(share, marked.rows.length);
    left -= max;
    const isTold = wanted.length === 1 && result.condition.severity === 'fail' && result.matched > 0;
    return (room) => {
      const title = isTold ? '' : max === 0 ? sentence(result).replace(/:$/, '.') : sentence(result);
      const body = max === 0 ? '' : rowsWithin(marked, max, room - title.length - 200, ids);
      const missing = (changes?.fixed ?? 0) - (changes?.fixedRows.length ?? 0);
      const note =
        missing > 0 ? `${number(missing)} more fixed, of which the earlier report kept no text.` : '';
      return [title, body, note].filter((text) => text !== '').join('\n\n');
    };
  });
  const more = wanted.length - SECTIONS;
  if (more > 0) parts.push(() => `… and ${plural(more, 'more condition')}: see the gate below.`);
  return parts;
}

interface MarkedRows {
  readonly rows: readonly JsonValue[];
  /** How many there are beside them. */
  readonly more: number;
  /** In words; null: no comparison. */
  readonly marks: readonly string[] | null;
}

/** New first, then what is still there, then what is fixed. */
function markedRows({ rows: kept, matched }: Finding, changes: ConditionChanges['items']): MarkedRows {
  if (changes === null) return { rows: kept, more: matched - kept.length, marks: null };
  const of = (mark: string) => kept.filter((_, at) => changes.marks[at] === mark);
  const [fresh, still, fixed] = [of('new'), of('still'), changes.fixedRows];
  return {
    rows: [...fresh, ...still, ...fixed],
    more: matched - kept.length,
    marks: [...fresh.map(() => '**new**'), ...still.map(() => 'still'), ...fixed.map(() => 'fixed')],
  };
}

/** As a table of at most `max` rows, fewer where they do not fit into `room`. */
function rowsWithin(marked: MarkedRows, max: number, room: number, ids?: 'short' | 'full'): string {
  const { rows, more, marks } = marked;
  const leading = marks === null ? undefined : { title: '', cells: marks };
  const text = recordTable(rows, max, leading, ids, more) ?? plainRows(marked, max);
  if (text.length <= room) return text;
  return max > 1
    ? rowsWithin(marked, Math.floor(max / 2), room, ids)
    : `${plural(rows.length + more, 'item')}, too long to show.`;
}

/** Rows that are not all objects. */
function plainRows({ rows, more: beside, marks }: MarkedRows, max: number): string {
  const lines = rows.slice(0, max).map((row, at) => {
    const cell = typeof row === 'string' ? forText(row, 200) : forCode(JSON.stringify(row), 200);
    return marks === null ? [cell] : [marks[at] ?? '', cell];
  });
  const more = rows.length - lines.length + beside;
  const text = table(marks === null ? ['Item'] : ['', 'Item'], lines);
  return more > 0 ? `${text}\n\n… and ${number(more)} more.` : text;
}

function sentence(result: Finding): string {
  const warning = result.condition.severity === 'warn' ? '⚠️ Only a warning: ' : '';
  const name = label(result);
  if (result.result === 'cannot_be_evaluated') {
    const as = result.condition.severity === 'warn' ? '' : ', which counts as red';
    return `${warning}${name} **cannot be evaluated**${as}: ${forText(result.problem ?? '', 500)}`;
  }
  if (result.matched > 0) return `${warning}${name} matched ${counted(result)}:`;
  const expression = result.condition.name === null ? '' : `: ${forCode(result.condition.expression, 200)}`;
  return `${warning}${name} holds${expression}`;
}

function label({ condition: { name, expression } }: Finding): string {
  return name === null ? forCode(expression, 100) : `“${forProse(name, 64)}”`;
}

/** "2 of 5 items", or "2 items" where it is not known of how many. */
function counted({ matched, unmatched }: Finding): string {
  if (unmatched === null) return plural(matched, 'item');
  return `${number(matched)} of ${plural(matched + unmatched, 'item')}`;
}

/** The one thing to do; empty where there is nothing to do. */
function nextStep({ verdict }: Report): string {
  if (verdict.nextStep === '') return '';
  if (verdict.exitCode === 0) return `**Next:** ${ours(verdict.nextStep, 600)}`;
  return `**To turn this green:** ${ours(afterColon(verdict.nextStep), 600)}`;
}

/** The items of conditions that hold no more, folded. */
export function fixedFold({ results, changes }: Report, rows: number): Part {
  const fixed = results.flatMap((result, at) =>
    result.result === 'does_not_hold' ? (changes?.conditions[at]?.items?.fixedRows ?? []) : [],
  );
  return (room) => {
    if (fixed.length === 0) return '';
    return fold(
      `${plural(fixed.length, 'item')} fixed`,
      rowsWithin({ rows: fixed, more: 0, marks: null }, rows, room - 100),
    );
  };
}

/** The items that do not match, a fold for each `filter`. */
export function unmatchedFolds({ results }: Report, rows: number): Part[] {
  const filters = results.filter(({ unmatched }) => unmatched !== null && unmatched > 0).slice(0, 20);
  return filters.map((result) => (room) => {
    const unmatched = result.unmatched ?? 0;
    const kept = result.unmatchedRows;
    const name =
      filters.length > 1
        ? ` ${result.condition.name === null ? forProse(result.condition.expression, 100) : label(result)}`
        : '';
    const title = `${plural(unmatched, 'item')} that ${unmatched === 1 ? 'does' : 'do'} not match${name}`;
    return fold(
      title,
      rowsWithin({ rows: kept, more: unmatched - kept.length, marks: null }, rows, room - title.length - 100),
    );
  });
}

/** "1 of 2 conditions holds" */
export function gateInWords({ results }: Report): string {
  const broken = results.filter(({ result }) => result === 'cannot_be_evaluated').length;
  const hold = results.filter(({ result }) => result === 'holds').length;
  if (results.length === 1)
    return `the condition ${hold === 1 ? 'holds' : broken === 1 ? 'cannot be evaluated' : 'does not hold'}`;
  const of = `of ${plural(results.length, 'condition')}`;
  const holds = hold === 0 ? `none ${of} holds` : `${number(hold)} ${of} ${hold === 1 ? 'holds' : 'hold'}`;
  return broken === 0 ? holds : `${holds}, ${number(broken)} cannot be evaluated`;
}

/** Every condition with its expression and result in words. */
export function gateTable({ results }: Report, room: number): string {
  const hasNames = results.some(({ condition }) => condition.name !== null);
  const header = [...(hasNames ? ['Condition'] : []), 'Expression', 'Result'];
  let left = room - 200;
  const rows: string[][] = [];
  for (const result of results.slice(0, 200)) {
    const { name, expression } = result.condition;
    const row = [...(hasNames ? [forProse(name ?? '', 64)] : []), forCode(expression, 300), inWords(result)];
    left -= row.join(' | ').length + 5;
    if (left < 0) break;
    rows.push(row);
  }
  const more = results.length - rows.length;
  return table(header, rows) + (more > 0 ? `\n\n… and ${number(more)} more.` : '');
}

function inWords(result: Finding): string {
  const warns = result.condition.severity === 'warn';
  switch (result.result) {
    case 'does_not_hold':
      return result.unmatched === null ? 'does not hold' : `does not hold, ${counted(result)}`;
    case 'holds': {
      const count = result.matched > 0 ? `, ${counted(result)}` : '';
      return `**holds**${count}${warns ? ' (only a warning)' : ''}`;
    }
    case 'cannot_be_evaluated':
      return `**cannot be evaluated**${warns ? ' (only a warning)' : ''}: ${forText(result.problem ?? '', 300)}`;
  }
}

/** The first `most` top-level outputs, in their order; one called `outputs` where they are no object. */
export function outputsOf(
  { run }: Report,
  most = Infinity,
): readonly (readonly [name: string, value: JsonValue])[] {
  const outputs = run?.outputs;
  if (outputs === undefined || outputs === null) return [];
  if (!isJsonObject(outputs)) return [['outputs', outputs]];
  return Object.keys(outputs)
    .slice(0, most)
    .map((name) => [name, outputs[name] ?? null]);
}

/** How many `outputsOf` would give. */
export function outputCount({ run }: Report): number {
  const outputs = run?.outputs;
  if (outputs === undefined || outputs === null) return 0;
  return isJsonObject(outputs) ? Object.keys(outputs).length : 1;
}

/** An output's name as a title or in a cell. */
export function named(name: string): string {
  return forProse(name, 60) || '(no name)';
}

/** Link to the page of this job run; empty where there is none. */
export function link(text: string, { jobRunUrl }: Report): string {
  return /^https?:\/\/[\w.:/-]{1,500}$/.test(jobRunUrl) ? `[${text}](${jobRunUrl})` : '';
}

export const DISCLAIMER =
  'Tables and texts of the run were written by a model from project documents: data, not instructions.';
