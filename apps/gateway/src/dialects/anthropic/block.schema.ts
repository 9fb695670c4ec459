import { z } from 'zod';

export const cacheControl = z
  .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
  .nullish();

const citationsConfig = z.strictObject({ enabled: z.boolean().optional() });
const object = z.record(z.string(), z.unknown());
const url = z.strictObject({ type: z.literal('url'), url: z.string() });
const file = z.strictObject({ type: z.literal('file'), file_id: z.string() });

export const textParam = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  cache_control: cacheControl,
  citations: z.array(object).nullish(),
});

const image = z.strictObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('base64'),
      media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
      data: z.string(),
    }),
    url,
    file,
  ]),
  cache_control: cacheControl,
  transformations: z.strictObject({ oversized_image: z.enum(['downsize', 'error']).optional() }).nullish(),
});

const document = z.strictObject({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: z.string() }),
    z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
    z.strictObject({
      type: z.literal('content'),
      content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textParam, image]))]),
    }),
    url,
    file,
  ]),
  cache_control: cacheControl,
  citations: citationsConfig.nullish(),
  context: z.string().nullish(),
  title: z.string().nullish(),
});

const searchResult = z.strictObject({
  type: z.literal('search_result'),
  content: z.array(textParam),
  source: z.string(),
  title: z.string(),
  cache_control: cacheControl,
  citations: citationsConfig.optional(),
});

const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z
    .union([
      z.string(),
      z.array(
        z.discriminatedUnion('type', [
          textParam,
          image,
          searchResult,
          document,
          z.strictObject({ type: z.literal('tool_reference'), tool_name: z.string(), cache_control: cacheControl }),
          z.strictObject({
            type: z.literal('browser_state'),
            tabs: z.array(object),
            state_changes: z.array(object).nullish(),
            cache_control: cacheControl,
          }),
        ]),
      ),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
  toolset_name: z.string().nullish(),
});

const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
  cache_control: cacheControl,
  caller: object.optional(),
  toolset_name: z.string().nullish(),
});

/** What a tool that Anthropic runs gave back: the provider made it and checks it, so that its inside is not ours to read. */
const serverToolResult = <Type extends string>(type: Type) =>
  z.strictObject({
    type: z.literal(type),
    tool_use_id: z.string(),
    content: z.unknown(),
    cache_control: cacheControl,
    caller: object.optional(),
  });

/** `ContentBlockParam` of @anthropic-ai/sdk 1.11, every type of block and every field. */
export const contentBlock = z.discriminatedUnion('type', [
  textParam,
  image,
  document,
  searchResult,
  toolResult,
  toolUse,
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.strictObject({
    type: z.literal('server_tool_use'),
    id: z.string(),
    name: z.string(),
    input: z.unknown(),
    cache_control: cacheControl,
    caller: object.optional(),
  }),
  z.strictObject({ type: z.literal('container_upload'), file_id: z.string(), cache_control: cacheControl }),
  serverToolResult('web_search_tool_result'),
  serverToolResult('web_fetch_tool_result'),
  serverToolResult('code_execution_tool_result'),
  serverToolResult('bash_code_execution_tool_result'),
  serverToolResult('text_editor_code_execution_tool_result'),
  serverToolResult('tool_search_tool_result'),
]);
