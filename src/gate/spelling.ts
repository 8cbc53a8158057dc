/** Are two texts one text in two spellings? Rule by rule in docs/conditions.md. Linear in the length. Pure. */

const EMOJI = /[\d#*]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]/gu;
const DASHES = /[\p{Pd}\u2212]/gu;
/** Hyphens that do not count; at the end of the text, one behind a letter does. */
const DROPPED_HYPHENS = /(?<=\p{N})-|-(?!\p{N})/gu;
const LAST_HYPHEN = /(?<=[^\s.\u2010])\u2010(?=[\s.\u2010]*$)/;
/** One at a time: a long run overflows the stack of V8's regular expressions. */
const SIGN = /[^\p{L}\p{M}\p{N}\s\u2010+<>=≥≤±%°\-]/gu;
const GAPS = /[ .]/g;
const NUMBERS = /\p{N}(?:[ .]?\p{N})*/gu;

/** Returns the characters that count; of the others between them, a blank is left of blanks and a point of signs. */
function spell(text: string): string {
  return (
    text
      // NFKC turns some emoji into letters.
      .replaceAll(EMOJI, ' ')
      .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
      .normalize('NFKC')
      // In this order `ß`, `ẞ` and `SS` become one.
      .toLowerCase()
      .toUpperCase()
      .replaceAll(DASHES, '-')
      .replaceAll(DROPPED_HYPHENS, '\u2010')
      .replaceAll(SIGN, '.')
      .replace(LAST_HYPHEN, '-')
      .replaceAll('\u2010', '.')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/ ?\.[ .]*/g, '.')
      .replaceAll(/^[ .]|[ .]$/g, '')
  );
}

const counts = (spelling: string) => /\p{L}|\p{N}.*\p{N}/su.test(spelling);

/** Is a number divided alike? `08 11 13` is `081113` and `08.11.13`, but `2.1` is not `21`. */
function areOneNumber(left: string, right: string): boolean {
  const isBare = (one: string, other: string) => !one.includes('.') && (other.match(GAPS)?.length ?? 0) > 1;
  return (
    left.replaceAll(' ', '') === right.replaceAll(' ', '') ||
    left.replaceAll('.', ' ') === right.replaceAll('.', ' ') ||
    isBare(left, right) ||
    isBare(right, left)
  );
}

function areOne(left: string, right: string): boolean {
  if (left.replaceAll(GAPS, '') !== right.replaceAll(GAPS, '')) return false;
  const numbers = right.match(NUMBERS) ?? [];
  return (left.match(NUMBERS) ?? []).every((number, at) => areOneNumber(number, numbers[at] ?? ''));
}

/** Do the texts differ at most in case, blanks, punctuation or emoji? */
export function areSpellings(left: string, right: string): boolean {
  const [one, other] = [spell(left), spell(right)];
  return counts(one) && areOne(one, other);
}

/** Has the text the part in another spelling, where `contains`, `startsWith` or `endsWith` looks for it? */
export function hasSpelling(text: string, part: string, operation: string): boolean {
  const whole = spell(text);
  // A hyphen at the end of the part is not at the end of the text.
  const wanted = operation === 'endsWith' ? spell(part) : spell(part).replace(/-$/, '');
  if (!counts(wanted)) return false;
  const characters = Array.from(wanted.replaceAll(GAPS, ''), (one) => (one === '+' ? '\\+' : one));
  const [start, end] = [operation === 'startsWith' ? '^' : '', operation === 'endsWith' ? '$' : ''];
  for (const { 1: found = '', index } of whole.matchAll(
    new RegExp(`${start}(?=(${characters.join('[ .]?')})${end})`, 'gu'),
  )) {
    const after = whole.slice(index + found.length, index + found.length + 2);
    if (/\p{N}$/u.test(found) && /^\p{N}/u.test(after)) continue;
    // Across words, "not" would be found in "in other".
    const isAcross = found.replaceAll('.', ' ') !== wanted.replaceAll('.', ' ');
    const begins = index === 0 || /[ .]/.test(whole.charAt(index - 1));
    const ends = /^(?:[ .]|$)/.test(after);
    if (!begins && (isAcross || /^\s/.test(part))) continue;
    if (!ends && (isAcross || /\s$/.test(part))) continue;
    if (areOne(found, wanted)) return true;
  }
  return false;
}
