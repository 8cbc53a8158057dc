/** The process of a step: its start, its end and its memory. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readOrEmpty } from './files.ts';
import type { RunOptions } from './step.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export function spawnStep(
  options: RunOptions,
  cwd: string,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const opened: number[] = [];
  const streamFor = (kind: 'closed' | 'full' | undefined): 'pipe' | number => {
    if (kind !== 'full') return 'pipe';
    const descriptor = openSync('/dev/full', 'w');
    opened.push(descriptor);
    return descriptor;
  };
  const child = spawn(
    process.execPath,
    [
      ...(options.nodeArgs ?? []),
      ...(options.preload ?? []).flatMap((path) => ['--import', pathToFileURL(resolve(ROOT, path)).href]),
      resolve(ROOT, options.bundle ?? 'dist/index.js'),
    ],
    {
      cwd,
      env,
      stdio: ['ignore', streamFor(options.stdout), streamFor(options.stderr)],
      ...(options.uid === undefined ? {} : { uid: options.uid }),
    },
  );
  for (const descriptor of opened) closeSync(descriptor);
  if (options.stdout === 'closed') child.stdout?.destroy();
  if (options.stderr === 'closed') child.stderr?.destroy();
  return child;
}

export function waitForExit(
  child: ChildProcess,
): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; endedAt: number }> {
  return new Promise((resolve, reject) => {
    let endedAt = 0;
    child.on('error', reject);
    child.on('exit', () => (endedAt = performance.now()));
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, endedAt }));
  });
}

/** The system records the peak (VmHWM); poll it before the process ends. */
export function watchMemory(child: ChildProcess) {
  let peak: number | null = null;
  const status = `/proc/${child.pid ?? 0}/status`;
  const poll = (): void => {
    const found = /VmHWM:\s+(\d+) kB/.exec(readOrEmpty(status));
    if (found !== null) peak = Math.max(peak ?? 0, Number(found[1]) / 1024);
  };
  const timer = existsSync('/proc/self/status') ? setInterval(poll, 50) : undefined;
  return {
    poll,
    stop: (): void => clearInterval(timer),
    /** null: the system does not report it. */
    peakMiB: (): number | null => peak,
  };
}
