import { capabilitiesOf, type OfferedModel } from '@parley/llm';
import { z } from 'zod';

/** Anthropic’s own paging of `GET /v1/models`: by the id before or after which to go on. */
export const modelListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(20),
  after_id: z.string().optional(),
  before_id: z.string().optional(),
});

/** A model in Anthropic’s words; its own are described as it describes them. */
export function toAnthropicModel(model: OfferedModel) {
  if (model.native?.vendor === 'anthropic') return { ...model.native.value, id: model.id };
  const { context_window, max_output_tokens } = capabilitiesOf(model).facts;
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName,
    created_at: model.createdAt.toISOString(),
    max_input_tokens: context_window ?? null,
    max_tokens: max_output_tokens ?? null,
    capabilities: null,
    lifecycle: 'active',
    line: null,
    deprecated_at: null,
    retires_at: null,
  };
}

/** One page of `GET /v1/models` for Anthropic’s clients, who are told by their `anthropic-version` header. */
export function toAnthropicModelList(models: readonly OfferedModel[], query: z.infer<typeof modelListQuery>) {
  const { limit, after_id, before_id } = query;
  const after = models.findIndex(({ id }) => id === after_id) + 1;
  const before = before_id === undefined ? -1 : models.findIndex(({ id }) => id === before_id);
  const [from, to] = before >= 0 ? [Math.max(0, before - limit), before] : [after, after + limit];
  const data = models.slice(from, to).map(toAnthropicModel);
  return {
    data,
    has_more: before >= 0 ? from > 0 : to < models.length,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
