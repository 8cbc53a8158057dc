import { describe, expect, test } from '@jest/globals';
import { credentialsOf, secretsOf } from '../../src/inputs/secrets.ts';

const KEY = 'ak_test_0123456789abcdef';
const TOKEN = 'ghs_0123456789abcdef';

describe('what must appear nowhere (I3)', () => {
  test.each<[string, Record<string, string>]>([
    ['the key', { INPUT_API_KEY: KEY }],
    ['the key of the environment', { INPUT_API_KEY: ' ', ALLOOVIUM_API_KEY: `${KEY}\n` }],
    ['a key in quotes', { INPUT_API_KEY: `"${KEY}"` }],
    ['a key after `Bearer`', { INPUT_API_KEY: `Bearer '${KEY}'` }],
    ['a key among others', { INPUT_API_KEY: `first\r\n${KEY}\r\nlast` }],
  ])('%s', (_, environment) => {
    expect(credentialsOf(environment)).toContain(KEY);
  });

  test('a refused key as it was given, too', () => {
    expect(credentialsOf({ INPUT_API_KEY: ` ${KEY} ${KEY}x\n` })).toContain(`${KEY} ${KEY}x`);
  });

  test('the token', () => {
    expect(secretsOf({ INPUT_GITHUB_TOKEN: ` ${TOKEN}\n` })).toEqual([TOKEN]);
  });

  test.each([
    ['http://me:p%40ssw0rds@proxy:1', ['p%40ssw0rds', 'p@ssw0rds']],
    ['svc_build:hunter2hunter2@proxy:1', ['hunter2hunter2']],
    ['//me:hunter2hunter2@proxy:1', ['hunter2hunter2']],
    ['http://me:hunter2%zzhunter@proxy:1', ['hunter2%zzhunter']],
    ['http://proxy:1', []],
    ['http://', []],
  ])('the password in a proxy variable: %s', (value, expected) => {
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'])
      expect(secretsOf({ [name]: value })).toEqual(expected);
    // A condition may well use the word.
    expect(credentialsOf({ https_proxy: value })).toEqual([]);
  });

  test('what is too short is none: masked, it would blank out ordinary words', () => {
    expect(secretsOf({ INPUT_API_KEY: 'short', https_proxy: 'http://me:word@proxy' })).toEqual([]);
  });
});
