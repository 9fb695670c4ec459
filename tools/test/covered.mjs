/** What the coverage is measured of: all that ships, and the tools but for the one that measures. */
export const covered = ['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts', 'tools/**/*.ts'];
export const notCovered = ['**/*.spec.ts', '**/test/**', '**/dist/**', 'tools/checks/fixtures/**'];
