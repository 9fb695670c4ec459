import { AppError } from '@parley/contracts';

/** For a model that answers in words, or a provider without a route for embeddings. */
export const cannotEmbed = (model: string): AppError =>
  new AppError('model.cannot_embed', {
    detail: `The model "${model}" makes no embeddings`,
    fields: [{ path: 'model', message: 'makes no embeddings' }],
  });
