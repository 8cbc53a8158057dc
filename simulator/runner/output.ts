/** What the runner makes of the lines that a step writes: commands, annotations, the log. Rules of actions/runner 2.336.0. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandOf, KNOWN, splitLines, type FoundCommand } from '../commands.ts';
import type { Masks } from './masks.ts';
import {
  createMatcher,
  issueOf,
  readMatchers,
  sameOwner,
  type Issue,
  type Matcher,
  type MatcherConfig,
} from './matchers.ts';

export type Stream = 'stdout' | 'stderr';

/** What the steps of a job share. */
export interface Job {
  readonly masks: Masks;
  matchers: readonly MatcherConfig[];
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** Without the job's secrets, and cut. */
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Who said it where it was no command of the step: `runner`, or the owner of a problem matcher. */
  readonly by?: string;
}

/** Runner.Worker/ExecutionContext.cs, AddIssue. */
const ANNOTATION_CHARACTERS = 4_096;
const ANNOTATIONS_OF_A_KIND = 10;

export interface Output {
  /** Takes the next line, in the order in which the runner comes to it. */
  line(line: string, stream: Stream): void;
  /** The runner's own words. */
  error(message: string): void;
  warning(message: string): void;
  /** Makes the step red whatever its exit code is. */
  fail(): void;
  readonly failed: () => boolean;
  readonly annotations: readonly Annotation[];
  /** What was masked by `add-mask`, in order. */
  readonly masks: readonly string[];
  /** What the older command set, in order. */
  readonly outputs: readonly (readonly [name: string, value: string])[];
  /** The raw log without its times; an entry may have several lines. */
  readonly log: readonly string[];
}

export function createOutput(
  job: Job,
  { workspace, debug }: { readonly workspace: string; readonly debug: boolean },
): Output {
  const log: string[] = [];
  const annotations: Annotation[] = [];
  const masked: string[] = [];
  const outputs: (readonly [string, string])[] = [];
  let hasFailed = false;
  /** ActionCommandManager.cs: while it is set, only the command of this name is acted on, and that resumes. */
  let token: string | undefined;
  let isBroken = false;
  // ExecutionContext.cs: on from the start where the step is debugged.
  let echoes = debug;
  // Handlers/NodeScriptActionHandler.cs has one reader for each stream: a match over several lines is of one stream.
  const matchers: Record<Stream, Matcher[]> = {
    stdout: job.matchers.map(createMatcher),
    stderr: job.matchers.map(createMatcher),
  };

  const write = (text: string): void => void log.push(job.masks.mask(text));
  const annotate = ({ level, message, properties }: Issue, by?: string, line = ''): void => {
    // Only the message is masked: properties go out as they are.
    const text = job.masks.mask(message).slice(0, ANNOTATION_CHARACTERS);
    if (annotations.filter((other) => other.level === level).length < ANNOTATIONS_OF_A_KIND) {
      annotations.push({ level, message: text, properties, ...(by === undefined ? {} : { by }) });
    }
    if (line + text !== '') write(`##[${level}]${line || text}`);
  };
  const say = (level: 'error' | 'warning') => (message: string) =>
    annotate({ level, message, properties: {} }, 'runner');
  const error = say('error');
  const warning = say('warning');
  const debugged = (message: string): void => {
    if (debug) for (const line of message.split(/\r?\n/)) write(`##[debug]${line}`);
  };

  /** ExecutionContext.cs, AddMatchers, and OutputManager.cs, OnMatcherChanged: the newest come first. */
  const addMatchers = (added: readonly MatcherConfig[]): void => {
    const others = job.matchers.filter((old) => !added.some((one) => sameOwner(one, old)));
    job.matchers = [...added, ...others];
    for (const one of added) {
      for (const stream of ['stdout', 'stderr'] as const) {
        const rest = matchers[stream].filter((old) => !sameOwner(one, old));
        matchers[stream] = [createMatcher(one), ...rest];
      }
    }
  };
  const removeMatchers = (owners: readonly { readonly owner: string }[]): void => {
    const stays = (one: { readonly owner: string }) => !owners.some((owner) => sameOwner(owner, one));
    job.matchers = job.matchers.filter(stays);
    for (const stream of ['stdout', 'stderr'] as const) matchers[stream] = matchers[stream].filter(stays);
  };
  const matchersIn = (path: string) => readMatchers(readFileSync(resolve(workspace, path), 'utf8'));

  /** ActionCommandManager.cs, one class for each. @throws Error where the command fails the step */
  const obey = ({ name, data, properties }: FoundCommand): void => {
    switch (name.toLowerCase()) {
      case 'error':
      case 'warning':
      case 'notice':
        annotate({ level: name.toLowerCase() as Annotation['level'], message: data, properties });
        return;
      case 'debug':
        debugged(data);
        return;
      case 'group':
        write(`##[group]${data}`);
        return;
      case 'endgroup':
        write('##[endgroup]');
        return;
      case 'add-mask':
        if (data.trim() === '') {
          warning('an empty text cannot be masked');
          return;
        }
        if (echoes) write('::add-mask::***');
        job.masks.add(data);
        masked.push(data);
        return;
      case 'set-output':
        if (!properties.name) throw new Error('set-output needs a name');
        outputs.push([properties.name, data]);
        return;
      case 'save-state':
        if (!properties.name) throw new Error('save-state needs a name');
        return;
      case 'echo':
        if (!/^\s*(on|off)\s*$/i.test(data)) throw new Error('echo is on or off');
        echoes = data.trim().toLowerCase() === 'on';
        return;
      case 'add-matcher':
        if (data === '') warning('add-matcher needs a file');
        else addMatchers(matchersIn(data));
        return;
      case 'remove-matcher': {
        const { owner = '' } = properties;
        if ((owner === '') === (data === '')) warning('remove-matcher needs either an owner or a file');
        else removeMatchers(owner === '' ? matchersIn(data) : [{ owner }]);
        return;
      }
      default:
        // set-env and add-path, unless a variable allows them that nobody should set.
        throw new Error(`the command ${name} is disabled`);
    }
  };
  const ECHO_OMITTED = new Set(['add-mask', 'debug', 'error', 'notice', 'warning']);

  /** ActionCommandManager.cs, TryProcessCommand; false where the line is none that the runner acts on. */
  const process = (line: string): boolean => {
    const command = commandOf(line, token);
    if (command === undefined) return false;
    const name = command.name.toLowerCase();
    if (token !== undefined) {
      if (name !== token.toLowerCase()) return false;
      token = undefined;
      write(line);
      return true;
    }
    if (name === 'stop-commands') {
      const wanted = command.data;
      if (wanted === '' || KNOWN.has(wanted.toLowerCase()) || wanted.toLowerCase() === 'pause-logging') {
        // Thrown where nothing catches it: the step is over for the runner, and nothing more of it is read.
        error('stop-commands has a token that is refused');
        hasFailed = isBroken = true;
        return true;
      }
      token = wanted;
      if (wanted.length > 6) job.masks.addWhole(wanted);
      write(line);
      return true;
    }
    if (echoes && !ECHO_OMITTED.has(name)) write(line);
    try {
      obey(command);
    } catch (thrown) {
      error(`cannot process the command ${ECHO_OMITTED.has(name) ? name : line}`);
      error((thrown as Error).message);
      hasFailed = true;
    }
    return true;
  };

  return {
    // Handlers/OutputManager.cs, OnDataReceived.
    line: (line, stream) => {
      if (isBroken || process(line)) return;
      const text = line.replaceAll(/##\[(?=start-action|end-action)/g, '##[\\');
      // Colours stay in it: the runner's pattern for them begins with a NUL, which no tool writes.
      for (const matcher of matchers[stream]) {
        const match = matcher.match(text);
        if (match === undefined) continue;
        for (const other of matchers[stream]) if (other !== matcher) other.reset();
        const issue = issueOf(match);
        if (issue === undefined) continue;
        annotate(issue, matcher.owner, text);
        return;
      }
      write(text);
    },
    error,
    warning,
    fail: () => (hasFailed = true),
    failed: () => hasFailed,
    annotations,
    masks: masked,
    outputs,
    log,
  };
}

/** Whether every group that the log opens is closed, none inside another. */
export function groupsBalanced(log: readonly string[]): boolean {
  const names = log.flatMap(splitLines).flatMap((line) => /^##\[(group|endgroup)\]/.exec(line)?.[1] ?? []);
  return names.length % 2 === 0 && names.every((name, at) => name === (at % 2 === 0 ? 'group' : 'endgroup'));
}

/** The log as GitHub's page shows it: what `##[…]` marks at a line's start is folded or coloured, whoever wrote it. */
export function show(log: readonly string[]): string {
  const out: string[] = [];
  let inGroup = false;
  const put = (text: string): void => void out.push(`${inGroup ? '  ' : ''}${text}`);
  for (const line of log.flatMap((entry) => (entry === '' ? [''] : splitLines(entry)))) {
    const [, mark, rest = ''] = /^##\[(group|endgroup|error|warning|notice)\](.*)$/s.exec(line) ?? [];
    if (mark === 'group') {
      inGroup = false;
      put(`▾ ${rest}`);
      inGroup = true;
    } else if (mark === 'endgroup') inGroup = false;
    else if (mark !== undefined) put(`${mark.slice(0, 1).toUpperCase()}${mark.slice(1)}: ${rest}`);
    else put(line);
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}
