import { describe, expect, it } from '@jest/globals';
import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { Model } from '../provider.js';
import { anthropicFacts } from './anthropic-facts.js';
import { capabilitiesOf } from './capabilities.js';
import type { ModelFacts } from './facts.js';
import { openaiFacts } from './openai-facts.js';
import { shippedFactsOf } from './shipped.js';

const model = (id: string, facts: Pick<Model, 'facts' | 'configured'> = {}): Model => ({
  id,
  displayName: id,
  createdAt: new Date(0),
  ownedBy: 'test',
  ...facts,
});
const given = (facts: ModelFacts) => JSON.parse(JSON.stringify(facts)) as ModelFacts;

describe('what is known of a model', () => {
  it('is the operator’s word, then its provider’s, then what is shipped, and each says where it is from', () => {
    const { facts, sources } = capabilitiesOf(
      model('gpt-4o', { configured: { tools: false }, facts: { tools: true, context_window: 9 } }),
    );
    expect(facts).toMatchObject({ tools: false, context_window: 9, max_output_tokens: 16_384 });
    expect(sources).toMatchObject([
      { from: 'configuration', facts: { tools: false } },
      { from: 'provider', facts: { context_window: 9 } },
      { from: 'shipped', source: expect.stringContaining('https://'), as_of: expect.any(String) },
    ]);
    expect(sources[2]?.facts).not.toHaveProperty('tools');
  });

  it('is nothing of a model that nobody has described', () => {
    expect(capabilitiesOf(model('my-own', { facts: {} }))).toEqual({ facts: {}, sources: [] });
  });

  it('is shipped for dated releases and families, and not for names that only begin alike', () => {
    expect(shippedFactsOf('gpt-4o-2024-11-20')?.facts.max_output_tokens).toBe(16_384);
    expect(shippedFactsOf('claude-haiku-4-5-20251001')?.facts.caching).toBe(true);
    expect(shippedFactsOf('text-embedding-3-small')?.facts).toMatchObject({ embeddings: true, output: [] });
    expect(shippedFactsOf('gpt-4o-audio-preview')).toBeUndefined();
    expect(capabilitiesOf({ ...model('openai/o3'), provider: 'openai' }).facts.thinking).toBe(true);
  });
});

describe('the list of a provider', () => {
  it.each([
    ['vLLM', { id: 'a', max_model_len: 40_960 }, { context_window: 40_960 }],
    ['llama.cpp', { id: 'a', meta: { n_ctx_train: 1, n_ctx: 8192 } }, { context_window: 8192 }],
    ['Groq', { id: 'a', context_window: 8, max_completion_tokens: 4 }, { context_window: 8, max_output_tokens: 4 }],
    [
      'OpenRouter',
      {
        context_length: 100,
        top_provider: { max_completion_tokens: null },
        architecture: { input_modalities: ['text', 'file'], output_modalities: ['text'] },
        supported_parameters: ['tools', 'reasoning'],
      },
      {
        context_window: 100,
        input: ['text', 'document'],
        output: ['text'],
        embeddings: false,
        tools: true,
        structured_output: false,
        thinking: true,
      },
    ],
    ['OpenAI', { id: 'a', object: 'model', created: 1, owned_by: 'openai' }, {}],
    [
      'a server with fields of its own',
      { context_window: 'large', meta: 3, architecture: { input_modalities: 1 } },
      {},
    ],
  ])('of %s is understood', (_, entry, facts) => {
    expect(given(openaiFacts(entry))).toEqual(facts);
  });

  it('of Anthropic is understood, also where capabilities are missing', () => {
    const no = { supported: false };
    const yes = { supported: true };
    const info = {
      max_input_tokens: 200_000,
      max_tokens: 64_000,
      capabilities: { image_input: yes, pdf_input: no, structured_outputs: yes, thinking: no },
    } as unknown as ModelInfo;
    expect(given(anthropicFacts(info))).toEqual({
      context_window: 200_000,
      max_output_tokens: 64_000,
      input: ['text', 'image'],
      structured_output: true,
      thinking: false,
    });
    expect(given(anthropicFacts({}))).toEqual({});
  });
});
