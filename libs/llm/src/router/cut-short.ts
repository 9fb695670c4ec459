import { AppError } from '@parley/contracts';

/**
 * Ends a call that had only a share of the time: a timeout for the caller, for the record and for who is asked next, but
 * no fault. How long the share is others decide, such as a tenant by its route, and what they see of a provider’s health
 * is seen by all tenants.
 */
export class CutShort extends AppError {
  constructor(internal: string) {
    super('provider.timeout', { internal });
  }
}
