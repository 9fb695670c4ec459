/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { newPlatform, type Platform } from './sessions-under-test.js';

let platform: Platform;

beforeAll(async () => {
  platform = await newPlatform();
}, 60_000);

afterAll(() => platform.stop());

/** Together more than two statements of a sweep find; the first finds none but those that fail. */
const [lost, failing] = [600, 500];

it('every turn of a mass loss is interrupted in one sweep, past those that cannot be', async () => {
  const tenant = randomUUID();
  // Those that the sweeper finds first, the oldest, have no model, which the event of their end must name: each sweep fails at them.
  await platform.start({ SWEEP_INTERVAL_MS: '8000', TURN_LEASE_MS: '20000' });
  await platform.database.query(
    `with made as (insert into sessions (tenant_id, id, open_turn_id)
       select '${tenant}', gen_random_uuid(), gen_random_uuid() from generate_series(1, ${lost + failing}) returning *)
     insert into turns (tenant_id, id, session_id, status, model, request_id, lease_hashes, lease_until)
       select tenant_id, open_turn_id, id, 'open', case when row_number() over () > ${lost} then '' else 'a-model' end, 'r',
         '{}', now() - case when row_number() over () > ${lost} then interval '2 days' else interval '1 day' end from made`,
  );

  // A second sweep would come after 16 seconds at the soonest.
  const countOf = async (status: string) =>
    (await platform.database.query(`select from turns where status = '${status}'`)).length;
  await eventually(async () => expect(await countOf('interrupted')).toBe(lost), {
    timeoutMs: 15_500,
  });

  expect(await countOf('open')).toBe(failing);
  const freed = await platform.database.query('select from sessions where open_turn_id is null');
  expect(freed).toHaveLength(lost);
}, 40_000);
