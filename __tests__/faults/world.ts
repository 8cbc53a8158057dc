/** Short names for what an API, and the network before it, do in a row of the fault table; and how a row is played. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { ConnectionCode } from '../../src/api/errors.ts';
import { TIERS, type BucketSize } from '../../simulator/bucket.ts';
import type { ErrorCode } from '../../simulator/faults.ts';
import type { Call } from '../../simulator/journal.ts';
import { createVirtualApi, type RunPlan, type VirtualFault } from '../../simulator/virtual-api.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { findVirtualViolations } from '../../simulator/virtual-invariants.ts';
import { playVirtualStep } from '../../simulator/virtual-step.ts';

/** Applies to the requests that it names: the n-th of the call (default: all), before this moment of the clock in ms. */
interface FaultOfRequest extends VirtualFault {
  readonly call: Call;
  readonly nth?: number | ((nth: number) => boolean);
  readonly until?: number;
}

/** What the API does; the parts of a list are put together. */
export interface World {
  readonly faults?: readonly FaultOfRequest[];
  /** How the runs end, in the order of their launches; the last holds for all later ones. */
  readonly plans?: readonly RunPlan[];
  readonly bucket?: BucketSize;
}

/** Which requests a fault applies to: the n-th, those from the first to the last number, all, every second, those before a time. */
type When = number | readonly [first: number, last: number] | 'all' | 'odd' | { readonly untilSeconds: number };

function on(call: Call, when: When, fault: VirtualFault): World {
  if (typeof when === 'number') return { faults: [{ ...fault, call, nth: when }] };
  if (when === 'all') return { faults: [{ ...fault, call }] };
  if (when === 'odd') return { faults: [{ ...fault, call, nth: (nth) => nth % 2 === 1 }] };
  if ('untilSeconds' in when) return { faults: [{ ...fault, call, until: when.untilSeconds * 1_000 }] };
  const [first, last] = when;
  return { faults: [{ ...fault, call, nth: (nth) => nth >= first && nth <= last }] };
}

export const launch = (when: When, fault: VirtualFault): World => on('launch', when, fault);
export const poll = (when: When, fault: VirtualFault): World => on('poll', when, fault);

const unreached = (code: ConnectionCode): VirtualFault => ({ unreached: code });
export const REFUSED = unreached('no_connection');
export const NO_SUCH_NAME = unreached('unknown_host');
export const CONNECT_HANGS = unreached('timeout');
export const CERTIFICATE = unreached('certificate');
export const PROXY_REFUSES = unreached('proxy_refused');

/** The request is handled, and the connection is lost before the answer. */
export const RESET: VirtualFault = { wire: ['reset'] };
/** The connection is lost before the request is handled. */
export const LOST: VirtualFault = { work: 'none', wire: ['reset'] };
export const SILENT: VirtualFault = { wire: ['hang'] };
export const STALLED: VirtualFault = { wire: ['head', 'hang'] };
export const CUT: VirtualFault = { wire: ['head', { bytes: 10 }, 'reset'] };
export const TRICKLE: VirtualFault = { wire: ['head', { bytes: 1, everyMs: 5_000 }] };
export const ENDLESS: VirtualFault = { wire: ['head', { endless: 'x' }] };

/** Applies to the requests of so many seconds from the beginning on. */
export const before = (seconds: number): When => ({ untilSeconds: seconds });

/** In seconds, or a date. */
type RetryAfter = number | string;
const hint = (retryAfter?: RetryAfter) => (retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });
/** The answer of a gateway. */
export const html = (status: number, retryAfter?: RetryAfter): VirtualFault => ({
  answer: { status, headers: hint(retryAfter), body: '<html>Bad gateway</html>' },
});
export const redirect = (status: number): VirtualFault => ({
  answer: { status, headers: { Location: 'http://127.0.0.1:9/' }, body: '' },
});
/** An error of the API itself, with a code that nobody knows. */
export const problem = (status: number): VirtualFault => ({
  answer: {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title: 'Failed', status, code: 'unavailable', detail: 'Not now.' }),
  },
});
export const code = (name: ErrorCode, retryAfter?: RetryAfter): VirtualFault => ({ answer: { code: name, headers: hint(retryAfter) } });
export const busy = (retryAfter?: RetryAfter): VirtualFault => code('rate_limited', retryAfter);
/** A 2xx with another body, or with a change of its own. */
export const says = (body: string | object): VirtualFault => ({
  answer: { body: typeof body === 'string' ? body : (own: object) => ({ ...own, ...body }) },
});
/** The work is done, and its answer is kept for the next request under the key. */
export const done = (fault: VirtualFault): VirtualFault => ({ ...fault, work: 'done' });
/** A run is created, and the answer is not kept. */
export const unkept = (fault: VirtualFault): VirtualFault => ({ ...fault, work: 'unstored' });

const GREEN_OUTPUTS = { items: [] };
const plan = (seconds: number, ending = 'completed', outputs: unknown = GREEN_OUTPUTS): RunPlan => ({
  ms: seconds * 1_000,
  ending,
  outputs,
});
type Outcome = 'green' | 'red gate' | 'no field' | 'large' | 'failed' | 'cancelled' | 'long';
const OUTCOMES: Readonly<Record<Outcome, RunPlan>> = {
  green: plan(20),
  'red gate': plan(20, 'completed', { items: ['door'] }),
  'no field': plan(20, 'completed', {}),
  large: plan(20, 'completed', { items: Array<number>(300_001).fill(0) }),
  failed: plan(20, 'failed', null),
  cancelled: plan(20, 'cancelled', null),
  long: plan(1_800),
};
export const ends = (...endings: readonly Outcome[]): World => ({ plans: endings.map((one) => OUTCOMES[one]) });
export const takes = (seconds: number): World => ({ plans: [plan(seconds)] });
export const fails = (seconds: number): World => ({ plans: [plan(seconds, 'failed', null)] });
/** What the checks show from so many seconds on. */
export const shows = (...states: readonly (readonly [seconds: number, fields: object])[]): World => ({
  plans: [{ ...plan(0), lifecycle: states.map(([seconds, fields]) => ({ ...fields, atMs: seconds * 1_000 })) }],
});
export const tier = (name: keyof typeof TIERS): World => ({ bucket: TIERS[name] });

/** One start of the step. */
interface Start {
  /** The runner stops it after so many seconds. */
  readonly stop?: number;
  /** Of the job run; default: one more than before. */
  readonly attempt?: number;
  readonly inputs?: Readonly<Record<string, string>>;
}

export interface With extends Start {
  /** The step is started so often, an hour apart; the row is about the last. Default: once. */
  readonly starts?: readonly Start[];
}

export interface Ended {
  readonly conclusion: string;
  readonly launches: number;
  readonly runs: number;
  readonly exit: number;
  readonly seconds: number;
  /** All that the step wrote to the log, with its commands. */
  readonly log: string;
}

const HOUR_MS = 3_600_000;
let folder = '';

/** Prepares a suite of rows. Modules that are loaded on demand are loaded once before, since loading takes no virtual time. */
export function prepareFolder(): { readonly path: () => string } {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faults-'));
    await playRow([ends('red gate')], { inputs: { fail_if: 'outputs.items', inputs: 'a: 1', runs: 'A: {}\nB: { project_id: p }' } });
    await playRow([launch(1, code('not_found'))], {});
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { path: () => folder };
}

/** Plays a row, and checks what must hold after every step. Returns how its last start ended. */
export async function playRow(parts: readonly World[], { starts, ...common }: With): Promise<Ended> {
  const clock = virtualClock();
  const faults = parts.flatMap((part) => part.faults ?? []);
  const plans = parts.flatMap((part) => part.plans ?? []);
  const { bucket = TIERS.pro } = parts.find((part) => part.bucket !== undefined) ?? {};
  const api = createVirtualApi({
    clock,
    bucket,
    planOf: (nth) => plans[Math.min(nth, plans.length) - 1] ?? OUTCOMES.green,
    chooseFault: (call, nth) =>
      faults.find(
        (fault) =>
          fault.call === call &&
          (typeof fault.nth === 'function' ? fault.nth(nth) : (fault.nth ?? nth) === nth) &&
          clock.now() < (fault.until ?? Infinity),
      ),
  });
  let ended: Ended | null = null;
  for (const [at, start] of (starts ?? [{}]).entries()) {
    if (at > 0) clock.suspend(HOUR_MS);
    const { stop, attempt = at + 1, inputs } = { ...common, ...start };
    const stopAfterMs = stop === undefined ? {} : { stopAfterMs: stop * 1_000 };
    const sent = api.attempts.length;
    const result = await playVirtualStep(api, clock, folder, { inputs: { ...inputs }, attempt, ...stopAfterMs });
    const timeoutMs = Number(inputs?.timeout_minutes ?? 15) * 60_000;
    expect(findVirtualViolations(api, api.attempts.slice(sent), result, { timeoutMs, ...stopAfterMs })).toEqual([]);
    ended = {
      conclusion: result.outputs.conclusion ?? '',
      launches: api.attempts.filter(({ call }) => call === 'launch').length,
      runs: api.runs.length,
      exit: result.exitCode!,
      seconds: (result.endedAt - result.startedAt) / 1_000,
      log: result.stdout,
    };
  }
  return ended!;
}
