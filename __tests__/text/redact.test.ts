/** Which spellings of a secret are replaced, and what of a value stays. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../src/json.ts';
import { createRedactor, makeNameUnique, redactJson } from '../../src/text/redact.ts';
import { hostile } from '../support/github-markdown.ts';

const KEY = 'ak_live_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ+/"\\%~';
const lowerPercent = (text: string) => encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase());
const SPELLINGS: readonly (readonly [how: string, spell: (secret: string) => string])[] = [
  ['in plain text', (secret) => secret],
  ['in JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
  ['in a URL', encodeURIComponent],
  ['in a URL with small hex digits', lowerPercent],
];

describe('createRedactor', () => {
  const redact = createRedactor([KEY]);

  test.each(SPELLINGS)('replaces a secret %s', (_, spell) => {
    expect(redact(`a ${spell(KEY)} b ${spell(KEY)}`)).toBe('a *** b ***');
  });

  test.each(['base64', 'base64url'] as const)('replaces a secret in %s within any text', (encoding) => {
    for (const before of ['', 'x', 'xy', 'user:']) {
      const redacted = redact(`<${Buffer.from(`${before}${KEY}@host`).toString(encoding)}>`).slice(1, -1);
      // The rest encodes the surrounding text, at most six bits of the secret, and the padding.
      const [start = '', end = ''] = redacted.split('***');
      expect(redacted).toContain('***');
      expect(start.length).toBeLessThanOrEqual(Math.ceil((before.length * 4) / 3));
      expect(end.length).toBeLessThanOrEqual(Math.ceil(('@host'.length * 4) / 3) + 3);
    }
  });

  test.each(['\n', '\r\n', '\n\n'])('replaces a secret that %j breaks, anywhere', (lineEnd) => {
    const spellings = [...SPELLINGS.map(([, spell]) => spell(KEY)), Buffer.from(KEY).toString('base64')];
    for (const spelling of spellings)
      for (const columns of [1, 8, 30, 76]) {
        const broken = spelling.replace(new RegExp(`.{${columns}}(?=.)`, 'g'), `$&${lineEnd}`);
        expect(redact(broken)).toMatch(/^\*{3}[\n\r]*.?[\n\r]*=*$/);
      }
  });

  test.each([
    ['a secret with line ends', ['first-line\n\nsecond-line'], 'a first-line\n\nsecond-line b', 'a *** b'],
    ['any API key of Alloovium', [], `the key ak_test_${'x1'.repeat(26)}, of another step`, 'the key ***, of another step'],
    ['not the start of a key', [], 'keys begin with ak_live_', 'keys begin with ak_live_'],
    ['not a text shorter than 8 characters', ['1234567', ''], '1234567', '1234567'],
    ['no part of a secret that begins with another', ['abcdefgh', 'abcdefgh12345678'], 'abcdefgh12345678 abcdefgh', '*** ***'],
  ])('replaces %s', (_, secrets, text, expected) => {
    expect(createRedactor(secrets)(text)).toBe(expected);
  });

  test('leaves a text without a secret', () => {
    fc.assert(fc.property(hostile, (text) => redact(text) === text));
  });

  test('replaces any secret within any text', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(secret, hostile, hostile, (key, before, after) => {
        const hide = createRedactor([key]);
        for (const [, spell] of SPELLINGS) expect(hide(`${before} ${spell(key)} ${after}`)).not.toContain(spell(key));
        const encoded = Buffer.from(before + key + after).toString('base64');
        // The characters that hold bits of the secret only.
        const from = Math.ceil((Buffer.byteLength(before) * 8) / 6);
        const secretPart = encoded.slice(from, Math.floor((Buffer.byteLength(before + key) * 8) / 6));
        expect(hide(encoded)).not.toContain(secretPart);
      }),
    );
  });
});

describe('redactJson', () => {
  test.each([
    ['strings at any depth', '{"a":[{"b":"x s3cret-s3cret"}]}', '{"a":[{"b":"x ***"}]}'],
    ['keys', '{"s3cret-s3cret":1}', '{"***":1}'],
    ['keys that become equal', '{"s3cret-s3cret":1,"***":2,"s3cret\\u002ds3cret_2":3}', '{"***":1,"***_2":2,"***_2_2":3}'],
    ['__proto__ as data', '{"__proto__":{"a":"s3cret-s3cret"}}', '{"__proto__":{"a":"***"}}'],
    ['numbers with their source text', '[1.0,1e999,-0,"s3cret-s3cret"]', '[1.0,1e999,-0,"***"]'],
    ['numbers with a secret of digits', '[12345678,123456789012345678]', '["***","***90***"]'],
    ['other values', '[true,null,"",{},[],"s3cret-s3cret"]', '[true,null,"",{},[],"***"]'],
  ])('returns for %s, %s, the JSON %s', (_, before, after) => {
    expect(JSON.stringify(redactJson(parseJson(before), createRedactor(['s3cret-s3cret', '12345678'])))).toBe(after);
  });

  test('returns the same value if it has no secret', () => {
    const value = parseJson('{"a":[{"b":"x"}],"__proto__":{}}');
    expect(redactJson(value, createRedactor([KEY]))).toBe(value);
  });
});

test('makeNameUnique appends the next free number, within the length', () => {
  const used = new Map<string, number>();
  const names = ['a', 'a', 'a_2', 'A', 'abcdef', 'abcdef'].map((name) => makeNameUnique(name, used, 6, (text) => text.toLowerCase()));
  expect(names).toEqual(['a', 'a_2', 'a_2_2', 'A_3', 'abcdef', 'abcd_2']);
});
