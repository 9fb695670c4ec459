import type { TenantRequest } from '../accounts/accounts.service.js';
import type { Config } from '../config.js';

/** Whom a new platform belongs to, as the environment says it. */
export class FirstOwnerOptions {
  /** Without it nobody is made. */
  readonly owner: TenantRequest | undefined;
  /** A key with every permission, for the owner's tenant. */
  readonly apiKey: string | undefined;
  readonly requestsPerMinute: number;

  constructor(config: Config) {
    const email = config.PARLEY_BOOTSTRAP_EMAIL;
    const password = config.PARLEY_BOOTSTRAP_PASSWORD;
    const tenantName = config.PARLEY_BOOTSTRAP_TENANT;
    this.owner = email && password && tenantName ? { email, password, tenantName } : undefined;
    this.apiKey = config.PARLEY_BOOTSTRAP_API_KEY;
    this.requestsPerMinute = config.PARLEY_BOOTSTRAP_REQUESTS_PER_MINUTE;
  }
}
