/** Which name was meant by one that is mistyped. */

/** Names are told apart neither by case nor by separators, and by no more of them than anyone reads. */
function bare(name: string): string {
  return name.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** How many insertions, deletions, replacements and swaps of neighbours make one name of the other. */
export function lettersOff(name: string, other: string): number {
  const [a, b] = [bare(name), bare(other)];
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(kept, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

/** The name that `wanted` is at most so many letters off, the nearest and then the first one; undefined: none is. */
export function nearest<Name extends string>(
  names: readonly Name[],
  wanted: string,
  most: (name: Name) => number,
): Name | undefined {
  const { length } = bare(wanted);
  let [found, least]: [Name | undefined, number] = [undefined, Infinity];
  for (const name of names) {
    if (Math.abs(bare(name).length - length) > most(name)) continue;
    const off = lettersOff(name, wanted);
    if (off <= most(name) && off < least) [found, least] = [name, off];
  }
  return found;
}
