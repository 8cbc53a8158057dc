/** Compiles a node of the syntax tree, operator by operator, to a part of the evaluation. Pure. */
import { isJsonObject, type JsonValue } from '../json.ts';
import { findNearest } from '../text/nearest-name.ts';
import type { Evaluation, Filter, Part } from './evaluation.ts';
import { missingKeyError, selectKey } from './map-keys.ts';
import { checkKinds, requireKind, wrongKindError } from './operand-kinds.ts';
import { rejectLiterals, rejectMadeText, rejectUnordered } from './literals.ts';
import { losesDigits } from './numbers.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { FUNCTION_ALIASES, MACROS, unknownVariableError } from './condition-errors.ts';
import { keepsEveryItemError, neverNullError, rejectChain } from './meaning-errors.ts';
import { MAX_DEPTH, traitsOf, type Named } from './static-traits.ts';
import {
  ConditionError,
  sourceOf,
  valueKindOf,
  type ASTNode,
  type Kinds,
  type NodeOf,
  type ValueKind,
} from './values.ts';

/** `outputs`, or the variable of a macro. Its index in the scope is its index in the values of the evaluation. */
export interface Variable extends Named {
  isUsed: boolean;
}

/** Compiles a child node, with further variables in its scope. */
type Build = (node: ASTNode, ...inner: readonly Variable[]) => Part;

/** Cache: items of a list are checked twice, and compiling them each time would double the work at each depth of nested lists. */
const parts = new WeakMap<ASTNode, Part>();

/**
 * Compiles a node with all checks.
 * @throws ConditionError at the node where operands do not go together, or something unknown is named
 */
export function compileNode(node: ASTNode, scope: readonly Variable[], isCondition: boolean): Part {
  const part: Build = (of, ...inner) => {
    const known = parts.get(of) ?? compileNode(of, [...scope, ...inner], isCondition);
    parts.set(of, known);
    return known;
  };
  try {
    rejectChain(node, isCondition);
    if (isCondition) rejectLiterals(node);
    const made = compileByOperator(node, scope, part, isCondition);
    if (isCondition) rejectMadeText(node, made.kind, (one) => traitsOf(one, scope));
    return made;
  } catch (error) {
    if (error instanceof ConditionError) error.at ??= node.pos;
    throw error;
  }
}

/** Compiles a node by its operator. */
function compileByOperator(
  node: ASTNode,
  scope: readonly Variable[],
  part: Build,
  isCondition: boolean,
): Part {
  switch (node.op) {
    case 'value':
      return compileConstant(node, isCondition);
    case 'id':
      return compileVariable(node, scope);
    case '.':
      return compileField(node.args[1], node.args[0], part(node.args[0]));
    case 'map':
      return compileMap(node.args.map(([key, item]) => [key, part(key), part(item)]));
    case '?:':
      return compileConditional(node.args, part);
    case '&&':
    case '||':
      return compileLogic(node, part);
    case 'call':
      return node.args[0] === 'has' ? compileHas(node.args[1], part) : compileCall(node, part, isCondition);
    case 'rcall':
      return MACROS.has(node.args[0])
        ? compileMacro(node, scope, part, isCondition)
        : compileCall(node, part, isCondition);
    case 'in':
      return compileIn(node, scope, part, isCondition);
    case '==':
    case '!=':
      return compileEquality(node, scope, part, isCondition);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const comparison = compileOperation(OPERATIONS[node.op], node.op, node.args, part);
      if (isCondition) rejectUnordered(node);
      return comparison;
    }
    default:
      return compileOperation(OPERATIONS[node.op], node.op, [node.args].flat() as ASTNode[], part);
  }
}

/** Compiles `in`, over a list or over the keys of a map. */
function compileIn(node: NodeOf<'in'>, scope: readonly Variable[], part: Build, isCondition: boolean): Part {
  const [left, right] = node.args;
  const map = right.op === 'call' && right.args[0] === 'keys' ? right.args[1][0] : undefined;
  if (map) {
    if (isCondition) rejectMadeText(right, null, (one) => traitsOf(one, scope));
    return compileOperation(OPERATIONS['in keys'], 'in keys()', [left, map], part);
  }
  const [first, ...others] = right.op === 'list' ? right.args : [];
  // All items and the searched value must be of one kind: rejects 1 in ["a"] and x in [1, "a"].
  if (first)
    for (const one of [...others, left]) compileOperation(OPERATIONS['=='], 'in', [first, one], part);
  return compileOperation(OPERATIONS.in, 'in', node.args, part);
}

/** Compiles `==` and `!=`; rejects `null` next to a value that is never null. */
function compileEquality(
  node: NodeOf<'==' | '!='>,
  scope: readonly Variable[],
  part: Build,
  isCondition: boolean,
): Part {
  const isNull = node.args.some((one) => one.op === 'value' && one.args === null);
  const operation = OPERATIONS[isNull ? `${node.op} null` : node.op];
  const compared = compileOperation(operation, node.op, node.args, part);
  const never = node.args.find((one) => !traitsOf(one, scope).canBeNull);
  if (isCondition && isNull && never) {
    const value = unwrapDyn(never);
    throw neverNullError(node.op, value, part(value).kind);
  }
  return compared;
}

/** Returns the argument of a call of `dyn()`, and any other node unchanged. */
function unwrapDyn(node: ASTNode): ASTNode {
  const inner = node.op === 'call' && node.args[0] === 'dyn' ? node.args[1][0] : undefined;
  return inner ? unwrapDyn(inner) : node;
}

/** Compiles a literal; rejects bytes, unsigned integers and numbers that lose digits. */
function compileConstant(node: NodeOf<'value'>, isCondition: boolean): Part {
  const value = typeof node.args === 'bigint' ? Number(node.args) : node.args;
  if (typeof value === 'object' && value !== null)
    throw new ConditionError('bytes and unsigned integers are not offered', 'write a text or a number');
  if (typeof value === 'number') {
    const source = node.input.slice(node.start, node.end);
    requireKind('a number', value, '', node);
    if (isCondition && losesDigits(source, value))
      throw new ConditionError(
        `${source} is a number that cannot be compared without losing digits`,
        'round it',
      );
  }
  return { kind: valueKindOf(value), evaluate: () => value };
}

/** Compiles the use of a variable, and marks it as used. */
function compileVariable(node: NodeOf<'id'>, scope: readonly Variable[]): Part {
  const place = scope.findLastIndex(({ name }) => name === node.args);
  const variable = scope[place];
  if (!variable) throw unknownVariableError(node);
  variable.isUsed = true;
  return { kind: place === 0 ? 'an object' : null, evaluate: ({ values }) => values[place] ?? null };
}

/**
 * Returns the part's evaluation, whose value must be of the kind.
 * @param by the operator or function that requires it
 * @throws ConditionError the kind is known to be another
 */
function expectKind<K extends ValueKind>(wanted: K, node: ASTNode, { kind, evaluate }: Part, by: string) {
  if (kind !== null && kind !== wanted) throw wrongKindError(kind, [wanted], by, node);
  return (evaluation: Evaluation): Kinds[K] => requireKind(wanted, evaluate(evaluation), by, node);
}

/** Compiles `subject.key`. */
function compileField(key: string, subject: ASTNode, { kind, evaluate }: Part): Part {
  if (kind !== null && kind !== 'an object') throw missingKeyError(kind, key, subject);
  return { kind: null, evaluate: (evaluation) => selectKey(evaluate(evaluation), key, subject) };
}

/** Compiles a map; a key that occurs twice is an error of the evaluation. */
function compileMap(entries: readonly (readonly [ASTNode, Part, Part])[]): Part {
  const keyed = entries.map(([node, key, item]) => [expectKind('a text', node, key, 'a key'), item] as const);
  const evaluate = (evaluation: Evaluation) => {
    const made = Object.fromEntries(keyed.map(([key, item]) => [key(evaluation), item.evaluate(evaluation)]));
    if (Object.keys(made).length === keyed.length) return evaluation.checkMade(made);
    throw new ConditionError('the map has a key twice');
  };
  return { kind: 'an object', evaluate };
}

/** Compiles `test ? a : b`; both results must be of one kind. */
function compileConditional([test, a, b]: readonly [ASTNode, ASTNode, ASTNode], part: Build): Part {
  const isTrue = expectKind('true or false', test, part(test), '?');
  const yes = part(a);
  const no = part(b);
  checkKinds({ operandKinds: [], mustBeSameKind: true }, { op: '?', nodes: [a, b] }, [yes.kind, no.kind]);
  const evaluate = (evaluation: Evaluation) => (isTrue(evaluation) ? yes : no).evaluate(evaluation);
  return { kind: yes.kind === no.kind ? yes.kind : null, evaluate };
}

/** Compiles `&&` or `||`. A chain of one operator becomes one part, since a tree would be as deep as the chain is long. */
function compileLogic(node: NodeOf<'&&' | '||'>, part: Build): Part {
  const { op } = node;
  const operands: ASTNode[] = [];
  let left: ASTNode = node;
  while (left.op === op) {
    operands.push(left.args[1]);
    left = left.args[0];
  }
  operands.push(left);
  const tests = operands.reverse().map((operand) => expectKind('true or false', operand, part(operand), op));
  const evaluate = (evaluation: Evaluation) =>
    op === '||' ? tests.some((test) => test(evaluation)) : tests.every((test) => test(evaluation));
  return { kind: 'true or false', evaluate };
}

/** Compiles `has(a.b.c)`: whether `a.b` has a key `c`. It is an error if `a.b` is not an object. */
function compileHas(args: readonly ASTNode[], part: Build): Part {
  const [path] = args;
  if (path?.op !== '.' || args.length !== 1)
    throw new ConditionError('has() takes a path of names', 'write has(outputs.a.b); or "key" in outputs.a');
  const [subject, key] = path.args;
  const { evaluate } = part(subject);
  const isThere = (evaluation: Evaluation) => {
    const value = evaluate(evaluation);
    if (!isJsonObject(value)) throw missingKeyError(valueKindOf(value), key, subject);
    if (!Object.hasOwn(value, key)) evaluation.noteMissingKey(value, key, path);
    return Object.hasOwn(value, key);
  };
  return { kind: 'true or false', evaluate: isThere };
}

const FUNCTIONS = new Set(Object.keys(OPERATIONS).flatMap((key) => /^\.?(\w+)\//.exec(key)?.[1] ?? []));
const CALLED: readonly string[] = [...FUNCTIONS, ...MACROS, 'has'];
const OFFERED = `there are ${[...FUNCTIONS].map((name) => `${name}()`).join(', ')}, has() and the macros ${[...MACROS].join(', ')}`;

/** Compiles the call of a function or method other than a macro and `has()`; rejects unknown ones with a hint. */
function compileCall(node: NodeOf<'call' | 'rcall'>, part: Build, isCondition: boolean): Part {
  const name = node.args[0];
  const isMethod = node.op === 'rcall';
  const nodes = node.op === 'rcall' ? [node.args[1], ...node.args[2]] : node.args[1];
  const key = `${name}/${nodes.length}`;
  const known = OPERATIONS[isMethod && key !== 'size/1' ? `.${key}` : key];
  if (known) {
    const [subject, depth] = nodes;
    const counted = isCondition && name === 'size' && subject ? part(subject).eachKind : undefined;
    if (subject && counted !== undefined)
      throw keepsEveryItemError(subject, true, counted === 'true or false');
    if (name === 'flatten' && depth && !isDepth(depth))
      throw new ConditionError(
        'the depth of flatten() must be a whole number that is written out',
        `write flatten(2): ${MAX_DEPTH} at most`,
        depth.pos,
      );
    return compileOperation(known, `${name}()`, nodes, part);
  }
  const [first = '', ...rest] = nodes.map((one) => sourceOf(one));
  const near = findNearest(CALLED, name, ({ length }) => (length < 5 ? 1 : 2));
  let instead =
    FUNCTION_ALIASES.get(name) ?? (near === undefined || near === name ? OFFERED : `did you mean ${near}()?`);
  if (OPERATIONS[isMethod ? key : `.${key}`] || (MACROS.has(name) && rest.length > 1))
    instead = `write ${isMethod ? `${name}(${first})` : `${first}.${name}(${rest.join(', ')})`}`;
  throw new ConditionError(
    FUNCTIONS.has(name) || MACROS.has(name) || name === 'has'
      ? `${name}() is not called like this`
      : `there is no ${name}()`,
    instead,
    node.op === 'rcall' ? node.args[1].end + 1 : node.start,
  );
}

/** Is it a literal that `flatten()` accepts as its number of levels? */
function isDepth({ op, args }: ASTNode): boolean {
  return op === 'value' && typeof args === 'bigint' && args >= 0n && args <= BigInt(MAX_DEPTH);
}

/** Compiles an operation; checks the kinds of its operands now as far as they are known, and again in each evaluation. */
function compileOperation(
  known: Operation | undefined,
  op: string,
  nodes: readonly ASTNode[],
  part: Build,
): Part {
  if (!known) throw new ConditionError(`"${op}" is not offered`, OFFERED);
  // In the tree a unary operator is `!_` or `-_`.
  const call = { op: op.replace('_', ''), nodes };
  const parts = nodes.map((one) => part(one));
  const kinds = parts.map(({ kind }) => kind);
  checkKinds(known, call, kinds);
  const evaluate = (evaluation: Evaluation) => {
    const args = parts.map((one) => one.evaluate(evaluation));
    const found = args.map(valueKindOf);
    checkKinds(known, call, found, args);
    // An operation that accepts any kind gets numbers with their source text.
    for (const [at, kind] of found.entries())
      if (kind === 'a number' && known.operandKinds[at])
        args[at] = requireKind(kind, args[at] ?? null, call.op, nodes[at]);
    return known.apply(args, call, evaluation);
  };
  return { kind: known.resultKind ?? (op === '+' ? (kinds[0] ?? kinds[1] ?? null) : null), evaluate };
}

/** Compiles `filter`, `map`, `all`, `exists` or `exists_one`; rejects one whose body does not use its variable. */
function compileMacro(
  node: NodeOf<'rcall'>,
  scope: readonly Variable[],
  part: Build,
  isCondition: boolean,
): Part {
  const [method, subject, [id, second, third, ...more]] = node.args;
  const at = subject.end + 1;
  if (id?.op !== 'id' || !second || more.length > 0 || (third && method !== 'map'))
    throw new ConditionError(
      `${method}() takes a name for the item and an expression`,
      `write ${method}(i, …)${third ? ': an index is not offered' : ''}`,
      at,
    );
  const items = expectKind('a list', subject, part(subject), `${method}()`);
  const place = scope.length;
  const inner: Variable = { name: id.args, traits: traitsOf(subject, scope).part(null), isUsed: false };
  const [one, two] = [second, third].map((body) => body && part(body, inner));
  if (isCondition && !inner.isUsed)
    throw new ConditionError(
      `${method}() does not use its ${id.args}: the result is the same for every item`,
      `write ${id.args}.<key> for a field of the item`,
      at,
    );
  const [test, make] = method === 'map' && !two ? [null, one] : [one, two];
  const passes = test ? expectKind('true or false', second, test, `${method}()`) : () => true;
  const evaluate = buildLoop({
    method,
    items,
    passes,
    make: make ?? null,
    place,
    variable: id.args,
    subject,
  });
  switch (method) {
    case 'filter':
      return {
        kind: 'a list',
        evaluate,
        filter: { items, keeps: passes, place, variable: id.args, subject },
      };
    case 'map':
      return two ? { kind: 'a list', evaluate } : { kind: 'a list', evaluate, eachKind: one?.kind ?? null };
    default:
      return { kind: 'true or false', evaluate };
  }
}

/** A macro's loop: the test that an item has to pass, and what is made of it; `make` null: the item itself. */
interface Loop extends Omit<Filter, 'keeps'> {
  readonly method: string;
  readonly passes: Filter['keeps'];
  readonly make: Part | null;
}

/** Returns the evaluation of a macro. `all` and `exists` stop at the first item that decides, so later items cannot fail it. */
function buildLoop({ method, items, passes, make, place, variable, subject }: Loop): Part['evaluate'] {
  return (evaluation) => {
    const results: JsonValue[] = [];
    const list = items(evaluation);
    const loop = evaluation.beginLoop(place, subject);
    let size = 0;
    try {
      for (const value of list) {
        loop.at++;
        evaluation.values[place] = value;
        const holds = passes(evaluation);
        if (method === 'all' && !holds) return false;
        if (method === 'exists' && holds) return true;
        if (!holds) continue;
        if (!make) {
          results.push(value);
          continue;
        }
        const made = make.evaluate(evaluation);
        size += evaluation.sizeOf(made);
        evaluation.checkSize(size);
        results.push(made);
      }
    } catch (error) {
      if (error instanceof ConditionError) error.noteLoop(variable, subject, loop.at);
      throw error;
    } finally {
      evaluation.endLoop(place);
    }
    if (method === 'all' || method === 'exists') return method === 'all';
    return method === 'exists_one' ? results.length === 1 : results;
  };
}
