import { expect, it } from '@jest/globals';
import { transcriptOf } from './transcript.js';

it('a message of whatever kind is text for whoever summarises it, without what only its provider can read', () => {
  const source = { kind: 'base64' as const, media_type: 'image/png', data: 'AAAA' };
  const told = transcriptOf({
    role: 'assistant',
    name: 'Ada',
    content: [
      { type: 'reasoning', text: 'Hm', signature: 's' },
      { type: 'text', text: 'Look:' },
      { type: 'image', source },
      { type: 'document', source, title: 'plan.pdf' },
      { type: 'document', source: { kind: 'text', text: 'Once.' } },
      { type: 'tool_call', id: '1', name: 'look', arguments: '{"at":"it"}' },
      { type: 'tool_result', call_id: '1', content: [{ type: 'text', text: 'Blue.' }] },
      { type: 'vendor', vendor: 'anthropic', value: { type: 'web_search_tool_result', content: [] } },
    ],
  });
  expect(told.split('\n')).toEqual([
    'Ada: Look:',
    '[image]',
    '[document: plan.pdf]',
    'Once.',
    '[calls the tool look: {"at":"it"}]',
    '[the tool answers: Blue.]',
    '[content: web_search_tool_result]',
  ]);
});
