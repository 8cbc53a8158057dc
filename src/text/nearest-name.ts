/** Finds the name that a mistyped one probably means. */

/** Returns the name without case and separators, cut after 64 characters. */
function normaliseName(name: string): string {
  return name.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Returns the Damerau-Levenshtein distance (optimal string alignment) of the normalised names. */
export function editDistance(name: string, other: string): number {
  const a = normaliseName(name);
  const b = normaliseName(other);
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(kept, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Finds the nearest name within `maxDistance` of it, the first of equals; undefined if there is none. */
export function findNearest<Name extends string>(
  names: readonly Name[],
  wanted: string,
  maxDistance: (name: Name) => number,
): Name | undefined {
  const { length } = normaliseName(wanted);
  let found: Name | undefined;
  let minDistance = Infinity;
  for (const name of names) {
    if (Math.abs(normaliseName(name).length - length) > maxDistance(name)) continue;
    const distance = editDistance(name, wanted);
    if (distance > maxDistance(name) || distance >= minDistance) continue;
    found = name;
    minDistance = distance;
  }
  return found;
}
