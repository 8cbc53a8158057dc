/** Plays orders in virtual time against an API whose answers are scripted in words. */
import { virtualClock, type VirtualClock } from '../../simulator/virtual-clock.ts';
import { createClient } from '../../src/api/client.ts';
import { connectionError, type ConnectionCode } from '../../src/api/errors.ts';
import type { HttpAnswer, Transport } from '../../src/api/transport.ts';
import type { BaselineState } from '../../src/baseline.ts';
import type { Gate } from '../../src/gate/condition.ts';
import type { Context } from '../../src/github/context.ts';
import type { RunPlan } from '../../src/inputs/runs.ts';
import { ENTRY_DEFAULTS } from '../../src/inputs/table.ts';
import { Ended } from '../../src/outcome.ts';
import type { Listener, RunState } from '../../src/run/run-state.ts';
import { runEach } from '../../src/run/run.ts';
import type { Deps } from '../../src/step.ts';

/**
 * `run_1`, `replay run_1`, `run_1 of wf_2` answer a launch; `running 40`, `completed` a check; `503`, `404 not_found`, `429 after 25` are
 * other statuses, with a code one of the API itself, with `after` seconds of Retry-After; `timeout`, `connection_lost`, … no answer.
 */
export type Word = string;

export interface Play {
  /** Words separated by `, `; the last is repeated. */
  readonly launch?: Word | ((nth: number, key: string, at: number) => Word);
  readonly check?: Word | ((nth: number, runId: string, at: number) => Word);
  readonly runPlans?: readonly Partial<RunPlan>[];
  readonly gate?: Gate | ((clock: VirtualClock) => Gate);
  readonly tokensLeft?: number;
  readonly attempt?: number;
  readonly onRerun?: 'resume' | 'fresh';
  readonly timeoutMs?: number;
  readonly stopAtMs?: number;
  /** How long each answer takes. */
  readonly latencyMs?: number;
  readonly random?: () => number;
  readonly baseline?: Promise<BaselineState>;
}

export interface Request {
  readonly call: 'launch' | 'check';
  /** Seconds since the start. */
  readonly at: number;
  readonly key: string;
  readonly runId: string;
  readonly body: string | null;
}

export interface Played {
  readonly runState: RunState;
  readonly runStates: readonly RunState[];
  readonly requests: readonly Request[];
  /** `found run_1 picked_up`, `skipped run_1 gate` */
  readonly events: readonly string[];
  /** When all orders were over, in seconds. */
  readonly endedAt: number;
}

export const KEY = 'ak_test_4f9c1d7e8a2b3c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f';

export function createOrder(overrides: Partial<RunPlan> = {}, gate: Gate = { conditions: [], evaluate: () => [] }): RunPlan {
  const entry = { ...ENTRY_DEFAULTS, name: '', gate };
  return { ...ENTRY_DEFAULTS, workflowId: 'wf_1', projectId: 'p1', entries: [entry], ...overrides };
}

const seconds = (ms: number): number => Math.round(ms) / 1_000;

export async function playOrders(play: Play): Promise<Played> {
  const { timeoutMs = 3_600_000, stopAtMs, tokensLeft = 500, latencyMs = 0 } = play;
  const clock = virtualClock();
  const stop = new AbortController();
  if (stopAtMs !== undefined) clock.at(stopAtMs, () => stop.abort(new Ended({ kind: 'interrupted', signal: 'SIGINT' })));
  const requests: Request[] = [];
  const events: string[] = [];

  const transport: Transport = async ({ method, url, headers, body, timeoutMs: requestMs, signal }) => {
    signal.throwIfAborted();
    const runId = /\/runs\/(.+)$/.exec(url)?.[1] ?? '';
    const call = method === 'POST' ? 'launch' : 'check';
    const key = headers['idempotency-key'] ?? '';
    requests.push({ call, at: seconds(clock.now()), key, runId, body });
    const script = (call === 'launch' ? play.launch : play.check) ?? (call === 'launch' ? 'run_1' : 'completed');
    const nth = requests.filter((one) => one.call === call).length;
    const words = typeof script === 'function' ? [script(nth, key || runId, clock.now())] : script.split(', ');
    const word = words[typeof script === 'function' ? 0 : nth - 1] ?? words.at(-1)!;
    if (word === 'timeout') await clock.sleep(requestMs, signal);
    else if (latencyMs > 0) await clock.sleep(latencyMs, signal);
    if (/^[a-z_]+$/.test(word) && !STATUSES.has(word) && !word.startsWith('run_')) throw connectionError(word as ConnectionCode);
    return answerOf(word, runId, tokensLeft);
  };

  const listener: Listener = {
    found: ({ runId, origin }) => void events.push(`found ${runId} ${origin ?? ''}`),
    checked: () => undefined,
    decided: () => undefined,
    skipped: ({ runId }, why) => void events.push(`skipped ${runId} ${why}`),
    ended: () => undefined,
  };
  const redact = (text: string): string => text.replaceAll(KEY, '***');
  const client = createClient({ transport, apiUrl: 'https://api.test', apiKey: KEY, clock, redact, debug: () => undefined });
  const gate = typeof play.gate === 'function' ? play.gate(clock) : play.gate;
  const runPlans = (play.runPlans ?? [{}]).map((one) => createOrder(one, gate));
  const all = runEach(runPlans, {
    client,
    clock,
    random: play.random ?? (() => 0.5),
    signal: stop.signal,
    deadline: timeoutMs,
    context: { repository: 'acme/tower', commit: 'c0ffee', keyScope: 'c0ffee', workflowRunId: '77', attempt: play.attempt ?? 1 } as Context,
    onRerun: play.onRerun ?? 'resume',
    wait: true,
    baseline: play.baseline ?? Promise.resolve({ code: 'none' }),
    listener,
    runner: { debug: () => undefined } as unknown as Deps['runner'],
    transport,
    fetch,
    redact,
  });
  const runStates = await clock.run(all);
  return {
    runState: runStates[0]!,
    runStates,
    requests,
    events,
    endedAt: seconds(clock.now()),
  };
}

const STATUSES = new Set(['pending', 'running', 'completed', 'failed', 'cancelled', 'paused']);

function answerOf(word: Word, runId: string, tokensLeft: number): HttpAnswer {
  const [, status, code, after] = /^(\d{3})(?: (?!after)(\w+))?(?: after (\d+))?$/.exec(word) ?? [];
  const headers = new Map([['x-ratelimit-remaining', String(tokensLeft)]]);
  if (after !== undefined) headers.set('retry-after', after);
  if (status !== undefined && status !== '200')
    return toAnswer(Number(status), code === undefined ? null : { code, detail: `Says ${code}.` }, headers);
  const [, replay, launched, workflow] = /^(replay )?(run_\w+)(?: of (\w+))?$/.exec(word) ?? [];
  if (replay !== undefined) headers.set('idempotent-replayed', 'true');
  if (launched !== undefined) return toAnswer(201, { run_id: launched, workflow_id: workflow ?? 'wf_1', status: 'pending' }, headers);
  const [name = '', progress] = word.replace(/ after \d+$/, '').split(' ');
  const hint = / after (\d+)$/.exec(word)?.[1];
  if (hint !== undefined) headers.set('retry-after', hint);
  const run = {
    run_id: runId,
    status: name,
    progress: progress === undefined ? null : Number(progress),
    outputs: name === 'completed' ? {} : null,
  };
  return toAnswer(200, run, headers);
}

/** @param json null: the page of a gateway */
function toAnswer(status: number, json: object | null, headers: Map<string, string>): HttpAnswer {
  const body = Buffer.from(json === null ? '<html>Bad gateway</html>' : JSON.stringify(json));
  return { status, headers, body, broken: null };
}
