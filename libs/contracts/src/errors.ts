/** What a code promises: its HTTP status, the sentence a caller reads, and whether trying again can help. */
export interface ErrorDefinition {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
}

/** Every code a caller can meet. Each has an entry in docs/runbooks/errors.md. */
export const errorCodes = {
  'request.malformed': { status: 400, title: 'The body is not valid JSON', retryable: false },
  'request.invalid': { status: 400, title: 'The request does not fit its schema', retryable: false },
  'request.unauthenticated': { status: 401, title: 'No credential was given', retryable: false },
  'request.forbidden': { status: 403, title: 'The credential lacks a permission', retryable: false },
  'request.not_found': { status: 404, title: 'Nothing is served at this path', retryable: false },
  'request.method_not_allowed': { status: 405, title: 'The path does not take this method', retryable: false },
  'request.timeout': { status: 408, title: 'The request did not arrive in time', retryable: true },
  'request.too_large': { status: 413, title: 'The body is over the limit of this route', retryable: false },
  'request.unsupported_media_type': { status: 415, title: 'The content type is not accepted', retryable: false },
  'request.rate_limited': { status: 429, title: 'The credential has used up its rate limit', retryable: true },
  'credential.invalid': { status: 401, title: 'The credential is not valid', retryable: false },
  'credential.expired': { status: 401, title: 'The credential has expired', retryable: false },
  'credential.revoked': { status: 401, title: 'The credential was revoked', retryable: false },
  'login.failed': { status: 401, title: 'The email or the password is wrong', retryable: false },
  'credential.address_refused': {
    status: 403,
    title: 'The key may not be used from this address',
    retryable: false,
  },
  'login.locked': { status: 429, title: 'Too many wrong passwords; the next try has to wait', retryable: true },
  'login.not_found': { status: 404, title: 'No such login', retryable: false },
  'registration.closed': { status: 403, title: 'Nobody can register here by themselves', retryable: false },
  'one_time_token.invalid': {
    status: 400,
    title: 'The token is unknown, used up or expired',
    retryable: false,
  },
  'refresh_token.invalid': { status: 401, title: 'The refresh token is not valid', retryable: false },
  'refresh_token.reused': { status: 401, title: 'The refresh token was used before', retryable: false },
  'api_key.not_found': { status: 404, title: 'No such API key', retryable: false },
  'api_key.not_grantable': {
    status: 403,
    title: 'A key cannot give more than it has',
    retryable: false,
  },
  'permission.not_grantable': {
    status: 403,
    title: 'A permission cannot be granted by one who lacks it',
    retryable: false,
  },
  'grants.too_many': { status: 400, title: 'The permissions do not fit into a token', retryable: false },
  'role.not_found': { status: 404, title: 'No such role', retryable: false },
  'role.exists': { status: 409, title: 'There is a role of this name', retryable: false },
  'role.built_in': { status: 409, title: 'A role that every tenant has cannot be changed', retryable: false },
  'role.too_many': { status: 409, title: 'The tenant has as many roles of its own as it may', retryable: false },
  'role.in_use': { status: 409, title: 'Somebody has this role', retryable: false },
  'user.not_found': { status: 404, title: 'No such user', retryable: false },
  'user.exists': { status: 409, title: 'The address belongs to a user of the tenant', retryable: false },
  'owner.last': { status: 409, title: 'A tenant keeps one owner at least', retryable: false },
  'invitation.not_found': { status: 404, title: 'No such invitation', retryable: false },
  'service_account.not_found': { status: 404, title: 'No such service account', retryable: false },
  'api_key.ended': { status: 409, title: 'The key is revoked or expired', retryable: false },
  'oauth.invalid_request': { status: 400, title: 'The token request is not complete', retryable: false },
  'oauth.invalid_client': { status: 401, title: 'The client could not be authenticated', retryable: false },
  'oauth.invalid_grant': { status: 400, title: 'The grant is not valid', retryable: false },
  'oauth.invalid_scope': { status: 400, title: 'The scope is more than can be given', retryable: false },
  'oauth.unsupported_grant_type': { status: 400, title: 'There is no such grant type', retryable: false },
  'cursor.invalid': { status: 400, title: 'The cursor is not one that this list gave out', retryable: false },
  'project.not_found': { status: 404, title: 'No such project', retryable: false },
  'session.not_found': { status: 404, title: 'No such session', retryable: false },
  'session.busy': { status: 409, title: 'The session is answering another turn', retryable: true },
  'session.archived': { status: 409, title: 'The session is archived', retryable: false },
  'session.too_long': { status: 400, title: 'The conversation has no room for this', retryable: false },
  'session.context_exceeded': {
    status: 400,
    title: 'The conversation does not fit into the context window',
    retryable: false,
  },
  'session.summary_failed': { status: 502, title: 'The conversation could not be summarised', retryable: true },
  'message.not_found': { status: 404, title: 'No such message in the session', retryable: false },
  'turn.not_found': { status: 404, title: 'No such turn', retryable: false },
  'turn.ended': { status: 409, title: 'The turn has ended', retryable: false },
  'turn.not_running': { status: 409, title: 'No such turn is under way', retryable: false },
  'turn.stopped': { status: 409, title: 'The answer was stopped', retryable: false },
  'turn.interrupted': { status: 502, title: 'The answer broke off', retryable: true },
  'expert_query.not_found': { status: 404, title: 'No such expert query', retryable: false },
  'idempotency_key.reused': {
    status: 409,
    title: 'The idempotency key was used for another request',
    retryable: false,
  },
  'circle.nested': { status: 400, title: 'An expert cannot ask the circle', retryable: false },
  'circle.failed': { status: 502, title: 'No expert gave an answer', retryable: true },
  'mcp_server.not_found': { status: 404, title: 'No such MCP server', retryable: false },
  'mcp_server.unavailable': { status: 503, title: 'The MCP server is not running', retryable: true },
  'tool.not_found': { status: 404, title: 'No such tool', retryable: false },
  'tool.failed': { status: 502, title: 'The MCP server failed during the call', retryable: false },
  'tool.timeout': { status: 504, title: 'The tool did not answer in time', retryable: false },
  'tool.output_too_large': { status: 502, title: 'The tool gave more than a call may carry', retryable: false },
  'model.not_found': { status: 404, title: 'No provider serves this model', retryable: false },
  'model.not_allowed': { status: 403, title: 'The key may not ask this model', retryable: false },
  'model.unsupported_parameter': { status: 400, title: 'The model cannot carry this parameter', retryable: false },
  'thread.unsupported': { status: 400, title: 'No threads of messages are kept', retryable: false },
  'model.cannot_count': { status: 400, title: 'The model’s provider counts no tokens', retryable: false },
  'circuit_breaker.not_found': { status: 404, title: 'No such circuit breaker', retryable: false },
  'model_route.not_found': { status: 404, title: 'No such route of models', retryable: false },
  'model_route.exists': { status: 409, title: 'There is a route of this name', retryable: false },
  'model_route.too_many': { status: 409, title: 'The tenant has as many routes of models as it may', retryable: false },
  'price_version.too_many': {
    status: 409,
    title: 'The tenant has as many versions of its prices to come as it may',
    retryable: false,
  },
  'price_version.too_often': {
    status: 429,
    title: 'The tenant has set its prices as often as it may within a day',
    retryable: true,
  },
  'model.cannot_embed': { status: 400, title: 'The model makes no embeddings', retryable: false },
  'provider.rejected': { status: 400, title: 'The model provider rejected the request', retryable: false },
  'provider.conflict': {
    status: 409,
    title: 'The model provider cannot answer this as it stands now',
    retryable: true,
  },
  'provider.request_too_large': {
    status: 413,
    title: 'The model provider takes no request so large',
    retryable: false,
  },
  'provider.unprocessable': { status: 422, title: 'The model provider cannot process the request', retryable: false },
  'provider.rate_limited': { status: 429, title: 'The model provider is limiting requests', retryable: true },
  'provider.unauthorized': {
    status: 502,
    title: 'The model provider refused the platform’s credential',
    retryable: false,
  },
  'provider.failed': { status: 502, title: 'The model provider failed', retryable: true },
  'provider.bad_response': {
    status: 502,
    title: 'The model provider answered with something unreadable',
    retryable: true,
  },
  'provider.interrupted': { status: 502, title: 'The model provider broke off its answer', retryable: true },
  'provider.overloaded': { status: 503, title: 'The model provider is overloaded', retryable: true },
  'provider.timeout': { status: 504, title: 'The model provider did not answer in time', retryable: true },
  'service.bad_response': {
    status: 502,
    title: 'A service of the platform broke off or gave an unreadable answer',
    retryable: true,
  },
  'service.overloaded': { status: 503, title: 'The service is at its limit', retryable: true },
  'service.unavailable': { status: 503, title: 'A part that the request needs is not available', retryable: true },
  'service.draining': { status: 503, title: 'The instance is shutting down', retryable: true },
  'service.timeout': { status: 504, title: 'The request ran out of time', retryable: true },
  'service.internal': { status: 500, title: 'The service failed', retryable: false },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorCodes;

/** One field that did not fit: `path` is dotted, empty for the body itself. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface ErrorText {
  /** For the caller. */
  readonly detail?: string;
  /** For the log; never leaves. */
  readonly internal?: string;
  readonly cause?: unknown;
  readonly fields?: readonly FieldError[];
  /** Sent as Retry-After, rounded up to seconds. */
  readonly retryAfterMs?: number;
}

/** A failure with two texts: `detail` and `fields` are for the caller, `internal` and `cause` are for the log and never leave. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    readonly text: ErrorText = {},
  ) {
    super(text.internal ?? text.detail ?? errorCodes[code].title, { cause: text.cause });
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

/** True by name and code, so that an error which crossed a package copy is still known. */
export const isAppError = (error: unknown): error is AppError =>
  error instanceof Error && error.name === 'AppError' && 'code' in error && String(error.code) in errorCodes;
