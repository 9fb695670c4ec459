/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Session, SessionPage } from '@parley/contracts';
import { newPlatform, problem, type Caller, type Platform } from './sessions-under-test.js';

let platform: Platform;
let newCaller: () => Caller;

beforeAll(async () => {
  platform = await newPlatform();
  const instance = await platform.start();
  newCaller = () => instance.caller();
}, 60_000);

afterAll(() => platform.stop());

const list = (caller: Caller, query: string) => caller.ok<SessionPage>('GET', `/v1/sessions?${query}`);
const names = ({ data }: SessionPage) => data.map(({ name }) => name);

/** Sets what only time would, as the owner of the server. */
const setTime = (id: string | undefined, column: 'created_at' | 'updated_at', at: string) =>
  platform.database.query(`update sessions set ${column} = '${at}' where id = '${id}'`);

describe('a list of sessions', () => {
  let caller: Caller;
  const made: Record<string, Session> = {};

  beforeAll(async () => {
    caller = newCaller();
    const project = await caller.ok<{ id: string }>('POST', '/v1/projects', { name: 'A project' });
    for (const [name, more] of [
      ['Moon landing', { tags: ['space', 'history'], model: 'a-model' }],
      ['moon cakes', { tags: ['food'], model: 'b-model', project_id: project.id }],
      ['Mars', { tags: ['space'], model: 'a-model', project_id: project.id }],
    ] as const)
      made[name] = await caller.newSession({ name, ...more });
    await caller.ok('POST', `/v1/sessions/${made['Mars']?.id}/archive`);
    for (const [name, at] of [
      ['Moon landing', '2024-05-01T10:00:30Z'],
      ['moon cakes', '2024-05-01T10:00:10Z'],
      ['Mars', '2024-04-30T00:00:00Z'],
    ] as const)
      await setTime(made[name]?.id, 'updated_at', at);
  });

  it.each([
    ['', ['Mars', 'moon cakes', 'Moon landing']],
    ['sort=created', ['Moon landing', 'moon cakes', 'Mars']],
    ['sort=updated', ['Mars', 'moon cakes', 'Moon landing']],
    ['sort=-updated', ['Moon landing', 'moon cakes', 'Mars']],
    ['sort=name', ['Mars', 'moon cakes', 'Moon landing']],
    ['sort=-name', ['Moon landing', 'moon cakes', 'Mars']],
    ['tag=space', ['Mars', 'Moon landing']],
    ['tag=space&tag=history', ['Moon landing']],
    ['tag=Space', []],
    ['model=a-model', ['Mars', 'Moon landing']],
    ['status=archived', ['Mars']],
    ['status=active', ['moon cakes', 'Moon landing']],
    ['status=active&model=a-model&tag=space', ['Moon landing']],
    ['text=MOON', ['moon cakes', 'Moon landing']],
    ['text=n%25', []],
    ['updated_after=2024-05-01T12:00:30%2B02:00', ['Moon landing']],
    ['updated_before=2024-05-01T10:00:30Z&sort=-updated', ['moon cakes', 'Mars']],
  ])('?%s has those that fit, in order', async (query, expected) => {
    expect(names(await list(caller, query))).toEqual(expected);
  });

  it('has those that were made since a moment, or before it', async () => {
    const moment = made['moon cakes']?.created_at;
    expect(names(await list(caller, `created_after=${moment}`))).toEqual(['Mars', 'moon cakes']);
    expect(names(await list(caller, `created_before=${moment}`))).toEqual(['Moon landing']);
  });

  it('goes by the database’s clock, where that of the instance which made the id is half an hour off', async () => {
    const half = 1_800_000;
    const [before, now, after] = [-half, 0, half].map((off) => new Date(Date.now() + off).toISOString());
    const [early, late] = [await caller.newSession({ name: 'early' }), await caller.newSession({ name: 'late' })];
    await setTime(early.id, 'created_at', before ?? '');
    await setTime(late.id, 'created_at', after ?? '');
    expect(names(await list(caller, `created_after=${after}`))).toEqual(['late']);
    expect(names(await list(caller, `created_before=${now}`))).toContain('early');
    for (const { id } of [early, late]) await caller.ok('DELETE', `/v1/sessions/${id}`);
  });

  it('knows the tags that a session has now', async () => {
    const { id } = await caller.newSession({ name: 'Venus', tags: ['planet', 'bright'] });
    await caller.ok('PATCH', `/v1/sessions/${id}`, { tags: ['planet', 'hot'] });
    expect(names(await list(caller, 'tag=planet&tag=hot'))).toEqual(['Venus']);
    expect(names(await list(caller, 'tag=bright'))).toEqual([]);
    await caller.ok('DELETE', `/v1/sessions/${id}`);
    expect(await platform.database.query('select from session_tags where session_id = $1', [id])).toEqual([]);
  });

  it('has what it has by its project as well', async () => {
    const id = made['Mars']?.project_id ?? '';
    expect(names(await list(caller, `project_id=${id}&sort=-name`))).toEqual(['moon cakes', 'Mars']);
  });

  it('takes the cursor of its own order alone', async () => {
    const { next_cursor } = await list(caller, 'limit=1&sort=name');
    for (const sort of ['-name', 'created', '-updated'])
      expect(await caller.call('GET', `/v1/sessions?sort=${sort}&cursor=${next_cursor}`)).toMatchObject(
        problem(400, 'cursor.invalid'),
      );
  });
});

describe('pages that are read while sessions are made, changed and deleted', () => {
  it.each(['created', '-created', 'updated', '-updated', 'name', '-name'])(
    'have each that is left alone once, sorted by %s',
    async (sort) => {
      const caller = newCaller();
      const sessions: Session[] = [];
      // Names repeat, and all of it happens within a minute: ties are broken by the id.
      for (let n = 0; n < 12; n++)
        sessions.push(await caller.newSession(n % 3 === 0 ? {} : { name: `Name ${n % 3} ñ` }));
      const [changed, deleted, ...left] = sessions as [Session, Session, ...Session[]];
      const read: string[] = [];
      let query = `sort=${sort}&limit=2`;
      for (let page = 0; ; page++) {
        const { data, next_cursor } = await list(caller, query);
        read.push(...data.map(({ id }) => id));
        if (next_cursor === null) break;
        query = `sort=${sort}&limit=2&cursor=${next_cursor}`;
        if (page > 3) continue;
        await caller.newSession({ name: `Name ${page} ñ` });
        await caller.append(changed.id, 'More');
        if (page === 1) await caller.ok('DELETE', `/v1/sessions/${deleted.id}`);
      }
      const ofLeft = read.filter((id) => left.some((session) => session.id === id));
      expect(ofLeft.toSorted()).toEqual(left.map(({ id }) => id).toSorted());
    },
  );
});
