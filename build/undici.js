/**
 * Stands in for undici in the first chunk of the bundle: @actions/http-client imports all 940 kB of it for one
 * function that only @actions/github calls, and loading it takes as long as the rest of the start. The comment's
 * chunk has the real one (`undici/index.js`, which the alias in tsconfig.json does not match), and hands Octokit a
 * `fetch` made of it. With a proxy set, importing @actions/github constructs a ProxyAgent, so that must not throw.
 */
export class ProxyAgent {}

export function fetch() {
  return Promise.reject(new Error('undici is not in this chunk of the bundle'));
}
