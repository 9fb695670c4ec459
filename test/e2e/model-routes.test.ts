import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { eventually } from '@parley/testing';
import { anthropic, call, openai, url } from './platform.js';
import { secondTenant } from './second-tenant.js';

/** A tenant of its own, so that its calls are all there are. */
let key: string;
beforeAll(async () => {
  key = await secondTenant();
}, 30_000);

/** A model that nobody else asks, so that its breakers are the test’s own. */
const fresh = (provider: string) => `${provider}/offline-${crypto.randomUUID()}`;

async function newRoute(targets: readonly string[], options: object = {}): Promise<string> {
  const name = `route-${crypto.randomUUID()}`;
  const body = { name, targets: targets.map((model) => ({ model })), ...options };
  const answer = await call('POST', '/v1/model-routes', { key, body });
  if (answer.status !== 201) throw new Error(`a route was answered ${answer.status}: ${answer.text}`);
  return name;
}

const asking = (model: string, content = 'How far is the moon?') => ({
  model,
  messages: [{ role: 'user' as const, content }],
});
const servedBy = ({ headers }: { readonly headers: Headers }) =>
  ['provider', 'attempts'].map((name) => headers.get(`x-parley-${name}`));
const chat = (body: object, headers = {}) => call('POST', '/v1/chat/completions', { key, body, headers });

/** Calls on record, by how they ended. */
const usage = async () => (await call('GET', '/v1/analytics/usage', { key })).json()['requests'] as number;

describe('a route', () => {
  it('answers a stream by its next target where the first fails before the first byte', async () => {
    const targets = [fresh('gamma'), fresh('beta')];
    const route = await newRoute(targets);
    const { data, response } = await openai(key)
      .chat.completions.create({ ...asking(route, '[offline @gamma: fault=503] Hello?'), stream: true })
      .withResponse();
    let text = '';
    for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).not.toBe('');
    expect(servedBy(response)).toEqual(['beta', '2']);
    expect(`beta/${response.headers.get('x-parley-model')}`).toBe(targets[1]);
  });

  it('never goes on to another target once an answer has begun', async () => {
    const route = await newRoute([fresh('beta'), fresh('alpha')]);
    const { data, response } = await openai(key)
      .chat.completions.create({ ...asking(route, '[offline @beta: fault=half-stream] Hello?'), stream: true })
      .withResponse();
    let text = '';
    const read = async () => {
      for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? '';
    };
    await expect(read()).rejects.toThrow(OpenAI.APIError);
    expect(text).not.toBe('');
    expect(servedBy(response)).toEqual(['beta', '1']);
  });

  it('answers Anthropic’s clients too, and says so in headers that a page may read', async () => {
    const route = await newRoute([fresh('alpha'), fresh('gamma')]);
    const body = { ...asking(route, '[offline @alpha: fault=500] Hello?'), max_tokens: 50 };
    const { data, response } = await anthropic(key).messages.create(body).withResponse();
    expect(data.content).not.toEqual([]);
    expect(servedBy(response)[0]).toBe('gamma');
    const origin = { origin: 'https://example.com', authorization: `Bearer ${key}` };
    const { headers } = await fetch(`${url}/v1/models`, { headers: origin });
    const exposed = headers.get('access-control-expose-headers')?.toLowerCase();
    for (const name of ['provider', 'model', 'attempts']) expect(exposed).toContain(`x-parley-${name}`);
  });

  it('is not asked further for a mistake of the caller’s', async () => {
    const route = await newRoute([fresh('alpha'), fresh('beta')]);
    const answer = await chat(asking(route, '[offline @alpha: fault=400] Hello?'));
    expect(answer.status).toBe(400);
  });

  it('of one provider is answered with its next credential where one is limited', async () => {
    const model = fresh('alpha');
    // Which of the two is asked first is not ours to know.
    const limited = await Promise.all(
      ['alpha-1', 'alpha-2'].map((one) => chat(asking(model, `[offline @${one}: fault=429 retry-after=30] Hello?`))),
    );
    for (const answer of limited) expect([answer.status, servedBy(answer)[0]]).toEqual([200, 'alpha']);
  });
});

describe('a hedged call', () => {
  it('is answered by the second target where the first keeps silent, and both are on record', async () => {
    const route = await newRoute([fresh('alpha'), fresh('beta')]);
    const before = await usage();
    const body = asking(route, '[offline @alpha: fault=hang] Hello?');
    const answer = await chat(body, { 'x-parley-hedge-after-ms': '100' });
    expect([answer.status, ...servedBy(answer)]).toEqual([200, 'beta', '2']);
    await eventually(async () => expect(await usage()).toBeGreaterThanOrEqual(before + 2), { timeoutMs: 10_000 });
  });

  it('may be the route’s own wish', async () => {
    const route = await newRoute([fresh('alpha'), fresh('beta')], { hedge_after_ms: 100 });
    const { data, response } = await openai(key)
      .chat.completions.create({ ...asking(route, '[offline @alpha: fault=hang] Hello?'), stream: true })
      .withResponse();
    for await (const chunk of data) expect(chunk.object).toBe('chat.completion.chunk');
    expect(servedBy(response)).toEqual(['beta', '2']);
  });

  it('is refused for what is no time', async () => {
    const answer = await chat(asking('offline-small'), { 'x-parley-hedge-after-ms': 'soon' });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('x-parley-hedge-after-ms')]);
  });
});

describe('affinity to a prompt cache', () => {
  interface Report {
    readonly prompt_cache: { readonly calls: number; readonly hit_rate: number };
  }
  const rateOf = (route: string, calls: number) =>
    eventually(async () => {
      const report = (await call('GET', `/v1/model-routes/${route}`, { key })).json() as unknown as Report;
      expect(report.prompt_cache.calls).toBe(calls);
      return report.prompt_cache.hit_rate;
    });

  it('finds more of its prompts there than a choice at random does, as the route itself measures', async () => {
    const targets = ['alpha/offline-small', 'beta/offline-small', 'openai/offline-small'];
    const [conversations, turns] = [12, 4];
    const rates: Record<string, number> = {};
    for (const strategy of ['weighted', 'cache_affinity']) {
      const route = await newRoute(targets, { strategy });
      const one = async () => {
        const opening = `${crypto.randomUUID()} ${'A long story. '.repeat(50)}`;
        for (let turn = 0; turn < turns; turn += 1) {
          const messages = [
            { role: 'user' as const, content: opening },
            { role: 'assistant' as const, content: 'Well.' },
            { role: 'user' as const, content: `Question ${turn}?` },
          ];
          // What the servers cache is named by the conversation; who is asked is left to how it begins.
          const answer = await chat({ model: route, messages, prompt_cache_key: opening.slice(0, 36) });
          expect(answer.status).toBe(200);
        }
      };
      await Promise.all(Array.from({ length: conversations }, one));
      rates[strategy] = await rateOf(route, conversations * turns);
    }
    expect(rates['cache_affinity']).toBeGreaterThan(Number(rates['weighted']));
    // All turns but the first of each conversation, but for their last message.
    expect(rates['cache_affinity']).toBeGreaterThan(0.7);
  }, 60_000);
});

afterAll(async () => {
  const { data } = (await call('GET', '/v1/model-routes', { key })).json() as unknown as { data: { name: string }[] };
  for (const { name } of data) await call('DELETE', `/v1/model-routes/${name}`, { key });
});
