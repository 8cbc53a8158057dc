export const id = 966;
export const ids = [966];
export const modules = {

/***/ 3966:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   compileCondition: () => (/* binding */ compileCondition)
/* harmony export */ });
/* unused harmony export compileExpression */
/* harmony import */ var _marcbachmann_cel_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(47337);
/* harmony import */ var _evaluate_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(38541);


const environment = new _marcbachmann_cel_js__WEBPACK_IMPORTED_MODULE_0__/* .Environment */ .OH({ homogeneousAggregateLiterals: false }).registerVariable('outputs', 'dyn');
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
function compileCondition(expression) {
    const { node, written, type } = compileExpression(expression);
    if (!/\boutputs\b/.test(expression))
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(_evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .START */ .d3, { code: 'no_outputs' });
    const assertion = listOperands(node).find(({ name }) => name === 'all');
    if (assertion) {
        const [source = '', body = ''] = assertion.parts.map((part) => part.source);
        const list = /^[\w.]+$/.test(source) ? source : `(${source})`;
        const others = `(${assertion.value}, !(${body}))`;
        const [filter, exists] = [`${list}.filter${others}`, `!${list}.exists${others}`];
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(assertion, { code: 'all_alone', filter, exists });
    }
    const levels = type.split('list<').length - 2;
    if (node.name === 'map' && levels > 0 && node.parts.at(-1)?.name !== 'list')
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(node, { code: 'nested_list', levels });
    if (!/^(?:bool|dyn|list)(?!<bool)/.test(type))
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(node, { code: 'result_type', type });
    return (outputs, checkTime) => (0,_evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .evaluateCondition */ .F9)(node, { variables: { outputs }, written, checkTime });
}
function listOperands(node) {
    return node.name === '&&' ? node.parts.flatMap(listOperands) : [node];
}
function compileExpression(source) {
    const { type = '', error } = environment.check(source);
    const place = { at: error?.range?.start ?? 0, source: '' };
    if (error instanceof _marcbachmann_cel_js__WEBPACK_IMPORTED_MODULE_0__/* .ParseError */ .mB)
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(place, { code: 'syntax' });
    const { ast } = environment.parse(source);
    const node = convert(ast, new Map([['outputs', []]]));
    if (error)
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(place, { code: 'types', error: error.code, sentence: error.summary });
    const at = source.indexOf('//', ast.end);
    if (at >= 0)
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG({ at, source: '' }, { code: 'comment_behind' });
    return { node, written: findWritten(node), type };
}
function convert(ast, variables) {
    const place = { source: ast.input.slice(ast.start, ast.end), at: ast.start };
    const make = (name, parts, value) => ({
        ...place,
        name,
        value,
        parts: parts.map((part) => convert(part, variables)),
    });
    switch (ast.op) {
        case 'value':
            return make('literal', [], convertLiteral(ast.args, place));
        case 'id': {
            const parts = variables.get(ast.args);
            if (parts)
                return { ...place, name: 'variable', value: ast.args, parts };
            throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(place, {
                code: 'unknown_variable',
                name: ast.args,
                known: [...variables.keys()],
            });
        }
        case '.':
            return make('.', [ast.args[0]], ast.args[1]);
        case 'map':
            return make('object', ast.args.flat(), null);
        case 'call':
        case 'rcall': {
            const [name] = ast.args;
            const parts = ast.args.slice(1).flat();
            const [first, second, ...bodies] = parts;
            if (!_evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .FUNCTIONS */ .AW.includes(name))
                throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG({ ...place, at: ast.input.indexOf(`${name}(`, ast.start) }, { code: 'unknown_function', name, known: _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .FUNCTIONS */ .AW });
            if (first && second?.op === 'id' && _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .MACROS */ .Ar.has(name)) {
                const value = second.args;
                const list = convert(first, variables);
                const inner = new Map(variables).set(value, [list]);
                return { ...place, name, value, parts: [list, ...bodies.map((body) => convert(body, inner))] };
            }
            if (name !== 'has' || first?.op !== '.')
                return make(name, parts, null);
            return make(name, [first.args[0]], first.args[1]);
        }
        default: {
            const node = make(ast.op, [ast.args].flat(), null);
            const text = node.parts.find(({ name, value }) => name === 'literal' && typeof value === 'string' && (0,_evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .formOf */ .QU)(value) === '');
            if (text && /^[<>]/.test(ast.op))
                throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(text, { code: 'never_ordered' });
            return node;
        }
    }
}
const PLACEHOLDER = /^(?:|_{3,}|…)$/;
function convertLiteral(value, place) {
    if (value && typeof value === 'object')
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(place, { code: 'literal' });
    if (PLACEHOLDER.test(value))
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG(place, { code: 'empty_text' });
    return typeof value === 'bigint' ? Number(value) : value;
}
function listStrings({ name, value, parts }) {
    if (name === 'literal')
        return typeof value === 'string' ? [value] : [];
    return (/^(?:list|object|\?:)$/.test(name) ? parts : parts.slice(0, 1)).flatMap(listStrings);
}
function findWritten(whole) {
    const byExpression = new Map();
    const byOperand = new Map();
    const visit = ({ name, value, parts }) => {
        for (const [at, part] of parts.entries()) {
            if (name !== 'variable')
                visit(part);
            if (!/^(?:[=!]=|in|has|contains|startsWith|endsWith)$/.test(name))
                continue;
            const expression = JSON.stringify(part, ['name', 'value', 'parts']);
            const strings = byExpression.get(expression) ?? new Set();
            const other = parts[1 - at];
            for (const one of other ? listStrings(other) : [value])
                strings.add(one);
            byExpression.set(expression, strings);
            byOperand.set(part, strings);
        }
    };
    visit(whole);
    return byOperand;
}


/***/ })

};
