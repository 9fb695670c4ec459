import { expect, it } from '@jest/globals';
import { parseConfig } from '@parley/service-kit';
import { config } from './config.js';

const servers = {
  DATABASE_URL: 'postgres://localhost/x',
  DATABASE_SYSTEM_URL: 'postgres://localhost/x',
  REDIS_URL: 'redis://localhost',
  AMQP_URL: 'amqp://localhost',
};

it('a turn is looked for more often than its lease is long', () => {
  expect(parseConfig(config, servers)).toMatchObject({ TURN_LEASE_MS: 15_000, SWEEP_INTERVAL_MS: 2_000 });
  expect(() => parseConfig(config, { ...servers, TURN_LEASE_MS: '3000', SWEEP_INTERVAL_MS: '3000' })).toThrow(
    /SWEEP_INTERVAL_MS: must be less than TURN_LEASE_MS/,
  );
});
