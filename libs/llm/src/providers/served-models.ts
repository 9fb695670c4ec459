import { isAppError } from '@parley/contracts';
import { cannotEmbed } from '../embeddings/cannot-embed.js';
import { modelNotFound } from '../model-not-found.js';
import type { Model, ModelProvider } from '../provider.js';
import type { ServedModel } from './named-provider.js';

const literal = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
const matcher = (pattern: string): RegExp => new RegExp(`^${literal(pattern).replaceAll('*', '.*')}$`);

/** True for the answer of a server that has no list. */
const hasNoList = (error: unknown): boolean => isAppError(error) && error.code === 'model.not_found';

/** A provider that serves the models which the operator names, and no other. */
export function serving(provider: ModelProvider, served: readonly ServedModel[]): ModelProvider {
  const entries = served.map(({ id, ...configured }) => ({ id, configured, matches: matcher(id) }));
  const entryOf = (id: string) => entries.find(({ matches }) => matches.test(id));
  const demand = (id: string): void => {
    if (!entryOf(id)) throw modelNotFound(id);
  };
  const countTokens = provider.countTokens?.bind(provider);
  const embed = provider.embed?.bind(provider);

  /** The server's list, which may be missing where every model is named in full. */
  async function listed(signal: AbortSignal): Promise<Model[]> {
    try {
      return await provider.listModels(signal);
    } catch (error) {
      if (hasNoList(error)) return [];
      throw error;
    }
  }

  return {
    ...provider,
    knownModels: new RegExp(entries.map(({ matches }) => matches.source).join('|')),
    async complete(request, context) {
      demand(request.model);
      return provider.complete(request, context);
    },
    async *stream(request, context) {
      demand(request.model);
      yield* provider.stream(request, context);
    },
    ...(countTokens && {
      async countTokens(request, context) {
        demand(request.model);
        return countTokens(request, context);
      },
    }),
    ...(embed && {
      async embed(request, context) {
        demand(request.model);
        if (entryOf(request.model)?.configured.embeddings === false) throw cannotEmbed(request.model);
        return embed(request, context);
      },
    }),
    async listModels(signal) {
      const models = await listed(signal);
      const ids = new Set(models.map(({ id }) => id));
      const unlisted = entries.filter(({ id }) => !id.includes('*') && !ids.has(id));
      return [
        ...models.flatMap((model) => describe(model, entryOf(model.id)?.configured)),
        ...unlisted.map(({ id, configured }) => ({ ...unknownModel(id, provider.name), configured })),
      ];
    },
  };
}

const describe = (model: Model, configured: Model['configured']): Model[] =>
  configured === undefined ? [] : [{ ...model, configured }];

/** A model that its server does not list. */
const unknownModel = (id: string, ownedBy: string): Model => ({
  id,
  displayName: id,
  createdAt: new Date(0),
  ownedBy,
});
