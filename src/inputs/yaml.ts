/** Reads YAML 1.2, which includes JSON. Loaded only if an input needs it. Faults never quote a value, which may be a secret. */
import { isNode, isPair, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { JsonValue } from '../json.ts';
import { Fault } from '../outcome.ts';

const MAX_BYTES = 100 * 1024;

/**
 * Reads the text twice: `typed` with numbers, booleans and null, `texts` with each value as it was typed (`1.10`, `0042`).
 * @param typedKey only what is below this key is used with its types; null: all
 * @throws Fault
 */
export function readYaml(text: string, typedKey: string | null = null) {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new Fault('is over 100 KB');
  const lines = new LineCounter();
  const document = parse(text, 'core', lines);
  visit(document, {
    Scalar(key, { value, source, range }, path) {
      const isTyped = path.some((node) => isPair(node) && isScalar(node.key) && node.key.value === typedKey);
      if (typedKey !== null && !isTyped) return;
      // `033000` as a number would be 33000, and `1.10` would be 1.1. A key is used as it was typed.
      if (key === 'key' || typeof value !== 'number' || String(value) === source) return;
      const { line, col } = lines.linePos(range?.[0] ?? 0);
      throw new Fault(
        `has a number that YAML would change, as 0042 becomes 42: quote it (line ${line}, column ${col})`,
      );
    },
    Pair(_, pair) {
      if (isScalar(pair.key) && typeof pair.key.value !== 'string') pair.key.value = pair.key.source;
    },
  });
  const texts = parse(text, 'failsafe', new LineCounter());
  visit(texts, {
    // A null is no text.
    Scalar(key, node) {
      if (key !== 'key' && node.type === 'PLAIN' && /^(?:~|null)$/i.test(String(node.value))) node.value = '';
    },
  });
  /** Returns the line, from 1, where the value of a top-level key begins, or an item of it. */
  const lineOf = (key: string, item?: number): number => {
    const node = document.getIn(item === undefined ? [key] : [key, item], true);
    if (!isNode(node)) return item === undefined ? 1 : lineOf(key);
    // A block begins below its `|`.
    const isBlock = isScalar(node) && node.type?.startsWith('BLOCK');
    return lines.linePos(node.range?.[0] ?? 0).line + (isBlock ? 1 : 0);
  };
  return { typed: toJson(document), texts: toJson(texts), lineOf };
}

function parse(text: string, schema: 'core' | 'failsafe', lineCounter: LineCounter): Document {
  const document = parseDocument(text, { lineCounter, prettyErrors: false, version: '1.2', schema });
  const [error] = [...document.errors, ...document.warnings];
  if (error === undefined) return document;
  const { line, col } = lineCounter.linePos(error.pos[0]);
  const known: Partial<Record<string, string>> = {
    TAB_AS_INDENT: 'is indented with a tab, which YAML does not allow',
    DUPLICATE_KEY: 'has the same key twice',
  };
  const what =
    known[error.code] ??
    'is not valid YAML: check quotes, brackets, indentation, and the space after each colon';
  throw new Fault(`${what} (line ${line}, column ${col})`);
}

/** @throws Fault aliases that expand to too much, which the library refuses */
function toJson(document: Document): JsonValue {
  try {
    return document.toJS() as JsonValue;
  } catch {
    throw new Fault('refers to an anchor that does not exist, or expands to too much by its aliases');
  }
}
