/**
 * YAML 1.2, of which JSON is a part, as the inputs have it. Loaded only when one of them needs it. Faults come with line
 * and column, never with a value, which may be a secret.
 */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node, Scalar, YAMLMap } from 'yaml';
import { LIMITS, type JsonValue } from '../json.ts';

const MAX_YAML_BYTES = 100 * 1024;
/** Characters and values; without aliases 100 KB cannot have so many. */
const MAX_EXPANDED = 1024 * 1024;
const TOO_DEEP = `is nested more than ${LIMITS.depth} deep`;

/** What the library's codes mean; its messages quote the text. */
const FAULTS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'has an alias that names nothing',
  BAD_DQ_ESCAPE: 'has a backslash in double quotes that escapes nothing: use single quotes',
  BAD_INDENT: 'is not indented as YAML asks',
  BAD_SCALAR_START: 'has a value that begins with a character which YAML keeps for itself: quote it',
  BLOCK_AS_IMPLICIT_KEY: 'has a second `:` on a line: quote the value',
  MISSING_CHAR: 'lacks a quote, a bracket, a comma or a colon',
  MULTILINE_IMPLICIT_KEY: 'has a line without a colon, or a quote that is not closed',
  MULTIPLE_DOCS: 'must be one document',
  TAB_AS_INDENT: 'is indented with a tab, which YAML does not allow',
  TAG_RESOLVE_FAILED: 'has a tag that does not fit its value, or that JSON has no type for',
  RESOURCE_EXHAUSTION: TOO_DEEP,
};

/**
 * @param typed null: the top's names are those of fields. Else they may be shown, `__proto__` among them, and below these keys
 * of an entry values are texts as typed (`1.10`, `0042`)
 * @throws SyntaxError where it cannot be read at all; it and the readers Error, a predicate that follows the input's name:
 * "has the same key twice (line 2, column 3)"
 */
export function readYaml(text: string, typed: readonly string[] | null = null) {
  if (Buffer.byteLength(text) > MAX_YAML_BYTES) throw new Error('is over 100 KB');
  const lines = new LineCounter();
  const place = (offset = 0) => {
    const { line, col } = lines.linePos(offset);
    return `(line ${line}, column ${col})`;
  };
  const refuse = (what: string, at: Node | null): never => {
    throw new Error(`${what} ${place(at?.range?.[0])}`);
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
    // Sets, binaries and ordered maps are nothing that JSON has.
    resolveKnownTags: false,
    // The library's own check takes quadratic time, and does not see that `1` and `"1"` are one name.
    uniqueKeys: false,
  });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault)
    throw new SyntaxError(`${FAULTS[fault.code] ?? 'is not valid JSON or YAML'} ${place(fault.pos[0])}`);

  /** As they stand where the reading has come to. */
  const anchors = new Map<string, Node>();
  let expanded = 0;

  interface At {
    /** Of the key that it stands below; empty: of none. */
    readonly name: string;
    readonly depth: number;
    /** An alias stands here, so the anchors within were met before. */
    readonly isCopy: boolean;
    /** Values are texts as typed. */
    readonly asTyped: boolean;
  }

  function valueOf(node: unknown, at: At): JsonValue {
    if (!isNode(node)) return null;
    if (++expanded > MAX_EXPANDED) refuse('expands to far more than it holds', node);
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      return target === undefined
        ? refuse('refers to an anchor that does not exist: quote a text that begins with `*`', node)
        : valueOf(target, { ...at, isCopy: true });
    }
    if (node.anchor !== undefined && !at.isCopy) anchors.set(node.anchor, node);
    if (isScalar(node)) return scalar(node, at);
    if (at.depth >= LIMITS.depth) refuse(TOO_DEEP, node);
    const below = { ...at, depth: at.depth + 1 };
    if (isSeq(node)) return node.items.map((item) => valueOf(item, below));
    return Object.fromEntries(entriesOf(node, at));
  }

  function scalar({ value, source = '', range }: Scalar, { name, asTyped }: At): JsonValue {
    if (typeof value === 'string') expanded += value.length;
    if (asTyped && typeof value !== 'string') return source === '' ? null : source;
    if (typeof value === 'number' && String(value) !== source) {
      const what = /^[\w .-]{1,64}$/.test(name) ? `\`${name}\`` : 'a value';
      throw new Error(`${what} ${place(range?.[0])} would change as a number, as 1.10 becomes 1.1: quote it`);
    }
    return value as JsonValue;
  }

  function entriesOf(map: YAMLMap, at: At): ReadonlyMap<string, JsonValue> {
    const entries = new Map<string, JsonValue>();
    for (const { key, value } of map.items) {
      if (!isScalar(key)) return refuse('has a key that is not a plain name', isNode(key) ? key : map);
      // A name is what was typed: `033000:` is the text, not the number.
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      const isName = typed !== null && at.depth === 0;
      if (name === '__proto__' && !isName) refuse('has the key `__proto__`, which is not allowed', key);
      if (entries.has(name))
        refuse(isName ? `has the name “${name.slice(0, 64)}” twice` : 'has the same key twice', key);
      if (key.anchor !== undefined && !at.isCopy) anchors.set(key.anchor, key);
      expanded += name.length;
      const asTyped = at.asTyped || (at.depth === 1 && typed?.includes(name) === true);
      entries.set(name, valueOf(value, { ...at, name, depth: at.depth + 1, asTyped }));
    }
    return entries;
  }

  const top = document.contents;
  const atTop: At = { name: '', depth: 0, isCopy: false, asTyped: false };
  return {
    /** In the order in which it is written: an object would put `10` after `2`. */
    mapping: (what: string): ReadonlyMap<string, JsonValue> =>
      isMap(top) ? entriesOf(top, atTop) : refuse(`must be a JSON object or a YAML mapping of ${what}`, top),
    /** Its values are texts as typed; null where nothing is. */
    typedList: (what: string): readonly JsonValue[] =>
      isSeq(top)
        ? top.items.map((item) => valueOf(item, { ...atTop, depth: 1, asTyped: true }))
        : refuse(`must be a YAML list of ${what}`, top),
  };
}
