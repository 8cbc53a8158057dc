import { describe, expect, test } from '@jest/globals';
import { credentialsOf, secretsOf } from '../../src/inputs/secrets.ts';

describe('what must appear nowhere (I3)', () => {
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
