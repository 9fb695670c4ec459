/**
 * Real: PostgreSQL with the migrations, and the repositories' own statements. Fake: 20,000 each of users, service accounts,
 * keys and invitations, half of them of one tenant, and 80,000 logins.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@parley/testing';
import type { Transaction } from '@parley/persistence';
import { Client } from 'pg';
import { AccountsRepository } from '../src/accounts/accounts.repository.js';
import { ApiKeysRepository } from '../src/api-keys/api-keys.repository.js';
import { AuthorityRepository } from '../src/authority/authority.repository.js';
import { InvitationsRepository } from '../src/invitations/invitations.repository.js';
import {
  endedInvitations,
  endedLogins,
  endedResets,
  expiredRefreshTokens,
} from '../src/retention/credential-retention.js';
import { LoginsRepository } from '../src/logins/logins.repository.js';
import { PasswordChangesRepository } from '../src/password-changes/password-changes.repository.js';
import { PasswordsRepository } from '../src/passwords/passwords.repository.js';
import { holderKinds, RoleHoldersRepository } from '../src/roles/role-holders.repository.js';
import { RolesRepository } from '../src/roles/roles.repository.js';
import { ServiceAccountsRepository } from '../src/service-accounts/service-accounts.repository.js';
import { UsersRepository } from '../src/users/users.repository.js';
import { ExplainedDatabase } from './plans/explained-database.js';
import { large, nth, peopleAtSize } from './plans/people-at-size.js';

let database: TestDatabase;
let app: Client;
let system: Client;

beforeAll(async () => {
  database = await peopleAtSize();
  app = new Client({ connectionString: database.appUrl });
  system = new Client({ connectionString: database.systemUrl });
  await Promise.all([app.connect(), system.connect()]);
}, 120_000);

afterAll(async () => {
  await Promise.all([app.end(), system.end()]);
  await database.drop();
});

type Run = (explained: ExplainedDatabase) => Promise<unknown>;

/** The plans of all statements that a repository's method runs, as the app role. */
async function planOf(run: Run, client = app): Promise<string> {
  const explained = new ExplainedDatabase(client);
  await run(explained);
  return explained.plans.join('\n');
}

const inLarge =
  (run: (tx: Transaction, explained: ExplainedDatabase) => Promise<unknown>): Run =>
  (explained) =>
    explained.inTenant(large, (tx) => run(tx, explained));

const [user, now] = [nth(400), new Date()];
const cursor = [new Date().toISOString(), nth(0)] as const;

describe('before a tenant is known, one row is found by its index', () => {
  it.each<[string, Run, string[]]>([
    [
      'a key, by the hash of its secret or of the one before',
      ({ database }) => new ApiKeysRepository(database).findByHash('hash-4'),
      ['api_keys_key_hash_key', 'api_keys_previous_key_hash_key'],
    ],
    [
      'an invitation, by the hash of its token',
      ({ database }) => new InvitationsRepository(database).findByHash('hash-4'),
      ['invitations_token_hash_key'],
    ],
    [
      'a login, by the hash of its refresh token',
      ({ database }) => new LoginsRepository(database).findOwner('hash-4'),
      ['refresh_tokens_pkey'],
    ],
    [
      'a service account, by its id',
      ({ database }) => new ServiceAccountsRepository(database).findClient(nth(4)),
      ['service_accounts_pkey'],
    ],
    [
      'a password reset, by the hash of its token',
      ({ database }) => new PasswordChangesRepository(database).findReset('hash-4'),
      ['password_resets_pkey'],
    ],
    [
      'a password, by address',
      ({ database }) => new PasswordsRepository(database).find('4@acme.example'),
      ['users_email_key'],
    ],
    [
      'where a user logs in',
      ({ database }) => {
        const accounts = new AccountsRepository(database);
        return accounts.inUser(user, (tx) => accounts.findMembership(tx, user));
      },
      ['memberships_by_user', 'users_pkey'],
    ],
  ])('%s', async (_, run, indexes) => {
    const plan = await planOf(run);

    for (const index of indexes) expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan');
  });
});

describe('of a tenant with 10,000 of each, a page is read by its index, and no row besides', () => {
  it.each<[string, Run, string]>([
    [
      'keys',
      inLarge((tx, { database }) => new ApiKeysRepository(database).list(tx, large, 51, cursor)),
      'api_keys_by_age',
    ],
    [
      'members',
      inLarge((tx, { database }) => new UsersRepository(database).list(tx, large, 51, cursor)),
      'memberships_by_age',
    ],
    [
      'invitations',
      inLarge((tx, { database }) => new InvitationsRepository(database).list(tx, large, 51, cursor)),
      'invitations_by_age',
    ],
    [
      'service accounts',
      inLarge((tx, { database }) => new ServiceAccountsRepository(database).list(tx, large, 51, cursor)),
      'service_accounts_by_age',
    ],
    [
      'logins of a user',
      inLarge((tx, { database }) =>
        new LoginsRepository(database).list(tx, { tenantId: large, userId: user, now, after: cursor, limit: 51 }),
      ),
      'logins_by_age',
    ],
  ])('%s', async (_, run, index) => {
    const plan = await planOf(run);

    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan|Sort|Rows Removed by Filter: \d{3}/);
  });
});

describe('of a tenant with 10,000 of each, without a look at the others', () => {
  it.each<[string, Run, string[]]>([
    ...holderKinds.map<[string, Run, string[]]>((kind, at) => [
      `${kind} with a role`,
      inLarge((tx) => new RoleHoldersRepository().page(tx, kind, { tenantId: large, name: 'few' }, 500, nth(0))),
      [['memberships_by_role', 'service_accounts_by_role', 'api_keys_by_role'][at] ?? ''],
    ]),
    [
      'that nobody has a role',
      inLarge((tx) => new RoleHoldersRepository().usedBy(tx, large, 'nobodys', now)),
      ['memberships_by_role', 'service_accounts_by_role', 'api_keys_by_role', 'invitations_by_role'],
    ],
    ['a role', inLarge((tx, { database }) => new RolesRepository(database).lock(tx, large, 'role-7')), ['roles_pkey']],
    [
      'what a member may do',
      inLarge((tx) => new AuthorityRepository().find(tx, { tenantId: large, type: 'user', id: user })),
      ['memberships_by_user', 'roles_pkey'],
    ],
    [
      'a member by address',
      inLarge((tx, { database }) => new InvitationsRepository(database).isMember(tx, large, '400@acme.example')),
      ['users_email_key'],
    ],
    [
      'another owner',
      inLarge((tx, { database }) => new UsersRepository(database).hasOwnerBesides(tx, large, user)),
      ['memberships_by_role'],
    ],
    [
      'the keys of somebody who is removed',
      inLarge((tx, { database }) => new ApiKeysRepository(database).revokeOwned(tx, large, user, now)),
      ['api_keys_by_owner', 'api_keys_by_service_account'],
    ],
    [
      'the logins of a user that are going on',
      inLarge((tx, { database }) =>
        new LoginsRepository(database).endAll(tx, { tenantId: large, userId: user }, 'revoked', now),
      ),
      ['logins_by_age'],
    ],
  ])('%s', async (_, run, indexes) => {
    const plan = await planOf(run);

    for (const index of indexes) expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan|hashed|Rows Removed by Filter: \d{3}/);
  });
});

it.each([
  ['logins', endedLogins, [30], 'logins_by_end'],
  ['refresh tokens', expiredRefreshTokens, [], 'refresh_tokens_by_expiry'],
  ['password resets', endedResets, [30], 'password_resets_by_expiry'],
  ['invitations', endedInvitations, [30], 'invitations_by_end'],
])('retention finds %s that are over by their index', async (_, sql, params, index) => {
  const plan = await planOf((explained) => explained.inScope({}, (tx) => tx.query(sql, params)), system);

  expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});
