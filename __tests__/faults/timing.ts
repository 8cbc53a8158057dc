/** Times in the journal, of the simulator's clock, and in the log. */
import { expect } from '@jest/globals';
import type { JournalEntry } from '../../simulator/journal.ts';

/** ms from the end of each exchange to the start of the next. */
export function pausesBetween(entries: readonly JournalEntry[]): number[] {
  return entries.slice(1).map((entry, at) => {
    const before = entries[at]!;
    return entry.at - (before.endedAt ?? before.answeredAt ?? before.at);
  });
}

/** ms from each request until its exchange ended, or the client aborted it. */
export function durations(entries: readonly JournalEntry[]): number[] {
  return entries.map(({ at, endedAt }) => (endedAt ?? Infinity) - at);
}

/**
 * Expects a time with tolerance: timers end a real ms or two early, which a fast clock multiplies, and a busy machine is late by up to
 * a second. The log shows the intended waits exactly.
 * @param speed speed of the clocks
 */
export function expectBetween(ms: number, minMs: number, maxMs: number, speed: number): void {
  expect(ms).toBeGreaterThanOrEqual(minMs - 4 * speed);
  expect(ms).toBeLessThanOrEqual(maxMs + 1_000 * speed);
}

/** The pauses before launches, as logged. */
export function loggedPauses(stdout: string): string[] {
  // Skip the lines that repeat that a wait continues.
  return [...stdout.matchAll(/^(?! *still ).*; retrying (?:in )?([^,]*), /gm)].map(
    ([, pause]) => pause ?? '',
  );
}

/** The duration in the action's last log line, in seconds. */
export function loggedSeconds(stdout: string, conclusion: string): number {
  const time = '(?:(\\d+) h)? ?(?:(\\d+) min)? ?(?:(\\d+) s)?';
  const message = new RegExp(`^.* after ${time}(?:: .*)? \\(${conclusion}\\)$`, 'm').exec(stdout);
  expect(message).not.toBeNull();
  const [hours, minutes, seconds] = [1, 2, 3].map((part) => Number(message?.[part] ?? 0));
  return hours! * 3_600 + minutes! * 60 + seconds!;
}
