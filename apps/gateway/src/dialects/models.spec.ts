import { describe, expect, it } from '@jest/globals';
import type { OfferedModel } from '@parley/llm';
import { modelListQuery, toAnthropicModel, toAnthropicModelList } from './anthropic/models.js';
import { toOpenAiModelList } from './openai/models.js';

const model = (id: string): OfferedModel => ({
  id,
  provider: 'openai',
  displayName: id,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  ownedBy: 'someone',
});
const models = ['a', 'b', 'c', 'd', 'e'].map(model);

describe('the list of models', () => {
  it('for OpenAI’s clients is one page', () => {
    const { object, data } = toOpenAiModelList(models);
    expect(object).toBe('list');
    expect(data).toHaveLength(5);
    expect(data[0]).toMatchObject({
      id: 'a',
      object: 'model',
      created: 1_767_225_600,
      owned_by: 'someone',
      provider: 'openai',
    });
  });

  it.each([
    [{ limit: 2 }, ['a', 'b'], true],
    [{ limit: 2, after_id: 'b' }, ['c', 'd'], true],
    [{ limit: 2, after_id: 'd' }, ['e'], false],
    [{ limit: 2, before_id: 'd' }, ['b', 'c'], true],
    [{ limit: 9, before_id: 'c' }, ['a', 'b'], false],
    [{}, ['a', 'b', 'c', 'd', 'e'], false],
  ])('for Anthropic’s clients with %j is the page %j', (query, ids, has_more) => {
    const page = toAnthropicModelList(models, modelListQuery.parse(query));
    expect(page.data.map(({ id }) => id)).toEqual(ids);
    expect(page).toMatchObject({ has_more, first_id: ids.at(0), last_id: ids.at(-1) });
  });

  it('describes Anthropic’s own models as Anthropic does', () => {
    const value = { type: 'model', id: 'claude-x', capabilities: { batch: { supported: true } } };
    expect(toAnthropicModel({ ...model('claude-x'), native: { vendor: 'anthropic', value } })).toEqual(value);
    expect(toAnthropicModel(model('a'))).toMatchObject({
      type: 'model',
      display_name: 'a',
      lifecycle: 'active',
      capabilities: null,
    });
  });
});
