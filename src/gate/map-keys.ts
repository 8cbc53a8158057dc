/** The value under a key, and the errors about a key that is missing. Pure. */
import { isJsonObject, type JsonValue } from '../json.ts';
import { joinPresent } from '../text/format.ts';
import {
  abridged,
  asCode,
  ConditionError,
  keysOf,
  nearKey,
  quotedKey,
  sourceOf,
  valueKindOf,
} from './values.ts';
import type { ASTNode, ValueKind } from './values.ts';

/** The key and the node have what the author wrote; `isWritten` is `false` where the run wrote the key. */
export function select(
  value: JsonValue,
  key: string,
  node: ASTNode | undefined,
  isWritten = true,
): JsonValue {
  if (!isJsonObject(value)) throw missing(valueKindOf(value), key, node, isWritten);
  if (Object.hasOwn(value, key)) return value[key] ?? null;
  const near = nearKey(Object.keys(value), key);
  const has = near === undefined && isWritten ? hasHint(node, key) : '';
  const isShown = near !== undefined && isWritten && KEY_IN_HEADLINES.test(near);
  throw new ConditionError(
    `${sourceOf(node)} has no key ${quotedKey(key)}`,
    joinPresent('; ', keysOf(value, near), has),
    null,
    {
      brief: {
        subject: node ?? null,
        says: isWritten ? `has no key ${asCode(abridged(key, 40))}` : 'has no such key',
        hint: isShown ? `did you mean ${asCode(near)}?` : has,
      },
    },
  );
}

const KEY_IN_HEADLINES = /^[A-Za-z_][A-Za-z0-9_]{0,40}$/;

/** Only where no key is near: after a typo it would turn the gate off for good. */
function hasHint(node: ASTNode | undefined, key: string): string {
  const path = sourceOf(node);
  return /^[A-Za-z_][\w.]*$/.test(path) && /^[A-Za-z_]\w*$/.test(key)
    ? `has(${path}.${key}) asks whether it is there`
    : '';
}

export function missing(
  kind: ValueKind,
  key: string,
  node: ASTNode | undefined,
  isWritten = true,
): ConditionError {
  const name = sourceOf(node);
  let hint = '';
  if (['length', 'size', 'count'].includes(key)) hint = `write size(${name})`;
  else if (kind === 'a list') hint = `write ${name}.filter(i, i.${abridged(key, 40)} …)`;
  const lacks = isWritten ? ` and has no key ${asCode(abridged(key, 40))}` : '';
  const says = `is ${kind}${hint === '' ? lacks : ''}`;
  return new ConditionError(`${name} is ${kind} and has no key ${quotedKey(key)}`, hint, null, {
    brief: { subject: node ?? null, says, hint: isWritten ? hint : '' },
  });
}
