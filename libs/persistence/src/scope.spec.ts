import { expect, it } from '@jest/globals';
import { scopeSettings } from './scope.js';

const tenant = '0198c0de-0000-4000-8000-000000000001';

it('sets every name of the scope for one transaction, in one statement', () => {
  expect(scopeSettings({ tenant_id: tenant, role: 'x' })).toBe(
    `select set_config('parley.tenant_id', '${tenant}', true), set_config('parley.role', 'x', true)`,
  );
});

it('quotes a value that tries to leave its literal', () => {
  expect(scopeSettings({ email: `o'; drop table users; --\\` })).toBe(
    `select set_config('parley.email',  E'o''; drop table users; --\\\\', true)`,
  );
});

it.each([
  ['an id that is no uuid', { tenant_id: `${tenant}'` }],
  ['an empty value', { email: '' }],
  ['a name that is none', { "x', '1": 'y' }],
  ['an upper-case name', { Tenant: 'y' }],
  ['nothing', {}],
])('refuses %s', (_, scope) => {
  expect(() => scopeSettings(scope)).toThrow(TypeError);
});
