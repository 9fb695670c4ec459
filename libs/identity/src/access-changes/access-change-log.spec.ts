import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AccessChange } from '@parley/contracts';
import { Metrics, silentLog } from '@parley/service-kit';
import { TestClock } from '../../test/test-clock.js';
import { AccessChangeLog } from './access-change-log.js';

const tenant = randomUUID();

function newLog() {
  const clock = new TestClock();
  const metrics = new Metrics();
  const sut = new AccessChangeLog(clock, silentLog, metrics);
  const revoked = (id = randomUUID(), livesMs = 60_000): AccessChange => ({
    kind: 'api_key_revoked',
    ...{ id, until: new Date(clock.now() + livesMs).toISOString() },
  });
  const judge = (keyId: string, tenantId = tenant) =>
    sut.judge({
      ...{ tenantId, keyId, issuedAt: clock.now(), subject: randomUUID(), actors: [], revocable: [keyId] },
      ...{ permissions: new Set(), inherits: false },
    });
  const kept = async () => Number(/^access_changes_kept (\d+)$/m.exec(await metrics.expose())?.[1]);
  return { sut, clock, metrics, revoked, judge, kept };
}

describe('AccessChangeLog', () => {
  it('refuses what was ended in the tenant, and nothing of another tenant', () => {
    const { sut, revoked, judge } = newLog();
    const key = randomUUID();

    sut.apply(tenant, [revoked(key)], 'event');

    expect(judge(key)).toBeUndefined();
    expect(judge(key, randomUUID())).toBeDefined();
  });

  it('counts a change once, by the way on which it was heard of first', async () => {
    const { sut, revoked, metrics } = newLog();
    const change = revoked();

    sut.apply(tenant, [change], 'redis');
    const { revision } = sut;
    sut.apply(tenant, [change], 'event');

    expect(sut.revision).toBe(revision);
    const exposed = await metrics.expose();
    expect(exposed).toContain('access_changes_total{by="redis"} 1');
    expect(exposed).not.toContain('by="event"');
  });

  it('forgets a change when the last token has expired that it concerned', async () => {
    const { sut, clock, revoked, kept } = newLog();
    sut.apply(tenant, [revoked(), revoked(undefined, 120_000)], 'event');
    expect(await kept()).toBe(2);

    await clock.advance(60_000);
    expect(await kept()).toBe(1);
    await clock.advance(60_000);
    expect(await kept()).toBe(0);
  });

  it('is not interested in a change that concerns no token any more', () => {
    const { sut, revoked } = newLog();
    sut.apply(tenant, [revoked(undefined, 0)], 'event');
    expect(sut.revision).toBe(0);
  });

  it('keeps 10,000 changes of a tenant: one more, and all its tokens so far are refused, but no others', async () => {
    const { sut, clock, revoked, judge, kept } = newLog();
    sut.apply(
      tenant,
      Array.from({ length: 10_000 }, () => revoked()),
      'event',
    );
    const { revision } = sut;
    expect(judge(randomUUID())).toBeDefined();

    sut.apply(tenant, [revoked()], 'event');

    expect(await kept()).toBe(1);
    expect(judge(randomUUID())).toBeUndefined();
    expect(judge(randomUUID(), randomUUID())).toBeDefined();
    expect(sut.changedSince(revision, tenant, [randomUUID()])).toBe(true);
    await clock.advance(1_000);
    expect(judge(randomUUID())).toBeDefined();
  });
});
