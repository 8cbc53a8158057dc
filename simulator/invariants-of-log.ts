/** The invariants of what a step writes to its streams and to the runner's files. */
import type { RunResult } from './runner.ts';
import { createViolations } from './violations.ts';
import { findCommands, hasLegacyPrefix } from './workflow-commands.ts';

const ALLOWED_COMMANDS = new Set(['add-mask', 'debug', 'group', 'endgroup', 'error', 'warning']);
const MAX_ERRORS = 1;
const MAX_WARNINGS = 9;

/** Describes each invariant that is violated. */
export function findLogViolations(result: RunResult): string[] {
  return [
    ...findCommandViolations(result),
    ...findAnnotationViolations(result),
    ...findFileViolations(result),
  ];
}

/** I6: commands of the action alone. */
function findCommandViolations({ commands, stdout, stderr }: RunResult): string[] {
  const { found, must } = createViolations();
  for (const { name, style, stream, data } of commands) {
    const isAllowed = style === 'current' && ALLOWED_COMMANDS.has(name.toLowerCase());
    must(isAllowed, `I6: ${style} command ${name} in ${stream}: ${data}`);
    // The runner prints the text of a command too, and each of its lines becomes a line of the raw log (F17).
    must(
      !isAllowed || name === 'add-mask' || (findCommands(data).length === 0 && !hasLegacyPrefix(data)),
      `I6: a command in the text of ${name} in ${stream}: ${data}`,
    );
  }
  // The runner acts only on the first command of a line; a later reader of the log may find the others.
  must(!hasLegacyPrefix(stdout + stderr), 'I6: ##[ stands in a stream');
  return found;
}

/** I6: annotations of the action alone, and groups that are closed. */
function findAnnotationViolations({ annotations, signal, hasBalancedGroups }: RunResult): string[] {
  const { found, must } = createViolations();
  for (const { source = 'none', message } of annotations) {
    must(
      source === 'none' || message.startsWith('Unexpected input(s)'),
      `I6: an annotation by ${source}: ${message}`,
    );
  }
  const errors = annotations.filter(({ level }) => level === 'error').length;
  must(errors <= MAX_ERRORS, `I6: ${errors} error annotations`);
  const warnings = annotations.filter(({ level }) => level === 'warning').length;
  must(warnings <= MAX_WARNINGS, `I6: ${warnings} warnings`);
  must(signal === 'SIGKILL' || hasBalancedGroups, 'I6: the groups of the log are not balanced');
  return found;
}

/** I6, F11: the output file parses, the summary is kept, and no other file is written. */
function findFileViolations({ outputErrors, summary, shownSummary, files }: RunResult): string[] {
  const { found, must } = createViolations();
  must(outputErrors.length === 0, `I6: the output file does not parse: ${outputErrors.join('; ')}`);
  must(summary === '' || shownSummary !== '', 'F11: the summary is dropped');
  must(files.env + files.path + files.state === '', 'I6: something was written to another file');
  return found;
}
