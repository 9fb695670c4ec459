import { expect, it } from '@jest/globals';
import type { Completion, Identity } from '@parley/contracts';
import type { CircleService } from '../circle/circle.service.js';
import type { Ask } from '../completions/answering.js';
import type { CompletionsService } from '../completions/completions.service.js';
import { ModelsAndCircle } from '../completions/models-and-circle.js';

/** A question to this model, from a key that may ask these. */
function asking(model: string, models?: readonly string[]) {
  const answers = { complete: async () => ({ model }) as Completion };
  const sut = new ModelsAndCircle(answers as unknown as CompletionsService, answers as unknown as CircleService);
  const caller: Pick<Identity, 'models'> = { ...(models && { models: new Set(models) }) };
  return sut.complete({ caller, request: { model, stream: false, messages: [] } } as unknown as Ask);
}

it.each(['small', 'circle'])('a key without a list may ask %s', async (model) => {
  expect(await asking(model)).toEqual({ model });
});

it('a key with a list may ask what is on it, the circle too', async () => {
  expect(await asking('small', ['small', 'circle'])).toEqual({ model: 'small' });
  expect(await asking('circle', ['small', 'circle'])).toEqual({ model: 'circle' });
});

it.each(['large', 'circle', 'provider/small'])('and nothing else, such as %s', async (model) => {
  await expect(asking(model, ['small'])).rejects.toMatchObject({
    code: 'model.not_allowed',
    text: { fields: [{ path: 'model' }] },
  });
});
