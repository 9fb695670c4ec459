import { describe, expect, it } from '@jest/globals';
import type { OpenApi, Operation } from './document.ts';
import { permissionFaults, type Documents } from './permissions.ts';

const credential = { security: [{ bearer: [] }, { api_key: [] }] };
const open: Operation = { 'x-permission': 'public' };
const optional = { security: [{ basic: [] }, {}] };
const own: Operation = { 'x-permission': 'authenticated', ...credential };
const usage: Operation = { 'x-permission': 'usage:read', ...credential };
const keys: Operation = { 'x-permission': 'api_keys:read', ...credential };

const listing = (...permissions: string[]): NonNullable<OpenApi['components']> => ({
  schemas: {
    PermissionList: { properties: { data: { items: { properties: { permission: { enum: permissions } } } } } },
  },
});
const platform = (analytics: Operation = usage): Documents => ({
  auth: {
    paths: { '/v1/auth/login': { post: open }, '/v1/auth/me': { get: own }, '/v1/api-keys': { get: keys } },
    components: listing('usage:read', 'api_keys:read'),
  },
  analytics: { paths: { '/v1/analytics/usage': { get: open, post: analytics } } },
});
const found = (documents: Documents): string[] =>
  [...permissionFaults(documents)].flatMap(([where, faults]) => faults.map((fault) => `${where}: ${fault}`));

it('finds nothing wrong where every route says who may call it', () => {
  const documents = platform();
  expect(found(documents)).toEqual([]);
  expect([...permissionFaults(documents).keys()]).toEqual(['auth', 'analytics', 'GET /v1/permissions']);
});

it('finds nothing wrong where a public route takes a credential that may be left out', () => {
  expect(found(platform({ ...open, ...optional }))).not.toContainEqual(expect.stringContaining('POST'));
});

describe('finds', () => {
  it.each<[string, Operation, string]>([
    ['a route without a declared permission', credential, 'does not say who may call it'],
    [
      'a permission that there is not',
      { ...usage, 'x-permission': 'usage:raed' },
      'demands usage:raed, which is no permission',
    ],
    [
      'a closed route that documents no credential',
      { 'x-permission': 'authenticated' },
      'demands authenticated, but documents no credential',
    ],
    [
      'a closed route whose credential may be left out',
      { 'x-permission': 'authenticated', ...optional },
      'demands authenticated, but documents no credential',
    ],
    ['a public route that documents a credential', { ...open, ...credential }, 'is public, but documents a credential'],
  ])('%s', (_, operation, fault) => {
    expect(found(platform(operation))).toContain(`analytics: POST /v1/analytics/usage ${fault}`);
  });

  it('a service without a document, and a document without a route', () => {
    expect(found({ ...platform(), sessions: undefined, experts: { paths: {} } })).toEqual([
      'sessions: documents no route',
      'experts: documents no route',
    ]);
  });

  it('a permission that no route demands, and a list that is not there', () => {
    expect(found(platform(own))).toEqual(['GET /v1/permissions: lists usage:read, which no route demands']);
    expect(found({ auth: { paths: { '/v1/auth/me': { get: own } } } })).toEqual([
      'GET /v1/permissions: lists no permission',
    ]);
  });
});
