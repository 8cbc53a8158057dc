/** The licences of all that is bundled lie beside it. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { packageFolders } from '../../scripts/licences.ts';

test('finds each package with code in any chunk once, also below another and in a scope', () => {
  const folders = packageFolders([
    { nameForCondition: '/x/src/index.ts' },
    { nameForCondition: null },
    { nameForCondition: '/x/node_modules/yaml/dist/index.js' },
    {
      nameForCondition: '/x/node_modules/@actions/core/lib/core.js',
      modules: [
        { nameForCondition: '/x/node_modules/yaml/dist/nodes/Node.js' },
        { nameForCondition: '/x/node_modules/a/node_modules/@b/c/index.js' },
      ],
    },
    { nameForCondition: 'C:\\x\\node_modules\\tunnel\\index.js' },
  ]);
  expect([...folders]).toEqual([
    '/x/node_modules/yaml',
    '/x/node_modules/@actions/core',
    '/x/node_modules/a/node_modules/@b/c',
    'C:/x/node_modules/tunnel',
  ]);
});

test('has in dist/ the licence of every package that it names, lazy chunks too, and of each dependency', () => {
  const listed = Array.from(readFileSync('dist/licenses.txt', 'utf8').matchAll(/^(\S+) \S+ \([\w.-]+\)\n=+$/gm), ([, name]) => name);
  const code = readdirSync('dist')
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(`dist/${name}`, 'utf8'))
    .join('\n');
  const named = Array.from(code.matchAll(/^;\/\/ CONCATENATED MODULE: \.\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)/gm), ([, name]) => name);
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
  expect(named.length).toBeGreaterThan(20);
  expect(listed).toEqual(expect.arrayContaining([...named, ...Object.keys(dependencies)]));
});
