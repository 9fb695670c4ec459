import type { MessageCreateParamsBase, MessageParam } from '@anthropic-ai/sdk/resources/messages';
import { describe, expect, it } from '@jest/globals';
import { completionRequest } from '@parley/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { refusalOf, type Plain } from '../request.fixture.js';
import { anthropicDialect } from './index.js';
import { messagesRequest } from './request.schema.js';

/** What the SDK sends as headers. */
type Body = Omit<MessageCreateParamsBase, 'user_profile_id' | 'workspace_id'>;

const hi: MessageParam = { role: 'user', content: 'hi' };
const read = (fields: Partial<Body>, headers: IncomingHttpHeaders = {}) =>
  completionRequest.parse(
    anthropicDialect.read({ model: 'claude-x', max_tokens: 9, messages: [hi], ...fields }, headers),
  );

/** The compiler fails here when the SDK knows a request that the schema does not. */
const everySdkRequestFits = (request: Plain<Body>): z.input<typeof messagesRequest> => request;

/** The compiler fails here when the SDK has a field that is not in this list. */
const sdkFields: Record<keyof Body, true> = {
  cache_control: true,
  container: true,
  diagnostics: true,
  inference_geo: true,
  max_tokens: true,
  messages: true,
  metadata: true,
  model: true,
  output_config: true,
  service_tier: true,
  speed: true,
  stop_sequences: true,
  stream: true,
  system: true,
  thinking: true,
  tool_choice: true,
  tools: true,
};
/** Fields of the version before. */
const older = ['temperature', 'top_k', 'top_p'];

const refusal = (body: unknown) => refusalOf(anthropicDialect, body);

describe('a messages request', () => {
  it('may have every field of the SDK’s and of the version before, and no other', () => {
    expect(Object.keys(messagesRequest.shape).toSorted()).toEqual([...Object.keys(sdkFields), ...older].toSorted());
    expect(everySdkRequestFits({ model: 'm', max_tokens: 1, messages: [] })).toBeDefined();
  });

  it.each<[string, object, string]>([
    ['an unknown field', { frobnicate: 1 }, 'frobnicate'],
    [
      'an unknown field of a block',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'hi', bold: true }] }] },
      'messages.0.content.0.bold',
    ],
    [
      'an unknown type of block',
      { messages: [{ role: 'user', content: [{ type: 'hologram' }] }] },
      'messages.0.content.0.type',
    ],
    [
      'an unknown field of a tool',
      { tools: [{ name: 'f', input_schema: { type: 'object' }, colour: 'red' }] },
      'tools.0.colour',
    ],
    [
      'an unknown field of a defined tool',
      { tools: [{ type: 'bash_20250124', name: 'bash', shell: 'zsh' }] },
      'tools.0.shell',
    ],
    ['a wrong type', { max_tokens: 'many' }, 'max_tokens'],
  ])('with %s is refused, naming it', (_what, fields, path) => {
    const error = refusal({ model: 'm', max_tokens: 1, messages: [hi], ...fields });
    expect(error.code).toBe('request.invalid');
    expect(error.text.fields?.map((field) => field.path)).toContain(path);
  });

  it('without max_tokens is refused, as at Anthropic’s', () => {
    expect(refusal({ model: 'm', messages: [hi] }).text.fields?.[0]?.path).toBe('max_tokens');
  });

  it('tells the system from an instruction among the turns', () => {
    const { messages } = read({ system: 'be kind', messages: [{ role: 'system', content: 'be brief' }, hi] });
    expect(messages).toMatchObject([
      { role: 'system' },
      { role: 'system', vendor: { anthropic: { in_turn: true } } },
      { role: 'user' },
    ]);
  });

  it('carries beta and version headers, since they are part of what was asked', () => {
    const headers = { 'anthropic-beta': 'a,b', 'anthropic-version': '2023-06-01' };
    expect(read({}, headers).vendor?.anthropic).toEqual({ betas: 'a,b', version: '2023-06-01' });
    expect(read({}, { 'anthropic-version': 'not a version' }).vendor).toBeUndefined();
  });

  it('keeps blocks and tools that only Anthropic knows as they are', () => {
    const search = {
      type: 'search_result' as const,
      source: 's',
      title: 't',
      content: [{ type: 'text' as const, text: 'x' }],
    };
    const bash = { type: 'bash_20250124' as const, name: 'bash' as const };
    const request = read({ messages: [{ role: 'user', content: [search] }], tools: [bash] });
    expect(request.messages[0]?.content).toEqual([{ type: 'vendor', vendor: 'anthropic', value: search }]);
    expect(request.tools).toEqual([{ type: 'vendor', vendor: 'anthropic', value: bash }]);
  });
});
