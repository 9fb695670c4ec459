import { expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { redisConfig } from './config.js';
import { redisOptions } from './redis-options.js';

const optionsOf = (env: Record<string, string>) => {
  const config = z.object(redisConfig).parse(env);
  return new Redis(config.REDIS_URL, redisOptions(config)).options;
};

it('connects in the clear without being told otherwise', () => {
  expect(optionsOf({ REDIS_URL: 'redis://cache:6380/2' })).toMatchObject({ host: 'cache', port: 6380, db: 2 });
  expect(optionsOf({}).tls).toBeUndefined();
});

it('uses TLS for rediss, with a private CA where one is given', () => {
  const ca = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----';
  expect(optionsOf({ REDIS_URL: 'rediss://cache:6380' }).tls).toBeTruthy();
  expect(optionsOf({ REDIS_URL: 'rediss://cache:6380', REDIS_CA: ca }).tls).toMatchObject({ ca });
});

it('waits longer before each further attempt, up to about a second, and never the same for all', () => {
  const { retryStrategy } = optionsOf({});
  const delays = Array.from({ length: 100 }, () => Number(retryStrategy?.(20)));
  for (const delay of delays) expect(delay).toBeLessThanOrEqual(1_050);
  expect(new Set(delays).size).toBeGreaterThan(90);
  expect(Number(retryStrategy?.(1))).toBeLessThanOrEqual(150);
});
