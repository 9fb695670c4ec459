import { expect, it } from '@jest/globals';
import { lastWords } from './last-words.ts';

it('quotes the faults of a configuration with their head', () => {
  const output = 'The configuration is not valid:\n  AUTH_ENCRYPTION_KEY: is required\n  PORT: must be a number\n';

  expect(lastWords(output)).toBe(
    'The configuration is not valid: AUTH_ENCRYPTION_KEY: is required; PORT: must be a number',
  );
});

it('quotes the message of an error, and not its stack', () => {
  const output = `node:internal/modules/esm/resolve:262
    throw new ERR_MODULE_NOT_FOUND(
Error [ERR_MODULE_NOT_FOUND]: Cannot find module dist/main.js
    at finalizeResolution (node:internal/modules/esm/resolve:262:11)
    at moduleResolve (node:internal/modules/esm/resolve:859:10) {
  code: 'ERR_MODULE_NOT_FOUND'
}

Node.js v24.21.0
`;

  expect(lastWords(output)).toBe('Error [ERR_MODULE_NOT_FOUND]: Cannot find module dist/main.js');
});

it('quotes the text of a log line and the reason in it', () => {
  const line = JSON.stringify({
    level: 'fatal',
    msg: 'the service did not start',
    err: { message: 'connection refused' },
  });

  expect(lastWords(`{"level":"info","msg":"hello"}\n${line}\n`)).toBe('the service did not start: connection refused');
});

it('has nothing to quote where nothing was written', () => {
  expect(lastWords('')).toBe('');
});
