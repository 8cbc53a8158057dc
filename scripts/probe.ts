/**
 * `npm run probe`: calls the real API with the API key in ALLOOVIUM_API_KEY, and prints how it differs from `simulator/`, and
 * how it behaves where the vendor's pages are silent. It only reads, but `-- --launch wf_…` starts a run, which may be billed.
 * `-- --simulator` calls the simulator. Of the service's strings it prints only those in the form of a status, a code or a number.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startApi } from '../simulator/api.ts';
import { validateExchange } from '../simulator/contract.ts';
import type { JournalEntry } from '../simulator/journal.ts';
import { steadyLifecycle } from '../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../simulator/vendor-example.ts';

const MAX_REQUEST_MS = 75_000;
const MAX_POLLS = 400;
const DESCRIPTION = '/api/v2/openapi.json';
const NOT_TRIED = 'not tried: give `--launch wf_…`';

export interface ProbeOptions {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** The Alloovium workflow to start; null starts nothing. */
  readonly workflowId: string | null;
  readonly projectId: string | null;
  readonly pollMs: number;
  /** An idempotency key that no other run has, of `A-Z a-z 0-9 _ -`. */
  readonly idempotencyKey: string;
  readonly print: (line: string) => void;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  /** The value of a header or of a field of the body if it is a short word, else "not given". */
  readonly word: (name: string) => string;
}

/** Returns the service's behaviour for each open point. @throws Error if it cannot be reached */
export async function probe(options: ProbeOptions): Promise<Readonly<Record<string, string>>> {
  const { workflowId, projectId, idempotencyKey, pollMs } = options;
  const description = await send(options, 'GET', DESCRIPTION);
  await send(options, 'GET', '/api/v2/workflows?limit=1');
  const observed: Record<string, string> = {
    'Which characters may an Idempotency-Key have?': findKeyPattern(description.text),
    'Which status answers a start?': NOT_TRIED,
    'What answers the same key with another body?': NOT_TRIED,
    'Does a replay cost tokens?': NOT_TRIED,
    'Has a replay the rate headers of the first answer?': NOT_TRIED,
    'Does `completed` come before or after a review by a person?': NOT_TRIED,
  };
  if (workflowId === null) return observed;

  const launch = (body: object) =>
    send(options, 'POST', `/api/v2/workflows/${encodeURIComponent(workflowId)}/runs`, { inputs: {}, ...body }, idempotencyKey);
  const project = projectId === null ? {} : { project_id: projectId };
  const first = await launch(project);
  const runId = first.word('run_id');
  const isStarted = first.status < 300 && runId !== 'not given';
  observed['Which status answers a start?'] = `${first.status}${isStarted ? '' : ` ${first.word('code')}`}`;
  if (!isStarted) return observed;

  const remaining = async () => Number((await send(options, 'GET', '/api/v2/me')).word('x-ratelimit-remaining'));
  const before = await remaining();
  const replay = await launch(project);
  // The second request for the bucket costs a token too.
  const taken = before - (await remaining()) - 1;
  const isReplay = replay.word('run_id') === runId;
  observed['Does a replay cost tokens?'] = isReplay ? `about ${taken}` : `it was no replay: ${replay.status}`;
  const [then, now] = [first, replay].map(({ word }) => word('x-ratelimit-remaining'));
  observed['Has a replay the rate headers of the first answer?'] = then === now ? 'yes' : 'no';
  const other = await launch({ ...project, inputs: { probe: true } });
  observed['What answers the same key with another body?'] = `${other.status} ${other.word('code')}`;
  const statuses: string[] = [];
  for (let polls = 0; polls < MAX_POLLS; polls++) {
    const status = (await send(options, 'GET', `/api/v2/workflows/runs/${encodeURIComponent(runId)}`)).word('status');
    if (statuses.at(-1) !== status) statuses.push(status);
    if (['completed', 'failed', 'cancelled'].includes(status)) break;
    await sleep(pollMs);
  }
  observed['Does `completed` come before or after a review by a person?'] = `${statuses.join(' → ')}; see in the dashboard who reviewed it`;
  return observed;
}

/** Sends one request, and prints its status and its differences from the description in `simulator/`. */
async function send({ apiUrl, apiKey, print }: ProbeOptions, method: string, path: string, body?: object, key?: string): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  // The vendor's description is public and needs no API key.
  if (path !== DESCRIPTION) headers.authorization = `Bearer ${apiKey}`;
  if (key !== undefined) Object.assign(headers, { 'content-type': 'application/json', 'idempotency-key': key });
  const sent = body === undefined ? '' : JSON.stringify(body);
  const signal = AbortSignal.timeout(MAX_REQUEST_MS);
  const response = await fetch(apiUrl + path, { method, redirect: 'error', signal, headers, ...(sent === '' ? {} : { body: sent }) });
  const text = await response.text();
  const fields = parseOrEmpty(text);
  const answer: Answer = {
    status: response.status,
    text,
    word: (name) => {
      const value = response.headers.get(name) ?? (Object.hasOwn(fields, name) ? String(fields[name]) : '');
      return /^[A-Za-z0-9_:.-]{1,60}$/.test(value) ? value : 'not given';
    },
  };
  print(`${method} ${path.replace(/\?.*/, '')}: ${answer.status}, tokens left: ${answer.word('x-ratelimit-remaining')}`);
  const exchange = { method, path, headers, body: sent, status: answer.status, answerBody: text };
  const isKnown = path !== DESCRIPTION && !path.endsWith('/me');
  const wrong = isKnown ? findDifferences({ ...exchange, answerHeaders: Object.fromEntries(response.headers) }) : [];
  for (const one of wrong) print(`  not as the simulator assumes: ${one}`);
  return answer;
}

function findDifferences(exchange: object): string[] {
  try {
    return validateExchange(exchange as JournalEntry);
  } catch {
    return ['the body is not JSON'];
  }
}

function parseOrEmpty(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Finds the pattern of the header anywhere in the description. */
function findKeyPattern(description: string): string {
  const [, pattern = ''] = /"name":\s*"idempotency-key"[^}]*"pattern":\s*"([ -~]{1,80}?)"/i.exec(description) ?? [];
  return pattern === '' ? 'its description does not say' : pattern;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { launch: { type: 'string' }, project: { type: 'string' }, simulator: { type: 'boolean' } } });
  const isSimulated = values.simulator === true;
  const simulated = isSimulated ? await startApi({ lifecycle: steadyLifecycle({ queuedMs: 20, runningMs: 60 }) }) : null;
  const apiKey = isSimulated ? TEST_KEY : (process.env.ALLOOVIUM_API_KEY ?? '').trim();
  const workflowId = values.launch ?? (isSimulated ? WORKFLOW_ID : null);
  if (apiKey === '') throw new Error('ALLOOVIUM_API_KEY is empty; `-- --simulator` needs no key');
  if (workflowId !== null) console.log(`This starts a run of ${workflowId}, which may be billed.`);
  try {
    const points = await probe({
      apiUrl: simulated?.url ?? 'https://api.alloovium.com',
      apiKey,
      workflowId,
      projectId: values.project ?? null,
      pollMs: isSimulated ? 20 : 3_000,
      idempotencyKey: `probe_${Date.now()}`,
      print: (line) => console.log(line),
    });
    console.log('\n| open | what the service did |\n| :-- | :-- |');
    for (const [point, observed] of Object.entries(points)) console.log(`| ${point} | ${observed} |`);
  } finally {
    await simulated?.close();
  }
}
