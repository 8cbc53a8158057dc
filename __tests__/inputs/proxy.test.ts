import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getProxyUrl } from '@actions/http-client/lib/proxy';
import { findProxy } from '../../src/inputs/proxy.ts';
import { StepError } from '../../src/step-error.ts';

const NAMES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'] as const;
const API = 'https://api.alloovium.com';

// @actions/http-client reads the environment of the process.
const kept = new Map<string, string | undefined>();
beforeEach(() => {
  for (const name of NAMES) {
    kept.set(name, process.env[name]);
    Reflect.deleteProperty(process.env, name);
  }
});
afterEach(() => {
  for (const [name, value] of kept) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

function under(environment: Readonly<Record<string, string>>, url = API): URL | null {
  Object.assign(process.env, environment);
  return findProxy(url, process.env);
}

function refusal(environment: Readonly<Record<string, string>>, url = API): StepError {
  try {
    under(environment, url);
  } catch (error) {
    expect(error).toBeInstanceOf(StepError);
    return error as StepError;
  }
  throw new Error('the proxy was accepted');
}

describe('findProxy', () => {
  test.each<[string, string, Readonly<Record<string, string>>, string | null]>([
    ['none is set', API, {}, null],
    ['for HTTPS', API, { https_proxy: 'http://proxy:8080' }, 'http://proxy:8080/'],
    ['in upper case', API, { HTTPS_PROXY: 'http://proxy:8080' }, 'http://proxy:8080/'],
    ['lower case first', API, { https_proxy: 'http://one', HTTPS_PROXY: 'http://two' }, 'http://one/'],
    ['an empty one does not count', API, { https_proxy: '', HTTPS_PROXY: 'http://two' }, 'http://two/'],
    ["not HTTP's for HTTPS", API, { http_proxy: 'http://proxy:8080' }, null],
    ["HTTP's for HTTP", 'http://api.example', { http_proxy: 'http://proxy:8080' }, 'http://proxy:8080/'],
    ["not HTTPS's for HTTP", 'http://api.example', { https_proxy: 'http://proxy:8080' }, null],
    ['over TLS', API, { https_proxy: 'https://proxy:8443' }, 'https://proxy:8443/'],
    ['an address without a scheme', API, { https_proxy: '10.0.0.1:3128' }, 'http://10.0.0.1:3128/'],
    ['a host without scheme and port', API, { https_proxy: 'proxy' }, 'http://proxy/'],
    ['user and password', API, { https_proxy: 'http://me:p%40ss@proxy' }, 'http://me:p%40ss@proxy/'],
    [
      '`no_proxy` names the host',
      API,
      { https_proxy: 'http://proxy', no_proxy: 'x, api.alloovium.com' },
      null,
    ],
    ['`NO_PROXY` names its domain', API, { https_proxy: 'http://proxy', NO_PROXY: '.alloovium.com' }, null],
    ['`no_proxy` names every host', API, { https_proxy: 'http://proxy', no_proxy: '*' }, null],
    [
      '`no_proxy` names another',
      API,
      { https_proxy: 'http://proxy', no_proxy: 'loovium.com' },
      'http://proxy/',
    ],
    ['never for a loopback host', 'https://localhost:1', { https_proxy: 'http://proxy' }, null],
    ['never for a loopback address', 'http://127.0.0.1:1', { http_proxy: 'http://proxy' }, null],
    ['a bad one does not matter where none is used', 'https://localhost', { https_proxy: 'socks://x' }, null],
  ])('finds the proxy: %s', (_, url, environment, expected) => {
    const proxy = under(environment, url);
    expect(proxy?.href ?? null).toBe(expected);
    // @actions/http-client chooses the same proxy.
    expect(getProxyUrl(new URL(url))?.host).toBe(proxy?.host);
  });
});

describe('a proxy variable that @actions/http-client ignores or misreads (D5)', () => {
  const what = 'is not the URL of an HTTP proxy';
  test.each([
    ['a host and a port, which reads as a scheme', 'zqzq.corp:8080', what],
    ['a user, too', 'me:zqzq@proxy:8080', what],
    ['SOCKS', 'socks://zqzq:1080', what],
    ['SOCKS 5', 'socks5://zqzq:1080', what],
    ['another scheme', 'ftp://zqzq', what],
    ['no host', 'http://', what],
    ['another scheme with blanks', 'ftp://zq zq', what],
    ['a port that there is not', 'http://zqzq:99999', what],
    ['blanks', 'http://zq zq:8080', what],
    [
      'a malformed escape in the password',
      'http://me:zqzq%E0@proxy',
      'has a malformed escape in its user name or password',
    ],
    [
      'an escape that begins in the user and ends in the password',
      'http://m%C3:%A9zqzq@proxy',
      'has a malformed escape in its user name or password',
    ],
  ])('is refused: %s', (_, value, text) => {
    const { headline, remedy, message } = refusal({ https_proxy: value });
    expect(headline).toBe(`The proxy variable https_proxy ${text}`);
    expect(remedy).toContain('http://host:port');
    expect(message).not.toContain('zqzq');
  });

  test('is named in the headline', () => {
    expect(refusal({ HTTP_PROXY: 'socks://x' }, 'http://api.example').headline).toContain('HTTP_PROXY');
  });
});
