export const id = 235;
export const ids = [235,101];
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


/***/ }),

/***/ 8235:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readRuns: () => (/* binding */ readRuns)
/* harmony export */ });
/* harmony import */ var _gate_gate_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4512);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8301);
/* harmony import */ var _text_near_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(525);
/* harmony import */ var _input_variables_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1101);




const KEYS = [
    'workflow_id',
    'project_id',
    'inputs',
    'run_id',
    'idempotency_key',
    'fail_if',
    'warn_if',
];
const MOST_RUNS = 20;
const MOST_NAME = 64;
async function readRuns(text, step) {
    let mapping;
    try {
        mapping = (0,_input_variables_js__WEBPACK_IMPORTED_MODULE_1__/* .parseMapping */ .K)(text, 'names to what each run is to be', true);
    }
    catch (error) {
        const { message } = error;
        const hint = error instanceof SyntaxError && text.includes('{') ? QUOTE_CONDITIONS : '';
        return { entries: [], faults: [`${message}${hint}`] };
    }
    const faults = faultsOfNames([...mapping.keys()]);
    if (mapping.size > MOST_RUNS)
        return { entries: [], faults };
    const entries = [];
    for (const [given, value] of mapping) {
        const name = given.trim();
        if (!isName(name))
            continue;
        const read = await readEntry(name, value, step);
        faults.push(...read.faults.map((fault) => `entry “${name}” ${fault}`));
        entries.push(read.entry);
    }
    return { entries, faults };
}
const QUOTE_CONDITIONS = '; a condition inside `{…}` must be quoted';
function faultsOfNames(names) {
    const faults = [];
    if (names.length === 0)
        faults.push('has no entry');
    if (names.length > MOST_RUNS)
        faults.push(`has ${names.length} entries: ${MOST_RUNS} at most`);
    const seen = new Map();
    for (const name of names.map((one) => one.trim())) {
        if (!isName(name)) {
            faults.push(`has a name that is empty, over ${MOST_NAME} characters or with control characters`);
            continue;
        }
        const before = seen.get(name.toLowerCase());
        if (before === name)
            faults.push(`has the name “${name}” twice`);
        else if (before !== undefined)
            faults.push(`has the names “${before}” and “${name}”, which GitHub does not tell apart`);
        seen.set(name.toLowerCase(), name);
    }
    return faults;
}
function isName(name) {
    return name !== '' && name.length <= MOST_NAME && !/\p{C}|\p{Zl}|\p{Zp}/u.test(name);
}
async function readEntry(name, value, step) {
    const faults = [];
    const fields = (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value) ? value : {};
    if (value !== null && !(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value))
        faults.push('must be a mapping such as `{ project_id: 8f2e… }`');
    for (const key of Object.keys(fields))
        if (!isKey(key))
            faults.push(unknownKey(key));
    const text = (key) => {
        const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
        if (field === undefined || field === null)
            return '';
        if (typeof field === 'string')
            return key.endsWith('_if') ? field : field.trim();
        const isCondition = key === 'fail_if' || key === 'warn_if';
        faults.push(isCondition && Array.isArray(field)
            ? `has a list in \`${key}\`: write a text below \`|\`, one condition a line`
            : `has no text in \`${key}\`: quote it`);
        return '';
    };
    const checked = (key, what, isRight) => {
        const given = text(key);
        if (given === '' || isRight(given))
            return given;
        faults.push(`has a \`${key}\` that is not ${what}`);
        return '';
    };
    const runId = checked('run_id', "a run's ID, `run_…`", step.isId);
    const isAttached = runId !== '';
    const workflowId = checked('workflow_id', "a workflow's ID, `wf_…`", step.isWorkflowId);
    const projectId = checked('project_id', "a project's ID", step.isId);
    const idempotencyKey = checked('idempotency_key', 'made of 1-100 characters `A-Z a-z 0-9 _ -`', step.isIdempotencyKey);
    const own = Object.hasOwn(fields, 'inputs') ? fields.inputs : undefined;
    if (own !== undefined && own !== null && !(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(own))
        faults.push('has `inputs` that are not a mapping of variable names to values');
    if (isAttached) {
        for (const key of ['project_id', 'inputs', 'idempotency_key'])
            if (Object.hasOwn(fields, key))
                faults.push(`has a \`run_id\`, so \`${key}\` has no use: take it away`);
        if (!step.wait)
            faults.push('has a `run_id`, which cannot be together with `wait: false`');
    }
    else if (workflowId === '' && step.workflowId === '') {
        faults.push('needs a `workflow_id`: give it there, or once for all in `workflow_id`');
    }
    const [failIf, warnIf] = [text('fail_if'), text('warn_if')];
    if (!step.wait)
        for (const [key, given] of Object.entries({ fail_if: failIf, warn_if: warnIf }))
            if (given.trim() !== '')
                faults.push(`has a \`${key}\`, which cannot be together with \`wait: false\``);
    let gate = { conditions: [], evaluate: () => [] };
    try {
        gate = await (0,_gate_gate_js__WEBPACK_IMPORTED_MODULE_2__/* .compileGate */ .r)(given(failIf, step.failIf), given(warnIf, step.warnIf));
    }
    catch (error) {
        if (!(error instanceof _gate_gate_js__WEBPACK_IMPORTED_MODULE_2__/* .GateError */ .u))
            throw error;
        const own = await (0,_gate_gate_js__WEBPACK_IMPORTED_MODULE_2__/* .compileGate */ .r)(failIf, warnIf).catch((fault) => fault);
        if (own instanceof _gate_gate_js__WEBPACK_IMPORTED_MODULE_2__/* .GateError */ .u)
            faults.push(`has a condition that cannot be used: ${own.message}`);
    }
    return {
        entry: {
            name,
            workflowId: workflowId === '' && !isAttached ? step.workflowId : workflowId,
            projectId: projectId === '' && !isAttached ? step.projectId : projectId,
            inputs: isAttached ? {} : { ...step.inputs, ...((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(own) ? own : {}) },
            runId,
            idempotencyKey: idempotencyKey === '' && !isAttached ? step.idempotencyKey : idempotencyKey,
            gate,
        },
        faults,
    };
}
function given(own, fallback) {
    return own.trim() === '' ? fallback : own;
}
function isKey(key) {
    return KEYS.includes(key);
}
function unknownKey(key) {
    const near = (0,_text_near_js__WEBPACK_IMPORTED_MODULE_3__/* .nearest */ .p)(KEYS, key, () => 2);
    const shown = /^[\w-]{1,40}$/.test(key) ? `the key \`${key}\`` : 'a key';
    return near === undefined
        ? `has ${shown}, which there is not: ${KEYS.map((known) => `\`${known}\``).join(', ')}${QUOTE_CONDITIONS}`
        : `has ${shown}: did you mean \`${near}\`?`;
}


/***/ })

};
