import { AppError, isAppError } from '@parley/contracts';

/** When the database is away, callers are asked to come back after this long: pools recover within seconds. */
const retryAfterMs = 2_000;

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** pg and pg-pool raise these without a code. */
const connectionMessages =
  /timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable|Query read timeout/;

/** The five-character SQLSTATE, or the network's error code, where there is one; found under TypeORM's wrapper too. */
export function errorCode(error: unknown): string | undefined {
  const { driverError, code } = Object(error) as { driverError?: unknown; code?: unknown };
  if (driverError !== undefined) return errorCode(driverError);
  return typeof code === 'string' ? code : undefined;
}

/**
 * True when the server cannot be reached or cannot work: SQLSTATE class 08 (connection), 53 (resources: connections,
 * memory, disk), 57P0x (shutting down, starting), a network error, or no free connection in time.
 */
export function isUnavailable(error: unknown): boolean {
  if (isAppError(error)) return error.code === 'service.unavailable';
  const code = errorCode(error);
  if (code !== undefined && (networkCodes.has(code) || /^(08|53|57P0)/.test(code))) return true;
  return connectionMessages.test(String(error));
}

/** True when the values are at fault, not the server: SQLSTATE classes 22 (data) and 23 (constraints), or no SQLSTATE. */
export function isDataError(error: unknown): boolean {
  if (isUnavailable(error) || isAppError(error)) return false;
  const code = errorCode(error);
  return code === undefined || /^2[23]/.test(code);
}

/** What a caller of the database gets: unavailability and time-outs as AppErrors, everything else as it came. */
export function translateError(error: unknown): unknown {
  if (isAppError(error)) return error;
  if (isUnavailable(error))
    return new AppError('service.unavailable', { internal: 'The database is unavailable', cause: error, retryAfterMs });
  if (errorCode(error) === '57014')
    return new AppError('service.timeout', { internal: 'A statement ran out of time', cause: error });
  return error;
}
