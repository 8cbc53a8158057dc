/** Processes the lines that a step writes: commands, annotations, the log. Rules of actions/runner 2.336.0. */
import { createCommands } from './commands.ts';
import { createLog, type Annotation } from './log.ts';
import type { Masks } from './masks.ts';
import { createStepMatchers, type MatcherConfig } from './matchers.ts';

export type Stream = 'stdout' | 'stderr';

/** State that the steps of a job share. */
export interface Job {
  readonly masks: Masks;
  matchers: readonly MatcherConfig[];
}

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
  const log = createLog(job.masks, debug);
  const matchers = createStepMatchers(job);
  let hasFailed = false;
  const fail = (): void => void (hasFailed = true);
  const commands = createCommands({ masks: job.masks, log, matchers, workspace, debug, fail });
  return {
    // Handlers/OutputManager.cs, OnDataReceived.
    line: (line, stream) => {
      if (commands.isBroken() || commands.process(line)) return;
      const text = line.replaceAll(/##\[(?=start-action|end-action)/g, '##[\\');
      // Colours stay: the runner's pattern for them begins with a NUL, which no tool writes.
      const match = matchers.match(text, stream);
      if (match === undefined) log.write(text);
      else log.annotate(match.issue, match.owner, text);
    },
    reportError: log.error,
    warning: log.warning,
    fail,
    failed: () => hasFailed,
    annotations: log.annotations,
    masks: commands.masks,
    outputs: commands.outputs,
    log: log.entries,
  };
}
