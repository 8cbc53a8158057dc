/** The event's file: how often it is read, its faults, and how long the job has run. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { measureJobAgeMs, readEventFile, remedyOfEvent } from '../../src/github/event.ts';
import { virtualClock } from '../fakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'event-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads a file with this text. @param change is called at each pause */
async function read(text: string | null, change?: (path: string, nth: number) => void) {
  const path = join(folder, 'event.json');
  if (text === null) rmSync(path, { force: true });
  else writeFileSync(path, text);
  const clock = virtualClock();
  let pauses = 0;
  const sleep: typeof clock.sleep = (ms, signal) => {
    change?.(path, ++pauses);
    return clock.sleep(ms, signal);
  };
  const file = await readEventFile(path, { ...clock, sleep }, new AbortController().signal);
  return { ...file, ms: clock.now() };
}

const UNREADABLE = 'cannot be read as JSON';

describe('readEventFile', () => {
  test.each<[string, string | null, fault: string, ms: number]>([
    ['reads a payload', '{"a":1}', '', 0],
    ['reports a missing file', null, 'is missing', 0],
    ['reports a file that stays incomplete, after 2 s', '{"a":', UNREADABLE, 2_000],
    ['reads a payload that is 64 deep', '['.repeat(64) + ']'.repeat(64), '', 0],
    ['refuses a payload that is nested deeper', '['.repeat(65) + ']'.repeat(65), 'is nested more than 64 deep', 0],
  ])('%s', async (_, text, fault, ms) => {
    const { fault: found, ms: took, payload } = await read(text);
    expect([found, took]).toEqual([fault, ms]);
    expect(payload === undefined).toBe(fault !== '');
  });

  test.each([
    ['and reads it if it is complete at the last try', 10, ''],
    ['and reports it if it is complete after that', 11, UNREADABLE],
  ])('waits for a file that another step rewrites, %s', async (_, at, fault) => {
    const { fault: found } = await read('', (path, nth) => {
      if (nth === at) writeFileSync(path, '{}');
    });
    expect(found).toBe(fault);
  });

  test('reads up to 32 MiB', async () => {
    const padded = (bytes: number) => `"${'a'.repeat(bytes - 2)}"`;
    expect((await read(padded(32 * 1024 * 1024))).fault).toBe('');
    expect((await read(padded(32 * 1024 * 1024 + 1))).fault).toBe('is over 32 MiB');
  });

  test('does not read a folder or an empty path', async () => {
    const { signal } = new AbortController();
    mkdirSync(join(folder, 'folder'), { recursive: true });
    for (const path of ['', join(folder, 'folder')])
      expect(await readEventFile(path, virtualClock(), signal)).toMatchObject({ fault: 'is missing' });
  });
});

test.each([
  ['is missing', true],
  [UNREADABLE, true],
  ['is over 32 MiB', false],
  ['is nested more than 64 deep', false],
  ['', false],
])('advises to try again only after a fault of the event file that may pass: %j: %p', (fault, again) => {
  expect(remedyOfEvent(fault).startsWith('{again}')).toBe(again);
});

test.each([
  ['is missing', '{again} If it happens again, check that GITHUB_EVENT_PATH names the file that the runner writes.'],
  ['is over 32 MiB', 'Nothing was started. Check that GITHUB_EVENT_PATH names the file that the runner writes.'],
])('advises after an event file that %s: “%s”', (fault, remedy) => {
  expect(remedyOfEvent(fault)).toBe(remedy);
});

describe('measureJobAgeMs', () => {
  const { birthtimeMs, mtimeMs } = statSync(folder);
  const began = birthtimeMs > 0 ? birthtimeMs : mtimeMs;
  const HOURS = 60 * 60_000;
  test.each<[string, ms: number, age: number]>([
    ['since the folder of the event’s file was made', 5_000, 5_000],
    ['0 for a clock before that', -1_000, 0],
    ['0 for six hours or more, which no job runs', 6 * HOURS + 1_000, 0],
    ['of nearly six hours', 6 * HOURS - 1_000, 6 * HOURS - 1_000],
  ])('measures the time %s', (_, ms, age) => {
    expect(measureJobAgeMs(join(folder, 'event.json'), began + ms)).toBeCloseTo(age, 0);
  });

  test('measures none without a path, or where there is no folder', () => {
    expect(measureJobAgeMs('', Date.now() + 5_000)).toBe(0);
    expect(measureJobAgeMs(join(folder, 'nothing', 'event.json'), began + 5_000)).toBe(0);
  });
});
