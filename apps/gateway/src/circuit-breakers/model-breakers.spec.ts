import { expect, it } from '@jest/globals';
import { circuitBreaker } from '@parley/resilience';
import { modelBreakers } from './model-breakers.js';

it('a breaker of a model that its own provider does not list goes by a name that somebody typed', () => {
  const named = (name: string) => circuitBreaker({ name });
  const guard = (name: string, label: string, ...models: string[]) => ({
    provider: { name },
    breakerStates: new Map(models.map((model) => [model, named(`${label}/${model}`)])),
  });
  const guards = [
    guard('acme', 'acme', 'listed', 'typed'),
    guard('acme', 'acme#2', 'listed'),
    guard('other', 'other', 'listed'),
  ];
  const lists = (provider: string, model: string) => provider === 'acme' && model === 'listed';

  const registered = modelBreakers({ guards, lists } as unknown as Parameters<typeof modelBreakers>[0]);

  expect(registered.map(({ breaker: { name }, namedByCaller }) => [name, namedByCaller])).toEqual([
    ['acme/listed', false],
    ['acme/typed', true],
    ['acme#2/listed', false],
    ['other/listed', true],
  ]);
});
