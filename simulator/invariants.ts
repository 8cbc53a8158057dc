/** What must hold after every step of the action, whatever happened in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Api } from './api.ts';
import type { Github } from './github.ts';
import { runsPerKey } from './journal.ts';
import { OUTPUT_NAMES, type RunResult } from './runner.ts';
import { findCommands, hasLegacyPrefix } from './workflow-commands.ts';

export interface Evidence {
  readonly result: RunResult;
  readonly api?: Api;
  readonly github?: Github;
  /** The API key, which only the API may see. */
  readonly apiKey: string;
  /** The job's tokens, which only GitHub may see. */
  readonly token: string | readonly string[];
  /** The process was killed, or its output file could not be written. */
  readonly mayLackOutputs?: boolean;
  /** How long the step may take; default: not known. */
  readonly timeoutMs?: number;
  /** How many requests the API had received before the step. */
  readonly earlierRequests?: number;
}

const GREEN = ['success', 'pending', 'skipped'];
const COMMANDS = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning'];
/** Outputs that are written as soon as they are known, and once more with all others. */
const WRITTEN_EARLY = ['run_id', 'run_url', 'runs_json'];
/** All sinks together end so long after the deadline; the rest is for the transfer. */
const AFTER_DEADLINE_MS = 65_000;

/** Describes each invariant that does not hold. */
export function findViolations(evidence: Evidence): string[] {
  return [
    ...findSecondRuns(evidence),
    ...findFalseGreen(evidence),
    ...findLeaks(evidence),
    ...findForeignCommands(evidence),
    ...findOutputErrors(evidence),
    ...findSecondComments(evidence),
    ...findDelays(evidence),
  ];
}

/** One run a key; a run behind an answer that the API did not keep is the vendor's one exception. */
function findSecondRuns({ api }: Evidence): string[] {
  const counts = [...runsPerKey(api?.runs ?? [])];
  return counts.filter(([, { stored }]) => stored > 1).map(([key, { stored }]) => `${stored} runs under ${key}`);
}

/** Exit code 0 only with a green verdict, and success only with completed runs and a gate that passed. */
function findFalseGreen({ result, api }: Evidence): string[] {
  const { exitCode, signal, outputs } = result;
  const { conclusion = '', gate = '', runs_json: rows = '' } = outputs;
  const isGreen = GREEN.includes(conclusion);
  if (exitCode !== 0) return isGreen && signal === null ? [`exit code ${exitCode} with “${conclusion}”`] : [];
  if (!isGreen) return [`exit code 0 with “${conclusion}”`];
  if (conclusion !== 'success') return [];
  const runs = rows === '' ? [outputs] : (JSON.parse(rows) as Record<string, string>[]);
  return [
    ...[gate, ...runs.map((run) => run.gate)].filter((one) => one !== 'passed' && one !== 'none').map((one) => `green with gate “${one}”`),
    ...runs.flatMap(({ run_id: id = '' }) => {
      const last = api?.journal.findLast(({ call, runId, status }) => call === 'poll' && runId === id && status === 200);
      const isCompleted = api === undefined || last?.answerBody.includes('"status":"completed"') === true;
      return isCompleted ? [] : [`green, and run ${id} is not completed`];
    }),
  ];
}

/** The key is masked; key and token are in no log, file, output, comment or status, and in no request but those of their host. */
function findLeaks({ result, api, github, apiKey, token: tokens }: Evidence): string[] {
  const files = readdirSync(result.temp, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'event.json')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const shown = [result.stdout.replaceAll(/^::add-mask::.*$/gm, ''), result.stderr, JSON.stringify(result.outputs), ...files];
  const written = (github?.comments() ?? []).map(({ body }) => body).concat(JSON.stringify(github?.actions.statuses ?? []));
  const toApi = (api?.journal ?? []).map(({ headers, path, body }) => JSON.stringify(headers) + path + body.toString());
  const toGithub = (github?.journal ?? []).map(({ headers, path, body }) => JSON.stringify(headers) + path + body);
  const toStore = JSON.stringify(github?.actions.downloads ?? []);
  const isMasked = result.outputs.run_id === '' || result.stdout.includes(`::add-mask::${apiKey}\n`) || result.stdout === '';
  return [
    ...(isMasked ? [] : ['the runner is not told to mask the API key']),
    ...(hasSecret([...shown, ...written, ...toGithub, toStore], apiKey) ? ['the API key is shown, or sent to another host'] : []),
    ...[tokens]
      .flat()
      .filter((token) => hasSecret([...shown, ...written, ...toApi, toStore], token))
      .map(() => 'the token is shown, or sent to another host'),
  ];
}

/** Whether a text has the secret, plain or in an encoding. */
function hasSecret(texts: readonly string[], secret: string): boolean {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const forms = [secret, base64, Buffer.from(` ${secret}`).toString('base64').slice(2, -4), encodeURIComponent(secret)];
  return texts.some((text) => forms.some((form) => text.includes(form)));
}

/** Only our own workflow commands are in the log, and no text of another is in them. */
function findForeignCommands({ result }: Evidence): string[] {
  const { stdout, stderr, outputErrors, files } = result;
  const commands = [...findCommands(stdout), ...findCommands(stderr)];
  return [
    ...commands
      .filter(({ name, style }) => style !== 'current' || !COMMANDS.includes(name))
      .map(({ name }) => `command ${name} in the log`),
    ...commands
      .filter(({ name, data }) => name !== 'add-mask' && (findCommands(data).length > 0 || hasLegacyPrefix(data)))
      .map(({ name, data }) => `a command in the text of ${name}: ${data}`),
    ...(hasLegacyPrefix(stdout + stderr) ? ['##[ in the log'] : []),
    ...outputErrors.map((error) => `the output file cannot be parsed: ${error}`),
    ...(files.env + files.path + files.state === '' ? [] : ['something is written to the environment, the path or the state']),
  ];
}

/** Every output that action.yml declares is written, once. */
function findOutputErrors({ result, mayLackOutputs = false }: Evidence): string[] {
  if (mayLackOutputs) return [];
  return OUTPUT_NAMES.flatMap((name) => {
    const count = result.outputPairs.filter(([written]) => written === name).length;
    return count === 1 || (count > 1 && WRITTEN_EARLY.includes(name)) ? [] : [`output ${name} is written ${count} times`];
  });
}

/** A pull request has at most one comment of an identity, which its hidden first words name. */
function findSecondComments({ github }: Evidence): string[] {
  const identities = (github?.comments() ?? [])
    .filter(({ user }) => user?.login === 'github-actions[bot]')
    .map(({ pullRequest, body }) => `${pullRequest} ${/<!-- alloovium\S*(?: \w{32})?/.exec(body)?.[0] ?? ''}`);
  return new Set(identities).size === identities.length ? [] : ['two comments of one identity'];
}

/** The step ends by itself, and in time by the simulator's clock. */
function findDelays({ result, api, timeoutMs = Infinity, earlierRequests }: Evidence): string[] {
  const requests = earlierRequests === undefined ? [] : (api?.journal.slice(earlierRequests) ?? []);
  const tookMs = (requests.at(-1)?.at ?? 0) - (requests[0]?.at ?? 0);
  return [
    ...(result.hasTimedOut ? ['it did not end by itself'] : []),
    ...(tookMs > timeoutMs + AFTER_DEADLINE_MS ? [`it took ${Math.round(tookMs / 1_000)} s`] : []),
  ];
}
