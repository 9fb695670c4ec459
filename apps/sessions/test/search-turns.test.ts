// Real: the service over HTTP with PostgreSQL, Redis and RabbitMQ. Fake: auth.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { find, findAll, pathOf, sayAll } from './searching.js';
import { newPlatform, problem, type Caller, type Instance, type Platform } from './sessions-under-test.js';

let platform: Platform;
let instance: Instance;
/** Searches what takes long. */
let busy: Caller;

const letters = Array.from({ length: 16 }, (_, n) => String.fromCharCode(97 + n));
const costly = pathOf({ q: 'first' });

beforeAll(async () => {
  platform = await newPlatform();
  instance = await platform.start({ DATABASE_POOL_MAX: '2' });
  busy = instance.caller();
  await sayAll(busy, 'a first one');
  await findAll(busy, { q: 'first' }, 1);
}, 60_000);

/** While `fn` runs every search waits, however fast the machine is. */
async function whileSearchesTakeLong<T>(fn: () => Promise<T>): Promise<T> {
  const holder = new Client({ connectionString: platform.database.ownerUrl });
  await holder.connect();
  try {
    await holder.query('begin; lock table message_texts in access exclusive mode');
    return await fn();
  } finally {
    await holder.end();
  }
}

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
  const ended = await whileSearchesTakeLong(() => busy.call('GET', costly));
  expect(ended).toMatchObject(problem(504, 'service.timeout'));
  expect(JSON.stringify(ended.body)).toContain('longer than 2 s');
});

it('however much a tenant searches, others are answered, and its own too many are refused with when to come back', async () => {
  const other = instance.caller();
  const id = await sayAll(other, 'A quiet word');
  await findAll(other, { q: 'quiet' }, 1);

  const storm = await whileSearchesTakeLong(async () => {
    const searches = Array.from({ length: 40 }, () => busy.call('GET', costly));
    let over = false;
    const answers = Promise.all(searches).finally(() => (over = true));
    const refused = await Promise.race(searches);
    expect(refused).toMatchObject(problem(429, 'request.rate_limited'));
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await other.messages(id)).toHaveLength(1);
    expect(over).toBe(false);
    return { answers };
  });
  expect((await find(other, { q: 'quiet' })).data).toHaveLength(1);

  const statuses = (await storm.answers).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(22);
  expect(statuses.every((status) => [200, 429, 504].includes(status))).toBe(true);
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
