import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ExpertQueryPage, FoundMessage, FoundMessages, Session, SessionPage } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { model } from './platform.js';
import { secondTenant } from './second-tenant.js';
import { sessionCaller } from './session-caller.js';

/** A tenant in which there is what this file has made, and nothing else. */
let caller: ReturnType<typeof sessionCaller>;

beforeAll(async () => {
  caller = sessionCaller(await secondTenant());
}, 60_000);

/** One page after the other. */
async function readAll<Row>(path: string): Promise<Row[]> {
  const all: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: Row[]; next_cursor: string | null } = await caller.ok(
      'GET',
      path + (cursor && `&cursor=${cursor}`),
    );
    all.push(...page.data);
    cursor = page.next_cursor;
  }
  return all;
}

describe('the list of sessions', () => {
  const made: Record<string, Session> = {};
  const read = async (name: string) => caller.ok<Session>('GET', `/v1/sessions/${made[name]?.id ?? ''}`);
  const listed = async (query: string) =>
    (await caller.ok<SessionPage>('GET', `/v1/sessions?${query}`)).data.map(({ name }) => name);

  beforeAll(async () => {
    const { id: project } = await caller.ok<{ id: string }>('POST', '/v1/projects', { name: 'Ours' });
    for (const [name, more] of [
      ['Moon landing', { model, tags: ['space', 'history'] }],
      ['moon cakes', { model: 'claude-opus-4-8', tags: ['food'], project_id: project }],
      ['Mars', { model, tags: ['space'] }],
    ] as const)
      made[name] = await caller.ok('POST', '/v1/sessions', { name, ...more });
    await caller.ok('POST', `/v1/sessions/${made['Mars']?.id ?? ''}/archive`);
    await caller.ask(made['Moon landing']?.id ?? '', 'When?');
  });

  it.each([
    ['', ['Mars', 'moon cakes', 'Moon landing']],
    ['sort=created', ['Moon landing', 'moon cakes', 'Mars']],
    ['sort=-updated', ['Moon landing', 'Mars', 'moon cakes']],
    ['sort=updated', ['moon cakes', 'Mars', 'Moon landing']],
    ['sort=name', ['Mars', 'moon cakes', 'Moon landing']],
    [`model=${model}`, ['Mars', 'Moon landing']],
    ['text=MOON', ['moon cakes', 'Moon landing']],
    ['status=archived', ['Mars']],
    ['status=active', ['moon cakes', 'Moon landing']],
    ['tag=space', ['Mars', 'Moon landing']],
    ['tag=space&tag=history', ['Moon landing']],
    [`model=${model}&tag=space&status=active&text=moon`, ['Moon landing']],
  ])('with ?%s has those that fit, in order, in one page or in several', async (query, expected) => {
    expect(await listed(query)).toEqual(expected);
    expect((await readAll<Session>(`/v1/sessions?${query}&limit=1`)).map(({ name }) => name)).toEqual(expected);
  });

  it('has those of a project, and of a time', async () => {
    const { project_id, created_at } = await read('moon cakes');
    const { updated_at } = await read('Mars');
    expect(await listed(`project_id=${project_id ?? ''}`)).toEqual(['moon cakes']);
    expect(await listed(`created_after=${created_at}`)).toEqual(['Mars', 'moon cakes']);
    expect(await listed(`created_before=${created_at}`)).toEqual(['Moon landing']);
    expect(await listed(`updated_after=${updated_at}`)).toEqual(['Mars', 'Moon landing']);
    expect(await listed(`updated_before=${updated_at}`)).toEqual(['moon cakes']);
  });

  it('refuses the cursor of another order', async () => {
    const { next_cursor } = await caller.ok<SessionPage>('GET', '/v1/sessions?limit=1&sort=name');
    const path = `/v1/sessions?limit=1&sort=-name&cursor=${next_cursor ?? ''}`;
    await caller.refused('GET', path, 400, 'cursor.invalid');
  });
});

const pathOf = (q: string, more = '') => `/v1/sessions/search?q=${encodeURIComponent(q)}${more}`;
const find = async (q: string, more?: string) => (await caller.ok<FoundMessages>('GET', pathOf(q, more))).data;
/** Once so many are found, which they are soon after they were said. */
const findAll = (q: string, count: number) =>
  eventually(async () => {
    const found = await find(q);
    expect(found).toHaveLength(count);
    return found;
  });
const textOf = ({ fragments }: FoundMessage) =>
  fragments
    .flat()
    .map(({ text }) => text)
    .join('');
const matchesOf = ({ fragments }: FoundMessage) => fragments.flat().flatMap(({ text, match }) => (match ? [text] : []));

describe('search', () => {
  let project: string;
  let session: string;
  let found: FoundMessage[];

  beforeAll(async () => {
    project = (await caller.ok<{ id: string }>('POST', '/v1/projects', { name: 'Birds' })).id;
    session = await caller.newSession({ name: 'Herons', model, project_id: project });
    await caller.append(session, 'A heron, a heron, the grey grey heron');
    await caller.append(session, 'To the <b>grey heron</b>');
    await caller.ask(session, 'How grey is the heron?');
    const elsewhere = await caller.newSession({ name: 'Elsewhere' });
    await caller.append(elsewhere, 'The heron of whom nobody knows any more whether it was, all in all, grey');
    found = await findAll('grey heron', 5);
  });

  it('gives the best first: where the words are often and near each other, and not where there is much else', async () => {
    const own = found.filter(({ session_id }) => session_id === session);
    expect(own.map(textOf)).toEqual([
      'A heron, a heron, the grey grey heron',
      'To the <b>grey heron</b>',
      'How grey is the heron?',
      expect.stringContaining('You said: “How grey is the heron?”'),
    ]);
    const ranks = found.map(({ rank }) => rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    expect(found[0]).toMatchObject({
      session_name: 'Herons',
      project_id: project,
      role: 'user',
      in_conversation: true,
    });
  });

  it('marks what was found within the text as it was said', () => {
    expect(found.slice(0, 2).map(matchesOf)).toEqual([
      ['heron', 'heron', 'grey', 'grey', 'heron'],
      ['grey', 'heron'],
    ]);
  });

  it('takes words, words in a row, alternatives and exclusions, in any form', async () => {
    expect(await find('herons')).toHaveLength(5);
    expect(await find('"grey heron"')).toHaveLength(2);
    expect(await find('grey heron -nobody -said')).toHaveLength(3);
    expect(await find('nobody or often')).toHaveLength(1);
    expect(await find('ostrich')).toEqual([]);
  });

  it('is narrowed by project, role and time', async () => {
    const ids = (some: readonly FoundMessage[]) => some.map((one) => one.message_id);
    expect(ids(await find('grey heron', `&project_id=${project}`))).toEqual(
      ids(found.filter((one) => one.project_id === project)),
    );
    expect((await find('grey heron', '&role=assistant')).map(({ role }) => role)).toEqual(['assistant']);
    const moment = found.find((one) => textOf(one).startsWith('To the'))?.created_at ?? '';
    expect(ids(await find('grey heron', `&created_before=${moment}`))).toEqual([found[0]?.message_id]);
    expect(ids(await find('grey heron', `&created_after=${moment}`))).toEqual(ids(found.slice(1)));
  });

  it('comes page by page, in the same order', async () => {
    expect(await readAll(pathOf('grey heron', '&limit=2'))).toEqual(found);
    const { next_cursor } = await caller.ok<FoundMessages>('GET', pathOf('grey heron', '&limit=2'));
    await caller.refused('GET', pathOf('heron', `&limit=2&cursor=${next_cursor ?? ''}`), 400, 'cursor.invalid');
  });

  it('finds what was left behind on another branch, and says so', async () => {
    const id = await caller.newSession();
    await caller.append(id, 'A cormorant');
    await caller.ok('POST', `/v1/sessions/${id}/rewind`, { message_id: null });
    await caller.append(id, 'Another cormorant');
    const both = await findAll('cormorant', 2);
    expect(new Map(both.map((one) => [textOf(one), one.in_conversation]))).toEqual(
      new Map([
        ['A cormorant', false],
        ['Another cormorant', true],
      ]),
    );
  });
});

it('a deleted session is nowhere any more: not by its id, in a list or a search, nor with the other services', async () => {
  const before = await caller.ok('GET', '/v1/analytics/usage');
  const id = await caller.newSession({ name: 'Doomed', model, tags: ['doomed'] });
  const said = [await caller.ask(id, 'A stork?'), await caller.ask(id, 'Which stork?', 'circle')];
  expect(said.every((words) => words !== '')).toBe(true);
  const usage = (query = '') => caller.ok('GET', `/v1/analytics/usage${query}`);
  const queries = () => caller.ok<ExpertQueryPage>('GET', '/v1/experts/queries');
  const mine = `?session_id=${id}`;
  await eventually(async () => expect(await usage(mine)).toMatchObject({ requests: 4 }));
  await findAll('stork', 4);
  const [query] = (await queries()).data;
  expect(query?.question).toContain('Which stork?');
  const message_id = (await caller.messages(id))[0]?.id ?? '';

  await caller.ok('DELETE', `/v1/sessions/${id}`);

  expect([await find('stork'), await readAll('/v1/sessions?tag=doomed')]).toEqual([[], []]);
  const messages = [{ role: 'user', content: 'Still there?' }];
  for (const [method, action, body] of [
    ...['', '/messages', '/messages?branch=all', '/stats', '/events'].map((path) => ['GET', path] as const),
    ...['/clear', '/stop', '/archive', '/restore'].map((path) => ['POST', path] as const),
    ['POST', '/fork', { message_id }],
    ['POST', '/rewind', { message_id }],
    ['POST', '/messages', { content: 'Still there?' }],
    ['PATCH', '', { name: 'Saved' }],
    ['DELETE', ''],
  ] as const)
    await caller.refused(method, `/v1/sessions/${id}${action}`, 404, 'session.not_found', body);
  for (const [path, body] of [
    ['/v1/chat/completions', { model, messages }],
    ['/v1/messages', { model, max_tokens: 9, messages }],
    ['/v1/responses', { model, input: 'Still there?' }],
  ] as const)
    await caller.refused('POST', path, 404, 'session', body, { 'x-parley-session': id });

  // What it took stays in the tenant’s sum, and is a session’s no more.
  await eventually(async () => expect(await usage(mine)).toMatchObject({ requests: 0, data: [] }));
  expect(await usage()).toMatchObject({ requests: Number(before['requests']) + 4 });
  await eventually(async () => expect((await queries()).data).toEqual([]));
  await caller.refused('GET', `/v1/experts/queries/${query?.id ?? ''}`, 404, 'expert_query.not_found');
  await eventually(async () =>
    expect(await caller.ok('GET', '/v1/analytics/sessions')).toMatchObject({ sessions_deleted: 1 }),
  );
});
