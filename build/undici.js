/**
 * Stands in for undici in the bundle, by the alias in tsconfig.json: @actions/http-client imports all 940 kB of it for a function that
 * only @actions/github calls, and loading it takes as long as the rest of the start. The action hands Octokit Node's own `fetch`. With
 * a proxy set, importing @actions/github constructs a ProxyAgent, so that must not throw.
 */
export class ProxyAgent {}

export function fetch() {
  return Promise.reject(new Error('undici is not in the bundle'));
}
