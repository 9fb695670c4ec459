import type { Jwks } from '@parley/contracts';

/** Where the public keys of the auth service come from: over HTTP in every service, from its own database in auth itself. */
export abstract class JwksSource {
  abstract fetch(): Promise<Jwks>;
}
