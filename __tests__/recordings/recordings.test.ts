/** All that the shipped bundle sends, says and writes in each recorded case, byte by byte: `npm run record -- --update` writes them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CASES } from '../../scripts/record/cases.ts';
import { fileOf, FOLDER, record } from '../../scripts/record.ts';

const names = Object.keys(CASES);

test('every recording is of a case', () => {
  const files = names.map((name) => basename(fileOf(name)));
  expect(readdirSync(FOLDER).filter((file) => file.endsWith('.txt') && !files.includes(file))).toEqual([]);
});

describe('as recorded', () => {
  test.concurrent.each(names.map((name) => [name]))(
    '%s',
    async (name) => {
      const file = fileOf(name);
      expect(await record(CASES[name]!)).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
    },
    120_000,
  );
});
