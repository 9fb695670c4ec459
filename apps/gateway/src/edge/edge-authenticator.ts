import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { LocalCache } from '@parley/cache';
import { AppError, exchangeApiKey, isAppError, type ErrorCode } from '@parley/contracts';
import { AccessChangeLog, TokenVerifier } from '@parley/identity';
import { ServiceClient } from '@parley/service-client';
import { Log, Metrics } from '@parley/service-kit';
import { readCredential } from './credential.js';
import { holdersOf, type Holders } from './token-holders.js';

const maxKeys = 10_000;
/** A token is given up this long before it expires, so that it outlives the request that carries it to a service. */
const givenUpBeforeS = 10;
const keptAtMostS = 300;
const refusedForS = 5;
const unavailableForS = 1;
/** Whoever waits for an exchange has not even been let in yet. */
const exchangeTimeoutMs = 3_000;

interface Granted {
  readonly token: string;
  /** Whose it is: a change of theirs that is heard of after `revision` makes another token of the key. */
  readonly holders: Holders | undefined;
  readonly revision: number;
}

/** What became of a key: a token, or the code that its bearer is refused with. */
type Exchange = { readonly keptS: number } & (Granted | { readonly code: ErrorCode });

/** Turns what a client presents into the one token format behind the edge, deciding as Kong's parley-auth does. */
@Injectable()
export class EdgeAuthenticator {
  /** By the SHA-256 of key and address, so that no key stays in memory. */
  private readonly exchanges: LocalCache<Exchange>;

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly changes: AccessChangeLog,
    private readonly services: ServiceClient,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.exchanges = new LocalCache({
      name: 'exchanged-keys',
      maxEntries: maxKeys,
      ttlMs: ({ keptS }) => keptS * 1_000,
      metrics,
    });
  }

  /**
   * The internal token of the caller at this address.
   * @throws AppError 401 for a credential that is missing or refused, 403 for a key that is used from elsewhere than it
   * may be, service.unavailable while nobody can tell.
   */
  async internalToken(headers: IncomingHttpHeaders, address: string | undefined): Promise<string> {
    const { kind, text } = readCredential(headers);
    if (kind === 'api_key') return this.exchanged(text, address);
    await this.verifier.verify(text);
    return text;
  }

  private async exchanged(key: string, address: string | undefined): Promise<string> {
    const id = hash('sha256', `${key} ${address}`);
    let exchange = this.exchanges.get(id);
    if (exchange && this.isOutdated(exchange)) {
      this.exchanges.delete(id);
      exchange = undefined;
    }
    exchange ??= await this.exchanges.getOrLoad(id, () => this.exchange(key, address));
    if ('token' in exchange) return exchange.token;
    throw new AppError(exchange.code);
  }

  private isOutdated(exchange: Exchange): boolean {
    if (!('token' in exchange) || !exchange.holders) return false;
    const { tenantId, ids } = exchange.holders;
    return this.changes.changedSince(exchange.revision, tenantId, ids);
  }

  private async exchange(key: string, address: string | undefined): Promise<Exchange> {
    const { revision } = this.changes;
    try {
      const { access_token, expires_in } = await this.services.call(exchangeApiKey, {
        body: { api_key: key, ...(address !== undefined && { address }) },
        idempotent: true,
        timeoutMs: exchangeTimeoutMs,
      });
      const keptS = Math.max(Math.min(expires_in - givenUpBeforeS, keptAtMostS), unavailableForS);
      return { token: access_token, holders: holdersOf(access_token), revision, keptS };
    } catch (error) {
      // The key's form is right, so it is the address that an auth service of the release before does not know.
      if (address !== undefined && isAppError(error) && error.status === 400) return this.exchange(key, undefined);
      const refused = refusal(error);
      if (refused.code === 'service.unavailable') this.log.warn({ err: error }, 'an API key could not be exchanged');
      return refused;
    }
  }
}

const refusals = new Set<ErrorCode>([
  'credential.invalid',
  'credential.expired',
  'credential.revoked',
  'credential.address_refused',
]);

function refusal(error: unknown): Exchange & { readonly code: ErrorCode } {
  if (isAppError(error) && refusals.has(error.code)) return { code: error.code, keptS: refusedForS };
  if (isAppError(error) && error.status === 400) return { code: 'credential.invalid', keptS: refusedForS };
  return { code: 'service.unavailable', keptS: unavailableForS };
}
