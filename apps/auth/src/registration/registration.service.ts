import { Injectable } from '@nestjs/common';
import { AppError, type RegisterRequest, type Registration } from '@parley/contracts';
import { normalizeEmail } from '../accounts/account.js';
import { AccountsService } from '../accounts/accounts.service.js';
import { AcceptancesService } from '../invitations/acceptances.service.js';
import { demandUncommon } from '../passwords/common-passwords.js';
import { RegistrationOptions } from './registration.options.js';

@Injectable()
export class RegistrationService {
  constructor(
    private readonly options: RegistrationOptions,
    private readonly accounts: AccountsService,
    private readonly acceptances: AcceptancesService,
  ) {}

  /** @throws AppError registration.closed; request.invalid for a common password; as `AcceptancesService.accept`. */
  register(request: RegisterRequest, address: string): Promise<Registration> {
    const { invitation_token: token, password, new_password: newPassword, ...own } = request;
    const { mode } = this.options;
    if (mode === 'closed' || (mode === 'invite' && token === undefined)) throw new AppError('registration.closed');
    if (token !== undefined) return this.acceptances.accept({ token, password, newPassword, address });
    const { email, tenant_name: tenantName } = own;
    if (email === undefined || tenantName === undefined) throw new Error('The schema lets no such request through');
    return this.openTenant({ email: normalizeEmail(email), tenantName, password });
  }

  /** The answer and the work are the same where the address has an account; then nothing changes. */
  private async openTenant(request: {
    readonly email: string;
    readonly tenantName: string;
    readonly password: string;
  }) {
    const { email, tenantName, password } = request;
    demandUncommon(password, { field: 'password', email });
    await this.accounts.createTenant(request);
    return { email, tenant_name: tenantName };
  }
}
