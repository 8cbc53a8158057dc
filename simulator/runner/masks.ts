/** What the runner hides: secrets and what they become on their way. Rules of actions/runner 2.336.0. */

export interface Masks {
  /** The value as it is, and each of its lines: Runner.Worker/Worker.cs for a job's secrets, ActionCommandManager.cs for `add-mask`. */
  add(value: string): void;
  /** The value alone. */
  addWhole(value: string): void;
  /** The text with `***` for every secret in it. */
  mask(text: string): string;
}

export function createMasks(): Masks {
  const known = new Set<string>();
  const addWhole = (value: string): void => {
    if (value === '') return;
    for (const text of [value, ...spellings(value)]) if (text !== '') known.add(text);
  };
  return {
    addWhole,
    add: (value) => {
      addWhole(value);
      for (const line of value.split(/[\r\n]/)) addWhole(line.trim());
    },
    mask: (text) => hide(text, known),
  };
}

/** Sdk/DTLogging/Logging/SecretMasker.cs: overlapping and neighbouring finds become one `***`. */
function hide(text: string, known: ReadonlySet<string>): string {
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

/** The encoders that Runner.Common/HostContext.cs registers, of Sdk/DTLogging/Logging/ValueEncoders.cs. */
export function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // What stood before it in the encoded text moves it by one or two bytes; the padding stays, so only what ends with it is found.
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
    ...aroundAmpersand(secret).filter(({ length }) => length >= 6),
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

/** Newtonsoft escapes the line ends of Unicode too. */
function jsonText(secret: string): string {
  return JSON.stringify(secret.toWellFormed())
    .slice(1, -1)
    .replace(/[\x85\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** PowerShell colours a command that fails from an ampersand on: at `&+` it takes the letter after it, else the last `&` parts it. */
function aroundAmpersand(secret: string): string[] {
  const plus = secret.indexOf('&+');
  if (plus >= 0) return [secret.slice(0, plus + 2), secret.slice(plus + 3)];
  const last = secret.lastIndexOf('&');
  return last < 0 ? [] : [secret.slice(0, last + 1), secret.slice(last + 1)];
}
