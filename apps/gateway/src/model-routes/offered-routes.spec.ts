import { expect, it, jest } from '@jest/globals';
import { AppError } from '@parley/contracts';
import type { ModelFacts, ModelRouter, OfferedModel } from '@parley/llm';
import type { StoredRoute } from './model-route.js';
import { OfferedRoutes } from './offered-routes.js';
import type { TenantRoutes } from './tenant-routes.js';

const facts: Readonly<Record<string, ModelFacts>> = { 'one/a': { tools: true }, 'two/b': { tools: false } };
const createdAt = new Date(0);

function newOffered(targetsByName: Readonly<Record<string, readonly string[]>>) {
  const get = jest.fn(async (id: string): Promise<OfferedModel> => {
    const known = facts[id];
    if (!known) throw new AppError('model.not_found');
    return { id, displayName: id, createdAt, ownedBy: 'test', provider: 'test', facts: known };
  });
  const routes = Object.entries(targetsByName).map(([name, targets]) => {
    const route = { name, targets: targets.map((model) => ({ model })), createdAt };
    return [name, route as unknown as StoredRoute] as const;
  });
  const sut = new OfferedRoutes(
    { get } as Partial<ModelRouter> as ModelRouter,
    { of: () => new Map(routes) } as Partial<TenantRoutes> as TenantRoutes,
  );
  return { get, sut };
}

it('each target is looked up once for a list, however many routes lead to it', async () => {
  const { get, sut } = newOffered(
    Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`route-${index}`, ['one/a', 'two/b', 'gone']])),
  );
  await expect(sut.list('tenant')).resolves.toHaveLength(100);
  expect(get.mock.calls.map(([id]) => id)).toEqual(['one/a', 'two/b', 'gone']);
});

it('one route can do what its targets can, and of one that is not there nothing is known', async () => {
  const { get, sut } = newOffered({ first: ['one/a'], both: ['one/a', 'two/b'], dangling: ['one/a', 'gone'] });
  const read = async (name: string) => (await sut.get('tenant', name))?.facts;
  expect([await read('first'), await read('both'), await read('dangling')]).toEqual([
    { tools: true },
    { tools: false },
    {},
  ]);
  expect(get).toHaveBeenCalledTimes(5);
  await expect(sut.get('tenant', 'none')).resolves.toBeUndefined();
});
