/** The log of a step and its annotations. Rules of actions/runner 2.336.0. */
import { splitLines } from '../workflow-commands.ts';
import type { Masks } from './masks.ts';
import type { Issue } from './matchers.ts';

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

/** The step's log and annotations, masked. */
export function createLog(masks: Masks, debug: boolean) {
  const entries: string[] = [];
  const annotations: Annotation[] = [];
  const write = (text: string): void => void entries.push(masks.mask(text));
  const annotate = ({ level, message, properties }: Issue, source?: string, line = ''): void => {
    // Only the message is masked; properties are not.
    const text = masks.mask(message).slice(0, MAX_ANNOTATION_CHARACTERS);
    if (annotations.filter((other) => other.level === level).length < MAX_ANNOTATIONS_PER_LEVEL) {
      annotations.push({ level, message: text, properties, ...(source === undefined ? {} : { source }) });
    }
    if (line + text !== '') write(`##[${level}]${line || text}`);
  };
  const annotateAs = (level: 'error' | 'warning') => (message: string) =>
    annotate({ level, message, properties: {} }, 'runner');
  return {
    entries,
    annotations,
    write,
    annotate,
    /** An annotation of the runner. */
    error: annotateAs('error'),
    warning: annotateAs('warning'),
    debug: (message: string): void => {
      if (debug) for (const line of message.split(/\r?\n/)) write(`##[debug]${line}`);
    },
  };
}
export type Log = ReturnType<typeof createLog>;

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
