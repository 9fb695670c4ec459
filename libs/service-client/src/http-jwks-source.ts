import { Injectable } from '@nestjs/common';
import { fetchJwks, type Jwks } from '@parley/contracts';
import { JwksSource } from '@parley/identity';
import { ServiceClient } from './call/service-client.js';

/** The auth service's public keys, over HTTP: for every service but auth itself. */
@Injectable()
export class HttpJwksSource extends JwksSource {
  constructor(private readonly client: ServiceClient) {
    super();
  }

  fetch(): Promise<Jwks> {
    return this.client.call(fetchJwks);
  }
}
