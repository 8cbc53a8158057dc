/** Formats sentences, quotes and lists in Markdown. */
import { formatCode, formatCodeBlock, escapeForProse, escapeForText } from '../text/escape.ts';

/** Formats a sentence of this action, which may contain code in backquotes; everything else in it is escaped. */
export function formatSentence(text: string, max: number): string {
  const pieces = text.slice(0, max * 2).split('`');
  if (pieces.length === 1 || pieces.length % 2 === 0) return escapeForText(text, max);
  return pieces
    .map((piece, at) => {
      if (at % 2 === 1) return formatCode(piece, max);
      const before = /^\s/.test(piece) ? ' ' : '';
      const after = /\S\s+$/.test(piece) ? ' ' : '';
      // Untrusted code next to trusted code would merge with it.
      const isApart = (at === 0 || before !== '') && (at === pieces.length - 1 || after !== '');
      return before + (isApart ? escapeForText : escapeForProse)(piece, max) + after;
    })
    .join('');
}

/**
 * Formats an untrusted text of several lines as a quote. A text with indented lines becomes a code block, such as the gate's
 * errors with a caret.
 */
export function quoteLines(text: string, max: number): string {
  if (max === 0) return '';
  const start = text.slice(0, 10_000).trimEnd();
  if (start.includes('\n  ')) return formatCodeBlock(start, max);
  const MAX_LINES = 12;
  const lines = start
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, MAX_LINES + 1)
    .map((line) => formatSentence(line, Math.ceil(max / MAX_LINES)));
  if (lines.length > MAX_LINES) lines[MAX_LINES] = '…';
  return lines.length === 0 ? '' : `> ${lines.join('<br>')}`;
}

/** Formats the lines that are not empty as a list. */
export function formatBulletList(lines: readonly string[]): string {
  const reported = lines.filter((line) => line !== '');
  return reported.map((line) => `- ${line}`).join('\n');
}
