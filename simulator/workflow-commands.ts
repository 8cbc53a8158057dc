/**
 * Reads a step's output as GitHub's runner does, independently of the action's escapes. The rules are those of
 * actions/runner 2.336.0, whose files the comments name without `src/`. It finds more commands than the runner if the runner's result
 * depends on its platform (ignorable characters).
 */

interface FoundCommand {
  /** The name as written. The runner ignores case. */
  readonly name: string;
  /** Whether the runner knows a command of this name. */
  readonly known: boolean;
  /** `::name::` at a line's start, or the older `##[name]` anywhere in it. */
  readonly style: 'current' | 'legacy';
  /** Names in lower case. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The commands of a step: Runner.Common/ExtensionManager.cs, and `stop-commands` of Runner.Worker/ActionCommandManager.cs. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'notice', 'remove-matcher'],
  ...['save-state', 'set-env', 'set-output', 'stop-commands', 'warning'],
]);

/** Characters that a culture-aware comparison ignores, so that `:<U+200B>:` may equal `::`. */
const IGNORABLE = /[^\P{Cc}\t\n\v\f\r\x85]|\p{Cf}|\p{Default_Ignorable_Code_Point}/gu;

/** Unicode white space, which the runner trims. */
const LEADING_SPACE = /^[\s\x85]+/u;

/** Splits like .NET's reader, at `\n`, `\r\n` and a bare `\r`, without an empty line after a final line end. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Lists all workflow commands in a stream's text, also unknown ones, in linear time. */
export function findCommands(text: string): FoundCommand[] {
  return splitLines(text).flatMap(commandsIn);
}

/** Returns the command that the runner would execute in this line, if any. */
export function commandOf(line: string): FoundCommand | undefined {
  return commandsIn(line).find((command) => command.known);
}

/** Does the text contain `##[` anywhere? A log viewer may read a command there although the runner does not. */
export function hasLegacyPrefix(text: string): boolean {
  return text.replace(IGNORABLE, '').includes('##[');
}

function commandsIn(line: string): FoundCommand[] {
  if (!line.includes(':') && !line.includes('#')) return [];
  const plain = line.replace(IGNORABLE, '');
  const current = currentStyle(line);
  const first = current?.known === true ? current : (currentStyle(plain) ?? current);
  // ActionCommandManager.TryProcessCommand tries the older style if the newer one names no known command.
  const all = first?.known === true ? [first] : [first, legacyStyle(plain)];
  return all.filter((command) => command !== undefined);
}

/** Runner.Common/ActionCommand.cs, TryParseV2. */
function currentStyle(line: string): FoundCommand | undefined {
  const [, info, data] = /^::(.*?)::(.*)$/s.exec(line.replace(LEADING_SPACE, '')) ?? [];
  return info === undefined ? undefined : createCommand(info, data!, 'current');
}

/** Runner.Common/ActionCommand.cs, TryParse. Only the first `##[` of a line counts, whatever it names. */
function legacyStyle(line: string): FoundCommand | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  return end < 0 ? undefined : createCommand(line.slice(start + 3, end), line.slice(end + 1), 'legacy');
}

function createCommand(info: string, data: string, style: FoundCommand['style']): FoundCommand {
  const [, name, text = ''] = /^([^ ]*)(?: (.*))?$/s.exec(info)!;
  const known = KNOWN.has(name!.toLowerCase());
  // The runner skips empty pieces, so `a==b` and `=a=b` are pairs too.
  const pairs = (style === 'current' ? text.trim().split(',') : text.split(';')).flatMap((pair) => {
    const [, key, value] = /^=*([^=]+)=+([^=].*)$/s.exec(pair) ?? [];
    return known && key !== undefined ? [[key.toLowerCase(), unescape(value!, style === 'current' ? PROPERTY : LEGACY)]] : [];
  });
  const read = known ? unescape(data, style === 'current' ? DATA : LEGACY) : data;
  return { name: name!, known, style, properties: Object.fromEntries(pairs) as Record<string, string>, data: read };
}

const DATA = { '%0D': '\r', '%0A': '\n', '%25': '%' };
const PROPERTY = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
const LEGACY = { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']', '%25': '%' };

function unescape(text: string, escapes: Readonly<Record<string, string>>): string {
  return Object.entries(escapes).reduce((result, [escaped, plain]) => result.replaceAll(escaped, plain), text);
}

/**
 * Reads a file command file (output, env or state) as Runner.Worker/FileCommandManager.cs does on Linux: all pairs in the file's order,
 * the last value of each name (names that differ only in case are one, under its first spelling), and why the runner would fail the
 * step; pairs before an error count.
 */
export function parseOutputFile(text: string) {
  const pairs: [name: string, value: string][] = [];
  const errors: string[] = [];
  try {
    for (const pair of readPairs(text.replace(/^\ufeff/, ''))) pairs.push(pair);
  } catch (error) {
    errors.push((error as Error).message);
  }
  const last = new Map<string, [string, string]>();
  for (const [name, value] of pairs) last.set(name.toUpperCase(), [last.get(name.toUpperCase())?.[0] ?? name, value]);
  const outputs: Readonly<Record<string, string>> = Object.fromEntries(last.values());
  return { outputs, pairs, errors };
}

function* readPairs(text: string): Generator<[string, string]> {
  let rest = text;
  while (rest !== '') {
    // Only `\n` ends a line here, and the last line may lack it.
    const [whole, line = ''] = /^(.*?)(?:\n|$)/s.exec(rest)!;
    rest = rest.slice(whole.length);
    if (line === '') continue;
    const [, name, sign, value = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (name === undefined) throw new Error('a line is neither name=value nor name<<delimiter');
    if (name === '' || (sign === '<<' && value === '')) throw new Error('name and delimiter must not be empty');
    if (sign === '=') yield [name, value];
    else {
      const body = `\n${rest}\n`;
      const end = body.indexOf(`\n${value}\n`);
      if (end < 0) throw new Error('no matching delimiter');
      yield [name, rest.slice(0, Math.max(0, end - 1))];
      rest = rest.slice(end + value.length + 1);
    }
  }
}
