/** Executes the commands among the lines that a step writes. Rules of actions/runner 2.336.0. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandOf, KNOWN, type FoundCommand } from '../workflow-commands.ts';
import type { Annotation, Log } from './log.ts';
import type { Masks } from './masks.ts';
import { readMatchers, type StepMatchers } from './matchers.ts';

const ECHO_OMITTED = new Set(['add-mask', 'debug', 'error', 'notice', 'warning']);

export interface CommandContext {
  readonly masks: Masks;
  readonly log: Log;
  readonly matchers: StepMatchers;
  readonly workspace: string;
  readonly debug: boolean;
  /** Makes the step red. */
  readonly fail: () => void;
}

/** The commands among the lines, and what they change. */
export function createCommands({ masks, log, matchers, workspace, debug, fail }: CommandContext) {
  const masked: string[] = [];
  const outputs: (readonly [string, string])[] = [];
  /** ActionCommandManager.cs: the token of `stop-commands`; while it is set, only the command of this name acts, and it resumes. */
  let token: string | undefined;
  let isBroken = false;
  // ExecutionContext.cs: on from the start in debug mode.
  let isEchoOn = debug;
  const matchersIn = (path: string) => readMatchers(readFileSync(resolve(workspace, path), 'utf8'));

  /** ActionCommandManager.cs, one class for each. @throws Error where the command fails the step */
  const execute = ({ name, data, properties }: FoundCommand): void => {
    switch (name.toLowerCase()) {
      case 'error':
      case 'warning':
      case 'notice':
        log.annotate({ level: name.toLowerCase() as Annotation['level'], message: data, properties });
        return;
      case 'debug':
        log.debug(data);
        return;
      case 'group':
        log.write(`##[group]${data}`);
        return;
      case 'endgroup':
        log.write('##[endgroup]');
        return;
      case 'add-mask':
        if (data.trim() === '') {
          log.warning('an empty text cannot be masked');
          return;
        }
        if (isEchoOn) log.write('::add-mask::***');
        masks.add(data);
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
        if (data === '') log.warning('add-matcher needs a file');
        else matchers.add(matchersIn(data));
        return;
      case 'remove-matcher': {
        const { owner = '' } = properties;
        if ((owner === '') === (data === '')) log.warning('remove-matcher needs either an owner or a file');
        else matchers.remove(owner === '' ? matchersIn(data) : [{ owner }]);
        return;
      }
      default:
        // set-env and add-path, which only an unsafe variable would allow.
        throw new Error(`the command ${name} is disabled`);
    }
  };

  /** ActionCommandManager.cs, TryProcessCommand. Returns whether the line is a command that the runner acts on. */
  const process = (line: string): boolean => {
    const command = commandOf(line, token);
    if (command === undefined) return false;
    const name = command.name.toLowerCase();
    if (token !== undefined) {
      if (name !== token.toLowerCase()) return false;
      token = undefined;
      log.write(line);
      return true;
    }
    if (name === 'stop-commands') {
      const wanted = command.data;
      if (wanted === '' || KNOWN.has(wanted.toLowerCase()) || wanted.toLowerCase() === 'pause-logging') {
        // The runner does not catch this error: the step has failed, and its further output is ignored.
        log.error('stop-commands has a token that is refused');
        fail();
        isBroken = true;
        return true;
      }
      token = wanted;
      if (wanted.length > 6) masks.addWhole(wanted);
      log.write(line);
      return true;
    }
    if (isEchoOn && !ECHO_OMITTED.has(name)) log.write(line);
    try {
      execute(command);
    } catch (thrown) {
      log.error(`cannot process the command ${ECHO_OMITTED.has(name) ? name : line}`);
      log.error((thrown as Error).message);
      fail();
    }
    return true;
  };

  return {
    process,
    masks: masked,
    outputs,
    isBroken: () => isBroken,
  };
}
