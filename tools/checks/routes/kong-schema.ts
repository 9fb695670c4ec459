import { z } from 'zod';

/*
 * As much of Kong 3.9's declarative format as kong.yml uses, checked by hand against Kong's own schemas (kong/db/schema
 * and each plugin's schema.lua): names, types, bounds. A field that is missing here may well exist in Kong; look it up
 * there, then add it.
 */

const name = z.string().regex(/^[\w.~-]+$/, 'must be made of letters, digits, . - _ ~');
const timeoutMs = z
  .int()
  .min(1)
  .max(2 ** 31 - 2);
const headerName = z.string().regex(/^[\w-]+$/);
const httpMethod = z.enum(['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

const cors = z.strictObject({
  origins: z.array(z.string()),
  methods: z.array(httpMethod),
  headers: z.array(z.string()).optional(),
  exposed_headers: z.array(z.string()),
  max_age: z.number(),
});

const correlationId = z.strictObject({
  header_name: headerName,
  generator: z.enum(['uuid', 'uuid#counter', 'tracker']),
  echo_downstream: z.boolean(),
});

/** A `message` would exclude the other two, and a content type demands a body. */
const requestTermination = z.strictObject({
  status_code: z.int().min(100).max(599),
  content_type: z.string(),
  body: z.string().min(1),
});

/** kong/plugins/parley-auth/schema.lua; `auth_url` stays with its default, or a vault's, in each deployment. */
const parleyAuth = z.strictObject({ error_format: z.enum(['problem', 'openai', 'anthropic', 'by_client']) });

const plugin = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('cors'), config: cors }),
  z.strictObject({ name: z.literal('correlation-id'), config: correlationId }),
  z.strictObject({ name: z.literal('request-termination'), config: requestTermination }),
  z.strictObject({ name: z.literal('parley-auth'), config: parleyAuth }),
]);

const path = z
  .string()
  .regex(/^(\/[\w.~/%-]*|~\/.*)$/, 'must be a plain path, or a regex after ~ that starts with a slash')
  .refine((text) => !text.startsWith('~') || !/\(\?[=!<]/.test(text), 'must not look around: Rust’s regexes cannot');

const route = z.strictObject({
  name,
  paths: z.array(path).min(1),
  regex_priority: z.int().optional(),
  strip_path: z.boolean().optional(),
  request_buffering: z.boolean().optional(),
  response_buffering: z.boolean().optional(),
  plugins: z.array(plugin).optional(),
});
export type KongRoute = z.infer<typeof route>;

const service = z.strictObject({
  name,
  host: z.hostname(),
  port: z.int().min(0).max(65_535).optional(),
  connect_timeout: timeoutMs.optional(),
  read_timeout: timeoutMs.optional(),
  write_timeout: timeoutMs.optional(),
  routes: z.array(route),
});

export const kongFile = z.strictObject({
  /** A string: 3.0 as a number is refused. */
  _format_version: z.literal('3.0'),
  plugins: z.array(plugin).optional(),
  services: z.array(service),
  routes: z.array(route).optional(),
});
export type KongFile = z.infer<typeof kongFile>;
