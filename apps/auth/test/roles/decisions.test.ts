/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Decision } from '@parley/contracts';
import { exchange, problem } from '../auth-under-test.js';
import { rolesUnderTest, type RolesUnderTest } from './fixture.js';

let sut: RolesUnderTest;
beforeAll(async () => {
  sut = await rolesUnderTest();
}, 60_000);
afterAll(() => sut.stop());

const ask = (query: Record<string, string>, token = sut.token) =>
  sut.auth.call<Decision>('GET', `/v1/auth/decision?${String(new URLSearchParams(query))}`, { token });

describe('GET /v1/auth/decision', () => {
  it('200: explains a yes to the caller, naming the role and the grant', async () => {
    const role = await sut.newRole({ inherits: 'viewer', permissions: ['tools:invoke'] });
    const member = await sut.newMember(role);

    const answer = await ask({ permission: 'tools:invoke:files.read' }, member.token);

    expect(answer).toMatchObject({
      status: 200,
      body: {
        allowed: true,
        permission: 'tools:invoke:files.read',
        subject: member.id,
        explanation: `The role ${role} grants tools:invoke, which covers tools:invoke:files.read`,
        steps: [
          { kind: 'role', name: role, grant: 'tools:invoke' },
          { kind: 'own_permissions', name: null, grant: null },
          { kind: 'token', name: null, grant: 'tools:invoke' },
        ],
      },
    });
  });

  it('200: explains a no that an API key makes of its owner’s yes, naming the key', async () => {
    const { body } = await ask({ permission: 'users:write' }, await sut.limitedTo('models:read'));

    expect(body).toMatchObject({
      allowed: false,
      explanation: 'The role owner grants users:write; but the API key “a key” does not have it',
    });
    expect(body.steps.find(({ kind }) => kind === 'api_key')).toEqual({ kind: 'api_key', name: 'a key', grant: null });
  });

  it('200: names the role of the key, where that is what has not got it', async () => {
    const role = await sut.newRole({ permissions: ['models:read'] });
    const { key } = await sut.newKeyOfRole(role);

    const { body } = await ask({ permission: 'users:write' }, await exchange(sut.auth, key));

    expect(body.explanation).toMatch(new RegExp(`but the API key “a key” of the role ${role} does not have it$`));
    expect(body.steps).toContainEqual({ kind: 'api_key', name: 'a key', role, grant: null });
  });

  it('200: agrees with what the routes do', async () => {
    const member = (await sut.newMember('developer')).token;
    for (const [permission, status] of [
      ['roles:read', 200],
      ['users:read', 403],
    ] as const) {
      const path = permission === 'roles:read' ? '/v1/roles' : '/v1/users';
      expect((await sut.auth.call('GET', path, { token: member })).status).toBe(status);
      expect((await ask({ permission }, member)).body.allowed).toBe(status === 200);
    }
  });

  it('200: of another user or service account, with users:read', async () => {
    const member = await sut.newMember('viewer', ['users:write']);
    const { id: robot } = await sut.newServiceAccount('developer');

    expect((await ask({ permission: 'users:write', subject: member.id })).body).toMatchObject({
      allowed: true,
      subject: member.id,
      explanation: 'A permission of the subject’s own grants users:write',
    });
    expect((await ask({ permission: 'users:write', subject: robot })).body).toMatchObject({
      allowed: false,
      subject: robot,
      steps: [
        { kind: 'role', name: 'developer', grant: null },
        { kind: 'own_permissions', name: null, grant: null },
      ],
    });
  });

  it('400: for what is no permission', async () => {
    expect(await ask({ permission: 'everything:do' })).toMatchObject(problem(400, 'request.invalid'));
  });

  it('401: without a credential', async () => {
    const answer = await sut.auth.call('GET', '/v1/auth/decision?permission=models:read');
    expect(answer).toMatchObject(problem(401, 'request.unauthenticated'));
  });

  it('403: about another without users:read, and the caller’s own all the same', async () => {
    const member = await sut.newMember('viewer');
    const token = member.token;
    const another = await sut.newMember('viewer');

    expect(await ask({ permission: 'models:read', subject: another.id }, token)).toMatchObject(
      problem(403, 'request.forbidden'),
    );
    expect((await ask({ permission: 'models:read', subject: member.id }, token)).status).toBe(200);
  });

  it('404: about nobody, and about another tenant’s', async () => {
    const theirs = await sut.anotherTenant();
    const ours = await sut.newMember('viewer');

    expect(await ask({ permission: 'models:read', subject: randomUUID() })).toMatchObject(
      problem(404, 'user.not_found'),
    );
    expect(await ask({ permission: 'models:read', subject: ours.id }, theirs.token)).toMatchObject(
      problem(404, 'user.not_found'),
    );
  });
});
