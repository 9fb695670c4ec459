import { Injectable } from '@nestjs/common';
import { AppError, type Identity } from '@parley/contracts';
import { RateLimiter } from '@parley/limits';
import { Granting } from '../authority/granting.js';
import { Lockouts } from '../passwords/lockouts.js';
import type { Member } from './user.js';
import { UsersRepository } from './users.repository.js';

/** Each lets whoever guesses the password try the free ones anew. */
const unlocksPerHour = 3;
const hourMs = 3_600_000;

/** Lets users who gave too many wrong passwords log in again at once. */
@Injectable()
export class UnlocksService {
  constructor(
    private readonly users: UsersRepository,
    private readonly granting: Granting,
    private readonly lockouts: Lockouts,
    private readonly limiter: RateLimiter,
  ) {}

  /**
   * Without effect, and without a word of it, on one who has never come here: whoever names an address must not get to
   * try the passwords of its account in other tenants.
   * @throws AppError user.not_found, request.rate_limited; as `Granting.demandMayChange`.
   */
  async unlock(caller: Identity, id: string): Promise<void> {
    const member = await this.find(caller, id);
    const hasCome = !member.needsProof || member.lastLoginAt !== null;
    await this.count(hasCome ? id : `${caller.tenantId}:${id}`);
    if (hasCome) await this.lockouts.unlock(member.email);
  }

  private find(caller: Identity, id: string): Promise<Member> {
    return this.users.inTenant(caller.tenantId, async (tx) => {
      const member = await this.users.find(tx, caller.tenantId, id);
      if (!member) throw new AppError('user.not_found');
      await this.granting.demandMayChange(tx, caller, { type: 'user', id });
      return member;
    });
  }

  /** Unlocks of an account by all its tenants together, those without effect by the tenant: no other is to wait for them. */
  private count(unlocked: string): Promise<void> {
    const take = { key: `unlock:${unlocked}`, limit: unlocksPerHour, windowMs: hourMs };
    return this.limiter.demand(take, 'Too many unlocks of this account');
  }
}
