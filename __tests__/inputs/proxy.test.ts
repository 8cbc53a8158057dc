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
    ['finds no proxy where none is set', API, {}, null],
    ['finds the proxy of https_proxy', API, { https_proxy: 'http://proxy:8080' }, 'http://proxy:8080/'],
    ['finds the proxy of HTTPS_PROXY', API, { HTTPS_PROXY: 'http://proxy:8080' }, 'http://proxy:8080/'],
    ['finds the proxy of https_proxy before HTTPS_PROXY', API, { https_proxy: 'http://one', HTTPS_PROXY: 'http://two' }, 'http://one/'],
    ['skips an empty https_proxy', API, { https_proxy: '', HTTPS_PROXY: 'http://two' }, 'http://two/'],
    ['does not use http_proxy for HTTPS', API, { http_proxy: 'http://proxy:8080' }, null],
    ['finds the proxy of http_proxy for HTTP', 'http://api.example', { http_proxy: 'http://proxy:8080' }, 'http://proxy:8080/'],
    ['does not use https_proxy for HTTP', 'http://api.example', { https_proxy: 'http://proxy:8080' }, null],
    ['finds a proxy that is reached over TLS', API, { https_proxy: 'https://proxy:8443' }, 'https://proxy:8443/'],
    ['adds the scheme to an address and a port', API, { https_proxy: '10.0.0.1:3128' }, 'http://10.0.0.1:3128/'],
    ['adds the scheme to a host', API, { https_proxy: 'proxy' }, 'http://proxy/'],
    ['keeps user and password', API, { https_proxy: 'http://me:p%40ss@proxy' }, 'http://me:p%40ss@proxy/'],
    ['finds no proxy where `no_proxy` names the host', API, { https_proxy: 'http://proxy', no_proxy: 'x, api.alloovium.com' }, null],
    ['finds no proxy where `NO_PROXY` names the domain', API, { https_proxy: 'http://proxy', NO_PROXY: '.alloovium.com' }, null],
    ['finds no proxy where `no_proxy` names every host', API, { https_proxy: 'http://proxy', no_proxy: '*' }, null],
    ['finds the proxy where `no_proxy` names another host', API, { https_proxy: 'http://proxy', no_proxy: 'loovium.com' }, 'http://proxy/'],
    ['finds no proxy for a loopback host', 'https://localhost:1', { https_proxy: 'http://proxy' }, null],
    ['finds no proxy for a loopback address', 'http://127.0.0.1:1', { http_proxy: 'http://proxy' }, null],
    ['ignores a malformed proxy where none is used', 'https://localhost', { https_proxy: 'socks://x' }, null],
  ])('%s', (_, url, environment, expected) => {
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
    ['a malformed escape in the password', 'http://me:zqzq%E0@proxy', 'has a malformed escape in its user name or password'],
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
