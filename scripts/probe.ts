/**
 * `npm run probe`: calls the real API with the key in ALLOOVIUM_API_KEY and prints, for each point that the vendor does not document,
 * what the service did. It only reads; `-- --launch wf_…` also launches a run, which may be billed. `-- --simulator` uses the simulator
 * instead. It prints no secrets or names of persons: of the service's texts only those in the form of a status, a scope or a code.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { startApi } from '../simulator/api.ts';
import { steadyLifecycle } from '../simulator/run-lifecycle.ts';
import { OUTPUTS, TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';

const MAX_REQUEST_MS = 75_000;
const POLL_MS = 3_000;
const MAX_POLLS = 400;
const HEADERS = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-cost', 'idempotent-replayed'] as const;

/** A short word that is safe to print. */
const WORD = /^[A-Za-z0-9_:.-]{1,60}$/;

export interface ProbeOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** The workflow to launch; null: nothing is launched. */
  readonly workflowId: string | null;
  readonly projectId: string | null;
  readonly pollMs: number;
  /** A key that no other run has. `A-Z a-z 0-9 _ -`. */
  readonly idempotencyKey: string;
  readonly print: (line: string) => void;
}

/** An undocumented point, and what the service did. */
export interface Observation {
  readonly point: string;
  readonly observed: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Partial<Record<(typeof HEADERS)[number], string>>>;
  /** null: it is not JSON. */
  readonly body: unknown;
}

const NOT_TRIED = 'not tried: give `--launch wf_…`';

/** Calls the service. @throws Error where it cannot be reached */
export async function probe(options: ProbeOptions): Promise<readonly Observation[]> {
  const { apiUrl, apiKey, workflowId, projectId, idempotencyKey, pollMs, print } = options;

  async function send(method: string, path: string, body?: object, key?: string): Promise<Answer> {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(MAX_REQUEST_MS),
      headers: {
        accept: 'application/json',
        // The description is public: it needs no key.
        ...(path === DESCRIPTION_PATH ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const headers = Object.fromEntries(
      HEADERS.flatMap((name) => {
        const value = response.headers.get(name) ?? '';
        return WORD.test(value) ? [[name, value]] : [];
      }),
    );
    const answer = { status: response.status, headers, body: jsonOrNull(text) };
    const shown = Object.entries(headers).map(([name, value]) => `${name} ${value}`);
    print(`${method} ${path.replace(/\?.*/, '')}: ${[answer.status, ...shown].join(', ')}`);
    return answer;
  }

  const description = await send('GET', DESCRIPTION_PATH);
  for (const line of missingFromDescription(description.body, readOwnDescription())) print(`  ${line}`);
  const me = await send('GET', '/api/v2/me');
  print(`  tier ${wordAt(me.body, 'rate_limit_tier')}, environment ${wordAt(me.body, 'environment')}`);
  const scopes = field(me.body, 'scopes');
  print(`  scopes ${(Array.isArray(scopes) ? scopes : []).filter(isWord).join(', ') || 'not given'}`);
  const list = await send('GET', '/api/v2/workflows?limit=1');
  print(`  the list has ${field(list.body, 'has_more') === true ? 'more than one page' : 'one page'}`);

  const observed = {
    keyPattern: idempotencyKeyPattern(description.body),
    launchStatus: NOT_TRIED,
    replayCost: NOT_TRIED,
    replayHeaders: NOT_TRIED,
    otherBody: NOT_TRIED,
    status: NOT_TRIED,
  };
  if (workflowId !== null) Object.assign(observed, await probeLaunch(workflowId));
  return [
    { point: 'Which status answers a launch: 200, 201 or 202?', observed: observed.launchStatus },
    { point: 'Which characters may an Idempotency-Key have?', observed: observed.keyPattern },
    { point: 'What answers the same key with another body: 409 or 422?', observed: observed.otherBody },
    { point: 'Does a replay cost tokens?', observed: observed.replayCost },
    { point: 'Does a replay have the rate headers of the first answer?', observed: observed.replayHeaders },
    {
      point: 'Does a refused request (429) cost tokens?',
      observed: 'not tried: the bucket of the key would have to be emptied',
    },
    { point: 'Does `completed` come before or after a person’s review?', observed: observed.status },
    { point: 'Is a token a credit?', observed: 'no answer says so: see the bill of your plan' },
  ];

  async function probeLaunch(workflow: string) {
    const path = `/api/v2/workflows/${encodeURIComponent(workflow)}/runs`;
    const body = projectId === null ? {} : { project_id: projectId };
    const first = await send('POST', path, body, idempotencyKey);
    const runId = field(first.body, 'run_id');
    const isStarted = first.status >= 200 && first.status < 300 && isWord(runId);
    const launchStatus = `${first.status}${isStarted ? '' : ` (${codeOf(first)})`}`;
    if (!isStarted) return { launchStatus };
    const tokensBefore = await remainingTokens();
    const replay = await send('POST', path, body, idempotencyKey);
    // The second call of remainingTokens costs a token too.
    const tokensTaken = tokensBefore - (await remainingTokens()) - 1;
    const isReplay = replay.headers['idempotent-replayed'] === 'true' && field(replay.body, 'run_id') === runId;
    const before = first.headers['x-ratelimit-remaining'];
    const after = replay.headers['x-ratelimit-remaining'];
    const other = await send('POST', path, { ...body, inputs: { probe: true } }, idempotencyKey);
    return {
      launchStatus,
      replayCost: isReplay
        ? `about ${tokensTaken}; its header says ${replay.headers['x-ratelimit-cost'] ?? 'nothing'}`
        : `it was no replay: ${replay.status}`,
      replayHeaders: before === after ? `yes (remaining ${before ?? 'not given'} twice)` : 'no',
      otherBody: `${other.status} ${codeOf(other)}`,
      status: await followRun(runId),
    };
  }

  /** Tokens left in the bucket; the call costs one. */
  async function remainingTokens(): Promise<number> {
    const { headers } = await send('GET', '/api/v2/me');
    return Number(headers['x-ratelimit-remaining'] ?? NaN);
  }

  async function followRun(runId: string): Promise<string> {
    const statuses: string[] = [];
    for (let polls = 0; polls < MAX_POLLS; polls++) {
      const answer = await send('GET', `/api/v2/workflows/runs/${encodeURIComponent(runId)}`);
      const status = wordAt(answer.body, 'status');
      if (statuses.at(-1) !== status) statuses.push(status);
      if (['completed', 'failed', 'cancelled'].includes(status)) break;
      await sleep(pollMs);
    }
    return `${statuses.join(' → ')}; look in the dashboard whether somebody reviewed it`;
  }
}

const DESCRIPTION_PATH = '/api/v2/openapi.json';
const OPERATIONS = [
  ['get', '/api/v2/workflows', 'WorkflowPage'],
  ['post', '/api/v2/workflows/{workflow_id}/runs', 'Launched'],
  ['get', '/api/v2/workflows/runs/{run_id}', 'Run'],
] as const;

function readOwnDescription(): unknown {
  return parse(readFileSync(new URL('../simulator/openapi.yaml', import.meta.url), 'utf8'));
}

/** For each of the three operations that the action uses, what the service's description has or lacks. */
export function missingFromDescription(theirs: unknown, ours: unknown): readonly string[] {
  if (field(theirs, 'paths') === undefined) return ['no OpenAPI description was given'];
  return OPERATIONS.flatMap(([method, path, schema]) => {
    const operation = field(findPath(theirs, path), method);
    if (operation === undefined) return [`${method} ${path}: not described`];
    const success = Object.entries((field(operation, 'responses') ?? {}) as Record<string, unknown>)
      .filter(([status]) => status.startsWith('2'))
      .map(([status, response]) => ({
        status,
        schema: field(resolve(theirs, response), 'content', 'application/json', 'schema'),
      }));
    const wanted = Object.keys(field(ours, 'components', 'schemas', schema, 'properties') ?? {});
    const given = success.flatMap((one) => propertiesOf(theirs, one.schema));
    const missing = wanted.filter((name) => !given.includes(name));
    const statuses = success.map(({ status }) => status).join(', ');
    const lacks = missing.length === 0 ? 'all fields that the action reads' : `no ${missing.join(', ')}`;
    return [`${method} ${path}: described, answers ${statuses}, ${lacks}`];
  });
}

/** Finds the path, ignoring the names of its parameters. */
function findPath(description: unknown, path: string): unknown {
  const shape = (text: string) => text.replaceAll(/\{[^}]*\}/g, '{}');
  const paths = (field(description, 'paths') ?? {}) as Record<string, unknown>;
  return Object.entries(paths).find(([name]) => shape(name) === shape(path))?.[1];
}

function resolve(description: unknown, node: unknown): unknown {
  const reference = field(node, '$ref');
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return node;
  return field(description, ...reference.slice(2).split('/'));
}

function propertiesOf(description: unknown, schema: unknown): string[] {
  const resolved = resolve(description, schema);
  const parts = [field(resolved, 'allOf'), field(resolved, 'anyOf'), field(resolved, 'oneOf')];
  return [
    ...Object.keys(field(resolved, 'properties') ?? {}),
    ...parts.flatMap((part) => (Array.isArray(part) ? part.flatMap((one: unknown) => propertiesOf(description, one)) : [])),
  ];
}

function idempotencyKeyPattern(description: unknown): string {
  const parameters = field(findPath(description, OPERATIONS[1][1]), 'post', 'parameters');
  const named = (Array.isArray(parameters) ? parameters : [])
    .map((one: unknown) => resolve(description, one))
    .find((one) => String(field(one, 'name')).toLowerCase() === 'idempotency-key');
  const pattern = field(named, 'schema', 'pattern');
  return typeof pattern === 'string' && /^[\x20-\x7e]{1,80}$/.test(pattern) ? pattern : 'its description does not say';
}

function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined),
    value,
  );
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && WORD.test(value);
}

function wordAt(value: unknown, name: string): string {
  const word = field(value, name);
  return isWord(word) ? word : 'not given';
}

function codeOf({ body }: Answer): string {
  return wordAt(body, 'code');
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      launch: { type: 'string' },
      project: { type: 'string' },
      simulator: { type: 'boolean', default: false },
    },
  });
  const lifecycle = steadyLifecycle({ queuedMs: 20, runningMs: 60, outputs: OUTPUTS });
  const simulated = values.simulator ? await startApi({ lifecycle }) : null;
  const apiKey = simulated === null ? (process.env.ALLOOVIUM_API_KEY ?? '').trim() : TEST_KEY;
  const workflowId = values.launch ?? (simulated === null ? null : WORKFLOW_ID);
  if (apiKey === '') throw new Error('ALLOOVIUM_API_KEY is empty; `-- --simulator` needs no key');
  if (workflowId !== null) console.log(`This launches ${workflowId}, which may be billed.`);
  try {
    const rows = await probe({
      apiUrl: simulated?.url ?? 'https://api.alloovium.com',
      apiKey,
      workflowId,
      projectId: values.project ?? null,
      pollMs: simulated === null ? POLL_MS : 20,
      idempotencyKey: `probe_${Date.now()}`,
      print: (line) => console.log(line),
    });
    console.log('\n| open | what the service did |\n| :-- | :-- |');
    for (const { point, observed } of rows) console.log(`| ${point} | ${observed} |`);
  } finally {
    await simulated?.close();
  }
}
