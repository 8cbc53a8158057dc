import eslint from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const forbid = (patterns, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }],
});

/** The pure rooms: values in, values out. Whoever needs a clock, chance or the environment is handed it. */
const pure = [
  'src/intent.ts',
  'src/json.ts',
  'src/verdict.ts',
  'src/alloovium/retry.ts',
  'src/alloovium/poll-policy.ts',
  'src/alloovium/wire.ts',
  'src/alloovium/errors.ts',
  'src/report/**/*.ts',
];

const packages = {
  core: { name: '@actions/core', message: 'Only github/host.ts and index.ts speak to the runner.' },
  github: { name: '@actions/github', message: 'Only github/sticky-comment.ts, by dynamic import.' },
  http: { name: '@actions/http-client', message: 'Only alloovium/transport.ts opens connections.' },
};
const only = (...paths) => ({ 'no-restricted-imports': ['error', { paths }] });

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'preview/**', 'node_modules/'] },
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
  { files: ['src/**/*.ts'], rules: only(packages.core, packages.github, packages.http) },
  { files: ['src/index.ts', 'src/github/host.ts'], rules: only(packages.github, packages.http) },
  { files: ['src/alloovium/transport.ts'], rules: only(packages.core, packages.github) },
  {
    files: ['src/alloovium/**/*.ts'],
    ignores: ['src/alloovium/transport.ts'],
    rules: forbid(['**/github/**', '@actions/*'], 'alloovium/ knows nothing of GitHub.'),
  },
  {
    files: ['src/github/**/*.ts'],
    ignores: ['src/github/host.ts'],
    rules: forbid(
      ['**/alloovium/**', '@actions/*'],
      'github/ knows nothing of Alloovium; @actions/github by dynamic import.',
    ),
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
  {
    files: ['__tests__/**/*.ts', 'simulator/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
