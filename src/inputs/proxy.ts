/** Which proxy serves a URL, by the runner's variables, as @actions/http-client reads them. */
import { checkBypass } from '@actions/http-client/lib/proxy';
import { StepError } from '../step-error.ts';

/**
 * The proxy's URL, with its user-info, or null: none is set or `no_proxy` names the host.
 * @throws StepError for what @actions/http-client passes over in silence or misreads: a malformed URL, so that
 * the request would go round the proxy, and a SOCKS proxy, to which it would speak HTTP
 */
export function proxyFor(url: string, environment: NodeJS.ProcessEnv): URL | null {
  const target = new URL(url);
  if (checkBypass(target)) return null;
  const names = target.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const name = names.find((candidate) => (environment[candidate] ?? '') !== '');
  if (name === undefined) return null;
  const refuse = (what: string) => {
    // Its value is never shown: it may hold a password.
    const headline = `The proxy variable ${name} ${what}`;
    throw new StepError(headline, 'Fix it in the environment of the runner: `http://host:port`.');
  };
  const proxy = proxyUrlOf(environment[name] ?? '');
  // `proxy:8080` reads as a URL of the scheme `proxy:` and no host: @actions/http-client would go round it.
  if (proxy === null || !/^https?:$/.test(proxy.protocol)) return refuse('is not the URL of an HTTP proxy');
  try {
    [proxy.username, proxy.password].forEach(decodeURIComponent);
  } catch {
    return refuse('has a malformed escape in its user name or password');
  }
  return proxy;
}

/** A proxy variable's value as @actions/http-client reads it; null: it is no URL. */
export function proxyUrlOf(value: string): URL | null {
  return URL.parse(value) ?? (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? null : URL.parse(`http://${value}`));
}
