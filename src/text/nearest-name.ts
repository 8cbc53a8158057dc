/** Finds the name that a mistyped one probably means. */

/** Returns the name without case and separators, cut after 64 characters. */
function normaliseName(name: string): string {
  return name.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Returns the Levenshtein distance of the normalised names. */
function editDistance(name: string, other: string): number {
  const a = normaliseName(name);
  const b = normaliseName(other);
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Names that are compared: those of a run may be many. */
const MAX_NAMES = 500;

/** Finds the nearest name within `maxDistance` of it, the first of equals; undefined if there is none. */
export function findNearest<Name extends string>(
  names: readonly Name[],
  wanted: string,
  maxDistance: (name: Name) => number,
): Name | undefined {
  let nearest: Name | undefined;
  let least = Infinity;
  for (const name of names.slice(0, MAX_NAMES)) {
    const distance = editDistance(name, wanted);
    if (distance > maxDistance(name) || distance >= least) continue;
    nearest = name;
    least = distance;
  }
  return nearest;
}
