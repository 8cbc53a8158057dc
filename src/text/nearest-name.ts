/** Finds the name that a mistyped one probably means. */

/** Returns the name without case and separators, cut after 64 characters. */
function normaliseName(name: string): string {
  return name.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Do so many inserted, removed or replaced letters, or fewer, make one text of the other? */
function isWithin(edits: number, one: string, other: string): boolean {
  if (one === '' || other === '') return Math.max(one.length, other.length) <= edits;
  const [shorter, rest] = [one.slice(1), other.slice(1)];
  if (one.startsWith(other.charAt(0))) return isWithin(edits, shorter, rest);
  const pairs = [
    [shorter, rest],
    [shorter, other],
    [one, rest],
  ] as const;
  return edits > 0 && pairs.some((pair) => isWithin(edits - 1, ...pair));
}

/** Names that are compared: those of a run may be many. */
const MAX_NAMES = 500;

/** Finds the nearest name within `maxDistance` of it, two edits at most, the first of equals; undefined if there is none. */
export function findNearest<Name extends string>(
  names: readonly Name[],
  wanted: string,
  maxDistance: (name: Name) => number,
): Name | undefined {
  const findWithin = (edits: number) =>
    names
      .slice(0, MAX_NAMES)
      .find(
        (name) => edits <= maxDistance(name) && isWithin(edits, normaliseName(name), normaliseName(wanted)),
      );
  return findWithin(0) ?? findWithin(1) ?? findWithin(2);
}
