/** Mutants of a tree's src/ from its syntax: the usual operators, one edit for each node, in an order that a seed gives. */
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { Edit } from './plan.ts';

export interface Mutant extends Edit {
  readonly line: number;
  readonly was: string;
  /** Where the function around it ends, or the file. */
  readonly scopeEnd: number;
}

const OPERATORS = new Map(
  Object.entries({
    '===': ['!=='],
    '!==': ['==='],
    '<': ['<=', '>='],
    '<=': ['<', '>'],
    '>': ['>=', '<='],
    '>=': ['>', '<'],
    '&&': ['||'],
    '||': ['&&'],
    '??': ['||'],
    '+': ['-'],
    '-': ['+'],
    '*': ['/'],
    '/': ['*'],
    '%': ['*'],
    '+=': ['-='],
    '-=': ['+='],
  }),
);
const ENDS = new Set(['&&', '||', '??']);
const METHODS = new Map(
  Object.entries({
    some: 'every',
    every: 'some',
    startsWith: 'endsWith',
    endsWith: 'startsWith',
    min: 'max',
    max: 'min',
    toLowerCase: 'toUpperCase',
    toUpperCase: 'toLowerCase',
    floor: 'ceil',
    ceil: 'floor',
  }),
);
/** A call of one is left out. */
const LEFT_OUT = new Set(['filter', 'trim', 'sort', 'toSorted', 'reverse', 'toReversed', 'slice']);

/** All that type-check, in the order of the seed; `isKnown` says of one whether it did, where that is known. */
export function* mutants(
  tree: string,
  seed: number,
  isKnown: (edit: Edit) => boolean | undefined,
): Generator<Mutant & { readonly typeChecks: boolean }> {
  const { service, put, files } = languageService(tree);
  const program = service.getProgram();
  const sources = files.flatMap((path) => program?.getSourceFile(path) ?? []);
  const random = randomOf(seed);
  const chosen = sources.flatMap((source) =>
    editsByNode(source).map((edits) => ({
      edit: edits[Math.floor(random() * edits.length)],
      at: random(),
      source,
    })),
  );
  const importers = (path: string) =>
    sources.filter((source) =>
      source.statements.some(
        (one) =>
          ts.isImportDeclaration(one) &&
          ts.isStringLiteral(one.moduleSpecifier) &&
          join(dirname(source.fileName), one.moduleSpecifier.text) === path,
      ),
    );
  const typeChecks = ({ path, start, end, text }: Edit, source: ts.SourceFile) => {
    put(path, source.text.slice(0, start) + text + source.text.slice(end));
    const isSound =
      service.getSyntacticDiagnostics(path).length === 0 &&
      [source, ...importers(path)].every(
        ({ fileName }) => service.getSemanticDiagnostics(fileName).length === 0,
      );
    put(path, source.text);
    return isSound;
  };
  for (const { edit, source } of chosen.toSorted((a, b) => a.at - b.at)) {
    if (!edit) continue;
    yield {
      ...edit,
      line: source.getLineAndCharacterOfPosition(edit.start).line + 1,
      typeChecks: isKnown(edit) ?? typeChecks(edit, source),
    };
  }
}

/** The edits of each node that has any. */
function editsByNode(source: ts.SourceFile): Omit<Mutant, 'line'>[][] {
  const found: Omit<Mutant, 'line'>[][] = [];
  const visit = (node: ts.Node, scopeEnd: number): void => {
    // Types and imports are gone when it runs.
    if (ts.isTypeNode(node) || ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    const edits = editsOf(node).map(([at, text]) => ({
      path: source.fileName,
      start: at.getStart(source),
      end: at.end,
      text,
      was: at.getText(source),
      scopeEnd,
    }));
    if (edits.length > 0) found.push(edits);
    node.forEachChild((child) => visit(child, ts.isFunctionLike(node) ? node.end : scopeEnd));
  };
  visit(source, source.end);
  return found;
}

function editsOf(node: ts.Node): (readonly [at: ts.Node, text: string])[] {
  const not = (at: ts.Expression) => [at, `!(${at.getText()})`] as const;
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken: operator, right } = node;
    const ends = ENDS.has(operator.getText()) ? [left, right] : [];
    return [
      ...(OPERATORS.get(operator.getText()) ?? []).map((text) => [operator, text] as const),
      ...ends.map((end) => [node, end.getText()] as const),
    ];
  }
  if (ts.isIfStatement(node)) {
    const then = ts.isBlock(node.thenStatement) ? node.thenStatement.statements[0] : node.thenStatement;
    const leaves =
      then && (ts.isReturnStatement(then) || ts.isThrowStatement(then) || ts.isContinueStatement(then));
    return [not(node.expression), ...(leaves && !node.elseStatement ? [[node, ';'] as const] : [])];
  }
  if (ts.isConditionalExpression(node)) {
    return [
      not(node.condition),
      [node, `(${node.whenTrue.getText()})`],
      [node, `(${node.whenFalse.getText()})`],
    ];
  }
  if (ts.isWhileStatement(node)) return [not(node.expression)];
  if (ts.isExpressionStatement(node)) return [[node, ';']];
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [[node, node.operand.getText()]];
  }
  if (ts.isNumericLiteral(node)) {
    const value = Number(node.getText().replaceAll('_', ''));
    return [value + 1, value - 1].map((other) => [node, other < 0 ? `(${other})` : String(other)]);
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, 'false']];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, 'true']];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    const isName = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
    return isName || ts.isTaggedTemplateExpression(node.parent)
      ? []
      : [[node, node.text === '' ? "'mutant'" : "''"]];
  }
  if (ts.isTemplateExpression(node)) return ts.isTaggedTemplateExpression(node.parent) ? [] : [[node, "''"]];
  if (ts.isArrayLiteralExpression(node)) return node.elements.length > 0 ? [[node, '[]']] : [];
  if (ts.isSpreadElement(node) && ts.isArrayLiteralExpression(node.parent)) return [[node, '...[]']];
  if (ts.isSpreadAssignment(node)) return [[node, '...{}']];
  if (ts.isRegularExpressionLiteral(node)) {
    const text = node.getText();
    const others = [text.replace(/^\/\^/, '/'), text.replace(/\$(\/\w*)$/, '$1')];
    return others.filter((other) => other !== text).map((other) => [node, other]);
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { name, expression } = node.expression;
    const other = METHODS.get(name.text);
    return [
      ...(other === undefined ? [] : [[name, other] as const]),
      ...(LEFT_OUT.has(name.text) ? [[node, expression.getText()] as const] : []),
    ];
  }
  return [];
}

function languageService(tree: string) {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(tree, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    tree,
  );
  const changed = new Map<string, { readonly text: string; readonly version: number }>();
  let version = 0;
  const service = ts.createLanguageService({
    // A mutant may leave something unused.
    getCompilationSettings: () => ({ ...options, noUnusedLocals: false, noUnusedParameters: false }),
    getScriptFileNames: () => fileNames,
    getScriptVersion: (path) => String(changed.get(path)?.version ?? 0),
    getScriptSnapshot: (path) => {
      const text = changed.get(path)?.text ?? ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => tree,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
    directoryExists: (path) => ts.sys.directoryExists(path),
    getDirectories: (path) => ts.sys.getDirectories(path),
  });
  const put = (path: string, text: string) => void changed.set(path, { text, version: ++version });
  return { service, put, files: fileNames.toSorted() };
}

/** Mulberry32: numbers from 0 to 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
