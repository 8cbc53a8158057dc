/**
 * One sanitiser for each sink that untrusted text can reach. Whatever a server, a document or a model wrote
 * comes through one of these; none of them trusts that another ran before it. All take time linear in the
 * length of the text. Lengths are UTF-16 units of the text as its reader sees it, before escaping.
 */

/**
 * Characters that are not seen, or that change how others are seen: controls, bidirectional and zero-width
 * ones, tags and other format characters, line and paragraph separators, halves of a surrogate pair. The
 * variation selector is let through where it only makes an emoji of a sign (⚠️, 1️⃣).
 */
const UNSEEN =
  /\r\n|((?<=\p{Extended_Pictographic})\ufe0f|(?<=[0-9])\ufe0f(?=\u20e3))|[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t]]/gv;

/** Unseen characters become visible escapes such as `\u{202e}`; tabs and newlines stay, CRLF becomes a newline. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (found: string, harmless: string | undefined) => {
    if (found === '\r\n') return '\n';
    return harmless ?? `\\u{${found.codePointAt(0)?.toString(16) ?? ''}}`;
  });
}

/** At most `maxLength` units, the last of them `…` where something was cut; a surrogate pair is never halved. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, Math.max(0, maxLength - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A start of the text that is at least `length` units long when visible (CRLF shrinks to one), and then some. */
function start(text: string, length: number): string {
  return text.slice(0, 2 * length + 2);
}

/** Visible and on one line: newlines and tabs become `\n` and `\t`. */
function visibleLine(text: string, maxLength: number): string {
  return visible(start(text, maxLength)).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** Splits what somebody would act on, where no markup can, and takes no room. It is copied with the text. */
const BREAK = '\u200b';

/** The same in Markdown and HTML: what is copied is the text alone. GitHub's filters look at each text by itself. */
const SPLIT = '<span></span>';
/** Stands for it until all else is escaped; `visible` leaves no such character in a text of a stranger's. */
const SPLIT_MARK = '\u0002';

/** How the older spelling of a command, `##[name]`, begins. */
const OLDER = /#(?=\[)/g;

/**
 * One line for the log, in which neither the runner finds a command nor a problem matcher of an earlier step a place in a file: a
 * zero-width space stands behind each word that holds a colon, `::` becomes `: :`, and `##[` becomes `## [`. All else stays as it is,
 * so that it can be searched for and copied, and the runner masks secrets in it. At an end, `#`, `[` and `:` are kept by a blank from
 * what stands beside them, so that two such texts, or one and ours, make no command together. The caller puts words of its own
 * before it.
 */
export function forLog(text: string, maxLength = 500): string {
  const line = visibleLine(text, maxLength)
    .replace(/:(?=:)/g, ': ')
    .replace(OLDER, '# ')
    .replace(/\S+/g, (word) => (word.includes(':') ? word + BREAK : word))
    .replace(PLACE, `$&${BREAK}`)
    .replace(/^(?=[#[]|\u200b:)/, ' ')
    .replace(/#$|:\u200b$/, '$& ');
  return cut(line, maxLength);
}

/** What matchers take without a blank behind a colon of its own: `TS2304:x`, and behind any colon `line 1, col 2`. */
const PLACE = /(?<=^|\s)(?:TS\d+(?=:)|line(?=\s\d+,?\scol)|(?=:))/g;

/** A line for the log that is safe to print. */
export interface LogLine {
  readonly safe: string;
}

/** A line in our own words, which stay as they are; what is put between them is made safe, unless it is such a line itself. */
export function logLine(own: readonly string[], ...others: readonly (string | number | LogLine)[]): LogLine {
  const safe = others.map((other) => (typeof other === 'object' ? other.safe : forLog(String(other), 2_000)));
  return { safe: own.reduce((line, words, at) => line + (safe[at - 1] ?? '') + words) };
}

/** Words of ours, then a stranger's. */
export function saying(own: string | LogLine, text: string): LogLine {
  return logLine`${typeof own === 'string' ? { safe: own } : own}: ${text}`;
}

/** GitHub cuts longer annotations. */
const ANNOTATION_CHARACTERS = 4_096;

/** An annotation in words of ours, which begin it. The runner writes it into the log too, where no viewer finds a `##[` in it. */
export function forAnnotation(text: string): string {
  const line = visible(start(text, ANNOTATION_CHARACTERS)).trim().replace(/\s+/g, ' ').replace(OLDER, '# ');
  return cut(line, ANNOTATION_CHARACTERS);
}

/** A line of the log in words of ours, which begin it: their colons stay as they are. */
export function trustedLine(text: string): LogLine {
  return { safe: forAnnotation(text) };
}

/** The same where they quote a stranger's as JSON does, which is made safe. Runs of blanks stay: a caret stands below its place. */
export function quotingLine(text: string): LogLine {
  const seen = visible(start(text, ANNOTATION_CHARACTERS)).replace(/[\n\t]/g, ' ');
  const line = seen.replace(OLDER, '# ').replace(/:(?=:)/g, ': ');
  const safe = line.replace(QUOTATION, (quotation) => forLog(quotation, ANNOTATION_CHARACTERS));
  return { safe: cut(safe, ANNOTATION_CHARACTERS) };
}

/**
 * GitHub looks for these in the text that Markdown left over, so escaping does not hide them: mentions and
 * mail addresses, issue numbers, GH-1 and advisories, addresses, commits, emoji short codes, task boxes, alerts.
 */
const LINKED =
  /@|#(?=\d|$)|(?<![0-9a-z])(?:gh|ghsa|cve)-(?=\w|$)|:(?=[\w+-]*(?::|$)|\/)|www(?=\.|$)|\[(?=[ x]\]|!)/gi;
/** Keys of other trackers (`JIRA-123`) that a repository may have GitHub link; its filter does not see across a `<span>`. */
const TRACKED = /(?<=[A-Za-z])[-_:/=](?=[0-9])|(?<=[A-Z])-(?=[A-Z])/g;
const SHA_IN_TEXT = /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/gi;

/** Entities hold in Markdown and in HTML blocks (`<summary>`) alike. An underscore behind a letter opens no emphasis. */
const MARKUP = /[&<>*`[\]|~\\$]|(?<![0-9A-Za-z])_/g;

/** What would make a list, heading, rule or table of a line that begins with it, or a command to a bot that reads comments. */
const LINE_START = /^[-+=#/]|(?<=^[0-9]{1,9})[.)]/;

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // GitHub takes math from the text that Markdown left over; its documentation has a span against that.
  $: '<span>$</span>',
};

/** In hex, so that not even the source has `#` before a decimal. */
function entity(character: string): string {
  return NAMED_ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
}

/**
 * Inline text for GitHub's Markdown (paragraph, heading, list item, table cell) and for HTML text: it reads the
 * same when rendered, and is nothing but text there. One line; runs of blanks become one. Two texts need a
 * blank or markup of ours between them.
 */
export function forProse(text: string, maxLength = 300): string {
  return inert(proseLine(text, maxLength));
}

function proseLine(text: string, maxLength: number): string {
  const head = start(text, 2 * maxLength);
  const line = visible(head)
    .replace(/[ \n\t]+/g, ' ')
    .trim();
  // A head of blanks may have shrunk below the length, with more text behind it.
  return cut(head.length < text.length ? `${line}…` : line, maxLength);
}

function inert(line: string): string {
  return line
    .replace(SHA_IN_TEXT, (found) => found.replace(/.{6}(?=.)/g, `$&${SPLIT_MARK}`))
    .replace(LINKED, `$&${SPLIT_MARK}`)
    .replace(MARKUP, entity)
    .replace(TRACKED, (found) => `<span>${entity(found)}</span>`)
    .replace(LINE_START, entity)
    .replaceAll(SPLIT_MARK, SPLIT);
}

/**
 * As `forProse`, for Markdown alone, not for HTML text. Words that may be a secret of another step go into code where escaping
 * would change them: in a job summary the runner masks secrets only where they stand as they are.
 * @param areKeysQuoted in words of ours: what they quote is code too
 */
export function forText(text: string, maxLength = 300, areKeysQuoted = false): string {
  const line = proseLine(text, maxLength);
  let from = 0;
  let safe = '';
  for (const { 0: word, index } of line.matchAll(areKeysQuoted ? QUOTED : WORD)) {
    // Code right behind code would end at the marks of the other.
    if (index === from && safe !== '') continue;
    const isQuoted = areKeysQuoted && word.startsWith('"');
    if (!isQuoted && (!isLikeSecret(word) || inert(word) === word)) continue;
    safe += inert(line.slice(from, index)) + forCode(word, Infinity);
    from = index + word.length;
  }
  return safe + inert(line.slice(from));
}

const WORD = /[^ ]+/g;
/** As JSON writes it. One that is cut goes to the end: were it none, each of many would be looked for up to there. */
const QUOTATION = /"(?:[^"\\]|\\.?)*(?:"|$)/g;
const QUOTED = new RegExp(`${QUOTATION.source}|[^ "]+`, 'g');

function isLikeSecret(word: string): boolean {
  return word.length >= 20 || (word.length >= 12 && /[a-z]/i.test(word) && /[0-9]/.test(word));
}

/** GitHub puts a chip of the colour beside code that is one. */
const COLOUR = /^ *(?:#(?=[0-9a-f]{3,8} *$)|(?:rgb|hsl)a?(?=\())/i;

/**
 * Text as code on one line, with its own marks; for paragraphs and table cells alike. A text with `|` becomes a
 * `<code>` element: within a code span the bar must be escaped in a table and must not be outside of one.
 */
export function forCode(text: string, maxLength = 200): string {
  if (text === '') return '(empty)';
  const line = codeLine(text, maxLength);
  if (line.includes('|')) return htmlCode(line);
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = /^[ `]|[ `]$/.test(line) && /[^ ]/.test(line) ? ' ' : '';
  return fence + pad + line + pad + fence;
}

/** The same for HTML text, as a fold's title is. */
export function forHtmlCode(text: string, maxLength = 200): string {
  return text === '' ? '(empty)' : htmlCode(codeLine(text, maxLength));
}

function codeLine(text: string, maxLength: number): string {
  return cut(visibleLine(text, maxLength), maxLength).replace(COLOUR, `$&${BREAK}`);
}

function htmlCode(line: string): string {
  return `<code>${inert(line)}</code>`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/**
 * A fenced code block, without a newline after it; the caller puts blank lines around it and does not indent it.
 * `language` is a word of ours.
 */
export function forFence(text: string, maxLength = 20_000, language: '' | 'json' = ''): string {
  const body = cut(visible(start(text, maxLength)), maxLength);
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** Around an address of ours; `visible` leaves no such character in a text of a stranger's. */
const ADDRESS_MARK = '\u0001';

/** Safe inline Markdown as a link to an address of GitHub's or of `addressOf`; as it is where there is none. */
export function link(markdown: string, url: string): string {
  return url === '' || markdown === '' ? markdown : `[${markdown}](${ADDRESS_MARK}${url}${ADDRESS_MARK})`;
}

/** Tags of ours that end something. Of a stranger's in code they are no word to a bot. */
const CLOSING = '<(?=/(?:code|details|span|sub|summary)>)';
const CALL = new RegExp(`@(?!${BREAK}|${SPLIT})|(?<!${CLOSING})/(?=[A-Za-z])`, 'g');
/** Code of ours, as a block or within a line. Outside of it no text of a stranger's has a backtick. */
const CODE_OR_CALL = new RegExp(
  `^(?<block>(?<fence>\`{3,})[^\`\\n]*\\n[^]*?\\n\\k<fence>)$|(?<!\`)(?<mark>\`+)(?!\`)(?<code>[^\\n]*?[^\`\\n])\\k<mark>(?!\`)|${CALL.source}`,
  'gm',
);

/**
 * Our Markdown, whole. Tools that look for a hidden marker of theirs find none in it, not even in code.
 * @param isPosted workflows and bots that look for `@name` or `/command` find none of a stranger's either; addresses of ours stay
 */
export function finished(markdown: string, isPosted: boolean): string {
  return markdown
    .replaceAll('<!--', `<${BREAK}!--`)
    .split(ADDRESS_MARK)
    .map((part, at) => (isPosted && at % 2 === 0 ? withoutCalls(part) : part))
    .join('');
}

function withoutCalls(markdown: string): string {
  return markdown.replace(CODE_OR_CALL, (found, ...rest) => {
    const { block, code } = rest.at(-1) as { readonly block?: string; readonly code?: string };
    if (block !== undefined) return block.replace(CALL, `$&${BREAK}`);
    if (code === undefined) return found + SPLIT;
    if (code.search(CALL) < 0) return found;
    // As an element it can be split by one that is not copied. Blanks at both ends are marks of code, as in `forCode`.
    return htmlCode(code.replace(/^ (.*[^ ].*) $/, '$1')).replace(CALL, `$&${SPLIT}`);
  });
}
