/**
 * `npm run mistakes [-- --only N]`: plays `__tests__/mistakes.json`, mistakes in lines that a seed drew, made by somebody who had not
 * read the tests. Each is applied to a copy of the tree; `npm test` runs, and if that passes, all recordings as in `npm run check`.
 * `--draw SEED` draws lines. `--check` only lists the mistakes whose line has changed since it was drawn, which are not played.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { seededRandom } from '../simulator/random.ts';
import { build, copyTree, countIn, findCatchingTest, ROOT, withFolder } from './mutants/tree.ts';
import type { Change, Suite, Test } from './mutants/tree.ts';

interface Mistake extends Change {
  /** The line, as it was at the commit. */
  readonly drawn: string;
  /** What goes wrong, and when. */
  readonly breaks: string;
  /** The command that saw it when it was drawn; null: neither did. */
  readonly caughtBy: 'npm test' | 'npm run check' | null;
  readonly test: Test | null;
  /** The test that was missing, and has been written since. */
  readonly heldNowBy?: Test;
}

interface Draw {
  readonly seed: number;
  readonly commit: string;
  /** Lines that cannot be broken visibly: the next line drawn replaces each. */
  readonly skipped: readonly string[];
  readonly mistakes: readonly Mistake[];
}

interface NamedSuite extends Suite {
  readonly name: 'npm test' | 'npm run check';
}

const DRAWN = 18;
/** Replace lines that cannot be broken visibly. */
const SPARE = 10;
const LIST = join(ROOT, '__tests__/mistakes.json');

const TEST: NamedSuite = { name: 'npm test', needsBundle: true, args: ['--maxWorkers=2'] };
const RECORDINGS: NamedSuite = {
  name: 'npm run check',
  needsBundle: true,
  args: [
    ...['--maxWorkers=2', '--maxConcurrency=5', '--testPathPatterns=/__tests__/recordings/'],
    ...['/node_modules/', 'recordings/quick'].map((part) => `--testPathIgnorePatterns=${part}`),
  ],
};

const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);
const COMPARISONS = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const PREDICATES = new Set(['filter', 'some', 'every', 'find', 'findLast', 'findIndex']);

const { draw, only, check } = parseArgs({
  options: {
    draw: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    check: { type: 'boolean', default: false },
  },
}).values;
if (draw !== undefined) await drawLines(Number(draw));
else await playList();

/** The parts of a node that decide; none: it decides nothing. */
function decidingParts(one: ts.Node): readonly ts.Node[] {
  if (ts.isIfStatement(one) || ts.isWhileStatement(one) || ts.isDoStatement(one)) return [one.expression];
  if (ts.isForStatement(one)) return one.condition === undefined ? [] : [one.condition];
  if (ts.isConditionalExpression(one)) return [one.condition];
  if (ts.isCaseClause(one)) return [one];
  if (ts.isPrefixUnaryExpression(one) && one.operator === ts.SyntaxKind.ExclamationToken) return [one];
  if (ts.isBinaryExpression(one)) {
    const operator = one.operatorToken.kind;
    if (LOGICAL.has(operator)) return [one.left, one.right];
    return COMPARISONS.has(operator) ? [one] : [];
  }
  if (ts.isCallExpression(one) && ts.isPropertyAccessExpression(one.expression)) {
    const [predicate] = one.arguments;
    return PREDICATES.has(one.expression.name.text) && predicate !== undefined ? [predicate] : [];
  }
  return ts.isNumericLiteral(one) && isInConstant(one) ? [one] : [];
}

/** Is it in the value of a constant of the file, such as a limit? */
function isInConstant(one: ts.Node): boolean {
  const declaration = ts.findAncestor(one, ts.isVariableDeclaration);
  return (
    declaration !== undefined &&
    ts.isSourceFile(declaration.parent.parent.parent) &&
    /^[A-Z][A-Z\d_]*$/.test(declaration.name.getText()) &&
    ts.findAncestor(one, ts.isFunctionLike) === undefined
  );
}

async function drawLines(seed: number): Promise<void> {
  const found: string[] = [];
  for (const file of (await readdir(join(ROOT, 'src'), { recursive: true })).sort()) {
    if (!file.endsWith('.ts')) continue;
    const text = await readFile(join(ROOT, 'src', file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const lines = new Set<number>();
    const visit = (one: ts.Node): void => {
      for (const part of decidingParts(one))
        lines.add(source.getLineAndCharacterOfPosition(part.getStart(source)).line);
      ts.forEachChild(one, visit);
    };
    visit(source);
    const texts = text.split('\n');
    for (const line of lines) found.push(`src/${file}:${line + 1}: ${texts[line]?.trim() ?? ''}`);
  }
  console.log(`seed ${seed}, of ${found.length} deciding lines`);
  const random = seededRandom(seed);
  for (let count = 1; count <= DRAWN + SPARE; count++) {
    const [line = ''] = found.splice(Math.floor(random() * found.length), 1);
    console.log(`${count <= DRAWN ? String(count) : `spare ${count - DRAWN}`}. ${line}`);
  }
}

async function playList(): Promise<void> {
  const draws = JSON.parse(await readFile(LIST, 'utf8')) as readonly Draw[];
  const chosen = draws
    .flatMap(({ commit, mistakes }) => mistakes.map((mistake) => ({ ...mistake, commit })))
    .map((mistake, at) => ({ ...mistake, number: at + 1 }))
    .filter(({ number }) => only.length === 0 || only.includes(String(number)));
  const fitting: Numbered[] = [];
  for (const mistake of chosen) {
    const { number, drawn, file, find, commit } = mistake;
    if ((await countIn(file, find)) === 1) fitting.push(mistake);
    else console.log(`${number}. ${drawn}: changed since it was drawn at ${commit.slice(0, 8)}`);
  }
  console.log(`${fitting.length} of ${chosen.length} fit the source`);
  if (!check) process.exitCode = await withFolder((folder, signal) => play(fitting, folder, signal));
}

interface Numbered extends Mistake {
  readonly number: number;
}

async function play(mistakes: readonly Numbered[], folder: string, signal: AbortSignal): Promise<0> {
  const clean = await copyTree(ROOT, join(folder, 'clean'));
  const tree = await copyTree(clean, join(folder, 'changed'));
  await build(clean, signal);
  const counts = { 'npm test': 0, 'npm run check': 0, SURVIVED: 0 };
  for (const mistake of mistakes) {
    const { number, drawn } = mistake;
    const caught = await findCatchingTest(mistake, suitesFor(mistake), tree, clean, signal);
    const result = caught?.suite.name ?? 'SURVIVED';
    counts[result]++;
    const test = caught === null ? '' : `: “${caught.test.title}” (${caught.test.file})`;
    console.log(`${number}. ${drawn}: ${result}${test}`);
  }
  console.log(
    Object.entries(counts)
      .map(([result, count]) => `${result}: ${count}`)
      .join(', '),
  );
  return 0;
}

/** The file of the test that is known to catch it first: what that sees, its suite sees. */
function suitesFor({ test, heldNowBy }: Mistake): readonly NamedSuite[] {
  const file = (heldNowBy ?? test)?.file ?? '';
  if (file === '' || !existsSync(join(ROOT, '__tests__', file))) return [TEST, RECORDINGS];
  const first: NamedSuite = {
    name: file === 'recordings/recordings.test.ts' ? 'npm run check' : 'npm test',
    needsBundle: file.startsWith('recordings/'),
    args: [
      '--maxWorkers=2',
      `--testPathPatterns=/__tests__/${file}$`,
      '--testPathIgnorePatterns=/node_modules/',
    ],
  };
  return [first, TEST, RECORDINGS];
}
