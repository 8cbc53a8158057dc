/** Replaces the modules that the action's code imports and that browsers lack (see build.ts). */
export const Buffer = {
  byteLength: (text: string): number => new TextEncoder().encode(text).length,
  /** The action copies a string by `Buffer.from(text).toString()`. */
  from: (text: string): string => text,
};

/**
 * Returns a short digest (cyrb53), because browsers offer SHA-256 only asynchronously. The page shows no digest, and compares only its
 * own.
 */
export function hash(_algorithm: string, text: string): string {
  let [low, high] = [0xdeadbeef, 0x41c6ce57];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    low = Math.imul(low ^ code, 2_654_435_761);
    high = Math.imul(high ^ code, 1_597_334_677);
  }
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0');
}
