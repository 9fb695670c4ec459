import { z } from 'zod';
import { openaiFacts } from '../capabilities/openai-facts.js';
import type { Model } from '../provider.js';
import { badResponse } from '../transport/failures.js';

const listSchema = z.looseObject({
  data: z.array(z.looseObject({ id: z.string(), created: z.number().nullish(), owned_by: z.string().nullish() })),
});

/** The models of `GET /models`. @throws AppError provider.bad_response when the text is no such list. */
export function fromOpenAiModels(text: string, provider: string): Model[] {
  try {
    return listSchema.parse(JSON.parse(text)).data.map((wire) => ({
      id: wire.id,
      displayName: wire.id,
      createdAt: new Date((wire.created ?? 0) * 1000),
      ownedBy: wire.owned_by ?? provider,
      facts: openaiFacts(wire),
      native: { vendor: 'openai' as const, value: wire },
    }));
  } catch (cause) {
    throw badResponse(provider, `no model list: ${text.slice(0, 200)}`, cause);
  }
}
