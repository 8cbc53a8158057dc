export const id = 101;
export const ids = [101];
export const modules = {

/***/ 1101:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ parseMapping),
/* harmony export */   parseInputVariables: () => (/* binding */ parseInputVariables)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8815);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8301);


const MOST_BYTES = 100 * 1024;
const MOST_EXPANDED = 1024 * 1024;
const TOO_DEEP = `is nested more than ${_json_js__WEBPACK_IMPORTED_MODULE_1__/* .LIMITS */ .b1.depth} deep`;
const FAULTS = {
    BAD_ALIAS: 'has an alias that names nothing',
    BAD_DQ_ESCAPE: 'has a backslash in double quotes that escapes nothing: use single quotes',
    BAD_INDENT: 'is not indented as YAML asks',
    BAD_SCALAR_START: 'has a value that begins with a character which YAML keeps for itself: quote it',
    BLOCK_AS_IMPLICIT_KEY: 'has a second `:` on a line: quote the value',
    MISSING_CHAR: 'lacks a quote, a bracket, a comma or a colon',
    MULTILINE_IMPLICIT_KEY: 'has a line without a colon, or a quote that is not closed',
    MULTIPLE_DOCS: 'must be one document',
    TAB_AS_INDENT: 'is indented with a tab, which YAML does not allow',
    TAG_RESOLVE_FAILED: 'has a tag that does not fit its value, or that JSON has no type for',
    RESOURCE_EXHAUSTION: TOO_DEEP,
};
function parseInputVariables(text) {
    return Object.fromEntries(parseMapping(text, 'variable names to values'));
}
function parseMapping(text, what, areNames = false) {
    if (Buffer.byteLength(text) > MOST_BYTES)
        throw new Error('is over 100 KB');
    const lines = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    const refuse = (what, offset = 0, Kind = Error) => {
        const { line, col } = lines.linePos(offset);
        throw new Kind(`${what} (line ${line}, column ${col})`);
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
        refuse(FAULTS[fault.code] ?? 'is not valid JSON or YAML', fault.pos[0], SyntaxError);
    const anchors = new Map();
    let expanded = 0;
    function valueOf(node, depth, isCopy) {
        if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isNode */ .Ll)(node))
            return null;
        const no = (what) => refuse(what, node.range?.[0]);
        if (++expanded > MOST_EXPANDED)
            no('expands to far more than it holds');
        if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isAlias */ .Vj)(node)) {
            const target = anchors.get(node.source);
            return target === undefined
                ? no('refers to an anchor that does not exist: quote a text that begins with `*`')
                : valueOf(target, depth, true);
        }
        if (node.anchor !== undefined && !isCopy)
            anchors.set(node.anchor, node);
        if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node)) {
            const { value, source } = node;
            if (typeof value === 'string')
                expanded += value.length;
            if (typeof value === 'number' && String(value) !== source)
                no('has a number that would change (as `2.50` becomes 2.5): quote it to keep it as text');
            return value;
        }
        if (depth >= _json_js__WEBPACK_IMPORTED_MODULE_1__/* .LIMITS */ .b1.depth)
            no(TOO_DEEP);
        if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isSeq */ .oP)(node))
            return node.items.map((item) => valueOf(item, depth + 1, isCopy));
        return Object.fromEntries(entriesOf(node, depth, isCopy));
    }
    function entriesOf(map, depth, isCopy) {
        const entries = new Map();
        for (const { key, value } of map.items) {
            const no = (what) => refuse(what, ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isNode */ .Ll)(key) ? key : map).range?.[0]);
            if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(key))
                return no('has a key that is not a plain name');
            const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
            if (name === '__proto__' && (depth > 0 || !areNames))
                no('has the key `__proto__`, which is not allowed');
            if (entries.has(name))
                no(areNames && depth === 0 ? `has the name “${name.slice(0, 64)}” twice` : 'has the same key twice');
            if (key.anchor !== undefined && !isCopy)
                anchors.set(key.anchor, key);
            expanded += name.length;
            entries.set(name, valueOf(value, depth + 1, isCopy));
        }
        return entries;
    }
    const top = document.contents;
    return (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(top)
        ? entriesOf(top, 0, false)
        : refuse(`must be a JSON object or a YAML mapping of ${what}`, top?.range[0]);
}


/***/ })

};
