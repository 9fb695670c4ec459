import { expect, it } from '@jest/globals';
import { parseConfig } from '@parley/service-kit';
import { config } from '../config.js';
import { ServersOptions } from './servers.options.js';

const env = {
  DATABASE_URL: 'postgres://app:s3cret@localhost/hub',
  DATABASE_SYSTEM_URL: 'postgres://system:s3cret@localhost/hub',
  REDIS_URL: 'redis://localhost',
  AMQP_URL: 'amqp://localhost',
  PATH: '/bin',
  LANG: 'C',
};

it.each([
  [{ HOME: '/home/hub' }, { PATH: '/bin', LANG: 'C', HOME: '/home/hub' }],
  [{}, { PATH: '/bin', LANG: 'C' }],
])('servers inherit PATH, LANG and HOME, as far as they are set, and nothing else', (more, inherited) => {
  expect(new ServersOptions(parseConfig(config, { ...env, ...more })).inherited).toEqual(inherited);
});
