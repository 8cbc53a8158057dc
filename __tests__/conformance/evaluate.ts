/** Any expression on the gate's parser and evaluator, compared with what another CEL has. */
import { compileExpression } from '../../src/gate/compile.ts';
import { ConditionError, valueOf } from '../../src/gate/evaluate.ts';
import { isExactNumber, isJsonObject, isList, type JsonValue } from '../../src/json.ts';

/** Returns the value as text; or the code of the rule because of which there is none. */
function evaluateStrictly(source: string, outputs: JsonValue): { readonly value?: string; readonly rule?: string } {
  try {
    const { node, written } = compileExpression(source);
    return { value: print(valueOf(node, { variables: { outputs }, written, checkTime: () => undefined })) };
  } catch (error) {
    if (error instanceof ConditionError) return { rule: error.problem.code };
    throw error;
  }
}

/** Prints with keys in order, and numbers by their worth: 1 and 1.0 are one. */
export function print(value: JsonValue): string {
  if (typeof value === 'number' || isExactNumber(value)) return String(typeof value === 'number' ? value + 0 : Number(value.rawJSON));
  if (isList(value)) return `[${value.map(print).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${print(one)}`).sort().join()}}`; // prettier-ignore
}

/** Returns the sources with another value than `expected`, where null is an error, and counts by rule those that have none. */
export function compare(cases: readonly { source: string; outputs: JsonValue; expected: string | null }[]) {
  const others: string[] = [];
  const counts: Record<string, number> = {};
  for (const { source, outputs, expected } of cases) {
    const { value, rule = '' } = evaluateStrictly(source, outputs);
    const key = value !== undefined ? 'value' : expected === null ? 'error in both' : rule;
    counts[key] = (counts[key] ?? 0) + 1;
    if (value !== undefined && value !== expected) others.push(source);
  }
  return { others, counts };
}
