/** Reads the value under a key, and describes the errors about a missing one. Pure. */
import { isJsonObject, type JsonValue } from '../json.ts';
import { joinPresent } from '../text/format.ts';
import {
  abridge,
  formatAsCode,
  ConditionError,
  describeKeys,
  findNearKey,
  quoteKey,
  sourceOf,
  valueKindOf,
} from './values.ts';
import type { ASTNode, ValueKind } from './values.ts';

/**
 * Returns the value under the key.
 * @param node the object's expression
 * @param isWritten false: the run wrote the key, so headlines must not show it
 * @throws ConditionError the value is not an object, or lacks the key
 */
export function selectKey(
  value: JsonValue,
  key: string,
  node: ASTNode | undefined,
  isWritten = true,
): JsonValue {
  if (!isJsonObject(value)) throw missingKeyError(valueKindOf(value), key, node, isWritten);
  if (Object.hasOwn(value, key)) return value[key] ?? null;
  const near = findNearKey(Object.keys(value), key);
  const has = near === undefined && isWritten ? hintAtHas(node, key) : '';
  const isShown = near !== undefined && isWritten && KEY_IN_HEADLINES.test(near);
  throw new ConditionError(
    `${sourceOf(node)} has no key ${quoteKey(key)}`,
    joinPresent('; ', describeKeys(value, near), has),
    null,
    {
      brief: {
        subject: node ?? null,
        says: isWritten ? `has no key ${formatAsCode(abridge(key, 40))}` : 'has no such key',
        hint: isShown ? `did you mean ${formatAsCode(near)}?` : has,
      },
    },
  );
}

const KEY_IN_HEADLINES = /^[A-Za-z_][A-Za-z0-9_]{0,40}$/;

/**
 * Returns a hint at `has()`, or empty. Only where no key is similar: after a typo `has()` would turn the gate off for good.
 */
function hintAtHas(node: ASTNode | undefined, key: string): string {
  const path = sourceOf(node);
  return /^[A-Za-z_][\w.]*$/.test(path) && /^[A-Za-z_]\w*$/.test(key)
    ? `has(${path}.${key}) tests whether it exists`
    : '';
}

/** Returns the error about a key of a value that is not an object. */
export function missingKeyError(
  kind: ValueKind,
  key: string,
  node: ASTNode | undefined,
  isWritten = true,
): ConditionError {
  const name = sourceOf(node);
  let hint = '';
  if (['length', 'size', 'count'].includes(key)) hint = `write size(${name})`;
  else if (kind === 'a list') hint = `write ${name}.filter(i, i.${abridge(key, 40)} …)`;
  const lacks = isWritten ? ` and has no key ${formatAsCode(abridge(key, 40))}` : '';
  const says = `is ${kind}${hint === '' ? lacks : ''}`;
  return new ConditionError(`${name} is ${kind} and has no key ${quoteKey(key)}`, hint, null, {
    brief: { subject: node ?? null, says, hint: isWritten ? hint : '' },
  });
}
