/** Reads YAML 1.2, which includes JSON. Loaded only if an input needs it. Faults never quote a value, which may be a secret. */
import { isPair, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { Fault } from '../fault.ts';
import type { JsonValue } from '../json.ts';

const MAX_BYTES = 100 * 1024;

/** The same text read twice: with numbers, booleans and null, or with each value as the text that was typed (`1.10`, `0042`). */
interface Yaml {
  readonly typed: JsonValue;
  readonly texts: JsonValue;
}

/**
 * @param typedKey only what is below this key is used with its types; null: all
 * @throws Fault with line and column, from 1
 */
export function readYaml(text: string, typedKey: string | null = null): Yaml {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new Fault('yaml_too_large');
  const lines = new LineCounter();
  const document = parse(text, 'core', lines);
  visit(document, {
    Scalar(key, { value, source, range }, path) {
      const isTyped = path.some((node) => isPair(node) && isScalar(node.key) && node.key.value === typedKey);
      if (typedKey !== null && !isTyped) return;
      // `033000` as a number would be 33000, and `1.10` would be 1.1. A key is used as it was typed.
      if (key === 'key' || typeof value !== 'number' || String(value) === source) return;
      const { line, col } = lines.linePos(range?.[0] ?? 0);
      throw new Fault('yaml_number', line, col);
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
  return { typed: toJson(document), texts: toJson(texts) };
}

function parse(text: string, schema: 'core' | 'failsafe', lineCounter: LineCounter): Document {
  const document = parseDocument(text, { lineCounter, prettyErrors: false, version: '1.2', schema });
  const [error] = [...document.errors, ...document.warnings];
  if (error === undefined) return document;
  const { line, col } = lineCounter.linePos(error.pos[0]);
  const codes: Partial<Record<string, string>> = { TAB_AS_INDENT: 'yaml_tab', DUPLICATE_KEY: 'yaml_twice' };
  throw new Fault(codes[error.code] ?? 'yaml_invalid', line, col);
}

/** @throws Fault aliases that expand to too much, which the library refuses */
function toJson(document: Document): JsonValue {
  try {
    return document.toJS() as JsonValue;
  } catch {
    throw new Fault('yaml_aliases');
  }
}
