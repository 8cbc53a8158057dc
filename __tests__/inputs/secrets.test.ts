import { describe, expect, test } from '@jest/globals';
import { detectKeyKind, readApiKey, readCredentials, readSecrets } from '../../src/inputs/secrets.ts';

describe('readSecrets (I3)', () => {
  test.each([
    ['http://me:p%40ssw0rds@proxy:1', ['p%40ssw0rds', 'p@ssw0rds']],
    ['svc_build:hunter2hunter2@proxy:1', ['hunter2hunter2']],
    ['user:hunter2hunter2@proxy:1', ['hunter2hunter2']],
    ['http://user:hunter2/hunter2@proxy:1', ['hunter2/hunter2']],
    ['http://user:hunter2@hunter2@proxy:1', ['hunter2@hunter2']],
    ['http://user:hunter2hunter2@proxy:1/a@b', ['hunter2hunter2', 'hunter2hunter2@proxy:1/a']],
    ['//me:hunter2hunter2@proxy:1', ['hunter2hunter2']],
    ['http://me:hunter2%zzhunter@proxy:1', ['hunter2%zzhunter']],
    ['http://proxy:1', []],
    ['http://', []],
  ])('finds the password in the proxy variable %s: %j', (value, expected) => {
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']) expect(readSecrets({ [name]: value })).toEqual(expected);
    // A condition may use the word.
    expect(readCredentials({ https_proxy: value })).toEqual([]);
  });

  test('skips a secret so short that its mask would hide ordinary words', () => {
    expect(readSecrets({ INPUT_API_KEY: 'short', https_proxy: 'http://me:word@proxy' })).toEqual([]);
  });
});

test.each([
  ['12345678', ['12345678']],
  ['1234567', []],
  ['"12345678`', ['"12345678`', '12345678']],
  ['1234"5678', ['1234"5678']],
  ['12345678 abcdefgh', ['12345678 abcdefgh', '12345678', 'abcdefgh']],
])('finds in the key and in the token %s the secrets %j', (value, expected) => {
  expect(readCredentials({ INPUT_API_KEY: value })).toEqual(expected);
  expect(readCredentials({ INPUT_GITHUB_TOKEN: value })).toEqual(expected);
});

test('reads the key from the input, and only without one from ALLOOVIUM_API_KEY', () => {
  expect(readApiKey({ INPUT_API_KEY: ' a ', ALLOOVIUM_API_KEY: 'b' })).toBe('a');
  expect(readApiKey({ INPUT_API_KEY: ' ', ALLOOVIUM_API_KEY: ' b ' })).toBe('b');
  expect(readApiKey({})).toBe('');
});

test.each([
  ['ak_live_x', 'live'],
  ['ak_test_x', 'test'],
  ['xak_live_', null],
  ['', null],
])('detects the kind of the key %j: %p', (key, kind) => {
  expect(detectKeyKind(key)).toBe(kind);
});
