/** Fields of what GitHub sends: anything, which is only looked at where it has the expected shape. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** Empty: it is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isSafeInteger(found) && found > 0 ? found : null;
}

export const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export function shaAt(value: unknown, ...path: readonly string[]): string | null {
  const sha = textAt(value, ...path);
  return SHA.test(sha) ? sha : null;
}
