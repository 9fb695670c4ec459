import { expect, it } from '@jest/globals';
import { pruneLockfile } from './lockfile.ts';
import type { LockedPackage } from './resolution.ts';

const lockOf = (packages: Record<string, LockedPackage>) => ({ name: 'workspace', lockfileVersion: 3, packages });

const link = (resolved: string): LockedPackage => ({ resolved, link: true });

const packages: Record<string, LockedPackage> = {
  '': { name: 'workspace', devDependencies: { jest: '1.0.0' } },
  'apps/shop': { name: '@parley/shop', dependencies: { '@parley/cart': '0.1.0', http: '2.0.0' } },
  'libs/cart': { name: '@parley/cart', dependencies: { list: '1.0.0' }, devDependencies: { jest: '1.0.0' } },
  'libs/cart/node_modules/list': { version: '1.0.0' },
  'libs/other': { name: '@parley/other', dependencies: { list: '9.0.0' } },
  'node_modules/@parley/cart': link('libs/cart'),
  'node_modules/@parley/other': link('libs/other'),
  'node_modules/http': {
    version: '2.0.0',
    peerDependencies: { tls: '*', zip: '*' },
    peerDependenciesMeta: { zip: { optional: true } },
  },
  'node_modules/jest': { version: '1.0.0' },
  'node_modules/list': { version: '9.0.0' },
  'node_modules/tls': { version: '3.0.0', optionalDependencies: { 'tls-linux': '3.0.0' } },
  'node_modules/tls-linux': { version: '3.0.0', optional: true },
  'node_modules/zip': { version: '4.0.0' },
};

it('keeps what the application reaches through libraries, required peers and optional binaries, and nothing else', () => {
  const pruned = pruneLockfile(lockOf(packages), 'apps/shop');

  expect(Object.keys(pruned.packages)).toEqual([
    '',
    'libs/cart',
    'libs/cart/node_modules/list',
    'node_modules/@parley/cart',
    'node_modules/http',
    'node_modules/tls',
    'node_modules/tls-linux',
  ]);
});

it('makes the application the root, with its libraries as workspaces', () => {
  const pruned = pruneLockfile(lockOf(packages), 'apps/shop');

  expect(pruned.name).toBe('@parley/shop');
  expect(pruned.packages['']).toEqual({ ...packages['apps/shop'], workspaces: ['libs/*'] });
});

it('names no development dependency', () => {
  const pruned = pruneLockfile(lockOf(packages), 'apps/shop');

  expect(pruned.packages['libs/cart']).toEqual({ name: '@parley/cart', dependencies: { list: '1.0.0' } });
});

it('moves a package of the application’s own to the top', () => {
  const own = {
    ...packages,
    'apps/shop/node_modules/tls': { version: '2.9.0' },
    'node_modules/http': { version: '2.0.0' },
  };
  const shop = { name: '@parley/shop', dependencies: { tls: '2.9.0' } };

  const pruned = pruneLockfile(lockOf({ ...own, 'apps/shop': shop }), 'apps/shop');

  expect(pruned.packages['node_modules/tls']).toEqual({ version: '2.9.0' });
});

it('gives a library the version that it was tested with where the application needs another', () => {
  const shop = { name: '@parley/shop', dependencies: { '@parley/other': '0.1.0', list: '1.0.0' } };
  const twoVersions = {
    ...packages,
    'apps/shop': shop,
    'apps/shop/node_modules/list': { version: '1.0.0' },
    'node_modules/list': { version: '9.0.0', dependencies: { item: '2.0.0' } },
    'node_modules/list/node_modules/item': { version: '2.0.0' },
  };

  const pruned = pruneLockfile(lockOf(twoVersions), 'apps/shop');

  expect(Object.entries(pruned.packages).map(([path, { version }]) => [path, version])).toEqual([
    ['', undefined],
    ['libs/other', undefined],
    ['libs/other/node_modules/list', '9.0.0'],
    ['libs/other/node_modules/list/node_modules/item', '2.0.0'],
    ['node_modules/@parley/other', undefined],
    ['node_modules/list', '1.0.0'],
  ]);
});
