import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { allPermissions, maxActors, maxAncestors, type ActorClaim } from '@parley/contracts';
import { systemClock } from '@parley/service-kit';
import { AccessTokens, type TokenGrant } from './access-tokens.js';
import { generateSigningKey, toSigningKey } from './signing-key.js';
import type { SigningKeys } from './signing-keys.js';

const { publicJwk, privateJwk } = generateSigningKey();
const sut = new AccessTokens(
  { current: toSigningKey(publicJwk, privateJwk, { activatesAt: new Date(), retiresAt: null }) } as SigningKeys,
  systemClock,
);

const toolGrants = (count: number) =>
  Array.from({ length: count }, (_, at) => `tools:invoke:server.tool-${String(at).padStart(3, '0')}`);
const chain = (length: number): ActorClaim =>
  length === 1 ? { sub: randomUUID() } : { sub: randomUUID(), act: chain(length - 1) };

/** With everything that a key, a login and the longest delegation add. */
const widest = (permissions: string[]): TokenGrant => ({
  sub: randomUUID(),
  sub_type: 'service_account',
  tenant_id: randomUUID(),
  permissions,
  inherits: true,
  act: chain(maxActors),
  ancestors: Array.from({ length: maxAncestors }, () => randomUUID()),
  key_id: randomUUID(),
  login_id: randomUUID(),
  limits: { requests_per_minute: 1_000_000, tokens_per_minute: 1_000_000_000, concurrent_streams: 10_000 },
});

/** As many as are let through. */
function most(): string[] {
  let count = 0;
  for (;;) {
    try {
      sut.demandFits({ permissions: toolGrants(count + 1) });
      count += 1;
    } catch {
      return toolGrants(count);
    }
  }
}

describe('grants', () => {
  it('that were let through fit into a token of 4,096 bytes, however it is delegated', () => {
    const { access_token: token } = sut.issue(widest(most()), 300);
    expect(token.length).toBeLessThanOrEqual(4_096);
    expect(token.length).toBeGreaterThan(4_000);
  });

  it('of every permission and a dozen of single tools fit', () => {
    expect(() => sut.demandFits({ permissions: [...allPermissions, ...toolGrants(12)] })).not.toThrow();
  });

  it('that do not fit are refused, models counted too', () => {
    const tooMany = expect.objectContaining({ code: 'grants.too_many' });
    expect(() => sut.demandFits({ permissions: [...most(), 'tools:invoke:server.tool-999'] })).toThrow(tooMany);
    expect(() => sut.demandFits({ permissions: most(), models: ['claude-sonnet-4-5'] })).toThrow(tooMany);
  });

  it('that came to be too many for a token make none', () => {
    const grown = widest(toolGrants(100));
    expect(() => sut.issue(grown, 300)).toThrow(expect.objectContaining({ code: 'grants.too_many' }));
  });
});
