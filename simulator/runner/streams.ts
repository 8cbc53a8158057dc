/** Reads what a step writes, line by line in the runner's order. */
import type { ChildProcess } from 'node:child_process';
import { splitLines } from '../workflow-commands.ts';
import type { Stream } from './output.ts';

export interface StreamHandlers {
  readonly onLine: (line: string, stream: Stream) => void;
  /** @param text all that the stream has carried */
  readonly onChunk: (text: string, stream: Stream) => void;
}

export function readStreams(child: ChildProcess, { onLine, onChunk }: StreamHandlers) {
  const texts: Record<Stream, string> = { stdout: '', stderr: '' };
  let firstOutputAt: number | null = null;
  let lastOutputAt: number | null = null;

  // ProcessInvoker.cs, ProcessOutput: of the lines that wait, stderr's come before stdout's.
  const waiting: Record<Stream, string[]> = { stderr: [], stdout: [] };
  let batch: NodeJS.Immediate | undefined;
  const processWaiting = (): void => {
    batch = undefined;
    for (const stream of ['stderr', 'stdout'] as const) {
      for (const line of waiting[stream].splice(0)) onLine(line, stream);
    }
  };
  const add = (text: string, stream: Stream): void => {
    waiting[stream].push(...splitLines(text));
    batch ??= setImmediate(processWaiting);
  };

  for (const stream of ['stdout', 'stderr'] as const) {
    let incomplete = '';
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      lastOutputAt = performance.now();
      firstOutputAt ??= lastOutputAt;
      texts[stream] += chunk;
      incomplete += chunk;
      const complete = incomplete.lastIndexOf('\n') + 1;
      add(incomplete.slice(0, complete), stream);
      incomplete = incomplete.slice(complete);
      onChunk(texts[stream], stream);
    });
    child[stream]?.on('close', () => add(incomplete, stream));
  }

  return {
    texts,
    /** null: no output. */
    firstOutputAt: (): number | null => firstOutputAt,
    lastOutputAt: (): number | null => lastOutputAt,
    /** Processes the lines that still wait, once the streams are closed. */
    finish: (): void => {
      clearImmediate(batch);
      processWaiting();
    },
  };
}
