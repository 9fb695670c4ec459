import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secrets } from '../secrets.ts';
import { newHome } from './places.ts';

// Real: the file system.
let place: ReturnType<typeof newHome>;
beforeEach(() => {
  place = newHome();
});
afterEach(() => place.remove());

it('keeps a secret from the first time it is asked for, whoever else writes between', () => {
  const [one, other] = [new Secrets(place.home), new Secrets(place.home)];

  const redis = one.get('redis');
  const key = other.get('demo_api_key', () => 'ply_x');

  expect([other.get('redis'), one.get('demo_api_key')]).toEqual([redis, key]);
  expect(new Secrets(place.home).get('redis')).toBe(redis);
});

it('writes them for their owner alone', () => {
  new Secrets(place.home).get('redis');

  expect(statSync(join(place.home, 'secrets.json')).mode & 0o777).toBe(0o600);
});

it('never replaces a file that it cannot read', () => {
  writeFileSync(join(place.home, 'secrets.json'), '{"redis":');

  expect(() => new Secrets(place.home).get('redis')).toThrow('cannot be read: repair it, or begin anew');
});
