import { hi, schema, type Asked, type Form, type Group, type Told } from './feature.ts';

const one = (feature: string, responses: Form): Asked => ({ feature, forms: { responses } });
const items = (feature: string, ...input: readonly Form[]): Asked => one(feature, { input: [...input, hi] });
const tools = (feature: string, ...given: readonly Form[]): Asked => one(feature, { tools: given });
const fn = { type: 'function', name: 'f', parameters: schema };
const toAll = (told: Told): NonNullable<Asked['told']> => ({ anthropic: told, openai: told, other: told });
const repeated = (feature: string, responses: Form): Asked => ({
  ...one(feature, responses),
  told: toAll({ form: {}, as: 'in the answer, which repeats it' }),
});
const refused = { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] };
const told = { form: { messages: [hi, refused, hi] }, as: '' };

/** What the Responses API alone has. */
export const responsesAlone: Group<Asked> = {
  title: 'Of this API alone',
  rows: [
    one('response that goes before', { previous_response_id: 'resp_1' }),
    one('conversation that OpenAI keeps', { conversation: 'conv_1' }),
    one('prompt that OpenAI keeps', { prompt: { id: 'pmpt_1', version: '1' } }),
    one('answered in the background', { background: true }),
    items('reference to an item', { type: 'item_reference', id: 'msg_1' }),
    items('item of a tool that OpenAI runs', { type: 'mcp_list_tools', id: 'a', server_label: 'b', tools: [] }),
    tools('shell, patches, and other tools of its models', { type: 'apply_patch' }),
    tools('tools in a namespace', { type: 'namespace', name: 'n', description: 'It', tools: [fn] }),
    tools('calls that are not waited for', { ...fn, async: true }),
    tools('calls by programs alone', { ...fn, allowed_callers: ['programmatic'] }),
    tools('functions that are loaded later', { ...fn, defer_loading: true }),
    tools('schema of what a tool gives', { ...fn, output_schema: schema }),
    {
      feature: 'refusal as a part of a message, given back',
      forms: { responses: { input: [hi, refused, hi] } },
      told: {
        anthropic: { form: { messages: [hi, { role: 'assistant', content: 'No.' }, hi] }, as: 'as text' },
        openai: told,
        other: told,
      },
    },
    items('phase of a message', { role: 'assistant', content: 'ok', phase: 'commentary' }),
    items('thoughts that OpenAI encrypted', { type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'x' }),
    items('how closely a file is looked at', {
      role: 'user',
      content: [{ type: 'input_file', file_id: 'f', detail: 'high' }],
    }),
    one('which thoughts are seen again', { reasoning: { context: 'all_turns' } }),
    one('another mode of reasoning', { reasoning: { mode: 'pro' } }),
    one('cut to fit the window', { truncation: 'auto' }),
    one('made shorter as it grows', { context_management: [{ type: 'compaction', compact_threshold: 9 }] }),
    one('images made smaller', { image: { context_compression: 'enabled' } }),
    one('cache filled ahead of time', { prompt_cache_options: { prewarm: true } }),
    one('cache for half a day', { prompt_cache_options: { ttl: '12h' } }),
    one('why the cache was missed', { prompt_cache_options: { comparison_response_id: 'resp_1' } }),
    one('lengths of deltas hidden', { stream: false, stream_options: { include_obfuscation: true } }),
    one('programmes of access', { access_programs: { cyber: 'daybreak_blue' } }),
    repeated('metadata of a response', { metadata: { a: 'b' } }),
    repeated('limit of calls of tools that OpenAI runs', { max_tool_calls: 3 }),
  ],
};
