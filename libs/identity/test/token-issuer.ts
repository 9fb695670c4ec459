import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import type { AccessTokenClaims, Jwks } from '@parley/contracts';

export interface TokenParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs tokens as the auth service does, and, unlike it, any other kind that a test asks for. */
export class TokenIssuer {
  readonly publicKey: KeyObject;
  private readonly privateKey: KeyObject;

  constructor(
    readonly keyId: string,
    /** Milliseconds since the epoch. */
    private readonly now: () => number,
  ) {
    ({ publicKey: this.publicKey, privateKey: this.privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  }

  get jwks(): Jwks {
    const { x = '', y = '' } = this.publicKey.export({ format: 'jwk' });
    return { keys: [{ kty: 'EC', crv: 'P-256', x, y, kid: this.keyId, alg: 'ES256', use: 'sig' }] };
  }

  claims(): AccessTokenClaims {
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
      permissions: ['models:read'],
    };
  }

  /** The text that a signature covers. */
  unsigned({ header = {}, claims = {} }: TokenParts = {}): string {
    return `${segment({ alg: 'ES256', typ: 'JWT', kid: this.keyId, ...header })}.${segment({ ...this.claims(), ...claims })}`;
  }

  token(parts: TokenParts = {}, encoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): string {
    const text = this.unsigned(parts);
    const signature = sign('sha256', Buffer.from(text), { key: this.privateKey, dsaEncoding: encoding });
    return `${text}.${signature.toString('base64url')}`;
  }
}
