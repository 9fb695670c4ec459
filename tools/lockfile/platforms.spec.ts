import { expect, it } from '@jest/globals';
import { missingPlatforms, withAllPlatforms, type Lockfile } from './platforms.ts';

const lock: Lockfile = {
  packages: {
    '': {},
    'node_modules/swc': {
      version: '1.0.0',
      dev: true,
      optionalDependencies: { '@swc/core-darwin-arm64': '1.0.0', '@swc/core-linux-x64-musl': '1.0.0' },
    },
    'node_modules/swc/node_modules/@swc/core-darwin-arm64': { version: '1.0.0' },
  },
};

it('describes the binaries that are missing by the platform in their names', () => {
  expect(missingPlatforms(lock)).toEqual({
    'node_modules/@swc/core-linux-x64-musl': {
      version: '1.0.0',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      dev: true,
      optional: true,
    },
  });
});

it('finds nothing missing in a lockfile that it completed', () => {
  expect(missingPlatforms(withAllPlatforms(lock))).toEqual({});
});
