/**
 * Texts that `<` orders, which are those whose order is what an author means. CEL goes letter by letter: "10" stands before
 * "9", "critical" before "high", and "31.12.2025" behind every date of 2026.
 */
import { nameOf } from './ast.ts';
import type { ASTNode } from './ast.ts';
import { EvaluationError } from './values.ts';

const WHEN =
  /^(?:(?<day>\d{4}-\d\d-\d\d)(?:(?<divider>[T ])(?=\d)|$))?(?:(?<clock>(?:[01]\d|2[0-3]):[0-5]\d)(?:(?<seconds>:[0-5]\d)(?<fraction>\.\d{1,30})?)?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/** What a text says of time. Two of one form are ordered: by their moment, and then by their rest, letter by letter. */
interface When {
  readonly form: string;
  readonly moment: number;
  readonly rest: string;
  readonly day: string | undefined;
}

function readWhen(text: string): When | null {
  const { day, divider = '', clock, seconds = '', fraction = '', zone } = WHEN.exec(text)?.groups ?? {};
  if (day === undefined) {
    if (clock === undefined || zone !== undefined || fraction !== '') return null;
    return { form: `clock${seconds.length}`, moment: 0, rest: text, day };
  }
  if (!isDay(day)) return null;
  if (clock === undefined) return { form: 'day', moment: 0, rest: text, day };
  if (zone === undefined)
    return { form: `time${divider}${seconds.length}.${fraction.length}`, moment: 0, rest: text, day };
  const moment = Date.parse(`${day}T${clock}${seconds || ':00'}${zone}`);
  return { form: 'moment', moment, rest: fraction.replace(/\.?0*$/, ''), day };
}

/** Is it in the calendar? */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The day that an ISO day or time begins with; null: the text is neither. */
export function dayOf(text: string): string | null {
  return readWhen(text)?.day ?? null;
}

/**
 * Negative, 0 or positive.
 * @throws EvaluationError without a word of the texts, which are untrusted
 */
export function orderTexts(a: string, b: string, nodes: readonly ASTNode[], op: string): number {
  const [left, right] = [readWhen(a), readWhen(b)];
  if (left?.form === undefined || left.form !== right?.form)
    throw new EvaluationError(
      `${nodes.map(nameOf).join(' and ')} are texts, and "${op}" orders texts only where both are days or times, written alike`,
      wayOut([a, b], [left, right], nodes, op),
    );
  if (left.moment !== right.moment) return left.moment - right.moment;
  return left.rest < right.rest ? -1 : left.rest > right.rest ? 1 : 0;
}

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

function wayOut(
  texts: readonly string[],
  whens: readonly (When | null)[],
  nodes: readonly ASTNode[],
  op: string,
): string {
  const write = (each: (name: string, at: number) => string) =>
    `write ${nodes.map((node, at) => each(nameOf(node), at)).join(` ${op} `)}`;
  if (whens.every((when) => when?.day !== undefined))
    return write((name, at) => (whens[at]?.form === 'day' ? name : `day(${name})`));
  if (texts.every((text) => text.length <= 40 && NUMBER.test(text))) {
    const to = texts.every((text) => /^\s*-?\d+\s*$/.test(text)) ? 'int' : 'double';
    return write((name, at) => (nodes[at]?.op === 'value' ? (texts[at] ?? '').trim() : `${to}(${name})`));
  }
  if (whens.some((when) => when !== null)) return 'a day is written 2026-12-31, a time 2026-12-31T10:00:00Z';
  const named = nameOf(nodes.find((node) => node.op !== 'value'));
  return `a severity is ordered by a map, {"low": 1, "high": 3}[${named}] >= 3, a number in a text by int(…) or double(…)`;
}
