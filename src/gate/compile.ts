/** CEL's parser and type checker. Loaded only for a gate. */
import { Environment, ParseError } from '@marcbachmann/cel-js';
import type { JsonValue } from '../json.ts';
import { MACROS, variableOf, walk } from './ast.ts';
import type { ASTNode } from './ast.ts';
import { evaluateClosed, OPERATIONS } from './evaluate.ts';
import type { Outcome } from './evaluate.ts';
import { hintOf, insteadOf } from './hints.ts';
import { refuseConstant, refuseMixed, refuseText, refuseTree, Unmeant } from './meaning.ts';
import { kindOf } from './values.ts';
import type { Budget, Value } from './values.ts';

export type Compiled = (outputs: JsonValue | undefined, budget: Budget) => Outcome;
export interface Refusal {
  /** With the library's caret below it where there is a place to point at. */
  readonly message: string;
  /** Offset in the expression's line. */
  readonly at: number;
  readonly hint: string;
}

const environment = new Environment({
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 5000, maxDepth: 100 },
})
  .registerVariable('outputs', 'dyn')
  .registerFunction('keys(map<string, dyn>): list<string>', () => [])
  .registerFunction('day(string): string', () => '');
// JSON has one kind of number: to the checker too. These are never called.
for (const [left, right] of [['int', 'double'] as const, ['double', 'int'] as const])
  for (const op of ['+', '-', '*', '/'])
    environment.registerOperator(`${left} ${op} ${right}: double`, () => 0);
environment.registerOperator('int == double: bool', () => false);

/** The checker keeps the type that it found in the node, and finds none where there is one. */
type Typed = ASTNode & { checkedType?: unknown };

function typeOf(expression: string): unknown {
  const parsed = environment.parse(expression);
  parsed.check();
  return (parsed.ast as Typed).checkedType;
}
const [INT, ANY_LIST, ANY_MAP] = [typeOf('1'), typeOf('[1, "a"]'), typeOf('{"a": 1, "b": "c"}')];

/** A condition of `fail_if` or `warn_if`: CEL that its author can have meant. */
export function compileExpression(source: string, line: number): Compiled | Refusal {
  return compile(source, line, true);
}

/** Any CEL, for suites that hold parser and evaluator to it. */
export function compileCel(source: string): Compiled | Refusal {
  return compile(source, 1, false);
}

function compile(source: string, line: number, isCondition: boolean): Compiled | Refusal {
  // So that the library's caret stands under the line's own number.
  const expression = '\n'.repeat(line - 1) + source;
  try {
    if (isCondition) refuseText(expression);
    const parsed = environment.parse(expression);
    refuseMixed(parsed.ast, expression);
    if (isCondition) refuseTree(parsed.ast, expression);
    refuseMethods(parsed.ast);
    setTypes(parsed.ast);
    const { error, type = '' } = parsed.check();
    if (error) return refusal(error, expression);
    if (!/^(bool|list|dyn)/.test(type))
      throw fault(`the value is of type ${type}; it must be bool or a list`, parsed.ast);
    refuseUnknown(parsed.ast);
    if (isCondition) refuseConstant(parsed.ast);
    return (outputs, budget) => evaluateClosed(parsed.ast, outputs, budget);
  } catch (error) {
    return refusal(error, expression);
  }
}

function fault(message: string, node: ASTNode): ParseError {
  return new ParseError({ message, node });
}

/** Numbers are of one type, however they are written, and what is empty may hold anything. */
function setTypes(ast: ASTNode): void {
  for (const node of walk(ast)) {
    if (node.op === 'value' && typeof node.args === 'number') (node as Typed).checkedType = INT;
    if (node.op === 'list' && node.args.length === 0) (node as Typed).checkedType = ANY_LIST;
    if (node.op === 'map' && node.args.length === 0) (node as Typed).checkedType = ANY_MAP;
  }
}

/** Refuses methods of other languages before the checker asks what the variables in them are. */
function refuseMethods(ast: ASTNode): void {
  for (const node of walk(ast)) {
    if (node.op !== 'rcall') continue;
    const [name, subject, args] = node.args;
    const place = { input: node.input, pos: subject.end + 1, start: subject.end + 1, end: node.end };
    const instead = insteadOf(name);
    if (instead !== undefined) throw new Unmeant(`there is no ${name}()`, place, `write ${instead}`);
    const isRight = variableOf(node) !== null && (args.length === 2 || (name === 'map' && args.length === 3));
    if (MACROS.has(name) && !isRight)
      throw new Unmeant(
        `${name}() takes one name for an item, and what to make of it`,
        place,
        `write ${name}(i, …)${args.length > 2 ? ': an index is not offered' : ''}`,
      );
  }
}

/** Refuses what the checker lets pass and the closed evaluation does not offer. */
function refuseUnknown(ast: ASTNode): void {
  const nodes = [...walk(ast)];
  const variables = new Set(['outputs', ...nodes.map(variableOf)]);
  const negated = new Set(nodes.map((node) => (node.op === '-_' ? node.args : null)));
  for (const node of nodes) {
    if (node.op === 'id' && !variables.has(node.args)) throw fault(`Unknown variable: ${node.args}`, node);
    if (node.op === 'value' && typeof node.args === 'bigint') {
      const isSmallest = node.args === 2n ** 63n && negated.has(node);
      if (node.args >= 2n ** 63n && !isSmallest) throw fault('An integer is beyond 64 bits', node);
    }
    if (node.op === 'value' && typeof node.args === 'object' && node.args !== null)
      throw fault('Bytes and unsigned integers are not offered', node);
    if (node.op === 'in' && node.args[1].op === 'list') {
      const literals = node.args[1].args.filter((item) => item.op === 'value');
      if (new Set(literals.map((item) => kindOf(item.args as Value))).size > 1)
        throw fault('The items of a list to search must be of one type', node.args[1]);
    }
    if (node.op === 'rcall' && !MACROS.has(node.args[0]))
      refuseCall(node, node.args[0], node.args[2].length + 1);
    if (node.op === 'call' && node.args[0] !== 'has') refuseCall(node, node.args[0], node.args[1].length);
  }
}

function refuseCall(node: ASTNode, name: string, operands: number): void {
  if (OPERATIONS[`${name}/${operands}`]) return;
  const isOffered = Object.keys(OPERATIONS).some((one) => one.startsWith(`${name}/`));
  throw fault(`${name}() is not supported${isOffered ? ' with so many values' : ''}`, node);
}

function refusal(error: unknown, expression: string): Refusal {
  const { message: said = 'it cannot be compiled', range } = error as Partial<ParseError>;
  const at = range?.start ?? 0;
  const column = Math.max(0, at - (expression.lastIndexOf('\n') + 1));
  const hint =
    error instanceof Unmeant ? error.hint : hintOf(said, expression.slice(0, at), expression.slice(at));
  // The library names the last letter of a word that it did not expect.
  const word = /^\w+/.exec(expression.slice(at))?.[0];
  const message =
    word === undefined ? said : said.replace(/^Unexpected character: '.'/, `Unexpected: ${word}`);
  return { message, at: column, hint };
}
