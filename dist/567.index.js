export const id = 567;
export const ids = [567];
export const modules = {

/***/ 2567:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseInputVariables: () => (/* binding */ parseInputVariables)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8815);
/**
 * The `inputs` input: a JSON object or a YAML mapping, read as YAML 1.2, of which JSON is a part. Loaded only
 * when `inputs` is given. Faults come with line and column, never with the text.
 */

const MOST_BYTES = 100 * 1024;
/** What the library's codes mean; its messages quote the text. */
const FAULTS = {
    DUPLICATE_KEY: 'has the same key twice',
    MULTIPLE_DOCS: 'must be one document',
    TAB_AS_INDENT: 'is indented with a tab, which YAML does not allow',
    BAD_ALIAS: 'refers to an anchor that is not there',
};
/** @throws Error a predicate that follows the input's name: "has the same key twice (line 2, column 3)" */
function parseInputVariables(text) {
    if (Buffer.byteLength(text) > MOST_BYTES)
        throw new Error('is over 100 KB');
    const lines = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    const where = (offset) => {
        const { line, col } = lines.linePos(offset);
        return ` (line ${line}, column ${col})`;
    };
    const refuse = (what, node) => {
        throw new Error(what + where(node.range?.[0] ?? 0));
    };
    let variables;
    try {
        const document = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .parseDocument */ .Tp)(text, {
            lineCounter: lines,
            prettyErrors: false,
            version: '1.2',
            schema: 'core',
        });
        const [fault] = [...document.errors, ...document.warnings];
        if (fault)
            throw new Error((FAULTS[fault.code] ?? `is not valid JSON or YAML, ${fault.code},`) + where(fault.pos[0]));
        if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(document.contents))
            throw new Error('must be a JSON object or a YAML mapping of variable names to values');
        (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .visit */ .YR)(document, {
            Pair: (_key, pair) => {
                const { key } = pair;
                if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(key))
                    throw new Error('has a key that is not a plain name');
                // A name is what was typed: `033000:` is the text, not the number.
                if (typeof key.value !== 'string')
                    key.value = key.source ?? String(key.value);
                if (key.value === '__proto__')
                    refuse('has the key `__proto__`, which is not allowed', key);
            },
            Scalar: (position, node) => {
                if (position === 'key' || typeof node.value !== 'number')
                    return;
                if (String(node.value) !== node.source) {
                    refuse('has a number that would not print back as typed: quote it', node);
                }
            },
        });
        variables = document.toJS({ maxAliasCount: 100 });
    }
    catch (error) {
        if (error instanceof RangeError)
            throw new Error('is nested too deeply', { cause: error });
        if (error instanceof ReferenceError)
            throw new Error('expands to far more than it holds (aliases)', { cause: error });
        throw error;
    }
    return variables;
}


/***/ })

};
