/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Played at the level of the wire: auth and the gateway. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventsExchange, type Envelope, type ExpertQuery, type ExpertQueryPage } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { startExperts, type Problem } from './experts-under-test.js';
import { around, experts, vote } from './one-instance.js';
import { fails, hangs, says } from './played-gateway.js';

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

/** The tenant's one query, once it has so many answers. */
const withAnswers = (tenant: string, count: number, through = experts) =>
  eventually(async () => {
    const { body } = await through.call<ExpertQueryPage>('GET', '/v1/experts/queries', { tenant });
    expect(body.data[0]?.answers).toHaveLength(count);
    return body.data[0] as ExpertQuery;
  });

describe('an idempotency key', () => {
  it('lets a client that lost the answer have it, and no expert is asked twice', async () => {
    const key = randomUUID();
    const first = await experts.ask(vote, keyed(key));
    const second = await experts.ask(vote, keyed(key));
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(around.gateway.asked).toHaveLength(3);
  });

  it('answers the query while it runs, and asks nobody else', async () => {
    const key = randomUUID();
    const tenant = randomUUID();
    const gone = new AbortController();
    around.gateway.behave({ alpha: hangs });
    const first = experts.ask(vote, { ...keyed(key), tenant, signal: gone.signal });
    const { id } = await withAnswers(tenant, 2);
    const repeated = await experts.ask(vote, { ...keyed(key), tenant });
    expect([repeated.status, repeated.body.id, repeated.body.status]).toEqual([200, id, 'running']);
    expect(around.gateway.asked).toHaveLength(3);
    gone.abort();
    await expect(first).rejects.toThrow();
  });

  it('begins one query for requests that come at the same moment', async () => {
    const options = { ...keyed(randomUUID()), tenant: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => experts.ask(vote, options)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(around.gateway.asked).toHaveLength(3);
  });

  it('is refused for another question, and is free for another tenant', async () => {
    const options = keyed(randomUUID());
    const first = await experts.ask(vote, options);
    const other = await experts.ask<Problem>({ ...vote, question: 'Which one?' }, options);
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key.reused']);
    const elsewhere = await experts.ask(vote, { ...options, tenant: randomUUID() });
    expect(elsewhere.body.id).not.toBe(first.body.id);
  });

  it('is good for a day', async () => {
    const options = keyed(randomUUID());
    const { body } = await experts.ask(vote, options);
    await sql(`update expert_queries set created_at = created_at - interval '1 day' where id = '${body.id}'`);
    const second = await experts.ask(vote, options);
    expect(second.body.id).not.toBe(body.id);
    expect((await experts.ask(vote, options)).body.id).toBe(second.body.id);
  });

  it('answers a failed query as failed, rather than asking again', async () => {
    const options = keyed(randomUUID());
    const failing = fails(500, 'service.internal');
    around.gateway.behave({ alpha: failing, beta: failing, gamma: failing });
    expect((await experts.ask(vote, options)).status).toBe(502);
    const repeated = await experts.ask(vote, options);
    expect([repeated.status, repeated.body.status]).toEqual([200, 'failed']);
    expect(around.gateway.asked).toHaveLength(3);
  });

  it.each(['', 'x'.repeat(256), 'white space'])('must fit: %j', async (key) => {
    const { status, body } = await experts.ask<Problem>(vote, keyed(key));
    expect([status, body.code]).toEqual([400, 'request.invalid']);
  });
});

describe('a query is interrupted, and keeps the answers that had come,', () => {
  it('when the caller goes away; the experts that are still at it are called off', async () => {
    const tenant = randomUUID();
    const gone = new AbortController();
    around.gateway.behave({ beta: hangs });
    const pending = experts.ask(vote, { tenant, signal: gone.signal });
    const { id } = await withAnswers(tenant, 2);
    gone.abort();
    await expect(pending).rejects.toThrow();
    await eventually(async () => {
      const query = await experts.read(id, { tenant });
      expect(query).toMatchObject({ status: 'interrupted', consensus: null, agreement: null });
      expect(query.answers.map(({ expert }) => expert)).toEqual(['alpha', 'gamma']);
      expect(query.finished_at).not.toBeNull();
    });
    await eventually(() => expect(around.gateway.givenUp).toContain('beta'));
  });

  it('when its instance drains and the experts take longer', async () => {
    const leaving = await startExperts(around);
    const tenant = randomUUID();
    around.gateway.behave({ beta: hangs });
    const pending = leaving.ask(vote, { tenant }).catch(() => 'cut off');
    const { id } = await withAnswers(tenant, 2, leaving);
    await leaving.stop();
    expect(await pending).toBe('cut off');
    expect((await experts.read(id, { tenant })).status).toBe('interrupted');
  });

  it('when its instance gives no sign for the time of its lease; nobody is asked again', async () => {
    const tenant = randomUUID();
    const id = randomUUID();
    const answer = { expert: 'alpha', status: 'answered', answer: 'Rome', reasoning: 'Rome', error_code: null };
    const rest = { model: 'm', tokens: null, cost: null, latency_ms: 3 };
    await sql(`insert into expert_queries (id, tenant_id, asked_by, status, question, request_hash, created_at, lease_until)
      values ('${id}', '${tenant}', '${tenant}', 'running', 'q', 'h', now(), now() + interval '1 second');
      insert into expert_answers (query_id, position, tenant_id, expert, answer)
      values ('${id}', 0, '${tenant}', 'alpha', '${JSON.stringify({ ...answer, ...rest })}')`);
    expect((await experts.read(id, { tenant })).status).toBe('running');
    await eventually(async () => {
      const query = await experts.read(id, { tenant });
      expect(query).toMatchObject({ status: 'interrupted', answers: [{ expert: 'alpha', answer: 'Rome' }] });
    });
    expect(around.gateway.asked).toEqual([]);
  });
});

it('a query that takes longer than its lease is kept up by its instance', async () => {
  around.gateway.behave({ beta: hangs });
  const { body } = await experts.ask(vote, { headers: { 'x-parley-deadline-ms': '5400' } });
  expect(body.status).toBe('answered');
  expect(body.answers[1]).toMatchObject({ status: 'timed_out' });
  expect(Date.parse(body.finished_at ?? '') - Date.parse(body.created_at)).toBeGreaterThan(3 * 1_500);
});

it('without the database the query is 503, and once it has begun nothing is lost silently', async () => {
  const tenant = randomUUID();
  let release = (): void => undefined;
  around.gateway.behave({ beta: (response, asked) => (release = () => says('Rome')(response, asked)) });
  const pending = experts.ask<Problem>(vote, { tenant });
  const { id } = await withAnswers(tenant, 2);
  await around.line.cut();
  try {
    expect((await experts.ask(vote, { tenant })).status).toBe(503);
    release();
    expect((await pending).status).toBe(503);
  } finally {
    await around.line.restore();
  }
  await eventually(async () => expect((await experts.read(id, { tenant })).status).toBe('interrupted'));
});

describe('the event', () => {
  it('tells of the answer once it is stored, and of nothing else', async () => {
    const broker = await connect(around.amqp.url);
    try {
      const channel = await broker.createChannel();
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, eventsExchange, 'experts.query.answered.v1');
      const events: Envelope[] = [];
      await channel.consume(queue, (message) => {
        if (message) events.push(JSON.parse(message.content.toString()) as Envelope);
      });
      const failing = fails(500, 'service.internal');
      around.gateway.behave({ alpha: failing, beta: failing, gamma: failing });
      await experts.ask(vote);
      around.gateway.behave({ alpha: says('Rome'), beta: says('Rome'), gamma: failing });

      const { body } = await experts.ask(vote);

      await eventually(() => expect(events).toHaveLength(1));
      expect(events[0]).toMatchObject({
        tenantid: experts.tenant,
        data: { query_id: body.id, experts: 3, answered: 2, agreement: 1 },
      });
    } finally {
      await broker.close();
    }
  });
});

async function sql(text: string): Promise<void> {
  const client = new Client({ connectionString: around.database.systemUrl });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
