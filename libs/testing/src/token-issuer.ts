import { createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import type { NewAccessTokenClaims, Jwks } from '@parley/contracts';

/** Changes to a token; a field that is undefined is left out of it. */
export interface TokenParts {
  readonly header?: Readonly<Record<string, unknown>> | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs tokens as the auth service does, and, unlike it, any other kind that a test asks for. */
export class TokenIssuer {
  readonly publicKey: KeyObject;

  constructor(
    readonly keyId: string,
    /** Milliseconds since the epoch. */
    private readonly now: () => number,
    private readonly privateKey: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ) {
    this.publicKey = createPublicKey(privateKey);
  }

  /** What it would publish. */
  get jwks(): Jwks {
    const { x = '', y = '' } = this.publicKey.export({ format: 'jwk' });
    return { keys: [{ kty: 'EC', crv: 'P-256', x, y, kid: this.keyId, alg: 'ES256', use: 'sig' }] };
  }

  /** Those of a fresh user of a fresh tenant, without a permission, for a minute. */
  claims(): NewAccessTokenClaims {
    const seconds = Math.floor(this.now() / 1_000);
    return {
      iss: 'parley-auth',
      aud: 'parley',
      sub: randomUUID(),
      tenant_id: randomUUID(),
      jti: randomUUID(),
      iat: seconds,
      nbf: seconds,
      exp: seconds + 60,
      permissions: [],
    };
  }

  /** The text that a signature covers. */
  unsigned({ header = {}, claims = {} }: TokenParts = {}): string {
    return `${segment({ alg: 'ES256', typ: 'JWT', kid: this.keyId, ...header })}.${segment({ ...this.claims(), ...claims })}`;
  }

  /** The signature over any text; `der` is the encoding that JWS does not allow. */
  sign(text: string, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): string {
    return sign('sha256', Buffer.from(text), { key: this.privateKey, dsaEncoding }).toString('base64url');
  }

  token(parts: TokenParts = {}, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): string {
    const text = this.unsigned(parts);
    return `${text}.${this.sign(text, dsaEncoding)}`;
  }
}
