import { AppError } from '@parley/contracts';

/** For a name by which nobody serves a model. */
export const modelNotFound = (id: string): AppError =>
  new AppError('model.not_found', { detail: `There is no model "${id}"` });
