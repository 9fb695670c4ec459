import { describe, expect, it } from '@jest/globals';
import { AppError, errorCodes, oauthError, type ErrorCode, type ErrorText } from '@parley/contracts';
import { oauthErrors } from './oauth-errors.js';

function answerTo(code: ErrorCode, text: ErrorText = {}) {
  const { body, challenge } = oauthErrors(new AppError(code, text), 'request-1', {});
  return { ...(JSON.parse(body) as { error: string; error_description: string }), challenge };
}

describe('an error of OAuth', () => {
  it.each<[ErrorCode, string]>([
    ['oauth.invalid_grant', 'invalid_grant'],
    ['oauth.unsupported_grant_type', 'unsupported_grant_type'],
    ['request.invalid', 'invalid_request'],
    ['request.malformed', 'invalid_request'],
    ['request.unsupported_media_type', 'invalid_request'],
    ['request.unauthenticated', 'invalid_token'],
    ['credential.revoked', 'invalid_token'],
    ['request.forbidden', 'insufficient_scope'],
    ['request.rate_limited', 'temporarily_unavailable'],
    ['service.unavailable', 'temporarily_unavailable'],
    ['service.internal', 'server_error'],
  ])('%s is named %s', (code, name) => {
    expect(answerTo(code)).toMatchObject({ error: name, challenge: undefined });
  });

  it.each(Object.keys(errorCodes) as ErrorCode[])('%s is as documented', (code) => {
    const { body } = oauthErrors(new AppError(code), 'request-1', {});
    expect(oauthError.safeParse(JSON.parse(body)).success).toBe(true);
  });

  it('asks a client that could not be authenticated for its secret', () => {
    expect(answerTo('oauth.invalid_client').challenge).toMatch(/^Basic realm=/);
  });

  it('says what is wrong in the characters that may be used, and nothing internal', () => {
    const fields = [{ path: 'scope', message: 'is no "permission" of the tenant’s \\' }];
    const { error_description: said } = answerTo('request.invalid', { detail: 'No', internal: 'db-1', fields });
    expect(said).toBe("No; scope: is no 'permission' of the tenant's '");
  });
});
