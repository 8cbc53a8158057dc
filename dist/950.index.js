export const id = 950;
export const ids = [950];
export const modules = {

/***/ 88950:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readYaml: () => (/* binding */ readYaml)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(38815);
/* harmony import */ var _outcome_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(34671);


const MAX_BYTES = 100 * 1024;
function readYaml(text, typedKey = null) {
    if (Buffer.byteLength(text) > MAX_BYTES)
        throw new _outcome_js__WEBPACK_IMPORTED_MODULE_1__/* .Fault */ .vC('is over 100 KB');
    const lines = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    const document = parse(text, 'core', lines);
    (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .visit */ .YR)(document, {
        Scalar(key, { value, source, range }, path) {
            const isTyped = path.some((node) => (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isPair */ .tO)(node) && (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node.key) && node.key.value === typedKey);
            if (typedKey !== null && !isTyped)
                return;
            if (key === 'key' || typeof value !== 'number' || String(value) === source)
                return;
            const { line, col } = lines.linePos(range?.[0] ?? 0);
            throw new _outcome_js__WEBPACK_IMPORTED_MODULE_1__/* .Fault */ .vC(`has a number that YAML would change, as 0042 becomes 42: quote it (line ${line}, column ${col})`);
        },
        Pair(_, pair) {
            if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(pair.key) && typeof pair.key.value !== 'string')
                pair.key.value = pair.key.source;
        },
    });
    const texts = parse(text, 'failsafe', new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN());
    (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .visit */ .YR)(texts, {
        Scalar(key, node) {
            if (key !== 'key' && node.type === 'PLAIN' && /^(?:~|null)$/i.test(String(node.value)))
                node.value = '';
        },
    });
    const lineOf = (key, item) => {
        const node = document.getIn(item === undefined ? [key] : [key, item], true);
        if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isNode */ .Ll)(node))
            return item === undefined ? 1 : lineOf(key);
        const isBlock = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node) && node.type?.startsWith('BLOCK');
        return lines.linePos(node.range?.[0] ?? 0).line + (isBlock ? 1 : 0);
    };
    return { typed: toJson(document), texts: toJson(texts), lineOf };
}
function parse(text, schema, lineCounter) {
    const document = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .parseDocument */ .Tp)(text, { lineCounter, prettyErrors: false, version: '1.2', schema });
    const [error] = [...document.errors, ...document.warnings];
    if (error === undefined)
        return document;
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const known = {
        TAB_AS_INDENT: 'is indented with a tab, which YAML does not allow',
        DUPLICATE_KEY: 'has the same key twice',
    };
    const what = known[error.code] ??
        'is not valid YAML: check quotes, brackets, indentation, and the space after each colon';
    throw new _outcome_js__WEBPACK_IMPORTED_MODULE_1__/* .Fault */ .vC(`${what} (line ${line}, column ${col})`);
}
function toJson(document) {
    try {
        return document.toJS();
    }
    catch {
        throw new _outcome_js__WEBPACK_IMPORTED_MODULE_1__/* .Fault */ .vC('refers to an anchor that does not exist, or expands to too much by its aliases');
    }
}


/***/ })

};
