/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Played: auth and the gateway. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, revertMigrations, unprotectedTables } from '@parley/persistence';
import { expectReversible } from '@parley/testing';
import { Client } from 'pg';
import { migrations } from '../src/migrations/index.js';
import { newSurroundings, startExperts, type RunningExperts, type Surroundings } from './experts-under-test.js';

let around: Surroundings;
let experts: RunningExperts;
let sql: Client;

beforeAll(async () => {
  around = await newSurroundings();
  experts = await startExperts(around);
  sql = new Client({ connectionString: around.database.appUrl });
  await sql.connect();
}, 60_000);
afterAll(async () => {
  await sql.end();
  await experts.stop();
  await around.close();
}, 30_000);

describe('row-level security alone', () => {
  it('locks every table that has a tenant', async () => {
    const query = async (text: string) => (await sql.query<{ problem: string }>(text)).rows;
    expect(await unprotectedTables({ query })).toEqual([]);
  });

  it.each(['expert_queries', 'expert_answers'])(
    'shows a tenant their own rows of %s and nobody else’s when the predicate is left out',
    async (table) => {
      const [own, other] = [randomUUID(), randomUUID()];
      for (const tenant of [own, other]) await experts.ask({ question: 'q' }, { tenant });
      await sql.query(`select set_config('parley.tenant_id', $1, false)`, [own]);
      const { rows } = await sql.query<{ tenant_id: string }>(`select tenant_id from ${table}`);
      expect(rows.length).toBeGreaterThan(0);
      expect(new Set(rows.map((row) => row.tenant_id))).toEqual(new Set([own]));
    },
  );
});

it('the migrations leave nothing behind when they are reverted, and run again', async () => {
  await expectReversible({
    migrate: (url) => migrate({ url, migrations }),
    revert: (url) => revertMigrations({ url, migrations }),
  });
});
