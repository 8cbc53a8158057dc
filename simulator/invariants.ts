/** The invariants of every step of the action, whatever happened in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Github } from './github.ts';
import { findSecondRuns, type JournalEntry, type Run } from './journal.ts';
import { OUTPUT_NAMES } from './runner-context.ts';
import type { RunResult, StepResult } from './runner.ts';
import { findCommands, hasLegacyPrefix } from './workflow-commands.ts';

interface Evidence {
  readonly result: StepResult & Partial<Pick<RunResult, 'signal' | 'hasTimedOut'>>;
  readonly api: { readonly journal: readonly JournalEntry[]; readonly runs: readonly Run[] };
  readonly github?: Pick<Github, 'comments' | 'journal' | 'actions'>;
  /** The API key, which only the API may see. */
  readonly apiKey: string;
  /** The job's tokens, which only GitHub may see. */
  readonly token?: string | readonly string[];
  /** The process was killed, or its output file could not be written. */
  readonly mayLackOutputs?: boolean;
  /** The step's time limit; default: not known. */
  readonly timeoutMs?: number;
  /** The number of requests that the API had received before the step. */
  readonly earlierRequests?: number;
}

const PASSING = ['success', 'pending', 'skipped'];
const COMMANDS = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning'];
/** Outputs that are written as soon as they are known, and once more with all others. */
const WRITTEN_EARLY = ['run_id', 'run_url', 'runs_json'];
/** All sinks together end this long after the deadline. The rest is for the transfer. */
export const AFTER_DEADLINE_MS = 65_000;

/** Describes each broken invariant. */
export function findViolations(evidence: Evidence): string[] {
  return [
    // The vendor's only exception is a run whose answer the API did not store.
    ...findSecondRuns(evidence.api.runs).map((key) => `a second run under ${key}`),
    ...findFalsePasses(evidence),
    ...findLeaks(evidence),
    ...findForeignCommands(evidence),
    ...findItemsInDebugLog(evidence),
    ...findOutputErrors(evidence),
    ...findSecondComments(evidence),
    ...findDelays(evidence),
  ];
}

/** The exit code is 0 only if the check passes, and the conclusion is `success` only if runs completed and the gate passed. */
function findFalsePasses({ result: { exitCode, signal, outputs }, api }: Evidence): string[] {
  const { conclusion = '', gate = '', runs_json: rows = '' } = outputs;
  const isPassing = PASSING.includes(conclusion);
  if (isPassing !== (exitCode === 0)) return (signal ?? null) === null ? [`exit code ${exitCode} with “${conclusion}”`] : [];
  if (conclusion !== 'success') return [];
  const runs = rows === '' ? [outputs] : (JSON.parse(rows) as Record<string, string>[]);
  return [
    ...[gate, ...runs.map((run) => run.gate)].filter((one) => one !== 'passed' && one !== 'none').map((one) => `passes with gate “${one}”`),
    ...runs.flatMap(({ run_id: id = '' }) => {
      const last = api.journal.findLast(({ call, runId, status }) => call === 'poll' && runId === id && status === 200);
      return last?.answerBody.includes('"status":"completed"') === true ? [] : [`passes although run ${id} is not completed`];
    }),
  ];
}

/** API key and GitHub token are in no log, file, output, comment or status, and only in requests to their own host. */
function findLeaks({ result, api, github, apiKey, token = [] }: Evidence): string[] {
  const files = readdirSync(result.temp, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'event.json')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const shown = [result.stdout.replaceAll(/^::add-mask::.*$/gm, ''), result.stderr, JSON.stringify(result.outputs), ...files];
  const written = (github?.comments() ?? []).map(({ body }) => body).concat(JSON.stringify(github?.actions.statuses ?? []));
  const toApi = api.journal.map(({ headers, path, body }) => JSON.stringify(headers) + path + body.toString());
  const toGithub = (github?.journal ?? []).map(({ headers, path, body }) => JSON.stringify(headers) + path + body);
  const toStore = JSON.stringify(github?.actions.downloads ?? []);
  const isMasked = result.outputs.run_id === '' || result.stdout.includes(`::add-mask::${apiKey}\n`) || result.stdout === '';
  return [
    ...(isMasked ? [] : ['the runner is not told to mask the API key']),
    ...(hasSecret([...shown, ...written, ...toGithub, toStore], apiKey) ? ['the API key is shown, or sent to another host'] : []),
    ...[token]
      .flat()
      .filter((one) => hasSecret([...shown, ...written, ...toApi, toStore], one))
      .map(() => 'the token is shown, or sent to another host'),
  ];
}

/** Does the text contain the secret, plain or encoded? */
function hasSecret(texts: readonly string[], secret: string): boolean {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const forms = [secret, base64, Buffer.from(` ${secret}`).toString('base64').slice(2, -4), encodeURIComponent(secret)];
  return texts.some((text) => forms.some((form) => text.includes(form)));
}

/** The log has only our own workflow commands, and they contain no foreign text. */
function findForeignCommands({ result: { stdout, stderr, otherCommands } }: Evidence): string[] {
  return [
    ...[...findCommands(stdout), ...findCommands(stderr)].flatMap(({ name, style, data }) => {
      if (style !== 'current' || !COMMANDS.includes(name)) return [`command ${name} in the log`];
      const isForeign = name !== 'add-mask' && (findCommands(data).length > 0 || hasLegacyPrefix(data));
      return isForeign ? [`a command in the text of ${name}: ${data}`] : [];
    }),
    ...(hasLegacyPrefix(stdout + stderr) ? ['##[ in the log'] : []),
    ...(otherCommands === '' ? [] : ['something is written to the environment, the path or the state']),
  ];
}

/** The debug log, which the runner keeps or hides, has no text of a run's outputs. */
function findItemsInDebugLog({ result: { stdout }, api }: Evidence): string[] {
  // The comment's hidden line is the action's own.
  const debug = stdout
    .replaceAll(/<!-- alloovium-run-workflow \w+ -->/g, '')
    .split('\n')
    .filter((line) => line.startsWith('::debug::'));
  const texts = api.journal.flatMap(({ call, answerBody }) => (call === 'poll' ? listOutputTexts(answerBody.toString()) : []));
  return [...new Set(texts)].filter((text) => debug.some((line) => line.includes(text))).map((text) => `“${text}” is in the debug log`);
}

/** Returns the texts in a run's outputs that are too long to be elsewhere by chance. */
function listOutputTexts(answer: string): string[] {
  const texts: string[] = [];
  try {
    const { outputs } = JSON.parse(answer) as { outputs?: unknown };
    JSON.stringify(outputs ?? null, (_key, value: unknown) => {
      if (typeof value === 'string' && value.length >= 10) texts.push(value);
      return value;
    });
  } catch {
    // A fault made the answer unreadable.
  }
  return texts;
}

/** The step writes every output that action.yml declares, once. */
function findOutputErrors({ result: { outputPairs, outputErrors }, mayLackOutputs = false }: Evidence): string[] {
  const counts = OUTPUT_NAMES.map((name) => [name, outputPairs.filter(([written]) => written === name).length] as const);
  const wrong = counts.filter(([name, count]) => count !== 1 && !(count > 1 && WRITTEN_EARLY.includes(name)));
  return [
    ...outputErrors.map((error) => `the output file cannot be parsed: ${error}`),
    ...(mayLackOutputs ? [] : wrong.map(([name, count]) => `output ${name} is written ${count} times`)),
  ];
}

/** A pull request has at most one comment per identity, which its hidden first words name. */
function findSecondComments({ github }: Evidence): string[] {
  const identities = (github?.comments() ?? [])
    .filter(({ user }) => user?.login === 'github-actions[bot]')
    .map(({ pullRequest, body }) => `${pullRequest} ${/<!-- alloovium\S*(?: \w{32})?/.exec(body)?.[0] ?? ''}`);
  return new Set(identities).size === identities.length ? [] : ['two comments of one identity'];
}

/** The step ends without help, and in time by the simulator's clock. */
function findDelays({ result, api, timeoutMs = Infinity, earlierRequests = Infinity }: Evidence): string[] {
  const requests = api.journal.slice(earlierRequests);
  const tookMs = (requests.at(-1)?.at ?? 0) - (requests[0]?.at ?? 0);
  return [
    ...(result.hasTimedOut === true ? ['it did not end by itself'] : []),
    ...(tookMs > timeoutMs + AFTER_DEADLINE_MS ? [`it took ${Math.round(tookMs / 1_000)} s`] : []),
  ];
}
