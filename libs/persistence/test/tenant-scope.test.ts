// Real: PostgreSQL with the three roles of a deployment. Nothing is faked.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@parley/testing';
import type { DatabaseRoles } from '../src/database-roles.js';
import { Note, notesDatabase, ours, theirs } from './notes.js';
import { openRoles } from './open-roles.js';
import type { Transaction } from '../src/transaction.js';

let testDb: TestDatabase;
let roles: DatabaseRoles;

beforeAll(async () => {
  testDb = await notesDatabase();
  // One connection, so that every transaction here reuses the one before.
  roles = await openRoles(testDb, { DATABASE_POOL_MAX: '1' }, { entities: [Note] });
});
afterAll(async () => {
  await roles.close();
  await testDb.drop();
});
beforeEach(async () => {
  await roles.system.query('delete from notes');
  await roles.system.query(
    `insert into notes (tenant_id, text, secret_hash) values ($1, 'ours', 'h1'), ($2, 'theirs', 'h2')`,
    [ours, theirs],
  );
});

const texts = (rows: Pick<Note, 'text'>[]) => rows.map(({ text }) => text).sort();
const allTexts = async () => texts(await roles.system.query<Note>('select text from notes'));

describe('what a tenant can reach', () => {
  it('reads its own rows alone, whatever the statement asks for', async () => {
    const rows = await roles.database.inTenant(ours, (tx) => tx.query<Note>('select text from notes'));
    expect(texts(rows)).toEqual(['ours']);
  });

  it('cannot write a row for another tenant', async () => {
    const write = roles.database.inTenant(ours, (tx) =>
      tx.query(`insert into notes (tenant_id, text) values ($1, 'forged')`, [theirs]),
    );
    await expect(write).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot change, move or delete the rows of another tenant', async () => {
    await roles.database.inTenant(ours, (tx) => tx.query(`update notes set text = 'changed' where text = 'theirs'`));
    await roles.database.inTenant(ours, (tx) => tx.query(`delete from notes where text = 'theirs'`));
    const move = roles.database.inTenant(ours, (tx) => tx.query('update notes set tenant_id = $1', [theirs]));

    await expect(move).rejects.toMatchObject({ code: '42501' });
    expect(await allTexts()).toEqual(['ours', 'theirs']);
  });

  it('leaves nothing to the next user of the same pooled connection', async () => {
    const scope = `select current_setting('parley.tenant_id', true) as tenant, pg_backend_pid() as pid`;
    type Scope = { tenant: string; pid: number };
    const [first] = await roles.database.inTenant(ours, (tx) => tx.query<Scope>(scope));
    const failed = roles.database.inTenant(ours, (tx) => tx.query('select 1 / 0'));
    await expect(failed).rejects.toMatchObject({ code: '22012' });
    const [next, rows] = await roles.database.inScope({ email: 'someone' }, (tx) =>
      Promise.all([tx.query<Scope>(scope), tx.query<Note>('select text from notes')]),
    );

    expect(first?.tenant).toBe(ours);
    expect(next).toEqual([{ tenant: '', pid: first?.pid }]);
    expect(rows).toEqual([]);
  });

  it('is the same for a statement that is all of its transaction, and where it fails nothing is left of it', async () => {
    const find = 'select text from notes where text = any($1)';
    const add = `insert into notes (tenant_id, text) values ($1, 'more')`;
    const all = [['ours', 'theirs', 'more']];

    expect(await roles.database.queryInScope({ tenant_id: ours }, find, all)).toEqual([{ text: 'ours' }]);
    await expect(roles.database.queryInScope({ tenant_id: ours }, add, [theirs])).rejects.toMatchObject({
      code: '42501',
    });
    await expect(roles.database.queryInScope({ tenant_id: ours }, 'select 1 / 0')).rejects.toMatchObject({
      code: '22012',
    });
    expect(await roles.database.queryInScope({ email: 'someone' }, find, all)).toEqual([]);
  });

  it('keeps concurrent transactions of different tenants apart', async () => {
    const read = (tenant: string) => roles.database.inTenant(tenant, (tx) => tx.query<Note>('select text from notes'));
    const rows = await Promise.all([ours, theirs, ours, theirs, ours, theirs].map(read));
    expect(rows.map(texts)).toEqual([['ours'], ['theirs'], ['ours'], ['theirs'], ['ours'], ['theirs']]);
  });
});

describe('a look-up by credential', () => {
  it('finds the one row before its tenant is known', async () => {
    const rows = await roles.database.inScope({ credential_hash: 'h2' }, (tx) =>
      tx.query<Note>('select text from notes'),
    );
    expect(texts(rows)).toEqual(['theirs']);
  });

  it('gives no right to change it', async () => {
    const changed = await roles.database.inScope({ credential_hash: 'h2' }, (tx) =>
      tx.query(`update notes set text = 'changed' returning 1`),
    );
    expect(changed).toEqual([]);
  });
});

describe('a transaction', () => {
  it('rolls everything back when the function fails', async () => {
    const failing = roles.database.inTenant(ours, async (tx) => {
      await tx.query(`insert into notes (tenant_id, text) values ($1, 'more')`, [ours]);
      throw new Error('after the insert');
    });
    await expect(failing).rejects.toThrow('after the insert');
    expect(await allTexts()).toEqual(['ours', 'theirs']);
  });

  it('is an error when a failed statement was swallowed, since nothing was committed', async () => {
    const swallowing = roles.database.inTenant(ours, async (tx) => {
      await tx.query(`insert into notes (tenant_id, text) values ($1, 'more')`, [ours]);
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('Rolled back');
  });

  it('refuses statements after its end, which would run in someone else’s', async () => {
    const leaked = await roles.database.inTenant(ours, async (tx) => ({ tx, manager: tx.manager }));
    await expect(leaked.tx.query('select 1')).rejects.toThrow('has ended');
    await expect(leaked.manager.query('select 1')).rejects.toThrow();
  });

  it('runs hooks after the commit, and none after a rollback', async () => {
    const ran: string[] = [];
    await roles.database.inTenant(ours, async (tx) => {
      tx.afterCommit(() => ran.push('first'));
      tx.afterCommit(() => {
        throw new Error('a hook that fails');
      });
      tx.afterCommit(() => ran.push('second'));
    });
    const failing = roles.database.inTenant(ours, async (tx) => {
      tx.afterCommit(() => ran.push('never'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(ran).toEqual(['first', 'second']);
  });

  it('takes TypeORM’s save and nested transactions in, and commits once, at its own end', async () => {
    const failing = roles.database.inTenant(ours, async (tx) => {
      await tx.manager.save(Note, { tenant_id: ours, text: 'saved' });
      await tx.manager
        .transaction(async (nested) => {
          await nested.save(Note, { tenant_id: ours, text: 'nested' });
          throw new Error('nested fails');
        })
        .catch(() => undefined);
      const seen = await tx.manager.find(Note);
      expect(texts(seen)).toEqual(['ours', 'saved']);
      throw new Error('and then all of it');
    });
    await expect(failing).rejects.toThrow('and then all of it');
    expect(await allTexts()).toEqual(['ours', 'theirs']);
  });

  it('prepares a named statement once per connection', async () => {
    const named = { name: 'notes_by_text', text: 'select text from notes where text = $1' };
    const inOne = (text: string) => roles.database.inTenant(ours, (tx) => tx.query<Note>(named, [text]));
    expect(texts(await inOne('ours'))).toEqual(['ours']);
    expect(texts(await inOne('theirs'))).toEqual([]);
    const prepared = await roles.database.inTenant(ours, (tx) =>
      tx.query<{ name: string }>('select name from pg_prepared_statements'),
    );
    expect(prepared).toEqual([{ name: 'notes_by_text' }]);
  });
});

describe('a snapshot', () => {
  it('sees one moment, whatever commits between its statements', async () => {
    const count = (tx: Transaction) => tx.query<{ notes: number }>('select count(*)::int as notes from notes');
    // The pool has one connection, so the other role writes.
    const seen = await roles.database.inSnapshot(ours, async (tx) => {
      const before = await count(tx);
      await roles.system.query(`insert into notes (tenant_id, text) values ($1, 'meanwhile')`, [ours]);
      return [...before, ...(await count(tx))];
    });
    expect(seen).toEqual([{ notes: 1 }, { notes: 1 }]);
  });

  it('writes nothing', async () => {
    const writing = roles.database.inSnapshot(ours, (tx) => tx.query('delete from notes'));
    await expect(writing).rejects.toMatchObject({ code: '25006' });
  });
});
