import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@parley/resilience';
import { silentLog } from '@parley/service-kit';
import { eventually, severable, testConsul, type TestConsul } from '@parley/testing';
import { z } from 'zod';
import { ConsulConnection } from '../src/consul/consul-connection.js';
import { Directory } from '../src/directory.js';
import { LiveConfig } from '../src/live-config.js';

/** Real: Consul, partly behind an address that can be cut, and the HTTP servers that it checks. */
describe('discovery with Consul', () => {
  let consul: TestConsul;
  const open: (() => unknown)[] = [];

  beforeAll(() => {
    consul = testConsul();
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  function connect(service: string, url = consul.url) {
    const connection = new ConsulConnection({ url, service, advertiseHost: '127.0.0.1' }, systemClock, silentLog);
    open.push(() => connection.source.close());
    return connection;
  }

  /** An instance as far as Consul can tell: it answers its readiness check and is registered. */
  async function newInstance(service: string, name: string, url?: string) {
    const server = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { registrar } = connect(service, url);
    const id = `${service}-${name}`;
    registrar.start({ id, service, host: '127.0.0.1', port, version: '1.2.3' });
    const die = (): void => {
      server.closeAllConnections();
      server.close();
    };
    open.push(die, () => registrar.stop());
    return { id, registrar, port, die };
  }

  function newDirectory(service: string, url?: string) {
    const directory = new Directory(connect(service, url).source, systemClock);
    const ids = () => directory.instances(service).map(({ id }) => id);
    return { directory, ids };
  }

  it('hands out an instance with its version once its check passes, and no more once it has left', async () => {
    const service = consul.serviceName('leaving');
    const { directory, ids } = newDirectory(service);
    const { id, registrar, port } = await newInstance(service, 'one');
    await eventually(() => expect(ids()).toEqual([id]));
    expect(directory.choose(service)).toMatchObject({ port, origin: `http://127.0.0.1:${port}`, version: '1.2.3' });
    await registrar.stop();
    await eventually(() => expect(ids()).toEqual([]), { timeoutMs: 2_000 });
  }, 15_000);

  it('drops an instance that died without a word within 10 s, and still names it among those that should be', async () => {
    const service = consul.serviceName('dying');
    const { directory, ids } = newDirectory(service);
    const survivor = await newInstance(service, 'one');
    const { id, die } = await newInstance(service, 'two');
    await eventually(() => expect(ids().sort()).toEqual([survivor.id, id].sort()));
    die();
    await eventually(() => expect(ids()).toEqual([survivor.id]), { timeoutMs: 10_000 });
    const registered = await directory.registered(service);
    expect(registered.map((instance) => instance.id).sort()).toEqual([survivor.id, id].sort());
  }, 30_000);

  it('keeps the known instances over an outage after which Consul remembers nothing, and registers them again', async () => {
    const service = consul.serviceName('surviving');
    const way = await severable(consul.url);
    open.push(() => way.close());
    const { ids } = newDirectory(service, way.url);
    const { id } = await newInstance(service, 'one', way.url);
    await eventually(() => expect(ids()).toEqual([id]));
    const seen = new Set<string>();
    const watching = setInterval(() => seen.add(ids().join()), 10);
    open.push(() => clearInterval(watching));

    await way.cut();
    await fetch(`${consul.url}/v1/agent/service/deregister/${id}`, { method: 'PUT' });
    expect(await passing(service)).toEqual([]);
    await way.restore();

    await eventually(async () => expect(await passing(service)).toHaveLength(1));
    const second = await newInstance(service, 'two', way.url);
    await eventually(() => expect(ids().sort()).toEqual([id, second.id].sort()));
    expect([...seen].filter((set) => !set.includes(id))).toEqual([]);
  }, 60_000);

  it('applies a live setting when it is written, refuses a bad one, and returns to none when it is deleted', async () => {
    const key = `parley/config/${consul.serviceName('live')}`;
    const put = (body: string) => fetch(`${consul.url}/v1/kv/${key}`, { method: 'PUT', body });
    const values: unknown[] = [];
    const live = new LiveConfig(key, connect('live').source, silentLog);
    live.watch(z.object({ limit: z.int().optional() }), (value) => values.push(value));
    await put('{"limit":5}');
    await eventually(() => expect(values).toEqual([{ limit: 5 }]));
    await put('{"limit":"five"}');
    await put('{"limit":6}');
    await eventually(() => expect(values).toEqual([{ limit: 5 }, { limit: 6 }]));
    await fetch(`${consul.url}/v1/kv/${key}`, { method: 'DELETE' });
    await eventually(() => expect(values).toEqual([{ limit: 5 }, { limit: 6 }, {}]));
  });

  async function passing(service: string): Promise<unknown> {
    const response = await fetch(`${consul.url}/v1/health/service/${service}?passing=true`);
    return response.json();
  }
});
