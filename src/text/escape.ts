/**
 * One sanitiser for each sink that untrusted text can reach. Every text of a server, a document or a model goes through exactly
 * one of these; none relies on another having run before. All take time linear in the length of the text. Lengths are UTF-16
 * units of the text as its reader sees it, before escaping.
 */

/**
 * Characters that are invisible, or that change how others look: controls, bidirectional and zero-width ones, tags and other
 * format characters, line and paragraph separators, halves of a surrogate pair. The variation selector is kept where it only
 * turns a sign into an emoji (⚠️, 1️⃣).
 */
const INVISIBLE =
  /\r\n|((?<=\p{Extended_Pictographic})\ufe0f|(?<=[0-9])\ufe0f(?=\u20e3))|[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t]]/gv;

/** Replaces invisible characters by escapes such as `\u{202e}`. Tabs and newlines stay; CRLF becomes a newline. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (found: string, harmless: string | undefined) => {
    if (found === '\r\n') return '\n';
    return harmless ?? `\\u{${found.codePointAt(0)?.toString(16) ?? ''}}`;
  });
}

/** Truncates to `maxLength` UTF-16 units, with `…` as the last one; never splits a surrogate pair. */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, Math.max(0, maxLength - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Makes invisible characters visible in the start of the text, of which at least `maxLength` units remain. */
function readStart(text: string, maxLength: number): string {
  // Twice as much, since CRLF shrinks to one unit.
  return escapeInvisible(text.slice(0, 2 * maxLength + 2));
}

/** Escapes invisible characters, newlines and tabs, so that the text is on one line. */
function toVisibleLine(text: string, maxLength: number): string {
  return readStart(text, maxLength).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** Returns the text on one line with single spaces, truncated. */
function toProseLine(text: string, maxLength: number): string {
  const start = text.slice(0, 4 * maxLength + 2);
  const line = escapeInvisible(start)
    .replace(/[ \n\t]+/g, ' ')
    .trim();
  // A start of many spaces may have shrunk below `maxLength` although more text follows.
  return truncate(start.length < text.length ? `${line}…` : line, maxLength);
}

/** A zero-width space: breaks a word that a reader would act on where markup cannot. It is copied with the text. */
const BREAK = '\u200b';

/** The start of the runner's older command syntax, `##[name]`. */
const OLD_COMMAND = /#(?=\[)/g;

/** Positions that problem matchers accept without a space after a colon: `TS2304:x`, and after any colon `line 1, col 2`. */
const FILE_POSITION = /(?<=^|\s)(?:TS\d+(?=:)|line(?=\s\d+,?\scol)|(?=:))/g;

/**
 * Makes one line for the log in which the runner finds no command, and a problem matcher of an earlier step no file position: a
 * zero-width space follows each word with a colon, `::` becomes `: :`, and `##[` becomes `## [`. All else stays, so that it can be
 * searched and copied, and the runner masks secrets in it. A space separates `#`, `[` and `:` at both ends from the neighbouring
 * text, so that two adjacent texts form no command. The caller puts trusted words before it.
 */
export function escapeForLog(text: string, maxLength = 500): string {
  const line = toVisibleLine(text, maxLength)
    .replace(/:(?=:)/g, ': ')
    .replace(OLD_COMMAND, '# ')
    .replace(/\S+/g, (word) => (word.includes(':') ? word + BREAK : word))
    .replace(FILE_POSITION, `$&${BREAK}`)
    .replace(/^(?=[#[]|\u200b:)/, ' ')
    .replace(/(?:#\u200b?|:\u200b)$/, '$& ');
  return truncate(line, maxLength);
}

/** A line that is safe to print to the log. */
export interface LogLine {
  readonly safe: string;
}

/** Template tag for a log line: the literal parts are trusted and stay; each value is escaped, unless it is a `LogLine`. */
export function logLine(
  literals: readonly string[],
  ...values: readonly (string | number | LogLine)[]
): LogLine {
  const safe = values.map((value) =>
    typeof value === 'object' ? value.safe : escapeForLog(String(value), 2_000),
  );
  return { safe: String.raw({ raw: literals }, ...safe) };
}

/** GitHub truncates longer annotations. */
export const MAX_ANNOTATION_LENGTH = 4_096;

/** Makes an annotation of a text that begins with trusted words. The runner writes it to the log too, so `##[` is broken. */
export function escapeForAnnotation(text: string): string {
  const line = readStart(text, MAX_ANNOTATION_LENGTH).trim().replace(/\s+/g, ' ').replace(OLD_COMMAND, '# ');
  return truncate(line, MAX_ANNOTATION_LENGTH);
}

/** Code in backquotes, or a JSON string. A truncated one extends to the end of the text; otherwise many quotes would cost quadratic time. */
const QUOTATION = /`[^`]*`|"(?:[^"\\]|\\.?)*(?:"|$)/g;

/**
 * Makes a log line of trusted words that quote untrusted text in JSON strings, which are escaped. Runs of spaces stay, so that a
 * caret keeps its column.
 */
export function escapeSentenceForLog(text: string): LogLine {
  const line = readStart(text, MAX_ANNOTATION_LENGTH)
    .replace(/[\n\t]/g, ' ')
    .replace(OLD_COMMAND, '# ')
    .replace(/:(?=:)/g, ': ')
    .replace(QUOTATION, (found) =>
      found.startsWith('`') ? found : escapeForLog(found, MAX_ANNOTATION_LENGTH),
    );
  return { safe: truncate(line, MAX_ANNOTATION_LENGTH) };
}

/** Breaks a word in Markdown and HTML, because GitHub's filters look at each text node by itself. It is not copied. */
const SPLIT = '<span></span>';

/**
 * All that Markdown, HTML, GitHub's filters, which run after Markdown is parsed, or bots would interpret. By group:
 * - `hyphen`: of a reference such as GH-1, CVE-1
 * - `word`: the start of a mention, a command, an issue number, an emoji's name, a URL, a task box, an alert
 * - the rest: markup; a line start that makes a list, heading, rule or table. `_` after a letter opens no emphasis.
 *
 * Commit SHAs and keys of trackers (`JIRA-123`) stay: GitHub links them only to this repository and to where its owner chose.
 */
const ACTIVE = new RegExp(
  [
    /(?<hyphen>(?<=(?<![0-9A-Za-z])(?:[Gg][Hh]|[Gg][Hh][Ss][Aa]|[Cc][Vv][Ee]))-(?=\w|$))/,
    /(?<word>@|(?<!^)\/(?=[A-Za-z])|#(?=\d|$)|:(?=[\w+-]*(?::|$)|\/)|[Ww]{3}(?=\.|$)|\[(?=[ xX]\]|!))/,
    /[&<>*`[\]|~\\$]|(?<![0-9A-Za-z])_|^[-+=#/]|(?<=^[0-9]{1,9})[.)](?= |$)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // GitHub finds math after Markdown is parsed, so an entity does not help; its documentation recommends a span.
  $: '<span>$</span>',
};

/** Returns the character as an HTML entity: in hex, so that no `#` before a decimal looks like an issue number. */
function toEntity(character: string): string {
  return NAMED_ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
}

/** Escapes everything in the line that would be interpreted. */
function escapeMarkdown(line: string): string {
  return line.replace(ACTIVE, (found, ...rest) => {
    const { hyphen, word } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (hyphen !== undefined) return `<span>${toEntity(hyphen)}</span>`;
    return word === undefined ? toEntity(found) : (word === '[' ? toEntity(word) : word) + SPLIT;
  });
}

/**
 * Escapes inline text for GitHub's Markdown (paragraph, heading, list item, table cell) and for HTML text: rendered, it reads the
 * same and is plain text. The result is one line; runs of spaces become one. Put a space or trusted markup between two such texts.
 */
export function escapeForProse(text: string, maxLength = 300): string {
  return escapeMarkdown(toProseLine(text, maxLength));
}

/**
 * Escapes a sentence of the action for Markdown: what it has in backquotes, and the JSON strings in which it quotes untrusted
 * text, become code.
 */
export function escapeSentenceForMarkdown(sentence: string): string {
  const parts = toProseLine(sentence, Infinity).split(/(`[^`]+`|"(?:[^"\\]|\\.?)*(?:"|$))/);
  const safe = parts.map((part, at) => {
    if (at % 2 === 1) return formatCode(part.startsWith('`') ? part.slice(1, -1) : part, Infinity);
    // Adjacent code spans would merge their backquotes.
    return part === '' && at > 0 && at < parts.length - 1 ? SPLIT : escapeMarkdown(part);
  });
  return safe.join('');
}

/** What bots and other tools look for, also in code. */
const CALL = /@|\/(?=[A-Za-z])|<(?=!--)/g;
/** What a code span cannot hold as it is: a bar, which a table needs escaped, a backquote, spaces at its ends. */
const NOT_IN_SPAN = RegExp(`[|\`]|^ | $|${CALL.source}`);

/** Makes a code span on one line, or a `<code>` element, for paragraphs and table cells. */
export function formatCode(text: string, maxLength = 200): string {
  if (text === '') return '(empty)';
  const line = truncate(toVisibleLine(text, maxLength), maxLength);
  return NOT_IN_SPAN.test(line) ? `<code>${escapeMarkdown(line)}</code>` : `\`${line}\``;
}

/**
 * Makes a fenced code block without a trailing newline. The caller puts blank lines around it and does not indent it.
 * @param language `yaml`: to copy, so that it stays as it is
 */
export function formatCodeBlock(text: string, maxLength = 20_000, language: '' | 'yaml' = ''): string {
  const start = truncate(readStart(text, maxLength), maxLength);
  const body = language === '' ? start.replace(CALL, `$&${BREAK}`) : start;
  const longest = Math.max(2, ...Array.from(body.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}

/** Links safe inline Markdown to a trusted URL; unchanged if the URL is empty. */
export function link(markdown: string, url: string): string {
  return url && markdown ? `[${markdown}](${url})` : markdown;
}
