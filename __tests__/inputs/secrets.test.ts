import { describe, expect, test } from '@jest/globals';
import { readCredentials, readSecrets } from '../../src/inputs/secrets.ts';

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
  ])('finds the password in a proxy variable: %s', (value, expected) => {
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'])
      expect(readSecrets({ [name]: value })).toEqual(expected);
    // A condition may use the word.
    expect(readCredentials({ https_proxy: value })).toEqual([]);
  });

  test('skips a secret so short that its mask would hide ordinary words', () => {
    expect(readSecrets({ INPUT_API_KEY: 'short', https_proxy: 'http://me:word@proxy' })).toEqual([]);
  });
});
