/** Collects the secrets, which are masked in the log and redacted in every text that comes in. */
import type { Environment } from '../github/runner.ts';

/** Returns the trimmed API key, from the input or from ALLOOVIUM_API_KEY; empty: there is none. */
export function readApiKey(environment: Environment): string {
  return (environment.INPUT_API_KEY ?? '').trim() || (environment.ALLOOVIUM_API_KEY ?? '').trim();
}

/** Returns key and token, also without what was pasted around them: an invalid key is a secret too. */
export function readCredentials(environment: Environment): string[] {
  const wholes = [readApiKey(environment), (environment.INPUT_GITHUB_TOKEN ?? '').trim()];
  const parts = wholes.flatMap((whole) => [whole, ...whole.split(/\s+/)]);
  return keepLong(parts.flatMap((part) => [part, part.replace(/^["'`]+|["'`]+$/g, '')]));
}

/** Returns the credentials and the passwords of the runner's proxies. */
export function readSecrets(environment: Environment): string[] {
  const passwords = Object.entries(environment)
    .filter(([name]) => /^https?_proxy$/i.test(name))
    .map(([, value = '']) => /^(?:[\w+.-]*:)?(?:\/\/)?[^:@/]*:(.*)@/.exec(value)?.[1] ?? '');
  return keepLong([...readCredentials(environment), ...passwords, ...passwords.map(decode)]);
}

/** Shorter ones would hide ordinary words of the log. */
function keepLong(secrets: readonly string[]): string[] {
  return [...new Set(secrets)].filter((secret) => secret.length >= 8);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
