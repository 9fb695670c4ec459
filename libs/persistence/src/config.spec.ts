import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { databaseConfig } from './config.js';

const config = z.object(databaseConfig);
const url = 'postgres://app:secret@db:5432/parley_auth';

it('needs the two roles’ addresses and nothing else', () => {
  expect(config.parse({ DATABASE_URL: url, DATABASE_SYSTEM_URL: url })).toEqual({
    DATABASE_URL: url,
    DATABASE_SYSTEM_URL: url,
    DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
  });
});

it.each([
  ['an address that is not PostgreSQL’s', { DATABASE_URL: 'mysql://db/x' }],
  ['sslmode in the address, which would switch verification off unseen', { DATABASE_URL: `${url}?sslmode=require` }],
  ['a CA that is no certificate', { DATABASE_CA: '/etc/ca.pem' }],
  ['a pool without connections', { DATABASE_POOL_MAX: '0' }],
])('refuses %s', (_, change) => {
  expect(config.safeParse({ DATABASE_URL: url, DATABASE_SYSTEM_URL: url, ...change }).success).toBe(false);
});
