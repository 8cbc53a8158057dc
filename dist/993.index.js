export const id = 993;
export const ids = [993];
export const modules = {

/***/ 2993:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  compileExpression: () => (/* binding */ compileExpression)
});

// UNUSED EXPORTS: compileCel

// EXTERNAL MODULE: ./node_modules/@marcbachmann/cel-js/lib/index.js + 13 modules
var lib = __webpack_require__(7337);
// EXTERNAL MODULE: ./src/json.ts
var json = __webpack_require__(8301);
// EXTERNAL MODULE: ./src/text/near.ts
var near = __webpack_require__(525);
;// CONCATENATED MODULE: ./src/gate/values.ts


class EvaluationError extends Error {
    name = 'EvaluationError';
    what;
    hint;
    item = '';
    constructor(what, hint = '') {
        super(what);
        this.what = what;
        this.hint = hint;
    }
    sentence() {
        return `${this.what}${this.item && ` (${this.item})`}${this.hint && `; ${this.hint}`}`;
    }
}
class Inexact extends Error {
    name = 'Inexact';
}
const NEAR_KEYS = 200;
const MOST_SEARCHED = 20;
const LONGEST_HASHED = 16_383;
const READING = 30;
const STEPS = 20_000_000;
class Evaluation {
    #steps = STEPS;
    #all;
    #isNamed;
    #made = new WeakSet();
    #given = new Set();
    #searched = new Map();
    #notices = new Set();
    constructor(all, isNamed) {
        this.#all = all;
        this.#isNamed = isNamed;
    }
    spend(steps) {
        this.#steps -= steps;
        this.#all.steps -= steps;
        if (this.#steps < 0)
            throw new EvaluationError('the evaluation takes too many steps for outputs of this size', 'avoid loops inside loops and searches for long texts');
        if (this.#all.steps < 0)
            throw new EvaluationError('the conditions together take too many steps for outputs of this size', 'write fewer of them, or cheaper ones');
    }
    number(value) {
        if (isPlain(value))
            return value;
        this.spend(READING);
        return toNumber(value);
    }
    keysOf(map, wanted) {
        const keys = this.keys(map);
        if (keys.length === 0)
            return 'it has no keys';
        const near = wanted === undefined ? undefined : this.#near(keys, wanted);
        const more = keys.length > 10 ? ` and ${keys.length - 10} more` : '';
        const all = `its keys: ${keys.slice(0, 10).map(quoted).join(', ')}${more}`;
        return near === undefined ? all : `did you mean ${quoted(near)}? ${all}`;
    }
    get notices() {
        return [...this.#notices];
    }
    missed(map, key, place) {
        const searched = this.#searched.get(place) ?? 0;
        if (searched === MOST_SEARCHED)
            return;
        this.#searched.set(place, searched + 1);
        const near = this.#near(this.keys(map), key);
        if (near !== undefined && !this.#isNamed(near))
            this.#notices.add(`there is no ${quoted(key)}, but ${quoted(near)}`);
    }
    #near(keys, wanted) {
        const searched = keys.slice(0, NEAR_KEYS);
        this.spend(searched.length * (20 + Math.min(64, wanted.length) ** 2 / 8));
        return (0,near/* nearest */.p)(searched, wanted, () => (wanted.length < 5 ? 1 : 2));
    }
    own(map, key) {
        if (key.length <= LONGEST_HASHED) {
            this.spend(key.length / 16);
            return Object.hasOwn(map, key) ? key : undefined;
        }
        this.spend(key.length);
        return this.keys(map).find((own) => {
            if (own.length === key.length)
                this.spend(key.length / 16);
            return own === key;
        });
    }
    keys(map) {
        const keys = Object.keys(map);
        this.spend(12 * keys.length);
        return keys;
    }
    make(container) {
        this.spend(60);
        this.#made.add(container);
        return container;
    }
    text(made) {
        this.spend(made.length / 4);
        return made;
    }
    json(value) {
        this.spend(1);
        if (typeof value === 'bigint') {
            if (BigInt.asIntN(53, value) === value)
                return Number(value);
            this.spend(60);
            return (0,json/* parseJson */.qF)(new TextEncoder().encode(String(value)));
        }
        const isText = typeof value === 'string';
        if ((!isText && typeof value !== 'object') || value === null || (0,json/* isExactNumber */.zr)(value))
            return value;
        if (isText || !this.#made.has(value)) {
            if (this.#given.has(value))
                this.spend(isText ? value.length : JSON.stringify(value).length);
            this.#given.add(value);
            return value;
        }
        this.spend(60);
        if (isList(value))
            return value.map((item) => this.json(item));
        const entries = Object.entries(value);
        return Object.fromEntries(entries.map(([key, item]) => [key, this.json(item)]));
    }
}
function isList(value) {
    return Array.isArray(value);
}
function isMap(value) {
    return typeof value === 'object' && value !== null && !isList(value) && !(0,json/* isExactNumber */.zr)(value);
}
function kindOf(value) {
    if (value === null)
        return 'null';
    if (typeof value === 'string')
        return 'a string';
    if (typeof value === 'boolean')
        return 'true or false';
    if (typeof value === 'number' || typeof value === 'bigint')
        return 'a number';
    if (isList(value))
        return 'a list';
    return (0,json/* isExactNumber */.zr)(value) ? 'a number' : 'an object';
}
const INT64 = 2n ** 63n;
function int64(value) {
    if (value >= INT64 || value < -INT64)
        throw new Inexact('an integer is beyond 64 bits');
    return value;
}
function decimal(source) {
    const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(source);
    if (!parts)
        return null;
    const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
    const all = (whole + fraction).replace(/^0+/, '');
    let end = all.length;
    while (all[end - 1] === '0')
        end--;
    const digits = sign + all.slice(0, end);
    const exponent = Number(power) - fraction.length + all.length - end;
    return { form: end === 0 ? '0' : `${digits}e${exponent}`, digits, exponent };
}
function readNumber(source) {
    const wanted = source.length > 100 ? null : decimal(source);
    if (!wanted)
        return null;
    const double = Number(source);
    const same = decimal(String(double))?.form === wanted.form;
    if (same && (Number.isSafeInteger(double) || !Number.isInteger(double)))
        return double;
    if (wanted.exponent >= 0 && wanted.digits.length + wanted.exponent <= 20) {
        const integer = BigInt(wanted.digits + '0'.repeat(wanted.exponent));
        if (integer < INT64 && integer >= -INT64)
            return integer;
    }
    return same ? double : null;
}
function isPlain(value) {
    if (typeof value === 'bigint')
        return true;
    return typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value));
}
function toNumber(value) {
    const number = readNumber(typeof value === 'number' ? String(value) : value.rawJSON);
    if (number === null)
        throw new Inexact('a number has more digits than can be compared exactly');
    return number;
}
function toDouble(value) {
    const double = Number(value);
    if (typeof value === 'bigint' && !Number.isSafeInteger(double))
        throw new Inexact('an integer beyond 2^53 meets a fraction');
    return double;
}
function calculate(op, a, b) {
    const ints = typeof a === 'bigint' && typeof b === 'bigint';
    const whole = [a, b].every((side) => typeof side === 'bigint' || Number.isSafeInteger(side));
    if ((op === '/' || op === '%') && Number(b) === 0)
        throw new Inexact('a division by zero');
    if (op === '%' && !whole)
        throw new Inexact('"%" takes whole numbers');
    if (whole && (op !== '/' || ints)) {
        const [x, y] = [BigInt(a), BigInt(b)];
        if (op === '/' && x % y !== 0n)
            throw new Inexact('a division of integers leaves a rest; write double(…) / double(…)');
        const exact = int64(op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : op === '/' ? x / y : x % y);
        const double = Number(exact);
        return ints || !Number.isSafeInteger(double) ? exact : double;
    }
    const [x, y] = [toDouble(a), toDouble(b)];
    const double = op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : x / y;
    if (!Number.isFinite(double))
        throw new Inexact('a result is beyond the numbers that a double holds');
    return double;
}
function toInt(value) {
    if (typeof value === 'bigint')
        return int64(value);
    if (typeof value === 'number')
        return int64(BigInt(Math.trunc(value)));
    return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? int64(BigInt(value)) : null;
}
function equal(a, b, run, mixed, inside = false) {
    run.spend(1);
    const kind = kindOf(a);
    if (kind !== kindOf(b) || kind === 'null')
        return mixed(kind, kindOf(b), inside);
    if (typeof a === 'string' && typeof b === 'string') {
        if (a.length === b.length)
            run.spend(a.length / 64);
        return a === b;
    }
    if (isList(a) && isList(b)) {
        let same = a.length === b.length;
        for (let at = 0; at < Math.min(a.length, b.length); at++) {
            same = equal(a[at] ?? null, b[at] ?? null, run, mixed, true) && same;
        }
        return same;
    }
    if (isMap(a) && isMap(b)) {
        const keys = run.keys(a);
        let same = keys.length === run.keys(b).length;
        for (const key of keys) {
            same = Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null, run, mixed, true) && same;
        }
        return same;
    }
    return order(a, b, run) === 0;
}
function order(a, b, run) {
    const kind = kindOf(a);
    if (kind !== kindOf(b))
        return null;
    let [x, y] = [a, b];
    if (kind === 'a number')
        [x, y] = [run.number(a), run.number(b)];
    else if (kind !== 'true or false')
        return null;
    return x < y ? -1 : x > y ? 1 : 0;
}
function cut(text, length) {
    return text.length > length ? `${text.slice(0, length)}…` : text;
}
function quoted(key) {
    return JSON.stringify(cut(key, 40));
}

;// CONCATENATED MODULE: ./src/gate/ast.ts


const MACROS = new Set(['filter', 'map', 'all', 'exists', 'exists_one']);
function* walk(args) {
    if (Array.isArray(args))
        for (const item of args)
            yield* walk(item);
    else if (typeof args === 'object' && args !== null && 'op' in args) {
        yield args;
        yield* walk(args.args);
    }
}
function variableOf(node) {
    const isMacro = node.op === 'rcall' && MACROS.has(node.args[0]) && node.args[2][0]?.op === 'id';
    return isMacro ? node.args[2][0]?.args : null;
}
function nameOf(node) {
    return node ? cut((0,lib/* serialize */.lK)(node), 60) : '';
}

;// CONCATENATED MODULE: ./src/gate/text-order.ts


const WHEN = /^(?:(?<day>\d{4}-\d\d-\d\d)(?:(?<divider>[T ])(?=\d)|$))?(?:(?<clock>(?:[01]\d|2[0-3]):[0-5]\d)(?:(?<seconds>:[0-5]\d)(?<fraction>\.\d{1,30})?)?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;
function readWhen(text) {
    const { day, divider = '', clock, seconds = '', fraction = '', zone } = WHEN.exec(text)?.groups ?? {};
    if (day === undefined) {
        if (clock === undefined || zone !== undefined || fraction !== '')
            return null;
        return { form: `clock${seconds.length}`, moment: 0, rest: text, day };
    }
    if (!isDay(day))
        return null;
    if (clock === undefined)
        return { form: 'day', moment: 0, rest: text, day };
    if (zone === undefined)
        return { form: `time${divider}${seconds.length}.${fraction.length}`, moment: 0, rest: text, day };
    const moment = Date.parse(`${day}T${clock}${seconds || ':00'}${zone}`);
    return { form: 'moment', moment, rest: fraction.replace(/\.?0*$/, ''), day };
}
function isDay(text) {
    const date = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
function dayOf(text) {
    return readWhen(text)?.day ?? null;
}
function orderTexts(a, b, nodes, op) {
    const [left, right] = [readWhen(a), readWhen(b)];
    if (left?.form === undefined || left.form !== right?.form)
        throw new EvaluationError(`${nodes.map(nameOf).join(' and ')} are texts, and "${op}" orders texts only where both are days or times, written alike`, wayOut([a, b], [left, right], nodes, op));
    if (left.moment !== right.moment)
        return left.moment - right.moment;
    return left.rest < right.rest ? -1 : left.rest > right.rest ? 1 : 0;
}
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
function wayOut(texts, whens, nodes, op) {
    const write = (each) => `write ${nodes.map((node, at) => each(nameOf(node), at)).join(` ${op} `)}`;
    if (whens.every((when) => when?.day !== undefined))
        return write((name, at) => (whens[at]?.form === 'day' ? name : `day(${name})`));
    if (texts.every((text) => text.length <= 40 && NUMBER.test(text))) {
        const to = texts.every((text) => /^\s*-?\d+\s*$/.test(text)) ? 'int' : 'double';
        return write((name, at) => (nodes[at]?.op === 'value' ? (texts[at] ?? '').trim() : `${to}(${name})`));
    }
    if (whens.some((when) => when !== null))
        return 'a day is written 2026-12-31, a time 2026-12-31T10:00:00Z';
    const named = nameOf(nodes.find((node) => node.op !== 'value'));
    return `a severity is ordered by a map, {"low": 1, "high": 3}[${named}] >= 3, a number in a text by int(…) or double(…)`;
}

;// CONCATENATED MODULE: ./src/gate/evaluate.ts




function evaluateClosed(ast, outputs, budget) {
    const run = new Evaluation(budget, namesIn(ast));
    try {
        if (outputs === undefined || outputs === null)
            throw new EvaluationError('the run has no outputs');
        if (!(0,json/* isJsonObject */.OW)(outputs))
            throw new EvaluationError('the outputs of the run are not an object');
        return { ...judge(ast, outputs, run), notices: run.notices };
    }
    catch (error) {
        const problem = error instanceof EvaluationError ? error.sentence() : 'the evaluation failed';
        return {
            result: 'cannot_be_evaluated',
            matched: [],
            unmatched: null,
            problem,
            notices: run.notices,
        };
    }
}
function judge(ast, outputs, run) {
    const scope = { name: 'outputs', value: outputs, outer: null };
    const unmatched = ast.op === 'rcall' && ast.args[0] === 'filter' ? [] : null;
    const value = unmatched ? loop(ast, scope, run, unmatched) : evaluate(ast, scope, run);
    const json = (items) => items.map((item) => run.json(item));
    const holds = isList(value) ? value.length > 0 : value;
    if (typeof holds === 'boolean') {
        const matched = isList(value) ? json(value) : [];
        const result = holds ? 'holds' : 'does_not_hold';
        return { result, matched, unmatched: unmatched && json(unmatched), problem: null };
    }
    throw new EvaluationError(`the value of the expression is ${kindOf(value)}`, 'it must be true, false or a list');
}
function evaluate(node, scope, run) {
    run.spend(1);
    switch (node.op) {
        case 'value':
            return node.args;
        case 'id': {
            let at = scope;
            while (at.name !== node.args) {
                if (!at.outer)
                    throw new EvaluationError(`there is no variable ${quoted(node.args)}`);
                at = at.outer;
            }
            return at.value;
        }
        case '.':
            return evaluate_select(evaluate(node.args[0], scope, run), node.args[1], node.args[0], run);
        case 'map':
            return made(node.args, scope, run);
        case 'list':
            return run.make(node.args.map((item) => evaluate(item, scope, run)));
        case '?:':
            return evaluate(truth(node.args[0], scope, run, '"?"') ? node.args[1] : node.args[2], scope, run);
        case '&&':
        case '||': {
            const settled = node.op === '||';
            if (truth(node.args[0], scope, run, node.op) === settled)
                return settled;
            return truth(node.args[1], scope, run, node.op);
        }
        case 'in': {
            const [left, right] = node.args;
            const map = right.op === 'call' && right.args[0] === 'keys' ? right.args[1][0] : undefined;
            return map ? isKeyOf(left, map, scope, run) : operate('in', node.args, scope, run);
        }
        case 'call':
            if (node.args[0] === 'has')
                return has(node.args[1][0], scope, run);
            return operate(`${node.args[0]}/${node.args[1].length}`, node.args[1], scope, run);
        case 'rcall':
            if (MACROS.has(node.args[0]))
                return loop(node, scope, run);
            return operate(`${node.args[0]}/${node.args[2].length + 1}`, [node.args[1], ...node.args[2]], scope, run);
        case '!_':
            return !truth(node.args, scope, run, '!_');
        case '-_':
            return operate(node.op, [node.args], scope, run);
        default:
            return operate(node.op, node.args, scope, run);
    }
}
function made(entries, scope, run) {
    const pairs = new Map();
    for (const [node, item] of entries) {
        const key = want('a string', evaluate(node, scope, run), node, 'a key', run);
        run.spend(key.length / 16);
        if (key.length > LONGEST_HASHED)
            throw new EvaluationError(`${nameOf(node)} is too long for a key`);
        if (pairs.has(key))
            throw new EvaluationError(`${nameOf(node)} makes a key that is there already`);
        pairs.set(key, evaluate(item, scope, run));
    }
    return run.make(Object.fromEntries(pairs));
}
function isKeyOf(key, map, scope, run) {
    const text = want('a string', evaluate(key, scope, run), key, 'a search for a key', run);
    return run.own(want('an object', evaluate(map, scope, run), map, 'keys()', run), text) !== undefined;
}
function namesIn(ast) {
    let names;
    return (key) => {
        names ??= new Set([...walk(ast)].map(({ op, args }) => (op === '.' ? args[1] : op === 'value' ? args : '')));
        return names.has(key);
    };
}
function loop(node, scope, run, unmatched) {
    const [method, subject, [variable, second, third]] = node.args;
    const [test, made] = method === 'map' && !third ? [null, second] : [second, third];
    const items = want('a list', evaluate(subject, scope, run), subject, `${method}()`, run);
    const results = [];
    let at = 0;
    try {
        for (const item of items) {
            at++;
            run.spend(8);
            const inner = { name: variable?.args, value: item, outer: scope };
            const passes = !test || truth(test, inner, run, `${method}()`);
            if (passes)
                results.push(made ? evaluate(made, inner, run) : item);
            else
                unmatched?.push(item);
            if (method === 'all' && !passes)
                return false;
            if (method === 'exists' && passes)
                return true;
        }
    }
    catch (error) {
        if (error instanceof EvaluationError)
            error.item ||= `item ${at} of ${nameOf(subject)}`;
        throw error;
    }
    if (method === 'all' || method === 'exists')
        return method === 'all';
    return method === 'exists_one' ? results.length === 1 : run.make(results);
}
function has(path, scope, run) {
    if (path?.op !== '.')
        throw new EvaluationError('has() takes a path');
    const [subject, key] = path.args;
    const value = evaluate(subject, scope, run);
    if (!isMap(value))
        return evaluate_select(value, key, subject, run) !== null;
    const isThere = Object.hasOwn(value, key);
    if (!isThere)
        run.missed(value, key, path);
    return isThere;
}
function evaluate_select(value, key, node, run) {
    const found = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (found !== undefined)
        return found;
    throw missing(value, key, node, run);
}
function missing(value, key, node, run) {
    if (isMap(value))
        return new EvaluationError(`${nameOf(node)} has no key ${quoted(key)}`, run.keysOf(value, key));
    const size = ['length', 'size', 'count'].includes(key) ? `write size(${nameOf(node)})` : '';
    const each = isList(value) ? `write ${nameOf(node)}.filter(i, i.${cut(key, 40)} …)` : '';
    return new EvaluationError(`${nameOf(node)} is ${kindOf(value)} and has no key ${quoted(key)}`, size || each);
}
function truth(node, scope, run, whose) {
    return want('true or false', evaluate(node, scope, run), node, whose, run);
}
function want(kind, value, node, whose, run) {
    if (kindOf(value) === kind)
        return (kind === 'a number' ? run.number(value) : value);
    const hint = isMap(value) ? run.keysOf(value) : '';
    const what = `${nameOf(node)} is ${kindOf(value)}, and ${whose.replace(/\/\d$/, '()')} takes ${kind}`;
    throw new EvaluationError(what, hint);
}
function operate(key, nodes, scope, run) {
    const args = nodes.map((node) => evaluate(node, scope, run));
    const operation = OPERATIONS[key];
    if (!operation)
        throw new EvaluationError(`${key} is not offered`);
    try {
        return operation(args, nodes, run, key);
    }
    catch (error) {
        if (!(error instanceof Inexact))
            throw error;
        throw new EvaluationError(`${key} of ${nodes.map(nameOf).join(' and ')} cannot be computed: ${error.message}`);
    }
}
function on(kinds, act) {
    return (args, nodes, run, whose) => {
        const checked = kinds.map((kind, at) => want(kind, args[at] ?? null, nodes[at], whose, run));
        return act(run, ...checked);
    };
}
const TWO_NUMBERS = ['a number', 'a number'];
const TWO_STRINGS = ['a string', 'a string'];
const sum = {
    'a string': on(TWO_STRINGS, (run, a, b) => run.text(a + b)),
    'a list': on(['a list', 'a list'], (run, a, b) => {
        run.spend(8 * (a.length + b.length));
        return run.make([...a, ...b]);
    }),
};
const addNumbers = on(TWO_NUMBERS, (_run, a, b) => calculate('+', a, b));
const equality = ([a = null, b = null], nodes, run, whose) => {
    if (nodes.some((node) => node.op === 'value' && node.args === null))
        return a === b;
    return equal(a, b, run, mixed(whose, nodes));
};
function comparison(holds) {
    return ([a = null, b = null], nodes, run, whose) => {
        if (typeof a === 'string' && typeof b === 'string') {
            run.spend(10);
            return holds(orderTexts(a, b, nodes, whose));
        }
        return holds(order(a, b, run) ?? mixed(whose, nodes)(kindOf(a), kindOf(b), false));
    };
}
function search(find) {
    return on(TWO_STRINGS, (run, hay, needle) => {
        run.spend((hay.length * needle.length) / 64 + hay.length / 8);
        return find(hay, needle);
    });
}
function conversion(to) {
    return ([a = null], nodes, run, whose) => {
        if (typeof a === 'string')
            run.spend(20);
        const result = to(kindOf(a) === 'a number' ? run.number(a) : a);
        if (result === null)
            throw new EvaluationError(`${nameOf(nodes[0])} is ${kindOf(a)} that ${whose.replace('/1', '()')} cannot convert`);
        return result;
    };
}
const OPERATIONS = {
    '==': equality,
    '!=': (...given) => equality(...given) === false,
    '<': comparison((sign) => sign < 0),
    '<=': comparison((sign) => sign <= 0),
    '>': comparison((sign) => sign > 0),
    '>=': comparison((sign) => sign >= 0),
    in: ([a = null, b = null], nodes, run, whose) => {
        const [left, right] = nodes;
        if (isMap(b)) {
            const key = want('a string', a, left, 'a search for a key', run);
            if (left?.op !== 'value' && right?.op !== 'map')
                throw new EvaluationError(`${nameOf(right)} is an object, and "in" searches an object's keys`, `where keys are meant, write ${nameOf(left)} in keys(${nameOf(right)})`);
            return run.own(b, key) !== undefined;
        }
        const differ = mixed(whose, nodes, 'an item of ');
        return want('a list', b, right, whose, run).reduce((found, item) => equal(a, item, run, differ) || found, false);
    },
    '+': (args, ...given) => (sum[kindOf(args[0] ?? null)] ?? addNumbers)(args, ...given),
    '-': on(TWO_NUMBERS, (_run, a, b) => calculate('-', a, b)),
    '*': on(TWO_NUMBERS, (_run, a, b) => calculate('*', a, b)),
    '/': on(TWO_NUMBERS, (_run, a, b) => calculate('/', a, b)),
    '%': on(TWO_NUMBERS, (_run, a, b) => calculate('%', a, b)),
    '-_': on(['a number'], (_run, a) => calculate('-', 0n, a)),
    '[]': ([a = null, at = null], [node, key], run) => {
        if (!isList(a)) {
            const name = want('a string', at, key, 'an index', run);
            const own = isMap(a) ? run.own(a, name) : undefined;
            if (own === undefined)
                throw missing(a, name, node, run);
            return evaluate_select(a, own, node, run);
        }
        const item = a[Number(want('a number', at, key, 'the index of a list', run))];
        if (item !== undefined)
            return item;
        throw new EvaluationError(`${nameOf(node)} has ${a.length} items and none at ${nameOf(key)}`);
    },
    'size/1': ([a = null], nodes, run) => {
        if (isList(a))
            return BigInt(a.length);
        if (isMap(a))
            return BigInt(run.keys(a).length);
        if (typeof a !== 'string')
            throw new EvaluationError(`${nameOf(nodes[0])} is ${kindOf(a)} and has no size`);
        run.spend(a.length / 8);
        return BigInt(characters(a));
    },
    'keys/1': on(['an object'], (run, a) => run.make(run.keys(a))),
    'dyn/1': ([a = null]) => a,
    'int/1': conversion((a) => (typeof a === 'boolean' ? null : toInt(a))),
    'double/1': conversion((a) => {
        const read = typeof a === 'string' ? readNumber(a) : a;
        return typeof read === 'number' || typeof read === 'bigint' ? toDouble(read) : null;
    }),
    'string/1': conversion((a) => (a === null || typeof a === 'object' ? null : String(a))),
    'day/1': conversion((a) => (typeof a === 'string' ? dayOf(a) : null)),
    'bool/1': conversion((a) => a === true || a === 'true' ? true : a === false || a === 'false' ? false : null),
    'contains/2': search((hay, needle) => hay.includes(needle)),
    'startsWith/2': search((hay, start) => hay.startsWith(start)),
    'endsWith/2': search((hay, end) => hay.endsWith(end)),
    'lowerAscii/1': cased(/[A-Z]+/g, (part) => part.toLowerCase()),
    'upperAscii/1': cased(/[a-z]+/g, (part) => part.toUpperCase()),
    'trim/1': on(['a string'], (run, a) => {
        run.spend(a.length / 16);
        const left = trimmed(a);
        run.spend((a.length - left.length) / 4);
        return run.text(left);
    }),
};
const BLANKS = new Set([
    ...[9, 10, 11, 12, 13, 32, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
    ...Array.from({ length: 11 }, (_, at) => 0x2000 + at),
]);
function trimmed(text) {
    let [start, end] = [0, text.length];
    while (start < end && BLANKS.has(text.charCodeAt(start)))
        start++;
    while (start < end && BLANKS.has(text.charCodeAt(end - 1)))
        end--;
    return text.slice(start, end);
}
function cased(letters, change) {
    return on(['a string'], (run, a) => {
        run.spend(2 * a.length);
        return a.replace(letters, change);
    });
}
function characters(text) {
    let count = text.length;
    for (let at = 1; at < text.length; at++) {
        const isPair = (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
        if (isPair)
            count--;
    }
    return count;
}
function mixed(op, [left, right], part = '') {
    return (a, b, inside) => {
        const [x, y] = [nameOf(left), part + nameOf(right)];
        if (inside)
            throw new EvaluationError(`"${op}" meets ${a} and ${b} inside ${x} and ${y}`);
        const text = a === 'a string' ? left : right;
        let hint = '';
        if (a === 'null' || b === 'null')
            hint = `where null is allowed, write ${a === 'null' ? x : 'x'} == null`;
        else if (a !== 'a string' && b !== 'a string')
            hint = '';
        else if (part && text === right)
            hint = `write string(${x})`;
        else if (text?.op === 'value')
            hint = `write ${nameOf(text)} without its quotes`;
        else if (a === 'a number' || b === 'a number')
            hint = `write int(${nameOf(text)}) or double(${nameOf(text)})`;
        throw new EvaluationError(`${x} is ${a} and ${y} is ${b}: "${op}" does not compare them`, hint);
    };
}

;// CONCATENATED MODULE: ./src/gate/hints.ts


const OFFERED = `there are ${Object.keys(OPERATIONS)
    .filter((key) => /^\w+\//.test(key))
    .map((key) => key.replace(/\/.*/, '()'))
    .join(', ')}, has() and the macros ${[...MACROS].join(', ')}`;
const WHOLE = 'each line is one whole expression';
const BESIDE = 'one condition a line: below `>` YAML makes one line of several, write `|`; two parts of one condition are joined by && or ||';
const SLIPS = [
    [/^Unexpected character/, /^=/, /=$/, 'equality is "==", inequality "!="'],
    [/^Unexpected character/, /^=>/, null, 'write filter(i, i.status == "x"), with a comma'],
    [/^Unexpected character/, /^=/, null, 'equality is "=="'],
    [/^Unexpected character/, /^&/, null, 'and is "&&"'],
    [/^Unexpected character/, /^\|/, null, 'or is "||"; there are no pipes'],
    [/^Unexpected character/, /^and\b/i, null, 'and is "&&"'],
    [/^Unexpected character/, /^or\b/i, null, 'or is "||"'],
    [/^Unexpected character/, /^not\s+in\b/i, null, 'write !(outputs.x in [...]): there is no "not in"'],
    [/^Unexpected character/, /^is\b/i, null, 'write == and !=: there is no "is"'],
    [/^Unexpected character/, /^(?:contains|startsWith|endsWith)\b/, null, 'write outputs.x.contains("y")'],
    [/^/, null, /(?:^|[^.\w])not $/i, 'not is "!"'],
    [
        /^Unexpected character/,
        /^`/,
        null,
        'a key that is no plain name is written outputs["a-b"], a text "x" or \'x\'',
    ],
    [/^Unexpected character/, /^:/, null, 'a name ends with a colon and a space: "name: expression"'],
    [
        /^Unexpected character/,
        /^\$/,
        null,
        'a step gets values of GitHub through ${{ … }} in the workflow file',
    ],
    [/^Unexpected character/, /^outputs\b|^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}: /u, null, BESIDE],
    [/^Unexpected token/, /^>/, /<$/, 'inequality is "!="'],
    [/^Unexpected token/, /^\?/, /\[$/, 'for [?…] of JMESPath write .filter(i, i.status == "x")'],
    [/^Unexpected token/, /^\*/, /\[$/, 'for [*] write .map(i, i.status) or .filter(i, …)'],
    [/^Unexpected token/, /^[?.]/, /\?$/, 'write has(outputs.x) && outputs.x == …'],
    [/^Unexpected token/, /^\]/, /\[$/, 'for [] of JMESPath write .map(i, …) or .filter(i, …)'],
    [/^Unexpected token/, /^@/, null, 'an item has a name: .filter(i, i.status == "x")'],
    [/^Unexpected token: EOF/, /^$/, null, WHOLE],
    [/^Expected RPAREN, got COLON/, null, null, 'write filter(i, i.status == "x"), with a comma'],
    [
        /^Expected RPAREN, got COMMA/,
        null,
        /\bin \([^()]*$/,
        'a list stands in brackets: outputs.x in ["a", "b"]',
    ],
    [/^Expected/, /^$/, null, WHOLE],
    [/^Unknown variable/, null, /-$/, 'a key that is no plain name is written outputs["a-b"]'],
    [/^Unknown variable/, /^(True|False|None|nil|undefined)\b/, null, 'write true, false or null'],
    [
        /^Unknown variable/,
        null,
        null,
        'the one variable is "outputs"; a macro names its own: outputs.items.filter(i, i.x)',
    ],
    [/^found no matching overload/, /\b(length|len|count)\(/, null, 'write size(…)'],
    [/^found no matching overload/, /\.keys\(/, null, 'write keys(…)'],
    [
        /^matches\(\) is not supported/,
        null,
        null,
        'a hostile text can keep a regular expression busy for hours; use ==, in, startsWith(), endsWith() or contains()',
    ],
    [/^\w+\(\) is not supported/, /(timestamp|duration)\(/, null, 'dates as 2026-12-31 compare as strings'],
    [/\(\) is not supported|^found no matching overload/, null, null, OFFERED],
    [
        /^Logical operator .* got 'list/,
        null,
        null,
        'a list holds by itself only as a whole condition: write size(…) > 0, or exists() in place of filter()',
    ],
    [
        /^no such overload: !list/,
        null,
        null,
        'a list is empty where size(…) == 0; or write exists() in place of filter()',
    ],
    [
        /^no such overload: (?:list\S* (?!in)\S+ (?:int|double)$|(?:int|double) (?!in)\S+ list)/m,
        null,
        null,
        'the items of a list are counted by size(…): size(outputs.items.filter(…)) > 0',
    ],
    [
        /^no such overload/,
        null,
        null,
        'both sides must be of one type: int(…), double(…) and string(…) convert',
    ],
    [/^has\(\) invalid/, null, null, 'has() takes a path of names, outputs.a.b; else write "key" in outputs.a'],
    [/^the value is of type/, null, null, 'compare it with something'],
    [/^Unexpected character/, /^[\w"'([{!]/, /[\w"')\]} ]$/, `an operator is missing before it; ${BESIDE}`],
];
function hintOf(said, before, rest) {
    const slip = SLIPS.find(([text, place, lead]) => text.test(said) && (!place || place.test(rest)) && (!lead || lead.test(before)));
    return keyHint(said, before, rest) ?? slip?.[3] ?? '';
}
function keyHint(said, before, rest) {
    const [, path = '', begun = ''] = /([A-Za-z_][\w.]*)\.(\w*)$/.exec(before) ?? [];
    if (path === '')
        return null;
    const isOther = said.startsWith('Unexpected character') && /^[\p{L}\p{M}\p{N}]/u.test(rest);
    const isWord = /^Expected IDENTIFIER, got (?:IN|BOOLEAN|NULL|NUMBER)/.test(said);
    const key = begun + (/^[\p{L}\p{M}\p{N}_]+/u.exec(rest)?.[0] ?? '');
    return isOther || isWord ? `a key that is no plain name is written ${path}["${key}"]` : null;
}
const ELSEWHERE = {
    any: 'exists(i, …)',
    some: 'exists(i, …)',
    every: 'all(i, …)',
    find: 'filter(i, …)',
    where: 'filter(i, …)',
    select: 'filter(i, …) or map(i, …)',
    count: 'size(outputs.items.filter(i, …))',
    one: 'exists_one(i, …)',
    none: '!outputs.items.exists(i, …)',
    includes: 'contains("x") of a text, "x" in … of a list',
    toLowerCase: 'lowerAscii()',
    lower: 'lowerAscii()',
    toUpperCase: 'upperAscii()',
    upper: 'upperAscii()',
    strip: 'trim()',
};
function insteadOf(method) {
    return Object.hasOwn(ELSEWHERE, method) ? ELSEWHERE[method] : undefined;
}

;// CONCATENATED MODULE: ./src/gate/meaning.ts



class Unmeant extends lib/* ParseError */.mB {
    hint;
    constructor(message, node, hint) {
        super({ message, node });
        this.hint = hint;
    }
}
const STRINGS = /"""(?:\\.|[^\\])*?(?:"""|\\?$)|'''(?:\\.|[^\\])*?(?:'''|\\?$)|"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\.|[^'\\])*(?:'|\\?$)/gs;
function withoutStrings(expression) {
    return expression.replace(STRINGS, (text) => `"${' '.repeat(Math.max(0, text.length - 2))}"`.slice(0, text.length));
}
function shown(character) {
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character) &&
        !/^\p{Default_Ignorable_Code_Point}$/u.test(character))
        return `"${character}"`;
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
const COMMENT = 'a comment has a line of its own, which begins with "#"';
const SIGNS = [
    [/(?<=^\n*)-(?=\s)/, () => 'a condition is not an item of a YAML list', 'take the `-` at its start away'],
    [
        /(?<=^\n*)-/,
        () => 'a condition that begins with "-" reads as an item of a YAML list',
        'take the `-` at its start away; where a minus is meant, put it into parentheses',
    ],
    [/\/\//, () => 'a comment stands behind the condition', COMMENT],
    [/#/, () => 'a comment stands behind the condition', COMMENT],
    [
        /[[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[ \t\r\n]]/v,
        (found) => `an invisible character stands here: ${shown(found)}`,
        'delete it, or write an ordinary space',
    ],
    [
        /[“”„‟‘’‚‛«»‹›]/,
        (found) => `${found} is no quote in CEL`,
        'texts stand in straight quotes, "x" or \'x\'',
    ],
    [/[≥⩾≧]/, (found) => `${found} is no operator in CEL`, 'write >='],
    [/[≤⩽≦]/, (found) => `${found} is no operator in CEL`, 'write <='],
    [/≠/, (found) => `${found} is no operator in CEL`, 'write !='],
    [/[−–—]/, (found) => `${found} is no minus in CEL`, 'write -'],
];
const UNSEEN = /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[ ]]/v;
function refuseText(expression) {
    const text = withoutStrings(expression);
    refuseName(expression, text);
    for (const { 0: quoted, index } of expression.matchAll(STRINGS)) {
        const at = quoted.search(UNSEEN);
        if (at < 0)
            continue;
        const found = shown(String.fromCodePoint(quoted.codePointAt(at) ?? 0));
        throw new Unmeant(`an invisible character stands in a text: ${found}`, placeAt(expression, index + at), `delete it, or write \\u${found.slice(2).padStart(4, '0').toLowerCase()} where it is meant`);
    }
    const [first] = SIGNS.map((sign) => ({ at: text.search(sign[0]), sign }))
        .filter(({ at }) => at >= 0)
        .sort((a, b) => a.at - b.at);
    if (!first)
        return;
    const [, message, hint] = first.sign;
    const found = String.fromCodePoint(expression.codePointAt(first.at) ?? 0);
    throw new Unmeant(message(found), placeAt(expression, first.at), hint);
}
const LIKE_A_NAME = /^\n*([^\n:?{[]+):(?=\s)/;
const LONGEST_NAME = 64;
function refuseName(expression, text) {
    const [whole = '', name = ''] = LIKE_A_NAME.exec(text) ?? [];
    const isBalanced = name.split('(').length === name.split(')').length;
    if (name === '' || !isBalanced || /^outputs\b/.test(name))
        return;
    const start = whole.length - 1 - name.length;
    const given = Array.from(expression.slice(start, start + name.length));
    const wrong = given.findIndex((one, at) => !(at === 0 ? /[\p{L}\p{N}]/u : /[\p{L}\p{N} _.-]/u).test(one));
    if (wrong < 0 && name.length <= LONGEST_NAME)
        return;
    const why = wrong < 0
        ? `it has ${name.length} characters, and at most ${LONGEST_NAME} are taken`
        : `it ${wrong === 0 ? 'begins with' : 'has'} ${shown(given[wrong] ?? '')}`;
    throw new Unmeant(`what stands before the colon is not taken for a name: ${why}`, placeAt(expression, start + given.slice(0, Math.max(0, wrong)).join('').length), `a name is made of letters, digits, blanks, "_", "." and "-", and begins with a letter or a digit`);
}
function placeAt(input, at) {
    return { pos: at, start: at, end: at + 1, input };
}
const EQUALITIES = new Set(['==', '!=']);
const RELATIONS = new Set(['<', '<=', '>', '>=', 'in']);
function refuseMixed(ast, expression) {
    const depthAt = depths(expression);
    for (const node of walk(ast)) {
        if (!EQUALITIES.has(node.op))
            continue;
        const [, right] = node.args;
        if (!RELATIONS.has(right.op) || depthAt(node) !== depthAt(right))
            continue;
        const both = `"${node.op}" and "${right.op}"`;
        throw new Unmeant(`${both} rank the same in CEL: put one comparison into parentheses`, right, '');
    }
}
function refuseTree(ast, expression) {
    const depthAt = depths(expression);
    for (const node of walk(ast)) {
        if (node.op === 'map')
            refuseDoubledKeys(node);
        if (node.op === 'value' && typeof node.args === 'string' && /^(?:…+|\.{3,})$/.test(node.args))
            throw new Unmeant(`the text ${nameOf(node)} is left over from an example`, node, 'write what is meant instead');
        refuseTexts(node);
        refuseUnused(node, variableOf(node));
        const rank = [EQUALITIES, RELATIONS].find((operators) => operators.has(node.op));
        if (!rank)
            continue;
        const [left, right] = node.args;
        if (!rank.has(left.op) || depthAt(node) !== depthAt(left))
            continue;
        const middle = nameOf(left.args[1]);
        throw new Unmeant(`"${left.op}" and "${node.op}" stand in a row: the second compares the first one's true or false`, left, rank === EQUALITIES
            ? 'join two comparisons by &&, or put one into parentheses'
            : `write ${nameOf(left)} && ${middle} ${node.op} ${nameOf(right)}`);
    }
}
function refuseUnused(node, variable) {
    if (node.op !== 'rcall' || variable === null)
        return;
    const [name, , [, ...bodies]] = node.args;
    if ((bodies.length > 1 && name !== 'map') || reads(bodies, variable))
        return;
    throw new Unmeant(`${name}() does not use its ${variable}: it says the same of every item`, node, `a field of an item is ${variable}.<its key>`);
}
function* literalsAt(node) {
    const isText = (one) => one?.op === 'value' && typeof one.args === 'string';
    if (node.op === 'rcall') {
        const [name, subject, [text]] = node.args;
        if (text && isText(text) && /^(?:contains|startsWith|endsWith)$/.test(name))
            yield [`${name}()`, subject, text, text.args];
    }
    else if (EQUALITIES.has(node.op) || node.op === 'in') {
        const [left, right] = node.args;
        const texts = node.op === 'in' && right.op === 'list' ? right.args : [right];
        for (const text of texts.filter(isText))
            yield [node.op, left, text, text.args];
        if (node.op !== 'in' && isText(left))
            yield [node.op, right, left, left.args];
    }
}
function refuseTexts(node) {
    const literals = [...literalsAt(node)];
    for (const [by, other, literal, text] of literals) {
        const [name, said] = [nameOf(other), nameOf(literal)];
        if (text === '' && (by !== 'in' || literals.length === 1))
            throw new Unmeant(`"${by}" meets an empty text: a \`\${{ … }}\` that is not set leaves one`, literal, EQUALITIES.has(by)
                ? `if empty is meant, write size(${name}) ${by} 0`
                : 'write the text that is meant');
        const never = neverIs(other, text, by);
        if (never === null)
            continue;
        const [what, changed] = never;
        throw new Unmeant(`${name} ${what}, and ${said} is not`, literal, `write ${JSON.stringify(cut(changed, 40))}`);
    }
}
function neverIs(node, text, by) {
    if (node.op !== 'rcall')
        return null;
    const [name, subject] = node.args;
    if (name === 'lowerAscii' && /[A-Z]/.test(text))
        return ['is in lower case', text.toLowerCase()];
    if (name === 'upperAscii' && /[a-z]/.test(text))
        return ['is in upper case', text.toUpperCase()];
    if (name === 'trim' && !by.endsWith('()') && text.trim() !== text)
        return ['has no blanks around it', text.trim()];
    const isCase = name === 'lowerAscii' || name === 'upperAscii';
    return name === 'trim' || (isCase && subject.op === 'rcall' && subject.args[0] === 'trim')
        ? neverIs(subject, text, by)
        : null;
}
function depths(expression) {
    const text = withoutStrings(expression);
    return ({ args }) => {
        const [left, right] = args;
        const before = text.slice(0, left.end + text.slice(left.end, right.start).search(/[=!<>i]/));
        return before.split(/[([{]/).length - before.split(/[)\]}]/).length;
    };
}
function refuseDoubledKeys(map) {
    const seen = new Set();
    for (const [key] of map.args) {
        if (key.op !== 'value')
            continue;
        if (seen.has(key.args))
            throw new Unmeant(`the key ${nameOf(key)} stands twice`, key, '');
        seen.add(key.args);
    }
}
function refuseConstant(ast) {
    if (reads(ast, 'outputs'))
        return;
    throw new Unmeant('the condition reads no `outputs`: it says the same of every run', ast, 'a value that the run wrote is outputs.<its key>');
}
function reads(args, name) {
    if (Array.isArray(args))
        return args.some((one) => reads(one, name));
    if (typeof args !== 'object' || args === null || !('op' in args))
        return false;
    const node = args;
    const variable = variableOf(node);
    if (variable === null)
        return node.op === 'id' ? node.args === name : reads(node.args, name);
    const [, subject, [, ...bodies]] = node.args;
    return reads(subject, name) || (variable !== name && reads(bodies, name));
}

;// CONCATENATED MODULE: ./src/gate/compile.ts






const environment = new lib/* Environment */.OH({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 5000, maxDepth: 100 },
})
    .registerVariable('outputs', 'dyn')
    .registerFunction('keys(map<string, dyn>): list<string>', () => [])
    .registerFunction('day(string): string', () => '');
for (const [left, right] of [['int', 'double'], ['double', 'int']])
    for (const op of ['+', '-', '*', '/'])
        environment.registerOperator(`${left} ${op} ${right}: double`, () => 0);
environment.registerOperator('int == double: bool', () => false);
function typeOf(expression) {
    const parsed = environment.parse(expression);
    parsed.check();
    return parsed.ast.checkedType;
}
const [INT, ANY_LIST, ANY_MAP] = [typeOf('1'), typeOf('[1, "a"]'), typeOf('{"a": 1, "b": "c"}')];
function compileExpression(source, line) {
    return compile(source, line, true);
}
function compileCel(source) {
    return compile(source, 1, false);
}
function compile(source, line, isCondition) {
    const expression = '\n'.repeat(line - 1) + source;
    try {
        if (isCondition)
            refuseText(expression);
        const parsed = environment.parse(expression);
        refuseMixed(parsed.ast, expression);
        if (isCondition)
            refuseTree(parsed.ast, expression);
        refuseMethods(parsed.ast);
        setTypes(parsed.ast);
        const { error, type = '' } = parsed.check();
        if (error)
            return refusal(error, expression);
        if (!/^(bool|list|dyn)/.test(type))
            throw fault(`the value is of type ${type}; it must be bool or a list`, parsed.ast);
        refuseUnknown(parsed.ast);
        if (isCondition)
            refuseConstant(parsed.ast);
        return (outputs, budget) => evaluateClosed(parsed.ast, outputs, budget);
    }
    catch (error) {
        return refusal(error, expression);
    }
}
function fault(message, node) {
    return new lib/* ParseError */.mB({ message, node });
}
function setTypes(ast) {
    for (const node of walk(ast)) {
        if (node.op === 'value' && typeof node.args === 'number')
            node.checkedType = INT;
        if (node.op === 'list' && node.args.length === 0)
            node.checkedType = ANY_LIST;
        if (node.op === 'map' && node.args.length === 0)
            node.checkedType = ANY_MAP;
    }
}
function refuseMethods(ast) {
    for (const node of walk(ast)) {
        if (node.op !== 'rcall')
            continue;
        const [name, subject, args] = node.args;
        const place = { input: node.input, pos: subject.end + 1, start: subject.end + 1, end: node.end };
        const instead = insteadOf(name);
        if (instead !== undefined)
            throw new Unmeant(`there is no ${name}()`, place, `write ${instead}`);
        const isRight = variableOf(node) !== null && (args.length === 2 || (name === 'map' && args.length === 3));
        if (MACROS.has(name) && !isRight)
            throw new Unmeant(`${name}() takes one name for an item, and what to make of it`, place, `write ${name}(i, …)${args.length > 2 ? ': an index is not offered' : ''}`);
    }
}
function refuseUnknown(ast) {
    const nodes = [...walk(ast)];
    const variables = new Set(['outputs', ...nodes.map(variableOf)]);
    const negated = new Set(nodes.map((node) => (node.op === '-_' ? node.args : null)));
    for (const node of nodes) {
        if (node.op === 'id' && !variables.has(node.args))
            throw fault(`Unknown variable: ${node.args}`, node);
        if (node.op === 'value' && typeof node.args === 'bigint') {
            const isSmallest = node.args === 2n ** 63n && negated.has(node);
            if (node.args >= 2n ** 63n && !isSmallest)
                throw fault('An integer is beyond 64 bits', node);
        }
        if (node.op === 'value' && typeof node.args === 'object' && node.args !== null)
            throw fault('Bytes and unsigned integers are not offered', node);
        if (node.op === 'in' && node.args[1].op === 'list') {
            const literals = node.args[1].args.filter((item) => item.op === 'value');
            if (new Set(literals.map((item) => kindOf(item.args))).size > 1)
                throw fault('The items of a list to search must be of one type', node.args[1]);
        }
        if (node.op === 'rcall' && !MACROS.has(node.args[0]))
            refuseCall(node, node.args[0], node.args[2].length + 1);
        if (node.op === 'call' && node.args[0] !== 'has')
            refuseCall(node, node.args[0], node.args[1].length);
    }
}
function refuseCall(node, name, operands) {
    if (OPERATIONS[`${name}/${operands}`])
        return;
    const isOffered = Object.keys(OPERATIONS).some((one) => one.startsWith(`${name}/`));
    throw fault(`${name}() is not supported${isOffered ? ' with so many values' : ''}`, node);
}
function refusal(error, expression) {
    const { message: said = 'it cannot be compiled', range } = error;
    const at = range?.start ?? 0;
    const column = Math.max(0, at - (expression.lastIndexOf('\n') + 1));
    const hint = error instanceof Unmeant ? error.hint : hintOf(said, expression.slice(0, at), expression.slice(at));
    const word = /^\w+/.exec(expression.slice(at))?.[0];
    const message = word === undefined ? said : said.replace(/^Unexpected character: '.'/, `Unexpected: ${word}`);
    return { message, at: column, hint };
}


/***/ })

};
