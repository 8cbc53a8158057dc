/** What is in `dist/`, and the licences of all that is bundled. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { packageFolders } from '../../scripts/licences.ts';

const read = (name: string) => readFileSync(`dist/${name}`, 'utf8');
const chunks = readdirSync('dist').filter((name) => name.endsWith('.js'));

test.each(['YAMLParseError', 'TypeChecker', 'octokit-core', 'apache-arrow'])('loads %s only where a step needs it', (sign) => {
  expect(chunks.filter((name) => read(name).includes(sign)).join(' ')).toMatch(/^(?:\d+\.index\.js ?)+$/);
});

test('finds the package of each file once, also below another and in a scope', () => {
  const paths = ['/x/node_modules/yaml/a.js', 'C:\\x\\node_modules\\@d\\e\\f.js', '/x/node_modules/a/node_modules/@b/c/index.js', null];
  const modules = paths.map((nameForCondition) => ({ nameForCondition }));
  const folders = ['/x/node_modules/yaml', 'C:/x/node_modules/@d/e', '/x/node_modules/a/node_modules/@b/c'];
  expect([...packageFolders([{ modules }, ...modules])]).toEqual(folders);
});

test('lists the licence of every package that a chunk names, and of each dependency', () => {
  const listed = Array.from(read('licenses.txt').matchAll(/^(\S+) \S+ \([\w.-]+\)\n=+$/gm), ([, name]) => name);
  const code = chunks.map(read).join('\n');
  const named = Array.from(code.matchAll(/^;\/\/ CONCATENATED MODULE: \.\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)/gm), ([, name]) => name);
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
  expect(named.length).toBeGreaterThan(20);
  expect(listed).toEqual(expect.arrayContaining([...named, ...Object.keys(dependencies)]));
});
