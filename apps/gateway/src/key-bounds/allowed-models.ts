import { AppError, type Identity } from '@parley/contracts';

/** By the very name: a key for `claude-sonnet-5-5` may not ask `anthropic/claude-sonnet-5-5`. */
export const mayAsk = ({ models }: Pick<Identity, 'models'>, model: string): boolean =>
  models === undefined || models.has(model);

/**
 * For what gives models to names: a key with a list of names could give those on it any model.
 * @throws AppError api_key.not_grantable
 */
export function demandAnyModel({ models }: Pick<Identity, 'models'>): void {
  if (models === undefined) return;
  throw new AppError('api_key.not_grantable', { detail: 'A key that is bound to models changes no routes of models' });
}

/** @throws AppError model.not_allowed */
export function demandAllowed(caller: Pick<Identity, 'models'>, model: string): void {
  if (mayAsk(caller, model)) return;
  const message = `is "${model}", which the key may not ask`;
  throw new AppError('model.not_allowed', { detail: `model ${message}`, fields: [{ path: 'model', message }] });
}
