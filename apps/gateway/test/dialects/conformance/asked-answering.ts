import { hi, schema, type Asked, type Form, type Forms, type Group } from './feature.ts';

const one = (feature: string, forms: Forms): Asked => ({ feature, forms });
const chatOnly = (feature: string, chat: Form): Asked => one(feature, { chat });
const messagesOnly = (feature: string, messages: Form): Asked => one(feature, { messages });
const format = (type: string, json_schema: Form): Form => ({ response_format: { type, json_schema } });

export const limits: Group<Asked> = {
  title: 'How the answer is written',
  rows: [
    {
      feature: 'limit of its length',
      forms: { messages: { max_tokens: 50 } },
      told: {
        openai: { form: { max_completion_tokens: 50 }, as: '' },
        other: { form: { max_tokens: 50 }, as: '' },
      },
    },
    {
      feature: 'limit of its length, in the field that was asked with',
      forms: { chat: { max_completion_tokens: 50 } },
      told: { anthropic: { form: { max_tokens: 50 }, as: '' } },
    },
    {
      feature: 'limit of its length, in the older field',
      forms: { chat: { max_tokens: 50 } },
      told: { anthropic: { form: { max_tokens: 50 }, as: '' } },
    },
    one('stop sequences', { chat: { stop: ['END', '\n\n'] }, messages: { stop_sequences: ['END', '\n\n'] } }),
    {
      feature: 'temperature and top_p',
      forms: { chat: { temperature: 0.2, top_p: 0.5 } },
    },
    {
      feature: 'sampling in Anthropic’s version of 2023-06-01',
      headers: { 'anthropic-version': '2023-06-01' },
      forms: { messages: { temperature: 0.2, top_p: 0.5, top_k: 5 } },
    },
    chatOnly('seed', { seed: 7 }),
    chatOnly('penalties', { frequency_penalty: 0.5, presence_penalty: 0.5 }),
    chatOnly('weights of tokens', { logit_bias: { '50256': -100 } }),
    chatOnly('probabilities of tokens', { logprobs: true, top_logprobs: 2 }),
    chatOnly('several answers at once', { n: 2 }),
    chatOnly('wordiness', { verbosity: 'low' }),
    chatOnly('text that is expected', { prediction: { type: 'content', content: 'x' } }),
    chatOnly('spoken answer', { modalities: ['text', 'audio'], audio: { format: 'mp3', voice: 'ash' } }),
    chatOnly('noise that hides the lengths of chunks', { stream_options: { include_obfuscation: true } }),
    chatOnly('moderation', {
      moderation: { model: 'm', policy: { input: { mode: 'block' }, output: { mode: 'score' } } },
    }),
    messagesOnly('speed', { speed: 'fast' }),
  ],
};

export const structured: Group<Asked> = {
  title: 'Structured output',
  rows: [
    {
      feature: 'JSON that fits a strict schema',
      forms: {
        chat: format('json_schema', { name: 'answer', schema, strict: true }),
        messages: { output_config: { format: { type: 'json_schema', schema } } },
      },
    },
    one('what the schema is for', { chat: format('json_schema', { name: 'answer', schema, description: 'It' }) }),
    chatOnly('JSON without a schema', { response_format: { type: 'json_object' } }),
  ],
};

const thought = (content: readonly Form[]): Form => ({ messages: [hi, { role: 'assistant', content }, hi] });
const detailed = (details: readonly Form[]): Form => ({
  messages: [hi, { role: 'assistant', content: 'ok', reasoning_details: details }, hi],
});
const ok = { type: 'text', text: 'ok' };

export const thinking: Group<Asked> = {
  title: 'Thinking',
  rows: [
    one('effort', { chat: { reasoning_effort: 'high' }, messages: { output_config: { effort: 'high' } } }),
    {
      feature: 'least effort',
      forms: { chat: { reasoning_effort: 'minimal' } },
      told: { anthropic: { form: { output_config: { effort: 'low' } }, as: 'as `low`' } },
    },
    {
      feature: 'no thinking',
      forms: { chat: { reasoning_effort: 'none' } },
      told: { anthropic: { form: { thinking: { type: 'disabled' } }, as: 'as `thinking`' } },
    },
    messagesOnly('thinking as far as it is useful', { thinking: { type: 'adaptive', display: 'summarized' } }),
    messagesOnly('budget of thinking', { thinking: { type: 'enabled', budget_tokens: 2048 } }),
    messagesOnly('thinking between tools', { thinking: { type: 'between_tools' } }),
    one('signed thoughts, given back', {
      chat: detailed([{ type: 'reasoning.text', text: 'hm', signature: 'c2ln' }]),
      messages: thought([{ type: 'thinking', thinking: 'hm', signature: 'c2ln' }, ok]),
    }),
    one('hidden thoughts, given back', {
      chat: detailed([{ type: 'reasoning.encrypted', data: 'c2VjcmV0' }]),
      messages: thought([{ type: 'redacted_thinking', data: 'c2VjcmV0' }, ok]),
    }),
    {
      feature: 'unsigned thoughts, given back',
      forms: {
        chat: { messages: [hi, { role: 'assistant', content: 'ok', reasoning_content: 'hm' }, hi] },
        messages: thought([{ type: 'thinking', thinking: 'hm', signature: '' }, ok]),
      },
    },
  ],
};

const mark = { cache_control: { type: 'ephemeral' } };
const picture = { type: 'image', source: { type: 'url', url: 'https://x/a.png' } };
const paper = { type: 'document', source: { type: 'file', file_id: 'file_1' } };
const marked = { type: 'text', text: 'long', cache_control: { type: 'ephemeral', ttl: '1h' } };
const breakpoint = { type: 'text', text: 'long', prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } };

export const caching: Group<Asked> = {
  title: 'Prompt cache',
  rows: [
    messagesOnly('mark in a turn', { messages: [{ role: 'user', content: [marked] }] }),
    messagesOnly('marks at an image, a document, a call and its result', {
      messages: [
        {
          role: 'user',
          content: [
            { ...picture, ...mark },
            { ...paper, ...mark },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {}, ...mark }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: '1', ...mark }] },
      ],
    }),
    messagesOnly('mark in the instructions', { system: [marked] }),
    messagesOnly('mark at a tool', {
      tools: [{ name: 'f', input_schema: schema, cache_control: { type: 'ephemeral' } }],
    }),
    messagesOnly('mark where it is best', { cache_control: { type: 'ephemeral' } }),
    {
      feature: 'OpenAI’s breakpoint in a turn',
      forms: { chat: { messages: [{ role: 'user', content: [breakpoint] }] } },
      told: {
        anthropic: { form: { messages: [{ role: 'user', content: [marked] }] }, as: 'as a mark, for an hour at most' },
      },
    },
    {
      feature: 'OpenAI’s breakpoints at an image and a file',
      forms: {
        chat: {
          messages: [
            {
              role: 'user',
              content: [
                {
                  type: 'image_url',
                  image_url: { url: 'https://x/a.png' },
                  prompt_cache_breakpoint: { mode: 'explicit' },
                },
                { type: 'file', file: { file_id: 'file_1' }, prompt_cache_breakpoint: { mode: 'explicit' } },
              ],
            },
          ],
        },
      },
      told: {
        anthropic: {
          form: {
            messages: [
              {
                role: 'user',
                content: [
                  { ...picture, ...mark },
                  { ...paper, ...mark },
                ],
              },
            ],
          },
          as: 'as marks',
        },
      },
    },
    chatOnly('key of the cache', { prompt_cache_key: 'k' }),
    chatOnly('how it is kept', { prompt_cache_retention: '24h' }),
    chatOnly('how it is marked', { prompt_cache_options: { mode: 'explicit', ttl: '30m' } }),
    messagesOnly('why it was missed', { diagnostics: { previous_message_id: 'msg_0' } }),
  ],
};

export const account: Group<Asked> = {
  title: 'For whom, and where',
  rows: [
    {
      feature: 'end user',
      forms: { chat: { user: 'u' }, messages: { metadata: { user_id: 'u' } } },
    },
    {
      feature: 'end user, in the newer field',
      forms: { chat: { safety_identifier: 'u' } },
      told: { anthropic: { form: { metadata: { user_id: 'u' } }, as: '' } },
    },
    chatOnly('both fields of the end user', { user: 'u', safety_identifier: 's' }),
    chatOnly('metadata', { metadata: { a: 'b' } }),
    chatOnly('kept by the provider', { store: true }),
    one('tier of service', { chat: { service_tier: 'flex' } }),
    messagesOnly('standard tier alone', { service_tier: 'standard_only' }),
    messagesOnly('where it is answered', { inference_geo: 'eu' }),
    messagesOnly('container and skills', {
      container: { id: 'c', skills: [{ skill_id: 's', type: 'anthropic', version: '1' }] },
    }),
    {
      feature: 'beta features of Anthropic’s, by header',
      headers: { 'anthropic-beta': 'x-2026-01-01' },
      forms: { messages: {} },
    },
  ],
};
