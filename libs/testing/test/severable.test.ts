import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '../src/index.js';
import { Redis } from 'ioredis';

// Real: Redis.
let redis: TestRedis;
let line: Severable;
let client: Redis;

beforeEach(async () => {
  redis = await testRedis();
  line = await severable(redis.url);
  client = new Redis(line.url, { commandTimeout: 100, maxRetriesPerRequest: 0, retryStrategy: () => 20 });
  client.on('error', () => undefined);
  await client.set('key', 'value');
});
afterEach(async () => {
  client.disconnect();
  await line.close();
  await redis.close();
});

it('is the server itself until it is cut', async () => {
  expect(await redis.client.get('key')).toBe('value');
  expect(await client.get('key')).toBe('value');
});

it('refuses connections while it is cut, and serves the same clients after it is restored', async () => {
  await line.cut();
  await expect(client.get('key')).rejects.toThrow();

  await line.restore();
  expect(await eventually(() => client.get('key'))).toBe('value');
});

it('answers nothing while it hangs, and what was asked meanwhile after it is restored', async () => {
  line.hang();
  await expect(client.set('key', 'late')).rejects.toThrow('Command timed out');

  await line.restore();
  await eventually(async () => expect(await redis.client.get('key')).toBe('late'));
});
