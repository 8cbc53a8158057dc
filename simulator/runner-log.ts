/** The log of a step and its annotations, as GitHub shows them. */
import { commandOf } from './workflow-commands.ts';

export type Stream = 'stdout' | 'stderr';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** Masked. */
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

const MAX_ANNOTATIONS_PER_LEVEL = 10;
const LEVELS = { error: 'Error', warning: 'Warning', notice: 'Notice' } as const;

/** @param masks the job's secrets; `add-mask` adds to them */
export function createLog(masks: Set<string>) {
  const lines: string[] = [];
  const annotations: Annotation[] = [];
  let isInGroup = false;
  const mask = (text: string): string => [...masks].reduce((result, secret) => result.replaceAll(secret, '***'), text);
  const write = (text: string): void =>
    void lines.push(
      ...mask(text)
        .split('\n')
        .map((line) => `${isInGroup ? '  ' : ''}${line}`),
    );
  const annotate = (level: Annotation['level'], text: string, properties: Annotation['properties'] = {}): void => {
    const isShown = annotations.filter((other) => other.level === level).length < MAX_ANNOTATIONS_PER_LEVEL;
    if (isShown) annotations.push({ level, message: mask(text), properties });
    write(`${LEVELS[level]}: ${text}`);
  };

  return {
    annotations,
    mask,
    warn: (message: string): void => annotate('warning', message),
    /** Executes the line's command, or shows the line. */
    addLine: (line: string): void => {
      const { name = '', data = '', properties = {} } = commandOf(line) ?? {};
      const command = name.toLowerCase();
      if (command === 'add-mask') {
        for (const secret of [data, ...data.split(/[\r\n]/)]) if (secret.trim() !== '') masks.add(secret.trim());
      } else if (command === 'group') {
        isInGroup = false;
        write(`▾ ${data}`);
        isInGroup = true;
      } else if (command === 'endgroup') isInGroup = false;
      else if (command in LEVELS) annotate(command as Annotation['level'], data, properties);
      else if (command !== 'debug') write(line);
    },
    shown: (): string => lines.map((line) => `${line}\n`).join(''),
  };
}
