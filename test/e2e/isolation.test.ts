import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { call, demoKey, model, newKey, question } from './platform.js';
import { secondTenant } from './second-tenant.js';

/** What belongs to tenant A, by name of the path parameter in a fixture below. */
interface Belongings {
  readonly user: string;
  readonly invitation: string;
  readonly role: string;
  readonly serviceAccount: string;
  readonly apiKey: string;
  readonly project: string;
  readonly session: string;
  readonly expertQuery: string;
  readonly modelRoute: string;
  readonly priceVersion: string;
}

interface Attempt {
  /** Fills the path’s parameter. */
  readonly id: keyof Belongings;
  readonly body?: object;
  readonly query?: string;
}

/** How tenant B tries each route that takes an id of a tenant’s. */
const attempts: Readonly<Record<string, Attempt>> = {
  'GET /v1/users/{id}': { id: 'user' },
  'PATCH /v1/users/{id}': { id: 'user', body: { role: 'viewer' } },
  'DELETE /v1/users/{id}': { id: 'user' },
  'POST /v1/users/{id}/unlock': { id: 'user' },
  'DELETE /v1/invitations/{id}': { id: 'invitation' },
  'GET /v1/roles/{name}': { id: 'role' },
  'PATCH /v1/roles/{name}': { id: 'role', body: { permissions: [] } },
  'DELETE /v1/roles/{name}': { id: 'role' },
  'GET /v1/service-accounts/{id}': { id: 'serviceAccount' },
  'PATCH /v1/service-accounts/{id}': { id: 'serviceAccount', body: { role: 'viewer' } },
  'DELETE /v1/service-accounts/{id}': { id: 'serviceAccount' },
  'POST /v1/service-accounts/{id}/rotate-secret': { id: 'serviceAccount', body: { overlap_s: 0 } },
  'DELETE /v1/api-keys/{id}': { id: 'apiKey' },
  'POST /v1/api-keys/{id}/rotate': { id: 'apiKey' },
  'GET /v1/projects/{id}': { id: 'project' },
  'PATCH /v1/projects/{id}': { id: 'project', body: { name: 'Mine now' } },
  'DELETE /v1/projects/{id}': { id: 'project' },
  'GET /v1/sessions/{id}': { id: 'session' },
  'PATCH /v1/sessions/{id}': { id: 'session', body: { name: 'Mine now' } },
  'DELETE /v1/sessions/{id}': { id: 'session' },
  'POST /v1/sessions/{id}/archive': { id: 'session' },
  'POST /v1/sessions/{id}/restore': { id: 'session' },
  'POST /v1/sessions/{id}/fork': { id: 'session', body: {} },
  'POST /v1/sessions/{id}/rewind': { id: 'session', body: { message_id: null } },
  'POST /v1/sessions/{id}/clear': { id: 'session' },
  'POST /v1/sessions/{id}/stop': { id: 'session' },
  'GET /v1/sessions/{id}/messages': { id: 'session' },
  // In this format the stream ends with the turn, which is over.
  'GET /v1/sessions/{id}/events': { id: 'session', query: '?format=openai' },
  'POST /v1/sessions/{id}/messages': { id: 'session', body: { role: 'user', content: 'Me too' } },
  'GET /v1/sessions/{id}/stats': { id: 'session' },
  'GET /v1/experts/queries/{id}': { id: 'expertQuery' },
  'GET /v1/model-routes/{name}': { id: 'modelRoute' },
  'PATCH /v1/model-routes/{name}': { id: 'modelRoute', body: { targets: [{ model }] } },
  'DELETE /v1/model-routes/{name}': { id: 'modelRoute' },
};

/** Lists and reports, in which tenant B must find nothing of tenant A’s. */
const lists: readonly string[] = [
  'GET /v1/users',
  'GET /v1/invitations',
  'GET /v1/roles',
  'GET /v1/service-accounts',
  'GET /v1/api-keys',
  'GET /v1/projects',
  'GET /v1/sessions',
  'GET /v1/sessions/search',
  'GET /v1/experts/queries',
  'GET /v1/model-prices',
  'GET /v1/model-prices/versions',
  'GET /v1/model-routes',
  'GET /v1/analytics/usage',
  'GET /v1/analytics/sessions',
  'GET /v1/analytics/tools',
];

/** What a list cannot be asked without. */
const queries: Readonly<Record<string, string>> = { 'GET /v1/sessions/search': '?q=moon' };

const listPath = (route: string) => route.replace('GET ', '') + (queries[route] ?? '');

/** Those in which tenant B has something of its own: what it was made with, and the roles and prices that every tenant has. */
const notEmpty = new Set(['/v1/users', '/v1/roles', '/v1/api-keys', '/v1/model-prices']);

/** Routes that give nobody anything of a tenant’s: the platform’s own, the caller’s alone, or of a token that they are given. */
const withoutTenant: readonly string[] = [
  'GET /',
  'GET /health',
  'GET /openapi.json',
  'GET /.well-known/jwks.json',
  'POST /v1/auth/register',
  'POST /v1/auth/login',
  'POST /v1/auth/refresh',
  'POST /v1/auth/logout',
  'GET /v1/auth/logins',
  'DELETE /v1/auth/logins',
  'DELETE /v1/auth/logins/{id}',
  'POST /v1/auth/password',
  'POST /v1/auth/password-resets',
  'POST /v1/auth/password-resets/confirm',
  'GET /v1/auth/me',
  'POST /v1/auth/token',
  'POST /v1/auth/revoke',
  'POST /v1/auth/introspect',
  'GET /v1/auth/decision',
  'GET /v1/permissions',
  'POST /v1/roles',
  'GET /v1/tenants/current',
  'PATCH /v1/tenants/current',
  'POST /v1/users',
  'POST /v1/invitations',
  'POST /v1/service-accounts',
  'POST /v1/api-keys',
  'POST /v1/projects',
  'POST /v1/sessions',
  'GET /v1/sessions/retention',
  'PUT /v1/sessions/retention',
  'POST /v1/model-prices',
  'POST /v1/model-routes',
  'GET /v1/models',
  'GET /v1/models/{id}',
  'GET /v1/models/capabilities',
  'GET /v1/circuit-breakers',
  'GET /v1/circuit-breakers/{name}',
  'POST /v1/circuit-breakers/{name}/reset',
  'POST /v1/chat/completions',
  'POST /v1/embeddings',
  'POST /v1/responses',
  'POST /v1/messages',
  'POST /v1/messages/count_tokens',
  'GET /v1/experts',
  'POST /v1/experts/queries',
  'GET /v1/mcp/servers',
  'GET /v1/mcp/servers/{id}/tools',
  'POST /v1/mcp/tools/{id}/invoke',
];

/** A route with its parameter, of something of tenant A. */
function tried(route: string, { id, query = '' }: Attempt): readonly [method: string, path: string] {
  const [method = '', template = ''] = route.split(' ');
  return [method, template.replace(/\{(id|name)\}/, belongings[id]) + query];
}

let belongings: Belongings;
let theirKey: string;
const sessionName = `ours-${randomUUID()}`;

async function made(path: string, body: object, id = 'id'): Promise<string> {
  const answer = await call('POST', path, { key: demoKey, body });
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return String(answer.json()[id]);
}

beforeAll(async () => {
  const session = await made('/v1/sessions', { name: sessionName, model });
  await call('POST', '/v1/chat/completions', {
    key: demoKey,
    body: { messages: question },
    headers: { 'x-parley-session': session },
  });
  const email = `${randomUUID()}@example.com`;
  const password = randomBytes(12).toString('base64url');
  const role = `ours-${randomBytes(8).toString('hex')}`;
  await made('/v1/roles', { name: role });
  const modelRoute = `ours-${randomBytes(8).toString('hex')}`;
  await made('/v1/model-routes', { name: modelRoute, targets: [{ model }] });
  belongings = {
    session,
    role,
    user: await made('/v1/users', { email, password, role: 'developer' }),
    invitation: await made('/v1/invitations', { email: `invited-${email}`, role: 'viewer' }),
    serviceAccount: await made('/v1/service-accounts', { name: 'Ours', role: 'developer' }),
    apiKey: (await newKey()).id,
    project: await made('/v1/projects', { name: 'Ours' }),
    expertQuery: await made('/v1/experts/queries', { question: 'Ours?' }),
    modelRoute,
    priceVersion: await made('/v1/model-prices', { source: 'Ours', models: {} }, 'version'),
  };
  await call('POST', '/v1/mcp/tools/everything.echo/invoke', {
    key: demoKey,
    body: { arguments: { message: 'Ours' } },
  });
  theirKey = await secondTenant();
}, 60_000);

async function readOurs(path: string): Promise<Record<string, unknown>> {
  const answer = await call('GET', path, { key: demoKey });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** What tenant A reads of what a route is about: of the session where that is `POST /v1/sessions/{id}/fork`. */
async function read(route: string, attempt: Attempt): Promise<readonly unknown[]> {
  const [, about = '', list = ''] = /((\/.*)\/\{(?:id|name)\})/.exec(route) ?? [];
  const one = `GET ${about}`;
  if (!(one in attempts)) {
    const { data } = (await readOurs(`${list}?limit=200`)) as { data: { id: string }[] };
    return data.filter(({ id }) => id === belongings[attempt.id]);
  }
  const [, path] = tried(one, attempt);
  // A fork would have the session’s name, and a message that was left behind is in the tree alone.
  const more = attempt.id === 'session' ? [`${path}/messages?branch=all`, `${list}?text=${sessionName}`] : [];
  return Promise.all([path, ...more].map(readOurs));
}

/** That what is tenant A’s is as it was, too. */
async function expectRefused(route: string, attempt: Attempt, key: string, status: number, code: string) {
  const [method, path] = tried(route, attempt);
  const before = await read(route, attempt);
  expect(before).not.toEqual([]);
  const answer = await call(method, path, { key, body: attempt.body });
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(code)]);
  expect(await read(route, attempt)).toEqual(before);
}

async function documented(): Promise<string[]> {
  const { paths } = (await call('GET', '/openapi.json')).json() as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .filter((method) => /^(get|post|put|patch|delete)$/.test(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
}

it('every documented route says here how tenants are kept apart on it', async () => {
  const known = [...Object.keys(attempts), ...lists, ...withoutTenant];
  expect((await documented()).sort()).toEqual(known.sort());
});

describe('somebody of the tenant without any of the permissions', () => {
  let idle: string;
  beforeAll(async () => {
    idle = (await newKey({ permissions: ['models:read'] })).key;
    await eventually(async () => expect((await call('GET', '/v1/models', { key: idle })).status).toBe(200));
  });

  it.each(Object.entries(attempts))('gets 403 from %s, and changes nothing', (route, attempt) =>
    expectRefused(route, attempt, idle, 403, 'request.forbidden'),
  );

  it.each(lists)('gets 403 from %s', async (route) => {
    const answer = await call('GET', listPath(route), { key: idle });
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('request.forbidden')]);
  });
});

describe('another tenant', () => {
  it.each(Object.entries(attempts))('gets 404 from %s, and changes nothing', (route, attempt) =>
    expectRefused(route, attempt, theirKey, 404, 'not_found'),
  );

  it.each(lists)('finds nothing of it in %s', async (route) => {
    const path = listPath(route);
    // What is told of by an event is in a report within 5 s.
    await eventually(async () => expect((await call('GET', path, { key: demoKey })).json()['data']).not.toEqual([]), {
      timeoutMs: 5_000,
    });

    const theirs = await call('GET', path, { key: theirKey });

    expect(theirs.status).toBe(200);
    for (const id of Object.values(belongings)) expect(theirs.text).not.toContain(id);
    if (!notEmpty.has(path)) expect(theirs.json()['data']).toEqual([]);
  });

  it('is told nothing of what its user may do', async () => {
    const path = `/v1/auth/decision?permission=models:read&subject=${belongings.user}`;
    expect((await call('GET', path, { key: demoKey })).json()).toMatchObject({ allowed: true });
    const answer = await call('GET', path, { key: theirKey });
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('user.not_found')]);
  });

  it.each([
    ['POST', '/v1/sessions'],
    ['PATCH', '/v1/sessions/their-own'],
  ])('cannot put a session into its project by %s %s', async (method, template) => {
    const own = (await call('POST', '/v1/sessions', { key: theirKey, body: {} })).json()['id'];
    const path = template.replace('their-own', String(own));
    const answer = await call(method, path, { key: theirKey, body: { project_id: belongings.project } });
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('project.not_found')]);
  });

  it.each(['/v1/chat/completions', '/v1/messages'])('cannot go on with the session by %s', async (path) => {
    const answer = await call('POST', path, {
      key: theirKey,
      body: { model, max_tokens: 5, messages: question },
      headers: { 'x-parley-session': belongings.session },
    });
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('session')]);
  });
});
