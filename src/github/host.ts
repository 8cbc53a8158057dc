/** The runner's log, masks, annotations, outputs, summary and files, over @actions/core. */
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import {
  escapeForAnnotation,
  escapeForLog,
  logLine,
  escapeQuotations,
  type LogLine,
} from '../text/escape.ts';

/** Why a file was not read. */
export type ReadFault = 'missing' | 'too_large';

/** Content to copy from the file at this path. */
export interface Copy {
  readonly copyOf: string;
}

/** `loss`: something was not written or not evaluated; `advice`: anything else. */
export type WarningKind = 'advice' | 'loss';

export type Host = Readonly<ReturnType<typeof createHost>>;

const MAX_LINE_LENGTH = 2_000;
/** GitHub shows ten annotations of a step. The action makes eight, and a ninth for a loss. */
const MAX_WARNINGS: Readonly<Record<WarningKind, number>> = { advice: 8, loss: 9 };
const COPY_CHUNK_BYTES = 65_536;

/** Creates the interface to the runner. */
export function createHost(environment: Readonly<Record<string, string | undefined>>) {
  let folder: string | undefined;
  let warnings = 0;
  let properties: { readonly title?: string } = {};
  const outputFile = () => {
    // Without the file, @actions/core prints outputs to stdout as commands.
    if (environment.GITHUB_OUTPUT) return environment.GITHUB_OUTPUT;
    throw new Error('GITHUB_OUTPUT is not set: run this action on a GitHub Actions runner');
  };
  return {
    environment,
    /** Hides the text in the log from here on. */
    mask: (secret: string) => core.setSecret(secret),
    /** Prints one line to the log, which is never a workflow command. A plain string is treated as untrusted. */
    line: (text: string | LogLine) => core.info(toSafeLine(text)),
    /** Prints a line that is shown only in a debug run. */
    debug: (text: string) => {
      if (environment.RUNNER_DEBUG === '1') core.debug(toSafeLine(text));
    },
    startGroup: (title: string | LogLine) => core.startGroup(toSafeLine(title)),
    endGroup: () => core.endGroup(),
    /** Sets the title of later annotations; empty: GitHub's default. */
    titleAnnotations: (title: string) => {
      properties = title === '' ? {} : { title: escapeForAnnotation(title) };
    },
    error: (message: string) => core.error(escapeForAnnotation(message), properties),
    /** Makes an annotation, or prints a line to the log if GitHub would not show another annotation. */
    warning: (message: string, kind: WarningKind = 'advice') => {
      if (warnings >= MAX_WARNINGS[kind]) {
        core.info(toSafeLine(logLine`Warning: ${escapeQuotations(message)}`));
        return;
      }
      warnings++;
      core.warning(escapeForAnnotation(message), properties);
    },
    /** @throws Error if the output file cannot be written to */
    checkOutputs: () => appendFileSync(outputFile(), ''),
    /** Sets an output. @throws Error if the file cannot be written to or the name is not `[A-Za-z_][A-Za-z0-9_-]*` */
    output: (name: string, value: string) => {
      outputFile();
      // core.setOutput does not check names; one with `=` or a newline could set other outputs.
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
        throw new Error('an output has a name that cannot be written');
      core.setOutput(name, value);
    },
    /** Appends to the job summary. @throws Error if the summary file cannot be written to */
    summary: async (markdown: string) => {
      await core.summary.addRaw(markdown, true).write();
    },
    /** Writes a file to the runner's temporary folder, readable only by the job's user. @returns its path */
    writeFile: (name: string, ...pieces: readonly (string | Copy)[]) => {
      const { RUNNER_TEMP: temp = '' } = environment;
      folder ??= mkdtempSync(join(temp === '' ? tmpdir() : temp, 'alloovium-'));
      const path = join(folder, name);
      const file = openSync(path, 'w', 0o600);
      try {
        for (const piece of pieces)
          if (typeof piece === 'string') writeFileSync(file, piece);
          else copyFile(piece.copyOf, file);
      } finally {
        closeSync(file);
      }
      return path;
    },
    /** Reads a file of the workspace; `missing` also if it cannot be read. */
    readFile: (path: string, maxBytes: number): Uint8Array | ReadFault => {
      try {
        // A device or a pipe has the size 0 and may never end.
        const file = statSync(path);
        if (!file.isFile()) return 'missing';
        return file.size <= maxBytes ? readFileSync(path) : 'too_large';
      } catch {
        return 'missing';
      }
    },
  };
}

/** Makes the text safe to print: a plain string is escaped as untrusted. */
function toSafeLine(text: string | LogLine): string {
  return typeof text === 'string' ? escapeForLog(text, MAX_LINE_LENGTH) : text.safe.slice(0, MAX_LINE_LENGTH);
}

/** Copies in pieces, because the file may be too large for memory. */
function copyFile(path: string, to: number): void {
  const from = openSync(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(COPY_CHUNK_BYTES);
    for (let size = readSync(from, piece); size > 0; size = readSync(from, piece))
      writeFileSync(to, piece.subarray(0, size));
  } finally {
    closeSync(from);
  }
}
