/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  // Of the recordings a tenth is played. test:recordings, test:examples, test:faults, test:conformance, soak, test:markdown and
  // test:browser name their own.
  testPathIgnorePatterns: [
    '/node_modules/',
    '/__tests__/conformance/',
    '/__tests__/recordings/recordings',
    '/__tests__/e2e/',
    '/__tests__/faults/',
    '/__tests__/markdown/',
    '/__tests__/browser/',
  ],
  testSequencer: '<rootDir>/__tests__/longest-first.js',
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
  // On two cores jest would take one; the tests of the bundle mostly sleep.
  maxWorkers: 3,
  // The machine may be busy: a test that waits for a process must not fail for that.
  testTimeout: 30_000,
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  coverageThreshold: { global: { lines: 95 } },
};
