import { describe, expect, it } from '@jest/globals';
import { noTokens, summaryMessage, type Block, type Message } from '@parley/contracts';
import { said, type StoredMessage } from '../messages/message.js';
import type { Summary } from '../summaries/summary.js';
import { contextOf as contextIn, type Said } from './context.js';

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
const refuse = { kind: 'refuse' as const };
const given = (conversation: readonly StoredMessage[], more: Partial<Said> = {}) =>
  contextIn({ conversation, turnId: 'this', instructions: null, policy: refuse, ...more });
const contextOf = (conversation: readonly StoredMessage[], more: Partial<Said> = {}) =>
  given(conversation, more).context;

/** An answer that broke off. */
const broken = (...content: Block[]) => stored({ role: 'assistant', content }, 'turn', { status: 'interrupted' });

describe('instructions', () => {
  it('of the project come before the session’s own, and do not replace them', () => {
    const conversation = [stored(user('1')), stored(system('Be brief.'))];
    expect(contextOf(conversation, { instructions: 'Be kind.' })).toEqual([
      system('Be kind.'),
      system('Be brief.'),
      user('1'),
    ]);
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

describe('a summary', () => {
  const policy = { kind: 'summarise' as const, model: 'summariser' };
  const [first, second, third, last] = [
    stored(system('Be brief.'), 'a'),
    stored(user('1'), 'a'),
    stored(assistant('2'), 'a'),
    stored(user('3'), 'this'),
  ];
  const conversation = [first, second, third, last];
  const summary = (until: StoredMessage): Summary => ({
    ...{ untilMessageId: until.id, text: 'One and two.', messages: 7, model: 'summariser-2026' },
    ...{ tokens: noTokens, costUsd: null, createdAt: new Date(0) },
  });

  it('stands in place of all up to its message, behind the instructions, and says for how much', () => {
    const { context, window } = given(conversation, { policy, summary: summary(third) });

    expect(context).toEqual([system('Be brief.'), summaryMessage('One and two.'), user('3')]);
    expect(window).toEqual({
      policy,
      parts: [
        { kind: 'instructions', message_id: first.id, turn_id: 'a' },
        { kind: 'summary', message_id: null, turn_id: null },
        { kind: 'input', message_id: last.id, turn_id: 'this' },
      ],
      cut: { kind: 'summarised', messages: 7, model: 'summariser-2026', from_message_id: last.id },
    });
  });

  it('of a message that the conversation does not have stands for nothing', () => {
    const { context, window } = given(conversation, { policy, summary: summary(stored(user('elsewhere'))) });
    expect(context).toEqual([system('Be brief.'), user('1'), assistant('2'), user('3')]);
    expect(window).not.toHaveProperty('cut');
  });

  it('never takes a call from a result that comes behind it', () => {
    const call = stored({ role: 'assistant', content: [{ type: 'tool_call', id: 'c', name: 'f', arguments: '{}' }] });
    const result = stored({ role: 'user', content: [{ type: 'tool_result', call_id: 'c', content: [] }] }, 'this');
    const { context } = given([stored(user('1')), call, result], { policy, summary: summary(call) });
    expect(context.map(({ content }) => content[0]?.type)).toEqual(['text', 'tool_call', 'tool_result']);
  });
});

it('what is refused where it is too long has no parts to be told', () => {
  expect(given([stored(user('1'))]).window).toEqual({ policy: refuse, parts: [] });
});
