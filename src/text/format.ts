/** Formats numbers, times, counts and lists. */
import { distance } from 'fastest-levenshtein';

/** Formats a whole number with thousands separators; the first `toLocaleString` would take 10 ms. */
export function formatNumber(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Formats a count with its noun: "1 item", "2 items". */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Formats the counts that are neither 0 nor null, each with its word: "1 new, 4 known". */
export function formatCounts(counts: Readonly<Record<string, number | null>>, separator = ', '): string {
  const parts = Object.entries(counts).map(([word, count]) => count && `${formatNumber(count)} ${word}`);
  return joinPresent(separator, ...parts);
}

/** Returns the text in brackets, to follow another one: " (4 known)"; empty: there is none. */
export function inBrackets(text: string): string {
  return text && ` (${text})`;
}

/** Returns the sum over all elements. */
export function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}

/** Starts the text with a capital letter. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Starts the sentence in lower case, for use after a colon; names of products keep their capital. */
export function lowerFirst(sentence: string): string {
  return sentence.replace(/^(?!Alloovium|GitHub)[A-Z](?=[a-z]|\b)/, (letter) => letter.toLowerCase());
}

/** Ends the text with a full stop, unless it has an end. */
export function endSentence(text: string): string {
  return text.replace(/(?<=[^.?!…])$/, '.');
}

/** Joins the parts that are not empty, null, 0 or false. */
export function joinPresent(
  separator: string,
  ...parts: readonly (string | false | 0 | null | undefined)[]
): string {
  return parts.filter((part) => part).join(separator);
}

/** Joins at most `max` names: "a", "a and b", "a, b and c", "a, b, c and 4 more". */
export function formatList(names: readonly string[], max = Infinity): string {
  const more = names.length - max;
  const shown = more > 0 ? [...names.slice(0, max), `${formatNumber(more)} more`] : names;
  return joinPresent(' and ', shown.slice(0, -1).join(', '), shown.at(-1));
}

/** Formats a duration as "4 s", "1 min 12 s", "2 h 5 min", "3 d 4 h": two units at most, whole seconds. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const min = days > 0 ? 0 : minutes % 60;
  const s = hours > 0 ? 0 : seconds % 60;
  return formatCounts({ d: days, h: hours % 24, min, s }, ' ') || '0 s';
}

/** Formats a time as "2026-11-25 09:14 UTC"; empty: the text is not a date and time. */
export function formatTime(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const VISIBLE_CHARACTER = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Has the text no visible character? */
export function isBlank(text: string): boolean {
  return !VISIBLE_CHARACTER.test(text);
}

/** Is the text a date of the calendar, such as `2026-12-31`? */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && JSON.stringify(new Date(text)).startsWith(text, 1);
}

/** Names of a run may be many and long. */
const MAX_NAMES = 500;
const MAX_NAME_LENGTH = 64;

/** Finds the name that a mistyped one probably means, without regard to case and separators; undefined: each has more edits. */
export function findNearest(names: readonly string[], wanted: string, maxEdits = 2): string | undefined {
  const normalise = (name: string) => name.slice(0, MAX_NAME_LENGTH).toLowerCase().replaceAll(/[-_ ]/g, '');
  const edits = names.slice(0, MAX_NAMES).map((name) => distance(normalise(name), normalise(wanted)));
  const least = Math.min(...edits);
  return least <= maxEdits ? names[edits.indexOf(least)] : undefined;
}
