/**
 * `npm run size [-- REVISION]`: the size of the source by its parts, of tests and tools, of `dist` and of the documents, in the
 * working tree or in a commit. Tokens are the leaves of TypeScript's syntax tree, so comments and layout do not count.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const MAX_FUNCTION_LINES = 60;
const MAX_FILE_LINES = 400;
const MAX_LINE_CHARACTERS = 140;

/** The first pattern that matches a path below `src/` gives its part. */
const PARTS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['gate language', /^gate\/(?:gate|compile|evaluate)\.ts$/],
  ['new and known', /^(?:gate\/|github\/artifact\.ts$)/],
  ['comment and GitHub', /^(?:github|comment)\//],
  ['API and launch', /^(?:alloovium\/|runs\/|(?:intent|clock|progress)\.ts$)/],
  ['report', /^(?:report\/|text\/|(?:verdict|endings)\.ts$)/],
  ['rest', /^/],
];

/** Folders of tests and tools; the stories are counted apart. */
const SUPPORT = ['__tests__', 'simulator', 'scripts', 'bench'];
const STORIES = '__tests__/stories/';

interface File {
  readonly path: string;
  readonly text: string;
}

const [revision] = process.argv.slice(2);

function git(...parameters: readonly string[]): string {
  return execFileSync('git', parameters, { encoding: 'utf8', maxBuffer: 2 ** 28 });
}

function readFiles(): File[] {
  if (revision === undefined) {
    return git('ls-files', '--cached', '--others', '--exclude-standard')
      .split('\n')
      .filter((path) => isCounted(path) && existsSync(path))
      .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  }
  const paths = git('ls-tree', '-r', '--name-only', revision).split('\n').filter(isCounted);
  const objects = paths.map((path) => `${revision}:${path}\n`).join('');
  const batch = execFileSync('git', ['cat-file', '--batch'], { input: objects, maxBuffer: 2 ** 30 });
  let at = 0;
  return paths.map((path) => {
    const end = batch.indexOf('\n', at);
    const size = Number(batch.toString('utf8', at, end).split(' ').at(-1));
    at = end + 1 + size + 1;
    return { path, text: batch.toString('utf8', end + 1, end + 1 + size) };
  });
}

function isCounted(path: string): boolean {
  return /^(?:src|__tests__|simulator|scripts|bench|dist)\//.test(path) || path.endsWith('.md');
}

interface Measured {
  readonly tokens: number;
  readonly longFunctions: readonly string[];
}

function measure({ path, text }: File): Measured {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const codeLines = new Set<number>();
  const functions: ts.FunctionLikeDeclaration[] = [];
  let tokens = 0;
  const visit = (node: ts.Node): void => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) functions.push(node);
    const children = node.getChildren(source);
    if (children.length === 0 && node.kind !== ts.SyntaxKind.EndOfFileToken && node.getWidth(source) > 0) {
      tokens++;
      for (let line = lineOf(node.getStart(source)); line <= lineOf(node.getEnd()); line++) codeLines.add(line);
    }
    children.forEach(visit);
  };
  visit(source);
  const longFunctions = functions.flatMap((one) => {
    const first = lineOf(one.getStart(source));
    const last = lineOf(one.getEnd());
    const lines = [...codeLines].filter((line) => line >= first && line <= last).length;
    return lines > MAX_FUNCTION_LINES ? [`${path}:${first + 1}: ${lines} lines of code`] : [];
  });
  return { tokens, longFunctions };
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function print(name: string, ...counts: readonly number[]): void {
  console.log(name.padEnd(40) + counts.map((count) => count.toLocaleString('en').padStart(11)).join(''));
}

const all = readFiles();
const below = (folder: string) => all.filter(({ path }) => path.startsWith(folder));

console.log(`${revision ?? 'working tree'}\n\nsrc: tokens, files`);
const source = below('src/').map((file) => ({ ...file, ...measure(file) }));
const partOf = (path: string) => PARTS.find(([, pattern]) => pattern.test(path.slice('src/'.length)))?.[0];
for (const [name] of PARTS) {
  const files = source.filter(({ path }) => partOf(path) === name);
  print(`  ${name}`, sum(files.map(({ tokens }) => tokens)), files.length);
}
print('  all', sum(source.map(({ tokens }) => tokens)), source.length);
const longFunctions = source.flatMap((file) => file.longFunctions);
print(`functions over ${MAX_FUNCTION_LINES} lines of code`, longFunctions.length);
for (const one of longFunctions) console.log(`  ${one}`);
const longFiles = source.filter(({ text }) => linesOf(text).length > MAX_FILE_LINES);
print(`files over ${MAX_FILE_LINES} lines`, longFiles.length);
for (const { path, text } of longFiles) console.log(`  ${path}: ${linesOf(text).length} lines`);

console.log(`\ntests and tools: lines, of them over ${MAX_LINE_CHARACTERS} characters; data (.json) apart`);
const isStory = ({ path }: File) => path.startsWith(STORIES) && path.endsWith('.md');
const isData = ({ path }: File) => path.endsWith('.json');
function printLines(name: string, files: readonly File[]): void {
  const lines = files.flatMap(({ text }) => linesOf(text));
  print(`  ${name}`, lines.length, lines.filter((line) => line.length > MAX_LINE_CHARACTERS).length);
}
const support = SUPPORT.flatMap((folder) => below(`${folder}/`)).filter((file) => !isStory(file));
for (const folder of SUPPORT)
  printLines(
    folder,
    support.filter((file) => file.path.startsWith(`${folder}/`) && !isData(file)),
  );
printLines(
  'all',
  support.filter((file) => !isData(file)),
);
printLines('data', support.filter(isData));
printLines(`stories (${all.filter(isStory).length})`, all.filter(isStory));

console.log('\ndist: bytes');
const isArtifactChunk = ({ path, text }: File) =>
  path !== 'dist/index.js' && path.endsWith('.js') && /@actions\/artifact|apache-arrow/.test(text);
const bytesOf = (files: readonly File[]) => sum(files.map(({ text }) => Buffer.byteLength(text)));
print('  without the artifact library', bytesOf(below('dist/').filter((file) => !isArtifactChunk(file))));
print('  chunk of the artifact library', bytesOf(below('dist/').filter(isArtifactChunk)));

console.log('\ndocuments: words');
const wordsOf = (files: readonly File[]) => sum(files.map(({ text }) => text.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0));
const documents = all.filter((file) => file.path.endsWith('.md') && !isStory(file));
print('  README.md', wordsOf(documents.filter(({ path }) => path === 'README.md')));
print('  others', wordsOf(documents.filter(({ path }) => path !== 'README.md')));
