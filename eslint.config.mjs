import comments from '@eslint-community/eslint-plugin-eslint-comments';
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { boundaries } from './tools/checks/boundaries.mjs';
import { restrictedImports, restrictedSyntax } from './tools/checks/restrictions.mjs';

// The boundary rule reads Nx's cached graph, and skips itself without a word where there is none.
process.env.NX_DAEMON ??= 'false';
await createProjectGraphAsync({ exitOnError: false });

const tests = ['**/*.spec.ts', '**/test/**/*.ts', 'libs/testing/**/*.ts'];

/** Where the environment may be read: one place per app or library, and what runs outside a service. */
const environmentReaders = ['**/config.ts', '**/*.config.ts', 'libs/service-kit/src/tracing.ts', 'tools/**', 'test/**'];

/** Who may open an HTTP connection: ARCHITECTURE, docs/adr/0002. */
const httpCallers = ['libs/service-client/src/**', 'libs/llm/src/**', 'apps/mcp-hub/src/**', 'tools/**'];

/** Who may bypass row-level security. */
const systemDatabaseUsers = [
  'libs/messaging/src/relay/*.ts',
  'libs/messaging/src/inbox/*.ts',
  'apps/gateway/src/usage/usage.writer.ts',
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
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries({ test: false })],
      '@typescript-eslint/no-restricted-imports': ['error', restrictedImports({})],
      'no-restricted-syntax': ['error', ...restrictedSyntax({})],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Files with decorators are exempt by the rule itself: Nest needs their parameter types as values.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowStaticOnly: false }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: environmentReaders,
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax({ environment: true })] },
  },
  {
    files: httpCallers,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', restrictedImports({ http: true })] },
  },
  {
    files: systemDatabaseUsers,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', restrictedImports({ systemDatabase: true })] },
  },
  {
    files: tests,
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries({ test: true })],
      '@typescript-eslint/no-restricted-imports': 'off',
      'no-restricted-syntax': ['error', ...restrictedSyntax({ environment: true, http: true })],
    },
  },
  { files: ['**/*.mjs', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
  prettier,
);
