import { describe, expect, it } from '@jest/globals';
import type { InstanceHealth } from '@parley/contracts';
import { summarise } from './platform-health.js';

const healthy = (parts: InstanceHealth['parts'] = {}): InstanceHealth => ({
  status: Object.values(parts).some((part) => part.status === 'down') ? 'degraded' : 'ok',
  service: 'any',
  version: '1.0.0',
  uptime_s: 1,
  parts,
});

describe('the platform’s health', () => {
  it('is ok when every service is', () => {
    const summary = summarise([
      { service: 'gateway', instances: 2, health: healthy({ redis: { status: 'ok' } }) },
      { service: 'auth', instances: 1, health: healthy() },
    ]);
    expect(summary).toEqual({
      status: 'ok',
      services: {
        gateway: { status: 'ok', instances: 2, version: '1.0.0' },
        auth: { status: 'ok', instances: 1, version: '1.0.0' },
      },
      servers: { redis: { status: 'ok' } },
    });
  });

  it('is degraded when a server is away that the services do without', () => {
    const parts = { redis: { status: 'down' as const } };
    expect(summarise([{ service: 'gateway', instances: 1, health: healthy(parts) }]).status).toBe('degraded');
  });

  it('is down without the database, which a service cannot do without', () => {
    const parts = { database: { status: 'down' as const } };
    const reports = [
      { service: 'gateway', instances: 1, health: healthy() },
      { service: 'auth', instances: 1, health: healthy(parts) },
    ];
    expect(summarise(reports).status).toBe('down');
  });

  it('names a service that does not answer, and is down', () => {
    const summary = summarise([
      { service: 'gateway', instances: 1, health: healthy() },
      { service: 'auth', instances: 0 },
    ]);
    expect(summary.status).toBe('down');
    expect(summary.services['auth']).toEqual({ status: 'down', instances: 0, version: null });
  });

  it('has a server down when any service misses it, whoever reports first', () => {
    const up = { redis: { status: 'ok' as const } };
    const down = { redis: { status: 'down' as const, reason: 'no answer' } };
    for (const order of [
      [up, down],
      [down, up],
    ])
      expect(
        summarise(order.map((parts, i) => ({ service: `s${i}`, instances: 1, health: healthy(parts) }))).servers,
      ).toEqual(down);
  });
});
