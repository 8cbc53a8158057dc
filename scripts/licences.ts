/**
 * Writes `licenses.txt` into a bundle's folder, with the licence of each package that has code in any of its chunks, from
 * ncc's list of bundled modules (`--stats-out`).
 *
 *     node scripts/licences.ts STATS FOLDER
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Module {
  /** The file's path; null for modules without a file, such as Node's. */
  readonly nameForCondition?: string | null;
  /** The parts of a concatenated module. */
  readonly modules?: readonly Module[];
}

/** Returns the folders of the packages with code in the bundle, lazy chunks included. */
export function packageFolders(modules: readonly Module[]): Set<string> {
  const found = new Set<string>();
  for (const { nameForCondition, modules: inner = [] } of modules) {
    const path = nameForCondition?.replaceAll('\\', '/') ?? '';
    const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
    if (folder !== undefined) found.add(folder);
    for (const one of packageFolders(inner)) found.add(one);
  }
  return found;
}

export function licenceOf(folder: string): { title: string; text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.\w+)?$/i.test(entry));
  const text =
    file === undefined
      ? 'The package has no file with its licence.'
      : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  return { title: `${name} ${version} (${license ?? 'none stated'})`, text };
}

function main([stats = '', folder = '']: readonly string[]): void {
  const { modules } = JSON.parse(readFileSync(stats, 'utf8')) as { modules: readonly Module[] };
  // ncc's loader is in every chunk.
  const folders = [...packageFolders(modules), join(import.meta.dirname, '../node_modules/@vercel/ncc')];
  const parts = folders
    .map(licenceOf)
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${title}\n${'='.repeat(title.length)}\n\n${text}\n`);
  writeFileSync(join(folder, 'licenses.txt'), parts.join('\n\n'));
}

if (import.meta.main) main(process.argv.slice(2));
