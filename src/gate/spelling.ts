/** Are two strings one text in two spellings? docs/conditions.md has the rules. Linear in the length. */

/** NFKC would turn some emoji into letters. More repetitions at once overflow the stack of V8's regular expressions. */
const UNSEEN =
  /(?:[\d#*]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\p{Default_Ignorable_Code_Point}]){1,999}/gu;
const DASH = /[\p{Pd}\u2212]/gu;
/** A hyphen counts before a digit, but not between two, and at the end of the text directly behind a letter or digit. */
const DROPPED =
  /(?:[^\p{L}\p{M}\p{N}+<>=≥≤±%°-]|(?<=\p{N})-(?=\p{N})|-(?!\p{N}|(?<=[\p{L}\p{M}\p{N}]-)[^\p{L}\p{M}\p{N}+<>=≥≤±%°]*$)){1,999}/gu;
const GAP = /[ .]+/g;
const NUMBER = /\p{N}(?:[ .]*\p{N})*/gu;

/** The forms of short strings, since a condition compares the same few with many items. */
const cache = new Map<string, string>();
const MAX_CACHED = 10_000;

/** Returns the characters that count. Of those between them, a space is left of spaces, and a point of anything else. */
function spell(text: string): string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const spelled = text
    .replaceAll(UNSEEN, '')
    .normalize('NFKC')
    // In this order, `ß`, `ẞ` and `SS` become one.
    .toLowerCase()
    .toUpperCase()
    .replaceAll(DASH, '-')
    .replaceAll(DROPPED, (found) => (/\S/.test(found) ? '.' : ' '))
    .replaceAll(/^[ .]+|[ .]+$/g, '');
  if (cache.size >= MAX_CACHED) cache.clear();
  if (text.length < 100) cache.set(text, spelled);
  return spelled;
}

const isCounted = (spelled: string) => /\p{L}|\p{N}.*\p{N}/su.test(spelled);

/** The first has no sign, and the second at least two separators. */
const BARE_AND_DIVIDED = /^[^.]*\n.*[ .].*[ .]/;

/** Are two numbers with the same digits divided alike? */
function areOneNumber(left: string, right: string): boolean {
  return (
    left.replaceAll(' ', '') === right.replaceAll(' ', '') ||
    left.replaceAll('.', ' ') === right.replaceAll('.', ' ') ||
    BARE_AND_DIVIDED.test(`${left}\n${right}`) ||
    BARE_AND_DIVIDED.test(`${right}\n${left}`)
  );
}

function areOne(left: string, right: string): boolean {
  if (left.replaceAll(GAP, '') !== right.replaceAll(GAP, '')) return false;
  const numbers = right.match(NUMBER) ?? [];
  return (left.match(NUMBER) ?? []).every((number, at) => areOneNumber(number, numbers[at] ?? ''));
}

/** Do the strings differ at most in case, spaces, punctuation or emoji? */
export function areSpellings(left: string, right: string): boolean {
  const spelled = spell(left);
  return isCounted(spelled) && areOne(spelled, spell(right));
}

/** Does `contains`, `startsWith` or `endsWith` find the part in another spelling? */
export function hasSpelling(text: string, part: string, operation: string): boolean {
  const whole = spell(text);
  // The end of the part need not be the end of the text, where a hyphen counts.
  const wanted = spell(part).replace(operation === 'endsWith' ? /$/ : /-$/, '');
  if (!isCounted(wanted)) return false;
  const start = operation === 'startsWith' ? '^' : /^\s/.test(part) ? '(?<![^ .])' : '';
  const end = operation === 'endsWith' ? '$' : /\s$/.test(part) ? '(?![^ .])' : '';
  const pattern = Array.from(wanted.replaceAll(GAP, ''), (one) => `[${one}]`).join('[ .]*');
  const search = new RegExp(`${start}(?=(${pattern})${end}(?!(?<=\\p{N})\\p{N}))`, 'gu');
  for (const { 1: found = '', index } of whole.matchAll(search)) {
    const around = whole.charAt(index - 1) + whole.charAt(index + found.length);
    // Across words, "not" would be found in "in other".
    const isAcross = found.replaceAll('.', ' ') !== wanted.replaceAll('.', ' ');
    if (!(isAcross && /[^ .]/.test(around)) && areOne(found, wanted)) return true;
  }
  return false;
}

/** Returns the part as the text spells it, or the whole text. */
export function quoteSpelling(text: string, part: string): string {
  const pattern = Array.from(part.matchAll(/[\p{L}\p{N}]/gu), ([one]) => one).join('[^\\p{L}\\p{N}]*');
  const [found = text] = new RegExp(pattern, 'iu').exec(text) ?? [];
  return areSpellings(found, part) ? found : text;
}
