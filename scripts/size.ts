/**
 * `npm run size`: the size of the working tree. Tokens are the leaves of TypeScript's syntax tree, so comments and layout do not count;
 * a declared type is an `interface` or a `type`; lines of tests and tools leave out stories and data (.json).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import ts from 'typescript';

const MAX_FUNCTION_LINES = 60;
const MAX_FILE_LINES = 400;

interface File {
  readonly path: string;
  readonly text: string;
}

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
const all: readonly File[] = tracked
  .split('\n')
  .filter((path) => /^(?:src|__tests__|simulator|scripts|bench|dist)\/|\.md$/.test(path) && existsSync(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const source = all.filter(({ path }) => path.startsWith('src/'));
const isStory = ({ path }: File) => /^__tests__\/stories\/.*\.md$/.test(path);
const stories = all.filter(isStory);
const tools = all.filter((file) => /^(?:__tests__|simulator|scripts|bench)\/.*(?<!\.json)$/.test(file.path) && !isStory(file));
const documents = all.filter((file) => file.path.endsWith('.md') && !isStory(file));
// The artifact library, which is larger than all else, is loaded only where a baseline is saved.
const dist = all.filter(
  ({ path, text }) =>
    path.startsWith('dist/') && (path === 'dist/index.js' || !path.endsWith('.js') || !/@actions\/artifact|apache-arrow/.test(text)),
);

function countLines({ text }: File): number {
  return text.replace(/\n$/, '').split('\n').length;
}

function countWords({ text }: File): number {
  return text.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0;
}

function sum(files: readonly File[], count: (file: File) => number): number {
  return files.reduce((total, file) => total + count(file), 0);
}

/** Counts tokens and declared types of a file, and lists its long functions by their lines of code. */
function measure({ path, text }: File) {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  const codeLines = new Set<number>();
  const functions: ts.Node[] = [];
  let tokens = 0;
  let types = 0;
  const visit = (node: ts.Node): void => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) types++;
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) functions.push(node);
    const children = node.getChildren(tree);
    if (children.length === 0 && node.kind !== ts.SyntaxKind.EndOfFileToken && node.getWidth(tree) > 0) {
      tokens++;
      for (let line = lineOf(node.getStart(tree)); line <= lineOf(node.getEnd()); line++) codeLines.add(line);
    }
    children.forEach(visit);
  };
  visit(tree);
  const longFunctions = functions.flatMap((one) => {
    const [first, last] = [lineOf(one.getStart(tree)), lineOf(one.getEnd())];
    const lines = [...codeLines].filter((line) => line >= first && line <= last).length;
    return lines > MAX_FUNCTION_LINES ? [`${path}:${first + 1} (${lines})`] : [];
  });
  return { tokens, types, longFunctions };
}

function print(name: string, count: number, which: readonly string[] = []): void {
  console.log(`${name.padEnd(44)}${count.toLocaleString('en').padStart(10)}  ${which.join(', ')}`.trimEnd());
}

const measured = source.map(measure);
const { output } = await cruise(['src'], { tsPreCompilationDeps: true, doNotFollow: 'node_modules' });
const inCircles = (output as ICruiseResult).modules.filter(({ dependencies }) => dependencies.some((one) => one.circular));
const longFunctions = measured.flatMap((one) => one.longFunctions);
const longFiles = source.filter((file) => countLines(file) > MAX_FILE_LINES);
print(
  'tokens of src/',
  measured.reduce((total, { tokens }) => total + tokens, 0),
);
print('files', source.length);
print(
  'declared types',
  measured.reduce((total, { types }) => total + types, 0),
);
print(
  'files in a circle, types counted',
  inCircles.length,
  inCircles.map((one) => one.source),
);
print(`functions over ${MAX_FUNCTION_LINES} lines of code`, longFunctions.length, longFunctions);
print(
  `files over ${MAX_FILE_LINES} lines`,
  longFiles.length,
  longFiles.map(({ path }) => path),
);
print('lines of tests, simulator, scripts and bench', sum(tools, countLines));
print('stories', stories.length);
print('stories with a sequel', stories.filter(({ text }) => /\bfollows:/.test(text)).length);
print(
  'bytes of dist without the artifact library',
  sum(dist, ({ text }) => Buffer.byteLength(text)),
);
const readme = documents.filter(({ path }) => path === 'README.md');
print('words of README.md', sum(readme, countWords));
print('words of all other documents', sum(documents, countWords) - sum(readme, countWords));
