// Real: the service over HTTP with PostgreSQL, Redis and RabbitMQ. Fake: auth.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { find, findAll, pathOf, sayAll } from './searching.js';
import { newPlatform, problem, type Caller, type Instance, type Platform } from './sessions-under-test.js';

let platform: Platform;
let instance: Instance;
/** Has said much, in words that are in every query. */
let busy: Caller;

const letters = Array.from({ length: 16 }, (_, n) => String.fromCharCode(97 + n));
const costly = pathOf({ q: letters.join(' ') });

beforeAll(async () => {
  platform = await newPlatform();
  instance = await platform.start({ DATABASE_POOL_MAX: '2' });
  busy = instance.caller();
  await sayAll(busy, 'a first one');
  await findAll(busy, { q: 'first' }, 1);
  // Longer than any that is found by an event, and many: each is ranked by how near all of its letters are.
  const letterText = `repeat($1, 32) || ' ' || n`;
  await platform.database.query(
    `with more as (
       insert into messages (id, tenant_id, session_id, turn_id, role, body, bytes, status, created_at)
       select gen_random_uuid(), tenant_id, session_id, gen_random_uuid(), 'user', body, bytes, status, created_at
       from messages, generate_series(1, 500) n where tenant_id = $2 returning *)
     insert into message_texts (message_id, tenant_id, session_id, role, created_at, text)
     select id, tenant_id, session_id, role, created_at, ${letterText}
     from (select more.*, row_number() over () n from more) numbered`,
    [`${letters.join(' ')} `, busy.tenantId],
  );
}, 60_000);

afterAll(() => platform.stop());

describe('a query', () => {
  const words = (count: number, between = ' ') => Array.from({ length: count }, (_, n) => `w${n}`).join(between);

  it.each([words(16), words(16, ' or '), `"${words(16)}"`, `${words(15)} -without`])(
    'may have 16 words: %s',
    async (q) => {
      expect((await instance.caller().call('GET', pathOf({ q }))).status).toBe(200);
    },
  );

  it.each([words(17), words(17, ' or '), words(17, ','), `"${words(17)}"`, words(17, ' -'), words(16, '-')])(
    'may not have more: %s',
    async (q) => {
      const refused = await instance.caller().call('GET', pathOf({ q }));
      expect(refused).toMatchObject(problem(400, 'request.invalid'));
      expect(JSON.stringify(refused.body)).toMatch(/"q".*at most 16 words/);
    },
  );
});

it('a search that takes too long is ended, and says so', async () => {
  const startedAt = performance.now();
  const ended = await busy.call('GET', costly);
  expect(ended).toMatchObject(problem(504, 'service.timeout'));
  expect(JSON.stringify(ended.body)).toContain('longer than 2 s');
  expect(performance.now() - startedAt).toBeLessThan(4_500);
});

it('however much a tenant searches, others are answered, and its own too many are refused with when to come back', async () => {
  const other = instance.caller();
  const id = await sayAll(other, 'A quiet word');
  await findAll(other, { q: 'quiet' }, 1);

  const storm = Array.from({ length: 40 }, () => busy.call('GET', costly));
  let over = false;
  const answers = Promise.all(storm).finally(() => (over = true));
  const refused = await Promise.race(storm);
  expect(refused).toMatchObject(problem(429, 'request.rate_limited'));
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

  expect(await other.messages(id)).toHaveLength(1);
  expect(over).toBe(false);
  expect((await find(other, { q: 'quiet' })).data).toHaveLength(1);

  const statuses = (await answers).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(22);
  expect(statuses.every((status) => status === 429 || status === 504)).toBe(true);
}, 30_000);

it('long texts are found by many words too, behind those in which they are near each other', async () => {
  const caller = instance.caller();
  const said = letters.map((letter) => `${letter}word`);
  await sayAll(caller, `${said.join(' far '.repeat(20))} ${'more '.repeat(5_000)}`, said.join(' '));
  const found = await findAll(caller, { q: said.join(' ') }, 2);
  expect(
    found[0]?.fragments
      .flat()
      .map(({ text }) => text)
      .join(''),
  ).toBe(said.join(' '));
});
