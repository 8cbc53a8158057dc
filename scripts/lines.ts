/**
 * `npm run lines [-- --check]`: lines by folder, beside those of 0.2.0 where git has it, and the budget. `--check` fails where a
 * budget is passed. Data (JSON, recordings) does not count.
 */
import { spawnSync } from 'node:child_process';

const BEFORE = '04facf4ee05673d76e107e1b52b6da303d8641cc';
const ROOMS = ['src', '__tests__', 'playground', 'simulator', 'scripts', 'bench'];
const BUDGET: Readonly<Record<string, number>> = { src: 10_600, __tests__: 21_500, playground: 500 };

/** Lines by folder, one level deep, and of each room as a whole; none where git does not have the commit. */
function countLines(...commit: readonly string[]): Map<string, number> {
  const { stdout } = spawnSync('git', ['grep', '-I', '-c', '-e', '', ...commit, '--', ...ROOMS], {
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  const lines = new Map<string, number>();
  for (const [, path = '', count] of stdout.matchAll(/^(?:[0-9a-f]{40}:)?(.+):(\d+)$/gm)) {
    if (/\.json$|^__tests__\/recordings\/.*\.txt$/.test(path)) continue;
    const [room = '', folder = '', ...rest] = path.split('/');
    for (const name of [room, `${room}/${rest.length > 0 ? folder : ''}`]) {
      lines.set(name, (lines.get(name) ?? 0) + Number(count));
    }
  }
  return lines;
}

const [now, before] = [countLines('--untracked'), countLines(BEFORE)];
const cell = (value: number | undefined) => (value?.toLocaleString('en') ?? '–').padStart(8);
console.log(
  `${''.padEnd(24)}${['now', '0.2.0', 'change', 'budget'].map((head) => head.padStart(8)).join('')}`,
);
for (const name of [...new Set([...now.keys(), ...before.keys()])].sort()) {
  const [lines = 0, then] = [now.get(name), before.get(name)];
  const change = before.size > 0 ? lines - (then ?? 0) : undefined;
  const indent = name.includes('/') ? '  ' : '';
  console.log(`${`${indent}${name}`.padEnd(24)}${[lines, then, change, BUDGET[name]].map(cell).join('')}`);
}
const passed = Object.entries(BUDGET).filter(([name, most]) => (now.get(name) ?? 0) > most);
for (const [name, most] of passed) console.log(`${name} has ${(now.get(name) ?? 0) - most} lines too many`);
if (process.argv.includes('--check') && passed.length > 0) process.exitCode = 1;
