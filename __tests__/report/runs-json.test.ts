/** The output `runs_json`: whatever the texts, it is JSON of at most 100,000 bytes with every run in it. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createEmptyRow, formatRunsJson, type RunRow } from '../../src/report/runs-json.ts';
import { anyText } from '../support/arbitrary-text.ts';

const read = (json: string) => JSON.parse(json) as RunRow[];

test('has all fields in the documented order for a run that is not known yet', () => {
  expect(Object.keys(read(formatRunsJson([createEmptyRow('Tower')]))[0]!)).toEqual([
    'name',
    'run_id',
    'workflow_id',
    'project_id',
    'status',
    'conclusion',
    'gate',
    'headline',
    'gate_matched_count',
    'gate_new_count',
    'replayed',
    'red_runs_before',
    'idempotency_key',
    'started_at',
    'completed_at',
    'duration_seconds',
    'error_message',
  ]);
});

test('keeps the written order of rows, with any names', () => {
  const names = ['10', '2', '__proto__', 'constructor'];
  expect(read(formatRunsJson(names.map(createEmptyRow))).map(({ name }) => name)).toEqual(names);
});

test('truncates a message to 500 characters', () => {
  const [row] = read(formatRunsJson([{ ...createEmptyRow('a'), error_message: 'x'.repeat(501) }]));
  expect(row?.error_message).toBe('x'.repeat(500));
});

describe('L12: 20 runs that need more than 100,000 bytes', () => {
  // A control character takes six bytes in JSON.
  const rows = Array.from({ length: 20 }, (_, nth) => ({
    ...createEmptyRow(`run ${nth} ${'é'.repeat(57)}`),
    run_id: `run_${nth}_`.padEnd(128, 'x'),
    workflow_id: 'wf_'.padEnd(128, 'x'),
    project_id: 'p'.repeat(128),
    idempotency_key: 'k'.repeat(255),
    headline: '\u0001'.repeat(500),
    error_message: '\u0001'.repeat(5_000),
  }));

  test('lose text, but no run, no ID and no key', () => {
    const json = formatRunsJson(rows);
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(100_000);
    const reported = read(json);
    expect(reported.map(({ run_id, idempotency_key }) => [run_id, idempotency_key])).toEqual(
      rows.map(({ run_id, idempotency_key }) => [run_id, idempotency_key]),
    );
    expect(reported.every(({ error_message }) => error_message.length >= 100)).toBe(true);
  });

  test('lose no run, for any texts', () => {
    const text = anyText({ maxLength: 700 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (texts) => {
        const json = formatRunsJson(texts.map(([headline, error_message], nth) => ({ ...rows[nth]!, headline, error_message })));
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(100_000);
        expect(json.isWellFormed()).toBe(true);
        expect(read(json).map(({ run_id }) => run_id)).toEqual(rows.slice(0, texts.length).map((row) => row.run_id));
      }),
      { numRuns: 40 },
    );
  });
});
