/** What must appear nowhere: masked in the log, replaced in every text that is not ours. */
import { unescape } from 'node:querystring';

/** The API key as given, trimmed; empty: none. */
export function apiKeyOf(environment: NodeJS.ProcessEnv): string {
  return (environment.INPUT_API_KEY ?? '').trim() || (environment.ALLOOVIUM_API_KEY ?? '').trim();
}

/** Key and token as given, and what is left of them without what a slip of the hand adds: a refused key is a secret too. */
export function credentialsOf(environment: NodeJS.ProcessEnv): string[] {
  const key = apiKeyOf(environment);
  const token = (environment.INPUT_GITHUB_TOKEN ?? '').trim();
  return longEnough(
    [key, token]
      .flatMap((whole) => [whole, ...whole.split(/\s+/)])
      .flatMap((part) => [part, part.replace(/^["'`]+|["'`]+$/g, '')]),
  );
}

/** The credentials, and the passwords of the runner's proxies. */
export function secretsOf(environment: NodeJS.ProcessEnv): string[] {
  const passwords = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].flatMap((name) => {
    const value = environment[name] ?? '';
    return PROXY_PASSWORDS.map((pattern) => pattern.exec(value)?.[1] ?? '');
  });
  return longEnough([...credentialsOf(environment), ...passwords.flatMap((one) => [one, unescape(one)])]);
}

/** Also of a value that is no URL: it is refused, but a message may quote it. An `@` may be part of the password or of a path. */
const PROXY_PASSWORDS = [/^(?:[\w+.-]*:)?(?:\/\/)?[^:@/]*:([^@]*)@/, /^(?:[\w+.-]*:)?(?:\/\/)?[^:@/]*:(.*)@/];

/** Shorter ones would blank out ordinary words. */
function longEnough(secrets: readonly string[]): string[] {
  return [...new Set(secrets)].filter((secret) => secret.length >= 8);
}

export function keyKind(apiKey: string): 'live' | 'test' | null {
  return apiKey.startsWith('ak_live_') ? 'live' : apiKey.startsWith('ak_test_') ? 'test' : null;
}
