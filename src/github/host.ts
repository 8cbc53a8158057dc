/** The runner's side of things: log, masks, annotations, outputs, summary and files, over @actions/core. */
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
import { forAnnotation, forLog, logLine, escapeQuotations, type LogLine } from '../text/escape.ts';

/** Why a file is not read. */
export type NoFile = 'missing' | 'too_large';

/** The content of a file that was written before. */
export interface Copy {
  readonly copyOf: string;
}

/** `loss`: something was not written or not evaluated. */
export type WarningKind = 'advice' | 'loss';

export type Host = Readonly<ReturnType<typeof createHost>>;

const LINE_CHARACTERS = 2_000;
/** GitHub shows ten of a step and drops the rest: of ours eight as they come, and the ninth for a loss. */
const MAX_WARNINGS: Readonly<Record<WarningKind, number>> = { advice: 8, loss: 9 };
const COPIED_BYTES = 65_536;

export function createHost(environment: Readonly<Record<string, string | undefined>>) {
  let folder: string | undefined;
  let warnings = 0;
  let properties: { readonly title?: string } = {};
  const outputFile = () => {
    // Without the file @actions/core would print outputs to stdout, as commands.
    if (environment.GITHUB_OUTPUT) return environment.GITHUB_OUTPUT;
    throw new Error('GITHUB_OUTPUT is not set: run this action on a GitHub Actions runner');
  };
  return {
    environment,
    /** Hides the text in the log from here on. */
    mask: (secret: string) => core.setSecret(secret),
    /** One line of the log; whatever is in it, it is no workflow command. A plain text is taken for a stranger's. */
    line: (text: string | LogLine) => core.info(printed(text)),
    /** Shown only where the job is debugged. */
    debug: (text: string) => {
      if (environment.RUNNER_DEBUG === '1') core.debug(printed(text));
    },
    startGroup: (title: string | LogLine) => core.startGroup(printed(title)),
    endGroup: () => core.endGroup(),
    /** What annotations are titled from here on; empty: as GitHub titles them. */
    titleAnnotations: (title: string) => {
      properties = title === '' ? {} : { title: forAnnotation(title) };
    },
    error: (message: string) => core.error(forAnnotation(message), properties),
    /** An annotation, or a line of the log where GitHub would show no more of them. */
    warning: (message: string, kind: WarningKind = 'advice') => {
      if (warnings >= MAX_WARNINGS[kind]) {
        core.info(printed(logLine`Warning: ${escapeQuotations(message)}`));
        return;
      }
      warnings++;
      core.warning(forAnnotation(message), properties);
    },
    /** @throws Error where the output file cannot be written to */
    checkOutputs: () => appendFileSync(outputFile(), ''),
    /** @throws Error as above; names must be `[A-Za-z_][A-Za-z0-9_-]*` */
    output: (name: string, value: string) => {
      outputFile();
      // core.setOutput does not check names: one with `=` or a newline would forge other outputs.
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
        throw new Error('an output has a name that cannot be written');
      core.setOutput(name, value);
    },
    /** @throws Error where the summary file cannot be written to */
    summary: async (markdown: string) => {
      await core.summary.addRaw(markdown, true).write();
    },
    /** Writes a file that only the job's user can read into the runner's temporary folder, and gives its path. */
    writeFile: (name: string, ...pieces: readonly (string | Copy)[]) => {
      const { RUNNER_TEMP: temp = '' } = environment;
      folder ??= mkdtempSync(join(temp === '' ? tmpdir() : temp, 'alloovium-'));
      const path = join(folder, name);
      const file = openSync(path, 'w', 0o600);
      try {
        for (const piece of pieces)
          if (typeof piece === 'string') writeFileSync(file, piece);
          else copy(piece.copyOf, file);
      } finally {
        closeSync(file);
      }
      return path;
    },
    /** A file of the workspace; `missing` also where it cannot be read. */
    readFile: (path: string, maxBytes: number): Uint8Array | NoFile => {
      try {
        // A device or a pipe says that it is empty, and never ends.
        const file = statSync(path);
        if (!file.isFile()) return 'missing';
        return file.size <= maxBytes ? readFileSync(path) : 'too_large';
      } catch {
        return 'missing';
      }
    },
  };
}

function printed(text: string | LogLine): string {
  return typeof text === 'string' ? forLog(text, LINE_CHARACTERS) : text.safe.slice(0, LINE_CHARACTERS);
}

/** In pieces: it may be longer than memory should hold. */
function copy(path: string, to: number): void {
  const from = openSync(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(COPIED_BYTES);
    for (let size = readSync(from, piece); size > 0; size = readSync(from, piece))
      writeFileSync(to, piece.subarray(0, size));
  } finally {
    closeSync(from);
  }
}
