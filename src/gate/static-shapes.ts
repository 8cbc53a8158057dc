/** What the syntax tree alone says of a value: whether it can be null, and whether the run wrote it. Pure. */
import { MACROS } from './condition-errors.ts';
import type { ASTNode, NodeOf } from './values.ts';

/** `flatten()` takes so many levels. */
export const MAX_DEPTH = 8;

export interface Shape {
  /** What the run wrote can be null, and so can `null`. */
  readonly canBeNull: boolean;
  /** May it be a value that the condition makes without a word of the run's? */
  readonly mayBeConstant: boolean;
  /** May it be a value that the condition makes, of whatever? */
  readonly mayBeMade: boolean;
  /** An item of it, or the value under a key; null: any. */
  readonly part: (key: string | null) => Shape;
}

/** A name that an expression may use. */
export interface Named {
  readonly name: string;
  readonly shape: Shape;
}

export const FROM_RUN: Shape = {
  canBeNull: true,
  mayBeConstant: false,
  mayBeMade: false,
  part: () => FROM_RUN,
};
export const OUTPUTS: Shape = { ...FROM_RUN, canBeNull: false };
/** Of what there is none. */
const NONE: Shape = { canBeNull: false, mayBeConstant: false, mayBeMade: false, part: () => NONE };

/** A text, a number, or true or false. */
function scalar(mayBeConstant: boolean): Shape {
  return { canBeNull: false, mayBeConstant, mayBeMade: true, part: () => NONE };
}

function madeOf(mayBeConstant: boolean, part: Shape['part']): Shape {
  return { canBeNull: false, mayBeConstant, mayBeMade: true, part };
}

/** One of these, nobody knows which. */
function oneOf(shapes: readonly Shape[]): Shape {
  const all = [...new Set(shapes)];
  const [only] = all;
  if (only === undefined) return NONE;
  if (all.length === 1) return only;
  const parts = new Map<string | null, Shape>();
  return {
    canBeNull: all.some((one) => one.canBeNull),
    mayBeConstant: all.every((one) => one.mayBeConstant),
    mayBeMade: all.some((one) => one.mayBeMade),
    part: (key) => {
      const known = parts.get(key) ?? oneOf(all.map((one) => one.part(key)));
      parts.set(key, known);
      return known;
    },
  };
}

/** Each node has one scope, and lists within lists would double the work at each depth. */
const shapes = new WeakMap<ASTNode, Shape>();

export function shapeOf(node: ASTNode, scope: readonly Named[]): Shape {
  const known = shapes.get(node) ?? findShape(node, scope);
  shapes.set(node, known);
  return known;
}

function findShape(node: ASTNode, scope: readonly Named[]): Shape {
  const of = (one: ASTNode) => shapeOf(one, scope);
  const areConstant = (nodes: readonly ASTNode[]) => nodes.every((one) => of(one).mayBeConstant);
  /** A choice that the run makes is the run's. */
  const chosenBy = (choice: ASTNode, shape: Shape): Shape =>
    of(choice).mayBeConstant ? shape : { ...shape, mayBeConstant: false };
  switch (node.op) {
    case 'value':
      return node.args === null ? { ...scalar(true), canBeNull: true } : scalar(true);
    case 'id':
      return scope.findLast(({ name }) => name === node.args)?.shape ?? FROM_RUN;
    case '.':
      return of(node.args[0]).part(node.args[1]);
    case '[]':
      return chosenBy(node.args[1], of(node.args[0]).part(keyOf(node.args[1])));
    case 'list': {
      const items = node.args;
      return madeOf(areConstant(items), (key) => {
        const item = key === null ? undefined : items[Number(key)];
        return item ? of(item) : oneOf(items.map(of));
      });
    }
    case 'map':
      return madeOf(areConstant(node.args.flat()), (key) => oneOf(entriesFor(key, node.args).map(of)));
    case '?:':
      return chosenBy(node.args[0], oneOf([of(node.args[1]), of(node.args[2])]));
    case '+': {
      const [left, right] = node.args.map(of);
      return madeOf(areConstant(node.args), () =>
        oneOf([left ?? NONE, right ?? NONE].map((one) => one.part(null))),
      );
    }
    case 'call': {
      const [name, args] = node.args;
      const [only] = args;
      if (name === 'dyn' && only) return of(only);
      return name === 'keys'
        ? madeOf(areConstant(args), () => scalar(areConstant(args)))
        : scalar(areConstant(args));
    }
    case 'rcall':
      if (MACROS.has(node.args[0])) return macroShape(node, scope);
      return node.args[0] === 'flatten'
        ? flattened(of(node.args[1]), node.args[2][0])
        : scalar(areConstant([node.args[1], ...node.args[2]]));
    default:
      return scalar(areConstant([node.args].flat() as ASTNode[]));
  }
}

/** A key that is written out. */
function keyOf({ op, args }: ASTNode): string | null {
  return op === 'value' && /^(?:string|bigint)$/.test(typeof args) ? String(args) : null;
}

/** The values that a key of a map may have. */
function entriesFor(key: string | null, entries: NodeOf<'map'>['args']): readonly ASTNode[] {
  return entries
    .filter(([written]) => key === null || [key, null].includes(keyOf(written)))
    .map(([, value]) => value);
}

function macroShape(node: NodeOf<'rcall'>, scope: readonly Named[]): Shape {
  const [method, subject, [id, second, third]] = node.args;
  const list = shapeOf(subject, scope);
  const item = list.part(null);
  const inner = id?.op === 'id' ? [...scope, { name: id.args, shape: item }] : scope;
  const [one, two] = [second, third].map((body) => (body ? shapeOf(body, inner) : NONE));
  const isConstant = list.mayBeConstant && one?.mayBeConstant === true;
  if (method === 'filter') return madeOf(isConstant, () => item);
  if (method === 'map') return madeOf(isConstant, () => (third ? two : one) ?? NONE);
  return scalar(isConstant);
}

/** A list's items, and those of the lists among them. */
function flattened(list: Shape, depth: ASTNode | undefined): Shape {
  const levels = [list.part(null)];
  const count = depth ? Math.min(MAX_DEPTH, Number(keyOf(depth))) : 1;
  for (let level = 0; level < count; level++) levels.push((levels.at(-1) ?? NONE).part(null));
  return madeOf(list.mayBeConstant, () => oneOf(levels));
}
