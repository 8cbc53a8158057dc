/**
 * Random expressions over random outputs, on the gate's parser and evaluator and on another CEL, @bufbuild/cel. Each
 * difference must be explained by one of five rules, in all of which the gate is the stricter one or has one kind of number.
 */
import { celFunc, celMap, CelScalar, isCelError, isCelList, isCelMap, run, type CelFunc, type CelInput } from '@bufbuild/cel';
import { compileExpression } from '../../src/gate/compile.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/json.ts';
import { printed } from './cel-spec.ts';

// Its look-ups take a null for a key that is not there (0.6.1), so that `has` and `in` are false.
const native = Object.getPrototypeOf(celMap(new Map())) as {
  has(key: string): boolean;
  get(key: string): unknown;
};
native.has = function (key) {
  return this.get(key) !== undefined;
};

type Random = () => number;

/** From 0 to 1, the same for the same seed. */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Type = 'bool' | 'int' | 'double' | 'text' | 'ints' | 'texts' | 'rows';

/** As text with the numbers as they are, and with all of them as fractions; the level of its operator, 9 for none. */
interface Printed {
  readonly text: string;
  readonly fractions: string;
  readonly level: number;
}

const TEXTS = ['', 'a', 'b', 'B', 'ab', '9', '10', '12', '2026-12-31', '2026-1-2', 'TBD', ' a '];

function generator(random: Random) {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const leaf = (text: string): Printed => ({ text, fractions: text, level: 9 });

  function outputs(): JsonObject {
    const int = () => Math.floor(random() * 7) - 2;
    const row = (): JsonObject => ({
      id: pick(TEXTS),
      n: random() < 0.05 ? String(int()) : int(),
      f: int() + 0.5,
      ok: random() < 0.5,
      ...(random() < 0.9 ? { note: random() < 0.1 ? null : pick(TEXTS) } : {}),
    });
    const some = <T>(make: () => T): T[] => Array.from({ length: Math.floor(random() * 4) }, make);
    return {
      n: int(),
      m: int(),
      f: int() + 0.5,
      g: int() + 0.25,
      s: pick(TEXTS),
      t: pick(TEXTS),
      ok: random() < 0.5,
      no: random() < 0.5,
      z: null,
      ints: some(int),
      texts: some(() => pick(TEXTS)),
      rows: some(row),
      map: { a: int(), ab: pick(TEXTS), z: null },
    };
  }

  const FIELDS: Readonly<Record<Type, readonly string[]>> = {
    bool: ['outputs.ok', 'outputs.no'],
    int: ['outputs.n', 'outputs.m', 'outputs.map.a', 'outputs["n"]'],
    double: ['outputs.f', 'outputs.g'],
    text: ['outputs.s', 'outputs.t', 'outputs.map.ab', 'outputs["s"]'],
    ints: ['outputs.ints'],
    texts: ['outputs.texts'],
    rows: ['outputs.rows'],
  };
  const OF_ROW: Readonly<Partial<Record<Type, readonly string[]>>> = {
    bool: ['.ok'],
    int: ['.n'],
    double: ['.f'],
    text: ['.id', '.note'],
  };

  /** Every variable in sight with the type of its items. */
  type Scope = readonly (readonly [name: string, type: Type | 'row'])[];

  function known(type: Type, scope: Scope): string {
    const own = scope.flatMap(([name, of]) => {
      if (of === type) return [name];
      return of === 'row' ? (OF_ROW[type] ?? []).map((field) => name + field) : [];
    });
    const absent = ['outputs.absent', 'outputs.z', 'outputs.map.absent', 'outputs.map.z'];
    if (random() < 0.03) return pick(absent);
    return own.length > 0 && random() < 0.7 ? pick(own) : pick(FIELDS[type]);
  }

  function literal(type: Type): Printed {
    const whole = () => Math.floor(random() * 7);
    if (type === 'bool') return leaf(pick(['true', 'false']));
    if (type === 'int') {
      const value = whole();
      return { text: String(value), fractions: `${value}.0`, level: 9 };
    }
    if (type === 'double') return leaf(pick(['0.5', '1.5', '2.0', '3.25', '1e1']));
    if (type === 'text') return leaf(quote(pick(TEXTS)));
    if (type === 'ints') return list(Array.from({ length: whole() % 3 }, () => literal('int')));
    if (type === 'texts') return list(Array.from({ length: whole() % 3 }, () => literal('text')));
    return leaf('[]');
  }
  const quote = (text: string) => pick(['"', "'"]).replace(/./, (mark) => mark + text + mark);

  function join(parts: readonly (string | Printed)[], level: number): Printed {
    const make = (key: 'text' | 'fractions') => parts.map((part) => (typeof part === 'string' ? part : part[key])).join('');
    return { text: make('text'), fractions: make('fractions'), level };
  }
  const list = (items: readonly Printed[]) => join(['[', ...items.flatMap((item, at) => (at === 0 ? [item] : [', ', item])), ']'], 9);
  /** In parentheses where the level asks for them, and sometimes where it does not. */
  const within = (part: Printed, level: number) => (part.level < level || random() < 0.1 ? join(['(', part, ')'], 9) : part);
  const binary = (op: string, level: number, left: Printed, right: Printed) =>
    join([within(left, level), pick([` ${op} `, ` ${op} `, `  ${op} `]), within(right, level + 1)], level);

  function any(type: Type, depth: number, scope: Scope): Printed {
    // Now and then a value of another type.
    const wanted = random() < 0.02 ? pick<Type>(['bool', 'int', 'double', 'text', 'ints', 'texts']) : type;
    if (depth === 0 || random() < 0.15) return random() < 0.65 ? leaf(known(wanted, scope)) : literal(wanted);
    const below = (of: Type, inner = scope) => any(of, depth - 1, inner);
    if (random() < 0.08) return join([within(below('bool'), 1), ' ? ', within(below(wanted), 1), ' : ', below(wanted)], 0);
    if (wanted === 'bool') return truth(below, scope);
    if (wanted === 'int' && random() < 0.3) return size(below);
    if (wanted === 'int' || wanted === 'double') return arithmetic(wanted, below);
    if (wanted === 'text') return random() < 0.6 ? binary('+', 5, below('text'), below('text')) : leaf(known('text', scope));
    return lists(wanted, below, scope);
  }
  type Below = (of: Type, inner?: Scope) => Printed;

  function arithmetic(type: Type, below: Below): Printed {
    const op = pick(type === 'int' ? ['+', '-', '*', '/', '%', 'neg'] : ['+', '-', '*', '/', 'neg']);
    // Ints and doubles meet now and then.
    const other: Type = random() < 0.1 ? (type === 'int' ? 'double' : 'int') : type;
    if (op === 'neg') return join(['-', within(below(type), 8)], 7);
    return binary(op, op === '+' || op === '-' ? 5 : 6, below(type), below(other));
  }

  function size(below: Below): Printed {
    const of = below(pick<Type>(['ints', 'texts', 'rows', 'text']));
    return {
      text: `size(${of.text})`,
      fractions: `double(size(${of.fractions}))`,
      level: 9,
    };
  }

  function truth(below: Below, scope: Scope): Printed {
    const kind = random();
    const scalar = pick<Type>(['int', 'double', 'text', 'bool']);
    if (kind < 0.15) return binary('&&', 2, below('bool'), below('bool'));
    if (kind < 0.25) return binary('||', 1, below('bool'), below('bool'));
    if (kind < 0.32) return join(['!', within(below('bool'), 8)], 7);
    if (kind < 0.5) {
      const type = pick<Type>(['int', 'double', 'text']);
      const other: Type = type !== 'text' && random() < 0.3 ? (type === 'int' ? 'double' : 'int') : type;
      return binary(pick(['<', '<=', '>', '>=']), 4, below(type), below(other));
    }
    if (kind < 0.66)
      // An equality below an order stands in parentheses: the library ranks the two differently, and the gate refuses it.
      return equality(below, random() < 0.15 ? pick<Type>(['ints', 'texts']) : scalar);
    if (kind < 0.74) {
      if (random() < 0.3) return binary('in', 4, literal('text'), leaf(pick(['outputs.map', 'outputs'])));
      return random() < 0.5 ? binary('in', 4, below('int'), below('ints')) : binary('in', 4, below('text'), below('texts'));
    }
    if (kind < 0.8) {
      const rows = scope.filter(([, of]) => of === 'row').map(([name]) => `${name}.note`);
      return leaf(`has(${pick([...rows, 'outputs.absent', 'outputs.z', 'outputs.map.z', 'outputs.map.a', 'outputs.n.x'])})`);
    }
    if (kind < 0.86) return join([within(below('text'), 9), pick(['.contains(', '.startsWith(', '.endsWith(']), below('text'), ')'], 9);
    return macro(pick(['exists', 'all', 'exists_one']), below, scope);
  }

  function equality(below: Below, type: Type): Printed {
    const left = below(type);
    const right = random() < 0.05 ? leaf('null') : below(type);
    const inner = (part: Printed) => (part.level === 3 || part.level === 4 ? join(['(', part, ')'], 9) : part);
    return binary(pick(['==', '!=']), 3, inner(left), inner(right));
  }

  function macro(name: string, below: Below, scope: Scope): Printed {
    const of = pick<Type>(['rows', 'rows', 'ints', 'texts']);
    const variable = `v${scope.length}`;
    const type = of === 'rows' ? 'row' : of === 'ints' ? 'int' : 'text';
    const subject = random() < 0.03 ? leaf('outputs.map') : within(below(of), 9);
    return join([subject, `.${name}(${variable}, `, below('bool', [...scope, [variable, type]]), ')'], 9);
  }

  function lists(type: Type, below: Below, scope: Scope): Printed {
    const kind = random();
    const variable = `v${scope.length}`;
    const item = type === 'rows' ? 'row' : type === 'ints' ? 'int' : 'text';
    if (kind < 0.45) return join([within(below(type), 9), `.filter(${variable}, `, below('bool', [...scope, [variable, item]]), ')'], 9);
    if (kind < 0.6) return binary('+', 5, below(type), below(type));
    if (type === 'rows') return leaf('outputs.rows');
    const made: Type = type === 'ints' ? 'int' : 'text';
    if (kind < 0.8) {
      const body = below(made, [...scope, [variable, 'row']]);
      return join([within(below('rows'), 9), `.map(${variable}, `, body, ')'], 9);
    }
    return list([below(made), below(made)]);
  }

  return {
    outputs,
    expression: () => any(random() < 0.8 ? 'bool' : pick<Type>(['rows', 'ints', 'texts', 'int', 'text']), 4, []),
  };
}

/** The five rules. The first whose words are in what the gate says explains why it has no value where the other CEL has one. */
const RULES: readonly (readonly [rule: string, actual: RegExp])[] = [
  ['texts are ordered only where both are days or times', /orders two texts only/],
  ['objects are no lists, and their keys are not looked up by accident', /is an object, and/],
  ['numbers are of one kind, and exact', /beyond 2\^53|division|remainder/],
  [
    'values of two types, or null, are not compared, and no operator takes another type',
    /does not compare|does not take both|meets|takes|of one kind|cannot convert|(?:text|number|false|list|null) and has no key/,
  ],
  ['an error is not swallowed beside && and ||, nor in all() and exists()', /has no key|none at/],
];
const NUMBERS = RULES[2]![0];

export interface Comparison {
  readonly values: number;
  readonly errors: number;
  /** By rule. */
  readonly explained: Readonly<Record<string, number>>;
  /** At most 20, as text. */
  readonly unexplained: readonly string[];
}

export function compare(count: number, seed: number): Comparison {
  const explained: Record<string, number> = Object.fromEntries(RULES.map(([rule]) => [rule, 0]));
  const unexplained: string[] = [];
  let values = 0;
  let errors = 0;
  for (let at = 0; at < count; at++) {
    const { outputs, expression } = generator(randomOf(seed * 1_000_003 + at));
    const data = outputs();
    const source = expression();
    const ours = judged(source.text, data);
    const theirs = reference(source.text, data, (number) => (Number.isInteger(number) ? BigInt(number) : number));
    if (ours.value === theirs) {
      if (theirs === null) errors++;
      else values++;
      continue;
    }
    const rule = ours.value === null ? ruleOf(ours.actual) : isOfOneKind(source, data, ours.value);
    if (rule) explained[rule] = (explained[rule] ?? 0) + 1;
    else if (unexplained.length < 20)
      unexplained.push(
        `seed ${seed}, number ${at}: ${source.text}\n  over ${JSON.stringify(data)}\n  gate: ${ours.value ?? ours.actual}\n  other: ${theirs}`,
      );
  }
  return { values, errors, explained, unexplained };
}

function ruleOf(actual: string): string | undefined {
  return RULES.find(([, words]) => words.test(actual))?.[0];
}

/** CEL has it for whole numbers alone. */
const remainder = celFunc('_%_', [CelScalar.DOUBLE, CelScalar.DOUBLE], CelScalar.DOUBLE, (a, b) => a % b);

/** Has the other CEL the gate's value once all numbers are fractions? */
function isOfOneKind({ fractions }: Printed, data: JsonObject, value: string): string | undefined {
  return reference(fractions, data, (number) => number, [remainder]) === value ? NUMBERS : undefined;
}

function judged(source: string, data: JsonObject): { value: string | null; actual: string } {
  const compiled = compileExpression(`[${source}]`, false);
  if (typeof compiled !== 'function') return { value: null, actual: compiled.message };
  const { matched, problem } = compiled(data);
  return problem === null ? { value: printed(matched[0] ?? null), actual: '' } : { value: null, actual: problem };
}

/** The value as `printed` has it, or null for an error. */
function reference(source: string, data: JsonObject, toNumber: (value: number) => CelInput, funcs: CelFunc[] = []): string | null {
  const given = (value: JsonValue): CelInput => {
    if (typeof value === 'number') return toNumber(value);
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map(given);
    if (isJsonObject(value)) return new Map(Object.entries(value).map(([key, item]) => [key, given(item)]));
    return value as CelInput;
  };
  const result = run(source, { outputs: given(data) }, { funcs });
  return isCelError(result) ? null : printed(plain(result));
}

function plain(value: unknown): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (isCelList(value)) return [...value].map(plain);
  if (isCelMap(value)) return Object.fromEntries([...value].map(([key, item]) => [key as string, plain(item)]));
  return value as JsonValue;
}
