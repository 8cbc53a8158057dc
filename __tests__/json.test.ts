import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isExactNumber, isJsonObject, JsonError, JSON_LIMITS, parseJson, type JsonValue } from '../src/json.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const parse = (text: string) => parseJson(bytes(text));

/** Returns the error of the parser; throws if there is none. */
function refusal(what: Uint8Array | string): JsonError {
  try {
    parseJson(typeof what === 'string' ? bytes(what) : what);
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError);
    return error as JsonError;
  }
  throw new Error('it was parsed');
}

describe('parseJson, like JSON.parse,', () => {
  test('reads any value with any spacing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom('', ' ', '\t', 3), (value, space) => {
        const text = JSON.stringify(value, null, space);
        // Of a value whose numbers print back there is nothing to keep, `-0` excepted, which stringify has lost.
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('reads or refuses any text', () => {
    const token = fc.constantFrom(...'{}[]:,"\\ \n01-.e'.split(''), '"a"', 'null', 'true', '1', '\\u0000');
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
        (text) => {
          let theirs: unknown;
          try {
            theirs = JSON.parse(text);
          } catch {
            expect(refusal(text)).toMatchObject({
              message: 'the text is not valid JSON',
              isOverLimit: false,
            });
            return;
          }
          expect(JSON.parse(JSON.stringify(parse(text)))).toEqual(theirs);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'rawJSON', ''])('reads the key `%s` like any other', (name) => {
    const read = parse(`{"${name}": {"x": 1.0}}`) as object;
    expect(Object.keys(read)).toEqual([name]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect(JSON.stringify(read)).toBe(`{"${name}":{"x":1.0}}`);
  });
});

describe('a repeated key (E12)', () => {
  test.each<[text: string, key: string, depth: number]>([
    ['{"a":1,"a":1}', 'a', 1],
    ['{"a":1,"b":{},"\\u0061":2}', 'a', 1],
    ['{"o":[{"a":1},[0,{"s":"x","n":1.0,"s":"}{,"}]]}', 's', 2],
    ['{"x":"\\"a\\":1,\\\\","y":[1,2,{"":0,"":0}]}', '', 2],
    ['{"__proto__":1,"__proto__":2}', '__proto__', 1],
    ['[{"a":[]} , { "a" : 1 , "a" : 2 }]', 'a', 1],
    ['{"a":{"b":["b","b"],"c":"b"},"b":{"b":1},"b":2}', 'b', 1],
  ])('is refused in %s', (text, key, depth) => {
    expect(refusal(text)).toMatchObject({
      message: 'the text has a key twice',
      isOverLimit: false,
      repeated: { key, depth },
    });
  });

  test('is refused in any object of any value, and nothing else is', () => {
    const key = fc.constantFrom('a', 'b', '1', '__proto__', '"', ',');
    const { value } = fc.letrec<{ value: string; keys: string[] }>((tie) => ({
      keys: fc.array(key, { maxLength: 4 }),
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('1', '1.0', '"{"', 'null', '"\\\\"'),
        fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join(',')}]`),
        fc
          .array(fc.tuple(key, tie('value')), { maxLength: 4 })
          .map((all) => `{${all.map(([name, of]) => `${JSON.stringify(name)}:${of}`).join(',')}}`),
      ),
    }));
    fc.assert(
      fc.property(value, (text) => {
        // JSON.parse keeps the last of each.
        const isRepeated = JSON.stringify(JSON.parse(text)).length < text.replaceAll('1.0', '1').length;
        if (isRepeated) expect(refusal(text).repeated).not.toBeNull();
        else expect(() => parse(text)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

describe('a number', () => {
  test.each([
    '9007199254740993',
    '12345678901234567890',
    '1e999',
    '-1E+999',
    '-0',
    '-0.0',
    '0.0',
    '1.0',
    '1.10',
    '1e-400',
    '1e5',
    '0.1000000000000000055511151231257827',
  ])('keeps its source text: %s', (source) => {
    expect(isExactNumber(parse(source))).toBe(true);
    expect(JSON.stringify({ a: [parse(source)] })).toBe(`{"a":[${source}]}`);
  });

  test.each([0, 1, -1, 42, 0.1, 1e21, 9007199254740991, 5e-324, 1.7976931348623157e308])(
    'is a plain number if JavaScript prints it as written: %d',
    (number) => {
      expect(parse(String(number))).toBe(number);
    },
  );

  test('prints as it was written, in any spelling and at any place', () => {
    const digits = (from: number, to: number) => fc.stringMatching(new RegExp(`^[0-9]{${from},${to}}$`));
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.oneof(
          fc.constant('0'),
          fc.tuple(fc.constantFrom('1', '9'), digits(0, 25)).map((of) => of.join('')),
        ),
        fc.oneof(
          fc.constant(''),
          digits(1, 20).map((of) => `.${of}`),
        ),
        fc.oneof(
          fc.constant(''),
          fc.tuple(fc.constantFrom('e', 'E+', 'e-'), digits(1, 4)).map((of) => of.join('')),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 5 }), (numbers) => {
        const text = `{"a":[${numbers.join(',')}],"b":${numbers[0]}}`;
        expect(JSON.stringify(parse(text))).toBe(text);
      }),
    );
  });
});

describe('a text that is not JSON', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', bytes('')],
    ['blanks', bytes(' \n')],
    ['HTML', bytes('<html>secret</html>')],
    ['text behind the value', bytes('{}secret')],
    ['a key without quotes', bytes('{secret:1}')],
    ['a string that does not end', bytes('"secret')],
    ['a backslash at the end', bytes('"secret\\')],
    ['brackets that do not match', bytes('[}')],
    ['more ends than beginnings', bytes(']]]]')],
    ['NaN', bytes('NaN')],
    ['a comment', bytes('// secret\n1')],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['half a character', Buffer.from([0x22, 0xc3])],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('"secret"', 'utf16le')],
    ['UTF-16 with a BOM', Buffer.from('\ufeff"secret"', 'utf16le')],
    ['two BOMs', bytes('\ufeff\ufeff1')],
  ])('is refused without being quoted: %s', (_, text) => {
    const { message, isOverLimit: isOverLimit } = refusal(text);
    expect(message).toMatch(/^the text is not valid (JSON|UTF-8)$/);
    expect(isOverLimit).toBe(false);
  });

  test('is none where JSON begins with a BOM', () => {
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
  });
});

describe('the caps of parseJson', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const list = (count: number, of: string) => `[${Array<string>(count).fill(of).join(',')}]`;

  test.each<[string, string]>([
    ['8 MiB to the byte', `"${'x'.repeat(JSON_LIMITS.bytes - 2)}"`],
    ['64 levels', nested(64)],
    ['64 levels of objects', '{"a":'.repeat(64) + '1' + '}'.repeat(64)],
    ['200,000 values, the list among them', list(JSON_LIMITS.values - 1, '1')],
    ['200,000 values that are empty lists', list(JSON_LIMITS.values - 1, '[ ]')],
    ['brackets in strings', JSON.stringify('[{'.repeat(10_000))],
    ['brackets behind escaped quotes', JSON.stringify('"[\\"['.repeat(10_000))],
    ['commas in strings', JSON.stringify(','.repeat(300_000))],
    ['a hundred lists side by side', list(100, nested(60))],
  ])('allow %s', (_, text) => {
    expect(() => parse(text)).not.toThrow();
  });

  test.each<[string, string, string]>([
    ['a byte more than 8 MiB', `"${'x'.repeat(JSON_LIMITS.bytes - 1)}"`, 'the text is over 8 MiB'],
    ['65 levels', nested(65), 'the text is nested more than 64 deep'],
    ['100,000 levels', '['.repeat(100_000), 'the text is nested more than 64 deep'],
    ['levels of both kinds', '[{"a":'.repeat(33), 'the text is nested more than 64 deep'],
    ['a value more than 200,000', list(JSON_LIMITS.values, '1'), 'the text has more than 200,000 values'],
    ['8 MiB of empty objects', list(2_790_000, '{}'), 'the text has more than 200,000 values'],
    ['8 MiB of commas', ','.repeat(JSON_LIMITS.bytes), 'the text has more than 200,000 values'],
  ])('refuse %s', (_, text, message) => {
    expect(refusal(text)).toMatchObject({ message, isOverLimit: true });
  });

  test('apply to what follows any string', () => {
    const string = fc.string({ unit: fc.constantFrom('\\', '"', '[', ',', 'x', 'é', '😀') });
    fc.assert(
      fc.property(string, (text) => {
        expect(refusal(`[${JSON.stringify(text)},${nested(64)}]`).isOverLimit).toBe(true);
        expect(() => parse(`[${JSON.stringify(text)},${nested(63)}]`)).not.toThrow();
      }),
    );
  });
});

test('recognises a JSON object, and none in an exact number', () => {
  const cases: readonly [JsonValue | undefined, boolean][] = [
    [parse('{}'), true],
    [parse('{"rawJSON":"1.0"}'), true],
    [parse('[]'), false],
    [parse('1.0'), false],
    [parse('"x"'), false],
    [null, false],
    [undefined, false],
  ];
  for (const [value, expected] of cases) expect(isJsonObject(value)).toBe(expected);
});
