/** Compiles a condition: the library parses and type-checks it, `evaluate.ts` evaluates it. Loaded only for a gate. */
import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import type { JsonValue } from '../json.ts';
import {
  ConditionError,
  evaluateCondition,
  formOf,
  FUNCTIONS,
  MACROS,
  START,
  type Node,
  type Place,
} from './evaluate.ts';

/** Only its parser and type checker are used, so none of the functions is ever called. */
const environment = new Environment({ homogeneousAggregateLiterals: false }).registerVariable(
  'outputs',
  'dyn',
);
for (const signature of [
  'keys(map): list<string>',
  'day(string): string',
  'list.flatten(): list',
  'list.flatten(int): list',
])
  environment.registerFunction(signature, () => null);
// Whole numbers and fractions are one kind.
for (const sign of '+-*/')
  for (const types of [`int ${sign} double`, `double ${sign} int`])
    environment.registerOperator(types, () => null);

/** Compiles a condition. @returns its evaluation @throws ConditionError */
export function compileCondition(expression: string) {
  const { node, written, type } = compileExpression(expression);
  if (!/\boutputs\b/.test(expression)) throw new ConditionError(START, { code: 'no_outputs' });
  const assertion = listOperands(node).find(({ name }) => name === 'all');
  if (assertion) {
    const [source = '', body = ''] = assertion.parts.map((part) => part.source);
    const list = /^[\w.]+$/.test(source) ? source : `(${source})`;
    const others = `(${assertion.value as string}, !(${body}))`;
    const [filter, exists] = [`${list}.filter${others}`, `!${list}.exists${others}`];
    throw new ConditionError(assertion, { code: 'all_alone', filter, exists });
  }
  // Empty lists in a list are items too, so that the condition would always be met.
  const levels = type.split('list<').length - 2;
  if (node.name === 'map' && levels > 0 && node.parts.at(-1)?.name !== 'list')
    throw new ConditionError(node, { code: 'nested_list', levels });
  // A list of booleans is no list of findings: `map` in place of `filter`.
  if (!/^(?:bool|dyn|list)(?!<bool)/.test(type))
    throw new ConditionError(node, { code: 'result_type', type });
  return (outputs: JsonValue, checkTime: () => void) =>
    evaluateCondition(node, { variables: { outputs }, written, checkTime });
}

/** Returns what `&&` joins, or the whole. */
function listOperands(node: Node): Node[] {
  return node.name === '&&' ? node.parts.flatMap(listOperands) : [node];
}

/** Parses and checks an expression of any type. @throws ConditionError */
export function compileExpression(source: string) {
  const { type = '', error } = environment.check(source);
  const place = { at: error?.range?.start ?? 0, source: '' };
  if (error instanceof ParseError) throw new ConditionError(place, { code: 'syntax' });
  const { ast } = environment.parse(source);
  const node = convert(ast, new Map([['outputs', []]]));
  if (error) throw new ConditionError(place, { code: 'types', error: error.code, sentence: error.summary });
  // A `//` behind the tree begins a comment: below `>`, it would hide the conditions that follow.
  const at = source.indexOf('//', ast.end);
  if (at >= 0) throw new ConditionError({ at, source: '' }, { code: 'comment_behind' });
  return { node, written: findWritten(node), type };
}

/** Makes the evaluator's form of the library's tree. @param variables with their lists @throws ConditionError */
function convert(ast: ASTNode, variables: ReadonlyMap<string, readonly Node[]>): Node {
  const place = { source: ast.input.slice(ast.start, ast.end), at: ast.start };
  const make = (name: string, parts: readonly ASTNode[], value: JsonValue): Node => ({
    ...place,
    name,
    value,
    parts: parts.map((part) => convert(part, variables)),
  });
  switch (ast.op) {
    case 'value':
      return make('literal', [], convertLiteral(ast.args, place));
    case 'id': {
      const parts = variables.get(ast.args);
      if (parts) return { ...place, name: 'variable', value: ast.args, parts };
      throw new ConditionError(place, {
        code: 'unknown_variable',
        name: ast.args,
        known: [...variables.keys()],
      });
    }
    case '.':
      return make('.', [ast.args[0]], ast.args[1]);
    case 'map':
      return make('object', ast.args.flat(), null);
    case 'call':
    case 'rcall': {
      const [name] = ast.args;
      const parts = ast.args.slice(1).flat() as ASTNode[];
      const [first, second, ...bodies] = parts;
      if (!FUNCTIONS.includes(name))
        throw new ConditionError(
          { ...place, at: ast.input.indexOf(`${name}(`, ast.start) },
          { code: 'unknown_function', name, known: FUNCTIONS },
        );
      if (first && second?.op === 'id' && MACROS.has(name)) {
        const value = second.args;
        const list = convert(first, variables);
        const inner = new Map(variables).set(value, [list]);
        return { ...place, name, value, parts: [list, ...bodies.map((body) => convert(body, inner))] };
      }
      if (name !== 'has' || first?.op !== '.') return make(name, parts, null);
      return make(name, [first.args[0]], first.args[1]);
    }
    default: {
      const node = make(ast.op, [ast.args as ASTNode | ASTNode[]].flat(), null);
      const text = node.parts.find(
        ({ name, value }) => name === 'literal' && typeof value === 'string' && formOf(value) === '',
      );
      if (text && /^[<>]/.test(ast.op)) throw new ConditionError(text, { code: 'never_ordered' });
      return node;
    }
  }
}

/** An empty text is what an unset `${{ }}` leaves; the others are those of examples. */
const PLACEHOLDER = /^(?:|_{3,}|…)$/;

function convertLiteral(value: unknown, place: Place): JsonValue {
  if (value && typeof value === 'object') throw new ConditionError(place, { code: 'literal' });
  if (PLACEHOLDER.test(value as string)) throw new ConditionError(place, { code: 'empty_text' });
  return typeof value === 'bigint' ? Number(value) : (value as JsonValue);
}

/** Returns the strings that the condition writes as values of an expression. */
function listStrings({ name, value, parts }: Node): string[] {
  if (name === 'literal') return typeof value === 'string' ? [value] : [];
  return (/^(?:list|object|\?:)$/.test(name) ? parts : parts.slice(0, 1)).flatMap(listStrings);
}

/** Returns, by operand of a comparison, the strings that the whole condition compares with the same expression. */
function findWritten(whole: Node): ReadonlyMap<Node, ReadonlySet<string>> {
  const byExpression = new Map<string, Set<string>>();
  const byOperand = new Map<Node, Set<string>>();
  const visit = ({ name, value, parts }: Node): void => {
    for (const [at, part] of parts.entries()) {
      // A variable's list stands elsewhere.
      if (name !== 'variable') visit(part);
      if (!/^(?:[=!]=|in|has|contains|startsWith|endsWith)$/.test(name)) continue;
      const expression = JSON.stringify(part, ['name', 'value', 'parts']);
      const strings = byExpression.get(expression) ?? new Set();
      const other = parts[1 - at];
      for (const one of other ? listStrings(other) : [value as string]) strings.add(one);
      byExpression.set(expression, strings);
      byOperand.set(part, strings);
    }
  };
  visit(whole);
  return byOperand;
}
