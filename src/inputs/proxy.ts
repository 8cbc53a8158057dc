/** Finds the proxy for a URL in the runner's variables, by the rules of @actions/http-client. */
import { checkBypass } from '@actions/http-client/lib/proxy';
import { StepError } from '../step-error.ts';

/**
 * Returns the proxy's URL with its user-info; null: no variable is set, or `no_proxy` names the host.
 * @throws StepError if @actions/http-client would ignore or misread the variable: it bypasses the proxy if the URL is malformed,
 * and speaks HTTP to a SOCKS proxy
 */
export function findProxy(url: string, environment: NodeJS.ProcessEnv): URL | null {
  const target = new URL(url);
  if (checkBypass(target)) return null;
  const names = target.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const name = names.find((candidate) => (environment[candidate] ?? '') !== '');
  if (name === undefined) return null;
  const throwError = (what: string) => {
    // The value is never shown, because it may contain a password.
    const headline = `The proxy variable ${name} ${what}`;
    throw new StepError(headline, 'Fix it in the environment of the runner: `http://host:port`.');
  };
  const proxy = parseProxyUrl(environment[name] ?? '');
  // `proxy:8080` parses as a URL with the scheme `proxy:` and no host, so @actions/http-client would bypass the proxy.
  if (proxy === null || !/^https?:$/.test(proxy.protocol))
    return throwError('is not the URL of an HTTP proxy');
  try {
    [proxy.username, proxy.password].forEach(decodeURIComponent);
  } catch {
    return throwError('has a malformed escape in its user name or password');
  }
  return proxy;
}

/** Parses a proxy variable as @actions/http-client does; null: it is not a URL. */
function parseProxyUrl(value: string): URL | null {
  return URL.parse(value) ?? (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? null : URL.parse(`http://${value}`));
}
