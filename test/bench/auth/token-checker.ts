import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { RedisModule } from '@parley/cache';
import { rolePermissions, tokenAudience, tokenIssuer, type Jwks, type NewAccessTokenClaims } from '@parley/contracts';
import { IdentityModule, JwksSource, TokenVerifier } from '@parley/identity';
import { KitModule } from '@parley/service-kit';
import type { NestFactory } from '@nestjs/core';
import { libraryOf } from '../library.ts';
import { keepBusy } from '../timings.ts';
import { work } from '../worker.ts';

/**
 * Checks one token after the other on one thread, `token-checker.ts <how>`: by `jsonwebtoken` alone, with the options that
 * the verifier gives it; or by the TokenVerifier of our services, with tokens that are all new to it or with few that it
 * has seen. An answer is right when it has the token's subject. REDIS_URL says where changes of access are read.
 */
const [how = ''] = process.argv.slice(2);
/** More than the verifier remembers, so that by the time that a token comes again it has been forgotten. */
const many = 12_000;
const few = 1_000;

const keyId = 'bench';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

interface JsonWebToken {
  sign(claims: object, key: typeof privateKey, options: object): string;
  verify(token: string, key: typeof publicKey, options: object): { readonly sub: string };
}
const jsonWebToken = libraryOf<JsonWebToken>('node_modules/@nestjs/jwt', 'jsonwebtoken');

/** As exchanged for an API key of a developer. */
function claims(): NewAccessTokenClaims {
  const now = Math.floor(Date.now() / 1_000);
  return {
    ...{ iss: tokenIssuer, aud: tokenAudience, sub: randomUUID(), tenant_id: randomUUID(), jti: randomUUID() },
    ...{ iat: now, nbf: now, exp: now + 3_600, permissions: [...rolePermissions.developer] },
    ...{ key_id: randomUUID(), limits: { requests_per_minute: 100 } },
  };
}

const tokens = Array.from({ length: how === 'seen' ? few : many }, () => {
  const said = claims();
  return { subject: said.sub, token: jsonWebToken.sign(said, privateKey, { algorithm: 'ES256', keyid: keyId }) };
});

class OwnKey extends JwksSource {
  override async fetch(): Promise<Jwks> {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    return { keys: [{ kty: 'EC', crv: 'P-256', x, y, kid: keyId, alg: 'ES256', use: 'sig' }] };
  }
}

function bare(): (token: string) => Promise<string> {
  const options = { algorithms: ['ES256'], issuer: tokenIssuer, audience: tokenAudience, clockTolerance: 5 };
  return async (token) => jsonWebToken.verify(token, publicKey, options).sub;
}

async function ours(): Promise<(token: string) => Promise<string>> {
  const { NestFactory: nest } = libraryOf<{ NestFactory: typeof NestFactory }>('libs/identity', '@nestjs/core');
  const redis = { REDIS_URL: process.env['REDIS_URL'] ?? '', REDIS_CA: undefined, REDIS_COMMAND_TIMEOUT_MS: 250 };
  const { imports = [], providers = [], ...identity } = IdentityModule.forRoot({ jwksSource: OwnKey });
  const module = {
    ...identity,
    imports: [...imports, KitModule.forRoot(), RedisModule.forRoot(redis)],
    providers: [...providers, OwnKey],
  };
  const context = await nest.createApplicationContext(module, { logger: false });
  const verifier = context.get(TokenVerifier);
  return async (token) => (await verifier.verify(token)).subject;
}

const check = how === 'jsonwebtoken' ? bare() : await ours();
let turn = 0;
work((seconds) =>
  keepBusy({ inFlight: 1, seconds }, async () => {
    const { token = '', subject } = tokens[(turn += 1) % tokens.length] ?? {};
    return (await check(token)) === subject;
  }),
);
