/**
 * An oracle of how GitHub's runner reads a step's output, independent of how the action escapes it. The rules are those of
 * actions/runner 2.336.0; comments name its files without `src/`. It finds more commands than the runner where the runner's reading
 * depends on its platform (ignorable characters).
 */

export interface FoundCommand {
  /** As written; the runner ignores case. */
  readonly name: string;
  /** Whether the runner knows a command of this name. */
  readonly known: boolean;
  /** `::name::` at a line's start, or the older `##[name]` anywhere in it. */
  readonly style: 'current' | 'legacy';
  /** Names in lower case. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
  /** From 0. */
  readonly line: number;
}

/** The commands of a step: Runner.Common/ExtensionManager.cs, and `stop-commands` of Runner.Worker/ActionCommandManager.cs. */
const KNOWN: ReadonlySet<string> = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

/** Characters that a culture-aware comparison ignores, so that `:<U+200B>:` may equal `::`. */
const IGNORABLE = /[^\P{Cc}\t\n\v\f\r\x85]|\p{Cf}|\p{Default_Ignorable_Code_Point}/gu;

/** Unicode white space, which the runner trims. */
const LEADING_SPACE = /^[\s\x85]+/u;

/** Splits like .NET's reader: at `\n`, `\r\n` and a bare `\r`; no empty line after a final line end. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** All workflow commands in a stream's text in order, also of unknown name. Linear in the text's length. */
export function findCommands(text: string): FoundCommand[] {
  return splitLines(text).flatMap((line, index) => commandsIn(line, index));
}

/** The command that the runner would act on in this line, if any. */
export function commandOf(line: string): FoundCommand | undefined {
  return commandsIn(line, 0).find((command) => command.known);
}

/** Whether the text contains `##[` anywhere: a viewer of the log may read a command where the runner does not. */
export function hasLegacyPrefix(text: string): boolean {
  return text.replace(IGNORABLE, '').includes('##[');
}

function commandsIn(line: string, index: number): FoundCommand[] {
  if (!line.includes(':') && !line.includes('#')) return [];
  const plain = line.replace(IGNORABLE, '');
  const current = currentStyle(line, index);
  const first = current?.known === true ? current : (currentStyle(plain, index) ?? current);
  // ActionCommandManager.TryProcessCommand tries the older style where the newer one names no known command.
  if (first?.known === true) return [first];
  return [first, legacyStyle(plain, index)].filter((command) => command !== undefined);
}

/** Runner.Common/ActionCommand.cs, TryParseV2. */
function currentStyle(line: string, index: number): FoundCommand | undefined {
  const message = line.replace(LEADING_SPACE, '');
  if (!message.startsWith('::')) return undefined;
  const end = message.indexOf('::', 2);
  if (end < 0) return undefined;
  return commandFrom(message.slice(2, end), message.slice(end + 2), 'current', index);
}

/** Runner.Common/ActionCommand.cs, TryParse: only the first `##[` of a line counts, whatever it names. */
function legacyStyle(line: string, index: number): FoundCommand | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return undefined;
  return commandFrom(line.slice(start + 3, end), line.slice(end + 1), 'legacy', index);
}

function commandFrom(info: string, data: string, style: FoundCommand['style'], line: number): FoundCommand {
  const space = info.indexOf(' ');
  const name = space < 0 ? info : info.slice(0, space);
  const known = KNOWN.has(name.toLowerCase());
  const properties: Record<string, string> = {};
  if (known && space > 0) {
    const text = info.slice(space + 1);
    for (const pair of style === 'current' ? text.trim().split(',') : text.split(';')) {
      // Empty pieces are skipped: `a==b` and `=a=b` are a pair too.
      const [, key, value] = /^=*([^=]+)=+([^=].*)$/s.exec(pair) ?? [];
      if (key !== undefined && value !== undefined) {
        properties[key.toLowerCase()] = unescape(value, PROPERTY[style]);
      }
    }
  }
  return { name, known, style, properties, data: known ? unescape(data, DATA[style]) : data, line };
}

type Escapes = readonly (readonly [escaped: string, plain: string])[];
const LEGACY: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];
const DATA: Record<FoundCommand['style'], Escapes> = {
  current: [
    ['%0D', '\r'],
    ['%0A', '\n'],
    ['%25', '%'],
  ],
  legacy: LEGACY,
};
const PROPERTY: Record<FoundCommand['style'], Escapes> = {
  current: [
    ['%0D', '\r'],
    ['%0A', '\n'],
    ['%3A', ':'],
    ['%2C', ','],
    ['%25', '%'],
  ],
  legacy: LEGACY,
};

function unescape(text: string, escapes: Escapes): string {
  return escapes.reduce((result, [escaped, plain]) => result.replaceAll(escaped, plain), text);
}

export interface ParsedOutputs {
  /** Last value of each name; names that differ only in case are one, under its first spelling. No prototype. */
  readonly outputs: Record<string, string>;
  /** All pairs in the file's order. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** Why the runner would fail the step; pairs before an error count. */
  readonly errors: readonly string[];
}

/** Reads a file command file (output, env or state) as Runner.Worker/FileCommandManager.cs does on Linux. */
export function parseOutputFile(text: string): ParsedOutputs {
  const pairs: (readonly [string, string])[] = [];
  const errors: string[] = [];
  try {
    for (const [name, value] of readPairs(text.startsWith('\ufeff') ? text.slice(1) : text)) {
      if (name === '') throw new Error('a name must not be empty');
      pairs.push([name, value]);
    }
  } catch (error) {
    errors.push((error as Error).message);
  }
  return { outputs: lastOf(pairs), pairs, errors };
}

/** The last value of each name; names ignore case, and keep their first spelling. */
function lastOf(pairs: readonly (readonly [name: string, value: string])[]): Record<string, string> {
  const outputs = Object.create(null) as Record<string, string>;
  const spelling = new Map<string, string>();
  for (const [name, value] of pairs) {
    const folded = name.toUpperCase();
    if (!spelling.has(folded)) spelling.set(folded, name);
    outputs[spelling.get(folded)!] = value;
  }
  return outputs;
}

function* readPairs(text: string): Generator<readonly [string, string]> {
  let index = 0;
  /** Only `\n` ends a line here; a last line may lack it. */
  const readLine = (): { line: string; ended: boolean } | null => {
    if (index >= text.length) return null;
    const from = index;
    const lineFeed = text.indexOf('\n', from);
    index = lineFeed < 0 ? text.length : lineFeed + 1;
    return { line: text.slice(from, lineFeed < 0 ? text.length : lineFeed), ended: lineFeed >= 0 };
  };
  for (let read = readLine(); read !== null; read = readLine()) {
    const { line } = read;
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      yield [line.slice(0, equals), line.slice(equals + 1)];
    } else if (heredoc >= 0) {
      const name = line.slice(0, heredoc);
      const delimiter = line.slice(heredoc + 2);
      if (name === '' || delimiter === '') throw new Error('name and delimiter must not be empty');
      const from = index;
      let to = index;
      for (;;) {
        const next = readLine();
        if (next === null) throw new Error('no matching delimiter');
        if (next.line === delimiter) break;
        if (!next.ended) throw new Error('the last line before the end of the file has no line end');
        to = index - 1;
      }
      yield [name, text.slice(from, to)];
    } else {
      throw new Error('a line is neither name=value nor name<<delimiter');
    }
  }
}
