/** Reads a nested field of any JSON; undefined if a part of the path is missing. */
export function readPath(value: unknown, ...path: readonly string[]): unknown {
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** Reads a nested text; empty if it is missing or not a text. */
export function readText(value: unknown, ...path: readonly string[]): string {
  const found = readPath(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** Reads a nested positive whole number; null if it is missing or anything else. */
export function readNumber(value: unknown, ...path: readonly string[]): number | null {
  const found = readPath(value, ...path);
  return typeof found === 'number' && Number.isSafeInteger(found) && found > 0 ? found : null;
}

export const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Reads a nested commit SHA; null if it is missing or anything else. */
export function readSha(value: unknown, ...path: readonly string[]): string | null {
  const sha = readText(value, ...path);
  return SHA.test(sha) ? sha : null;
}
