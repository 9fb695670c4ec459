import { z } from 'zod';

/*
 * What of Kong's declarative format the embedded edge honours, and no more: a file with anything else in it would be one
 * thing under Kong and another here.
 */

const correlationId = z.strictObject({
  name: z.literal('correlation-id'),
  config: z.strictObject({
    header_name: z.literal('X-Request-Id', 'must be X-Request-Id: the services read no other'),
    generator: z.literal('uuid'),
    echo_downstream: z.literal(true),
  }),
});

const origin = z.string().regex(/^(\*|https?:\/\/[a-z0-9.-]+(:\d+)?)$/, 'must be * or an exact origin in lower case');

const cors = z.strictObject({
  name: z.literal('cors'),
  config: z.strictObject({
    origins: z.array(origin).min(1),
    methods: z.array(z.string().regex(/^[A-Z]+$/, 'must be a method')).min(1),
    exposed_headers: z.array(z.string()).min(1),
    /** Seconds. */
    max_age: z.int().min(0),
  }),
});
export type CorsConfig = z.infer<typeof cors>['config'];

const parleyAuth = z.strictObject({
  name: z.literal('parley-auth'),
  config: z.strictObject({ error_format: z.enum(['problem', 'openai', 'anthropic', 'by_client']) }),
});
export type ErrorFormat = z.infer<typeof parleyAuth>['config']['error_format'];

const requestTermination = z.strictObject({
  name: z.literal('request-termination'),
  config: z.strictObject({ status_code: z.int().min(200).max(599), content_type: z.string(), body: z.string() }),
});
export type Termination = z.infer<typeof requestTermination>['config'];

const unknownPlugin = 'is not a plugin that the embedded edge honours here';
const globalPlugins = z
  .array(z.discriminatedUnion('name', [correlationId, cors], unknownPlugin))
  .refine((plugins) => plugins.some(({ name }) => name === 'correlation-id'), {
    message: 'must have correlation-id: the embedded edge names every request',
  });
const routePlugins = z.array(z.discriminatedUnion('name', [parleyAuth, requestTermination], unknownPlugin));

const isRegex = (path: string): boolean => path.startsWith('~');
const path = z
  .string()
  .regex(/^~?\//, 'must start with / or ~/')
  .refine((text) => !isRegex(text) || compiles(text.slice(1)), 'must be a regex')
  // Kong's regexes are Rust's.
  .refine(
    (text) => !isRegex(text) || !/\(\?(?!:)|\\[1-9k]/.test(text),
    'must do without look-around and back-references',
  );

function compiles(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

const unbuffered = z.literal(false, 'must be false: the embedded edge buffers nothing');
const route = {
  name: z.string().min(1),
  paths: z.array(path).min(1),
  regex_priority: z.int().min(0).default(0),
  strip_path: z.literal(false, 'must be false: the embedded edge strips nothing'),
  request_buffering: unbuffered,
  response_buffering: unbuffered,
};

const service = z
  .strictObject({
    name: z.enum(['gateway', 'auth', 'sessions', 'experts', 'mcp-hub', 'analytics']),
    host: z.string(),
    /** For a DNS that gives Kong no port; the addresses of discovery always have one. */
    port: z.int().min(1).max(65_535),
    connect_timeout: z.literal(2_000, 'must be 2000: the embedded edge knows no other'),
    read_timeout: z.int().min(1),
    write_timeout: z.int().min(1),
    routes: z.array(z.strictObject({ ...route, plugins: routePlugins.default([]) })).min(1),
  })
  .refine(({ name, host }) => host === `${name}.service.consul`, {
    path: ['host'],
    message: 'must be <name>.service.consul: the embedded edge finds a service by its name',
  })
  .refine(({ read_timeout, write_timeout }) => read_timeout === write_timeout, {
    path: ['write_timeout'],
    message: 'must equal read_timeout: the embedded edge has one limit for silence either way',
  });

const withoutService = z.strictObject({
  ...route,
  plugins: routePlugins.refine((plugins) => plugins.some(({ name }) => name === 'request-termination'), {
    message: 'must have request-termination: the route has no service',
  }),
});

export const honoured = z.strictObject({
  _format_version: z.literal('3.0'),
  plugins: globalPlugins,
  services: z.array(service).min(1),
  routes: z.array(withoutService).default([]),
});
export type Honoured = z.infer<typeof honoured>;
