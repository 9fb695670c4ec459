import comments from '@eslint-community/eslint-plugin-eslint-comments';
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { boundaries } from './tools/checks/boundaries.mjs';
import { restrictions, withoutLibraries } from './tools/checks/restrictions.mjs';

// The boundary rule reads Nx's cached graph, and skips itself without a word where there is none.
process.env.NX_DAEMON ??= 'false';
await createProjectGraphAsync({ exitOnError: false });

const tests = ['**/*.spec.ts', '**/test/**/*.ts', 'libs/testing/**/*.ts'];

/** Where the environment is read: one file per app or library, and what OpenTelemetry reads before there is a config. */
const configs = ['**/config.ts', '**/*.config.ts', 'libs/service-kit/src/tracing.ts'];

/** Who opens HTTP connections. */
const httpCallers = ['libs/service-client/src/**', 'libs/llm/src/**', 'apps/mcp-hub/src/**'];

/** Who bypasses row-level security. */
const systemDatabaseUsers = [
  'libs/messaging/src/relay/{relay,relay.provider,outbox-metrics}.ts',
  'libs/messaging/src/inbox/inbox-retention.ts',
  'apps/auth/src/retention/credential-retention.ts',
  'apps/gateway/src/usage/{usage-writer,usage-retention}.ts',
  'apps/analytics/src/retention/ledger-retention.ts',
  'apps/mcp-hub/src/invocations/invocation-writer.ts',
  'apps/sessions/src/messages/append-keys-retention.ts',
  'apps/sessions/src/messages/append-writer.ts',
  'apps/sessions/src/retention/retention-sweep.ts',
  'apps/sessions/src/turns/expired-turns.ts',
  'apps/sessions/src/sessions/session-sweeper.ts',
  'apps/sessions/src/search/earlier-messages.ts',
  'apps/experts/src/queries/sweeper.ts',
  'apps/experts/src/sessions/late-queries.ts',
];

export default tseslint.config(
  { ignores: ['**/dist/', '**/coverage/', '**/.parley/', '**/.nx/', 'tools/checks/fixtures/'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@eslint-community/eslint-comments': comments, '@typescript-eslint': tseslint.plugin, '@nx': nx },
    rules: {
      'max-lines': ['error', { max: 300 }],
      complexity: ['error', 10],
      eqeqeq: 'error',
      '@eslint-community/eslint-comments/require-description': ['error', { ignore: ['eslint-enable'] }],
      '@eslint-community/eslint-comments/no-unlimited-disable': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    // Three programs for all files: one per project, which projectService would make, takes three times as long.
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'tools/tsconfig.json', 'tools/generate/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // An abstract class that a plain object satisfies is how Nest injects options.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      ...restrictions({}),
      '@nx/enforce-module-boundaries': ['error', boundaries({ test: false })],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MethodDefinition[kind="constructor"][value.params.length>5]',
          message: 'A constructor takes at most five parameters: split the class.',
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // The rule itself passes over files with decorators: Nest needs their parameter types as values.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowConstructorOnly: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  { files: configs, rules: restrictions({ environment: true }) },
  { files: httpCallers, rules: restrictions({ http: true }) },
  { files: systemDatabaseUsers, rules: restrictions({ systemDatabase: true }) },
  {
    files: tests,
    rules: {
      ...restrictions({ http: true, systemDatabase: true, environment: true }),
      '@nx/enforce-module-boundaries': ['error', boundaries({ test: true })],
    },
  },
  {
    files: ['tools/**/*.ts'],
    // These run after the build.
    ignores: ['tools/generate/**'],
    rules: { ...restrictions({ http: true, environment: true }), ...withoutLibraries },
  },
  { files: ['**/*.mjs', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
  prettier,
);
