/** Collects the secrets, which are masked in the log and redacted in every untrusted text. */
import { unescape } from 'node:querystring';

/** Returns the trimmed API key, from the input or from ALLOOVIUM_API_KEY; empty: missing. */
export function readApiKey(environment: NodeJS.ProcessEnv): string {
  return (environment.INPUT_API_KEY ?? '').trim() || (environment.ALLOOVIUM_API_KEY ?? '').trim();
}

/** Returns key and token, and the parts of them without pasted blanks and quotes, since an invalid key is a secret too. */
export function readCredentials(environment: NodeJS.ProcessEnv): string[] {
  const key = readApiKey(environment);
  const token = (environment.INPUT_GITHUB_TOKEN ?? '').trim();
  return keepLongSecrets(
    [key, token]
      .flatMap((whole) => [whole, ...whole.split(/\s+/)])
      .flatMap((part) => [part, part.replace(/^["'`]+|["'`]+$/g, '')]),
  );
}

/** Returns the credentials and the passwords of the runner's proxies. */
export function readSecrets(environment: NodeJS.ProcessEnv): string[] {
  const passwords = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].flatMap((name) => {
    const value = environment[name] ?? '';
    return PROXY_PASSWORDS.map((pattern) => pattern.exec(value)?.[1] ?? '');
  });
  return keepLongSecrets([
    ...readCredentials(environment),
    ...passwords.flatMap((one) => [one, unescape(one)]),
  ]);
}

/** Match also a value that is not a URL, because a message may quote it. An `@` may belong to the password or to a path. */
const PROXY_PASSWORDS = [/^(?:[\w+.-]*:)?(?:\/\/)?[^:@/]*:([^@]*)@/, /^(?:[\w+.-]*:)?(?:\/\/)?[^:@/]*:(.*)@/];

/** Drops secrets of less than 8 characters, whose masks would hide ordinary words. */
function keepLongSecrets(secrets: readonly string[]): string[] {
  return [...new Set(secrets)].filter((secret) => secret.length >= 8);
}

/** Returns the kind of the API key by its prefix; null: unknown. */
export function detectKeyKind(apiKey: string): 'live' | 'test' | null {
  return apiKey.startsWith('ak_live_') ? 'live' : apiKey.startsWith('ak_test_') ? 'test' : null;
}
