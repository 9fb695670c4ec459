import { expect, it } from '@jest/globals';
import { demandUncommon } from './common-passwords.js';

const invalid = (message: string) =>
  expect.objectContaining({ code: 'request.invalid', text: { fields: [{ path: 'password', message }] } });

it.each(['password123', 'qwertyuiop', 'LetMeIn1'])('%s is refused, and not repeated', (password) => {
  expect(() => demandUncommon(password, { field: 'password' })).toThrow(invalid('is on the list of common passwords'));
});

it('the account’s own address is refused', () => {
  expect(() => demandUncommon('Ada@acme.example', { field: 'password', email: 'ada@acme.example' })).toThrow(
    invalid('is the address of the account'),
  );
});

it.each(['correct horse battery', 'ÄöüßÄöüß', '        x'])('%j is taken, whatever it is made of', (password) => {
  expect(() => demandUncommon(password, { field: 'password', email: 'ada@acme.example' })).not.toThrow();
});
