/** The recorded cases that `npm test` leaves out: `npm run record -- --update` writes them all. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CASES } from '../../scripts/record/cases.ts';
import { fileOf, FOLDER } from '../../scripts/record.ts';
import { QUICK, testCases } from './as-recorded.ts';

const names = Object.keys(CASES);

test('finds a case for every recording', () => {
  const files = names.map((name) => basename(fileOf(name)));
  expect(readdirSync(FOLDER).filter((file) => file.endsWith('.txt') && !files.includes(file))).toEqual([]);
});

describe('as recorded', () => {
  testCases(names.filter((name) => !QUICK.includes(name)));
});
