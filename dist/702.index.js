export const id = 702;
export const ids = [702];
export const modules = {

/***/ 702:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  compileExpression: () => (/* binding */ compileExpression)
});

// EXTERNAL MODULE: ./node_modules/@marcbachmann/cel-js/lib/index.js + 13 modules
var lib = __webpack_require__(7337);
// EXTERNAL MODULE: ./src/json.ts
var json = __webpack_require__(8301);
;// CONCATENATED MODULE: ./src/gate/values.ts
/**
 * What CEL's values are over JSON, and the operations on them, closed: where CEL gives a plain answer for
 * operands of mixed types, or JavaScript a rounded one, these throw.
 */

/** The condition has no value. The message is one sentence; names of keys in it are untrusted. */
class EvaluationError extends Error {
    name = 'Unevaluable';
    what;
    hint;
    /** "item 2 of outputs.items", where it happened. */
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
/** A number that has no exact form or result; whoever knows the operands says which. */
class Inexact extends Error {
    name = 'Inexact';
}
/** Bounds one evaluation: an expression may nest loops over what a stranger sent. Some two seconds at most. */
const STEPS = 20_000_000;
/** One evaluation of one condition. */
class Evaluation {
    #steps = STEPS;
    #all;
    #made = new WeakSet();
    #given = new Set();
    constructor(all) {
        this.#all = all;
    }
    spend(steps) {
        this.#steps -= steps;
        this.#all.steps -= steps;
        if (this.#steps < 0)
            throw new EvaluationError('the evaluation takes too many steps for outputs of this size', 'avoid loops inside loops and searches for long texts');
        if (this.#all.steps < 0)
            throw new EvaluationError('the conditions together take too many steps for outputs of this size', 'write fewer of them, or cheaper ones');
    }
    /** Of one from the outputs the source text is read again each time. */
    number(value) {
        if (typeof value === 'object')
            this.spend(20);
        return toNumber(value);
    }
    /** Which keys there are, and which of them may have been meant. Capped; to be escaped by whoever shows them. */
    keysOf(map, wanted) {
        const keys = this.keys(map);
        if (keys.length === 0)
            return 'it has no keys';
        if (wanted !== undefined)
            this.spend(800 * Math.min(keys.length, NEAR_KEYS));
        const near = wanted === undefined ? undefined : keys.slice(0, NEAR_KEYS).find((key) => isNear(key, wanted));
        const more = keys.length > 10 ? ` and ${keys.length - 10} more` : '';
        const all = `its keys: ${keys.slice(0, 10).map(quoted).join(', ')}${more}`;
        return near === undefined ? all : `did you mean ${quoted(near)}? ${all}`;
    }
    keys(map) {
        const keys = Object.keys(map);
        this.spend(12 * keys.length);
        return keys;
    }
    /** For lists and maps that the expression builds: these alone may hold a bigint. */
    make(container) {
        // Steps stand for memory too: what is built may be kept.
        this.spend(60);
        this.#made.add(container);
        return container;
    }
    /** For strings that the expression builds; what they may take of memory is bounded too. */
    text(made) {
        this.spend(made.length / 4);
        return made;
    }
    /** As JSON: what came from the outputs is handed out as it came. */
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
            // Handed out once it is no larger than the outputs are; again, as by `map(i, outputs.items)`, as often as it is.
            if (this.#given.has(value))
                this.spend(isText ? value.length : JSON.stringify(value).length);
            this.#given.add(value);
            return value;
        }
        // A list that holds another one twice holds two once it is JSON.
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
/** Digits and exponent without needless zeros, so that equal decimals have equal forms; null: not a number. */
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
/** The number that the text stands for, or null where neither a double nor a 64-bit integer says the same. */
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
    // A double beyond 64 bits that prints as its source: its order among such doubles is the decimals' order.
    return same ? double : null;
}
/** @throws Inexact for a number that cannot be held exactly */
function toNumber(value) {
    if (typeof value === 'bigint')
        return value;
    if (typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value)))
        return value;
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
/**
 * Whole numbers are computed exactly, others as doubles. A quotient that CEL would cut (1 / 5 is 0) is refused
 * between ints: whoever gates on a share would get 0.
 */
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
/** Equality that goes through all that both sides have, so that a mixture is found whatever stands before it. */
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
/** Negative, 0 or positive; null where the two have no order. A bigint and a double are compared exactly. */
function order(a, b, run) {
    const kind = kindOf(a);
    if (kind !== kindOf(b))
        return null;
    let [x, y] = [a, b];
    if (kind === 'a number')
        [x, y] = [run.number(a), run.number(b)];
    else if (kind === 'a string')
        run.spend((a.length + b.length) / 16);
    else if (kind !== 'true or false')
        return null;
    // CEL orders by code point, which is the order of UTF-8; JavaScript by UTF-16.
    if (kind === 'a string')
        return Buffer.compare(Buffer.from(x), Buffer.from(y));
    return x < y ? -1 : x > y ? 1 : 0;
}
function cut(text, length) {
    return text.length > length ? `${text.slice(0, length)}…` : text;
}
function quoted(key) {
    return JSON.stringify(cut(key, 40));
}
/** So many keys are looked at for the one that was meant. */
const NEAR_KEYS = 200;
/** The same but for case and separators, or two edits (one in a short name) away. */
function isNear(key, wanted) {
    const plain = (word) => word.slice(0, 64).toLowerCase().replace(/[-_ ]/g, '');
    return edits(plain(key), plain(wanted)) <= (wanted.length < 5 ? 1 : 2);
}
function edits(a, b) {
    let row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++) {
            const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        row = next;
    }
    return row[b.length] ?? 0;
}

;// CONCATENATED MODULE: ./src/gate/evaluate.ts
/**
 * The evaluation of a checked CEL expression, closed: every operand that is evaluated has a value of the type that
 * its operator takes, or the condition has none (Unevaluable). The library parses and checks types; its own
 * evaluation is not used, because there `&&`, `||`, `all` and `exists` swallow an operand's error, `==` and `in`
 * answer for operands of mixed types, macros take objects, `int("")` is 0 and `matches` is a backtracking RegExp.
 */



/** Never throws: whatever went wrong, nothing was learnt, and that must not turn into a green gate. */
function evaluateClosed(ast, outputs, budget) {
    try {
        if (outputs === undefined || outputs === null)
            throw new EvaluationError('the run has no outputs');
        if (!(0,json/* isJsonObject */.OW)(outputs))
            throw new EvaluationError('the outputs of the run are not an object');
        return judge(ast, outputs, budget);
    }
    catch (error) {
        const problem = error instanceof EvaluationError ? error.sentence() : 'the evaluation failed';
        return { result: 'cannot_be_evaluated', matched: [], unmatched: null, problem };
    }
}
function judge(ast, outputs, budget) {
    const run = new Evaluation(budget);
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
        case 'map': {
            const pairs = node.args.map(([key, item]) => [
                want('a string', evaluate(key, scope, run), key, 'a key', run),
                evaluate(item, scope, run),
            ]);
            return run.make(Object.fromEntries(pairs));
        }
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
        case 'call':
            if (node.args[0] === 'has')
                return has(node.args[1][0], scope, run);
            return operate(`${node.args[0]}/${node.args[1].length}`, node.args[1], scope, run);
        case 'rcall':
            if (MACROS.has(node.args[0]))
                return loop(node, scope, run);
            return operate(`${node.args[0]}/${node.args[2].length + 1}`, [node.args[1], ...node.args[2]], scope, run);
        case '!_':
        case '-_':
            return operate(node.op, [node.args], scope, run);
        default:
            return operate(node.op, node.args, scope, run);
    }
}
const MACROS = new Set(['filter', 'map', 'all', 'exists', 'exists_one']);
/** The macros. One item settles `all` and `exists`, as a short circuit does: what comes after was not needed. */
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
/** `has(a.b.c)`: whether `a.b` has a `c`; that it is an object is needed. */
function has(path, scope, run) {
    if (path?.op !== '.')
        throw new EvaluationError('has() takes a path');
    const [subject, key] = path.args;
    const value = evaluate(subject, scope, run);
    return isMap(value) ? Object.hasOwn(value, key) : evaluate_select(value, key, subject, run) !== null;
}
function evaluate_select(value, key, node, run) {
    const found = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (found !== undefined)
        return found;
    if (isMap(value))
        throw new EvaluationError(`${nameOf(node)} has no key ${quoted(key)}`, run.keysOf(value, key));
    const size = ['length', 'size', 'count'].includes(key) ? `write size(${nameOf(node)})` : '';
    const each = isList(value) ? `write ${nameOf(node)}.filter(i, i.${cut(key, 40)} …)` : '';
    throw new EvaluationError(`${nameOf(node)} is ${kindOf(value)} and has no key ${quoted(key)}`, size || each);
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
/** An operation on operands of these kinds and no others. */
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
    // `x == null` written out is how to ask for null.
    if (nodes.some((node) => node.op === 'value' && node.args === null))
        return a === b;
    return equal(a, b, run, mixed(whose, nodes));
};
function comparison(holds) {
    return ([a = null, b = null], nodes, run, whose) => holds(order(a, b, run) ?? mixed(whose, nodes)(kindOf(a), kindOf(b), false));
}
/** V8's search takes time with the product of both lengths where both are hostile. */
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
/** Functions by name and number of operands, the receiver counted. What is not here is refused before the launch. */
const OPERATIONS = {
    '==': equality,
    '!=': (...given) => equality(...given) === false,
    '<': comparison((sign) => sign < 0),
    '<=': comparison((sign) => sign <= 0),
    '>': comparison((sign) => sign > 0),
    '>=': comparison((sign) => sign >= 0),
    in: ([a = null, b = null], nodes, run, whose) => {
        const [left, right] = nodes;
        if (isMap(b))
            return Object.hasOwn(b, want('a string', a, left, 'a search for a key', run));
        const differ = mixed(whose, nodes, 'an item of ');
        // To the end, so that an item of another type is found wherever it stands.
        return want('a list', b, right, whose, run).reduce((found, item) => equal(a, item, run, differ) || found, false);
    },
    '+': (args, ...given) => (sum[kindOf(args[0] ?? null)] ?? addNumbers)(args, ...given),
    '-': on(TWO_NUMBERS, (_run, a, b) => calculate('-', a, b)),
    '*': on(TWO_NUMBERS, (_run, a, b) => calculate('*', a, b)),
    '/': on(TWO_NUMBERS, (_run, a, b) => calculate('/', a, b)),
    '%': on(TWO_NUMBERS, (_run, a, b) => calculate('%', a, b)),
    '-_': on(['a number'], (_run, a) => calculate('-', 0n, a)),
    '!_': on(['true or false'], (_run, a) => !a),
    '[]': ([a = null, at = null], [node, key], run) => {
        if (!isList(a))
            return evaluate_select(a, want('a string', at, key, 'an index', run), node, run);
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
    'dyn/1': ([a = null]) => a,
    'int/1': conversion((a) => (typeof a === 'boolean' ? null : toInt(a))),
    'double/1': conversion((a) => {
        const read = typeof a === 'string' ? readNumber(a) : a;
        return typeof read === 'number' || typeof read === 'bigint' ? toDouble(read) : null;
    }),
    'string/1': conversion((a) => (a === null || typeof a === 'object' ? null : String(a))),
    'bool/1': conversion((a) => a === true || a === 'true' ? true : a === false || a === 'false' ? false : null),
    'contains/2': search((hay, needle) => hay.includes(needle)),
    'startsWith/2': search((hay, start) => hay.startsWith(start)),
    'endsWith/2': search((hay, end) => hay.endsWith(end)),
    'lowerAscii/1': cased(/[A-Z]+/g, (part) => part.toLowerCase()),
    'upperAscii/1': cased(/[a-z]+/g, (part) => part.toUpperCase()),
    'trim/1': on(['a string'], (run, a) => {
        // Of a text of blanks nothing is left, and all of it was looked at.
        run.spend(a.length / 16);
        return run.text(a.trim());
    }),
};
/** A text whose letters change their case one by one takes a call for each. */
function cased(letters, change) {
    return on(['a string'], (run, a) => {
        run.spend(2 * a.length);
        return a.replace(letters, change);
    });
}
/** CEL counts characters, JavaScript halves of them. */
function characters(text) {
    let count = text.length;
    for (let at = 1; at < text.length; at++) {
        const isPair = (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
        if (isPair)
            count--;
    }
    return count;
}
/** The complaint about two operands of which one is null or of another kind than the other, and the way out. */
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
function nameOf(node) {
    return node ? cut((0,lib/* serialize */.lK)(node), 60) : '';
}

;// CONCATENATED MODULE: ./src/gate/compile.ts
/** CEL's parser and type checker, and what to say of an expression that they refuse. Loaded only for a gate. */



const environment = new lib/* Environment */.OH({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 5000, maxDepth: 100 },
}).registerVariable('outputs', 'dyn');
// JSON has one kind of number: to the checker too. These are never called.
for (const [left, right] of [['int', 'double'], ['double', 'int']])
    for (const op of ['+', '-', '*', '/'])
        environment.registerOperator(`${left} ${op} ${right}: double`, () => 0);
environment.registerOperator('int == double: bool', () => false);
function compileExpression(source, line) {
    // CEL would take it for a minus, and `- size(outputs.items) > 1` for a condition that never holds.
    if (/^-\s/.test(source))
        return {
            message: 'a condition is not an item of a YAML list',
            at: 0,
            hint: 'take the `-` at its start away',
        };
    // So that the library's caret stands under the line's own number.
    const expression = '\n'.repeat(line - 1) + source;
    try {
        const parsed = environment.parse(expression);
        const { error, type = '' } = parsed.check();
        if (error)
            return refusal(error, expression);
        if (!/^(bool|list|dyn)/.test(type))
            return refusal(fault(`the value is of type ${type}; it must be bool or a list`, parsed.ast), expression);
        refuseUnknown(parsed.ast);
        refuseMixed(parsed.ast, expression);
        return (outputs, budget) => evaluateClosed(parsed.ast, outputs, budget);
    }
    catch (error) {
        return refusal(error, expression);
    }
}
function fault(message, node) {
    return new lib/* ParseError */.mB({ message, node });
}
/** Refuses what the checker lets pass and the closed evaluation does not offer. */
function refuseUnknown(ast) {
    const nodes = [...walk(ast)];
    const variables = new Set(['outputs']);
    for (const node of nodes) {
        if (node.op === 'rcall' && node.args[2][0]?.op === 'id' && MACROS.has(node.args[0]))
            variables.add(node.args[2][0].args);
    }
    for (const node of nodes) {
        if (node.op === 'id' && !variables.has(node.args))
            throw fault(`Unknown variable: ${node.args}`, node);
        if (node.op === 'value' && typeof node.args === 'bigint' && node.args >= 2n ** 63n)
            throw fault('An integer is beyond 64 bits', node);
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
    if (!OPERATIONS[`${name}/${operands}`])
        throw fault(`The gate does not offer this use of ${name}()`, node);
}
const RELATIONS = new Set(['<', '<=', '>', '>=', 'in']);
/**
 * Refuses `a == b < c`: CEL compares from left to right, `(a == b) < c`, the library as most languages do, `a == (b < c)`.
 * The tree does not show which parentheses were written, so the depth of the two operators is counted in the text.
 */
function refuseMixed(ast, expression) {
    const nodes = [...walk(ast)];
    let text = expression;
    for (const { op, args, start, end } of nodes)
        if (op === 'value' && typeof args === 'string')
            text = text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
    const depth = (left, right) => {
        const between = text.slice(left.end, right.start);
        const before = text.slice(0, left.end + between.search(/[=!<>i]/));
        return before.split(/[([{]/).length - before.split(/[)\]}]/).length;
    };
    for (const node of nodes) {
        if (node.op !== '==' && node.op !== '!=')
            continue;
        const [left, right] = node.args;
        if (!RELATIONS.has(right.op))
            continue;
        const [first, second] = right.args;
        if (depth(left, right) === depth(first, second))
            throw fault(`"${node.op}" and "${right.op}" rank the same in CEL: put one comparison into parentheses`, right);
    }
}
/** The node and all below it: what a node has below it stands in its `args`, however nested. */
function* walk(args) {
    if (Array.isArray(args))
        for (const item of args)
            yield* walk(item);
    else if (typeof args === 'object' && args !== null && 'op' in args) {
        yield args;
        yield* walk(args.args);
    }
}
function refusal(error, expression) {
    const { message, range } = error;
    const at = range?.start ?? 0;
    const [before, rest] = [expression.slice(0, at), expression.slice(at)];
    const said = message ?? 'it cannot be compiled';
    const slip = SLIPS.find(([text, place, lead]) => said.startsWith(text) && place.test(rest) && (!lead || lead.test(before)));
    const column = Math.max(0, at - (expression.lastIndexOf('\n') + 1));
    return { message: said, at: column, hint: slip?.[3] ?? '' };
}
const OFFERED = Object.keys(OPERATIONS)
    .filter((key) => /^\w+\//.test(key))
    .map((key) => key.replace(/\/.*/, '()'));
/** The message's begin, what stands at the place and what stands before it: the way out. The first that fits. */
const SLIPS = [
    ['Unexpected character', /^=/, /=$/, 'equality is "==", inequality "!="'],
    ['Unexpected character', /^=>/, null, 'write filter(i, i.status == "x"), with a comma'],
    ['Unexpected character', /^=/, null, 'equality is "=="'],
    ['Unexpected character', /^&/, null, 'and is "&&"'],
    ['Unexpected character', /^\|/, null, 'or is "||"; there are no pipes'],
    ['Unexpected character', /^and\b/i, null, 'and is "&&"'],
    ['Unexpected character', /^or\b/i, null, 'or is "||"'],
    ['', /^/, /\bnot $/i, 'not is "!"'],
    [
        'Unexpected character',
        /^`/,
        null,
        'a key that is no plain name is written outputs["a-b"], a text "x" or \'x\'',
    ],
    ['Unexpected character', /^:/, null, 'a name ends with a colon and a space: "name: expression"'],
    ['Unexpected token', /^>/, /<$/, 'inequality is "!="'],
    ['Unexpected token', /^\?/, /\[$/, 'for [?…] of JMESPath write .filter(i, i.status == "x")'],
    ['Unexpected token', /^\*/, /\[$/, 'for [*] write .map(i, i.status) or .filter(i, …)'],
    ['Unexpected token', /^[?.]/, /\?$/, 'write has(outputs.x) && outputs.x == …'],
    ['Unexpected token', /^\]/, /\[$/, 'for [] of JMESPath write .map(i, …) or .filter(i, …)'],
    ['Unexpected token', /^@/, null, 'an item has a name: .filter(i, i.status == "x")'],
    ['Unexpected token: EOF', /^$/, null, 'each line is one whole expression'],
    ['Expected', /^$/, null, 'each line is one whole expression'],
    ['Unknown variable', /^/, /-$/, 'a key that is no plain name is written outputs["a-b"]'],
    ['Unknown variable', /^(True|False|None|nil|undefined)\b/, null, 'write true, false or null'],
    [
        'Unknown variable',
        /^/,
        null,
        'the one variable is "outputs"; a macro names its own: outputs.items.filter(i, i.x)',
    ],
    ['found no matching overload', /\b(length|len|count)\(/, null, 'write size(…)'],
    [
        'The gate does not offer this use of matches()',
        /^/,
        null,
        'a hostile text can keep a regular expression busy for hours; use ==, in, startsWith(), endsWith() or contains()',
    ],
    ['The gate does not offer', /(timestamp|duration)\(/, null, 'dates as 2026-12-31 compare as strings'],
    [
        'The gate does not offer',
        /^/,
        null,
        `there are ${OFFERED.join(', ')}, has() and the macros ${[...MACROS].join(', ')}`,
    ],
    [
        'found no matching overload',
        /^/,
        null,
        `there are ${OFFERED.join(', ')}, has() and the macros ${[...MACROS].join(', ')}`,
    ],
    ['no such overload', /^/, null, 'both sides must be of one type: int(…), double(…) and string(…) convert'],
    ['has() invalid', /^/, null, 'has() takes a path of names, outputs.a.b; else write "key" in outputs.a'],
    ['the value is of type', /^/, null, 'compare it with something'],
];


/***/ })

};
