import { describe, expect, it } from '@jest/globals';
import type { OfferedModel } from '@parley/llm';
import { modelCapabilitiesList, toModelCapabilities } from './model-capabilities.js';

const model = (id: string, fields: Partial<OfferedModel> = {}): OfferedModel => ({
  id,
  provider: 'openai',
  displayName: id,
  createdAt: new Date(0),
  ownedBy: 'someone',
  ...fields,
});

describe('the capabilities of a model', () => {
  it('are facts with their sources, and null where nobody says', () => {
    const described = toModelCapabilities(
      model('qwen3', { configured: { tools: true }, facts: { context_window: 9 } }),
    );
    expect(described).toEqual({
      id: 'qwen3',
      provider: 'openai',
      context_window: 9,
      max_output_tokens: null,
      input: null,
      output: null,
      tools: true,
      structured_output: null,
      thinking: null,
      caching: null,
      embeddings: null,
      dialects: ['chat_completions', 'messages', 'responses'],
      sources: [
        { from: 'configuration', facts: ['tools'] },
        { from: 'provider', facts: ['context_window'] },
      ],
    });
  });

  it('name page and day where they are shipped', () => {
    const { sources } = toModelCapabilities(model('gpt-4o'));
    expect(sources).toMatchObject([
      { from: 'shipped', url: expect.stringContaining('https://'), as_of: expect.any(String) },
    ]);
  });

  it('of one that makes vectors alone name no dialect for questions', () => {
    expect(toModelCapabilities(model('text-embedding-3-small')).dialects).toEqual(['embeddings']);
  });

  it('fit the schema that is promised, known or not', () => {
    const data = [model('my-own'), model('gpt-4o'), model('text-embedding-3-small')].map(toModelCapabilities);
    expect(modelCapabilitiesList.parse({ object: 'list', data }).data).toEqual(data);
  });
});
