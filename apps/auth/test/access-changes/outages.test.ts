/** Real: two instances of the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: outages, by ways that can be cut. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { accessChange, accessChangesKey } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { problem } from '../auth-under-test.js';
import { keyTokenS, twoInstances, type TwoInstances } from './fixture.js';

let sut: TwoInstances;
beforeAll(async () => {
  sut = await twoInstances();
}, 60_000);
afterAll(() => sut.stop());
afterEach(async () => {
  await Promise.all([sut.redis.restore(), sut.amqp.restore()]);
  for (const auth of [sut.one, sut.two])
    await eventually(async () => expect((await auth.call('GET', '/health')).body).toMatchObject({ status: 'ok' }));
});

const stored = async () =>
  (await sut.servers.redis.client.zrange(accessChangesKey(sut.tenantId), 0, -1)).map((text) =>
    accessChange.parse(JSON.parse(text)),
  );

describe('a revoked key', () => {
  it('is refused by the instance that revoked it from its answer on', async () => {
    const { id, token } = await sut.newKey();

    await sut.revoke(id);

    expect(await sut.me(sut.one, token)).toMatchObject(problem(401, 'credential.revoked'));
  });

  it('is refused by the other within 2 s while RabbitMQ is down', async () => {
    const { id, token } = await sut.newKey();
    await sut.amqp.cut();

    await sut.revoke(id);

    await sut.refused(sut.two, token, 2_000);
  });

  it('is refused by the other within 2 s while Redis is down', async () => {
    const { id, token } = await sut.newKey();
    await sut.redis.cut();

    await sut.revoke(id);

    await sut.refused(sut.two, token, 2_000);
  });

  it('is refused by the other within 2 s while Redis hangs', async () => {
    const { id, token } = await sut.newKey();
    sut.redis.hang();

    await sut.revoke(id);

    await sut.refused(sut.two, token, 2_000);
  });

  it('lives as long as its last token where both are down, and no longer', async () => {
    await Promise.all([sut.redis.cut(), sut.amqp.cut()]);
    const { id, token } = await sut.newKey();

    await sut.revoke(id);

    expect((await sut.me(sut.two, token)).status).toBe(200);
    const tolerated = 5;
    await eventually(async () => expect((await sut.me(sut.two, token)).status).toBe(401), {
      timeoutMs: (keyTokenS + tolerated + 1) * 1_000,
      intervalMs: 250,
    });
    expect(await sut.me(sut.two, token)).toMatchObject(problem(401, 'credential.expired'));
  }, 30_000);
});

describe('an instance that starts after a key was revoked', () => {
  it('refuses its tokens on the first request, without having heard the event', async () => {
    const { id, token } = await sut.newKey();
    await sut.revoke(id);
    await eventually(async () => expect((await stored()).map((change) => change.id)).toContain(id));
    await sut.amqp.cut();

    const three = await sut.start();
    try {
      expect(await sut.me(three, token)).toMatchObject(problem(401, 'credential.revoked'));
    } finally {
      await three.stop();
    }
  });

  it('does so too where Redis was down then: what it missed is written when it is back', async () => {
    const { id, token } = await sut.newKey();
    await sut.redis.cut();
    await sut.revoke(id);
    await sut.redis.restore();

    await eventually(async () => expect((await stored()).map((change) => change.id)).toContain(id));
    const three = await sut.start();
    try {
      expect(await sut.me(three, token)).toMatchObject(problem(401, 'credential.revoked'));
    } finally {
      await three.stop();
    }
  });
});
