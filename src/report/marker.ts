/** What is hidden in our comment: whose it is in its first line, what it remembers in its last. Pure. */
import { createHash } from 'node:crypto';
import { decodeMemory, encodeMemory, STATE_MAX, type Memory } from './memory.ts';

/** Whose comment it is. `parts`: the workflow file's path, then what `comment_key` makes. */
export function markerDigest(parts: readonly string[]): string {
  return shaOf(JSON.stringify(parts));
}

/** The comment's first line: the same for all of one digest. */
export function markerLine(digest: string): string {
  return `<!-- alloovium:${digest} -->`;
}

/** How long the last line may be, with what parts it from the rest. */
export const HIDDEN_MAX = STATE_MAX + 40;

/** A run's ID may hold `--`, which could not be told from the end of an HTML comment, so the state is base64. */
const STATE = /\n\n<!-- alloovium-state:([A-Za-z0-9+/=]{1,12000}) -->$/;

/** @param visible the comment's text from its first line on */
export function withMemory(visible: string, memory: Memory): string {
  return `${visible}\n\n<!-- alloovium-state:${encodeMemory(memory, shaOf(visible))} -->`;
}

/** What is seen of a comment, and what it remembers; null: nothing that we wrote of this text. */
export function parseComment(body: string): { readonly visible: string; readonly memory: Memory | null } {
  // GitHub may store other line ends than were sent.
  const text = body.replaceAll('\r\n', '\n').trimEnd();
  const found = STATE.exec(text);
  if (found === null) return { visible: text, memory: null };
  const visible = text.slice(0, found.index);
  return { visible, memory: decodeMemory(found[1] ?? '', shaOf(visible)) };
}

function shaOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
