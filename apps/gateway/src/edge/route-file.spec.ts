import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import type { Honoured } from './honoured.js';
import { parseRouteFile, toRules } from './route-file.js';

const matching = { strip_path: false, request_buffering: false, response_buffering: false } as const;

const file = () => ({
  _format_version: '3.0' as string,
  plugins: [
    { name: 'correlation-id', config: { header_name: 'X-Request-Id', generator: 'uuid', echo_downstream: true } },
  ] as object[],
  services: [
    {
      name: 'gateway',
      host: 'gateway.service.consul',
      port: 4000,
      connect_timeout: 2_000,
      read_timeout: 600_000,
      write_timeout: 600_000,
      routes: [
        {
          name: 'messages',
          paths: ['~/v1/messages$'],
          ...matching,
          plugins: [{ name: 'parley-auth', config: { error_format: 'anthropic' } }],
        },
        { name: 'health', paths: ['~/health$'], ...matching },
      ] as object[],
    },
  ],
  routes: [] as object[],
});

const parsed = (content: object): Honoured => parseRouteFile(stringify(content), 'kong.yml');

describe('a route file', () => {
  it('becomes routes with their service and their plugins', () => {
    const rules = toRules(parsed(file()));

    expect(rules.cors).toBeUndefined();
    expect(rules.routes.match('/v1/messages').route).toMatchObject({
      service: 'gateway',
      readTimeoutMs: 600_000,
      errorFormat: 'anthropic',
    });
    expect(rules.routes.match('/health').route?.errorFormat).toBeUndefined();
  });

  const refused: [string, (content: ReturnType<typeof file>) => unknown, string][] = [
    ['an entity it does not know', (f) => Object.assign(f, { upstreams: [] }), 'upstreams is not honoured'],
    ['another format', (f) => (f._format_version = '2.1'), '_format_version'],
    ['a global plugin', (f) => f.plugins.push({ name: 'rate-limiting' }), 'plugins[1].name is not a plugin that'],
    ['requests without a name', (f) => (f.plugins = []), 'plugins must have correlation-id'],
    ['a field of a service', (f) => Object.assign(f.services[0] ?? {}, { retries: 3 }), 'services[0].retries is not'],
    ['a host of another name', (f) => Object.assign(f.services[0] ?? {}, { host: 'x' }), 'services[0].host must be'],
    [
      'a limit of its own',
      (f) => Object.assign(f.services[0] ?? {}, { write_timeout: 1 }),
      'services[0].write_timeout must',
    ],
    ['a route by method', (f) => add(f, { methods: ['GET'] }), 'services[0].routes[2].methods is not honoured'],
    ['a stripped path', (f) => add(f, { strip_path: true }), 'services[0].routes[2].strip_path must be false'],
    ['a path without a slash', (f) => add(f, { paths: ['v1'] }), 'services[0].routes[2].paths[0] must start with'],
    ['a broken regex', (f) => add(f, { paths: ['~/v1('] }), 'services[0].routes[2].paths[0] must be a regex'],
    ['a look-ahead', (f) => add(f, { paths: ['~/v1(?=x)'] }), 'services[0].routes[2].paths[0] must do without'],
    ['a plugin of a route', (f) => add(f, { plugins: [{ name: 'jwt' }] }), 'services[0].routes[2].plugins[0].name is'],
    [
      'a field of a plugin',
      (f) => add(f, { plugins: [{ name: 'parley-auth', config: { error_format: 'openai', auth_url: 'http://a' } }] }),
      'services[0].routes[2].plugins[0].config.auth_url is not honoured',
    ],
    [
      'a route to nowhere',
      (f) => f.routes.push({ name: 'r', paths: ['/'], ...matching, plugins: [] }),
      'routes[0].plugins must have request-termination',
    ],
  ];
  const add = (content: ReturnType<typeof file>, change: object) =>
    content.services[0]?.routes.push({ name: 'added', paths: ['~/added$'], ...matching, ...change });

  it.each(refused)('with %s is refused, and the sentence names it', (_, change, sentence) => {
    const content = file();
    change(content);

    expect(() => parsed(content)).toThrow(`kong.yml: ${sentence}`);
  });
});
