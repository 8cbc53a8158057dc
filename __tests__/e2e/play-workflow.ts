/**
 * Plays a workflow file as a runner would: jobs in their order, each on a machine of its own, so that what one keeps for another
 * goes through a cache with keys and scopes. Steps that use this action run its bundle; scripts run in bash, with the programs that
 * are given before all others; composite actions around ours are played too. Other actions do nothing, but their `if`, `with` and
 * `env` are evaluated. Expressions are evaluated by GitHub's own library against contexts that are made up, all but what steps
 * put out; what no context knows is an error, so that a misspelt name cannot pass as an empty text.
 */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Github } from '../../simulator/github.ts';
import { newTemp, parseOutputFile, runAction, SHA, type RunOptions, type RunResult } from '../../simulator/runner.ts';

type Texts = Readonly<Record<string, string>>;

interface WorkflowStep {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly 'continue-on-error'?: string;
  readonly with?: Texts;
  readonly env?: Texts;
  readonly background?: string;
  readonly wait?: string | readonly string[];
  readonly 'wait-all'?: unknown;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions?: Texts;
  readonly concurrency?: Texts;
  readonly env?: Texts;
  readonly strategy?: { readonly matrix?: { readonly include?: readonly Texts[] } };
  readonly outputs?: Texts;
  readonly steps: readonly WorkflowStep[];
}

interface Workflow {
  readonly name?: string;
  readonly env?: Texts;
  readonly concurrency?: Texts;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface CompositeAction {
  readonly inputs?: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly WorkflowStep[] };
}

/** What the repository keeps from job to job. */
export interface Cache {
  readonly key: string;
  /** The branch or pull request that has made it: nobody else reads it but those who branch off from it. */
  readonly ref: string;
  readonly path: string;
  readonly folder: string;
}

export interface Play {
  readonly eventName: string;
  readonly event: unknown;
  readonly runId: number;
  readonly attempt?: number;
  /** The commit that the run is of, where it is not a pull request's; left out: the stand-in runner's own. */
  readonly sha?: string;
  /** The job's token, which may do what its `permissions` allow. */
  readonly tokenFor: (permissions: Texts) => string;
  /** The contexts `secrets` and `inputs`. */
  readonly secrets?: Texts;
  readonly inputs?: Readonly<Record<string, string | boolean>>;
  /** The files of the repository, for `actions/checkout`. */
  readonly files?: Texts;
  /** The repository's caches; what is saved is added. */
  readonly caches?: Cache[];
  /** Where workflow runs and artifacts are kept. */
  readonly github?: Pick<Github, 'actions'>;
  /** By what `uses` says: the text of the action.yml of a composite action. */
  readonly actions?: Texts;
  /** By step ID: the outputs of actions that are not ours, and of scripts that are not to run. */
  readonly stepOutputs?: Readonly<Record<string, Texts>>;
  /** By name, as bash. Nothing in a script sleeps. */
  readonly programs?: Texts;
  /** Inputs that the file leaves to the default: where the simulator is. */
  readonly extraInputs?: Texts;
  /** In place of the environment's own; the rest of a step's environment is the file's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of each job's end, and of each concurrency group. */
  readonly onJob?: (job: string, result: Status) => void;
  readonly onGroup?: (group: string) => void;
  /** What else the stand-in needs. */
  readonly options?: Partial<RunOptions>;
}

/** A workflow file, by its name in `.github/workflows`. */
export interface WorkflowFile {
  readonly name: string;
  readonly text: string;
}

export interface PlayedStep {
  readonly job: string;
  readonly matrix: Texts | null;
  /** null: its `if` was false. */
  readonly result: RunResult | null;
}

type Status = 'success' | 'failure' | 'cancelled' | 'skipped';

interface StepEnd {
  readonly outcome: Status;
  /** null: GitHub gives an empty text for each. */
  readonly outputs: Texts | null;
}

/** What the steps of a job share. */
interface Running {
  readonly play: Play;
  readonly job: string;
  readonly matrix: Texts | null;
  readonly token: string;
  readonly github: Readonly<Record<string, unknown>>;
  readonly temp: string;
  readonly workspace: string;
  readonly played: PlayedStep[];
}

const OURS = /^(?:alloovium\/run-workflow@v1|\.\/)$/;

/** The steps that use this action, in the order in which they ran. */
export async function playWorkflow(file: WorkflowFile, play: Play): Promise<PlayedStep[]> {
  // As the runner reads scalars: all are text.
  const { name = file.name, env, concurrency, jobs } = parse(file.text, { schema: 'failsafe' }) as Workflow;
  const played: PlayedStep[] = [];
  const needs: Record<string, { result: Status; outputs: Texts | null }> = {};
  const github = githubContext(file.name, name, play);
  play.github?.actions.addRun({
    ...runOf(play),
    event: play.eventName,
    path: `.github/workflows/${file.name}`,
  });
  const inputs = play.inputs ?? {};
  // Whoever plays says what is cancelled.
  const { group } = filledAll(concurrency, { github, inputs });
  if (group !== undefined) play.onGroup?.(group);
  let cancelled = false;
  for (const [id, job] of Object.entries(jobs)) {
    const wanted = [job.needs ?? []].flat();
    const known = Object.fromEntries(wanted.map((other) => [other, needs[other]!]));
    const results = wanted.map((other) => needs[other]!.result);
    const before = cancelled
      ? 'cancelled'
      : results.includes('failure')
        ? 'failure'
        : results.every((result) => result === 'success')
          ? 'success'
          : 'skipped';
    const ends: StepEnd[] = [];
    if (isTrue(job.if ?? 'success()', { github, needs: known, inputs }, before)) {
      const { group: groupOfJob } = filledAll(job.concurrency, { github, inputs, needs: known });
      if (groupOfJob !== undefined) play.onGroup?.(groupOfJob);
      const token = play.tokenFor(job.permissions ?? {});
      for (const matrix of job.strategy?.matrix?.include ?? [null]) {
        ends.push(
          await playJob(
            { ...job, env: { ...env, ...job.env } },
            { play, job: id, matrix, token, github: { ...github, token }, played },
            known,
          ),
        );
      }
    }
    const outcomes = ends.map(({ outcome }) => outcome);
    const result = (['cancelled', 'failure', 'success'] as const).find((one) => outcomes.includes(one));
    cancelled ||= result === 'cancelled';
    needs[id] = {
      result: result ?? (cancelled ? 'cancelled' : 'skipped'),
      // Of a job that is skipped every output is an empty text.
      outputs: ends.length === 0 ? null : (Object.assign({}, ...ends.map(({ outputs }) => outputs)) as Texts),
    };
    play.onJob?.(id, needs[id].result);
  }
  return played;
}

/** One job, or one leg of its matrix, on a machine of its own. */
async function playJob(job: Job, leg: Omit<Running, 'temp' | 'workspace'>, needs: Contexts): Promise<StepEnd> {
  const { play, matrix, token, github } = leg;
  const temp = await newTemp();
  const workspace = join(temp, '_workspace');
  mkdirSync(workspace);
  const outer = {
    github,
    needs,
    matrix: matrix ?? {},
    inputs: play.inputs ?? {},
    secrets: { GITHUB_TOKEN: token, ...play.secrets },
  };
  const env = filledAll(job.env, outer);
  const contexts = { ...outer, runner: { temp }, env };
  const { outcome, steps } = await playSteps(job.steps, { ...leg, temp, workspace }, contexts);
  return { outcome, outputs: filledAll(job.outputs, { ...outer, env, steps }) };
}

/** The steps of a job, or of the composite action that a step of this name uses. */
async function playSteps(
  all: readonly WorkflowStep[],
  running: Running,
  outer: Contexts & { readonly env: Texts },
  composite?: string,
): Promise<{ readonly outcome: Status; readonly steps: Readonly<Record<string, unknown>> }> {
  const steps: Record<string, StepEnd & { readonly conclusion: Status }> = {};
  const names: string[] = [];
  let status = 'success' as Status;
  /** Those that run beside the others, until they are waited for: nothing of them is known before. */
  const beside = new Map<string, Promise<StepEnd>>();
  const end = (id: string | undefined, ended: StepEnd, continues: boolean): void => {
    const conclusion = ended.outcome === 'failure' && continues ? 'success' : ended.outcome;
    if (status === 'success' && conclusion !== 'skipped') status = conclusion;
    if (id !== undefined) steps[id] = { ...ended, conclusion };
  };
  const waitFor = async (ids: Iterable<string>): Promise<void> => {
    for (const id of [...ids]) {
      const ended = beside.get(id);
      if (ended === undefined) throw new Error(`no step ${id} runs in the background`);
      beside.delete(id);
      end(id, await ended, false);
    }
  };
  for (const step of all) {
    if (step.wait !== undefined || 'wait-all' in step) {
      // GitHub runs these always, whatever was red before.
      await waitFor([step.wait ?? [...beside.keys()]].flat());
      continue;
    }
    const action = composite ?? nameOf(step, names);
    const contexts = { ...outer, github: { ...running.github, action, job: running.job }, steps };
    const runs = isTrue(step.if ?? 'success()', contexts, status);
    const env = { ...outer.env, ...filledAll(step.env, contexts) };
    const given = filledAll(step.with, { ...contexts, env });
    const played = runs ? playStep(step, running, { ...contexts, env }, given, action) : SKIPPED;
    if (!runs && OURS.test(step.uses ?? '')) {
      running.played.push({ job: running.job, matrix: running.matrix, result: null });
    }
    if (step.background === 'true') {
      beside.set(action, Promise.resolve(played));
      steps[action] = { ...SKIPPED, conclusion: 'skipped' };
    } else end(step.id, await played, step['continue-on-error'] === 'true');
  }
  await waitFor(beside.keys());
  return { outcome: status, steps };
}

const SKIPPED: StepEnd = { outcome: 'skipped', outputs: null };

/** As GitHub names a step in `github.action`: its ID, else what it uses, with a number where that is used again. */
function nameOf({ id, uses, run }: WorkflowStep, names: string[]): string {
  const [repository = ''] = (uses ?? '').split('@');
  const own = run !== undefined ? '__run' : repository.startsWith('.') ? '__self' : `__${repository.replaceAll('/', '_')}`;
  const name = id ?? own;
  names.push(name);
  const nth = names.filter((other) => other === name).length;
  return nth === 1 ? name : `${name}_${nth}`;
}

async function playStep(
  step: WorkflowStep,
  running: Running,
  contexts: Contexts & { readonly env: Texts },
  given: Record<string, string>,
  action: string,
): Promise<StepEnd> {
  const { play, job, matrix, token, github, temp, workspace, played } = running;
  const { uses = '', id = '' } = step;
  const composite = play.actions?.[uses];
  if (composite !== undefined) {
    const { inputs = {}, outputs = {}, runs } = parse(composite, { schema: 'failsafe' }) as CompositeAction;
    const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default ?? '']);
    const inner = {
      ...contexts,
      inputs: { ...(Object.fromEntries(defaults) as Texts), ...given },
      secrets: {},
      needs: {},
    };
    const { outcome, steps } = await playSteps(runs.steps, running, inner, action);
    const values = Object.entries(outputs).map(([name, { value }]): [string, string] => [name, value]);
    return { outcome, outputs: filledAll(Object.fromEntries(values), { ...inner, steps }) };
  }
  if (OURS.test(uses)) {
    const result = await runAction({
      ...play.options,
      eventName: play.eventName,
      event: play.event,
      runId: play.runId,
      attempt: play.attempt ?? 1,
      matrix,
      token,
      inputs: { ...play.extraInputs, ...given },
      env: {
        ...contexts.env,
        GITHUB_ACTION: action,
        GITHUB_JOB: job,
        GITHUB_WORKFLOW: String(github.workflow),
        GITHUB_WORKFLOW_REF: String(github.workflow_ref),
        ...(play.sha === undefined ? {} : { GITHUB_SHA: play.sha }),
        ...play.env,
      },
      temp,
    });
    played.push({ job, matrix, result });
    return { outcome: result.outcome, outputs: result.outputs };
  }
  const known = play.stepOutputs?.[id];
  if (known !== undefined) return { outcome: 'success', outputs: known };
  if (step.run !== undefined) return runScript(step.run, running, contexts.env);
  if (uses.startsWith('actions/checkout@')) writeFiles(workspace, play.files ?? {});
  // As actions/cache refuses it.
  if (uses.startsWith('actions/cache/') && /,|^$/.test(given.key ?? '')) return { outcome: 'failure', outputs: null };
  if (uses.startsWith('actions/cache/restore@')) return { outcome: 'success', outputs: restored(running, given) };
  if (uses.startsWith('actions/cache/save@')) save(running, given);
  else if (uses.startsWith('actions/upload-artifact@') && given.archive === 'false')
    return { outcome: upload(play, given.path!), outputs: {} };
  else if (uses.startsWith('actions/cache@')) throw new Error('restore and save are played apart only');
  return { outcome: 'success', outputs: {} };
}

/** Without an archive the artifact is one file, and has its name, whatever `name` says. */
function upload(play: Play, path: string): Status {
  if (!existsSync(path)) return 'success';
  const { attempt = 1 } = play;
  const artifact = { name: basename(path), content: readFileSync(path), run: runOf(play), attempt };
  return play.github?.actions.upload(artifact) === 'conflict' ? 'failure' : 'success';
}

function writeFiles(folder: string, files: Texts): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** As the runner's default shell runs it. */
function runScript(script: string, { play, temp, workspace }: Running, env: Texts): StepEnd {
  const folder = mkdtempSync(join(temp, 'script-'));
  for (const [name, text] of Object.entries({ sleep: '', ...play.programs })) {
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
  }
  const output = join(folder, 'output.txt');
  writeFileSync(output, '');
  const { status } = spawnSync('bash', ['-e', '-c', script], {
    cwd: workspace,
    env: {
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: output,
      GITHUB_REPOSITORY: 'octo-org/tower',
      ...env,
    },
  });
  const { pairs, errors } = parseOutputFile(readFileSync(output, 'utf8'));
  const outcome = status === 0 && errors.length === 0 ? 'success' : 'failure';
  return { outcome, outputs: outcome === 'failure' && pairs.length === 0 ? null : Object.fromEntries(pairs) };
}

/** In each scope, the job's own first: the key itself, then the newest whose key begins with it, or with one of `restore-keys`. */
function restored(running: Running, { path = '', key = '', ...given }: Record<string, string>): Texts {
  const { play, github, temp, workspace } = running;
  const prefixes = [key, ...(given['restore-keys'] ?? '').split('\n')].map((one) => one.trim()).filter(Boolean);
  const scopes = new Set([String(github.ref), `refs/heads/${String(github.base_ref)}`, 'refs/heads/main']);
  for (const scope of scopes) {
    const there = (play.caches ?? []).filter((one) => one.ref === scope && one.path === onAnyMachine(path, temp));
    const fits = [(one: Cache) => one.key === key, ...prefixes.map((prefix) => (one: Cache) => one.key.startsWith(prefix))];
    for (const fit of fits) {
      const found = there.findLast(fit);
      if (found === undefined) continue;
      cpSync(found.folder, resolve(workspace, path), { recursive: true });
      const hit = { 'cache-hit': String(found.key === key), 'cache-matched-key': found.key };
      return { 'cache-primary-key': key, ...hit };
    }
  }
  return { 'cache-primary-key': key, 'cache-hit': '', 'cache-matched-key': '' };
}

/** A cache is never written twice, and on events that anybody can cause not at all; the step is green all the same. */
function save({ play, github, temp, workspace }: Running, { path = '', key = '' }: Record<string, string>): void {
  const ref = String(github.ref);
  const there = onAnyMachine(path, temp);
  const isThere = play.caches?.some((one) => one.key === key && one.ref === ref && one.path === there);
  const isUntrusted = ['pull_request_target', 'issue_comment', 'workflow_run'].includes(play.eventName);
  if (play.caches === undefined || isThere === true || isUntrusted || !existsSync(resolve(workspace, path))) return;
  const folder = mkdtempSync(join(temp, 'cache-'));
  cpSync(resolve(workspace, path), folder, { recursive: true });
  play.caches.push({ key, ref, path: there, folder });
}

/** A cache is of a path too, which GitHub's machines have in common. */
function onAnyMachine(path: string, temp: string): string {
  return path.replace(temp, 'TEMP');
}

/** Which run it is for GitHub: of a pull request's head, or of main. */
function runOf({ runId, eventName, event, sha = SHA }: Play) {
  const { head } = (event as { pull_request?: { head: { sha: string; ref: string } } }).pull_request ?? {};
  return eventName.startsWith('pull_request') && head !== undefined
    ? { id: runId, headSha: head.sha, headBranch: head.ref }
    : { id: runId, headSha: sha, headBranch: 'main' };
}

function githubContext(file: string, workflow: string, play: Play): Record<string, unknown> {
  const ref = play.eventName === 'pull_request' ? 'refs/pull/7/merge' : 'refs/heads/main';
  return {
    event_name: play.eventName,
    event: play.event,
    repository: 'octo-org/tower',
    server_url: 'https://github.com',
    run_id: String(play.runId),
    run_attempt: String(play.attempt ?? 1),
    ref,
    base_ref: play.eventName === 'pull_request' ? 'main' : '',
    workflow,
    workflow_ref: `octo-org/tower/.github/workflows/${file}@${ref}`,
  };
}

type Contexts = Readonly<Record<string, unknown>>;

function filledAll(texts: Texts | undefined, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts ?? {}).map(([name, text]) => [name, filled(text, contexts)]));
}

/** The text with its expressions evaluated. */
export function filled(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_whole, expression: string) => evaluate(expression, contexts, 'success').coerceString());
}

/** An `if`; without a status function it asks for success too. */
function isTrue(condition: string, contexts: Contexts, status: Status): boolean {
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition)?.[1] ?? condition;
  const value = evaluate(expression, contexts, status);
  const holds = !(
    value.kind === data.Kind.Null ||
    (value.kind === data.Kind.Boolean && value.coerceString() === 'false') ||
    (value.kind === data.Kind.String && value.coerceString() === '') ||
    (value.kind === data.Kind.Number && value.number() === 0)
  );
  return holds && (status === 'success' || /\b(?:always|success|failure|cancelled)\(/.test(expression));
}

function evaluate(expression: string, contexts: Contexts, status: Status): data.ExpressionData {
  const answer = (name: string, value: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  });
  const functions = [
    answer('always', true),
    answer('success', status === 'success'),
    answer('failure', status === 'failure'),
    answer('cancelled', status === 'cancelled'),
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
  const entries = Object.entries(value).map(([key, inner]): [string, data.ExpressionData] => [key, dataOf(inner, `${path}${key}.`)]);
  return new Known(path, entries);
}
