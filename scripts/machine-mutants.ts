/**
 * `npm run mutants:machine -- --seed 1 --count 300 --out FILE [--tree FOLDER]`: the share of machine-made mutants of
 * src/ that the tests catch. Mutants are drawn evenly over the nodes of the syntax, by seed; one counts only if it
 * type-checks. A mutant meets the tests that execute its place, the cheapest first, within BUDGET_MS of their CPU time;
 * one that ends in a loop is caught. What several test files execute before their first test meets all tests of those.
 *
 * The share is over the source-level tests of `npm test`: those that run the bundle (e2e, faults), and the
 * conformance suites, do not take part. The tree is only read: the mutant is put in as jest reads the file.
 *
 * FILE gets a line of JSON for each mutant as it is done; a run that was ended goes on from there.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutants, type Mutant } from './machine-mutants/mutants.ts';
import type { Edit, Executed, Plan } from './machine-mutants/plan.ts';

/** Of the tests that a mutant meets, as measured without it. */
const BUDGET_MS = 15_000;
/** A run of jest has its tests' time twice, and this. */
const SPARE_MS = 6_000;
/** For tests that wait instead of working. */
const WALL_MS = 6 * 60_000;
/** For the modules of a test file. */
const LOAD_MS = 300;
const HEAP_MIB = 2048;
const OUTSIDE = '/__tests__/(e2e|faults|browser|simulator|contract|bench|conformance|markdown)/';

interface Done extends Edit {
  readonly line: number;
  readonly was: string;
  readonly verdict: 'no-type' | 'caught' | 'survived';
  /** The test, or what ended the process. */
  readonly by?: string;
  /** How many were run at most, and how many were left out for the budget. */
  readonly tests?: number;
  readonly leftOut?: number;
  readonly seconds?: number;
}

const HERE = fileURLToPath(new URL('machine-mutants/', import.meta.url));
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '300' },
    out: { type: 'string' },
    tree: { type: 'string', default: '.' },
  },
});
const tree = resolve(values.tree);
const cache = resolve('.cache');
mkdirSync(cache, { recursive: true });
const out = values.out ?? join(cache, 'mutants.jsonl');
const executed = await recorded();
const byPlace = Map.groupBy(
  executed.flatMap((test) =>
    Object.entries(test.functions).flatMap(([path, all]) => all.map((ranges) => ({ test, path, ranges }))),
  ),
  ({ path, ranges }) => `${path}:${ranges[0][1]}`,
);

const done: Done[] = existsSync(out) ? linesOf<Done>(out) : [];
const keyOf = ({ path, start, end, text }: Edit) => JSON.stringify([path, start, end, text]);
const known = new Map(done.map((one) => [keyOf(one), one]));
const counted: Done[] = [];
for (const mutant of mutants(tree, Number(values.seed), (edit) => {
  const before = known.get(keyOf(edit));
  return before && before.verdict !== 'no-type';
})) {
  if (counted.length >= Number(values.count)) break;
  const result = known.get(keyOf(mutant)) ?? (await tried(mutant));
  if (!known.has(keyOf(mutant))) appendFileSync(out, `${JSON.stringify(result)}\n`);
  if (result.verdict === 'no-type') continue;
  counted.push(result);
  if (!known.has(keyOf(mutant))) console.error(`${counted.length}. ${told(result)}`);
}
const survivors = counted.filter(({ verdict }) => verdict === 'survived');
const caught = counted.length - survivors.length;
for (const survivor of survivors) console.log(told(survivor));
console.log(
  `\ncaught ${caught} of ${counted.length} (${((100 * caught) / counted.length).toFixed(1)} %) by the source-level tests, seed ${values.seed}`,
);

function told({ path, line, was, text, verdict, by, tests, leftOut, seconds }: Done): string {
  const short = (code: string) => code.replaceAll(/\s+/g, ' ').slice(0, 70);
  const place = `${relative(tree, path)}:${line}: ${short(was)} → ${short(text)}`;
  const how = by === undefined ? `${tests} tests${leftOut ? `, ${leftOut} left out` : ''}` : `by ${by}`;
  return `${place}: ${verdict} (${how}, ${seconds} s)`;
}

async function tried({ typeChecks, ...mutant }: Mutant & { readonly typeChecks: boolean }): Promise<Done> {
  if (!typeChecks) return { ...mutant, verdict: 'no-type' };
  const { tests, cpuMs, count, leftOut } = testsOf(mutant);
  const begun = performance.now();
  const { end, output } =
    count === 0
      ? { end: 0, output: '' }
      : await jest({ tree, mutant, tests, record: '' }, 2 * cpuMs + SPARE_MS);
  if (count > 0 && !output.includes('BEGUN')) throw new Error(`jest did not begin: ${output}`);
  const by =
    /^CAUGHT (.*)$/m.exec(output)?.[1] ??
    (end === 0 ? undefined : end === 'SIGKILL' ? 'a loop' : `exit ${end}`);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const verdict = by === undefined ? 'survived' : 'caught';
  return { ...mutant, verdict, ...(by === undefined ? {} : { by }), tests: count, leftOut, seconds };
}

/** The cheapest tests that execute the place, by file; a file of the place's own name first, then what costs least. */
function testsOf(mutant: Mutant) {
  const reached = reachedBy(mutant);
  const always = new Set([...reached].filter(({ name }) => name === '').map(({ file }) => file));
  const all = executed.filter((one) => one.name !== '' && (always.has(one.file) || reached.has(one)));
  const chosen = new Map<string, Executed[]>();
  let cpuMs = 0;
  for (const one of all.toSorted((a, b) => a.cpuMs - b.cpuMs)) {
    const costs = one.cpuMs + (chosen.has(one.file) ? 0 : LOAD_MS);
    if (cpuMs + costs > BUDGET_MS) continue;
    cpuMs += costs;
    chosen.set(one.file, [...(chosen.get(one.file) ?? []), one]);
  }
  const rank = ([file, tests]: readonly [string, readonly Executed[]]) =>
    basename(file) === `${basename(mutant.path, '.ts')}.test.ts`
      ? 0
      : tests.reduce((sum, one) => sum + one.cpuMs, LOAD_MS);
  const files = [...chosen].toSorted((a, b) => rank(a) - rank(b));
  const tests = Object.fromEntries(files.map(([file, some]) => [file, some.map(({ name }) => name)]));
  const count = [...chosen.values()].flat().length;
  return { tests, cpuMs, count, leftOut: all.length - count };
}

/** The tests whose execution reached the place: the innermost block around it in the function it is in. */
function reachedBy({ path, start, end, scopeEnd }: Mutant): Set<Executed> {
  const functions = (byPlace.get(`${path}:${scopeEnd}`) ?? []).filter(({ ranges: [all] }) => all[0] <= start);
  // One that returns another ends where that does.
  const from = Math.max(...functions.map(({ ranges: [all] }) => all[0]));
  const reached = functions.filter(({ ranges }) => {
    const around = ranges.filter((range) => range[0] <= start && end <= range[1]);
    const inner = around.toSorted((a, b) => a[1] - a[0] - (b[1] - b[0]))[0];
    return ranges[0][0] === from && inner !== undefined && inner[2] > 0;
  });
  return new Set(reached.map(({ test }) => test));
}

/** What each test executes, from one run of them all; kept until a file of the tree changes. */
async function recorded(): Promise<Executed[]> {
  const hash = createHash('sha256').update(tree);
  for (const path of globSync('{src,__tests__,simulator}/**/*.ts', { cwd: tree }).toSorted()) {
    hash.update(path).update(readFileSync(join(tree, path)));
  }
  const file = join(cache, `executed-${hash.digest('hex').slice(0, 16)}.jsonl`);
  if (!existsSync(file)) {
    const record = `${file}.part`;
    rmSync(record, { force: true });
    const { end, output } = await jest({ tree, record }, 30 * 60_000);
    if (!existsSync(record)) throw new Error(`no test was run: ${output}`);
    if (end !== 0)
      console.error(`red without a mutant: ${output.match(/(?<=^RED ).*$/gm)?.join(', ') ?? output}`);
    renameSync(record, file);
  }
  return linesOf(file);
}

function linesOf<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as T);
}

/** A run of jest in a process of its own, whose CPU time is limited: a busy machine makes nothing late. */
async function jest(plan: Plan, cpuMs: number): Promise<{ end: number | string; output: string }> {
  const file = join(cache, `plan-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(plan));
  const config = {
    rootDir: tree,
    roots: ['<rootDir>/__tests__'],
    testMatch: ['**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/', OUTSIDE],
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '\\.ts$': join(HERE, 'transform.ts') },
    testEnvironment: join(HERE, 'environment.ts'),
    testSequencer: join(HERE, 'order.ts'),
    testTimeout: 30_000,
    reporters: [],
    cacheDirectory: join(cache, 'jest'),
  };
  const child = spawn(
    'sh',
    [
      ...['-c', 'ulimit -t "$0" && exec "$@"', String(Math.ceil(cpuMs / 1000)), process.execPath],
      ...['--experimental-vm-modules', `--max-old-space-size=${HEAP_MIB}`, 'node_modules/jest/bin/jest.js'],
      ...['--runInBand', '--silent', '--forceExit', '--config', JSON.stringify(config)],
      ...(plan.tests ? ['--runTestsByPath', ...Object.keys(plan.tests)] : []),
    ],
    {
      cwd: tree,
      env: { ...process.env, MACHINE_MUTANT: file },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(plan.tests ? { timeout: WALL_MS, killSignal: 'SIGKILL' } : {}),
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-20_000)));
  }
  const { promise, resolve: end } = Promise.withResolvers<number | string>();
  child.on('error', (error) => end(error.message)).on('close', (code, signal) => end(signal ?? code ?? ''));
  return { end: await promise, output };
}
