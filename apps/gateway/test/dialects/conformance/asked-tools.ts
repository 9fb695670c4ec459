import { hi, schema, user, type Asked, type Form, type Group } from './feature.ts';

const fn = (more: Form = {}): Form => ({
  type: 'function',
  function: { name: 'weather', parameters: schema, ...more },
});
const tool = (more: Form = {}): Form => ({ name: 'weather', input_schema: schema, ...more });
const both = { chat: { tools: [fn()] }, messages: { tools: [tool()] } };
const withChoice = (chat: unknown, messages: Form) => ({
  chat: { ...both.chat, tool_choice: chat },
  messages: { ...both.messages, tool_choice: messages },
});
/** Anthropic's form of something that its dialect alone has. */
const ofTool = (more: Form) => ({ messages: { tools: [tool(more)] } });

const call = (id: string, text = '{"city":"Bonn"}'): Form => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: text },
});
const use = (id: string, input: Form = { city: 'Bonn' }, more: Form = {}): Form => ({
  type: 'tool_use',
  id,
  name: 'weather',
  input,
  ...more,
});
const result = (tool_use_id: string, more: Form): Form => ({ type: 'tool_result', tool_use_id, ...more });
const called = (calls: readonly Form[], ...after: readonly Form[]): Form => ({
  messages: [hi, { role: 'assistant', content: null, tool_calls: calls }, ...after],
});
const used = (uses: readonly Form[], ...results: readonly Form[]): Form => ({
  messages: [hi, { role: 'assistant', content: uses }, user(...results)],
});
const answered = (tool_call_id: string, content: unknown = '9 °C'): Form => ({ role: 'tool', tool_call_id, content });
const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };

export const tools: Group<Asked> = {
  title: 'Tools',
  rows: [
    { feature: 'function with its schema', forms: both },
    {
      feature: 'description',
      forms: { chat: { tools: [fn({ description: 'It' })] }, messages: { tools: [tool({ description: 'It' })] } },
    },
    {
      feature: 'strict schema',
      forms: { chat: { tools: [fn({ strict: true })] }, messages: { tools: [tool({ strict: true })] } },
    },
    {
      feature: 'tools in a free format',
      forms: {
        chat: {
          tools: [
            {
              type: 'custom',
              custom: {
                name: 'c',
                description: 'It',
                format: { type: 'grammar', grammar: { definition: 'a', syntax: 'lark' } },
              },
            },
          ],
        },
      },
    },
    {
      feature: 'tools that Anthropic runs',
      forms: {
        messages: {
          tools: [
            {
              type: 'web_search_20260318',
              name: 'web_search',
              max_uses: 2,
              allowed_domains: ['x.org'],
              user_location: { type: 'approximate', city: 'Bonn' },
            },
          ],
        },
      },
    },
    {
      feature: 'tools that Anthropic defines',
      forms: { messages: { tools: [{ type: 'bash_20250124', name: 'bash' }] } },
    },
    {
      feature: 'search on the web that OpenAI runs',
      forms: {
        chat: {
          web_search_options: {
            search_context_size: 'low',
            user_location: {
              type: 'approximate',
              approximate: { city: 'Bonn', country: 'DE', region: 'NRW', timezone: 'Europe/Berlin' },
            },
          },
        },
      },
    },
    { feature: 'examples of input', forms: ofTool({ input_examples: [{ city: 'Bonn' }] }) },
    { feature: 'who may call a tool', forms: ofTool({ allowed_callers: ['direct'] }) },
    { feature: 'tools that are loaded later', forms: ofTool({ defer_loading: true }) },
    { feature: 'input streamed as it is written', forms: ofTool({ eager_input_streaming: true }) },
    {
      feature: 'deprecated functions',
      forms: {
        chat: { functions: [{ name: 'f', description: 'It', parameters: schema }], function_call: { name: 'f' } },
      },
    },
  ],
};

export const choices: Group<Asked> = {
  title: 'Choice of tools',
  rows: [
    { feature: 'any or none', forms: withChoice('auto', { type: 'auto' }) },
    { feature: 'none, though there are tools', forms: withChoice('none', { type: 'none' }) },
    { feature: 'some tool', forms: withChoice('required', { type: 'any' }) },
    {
      feature: 'this tool',
      forms: withChoice({ type: 'function', function: { name: 'weather' } }, { type: 'tool', name: 'weather' }),
    },
    {
      feature: 'one of these tools',
      forms: {
        chat: {
          ...both.chat,
          tool_choice: {
            type: 'allowed_tools',
            allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'weather' } }] },
          },
        },
      },
    },
    {
      feature: 'this tool, in a free format',
      forms: { chat: { ...both.chat, tool_choice: { type: 'custom', custom: { name: 'c' } } } },
    },
    {
      feature: 'one call at a time',
      forms: {
        chat: { ...both.chat, tool_choice: 'auto', parallel_tool_calls: false },
        messages: { ...both.messages, tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      },
    },
  ],
};

export const calls: Group<Asked> = {
  title: 'Calls and their results, given back',
  rows: [
    {
      feature: 'several calls at once and their results, in order',
      forms: {
        chat: called([call('a'), call('b')], answered('b', '1'), answered('a', '2')),
        messages: used([use('a'), use('b')], result('b', { content: '1' }), result('a', { content: '2' })),
      },
    },
    {
      feature: 'call without arguments, result without text',
      forms: {
        chat: called([call('a', '{}')], answered('a', '')),
        messages: used([use('a', {})], result('a', {})),
      },
      told: { anthropic: { form: used([use('a', {})], result('a', {})), as: '' } },
    },
    {
      feature: 'call whose id other providers made',
      forms: { chat: called([call('functions.weather:0')], answered('functions.weather:0')) },
      told: {
        anthropic: {
          form: used(
            [use('functions_weather_0_c8cf447133ca')],
            result('functions_weather_0_c8cf447133ca', { content: '9 °C' }),
          ),
          as: 'with an id that it takes',
        },
      },
    },
    {
      feature: 'result that is an error',
      forms: { messages: used([use('a')], result('a', { content: 'no', is_error: true })) },
    },
    {
      feature: 'image in a result',
      forms: { messages: used([use('a')], result('a', { content: [{ type: 'image', source: png }] })) },
      told: Object.fromEntries(
        ['openai', 'other'].map((target) => [
          target,
          {
            form: called(
              [call('a')],
              answered('a', 'See the attachment.'),
              user(
                { type: 'text', text: 'Of the result of a:' },
                { type: 'image_url', image_url: { url: `data:image/png;base64,${png.data}` } },
              ),
            ),
            as: 'in the message after it',
          },
        ]),
      ),
    },
    {
      feature: 'who called, where it was code',
      forms: {
        messages: used(
          [use('a', {}, { caller: { type: 'code_execution_20260120', tool_id: 'srv' } })],
          result('a', {}),
        ),
      },
    },
    {
      feature: 'call of a tool in a set',
      forms: { messages: used([use('a', {}, { toolset_name: 'browser' })], result('a', { toolset_name: 'browser' })) },
    },
    {
      feature: 'reference to a tool in a result',
      forms: { messages: used([use('a')], result('a', { content: [{ type: 'tool_reference', tool_name: 'f' }] })) },
    },
    {
      feature: 'state of a browser in a result',
      forms: {
        messages: used(
          [use('a')],
          result('a', { content: [{ type: 'browser_state', tabs: [{ tab_id: '1', title: 't', url: 'https://x' }] }] }),
        ),
      },
    },
    {
      feature: 'call of a tool that Anthropic ran, and its result',
      forms: {
        messages: {
          messages: [
            hi,
            {
              role: 'assistant',
              content: [
                { type: 'server_tool_use', id: 'srv', name: 'web_search', input: { query: 'x' } },
                {
                  type: 'web_search_tool_result',
                  tool_use_id: 'srv',
                  content: [{ type: 'web_search_result', encrypted_content: 'e', title: 't', url: 'https://x' }],
                },
              ],
            },
            hi,
          ],
        },
      },
    },
    {
      feature: 'call of a tool in a free format',
      forms: { chat: called([{ id: 'a', type: 'custom', custom: { name: 'c', input: 'x' } }], answered('a')) },
    },
    {
      feature: 'deprecated call and its result',
      forms: {
        chat: {
          messages: [
            hi,
            { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
            { role: 'function', name: 'f', content: '1' },
          ],
        },
      },
    },
  ],
};
