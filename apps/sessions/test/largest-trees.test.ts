/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth. */
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Session } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { instance, platform } from './one-instance.js';
import { problem, type Caller } from './sessions-under-test.js';

/** Of the smallest message there is; so many fill a conversation, and as many more the rest of its tree. */
const bytes = 553;
const most = Math.floor((32 << 20) / bytes);

const timeoutMs = 120_000;

const messagesOf = async (id: string) => {
  const sql = `select count(*)::int as count from messages where session_id = '${id}'`;
  return (await platform.database.query<{ count: number }>(sql))[0]?.count;
};

/** A session with two branches that are as long as they may be; of each answer something was left out. */
async function newLargest(tenantId: string = randomUUID()): Promise<{ readonly id: string; readonly owner: Caller }> {
  const id = randomUUID();
  const nth = (n: string) => `overlay(overlay(md5(${n} || '${id}') placing '8' from 13) placing '8' from 17)::uuid`;
  await platform.database.query(
    `insert into sessions (tenant_id, id, head_id, next_position, bytes, left_bytes, updated_at)
     values ('${tenantId}', '${id}', ${nth(`${most}`)}, ${most + 1}, ${most * bytes}, ${most * bytes}, now() - interval '9 days')`,
  );
  await platform.database.query(
    `insert into messages (tenant_id, session_id, id, parent_id, position, role, body, bytes, status, context)
     select '${tenantId}', '${id}', ${nth('n')}, case when n % ${most} <> 1 then ${nth('(n - 1)')} end,
       case when n <= ${most} then n end, 'assistant', '{"content":[{"type":"text","text":"."}]}', ${bytes}, 'complete',
       json_build_object('from_message_id', ${nth('n')})
     from generate_series(1, ${2 * most}) n`,
  );
  return { id, owner: instance.caller(tenantId) };
}

const refusesMore = async (owner: Caller, id: string) =>
  expect(await owner.call('POST', `/v1/sessions/${id}/messages`, { content: '?' })).toMatchObject(
    problem(400, 'session.too_long'),
  );

it(
  'the largest tree is forked; it takes nothing more, also rewound, until it is cleared',
  async () => {
    const { id, owner } = await newLargest();
    const fork = await owner.ok<Session>('POST', `/v1/sessions/${id}/fork`, {});
    expect(await messagesOf(fork.id)).toBe(most);

    await refusesMore(owner, id);
    await owner.ok('POST', `/v1/sessions/${id}/rewind`, { message_id: null });
    await refusesMore(owner, id);
    await owner.ok('POST', `/v1/sessions/${id}/clear`);
    await owner.append(id, 'There is room again.');
    expect(await messagesOf(id)).toBe(1);
  },
  timeoutMs,
);

it(
  'the largest tree is deleted',
  async () => {
    const { id, owner } = await newLargest();
    await owner.ok('DELETE', `/v1/sessions/${id}`);
    expect(await messagesOf(id)).toBe(0);
  },
  timeoutMs,
);

it(
  'retention deletes the largest trees',
  async () => {
    const { id, owner } = await newLargest();
    const ids = [id, (await newLargest(owner.tenantId)).id];
    await platform.database.query(
      `insert into session_retention (tenant_id, days, set_by) values ('${owner.tenantId}', 7, '${randomUUID()}')`,
    );
    await platform.start({ RETENTION_INTERVAL_MS: '100' });
    await eventually(
      async () => {
        for (const id of ids) expect(await messagesOf(id)).toBe(0);
      },
      { timeoutMs: timeoutMs / 2 },
    );
  },
  timeoutMs,
);
