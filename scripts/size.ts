/**
 * `npm run size [-- REVISION]`: the size of `src/` and its vocabulary, in the working tree or in a commit. No figure is a budget; they
 * show the cost of a change. Tokens are the leaves of TypeScript's syntax tree, so comments and layout do not count.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { DENIED_NAME } from './denied-names.ts';

const MAX_FUNCTION_LINES = 60;
const MAX_FILE_LINES = 400;

/** Words that prose should avoid. Quotations and samples may contain them, so the goal for their count is not zero. */
const AVOIDED = new RegExp(
  `\\b(?:${[
    'tells?|told|telling|said|hears?|heard|mend(?:s|ed|ing)?|mishaps?|fates?|strikes?|struck|slips?|anew|nameless|astray|weigh(?:s|ed)?|unknowable',
    'for ever|whoever|of which|that which|comes? to|came to|beside|goes by|stands?|own|torn|taken|given|pass(?:es|ed)? over',
    'asked again|judg(?:e|es|ed|ing)|house|rooms?|doors?',
  ].join('|')})\\b`,
  'i',
);

interface File {
  readonly path: string;
  readonly text: string;
}

const [revision] = process.argv.slice(2).filter((one) => !one.startsWith('--'));

function git(...parameters: readonly string[]): string {
  return execFileSync('git', parameters, { encoding: 'utf8', maxBuffer: 2 ** 28 });
}

function readFiles(pattern: RegExp): readonly File[] {
  const list =
    revision === undefined
      ? git('ls-files', '--cached', '--others', '--exclude-standard')
      : git('ls-tree', '-r', '--name-only', revision);
  return list
    .split('\n')
    .filter((path) => pattern.test(path))
    .map((path) => ({
      path,
      text: revision === undefined ? readFileSync(path, 'utf8') : git('show', `${revision}:${path}`),
    }));
}

interface Measured {
  tokens: number;
  readonly names: Set<string>;
  readonly longFunctions: string[];
  commentLines: number;
  readonly avoidedComments: string[];
}

function measure(files: readonly File[]): Measured {
  const measured: Measured = {
    tokens: 0,
    names: new Set(),
    longFunctions: [],
    commentLines: 0,
    avoidedComments: [],
  };
  for (const { path, text } of files) {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const codeLines = new Set<number>();
    const functions: ts.FunctionLikeDeclaration[] = [];
    const visit = (node: ts.Node): void => {
      if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
      const name = declaredName(node);
      if (name !== null) measured.names.add(name);
      if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) functions.push(node);
      const children = node.getChildren(source);
      if (children.length === 0) {
        for (const line of commentLinesBefore(node, text)) {
          measured.commentLines++;
          if (AVOIDED.test(line)) measured.avoidedComments.push(`${path}: ${line}`);
        }
      }
      if (children.length === 0 && node.kind !== ts.SyntaxKind.EndOfFileToken && node.getWidth(source) > 0) {
        measured.tokens++;
        const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
        const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
        for (let line = first; line <= last; line++) codeLines.add(line);
      }
      children.forEach(visit);
    };
    visit(source);
    for (const one of functions) {
      const first = source.getLineAndCharacterOfPosition(one.getStart(source)).line;
      const last = source.getLineAndCharacterOfPosition(one.getEnd()).line;
      const lines = [...codeLines].filter((line) => line >= first && line <= last).length;
      if (lines > MAX_FUNCTION_LINES)
        measured.longFunctions.push(`${path} ${declaredName(one) ?? '(unnamed)'}: ${lines}`);
    }
  }
  return measured;
}

/** The identifier that the node declares, or null. */
function declaredName(node: ts.Node): string | null {
  const isDeclaration =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isTypeParameterDeclaration(node);
  if (!isDeclaration || node.name === undefined || !ts.isIdentifier(node.name)) return null;
  return node.name.text;
}

/** The text of each line of comment before the token. */
function commentLinesBefore(token: ts.Node, text: string): string[] {
  const comments = ts.getLeadingCommentRanges(text, token.pos) ?? [];
  const trailing = ts.getTrailingCommentRanges(text, token.pos) ?? [];
  return [...trailing, ...comments].flatMap(({ pos, end }) =>
    text
      .slice(pos, end)
      .split('\n')
      .map((line) => line.replaceAll(/^\s*(?:\/\*\*?|\*\/?|\/\/)|\*\/$/g, '').trim())
      .filter((words) => words !== ''),
  );
}

/** `fooBarMs` → foo, Bar, Ms, in lower case. */
function partsOf(name: string): string[] {
  return name.split(/(?<=[a-z0-9])(?=[A-Z])|_/).map((part) => part.toLowerCase());
}

/** Titles of `test(…)`, `it(…)`, `describe(…)` and their `.each` rows. */
function testTitles(files: readonly File[]): string[] {
  return files.flatMap(({ text }) =>
    [
      ...text.matchAll(
        /\b(?:test|it|describe)(?:\.each\([\s\S]*?\)|\.each`[\s\S]*?`)?\(\s*(['"`])((?:(?!\1).)+)\1/g,
      ),
    ].map(([, , title = '']) => title),
  );
}

/** Lines of prose outside of code blocks, code spans and the URLs of links. */
function proseLines(files: readonly File[]): string[] {
  return files.flatMap(({ text }) =>
    text
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .replaceAll(/`[^`\n]*`/g, '')
      .replaceAll(/\]\([^)\s]*\)/g, ']')
      .split('\n')
      .filter((line) => line.trim() !== ''),
  );
}

const source = readFiles(/^src\/.*\.ts$/);
const tests = readFiles(/^__tests__\/.*\.ts$/);
const documents = readFiles(/^(?:[A-Z]+|docs\/[^/]+|bench\/README|__tests__\/.*)\.md$/);
const measured = measure(source);
const names = [...measured.names];
const avoidedNames = names.filter((name) => partsOf(name).some((part) => AVOIDED.test(part)));
const titles = testTitles(tests);
const prose = proseLines(documents);
const longFiles = source
  .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
  .filter(({ lines }) => lines > MAX_FILE_LINES);

const rows: readonly (readonly [string, number])[] = [
  ['tokens of code', measured.tokens],
  ['files', source.length],
  ['declared names', names.length],
  [`functions over ${MAX_FUNCTION_LINES} lines of code`, measured.longFunctions.length],
  [`files over ${MAX_FILE_LINES} lines`, longFiles.length],
  ['names that the linter refuses', names.filter((name) => DENIED_NAME.test(name)).length],
  ['names with an avoided word', avoidedNames.length],
  ['comment lines', measured.commentLines],
  ['comment lines with an avoided word', measured.avoidedComments.length],
  ['test titles', titles.length],
  ['test titles with an avoided word', titles.filter((title) => AVOIDED.test(title)).length],
  ['lines of prose', prose.length],
  ['lines of prose with an avoided word', prose.filter((line) => AVOIDED.test(line)).length],
];
console.log(`src/ ${revision ?? 'as it is'}`);
for (const [name, count] of rows) console.log(`${name.padEnd(40)}${count.toLocaleString('en').padStart(9)}`);
for (const one of measured.longFunctions) console.log(`  long function: ${one}`);
for (const { path, lines } of longFiles) console.log(`  long file: ${path}: ${lines}`);
if (process.argv.includes('--words')) {
  console.log(`\nnames: ${avoidedNames.sort().join(' ')}`);
  for (const line of measured.avoidedComments) console.log(`comment: ${line}`);
  for (const title of titles.filter((one) => AVOIDED.test(one))) console.log(`title: ${title}`);
  for (const line of prose.filter((one) => AVOIDED.test(one))) console.log(`prose: ${line}`);
}
