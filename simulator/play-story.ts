/** Plays a story with the built action against the simulated servers, without waits, and shows what people see. */
import { readFileSync, rmSync } from 'node:fs';
import { startApi, type Api } from './api.ts';
import { contractViolations, validateExchange } from './contract.ts';
import type { Fault as ApiFaultScript, ScriptedFault } from './faults.ts';
import { ACTIONS_BOT, startGithub, type Fault as GithubScript, type Github, type Operation } from './github.ts';
import type { Permission } from './github-calls.ts';
import { findViolations } from './invariants.ts';
import type { Call } from './journal.ts';
import { steadyLifecycle, type Lifecycle } from './run-lifecycle.ts';
import { HEAD_SHA, REPOSITORY } from './runner-context.ts';
import { defaultEvent, runAction } from './runner.ts';
import { SAMPLES, type SampleName } from './sample-outputs.ts';
import type { ApiFault, RunPlan, Section, Step, Story } from './story.ts';
import { TEST_KEY, WORKFLOW_ID } from './vendor-example.ts';

const START = Date.UTC(2026, 3, 8, 9, 0, 0);
const TOKEN = 'ghs_simulatedTokenOfTheJob0123456789abcdef';
/** Makes random numbers reproducible. */
const SEED = 'let state = 1; Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;';
/** Longer than a busy machine delays an answer. */
const FROZEN_MS = '6000';

const shaOf = (commit: number): string => `c0ffee${commit}`.padEnd(40, '0');

/** A played step. */
export type Played = Awaited<ReturnType<typeof playStep>>;

/** Plays all steps of a story. The caller closes the servers. @throws Error if an invariant or an API's description is broken */
export async function playSteps({ then: later = [], ...first }: Step & Pick<Story, 'then'>) {
  let plans: readonly RunPlan[] = [];
  const api = await startApi({
    isClientDriven: true,
    startAt: START,
    lifecycle: () => {
      const [plan = 'submittals', ...rest] = plans;
      if (rest.length > 0) plans = rest;
      return lifecycleOf(plan);
    },
    keys: { [TEST_KEY]: {} },
  });
  const missingPermissions: Permission[] = [];
  const files = { ...first.files };
  const github = await startGithub({
    pullRequests: [{ number: 7, head: shaOf(1) }],
    tokens: { [TOKEN]: { user: ACTIONS_BOT, missingPermissions } },
    actions: { branches: { main: [shaOf(1)] } },
    files,
  });
  try {
    const steps: Played[] = [];
    for (const change of [first, ...later]) {
      if (change.run !== undefined) plans = [change.run].flat();
      const step = { ...first, ...change, with: { ...first.with, ...change.with } };
      missingPermissions.splice(0, Infinity, ...(step.lacks ?? []));
      Object.assign(files, change.files);
      const played = await playStep(step, change, api, github);
      if (change.follows !== undefined) checkSequel(change.follows, { earlier: steps, step, played });
      steps.push(played);
    }
    return { steps, api, github };
  } catch (error) {
    await api.close();
    await github.close();
    throw error;
  }
}

/** Returns the sections of a story as they are now. @throws Error if an invariant is broken */
export async function playStory(story: Story): Promise<Section[]> {
  const { steps, api, github } = await playSteps(story);
  const clean = cleaner(api, github, steps);
  const shown = story.sections.map((section) => ({ ...section, text: clean(showSection(section, steps)) }));
  await Promise.all([api.close(), github.close()]);
  for (const { result } of steps) rmSync(result.temp, { recursive: true });
  return shown;
}

interface Sequel {
  readonly earlier: readonly Played[];
  readonly step: Step;
  readonly played: Played;
}

/** A re-run has the same commit and job, and these values, but reads secrets anew. */
const keptByRerun = ({ with: { api_key: _, ...inputs } = {}, on, event, from, matrix }: Step) => ({
  with: inputs,
  on,
  event,
  from,
  matrix,
});

/** @throws Error if no earlier step prints the quotation, GitHub would not play the sequel of that step like this, or the check fails */
function checkSequel(quotation: string, { earlier, step, played }: Sequel): void {
  const shown = earlier.findLast(({ result, comments }) => [result.shownLog, ...comments].some((text) => text.includes(quotation)));
  if (shown === undefined) throw new Error(`no step before prints “${quotation}”`);
  const before = shown.step;
  const { commit = 1, job = 1, attempt = 1 } = step;
  const isRerun = commit === (before.commit ?? 1) && job === (before.job ?? 1) && attempt > (before.attempt ?? 1);
  const old = keptByRerun(before);
  const changed = Object.entries(keptByRerun(step)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name as keyof typeof old]),
  );
  if (isRerun && changed.length > 0) throw new Error(`a re-run cannot change ${changed.map(([name]) => name).join(', ')}`);
  if (played.result.exitCode !== 0) throw new Error(`the check of “${quotation}” does not pass:\n${played.result.shownLog}`);
}

/** @param change the story's values for this step alone */
async function playStep(step: Step, change: Step, api: Api, github: Github) {
  const { commit = 1, job = 1, attempt = 1, matrix, on: eventName = 'pull_request' } = step;
  const isPull = eventName.startsWith('pull_request');
  const runId = 17_000_000_000 + job;
  api.advance((change.after ?? 0) * 60_000);
  if (isPull) github.setHead(7, shaOf(commit));
  else if (commit > 1) github.actions.pushToBranch('main', shaOf(commit));
  if (step.pull !== undefined) github.setHead(7, shaOf(step.pull.head));
  const path = '.github/workflows/submittals.yml';
  github.actions.addRun({ id: runId, event: eventName, path, headSha: shaOf(commit), headBranch: isPull ? 'fix-doors' : 'main' });
  const { faults, whenCancelled } = apiFaults(change);
  api.faults.splice(0, Infinity, ...faults);
  github.addFaults(...Object.entries(change.github ?? {}).map(githubFault));

  const { statuses, artifacts } = github.actions;
  const before = { api: api.journal.length, github: github.journal.length, statuses: statuses.length, artifacts: artifacts.length };
  const stated = Object.entries(step.with ?? {}).filter(([, value]) => value !== null);
  const given = stated.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  const usual = { api_key: TEST_KEY, api_url: api.url, workflow_id: WORKFLOW_ID };
  const inputs: Record<string, string> = { ...usual, ...(Object.fromEntries(given) as Record<string, string>) };
  const apiKey = inputs.api_key === undefined || inputs.api_key === '' ? TEST_KEY : inputs.api_key;
  const { tokens, ...key } = change.key ?? {};
  if (Object.keys(key).length > 0) api.setKey(apiKey, key);
  if (tokens === 0) api.bucket(apiKey).empty(api.now());
  const result = await runAction({
    ...{ inputs, eventName, event: eventOf(step, eventName), runId, attempt, matrix: matrix ?? null, token: TOKEN, timeoutMs: 60_000 },
    preload: [`data:text/javascript,${encodeURIComponent(SEED)}`, 'simulator/fast-time.mjs'],
    signals: whenCancelled === null ? [] : [{ signal: 'cancel', whenDone: whenCancelled }],
    env: {
      FAST_TIME_FROZEN_MS: FROZEN_MS,
      FAST_TIME_DATE: String(Math.floor(api.now())),
      GITHUB_API_URL: github.apiUrl,
      ...github.actions.environment(runId, attempt),
      ...(isPull ? {} : { GITHUB_SHA: shaOf(commit) }),
      ...(step.from === 'dependabot' ? { GITHUB_ACTOR: 'dependabot[bot]' } : {}),
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, value ?? undefined])),
    },
  });
  const timeoutMs = Number(inputs.timeout_minutes ?? 15) * 60_000;
  const found = [
    ...findViolations({ result, api, github, apiKey, token: TOKEN, earlierRequests: before.api, timeoutMs }),
    // A fault's answer may not follow the description.
    ...(faults.length > 0 ? [] : api.journal.slice(before.api).flatMap(validateExchange)),
    ...github.journal.slice(before.github).flatMap(contractViolations),
  ];
  if (found.length > 0) throw new Error(`invariants are broken: ${found.join('; ')}\n${result.shownLog}`);
  return {
    result,
    step,
    requests: requestLines(api, github, before),
    /** The comments after the step. */
    comments: github.comments().map(({ body }) => body),
    /** The artifacts that the step uploaded, with their contents. */
    artifacts: artifacts
      .slice(0, artifacts.length - before.artifacts)
      .map(({ name, content }) => `${name}\n${Buffer.from(content).toString()}`),
    statuses: statuses
      .slice(before.statuses)
      .map(({ sha, state, context, description }) => `${sha.slice(0, 7)} ${context}: ${state}, ${description ?? ''}`),
  };
}

function lifecycleOf(plan: RunPlan): Lifecycle {
  if (typeof plan === 'string') return lifecycleOf({ outputs: plan });
  const { ends: ending = 'completed', error: errorMessage = null, takes = 10, stages, outputs = null } = plan;
  return steadyLifecycle({
    queuedMs: 1_000,
    runningMs: takes * 1_000 - 1_000,
    ending,
    errorMessage,
    ...(stages && { stages }),
    outputs: typeof outputs === 'string' && outputs in SAMPLES ? SAMPLES[outputs as SampleName] : outputs,
  });
}

function eventOf(step: Step, name: string): Record<string, unknown> {
  const sha = shaOf(step.commit ?? 1);
  const usual = JSON.parse(
    JSON.stringify(defaultEvent(name))
      .replaceAll(HEAD_SHA, sha)
      .replaceAll(/"(after|head_sha)":"\w+"/g, `"$1":"${sha}"`),
  ) as Record<string, unknown>;
  const { pull_request: pull } = usual as { pull_request?: { head: { repo: object }; user: object } };
  if (pull && step.from === 'fork') pull.head.repo = { id: 666, full_name: 'mallory/tower' };
  if (step.from === 'dependabot') pull!.user = { login: 'dependabot[bot]', id: 49699333, type: 'Bot' };
  return { ...usual, repository: { ...(usual.repository as object), private: step.private ?? false }, ...step.event };
}

/** Returns the faults of a step, and when the runner stops it. */
function apiFaults({ api = {}, cancelled }: Step) {
  const faults: ScriptedFault[] = Object.entries(api).map(([subject, fault]) => ({ when: whenOf(subject), ...scriptOf(fault) }));
  if (cancelled === undefined) return { faults, whenCancelled: null };
  const { promise: whenCancelled, resolve: cancel } = Promise.withResolvers<undefined>();
  const { call, nth } = whenOf(cancelled);
  faults.unshift((request) => {
    if (request.call !== call || !nth(request.nth)) return undefined;
    cancel(undefined);
    return { wire: ['hang'] };
  });
  return { faults, whenCancelled };
}

/** `poll`, `poll 3`, `poll 3-5`, `poll 3+` */
function whenOf(subject: string): { readonly call: Call; readonly nth: (nth: number) => boolean } {
  const [, call, from = '1', plus, to] = /^(launch|poll|list)(?: (\d+)(?:(\+)|-(\d+))?)?$/.exec(subject) ?? [];
  if (call === undefined) throw new Error(`the API has no call "${subject}"`);
  const last = to ?? (plus === undefined && subject !== call ? from : Infinity);
  return { call: call as Call, nth: (nth) => nth >= Number(from) && nth <= Number(last) };
}

function scriptOf(fault: ApiFault): ApiFaultScript {
  if (typeof fault === 'number') return { answer: { status: fault, body: `<html><h1>${fault}</h1></html>` } };
  if (fault === 'lost') return { wire: ['reset'] };
  if (fault === 'sign-in page') return { answer: { body: '<!DOCTYPE html>\n<title>Sign in to the network</title>' }, work: 'none' };
  if (typeof fault === 'string') return { answer: { code: fault } };
  const { unstored, fields, ...answer } = fault;
  const body = (own: Record<string, unknown>) => ({ ...own, ...fields });
  return { answer: { ...answer, ...(fields && { body }) }, ...(unstored === true && { work: 'unstored' }) };
}

const OPERATIONS: Readonly<Record<string, Operation>> = { comments: 'list', 'new comment': 'create' };

function githubFault([subject, fault]: readonly [string, number | 'lost']): GithubScript {
  const [, name = '', times = '99'] = /^(.*?)(?: x(\d))?$/.exec(subject) ?? [];
  const script = { on: OPERATIONS[name] ?? (name as Operation), times: Number(times) };
  if (fault === 'lost') return { ...script, commit: true, answer: 'reset' };
  const page = { headers: { 'content-type': 'text/html' }, body: `<html><body><h1>${fault} Bad Gateway</h1></body></html>` };
  return {
    ...script,
    answer: { status: fault, ...(fault === 502 ? page : { body: { message: 'Refused by the story', msg: 'Refused by the test' } }) },
  };
}

/** Lists the requests of a step to both servers, in order. */
function requestLines(api: Api, github: Github, from: { readonly api: number; readonly github: number }): string[] {
  const toApi = api.journal.slice(from.api).map(({ sent, method, path, idempotencyKey, body, status, answerBody, runId }) => {
    const { code, status: runStatus } = parseOrEmpty(answerBody.toString());
    const about = [code, method === 'POST' ? runId : runStatus].find((word) => typeof word === 'string') ?? '';
    const call = `${method} ${path.replace('/api/v2', '').replace(/(?<=wf_\w{8})[\w-]+/, '…')}`;
    const parts = [idempotencyKey ?? '', body.toString()].filter((text) => text !== '' && text !== '{}');
    return { sent, text: [call, ...parts, '→', status ?? 'no answer', about].join(' ').trimEnd() };
  });
  const toGithub = github.journal.slice(from.github).map(({ sent, method, path, answer }) => ({
    sent,
    text: `GitHub ${method} ${path.replace(`/repos/${REPOSITORY.full_name}`, '')} → ${answer?.status ?? 'no answer'}`,
  }));
  return [...toApi, ...toGithub]
    .sort((a, b) => (a.sent?.nth ?? 0) - (b.sent?.nth ?? 0))
    .map(({ sent, text }) => `${Math.round((sent?.at ?? 0) / 1_000)} s`.padStart(6) + ` ${text}`);
}

function parseOrEmpty(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Replaces values that differ from play to play, and shows invisible characters. */
function cleaner(api: Api, github: Github, played: readonly Played[]): (text: string) => string {
  const keys = [...new Set(api.journal.flatMap(({ idempotencyKey }) => idempotencyKey ?? []))]
    .map((key, at) => [key, `key_${at + 1}`] as const)
    .sort(([one], [other]) => other.length - one.length);
  const temps = played.map(({ result }) => [result.temp, '/tmp'] as const);
  const names = [[api.url, 'http://api.test'], [github.apiUrl, 'http://github.test'], ...keys, ...temps] as const;
  return (text) =>
    names
      .reduce((cleaned, [name, shown]) => cleaned.replaceAll(name, shown), text)
      .replaceAll(/\/alloovium-\w{6}\//g, '/alloovium/')
      .replaceAll(/(Unexpected input\(s\) .*?), valid inputs are \[.*\]/g, '$1, …')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:0')
      .replaceAll(/(?!\n)[\p{Cc}\p{Cs}\u2028-\u202e]/gu, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .replaceAll(/[^\S\n]+$/gm, '');
}

const SECTIONS: Readonly<Record<Exclude<Section['kind'], 'Check'>, (played: Played, names: readonly string[]) => string>> = {
  Log: ({ result }) => fence(result.shownLog),
  Outputs: ({ result }, names) => fence(names.map((name) => `${name}: ${result.outputs[name] ?? '(not written)'}`).join('\n')),
  Requests: ({ requests }) => fence(requests.join('\n')),
  Statuses: ({ statuses }) => fence(statuses.join('\n')),
  Artifacts: ({ artifacts }) => fence(artifacts.join('\n\n')),
  Summary: ({ result }) => quote(result.shownSummary),
  Comment: ({ comments }) => (comments.length === 0 ? 'None.' : comments.map(quote).join('\n\n')),
  'Report file': ({ result }) => quote(readFileSync(result.outputs.report_file ?? '', 'utf8')),
};

function showSection({ kind, step, names }: Section, played: readonly Played[]): string {
  if (kind === 'Check') return played.map(showCheck).join('\n');
  const shown = played[(step ?? played.length) - 1];
  if (shown === undefined) throw new Error(`there is no step ${step ?? ''}`);
  return SECTIONS[kind](shown, names);
}

function showCheck({ result }: Played, at: number, all: readonly Played[]): string {
  const { conclusion = '', headline = '' } = result.outputs;
  const check = result.exitCode === 0 ? 'Passes' : 'Fails';
  const number = all.length === 1 ? '' : `${at + 1}. `;
  return `${number}${check}, \`${conclusion}\`${headline === '' ? '' : `: ${headline}`}`;
}

function fence(text: string): string {
  const marks = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${marks}text\n${text.trimEnd()}\n${marks}`;
}

/** Quotes Markdown without its HTML comments. */
function quote(markdown: string): string {
  const shown = markdown.replaceAll(/<!--.*?-->\n?/gs, '').trim();
  return shown === '' ? 'None.' : `> ${shown.replaceAll('\n', '\n> ')}`;
}
