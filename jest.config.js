/** @type {import('jest').Config} */
const config = {
  testEnvironment: 'node',
  // src is a root too, or a file that no test imports would be missing from the coverage rather than count as untested.
  roots: ['<rootDir>/src', '<rootDir>/tests'],
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/tests/integration/', '/tests/e2e/'],
  // Some tests start the project's own tools: a second alone, more on a busy machine.
  testTimeout: 30_000,
  transform: {
    '^.+\\.ts$': ['<rootDir>/scripts/jest-transform.js', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
  },
  collectCoverageFrom: ['src/core/**/*.ts', 'src/sources/**/*.ts'],
  coverageReporters: ['text-summary', 'lcovonly'],
  coverageThreshold: {
    // What decides must have no untested branch. The folders are named one by one: a global figure could hide one in the other.
    './src/core/': { branches: 100, functions: 100, lines: 100, statements: 100 },
    './src/sources/': { branches: 100, functions: 100, lines: 100, statements: 100 },
  },
};

export default config;
