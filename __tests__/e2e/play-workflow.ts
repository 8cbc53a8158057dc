/**
 * Plays a workflow file: each step that uses this action runs as the runner would run it, in the order of the jobs.
 * Expressions are evaluated by GitHub's own library against contexts that are made up, all but the outputs of our own
 * steps; what no context knows is an error, so that a misspelt name cannot pass as an empty text. Actions of others do
 * nothing, but their `if`, `with` and `env` are evaluated too, and the outputs they would have are given. Scripts do
 * nothing either, unless the programs that they call are given.
 */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseOutputFile, runAction, type RunOptions, type RunResult } from '../../simulator/runner.ts';

interface WorkflowStep {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly 'continue-on-error'?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Concurrency {
  readonly group: string;
  readonly 'cancel-in-progress'?: string;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly matrix?: { readonly include?: readonly Readonly<Record<string, string>>[] };
  };
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly WorkflowStep[];
}

export interface Play {
  readonly eventName: string;
  readonly event: unknown;
  readonly runId: number;
  readonly attempt?: number;
  readonly token: string;
  /** The contexts `secrets`, `inputs` and `vars`. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string | boolean>>;
  /** By step ID: the outputs of steps that are not ours. */
  readonly stepOutputs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Programs by name, as bash: then scripts run, in the workspace of `options.temp`, and find these before all others. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Inputs that the file leaves to the default: where the simulator is. */
  readonly extraInputs?: Readonly<Record<string, string>>;
  /** In place of the environment's own; the rest of a step's environment is the file's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of each job: `success`, `failure` or `skipped`. */
  readonly onJob?: (job: string, result: string) => void;
  /** What else the stand-in needs. */
  readonly options?: Partial<RunOptions>;
}

export interface PlayedStep {
  readonly job: string;
  readonly matrix: Readonly<Record<string, string>> | null;
  /** null: its `if` was false. */
  readonly result: RunResult | null;
}

const STATUS = /\b(?:always|success|failure|cancelled)\(/;
const OURS = /^(?:alloovium\/run-workflow@v1|\.\/)$/;

/** The steps that use this action, in the order in which they ran. */
export async function playWorkflow(path: string, play: Play): Promise<PlayedStep[]> {
  // As the runner reads scalars: all are text.
  const { name, env, concurrency, jobs } = parse(await readFile(path, 'utf8'), { schema: 'failsafe' }) as {
    name: string;
    env?: Readonly<Record<string, string>>;
    concurrency?: Concurrency;
    jobs: Record<string, Job>;
  };
  const played: PlayedStep[] = [];
  const needs: Record<string, { result: string; outputs: Record<string, string> }> = {};
  // Evaluated for the names in it alone: whoever plays says what is cancelled.
  filledAll({ ...concurrency }, { github: githubContext(name, play), inputs: play.inputs ?? {} });
  for (const [id, { env: ofJob, ...rest }] of Object.entries(jobs)) {
    const job = { ...rest, env: { ...env, ...ofJob } };
    const wanted = [job.needs ?? []].flat();
    const known = Object.fromEntries(wanted.map((other) => [other, needs[other]!]));
    const ready = wanted.every((other) => needs[other]?.result === 'success');
    const github = githubContext(name, play);
    if (!isTrue(job.if ?? 'success()', { github, needs: known, inputs: play.inputs ?? {} }, ready)) {
      needs[id] = { result: 'skipped', outputs: {} };
      play.onJob?.(id, 'skipped');
      continue;
    }
    const ends: JobEnd[] = [];
    for (const matrix of job.strategy?.matrix?.include ?? [null]) {
      ends.push(await playJob(path, play, { id, job, matrix, github, needs: known }, played));
    }
    needs[id] = {
      result: ends.every(({ green }) => green) ? 'success' : 'failure',
      outputs: Object.assign({}, ...ends.map(({ outputs }) => outputs)) as Record<string, string>,
    };
    play.onJob?.(id, needs[id].result);
  }
  return played;
}

interface Leg {
  readonly id: string;
  readonly job: Job;
  readonly matrix: Readonly<Record<string, string>> | null;
  readonly github: Readonly<Record<string, unknown>>;
  readonly needs: Readonly<Record<string, unknown>>;
}

interface JobEnd {
  readonly green: boolean;
  readonly outputs: Readonly<Record<string, string>>;
}

/** One job, or one leg of its matrix. */
async function playJob(path: string, play: Play, leg: Leg, played: PlayedStep[]): Promise<JobEnd> {
  const steps: Record<string, { outputs: Readonly<Record<string, string>>; outcome: string }> = {};
  const outer = {
    github: leg.github,
    needs: leg.needs,
    matrix: leg.matrix ?? {},
    secrets: { GITHUB_TOKEN: play.token, ...play.secrets },
    inputs: play.inputs ?? {},
  };
  const jobEnv = filledAll(leg.job.env, { ...outer, env: {} });
  let green = true;
  let scriptFailed = false;
  let temp: string | undefined;
  for (const step of leg.job.steps) {
    // What a script that failed would have put out is no misspelt name to those that are skipped for it.
    if (scriptFailed && !STATUS.test(step.if ?? '')) {
      if (step.id !== undefined) steps[step.id] = { outputs: {}, outcome: 'skipped' };
      if (OURS.test(step.uses ?? '')) played.push({ job: leg.id, matrix: leg.matrix, result: null });
      continue;
    }
    const contexts = { ...outer, env: jobEnv, steps };
    const runs = isTrue(step.if ?? 'success()', contexts, green);
    const env = filledAll(step.env, contexts);
    const inputs = filledAll(step.with, contexts);
    if (!OURS.test(step.uses ?? '')) {
      const script = runs && play.programs !== undefined ? step.run : undefined;
      const end = script === undefined ? null : runScript(script, play, { ...jobEnv, ...env });
      if (end?.green === false) {
        green = false;
        scriptFailed = true;
      }
      if (step.id !== undefined) {
        steps[step.id] = {
          outputs: end?.outputs ?? play.stepOutputs?.[step.id] ?? {},
          outcome: !runs ? 'skipped' : end?.green === false ? 'failure' : 'success',
        };
      }
      continue;
    }
    const result = runs
      ? await runAction({
          ...play.options,
          eventName: play.eventName,
          event: play.event,
          runId: play.runId,
          attempt: play.attempt ?? 1,
          matrix: leg.matrix,
          token: play.token,
          inputs: { ...play.extraInputs, ...inputs },
          env: {
            ...jobEnv,
            ...env,
            GITHUB_JOB: leg.id,
            GITHUB_WORKFLOW_REF: `octo-org/tower/.github/workflows/${path.slice(path.lastIndexOf('/') + 1)}@refs/heads/main`,
            ...play.env,
          },
          ...(temp === undefined ? {} : { temp }),
        })
      : null;
    temp = result?.temp ?? temp;
    const outcome = result?.outcome ?? 'skipped';
    if (outcome === 'failure' && step['continue-on-error'] !== 'true') green = false;
    if (step.id !== undefined) steps[step.id] = { outputs: result?.outputs ?? {}, outcome };
    played.push({ job: leg.id, matrix: leg.matrix, result });
  }
  return { green, outputs: filledAll(leg.job.outputs, { ...outer, env: jobEnv, steps }) };
}

/** As the runner's default shell runs it. */
function runScript(script: string, { options, programs = {} }: Play, env: Record<string, string>): JobEnd {
  const temp = options?.temp;
  if (temp === undefined) throw new Error('a script needs a RUNNER_TEMP to run in');
  const folder = mkdtempSync(join(temp, 'script-'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
  }
  const output = join(folder, 'output.txt');
  writeFileSync(output, '');
  const { status } = spawnSync('bash', ['-e', '-c', script], {
    cwd: join(temp, '_workspace'),
    env: {
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      ...{ RUNNER_TEMP: temp, GITHUB_OUTPUT: output, GITHUB_REPOSITORY: 'octo-org/tower' },
      ...env,
    },
  });
  const { pairs, errors } = parseOutputFile(readFileSync(output, 'utf8'));
  return { green: status === 0 && errors.length === 0, outputs: Object.fromEntries(pairs) };
}

function githubContext(workflow: string, play: Play): Record<string, unknown> {
  return {
    event_name: play.eventName,
    event: play.event,
    repository: 'octo-org/tower',
    server_url: 'https://github.com',
    run_id: String(play.runId),
    run_attempt: String(play.attempt ?? 1),
    ref: play.eventName === 'pull_request' ? 'refs/pull/7/merge' : 'refs/heads/main',
    token: play.token,
    workflow,
  };
}

type Contexts = Readonly<Record<string, unknown>>;

function filledAll(
  texts: Readonly<Record<string, string>> | undefined,
  contexts: Contexts,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts ?? {}).map(([name, text]) => [name, filled(text, contexts)]),
  );
}

/** The text with its expressions evaluated. */
export function filled(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_whole, expression: string) =>
    evaluate(expression, contexts, true).coerceString(),
  );
}

/** An `if`; without a status function it asks for success too. */
function isTrue(condition: string, contexts: Contexts, green: boolean): boolean {
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition)?.[1] ?? condition;
  const value = evaluate(expression, contexts, green);
  const holds = !(
    value.kind === data.Kind.Null ||
    (value.kind === data.Kind.Boolean && value.coerceString() === 'false') ||
    (value.kind === data.Kind.String && value.coerceString() === '') ||
    (value.kind === data.Kind.Number && value.number() === 0)
  );
  return holds && (green || STATUS.test(expression));
}

function evaluate(expression: string, contexts: Contexts, green: boolean): data.ExpressionData {
  const answer = (name: string, value: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  });
  const functions = [
    answer('always', true),
    answer('success', green),
    answer('failure', !green),
    answer('cancelled', false),
  ];
  const { tokens } = new Lexer(expression.trim()).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(parsed, dataOf(contexts, '') as data.Dictionary, known).evaluate();
}

/** GitHub gives null for what is not there; here it is an error. */
class Known extends data.Dictionary {
  readonly path: string;
  constructor(path: string, entries: Iterable<[string, data.ExpressionData]>) {
    super(...Array.from(entries, ([key, value]) => ({ key, value })));
    this.path = path;
  }
  override get(key: string): data.ExpressionData {
    const value = super.get(key);
    if (value === undefined) throw new Error(`there is no ${this.path}${key}`);
    return value;
  }
}

function dataOf(value: unknown, path: string): data.ExpressionData {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    return new data.Array(...items.map((item) => dataOf(item, `${path}[].`)));
  }
  const entries = Object.entries(value).map(([key, inner]): [string, data.ExpressionData] => [
    key,
    dataOf(inner, `${path}${key}.`),
  ]);
  return new Known(path, entries);
}
