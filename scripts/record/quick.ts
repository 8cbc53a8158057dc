/**
 * Chooses the tenth of the cases that `npm test` plays: `npm run record -- --quick` writes it into quick.json. The choice is greedy:
 * each time the case that adds the most rows of the fault matrix, log lines and requests.
 */

/** The facets of a recording: its row of the matrix, its log lines and its requests. */
export function facetsOf(name: string, recording: string): ReadonlySet<string> {
  const [, row] = /^([A-N]\d+)\b/.exec(name) ?? [];
  const logs = [...recording.matchAll(/^──── stdout\n([^]*?)^──── /gm)].map(([, log = '']) => log);
  const requests = recording.match(/^──── (?:API|GitHub|Artifact).*$/gm) ?? [];
  const lines = logs.flatMap((log) => log.split('\n')).filter((line) => !DATA.test(line));
  const facets = [...lines, ...requests].map(normalizeLine).filter((facet) => facet !== '');
  return new Set(row === undefined ? facets : [`row ${row}`, ...facets]);
}

/** Log lines with an item or a progress bar. */
const DATA = /^\s*(?:[-–█░]|\p{L}[^:]{0,30} {2}[█░])/u;

/** Removes values that differ from run to run. */
function normalizeLine(line: string): string {
  return line
    .replaceAll(/[“"`'(][^”"`')]*[”"`')]/g, '…')
    .replaceAll(/\b(?:run|wf|gha|req)_[\w-]+|\bhttps?:\S+|\b[0-9a-f]{7,}\b/g, '…')
    .replaceAll(/\d[\d,.:-]*/g, '0')
    .trim();
}

export interface Cover {
  readonly names: readonly string[];
  /** How many facets of all they contain. */
  readonly covered: number;
  readonly all: number;
}

/** Chooses `count` cases; of cases that add equally much it takes the first. @param slow cases to leave out */
export function chooseCover(
  facets: ReadonlyMap<string, ReadonlySet<string>>,
  count: number,
  slow: readonly string[] = [],
): Cover {
  const covered = new Set<string>();
  const names: string[] = [];
  const added = (name: string) => [...(facets.get(name) ?? [])].filter((facet) => !covered.has(facet));
  while (names.length < count) {
    const others = [...facets.keys()].filter((name) => !names.includes(name) && !slow.includes(name));
    const best = others.reduce((one, other) => (added(other).length > added(one).length ? other : one));
    for (const facet of added(best)) covered.add(facet);
    names.push(best);
  }
  const all = new Set([...facets.values()].flatMap((of) => [...of])).size;
  return { names, covered: covered.size, all };
}
