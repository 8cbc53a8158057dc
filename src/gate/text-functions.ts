/** The functions of a condition that change a text. Pure. */

/**
 * Changes the case of ASCII letters, a part at a time, since a text whose letters change one by one takes a hundred times its
 * memory.
 */
function changeAsciiCase(text: string, change: (part: string) => string): string {
  const PART = 64 * 1024;
  let made = '';
  for (let at = 0; at < text.length; at += PART)
    made += text.slice(at, at + PART).replaceAll(/[\0-\x7f]+/g, change);
  return made;
}

/** Blanks by Unicode and CEL, which differ from JavaScript's: U+0085 is one, U+FEFF is not. */
const OUTER_BLANKS = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu;

/** By the name of the function. */
export const TEXT_FUNCTIONS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['lowerAscii', (text) => changeAsciiCase(text, (part) => part.toLowerCase())],
  ['upperAscii', (text) => changeAsciiCase(text, (part) => part.toUpperCase())],
  ['trim', (text) => text.replaceAll(OUTER_BLANKS, '')],
]);
