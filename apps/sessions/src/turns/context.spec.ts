import { describe, expect, it } from '@jest/globals';
import type { Block, Message } from '@parley/contracts';
import { said, type StoredMessage } from '../messages/message.js';
import { contextOf as contextIn } from './context.js';

const text = (words: string): Block => ({ type: 'text', text: words });
const by =
  (role: Message['role']) =>
  (words: string): Message => ({ role, content: [text(words)] });
const [system, developer, user, assistant] = [by('system'), by('developer'), by('user'), by('assistant')];

const stored = (message: Message, turnId: string | null = null, changes: Partial<StoredMessage> = {}) => ({
  ...said(message, turnId),
  ...{ tenantId: 'tenant', sessionId: 'session', parentId: null, position: 0 },
  ...changes,
});
const contextOf = (conversation: readonly StoredMessage[]) => contextIn(conversation, null);

/** An answer that broke off. */
const broken = (...content: Block[]) => stored({ role: 'assistant', content }, 'turn', { status: 'interrupted' });

describe('instructions', () => {
  it('of the project come before the session’s own, and do not replace them', () => {
    const conversation = [stored(user('1')), stored(system('Be brief.'))];
    expect(contextIn(conversation, 'Be kind.')).toEqual([system('Be kind.'), system('Be brief.'), user('1')]);
  });

  it('stand at the front, wherever they were given', () => {
    expect(contextOf([stored(user('1')), stored(assistant('2')), stored(system('Be brief.'))])).toEqual([
      system('Be brief.'),
      user('1'),
      assistant('2'),
    ]);
  });

  it('of the last turn that gave any replace all that were given before', () => {
    const conversation = [
      stored(system('Old'), 'a'),
      stored(user('1'), 'a'),
      stored(system('New'), 'b'),
      stored(user('2'), 'b'),
      stored(developer('Newer'), 'b'),
      stored(user('3'), 'c'),
    ];
    expect(contextOf(conversation)).toEqual([system('New'), developer('Newer'), user('1'), user('2'), user('3')]);
  });

  it('that were added by themselves replace one another', () => {
    expect(contextOf([stored(system('Old')), stored(developer('New')), stored(user('1'))])).toEqual([
      developer('New'),
      user('1'),
    ]);
  });
});

describe('of an answer that broke off', () => {
  const call = (id: string): Block => ({ type: 'tool_call', id, name: 'look', arguments: '{}' });

  it('a call that nobody ran is left out, and one that somebody ran is kept', () => {
    const result: Block = { type: 'tool_result', call_id: 'b', content: [] };
    expect(contextOf([broken(text('See'), call('a'), call('b')), stored({ role: 'user', content: [result] })])).toEqual(
      [
        { role: 'assistant', content: [text('See'), call('b')] },
        { role: 'user', content: [result] },
      ],
    );
  });

  it('a thought is kept only whole, as its signature proves, and only where something was said', () => {
    const whole: Block = { type: 'reasoning', text: 'Hm', signature: 's' };
    const half: Block = { type: 'reasoning', text: 'H' };
    expect(contextOf([broken(whole, half, text('So'))])).toEqual([{ role: 'assistant', content: [whole, text('So')] }]);
    expect(contextOf([broken(whole)])).toEqual([]);
  });

  it('nothing is left where nothing stands by itself', () => {
    const vendor: Block = { type: 'vendor', vendor: 'anthropic', value: { type: 'server_tool_use' } };
    expect(contextOf([stored(user('1')), broken(call('a'), vendor, text(''))])).toEqual([user('1')]);
  });
});

it('whole answers are given as they are, and an empty one is left out', () => {
  const answer: Message = { role: 'assistant', content: [{ type: 'tool_call', id: 'a', name: 'f', arguments: '{' }] };
  expect(contextOf([stored(user('1')), stored(answer), stored({ role: 'assistant', content: [] })])).toEqual([
    user('1'),
    answer,
  ]);
});

it('names and a vendor’s own fields go along', () => {
  const message: Message = { ...user('1'), name: 'Ada', vendor: { openai: { audio: null } } };
  expect(contextOf([stored(message)])).toEqual([message]);
});
