/** A runner in memory, for jobs in virtual time. */
import type { Host } from '../src/github/host.ts';
import { escapeForLog, escapeInvisible } from '../src/text/escape.ts';

export interface MemoryHost extends Host {
  readonly lines: string[];
  readonly outputs: Map<string, string>;
  readonly errors: string[];
  readonly warnings: string[];
  summaryText: string;
}

/** Keeps what is written, and escapes text as the real host does. */
export function memoryHost(environment: Readonly<Record<string, string | undefined>>): MemoryHost {
  const files = new Map<string, string>();
  const host: MemoryHost = {
    environment,
    lines: [],
    outputs: new Map(),
    errors: [],
    warnings: [],
    summaryText: '',
    mask: () => undefined,
    line: (text) => {
      host.lines.push(typeof text === 'string' ? escapeForLog(text, 2_000) : text.safe);
    },
    debug: () => undefined,
    startGroup: (title) => host.line(title),
    endGroup: () => undefined,
    titleAnnotations: () => undefined,
    error: (message) => {
      host.errors.push(escapeInvisible(message));
    },
    warning: (message) => {
      host.warnings.push(escapeInvisible(message));
    },
    checkOutputs: () => undefined,
    output: (name, value) => {
      host.outputs.set(name, value);
    },
    summary: (text) => {
      host.summaryText += text;
      return Promise.resolve();
    },
    writeFile: (name, ...pieces) => {
      const whole = pieces.map((one) =>
        typeof one === 'string' ? one : (files.get(one.copyOf.slice(8)) ?? ''),
      );
      files.set(name, whole.join(''));
      return `/memory/${name}`;
    },
    readFile: (path) => {
      const text = files.get(path);
      return text === undefined ? 'missing' : Buffer.from(text);
    },
  };
  return host;
}
