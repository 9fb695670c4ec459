import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { discoveryConfig } from './config.js';
import { StaticAddresses } from './static-addresses.js';

const parse = (PARLEY_ADDRESSES: string) => z.object(discoveryConfig).safeParse({ PARLEY_ADDRESSES });

function instancesOf(service: string, list: string) {
  const { PARLEY_ADDRESSES } = z.object(discoveryConfig).parse({ PARLEY_ADDRESSES: list });
  const origins: string[] = [];
  new StaticAddresses(PARLEY_ADDRESSES).follow(service, ({ instances }) => {
    origins.push(...instances.map(({ origin }) => origin));
  });
  return origins;
}

describe('PARLEY_ADDRESSES', () => {
  it('names several addresses of several services', () => {
    const list = 'auth=http://10.0.0.5:4001, auth=http://10.0.0.6:4001,mcp-hub=http://[::1]:4004';
    expect(instancesOf('auth', list)).toEqual(['http://10.0.0.5:4001', 'http://10.0.0.6:4001']);
    expect(instancesOf('mcp-hub', list)).toEqual(['http://[::1]:4004']);
    expect(instancesOf('gateway', list)).toEqual([]);
  });

  it('takes port 80 where none is given', () => {
    expect(instancesOf('auth', 'auth=http://auth')).toEqual(['http://auth:80']);
  });

  it.each(['auth', '=http://x', 'auth=x:1', 'auth=https://x:1', 'auth=http://x:1;gateway=http://y:1'])(
    'refuses %s',
    (list) => {
      expect(parse(list).success).toBe(false);
    },
  );

  it('may be empty', () => {
    expect(parse('').data?.PARLEY_ADDRESSES).toEqual([]);
  });
});
