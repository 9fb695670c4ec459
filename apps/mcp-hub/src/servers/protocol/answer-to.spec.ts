import { describe, expect, it } from '@jest/globals';
import { answerTo, isOwnMessage } from './answer-to.js';

const members = { jsonrpc: '2.0', id: 7, result: { content: [], structuredContent: { id: 8, more: 'x'.repeat(900) } } };
type Member = keyof typeof members;
const orders: readonly (readonly Member[])[] = [
  ['jsonrpc', 'id', 'result'],
  ['id', 'jsonrpc', 'result'],
  ['id', 'result', 'jsonrpc'],
  ['jsonrpc', 'result', 'id'],
  ['result', 'jsonrpc', 'id'],
  ['result', 'id', 'jsonrpc'],
];

const ends = (line: string) => [line.slice(0, 256), line.slice(-256)] as const;

describe('the call that an answer belongs to', () => {
  it.each(orders)('is found whatever the order of its members: %s, %s, %s', (...order) => {
    const message = Object.fromEntries(order.map((name) => [name, members[name]]));
    expect(answerTo(...ends(JSON.stringify(message)))).toBe(7);
    expect(answerTo(...ends(`${JSON.stringify(message, null, 1).replaceAll('\n', ' ')}\r`))).toBe(7);
  });

  it('is found for an error, and for an id that the server made a text of', () => {
    expect(answerTo(...ends(`{"jsonrpc":"2.0","id":"7","error":{"message":"${'x'.repeat(900)}"}}`))).toBe(7);
  });

  it.each([
    ['an id within the result', `{"result":{"id":7,"text":"${'x'.repeat(900)}"},"jsonrpc":"2.0"}`],
    ['an id within a text', `{"result":{"text":"${'x'.repeat(900)},\\"id\\":7}"}}`],
    ['a request of the server', `{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}}`],
    ['a notification', `{"method":"notifications/message","params":{"data":"${'x'.repeat(900)}","id":7},"id":7}`],
    ['another JSON', `{"level":"info","text":"${'x'.repeat(900)}","id":7}`],
    ['no JSON', 'x'.repeat(900)],
  ])('is not read out of %s', (_, line) => {
    expect(answerTo(...ends(line))).toBeUndefined();
  });
});

it('a message of the server’s own is told from an answer', () => {
  expect(isOwnMessage('{"method":"notifications/message","params":{"data":"x')).toBe(true);
  expect(isOwnMessage('{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage"')).toBe(true);
  expect(isOwnMessage('{"result":{"method":"x"')).toBe(false);
});
