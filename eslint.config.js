import { globSync } from 'node:fs';
import eslint from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** From the top to the bottom of ARCHITECTURE.md's table: imports of values go down only. */
const layers = [
  ['index.ts'],
  ['main.ts'],
  ['prepare.ts', 'sinks.ts', 'progress.ts'],
  ['report/', 'verdict.ts', 'endings.ts'],
  ['inputs/'],
  ['runs/'],
  ['alloovium/', 'github/'],
  ['gate/', 'intent.ts'],
  ['text/'],
  ['json.ts', 'clock.ts', 'fault.ts', 'ending.ts'],
];
/** What may not be imported from a place although it is not above it, and what may although it is. */
const apart = { 'alloovium/': ['github/'], 'github/': ['alloovium/'] };
const allowed = { 'inputs/': '(?!report/links)', 'runs/': '', 'report/': '' };

const walls = layers.flatMap((places, depth) =>
  places.map((place) => {
    const above = [...layers.slice(0, depth).flat(), ...(apart[place] ?? [])].join('|');
    const regex = `^\\.{1,2}/(?:\\.\\./)*${allowed[place] ?? ''}(?:${above.replaceAll('.', '\\.')})`;
    const patterns =
      above === '' ? [] : [{ regex, allowTypeImports: true, message: 'Imports go down only.' }];
    const files = [place.endsWith('/') ? `src/${place}**/*.ts` : `src/${place}`];
    return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
  }),
);

/** Which files alone may import which package. @actions/github and @actions/artifact are loaded by `import()` where they are needed. */
const packages = [
  ['@actions/core', ['src/github/runner.ts'], 'Only github/runner.ts writes to the runner.'],
  [
    '@actions/http-client',
    ['src/alloovium/transport.ts', 'src/github/api.ts'],
    'Only the two ways to the network.',
  ],
];
const restricted = (file) => {
  const patterns = packages
    .filter(([, files]) => !files.includes(file))
    .map(([name, , message]) => ({ group: [name, `${name}/**`], message }));
  return { files: [file], rules: { 'no-restricted-imports': ['error', { patterns }] } };
};

/** Files that may know the time, chance, the network or the environment; all others are pure: values in, values out. */
const impure =
  /^src\/(?:(?:index|main|prepare|sinks|progress|clock)\.ts|github\/|alloovium\/(?:transport|client)|runs\/)/;
const pure = globSync('src/**/*.ts').filter((path) => !impure.test(path));

export default tseslint.config(
  { ignores: ['dist/', '.cache/', 'coverage/', 'node_modules/', '.stryker-tmp/', 'reports/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.all.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-cycle': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
  },
  restricted('src/**/*.ts'),
  ...packages.flatMap(([, files]) => files).map(restricted),
  ...walls,
  {
    files: pure,
    rules: {
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch', 'performance'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pure: take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Pure: take chance as an argument.' },
      ],
    },
  },
  {
    files: ['playground/{page,evaluate}.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'This runs in a browser.' }] },
      ],
      'no-restricted-globals': ['error', 'process', 'fetch', 'XMLHttpRequest', 'WebSocket', 'localStorage'],
    },
  },
  {
    files: ['__tests__/**/*.ts', 'simulator/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
