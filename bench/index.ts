/**
 * `npm run bench [-- NAME …] [--small] [--check | --write]`: prints each bench's tables.
 * `--check` fails where a figure that does not depend on the machine is worse than in figures.json, and where a goal is missed that
 * bench/goals.ts does not accept. `--write` writes the figures there and, in full size, the tables' `pageRows` to bench/README.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { fleetBench } from './fleet.ts';
import { goalsBench } from './goals.ts';
import { memory } from './memory.ts';
import { policy } from './policy.ts';
import { processes } from './processes.ts';
import { rows } from './rows.ts';
import { markdown, pageTables, regressions, type Report } from './report.ts';
import { startup } from './startup.ts';
import { tokens } from './tokens.ts';

const BENCHES: Record<string, (small: boolean) => Report | Promise<Report>> = {
  policy,
  tokens,
  fleet: fleetBench,
  goals: goalsBench,
  startup,
  memory,
  rows,
  processes,
};

/** Benches that take minutes of real time on an otherwise idle machine. */
const RUN_ONLY_BY_NAME = ['processes'];

const FIGURES = new URL('figures.json', import.meta.url);
const DOCUMENT = new URL('README.md', import.meta.url);
const IMAGES = new URL('../docs/images/', import.meta.url);
/** Benches whose figures depend on the machine; the document names it. */
const MACHINE_DEPENDENT = ['startup', 'memory', 'rows'];

type Committed = Record<string, Record<string, Record<string, number>>>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    small: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const { small, check, write } = values;
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES).filter((name) => !RUN_ONLY_BY_NAME.includes(name));
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  throw new Error(`no bench is called ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
}

const machine = `${cpus()[0]?.model ?? process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, Node ${process.version}`;
console.log(`${machine}\n`);

const committed = JSON.parse(readFileSync(FIGURES, 'utf8')) as Committed;
const size = small ? 'small' : 'full';
for (const name of names) {
  const startedAt = performance.now();
  const { tables, figures, missed = [], picture } = await BENCHES[name]!(small);
  const text = tables.map(markdown).join('\n\n');
  console.log(`## ${name}\n\n${text}\n\n(${((performance.now() - startedAt) / 1000).toFixed(1)} s)\n`);
  if (write) {
    committed[size] = { ...committed[size], [name]: figures };
    if (!small) {
      const shown = pageTables(tables).map(markdown).join('\n\n');
      let document = withTables(readFileSync(DOCUMENT, 'utf8'), name, shown);
      if (MACHINE_DEPENDENT.includes(name)) document = withTables(document, 'machine', machine);
      writeFileSync(DOCUMENT, document);
      if (picture) writeFileSync(new URL(picture.file, IMAGES), picture.svg);
    }
  }
  if (check) {
    const complaints = [
      ...regressions(figures, committed[size]?.[name] ?? {}).map((line) => `worse than committed: ${name}: ${line}`),
      ...missed.map((what) => `goal missed: ${name}: ${what}`),
    ];
    for (const line of complaints) console.error(line);
    if (complaints.length > 0) process.exitCode = 1;
  }
}
if (write) writeFileSync(FIGURES, `${JSON.stringify(committed, null, 2)}\n`);

/** Replaces the text between the bench's two markers. */
function withTables(document: string, name: string, text: string): string {
  const begin = `<!-- bench ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`bench/README.md has no place for ${name}`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
