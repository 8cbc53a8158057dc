/** What machine-mutants.ts wants of a run of jest, read from the file that the environment names. */
import { readFileSync } from 'node:fs';

export interface Edit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly text: string;
}

export interface Plan {
  readonly tree: string;
  /** None where it is recorded what each test executes. */
  readonly mutant?: Edit;
  /** By test file in the order that they run in, the names of the tests to run. */
  readonly tests?: Readonly<Record<string, readonly string[]>>;
  /** Where to record, a line for each test. */
  readonly record: string;
}

/** A function's range and then its blocks, with their counts, as V8 tells them. */
export type Ranges = readonly [Range, ...Range[]];
export type Range = readonly [start: number, end: number, count: number];

export interface Executed {
  readonly file: string;
  /** Empty for what runs before the first test: modules, tables, `beforeAll`. */
  readonly name: string;
  readonly cpuMs: number;
  /** By source file. */
  readonly functions: Readonly<Record<string, readonly Ranges[]>>;
}

export const plan = JSON.parse(readFileSync(process.env.MACHINE_MUTANT ?? '', 'utf8')) as Plan;
