/** The syntax tree of a condition, as the CEL library parses it. */
import { serialize } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { cut } from './values.ts';

export type { ASTNode };
/** `subject.method(…)` */
export type CallOn = Extract<ASTNode, { op: 'rcall' }>;

export const MACROS: ReadonlySet<string> = new Set(['filter', 'map', 'all', 'exists', 'exists_one']);

/** The node and all below it: what a node has below it stands in its `args`, however nested. */
export function* walk(args: unknown): Generator<ASTNode> {
  if (Array.isArray(args)) for (const item of args) yield* walk(item);
  else if (typeof args === 'object' && args !== null && 'op' in args) {
    yield args as ASTNode;
    yield* walk((args as ASTNode).args);
  }
}

/** The variable that a macro's call names; null: the node is no such call. */
export function variableOf(node: ASTNode): string | null {
  const isMacro = node.op === 'rcall' && MACROS.has(node.args[0]) && node.args[2][0]?.op === 'id';
  return isMacro ? (node.args[2][0]?.args as string) : null;
}

/** The expression of the node, cut: what messages call it. */
export function nameOf(node: ASTNode | undefined): string {
  return node ? cut(serialize(node), 60) : '';
}
