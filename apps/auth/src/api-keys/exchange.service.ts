import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type ExchangeRequest, type ExchangeResponse } from '@parley/contracts';
import { isWellFormedApiKey } from '@parley/identity';
import { Clock } from '@parley/service-kit';
import { hasAddress } from './address-blocks.js';
import { judge, type StoredApiKey } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { KeyGrants } from './key-grants.js';
import { KeyTokens } from './key-tokens.js';
import { KeyUses } from './key-uses.js';

/** Turns API keys into the one token format behind the edge. */
@Injectable()
export class ExchangeService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly grants: KeyGrants,
    private readonly tokens: KeyTokens,
    private readonly uses: KeyUses,
    private readonly clock: Clock,
  ) {}

  /**
   * A mistyped key is refused by its checksum, without a look-up.
   * @throws AppError credential.invalid, .expired, .revoked (also where its owner is gone) or .address_refused.
   */
  async exchange({ api_key, address }: ExchangeRequest): Promise<ExchangeResponse> {
    if (!isWellFormedApiKey(api_key)) throw new AppError('credential.invalid', { internal: 'malformed API key' });
    const keyHash = hash('sha256', api_key);
    const key = await this.keys.findByHash(keyHash);
    if (!key) throw new AppError('credential.invalid', { internal: 'no such API key' });
    const verdict = judge(key, new Date(this.clock.now()));
    if (verdict !== 'good') throw new AppError(`credential.${verdict}`);
    demandAddress(key, address);
    const permissions = await this.keys.inTenant(key.tenantId, (tx) => this.grants.now(tx, key));
    if (!permissions) throw new AppError('credential.revoked', { internal: 'its owner is no longer of the tenant' });
    this.uses.note(key);
    return this.tokens.issue(key, keyHash, permissions);
  }
}

/** An edge that does not know where its client is lets no such key in. */
function demandAddress({ allowedAddresses }: StoredApiKey, address: string | undefined): void {
  if (!allowedAddresses || (address !== undefined && hasAddress(allowedAddresses, address))) return;
  throw new AppError('credential.address_refused');
}
