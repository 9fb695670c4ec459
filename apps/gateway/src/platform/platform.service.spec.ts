import { expect, it, jest } from '@jest/globals';
import { AppError, type InstanceHealth } from '@parley/contracts';
import type { Directory } from '@parley/discovery';
import { ManualClock } from '@parley/resilience/testing';
import type { ServiceClient } from '@parley/service-client';
import type { Log } from '@parley/service-kit';
import { PlatformService } from './platform.service.js';
import { services } from './services.js';

const healthy: InstanceHealth = { status: 'ok', service: 'any', version: '1.0.0', uptime_s: 1, parts: {} };

it('the log says once that a service does not tell its health, and once that it does again', async () => {
  const clock = new ManualClock();
  const log = { warn: jest.fn(), info: jest.fn() };
  const client = { call: jest.fn<() => Promise<InstanceHealth>>() };
  const sut = new PlatformService(
    { instances: () => [] } as unknown as Directory,
    client as unknown as ServiceClient,
    clock,
    log as unknown as Log,
  );
  client.call.mockRejectedValue(new AppError('service.unavailable'));
  expect((await sut.health()).status).toBe('down');
  await clock.advance(2_000);
  await sut.health();
  expect(log.warn).toHaveBeenCalledTimes(services.length);

  client.call.mockResolvedValue(healthy);
  for (let asked = 0; asked < 2; asked += 1) {
    await clock.advance(2_000);
    expect((await sut.health()).status).toBe('ok');
  }
  expect(log.info).toHaveBeenCalledTimes(services.length);
});
