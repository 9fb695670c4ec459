import { Injectable } from '@nestjs/common';
import { exchangeApiKey, isAppError, type ErrorCode } from '@parley/contracts';
import { AccessChangeLog } from '@parley/identity';
import { ServiceClient } from '@parley/service-client';
import { Log } from '@parley/service-kit';
import { FailedExchanges, type Presented } from './failed-exchanges.js';
import { holdersOf, type Holders } from './token-holders.js';

/** A token is given up this long before it expires, so that it outlives the request that carries it to a service. */
const givenUpBeforeS = 10;
const keptAtMostS = 300;
const refusedForS = 5;
const unavailableForS = 1;
/** Whoever waits for an exchange has not even been let in yet. */
const exchangeTimeoutMs = 3_000;

export interface Granted {
  readonly keptS: number;
  readonly token: string;
  /** Whose it is: a change of theirs that is heard of after `revision` makes another token of the key. */
  readonly holders: Holders | undefined;
  readonly revision: number;
}

/** The code that the bearer of the key is refused with. */
export interface Refusal {
  readonly keptS: number;
  readonly code: ErrorCode;
}

/** Asks the auth service what an API key is worth. */
@Injectable()
export class KeyExchange {
  constructor(
    private readonly changes: AccessChangeLog,
    private readonly services: ServiceClient,
    private readonly failures: FailedExchanges,
    private readonly log: Log,
  ) {}

  /** @throws AppError request.rate_limited, without asking, where too many keys from the client's network were refused. */
  async exchange(key: string, presented: Presented): Promise<Granted | Refusal> {
    await this.failures.demandRoom(presented);
    const exchanged = await this.ask(key, presented.address);
    if ('token' in exchanged) this.failures.succeeded(presented);
    else if (exchanged.code !== 'service.unavailable') await this.failures.failed(presented);
    return exchanged;
  }

  private async ask(key: string, address: string | undefined): Promise<Granted | Refusal> {
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
      if (address !== undefined && isAppError(error) && error.status === 400) return this.ask(key, undefined);
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

function refusal(error: unknown): Refusal {
  if (isAppError(error) && refusals.has(error.code)) return { code: error.code, keptS: refusedForS };
  if (isAppError(error) && error.status === 400) return { code: 'credential.invalid', keptS: refusedForS };
  return { code: 'service.unavailable', keptS: unavailableForS };
}
