/** Processes the lines that a step writes: commands, annotations, the log. Rules of actions/runner 2.336.0. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandOf, KNOWN, splitLines, type FoundCommand } from '../workflow-commands.ts';
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

/** State that the steps of a job share. */
export interface Job {
  readonly masks: Masks;
  matchers: readonly MatcherConfig[];
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** Masked and cut. */
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Its source, if not a command of the step: `runner`, or the owner of a problem matcher. */
  readonly source?: string;
}

/** Runner.Worker/ExecutionContext.cs, AddIssue. */
const MAX_ANNOTATION_CHARACTERS = 4_096;
const MAX_ANNOTATIONS_PER_LEVEL = 10;

export interface Output {
  /** Processes the next line, in the order in which the runner reads them. */
  line(line: string, stream: Stream): void;
  /** Adds an annotation of the runner. */
  reportError(message: string): void;
  warning(message: string): void;
  /** Makes the step red whatever its exit code is. */
  fail(): void;
  readonly failed: () => boolean;
  readonly annotations: readonly Annotation[];
  /** The values of `add-mask`, in order. */
  readonly masks: readonly string[];
  /** The outputs of the `set-output` command, in order. */
  readonly outputs: readonly (readonly [name: string, value: string])[];
  /** The raw log without timestamps; an entry may have several lines. */
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
  /** ActionCommandManager.cs: the token of `stop-commands`; while it is set, only the command of this name acts, and it resumes. */
  let token: string | undefined;
  let isBroken = false;
  // ExecutionContext.cs: on from the start in debug mode.
  let isEchoOn = debug;
  // Handlers/NodeScriptActionHandler.cs has one reader for each stream: a match over several lines is within one stream.
  const matchers: Record<Stream, Matcher[]> = {
    stdout: job.matchers.map(createMatcher),
    stderr: job.matchers.map(createMatcher),
  };

  const write = (text: string): void => void log.push(job.masks.mask(text));
  const annotate = ({ level, message, properties }: Issue, source?: string, line = ''): void => {
    // Only the message is masked; properties are not.
    const text = job.masks.mask(message).slice(0, MAX_ANNOTATION_CHARACTERS);
    if (annotations.filter((other) => other.level === level).length < MAX_ANNOTATIONS_PER_LEVEL) {
      annotations.push({ level, message: text, properties, ...(source === undefined ? {} : { source }) });
    }
    if (line + text !== '') write(`##[${level}]${line || text}`);
  };
  const annotateAs = (level: 'error' | 'warning') => (message: string) =>
    annotate({ level, message, properties: {} }, 'runner');
  const error = annotateAs('error');
  const warning = annotateAs('warning');
  const writeDebug = (message: string): void => {
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
  const execute = ({ name, data, properties }: FoundCommand): void => {
    switch (name.toLowerCase()) {
      case 'error':
      case 'warning':
      case 'notice':
        annotate({ level: name.toLowerCase() as Annotation['level'], message: data, properties });
        return;
      case 'debug':
        writeDebug(data);
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
        if (isEchoOn) write('::add-mask::***');
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
        isEchoOn = data.trim().toLowerCase() === 'on';
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
        // set-env and add-path, which only an unsafe variable would allow.
        throw new Error(`the command ${name} is disabled`);
    }
  };
  const ECHO_OMITTED = new Set(['add-mask', 'debug', 'error', 'notice', 'warning']);

  /** ActionCommandManager.cs, TryProcessCommand. Returns whether the line is a command that the runner acts on. */
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
        // The runner does not catch this error: the step has failed, and its further output is ignored.
        error('stop-commands has a token that is refused');
        hasFailed = isBroken = true;
        return true;
      }
      token = wanted;
      if (wanted.length > 6) job.masks.addWhole(wanted);
      write(line);
      return true;
    }
    if (isEchoOn && !ECHO_OMITTED.has(name)) write(line);
    try {
      execute(command);
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
      // Colours stay: the runner's pattern for them begins with a NUL, which no tool writes.
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
    reportError: error,
    warning,
    fail: () => (hasFailed = true),
    failed: () => hasFailed,
    annotations,
    masks: masked,
    outputs,
    log,
  };
}

/** Whether each group of the log is closed, and none is inside another. */
export function hasBalancedGroups(log: readonly string[]): boolean {
  const names = log.flatMap(splitLines).flatMap((line) => /^##\[(group|endgroup)\]/.exec(line)?.[1] ?? []);
  return names.length % 2 === 0 && names.every((name, at) => name === (at % 2 === 0 ? 'group' : 'endgroup'));
}

/** The log as GitHub's page shows it: lines that begin with `##[…]` are folded or coloured, whatever wrote them. */
export function renderLog(log: readonly string[]): string {
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
