/** The runner: log, masks, annotations, outputs, summary, files. Only this file imports @actions/core. */
import { appendFileSync, closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { escapeForAnnotation, type LogLine } from '../text/escape.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Runner {
  readonly environment: Environment;
  /** Hides the text in the log from here on. */
  mask(secret: string): void;
  line(text: LogLine): void;
  /** Writes a line that GitHub shows only if debug logging is on. */
  debug(text: LogLine): void;
  startGroup(title: LogLine): void;
  endGroup(): void;
  /** Makes an annotation. The message begins with trusted words. */
  error(message: string): void;
  warning(message: string): void;
  /** Sets the title of later annotations, the author's; empty: GitHub's. */
  titleAnnotations(title: string): void;
  /** @throws Error there is no file for outputs, or it cannot be written */
  checkOutputs(): void;
  /** @throws Error as `checkOutputs`, or the name is not `[A-Za-z_][A-Za-z0-9_-]*` */
  output(name: string, value: string): void;
  /** Appends to the job summary. @throws Error it cannot be written, or is over 1 MiB, which GitHub would drop whole */
  summary(markdown: string): void;
  /** Writes below RUNNER_TEMP in a folder of the step's own, which only the job's user can read. @returns the path */
  writeFile(name: string, text: string | Iterable<string>): string;
}

const MAX_SUMMARY_BYTES = 1024 * 1024;

export function createRunner(environment: Environment): Runner {
  let folder: string | undefined;
  let properties: core.AnnotationProperties = {};
  const { GITHUB_OUTPUT = '', GITHUB_STEP_SUMMARY = '', RUNNER_TEMP = '' } = environment;
  // Without the file @actions/core would print outputs to the log, as commands. A full disk rejects only what has a byte; the
  // runner skips empty lines.
  const checkOutputs = () => appendFileSync(GITHUB_OUTPUT, '\n');

  return {
    environment,
    mask: core.setSecret,
    line: ({ safe }) => core.info(safe),
    debug: ({ safe }) => core.debug(safe),
    startGroup: ({ safe }) => core.startGroup(safe),
    endGroup: core.endGroup,
    error: (message) => core.error(escapeForAnnotation(message), properties),
    warning: (message) => core.warning(escapeForAnnotation(message), properties),
    titleAnnotations: (title) => {
      properties = title === '' ? {} : { title: escapeForAnnotation(title) };
    },
    checkOutputs,
    output: (name, value) => {
      // @actions/core does not check names: one with `=` or a line break would set other outputs.
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
        throw new Error('an output has a name that cannot be written');
      checkOutputs();
      core.setOutput(name, value);
    },
    summary: (markdown) => {
      if (Buffer.byteLength(markdown) > MAX_SUMMARY_BYTES) throw new Error('the job summary is over 1 MiB');
      appendFileSync(GITHUB_STEP_SUMMARY, markdown);
    },
    writeFile: (name, text) => {
      folder ??= mkdtempSync(join(RUNNER_TEMP === '' ? tmpdir() : RUNNER_TEMP, 'alloovium-'));
      const path = join(folder, name);
      const file = openSync(path, 'w', 0o600);
      try {
        for (const piece of typeof text === 'string' ? [text] : text) writeFileSync(file, piece);
      } finally {
        closeSync(file);
      }
      return path;
    },
  };
}
