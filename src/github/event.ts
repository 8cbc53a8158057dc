/** Reads the event's payload from its file, which the runner truncates and rewrites before every step of the job. */
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import { checkLimits, JsonError, JSON_LIMITS, type Limits } from '../json.ts';

/** Above GitHub's limit for payloads, which is 25 MB. */
const EVENT_LIMITS: Limits = { bytes: 32 * 1024 * 1024, depth: JSON_LIMITS.depth, values: Infinity };
/** The file is read again if another step that runs in parallel makes the runner rewrite it. */
const MAX_READINGS = 11;
const REREAD_PAUSE_MS = 200;

/** Reads the payload, several times if the file is incomplete. @throws only the signal's reason, during a pause */
export async function readEventFile(path: string, clock: Clock, signal: AbortSignal) {
  for (let remaining = MAX_READINGS - 1; ; remaining--) {
    const read = readOnce(path);
    if (remaining === 0 || read.fault !== UNREADABLE) return read;
    await clock.sleep(REREAD_PAUSE_MS, signal);
  }
}

/** The fault of a file that may be complete a moment later. */
const UNREADABLE = 'cannot be read as JSON';
const MISSING = 'is missing';

const CHECK_PATH = 'check that GITHUB_EVENT_PATH names the file that the runner writes.';

/** Returns the remedy for a file that the step needs. Only these two faults may pass when the job runs again. */
export function remedyOfEvent(fault: string): string {
  return fault === MISSING || fault === UNREADABLE
    ? `{again} If it happens again, ${CHECK_PATH}`
    : `Nothing was started. C${CHECK_PATH.slice(1)}`;
}

/** Reads the file once. Returns the parsed payload and an empty fault, or undefined and a predicate that says why. */
function readOnce(path: string) {
  const file = path === '' ? undefined : statSync(path, { throwIfNoEntry: false });
  if (file?.isFile() !== true) return { payload: undefined, fault: MISSING };
  if (file.size > EVENT_LIMITS.bytes) return { payload: undefined, fault: 'is over 32 MiB' };
  try {
    const bytes = readFileSync(path);
    checkLimits(bytes, EVENT_LIMITS);
    return { payload: JSON.parse(bytes.toString()) as unknown, fault: '' };
  } catch (error) {
    // Reading again cannot help against too deep nesting.
    const isTooDeep = error instanceof JsonError && error.isOverLimit;
    return {
      payload: undefined,
      fault: isTooDeep ? `is nested more than ${EVENT_LIMITS.depth} deep` : UNREADABLE,
    };
  }
}
export type EventFile = Readonly<ReturnType<typeof readOnce>>;

const MAX_JOB_MS = 6 * 60 * 60_000;

/**
 * Returns the milliseconds since this attempt of the job began on its runner; 0 if unknown. Measured by the folder of the event's
 * file, which the job's first step creates.
 */
export function measureJobAgeMs(path: string, nowMs: number): number {
  try {
    const { birthtimeMs, mtimeMs } = statSync(dirname(path));
    // Without birth times, the folder's modification time serves: rewriting the file does not change it.
    const age = nowMs - (birthtimeMs > 0 ? birthtimeMs : mtimeMs);
    return path !== '' && age > 0 && age < MAX_JOB_MS ? age : 0;
  } catch {
    return 0;
  }
}
