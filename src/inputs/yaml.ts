/**
 * Parses inputs in YAML 1.2, which includes JSON. Loaded only if an input needs it. Faults name the line and column, but never
 * quote a value, which may be a secret.
 */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node, Scalar, YAMLMap } from 'yaml';
import { JSON_LIMITS, type JsonValue } from '../json.ts';

const MAX_YAML_BYTES = 100 * 1024;
/** Limit for characters and values together; only aliases can exceed it within 100 KB. */
const MAX_EXPANDED = 1024 * 1024;
const TOO_DEEP = `is nested more than ${JSON_LIMITS.depth} deep`;

/** Messages for the library's error codes; its messages would quote the text. */
const FAULTS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'has an alias without an anchor',
  BAD_DQ_ESCAPE: 'has a backslash in double quotes that is not an escape: use single quotes',
  BAD_INDENT: 'is not indented as YAML asks',
  BAD_SCALAR_START: 'has a value that begins with a character which is reserved in YAML: quote it',
  BLOCK_AS_IMPLICIT_KEY: 'has a second `:` on a line: quote the value',
  MISSING_CHAR: 'lacks a quote, a bracket, a comma or a colon',
  MULTILINE_IMPLICIT_KEY: 'has a line without a colon, or a quote that is not closed',
  MULTIPLE_DOCS: 'must be one document',
  TAB_AS_INDENT: 'is indented with a tab, which YAML does not allow',
  TAG_RESOLVE_FAILED: 'has a tag that does not fit its value, or that JSON has no type for',
  RESOURCE_EXHAUSTION: TOO_DEEP,
};

/**
 * Parses the text; the returned functions read it as a mapping or a list.
 * @param verbatimKeys null: the keys at the top are field names. Otherwise they are free names, which messages may show, and
 * values below these keys of an entry stay texts as written (`1.10`, `0042`)
 * @throws SyntaxError if it is not YAML. That and the Error of the returned functions have a predicate that follows the input's
 * name: "has the same key twice (line 2, column 3)"
 */
export function readYaml(text: string, verbatimKeys: readonly string[] | null = null) {
  if (Buffer.byteLength(text) > MAX_YAML_BYTES) throw new Error('is over 100 KB');
  const lines = new LineCounter();
  /** Returns the position as "(line 2, column 3)". */
  const formatPosition = (offset = 0) => {
    const { line, col } = lines.linePos(offset);
    return `(line ${line}, column ${col})`;
  };
  const throwError = (what: string, at: Node | null): never => {
    throw new Error(`${what} ${formatPosition(at?.range?.[0])}`);
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
    // JSON has no sets, binaries and ordered maps.
    resolveKnownTags: false,
    // The library's check takes quadratic time, and treats `1` and `"1"` as different keys.
    uniqueKeys: false,
  });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault)
    throw new SyntaxError(
      `${FAULTS[fault.code] ?? 'is not valid JSON or YAML'} ${formatPosition(fault.pos[0])}`,
    );

  /** The anchors up to the node that is being read. */
  const anchors = new Map<string, Node>();
  let expandedSize = 0;

  interface Location {
    /** The key of the value; empty: at the top. */
    readonly name: string;
    readonly depth: number;
    /** The node is reached through an alias, so its anchors are registered already. */
    readonly isCopy: boolean;
    /** Values are texts as written. */
    readonly isVerbatim: boolean;
  }

  /** Converts a node to JSON; follows aliases. */
  function toValue(node: unknown, at: Location): JsonValue {
    if (!isNode(node)) return null;
    if (++expandedSize > MAX_EXPANDED) throwError('expands by its aliases to too many values', node);
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      return target === undefined
        ? throwError('refers to an anchor that does not exist: quote a text that begins with `*`', node)
        : toValue(target, { ...at, isCopy: true });
    }
    if (node.anchor !== undefined && !at.isCopy) anchors.set(node.anchor, node);
    if (isScalar(node)) return readScalar(node, at);
    if (at.depth >= JSON_LIMITS.depth) throwError(TOO_DEEP, node);
    const below = { ...at, depth: at.depth + 1 };
    if (isSeq(node)) return node.items.map((item) => toValue(item, below));
    return Object.fromEntries(readEntries(node, at));
  }

  /** Converts a scalar. @throws Error a number would change, as 1.10 becomes 1.1 */
  function readScalar({ value, source = '', range }: Scalar, { name, isVerbatim }: Location): JsonValue {
    if (typeof value === 'string') expandedSize += value.length;
    if (isVerbatim && typeof value !== 'string') return source === '' ? null : source;
    if (typeof value === 'number' && String(value) !== source) {
      const what = /^[\w .-]{1,64}$/.test(name) ? `\`${name}\`` : 'a value';
      throw new Error(
        `${what} ${formatPosition(range?.[0])} would change as a number, as 1.10 becomes 1.1: quote it`,
      );
    }
    return value as JsonValue;
  }

  /** Converts a mapping. @throws Error a key is not a plain name, or occurs twice */
  function readEntries(map: YAMLMap, at: Location): ReadonlyMap<string, JsonValue> {
    const entries = new Map<string, JsonValue>();
    for (const { key, value } of map.items) {
      if (!isScalar(key)) return throwError('has a key that is not a plain name', isNode(key) ? key : map);
      // A key is the text as written: `033000:` is not the number.
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      const isName = verbatimKeys !== null && at.depth === 0;
      if (name === '__proto__' && !isName) throwError('has the key `__proto__`, which is not allowed', key);
      if (entries.has(name))
        throwError(isName ? `has the name “${name.slice(0, 64)}” twice` : 'has the same key twice', key);
      if (key.anchor !== undefined && !at.isCopy) anchors.set(key.anchor, key);
      expandedSize += name.length;
      const isVerbatim = at.isVerbatim || (at.depth === 1 && verbatimKeys?.includes(name) === true);
      entries.set(name, toValue(value, { ...at, name, depth: at.depth + 1, isVerbatim }));
    }
    return entries;
  }

  const top = document.contents;
  const topLocation: Location = { name: '', depth: 0, isCopy: false, isVerbatim: false };
  return {
    /** The mapping in its written order; an object would put `10` after `2`. */
    mapping: (what: string): ReadonlyMap<string, JsonValue> =>
      isMap(top)
        ? readEntries(top, topLocation)
        : throwError(`must be a JSON object or a YAML mapping of ${what}`, top),
    /** The list, whose values are texts as written; null for an empty value. */
    verbatimList: (what: string): readonly JsonValue[] =>
      isSeq(top)
        ? top.items.map((item) => toValue(item, { ...topLocation, depth: 1, isVerbatim: true }))
        : throwError(`must be a YAML list of ${what}`, top),
  };
}
