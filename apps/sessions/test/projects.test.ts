/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth, and an outside subscriber. */
import { describe, expect, it } from '@jest/globals';
import { noTokens, type Project } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { caller, platform } from './one-instance.js';
import { problem, system, text, user, whole } from './sessions-under-test.js';
import { subscribe } from './subscriber.js';

const newProject = (more: object = {}) => caller.ok<Project>('POST', '/v1/projects', { name: 'A project', ...more });
const change = (id: string, changes: object) => caller.ok<Project>('PATCH', `/v1/projects/${id}`, changes);

describe('what a project sets', () => {
  it('is nothing unless it is given, is changed where a field is given, and null takes it away', async () => {
    const { id, ...plain } = await newProject();
    expect(plain).toMatchObject({ model: null, instructions: null, limits: {} });
    const set = { model: 'a-model', instructions: 'Be kind.', limits: { requests_per_minute: 5 } };
    expect(await change(id, set)).toMatchObject({ name: 'A project', ...set });
    expect(await change(id, { name: 'Another' })).toMatchObject({ name: 'Another', ...set });
    expect(await change(id, { model: null, instructions: null, limits: {} })).toMatchObject({
      ...{ name: 'Another', model: null, instructions: null, limits: {} },
    });
  });

  it.each([
    { limits: { requests_per_minute: 0 } },
    { limits: { streams: 1 } },
    { limits: null },
    { model: 'no model' },
    { instructions: '' },
    { instructions: 'x'.repeat(100_001) },
  ])('cannot be %j', async (body) => {
    const { id } = await newProject();
    for (const [method, path] of [
      ['POST', '/v1/projects'],
      ['PATCH', `/v1/projects/${id}`],
    ] as const)
      expect(await caller.call(method, path, { name: 'x', ...body })).toMatchObject(problem(400, 'request.invalid'));
  });
});

describe('a session of a project', () => {
  it('is answered by the project’s model where neither the turn nor the session names one', async () => {
    const { id } = await newProject({ model: 'of-project' });
    const own = await caller.newSession({ project_id: id, model: 'of-session' });
    const none = await caller.newSession({ project_id: id });
    expect((await caller.open(own.id, [user('?')])).model).toBe('of-session');
    const { turnId, lease, model } = await caller.open(none.id, [user('?')]);
    expect(model).toBe('of-project');
    await caller.turn(turnId, 'complete', whole(lease));
    const named = await caller.tryOpen(none.id, [user('?')], undefined, { model: 'of-turn' });
    expect(named.body.model).toBe('of-turn');
  });

  it('has the project’s instructions before its own, as they are now, and stores none of them', async () => {
    const { id } = await newProject({ instructions: 'Be kind.', model: 'a-model' });
    const session = await caller.newSession({ project_id: id });
    const first = await caller.open(session.id, [system('Be brief.'), user('1')]);
    expect(first.context).toEqual([system('Be kind.'), system('Be brief.'), user('1')]);
    const again = await caller.open(session.id, [user('1')], first.turnId);
    expect(again.context).toEqual(first.context);
    await caller.turn(first.turnId, 'complete', whole(first.lease, [text('2')]));
    await change(id, { instructions: 'Be just.' });
    const { context } = await caller.open(session.id, [user('3')]);
    expect(context.slice(0, 2)).toEqual([system('Be just.'), system('Be brief.')]);
    expect((await caller.conversation(session.id))[0]).toEqual(system('Be brief.'));
  });

  it('asks as often in a minute as the project lets each of its sessions', async () => {
    const { id } = await newProject({ model: 'a-model', limits: { requests_per_minute: 2 } });
    const [one, two] = [await caller.newSession({ project_id: id }), await caller.newSession({ project_id: id })];
    for (let turn = 0; turn < 2; turn++) await caller.ask(one.id, [user('?')]);
    const refused = await caller.tryOpen(one.id, [user('?')]);
    expect(refused).toMatchObject(problem(429, 'request.rate_limited'));
    expect(await caller.messages(one.id)).toHaveLength(4);
    await caller.ask(two.id, [user('?')]);
  });

  it('is let in while a token of the minute is left, and not after more were used', async () => {
    const { id } = await newProject({ model: 'a-model', limits: { tokens_per_minute: 10 } });
    const session = await caller.newSession({ project_id: id });
    await caller.ask(session.id, [user('?')]);
    const { turnId, lease } = await caller.open(session.id, [user('?')]);
    await caller.turn(turnId, 'complete', { ...whole(lease), tokens: { ...noTokens, input: 90, cache_read: 10 } });
    const refused = await caller.tryOpen(session.id, [user('?')]);
    expect(refused).toMatchObject(problem(429, 'request.rate_limited'));
  });
});

it('the deletion of a project is told', async () => {
  const subscriber = await subscribe(platform.amqp.url);
  const { id } = await newProject();
  await caller.ok('DELETE', `/v1/projects/${id}`);
  expect(await caller.call('DELETE', `/v1/projects/${id}`)).toMatchObject(problem(404, 'project.not_found'));
  await eventually(() =>
    expect(subscriber.ofProject(id)).toEqual([
      { type: 'sessions.project.deleted.v1', project_id: id, deleted_by: expect.any(String) },
    ]),
  );
  await subscriber.close();
});
