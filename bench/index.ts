/**
 * `npm run bench [-- NAME …]` prints figures and their goals. `--small` takes less than 20 s; `--check` fails where a goal is missed
 * that does not depend on the machine's speed; `--against REVISION` compares the start with that commit's `dist`; `--dist FOLDER`
 * measures another bundle than `dist`.
 */
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatValue, type BenchOptions, type Figure } from './figure.ts';
import { measureFlaps } from './flaps.ts';
import { measureFleets } from './fleet.ts';
import { measureGate } from './gate.ts';
import { measureMemory } from './memory.ts';
import { measureReports } from './report.ts';
import { measureStart } from './startup.ts';

interface Bench {
  readonly measure: (options: BenchOptions) => Promise<readonly Figure[]>;
  /** Whether a slow or busy machine changes the figures. */
  readonly dependsOnSpeed: boolean;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  gate: { measure: measureGate, dependsOnSpeed: true },
  report: { measure: measureReports, dependsOnSpeed: true },
  flaps: { measure: measureFlaps, dependsOnSpeed: false },
  fleet: { measure: measureFleets, dependsOnSpeed: false },
  startup: { measure: measureStart, dependsOnSpeed: true },
  memory: { measure: measureMemory, dependsOnSpeed: false },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    small: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    against: { type: 'string' },
    dist: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
  },
});
const options = { isSmall: values.small, dist: resolve(values.dist), against: values.against ?? null };
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);

console.log(`${cpus()[0]?.model ?? process.arch}, ${cpus().length} cores, Node ${process.version}`);
for (const name of names) {
  const bench = BENCHES[name];
  if (bench === undefined) throw new Error(`There is no bench “${name}”; there are ${Object.keys(BENCHES).join(', ')}.`);
  const startedAt = performance.now();
  const figures = await bench.measure(options);
  console.log(`\n${name} (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`);
  for (const figure of figures) console.log(formatFigure(figure));
  if (values.check && !bench.dependsOnSpeed && figures.some(isMissed)) process.exitCode = 1;
}

function isMissed({ value, atMost }: Figure): boolean {
  // NaN misses a goal too.
  return atMost !== null && !(value <= atMost);
}

function formatFigure(figure: Figure): string {
  const { what, atMost } = figure;
  const goal = atMost === null ? '' : `${isMissed(figure) ? 'MISSED: ' : ''}at most ${atMost}`;
  return `${formatValue(figure).padStart(12)}  ${goal.padEnd(12)}  ${what}`;
}
