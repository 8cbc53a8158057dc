import { existsSync, readFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { CASES } from '../../scripts/record/cases.ts';
import { fileOf, record, restoreClocks } from '../../scripts/record.ts';

/** The names of the cases that `npm test` plays, as `npm run record -- --quick` chose them. */
export const QUICK = JSON.parse(
  readFileSync(new URL('../../scripts/record/quick.json', import.meta.url), 'utf8'),
) as readonly string[];

/** Adds a test for each case: all requests, output and files of the shipped bundle equal the recording, byte by byte. */
export function testCases(names: readonly string[]): void {
  afterAll(restoreClocks);
  test.concurrent.each(names.map((name) => [name]))(
    '%s',
    async (name) => {
      const file = fileOf(name);
      expect(await record(CASES[name]!)).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
    },
    120_000,
  );
}
