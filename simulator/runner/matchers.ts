/** Problem matchers: lines of a later step that an earlier step asked the runner to turn into annotations. Rules of actions/runner 2.336.0. */

/** What a pattern takes from a line, by the number of its group. */
const PARTS = ['file', 'line', 'column', 'severity', 'code', 'message', 'fromPath'] as const;
type Part = (typeof PARTS)[number];

/** As in the file; a number may be text. */
interface PatternConfig extends Partial<Record<Part, number | string | null>> {
  readonly regexp?: string;
  readonly loop?: boolean;
}

interface Pattern {
  readonly regexp: RegExp;
  readonly groups: Readonly<Partial<Record<Part, number>>>;
  readonly loop: boolean;
}

export interface MatcherConfig {
  readonly owner: string;
  readonly severity: string;
  readonly patterns: readonly Pattern[];
}

type Match = Readonly<Partial<Record<Part, string>>>;

interface Matcher {
  readonly owner: string;
  /** What the line completes, if anything. */
  match(line: string): Match | undefined;
  reset(): void;
}

export interface Issue {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

function sameOwner(one: { readonly owner: string }, other: { readonly owner: string }): boolean {
  return one.owner.toLowerCase() === other.owner.toLowerCase();
}

/**
 * Reads a matchers' file: Runner.Worker/IssueMatcher.cs, the Validate functions.
 * @throws Error for a file that fails the step
 */
export function readMatchers(text: string): MatcherConfig[] {
  const { problemMatcher = [] } = JSON.parse(text.replace(/^\ufeff/, '')) as {
    problemMatcher?: { owner?: string; severity?: string; pattern?: PatternConfig[] }[];
  };
  const owners = new Set<string>();
  return problemMatcher.map(({ owner = '', severity = '', pattern = [] }) => {
    if (owner === '') throw new Error('a matcher without an owner');
    if (owners.has(owner.toLowerCase())) throw new Error(`two matchers of ${owner}`);
    owners.add(owner.toLowerCase());
    if (!['', 'error', 'warning', 'notice'].includes(severity.toLowerCase())) {
      throw new Error(`the matcher of ${owner} has an unknown severity`);
    }
    if (pattern.length === 0) throw new Error(`the matcher of ${owner} has no pattern`);
    const patterns = pattern.map((one, at) => readPattern(one, at, pattern.length));
    for (const part of PARTS) {
      const times = patterns.filter(({ groups }) => groups[part] !== undefined).length;
      if (times > 1) throw new Error(`${part} is set twice`);
      if (times === 0 && part === 'message') throw new Error('no pattern sets the message');
    }
    return { owner, severity, patterns };
  });
}

function readPattern(config: PatternConfig, at: number, count: number): Pattern {
  const regexp = new RegExp(asDotNet(config.regexp ?? ''));
  const groupCount = new RegExp(`${regexp.source}|`).exec('')!.length;
  const groups: Partial<Record<Part, number>> = {};
  for (const part of PARTS) {
    if (config[part] == null) continue;
    const group = Number(config[part]);
    if (!(group >= 0 && group < groupCount)) throw new Error(`${part} names a group that there is not`);
    groups[part] = group;
  }
  const loop = config.loop === true;
  if (loop && (at === 0 || at < count - 1)) throw new Error('only the last of several patterns may loop');
  if (loop && groups.message === undefined) throw new Error('the pattern that loops must set the message');
  return { regexp, groups, loop };
}

/** Converts a .NET pattern: its dot matches all but `\n`, and with its ECMAScript option `\s` is ASCII white space. */
function asDotNet(pattern: string): string {
  let inClass = false;
  return pattern.replace(/\\[^]|[[\].]/g, (piece) => {
    if (piece === '[') inClass = true;
    if (piece === ']') inClass = false;
    if (piece === '.') return inClass ? '.' : '[^\\n]';
    if (piece === '\\s') return inClass ? ' \\f\\n\\r\\t\\v' : '[ \\f\\n\\r\\t\\v]';
    if (piece === '\\S') return inClass ? '\\S' : '[^ \\f\\n\\r\\t\\v]';
    return piece;
  });
}

/** Runner.Worker/IssueMatcher.cs, Match. */
function createMatcher({ owner, severity, patterns }: MatcherConfig): Matcher {
  /** The matches of all patterns but the last so far. */
  let running: (Match | undefined)[] = [];
  const take = (pattern: Pattern, line: string, before: Match | undefined): Match | undefined => {
    const found = pattern.regexp.exec(line);
    if (found === null) return undefined;
    const accepted = Object.entries(pattern.groups).map(([part, group]) => [part, found[group] ?? '']);
    return { ...(Object.fromEntries(accepted) as Match), ...before };
  };
  return {
    owner,
    reset: () => (running = []),
    match: (line) => {
      const last = patterns.length - 1;
      // Start with the last pattern, so that one line advances a match by one pattern only.
      for (let at = last; at >= 0; at--) {
        const before = running[at - 1];
        if (at > 0 && before === undefined) continue;
        const accepted = take(patterns[at]!, line, before);
        if (at < last) {
          running[at] = accepted;
        } else if (accepted === undefined) {
          if (at > 0) running[at - 1] = undefined;
        } else {
          running = [];
          if (patterns[at]!.loop) running[at - 1] = before;
          return accepted.severity === undefined || accepted.severity === ''
            ? { ...accepted, severity }
            : accepted;
        }
      }
      return undefined;
    },
  };
}

/**
 * Runner.Worker/Handlers/OutputManager.cs, ConvertToIssue; undefined where the match has no message or an unknown severity. The file
 * is dropped, as the runner drops one outside a checkout of the job's repository: the simulated workspace is no checkout.
 */
function issueOf(match: Match): Issue | undefined {
  const { message = '', severity = '' } = match;
  const level = severity === '' ? 'error' : severity.toLowerCase();
  if (message.trim() === '' || (level !== 'error' && level !== 'warning' && level !== 'notice'))
    return undefined;
  const numbers = { line: match.line, col: match.column };
  const properties = Object.fromEntries(
    Object.entries(numbers).filter(
      (pair): pair is [string, string] => /^\d+$/.test(pair[1] ?? '') && Number(pair[1]) < 2 ** 31,
    ),
  );
  const code = match.code?.trim() ?? '';
  return { level, message, properties: code === '' ? properties : { ...properties, code } };
}

export type StepMatchers = ReturnType<typeof createStepMatchers>;

/** The matchers of a step: those that earlier steps of its job added, and its own changes, which later steps see too. */
export function createStepMatchers(job: { matchers: readonly MatcherConfig[] }) {
  // Handlers/NodeScriptActionHandler.cs has one reader for each stream: a match over several lines is within one stream.
  const matchers: Record<'stdout' | 'stderr', Matcher[]> = {
    stdout: job.matchers.map(createMatcher),
    stderr: job.matchers.map(createMatcher),
  };
  const streams = ['stdout', 'stderr'] as const;
  return {
    /** ExecutionContext.cs, AddMatchers, and OutputManager.cs, OnMatcherChanged: the newest come first. */
    add: (added: readonly MatcherConfig[]): void => {
      const others = job.matchers.filter((old) => !added.some((one) => sameOwner(one, old)));
      job.matchers = [...added, ...others];
      for (const one of added) {
        for (const stream of streams) {
          const rest = matchers[stream].filter((old) => !sameOwner(one, old));
          matchers[stream] = [createMatcher(one), ...rest];
        }
      }
    },
    remove: (owners: readonly { readonly owner: string }[]): void => {
      const stays = (one: { readonly owner: string }) => !owners.some((owner) => sameOwner(owner, one));
      job.matchers = job.matchers.filter(stays);
      for (const stream of streams) matchers[stream] = matchers[stream].filter(stays);
    },
    /** The annotation that a line completes, if any. */
    match: (
      line: string,
      stream: 'stdout' | 'stderr',
    ): { readonly issue: Issue; readonly owner: string } | undefined => {
      for (const matcher of matchers[stream]) {
        const match = matcher.match(line);
        if (match === undefined) continue;
        for (const other of matchers[stream]) if (other !== matcher) other.reset();
        const issue = issueOf(match);
        if (issue !== undefined) return { issue, owner: matcher.owner };
      }
      return undefined;
    },
  };
}
