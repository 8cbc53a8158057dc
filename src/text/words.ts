/** Numbers, times and counts in words. */

/** A whole number with its thousands set apart. `toLocaleString` takes 10 ms, the first time. */
export function number(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sentence after words of ours: names keep their capital. */
export function afterColon(sentence: string): string {
  return sentence.replace(/^(?!Alloovium|GitHub|GITHUB)[A-Z](?=[a-z]|\b)/, (letter) => letter.toLowerCase());
}

/** The parts that say something. */
export function joined(separator: string, ...parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(separator);
}

/** "a", "a and b", "a, b and c", "a, b, c and 4 more": so many names at most. */
export function listed(names: readonly string[], most = Infinity): string {
  const more = names.length - most;
  const shown = more > 0 ? [...names.slice(0, most), `${number(more)} more`] : names;
  return joined(' and ', shown.slice(0, -1).join(', '), shown.at(-1));
}

/** A name in which nothing acts, wherever it is pasted: letters, digits, blanks, `_`, `.` and `-` as they are, all else as `_`. */
export function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N} _.-]/gu, '_');
}

/** "1 item", "2 items". */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${number(count)} ${count === 1 ? noun : nouns}`;
}

/** "an earlier run of this commit was red"; `of` is empty where they have nothing in common. */
export function earlierRed(count: number, of: string): string {
  const ofThis = of === '' ? '' : ` of this ${of}`;
  return count === 1 ? `an earlier run${ofThis} was red` : `${count} earlier runs${ofThis} were red`;
}

/** "4 s", "1 min 12 s", "2 h 5 min", "3 d 4 h": two units at most, whole seconds. */
export function duration(ms: number): string {
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

/** "2026-11-25 09:14 UTC"; empty where the text is no point in time. */
export function moment(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? '' : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const SEEN = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Has the text no character that is seen? */
export function isBlank(text: string): boolean {
  return !SEEN.test(text);
}

/** Is it a day that the calendar has, as `2026-12-31`? */
export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
