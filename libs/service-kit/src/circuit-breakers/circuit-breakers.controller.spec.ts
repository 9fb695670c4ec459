import { Module } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from '@parley/resilience';
import { thingsOptions } from '../../test/things/service.js';
import { prepareService } from '../bootstrap/start-service.js';
import { CircuitBreakers } from './circuit-breakers.js';

@Module({})
class NothingElse {}

/** A service whose one breaker, opened by its first failure, has this name; requests are injected. */
async function prepared(name: string) {
  const { options, lines } = thingsOptions();
  const { fastify, app } = await prepareService({ ...options, module: NothingElse });
  const breaker = new CircuitBreaker({ name, minimumCalls: 1 });
  app.get(CircuitBreakers).register(() => [{ breaker, namedByCaller: false }]);
  await breaker.execute(() => Promise.reject(new Error('broken'))).catch(() => undefined);
  return { fastify, breaker, lines, [Symbol.asyncDispose]: () => app.close() };
}

const path = '/internal/circuit-breakers';

describe('an instance', () => {
  it('tells of its breakers', async () => {
    await using service = await prepared('auth/a');
    const answer = await service.fastify.inject(path);
    expect(answer.json()).toMatchObject({ data: [{ name: 'auth/a', state: 'open' }] });
  });

  it.each(['acme/model', 'acme#2/meta/llama 3', 'a%2Fb?c', `acme/${'x'.repeat(256)}`, '../reset'])(
    'resets the breaker whose name is one segment of the path: %s',
    async (name) => {
      await using service = await prepared(name);
      const url = `${path}/${encodeURIComponent(name)}/reset`;
      const answer = await service.fastify.inject({ method: 'POST', url });
      expect(answer.json()).toMatchObject({ data: [{ name, state: 'closed' }] });
      expect(service.breaker.state.kind).toBe('closed');
      expect(service.lines).toContainEqual(expect.objectContaining({ level: 'warn', breaker: name }));
    },
  );

  it('resets none where it has none of that name', async () => {
    await using service = await prepared('acme/model');
    const answer = await service.fastify.inject({ method: 'POST', url: `${path}/acme/reset` });
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { data: [] }]);
    expect(service.breaker.state.kind).toBe('open');
  });

  it('takes no name that is longer than any can be', async () => {
    await using service = await prepared('acme/model');
    const answer = await service.fastify.inject({ method: 'POST', url: `${path}/${'x'.repeat(401)}/reset` });
    expect(answer.statusCode).toBe(400);
  });
});
