/** Copies of the tree with one change of `src/` each, and the tests that fail with it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Made in the copy, or not needed there. */
const NOT_COPIED = ['node_modules', '.git', '.cache', 'coverage', 'dist', 'preview'];
/** A suite that takes longer hangs. */
const MAX_SUITE_MS = 15 * 60_000;
let reports = 0;

export interface Change {
  /** Under src/. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Suite {
  /** Arguments of jest. */
  readonly args: readonly string[];
  /** It runs the bundle. */
  readonly needsBundle: boolean;
}

export interface Test {
  readonly file: string;
  readonly title: string;
}

/** How often the text is in a file of src/; 0 if there is no such file. */
export async function countIn(file: string, text: string): Promise<number> {
  const path = join(ROOT, 'src', file);
  return existsSync(path) ? (await readFile(path, 'utf8')).split(text).length - 1 : 0;
}

/** Runs with a folder for copies and a signal that stops it; removes the folder. */
export async function withFolder(
  run: (folder: string, signal: AbortSignal) => Promise<0 | 1>,
): Promise<0 | 1> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  try {
    await mkdir(join(folder, 'temp'));
    return await run(folder, stop.signal);
  } finally {
    stop.abort();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
  }
}

export async function copyTree(from: string, to: string): Promise<string> {
  const excluded = NOT_COPIED.map((name) => join(from, name));
  await cp(from, to, { recursive: true, filter: (path) => !excluded.includes(path) });
  await symlink(join(ROOT, 'node_modules'), join(to, 'node_modules'));
  return to;
}

/** The first test that fails with the change and passes without it, and its suite; null: none. */
export async function findCatchingTest<S extends Suite>(
  { file, find, replace }: Change,
  suites: readonly S[],
  tree: string,
  clean: string,
  signal: AbortSignal,
): Promise<{ suite: S; test: Test } | null> {
  const path = join(tree, 'src', file);
  const source = await readFile(path, 'utf8');
  let isBuilt = false;
  const failuresHere = async (suite: Suite) => {
    if (suite.needsBundle && !isBuilt) {
      isBuilt = true;
      await build(tree, signal);
    }
    return failingTests(suite.args, tree, signal);
  };
  try {
    await writeFile(
      path,
      source.replace(find, () => replace),
    );
    for (const suite of suites) {
      for (const test of (await failuresHere(suite)).slice(0, 5)) {
        const args = [
          ...['--runInBand', `--testPathPatterns=/__tests__/${test.file}$`],
          ...['--testPathIgnorePatterns=/node_modules/', `--testNamePattern=^${escapeRegExp(test.title)}$`],
        ];
        // A test that fails without the change too, or only sometimes, proves nothing.
        if ((await failingTests(args, clean, signal)).length > 0) continue;
        if ((await failuresHere({ ...suite, args })).length > 0) return { suite, test };
      }
    }
    return null;
  } finally {
    await writeFile(path, source);
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

interface Results {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** The tests that fail in a tree; a file that cannot be loaded has none. */
async function failingTests(args: readonly string[], tree: string, signal: AbortSignal): Promise<Test[]> {
  // With `--bail` jest ends before it has written the report.
  const report = join(tree, `results-${++reports}.json`);
  const message = await node(
    [
      ...['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--forceExit'],
      ...['--silent', '--json', `--outputFile=${report}`, ...args],
    ],
    tree,
    signal,
  ).catch((error: unknown) => {
    // Failing tests are expected.
    signal.throwIfAborted();
    return error;
  });
  if (!existsSync(report)) throw new Error(`no results of ${args.join(' ')}`, { cause: message });
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Results;
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => ({ file: relative(join(tree, '__tests__'), name), title: fullName })),
  );
}

/** Builds the bundle of a tree. Unused variables are allowed, since a change may leave one. */
export async function build(tree: string, signal: AbortSignal): Promise<void> {
  const config = join(tree, 'tsconfig.json');
  const strict = await readFile(config, 'utf8');
  await writeFile(config, strict.replace(/("noUnused(Locals|Parameters)": )true/g, '$1false'));
  await rm(join(tree, 'dist'), { recursive: true, force: true });
  await node(['node_modules/.bin/ncc', 'build', 'src/index.ts', '-o', 'dist', '-q'], tree, signal);
}

async function node(args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  await promisify(execFile)(process.execPath, args, {
    cwd,
    signal,
    timeout: MAX_SUITE_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 28,
    env: { ...process.env, TMPDIR: join(cwd, '..', 'temp') },
  });
}
