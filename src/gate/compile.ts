/** From an expression to a function of the outputs. Loaded only for a gate; the parser is the library's, all else is ours. */
import { Environment, ParseError } from '@marcbachmann/cel-js';
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import type { ConditionResult } from './condition.ts';
import {
  checkKinds,
  missing,
  OPERATIONS,
  operate,
  select,
  want,
  wrongKind,
  type Operation,
} from './evaluate.ts';
import {
  ELSEWHERE,
  MACROS,
  Refusal,
  refuseText,
  refuseTree,
  syntaxRefusal,
  tooLong,
  unknownVariable,
} from './refusals.ts';
import {
  Evaluation,
  EvaluationError,
  kindOf,
  nameOf,
  type ASTNode,
  type Call,
  type Kind,
  type Kinds,
} from './values.ts';

export type Outcome = Omit<ConditionResult, 'condition'>;
/** Never throws: whatever went wrong, nothing was learnt, and that must not turn into a green gate. */
export type Compiled = (outputs: JsonValue | undefined) => Outcome;

/** The values of the variables in sight, the innermost first. */
interface Frame {
  readonly value: JsonValue;
  readonly outer: Frame | null;
  readonly run: Evaluation;
}
/** … and their names. */
interface Scope {
  readonly name: string;
  readonly outer: Scope | null;
  isUsed: boolean;
}
interface Part {
  /** null: not known before it is evaluated. */
  readonly kind: Kind | null;
  /** A filter hands out what it does not keep, where that is asked for. */
  readonly evaluate: (frame: Frame, unmatched?: JsonValue[]) => JsonValue;
}

const parser = new Environment({ limits: { maxAstNodes: 5000, maxDepth: 100 } });

/**
 * A condition of `fail_if` or `warn_if`: CEL that its author can have meant.
 * @param isCondition `false`: any CEL, for suites that hold parser and evaluator to it
 */
export function compileExpression(source: string, isCondition = true): Compiled | Refusal {
  try {
    if (isCondition) refuseText(source);
    const { ast } = parser.parse(source);
    refuseTree(ast, source, isCondition);
    const outputs: Scope = { name: 'outputs', outer: null, isUsed: false };
    const whole = partOf(ast, outputs, isCondition);
    if (whole.kind !== null && whole.kind !== 'true or false' && whole.kind !== 'a list')
      throw new Refusal(
        `the condition is ${whole.kind}; it must be true, false or a list`,
        0,
        'compare it with something',
      );
    if (isCondition && !outputs.isUsed)
      throw new Refusal(
        'the condition reads no `outputs`: it says the same of every run',
        0,
        'a value that the run wrote is outputs.<its key>',
      );
    return (given) => judge(ast, whole, given);
  } catch (error) {
    if (error instanceof Refusal) return error;
    if (error instanceof ParseError) return syntaxRefusal(source, error.range?.start ?? 0, error.code);
    if (error instanceof RangeError) return tooLong(0);
    throw error;
  }
}

function judge(ast: ASTNode, whole: Part, outputs: JsonValue | undefined): Outcome {
  const run = new Evaluation(ast.input);
  try {
    if (outputs === undefined || outputs === null) throw new EvaluationError('the run has no outputs');
    if (!isJsonObject(outputs)) throw new EvaluationError('the outputs of the run are not an object');
    const unmatched: JsonValue[] | null = ast.op === 'rcall' && ast.args[0] === 'filter' ? [] : null;
    const value = whole.evaluate({ value: outputs, outer: null, run }, unmatched ?? undefined);
    const holds = isList(value) ? value.length > 0 : value;
    if (typeof holds !== 'boolean')
      throw new EvaluationError(
        `the value of the expression is ${kindOf(value)}`,
        'it must be true, false or a list',
      );
    const result = holds ? 'holds' : 'does_not_hold';
    return { result, matched: isList(value) ? value : [], unmatched, problem: null, notices: run.notices };
  } catch (error) {
    const problem = error instanceof EvaluationError ? error.sentence() : 'the evaluation failed';
    return { result: 'cannot_be_evaluated', matched: [], unmatched: null, problem, notices: run.notices };
  }
}

/** @throws Refusal at the node where operands do not go together, or something unknown is named */
function partOf(node: ASTNode, scope: Scope, isCondition: boolean): Part {
  const part = (of: ASTNode) => partOf(of, scope, isCondition);
  try {
    switch (node.op) {
      case 'value':
        return constant(node);
      case 'id':
        return variable(node, scope);
      case '.':
        return field(node.args[1], node.args[0], part(node.args[0]));
      case 'list':
        return list(node.args.map(part));
      case 'map':
        return object(node.args.map(([key, item]) => [key, part(key), part(item)]));
      case '?:':
        return choice(node.args, part);
      case '&&':
      case '||':
        return logic(node.op, node.args, part);
      case 'call':
        if (node.args[0] === 'has') return has(node.args[1], part);
        return called(node, node.args[0], node.args[1], part);
      case 'rcall':
        if (MACROS.has(node.args[0])) return macro(node, scope, isCondition);
        return called(node, node.args[0], [node.args[1], ...node.args[2]], part);
      case 'in': {
        const [left, right] = node.args;
        const map = right.op === 'call' && right.args[0] === 'keys' ? right.args[1][0] : undefined;
        if (map) return operation(OPERATIONS['in keys'], 'in keys()', [left, map], part);
        if (right.op === 'list') checkSearched({ op: 'in', nodes: node.args }, [left, ...right.args]);
        return operation(OPERATIONS.in, 'in', node.args, part);
      }
      case '==':
      case '!=': {
        const isNull = node.args.some((one) => one.op === 'value' && one.args === null);
        return operation(OPERATIONS[isNull ? `${node.op} null` : node.op], node.op, node.args, part);
      }
      case '!_':
        return operation(OPERATIONS['!'], '!', [node.args], part);
      case '-_':
        return operation(OPERATIONS['-_'], '-', [node.args], part);
      default:
        return operation(OPERATIONS[node.op], node.op, node.args as ASTNode[], part);
    }
  } catch (error) {
    if (error instanceof EvaluationError) throw new Refusal(error.message, node.pos, error.hint);
    throw error;
  }
}

function constant({ args: value }: ASTNode): Part {
  if (typeof value === 'object' && value !== null)
    throw new EvaluationError(
      'bytes and unsigned integers are not offered',
      'write a text "x" or a number 1',
    );
  if (
    (typeof value === 'number' || typeof value === 'bigint') &&
    !(Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER)
  )
    throw new EvaluationError(
      'a number is beyond 2^53, and those are not told apart',
      'let the workflow write an ID as a text, and compare it with a text: "9007199254740993"',
    );
  const plain = typeof value === 'bigint' ? Number(value) : (value as JsonValue);
  return { kind: kindOf(plain), evaluate: () => plain };
}

function variable(node: Extract<ASTNode, { op: 'id' }>, scope: Scope): Part {
  let [at, up]: [Scope | null, number] = [scope, 0];
  for (; at !== null && at.name !== node.args; at = at.outer) up++;
  if (at === null) throw unknownVariable(node);
  at.isUsed = true;
  const evaluate = (frame: Frame) => {
    let found = frame;
    for (let left = up; left > 0 && found.outer; left--) found = found.outer;
    return found.value;
  };
  return { kind: at.outer === null ? 'an object' : null, evaluate };
}

/** The part's value, which must be of the kind. */
function expect<K extends Kind>(
  wanted: K,
  node: ASTNode | undefined,
  { kind, evaluate }: Part,
  whose: string,
): (frame: Frame) => Kinds[K] {
  if (kind !== null && kind !== wanted) throw wrongKind(node, kind, whose, [wanted]);
  return (frame) => want(wanted, evaluate(frame), node, whose);
}

function field(key: string, subject: ASTNode, { kind, evaluate }: Part): Part {
  if (kind !== null && kind !== 'an object') throw missing(null, kind, key, subject);
  return { kind: null, evaluate: (frame) => select(evaluate(frame), key, subject) };
}

function list(items: readonly Part[]): Part {
  return { kind: 'a list', evaluate: (frame) => frame.run.made(items.map((item) => item.evaluate(frame))) };
}

function object(entries: readonly (readonly [ASTNode, Part, Part])[]): Part {
  const keyed = entries.map(
    ([node, key, item]) => [node, expect('a string', node, key, 'a key'), item] as const,
  );
  const evaluate = (frame: Frame) => {
    const pairs = new Map<string, JsonValue>();
    for (const [node, key, item] of keyed) {
      const name = key(frame);
      if (pairs.has(name)) throw new EvaluationError(`${nameOf(node)} makes a key that is there already`);
      pairs.set(name, item.evaluate(frame));
    }
    return frame.run.made(Object.fromEntries(pairs));
  };
  return { kind: 'an object', evaluate };
}

function choice(nodes: readonly [ASTNode, ASTNode, ASTNode], part: (node: ASTNode) => Part): Part {
  const isTrue = expect('true or false', nodes[0], part(nodes[0]), '?');
  const [yes, no] = [part(nodes[1]), part(nodes[2])];
  if (yes.kind !== null && no.kind !== null && yes.kind !== no.kind)
    throw new EvaluationError(
      `${nameOf(nodes[1])} is ${yes.kind} and ${nameOf(nodes[2])} is ${no.kind}: a choice is between values of one kind`,
    );
  return {
    kind: yes.kind === no.kind ? yes.kind : null,
    evaluate: (frame) => (isTrue(frame) ? yes : no).evaluate(frame),
  };
}

function logic(op: '&&' | '||', [a, b]: readonly [ASTNode, ASTNode], part: (node: ASTNode) => Part): Part {
  const [left, right] = [expect('true or false', a, part(a), op), expect('true or false', b, part(b), op)];
  const evaluate = (frame: Frame) => (left(frame) === (op === '||') ? op === '||' : right(frame));
  return { kind: 'true or false', evaluate };
}

/** `has(a.b.c)`: whether `a.b` has a `c`; that it is an object is needed. */
function has(args: readonly ASTNode[], part: (node: ASTNode) => Part): Part {
  const [path] = args;
  if (path?.op !== '.' || args.length !== 1)
    throw new EvaluationError('has() takes a path of names', 'write has(outputs.a.b); or "key" in outputs.a');
  const [subject, key] = path.args;
  const { evaluate } = part(subject);
  return {
    kind: 'true or false',
    evaluate: (frame) => {
      const value = evaluate(frame);
      if (!isJsonObject(value)) return select(value, key, subject) !== null;
      const isThere = Object.hasOwn(value, key);
      if (!isThere) frame.run.missed(value, key, path);
      return isThere;
    },
  };
}

/** Refuses a search that cannot find: `1 in ["a"]`, `x in [1, "a"]`. */
function checkSearched(call: Call, nodes: readonly ASTNode[]): void {
  const kinds = new Set(nodes.flatMap((node) => (node.op === 'value' ? (constant(node).kind ?? []) : [])));
  if (kinds.size > 1)
    throw new EvaluationError(
      `${nameOf(call.nodes[0])} is looked for among ${[...kinds].join(' and ')}: "in" takes values of one kind`,
      'int(…), double(…) and string(…) convert',
    );
}

const FUNCTIONS = new Set(Object.keys(OPERATIONS).flatMap((key) => /^\.?(\w+)\//.exec(key)?.[1] ?? []));
const OFFERED = `there are ${[...FUNCTIONS].map((name) => `${name}()`).join(', ')}, has() and the macros ${[...MACROS].join(', ')}`;

function called(
  node: Extract<ASTNode, { op: 'call' | 'rcall' }>,
  name: string,
  nodes: readonly ASTNode[],
  part: (node: ASTNode) => Part,
): Part {
  const isMethod = node.op === 'rcall';
  const key = `${name}/${nodes.length}`;
  const known = OPERATIONS[isMethod && key !== 'size/1' ? `.${key}` : key];
  if (known) return operation(known, `${name}()`, nodes, part);
  const [first = '', ...rest] = nodes.map(nameOf);
  let instead = ELSEWHERE.get(name) ?? OFFERED;
  if (OPERATIONS[isMethod ? key : `.${key}`] || (MACROS.has(name) && rest.length > 1))
    instead = `write ${isMethod ? `${name}(${first})` : `${first}.${name}(${rest.join(', ')})`}`;
  throw new Refusal(
    FUNCTIONS.has(name) || MACROS.has(name) ? `${name}() is not written so` : `there is no ${name}()`,
    isMethod ? node.args[1].end + 1 : node.start,
    instead,
  );
}

function operation(
  known: Operation | undefined,
  op: string,
  nodes: readonly ASTNode[],
  part: (node: ASTNode) => Part,
): Part {
  if (!known) throw new EvaluationError(`"${op}" is not offered`, OFFERED);
  const call = { op, nodes };
  const parts = nodes.map(part);
  const kinds = parts.map(({ kind }) => kind);
  checkKinds(known, call, kinds);
  return {
    kind: known.gives ?? (op === '+' ? (kinds[0] ?? kinds[1] ?? null) : null),
    evaluate: (frame) =>
      operate(
        known,
        call,
        parts.map(({ evaluate }) => evaluate(frame)),
        frame.run,
      ),
  };
}

/** One item settles `all` and `exists`, as a short circuit does: what comes after was not needed. */
function macro(node: Extract<ASTNode, { op: 'rcall' }>, scope: Scope, isCondition: boolean): Part {
  const [method, subject, [id, second, third, ...more]] = node.args;
  const at = subject.end + 1;
  if (id?.op !== 'id' || !second || more.length > 0 || (third && method !== 'map'))
    throw new Refusal(
      `${method}() takes one name for an item, and what to make of it`,
      at,
      `write ${method}(i, …)${third ? ': an index is not offered' : ''}`,
    );
  const items = expect('a list', subject, partOf(subject, scope, isCondition), `${method}()`);
  const inner: Scope = { name: id.args, outer: scope, isUsed: false };
  const [one, two] = [second, third].map((body) => body && partOf(body, inner, isCondition));
  if (isCondition && !inner.isUsed)
    throw new Refusal(
      `${method}() does not use its ${id.args}: it says the same of every item`,
      at,
      `a field of an item is ${id.args}.<its key>`,
    );
  const [test, make] = method === 'map' && !two ? [null, one] : [one, two];
  const passes = test ? expect('true or false', second, test, `${method}()`) : () => true;
  const evaluate = (frame: Frame, unmatched?: JsonValue[]) => {
    const results: JsonValue[] = [];
    const given = items(frame);
    let [at, size] = [0, 0];
    try {
      for (const value of given) {
        at++;
        const own = { value, outer: frame, run: frame.run };
        const holds = passes(own);
        if (method === 'all' && !holds) return false;
        if (method === 'exists' && holds) return true;
        if (!holds) unmatched?.push(value);
        else if (!make) results.push(value);
        else {
          const made = make.evaluate(own);
          size += frame.run.sizeOf(made);
          frame.run.allow(size);
          results.push(made);
        }
      }
    } catch (error) {
      if (error instanceof EvaluationError) error.item ||= `item ${at} of ${nameOf(subject)}`;
      throw error;
    }
    if (method === 'all' || method === 'exists') return method === 'all';
    return method === 'exists_one' ? results.length === 1 : results;
  };
  return { kind: method === 'filter' || method === 'map' ? 'a list' : 'true or false', evaluate };
}
