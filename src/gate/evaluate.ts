/**
 * The evaluation of a checked CEL expression, closed: every operand that is evaluated has a value of the type that
 * its operator takes, or the condition has none (EvaluationError). The library parses and checks types; its own
 * evaluation is not used, because there `&&`, `||`, `all` and `exists` swallow an operand's error, `==` and `in`
 * answer for operands of mixed types, macros take objects, `int("")` is 0 and `matches` is a backtracking RegExp.
 */
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { MACROS, nameOf, walk } from './ast.ts';
import type { ASTNode, CallOn } from './ast.ts';
import type { ConditionResult } from './condition.ts';
import { dayOf, orderTexts } from './text-order.ts';
import {
  calculate,
  cut,
  equal,
  Evaluation,
  Inexact,
  isList,
  isMap,
  kindOf,
  LONGEST_HASHED,
  order,
  quoted,
  readNumber,
  toDouble,
  toInt,
  EvaluationError,
} from './values.ts';
import type { Budget, Kind, Kinds, Value } from './values.ts';

interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | null;
}

export type Outcome = Omit<ConditionResult, 'condition'>;

/** Never throws: whatever went wrong, nothing was learnt, and that must not turn into a green gate. */
export function evaluateClosed(ast: ASTNode, outputs: JsonValue | undefined, budget: Budget): Outcome {
  const run = new Evaluation(budget, namesIn(ast));
  try {
    if (outputs === undefined || outputs === null) throw new EvaluationError('the run has no outputs');
    if (!isJsonObject(outputs)) throw new EvaluationError('the outputs of the run are not an object');
    return { ...judge(ast, outputs, run), notices: run.notices };
  } catch (error) {
    const problem = error instanceof EvaluationError ? error.sentence() : 'the evaluation failed';
    return {
      result: 'cannot_be_evaluated',
      matched: [],
      unmatched: null,
      problem,
      notices: run.notices,
    };
  }
}

function judge(ast: ASTNode, outputs: JsonObject, run: Evaluation): Omit<Outcome, 'notices'> {
  const scope = { name: 'outputs', value: outputs, outer: null };
  const unmatched: Value[] | null = ast.op === 'rcall' && ast.args[0] === 'filter' ? [] : null;
  const value = unmatched ? loop(ast as CallOn, scope, run, unmatched) : evaluate(ast, scope, run);
  const json = (items: readonly Value[]) => items.map((item) => run.json(item));
  const holds = isList(value) ? value.length > 0 : value;
  if (typeof holds === 'boolean') {
    const matched = isList(value) ? json(value) : [];
    const result = holds ? 'holds' : 'does_not_hold';
    return { result, matched, unmatched: unmatched && json(unmatched), problem: null };
  }
  throw new EvaluationError(
    `the value of the expression is ${kindOf(value)}`,
    'it must be true, false or a list',
  );
}

function evaluate(node: ASTNode, scope: Scope, run: Evaluation): Value {
  run.spend(1);
  switch (node.op) {
    case 'value':
      return node.args as Value;
    case 'id': {
      let at = scope;
      while (at.name !== node.args) {
        if (!at.outer) throw new EvaluationError(`there is no variable ${quoted(node.args)}`);
        at = at.outer;
      }
      return at.value;
    }
    case '.':
      return select(evaluate(node.args[0], scope, run), node.args[1], node.args[0], run);
    case 'map':
      return made(node.args, scope, run);
    case 'list':
      return run.make(node.args.map((item) => evaluate(item, scope, run)));
    case '?:':
      return evaluate(truth(node.args[0], scope, run, '"?"') ? node.args[1] : node.args[2], scope, run);
    case '&&':
    case '||': {
      const settled = node.op === '||';
      if (truth(node.args[0], scope, run, node.op) === settled) return settled;
      return truth(node.args[1], scope, run, node.op);
    }
    case 'in': {
      const [left, right] = node.args;
      const map = right.op === 'call' && right.args[0] === 'keys' ? right.args[1][0] : undefined;
      return map ? isKeyOf(left, map, scope, run) : operate('in', node.args, scope, run);
    }
    case 'call':
      if (node.args[0] === 'has') return has(node.args[1][0], scope, run);
      return operate(`${node.args[0]}/${node.args[1].length}`, node.args[1], scope, run);
    case 'rcall':
      if (MACROS.has(node.args[0])) return loop(node, scope, run);
      return operate(
        `${node.args[0]}/${node.args[2].length + 1}`,
        [node.args[1], ...node.args[2]],
        scope,
        run,
      );
    case '!_':
      return !truth(node.args, scope, run, '!_');
    case '-_':
      return operate(node.op, [node.args], scope, run);
    default:
      return operate(node.op, node.args as ASTNode[], scope, run);
  }
}

function made(entries: readonly [ASTNode, ASTNode][], scope: Scope, run: Evaluation): Value {
  const pairs = new Map<string, Value>();
  for (const [node, item] of entries) {
    const key = want('a string', evaluate(node, scope, run), node, 'a key', run);
    run.spend(key.length / 16);
    if (key.length > LONGEST_HASHED) throw new EvaluationError(`${nameOf(node)} is too long for a key`);
    if (pairs.has(key)) throw new EvaluationError(`${nameOf(node)} makes a key that is there already`);
    pairs.set(key, evaluate(item, scope, run));
  }
  return run.make(Object.fromEntries(pairs));
}

/** `key in keys(map)`, without the list between them. */
function isKeyOf(key: ASTNode, map: ASTNode, scope: Scope, run: Evaluation): boolean {
  const text = want('a string', evaluate(key, scope, run), key, 'a search for a key', run);
  return run.own(want('an object', evaluate(map, scope, run), map, 'keys()', run), text) !== undefined;
}

/** The keys that the expression itself selects or asks for, collected when first wanted. */
function namesIn(ast: ASTNode): (key: string) => boolean {
  let names: Set<unknown> | undefined;
  return (key) => {
    names ??= new Set(
      [...walk(ast)].map(({ op, args }) => (op === '.' ? args[1] : op === 'value' ? args : '')),
    );
    return names.has(key);
  };
}

/** The macros. One item settles `all` and `exists`, as a short circuit does: what comes after was not needed. */
function loop(node: CallOn, scope: Scope, run: Evaluation, unmatched?: Value[]): Value {
  const [method, subject, [variable, second, third]] = node.args;
  const [test, made] = method === 'map' && !third ? [null, second] : [second, third];
  const items = want('a list', evaluate(subject, scope, run), subject, `${method}()`, run);
  const results: Value[] = [];
  let at = 0;
  try {
    for (const item of items) {
      at++;
      run.spend(8);
      const inner = { name: variable?.args as string, value: item, outer: scope };
      const passes = !test || truth(test, inner, run, `${method}()`);
      if (passes) results.push(made ? evaluate(made, inner, run) : item);
      else unmatched?.push(item);
      if (method === 'all' && !passes) return false;
      if (method === 'exists' && passes) return true;
    }
  } catch (error) {
    if (error instanceof EvaluationError) error.item ||= `item ${at} of ${nameOf(subject)}`;
    throw error;
  }
  if (method === 'all' || method === 'exists') return method === 'all';
  return method === 'exists_one' ? results.length === 1 : run.make(results);
}

/** `has(a.b.c)`: whether `a.b` has a `c`; that it is an object is needed. */
function has(path: ASTNode | undefined, scope: Scope, run: Evaluation): boolean {
  if (path?.op !== '.') throw new EvaluationError('has() takes a path');
  const [subject, key] = path.args;
  const value = evaluate(subject, scope, run);
  if (!isMap(value)) return select(value, key, subject, run) !== null;
  const isThere = Object.hasOwn(value, key);
  if (!isThere) run.missed(value, key, path);
  return isThere;
}

function select(value: Value, key: string, node: ASTNode | undefined, run: Evaluation): Value {
  const found = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  if (found !== undefined) return found;
  throw missing(value, key, node, run);
}

function missing(value: Value, key: string, node: ASTNode | undefined, run: Evaluation): EvaluationError {
  if (isMap(value))
    return new EvaluationError(`${nameOf(node)} has no key ${quoted(key)}`, run.keysOf(value, key));
  const size = ['length', 'size', 'count'].includes(key) ? `write size(${nameOf(node)})` : '';
  const each = isList(value) ? `write ${nameOf(node)}.filter(i, i.${cut(key, 40)} …)` : '';
  return new EvaluationError(
    `${nameOf(node)} is ${kindOf(value)} and has no key ${quoted(key)}`,
    size || each,
  );
}

function truth(node: ASTNode, scope: Scope, run: Evaluation, whose: string): boolean {
  return want('true or false', evaluate(node, scope, run), node, whose, run);
}

function want<K extends Kind>(
  kind: K,
  value: Value,
  node: ASTNode | undefined,
  whose: string,
  run: Evaluation,
): Kinds[K] {
  if (kindOf(value) === kind) return (kind === 'a number' ? run.number(value as number) : value) as Kinds[K];
  const hint = isMap(value) ? run.keysOf(value) : '';
  const what = `${nameOf(node)} is ${kindOf(value)}, and ${whose.replace(/\/\d$/, '()')} takes ${kind}`;
  throw new EvaluationError(what, hint);
}

type Operation = (args: readonly Value[], nodes: readonly ASTNode[], run: Evaluation, whose: string) => Value;

function operate(key: string, nodes: readonly ASTNode[], scope: Scope, run: Evaluation): Value {
  const args = nodes.map((node) => evaluate(node, scope, run));
  const operation = OPERATIONS[key];
  if (!operation) throw new EvaluationError(`${key} is not offered`);
  try {
    return operation(args, nodes, run, key);
  } catch (error) {
    if (!(error instanceof Inexact)) throw error;
    throw new EvaluationError(
      `${key} of ${nodes.map(nameOf).join(' and ')} cannot be computed: ${error.message}`,
    );
  }
}

/** An operation on operands of these kinds and no others. */
function on<const K extends readonly Kind[]>(
  kinds: K,
  act: (run: Evaluation, ...args: { [I in keyof K]: Kinds[K[I]] }) => Value,
): Operation {
  return (args, nodes, run, whose) => {
    const checked = kinds.map((kind, at) => want(kind, args[at] ?? null, nodes[at], whose, run));
    return act(run, ...(checked as unknown as { [I in keyof K]: Kinds[K[I]] }));
  };
}

const TWO_NUMBERS = ['a number', 'a number'] as const;
const TWO_STRINGS = ['a string', 'a string'] as const;

const sum: Partial<Record<Kind, Operation>> = {
  'a string': on(TWO_STRINGS, (run, a, b) => run.text(a + b)),
  'a list': on(['a list', 'a list'], (run, a, b) => {
    run.spend(8 * (a.length + b.length));
    return run.make([...a, ...b]);
  }),
};
const addNumbers = on(TWO_NUMBERS, (_run, a, b) => calculate('+', a, b));

const equality: Operation = ([a = null, b = null], nodes, run, whose) => {
  // `x == null` written out is how to ask for null.
  if (nodes.some((node) => node.op === 'value' && node.args === null)) return a === b;
  return equal(a, b, run, mixed(whose, nodes));
};

function comparison(holds: (sign: number) => boolean): Operation {
  return ([a = null, b = null], nodes, run, whose) => {
    if (typeof a === 'string' && typeof b === 'string') {
      run.spend(10);
      return holds(orderTexts(a, b, nodes, whose));
    }
    return holds(order(a, b, run) ?? mixed(whose, nodes)(kindOf(a), kindOf(b), false));
  };
}

/** V8's search takes time with the product of both lengths where both are hostile. */
function search(find: (hay: string, needle: string) => boolean): Operation {
  return on(TWO_STRINGS, (run, hay, needle) => {
    run.spend((hay.length * needle.length) / 64 + hay.length / 8);
    return find(hay, needle);
  });
}

function conversion(to: (value: Value) => Value | null): Operation {
  return ([a = null], nodes, run, whose) => {
    if (typeof a === 'string') run.spend(20);
    const result = to(kindOf(a) === 'a number' ? run.number(a as number) : a);
    if (result === null)
      throw new EvaluationError(
        `${nameOf(nodes[0])} is ${kindOf(a)} that ${whose.replace('/1', '()')} cannot convert`,
      );
    return result;
  };
}

/** Functions by name and number of operands, the receiver counted. What is not here is refused before the launch. */
export const OPERATIONS: Readonly<Partial<Record<string, Operation>>> = {
  '==': equality,
  '!=': (...given) => equality(...given) === false,
  '<': comparison((sign) => sign < 0),
  '<=': comparison((sign) => sign <= 0),
  '>': comparison((sign) => sign > 0),
  '>=': comparison((sign) => sign >= 0),
  in: ([a = null, b = null], nodes, run, whose) => {
    const [left, right] = nodes;
    if (isMap(b)) {
      const key = want('a string', a, left, 'a search for a key', run);
      if (left?.op !== 'value' && right?.op !== 'map')
        throw new EvaluationError(
          `${nameOf(right)} is an object, and "in" searches an object's keys`,
          `where keys are meant, write ${nameOf(left)} in keys(${nameOf(right)})`,
        );
      return run.own(b, key) !== undefined;
    }
    const differ = mixed(whose, nodes, 'an item of ');
    // To the end, so that an item of another type is found wherever it stands.
    return want('a list', b, right, whose, run).reduce<boolean>(
      (found, item) => equal(a, item, run, differ) || found,
      false,
    );
  },
  '+': (args, ...given) => (sum[kindOf(args[0] ?? null)] ?? addNumbers)(args, ...given),
  '-': on(TWO_NUMBERS, (_run, a, b) => calculate('-', a, b)),
  '*': on(TWO_NUMBERS, (_run, a, b) => calculate('*', a, b)),
  '/': on(TWO_NUMBERS, (_run, a, b) => calculate('/', a, b)),
  '%': on(TWO_NUMBERS, (_run, a, b) => calculate('%', a, b)),
  '-_': on(['a number'], (_run, a) => calculate('-', 0n, a)),
  '[]': ([a = null, at = null], [node, key], run) => {
    if (!isList(a)) {
      const name = want('a string', at, key, 'an index', run);
      const own = isMap(a) ? run.own(a, name) : undefined;
      if (own === undefined) throw missing(a, name, node, run);
      return select(a, own, node, run);
    }
    const item = a[Number(want('a number', at, key, 'the index of a list', run))];
    if (item !== undefined) return item;
    throw new EvaluationError(`${nameOf(node)} has ${a.length} items and none at ${nameOf(key)}`);
  },
  'size/1': ([a = null], nodes, run) => {
    if (isList(a)) return BigInt(a.length);
    if (isMap(a)) return BigInt(run.keys(a).length);
    if (typeof a !== 'string')
      throw new EvaluationError(`${nameOf(nodes[0])} is ${kindOf(a)} and has no size`);
    run.spend(a.length / 8);
    return BigInt(characters(a));
  },
  'keys/1': on(['an object'], (run, a) => run.make(run.keys(a))),
  'dyn/1': ([a = null]) => a,
  'int/1': conversion((a) => (typeof a === 'boolean' ? null : toInt(a))),
  'double/1': conversion((a) => {
    const read = typeof a === 'string' ? readNumber(a) : a;
    return typeof read === 'number' || typeof read === 'bigint' ? toDouble(read) : null;
  }),
  'string/1': conversion((a) => (a === null || typeof a === 'object' ? null : String(a))),
  'day/1': conversion((a) => (typeof a === 'string' ? dayOf(a) : null)),
  'bool/1': conversion((a) =>
    a === true || a === 'true' ? true : a === false || a === 'false' ? false : null,
  ),
  'contains/2': search((hay, needle) => hay.includes(needle)),
  'startsWith/2': search((hay, start) => hay.startsWith(start)),
  'endsWith/2': search((hay, end) => hay.endsWith(end)),
  'lowerAscii/1': cased(/[A-Z]+/g, (part) => part.toLowerCase()),
  'upperAscii/1': cased(/[a-z]+/g, (part) => part.toUpperCase()),
  'trim/1': on(['a string'], (run, a) => {
    run.spend(a.length / 16);
    const left = trimmed(a);
    // Of a text of blanks nothing is left, and all of it was looked at.
    run.spend((a.length - left.length) / 4);
    return run.text(left);
  }),
};

/** What Unicode and CEL take for blank, which is not what JavaScript does: U+0085 is, U+FEFF is not. */
const BLANKS = new Set([
  ...[9, 10, 11, 12, 13, 32, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
  ...Array.from({ length: 11 }, (_, at) => 0x2000 + at),
]);

function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.has(text.charCodeAt(start))) start++;
  while (start < end && BLANKS.has(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** A text whose letters change their case one by one takes a call for each. */
function cased(letters: RegExp, change: (part: string) => string): Operation {
  return on(['a string'], (run, a) => {
    run.spend(2 * a.length);
    return a.replace(letters, change);
  });
}

/** CEL counts characters, JavaScript halves of them. */
function characters(text: string): number {
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    const isPair = (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    if (isPair) count--;
  }
  return count;
}

/** The complaint about two operands of which one is null or of another kind than the other, and the way out. */
function mixed(op: string, [left, right]: readonly ASTNode[], part = '') {
  return (a: Kind, b: Kind, inside: boolean): never => {
    const [x, y] = [nameOf(left), part + nameOf(right)];
    if (inside) throw new EvaluationError(`"${op}" meets ${a} and ${b} inside ${x} and ${y}`);
    const text = a === 'a string' ? left : right;
    let hint = '';
    if (a === 'null' || b === 'null') hint = `where null is allowed, write ${a === 'null' ? x : 'x'} == null`;
    else if (a !== 'a string' && b !== 'a string') hint = '';
    else if (part && text === right) hint = `write string(${x})`;
    else if (text?.op === 'value') hint = `write ${nameOf(text)} without its quotes`;
    else if (a === 'a number' || b === 'a number')
      hint = `write int(${nameOf(text)}) or double(${nameOf(text)})`;
    throw new EvaluationError(`${x} is ${a} and ${y} is ${b}: "${op}" does not compare them`, hint);
  };
}
