import { modelName } from '@parley/contracts';
import { z } from 'zod';
import { contentBlock } from './block.schema.js';
import { cacheControl } from './cache.schema.js';
import { textParam } from './media.schema.js';
import { toolParam } from './tool.schema.js';

const content = z.union([z.string(), z.array(contentBlock)]);
const texts = z.union([z.string(), z.array(textParam)]);
const parallel = { disable_parallel_tool_use: z.boolean().optional() };
const display = { display: z.enum(['summarized', 'omitted']).nullish() };

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content }),
  z.strictObject({ role: z.literal('assistant'), content }),
  z.strictObject({ role: z.literal('system'), content: texts }),
]);

const skill = z.strictObject({
  skill_id: z.string(),
  type: z.enum(['anthropic', 'custom']),
  version: z.string().optional(),
});

/** `MessageCreateParams` of @anthropic-ai/sdk 1.11, every field that goes in the body and no other. Ranges are the provider’s to judge. */
export const messagesRequest = z.strictObject({
  model: modelName,
  messages: z.array(message).min(1),
  max_tokens: z.int().min(0),
  cache_control: cacheControl,
  container: z
    .union([z.string(), z.strictObject({ id: z.string().nullish(), skills: z.array(skill).nullish() })])
    .nullish(),
  diagnostics: z.strictObject({ previous_message_id: z.string().nullish() }).nullish(),
  inference_geo: z.string().nullish(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  speed: z.enum(['standard', 'fast']).nullish(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.boolean().optional(),
  system: texts.optional(),
  thinking: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int(), ...display }),
      z.strictObject({ type: z.literal('adaptive'), ...display }),
      z.strictObject({ type: z.literal('between_tools') }),
      z.strictObject({ type: z.literal('disabled') }),
    ])
    .optional(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('auto'), ...parallel }),
      z.strictObject({ type: z.literal('any'), ...parallel }),
      z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
      z.strictObject({ type: z.literal('none') }),
    ])
    .optional(),
  tools: z.array(toolParam).optional(),
  // Gone from API version 2026-10-21, still right in the one before it, which many clients speak.
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  top_k: z.int().optional(),
});
export type MessagesRequest = z.infer<typeof messagesRequest>;

/** `MessageCountTokensParams` of the same SDK: what of a message has a length, and nothing else. */
export const countTokensRequest = messagesRequest.pick({
  model: true,
  messages: true,
  system: true,
  tools: true,
  tool_choice: true,
  thinking: true,
  output_config: true,
  cache_control: true,
  speed: true,
});
