import { describe, expect, it } from '@jest/globals';
import type { ResponseInput, ResponseInputItem } from 'openai/resources/responses/responses';
import { refusalOf } from '../request.fixture.js';
import { responsesDialect } from './index.js';
import { seal } from './thoughts.js';

const read = (...input: ResponseInput) => responsesDialect.read({ model: 'm', input }, {});
const readInput = (...input: ResponseInput) => read(...input).messages;
const contentOf = (...content: ResponseInputItem.Message['content']) =>
  readInput({ role: 'user', content })[0]?.content;

describe('the input of a response request', () => {
  it('makes one turn of what the model thought, said and called, and one of what its tools gave', () => {
    const call = (call_id: string) => ({ type: 'function_call' as const, call_id, name: 'f', arguments: '{ }' });
    const messages = readInput(
      { role: 'user', content: 'hi' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] },
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Let me look.', annotations: [] }],
      },
      call('a'),
      call('b'),
      { type: 'function_call_output', call_id: 'a', output: '1' },
      { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: '2' }] },
      { role: 'user', content: 'and?' },
    );
    expect(messages.map(({ role, content }) => [role, content.map(({ type }) => type)])).toEqual([
      ['user', ['text']],
      ['assistant', ['reasoning', 'text', 'tool_call', 'tool_call']],
      ['user', ['tool_result', 'tool_result']],
      ['user', ['text']],
    ]);
    expect(messages[1]?.content[2]).toEqual({ type: 'tool_call', id: 'a', name: 'f', arguments: '{ }' });
    expect(messages[2]?.content[1]).toMatchObject({ call_id: 'b', content: [{ type: 'text', text: '2' }] });
  });

  it('brings thoughts back with what proves them, whatever became of the text beside it', () => {
    const thought = { type: 'reasoning' as const, text: 'hm', signature: 'c2ln' };
    const hidden = { type: 'reasoning' as const, text: '', redacted: 'ZZ' };
    const item = (block: typeof thought | typeof hidden) => ({
      type: 'reasoning' as const,
      id: 'rs_1',
      summary: [],
      encrypted_content: seal(block) ?? null,
    });
    expect(readInput(item(thought), item(hidden))[0]?.content).toEqual([thought, hidden]);
    expect(read(item(thought)).dropped).toBeUndefined();
  });

  it('reads custom calls and their results as chat completions have them', () => {
    const messages = readInput(
      { type: 'custom_tool_call', call_id: 'a', name: 'g', input: 'x' },
      { type: 'custom_tool_call_output', call_id: 'a', output: 'y' },
    );
    expect(messages[0]?.content).toEqual([
      { type: 'vendor', vendor: 'openai', value: { id: 'a', type: 'custom', custom: { name: 'g', input: 'x' } } },
    ]);
    expect(messages[1]?.content).toMatchObject([{ type: 'tool_result', call_id: 'a' }]);
  });

  it('reads images and files by whichever way they come', () => {
    const mark = { mode: 'explicit' as const };
    const marked = { cache: {}, vendor: { openai: { prompt_cache_breakpoint: mark } } };
    expect(
      contentOf(
        { type: 'input_image', detail: 'low', image_url: 'data:image/png;base64,AAAA' },
        { type: 'input_image', detail: 'auto', file_id: 'file_1', prompt_cache_breakpoint: mark },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' },
        { type: 'input_file', file_url: 'https://x/a.pdf' },
        { type: 'input_file', file_id: 'file_2' },
      ),
    ).toEqual([
      { type: 'image', source: { kind: 'base64', media_type: 'image/png', data: 'AAAA' }, detail: 'low' },
      { type: 'image', source: { kind: 'file', file_id: 'file_1' }, detail: 'auto', ...marked },
      {
        type: 'document',
        source: { kind: 'base64', media_type: 'application/pdf', data: 'AA==' },
        title: 'a.pdf',
      },
      { type: 'document', source: { kind: 'url', url: 'https://x/a.pdf' } },
      { type: 'document', source: { kind: 'file', file_id: 'file_2' } },
    ]);
  });

  it.each<[string, object]>([
    ['input.0.content.0', { role: 'user', content: [{ type: 'input_image', detail: 'auto' }] }],
    ['input.0.content.0', { role: 'user', content: [{ type: 'input_file', filename: 'a' }] }],
    ['input.0.call_id', { type: 'function_call_output', output: 'x' }],
    ['input.0.namespace', { type: 'function_call', call_id: 'a', name: 'f', arguments: '', namespace: 'n' }],
    ['input.0.async', { type: 'function_call', call_id: 'a', name: 'f', arguments: '', async: true }],
    [
      'input.0.caller',
      { type: 'function_call_output', call_id: 'a', output: '', caller: { type: 'program', caller_id: 'p' } },
    ],
  ])('that lacks or has what cannot be carried is refused, naming %s', (path, item) => {
    expect(refusalOf(responsesDialect, { model: 'm', input: [item] }).text.fields?.[0]?.path).toBe(path);
  });
});
