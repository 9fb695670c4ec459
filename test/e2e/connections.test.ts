import { describe, expect, it } from '@jest/globals';
import { connect } from 'amqplib';
import { envelope, eventsExchange, usageRecorded } from '@parley/contracts';
import { eventually } from '@parley/testing';
import OpenAI from 'openai';
import { anthropic, call, demoKey, login, model, newKey, openai, question } from './platform.js';

const consulUrl = process.env['PARLEY_CONSUL_URL'] ?? '';

describe('Consul', () => {
  it.each(['gateway', 'auth', 'sessions', 'experts', 'mcp-hub', 'analytics'])(
    'lists %s as passing, with its version',
    async (service) => {
      const answer = await fetch(`${consulUrl}/v1/health/service/${service}?passing=1`);
      const entries = (await answer.json()) as { Service: { Tags: string[]; Port: number } }[];
      // One at least: other tests start more.
      expect(entries).not.toEqual([]);
      for (const { Service } of entries) expect(Service.Tags).toContainEqual(expect.stringMatching(/^version=/));
    },
  );

  it('changes a limit of a running service within seconds, and a bad value changes nothing', async () => {
    const key = `${consulUrl}/v1/kv/parley/config/gateway`;
    const put = (settings: object) => fetch(key, { method: 'PUT', body: JSON.stringify(settings) });
    const { access_token } = await login();
    const limit = async () =>
      (await call('GET', '/v1/models', { key: access_token })).headers.get('x-ratelimit-limit-requests');
    const usual = await limit();
    try {
      await put({ user_requests_per_minute: 50_001 });
      await eventually(async () => expect(await limit()).toBe('50001'));
      await put({ user_requests_per_minute: 'many' });
      await put({ user_requests_per_minute: 50_002 });
      await eventually(async () => expect(await limit()).toBe('50002'));
      await put({ user_requests_per_minute: 0 });
      expect(await limit()).toBe('50002');
    } finally {
      await fetch(key, { method: 'DELETE' });
    }
    await eventually(async () => expect(await limit()).toBe(usual));
  });
});

describe('an outside subscriber, with amqplib and a queue of its own and nothing of ours', () => {
  it('receives the usage of a call as the event document describes it', async () => {
    const broker = await connect(process.env['PARLEY_AMQP_URL'] ?? '');
    try {
      const channel = await broker.createChannel();
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, eventsExchange, 'gateway.usage.recorded.v1');
      const { id, key } = await newKey();
      const mine = new Promise<{ event: unknown; record: unknown }>((resolve, reject) => {
        channel
          .consume(queue, (message) => {
            const event = envelope.parse(JSON.parse(message?.content.toString() ?? 'null'));
            const { records } = usageRecorded.data.parse(event.data);
            const record = records.find((one) => one.api_key_id === id);
            if (record) resolve({ event, record });
          })
          .catch(reject);
      });

      await openai(key).chat.completions.create({ model, messages: question });

      const { event, record } = await mine;
      expect(event).toMatchObject({ type: usageRecorded.type, source: '/parley/gateway', specversion: '1.0' });
      expect(record).toMatchObject({ model, dialect: 'openai', streamed: false, outcome: 'completed' });
    } finally {
      await broker.close();
    }
  });
});

describe('a caller that goes away', () => {
  it('in the middle of a stream is accounted for with what was received', async () => {
    const { id, key } = await newKey();
    const words = [{ role: 'user' as const, content: '[offline: deltas=200 delay=20] tell me more' }];
    const stream = anthropic(key).messages.stream({ model, max_tokens: 500, messages: words });
    await new Promise<void>((resolve) => stream.once('text', () => resolve()));
    stream.abort();
    await expect(stream.finalMessage()).rejects.toThrow(/abort/i);

    const output = await eventually(async () => {
      const report = await call('GET', `/v1/analytics/usage?api_key_id=${id}`, { key: demoKey });
      const { requests, tokens } = report.json() as { requests: number; tokens: { output: number } };
      expect(requests).toBe(1);
      return tokens.output;
    });
    expect(output).toBeGreaterThan(0);
    expect(output).toBeLessThan(200);
  });

  it('before a plain answer is accounted for with what was asked', async () => {
    const { id, key } = await newKey();
    const messages = [{ role: 'user' as const, content: '[offline: delay=30000] think it over' }];
    // The client's patience, and long enough for the provider to be asked.
    const asked = openai(key).chat.completions.create({ model, messages }, { timeout: 500 });
    await expect(asked).rejects.toThrow(OpenAI.APIConnectionError);

    await eventually(async () => {
      const report = (await call('GET', `/v1/analytics/usage?api_key_id=${id}`, { key: demoKey })).json();
      expect(report).toMatchObject({ requests: 1, tokens: { output: 0 } });
      expect((report as unknown as { tokens: { input: number } }).tokens.input).toBeGreaterThan(0);
    });
  });
});

describe('the reference', () => {
  it('describes every service’s public routes in one document', async () => {
    const document = (await call('GET', '/openapi.json')).json() as {
      paths: Record<string, unknown>;
      tags: { name: string }[];
    };
    expect(document.tags.map(({ name }) => name)).toEqual([
      'gateway',
      'auth',
      'sessions',
      'experts',
      'mcp-hub',
      'analytics',
    ]);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/v1/chat/completions',
        '/v1/messages',
        '/v1/auth/login',
        '/v1/api-keys',
        '/v1/analytics/usage',
      ]),
    );
    expect(Object.keys(document.paths).filter((path) => path.startsWith('/internal'))).toEqual([]);
    expect(Object.keys(document.paths)).toContain('/v1/models/{id}');
  });

  it('is a page that needs nothing from elsewhere', async () => {
    const page = await call('GET', '/docs/');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/,
    );
    const script = await call('GET', '/docs/js/scalar.js');
    expect(script.status).toBe(200);
  });

  it('is named at the root, with the health of the whole', async () => {
    expect((await call('GET', '/')).json()).toMatchObject({ name: 'Parley', documentation: '/docs' });
    const health = (await call('GET', '/health')).json();
    expect(health).toMatchObject({
      status: 'ok',
      services: { gateway: {}, auth: {}, sessions: {}, experts: {}, 'mcp-hub': {}, analytics: {} },
    });
    expect(Object.keys(health['servers'] as object)).toEqual(
      expect.arrayContaining(['consul', 'database', 'rabbitmq', 'redis']),
    );
  });
});
