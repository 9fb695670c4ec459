import { describe, expect, it } from '@jest/globals';
import type { Identity } from '@parley/contracts';
import { ManualClock } from '@parley/resilience/testing';
import type { ServiceClient } from '@parley/service-client';
import type { AskingOptions } from './asking.options.js';
import { Models } from './models.js';

/** Two experts, of whom the second has a model of its own, and a gateway that lists two. */
function newModels({ own = null, configured }: { own?: string | null; configured?: string } = {}) {
  const experts = [
    { id: 'a', name: 'Analyst', description: '', instructions: '', model: null },
    { id: 's', name: 'Skeptic', description: '', instructions: '', model: own },
  ];
  const client = { call: async () => ({ data: [{ id: 'circle' }, { id: 'large' }, { id: 'small' }] }) };
  const sut = new Models(
    { experts },
    client as unknown as ServiceClient,
    { model: configured } as AskingOptions,
    new ManualClock(),
  );
  const equip = async (models?: readonly string[], wanted?: string) => {
    const caller = { tenantId: 'acme', ...(models && { models: new Set(models) }) } as unknown as Identity;
    return (await sut.equip(caller, 'a token', wanted)).map(({ model }) => model);
  };
  return equip;
}

describe('the model of an expert', () => {
  it('is its own, else the question’s, else the configured one, else the first that is listed', async () => {
    expect(await newModels({ own: 'its-own', configured: 'configured' })(undefined, 'wanted')).toEqual([
      'wanted',
      'its-own',
    ]);
    expect(await newModels({ configured: 'configured' })()).toEqual(['configured', 'configured']);
    expect(await newModels()()).toEqual(['large', 'large']);
  });

  it('is one that the caller’s key may ask, whatever was listed for another key of the tenant', async () => {
    const equip = newModels();
    expect(await equip()).toEqual(['large', 'large']);
    expect(await equip(['circle', 'small'])).toEqual(['small', 'small']);
  });

  it.each([
    ['the question’s', newModels(), ['small'], 'large'],
    ['an expert’s own', newModels({ own: 'large' }), ['small'], undefined],
    ['the configured one', newModels({ configured: 'large' }), ['small'], undefined],
    ['the circle, and no other', newModels(), ['circle'], undefined],
  ] as const)(
    'is refused before anybody is asked where the key may not ask it: %s',
    async (_, equip, models, wanted) => {
      await expect(equip(models, wanted)).rejects.toMatchObject({ code: 'model.not_allowed' });
    },
  );
});
