/** Plays a story with the shipped bundle against the simulated servers, with waits skipped, and shows what people see of it. */
import { readFileSync } from 'node:fs';
import { startApi, type Api } from './api.ts';
import type { Fault as ApiFaultScript, ScriptedFault } from './faults.ts';
import { ACTIONS_BOT, BAD_GATEWAY, startGithub, type Fault as GithubScript, type Github, type Operation } from './github.ts';
import { findViolations } from './invariants.ts';
import type { Call } from './journal.ts';
import { steadyLifecycle, type Lifecycle } from './run-lifecycle.ts';
import { defaultEvent, runAction, type RunResult } from './runner.ts';
import { SAMPLES, type SampleName } from './sample-outputs.ts';
import type { ApiFault, GithubFault, RunPlan, Section, Step, Story } from './story.ts';
import { TEST_KEY, WORKFLOW_ID } from './vendor-example.ts';

const START = Date.UTC(2026, 3, 8, 9, 0, 0);
const TOKEN = 'ghs_simulatedTokenOfTheJob0123456789abcdef';
const REPOSITORY = 'octo-org/tower';
const WORKFLOW_FILE = '.github/workflows/submittals.yml';
const COLLEAGUE = { login: 'octocat', id: 1, type: 'User' } as const;
/** Makes random numbers the same at every play. */
const SEED = `let state = 1; Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;`;
/** Longer than a busy machine may delay an answer. */
const FROZEN_MS = '6000';

const shaOf = (commit: number): string => `c0ffee${commit}`.padEnd(40, '0');

/** A step that was played. */
export interface Played {
  readonly step: Step;
  readonly result: RunResult;
  readonly requests: readonly string[];
  /** The comments after the step. */
  readonly comments: readonly string[];
  readonly statuses: readonly string[];
  /** The artifacts that the step uploaded, with their contents. */
  readonly artifacts: readonly string[];
}

/** A played story. The caller closes its servers. */
export interface PlayedStory {
  readonly steps: readonly Played[];
  readonly api: Api;
  readonly github: Github;
}

/** Plays all steps of a story. @throws Error where an invariant does not hold */
export async function playSteps({ then: later = [], ...first }: Step & { readonly then?: readonly Step[] }): Promise<PlayedStory> {
  let plans: readonly RunPlan[] = [];
  const api = await startApi({
    speed: 0,
    isClientDriven: true,
    startAt: START,
    lifecycle: () => {
      const [plan = 'submittals', ...rest] = plans;
      if (rest.length > 0) plans = rest;
      return lifecycleOf(plan);
    },
    runId: ({ count }) => `run_${count}`,
    keys: { [TEST_KEY]: keyOf(first) },
  });
  const upload = first.github?.upload;
  const github = await startGithub({
    owner: 'octo-org',
    repo: 'tower',
    pullRequests: first.pull === false ? [] : [{ number: 7, state: 'open', locked: false, head: shaOf(1) }],
    tokens: { [TOKEN]: { user: ACTIONS_BOT, permission: 'write', viewer: 'answered', missingPermissions: first.lacks ?? [] } },
    actions: { branches: { main: [shaOf(1)] }, ...(typeof upload === 'number' ? { uploadStatus: upload } : {}) },
  });
  try {
    const steps: Played[] = [];
    for (const change of [first, ...later]) {
      if (change.run !== undefined) plans = [change.run].flat();
      steps.push(await playStep({ ...first, ...change, with: { ...first.with, ...change.with } }, change, api, github));
    }
    return { steps, api, github };
  } catch (error) {
    await api.close();
    await github.close();
    throw error;
  }
}

/** The sections of a story as they are now. @throws Error where an invariant does not hold */
export async function playStory(story: Story): Promise<Section[]> {
  const { sections } = story;
  const { steps, api, github } = await playSteps(story);
  const clean = cleaner(api, github, steps);
  const hasCheck = sections.some(({ kind }) => kind === 'Check');
  const wanted: readonly Section[] = hasCheck ? sections : [{ kind: 'Check', names: [], text: '' }, ...sections];
  const shown = wanted.map((section) => ({ ...section, text: clean(showSection(section, steps)) }));
  await api.close();
  await github.close();
  return shown;
}

/** @param change what the story says of this step alone */
async function playStep(step: Step, change: Step, api: Api, github: Github): Promise<Played> {
  const { commit = 1, job = 1, attempt = 1, matrix } = step;
  const eventName = step.on ?? 'pull_request';
  const isPull = eventName.startsWith('pull_request');
  api.advance((change.after ?? 0) * 60_000);
  if (isPull) github.setHead(7, shaOf(commit));
  else if (commit > 1) github.actions.pushToBranch('main', shaOf(commit));
  if (step.pull !== undefined && step.pull !== false) {
    if (step.pull.head !== undefined) github.setHead(7, shaOf(step.pull.head));
    for (const body of change.pull === step.pull ? (step.pull.comments ?? []) : []) github.addComment(7, COLLEAGUE, body);
  }
  github.actions.addRun({
    id: 17_000_000_000 + job,
    event: eventName,
    path: WORKFLOW_FILE,
    headSha: shaOf(commit),
    headBranch: isPull ? 'fix-doors' : 'main',
  });
  const spent = change.key?.tokens;
  if (spent !== undefined) api.bucket(TEST_KEY).spendUpTo(1e6, api.now());
  const { faults, whenCancelled } = apiFaults(change);
  api.faults.splice(0, Infinity, ...faults);
  github.addFaults(
    ...Object.entries(change.github ?? {})
      .filter(([subject]) => subject !== 'upload')
      .flatMap(githubFault),
  );

  const { statuses, artifacts } = github.actions;
  const before = { api: api.journal.length, github: github.journal.length, statuses: statuses.length, artifacts: artifacts.length };
  const inputs: Record<string, string> = {
    api_key: TEST_KEY,
    api_url: api.url,
    workflow_id: WORKFLOW_ID,
    ...Object.fromEntries(
      Object.entries(step.with ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  };
  const result = await runAction({
    inputs,
    eventName,
    event: eventOf(step, eventName),
    runId: 17_000_000_000 + job,
    attempt,
    matrix: matrix ?? null,
    token: TOKEN,
    timeoutMs: 60_000,
    nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(SEED)}`],
    preload: ['simulator/fast-time.mjs'],
    ...(whenCancelled === null ? {} : { signals: [{ signal: 'cancel' as const, whenDone: whenCancelled }] }),
    env: {
      FAST_TIME_SPEED: '1',
      FAST_TIME_SKIPS_WAITS: '1',
      FAST_TIME_FROZEN_MS: FROZEN_MS,
      FAST_TIME_DATE: String(Math.floor(api.now())),
      GITHUB_API_URL: github.apiUrl,
      ...github.actions.environment(17_000_000_000 + job, attempt),
      ...(isPull ? {} : { GITHUB_SHA: shaOf(commit) }),
      ...(step.from === 'dependabot' ? { GITHUB_ACTOR: 'dependabot[bot]' } : {}),
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, value ?? undefined])),
    },
  });
  if (result.hasTimedOut) throw new Error(`it had to be killed: ${result.stdout}`);
  const found = findViolations({
    result,
    api,
    github,
    apiKey: TEST_KEY,
    token: TOKEN,
    earlierRequests: before.api,
    timeoutMs: Number(inputs.timeout_minutes ?? 15) * 60_000,
  });
  if (found.length > 0) throw new Error(`invariants are broken: ${found.join('; ')}\n${result.shownLog}`);
  return {
    step,
    result,
    requests: requestLines(api, github, before),
    comments: github
      .comments()
      .filter(({ user }) => user !== COLLEAGUE)
      .map(({ body }) => body),
    artifacts: artifacts
      .slice(0, artifacts.length - before.artifacts)
      .map(({ name, content }) => `${name}\n${Buffer.from(content).toString()}`),
    statuses: statuses
      .slice(before.statuses)
      .map(({ sha, state, context, description }) => `${sha.slice(0, 7)} ${context}: ${state}, ${description ?? ''}`),
  };
}

function keyOf({ key }: Step) {
  return {
    ...(key?.tier === undefined ? {} : { tier: key.tier }),
    ...(key?.scopes === undefined ? {} : { scopes: [...key.scopes] }),
  };
}

function outputsOf(outputs: unknown): unknown {
  if (typeof outputs === 'string' && outputs in SAMPLES) return SAMPLES[outputs as SampleName];
  return outputs ?? null;
}

function lifecycleOf(plan: RunPlan): Lifecycle {
  if (typeof plan === 'string') return lifecycleOf({ outputs: plan });
  const { ends = 'completed', error, takes = 10, stages, outputs } = plan;
  if (ends === 'never') return [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading documents' }];
  return steadyLifecycle({
    queuedMs: 1_000,
    runningMs: takes * 1_000 - 1_000,
    ending: ends,
    ...(stages === undefined ? {} : { stages }),
    ...(error === undefined ? {} : { errorMessage: error }),
    outputs: outputsOf(outputs),
  });
}

function eventOf(step: Step, name: string): Record<string, unknown> {
  const sha = shaOf(step.commit ?? 1);
  const usual = JSON.parse(
    JSON.stringify(defaultEvent(name))
      .replaceAll('3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2', sha)
      .replaceAll(/"(after|head_sha)":"\w+"/g, `"$1":"${sha}"`),
  ) as Record<string, unknown>;
  const { pull_request: pull } = usual as { pull_request?: { head: Record<string, unknown>; user: Record<string, unknown> } };
  if (step.from === 'fork' && pull !== undefined) {
    pull.head.repo = { id: 666, full_name: 'mallory/tower' };
    pull.user = { login: 'mallory', id: 666, type: 'User' };
  }
  if (step.from === 'dependabot' && pull !== undefined) pull.user = { login: 'dependabot[bot]', id: 49699333, type: 'Bot' };
  const repository = { ...(usual.repository as object), private: step.private ?? false };
  return { ...usual, repository, ...step.event };
}

/** The faults of a step, and when the runner is to stop it. */
function apiFaults({ api = {}, cancelled }: Step) {
  let cancel: () => void = () => undefined;
  const whenCancelled = cancelled === undefined ? null : new Promise<void>((resolve) => (cancel = resolve));
  const faults: ScriptedFault[] = Object.entries(api).map(([subject, fault]) => ({
    when: whenOf(subject),
    ...scriptOf(fault),
  }));
  if (cancelled !== undefined) {
    const { call, nth } = whenOf(cancelled);
    faults.unshift((request) => {
      if (request.call !== call || !nth(request.nth)) return undefined;
      cancel();
      return { wire: ['hang'] };
    });
  }
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
  if (typeof fault === 'object') {
    const { unstored, fields, ...answer } = fault;
    return {
      answer: { ...answer, ...(fields === undefined ? {} : { body: (own: Record<string, unknown>) => ({ ...own, ...fields }) }) },
      ...(unstored === true ? { work: 'unstored' as const } : {}),
    };
  }
  if (typeof fault === 'number') return { answer: { status: fault, body: `<html><h1>${fault}</h1></html>` } };
  switch (fault) {
    case 'lost':
      return { wire: ['reset'] };
    case 'unreachable':
      return { work: 'none', wire: ['reset'] };
    case 'hangs':
      return { wire: ['hang'] };
    case 'cut':
      return { wire: ['head', { bytes: 30 }, 'close'] };
    case 'sign-in page':
      return { answer: { body: '<!DOCTYPE html>\n<title>Sign in to the network</title>' }, work: 'none' };
    default:
      return { answer: { code: fault } };
  }
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  comments: 'list',
  'new comment': 'create',
  'changed comment': 'update',
  'pull request': 'pull',
};

function githubFault([subject, fault]: readonly [string, GithubFault]): GithubScript[] {
  const [, name = '', times = '99'] = /^(.*?)(?: x(\d))?$/.exec(subject) ?? [];
  const on = OPERATIONS[name] ?? (name as Operation);
  if (fault === 'lost') return [{ on, times: Number(times), commit: true, answer: 'reset' }];
  if (typeof fault === 'string') return [{ on, times: Number(times), answer: fault }];
  const answer = fault === 502 ? BAD_GATEWAY : { status: fault, body: { message: 'Refused by the story', status: String(fault) } };
  return [{ on, times: Number(times), answer }];
}

/** The requests of a step to both servers, in their order. */
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
    text: `GitHub ${method} ${path.replace(`/repos/${REPOSITORY}`, '')} → ${answer?.status ?? 'no answer'}`,
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

/** Replaces what differs from play to play, and shows characters that cannot be seen. */
function cleaner(api: Api, github: Github, played: readonly Played[]): (text: string) => string {
  const keys = [...new Set(api.journal.flatMap(({ idempotencyKey }) => idempotencyKey ?? []))]
    .map((key, at) => ({ key, name: `key_${at + 1}` }))
    .sort((a, b) => b.key.length - a.key.length);
  return (text) => {
    let cleaned = text.replaceAll(api.url, 'http://api.test').replaceAll(github.apiUrl, 'http://github.test');
    for (const { key, name } of keys) cleaned = cleaned.replaceAll(key, name);
    for (const { result } of played) cleaned = cleaned.replaceAll(result.temp, '/tmp');
    return cleaned
      .replaceAll(/\/alloovium-\w{6}\//g, '/alloovium/')
      .replaceAll(/(Unexpected input\(s\) .*?), valid inputs are \[.*\]/g, '$1, …')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:0')
      .replaceAll(/(?!\n)[\p{Cc}\p{Cs}\u2028-\u202e]/gu, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n');
  };
}

function showSection({ kind, step, names }: Section, played: readonly Played[]): string {
  if (kind === 'Check') return played.map(showCheck).join('\n');
  const shown = played[(step ?? played.length) - 1];
  if (shown === undefined) throw new Error(`there is no step ${step ?? ''}`);
  const { result } = shown;
  switch (kind) {
    case 'Log':
      return fence(result.shownLog);
    case 'Outputs':
      return fence(names.map((name) => `${name}: ${result.outputs[name] ?? '(not written)'}`).join('\n'));
    case 'Requests':
      return fence(shown.requests.join('\n'));
    case 'Statuses':
      return fence(shown.statuses.join('\n'));
    case 'Artifacts':
      return fence(shown.artifacts.join('\n\n'));
    case 'Summary':
      return quote(result.shownSummary);
    case 'Comment':
      return shown.comments.length === 0 ? 'None.' : shown.comments.map(quote).join('\n\n');
    case 'Report file':
      return quote(readFileSync(result.outputs.report_file ?? '', 'utf8'));
  }
}

function showCheck({ result }: Played, at: number, all: readonly Played[]): string {
  const { conclusion = '', headline = '' } = result.outputs;
  const colour = result.exitCode === 0 ? 'Green' : 'Red';
  const number = all.length === 1 ? '' : `${at + 1}. `;
  return `${number}${colour}, \`${conclusion}\`${headline === '' ? '' : `: ${headline}`}`;
}

function fence(text: string): string {
  const marks = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${marks}text\n${text.trimEnd()}\n${marks}`;
}

/** Markdown as a quotation, without comments that nobody sees. */
function quote(markdown: string): string {
  const shown = markdown.replaceAll(/<!--.*?-->\n?/gs, '').trim();
  return shown === ''
    ? 'None.'
    : shown
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n');
}
