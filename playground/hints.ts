/** Finds what a gate is likely to overlook: an empty list, and a value that no condition expects. Pure. */
import { compileExpression } from '../src/gate/compile.ts';
import type { Condition } from '../src/gate/condition.ts';
import type { Node } from '../src/gate/evaluate.ts';
import { isJsonObject, isList, type JsonValue } from '../src/json.ts';

export interface Hint {
  /** `code` in backquotes. */
  readonly sentence: string;
  /** The condition to add to `fail_if`. */
  readonly line: string;
}

const MAX_VALUES = 6;
/** Values that need no escape in a condition. */
const PLAIN = /^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,31}$/u;

/** @param conditions usable ones */
export function findHints(conditions: readonly Condition[], outputs: JsonValue): Hint[] {
  const gates = conditions
    .filter(({ severity }) => severity === 'fail')
    .map(({ expression }) => compileExpression(expression).node);
  const names = conditions.map(({ name }) => name);
  const hints = [...findUncheckedLists(gates), ...findUnexpected(gates, outputs)];
  return [...new Map(hints.map((hint) => [hint.expression, hint])).values()].map((hint) => {
    let name = hint.name;
    for (let nth = 2; names.includes(name); nth++) name = `${hint.name} ${nth}`;
    names.push(name);
    return { sentence: hint.sentence, line: `${name}: ${hint.expression}` };
  });
}

/** Finds the filtered lists that no condition compares with a size. */
function findUncheckedLists(gates: readonly Node[]) {
  const sizes = gates
    .flatMap(listNodes)
    .filter(({ name }) => /^(?:==|<=?)$/.test(name))
    .flatMap(({ parts }) => parts.filter(({ name }) => name === 'size'));
  const checked = sizes.map(({ parts: [list] }) => list?.source);
  const lists = gates.flatMap((gate) => findFilteredLists(gate, null));
  return lists
    .filter((list) => !checked.includes(list))
    .map((list) => ({
      sentence: `If a run reviews nothing, \`${list}\` is empty and the check passes. To fail it, add`,
      name: 'nothing reviewed',
      expression: `size(${list}) == 0`,
    }));
}

/** Finds the filters that compare a field with one value, if no condition lists the values that it may have. */
function findUnexpected(gates: readonly Node[], outputs: JsonValue) {
  const nodes = gates.flatMap((gate) => listNodes(gate).map((node) => ({ gate, node })));
  const listed = nodes.map(({ node: { name, parts } }) => (name === 'in' ? parts[0]?.value : null));
  return nodes.flatMap(({ gate, node: { name, parts } }) => {
    const [, body] = parts;
    const [field, literal] = body?.name === '==' ? body.parts : [];
    const isWritten = field?.name === '.' && literal?.name === 'literal' && typeof literal.value === 'string';
    if (name !== 'filter' || !body || !isWritten || listed.includes(field.value)) return [];
    const key = field.value as string;
    const values = [...new Set([literal.value, ...collectValues(outputs, key)])];
    // With one value alone, the run does not show what is usual.
    if (values.length < 2 || values.length > MAX_VALUES || values.some((one) => !PLAIN.test(one))) return [];
    const isExpected = `${field.source} in [${values.map((one) => `'${one}'`).join(', ')}]`;
    // All but the filter's body stays as it is written.
    const [before, after] = [body.at - gate.at, body.at - gate.at + body.source.length];
    return [
      {
        sentence: `A new value of \`${key}\` passes the check. To fail it, add`,
        name: `unexpected ${key}`,
        expression: `${gate.source.slice(0, before)}!(${isExpected})${gate.source.slice(after)}`,
      },
    ];
  });
}

function listNodes(node: Node): Node[] {
  return [node, ...node.parts.flatMap(listNodes)];
}

/** Returns the lists of the outputs whose items, or whose items' parts, are filtered. @param list the list of the macro around the node */
function findFilteredLists(node: Node, list: string | null): string[] {
  const base = findBase(node);
  const own = /^outputs\b/.test(base.source) ? base.source : list;
  const isFilter = node.name === 'filter' && own !== null;
  return [...(isFilter ? [own] : []), ...node.parts.flatMap((part) => findFilteredLists(part, own))];
}

/** Returns `outputs.items` for `outputs.items.map(…).flatten()`. */
function findBase(node: Node): Node {
  const [first] = node.parts;
  return first === undefined || node.name === '.' || node.name === '[]' ? node : findBase(first);
}

/** Collects the strings under the key, wherever the outputs have it. */
function collectValues(value: JsonValue, key: string): string[] {
  if (isList(value)) return value.flatMap((one) => collectValues(one, key));
  if (!isJsonObject(value)) return [];
  const own = value[key];
  return [
    ...(typeof own === 'string' ? [own] : []),
    ...Object.values(value).flatMap((one) => collectValues(one, key)),
  ];
}
