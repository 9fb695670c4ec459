import type { AccessTokenClaims, ApiKey, ApiKeyPage, CreatedApiKey, ExchangeResponse } from '@parley/contracts';
import { claimsOf } from '@parley/testing';
import { startWithOwner, type AuthWithOwner } from '../auth-under-test.js';

/** The real service with one tenant and its owner. */
export class KeysUnderTest {
  private constructor(
    readonly auth: AuthWithOwner,
    readonly tenantId: string,
  ) {}

  static async start(): Promise<KeysUnderTest> {
    const auth = await startWithOwner();
    const { body } = await auth.call<{ tenant_id: string }>('GET', '/v1/auth/me', { token: auth.token });
    return new KeysUnderTest(auth, body.tenant_id);
  }

  /** The owner's. */
  get token(): string {
    return this.auth.token;
  }

  stop(): Promise<void> {
    return this.auth.stop();
  }

  create(body: object, token = this.token) {
    return this.auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body: { name: 'a key', ...body } });
  }

  async made(body: object, token = this.token): Promise<CreatedApiKey> {
    const answer = await this.create(body, token);
    if (answer.status !== 201) throw new Error(`no key was made: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  rotate(id: string, body?: object, token = this.token) {
    return this.auth.call<CreatedApiKey>('POST', `/v1/api-keys/${id}/rotate`, { token, ...(body && { body }) });
  }

  revoke(id: string, token = this.token) {
    return this.auth.call('DELETE', `/v1/api-keys/${id}`, { token });
  }

  exchange(api_key: string, address?: string) {
    return this.auth.call<ExchangeResponse>('POST', '/internal/auth/exchange', { body: { api_key, address } });
  }

  /** The token of a key. */
  async tokenOf({ key }: Pick<CreatedApiKey, 'key'>, address?: string): Promise<string> {
    const answer = await this.exchange(key, address);
    if (answer.status !== 200) throw new Error(`the key was refused: ${JSON.stringify(answer.body)}`);
    return answer.body.access_token;
  }

  async claimsOf(key: Pick<CreatedApiKey, 'key'>): Promise<AccessTokenClaims> {
    return claimsOf(await this.tokenOf(key));
  }

  /** As it is listed. */
  async listed(id: string): Promise<ApiKey | undefined> {
    const { body } = await this.auth.call<ApiKeyPage>('GET', '/v1/api-keys?limit=200', { token: this.token });
    return body.data.find((key) => key.id === id);
  }
}
