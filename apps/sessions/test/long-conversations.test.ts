/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth, and the gateway. */
import { expect, it } from '@jest/globals';
import type { Message, SessionMessagePage } from '@parley/contracts';
import { caller, platform } from './one-instance.js';
import { broken, part, problem, text, user, whole } from './sessions-under-test.js';

const mebibyte = 1 << 20;

/** A message that begins with `mark` and has about so many bytes. */
const long = (mark: string, bytes: number): Message => user(mark.padEnd(bytes, '.'));
const marks = (messages: readonly Pick<Message, 'content'>[]) =>
  messages.map(({ content }) => (content[0] as { text: string }).text.slice(0, 4).replace(/\.+$/, ''));
const bytesOf = async (id: string) =>
  (await platform.database.query<{ bytes: number }>(`select bytes from sessions where id = '${id}'`))[0]?.bytes;

it('a session comes with its newest 4 MiB, and pages end early, losing none', async () => {
  const { id } = await caller.newSession();
  const input = Array.from({ length: 11 }, (_, i) => long(`${i}`, 0.9 * mebibyte));
  await caller.ask(id, input, 'Read');

  expect(marks(await caller.messages(id))).toEqual(['7', '8', '9', '10', 'Read']);
  const read: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor && `?cursor=${cursor}`;
    const page: SessionMessagePage = await caller.ok('GET', `/v1/sessions/${id}/messages${query}`);
    read.push(marks(page.data));
    cursor = page.next_cursor;
  }
  expect(read).toEqual([
    ['0', '1', '2', '3'],
    ['4', '5', '6', '7'],
    ['8', '9', '10', 'Read'],
  ]);
});

it('a message over 4 MiB is read alone', async () => {
  const { id } = await caller.newSession();
  await caller.ask(id, [user('1'), long('2', 5 * mebibyte)], 'x'.repeat(5 * mebibyte));

  expect(marks(await caller.messages(id))).toEqual(['xxxx']);
  const first = await caller.ok<SessionMessagePage>('GET', `/v1/sessions/${id}/messages`);
  expect(marks(first.data)).toEqual(['1']);
  const next = `/v1/sessions/${id}/messages?cursor=${first.next_cursor ?? ''}`;
  expect(marks((await caller.ok<SessionMessagePage>('GET', next)).data)).toEqual(['2']);
});

it('a conversation of 32 MiB takes nothing that is over, in a turn or without, and stores nothing of it', async () => {
  const { id } = await caller.newSession();
  await caller.ask(id, [long('1', 15 * mebibyte), long('2', 15 * mebibyte)]);
  await caller.ask(id, [long('3', 1.5 * mebibyte)]);
  const before = await bytesOf(id);

  const tooLong = problem(400, 'session.too_long');
  expect(await caller.tryOpen(id, [long('4', 0.4 * mebibyte), long('5', 0.4 * mebibyte)])).toMatchObject(tooLong);
  const message = { content: 'x'.repeat(0.8 * mebibyte) };
  expect(await caller.call('POST', `/v1/sessions/${id}/messages`, message)).toMatchObject(tooLong);

  expect(await bytesOf(id)).toBe(before);
  await caller.append(id, 'There is room for this.');
});

it('an answer is kept also where it passes 32 MiB, after which no turn is opened', async () => {
  const { id, turnId, lease } = await caller.openNew([long('1', 31 * mebibyte)]);
  const answered = await caller.turn(turnId, 'complete', whole(lease, [text('x'.repeat(2 * mebibyte))]));
  expect(answered.status).toBe(200);

  expect(marks(await caller.messages(id))).toEqual(['xxxx']);
  expect(await caller.tryOpen(id, [user('?')])).toMatchObject(problem(400, 'session.too_long'));
});

it('a turn that failed gives its room back', async () => {
  const { id } = await caller.newSession();
  for (let i = 0; i < 2; i++) {
    const { turnId, lease } = await caller.open(id, [long('1', 20 * mebibyte)]);
    expect((await caller.turn(turnId, 'interrupt', broken(lease))).status).toBe(200);
  }
  expect(await bytesOf(id)).toBe(0);
});

it('of every session the bytes are those of its conversation, whatever became of its turns', async () => {
  const { id } = await caller.newSession();
  const failed = await caller.open(id, [user('Are you there?')]);
  await caller.turn(failed.turnId, 'interrupt', broken(failed.lease));
  const { turnId, lease } = await caller.open(id, [user('?')]);
  await caller.turn(turnId, 'checkpoint', part(lease, [text('Fa')]));
  await caller.turn(turnId, 'complete', whole(lease, [text('Far away.')]));
  await caller.append(id, 'Thanks.');

  const sums = `select bytes from sessions s where id = '${id}' or bytes <> (select coalesce(sum(bytes), 0) from messages
    where session_id = s.id and position is not null)`;
  const counted = (await caller.conversation(id)).map(({ content }) => JSON.stringify({ content }).length + 512);
  expect(await platform.database.query(sums)).toEqual([{ bytes: counted.reduce((sum, bytes) => sum + bytes, 0) }]);
});
