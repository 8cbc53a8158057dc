/**
 * Plays a workflow file as GitHub would: jobs and steps in order, with `needs`, `if`, matrix legs and outputs. Steps of this action run its
 * bundle, scripts run in bash, other actions do nothing. GitHub's own library evaluates expressions; a name that no context has is an error.
 */
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parse } from 'yaml';
import { newTemp, parseOutputFile, type RunResult } from '../../simulator/runner.ts';

type Texts = Readonly<Record<string, string>>;
type Contexts = Readonly<Record<string, unknown>>;
type Status = 'success' | 'failure' | 'cancelled' | 'skipped';
interface Step extends Readonly<Partial<Record<'id' | 'uses' | 'run' | 'if' | 'continue-on-error' | 'background' | 'wait', string>>> {
  readonly with?: Texts;
  readonly env?: Texts;
}

interface Job extends Readonly<Partial<Record<'permissions' | 'env' | 'outputs', Texts>>> {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly strategy?: { readonly matrix: { readonly include: readonly Texts[] } };
  readonly steps: readonly Step[];
}

/** `outputs`: null where GitHub gives an empty text for each. */
type Ended = Readonly<{ outcome: Status; outputs: Texts | null }>;

export interface Play {
  readonly path: string;
  readonly contexts: Contexts;
  /** The repository's files, and bash in the place of programs, by name. */
  readonly files: Texts;
  readonly programs: Texts;
  /** By step ID: the outputs of steps that are not to run. */
  readonly fakes: Readonly<Record<string, Texts>>;
  readonly runOwn: (inputs: Texts, env: Texts, permissions: Texts, leg: { matrix: unknown; temp: string }) => Promise<RunResult>;
}

/** Of each job what its steps of this action gave, in all legs; null: its `if` was false. */
export async function playWorkflow(play: Play): Promise<{ id: string; result: Status; own: readonly (RunResult | null)[] }[]> {
  // The runner reads all scalars as text.
  const { env, jobs } = parse(readFileSync(play.path, 'utf8'), { schema: 'failsafe' }) as { env?: Texts; jobs: Record<string, Job> };
  const needs: Record<string, { result: Status; outputs: Texts | null }> = {};
  const played = [];
  for (const [id, job] of Object.entries(jobs)) {
    const needed = Object.fromEntries([job.needs ?? []].flat().map((other) => [other, needs[other]!]));
    const before = worstOf(Object.values(needed).map(({ result }) => result)) ?? 'success';
    const contexts = { ...play.contexts, needs: needed };
    const [own, ends]: [(RunResult | null)[], Ended[]] = [[], []];
    const legs = isTrue(job.if, contexts, before) ? (job.strategy?.matrix.include ?? [null]) : [];
    for (const matrix of legs) ends.push(await playLeg(play, { ...job, env: { ...env, ...job.env } }, id, { ...contexts, matrix }, own));
    const result = worstOf(ends.map(({ outcome }) => outcome)) ?? 'skipped';
    needs[id] = { result, outputs: ends.at(-1)?.outputs ?? null };
    played.push({ id, result, own });
  }
  return played;
}

function worstOf(results: readonly Status[]): Status | undefined {
  return (['cancelled', 'failure', 'skipped', 'success'] as const).find((one) => results.includes(one));
}

/** One leg of a job, on a machine of its own. @param results receives the results of this action's steps */
async function playLeg(play: Play, job: Job, id: string, given: Contexts, results: (RunResult | null)[]): Promise<Ended> {
  const temp = await newTemp();
  const workspace = join(temp, '_workspace');
  mkdirSync(workspace);
  for (const [name, text] of Object.entries(play.files)) writeFileSync(join(workspace, name), text);
  const outer = { ...given, runner: { temp } };
  const jobEnv = fillAll(job.env, outer);
  const steps: Record<string, Ended> = {};
  let status: Status = 'success';
  // A background step is played where it is waited for: its outputs are there only then.
  const waitedFor = ({ wait, ...step }: Step) => (wait === undefined ? step : job.steps.find(({ id: waited }) => waited === wait)!);
  for (const step of job.steps.filter(({ background }) => background === undefined).map(waitedFor)) {
    const name = step.id ?? '__own';
    const contexts = { ...outer, steps, env: jobEnv };
    const runs = isTrue(step.if, contexts, status);
    const env = { ...jobEnv, ...fillAll(step.env, contexts) };
    const inputs = runs ? fillAll(step.with, { ...contexts, env }) : {};
    const fake = play.fakes[name];
    let ended: Ended = runs ? { outcome: 'success', outputs: fake ?? {} } : { outcome: 'skipped', outputs: null };
    if (/^(?:alloovium\/run-workflow@v1|\.\/)$/.test(step.uses ?? '')) {
      const own = { ...env, GITHUB_JOB: id, GITHUB_ACTION: name };
      const result = runs ? await play.runOwn(inputs, own, job.permissions ?? {}, { matrix: given.matrix, temp }) : null;
      results.push(result);
      if (result !== null) ended = { outcome: result.outcome, outputs: result.outputs };
    } else if (runs && step.run !== undefined && fake === undefined) ended = runScript(step.run, play.programs, temp, workspace, env);
    steps[name] = ended;
    if (status === 'success' && ended.outcome !== 'skipped' && step['continue-on-error'] !== 'true') status = ended.outcome;
  }
  return { outcome: status, outputs: fillAll(job.outputs, { ...outer, steps, env: jobEnv }) };
}

/** As the runner's default shell runs it; nothing sleeps. */
function runScript(script: string, programs: Texts, temp: string, cwd: string, env: Texts): Ended {
  const folder = mkdtempSync(join(temp, 'script-'));
  for (const [name, text] of Object.entries({ sleep: '', ...programs }))
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
  const output = join(folder, 'output.txt');
  writeFileSync(output, '');
  const runner = { PATH: `${folder}:${process.env.PATH ?? ''}`, RUNNER_TEMP: temp, GITHUB_OUTPUT: output };
  const { status } = spawnSync('bash', ['-e', '-c', script], { cwd, env: { ...runner, ...env } });
  const { outputs, pairs, errors } = parseOutputFile(readFileSync(output, 'utf8'));
  const outcome = status === 0 && errors.length === 0 ? 'success' : 'failure';
  return { outcome, outputs: outcome === 'failure' && pairs.length === 0 ? null : outputs };
}

function fillAll(texts: Texts | undefined, contexts: Contexts): Record<string, string> {
  const fill = (text: string) =>
    text.replace(/\$\{\{(.*?)\}\}/gs, (_whole, expression: string) => evaluate(expression, contexts, 'success').coerceString());
  return Object.fromEntries(Object.entries(texts ?? {}).map(([name, text]) => [name, fill(text)]));
}

/** An `if`; without a status function it asks for success too. */
function isTrue(condition = 'success()', contexts: Contexts, status: Status): boolean {
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition)?.[1] ?? condition;
  const isFalse = ['', '0', 'false'].includes(evaluate(expression, contexts, status).coerceString());
  return !isFalse && (status === 'success' || /\b(?:always|success|failure|cancelled)\(/.test(expression));
}

function evaluate(expression: string, contexts: Contexts, status: Status): data.ExpressionData {
  const isNow = (_call: string, name: string) => String(name === 'always' || name === status);
  const known = expression.replaceAll(/(always|success|failure|cancelled)\(\)/g, isNow);
  const parsed = new Parser(new Lexer(known.trim()).lex().tokens, Object.keys(contexts), []).parse();
  return new Evaluator(parsed, toData(contexts)).evaluate();
}

/** GitHub gives null for what is not there; here it is an error. */
function toData(contexts: Contexts): data.Dictionary {
  return JSON.parse(JSON.stringify(contexts), (key, inner) => {
    const made = data.reviver(key, inner);
    if (made.kind !== data.Kind.Dictionary) return made;
    const get = made.get.bind(made);
    made.get = (name) => get(name) ?? assert.fail(`there is no ${key}.${name}`);
    return made;
  }) as data.Dictionary;
}
