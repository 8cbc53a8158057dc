/** Derives from the syntax tree whether a value can be null, and whether it comes from the run. Pure. */
import { MACROS } from './condition-errors.ts';
import type { ASTNode, NodeOf } from './values.ts';

/** Maximum number of levels for `flatten()`. */
export const MAX_DEPTH = 8;

/** What is known of a value before the evaluation. */
export interface Traits {
  /** True of `null` and of every value that the run wrote. */
  readonly canBeNull: boolean;
  /** The value may be the same for every run: made by the condition without a value of the run. */
  readonly mayBeConstant: boolean;
  /** The value may be one that the condition makes, from constants or from values of the run. */
  readonly mayBeMade: boolean;
  /** Returns the traits of the item or value under a key; null: of any of them. */
  readonly part: (key: string | null) => Traits;
}

/** A variable in scope. */
export interface Named {
  readonly name: string;
  readonly traits: Traits;
}

const FROM_RUN: Traits = {
  canBeNull: true,
  mayBeConstant: false,
  mayBeMade: false,
  part: () => FROM_RUN,
};
export const OUTPUTS: Traits = { ...FROM_RUN, canBeNull: false };
/** The traits of what does not exist, such as a field of a number. */
const NONE: Traits = { canBeNull: false, mayBeConstant: false, mayBeMade: false, part: () => NONE };

/**
 * Returns the traits of a text, number or boolean that the condition makes. @param mayBeConstant it depends on no value of the run
 */
function scalarTraits(mayBeConstant: boolean): Traits {
  return { canBeNull: false, mayBeConstant, mayBeMade: true, part: () => NONE };
}

/**
 * Returns the traits of a list or map that the condition makes.
 * @param part returns the traits of its items
 */
function listOrMapTraits(mayBeConstant: boolean, part: Traits['part']): Traits {
  return { canBeNull: false, mayBeConstant, mayBeMade: true, part };
}

/** Returns the traits of a value that has one of these traits, not known which. */
function anyOfTraits(options: readonly Traits[]): Traits {
  const all = [...new Set(options)];
  const [only] = all;
  if (only === undefined) return NONE;
  if (all.length === 1) return only;
  const parts = new Map<string | null, Traits>();
  return {
    canBeNull: all.some((one) => one.canBeNull),
    mayBeConstant: all.every((one) => one.mayBeConstant),
    mayBeMade: all.some((one) => one.mayBeMade),
    part: (key) => {
      const known = parts.get(key) ?? anyOfTraits(all.map((one) => one.part(key)));
      parts.set(key, known);
      return known;
    },
  };
}

/** Cache: each node has only one scope, and without it nested lists would double the work at each depth. */
const traitsByNode = new WeakMap<ASTNode, Traits>();

/** Returns what is known of a node's value before the evaluation: whether it can be null, be constant, or be made by the condition. */
export function traitsOf(node: ASTNode, scope: readonly Named[]): Traits {
  const known = traitsByNode.get(node) ?? findTraits(node, scope);
  traitsByNode.set(node, known);
  return known;
}

/** Computes this for `traitsOf`, which caches it. */
function findTraits(node: ASTNode, scope: readonly Named[]): Traits {
  const of = (one: ASTNode) => traitsOf(one, scope);
  const areConstant = (nodes: readonly ASTNode[]) => nodes.every((one) => of(one).mayBeConstant);
  /** Returns the traits as not constant, if the run decides the choice. */
  const chosenBy = (choice: ASTNode, traits: Traits): Traits =>
    of(choice).mayBeConstant ? traits : { ...traits, mayBeConstant: false };
  switch (node.op) {
    case 'value':
      return node.args === null ? { ...scalarTraits(true), canBeNull: true } : scalarTraits(true);
    case 'id':
      return scope.findLast(({ name }) => name === node.args)?.traits ?? FROM_RUN;
    case '.':
      return of(node.args[0]).part(node.args[1]);
    case '[]':
      return chosenBy(node.args[1], of(node.args[0]).part(writtenKeyOf(node.args[1])));
    case 'list': {
      const items = node.args;
      return listOrMapTraits(areConstant(items), (key) => {
        const item = key === null ? undefined : items[Number(key)];
        return item ? of(item) : anyOfTraits(items.map(of));
      });
    }
    case 'map':
      return listOrMapTraits(areConstant(node.args.flat()), (key) =>
        anyOfTraits(findEntries(key, node.args).map(of)),
      );
    case '?:':
      return chosenBy(node.args[0], anyOfTraits([of(node.args[1]), of(node.args[2])]));
    case '+': {
      const [left, right] = node.args.map(of);
      return listOrMapTraits(areConstant(node.args), () =>
        anyOfTraits([left ?? NONE, right ?? NONE].map((one) => one.part(null))),
      );
    }
    case 'call': {
      const [name, args] = node.args;
      const [only] = args;
      if (name === 'dyn' && only) return of(only);
      return name === 'keys'
        ? listOrMapTraits(areConstant(args), () => scalarTraits(areConstant(args)))
        : scalarTraits(areConstant(args));
    }
    case 'rcall':
      if (MACROS.has(node.args[0])) return macroTraits(node, scope);
      return node.args[0] === 'flatten'
        ? flattenedTraits(of(node.args[1]), node.args[2][0])
        : scalarTraits(areConstant([node.args[1], ...node.args[2]]));
    default:
      return scalarTraits(areConstant([node.args].flat() as ASTNode[]));
  }
}

/** Returns a key that is written as a literal; null: it is computed. */
function writtenKeyOf({ op, args }: ASTNode): string | null {
  return op === 'value' && /^(?:string|bigint)$/.test(typeof args) ? String(args) : null;
}

/** Returns the values of a map that the key may select; null: any key. */
function findEntries(key: string | null, entries: NodeOf<'map'>['args']): readonly ASTNode[] {
  return entries
    .filter(([written]) => key === null || [key, null].includes(writtenKeyOf(written)))
    .map(([, value]) => value);
}

/** Returns what is known of a macro's result: a list, or true or false. */
function macroTraits(node: NodeOf<'rcall'>, scope: readonly Named[]): Traits {
  const [method, subject, [id, second, third]] = node.args;
  const list = traitsOf(subject, scope);
  const item = list.part(null);
  const inner = id?.op === 'id' ? [...scope, { name: id.args, traits: item }] : scope;
  const [one, two] = [second, third].map((body) => (body ? traitsOf(body, inner) : NONE));
  const isConstant = list.mayBeConstant && one?.mayBeConstant === true;
  if (method === 'filter') return listOrMapTraits(isConstant, () => item);
  if (method === 'map') return listOrMapTraits(isConstant, () => (third ? two : one) ?? NONE);
  return scalarTraits(isConstant);
}

/** Returns what is known of the result of `flatten()`: its items may come from each level. */
function flattenedTraits(list: Traits, depth: ASTNode | undefined): Traits {
  const levels = [list.part(null)];
  const count = depth ? Math.min(MAX_DEPTH, Number(writtenKeyOf(depth))) : 1;
  for (let level = 0; level < count; level++) levels.push((levels.at(-1) ?? NONE).part(null));
  return listOrMapTraits(list.mayBeConstant, () => anyOfTraits(levels));
}
