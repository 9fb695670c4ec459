import { Injectable } from '@nestjs/common';
import { Clock } from '@parley/service-kit';
import { z } from 'zod';
import { secretIdOf } from '../tokens/secret-id.js';
import { digestOf, isSecretOf } from './client-secret.js';
import { ServiceAccountsRepository } from './service-accounts.repository.js';

/** A service account that has shown its secret. */
export interface Client {
  readonly id: string;
  readonly tenantId: string;
  /** Its secret's id, among what the tokens that it gets come of. */
  readonly ancestors: readonly string[];
}

/** What is looked up for an id that cannot be one, so that it takes as long. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Service accounts as OAuth clients. */
@Injectable()
export class Clients {
  constructor(
    private readonly accounts: ServiceAccountsRepository,
    private readonly clock: Clock,
  ) {}

  /** Undefined, after the same work, whether the id or the secret is wrong. */
  async authenticate(id: string, secret: string): Promise<Client | undefined> {
    const client = await this.accounts.findClient(z.uuid().safeParse(id).data ?? nobody);
    const matches = isSecretOf(client, secret, new Date(this.clock.now()));
    if (!client || !matches) return undefined;
    return { id: client.id, tenantId: client.tenantId, ancestors: [secretIdOf(digestOf(secret))] };
  }
}
