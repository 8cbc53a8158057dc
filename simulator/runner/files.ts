/** The files through which a step and the runner exchange data. Rules of actions/runner 2.336.0. */
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastOf, parseOutputFile, splitLines } from '../workflow-commands.ts';
import type { Masks } from './masks.ts';
import type { Output } from './output.ts';

export interface StepFiles {
  readonly workspace: string;
  readonly event: string;
  readonly commands: Readonly<Record<'output' | 'env' | 'path' | 'state' | 'step_summary', string>>;
}

let steps = 0;

/**
 * Creates a step's files below RUNNER_TEMP. Runner.Worker/ExecutionContext.cs, WriteWebhookPayload: the first step of the job creates
 * the event's folder, and every step rewrites the file in it. A payload of null: there is no file.
 */
export async function createFiles(temp: string, payload: string | null, uid?: number): Promise<StepFiles> {
  const commandFiles = join(temp, '_runner_file_commands');
  const workspace = join(temp, '_workspace');
  const workflow = join(temp, '_github_workflow');
  for (const folder of [commandFiles, workspace, workflow]) await mkdir(folder, { recursive: true });
  const suffix = `${Date.now()}_${++steps}`;
  const file = (name: string): string => join(commandFiles, `${name}_${suffix}`);
  const commands = {
    output: file('set_output'),
    env: file('set_env'),
    path: file('add_path'),
    state: file('save_state'),
    step_summary: file('step_summary'),
  };
  for (const path of Object.values(commands)) await writeFile(path, '');
  const event = join(workflow, 'event.json');
  if (payload === null) await rm(event, { force: true });
  else await writeFile(event, payload);
  if (uid !== undefined) {
    for (const path of [temp, commandFiles, workspace, workflow, event, ...Object.values(commands)]) {
      if (existsSync(path)) await chown(path, uid, uid);
    }
  }
  return { workspace, event, commands };
}

/** The variables with the paths of the command files. */
export function fileEnvironment({ commands }: StepFiles): Record<string, string> {
  return Object.fromEntries(
    Object.entries(commands).map(([name, path]) => [`GITHUB_${name.toUpperCase()}`, path]),
  );
}

export function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Runner.Worker/FileCommandManager.cs: a longer summary is dropped as a whole, without making the step red. */
const MAX_SUMMARY_BYTES = 1024 * 1024;

/** Reads the files that the step wrote, after its end; a file that cannot be parsed makes the step red. */
export function readFiles({ commands }: StepFiles, step: Output, masks: Masks) {
  const texts = {
    output: readOrEmpty(commands.output),
    env: readOrEmpty(commands.env),
    path: readOrEmpty(commands.path),
    state: readOrEmpty(commands.state),
  };
  const refused = (name: string, errors: readonly string[]): void => {
    for (const message of errors) {
      step.reportError(`cannot process the file command ${name}`);
      step.reportError(message);
      step.fail();
    }
  };
  refused('env', parseOutputFile(texts.env).errors);
  const summary = readOrEmpty(commands.step_summary);
  const fits = Buffer.byteLength(summary) <= MAX_SUMMARY_BYTES;
  if (!fits)
    step.reportError(`the job summary is dropped: it is larger than ${MAX_SUMMARY_BYTES / 1024} KiB`);
  refused('state', parseOutputFile(texts.state).errors);
  const parsed = parseOutputFile(texts.output);
  refused('output', parsed.errors);
  return {
    files: texts,
    summary,
    shownSummary: fits
      ? splitLines(summary)
          .map((line) => `${masks.mask(line)}\n`)
          .join('')
      : '',
    outputs: lastOf([...step.outputs, ...parsed.pairs]),
    outputPairs: parsed.pairs,
    outputErrors: parsed.errors,
  };
}
