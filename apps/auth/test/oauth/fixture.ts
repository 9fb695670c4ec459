import { expect } from '@jest/globals';
import type { OAuthTokenResponse, ServiceAccountWithSecret } from '@parley/contracts';
import { startWithOwner, type AuthWithOwner } from '../auth-under-test.js';
import { newTenant } from '../members.js';

export const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';

export type Account = Pick<ServiceAccountWithSecret, 'id' | 'client_secret'>;

interface FormAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Partial<OAuthTokenResponse> & Record<string, unknown>;
}

/** The real service with one tenant and its owner, and its OAuth routes as a client asks them. */
export class OAuthUnderTest {
  private constructor(readonly auth: AuthWithOwner) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<OAuthUnderTest> {
    return new OAuthUnderTest(await startWithOwner({ PARLEY_REGISTRATION: 'open', ...env }));
  }

  /** The owner's. */
  get token(): string {
    return this.auth.token;
  }

  stop(): Promise<void> {
    return this.auth.stop();
  }

  async newAccount(role = 'viewer', permissions: readonly string[] = [], token = this.token): Promise<Account> {
    const body = { name: 'agent', role, permissions };
    return (await this.auth.call<Account>('POST', '/v1/service-accounts', { token, body })).body;
  }

  /** A service account of another tenant, and its owner's token. */
  async elsewhere(): Promise<{ account: Account; token: string }> {
    const { token } = await newTenant(this.auth);
    return { account: await this.newAccount('viewer', [], token), token };
  }

  /** What is undefined in the form is left out. */
  async post(
    path: string,
    form: Readonly<Record<string, string | undefined>> | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<FormAnswer> {
    const body = typeof form === 'string' ? form : formOf(form);
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${this.auth.url}${path}`, { method: 'POST', body, headers: { ...type, ...headers } });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : {}) as FormAnswer['body'],
    };
  }

  /** To the token endpoint, as this client. */
  ask(form: Readonly<Record<string, string | undefined>>, account?: Account) {
    return this.post('/v1/auth/token', form, account && basic(account));
  }

  credentials(account: Account, scope?: string) {
    return this.ask({ grant_type: 'client_credentials', scope }, account);
  }

  /** A token for the account to act with in the place of whoever the subject token is of. */
  exchange(account: Account | undefined, subject_token: string, more: Readonly<Record<string, string>> = {}) {
    const form = { grant_type: exchangeGrant, subject_token, subject_token_type: accessToken, ...more };
    return this.ask(form, account);
  }

  async delegated(account: Account, subjectToken: string, scope?: string): Promise<string> {
    return String((await this.exchange(account, subjectToken, scope === undefined ? {} : { scope })).body.access_token);
  }

  me(token: string) {
    return this.auth.call('GET', '/v1/auth/me', { token });
  }

  introspect(token: string, as = this.token) {
    return this.post('/v1/auth/introspect', { token }, { authorization: `Bearer ${as}` });
  }
}

const formOf = (form: Readonly<Record<string, string | undefined>>) =>
  new URLSearchParams(Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined));

export const basic = ({ id, client_secret }: Account) => ({
  authorization: `Basic ${Buffer.from(`${id}:${client_secret}`).toString('base64')}`,
});

/** An answer of this status with this error of RFC 6749 §5.2. */
export const refusal = (status: number, error: string) => ({
  status,
  body: { error, error_description: expect.any(String) as unknown },
});
