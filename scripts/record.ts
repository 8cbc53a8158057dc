/**
 * `npm run record -- [--update] [--only "WORDS"]`: plays the demo's scenarios and rows of the fault matrix with the shipped bundle,
 * and compares all requests, output and files with __tests__/recordings/, one file per case; `--update` writes them. Time and random
 * numbers are fixed, so that the files change only when the bundle's behaviour does.
 *
 * `npm run record -- --quick`: chooses the tenth of the cases that `npm test` plays by their recordings (record/quick.ts).
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CASES, START, TOKEN, type Case, type Trigger } from './record/cases.ts';
import { chooseCover, facetsOf } from './record/quick.ts';
import { startApi, type Api } from '../simulator/api.ts';
import type { ScriptedFault } from '../simulator/faults.ts';
import { startGithub, type Github } from '../simulator/github.ts';
import { findViolations, expectationsOf } from '../simulator/invariants.ts';
import { runAction, type RunResult } from '../simulator/runner.ts';
import { steadyLifecycle } from '../simulator/run-lifecycle.ts';
import { OUTPUTS, TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';

const clocks = { now: performance.now.bind(performance), date: Date.now };
// Only the requests set the clocks of the simulated servers.
performance.now = () => 0;
Date.now = () => START;

/** Restores the clocks for other code in this process: jest runs other files in it. */
export function restoreClocks(): void {
  performance.now = clocks.now;
  Date.now = clocks.date;
}

/** A preload module: seeds Math.random, and runs the trigger's code at the matching line of the log. */
function preloadModule(trigger: Trigger | undefined): string {
  const chance = `let state = 1; Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;`;
  const watch =
    trigger &&
    `const write = process.stdout.write.bind(process.stdout); let done = false;
    process.stdout.write = (chunk, ...rest) => {
      const taken = write(chunk, ...rest);
      if (!done && ${String(trigger.line)}.test(String(chunk))) { done = true; process.nextTick(() => { ${trigger.code} }); }
      return taken;
    };`;
  return `data:text/javascript,${encodeURIComponent(chance + (watch ?? ''))}`;
}

/** Plays a case, and returns all requests, output and files as text. */
export async function record({
  api: apiOptions,
  github: githubOptions,
  faults,
  prepare,
  steps,
  mayLackOutputs = false,
  ignoredViolations: ignoredViolations = [],
  ...about
}: Case) {
  const api = await startApi({
    speed: 1_000,
    isClientDriven: true,
    startAt: START,
    lifecycle: steadyLifecycle({ queuedMs: 1_000, runningMs: 9_000, outputs: OUTPUTS }),
    ...apiOptions,
    faults: [...(faults ?? []), ...(apiOptions?.faults ?? [])],
  });
  const github = await startGithub(githubOptions);
  const results: RunResult[] = [];
  try {
    prepare?.(github, api);
    for (const step of steps ?? [{}]) {
      const { before, after, trigger, inputsAfter, ...options } = { ...about, ...step };
      const last = results.at(-1);
      before?.(api, github);
      const earlierRequests = api.journal.length;
      const inputs = {
        api_key: TEST_KEY,
        api_url: api.url,
        workflow_id: WORKFLOW_ID,
        ...about.inputs,
        ...step.inputs,
        ...(last && inputsAfter?.(last)),
      };
      const result = await runAction({
        timeoutMs: 120_000,
        ...options,
        inputs,
        token: TOKEN,
        nodeArgs: ['--import', preloadModule(trigger)],
        preload: ['simulator/fast-time.mjs'],
        env: {
          FAST_TIME_SPEED: '1',
          FAST_TIME_SKIPS_WAITS: '1',
          // Longer than a busy machine may delay an answer.
          FAST_TIME_FROZEN_MS: '6000',
          FAST_TIME_DATE: String(Math.floor(api.now())),
          GITHUB_API_URL: github.apiUrl,
          ...options.env,
        },
      });
      if (result.hasTimedOut) throw new Error(`it had to be killed: ${result.stdout}`);
      results.push(result);
      after?.(result, github);
      const evidence = { result, api, github, secrets: [TEST_KEY, TOKEN], earlierRequests, mayLackOutputs };
      const found = findViolations({ ...evidence, ...expectationsOf(inputs) });
      const violations = found.filter(
        (breach) => !ignoredViolations.some((start) => breach.startsWith(start)),
      );
      if (violations.length > 0) throw new Error(`invariants are broken: ${violations.join('; ')}`);
    }
    const port = (url: string) => new RegExp(`:${new URL(url).port}\\b`, 'g');
    const clean = (text: string) =>
      results
        .reduce((cleaned, { temp }) => cleaned.replaceAll(temp, '/TEMP'), text)
        .replaceAll(/(\/TEMP\/alloovium-)\w{6}/g, '$1X')
        .replaceAll(port(api.url), ':API')
        .replaceAll(port(github.apiUrl), ':GITHUB')
        .replaceAll(port(github.actions.storeUrl), ':STORE')
        .replaceAll(new RegExp(`_${START}_\\d+`, 'g'), '_N')
        // Escape invisible characters, so that git treats the files as text and a diff shows them.
        .replaceAll(
          /(?!\n)[\p{Cc}\p{Cs}\u2028-\u202e]/gu,
          (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
    return [...results.flatMap(resultSections), ...requestSections(api, github)]
      .map(([title, text]) => `──── ${clean(title)}\n${text === '' ? '' : `${cut(clean(text))}\n`}`)
      .join('');
  } finally {
    await api.close();
    await github.close();
  }
}

const MAX_CHARACTERS = 8_000;
function cut(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const digest = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, MAX_CHARACTERS).toWellFormed()}\n… ${text.length} in all, SHA-256 ${digest}`;
}

type Section = readonly [title: string, text: string];

/** The output and files of a step. */
function resultSections(result: RunResult): Section[] {
  const { exitCode, signal, stdout, stderr, outputPairs, outputErrors, summary, files, temp } = result;
  const written = readdirSync(temp, { recursive: true, withFileTypes: true })
    .filter(
      (file) => file.isFile() && !/_runner_file_commands|_workspace|_github_workflow/.test(file.parentPath),
    )
    .map((file) => join(file.parentPath, file.name))
    .sort();
  return [
    ['exit code', String(exitCode ?? signal)],
    ['stdout', stdout],
    ['stderr', stderr],
    ...outputPairs.map(([name, value]): Section => [`output ${JSON.stringify(name)}`, value]),
    ['output errors', outputErrors.join('\n')],
    ['environment, path, state', `${files.env}${files.path}${files.state}`],
    ['summary', summary],
    ...written.map((path): Section => [`file ${path}`, readFileSync(path, 'utf8')]),
  ];
}

/** All requests to the simulated servers, and the comments at the end. */
function requestSections(api: Api, github: Github): Section[] {
  /** The last headers of each kind of request: equal headers are omitted. */
  const message = new Map<string, string>();
  const text = (kind: string, headers: Readonly<Record<string, unknown>>, body: string) => {
    const all = Object.entries(headers)
      .map(([name, value]) => `${name}: ${String(value)}\n`)
      .join('')
      .replaceAll(TEST_KEY, 'THE-KEY')
      .replaceAll(TOKEN, 'THE-TOKEN');
    const isSame = message.get(kind) === all;
    message.set(kind, all);
    return `${isSame ? '' : `${all}\n`}${body}`;
  };
  return [
    ...api.journal.map(({ at, method, path, headers, body }): Section => [
      `API, after ${at - START} ms: ${method} ${path}`,
      text(`API ${method}`, headers, body.toString()),
    ]),
    ...github.journal.map(({ method, path, headers, body }): Section => [
      `GitHub: ${method} ${path}`,
      text(`GitHub ${method}`, headers, body.replaceAll('\\n', '\n')),
    ]),
    ...github.actions.downloads.map(({ artifactId, headers }): Section => [
      `Artifact store: ${artifactId}`,
      text('Artifact store', headers, ''),
    ]),
    ...github.comments().map(({ id, body }): Section => [`comment ${id}`, body]),
  ];
}

/** The first lines that differ; null: the texts are equal. */
function firstDifference(one: string, other: string): string | null {
  if (one === other) return null;
  const ours = one.split('\n');
  const theirs = other.split('\n');
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  const from = at < 0 ? ours.length : at;
  const some = (lines: readonly string[], sign: string) =>
    lines.slice(from, from + 3).map((line) => `    ${sign} ${line.slice(0, 300)}`);
  return [`    line ${from + 1}`, ...some(theirs, '-'), ...some(ours, '+')].join('\n');
}

export const FOLDER = fileURLToPath(new URL('../__tests__/recordings/', import.meta.url));

export function fileOf(name: string): string {
  return join(FOLDER, `${name.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}.txt`);
}

/** Writes the names of the cases that `npm test` plays. */
function chooseQuickCases(): void {
  const names = Object.keys(CASES);
  const facets = new Map(names.map((name) => [name, facetsOf(name, readFileSync(fileOf(name), 'utf8'))]));
  const slow = names.filter((name) => CASES[name]?.faults?.some(hangs));
  const { names: chosen, covered, all } = chooseCover(facets, Math.ceil(names.length / 10), slow);
  writeFileSync(QUICK, `${JSON.stringify(chosen, null, 2)}\n`);
  console.log(
    `${chosen.length} of ${names.length} cases hold ${covered} of ${all} rows, sentences and requests`,
  );
}

/** Whether an exchange never ends, which takes seconds of real time. */
const hangs = (fault: ScriptedFault) => typeof fault !== 'function' && fault.wire?.includes('hang') === true;

const QUICK = fileURLToPath(new URL('record/quick.json', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      update: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  if (values.quick) {
    chooseQuickCases();
    return;
  }
  const names = Object.keys(CASES).filter((name) =>
    values.only.split(/\s+/).some((word) => name.includes(word)),
  );
  if (values.update && values.only === '') {
    const own = names.map((name) => basename(fileOf(name)));
    for (const file of readdirSync(FOLDER))
      if (file.endsWith('.txt') && !own.includes(file)) rmSync(join(FOLDER, file));
  }
  const left = [...names];
  let differing = 0;
  const worker = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const now = await record(CASES[name]!);
      const file = fileOf(name);
      const found = existsSync(file) ? firstDifference(now, readFileSync(file, 'utf8')) : '    is new';
      if (found === null) continue;
      differing++;
      console.log(`  ${name}\n${found}`);
      if (values.update) writeFileSync(file, now);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  console.log(`${differing} of ${names.length} cases differ${values.update ? ', and are written' : ''}`);
  if (differing > 0 && !values.update) process.exitCode = 1;
}

if (import.meta.main) await main();
