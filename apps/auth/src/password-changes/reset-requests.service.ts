import { Injectable } from '@nestjs/common';
import { passwordResetRequested } from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import { Clock } from '@parley/service-kit';
import { normalizeEmail } from '../accounts/account.js';
import { LoginLimits } from '../logins/login-limits.js';
import { digestOf, mintResetToken } from './password-reset.js';
import { ResetRequestsRepository, type Recipient } from './reset-requests.repository.js';

/** For how long a reset's token is good; injectable by this class. */
export class ResetLifetime {
  constructor(readonly seconds: number) {}
}

/** No answer comes earlier, so that its time does not tell whether there was an account to write a token for. */
const answerAfterMs = 200;

@Injectable()
export class ResetRequestsService {
  constructor(
    private readonly requests: ResetRequestsRepository,
    private readonly limits: LoginLimits,
    private readonly outbox: Outbox,
    private readonly lifetime: ResetLifetime,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.rate_limited, whether the address has an account or not. */
  async request(address: string): Promise<void> {
    const email = normalizeEmail(address);
    await this.limits.resetOf(email);
    const answerTime = new Promise<void>((resolve) => this.clock.setTimeout(resolve, answerAfterMs));
    await Promise.all([this.send(email), answerTime]);
  }

  /** The token is in the event and nowhere else (docs/adr/0020). */
  private async send(email: string): Promise<void> {
    const recipient = await this.requests.findRecipient(email);
    if (recipient) await this.sendTo(recipient, email);
  }

  private async sendTo(recipient: Recipient, email: string): Promise<void> {
    const { tenantId, userId } = recipient;
    const token = mintResetToken();
    const now = this.clock.now();
    const expiresAt = new Date(now + this.lifetime.seconds * 1_000);
    await this.requests.inTenantOf(recipient, async (tx) => {
      await this.requests.add(tx, digestOf(token), { userId, expiresAt, usedAt: null }, new Date(now));
      const data = { user_id: userId, email, token, expires_at: expiresAt.toISOString() };
      await this.outbox.add(tx, passwordResetRequested, tenantId, data);
    });
  }
}
