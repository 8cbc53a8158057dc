/**
 * The `inputs` input: a JSON object or a YAML mapping, read as YAML 1.2, of which JSON is a part. Loaded only
 * when `inputs` is given. Faults come with line and column, never with the text.
 */
import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Node } from 'yaml';
import { isJsonObject, JsonError, parseJson, type JsonObject } from './json.ts';

const MOST_BYTES = 100 * 1024;

/** What the library's codes mean; its messages quote the text. */
const FAULTS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'must be one document',
  TAB_AS_INDENT: 'is indented with a tab, which YAML does not allow',
  TAG_RESOLVE_FAILED: 'has a tag that it cannot have',
  RESOURCE_EXHAUSTION: 'is nested too deeply',
};

/** @throws Error a predicate that follows the input's name: "has the same key twice (line 2, column 3)" */
export function parseInputVariables(text: string): JsonObject {
  if (Buffer.byteLength(text) > MOST_BYTES) throw new Error('is over 100 KB');
  const lines = new LineCounter();
  const refuse = (what: string, offset = 0): never => {
    const { line, col } = lines.linePos(offset);
    throw new Error(`${what} (line ${line}, column ${col})`);
  };
  const refuseNode = (what: string, node: Node) => refuse(what, node.range?.[0]);

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
  if (fault) refuse(FAULTS[fault.code] ?? `is not valid JSON or YAML, ${fault.code},`, fault.pos[0]);
  if (!isMap(document.contents)) {
    return refuse(
      'must be a JSON object or a YAML mapping of variable names to values',
      document.contents?.range?.[0],
    );
  }

  const anchors = new Map<string, Node>();
  visit(document, {
    Node: (position, node, path) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined)
          return refuseNode('refers to an anchor that is not there: quote a text that begins with `*`', node);
        if (path.includes(target)) refuseNode('holds itself, through an alias', node);
        return;
      }
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (isMap(node)) checkKeys(node.items, node);
      else if (position !== 'key' && isScalar(node) && typeof node.value === 'number') {
        if (String(node.value) !== node.source)
          refuseNode('has a number that would not print back as typed: quote it', node);
      }
    },
  });

  function checkKeys(pairs: readonly { readonly key: unknown }[], map: Node): void {
    const names = new Set<unknown>();
    for (const { key } of pairs) {
      if (!isScalar(key)) return refuseNode('has a key that is not a plain name', isNode(key) ? key : map);
      // A name is what was typed: `033000:` is the text, not the number.
      if (typeof key.value !== 'string') key.value = key.source ?? String(key.value);
      if (key.value === '__proto__') refuseNode('has the key `__proto__`, which is not allowed', key);
      if (names.has(key.value)) refuseNode('has the same key twice', key);
      names.add(key.value);
    }
  }

  try {
    // What is launched with is plain JSON, within the caps of all JSON here, whatever the aliases make of it.
    const variables = parseJson(Buffer.from(JSON.stringify(document.toJS({ maxAliasCount: 100 }))));
    if (isJsonObject(variables)) return variables;
  } catch (error) {
    if (error instanceof RangeError) throw new Error('is nested too deeply', { cause: error });
    if (error instanceof JsonError) throw new Error('is nested too deeply or has too many values', { cause: error });
    if (!(error instanceof ReferenceError)) throw error;
  }
  throw new Error('expands to far more than it holds (aliases)');
}
