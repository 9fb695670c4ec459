import { expect, it } from '@jest/globals';
import { newProvider, request, routerOf } from './providers.fixture.js';

it('a model is listed by each provider that has it, once its list was read, and by no other', async () => {
  const first = newProvider('first', ['shared']);
  const second = newProvider('second', ['shared', 'org/model']);
  const { sut } = routerOf({ providers: [first.provider, second.provider] });
  expect(sut.lists('first', 'shared')).toBe(false);

  await sut.list();
  await sut.complete(request('second/typed'));

  const asked = [
    'first/shared',
    'second/shared',
    'second/org/model',
    'first/org/model',
    'second/typed',
    'third/shared',
  ];
  const listed = asked.filter((name) => sut.lists(name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)));
  expect(listed).toEqual(['first/shared', 'second/shared', 'second/org/model']);
});
