/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Played: auth, the gateway and sessions. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { askedInHeader, eventsExchange, sessionCleared, sessionDeleted } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { connect } from 'amqplib';
import { lateQueries } from '../src/sessions/late-queries.js';
import { around, experts } from './one-instance.js';
import { hangs } from './played-gateway.js';

const askIn = async (session: string, tenant = experts.tenant) => {
  const headers = { [askedInHeader]: `${session}/${randomUUID()}` };
  return (await experts.ask({ question: 'q' }, { headers, tenant })).body.id;
};

const tellDeleted = (session_id: string) =>
  tell(sessionDeleted.type, { session_id, project_id: null, deleted_by: randomUUID() });

async function tell(type: string, data: object): Promise<void> {
  const broker = await connect(around.amqp.url);
  const channel = await broker.createConfirmChannel();
  const message = {
    ...{ specversion: '1.0', id: randomUUID(), type, source: '/parley/sessions' },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: experts.tenant },
    data,
  };
  channel.publish(eventsExchange, message.type, Buffer.from(JSON.stringify(message)), { messageId: message.id });
  await channel.waitForConfirms();
  await broker.close();
}

const left = async (...ids: string[]) => {
  const rows = await around.database.query<{ id: string }>(
    `select id from expert_queries where id = any($1) union select query_id from expert_answers where query_id = any($1)`,
    [ids],
  );
  return rows.map(({ id }) => id).toSorted();
};

describe('a session that is deleted', () => {
  it('takes what it asked along, with the answers, and nobody else’s', async () => {
    const session = randomUUID();
    const gone = [await askIn(session), await askIn(session)];
    const kept = [await askIn(randomUUID()), await askIn(session, randomUUID())];
    const outside = (await experts.ask({ question: 'q' })).body.id;

    await tellDeleted(session);

    await eventually(async () => expect(await left(...gone)).toEqual([]));
    expect(await left(...kept, outside)).toEqual([...kept, outside].toSorted());
  });

  it('ends the query that is under way, which leaves nothing behind', async () => {
    const session = randomUUID();
    around.gateway.behave({ alpha: hangs, beta: hangs, gamma: hangs });
    const asked = experts.ask({ question: 'q' }, { headers: { [askedInHeader]: session } });
    const running = () =>
      around.database.query<{ id: string }>('select id from expert_queries where session_id = $1', [session]);
    await eventually(async () => expect(await running()).toHaveLength(1));

    await tellDeleted(session);

    expect((await asked).status).toBe(503);
    expect(await running()).toEqual([]);
  });

  it('takes along what is asked late', async () => {
    const session = randomUUID();
    const early = await askIn(session);
    await tellDeleted(session);
    await eventually(async () => expect(await left(early)).toEqual([]));
    const late = await askIn(session);
    await around.database.query(lateQueries);
    expect(await left(late)).toEqual([]);
  });
});

it('a session that is cleared takes along what it asked until then, and asks on', async () => {
  const session = randomUUID();
  const gone = await askIn(session);
  await tell(sessionCleared.type, { session_id: session, project_id: null, cleared_by: randomUUID() });
  await eventually(async () => expect(await left(gone)).toEqual([]));
  const kept = await askIn(session);
  await around.database.query(lateQueries);
  expect(await left(kept)).toEqual([kept]);
});
