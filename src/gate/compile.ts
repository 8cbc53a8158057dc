/** CEL's parser and type checker, and what to say of an expression that they refuse. Loaded only for a gate. */
import { Environment, ParseError } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import type { JsonValue } from '../json.ts';
import { evaluateClosed, MACROS, OPERATIONS } from './evaluate.ts';
import type { Outcome } from './evaluate.ts';
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
}).registerVariable('outputs', 'dyn');
// JSON has one kind of number: to the checker too. These are never called.
for (const [left, right] of [['int', 'double'] as const, ['double', 'int'] as const])
  for (const op of ['+', '-', '*', '/'])
    environment.registerOperator(`${left} ${op} ${right}: double`, () => 0);
environment.registerOperator('int == double: bool', () => false);

export function compileExpression(source: string, line: number): Compiled | Refusal {
  // CEL would take it for a minus, and `- size(outputs.items) > 1` for a condition that never holds.
  if (/^-\s/.test(source))
    return {
      message: 'a condition is not an item of a YAML list',
      at: 0,
      hint: 'take the `-` at its start away',
    };
  // So that the library's caret stands under the line's own number.
  const expression = '\n'.repeat(line - 1) + source;
  try {
    const parsed = environment.parse(expression);
    const { error, type = '' } = parsed.check();
    if (error) return refusal(error, expression);
    if (!/^(bool|list|dyn)/.test(type))
      return refusal(
        fault(`the value is of type ${type}; it must be bool or a list`, parsed.ast),
        expression,
      );
    refuseUnknown(parsed.ast);
    refuseMixed(parsed.ast, expression);
    return (outputs, budget) => evaluateClosed(parsed.ast, outputs, budget);
  } catch (error) {
    return refusal(error, expression);
  }
}

function fault(message: string, node: ASTNode): ParseError {
  return new ParseError({ message, node });
}

/** Refuses what the checker lets pass and the closed evaluation does not offer. */
function refuseUnknown(ast: ASTNode): void {
  const nodes = [...walk(ast)];
  const variables = new Set(['outputs']);
  for (const node of nodes) {
    if (node.op === 'rcall' && node.args[2][0]?.op === 'id' && MACROS.has(node.args[0]))
      variables.add(node.args[2][0].args);
  }
  for (const node of nodes) {
    if (node.op === 'id' && !variables.has(node.args)) throw fault(`Unknown variable: ${node.args}`, node);
    if (node.op === 'value' && typeof node.args === 'bigint' && node.args >= 2n ** 63n)
      throw fault('An integer is beyond 64 bits', node);
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
  if (!OPERATIONS[`${name}/${operands}`]) throw fault(`The gate does not offer this use of ${name}()`, node);
}

const RELATIONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'in']);

/**
 * Refuses `a == b < c`: CEL compares from left to right, `(a == b) < c`, the library as most languages do, `a == (b < c)`.
 * The tree does not show which parentheses were written, so the depth of the two operators is counted in the text.
 */
function refuseMixed(ast: ASTNode, expression: string): void {
  const nodes = [...walk(ast)];
  let text = expression;
  for (const { op, args, start, end } of nodes)
    if (op === 'value' && typeof args === 'string')
      text = text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
  const depth = (left: ASTNode, right: ASTNode) => {
    const between = text.slice(left.end, right.start);
    const before = text.slice(0, left.end + between.search(/[=!<>i]/));
    return before.split(/[([{]/).length - before.split(/[)\]}]/).length;
  };
  for (const node of nodes) {
    if (node.op !== '==' && node.op !== '!=') continue;
    const [left, right] = node.args;
    if (!RELATIONS.has(right.op)) continue;
    const [first, second] = right.args as [ASTNode, ASTNode];
    if (depth(left, right) === depth(first, second))
      throw fault(
        `"${node.op}" and "${right.op}" rank the same in CEL: put one comparison into parentheses`,
        right,
      );
  }
}

/** The node and all below it: what a node has below it stands in its `args`, however nested. */
function* walk(args: unknown): Generator<ASTNode> {
  if (Array.isArray(args)) for (const item of args) yield* walk(item);
  else if (typeof args === 'object' && args !== null && 'op' in args) {
    yield args as ASTNode;
    yield* walk((args as ASTNode).args);
  }
}

function refusal(error: unknown, expression: string): Refusal {
  const { message, range } = error as Partial<ParseError>;
  const at = range?.start ?? 0;
  const [before, rest] = [expression.slice(0, at), expression.slice(at)];
  const said = message ?? 'it cannot be compiled';
  const slip = SLIPS.find(
    ([text, place, lead]) => said.startsWith(text) && place.test(rest) && (!lead || lead.test(before)),
  );
  const column = Math.max(0, at - (expression.lastIndexOf('\n') + 1));
  return { message: said, at: column, hint: slip?.[3] ?? '' };
}

const OFFERED = Object.keys(OPERATIONS)
  .filter((key) => /^\w+\//.test(key))
  .map((key) => key.replace(/\/.*/, '()'));

/** The message's begin, what stands at the place and what stands before it: the way out. The first that fits. */
const SLIPS: readonly (readonly [string, RegExp, RegExp | null, string])[] = [
  ['Unexpected character', /^=/, /=$/, 'equality is "==", inequality "!="'],
  ['Unexpected character', /^=>/, null, 'write filter(i, i.status == "x"), with a comma'],
  ['Unexpected character', /^=/, null, 'equality is "=="'],
  ['Unexpected character', /^&/, null, 'and is "&&"'],
  ['Unexpected character', /^\|/, null, 'or is "||"; there are no pipes'],
  ['Unexpected character', /^and\b/i, null, 'and is "&&"'],
  ['Unexpected character', /^or\b/i, null, 'or is "||"'],
  ['', /^/, /\bnot $/i, 'not is "!"'],
  [
    'Unexpected character',
    /^`/,
    null,
    'a key that is no plain name is written outputs["a-b"], a text "x" or \'x\'',
  ],
  ['Unexpected character', /^:/, null, 'a name ends with a colon and a space: "name: expression"'],
  ['Unexpected token', /^>/, /<$/, 'inequality is "!="'],
  ['Unexpected token', /^\?/, /\[$/, 'for [?…] of JMESPath write .filter(i, i.status == "x")'],
  ['Unexpected token', /^\*/, /\[$/, 'for [*] write .map(i, i.status) or .filter(i, …)'],
  ['Unexpected token', /^[?.]/, /\?$/, 'write has(outputs.x) && outputs.x == …'],
  ['Unexpected token', /^\]/, /\[$/, 'for [] of JMESPath write .map(i, …) or .filter(i, …)'],
  ['Unexpected token', /^@/, null, 'an item has a name: .filter(i, i.status == "x")'],
  ['Unexpected token: EOF', /^$/, null, 'each line is one whole expression'],
  ['Expected', /^$/, null, 'each line is one whole expression'],
  ['Unknown variable', /^/, /-$/, 'a key that is no plain name is written outputs["a-b"]'],
  ['Unknown variable', /^(True|False|None|nil|undefined)\b/, null, 'write true, false or null'],
  [
    'Unknown variable',
    /^/,
    null,
    'the one variable is "outputs"; a macro names its own: outputs.items.filter(i, i.x)',
  ],
  ['found no matching overload', /\b(length|len|count)\(/, null, 'write size(…)'],
  [
    'The gate does not offer this use of matches()',
    /^/,
    null,
    'a hostile text can keep a regular expression busy for hours; use ==, in, startsWith(), endsWith() or contains()',
  ],
  ['The gate does not offer', /(timestamp|duration)\(/, null, 'dates as 2026-12-31 compare as strings'],
  [
    'The gate does not offer',
    /^/,
    null,
    `there are ${OFFERED.join(', ')}, has() and the macros ${[...MACROS].join(', ')}`,
  ],
  [
    'found no matching overload',
    /^/,
    null,
    `there are ${OFFERED.join(', ')}, has() and the macros ${[...MACROS].join(', ')}`,
  ],
  ['no such overload', /^/, null, 'both sides must be of one type: int(…), double(…) and string(…) convert'],
  ['has() invalid', /^/, null, 'has() takes a path of names, outputs.a.b; else write "key" in outputs.a'],
  ['the value is of type', /^/, null, 'compare it with something'],
];
