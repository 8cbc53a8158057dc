/** What of the environment the bundle reads. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { STRAY } from './environment.ts';

const READS = /process\.env(?:\.(\w+)|\[['"](\w+)['"]\])/g;

function readIn(text: string): string[] {
  return Array.from(text.matchAll(READS), ([, name, quoted]) => name ?? quoted ?? '');
}

function textOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?[jt]s$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

/** As src/environment.ts has them. */
const [, kept = ''] = /KEPT_NAMES =\s+\/(.*)\/i;/.exec(readFileSync('src/environment.ts', 'utf8')) ?? [];

const isKept = (name: string) => new RegExp(kept, 'i').test(name);
const bundled = new Set(readIn(textOf('dist')));
const libraries = Array.from(readFileSync('dist/licenses.txt', 'utf8').matchAll(/^(\S+) \S+ \([\w.-]+\)\n=+$/gm), ([, name = '']) => name);
const byLibrary = libraries.map(
  (library) => [library, [...new Set(readIn(textOf(`node_modules/${library}`)))].filter((name) => bundled.has(name))] as const,
);

test('hides from libraries each variable that neither GitHub sets nor names a proxy', () => {
  const stray = byLibrary
    .map(([library, names]) => [library, names.filter((name) => !isKept(name)).sort()] as const)
    .filter(([library, names]) => names.length > 0 && library !== '@vercel/ncc');
  expect(Object.fromEntries(stray)).toEqual(STRAY);
});

test('reads only names of a library or of the action', () => {
  const known = new Set([...byLibrary.flatMap(([, names]) => names), ...readIn(textOf('src'))]);
  expect([...bundled].filter((name) => !known.has(name))).toEqual([]);
});
