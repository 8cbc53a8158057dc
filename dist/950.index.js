export const id = 950;
export const ids = [950];
export const modules = {

/***/ 8950:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readYaml: () => (/* binding */ readYaml)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8815);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8301);


const MAX_YAML_BYTES = 100 * 1024;
const MAX_EXPANDED = 1024 * 1024;
const TOO_DEEP = `is nested more than ${_json_js__WEBPACK_IMPORTED_MODULE_1__/* .JSON_LIMITS */ .s7.depth} deep`;
const FAULTS = {
    BAD_ALIAS: 'has an alias without an anchor',
    BAD_DQ_ESCAPE: 'has a backslash in double quotes that is not an escape: use single quotes',
    BAD_INDENT: 'is not indented as YAML asks',
    BAD_SCALAR_START: 'has a value that begins with a character which is reserved in YAML: quote it',
    BLOCK_AS_IMPLICIT_KEY: 'has a second `:` on a line: quote the value',
    MISSING_CHAR: 'lacks a quote, a bracket, a comma or a colon',
    MULTILINE_IMPLICIT_KEY: 'has a line without a colon, or a quote that is not closed',
    MULTIPLE_DOCS: 'must be one document',
    TAB_AS_INDENT: 'is indented with a tab, which YAML does not allow',
    TAG_RESOLVE_FAILED: 'has a tag that does not fit its value, or that JSON has no type for',
    RESOURCE_EXHAUSTION: TOO_DEEP,
};
function readYaml(text, verbatimKeys = null) {
    if (Buffer.byteLength(text) > MAX_YAML_BYTES)
        throw new Error('is over 100 KB');
    const lines = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    const formatPosition = (offset = 0) => {
        const { line, col } = lines.linePos(offset);
        return `(line ${line}, column ${col})`;
    };
    const throwError = (what, at) => {
        throw new Error(`${what} ${formatPosition(at?.range?.[0])}`);
    };
    const document = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .parseDocument */ .Tp)(text, {
        lineCounter: lines,
        prettyErrors: false,
        version: '1.2',
        schema: 'core',
        resolveKnownTags: false,
        uniqueKeys: false,
    });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault)
        throw new SyntaxError(`${FAULTS[fault.code] ?? 'is not valid JSON or YAML'} ${formatPosition(fault.pos[0])}`);
    const anchors = new Map();
    let expandedSize = 0;
    function toValue(node, at) {
        if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isNode */ .Ll)(node))
            return null;
        if (++expandedSize > MAX_EXPANDED)
            throwError('expands by its aliases to too many values', node);
        if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isAlias */ .Vj)(node)) {
            const target = anchors.get(node.source);
            return target === undefined
                ? throwError('refers to an anchor that does not exist: quote a text that begins with `*`', node)
                : toValue(target, { ...at, isCopy: true });
        }
        if (node.anchor !== undefined && !at.isCopy)
            anchors.set(node.anchor, node);
        if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node))
            return readScalar(node, at);
        if (at.depth >= _json_js__WEBPACK_IMPORTED_MODULE_1__/* .JSON_LIMITS */ .s7.depth)
            throwError(TOO_DEEP, node);
        const below = { ...at, depth: at.depth + 1 };
        if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isSeq */ .oP)(node))
            return node.items.map((item) => toValue(item, below));
        return Object.fromEntries(readEntries(node, at));
    }
    function readScalar({ value, source = '', range }, { name, isVerbatim }) {
        if (typeof value === 'string')
            expandedSize += value.length;
        if (isVerbatim && typeof value !== 'string')
            return source === '' ? null : source;
        if (typeof value === 'number' && String(value) !== source) {
            const what = /^[\w .-]{1,64}$/.test(name) ? `\`${name}\`` : 'a value';
            throw new Error(`${what} ${formatPosition(range?.[0])} would change as a number, as 1.10 becomes 1.1: quote it`);
        }
        return value;
    }
    function readEntries(map, at) {
        const entries = new Map();
        for (const { key, value } of map.items) {
            if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(key))
                return throwError('has a key that is not a plain name', (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isNode */ .Ll)(key) ? key : map);
            const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
            const isName = verbatimKeys !== null && at.depth === 0;
            if (name === '__proto__' && !isName)
                throwError('has the key `__proto__`, which is not allowed', key);
            if (entries.has(name))
                throwError(isName ? `has the name “${name.slice(0, 64)}” twice` : 'has the same key twice', key);
            if (key.anchor !== undefined && !at.isCopy)
                anchors.set(key.anchor, key);
            expandedSize += name.length;
            const isVerbatim = at.isVerbatim || (at.depth === 1 && verbatimKeys?.includes(name) === true);
            entries.set(name, toValue(value, { ...at, name, depth: at.depth + 1, isVerbatim }));
        }
        return entries;
    }
    const top = document.contents;
    const topLocation = { name: '', depth: 0, isCopy: false, isVerbatim: false };
    return {
        mapping: (what) => (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(top)
            ? readEntries(top, topLocation)
            : throwError(`must be a JSON object or a YAML mapping of ${what}`, top),
        verbatimList: (what) => (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isSeq */ .oP)(top)
            ? top.items.map((item) => toValue(item, { ...topLocation, depth: 1, isVerbatim: true }))
            : throwError(`must be a YAML list of ${what}`, top),
    };
}


/***/ })

};
