/** Times in the journal, by the simulator's clock. */
import { expect } from '@jest/globals';
import type { JournalEntry } from '../../simulator/journal.ts';

/** ms from the end of each exchange to the start of the next. */
export function pauses(entries: readonly JournalEntry[]): number[] {
  return entries.slice(1).map((entry, at) => {
    const before = entries[at]!;
    return entry.at - (before.endedAt ?? before.answeredAt ?? before.at);
  });
}

/** ms that each exchange took until it was over, or the client gave it up. */
export function lengths(entries: readonly JournalEntry[]): number[] {
  return entries.map(({ at, endedAt }) => (endedAt ?? Infinity) - at);
}

/**
 * Timers end a real ms or two early, which a fast clock makes more of; and a busy machine is late by up to a second.
 * How long the action meant to wait is better read from its log.
 * @param speed of the clocks
 */
export function expectBetween(ms: number, least: number, most: number, speed: number): void {
  expect(ms).toBeGreaterThanOrEqual(least - 4 * speed);
  expect(ms).toBeLessThanOrEqual(most + 1_000 * speed);
}

/** The pauses before another launch, as the log says them. */
export function loggedPauses(stdout: string): string[] {
  // What still goes on is said again now and then.
  return [...stdout.matchAll(/^(?! *still ).*; retrying (?:in )?([^,]*), /gm)].map(
    ([, pause]) => pause ?? '',
  );
}

/** Seconds that the action says it took, from its last line. */
export function loggedSeconds(stdout: string, conclusion: string): number {
  const time = '(?:(\\d+) h)? ?(?:(\\d+) min)? ?(?:(\\d+) s)?';
  const message = new RegExp(`^.* after ${time}(?:: .*)? \\(${conclusion}\\)$`, 'm').exec(stdout);
  expect(message).not.toBeNull();
  const [hours, minutes, seconds] = [1, 2, 3].map((part) => Number(message?.[part] ?? 0));
  return hours! * 3_600 + minutes! * 60 + seconds!;
}
