/** Suites that need a process a test, Chromium or a tool of Debian have a command of their own: `npm run test:processes` and so on. */
const OWN_COMMAND = ['browser', 'conformance', 'e2e', 'markdown', 'processes'];

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...OWN_COMMAND.map((folder) => `/__tests__/${folder}/`)],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // On two cores jest would take one; the stories mostly wait for their processes.
  maxWorkers: 3,
  // The machine may be busy: a test that waits for a process must not fail for that.
  testTimeout: 30_000,
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
};
