export const id = 182;
export const ids = [182];
export const modules = {

/***/ 88182:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  compileInput: () => (/* binding */ compileInput)
});

// UNUSED EXPORTS: compileExpression

// EXTERNAL MODULE: ./node_modules/@marcbachmann/cel-js/lib/index.js + 13 modules
var lib = __webpack_require__(47337);
// EXTERNAL MODULE: ./src/json.ts
var json = __webpack_require__(8301);
// EXTERNAL MODULE: ./src/text/format.ts
var format = __webpack_require__(98488);
;// CONCATENATED MODULE: ./src/gate/evaluate.ts


class ConditionError extends Error {
    at;
    problem;
    constructor(code, { source, at }, ...values) {
        super(code);
        this.at = at;
        this.problem = { code, source, values };
    }
}
function evaluateCondition(whole, scope) {
    const others = whole.name === 'filter' ? [] : null;
    const none = { items: [], others: null, tally: null, problem: null };
    try {
        const value = others ? runMacro(whole, scope, others) : evaluate_valueOf(whole, scope);
        const items = (0,json/* isList */.Lv)(value) ? value : [];
        const isFinding = (0,json/* isList */.Lv)(value) ? value.length > 0 : expect('boolean', whole, value);
        const tally = others && tallyValues(whole, [...items, ...others]);
        return { ...none, result: isFinding ? 'met' : 'not_met', items, others, tally };
    }
    catch (error) {
        if (!(error instanceof ConditionError))
            throw error;
        return { ...none, result: 'cannot_be_evaluated', problem: error.problem };
    }
}
function evaluate_valueOf(node, scope) {
    const { name, value, parts } = node;
    const [first, second, third] = parts;
    switch (name) {
        case 'literal':
            return value;
        case 'variable':
            return scope.variables[value] ?? null;
        case 'list':
            return parts.map((part) => evaluate_valueOf(part, scope));
        case 'object': {
            const values = parts.map((part) => evaluate_valueOf(part, scope));
            return Object.fromEntries(values.flatMap((one, at) => (at % 2 === 0 ? [[one, values[at + 1] ?? null]] : [])));
        }
        case '?:':
            return evaluate_valueOf(isTrue(first, scope) ? second : third, scope);
        case '&&':
            return isTrue(first, scope) && isTrue(second, scope);
        case '||':
            return isTrue(first, scope) || isTrue(second, scope);
        case '.':
            return getKey(node, objectOf(first, scope), value);
        case 'has':
            return hasKey(node, objectOf(first, scope), value, scope);
        case 'dyn':
            return evaluate_valueOf(first, scope);
        case '==':
        case '!=':
            return areEqual(node, evaluate_valueOf(first, scope), evaluate_valueOf(second, scope), scope) === (name === '==');
        case 'in':
            return isIn(node, evaluate_valueOf(first, scope), evaluate_valueOf(second, scope), scope);
        default:
            return MACROS.has(name) ? runMacro(node, scope, null) : operate(node, scope);
    }
}
function kindOf(value) {
    if (value === null)
        return 'null';
    if (typeof value === 'string')
        return 'text';
    if (typeof value === 'boolean')
        return 'boolean';
    if ((0,json/* isList */.Lv)(value))
        return 'list';
    return typeof value === 'number' || (0,json/* isExactNumber */.zr)(value) ? 'number' : 'object';
}
function expect(wanted, node, value) {
    if (kindOf(value) === wanted)
        return value;
    throw new ConditionError(`not_${wanted}`, node, kindOf(value));
}
function objectOf(node, scope) {
    return expect('object', node, evaluate_valueOf(node, scope));
}
function isTrue(node, scope) {
    return expect('boolean', node, evaluate_valueOf(node, scope)) === true;
}
function toPlain(value, node) {
    const plain = (0,json/* isExactNumber */.zr)(value) ? Number(value.rawJSON) : value;
    if (typeof plain !== 'number' || Math.abs(plain) <= Number.MAX_SAFE_INTEGER)
        return plain;
    throw new ConditionError('large_number', node);
}
function noOperation(node, values) {
    return new ConditionError('no_operation', node, ...values.map(kindOf));
}
function getKey(node, object, key) {
    if (Object.hasOwn(object, key))
        return object[key] ?? null;
    throw new ConditionError('missing_key', node, key, ...Object.keys(object).slice(0, 200));
}
function hasKey(node, object, key, scope) {
    return Object.hasOwn(object, key) || Object.keys(object).some((one) => areEqual(node, one, key, scope));
}
function isIn(node, value, whole, scope) {
    if ((0,json/* isJsonObject */.OW)(whole) && typeof value === 'string')
        return hasKey(node, whole, value, scope);
    if (!(0,json/* isList */.Lv)(whole))
        throw noOperation(node, [value, whole]);
    return whole.includes(value) || whole.some((item) => areEqual(node, value, item, scope));
}
function areEqual(node, left, right, scope) {
    scope.checkTime();
    if (node.parts.some(({ name, value }) => name === 'literal' && value === null))
        return left === right;
    const kind = kindOf(left);
    if (kind === 'null' || kind === 'object' || kind !== kindOf(right))
        throw noOperation(node, [left, right]);
    if (typeof left === 'string')
        return areEqualTexts(node, left, right, scope);
    if (!(0,json/* isList */.Lv)(left))
        return toPlain(left, node) === toPlain(right, node);
    const others = right;
    return (left.length === others.length && left.every((item, at) => areEqual(node, item, others[at] ?? null, scope)));
}
const SEPARATORS = /[\s_\p{Pd}\u2212\u2800\p{Default_Ignorable_Code_Point}]+/gu;
function spell(text, separator = '') {
    const bare = text.replaceAll(SEPARATORS, separator);
    return bare.length > 100 || !/\p{L}/u.test(bare) ? '' : bare.normalize('NFKC').toLowerCase();
}
function refuseNear(node, text, part, { written }, holds, separator = '') {
    if (!written.has(part))
        return;
    const near = spell(part, separator);
    const isWritten = (one) => spell(one, separator) === near && holds(text, one);
    if (near === '' || !holds(spell(text, separator), near) || [...written].some(isWritten))
        return;
    throw new ConditionError('near_text', node, node.name, text, part, ...node.parts.map(({ source }) => source));
}
function areEqualTexts(node, left, right, scope) {
    if (left === right)
        return true;
    refuseNear(node, left, right, scope, Object.is);
    refuseNear(node, right, left, scope, Object.is);
    const form = formOf(left);
    if (form !== '' && (formOf(right) || form) !== form)
        throw twoForms(node, left, right);
    return false;
}
const WHEN = /^(?:(\d{4}-\d\d-\d\d)(?:[T ](?=\d)|$))?(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;
function formOf(text) {
    const [whole = '', day = '2000-01-01', zone = ''] = WHEN.exec(text) ?? [];
    return whole !== '' && (0,format/* isDay */.N)(day)
        ? whole.slice(0, whole.length - zone.length).replaceAll(/\d/g, '0') + zone
        : '';
}
function dayOf(text) {
    const iso = text.replace(/^(\d\d)\.(\d\d)\.(\d{4})$/, '$3-$2-$1');
    return formOf(iso).startsWith('0000-') ? iso.slice(0, 10) : undefined;
}
function twoForms(node, left, right) {
    const hasDay = Math.min(left.length, right.length) === 10 && dayOf(left) && dayOf(right);
    return new ConditionError('two_forms', node, hasDay ? 'day' : '');
}
const OPERATIONS = {
    '!_ boolean': (value) => !value,
    '-_ number': (value) => -value,
    '+ text text': (a, b) => a + b,
    '+ list list': (a, b) => [...a, ...b],
    '+ number number': (a, b) => a + b,
    '- number number': (a, b) => a - b,
    '* number number': (a, b) => a * b,
    '% number number': (a, b) => (b === 0 ? undefined : a % b),
    '/ number number': (a, b, { source }) => b === 0 || (Number.isInteger(a) && a % b !== 0 && !/(?:^|\/ *)\(*(?:double\(|\d+\.\d)/.test(source))
        ? undefined
        : a / b,
    '< number number': (a, b) => a < b,
    '<= number number': (a, b) => a <= b,
    '> number number': (a, b) => a > b,
    '>= number number': (a, b) => a >= b,
    '[] list number': (list, at) => list[at],
    '[] object text': (object, key, node) => getKey(node, object, key),
    'size text': (text) => Array.from(text).length,
    'size list': (list) => list.length,
    'size object': (object) => Object.keys(object).length,
    'keys object': Object.keys,
    'int number': Math.trunc,
    'int text': (text) => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined),
    'double number': Number,
    'double text': (text) => (/^[+-]?\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : undefined),
    'bool boolean': Boolean,
    'bool text': (text) => text === 'true' || (text === 'false' ? false : undefined),
    'string text': String,
    'string boolean': String,
    'string number': String,
    'day text': dayOf,
    'contains text text': (text, part) => part.length > 1_000 ? undefined : text.includes(part),
    'startsWith text text': (text, part) => text.startsWith(part),
    'endsWith text text': (text, part) => text.endsWith(part),
    'lowerAscii text': (text) => text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase()),
    'upperAscii text': (text) => text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()),
    'trim text': (text) => text.trim(),
    'flatten list': (list) => list.flat(),
    'flatten list number': (list, depth) => list.flat(depth),
};
const MACROS = new Set(['filter', 'map', 'all', 'exists', 'exists_one']);
const FUNCTIONS = [
    ...Object.keys(OPERATIONS).map((one) => one.replace(/ .*/, '')),
    ...MACROS,
    'has',
    'dyn',
];
function operate(node, scope) {
    const values = node.parts.map((part) => toPlain(evaluate_valueOf(part, scope), part));
    const [left, right] = values;
    const areTexts = typeof left === 'string' && typeof right === 'string';
    const isOrder = areTexts && /^[<>]/.test(node.name);
    if (isOrder && (formOf(left) === '' || formOf(left) !== formOf(right)))
        throw twoForms(node, left, right);
    const kinds = isOrder ? ['number', 'number'] : values.map(kindOf);
    const operation = OPERATIONS[[node.name, ...kinds].join(' ')];
    if (!operation)
        throw noOperation(node, values);
    const calculate = (...given) => operation(...[...given, node]);
    const result = calculate(...values);
    if (result === undefined)
        throw new ConditionError('no_value', node, node.name);
    if (result === false && areTexts && !isOrder)
        refuseNear(node, left, right, scope, calculate, right.length < 6 ? ' ' : '');
    return toPlain(result, node);
}
function runMacro({ name, value, parts }, scope, others) {
    const [subject, first, second] = parts;
    const list = expect('list', subject, evaluate_valueOf(subject, scope));
    const variables = { ...scope.variables };
    const inner = { ...scope, variables };
    const made = [];
    let at = 0;
    try {
        for (const item of list) {
            at++;
            scope.checkTime();
            variables[value] = item;
            if (name === 'map' && !second)
                made.push(evaluate_valueOf(first, inner));
            else if (!isTrue(first, inner)) {
                if (name === 'all')
                    return false;
                others?.push(item);
            }
            else if (name === 'exists')
                return true;
            else
                made.push(second ? evaluate_valueOf(second, inner) : item);
        }
    }
    catch (error) {
        if (error instanceof ConditionError)
            error.problem = { item: { at, list: subject.source }, ...error.problem };
        throw error;
    }
    if (name === 'exists_one')
        return made.length === 1;
    return name === 'filter' || name === 'map' ? made : name === 'all';
}
function tallyValues({ parts: [, body] }, items) {
    const [, field] = /\.(\w+)(?:\.\w+\(\))*\s*(?:[=!]=|in\b)/.exec(body?.source ?? '') ?? [];
    if (field === undefined)
        return null;
    const counts = new Map();
    for (const item of items) {
        const value = (0,json/* isJsonObject */.OW)(item) ? item[field] : undefined;
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        if (text === undefined)
            continue;
        counts.set(text, (counts.get(text) ?? 0) + 1);
        if (text.length > 40 || counts.size > 6)
            return null;
    }
    return counts.size === 0 ? null : { field, values: [...counts].sort(([, a], [, b]) => b - a) };
}

;// CONCATENATED MODULE: ./src/gate/compile.ts


const environment = new lib/* Environment */.OH({ homogeneousAggregateLiterals: false }).registerVariable('outputs', 'dyn');
for (const signature of [
    'keys(map): list<string>',
    'day(string): string',
    'list.flatten(): list',
    'list.flatten(int): list',
])
    environment.registerFunction(signature, () => null);
for (const sign of '+-*/')
    for (const types of [`int ${sign} double`, `double ${sign} int`])
        environment.registerOperator(types, () => null);
const NAME = /^\s*(?!outputs\b)([\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}?) *: /u;
const INVISIBLE = /[[\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}]--[ \t]]/v;
function compileInput(severity, input, compiled, faults) {
    for (const [index, text] of input.split(/\r\n|\r|\n/).entries()) {
        const line = index + 1;
        const [prefix = '', name = null] = NAME.exec(text) ?? [];
        const expression = text.slice(prefix.length);
        try {
            if (!checkLine(text, input))
                continue;
            const other = compiled.find(({ condition }) => name !== null && condition.name === name)?.condition;
            if (other)
                throw new ConditionError('duplicate_name', START, other.severity, String(other.line));
            const evaluate = compileCondition(expression.padStart(text.length));
            compiled.push({ condition: { severity, name, expression: expression.trim(), line }, evaluate });
        }
        catch (error) {
            if (!(error instanceof ConditionError))
                throw error;
            const { at, problem } = error;
            faults.push({ input: `${severity}_if`, line, column: at + 1, expression: text, problem });
        }
    }
}
function checkLine(line, input) {
    const at = line.search(INVISIBLE);
    if (at >= 0)
        throw new ConditionError('invisible', { at, source: '' }, line.charAt(at));
    if (/^\s*#.*\boutputs\b/.test(line))
        throw new ConditionError('comment_with_outputs', START);
    if (/^\s*-\s/.test(line))
        throw new ConditionError('dash', START);
    if (/^\s*#/.test(line) && !/^[ \t]*[^#\s]/m.test(input))
        throw new ConditionError('no_condition', START);
    return !/^\s*(?:#|$)/.test(line);
}
const START = { at: 0, source: '' };
function compileCondition(source) {
    const { node, written, type } = compileExpression(source);
    if (!/\boutputs\b/.test(source))
        throw new ConditionError('no_outputs', START);
    if (node.name === 'all') {
        const [list, body] = node.parts.map((part) => part.source);
        const place = { ...node, source: `${list}.filter(${node.value}, !(${body}))` };
        throw new ConditionError('all_alone', place);
    }
    if (!/^(?:bool|dyn|list)(?!<bool)/.test(type))
        throw new ConditionError('result_type', node, type);
    return (outputs, checkTime) => evaluateCondition(node, { variables: { outputs }, written, checkTime });
}
function compileExpression(source) {
    const { type = '', error } = environment.check(source);
    const place = { at: error?.range?.start ?? 0, source: '' };
    if (error instanceof lib/* ParseError */.mB)
        throw new ConditionError('syntax', place);
    const { ast } = environment.parse(source);
    const written = new Set();
    const node = convert(ast, ['outputs'], written);
    if (error)
        throw new ConditionError('types', place, error.code, error.summary);
    const at = source.indexOf('//', ast.end);
    if (at >= 0)
        throw new ConditionError('comment_behind', { at, source: '' });
    return { node, written, type };
}
function convert(ast, variables, written) {
    const place = { source: ast.input.slice(ast.start, ast.end), at: ast.start };
    const make = (name, parts, value, names = variables) => ({
        ...place,
        name,
        value,
        parts: parts.map((part) => convert(part, names, written)),
    });
    switch (ast.op) {
        case 'value':
            return make('literal', [], convertLiteral(ast.args, place, written));
        case 'id':
            if (variables.includes(ast.args))
                return make('variable', [], ast.args);
            throw new ConditionError('unknown_variable', place, ast.args, ...variables);
        case '.':
            return make('.', [ast.args[0]], ast.args[1]);
        case 'map':
            return make('object', ast.args.flat(), null);
        case 'call':
        case 'rcall': {
            const [name] = ast.args;
            const parts = ast.args.slice(1).flat();
            const [first, second, ...bodies] = parts;
            if (!FUNCTIONS.includes(name))
                throw new ConditionError('unknown_function', { ...place, at: ast.input.indexOf(`${name}(`, ast.start) }, name, ...FUNCTIONS);
            if (first && second?.op === 'id' && MACROS.has(name))
                return make(name, [first, ...bodies], second.args, [...variables, second.args]);
            if (name !== 'has' || first?.op !== '.')
                return make(name, parts, null);
            written.add(first.args[1]);
            return make(name, [first.args[0]], first.args[1]);
        }
        default: {
            const node = make(ast.op, [ast.args].flat(), null);
            const text = node.parts.find(({ name, value }) => name === 'literal' && typeof value === 'string' && formOf(value) === '');
            if (text && /^[<>]/.test(ast.op))
                throw new ConditionError('never_ordered', text);
            return node;
        }
    }
}
const PLACEHOLDER = /^(?:|_{3,}|…)$/;
function convertLiteral(value, place, written) {
    if (value && typeof value === 'object')
        throw new ConditionError('literal', place);
    if (PLACEHOLDER.test(value))
        throw new ConditionError('empty_text', place);
    if (typeof value === 'string')
        written.add(value);
    return typeof value === 'bigint' ? Number(value) : value;
}


/***/ })

};
