import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { LocalCache } from '@parley/cache';
import { AppError, exchangeApiKey, isAppError, type ErrorCode } from '@parley/contracts';
import { TokenVerifier } from '@parley/identity';
import { ServiceClient } from '@parley/service-client';
import { Log, Metrics } from '@parley/service-kit';
import { readCredential } from './credential.js';

const maxKeys = 10_000;
/** A token is given up this long before it expires, so that it outlives the request that carries it to a service. */
const givenUpBeforeS = 10;
const keptAtMostS = 300;
const refusedForS = 5;
const unavailableForS = 1;
/** Whoever waits for an exchange has not even been let in yet. */
const exchangeTimeoutMs = 3_000;

/** What became of a key: a token, or the code that its bearer is refused with. */
type Exchange = { readonly keptS: number } & ({ readonly token: string } | { readonly code: ErrorCode });

/** Turns what a client presents into the one token format behind the edge, deciding as Kong's parley-auth does. */
@Injectable()
export class EdgeAuthenticator {
  /** By SHA-256, so that no key stays in memory. */
  private readonly exchanges: LocalCache<Exchange>;

  constructor(
    private readonly verifier: TokenVerifier,
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
   * The internal token of the caller.
   * @throws AppError 401 for a credential that is missing or refused, service.unavailable while nobody can tell.
   */
  async internalToken(headers: IncomingHttpHeaders): Promise<string> {
    const { kind, text } = readCredential(headers);
    if (kind === 'api_key') return this.exchanged(text);
    await this.verifier.verify(text);
    return text;
  }

  private async exchanged(key: string): Promise<string> {
    const exchange = await this.exchanges.getOrLoad(hash('sha256', key), () => this.exchange(key));
    if ('token' in exchange) return exchange.token;
    throw new AppError(exchange.code);
  }

  private async exchange(key: string): Promise<Exchange> {
    try {
      const { access_token, expires_in } = await this.services.call(exchangeApiKey, {
        body: { api_key: key },
        idempotent: true,
        timeoutMs: exchangeTimeoutMs,
      });
      const keptS = Math.max(Math.min(expires_in - givenUpBeforeS, keptAtMostS), unavailableForS);
      return { token: access_token, keptS };
    } catch (error) {
      const refused = refusal(error);
      if (refused.code === 'service.unavailable') this.log.warn({ err: error }, 'an API key could not be exchanged');
      return refused;
    }
  }
}

const refusals = new Set<ErrorCode>(['credential.invalid', 'credential.expired', 'credential.revoked']);

function refusal(error: unknown): Exchange & { readonly code: ErrorCode } {
  if (isAppError(error) && refusals.has(error.code)) return { code: error.code, keptS: refusedForS };
  if (isAppError(error) && error.status === 400) return { code: 'credential.invalid', keptS: refusedForS };
  return { code: 'service.unavailable', keptS: unavailableForS };
}
