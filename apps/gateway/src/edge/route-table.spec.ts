import { describe, expect, it } from '@jest/globals';
import { RouteTable, type EdgeRoute } from './route-table.js';

const route = (name: string, paths: string[], regexPriority = 0): EdgeRoute => ({ name, paths, regexPriority });

function newTable() {
  return new RouteTable([
    route('everything-else', ['/']),
    route('docs', ['/docs']),
    route('models', ['~/v1/models(/.*)?$']),
    route('any-auth', ['~/v1/auth(/.*)?$']),
    route('login', ['~/v1/auth/login$', '~/v1/auth/refresh$'], 10),
    route('loose', ['~/loose']),
  ]);
}
const matched = (target: string) => newTable().match(target).route?.name;

describe('the route table', () => {
  it('matches a regex from the start of the path, and to its end only where the regex says so', () => {
    expect(matched('/v1/models')).toBe('models');
    expect(matched('/v1/models/a/b')).toBe('models');
    expect(matched('/v1/modelsx')).toBe('everything-else');
    expect(matched('/x/v1/models')).toBe('everything-else');
    expect(matched('/loosely')).toBe('loose');
  });

  it('prefers the regex of higher priority, whatever the order in the file', () => {
    expect(matched('/v1/auth/login')).toBe('login');
    expect(matched('/v1/auth/refresh')).toBe('login');
    expect(matched('/v1/auth/me')).toBe('any-auth');
  });

  it('prefers any regex to a prefix, and the longer prefix', () => {
    expect(matched('/docs/x')).toBe('docs');
    expect(matched('/doc')).toBe('everything-else');
    expect(matched('/v1/models')).not.toBe('everything-else');
  });

  it('matches the normalised path, and hands it on', () => {
    expect(newTable().match('/v1/%6Dodels/./x')).toMatchObject({ path: '/v1/models/x', route: { name: 'models' } });
    expect(matched('/v1/models/%2e%2e/%2e%2e/internal/auth/exchange')).toBe('everything-else');
    expect(newTable().match('*')).toEqual({ path: undefined, route: undefined });
  });

  it('gives the same answer from memory, also after more paths than it remembers', () => {
    const table = newTable();
    const first = table.match('/v1/models');
    expect(table.match('/v1/models')).toBe(first);
    for (let i = 0; i < 3_000; i += 1) expect(table.match(`/v1/models/${i}`).route?.name).toBe('models');
    expect(table.match('/v1/models')).toEqual(first);
  });

  it('knows no route where the table has none', () => {
    expect(new RouteTable([route('models', ['~/v1/models$'])]).match('/v1/other').route).toBeUndefined();
  });
});
