import { errorCodes, isAppError, type ErrorCode } from '@parley/contracts';

/** May go better at another provider. A request that was refused for what it says would be refused there too. */
const elsewhere = new Set<ErrorCode>([
  'provider.failed',
  'provider.overloaded',
  'provider.rate_limited',
  'provider.timeout',
  'provider.unauthorized',
  'provider.bad_response',
  'provider.interrupted',
  'provider.conflict',
  'model.not_found',
  'service.overloaded',
]);

/** Of one credential alone: the provider may answer the next one. */
const ofCredential = new Set<ErrorCode>(['provider.rate_limited', 'provider.unauthorized', 'service.overloaded']);

/** True for a failure that another credential of the same provider may well meet, too. */
export const mayBeOfAllCredentials = (error: unknown): boolean => !isAppError(error) || !ofCredential.has(error.code);

/** True for a failure of the provider’s, which another one may not have. */
export const mayGoBetterElsewhere = (error: unknown): boolean => isAppError(error) && elsewhere.has(error.code);

const isRetryable = (error: unknown): boolean => isAppError(error) && errorCodes[error.code].retryable;

/** What a caller whom nobody answered is told: of those asked in vain the first that may answer another time. */
export const mostTelling = (errors: readonly unknown[]): Error => (errors.find(isRetryable) ?? errors[0]) as Error;
