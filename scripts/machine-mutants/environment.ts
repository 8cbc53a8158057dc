/**
 * Jest's environment for machine-mutants.ts. It records what each test executes, or runs the planned tests alone and
 * ends the process at the first that fails.
 */
import { appendFileSync, writeSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { TestEnvironment } from 'jest-environment-node';
import { plan, type Executed, type Range, type Ranges } from './plan.ts';

interface Test {
  readonly name: string;
  readonly parent?: Test;
  readonly errors: readonly unknown[];
  mode?: string | null;
}

interface Event {
  readonly name: string;
  readonly test?: Test;
  readonly hook?: { readonly type: string };
}

function fullName(test: Test | undefined): string {
  return test?.parent ? `${fullName(test.parent)} ${test.name}`.trim() : '';
}

export default class Environment extends TestEnvironment {
  readonly #file: string;
  readonly #session = new Session();
  #cpu = process.cpuUsage();

  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    super(...args);
    this.#file = args[1].testPath;
    writeSync(1, 'BEGUN\n');
    if (plan.mutant) return;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  handleTestEvent(event: Event): void {
    if (plan.mutant) this.#play(event);
    else if (event.name === 'run_start' || event.hook?.type === 'beforeAll') this.#record('');
    else if (event.name === 'test_start') this.#cpu = process.cpuUsage();
    else if (event.name === 'test_done' && event.test) {
      if (event.test.errors.length === 0) this.#record(fullName(event.test));
      else writeSync(1, `RED “${fullName(event.test)}”\n`);
    }
  }

  #play({ name, test }: Event): void {
    if (!test) return;
    if (name === 'test_start' && !plan.tests?.[this.#file]?.includes(fullName(test))) test.mode = 'skip';
    if (name === 'test_done' && test.errors.length > 0) {
      writeSync(1, `CAUGHT “${fullName(test)}”\n`);
      process.kill(process.pid, 'SIGKILL');
    }
  }

  #record(name: string): void {
    const { user, system } = process.cpuUsage(this.#cpu);
    const functions: Record<string, Ranges[]> = {};
    this.#session.post('Profiler.takePreciseCoverage', (_, told) => {
      for (const { url, functions: all } of told.result) {
        const path = url.replace(/^file:\/\//, '');
        if (!path.startsWith(`${plan.tree}/src/`)) continue;
        (functions[path] ??= []).push(...all.map(rangesOf).filter(([whole]) => whole[2] > 0));
      }
    });
    const line: Executed = { file: this.#file, name, cpuMs: (user + system) / 1000, functions };
    appendFileSync(plan.record, `${JSON.stringify(line)}\n`);
  }
}

function rangesOf({ ranges }: Profiler.FunctionCoverage): Ranges {
  const [whole, ...blocks] = ranges.map(({ startOffset, endOffset, count }): Range => [
    startOffset,
    endOffset,
    count,
  ]);
  return [whole ?? [0, 0, 0], ...blocks];
}
