// Options of the lint rules that forbid something in general and allow it in a few named places.

const clientOnly = 'Services are called through @parley/service-client, providers through @parley/llm.';
const httpClients = [
  { name: 'undici', message: clientOnly, allowTypeImports: true },
  ...['http', 'https', 'node:http', 'node:https'].map((name) => ({
    name,
    importNames: ['default', 'request', 'get', 'Agent', 'globalAgent', 'ClientRequest'],
    message: `${clientOnly} Servers import createServer by name.`,
    allowTypeImports: true,
  })),
  ...['node:http2', 'http2'].map((name) => ({ name, message: clientOnly })),
];

const systemDatabaseImport = {
  name: '@parley/persistence',
  importNames: ['SystemDatabase'],
  message: 'It bypasses row-level security; eslint.config.mjs lists the few files that may.',
  allowTypeImports: false,
};

const processEnvironment = {
  name: 'node:process',
  importNames: ['env'],
  message: 'Only config.ts reads the environment.',
};

/** Options of @typescript-eslint/no-restricted-imports; each flag lifts one ban. */
export const restrictedImports = ({ http = false, systemDatabase = false }) => ({
  paths: [processEnvironment, ...(http ? [] : httpClients), ...(systemDatabase ? [] : [systemDatabaseImport])],
});

/** Options of no-restricted-syntax; each flag lifts one ban. */
export const restrictedSyntax = ({ environment = false, http = false }) => [
  {
    selector: 'MethodDefinition[kind="constructor"][value.params.length>5]',
    message: 'A constructor takes at most five parameters: split the class.',
  },
  ...(environment
    ? []
    : [
        {
          selector: 'MemberExpression[object.name="process"][property.name="env"]',
          message: 'Only config.ts reads the environment.',
        },
      ]),
  ...(http ? [] : [{ selector: 'CallExpression[callee.name="fetch"]', message: clientOnly }]),
];
