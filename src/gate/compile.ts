/** Compiles an expression to a function of the outputs. Loaded only for a gate. Only the parser is the library's. */
import { Environment, ParseError } from '@marcbachmann/cel-js';
import type { JsonValue } from '../json.ts';
import { compileNode, type Variable } from './compile-node.ts';
import type { ConditionResult } from './condition.ts';
import { findWrittenTexts } from './near-texts.ts';
import { evaluateCondition, MUST_BE } from './evaluate-condition.ts';
import { findLineError, explainParseError, rejectText } from './condition-errors.ts';
import { keepsEveryItemError } from './meaning-errors.ts';
import { OUTPUTS } from './static-traits.ts';
import { ConditionError } from './values.ts';

/** Evaluates the condition over the outputs of a run; never throws. */
export type Compiled = (outputs: JsonValue | undefined) => Omit<ConditionResult, 'condition'>;

const parser = new Environment({ limits: { maxAstNodes: 5000, maxDepth: 100 } });

/** Number of unquoted texts in one expression for which quotes are offered, one after the other. */
const MAX_OFFERS = 20;

/**
 * Compiles a condition of `fail_if` or `warn_if`, and rejects CEL that its author cannot have meant. Every expression that a
 * rejection offers is valid.
 * @param isCondition `false`: accepts any CEL, for the test suites of parser and evaluator
 */
export function compileExpression(source: string, isCondition = true): Compiled | ConditionError {
  const compiled = tryCompile(source, isCondition);
  return typeof compiled === 'function' ? compiled : confirmOffer(compiled, isCondition);
}

/**
 * Returns why a line is rejected whatever its expression is; null: it is not rejected.
 * @param name the text before its `: `, or empty
 */
export function rejectLine(line: string, name: string): ConditionError | null {
  const rejection = findLineError(line, name);
  return rejection && confirmOffer(rejection, true);
}

/** Replaces an error's hint by that of its corrected expression, if that compiles. The correction may be corrected again. */
function confirmOffer(rejection: ConditionError, isCondition: boolean): ConditionError {
  let last: Compiled | ConditionError = rejection;
  for (let left = MAX_OFFERS; left > 0 && typeof last !== 'function' && last.offer; left--)
    last = tryCompile(last.offer.corrected, isCondition);
  if (rejection.offer && typeof last === 'function') rejection.hint = rejection.offer.hint;
  return rejection;
}

/** Compiles the expression, or returns the error. Does not check its offer. */
function tryCompile(source: string, isCondition: boolean): Compiled | ConditionError {
  try {
    if (isCondition) rejectText(source);
    const { ast } = parser.parse(source);
    const outputs: Variable = { name: 'outputs', traits: OUTPUTS, isUsed: false };
    const whole = compileNode(ast, [outputs], isCondition);
    if (whole.kind !== null && whole.kind !== 'true or false' && whole.kind !== 'a list')
      throw new ConditionError(`the condition is ${whole.kind}`, MUST_BE, 0);
    if (isCondition && whole.eachKind === 'true or false') throw keepsEveryItemError(ast, false, true);
    if (isCondition && !outputs.isUsed)
      throw new ConditionError(
        'the condition does not read `outputs`: its result is the same for every run',
        'write outputs.<key> for a value that the run wrote',
        0,
      );
    const written = isCondition ? findWrittenTexts(ast) : null;
    return (runOutputs) => evaluateCondition(whole, written, runOutputs);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    if (error instanceof ParseError) return explainParseError(source, error.range?.start ?? 0, error.code);
    if (error instanceof RangeError) return explainParseError(source, 0, 'limit_exceeded');
    throw error;
  }
}
