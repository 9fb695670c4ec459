import { readFileSync } from 'node:fs';
import { covered, notCovered } from './tools/test/covered.mjs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
delete swc.$schema;

/** What every kind of test shares: ESM TypeScript by SWC, our libraries from their sources. */
const shared = {
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/tools', '<rootDir>/test/bench'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@parley/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/tools/test/jest-resolver.cjs',
  transform: { '\\.ts$': ['@swc/jest', { ...swc, swcrc: false, sourceMaps: 'inline' }] },
  setupFiles: ['<rootDir>/tools/test/record-children.ts'],
  modulePathIgnorePatterns: ['/dist/', '/tools/checks/fixtures/'],
};

/** @type {import('jest').Config} */
export default {
  testTimeout: 20_000,
  // A worker whose tests are over leaves by itself, but needs a second per gigabyte of heap to be gone, and has that much of
  // modules by then. Jest's default of 500 ms ends it before, and says that a test had left something open.
  workerGracefulExitTimeout: 5_000,
  // Counters instead of V8's record: less than half the time, a fraction of the memory, and executable lines only.
  coverageProvider: 'babel',
  coverageDirectory: 'coverage/jest',
  coverageReporters: ['json'],
  collectCoverageFrom: [...covered, ...notCovered.map((pattern) => `!${pattern}`)],
  projects: [
    { ...shared, displayName: 'small', testMatch: ['**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'medium',
      testMatch: ['**/test/**/*.test.ts'],
      // Jest calls these only when a medium test is about to run.
      globalSetup: '<rootDir>/tools/test/servers-up.ts',
      globalTeardown: '<rootDir>/tools/test/servers-down.ts',
    },
    {
      ...shared,
      displayName: 'e2e',
      roots: ['<rootDir>/test/e2e'],
      testMatch: ['**/*.test.ts'],
      globalSetup: '<rootDir>/tools/test/platform-up.ts',
      globalTeardown: '<rootDir>/tools/test/platform-down.ts',
    },
    // These bring up platforms of their own, since they take them apart.
    { ...shared, displayName: 'chaos', roots: ['<rootDir>/test/chaos'], testMatch: ['**/*.test.ts'] },
  ],
};
