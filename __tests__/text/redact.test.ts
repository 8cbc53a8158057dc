/** Which spellings of a secret are replaced, and what of a value stays. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../src/json.ts';
import { createRedactor, redactJson } from '../../src/text/redact.ts';
import { hostile } from '../support/github-markdown.ts';

const KEY = 'ak_live_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ+/"\\%~';
const SPELLINGS: readonly (readonly [how: string, spell: (secret: string) => string])[] = [
  ['in plain text', (secret) => secret],
  ['in JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
  ['in a URL', encodeURIComponent],
];

describe('a redactor', () => {
  const redact = createRedactor([KEY]);
  test.each(SPELLINGS)('replaces a secret %s', (_, spell) => {
    expect(redact(`a ${spell(KEY)} b ${spell(KEY)}`)).toBe('a *** b ***');
  });

  test('replaces the start of millions of letters behind a prefix', () => {
    expect(redact(`ak_test_${'x'.repeat(8_000_000)}`)).toMatch(/^\*\*\*x/);
  });

  test.each(['', 'x', 'xy', 'user:'])('replaces a secret in base64, after “%s”', (before) => {
    const redacted = redact(Buffer.from(`${before}${KEY}@host`).toString('base64'));
    expect(redacted).toContain('***');
    expect(Buffer.from(redacted, 'base64').toString('latin1')).not.toContain(KEY.slice(4, -4));
  });

  test.each<[what: string, secrets: string[], text: string, expected: string]>([
    ['any API key of Alloovium', [], `the key ak_test_${'x1'.repeat(26)}, of another step`, 'the key ***, of another step'],
    ['not the start of a key', [KEY], 'keys begin with ak_live_', 'keys begin with ak_live_'],
    ['no part of a secret that begins with another', ['abcdefgh', 'abcdefgh12345678'], 'abcdefgh12345678 abcdefgh', '*** ***'],
    ['a secret of several lines', ['first-line\nsecond-line'], 'a first-line\nsecond-line b', 'a *** b'],
  ])('replaces %s', (_, secrets, text, expected) => {
    expect(createRedactor(secrets)(text)).toBe(expected);
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
        expect(hide(encoded)).not.toContain(encoded.slice(from, Math.floor((Buffer.byteLength(before + key) * 8) / 6)));
      }),
    );
  });
});

test.each([
  ['strings at any depth', '{"a":[{"b":"x s3cret-s3cret"}]}', '{"a":[{"b":"x ***"}]}'],
  ['keys', '{"s3cret-s3cret":1}', '{"***":1}'],
  ['__proto__ as data', '{"__proto__":{"a":"s3cret-s3cret"}}', '{"__proto__":{"a":"***"}}'],
  ['numbers with their source text', '[1.0,1e999,-0,"s3cret-s3cret"]', '[1.0,1e999,-0,"***"]'],
  ['numbers with a secret of digits', '[12345678,123456789012345678]', '["***","***90***"]'],
  ['other values', '[true,null,"",{},[],"s3cret-s3cret"]', '[true,null,"",{},[],"***"]'],
])('redacts %s', (_, before, after) => {
  expect(JSON.stringify(redactJson(parseJson(before), createRedactor(['s3cret-s3cret', '12345678'])))).toBe(after);
});

test('copies no value without a secret', () => {
  const value = parseJson('{"a":[{"b":"x"}],"__proto__":{}}');
  expect(redactJson(value, createRedactor([KEY]))).toBe(value);
});
