/**
 * The tenth of the cases that `npm test` plays: `npm run record -- --quick` chooses it anew by what is recorded, and writes it into
 * quick.json. Greedy: each time the case that adds the most rows of the fault matrix and sentences of the log.
 */

/** Each row of the matrix, sentence of the log and request that a recording holds. */
export function rulesOf(name: string, recording: string): ReadonlySet<string> {
  const [, row] = /^([A-N]\d+)\b/.exec(name) ?? [];
  const logs = [...recording.matchAll(/^──── stdout\n([^]*?)^──── /gm)].map(([, log = '']) => log);
  const requests = recording.match(/^──── (?:API|GitHub|Artifact).*$/gm) ?? [];
  const lines = logs.flatMap((log) => log.split('\n')).filter((line) => !DATA.test(line));
  const rules = [...lines, ...requests].map(withoutValues).filter((rule) => rule !== '');
  return new Set(row === undefined ? rules : [`row ${row}`, ...rules]);
}

/** An item, or a bar of progress. */
const DATA = /^\s*(?:[-–█░]|\p{L}[^:]{0,30} {2}[█░])/u;

/** What differs from run to run is left out. */
function withoutValues(line: string): string {
  return line
    .replaceAll(/[“"`'(][^”"`')]*[”"`')]/g, '…')
    .replaceAll(/\b(?:run|wf|gha|req)_[\w-]+|\bhttps?:\S+|\b[0-9a-f]{7,}\b/g, '…')
    .replaceAll(/\d[\d,.:-]*/g, '0')
    .trim();
}

export interface Cover {
  readonly names: readonly string[];
  /** How many of all rules they hold. */
  readonly covered: number;
  readonly all: number;
}

/** Of cases that add equally much the first is chosen. @param slow cases that are not chosen */
export function coverOf(
  rules: ReadonlyMap<string, ReadonlySet<string>>,
  count: number,
  slow: readonly string[] = [],
): Cover {
  const covered = new Set<string>();
  const names: string[] = [];
  const added = (name: string) => [...(rules.get(name) ?? [])].filter((rule) => !covered.has(rule));
  while (names.length < count) {
    const others = [...rules.keys()].filter((name) => !names.includes(name) && !slow.includes(name));
    const best = others.reduce((one, other) => (added(other).length > added(one).length ? other : one));
    for (const rule of added(best)) covered.add(rule);
    names.push(best);
  }
  const all = new Set([...rules.values()].flatMap((of) => [...of])).size;
  return { names, covered: covered.size, all };
}
