import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { LocalCache } from '@parley/cache';
import { AppError } from '@parley/contracts';
import { AccessChangeLog, TokenVerifier } from '@parley/identity';
import { Metrics } from '@parley/service-kit';
import { readCredential } from './credential.js';
import type { Presented } from './failed-exchanges.js';
import { KeyExchange, type Granted, type Refusal } from './key-exchange.js';

/** Of each kind: keys that are refused take no place from good ones. */
const maxKeys = 10_000;

/** Turns what a client presents into the one token format behind the edge, deciding as Kong's parley-auth does. */
@Injectable()
export class EdgeAuthenticator {
  /** By the SHA-256 of key and address, so that no key stays in memory. */
  private readonly granted: LocalCache<Granted | Refusal>;
  private readonly refused = new LocalCache<Refusal>({
    name: 'refused-keys',
    maxEntries: maxKeys,
    ttlMs: ({ keptS }) => keptS * 1_000,
  });

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly changes: AccessChangeLog,
    private readonly keys: KeyExchange,
    metrics: Metrics,
  ) {
    const grantedMs = (exchange: Granted | Refusal): number => ('token' in exchange ? exchange.keptS * 1_000 : 0);
    this.granted = new LocalCache({ name: 'exchanged-keys', maxEntries: maxKeys, ttlMs: grantedMs, metrics });
  }

  /**
   * The internal token of the caller at this address.
   * @throws AppError 401 for a credential that is missing or refused, 403 for a key that is used from elsewhere than it
   * may be, request.rate_limited where too many keys from there were refused, service.unavailable while nobody can tell.
   */
  async internalToken(headers: IncomingHttpHeaders, address: string | undefined): Promise<string> {
    const { kind, text } = readCredential(headers);
    if (kind === 'api_key') return this.exchanged(text, address);
    await this.verifier.verify(text);
    return text;
  }

  private async exchanged(key: string, address: string | undefined): Promise<string> {
    const id = hash('sha256', `${key} ${address}`);
    const exchange = this.known(id) ?? (await this.granted.getOrLoad(id, () => this.exchange(key, { id, address })));
    if ('token' in exchange) return exchange.token;
    throw new AppError(exchange.code);
  }

  private known(id: string): Granted | Refusal | undefined {
    const granted = this.granted.get(id);
    if (!granted) return this.refused.get(id);
    if (!this.isOutdated(granted)) return granted;
    this.granted.delete(id);
    return undefined;
  }

  private isOutdated(exchange: Granted | Refusal): boolean {
    if (!('token' in exchange) || !exchange.holders) return false;
    const { tenantId, ids } = exchange.holders;
    return this.changes.changedSince(exchange.revision, tenantId, ids);
  }

  private async exchange(key: string, presented: Presented): Promise<Granted | Refusal> {
    const exchange = await this.keys.exchange(key, presented);
    if ('code' in exchange) this.refused.set(presented.id, exchange);
    return exchange;
  }
}
