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
function compileCondition(source) {
    const { node, written, type } = compileExpression(source);
    if (!/\boutputs\b/.test(source))
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('no_outputs', _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .START */ .d3);
    if (node.name === 'all') {
        const [list, body] = node.parts.map((part) => part.source);
        const place = { ...node, source: `${list}.filter(${node.value}, !(${body}))` };
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('all_alone', place);
    }
    if (!/^(?:bool|dyn|list)(?!<bool)/.test(type))
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('result_type', node, type);
    return (outputs, checkTime) => (0,_evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .evaluateCondition */ .F9)(node, { variables: { outputs }, written, checkTime });
}
function compileExpression(source) {
    const { type = '', error } = environment.check(source);
    const place = { at: error?.range?.start ?? 0, source: '' };
    if (error instanceof _marcbachmann_cel_js__WEBPACK_IMPORTED_MODULE_0__/* .ParseError */ .mB)
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('syntax', place);
    const { ast } = environment.parse(source);
    const node = convert(ast, new Map([['outputs', []]]));
    if (error)
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('types', place, error.code, error.summary);
    const at = source.indexOf('//', ast.end);
    if (at >= 0)
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('comment_behind', { at, source: '' });
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
            throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('unknown_variable', place, ast.args, ...variables.keys());
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
                throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('unknown_function', { ...place, at: ast.input.indexOf(`${name}(`, ast.start) }, name, ..._evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .FUNCTIONS */ .AW);
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
                throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('never_ordered', text);
            return node;
        }
    }
}
const PLACEHOLDER = /^(?:|_{3,}|…)$/;
function convertLiteral(value, place) {
    if (value && typeof value === 'object')
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('literal', place);
    if (PLACEHOLDER.test(value))
        throw new _evaluate_js__WEBPACK_IMPORTED_MODULE_1__/* .ConditionError */ .iG('empty_text', place);
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
