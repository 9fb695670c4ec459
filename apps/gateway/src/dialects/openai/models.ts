import type { OfferedModel } from '@parley/llm';

/** A model in OpenAI’s words, and which of our providers serves it. */
export const toOpenAiModel = ({ id, createdAt, ownedBy, provider }: OfferedModel) => ({
  id,
  object: 'model' as const,
  created: Math.floor(createdAt.getTime() / 1000),
  owned_by: ownedBy,
  provider,
});

/** `GET /v1/models` for OpenAI’s clients, and for all that do not say otherwise. */
export const toOpenAiModelList = (models: readonly OfferedModel[]) => ({
  object: 'list' as const,
  data: models.map(toOpenAiModel),
});
