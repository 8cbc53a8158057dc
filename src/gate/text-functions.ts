/** The functions of a condition that make another text of one. Pure. */

/** A part at a time, since a text whose letters change one by one takes a hundred times its memory. */
function cased(text: string, change: (part: string) => string): string {
  const PART = 64 * 1024;
  let made = '';
  for (let at = 0; at < text.length; at += PART)
    made += text.slice(at, at + PART).replaceAll(/[\0-\x7f]+/g, change);
  return made;
}

/** What Unicode and CEL take for blank, which is not what JavaScript does: U+0085 is, U+FEFF is not. */
const OUTER_BLANKS = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu;

/** What these functions make of a text. */
export const CHANGES: ReadonlyMap<string, (text: string) => string> = new Map([
  ['lowerAscii', (text) => cased(text, (part) => part.toLowerCase())],
  ['upperAscii', (text) => cased(text, (part) => part.toUpperCase())],
  ['trim', (text) => text.replaceAll(OUTER_BLANKS, '')],
]);
