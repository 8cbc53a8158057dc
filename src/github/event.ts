/** The event's payload, from the file that the runner writes again, truncating it first, before every step of the job. */
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import { checkLimits, JsonError, LIMITS, type Limits } from '../json.ts';

/** GitHub's payloads have 25 MB at most. */
const EVENT_CAPS: Limits = { bytes: 32 * 1024 * 1024, depth: LIMITS.depth, values: Infinity };
/** Steps that run side by side read it while it is being written. */
const READINGS = 11;
const REREAD_PAUSE_MS = 200;

/** Never throws, but where the signal aborts a pause. */
export async function readEventFile(path: string, clock: Clock, signal: AbortSignal) {
  for (let left = READINGS - 1; ; left--) {
    const read = readOnce(path);
    if (left === 0 || read.fault !== UNREADABLE) return read;
    await clock.sleep(REREAD_PAUSE_MS, signal);
  }
}

/** It may be whole in a moment. */
const UNREADABLE = 'cannot be read as JSON';
const MISSING = 'is missing';

const CHECK_PATH = 'check that GITHUB_EVENT_PATH names the file that the runner writes.';

/** What to do about a file that a step cannot do without: the same event gives the same file, but for these two. */
export function remedyOfEvent(fault: string): string {
  return fault === MISSING || fault === UNREADABLE
    ? `{again} If it happens again, ${CHECK_PATH}`
    : `Nothing was started. C${CHECK_PATH.slice(1)}`;
}

/** The payload parsed, undefined where it cannot be had; and why, a predicate, empty where it is there. */
function readOnce(path: string) {
  const file = path === '' ? undefined : statSync(path, { throwIfNoEntry: false });
  if (file?.isFile() !== true) return { payload: undefined, fault: MISSING };
  if (file.size > EVENT_CAPS.bytes) return { payload: undefined, fault: 'is over 32 MiB' };
  try {
    const bytes = readFileSync(path);
    checkLimits(bytes, EVENT_CAPS);
    return { payload: JSON.parse(bytes.toString()) as unknown, fault: '' };
  } catch (error) {
    // What is nested too deep stays so, however much the runner has still to write.
    const isTooDeep = error instanceof JsonError && error.isOverLimit;
    return {
      payload: undefined,
      fault: isTooDeep ? `is nested more than ${EVENT_CAPS.depth} deep` : UNREADABLE,
    };
  }
}
export type EventFile = Readonly<ReturnType<typeof readOnce>>;

const LONGEST_JOB_MS = 6 * 60 * 60_000;

/**
 * How long ago this attempt of the job began on its runner; 0 where that is not known. The folder of the event's file is
 * made by the job's first step.
 */
export function jobAgeMs(path: string, nowMs: number): number {
  try {
    const { birthtimeMs, mtimeMs } = statSync(dirname(path));
    // Where the file system keeps no births: writing a file again leaves its folder's time as the file's first writing set it.
    const age = nowMs - (birthtimeMs > 0 ? birthtimeMs : mtimeMs);
    return path !== '' && age > 0 && age < LONGEST_JOB_MS ? age : 0;
  } catch {
    return 0;
  }
}
