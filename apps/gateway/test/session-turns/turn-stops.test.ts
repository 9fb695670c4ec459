/** Real: the gateway over HTTP, PostgreSQL, Redis. Fake: auth, sessions, experts, the provider; the broker is away. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { turnRecordId, turnStopsChannel, type UsageRecord } from '@parley/contracts';
import { eventually, severable, testService, type Severable, type TestService } from '@parley/testing';
import { answeredBy, startGateway } from '../answering-gateway.js';
import { startStub, type StubService } from '../edge/stub-service.js';
import { playSessions } from './played-sessions.js';

let sessions: Awaited<ReturnType<typeof playSessions>>;
/** Says two words and then nothing more; says nothing at all to who wants the answer whole. */
let provider: StubService;
let experts: StubService;
let redis: Severable;
let gateway: TestService;
/** Calls that a provider or experts had taken and that were closed on them. */
let closed: string[];

const chunk = (delta: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta }] })}\n\n`;

/** As much as is taken. */
function talkOn(res: ServerResponse): void {
  while (!res.destroyed && res.write(chunk({ content: 'x'.repeat(10_000) })));
  if (!res.destroyed) res.once('drain', () => talkOn(res));
}

beforeAll(async () => {
  sessions = await playSessions();
  experts = await startStub((req, res) => void res.on('close', () => closed.push(req.url ?? '')));
  provider = await startStub((req, res) => {
    if (req.method === 'GET') return void res.writeHead(404).end();
    res.on('close', () => closed.push(req.url ?? ''));
    void text(req).then((asked) => {
      if (!asked.includes('"stream":true')) return;
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(chunk({ role: 'assistant', content: 'So ' }) + chunk({ content: 'far' }));
      if (asked.includes('Everything')) talkOn(res);
    });
  });
  gateway = await testService({
    start: async (env) => {
      redis = await severable(env['REDIS_URL'] ?? '');
      return startGateway({ ...env, REDIS_URL: redis.url });
    },
    env: answeredBy(provider),
    neighbours: { sessions: sessions.url, experts: experts.url },
  });
}, 60_000);

afterAll(async () => {
  await gateway.stop();
  await Promise.all([sessions.stop(), provider.stop(), experts.stop(), redis.close()]);
}, 30_000);

beforeEach(async () => {
  for (const list of [sessions.calls, provider.seen, experts.seen]) list.length = 0;
  closed = [];
  await gateway.database.query('truncate usage_records');
});

afterEach(() => {
  sessions.stopping = false;
  sessions.onOpened = () => undefined;
});

const messages = [{ role: 'user', content: 'How far?' }];
const dialects = [
  ['/v1/chat/completions', { messages }],
  ['/v1/responses', { input: 'How far?' }],
  ['/v1/messages', { messages, max_tokens: 100 }],
] as const;

const ask = (path: string, body: object) =>
  fetch(gateway.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.token({ tenant_id: randomUUID(), permissions: ['completions:create'] })}`,
      'content-type': 'application/json',
      'x-parley-session': randomUUID(),
    },
    body: JSON.stringify({ model: 'openai/m', ...body }),
  });

/** The turn of the one call that is made, once the provider has been asked for it. */
async function turnUnderWay(): Promise<string> {
  await eventually(() => expect(provider.seen.map(({ method }) => method)).toContain('POST'));
  return sessions.of('turns')[0]?.turn_id ?? '';
}

const stop = (turnId: string) => gateway.redis.client.publish(turnStopsChannel, JSON.stringify({ turn_id: turnId }));

const interrupted = (content: string) => [
  expect.objectContaining({ reason: 'cancelled', content: content === '' ? [] : [{ type: 'text', text: content }] }),
];

async function expectOnRecord(record: object): Promise<void> {
  await eventually(async () => {
    const rows = await gateway.database.query<{ record: UsageRecord }>('select record from usage_records');
    expect(rows).toEqual([{ record: expect.objectContaining(record) }]);
  });
}

describe.each(dialects)('a stop of an answer at %s', (path, body) => {
  it('ends its stream with turn.stopped, the provider’s call, and the turn with what came', async () => {
    const answer = await ask(path, { ...body, stream: true });
    let sent = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      sent += chunk;
      if (sent.includes('far')) await stop(await turnUnderWay());
    }
    expect(sent.trim().split('\n\n').at(-1)).toContain('turn.stopped');
    expect(sent).not.toMatch(/DONE|message_stop|response\.completed/);
    await eventually(() => expect(sessions.of('interrupt')).toEqual(interrupted('So far')));
    expect(closed).toHaveLength(1);
    const tokens = sessions.of('interrupt')[0]?.tokens;
    expect(tokens?.output).toBeGreaterThan(0);
    await expectOnRecord({ outcome: 'cancelled', estimated: true, tokens });
  });

  it('answers who wanted it whole 409, not to be tried again', async () => {
    const answering = ask(path, body);
    const turnId = await turnUnderWay();
    await stop(turnId);
    const answer = await answering;
    expect(answer.status).toBe(409);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(await answer.text()).toContain('turn.stopped');
    expect(sessions.of('interrupt')).toEqual(interrupted(''));
    await eventually(() => expect(closed).toHaveLength(1));
    const tokens = sessions.of('interrupt')[0]?.tokens;
    expect(tokens?.input).toBeGreaterThan(0);
    await expectOnRecord({ id: turnRecordId(turnId), outcome: 'cancelled', estimated: true, tokens });
  });
});

describe('a stop', () => {
  const [chat, question] = dialects[0];

  it('ends the turn of a reader who takes nothing, which is on record at once', async () => {
    const everything = [{ role: 'user', content: 'Everything!' }];
    const body = JSON.stringify({ model: 'openai/m', messages: everything, stream: true });
    const token = gateway.token({ tenant_id: randomUUID(), permissions: ['completions:create'] });
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').pause();
    await once(socket, 'connect');
    socket.write(
      `POST ${chat} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n` +
        `x-parley-session: ${randomUUID()}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const turnId = await turnUnderWay();
    const size = () => JSON.stringify(sessions.of('checkpoint').at(-1) ?? '').length;
    let before = -1;
    // Once all buffers are full, nothing more comes of the answer.
    await eventually(
      () => {
        const grown = size() - before;
        before = size();
        expect([before > 10_000, grown]).toEqual([true, 0]);
      },
      { timeoutMs: 15_000, intervalMs: 1_500 },
    );
    await stop(turnId);
    await eventually(() => expect(sessions.of('interrupt')).toMatchObject([{ reason: 'cancelled' }]));
    await expectOnRecord({ outcome: 'cancelled' });
    socket.destroy();
  });

  it('that comes before sessions has answered that the turn is open is not missed', async () => {
    sessions.onOpened = stop;
    const answer = await ask(chat, question);
    expect(answer.status).toBe(409);
    expect(sessions.of('interrupt')).toEqual(interrupted(''));
  });

  it('ends the question to the circle of experts', async () => {
    const answering = ask(chat, { ...question, model: 'circle' });
    await eventually(() => expect(experts.seen).toHaveLength(1));
    await stop(sessions.of('turns')[0]?.turn_id ?? '');
    expect((await answering).status).toBe(409);
    expect(sessions.of('interrupt')).toEqual(interrupted(''));
    await eventually(() => expect(closed).toEqual(['/v1/experts/queries']));
  });

  it('comes with the answer to a checkpoint while Redis is away', async () => {
    await redis.cut();
    try {
      const answering = ask(chat, question);
      await eventually(() => expect(sessions.of('checkpoint').length).toBeGreaterThan(1));
      sessions.stopping = true;
      expect((await answering).status).toBe(409);
      expect(sessions.of('interrupt')).toEqual(interrupted(''));
    } finally {
      await redis.restore();
    }
  });
});
