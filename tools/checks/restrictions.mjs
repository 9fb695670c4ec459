// Lint rules that forbid something in general and allow it in a few named places; each flag lifts one ban.

const clientOnly = 'Services are called through @parley/service-client, providers through @parley/llm.';

const httpClients = [
  { name: 'undici', message: clientOnly, allowTypeImports: true },
  ...['http', 'https', 'node:http', 'node:https'].map((name) => ({
    name,
    importNames: ['default', 'request', 'get', 'Agent', 'globalAgent', 'ClientRequest'],
    message: `${clientOnly} A server imports createServer by name.`,
    allowTypeImports: true,
  })),
  { name: 'node:http2', message: clientOnly },
];

const systemDatabaseImport = {
  name: '@parley/persistence',
  importNames: ['SystemDatabase'],
  message: 'It bypasses row-level security; eslint.config.mjs lists the few files that may.',
};

const configOnly = 'Only config.ts reads the environment.';

/** A file of a service or library has no flag. */
export const restrictions = ({ http = false, systemDatabase = false, environment = false }) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: [
        ...(environment ? [] : [{ name: 'node:process', importNames: ['default', 'env'], message: configOnly }]),
        ...(http ? [] : httpClients),
        ...(systemDatabase ? [] : [systemDatabaseImport]),
      ],
    },
  ],
  'no-restricted-globals': http ? 'off' : ['error', { name: 'fetch', message: clientOnly }],
  'no-restricted-properties': banned([
    ...(environment ? [] : [{ object: 'process', property: 'env', message: configOnly }]),
    ...(http ? [] : [{ object: 'globalThis', property: 'fetch', message: clientOnly }]),
  ]),
});

/** An empty list has to switch the rule off: a severity alone would keep the options of an earlier block. */
const banned = (list) => (list.length === 0 ? 'off' : ['error', ...list]);

/** Tools run before the libraries are built, and e2e tests stand outside of them. */
export const withoutLibraries = {
  '@typescript-eslint/no-restricted-imports': [
    'error',
    { patterns: [{ group: ['@parley/*'], message: 'tools/ runs before the libraries are built.' }] },
  ],
};
