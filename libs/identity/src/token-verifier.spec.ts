import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import type { Jwks } from '@parley/contracts';
import { TestClock } from '../test/test-clock.js';
import { Metrics, silentLog } from '@parley/service-kit';
import { TokenIssuer, type TokenParts } from '@parley/testing';
import { AccessChangeLog } from './access-changes/access-change-log.js';
import { JwksSource } from './jwks-source.js';
import { TokenVerifier } from './token-verifier.js';
import { TrustedKeys } from './trusted-keys.js';

class FakeSource extends JwksSource {
  constructor(override readonly fetch: () => Promise<Jwks>) {
    super();
  }
}

function newVerifier() {
  const clock = new TestClock();
  const issuer = new TokenIssuer('key-1', () => clock.now());
  const fetch = jest.fn(async (): Promise<Jwks> => issuer.jwks);
  const changes = new AccessChangeLog(clock, silentLog, new Metrics());
  const keys = new TrustedKeys(new FakeSource(fetch), clock, silentLog);
  return { sut: new TokenVerifier(keys, changes, clock, new Metrics()), issuer, fetch, changes, clock };
}

const code = (expected: string) => expect.objectContaining({ name: 'AppError', code: expected });
const fromNow = (seconds: number): number => Date.UTC(2026, 0, 1) / 1_000 + seconds;

describe('a good token', () => {
  it('becomes the identity that its claims describe', async () => {
    const { sut, issuer } = newVerifier();
    const claims = {
      ...issuer.claims(),
      key_id: randomUUID(),
      login_id: randomUUID(),
      limits: { requests_per_minute: 7 },
      from_a_newer_release: true,
    };

    await expect(sut.verify(issuer.token({ claims }))).resolves.toEqual({
      tenantId: claims.tenant_id,
      subject: claims.sub,
      subjectType: 'user',
      actors: [],
      permissions: new Set(),
      tokenId: claims.jti,
      expiresAt: new Date(claims.exp * 1_000),
      keyId: claims.key_id,
      loginId: claims.login_id,
      requestsPerMinute: 7,
    });
  });

  it('is checked once, and known from then on without asking for keys', async () => {
    const { sut, issuer, fetch } = newVerifier();
    const token = issuer.token();

    const first = await sut.verify(token);

    expect(await sut.verify(token)).toBe(first);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('expires although it was seen before', async () => {
    const { sut, issuer, clock } = newVerifier();
    const token = issuer.token();
    await sut.verify(token);

    await clock.advance(65_000);

    await expect(sut.verify(token)).rejects.toEqual(code('credential.expired'));
  });

  it('passes while clocks differ by 5 s, before its time and after', async () => {
    const { sut, issuer } = newVerifier();

    await expect(sut.verify(issuer.token({ claims: { nbf: fromNow(5) } }))).resolves.toBeDefined();
    await expect(sut.verify(issuer.token({ claims: { exp: fromNow(-4) } }))).resolves.toBeDefined();
  });

  it('is refused once its API key is revoked, and another key’s is not', async () => {
    const { sut, issuer, changes, clock } = newVerifier();
    const claims = { ...issuer.claims(), key_id: randomUUID() };
    const token = issuer.token({ claims });
    await sut.verify(token);

    const until = new Date(clock.now() + 60_000).toISOString();
    changes.apply(claims.tenant_id, [{ kind: 'api_key_revoked', id: claims.key_id, until }], 'event');

    await expect(sut.verify(token)).rejects.toEqual(code('credential.revoked'));
    const others = issuer.token({ claims: { ...claims, key_id: randomUUID() } });
    await expect(sut.verify(others)).resolves.toBeDefined();
  });

  it('may do what its subject may do now, and stays the same caller in all else', async () => {
    const { sut, issuer, changes, clock } = newVerifier();
    const claims = { ...issuer.claims(), permissions: ['usage:read', 'sessions:write'], inherits: true };
    const token = issuer.token({ claims });
    const before = await sut.verify(token);

    const times = { at: new Date(clock.now()).toISOString(), until: new Date(clock.now() + 60_000).toISOString() };
    const change = { kind: 'permissions_changed' as const, id: claims.sub, permissions: ['usage:read', 'users:read'] };
    changes.apply(claims.tenant_id, [{ ...change, ...times }], 'event');

    await expect(sut.verify(token)).resolves.toEqual({ ...before, permissions: new Set(change.permissions) });
  });

  it('is refused once its signing key is withdrawn', async () => {
    const { sut, issuer, fetch, clock } = newVerifier();
    const token = issuer.token({ claims: { exp: fromNow(300) } });
    await sut.verify(token);

    fetch.mockResolvedValue(new TokenIssuer('key-2', () => 0).jwks);
    await clock.advance(60_001);
    await sut.verify(token); // the set is old: it is used once more while a newer one is fetched

    await expect(sut.verify(token)).rejects.toEqual(code('credential.invalid'));
  });
});

describe('an attack', () => {
  const forged = (make: (issuer: TokenIssuer) => string) => async () => {
    const { sut, issuer } = newVerifier();
    await expect(sut.verify(make(issuer))).rejects.toEqual(code('credential.invalid'));
  };
  const hmac = (text: string, secret: string | Buffer): string =>
    `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  const stranger = new TokenIssuer('key-1', () => Date.UTC(2026, 0, 1));
  const jwk = stranger.jwks.keys[0];

  it(
    'alg none, without a signature, is refused',
    forged((i) => `${i.unsigned({ header: { alg: 'none' } })}.`),
  );
  it(
    'alg none, with a signature, is refused',
    forged((i) => i.token({ header: { alg: 'none' } })),
  );
  it(
    'an empty signature is refused',
    forged((i) => `${i.unsigned()}.`),
  );
  it(
    'HS256 keyed with the public key as PEM is refused',
    forged((i) => hmac(i.unsigned({ header: { alg: 'HS256' } }), i.publicKey.export({ type: 'spki', format: 'pem' }))),
  );
  it(
    'HS256 keyed with the public key as JWK is refused',
    forged((i) => hmac(i.unsigned({ header: { alg: 'HS256' } }), JSON.stringify(i.jwks.keys[0]))),
  );
  it(
    'an HMAC under a header that says ES256 is refused',
    forged((i) => hmac(i.unsigned(), i.publicKey.export({ type: 'spki', format: 'pem' }))),
  );
  it(
    'another curve’s algorithm is refused',
    forged((i) => i.token({ header: { alg: 'ES384' } })),
  );
  it(
    'a stranger’s key under our key id is refused',
    forged(() => stranger.token()),
  );
  it(
    'an unknown key id is refused',
    forged((i) => i.token({ header: { kid: 'key-9' } })),
  );
  it(
    'no key id is refused',
    forged((i) => i.token({ header: { kid: undefined } })),
  );
  it(
    'a key id that is no text is refused',
    forged((i) => i.token({ header: { kid: { $ne: '' } } })),
  );
  it(
    'a key id that is a path is refused',
    forged((i) => i.token({ header: { kid: '../../dev/null' } })),
  );
  it(
    'a key brought along as jwk is not looked at',
    forged(() => stranger.token({ header: { jwk } })),
  );
  it(
    'a key pointed to by jku is not looked at',
    forged(() => stranger.token({ header: { jku: 'https://evil.example/jwks' } })),
  );
  it(
    'a key pointed to by x5u is not looked at',
    forged(() => stranger.token({ header: { x5u: 'https://evil.example/x5u' } })),
  );
  it(
    'an extension marked critical is refused',
    forged((i) => i.token({ header: { crit: ['exp'] } })),
  );
  it(
    'a signature of zeros is refused',
    forged((i) => `${i.unsigned()}.${Buffer.alloc(64).toString('base64url')}`),
  );
  it(
    'a DER signature is refused',
    forged((i) => i.token({}, 'der')),
  );
  it(
    'a truncated token is refused',
    forged((i) => i.token().slice(0, -8)),
  );
  it(
    'a token without its signature part is refused',
    forged((i) => i.unsigned()),
  );
  it(
    'a token with a fourth part is refused',
    forged((i) => `${i.token()}.x`),
  );
  it(
    'a changed payload is refused',
    forged((i) => {
      const [, , signature] = i.token().split('.');
      return `${i.unsigned({ claims: { permissions: ['api_keys:write'] } })}.${signature}`;
    }),
  );
  it(
    'a header that is no JSON is refused',
    forged((i) => i.token().replace(/^[^.]+/, 'bm9wZQ')),
  );
  it(
    'an API key in a token’s place is refused',
    forged(() => 'ply_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0StQ0k'),
  );
  it(
    'a token over 4 KB is refused',
    forged((i) => i.token({ claims: { padding: 'x'.repeat(4_096) } })),
  );

  const claimed = (claims: TokenParts['claims']) => forged((i) => i.token({ claims: claims ?? {} }));
  it('another issuer is refused', claimed({ iss: 'somebody-else' }));
  it('another audience is refused', claimed({ aud: 'another-environment' }));
  it('issuer and audience swapped are refused', claimed({ iss: 'parley', aud: 'parley-auth' }));
  it('our audience among others is refused', claimed({ aud: ['parley', 'other'] }));
  it('a token that is not valid yet is refused', claimed({ nbf: fromNow(6) }));
  it('a token without an expiry is refused', claimed({ exp: undefined }));
  it('a token without a start is refused', claimed({ nbf: undefined }));
  it('a token without a tenant is refused', claimed({ tenant_id: undefined }));
  it('a token without a subject is refused', claimed({ sub: undefined }));

  it('an expired token is refused as expired', async () => {
    const { sut, issuer } = newVerifier();

    await expect(sut.verify(issuer.token({ claims: { exp: fromNow(-5) } }))).rejects.toEqual(
      code('credential.expired'),
    );
  });

  it('with a foreign algorithm cannot make the service ask for keys', async () => {
    const { sut, issuer, fetch } = newVerifier();

    await expect(sut.verify(issuer.token({ header: { alg: 'none', kid: 'new' } }))).rejects.toBeDefined();

    expect(fetch).not.toHaveBeenCalled();
  });
});
