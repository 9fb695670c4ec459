import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { present, type Login, type Presentation } from './login.js';
import { LoginsRepository } from './logins.repository.js';
import { digestOf, RefreshTokens } from './refresh-tokens.js';

/** A refresh token that somebody presented, with its login locked. */
export interface Presented {
  readonly login: Login;
  readonly leadsTo: Presentation;
  /** The token that takes its place, or took it. */
  readonly successor: string;
  readonly at: Date;
}

@Injectable()
export class Presentations {
  constructor(
    private readonly logins: LoginsRepository,
    private readonly tokens: RefreshTokens,
    private readonly clock: Clock,
  ) {}

  /** Undefined where there is no such login or token any more. */
  async read(
    tx: Transaction,
    { tenantId, loginId }: { readonly tenantId: string; readonly loginId: string },
    refreshToken: string,
  ): Promise<Presented | undefined> {
    const login = await this.logins.lock(tx, tenantId, loginId);
    const token = await this.logins.findToken(tx, tenantId, digestOf(refreshToken));
    if (!login || !token) return undefined;
    const at = new Date(this.clock.now());
    const successor = this.tokens.successorOf(refreshToken);
    const leadsTo = present(login, token, at, this.tokens.graceMs);
    const known = leadsTo !== 'again' || (await this.logins.findToken(tx, tenantId, digestOf(successor)));
    // An instance of the release before gave another successor, which only its client knows.
    return { login, successor, at, leadsTo: known ? leadsTo : 'reuse' };
  }
}
