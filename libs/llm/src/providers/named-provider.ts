import { z } from 'zod';
import { modelFacts } from '../capabilities/facts.js';
import { baseUrlProblem } from './base-url.js';

/** Before a slash in `name/model`, in logs, metrics and records of usage. `parley` is the circle of experts' own. */
function nameProblem(name: string): string | undefined {
  if (name === 'parley') return 'is the platform’s own name';
  if (/^[a-z][a-z0-9-]{0,31}$/.test(name)) return undefined;
  return 'must be named with 1 to 32 lower-case letters, digits and dashes, a letter first';
}

/** The file of a key, or the variable that has it (or, as every variable, by `NAME_FILE` the file of it). */
const keyReference = z
  .strictObject({
    env: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of a variable')
      .optional(),
    file: z.string().min(1).optional(),
  })
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), 'must have one of "env" and "file"');
export type KeyReference = z.infer<typeof keyReference>;

/** A model by its name at the provider, in which `*` stands for anything, and what the operator knows of it. */
const servedModel = z.preprocess(
  (entry) => (typeof entry === 'string' ? { id: entry } : entry),
  z.strictObject({
    id: z.string().regex(/^[\x21-\x7e]{1,256}$/, 'must be 1 to 256 printable characters'),
    ...modelFacts,
  }),
);
export type ServedModel = z.infer<typeof servedModel>;

const ms = z.int().min(100).max(3_600_000).optional();

/** Each is by default what PROVIDER_… says for all. */
const limits = z.strictObject({
  /** Calls at once for each key, each on a connection of its own. 1–10,000. */
  max_concurrent: z.int().min(1).max(10_000).optional(),
  /** Calls that wait for a place, for each key. 0–100,000. */
  max_queued: z.int().min(0).max(100_000).optional(),
  /** 100 ms to 1 h. */
  first_byte_timeout_ms: ms,
  /** 100 ms to 1 h. */
  idle_timeout_ms: ms,
});

/** A server of models, as the operator describes it. */
export const namedProvider = z
  .strictObject({
    /** The wire format that it is spoken to in. */
    kind: z.enum(['openai', 'anthropic']),
    /** As its SDK wants it: with `/v1` for `openai`, without for `anthropic`. */
    base_url: z.url({ protocol: /^https?$/ }),
    /** `private` allows http, for servers on one's own network. Default `internet`; this machine itself needs no word. */
    network: z.enum(['internet', 'private']).default('internet'),
    /** Each is a credential with places and breakers of its own; none for a server that takes none. At most 16. */
    api_keys: z.array(keyReference).max(16).default([]),
    /** Only these are served. Default: whatever the server lists. */
    models: z.array(servedModel).min(1).max(1_000).optional(),
    /** What the limit of an answer is called. Default `max_tokens`, and `max_completion_tokens` at api.openai.com. */
    max_tokens_field: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
    limits: limits.default({}),
  })
  .superRefine(({ base_url, network }, context) => {
    const message = baseUrlProblem(base_url, network);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['base_url'], message });
  });
export type NamedProvider = z.infer<typeof namedProvider>;

/** Providers by name, in the order in which they are asked for a model that several list. At most 100. */
export const namedProviders = z
  .record(z.string(), namedProvider)
  .refine((providers) => Object.keys(providers).length <= 100, 'must be 100 providers at most')
  .superRefine((providers, context) => {
    for (const name of Object.keys(providers)) {
      const message = nameProblem(name);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    }
  });
