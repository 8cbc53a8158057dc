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

/** Returns enough of the start that `length` units remain after escaping, which shrinks CRLF to one unit. */
function takeStart(text: string, length: number): string {
  return text.slice(0, 2 * length + 2);
}

/** Escapes invisible characters, newlines and tabs, so that the text is on one line. */
function toVisibleLine(text: string, maxLength: number): string {
  return escapeInvisible(takeStart(text, maxLength)).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** A zero-width space: breaks a word that a reader would act on where markup cannot. It is copied with the text. */
const BREAK = '\u200b';

/** Breaks such a word in Markdown and HTML, because GitHub's filters look at each text node by itself. It is not copied. */
const SPLIT = '<span></span>';
/** Placeholder for `SPLIT` until all else is escaped; untrusted text cannot contain it, since `escapeInvisible` escapes it. */
const SPLIT_MARK = '\u0002';

/** The start of the runner's older command syntax, `##[name]`. */
const OLD_COMMAND = /#(?=\[)/g;

/**
 * Makes one line for the log in which the runner finds no command, and a problem matcher of an earlier step no file position: a
 * zero-width space follows each word with a colon, `::` becomes `: :`, and `##[` becomes `## [`. All else stays, so that it can be
 * searched and copied, and the runner masks secrets in it. A blank separates `#`, `[` and `:` at both ends from the neighbouring
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

/** Positions that problem matchers accept without a blank after a colon: `TS2304:x`, and after any colon `line 1, col 2`. */
const FILE_POSITION = /(?<=^|\s)(?:TS\d+(?=:)|line(?=\s\d+,?\scol)|(?=:))/g;

/** A line that is safe to print to the log. */
export interface LogLine {
  readonly safe: string;
}

/** Template tag for a log line: the literal parts are trusted and stay; each value is escaped, unless it is a `LogLine`. */
export function logLine(
  literals: readonly string[],
  ...values: readonly (string | number | LogLine)[]
): LogLine {
  const safe = values.map((other) =>
    typeof other === 'object' ? other.safe : escapeForLog(String(other), 2_000),
  );
  return { safe: literals.reduce((line, words, at) => line + (safe[at - 1] ?? '') + words) };
}

/** Returns a log line of a trusted prefix, a colon and an untrusted text. */
export function appendUntrusted(prefix: string | LogLine, text: string): LogLine {
  return logLine`${typeof prefix === 'string' ? { safe: prefix } : prefix}: ${text}`;
}

/** GitHub truncates longer annotations. */
const MAX_ANNOTATION_LENGTH = 4_096;

/** Makes an annotation of a text that begins with trusted words. The runner writes it to the log too, so `##[` is broken. */
export function escapeForAnnotation(text: string): string {
  const line = escapeInvisible(takeStart(text, MAX_ANNOTATION_LENGTH))
    .trim()
    .replace(/\s+/g, ' ')
    .replace(OLD_COMMAND, '# ');
  return truncate(line, MAX_ANNOTATION_LENGTH);
}

/** Makes a log line of a text that begins with trusted words. Its colons stay unchanged. */
export function formatTrusted(text: string): LogLine {
  return { safe: escapeForAnnotation(text) };
}

/**
 * Makes a log line of trusted words that quote untrusted text in JSON strings, which are escaped. Runs of blanks stay, so that a
 * caret keeps its column.
 */
export function escapeQuotations(text: string): LogLine {
  const seen = escapeInvisible(takeStart(text, MAX_ANNOTATION_LENGTH)).replace(/[\n\t]/g, ' ');
  const line = seen.replace(OLD_COMMAND, '# ').replace(/:(?=:)/g, ': ');
  const safe = line.replace(QUOTATION, (quotation) => escapeForLog(quotation, MAX_ANNOTATION_LENGTH));
  return { safe: truncate(safe, MAX_ANNOTATION_LENGTH) };
}

/**
 * GitHub links these after Markdown is parsed, so escaping does not hide them: mentions and mail addresses, issue numbers, GH-1 and
 * advisories, URLs, commits, emoji short codes, task boxes, alerts.
 */
const AUTOLINK =
  /@|#(?=\d|$)|(?<![0-9a-z])(?:gh|ghsa|cve)-(?=\w|$)|:(?=[\w+-]*(?::|$)|\/)|www(?=\.|$)|\[(?=[ x]\]|!)/gi;
/** Keys of other trackers (`JIRA-123`) that a repository may let GitHub link; a `<span>` within the key prevents it. */
const TRACKER_KEY = /(?<=[A-Za-z])[-_:/=](?=[0-9])|(?<=[A-Z])-(?=[A-Z])/g;
const SHA_IN_TEXT = /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/gi;

/** Characters to write as entities, which work in Markdown and in HTML blocks. An underscore after a letter opens no emphasis. */
const MARKUP = /[&<>*`[\]|~\\$]|(?<![0-9A-Za-z])_/g;

/** Line starts that make a list, heading, rule or table, or a command to a bot that reads comments. */
const LINE_START = /^[-+=#/]|(?<=^[0-9]{1,9})[.)]/;

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // GitHub finds math after Markdown is parsed, so an entity does not help; its documentation recommends a span.
  $: '<span>$</span>',
};

/**
 * Returns the character as an HTML entity. Uses hex, so that no `#` before a decimal looks like an issue number in the source.
 */
function toEntity(character: string): string {
  return NAMED_ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
}

/**
 * Escapes inline text for GitHub's Markdown (paragraph, heading, list item, table cell) and for HTML text: rendered, it reads the
 * same and is plain text. The result is one line; runs of blanks become one. Put a blank or trusted markup between two such texts.
 */
export function escapeForProse(text: string, maxLength = 300): string {
  return escapeMarkdown(toProseLine(text, maxLength));
}

/** Returns the text on one line with single blanks, truncated. */
function toProseLine(text: string, maxLength: number): string {
  const head = takeStart(text, 2 * maxLength);
  const line = escapeInvisible(head)
    .replace(/[ \n\t]+/g, ' ')
    .trim();
  // A start of many blanks may have shrunk below `maxLength` although more text follows.
  return truncate(head.length < text.length ? `${line}…` : line, maxLength);
}

/** Escapes everything in the line that Markdown, HTML or GitHub's autolinks would interpret. */
function escapeMarkdown(line: string): string {
  return line
    .replace(SHA_IN_TEXT, (found) => found.replace(/.{6}(?=.)/g, `$&${SPLIT_MARK}`))
    .replace(AUTOLINK, `$&${SPLIT_MARK}`)
    .replace(MARKUP, toEntity)
    .replace(TRACKER_KEY, (found) => `<span>${toEntity(found)}</span>`)
    .replace(LINE_START, toEntity)
    .replaceAll(SPLIT_MARK, SPLIT);
}

/**
 * Like `escapeForProse`, for Markdown only. Words that may be a secret of another step become code where escaping would change
 * them, because the runner masks a secret in a job summary only if it is unchanged.
 * @param areKeysQuoted the text is trusted and quotes untrusted keys, which become code too
 */
export function escapeForText(text: string, maxLength = 300, areKeysQuoted = false): string {
  const line = toProseLine(text, maxLength);
  let from = 0;
  let safe = '';
  for (const { 0: word, index } of line.matchAll(areKeysQuoted ? QUOTED : WORD)) {
    // Adjacent code spans would merge their backticks.
    if (index === from && safe !== '') continue;
    const isQuoted = areKeysQuoted && word.startsWith('"');
    // The next character decides whether a colon at the end of the word acts.
    const withNext = line.slice(index, index + word.length + 1);
    if (!isQuoted && (!isLikeSecret(word) || escapeMarkdown(withNext) === withNext)) continue;
    safe += escapeMarkdown(line.slice(from, index)) + formatCode(word, Infinity);
    from = index + word.length;
  }
  return safe + escapeMarkdown(line.slice(from));
}

const WORD = /[^ ]+/g;
/** A JSON string. A truncated one extends to the end of the text; otherwise many quotes would cost quadratic time. */
const QUOTATION = /"(?:[^"\\]|\\.?)*(?:"|$)/g;
const QUOTED = new RegExp(`${QUOTATION.source}|[^ "]+`, 'g');

/** Could the word be a secret? It is long, or has letters and digits. */
function isLikeSecret(word: string): boolean {
  return word.length >= 20 || (word.length >= 12 && /[a-z]/i.test(word) && /[0-9]/.test(word));
}

/** Code that GitHub shows with a colour chip. */
const COLOUR = /^ *(?:#(?=[0-9a-f]{3,8} *$)|(?:rgb|hsl)a?(?=\())/i;

/**
 * Makes a code span on one line, for paragraphs and table cells. A text with `|` becomes a `<code>` element, because a code span
 * needs the bar escaped within a table and unescaped elsewhere.
 */
export function formatCode(text: string, maxLength = 200): string {
  if (text === '') return '(empty)';
  const line = toCodeLine(text, maxLength);
  if (line.includes('|')) return toHtmlCode(line);
  const fence = '`'.repeat(measureBacktickRun(line) + 1);
  const pad = /^[ `]|[ `]$/.test(line) && /[^ ]/.test(line) ? ' ' : '';
  return fence + pad + line + pad + fence;
}

/** Makes a `<code>` element, for HTML text such as a `<summary>`. */
export function formatHtmlCode(text: string, maxLength = 200): string {
  return text === '' ? '(empty)' : toHtmlCode(toCodeLine(text, maxLength));
}

/** Returns the text on one visible line, truncated, with GitHub's colour chips prevented. */
function toCodeLine(text: string, maxLength: number): string {
  return truncate(toVisibleLine(text, maxLength), maxLength).replace(COLOUR, `$&${BREAK}`);
}

/** Returns the line in a `<code>` element. */
function toHtmlCode(line: string): string {
  return `<code>${escapeMarkdown(line)}</code>`;
}

/** Returns the length of the longest run of backticks in the text. */
function measureBacktickRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/**
 * Makes a fenced code block without a trailing newline. The caller puts blank lines around it and does not indent it.
 */
export function formatCodeBlock(text: string, maxLength = 20_000, language: '' | 'json' = ''): string {
  const body = truncate(escapeInvisible(takeStart(text, maxLength)), maxLength);
  const fence = '`'.repeat(Math.max(3, measureBacktickRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** Delimits a trusted URL; untrusted text cannot contain it, since `escapeInvisible` escapes it. */
const ADDRESS_MARK = '\u0001';

/** Links safe inline Markdown to a trusted URL; unchanged if the URL is empty. */
export function link(markdown: string, url: string): string {
  return url === '' || markdown === '' ? markdown : `[${markdown}](${ADDRESS_MARK}${url}${ADDRESS_MARK})`;
}

/** Closing tags that the action writes. Their slash does not count as a bot's command. */
const TRUSTED_CLOSING_TAG = '<(?=/(?:code|details|span|sub|summary)>)';
const BOT_CALL = new RegExp(`@(?!${BREAK}|${SPLIT})|(?<!${TRUSTED_CLOSING_TAG})/(?=[A-Za-z])`, 'g');
/** A code block or a code span, or a bot call. Untrusted text outside of code has no backtick. */
const CODE_OR_BOT_CALL = new RegExp(
  `^(?<block>(?<fence>\`{3,})[^\`\\n]*\\n[^]*?\\n\\k<fence>)$|(?<!\`)(?<mark>\`+)(?!\`)(?<code>[^\\n]*?[^\`\\n])\\k<mark>(?!\`)|${BOT_CALL.source}`,
  'gm',
);

/**
 * Finishes a whole Markdown document, so that tools which look for their hidden marker (`<!-- … -->`) find none, not even in code.
 * @param isPosted also breaks `@name` and `/command` in untrusted text, which workflows and bots may obey; trusted URLs stay
 */
export function finishMarkdown(markdown: string, isPosted: boolean): string {
  return markdown
    .replaceAll('<!--', `<${BREAK}!--`)
    .split(ADDRESS_MARK)
    .map((part, at) => (isPosted && at % 2 === 0 ? breakBotCalls(part) : part))
    .join('');
}

/** Breaks `@name` and `/command`, also in code. */
function breakBotCalls(markdown: string): string {
  return markdown.replace(CODE_OR_BOT_CALL, (found, ...rest) => {
    const { block, code } = rest.at(-1) as { readonly block?: string; readonly code?: string };
    if (block !== undefined) return block.replace(BOT_CALL, `$&${BREAK}`);
    if (code === undefined) return found + SPLIT;
    if (code.search(BOT_CALL) < 0) return found;
    // A `<code>` element can contain the split. Blanks at both ends belong to the code span's marks, as in `formatCode`.
    return toHtmlCode(code.replace(/^ (.*[^ ].*) $/, '$1')).replace(BOT_CALL, `$&${SPLIT}`);
  });
}
