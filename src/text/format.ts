/** Formats numbers, times, counts and lists. */

/** Formats a whole number with thousands separators; the first `toLocaleString` would take 10 ms. */
export function formatNumber(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Formats a count with its noun: "1 item", "2 items". */
export function formatCount(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : nouns}`;
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

/** Joins the parts that are not empty, null or false. */
export function joinPresent(
  separator: string,
  ...parts: readonly (string | false | null | undefined)[]
): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(separator);
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
  const counts = [
    `${Math.floor(seconds / 86_400)} d`,
    `${Math.floor(seconds / 3_600) % 24} h`,
    `${Math.floor(seconds / 60) % 60} min`,
    `${seconds % 60} s`,
  ];
  const first = counts.findIndex((count) => !count.startsWith('0'));
  const shown = counts.slice(first, first + 2).filter((count) => !count.startsWith('0'));
  return shown.join(' ') || '0 s';
}

/** Formats a time as "2026-11-25 09:14 UTC"; empty: the text is not a date and time. */
export function formatTime(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? '' : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const VISIBLE_CHARACTER = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Has the text no visible character? */
export function isBlank(text: string): boolean {
  return !VISIBLE_CHARACTER.test(text);
}

/** Is the text a date of the calendar, such as `2026-12-31`? */
export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
