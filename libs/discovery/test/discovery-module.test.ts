import { Module } from '@nestjs/common';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { defineConfig, Log, parseConfig, startService, type Service } from '@parley/service-kit';
import { eventually, severable, testConsul, type TestConsul } from '@parley/testing';
import { Directory, discoveryConfig, DiscoveryModule } from '../src/index.js';

/** Real: Consul and a whole service on the kit. */
describe('a service with DiscoveryModule', () => {
  let consul: TestConsul;
  const running: Service[] = [];

  beforeAll(() => {
    consul = testConsul();
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.stop();
  });

  async function start(env: Record<string, string>, service: string) {
    const config = parseConfig(defineConfig(discoveryConfig), {
      LOG_LEVEL: 'fatal',
      PARLEY_DRAIN_ANNOUNCE_MS: '0',
      SERVICE_VERSION: '2.1.0',
      PARLEY_INSTANCE_ID: 'one',
      ...env,
    });
    @Module({ imports: [DiscoveryModule.forRoot({ service, config })] })
    class App {}
    const started = await startService({ service, module: App, config });
    running.push(started);
    return started;
  }

  const health = async (service: Service): Promise<unknown> => (await fetch(`${service.url}/health`)).json();

  it('is found under its address and version once it listens and is ready, and leaves when it drains', async () => {
    const name = consul.serviceName('whole');
    const service = await start({ CONSUL_URL: consul.url }, name);
    const directory = service.app.get(Directory);
    const instance = await eventually(() => directory.choose(name));
    expect(instance).toMatchObject({ id: `${name}-one`, origin: service.url, version: '2.1.0' });
    await service.stop();
    const known = await fetch(`${consul.url}/v1/health/service/${name}`);
    expect(await known.json()).toEqual([]);
  }, 20_000);

  it('is ready but degraded while Consul is away', async () => {
    const way = await severable(consul.url);
    const service = await start({ CONSUL_URL: way.url }, consul.serviceName('degraded'));
    await eventually(async () => expect(await health(service)).toMatchObject({ status: 'ok' }));
    await way.cut();
    await eventually(async () =>
      expect(await health(service)).toMatchObject({ status: 'degraded', parts: { consul: { status: 'down' } } }),
    );
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    await way.restore();
    await eventually(async () => expect(await health(service)).toMatchObject({ status: 'ok' }));
    await service.stop();
    await way.close();
  }, 20_000);

  it('takes its log level from the live configuration', async () => {
    const name = consul.serviceName('levels');
    const service = await start({ CONSUL_URL: consul.url }, name);
    const log = service.app.get<Log>(Log);
    const key = `${consul.url}/v1/kv/parley/config/${name}`;
    await fetch(key, { method: 'PUT', body: '{"log_level":"silent"}' });
    await eventually(() => expect(log.level).toBe('silent'));
    await fetch(key, { method: 'DELETE' });
    await eventually(() => expect(log.level).toBe('fatal'));
  });

  it('knows configured addresses, and asks no Consul, where there is none', async () => {
    const service = await start({ PARLEY_ADDRESSES: 'auth=http://127.0.0.1:4001' }, 'static');
    expect(service.app.get(Directory).choose('auth').origin).toBe('http://127.0.0.1:4001');
    expect(await health(service)).toMatchObject({ status: 'ok', parts: {} });
  });
});
