/** Masks secrets in the log, in each encoding that the runner knows. Rules of actions/runner 2.336.0. */

export interface Masks {
  /** Masks the value and each of its lines: Runner.Worker/Worker.cs for a job's secrets, ActionCommandManager.cs for `add-mask`. */
  add(value: string): void;
  /** Masks the value as a whole only. */
  addWhole(value: string): void;
  /** The text with `***` for every secret in it. */
  mask(text: string): string;
}

export function createMasks(): Masks {
  const known = new Set<string>();
  const addWhole = (value: string): void => {
    if (value === '') return;
    for (const text of [value, ...encodingsOf(value)]) if (text !== '') known.add(text);
  };
  return {
    addWhole,
    add: (value) => {
      addWhole(value);
      for (const line of value.split(/[\r\n]/)) addWhole(line.trim());
    },
    mask: (text) => replaceSecrets(text, known),
  };
}

/** Sdk/DTLogging/Logging/SecretMasker.cs: overlapping and adjacent matches become one `***`. */
function replaceSecrets(text: string, known: ReadonlySet<string>): string {
  const found: [from: number, to: number][] = [];
  for (const secret of known) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
      found.push([at, at + secret.length]);
    }
  }
  const parts: [from: number, to: number][] = [];
  for (const [from, to] of found.sort(([a], [b]) => a - b)) {
    const last = parts.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else parts.push([from, to]);
  }
  const kept = parts.map(([from], at) => text.slice(parts[at - 1]?.[1] ?? 0, from));
  return [...kept, text.slice(parts.at(-1)?.[1] ?? 0)].join('***');
}

/** The secret in each encoding of Runner.Common/HostContext.cs; Sdk/DTLogging/Logging/ValueEncoders.cs has the encoders. */
export function encodingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // A prefix in the encoded text shifts the secret by one or two bytes; the padding stays, so only a text that ends with it matches.
  const shifted = [1, 2].map((by) => bytes.subarray(bytes.length > by ? by : 0).toString('base64'));
  return [
    bytes.toString('base64'),
    ...shifted,
    secret.replaceAll('"', '\\"'),
    secret.replaceAll("'", "''"),
    jsonText(secret),
    encodeURIComponent(secret.toWellFormed()).replace(/[!'()*]/g, percent),
    secret.replace(/[<>"'&]/g, (character) => XML[character] ?? character),
    secret.length > 8 && /^".*"$/s.test(secret) ? secret.slice(1, -1) : '',
    ...partsAtAmpersand(secret).filter(({ length }) => length >= 6),
  ];
}

const XML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
};

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** JSON as Newtonsoft writes it, which escapes Unicode line ends too. */
function jsonText(secret: string): string {
  return JSON.stringify(secret.toWellFormed())
    .slice(1, -1)
    .replace(/[\x85\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** PowerShell colours a failing command from an ampersand on: it splits at `&+` and the letter after it, else at the last `&`. */
function partsAtAmpersand(secret: string): string[] {
  const plus = secret.indexOf('&+');
  if (plus >= 0) return [secret.slice(0, plus + 2), secret.slice(plus + 3)];
  const last = secret.lastIndexOf('&');
  return last < 0 ? [] : [secret.slice(0, last + 1), secret.slice(last + 1)];
}
