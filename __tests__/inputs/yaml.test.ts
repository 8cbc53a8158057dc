import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readYaml } from '../../src/inputs/yaml.ts';
import { canonicalJson } from '../../src/intent.ts';
import { isLinear } from '../cpu-time.ts';
import { anyText } from '../support/arbitrary-text.ts';

const read = (text: string) => Object.fromEntries(readYaml(text).mapping('variable names to values'));
const readTypedList = (text: string) => readYaml(text).verbatimList('waivers');

/** Returns the error; throws if there is none. */
function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was read');
}

const sameKeys = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Object.hasOwn(value, '__proto__') || Object.values(value).some(sameKeys));

describe('readYaml, like JSON.parse,', () => {
  test('reads any object without spacing, with blanks or with tabs', () => {
    const object = fc.dictionary(anyText({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(object, fc.constantFrom('', ' ', '  ', '\t', '\r\n'), (value, space) => {
        fc.pre(!sameKeys(value));
        const text = JSON.stringify(value, null, space);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 60 },
    );
  });

  test('reads any text with every escape of JSON', () => {
    const unit = fc.oneof(
      fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\ud83d\\ude00', '\\uD800', '\\u0000'),
      fc.constantFrom('😀', '\u2028', '\u0085', '\u007f', '\ufeff', '#', ' #', ': ', '- ', '*', '&', '%', "'", '{', ']'),
    );
    fc.assert(
      fc.property(
        fc.array(unit).map((units) => units.join('')),
        (escaped) => {
          const text = `{"a": "${escaped}", "${escaped}b": ["${escaped}"]}`;
          expect(read(text)).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 250 },
    );
  });

  test.each([
    ['reads a key of 2,000 characters', JSON.stringify({ ['k'.repeat(2_000)]: [{ ['l'.repeat(2_000)]: 1 }] })],
    ['reads a colon on the next line', '{"a"\n:1}'],
    ['reads names of properties that every object has', '{"constructor":1,"toString":2,"toJSON":3,"hasOwnProperty":4}'],
    ['reads an empty name', '{"":1}'],
    ['reads 100 KB', JSON.stringify({ a: 'x'.repeat(100 * 1024 - 8) })],
    ['reads 64 levels', `{"a":${'['.repeat(63)}${']'.repeat(63)}}`],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual(JSON.parse(text));
  });
});

test.each<[string, string, unknown]>([
  ['texts', "a: plain words\nb: \"quoted\"\nc: 'it''s'", { a: 'plain words', b: 'quoted', c: "it's" }],
  ['a date is a text', 'a: 2026-04-01', { a: '2026-04-01' }],
  ['whole numbers', 'a: 7\nb: -7\nc: 0', { a: 7, b: -7, c: 0 }],
  ['fractions', 'a: 1.5\nb: 0.25', { a: 1.5, b: 0.25 }],
  ['the largest whole number', 'a: 9007199254740991', { a: 9007199254740991 }],
  ['a quoted number is a text', 'a: "033000"\nb: \'1.10\'', { a: '033000', b: '1.10' }],
  ['digits with dashes', 'a: 08-11-13', { a: '08-11-13' }],
  ['true and false', 'a: true\nb: False', { a: true, b: false }],
  ['yes, no and on are texts', 'a: yes\nb: no\nc: on', { a: 'yes', b: 'no', c: 'on' }],
  ['lists and mappings', 'a:\n  - 1\n  - b: c', { a: [1, { b: 'c' }] }],
  ['flow style', 'a: [1, {b: c}]', { a: [1, { b: 'c' }] }],
  ['a block keeps its last line end', 'a: |\n  x\n  y\n', { a: 'x\ny\n' }],
  ['CRLF', 'a: 1\r\nb: |\r\n  x\r\n', { a: 1, b: 'x\n' }],
  ['a mapping that is indented as a whole', '  a: 1\n  b: 2\n', { a: 1, b: 2 }],
  ['comments', '# c\na: 1 # c\n', { a: 1 }],
  ['a document with its marks', '---\na: 1\n...\n', { a: 1 }],
  ['a BOM', '\ufeffa: 1', { a: 1 }],
  ['an alias', 'a: &x [1]\nb: *x', { a: [1], b: [1] }],
  ['an alias of an alias', 'a: &x {b: &y 1}\nc: *x\nd: *y', { a: { b: 1 }, c: { b: 1 }, d: 1 }],
  ['without setting an anchor through an alias', 'a: &x {b: &y 1}\nc: &y 2\nd: *x\ne: *y', { a: { b: 1 }, c: 2, d: { b: 1 }, e: 2 }],
  ['an anchor that is set anew', 'a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
  ['with keys as written', '033000: a\n1.10: b\ntrue: c\n~: d', { '033000': 'a', '1.10': 'b', true: 'c', '~': 'd' }],
  ['without merge keys, which YAML 1.2 does not have', 'a: &x {b: 1}\nc:\n  <<: *x', { a: { b: 1 }, c: { '<<': { b: 1 } } }],
])('reads YAML 1.2: %s', (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

describe('a number that would change when printed', () => {
  const refused = '`a` (line 1, column 4) would change as a number, as 1.10 becomes 1.1: quote it';
  test.each(['033000', '1.10', '09E1', '1e3', '9007199254740993', '1e999', '-0', '.5', '0x1F', '.inf', '.nan'])(
    'is refused: %s',
    (number) => {
      expect(refusal(`a: ${number}`)).toBe(refused);
    },
  );

  test('is refused in JSON, at depth and after an anchor', () => {
    expect(refusal('{"a": [1, {"b": 1.0}]}')).toContain('line 1, column 17');
    expect(refusal('a: 1\nb:\n  - &x 1.0\nc: *x')).toMatch(/^`b` \(line 3, column 8\) /);
  });

  test('is reported without its key if that has special characters', () => {
    expect(refusal('"a`::set-output": 1.0')).toMatch(/^a value \(line 1, column 19\) /);
  });

  test('is the only one that is refused: others print as written, alone and in the launch’s body', () => {
    const number = fc.oneof(
      fc.double().map(String),
      fc.stringMatching(/^[-+]?[0-9]{1,22}$/),
      fc.stringMatching(/^[0-9]{1,4}\.[0-9]{0,20}$/),
      fc.stringMatching(/^[0-9]{1,3}(\.[0-9]{1,3})?[eE][-+]?[0-9]{1,3}$/),
    );
    fc.assert(
      fc.property(number, (source) => {
        let value: ReturnType<typeof read>;
        try {
          value = read(`a: ${source}`);
        } catch (error) {
          expect((error as Error).message).toBe(refused);
          return;
        }
        const printed = canonicalJson(value);
        expect([`{"a":${source}}`, `{"a":"${source}"}`]).toContain(printed);
      }),
      { numRuns: 250 },
    );
  });
});

describe('readYaml (J4)', () => {
  test.each<[string, string, RegExp]>([
    ['the same key twice', 'secret: 1\nb: 2\nsecret: 3', /^has the same key twice \(line 3, column 1\)$/],
    ['the same key twice in JSON', '{"secret":1,\n "secret":2}', /^has the same key twice \(line 2, column 2\)$/],
    ['one key spelt in two ways', '{"secret":1,"\\u0073ecret":2}', /twice \(line 1, column 13\)$/],
    ['a key that is a number and a text', '1: a\n"1": b', /twice \(line 2, column 1\)$/],
    ['`__proto__`', 'a: 1\n__proto__: {secret: 1}', /^has the key `__proto__`, which is not allowed \(line 2, column 1\)$/],
    ['`__proto__`, deep inside and escaped', '{"a":[{"\\u005f_proto__":1}]}', /`__proto__`.*\(line 1, column 8\)$/],
    ['a list at the top', '[secret]', /^must be a JSON object or a YAML mapping .*\(line 1, column 1\)$/],
    ['a text at the top', 'secret', /^must be .*\(line 1, column 1\)$/],
    ['two documents', 'a: 1\n---\nb: secret', /^must be one document \(line 2, column 1\)$/],
    ['a tab for an indent', 'a:\n\tb: secret', /^is indented with a tab, which YAML does not allow \(line 2, column 1\)$/],
    ['JSON that is cut', '{"a": "secret', /^(lacks|has|is not) [^(]+ \(line 1, column \d+\)$/],
    ['a line that is no pair', 'a: 1\nsecret', /^(lacks|has|is not) [^(]+ \(line 2, column \d+\)$/],
    ['a colon in a plain text', 'a: secret: b', /^(lacks|has|is not) [^(]+ \(line 1, column \d+\)$/],
    ['an escape that there is not', '{"a": "\\secret"}', /^(lacks|has|is not) [^(]+ \(line 1, column \d+\)$/],
    ['a tag of no type', 'a: !secret 1', /^has a tag .*\(line 1, column 4\)$/],
    ['a list for a key', '? [secret]\n: 1', /^has a key that is not a plain name \(line 1, column 3\)$/],
    ['an alias without an anchor', 'a: 1\nb: *.secret', /^refers to an anchor that does not exist: quote .*\(line 2, column 4\)$/],
    ['a list that contains itself', 'a: &secret [*secret, *secret]', /^is nested more than 64 deep \(line 1, column 12\)$/],
  ])('refuses, with line and column and without quoting it, %s', (_, text, message) => {
    const output = refusal(text);
    expect(output).toMatch(message);
    expect(output.toLowerCase()).not.toContain('secret');
  });

  test('refuses more than 100 KB, counted in bytes', () => {
    expect(refusal(JSON.stringify({ a: 'x'.repeat(100 * 1024) }))).toBe('is over 100 KB');
    expect(refusal(JSON.stringify({ a: 'é'.repeat(60 * 1024) }))).toBe('is over 100 KB');
  });

  const deep = /^(is nested more than 64 deep|expands by its aliases to too many values) \(line/;
  test.each([
    ['65 levels', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['100,000 levels', `a: ${'['.repeat(100_000)}`],
    ['40,000 levels of dashes', `a:\n  ${'- '.repeat(40_000)}x`],
    ['400 levels of indents', Array.from({ length: 400 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    [
      'levels through aliases',
      [`a0: &a0 ${'['.repeat(60)}${']'.repeat(60)}`]
        .concat(Array.from({ length: 500 }, (_, at) => `a${at + 1}: &a${at + 1} ${'['.repeat(60)}*a${at}${']'.repeat(60)}`))
        .join('\n'),
    ],
    [
      'ten thousand million values by aliases',
      ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
        .concat(Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join()}]`))
        .join('\n'),
    ],
    ['a long text many times', `a: &a ${'x'.repeat(90_000)}\nb: [${'*a,'.repeat(2_500)}]`],
    ['a long key many times', `a: &a {${'x'.repeat(1_000)}: 1}\nb: [${'*a,'.repeat(2_500)}]`],
  ])('refuses %s as too deep or too large', (_, text) => {
    expect(refusal(text)).toMatch(deep);
  });

  test('takes linear time for 14,000 keys', () => {
    const readKeys = (count: number) => read(Array.from({ length: count }, (_, at) => `${at.toString(36)}: 1`).join('\n'));
    expect(Object.keys(readKeys(14_000))).toHaveLength(14_000);
    // The library's check for repeated keys takes quadratic time.
    expect(isLinear(readKeys, 3_500)).toBe(true);
  });

  test('reads any text or refuses it without quoting it', () => {
    const token = fc.constantFrom(
      ...['zqzq', ': ', '- ', '? ', '\n', '\n  ', '\t', '"', "'", '{', '}', '[', ']', ',', '&zq ', '*zq', '!zq ', '|', '>'],
      ...['%zq', '---', '...', '#', '1.0', '\\', '@zq', '`zq', '<<', '\u0000'],
    );
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
        (text) => {
          let output = '';
          try {
            const value = read(text);
            expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
            canonicalJson(value);
          } catch (error) {
            output = (error as Error).message;
            expect(output).toMatch(/^(is|has|lacks|must be|refers|expands|a value|`[\w .-]+`) /);
          }
          // Except for the key of a number that would change.
          expect(output.replace(/^`[\w .-]+`(?=.* would change)/, '')).not.toContain('zq');
        },
      ),
      { numRuns: 800 },
    );
  });
});

describe('values that are read as they are written', () => {
  const TYPED = ['1.10', '0042', '71e3', '~', 'null', 'true', '0x1F', '-0', '2026-12-31', '"1.10"', "'it''s'"];
  const TEXTS = [...TYPED.slice(0, -2), '1.10', "it's"];

  test('may be in a list', () => {
    const list = readTypedList(TYPED.map((one) => `- { match: { a: ${one} } }`).join('\n'));
    expect(list).toEqual(TEXTS.map((a) => ({ match: { a } })));
  });

  test('are the values below one key of each entry, and no others', () => {
    const names = readYaml('10: { list: [a: 1.10], other: 1.5 }\n2: { inputs: { list: 1 } }', ['list']).mapping('x');
    expect([...names]).toEqual([
      ['10', { list: [{ a: '1.10' }], other: 1.5 }],
      ['2', { inputs: { list: 1 } }],
    ]);
  });

  test('are null where nothing is written', () => {
    expect(readTypedList('- until:\n- [ , ]'.replace('[ , ]', '{ a: , b: "" }'))).toEqual([{ until: null }, { a: null, b: '' }]);
  });

  test('are refused in a mapping for a list, and with a repeated key', () => {
    expect(() => readTypedList('a: 1')).toThrow('must be a YAML list of waivers (line 1, column 1)');
    expect(() => readTypedList('- { a: 1, a: 2 }')).toThrow('the same key twice (line 1, column 11)');
  });
});
