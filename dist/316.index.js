export const id = 316;
export const ids = [316];
export const modules = {

/***/ 3316:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  compileExpression: () => (/* binding */ compileExpression),
  rejectLine: () => (/* binding */ rejectLine)
});

// EXTERNAL MODULE: ./node_modules/@marcbachmann/cel-js/lib/index.js + 13 modules
var lib = __webpack_require__(7337);
// EXTERNAL MODULE: ./src/json.ts
var json = __webpack_require__(8301);
// EXTERNAL MODULE: ./src/text/nearest-name.ts
var nearest_name = __webpack_require__(7153);
// EXTERNAL MODULE: ./src/text/format.ts
var format = __webpack_require__(8488);
;// CONCATENATED MODULE: ./src/gate/values.ts



class ConditionError extends Error {
    name = 'ConditionError';
    hint;
    offer;
    at;
    brief;
    item = '';
    #loops = [];
    readAs = [];
    constructor(what, hint = '', at = null, { offer = null, brief = null } = {}) {
        super(what);
        this.hint = hint;
        this.at = at;
        this.offer = offer;
        this.brief = brief;
    }
    noteLoop(variable, list, at) {
        this.item ||= `item ${at} of ${sourceOf(list)}`;
        this.#loops.push({ variable, at });
    }
    toSentence() {
        const item = this.item && ` (${this.item})`;
        const readAs = this.readAs.slice(0, 3).join(' and ');
        return `${this.message}${item}${readAs && `, where ${readAs}`}${this.hint && `; ${this.hint}`}`;
    }
    toReason() {
        const { subject, says, hint } = this.brief ?? { subject: null, says: this.message, hint: this.hint };
        const inner = subject?.op === 'id' ? this.#loops.find(({ variable }) => variable === subject.args) : undefined;
        const [innermost] = this.#loops;
        const place = innermost && inner === undefined ? `item ${innermost.at}: ` : '';
        const name = inner ? `item ${inner.at} ` : subject ? `${formatAsCode(sourceOf(subject))} ` : '';
        return { what: `${place}${name}${says}`, hint };
    }
}
function formatAsCode(text) {
    return `\`${text.replaceAll('`', "'")}\``;
}
function valueKindOf(value) {
    if (value === null)
        return 'null';
    if (typeof value === 'string')
        return 'a text';
    if (typeof value === 'boolean')
        return 'true or false';
    if (typeof value === 'number' || (0,json/* isExactNumber */.zr)(value))
        return 'a number';
    return (0,json/* isList */.Lv)(value) ? 'a list' : 'an object';
}
function sourceOf(node, maxLength = 60) {
    return node ? abridge((0,lib/* serialize */.lK)(node), maxLength) : '';
}
function parenthesize(node) {
    const source = (0,lib/* serialize */.lK)(node);
    return /^(?:value|id|\.|\[\]|call|rcall|list|map)$/.test(node.op) ? source : `(${source})`;
}
function abridge(text, length) {
    return text.length > length ? `${text.slice(0, length)}…` : text;
}
function quoteKey(key) {
    return JSON.stringify(abridge(key, 40));
}
const MAX_SEARCHED_KEYS = 200;
function findNearKey(keys, wanted) {
    return (0,nearest_name/* findNearest */.q)(keys.slice(0, MAX_SEARCHED_KEYS), wanted, () => wanted.length < 2 ? 0 : wanted.length < 5 ? 1 : 2);
}
function describeKeys(map, near) {
    const keys = Object.keys(map);
    if (keys.length === 0)
        return 'it has no keys';
    const more = keys.length > 10 ? ` and ${keys.length - 10} more` : '';
    const all = `its keys: ${keys.slice(0, 10).map(quoteKey).join(', ')}${more}`;
    return near === undefined ? all : `did you mean ${quoteKey(near)}? ${all}`;
}

;// CONCATENATED MODULE: ./src/gate/map-keys.ts



function selectKey(value, key, node, isWritten = true) {
    if (!(0,json/* isJsonObject */.OW)(value))
        throw missingKeyError(valueKindOf(value), key, node, isWritten);
    if (Object.hasOwn(value, key))
        return value[key] ?? null;
    const near = findNearKey(Object.keys(value), key);
    const has = near === undefined && isWritten ? hintAtHas(node, key) : '';
    const isShown = near !== undefined && isWritten && KEY_IN_HEADLINES.test(near);
    throw new ConditionError(`${sourceOf(node)} has no key ${quoteKey(key)}`, (0,format/* joinPresent */.uE)('; ', describeKeys(value, near), has), null, {
        brief: {
            subject: node ?? null,
            says: isWritten ? `has no key ${formatAsCode(abridge(key, 40))}` : 'has no such key',
            hint: isShown ? `did you mean ${formatAsCode(near)}?` : has,
        },
    });
}
const KEY_IN_HEADLINES = /^[A-Za-z_][A-Za-z0-9_]{0,40}$/;
function hintAtHas(node, key) {
    const path = sourceOf(node);
    return /^[A-Za-z_][\w.]*$/.test(path) && /^[A-Za-z_]\w*$/.test(key)
        ? `has(${path}.${key}) tests whether it exists`
        : '';
}
function missingKeyError(kind, key, node, isWritten = true) {
    const name = sourceOf(node);
    let hint = '';
    if (['length', 'size', 'count'].includes(key))
        hint = `write size(${name})`;
    else if (kind === 'a list')
        hint = `write ${name}.filter(i, i.${abridge(key, 40)} …)`;
    const lacks = isWritten ? ` and has no key ${formatAsCode(abridge(key, 40))}` : '';
    const says = `is ${kind}${hint === '' ? lacks : ''}`;
    return new ConditionError(`${name} is ${kind} and has no key ${quoteKey(key)}`, hint, null, {
        brief: { subject: node ?? null, says, hint: isWritten ? hint : '' },
    });
}

;// CONCATENATED MODULE: ./src/gate/numbers.ts

function toExactNumber(value, node, where = '') {
    const source = typeof value === 'number' ? '' : value.rawJSON;
    const number = typeof value === 'number' ? value : Number(source);
    if (Math.abs(number) > Number.MAX_SAFE_INTEGER)
        throw new ConditionError(`${where}${sourceOf(node)} is a number beyond 2^53, where numbers are not exact`, 'let the workflow write an ID as a text');
    if (losesDigits(source, number))
        throw new ConditionError(`${where}${sourceOf(node)} is a number that cannot be compared without losing digits`, 'let the workflow round it');
    return number;
}
const EXACT_DIGITS = 15;
const MAX_PRINTED_DIGITS = 100;
function splitDecimal(source) {
    const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d*)\.?(\d*)(?:[eE](.*))?$/.exec(source) ?? [];
    const all = whole + fraction;
    const zeros = /^0*/.exec(all)?.[0].length ?? 0;
    return [all.slice(zeros).replace(/0+$/, ''), Number(exponent) + whole.length - zeros];
}
function losesDigits(source, number) {
    if (source.length <= EXACT_DIGITS && !/[eE]/.test(source))
        return false;
    const [digits, power] = splitDecimal(source);
    if (digits === '')
        return false;
    if (digits.length > MAX_PRINTED_DIGITS)
        return true;
    const [kept, keptPower] = splitDecimal(number.toPrecision(digits.length));
    return kept !== digits || keptPower !== power;
}
function parseNumber(text) {
    const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
    const number = isNumber ? Number(text) : NaN;
    const isExact = Math.abs(number) <= Number.MAX_SAFE_INTEGER && !losesDigits(text.replace(/^\+/, ''), number);
    return isExact ? number : null;
}

;// CONCATENATED MODULE: ./src/gate/operand-kinds.ts



function checkKinds({ operandKinds, mustBeSameKind }, call, kinds, args = []) {
    const [a = null, b = null] = kinds;
    if (mustBeSameKind && a !== null && b !== null && a !== b)
        throw mixedKindsError(call, a, b, WHOLE, args);
    for (let at = 0; at < kinds.length; at++) {
        const kind = kinds[at] ?? null;
        const accepted = operandKinds[at] ?? null;
        if (kind !== null && accepted?.includes(kind) === false)
            throw wrongKindError(kind, accepted, call.op, call.nodes[at], args[at]);
    }
}
const WHOLE = ['', ''];
const INSIDE = ['a value in ', 'a value in '];
const ITEM = ['', 'an item of '];
function mixedKindsError(call, a, b, where = WHOLE, values = []) {
    const { op, nodes } = call;
    const [x, y] = nodes.map((one) => sourceOf(one));
    const does = /^(?:[=!<>]=?|in)$/.test(op) ? 'does not compare them' : 'does not take both';
    const sides = `${where[0]}${x ?? ''} is ${a} and ${where[1]}${y ?? ''} is ${b}`;
    const { at, hint } = hintForMixedKinds(call, [a, b], where, values);
    const subject = at === null || where === INSIDE ? null : (nodes[at] ?? null);
    const says = subject ? `is ${[a, b][at ?? 0] ?? ''}` : sides;
    return new ConditionError(`${sides}: "${op}" ${does}`, hint, null, { brief: { subject, says, hint } });
}
function hintForMixedKinds({ op, nodes }, kinds, where, values) {
    const [left, right] = nodes;
    const atOf = (kind) => (kinds[0] === kind ? 0 : kinds[1] === kind ? 1 : null);
    const nullAt = atOf('null');
    const listAt = atOf('a list');
    const textAt = atOf('a text');
    const numberAt = atOf('a number');
    if (nullAt !== null)
        return {
            at: nullAt,
            hint: `where null is allowed, write ${nullAt === 0 ? sourceOf(left) : 'x'} == null`,
        };
    if (listAt !== null && numberAt !== null)
        return { at: listAt, hint: `write size(${sourceOf(nodes[listAt])})` };
    if (textAt === 1 && where === ITEM)
        return { at: 0, hint: `write string(${sourceOf(left)})` };
    const text = textAt === null || (textAt === 1 && where !== WHOLE) ? undefined : nodes[textAt];
    if (!text)
        return { at: null, hint: '' };
    if (text.op === 'value') {
        const literal = text.args;
        const isBare = (numberAt === null ? /^(?:true|false)$/ : /^-?\d{1,15}(?:\.\d+)?$/).test(literal);
        const isFirst = text.start === 0 && literal.startsWith('-');
        const bare = isFirst ? `write (${literal})` : `write ${sourceOf(text)} without its quotes`;
        return { at: null, hint: isBare ? bare : '' };
    }
    if (numberAt === null)
        return { at: null, hint: '' };
    const value = values[textAt ?? 0];
    const name = sourceOf(text);
    if (typeof value !== 'string' || parseNumber(value) !== null)
        return { at: textAt, hint: `write int(${name}) or double(${name})` };
    const number = numberAt === 0 ? left : right;
    const isLiteral = number?.op === 'value' && where === WHOLE;
    if (isLiteral && /^[=!]=$/.test(op))
        return { at: textAt, hint: `compare it with '${sourceOf(number)}'` };
    if (where === WHOLE && /^[<>]=?$/.test(op))
        return {
            at: textAt,
            hint: `it is not a number: order a severity by a map, {"low": 1, "high": 3}[${name}]`,
        };
    return { at: textAt, hint: 'it is not a number: compare it with texts' };
}
function wrongKindError(kind, accepted, by, node, value) {
    let hint = '';
    if (kind === 'a list' && accepted.includes('true or false'))
        hint =
            'a list counts as true only as a whole condition: write size(…) > 0, or exists() in place of filter()';
    else if (kind === 'a text' && /^(?:&&|\|\|)$/.test(by))
        hint = `repeat the comparison: outputs.x == "a" ${by} outputs.x == "b"`;
    const takes = `${/^(?:\W+|in)$/.test(by) ? `"${by}"` : by} takes ${accepted.join(' or ')}`;
    const says = `is ${kind}, and ${takes}`;
    const brief = { subject: node ?? null, says, hint };
    return new ConditionError(`${sourceOf(node)} ${says}`, (0,json/* isJsonObject */.OW)(value) ? describeKeys(value) : hint, null, {
        brief,
    });
}
function requireKind(kind, value, by, node) {
    if (valueKindOf(value) !== kind)
        throw wrongKindError(valueKindOf(value), [kind], by, node, value);
    return (kind === 'a number' ? toExactNumber(value, node) : value);
}

;// CONCATENATED MODULE: ./src/gate/condition-errors.ts

const MACROS = new Set(['filter', 'map', 'all', 'exists', 'exists_one']);
const UNSEEN = /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[ ]]/gv;
const STRINGS = /"""(?:\\.|[^\\])*?(?:"""|\\?$)|'''(?:\\.|[^\\])*?(?:'''|\\?$)|"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\.|[^'\\])*(?:'|\\?$)/gs;
function blankStrings(source) {
    return source.replace(STRINGS, (text) => '"'.padEnd(text.length - 1) + '"'.repeat(Math.min(1, text.length - 1)));
}
const LINES = 'write one condition per line below `|`: below `>` YAML joins the lines';
const TWO_CONDITIONS = `${LINES}; join two parts of one condition by && or ||`;
const COMMENT = `write a comment on a separate line that begins with "#"; ${LINES}`;
const QUOTES = `write a text in straight quotes, "x" or 'x'`;
const COMMA = 'write filter(i, i.status == "x"), with a comma';
const DASH = 'remove the `-` at the start; if a minus is meant, put it into parentheses';
const NAME_RULE = 'a name has at most 64 letters, digits, blanks, "_", "." and "-", and begins with a letter or a digit';
const NO_CLOCK = 'a condition has no clock: let the Alloovium workflow write it, such as i.days_overdue > 0';
const EXAMPLE = 'a condition is like outputs.items.filter(i, i.status == "x")';
const VARIABLES = 'the one variable is "outputs"; a macro names its own: outputs.items.filter(i, i.x)';
const MAYBE_TEXT = new Set(['', TWO_CONDITIONS, EXAMPLE, VARIABLES]);
const LIKE_A_NAME = /^(?![!\w]*[(.])[^:?{[]+:(?=\s)/;
const MAX_NAME = 64;
function invalidNameError(name) {
    const at = name.search(/[^\p{L}\p{N} _.-]/u);
    const character = at < 0 ? '' : String.fromCodePoint(name.codePointAt(at) ?? 0);
    let message = 'a name begins with a letter or a digit';
    if (at >= 0)
        message = `a name cannot contain ${character === '`' ? 'a backquote' : `\`${character}\``}`;
    else if (name.length > MAX_NAME)
        message = `a name has at most ${MAX_NAME} characters`;
    return new ConditionError(message, NAME_RULE, Math.max(0, at));
}
const ANYWHERE = [
    [/^-/, null, 'a condition that begins with "-" reads as an item of a YAML list', DASH],
    [/\/\/|#/, null, 'a comment follows the condition on the same line', COMMENT],
    [/(?<![\w.])\d{4}-\d{2}-\d{2}(?!\d)/, null, 'a day without quotes is a subtraction', ''],
];
const AT_ERROR = [
    [/^(["'])(?:\\.|(?!\1).)*$/s, null, 'a text is not closed: its second quote is missing', QUOTES],
    [/^\\/, null, 'a backslash in a text begins no escape that CEL knows', 'write \\\\ for a backslash'],
    [/^[“”„‟‘’‚‛«»‹›`]/, null, '$& is not a quote in CEL', QUOTES],
    [/^[≥⩾≧≤⩽≦≠−–—]/, null, '$& is not an operator in CEL', 'write >=, <=, != or -'],
    [/^(?:=>|:|>)/, /\.\w+\(\s*\(?\w+\)?\s*-?$/, 'a macro needs a comma after the name of its item', COMMA],
    [/^=>/, null, '"$&" is not an operator', 'write >=, or !a || b for "if a, then b"'],
    [/^=</, null, '"$&" is not an operator', 'write <='],
    [/^(?:=?~|like\b)/i, null, 'there is no "$&"', 'write outputs.x.contains("y")'],
    [/^>/, /<$/, '"<>" is not an operator', 'write != for inequality'],
    [/^=/, /[!=]=$/, 'an operator has one "=" too many', 'write == or !='],
    [/^=/, null, 'one "=" compares nothing', 'write == for equality'],
    [/^(?:!|not\s+)in\b/i, null, 'there is no "$&"', 'write !(outputs.x in ["a"])'],
    [
        /^(?:$|[&|)])/,
        /\d\s*%\s*$/,
        '"%" cannot follow a number',
        'write 0.1 for the fraction, "10%" for the text',
    ],
    [/^(?:&|and\b)/i, null, '"$&" is not an operator', 'write && for "and"'],
    [/^(?:\||or\b)/i, null, '"$&" is not an operator', 'write || for "or"'],
    [/^is\b/i, null, 'there is no "is"', 'write == or !='],
    [/^(?:contains|startsWith|endsWith)\b/, null, '$& is not an operator', 'write outputs.x.$&("y")'],
    [/^(?:if|then|else)\b/, null, 'there is no "$&"', 'write a ? b : c, or join two conditions by &&'],
    [/^/, /(?:^|[^.\w])not $/i, 'there is no "not"', 'write !outputs.x'],
    [/^;/, null, '";" is not allowed', TWO_CONDITIONS],
    [/^[?.]/, /\?$/, 'there is no "?$&"', 'write has(outputs.x) ? outputs.x : …'],
    [/^\.\d/, /(?:^|[^\w)\]])$/, 'a number begins with a digit', 'write 0.5'],
    [/^:/, /\[[^\]]*$/, 'CEL has no slices', 'write outputs.items[0], or outputs.items.filter(i, …)'],
    [/^:\S/, null, 'a colon is not expected here', 'a name ends with a colon and a space: "name: expression"'],
    [/^,/, /\bin \([^()]*$/, 'a list needs brackets', 'write outputs.x in ["a", "b"]'],
    [/^,/, /\d$/, 'a number has no comma', 'write 1000, or 1.5'],
    [
        /^/,
        /\.(?:filter|map|all|exists|exists_one)\([\w.]*$/,
        'the first argument of a macro is a name for an item',
        COMMA,
    ],
    [/^\d+/, /\d\.\d+\.$/, 'a number has one point at most', 'write a text: "2026-12-31", "1.10.0"'],
    [/^$/, null, 'the condition ends too early', 'each line is one whole condition, below `|`'],
    [
        /^(?:outputs\b|[\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}: )/u,
        null,
        'a second condition begins here',
        TWO_CONDITIONS,
    ],
    [/^(?:\w+|["'([{!])/, /[\w"')\]} ]$/, 'an operator is missing before $&', TWO_CONDITIONS],
    [/^/, null, '"$&" is not expected here', EXAMPLE],
];
const UNKNOWN_NAMES = [
    [/^_+\b/, null, '', 'write the value that is meant, a text in quotes'],
    [/^(?:true|false|null|none|nil|undefined)\b/i, null, '', 'write true, false or null'],
    [/^now\b/i, null, '', NO_CLOCK],
    [/^/, /(?:[A-Za-z_]\w*|[\])])-$/, '', 'for a key that is not a plain name, write outputs["a-b"]'],
    [/^/, null, '', VARIABLES],
];
const FUNCTION_ALIASES = new Map(`any some: write exists(i, …)
every: write all(i, …)
find where select: write filter(i, …), or map(i, …)
count: write size(outputs.items.filter(i, …))
one existsOne: write exists_one(i, …)
includes: write contains("x") of a text, "x" in … of a list
toLowerCase lower: write lowerAscii()
toUpperCase upper: write upperAscii()
length len: write size(…)
isEmpty empty: write size(…) == 0
sum: count with size(outputs.items.filter(i, …)), or let the Alloovium workflow write the total
max min: write outputs.items.exists(i, i.score > 80): whether any is above
sort sortBy: a condition does not depend on the order: write outputs.items.filter(i, …)
now: ${NO_CLOCK}
split: write contains("x"), startsWith("x") or endsWith("x")
replace strip: write trim() or lowerAscii(), or contains("x")
if: write a ? b : c
has: write has(outputs.a.b); or "key" in outputs.a
matches: a regular expression can take hours on a hostile text; use ==, in, startsWith(), endsWith() or contains()
timestamp duration date: days and times are ordered as texts: outputs.due < "2026-12-31", day(outputs.at)
type: a value of another type than expected cannot be evaluated, which is red: no check of the type is needed`
    .split('\n')
    .map((line) => line.split(/: (.*)/))
    .flatMap(([names = '', way = '']) => names.split(' ').map((name) => [name, way])));
const textBefore = (source, at) => source.slice(Math.max(0, at - 200), at);
function errorFromHints(hints, source, at, parserMessage) {
    const before = textBefore(source, at);
    const rest = source.slice(at);
    const [place, , sentence = '', hint = ''] = hints.find(([pattern, after]) => pattern.test(rest) && after?.test(before) !== false) ?? [];
    const founds = [place, /^(?:\w+|.)/u].map((one) => one?.exec(rest)?.[0] ?? '');
    const found = founds.find((text) => text !== '') ?? '';
    const offer = MAYBE_TEXT.has(hint) ? offerQuotes(source, at) : null;
    return new ConditionError(parserMessage ?? sentence.replace('$&', found), hint.replace('$&', found), at, {
        offer,
    });
}
const BARE = String.raw `(?:[^"'\`\\()[\]{},?:;=!<>&|*%]|:(?=\S))*`;
const BARE_BEFORE = new RegExp(`${BARE}$`);
const BARE_AFTER = new RegExp(`^${BARE}`);
function variablesOf(source) {
    const items = [...source.matchAll(/\(\s*([A-Za-z_]\w*)\s*,/g)].map(([, name = '']) => name);
    return new Set(['outputs', ...items]);
}
const MAX_QUOTED = 100;
function offerQuotes(source, at) {
    const begun = (BARE_BEFORE.exec(textBefore(source, at))?.[0] ?? '').trimStart();
    const text = `${begun}${BARE_AFTER.exec(source.slice(at))?.[0] ?? ''}`.trimEnd();
    const start = at - begun.length;
    const ahead = textBefore(source, start);
    const isOperand = /(?:[=!<>]=|[<>]|\[[^\]()]*)\s*$/.test(ahead);
    const isNumber = /[<>]=?\s*$/.test(ahead) && !/^(?:\d{4}-|\p{L})/u.test(text);
    const variables = variablesOf(source);
    const isMeant = (text.match(/\w+/g) ?? []).some((word) => variables.has(word));
    if (!isOperand || text === '' || text.length > MAX_QUOTED || isNumber || isMeant)
        return null;
    const corrected = `${source.slice(0, start)}"${text}"${source.slice(start + text.length)}`;
    return { corrected, hint: `write a text in quotes: "${text}"` };
}
function explainParseError(source, at, code) {
    if (code === 'limit_exceeded')
        return new ConditionError('the condition is too long, or nested too deep', 'write several', at);
    const [, path, begun = ''] = /([A-Za-z_](?:[\w.]|\["[^"]*"\])*)\.(\w*)$/.exec(textBefore(source, at)) ?? [];
    const rest = /^[\p{L}\p{M}\p{N}_]*/u.exec(source.slice(at))?.[0] ?? '';
    const key = begun + rest;
    const start = at - begun.length;
    if (path === undefined || rest === '' || /^(?!(?:in|true|false|null)$)[A-Za-z_]\w*$/.test(key))
        return errorFromHints(AT_ERROR, source, at);
    const written = `${path}["${key}"]`;
    const corrected = `${source.slice(0, start - path.length - 1)}${written}${source.slice(at + rest.length)}`;
    const [root = ''] = path.split(/\W/, 1);
    const offer = variablesOf(source).has(root)
        ? { corrected, hint: `write ${written}` }
        : offerQuotes(source, at);
    return new ConditionError(`${key} is not a plain name`, '', start, { offer });
}
function unknownVariableError({ args: name, input, start }) {
    return errorFromHints(UNKNOWN_NAMES, input, start, `there is no variable ${abridge(name, 40)}`);
}
const codeOf = (character) => (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
function escapeCharacter(character) {
    const code = codeOf(character);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code}`;
}
function unseenCharacterError(found, at, where, isInText = false) {
    return new ConditionError(`there is an invisible character ${where}: U+${codeOf(found).toUpperCase()}`, `delete it, or write ${isInText ? `${escapeCharacter(found)} where it is meant` : 'an ordinary space'}`, at);
}
const OPERATOR_WORDS = new Set(['not', 'unless', 'require', 'assert']);
function wordsOf(name) {
    const plain = name.normalize('NFKC').toLowerCase();
    return plain.split(/[ _.-]+/).filter((word) => word !== '');
}
function findLineError(line, name) {
    if (line.startsWith('#')) {
        if (/\boutputs\b/.test(line))
            return new ConditionError('this comment has the word `outputs`: with `>`, or in quotes over several lines, YAML joins a comment and the condition below it, and that condition is lost', 'delete it, move it to `warn_if`, or write it without that word; and use `|`, not `>`');
        const [unseen] = [...line.replaceAll('\t', ' ').matchAll(UNSEEN)];
        return unseen ? unseenCharacterError(unseen[0], unseen.index, 'in a comment') : null;
    }
    if (/^(?:fail|warn)_if: *(?:[|>][-+]?)?$/.test(line))
        return new ConditionError('this line is the name of the input, not a condition', 'paste only the lines below `fail_if: |`');
    const value = line.slice(line.indexOf(':') + 1).trim();
    const [second] = name === '' ? [] : (/^[\p{L}\p{N}][\p{L}\p{N} _.-]*: /u.exec(value) ?? []);
    if (second !== undefined)
        return new ConditionError(`a name ends at the first colon, here \`${name}\``, 'remove the second', line.length - value.length + second.length - 2);
    if (name.startsWith('outputs.'))
        return new ConditionError('the text before the colon is a name, and this one reads as a condition', `write ${name} == ${value}`);
    const words = wordsOf(name);
    if (words.length > 0 && words.every((word) => OPERATOR_WORDS.has(word))) {
        const offer = { corrected: `!(${value})`, hint: `write !(${value})` };
        return new ConditionError(`the text before the colon is a name, and \`${name}\` reads as an operator: the condition is red where its expression is true`, 'choose another name', 0, { offer: words.length === 1 ? offer : null });
    }
    return null;
}
function rejectText(source) {
    const text = blankStrings(source);
    for (const { 0: found, index } of source.matchAll(UNSEEN)) {
        const isInText = text[index] !== source[index];
        if (!isInText && /[\t\r\n]/.test(found))
            continue;
        throw unseenCharacterError(found, index, isInText ? 'in a text' : 'here', isInText);
    }
    const [name] = LIKE_A_NAME.exec(text) ?? [];
    if (name !== undefined)
        throw invalidNameError(source.slice(0, name.length - 1));
    const match = ANYWHERE.find(([pattern]) => pattern.test(text));
    if (match)
        throw errorFromHints([match], source, text.search(match[0]));
}

;// CONCATENATED MODULE: ./src/gate/meaning-errors.ts


const EQUALITIES = new Set(['==', '!=']);
const RELATIONS = new Set(['<', '<=', '>', '>=', 'in']);
function isInSameParentheses(node, operand) {
    const text = blankStrings(node.input);
    const depthAt = ({ op, start, args }) => {
        const [left, right] = (op === '!_' ? [] : args);
        const at = left && right ? left.end + text.slice(left.end, right.start).search(/[=!<>i]/) : start;
        return text.slice(0, at).split(/[([{]/).length - text.slice(0, at).split(/[)\]}]/).length;
    };
    return depthAt(node) === depthAt(operand);
}
function rejectChain(node, isCondition) {
    const rank = [EQUALITIES, RELATIONS].find((operators) => operators.has(node.op));
    if (!rank)
        return;
    const [op, [left, right]] = [node.op, node.args];
    if (rank === EQUALITIES && RELATIONS.has(right.op) && isInSameParentheses(node, right))
        throw new ConditionError(`"${op}" and "${right.op}" have the same precedence in CEL`, 'put one comparison into parentheses', right.pos);
    if (!isCondition)
        return;
    const name = sourceOf(left);
    const other = sourceOf(right);
    if (op === 'in' && left.op === '!_' && isInSameParentheses(node, left))
        throw new ConditionError('"!" applies only to the left side', `write !(${name.slice(1)} in ${other})`);
    if (rank.has(left.op) && isInSameParentheses(node, left))
        throw new ConditionError(`"${left.op}" and "${op}" are chained: the second compares the true or false of the first`, rank === EQUALITIES
            ? 'join two comparisons by &&, or put one into parentheses'
            : `write ${name} && ${sourceOf(left.args[1])} ${op} ${other}`);
}
const IN_HINTS = 300;
const CONVERSIONS = new Set(['int', 'double', 'string', 'bool', 'day']);
function neverNullError(op, node, kind) {
    const name = sourceOf(node, IN_HINTS);
    let hint = '';
    if (kind === null)
        hint = `only a value that the run wrote can be null: write outputs.x ${op} null`;
    else if (node.op === '!_')
        hint = `write !(${sourceOf(node.args, IN_HINTS)} ${op} null)`;
    else if (node.op === 'call' && CONVERSIONS.has(node.args[0]) && node.args[1][0])
        hint = `write ${sourceOf(node.args[1][0], IN_HINTS)} ${op} null`;
    else if (kind === 'a number')
        hint = `for empty, write ${name} ${op} 0`;
    else if (kind !== 'true or false')
        hint = `for empty, write size(${name}) ${op} 0`;
    const what = kind === null ? '' : `: it is ${kind}`;
    return new ConditionError(`${sourceOf(node)} is never null${what}`, hint, node.pos);
}
function keepsEveryItemError(node, isCounted, isOfConditions) {
    const [subject, id, body] = node.op === 'rcall'
        ? [node.args[1], ...node.args[2]].map((one) => sourceOf(one, IN_HINTS))
        : ['', '', ''];
    const kept = `${subject}.filter(${id}, ${body})`;
    const counted = isOfConditions ? `count with filter: size(${kept})` : `write size(${subject})`;
    return new ConditionError('map() keeps every item', isCounted ? counted : `write ${kept}`, node.pos);
}

;// CONCATENATED MODULE: ./src/gate/text-functions.ts
function changeAsciiCase(text, change) {
    const PART = 64 * 1024;
    let made = '';
    for (let at = 0; at < text.length; at += PART)
        made += text.slice(at, at + PART).replaceAll(/[\0-\x7f]+/g, change);
    return made;
}
const OUTER_BLANKS = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu;
const TEXT_FUNCTIONS = new Map([
    ['lowerAscii', (text) => changeAsciiCase(text, (part) => part.toLowerCase())],
    ['upperAscii', (text) => changeAsciiCase(text, (part) => part.toUpperCase())],
    ['trim', (text) => text.replaceAll(OUTER_BLANKS, '')],
]);

;// CONCATENATED MODULE: ./src/gate/times.ts


const WHEN = /^(?:(?<day>\d{4}-\d\d-\d\d)(?:(?<divider>[T ])(?=\d)|$))?(?:(?<clock>(?:[01]\d|2[0-3]):[0-5]\d)(?:(?<seconds>:[0-5]\d)(?<fraction>\.\d{1,30})?)?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;
function parseTime(text) {
    const { day, clock, seconds = ':00', fraction = '', zone } = WHEN.exec(text)?.groups ?? {};
    if (day === undefined ? !clock || zone !== undefined || fraction !== '' : !(0,format/* isDay */.N)(day))
        return null;
    if (zone === undefined)
        return { form: text.replaceAll(/\d/g, '0'), moment: 0, rest: text, day };
    const moment = Date.parse(`${day ?? ''}T${clock ?? ''}${seconds}${zone}`);
    return { form: 'moment', moment, rest: fraction.replace(/\.?0*$/, ''), day };
}
const DOTTED_DAY = /^(\d\d)\.(\d\d)\.(\d{4})$/;
function dayOf(text) {
    const iso = text.replace(DOTTED_DAY, '$3-$2-$1');
    return parseTime(iso)?.day ?? null;
}
function isEqualityUnclear(a, b) {
    if (a[4] !== '-' || b[4] !== '-')
        return false;
    const left = parseTime(a);
    const right = parseTime(b);
    if (!left?.day || !right?.day)
        return false;
    if ((left.day === a) !== (right.day === b))
        return true;
    return left.form === 'moment' && left.moment === right.moment && left.rest === right.rest;
}
function orderTexts(a, b, call) {
    const left = parseTime(a);
    const right = parseTime(b);
    if (left?.form === undefined || left.form !== right?.form)
        throw new ConditionError(`${call.nodes.map((one) => sourceOf(one)).join(' and ')} are texts, and "${call.op}" orders two texts only if both are days or times in the same form`, hintForOrder([a, b], call));
    if (left.moment !== right.moment)
        return left.moment - right.moment;
    return left.rest < right.rest ? -1 : left.rest > right.rest ? 1 : 0;
}
function hintForOrder(texts, { op, nodes }) {
    const days = texts.map(dayOf);
    const names = nodes.map((one) => sourceOf(one));
    if (!days.includes(null))
        return `write ${names.map((name, at) => (days[at] === texts[at] ? name : `day(${name})`)).join(` ${op} `)}`;
    if (texts.some((text) => parseTime(text) !== null))
        return 'a day is written 2026-12-31, a time 2026-12-31T10:00:00Z';
    const named = names.find((_, at) => nodes[at]?.op !== 'value') ?? '';
    return `order a number in a text by int(${named}) or double(${named}), a severity by a map, {"low": 1, "high": 3}[${named}] >= 3`;
}

;// CONCATENATED MODULE: ./src/gate/literals.ts






function findLiteralText({ op, args }) {
    if (op === 'value')
        return typeof args === 'string' ? args : null;
    if (op === 'call') {
        const [name, [only]] = args;
        const text = only ? findLiteralText(only) : null;
        if (name === 'day')
            return text === null ? null : dayOf(text);
        if (name === 'string' && only?.op === 'value' && /^(?:boolean|bigint|number)$/.test(typeof only.args))
            return String(only.args);
        return /^(?:dyn|string)$/.test(name) ? text : null;
    }
    if (op === 'rcall') {
        const change = TEXT_FUNCTIONS.get(args[0]);
        const text = findLiteralText(args[1]);
        return change && text !== null ? change(text) : null;
    }
    const parts = op === '+' ? args.map(findLiteralText) : [null];
    return parts.includes(null) ? null : parts.join('');
}
function findComparisons(node) {
    const textsNextTo = (other) => (literal) => expandLiterals(literal, other);
    if (node.op === 'rcall' && /^(?:contains|startsWith|endsWith)$/.test(node.args[0]))
        return node.args[2].flatMap(textsNextTo(node.args[1]));
    if (node.op === 'rcall' && MACROS.has(node.args[0]))
        return node.args[1].op === 'list' ? expandLiterals(node.args[1], node.args[1]) : [];
    if (!EQUALITIES.has(node.op) && node.op !== 'in')
        return [];
    const [left, right] = node.args;
    const isSearch = node.op === 'in' && (right.op === 'list' || right.op === 'map');
    const searched = isSearch ? right.args.map((one) => (Array.isArray(one) ? one[0] : one)) : [right];
    return [...searched.flatMap(textsNextTo(left)), ...expandLiterals(left, right)];
}
function expandLiterals(literal, other, isInside = false) {
    const inside = (nodes) => nodes.flatMap((one) => expandLiterals(one, other, true));
    if (literal.op === 'list')
        return inside(literal.args);
    if (literal.op === 'map')
        return inside(literal.args.map(([, value]) => value));
    if (literal.op === '[]')
        return literal.args[0].op === 'id' ? [] : inside([literal.args[0]]);
    if (literal.op === '?:')
        return literal.args.slice(1).flatMap((one) => expandLiterals(one, other, isInside));
    return [{ other, literal, isInside }];
}
const trim = (text) => TEXT_FUNCTIONS.get('trim')?.(text) ?? text;
const quoteText = (text) => JSON.stringify(text).replaceAll(UNSEEN, escapeCharacter);
const hasEscape = ({ input, start, end }) => input.slice(start, end).includes('\\');
const isDayCall = (node) => node.op === 'call' && node.args[0] === 'day';
function notADayError(call, literal, text) {
    const day = dayOf(trim(text));
    return new ConditionError(`${sourceOf(call)} is a day such as "2026-05-01", and ${sourceOf(literal)} is not`, day === null ? 'a day is written "2026-05-01"' : `write ${quoteText(day)}`, literal.pos);
}
const LEFT_OVER = /^(?!\.$)[ .…]*$/;
function rejectLiterals(node) {
    const keys = node.op === 'map' ? node.args.map(([key]) => key).filter(({ op }) => op === 'value') : [];
    const twice = keys.find((key, at) => keys.findIndex(({ args }) => args === key.args) < at);
    if (twice)
        throw new ConditionError(`the key ${sourceOf(twice)} appears twice`, 'remove one of them', twice.pos);
    const isMacro = node.op === 'rcall' && MACROS.has(node.args[0]);
    const searched = isMacro || node.op === 'in' ? node.args[1] : null;
    if ((searched?.op === 'list' || searched?.op === 'map') && searched.args.length === 0)
        throw new ConditionError('the list is empty, as a `${{ … }}` that is not set leaves it', 'write the items between the brackets, ["a", "b"]', searched.pos);
    const by = node.op === 'rcall' ? `${node.args[0]}()` : node.op;
    const compared = findComparisons(node).map((one) => ({ ...one, text: findLiteralText(one.literal) }));
    const isAnyText = compared.some(({ text }) => text !== null && text.trim() !== '');
    for (const { other, literal, isInside, text } of compared) {
        if (text === null)
            continue;
        const isBlank = text.trim() === '';
        const isAmong = isBlank && by === 'in' && isAnyText && !isInside;
        const isLeftOver = (one) => LEFT_OVER.test(one) && !isAmong;
        const changed = isInside ? text : applyTextFunctions(other, text, by);
        let hint = `write ${quoteText(changed)}`;
        if (isLeftOver(changed))
            hint =
                EQUALITIES.has(by) && changed === '' && !isInside
                    ? `if empty is meant, write size(${sourceOf(other)}) ${by} 0`
                    : 'write the text that is meant; write blanks or dots as escapes: "\\u0020", "\\u002e"';
        if (isLeftOver(text) && !hasEscape(literal))
            throw new ConditionError(isBlank
                ? `a text of "${by}" is ${text === '' ? 'empty' : 'blank'}, as a \`\${{ … }}\` that is not set leaves it`
                : 'a text of dots is left over from an example', hint, literal.pos);
        if (EQUALITIES.has(by) || by === 'in') {
            if (isDayCall(other) && !isInside && !(0,format/* isDay */.N)(text))
                throw notADayError(other, literal, text);
            if (trim(changed) !== changed && !hasEscape(literal))
                throw new ConditionError(`a text of "${by}" has blanks around it, as a \`\${{ … }}\` that is not set leaves it`, `write ${quoteText(trim(changed))}; if the blank is meant, write its escape: "\\u0020"`, literal.pos);
        }
        if (changed === text)
            continue;
        const letters = /[A-Z]/.test(changed) ? 'upper' : 'lower';
        const what = text.includes(changed) ? 'has no blanks around it' : `is in ${letters} case`;
        throw new ConditionError(`${sourceOf(other)} ${what}, and ${sourceOf(literal)} is not`, hint, literal.pos);
    }
}
const makesText = (node) => node.op === '+' ||
    (node.op === 'call' && /^(?:string|day)$/.test(node.args[0])) ||
    (node.op === 'rcall' && TEXT_FUNCTIONS.has(node.args[0]));
function rejectMadeText(node, kind, traitsOf) {
    const operands = operandsOf(node);
    const [first] = operands;
    if (node.op === 'call' && node.args[0] === 'keys' && first && traitsOf(first).mayBeMade) {
        const keys = first.op === 'map' ? first.args.map(([key]) => sourceOf(key)).join(', ') : '"a", "b"';
        throw new ConditionError(`${sourceOf(first)} is a map that the condition writes: its keys are not keys of the outputs`, `write a list: [${keys}]`, first.pos);
    }
    const isText = kind === null || kind === 'a text';
    if (!isText || !makesText(node) || findLiteralText(node) !== null)
        return;
    if (!operands.every((one) => traitsOf(one).mayBeConstant))
        return;
    throw new ConditionError(`${sourceOf(node)} is a text that the condition builds from constants`, node.op === '+' ? 'write the whole text, or several in a list' : 'write its value');
}
function operandsOf(node) {
    if (node.op === 'call')
        return node.args[1];
    if (node.op === 'rcall')
        return [node.args[1], ...node.args[2]];
    return node.op === '+' ? node.args : [];
}
function applyTextFunctions(node, text, by) {
    const change = node.op === 'rcall' && TEXT_FUNCTIONS.get(node.args[0]);
    if (!change)
        return text;
    const inner = applyTextFunctions(node.args[1], text, by);
    if (node.args[0] !== 'trim' || !by.endsWith(')'))
        return change(inner);
    return by === 'startsWith()' ? inner.trimStart() : by === 'endsWith()' ? inner.trimEnd() : inner;
}
function rejectUnordered(node) {
    const sides = node.args;
    for (const [at, literal] of sides.entries()) {
        const other = sides[at === 0 ? 1 : 0];
        const text = findLiteralText(literal);
        if (text === null)
            continue;
        const when = parseTime(text);
        if (when !== null && isDayCall(other) && when.day !== text)
            throw notADayError(other, literal, text);
        if (when !== null)
            continue;
        const written = (value, by) => (at === 0 ? [value, by] : [by, value]).join(` ${node.op} `);
        throw new ConditionError(`${sourceOf(literal)} has no order here: "${node.op}" orders two texts only if both are days or times in the same form`, hintForUnordered(text, sourceOf(other), written), literal.pos);
    }
}
function hintForUnordered(text, other, written) {
    const trimmed = trim(text);
    const day = dayOf(trimmed);
    if (parseTime(trimmed) !== null)
        return `write ${quoteText(trimmed)}`;
    if (day !== null)
        return `write ${written(quoteText(day), `day(${other})`)}`;
    if (/^\d{4}-\d\d-\d\d/.test(trimmed) || /^\d\d\.\d\d\.\d{4}$/.test(trimmed))
        return 'there is no such day or time: a day is written "2026-12-31", a time "2026-12-31T10:00:00Z"';
    if (/^\d{1,4}([-./])\d{1,2}\1\d{1,4}/.test(trimmed) || /^\d{1,2}:\d\d/.test(trimmed))
        return 'a day is written "2026-12-31", a time "2026-12-31T10:00:00Z" or "09:30", in the outputs too';
    if (/^-?\d[\d.]*,[\d.,]*\s*%?$/.test(trimmed))
        return 'a number has no quotes and no comma: write 1000, or 1.5';
    const [number = ''] = /^-?\d{1,15}(?:\.\d+)?(?=\s*%?$)/.exec(trimmed) ?? [];
    if (number !== '') {
        const convert = number.includes('.') ? 'double' : 'int';
        const value = number.startsWith('-') ? `(${number})` : number;
        return `a number has no quotes: write ${written(value, other)}, or ${written(value, `${convert}(${other})`)} where the run writes it as a text`;
    }
    return `order a severity by a map: write ${written('3', `{"low": 1, "high": 3}[${other}]`)}`;
}

;// CONCATENATED MODULE: ./src/gate/near-texts.ts


const MAX_LENGTH = 200;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const near_texts_OUTER_BLANKS = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu;
const SEPARATORS = /[\p{White_Space}\p{Pd}\u2212_]+/gu;
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
function normalizeText(text) {
    const spelled = PLAIN.test(text)
        ? text
        : text.replaceAll(IGNORABLE, '').normalize('NFKC').replaceAll(near_texts_OUTER_BLANKS, '');
    return spelled.replaceAll(SEPARATORS, '-').toUpperCase().toLowerCase();
}
function findWrittenTexts(node, texts = new Map()) {
    const text = findLiteralText(node);
    if (text !== null && text.length <= MAX_LENGTH)
        texts.set(text, normalizeText(text));
    if (text === null)
        for (const part of findComparedParts(node))
            findWrittenTexts(part, texts);
    return texts;
}
function findComparedParts({ op, args }) {
    const isKey = (one) => one.op === 'value';
    if (op === 'map')
        return args.flatMap(([key, value]) => (isKey(key) ? [value] : [key, value]));
    if (op === '[]')
        return args.filter((one, at) => at === 0 || !isKey(one));
    if (op === 'in') {
        const [left, right] = args;
        if (right.op === 'map')
            return [left, ...right.args.flat()];
        return right.op === 'call' && right.args[0] === 'keys' && isKey(left) ? [right] : [left, right];
    }
    return [args].flat(3).filter((part) => isNode(part));
}
function isNode(part) {
    return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}
const isSeparator = (code) => code === 0x2d || code === 0x5f;
const toLowerCase = (code) => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);
const isPlain = (code) => code > 0x20 && code < 0x7f;
function mayHaveForm(text, form) {
    const first = text.charCodeAt(0);
    const second = text.charCodeAt(1);
    if (!isPlain(first) || (text.length > 1 && !isPlain(second) && second !== 0x20))
        return true;
    return (isSeparator(first) ? 0x2d : toLowerCase(first)) === form.charCodeAt(0);
}
const MAX_REMEMBERED = 1_000;
class NearTexts {
    #written;
    #forms = new Map();
    #isEqual = () => false;
    pairs = new Map();
    constructor(written) {
        this.#written = written;
    }
    findNearLiteral(a, b) {
        const formOfA = this.#written.get(a);
        const formOfB = this.#written.get(b);
        if (formOfA === undefined)
            return formOfB !== undefined && this.#hasForm(a, formOfB) ? b : null;
        return formOfB === undefined && this.#hasForm(b, formOfA) ? a : null;
    }
    #hasForm(text, form) {
        if (text.length > MAX_LENGTH || !mayHaveForm(text, form))
            return false;
        let known = this.#forms.get(text);
        if (known === undefined) {
            known = normalizeText(text);
            if (this.#forms.size < MAX_REMEMBERED)
                this.#forms.set(text, known);
        }
        return known === form;
    }
    forgetPairs() {
        this.pairs.clear();
    }
    isReadAsEqual(literal) {
        return this.#isEqual(literal);
    }
    notePair(pair) {
        if (!this.pairs.has(pair.literal))
            this.pairs.set(pair.literal, pair);
    }
    findLiteralLike(text) {
        if (text.length > MAX_LENGTH || this.#written.has(text))
            return null;
        const form = normalizeText(text);
        return [...this.#written].find((one) => one[1] === form)?.[0] ?? null;
    }
    evaluateReading(isEqual, evaluate) {
        this.#isEqual = isEqual;
        try {
            return evaluate();
        }
        catch (error) {
            if (error instanceof ConditionError) {
                const read = [...this.pairs.values()].filter(({ literal }) => isEqual(literal));
                error.readAs = read.map(({ literal, text }) => `${near_texts_quoteText(text)} is read as ${near_texts_quoteText(literal)}`);
            }
            throw error;
        }
    }
}
const UNLIKE = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Pd}\p{M}\u2212\p{Default_Ignorable_Code_Point}]--[ \-]]/gv;
function near_texts_quoteText(text) {
    return `"${escapeText(text)}"`;
}
function escapeText(text) {
    const quoted = JSON.stringify(text);
    return quoted.slice(1, -1).replaceAll(UNLIKE, (character) => {
        const code = (character.codePointAt(0) ?? 0).toString(16);
        return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
    });
}

;// CONCATENATED MODULE: ./src/gate/near-text-hints.ts






const near_text_hints_MAX_LENGTH = 300;
const SPELLINGS = [['lowerAscii'], ['trim'], ['trim', 'lowerAscii']];
function describeHint(call, compared) {
    const { literal, text } = compared;
    const expression = call.op === 'in' ? rewriteSearch(call, compared) : rewriteEquality(call, compared);
    const isShort = expression !== null && expression.length <= near_text_hints_MAX_LENGTH;
    const isText = typeof compared.values[0] === 'string';
    return {
        correction: isShort
            ? `write ${expression}`
            : `write both forms: ${near_texts_quoteText(literal)}, ${near_texts_quoteText(text)}`,
        isOfAuthor: isShort && isText && findChange(compared) !== null,
    };
}
function rewriteEquality({ op, nodes }, compared) {
    const { literal, text, literalAt, values } = compared;
    const written = nodes[literalAt];
    const read = nodes[1 - literalAt];
    if (!written || !read)
        return null;
    const isText = typeof values[0] === 'string';
    const change = isText ? findChange(compared) : null;
    if (change) {
        const side = rewriteSide(written, change, literal);
        if (side === null)
            return null;
        const sides = [`${parenthesize(read)}${change.calls}`, side];
        return (literalAt === 1 ? sides : sides.reverse()).join(` ${op} `);
    }
    if (isText && findLiteralText(written) === null)
        return null;
    const other = isText ? near_texts_quoteText(text) : formatLiteral(values[1 - literalAt] ?? null);
    const search = `${parenthesize(read)} in [${isText ? near_texts_quoteText(literal) : (0,lib/* serialize */.lK)(written)}, ${other}]`;
    return op === '==' ? search : `!(${search})`;
}
function rewriteSearch({ nodes }, compared) {
    const { literal, text, literalAt, values } = compared;
    const [left, right] = nodes;
    if (!left || !right)
        return null;
    const isText = typeof values[0] === 'string';
    const change = isText ? findChange(compared) : null;
    const other = isText ? near_texts_quoteText(text) : formatLiteral(values[1 - literalAt] ?? null);
    if (literalAt === 0) {
        const item = /\bw\b/.test((0,lib/* serialize */.lK)(left)) ? 'other' : 'w';
        if (change) {
            const side = rewriteSide(left, change, literal);
            return side === null
                ? null
                : `${parenthesize(right)}.exists(${item}, ${item}${change.calls} == ${side})`;
        }
        return `${parenthesize(right)}.exists(${item}, ${item} in [${(0,lib/* serialize */.lK)(left)}, ${other}])`;
    }
    const items = right.op === 'list' ? right.args : right.op === 'map' ? right.args.map(([key]) => key) : null;
    if (items === null)
        return null;
    const texts = items.map(findLiteralText);
    if (change && !texts.includes(null)) {
        const spelled = new Set(texts.map((one) => near_texts_quoteText(change.apply(one ?? ''))));
        return `${parenthesize(left)}${change.calls} in [${[...spelled].join(', ')}]`;
    }
    return `${parenthesize(left)} in [${[...items.map((one) => (0,lib/* serialize */.lK)(one)), other].join(', ')}]`;
}
function findChange({ literal, text }) {
    for (const names of SPELLINGS) {
        const apply = (one) => names.reduce((made, name) => TEXT_FUNCTIONS.get(name)?.(made) ?? made, one);
        if (apply(literal) === apply(text))
            return { calls: names.map((name) => `.${name}()`).join(''), apply };
    }
    return null;
}
function rewriteSide(node, { apply }, literal) {
    if (findLiteralText(node) !== null)
        return near_texts_quoteText(apply(literal));
    return apply(literal) === literal ? parenthesize(node) : null;
}
function formatLiteral(value) {
    if (typeof value === 'string')
        return near_texts_quoteText(value);
    if (typeof value !== 'object' || value === null || (0,json/* isExactNumber */.zr)(value))
        return JSON.stringify(value);
    if ((0,json/* isList */.Lv)(value))
        return `[${value.map(formatLiteral).join(', ')}]`;
    return `{${Object.entries(value)
        .map(([key, item]) => `${near_texts_quoteText(key)}: ${formatLiteral(item)}`)
        .join(', ')}}`;
}

;// CONCATENATED MODULE: ./src/gate/equality.ts






function isEqual(a, b, call, evaluation) {
    return isExactlyEqual(a, b, call) || isEqualAsRead(a, b, call, evaluation);
}
function isExactlyEqual(a, b, call, where = WHOLE) {
    const kind = valueKindOf(a);
    if (kind !== valueKindOf(b) || kind === 'null')
        throw mixedKindsError(call, kind, valueKindOf(b), where, [a, b]);
    const { nodes } = call;
    if (kind === 'a number')
        return toExactNumber(a, nodes[0], where[0]) === toExactNumber(b, nodes[1], where[1]);
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
        return a === b;
    const keys = Object.keys(a);
    let same = keys.length === Object.keys(b).length;
    for (const key of keys)
        if (!Object.hasOwn(b, key))
            same = false;
        else
            same =
                isExactlyEqual(a[key] ?? null, b[key] ?? null, call, INSIDE) && same;
    return same;
}
function findUnequalTexts(a, b, call, pairs = []) {
    if (typeof a === 'string' && typeof b === 'string') {
        if (a !== b)
            pairs.push([a, b]);
        return pairs;
    }
    if (typeof a !== 'object' || typeof b !== 'object' || valueKindOf(a) === 'a number')
        return isExactlyEqual(a, b, call) ? pairs : null;
    const keys = Object.keys(a ?? {});
    if (keys.length !== Object.keys(b ?? {}).length)
        return null;
    for (const key of keys) {
        const one = a[key] ?? null;
        const other = b[key] ?? null;
        if (!Object.hasOwn(b ?? {}, key) || findUnequalTexts(one, other, call, pairs) === null)
            return null;
    }
    return pairs;
}
function isEqualAsRead(a, b, call, evaluation, where = WHOLE) {
    if (typeof a === 'string' && typeof b === 'string') {
        if (isEqualityUnclear(a, b))
            throw unclearEqualityError([a, b], call, where);
        const literal = evaluation.near?.findNearLiteral(a, b) ?? null;
        return literal !== null && noteNearPairs([a, b], [[a, b, literal]], call, evaluation, where);
    }
    const pairs = findUnequalTexts(a, b, call) ?? [];
    const unclear = pairs.find(([one, other]) => isEqualityUnclear(one, other));
    if (unclear)
        throw unclearEqualityError(unclear, call, INSIDE);
    const near = pairs.map(([one, other]) => [one, other, evaluation.near?.findNearLiteral(one, other) ?? null]);
    const known = near.flatMap(([one, other, literal]) => literal === null ? [] : [[one, other, literal]]);
    return (near.length > 0 && known.length === near.length && noteNearPairs([a, b], known, call, evaluation, INSIDE));
}
function noteNearPairs(values, pairs, call, evaluation, where) {
    const item = evaluation.currentItemDescriber();
    for (const [a, b, literal] of pairs) {
        const text = a === literal ? b : a;
        const literalAt = a === literal ? 0 : 1;
        const describe = () => ({
            name: `${where[1 - literalAt] ?? ''}${sourceOf(call.nodes[1 - literalAt])}`,
            item: item(),
            ...describeHint(call, { literal, text, literalAt, values }),
        });
        evaluation.near?.notePair({ literal, text, describe });
    }
    return pairs.every(([, , literal]) => evaluation.near?.isReadAsEqual(literal));
}
function unclearEqualityError(texts, { op, nodes }, where) {
    const kinds = texts.map((text) => ((0,format/* isDay */.N)(text) ? 'a day' : 'a time'));
    const names = nodes.map((one) => sourceOf(one));
    const [x = '', y = ''] = names.map((name, at) => `${where[at] ?? ''}${name}`);
    const days = names.map((name, at) => (kinds[at] === 'a day' ? name : `day(${name})`));
    const isPlain = where !== INSIDE && !(op === 'in' && kinds[1] === 'a time');
    return new ConditionError(kinds[0] === kinds[1]
        ? `${x} and ${y} are the same moment, written in two ways: "${op}" compares letters`
        : `${x} is ${kinds[0] ?? ''} and ${y} is ${kinds[1] ?? ''}: "${op}" compares letters`, isPlain ? `write ${days.join(` ${op} `)}` : 'compare the days: day(…)');
}

;// CONCATENATED MODULE: ./src/gate/operations.ts








function defineOperation(operandKinds, resultKind, apply, mustBeSameKind = false) {
    return { operandKinds, resultKind, mustBeSameKind, apply: apply };
}
const SCALARS = ['a number', 'a text', 'true or false'];
const JOINED = ['a number', 'a text', 'a list'];
const NUMERIC = ['a number', 'a text'];
const TEXT = ['a text'];
const TEXTS = [TEXT, TEXT];
const formatOperands = ({ op, nodes }) => nodes.map((one) => abridge(parenthesize(one), 60)).join(` ${op} `);
function defineArithmetic(calculate) {
    return defineOperation([['a number'], ['a number']], 'a number', ([a, b], call) => requireExact(calculate(a, b, call), call));
}
function requireExact(number, call) {
    if (Math.abs(number) <= Number.MAX_SAFE_INTEGER)
        return number;
    throw new ConditionError(`${formatOperands(call)} is beyond 2^53, where numbers are not exact`);
}
function add([a, b], call, evaluation) {
    if (typeof a === 'number' && typeof b === 'number')
        return requireExact(a + b, call);
    evaluation.checkSize(evaluation.sizeOf(a) + evaluation.sizeOf(b));
    return (0,json/* isList */.Lv)(a) && (0,json/* isList */.Lv)(b) ? [...a, ...b] : a + b;
}
function defineComparison(holds) {
    return defineOperation([SCALARS, SCALARS], 'true or false', ([a, b], call) => holds(typeof a === 'string' && typeof b === 'string' ? orderTexts(a, b, call) : Number(a) - Number(b)), true);
}
function defineConversion(from, gives, to, hint = '') {
    return defineOperation([from], gives, ([a], { op, nodes }) => {
        const result = to(a);
        if (result !== null)
            return result;
        throw new ConditionError(`${sourceOf(nodes[0])} is ${valueKindOf(a)} that ${op} cannot convert`, hint);
    });
}
function flattenList(list, depth) {
    const items = [];
    for (const item of list) {
        if (depth < 1 || !(0,json/* isList */.Lv)(item))
            items.push(item);
        else
            for (const inner of flattenList(item, depth - 1))
                items.push(inner);
    }
    return items;
}
function contains(text, part) {
    const step = Math.ceil(2 ** 28 / (part.length + 1));
    for (let at = 0; at === 0 || at + part.length <= text.length; at += step)
        if (text.slice(at, at + step + part.length).includes(part))
            return true;
    return false;
}
const defineTextFunction = ([name, change]) => [`.${name}/1`, defineOperation([TEXT], 'a text', ([a]) => change(a))];
const OPERATIONS = {
    '==': defineOperation([null, null], 'true or false', ([a, b], call, evaluation) => isEqual(a, b, call, evaluation), true),
    '!=': defineOperation([null, null], 'true or false', ([a, b], call, evaluation) => !isEqual(a, b, call, evaluation), true),
    '== null': defineOperation([null, null], 'true or false', ([a, b]) => a === b),
    '!= null': defineOperation([null, null], 'true or false', ([a, b]) => a !== b),
    '!_': defineOperation([['true or false']], 'true or false', ([a]) => !a),
    '<': defineComparison((sign) => sign < 0),
    '<=': defineComparison((sign) => sign <= 0),
    '>': defineComparison((sign) => sign > 0),
    '>=': defineComparison((sign) => sign >= 0),
    in: defineOperation([null, ['a list', 'an object']], 'true or false', ([a, b], call, evaluation) => {
        const [left, right] = call.nodes;
        if ((0,json/* isList */.Lv)(b)) {
            const isThere = b.reduce((found, item) => isExactlyEqual(a, item, call, ITEM) || found, false);
            return isThere || b.some((item) => isEqualAsRead(a, item, call, evaluation, ITEM));
        }
        const key = requireKind('a text', a, 'a search for a key', left);
        if (left?.op !== 'value' && right?.op !== 'map')
            throw new ConditionError(`${sourceOf(right)} is an object, and "in" searches an object's keys`, `where keys are meant, write ${sourceOf(left)} in keys(${sourceOf(right)})`);
        if (Object.hasOwn(b, key) || right?.op !== 'map')
            return Object.hasOwn(b, key);
        return Object.keys(b).some((one) => isEqualAsRead(key, one, call, evaluation, ITEM));
    }),
    'in keys': defineOperation([TEXT, ['an object']], 'true or false', ([key, map]) => Object.hasOwn(map, key)),
    '+': defineOperation([JOINED, JOINED], null, add, true),
    '-': defineArithmetic((a, b) => a - b),
    '*': defineArithmetic((a, b) => a * b),
    '/': defineArithmetic((a, b, call) => {
        if (b === 0)
            throw new ConditionError(`${formatOperands(call)} is a division by zero`);
        if (call.nodes.every(isWrittenAsInteger) && a % b !== 0)
            throw new ConditionError(`${formatOperands(call)} is a division of integers`, 'write double(…) / double(…)');
        return a / b;
    }),
    '%': defineArithmetic((a, b, call) => {
        if (b !== 0 && Number.isInteger(a) && Number.isInteger(b))
            return a % b;
        const what = b === 0 ? 'a division by zero' : 'a remainder of fractions';
        throw new ConditionError(`${formatOperands(call)} is ${what}`);
    }),
    '-_': defineOperation([['a number']], 'a number', ([a]) => -a),
    '[]': defineOperation([['a list', 'an object'], NUMERIC], null, ([a, at], { nodes: [node, key] }) => {
        if (!(0,json/* isList */.Lv)(a))
            return selectKey(a, requireKind('a text', at, 'an index', key), node, key?.op === 'value');
        const item = a[requireKind('a number', at, 'the index of a list', key)];
        if (item !== undefined)
            return item;
        throw new ConditionError(`${sourceOf(node)} has ${a.length} items and none at ${sourceOf(key)}`);
    }),
    'size/1': defineOperation([['a text', 'a list', 'an object']], 'a number', ([a]) => typeof a === 'string'
        ? a.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ' ').length
        : (0,json/* isList */.Lv)(a)
            ? a.length
            : Object.keys(a).length),
    list: defineOperation([], 'a list', (items, _, evaluation) => evaluation.checkMade(items)),
    'keys/1': defineOperation([['an object']], 'a list', ([a]) => Object.keys(a)),
    'dyn/1': defineOperation([null], null, ([a]) => a),
    'int/1': defineConversion(NUMERIC, 'a number', (a) => typeof a === 'number' ? Math.trunc(a) : /^-?\d+$/.test(a) ? parseNumber(a) : null),
    'double/1': defineConversion(NUMERIC, 'a number', (a) => typeof a === 'number' ? a : parseNumber(a)),
    'string/1': defineConversion(SCALARS, 'a text', String),
    'bool/1': defineConversion(['true or false', 'a text'], 'true or false', (a) => a === true || a === 'true' ? true : a === false || a === 'false' ? false : null),
    'day/1': defineConversion(TEXT, 'a text', (a) => dayOf(a), 'a day is written 2026-12-31 or 31.12.2026, a time 2026-12-31T10:00:00Z'),
    '.flatten/1': defineOperation([['a list']], 'a list', ([list], _, evaluation) => evaluation.checkMade(flattenList(list, 1))),
    '.flatten/2': defineOperation([['a list'], ['a number']], 'a list', ([list, depth], _, evaluation) => evaluation.checkMade(flattenList(list, depth))),
    '.contains/2': defineOperation(TEXTS, 'true or false', ([text, part]) => contains(text, part)),
    '.startsWith/2': defineOperation(TEXTS, 'true or false', ([text, start]) => text.startsWith(start)),
    '.endsWith/2': defineOperation(TEXTS, 'true or false', ([text, end]) => text.endsWith(end)),
    ...Object.fromEntries([...TEXT_FUNCTIONS].map(defineTextFunction)),
};
function isWrittenAsInteger(node) {
    if (node.op === 'value')
        return typeof node.args === 'bigint';
    if (node.op === 'call' || node.op === 'rcall')
        return /^(?:size|int)$/.test(node.args[0]);
    return /^[-+*/%]$/.test(node.op) && node.args.every(isWrittenAsInteger);
}

;// CONCATENATED MODULE: ./src/gate/static-traits.ts

const MAX_DEPTH = 8;
const FROM_RUN = {
    canBeNull: true,
    mayBeConstant: false,
    mayBeMade: false,
    part: () => FROM_RUN,
};
const OUTPUTS = { ...FROM_RUN, canBeNull: false };
const NONE = { canBeNull: false, mayBeConstant: false, mayBeMade: false, part: () => NONE };
function scalarTraits(mayBeConstant) {
    return { canBeNull: false, mayBeConstant, mayBeMade: true, part: () => NONE };
}
function listOrMapTraits(mayBeConstant, part) {
    return { canBeNull: false, mayBeConstant, mayBeMade: true, part };
}
function anyOfTraits(options) {
    const all = [...new Set(options)];
    const [only] = all;
    if (only === undefined)
        return NONE;
    if (all.length === 1)
        return only;
    const parts = new Map();
    return {
        canBeNull: all.some((one) => one.canBeNull),
        mayBeConstant: all.every((one) => one.mayBeConstant),
        mayBeMade: all.some((one) => one.mayBeMade),
        part: (key) => {
            const known = parts.get(key) ?? anyOfTraits(all.map((one) => one.part(key)));
            parts.set(key, known);
            return known;
        },
    };
}
const traitsByNode = new WeakMap();
function traitsOf(node, scope) {
    const known = traitsByNode.get(node) ?? findTraits(node, scope);
    traitsByNode.set(node, known);
    return known;
}
function findTraits(node, scope) {
    const of = (one) => traitsOf(one, scope);
    const areConstant = (nodes) => nodes.every((one) => of(one).mayBeConstant);
    const chosenBy = (choice, traits) => of(choice).mayBeConstant ? traits : { ...traits, mayBeConstant: false };
    switch (node.op) {
        case 'value':
            return node.args === null ? { ...scalarTraits(true), canBeNull: true } : scalarTraits(true);
        case 'id':
            return scope.findLast(({ name }) => name === node.args)?.traits ?? FROM_RUN;
        case '.':
            return of(node.args[0]).part(node.args[1]);
        case '[]':
            return chosenBy(node.args[1], of(node.args[0]).part(writtenKeyOf(node.args[1])));
        case 'list': {
            const items = node.args;
            return listOrMapTraits(areConstant(items), (key) => {
                const item = key === null ? undefined : items[Number(key)];
                return item ? of(item) : anyOfTraits(items.map(of));
            });
        }
        case 'map':
            return listOrMapTraits(areConstant(node.args.flat()), (key) => anyOfTraits(findEntries(key, node.args).map(of)));
        case '?:':
            return chosenBy(node.args[0], anyOfTraits([of(node.args[1]), of(node.args[2])]));
        case '+': {
            const [left, right] = node.args.map(of);
            return listOrMapTraits(areConstant(node.args), () => anyOfTraits([left ?? NONE, right ?? NONE].map((one) => one.part(null))));
        }
        case 'call': {
            const [name, args] = node.args;
            const [only] = args;
            if (name === 'dyn' && only)
                return of(only);
            return name === 'keys'
                ? listOrMapTraits(areConstant(args), () => scalarTraits(areConstant(args)))
                : scalarTraits(areConstant(args));
        }
        case 'rcall':
            if (MACROS.has(node.args[0]))
                return macroTraits(node, scope);
            return node.args[0] === 'flatten'
                ? flattenedTraits(of(node.args[1]), node.args[2][0])
                : scalarTraits(areConstant([node.args[1], ...node.args[2]]));
        default:
            return scalarTraits(areConstant([node.args].flat()));
    }
}
function writtenKeyOf({ op, args }) {
    return op === 'value' && /^(?:string|bigint)$/.test(typeof args) ? String(args) : null;
}
function findEntries(key, entries) {
    return entries
        .filter(([written]) => key === null || [key, null].includes(writtenKeyOf(written)))
        .map(([, value]) => value);
}
function macroTraits(node, scope) {
    const [method, subject, [id, second, third]] = node.args;
    const list = traitsOf(subject, scope);
    const item = list.part(null);
    const inner = id?.op === 'id' ? [...scope, { name: id.args, traits: item }] : scope;
    const [one, two] = [second, third].map((body) => (body ? traitsOf(body, inner) : NONE));
    const isConstant = list.mayBeConstant && one?.mayBeConstant === true;
    if (method === 'filter')
        return listOrMapTraits(isConstant, () => item);
    if (method === 'map')
        return listOrMapTraits(isConstant, () => (third ? two : one) ?? NONE);
    return scalarTraits(isConstant);
}
function flattenedTraits(list, depth) {
    const levels = [list.part(null)];
    const count = depth ? Math.min(MAX_DEPTH, Number(writtenKeyOf(depth))) : 1;
    for (let level = 0; level < count; level++)
        levels.push((levels.at(-1) ?? NONE).part(null));
    return listOrMapTraits(list.mayBeConstant, () => anyOfTraits(levels));
}

;// CONCATENATED MODULE: ./src/gate/compile-node.ts











const parts = new WeakMap();
function compileNode(node, scope, isCondition) {
    const part = (of, ...inner) => {
        const known = parts.get(of) ?? compileNode(of, [...scope, ...inner], isCondition);
        parts.set(of, known);
        return known;
    };
    try {
        rejectChain(node, isCondition);
        if (isCondition)
            rejectLiterals(node);
        const made = compileByOperator(node, scope, part, isCondition);
        if (isCondition)
            rejectMadeText(node, made.kind, (one) => traitsOf(one, scope));
        return made;
    }
    catch (error) {
        if (error instanceof ConditionError)
            error.at ??= node.pos;
        throw error;
    }
}
function compileByOperator(node, scope, part, isCondition) {
    switch (node.op) {
        case 'value':
            return compileConstant(node, isCondition);
        case 'id':
            return compileVariable(node, scope);
        case '.':
            return compileField(node.args[1], node.args[0], part(node.args[0]));
        case 'map':
            return compileMap(node.args.map(([key, item]) => [key, part(key), part(item)]));
        case '?:':
            return compileConditional(node.args, part);
        case '&&':
        case '||':
            return compileLogic(node, part);
        case 'call':
            return node.args[0] === 'has' ? compileHas(node.args[1], part) : compileCall(node, part, isCondition);
        case 'rcall':
            return MACROS.has(node.args[0])
                ? compileMacro(node, scope, part, isCondition)
                : compileCall(node, part, isCondition);
        case 'in':
            return compileIn(node, scope, part, isCondition);
        case '==':
        case '!=':
            return compileEquality(node, scope, part, isCondition);
        case '<':
        case '<=':
        case '>':
        case '>=': {
            const comparison = compileOperation(OPERATIONS[node.op], node.op, node.args, part);
            if (isCondition)
                rejectUnordered(node);
            return comparison;
        }
        default:
            return compileOperation(OPERATIONS[node.op], node.op, [node.args].flat(), part);
    }
}
function compileIn(node, scope, part, isCondition) {
    const [left, right] = node.args;
    const map = right.op === 'call' && right.args[0] === 'keys' ? right.args[1][0] : undefined;
    if (map) {
        if (isCondition)
            rejectMadeText(right, null, (one) => traitsOf(one, scope));
        return compileOperation(OPERATIONS['in keys'], 'in keys()', [left, map], part);
    }
    const [first, ...others] = right.op === 'list' ? right.args : [];
    if (first)
        for (const one of [...others, left])
            compileOperation(OPERATIONS['=='], 'in', [first, one], part);
    return compileOperation(OPERATIONS.in, 'in', node.args, part);
}
function compileEquality(node, scope, part, isCondition) {
    const isNull = node.args.some((one) => one.op === 'value' && one.args === null);
    const operation = OPERATIONS[isNull ? `${node.op} null` : node.op];
    const compared = compileOperation(operation, node.op, node.args, part);
    const never = node.args.find((one) => !traitsOf(one, scope).canBeNull);
    if (isCondition && isNull && never) {
        const value = unwrapDyn(never);
        throw neverNullError(node.op, value, part(value).kind);
    }
    return compared;
}
function unwrapDyn(node) {
    const inner = node.op === 'call' && node.args[0] === 'dyn' ? node.args[1][0] : undefined;
    return inner ? unwrapDyn(inner) : node;
}
function compileConstant(node, isCondition) {
    const value = typeof node.args === 'bigint' ? Number(node.args) : node.args;
    if (typeof value === 'object' && value !== null)
        throw new ConditionError('bytes and unsigned integers are not offered', 'write a text or a number');
    if (typeof value === 'number') {
        const source = node.input.slice(node.start, node.end);
        requireKind('a number', value, '', node);
        if (isCondition && losesDigits(source, value))
            throw new ConditionError(`${source} is a number that cannot be compared without losing digits`, 'round it');
    }
    return { kind: valueKindOf(value), evaluate: () => value };
}
function compileVariable(node, scope) {
    const place = scope.findLastIndex(({ name }) => name === node.args);
    const variable = scope[place];
    if (!variable)
        throw unknownVariableError(node);
    variable.isUsed = true;
    return { kind: place === 0 ? 'an object' : null, evaluate: ({ values }) => values[place] ?? null };
}
function expectKind(wanted, node, { kind, evaluate }, by) {
    if (kind !== null && kind !== wanted)
        throw wrongKindError(kind, [wanted], by, node);
    return (evaluation) => requireKind(wanted, evaluate(evaluation), by, node);
}
function compileField(key, subject, { kind, evaluate }) {
    if (kind !== null && kind !== 'an object')
        throw missingKeyError(kind, key, subject);
    return { kind: null, evaluate: (evaluation) => selectKey(evaluate(evaluation), key, subject) };
}
function compileMap(entries) {
    const keyed = entries.map(([node, key, item]) => [expectKind('a text', node, key, 'a key'), item]);
    const evaluate = (evaluation) => {
        const made = Object.fromEntries(keyed.map(([key, item]) => [key(evaluation), item.evaluate(evaluation)]));
        if (Object.keys(made).length === keyed.length)
            return evaluation.checkMade(made);
        throw new ConditionError('the map has a key twice');
    };
    return { kind: 'an object', evaluate };
}
function compileConditional([test, a, b], part) {
    const isTrue = expectKind('true or false', test, part(test), '?');
    const yes = part(a);
    const no = part(b);
    checkKinds({ operandKinds: [], mustBeSameKind: true }, { op: '?', nodes: [a, b] }, [yes.kind, no.kind]);
    const evaluate = (evaluation) => (isTrue(evaluation) ? yes : no).evaluate(evaluation);
    return { kind: yes.kind === no.kind ? yes.kind : null, evaluate };
}
function compileLogic(node, part) {
    const { op } = node;
    const operands = [];
    let left = node;
    while (left.op === op) {
        operands.push(left.args[1]);
        left = left.args[0];
    }
    operands.push(left);
    const tests = operands.reverse().map((operand) => expectKind('true or false', operand, part(operand), op));
    const evaluate = (evaluation) => op === '||' ? tests.some((test) => test(evaluation)) : tests.every((test) => test(evaluation));
    return { kind: 'true or false', evaluate };
}
function compileHas(args, part) {
    const [path] = args;
    if (path?.op !== '.' || args.length !== 1)
        throw new ConditionError('has() takes a path of names', 'write has(outputs.a.b); or "key" in outputs.a');
    const [subject, key] = path.args;
    const { evaluate } = part(subject);
    const isThere = (evaluation) => {
        const value = evaluate(evaluation);
        if (!(0,json/* isJsonObject */.OW)(value))
            throw missingKeyError(valueKindOf(value), key, subject);
        if (!Object.hasOwn(value, key))
            evaluation.noteMissingKey(value, key, path);
        return Object.hasOwn(value, key);
    };
    return { kind: 'true or false', evaluate: isThere };
}
const FUNCTIONS = new Set(Object.keys(OPERATIONS).flatMap((key) => /^\.?(\w+)\//.exec(key)?.[1] ?? []));
const CALLED = [...FUNCTIONS, ...MACROS, 'has'];
const OFFERED = `there are ${[...FUNCTIONS].map((name) => `${name}()`).join(', ')}, has() and the macros ${[...MACROS].join(', ')}`;
function compileCall(node, part, isCondition) {
    const name = node.args[0];
    const isMethod = node.op === 'rcall';
    const nodes = node.op === 'rcall' ? [node.args[1], ...node.args[2]] : node.args[1];
    const key = `${name}/${nodes.length}`;
    const known = OPERATIONS[isMethod && key !== 'size/1' ? `.${key}` : key];
    if (known) {
        const [subject, depth] = nodes;
        const counted = isCondition && name === 'size' && subject ? part(subject).eachKind : undefined;
        if (subject && counted !== undefined)
            throw keepsEveryItemError(subject, true, counted === 'true or false');
        if (name === 'flatten' && depth && !isDepth(depth))
            throw new ConditionError('the depth of flatten() must be a whole number that is written out', `write flatten(2): ${MAX_DEPTH} at most`, depth.pos);
        return compileOperation(known, `${name}()`, nodes, part);
    }
    const [first = '', ...rest] = nodes.map((one) => sourceOf(one));
    const near = (0,nearest_name/* findNearest */.q)(CALLED, name, ({ length }) => (length < 5 ? 1 : 2));
    let instead = FUNCTION_ALIASES.get(name) ?? (near === undefined || near === name ? OFFERED : `did you mean ${near}()?`);
    if (OPERATIONS[isMethod ? key : `.${key}`] || (MACROS.has(name) && rest.length > 1))
        instead = `write ${isMethod ? `${name}(${first})` : `${first}.${name}(${rest.join(', ')})`}`;
    throw new ConditionError(FUNCTIONS.has(name) || MACROS.has(name) || name === 'has'
        ? `${name}() is not called like this`
        : `there is no ${name}()`, instead, node.op === 'rcall' ? node.args[1].end + 1 : node.start);
}
function isDepth({ op, args }) {
    return op === 'value' && typeof args === 'bigint' && args >= 0n && args <= BigInt(MAX_DEPTH);
}
function compileOperation(known, op, nodes, part) {
    if (!known)
        throw new ConditionError(`"${op}" is not offered`, OFFERED);
    const call = { op: op.replace('_', ''), nodes };
    const parts = nodes.map((one) => part(one));
    const kinds = parts.map(({ kind }) => kind);
    checkKinds(known, call, kinds);
    const evaluate = (evaluation) => {
        const args = parts.map((one) => one.evaluate(evaluation));
        const found = args.map(valueKindOf);
        checkKinds(known, call, found, args);
        for (const [at, kind] of found.entries())
            if (kind === 'a number' && known.operandKinds[at])
                args[at] = requireKind(kind, args[at] ?? null, call.op, nodes[at]);
        return known.apply(args, call, evaluation);
    };
    return { kind: known.resultKind ?? (op === '+' ? (kinds[0] ?? kinds[1] ?? null) : null), evaluate };
}
function compileMacro(node, scope, part, isCondition) {
    const [method, subject, [id, second, third, ...more]] = node.args;
    const at = subject.end + 1;
    if (id?.op !== 'id' || !second || more.length > 0 || (third && method !== 'map'))
        throw new ConditionError(`${method}() takes a name for the item and an expression`, `write ${method}(i, …)${third ? ': an index is not offered' : ''}`, at);
    const items = expectKind('a list', subject, part(subject), `${method}()`);
    const place = scope.length;
    const inner = { name: id.args, traits: traitsOf(subject, scope).part(null), isUsed: false };
    const [one, two] = [second, third].map((body) => body && part(body, inner));
    if (isCondition && !inner.isUsed)
        throw new ConditionError(`${method}() does not use its ${id.args}: the result is the same for every item`, `write ${id.args}.<key> for a field of the item`, at);
    const [test, make] = method === 'map' && !two ? [null, one] : [one, two];
    const passes = test ? expectKind('true or false', second, test, `${method}()`) : () => true;
    const evaluate = buildLoop({
        method,
        items,
        passes,
        make: make ?? null,
        place,
        variable: id.args,
        subject,
    });
    switch (method) {
        case 'filter':
            return {
                kind: 'a list',
                evaluate,
                filter: { items, keeps: passes, place, variable: id.args, subject },
            };
        case 'map':
            return two ? { kind: 'a list', evaluate } : { kind: 'a list', evaluate, eachKind: one?.kind ?? null };
        default:
            return { kind: 'true or false', evaluate };
    }
}
function buildLoop({ method, items, passes, make, place, variable, subject }) {
    return (evaluation) => {
        const results = [];
        const list = items(evaluation);
        const loop = evaluation.beginLoop(place, subject);
        let size = 0;
        try {
            for (const value of list) {
                loop.at++;
                evaluation.values[place] = value;
                const holds = passes(evaluation);
                if (method === 'all' && !holds)
                    return false;
                if (method === 'exists' && holds)
                    return true;
                if (!holds)
                    continue;
                if (!make) {
                    results.push(value);
                    continue;
                }
                const made = make.evaluate(evaluation);
                size += evaluation.sizeOf(made);
                evaluation.checkSize(size);
                results.push(made);
            }
        }
        catch (error) {
            if (error instanceof ConditionError)
                error.noteLoop(variable, subject, loop.at);
            throw error;
        }
        finally {
            evaluation.endLoop(place);
        }
        if (method === 'all' || method === 'exists')
            return method === 'all';
        return method === 'exists_one' ? results.length === 1 : results;
    };
}

;// CONCATENATED MODULE: ./src/gate/evaluation.ts


const MAX_SIZE = 16 * 1024 * 1024;
const MAX_SEARCHES = 100;
class Evaluation {
    #sizes = new WeakMap();
    #searched = 0;
    values = [];
    #loops = [];
    near;
    notices = new Set();
    constructor(near = null) {
        this.near = near;
    }
    beginLoop(place, subject) {
        const loop = { subject, at: 0 };
        this.#loops.length = Math.min(this.#loops.length, place);
        this.#loops[place] = loop;
        return loop;
    }
    endLoop(place) {
        this.#loops.length = Math.min(this.#loops.length, place);
    }
    currentItemDescriber() {
        const loop = this.#loops.at(-1);
        const { subject, at = 0 } = loop ?? {};
        return () => (subject ? `item ${at} of ${sourceOf(subject)}` : '');
    }
    sizeOf(value) {
        if (typeof value === 'string')
            return value.length;
        if (typeof value !== 'object' || value === null || (0,json/* isExactNumber */.zr)(value))
            return 8;
        let size = this.#sizes.get(value);
        if (size !== undefined)
            return size;
        size = 32;
        if ((0,json/* isList */.Lv)(value))
            for (const item of value)
                size += this.sizeOf(item);
        else
            for (const key of Object.keys(value))
                size += key.length + this.sizeOf(value[key] ?? null);
        this.#sizes.set(value, size);
        return size;
    }
    checkSize(size) {
        if (size > MAX_SIZE)
            throw new ConditionError('the expression makes a list or a text that is too large', 'keep items of the outputs by filter() instead of making new ones');
    }
    checkMade(value) {
        this.checkSize(this.sizeOf(value));
        return value;
    }
    noteMissingKey(map, key, { input }) {
        if (this.#searched++ >= MAX_SEARCHES)
            return;
        const near = findNearKey(Object.keys(map), key);
        if (near !== undefined && !input.split(/\W+/).includes(near))
            this.notices.add(`there is no ${quoteKey(key)}, but ${quoteKey(near)}`);
    }
}

;// CONCATENATED MODULE: ./src/gate/evaluate-condition.ts




const FAILED = 'the evaluation failed';
const MUST_BE = 'it must be true, false or a list';
function evaluateCondition(whole, written, outputs) {
    const evaluation = new Evaluation(written && written.size > 0 ? new NearTexts(written) : null);
    try {
        if (outputs === undefined || outputs === null)
            throw new ConditionError('the run has no outputs');
        if (!(0,json/* isJsonObject */.OW)(outputs))
            throw new ConditionError('the outputs of the run are not an object');
        evaluation.values[0] = outputs;
        const { value, unmatched, nearTexts } = (whole.filter && evaluateFilter(whole.filter, evaluation)) ?? evaluateWhole(whole, evaluation);
        if (written && (0,json/* isList */.Lv)(value) && value.some(json/* isList */.Lv))
            throw new ConditionError('the items of the list are lists', 'write .flatten() at its end');
        const holds = (0,json/* isList */.Lv)(value) ? value.length > 0 : value;
        if (typeof holds !== 'boolean')
            throw new ConditionError(`the value of the expression is ${valueKindOf(value)}`, MUST_BE);
        return {
            result: holds ? 'holds' : 'does_not_hold',
            matched: (0,json/* isList */.Lv)(value) ? value : [],
            unmatched,
            ...(nearTexts.size > 0 ? { nearTexts } : {}),
            problem: null,
            reason: null,
            notices: [...evaluation.notices],
        };
    }
    catch (error) {
        return {
            result: 'cannot_be_evaluated',
            matched: [],
            unmatched: null,
            problem: error instanceof ConditionError ? error.toSentence() : FAILED,
            reason: error instanceof ConditionError ? error.toReason() : { what: FAILED, hint: '' },
            notices: [...evaluation.notices],
        };
    }
}
const evaluate_condition_NONE = () => false;
const ALL = () => true;
function evaluateFilter({ items, keeps, place, variable, subject }, evaluation) {
    const { near } = evaluation;
    const list = items(evaluation);
    if (near && near.pairs.size > 0)
        return null;
    const matched = [];
    const unmatched = [];
    const nearTexts = new Map();
    const loop = evaluation.beginLoop(place, subject);
    const keepsItem = () => keeps(evaluation);
    try {
        for (const item of list) {
            loop.at++;
            evaluation.values[place] = item;
            near?.forgetPairs();
            const none = near ? near.evaluateReading(evaluate_condition_NONE, keepsItem) : keepsItem();
            const readings = near && evaluateEveryReading(near, none, keepsItem);
            const values = readings ? valuesOf(readings) : [none];
            (values.includes(true) ? matched : unmatched).push(item);
            if (near && readings && values.includes(true) && values.includes(false))
                nearTexts.set(item, findDecisivePairs(near, readings).map(escapeNearText));
        }
    }
    catch (error) {
        if (error instanceof ConditionError)
            error.noteLoop(variable, subject, loop.at);
        throw error;
    }
    return { value: matched, unmatched, nearTexts };
}
function evaluateWhole(whole, evaluation) {
    const { near } = evaluation;
    const evaluate = () => whole.evaluate(evaluation);
    near?.forgetPairs();
    const none = near ? near.evaluateReading(evaluate_condition_NONE, evaluate) : evaluate();
    const readings = near && evaluateEveryReading(near, none, evaluate);
    if (!readings)
        return { value: none, unmatched: null, nearTexts: new Map() };
    const values = valuesOf(readings);
    const lists = values.filter(json/* isList */.Lv);
    const pairs = findDecisivePairs(near, readings);
    if (lists.length === values.length)
        return { ...mergeReadings(lists, pairs, near), unmatched: null };
    if (values.every((value) => value === none))
        return { value: none, unmatched: null, nearTexts: new Map() };
    const [pair] = pairs;
    const { name, item, correction, isOfAuthor } = pair.describe();
    const problem = new ConditionError(`${name} is ${near_texts_quoteText(pair.text)}, and the condition says ${near_texts_quoteText(pair.literal)}`, correction, null, {
        brief: {
            subject: null,
            says: `${item === '' ? '' : `${item.replace(/ of .*/s, '')}: `}${name} differs from ${formatAsCode(escapeText(pair.literal))} only in spelling`,
            hint: isOfAuthor ? correction : '',
        },
    });
    problem.item = item;
    throw problem;
}
function mergeReadings(lists, pairs, near) {
    const { merged, isInAll } = mergeLists(lists);
    const nearTexts = new Map();
    for (const item of merged) {
        if (isInAll(item))
            continue;
        const nearItemTexts = collectTexts(item).flatMap((text) => {
            const literal = near.findLiteralLike(text);
            return literal === null ? [] : [escapeNearText({ literal, text })];
        });
        nearTexts.set(item, nearItemTexts.length > 0 ? nearItemTexts : pairs.slice(0, 1).map(escapeNearText));
    }
    return { value: merged, nearTexts };
}
function escapeNearText({ literal, text }) {
    return { literal: escapeText(literal), text: escapeText(text) };
}
function collectTexts(item) {
    if (typeof item === 'string')
        return [item];
    if (typeof item !== 'object' || item === null || (0,json/* isExactNumber */.zr)(item))
        return [];
    return Object.values(item).flatMap((one) => collectTexts(one));
}
function evaluateEveryReading(near, none, evaluate) {
    const { pairs } = near;
    if (pairs.size === 0)
        return null;
    const all = near.evaluateReading(ALL, evaluate);
    for (;;) {
        const literals = [...pairs.keys()];
        const alone = new Map();
        const allBut = new Map();
        for (const literal of literals) {
            if (literals.length === 1)
                alone.set(literal, all);
            else
                alone.set(literal, near.evaluateReading((one) => one === literal, evaluate));
        }
        for (const literal of literals) {
            const other = literals.length === 2 ? literals.find((one) => one !== literal) : undefined;
            if (literals.length === 1)
                allBut.set(literal, none);
            else if (other !== undefined)
                allBut.set(literal, alone.get(other) ?? none);
            else
                allBut.set(literal, near.evaluateReading((one) => one !== literal, evaluate));
        }
        if (pairs.size === literals.length)
            return { none, all, alone, allBut };
    }
}
function valuesOf({ none, all, alone, allBut }) {
    return [none, all, ...alone.values(), ...allBut.values()];
}
function findDecisivePairs(near, { none, all, alone, allBut }) {
    const every = [...near.pairs.values()];
    const [first, ...others] = every.filter(({ literal }) => alone.get(literal) !== none || allBut.get(literal) !== all);
    if (first)
        return [first, ...others];
    return every;
}
function mergeLists(lists) {
    const keys = new Map();
    const keyOf = (item) => {
        const known = keys.get(item);
        if (known !== undefined)
            return known;
        const key = JSON.stringify(item);
        keys.set(item, key);
        return key;
    };
    const counted = lists.map((list) => {
        const counts = new Map();
        for (const item of list)
            counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
        return { list, counts };
    });
    const [longest, ...others] = counted.sort((a, b) => b.list.length - a.list.length);
    const merged = [...(longest?.list ?? [])];
    const counts = new Map(longest?.counts);
    for (const other of others) {
        const seen = new Map();
        for (const item of other.list) {
            const key = keyOf(item);
            const nth = (seen.get(key) ?? 0) + 1;
            seen.set(key, nth);
            if (nth <= (counts.get(key) ?? 0))
                continue;
            counts.set(key, nth);
            merged.push(item);
        }
    }
    const isInAll = (item) => counted.every((one) => (one.counts.get(keyOf(item)) ?? 0) === counts.get(keyOf(item)));
    return { merged, isInAll };
}

;// CONCATENATED MODULE: ./src/gate/compile.ts








const parser = new lib/* Environment */.OH({ limits: { maxAstNodes: 5000, maxDepth: 100 } });
const MAX_OFFERS = 20;
function compileExpression(source, isCondition = true) {
    const compiled = tryCompile(source, isCondition);
    return typeof compiled === 'function' ? compiled : confirmOffer(compiled, isCondition);
}
function rejectLine(line, name) {
    const rejection = findLineError(line, name);
    return rejection && confirmOffer(rejection, true);
}
function confirmOffer(rejection, isCondition) {
    let last = rejection;
    for (let left = MAX_OFFERS; left > 0 && typeof last !== 'function' && last.offer; left--)
        last = tryCompile(last.offer.corrected, isCondition);
    if (rejection.offer && typeof last === 'function')
        rejection.hint = rejection.offer.hint;
    return rejection;
}
function tryCompile(source, isCondition) {
    try {
        if (isCondition)
            rejectText(source);
        const { ast } = parser.parse(source);
        const outputs = { name: 'outputs', traits: OUTPUTS, isUsed: false };
        const whole = compileNode(ast, [outputs], isCondition);
        if (whole.kind !== null && whole.kind !== 'true or false' && whole.kind !== 'a list')
            throw new ConditionError(`the condition is ${whole.kind}`, MUST_BE, 0);
        if (isCondition && whole.eachKind === 'true or false')
            throw keepsEveryItemError(ast, false, true);
        if (isCondition && !outputs.isUsed)
            throw new ConditionError('the condition does not read `outputs`: its result is the same for every run', 'write outputs.<key> for a value that the run wrote', 0);
        const written = isCondition ? findWrittenTexts(ast) : null;
        return (runOutputs) => evaluateCondition(whole, written, runOutputs);
    }
    catch (error) {
        if (error instanceof ConditionError)
            return error;
        if (error instanceof lib/* ParseError */.mB)
            return explainParseError(source, error.range?.start ?? 0, error.code);
        if (error instanceof RangeError)
            return explainParseError(source, 0, 'limit_exceeded');
        throw error;
    }
}


/***/ })

};
