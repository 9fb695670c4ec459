import { describe, expect, it } from '@jest/globals';
import type { KongFile, KongRoute } from './kong-schema.ts';
import { faults, type ApiDocuments } from './surface.ts';

const closed = { security: [{ bearer: [] }] };
const open = {};
const guard = { name: 'parley-auth' as const, config: { error_format: 'problem' as const } };

const route = (name: string, paths: string[], rest: Partial<KongRoute> = {}): KongRoute => ({ name, paths, ...rest });

function newSurface() {
  const gateway = {
    name: 'gateway',
    host: 'gateway.service.consul',
    routes: [route('models', ['~/v1/models(/.*)?$'], { plugins: [guard] }), route('health', ['~/health$'])],
  };
  const auth = {
    name: 'auth',
    host: 'auth.service.consul',
    routes: [
      route('auth', ['~/v1/auth(/.*)?$'], { plugins: [guard] }),
      route('login', ['~/v1/auth/login$'], { regex_priority: 1 }),
    ],
  };
  const routes = [route('everything-else', ['/'])];
  const file = { _format_version: '3.0' as const, services: [gateway, auth], routes } satisfies KongFile;
  const documents = {
    gateway: {
      paths: {
        '/health': { get: open },
        '/metrics': { get: open },
        '/v1/models': { get: closed },
        '/v1/models/{id}': { get: closed },
      } as Record<string, object>,
    },
    auth: {
      paths: {
        '/health': { get: open },
        '/internal/auth/exchange': { post: open },
        '/v1/auth/login': { post: open },
        '/v1/auth/me': { get: closed },
      } as Record<string, object>,
    },
  };
  const check = () => faults(file, documents as ApiDocuments);
  return { gateway, auth, file, documents, check };
}

describe('the route table and the documents', () => {
  it('agree where every public path is reached and every route leads somewhere', () => {
    expect(newSurface().check()).toEqual([]);
  });

  it('agree over the page of the reference, which no document lists', () => {
    const { gateway, check } = newSurface();
    gateway.routes.push(route('docs', ['~/docs(/.*)?$']));
    expect(check()).toEqual([]);
  });

  it('disagree over a path that no route reaches', () => {
    const { documents, check } = newSurface();
    documents.auth.paths['/v1/users/{id}'] = { get: closed };
    expect(check()).toEqual(['auth serves /v1/users/{id}, which no route reaches']);
  });

  it('disagree over a path that leads to another service', () => {
    const { documents, check } = newSurface();
    documents.auth.paths['/v1/models/mine'] = { get: closed };
    expect(check()).toEqual(['auth serves /v1/models/mine, which leads to gateway']);
  });

  it('disagree over a route that leads to no operation', () => {
    const { gateway, check } = newSurface();
    gateway.routes.push(route('sessions', ['~/v1/sessions(/.*)?$'], { plugins: [guard] }));
    expect(check()).toEqual(['the path ~/v1/sessions(/.*)?$ of route sessions leads to no operation of gateway']);
  });

  it('disagree over two routes of one rank, for Kong promises no order', () => {
    const { auth, check } = newSurface();
    auth.routes[1] = route('login', ['~/v1/auth/login$']);
    expect(check()).toEqual(['/v1/auth/login is matched by auth and login alike']);
  });

  it('agree on a public route that takes a client’s secret where there is one', () => {
    const { documents, check } = newSurface();
    documents.auth.paths['/v1/auth/login'] = { post: { security: [{ basic: [] }, {}] } };
    expect(check()).toEqual([]);
  });

  it('disagree over who may call', () => {
    const { documents, check } = newSurface();
    documents.auth.paths['/v1/auth/login'] = { post: closed };
    documents.gateway.paths['/v1/models'] = { get: open };
    expect(check()).toEqual([
      'GET /v1/models is public, but its route has parley-auth',
      'POST /v1/auth/login wants a credential, but its route has no parley-auth',
    ]);
  });

  it('disagree over a service without a document', () => {
    const { gateway, auth, file } = newSurface();
    file.services = [gateway, { ...auth, routes: [] }];
    expect(faults(file, { gateway: newSurface().documents.gateway } as ApiDocuments)).toEqual([
      'auth has no openapi.json to check',
    ]);
  });

  it.each(['/internal', '/metrics', '/health/live'])('keep %s in the house', (path) => {
    const { gateway, documents, check } = newSurface();
    documents.gateway.paths[`${path}/x`] = { get: open };
    gateway.routes.push(route('leak', [`~${path}(/.*)?$`]));
    expect(check()).toContain(`${path} is reachable from outside by the route leak`);
  });

  it('disagree over a name given twice', () => {
    const { auth, check } = newSurface();
    auth.routes[1] = route('models', ['~/v1/auth/login$'], { regex_priority: 1 });
    expect(check()).toEqual(['the name models is given twice']);
  });
});
