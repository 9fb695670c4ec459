import { schema, type Form } from './feature.ts';
import { page } from './sources.ts';

const user = (content: unknown): Form => ({ role: 'user', content });
const hi = user('hi');
const input = (...items: readonly Form[]): Form => ({ input: items });
const part = (type: string, fields: Form): Form => input(user([{ type, ...fields }]));
const image = (fields: Form): Form => part('input_image', { detail: 'auto', ...fields });
const file = (fields: Form): Form => part('input_file', fields);
const said = (...content: readonly Form[]): Form => ({ type: 'message', id: 'msg_1', role: 'assistant', content });
const text = (words: string, annotations: readonly Form[] = []): Form => ({
  type: 'output_text',
  text: words,
  annotations,
});
const after = (...items: readonly Form[]): Form => input(hi, ...items, hi);

const fn = (more: Form = {}): Form => ({ type: 'function', name: 'weather', parameters: schema, ...more });
const withChoice = (tool_choice: unknown, more: Form = {}): Form => ({ tools: [fn()], tool_choice, ...more });
const call = (call_id: string, words = '{"city":"Bonn"}'): Form => ({
  type: 'function_call',
  id: `fc_${call_id}`,
  call_id,
  name: 'weather',
  arguments: words,
});
const result = (call_id: string, output: unknown = '9 °C'): Form => ({ type: 'function_call_output', call_id, output });

/** A thought as we give it to clients. */
export const sealed = (fields: Form): string =>
  `parley.1.${Buffer.from(JSON.stringify({ text: '', ...fields })).toString('base64url')}`;
const thought = (encrypted_content: string | null, words?: string): Form => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: words === undefined ? [] : [{ type: 'summary_text', text: words }],
  encrypted_content,
});
const ok = said(text('ok'));
const format = (fields: Form): Form => ({
  text: { format: { type: 'json_schema', name: 'answer', schema, ...fields } },
});
const over = { type: 'url_citation', start_index: 0, end_index: 2, title: 'X', url: 'https://x' };
const longPart = { text: 'long', prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } };

/** How the Responses dialect says what a request may say, by the feature. */
export const responsesWords: Readonly<Record<string, Form>> = {
  'turns of text, whatever its characters': input(hi, { role: 'assistant', content: 'ok' }, user('“é” 🦜 \ud800')),
  'system instruction': { instructions: 'Be kind.' },
  'developer instruction': input({ role: 'developer', content: 'Be kind.' }, hi),
  'instruction among the turns': input(hi, ok, { role: 'system', content: 'Be brief.' }, hi),
  'image as bytes': image({ image_url: 'data:image/png;base64,iVBORw0KGgo=' }),
  'image by URL': image({ image_url: 'https://example.org/a.png' }),
  'image that was uploaded': image({ file_id: 'file_1' }),
  'how closely an image is looked at': image({ image_url: 'https://x/a.png', detail: 'high' }),
  'PDF as bytes, with its name': file({ file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' }),
  'document that was uploaded': file({ file_id: 'file_1' }),
  'document by URL': file({ file_url: 'https://x/a.pdf' }),
  'Anthropic’s citation, given back': after(said(text('ok', [{ ...over, citation: page }]))),
  'OpenAI’s citation, given back': after(said(text('ok', [over]))),
  'function with its schema': { tools: [fn()] },
  description: { tools: [fn({ description: 'It' })] },
  'strict schema': { tools: [fn({ strict: true })] },
  'tools in a free format': {
    tools: [
      {
        type: 'custom',
        name: 'c',
        description: 'It',
        format: { type: 'grammar', definition: 'a', syntax: 'lark' },
      },
    ],
  },
  'search on the web that OpenAI runs': { tools: [{ type: 'web_search', search_context_size: 'low' }] },
  'any or none': withChoice('auto'),
  'none, though there are tools': withChoice('none'),
  'some tool': withChoice('required'),
  'this tool': withChoice({ type: 'function', name: 'weather' }),
  'one of these tools': withChoice({
    type: 'allowed_tools',
    mode: 'auto',
    tools: [{ type: 'function', name: 'weather' }],
  }),
  'this tool, in a free format': withChoice({ type: 'custom', name: 'c' }),
  'one call at a time': withChoice('auto', { parallel_tool_calls: false }),
  'several calls at once and their results, in order': input(
    hi,
    call('a'),
    call('b'),
    result('b', '1'),
    result('a', '2'),
  ),
  'call without arguments, result without text': input(hi, call('a', '{}'), result('a', '')),
  'call whose id other providers made': input(hi, call('functions.weather:0'), result('functions.weather:0')),
  'image in a result': input(
    hi,
    call('a'),
    result('a', [{ type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }]),
  ),
  'call of a tool in a free format': input(
    hi,
    { type: 'custom_tool_call', call_id: 'a', name: 'c', input: 'x' },
    { type: 'custom_tool_call_output', call_id: 'a', output: '9 °C' },
  ),
  'limit of its length': { max_output_tokens: 50 },
  'temperature and top_p': { temperature: 0.2, top_p: 0.5 },
  'probabilities of tokens': { include: ['message.output_text.logprobs'], top_logprobs: 2 },
  wordiness: { text: { verbosity: 'low' } },
  moderation: { moderation: { model: 'm', policy: { input: { mode: 'block' } } } },
  'JSON that fits a strict schema': format({ strict: true }),
  'what the schema is for': format({ description: 'It' }),
  'JSON without a schema': { text: { format: { type: 'json_object' } } },
  effort: { reasoning: { effort: 'high' } },
  'least effort': { reasoning: { effort: 'minimal' } },
  'no thinking': { reasoning: { effort: 'none' } },
  'thinking as far as it is useful': { reasoning: { summary: 'auto' } },
  'signed thoughts, given back': after(thought(sealed({ text: 'hm', signature: 'c2ln' })), ok),
  'hidden thoughts, given back': after(thought(sealed({ redacted: 'c2VjcmV0' })), ok),
  'unsigned thoughts, given back': after(thought(null, 'hm'), ok),
  'OpenAI’s breakpoint in a turn': part('input_text', longPart),
  'key of the cache': { prompt_cache_key: 'k' },
  'how it is kept': { prompt_cache_retention: '24h' },
  'how it is marked': { prompt_cache_options: { mode: 'explicit', ttl: '30m' } },
  'end user': { user: 'u' },
  'end user, in the newer field': { safety_identifier: 'u' },
  'both fields of the end user': { user: 'u', safety_identifier: 's' },
  'kept by the provider': { store: true },
  'tier of service': { service_tier: 'flex' },
};
