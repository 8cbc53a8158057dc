/** What must hold after every step in virtual time, whatever faults it met. */
import { retryHintMs, runsPerKey, waitSubject, type JournalEntry } from './journal.ts';
import { TEST_KEY } from './vendor-example.ts';
import type { Attempt, VirtualApi } from './virtual-api.ts';
import { OUTPUT_NAMES, type VirtualResult } from './virtual-step.ts';
import { EPOCH_MS } from './virtual-clock.ts';
import { findCommands, hasLegacyPrefix } from './workflow-commands.ts';

/** Conclusions of a green step. */
const GREEN = ['success', 'pending', 'skipped'];
/** The commands that the action gives. */
const COMMANDS = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning'];
/** Shortest pauses after launches under one key that the API may have accepted: the rule's, less the jitter. */
const PAUSES_MS = [2_000, 6_000, 18_000, 30_000].map((ms) => 0.6 * ms);
const MAX_ACCEPTED = 5;
/** All sinks together end so long after the deadline, and so long after a signal. */
const AFTER_DEADLINE_MS = 65_000;
const AFTER_SIGNAL_MS = 5_000;

interface Expected {
  readonly timeoutMs: number;
  readonly stopAfterMs?: number | undefined;
}

/** Describes what does not hold of a step; `attempts` are its own. */
export function findVirtualViolations(
  api: VirtualApi,
  attempts: readonly Attempt[],
  result: VirtualResult,
  { timeoutMs, stopAfterMs = Infinity }: Expected,
): string[] {
  const { exitCode, outputs, startedAt, endedAt } = result;
  const found: string[] = [];
  const must = (holds: boolean, otherwise: string): void => {
    if (!holds) found.push(otherwise);
  };
  for (const [key, { stored }] of runsPerKey(api.runs)) must(stored <= 1, `two runs: ${stored} under ${key}`);
  const lastAt = Math.min(startedAt + timeoutMs, startedAt + stopAfterMs) - 2_000;
  found.push(...findLaunchViolations(attempts, lastAt), ...findEarlyRequests(attempts));

  const { conclusion = '', gate = '', runs_json: rows = '' } = outputs;
  must((exitCode === 0) === GREEN.includes(conclusion), `exit code ${exitCode} with “${conclusion}”`);
  if (conclusion === 'success') {
    must(gate === 'passed' || gate === 'none', `false green: gate “${gate}”`);
    const reported = rows === '' ? [outputs] : (JSON.parse(rows) as Record<string, string>[]);
    for (const { run_id: id } of reported) {
      const run = api.runs.find((one) => one.id === id);
      must(run?.ending === 'completed', `false green: run “${id ?? ''}” is ${run?.ending ?? 'unknown'}`);
    }
  }

  const log = result.stdout.replaceAll(/^::add-mask::.*$/gm, '');
  for (const text of [log, ...Object.values(outputs), result.summary, ...result.files])
    for (const secret of [TEST_KEY, Buffer.from(TEST_KEY).toString('base64').replace(/=+$/, '')])
      must(!text.includes(secret), 'a secret is shown');
  for (const { name } of findCommands(result.stdout)) must(COMMANDS.includes(name), `command ${name}`);
  must(!hasLegacyPrefix(result.stdout), 'command of the older form');

  must(result.outputErrors.length === 0, 'the output file cannot be parsed');
  for (const name of OUTPUT_NAMES) must(name in outputs, `no output ${name}`);
  must(endedAt <= startedAt + timeoutMs + AFTER_DEADLINE_MS, 'ended too late after the deadline');
  must(endedAt <= startedAt + stopAfterMs + AFTER_SIGNAL_MS, 'ended too late after the signal');
  return found;
}

/** @param lastAt from then on the deadline may shorten a pause */
function findLaunchViolations(attempts: readonly Attempt[], lastAt: number): string[] {
  const launches = attempts.filter(({ call }) => call === 'launch');
  return [...Map.groupBy(launches, ({ key }) => key)].flatMap(([key, sent]) => {
    const accepted = sent.filter(mayBeAccepted);
    const tooEarly = accepted.slice(0, -1).some((one, at) => {
      const next = sent[sent.indexOf(one) + 1];
      return next !== undefined && next.at < lastAt && next.at - one.at < PAUSES_MS[at]!;
    });
    return [
      ...(accepted.length > MAX_ACCEPTED ? [`${accepted.length} launches under ${key} that may have been accepted`] : []),
      ...(tooEarly ? [`a launch under ${key} was sent again too soon`] : []),
    ];
  });
}

/** May the API have accepted the launch? Not after a 429, a locked key, or a gateway's 502 or 503. */
function mayBeAccepted({ entry }: Attempt): boolean {
  if (entry === null) return false;
  const { status, answerHeaders, answerBody } = entry;
  if (status === 409) return !answerBody.includes('idempotency_in_progress');
  if (status !== 502 && status !== 503) return status !== 429;
  return String(answerHeaders['content-type'] ?? '').includes('problem+json');
}

/** The moment that the answer asks to wait for; 0: none. */
function askedUntil(entry: JournalEntry): number {
  if (entry.answeredAt === null) return 0;
  const header = entry.answerHeaders['retry-after'];
  const isDate = typeof header === 'string' && header.endsWith('GMT');
  return isDate ? Date.parse(header) - EPOCH_MS : entry.answeredAt + retryHintMs(entry);
}

/** Requests sent before the moment that an answer to the same request had asked for. */
function findEarlyRequests(attempts: readonly Attempt[]): string[] {
  const entries = attempts.map(({ entry }) => entry).filter((entry) => entry !== null);
  return entries.flatMap((entry) => {
    const until = askedUntil(entry);
    const isEarly = (later: JournalEntry) => later.number > entry.number && later.at >= entry.answeredAt! && later.at < until - 1;
    return entries.some((later) => waitSubject(later) === waitSubject(entry) && isEarly(later))
      ? [`a ${entry.call} was sent before Retry-After`]
      : [];
  });
}
