/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: memberships of further tenants, put into the database. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problem, type Tokens } from '../auth-under-test.js';
import { authWithOwner, type AuthWithOwner } from './fixture.js';

let sut: AuthWithOwner;

beforeAll(async () => {
  sut = await authWithOwner();
}, 60_000);

afterAll(() => sut.stop());

const login = (body: unknown) => sut.auth.call<Tokens>('POST', '/v1/auth/login', { body });
const tenantOf = async (token: string) => (await sut.me(token)).body['tenant_id'];

describe('POST /v1/auth/login', () => {
  it('200: answers tokens that work, whatever the case of the address', async () => {
    const { email, password } = sut.owner;

    const answer = await login({ email: email.toUpperCase(), password });

    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 300 } });
    expect((await sut.me(answer.body.access_token)).status).toBe(200);
  });

  it('200: logs in to the tenant that was joined first, or to the one that is named', async () => {
    const { email, password } = sut.owner;
    const first = await tenantOf((await sut.login()).access_token);
    const second = randomUUID();
    await sut.servers.database.query(`insert into tenants (id, name, created_at) values ($1, 'second', now())`, [
      second,
    ]);
    await sut.servers.database.query(
      `insert into memberships (tenant_id, user_id, role, created_at)
       select $1, id, 'viewer', now() from users where email = $2`,
      [second, email],
    );

    expect(await tenantOf((await sut.login()).access_token)).toBe(first);
    const there = await login({ email, password, tenant_id: second });
    expect((await sut.me(there.body.access_token)).body).toMatchObject({ tenant_id: second, role: 'viewer' });
  });

  it('401: says the same of a wrong password, of an unknown address and of a tenant that is not the user’s', async () => {
    const { email, password } = sut.owner;
    const wrong = await login({ email, password: 'wrong' });
    const unknown = await login({ email: 'nobody@acme.example', password });
    const elsewhere = await login({ email, password, tenant_id: randomUUID() });

    expect(wrong).toMatchObject(problem(401, 'login.failed'));
    for (const { body } of [unknown, elsewhere])
      expect({ ...body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
  });

  it('401: verifies a hash for an address without an account too', async () => {
    const checks = async (compared: string) => {
      const text = await (await fetch(`${sut.auth.url}/metrics`)).text();
      return Number(new RegExp(`^password_checks_total\\{compared="${compared}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    };
    const [nobodys, accounts] = [await checks('nobody'), await checks('account')];

    await login({ email: 'nobody@acme.example', password: 'guess' });

    expect(await checks('nobody')).toBe(nobodys + 1);
    expect(await checks('account')).toBe(accounts);
  });

  it.each([
    ['no password', { email: 'owner@acme.example' }],
    ['an address that is none', { email: 'acme', password: 'secret-word' }],
    ['a field that the route does not know', { email: 'owner@acme.example', password: 'secret-word', remember: true }],
  ])('400: refuses %s, and repeats no value', async (_, body) => {
    const answer = await login(body);

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(JSON.stringify(answer.body)).not.toContain('secret-word');
  });

  it('405: names the method that the route takes', async () => {
    const answer = await sut.auth.call('GET', '/v1/auth/login');

    expect(answer).toMatchObject(problem(405, 'request.method_not_allowed'));
    expect(answer.headers.get('allow')).toContain('POST');
  });
});
