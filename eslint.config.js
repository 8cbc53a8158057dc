import eslint from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The pure rooms: values in, values out. Whoever needs a clock, chance or the environment is handed it. */
const pure = [
  'src/intent.ts',
  'src/json.ts',
  'src/alloovium/{bucket,retry,wire,errors}.ts',
  'src/runs/{events,evaluations,finding-in-words,outcome,poll-pace,queue,queue-state,record}.ts',
  'src/runs/{step-verdict,stopped,verdict,way-back}.ts',
  'src/gate/**/*.ts',
  'src/comment/{draft,memory,rule,snapshot,text}.ts',
  'src/report/**/*.ts',
  'src/text/**/*.ts',
];

/** From the top to the bottom of ARCHITECTURE.md's table: imports go down only. */
const layers = [
  ['src/index.ts'],
  ['src/main.ts'],
  [
    'src/publish.ts',
    'src/progress.ts',
    'src/commit-status.ts',
    'src/reviewed-commit.ts',
    'src/baseline-source.ts',
  ],
  ['src/comment'],
  ['src/report'],
  ['src/runs'],
  ['src/inputs'],
  ['src/alloovium', 'src/github'],
  ['src/gate', 'src/intent.ts'],
  ['src/text'],
  [
    'src/json.ts',
    'src/clock.ts',
    'src/step-error.ts',
    'src/time-limit.ts',
    'src/environment.ts',
    'src/safe-url.ts',
  ],
];
const upward = layers.flatMap((lower, at) =>
  lower.flatMap((target) =>
    layers
      .slice(0, at)
      .flat()
      .map((from) => ({ target: `./${target}`, from: `./${from}`, message: 'Imports go down only.' })),
  ),
);

/** Which files alone may import which package, and how. */
const packages = [
  ['@actions/core', ['src/github/host.ts'], 'Only github/host.ts speaks to the runner.'],
  ['@actions/github', [], 'Only github/github-api.ts, by dynamic import.'],
  [
    '@actions/http-client',
    ['src/alloovium/transport.ts', 'src/inputs/proxy.ts'],
    'Only alloovium/transport.ts opens connections; proxy.ts asks which proxy it would take.',
  ],
];
const forbidden = (file) =>
  packages
    .filter(([, files]) => !files.includes(file))
    .map(([name, , message]) => ({ group: [name, `${name}/**`], message }));
const restricted = (file) => ({ 'no-restricted-imports': ['error', { patterns: forbidden(file) }] });

export default tseslint.config(
  { ignores: ['dist/', '.cache/', 'coverage/', 'preview/**', 'node_modules/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.js'],
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
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Let the event loop end; set process.exitCode.' },
      ],
    },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
  },
  // The walls of ARCHITECTURE.md.
  { files: ['src/**/*.ts'], rules: restricted('') },
  ...packages.flatMap(([, files]) => files).map((file) => ({ files: [file], rules: restricted(file) })),
  {
    files: ['src/**/*.ts'],
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            {
              target: './src/alloovium',
              from: './src/github',
              message: 'alloovium/ knows nothing of GitHub.',
            },
            {
              target: './src/alloovium',
              from: './src/runs',
              message: 'alloovium/ knows nothing of orders.',
            },
            {
              target: './src/github',
              from: './src/alloovium',
              message: 'github/ knows nothing of Alloovium.',
            },
            ...upward,
            {
              target: './src',
              from: './playground',
              message: 'The page is made of the action, not the reverse.',
            },
          ],
        },
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
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'setAttribute'].map((property) => ({
          property,
          message: 'Text only: textContent, and elements of our own.',
        })),
      ],
    },
  },
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
  // Values: what is known of an order changes in `runs/record.ts` alone, and nobody is handed an object to fill.
  {
    files: ['src/runs/**/*.ts'],
    rules: {
      'no-param-reassign': ['error', { props: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Object'][callee.property.name='assign']",
          message: 'Return a new value, or emit an event.',
        },
      ],
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
