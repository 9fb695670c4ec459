import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { Clients, type Client } from '../service-accounts/clients.service.js';
import { presentedClient, type ClientForm } from './presented-client.js';

/** A request to the token endpoint or to the one for revocation: its Authorization header and its form. */
export interface ClientRequest<T extends ClientForm> {
  readonly authorization: string | undefined;
  readonly form: T;
}

@Injectable()
export class ClientAuthentication {
  constructor(private readonly clients: Clients) {}

  /** Undefined where no client shows a secret. @throws AppError oauth.invalid_client, oauth.invalid_request. */
  async check({ authorization, form }: ClientRequest<ClientForm>): Promise<Client | undefined> {
    const presented = presentedClient(authorization, form);
    if (!presented) return undefined;
    const client = await this.clients.authenticate(presented.id, presented.secret);
    if (!client) throw new AppError('oauth.invalid_client');
    return client;
  }

  /** @throws AppError oauth.invalid_client, also where no client shows a secret; oauth.invalid_request. */
  async demand(request: ClientRequest<ClientForm>): Promise<Client> {
    const client = await this.check(request);
    if (!client) throw new AppError('oauth.invalid_client', { detail: 'The client has to show its secret' });
    return client;
  }
}
